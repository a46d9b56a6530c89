"""Exhibits of who responded."""

import pandas as pd

from cluster_eval import charts
from cluster_eval.exhibits.exhibit import Base, Exhibit
from cluster_eval.exhibits.spread import label_each, spread_by_cycle, write_texts
from cluster_eval.facts.participation import describe_participation
from cluster_eval.sources.report import Report
from cluster_eval.values import Count, Kind, Label
from cluster_eval.vocabulary import WALES


def response_rate(report: Report, participation: pd.DataFrame) -> Exhibit:
    """Show response rates by health board, each cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    participation : DataFrame
        What `measures.participation.summarise` returns.

    Returns
    -------
    Exhibit
        A figure.
    """
    told = describe_participation(participation)

    colours = charts.colour_cycles(report.cycles)

    def draw(words, layout):
        counts = [Count(int(row.responses), int(row.clusters)) for row in participation.itertuples()]
        # Health boards have few clusters, so that their counts stand without percentages.
        is_total = participation["health_board"] == WALES
        labels = [words.write(count, "" if total else "of") for count, total in zip(counts, is_total, strict=True)]
        boards = write_texts(words, [Label("health_board", board) for board in participation["health_board"]])
        return charts.draw_bars(
            participation.assign(health_board=boards),
            "health_board",
            "rate",
            labels,
            series="cycle" if len(colours) > 1 else None,
            colours=colours,
            full_scale=True,
            layout=layout,
        )

    return Exhibit(
        "participation",
        spread_by_cycle(
            participation,
            "health_board",
            {"responses": Kind.COUNT, "clusters": Kind.COUNT},
            label_each("health_board"),
        ),
        tuple(report.cycles),
        facts=(told,),
        alt=("responded", *(["full"] if told.full else []), *(["fell"] if told.fell else [])),
        base=Base("clusters"),
        draw=draw,
    )
