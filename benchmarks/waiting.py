"""How long an analyst waits, against the least that it could take and against the tools used one after the other.

Everything is measured in a copy of the repository, in turns, so that what else the machine does falls on all alike.
Times are medians of one run on one machine: read the ratios.
"""

import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("params", "data", "notebooks", "book", "requirements.lock", "pyproject.toml", "Makefile")
CYCLE = "2024-25"
WORK = Path("build", "steps", CYCLE)
"""What is made on the way to a report."""
EDITED = "05_deprivation"
"""The section that is edited: of the middling kind, with a few charts."""

PATIENCE = 60

BOOK_ALONE = f"""
from pathlib import Path
from cluster_eval.build.run import build_report
build_report(Path.cwd(), {CYCLE!r}, print, formats=False)
"""
"""Builds what Papermill and Jupyter Book build, without the Word, PDF and spreadsheet editions."""

WARM_EDIT = f"""
import sys, time
from pathlib import Path
from benchmarks import waiting
from cluster_eval.build.run import build_report
from cluster_eval.build.workers import Workers
if __name__ == "__main__":
    root = Path.cwd()
    workers = Workers(root, root / "build" / "workers.log", warm=True)
    # The first waits until everything is imported.
    for number in range(2):
        waiting.edit(root, 1_000 + number)
        start = time.perf_counter()
        build_report(root, {CYCLE!r}, lambda line: None, warm=workers)
    print(time.perf_counter() - start)
"""
"""Builds all formats after an edit, from a process that has imported what it needs as that of `make watch` has."""

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
ENVIRONMENT = os.environ | {"PYTHONWARNINGS": "ignore", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


@contextmanager
def copy_repository() -> Iterator[Path]:
    """Copy what a report is made from; the environment is the repository's own."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            copy(ROOT / part, root / part)
        (root / ".venv").symlink_to(ROOT / ".venv")
        yield root


def time_command(root: Path, *words: str) -> float:
    """Run a command, and give the seconds that it took."""
    start = time.perf_counter()
    subprocess.run(words, cwd=root, check=True, env=ENVIRONMENT, **QUIET)
    return time.perf_counter() - start


def time_in_turns(repeats: int, *measures: Callable[[], float]) -> list[float]:
    """Take each measure as often, in turns, and give the medians."""
    taken = [[measure() for measure in measures] for _ in range(repeats)]
    return [statistics.median(each) for each in zip(*taken, strict=True)]


def read_steps(root: Path) -> dict:
    """Read what is kept of each step of the cycle."""
    return json.loads((root / WORK / "cache.json").read_text(encoding="utf-8"))["steps"]


def forget(root: Path) -> None:
    """Remove all that was built."""
    shutil.rmtree(root / "build", ignore_errors=True)


def edit(root: Path, number: int) -> str:
    """Edit a heading of one notebook, and give the words that its page then holds."""
    words = f"Mean scores number {number}"
    notebook = root / "notebooks" / f"{EDITED}.ipynb"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(re.sub(r"Mean scores (by fifth|number \d+)", words, text), encoding="utf-8")
    return words


def time_execution(root: Path, repeats: int) -> tuple[float, float]:
    """Time all notebooks with nothing built, and their cells as plain scripts."""
    make(root)
    checked = read_steps(root)["check"]["value"]
    notebooks = [section["source"] for section in checked["sections"] if section["source"].endswith(".ipynb")]
    floor = [sys.executable, str(ROOT / "benchmarks/floor.py"), CYCLE, ",".join(checked["features"]), *notebooks]

    def execute():
        forget(root)
        return time_command(root, sys.executable, "-m", "cluster_eval", "run", CYCLE)

    return tuple(time_in_turns(repeats, execute, lambda: time_command(root, *floor)))


def make(root: Path) -> float:
    """Make the report, and give the seconds that it took."""
    return time_command(root, "make", "report", f"CYCLE={CYCLE}")


def time_report(root: Path, repeats: int) -> tuple[float, float, float, float]:
    """Time a first report, its book alone, a report after an edit, and the tools one after the other."""
    make(root)
    source = root / WORK / "book"
    book = root / "book-of-its-own"
    shutil.copytree(source, book, ignore=shutil.ignore_patterns("_build"))
    figures = root / f"build/{CYCLE}/html/_static/figures"
    shutil.copytree(figures, book / "_static" / "figures")
    sections = [each for each in read_steps(root)["check"]["value"]["sections"] if each["source"].endswith(".ipynb")]
    number = iter(range(1_000_000))

    def report():
        forget(root)
        return make(root)

    def book_alone():
        forget(root)
        return time_command(root, sys.executable, "-c", BOOK_ALONE)

    def report_after_edit():
        edit(root, next(number))
        seconds = make(root)
        log = (root / WORK / "log.jsonl").read_text(encoding="utf-8")
        executed = [event.get("section") for event in map(json.loads, log.splitlines()) if event["event"] == "executed"]
        if executed != [EDITED]:
            raise SystemExit(f"executed were {executed}")
        return seconds

    def use_tools_alone():
        shutil.rmtree(book / "_build", ignore_errors=True)
        papermill = [sys.executable, "-m", "papermill", "--no-progress-bar", "-p", "cycle", CYCLE, "--cwd", "notebooks"]
        seconds = 0.0
        for section in sections:
            own = [word for name, value in section["parameters"].items() for word in ("-p", name, value)]
            page = str(book / f"{section['name']}.ipynb")
            seconds += time_command(root, *papermill, *own, section["source"], page)
        return seconds + time_command(root, *bind(book))

    # The edit after the whole report: what the book alone leaves out would be made after it.
    return tuple(time_in_turns(repeats, book_alone, report, report_after_edit, use_tools_alone))


def time_warm_edit(root: Path, repeats: int) -> tuple[float, float]:
    """Time a report in all formats after an edit, where a process is warm, and a first report."""
    code = root / "warm_edit.py"
    code.write_text(WARM_EDIT, encoding="utf-8")
    environment = ENVIRONMENT | {"PYTHONPATH": str(ROOT)}

    def report():
        forget(root)
        return make(root)

    def edit_warm():
        command = [sys.executable, str(code)]
        done = subprocess.run(command, cwd=root, check=True, env=environment, capture_output=True, text=True)
        return float(done.stdout.splitlines()[-1])

    first, edited = time_in_turns(repeats, report, edit_warm)
    return edited, first


def bind(book: Path) -> list[str]:
    """Give the command that builds a book by Jupyter Book alone."""
    return [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(book)]


def time_nothing(root: Path, repeats: int) -> tuple[float, float]:
    """Time a report of which nothing changed, and the import of the package."""
    make(root)
    return tuple(
        time_in_turns(
            repeats, lambda: make(root), lambda: time_command(root, sys.executable, "-c", "import cluster_eval")
        )
    )


def time_watching(root: Path, repeats: int) -> tuple[float, float, float]:
    """Time from a save to the page written, the cells of that notebook, and a bare build of one changed page."""
    make(root)
    page = root / f"build/{CYCLE}/html/{EDITED}.html"
    book = root / "book-of-its-own"
    shutil.rmtree(book, ignore_errors=True)
    shutil.copytree(root / WORK / "book", book, ignore=shutil.ignore_patterns("_build"))
    time_command(root, *bind(book))
    command = [sys.executable, "-m", "cluster_eval", "watch", CYCLE, "--port", "0"]
    number = iter(range(1_000_000))
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as watching:
        while "watching" not in watching.stdout.readline():
            pass

        def save():
            words = edit(root, next(number))
            start = time.perf_counter()
            while not page.is_file() or words not in page.read_text(encoding="utf-8"):
                if watching.poll() is not None or time.perf_counter() > start + PATIENCE:
                    raise SystemExit("the page was not written")
                time.sleep(0.005)
            seconds = time.perf_counter() - start
            while "published" not in watching.stdout.readline():
                pass
            return seconds

        def read_cells():
            executed = root / WORK / "book" / "notebooks" / f"{EDITED}.ipynb"
            cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
            return sum(cell["metadata"]["papermill"]["duration"] or 0 for cell in cells)

        def build_one_page():
            shutil.copy(root / WORK / "book" / f"{EDITED}.ipynb", book)
            return time_command(root, *bind(book))

        found = time_in_turns(repeats, save, read_cells, build_one_page)
        watching.send_signal(signal.SIGINT)
    return tuple(found)
