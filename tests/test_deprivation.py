"""Tests of deprivation against scipy, statsmodels and pingouin, against published examples, and by simulation."""

import math

import numpy as np
import pingouin
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from cluster_eval import open_report
from cluster_eval.measures import deprivation
from cluster_eval.measures.maturity import select_ratings
from cluster_eval.sources.cycle import join_responses
from cluster_eval.vocabulary import LEVELS
from tests.conftest import ROOT
from tests.test_measures import make_related_responses, make_responses, make_table

SIZES = np.array([11, 10, 11, 11, 10])
FIFTHS = np.repeat([1, 2, 3, 4, 5], SIZES)


@pytest.fixture(scope="module")
def report():
    return open_report("2024-25", ROOT)


@pytest.fixture(scope="module")
def trend(report):
    return deprivation.summarise_trend(report.responses)


def make_responses_of(counts):
    """Make responses to ACD 1 of a table: how often each fifth (rows) gave each level (columns)."""
    rows = [(fifth, LEVELS[level]) for (fifth, level), n in np.ndenumerate(np.asarray(counts)) for _ in range(n)]
    table = make_table([{"acd_1": level} for _, level in rows])
    return join_responses([table.assign(deprivation_fifth=[fifth + 1 for fifth, _ in rows])])


def list_groups(responses):
    """List the scores of each fifth, by cycle, framework and outcome, without the measures' own counting."""
    ratings = select_ratings(responses).dropna(subset=["score"])
    groups = {key: of for key, of in ratings.groupby(["cycle", "framework", "outcome"], observed=True)}
    keys = ["cycle", "framework", "response_id", "deprivation_fifth"]
    means = ratings.groupby(keys, observed=True)["score"].agg(["sum", "count"]).reset_index()
    means["score"] = means["sum"] / means["count"]
    groups |= {(*key, "mean"): of for key, of in means.groupby(["cycle", "framework"], observed=True)}
    return groups


@pytest.mark.parametrize("source", ["sample", "related"])
def test_trend_and_difference_are_those_of_second_implementations(report, source):
    responses = make_related_responses() if source == "related" else report.responses
    table, groups = deprivation.summarise_trend(responses), list_groups(responses)
    assert len(table) == len(groups)
    for row in table.itertuples():
        scores = groups[row.cycle, row.framework, row.outcome]
        assert row.n == len(scores)
        assert row.tau_b == pytest.approx(count_tau(scores))
        assert row.p == pytest.approx(stats.kendalltau(scores["deprivation_fifth"], scores["score"]).pvalue)
        most, least = (scores.loc[scores["deprivation_fifth"] == fifth, "score"] for fifth in (1, 5))
        assert (row.n_most, row.n_least) == (len(most), len(least))
        compared = CompareMeans(DescrStatsW(least), DescrStatsW(most))
        assert row.difference == pytest.approx(least.mean() - most.mean())
        assert (row.low, row.high) == pytest.approx(compared.tconfint_diff(usevar="unequal"))
        expected = compared.ttost_ind(-0.5, 0.5, usevar="unequal")[0]
        # pingouin gives degrees of freedom rounded.
        assert row.p_equivalence == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("source", ["sample", "related"])
def test_the_published_analysis_of_variance_is_pingouins(report, source):
    responses = make_related_responses() if source == "related" else report.responses
    groups = list_groups(responses)
    for row in deprivation.summarise(responses).itertuples():
        scores = groups[row.cycle, row.framework, row.outcome]
        expected = pingouin.anova(scores, dv="score", between="deprivation_fifth", detailed=True)
        assert (row.statistic, row.p, row.eta_squared) == pytest.approx(
            tuple(expected.loc[0, ["F", "p_unc", "np2"]]), abs=1e-12
        )
        assert (row.df_between, row.df_within) == tuple(expected["DF"])


def count_tau(scores):
    """Count pairs, one by one, for tau-b."""
    fifths, scores = scores["deprivation_fifth"].to_numpy(), scores["score"].to_numpy()
    signs = [
        (np.sign(fifths[j] - fifths[i]), np.sign(scores[j] - scores[i]))
        for i in range(len(scores))
        for j in range(i + 1, len(scores))
    ]
    order = sum(of_fifths * of_scores for of_fifths, of_scores in signs)
    return order / math.sqrt(sum(f != 0 for f, _ in signs) * sum(s != 0 for _, s in signs))


def test_each_family_is_adjusted_by_itself():
    table = deprivation.summarise_trend(make_related_responses())
    mean = table["outcome"] == "mean"
    assert (mean.sum(), (~mean).sum()) == (2, 20)
    for family in (table[mean], table[~mean]):
        np.testing.assert_allclose(family["p_holm"], multipletests(family["p"], method="holm")[1])
    assert (table["p_holm"] > table["p"]).sum() > 10


def test_an_outcome_that_cannot_be_tested_leaves_the_family_as_large_as_declared():
    responses = make_related_responses().assign(acd_7=LEVELS[0])
    responses["acd_7"] = responses["acd_7"].astype(responses["acd_6"].dtype)
    for table in (deprivation.summarise(responses), deprivation.summarise_trend(responses)):
        family = table[table["outcome"] != "mean"]
        alike = (family["framework"] == "ACD") & (family["outcome"] == "7")
        assert family.loc[alike, ["p", "p_holm"]].isna().all(axis=None)
        expected = multipletests(family["p"].fillna(1), method="holm")[1]
        np.testing.assert_allclose(family.loc[~alike, "p_holm"], expected[~alike])
        assert family.loc[~alike, "p_holm"].min() == pytest.approx(20 * family["p"].min())


def test_tau_is_positive_where_less_deprived_fifths_rate_higher():
    rising = make_responses_of([[3, 1, 0, 0], [1, 3, 0, 0], [0, 2, 2, 0], [0, 0, 3, 1], [0, 0, 1, 3]])
    falling = rising.assign(deprivation_fifth=6 - rising["deprivation_fifth"])
    taus = [deprivation.summarise_trend(each).set_index("outcome") for each in (rising, falling)]
    up, down = (tau.loc["1", ["tau_low", "tau_b", "tau_high"]] for tau in taus)
    assert up["tau_b"] > 0.5 and taus[0].loc["1", "difference"] == -taus[1].loc["1", "difference"] > 0
    np.testing.assert_allclose(up.to_numpy(float), -down.to_numpy(float)[::-1])


def test_interval_of_tau_has_the_standard_error_of_the_sas_manual():
    """PROC FREQ's example of measures: tau-b 0.3373, 95% limits 0.2114 and 0.4631 (without Fisher's z)."""
    tau, reach = 0.3372567, (0.4631105 - 0.2114030) / 2
    responses = make_responses_of(np.transpose([[26, 26, 23, 18, 9], [6, 7, 9, 14, 23], [0] * 5, [0] * 5]))
    row = deprivation.summarise_trend(responses).set_index("outcome").loc["1"]
    assert row["tau_b"] == pytest.approx(tau, abs=5e-8)
    limits = np.tanh(np.arctanh(tau) + np.array([-1, 1]) * reach / (1 - tau**2))
    np.testing.assert_allclose([row["tau_low"], row["tau_high"]], limits, atol=5e-7)


# What each case's counts by fifth (rows) and level are, and which columns can be calculated.
TAU, LIMITS = {"tau_b", "p", "p_holm"}, {"tau_low", "tau_high"}
ENDS, RANGE = {"difference"}, {"low", "high", "p_equivalence"}
DEGENERATE = {
    "no rating": ([[0] * 4] * 5, set()),
    "one fifth alone": ([[2, 3, 0, 0]] + [[0] * 4] * 4, set()),
    "all alike": ([[3, 0, 0, 0]] * 5, ENDS),
    "no end varies": ([[2, 0, 0, 0]] * 3 + [[0, 2, 0, 0]] * 2, TAU | LIMITS | ENDS),
    "one rating in a fifth": ([[1, 0, 0, 0]] + [[1, 2, 0, 0]] * 4, TAU | LIMITS | ENDS),
    "no rating in the least deprived": ([[1, 2, 0, 0]] * 4 + [[0] * 4], TAU | LIMITS),
    "two responses": ([[1, 0, 0, 0], [0, 1, 0, 0]] + [[0] * 4] * 3, TAU),
    "perfect order": ([[3, 0, 0, 0], [0, 3, 0, 0], [0, 0, 3, 0], [0, 0, 0, 3], [0] * 4], TAU),
    "both ends vary": ([[4, 3, 0, 0]] + [[0] * 4] * 3 + [[2, 5, 1, 0]], TAU | LIMITS | ENDS | RANGE),
}


@pytest.mark.parametrize("case", DEGENERATE)
def test_what_cannot_be_calculated_is_missing(case):
    counts, calculated = DEGENERATE[case]
    responses = make_responses_of(counts) if np.any(counts) else make_responses([{"acd_1": None}] * 6)
    table = deprivation.summarise_trend(responses)
    assert list(table["outcome"].unique()) == ["1", "mean"]
    for row in table.to_dict("records"):
        assert row["n"] == np.sum(counts)
        assert {column for column in TAU | LIMITS | ENDS | RANGE if not math.isnan(row[column])} == calculated
