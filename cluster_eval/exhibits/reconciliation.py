"""Tables that set the published report beside the responses."""

from decimal import Decimal

import pandas as pd

from cluster_eval.exhibits.exhibit import Column, Exhibit, make_column
from cluster_eval.exhibits.spread import label_each
from cluster_eval.facts.reconciliation import name_part
from cluster_eval.reconcile.comparison import TOTAL
from cluster_eval.reconcile.errata import LISTS
from cluster_eval.sources.report import Report
from cluster_eval.values import Kind, Label, Missing, Parts, Phrase

_KINDS = {
    "count": Kind.COUNT,
    "share": Kind.PERCENT_1,
    "percent": Kind.NUMBER_1,
    "percentage points": Kind.NUMBER_1,
    "times": Kind.NUMBER_1,
    "score": Kind.SCORE_3,
}


def verdicts(report: Report, summary: pd.DataFrame) -> Exhibit:
    """Tabulate the verdicts on the published report.

    Parameters
    ----------
    report : Report
        An open cycle.
    summary : DataFrame
        What `reconcile.summarise_verdicts` returns.

    Returns
    -------
    Exhibit
        A table.
    """
    by, *others = summary.columns
    columns = (
        make_column(by, Kind.TEXT, [Phrase("total") if each == TOTAL else str(each) for each in summary[by]]),
        *(make_column(name, Kind.COUNT, summary[name]) for name in others),
    )
    return Exhibit(f"reconciliation_by_{by}", columns, (report.cycle,))


def causes(report: Report, causes: pd.DataFrame) -> Exhibit | None:
    """Tabulate what explains the chart values that differ.

    Parameters
    ----------
    report : Report
        An open cycle.
    causes : DataFrame
        What `reconcile.summarise_causes` returns.

    Returns
    -------
    Exhibit or None
        A table; None where nothing differs.
    """
    if causes.empty:
        return None
    columns = (
        make_column("explanation", Kind.TEXT, causes["explanation"]),
        make_column("figures", Kind.TEXT, [tuple(map(str, figures)) for figures in causes["figures"]]),
        make_column("cycles", Kind.TEXT, [tuple(map(str, cycles)) for cycles in causes["cycles"]]),
        make_column("differing", Kind.COUNT, causes["differing"]),
        make_column("explained", Kind.COUNT, causes["explained"]),
        make_column("of", Kind.COUNT, causes["of"]),
        make_column("tried", Kind.COUNT, causes["tried"]),
        make_column("chance", Kind.P, causes["chance"]),
    )
    return Exhibit("reconciliation_causes", columns, (report.cycle,), notes=("chance",))


def figures(report: Report, figures: pd.DataFrame) -> Exhibit | None:
    """Tabulate the published chart values that do not match.

    Parameters
    ----------
    report : Report
        An open cycle.
    figures : DataFrame
        The figures of a `reconcile.Reconciliation`.

    Returns
    -------
    Exhibit or None
        A table, one row per value; None where every value matches.
    """
    rows = figures[figures["verdict"] != "match"]
    if rows.empty:
        return None
    kinds = tuple(_KINDS[unit] for unit in rows["unit"])
    columns = (
        make_column("figure", Kind.TEXT, rows["figure"].astype("str")),
        make_column("about", Kind.TEXT, [_name_part(row) or Phrase("participation") for row in rows.itertuples()]),
        make_column("cycle", Kind.TEXT, rows["cycle"]),
        make_column("value", Kind.TEXT, rows["series"]),
        make_column("unit", Kind.TEXT, map(label_each("unit"), rows["unit"])),
        _mix("published", rows["value"].astype(float), kinds),
        _mix("recomputed", rows["recomputed"], kinds),
        make_column("explanation", Kind.TEXT, [words or None for words in rows["explanation"]]),
    )
    return Exhibit("reconciliation_figures", columns, (report.cycle,))


def claims(report: Report, claims: pd.DataFrame) -> Exhibit | None:
    """Tabulate the published statements that do not match.

    Parameters
    ----------
    report : Report
        An open cycle.
    claims : DataFrame
        The claims of a `reconcile.Reconciliation`.

    Returns
    -------
    Exhibit or None
        A table, one row per statement; None where every statement matches.
    """
    rows = claims[claims["verdict"] != "match"]
    if rows.empty:
        return None
    published = [_read_published(row) for row in rows.itertuples()]
    recomputed = [_read_value(row.recomputed, row.unit) for row in rows.itertuples()]
    kinds = tuple(
        Kind.TEXT if isinstance(value, str | tuple | Phrase) else _KINDS[unit]
        for value, unit in zip(recomputed, rows["unit"], strict=True)
    )
    columns = (
        make_column("claim", Kind.TEXT, rows["id"]),
        make_column("section", Kind.TEXT, rows["section"]),
        make_column("statement", Kind.TEXT, [_name_claim(row) for row in rows.itertuples()]),
        make_column("unit", Kind.TEXT, map(label_each("unit"), rows["unit"])),
        Column("published", Kind.TEXT, tuple(published), kinds=tuple(map(_find_kind, published))),
        Column("recomputed", Kind.TEXT, tuple(recomputed), kinds=kinds),
        make_column("verdict", Kind.TEXT, map(label_each("verdict"), rows["verdict"])),
        make_column("explanation", Kind.TEXT, [words or None for words in rows["explanation"]]),
    )
    return Exhibit("reconciliation_claims", columns, (report.cycle,), notes=("verdicts", "missing"))


def wrong_statements(report: Report, claims: pd.DataFrame, key: str) -> Exhibit | None:
    """Tabulate published statements that are to be corrected, in the order in which they are given.

    Parameters
    ----------
    report : Report
        An open cycle.
    claims : DataFrame
        The statements or the numbers of a `reconcile.errata.Errata`.
    key : str
        Which of the two: `errata_statements` or `errata_numbers`.

    Returns
    -------
    Exhibit or None
        A table, with what is right written as the published value was; None where there is nothing to correct.
    """
    if claims.empty:
        return None
    published = [_read_published(row) for row in claims.itertuples()]
    right = [_read_value(row.recomputed, row.unit) for row in claims.itertuples()]
    kinds = tuple(map(_find_kind, published))
    columns = (
        make_column("number", Kind.COUNT, range(1, len(claims) + 1)),
        make_column("section", Kind.TEXT, map(Parts, claims["section"])),
        make_column("statement", Kind.TEXT, [_name_claim(row) for row in claims.itertuples()]),
        *(
            []
            if key == "errata_statements"
            else [make_column("unit", Kind.TEXT, map(label_each("unit"), claims["unit"]))]
        ),
        Column("published", Kind.TEXT, tuple(published), kinds=kinds),
        Column("right", Kind.TEXT, tuple(right), kinds=kinds),
        make_column("explanation", Kind.TEXT, [words or None for words in claims["explanation"]]),
    )
    return Exhibit(key, columns, (report.cycle,))


def wrong_charts(report: Report, charts: pd.DataFrame) -> Exhibit | None:
    """Tabulate published charts that are to be corrected, in the order in which they are given.

    Parameters
    ----------
    report : Report
        An open cycle.
    charts : DataFrame
        The charts of a `reconcile.errata.Errata`.

    Returns
    -------
    Exhibit or None
        A table; None where there is nothing to correct.
    """
    if charts.empty:
        return None
    columns = (
        make_column("number", Kind.COUNT, range(1, len(charts) + 1)),
        make_column("figures", Kind.TEXT, [tuple(map(str, figures)) for figures in charts["figures"]]),
        make_column("cycles", Kind.TEXT, [tuple(map(str, cycles)) for cycles in charts["cycles"]]),
        make_column("differing", Kind.COUNT, charts["differing"]),
        make_column("explanation", Kind.TEXT, charts["explanation"]),
    )
    return Exhibit("errata_charts", columns, (report.cycle,))


def _read_published(row):
    """Read what was published, a number with the decimals that it had."""
    if row.unit in LISTS:
        return _read_value(row.published, row.unit)
    return Decimal(row.published) if "." in row.published else int(row.published)


def _find_kind(value):
    if not isinstance(value, int | Decimal):
        return Kind.TEXT
    return _KIND_OF_PLACES[-Decimal(value).as_tuple().exponent]


_KIND_OF_PLACES = {0: Kind.COUNT, 1: Kind.NUMBER_1, 2: Kind.SCORE, 3: Kind.SCORE_3}
"""A published number keeps its decimals, zeros at the end too, which a number as such would lose."""


def _mix(header, cells, kinds):
    plain = make_column(header, Kind.NUMBER_1, cells)
    return Column(header, plain.kind, plain.cells, kinds=kinds)


def _read_value(value, unit):
    """Read what was published or recomputed: a number, text as it was published, or the codes of several."""
    if value is None or value != value:
        return Missing.NOT_APPLICABLE
    if unit == "direction":
        return Phrase(value)
    if unit in LISTS:
        codes = tuple(filter(None, (value if isinstance(value, str) else f"{value:.0f}").split(";")))
        return codes or Phrase("none")
    return value


def _name_part(row):
    return Phrase("meetings") if row.framework == "meetings" else name_part(row)


def _name_claim(row):
    """Say what a claim is of, since its statement alone does not name outcome and cycle."""
    level = Label("level", row.level) if "+" in row.level else row.level
    part = _name_part(row)
    parts = (None if isinstance(part, Phrase) else part, level, row.cycle.replace("/", "–"))
    statement = row.statement or row.measure
    return Phrase("claim", (("statement", statement), ("of", Parts(tuple(filter(None, parts))))))
