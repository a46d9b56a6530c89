"""What the tests share: copies of the repository to damage, both cycles' reports built once, and a browser."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("params", "data", "notebooks", "book", "requirements.lock")
CYCLES = ("2023-24", "2024-25")


def copy_repository(target: Path) -> Path:
    """Copy what a report is made from."""
    target.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignore = shutil.ignore_patterns(".ipynb_checkpoints")
            shutil.copytree(source, target / part, ignore=ignore)
        else:
            shutil.copy(source, target / part)
    return target


def run_command(root: Path, *words: str) -> subprocess.CompletedProcess:
    """Run the command line as `make` does."""
    return subprocess.run(
        [sys.executable, "-m", "cluster_eval", *words], cwd=root, capture_output=True, text=True, check=False
    )


@pytest.fixture
def repository(tmp_path):
    """A copy of the repository, for one test to change."""
    return copy_repository(tmp_path / "repository")


@pytest.fixture(scope="session")
def built_root(tmp_path_factory):
    """A copy of the repository in which the reports of both cycles were built: all tests read it, none writes there."""
    root = copy_repository(tmp_path_factory.mktemp("built") / "repository")
    for cycle in CYCLES:
        done = run_command(root, "report", cycle)
        assert done.returncode == 0, done.stdout + done.stderr
    before = list_files(root)
    yield root
    assert list_files(root) == before


@pytest.fixture(scope="module")
def own_built_root(built_root, tmp_path_factory):
    """A copy of it, for the tests of one module to write to."""
    return shutil.copytree(built_root, tmp_path_factory.mktemp("own") / "repository")


def list_files(root: Path) -> dict[Path, tuple[int, int]]:
    """List the files below a folder, with their sizes and when they were written."""
    return {
        file: (status.st_size, status.st_mtime_ns)
        for file in root.rglob("*")
        if file.is_file() and (status := file.stat())
    }


@pytest.fixture(scope="session", params=CYCLES)
def build(request, built_root):
    """The published folder of each cycle in turn."""
    return built_root / "build" / request.param


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    found = next(path for name in ("chromium", "chromium-browser") if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()
