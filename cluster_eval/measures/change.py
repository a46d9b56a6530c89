"""Change between two cycles."""

from collections.abc import Sequence

import pandas as pd


def compare(table: pd.DataFrame, keys: Sequence[str], value: str) -> pd.DataFrame:
    """Set the cycles of a table side by side.

    Parameters
    ----------
    table : DataFrame
        A tidy table with a column `cycle`, holding one or two cycles, the earlier first.
    keys : sequence of str
        The columns that tell the table's rows apart within a cycle.
    value : str
        The column to compare.

    Returns
    -------
    DataFrame
        The keys, previous, current, change (current − previous, unrounded). Rows that only one cycle has are
        left out, so the frame is empty for a first cycle.
    """
    cycles = table["cycle"].unique()
    if len(cycles) > 2:
        raise ValueError(f"a comparison is of two cycles; found {', '.join(cycles)}")
    keys = list(keys)
    previous = table.loc[table["cycle"] == cycles[0], [*keys, value]].rename(columns={value: "previous"})
    current = table.loc[table["cycle"] == cycles[-1], [*keys, value]].rename(columns={value: "current"})
    if len(cycles) < 2:
        previous = previous.iloc[:0]
    both = previous.merge(current, on=keys).dropna(subset=["previous", "current"])
    return both.assign(change=both["current"] - both["previous"]).reset_index(drop=True)
