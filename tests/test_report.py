"""What opening a cycle reads, and when."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from cluster_eval import InputError, exhibits, measures, open_report
from cluster_eval.exhibits.listing import number_exhibits
from cluster_eval.notebook.edition import OpenEdition

CYCLE, PREVIOUS = "2024-25", "2023-24"
PARAMS = {f"params/{CYCLE}.yml", f"params/{PREVIOUS}.yml"}
CLUSTERS, OUTCOMES = "data/reference/clusters.csv", "data/reference/outcomes.csv"
CODEBOOK, PREVIOUS_CODEBOOK = f"data/{CYCLE}/codebook.csv", f"data/{PREVIOUS}/codebook.csv"
CODING = f"data/{CYCLE}/coding.csv"
# What answers mean is looked for beside the export, and what was made without it is made again when it is there.
ANSWERS, PREVIOUS_ANSWERS = f"data/{CYCLE}/answers.csv", f"data/{PREVIOUS}/answers.csv"
OWN_RESPONSES = {f"data/{CYCLE}/responses.xlsx", CODEBOOK, CLUSTERS, ANSWERS}
RESPONSES = OWN_RESPONSES | {f"data/{PREVIOUS}/responses.xlsx", PREVIOUS_CODEBOOK, PREVIOUS_ANSWERS}
ACTIONS = {f"data/{CYCLE}/actions.csv", f"data/{PREVIOUS}/actions.csv"}
INSIGHTS = f"data/insights/{PREVIOUS}.csv"
WORDS = {"data/reference/labels.csv"}
ALL = RESPONSES | ACTIONS | {OUTCOMES, CODING, INSIGHTS}

_watching: list[list[str]] = []


def _note(event, arguments):
    if event == "open" and _watching and isinstance(arguments[0], str):
        _watching[-1].append(arguments[0])


# A hook cannot be taken away again, so there is one for all tests.
sys.addaudithook(_note)


@contextmanager
def watch(root):
    """Collect the files of params and data that are opened, each as often as it is."""
    opened = []
    _watching.append([])
    yield opened
    for file in map(Path, _watching.pop()):
        if file.is_relative_to(root / "params") or file.is_relative_to(root / "data"):
            opened.append(file.relative_to(root).as_posix())


def test_opening_a_cycle_reads_its_params_alone(repository):
    with watch(repository) as opened:
        open_report(CYCLE, repository)
    assert set(opened) == PARAMS


def test_the_export_of_the_cycle_before_is_not_taken_for_that_of_this_one(repository):
    params = repository / "params" / f"{CYCLE}.yml"
    text = params.read_text(encoding="utf-8")
    assert f"responses: data/{CYCLE}/responses.xlsx" in text
    params.write_text(text.replace(f"responses: data/{CYCLE}/", "responses: data/2023-24/"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        open_report(CYCLE, repository)
    [problem] = error.value.problems
    expected = f'params/{CYCLE}.yml, "responses": found data/2023-24/responses.xlsx, which are those of 2023-24'
    assert str(problem).startswith(expected)


def test_who_reads_responses_waits_for_no_chart_and_no_test(repository):
    heavy = ("matplotlib", "seaborn", "scipy", "pingouin")
    program = (
        "import sys; from cluster_eval import measures, open_report; report = open_report(sys.argv[1]);"
        "measures.maturity.summarise(report.responses); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, CYCLE], cwd=repository, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()).isdisjoint(heavy)


@pytest.mark.parametrize(
    ("ask", "files"),
    [
        (lambda report: report.responses, RESPONSES),
        (lambda report: report.register, {CLUSTERS}),
        (lambda report: report.outcomes, {OUTCOMES}),
        (lambda report: report.coding, OWN_RESPONSES | {CODING}),
        (lambda report: report.own_coding, OWN_RESPONSES | {CODING}),
        (lambda report: report.actions, ACTIONS),
        (lambda report: report.insights, {INSIGHTS}),
        (lambda report: report.quality, ALL),
        (lambda report: report.asked, {CODEBOOK}),
        (lambda report: report.previous_asked, {PREVIOUS_CODEBOOK}),
        (number_exhibits, RESPONSES | {CODING}),
        (lambda report: report.check(), ALL),
    ],
    ids=[
        *("responses", "register", "outcomes", "coding", "own coding", "actions", "insights", "quality", "asked"),
        *("previous asked", "all labels", "check"),
    ],
)
def test_what_is_asked_for_reads_no_other_file(repository, ask, files):
    report = open_report(CYCLE, repository)
    with watch(repository) as opened:
        ask(report)
    assert set(opened) == files


@pytest.mark.parametrize(
    ("show", "label", "files"),
    [
        (
            lambda report: exhibits.participation.response_rate(
                report, measures.participation.summarise(report.responses, report.register)
            ),
            "Figure 1",
            RESPONSES | WORDS,
        ),
        (
            lambda report: exhibits.agreement.agreement(report, measures.agreement.summarise(report.responses), "role"),
            "Figure 9",
            RESPONSES | WORDS,
        ),
        (
            lambda report: exhibits.deprivation.mean_scores(
                report, measures.deprivation.summarise_means(report.responses, "ACD"), "ACD"
            ),
            "Figure S4",
            RESPONSES | WORDS,
        ),
        # Numbered after the themes, of which there are as many as the coding has.
        (
            lambda report: exhibits.maturity.outcome(report, measures.maturity.summarise(report.responses), "ACD", "7"),
            "Figure 39",
            RESPONSES | WORDS | {OUTCOMES, CODING},
        ),
        (
            lambda report: exhibits.records.actions(report, CYCLE),
            "Table 6",
            RESPONSES | WORDS | ACTIONS | {CODING},
        ),
    ],
    ids=["response rate", "agreement", "deprivation", "outcome", "actions"],
)
def test_exhibit_reads_only_what_its_numbers_depend_on(repository, show, label, files):
    report = open_report(CYCLE, repository)
    with watch(repository) as opened:
        exhibit = show(report)
        exhibit = OpenEdition(report).write(exhibit)
    assert exhibit.label == label
    assert set(opened) == files


def test_file_is_read_once_however_much_is_asked_for(repository):
    report = open_report(CYCLE, repository)
    with watch(repository) as opened:
        report.check()
        for name in ("responses", "register", "outcomes", "coding", "actions", "insights", "quality", "asked"):
            getattr(report, name)
        number_exhibits(report)
    assert sorted(opened) == sorted(ALL)


def test_each_exhibit_has_a_number_of_its_own(repository):
    report = open_report(CYCLE, repository)
    names = number_exhibits(report)
    assert len(set(names.values())) == len(names)
    assert names["PCMW_levels"] == "figure-4"


def test_who_needs_no_damaged_file_is_not_told_of_it(repository):
    (repository / CODING).write_text("nothing\n", encoding="utf-8")
    report = open_report(CYCLE, repository)
    assert len(report.responses)
    with pytest.raises(InputError, match=r"coding\.csv"):
        _ = report.coding


def test_every_problem_of_both_cycles_is_told_in_one_go(repository):
    for file in (CODING, CLUSTERS, CODEBOOK, PREVIOUS_CODEBOOK, OUTCOMES, INSIGHTS, *ACTIONS):
        (repository / file).write_text("nothing\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        open_report(CYCLE, repository).check()
    files = list(dict.fromkeys(problem.file for problem in error.value.problems))
    assert files == [
        *(CLUSTERS, OUTCOMES, PREVIOUS_CODEBOOK, f"data/{PREVIOUS}/actions.csv", INSIGHTS),
        *(CODEBOOK, f"data/{CYCLE}/actions.csv", CODING),
    ]
    assert len(set(error.value.problems)) == len(error.value.problems)
