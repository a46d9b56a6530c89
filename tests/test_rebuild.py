"""What is made again after a change, what is not, and that nothing of before the change is shown."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from cluster_eval.publish.freshness import Ledger, find_changed
from tests.conftest import ROOT, run_command
from tests.test_cli import edit_cell, replace, set_cells

CYCLE = "2024-25"


@pytest.fixture
def built(built_root, tmp_path):
    """A copy of the repository with everything built, for one test to change."""
    return shutil.copytree(built_root, tmp_path / "built")


def report(root, *words):
    done = run_command(root, "report", CYCLE, *words)
    assert "Traceback" not in done.stderr
    return done


def list_executed(done):
    return {line.split(" executed in ")[0].split()[-1] for line in done.stdout.splitlines() if " executed in " in line}


def list_readers(root, place):
    """List the sections that are recorded to have read a file."""
    steps = json.loads((root / f"build/steps/{CYCLE}/ledger.json").read_text(encoding="utf-8"))["steps"]
    return {step for step, kept in steps.items() if is_section(step) and place in kept["reads"]}


def is_section(name):
    return name[0].isdigit() or name == "index"


def read_page(root, page):
    return BeautifulSoup(
        (root / f"build/{CYCLE}/html/{page}.html").read_text(encoding="utf-8"), "html.parser"
    ).get_text(" ", strip=True)


def read_build(root):
    folder = root / "build" / CYCLE
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def edit_notebook(root, name, old, new):
    replace(f"notebooks/{name}.ipynb", old, new)(root)


def test_nothing_is_made_where_nothing_changed(built):
    before = read_build(built)
    stamp = (built / "build" / CYCLE / "manifest.json").stat().st_mtime_ns
    for file in [*(built / "data").rglob("*.csv"), *(built / "notebooks").glob("*.ipynb")]:
        # A date is not a change.
        os.utime(file)
    done = report(built)
    assert (done.returncode, done.stderr) == (0, "")
    assert "all is up to date" in done.stdout
    assert done.stdout.count("\n") == 1
    assert read_build(built) == before
    assert (built / "build" / CYCLE / "manifest.json").stat().st_mtime_ns == stamp


def change_a_rating(root):
    # Row 3, column 9: PCMW outcome 1 of the second response.
    set_cells(root, {(3, 9): "Mature"})


DATA = {
    "a rating": (
        "data/2024-25/responses.xlsx",
        change_a_rating,
        {"03_pcmw", "14_appendix_pcmw", "05_deprivation", "01_executive_summary"},
        set(),
        "14_appendix_pcmw",
    ),
    "an action": (
        "data/2024-25/actions.csv",
        lambda root: replace("data/2024-25/actions.csv", "\n", "\nQuokka agreements for all,Somebody,Soon,\n")(root),
        {"17_appendix_actions"},
        {"03_pcmw", "07_themes", "14_appendix_pcmw", "18_appendix_abbreviations"},
        "17_appendix_actions",
    ),
    "an outcome's title": (
        "data/reference/outcomes.csv",
        lambda root: replace("data/reference/outcomes.csv", "PCMW,1,", "PCMW,1,Quokka ")(root),
        {"03_pcmw", "11_appendix_pcmw_outcomes"},
        {"17_appendix_actions", "07_themes"},
        "11_appendix_pcmw_outcomes",
    ),
}


@pytest.mark.parametrize(("place", "change", "must", "must_not", "page"), DATA.values(), ids=DATA)
def test_a_changed_value_reaches_the_sections_that_read_it_and_no_other(built, place, change, must, must_not, page):
    readers = list_readers(built, place)
    assert must <= readers
    assert not must_not & readers
    before, manifest = read_page(built, page), read_build(built)[Path("manifest.json")]
    change(built)
    listed = run_command(built, "list", CYCLE).stdout
    for line in listed.splitlines():
        assert (f"{place} changed" in line) is (line.split()[0] in readers), line
    done = report(built)
    assert (done.returncode, done.stderr) == (0, "")
    assert list_executed(done) == readers
    after = read_page(built, page)
    assert after != before
    assert ("Quokka" in after) is (place != "data/2024-25/responses.xlsx")
    assert (
        json.loads(manifest)["inputs"][place] != json.loads(read_build(built)[Path("manifest.json")])["inputs"][place]
    )
    # What the next run finds is the state after this one; another cycle is as it was, unless it read the file.
    assert "all is up to date" in report(built).stdout


def test_the_changed_number_is_shown_wherever_it_stands(built):
    """One response more at Mature: the page, its chart, its executed notebook and the results all say so."""
    maturity = built / f"build/{CYCLE}/results/maturity.csv"
    chart = built / f"build/{CYCLE}/html/_static/figures"

    def look():
        rows = [line.split(",") for line in maturity.read_text(encoding="utf-8").splitlines()]
        [n] = [int(row[4]) for row in rows if row[:4] == [CYCLE, "PCMW", "1", "Mature"]]
        drawings = {file.name: file.read_bytes() for file in chart.glob("*.svg")}
        executed = (built / f"build/{CYCLE}/notebooks/14_appendix_pcmw.ipynb").read_text(encoding="utf-8")
        download = next((built / f"build/{CYCLE}/html/_downloads").glob("*/14_appendix_pcmw.ipynb"))
        assert executed == download.read_text(encoding="utf-8")
        return n, drawings, read_page(built, "14_appendix_pcmw")

    n, drawings, page = look()
    change_a_rating(built)
    assert report(built).returncode == 0
    more, redrawn, new_page = look()
    assert more == n + 1
    assert page != new_page
    changed = {name for name in drawings if drawings[name] != redrawn[name]}
    assert changed
    assert set(drawings) == set(redrawn)
    # A chart that says the same is the same, byte for byte.
    assert len(changed) < len(drawings) / 2


def test_an_edited_notebook_alone_is_executed(built):
    edit_notebook(built, "04_acd", "## Levels by outcome", "## Quokka levels by outcome")
    done = report(built)
    assert list_executed(done) == {"04_acd"}
    assert "results made" not in done.stdout
    assert "pages made" not in done.stdout
    assert "Quokka levels" in read_page(built, "04_acd")


def test_an_edited_page_executes_nothing(built):
    page = built / "book" / "introduction.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n\nOf quokkas.\n", encoding="utf-8")
    done = report(built)
    assert list_executed(done) == set()
    assert "Of quokkas." in read_page(built, "introduction")


def test_a_page_of_the_cycles_own_takes_the_place_of_the_common_one(built):
    folder = built / "book" / CYCLE
    folder.mkdir(exist_ok=True)
    (folder / "limitations.md").write_text("# Limitations\n\nOf quokkas.\n", encoding="utf-8")
    done = report(built)
    assert list_executed(done) == set()
    assert "Of quokkas." in read_page(built, "limitations")
    (folder / "limitations.md").unlink()
    assert report(built).returncode == 0
    assert "quokkas" not in read_page(built, "limitations")


def test_settings_of_the_book_reach_every_page(built):
    css = built / "book/_static/cluster-eval.css"
    css.write_text(css.read_text(encoding="utf-8") + "\n.quokka { color: red; }\n", encoding="utf-8")
    replace("book/_config.yml", "Public Health Wales, Primary", "Quokka Wales, Primary")(built)
    done = report(built)
    assert list_executed(done) == set()
    published = built / f"build/{CYCLE}/html"
    assert ".quokka" in (published / "_static/cluster-eval.css").read_text(encoding="utf-8")
    pages = [file.read_text(encoding="utf-8") for file in published.glob("*.html")]
    assert sum("Quokka Wales" in page for page in pages) > len(pages) / 2


def test_a_section_left_out_of_the_contents_leaves_the_book(built):
    replace("book/contents.yml", "      - page: discussion\n", "")(built)
    assert report(built).returncode == 0
    published = built / f"build/{CYCLE}/html"
    assert not (published / "discussion.html").exists()
    assert "discussion.html" not in (published / "index.html").read_text(encoding="utf-8")


def test_a_link_that_leads_nowhere_stops_the_book(built):
    before = read_build(built)
    replace("book/contents.yml", "      - {notebook: 07_themes, needs: [coding]}\n", "")(built)
    for _ in range(2):
        done = report(built)
        assert done.returncode == 1
        assert "07_themes.ipynb" in done.stderr
        assert read_build(built) == before


def test_other_dependencies_make_everything_again(built):
    lock = built / "requirements.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + "# quokka\n", encoding="utf-8")
    listed = [line for line in run_command(built, "list", CYCLE).stdout.splitlines() if is_section(line.split()[0])]
    assert len(listed) == 20
    assert all("requirements.lock changed" in line for line in listed)


def test_a_module_reaches_the_sections_that_imported_it(built):
    """The package stands beside the data here, as it does for an analyst."""
    shutil.copytree(ROOT / "cluster_eval", built / "cluster_eval", ignore=shutil.ignore_patterns("__pycache__"))

    def run(*words):
        environment = os.environ | {"PYTHONPATH": str(built)}
        command = [sys.executable, "-m", "cluster_eval", *words]
        return subprocess.run(command, cwd=built, capture_output=True, text=True, check=True, env=environment)

    # Where the package stands is no change: its modules are the same.
    assert "all is up to date" in run("report", CYCLE).stdout
    for module, readers in (
        ("explanations", {"20_appendix_reconciliation", "19_appendix_data_quality"}),
        ("measures/agreement", {"01_executive_summary", "06_agreement_and_meetings", "20_appendix_reconciliation"}),
    ):
        place = f"cluster_eval/{module}.py"
        known = list_readers(built, place)
        assert readers & known
        assert "18_appendix_abbreviations" not in known
        with (built / place).open("a", encoding="utf-8") as file:
            file.write("# quokka\n")
        assert list_executed(run("run", CYCLE)) == known


def test_what_was_published_and_is_gone_is_made_again(built):
    shutil.rmtree(built / "build" / CYCLE)
    done = report(built)
    assert list_executed(done) == set()
    assert (built / f"build/{CYCLE}/html/index.html").is_file()
    (built / f"build/steps/{CYCLE}/book/notebooks/03_pcmw.ipynb").unlink()
    assert list_executed(report(built)) == {"03_pcmw"}


@pytest.mark.parametrize("contents", ["", "{", "[]", '{"steps": 3}', '{"steps": {"check": {}}}'])
def test_a_damaged_ledger_counts_as_none(built, contents):
    (built / f"build/steps/{CYCLE}/ledger.json").write_text(contents, encoding="utf-8")
    listed = [line for line in run_command(built, "list", CYCLE).stdout.splitlines() if is_section(line.split()[0])]
    assert len(listed) == 20
    assert all("not made yet" in line for line in listed)


def test_only_and_force(built):
    assert "all is up to date" in report(built, "--only", "pcmw").stdout
    done = report(built, "--only", "pcmw,18_appendix_abbreviations", "--force")
    assert list_executed(done) == {"03_pcmw", "18_appendix_abbreviations"}
    assert "last time" in done.stdout
    assert "published" in done.stdout or "is up to date" in done.stdout
    refused = report(built, "--only", "pcmv")
    assert refused.returncode == 2
    assert "pcmv" in refused.stderr
    assert "03_pcmw" in refused.stderr


def test_only_gives_a_draft_where_others_are_not_up_to_date(built):
    before = read_build(built)
    for name in ("03_pcmw", "04_acd"):
        edit_notebook(built, name, "## Levels by outcome", "## Quokka levels by outcome")
    done = report(built, "--only", "acd")
    assert done.returncode == 0
    assert list_executed(done) == {"04_acd"}
    assert "draft" in done.stdout
    assert read_build(built) == before
    draft = built / "build" / "draft" / CYCLE / "html"
    assert "Quokka levels" in (draft / "04_acd.html").read_text(encoding="utf-8")
    left_out = (draft / "03_pcmw.html").read_text(encoding="utf-8")
    assert "not in the draft" in left_out
    assert "notebooks/03_pcmw.ipynb changed" in left_out
    assert "<svg" not in left_out
    assert list((draft / "_static/figures").glob("*.svg"))
    assert list_executed(report(built)) == {"03_pcmw"}


def test_continue_gives_a_draft_where_a_section_fails(built):
    before = read_build(built)
    edit_notebook(built, "04_acd", "report = ce.open_cycle(cycle)", "1/0")
    edit_notebook(built, "03_pcmw", "## Levels by outcome", "## Quokka levels by outcome")
    stopped = report(built)
    assert stopped.returncode == 1
    assert "ZeroDivisionError" in stopped.stderr
    assert not (built / "build" / "draft").exists()
    done = report(built, "--continue")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    draft = built / "build" / "draft" / CYCLE / "html"
    assert "ZeroDivisionError" in (draft / "04_acd.html").read_text(encoding="utf-8")
    assert "Quokka levels" in (draft / "03_pcmw.html").read_text(encoding="utf-8")
    assert read_build(built) == before


def test_two_runs_of_a_cycle_do_not_mix(built):
    edit_notebook(
        built,
        "18_appendix_abbreviations",
        "report = ce.open_cycle(cycle)",
        'import time; time.sleep(5)\\n",\n    "report = ce.open_cycle(cycle)',
    )
    log = built / f"build/steps/{CYCLE}/log.jsonl"
    log.unlink()
    results = []
    first = threading.Thread(target=lambda: results.append(report(built)))
    first.start()
    while not log.is_file() or not log.read_text(encoding="utf-8"):
        time.sleep(0.02)
    second = report(built)
    first.join()
    assert second.returncode == 1
    assert "another run" in second.stderr
    assert results[0].returncode == 0


def test_a_file_saved_during_a_run_is_read_again(built):
    """The first section reads and waits; meanwhile the file changes: no section may show what stood there before."""
    show = "ce.show(report.exhibits.actions(cycle))\nimport os, time\n"
    wait = "if not os.path.exists('waited'):\n    open('waited', 'w').close()\n    time.sleep(3)"
    edit_cell(built, "17_appendix_actions", 5, show + wait)
    command = [sys.executable, "-m", "cluster_eval", "report", CYCLE]
    run = subprocess.Popen(command, cwd=built, stdout=subprocess.PIPE)
    while not (built / "notebooks" / "waited").exists():
        time.sleep(0.05)
    DATA["an action"][1](built)
    output = run.communicate()[0].decode()
    assert run.returncode == 0
    assert "data/2024-25/actions.csv changed meanwhile" in output
    assert "Quokka" in read_page(built, "17_appendix_actions")


CHANGES = st.dictionaries(st.sampled_from("abcdef"), st.binary(max_size=3) | st.none())


@given(before=CHANGES, after=CHANGES)
def test_a_step_is_up_to_date_where_every_byte_that_it_read_is_the_same(tmp_path_factory, before, after):
    root = tmp_path_factory.mktemp("ledger")
    names = sorted({*before, *after})

    def write(contents):
        for name in names:
            (root / name).unlink(missing_ok=True)
            if contents.get(name) is not None:
                (root / name).write_bytes(contents[name])

    write(before)
    now = {}
    find_changed(dict.fromkeys(names, ""), str(root), now)
    Ledger(str(root), str(root / "ledger.json")).keep("step", {"a": [1]}, now, [], None, 1.0)
    write(after)
    ledger = Ledger(str(root), str(root / "ledger.json"))
    differ = [name for name in names if before.get(name) != after.get(name)]
    why = ledger.explain("step", {"a": [1]})
    assert (why is None) is (not differ)
    assert not differ or why.startswith(differ[0])
    assert differ or ledger.explain("step", {"a": [2]}) is not None


def test_reads_are_seen_whoever_reads(tmp_path):
    """By name or path, with os, by a library, as a module, listed, or looked for in vain; but not what is written."""
    (tmp_path / "data").mkdir()
    (tmp_path / "build").mkdir()
    for name in ("by_name.csv", "by_path.csv", "by_os.csv", "by_pandas.csv", "build/made.csv"):
        folder = tmp_path if "/" in name else tmp_path / "data"
        (folder / name).write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "helper.py").write_text("x = 1\n", encoding="utf-8")
    shutil.copy(ROOT / "data/2024-25/responses.xlsx", tmp_path / "data/by_calamine.xlsx")
    code = """
import os, sys
from pathlib import Path
import pandas
from cluster_eval.publish.reads import Reads
reads = Reads(Path.cwd())
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
open("build/made.csv").close()
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
