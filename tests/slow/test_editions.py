"""One cycle in several languages and scopes: computed once for all languages, and never one for the other."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from bs4 import BeautifulSoup

from cluster_eval.build.plan import CHECK, open_build
from cluster_eval.build.run import build_report
from cluster_eval.sources.edition import Scope
from tests.helpers import ROOT, call_command, read_files, replace

CYCLE = "2024-25"
BOARD = "Aneurin Bevan"
PSEUDO = "cluster_eval/words/pseudo.py"


@pytest.fixture
def own(small):
    """The small book with the package beside it, as an analyst has it, and a way to build it there."""
    shutil.copytree(ROOT / "cluster_eval", small / "cluster_eval", ignore=shutil.ignore_patterns("__pycache__"))

    def report(*words):
        command = [sys.executable, "-m", "cluster_eval", "report", CYCLE, *words]
        environment = os.environ | {"PYTHONPATH": str(small)}
        done = subprocess.run(command, cwd=small, capture_output=True, text=True, check=False, env=environment)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return done.stdout

    return small, report


def list_numbers(folder):
    """Count the numbers of each page, but for code."""
    found = {}
    for file in sorted((folder / "html").glob("*.html")):
        page = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")
        article = page.select_one("article") or page.select_one("main")
        for each in article.select("pre, details.admonition"):
            each.decompose()
        found[file.name] = Counter(re.findall(r"\d+(?:\.\d+)?%?", article.get_text(" ")))
    return found


def test_another_language_computes_nothing_and_says_the_same_numbers(own):
    root, report = own
    results = read_files(root / "build" / CYCLE / "results")
    told = report("--language", "pseudo")
    assert " executed in " not in told and "made the results" not in told
    assert len(re.findall("made the translation ", told)) == 3
    assert read_files(root / "build/pseudo" / CYCLE / "results") == results
    assert list_numbers(root / "build/pseudo" / CYCLE) == list_numbers(root / "build" / CYCLE)
    assert "all is up to date" in report() and "all is up to date" in report("--language", "pseudo")

    # A change in what a language is written by makes its words again, and no measure.
    with (root / PSEUDO).open("a", encoding="utf-8") as file:
        file.write("# A numbat.\n")
    assert "all is up to date" in report()
    told = report("--language", "pseudo")
    assert " executed in " not in told and "made the results" not in told
    assert len(re.findall("made the translation ", told)) == 3

    # What is edited is executed once, and then written in each language.
    page = root / "notebooks/02_appendix_actions.ipynb"
    page.write_text(page.read_text(encoding="utf-8").replace("Appendix: Opp", "Appendix: Quokka opp"), encoding="utf-8")
    told = report("--language", "pseudo")
    assert re.findall(r"(\S+) executed in", told) == ["02_appendix_actions"]
    assert re.findall(r"made the translation (\S+)", told) == ["02_appendix_actions"]
    assert " executed in " not in report()
    for folder in ("", "pseudo"):
        text = (root / "build" / folder / CYCLE / "html/02_appendix_actions.html").read_text(encoding="utf-8")
        assert ("Quokka" in text) is (folder == ""), folder
        assert "Qûôkkâ" in text or folder == ""


def test_a_section_that_fails_is_left_out_of_a_draft_in_each_language(small):
    replace("notebooks/02_appendix_actions.ipynb", "edition = ce.open_cycle(cycle, language)", "1/0")(small)
    for _ in range(2):
        done = call_command(small, "report", CYCLE, "--language", "pseudo", "--continue")
        assert done.returncode == 1
        assert "ZeroDivisionError" in done.stderr and "keep changing" not in done.stderr
        draft = small / "build/draft/pseudo" / CYCLE / "html"
        assert "ZeroDivisionError" in (draft / "02_appendix_actions.html").read_text(encoding="utf-8")
        assert "Lêvêlš" in (draft / "01_levels.html").read_text(encoding="utf-8")
    # What is not asked for stays as it was.
    replace("notebooks/02_appendix_actions.ipynb", "1/0", "edition = ce.open_cycle(cycle, language)")(small)
    replace("notebooks/01_levels.ipynb", "## Levels by outcome", "## Quokka levels by outcome")(small)
    done = call_command(small, "report", CYCLE, "--language", "pseudo", "--only", "appendix_actions")
    assert (done.returncode, "draft" in done.stdout) == (0, True), done.stderr


def test_what_was_shown_stays_in_the_build(small):
    """The values that a notebook keeps for other languages are in nothing that is published."""
    kept = small / f"build/steps/{CYCLE}/executed/01_levels.ipynb"
    assert "vnd.cluster-eval.shown" in kept.read_text(encoding="utf-8")
    published = read_files(small / "build" / CYCLE)
    assert [name for name, contents in published.items() if b"cluster-eval.shown" in contents] == []


def test_another_scope_is_another_build(small):
    scope = Scope("health_board", BOARD)
    build = open_build(small, CYCLE, scope=scope)
    # Nothing that was made for Wales is taken for it.
    assert build.explain(CHECK) == "not made yet"
    assert open_build(small, CYCLE).explain(CHECK) is None
    before = read_files(small / "build" / CYCLE)
    folder = build_report(small, CYCLE, lambda line: None, scope=scope, formats=False)
    assert folder == small / "build/health_board" / BOARD / CYCLE
    assert read_files(small / "build" / CYCLE) == before
    boards = {line.split(",")[1] for line in (folder / "results/participation.csv").read_text().splitlines()[1:]}
    assert boards == {BOARD}
    page = (folder / "html/01_levels.html").read_text(encoding="utf-8")
    assert f", {BOARD}, " in page
    assert open_build(small, CYCLE).is_up_to_date()
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["scope"] == BOARD
