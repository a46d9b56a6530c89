"""Builds that were stopped, damaged or made on odd machines: each heals, or says in a line what is in its way."""

import contextlib
import errno
import fcntl
import http.client
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import pytest

from cluster_eval.build import release
from cluster_eval.build.book import STATE, _digest_built, _remove_outdated
from cluster_eval.build.cache import Cache, replace_whole
from cluster_eval.build.plan import BOOK, open_build
from cluster_eval.build.publish import OLDER, hold
from cluster_eval.build.run import build_report
from cluster_eval.build.watch import _Server
from cluster_eval.build.workers import LONGEST_FOLDER, use_short_temporary_folder
from cluster_eval.cli import main
from cluster_eval.problems import BuildError
from tests.conftest import run_command

CYCLE = "2024-25"


# What was made is trusted by its content


def change_unseen(file, contents):
    """Change a file so that its size and its dates stay."""
    status = file.stat()
    assert len(contents) == status.st_size
    file.write_bytes(contents)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_what_was_made_is_known_by_its_content(tmp_path):
    made = [tmp_path / "one", tmp_path / "two"]
    for file in made:
        file.write_bytes(b"whole")
    cache = Cache(tmp_path, tmp_path / "cache.json")
    cache.keep("step", {}, {}, ["one", "two"], None, 1.0)
    change_unseen(made[0], b"what?")
    for known in (cache, Cache(tmp_path, tmp_path / "cache.json")):
        assert known.explain("step", {}) == "one is not as it was made"
    # Before it is made again, what is damaged goes, and where all is asked for, everything.
    cache.remove_outputs("step", whole=False)
    assert [file.exists() for file in made] == [False, True]
    cache.remove_outputs("step", whole=True)
    assert [file.exists() for file in made] == [False, False]


def test_a_cache_that_is_not_as_it_was_kept_counts_as_none(tmp_path):
    file = tmp_path / "cache.json"
    Cache(tmp_path, file).keep("step", {}, {}, [], {"sections": []}, 1.0)
    assert Cache(tmp_path, file).explain("step", {}) is None
    file.write_text(file.read_text(encoding="utf-8").replace('"sections"', '"chapters"'), encoding="utf-8")
    assert Cache(tmp_path, file).explain("step", {}) == "not made yet"


def test_sphinx_keeps_what_follows_from_the_same_bytes_whatever_the_clock_says(tmp_path):
    built = tmp_path / "_build"
    (built / ".doctrees").mkdir(parents=True)

    def keep():
        for page in ("one", "two"):
            (built / ".doctrees" / f"{page}.doctree").write_bytes(b"tree")
        state = {"settings": {"_toc.yml": "1"}, "pages": {"one.md": "1", "two.ipynb": "2"}}
        (built / STATE).write_text(json.dumps(state | {"built": _digest_built(built)}), encoding="utf-8")
        return state

    _remove_outdated(built, keep())
    assert {file.name for file in built.rglob("*") if file.is_file()} == {"one.doctree", "two.doctree"}
    state = keep()
    _remove_outdated(built, state | {"pages": {"one.md": "1", "two.ipynb": "3"}})
    assert [file.name for file in (built / ".doctrees").iterdir()] == ["one.doctree"]
    # All goes where settings are others, a tree is damaged, or a build was stopped and left no state.
    _remove_outdated(built, keep() | {"settings": {}})
    assert not built.exists()
    for damage in (lambda: (built / ".doctrees/one.doctree").write_bytes(b""), lambda: (built / STATE).unlink()):
        (built / ".doctrees").mkdir(parents=True)
        state = keep()
        damage()
        _remove_outdated(built, state)
        assert not built.exists()


DAMAGED = (
    "pictures/*.png",
    "book/[0-9]*.ipynb",
    "editions/report.docx",
    "figures/*-wide.svg",
    "book/_build/html/0*.html",
)


def test_a_report_heals_what_was_damaged(small):
    done = run_command(small, "report", CYCLE)
    assert (done.returncode, done.stderr) == (0, "")
    work = small / "build/steps" / CYCLE
    files = [next(iter(sorted(work.glob(pattern)))) for pattern in DAMAGED]
    files.append(small / "build" / CYCLE / "html/index.html")
    before = {file: file.read_bytes() for file in files}
    for file in files:
        change_unseen(file, bytes(len(before[file])))
    done = run_command(small, "report", CYCLE)
    assert (done.returncode, done.stderr) == (0, "")
    published = small / "build" / CYCLE
    assert (published / "report.docx").read_bytes() == before[work / "editions/report.docx"]
    assert [file.name for file in files if not file.read_bytes().strip(b"\0")] == []
    assert b"\0\0\0\0" not in (published / "html/index.html").read_bytes()


def test_a_page_that_was_written_after_a_clock_was_set_back_is_shown(small):
    build = open_build(small, CYCLE)
    source = build.work / "book"
    # The second time, from a page that was written long before Sphinx made its pages.
    code = """
import os, sys
from pathlib import Path
from cluster_eval.build.book import build_book
root, work, *files = sys.argv[1:]
page = Path(work, "book", "index.md")
build_book(Path(root), {"files": files}, Path(work), print)
page.write_text(page.read_text(encoding="utf-8") + "\\nOf quokkas.\\n", encoding="utf-8")
os.utime(page, (0, 0))
build_book(Path(root), {"files": files}, Path(work), print)
"""
    command = [sys.executable, "-c", code, str(small), str(build.work), *build.give(BOOK)["files"]]
    subprocess.run(command, check=True, capture_output=True)
    assert "Of quokkas." in (source / "_build/html/index.html").read_text(encoding="utf-8")


# Stopped


def test_what_a_killed_run_had_set_aside_is_put_back(repository, capsys):
    build = open_build(repository, CYCLE)
    for folder in (build.fresh, build.replaced):
        (folder / "html").mkdir(parents=True)
    (build.replaced / "html/index.html").write_text("The report of last week", encoding="utf-8")
    (repository / "params/2024-25.yml").write_text("cycle: [", encoding="utf-8")
    assert main(["--root", str(repository), "report", CYCLE]) == 2
    assert (build.published / "html/index.html").read_text(encoding="utf-8") == "The report of last week"
    assert not build.replaced.exists()
    # What somebody has removed stays so.
    shutil.rmtree(build.published)
    build.replaced.mkdir()
    shutil.rmtree(build.fresh)
    assert main(["--root", str(repository), "report", CYCLE]) == 2
    assert not build.published.exists()


def test_a_run_that_is_told_to_end_tidies_up_as_with_ctrl_c(tmp_path):
    code = """
import signal, sys
from cluster_eval import cli

def wait(root, options):
    try:
        print("begun", flush=True)
        signal.pause()
    finally:
        print("tidied", flush=True)

cli._cycles = wait
sys.exit(cli.main(["cycles"]))
"""
    for name in ("params", "data"):
        (tmp_path / name).mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (out, process.returncode) == ("tidied\n", -signal.SIGTERM)
    assert err == "stopped; what was published before stands\n"


def test_nothing_is_left_of_a_file_that_could_not_be_written(tmp_path, monkeypatch):
    (tmp_path / "page").write_bytes(b"before")

    def fail(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cluster_eval.build.cache.Path.replace", fail)
    with pytest.raises(OSError, match="No space"):
        replace_whole(tmp_path / "page", b"after")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"before"]


# Folders of releases


def test_what_a_web_host_copies_holds_no_half_release(tmp_path, monkeypatch):
    site, work, seen = tmp_path / "site", tmp_path / "work", []
    (work / "edition").mkdir(parents=True)
    (work / "edition/page").write_bytes(b"whole")
    (site / CYCLE).mkdir(parents=True)
    left = [site / ".publishing-2023-24", site / "editions.json.123.new", site / CYCLE / "index.html.4.new"]
    left[0].mkdir()
    for file in left[1:]:
        file.touch()
    (site / "of our own.new").touch()
    release._remove_left(site)
    assert [file for file in left if file.exists()] == []
    assert (site / "of our own.new").exists()
    # Where a folder cannot be moved from one file system to the other, it is copied first.
    rename = release.Path.rename

    def refuse_far(source, target):
        seen.append(source)
        if source.parent != target.parent.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(source, target)

    monkeypatch.setattr(release.Path, "rename", refuse_far)
    release._move(work / "edition", site / CYCLE / "2026-01-01", site / f".publishing-{CYCLE}")
    assert (site / CYCLE / "2026-01-01/page").read_bytes() == b"whole"
    assert seen == [work / "edition", site / f".publishing-{CYCLE}"]
    assert not (site / f".publishing-{CYCLE}").exists()


@pytest.mark.parametrize("record", ["", "[]", "3", '{"editions": [{"path": "x"}]}', '{"editions": [3]}'])
def test_a_damaged_record_of_releases_is_told(tmp_path, capsys, record):
    for name in ("params", "data", "site"):
        (tmp_path / name).mkdir()
    (tmp_path / "site/editions.json").write_text(record, encoding="utf-8")
    assert main(["--root", str(tmp_path), "editions", str(tmp_path / "site")]) == 2
    assert "editions.json is no record of editions" in capsys.readouterr().err


# Odd machines


def test_a_file_share_without_locks_is_told_and_used(repository, monkeypatch):
    told = []

    def refuse(*arguments):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", refuse)
        with hold(open_build(repository, CYCLE), told.append):
            pass
    assert len(told) == 1
    assert "no locks (Operation not supported)" in told[0]
    with (
        hold(open_build(repository, CYCLE), told.append),
        pytest.raises(BuildError, match="another run"),
        hold(open_build(repository, CYCLE), told.append),
    ):
        pass
    assert len(told) == 1


def test_sockets_find_room_where_the_temporary_folder_has_a_long_name(tmp_path, monkeypatch):
    long = tmp_path / ("t" * 60) / ("m" * 60)
    long.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with use_short_temporary_folder() as folder:
        assert len(folder) <= LONGEST_FOLDER
        assert tempfile.gettempdir() == folder
    assert tempfile.gettempdir() == str(long)


def test_letters_that_a_terminal_lacks_are_replaced(tmp_path, monkeypatch):
    for name in ("params", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "params" / "T\u0177 \u2192.yml").touch()
    bytes_written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_written, encoding="cp1252"))
    assert main(["--root", str(tmp_path), "cycles"]) == 0
    assert bytes_written.getvalue() == rb"T\u0177 \u2192" + os.linesep.encode()


@pytest.mark.parametrize("place", ["build", "build/steps/2024-25/log.jsonl"])
def test_a_folder_that_cannot_be_written_to_is_told_in_a_line(repository, capsys, place):
    if place == "build":
        (repository / place).write_bytes(b"a file where a folder should be")
    else:
        (repository / place).mkdir(parents=True)
    assert main(["--root", str(repository), "report", CYCLE]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith("stopped, ")
    assert "what was published before stands" in told


@pytest.mark.parametrize(
    "settings", [{"PYTHONWARNINGS": "always"}, {"PYTHONWARNINGS": "error"}, {"MPLBACKEND": "TkAgg"}]
)
def test_settings_of_a_machine_are_not_the_reports(small, settings):
    (small / "matplotlib").mkdir()
    (small / "matplotlib/matplotlibrc").write_text("lines.linewidth: 9\nno such key: 1\n", encoding="utf-8")
    environment = os.environ | {"MPLCONFIGDIR": str(small / "matplotlib")} | settings
    command = [sys.executable, "-m", "cluster_eval", "run", CYCLE, "--force"]
    figures = small / f"build/steps/{CYCLE}/figures"
    before = {file.name: file.read_bytes() for file in figures.iterdir()}
    done = subprocess.run(command, cwd=small, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert before == {file.name: file.read_bytes() for file in figures.iterdir()} != {}


def test_a_notebook_that_the_contents_do_not_name_is_told(small):
    shutil.copy(next((small / "notebooks").glob("*.ipynb")), small / "notebooks/09_draft.ipynb")
    (small / "notebooks/._09_draft.ipynb").write_bytes(b"\x00\x05\x16\x07")
    for command in ("validate", "run"):
        done = run_command(small, command, CYCLE)
        assert (done.returncode, done.stderr) == (0, "")
        [line] = [line for line in done.stdout.splitlines() if "contents.yml" in line]
        assert line.endswith("in no book: 09_draft.ipynb")


# Watching


def test_a_watching_program_answers_to_this_machine_alone(tmp_path):
    (tmp_path / "index.html").write_text("<body>Responses</body>", encoding="utf-8")
    server = _Server(tmp_path, 0)
    statuses = {}
    for host in ("127.0.0.1", "localhost", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example"):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
            connection.request("GET", "/index.html", headers={"Host": f"{host}:{server.port}"})
            answer = connection.getresponse()
            statuses[host] = answer.status
            assert (b"Responses" in answer.read()) is (answer.status == 200)
    assert [host for host, status in statuses.items() if status == 200] == ["127.0.0.1", "localhost"]


def test_formats_that_watching_does_not_make_stay_and_say_that_they_are_older(small):
    published = small / "build" / CYCLE
    word = (published / "report.docx").read_bytes()
    page = small / "book/index.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nOf quokkas.\n", encoding="utf-8")
    told = []
    build_report(small, CYCLE, told.append, formats=False)
    assert (published / "report.docx").read_bytes() == word
    older = (published / OLDER).read_text(encoding="utf-8")
    assert "report.docx" in older
    assert "tables.xlsx" not in older
    assert "report.docx" in told[-1]
    assert '"older": [' in (published / "manifest.json").read_text(encoding="utf-8")
    build_report(small, CYCLE, told.append)
    assert not (published / OLDER).exists()
    assert "older" not in (published / "manifest.json").read_text(encoding="utf-8")
    assert (published / "report.docx").read_bytes() != word
