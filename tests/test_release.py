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

from cluster_eval.build import release
from cluster_eval.build.release_page import render_index, write_size
from tests.accessibility import THEMES, WIDTHS, find_violations, open_tab
from tests.helpers import CYCLES, call_command, git, read_files, replace

PREVIOUS, CYCLE = CYCLES
OTHERS = ("report.docx", "report.pdf", "tables.xlsx", "tables.ods")
SUMS = "SHA256SUMS"


def rebuild(root, cycle=CYCLE):
    done = call_command(root, "report", cycle)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def site(tmp_path):
    """A folder of editions that is not there yet."""
    return tmp_path / "pages" / "editions"


def publish(root, destination, *words, cycle=CYCLE):
    done = call_command(root, "publish", cycle, str(destination), *words)
    assert "Traceback" not in done.stderr
    return done


def succeed(root, destination, *words, cycle=CYCLE):
    done = publish(root, destination, *words, cycle=cycle)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith(f": {destination / 'index.html'}")
    return done.stdout


def read_record(site):
    return json.loads((site / "editions.json").read_text(encoding="utf-8"))


def read_index(site):
    return BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")


def list_editions(site, cycle=CYCLE):
    return sorted(file.parent.name for file in (site / cycle).glob("*/manifest.json"))


@pytest.fixture(scope="module")
def published(small_root, tmp_path_factory):
    """Three editions: two of the newer cycle, the second of which is not clean, and then one of the older."""
    folder = tmp_path_factory.mktemp("published")
    root, site = shutil.copytree(small_root, folder / "repository"), folder / "editions"
    succeed(root, site)
    replace("data/2024-25/actions.csv", "Ask fewer", "Quokka: ask fewer")(root)
    rebuild(root)
    succeed(root, site, "--allow-dirty")
    git(root, "checkout", "--quiet", "--", ".")
    succeed(root, site, cycle=PREVIOUS)
    return site


# What is refused


def write_note(root):
    (root / "note.txt").write_text("Read the draft again", encoding="utf-8")


def forget_commit(root):
    (root / ".git").rename(root.parent / "git")
    rebuild(root)


def test_all_problems_are_told_in_one_go(small, site):
    page = small / f"build/{CYCLE}/html/notes.html"
    page.write_text(page.read_text(encoding="utf-8") + '<a href="quokka.html">?</a>', encoding="utf-8")
    (small / "build" / CYCLE / "report.pdf").unlink()
    write_note(small)
    site.mkdir(parents=True)
    (site / "letter.txt").write_text("Dear …", encoding="utf-8")
    done = publish(small, site)
    assert done.returncode == 2
    assert done.stderr.startswith("5 problems with publishing:")
    assert str(small) not in done.stderr
    assert [word for word in ("quokka.html", "report.pdf", "note.txt", "letter.txt") if word not in done.stderr] == []
    assert [file.name for file in site.iterdir()] == ["letter.txt"]


def test_a_cycle_that_there_is(small_root, site):
    for cycle in ("2031-32", "..", "../build/2024-25"):
        done = publish(small_root, site, cycle=cycle)
        assert done.returncode == 2
        assert f"no cycle {cycle}" in done.stderr
        assert f"{PREVIOUS}, {CYCLE}" in done.stderr


def test_what_is_no_record_of_editions_is_refused(small_root, site):
    site.mkdir(parents=True)
    (site / "editions.json").write_text('{"editions": "of Keats"}', encoding="utf-8")
    done = publish(small_root, site)
    assert (done.returncode, done.stdout) == (2, "")
    assert "editions.json is no record of editions" in done.stderr
    assert list(read_files(site)) == ["editions.json"]


def test_folder_that_git_ignores_may_be_inside_the_repository(small):
    succeed(small, small / "site")
    assert "nothing new" in succeed(small, small / "site")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder in which nobody can write")
def test_folder_that_cannot_be_written_is_refused(small_root):
    done = publish(small_root, Path("/proc/editions"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be written" in done.stderr


# What is published


def test_edition_is_the_build_with_what_helps_to_take_it_away(small_root, published):
    [name, _] = list_editions(published)
    edition, build = read_files(published / CYCLE / name), read_files(small_root / "build" / CYCLE)
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
        assert listed == set(read_files(edition)) - {SUMS}


def test_record_tells_of_each_edition(small_root, published):
    record = read_record(published)
    second, first, other = record["editions"]
    assert record["latest"] == second["path"] == f"{CYCLE}/{second['edition']}"
    assert (first["edition"], second["edition"]) == tuple(list_editions(published))
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", first["edition"])
    assert (
        second["edition"] == f"{second['published'][:10]}{'-2' if second['published'][:10] == first['edition'] else ''}"
    )
    assert (second["clean"], first["clean"], other["clean"]) == (False, True, True)
    manifest = json.loads((small_root / f"build/{PREVIOUS}/manifest.json").read_text(encoding="utf-8"))
    assert {key: other[key] for key in ("cycle", "title", "built", "commit", "sample_data")} == {
        key: manifest[key] for key in ("cycle", "title", "built", "commit", "sample_data")
    }
    assert other["commit"] == git(small_root, "rev-parse", "HEAD")
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


def test_same_content_adds_nothing_whenever_it_was_built(small, site):
    succeed(small, site)
    before = read_files(site)
    assert "nothing new" in succeed(small, site)
    assert read_files(site) == before
    # What the manifest says of the time is all that a second build of the same differs in.
    (small / f"build/{CYCLE}/manifest.json").unlink()
    rebuild(small)
    assert "nothing new" in succeed(small, site)
    assert read_files(site) == before
    # A commit is told of, so another one is another edition.
    git(small, "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    rebuild(small)
    assert "copied" in succeed(small, site)
    [first, second] = list_editions(site)
    assert second.startswith(first[:8])
    assert {place: content for place, content in read_files(site).items() if f"/{first}/" in place} == {
        place: content for place, content in before.items() if f"/{first}/" in place
    }


def test_what_no_commit_holds_is_published_when_told_and_says_so(small, site):
    forget_commit(small)
    told = succeed(small, site, "--allow-dirty")
    assert "no commit" in told
    [edition] = read_record(site)["editions"]
    assert (edition["commit"], edition["clean"]) == (None, False)
    page = read_index(site).get_text(" ", strip=True)
    assert "Not reproducible" in page
    assert "uncommitted changes" in page


def test_clean_edition_of_the_same_content_takes_the_place_of_an_unclean_one(small, site):
    write_note(small)
    succeed(small, site, "--allow-dirty")
    (small / "note.txt").unlink()
    assert "copied" in succeed(small, site)
    assert [edition["clean"] for edition in read_record(site)["editions"]] == [True, False]


# What goes wrong, and what is taken back


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "stop"])
@pytest.mark.parametrize("earlier", [False, True])
def test_interruption_leaves_what_was_there(small, site, monkeypatch, earlier, failure):
    if earlier:
        succeed(small, site, cycle=PREVIOUS)
    before = read_files(site)
    copied = []

    def copy(source, target):
        if len(copied) == 100:
            raise failure
        copied.append(target)
        return shutil.copyfile(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(release.shutil, "copy2", copy)
        done = publish(small, site)
    assert done.returncode == (1 if isinstance(failure, OSError) else 130)
    assert str(failure.args[-1] if failure.args else "stopped") in done.stderr
    assert len(copied) == 100
    assert read_files(site) == before
    succeed(small, site)


def test_list_that_cannot_be_written_is_said_and_made_up_for(small_root, site, monkeypatch):
    def fail(*arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(release, "render_forward", fail)
        done = publish(small_root, site)
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert not (site / "index.html").exists()
    assert "nothing new" in succeed(small_root, site)
    assert len(read_record(site)["editions"]) == 1


def test_what_a_killed_run_left_is_removed(small_root, site):
    left = site / f".publishing-{CYCLE}" / "html"
    left.mkdir(parents=True)
    (left / "index.html").write_text("half", encoding="utf-8")
    succeed(small_root, site)
    assert not left.parent.exists()


def test_edition_that_was_copied_but_not_listed_is_listed_by_the_next_run(small_root, site):
    succeed(small_root, site)
    listed = read_files(site)
    (site / "index.html").unlink()
    (site / "editions.json").write_text('{"latest": null, "editions": []}', encoding="utf-8")
    assert "nothing new" in succeed(small_root, site)
    assert read_files(site) == listed


def test_a_withdrawn_edition_is_left_out_and_its_name_not_given_again(small_root, site):
    succeed(small_root, site)
    [name] = list_editions(site)
    shutil.rmtree(site / CYCLE / name)
    done = call_command(small_root, "editions", str(site))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{CYCLE}/{name} is not there any more" in done.stdout
    assert done.stdout.endswith(f"0 editions: {site / 'index.html'}\n")
    assert name not in (site / "index.html").read_text(encoding="utf-8")
    [edition] = read_record(site)["editions"]
    assert edition["withdrawn"]
    for place in ("latest", CYCLE):
        assert "../index.html" in (site / place / "index.html").read_text(encoding="utf-8")
    assert "not there" not in succeed(small_root, site)
    [again] = list_editions(site)
    assert again.startswith(name[:8]) and again != name
    refused = call_command(small_root, "editions", str(site / CYCLE))
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
