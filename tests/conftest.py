"""What the tests share: copies of the repository to damage, a small book built once, and a browser."""

import functools
import shutil
import signal

import pytest
from hypothesis import settings

from cluster_eval.build import workers
from tests.helpers import (
    CYCLES,
    ROOT,
    call_command,
    copy_repository,
    copy_small_book,
    git,
    list_files,
    run_command,
    share,
)

__all__ = ["CYCLES", "ROOT", "copy_repository", "run_command"]

# How long an example takes says something of what else the machine does, and nothing of the example.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A shell that starts the tests in the background has them ignore Ctrl-C, and then so does whatever they start and stop.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def repository(tmp_path):
    """A copy of the repository, for one test to change."""
    return copy_repository(tmp_path / "repository")


@pytest.fixture(autouse=True, scope="session")
def warm_workers():
    """What is built in a process of the tests is built as `make watch` does it: what is heavy is imported once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "Workers", functools.partial(workers.Workers, warm=True))
        yield


def build_small(root):
    (root / ".gitignore").write_text("build/\nsite/\n", encoding="utf-8")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "State of the files")
    # One as `make report` does it, which imports everything anew, and one as the tests do.
    for run, cycle in zip((run_command, call_command), CYCLES, strict=True):
        done = run(root, "report", cycle)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.fixture(scope="session")
def small_root(tmp_path_factory):
    """The small book, of which both cycles were built from a commit: all tests read it, none writes there."""
    root = share(tmp_path_factory.getbasetemp(), "small", lambda folder: build_small(copy_small_book(folder)))
    before = list_files(root)
    yield root
    assert list_files(root) == before


@pytest.fixture
def small(small_root, tmp_path):
    """A copy of it, for one test to change."""
    return shutil.copytree(small_root, tmp_path / "small")


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    found = next(path for name in ("chromium", "chromium-browser") if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()
