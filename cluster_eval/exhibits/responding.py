"""Exhibits of who responded beside who did not, and of how sure a ranking is."""

import pandas as pd

from cluster_eval.exhibits.deprivation import name_outcomes
from cluster_eval.exhibits.exhibit import Exhibit, make_column, note_missing
from cluster_eval.exhibits.maturity import group_outcomes
from cluster_eval.exhibits.spread import label_each
from cluster_eval.measures.ranking import RANKED
from cluster_eval.sources.report import Report
from cluster_eval.values import Kind, Label


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
    return Exhibit("non_response", columns, tuple(report.cycles), notes=("method", "cramer", *note_missing(columns)))


def ranking(report: Report, ranking: pd.DataFrame) -> Exhibit:
    """Tabulate the place of each outcome, and how sure it is.

    Parameters
    ----------
    report : Report
        An open cycle.
    ranking : DataFrame
        What `measures.ranking.summarise` returns.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle.
    """
    own = ranking[ranking["cycle"] == report.cycle]
    keys = ["framework", "outcome"]
    rows = group_outcomes(own[own["level"] == next(iter(RANKED))])
    columns = [name_outcomes(rows)]
    for level in RANKED:
        of_level = own[own["level"] == level].set_index(keys).loc[list(rows[keys].itertuples(index=False, name=None))]
        named = {"series": Label("level", level)}
        columns += [
            make_column("place_of", Kind.COUNT, of_level["place"], **named),
            make_column("place_low_of", Kind.COUNT, of_level["place_low"], **named),
            make_column("place_high_of", Kind.COUNT, of_level["place_high"], **named),
            make_column("chance_of", Kind.PERCENT, of_level["chance_highest"], **named),
        ]
    notes = ("places", "drawn", *(["ranking_sample"] if report.sample_cycles else []))
    return Exhibit("ranking", tuple(columns), (report.cycle,), notes=notes)
