"""Why a published value differs: named hypotheses, each put to the test of reproducing what was published.

A hypothesis predicts values. It explains a chart when its predictions are the published values, every one of them,
and it explains claims when it reproduces them. What would fit anything explains nothing: of each hypothesis
it is counted how many variants were tried, and an explanation is given only where the chance that one of them
would have fitted values drawn at random is small.
"""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pandas as pd

from cluster_eval.reconcile.published import MEAN, MEETINGS, parse_number, split_levels
from cluster_eval.reconcile.recompute import (
    DIFFERS,
    MATCH,
    UNCLEAR,
    View,
    judge,
    leave_out,
    recompute_claim,
    recompute_figure,
)
from cluster_eval.values import Label
from cluster_eval.vocabulary import FRAMEWORKS, LEVELS
from cluster_eval.words import causes
from cluster_eval.words.causes import (
    COUNT_FOR_SHARE,
    DIGIT_ADDED,
    DIGIT_EXCHANGED,
    DIGIT_LOST,
    LEFT_OUT,
    LEVELS_SWAPPED,
    OTHER_CYCLE,
    OUTCOMES_SWAPPED,
    READ_OFF,
    ROUNDED_DOWN,
    ROUNDED_FIRST,
    ROUNDED_MEANS,
    ROUNDED_SHARES,
    SMALL_CHANGES,
    UNEXPLAINED,
)
from cluster_eval.words.said import join_in_english, say_in_english

LARGEST_CHANCE = 0.05
"""An explanation that chance would give more often than this is none."""

LARGEST_THRESHOLD = 10
MEAN_DECIMALS = (0, 1, 2)

Row = dict[str, str]
Predict = Callable[[Row], object]


@dataclass(frozen=True)
class Variant:
    """One way in which a hypothesis could be true.

    Attributes
    ----------
    hypothesis : str
        Its name.
    detail : str
        Which levels, outcomes, response …, in words.
    predict : callable
        From a row to the value that would have been published; None where it does not apply.
    parts : tuple of str
        The names of the hypotheses that it puts together; one for most.
    """

    hypothesis: str
    detail: str
    predict: Predict = field(repr=False, compare=False)
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """A hypothesis that stood the test.

    Attributes
    ----------
    hypothesis, detail : str
        What happened, and to what.
    explained, of : int
        How many published values it reproduces, out of how many it says something about.
    tried : int
        How many different predictions the hypothesis had to offer.
    chance : float
        The chance that one of them would have reproduced as many values drawn at random.
    candidates : frozenset of str
        For a response left out: the responses (row of the export) each of which would do.
    """

    hypothesis: str
    detail: str
    explained: int
    of: int
    tried: int
    chance: float
    candidates: frozenset[str] = frozenset()

    @property
    def rests_on_unexplained(self) -> bool:
        """Whether a claim is read off a figure whose own difference nothing explains."""
        return self.hypothesis == READ_OFF and UNEXPLAINED in self.detail

    @property
    def words(self) -> str:
        """Name and detail."""
        return _name_cause(self.hypothesis, self.detail)


class LeftOut:
    """The tables without each response in turn, made when first asked for.

    Parameters
    ----------
    responses : DataFrame
        An open cycle's.
    view : View
        The tables of all of them.
    """

    def __init__(self, responses: pd.DataFrame, view: View):
        self._responses, self._view = responses, view
        self._views: dict[str, dict[str, View]] = {}

    def views(self, cycle: str) -> dict[str, View]:
        """Give the tables of a cycle without each of its responses, by the response in words."""
        if cycle not in self._views:
            own = self._responses[self._responses["cycle"] == cycle]
            self._views[cycle] = {
                say_in_english(causes.RESPONSE, response=row["response_id"], row=row["row"]): leave_out(self._view, row)
                for row in own.to_dict("records")
            }
        return self._views[cycle]


def explain_figures(
    figures: pd.DataFrame, view: View, left_out: LeftOut
) -> dict[tuple[str, str, str], Explanation | None]:
    """Explain the chart values that differ.

    Parameters
    ----------
    figures : DataFrame
        What `cluster_eval.reconcile.recompute.reconcile_figures` returns.
    view : View
        The tables of all responses.
    left_out : LeftOut
        The tables without each response.

    Returns
    -------
    dict
        (figure, cycle, unit) of each part of a chart with a value that differs, to its explanation; None where no
        hypothesis reproduces all its values. Of several, the one that chance is least likely to give is taken, and
        of responses that may have been left out, those that explain most parts of charts.
    """
    explanations = {}
    # What nobody answered cannot be recomputed, and explains nothing.
    known = figures[figures["verdict"] != UNCLEAR]
    for key, part in known.groupby(["figure", "cycle", "unit"], sort=False):
        if (part["verdict"] == DIFFERS).any():
            explanations[key] = _explain_part(part, view, left_out)
    return _agree_on_response(explanations)


def explain_claims(
    claims: pd.DataFrame,
    figures: pd.DataFrame,
    view: View,
    explained_figures: dict[tuple[str, str, str], Explanation | None],
    left_out: LeftOut,
) -> dict[str, Explanation | None]:
    """Explain the claims that do not match.

    Parameters
    ----------
    claims, figures : DataFrame
        What `cluster_eval.reconcile.recompute.reconcile_claims` and `reconcile_figures` return.
    view : View
        The tables of all responses.
    explained_figures : dict
        What `explain_figures` returns.
    left_out : LeftOut
        The tables without each response.

    Returns
    -------
    dict
        id of each claim that neither matches nor is unclear, to its explanation; None where there is none. Of several,
        the one of fewest parts is taken, then the one that explains most claims, then the least likely by chance.
    """
    wrong = claims[~claims["verdict"].isin([MATCH, UNCLEAR])].to_dict("records")
    sources = list(_list_sources(figures, view, explained_figures))
    variants = [
        *_vary_habits(view, "", ()),
        *(variant for words, source in sources for variant in _vary_habits(source, words, (READ_OFF,))),
        *_vary_claims(view),
        *_vary_left_out_claims(wrong, left_out),
    ]
    tested = [(variant, *_test_on_claims(variant, wrong, view)) for variant in variants]
    tried = {}
    for variant, applies, _ in tested:
        if applies:
            tried[variant.parts] = tried.get(variant.parts, 0) + 1
    found: dict[str, list[tuple]] = {row["id"]: [] for row in wrong}
    for variant, applies, fits in tested:
        if not fits:
            continue
        # At most the chance that, in one of the variants tried, some claims as many as these would all have fitted.
        choices = tried[variant.parts] * math.comb(len(applies), len(fits))
        chance = min(1.0, choices * math.prod(1 / _count_possible(row) for row in fits))
        if chance <= LARGEST_CHANCE:
            explanation = Explanation(
                variant.hypothesis, variant.detail, len(fits), len(applies), tried[variant.parts], chance
            )
            for row in fits:
                found[row["id"]].append((len(variant.parts), -len(fits), chance, explanation))
    texts = _published_texts(figures, view)
    for row in wrong:
        for explanation in _find_slips(row, view, texts):
            found[row["id"]].append((1, -explanation.explained, explanation.chance, explanation))
    return {
        name: min(options, key=lambda option: option[:3])[3] if options else None for name, options in found.items()
    }


def describe_figure_explanation(explanation: Explanation | None) -> str:
    """Put the explanation of a part of a chart into words.

    Parameters
    ----------
    explanation : Explanation or None
        What `explain_figures` found.

    Returns
    -------
    str
        The hypothesis, and how many values it explains.
    """
    if explanation is None:
        return say_in_english(UNEXPLAINED)
    about = {"cause": explanation.words, "explained": explanation.explained}
    return say_in_english(causes.VALUES, of=explanation.of, **about)


def describe_claim_explanation(explanation: Explanation | None) -> str:
    """Put the explanation of a claim into words.

    Parameters
    ----------
    explanation : Explanation or None
        What `explain_claims` found.

    Returns
    -------
    str
        The hypothesis, and how many claims it explains of those for which it makes a difference.
    """
    if explanation is None:
        return say_in_english(UNEXPLAINED)
    about = {"cause": explanation.words, "explained": explanation.explained}
    return say_in_english(causes.CLAIMS, n=explanation.of, **about)


def _name_cause(hypothesis, detail, pattern=causes.WITH_DETAIL):
    named = say_in_english(hypothesis)
    return say_in_english(pattern, hypothesis=named, detail=detail) if detail else named


def _explain_part(part, view, left_out):
    rows = part.to_dict("records")
    differing = [row for row in rows if row["verdict"] == DIFFERS]
    options = []
    # First the whole part of the chart, then what differs in it alone.
    for scope in (rows, differing):
        for variants in _vary_figures(rows, view, left_out):
            fitting = [variant for variant in variants if _reproduces(variant, scope)]
            if not fitting:
                continue
            tried = len({tuple(_predict_all(variant, differing)) for variant in variants})
            chance = tried * math.prod(1 / _count_possible(row) for row in differing)
            if chance <= LARGEST_CHANCE:
                first = fitting[0]
                options.append(
                    Explanation(
                        first.hypothesis,
                        first.detail,
                        len(scope),
                        len(scope),
                        tried,
                        chance,
                        frozenset(variant.detail for variant in fitting)
                        if first.hypothesis == LEFT_OUT
                        else frozenset(),
                    )
                )
        if options:
            return min(options, key=lambda option: option.chance)
    return None


def _vary_figures(rows, view, left_out) -> Iterator[list[Variant]]:
    """Yield the variants of each hypothesis about a part of a chart."""
    first = rows[0]
    if first["framework"] in FRAMEWORKS and first["series"] != MEAN:
        yield [
            Variant(LEVELS_SWAPPED, _name_levels(one, other), _predict_figure(view, series={one: other, other: one}))
            for one, other in itertools.combinations(LEVELS, 2)
        ]
    if first["framework"] in FRAMEWORKS and first["outcome"]:
        shown = {row["outcome"] for row in rows}
        yield [
            Variant(
                OUTCOMES_SWAPPED,
                say_in_english(causes.TWO, one=one, other=other),
                _predict_figure(view, outcome={one: other, other: one}),
            )
            for one, other in itertools.combinations(view.outcomes(first["framework"]), 2)
            if shown.intersection((one, other))
        ]
    others = sorted({cycle for cycle, _ in view.participation} - {first["cycle"]})
    yield [
        Variant(
            OTHER_CYCLE,
            say_in_english(causes.THOSE_OF, cycle=cycle),
            _predict_figure(view, cycle={first["cycle"]: cycle}),
        )
        for cycle in others
    ]
    if first["framework"]:
        yield [
            Variant(LEFT_OUT, response, _predict_figure(without))
            for response, without in left_out.views(first["cycle"]).items()
        ]
    if first["unit"] == "percent":
        yield [Variant(ROUNDED_DOWN, "", lambda row: _round_down(recompute_figure(row, view), row["value"]))]
    if first["unit"] in ("share", "percent") and first["framework"]:
        yield [Variant(COUNT_FOR_SHARE, "", lambda row: recompute_figure(row | {"unit": "count"}, view))]
    if len(rows) == 1 or first["unit"] == "percent":
        for name, slips in _SLIPS.items():
            plain = {id(row): _write_like(row["value"], recompute_figure(row, view)) for row in rows}
            yield [
                Variant(
                    name, "", lambda row, slips=slips, place=place, plain=plain: _take(slips(plain[id(row)]), place)
                )
                for place in range(max(len(slips(text)) for text in plain.values()))
            ]


def _predict_figure(view, **changes):
    def predict(row):
        changed = {key: words.get(row[key], row[key]) for key, words in changes.items()}
        try:
            return recompute_figure(row | changed, view)
        except KeyError:
            return None

    return predict


def _reproduces(variant, rows):
    predictions = _predict_all(variant, rows)
    return all(
        prediction is not None and judge(row["value"], prediction, row["unit"], stored=True) == MATCH
        for row, prediction in zip(rows, predictions, strict=True)
    )


def _predict_all(variant, rows):
    return [variant.predict(row) for row in rows]


def _agree_on_response(explanations):
    """Keep, of the responses that may have been left out, the one that explains most parts of charts of a cycle."""
    votes: dict[tuple[str, str], int] = {}
    for (_, cycle, _), explanation in explanations.items():
        for response in explanation.candidates if explanation else ():
            votes[cycle, response] = votes.get((cycle, response), 0) + 1
    agreed = {}
    for key, explanation in explanations.items():
        if explanation is not None and explanation.candidates:
            best = max(votes[key[1], response] for response in explanation.candidates)
            chosen = sorted(response for response in explanation.candidates if votes[key[1], response] == best)
            detail = chosen[0] if len(chosen) == 1 else say_in_english(causes.ONE_OF, n=len(chosen))
            explanation = replace(explanation, detail=detail, candidates=frozenset(chosen))
        agreed[key] = explanation
    return agreed


def _list_sources(figures, view, explained):
    """Yield the tables as figures that differ show them: those with one cause together, and each by itself."""
    groups: dict[tuple, list] = {}
    for key, explanation in explained.items():
        cause = (explanation.hypothesis, explanation.detail) if explanation else (UNEXPLAINED, key[1])
        groups.setdefault(cause, []).append(key)
    for (hypothesis, detail), keys in groups.items():
        numbers = join_in_english(dict.fromkeys(figure for figure, _, _ in keys))
        cause = _name_cause(hypothesis, "" if hypothesis == UNEXPLAINED else detail)
        message = causes.FIGURES if len({key[0] for key in keys}) > 1 else causes.FIGURE
        words = say_in_english(message, figures=numbers, cause=cause)
        chosen = pd.MultiIndex.from_tuples(keys)
        rows = figures[pd.MultiIndex.from_frame(figures[["figure", "cycle", "unit"]]).isin(chosen)]
        yield words, _overlay(view, rows)


def _overlay(view, rows):
    shares, means = dict(view.shares), dict(view.means)
    for row in rows.to_dict("records"):
        if row["framework"] not in FRAMEWORKS:
            continue
        key = (row["cycle"], row["framework"], row["outcome"] or "all")
        if row["series"] == MEAN:
            means[key] = float(row["value"])
        elif row["unit"] == "share":
            shares[(*key, row["series"])] = float(row["value"])
    return replace(view, shares=shares, means=means)


def _vary_habits(view, source, parts):
    """Yield the habits with which tables may have been read: the published ones of `source`, or the recomputed."""

    def make(hypothesis, detail, habit, predict=recompute_claim):
        names = (*parts, *((hypothesis,) if hypothesis else ()))
        if not parts:
            return Variant(hypothesis, detail, lambda row: predict(row, habit), names)
        words = _name_cause(hypothesis, detail, causes.AND_DETAIL) if hypothesis else ""
        words = say_in_english(causes.TOGETHER, one=source, other=words) if words else source
        return Variant(READ_OFF, words, lambda row: predict(row, habit), names)

    if parts:
        yield make("", "", view)
    yield make(ROUNDED_SHARES, "", replace(view, whole_shares=True))
    yield make(ROUNDED_DOWN, "", view, lambda row, habit: _round_down(recompute_claim(row, habit), row["published"]))
    if not parts:
        yield make(ROUNDED_FIRST, "", view, lambda row, habit: _round_first(recompute_claim(row, habit)))
    # Of thresholds that come to the same, a round number is the likelier.
    for points in sorted(range(2, LARGEST_THRESHOLD + 1), key=lambda points: points % 5 != 0):
        yield make(SMALL_CHANGES, say_in_english(causes.BELOW, points=points), replace(view, smallest_change=points))
    for decimals in MEAN_DECIMALS:
        yield make(
            ROUNDED_MEANS,
            say_in_english(causes.DECIMALS, n=decimals),
            replace(view, mean_decimals=decimals),
        )


def _vary_claims(view):
    """Yield the hypotheses about what a claim is of."""
    for one, other in itertools.combinations(LEVELS, 2):
        swap = {one: other, other: one}
        yield Variant(LEVELS_SWAPPED, _name_levels(one, other), _predict_swapped_levels(view, swap), (LEVELS_SWAPPED,))
    for code in FRAMEWORKS:
        for one, other in itertools.combinations(view.outcomes(code), 2):
            yield Variant(
                OUTCOMES_SWAPPED,
                say_in_english(causes.TWO_OF, framework=code, one=one, other=other),
                _predict_swapped_outcomes(view, code, {one: other, other: one}),
                (OUTCOMES_SWAPPED,),
            )
    cycles = sorted({cycle for cycle, _ in view.participation})
    if len(cycles) > 1:
        swap = dict(zip(cycles, reversed(cycles), strict=True))
        yield Variant(
            OTHER_CYCLE,
            "",
            lambda row: _try(row | {"cycle": swap.get(row["cycle"], row["cycle"])}, view),
            (OTHER_CYCLE,),
        )
    yield Variant(COUNT_FOR_SHARE, "", _predict_count(view), (COUNT_FOR_SHARE,))


def _name_levels(one, other):
    return say_in_english(causes.TWO, one=Label("level", one), other=Label("level", other))


def _predict_swapped_levels(view, swap):
    def predict(row):
        levels = split_levels(row["level"])
        if not set(levels) & set(swap):
            return None
        return _try(row | {"level": "+".join(swap.get(level, level) for level in levels)}, view)

    return predict


def _predict_swapped_outcomes(view, code, swap):
    def predict(row):
        if row["framework"] != code:
            return None
        if row["outcome"]:
            return _try(row | {"outcome": swap.get(row["outcome"], row["outcome"])}, view)
        if row["unit"] not in ("outcome", "outcomes"):
            return None
        recomputed = recompute_claim(row, view)
        if not isinstance(recomputed, str):
            return recomputed
        return ";".join(swap.get(outcome, outcome) for outcome in recomputed.split(";"))

    return predict


def _predict_count(view):
    def predict(row):
        if row["unit"] != "percent" or row["measure"] not in ("share", "agree", "meetings"):
            return None
        if row["measure"] == "share":
            keys = [
                (row["cycle"], row["framework"], row["outcome"] or "all", level) for level in split_levels(row["level"])
            ]
            return float(sum(view.counts[key] for key in keys))
        if row["measure"] == "agree":
            return recompute_claim(row | {"measure": "disagree_count"}, view)
        return recompute_figure(
            {"cycle": row["cycle"], "framework": MEETINGS, "outcome": "", "series": row["level"], "unit": "count"}, view
        )

    return predict


def _vary_left_out_claims(wrong, left_out):
    """Yield the tables without each response, for claims about one cycle."""
    for cycle in sorted({row["cycle"] for row in wrong if "/" not in row["cycle"]}):
        for response, without in left_out.views(cycle).items():
            yield Variant(
                LEFT_OUT,
                response,
                lambda row, without=without, cycle=cycle: _try(row, without) if row["cycle"] == cycle else None,
                (LEFT_OUT,),
            )


def _try(row, view):
    try:
        return recompute_claim(row, view)
    except KeyError:
        return None


def _test_on_claims(variant, wrong, view):
    """Find the claims for which a variant makes a difference, and those of them that it reproduces."""
    applies, fits = [], []
    for row in wrong:
        prediction = variant.predict(row)
        if prediction is None or _same(prediction, recompute_claim(row, view)):
            continue
        applies.append(row)
        if judge(row["published"], prediction, row["unit"]) == MATCH:
            fits.append(row)
    return applies, fits


def _same(one, other):
    return one == other if isinstance(one, str) or isinstance(other, str) else abs(one - other) < 1e-9


def _count_possible(row) -> int:
    """Count the values that a quantity could have taken, as published."""
    text = row.get("value") or row.get("published", "")
    unit = row["unit"]
    if unit in ("outcome", "outcomes"):
        outcomes = FRAMEWORKS[row["framework"]].outcomes
        return outcomes if unit == "outcome" else 2**outcomes
    number = parse_number(text)
    if number is None:
        return 2
    per_unit = 10 ** max(-number.as_tuple().exponent, 0)
    if unit == "percent":
        return 100 * per_unit + 1
    if unit == "percentage points":
        return 200 * per_unit + 1
    # A chart's shares and means are those of about fifty responses: a share has as many values, a mean thrice as many.
    if unit == "score":
        return 3 * min(per_unit, _RESPONSES) + 1
    return _RESPONSES + 1


_RESPONSES = 45


def _find_slips(row, view, texts):
    """Yield the slips of one digit that turn what should stand there, or what a figure shows, into the claim."""
    recomputed = recompute_claim(row, view)
    if isinstance(recomputed, str) or recomputed is None:
        return
    published = row["published"]
    decimals = max(-parse_number(published).as_tuple().exponent, 0)
    written = {causes.RECOMPUTED: _write_like(published, recomputed)}
    shown = texts.get((row["cycle"], row["framework"], row["level"]))
    if shown:
        written[causes.PUBLISHED_FIGURE] = shown
    for whose, text in written.items():
        if max(-parse_number(text).as_tuple().exponent, 0) != decimals:
            continue
        for name, slips in _SLIPS.items():
            options = slips(text)
            if published in options:
                chance = len(options) / _count_possible(row)
                if chance <= LARGEST_CHANCE:
                    detail = say_in_english(causes.BECAME, text=text, whose=say_in_english(whose), published=published)
                    yield Explanation(name, detail, 1, 1, len(options), chance)


def _published_texts(figures, view):
    """Collect the published percentages of meetings, as charts show them, by what they are of."""
    rows = figures[(figures["framework"] == MEETINGS) & (figures["unit"] == "percent")]
    return {(row.cycle, row.framework, row.series): row.value for row in rows.itertuples()}


def _lose_digit(text):
    places = [place for place, character in enumerate(text) if character.isdigit()]
    shorter = {text[:place] + text[place + 1 :] for place in places}
    return sorted(option for option in shorter if option.strip("-.") and not option.startswith("."))


def _add_digit(text):
    places = range(1 if text.startswith("-") else 0, len(text) + 1)
    return sorted({text[:place] + digit + text[place:] for place in places for digit in "0123456789"} - {text})


def _exchange_digit(text):
    places = [place for place, character in enumerate(text) if character.isdigit()]
    return sorted({text[:place] + digit + text[place + 1 :] for place in places for digit in "0123456789"} - {text})


_SLIPS: dict[str, Callable[[str], list[str]]] = {
    DIGIT_LOST: _lose_digit,
    DIGIT_ADDED: _add_digit,
    DIGIT_EXCHANGED: _exchange_digit,
}


def _take(options, place):
    number = parse_number(options[place]) if place < len(options) else None
    return None if number is None else float(number)


def _write_like(published, value):
    """Write a value with as many decimals as the published one."""
    decimals = max(-parse_number(published).as_tuple().exponent, 0)
    return str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _round_down(value, published):
    if value is None or isinstance(value, str):
        return None
    decimals = max(-parse_number(published).as_tuple().exponent, 0)
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN))


def _round_first(value):
    if value is None or isinstance(value, str):
        return None
    return float(Decimal(repr(float(value))).quantize(Decimal(1), ROUND_HALF_UP))
