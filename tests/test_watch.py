"""Watching: a save is built from a warm process, and the page in the browser shows it without being asked."""

import re
import signal
import socket
import subprocess
import sys

import pytest

from tests.helpers import list_processes, replace, run_command, wait_until

CYCLE = "2024-25"
PATIENCE = 60_000
"""Milliseconds that a page may take to show a save, on a machine that does something else as well."""


@pytest.fixture
def watched(small):
    """A copy of the small book that is being watched, and its address."""
    command = [sys.executable, "-m", "cluster_eval", "watch", CYCLE, "--port", "0"]
    with subprocess.Popen(command, cwd=small, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        told = ""
        while "watching" not in told:
            told = process.stdout.readline()
            assert process.poll() is None, process.stderr.read()
        yield small, re.search(r"http://[\d.:]+/", told).group(0), process
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
    assert "Traceback" not in stderr
    wait_until(lambda: list_processes(small) == [], seconds=5)


def test_a_save_reaches_the_open_page(watched, browser):
    root, address, process = watched
    notebook = "notebooks/03_appendix_abbreviations.ipynb"
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}03_appendix_abbreviations.html")
    assert "Quokka" not in page.inner_text("body")
    replace(notebook, "# Appendix: ", "# Appendix: Quokka ")(root)
    page.wait_for_selector("h1:has-text('Quokka') >> visible=true")
    # What is published asks nothing of a watching program.
    pages = list((root / "build" / CYCLE / "html").glob("*.html"))
    assert [each.name for each in pages if "EventSource" in each.read_text(encoding="utf-8")] == []

    # What goes wrong is said on the page, which stays; and it goes on once that is put right.
    replace(notebook, "edition = ce.open_cycle(cycle, language)", "1/0")(root)
    page.wait_for_selector("[role=alert]:has-text('ZeroDivisionError')")
    assert "Quokka" in page.inner_text("h1 >> visible=true")
    replace(notebook, "1/0", "edition = ce.open_cycle(cycle, language)")(root)
    replace(notebook, "Quokka", "Numbat")(root)
    page.wait_for_selector("h1:has-text('Numbat') >> visible=true")
    assert page.query_selector("[role=alert]") is None

    # Input that is refused is said, too.
    replace("params/2024-25.yml", "codebook:", "codebok:")(root)
    page.wait_for_selector("[role=alert]:has-text('codebok')")
    assert process.poll() is None
    page.close()


def test_a_port_that_is_taken_is_told(small_root):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run_command(small_root, "watch", CYCLE, "--port", port)
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert "Traceback" not in done.stderr
