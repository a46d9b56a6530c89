"""Exhibits of who did not respond, and what they could overturn."""

import pandas as pd

from cluster_eval.exhibits.exhibit import Exhibit, make_column
from cluster_eval.exhibits.spread import label_each
from cluster_eval.sources.report import Report
from cluster_eval.values import Kind, Outcome, Phrase, Question


def non_response(report: Report, tests: pd.DataFrame) -> Exhibit:
    """Tabulate whether those who responded differ from those who did not.

    Parameters
    ----------
    report : Report
        An open cycle.
    tests : DataFrame
        What `measures.nonresponse.compare_responders` returns.

    Returns
    -------
    Exhibit
        A table, of each cycle.
    """
    columns = (
        make_column("characteristic", Kind.TEXT, map(label_each("characteristic"), tests["characteristic"])),
        make_column("cycle", Kind.TEXT, tests["cycle"].astype("str")),
        make_column("groups", Kind.COUNT, tests["groups"]),
        make_column("clusters", Kind.COUNT, tests["clusters"]),
        make_column("responses", Kind.COUNT, tests["responses"]),
        make_column("p", Kind.P, tests["p"]),
        make_column("cramers_v", Kind.SCORE, tests["cramers_v"]),
    )
    methods = tuple(dict.fromkeys(tests["test"]))
    method = methods[0] if len(methods) == 1 else "both"
    return Exhibit("non_response", columns, tuple(report.cycles), notes=(method, "cramer", "missing"))


def tipping_points(report: Report, points: pd.DataFrame) -> Exhibit:
    """Tabulate what clusters that did not respond would have to say to overturn each finding.

    Parameters
    ----------
    report : Report
        An open cycle.
    points : DataFrame
        What `measures.nonresponse.find_tipping_points` returns.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle.
    """
    rows = points[points["cycle"] == report.cycle]
    needed = {direction: rows["needed"].where(rows["direction"] == direction) for direction in ("at least", "at most")}
    columns = (
        make_column("statement", Kind.TEXT, [_name_statement(row) for row in rows.itertuples()]),
        make_column("n", Kind.COUNT, rows["n"]),
        make_column("base", Kind.COUNT, rows["base"]),
        make_column("holds", Kind.TEXT, [Phrase("yes" if holds else "no") for holds in rows["holds"]]),
        make_column("nonresponders", Kind.COUNT, rows["nonresponders"]),
        make_column("at_least", Kind.COUNT, needed["at least"]),
        make_column("at_most", Kind.COUNT, needed["at most"]),
    )
    return Exhibit("tipping_points", columns, (report.cycle,), notes=("needed", "missing"))


def _name_statement(row):
    code = f"{row.kind} {row.comparison}"
    if isinstance(row.question, str):
        return Phrase(code, (("about", Question(row.question)),))
    return Phrase(code, (("about", Outcome(row.framework, str(row.outcome))),))
