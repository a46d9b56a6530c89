"""Intervals against other programs and other derivations, and against what a census of the population would find."""

from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cluster_eval import measures, open_report
from cluster_eval.measures.uncertainty import (
    add_intervals,
    count_population,
    find_limits,
    look_up_population,
    summarise_means,
    summarise_summed,
)
from cluster_eval.sources.cycle import join_responses
from cluster_eval.values import Kind
from cluster_eval.vocabulary import LEVELS, RATINGS
from cluster_eval.words.numbers import round_cell
from tests.conftest import CYCLES, ROOT

CYCLE = "2024-25"
Z = stats.norm.ppf(0.975)
FEW = 499
"""Resamples where a test is not about their number."""


@pytest.fixture(scope="module")
def report():
    return open_report(CYCLE, ROOT)


@pytest.fixture(scope="module")
def population(report):
    return count_population(report.register)


def make_responses(rows, cycle=CYCLE):
    """Make tidy responses of one cycle: a mapping of variable to answer for each cluster."""
    keys = {
        "cycle": cycle,
        "response_id": [str(place) for place in range(len(rows))],
        "row": range(2, len(rows) + 2),
        "completed": pd.Timestamp("2025-04-30 14:05:00"),
        "cluster": [f"C-{place}" for place in range(len(rows))],
        "health_board": "Powys",
        "deprivation_fifth": 1,
    }
    answers = pd.DataFrame(rows).astype(dict.fromkeys(rows[0], "str"))
    return join_responses([pd.concat([pd.DataFrame(keys), answers], axis="columns")])


def make_register(clusters, cycle=CYCLE):
    return pd.DataFrame({"cycle": cycle, "cluster": [f"C-{place}" for place in range(clusters)]})


def rate(*scores):
    """Make responses that rate the ACD outcomes, one row of scores each; None is a blank."""
    names = [variable for variable in RATINGS if variable.startswith("acd")]
    return make_responses(
        [
            {name: None if score is None else LEVELS[score - 1] for name, score in zip(names, row, strict=False)}
            for row in scores
        ]
    )


def make_shares(counts, base, **more):
    table = pd.DataFrame({"cycle": CYCLE, "n": counts, "base": base}, dtype=None)
    return table.assign(share=table["n"].div(table["base"]).where(table["base"] > 0), **more)


@pytest.mark.parametrize(("n", "limits"), [(20, (20, 25)), (43, (47, 50)), (3, (3, 5)), (0, (0, 1))])
def test_the_checks_of_the_standards(n, limits):
    [row] = add_intervals(make_shares([n], 53), {CYCLE: 60}).to_dict("records")
    assert (row["low_clusters"], row["high_clusters"]) == limits
    assert (row["low"], row["high"]) == (limits[0] / 60, limits[1] / 60)
    assert (row["lowest"], row["highest"], row["population"]) == (n / 60, (n + 7) / 60, 60)


def find_acceptable(n, base, population, level=Fraction(5, 100)):
    """Blaker's limits in whole numbers: by the ways in which each total could have given what was found."""
    ways = comb(population, base)
    accepted = []
    for total in range(n, n + population - base + 1):
        chances = [comb(total, x) * comb(population - total, base - x) for x in range(base + 1)]
        below, above = sum(chances[: n + 1]), sum(chances[n:])
        tail = min(below, above)
        if below <= above:
            other = max((sum(chances[x:]) for x in range(base + 1) if sum(chances[x:]) <= tail), default=0)
        else:
            other = max((sum(chances[: x + 1]) for x in range(base + 1) if sum(chances[: x + 1]) <= tail), default=0)
        if Fraction(tail + other, ways) > level:
            accepted.append(total)
    return min(accepted), max(accepted)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 40).flatmap(
        lambda N: st.integers(1, N).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(N)))
    )
)
def test_limits_are_those_of_counting_in_whole_numbers(drawn):
    assert find_limits(*drawn) == find_acceptable(*drawn)


@pytest.mark.parametrize("base", [30, 46, 53, 59])
def test_limits_hold_every_number_of_60_clusters_in_95_of_100_samples_at_least(base):
    """By the hypergeometric distribution, exactly, for every population of 60 clusters."""
    limits = [find_limits(n, base, 60) for n in range(base + 1)]
    coverage = [
        stats.hypergeom(60, total, base).pmf(range(base + 1)) @ [low <= total <= high for low, high in limits]
        for total in range(61)
    ]
    assert min(coverage) >= 0.95 - 1e-9
    if base == 53:
        assert min(coverage) == pytest.approx(0.951, abs=0.0005)


@pytest.mark.parametrize("base", range(30, 61))
def test_no_limits_shut_out_what_was_found_as_it_is_printed_and_none_leaves_the_bounds(base):
    found = add_intervals(make_shares(range(base + 1), base), {CYCLE: 60})
    printed = found[["low", "share", "high"]].map(lambda share: round_cell(share, Kind.PERCENT))
    assert (printed["low"] <= printed["share"]).all() and (printed["share"] <= printed["high"]).all()
    assert (found["lowest"] <= found["low"]).all() and (found["high"] <= found["highest"]).all()


def test_rows_summed_over_outcomes_have_no_interval(report, population):
    found = add_intervals(measures.maturity.summarise(report.responses), population)
    summed = found[found["outcome"] == "all"]
    assert len(summed) == 16
    assert summed[["low_clusters", "high_clusters", "low", "high", "lowest", "highest"]].isna().all(axis=None)
    assert set(found["population"]) == {60}
    assert found[found["outcome"] != "all"].notna().all(axis=None)


def test_shares_of_all_are_points_and_of_none_are_missing():
    found = add_intervals(make_shares([0, 3, 0, 0, 1], [4, 4, 0, 1, 1]), {CYCLE: 4})
    assert found.loc[:1, ["low", "high", "lowest", "highest"]].to_numpy().tolist() == [[0] * 4, [0.75] * 4]
    assert found.loc[2, ["low_clusters", "high_clusters", "low", "high"]].isna().all()
    assert found.loc[2, ["lowest", "highest"]].tolist() == [0, 1]
    assert found.loc[3, "low"] == 0 < found.loc[3, "high"] < 1
    assert 0 < found.loc[4, "low"] < found.loc[4, "high"] == 1
    empty = add_intervals(make_shares([], []), {})
    assert list(empty.columns[-7:]) == [
        "population",
        "low_clusters",
        "high_clusters",
        "low",
        "high",
        "lowest",
        "highest",
    ]


def test_a_base_above_the_population_and_a_cycle_without_one_are_errors():
    with pytest.raises(ValueError, match="at most the number of clusters"):
        add_intervals(make_shares([1], 5), {CYCLE: 4})
    with pytest.raises(ValueError, match="no number of clusters is given for 2024-25"):
        add_intervals(make_shares([1], 5), {"2023-24": 60})
    for summarise in (summarise_means, summarise_summed):
        with pytest.raises(ValueError, match="3 clusters responded, of 2"):
            summarise(rate([1], [2], [3]), make_register(2), resamples=FEW)


def test_population_counts_each_cluster_of_a_cycle_once(report, population):
    assert population == dict.fromkeys(CYCLES, 60)
    register = pd.concat([make_register(3), make_register(2), make_register(5, "2023-24")])
    assert count_population(register) == {"2023-24": 5, CYCLE: 3}
    cycles = pd.Series([CYCLE, "2023-24"], dtype="category")
    assert look_up_population(cycles, count_population(register)).tolist() == [3, 5]


@st.composite
def draw_share(draw):
    clusters = draw(st.integers(2, 80))
    n = draw(st.integers(1, clusters))
    return draw(st.integers(0, n)), n, clusters


@given(draw_share())
def test_limits_keep_to_the_bounds_and_mirror_each_other(drawn):
    k, n, clusters = drawn
    found = add_intervals(make_shares([k, n - k], n), {CYCLE: clusters})
    one, other = found.to_dict("records")
    assert k <= one["low_clusters"] <= one["high_clusters"] <= k + clusters - n
    assert one["low_clusters"] == clusters - other["high_clusters"]
    assert one["lowest"] == pytest.approx(1 - other["highest"])
    assert one["highest"] - one["lowest"] == pytest.approx((clusters - n) / clusters)


def take_scores(responses, cycle, framework):
    variables = [variable for variable, (code, _) in RATINGS.items() if code == framework]
    of_cycle = responses.loc[responses["cycle"] == cycle, variables]
    scores = {level: score for score, level in enumerate(LEVELS, start=1)}
    return of_cycle.apply(lambda column: column.astype("object").map(scores).astype(float))


@pytest.fixture(scope="module")
def means(report):
    return summarise_means(report.responses, report.register)


@pytest.fixture(scope="module")
def summed(report):
    return summarise_summed(report.responses, report.register)


def test_means_are_those_of_maturity(report, means):
    expected = measures.maturity.summarise_means(report.responses)
    pd.testing.assert_frame_equal(means[expected.columns], expected)
    assert set(means["population"]) == {60}
    single = means[means["outcome"] != "all"]
    assert (single["responses"] == single["base"]).all()
    assert set(means.query("outcome == 'all' and cycle == '2023-24'")["responses"]) == {46}
    assert ((means["lowest"] < means["low"]) | (means["low"] < means["mean"])).all()


def test_means_are_shrunk_limits_of_scipys_bootstrap_of_the_scores_themselves(report, means):
    """Resampling each cluster's scores, where the measure resamples how often each is drawn."""
    found = means.set_index(["cycle", "framework", "outcome"])
    for cycle, framework, outcome in [(CYCLE, "PCMW", "7"), ("2023-24", "PCMW", "13"), ("2023-24", "ACD", "7")]:
        scores = take_scores(report.responses, cycle, framework)[f"{framework.lower()}_{outcome}"].dropna()
        expected = stats.bootstrap(
            (np.sort(scores),), np.mean, method="percentile", vectorized=True, rng=np.random.default_rng(2025)
        ).confidence_interval
        row = found.loc[(cycle, framework, outcome)]
        factor = np.sqrt((60 - len(scores)) / 59)
        assert row["low"] == pytest.approx(scores.mean() + (expected.low - scores.mean()) * factor, abs=1e-12)
        assert row["high"] == pytest.approx(scores.mean() + (expected.high - scores.mean()) * factor, abs=1e-12)


def test_means_are_about_those_of_the_formula(report, means):
    """Against mean ± z · s · √((1 − n / N) / n) (Cochran 1977, section 2.8); for all, of the clusters' means."""
    for row in means.query("outcome == 'all' or base == 53").itertuples():
        scores = take_scores(report.responses, row.cycle, row.framework)
        of_clusters = scores.mean(axis=1) if row.outcome == "all" else scores[f"{row.framework.lower()}_{row.outcome}"]
        half = Z * of_clusters.std() * np.sqrt((1 - row.responses / 60) / row.responses)
        assert row.mean - row.low == pytest.approx(half, rel=0.12)
        assert row.high - row.mean == pytest.approx(half, rel=0.12)


def test_summed_shares_are_about_those_of_the_linearised_ratio(report, summed):
    """Against the variance of a ratio, s² of y − R x over the mean of x squared (Cochran 1977, section 6.4)."""
    assert len(summed) == 2 * 2 * 5
    for row in summed.itertuples():
        scores = take_scores(report.responses, row.cycle, row.framework)
        wanted = [LEVELS.index(level) + 1 for level in row.level.split("+")]
        at_level, rated = scores.isin(wanted).sum(axis=1), scores.notna().sum(axis=1)
        assert (row.n, row.base) == (at_level.sum(), rated.sum())
        assert row.share == pytest.approx(row.n / row.base)
        residuals = at_level - row.share * rated
        half = Z * residuals.std() * np.sqrt((1 - row.responses / 60) / row.responses) / rated.mean()
        assert (row.high - row.low) / 2 == pytest.approx(half, rel=0.06)
        assert row.low < row.share < row.high
        ratings = 60 * scores.shape[1]
        assert (row.lowest, row.highest) == pytest.approx((row.n / ratings, (row.n + ratings - row.base) / ratings))


def test_summed_shares_are_wider_than_if_ratings_were_independent(summed):
    """Clusters that rate one outcome high rate others high: intervals from so many ratings would be too narrow."""
    row = summed.set_index(["cycle", "framework", "level"]).loc[(CYCLE, "PCMW", "Developing+Mature")]
    alone = stats.binomtest(int(row["n"]), int(row["base"])).proportion_ci(method="wilson")
    assert row["high"] - row["low"] > 1.2 * np.sqrt(7 / 59) * (alone.high - alone.low)


def test_neither_the_order_of_rows_nor_other_rows_make_a_difference(report):
    shuffled = report.responses.sample(frac=1, random_state=1)
    own = report.responses[report.responses["cycle"] == CYCLE]
    for summarise in (summarise_means, summarise_summed):
        whole = summarise(report.responses, report.register, resamples=FEW)
        keys = [name for name in ("cycle", "framework", "outcome", "level") if name in whole]
        other = summarise(shuffled, report.register.sample(frac=1, random_state=2), resamples=FEW)
        pd.testing.assert_frame_equal(
            whole.sort_values(keys, ignore_index=True), other.sort_values(keys, ignore_index=True), rtol=0, atol=1e-12
        )
        alone = summarise(own, report.register, resamples=FEW)
        pd.testing.assert_frame_equal(alone, whole[whole["cycle"] == CYCLE].reset_index(drop=True))
    single = summarise_means(own[[*own.columns[:7], "pcmw_7"]], report.register, resamples=FEW).set_index("outcome")
    whole = summarise_means(own, report.register, resamples=FEW).query("framework == 'PCMW'").set_index("outcome")
    assert single.loc["7", "low"] == whole.loc["7", "low"]
    assert single.loc["all", "low"] == single.loc["7", "low"]


def test_another_seed_is_another_interval_and_confidence_makes_it_wider():
    responses = rate([1], [2], [2], [3], [3], [4])
    default, other, wide = (
        summarise_means(responses, make_register(9), resamples=FEW, **how).loc[0]
        for how in ({}, {"seed": 1}, {"confidence": 0.999})
    )
    assert default["low"] != other["low"]
    assert wide["low"] < default["low"] and default["high"] < wide["high"]
    shares = make_shares([3], 7)
    narrow = add_intervals(shares, {CYCLE: 9}, 0.5)
    assert narrow["high"].item() < add_intervals(shares, {CYCLE: 9})["high"].item()


@pytest.mark.parametrize("summarise", [summarise_means, summarise_summed])
def test_where_all_responded_the_interval_is_the_point(summarise):
    found = summarise(rate([1, 2], [3, 3], [4, 4]), make_register(3), resamples=FEW)
    value = found["mean" if "mean" in found else "share"]
    for limit in ("low", "high", "lowest", "highest"):
        np.testing.assert_allclose(found[limit], value)


@pytest.mark.parametrize(
    "scores",
    [[[3, 2]], [[3, 2], [3, 2], [3, 2]], [[3, 2], [3, None], [None, 2]]],
    ids=["one response", "all alike", "all alike and blanks"],
)
def test_where_nothing_can_be_told_the_interval_is_missing(scores):
    means = summarise_means(rate(*scores), make_register(60), resamples=FEW)
    assert means["mean"].tolist() == [3, 2, 2.5]
    assert means.loc[:1, ["low", "high"]].isna().all(axis=None)
    assert means[["lowest", "highest"]].notna().all(axis=None)
    summed = summarise_summed(rate(*scores), make_register(60), resamples=FEW).set_index("level")
    assert summed.loc["Mature", ["low", "high"]].isna().all()
    assert summed.loc["Mature", "lowest"] == 0


def test_an_outcome_that_nobody_rated_has_no_mean_but_bounds():
    means = summarise_means(rate([1, None], [2, None]), make_register(4), resamples=FEW).set_index("outcome")
    assert means.loc["2", ["mean", "low", "high"]].isna().all()
    assert means.loc["2", ["base", "lowest", "highest"]].tolist() == [0, 1, 4]
    # (3 + 2 × 1) / 4 and (3 + 2 × 4) / 4: the other outcome is not among those that are averaged.
    assert means.loc["all", ["lowest", "highest"]].tolist() == [1.25, 2.75]
    nobody = rate([None, None], [None, None])
    assert summarise_means(nobody, make_register(4))[["low", "high"]].isna().all(axis=None)
    assert summarise_summed(nobody, make_register(4))[["share", "low", "high"]].isna().all(axis=None)
    no_ratings = make_responses([{"role": "Agree"}])
    assert summarise_means(no_ratings, make_register(1)).empty
    assert summarise_summed(no_ratings, make_register(1)).empty


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.none() | st.integers(1, 4), min_size=2, max_size=2), min_size=1, max_size=9), st.integers(0, 9)
)
def test_limits_are_in_order_and_on_the_scale(scores, silent):
    register = make_register(len(scores) + silent)
    means = summarise_means(rate(*scores), register, resamples=FEW)
    summed = summarise_summed(rate(*scores), register, resamples=FEW)
    for table, value, ends in ((means, "mean", (1, 4)), (summed, "share", (0, 1))):
        known = table.dropna(subset=["low"])
        assert (known["low"] <= known["high"]).all()
        assert known[["low", "high"]].stack().between(ends[0] - 1e-12, ends[1] + 1e-12).all()
        bounds = table.dropna(subset=["lowest"])
        assert (bounds["lowest"] <= bounds["highest"] + 1e-12).all()
        assert bounds[["lowest", "highest"]].stack().between(ends[0] - 1e-12, ends[1] + 1e-12).all()
        assert (table[value].isna() <= table["low"].isna()).all()
