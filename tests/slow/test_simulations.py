"""Statistics by simulation: what intervals hold, tests find and measures are over many samples with known answers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_eval import open_report
from cluster_eval.measures import deprivation, reliability
from cluster_eval.measures.uncertainty import summarise_means, summarise_summed
from cluster_eval.sources.cycle import join_responses
from cluster_eval.vocabulary import RATINGS
from tests.helpers import CYCLES, ROOT
from tests.test_deprivation import FIFTHS
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


def draw_scores(random, slope, times):
    """Draw scores whose normally distributed maturity moves by `slope` from fifth to fifth: times by responses."""
    maturity = random.normal(slope * (FIFTHS - 3), 1, (times, len(FIFTHS)))
    return np.digitize(maturity, [-1.2, 0.0, 1.3]) + 1.0


def count(scores):
    return np.array([[(scores[..., fifth == FIFTHS] == score).sum() for score in range(1, 5)] for fifth in range(1, 6)])


@pytest.mark.parametrize("slope", [0.0, 0.25])
def test_intervals_hold_what_they_are_for_in_19_of_20_samples(slope):
    values = np.array([1.0, 2.0, 3.0, 4.0])
    # So many scores that what they give is the population's.
    population = count(draw_scores(np.random.default_rng(60), slope, 4000))
    tau = deprivation._correlate(population, values)[0]
    difference = deprivation._compare_ends(population, values)[4]
    held = np.zeros(2)
    samples = draw_scores(np.random.default_rng(53), slope, 300)
    for sample in samples:
        counts = count(sample)
        _, low, high, _ = deprivation._correlate(counts, values)
        *_, least, most, _ = deprivation._compare_ends(counts, values)
        held += [low <= tau <= high, least <= difference <= most]
    assert (held / len(samples) >= 0.91).all() and (held / len(samples) <= 0.985).all()


def test_equivalence_is_found_in_1_of_20_samples_at_most_where_fifths_differ_by_half_a_level():
    random = np.random.default_rng(5)
    found = 0
    for _ in range(400):
        most, least = random.normal(2.5, 0.6, 10).round(3), random.normal(3.0, 0.6, 11).round(3)
        values = np.unique(np.concatenate([most, least]))
        counts = np.zeros((5, len(values)), dtype=int)
        for place, scores in ((0, most), (4, least)):
            np.add.at(counts[place], np.searchsorted(values, scores), 1)
        found += deprivation._compare_ends(counts, values)[-1] < 0.05
    assert found / 400 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


@settings(max_examples=15, deadline=None)
@given(draw_cycle(), draw_cycle(), st.integers(0, 2**32))
def test_deprivation_whatever_is_asked_and_answered(current, previous, seed):
    """Two cycles give what each gives; no order of rows, nor columns of text, makes a difference; limits enclose."""
    both = make_responses(current, previous)
    shuffled = both.sample(frac=1, random_state=np.random.default_rng(seed))
    text = both.astype({column: "str" for column in both.select_dtypes("category")})
    table = deprivation.summarise_trend(both)
    pd.testing.assert_frame_equal(deprivation.summarise_trend(shuffled), table, check_exact=True)
    pd.testing.assert_frame_equal(deprivation.summarise_trend(text), table, check_exact=True)
    alone = [
        deprivation.summarise_trend(join_responses([make_table(rows, cycle)]))
        for rows, cycle in zip((previous, current), CYCLES, strict=True)
    ]
    alone = [each for each in alone if len(each)]
    assert len(table) == sum(map(len, alone))
    if alone:
        pd.testing.assert_frame_equal(
            table, pd.concat(alone, ignore_index=True), check_dtype=False, check_categorical=False
        )
    asked = sum(variable in rows[0] for rows in (current, previous) for variable in RATINGS)
    assert (table["outcome"] != "mean").sum() == asked
    known = table.dropna(subset=["p"])
    assert (known["p"].between(0, 1) & (known["p_holm"] >= known["p"])).all()
    limited = table.dropna(subset=["low"])
    assert (limited["low"] <= limited["difference"]).all() and (limited["difference"] <= limited["high"]).all()
    assert limited["p_equivalence"].between(0, 1).all()


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_reliability_is_what_it_should_be_of_ratings_whose_correlation_is_known(correlation):
    k = 7
    scores = draw_ratings(11, 2500, make_equal(k, correlation))
    [row] = reliability.summarise_reliability(make_levels(scores, list(RATINGS)[-k:])).to_dict("records")
    assert row["ordinal_alpha"] == pytest.approx(k * correlation / (1 + (k - 1) * correlation), abs=0.03)


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
    known = summary.dropna(subset=["cronbach_alpha"])
    assert (known["cronbach_low"] <= known["cronbach_alpha"] + 1e-9).all()
    assert (known["cronbach_alpha"] <= known["cronbach_high"] + 1e-9).all()
    assert (reliability.order_outcomes(correlations)["position"] >= 1).all()
