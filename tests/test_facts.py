"""What a report says of tests and estimates, where a cycle lacks what they need."""

import numpy as np
import pandas as pd
import pytest

from cluster_eval import exhibits, facts, measures
from cluster_eval.notebook.edition import open_cycle
from cluster_eval.values import Label
from tests.conftest import ROOT
from tests.test_coder_agreement import make_coding


@pytest.fixture(scope="module")
def edition():
    return open_cycle("2024-25", root=ROOT)


@pytest.fixture(scope="module")
def report(edition):
    return edition.report


@pytest.fixture(scope="module")
def strangers(report):
    """Responses of two cycles to which no cluster responded twice."""
    responses = report.responses.astype({"cluster": "str"})
    before = responses.loc[responses["cycle"] == report.previous, "cluster"]
    return responses[(responses["cycle"] == report.previous) | ~responses["cluster"].isin(before)]


def test_where_no_cluster_responded_twice_nothing_is_said_to_be_tested(report, strangers):
    means, tests = (
        compare(strangers) for compare in (measures.transition.compare_linked_means, measures.transition.compare_linked)
    )
    told = facts.describe_linked(means, tests)
    assert (told.tested, told.testable, told.significant, told.unadjusted) == (20, 0, (), 0)
    assert all((each.by, each.interval, each.test) == (None, None, None) for each in told.frameworks)


def test_where_no_cluster_responded_twice_moves_are_shown_as_nought(edition, report, strangers):
    exhibit = edition.write(exhibits.change.moves(report, measures.transition.summarise_moves(strangers)))
    assert (exhibit.values == 0).all(axis=None)
    assert "No cluster rated any of them in both cycles." in exhibit.alt
    assert exhibit.chart is not None


@pytest.mark.parametrize("strings", (["aab"], ["aab...", "...bba"]), ids=("one coder", "no excerpt read by two"))
def test_without_a_second_reader_no_number_of_coders_is_told(strings):
    told = facts.describe_coder_agreement(measures.coder_agreement.summarise(make_coding(*strings)))
    assert (told.excerpts.n, told.weak, told.unsure, told.themes, told.subthemes) == (0, (), 0, None, None)
    assert told.found == "nothing"


def test_what_is_reliable_by_alpha_alone_is_told_apart_from_what_its_interval_confirms():
    table = pd.DataFrame(
        [
            ("theme", "all", "all", 0.9, 0.85, "reliable"),
            ("theme", "Time", "all", 0.7, 0.5, "tentative"),
            ("theme", "Money", "all", 0.9, 0.85, "reliable"),
            ("subtheme", "all", "all", 0.85, 0.7, "reliable"),
            ("subtheme", "Time", "Hours", 0.85, 0.6, "reliable"),
            ("subtheme", "Money", "Funds", 0.3, 0.1, "unreliable"),
            ("subtheme", "Money", "Grants", 1.0, None, "reliable"),
        ],
        columns=["level", "theme", "subtheme", "alpha", "alpha_low", "reading"],
    ).assign(coders=2, units=40, alpha_high=1.0)
    told = facts.describe_coder_agreement(table)
    assert told.weak == (Label("theme", "Time"), Label("subtheme", "Funds"))
    assert told.unsure == 1


def test_drawn_tables_are_not_called_exact(edition, report):
    register, responses = report.register, report.responses
    exact = measures.nonresponse.compare_responders(register, responses)
    drawn = measures.nonresponse.compare_responders(register, responses, most_tables=0, resamples=99)
    points = pd.DataFrame(columns=["comparison", "can_overturn"]).astype({"can_overturn": bool})
    for tests, is_exact in ((exact, True), (drawn, False)):
        described = facts.describe_non_response(tests, points).characteristics
        assert all(("exact" in edition.language.write(each.test)) == is_exact for each in described)
        assert ("exact" in edition.write(exhibits.responding.non_response(report, tests)).source) == is_exact


@pytest.fixture(scope="module")
def own(report):
    return report.responses[report.responses["cycle"] == report.cycle]


def test_share_of_variance_by_chance_is_that_of_fifths_dealt_out_at_random(own):
    generator = np.random.default_rng(1)
    etas = [
        measures.deprivation.summarise(own.assign(deprivation_fifth=generator.permutation(own["deprivation_fifth"])))
        for _ in range(40)
    ]
    told = facts.describe_deprivation(measures.deprivation.summarise(own)).chance_eta
    assert told.value == pytest.approx(pd.concat(etas)["eta_squared"].mean(), abs=0.01)


def test_test_without_an_interval_is_told_without_one(own, report):
    tests = measures.deprivation.summarise_tests(own).assign(effect_low=np.nan, effect_high=np.nan)
    detectable = measures.deprivation.find_detectable(own, report.register)
    for each in facts.describe_framework_tests(tests, detectable):
        assert (each.anova.effect.interval, each.tau.effect.interval) == (None, None)
    assert facts.find_detectable_share(detectable).value == pytest.approx(0.2, abs=0.005)
    assert facts.find_detectable_share(detectable.assign(detectable=np.nan)) is None


def test_how_ratings_go_together_is_told_only_where_it_can_be_computed(own):
    told = facts.describe_reliability(measures.reliability.summarise_reliability(own))
    assert told.found == "alpha"
    assert told.ratings.value < told.tests.value < told.tests_unrelated.value < told.outcomes.n
    alone = facts.describe_reliability(measures.reliability.summarise_reliability(own.head(1)))
    assert alone.found == "nothing"


@pytest.mark.parametrize(("responses", "told"), ((29, False), (30, True)))
def test_shares_of_few_ratings_are_not_split_into_parts(edition, report, responses, told):
    own = report.responses["cycle"] == report.cycle
    few = pd.concat([report.responses[~own], report.responses[own].head(responses)])
    decomposition = measures.transition.decompose_change(few)
    table = edition.write(exhibits.change.decomposition_by_outcome(report, decomposition)).values
    sizes = table[["n in both", "n joined", "n left"]]
    assert (sizes.iloc[:, 0] + sizes.iloc[:, 1] == responses).all()
    assert (table.drop(columns=sizes.columns) == "[u]").all(axis=None) != told
    # The one of all outcomes together has enough ratings.
    assert all(each.stayers for each in facts.describe_decomposition(decomposition))
    one = decomposition[decomposition["outcome"] == "1"].assign(outcome="all")
    assert all((each.stayers is not None) == told for each in facts.describe_decomposition(one))


def test_tables_of_shares_have_intervals_and_bounds_and_name_them(edition, report):
    population = measures.uncertainty.count_population(report.register)
    shares = measures.uncertainty.add_intervals(measures.maturity.summarise(report.responses), population)
    exhibit = edition.write(exhibits.maturity.outcome(report, shares, "PCMW", "1"))
    rows = shares[(shares["framework"] == "PCMW") & (shares["outcome"] == "1")].set_index(["level", "cycle"])
    assert len(exhibit.table) == len(rows) == 8
    limits = {"low": "95% from, %", "high": "95% to, %", "lowest": "at least, %", "highest": "at most, %"}
    for level, shown in exhibit.table.iterrows():
        found = rows.loc[(level, shown["Cycle"])]
        assert (int(shown["Number"]), int(shown["Base"])) == (found["n"], found["base"])
        assert {name: int(shown[name]) for name in limits.values()} == {
            name: int(100 * found[column] + 0.5) for column, name in limits.items()
        }
    assert "Wilson's, 95%" in exhibit.source
    plain = edition.write(exhibits.maturity.outcome(report, measures.maturity.summarise(report.responses), "PCMW", "1"))
    assert "Wilson" not in plain.source


def test_summed_shares_have_the_interval_that_belongs_to_them(edition, report):
    summed = measures.uncertainty.summarise_summed(report.responses, report.register)
    exhibit = edition.write(exhibits.maturity.summed_levels(report, summed, "ACD"))
    rows = summed[summed["framework"] == "ACD"].set_index(["level", "cycle"])
    assert len(exhibit.table) == len(rows) == 10
    for level, shown in exhibit.table.iterrows():
        found = rows.loc[(level.replace(" or ", "+"), shown["Cycle"])]
        assert [int(shown[name]) for name in ("Number", "%", "95% from, %", "at most, %")] == [
            found["n"],
            *(int(100 * found[column] + 0.5) for column in ("share", "low", "highest")),
        ]
    assert "from a bootstrap" in exhibit.source
    assert "Wilson" not in exhibit.source
