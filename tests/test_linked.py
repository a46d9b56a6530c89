"""Change of the same clusters: tests and intervals against scipy, statsmodels, pingouin and their own definitions.

Golden values from R are in test_golden.py. What the sample links is made up (data/README.md).
"""

import itertools
import math

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from cluster_eval import open_report
from cluster_eval.measures import linked
from cluster_eval.sources.cycle import join_responses
from cluster_eval.vocabulary import LEVELS
from tests.conftest import ROOT
from tests.test_measures import make_responses, make_table
from tests.test_transition import make_pairs

SHARES = ("Pre-foundation", "Developing+Mature", "Mature")


@pytest.fixture(scope="module")
def responses():
    return open_report("2024-25", ROOT).responses


@pytest.fixture(scope="module")
def table(responses):
    return linked.summarise(responses)


def make_changes(changes):
    """Make both cycles' responses of clusters whose score in one outcome changed by -3 to 3."""
    return make_pairs(*(((1, 1 + change) if change >= 0 else (4, 4 + change)) for change in changes))


def compare_means(responses):
    rows = linked.summarise(responses)
    [row] = rows[(rows["outcome"] == "1") & (rows["level"] == "mean")].to_dict("records")
    return row


def enumerate_p(changes):
    """Go through all patterns of signs: the definition of the exact test, and nothing else."""
    ranks = stats.rankdata(np.abs(changes)) * (np.asarray(changes) != 0)
    signs = np.array([*itertools.product([-1, 1], repeat=len(ranks))])
    return np.mean(np.abs(signs @ ranks) >= np.abs(np.sign(changes) @ ranks) - 1e-9)


def enumerate_means(changes):
    """Go through all resamples of the changes: the definition of the bootstrap."""
    means = np.array([np.mean(drawn) for drawn in itertools.product(changes, repeat=len(changes))])
    return np.quantile(means.round(12), [0.025, 0.975], method="inverted_cdf")


def test_every_outcome_and_framework_has_each_level_once(table):
    assert len(table) == 4 * (20 + 2)
    assert not table.duplicated(["framework", "outcome", "level"]).any()
    np.testing.assert_allclose(table["current"] - table["previous"], table["change"], atol=1e-12)
    limits = table.dropna(subset=["low"])
    assert ((limits["low"] <= limits["change"]) & (limits["change"] <= limits["high"])).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=2, max_size=11))
def test_exact_p_is_that_of_all_patterns_of_signs_and_of_scipys_exhaustive_permutations(drawn):
    row = compare_means(make_changes(drawn))
    if not any(drawn):
        assert np.isnan(row["p"])
        return
    assert row["p"] == pytest.approx(enumerate_p(drawn))
    permuted = stats.wilcoxon(drawn, zero_method="pratt", method=stats.PermutationMethod(n_resamples=2**11))
    assert (row["statistic"], row["p"]) == pytest.approx((permuted.statistic, permuted.pvalue))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=2, max_size=6))
def test_limits_are_those_of_all_resamples(drawn):
    row = compare_means(make_changes(drawn))
    if len(set(drawn)) < 2:
        assert np.isnan([row["low"], row["high"]]).all()
    else:
        assert [row["low"], row["high"]] == pytest.approx(enumerate_means(drawn))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 10_000), min_size=2, max_size=45, unique=True), st.integers(0, 2**32))
def test_without_ties_and_zeros_p_is_scipys_own_and_the_effect_pingouins(sizes, seed):
    changed = np.array(sizes) * np.random.default_rng(seed).choice([-1, 1], len(sizes))
    statistic, p, effect = linked._test(changed)
    expected = stats.wilcoxon(changed, method="exact")
    assert (statistic, p) == pytest.approx((expected.statistic, expected.pvalue))
    other = pingouin.wilcoxon(changed, np.zeros(len(changed)), method="asymptotic")
    assert effect == pytest.approx(other["RBC"].item())


@pytest.mark.parametrize(
    ("drawn", "statistic", "p", "effect"),
    [
        # Zeros take ranks 1 and 2, the ones 3 to 5, so 4 each, the two 6; all 18 are up in 1 of 16 patterns, down in 1.
        ([0, 0, 1, 1, 1, 2], 0, 2 / 16, 18 / 21),
        # Ranks 3, 3, 3 and 5: 14 in all. 9 is 2 from the middle; 10 of 16 patterns give 0, 3, 5, 9, 11 or 14.
        ([0, 1, 1, 1, -2], 5, 10 / 16, 4 / 15),
        ([0, 0, 0, 0, 1], 0, 1, 5 / 15),
        ([2, -2], 1.5, 1, 0),
    ],
)
def test_small_cases_are_those_worked_by_hand(drawn, statistic, p, effect):
    row = compare_means(make_changes(drawn))
    assert (row["statistic"], row["p"], row["effect"]) == pytest.approx((statistic, p, effect))


@pytest.mark.parametrize("sizes", [[0, 0, 1, 1, 1, 1, 2, 2, 3], [0, 0, 0, 1, 1, 1, 1, 1, 1, 1]])
def test_under_the_null_p_falls_below_a_level_no_more_often_than_the_level_says(sizes):
    p = [linked._test(np.array(signs) * sizes)[1] for signs in itertools.product([-1, 1], repeat=len(sizes))]
    for level in (0.01, 0.05, 0.1, 0.25, 0.5):
        assert np.mean(np.array(p) <= level + 1e-12) <= level


def test_the_test_of_one_outcomes_share_is_statsmodels_exact_mcnemar(responses, table):
    scores = {key: of.set_index("cluster") for key, of in linked_scores(responses).groupby(["framework", "outcome"])}
    for row in table[(table["outcome"] != "all") & table["level"].isin(SHARES)].itertuples():
        levels = [1] if row.level == "Pre-foundation" else [3, 4] if "+" in row.level else [4]
        both = scores[row.framework, row.outcome].isin(levels)[["2023-24", "2024-25"]].to_numpy()
        up, down = (~both[:, 0] & both[:, 1]).sum(), (both[:, 0] & ~both[:, 1]).sum()
        expected = min(1, mcnemar([[0, up], [down, 0]], exact=True).pvalue) if up + down else math.nan
        assert row.p == pytest.approx(expected, nan_ok=True)
        assert row.change == pytest.approx((up - down) / len(both))


def linked_scores(responses):
    """Scores of the clusters that rated an outcome in both cycles, made by pandas alone."""
    from cluster_eval.measures.maturity import select_ratings

    ratings = select_ratings(responses).astype({"cycle": "str", "cluster": "str"})
    wide = ratings.pivot(index=["framework", "outcome", "cluster"], columns="cycle", values="score")
    return wide.dropna().reset_index()


def test_a_frameworks_share_is_the_mean_of_each_clusters_own(responses, table):
    scores = linked_scores(responses)
    rows = table.query("outcome == 'all' and level == 'Developing+Mature'").set_index("framework")
    for framework, of_framework in scores.groupby("framework"):
        own = of_framework.assign(before=of_framework["2023-24"] >= 3, now=of_framework["2024-25"] >= 3)
        means = own.groupby("cluster")[["before", "now"]].mean()
        row = rows.loc[framework]
        assert (row.clusters, row.previous, row.current) == pytest.approx((len(means), *means.mean()))
        changes = (means["now"] - means["before"]).round(12)
        expected = stats.bootstrap((changes,), np.mean, n_resamples=20_000, method="percentile", rng=1)
        assert (row.low, row.high) == pytest.approx(tuple(expected.confidence_interval), abs=0.004)


def test_a_cluster_counts_once_however_many_outcomes_it_rated():
    previous = [{"acd_1": "Foundation", "acd_2": "Foundation"}, {"acd_1": "Foundation", "acd_2": None}]
    current = [{"acd_1": "Mature", "acd_2": "Developing"}, {"acd_1": "Pre-foundation", "acd_2": "Mature"}]
    rows = linked.summarise(make_responses(current, previous)).query("outcome == 'all'").set_index("level")
    # The first cluster went from 2 to 3.5; the second from 2 to 1 in the one outcome that it rated twice.
    assert rows.loc["mean", ["clusters", "previous", "current", "change"]].tolist() == [2, 2, 2.25, 0.25]
    # All that the first rated is Developing or Mature now, none of what the second did in both.
    assert rows.loc["Developing+Mature", ["previous", "current"]].tolist() == [0, 0.5]


def test_frameworks_and_outcomes_are_families_of_their_own_within_each_level(table):
    for level, of_level in table.groupby("level"):
        for family, size in ((of_level["outcome"] == "all", 2), (of_level["outcome"] != "all", 20)):
            rows = of_level[family]
            assert len(rows) == size
            expected = multipletests(rows["p"].fillna(1), method="holm")[1]
            np.testing.assert_allclose(rows["p_holm"].fillna(1), expected, err_msg=level)


def test_a_test_that_cannot_be_made_leaves_the_family_as_large_as_declared():
    rows = [{"acd_1": "Foundation", "acd_2": "Mature", "pcmw_1": "Foundation"}] * 8
    later = [row | {"acd_1": "Mature", "pcmw_1": LEVELS[2 + (i > 5)]} for i, row in enumerate(rows)]
    found = linked.summarise(make_responses(later, rows)).query("level == 'mean' and outcome != 'all'")
    found = found.set_index(["framework", "outcome"])
    assert found.loc[("ACD", "2"), ["p", "p_holm"]].isna().all()
    tested = found.drop(("ACD", "2"))
    assert tested["p"].tolist() == pytest.approx([2 / 2**8] * 2)
    assert tested["p_holm"].tolist() == pytest.approx([3 * 2 / 2**8] * 2)


pairs = st.lists(
    st.tuples(*[st.one_of(st.none(), st.integers(1, 4))] * 2).filter(lambda pair: pair != (None, None)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(pairs)
def test_time_turned_round_turns_every_sign(drawn):
    both = [linked.summarise(make_pairs(*each)) for each in (drawn, [pair[::-1] for pair in drawn])]
    if both[0].empty or both[1].empty:
        return
    for name, other, sign in (
        ("change", "change", -1),
        ("low", "high", -1),
        ("p", "p", 1),
        ("effect", "effect", -1),
        ("clusters", "clusters", 1),
    ):
        within = 1 / 6 if name == "low" else 1e-12
        np.testing.assert_allclose(both[0][name], sign * both[1][other], atol=within)


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ([(2, None), (None, 3)], {"clusters": 0, "p": None, "p_holm": None, "effect": None, "change": None}),
        ([(2, 2)] * 5, {"clusters": 5, "p": None, "effect": 0, "change": 0, "low": None}),
        ([(2, 3)], {"clusters": 1, "p": 1, "effect": 1, "change": 1, "low": None, "high": None}),
        ([(2, 3)] * 5, {"clusters": 5, "p": 2 / 32, "effect": 1, "low": None, "high": None}),
    ],
    ids=["no stayer", "none changed", "one pair", "all changed alike"],
)
def test_what_cannot_be_calculated_is_missing(drawn, expected):
    row = compare_means(make_pairs(*drawn))
    assert {name: None if pd.isna(row[name]) else row[name] for name in expected} == pytest.approx(expected)


def test_two_responses_of_a_cluster_are_refused(responses):
    with pytest.raises(ValueError, match="duplicate"):
        linked.summarise(pd.concat([responses, responses.tail(1)]))


# Three cycles and more


def make_cycles(*cycles):
    """Make responses of any number of cycles: of each the clusters' scores in ACD 1, None where blank."""
    names = [f"{year}-{(year + 1) % 100:02}" for year in range(2023, 2023 + len(cycles))]
    tables = [
        make_table([{"acd_1": None if score is None else LEVELS[score - 1]} for score in scores], cycle=name)
        for name, scores in zip(names, cycles, strict=True)
    ]
    return join_responses(tables)


def test_neighbours_are_compared_and_their_changes_are_one_family():
    responses = make_cycles([1] * 6, [3] * 6, [4, 4, 4, 4, 4, 3])
    rows = linked.summarise(responses).query("level == 'mean' and outcome == '1'")
    assert list(zip(rows["previous_cycle"], rows["cycle"], strict=True)) == [
        ("2023-24", "2024-25"),
        ("2024-25", "2025-26"),
    ]
    assert rows["p"].tolist() == pytest.approx([2 / 2**6, 2 / 2**5])
    assert rows["p_holm"].tolist() == pytest.approx([2 * 2 / 2**6, 2 / 2**5])


def test_a_trend_is_the_mean_of_slopes_of_the_clusters_in_every_cycle():
    shares = [[1, 1, 1, 4, None], [1, 3, 4, 4, 1], [3, 3, 3, 4, 4], [3, 3, 1, 4, 4]]
    found = linked.summarise_trend(make_cycles(*shares)).query("level == 'Developing+Mature'")
    [row] = found.to_dict("records")
    assert (row["first_cycle"], row["cycle"], row["cycles"], row["clusters"]) == ("2023-24", "2026-27", 4, 4)
    high = (np.array([each[:4] for each in shares], dtype=float) >= 3).astype(float)
    slopes = np.polyfit(range(4), high, 1)[0]
    assert row["slope"] == pytest.approx(slopes.mean())
    assert [row["low"], row["high"]] == pytest.approx(enumerate_means(slopes))
    assert row["p"] == pytest.approx(enumerate_p(slopes.round(9)))


def test_clusters_in_every_cycle_stand_apart_from_all():
    found = linked.summarise_constant(make_cycles([1, 3], [3, 3], [4, None])).query("level == 'Developing+Mature'")
    assert found["clusters"].tolist() == [1] * 3
    assert found["share"].tolist() == [0, 1, 1]
    assert found["clusters_of_all"].tolist() == [2, 2, 1]
    assert found["share_of_all"].tolist() == [0.5, 1, 1]


def test_there_is_no_trend_with_fewer_than_three_cycles(responses):
    assert linked.summarise_trend(responses).empty
    assert linked.summarise(responses[responses["cycle"] == "2024-25"]).empty
    assert math.isfinite(linked.summarise_constant(responses)["share"].sum())
