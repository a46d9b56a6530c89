"""What several test files do: copy a repository and damage it, run the command line, look at processes and files."""

import contextlib
import fcntl
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import yaml

from cluster_eval.cli import main

ROOT = Path(__file__).parents[1]
PARTS = ("params", "data", "notebooks", "book", "requirements.lock")
CYCLES = ("2023-24", "2024-25")
EXPORT = "data/2024-25/responses.xlsx"
SMALL_BOOK = Path(__file__).parent / "small_book"
"""A repository with two cycles, three notebooks and three pages, which takes a fifth of the time to build."""
SHARED = (
    *("requirements.lock", "data/reference/outcomes.csv", "data/reference/labels.csv"),
    *("book/_config.yml", "book/exhibits.yml", "book/_static", "book/_templates"),
)
"""What the small book has of the repository itself."""


def copy_repository(target: Path) -> Path:
    """Copy what a report is made from."""
    target.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        _copy(ROOT / part, target / part)
    return target


def copy_small_book(target: Path) -> Path:
    """Copy what the small book is made from."""
    shutil.copytree(SMALL_BOOK, target)
    for part in SHARED:
        _copy(ROOT / part, target / part)
    return target


def _copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    else:
        shutil.copy(source, target)


def run_command(root: Path, *words: str) -> subprocess.CompletedProcess:
    """Run the command line as `make` does."""
    return subprocess.run(
        [sys.executable, "-m", "cluster_eval", *words], cwd=root, capture_output=True, text=True, check=False
    )


def call_command(root: Path, *words: str) -> subprocess.CompletedProcess:
    """Run the command line in this process, which has imported what every build imports."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["--root", str(root), *words])
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())


def git(root: Path, *words: str) -> str:
    """Ask git, which knows nobody's name here."""
    identity = ("-c", "user.name=cluster-eval", "-c", "user.email=cluster-eval@example.org")
    done = subprocess.run(["git", *identity, *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def share(folder: Path, name: str, make: Callable[[Path], object]) -> Path:
    """Have one of the processes that run tests make what all of them read; the others wait for it.

    Parameters
    ----------
    folder : Path
        The temporary folder of this process's session; it lies in one that all processes have in common.
    name : str
        The name of what is made.
    make : callable
        Called with the folder to make.

    Returns
    -------
    Path
        The folder made.
    """
    common = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with (common / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made, done = common / name, common / f"{name}.done"
        if not done.exists():
            make(made)
            done.touch()
    return made


def list_files(root: Path) -> dict[Path, tuple[int, int]]:
    """List the files below a folder, with their sizes and when they were written; those that asking writes are none."""
    return {
        file: (status.st_size, status.st_mtime_ns)
        for file in root.rglob("*")
        if file.is_file() and not {".git", "lock"}.intersection(file.parts) and (status := file.stat())
    }


def read_files(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder, by its place in it."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Give a function that replaces a text, once, in a file of a repository."""

    def damage(root):
        text = (root / file).read_text(encoding="utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return damage


def set_cells(root: Path, cells: dict[tuple[int, int], object]) -> None:
    """Set cells of the export: (row, column counted from 1) to value."""
    book = openpyxl.load_workbook(root / EXPORT)
    sheet = book.worksheets[0]
    for (row, column), value in cells.items():
        sheet.cell(row, column).value = value
    book.save(root / EXPORT)


def edit_cell(root: Path, section: str, place: int, source: str) -> None:
    """Write another source into a notebook's cell, counted from 1."""
    file = root / "notebooks" / f"{section}.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["cells"][place - 1]["source"] = source
    file.write_text(json.dumps(notebook), encoding="utf-8")


def list_sections(root: Path, *names: str) -> None:
    """Let the book have a front page and these notebooks, and nothing else."""
    chapters = [{"notebook": name} for name in names]
    contents = {"root": {"page": "index"}, "parts": [{"caption": "All", "chapters": chapters}]}
    (root / "book" / "index.md").write_text("# A small book\n", encoding="utf-8")
    (root / "book" / "contents.yml").write_text(yaml.safe_dump(contents), encoding="utf-8")


def squeeze(text: str) -> str:
    """Write one space wherever there is white space."""
    return " ".join(text.split())


def list_processes(root: Path) -> list[str]:
    """List the commands of the processes that work in a copy, the zombies not counted."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode().replace("\0", " ")
            state = (process / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
            place = str((process / "cwd").readlink())
        except (OSError, IndexError):
            continue
        if place.startswith(str(root)) and state != "Z" and int(process.name) != os.getpid():
            found.append(command)
    return found


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so, and fail where it never is."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
