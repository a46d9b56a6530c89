"""What reports say of quiet, small and empty cycles: everything they say and show is read, as by a reader."""

import random
import re

import pandas as pd
import pytest

from cluster_eval import facts, measures
from cluster_eval.build.manifest import describe_build
from cluster_eval.build.release_page import render_index
from cluster_eval.build.sheets import describe_workbook
from cluster_eval.exhibits.maturity import levels_of_each
from cluster_eval.notebook.edition import OpenEdition
from cluster_eval.values import Kind, Number, Outcome, ScoreChange
from cluster_eval.vocabulary import ANSWERS, FRAMEWORKS, LEVELS, MEETINGS, QUESTIONS, RATINGS
from cluster_eval.words.language import ENGLISH
from cluster_eval.words.written import Cells, WrittenExhibit
from tests.conftest import ROOT
from tests.made_up import CYCLE, PREVIOUS, Told, make_report, read_report

FREQUENCIES = ("Four meetings a year", "Six meetings a year")
PCMW = FRAMEWORKS["PCMW"].variables
COMMENTS = {f"{question}_comment": "There is no time" for question in QUESTIONS}


def make_rows(number, seed, **fixed):
    """Make responses that say anything, but for what is fixed."""
    generator = random.Random(seed)
    return [
        {variable: generator.choice(LEVELS) for variable in RATINGS}
        | {question: generator.choice(ANSWERS) for question in QUESTIONS}
        | {variable: generator.choice(FREQUENCIES) for variable in MEETINGS}
        | COMMENTS
        | fixed
        for _ in range(number)
    ]


NOW, BEFORE = make_rows(40, 1), make_rows(46, 2)
ALIKE = dict.fromkeys(RATINGS, "Mature") | dict.fromkeys(QUESTIONS, "Agree") | dict.fromkeys(MEETINGS, FREQUENCIES[0])
CODING = [
    ("0", "role", "Time", "Hours", "Coder 1", "There is no time"),
    ("1", "role", "Time", "Hours", "Coder 1", "No time at all"),
]
CODING_COLUMNS = ("response_id", "question", "theme", "subtheme", "coder", "excerpt")


def blank(rows, *variables):
    return [row | dict.fromkeys(variables) for row in rows]


def drop(rows, *variables):
    return [{variable: answer for variable, answer in row.items() if variable not in variables} for row in rows]


def leave_29(rows, variable):
    return [row | ({variable: None} if place >= 29 else {}) for place, row in enumerate(rows)]


def code(rows):
    return [dict(zip(CODING_COLUMNS, row, strict=True)) for row in rows]


SITUATIONS = {
    "everybody the same": (make_rows(53, 1, **ALIKE), make_rows(46, 2, **ALIKE), {}),
    "nothing changed": (NOW, NOW, {}),
    "one response in a first cycle": (make_rows(1, 1), None, {}),
    "one response after many": (make_rows(1, 1), BEFORE, {}),
    "many after one": (NOW, make_rows(1, 2), {}),
    "few so far": (make_rows(25, 1), BEFORE, {}),
    "29 ratings of an outcome": (leave_29(NOW, "pcmw_2"), BEFORE, {}),
    "an outcome and a question blank": (blank(NOW, "pcmw_1", "role"), BEFORE, {}),
    "an outcome and a question blank before": (NOW, blank(BEFORE, "pcmw_1", "role"), {}),
    "an outcome dropped": (drop(NOW, "pcmw_13"), BEFORE, {}),
    "an outcome blank in a first cycle": (blank(NOW, "pcmw_4"), None, {}),
    "a framework blank": (blank(NOW, *PCMW), BEFORE, {}),
    "a framework blank before": (NOW, blank(BEFORE, *PCMW), {}),
    "no rating": (blank(NOW, *RATINGS), BEFORE, {}),
    "no outcome in common": (blank(NOW, *PCMW[:6]), blank(BEFORE, *PCMW[6:]), {}),
    "one outcome alone": (drop(NOW, *(set(NOW[0]) - {"pcmw_3"})), drop(BEFORE, *(set(RATINGS) - {"pcmw_3"})), {}),
    "agreement blank": (blank(NOW, *QUESTIONS, *COMMENTS), BEFORE, {}),
    "one question alone": (drop(NOW, *RATINGS, *(set(QUESTIONS) - {"role"}), *COMMENTS), None, {}),
    "comments blank": (blank(NOW, *COMMENTS), None, {}),
    "a meeting question blank": (blank(NOW, "meetings_ideal"), None, {}),
    "both meeting questions blank": (blank(NOW, *MEETINGS), BEFORE, {}),
    "agreement and meetings blank": (blank(NOW, *QUESTIONS, *MEETINGS), None, {}),
    "one deprivation fifth": (NOW, BEFORE, {"fifths": 3}),
    "every cluster": (make_rows(60, 1), make_rows(60, 2), {}),
    "one coder, one theme": (NOW, None, {"coding": code(CODING)}),
    "all gave one theme": (
        NOW,
        None,
        {"coding": code([*CODING, *((*row[:4], "Coder 2", row[5]) for row in CODING)])},
    ),
    "compared with sample data": (NOW, BEFORE, {"sample": (PREVIOUS,)}),
    "sample data now": (NOW, BEFORE, {"sample": (CYCLE,)}),
}


# What charts make of few, of none and of all: elsewhere they are as in other tests.
DRAWN = (
    "everybody the same",
    "one response in a first cycle",
    "one response after many",
    "few so far",
    "an outcome and a question blank before",
    "a framework blank",
)


def read(name):
    current, previous, options = SITUATIONS[name]
    with pytest.MonkeyPatch.context() as monkeypatch:
        return read_report(make_report(current, previous, **options), monkeypatch, draw=name in DRAWN)


@pytest.mark.parametrize(
    "text",
    [
        "nan of 53",
        "0 of 0 agreed",
        "coded into 1 themes",
        "rose from 21% to 21%",
        "fell from 2.45 to 2.45",
        "It fell for 0 of 12 outcomes",
        "rose by 0.00",
        "rose by .",
        "figures .",
        "is << value >>",
        "[changed](08_change.ipynb)",
    ],
)
def test_what_no_sentence_should_say_is_found(text):
    assert Told(texts={"page": f"The share {text}"}).find_odd()


@pytest.mark.parametrize("cell", ["nan", "None", ""])
def test_what_no_cell_should_hold_is_found(cell):
    columns = (Cells("Outcome", Kind.TEXT, (), ("a",), ("a",)), Cells("Number", Kind.TEXT, (), (cell,), (cell,)))
    assert Told(exhibits={"Table 1": WrittenExhibit("table-1", "Table 1", "Title", "Source", columns)}).find_odd()


SAID = [
    ("everybody the same", "01_executive_summary", "**What outcomes need does not divide them.**"),
    ("everybody the same", "01_executive_summary", "as far on as a cycle before."),
    ("everybody the same", "01_executive_summary", "**About as many start from nothing as in"),
    ("one response in a first cycle", "01_executive_summary", "of ratings are at Pre-foundation, and"),
    (
        "everybody the same",
        "05_deprivation",
        "All responses have the same mean score, so that nothing can be compared.",
    ),
    ("everybody the same", "06_agreement_and_meetings", "No cluster disagreed with any of them."),
    ("everybody the same", "index", "**No cluster** that answered disagreed with any statement."),
    ("everybody the same", "08_change", "Nothing changed on the whole in how the same clusters rate themselves."),
    ("one response after many", "08_change", "1 cluster answered in both cycles"),
    ("one response after many", "03_pcmw", "With fewer than 30 ratings in one of the cycles, changes are not told."),
    ("few so far", "03_pcmw", "each outcome has fewer than 30 ratings, so changes of single outcomes are not told."),
    ("29 ratings of an outcome", "03_pcmw", "This leaves out 1 outcome with fewer than 30 ratings"),
    ("an outcome and a question blank", "03_pcmw", "(PCMW) has 13 outcomes. No cluster rated outcome 1 (An informed"),
    ("an outcome and a question blank", "03_pcmw", "summed over the 12 outcomes that every cycle rated"),
    ("an outcome and a question blank", "index", "These figures are over the 12 outcomes that every cycle rated."),
    ("an outcome and a question blank", "14_appendix_pcmw", "No cluster rated this outcome in 2031-32. ## PCMW"),
    ("an outcome and a question blank", "06_agreement_and_meetings", "cluster No cluster answered this question. ##"),
    (
        "an outcome and a question blank",
        "02_participation",
        "also asked about PCMW outcome 1 (An informed public) and the role of a cluster. No cluster",
    ),
    ("an outcome and a question blank before", "03_pcmw", "summed over the 12 outcomes that every cycle rated"),
    ("an outcome dropped", "03_pcmw", "The survey did not ask about outcome 13 (Finance systems"),
    ("an outcome blank in a first cycle", "03_pcmw", "Mature, summed over the 12 outcomes that clusters rated."),
    ("an outcome blank in a first cycle", "14_appendix_pcmw", "No cluster rated this outcome in 2031-32."),
    ("a framework blank", "02_participation", "The survey also asked about the outcomes of PCMW. No cluster"),
    ("a framework blank", "08_change", "**Primary Care Model for Wales.** No cluster rated its outcomes in both"),
    ("no outcome in common", "03_pcmw", "No outcome was rated in both cycles, so that there is no sum to compare."),
    ("a meeting question blank", "06_agreement_and_meetings", "No cluster said how often would be ideal."),
    ("both meeting questions blank", "02_participation", "the current number of cluster meetings and the ideal number"),
    ("one deprivation fifth", "05_deprivation", "of one deprivation fifth, so there is nothing to compare."),
    ("one coder, one theme", "07_themes", "were coded into 1 theme with 1 sub-theme."),
    ("one coder, one theme", "07_themes", "No excerpt has been read by two coders"),
    ("all gave one theme", "07_themes", "gave all of them the same theme, so that agreement cannot be measured."),
    ("compared with sample data", "index", "The responses of 2030-31 are synthetic."),
    ("compared with sample data", "index", "In 2030-31 (sample data) it was 46 of 60 (77%)."),
    ("compared with sample data", "01_executive_summary", "after 46 of 60 in 2030-31 (sample data)."),
    ("compared with sample data", "sample_data", "This page is about 2030-31."),
    ("sample data now", "02_participation", "In 2031-32 (sample data), 40 of 60 (67%) clusters"),
    ("sample data now", "21_appendix_statistics", "The responses of 2031-32 are [sample data]"),
]


EMPTY = {
    "a framework blank": {"03_pcmw", "14_appendix_pcmw"},
    "no rating": {"03_pcmw", "04_acd", "05_deprivation", "08_change", "21_appendix_statistics"},
    "agreement and meetings blank": {"06_agreement_and_meetings", "16_appendix_comments"},
    "agreement blank": {"16_appendix_comments"},
}
MARKED = {"compared with sample data": PREVIOUS, "sample data now": CYCLE, "nothing changed": None}
"""The cycle that is sample data, where one is, in those situations whose sources are looked at."""


# One test of each, since it takes seconds to read a whole report.
@pytest.mark.parametrize("name", SITUATIONS)
def test_a_report_says_what_is_so_and_nothing_odd(name):
    told = read(name)
    assert told.find_odd() == []
    assert [words for of, section, words in SAID if of == name and words not in told[section]] == []
    assert not EMPTY.get(name, set()) & set(told.texts)
    assert {"index", "02_participation", "19_appendix_data_quality"} <= set(told.texts)
    check_numbers(told)
    if name in MARKED:
        check_sources(told, MARKED[name])
    if name == "one deprivation fifth":
        titles = [exhibit.title for exhibit in told.exhibits.values()]
        assert not [title for title in titles if "deprivation fifth:" in title or "effect of deprivation" in title]


def test_every_situation_that_is_told_of_is_one():
    assert {name for name, _, _ in SAID} | set(EMPTY) | set(MARKED) <= set(SITUATIONS)


def check_numbers(told):
    numbers = {}
    for label in told.exhibits:
        series, number = re.fullmatch(r"(Figure S?|Table S?) ?(\d+)", label).groups()
        numbers.setdefault(series, set()).add(int(number))
    for series, found in numbers.items():
        assert found == set(range(1, len(found) + 1)), (series, found)


def check_sources(told, marked):
    exhibits = [each for each in told.exhibits.values() if each.source.startswith("Source: Cluster self")]
    assert len(exhibits) > 30
    for exhibit in exhibits:
        rests_on = {
            cycle for cycle in (CYCLE, PREVIOUS) if cycle in exhibit.title or cycle in exhibit.table.to_string()
        }
        rests_on |= {cycle for cycle in (CYCLE, PREVIOUS) if cycle in " ".join(map(str, exhibit.table.columns))}
        for cycle in rests_on:
            assert f"{cycle} (sample data)" in exhibit.source or cycle != marked, exhibit.label
            assert cycle in exhibit.source, exhibit.label
        assert exhibit.source.count("(sample data)") <= 3
        assert "; sample data" not in exhibit.source


def test_a_change_that_does_not_show_is_told_as_none():
    """212 of 1,000 ratings after 209 are 21% in both cycles."""
    levels, outcomes = {"Pre-foundation": (209, 212), "Mature": (791, 788)}, ("1", "all")
    maturity = pd.DataFrame(
        [
            {
                "cycle": cycle,
                "framework": "PCMW",
                "outcome": outcome,
                "level": level,
                "n": n,
                "base": 1000,
                "share": n / 1000,
            }
            for place, cycle in enumerate((PREVIOUS, CYCLE))
            for outcome in outcomes
            for level, n in ((level, levels.get(level, (0, 0))[place]) for level in LEVELS)
        ]
    )
    means = pd.DataFrame(
        [
            {"cycle": cycle, "framework": "PCMW", "outcome": outcome, "base": 1000, "mean": mean}
            for cycle, mean in ((PREVIOUS, 3.373), (CYCLE, 3.367))
            for outcome in outcomes
        ]
    )
    change = facts.describe_maturity(maturity, means, "PCMW").change
    assert change.pre_summed.direction == "about the same"
    assert change.levels[1].direction == "same"
    assert (change.mean.direction, ENGLISH.write(change.mean.points)) == ("about the same", "0.01")
    for largest, points in (
        (change.pre.largest_rise, "less than 1 percentage point"),
        (change.means.largest_fall, "0.01"),
    ):
        assert (largest.outcomes, ENGLISH.write(largest.points)) == ((Outcome("PCMW", "1"),), points)
        assert not largest.shows


def test_outcomes_with_few_ratings_are_not_compared():
    report = make_report(leave_29(NOW, "pcmw_2"), BEFORE)
    maturity, means = measures.maturity.summarise(report.responses), measures.maturity.summarise_means(report.responses)
    change = facts.describe_maturity(maturity, means, "PCMW").change
    assert (change.compared, change.few) == (12, 1)
    assert all(each.n_fell + each.n_rose <= 12 for each in (change.pre, change.mature, change.means))


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [(1, "theme", "1 theme"), (2, "theme", "2 themes"), (0, "theme", "0 themes"), (3, "cluster", "3 clusters")],
)
def test_one_is_told_in_the_singular(number, noun, words):
    assert ENGLISH.write(Number(number, noun)) == words


@pytest.mark.parametrize(("change", "words"), [(-0.06, "0.06"), (0.004, "less than 0.01"), (0.005, "0.01")])
def test_size_of_a_change_in_score(change, words):
    assert ENGLISH.write(ScoreChange(change)) == words


def test_cycles_stand_in_their_order_whichever_rated_an_outcome_first():
    report = make_report(NOW, blank(BEFORE, "pcmw_1"))
    maturity = measures.maturity.summarise(report.responses, "PCMW")
    table = OpenEdition(report).write(levels_of_each(report, maturity, "PCMW")).table
    assert list(table.loc[table.index.str.startswith("1 "), "Cycle"]) == [CYCLE]
    assert list(table.loc[table.index.str.startswith("2 "), "Cycle"]) == [PREVIOUS, CYCLE]


def test_a_table_of_two_cycles_has_percentages_of_both_or_of_none():
    report = make_report(make_rows(29, 1), BEFORE)
    maturity = measures.maturity.summarise(report.responses, "PCMW")
    table = OpenEdition(report).write(levels_of_each(report, maturity, "PCMW")).table
    assert not [column for column in table.columns if column.endswith("%")]
    assert not table.isin(["[z]"]).any(axis=None)


@pytest.mark.parametrize(
    ("sample", "note"), [((), None), ((PREVIOUS,), f"of {PREVIOUS} are"), ((PREVIOUS, CYCLE), "responses are")]
)
def test_manifest_and_workbook_tell_which_cycles_are_sample_data(sample, note):
    report = make_report(NOW, BEFORE, sample=sample)
    checked = {"cycles": report.cycles, "title": "Title", "sample_cycles": report.sample_cycles}
    manifest = describe_build(ROOT, checked, {})
    assert (manifest["sample_data"], manifest["sample_cycles"]) == (bool(sample), list(sample))
    assert manifest.get("note") is None if note is None else note in manifest["note"]
    cover = str(describe_workbook(OpenEdition(report), []).cover)
    assert ("synthetic" in cover) == bool(sample)
    assert (f"The responses of {PREVIOUS} are sample data" in cover) == (sample == (PREVIOUS,))


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ([], "Survey"),
        ([PREVIOUS], f"Survey, compared with sample data of {PREVIOUS}"),
        ([CYCLE], f"Sample data, compared with the survey of {PREVIOUS}"),
        ([PREVIOUS, CYCLE], "Sample data"),
    ],
)
def test_list_of_editions_tells_which_cycles_are_sample_data(sample, words):
    edition = {"cycle": CYCLE, "previous": PREVIOUS, "sample_data": bool(sample), "sample_cycles": sample}
    edition |= {
        "title": "Title",
        "edition": "2032-01-01",
        "path": "2032-01-01",
        "published": "2032-01-01T10:00:00+00:00",
    }
    page = render_index([edition | {"commit": None, "clean": True, "files": []}])
    assert f">{words}</td>" in page
