"""Statistics by simulation: what intervals hold, tests find and measures are over many samples with known answers."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import brentq

from cluster_eval import open_report
from cluster_eval.measures import deprivation, reliability
from cluster_eval.measures.uncertainty import summarise_means, summarise_summed
from cluster_eval.sources.cycle import join_responses
from cluster_eval.vocabulary import RATINGS
from tests.helpers import CYCLES, ROOT
from tests.test_deprivation import FIFTHS, SIZES, TESTS, draw_population, draw_scores
from tests.test_measures import draw_cycle, make_responses, make_table
from tests.test_reliability import draw_scores as draw_ratings
from tests.test_reliability import make_equal, make_levels
from tests.test_uncertainty import FEW, make_register, rate, take_scores

CYCLE = "2024-25"


@pytest.fixture(scope="module")
def report():
    return open_report(CYCLE, ROOT)


def test_intervals_hold_the_populations_mean_in_about_95_of_100_samples(report):
    random = np.random.default_rng(60)
    scores = take_scores(report.responses, CYCLE, "ACD").to_numpy()
    everyone = scores[random.integers(0, len(scores), 60)].astype(int)
    shares = np.mean(everyone >= 3)
    held = np.zeros(2)
    for _ in range(150):
        responses = rate(*everyone[random.choice(60, 53, replace=False)].tolist())
        means = summarise_means(responses, make_register(60), resamples=FEW).set_index("outcome").loc["all"]
        summed = summarise_summed(responses, make_register(60), resamples=FEW).set_index("level")
        row = summed.loc["Developing+Mature"]
        held += [means["low"] <= everyone.mean() <= means["high"], row["low"] <= shares <= row["high"]]
    # Within four standard errors of 0.94; without the shrinking all 150 would hold it.
    assert (held >= 0.86 * 150).all() and (held <= 0.987 * 150).all()


@pytest.mark.parametrize("slope", [0.0, 0.25])
def test_intervals_hold_what_they_are_for_in_19_of_20_samples(slope):
    population = draw_population(slope)
    scores = np.array([1.0, 2.0, 3.0, 4.0])
    # What the population's share of variance is for Welch's F is near that for equal variances.
    true = {test: deprivation._ANALYSES[test](population, scores)[4] for test in TESTS}
    samples = draw_scores(np.random.default_rng(53), slope, 200)
    held = dict.fromkeys(TESTS, 0)
    for sample in samples:
        counts = np.array([np.bincount(sample[fifth == FIFTHS].astype(int), minlength=5)[1:] for fifth in range(1, 6)])
        for test in TESTS:
            *_, low, high = deprivation._ANALYSES[test](counts, scores)
            # In a sample of 212,000 no effect is 0 to the last digit.
            held[test] += low - 1e-3 <= true[test] <= high + 1e-3
    for test, number in held.items():
        assert 0.91 <= number / len(samples) <= 0.995, (test, number)


def test_detectable_difference_is_found_by_analysis_of_variance_four_times_in_five():
    scores = np.array([1.0, 2.0, 3.0, 4.0])
    counts = np.array([[np.sum(fifth == FIFTHS)] for fifth in range(1, 6)]) * np.array([[0, 1, 0, 0]])
    counts += np.array([[1, -2, 1, 0]]) * 4
    difference = deprivation._find_detectable_variance(counts, scores, 1.0, 0.8, 0.05)[2]
    within = math.sqrt(5 * 8 / (53 - 5))
    random = np.random.default_rng(80)
    samples = random.normal(difference * (FIFTHS - 3) / 4, within, (20_000, 53))
    p = stats.f_oneway(*(samples[:, fifth == FIFTHS] for fifth in range(1, 6)), axis=1).pvalue
    assert (p < 0.05).mean() == pytest.approx(0.8, abs=0.01)


def test_detectable_tau_and_its_difference_are_found_four_times_in_five():
    """The difference is the population's at the tau-b that is detectable."""
    scores = np.array([1.0, 2.0, 3.0, 4.0])
    expected = draw_population(0.3)
    # A sample whose levels are as frequent as the population's.
    shares = expected.sum(axis=0) / expected.sum()
    counts = np.array([np.diff(np.round(np.cumsum([0, *shares]) * size)) for size in SIZES]).astype(int)
    tau, _, difference, *_ = deprivation._find_detectable_tau(counts, scores, 1.0, 0.8, 0.05)
    slope = brentq(lambda slope: deprivation._find_tau(draw_population(slope)) - tau, 0.1, 0.6, xtol=1e-3)
    population = draw_population(slope)
    means = population @ scores / population.sum(axis=1)
    assert means[-1] - means[0] == pytest.approx(difference, abs=0.05)
    samples = draw_scores(np.random.default_rng(8), slope, 2000)
    found = np.mean([stats.kendalltau(FIFTHS, sample).pvalue < 0.05 for sample in samples])
    assert found == pytest.approx(0.8, abs=0.04)


@settings(max_examples=15, deadline=None)
@given(draw_cycle(), draw_cycle(), st.integers(0, 2**32))
def test_deprivation_whatever_is_asked_and_answered(current, previous, seed):
    """Two cycles give what each gives; no order of rows, nor columns of text, makes a difference; limits enclose."""
    both = make_responses(current, previous)
    register = pd.concat([make_register(15, cycle) for cycle in CYCLES])
    shuffled = both.sample(frac=1, random_state=np.random.default_rng(seed))
    text = both.astype({column: "str" for column in both.select_dtypes("category")})
    for summarise in (deprivation.summarise_tests, lambda each: deprivation.find_detectable(each, register)):
        table = summarise(both)
        pd.testing.assert_frame_equal(summarise(shuffled), table, check_exact=True)
        pd.testing.assert_frame_equal(summarise(text), table, check_exact=True)
        alone = [
            summarise(join_responses([make_table(rows, cycle)]))
            for rows, cycle in zip((previous, current), CYCLES, strict=True)
        ]
        alone = [each for each in alone if len(each)]
        assert len(table) == sum(map(len, alone))
        if alone:
            pd.testing.assert_frame_equal(
                table, pd.concat(alone, ignore_index=True), check_dtype=False, check_categorical=False
            )
    tests, found = deprivation.summarise_tests(both), deprivation.find_detectable(both, register)
    asked = sum(variable in rows[0] for rows in (current, previous) for variable in RATINGS)
    assert (tests["outcome"] != "mean").sum() == 4 * asked
    assert (found["outcome"] != "mean").sum() == 2 * asked
    known = tests.dropna(subset=["p"])
    assert (known["p"].between(0, 1) & (known["p_holm"] >= known["p"])).all()
    assert (tests["effect_low"].dropna() <= tests["effect_high"].dropna()).all()
    squared = tests[tests["test"].isin(["one-way ANOVA", "Kruskal-Wallis"])]["effect_size"].dropna()
    assert squared.between(-1e-9, 1 + 1e-9).all()
    larger = found.dropna(subset=["difference"])
    assert (larger["difference_register"] <= larger["difference"] + 1e-9).all()


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_reliability_is_what_it_should_be_of_ratings_whose_correlation_is_known(correlation):
    k = 7
    scores = draw_ratings(11, 2500, make_equal(k, correlation))
    [row] = reliability.summarise_reliability(make_levels(scores, list(RATINGS)[-k:])).to_dict("records")
    assert row["ordinal_alpha"] == pytest.approx(k * correlation / (1 + (k - 1) * correlation), abs=0.03)
    r = row["mean_correlation"]
    roots = np.sqrt([1 + (k - 1) * r, *[1 - r] * (k - 1)])
    assert row["effective_tests"] == pytest.approx(roots.sum() ** 2 / k, abs=0.05)
    assert row["effective_ratings"] == pytest.approx(k / (1 + (k - 1) * max(r, 0)))
    if correlation:
        assert row["effective_tests"] < row["effective_tests_unrelated"] - 0.2
    else:
        assert row["effective_tests"] == pytest.approx(row["effective_tests_unrelated"], abs=0.02)


@settings(max_examples=15, deadline=None)
@given(draw_cycle(), draw_cycle(), st.integers(0, 2**32))
def test_reliability_whatever_is_asked_and_answered(current, previous, seed):
    """Two cycles give what each gives; neither order of rows nor columns of text matter; values have bounds."""
    both = make_responses(current, previous)
    shuffled = both.sample(frac=1, random_state=np.random.default_rng(seed))
    text = both.astype({column: "str" for column in both.select_dtypes("category")})
    for summarise in (reliability.correlate_outcomes, reliability.summarise_reliability):
        table = summarise(both)
        pd.testing.assert_frame_equal(summarise(shuffled), table, check_exact=True)
        pd.testing.assert_frame_equal(summarise(text), table, check_exact=True)
        alone = [
            summarise(join_responses([make_table(rows, cycle)]))
            for rows, cycle in zip((previous, current), CYCLES, strict=True)
        ]
        alone = [each for each in alone if len(each)]
        assert len(table) == sum(map(len, alone))
        if alone:
            pd.testing.assert_frame_equal(table, pd.concat(alone, ignore_index=True), check_dtype=False)
    correlations, summary = reliability.correlate_outcomes(both), reliability.summarise_reliability(both)
    assert correlations["correlation"].dropna().between(-1, 1).all()
    measured = summary.dropna(subset=["mean_correlation"])
    for column in ("effective_tests", "effective_tests_unrelated", "effective_ratings"):
        assert (measured[column].ge(1 - 1e-9) & (measured[column] <= measured["outcomes"] + 1e-9)).all()
    known = summary.dropna(subset=["cronbach_alpha"])
    assert (known["cronbach_low"] <= known["cronbach_alpha"] + 1e-9).all()
    assert (known["cronbach_alpha"] <= known["cronbach_high"] + 1e-9).all()
    assert (reliability.order_outcomes(correlations)["position"] >= 1).all()
