"""Exhibits of maturity: levels, means, and all outcomes in one picture."""

import pandas as pd

from cluster_eval import charts
from cluster_eval.exhibits.exhibit import Column, Exhibit, describe_base, make_column
from cluster_eval.exhibits.spread import (
    describe_estimates,
    label_each,
    spread_by_cycle,
    spread_counts,
    spread_levels,
    subtract,
    write_texts,
)
from cluster_eval.facts.maturity import describe_summed
from cluster_eval.measures.change import compare
from cluster_eval.measures.maturity import ALL, sum_higher, summarise
from cluster_eval.problems import check_name
from cluster_eval.sources.report import Report
from cluster_eval.values import (
    SMALLEST_BASE,
    TIE,
    Count,
    CycleCount,
    CycleName,
    Kind,
    Label,
    Outcome,
    Points,
    Score,
    Tally,
)
from cluster_eval.vocabulary import FRAMEWORKS, LEVELS, RATINGS


def summed_levels(report: Report, maturity: pd.DataFrame, framework: str) -> Exhibit | None:
    """Show maturity levels summed over a framework's outcomes, each cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    maturity : DataFrame
        What `measures.estimates.estimate_summed_levels` returns, or `measures.maturity.summarise`, which has no
        estimates.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    Exhibit or None
        A figure; with intervals, the share at the two higher levels is in its table as well. None where there is no
        outcome that every cycle rated.
    """
    rows = maturity[maturity["framework"] == framework]
    if "outcome" in rows.columns:
        rows = rows[rows["outcome"] == ALL]
    summed = describe_summed(summarise(report.responses), framework)
    return _show_levels_by_cycle(
        report, f"{framework}_summed", rows, "ratings", FRAMEWORKS[framework].variables, {"summed": summed}
    )


def outcome(report: Report, maturity: pd.DataFrame, framework: str, outcome: str) -> Exhibit | None:
    """Show the levels of one outcome, each cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    maturity : DataFrame
        What `measures.estimates.estimate_levels` returns, or `measures.maturity.summarise`, which has no estimates.
    framework, outcome : str
        Which outcome.

    Returns
    -------
    Exhibit or None
        A figure; None where nobody rated the outcome in the report's own cycle.
    """
    check_name("framework", framework, FRAMEWORKS)
    numbers = [str(number) for number in range(1, FRAMEWORKS[framework].outcomes + 1)]
    check_name(f"{framework} outcome", outcome, numbers)
    rows = maturity[(maturity["framework"] == framework) & (maturity["outcome"] == outcome)]
    variable = f"{framework.lower()}_{outcome}"
    named = {"named": Outcome(framework, outcome)}
    return _show_levels_by_cycle(report, f"{framework}_{outcome}", rows, "responses", (variable,), named)


def _show_levels_by_cycle(report, key, rows, unit, variables, values):
    rows = rows[rows["base"] > 0]
    cycles = tuple(rows["cycle"].unique())
    if report.cycle not in cycles:
        return None
    columns = spread_counts(rows.assign(level=rows["level"].astype("str")), "level", label_each("level"))
    rows = rows[rows["level"].isin(LEVELS)]
    current = rows[rows["cycle"] == report.cycle]
    top = current[current["n"] == current["n"].max()]
    pre = rows[rows["level"] == LEVELS[0]]
    notes, named = describe_estimates(report, rows)

    def draw(words, layout):
        named = rows.assign(cycle=write_texts(words, map(CycleName, rows["cycle"].astype("str")), "bare"))
        return charts.draw_levels(named, "cycle", _name_levels(words), layout)

    return Exhibit(
        key,
        columns,
        cycles,
        values={
            "levels": tuple(Label("level", level) for level in top["level"]),
            "count": _count(top.iloc[0]),
            "pre": tuple(
                CycleCount(CycleName(row.cycle), Count(int(row.n), int(row.base))) for row in pre.itertuples()
            ),
            **values,
            **named,
        },
        alt=("chart", "several" if len(top) > 1 else "one", *(["pre"] if len(cycles) > 1 else [])),
        notes=notes,
        base=describe_base(unit, rows),
        compares=variables if len(cycles) > 1 else (),
        draw=draw,
    )


def levels(report: Report, maturity: pd.DataFrame, framework: str, cycle: str | None = None) -> Exhibit | None:
    """Show the levels of each outcome of a framework in one cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    maturity : DataFrame
        What `measures.maturity.summarise` returns.
    framework : str
        `PCMW` or `ACD`.
    cycle : str, optional
        The report's own where left out.

    Returns
    -------
    Exhibit or None
        A figure; None where the maturity table does not have the cycle.
    """
    check_name("framework", framework, FRAMEWORKS)
    cycle = cycle or report.cycle
    rows = maturity[(maturity["framework"] == framework) & (maturity["cycle"] == cycle)]
    rows = rows[(rows["outcome"] != ALL) & (rows["base"] > 0)]
    if rows.empty or cycle not in report.cycles:
        return None
    higher = sum_higher(rows)
    rows = _name_outcomes(_rank_outcomes(report, maturity, rows))
    shares = rows.pivot(index="outcome", columns="level", values="share")
    tally = _tally_most_common(shares)

    def draw(words, layout):
        named = rows.assign(outcome=write_texts(words, rows["outcome"], "title"))
        return charts.draw_levels(named, "outcome", _name_levels(words), layout)

    return Exhibit(
        f"{framework}_levels" if cycle == report.cycle else f"{framework}_levels_previous",
        spread_levels(rows),
        (cycle,),
        values={
            "shown": CycleName(cycle),
            "most_common": tally[0].label,
            "times": tally[0].n,
            "n": len(shares),
            **_find_ends(higher),
        },
        alt=("chart", _name_ends(higher)),
        notes=("ranked",),
        base=describe_base("responses", rows),
        draw=draw,
    )


def overview(report: Report, maturity: pd.DataFrame) -> Exhibit:
    """Show the levels of all outcomes of both frameworks, and the change of their share at Developing or Mature.

    Parameters
    ----------
    report : Report
        An open cycle.
    maturity : DataFrame
        What `measures.maturity.summarise` returns.

    Returns
    -------
    Exhibit
        A figure.
    """
    own, previous = report.cycle, report.previous
    rows = maturity[(maturity["cycle"] == own) & (maturity["outcome"] != ALL) & (maturity["base"] > 0)]
    rows = _rank_outcomes(report, maturity, rows)
    higher, keys = sum_higher(maturity), ["framework", "outcome"]
    order = pd.MultiIndex.from_frame(rows[keys].drop_duplicates())
    change = compare(higher, keys, "share").set_index(keys).reindex(order)
    top = higher[higher["cycle"] == own].set_index(keys).reindex(order).reset_index()
    is_compared = higher["base"].min() >= SMALLEST_BASE and not change["change"].isna().all()
    named = _name_outcomes(rows, "full")
    # Counts stand in each framework's own table; this one is to be taken in at a glance, too.
    columns: tuple[Column, ...] = spread_levels(named, counts=False)
    values = {"n": len(order), **_find_ends(top)}
    alt = ("chart", _name_ends(top))
    if is_compared:
        shown = subtract(change["previous"], change["current"], [Kind.PERCENT] * len(change))
        columns += (
            make_column("higher_of", Kind.PERCENT, change["previous"], series=CycleName(previous)),
            make_column("higher_of", Kind.PERCENT, change["current"], series=CycleName(own)),
            make_column("change", Kind.POINTS, shown),
        )
        values |= _describe_moves(change["change"], pd.Series(shown, change.index))
        alt += (values.pop("moves"),)

    colours = charts.colour_cycles(report.cycles)

    def draw(words, layout):
        drawn = name_groups(words, rows)
        moves = None
        if is_compared:
            moves = pd.DataFrame(
                {
                    "category": list(drawn["category"].unique()),
                    previous: change["previous"].to_numpy(),
                    own: change["current"].to_numpy(),
                    "label": ["" if each is None else words.write(Points(each), "signed") for each in shown],
                }
            )
        heads = (words.say("points"), words.say("higher"))
        return charts.draw_overview(drawn, moves, colours, _name_levels(words), heads, layout)

    return Exhibit(
        "overview",
        columns,
        (own,),
        values=values,
        title="change" if is_compared else "levels",
        alt=alt,
        notes=("ranked",),
        base=describe_base("responses", rows),
        compares=tuple(RATINGS),
        sources=tuple(report.compared) if is_compared else (own,),
        draw=draw,
    )


def levels_of_each(report: Report, maturity: pd.DataFrame, framework: str) -> Exhibit:
    """Show the levels of each outcome of a framework as a small chart of its own, each cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    maturity : DataFrame
        What `measures.maturity.summarise` returns.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    Exhibit
        A figure.
    """
    rows = maturity[(maturity["framework"] == framework) & (maturity["outcome"] != ALL) & (maturity["base"] > 0)]
    rows = _put_in_order(rows, [str(number) for number in range(1, FRAMEWORKS[framework].outcomes + 1)])
    own = rows[rows["cycle"] == report.cycle]
    shares = own.pivot(index="outcome", columns="level", values="share")[list(LEVELS)]
    tally = _tally_most_common(shares)
    pre = own[own["level"] == LEVELS[0]].set_index("outcome")
    most = pre["share"].max()
    found = pre.index[(pre["share"] - most).abs() < TIE]
    ties = "ties" if sum(each.n for each in tally) > len(shares) else "levels"

    colours = charts.colour_cycles(report.cycles)

    def draw(words, layout):
        named = rows.assign(
            category=write_texts(words, [Outcome(framework, str(code)) for code in rows["outcome"]], "short")
        )
        return charts.draw_multiples(named, "category", colours, _name_levels(words), layout)

    return Exhibit(
        f"{framework}_multiples",
        _spread_levels_by_cycle(_name_outcomes(rows)),
        tuple(report.cycles),
        values={
            "n": len(shares),
            "tally": tuple(tally),
            "highest": tuple(Outcome(framework, code) for code in found),
            "count": _count(pre.loc[found[0]]),
        },
        alt=("charts", ties, "highest" if pre["share"].nunique() > 1 else "same"),
        base=describe_base("responses", rows.drop(columns="cycle")),
        compares=FRAMEWORKS[framework].variables if len(report.cycles) > 1 else (),
        draw=draw,
    )


def mean_scores(report: Report, means: pd.DataFrame, framework: str) -> Exhibit:
    """Show the mean maturity score of each outcome, each cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    means : DataFrame
        What `measures.uncertainty.summarise_means` returns, or `measures.maturity.summarise_means`, which has no
        intervals.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    Exhibit
        A figure.
    """
    rows = means[(means["framework"] == framework) & (means["outcome"] != ALL) & (means["base"] > 0)]
    own = rows[rows["cycle"] == report.cycle].sort_values("mean", ascending=False, kind="stable")
    rows = _name_outcomes(_put_in_order(rows, list(own["outcome"])))
    has_intervals = "low" in rows.columns
    kinds = {"mean": Kind.SCORE} | dict.fromkeys(("low", "high") if has_intervals else (), Kind.SCORE)
    wide = rows.rename(columns={"low": "mean_low", "high": "mean_high", "base": "base_of"})
    kinds = {f"mean_{name}" if name in ("low", "high") else name: kind for name, kind in kinds.items()}
    current = own.set_index("outcome")["mean"]
    highest, lowest = current.max(), current.min()

    def name_where(edge):
        return tuple(Outcome(framework, code) for code in current.index[(current - edge).abs() < TIE])

    colours = charts.colour_cycles(report.cycles)

    def draw(words, layout):
        named = rows.assign(outcome=write_texts(words, rows["outcome"], "title"))
        return charts.draw_means(named, "outcome", "cycle", colours, _name_levels(words), words.say("earlier"), layout)

    return Exhibit(
        f"{framework}_means",
        spread_by_cycle(wide, "outcome", kinds | {"base_of": Kind.COUNT}, lambda each: each),
        tuple(report.cycles),
        values={
            "highest": name_where(highest),
            "highest_mean": Score(highest),
            "lowest": name_where(lowest),
            "lowest_mean": Score(lowest),
        },
        alt=("chart", "same" if highest - lowest < TIE else "ends"),
        notes=("ranked", *(["intervals"] if has_intervals else [])),
        base=describe_base("responses", rows.drop(columns="cycle")),
        compares=FRAMEWORKS[framework].variables if len(report.cycles) > 1 else (),
        draw=draw,
    )


def name_groups(words, rows: pd.DataFrame) -> pd.DataFrame:
    """Name outcomes and their frameworks for a chart whose rows stand in groups.

    Parameters
    ----------
    words : ChartWords
        The chart's words.
    rows : DataFrame
        framework, outcome.

    Returns
    -------
    DataFrame
        The rows with category (number and short title) and group (the framework's name).
    """
    pairs = list(zip(rows["framework"].astype("str"), rows["outcome"].astype("str"), strict=True))
    return rows.assign(
        category=write_texts(words, [Outcome(*pair) for pair in pairs], "short"),
        group=write_texts(words, [Label("framework", framework) for framework, _ in pairs]),
    )


def group_outcomes(rows: pd.DataFrame) -> pd.DataFrame:
    """Put outcomes of one framework together; they keep their order within each.

    Parameters
    ----------
    rows : DataFrame
        framework, outcome.

    Returns
    -------
    DataFrame
        The rows in that order.
    """
    places = rows["framework"].map({code: place for place, code in enumerate(FRAMEWORKS)})
    return rows.assign(place=places).sort_values("place", kind="stable", ignore_index=True)


def _name_levels(words):
    return write_texts(words, [Label("level", level) for level in LEVELS])


def _name_outcomes(rows, form="title"):
    """Give each row its outcome as a value, which its table names in a form."""
    pairs = zip(rows["framework"].astype("str"), rows["outcome"].astype("str"), strict=True)
    return rows.assign(outcome=[Outcome(*pair, form) for pair in pairs])


def _spread_levels_by_cycle(rows):
    # All cycles have percentages or none has: columns that one of them lacks would hold nothing.
    smallest = rows["base"].min()
    cells, order = {}, list(rows["outcome"].unique())
    for cycle, of_cycle in rows.groupby("cycle", observed=True):
        columns = spread_levels(of_cycle, smallest)
        for place, each in enumerate(columns[0].cells):
            cells[order.index(each), cycle] = [column.cells[place] for column in columns]
    in_order = [(key[1], cells[key]) for key in sorted(cells)]
    first, *others = [
        Column(column.header, column.kind, tuple(row[place] for _, row in in_order), column.values)
        for place, column in enumerate(columns)
    ]
    return (first, make_column("cycle", Kind.TEXT, [CycleName(cycle) for cycle, _ in in_order]), *others)


def _rank_outcomes(report, maturity, rows):
    """Put outcomes in the order of their share at Developing or Mature in the report's own cycle."""
    own = sum_higher(maturity[maturity["cycle"] == report.cycle])
    own = own.sort_values("share", ascending=False, kind="stable")
    keys = ["framework", "outcome"]
    order = {key: place for place, key in enumerate(own[keys].itertuples(index=False, name=None))}
    places = [order.get(key, len(order)) for key in rows[keys].itertuples(index=False, name=None)]
    return group_outcomes(rows.assign(rank=places).sort_values("rank", kind="stable"))


def _put_in_order(rows, outcomes):
    """Sort rows by the order in which outcomes are named; those that are not named come last."""
    order = {outcome: place for place, outcome in enumerate(outcomes)}
    places = rows["outcome"].map(order).fillna(len(order))
    return rows.assign(place=places).sort_values("place", kind="stable", ignore_index=True)


def _tally_most_common(shares):
    """Count for how many outcomes each level is the most common, alone or with another; the most frequent first."""
    counts = shares.eq(shares.max(axis="columns"), axis="index").sum().sort_values(ascending=False, kind="stable")
    return [Tally(Label("level", level), int(n)) for level, n in counts.items() if n]


def _find_ends(higher):
    """Find the outcomes with the highest and the lowest share."""
    ends = {}
    for name, edge in (("highest", higher["share"].max()), ("lowest", higher["share"].min())):
        found = higher[higher["share"] == edge]
        ends[name] = tuple(Outcome(row.framework, str(row.outcome)) for row in found.itertuples())
        ends[f"{name}_count"] = _count(found.iloc[0])
    return ends


def _name_ends(higher):
    return "same" if higher["share"].nunique() == 1 else "ends"


def _describe_moves(changes, shown):
    """Describe for how many outcomes a share rose and fell since the previous cycle, and for which most."""
    changes = changes.dropna()
    values = {}
    for name, sign in (("rose", 1), ("fell", -1)):
        moved = changes[changes * sign > 0]
        values[f"n_{name}"] = len(moved)
        if len(moved):
            most = (moved * sign).max()
            values[f"{name}_most"] = tuple(Outcome(*key) for key in moved.index[moved * sign == most])
            values[f"{name}_points"] = Points(shown[(moved * sign).idxmax()])
    rose, fell = values["n_rose"], values["n_fell"]
    return values | {"moves": "both" if rose and fell else "rose" if rose else "fell" if fell else "stayed"}


def _count(row):
    return Count(int(row.n), int(row.base))
