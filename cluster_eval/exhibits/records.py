"""Tables of what is recorded beside the survey: actions, abbreviations, and what was noticed on reading the exports."""

import pandas as pd

from cluster_eval.exhibits.exhibit import Exhibit, make_column
from cluster_eval.exhibits.spread import label_each
from cluster_eval.sources.report import Report
from cluster_eval.values import Kind, Label, Phrase
from cluster_eval.vocabulary import ABBREVIATIONS


def actions(report: Report, cycle: str) -> Exhibit | None:
    """Tabulate the opportunities for action of a cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    cycle : str
        The report's own cycle, or its previous one.

    Returns
    -------
    Exhibit or None
        A table, in a later cycle's report with progress where any is recorded; None where there are no opportunities.
    """
    recorded = report.actions
    rows = None if recorded is None else recorded[recorded["cycle"] == cycle]
    if rows is None or rows.empty:
        return None
    # What became of them is recorded later, and does not stand in the edition of their own cycle.
    is_followed = cycle != report.cycle and rows["progress"].notna().any()
    names = ["action", "lead", "timescale", *(["progress"] if is_followed else [])]
    texts = {name: [Phrase("not_recorded") if pd.isna(text) else text for text in rows[name]] for name in names}
    columns = (
        make_column("number", Kind.COUNT, range(1, len(rows) + 1)),
        *(make_column(name, Kind.TEXT, cells) for name, cells in texts.items()),
    )
    return Exhibit("actions" if cycle == report.cycle else "actions_previous", columns, (cycle,))


def abbreviations(report: Report) -> Exhibit:
    """Tabulate the abbreviations.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    Exhibit
        A table.
    """
    columns = (
        make_column("abbreviation", Kind.TEXT, ABBREVIATIONS),
        make_column("meaning", Kind.TEXT, [Label("abbreviation", each) for each in ABBREVIATIONS]),
    )
    return Exhibit("abbreviations", columns, ())


def data_quality(report: Report, quality: pd.DataFrame) -> Exhibit | None:
    """Tabulate what reading the exports ignored, set aside, replaced or flagged.

    Parameters
    ----------
    report : Report
        An open cycle.
    quality : DataFrame
        The report's `quality`.

    Returns
    -------
    Exhibit or None
        A table; None where there is nothing to tell.
    """
    if quality.empty:
        return None
    columns = (
        make_column("number", Kind.COUNT, range(1, len(quality) + 1)),
        make_column("cycle", Kind.TEXT, quality["cycle"]),
        make_column("check", Kind.TEXT, map(label_each("check"), quality["check"])),
        make_column("row", Kind.COUNT, quality["row"]),
        make_column("detail", Kind.TEXT, quality["detail"]),
        make_column("treatment", Kind.TEXT, map(label_each("treatment"), quality["action"])),
    )
    return Exhibit("data_quality", columns, tuple(report.cycles))
