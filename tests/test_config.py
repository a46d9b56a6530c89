"""A cycle's params are checked whole."""

from datetime import date
from pathlib import Path

import pytest

from cluster_eval.config import is_cycle, load_params
from cluster_eval.problems import InputError
from cluster_eval.repository import find_root, list_cycles

FILE = "params/2024-25.yml"
TITLE = "title: Cluster self-reflection 2024-25\n"


def change_params(root, old, new, file=FILE):
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_committed_params(repository):
    assert list_cycles(repository) == ["2023-24", "2024-25"]
    params = load_params(repository, "2024-25")
    assert params.previous == "2023-24"
    assert (params.fieldwork.opens, params.fieldwork.closes) == (date(2025, 4, 1), date(2025, 5, 31))
    assert params.published == Path("data/published/2024-25")
    first = load_params(repository, "2023-24")
    assert (first.previous, first.coding, first.published) == (None, None, None)


@pytest.mark.parametrize(
    ("old", "new", "heading", "told"),
    [
        pytest.param("coding:", "codings:", "codings", "nearest: coding", id="misspelt key"),
        pytest.param("closes:", "close:", "fieldwork.close", "nearest: closes", id="misspelt key of fieldwork"),
        pytest.param(TITLE, "", "title", "missing", id="missing key"),
        pytest.param("previous: 2023-24\n", "", "previous", "null", id="no previous, not even null"),
        pytest.param(", closes: 2025-05-31", "", "fieldwork.closes", "missing", id="missing date"),
        pytest.param(TITLE, "title: 2024\n", "title", "found 2024", id="number for text"),
        pytest.param("2025-05-31", "2025-06-31", "fieldwork.closes", "the calendar", id="day of no calendar"),
        pytest.param("2025-04-01", "April", "fieldwork.opens", "found 'April'", id="word for a date"),
        pytest.param("2025-04-01", "2025-06-01", "fieldwork", "before", id="closes before it opens"),
        pytest.param("sample_data: true", "sample_data: perhaps", "sample_data", "'perhaps'", id="word for yes or no"),
        pytest.param("cycle: 2024-25", "cycle: 2025-26", "cycle", "2024-25", id="cycle of another file"),
        pytest.param("cycle: 2024-25", "cycle: 2024", "cycle", "found 2024", id="no cycle"),
        pytest.param("previous: 2023-24", "previous: 2019-20", "previous", "2023-24", id="unknown previous cycle"),
        pytest.param("previous: 2023-24", "previous: 2024-25", "previous", "earlier", id="its own previous cycle"),
        pytest.param(TITLE, 'title: "a\\aclock"\n', "title", "U+0007", id="control character in the title"),
        pytest.param(TITLE, "title: ' '\n", "title", "has words", id="title without words"),
        pytest.param(TITLE, f"title: {'a' * 201}\n", "title", "201", id="long title"),
        pytest.param("responses.xlsx", "answers.xlsx", "responses", "data/2024-25/answers.xlsx", id="missing file"),
        pytest.param("2024-25/coding.csv", "2024-25/codes.csv", "coding", "does not exist", id="missing coding"),
        pytest.param("published/2024-25", "published/2024", "published", "does not exist", id="missing folder"),
        pytest.param("from: 2024-25", "from: 2023-24", "breaks", "from which it holds", id="break of another cycle"),
        pytest.param("what: form", "what: shape", "breaks.0.what", "'form', 'questions' or 'levels'", id="no break"),
    ],
)
def test_params_that_are_not_right_name_file_key_and_what_is_wrong(repository, old, new, heading, told):
    change_params(repository, old, new)
    with pytest.raises(InputError) as error:
        load_params(repository, "2024-25")
    told_of = {problem.heading: problem.what for problem in error.value.problems}
    assert told in told_of[heading]
    assert {problem.file for problem in error.value.problems} == {FILE}


def test_every_problem_of_the_params_is_told_at_once(repository):
    change_params(repository, "coding:", "codings:")
    change_params(repository, TITLE, "")
    change_params(repository, "2025-04-01", "April")
    with pytest.raises(InputError) as error:
        load_params(repository, "2024-25")
    assert {problem.heading for problem in error.value.problems} == {"codings", "title", "fieldwork.opens"}


@pytest.mark.parametrize("text", ["", "- cycle", "cycle: [", "2024-25"])
def test_file_that_is_no_yaml_of_keys(repository, text):
    (repository / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_params(repository, "2024-25")
    assert {problem.file for problem in error.value.problems} == {FILE}


@pytest.mark.parametrize("cycle", ["2031-32", "2024-26", "../params/2024-25", ""])
def test_cycle_without_params_tells_which_have_them(repository, cycle):
    with pytest.raises(InputError, match="2023-24, 2024-25"):
        load_params(repository, cycle)


def test_register_may_be_left_out_or_named(repository):
    default = Path("data/reference/clusters.csv")
    assert load_params(repository, "2024-25").register_file == default
    other = repository / "data/reference/clusters-2024.csv"
    (repository / default).rename(other)
    with pytest.raises(InputError, match="register"):
        load_params(repository, "2024-25")
    change_params(repository, TITLE, f"{TITLE}register: data/reference/clusters-2024.csv\n")
    assert load_params(repository, "2024-25").register_file == Path("data/reference/clusters-2024.csv")


@pytest.mark.parametrize("key", ["coding", "actions", "published", "insights"])
def test_what_a_cycle_need_not_have_may_be_null(repository, key):
    line = next(line for line in (repository / FILE).read_text().splitlines() if line.startswith(f"{key}:"))
    change_params(repository, line, f"{key}: null")
    assert getattr(load_params(repository, "2024-25"), key) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2024-25", True), ("1999-00", True), ("2024-26", False), ("2024", False), ("24-25", False), ("2024-25 ", False)],
)
def test_cycle_is_a_year_and_the_next(text, expected):
    assert is_cycle(text) is expected


def test_root_is_found_upwards(repository, tmp_path):
    assert find_root(repository / "notebooks") == repository
    with pytest.raises(InputError, match="params/ and data/"):
        find_root(tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "key", "first"),
    [
        (FILE, "previous: null\n", "previous", 2),
        (FILE, "x: {a: 1, 'a': 2}\n", "a", None),
    ],
)
def test_key_that_is_there_twice_is_an_error_with_both_rows(repository, file, text, key, first):
    path = repository / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    last = path.read_text(encoding="utf-8").count("\n")
    with pytest.raises(InputError) as error:
        load_params(repository, "2024-25")
    [problem] = error.value.problems
    assert (problem.file, problem.row, problem.heading) == (file, last, key)
    assert ("in one row" if first is None else f"rows {first} and {last}") in problem.what


def test_cycle_that_is_compared_with_a_later_one_is_refused(repository):
    file = repository / "params" / "2023-24.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("previous: null", "previous: 2024-25"), encoding="utf-8")
    with pytest.raises(InputError, match="an earlier one than 2023-24"):
        load_params(repository, "2023-24")


def test_link_that_leads_out_of_the_repository_is_refused(repository, tmp_path):
    (tmp_path / "outside.csv").write_text("a", encoding="utf-8")
    (repository / "data" / "link.csv").symlink_to(tmp_path / "outside.csv")
    change_params(repository, "data/2024-25/coding.csv", "data/link.csv")
    with pytest.raises(InputError, match="leads out of the repository"):
        load_params(repository, "2024-25")


def test_brackets_too_deep_to_be_read_are_told(repository):
    (repository / FILE).write_text("title: " + "[" * 3000 + "]" * 3000, encoding="utf-8")
    with pytest.raises(InputError, match="too deep"):
        load_params(repository, "2024-25")
