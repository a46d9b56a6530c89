"""Builds the book with Jupyter Book: the pages that changed, or all of them where settings or contents did."""

import hashlib
import io
import shutil
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from jupyter_book.sphinx import build_sphinx
from sphinx.util.console import nocolor

import cluster_eval.publish.binding  # noqa: F401 - while there is nothing to build yet
from cluster_eval.publish.freshness import write_whole
from cluster_eval.publish.workers import WorkFailed

SETTINGS = ("_static", "_templates")
BUILT = "_build"
DOWNLOADS = ("notebooks", "results")


def build_book(root: Path, files: list[str], source: Path, tell: Callable[[str], None]) -> str:
    """Build the book's pages.

    Parameters
    ----------
    root : Path
        The repository's root.
    files : list of str
        The files of the book's source, relative to the root; whatever else is there is removed.
    source : Path
        The folder of the book's source.
    tell : callable
        Called with what is being done.

    Returns
    -------
    str
        The folder of the pages, relative to the root.

    Raises
    ------
    WorkFailed
        When Jupyter Book warns of anything, with what it said.
    """
    wanted = {root / file for file in files}
    for folder in SETTINGS:
        for file in (root / "book" / folder).rglob("*"):
            if file.is_file():
                copy = source / file.relative_to(root / "book")
                write_whole(str(copy), file.read_bytes())
                wanted.add(copy)
    for file in source.rglob("*"):
        if file.is_file() and file not in wanted and BUILT not in file.relative_to(source).parts:
            file.unlink()
    _start_afresh(source, [file for file in wanted if file.relative_to(source).parts[0].startswith("_")])
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
        raise WorkFailed("\n".join([line for line in lines if "WARNING" in line or "ERROR" in line] or lines[-15:]))
    _copy_downloads(source, html)
    return html.relative_to(root).as_posix()


def _start_afresh(source, settings):
    """Remove what was built under other settings or contents: Sphinx does not see from them that all pages differ."""
    digest = hashlib.sha256()
    for file in sorted(settings):
        digest.update(file.relative_to(source).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    stamp = source / BUILT / "settings"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != digest.hexdigest():
        shutil.rmtree(source / BUILT, ignore_errors=True)
        write_whole(str(stamp), digest.hexdigest())


def _copy_downloads(source, html):
    """Copy what readers download, which Sphinx does only when a page changed as well."""
    for copy in (html / "_downloads").glob("*/*"):
        for folder in DOWNLOADS:
            if (source / folder / copy.name).is_file():
                shutil.copyfile(source / folder / copy.name, copy)
