"""Publishing: what is refused, what an edition holds, and what readers find where it is put."""

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from cluster_eval.cli import main
from cluster_eval.publish import editions
from cluster_eval.publish.editions_page import render_index, write_size
from tests.conftest import CYCLES, run_command
from tests.slow.test_accessibility import THEMES, WIDTHS, find_violations, open_tab
from tests.test_cli import edit_cell, replace

PREVIOUS, CYCLE = CYCLES
OTHERS = ("report.docx", "report.pdf", "tables.xlsx", "tables.ods")
SUMS = "SHA256SUMS"


def git(root, *words):
    identity = ("-c", "user.name=cluster-eval", "-c", "user.email=cluster-eval@example.org")
    done = subprocess.run(["git", *identity, *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(root):
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "State of the files")


def rebuild(root, cycle=CYCLE):
    done = run_command(root, "report", cycle)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def committed_root(built_root, tmp_path_factory):
    """Both cycles, built from a commit."""
    root = shutil.copytree(built_root, tmp_path_factory.mktemp("committed") / "repository")
    (root / ".gitignore").write_text("build/\nsite/\n", encoding="utf-8")
    git(root, "init", "--quiet")
    commit(root)
    for cycle in CYCLES:
        rebuild(root, cycle)
    return root


@pytest.fixture
def committed(committed_root, tmp_path):
    """A copy of it, for one test to change."""
    yield shutil.copytree(committed_root, tmp_path / "repository")
    # Dozens of reports would stay until pytest's third run from here.
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def site(tmp_path):
    """A folder of editions that is not there yet."""
    yield tmp_path / "pages" / "editions"
    shutil.rmtree(tmp_path, ignore_errors=True)


def publish(root, destination, *words, cycle=CYCLE):
    done = run_command(root, "publish", cycle, str(destination), *words)
    assert "Traceback" not in done.stderr
    return done


def succeed(root, destination, *words, cycle=CYCLE):
    done = publish(root, destination, *words, cycle=cycle)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith(f": {destination / 'index.html'}")
    return done.stdout


def read_all(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def read_record(site):
    return json.loads((site / "editions.json").read_text(encoding="utf-8"))


def read_index(site):
    return BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")


def list_editions(site, cycle=CYCLE):
    return sorted(file.parent.name for file in (site / cycle).glob("*/manifest.json"))


@pytest.fixture(scope="module")
def published(committed_root, tmp_path_factory):
    """Three editions: two of the newer cycle, the second of which is not clean, and then one of the older."""
    folder = tmp_path_factory.mktemp("published")
    root, site = shutil.copytree(committed_root, folder / "repository"), folder / "editions"
    succeed(root, site)
    replace("data/2024-25/actions.csv", "\n", "\nQuokka agreements for all,Somebody,Soon,\n")(root)
    rebuild(root)
    succeed(root, site, "--allow-dirty")
    git(root, "checkout", "--quiet", "--", ".")
    succeed(root, site, cycle=PREVIOUS)
    return site


# What is refused


def fail_section(root):
    edit_cell(root, "18_appendix_abbreviations", 4, "1/0")
    commit(root)
    assert run_command(root, "report", CYCLE).returncode == 1


def change_data(root):
    replace("data/2024-25/actions.csv", "\n", "\nQuokka,Somebody,Soon,\n")(root)
    commit(root)


def write_note(root):
    (root / "note.txt").write_text("Read the draft again", encoding="utf-8")


def build_dirty(root):
    write_note(root)
    # Cheaper than to execute everything, which writes the manifest again as well.
    (root / f"build/{CYCLE}/manifest.json").unlink()
    rebuild(root)
    (root / "note.txt").unlink()


def forget_commit(root):
    (root / ".git").rename(root.parent / "git")
    rebuild(root)


def write_link(html):
    """Add to a page as the build might have, which is then thought up to date."""

    def add(root):
        page = root / f"build/{CYCLE}/html/methodology.html"
        page.write_text(page.read_text(encoding="utf-8").replace("</article>", f"{html}</article>"), encoding="utf-8")
        ledger = root / f"build/steps/{CYCLE}/ledger.json"
        kept = json.loads(ledger.read_text(encoding="utf-8"))
        place = page.relative_to(root).as_posix()
        status = page.stat()
        kept["steps"]["publish"]["outputs"][place] = [status.st_size, status.st_mtime_ns]
        ledger.write_text(json.dumps(kept), encoding="utf-8")

    return add


REFUSALS = {
    "no build": (lambda root: shutil.rmtree(root / "build" / CYCLE), [f"build/{CYCLE}", f"make report CYCLE={CYCLE}"]),
    "data changed": (change_data, ["data/2024-25/actions.csv changed", f"run make report CYCLE={CYCLE} first"]),
    "another commit": (
        lambda root: git(root, "commit", "--quiet", "--allow-empty", "--message", "Nothing"),
        ["not up to date", "built from another commit", f"run make report CYCLE={CYCLE} first"],
    ),
    "page changed by hand": (
        lambda root: (root / f"build/{CYCLE}/html/index.html").write_text("Quokka", encoding="utf-8"),
        ["not up to date", "what was made is not there any more"],
    ),
    "section failed": (fail_section, ["18_appendix_abbreviations", "ZeroDivisionError", "make report"]),
    "dirty when built": (build_dirty, ["manifest.json", "no commit when it was built", "FORCE=1", "DIRTY=1"]),
    "dirty now": (
        write_note,
        ["note.txt", "no commit", "DIRTY=1"],
    ),
    "no commit": (forget_commit, ["manifest.json", "names no commit", "DIRTY=1"]),
    "no Word edition": (
        lambda root: (root / f"build/{CYCLE}/report.docx").unlink(),
        [f"build/{CYCLE}/report.docx is missing", "tables.ods"],
    ),
    "empty workbook": (
        lambda root: (root / f"build/{CYCLE}/tables.xlsx").write_bytes(b""),
        [f"build/{CYCLE}/tables.xlsx is empty"],
    ),
    "link to no page": (write_link('<a href="quokka.html">?</a>'), ["methodology.html", "quokka.html", "no file"]),
    "link to no place": (
        write_link('<a href="03_pcmw.html#quokka">?</a>'),
        ["methodology.html", "03_pcmw.html#quokka", "place"],
    ),
    "link to the host's top": (write_link('<a href="/index.html">?</a>'), ["/index.html", "top of the host"]),
    "link out of the edition": (write_link('<a href="../../steps">?</a>'), ["../../steps", "out of the edition"]),
    "picture that is not there": (write_link('<img src="quokka.svg" alt="">'), ["quokka.svg", "no file"]),
    "drawing that is not there": (write_link('<img srcset="index.html, q.svg 2x" alt="">'), ["q.svg", "no file"]),
    "script of another host": (
        write_link('<script src="https://example.org/a.js"></script>'),
        ["https://example.org/a.js", "another host"],
    ),
    "style of another host": (
        write_link('<link rel="stylesheet" href="//example.org/a.css">'),
        ["//example.org/a.css", "another host"],
    ),
}


@pytest.mark.parametrize(("damage", "words"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_not_fit_is_refused_and_nothing_is_copied(committed, site, damage, words):
    damage(committed)
    done = publish(committed, site)
    assert (done.returncode, done.stdout) == (2, "")
    count, *lines = done.stderr.splitlines()
    # What is gone is neither what was made, nor where a link leads.
    found = len(lines)
    assert count == ("1 problem with publishing:" if found == 1 else f"{found} problems with publishing:")
    assert found == 1 or "report.docx" in done.stderr or "tables.xlsx" in done.stderr
    assert [word for word in words if not any(word in line for line in lines)] == []
    assert str(committed) not in done.stderr
    assert not site.exists()


def test_all_problems_are_told_in_one_go(committed, site):
    write_link('<a href="quokka.html">?</a>')(committed)
    (committed / "build" / CYCLE / "report.pdf").unlink()
    write_note(committed)
    site.mkdir(parents=True)
    (site / "letter.txt").write_text("Dear …", encoding="utf-8")
    done = publish(committed, site)
    assert done.returncode == 2
    assert done.stderr.startswith("6 problems with publishing:")
    assert [word for word in ("quokka.html", "report.pdf", "note.txt", "letter.txt") if word not in done.stderr] == []
    assert [file.name for file in site.iterdir()] == ["letter.txt"]


def test_links_that_work_are_not_refused(committed, site):
    good = ("../report.docx", "index.html#", "?highlight=a", "https://example.org/", "mailto:a@example.org", "#top")
    write_link("".join(f'<a href="{link}">?</a>' for link in good))(committed)
    succeed(committed, site)


def test_a_cycle_that_there_is(committed_root, site):
    for cycle in ("2031-32", "..", "../build/2024-25"):
        done = publish(committed_root, site, cycle=cycle)
        assert done.returncode == 2
        assert f"no cycle {cycle}" in done.stderr
        assert f"{PREVIOUS}, {CYCLE}" in done.stderr


def refuse(root, destination, *words):
    before = read_all(destination) if destination.is_dir() else None
    done = publish(root, destination)
    assert (done.returncode, done.stdout) == (2, "")
    assert [word for word in words if word not in done.stderr] == []
    assert before == (read_all(destination) if destination.is_dir() else None)


def test_folder_with_somebodys_files_is_refused(committed_root, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "letter.txt").write_text("Dear …", encoding="utf-8")
    refuse(committed_root, own, "letter.txt", "no editions.json", "empty, new, or holds editions")
    refuse(committed_root, own / "letter.txt", "letter.txt is a file", "folder")
    refuse(committed_root, own / "letter.txt" / "editions", "letter.txt is a file", "folder")
    (own / "editions.json").write_text('{"editions": "of Keats"}', encoding="utf-8")
    refuse(committed_root, own, "editions.json is no record of editions")


@pytest.mark.parametrize(
    "place", ["", "book", "editions", "data/2024-25/editions", "build", "build/editions", ".git/x"]
)
def test_folder_inside_the_repository_is_refused(committed_root, place):
    refuse(committed_root, committed_root / place, "inside the repository", "outside it")


def test_folder_that_git_ignores_may_be_inside_the_repository(committed):
    succeed(committed, committed / "site")
    assert "nothing new" in succeed(committed, committed / "site")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder in which nobody can write")
def test_folder_that_cannot_be_written_is_refused(committed_root):
    refuse(committed_root, Path("/proc/editions"), "cannot be written")


# What is published


def test_edition_is_the_build_with_what_helps_to_take_it_away(committed_root, published):
    [name, _] = list_editions(published)
    edition, build = read_all(published / CYCLE / name), read_all(committed_root / "build" / CYCLE)
    added = {place: edition.pop(place) for place in ("edition.json", SUMS, "results.zip", "notebooks.zip")}
    assert edition == build
    for folder in ("results", "notebooks"):
        with zipfile.ZipFile(published / CYCLE / name / f"{folder}.zip") as archive:
            contents = {place: archive.read(place) for place in archive.namelist()}
        assert contents == {place: content for place, content in build.items() if place.startswith(f"{folder}/")} != {}
    about = json.loads(added["edition.json"])
    assert about["edition"] == name
    assert not list(published.rglob(".publishing-*"))


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum")
def test_checksums_are_what_sha256sum_checks(published, tmp_path):
    for edition in (published / CYCLE / name for name in list_editions(published)):
        done = subprocess.run(
            ["sha256sum", "--check", "--strict", SUMS], cwd=edition, capture_output=True, text=True, check=True
        )
        listed = {line.removesuffix(": OK") for line in done.stdout.splitlines()}
        assert listed == set(read_all(edition)) - {SUMS}


def test_record_tells_of_each_edition(committed_root, published):
    record = read_record(published)
    second, first, other = record["editions"]
    assert record["latest"] == second["path"] == f"{CYCLE}/{second['edition']}"
    assert (first["edition"], second["edition"]) == tuple(list_editions(published))
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", first["edition"])
    assert (
        second["edition"] == f"{second['published'][:10]}{'-2' if second['published'][:10] == first['edition'] else ''}"
    )
    assert (second["clean"], first["clean"], other["clean"]) == (False, True, True)
    manifest = json.loads((committed_root / f"build/{PREVIOUS}/manifest.json").read_text(encoding="utf-8"))
    assert {key: other[key] for key in ("cycle", "title", "built", "commit", "sample_data")} == {
        key: manifest[key] for key in ("cycle", "title", "built", "commit", "sample_data")
    }
    assert other["commit"] == git(committed_root, "rev-parse", "HEAD")
    assert other["package"] == "cluster-eval 0.1.0"
    assert other["withdrawn"] is None
    for edition in record["editions"]:
        assert edition["published"].endswith("+00:00")
        for file in edition["files"]:
            content = (published / edition["path"] / file["path"]).read_bytes()
            assert file["sha256"] == hashlib.sha256(content).hexdigest()
            assert file["size"] == len(content) or file["format"] == "HTML"


def test_editions_are_listed_newest_first_with_what_a_reader_asks(published):
    page = read_index(published)
    record = read_record(published)["editions"]
    assert page.html["lang"] == "en-GB"
    assert len(page.find_all("h1")) == 1
    assert page.find("script") is None
    assert "Sample data" in page.find(class_="note").get_text()
    [table] = page.find_all("table")
    assert {header["scope"] for header in table.find_all("th")} == {"col", "row"}
    rows = table.tbody.find_all("tr")
    assert [row.th.get_text(" ", strip=True).split()[0] for row in rows] == [CYCLE, CYCLE, PREVIOUS]
    for row, edition in zip(rows, record, strict=True):
        text = row.get_text(" ", strip=True)
        assert edition["title"] in text
        assert f"{int(edition['published'][8:10])} " in text
        assert edition["commit"][:10] in text
        assert "Sample data" in text
        assert ("uncommitted changes" in text) is not edition["clean"]
        links = {link["href"].removeprefix(f"{edition['path']}/"): link.parent.get_text() for link in row.find_all("a")}
        assert {*OTHERS, "html/index.html", "results.zip", "notebooks.zip", SUMS} <= set(links)
        assert re.search(r"\([\d.]+\s[kM]B\)", links["report.docx"])
    assert "superseded by" in rows[1].get_text()
    assert page.find(class_="latest").a["href"] == f"{record[0]['path']}/html/index.html"


def test_links_of_the_list_lead_to_files_and_none_to_another_host(published):
    pages = [published / "index.html", *(published / name / "index.html" for name in ("latest", *CYCLES))]
    for page in pages:
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        links = [link["href"] for link in soup.find_all("a")]
        assert links
        for link in links:
            assert urlsplit(link).netloc == "", link
            assert (page.parent / unquote(link)).is_file(), link
        assert not soup.find_all(["script", "img"])


def test_stable_addresses_lead_to_the_latest(published, browser):
    [first, second] = list_editions(published)
    [other] = list_editions(published, PREVIOUS)
    # The latest of all is of the newest cycle, though one of an older cycle was published after it.
    targets = {"latest": f"{CYCLE}/{second}", CYCLE: f"{CYCLE}/{second}", PREVIOUS: f"{PREVIOUS}/{other}"}
    tab = browser.new_page()
    for name, edition in targets.items():
        target = (published / edition / "html/index.html").as_uri()
        tab.goto((published / name / "index.html").as_uri())
        tab.wait_for_url(target)
    tab.close()
    assert first != second


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_list_has_no_violation_nor_has_to_be_scrolled_sideways(published, browser, theme, width):
    problems = []
    with open_tab(browser, theme, width) as tab:
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto((published / "index.html").as_uri())
        problems += find_violations(tab, "index.html")
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        dark = tab.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark is (theme == "dark")
        # It leads on before it can be looked at.
        forward = (published / "latest/index.html").read_text(encoding="utf-8")
        tab.set_content(re.sub(r"<meta http-equiv=[^>]*>", "", forward))
        problems += find_violations(tab, "latest/index.html")
    assert problems == []


def test_same_content_adds_nothing_whenever_it_was_built(committed, site):
    succeed(committed, site)
    before = read_all(site)
    assert "nothing new" in succeed(committed, site)
    assert read_all(site) == before
    # What the manifest says of the time is all that a second build of the same differs in.
    (committed / f"build/{CYCLE}/manifest.json").unlink()
    rebuild(committed)
    assert "nothing new" in succeed(committed, site)
    assert read_all(site) == before
    # A commit is told of, so another one is another edition.
    git(committed, "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    rebuild(committed)
    assert "copied" in succeed(committed, site)
    [first, second] = list_editions(site)
    assert second.startswith(first[:8])
    assert {place: content for place, content in read_all(site).items() if f"/{first}/" in place} == {
        place: content for place, content in before.items() if f"/{first}/" in place
    }


def test_what_no_commit_holds_is_published_when_told_and_says_so(committed, site):
    forget_commit(committed)
    told = succeed(committed, site, "--allow-dirty")
    assert "no commit" in told
    [edition] = read_record(site)["editions"]
    assert (edition["commit"], edition["clean"]) == (None, False)
    page = read_index(site).get_text(" ", strip=True)
    assert "Not reproducible" in page
    assert "uncommitted changes" in page


def test_clean_edition_of_the_same_content_takes_the_place_of_an_unclean_one(committed, site):
    write_note(committed)
    succeed(committed, site, "--allow-dirty")
    (committed / "note.txt").unlink()
    assert "copied" in succeed(committed, site)
    assert [edition["clean"] for edition in read_record(site)["editions"]] == [True, False]


# What goes wrong, and what is taken back


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "stop"])
@pytest.mark.parametrize("earlier", [False, True])
def test_interruption_leaves_what_was_there(committed, site, monkeypatch, capsys, earlier, failure):
    if earlier:
        succeed(committed, site, cycle=PREVIOUS)
    before = read_all(site)
    copied = []

    def copy(source, target):
        if len(copied) == 100:
            raise failure
        copied.append(target)
        return shutil.copyfile(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(editions.shutil, "copy2", copy)
        status = main(["--root", str(committed), "publish", CYCLE, str(site)])
    assert status == (1 if isinstance(failure, OSError) else 130)
    assert str(failure.args[-1] if failure.args else "stopped") in capsys.readouterr().err
    assert len(copied) == 100
    assert read_all(site) == before
    succeed(committed, site)


def test_list_that_cannot_be_written_is_said_and_made_up_for(committed_root, site, monkeypatch, capsys):
    def fail(*arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(editions, "render_forward", fail)
        assert main(["--root", str(committed_root), "publish", CYCLE, str(site)]) == 1
    assert "No space left" in capsys.readouterr().err
    assert not (site / "index.html").exists()
    assert "nothing new" in succeed(committed_root, site)
    assert len(read_record(site)["editions"]) == 1


def test_what_a_killed_run_left_is_removed(committed_root, site):
    left = site / f".publishing-{CYCLE}" / "html"
    left.mkdir(parents=True)
    (left / "index.html").write_text("half", encoding="utf-8")
    succeed(committed_root, site)
    assert not left.parent.exists()


def test_edition_that_was_copied_but_not_listed_is_listed_by_the_next_run(committed_root, site):
    succeed(committed_root, site)
    listed = read_all(site)
    (site / "index.html").unlink()
    (site / "editions.json").write_text('{"latest": null, "editions": []}', encoding="utf-8")
    assert "nothing new" in succeed(committed_root, site)
    assert read_all(site) == listed


def test_a_withdrawn_edition_is_left_out_and_its_name_not_given_again(committed_root, site):
    succeed(committed_root, site)
    [name] = list_editions(site)
    shutil.rmtree(site / CYCLE / name)
    done = run_command(committed_root, "editions", str(site))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{CYCLE}/{name} is not there any more" in done.stdout
    assert done.stdout.endswith(f"0 editions: {site / 'index.html'}\n")
    assert name not in (site / "index.html").read_text(encoding="utf-8")
    [edition] = read_record(site)["editions"]
    assert edition["withdrawn"]
    for place in ("latest", CYCLE):
        assert "../index.html" in (site / place / "index.html").read_text(encoding="utf-8")
    assert "not there" not in succeed(committed_root, site)
    [again] = list_editions(site)
    assert again.startswith(name[:8]) and again != name
    refused = run_command(committed_root, "editions", str(site / CYCLE))
    assert refused.returncode == 2
    assert "no editions.json" in refused.stderr


def test_title_is_text_and_not_html():
    edition = {
        "cycle": CYCLE,
        "title": "Clusters <b>&</b> boards",
        "edition": "2026-11-22",
        "path": f"{CYCLE}/2026-11-22",
        "published": "2026-11-02T10:00:00+00:00",
        "commit": None,
        "clean": True,
        "sample_data": False,
        "files": [{"format": "PDF", "path": "report.pdf", "size": 1_250_000}],
    }
    page = render_index([edition])
    assert "Clusters &lt;b&gt;&amp;&lt;/b&gt; boards" in page
    assert "published 2 November 2026" in page
    assert "(1.2\N{NO-BREAK SPACE}MB)" in page
    assert "Sample data" not in page
    assert "Not reproducible" not in page


@pytest.mark.parametrize(
    ("size", "text"),
    [(999, "999 bytes"), (1000, "1 kB"), (999_400, "999 kB"), (999_600, "1.0 MB"), (15_300_000, "15.3 MB")],
)
def test_sizes(size, text):
    assert write_size(size) == text
