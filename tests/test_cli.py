"""The command line: what is refused and how, what fails and how, and what is not done twice."""

import json
import subprocess
import sys

import openpyxl
import pytest

from cluster_eval.cli import main
from tests.helpers import EXPORT, call_command, edit_cell, replace, run_command, set_cells

CYCLE = "2024-25"


def damage_answers(root):
    # Columns 9, 22 and 29 hold PCMW outcome 1, ACD outcome 1 and the first agreement question.
    set_cells(root, {(3, 9): "Foundation or Developing", (17, 22): "Matur", (40, 29): "Agreed"})


def damage_cluster(root):
    set_cells(root, {(30, 8): "SB-33"})


def remove_column(root):
    book = openpyxl.load_workbook(root / EXPORT)
    book.worksheets[0].delete_cols(12)
    book.save(root / EXPORT)


def damage_workbook(root):
    (root / EXPORT).write_bytes(b"<html>Please sign in</html>")


DAMAGES = {
    "three wrong answers": (
        damage_answers,
        [
            (EXPORT, "row 3", "PCMW outcome 1", "Foundation or Developing", "Foundation"),
            (EXPORT, "row 17", "ACD outcome 1", '"Matur"', "Mature"),
            (EXPORT, "row 40", "moved forward", '"Agreed"', "Agree"),
        ],
    ),
    "unknown cluster": (damage_cluster, [(EXPORT, "row 30", "choose your cluster", '"SB-33"', "SB-03")]),
    "missing column": (remove_column, [(EXPORT, "PCMW outcome 4", "pcmw_4")]),
    "no workbook": (damage_workbook, [(EXPORT, "workbook", ".xlsx")]),
    "misspelt key": (
        replace("params/2024-25.yml", "codebook:", "codebok:"),
        [("params/2024-25.yml", '"codebook"', "missing"), ("params/2024-25.yml", '"codebok"', "nearest: codebook")],
    ),
    "unknown previous cycle": (
        replace("params/2024-25.yml", "previous: 2023-24", "previous: 2022-23"),
        [("params/2024-25.yml", '"previous"', "2022-23", "2023-24")],
    ),
    "unknown variable": (
        replace("data/2024-25/codebook.csv", "meetings_ideal", "meetings_wanted"),
        [("data/2024-25/codebook.csv", "row 38", '"variable"', '"meetings_wanted"', "meetings_")],
    ),
    "unknown need of a section": (
        replace("book/contents.yml", "needs: [PCMW]", "needs: [PCWM]"),
        [("book/contents.yml", '"needs"', '"PCWM"', "nearest: PCMW")],
    ),
    "no params": (lambda root: (root / "params/2024-25.yml").unlink(), [("params/2024-25.yml", "2023-24")]),
}


@pytest.fixture
def with_build(repository):
    """A copy with something in the place of an earlier build."""
    page = repository / "build" / CYCLE / "html" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_bytes(b"<p>The report of last week</p>\r\n")
    return repository


def list_build(root):
    folder = root / "build" / CYCLE
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("command", ["report", "validate"])
@pytest.mark.parametrize(("damage", "lines"), DAMAGES.values(), ids=DAMAGES)
def test_input_that_is_not_right_is_refused(with_build, capsys, damage, lines, command):
    before = list_build(with_build)
    damage(with_build)
    status = main(["--root", str(with_build), command, CYCLE])
    told = capsys.readouterr().err.splitlines()
    assert status == 2
    # A line that counts the problems, then one for each.
    assert len(told) == 1 + len(lines)
    assert told[0].startswith(f"{len(lines)} problem")
    for expected, line in zip(lines, told[1:], strict=True):
        assert [words for words in expected if words not in line] == [], line
        assert str(with_build) not in line
    assert before == list_build(with_build) != {}


def test_process_ends_with_status_2_and_no_traceback(with_build):
    before = list_build(with_build)
    damage_answers(with_build)
    done = run_command(with_build, "report", CYCLE)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 4
    assert list_build(with_build) == before


@pytest.mark.parametrize("words", [(), ("rapport", CYCLE), ("report",), ("report", CYCLE, "--fast")])
def test_command_that_is_not_right_is_refused(repository, capsys, words):
    with pytest.raises(SystemExit) as ended:
        main(["--root", str(repository), *words])
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told", "not_told"),
    [
        (["cycles"], ["2023-24\n", "2024-25\n"], ["README"]),
        (
            ["validate", CYCLE],
            ["2023-24: 46 responses", "2024-25: 53 responses", "Last modified time", "ignored"],
            ["set aside", "differs"],
        ),
        (["list", "2023-24"], ["03_pcmw", "19_appendix_data_quality", "discussion"], ["07_themes", "lessons"]),
        (["list", CYCLE], ["03_pcmw", "07_themes", "lessons", "not made yet"], ["up to date"]),
    ],
)
def test_what_there_is_is_told(repository, capsys, words, told, not_told):
    assert main(["--root", str(repository), *words]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    assert [line for line in told if line not in output.out] == []
    assert [line for line in not_told if line in output.out] == []


def test_a_reader_that_has_read_enough_is_no_error(repository):
    command = f"{sys.executable} -m cluster_eval validate {CYCLE} | head -n 1"
    done = subprocess.run(command, shell=True, cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_sections_that_fail_are_named_and_the_others_run_but_nothing_is_published(small):
    before = list_build(small)
    edit_cell(small, "02_appendix_actions", 4, "1/0")
    edit_cell(small, "03_appendix_abbreviations", 4, "import warnings\nwarnings.warn('mind the gap')")
    replace("notebooks/01_levels.ipynb", "## Levels by outcome", "## Quokka levels by outcome")(small)
    done = call_command(small, "report", CYCLE)
    assert done.returncode == 1
    assert "2 of 3 sections failed" in done.stderr
    assert "01_levels executed" in done.stdout
    told = done.stderr.splitlines()
    for section, words in (
        ("02_appendix_actions", ("ZeroDivisionError", "division by zero")),
        ("03_appendix_abbreviations", ("mind the gap",)),
    ):
        [place] = [place for place, line in enumerate(told) if line.startswith(f"{section}: ")]
        assert all(word in told[place] for word in ("cell 4", *words))
        executed = json.loads((small / told[place + 1].split(": ")[1]).read_text(encoding="utf-8"))
        outputs = json.dumps([cell.get("outputs") for cell in executed["cells"]])
        assert all(word in outputs for word in words)
    assert list_build(small) == before

    # Once they are put right, what ran before is not run again.
    edit_cell(small, "02_appendix_actions", 4, "edition.show(ce.exhibits.records.actions(report, cycle))")
    edit_cell(small, "03_appendix_abbreviations", 4, "edition.show(ce.exhibits.records.abbreviations(report))")
    done = call_command(small, "run", CYCLE)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 of 3 sections are up to date" in done.stdout
    assert "02_appendix_actions executed" in done.stdout
    assert "03_appendix_abbreviations executed" in done.stdout

    # A section can be run alone, and is run again once what it read has changed.
    replace("data/reference/outcomes.csv", "PCMW,1,", "PCMW,1,Quokka ")(small)
    done = call_command(small, "run", CYCLE, "--only", "01_levels")
    assert (done.returncode, done.stderr) == (0, "")
    assert "01_levels executed" in done.stdout
    assert "02_appendix" not in done.stdout
    assert list_build(small) == before
