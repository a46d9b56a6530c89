"""What a report says, as named values for its sentences.

Each function takes measures and returns a mapping of names to text, whole numbers and lists, ready for
`cluster_eval.prose.fill_markdown`. A name about change is there only where there is a previous cycle.
"""

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

import pandas as pd

from cluster_eval import measures
from cluster_eval.facts.agreement import describe_agreement, describe_meetings
from cluster_eval.facts.participation import describe_participation
from cluster_eval.measures.change import compare
from cluster_eval.measures.maturity import ALL
from cluster_eval.problems import check_name
from cluster_eval.prose import (
    join_words,
    write_count,
    write_decimals,
    write_number,
    write_p,
    write_percent,
    write_points,
    write_score,
    write_score_change,
)
from cluster_eval.values import (
    SMALLEST_BASE,
    TIE,
    Count,
    Direction,
    find_direction,
)
from cluster_eval.vocabulary import (
    FRAMEWORKS,
    LEVELS,
    MEETINGS,
    QUESTIONS,
    RATINGS,
)
from cluster_eval.words.numbers import round_half_up, write_date

if TYPE_CHECKING:
    from cluster_eval.reconcile import Reconciliation
    from cluster_eval.report import Report

HIGHER = ("Developing", "Mature")
MIDDLE = ("Foundation", "Developing")


def gather(report: "Report") -> dict:
    """Gather every fact of a cycle, for the pages of the book.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    dict
        cycle, previous (as sentences name them), cycles (as data do), title, opens and closes (fieldwork), sample_data
        (whether the responses of any cycle are synthetic), sample_cycles (those, where others are not) and published
        (whether there is a published report); participation, PCMW, ACD, deprivation, agreement, meetings, themes: what
        the functions of this module return, each None where the cycle does not have it; comments: whether a question
        with a comment was answered; compared: whether an outcome was rated in both cycles; previous_actions: whether
        the previous cycle has opportunities for action.
    """
    responses, answered = report.responses, report.answered
    own = responses[responses["cycle"] == report.cycle]
    maturity, means = measures.maturity.summarise(responses), measures.maturity.summarise_means(responses)
    rated = [code for code, framework in FRAMEWORKS.items() if answered.intersection(framework.variables)]
    coding = report.own_coding
    return {
        "cycle": report.name_cycle(report.cycle),
        "previous": report.name_cycle(report.previous),
        "cycles": report.cycles,
        "title": report.params.title,
        "opens": write_date(report.params.fieldwork.opens),
        "closes": write_date(report.params.fieldwork.closes),
        "sample_data": bool(report.sample_cycles),
        "sample_cycles": report.marked_cycles,
        "published": report.params.published is not None,
        "participation": describe_participation(measures.participation.summarise(responses, report.register)),
        **{
            code: describe_maturity(maturity, means, report.outcomes, code) if code in rated else None
            for code in FRAMEWORKS
        },
        "deprivation": describe_deprivation(measures.deprivation.summarise(own)) if rated else None,
        "agreement": describe_agreement(measures.agreement.summarise(own))
        if answered.intersection(QUESTIONS)
        else None,
        "comments": bool(report.explained),
        "meetings": describe_meetings(measures.meetings.summarise(own)) if answered.intersection(MEETINGS) else None,
        "compared": bool(answered.intersection(report.previous_answered, RATINGS)),
        "previous_actions": report.previous_params is not None and report.previous_params.actions is not None,
        "themes": None if coding is None else describe_themes(measures.themes.summarise(coding)),
    }


def describe_maturity(maturity: pd.DataFrame, means: pd.DataFrame, outcomes: pd.DataFrame, framework: str) -> dict:
    """Describe the levels of a framework's outcomes, and what changed.

    Parameters
    ----------
    maturity, means : DataFrame
        What `measures.maturity.summarise` and `summarise_means` return.
    outcomes : DataFrame
        framework, outcome, title.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    dict
        code, name, listed (number of the framework's outcomes), total (of those, how many clusters rated), unasked and
        unrated (names of those that the cycle did not ask, and of those that it asked and nobody rated);
        middle_outcomes (outcomes whose most common level is Foundation or Developing); for each of highest_higher,
        highest_mature, lowest_mature, highest_pre, lowest_pre, highest_mean, lowest_mean a mapping of `outcomes`
        (named), `numbers` (the same as a tuple of `1` …), `value`, `several` and `every` (whether they are more than
        one, and all that were rated); least_pre; with a previous cycle that rated an outcome as well change (see
        `_describe_change`). Where there are outcomes to sum over, also summed (their name, such as `all 13 outcomes`),
        is_partial (whether these are not all, since a cycle did not rate the others), ratings, middle, higher, pre and
        mature (count and share at Foundation or Developing, and so on), headline (that of higher as a value), mean.
    """
    cycles = list(maturity["cycle"].unique())
    maturity = maturity[maturity["framework"] == framework]
    asked = maturity.loc[maturity["cycle"] == cycles[-1], "outcome"].unique()
    maturity = maturity[maturity["base"] > 0]
    means = means[means["framework"] == framework]
    titles = name_outcomes(outcomes, framework)
    current = maturity[maturity["cycle"] == cycles[-1]]
    by_outcome = current[current["outcome"] != ALL]
    shares = by_outcome.pivot(index="outcome", columns="level", values="share").loc[by_outcome["outcome"].unique()]
    counts = by_outcome.pivot(index="outcome", columns="level", values="n").loc[shares.index]
    bases = by_outcome.drop_duplicates("outcome").set_index("outcome")["base"]
    summed = current[current["outcome"] == ALL].set_index("level")
    current_means = means[means["cycle"] == cycles[-1]].set_index("outcome")["mean"].dropna()
    most_common = shares.idxmax(axis="columns")

    def extreme(levels, highest):
        of_levels = shares[list(levels)].sum(axis="columns")
        edge = of_levels.max() if highest else of_levels.min()
        found = of_levels.index[(of_levels - edge).abs() < 1e-12]
        n = int(counts.loc[found[0], list(levels)].sum())
        return {
            "outcomes": _name_several(found, titles),
            "numbers": tuple(found),
            "value": write_count(n, int(bases[found[0]])),
            "several": len(found) > 1,
            "every": len(found) == len(shares),
        }

    def extreme_mean(highest):
        of_outcomes = current_means.drop(ALL, errors="ignore")
        edge = of_outcomes.max() if highest else of_outcomes.min()
        found = of_outcomes.index[(of_outcomes - edge).abs() < 1e-12]
        return {
            "outcomes": _name_several(found, titles),
            "numbers": tuple(found),
            "value": write_score(edge),
            "several": len(found) > 1,
            "every": len(found) == len(of_outcomes),
        }

    def total(levels):
        return write_count(int(summed.loc[list(levels), "n"].sum()), int(summed["base"].iloc[0]))

    facts = {
        "code": framework,
        "name": FRAMEWORKS[framework].name,
        "listed": len(titles),
        "total": len(shares),
        "unasked": join_words(name for outcome, name in titles.items() if outcome not in asked),
        "unrated": join_words(titles[outcome] for outcome in asked if outcome not in (*shares.index, ALL)),
        "middle_outcomes": int(most_common.isin(MIDDLE).sum()),
        "highest_higher": extreme(HIGHER, highest=True),
        "highest_mature": extreme(LEVELS[-1:], highest=True),
        "lowest_mature": extreme(LEVELS[-1:], highest=False),
        "highest_pre": extreme(LEVELS[:1], highest=True),
        "lowest_pre": extreme(LEVELS[:1], highest=False),
        "highest_mean": extreme_mean(highest=True),
        "lowest_mean": extreme_mean(highest=False),
        "least_pre": _name_outcomes_where(shares, lambda row: row[LEVELS[0]] <= row.min() + 1e-12),
    }
    if not summed.empty:
        facts |= {
            "summed": name_summed_outcomes(maturity, framework),
            "is_partial": _is_partial(maturity, framework),
            "ratings": int(summed["base"].iloc[0]),
            "middle": total(MIDDLE),
            "higher": total(HIGHER),
            "headline": Count(int(summed.loc[list(HIGHER), "n"].sum()), int(summed["base"].iloc[0])),
            "pre": total(LEVELS[:1]),
            "mature": total(LEVELS[-1:]),
            "mean": write_score(current_means[ALL]),
        }
    if len(cycles) > 1:
        changed = _describe_change(maturity, means, titles)
        if changed:
            facts["change"] = changed
    return facts


def _is_partial(maturity, framework):
    """Say whether ratings are summed over fewer than all outcomes, for not all were rated in both cycles."""
    shared = measures.maturity.find_shared_outcomes(maturity)[framework]
    return len(shared) < FRAMEWORKS[framework].outcomes and maturity["cycle"].nunique() > 1


def name_summed_outcomes(maturity: pd.DataFrame, framework: str) -> str:
    """Name the outcomes over which a framework's ratings are summed.

    Parameters
    ----------
    maturity : DataFrame
        What `measures.maturity.summarise` returns.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    str
        Such as `all 13 outcomes`, or `the 12 outcomes that both cycles rated`.
    """
    shared = measures.maturity.find_shared_outcomes(maturity)[framework]
    if len(shared) == FRAMEWORKS[framework].outcomes:
        return f"all {write_number(len(shared), 'outcome')}"
    cycles = maturity.loc[(maturity["framework"] == framework) & (maturity["base"] > 0), "cycle"].nunique()
    return f"the {write_number(len(shared), 'outcome')} that {'both cycles' if cycles > 1 else 'clusters'} rated"


def describe_outcome(maturity: pd.DataFrame, framework: str, outcome: str) -> dict:
    """Describe one outcome: its levels, and those that changed most.

    Parameters
    ----------
    maturity : DataFrame
        What `measures.maturity.summarise` returns.
    framework, outcome : str
        Which outcome.

    Returns
    -------
    dict
        outcome; unless nobody rated it most_common (levels), most_common_count and several (whether levels share that
        place); where the previous cycle rated it as well moved: list of mappings of `level`, `direction` (`rose` or
        `fell`), `points`, `previous` and `current` shares, largest first, of the levels whose share moved by
        `NOTABLE_POINTS` or more; stable, the names of the others; and notable, that number of points; or, where a cycle
        has too few responses for percentages, few alone, the number below which they are.
    """
    rows = maturity[maturity["framework"] == framework]
    check_name(f"{framework} outcome", outcome, rows["outcome"].unique())
    rows = rows[rows["outcome"] == outcome]
    cycles = list(maturity["cycle"].unique())
    current = rows[rows["cycle"] == cycles[-1]]
    if not current["base"].any():
        return {"outcome": outcome}
    top = current[current["n"] == current["n"].max()]
    facts = {
        "outcome": outcome,
        "most_common": join_words(top["level"]),
        "most_common_count": write_count(int(top["n"].iloc[0]), int(top["base"].iloc[0])),
        "several": len(top) > 1,
    }
    changes = compare(rows, ["level"], "share")
    if changes.empty:
        return facts
    if rows["base"].min() < SMALLEST_BASE:
        return facts | {"few": SMALLEST_BASE}
    changes["points"] = (changes["change"] * 100).map(round_half_up)
    moved = changes[changes["points"].abs() >= NOTABLE_POINTS].sort_values("change", key=abs, ascending=False)
    return facts | {
        "moved": [
            {
                "level": row.level,
                "direction": _name_direction(row.change),
                "points": write_points(row.change),
                "previous": write_percent(row.previous),
                "current": write_percent(row.current),
            }
            for row in moved.itertuples()
        ],
        "stable": join_words(changes.loc[changes["points"].abs() < NOTABLE_POINTS, "level"]),
        "notable": write_points(NOTABLE_POINTS / 100),
    }


NOTABLE_POINTS = 5
"""A level's share is said to have moved from this many percentage points."""


def describe_themes(themes: pd.DataFrame) -> dict:
    """Describe the themes of one cycle.

    Parameters
    ----------
    themes : DataFrame
        What `measures.themes.summarise` returns for one cycle.

    Returns
    -------
    dict
        themes (names), count, subthemes (count), top (of the sub-theme that most responses raise: subtheme, theme,
        excerpts and responses; of several, subthemes, their names, joined).
    """
    tops = themes[themes["responses"] == themes["responses"].max()]
    top = tops.sort_values("excerpts", ascending=False, kind="stable").iloc[0]
    return {
        "themes": list(themes["theme"].unique()),
        "count": int(themes["theme"].nunique()),
        "subthemes": len(themes),
        "top": {
            "subtheme": top["subtheme"],
            "theme": top["theme"],
            "excerpts": int(top["excerpts"]),
            "responses": int(top["responses"]),
            "several": len(tops) > 1,
            "subthemes": join_words(f"“{name}”" for name in tops["subtheme"]),
        },
    }


def describe_deprivation(deprivation: pd.DataFrame) -> dict:
    """Describe the tests of maturity by deprivation fifth of one cycle.

    Parameters
    ----------
    deprivation : DataFrame
        What `measures.deprivation.summarise` returns for one cycle.

    Returns
    -------
    dict
        tested (number of outcomes), significant (outcomes with p below 0.05), significant_holm (the same after Holm's
        adjustment), smallest_p, and of that test smallest_p_outcome, smallest_p_n and smallest_p_eta (eta squared),
        largest_eta (largest share of variance), largest_eta_outcome, and chance_eta (what it would be on average if
        fifths did not differ at all).
    """
    tested = deprivation.dropna(subset=["p"])
    if tested.empty:
        return {"tested": 0}
    smallest = tested.loc[tested["p"].idxmin()]
    largest = tested.loc[tested["eta_squared"].idxmax()]
    return {
        "tested": len(tested),
        "significant": int((tested["p"] < SIGNIFICANT).sum()),
        "significant_holm": int((tested["p_holm"] < SIGNIFICANT).sum()),
        "smallest_p": write_p(smallest["p"]),
        "smallest_p_outcome": f"{smallest['framework']} outcome {smallest['outcome']}",
        "smallest_p_n": int(smallest["n"]),
        "smallest_p_eta": write_decimals(smallest["eta_squared"]),
        "largest_eta": write_percent(largest["eta_squared"]),
        "largest_eta_outcome": f"{largest['framework']} outcome {largest['outcome']}",
        "chance_eta": write_percent(largest["df_between"] / (largest["n"] - 1)),
    }


SIGNIFICANT = 0.05


def describe_reconciliation(reconciliation: "Reconciliation") -> dict:
    """Describe how a published report compares with the responses.

    Parameters
    ----------
    reconciliation : Reconciliation
        What `reconcile.reconcile_cycle` returns.

    Returns
    -------
    dict
        chart_values and statements: mappings of total, match, rounding, differs and unclear (counts) and
        matching (count with its base); figures (number of published figures with values), whole_figures (of
        those, all values match), figures_differing (their numbers); wrong_values and wrong_statements (how many do not
        match), explained_values and explained_statements (of those; counts with their base), traced_statements (read
        off a figure that nothing explains); left_out: mappings of response and figures, where leaving out one
        response explains figures; naming: mappings of statement, name, published, recomputed and more, of each
        statement naming outcomes or health boards that differs, and naming_matching, the count of those that
        match with its base; far: the same of percentages that are `FAR_POINTS` percentage points off or more.
    """
    figures, claims = reconciliation.figures, reconciliation.claims
    by_figure = (figures["verdict"] == "match").groupby(figures["figure"], sort=False).all()
    wrong_values = figures[~figures["verdict"].isin(["match", "unclear"])]
    wrong_claims = claims[~claims["verdict"].isin(["match", "unclear"])]
    known_values = sum(
        reconciliation.figure_explanations[row.figure, row.cycle, row.unit] is not None
        for row in wrong_values.itertuples()
    )
    explanations = [reconciliation.claim_explanations[name] for name in wrong_claims["id"]]
    known_claims = [explanation for explanation in explanations if explanation is not None]
    traced = sum(explanation.rests_on_unexplained for explanation in known_claims)
    left_out: dict[str, list[str]] = {}
    for (figure, _, _), explanation in reconciliation.figure_explanations.items():
        if explanation is not None and len(explanation.candidates) == 1:
            left_out.setdefault(explanation.detail, []).append(figure)
    naming = claims[claims["unit"].isin(["outcome", "outcomes", "health boards"]) & (claims["verdict"] != "unclear")]
    numeric = wrong_claims[wrong_claims["unit"].isin(["percent", "percentage points"])]
    distances = (numeric["recomputed"].astype(float) - numeric["published"].astype(float)).abs()
    return {
        "chart_values": _count_verdicts(figures),
        "statements": _count_verdicts(claims),
        "figures": len(by_figure),
        "whole_figures": int(by_figure.sum()),
        "figures_differing": sorted(by_figure.index[~by_figure], key=int),
        "wrong_values": len(wrong_values),
        "wrong_statements": len(wrong_claims),
        "explained_values": write_count(known_values, len(wrong_values)),
        "explained_statements": write_count(len(known_claims) - traced, len(wrong_claims)),
        "traced_statements": traced,
        "left_out": [
            {"response": response, "figures": join_words(dict.fromkeys(shown))} for response, shown in left_out.items()
        ],
        "naming": [_describe_claim(row) for row in naming[naming["verdict"] == "differs"].itertuples()],
        "naming_matching": write_count(int((naming["verdict"] == "match").sum()), len(naming)),
        "far": [_describe_claim(row) for row in numeric[distances >= FAR_POINTS].itertuples()],
        "far_points": write_points(FAR_POINTS / 100),
    }


FAR_POINTS = 5
"""A published percentage is said to be far off from this many percentage points."""


def name_unanswered(asked: AbstractSet[str], answered: AbstractSet[str], outcomes: pd.DataFrame) -> list[str]:
    """Name what a cycle asked and no cluster answered.

    Parameters
    ----------
    asked, answered : set of str
        The survey's variables.
    outcomes : DataFrame
        framework, outcome, title.

    Returns
    -------
    list of str
        Ratings, a framework that nobody rated as one; agreement questions; meeting questions. Comments are not among
        them, which only those who disagree are asked for.
    """
    names = []
    for code, framework in FRAMEWORKS.items():
        blank = [variable for variable in framework.variables if variable in asked and variable not in answered]
        if blank and not answered & set(framework.variables):
            names.append(f"the outcomes of {code}")
        else:
            titles = name_outcomes(outcomes, code)
            names += [f"{code} {titles[str(RATINGS[variable][1])]}" for variable in blank]
    silent = [variable for variable in (*QUESTIONS, *MEETINGS) if variable in asked and variable not in answered]
    return names + [
        f"“{QUESTIONS[variable].title}”"
        if variable in QUESTIONS
        else f"the {MEETINGS[variable]} number of cluster meetings"
        for variable in silent
    ]


def name_outcomes(outcomes: pd.DataFrame, framework: str) -> dict[str, str]:
    """Name a framework's outcomes as sentences do.

    Parameters
    ----------
    outcomes : DataFrame
        framework, outcome, title.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    dict of str to str
        `4` to `outcome 4 (Local services)`.
    """
    rows = outcomes[outcomes["framework"] == framework]
    return {str(row.outcome): f"outcome {row.outcome} ({row.title})" for row in rows.itertuples()}


def _count_verdicts(table):
    counts = table["verdict"].value_counts()
    numbers = {verdict: int(counts.get(verdict, 0)) for verdict in ("match", "rounding", "differs", "unclear")}
    return numbers | {"total": len(table), "matching": write_count(numbers["match"], len(table))}


def _describe_claim(row):
    def write(value):
        if row.unit in ("percent", "percentage points"):
            return f"{round_half_up(float(value))}{'%' if row.unit == 'percent' else ' percentage points'}"
        words = value if isinstance(value, str) else str(round_half_up(value))
        return join_words(words.split(";")) or "none"

    name = QUESTIONS[row.framework].title if row.framework in QUESTIONS else row.framework
    return {
        "statement": row.statement,
        "name": f"{name} outcome {row.outcome}" if row.outcome else name,
        "level": row.level.replace("+", " or "),
        "cycle": row.cycle.replace("/", " to "),
        "section": row.section,
        "unit": row.unit,
        "published": write(row.published),
        "recomputed": write(row.recomputed),
        "explanation": row.explanation,
    }


def _describe_change(maturity, means, titles):
    """Describe how shares and means moved since the previous cycle.

    levels: each level to its summed share's direction, points, previous and current; none with fewer than 30 ratings in
    a cycle. mean: direction, points, previous and current of the mean of means; rose, fell (tuples of outcomes),
    rose_count and fell_count, largest_rise and largest_fall. pre, mature: the same of the outcomes' shares at the
    lowest and the highest level. compared: how many outcomes these are of, which are those with 30 responses in both
    cycles; smallest: that number, 30; few: how many have fewer. Empty where no outcome was rated in both cycles.
    """
    changes = compare(maturity, ["outcome", "level"], "share")
    if changes.empty:
        return {}
    bases = maturity.groupby(["outcome", "cycle"], sort=False, observed=True)["base"].first()
    large = bases[bases >= SMALLEST_BASE].groupby(level="outcome").size() == maturity["cycle"].nunique()
    large = large.index[large]
    summed = changes[(changes["outcome"] == ALL) & changes["outcome"].isin(large)].set_index("level")
    by_outcome = changes[changes["outcome"] != ALL]
    mean_changes = compare(means, ["outcome"], "mean").set_index("outcome")
    by_mean = mean_changes.drop(ALL)
    return {
        "levels": {level: _describe_move(row, write_percent, write_points) for level, row in summed.iterrows()},
        "compared": int(by_outcome.loc[by_outcome["outcome"].isin(large), "outcome"].nunique()),
        "smallest": SMALLEST_BASE,
        "few": int(by_outcome.loc[~by_outcome["outcome"].isin(large), "outcome"].nunique()),
        **{
            name: _describe_moves(
                by_outcome[(by_outcome["level"] == level) & by_outcome["outcome"].isin(large)].set_index("outcome"),
                titles,
                write_percent,
                write_points,
            )
            for name, level in (("pre", LEVELS[0]), ("mature", LEVELS[-1]))
        },
        "mean": _describe_move(mean_changes.loc[ALL], write_score, write_score_change)
        | _describe_moves(by_mean[by_mean.index.isin(large)], titles, write_score, write_score_change),
    }


def _describe_move(row, write, write_size):
    """Describe a change by its direction, `about the same` where it does not show in what is written."""
    previous, current = write(row["previous"]), write(row["current"])
    direction = _name_direction(row["change"])
    return {
        "direction": "about the same" if previous == current and direction != "the same" else direction,
        "points": write_size(row["change"]),
        "previous": previous,
        "current": current,
    }


def _describe_moves(rows, titles, write, write_size):
    """Describe for how many outcomes a value fell or rose, and where most."""
    fell, rose = rows[rows["change"] <= -TIE], rows[rows["change"] >= TIE]
    return {
        "fell": tuple(fell.index),
        "fell_count": len(fell),
        "rose": tuple(rose.index),
        "rose_count": len(rose),
        "largest_fall": _describe_extreme(fell, titles, fell["change"].min(), write, write_size),
        "largest_rise": _describe_extreme(rose, titles, rose["change"].max(), write, write_size),
    }


def _describe_extreme(rows, titles, edge, write, write_size):
    """Name the outcomes that changed most, by how much, and from what to what where that is one change that shows."""
    if rows.empty:
        return {}
    found = rows[(rows["change"] - edge).abs() < TIE]
    about = {
        "outcomes": _name_several(found.index, titles),
        "points": write_size(edge),
        "several": len(found) > 1,
    }
    previous, current = write(found["previous"].iloc[0]), write(found["current"].iloc[0])
    if len(found) == 1 and previous != current:
        about |= {"previous": previous, "current": current}
    return about


def _name_several(found, titles):
    """Name outcomes, many by their numbers alone."""
    if len(found) <= MOST_NAMED:
        return join_words(titles[outcome] for outcome in found)
    return f"outcomes {join_words(found)}"


MOST_NAMED = 4
"""More outcomes than these share a place under their numbers alone."""


def _name_outcomes_where(shares, condition):
    return join_words(outcome for outcome, row in shares.iterrows() if condition(row))


def _name_direction(change):
    direction = find_direction(change)
    return "the same" if direction is Direction.SAME else direction.value
