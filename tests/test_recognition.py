"""Ratings, answers and headings are recognised however they were typed, and nothing else is."""

import csv

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cluster_eval.sources.recognition import fold_heading, recognise_answer, recognise_level
from cluster_eval.vocabulary import ANSWERS, LEVELS, NEUTRAL
from tests.conftest import ROOT

BLANKS = st.text(" \t\u00a0\u2003", max_size=3)
GAPS = st.text(" \t\u00a0", min_size=1, max_size=3)
SEPARATORS = st.tuples(BLANKS, st.sampled_from(["-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212", " "]), BLANKS)
LETTERS = st.text(st.characters(categories=["L"]), min_size=1, max_size=12)
HEADINGS = [
    row["heading"]
    for file in sorted((ROOT / "data").glob("*/codebook.csv"))
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
]


@st.composite
def recase(draw, text):
    upper = draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    return "".join(letter.upper() if up else letter.lower() for letter, up in zip(text, upper, strict=True))


@st.composite
def respace(draw, text):
    words = text.split()
    gaps = draw(st.lists(GAPS, min_size=len(words) - 1, max_size=len(words) - 1))
    return draw(BLANKS) + words[0] + "".join(gap + word for gap, word in zip(gaps, words[1:], strict=True))


@given(data=st.data(), level=st.sampled_from(LEVELS))
def test_level_whatever_its_case_hyphen_spacing_and_text_after_a_colon(data, level):
    words = data.draw(recase(level.replace("-", "".join(data.draw(SEPARATORS)))))
    after = data.draw(st.just("") | st.text().map(lambda text: f":{text}"))
    assert recognise_level(data.draw(BLANKS) + words + data.draw(BLANKS) + after) == level


@given(level=st.sampled_from(LEVELS), gap=BLANKS, word=LETTERS)
def test_level_followed_by_another_word_is_not_recognised(level, gap, word):
    assert recognise_level(level + gap + word) is None


@given(text=st.text())
def test_text_without_a_level_in_front_is_not_recognised(text):
    letters = [letter for letter in text.split(":")[0].casefold() if letter.isalpha()]
    assume("".join(letters) not in {level.replace("-", "").casefold() for level in LEVELS})
    assert recognise_level(text) is None


@pytest.mark.parametrize(
    "words",
    ["Foundation or Developing", "Matur", "Maturee", "Pre", "Pre-pre-foundation", ": Mature", "Level: Mature", "4", ""],
)
def test_words_that_are_no_level(words):
    assert recognise_level(words) is None


@given(data=st.data(), answer=st.sampled_from([*ANSWERS, "Neither disagree nor agree"]))
def test_answer_whatever_its_case_and_spacing(data, answer):
    expected = answer if answer in ANSWERS else NEUTRAL
    assert recognise_answer(data.draw(respace(data.draw(recase(answer))))) == expected


@pytest.mark.parametrize(
    "words",
    ["Agree strongly", "Agreed", "Neither", "Neither agree or disagree", "Agree: mostly", "Don't know", "Agree Agree"],
)
def test_words_that_are_no_answer(words):
    assert recognise_answer(words) is None


@given(data=st.data(), heading=st.sampled_from(HEADINGS))
def test_heading_matches_whatever_its_case_quotes_and_white_space(data, heading):
    for straight, curly in (("'", "’‘"), ('"', "“”")):
        heading_typed = heading.replace(straight, data.draw(st.sampled_from(curly)))
        assert fold_heading(data.draw(respace(data.draw(recase(heading_typed))))) == fold_heading(heading)


@given(heading=st.sampled_from(HEADINGS), data=st.data())
def test_heading_with_a_letter_left_out_does_not_match(heading, data):
    place = data.draw(st.sampled_from([i for i, letter in enumerate(heading) if not letter.isspace()]))
    assert fold_heading(heading[:place] + heading[place + 1 :]) != fold_heading(heading)


def test_headings_of_a_codebook_do_not_match_one_another():
    assert len({fold_heading(heading) for heading in HEADINGS}) == len(set(HEADINGS)) == 25 + 37 - 3
