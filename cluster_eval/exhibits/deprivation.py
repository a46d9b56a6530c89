"""Exhibits of how maturity goes with deprivation."""

import pandas as pd

from cluster_eval import charts
from cluster_eval.exhibits.exhibit import Exhibit, make_column, note_missing
from cluster_eval.exhibits.spread import label_each, spread_by_cycle, write_texts
from cluster_eval.facts.maturity import describe_summed
from cluster_eval.measures.deprivation import MEAN
from cluster_eval.measures.maturity import summarise
from cluster_eval.sources.report import Report
from cluster_eval.values import TIE, Kind, Outcome, Phrase, Score
from cluster_eval.vocabulary import FRAMEWORKS, LEVELS


def mean_scores(report: Report, means: pd.DataFrame, framework: str) -> Exhibit | None:
    """Show mean scores by deprivation fifth, each cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    means : DataFrame
        What `measures.deprivation.summarise_means` returns.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    Exhibit or None
        A figure; None where there is no outcome that every cycle rated.
    """
    current = means[means["cycle"] == report.cycle].set_index("deprivation_fifth")["mean"]
    if current.empty:
        return None
    name = label_each("deprivation_fifth")

    colours = charts.colour_cycles(report.cycles)

    def draw(words, layout):
        fifths = write_texts(words, map(name, means["deprivation_fifth"].astype("str")))
        levels = write_texts(words, map(label_each("level"), LEVELS))
        drawn = means.assign(fifth=fifths)
        return charts.draw_means(drawn, "fifth", "cycle", colours, levels, words.say("earlier"), layout)

    return Exhibit(
        f"{framework}_deprivation",
        spread_by_cycle(
            means.assign(deprivation_fifth=means["deprivation_fifth"].astype("str"), responses=means["base"]),
            "deprivation_fifth",
            {"mean": Kind.SCORE, "responses": Kind.COUNT},
            name,
        ),
        tuple(report.cycles),
        values={
            "lowest": name(str(current.idxmin())),
            "lowest_mean": Score(current.min()),
            "highest": name(str(current.idxmax())),
            "highest_mean": Score(current.max()),
            "summed": describe_summed(summarise(report.responses), framework),
        },
        alt=("chart", "same" if current.max() - current.min() < TIE else "ends"),
        notes=("averaged",),
        compares=FRAMEWORKS[framework].variables if len(report.cycles) > 1 else (),
        draw=draw,
    )


def analysis_of_variance(report: Report, tests: pd.DataFrame) -> Exhibit:
    """Tabulate the published test of each outcome by deprivation fifth.

    Parameters
    ----------
    report : Report
        An open cycle.
    tests : DataFrame
        What `measures.deprivation.summarise` returns.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle.
    """
    rows = tests[tests["cycle"] == report.cycle]
    columns = (
        name_outcomes(rows),
        make_column("f", Kind.SCORE, rows["statistic"]),
        make_column("df_between", Kind.COUNT, rows["df_between"]),
        make_column("df_within", Kind.COUNT, rows["df_within"]),
        make_column("p", Kind.P, rows["p"]),
        make_column("p_holm", Kind.P, rows["p_holm"]),
        make_column("eta_squared", Kind.SCORE, rows["eta_squared"]),
        make_column("cases", Kind.COUNT, rows["n"]),
    )
    return Exhibit(
        "deprivation_tests", columns, (report.cycle,), notes=("method", "holm", "eta", *note_missing(columns))
    )


def difference(report: Report, trend: pd.DataFrame) -> Exhibit:
    """Tabulate each framework's mean score in the most and in the least deprived fifth.

    Parameters
    ----------
    report : Report
        An open cycle.
    trend : DataFrame
        What `measures.deprivation.summarise_trend` returns.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle.
    """
    rows = trend[(trend["cycle"] == report.cycle) & (trend["outcome"] == MEAN)]
    columns = (
        make_column("framework", Kind.TEXT, rows["framework"]),
        make_column("n_most", Kind.COUNT, rows["n_most"]),
        make_column("mean_most", Kind.SCORE, rows["mean_most"]),
        make_column("n_least", Kind.COUNT, rows["n_least"]),
        make_column("mean_least", Kind.SCORE, rows["mean_least"]),
        *_set_out_difference(rows),
    )
    return Exhibit("deprivation_difference", columns, (report.cycle,), notes=("likely", *note_missing(columns)))


def trend(report: Report, trend: pd.DataFrame) -> Exhibit:
    """Tabulate whether the scores of each outcome rise or fall with deprivation.

    Parameters
    ----------
    report : Report
        An open cycle.
    trend : DataFrame
        What `measures.deprivation.summarise_trend` returns.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle: each outcome, and each framework's mean scores.
    """
    rows = trend[trend["cycle"] == report.cycle]
    names = [
        Phrase("mean", (("framework", row.framework),))
        if row.outcome == MEAN
        else Outcome(row.framework, str(row.outcome), "full")
        for row in rows.itertuples()
    ]
    columns = (
        make_column("outcome", Kind.TEXT, names),
        make_column("cases", Kind.COUNT, rows["n"]),
        make_column("tau_b", Kind.SCORE, rows["tau_b"]),
        make_column("from", Kind.SCORE, rows["tau_low"]),
        make_column("to", Kind.SCORE, rows["tau_high"]),
        make_column("p", Kind.P, rows["p"]),
        make_column("p_holm", Kind.P, rows["p_holm"]),
        *_set_out_difference(rows),
        make_column("p_equivalence", Kind.P, rows["p_equivalence"]),
    )
    return Exhibit(
        "deprivation_trend", columns, (report.cycle,), notes=("method", "tau", "families", *note_missing(columns))
    )


def name_outcomes(rows: pd.DataFrame):
    """Name the outcomes of a table that has both frameworks.

    Parameters
    ----------
    rows : DataFrame
        framework, outcome.

    Returns
    -------
    Column
        Each row's outcome, with its framework.
    """
    pairs = zip(rows["framework"].astype("str"), rows["outcome"].astype("str"), strict=True)
    return make_column("outcome", Kind.TEXT, [Outcome(*pair, "full") for pair in pairs])


def _set_out_difference(rows):
    return (
        make_column("difference", Kind.SCORE, rows["difference"]),
        make_column("difference_low", Kind.SCORE, rows["low"]),
        make_column("difference_high", Kind.SCORE, rows["high"]),
    )
