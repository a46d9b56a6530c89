"""What is made again after a change, what is not, and that nothing of before the change is shown."""

import json
import os
import shutil
import subprocess
import sys
import threading

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from cluster_eval.build.cache import Cache, find_changed
from cluster_eval.build.plan import open_build
from cluster_eval.build.publish import hold
from tests.helpers import ROOT, call_command, edit_cell, read_files, replace, wait_until

CYCLE = "2024-25"
SECTIONS = ["01_levels", "02_appendix_actions", "03_appendix_abbreviations"]
ACTIONS, RESPONSES = f"data/{CYCLE}/actions.csv", f"data/{CYCLE}/responses.csv"
OUTCOMES = "data/reference/outcomes.csv"


def report(root, *words):
    done = call_command(root, "report", CYCLE, *words)
    assert "Traceback" not in done.stderr
    return done


def make(root, *words):
    """Build what has to be built, and list the sections that were executed."""
    done = report(root, *words)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return list_executed(done)


def list_executed(done):
    return {line.split(" executed in ")[0].split()[-1] for line in done.stdout.splitlines() if " executed in " in line}


def list_states(root):
    """List what is said of each section: that it is up to date, or why it is not."""
    lines = call_command(root, "list", CYCLE).stdout.splitlines()
    return {line.split()[0]: line for line in lines if line.split()[0] in SECTIONS}


def list_readers(root, place):
    """List the sections that are recorded to have read a file."""
    steps = json.loads((root / f"build/steps/{CYCLE}/cache.json").read_text(encoding="utf-8"))["steps"]
    return {step for step, kept in steps.items() if step in SECTIONS and place in kept["reads"]}


def read_page(root, page):
    return BeautifulSoup(
        (root / f"build/{CYCLE}/html/{page}.html").read_text(encoding="utf-8"), "html.parser"
    ).get_text(" ", strip=True)


def read_build(root):
    return read_files(root / "build" / CYCLE)


def edit_notebook(root, name, old, new):
    replace(f"notebooks/{name}.ipynb", old, new)(root)


def list_formats(done):
    """List what a report names at its end: the lines that begin with no time."""
    return [line.strip() for line in done.stdout.splitlines() if not line.startswith("[")]


def test_nothing_is_made_where_nothing_changed(small):
    before = read_build(small)
    stamp = (small / "build" / CYCLE / "manifest.json").stat().st_mtime_ns
    for file in [*(small / "data").rglob("*.csv"), *(small / "notebooks").glob("*.ipynb")]:
        # A date is not a change.
        os.utime(file)
    done = report(small)
    assert (done.returncode, done.stderr) == (0, "")
    assert "all is up to date" in done.stdout
    assert len(done.stdout.splitlines()) == 2 + len(list_formats(done))
    assert read_build(small) == before
    assert (small / "build" / CYCLE / "manifest.json").stat().st_mtime_ns == stamp


CHANGES_OF_DATA = {
    # The second response at another level of the first outcome. What was answered decides how exhibits are numbered.
    RESPONSES: (replace(RESPONSES, "AB-02,Foundation", "AB-02,Mature"), {*SECTIONS}),
    ACTIONS: (replace(ACTIONS, "Ask fewer", "Quokka: ask fewer"), {"02_appendix_actions"}),
    OUTCOMES: (replace(OUTCOMES, "PCMW,1,An informed public,", "PCMW,1,A quokka public,"), {"01_levels"}),
}


@pytest.mark.parametrize(("place", "change", "readers"), [(place, *each) for place, each in CHANGES_OF_DATA.items()])
def test_a_changed_file_is_told_of_the_sections_that_read_it_and_of_no_other(small, place, change, readers):
    assert list_readers(small, place) == readers
    change(small)
    assert {name for name, state in list_states(small).items() if f"{place} changed" in state} == readers
    assert {name for name, state in list_states(small).items() if "up to date" in state} == {*SECTIONS} - readers


def test_changed_values_are_shown_wherever_they_stand(small):
    """One response more at Mature: the page, its chart, its executed notebook and the results all say so."""
    maturity = small / f"build/{CYCLE}/results/maturity.csv"
    chart = small / f"build/{CYCLE}/html/_static/figures"

    def look():
        rows = [line.split(",") for line in maturity.read_text(encoding="utf-8").splitlines()]
        [n] = [int(row[4]) for row in rows if row[:4] == [CYCLE, "PCMW", "1", "Mature"]]
        drawings = {file.name: file.read_bytes() for file in chart.glob("*.svg")}
        executed = (small / f"build/{CYCLE}/notebooks/01_levels.ipynb").read_text(encoding="utf-8")
        download = next((small / f"build/{CYCLE}/html/_downloads").glob("*/01_levels.ipynb"))
        assert executed == download.read_text(encoding="utf-8")
        inputs = json.loads((small / f"build/{CYCLE}/manifest.json").read_text(encoding="utf-8"))["inputs"]
        return n, drawings, read_page(small, "01_levels"), read_page(small, "02_appendix_actions"), inputs

    n, drawings, levels, actions, inputs = look()
    for change, _ in CHANGES_OF_DATA.values():
        change(small)
    assert make(small) == {*SECTIONS}
    more, redrawn, new_levels, new_actions, new_inputs = look()
    assert more == n + 1
    assert levels != new_levels
    assert "quokka public" in new_levels
    assert "Quokka" in new_actions and "Quokka" not in actions
    assert {place for place in inputs if inputs[place] != new_inputs[place]} == set(CHANGES_OF_DATA)
    # A chart that says the same is the same, byte for byte.
    changed = {name.rsplit("-", 1)[0] for name in drawings if drawings[name] != redrawn[name]}
    assert set(drawings) == set(redrawn)
    assert len(changed) == 1 < len({name.rsplit("-", 1)[0] for name in drawings})
    # What the next run finds is the state after this one.
    assert "all is up to date" in report(small).stdout


def test_an_edited_notebook_alone_is_executed_and_an_edited_page_executes_nothing(small):
    own = small / "book" / CYCLE / "notes.md"
    own.write_text("# Notes\n\nOf quokkas.\n", encoding="utf-8")
    edit_notebook(small, "01_levels", "## Levels by outcome", "## Quokka levels by outcome")
    done = report(small)
    assert list_executed(done) == {"01_levels"}
    assert "made the results" not in done.stdout
    assert "Quokka levels" in read_page(small, "01_levels")
    # A page of the cycle's own takes the place of the common one.
    assert "Of quokkas." in read_page(small, "notes")
    own.unlink()
    replace("book/notes.md", "every cycle has", "every numbat has")(small)
    assert make(small) == set()
    assert "quokkas" not in read_page(small, "notes")
    assert "every numbat has" in read_page(small, "notes")


def test_settings_of_the_book_reach_every_page_and_what_its_contents_leave_out_is_gone(small):
    css = small / "book/_static/cluster-eval.css"
    css.write_text(css.read_text(encoding="utf-8") + "\n.quokka { color: red; }\n", encoding="utf-8")
    replace("book/_config.yml", '"Public Health Wales"', '"Quokka Wales"')(small)
    replace("book/contents.yml", "      - page: lessons\n", "")(small)
    assert make(small) == set()
    published = small / f"build/{CYCLE}/html"
    assert ".quokka" in (published / "_static/cluster-eval.css").read_text(encoding="utf-8")
    for page in ("index", "notes", *SECTIONS):
        assert "Quokka Wales" in (published / f"{page}.html").read_text(encoding="utf-8")
    assert not (published / "lessons.html").exists()
    assert "lessons.html" not in (published / "index.html").read_text(encoding="utf-8")


def test_a_link_that_leads_nowhere_stops_the_book(small):
    before = read_build(small)
    replace("book/contents.yml", "      - {notebook: 01_levels, needs: [PCMW]}\n", "")(small)
    for _ in range(2):
        done = report(small)
        assert done.returncode == 1
        assert "01_levels.ipynb" in done.stderr
        assert read_build(small) == before


def test_other_dependencies_make_everything_again(small):
    lock = small / "requirements.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + "# quokka\n", encoding="utf-8")
    states = list_states(small)
    assert len(states) == len(SECTIONS)
    assert all("requirements.lock changed" in state for state in states.values())


def test_a_module_reaches_the_sections_that_imported_it(small):
    """The package stands beside the data here, as it does for an analyst."""
    shutil.copytree(ROOT / "cluster_eval", small / "cluster_eval", ignore=shutil.ignore_patterns("__pycache__"))

    def run(*words):
        environment = os.environ | {"PYTHONPATH": str(small)}
        command = [sys.executable, "-m", "cluster_eval", *words]
        return subprocess.run(command, cwd=small, capture_output=True, text=True, check=True, env=environment)

    # Where the package stands is no change: its modules are the same.
    assert "all is up to date" in run("report", CYCLE).stdout
    place = "cluster_eval/measures/participation.py"
    readers = list_readers(small, place)
    assert readers == {"01_levels"}
    with (small / place).open("a", encoding="utf-8") as file:
        file.write("# quokka\n")
    assert list_executed(run("run", CYCLE)) == readers


def test_what_was_made_and_is_gone_is_made_again(small):
    shutil.rmtree(small / "build" / CYCLE)
    done = report(small)
    assert list_executed(done) == set()
    published = small / "build" / CYCLE
    assert (published / "html" / "index.html").is_file()
    formats = [place.name + "/" * place.is_dir() for place in published.iterdir() if place.name != "html"]
    assert {f"build/{CYCLE}/{name}" for name in ["html/index.html", *formats]} == set(list_formats(done))
    assert {"report.docx", "report.pdf", "tables.xlsx", "tables.ods", "notebooks/", "results/"} <= set(formats)
    (small / f"build/steps/{CYCLE}/book/notebooks/01_levels.ipynb").unlink()
    assert list_executed(report(small)) == {"01_levels"}


@pytest.mark.parametrize("contents", [None, "", "{", "[]", '{"steps": 3}', '{"steps": {"check": {}}}'])
def test_a_damaged_cache_counts_as_none(tmp_path, contents):
    if contents is not None:
        (tmp_path / "cache.json").write_text(contents, encoding="utf-8")
    assert Cache(tmp_path, tmp_path / "cache.json").explain("check", {}) == "not made yet"


def test_only_and_force(small):
    assert "all is up to date" in report(small, "--only", "levels").stdout
    done = report(small, "--only", "levels,03_appendix_abbreviations", "--force")
    assert list_executed(done) == {"01_levels", "03_appendix_abbreviations"}
    assert "last time" in done.stdout
    assert "published" in done.stdout or "is up to date" in done.stdout
    refused = report(small, "--only", "level")
    assert refused.returncode == 2
    assert "section level;" in refused.stderr
    assert "01_levels" in refused.stderr


def test_only_gives_a_draft_where_others_are_not_up_to_date(small):
    before = read_build(small)
    edit_notebook(small, "01_levels", "## Levels by outcome", "## Quokka levels by outcome")
    edit_notebook(small, "02_appendix_actions", "Appendix: Opp", "Appendix: Quokka opp")
    done = report(small, "--only", "appendix_actions")
    assert done.returncode == 0
    assert list_executed(done) == {"02_appendix_actions"}
    assert "draft" in done.stdout
    assert read_build(small) == before
    draft = small / "build" / "draft" / CYCLE / "html"
    assert "Quokka opp" in (draft / "02_appendix_actions.html").read_text(encoding="utf-8")
    left_out = (draft / "01_levels.html").read_text(encoding="utf-8")
    assert "not in the draft" in left_out
    assert "notebooks/01_levels.ipynb changed" in left_out
    assert "<svg" not in left_out
    assert make(small) == {"01_levels"}


def test_continue_gives_a_draft_where_a_section_fails(small):
    before = read_build(small)
    edit_notebook(small, "02_appendix_actions", "edition = ce.open_cycle(cycle, language)", "1/0")
    edit_notebook(small, "01_levels", "## Levels by outcome", "## Quokka levels by outcome")
    stopped = report(small)
    assert stopped.returncode == 1
    assert "ZeroDivisionError" in stopped.stderr
    assert not (small / "build" / "draft").exists()
    done = report(small, "--continue")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    draft = small / "build" / "draft" / CYCLE / "html"
    assert "ZeroDivisionError" in (draft / "02_appendix_actions.html").read_text(encoding="utf-8")
    assert "Quokka levels" in (draft / "01_levels.html").read_text(encoding="utf-8")
    assert list((draft / "_static/figures").glob("*.svg"))
    assert read_build(small) == before


def test_two_runs_of_a_cycle_do_not_mix(small):
    edit_notebook(small, "01_levels", "## Levels by outcome", "## Quokka levels by outcome")
    before = read_build(small)
    with hold(open_build(small, CYCLE)):
        second = report(small)
        # Another cycle may be built meanwhile.
        assert call_command(small, "report", "2023-24").returncode == 0
    assert second.returncode == 1
    assert "another run" in second.stderr
    assert read_build(small) == before


def test_a_file_saved_during_a_run_is_read_again(small):
    """The first section reads and waits; meanwhile the file changes: no section may show what stood there before."""
    show = "edition.show(ce.exhibits.records.actions(report, cycle))\nimport os, time\n"
    wait = (
        "if not os.path.exists('waits'):\n    open('waits', 'w').close()\n"
        "    while not os.path.exists('saved'):\n        time.sleep(0.05)"
    )
    edit_cell(small, "02_appendix_actions", 4, show + wait)

    def save():
        wait_until((small / "notebooks" / "waits").exists)
        CHANGES_OF_DATA[ACTIONS][0](small)
        (small / "notebooks" / "saved").touch()

    analyst = threading.Thread(target=save)
    analyst.start()
    done = report(small)
    analyst.join()
    assert done.returncode == 0
    assert f"{ACTIONS} changed meanwhile" in done.stdout
    assert "Quokka" in read_page(small, "02_appendix_actions")


CHANGES = st.dictionaries(st.sampled_from("abcdef"), st.binary(max_size=3) | st.none())


@given(before=CHANGES, after=CHANGES)
def test_a_step_is_up_to_date_where_every_byte_that_it_read_is_the_same(tmp_path_factory, before, after):
    root = tmp_path_factory.mktemp("cache")
    names = sorted({*before, *after})

    def write(contents):
        for name in names:
            (root / name).unlink(missing_ok=True)
            if contents.get(name) is not None:
                (root / name).write_bytes(contents[name])

    write(before)
    now = {}
    find_changed(dict.fromkeys(names, ""), root, now)
    Cache(root, root / "cache.json").keep("step", {"a": [1]}, now, [], None, 1.0)
    write(after)
    cache = Cache(root, root / "cache.json")
    differ = [name for name in names if before.get(name) != after.get(name)]
    why = cache.explain("step", {"a": [1]})
    assert (why is None) is (not differ)
    assert not differ or why.startswith(differ[0])
    assert differ or cache.explain("step", {"a": [2]}) is not None


def test_reads_are_seen_whoever_reads(tmp_path):
    """By name or path, with os, by a library, as a module, listed, or looked for in vain; but not what is written."""
    (tmp_path / "data").mkdir()
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "steps").mkdir()
    for name in ("by_name.csv", "by_path.csv", "by_os.csv", "by_pandas.csv", "build/steps/made.csv"):
        folder = tmp_path if "/" in name else tmp_path / "data"
        (folder / name).write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "helper.py").write_text("x = 1\n", encoding="utf-8")
    shutil.copy(ROOT / "data/2024-25/responses.xlsx", tmp_path / "data/by_calamine.xlsx")
    code = """
import os, sys
from pathlib import Path
import pandas
from cluster_eval.build.dependencies import Dependencies
reads = Dependencies(Path.cwd())
reads.start()
open("data/by_name.csv").close()
Path("data/by_path.csv").read_text()
os.close(os.open("data/by_os.csv", os.O_RDONLY))
pandas.read_csv("data/by_pandas.csv")
pandas.read_excel("data/by_calamine.xlsx", engine="calamine")
try: open("data/absent.csv")
except FileNotFoundError: pass
sys.path.insert(0, ".")
import helper
del sys.modules["helper"]
import helper
os.listdir("data")
open("data/written.csv", "w").close()
open("build/steps/made.csv").close()
import cluster_eval.measures.maturity
print(*sorted(reads.digests), sep="\\n")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    places = set(done.stdout.split())
    data = {f"data/{name}" for name in ("by_name.csv", "by_path.csv", "by_os.csv", "by_pandas.csv", "by_calamine.xlsx")}
    own = {place for place in places if place.startswith("cluster_eval/")}
    assert places - own == {*data, "data", "data/absent.csv", "helper.py"}
    assert {"cluster_eval/measures/maturity.py", "cluster_eval/vocabulary.py"} <= own
    assert "cluster_eval/measures/themes.py" not in own
