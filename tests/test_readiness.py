"""What keeps a build from being published: one of two pages, written here, and all that can be wrong with it."""

import shutil
from types import SimpleNamespace

import pytest

from cluster_eval.build.cache import digest
from cluster_eval.build.plan import BOOK, CHECK, FORMATS, PAGES, PUBLISH, RESULTS, find_commit, open_build
from cluster_eval.build.readiness import MUST_HAVE, check_build, check_commit, check_destination
from tests.helpers import git

CYCLE = "2024-25"
RECORD = "editions.json"
ACTIONS = f"data/{CYCLE}/actions.csv"
SECTIONS = [
    {"name": "index", "part": None, "source": "book/index.md", "appendix": None, "parameters": {}},
    {
        "name": "01_actions",
        "part": "Results",
        "source": "notebooks/01_actions.ipynb",
        "appendix": None,
        "parameters": {},
    },
]


@pytest.fixture
def build(tmp_path):
    """A build whose cache says that all follows from what stands in the files, which are in a commit."""
    root = tmp_path / "repository"
    for place in (f"params/{CYCLE}.yml", "book/index.md", "notebooks/01_actions.ipynb", ACTIONS):
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text("As it was", encoding="utf-8")
    (root / ".gitignore").write_text("build/\nsite/\n", encoding="utf-8")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "State of the files")
    published = root / "build" / CYCLE
    for place in MUST_HAVE:
        file = published / place.replace("*", "a")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}", encoding="utf-8")
    page = '<html><article><a href="{}">?</a></article></html>'
    (published / "html/index.html").write_text(page.format("01_actions.html"), encoding="utf-8")
    (published / "html/01_actions.html").write_text(page.format("../report.docx"), encoding="utf-8")
    build = open_build(root, CYCLE)
    keep(build, CHECK, value={"sections": SECTIONS, "features": [], "lacks": []})
    keep(build, "01_actions", reads=[ACTIONS, "notebooks/01_actions.ipynb"])
    for step in (RESULTS, PAGES, BOOK, *FORMATS):
        keep(build, step)
    keep(build, PUBLISH, outputs=[file for file in published.rglob("*") if file.is_file()])
    return build


def keep(build, step, value=None, reads=(), outputs=(), failure=None):
    work = SimpleNamespace(value=value, seconds=1.0, failure=failure)
    work.reads = {place: digest(build.root / place) for place in reads}
    places = [file.relative_to(build.root).as_posix() for file in outputs]
    build.keep(step, build.give(step), work, places)


def look_again(build):
    """Look at the files as the next command would."""
    return open_build(build.root, CYCLE)


def test_a_finished_build_may_be_published(build):
    manifest = {"commit": find_commit(build.root), "clean": True}
    assert check_build(look_again(build)) == check_commit(build, manifest) == []


def write_link(build):
    page = build.published / "html/index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("01_actions.html", "quokka.html"), encoding="utf-8")
    keep(build, PUBLISH, outputs=[file for file in build.published.rglob("*") if file.is_file()])


UNFIT = {
    "no build": (
        lambda build: shutil.rmtree(build.published),
        [f"build/{CYCLE} is not there: nothing was built yet; run make report CYCLE={CYCLE} first"],
    ),
    "data changed": (
        lambda build: (build.root / ACTIONS).write_text("Quokka", encoding="utf-8"),
        [f"build/{CYCLE} is not up to date with the files ({ACTIONS} changed); run make report CYCLE={CYCLE} first"],
    ),
    "another commit": (
        lambda build: git(build.root, "commit", "--quiet", "--allow-empty", "--message", "Nothing"),
        [
            f"build/{CYCLE} is not up to date with the files (it was built from another commit); "
            f"run make report CYCLE={CYCLE} first"
        ],
    ),
    "page changed by hand": (
        lambda build: (build.published / "html/01_actions.html").write_text("Quokka", encoding="utf-8"),
        [
            f"build/{CYCLE} is not up to date with the files "
            f"(build/{CYCLE}/html/01_actions.html is not as it was made); "
            f"run make report CYCLE={CYCLE} first"
        ],
    ),
    "section failed": (
        lambda build: keep(build, "01_actions", failure="cell 4: ZeroDivisionError: division by zero\nand more"),
        [
            "section 01_actions failed: cell 4: ZeroDivisionError: division by zero; put it right, "
            f"and run make report CYCLE={CYCLE}"
        ],
    ),
    "no Word document": (
        lambda build: (build.published / "report.docx").unlink(),
        [
            f"build/{CYCLE} is not up to date with the files (build/{CYCLE}/report.docx is not as it was made); "
            f"run make report CYCLE={CYCLE} first",
            f"build/{CYCLE}/report.docx is missing; an edition has {', '.join(MUST_HAVE)}",
            f'build/{CYCLE}/html/01_actions.html: "../report.docx" leads to no file',
        ],
    ),
    "no result files": (
        lambda build: (build.published / "results/a.csv").unlink(),
        [
            f"build/{CYCLE} is not up to date with the files (build/{CYCLE}/results/a.csv is not as it was made); "
            f"run make report CYCLE={CYCLE} first",
            f"build/{CYCLE}/results/*.csv is missing; an edition has {', '.join(MUST_HAVE)}",
        ],
    ),
    "empty workbook": (
        lambda build: (build.published / "tables.xlsx").write_bytes(b""),
        [
            f"build/{CYCLE} is not up to date with the files (build/{CYCLE}/tables.xlsx is not as it was made); "
            f"run make report CYCLE={CYCLE} first",
            f"build/{CYCLE}/tables.xlsx is empty",
        ],
    ),
    "link to no page": (write_link, [f'build/{CYCLE}/html/index.html: "quokka.html" leads to no file']),
}


@pytest.mark.parametrize(("damage", "problems"), UNFIT.values(), ids=UNFIT)
def test_every_reason_not_to_publish_a_build_is_told(build, damage, problems):
    damage(build)
    assert check_build(look_again(build)) == problems


def test_of_many_broken_links_the_first_are_told_and_the_others_counted(build):
    links = "".join(f'<a href="quokka-{number:02}.html">?</a>' for number in range(25))
    (build.published / "html/index.html").write_text(f"<article>{links}</article>", encoding="utf-8")
    told = [problem for problem in check_build(look_again(build)) if "up to date" not in problem]
    assert len(told) == 21
    assert told[-1] == "and 5 links more"


def write_note(root):
    (root / "note.txt").write_text("Read the draft again", encoding="utf-8")


DOUBTS = {
    "dirty when built": (
        {"clean": False},
        lambda root: None,
        ["manifest.json", "no commit when it was built", "FORCE=1"],
    ),
    "dirty now": ({}, write_note, ["note.txt: changes that are in no commit"]),
    "much that is dirty": (
        {},
        lambda root: [write_note(root), (root / ACTIONS).write_text("Quokka", encoding="utf-8")],
        [f"{ACTIONS} and 1 more: changes that are in no commit"],
    ),
    "no commit": ({"commit": None}, lambda root: None, [f"build/{CYCLE}/manifest.json names no commit"]),
    "no git": ({}, lambda root: shutil.rmtree(root / ".git"), ["git does not tell"]),
}


@pytest.mark.parametrize(("about", "damage", "words"), DOUBTS.values(), ids=DOUBTS)
def test_every_doubt_that_a_build_could_be_made_again_is_told(build, about, damage, words):
    manifest = {"commit": find_commit(build.root), "clean": True} | about
    damage(build.root)
    [doubt] = check_commit(build, manifest)
    assert [word for word in (*words, "DIRTY=1 (--allow-dirty)") if word not in doubt] == []
    assert str(build.root) not in doubt


def check(build, destination):
    return check_destination(build.root, destination, RECORD)


def test_an_empty_folder_a_new_one_and_one_of_editions_may_hold_editions(build, tmp_path):
    site = tmp_path / "site"
    assert check(build, site / "pages" / "editions") == []
    (site / ".git").mkdir(parents=True)
    (site / f".publishing-{CYCLE}").mkdir()
    assert check(build, site) == []
    (site / RECORD).touch()
    (site / "letter.txt").touch()
    assert check(build, site) == []


def test_a_folder_with_somebodys_files_may_not(build, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "letter.txt").write_text("Dear …", encoding="utf-8")
    for place, words in (
        (own, f"holds letter.txt and no {RECORD}; name a folder that is empty, new, or holds editions"),
        (own / "letter.txt", "letter.txt is a file"),
        (own / "letter.txt" / "editions", "letter.txt is a file"),
    ):
        [problem] = check(build, place)
        assert words in problem
    (own / "memo.txt").touch()
    assert f"holds letter.txt and 1 more and no {RECORD}" in check(build, own)[0]


@pytest.mark.parametrize(
    "place", ["", "book", "editions", f"data/{CYCLE}/editions", "build", "build/editions", ".git/x"]
)
def test_a_folder_inside_the_repository_may_not_unless_git_ignores_it(build, place):
    [problem] = check(build, build.root / place)
    assert problem.endswith("is inside the repository; name a folder outside it, or one that git ignores")
    assert check(build, build.root / "site") == []


def test_the_commit_is_found_packed_and_from_another_working_tree(build, tmp_path):
    commit = git(build.root, "rev-parse", "HEAD")
    assert find_commit(build.root) == commit
    git(build.root, "pack-refs", "--all")
    assert find_commit(build.root) == commit
    git(build.root, "worktree", "add", "--quiet", "-b", "other", str(tmp_path / "other"))
    assert find_commit(tmp_path / "other") == commit
    assert find_commit(tmp_path) is None
