"""How numbers are written in sentences."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_eval.values import Count, P, Points, Score, Share
from cluster_eval.words import numbers
from cluster_eval.words.language import ENGLISH

COUNT_AND_BASE = st.integers(1, 1000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


def round_exactly(value):
    return floor(value + Fraction(1, 2))


@given(COUNT_AND_BASE)
def test_percent_is_rounded_half_up_as_by_hand(count):
    n, base = count
    assert ENGLISH.write(Share(n / base)) == f"{round_exactly(Fraction(100 * n, base))}%"


@given(COUNT_AND_BASE)
def test_count_has_its_base_and_a_percentage_from_a_base_of_30(count):
    n, base = count
    percent = f" ({round_exactly(Fraction(100 * n, base))}%)" if base >= 30 else ""
    assert ENGLISH.write(Count(n, base)) == f"{n} of {base}{percent}"


@pytest.mark.parametrize(("n", "base", "words"), [(15, 29, "15 of 29"), (15, 30, "15 of 30 (50%)")])
def test_percentage_begins_at_a_base_of_30(n, base, words):
    assert ENGLISH.write(Count(n, base)) == words


@given(COUNT_AND_BASE, COUNT_AND_BASE)
def test_points_are_rounded_once_from_unrounded_shares(current, previous):
    size = round_exactly(abs(Fraction(*current) - Fraction(*previous)) * 100)
    words = {0: "less than 1 percentage point", 1: "1 percentage point"}.get(size, f"{size} percentage points")
    assert ENGLISH.write(Points(current[0] / current[1] - previous[0] / previous[1])) == words


@given(st.integers(-10_000, 10_000))
def test_round_half_up_goes_away_from_zero(doubled):
    expected = round_exactly(Fraction(abs(doubled), 2)) * (-1 if doubled < 0 else 1)
    assert numbers.round_half_up(doubled / 2) == numbers.round_half_up(Decimal(doubled) / 2) == expected


@given(st.integers(100, 400), st.sampled_from([0.0, 0.001, 0.0049]))
def test_score_has_two_decimals(hundredths, more):
    assert ENGLISH.write(Score(hundredths / 100 + more)) == f"{hundredths // 100}.{hundredths % 100:02d}"


@pytest.mark.parametrize(
    ("mean", "words"), [(2.675, "2.68"), (2.665, "2.67"), (3, "3.00"), (np.float64(2.5167), "2.52")]
)
def test_score_is_rounded_half_up(mean, words):
    assert ENGLISH.write(Score(mean)) == words


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.34, "0.34"), (0.052, "0.052"), (0.001, "0.001"), (0.00099, "less than 0.001"), (0, "less than 0.001")],
)
def test_p_value(p, words):
    assert ENGLISH.write(P(p)) == words


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("-0.12 (-0.31 to 0.08)", "−0.12 (−0.31 to 0.08)"),
        ("2023-24 and 2024-25", "2023-24 and 2024-25"),
        ("AB-01, tau-b, figure-4", "AB-01, tau-b, figure-4"),
    ],
)
def test_hyphens_before_numbers_become_minus_signs_where_readers_see_them(text, written):
    assert numbers.write_minus(text) == ENGLISH.say("{text}", text=text) == written


def test_date():
    assert numbers.write_date(date(2025, 4, 1)) == "1 April 2025"


@pytest.mark.parametrize(
    ("words", "joined"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), (iter(["4", "8"]), "4 and 8")],
)
def test_list_of_words(words, joined):
    assert ENGLISH.join(words) == joined
