"""Exhibits of what is tested and estimated of the whole survey."""

import pandas as pd

from cluster_eval import charts
from cluster_eval.exhibits.deprivation import name_outcomes
from cluster_eval.exhibits.exhibit import Exhibit, describe_base, make_column, note_missing
from cluster_eval.exhibits.maturity import group_outcomes, name_groups
from cluster_eval.exhibits.spread import describe_estimates, write_texts
from cluster_eval.facts.needs import has_need
from cluster_eval.measures.deprivation import MEAN
from cluster_eval.measures.maturity import ALL
from cluster_eval.sources.report import Report
from cluster_eval.values import Between, Kind, Label, Outcome, Phrase, Score, Share
from cluster_eval.vocabulary import HIGHER

_COLUMNS = {"cases": Kind.COUNT, "p": Kind.P, "p_holm": Kind.P, "effect": Kind.TEXT} | dict.fromkeys(
    ("size", "from", "to"), Kind.SCORE
)


def tests(
    report: Report,
    responding: pd.DataFrame,
    linked: pd.DataFrame,
    deprivation: pd.DataFrame,
    reliability: pd.DataFrame,
) -> Exhibit:
    """Tabulate in one place what is tested or estimated of the whole, on what, with what effect and how sure.

    Parameters
    ----------
    report : Report
        An open cycle.
    responding, linked, deprivation, reliability : DataFrame
        What `measures.nonresponse.compare_responders`, `measures.linked.summarise` of the newest pair of cycles,
        `measures.deprivation.summarise_trend` and `measures.reliability.summarise_reliability` return.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle.
    """
    rows = []
    for row in responding[responding["cycle"] == report.cycle].itertuples():
        rows.append(
            {
                "question": Phrase(f"responding_{row.characteristic}"),
                "method": Label("test", row.test),
                "cases": row.clusters,
                "p": row.p,
                "effect": Label("effect", "Cramér's V"),
                "size": row.cramers_v,
            }
        )
    for row in linked[linked["outcome"] == ALL].itertuples():
        code = "linked_mean" if row.level == MEAN else "linked"
        rows.append(
            {
                "question": Phrase(code, (("framework", row.framework), ("level", Label("level", row.level)))),
                "method": Label("test", "signed-rank"),
                "cases": row.clusters,
                "p": row.p,
                "p_holm": row.p_holm,
                "effect": Label("effect", "rank-biserial"),
                "size": row.effect,
            }
        )
    of_means = deprivation[(deprivation["cycle"] == report.cycle) & (deprivation["outcome"] == MEAN)]
    for row in of_means.itertuples():
        rows.append(
            {
                "question": Phrase("deprivation", (("framework", row.framework),)),
                "method": Label("test", "Kendall's tau-b"),
                "cases": row.n,
                "p": row.p,
                "p_holm": row.p_holm,
                "effect": Label("effect", "tau-b"),
                **_set_out_size(row.tau_b, row.tau_low, row.tau_high),
            }
        )
    for row in reliability[reliability["cycle"] == report.cycle].itertuples():
        named = ("framework", row.framework)
        rows.append(
            {
                "question": Phrase("together_both") if row.framework == "both" else Phrase("together", (named,)),
                "method": Label("test", "internal consistency"),
                "cases": row.n,
                "effect": Label("effect", "Cronbach's alpha"),
                **_set_out_size(row.cronbach_alpha, row.cronbach_low, row.cronbach_high),
            }
        )
    columns = (
        make_column("question", Kind.TEXT, [row["question"] for row in rows]),
        make_column("method", Kind.TEXT, [row["method"] for row in rows]),
        *(make_column(name, kind, [row.get(name) for row in rows]) for name, kind in _COLUMNS.items()),
    )
    return Exhibit(
        "tests",
        columns,
        (report.cycle,),
        notes=("cases", "intervals", *note_missing(columns)),
        sources=tuple(report.compared) if len(linked) else None,
    )


def _set_out_size(size, low, high):
    return {"size": size, "from": low, "to": high}


def shares(report: Report, levels: pd.DataFrame) -> Exhibit | None:
    """Show each outcome's share at Developing or Mature with its interval, and its bounds.

    Parameters
    ----------
    report : Report
        An open cycle.
    levels : DataFrame
        What `measures.estimates.estimate_levels` returns.

    Returns
    -------
    Exhibit or None
        A figure, of the report's own cycle; None where a base is too small for percentages.
    """
    if not has_need(report, "large_bases"):
        return None
    rows = levels[(levels["cycle"] == report.cycle) & (levels["level"] == HIGHER) & (levels["base"] > 0)]
    rows = group_outcomes(rows.sort_values("share", ascending=False, kind="stable"))
    top = rows.loc[rows["share"].idxmax()]
    population = int(rows["population"].max())
    unknown = rows["population"] - rows["base"]
    notes, named = describe_estimates(report, rows)

    def draw(words, layout):
        marks = [words.say(code) for code in ("share", "interval", "bounds")]
        return charts.draw_ranges(name_groups(words, rows), marks, layout)

    return Exhibit(
        "shares",
        (
            name_outcomes(rows),
            make_column("n", Kind.COUNT, rows["n"]),
            make_column("base", Kind.COUNT, rows["base"]),
            make_column("percent", Kind.PERCENT, rows["share"]),
            make_column("weighted", Kind.PERCENT, rows["weighted"]),
            *(make_column(name, Kind.COUNT, rows[name]) for name in ("low_clusters", "high_clusters")),
            make_column("least", Kind.COUNT, rows["n"]),
            make_column("most", Kind.COUNT, rows["n"] + unknown),
        ),
        (report.cycle,),
        values={
            "n": len(rows),
            "highest": Outcome(top["framework"], str(top["outcome"])),
            "share": Share(top["share"]),
            "likely": Between(int(top["low_clusters"]), int(top["high_clusters"])),
            "population": population,
            **named,
        },
        alt=("dots", "highest"),
        notes=(*notes, "bounds_of_clusters"),
        base=describe_base("responses", rows[["base"]]),
        draw=draw,
    )


def reliability(report: Report, reliability: pd.DataFrame) -> Exhibit:
    """Tabulate how far the ratings of one cluster go together.

    Parameters
    ----------
    report : Report
        An open cycle.
    reliability : DataFrame
        What `measures.reliability.summarise_reliability` returns.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle.
    """
    rows = reliability[reliability["cycle"] == report.cycle]
    names = [Phrase("both") if framework == "both" else framework for framework in rows["framework"]]
    columns = (
        make_column("framework", Kind.TEXT, names),
        make_column("outcomes", Kind.COUNT, rows["outcomes"]),
        make_column("cases", Kind.COUNT, rows["n"]),
        make_column("alpha", Kind.SCORE, rows["cronbach_alpha"]),
        make_column("from", Kind.SCORE, rows["cronbach_low"]),
        make_column("to", Kind.SCORE, rows["cronbach_high"]),
        make_column("ordinal_alpha", Kind.SCORE, rows["ordinal_alpha"]),
        make_column("mean_correlation", Kind.SCORE, rows["mean_correlation"]),
    )
    return Exhibit("reliability", columns, (report.cycle,), notes=("cases", *note_missing(columns)))


def correlations(report: Report, correlations: pd.DataFrame, order: pd.DataFrame) -> Exhibit | None:
    """Show how the ratings of each two outcomes go together.

    Parameters
    ----------
    report : Report
        An open cycle.
    correlations : DataFrame
        What `measures.reliability.correlate_outcomes` returns.
    order : DataFrame
        What `measures.reliability.order_outcomes` returns.

    Returns
    -------
    Exhibit or None
        A figure, of the report's own cycle; its table has each outcome's mean, highest and lowest correlation. None
        where fewer than two outcomes were rated.
    """
    own = correlations[correlations["cycle"] == report.cycle]
    order = order[order["cycle"] == report.cycle].sort_values("position")
    outcomes = list(name_outcomes(order).cells)
    if len(outcomes) < 2:
        return None
    places = {(outcome.framework, outcome.number): place for place, outcome in enumerate(outcomes)}
    square = pd.DataFrame(index=range(len(outcomes)), columns=range(len(outcomes)), dtype=float)
    for row in own.itertuples():
        one, other = places[row.framework_1, str(row.outcome_1)], places[row.framework_2, str(row.outcome_2)]
        square.at[one, other] = square.at[other, one] = row.correlation
    highest, lowest = square.max(axis="columns"), square.min(axis="columns")
    has_any = square.notna().any(axis="columns")

    def name_partners(find):
        return [outcomes[find(square.loc[place])] if has_any[place] else None for place in square.index]

    values = {"n": len(outcomes)}
    if has_any.any():
        strongest = int(highest.idxmax())
        values |= {"lowest": Score(lowest.min()), "highest": Score(highest.max()), "one": outcomes[strongest]}
        values["other"] = outcomes[int(square.loc[strongest].idxmax())]

    def draw(words, layout):
        names = write_texts(words, outcomes, "code" if layout.labels_above else "full")
        steps = [words.say(code) for code in ("negative", "under_25", "under_50", "under_75", "above")]
        return charts.draw_correlations(square, names, [each.number for each in outcomes], steps, layout)

    return Exhibit(
        "correlations",
        (
            make_column("outcome", Kind.TEXT, outcomes),
            make_column("mean_correlation", Kind.SCORE, square.mean(axis="columns")),
            make_column("highest_correlation", Kind.SCORE, highest),
            make_column("highest_with", Kind.TEXT, name_partners(pd.Series.idxmax)),
            make_column("lowest_correlation", Kind.SCORE, lowest),
            make_column("lowest_with", Kind.TEXT, name_partners(pd.Series.idxmin)),
        ),
        (report.cycle,),
        values=values,
        alt=("grid", *(["strongest"] if has_any.any() else [])),
        notes=("method", "reading"),
        base=describe_base("responses", own[["n"]].rename(columns={"n": "base"})),
        draw=draw,
    )
