"""Puts together what was made of an edition, and in the place of what an earlier run published."""

import contextlib
import errno
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cluster_eval.build.cache import digest, replace_whole
from cluster_eval.build.manifest import describe_build
from cluster_eval.build.notices import NOTICES, UNFIT
from cluster_eval.build.plan import BOOK, DOCUMENTS, PUBLISH, WORKBOOK, Build
from cluster_eval.problems import BuildError

BESIDE_PAGES = {"figures": "_static/figures", "tables": "tables"}
"""Where what a section makes besides its page belongs among the book's files."""
DRAFT = "draft"
"""The folder of a draft's files, among what is made on the way."""
OLDER = "older-formats.txt"
"""What tells a reader that some formats say something else than the book beside them."""


@contextlib.contextmanager
def hold(build: Build, tell: Callable[[str], None] = print) -> Iterator[None]:
    """Lock a cycle against a second run, and put back what a killed one had set aside.

    Parameters
    ----------
    build : Build
        The build.
    tell : callable
        Called with a line where the folder has no locks.

    Raises
    ------
    BuildError
        When another run is building it.
    """
    build.shared.mkdir(parents=True, exist_ok=True)
    with (build.shared / "lock").open("w") as lock:
        try:
            import fcntl
        except ImportError:
            # Windows has no such lock; two runs at once are then the analyst's to avoid.
            yield
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError(f"another run is building {build.cycle}; wait until it has ended") from None
        except OSError as error:
            # Some file shares have none.
            tell(f"this folder has no locks ({error.strerror}): see to it that no other run builds {build.cycle}")
        build.put_back()
        yield


def publish(build: Build) -> list[str]:
    """Publish an edition, whole.

    Parameters
    ----------
    build : Build
        The build; everything is up to date, or all but some formats, which are then kept as they are and told of in a
        file beside them.

    Returns
    -------
    list of str
        The names of the formats that are older than the book.
    """
    started = time.monotonic()
    given = build.give(PUBLISH)
    fresh, older = build.fresh, []
    lay_out(build, build.root / build.get(BOOK, "value"), fresh)
    for file in (build.root / place for place in given["files"]):
        for folder in ("notebooks", "results"):
            if file.parent == build.work / "book" / folder:
                _copy(file, fresh / folder / file.name)
    for step in {WORKBOOK, DOCUMENTS}.difference(given["older"]):
        for place in build.get(step, "outputs"):
            if Path(place).parent.name not in (NOTICES, UNFIT):
                _copy(build.root / place, fresh / Path(place).name)
    ours = {"manifest.json", OLDER, *(file.name for file in fresh.iterdir())}
    for place, made in (build.get(PUBLISH, "outputs") or {}).items():
        file = build.root / place
        if file.parent == build.published and file.name not in ours and digest(file) == made:
            _copy(file, fresh / file.name)
            older.append(file.name)
    if older:
        again = f"`make report CYCLE={build.cycle}` makes them again."
        text = f"Made before the book beside them was changed, and not what it says now: {', '.join(older)}.\n{again}\n"
        (fresh / OLDER).write_text(text, encoding="utf-8")
    manifest = describe_build(build.root, build.checked, build.list_reads())
    manifest |= {"scope": build.edition.scope.name, "language": build.edition.language}
    if older:
        manifest["older"] = older
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (fresh / "manifest.json").write_text(text, encoding="utf-8")
    shutil.rmtree(build.replaced, ignore_errors=True)
    build.published.parent.mkdir(parents=True, exist_ok=True)
    if build.published.exists():
        build.published.rename(build.replaced)
    fresh.rename(build.published)
    build.keep_published(given, round(time.monotonic() - started, 3))
    return older


def lay_out(build: Build, html: Path, fresh: Path) -> None:
    """Lay out a book's pages with the files beside them, as readers have them.

    Parameters
    ----------
    build : Build
        The build.
    html : Path
        The pages, as Jupyter Book made them.
    fresh : Path
        The folder that is made anew, with `html/` in it.
    """
    shutil.rmtree(fresh, ignore_errors=True)
    # No page asks for the theme's templates, nor for its translators' files, which are a third of all.
    unused = shutil.ignore_patterns(".buildinfo*", "locales", "*webpack-macros.html")
    shutil.copytree(html, fresh / "html", ignore=unused)
    for place in build.list_outputs(build.written):
        target = BESIDE_PAGES.get(Path(place).parent.name)
        if target:
            _copy(build.root / place, fresh / "html" / target / Path(place).name)


def build_draft_sources(build: Build, stale: dict[str, str]) -> tuple[dict[str, None], str]:
    """Lay out what a draft is built from: a book in which sections that are not up to date say so.

    Parameters
    ----------
    build : Build
        The build.
    stale : dict of str to str
        The sections that are not up to date, and why.

    Returns
    -------
    tuple
        The files, relative to the root, and the name of their folder among what is made on the way.
    """
    source, files = build.work / DRAFT, []
    for place in build.give(BOOK)["files"]:
        if Path(place).stem not in stale:
            copy = source / Path(place).relative_to((build.work / "book").relative_to(build.root))
            replace_whole(copy, (build.root / place).read_bytes())
            files.append(copy.relative_to(build.root).as_posix())
    for name, why in stale.items():
        page = source / f"{name}.ipynb"
        [notebook] = [section["source"] for section in build.sections if section["name"] == name]
        replace_whole(page, _describe_missing(build.root / notebook, why))
        files.append(page.relative_to(build.root).as_posix())
    return dict.fromkeys(files), DRAFT


def publish_draft(build: Build, html: str) -> Path:
    """Put a draft in the place of an earlier one, apart from what is published.

    Parameters
    ----------
    build : Build
        The build.
    html : str
        The pages, relative to the root.

    Returns
    -------
    Path
        The folder that holds `html/`.
    """
    fresh = build.work / "draft-fresh"
    lay_out(build, build.root / html, fresh)
    shutil.rmtree(build.draft, ignore_errors=True)
    build.draft.parent.mkdir(parents=True, exist_ok=True)
    fresh.rename(build.draft)
    return build.draft


def _describe_missing(notebook, why):
    """Write a notebook that says under a section's heading why the section is not there."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8-sig"))["cells"]
        heading = "".join(cells[0]["source"]).splitlines()[0]
    except (ValueError, KeyError, IndexError, TypeError):
        # That it cannot be read may be why.
        heading = f"# {notebook.stem}"
    # What failed may quote whatever the data hold: a fence longer than any in it ends where it should.
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", why)), default=0))
    text = f"{heading}\n\nThis section is not in the draft:\n\n{fence}text\n{why}\n{fence}"
    cell = {"cell_type": "markdown", "id": "draft", "metadata": {}, "source": text}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def name_sources(build: Build, said: str, folder: str = "book") -> str:
    """Name in what a step says the files that an analyst edits; see `cluster_eval.build.notebooks.name_sources`."""
    full = os.strerror(errno.ENOSPC)
    if full in said:
        return f"{full}: make room, and run again"
    from cluster_eval.build import notebooks

    return notebooks.name_sources(said, build.work / folder, build.root, build.sections)


def _copy(file, copy):
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, copy)
