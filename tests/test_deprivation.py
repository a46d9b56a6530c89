"""Tests of deprivation against scipy, statsmodels and pingouin, against published examples, and by simulation."""

import math

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway, confint_effectsize_oneway
from statsmodels.stats.power import FTestAnovaPower

from cluster_eval import open_report
from cluster_eval.measures import deprivation
from cluster_eval.measures.maturity import select_ratings
from cluster_eval.sources.cycle import join_responses
from cluster_eval.vocabulary import LEVELS
from tests.conftest import ROOT
from tests.test_measures import make_related_responses, make_responses, make_table

TESTS = ["one-way ANOVA", "Welch's ANOVA", "Kruskal-Wallis", "Kendall's tau-b"]
MEASURED = ["statistic", "df_between", "df_within", "p", "p_holm", "effect_size", "effect_low", "effect_high"]
FOUND = ["detectable", "cohen_f", "difference", "detectable_register", "difference_register"]
SIZES = np.array([11, 10, 11, 11, 10])
FIFTHS = np.repeat([1, 2, 3, 4, 5], SIZES)


@pytest.fixture(scope="module")
def report():
    return open_report("2024-25", ROOT)


@pytest.fixture(scope="module")
def tests(report):
    return deprivation.summarise_tests(report.responses)


@pytest.fixture(scope="module")
def related():
    return make_related_responses()


@pytest.fixture(scope="module")
def related_tests(related):
    return deprivation.summarise_tests(related)


@pytest.fixture(scope="module")
def detectable(report):
    return deprivation.find_detectable(report.responses, report.register)


def make_responses_of(counts):
    """Make responses to ACD 1 of a table: how often each fifth (rows) gave each level (columns)."""
    rows = [(fifth, LEVELS[level]) for (fifth, level), n in np.ndenumerate(np.asarray(counts)) for _ in range(n)]
    table = make_table([{"acd_1": level} for _, level in rows])
    return join_responses([table.assign(deprivation_fifth=[fifth + 1 for fifth, _ in rows])])


def make_register(clusters, cycle="2024-25"):
    return pd.DataFrame({"cycle": cycle, "cluster": [f"C-{place}" for place in range(clusters)]})


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
def test_tests_are_those_of_second_implementations(report, tests, related, related_tests, source):
    responses, table = (related, related_tests) if source == "related" else (report.responses, tests)
    groups = list_groups(responses)
    assert len(table) == 4 * len(groups)
    for key, of_outcome in table.groupby(["cycle", "framework", "outcome"], sort=False):
        scores = groups[key]
        fifths = [of_fifth["score"].to_numpy() for _, of_fifth in scores.groupby("deprivation_fifth")]
        assert list(of_outcome["test"]) == TESTS
        assert set(of_outcome["n"]) == {len(scores)}
        anova, welch, kruskal, kendall = of_outcome.itertuples()
        expected = pingouin.anova(scores, dv="score", between="deprivation_fifth", detailed=True)
        assert (anova.statistic, anova.p, anova.effect_size) == pytest.approx(
            tuple(expected.loc[0, ["F", "p_unc", "np2"]]), abs=1e-12
        )
        assert (anova.df_between, anova.df_within) == tuple(expected["DF"])
        expected = anova_oneway(fifths, use_var="unequal")
        assert (welch.statistic, welch.p) == pytest.approx((expected.statistic, expected.pvalue))
        assert (welch.df_between, welch.df_within) == pytest.approx(expected.df)
        assert welch.p == pytest.approx(stats.f_oneway(*fifths, equal_var=False).pvalue)
        expected = pingouin.kruskal(scores, dv="score", between="deprivation_fifth").loc["Kruskal"]
        assert (kruskal.statistic, kruskal.p, kruskal.df_between) == pytest.approx(
            tuple(expected[["H", "p_unc", "ddof1"]])
        )
        # Epsilon squared is the eta squared of an analysis of variance of the ranks.
        ranked = scores.assign(rank=stats.rankdata(scores["score"]))
        of_ranks = pingouin.anova(ranked, dv="rank", between="deprivation_fifth")
        assert kruskal.effect_size == pytest.approx(of_ranks.loc[0, "np2"])
        assert kendall.statistic == kendall.effect_size == pytest.approx(count_tau(scores))
        assert kendall.p == pytest.approx(stats.kendalltau(scores["deprivation_fifth"], scores["score"]).pvalue)
        for row, statistic in ((anova, anova.statistic), (welch, welch.statistic), (kruskal, of_ranks.loc[0, "F"])):
            df_within = row.df_within if row is welch else len(scores) - len(fifths)
            # At a limit of 0 it divides by 0, to the right effect.
            with np.errstate(divide="ignore"):
                limits = confint_effectsize_oneway(statistic, (row.df_between, df_within), nobs=len(scores)).eta2
            assert (row.effect_low, row.effect_high) == pytest.approx(tuple(limits))


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


def test_the_published_analysis_of_variance_is_among_them(report, tests):
    published = deprivation.summarise(report.responses)
    rows = tests[(tests["test"] == "one-way ANOVA") & (tests["outcome"] != "mean")].reset_index(drop=True)
    shared = ["cycle", "framework", "outcome", "test", "statistic", "df_between", "df_within", "p", "p_holm", "n"]
    pd.testing.assert_frame_equal(rows[shared], published[shared], check_dtype=False)
    np.testing.assert_allclose(rows["effect_size"], published["eta_squared"])


def test_each_family_is_adjusted_by_itself(related_tests):
    for test, of_test in related_tests.groupby("test"):
        mean = of_test["outcome"] == "mean"
        assert (mean.sum(), (~mean).sum()) == (2, 20)
        for family in (of_test[mean], of_test[~mean]):
            np.testing.assert_allclose(family["p_holm"], multipletests(family["p"], method="holm")[1], err_msg=test)
    assert (related_tests["p_holm"] > related_tests["p"]).sum() > 40


def test_an_outcome_that_cannot_be_tested_leaves_the_family_as_large_as_declared():
    responses = make_related_responses().assign(acd_7=LEVELS[0])
    responses["acd_7"] = responses["acd_7"].astype(responses["acd_6"].dtype)
    for table in (deprivation.summarise(responses), deprivation.summarise_tests(responses)):
        outcomes = table[table["outcome"] != "mean"]
        for test, family in outcomes.groupby("test"):
            alike = (family["framework"] == "ACD") & (family["outcome"] == "7")
            assert family.loc[alike, ["p", "p_holm"]].isna().all(axis=None), test
            expected = multipletests(family["p"].fillna(1), method="holm")[1]
            np.testing.assert_allclose(family.loc[~alike, "p_holm"], expected[~alike], err_msg=test)
            assert family.loc[~alike, "p_holm"].min() == pytest.approx(20 * family["p"].min())


def test_the_sample_gives(tests, detectable):
    """Golden values; each is confirmed by a second implementation in the tests above and below."""
    now = tests[(tests["cycle"] == "2024-25") & (tests["outcome"] == "mean")].set_index(["framework", "test"])
    assert now.loc[("PCMW", "one-way ANOVA"), "p"] == pytest.approx(0.640327, abs=5e-7)
    assert now.loc[("ACD", "one-way ANOVA"), "p"] == pytest.approx(0.849995, abs=5e-7)
    assert now.loc[("PCMW", "Kendall's tau-b"), "statistic"] == pytest.approx(-0.107644, abs=5e-7)
    assert now.loc[("PCMW", "one-way ANOVA"), "effect_high"] == pytest.approx(0.133274, abs=5e-7)
    rows = detectable[(detectable["cycle"] == "2024-25") & (detectable["outcome"] == "mean")]
    rows = rows.set_index(["framework", "test"])
    assert rows.loc[("PCMW", "one-way ANOVA"), "detectable"] == pytest.approx(0.199023, abs=5e-7)
    assert rows.loc[("PCMW", "one-way ANOVA"), "difference"] == pytest.approx(0.722204, abs=5e-7)


def test_tau_is_positive_where_less_deprived_fifths_rate_higher():
    rising = make_responses_of([[3, 1, 0, 0], [1, 3, 0, 0], [0, 2, 2, 0], [0, 0, 3, 1], [0, 0, 1, 3]])
    falling = rising.assign(deprivation_fifth=6 - rising["deprivation_fifth"])
    taus = [deprivation.summarise_tests(each).set_index(["outcome", "test"]) for each in (rising, falling)]
    up, down = (tau.loc[("1", "Kendall's tau-b"), ["effect_low", "effect_size", "effect_high"]] for tau in taus)
    assert up["effect_size"] > 0.5
    np.testing.assert_allclose(up.to_numpy(float), -down.to_numpy(float)[::-1])


def test_interval_of_tau_has_the_standard_error_of_the_sas_manual():
    """PROC FREQ's example of measures: tau-b 0.3373, 95% limits 0.2114 and 0.4631 (without Fisher's z)."""
    tau, reach = 0.3372567, (0.4631105 - 0.2114030) / 2
    responses = make_responses_of(np.transpose([[26, 26, 23, 18, 9], [6, 7, 9, 14, 23], [0] * 5, [0] * 5]))
    row = deprivation.summarise_tests(responses).set_index(["outcome", "test"]).loc[("1", "Kendall's tau-b")]
    assert row["effect_size"] == pytest.approx(tau, abs=5e-8)
    limits = np.tanh(np.arctanh(tau) + np.array([-1, 1]) * reach / (1 - tau**2))
    np.testing.assert_allclose([row["effect_low"], row["effect_high"]], limits, atol=5e-7)


def draw_scores(random, slope, times):
    """Draw scores whose normally distributed maturity moves by `slope` from fifth to fifth: times by responses."""
    maturity = random.normal(slope * (FIFTHS - 3), 1, (times, len(FIFTHS)))
    return np.digitize(maturity, [-1.2, 0.0, 1.3]) + 1.0


def draw_population(slope):
    """Draw so many scores, with the fifths' shares as they are, that what they give is the population's."""
    scores = draw_scores(np.random.default_rng(60), slope, 4000)
    return np.array([[(scores[:, fifth == FIFTHS] == score).sum() for score in range(1, 5)] for fifth in range(1, 6)])


@pytest.mark.parametrize(("sizes", "fifths"), [((11, 10, 11, 11, 10), 5), ((12,) * 5, 5), ((9, 0, 8, 0, 7), 3)])
def test_detectable_variance_is_that_of_statsmodels(sizes, fifths):
    counts = [[size // 2, size - size // 2, 0, 0] for size in sizes]
    table = deprivation.find_detectable(make_responses_of(counts), make_register(60))
    [row] = table[(table["outcome"] == "1") & (table["test"] == "one-way ANOVA")].to_dict("records")
    assert (row["n"], row["fifths"], row["clusters"]) == (sum(sizes), fifths, 60)
    expected = FTestAnovaPower().solve_power(nobs=sum(sizes), alpha=0.05, power=0.8, k_groups=fifths)
    assert row["cohen_f"] == pytest.approx(expected, rel=1e-6)
    assert row["detectable"] == pytest.approx(expected**2 / (1 + expected**2), rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), min_size=4, max_size=4), min_size=5, max_size=5))
def test_deviation_of_tau_without_a_relation_is_that_behind_scipys_p(counts):
    counts = np.array(counts)
    if not deprivation._can_compare(counts):
        return
    fifths = np.repeat(np.arange(5), counts.sum(axis=1))
    scores = np.concatenate([np.repeat(np.arange(4), of_fifth) for of_fifth in counts])
    tau, p = stats.kendalltau(fifths, scores, method="asymptotic")
    if p > 1e-12:
        z = abs(tau) / deprivation._find_tau_deviation(counts)
        assert 2 * stats.norm.sf(z) == pytest.approx(p, rel=1e-6)


@pytest.mark.parametrize("n", [4, 53, 60])
def test_deviation_of_tau_without_ties_is_that_of_the_textbook(n):
    assert deprivation._find_tau_deviation(np.eye(n, dtype=int)) == pytest.approx(
        math.sqrt(2 * (2 * n + 5) / (9 * n * (n - 1)))
    )


def test_of_the_registers_clusters_less_is_left_to_chance_and_nothing_where_all_responded(report):
    responses = make_responses_of([[3, 4, 3, 1], [2, 5, 3, 0], [3, 4, 3, 1], [3, 4, 3, 1], [2, 4, 3, 1]])
    tables = {n: deprivation.find_detectable(responses, make_register(n)) for n in (53, 60, 100_000)}
    narrow = tables[60]
    variance = narrow[narrow["test"] == "one-way ANOVA"]
    # The effective base of the standards for 53 of 60: n (N − 1) / (N − n).
    base = 53 * 59 / 7
    f_squared = variance["detectable_register"] / (1 - variance["detectable_register"])
    np.testing.assert_allclose(f_squared * base, variance["cohen_f"] ** 2 * 53)
    np.testing.assert_allclose(variance["difference_register"], variance["difference"] * math.sqrt(53 / base))
    assert (tables[53][["detectable_register", "difference_register"]] == 0).all(axis=None)
    for column in ("detectable", "difference"):
        np.testing.assert_allclose(tables[100_000][f"{column}_register"], narrow[column], rtol=1e-3)
        np.testing.assert_array_equal(tables[53][column], narrow[column])
    other = deprivation.find_detectable(responses, make_register(60, "2023-24"))
    assert other["detectable_register"].isna().all()
    assert other["detectable"].notna().all()


def test_less_can_be_detected_with_fewer_responses(detectable):
    means = detectable[detectable["outcome"] == "mean"].set_index(["test", "framework", "cycle"])["detectable"]
    for (test, framework), both in means.groupby(level=["test", "framework"]):
        assert both.xs("2023-24", level="cycle").item() > both.xs("2024-25", level="cycle").item(), (test, framework)


ORDERED = {"Kruskal-Wallis", "Kendall's tau-b"}
# What each case's counts by fifth (rows) and level are, which tests can be calculated, and which have an interval.
DEGENERATE = {
    "no rating": ([[0] * 4] * 5, set(), set()),
    "one fifth alone": ([[2, 3, 0, 0]] + [[0] * 4] * 4, set(), set()),
    "all alike": ([[3, 0, 0, 0]] * 5, set(), set()),
    "no fifth varies": ([[2, 0, 0, 0]] * 3 + [[0, 2, 0, 0]] * 2, ORDERED, {"Kendall's tau-b"}),
    "one fifth does not vary": ([[2, 0, 0, 0]] + [[1, 2, 0, 0]] * 4, *[{*TESTS} - {"Welch's ANOVA"}] * 2),
    "one rating in a fifth": ([[1, 0, 0, 0]] + [[1, 2, 0, 0]] * 4, *[{*TESTS} - {"Welch's ANOVA"}] * 2),
    "one rating in each": ([[1, 0, 0, 0], [0, 1, 0, 0]] * 2 + [[0] * 4], ORDERED, {"Kendall's tau-b"}),
    "two responses": ([[1, 0, 0, 0], [0, 1, 0, 0]] + [[0] * 4] * 3, ORDERED, set()),
    "perfect order": ([[3, 0, 0, 0], [0, 3, 0, 0], [0, 0, 3, 0], [0, 0, 0, 3], [0] * 4], ORDERED, set()),
    "two fifths": ([[4, 3, 0, 0], [2, 5, 1, 0]] + [[0] * 4] * 3, {*TESTS}, {*TESTS}),
}


@pytest.mark.parametrize("case", DEGENERATE)
def test_what_cannot_be_calculated_is_missing(case):
    counts, calculated, bounded = DEGENERATE[case]
    responses = make_responses_of(counts) if np.any(counts) else make_responses([{"acd_1": None}] * 6)
    table = deprivation.summarise_tests(responses)
    assert list(table["outcome"].unique()) == ["1", "mean"]
    for row in table.to_dict("records"):
        assert row["n"] == np.sum(counts)
        known = {column for column in MEASURED if not math.isnan(row[column])}
        assert {"statistic", "p", "p_holm", "effect_size"} <= known if row["test"] in calculated else not known
        assert {"effect_low", "effect_high"} & known == (
            {"effect_low", "effect_high"} if row["test"] in bounded else set()
        )
    found = deprivation.find_detectable(responses, make_register(60))
    assert found["detectable"].isna().all() or calculated
    assert found["difference"].isna().all() or {"one-way ANOVA"} <= calculated
    assert (found["detectable"].dropna() < 1).all()
