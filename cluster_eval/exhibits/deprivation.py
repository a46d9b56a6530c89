"""Exhibits of how maturity goes with deprivation."""

import pandas as pd

from cluster_eval import charts
from cluster_eval.exhibits.exhibit import Exhibit, make_column
from cluster_eval.exhibits.spread import label_each, spread_by_cycle, write_texts
from cluster_eval.facts.maturity import describe_summed
from cluster_eval.measures.deprivation import MEAN, TEST
from cluster_eval.measures.maturity import summarise
from cluster_eval.sources.report import Report
from cluster_eval.values import TIE, Kind, Label, Outcome, Score
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
        return charts.draw_means(means.assign(fifth=fifths), "fifth", "cycle", colours, levels, layout)

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
        What `measures.deprivation.summarise_tests` returns.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle.
    """
    rows = tests[(tests["cycle"] == report.cycle) & (tests["test"] == TEST) & (tests["outcome"] != MEAN)]
    columns = (
        name_outcomes(rows),
        make_column("f", Kind.SCORE, rows["statistic"]),
        make_column("df_between", Kind.COUNT, rows["df_between"]),
        make_column("df_within", Kind.COUNT, rows["df_within"]),
        make_column("p", Kind.P, rows["p"]),
        make_column("p_holm", Kind.P, rows["p_holm"]),
        make_column("eta_squared", Kind.SCORE, rows["effect_size"]),
        make_column("from", Kind.SCORE, rows["effect_low"]),
        make_column("to", Kind.SCORE, rows["effect_high"]),
        make_column("cases", Kind.COUNT, rows["n"]),
    )
    return Exhibit("deprivation_tests", columns, (report.cycle,), notes=("method", "holm", "eta", "missing"))


def tests_of_means(report: Report, tests: pd.DataFrame) -> Exhibit:
    """Tabulate four tests of each framework's mean scores by deprivation fifth.

    Parameters
    ----------
    report : Report
        An open cycle.
    tests : DataFrame
        What `measures.deprivation.summarise_tests` returns.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle.
    """
    rows = tests[(tests["cycle"] == report.cycle) & (tests["outcome"] == MEAN)]
    test, cases, *others = _set_out_tests(rows)
    columns = (
        make_column("framework", Kind.TEXT, rows["framework"]),
        test,
        cases,
        make_column("statistic", Kind.SCORE, rows["statistic"]),
        *others,
    )
    notes = ("means", "tau", "holm_means", "effects", "squared", "missing")
    return Exhibit("deprivation_summary", columns, (report.cycle,), notes=notes)


def further_tests(report: Report, tests: pd.DataFrame) -> Exhibit:
    """Tabulate the tests of each outcome by deprivation fifth that stand beside the analysis of variance.

    Parameters
    ----------
    report : Report
        An open cycle.
    tests : DataFrame
        What `measures.deprivation.summarise_tests` returns.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle.
    """
    rows = tests[(tests["cycle"] == report.cycle) & (tests["outcome"] != MEAN) & (tests["test"] != TEST)]
    notes = ("methods", "tau", "holm_within", "effects", "squared", "missing")
    columns = (name_outcomes(rows), *_set_out_tests(rows))
    return Exhibit("deprivation_by_outcome", columns, (report.cycle,), notes=notes)


def detectable(report: Report, detectable: pd.DataFrame) -> Exhibit:
    """Tabulate the smallest effect of deprivation that the responses could have shown.

    Parameters
    ----------
    report : Report
        An open cycle.
    detectable : DataFrame
        What `measures.deprivation.find_detectable` returns.

    Returns
    -------
    Exhibit
        A table, of the report's own cycle.
    """
    rows = detectable[(detectable["cycle"] == report.cycle) & (detectable["outcome"] == MEAN)]
    columns = (
        make_column("framework", Kind.TEXT, rows["framework"]),
        make_column("test", Kind.TEXT, map(label_each("test"), rows["test"])),
        make_column("cases", Kind.COUNT, rows["n"]),
        make_column("effect", Kind.TEXT, map(label_each("effect"), rows["effect"])),
        make_column("detectable", Kind.SCORE, rows["detectable"]),
        make_column("difference", Kind.SCORE, rows["difference"]),
    )
    return Exhibit("deprivation_detectable", columns, (report.cycle,), notes=("detectable", "missing"))


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


def _set_out_tests(rows):
    """Set out tests, each with what it was made on and its effect."""
    return (
        make_column("test", Kind.TEXT, [Label("test", test) for test in rows["test"]]),
        make_column("cases", Kind.COUNT, rows["n"]),
        make_column("p", Kind.P, rows["p"]),
        make_column("p_holm", Kind.P, rows["p_holm"]),
        make_column("effect", Kind.TEXT, [Label("effect", effect) for effect in rows["effect"]]),
        make_column("size", Kind.SCORE, rows["effect_size"]),
        make_column("from", Kind.SCORE, rows["effect_low"]),
        make_column("to", Kind.SCORE, rows["effect_high"]),
    )
