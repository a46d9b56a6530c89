"""Agreement between coders against Krippendorff's published examples, a count of pairs, and the library."""

import itertools

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_eval import open_report
from cluster_eval.measures import coder_agreement
from tests.conftest import ROOT

CODING = ["cycle", "response_id", "question", "theme", "subtheme", "coder", "excerpt"]
LIMITS = ["alpha_low", "alpha_high"]


@pytest.fixture(scope="module")
def coding():
    return open_report("2024-25", ROOT).coding


@pytest.fixture(scope="module")
def agreement(coding):
    return coder_agreement.summarise(coding)


def make_coding(*coders, cycle="2024-25"):
    """Make coding of one string for each coder: a theme's letter for each excerpt, a dot where not read."""
    rows = [
        (cycle, str(place), "role", theme, f"{theme} 1", f"Coder {coder}", f"Excerpt {place}.")
        for coder, themes in enumerate(coders, start=1)
        for place, theme in enumerate(themes)
        if theme != "."
    ]
    return pd.DataFrame(rows, columns=CODING)


def take(table, theme="all", level="theme"):
    [row] = table[(table["level"] == level) & (table["theme"] == theme)].to_dict("records")
    return row


def count_alpha(units):
    """Calculate alpha and agreement from lists of values, pair by pair, as Krippendorff (2011) writes coincidences."""
    units = [values for values in units if len(values) > 1]
    coincidences = {}
    for values in units:
        for one, other in itertools.permutations(values, 2):
            coincidences[one, other] = coincidences.get((one, other), 0) + 1 / (len(values) - 1)
    margins = {}
    for (one, _), number in coincidences.items():
        margins[one] = margins.get(one, 0) + number
    n = sum(margins.values())
    unequal = sum(number for (one, other), number in coincidences.items() if one != other)
    by_chance = sum(margins[one] * margins[other] for one, other in itertools.permutations(margins, 2)) / (n - 1)
    return 1 - unequal / by_chance if by_chance else np.nan, 1 - unequal / n


def test_alpha_of_published_example_a():
    """Krippendorff (2011), A: two observers, ten units, two values: alpha 0.095, by hand 1 − 19 · 4 / (14 · 6)."""
    table = coder_agreement.summarise(make_coding("nynnnnnnyn", "yyynnynnnn"))
    for theme in ("all", "n", "y"):
        row = take(table, theme)
        assert row["alpha"] == pytest.approx(1 - 19 * 4 / (14 * 6))
        assert (row["alpha"], row["agreement"]) == (pytest.approx(0.095, abs=5e-4), pytest.approx(0.6))
        assert (row["units"], row["coders"], row["reading"]) == (10, 2, "unreliable")
    assert [take(table, theme)["given"] for theme in ("all", "n", "y")] == [10, 9, 5]


def test_alpha_of_published_example_b():
    """Krippendorff (2011), B: two observers, twelve units, five values: alpha 0.692."""
    table = coder_agreement.summarise(make_coding("aabbdcccedda", "babbbccceddd"))
    assert take(table)["alpha"] == pytest.approx(0.692, abs=5e-4)
    # So few units do not make it sure: the lower limit decides.
    assert take(table)["alpha_low"] < 0.667
    assert take(table)["reading"] == "unreliable"


def test_alpha_of_published_example_c():
    """Krippendorff (2011), C: four observers, twelve units, one of them with a single value: alpha 0.743."""
    table = coder_agreement.summarise(make_coding("abccbadab...", "abccbbdabe.c", ".cccbcdbbea.", "abccbddabea."))
    row = take(table)
    assert row["alpha"] == pytest.approx(0.743, abs=5e-4)
    assert (row["units"], row["coders"]) == (11, 4)


def test_a_coder_who_read_a_comment_and_gave_no_code_disagrees():
    coding = make_coding("aab", "aab")
    one_comment = coding.assign(response_id="1")
    # The second coder leaves the first excerpt out, of a comment of which they coded the others.
    table = coder_agreement.summarise(one_comment.drop(index=3))
    assert take(table)["units"] == 3
    assert take(table, "a")["agreement"] == pytest.approx(2 / 3)
    expected, _ = count_alpha([["a", ""], ["a", "a"], ["b", "b"]])
    assert take(table)["alpha"] == pytest.approx(expected)
    # Of a comment of its own, the excerpt may not have been read.
    assert take(coder_agreement.summarise(coding.drop(index=3)))["units"] == 2


def test_several_codes_of_an_excerpt_are_counted_one_by_one_and_together():
    coding = pd.concat([make_coding("aabb", "aabb"), make_coding("b...", "....")])
    table = coder_agreement.summarise(coding)
    both, _ = count_alpha([["ab", "a"], ["a", "a"], ["b", "b"], ["b", "b"]])
    of_b, _ = count_alpha([[1, 0], [0, 0], [1, 1], [1, 1]])
    assert (take(table)["alpha"], take(table, "a")["alpha"], take(table, "b")["alpha"]) == pytest.approx(
        (both, 1, of_b)
    )


def test_agreement_on_the_sample_is_that_of_the_library_and_of_pairs(coding, agreement):
    text = coding.astype("str")
    units = {key: unit for key, unit in text.groupby(["response_id", "question", "excerpt"])}
    assert list(agreement.columns) == coder_agreement.COLUMNS
    assert len(agreement) == 1 + 4 + 1 + 12
    assert set(agreement["units"]) == {len(units)} == {73}
    assert set(agreement["coders"]) == {3}
    for row in agreement.to_dict("records"):
        names = text["theme"] if row["level"] == "theme" else text["theme"] + ": " + text["subtheme"]
        if row["theme"] != "all":
            names = names == (row["theme"] if row["level"] == "theme" else f"{row['theme']}: {row['subtheme']}")
        # In the sample every coder gave every excerpt one code.
        values = [names[unit.index].to_list() for unit in units.values()]
        assert {len(each) for each in values} == {3}
        alpha, share = count_alpha(values)
        assert (row["alpha"], row["agreement"]) == pytest.approx((alpha, share))
        numbers = pd.factorize(np.ravel(values))[0].reshape(-1, 3).T.astype(float)
        assert row["alpha"] == pytest.approx(krippendorff.alpha(numbers, level_of_measurement="nominal"))
        given = len(units) if row["theme"] == "all" else sum(map(any, values))
        assert row["given"] == given
        assert np.isnan(row["alpha_low"]) == (row["alpha"] == 1)
        if row["alpha"] < 1:
            assert row["alpha_low"] < row["alpha"] <= row["alpha_high"] + 1e-9
    assert list(agreement["theme"].drop_duplicates()) == ["all", *coding["theme"].cat.categories]


def test_the_sample_gives(agreement):
    """Golden values, confirmed by the library and by counting pairs above."""
    assert take(agreement)["alpha"] == pytest.approx(0.951364, abs=5e-7)
    assert take(agreement, level="subtheme")["alpha"] == pytest.approx(0.890752, abs=5e-7)
    assert agreement["reading"].value_counts().to_dict() == {"reliable": 8, "tentative": 5, "unreliable": 5}
    unsure = agreement[agreement["alpha_low"].notna()]
    readings = np.select(
        [unsure["alpha_low"] >= 0.8, unsure["alpha_low"] >= 0.667], ["reliable", "tentative"], "unreliable"
    )
    assert list(unsure["reading"]) == list(readings)


@pytest.mark.parametrize(("units", "reading"), [(29, "tentative"), (30, "reliable")])
def test_coders_who_never_disagreed_are_relied_on_where_there_was_enough_to_disagree_about(units, reading):
    codes = ("ab" * units)[:units]
    row = take(coder_agreement.summarise(make_coding(codes, codes)))
    assert (row["alpha"], row["reading"]) == (1, reading)
    assert np.isnan(row["alpha_low"])


def test_interval_is_that_of_resampling_with_the_library(coding, agreement):
    """The library's alpha of each of 400 resamples of the units, drawn in another way."""
    text = coding.astype("str")
    themes = text.groupby(["response_id", "question", "excerpt"])["theme"].agg(list).to_list()
    numbers = pd.factorize(np.ravel(themes))[0].reshape(-1, 3).T.astype(float)
    random = np.random.default_rng(7)
    alphas = [
        krippendorff.alpha(numbers[:, random.integers(73, size=73)], level_of_measurement="nominal") for _ in range(400)
    ]
    row = take(agreement)
    np.testing.assert_allclose([row[limit] for limit in LIMITS], np.quantile(alphas, [0.025, 0.975]), atol=0.02)


def test_seed_makes_a_difference_to_the_interval_alone(coding, agreement):
    other = coder_agreement.summarise(coding, seed=1)
    pd.testing.assert_frame_equal(other.drop(columns=LIMITS), agreement.drop(columns=LIMITS))
    assert (other[LIMITS] != agreement[LIMITS]).any(axis=None)
    np.testing.assert_allclose(other[LIMITS], agreement[LIMITS], atol=0.06)


@pytest.mark.parametrize(
    ("coders", "units", "agreed", "alpha"),
    [
        (["aab"], 0, np.nan, np.nan),
        (["aa.", "..b"], 0, np.nan, np.nan),
        (["aaa", "aaa"], 3, 1.0, np.nan),
        (["aab", "aab"], 3, 1.0, 1.0),
        (["ab", "ba"], 2, 0.0, -0.5),
    ],
    ids=["one coder", "nothing in common", "no variation", "no disagreement", "no agreement"],
)
def test_what_cannot_be_calculated_is_missing(coders, units, agreed, alpha):
    row = take(coder_agreement.summarise(make_coding(*coders)))
    assert row["units"] == units
    assert (row["agreement"], row["alpha"]) == pytest.approx((agreed, alpha), nan_ok=True)
    assert pd.isna(row["reading"]) == np.isnan(alpha)
    if alpha != -0.5:
        assert np.isnan([row[limit] for limit in LIMITS]).all()


def test_no_coding_gives_no_rows():
    empty = make_coding("")
    assert list(coder_agreement.summarise(empty).columns) == coder_agreement.COLUMNS
    assert coder_agreement.summarise(empty).empty


def test_order_of_rows_makes_no_difference(coding, agreement):
    for seed in range(3):
        shuffled = coding.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(coder_agreement.summarise(shuffled), agreement, check_exact=True)
    twice = pd.concat([coding, coding.iloc[:50]])
    pd.testing.assert_frame_equal(coder_agreement.summarise(twice), agreement, check_exact=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("abc.", min_size=6, max_size=6), min_size=1, max_size=4))
def test_alpha_of_any_coding_is_that_of_counting_pairs(coders):
    coding = make_coding(*coders)
    table = coder_agreement.summarise(pd.concat([coding, coding.assign(cycle="2025-26")]))
    halves = [table[table["cycle"] == cycle].drop(columns="cycle") for cycle in ("2024-25", "2025-26")]
    pd.testing.assert_frame_equal(halves[0], halves[1].reset_index(drop=True))
    if coding.empty:
        assert table.empty
        return
    read = [[themes[place] for themes in coders if themes[place] != "."] for place in range(6)]
    for row in halves[0].to_dict("records"):
        values = read if row["theme"] == "all" else [[each == row["theme"] for each in unit] for unit in read]
        assert row["units"] == sum(len(unit) > 1 for unit in read)
        if row["units"]:
            alpha, agreed = count_alpha(values)
            assert (row["alpha"], row["agreement"]) == pytest.approx((alpha, agreed), nan_ok=True)
        if not np.isnan(row["alpha_low"]):
            assert row["alpha_low"] <= row["alpha_high"] <= 1 + 1e-9
