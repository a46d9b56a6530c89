"""Tidy tables → the tables that readers see: one row per category, one number in a cell."""

from collections.abc import Callable, Iterable

import pandas as pd

from cluster_eval.prose import join_words
from cluster_eval.values import SMALLEST_BASE
from cluster_eval.vocabulary import LEVELS, QUESTIONS
from cluster_eval.words.numbers import round_half_up


def set_cycles_side_by_side(table: pd.DataFrame, row: str, columns: dict[str, str]) -> pd.DataFrame:
    """Set out one row per category, and for each cycle one column per value.

    Parameters
    ----------
    table : DataFrame
        cycle, `row` and the columns named.
    row : str
        The column of the categories.
    columns : dict of str to str
        Column to the name that readers see.

    Returns
    -------
    DataFrame
        Columns such as `2024-25: number`; the index is named after `row`. [z] where a cycle has no value.
    """
    names = list(table[row].unique())
    wide = {}
    # An outcome that stands first may be one that only the later cycle rated.
    for cycle in sorted(table["cycle"].unique()):
        of_cycle = table[table["cycle"] == cycle].set_index(row).reindex(names)
        for column, name in columns.items():
            wide[f"{cycle}: {name}"] = [write_or_missing(value, str) for value in _as_whole(of_cycle[column])]
    return pd.DataFrame(wide, index=pd.Index(names, name=row))


_LIMITS = {"low": "95% from, %", "high": "95% to, %", "lowest": "at least, %", "highest": "at most, %"}


def spread_counts(rows: pd.DataFrame, category: str, series: str = "Cycle") -> pd.DataFrame:
    """Set out counts, and whole percentages where the base allows, one row per category.

    With intervals, each cycle has a row of its own: side by side they would be too many columns for a page.

    Parameters
    ----------
    rows : DataFrame
        cycle, `category`, n, base, share; low, high, lowest and highest where a share's interval and bounds are to
        be shown.
    category : str
        The column of the categories.
    series : str
        What readers call the column of the cycles, where each has a row.

    Returns
    -------
    DataFrame
        For each cycle number, % with its interval and bounds (not below a base of 30) and base.
    """
    columns = {"n": "number"}
    if rows["base"].min() >= SMALLEST_BASE:
        rows = rows.assign(percent=rows["share"].map(lambda share: round_half_up(share * 100)))
        columns["percent"] = "%"
        if "low" in rows.columns:
            for column, name in _LIMITS.items():
                rows[column] = rows[column].map(lambda share: round_half_up(share * 100), na_action="ignore")
                columns[column] = name
    columns["base"] = "base"
    if columns.keys() & _LIMITS.keys() and rows["cycle"].nunique() > 1:
        order = {name: place for place, name in enumerate(rows[category].unique())}
        rows = rows.sort_values(category, key=lambda names: names.astype("str").map(order), kind="stable")
        wide = {name: [write_or_missing(value, str) for value in _as_whole(rows[key])] for key, name in columns.items()}
        table = pd.DataFrame(wide, index=pd.Index(rows[category], name=category))
        table.insert(0, series, rows["cycle"].astype("str").to_numpy())
        return table.rename(columns={"number": "Number", "base": "Base"})
    return set_cycles_side_by_side(rows, category, columns)


def spread_levels(rows: pd.DataFrame, smallest: int | None = None) -> pd.DataFrame:
    """Set out one row per outcome: number and percentage at each level, and the base.

    Parameters
    ----------
    rows : DataFrame
        Outcome, level, n, base, share of one cycle.
    smallest : int, optional
        The smallest base of the table that these rows are a part of; their own where left out.

    Returns
    -------
    DataFrame
        For each level number and % (not below a base of 30), and Base.
    """
    large = (rows["base"].min() if smallest is None else smallest) >= SMALLEST_BASE
    names = list(rows["Outcome"].unique())
    wide = {}
    for level in LEVELS:
        of_level = rows[rows["level"] == level].set_index("Outcome").loc[names]
        wide[f"{level}: number"] = of_level["n"].to_numpy()
        if large:
            wide[f"{level}: %"] = [round_half_up(share * 100) for share in of_level["share"]]
    wide["Base"] = rows.drop_duplicates("Outcome").set_index("Outcome").loc[names, "base"].to_numpy()
    return pd.DataFrame(wide, index=pd.Index(names, name="Outcome"))


def spread_levels_by_cycle(rows: pd.DataFrame) -> pd.DataFrame:
    """Set out one row per outcome and cycle: number and percentage at each level, and the base.

    Parameters
    ----------
    rows : DataFrame
        Outcome, cycle, level, n, base, share.

    Returns
    -------
    DataFrame
        Cycle, and the columns of `spread_levels`; outcomes in their order, and in each the cycles in theirs.
    """
    # All cycles have percentages or none has: columns that one of them lacks would hold nothing.
    smallest = rows["base"].min()
    cycles = [spread_levels(of_cycle, smallest).assign(Cycle=cycle) for cycle, of_cycle in rows.groupby("cycle")]
    table = pd.concat(cycles).loc[list(rows["Outcome"].unique())]
    return table[["Cycle", *table.columns.drop("Cycle")]]


def tabulate_differing_values(figures: pd.DataFrame) -> pd.DataFrame:
    """Set out the published chart values that do not match.

    Parameters
    ----------
    figures : DataFrame
        The figures of a `reconcile.Reconciliation`.

    Returns
    -------
    DataFrame
        One row per value, under the number of its published figure; shares as percentages.
    """
    rows = figures[figures["verdict"] != "match"]
    return pd.DataFrame(
        {
            "Outcome or question": [
                " ".join(part for part in (row.framework, row.outcome) if part) or "Participation"
                for row in rows.itertuples()
            ],
            "Cycle": rows["cycle"].to_numpy(),
            "Value": rows["series"].to_numpy(),
            "Published": [_write_in_unit(float(row.value), row.unit) for row in rows.itertuples()],
            "Recomputed": [
                write_or_missing(row.recomputed, lambda value, unit=row.unit: _write_in_unit(value, unit))
                for row in rows.itertuples()
            ],
            "Explanation": [capitalise(words) or "[z]" for words in rows["explanation"]],
        },
        index=pd.Index(rows["figure"], name="Published figure"),
    )


def tabulate_differing_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """Set out the published statements that do not match.

    Parameters
    ----------
    claims : DataFrame
        The claims of a `reconcile.Reconciliation`.

    Returns
    -------
    DataFrame
        One row per statement, under its identifier.
    """
    rows = claims[claims["verdict"] != "match"]
    return pd.DataFrame(
        {
            "Section": rows["section"].to_numpy(),
            "Statement": [_describe_claim(row) for row in rows.itertuples()],
            "Published": [_write_claim(row.published, row.unit) for row in rows.itertuples()],
            "Recomputed": [_write_claim(row.recomputed, row.unit) for row in rows.itertuples()],
            "Verdict": rows["verdict"].to_numpy(),
            "Explanation": [capitalise(words) or "[z]" for words in rows["explanation"]],
        },
        index=pd.Index(rows["id"], name="Claim"),
    )


def write_or_missing(value: object, write: Callable[[object], str]) -> str:
    """Write a value; [z] stands where there is none to be had.

    Parameters
    ----------
    value : object
        A number, or a missing value.
    write : callable
        Writes a value that is there.

    Returns
    -------
    str
        The value, written.
    """
    return "[z]" if pd.isna(value) else write(value)


def write_column(values: Iterable[object], write: Callable[[object], str]) -> list[str]:
    """Write each value of a column; [z] stands where there is none to be had.

    Parameters
    ----------
    values : iterable
        Numbers, and missing values.
    write : callable
        Writes a value that is there.

    Returns
    -------
    list of str
        The values, written.
    """
    return [write_or_missing(value, write) for value in values]


def capitalise(words: str) -> str:
    """Begin with a capital letter, and leave the rest as it is.

    Parameters
    ----------
    words : str
        Any text.

    Returns
    -------
    str
        The text.
    """
    return words[:1].upper() + words[1:]


def _write_in_unit(value, unit):
    if unit == "share":
        return f"{value * 100:.1f}%"
    if unit == "percent":
        return f"{value:.1f}%"
    return f"{value:.3f}" if unit == "score" else f"{value:.0f}"


def _write_claim(value, unit):
    """Write a published or recomputed value of a claim; a published one as it was written."""
    if value is None or value != value:
        return "[z]"
    if unit in ("outcome", "outcomes", "health boards"):
        words = str(value) if isinstance(value, str) else f"{value:.0f}"
        return join_words(words.split(";")) or "none"
    if not isinstance(value, str):
        value = f"{value:.3f}" if unit == "score" else f"{value:.1f}"
    return value + {"percent": "%", "percentage points": " points"}.get(unit, "")


def _describe_claim(row):
    """Say what a claim is of, from its columns, since its statement alone does not name outcome and cycle."""
    named = QUESTIONS[row.framework].title if row.framework in QUESTIONS else row.framework
    if row.outcome:
        named = f"{row.framework} outcome {row.outcome}"
    parts = (
        named if named != "meetings" else "",
        row.level.replace("+", " or "),
        row.cycle.replace("/", " to "),
    )
    statement = row.statement or row.measure.replace("_", " ")
    return f"{capitalise(statement)} ({'; '.join(part for part in parts if part)})"


def _as_whole(column):
    return column.astype("Int64") if pd.api.types.is_float_dtype(column) else column
