"""What published findings say that clusters wrote: read or refused, told in the cycle that it is of, and translated."""

import pytest

from cluster_eval import InputError, open_report
from cluster_eval.build.extraction import list_messages
from cluster_eval.facts import ReportFacts, describe_insights
from cluster_eval.facts.needs import list_features
from cluster_eval.sources.insights import read_insights
from cluster_eval.values import Parts, Title
from cluster_eval.words.language import ENGLISH
from cluster_eval.words.pseudo import PseudoLanguage
from tests.conftest import ROOT

FILE = "data/insights/2023-24.csv"
PARAMS = "params/2023-24.yml"


@pytest.fixture(scope="module")
def first():
    return open_report("2023-24", ROOT)


def test_first_cycle_has_the_published_insights(first):
    """By hand from the published headlines: 5 barriers, funding cited most; 5 enablers; 3 effects; 5 strengthenings."""
    told = describe_insights(first.insights)
    assert {kind: each.n for kind, each in told.items()} == {
        "barrier": 5,
        "enabler": 5,
        "effect": 3,
        "strengthening": 5,
    }
    assert [each.first for each in told.values()] == [Title("Funding"), None, None, None]
    assert Title("Lack of time") in told["barrier"].titles
    assert "autonomy" in told["strengthening"].titles[0].name
    assert first.insights["rank"].notna().sum() == 1


def test_every_cycle_has_those_of_its_chain_and_its_own_are_its_own(first):
    second = open_report("2024-25", ROOT)
    assert second.insights.equals(first.insights)
    assert {"insights"} == {"insights", "previous_insights"} & list_features(first)
    assert {"previous_insights"} == {"insights", "previous_insights"} & list_features(second)
    facts = ReportFacts(second)
    assert facts.insights is None and facts.previous_insights["barrier"].first.name == "Funding"
    assert ReportFacts(first).previous_insights is None


def write(root, *rows):
    (root / FILE).write_text("\n".join(["kind,rank,title", *rows, ""]), encoding="utf-8")


def test_every_problem_is_told_at_once_with_its_row(repository):
    write(
        repository,
        *("barriers,1,Funding", "barrier,first,Time", "barrier,1,", "barrier,1,Bureaucracy", "barrier,,bureaucracy "),
        *("enabler,0,Leadership", "enabler,1,Time"),
    )
    with pytest.raises(InputError) as error:
        open_report("2024-25", repository).check()
    told = {(each.file, each.row, each.heading): each.what for each in error.value.problems}
    assert set(told) == {
        (FILE, 2, "kind"),
        (FILE, 3, "rank"),
        (FILE, 4, "title"),
        (FILE, 5, "rank"),
        (FILE, 6, "title"),
        (FILE, 7, "rank"),
    }
    assert "barrier" in told[FILE, 2, "kind"] and "barriers" in told[FILE, 2, "kind"]
    assert "a whole number from 1" in told[FILE, 3, "rank"]
    assert "an earlier row of the same kind has it" in told[FILE, 6, "title"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kind,rank,title\n", "holds no insight"),
        ("kind,title\nbarrier,Funding\n", '"rank": the column is missing'),
    ],
)
def test_a_file_without_insights_is_refused(repository, text, told):
    (repository / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_insights(repository, (repository / FILE).relative_to(repository))


@pytest.mark.parametrize(
    ("value", "told"),
    [("data/insights/none.csv", "does not exist"), ("../a.csv", "outside the repository"), ("3", "found 3")],
)
def test_params_that_name_no_file_are_refused(repository, value, told):
    text = (repository / PARAMS).read_text(encoding="utf-8")
    (repository / PARAMS).write_text(text.replace(f"insights: {FILE}", f"insights: {value}"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        open_report("2024-25", repository)
    [problem] = error.value.problems
    assert (problem.file, problem.heading) == (PARAMS, "insights") and told in problem.what


def test_rank_goes_before_the_order_of_the_file(repository):
    write(repository, "enabler,,Trust", "barrier,,Time", "barrier,2,Space", "barrier,1,Funding")
    told = describe_insights(open_report("2023-24", repository).insights)
    assert [each.name for each in told["barrier"].titles] == ["Funding", "Space", "Time"]
    assert list(told) == ["barrier", "enabler"]


def test_translators_are_given_every_title(first):
    found = {each.message for each in list_messages(ROOT) if each.file == FILE}
    assert found == set(first.insights["title"])


def test_a_title_begins_small_in_a_sentence_and_stays_as_it_is_among_names():
    assert ENGLISH.write(Title("Lack of time")) == "lack of time"
    assert ENGLISH.write(Title("IT systems")) == "IT systems"
    assert ENGLISH.write(Parts((Title("Funding"), Title("Lack of time")))) == "Funding; Lack of time"
    assert PseudoLanguage().write(Title("Time")) == "⟦Tîmê⟧"
