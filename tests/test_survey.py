"""Each reading rule of the data contract, on a copy of the 2024-25 export in which one thing was changed."""

import csv
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from cluster_eval import InputError, exhibits, measures, open_report
from cluster_eval.notebook.edition import OpenEdition
from cluster_eval.sources.cycle import KEYS
from cluster_eval.vocabulary import (
    ANSWERS,
    COMMENTS,
    LEVELS,
    MEETINGS,
    NOT_ASKED,
    QUESTIONS,
    RATINGS,
    SURVEY_VARIABLES,
)
from tests.conftest import copy_repository

CYCLE = "2024-25"
FILE = "data/2024-25/responses.xlsx"
FIRST, LAST = 2, 54  # The rows of the spreadsheet that hold responses.


class Export:
    """The export of a copied repository, changed cell by cell."""

    def __init__(self, root):
        self.root = root
        self.book = openpyxl.load_workbook(root / FILE)
        self.sheet = self.book.worksheets[0]
        codebook = csv.DictReader((root / "data/2024-25/codebook.csv").read_text(encoding="utf-8").splitlines())
        self.headings = {row["variable"]: row["heading"] for row in codebook}
        cells = {self._plain(cell.value): cell.column for cell in self.sheet[1]}
        self.columns = {variable: cells[self._plain(heading)] for variable, heading in self.headings.items()}

    def get(self, row, variable):
        return self.sheet.cell(row, self.columns[variable]).value

    def set(self, row, variable, value):
        # openpyxl leaves a cell alone that is given no value.
        self.sheet.cell(row, self.columns[variable]).value = value

    def append(self, like, **values):
        """Append a row like another, with an ID of its own."""
        row = self.sheet.max_row + 1
        for cell in list(self.sheet[like]):
            self.sheet.cell(row, cell.column).value = cell.value
        for variable, value in {"response_id": 1000 + row, **values}.items():
            self.set(row, variable, value)
        return row

    def clear_answers(self, row):
        for variable in self.columns:
            if variable not in ("response_id", "started", "completed", "cluster", "health_board"):
                self.set(row, variable, None)

    def read(self):
        self.book.save(self.root / FILE)
        report = open_report(CYCLE, self.root)
        report.check()
        return report

    def read_problems(self):
        with pytest.raises(InputError) as error:
            self.read()
        return error.value.problems

    @staticmethod
    def _plain(heading):
        return " ".join(heading.replace("’", "'").split()).casefold()


def leave_out_previous(root):
    """Make the cycle a first one, so that its report holds its own responses alone."""
    params = root / f"params/{CYCLE}.yml"
    text = params.read_text(encoding="utf-8")
    assert "previous: 2023-24" in text
    params.write_text(text.replace("previous: 2023-24", "previous: null"), encoding="utf-8")
    return root


@pytest.fixture
def export(repository):
    return Export(leave_out_previous(repository))


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    return open_report(CYCLE, leave_out_previous(copy_repository(tmp_path_factory.mktemp("unchanged") / "repository")))


def list_noticed(survey, check):
    rows = survey.quality[survey.quality["check"] == check]
    return list(rows[["row", "detail", "action"]].itertuples(index=False, name=None))


def get_bases(survey):
    tables = (
        measures.maturity.summarise(survey.responses).set_index(["framework", "outcome"]),
        measures.agreement.summarise(survey.responses).set_index(["question"]),
        measures.meetings.summarise(survey.responses).set_index(["kind"]),
    )
    return {
        group if isinstance(group, tuple) else (group,): base
        for table in tables
        for group, base in table["base"].items()
    }


def test_unchanged_export(unchanged):
    assert unchanged.responses["response_id"].nunique() == LAST - FIRST + 1 == 53
    # Microsoft Forms adds these three, and the codebook does not name them.
    assert [detail for _, detail, _ in list_noticed(unchanged, "heading ignored")] == [
        f'No row of the codebook names "{heading}"' for heading in ("Email", "Name", "Last modified time")
    ]
    assert set(unchanged.quality["check"]) == {"heading ignored"}


def test_responses_of_two_cycles_tell_what_was_not_asked_from_what_was_left_blank(export):
    for row in range(FIRST, LAST + 1):
        export.set(row, "acd_5", None)
    export.book.save(export.root / FILE)
    params = export.root / f"params/{CYCLE}.yml"
    params.write_text(params.read_text(encoding="utf-8").replace("previous: null", "previous: 2023-24"), "utf-8")
    responses = open_report(CYCLE, export.root).responses
    assert list(responses.columns) == [*KEYS, *SURVEY_VARIABLES]
    assert not responses.duplicated(["cycle", "response_id"]).any()
    previous, current = (responses[responses["cycle"] == cycle] for cycle in ("2023-24", CYCLE))
    assert current["acd_5"].isna().all()
    assert not (current == NOT_ASKED).any(axis=None)
    for variable in (*QUESTIONS, *COMMENTS, *MEETINGS):
        assert (previous[variable] == NOT_ASKED).all()
    for variable in (*RATINGS, *QUESTIONS):
        words = LEVELS if variable in RATINGS else ANSWERS
        assert responses[variable].dtype == pd.CategoricalDtype([*words, NOT_ASKED], ordered=True)
    for variable in MEETINGS:
        assert list(responses[variable].cat.categories)[-1] == NOT_ASKED
    assert list(responses["cycle"].cat.categories) == ["2023-24", CYCLE]


def test_columns_that_the_codebook_does_not_name_are_ignored_and_listed(export, unchanged):
    end = export.sheet.max_column
    for place, heading in enumerate(("Anything else?", "Anything else?"), start=end + 1):
        export.sheet.cell(1, place).value = heading
        export.sheet.cell(FIRST, place).value = "Mature"
    survey = export.read()
    ignored = [detail for _, detail, action in list_noticed(survey, "heading ignored") if action == "ignored"]
    assert sum('"Anything else?"' in detail for detail in ignored) == 2
    pd.testing.assert_frame_equal(survey.responses, unchanged.responses)


def test_columns_in_another_order_read_the_same(export, unchanged):
    rows = [[cell.value for cell in row] for row in export.sheet.iter_rows()]
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(reversed(values), start=1):
            export.sheet.cell(row, column).value = value
    pd.testing.assert_frame_equal(export.read().responses, unchanged.responses)


def test_heading_typed_otherwise_reads_the_same(export, unchanged):
    for cell in export.sheet[1]:
        cell.value = "\u00a0" + cell.value.upper().replace("’", "'").replace(" ", " \u00a0")
    pd.testing.assert_frame_equal(export.read().responses, unchanged.responses)


@pytest.mark.parametrize("variable", ["pcmw_4", "cluster", "completed", "meetings_ideal"])
def test_heading_that_the_export_lacks_is_an_error(export, variable):
    export.sheet.delete_cols(export.columns[variable])
    [problem] = export.read_problems()
    assert (problem.file, problem.heading) == (FILE, export.headings[variable])
    assert variable in problem.what


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("pre foundation: The cluster has not begun", "Pre-foundation"),
        ("PRE\u2011FOUNDATION", "Pre-foundation"),
        ("Mature ", "Mature"),
        (" developing:Mature", "Developing"),
    ],
)
def test_rating_is_recognised(export, typed, level):
    export.set(FIRST, "acd_3", typed)
    responses = export.read().responses
    assert responses.query("row == @FIRST")["acd_3"].item() == level


def test_neutral_answer_is_recognised_both_ways(export):
    export.set(FIRST, "role", "Neither disagree nor agree")
    export.set(FIRST + 1, "role", "neither agree  nor disagree")
    responses = export.read().responses.set_index("row")["role"]
    assert responses[FIRST] == responses[FIRST + 1] == "Neither agree nor disagree"


@pytest.mark.parametrize("blank", [None, "   ", "\u00a0"])
@pytest.mark.parametrize(
    ("variable", "smaller"),
    [
        ("pcmw_1", {("PCMW", "1"), ("PCMW", "all")}),
        ("role", {("role",)}),
        ("meetings_ideal", {("ideal",)}),
        ("role_comment", set()),
    ],
)
def test_blank_makes_only_that_questions_base_smaller_by_one(export, unchanged, variable, smaller, blank):
    export.set(FIRST, variable, blank)
    before, after = get_bases(unchanged), get_bases(export.read())
    assert before.keys() == after.keys()
    changed = {group: before[group] - after[group] for group in before if before[group] != after[group]}
    assert changed == dict.fromkeys(smaller, 1)


def test_of_several_responses_of_a_cluster_the_one_completed_last_counts(export):
    cluster = export.get(FIRST, "cluster")
    assert not export.get(FIRST, "pcmw_1").startswith("Mature")
    last = export.append(FIRST, completed=datetime(2025, 5, 20, 12), pcmw_1="Mature")
    middle = export.append(FIRST, completed=datetime(2025, 5, 19, 12))
    survey = export.read()
    counted = survey.responses.query("cluster == @cluster")
    assert (counted["row"].item(), counted["pcmw_1"].item()) == (last, "Mature")
    set_aside = list_noticed(survey, "duplicate cluster")
    assert {row for row, _, _ in set_aside} == {FIRST, middle}
    assert all(cluster in detail and action == "set aside" for _, detail, action in set_aside)
    participation = measures.participation.summarise(survey.responses, survey.register)
    assert participation.query("health_board == 'Wales'")["responses"].item() == 53


def test_coding_of_a_response_set_aside_is_ignored_and_listed(export, unchanged):
    coded = unchanged.coding["response_id"].iloc[0]
    row = next(row for row in range(FIRST, LAST + 1) if str(export.get(row, "response_id")) == coded)
    export.append(row, completed=datetime(2025, 5, 31, 12))
    survey = export.read()
    assert coded not in set(survey.coding["response_id"])
    assert len(list_noticed(survey, "coding ignored")) == (unchanged.coding["response_id"] == coded).sum() > 0


@pytest.mark.parametrize("whole", [False, True], ids=["without answers", "without anything"])
def test_row_without_rating_and_answer_is_set_aside_and_listed(export, whole):
    row = 10
    export.clear_answers(row)
    if whole:
        for cell in export.sheet[row]:
            cell.value = None
    survey = export.read()
    assert row not in set(survey.responses["row"])
    assert [(row, action) for row, _, action in list_noticed(survey, "blank response")] == [(row, "set aside")]


def test_blank_row_does_not_count_as_the_clusters_last_response(export, unchanged):
    row = export.append(FIRST, completed=datetime(2025, 5, 20, 12))
    export.clear_answers(row)
    survey = export.read()
    pd.testing.assert_frame_equal(survey.responses, unchanged.responses)
    assert [row for row, _, _ in list_noticed(survey, "blank response")] == [row]


@pytest.mark.parametrize(
    ("completed", "listed"),
    [
        (datetime(2025, 3, 31, 23, 59, 59), True),
        (datetime(2025, 4, 1), False),
        (datetime(2025, 5, 31, 23, 59, 59), False),
        (datetime(2025, 6, 1), True),
        ("2025-06-01 00:00:00", True),
        ("01/06/2025 00:00", True),
        ("31/05/2025 23:59:59", False),
    ],
)
def test_row_completed_outside_the_fieldwork_is_kept_and_listed(export, completed, listed):
    export.set(FIRST, "completed", completed)
    survey = export.read()
    assert FIRST in set(survey.responses["row"])
    assert [(row, action) for row, _, action in list_noticed(survey, "outside fieldwork")] == [(FIRST, "kept")] * listed


@pytest.mark.parametrize(("found", "told"), [("AB-33", "AB-03"), ("Ab 03", "AB-03"), (None, "blank")])
def test_unknown_cluster_is_an_error_with_the_nearest_names(export, found, told):
    export.set(FIRST, "cluster", found)
    [problem] = export.read_problems()
    assert (problem.file, problem.row, problem.heading) == (FILE, FIRST, export.headings["cluster"])
    assert told in problem.what
    assert found is None or found in problem.what


def test_health_board_that_differs_is_replaced_by_the_registers_and_listed(export):
    cluster, board = export.get(FIRST, "cluster"), export.get(FIRST, "health_board")
    assert board != "Powys"
    export.set(FIRST, "health_board", "Powys Teaching Health Board")
    survey = export.read()
    assert set(survey.responses.query("cluster == @cluster")["health_board"]) == {board}
    [(row, detail, action)] = list_noticed(survey, "health board differs")
    assert (row, action) == (FIRST, "register's used")
    assert all(words in detail for words in ("Powys", cluster, board))


def test_health_board_left_blank_or_spelt_out_is_the_registers(export, unchanged):
    export.set(FIRST, "health_board", None)
    export.set(FIRST + 1, "health_board", f"{export.get(FIRST + 1, 'health_board')} University Health Board")
    survey = export.read()
    pd.testing.assert_frame_equal(survey.responses, unchanged.responses)
    assert list_noticed(survey, "health board differs") == []


def test_new_meeting_answer_is_in_the_meetings_table_in_its_own_words(export):
    export.set(FIRST, "meetings_ideal", "  Eight   meetings a year ")
    export.set(FIRST + 1, "meetings_ideal", "Whenever needed")
    meetings = measures.meetings.summarise(export.read().responses)
    counts = meetings.set_index(["kind", "frequency"])["n"]
    assert counts["ideal", "Eight meetings a year"] == counts["ideal", "Whenever needed"] == 1
    assert counts["current", "Eight meetings a year"] == counts["current", "Whenever needed"] == 0


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("pcmw_2", "Foundation or Developing", "Foundation"),
        ("acd_7", "Matur", "Mature"),
        ("acd_7", 3, "Pre-foundation, Foundation, Developing, Mature"),
        ("pcmw_2", "#N/A", "Pre-foundation"),
        ("progress", "Agreed", "Agree"),
        ("time_achievable", "Don't know", "Neither agree nor disagree"),
        ("completed", "yesterday", "2025-04-30 14:05"),
        ("completed", None, "blank"),
        ("response_id", None, "blank"),
        ("response_id", 4, "earlier row"),
    ],
)
def test_any_other_value_is_an_error_that_tells_place_value_and_what_is_accepted(export, variable, value, told):
    row = 20
    export.set(row, variable, value)
    [problem] = export.read_problems()
    assert (problem.file, problem.row, problem.heading) == (FILE, row, export.headings[variable])
    assert told in problem.what
    assert value is None or f'"{value}"' in problem.what


def test_every_problem_of_every_file_is_told_in_one_go(export):
    export.set(5, "pcmw_2", "Foundation or Developing")
    export.set(9, "role", "Agreed")
    export.set(9, "cluster", "AB-99")
    export.set(12, "completed", "yesterday")
    export.sheet.cell(1, export.columns["meetings_ideal"]).value = "Meetings"
    for file, old, new in (
        ("data/2024-25/coding.csv", "time_achievable", "time"),
        ("data/2024-25/actions.csv", "October 2025", ""),
        ("data/2024-25/actions.csv", ",autonomy,", ",independence,"),
        ("data/reference/clusters.csv", "AB-01,Aneurin Bevan,2", "AB-01,Aneurin Bevan,6"),
    ):
        path = export.root / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    places = {(problem.file, problem.row, problem.heading) for problem in export.read_problems()}
    assert places >= {
        (FILE, 5, export.headings["pcmw_2"]),
        (FILE, 9, export.headings["role"]),
        (FILE, 12, export.headings["completed"]),
        (FILE, 1, export.headings["meetings_ideal"]),
        ("data/2024-25/coding.csv", 3, "question"),
        ("data/2024-25/actions.csv", 2, "timescale"),
        ("data/2024-25/actions.csv", 7, "finding"),
        ("data/reference/clusters.csv", 2, "deprivation_fifth"),
    }


@pytest.mark.parametrize(
    ("old", "new", "row", "heading"),
    [
        ("10,health_board_access", "9999,health_board_access", 2, "response_id"),
        ("10,health_board_access", "10,access", 2, "question"),
        ("response_id,question,theme", "response_id,question,subject", None, "theme"),
    ],
)
def test_coding_that_does_not_belong_is_an_error(export, old, new, row, heading):
    path = export.root / "data/2024-25/coding.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    [problem] = export.read_problems()
    assert (problem.file, problem.row, problem.heading) == ("data/2024-25/coding.csv", row, heading)


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [("pcmw_4", "pcmw_14", 10), ("pcmw_4", "pcmw_3", 10), ("completed", "started", 4), ("Start time", "ID", 3)],
)
def test_codebook_that_is_not_right_is_an_error(export, old, new, row):
    path = export.root / "data/2024-25/codebook.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = export.read_problems()
    assert {problem.file for problem in problems} == {"data/2024-25/codebook.csv"}
    assert row in {problem.row for problem in problems}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_form_of_the_export_reads_the_same(export, unchanged, encoding):
    path = export.root / FILE.replace(".xlsx", ".csv")
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([cell.value for cell in row] for row in export.sheet.iter_rows())
    params = export.root / "params/2024-25.yml"
    params.write_text(params.read_text(encoding="utf-8").replace("responses.xlsx", "responses.csv"), encoding="utf-8")
    survey = export.read()
    pd.testing.assert_frame_equal(survey.responses, unchanged.responses)
    pd.testing.assert_frame_equal(survey.quality, unchanged.quality)


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("responses.xlsx", b"ID,Name\n1,2\n"),
        ("responses.xlsx", b""),
        ("responses.csv", b""),
        ("responses.csv", "ID,Gwe\u00e9n\n".encode("latin-1")),
        ("responses.csv", b"\n\n"),
    ],
)
def test_file_that_cannot_be_read_is_one_problem_of_that_file(export, name, contents):
    params = export.root / "params/2024-25.yml"
    params.write_text(params.read_text(encoding="utf-8").replace("responses.xlsx", name), encoding="utf-8")
    (export.root / "data/2024-25" / name).write_bytes(contents)
    with pytest.raises(InputError) as error:
        open_report(CYCLE, export.root).check()
    assert [problem.file for problem in error.value.problems] == [f"data/2024-25/{name}"]


@pytest.mark.parametrize(
    ("change", "row", "told"),
    [
        (lambda text: text.replace(",", ";").encode(), None, "separated by semicolons"),
        (lambda text: ("\ufeff" + text.replace(",", "\t")).encode(), None, "separated by tabs"),
        (
            lambda text: text.replace("Time constraints,", "Time, constraints,", 1).encode(),
            2,
            "7 cells below 6 headings",
        ),
        (lambda text: (text + "1,role,T,S,C,Caf\u00e9").encode("cp1252", "replace"), -1, '"Caf\u00e9"'),
        (lambda text: text.encode("utf-16"), None, "save the file as CSV UTF-8"),
    ],
    ids=["semicolons", "tabs", "comma too many", "Windows-1252", "UTF-16"],
)
def test_csv_file_that_a_spreadsheet_saved_otherwise_is_told_with_what_to_do(export, change, row, told):
    path = export.root / "data/2024-25/coding.csv"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(change(text))
    [problem] = export.read_problems()
    assert (problem.file, told in problem.what) == ("data/2024-25/coding.csv", True), problem
    assert problem.row == (text.count("\n") + 1 if row == -1 else row)


def test_row_above_the_headings_is_one_problem(export):
    export.sheet.insert_rows(1)
    export.sheet.cell(1, 1).value = "Cluster survey"
    [problem] = export.read_problems()
    assert (problem.file, problem.row) == (FILE, 1)
    assert problem.what.endswith('found: "Cluster survey"')


def write_answers(export, *rows):
    path = export.root / "data/2024-25/answers.csv"
    path.write_text("\n".join(["variable,found,means", *rows]), encoding="utf-8")


def test_answers_mean_what_answers_csv_says_and_each_use_is_listed(export):
    export.set(5, "role", "Neither")
    export.set(6, "role", "neither ")
    export.set(7, "pcmw_1", "Aeddfed: mae arfer da wedi para")
    export.set(8, "meetings_ideal", datetime(2025, 2, 1))
    cluster = export.get(9, "cluster")
    export.set(9, "cluster", "The first cluster")
    write_answers(
        export,
        "role,NEITHER,Neither disagree nor agree",
        "pcmw_1,Aeddfed,Mature",
        "meetings_ideal,2025-02-01 00:00:00,Four meetings a year",
        f"cluster,The first cluster,{cluster}",
        "acd_1,Aeddfed,mature",
    )
    survey = export.read()
    responses = survey.responses.set_index("row")
    assert responses["role"][5] == responses["role"][6] == "Neither agree nor disagree"
    assert (responses["pcmw_1"][7], responses["meetings_ideal"][8]) == ("Mature", "Four meetings a year")
    assert responses["cluster"][9] == cluster
    noticed = list_noticed(survey, "answer mapped")
    assert [(row, action) for row, _, action in noticed if not pd.isna(row)] == [
        (row, "read as what it means") for row in (7, 8, 9)
    ]
    details = [detail for _, detail, _ in noticed]
    assert any('"NEITHER" in rows 5 and 6 means "Neither disagree nor agree"' in detail for detail in details)
    assert any("Row 6 of data/2024-25/answers.csv" in detail and "does not hold" in detail for detail in details)
    # What stands for a name may be anything that a person typed.
    assert not any("The first cluster" in detail for detail in details)


@pytest.mark.parametrize(
    ("row", "heading", "told"),
    [
        ("pcmw_1,Aeddfed,Ripe", "means", '"Ripe"'),
        ("meetings_ideal,Often,6", "means", '"6"'),
        ("health_board,Gwent,Gwent", "means", '"Gwent"'),
        ("pcmw_1,Aeddfed,", "means", "blank"),
        ("role_comment,No,Yes", "variable", "role_comment"),
        ("role,Neither,Agree\nrole,neither,Disagree", "found", "an earlier row"),
    ],
)
def test_answers_csv_that_is_not_right_is_an_error(export, row, heading, told):
    write_answers(export, row)
    [problem] = export.read_problems()
    assert (problem.file, problem.heading) == ("data/2024-25/answers.csv", heading)
    assert told in problem.what


def test_refusal_of_an_answer_says_where_to_say_what_it_means(export):
    export.set(20, "role", "Neither")
    [problem] = export.read_problems()
    assert "say in data/2024-25/answers.csv what it means" in problem.what


def test_answers_file_that_params_name_must_be_there(export):
    params = export.root / "params/2024-25.yml"
    params.write_text(params.read_text(encoding="utf-8") + "answers: data/2024-25/meanings.csv\n", encoding="utf-8")
    [problem] = export.read_problems()
    assert (problem.file, problem.heading) == ("params/2024-25.yml", "answers")


def test_further_rows_of_headings_are_one_problem(export):
    export.sheet.insert_rows(2, 2)
    for cell in export.sheet[1]:
        export.sheet.cell(2, cell.column).value = f"Question text of {cell.column}"
        export.sheet.cell(3, cell.column).value = f'{{"ImportId":"QID{cell.column}"}}'
    [problem] = export.read_problems()
    assert (problem.file, problem.rows) == (FILE, (2, 3))
    assert "headings" in problem.what and "delete them" in problem.what


def test_heading_that_is_there_twice_counts_where_answers_stand_below_it(export, unchanged):
    heading = export.sheet.cell(1, export.columns["acd_4"]).value
    end = export.sheet.max_column + 1
    export.sheet.cell(1, end).value = heading
    survey = export.read()
    pd.testing.assert_frame_equal(survey.responses, unchanged.responses)
    name = openpyxl.utils.get_column_letter(end)
    assert any(name in detail for _, detail, _ in list_noticed(survey, "heading ignored"))
    export.sheet.cell(FIRST, end).value = "Mature"
    [problem] = export.read_problems()
    assert f"{openpyxl.utils.get_column_letter(export.columns['acd_4'])} and {name}" in problem.what


@pytest.mark.parametrize("wording", ["{} (updated wording)", "Call handling"])
def test_answers_below_no_heading_and_below_another_wording_are_listed(export, wording):
    heading, end = export.sheet.cell(1, export.columns["pcmw_6"]).value, export.sheet.max_column
    for row in range(31, LAST + 1):
        export.sheet.cell(row, end + 1).value = export.get(row, "pcmw_6")
        export.sheet.cell(row, end + 2).value = "Mature"
        export.set(row, "pcmw_6", None)
    export.sheet.cell(1, end + 1).value = wording.format(heading)
    survey = export.read()
    letters = [openpyxl.utils.get_column_letter(end + place) for place in (1, 2)]
    [(_, ignored, _)] = list_noticed(survey, "answers ignored")
    assert letters[0] in ignored and "pcmw_6" in ignored and "24 of its 24 cells" in ignored
    [(_, unnamed, _)] = list_noticed(survey, "no heading")
    assert letters[1] in unnamed and "24 cells" in unnamed


def test_heading_that_is_not_there_shows_those_that_no_row_names_and_what_to_do(export):
    export.sheet.cell(1, export.columns["pcmw_4"]).value = "PCMW outcome 4, local services: how mature?"
    [problem] = export.read_problems()
    first = problem.what.index('"PCMW outcome 4, local services: how mature?"')
    assert first < problem.what.index('"Email"')
    assert "delete its row" in problem.what


def test_note_below_the_table_is_set_aside_and_empty_rows_are_one_line(export, unchanged):
    export.sheet.cell(LAST + 400, export.columns["pcmw_3"]).value = "Downloaded by the evaluation team"
    survey = export.read()
    pd.testing.assert_frame_equal(survey.responses, unchanged.responses)
    assert [(row, action) for row, _, action in list_noticed(survey, "note")] == [(LAST + 400, "set aside")]
    [(row, detail, _)] = list_noticed(survey, "blank response")
    assert (row, f"row {LAST + 399}" in detail) == (LAST + 1, True)


def test_row_without_an_owner_but_with_a_rating_is_an_error(export):
    export.set(LAST + 1, "pcmw_3", "Mature")
    assert {problem.what.partition(";")[0] for problem in export.read_problems()} == {
        "is blank",
        "is blank, and must not be",
    }


def test_of_responses_completed_at_the_same_moment_the_lower_counts_and_none_is_called_later(export):
    last = export.append(FIRST, completed=export.get(FIRST, "completed"), pcmw_1="Mature")
    survey = export.read()
    assert last in set(survey.responses["row"])
    [(row, detail, _)] = list_noticed(survey, "duplicate cluster")
    assert row == FIRST
    assert "same moment" in detail and "later" not in detail


def test_dates_that_begin_with_the_month_are_one_problem(export):
    for row in range(FIRST, LAST + 1):
        export.set(row, "completed", export.get(row, "completed").strftime("%m/%d/%Y %H:%M"))
    [problem] = export.read_problems()
    assert problem.rows == tuple(range(FIRST, LAST + 1))
    assert "the month comes before the day" in problem.what


def test_dates_that_lost_their_format_are_one_problem_that_says_what_to_do(export):
    for row in range(FIRST, LAST + 1):
        export.set(row, "completed", 45754.5 + row)
        export.sheet.cell(row, export.columns["completed"]).number_format = "General"
    [problem] = export.read_problems()
    assert problem.rows == tuple(range(FIRST, LAST + 1))
    assert "format the column as a date" in problem.what


@pytest.mark.parametrize("value", [datetime(2025, 2, 1), 6, True, "Four meetings a year;Six meetings a year;"])
def test_meeting_frequency_that_is_no_words_is_an_error(export, value):
    export.set(20, "meetings_ideal", value)
    [problem] = export.read_problems()
    assert (problem.row, problem.heading) == (20, export.headings["meetings_ideal"])
    assert "Six meetings a year" in problem.what


def test_frequencies_of_one_number_are_one_in_their_most_common_wording_and_listed(export, unchanged):
    rows = [row for row in range(FIRST, LAST + 1) if export.get(row, "meetings_current") == "Four meetings a year"]
    for row, words in zip(rows, ("Quarterly", "4 meetings per year", "Four meetings a year;"), strict=False):
        export.set(row, "meetings_current", words)
    export.set(rows[3], "meetings_ideal", "Pan fo angen")
    survey = export.read()
    expected = unchanged.responses["meetings_current"].astype("str")
    pd.testing.assert_series_equal(survey.responses["meetings_current"].astype("str"), expected)
    noticed = {row: (detail, action) for row, detail, action in list_noticed(survey, "meeting frequency")}
    assert set(noticed) == {rows[0], rows[1], rows[3]}
    assert '"Quarterly" names as many meetings a year as "Four meetings a year"' in noticed[rows[0]][0]
    assert noticed[rows[3]][1] == "kept in its own words"


def test_what_is_no_health_board_is_told_only_to_who_validates(export):
    export.set(FIRST, "health_board", "Our practice manager would know")
    export.set(FIRST + 1, "health_board", "Bwrdd Iechyd Prifysgol Cwm Taf Morgannwg")
    assert export.get(FIRST + 1, "cluster").startswith("CT-")
    survey = export.read()
    [(row, detail, _)] = list_noticed(survey, "health board differs")
    assert row == FIRST
    assert "none of the health boards' names" in detail and "practice manager" not in detail
    assert "found" not in survey.quality.columns
    found = survey.noticed.set_index("row")["found"]
    assert found[FIRST] == "Our practice manager would know"


def test_clusters_and_numbers_of_responses_are_found_however_they_were_typed(export, unchanged):
    export.set(FIRST, "cluster", f"\u200b{export.get(FIRST, 'cluster')}".replace("-", "\u2011"))
    path = export.root / "data/2024-25/coding.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.replace(",", ".0,", 1) if n else line for n, line in enumerate(lines)), "utf-8")
    survey = export.read()
    pd.testing.assert_frame_equal(survey.responses, unchanged.responses)
    pd.testing.assert_frame_equal(survey.coding, unchanged.coding)


def test_codes_in_two_spellings_are_one_in_the_more_common_and_listed(export, unchanged):
    path = export.root / "data/2024-25/coding.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    first = rows[1][5]
    same = [row for row in rows[1:] if row[5] == first]
    assert len(same) > 2
    for row in rows[1::7]:
        row[2], row[4] = row[2].upper(), row[4].lower().replace(" ", "\u00a0 ")
    same[-1][5] = first.rstrip(".") + " ."
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    survey = export.read()
    pd.testing.assert_frame_equal(survey.coding.astype("str"), unchanged.coding.astype("str"))
    details = [detail for _, detail, _ in list_noticed(survey, "spelling")]
    assert any('the theme is "RESOURCE DEFICIENCY", elsewhere "Resource deficiency"' in detail for detail in details)
    assert any("excerpts are spelt otherwise" in detail for detail in details)


def test_control_characters_of_any_file_are_taken_out_and_listed(export):
    path = export.root / "data/2024-25/actions.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Find out", "Find\x07 out", 1), encoding="utf-8")
    survey = export.read()
    assert survey.actions["action"][0].startswith("Find out")
    [(row, detail, action)] = list_noticed(survey, "control characters")
    assert (pd.isna(row), action) == (True, "taken out")
    assert 'row 2 of "action" in data/2024-25/actions.csv' in detail


def test_worksheets_that_are_not_read_are_listed(export):
    hidden = export.book.create_sheet("Lookups", 0)
    hidden["A1"], hidden.sheet_state = "Health board", "hidden"
    export.book.active = 1
    [(_, detail, action)] = list_noticed(export.read(), "worksheets")
    assert '"Lookups" (hidden)' in detail and action == "not read"
    hidden.sheet_state = "visible"
    [problem] = export.read_problems()
    assert 'the worksheet "Lookups"' in problem.what and '"Sheet1"' in problem.what


def test_question_that_was_reworded_is_listed_and_said_where_it_is_compared(export):
    params = export.root / f"params/{CYCLE}.yml"
    text = params.read_text(encoding="utf-8").replace("previous: null", "previous: 2023-24")
    params.write_text(text.replace("sample_data: true", "sample_data: false"), encoding="utf-8")
    earlier = export.root / "params/2023-24.yml"
    earlier.write_text(earlier.read_text(encoding="utf-8").replace("sample_data: true", "sample_data: false"), "utf-8")
    before = export.root / "data/2023-24/codebook.csv"
    with before.open(encoding="utf-8", newline="") as file:
        headings = {row["variable"]: row["heading"] for row in csv.DictReader(file)}
    # Of one question the wording stays as it was.
    same = "acd_3"
    path = export.root / "data/2024-25/codebook.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(export.headings[same], headings[same].upper()), encoding="utf-8"
    )
    export.sheet.cell(1, export.columns[same]).value = headings[same]
    survey = export.read()
    assert set(survey.reworded) == set(RATINGS) - {same}
    details = [detail for _, detail, _ in list_noticed(survey, "question reworded")]
    assert len(details) == len(RATINGS) - 1
    assert f'"{headings["pcmw_1"]}" in 2023-24' in details[0] and export.headings["pcmw_1"] in details[0]
    maturity = measures.maturity.summarise(survey.responses)
    write = OpenEdition(survey).write
    sources = [write(exhibits.maturity.outcome(survey, maturity, "ACD", outcome)).source for outcome in ("3", "4")]
    said = "The question was worded differently in 2023-24."
    assert [said in source for source in sources] == [False, True]
    assert "19 of the questions were worded differently" in write(exhibits.maturity.overview(survey, maturity)).source
    assert "worded differently" not in write(exhibits.maturity.levels(survey, maturity, "PCMW")).source


def test_column_in_which_nothing_is_recognised_is_one_problem(export):
    for row in range(FIRST, LAST + 1):
        export.set(row, "pcmw_1", "Agree")
    [problem] = export.read_problems()
    assert problem.rows == tuple(range(FIRST, LAST + 1))
    assert 'found "Agree"; accepted: Pre-foundation' in problem.what
    assert "does the codebook name the right heading?" in problem.what
