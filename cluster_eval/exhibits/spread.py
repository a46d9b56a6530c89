"""Tidy measures → the columns of the tables that readers see: one row per category, one number in a cell."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial

import pandas as pd

from cluster_eval.exhibits.exhibit import Column, make_column
from cluster_eval.measures.weighting import list_joined
from cluster_eval.sources.report import Report
from cluster_eval.values import SMALLEST_BASE, CycleName, Joined, Kind, Label, Value
from cluster_eval.vocabulary import LEVELS
from cluster_eval.words.numbers import round_cell

_OF_CLUSTERS = {"weighted": Kind.PERCENT, "low_clusters": Kind.COUNT, "high_clusters": Kind.COUNT}
_OF_RATINGS = dict.fromkeys(("weighted", "low", "high", "lowest", "highest"), Kind.PERCENT)
"""The columns of a share of clusters, and of one of ratings, that say what it is of all clusters."""


def spread_by_cycle(
    rows: pd.DataFrame,
    category: str,
    kinds: Mapping[str, Kind],
    name: Callable[[str], object] = str,
    series: str = "cycle",
    name_series: Callable[[str], Value] = CycleName,
) -> tuple[Column, ...]:
    """Set out one row per category, and for each cycle one column per value.

    Parameters
    ----------
    rows : DataFrame
        `series`, `category` and the columns of `kinds`.
    category : str
        The column of the categories; the code of their header as well.
    kinds : mapping of str to Kind
        Each column, which is the code of its header as well, and what it holds; headers may name `series`, and `cycle`
        where that is the series.
    name : callable
        Makes of a category what its row is called.
    series : str
        The column of the cycles, or of what stands side by side as they do.
    name_series : callable
        Makes of one of them what headers name.

    Returns
    -------
    tuple of Column
        The categories, and their values cycle by cycle.
    """
    names = list(rows[category].unique())
    columns = [make_column(category, Kind.TEXT, map(name, names))]
    # An outcome that stands first may be one that only the later cycle rated.
    order = sorted(rows[series].unique()) if series == "cycle" else list(rows[series].unique())
    for each in order:
        of_series = rows[rows[series] == each].set_index(category).reindex(names)
        named = name_series(str(each))
        columns += [
            make_column(column, kind, of_series[column], **{"series": named, series: named})
            for column, kind in kinds.items()
        ]
    return tuple(columns)


def spread_counts(
    rows: pd.DataFrame,
    category: str,
    name: Callable[[str], object],
    series: str = "cycle",
    name_series: Callable[[str], Value] = CycleName,
) -> tuple[Column, ...]:
    """Set out counts, and percentages where the base allows, one row per category.

    With intervals, each cycle has a row of its own: side by side they would be too many columns for a page.

    Parameters
    ----------
    rows : DataFrame
        `series`, `category`, n, base, share; where what it is of all clusters is to be shown, weighted, low_clusters
        and high_clusters, or of ratings weighted, low, high, lowest and highest.
    category : str
        The column of the categories; the code of their header as well.
    name : callable
        Makes of a category what its row is called.
    series : str
        The column of the cycles, or of what stands side by side as they do; the code of its header as well.
    name_series : callable
        Makes of one of them what headers or cells name.

    Returns
    -------
    tuple of Column
        For each cycle number, percentage with what it is of all clusters (not below a base of 30) and base.
    """
    kinds, sources = {"n": Kind.COUNT}, {"n": "n"}
    if rows["base"].min() >= SMALLEST_BASE:
        limits = _find_limits(rows)
        kinds |= {"percent": Kind.PERCENT, **limits}
        sources |= {"percent": "share"} | {limit: limit for limit in limits}
    kinds["base"] = Kind.COUNT
    sources["base"] = "base"
    if "weighted" in kinds and rows[series].nunique() > 1:
        order = {each: place for place, each in enumerate(rows[category].unique())}
        rows = rows.sort_values(category, key=lambda each: each.astype("str").map(order), kind="stable")
        return (
            make_column(category, Kind.TEXT, map(name, rows[category])),
            make_column(series, Kind.TEXT, map(name_series, rows[series].astype("str"))),
            *(make_column(header, kind, rows[sources[header]]) for header, kind in kinds.items()),
        )
    wide = rows.assign(**{f"{header}_of": rows[source] for header, source in sources.items()})
    kinds = {f"{header}_of": kind for header, kind in kinds.items()}
    return spread_by_cycle(wide, category, kinds, name, series, name_series)


def spread_levels(rows: pd.DataFrame, smallest: int | None = None, *, counts: bool = True) -> tuple[Column, ...]:
    """Set out one row per outcome: number and percentage at each level, and the base.

    Parameters
    ----------
    rows : DataFrame
        outcome (what its row is called), level, n, base, share of one cycle.
    smallest : int, optional
        The smallest base of the table that these rows are a part of; their own where left out.
    counts : bool
        Whether the numbers are shown where there are percentages.

    Returns
    -------
    tuple of Column
        For each level number and percentage (not below a base of 30), and the base.
    """
    large = (rows["base"].min() if smallest is None else smallest) >= SMALLEST_BASE
    outcomes = list(rows["outcome"].unique())
    columns = [make_column("outcome", Kind.TEXT, outcomes)]
    for level in LEVELS:
        of_level, series = rows[rows["level"] == level].set_index("outcome").loc[outcomes], Label("level", level)
        if counts or not large:
            columns.append(make_column("n_of", Kind.COUNT, of_level["n"], series=series))
        if large:
            columns.append(make_column("percent_of", Kind.PERCENT, of_level["share"], series=series))
    base = rows.drop_duplicates("outcome").set_index("outcome").loc[outcomes, "base"]
    return (*columns, make_column("base", Kind.COUNT, base))


def _find_limits(rows):
    if "weighted" not in rows.columns:
        return {}
    return _OF_CLUSTERS if "low_clusters" in rows.columns else _OF_RATINGS


def describe_estimates(report: Report, rows: pd.DataFrame) -> tuple[tuple[str, ...], dict[str, object]]:
    """Describe the notes on what shares are of all clusters, where the table has them.

    Parameters
    ----------
    report : Report
        An open cycle.
    rows : DataFrame
        cycle, base, and the columns of `measures.estimates` where it has them.

    Returns
    -------
    tuple
        The codes of the notes, and what they name.
    """
    limits = _find_limits(rows) if rows["base"].min() >= SMALLEST_BASE else {}
    if not limits:
        return (), {}
    joined = list_joined(report.responses, report.register)
    joined = joined[joined["cycle"].isin(rows["cycle"].astype("str"))]
    named = tuple(
        Joined(*(Label("health_board", board) for board in (row.health_board, row.joined_to)), CycleName(row.cycle))
        for row in joined.itertuples()
    )
    notes = ("weighted", *(["joined"] if named else []), *(["weighted_sample"] if report.sample_cycles else []))
    if "low_clusters" in limits:
        return ("exact", *notes), {"joined": named}
    linked = ["bootstrap_sample"] if report.sample_cycles else []
    return ("bootstrap", *linked, "bounds", *notes), {"joined": named}


def subtract(previous: Iterable, current: Iterable, kinds: Iterable[Kind]) -> list:
    """Subtract what is shown, so that a table's numbers subtract: exact differences of rounded numbers may be one off.

    Parameters
    ----------
    previous, current : iterable
        Numbers, where they are known.
    kinds : iterable of Kind
        As what each pair is shown.

    Returns
    -------
    list of Decimal or None
        The differences, in the numbers' own unit.
    """
    differences = []
    for before, now, kind in zip(previous, current, kinds, strict=True):
        if pd.isna(before) or pd.isna(now):
            differences.append(None)
            continue
        shown = Decimal(round_cell(now, kind)) - Decimal(round_cell(before, kind))
        differences.append(shown if kind is Kind.SCORE else shown / 100)
    return differences


def label_each(kind: str) -> Callable[[str], Label]:
    """Give what makes a label of a code.

    Parameters
    ----------
    kind : str
        Such as `answer`.

    Returns
    -------
    callable
        Takes a code, returns its label.
    """
    return partial(Label, kind)


def write_texts(words, values: Iterable[object], form: str = "") -> list[str]:
    """Write values for a chart.

    Parameters
    ----------
    words : ChartWords
        The chart's words.
    values : iterable
        Values of `cluster_eval.values`.
    form : str
        The form in which each is written.

    Returns
    -------
    list of str
        The texts.
    """
    return [words.write(value, form) for value in values]
