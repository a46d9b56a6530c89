"""Sums over outcomes are over those that every cycle rated: what was dropped makes no difference to what was not."""

import pandas as pd
import pytest

from cluster_eval import measures
from cluster_eval.vocabulary import LEVELS, SCORES
from tests.test_measures import make_responses

RATED = ["pcmw_1", "pcmw_2", "pcmw_3"]
GIVEN = [("Mature", "Developing", "Pre-foundation"), ("Mature", "Foundation", "Pre-foundation"), ("Developing",) * 3]
BOTH = [dict(zip(RATED, levels, strict=True)) for levels in GIVEN]
DROPPED = [{name: level for name, level in row.items() if name != "pcmw_3"} for row in BOTH]
BLANK = [row | {"pcmw_3": None} for row in BOTH]
NOTHING = [dict.fromkeys(row) for row in BOTH]
REGISTER = pd.DataFrame(
    [(cycle, f"C-{place}") for cycle in ("2023-24", "2024-25") for place in range(4)], columns=["cycle", "cluster"]
)


def find_shared(responses):
    return measures.maturity.find_shared_outcomes(measures.maturity.summarise(responses))


@pytest.mark.parametrize("current", [DROPPED, BLANK], ids=["not asked", "nobody rated it"])
@pytest.mark.parametrize("turned", [False, True], ids=["now", "before"])
def test_identical_ratings_have_identical_totals_where_a_cycle_lacks_an_outcome(current, turned):
    responses = make_responses(*((BOTH, current) if turned else (current, BOTH)))
    assert find_shared(responses) == {"PCMW": ["1", "2"]}
    shares = measures.maturity.summarise(responses).query("outcome == 'all'").pivot(index="level", columns="cycle")
    assert shares["n"].sum().tolist() == [6, 6]
    assert (shares["share"]["2023-24"] == shares["share"]["2024-25"]).all()
    mean = pytest.approx((11 / 3 + 8 / 3) / 2)
    assert measures.maturity.summarise_means(responses).query("outcome == 'all'")["mean"].tolist() == [mean, mean]
    summed = measures.uncertainty.summarise_summed(responses, REGISTER, resamples=99)
    values = ["n", "base", "share", "lowest", "highest"]
    before, now = (summed[summed["cycle"] == cycle] for cycle in ("2023-24", "2024-25"))
    assert before[values].to_numpy().tolist() == now[values].to_numpy().tolist()
    assert summed.loc[0, "highest"] == pytest.approx((0 + 8 - 6) / 8)
    averaged = measures.uncertainty.summarise_means(responses, REGISTER, resamples=99).query("outcome == 'all'")
    assert averaged["lowest"].nunique() == averaged["mean"].nunique() == 1
    fifths = measures.deprivation.summarise_means(responses, "PCMW").groupby("cycle")["mean"].apply(list)
    assert fifths["2023-24"] == fifths["2024-25"]


@pytest.mark.parametrize("current", [DROPPED, BLANK], ids=["not asked", "nobody rated it"])
def test_identical_ratings_of_the_same_clusters_have_not_changed(current):
    responses = make_responses(current, BOTH)
    parts = measures.transition.decompose_change(responses).query("outcome == 'all'")
    assert (parts[["change", "stayers", "joiners", "leavers"]] == 0).all(axis=None)
    assert set(parts["n_stayers"]) == {6}
    assert set(parts["n_leavers"]) == {0}
    moves = measures.transition.summarise_moves(responses).query("outcome == 'all'")
    assert moves[["base", "up", "stayed", "down"]].to_numpy().tolist() == [[6, 0, 6, 0]]
    assert measures.transition.summarise_transitions(responses).query("outcome == 'all'")["n"].sum() == 6
    same = measures.linked.summarise(responses).query("outcome == 'all'")
    assert (same["change"] == 0).all() and (same["clusters"] == len(BOTH)).all()


@pytest.mark.parametrize("turned", [False, True], ids=["now", "before"])
def test_a_cycle_that_rated_nothing_leaves_the_others_sums_as_they_are(turned):
    responses = make_responses(*((BOTH, NOTHING) if turned else (NOTHING, BOTH)))
    alone = make_responses(BOTH)
    assert find_shared(responses) == {"PCMW": ["1", "2", "3"]}
    rated = "2024-25" if turned else "2023-24"
    for summarise, value in ((measures.maturity.summarise, "n"), (measures.maturity.summarise_means, "mean")):
        found = summarise(responses)
        assert found[found["cycle"] == rated][value].tolist() == summarise(alone)[value].tolist()
        assert found[found["cycle"] != rated]["base"].sum() == 0


def test_cycles_that_rated_no_outcome_in_common_have_no_sum():
    responses = make_responses([{"pcmw_1": "Mature"}], [{"pcmw_2": "Mature"}])
    assert find_shared(responses) == {"PCMW": []}
    summed = measures.maturity.summarise(responses).query("outcome == 'all'")
    assert summed["level"].tolist() == [*LEVELS, *LEVELS]
    assert summed["n"].sum() == summed["base"].sum() == 0
    assert summed["share"].isna().all()
    assert measures.maturity.summarise_means(responses).query("outcome == 'all'")["mean"].isna().all()
    register = REGISTER[REGISTER["cluster"] == "C-0"]
    assert measures.uncertainty.summarise_summed(responses, register)["share"].isna().all()
    means = measures.uncertainty.summarise_means(responses, register)
    assert means.query("outcome == 'all'")[["mean", "low", "lowest"]].isna().all(axis=None)
    assert means.query("outcome != 'all'")["mean"].tolist() == [SCORES["Mature"]] * 2
    assert measures.deprivation.summarise_means(responses, "PCMW").empty
