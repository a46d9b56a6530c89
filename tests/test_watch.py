"""Watching: a save is built from a warm process, and the page in the browser shows it without being asked."""

import re
import signal
import subprocess
import sys
import time

import pytest

from tests.conftest import copy_repository
from tests.test_cli import replace
from tests.test_engine import list_processes, list_sections, wait_until

CYCLE = "2024-25"


@pytest.fixture
def watched(tmp_path):
    """A copy with a small book that is being watched, and its address."""
    root = copy_repository(tmp_path / "watched")
    list_sections(root, "17_appendix_actions", "18_appendix_abbreviations")
    for page in root.glob("book/*.md"):
        # Their links lead to sections that this book does not have.
        if page.stem != "index":
            page.unlink()
    command = [sys.executable, "-m", "cluster_eval", "watch", CYCLE, "--port", "0"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        told = ""
        while "watching" not in told:
            told = process.stdout.readline()
            assert process.poll() is None, process.stderr.read()
        yield root, re.search(r"http://[\d.:]+/", told).group(0), process
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
    assert "Traceback" not in stderr
    wait_until(lambda: list_processes(root) == [], seconds=5)


def test_a_save_reaches_the_open_page(watched, browser):
    root, address, process = watched
    page = browser.new_page()
    page.goto(f"{address}18_appendix_abbreviations.html")
    assert "Quokka" not in page.inner_text("body")
    replace("notebooks/18_appendix_abbreviations.ipynb", "# Appendix: ", "# Appendix: Quokka ")(root)
    page.wait_for_selector("h1:has-text('Quokka') >> visible=true", timeout=20_000)

    # What goes wrong is said on the page, which stays; and it goes on once that is put right.
    replace("notebooks/18_appendix_abbreviations.ipynb", "report = ce.open_cycle(cycle)", "1/0")(root)
    page.wait_for_selector("[role=alert]:has-text('ZeroDivisionError')", timeout=20_000)
    assert "Quokka" in page.inner_text("h1 >> visible=true")
    replace("notebooks/18_appendix_abbreviations.ipynb", "1/0", "report = ce.open_cycle(cycle)")(root)
    replace("notebooks/18_appendix_abbreviations.ipynb", "Quokka", "Numbat")(root)
    page.wait_for_selector("h1:has-text('Numbat') >> visible=true", timeout=20_000)
    assert page.query_selector("[role=alert]") is None

    # Input that is refused is said, too.
    replace("params/2024-25.yml", "codebook:", "codebok:")(root)
    page.wait_for_selector("[role=alert]:has-text('codebok')", timeout=20_000)
    assert process.poll() is None
    page.close()


def test_what_is_published_asks_nothing_of_a_watching_program(watched):
    root, _, _ = watched
    pages = (root / "build" / CYCLE / "html").glob("*.html")
    assert [page.name for page in pages if "EventSource" in page.read_text(encoding="utf-8")] == []


def test_a_port_that_is_taken_is_told(watched):
    root, address, _ = watched
    port = re.search(r":(\d+)/", address).group(1)
    command = [sys.executable, "-m", "cluster_eval", "watch", "2023-24", "--port", port]
    start = time.monotonic()
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - start < 20
