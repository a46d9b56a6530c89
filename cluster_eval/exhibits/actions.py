"""Exhibits of opportunities for action."""

import pandas as pd

from cluster_eval.exhibits.exhibit import Exhibit, make_column
from cluster_eval.facts.participation import Participation
from cluster_eval.sources.report import Report
from cluster_eval.values import Kind, Label, Parts, Phrase


def next_steps(report: Report, participation: Participation) -> Exhibit | None:
    """Tabulate what happens next: each opportunity for action of the cycle in a few words, and what it answers.

    Parameters
    ----------
    report : Report
        An open cycle.
    participation : Participation
        What `facts.describe_participation` returns.

    Returns
    -------
    Exhibit or None
        A table; None where the cycle has no opportunities for action.
    """
    recorded = report.newest.actions
    if recorded is None or recorded.empty:
        return None
    columns = [
        make_column("action", Kind.TEXT, recorded["title"]),
        make_column("lead", Kind.TEXT, map(_name_leads, recorded["lead"])),
        make_column("timescale", Kind.TEXT, recorded["timescale"]),
    ]
    if recorded["finding"].notna().any():
        findings = [_say_finding(code, participation) for code in recorded["finding"]]
        columns.append(make_column("finding", Kind.TEXT, findings))
    return Exhibit("next_steps", tuple(columns), (report.cycle,))


def _name_leads(leads):
    return Parts(tuple(Label("lead", lead.strip()) for lead in leads.split("/")))


def _say_finding(code, participation):
    if pd.isna(code):
        return Phrase("none")
    if code == "participation" and participation.fell:
        return Phrase("participation_fell", (("fell", participation.fell),))
    return Phrase(code.replace(" ", "_"), (("responded", participation.responded),))
