"""What a report says of tests and estimates, where a cycle lacks what they need."""

import numpy as np
import pandas as pd
import pytest

from cluster_eval import exhibits, facts, measures
from cluster_eval.facts.change import LevelChange, find_movement
from cluster_eval.notebook.edition import open_cycle
from cluster_eval.values import Count, Direction, Label, Points, Share
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


def test_where_no_cluster_responded_twice_nothing_is_said_to_have_moved(strangers):
    told = facts.describe_linked(measures.linked.summarise(strangers))
    assert (told.tested, told.outcomes) == (20, ())
    assert all((each.clusters.n, each.movement, each.levels) == (0, None, ()) for each in told.frameworks)
    register = pd.DataFrame({"cycle": strangers["cycle"], "cluster": strangers["cluster"]}).assign(
        health_board=strangers["health_board"]
    )
    together = facts.describe_overlap(measures.overlap.count(strangers, register))
    assert together.both.high == 0


def tell_levels(*clear):
    """Make the changes of a framework's levels: of those that are clear, which way."""
    codes = ("Pre-foundation", "Developing+Mature", "Mature")
    return [
        LevelChange(
            Label("level", code),
            Direction.FELL if sign < 0 else Direction.ROSE,
            bool(sign),
            *[Share(0.5)] * 2,
            Points(0.1),
        )
        for code, sign in zip(codes, clear, strict=True)
    ]


@pytest.mark.parametrize(
    ("clear", "movement"),
    [
        ((0, 0, 0), "unclear"),
        ((-1, 1, 0), "up"),
        ((1, -1, -1), "down"),
        ((-1, 0, -1), "to-the-middle"),
        ((-1, 0, 0), "off-the-bottom"),
        ((0, 0, -1), "off-the-top"),
        ((1, 0, 1), "apart"),
        ((-1, 0, 1), "apart"),
    ],
)
def test_movement_to_the_middle_is_told_from_movement_up(clear, movement):
    assert find_movement(tell_levels(*clear)) == movement


def test_on_the_sample_clusters_moved_to_the_middle_and_off_the_bottom(report):
    told = facts.describe_linked(measures.linked.summarise(report.responses))
    assert {each.framework: each.movement for each in told.frameworks} == {
        "PCMW": "to-the-middle",
        "ACD": "off-the-bottom",
    }
    assert [(each.level, each.direction, [one.number for one in each.outcomes]) for each in told.outcomes] == [
        ("Pre-foundation", "fell", ["12"]),
        ("mean", "rose", ["6"]),
    ]


def test_who_joined_and_left_is_told_by_health_board(report):
    told = facts.describe_overlap(measures.overlap.summarise(report.responses, report.register))
    assert [(each.low, each.high) for each in (told.both, told.joined, told.left)] == [(39, 41), (12, 14), (5, 7)]
    assert (told.joined_in, told.n_joined, told.left_in) == ("most", 10, "all")
    assert [board.code for board in told.joined_boards] == ["Betsi Cadwaladr", "Powys"]
    assert [board.code for board in told.left_boards] == ["Aneurin Bevan", "Cardiff and Vale"]


def test_those_that_did_not_respond_are_told_by_health_board(report):
    participation = measures.participation.summarise(report.responses, report.register)
    told = facts.describe_silence(participation.query("cycle == '2024-25'"))
    assert (told.silent.n, told.found, [each.label.code for each in told.boards]) == (
        7,
        "few",
        ["Cardiff and Vale", "Aneurin Bevan"],
    )
    full = participation.assign(responses=participation["clusters"])
    assert facts.describe_silence(full.query("cycle == '2024-25'")).found == "nobody"


def test_levels_that_tie_are_told_to_tie(report):
    maturity, means = measures.maturity.summarise(report.responses), measures.maturity.summarise_means(report.responses)
    told = facts.describe_maturity(maturity, means, "PCMW")
    assert (told.middle_outcomes, told.total) == (12, 13)
    [tie] = told.ties
    assert (tie.outcome.number, [level.code for level in tie.levels]) == ("7", ["Foundation", "Mature"])
    assert (tie.count.n, tie.count.base) == (14, 53)
    assert facts.describe_maturity(maturity, means, "ACD").ties == ()


@pytest.mark.parametrize(
    ("responses", "reading", "found"),
    [
        ([20, 6, 5], "reliable", "first"),
        ([20, 6, 5], "tentative", "unreliable"),
        ([9, 8, 1], "reliable", "several"),
        ([7, 6, 5], "reliable", "all"),
    ],
)
def test_a_first_place_is_named_only_where_coders_are_reliable_and_the_lead_is_clear(responses, reading, found):
    names = [f"Sub-theme {place}" for place in range(len(responses))]
    themes = pd.DataFrame({"theme": "Time", "subtheme": names, "excerpts": responses, "responses": responses})
    agreement = pd.DataFrame([{"level": "subtheme", "theme": "all", "reading": reading}])
    told = facts.describe_themes(themes, agreement)
    assert told.found == found
    assert (told.top is not None) == (found == "first")


def test_where_no_cluster_responded_twice_moves_are_shown_as_nought(edition, report, strangers):
    exhibit = edition.write(exhibits.change.moves(report, measures.transition.summarise_moves(strangers)))
    assert (exhibit.values == 0).all(axis=None)
    assert "No cluster rated any of them in both cycles." in exhibit.alt
    assert exhibit.chart is not None


@pytest.mark.parametrize("strings", (["aab"], ["aab...", "...bba"]), ids=("one coder", "no excerpt read by two"))
def test_without_a_second_reader_no_number_of_coders_is_told(strings):
    told = facts.describe_coder_agreement(measures.coder_agreement.summarise(make_coding(*strings)))
    assert (told.excerpts.n, told.weak, told.n_read, told.themes, told.subthemes) == (0, (), 0, None, None)
    assert told.found == "nothing"


@pytest.fixture(scope="module")
def own(report):
    return report.responses[report.responses["cycle"] == report.cycle]


def test_deprivation_is_told_by_trend_and_by_what_is_excluded(own):
    table = measures.deprivation.summarise_trend(own)
    told = facts.describe_deprivation(table)
    assert (told.tested, told.rising, told.falling) == (20, (), ())
    assert [(each.framework, each.trend, each.direction, each.is_excluded) for each in told.frameworks] == [
        ("PCMW", "unclear", "fell", False),
        ("ACD", "unclear", "fell", False),
    ]
    sure = facts.describe_deprivation(table.assign(p_holm=0.01, p_equivalence=0.01, tau_b=0.3))
    assert {(each.trend, each.is_excluded) for each in sure.frameworks} == {("higher", True)}
    assert len(sure.rising) == 20
    without = facts.describe_deprivation(table.assign(difference=np.nan, p_equivalence=np.nan))
    assert {(each.difference, each.is_excluded) for each in without.frameworks} == {(None, None)}


def test_how_ratings_go_together_is_told_only_where_it_can_be_computed(own):
    told = facts.describe_reliability(measures.reliability.summarise_reliability(own))
    assert told.found == "alpha"
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
    shares = measures.estimates.estimate_levels(report.responses, report.register)
    exhibit = edition.write(exhibits.maturity.outcome(report, shares, "PCMW", "1"))
    rows = shares[(shares["framework"] == "PCMW") & (shares["outcome"] == "1")].set_index(["level", "cycle"])
    assert len(exhibit.table) == len(rows) == 10
    for level, shown in exhibit.table.iterrows():
        found = rows.loc[(level.replace(" or ", "+"), shown["Cycle"])]
        assert (int(shown["Number"]), int(shown["Base"])) == (found["n"], found["base"])
        assert int(shown["Of all clusters, from"]) == found["low_clusters"]
        assert int(shown["Of all clusters, to"]) == found["high_clusters"]
        assert int(shown["Weighted, %"]) == int(100 * found["weighted"] + 0.5)
    assert "exact limits in whole clusters" in exhibit.source
    assert "Powys with Hywel Dda in 2023-24" in exhibit.source
    plain = edition.write(exhibits.maturity.outcome(report, measures.maturity.summarise(report.responses), "PCMW", "1"))
    assert "whole clusters" not in plain.source and "Weighted" not in plain.source


def test_summed_shares_have_the_interval_that_belongs_to_them(edition, report):
    summed = measures.estimates.estimate_summed_levels(report.responses, report.register)
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
    assert "whole clusters" not in exhibit.source


def test_how_many_of_all_clusters_are_likely_to_agree_is_told_in_whole_clusters(report):
    """43 of 53 agreed that there is progress: 47 to 50 of 60."""
    shares = measures.estimates.estimate_answers(report.responses, report.register)
    told = facts.describe_likely_answers(shares, "progress")
    assert (told.agreeing.low, told.agreeing.high, told.population) == (47, 50, 60)
    assert facts.describe_likely_answers(shares.assign(base=29), "progress") is None
    assert facts.describe_likely_answers(shares.assign(population=shares["base"]), "progress") is None
    assert facts.describe_likely_answers(shares, "unasked") is None
    levels = measures.estimates.estimate_levels(report.responses, report.register)
    likely = facts.describe_likely(levels, "PCMW", "4")
    assert (likely.likely.low, likely.likely.high, likely.population) == (47, 50, 60)
    assert facts.describe_likely(levels.assign(base=29), "PCMW", "4") is None


def test_care_is_told_to_be_ahead_of_what_it_needs(report):
    """By hand from the published counts: 329 of 477 ratings of PCMW 1 to 9, after 61%; 69 of 212 of 10 to 13."""
    table = measures.components.summarise(report.responses, report.outcomes)
    told = facts.describe_standing(table)
    assert told.care_is == "ahead"
    assert [(each.higher.n, each.higher.base) for each in told.components] == [(329, 477), (69, 212), (186, 371)]
    assert [round(each.previous.value, 2) for each in told.components] == [0.61, 0.34, 0.45]
    only = facts.describe_standing(table[table["component"] == "care"])
    assert (only.care_is, len(only.components)) == (None, 1)
    first = facts.describe_standing(table[table["cycle"] == report.previous])
    assert [each.previous for each in first.components] == [None] * 3
    assert (told.headline, first.headline, only.headline) == ("care-alone", "ahead", None)
    assert [each.moved for each in told.components] == ["rose", "to-foundation", "rose"]
    assert [each.moved for each in first.components] == [None] * 3


@pytest.mark.parametrize(
    ("care", "infrastructure", "headline"),
    [
        ((50, 60), (50, 60), "both-rose"),
        ((50, 40), (50, 60), "infrastructure-alone"),
        ((50, 60), (50, 40), "care-alone"),
        ((50, 50), (50, 50), "both-stayed"),
        ((50, 40), (50, 40), "both-fell"),
        ((50, 40), (50, 53), "care-fell"),
        ((50, 53), (50, 40), "infrastructure-fell"),
    ],
)
def test_a_summary_begins_with_what_got_further(care, infrastructure, headline):
    rows = [
        (cycle, component, level, n if level == "Developing+Mature" else 0, 100, 0.01 * n)
        for component, shares in (("care", care), ("infrastructure", infrastructure))
        for cycle, n in zip(("2023-24", "2024-25"), shares, strict=True)
        for level in ("Foundation", "Developing+Mature")
    ]
    table = pd.DataFrame(rows, columns=["cycle", "component", "level", "n", "base", "share"])
    assert facts.describe_standing(table).headline == headline


def test_purpose_is_agreed_support_divides_and_time_is_short(report):
    """The published counts: 46 to 2, 24 to 18, 37 to 7, 9 to 25; 16 meet six times or more, and 30 would like to."""
    own = "cycle == @report.cycle"
    agreement = facts.describe_agreement(measures.agreement.summarise(report.responses).query(own))
    meetings = facts.describe_meetings(measures.meetings.summarise(report.responses).query(own))
    told = facts.describe_wishes(agreement, meetings)
    answers = [(each.agreed.n, each.disagreed.n) for each in (told.role, told.system, told.access, told.time)]
    assert answers == [(46, 2), (24, 18), (37, 7), (9, 25)]
    assert (told.purpose_is, told.support_is, told.time_is) == ("agreed", "divided", "short")
    assert (told.now.n, told.wanted.n, told.often[0].answer) == (16, 30, "Six meetings a year")
    nothing = facts.describe_wishes(None, None)
    assert (nothing.purpose_is, nothing.support_is, nothing.time_is, nothing.now) == (None,) * 4


def test_opportunities_are_late_where_their_date_has_passed_and_they_are_not_done(report):
    """By hand from the published table: of twelve, two done; four of the others were due from December to March."""
    progress = facts.describe_progress(report.before.actions, report.params.fieldwork.closes)
    assert (progress.opportunities.n, progress.done, progress.under_way, progress.late) == (12, 2, 10, 4)
    assert progress.found == "late"
    own = facts.describe_progress(report.newest.actions, report.params.fieldwork.closes)
    assert (own.done, own.late, own.found) == (0, 0, None)


def test_components_add_up_to_the_frameworks(report):
    table = measures.components.summarise(report.responses, report.outcomes)
    levels = measures.maturity.summarise(report.responses).query("outcome == 'all'")
    of_pcmw = table[table["component"] != "ways of working"].groupby(["cycle", "level"])["n"].sum()
    for (cycle, framework, level), n in levels.set_index(["cycle", "framework", "level"])["n"].items():
        if framework == "PCMW":
            assert of_pcmw[cycle, level] == n
        else:
            found = table.query("cycle == @cycle and component == 'ways of working' and level == @level")
            assert found["n"].item() == n
    assert table.groupby("component")["outcomes"].first().to_dict() == {
        "care": 9,
        "infrastructure": 4,
        "ways of working": 7,
    }


def test_who_starts_and_who_arrives_is_told_of_both_frameworks(report):
    maturity, means = measures.maturity.summarise(report.responses), measures.maturity.summarise_means(report.responses)
    both = [facts.describe_maturity(maturity, means, code) for code in ("PCMW", "ACD")]
    ends = facts.describe_ends(both)
    assert (ends.pre, ends.mature) == ("fell", "stayed")
    assert (facts.describe_ends([]).pre, facts.describe_ends([]).mature) == (None, None)


def test_pages_argue_with_groups_of_outcomes_and_with_single_ones(report):
    """By hand from the published counts: PCMW 10 to 13 at Foundation, 106 of 212 ratings after 66 of 182."""
    told = facts.ReportFacts(report)
    infrastructure = told.components["infrastructure"]
    assert (infrastructure.higher, round(infrastructure.previous.value, 2)) == (Count(69, 212), 0.34)
    foundation = infrastructure.moves["Foundation"]
    assert (infrastructure.levels["Foundation"], foundation.direction) == (Count(106, 212), Direction.ROSE)
    assert round(foundation.previous.value, 2) == 0.36
    assert [(each.certain.n_above, each.certain.n_below, each.certain.n) for each in told.components.values()] == [
        (8, 0, 9),
        (0, 4, 4),
        (4, 2, 7),
    ]
    assert told.outcomes["PCMW_13"].higher == Count(19, 53)
    assert (len(told.outcomes), told.outcomes["ACD_7"].moves["higher"].direction) == (20, Direction.ROSE)


def test_nothing_moved_where_there_is_nothing_to_compare_with(report):
    first = facts.ReportFacts(open_cycle(report.previous, root=ROOT).report)
    assert (first.components["care"].moves, first.components["care"].previous, first.overlap) == ({}, None, None)
    maturity = measures.maturity.summarise(report.responses)
    few = facts.describe_outcomes(maturity.assign(base=29))
    assert few["PCMW_1"].moves == {}
    gone = maturity[(maturity["outcome"] != "1") | (maturity["cycle"] == report.cycle)]
    assert facts.describe_outcomes(gone)["PCMW_1"].previous is None


def test_what_all_clusters_answer_is_certain_within_bounds(report):
    """9 of 53 agreed that there is time enough, and 7 of 60 clusters did not answer."""
    time = facts.ReportFacts(report).certain_answers["time_achievable"]
    assert (time.agreed.least, time.agreed.most) == (Count(9, 60), Count(16, 60))
    assert (time.disagreed.least, time.disagreed.most) == (Count(25, 60), Count(32, 60))


def test_actions_are_told_by_their_numbers(report):
    told = facts.ReportFacts(report)
    assert (list(told.actions), len(told.previous_actions)) == ([str(n) for n in range(1, 8)], 12)
    assert (told.actions["3"].lead, told.actions["3"].timescale) == ("SPPC", "November 2025")
