"""Builds the book with Jupyter Book: the pages that changed, or all of them where settings or contents did."""

import importlib
import io
import json
import shutil
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from jupyter_book.sphinx import build_sphinx
from sphinx.application import builtin_extensions
from sphinx.util.console import nocolor

from cluster_eval.build.cache import digest, replace_whole
from cluster_eval.build.workers import BOOK_MODULES
from cluster_eval.problems import BuildError

SETTINGS = ("_static", "_templates")
BUILT = "_build"
STATE = "state.json"
"""What pages were built from, and what was left of it."""
DOWNLOADS = ("notebooks", "results")
MOST = 10
"""How many warnings are told."""


# While there is nothing to build yet.
for _module in (*builtin_extensions, *BOOK_MODULES):
    importlib.import_module(_module)


def build_book(root: Path, given: dict, work: Path, tell: Callable[[str], None]) -> str:
    """Build the book's pages.

    Parameters
    ----------
    root : Path
        The repository's root.
    given : dict
        files of the book's source, relative to the root; whatever else is there is removed; source, the name of its
        folder, where it is not `book`.
    work : Path
        The folder of what is made on the way.
    tell : callable
        Called with what is being done.

    Returns
    -------
    str
        The folder of the pages, relative to the root.

    Raises
    ------
    BuildError
        When Jupyter Book warns of anything, with what it said.
    """
    source = work / given.get("source", "book")
    wanted = {root / file for file in given["files"]}
    for folder in SETTINGS:
        for file in (root / "book" / folder).rglob("[!.]*"):
            if file.is_file():
                copy = source / file.relative_to(root / "book")
                replace_whole(copy, file.read_bytes())
                wanted.add(copy)
    for file in source.rglob("*"):
        if file.is_file() and file not in wanted and BUILT not in file.relative_to(source).parts:
            file.unlink()
    state = _digest_sources(source, wanted)
    _remove_outdated(source / BUILT, state)
    tell("reading and writing pages")
    html = source / BUILT / "html"
    said = io.StringIO()
    nocolor()
    # Sphinx's own warnings are the ones that count; Python's, of its extensions, are not about this book.
    with redirect_stdout(said), redirect_stderr(said), warnings.catch_warnings(action="ignore"):
        status = build_sphinx(
            source,
            html,
            noconfig=True,
            path_config=source / "_config.yml",
            confoverrides={
                "external_toc_path": (source / "_toc.yml").as_posix(),
                # Looked for by its own means, what is no page is not found in a folder with brackets in its name.
                "exclude_patterns": [BUILT, *SETTINGS, *DOWNLOADS],
                "latex_individualpages": False,
                "nitpicky": True,
            },
            warningiserror=True,
            keep_going=True,
        )
    print(said.getvalue())
    if status != 0:
        # What Sphinx has read already it would not warn of again.
        shutil.rmtree(source / BUILT, ignore_errors=True)
        lines = said.getvalue().splitlines()
        told = [line for line in lines if "WARNING" in line or "ERROR" in line] or lines[-15:]
        # One cause, such as a full disk, may be told of once for each of a theme's files.
        more = [f"and {len(told) - MOST} more, see workers.log"] if len(told) > MOST else []
        raise BuildError("\n".join([*told[:MOST], *more]))
    _copy_downloads(source, html)
    state["built"] = _digest_built(source / BUILT)
    replace_whole(source / BUILT / STATE, json.dumps(state))
    return html.relative_to(root).as_posix()


def _digest_sources(source, files):
    """Digest the pages, and whatever else decides how all of them look."""
    state = {"settings": {}, "pages": {}}
    for file in files:
        place = file.relative_to(source).as_posix()
        state["settings" if place.startswith("_") else "pages"][place] = digest(file)
    return state


def _digest_built(built):
    files = (file for file in built.rglob("*") if file.is_file())
    return {file.relative_to(built).as_posix(): digest(file) for file in files}


def _remove_outdated(built, state):
    """Remove what Sphinx would keep and should not: it goes by dates, and a clock may have been set back meanwhile.

    Where settings differ, or anything is not as it was left, that is all.
    """
    try:
        before = json.loads((built / STATE).read_text(encoding="utf-8"))
        # A build that is stopped leaves none.
        (built / STATE).unlink()
        kept = before["settings"] == state["settings"] and before["built"] == _digest_built(built)
        pages = before["pages"]
    except (OSError, ValueError, KeyError, TypeError):
        kept, pages = False, {}
    if not kept:
        shutil.rmtree(built, ignore_errors=True)
    for place in pages:
        if pages[place] != state["pages"].get(place):
            (built / ".doctrees" / place).with_suffix(".doctree").unlink(missing_ok=True)


def _copy_downloads(source, html):
    """Copy what readers download, which Sphinx does only when a page changed as well."""
    for copy in (html / "_downloads").glob("*/*"):
        for folder in DOWNLOADS:
            if (source / folder / copy.name).is_file():
                shutil.copyfile(source / folder / copy.name, copy)
