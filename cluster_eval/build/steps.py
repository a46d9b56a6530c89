"""Makes the steps of a cycle's report: each in a process of its own, which tells what it read."""

import errno
import json
import os
import re
import shutil
import time
from pathlib import Path

from cluster_eval.build.freshness import digest_made, write_whole
from cluster_eval.build.kept import KEPT
from cluster_eval.build.manifest import describe_build
from cluster_eval.build.notices import NOTICES
from cluster_eval.build.plan import (
    BOOK,
    CHECK,
    DOCUMENTS,
    EDITIONS,
    ENGINES,
    KERNEL,
    PAGES,
    PICTURES,
    PUBLISH,
    RESULTS,
    TIMEOUT,
    WORKBOOK,
    BuildError,
    Cycle,
    InputRefused,
    choose_sections,
    describe_unlisted,
    name_page,
)
from cluster_eval.build.progress import Progress
from cluster_eval.build.workers import Work, Workers
from cluster_eval.repository import PRIVATE, find_private_folder

BESIDE_PAGES = {"figures": "_static/figures", "tables": "tables"}
"""Where what a section makes besides its page belongs among the book's files."""
FUNCTIONS = {
    PICTURES: "cluster_eval.build.pictures:make_pictures",
    WORKBOOK: "cluster_eval.build.workbook:make_workbook",
    DOCUMENTS: "cluster_eval.build.documents:make_documents",
}
"""What makes the other editions."""
ATTEMPTS = 3
"""How often sections are executed anew where files change meanwhile."""
OLDER = "older-formats.txt"
"""What tells a reader that some formats say something else than the book beside them."""


class Run:
    """What a run works with.

    Parameters
    ----------
    build : Cycle
        The cycle.
    workers : Workers
        The processes.
    progress : Progress
        What is told.
    engine : str
        How notebooks are executed, `fork` or `kernel`.
    timeout : int
        Seconds that a cell may take.
    """

    def __init__(
        self, build: Cycle, workers: Workers, progress: Progress, engine: str = ENGINES[0], timeout: int = TIMEOUT
    ):
        self.build, self.workers, self.progress = build, workers, progress
        # Where no process can be forked, a process would have to import everything before it could be the kernel.
        self.engine, self.timeout = engine if workers.can_fork else KERNEL, timeout


def check_input(run: Run) -> None:
    """Check the input before anything is computed.

    Parameters
    ----------
    run : Run
        The run.

    Raises
    ------
    InputRefused
        When params or data cannot be used.
    """
    build = run.build
    if build.explain(CHECK):
        run.workers.start(CHECK, "cluster_eval.build.contents:check_cycle", build.cycle, forked=run.workers.warm)
        work = _wait_for(run, CHECK)
        if work.failure:
            raise BuildError(f"the input could not be checked: {work.failure}")
        build.keep(CHECK, {"cycle": build.cycle}, work, [])
        cycles = " and ".join(work.value["cycles"])
        private = find_private_folder(build.root)
        where = f", those of {PRIVATE}={private} first" if private else ""
        run.progress.tell(f"checked params and data of {cycles}{where}", "checked", took=round(work.seconds, 3))
    unlisted = describe_unlisted(build.root, build.ledger.get(CHECK, "value")["named"])
    if unlisted:
        run.progress.tell(unlisted, "unlisted")


def clean_up(build: Cycle) -> None:
    """Remove what the run before replaced: at its end somebody waited, now nobody does.

    Parameters
    ----------
    build : Cycle
        The cycle.
    """
    shutil.rmtree(build.replaced, ignore_errors=True)


def make_sections(run: Run, only: tuple[str, ...], force: bool, others: tuple[str, ...] = ()) -> list[str]:
    """Check the input and execute sections, until all follow from one and the same state of the files.

    Parameters
    ----------
    run : Run
        The run.
    only : tuple of str
        The sections; all where empty.
    force : bool
        Whether to execute those that are up to date, too.
    others : tuple of str
        Steps to make with them.

    Returns
    -------
    list of str
        The sections chosen; the ledger tells which of them failed.

    Raises
    ------
    InputRefused
        When params or data cannot be used, or there is no such section.
    BuildError
        When one of the other steps fails, or files keep changing.
    """
    build = run.build
    for attempt in range(ATTEMPTS):
        check_input(run)
        chosen = choose_sections(build, only)
        if force and attempt == 0:
            build.forced = {*chosen} if only else {*chosen, *others, BOOK, *EDITIONS, PUBLISH}
        _execute(run, chosen, others)
        # An analyst may have saved something meanwhile, and what was executed before would stand beside what was
        # executed after.
        build.ledger.look_again()
        steps = [step for step in (CHECK, *chosen, *others) if not build.ledger.get(step, "failure")]
        changed = next((why for step in steps if (why := build.explain(step))), None)
        if changed is None:
            return chosen
        run.progress.tell(f"{changed} meanwhile", "changed", why=changed)
    raise BuildError(f"files keep changing while sections are executed; nothing was published. Last: {changed}")


def _execute(run, chosen, others):
    """Execute the chosen sections that are not up to date, and make what goes with them, two and two."""
    build = run.build
    waiting = [name for name in chosen if build.explain(name)]
    count = len(waiting)
    fresh = len(chosen) - count
    if fresh:
        run.progress.tell(f"{fresh} of {len(chosen)} sections are up to date", "up to date", sections=fresh)
    # The longest first, so that none is left to wait for alone; of those never executed, the longest to read.
    waiting.sort(key=lambda name: -_expect(build, name))
    waiting = [*others, *waiting]
    slots = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    given, started, ended = {}, set(), 0
    while waiting or started:
        while waiting and len(started) < slots:
            step = next((each for each in waiting if each != PAGES or RESULTS not in {*waiting, *started}), None)
            if step is None:
                break
            waiting.remove(step)
            why = build.explain(step)
            if why is None:
                continue
            given[step] = build.give(step)
            build.remove_outputs(step)
            if step in chosen:
                arguments = (build.work, run.engine, run.timeout)
                run.workers.start(step, "cluster_eval.build.execute:execute_section", given[step], *arguments)
            else:
                function = {RESULTS: "write_tables", PAGES: "fill_pages"}[step]
                run.workers.start(step, f"cluster_eval.build.pages:{function}", given[step], build.work)
            started.add(step)
        if not started:
            continue
        work = _wait_for(run, *started)
        started.remove(work.name)
        expected = build.ledger.get(work.name, "seconds")
        build.keep(work.name, given[work.name], work, [] if work.failure else work.value)
        about = {"took": round(work.seconds, 3), "expected": expected, "failure": work.failure}
        if work.name not in chosen:
            if work.failure:
                raise BuildError(f"nothing was published; {work.name} could not be made: {work.failure}")
            made = f"{work.name} made in {_write_seconds(work.seconds, expected)}"
            run.progress.tell(made, "made", step=work.name, **about)
            continue
        ended += 1
        label = f"{ended:>2}/{count} {work.name}"
        if work.failure:
            run.progress.tell(f"{label} FAILED, {work.failure}", "failed", section=work.name, **about)
        else:
            told = f"{label} executed in {_write_seconds(work.seconds, expected)}"
            run.progress.tell(told, "executed", section=work.name, engine=run.engine, **about)


def build_book(run: Run, binder: Work, editions: bool) -> None:
    """Build the book's pages that are not up to date, and the other editions.

    Parameters
    ----------
    run : Run
        The run; all sections are up to date.
    binder : Work
        The process that builds the pages.
    editions : bool
        Whether to make the other editions.

    Raises
    ------
    BuildError
        When Jupyter Book warns of anything, or an edition cannot be made.
    """
    build = run.build
    if BOOK in build.forced:
        for folder in ("book", "draft"):
            shutil.rmtree(build.work / folder / "_build", ignore_errors=True)
    if DOCUMENTS in build.forced:
        shutil.rmtree(build.work / KEPT, ignore_errors=True)
    # The pages first: they take the longest, and the documents are made from them and from the pictures.
    waiting, given = [BOOK, *(FUNCTIONS if editions else ())], {}
    prepared = {}
    while waiting or given:
        for step in list(waiting):
            if step == DOCUMENTS and {BOOK, PICTURES}.intersection([*waiting, *given]):
                # It imports meanwhile what it needs.
                prepared[step] = prepared.get(step) or run.workers.prepare(step, FUNCTIONS[step])
                continue
            waiting.remove(step)
            if build.explain(step) is None:
                run.progress.tell(f"{step} up to date", "up to date", step=step)
                continue
            given[step] = build.give(step)
            build.remove_outputs(step)
            if step == BOOK:
                run.workers.release(binder, list(given[step]), build.work / "book")
            else:
                work = prepared.get(step) or run.workers.prepare(step, FUNCTIONS[step])
                run.workers.release(work, given[step], build.work)
        if not given:
            continue
        work = _wait_for(run, *given)
        expected = build.ledger.get(work.name, "seconds")
        outputs = work.value
        if work.name == BOOK and not work.failure:
            outputs = _list_files(build, build.root / work.value)
        build.keep(work.name, given.pop(work.name), work, [] if work.failure else outputs)
        if work.failure:
            why = _name_sources(build, work.failure, "book")
            raise BuildError(f"the {work.name} could not be made; nothing was published.\n{why}")
        told = f"made the {work.name} in {_write_seconds(work.seconds, expected)}"
        run.progress.tell(told, "made", step=work.name, took=round(work.seconds, 3), expected=expected)


def build_draft(run: Run, stale: dict[str, str], binder: Work) -> Path:
    """Build a book in which sections that are not up to date say so, in a place of its own.

    Parameters
    ----------
    run : Run
        The run.
    stale : dict of str to str
        The sections that are not up to date, and why.
    binder : Work
        The process that builds it.

    Returns
    -------
    Path
        The folder that holds `html/`.

    Raises
    ------
    BuildError
        When Jupyter Book warns of anything.
    """
    build = run.build
    source = build.work / "draft"
    files = []
    for place in build.give(BOOK):
        name = Path(place).stem
        if name in stale:
            continue
        copy = source / Path(place).relative_to((build.work / "book").relative_to(build.root))
        write_whole(str(copy), (build.root / place).read_bytes())
        files.append(copy.relative_to(build.root).as_posix())
    for name, why in stale.items():
        page = source / f"{name}.ipynb"
        page.parent.mkdir(parents=True, exist_ok=True)
        [notebook] = [section["source"] for section in build.sections if section["name"] == name]
        page.write_text(_describe_missing(build.root / notebook, why), encoding="utf-8")
        files.append(page.relative_to(build.root).as_posix())
    run.workers.release(binder, files, source)
    work = _wait_for(run, BOOK)
    if work.failure:
        why = _name_sources(build, work.failure, "draft")
        raise BuildError(f"the draft was not built; nothing was published.\n{why}")
    place = build.draft
    fresh = build.work / "draft-fresh"
    _lay_out(build, build.root / work.value, fresh)
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh.rename(place)
    return place


def _name_sources(build, said, folder):
    full = os.strerror(errno.ENOSPC)
    if full in said:
        return f"{full}: make room, and run again"
    from cluster_eval.build.sources import name_sources

    return name_sources(said, build.work / folder, build.root, build.sections)


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


def publish(run: Run) -> None:
    """Put together what was made, and in the place of what an earlier run published.

    Parameters
    ----------
    run : Run
        The run; everything is up to date, or all but the other editions, which are then kept as they are and told of
        in a file beside them.
    """
    build = run.build
    if build.explain(PUBLISH) is None:
        run.progress.tell(f"{name_page(build, build.published)} is up to date", "up to date")
        return
    started = time.monotonic()
    given = build.give(PUBLISH)
    fresh, older = build.fresh, []
    _lay_out(build, build.root / build.ledger.get(BOOK, "value"), fresh)
    for file in (build.root / place for place in given["files"]):
        for folder in ("notebooks", "results"):
            if file.parent == build.work / "book" / folder:
                _copy(file, fresh / folder / file.name)
    for step in {WORKBOOK, DOCUMENTS}.difference(given["older"]):
        for place in build.ledger.get(step, "outputs"):
            if f"/{NOTICES}/" not in place:
                _copy(build.root / place, fresh / Path(place).name)
    ours = {"manifest.json", OLDER, *(file.name for file in fresh.iterdir())}
    for place, made in (build.ledger.get(PUBLISH, "outputs") or {}).items():
        file = build.root / place
        if file.parent == build.published and file.name not in ours and digest_made(str(file)) == made:
            _copy(file, fresh / file.name)
            older.append(file.name)
    if older:
        again = f"`make report CYCLE={build.cycle}` makes them again."
        text = f"Made before the book beside them was changed, and not what it says now: {', '.join(older)}.\n{again}\n"
        (fresh / OLDER).write_text(text, encoding="utf-8")
    manifest = describe_build(build.root, build.ledger.get(CHECK, "value"), build.list_reads())
    if older:
        manifest["older"] = older
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (fresh / "manifest.json").write_text(text, encoding="utf-8")
    shutil.rmtree(build.replaced, ignore_errors=True)
    build.published.parent.mkdir(parents=True, exist_ok=True)
    if build.published.exists():
        build.published.rename(build.replaced)
    fresh.rename(build.published)
    seconds = round(time.monotonic() - started, 3)
    build.ledger.keep(PUBLISH, given, {}, _list_files(build, build.published), None, seconds)
    build.forced.discard(PUBLISH)
    page = name_page(build, build.published)
    but = f"; older than it, see {OLDER}: {', '.join(older)}" if older else ""
    run.progress.tell(f"published {page}{but}", "published", page=page)


def _lay_out(build, html, fresh):
    shutil.rmtree(fresh, ignore_errors=True)
    # No page asks for the theme's templates, nor for its translators' files, which are a third of all.
    unused = shutil.ignore_patterns(".buildinfo*", "locales", "*webpack-macros.html")
    shutil.copytree(html, fresh / "html", ignore=unused)
    for name in build.notebooks:
        for place in build.ledger.get(name, "outputs") or {}:
            target = BESIDE_PAGES.get(Path(place).parent.name)
            if target:
                _copy(build.root / place, fresh / "html" / target / Path(place).name)


def _copy(file, copy):
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, copy)


def _list_files(build, folder):
    return [file.relative_to(build.root).as_posix() for file in folder.rglob("*") if file.is_file()]


def _wait_for(run, *steps):
    """Wait until one of some steps ends, showing meanwhile what is under way."""
    while True:
        for work in run.workers.wait(0.2):
            if work.problems:
                raise InputRefused(work.problems)
            if work.name not in steps:
                raise BuildError(f"{work.name} could not be made: {work.failure}")
            return work
        now = time.monotonic()
        run.progress.show(
            (f"{work.name} {work.told}".strip(), now - work.started, run.build.ledger.get(work.name, "seconds"))
            for work in run.workers.running
            if work.name in steps
        )


def _expect(build, name):
    """Tell how long a section is likely to take, in seconds; of one never executed, by the length of its notebook."""
    [source] = [section["source"] for section in build.sections if section["name"] == name]
    return build.ledger.get(name, "seconds") or (build.root / source).stat().st_size / 10_000


def describe_failures(build: Cycle, failed: list[str], count: int) -> str:
    """Describe which sections failed.

    Parameters
    ----------
    build : Cycle
        The cycle.
    failed : list of str
        The sections.
    count : int
        Of how many.

    Returns
    -------
    str
        A line for each, and one for its executed notebook.
    """
    lines = []
    for name in failed:
        executed = build.work / "failed" / f"{name}.ipynb"
        lines.append(f"{name}: {build.ledger.get(name, 'failure')}")
        if executed.is_file():
            lines.append(f"  executed notebook: {executed.relative_to(build.root)}")
    return f"{len(failed)} of {count} sections failed; nothing was published.\n" + "\n".join(lines)


def _write_seconds(seconds, expected):
    return f"{seconds:.1f} s" + ("" if expected is None else f" (last time {expected:.1f})")
