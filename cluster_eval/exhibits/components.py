"""Exhibits of what outcomes need: care, infrastructure, and ways of working."""

import pandas as pd

from cluster_eval import charts
from cluster_eval.exhibits.exhibit import Column, Exhibit, describe_base
from cluster_eval.exhibits.spread import spread_levels, write_texts
from cluster_eval.sources.report import Report
from cluster_eval.values import Count, CycleName, Label, NamedCount, Parts
from cluster_eval.vocabulary import COMPONENTS, HIGHER, LEVELS, RATINGS


def levels(report: Report, components: pd.DataFrame) -> Exhibit | None:
    """Show the levels summed over each component's outcomes, in the newest cycle and the one before.

    Parameters
    ----------
    report : Report
        An open cycle.
    components : DataFrame
        What `measures.components.summarise` returns.

    Returns
    -------
    Exhibit or None
        A figure; None where no outcome was rated in every cycle.
    """
    rows = components[components["cycle"].isin(report.compared)]
    order = {name: place for place, name in enumerate(COMPONENTS)}
    rows = rows.sort_values("component", key=lambda each: each.map(order), kind="stable")
    own = rows[(rows["cycle"] == report.cycle) & (rows["level"] == HIGHER)]
    if own.empty:
        return None
    levels = rows[rows["level"].isin(LEVELS)]
    pairs = list(zip(levels["component"], levels["cycle"].astype("str"), strict=True))
    named = levels.assign(outcome=[Parts((Label("component", name), CycleName(cycle))) for name, cycle in pairs])
    first, *others = spread_levels(named)

    def draw(words, layout):
        groups = write_texts(words, [Label("component", name) for name in levels["component"]], "plain")
        drawn = levels.assign(group=groups, category=levels["cycle"].astype("str"))
        name_levels = write_texts(words, [Label("level", level) for level in LEVELS])
        return charts.draw_overview(drawn, None, {}, name_levels, ("", ""), layout)

    return Exhibit(
        "components",
        (Column("component", first.kind, first.cells), *others),
        tuple(sorted(levels["cycle"].unique())),
        values={
            "higher": tuple(
                NamedCount(Label("component", row.component), Count(int(row.n), int(row.base)))
                for row in own.itertuples()
            )
        },
        alt=("chart",),
        base=describe_base("ratings", levels.drop(columns="cycle")),
        compares=tuple(RATINGS),
        draw=draw,
    )
