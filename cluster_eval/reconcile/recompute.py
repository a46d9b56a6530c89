"""Each published value, recomputed from the responses, and the verdict on it.

Every published value is recomputed from tables that `cluster_eval.measures` made of the responses. A hypothesis
about how a published value came about is another `View` of the same tables, read by the same functions.
"""

import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd

from cluster_eval.measures.maturity import ALL
from cluster_eval.problems import InputError, Problem
from cluster_eval.reconcile.published import MEAN, MEETINGS, RESPONSE_COUNT, parse_number, split_levels
from cluster_eval.reconcile.view import View
from cluster_eval.sources.frequency import read_frequency
from cluster_eval.values import find_direction
from cluster_eval.vocabulary import FRAMEWORKS, HEALTH_BOARDS, LEVELS, WALES
from cluster_eval.words.numbers import round_half_up

MATCH, ROUNDING, DIFFERS, UNCLEAR = "match", "rounding", "differs", "unclear"


VERDICTS = (MATCH, ROUNDING, DIFFERS, UNCLEAR)


STORED_TOLERANCE = Decimal("0.0000005")


_SLACK = Decimal("0.000000001")


_TIE = 1e-12


Value = float | str | None


def recompute_figure(row: dict[str, str], view: View) -> float:
    """Recompute one value of a published chart.

    Parameters
    ----------
    row : dict of str to str
        A row of figures.csv.
    view : View
        The tables.

    Returns
    -------
    float
        In the row's unit, unrounded.
    """
    cycle, of, series = row["cycle"], row["framework"], row["series"]
    if of in FRAMEWORKS:
        outcome = row["outcome"] or ALL
        if series == MEAN:
            return view.mean(cycle, of, outcome)
        key = (cycle, of, outcome, series)
        return _in_unit(row["unit"], view.counts[key], None, view.shares[key])
    if of == MEETINGS:
        return _in_unit(row["unit"], *_count_meetings(view, cycle, series))
    if of:
        return _in_unit(row["unit"], *view.answers[cycle, of, series])
    board = series.removeprefix(RESPONSE_COUNT)
    return _in_unit(row["unit"], *view.participation[cycle, board])


def recompute_claim(row: dict[str, str], view: View) -> Value:
    """Recompute one published statement, by the function of its measure.

    Parameters
    ----------
    row : dict of str to str
        A row of claims.csv.
    view : View
        The tables.

    Returns
    -------
    float, str or None
        A number in the claim's unit, unrounded; outcomes or health boards with `;` between them; None for a
        statement that does not say what would make it true.
    """
    return CLAIM_MEASURES[row["measure"]](row, view)


def judge(published: str, recomputed: Value, unit: str, *, stored: bool = False) -> str:
    """Compare a published value with the recomputed one.

    Parameters
    ----------
    published : str
        As written.
    recomputed : float, str or None
        What `recompute_figure` or `recompute_claim` returns.
    unit : str
        The unit of the value.
    stored : bool
        Whether the value is one of a chart, which stores all but percentages unrounded.

    Returns
    -------
    str
        `match` where the recomputed value rounds to the published one, `rounding` within one whole unit of its last
        digit, otherwise `differs`; `unclear` where there is nothing to recompute.
    """
    if recomputed is None or recomputed != recomputed:
        return UNCLEAR
    if isinstance(recomputed, str):
        return MATCH if set(published.split(";")) == set(recomputed.split(";")) else DIFFERS
    number = parse_number(published)
    distance = abs(Decimal(repr(float(recomputed))) - number)
    if stored and unit != "percent":
        return MATCH if distance <= STORED_TOLERANCE else DIFFERS
    last_digit = Decimal(1).scaleb(min(number.as_tuple().exponent, 0))
    if distance <= last_digit / 2 + _SLACK:
        return MATCH
    return ROUNDING if distance <= last_digit + _SLACK else DIFFERS


def reconcile_figures(figures: pd.DataFrame, view: View, folder: Path) -> pd.DataFrame:
    """Recompute every value of the published charts.

    Parameters
    ----------
    figures : DataFrame
        What `cluster_eval.reconcile.published.read_published` returns.
    view : View
        The tables.
    folder : Path
        The transcription's folder, for messages.

    Returns
    -------
    DataFrame
        The columns of figures.csv, then recomputed (in the row's unit, unrounded) and verdict.

    Raises
    ------
    InputError
        With every row about something that the cycle did not ask.
    """
    rows = figures.to_dict("records")
    recomputed = _recompute(figures, folder / "figures.csv", lambda row: recompute_figure(row, view))
    verdicts = [
        judge(row["value"], value, row["unit"], stored=True) for row, value in zip(rows, recomputed, strict=True)
    ]
    return figures.assign(recomputed=recomputed, verdict=verdicts)


def reconcile_claims(claims: pd.DataFrame, view: View, folder: Path) -> pd.DataFrame:
    """Recompute every published statement.

    Parameters
    ----------
    claims : DataFrame
        What `cluster_eval.reconcile.published.read_published` returns.
    view : View
        The tables.
    folder : Path
        The transcription's folder, for messages.

    Returns
    -------
    DataFrame
        The columns of claims.csv, then recomputed and verdict.

    Raises
    ------
    InputError
        With every row about something that the cycle did not ask.
    """
    rows = claims.to_dict("records")
    recomputed = _recompute(claims, folder / "claims.csv", lambda row: recompute_claim(row, view))
    verdicts = [_judge_claim(row, value) for row, value in zip(rows, recomputed, strict=True)]
    return claims.assign(recomputed=pd.Series(recomputed, index=claims.index, dtype=object), verdict=verdicts)


def _judge_claim(row, value):
    if row["measure"] == "mean_above" and value is not None and value == value:
        return MATCH if Decimal(repr(float(value))) > parse_number(row["published"]) else DIFFERS
    return judge(row["published"], value, row["unit"])


def _recompute(table, file, recompute):
    values, problems = [], []
    for number, row in zip(table.index, table.to_dict("records"), strict=True):
        try:
            values.append(recompute(row))
        except ZeroDivisionError:
            # Nobody answered what it is of.
            values.append(None)
        except KeyError:
            problems.append(
                Problem(file.as_posix(), "the responses hold nothing that this value could be recomputed from", number)
            )
    if problems:
        raise InputError(problems)
    return values


def _in_unit(unit, n, base, share=None):
    if unit == "count":
        return float(n)
    if share is None and not base:
        return None
    share = n / base if share is None else share
    return share * 100 if unit == "percent" else float(share)


def _count_meetings(view, cycle, words):
    """Find a frequency by its number: `current: Four` is the answer `Four meetings a year`."""
    kind, _, number = words.partition(": ")
    keys = [key for key in view.meetings if key[:2] == (cycle, kind)]
    frequency = read_frequency(number)
    found = [key for key in keys if frequency is not None and read_frequency(key[2]) == frequency]
    if found:
        return view.meetings[found[0]]
    # A kind of which nobody named a number has none.
    return 0, view.meetings[keys[0]][1] if keys else 0


def _response_rate(row, view):
    responses, clusters = view.participation[row["cycle"], WALES]
    return 100 * responses / clusters


def _boards_at_full_participation(row, view):
    full = [board for board in HEALTH_BOARDS if _is_full(view, row["cycle"], board)]
    return float(len(full)) if row["published"].isdigit() else ";".join(full)


def _is_full(view, cycle, board):
    responses, clusters = view.participation.get((cycle, board), (0, 0))
    return clusters > 0 and responses == clusters


def _boards_declining(row, view):
    previous, current = row["cycle"].split("/")

    def rate(cycle, board):
        responses, clusters = view.participation[cycle, board]
        return responses / clusters if clusters else 0.0

    boards = [board for board in HEALTH_BOARDS if (current, board) in view.participation]
    return ";".join(board for board in boards if rate(current, board) < rate(previous, board))


def _share(row, view):
    return 100 * view.share(row["cycle"], row["framework"], row["outcome"], split_levels(row["level"]))


def _change(row, view):
    return 100 * _find_change(row, view, row["outcome"])


def _find_change(row, view, outcome):
    previous, current = row["cycle"].split("/")
    levels = split_levels(row["level"])
    framework = row["framework"]
    return view.share(current, framework, outcome, levels) - view.share(previous, framework, outcome, levels)


def _changes(row, view):
    """Compute the change of each outcome; those too small to count are nought."""
    changes = {outcome: _find_change(row, view, outcome) for outcome in view.outcomes(row["framework"])}
    return {
        outcome: change if abs(round_half_up(change * 100)) >= view.smallest_change else 0.0
        for outcome, change in changes.items()
        # An outcome that a cycle did not rate has none.
        if not math.isnan(change)
    }


def _mean_changes(row, view):
    previous, current = row["cycle"].split("/")
    framework = row["framework"]
    return {
        outcome: view.mean(current, framework, outcome) - view.mean(previous, framework, outcome)
        for outcome in view.outcomes(framework)
    }


def _shares_by_outcome(row, view):
    levels = split_levels(row["level"])
    framework = row["framework"]
    return {outcome: view.share(row["cycle"], framework, outcome, levels) for outcome in view.outcomes(framework)}


def _highest(values):
    edge = max(values.values())
    return ";".join(outcome for outcome, value in values.items() if value >= edge - _TIE)


def _lowest(values):
    return _highest({outcome: -value for outcome, value in values.items()})


def _below(values):
    return ";".join(outcome for outcome, value in values.items() if value < -_TIE)


def _above(values):
    return _below({outcome: -value for outcome, value in values.items()})


def _outcomes_where_lowest_level(row, view):
    def is_lowest(outcome):
        shares = {level: view.share(row["cycle"], row["framework"], outcome, [level]) for level in LEVELS}
        return shares[row["level"]] <= min(shares.values()) + _TIE

    return ";".join(outcome for outcome in view.outcomes(row["framework"]) if is_lowest(outcome))


def _outcomes_where_most_common(row, view):
    """List the outcomes whose most common level, or each of those that tie for it, is among the claim's."""
    levels = split_levels(row["level"])

    def is_most_common(outcome):
        shares = {level: view.share(row["cycle"], row["framework"], outcome, [level]) for level in LEVELS}
        return all(level in levels for level, share in shares.items() if share >= max(shares.values()) - _TIE)

    return ";".join(outcome for outcome in view.outcomes(row["framework"]) if is_most_common(outcome))


def _direction(row, view):
    change = _find_change(row, view, row["outcome"])
    if math.isnan(change):
        return None
    return str(find_direction(change))


def _share_of_outcomes_decreasing(row, view):
    changes = _changes(row, view)
    return 100 * sum(change < -_TIE for change in changes.values()) / len(changes)


def _mean_of_means(row, view):
    means = [view.mean(row["cycle"], row["framework"], outcome) for outcome in view.outcomes(row["framework"])]
    return sum(means) / len(means)


def _add_answers(row, view):
    counts = [view.answers[row["cycle"], row["framework"], answer] for answer in split_levels(row["level"])]
    return sum(n for n, _ in counts), counts[0][1]


def _agree(row, view):
    return _in_unit("percent", *_add_answers(row, view))


def _meetings(row, view):
    return _in_unit("percent", *_count_meetings(view, row["cycle"], row["level"]))


def _meetings_ratio(row, view):
    """Divide how many find a frequency ideal by how many have it."""
    ideal, current = (
        _count_meetings(view, row["cycle"], f"{kind}: {row['level']}")[0] for kind in ("ideal", "current")
    )
    return ideal / current


CLAIM_MEASURES: dict[str, Callable[[dict[str, str], View], Value]] = {
    "response_rate": _response_rate,
    "health_boards_at_full_participation": _boards_at_full_participation,
    "health_boards_declining": _boards_declining,
    "share": _share,
    "change": _change,
    "highest_share": lambda row, view: _highest(_shares_by_outcome(row, view)),
    "lowest_share": lambda row, view: _lowest(_shares_by_outcome(row, view)),
    "outcomes_where_lowest_level": _outcomes_where_lowest_level,
    "outcomes_where_most_common": _outcomes_where_most_common,
    "direction": _direction,
    "share_of_outcomes_decreasing": _share_of_outcomes_decreasing,
    "outcomes_decreasing": lambda row, view: _below(_changes(row, view)),
    "outcomes_increasing": lambda row, view: _above(_changes(row, view)),
    "largest_decrease": lambda row, view: _lowest(_changes(row, view)),
    "largest_increase": lambda row, view: _highest(_changes(row, view)),
    # The statement does not say what "advancing" would be, so nothing makes it true or false.
    "outcomes_advancing": lambda row, view: None,
    "mean": lambda row, view: view.mean(row["cycle"], row["framework"], row["outcome"]),
    "mean_above": lambda row, view: view.mean(row["cycle"], row["framework"], row["outcome"]),
    "mean_of_means": _mean_of_means,
    "outcomes_increasing_mean": lambda row, view: _above(_mean_changes(row, view)),
    "outcomes_decreasing_mean": lambda row, view: _below(_mean_changes(row, view)),
    "largest_increase_mean": lambda row, view: _highest(_mean_changes(row, view)),
    "largest_decrease_mean": lambda row, view: _lowest(_mean_changes(row, view)),
    "agree": _agree,
    "disagree_count": lambda row, view: float(_add_answers(row, view)[0]),
    "meetings": _meetings,
    "meetings_ratio": _meetings_ratio,
}
"""How the claims of each measure are recomputed."""
