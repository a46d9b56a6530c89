"""What may have gone wrong in a published chart or statement, and what each would have made of its numbers."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from cluster_eval.reconcile.published import MEAN, MEETINGS, parse_number, split_levels
from cluster_eval.reconcile.recompute import MATCH, judge, recompute_claim, recompute_figure
from cluster_eval.reconcile.slips import SLIPS, take
from cluster_eval.values import Label
from cluster_eval.vocabulary import FRAMEWORKS, LEVELS
from cluster_eval.words import causes
from cluster_eval.words.causes import (
    COUNT_FOR_SHARE,
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
from cluster_eval.words.said import say_in_english

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
        return name_cause(self.hypothesis, self.detail)


def name_cause(hypothesis, detail, pattern=causes.WITH_DETAIL):
    """Name a cause as a message, with its detail."""
    named = say_in_english(hypothesis)
    return say_in_english(pattern, hypothesis=named, detail=detail) if detail else named


def vary_figures(rows, view, left_out) -> Iterator[list[Variant]]:
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
        for name, slips in SLIPS.items():
            plain = {id(row): write_like(row["value"], recompute_figure(row, view)) for row in rows}
            yield [
                Variant(name, "", lambda row, slips=slips, place=place, plain=plain: take(slips(plain[id(row)]), place))
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


def reproduces(variant, rows):
    """Say whether a variant gives every published value."""
    predictions = predict_all(variant, rows)
    return all(
        prediction is not None and judge(row["value"], prediction, row["unit"], stored=True) == MATCH
        for row, prediction in zip(rows, predictions, strict=True)
    )


def predict_all(variant, rows):
    """Give what a variant makes of each row."""
    return [variant.predict(row) for row in rows]


def overlay(view, rows):
    """Lay the values of published rows over a view."""
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


def vary_habits(view, source, parts):
    """Yield the habits with which tables may have been read: the published ones of `source`, or the recomputed."""

    def make(hypothesis, detail, habit, predict=recompute_claim):
        names = (*parts, *((hypothesis,) if hypothesis else ()))
        if not parts:
            return Variant(hypothesis, detail, lambda row: predict(row, habit), names)
        words = name_cause(hypothesis, detail, causes.AND_DETAIL) if hypothesis else ""
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


def vary_claims(view):
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
            lambda row: try_variant(row | {"cycle": swap.get(row["cycle"], row["cycle"])}, view),
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
        return try_variant(row | {"level": "+".join(swap.get(level, level) for level in levels)}, view)

    return predict


def _predict_swapped_outcomes(view, code, swap):
    def predict(row):
        if row["framework"] != code:
            return None
        if row["outcome"]:
            return try_variant(row | {"outcome": swap.get(row["outcome"], row["outcome"])}, view)
        if row["unit"] not in ("outcome", "outcomes"):
            return None
        recomputed = recompute_claim(row, view)
        if not isinstance(recomputed, str):
            return recomputed
        # Outcomes that are swapped stay as many, so that no swap is tried where their number is another.
        if recomputed.count(";") != row["published"].count(";"):
            return None
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


def vary_left_out_claims(wrong, left_out):
    """Yield the tables without each response, for claims about one cycle."""
    for cycle in sorted({row["cycle"] for row in wrong if "/" not in row["cycle"]}):
        for response, without in left_out.views(cycle).items():
            yield Variant(
                LEFT_OUT,
                response,
                lambda row, without=without, cycle=cycle: try_variant(row, without) if row["cycle"] == cycle else None,
                (LEFT_OUT,),
            )


def try_variant(row, view):
    """Recompute a claim; None where it cannot be."""
    try:
        return recompute_claim(row, view)
    except KeyError:
        return None


def is_same(one, other):
    """Say whether two values are the same."""
    return one == other if isinstance(one, str) or isinstance(other, str) else abs(one - other) < 1e-9


def write_like(published, value):
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
