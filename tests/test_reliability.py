"""How ratings hang together: against scipy, pingouin and statsmodels, simulations with known answers, and hand work."""

import itertools

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import optimize, stats

from cluster_eval import open_report
from cluster_eval.measures import reliability
from cluster_eval.vocabulary import LEVELS, RATINGS
from tests.conftest import CYCLES, ROOT
from tests.test_measures import make_responses

CUTS = [-1.2, 0.0, 1.3]
MEASURED = [
    "cronbach_alpha",
    "cronbach_low",
    "cronbach_high",
    "ordinal_alpha",
    "mean_correlation",
    "first_share",
]


@pytest.fixture(scope="module")
def report():
    return open_report("2024-25", ROOT)


@pytest.fixture(scope="module")
def correlations(report):
    return reliability.correlate_outcomes(report.responses)


@pytest.fixture(scope="module")
def summary(report):
    return reliability.summarise_reliability(report.responses)


def make_levels(scores, variables):
    """Make responses of scores: responses by variables, missing where blank."""
    return make_responses(
        [
            {
                variable: None if np.isnan(score) else LEVELS[int(score) - 1]
                for variable, score in zip(variables, row, strict=True)
            }
            for row in np.asarray(scores, dtype=float)
        ]
    )


def draw_scores(seed, n, correlations):
    maturity = np.random.default_rng(seed).multivariate_normal(np.zeros(len(correlations)), correlations, size=n)
    return np.digitize(maturity, CUTS) + 1


def make_equal(k, correlation):
    return np.full((k, k), correlation) + (1 - correlation) * np.eye(k)


def maximise(table):
    """Find the polychoric correlation anew: scipy's distribution function, cell by cell, and its bounded search."""
    table = np.asarray(table, dtype=float)
    table = table[table.any(axis=1)][:, table.any(axis=0)]
    cuts = [[-np.inf, *stats.norm.ppf(table.sum(axis=axis).cumsum()[:-1] / table.sum()), np.inf] for axis in (1, 0)]

    def integrate(x, y, correlation):
        if -np.inf in (x, y):
            return 0.0
        if np.inf in (x, y):
            return stats.norm.cdf(min(x, y))
        return stats.multivariate_normal.cdf([x, y], cov=[[1, correlation], [correlation, 1]])

    def weigh(correlation):
        corners = np.array([[integrate(x, y, correlation) for y in cuts[1]] for x in cuts[0]])
        likely = np.diff(np.diff(corners, axis=0), axis=1)
        return -(table * np.log(np.maximum(likely, 1e-15))).sum()

    return optimize.minimize_scalar(weigh, bounds=(-0.99, 0.99), method="bounded", options={"xatol": 1e-9}).x


@pytest.mark.parametrize(
    "table",
    [
        [[58, 52, 1], [26, 58, 3], [8, 12, 9]],
        [[4, 7, 1, 0], [3, 9, 6, 2], [0, 5, 8, 4], [1, 0, 2, 1]],
        [[0, 1, 5], [2, 6, 1], [7, 3, 0]],
        [[9, 3], [2, 8]],
        [[0, 0, 0, 0], [0, 9, 4, 1], [0, 0, 0, 0], [0, 2, 6, 8]],
    ],
)
def test_polychoric_correlation_is_that_of_scipys_distribution_and_search(table):
    [found] = reliability._correlate_by_maximum_likelihood(np.array([table]))
    assert found == pytest.approx(maximise(table), abs=1e-5)


def test_polychoric_correlation_of_two_halves_is_that_of_sheppard():
    """Cut in the middle, a share p of the ratings on the same side belongs to sin(π (p − 1/2)) (Sheppard 1899)."""
    tables = np.array([[[same, 50 - same], [50 - same, same]] for same in (10, 25, 30, 45)])
    found = reliability._correlate_by_maximum_likelihood(tables)
    np.testing.assert_allclose(found, np.sin(np.pi * (np.array([10, 25, 30, 45]) / 50 - 0.5)), atol=1e-9)


@pytest.mark.parametrize("correlation", [-0.9, -0.4, 0.0, 0.3, 0.6, 0.9, 0.99, 0.999])
def test_distribution_function_is_that_of_scipy(correlation):
    x, y = np.array(list(itertools.product([-10.0, -1.7, 0.0, 0.4, 2.2, 10.0], repeat=2))).T
    expected = [
        stats.multivariate_normal.cdf(point, cov=[[1, correlation], [correlation, 1]])
        for point in zip(x, y, strict=True)
    ]
    found = reliability._integrate_normal(x, y, np.full(len(x), correlation))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.3, 0.7])
def test_polychoric_correlation_is_that_of_what_was_cut(correlation):
    """On average over samples of 53, where Spearman's is nearer to 0; simulated with a known correlation."""
    tables, spearman = [], []
    for seed in range(400):
        one, other = draw_scores(seed, 53, make_equal(2, correlation)).T
        tables.append(np.histogram2d(one, other, bins=[np.arange(0.5, 5)] * 2)[0].astype(int))
        spearman.append(stats.spearmanr(one, other).statistic)
    found = reliability._correlate_by_maximum_likelihood(np.array(tables))
    assert found.mean() == pytest.approx(correlation, abs=0.025)
    assert (np.abs(found) < 0.98).all()
    if correlation:
        assert abs(np.mean(spearman)) < abs(found.mean()) - 0.02


def test_every_two_outcomes_are_correlated(report, correlations):
    assert list(correlations.columns) == reliability.CORRELATION_COLUMNS
    assert correlations.groupby("cycle").size().to_dict() == dict.fromkeys(CYCLES, 190)
    scores = {
        variable: report.responses[variable].map(dict(zip(LEVELS, range(1, 5), strict=True))) for variable in RATINGS
    }
    scores = pd.DataFrame(scores).astype(float)
    for row in correlations.iloc[::17].itertuples():
        one, other = (
            scores.loc[report.responses["cycle"] == row.cycle, f"{framework.lower()}_{outcome}"]
            for framework, outcome in ((row.framework_1, row.outcome_1), (row.framework_2, row.outcome_2))
        )
        assert row.n == (one.notna() & other.notna()).sum()
        assert row.correlation == pytest.approx(maximise(pd.crosstab(one, other)), abs=1e-4)
        spearman = stats.spearmanr(one, other, nan_policy="omit").statistic
        assert row.correlation == pytest.approx(spearman, abs=0.2)


def test_reliability_is_that_of_pingouin_and_numpy(report, summary):
    assert list(summary.columns) == reliability.RELIABILITY_COLUMNS
    assert list(zip(summary["cycle"], summary["framework"], strict=True)) == [
        (cycle, framework) for cycle in CYCLES for framework in ("PCMW", "ACD", "both")
    ]
    for row in summary.to_dict("records"):
        variables = [v for v in RATINGS if row["framework"] in ("both", RATINGS[v][0])]
        levels = report.responses.loc[report.responses["cycle"] == row["cycle"], variables].dropna()
        scores = levels.apply(lambda column: column.astype("str").map(LEVELS.index).astype(float) + 1)
        assert (row["n"], row["outcomes"]) == scores.shape
        alpha, limits = pingouin.cronbach_alpha(scores)
        assert row["cronbach_alpha"] == pytest.approx(alpha)
        # The library rounds them.
        np.testing.assert_allclose([row["cronbach_low"], row["cronbach_high"]], limits, atol=5.01e-4)
        matrix = scores.corr().to_numpy()
        k = len(matrix)
        assert row["mean_correlation"] == pytest.approx((matrix.sum() - k) / (k * (k - 1)))
        singular = np.linalg.svd(stats.zscore(scores.to_numpy()) / np.sqrt(len(scores)), compute_uv=False)
        assert row["first_share"] == pytest.approx(singular[0] ** 2 / k)


def test_the_sample_gives(summary):
    """Golden values, confirmed by the second implementations above."""
    now = summary[summary["cycle"] == "2024-25"].set_index("framework")
    assert now["cronbach_alpha"].to_dict() == pytest.approx(
        {"PCMW": 0.865474, "ACD": 0.812734, "both": 0.912206}, abs=5e-7
    )


def test_ordinal_alpha_is_alpha_of_the_polychoric_correlations(report, correlations, summary):
    of_framework = correlations[
        (correlations["cycle"] == "2024-25")
        & (correlations["framework_1"] == "ACD")
        & (correlations["framework_2"] == "ACD")
    ]
    matrix = pd.DataFrame(np.eye(7))
    for row in of_framework.itertuples():
        one, other = int(row.outcome_1) - 1, int(row.outcome_2) - 1
        matrix.loc[one, other] = matrix.loc[other, one] = row.correlation
    # Of all correlations in the cycle no rating was blank, so the pairs are of the complete cases. As a covariance
    # matrix, by the other formula for alpha.
    expected = 7 / 6 * (1 - 7 / matrix.to_numpy().sum())
    row = summary[(summary["cycle"] == "2024-25") & (summary["framework"] == "ACD")].iloc[0]
    assert row["n"] == of_framework["n"].min() == of_framework["n"].max()
    assert row["ordinal_alpha"] == pytest.approx(expected)
    assert not row["smoothed"]


def test_matrix_with_negative_eigenvalues_is_smoothed(summary):
    """As psych::cor.smooth does: eigenvalues clipped, and the diagonal brought back to 1; done here by hand."""
    scores = draw_scores(3, 12, make_equal(10, 0.6)).astype(float)
    responses = make_levels(scores, list(RATINGS)[:10])
    [row] = reliability.summarise_reliability(responses).to_dict("records")
    assert row["smoothed"]
    pairs = reliability.correlate_outcomes(responses)
    matrix = np.eye(row["outcomes"])
    upper = np.triu_indices(len(matrix), k=1)
    matrix[upper] = pairs["correlation"].dropna()
    matrix = matrix + matrix.T - np.eye(len(matrix))
    values, vectors = np.linalg.eigh(matrix)
    assert values[0] < 0
    clipped = vectors @ np.diag(values.clip(0)) @ vectors.T
    deviations = np.sqrt(np.diag(clipped))
    k, r = len(matrix), (clipped / np.outer(deviations, deviations))[upper].mean()
    assert row["ordinal_alpha"] == pytest.approx(k * r / (1 + (k - 1) * r), abs=1e-6)
    assert summary.set_index(["cycle", "framework"])["smoothed"].to_dict()["2024-25", "PCMW"] is False


def test_identical_ratings_are_one_rating():
    scores = np.repeat(draw_scores(5, 40, [[1.0]]), 4, axis=1)
    responses = make_levels(scores, list(RATINGS)[:4])
    [row] = reliability.summarise_reliability(responses).to_dict("records")
    assert [row[c] for c in MEASURED] == pytest.approx([1.0] * len(MEASURED))
    assert (reliability.correlate_outcomes(responses)["correlation"] == 1).all()
    [row] = reliability.correlate_outcomes(make_levels(np.c_[scores[:, 0], 5 - scores[:, 0]], ["acd_1", "acd_2"]))[
        "correlation"
    ]
    assert row == -1


def test_outcomes_are_ordered_by_what_they_go_with():
    """Two groups of three, shuffled over the outcomes: each group must come out side by side."""
    groups = {1: "a", 4: "a", 6: "a", 2: "b", 3: "b", 5: "b"}
    rows = [
        ("2024-25", "ACD", str(one), "ACD", str(other), 0.8 if groups[one] == groups[other] else 0.1, 53)
        for one, other in itertools.combinations(sorted(groups), 2)
    ]
    table = pd.DataFrame(rows, columns=reliability.CORRELATION_COLUMNS)
    order = reliability.order_outcomes(table)
    assert list(order.columns) == reliability.ORDER_COLUMNS
    assert list(order["position"]) == [1, 2, 3, 4, 5, 6]
    found = [groups[int(outcome)] for outcome in order["outcome"]]
    assert found in ([*"aaabbb"], [*"bbbaaa"])
    assert int(order["outcome"].iloc[0]) < int(order["outcome"].iloc[-1])
    pd.testing.assert_frame_equal(reliability.order_outcomes(table.sample(frac=1, random_state=1)), order)


def test_order_has_each_outcome_once_and_brings_like_to_like(correlations):
    order = reliability.order_outcomes(correlations)
    assert order.groupby(["cycle", "framework"], sort=False).size().to_list() == [13, 7, 13, 7]
    assert not order.duplicated(["cycle", "framework", "outcome"]).any()
    for cycle, of_cycle in order.groupby("cycle"):
        assert list(of_cycle["position"]) == list(range(1, 21))
        pairs = correlations[correlations["cycle"] == cycle]
        both = pairs[pairs["framework_1"] == pairs["framework_2"]]
        known = {(r.framework_1, frozenset((r.outcome_1, r.outcome_2))): r.correlation for r in both.itertuples()}
        for framework, outcomes in of_cycle.groupby("framework")["outcome"]:
            neighbours = [known[framework, frozenset(pair)] for pair in itertools.pairwise(outcomes)]
            as_numbered = [known[framework, frozenset(pair)] for pair in itertools.pairwise(sorted(outcomes, key=int))]
            assert np.mean(neighbours) > np.mean(as_numbered) + 0.05


def test_missing_correlations_do_not_hinder_an_order(correlations):
    table = correlations.assign(correlation=correlations["correlation"].where(correlations["outcome_2"] != "5"))
    assert len(reliability.order_outcomes(table)) == 40
    assert reliability.order_outcomes(table.iloc[:0]).empty


@pytest.mark.parametrize(
    ("scores", "outcomes", "n"),
    [
        ([[np.nan, np.nan]] * 3, 0, 0),
        ([[1, 1]] * 3, 0, 3),
        ([[1, np.nan], [2, np.nan]], 1, 2),
        ([[1, np.nan], [np.nan, 2]], 0, 0),
        ([[1, 2]], 0, 1),
        ([[1, 2], [2, 2], [3, 2]], 1, 3),
    ],
)
def test_what_cannot_be_calculated_is_missing(scores, outcomes, n):
    responses = make_levels(scores, ["acd_1", "acd_2"])
    [row] = reliability.summarise_reliability(responses).to_dict("records")
    assert (row["framework"], row["outcomes"], row["n"], row["smoothed"]) == ("ACD", outcomes, n, False)
    assert np.isnan([row[column] for column in MEASURED]).all()
    assert reliability.correlate_outcomes(responses)["correlation"].isna().all()


def test_sums_that_are_all_the_same_have_no_alpha():
    responses = make_levels([[1, 4], [2, 3], [3, 2], [4, 1]], ["acd_1", "acd_2"])
    [row] = reliability.summarise_reliability(responses).to_dict("records")
    assert np.isnan([row["cronbach_alpha"], row["cronbach_low"], row["ordinal_alpha"]]).all()
    assert row["mean_correlation"] == pytest.approx(-1)
