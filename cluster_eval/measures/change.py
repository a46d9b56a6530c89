"""Change between neighbouring cycles."""

import itertools
from collections.abc import Iterator, Sequence

import pandas as pd


def compare(table: pd.DataFrame, keys: Sequence[str], value: str) -> pd.DataFrame:
    """Set the newest cycle of a table beside the one before.

    Parameters
    ----------
    table : DataFrame
        A tidy table with a column `cycle`, the earliest first.
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
    cycles = table["cycle"].unique()[-2:]
    keys = list(keys)
    previous = table.loc[table["cycle"] == cycles[0], [*keys, value]].rename(columns={value: "previous"})
    current = table.loc[table["cycle"] == cycles[-1], [*keys, value]].rename(columns={value: "current"})
    if len(cycles) < 2:
        previous = previous.iloc[:0]
    both = previous.merge(current, on=keys).dropna(subset=["previous", "current"])
    return both.assign(change=both["current"] - both["previous"]).reset_index(drop=True)


def select_newest(responses: pd.DataFrame) -> pd.DataFrame:
    """Select the responses of the newest cycle and of the one before.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses of any number of cycles, whose names sort by age.

    Returns
    -------
    DataFrame
        Those of at most two cycles.
    """
    cycles = sorted(responses["cycle"].unique())
    return responses if len(cycles) < 3 else responses[responses["cycle"].isin(cycles[-2:])]


def pair_cycles(responses: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Pair each cycle with the one before.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses of any number of cycles, whose names sort by age.

    Yields
    ------
    str, str, DataFrame
        The earlier cycle, the later, and the responses of both.
    """
    for pair in itertools.pairwise(sorted(responses["cycle"].unique())):
        yield *pair, responses[responses["cycle"].isin(pair)]
