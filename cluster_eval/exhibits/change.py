"""Exhibits of how the ratings of the same clusters changed."""

import pandas as pd

from cluster_eval import charts
from cluster_eval.exhibits.deprivation import name_outcomes
from cluster_eval.exhibits.exhibit import Column, Exhibit, describe_base, make_column, note_missing
from cluster_eval.exhibits.maturity import group_outcomes, name_groups
from cluster_eval.exhibits.spread import subtract, write_texts
from cluster_eval.facts.change import describe_linked
from cluster_eval.facts.maturity import describe_summed
from cluster_eval.measures.linked import MEAN
from cluster_eval.measures.maturity import ALL, summarise
from cluster_eval.measures.overlap import FELL, LEFT, ROSE
from cluster_eval.sources.report import Report
from cluster_eval.values import SMALLEST_BASE, Kind, Label, Missing, Outcome, Phrase, Tenths
from cluster_eval.vocabulary import FRAMEWORKS, HIGHER, LEVELS, RATINGS, WALES

_PARTS = ("previous", "current", "change", "stayers", "joiners", "leavers")
_SIZES = ("n_stayers", "n_joiners", "n_leavers")


def linked(report: Report, linked: pd.DataFrame) -> Exhibit | None:
    """Show how the same clusters' shares of ratings changed, each with its likely range.

    Parameters
    ----------
    report : Report
        An open cycle.
    linked : DataFrame
        What `measures.linked.summarise` returns, of the newest pair of cycles.

    Returns
    -------
    Exhibit or None
        A figure; None where no cluster rated in both cycles.
    """
    rows = linked[(linked["outcome"] == ALL) & (linked["level"] != MEAN) & linked["change"].notna()]
    if rows.empty:
        return None
    names = [Label("level", level) for level in rows["level"]]
    described = describe_linked(linked)
    clear = [(each, level) for each in described.frameworks for level in each.levels if level.is_clear]
    rows = rows.assign(shown=_subtract(rows))
    largest = rows.loc[rows["change"].abs().idxmax()]

    def draw(words, layout):
        drawn = rows.assign(
            category=[
                f"{code} {name}" for code, name in zip(rows["framework"], write_texts(words, names), strict=True)
            ],
            group=write_texts(words, [Label("framework", code) for code in rows["framework"]]),
        )
        return charts.draw_changes(drawn, [words.say(code) for code in ("change", "likely")], layout)

    return Exhibit(
        "linked",
        (
            make_column("measure", Kind.TEXT, [_name_measure(row) for row in rows.itertuples()]),
            make_column("clusters", Kind.COUNT, rows["clusters"]),
            make_column("previous", Kind.PERCENT_1, rows["previous"]),
            make_column("current", Kind.PERCENT_1, rows["current"]),
            make_column("change", Kind.POINTS_1, rows["shown"]),
            make_column("likely_from", Kind.POINTS_1, rows["low"]),
            make_column("likely_to", Kind.POINTS_1, rows["high"]),
        ),
        tuple(report.compared),
        values={
            "n": len(rows),
            "clear": len(clear),
            "framework": largest["framework"],
            "level": Label("level", largest["level"]),
            "points": Tenths(abs(largest["shown"]) * 100),
        },
        alt=("dots", "rose" if largest["change"] > 0 else "fell"),
        notes=("own", "likely"),
        base=describe_base("same_clusters", rows[["clusters"]].rename(columns={"clusters": "base"})),
        compares=tuple(RATINGS),
        draw=draw,
    )


def linked_tests(report: Report, linked: pd.DataFrame) -> Exhibit:
    """Tabulate the tests of change of the same clusters' shares and mean scores.

    Parameters
    ----------
    report : Report
        An open cycle.
    linked : DataFrame
        What `measures.linked.summarise` returns, of the newest pair of cycles.

    Returns
    -------
    Exhibit
        A table: each framework, then each outcome, at every level.
    """
    order = (linked["outcome"] != ALL).to_numpy()
    rows = pd.concat([linked[~order], linked[order]])
    is_mean = rows["level"] == MEAN
    rows = rows.assign(change=_subtract(rows, [Kind.SCORE if mean else Kind.PERCENT_1 for mean in is_mean]))
    kinds = {
        "previous": ("previous", Kind.PERCENT_1),
        "current": ("current", Kind.PERCENT_1),
        "change": ("change", Kind.POINTS_1),
        "from": ("low", Kind.POINTS_1),
        "to": ("high", Kind.POINTS_1),
    }
    measured = []
    for header, (name, kind) in kinds.items():
        plain = make_column(header, kind, rows[name])
        measured.append(
            Column(header, kind, plain.cells, kinds=tuple(Kind.SCORE if mean else kind for mean in is_mean))
        )
    columns = (
        make_column("measure", Kind.TEXT, [_name_measure(row) for row in rows.itertuples()]),
        make_column("cases", Kind.COUNT, rows["clusters"]),
        *measured,
        make_column("statistic", Kind.NUMBER_1, rows["statistic"]),
        make_column("p", Kind.P, rows["p"]),
        make_column("p_holm", Kind.P, rows["p_holm"]),
        make_column("effect", Kind.SCORE, rows["effect"]),
    )
    notes = ("own", "method", "families", *note_missing(columns))
    return Exhibit("linked_tests", columns, tuple(report.compared), notes=notes, compares=tuple(RATINGS))


def trend(report: Report, trend: pd.DataFrame, constant: pd.DataFrame) -> Exhibit:
    """Tabulate the shares of the clusters that rated in every cycle, beside those of all that rated.

    Parameters
    ----------
    report : Report
        An open cycle.
    trend, constant : DataFrame
        What `measures.linked.summarise_trend` and `summarise_constant` return.

    Returns
    -------
    Exhibit
        A table: for each framework and level the share in each cycle, and the mean change from cycle to cycle.
    """
    keys = ["framework", "level"]
    columns = [make_column("measure", Kind.TEXT, [_name_measure(row) for row in trend.itertuples()])]
    columns.append(make_column("clusters", Kind.COUNT, trend["clusters"]))
    order = pd.MultiIndex.from_frame(trend[keys])
    for cycle in report.cycles:
        of_cycle = constant[constant["cycle"] == cycle].set_index(keys).reindex(order)
        columns += [
            make_column("share_of_same", Kind.PERCENT_1, of_cycle["share"], series=cycle),
            make_column("share_of_all", Kind.PERCENT_1, of_cycle["share_of_all"], series=cycle),
        ]
    columns += [
        make_column("slope", Kind.POINTS_1, trend["slope"]),
        make_column("from", Kind.POINTS_1, trend["low"]),
        make_column("to", Kind.POINTS_1, trend["high"]),
        make_column("p", Kind.P, trend["p"]),
        make_column("p_holm", Kind.P, trend["p_holm"]),
    ]
    notes = ("method", *note_missing(columns))
    return Exhibit("trend", tuple(columns), tuple(report.cycles), notes=notes, compares=tuple(RATINGS))


def overlap(report: Report, overlap: pd.DataFrame) -> Exhibit:
    """Tabulate how many clusters answered in both cycles, joined and left, by health board.

    Parameters
    ----------
    report : Report
        An open cycle.
    overlap : DataFrame
        What `measures.overlap.summarise` returns, of the newest pair of cycles.

    Returns
    -------
    Exhibit
        A table.
    """
    names = [Phrase("total") if board == WALES else Label("health_board", board) for board in overlap["health_board"]]
    columns = (
        make_column("health_board", Kind.TEXT, names),
        *(
            make_column(name, Kind.COUNT, overlap[name])
            for name in overlap.columns[overlap.columns.get_loc("clusters") :]
        ),
    )
    return Exhibit("overlap", columns, tuple(report.compared), notes=("counts",))


def certain_moves(report: Report, certain: pd.DataFrame) -> Exhibit:
    """Tabulate how many of the same clusters must have moved, for each outcome.

    Parameters
    ----------
    report : Report
        An open cycle.
    certain : DataFrame
        What `measures.overlap.count_certain_moves` returns, of the newest pair of cycles.

    Returns
    -------
    Exhibit
        A table.
    """
    keys = ["framework", "outcome"]
    outcomes = certain[keys].drop_duplicates()
    wide = certain.pivot(index=keys, columns="move", values="at_least").loc[
        list(outcomes.itertuples(index=False, name=None))
    ]
    headers = {"left": LEFT, "rose": ROSE, "fell": FELL}
    columns = (
        name_outcomes(outcomes),
        *(make_column(header, Kind.COUNT, wide[move]) for header, move in headers.items()),
    )
    return Exhibit("certain_moves", columns, tuple(report.compared), notes=("counts",), compares=tuple(RATINGS))


def fixed_mix(report: Report, totals: pd.DataFrame) -> Exhibit:
    """Tabulate the change of each framework's shares, as counted and at one mix of health boards in both cycles.

    Parameters
    ----------
    report : Report
        An open cycle.
    totals : DataFrame
        What `measures.estimates.compare_totals` returns, of the newest pair of cycles.

    Returns
    -------
    Exhibit
        A table.
    """
    order = [LEVELS[0], HIGHER, LEVELS[-1]]
    rows = totals[(totals["outcome"] == ALL) & totals["level"].isin(order)]
    rows = rows.sort_values(["framework", "level"], key=lambda each: each.map([*FRAMEWORKS, *order].index))
    rows = rows.assign(change=_subtract(rows), change_fixed=_subtract(rows, ends=("previous_fixed", "current_fixed")))
    shares = ("previous", "current", "change", "previous_fixed", "current_fixed", "change_fixed")
    columns = (
        make_column("measure", Kind.TEXT, [_name_measure(row) for row in rows.itertuples()]),
        *(
            make_column(name, Kind.POINTS_1 if name.startswith("change") else Kind.PERCENT_1, rows[name])
            for name in shares
        ),
    )
    notes = ("fixed", *(["weighted_sample"] if report.sample_cycles else []), *note_missing(columns))
    return Exhibit("fixed_mix", columns, tuple(report.compared), notes=notes, compares=tuple(RATINGS))


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
    """Name what a row is of: a framework's or an outcome's share at a level, or mean score."""
    outcome = str(getattr(row, "outcome", ALL))
    code = "mean" if row.level == MEAN or pd.isna(row.level) else "share"
    named = [] if code == "mean" else [("level", Label("level", row.level))]
    if outcome == ALL:
        return Phrase(code, (("framework", row.framework), *named))
    return Phrase(f"{code}_of_outcome", (("outcome", Outcome(row.framework, outcome)), *named))


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


def _subtract(rows, kinds=None, ends=("previous", "current")):
    return subtract(*(rows[end] for end in ends), kinds or [Kind.PERCENT_1] * len(rows))
