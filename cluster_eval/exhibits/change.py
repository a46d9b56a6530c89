"""Exhibits of how the ratings of the same clusters changed."""

import pandas as pd

from cluster_eval import charts
from cluster_eval.exhibits.deprivation import name_outcomes
from cluster_eval.exhibits.exhibit import Column, Exhibit, describe_base, make_column
from cluster_eval.exhibits.maturity import group_outcomes, name_groups
from cluster_eval.facts.maturity import describe_summed
from cluster_eval.measures.maturity import ALL, summarise
from cluster_eval.sources.report import Report
from cluster_eval.values import SMALLEST_BASE, Kind, Label, Missing, Outcome, Phrase
from cluster_eval.vocabulary import FRAMEWORKS, HIGHER, LEVELS, RATINGS

_PARTS = ("previous", "current", "change", "stayers", "joiners", "leavers")
_SIZES = ("n_stayers", "n_joiners", "n_leavers")

_LINES = {
    "clusters": ("n", Kind.COUNT),
    "mean_previous": ("previous", Kind.SCORE),
    "mean_current": ("current", Kind.SCORE),
    "change": ("change", Kind.SCORE),
    "change_low": ("change_low", Kind.SCORE),
    "change_high": ("change_high", Kind.SCORE),
    "up": ("up", Kind.COUNT),
    "down": ("down", Kind.COUNT),
    "p": ("p", Kind.P),
    "p_holm": ("p_holm", Kind.P),
    "effect": ("effect", Kind.SCORE),
    "effect_low": ("effect_low", Kind.SCORE),
    "effect_high": ("effect_high", Kind.SCORE),
}
"""The lines of the table of linked means: the code of each, the column that it is from, and of which kind it is."""


def linked_means(report: Report, tests: pd.DataFrame) -> Exhibit:
    """Tabulate the change of the linked clusters' mean scores, with its test.

    Parameters
    ----------
    report : Report
        An open cycle.
    tests : DataFrame
        What `measures.transition.compare_linked_means` returns.

    Returns
    -------
    Exhibit
        A table, one column for each framework.
    """
    kinds = tuple(kind for _, kind in _LINES.values())
    columns = [make_column("line", Kind.TEXT, map(Phrase, _LINES))]
    for row in tests.itertuples():
        cells = [getattr(row, name) for name, _ in _LINES.values()]
        plain = make_column("framework", Kind.SCORE, cells, of=row.framework)
        columns.append(Column(plain.header, plain.kind, plain.cells, plain.values, kinds))
    is_missing = any(cell is None for column in columns[1:] for cell in column.cells)
    notes = ("method", *(["missing"] if is_missing else []))
    return Exhibit("linked_means", tuple(columns), tuple(report.compared), notes=notes, compares=tuple(RATINGS))


def moves(report: Report, moves: pd.DataFrame) -> Exhibit:
    """Show how many of the linked clusters moved up or down, or stayed, for each outcome.

    Parameters
    ----------
    report : Report
        An open cycle.
    moves : DataFrame
        What `measures.transition.summarise_moves` returns.

    Returns
    -------
    Exhibit
        A figure.
    """
    rows = moves[moves["outcome"] != ALL]
    if rows["base"].any():
        rows = rows[rows["base"] > 0]
    rows = rows.assign(net=(rows["up"] - rows["down"]) / rows["base"])
    rows = group_outcomes(rows.sort_values("net", ascending=False, kind="stable"))
    more = int((rows["up"] > rows["down"]).sum())
    values, found = {"n": len(rows), "more": more}, "nobody"
    if more:
        most = rows.loc[rows["net"].idxmax()]
        values |= {name: int(most[name]) for name in ("up", "down", "stayed")}
        values["most"] = Outcome(most["framework"], str(most["outcome"]))
        found = "more"
    elif rows["base"].any():
        found = "none"

    def draw(words, layout):
        heads = [words.say(code) for code in ("down", "up", "stayed")]
        return charts.draw_moves(name_groups(words, rows), heads, layout)

    return Exhibit(
        "moves",
        (
            name_outcomes(rows),
            make_column("down", Kind.COUNT, rows["down"]),
            make_column("stayed", Kind.COUNT, rows["stayed"]),
            make_column("up", Kind.COUNT, rows["up"]),
            make_column("base", Kind.COUNT, rows["base"]),
        ),
        tuple(report.compared),
        values=values,
        alt=("bars", found),
        notes=("ranked",),
        base=describe_base("linked_clusters", rows[["base"]]),
        compares=tuple(RATINGS),
        draw=draw,
    )


def transitions(report: Report, transitions: pd.DataFrame, framework: str) -> Exhibit:
    """Tabulate from which level to which the linked clusters' ratings went, summed over a framework's outcomes.

    Parameters
    ----------
    report : Report
        An open cycle.
    transitions : DataFrame
        What `measures.transition.summarise_transitions` returns.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    Exhibit
        A table.
    """
    rows = transitions[(transitions["framework"] == framework) & (transitions["outcome"] == ALL)]
    wide = rows.pivot(index="previous_level", columns="current_level", values="n")
    wide = wide.loc[list(LEVELS), list(LEVELS)].astype(int)
    names = [Label("level", level) for level in LEVELS]
    columns = (
        make_column("before", Kind.TEXT, names),
        *(make_column("now", Kind.COUNT, wide[level.code], level=level) for level in names),
        make_column("base", Kind.COUNT, wide.sum(axis="columns")),
    )
    return Exhibit(
        f"{framework}_transitions",
        columns,
        tuple(report.compared),
        values={"summed": describe_summed(summarise(report.responses), framework)},
        notes=("rows",),
        compares=FRAMEWORKS[framework].variables,
    )


def linked_tests(report: Report, tests: pd.DataFrame) -> Exhibit:
    """Tabulate the tests of change of the linked clusters' ratings, outcome by outcome.

    Parameters
    ----------
    report : Report
        An open cycle.
    tests : DataFrame
        What `measures.transition.compare_linked` returns.

    Returns
    -------
    Exhibit
        A table.
    """
    columns = (
        name_outcomes(tests),
        make_column("cases", Kind.COUNT, tests["n"]),
        make_column("up", Kind.COUNT, tests["up"]),
        make_column("down", Kind.COUNT, tests["down"]),
        make_column("p", Kind.P, tests["p"]),
        make_column("p_holm", Kind.P, tests["p_holm"]),
        make_column("effect", Kind.SCORE, tests["effect"]),
        make_column("from", Kind.SCORE, tests["effect_low"]),
        make_column("to", Kind.SCORE, tests["effect_high"]),
        make_column("p_sign", Kind.P, tests["p_sign"]),
        make_column("p_sign_holm", Kind.P, tests["p_sign_holm"]),
    )
    notes = ("method", "holm", "missing")
    return Exhibit("linked_tests", columns, tuple(report.compared), notes=notes, compares=tuple(RATINGS))


def decomposition(report: Report, decomposition: pd.DataFrame) -> Exhibit:
    """Tabulate how far a framework's change comes from changed ratings, and how far from changed respondents.

    Parameters
    ----------
    report : Report
        An open cycle.
    decomposition : DataFrame
        What `measures.transition.decompose_change` returns.

    Returns
    -------
    Exhibit
        A table: shares in percentage points, means in score points.
    """
    rows = decomposition[(decomposition["outcome"] == ALL) & decomposition["change"].notna()]
    is_wanted = (rows["measure"] == "mean") | rows["level"].isin([LEVELS[0], HIGHER])
    maturity = summarise(report.responses)
    summed = tuple(describe_summed(maturity, framework) for framework in rows["framework"].unique())
    rows = rows[is_wanted]
    heading = make_column("measure", Kind.TEXT, [_name_measure(row) for row in rows.itertuples()])
    return Exhibit(
        "decomposition",
        (heading, *_tabulate_parts(rows)),
        tuple(report.compared),
        values={"summed": summed, "smallest": SMALLEST_BASE},
        notes=("summed", "parts", "missing"),
        compares=tuple(RATINGS),
    )


def decomposition_by_outcome(report: Report, decomposition: pd.DataFrame) -> Exhibit:
    """Tabulate the same for each outcome's share at Developing or Mature.

    Parameters
    ----------
    report : Report
        An open cycle.
    decomposition : DataFrame
        What `measures.transition.decompose_change` returns.

    Returns
    -------
    Exhibit
        A table, in percentage points.
    """
    rows = decomposition[(decomposition["outcome"] != ALL) & (decomposition["level"] == HIGHER)]
    heading = make_column("measure", Kind.TEXT, name_outcomes(rows).cells)
    return Exhibit(
        "decomposition_by_outcome",
        (heading, *_tabulate_parts(rows)),
        tuple(report.compared),
        values={"smallest": SMALLEST_BASE},
        notes=("parts", "missing"),
        compares=tuple(RATINGS),
    )


def _name_measure(row):
    named = ("framework", row.framework)
    if row.measure == "mean":
        return Phrase("mean", (named,))
    return Phrase("share", (named, ("level", Label("level", row.level))))


def _tabulate_parts(rows):
    kinds = tuple(Kind.SCORE if measure == "mean" else Kind.PERCENT_1 for measure in rows["measure"])
    ratings = rows["n_stayers"] + rows[["n_joiners", "n_leavers"]].min(axis="columns")
    is_small = (rows["measure"] != "mean") & (ratings < SMALLEST_BASE)
    columns = []
    for name in _PARTS:
        plain = make_column(name, Kind.SCORE, rows[name])
        cells = tuple(
            Missing.UNRELIABLE if small and cell is not None else cell
            for small, cell in zip(is_small, plain.cells, strict=True)
        )
        columns.append(Column(name, Kind.SCORE, cells, kinds=kinds))
    return (*columns, *(make_column(name, Kind.COUNT, rows[name]) for name in _SIZES))
