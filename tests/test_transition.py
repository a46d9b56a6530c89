"""Linked cycles against pandas, the published totals, and arithmetic that is done another way.

What the sample links is made up (data/README.md): its numbers serve to compare programs, and for nothing else.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_eval import open_report
from cluster_eval.measures import maturity, transition
from cluster_eval.sources.cycle import join_responses
from cluster_eval.vocabulary import LEVELS, RATINGS
from tests.conftest import CYCLES, ROOT
from tests.test_measures import make_responses, make_table

KEYS = ["framework", "outcome"]
FUNCTIONS = [
    transition.link,
    transition.summarise_transitions,
    transition.summarise_moves,
    transition.decompose_change,
]


@pytest.fixture(scope="module")
def responses():
    return open_report("2024-25", ROOT).responses


@pytest.fixture(scope="module")
def ratings(responses):
    """Scores by framework and outcome (text) and cluster, one column per cycle, made without `link`."""
    of_cycles = {}
    for cycle in CYCLES:
        rows = responses[responses["cycle"] == cycle]
        for variable, (framework, outcome) in RATINGS.items():
            for cluster, level in zip(rows["cluster"], rows[variable], strict=True):
                score = 1 + LEVELS.index(level) if level in LEVELS else np.nan
                of_cycles.setdefault((framework, str(outcome), cluster), {})[cycle] = score
    return pd.DataFrame.from_dict(of_cycles, orient="index", columns=list(CYCLES), dtype=float)


@pytest.fixture(scope="module")
def changes(ratings):
    """Framework and outcome: changes of its stayers."""
    both = ratings.dropna()
    return {
        key: (of_outcome[CYCLES[1]] - of_outcome[CYCLES[0]]).to_numpy()
        for key, of_outcome in both.groupby(level=[0, 1], sort=False)
    }


@pytest.fixture(scope="module")
def decomposition(responses):
    return transition.decompose_change(responses)


def make_pairs(*pairs, variable="acd_1"):
    """Make both cycles' responses of clusters' (previous, current) scores, None where blank."""
    previous, current = (
        [{variable: None if score is None else LEVELS[score - 1]} for score in scores]
        for scores in zip(*pairs, strict=True)
    )
    return make_responses(current, previous)


# Links


def test_links_are_those_found_cluster_by_cluster(responses, ratings):
    links = transition.link(responses)
    assert not links.duplicated([*KEYS, "cluster"]).any()
    found = links.set_index([*KEYS, "cluster"])
    expected = ratings.loc[list(found.index)]
    assert len(found) == len(ratings) == 20 * responses["cluster"].nunique()
    np.testing.assert_array_equal(found["previous"], expected[CYCLES[0]])
    np.testing.assert_array_equal(found["current"], expected[CYCLES[1]])
    kinds = {(True, True): "stayer", (True, False): "leaver", (False, True): "joiner", (False, False): None}
    rated = expected.notna().itertuples(index=False, name=None)
    assert [kind if isinstance(kind, str) else None for kind in links["kind"]] == [kinds[each] for each in rated]
    for cycle in ("previous", "current"):
        levels = [LEVELS[int(score) - 1] if score == score else None for score in links[cycle]]
        assert links[f"{cycle}_level"].astype(object).where(links[cycle].notna(), None).tolist() == levels
    fifths = responses.drop_duplicates("cluster").set_index("cluster")["deprivation_fifth"]
    assert links["deprivation_fifth"].tolist() == fifths.loc[links["cluster"]].tolist()


def test_links_keep_to_the_bounds_that_the_totals_set(responses):
    # Of 60 clusters, 46 responded and then 53: at least 39 and at most 46 did so twice, whoever they were.
    counts = transition.link(responses).query("outcome == '1'").groupby(["framework", "kind"]).size().unstack()
    assert counts["stayer"].between(46 + 53 - 60, 46).all()
    assert (counts["stayer"] + counts["leaver"] == 46).all()
    assert (counts["stayer"] + counts["joiner"] == 53).all()


def test_outcomes_that_one_cycle_did_not_ask_are_left_out():
    rows = [{"acd_1": "Mature", "acd_2": "Mature"}], [{"acd_2": "Foundation", "acd_3": "Mature"}]
    both = make_responses(*rows)
    for function in FUNCTIONS:
        assert set(function(both)["outcome"]) <= {"2", "all"}, function
        assert len(function(both)), function


def test_the_fifth_is_the_current_cycles_where_the_register_changed():
    tables = [make_table([{"acd_1": "Mature"}] * 2, cycle) for cycle in CYCLES]
    tables[0]["deprivation_fifth"], tables[1]["deprivation_fifth"] = [1, 2], [5, 4]
    tables[1] = tables[1].iloc[:1]
    assert transition.link(join_responses(tables))["deprivation_fifth"].tolist() == [5, 2]


def test_two_responses_of_a_cluster_are_refused(responses):
    with pytest.raises(ValueError, match="duplicate"):
        transition.link(pd.concat([responses, responses.iloc[:1]]))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_first_cycle_gives_an_empty_frame_of_the_same_columns(responses, function):
    both = function(responses)
    for alone in (responses.query("cycle == '2024-25'"), make_responses([{"role": "Agree"}], [{"role": "Agree"}])):
        table = function(alone)
        assert table.empty
        pd.testing.assert_series_equal(table.dtypes, both.dtypes)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_order_of_rows_and_kind_of_column_make_no_difference(responses, function):
    expected = function(responses)
    shuffled = responses.sample(frac=1, random_state=2025)
    pd.testing.assert_frame_equal(function(shuffled), expected, check_exact=True)
    text = shuffled.astype({column: "str" for column in responses.select_dtypes("category")})
    pd.testing.assert_frame_equal(function(text), expected, check_exact=True)


# Transitions and moves


def test_transitions_are_those_of_crosstab_zeros_included(responses, ratings):
    table = transition.summarise_transitions(responses)
    assert len(table) == (13 + 1 + 7 + 1) * 16
    assert (table["n"] == 0).any()
    both = ratings.dropna().astype(int)
    for (framework, outcome), of_outcome in table.groupby(KEYS, sort=False):
        pairs = both.loc[framework] if outcome == "all" else both.loc[framework].loc[outcome]
        expected = pd.crosstab(*(pairs[cycle].map(lambda score: LEVELS[score - 1]) for cycle in CYCLES))
        expected = expected.reindex(index=LEVELS, columns=LEVELS, fill_value=0)
        assert of_outcome["n"].tolist() == expected.to_numpy().ravel().tolist()
        assert of_outcome["previous_level"].tolist() == [level for level in LEVELS for _ in LEVELS]
        assert of_outcome["current_level"].tolist() == [*LEVELS] * 4
        assert set(of_outcome["base"]) == {len(pairs)}
        assert of_outcome["share"].sum() == pytest.approx(1)


def test_moves_are_the_signs_of_the_changes(responses, changes):
    moves = transition.summarise_moves(responses).set_index(KEYS)
    assert (moves[["up", "stayed", "down"]].sum(axis=1) == moves["base"]).all()
    np.testing.assert_allclose(
        moves[["share_up", "share_stayed", "share_down"]], moves[["up", "stayed", "down"]].div(moves["base"], axis=0)
    )
    for key, of_outcome in changes.items():
        expected = [int((np.sign(of_outcome) == sign).sum()) for sign in (1, 0, -1)]
        assert moves.loc[key, ["up", "stayed", "down"]].tolist() == expected
    for framework, of_framework in moves.groupby(level=0):
        counts = of_framework[["base", "up", "stayed", "down"]]
        assert counts.loc[framework, "all"].tolist() == counts.drop("all", level=1).sum().tolist()


# What comes from whom


def test_totals_are_exactly_those_that_are_published(responses, decomposition):
    shares = maturity.summarise(responses).set_index([*KEYS, "level", "cycle"])["share"].unstack()
    own = decomposition[decomposition["level"].isin(LEVELS)].set_index([*KEYS, "level"])
    assert len(own) == len(shares) == 22 * 4
    means = maturity.summarise_means(responses).set_index([*KEYS, "cycle"])["mean"].unstack()
    own_means = decomposition.query("measure == 'mean'").set_index(KEYS)
    assert len(own_means) == len(means) == 22
    for column, cycle in zip(("previous", "current"), CYCLES, strict=True):
        assert (own[column] == shares[cycle].loc[own.index]).all()
        assert (own_means[column] == means[cycle].loc[own_means.index]).all()
        together = shares[cycle].unstack()[["Developing", "Mature"]].sum(axis=1)
        sums = decomposition.query("level == 'Developing+Mature'").set_index(KEYS)[column]
        np.testing.assert_allclose(sums, together.loc[sums.index])


def test_contributions_add_up_to_the_change(decomposition):
    assert len(decomposition) == 22 * 6
    np.testing.assert_allclose(decomposition["current"] - decomposition["previous"], decomposition["change"], atol=0)
    contributions = decomposition[["stayers", "joiners", "leavers"]]
    np.testing.assert_allclose(contributions.sum(axis=1), decomposition["change"], rtol=0, atol=1e-14)
    assert contributions.ne(0).any().all()
    # Shares of the four levels add up to one before and after, so what any group contributes to them adds up to 0.
    of_levels = decomposition[decomposition["level"].isin(LEVELS)]
    np.testing.assert_allclose(of_levels.groupby(KEYS)[contributions.columns].sum(), 0, atol=1e-14)


def test_contributions_are_the_difference_that_a_group_makes_to_the_total(ratings, decomposition):
    # J / (S + J) (p_J − p_S1) = p1 − p_S1, and L / (S + L) (p_L − p_S0) = p0 − p_S0: a total with the group less one
    # without it.
    measures = {level: lambda score, i=i: (score == i).mean() for i, level in enumerate(LEVELS, start=1)}
    measures["Developing+Mature"] = lambda score: (score >= 3).mean()
    measures["mean"] = lambda score: score.mean()
    for row in decomposition.itertuples():
        if (row.outcome, row.measure) == ("all", "mean"):
            continue
        of_outcome = ratings.loc[row.framework]
        of_outcome = of_outcome if row.outcome == "all" else of_outcome.loc[row.outcome]
        measure = measures["mean" if row.measure == "mean" else row.level]
        stayers = of_outcome.dropna()
        before, now = (measure(of_outcome[cycle].dropna()) for cycle in CYCLES)
        stayed_before, stayed_now = (measure(stayers[cycle]) for cycle in CYCLES)
        assert (row.stayers, row.joiners, row.leavers) == pytest.approx(
            (stayed_now - stayed_before, now - stayed_now, stayed_before - before), abs=1e-14
        )
        counts = of_outcome.notna().value_counts()
        assert (row.n_stayers, row.n_joiners, row.n_leavers) == tuple(
            counts.get(each, 0) for each in ((True, True), (False, True), (True, False))
        )


def test_the_mean_of_all_outcomes_is_split_into_the_means_of_their_parts(decomposition):
    means = decomposition.query("measure == 'mean'").set_index(KEYS)
    for framework, of_framework in means.groupby(level=0):
        columns = ["previous", "current", "change", "stayers", "joiners", "leavers"]
        expected = of_framework.drop("all", level=1)
        np.testing.assert_allclose(
            of_framework.loc[(framework, "all"), columns].astype(float), expected[columns].mean()
        )
        sizes = ["n_stayers", "n_joiners", "n_leavers"]
        assert of_framework.loc[(framework, "all"), sizes].tolist() == expected[sizes].sum().tolist()


def test_a_decomposition_worked_by_hand():
    # Stayers 1→2 and 3→3, a leaver at 4, two joiners at 4 and 1: the mean goes from 8/3 to 10/4.
    responses = make_pairs((1, 2), (3, 3), (4, None), (None, 4), (None, 1))
    table = transition.decompose_change(responses).query("outcome == '1'").set_index("measure")
    row = table.loc["mean"]
    assert row[["previous", "current", "change"]].tolist() == pytest.approx([8 / 3, 5 / 2, -1 / 6])
    # 2.5 − 2; 2/4 of (2.5 − 2.5); −1/3 of (4 − 2).
    assert row[["stayers", "joiners", "leavers"]].tolist() == pytest.approx([1 / 2, 0, -2 / 3])
    assert row[["n_stayers", "n_joiners", "n_leavers"]].tolist() == [2, 2, 1]
    row = table.loc["share"].set_index("level").loc["Mature"]
    # From 1/3 to 1/4: nothing by stayers, 2/4 of 1/2 by joiners, −1/3 of 1 by the leaver.
    assert row[["stayers", "joiners", "leavers"]].tolist() == pytest.approx([0, 1 / 4, -1 / 3])


# Properties

scores = st.none() | st.integers(1, 4)
pairs = st.lists(st.tuples(scores, scores), min_size=1, max_size=12)


@settings(max_examples=20, deadline=None)
@given(pairs)
def test_totals_add_up_whoever_rated_when(drawn):
    responses = make_pairs(*drawn)
    stayers = sum(None not in pair for pair in drawn)
    transitions = transition.summarise_transitions(responses)
    assert len(transitions) == 2 * 16
    assert set(transitions["base"]) == {stayers}
    assert transitions["n"].sum() == 2 * stayers
    table = transition.decompose_change(responses)
    contributions = table[["stayers", "joiners", "leavers"]]
    if stayers:
        np.testing.assert_allclose(contributions.sum(axis=1), table["change"], rtol=0, atol=1e-14)
    else:
        assert contributions.isna().all(axis=None)
    shares = maturity.summarise(responses).query("outcome == '1'").set_index(["cycle", "level"])["share"]
    own = table.query("outcome == '1'").set_index("level").loc[[*LEVELS]]
    for column, cycle in zip(("previous", "current"), CYCLES, strict=True):
        np.testing.assert_array_equal(own[column], shares[cycle].loc[[*LEVELS]])
    means = maturity.summarise_means(responses).set_index(["outcome", "cycle"])["mean"]
    for row in table.query("measure == 'mean'").itertuples():
        np.testing.assert_array_equal([row.previous, row.current], [means[row.outcome, cycle] for cycle in CYCLES])


@settings(max_examples=20, deadline=None)
@given(pairs)
def test_time_turned_round_turns_every_sign(drawn):
    forth, back = make_pairs(*drawn), make_pairs(*(pair[::-1] for pair in drawn))
    one, other = map(transition.decompose_change, (forth, back))
    np.testing.assert_allclose(one["stayers"], -other["stayers"], atol=1e-14)
    np.testing.assert_allclose(one["joiners"], -other["leavers"], atol=1e-14)
    moves, turned = (transition.summarise_moves(each).iloc[0] for each in (forth, back))
    assert (moves["up"], moves["down"], moves["stayed"]) == (turned["down"], turned["up"], turned["stayed"])


# What cannot be calculated


def test_without_a_rating_shares_are_missing_and_counts_are_zero():
    responses = make_pairs((None, None), (None, 2))
    transitions = transition.summarise_transitions(responses)
    assert set(transitions["n"]) == set(transitions["base"]) == {0}
    assert transitions["share"].isna().all()
    moves = transition.summarise_moves(responses)
    assert moves[["base", "up", "stayed", "down"]].eq(0).all(axis=None)
    assert moves.filter(like="share").isna().all(axis=None)
    table = transition.decompose_change(responses)
    assert table[["previous", "change", "stayers", "joiners", "leavers"]].isna().all(axis=None)
    assert table["current"].notna().all()
    assert table[["n_stayers", "n_joiners", "n_leavers"]].drop_duplicates().to_numpy().tolist() == [[0, 1, 0]]


def test_where_all_respond_twice_all_comes_from_stayers():
    table = transition.decompose_change(make_pairs((1, 2), (3, 3), (4, 2)))
    assert (table["stayers"] == table["change"]).all()
    assert table[["joiners", "leavers", "n_joiners", "n_leavers"]].eq(0).all(axis=None)


def test_an_outcome_without_stayers_leaves_the_framework_its_shares_but_not_its_mean():
    previous = [
        {"acd_1": "Foundation", "acd_2": "Mature", "acd_3": None},
        {"acd_1": "Mature", "acd_2": None, "acd_3": None},
    ]
    current = [{"acd_1": "Mature", "acd_2": None, "acd_3": None}, {"acd_1": "Mature", "acd_2": "Mature", "acd_3": None}]
    both = make_responses(current, previous)
    table = transition.decompose_change(both).set_index(["outcome", "measure"]).sort_index()
    parts = ["stayers", "joiners", "leavers"]
    assert table.loc[("all", "share"), parts].notna().all(axis=None)
    assert table.loc[("all", "mean"), parts].isna().all(axis=None)
    assert table.loc[("all", "mean"), "change"].item() == pytest.approx(0.5)
    # Nobody rated outcome 3 in either cycle; without outcome 2, it does not stand in the way.
    rows = [[{name: row[name] for name in ("acd_1", "acd_3")} for row in cycle] for cycle in (current, previous)]
    table = transition.decompose_change(make_responses(*rows)).set_index(["outcome", "measure"]).sort_index()
    assert table.loc[("all", "mean"), "stayers"].item() == table.loc[("all", "mean"), "change"].item() == 1
