"""What responses say of all clusters: rankings, weighted shares, and what counts alone make certain."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_eval.measures import estimates, maturity, overlap, ranking, weighting
from cluster_eval.sources.cycle import join_responses
from cluster_eval.vocabulary import HEALTH_BOARDS, LEVELS
from tests.test_measures import make_table

BOARDS = list(HEALTH_BOARDS)
CYCLES = ("2023-24", "2024-25")


def make_survey(sizes, *cycles):
    """Make the register of boards of these sizes and the responses of cycles: of each cluster its scores, or None.

    Scores are of ACD 1, or of ACD 1 and 2 as a pair.
    """
    clusters = [f"{board}-{place}" for board, size in zip(BOARDS, sizes, strict=False) for place in range(size)]
    boards = [board for board, size in zip(BOARDS, sizes, strict=False) for _ in range(size)]
    register = pd.DataFrame({"cluster": clusters, "health_board": boards, "deprivation_fifth": 1})
    names = CYCLES[-len(cycles) :]
    tables = []
    for name, scores in zip(names, cycles, strict=True):
        given_scores = [each for each in scores if each is not None]
        pairs = [each if isinstance(each, tuple) else (each,) for each in given_scores]
        rows = [
            {f"acd_{place}": None if score is None else LEVELS[score - 1] for place, score in enumerate(pair, 1)}
            for pair in pairs
        ]
        answered = [place for place, each in enumerate(scores) if each is not None]
        table = make_table(rows, cycle=name).assign(
            cluster=[clusters[place] for place in answered], health_board=[boards[place] for place in answered]
        )
        tables.append(table)
    return join_responses(tables), pd.concat([register.assign(cycle=name) for name in names], ignore_index=True)


# Rankings


def test_places_are_certain_where_all_responded():
    responses, register = make_survey([3], [(4, 1), (3, 2), (1, 1)])
    table = ranking.summarise(responses, register).query("level == 'Developing+Mature'")
    assert table[["outcome", "place", "place_low", "place_high"]].to_numpy().tolist() == [
        ["1", 1, 1, 1],
        ["2", 2, 2, 2],
    ]
    assert table[["chance_highest", "chance_lowest"]].to_numpy().tolist() == [[1, 0], [0, 1]]


def test_a_chance_is_that_of_every_way_in_which_silent_clusters_can_be_like_the_others():
    answered = [(4, 1), (4, 1), (1, 4), (1, 1), (1, 4)]
    responses, register = make_survey([7], [*answered, None, None])
    table = ranking.summarise(responses, register).query("level == 'Developing+Mature'").set_index("outcome")
    high = np.array(answered) >= 3
    ways = [high.sum(axis=0) + high[list(drawn)].sum(axis=0) for drawn in itertools.product(range(5), repeat=2)]
    first = np.mean([one >= other for one, other in ways])
    assert table.loc["1", "chance_highest"] == pytest.approx(first, abs=0.005)
    assert table.loc["2", "chance_lowest"] == pytest.approx(first, abs=0.005)
    assert table["place"].tolist() == [1, 1] and table["place_high"].tolist() == [2, 2]


def test_a_ranking_is_repeatable_and_depends_on_no_order():
    responses, register = make_survey([9], [(4, 1), (2, 3), (3, 3), (1, 4), (2, 2), (4, 4), None, None, None])
    table = ranking.summarise(responses, register)
    again = ranking.summarise(responses.sample(frac=1, random_state=1), register.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(table, again)
    with pytest.raises(ValueError, match="6 clusters responded, of 5"):
        ranking.summarise(responses, register.head(5))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.integers(0, 4))
def test_what_is_certain_is_what_every_answer_of_the_silent_leaves(scores, silent):
    responses, _ = make_survey([len(scores) + silent], [*scores, *[None] * silent])
    clusters = len(scores) + silent
    [row] = ranking.find_certain(maturity.summarise(responses), {"2024-25": clusters}).to_dict("records")
    higher = sum(score >= 3 for score in scores)
    halves = {2 * (higher + more) >= clusters for more in range(silent + 1)}
    assert row["stands"] == {(True,): "at least half", (False,): "below half"}.get(tuple(halves), "open")


# A fixed mix of health boards


def test_a_weighted_share_is_worked_by_hand():
    # Of the first board's four clusters two answered, one of them high; both of the second's did, both high.
    responses, register = make_survey([4, 2], [4, 1, None, None, 3, 3])
    table = estimates.estimate_levels(responses, register)
    weighted = table.set_index("level")["weighted"]
    assert weighted["Developing+Mature"] == pytest.approx(4 / 6 * 1 / 2 + 2 / 6)
    assert weighted[list(LEVELS)].sum() == pytest.approx(1)
    assert table.set_index("level").loc["Developing+Mature", "share"] == 3 / 4


def test_a_board_without_an_answer_is_joined_to_its_neighbour():
    sizes = {"Powys": 3, "Hywel Dda": 7, "Swansea Bay": 8, "Betsi Cadwaladr": 14}
    assert weighting.join_boards(sizes, {"Hywel Dda", "Swansea Bay"}) == [
        (24, ["Hywel Dda", "Powys", "Betsi Cadwaladr"]),
        (8, ["Swansea Bay"]),
    ]
    assert weighting.join_boards({"Powys": 3, "Another": 2}, {"Another"}) is None
    assert weighting.join_boards(sizes, set()) is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=6, max_size=6))
def test_where_all_responded_weights_change_nothing(scores):
    responses, register = make_survey([4, 2], scores)
    table = estimates.estimate_levels(responses, register)
    np.testing.assert_allclose(table["weighted"], table["share"])


def test_a_change_that_comes_from_other_boards_having_answered_is_gone_at_a_fixed_mix():
    # Every cluster of the first board is high and none of the second's, in both cycles.
    responses, register = make_survey([2, 4], [4, 4, 1, None, None, None], [4, None, 1, 1, 1, 1])
    table = estimates.compare_totals(responses, register)
    [row] = table.query("outcome == 'all' and level == 'Developing+Mature'").to_dict("records")
    assert row["change"] == pytest.approx(1 / 5 - 2 / 3)
    assert (row["previous_fixed"], row["current_fixed"]) == pytest.approx((2 / 6, 2 / 6))
    assert row["change_fixed"] == pytest.approx(0)


# What counts make certain


two_cycles = st.tuples(st.integers(1, 5), st.integers(0, 5)).flatmap(
    lambda sizes: st.tuples(
        st.just(sizes),
        *[st.lists(st.none() | st.integers(1, 4), min_size=sum(sizes), max_size=sum(sizes))] * 2,
    )
)


@settings(max_examples=60, deadline=None)
@given(two_cycles)
def test_what_must_have_moved_did_whatever_the_links(drawn):
    sizes, before, now = drawn
    if not any(before) or not any(now):
        return
    responses, register = make_survey(sizes, before, now)
    bounds = overlap.summarise(responses, register)
    total = bounds.iloc[-1]
    both = [pair for pair in zip(before, now, strict=True) if None not in pair]
    assert total["both_least"] <= len(both) <= total["both_most"]
    counted = overlap.count(responses, register).iloc[-1]
    assert (counted["both_least"], counted["joined_most"]) == (len(both), sum(map(bool, now)) - len(both))
    moved = {
        "left Pre-foundation": sum(one == 1 < other for one, other in both),
        "rose to Developing+Mature": sum(one < 3 <= other for one, other in both),
        "fell from Developing+Mature": sum(one >= 3 > other for one, other in both),
    }
    certain = overlap.count_certain_moves(maturity.summarise(responses), bounds)
    found = dict(zip(certain["move"], certain["at_least"], strict=True))
    assert found.keys() == moved.keys() and all(found[move] <= moved[move] for move in moved)


def test_the_bound_is_reached_by_some_links():
    """Of one board whose clusters all answered twice, the least is what moved under the best links."""
    before, now = [1, 1, 1, 2, 3], [1, 2, 2, 3, 3]
    responses, register = make_survey([5], before, now)
    certain = overlap.count_certain_moves(maturity.summarise(responses), overlap.summarise(responses, register))
    found = dict(zip(certain["move"], certain["at_least"], strict=True))
    links = [[*zip(before, order, strict=True)] for order in itertools.permutations(now)]
    least = {
        "left Pre-foundation": min(sum(one == 1 < other for one, other in pairs) for pairs in links),
        "rose to Developing+Mature": min(sum(one < 3 <= other for one, other in pairs) for pairs in links),
        "fell from Developing+Mature": 0,
    }
    assert found == least


def test_a_blank_may_hide_a_cluster_that_did_not_move():
    responses, register = make_survey([3], [(1, 4), (1, 4), (2, 4)], [(2, 4), (None, 4), (2, 4)])
    certain = overlap.count_certain_moves(maturity.summarise(responses), overlap.summarise(responses, register))
    found = certain.set_index(["outcome", "move"])["at_least"]
    assert found["1", "left Pre-foundation"] == 1
    assert found["2", "left Pre-foundation"] == 0


def test_one_cycle_has_no_overlap():
    responses, register = make_survey([3], [1, 2, 3])
    assert overlap.summarise(responses, register).empty
    assert overlap.count_certain_moves(maturity.summarise(responses), overlap.summarise(responses, register)).empty
    assert estimates.compare_totals(responses, register).empty
