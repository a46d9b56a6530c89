"""How numbers are written in sentences."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_eval import prose
from cluster_eval.prose import ProseError, fill_markdown
from cluster_eval.words import numbers

COUNT_AND_BASE = st.integers(1, 1000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


def round_exactly(value):
    return floor(value + Fraction(1, 2))


@given(COUNT_AND_BASE)
def test_percent_is_rounded_half_up_as_by_hand(count):
    n, base = count
    assert prose.write_percent(n / base) == f"{round_exactly(Fraction(100 * n, base))}%"


@given(COUNT_AND_BASE)
def test_count_has_its_base_and_a_percentage_from_a_base_of_30(count):
    n, base = count
    percent = f" ({round_exactly(Fraction(100 * n, base))}%)" if base >= 30 else ""
    assert prose.write_count(n, base) == f"{n} of {base}{percent}"


@pytest.mark.parametrize(("n", "base", "words"), [(15, 29, "15 of 29"), (15, 30, "15 of 30 (50%)")])
def test_percentage_begins_at_a_base_of_30(n, base, words):
    assert prose.write_count(n, base) == words


@given(COUNT_AND_BASE, COUNT_AND_BASE)
def test_points_are_rounded_once_from_unrounded_shares(current, previous):
    size = round_exactly(abs(Fraction(*current) - Fraction(*previous)) * 100)
    words = {0: "less than 1 percentage point", 1: "1 percentage point"}.get(size, f"{size} percentage points")
    assert prose.write_points(current[0] / current[1] - previous[0] / previous[1]) == words


@given(st.integers(-10_000, 10_000))
def test_round_half_up_goes_away_from_zero(doubled):
    expected = round_exactly(Fraction(abs(doubled), 2)) * (-1 if doubled < 0 else 1)
    assert numbers.round_half_up(doubled / 2) == numbers.round_half_up(Decimal(doubled) / 2) == expected


@given(st.integers(100, 400), st.sampled_from([0.0, 0.001, 0.0049]))
def test_score_has_two_decimals(hundredths, more):
    assert prose.write_score(hundredths / 100 + more) == f"{hundredths // 100}.{hundredths % 100:02d}"


@pytest.mark.parametrize(
    ("mean", "words"), [(2.675, "2.68"), (2.665, "2.67"), (3, "3.00"), (np.float64(2.5167), "2.52")]
)
def test_score_is_rounded_half_up(mean, words):
    assert prose.write_score(mean) == words


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.34, "0.34"), (0.052, "0.052"), (0.001, "0.001"), (0.00099, "less than 0.001"), (0, "less than 0.001")],
)
def test_p_value(p, words):
    assert prose.write_p(p) == words


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("-0.12 (-0.31 to 0.08)", "−0.12 (−0.31 to 0.08)"),
        ("2023-24 and 2024-25", "2023-24 and 2024-25"),
        ("AB-01, tau-b, figure-4", "AB-01, tau-b, figure-4"),
    ],
)
def test_hyphens_before_numbers_become_minus_signs_where_readers_see_them(text, written):
    assert numbers.write_minus(text) == fill_markdown("<< text >>", {"text": text}) == written


def test_date():
    assert numbers.write_date(date(2025, 4, 1)) == "1 April 2025"


@pytest.mark.parametrize(
    ("words", "joined"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), (iter([4, 8]), "4 and 8")],
)
def test_list_of_words(words, joined):
    assert prose.join_words(words) == joined


def test_template_takes_text_counts_and_lists_and_leaves_markdown_alone():
    template = "{role}`x` {{ y }} << n >> of << boards | join_words >><% if more is defined %>, << more >><% endif %>."
    values = {"n": np.int64(3), "boards": ["Powys", "Hywel Dda & <b>"]}
    assert fill_markdown(template, values) == "{role}`x` {{ y }} 3 of Powys and Hywel Dda & &#60;b&#62;."


@pytest.mark.parametrize(
    ("template", "values", "told"),
    [
        ("<< responded >>", {}, "responded"),
        ("<< facts.mean >>", {"facts": {}}, "mean"),
        ("<% if fell %>x<% endif %>", {}, "fell"),
        ("<< share >>", {"share": 0.25}, "0.25"),
        ("<< share >>", {"share": np.float64(0.25)}, "0.25"),
        ("<< share >>", {"share": float("nan")}, "nan"),
        ("<< full >>", {"full": True}, "True"),
        ("<< previous >>", {"previous": None}, "None"),
        ("one\n<< two", {"two": 2}, "line 2"),
        ("<% if two %>", {"two": 2}, "line 1"),
    ],
)
def test_template_that_cannot_be_filled_is_an_error_that_names_its_place(template, values, told):
    with pytest.raises(ProseError, match=r"^book/page\.md|written out") as error:
        fill_markdown(template, values, "book/page.md")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("<< respnded >>", "'respnded' is undefined; nearest: responded"),
        ("<< change.current.valu >>", "there is no 'valu'; nearest: value"),
        ("<< responded.value >>", "'53 of 60' is text, and has no 'value'"),
        ("<% if fell is defined %>x<% endif %><< silent >>", "'silent' is undefined; accepted: responded, change"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_those_that_are(template, told):
    values = {"responded": "53 of 60", "change": {"current": {"value": "9%"}}}
    with pytest.raises(ProseError) as error:
        fill_markdown(template, values)
    assert str(error.value) == f"the sentence: {told}"


def test_a_name_that_the_template_language_keeps_to_itself_is_refused():
    # A condition on it would always be false, and its sentence would be missing without a word.
    with pytest.raises(ProseError, match="cannot be called none"):
        fill_markdown("<% if none %>said<% endif %>", {"none": ["Powys"]})


def test_a_fact_may_be_called_as_a_method_of_mappings_is():
    facts = {"test": {"clear": "", "items": "three", "update": "yes"}}
    template = "<% if test.clear %>clear<% else %>not clear<% endif %>, << test.items >>, << test.update >>"
    assert fill_markdown(template, facts) == "not clear, three, yes"
    assert fill_markdown("<% for name, n in test.items() %><< name >> << n >><% endfor %>", {"test": {"a": 1}}) == "a 1"
