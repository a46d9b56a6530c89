"""Messages: whole sentences, chosen by a code, in which values are written by the edition's language."""

from dataclasses import dataclass, fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_eval import measures
from cluster_eval.facts import describe_agreement, describe_maturity, describe_meetings, describe_participation
from cluster_eval.facts.needs import NEEDS
from cluster_eval.facts.participation import Participation
from cluster_eval.notebook import edition
from cluster_eval.notebook.edition import OpenEdition
from cluster_eval.sources.report import open_report
from cluster_eval.values import Count, Direction, NamedChange, NamedCount, Outcome, Points, Share, find_direction
from cluster_eval.vocabulary import WALES
from cluster_eval.words.language import ENGLISH
from cluster_eval.words.markdown import write_literally
from cluster_eval.words.messages import MessageError, Plural
from cluster_eval.words.pages import split_parts
from tests.conftest import ROOT
from tests.made_up import CYCLE, make_report, read_report

EDITION = OpenEdition(open_report("2024-25", ROOT))


@dataclass(frozen=True)
class Rate:
    responded: Count
    direction: Direction | None = None
    points: Points | None = None


ROSE = {Direction.ROSE: "It rose by {points}.", Direction.FELL: "It fell by {points}."}


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (Count(53, 60), "", "53 of 60 (88%)"),
        (Count(5, 9), "", "5 of 9"),
        (Count(53, 60), "number", "88%"),
        (Count(5, 9), "number", "5 of 9"),
        (Count(53, 60), "of", "53 of 60"),
        (Count(1, 200), "", "1 of 200 (1%)"),
        (Share(0.285), "", "29%"),
        (Points(-0.06), "", "6 percentage points"),
        (Points(0.01), "", "1 percentage point"),
        (Points(0.004), "", "less than 1 percentage point"),
        (NamedChange("Powys", 1, Count(0, 1)), "", "Powys (from 1 to 0 of 1 cluster)"),
        (NamedCount("Powys", Count(2, 3)), "", "Powys (2 of 3)"),
        (NamedChange("Powys", 3, Count(1, 3)), "", "Powys (from 3 to 1 of 3 clusters)"),
        (-3, "", "−3"),
        (date(2025, 4, 1), "", "1 April 2025"),
        (("a", "b", "c"), "", "a, b and c"),
    ],
)
def test_values_are_written(value, form, written):
    assert ENGLISH.write(value, form) == written


@given(st.integers(1, 10**6).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
def test_counts_are_written_with_a_percentage_rounded_half_up_from_a_base_of_30(count):
    n, base = count
    percent = f" ({(200 * n + base) // (2 * base)}%)" if base >= 30 else ""
    assert ENGLISH.write(Count(n, base)) == f"{n} of {base}{percent}"


@given(st.floats(-1, 1))
def test_a_change_that_rose_is_written_like_one_that_fell(change):
    assert ENGLISH.write(Points(change)) == ENGLISH.write(Points(-change))
    assert {find_direction(change), find_direction(-change)} in (
        {Direction.SAME},
        {Direction.ROSE, Direction.FELL},
    )


@given(st.lists(st.text(min_size=1)))
def test_lists_are_joined_whatever_words_they_hold(words):
    *first, last = words or [""]
    assert ENGLISH.join(words) == (f"{', '.join(first)} and {last}" if first else last)


def test_a_code_chooses_a_whole_sentence():
    rate = Rate(Count(53, 60), Direction.FELL, Points(-0.05))
    assert ENGLISH.say(ROSE, rate, by="direction") == "It fell by 5 percentage points."
    assert ENGLISH.say(ROSE, rate, by=Direction.ROSE) == "It rose by 5 percentage points."


def test_what_a_cycle_does_not_have_is_not_said():
    assert ENGLISH.say(ROSE, Rate(Count(53, 60)), by="direction") == ""
    assert ENGLISH.say({None: "First.", **ROSE}, Rate(Count(53, 60)), by="direction") == "First."
    assert ENGLISH.say("In {boards}.", boards=(), when=()) == ""
    assert ENGLISH.say("{responded} responded.", None) == ""


def test_a_form_of_a_plural_is_chosen_by_its_number():
    answers = Plural("{n} cluster answers.", "{n} clusters answer.")
    assert [ENGLISH.say(answers, n=n) for n in (0, 1, 2)] == [
        "0 clusters answer.",
        "1 cluster answers.",
        "2 clusters answer.",
    ]


@pytest.mark.parametrize(
    ("message", "by", "told"),
    [
        ("{respnded} responded.", None, 'there is no "respnded"; .*responded'),
        ("{responded.m} responded.", None, '"responded" has no "m"; .*n'),
        ("It moved by {points}.", None, '"points" has no value in this cycle'),
        (ROSE, "same", 'there is no "same"'),
        (ROSE, Direction.SAME, 'no message has the code "same"; there are rose, fell'),
        ("{responded responded.", None, "cannot be read"),
        ("{} responded.", None, 'there is no "0"'),
    ],
)
def test_what_cannot_be_said_is_an_error_that_names_it(message, by, told):
    with pytest.raises(MessageError, match=told):
        ENGLISH.say(message, Rate(Count(53, 60)), by=by)


@pytest.mark.parametrize("value", [0.5, True, object(), [0.5]])
def test_a_number_that_is_not_rounded_is_an_error(value):
    with pytest.raises(MessageError, match="is not a value that sentences may hold"):
        ENGLISH.say("{value}", value=value)


@given(st.text())
def test_a_value_is_never_markup_in_a_sentence(name):
    assert (
        EDITION.sentence("**{name}** responded.", name=name) == f"**{write_literally(ENGLISH.write(name))}** responded."
    )


def test_a_message_may_run_over_lines_and_hold_braces():
    assert ENGLISH.say("  One\n  {{line}} of {n}. ", n=3) == "One {line} of 3."


def test_participation_in_a_first_cycle_has_none_of_what_only_a_comparison_tells():
    report = make_report([{"pcmw_1": "Mature"}] * 12)
    facts = describe_participation(measures.participation.summarise(report.responses, report.register))
    assert facts.responded == Count(12, 60)
    assert facts.full == ("Aneurin Bevan",)
    assert facts.partial == (NamedCount("Betsi Cadwaladr", Count(1, 14)),)
    assert len(facts.silent) == 5
    assert {field.name for field in fields(facts) if getattr(facts, field.name) is None} == {
        "previous_responded",
        "direction",
        "points",
        "fell",
    }


def test_participation_is_that_of_the_measure():
    report = open_report("2024-25", ROOT)
    table = measures.participation.summarise(report.responses, report.register)
    facts = describe_participation(table)
    wales = table[table["health_board"] == WALES].set_index("cycle")["rate"]
    assert float(facts.responded.share) == pytest.approx(wales[report.cycle])
    assert facts.points.value == pytest.approx(wales[report.cycle] - wales[report.previous])
    for each in facts.fell:
        rows = table[table["health_board"] == each.name].set_index("cycle")["responses"]
        assert (each.previous, each.count.n) == (rows[report.previous], rows[report.cycle])
        assert each.count.n < each.previous


ANSWERED = [{"pcmw_1": "Mature"}]


@pytest.mark.parametrize(
    ("previous", "current", "summary", "section"),
    [
        (None, 20, "In 2031-32, 20 of 60 (33%) clusters responded.", "20 of 60 (33%) clusters in Wales responded."),
        (20, 20, "clusters responded, after 20 of 60 in 2030-31.", "The response rate was the same in 2030-31."),
        (
            20,
            26,
            "clusters responded, after 20 of 60 in 2030-31.",
            "rate rose: in 2030-31, 20 of 60 (33%) responded.",
        ),
        (
            26,
            20,
            "clusters responded, after 26 of 60 in 2030-31.",
            "The response rate fell in Betsi Cadwaladr (from 14 to 9 of 14 clusters), and",
        ),
    ],
)
def test_whichever_way_the_response_rate_went_is_said(monkeypatch, previous, current, summary, section):
    told = read_report(make_report(ANSWERED * current, previous and ANSWERED * previous), monkeypatch)
    assert summary in told["01_executive_summary"]
    assert section in told["02_participation"]


def test_an_analyst_can_list_what_sentences_may_name():
    facts = Participation(60, 53, Count(53, 60), ("Powys",), (), ())
    listed = EDITION.list_facts(facts)["Says"]
    assert listed["responded"] == "53 of 60 (88%)"
    assert listed["full"] == "Powys"
    assert listed["direction"] == ""


def test_sentences_together_leave_out_those_that_say_nothing(monkeypatch):
    shown = []
    monkeypatch.setattr(edition, "lay_out_text", lambda text: shown.append(text) or [])
    one, none = EDITION.sentence("In {board}.", board="A*B"), EDITION.sentence("In {board}.", board="", when="")
    EDITION.say_together(one, none, one)
    EDITION.say_list(one, none)
    EDITION.say_list(none)
    assert shown == ["In A&#42;B. In A&#42;B.", "- In A&#42;B.", ""]


MEETINGS = ["Four meetings a year", "Six meetings a year", "No meetings"]


@pytest.mark.parametrize(
    ("current", "ideal", "told"),
    [
        ([0, 0, 1], [1, 1, 0], "present, four meetings a year, would be ideal for 1 of 3; the most common ideal, six"),
        ([0, 0, 1], [0, 0, 1], "Asked for the ideal, clusters most often name four meetings a year: 2 of 3."),
        ([0, 1, 2], [1, 1, 0], "“No meetings”, four meetings a year and six meetings a year: 1 of 3 each."),
        ([None] * 3, [1, 1, 0], "No cluster said how often it meets at present. Asked for the ideal"),
        ([0, 0, 1], [None] * 3, "2 of 3. No cluster said how often would be ideal."),
    ],
)
def test_how_often_clusters_meet_is_said_whichever_is_most_common(monkeypatch, current, ideal, told):
    def name(place):
        return None if place is None else MEETINGS[place]

    answers = [
        {"meetings_current": name(one), "meetings_ideal": name(other)}
        for one, other in zip(current, ideal, strict=True)
    ]
    assert told in read_report(make_report(answers), monkeypatch)["06_agreement_and_meetings"]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            {"role": "Agree", "progress": "Disagree"},
            "Agreement is most common on the role of a cluster: 3 of 3 agreed or strongly agreed. Disagreement is most "
            "common on progress towards the Primary Care Model for Wales: 3 of 3 disagreed or strongly disagreed.",
        ),
        (
            {"role": "Neither agree nor disagree", "progress": "Neither agree nor disagree"},
            "No cluster agreed with any of them. No cluster disagreed with any of them.",
        ),
        (
            {"role": "Strongly agree", "progress": "Strongly agree"},
            "progress towards the Primary Care Model for Wales and the role of a cluster: 3 of 3 agreed",
        ),
        ({"role": "Agree", "progress": None}, "No cluster answered this question."),
        ({"role": "Agree"}, "3 of 3 agreed or strongly agreed with the role of a cluster as bringing local services"),
    ],
)
def test_with_what_clusters_agree_is_said_whatever_they_answered(monkeypatch, answers, told):
    assert told in read_report(make_report([answers] * 3), monkeypatch)["06_agreement_and_meetings"]


def test_an_analyst_can_list_facts_within_facts():
    report = make_report([{"role": "Agree", "meetings_current": MEETINGS[0]}] * 3)
    listed = EDITION.list_facts(describe_agreement(measures.agreement.summarise(report.responses)))["Says"]
    assert listed["questions.role.agreed"] == "3 of 3"
    assert listed["most_agreed.questions"] == "the role of a cluster"
    listed = EDITION.list_facts(describe_meetings(measures.meetings.summarise(report.responses)))["Says"]
    assert listed["current.frequencies"] == "four meetings a year"
    assert listed["ideal"] == ""


def test_outcome_7_is_not_found_in_17_nor_its_name_cut_to_begin_a_sentence(monkeypatch):
    outcomes = [f"acd_{outcome}" for outcome in range(1, 8)]
    before = [dict.fromkeys(outcomes, "Developing")] * 40
    now = [dict.fromkeys(outcomes, "Developing") | {"acd_7": "Mature", "acd_3": "Foundation"}] * 40
    report = make_report(now, before)
    maturity, means = (
        measure(report.responses) for measure in (measures.maturity.summarise, measures.maturity.summarise_means)
    )
    facts = describe_maturity(maturity, means, "ACD")
    assert facts.change.mature.rose == (Outcome("ACD", "7"),)
    assert facts.change.means.fell == (Outcome("ACD", "3"),)
    assert facts.highest_mature.outcomes == (Outcome("ACD", "7"),)
    assert facts.is_partial is False
    told = read_report(report, monkeypatch)["15_appendix_acd"]
    assert "The highest mean, 4.00, is that of outcome 7 (Empowered clusters" in told
    assert "The lowest, 2.00, is that of outcome 3 (More effective leaders" in told


def test_a_narrative_of_themes_stands_alone_where_no_comment_is_coded(monkeypatch):
    text = (ROOT / "book/2024-25/themes.md").read_text(encoding="utf-8")
    monkeypatch.setattr(edition, "read_parts", lambda report, name: split_parts(text))
    monkeypatch.setitem(NEEDS, "told_themes", lambda report: True)
    told = read_report(make_report(ANSWERED * 20, sample=(CYCLE,)), monkeypatch)["07_themes"]
    for heading in ("Resource deficiency", "Strategic alignment and governance", "Operational strain"):
        assert f"## {heading} **" in told
    assert "Krippendorff" not in told
