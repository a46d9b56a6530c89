"""What the report states against `golden/statistics.csv`, worked out in R; `golden/statistics.R` stands beside it."""

import csv
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from cluster_eval import measures, open_report
from tests.conftest import ROOT

CYCLE, PREVIOUS = "2024-25", "2023-24"
SIMULATED = {"low": 0.004, "high": 0.004, "chance_highest": 0.01}
"""How far R's random draws may be from what is calculated: the means of 41 clusters lie on a grid of 0.0035."""


@pytest.fixture(scope="module")
def golden():
    values = defaultdict(dict)
    with Path(__file__).with_name("golden").joinpath("statistics.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values[row["what"]][row["where"]] = float(row["value"])
    return values


@pytest.fixture(scope="module")
def report():
    return open_report(CYCLE, ROOT)


def compare(found, golden, what, within=1e-9):
    assert golden[what], what
    assert {key: found[key] for key in golden[what]} == pytest.approx(golden[what], abs=SIMULATED.get(what, within))


def index(table, keys, column):
    return {"/".join(map(str, row[:-1])): row[-1] for row in table[[*keys, column]].itertuples(index=False, name=None)}


def test_limits_of_every_count_of_60_clusters_are_blakers(golden):
    limits = {
        (n, base): measures.uncertainty.find_limits(n, base, 60)
        for base in (30, 46, 53, 59, 60)
        for n in range(base + 1)
    }
    for place, what in enumerate(("low_clusters", "high_clusters")):
        compare({f"{n}/{base}": found[place] for (n, base), found in limits.items()}, golden, what)
        assert len(golden[what]) == len(limits)


@pytest.mark.parametrize("what", ["clusters", "previous", "current", "change", "low", "high", "p", "p_holm"])
def test_change_of_the_same_clusters_is_that_of_coin_and_of_resampling(golden, report, what):
    table = measures.linked.summarise(report.responses)
    compare(index(table, ["framework", "outcome", "level"], what), golden, what)


def test_change_of_the_same_clusters_in_points():
    """What an outside calculation gave, whose limits are from few random draws."""
    table = measures.linked.summarise(open_report(CYCLE, ROOT).responses)
    rows = table[table["outcome"] == "all"].set_index(["framework", "level"])[["change", "low", "high"]] * 100
    outside = {
        ("PCMW", "Pre-foundation"): (-8.1, -11.7, -4.9),
        ("PCMW", "Developing+Mature"): (1.5, -1.9, 4.9),
        ("PCMW", "Mature"): (-3.6, -6.6, -0.8),
        ("ACD", "Pre-foundation"): (-9.8, -13.8, -6.3),
        ("ACD", "Developing+Mature"): (2.1, -3.9, 7.7),
        ("ACD", "Mature"): (-1.4, -4.9, 1.8),
    }
    for key, (change, *limits) in outside.items():
        assert rows.loc[key, "change"] == pytest.approx(change, abs=0.05)
        assert list(rows.loc[key, ["low", "high"]]) == pytest.approx(limits, abs=0.4)


def test_weighted_shares_are_those_of_poststratification_by_survey(golden, report):
    table = measures.estimates.estimate_levels(report.responses, report.register)
    table = table[table["level"] == "Developing+Mature"]
    compare(index(table, ["cycle", "framework", "outcome"], "weighted"), golden, "weighted")


def test_responding_by_health_board_has_the_p_of_fisher_test(golden, report):
    table = measures.nonresponse.compare_responders(report.register, report.responses)
    table = table[table["characteristic"] == "health_board"]
    compare(index(table, ["cycle"], "p"), golden, "fisher", 1e-6)


def test_moves_that_are_certain_are_those_of_the_counts(golden, report):
    overlap = measures.overlap.summarise(report.responses, report.register)
    for what in ("both_least", "both_most"):
        compare(index(overlap, ["health_board"], what), golden, what)
    moves = measures.overlap.count_certain_moves(measures.maturity.summarise(report.responses), overlap)
    for move, of_move in moves.groupby("move"):
        compare(index(of_move, ["framework", "outcome"], "at_least"), golden, move)


def test_deprivation_is_that_of_cor_test_and_t_test(golden, report):
    table = measures.deprivation.summarise_trend(report.responses)
    table = table[table["cycle"] == CYCLE]
    columns = {
        "tau_b": "tau_b",
        "tau_p": "p",
        "difference_low": "low",
        "difference_high": "high",
        "p_equivalence": "p_equivalence",
    }
    for what, column in columns.items():
        # pingouin gives degrees of freedom rounded.
        compare(index(table, ["framework", "outcome"], column), golden, what, 1e-3 if "equivalence" in what else 1e-6)


def test_chances_of_first_places_are_those_of_drawing_in_r(golden, report):
    table = measures.ranking.summarise(report.responses, report.register)
    table = table[(table["cycle"] == CYCLE) & (table["level"] == "Developing+Mature")]
    compare(index(table, ["framework", "outcome"], "chance_highest"), golden, "chance_highest")


def test_whatever_the_silent_say_12_outcomes_are_above_half_and_6_below(report):
    population = measures.uncertainty.count_population(report.register)
    table = measures.ranking.find_certain(measures.maturity.summarise(report.responses), population)
    counts = table[table["cycle"] == CYCLE]["stands"].value_counts()
    assert counts.to_dict() == {"at least half": 12, "below half": 6, "open": 2}


def test_joiners_and_leavers_by_health_board(report):
    overlap = measures.overlap.summarise(report.responses, report.register).set_index("health_board")
    joined = overlap["joined_least"].drop("Wales").sort_values(ascending=False)
    assert (joined.head(2).to_dict(), overlap.at["Wales", "joined_least"]) == ({"Betsi Cadwaladr": 7, "Powys": 3}, 12)
    left = overlap["left_most"].drop("Wales")
    assert set(left.index[left > 0]) == {"Aneurin Bevan", "Cardiff and Vale"}
    exact = measures.overlap.count(report.responses, report.register).set_index("health_board")
    kinds = ["both", "joined", "left"]
    for kind in kinds:
        assert (overlap[f"{kind}_least"] <= exact[f"{kind}_least"]).all()
        assert (exact[f"{kind}_most"] <= overlap[f"{kind}_most"]).all()
    assert [exact.at["Wales", f"{kind}_least"] for kind in kinds] == [41, 12, 5]
    assert pd.Series(exact.at["Wales", "clusters"]).item() == 60
