"""From a cycle's name to `build/<cycle>/`: check, execute, compute, fill, build, publish.

Each step is made by a process of its own, which tells what it read; the next run makes again only what does not follow
any more from what stands there. This process decides and moves files, and imports nothing that takes time before
something has to be made.
"""

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cluster_eval.publish.freshness import Ledger
from cluster_eval.publish.progress import Progress

ENGINES = ("fork", "kernel")
TIMEOUT = 600
"""Seconds that a cell may take."""
ATTEMPTS = 3
"""How often sections are executed anew where files change meanwhile."""

CHECK, RESULTS, PAGES, BOOK, PUBLISH = "check", "results", "pages", "book", "publish"


class BuildError(Exception):
    """The report could not be built; what an earlier run published stands."""


class InputRefused(Exception):
    """The input cannot be used; `problems` holds every reason, each as a line."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


class Cycle:
    """A cycle's build: what there is to make, and what of it is up to date.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.
    """

    def __init__(self, root: Path, cycle: str):
        self.root, self.cycle = root, cycle
        self.forced: set[str] = set()
        """Steps to make whether they are up to date or not."""
        self.work = root / "build" / "work" / cycle
        self.published = root / "build" / cycle
        self.ledger = Ledger(str(root), str(self.work / "ledger.json"))

    @property
    def sections(self) -> list[dict]:
        """The book's sections: name, part, source, appendix."""
        return self.ledger.get(CHECK, "value")["sections"]

    @property
    def notebooks(self) -> list[str]:
        """The names of the sections that are notebooks."""
        return [section["name"] for section in self.sections if section["source"].endswith(".ipynb")]

    def explain(self, step: str) -> str | None:
        """Explain why a step has to be made; None where it is up to date."""
        if step in self.forced:
            return "asked for"
        return self.ledger.explain(step, self.give(step))

    def give(self, step: str) -> dict:
        """Give what a step is told to do, besides what it reads."""
        if step in (CHECK, RESULTS):
            return {"cycle": self.cycle}
        checked = self.ledger.get(CHECK, "value")
        if step == PAGES:
            names = [Path(place).name for place in self.ledger.get(RESULTS, "outputs") or {}]
            return {"cycle": self.cycle, "sections": checked["sections"], "results": names}
        if step in (BOOK, PUBLISH):
            steps = [*self.notebooks, RESULTS, PAGES]
            files = {place: look for each in steps for place, look in (self.ledger.get(each, "outputs") or {}).items()}
            if step == BOOK:
                return {place: look for place, look in files.items() if "/book/" in place}
            return {"files": files | (self.ledger.get(BOOK, "outputs") or {}), "commit": find_commit(self.root)}
        [section] = [section for section in checked["sections"] if section["name"] == step]
        about = {key: section[key] for key in ("source", "appendix")}
        return {"cycle": self.cycle, "section": step, "features": checked["features"], **about}

    def keep(self, step: str, given: dict, work, outputs: list[str]) -> None:
        """Keep what a piece of work came to."""
        self.ledger.keep(step, given, work.reads, outputs, work.value, round(work.seconds, 3), work.failure)
        self.forced.discard(step)


def build_report(
    root: Path,
    cycle: str,
    tell: Callable[[str], None],
    only: tuple[str, ...] = (),
    force: bool = False,
    keep_going: bool = False,
    engine: str = ENGINES[0],
    timeout: int = TIMEOUT,
    warm=None,
) -> Path:
    """Build a cycle's report, or of it what is not up to date.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.
    tell : callable
        Called with each line of progress.
    only : tuple of str
        Sections to execute; all that are not up to date where empty. Where others are not up to date, a draft is
        built and nothing is published.
    force : bool
        Whether to make everything, up to date or not.
    keep_going : bool
        Whether to build a draft where a section failed.
    engine : str
        `fork` or `kernel`; see `cluster_eval.publish.execute`.
    timeout : int
        Seconds that a cell may take.
    warm : Workers, optional
        Processes to use that have been started.

    Returns
    -------
    Path
        The folder that holds `html/`: `build/<cycle>/`, or that of the draft.

    Raises
    ------
    InputRefused
        When params or data cannot be used; nothing has been executed then.
    BuildError
        When a notebook or the book fails, or another run is building the cycle.
    """
    build = Cycle(root, cycle)
    with _hold(build), _open_progress(build, tell) as progress:
        if not force and _is_up_to_date(build, only):
            progress.tell(f"{cycle}: all is up to date, {_name(build, build.published)}", "up to date")
            return build.published
        with _open_workers(build, warm) as workers:
            # It imports Jupyter Book while the notebooks are being executed.
            binder = workers.prepare(BOOK, "cluster_eval.publish.book:build_book", forked=workers.warm)
            others = [RESULTS, PAGES]
            chosen = _make_sections(build, only, force, workers, progress, engine, timeout, others)
            failures = {name: why for name in build.notebooks if (why := build.ledger.get(name, "failure"))}
            stale = {name: why for name in build.notebooks if (why := build.explain(name))}
            failed = set(failures).intersection(chosen)
            if failed and not keep_going:
                raise BuildError(_describe_failures(build, sorted(failed), len(chosen)))
            if stale:
                place = _build_draft(build, stale, workers, binder, progress)
                told = f"a draft, since {len(stale)} of {len(build.notebooks)} sections are not in it"
                progress.tell(
                    f"{told}: {_name(build, place)}; nothing was published", "draft", page=_name(build, place)
                )
                if failed:
                    raise BuildError(_describe_failures(build, sorted(failed), len(chosen)))
                return place
            _build_book(build, workers, binder, progress)
            _publish(build, progress)
            return build.published


def execute_notebooks(
    root: Path,
    cycle: str,
    tell: Callable[[str], None],
    only: tuple[str, ...] = (),
    force: bool = False,
    engine: str = ENGINES[0],
    timeout: int = TIMEOUT,
) -> dict[str, str]:
    """Execute a cycle's notebooks, or some of them, without building the book.

    Parameters
    ----------
    root, cycle, tell, only, force, engine, timeout
        As for `build_report`.

    Returns
    -------
    dict of str to str
        The sections' names to their executed notebooks, relative to the root.

    Raises
    ------
    InputRefused
        When params or data cannot be used.
    BuildError
        When a notebook fails, after all others were executed.
    """
    build = Cycle(root, cycle)
    with _hold(build), _open_progress(build, tell) as progress, _open_workers(build) as workers:
        chosen = _make_sections(build, only, force, workers, progress, engine, timeout)
        failed = [name for name in chosen if build.ledger.get(name, "failure")]
        if failed:
            raise BuildError(_describe_failures(build, failed, len(chosen)))
        return {name: build.ledger.get(name, "value")[0] for name in chosen}


def list_sections(root: Path, cycle: str) -> list[dict]:
    """List the sections of a cycle's book, and whether each is up to date.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.

    Returns
    -------
    list of dict
        name; source; why (it has to be executed; None where it is up to date or a page); seconds (that executing it
        took last; None where it was not).

    Raises
    ------
    InputRefused
        When params or data cannot be used.
    """
    build = Cycle(root, cycle)
    if build.explain(CHECK):
        with _hold(build), _open_progress(build, lambda line: None) as progress, _open_workers(build) as workers:
            _check(build, workers, progress)
    return [
        {
            "name": section["name"],
            "source": section["source"],
            "why": build.explain(section["name"]) if section["name"] in build.notebooks else None,
            "seconds": build.ledger.get(section["name"], "seconds"),
        }
        for section in build.sections
    ]


def choose_sections(build: Cycle, only: tuple[str, ...]) -> list[str]:
    """Choose the notebooks to execute.

    Parameters
    ----------
    build : Cycle
        A cycle that was checked.
    only : tuple of str
        Sections by their names, with the number in front or without; all where empty.

    Returns
    -------
    list of str
        The sections' names.

    Raises
    ------
    InputRefused
        When there is no such section, with those that there are.
    """
    if not only:
        return build.notebooks
    names = {name.split("_", 1)[-1]: name for name in build.notebooks} | {name: name for name in build.notebooks}
    unknown = [name for name in only if name not in names]
    if unknown:
        sections = ", ".join(build.notebooks)
        raise InputRefused([f"{build.cycle} has no section {', '.join(unknown)}; sections: {sections}"])
    return [name for name in build.notebooks if name in {names[each] for each in only}]


def find_commit(root: Path) -> str | None:
    """Find which commit is checked out, without asking git.

    Parameters
    ----------
    root : Path
        The repository's root.

    Returns
    -------
    str or None
        What git's files say; None outside a repository.
    """
    try:
        head = (root / ".git" / "HEAD").read_text(encoding="utf-8").strip()
        return (root / ".git" / head[5:]).read_text(encoding="utf-8").strip() if head.startswith("ref: ") else head
    except OSError:
        return None


def _is_up_to_date(build, only):
    if build.explain(CHECK):
        return False
    choose_sections(build, only)
    return not any(build.explain(step) for step in (*build.notebooks, RESULTS, PAGES, BOOK, PUBLISH))


def _check(build, workers, progress):
    """Check the input before anything is computed."""
    if build.explain(CHECK):
        workers.start(CHECK, "cluster_eval.publish.contents:check_cycle", build.cycle, forked=workers.warm)
        work = _wait_for(build, workers, progress, CHECK)
        if work.failure:
            raise BuildError(f"the input could not be checked: {work.failure}")
        build.keep(CHECK, {"cycle": build.cycle}, work, [])
        cycles = " and ".join(work.value["cycles"])
        progress.tell(f"checked params and data of {cycles}", "checked", took=round(work.seconds, 3))


def _make_sections(build, only, force, workers, progress, engine, timeout, others=()):
    """Check the input and execute sections, until they follow from one and the same state of the files."""
    for attempt in range(ATTEMPTS):
        _check(build, workers, progress)
        chosen = choose_sections(build, only)
        if force and attempt == 0:
            build.forced = {*chosen} if only else {*chosen, *others, BOOK, PUBLISH}
        _execute(build, chosen, workers, progress, engine, timeout, others)
        # An analyst may have saved something meanwhile, and what was executed before would stand beside what was
        # executed after.
        build.ledger.look_again()
        steps = [step for step in (CHECK, *chosen, *others) if not build.ledger.get(step, "failure")]
        changed = next((why for step in steps if (why := build.explain(step))), None)
        if changed is None:
            return chosen
        progress.tell(f"{changed} meanwhile", "changed", why=changed)
    raise BuildError(f"files keep changing while sections are executed; nothing was published. Last: {changed}")


def _execute(build, chosen, workers, progress, engine, timeout, others=()):
    """Execute the chosen sections that are not up to date, and make what goes with them, two and two."""
    waiting = [name for name in chosen if build.explain(name)]
    count = len(waiting)
    fresh = len(chosen) - count
    if fresh:
        progress.tell(f"{fresh} of {len(chosen)} sections are up to date", "up to date", sections=fresh)
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
            if step in chosen:
                arguments = (build.work, engine, timeout)
                workers.start(step, "cluster_eval.publish.execute:execute_section", given[step], *arguments)
            else:
                function = {RESULTS: "write_tables", PAGES: "fill_pages"}[step]
                workers.start(step, f"cluster_eval.publish.pages:{function}", given[step], build.work)
            started.add(step)
        if not started:
            continue
        work = _wait_for(build, workers, progress, *started)
        started.remove(work.name)
        expected = build.ledger.get(work.name, "seconds")
        build.keep(work.name, given[work.name], work, [] if work.failure else work.value)
        about = {"took": round(work.seconds, 3), "expected": expected, "failure": work.failure}
        if work.name not in chosen:
            if work.failure:
                raise BuildError(f"nothing was published; {work.name} could not be made: {work.failure}")
            made = f"{work.name} made in {_write_seconds(work.seconds, expected)}"
            progress.tell(made, "made", step=work.name, **about)
            continue
        ended += 1
        label = f"{ended:>2}/{count} {work.name}"
        if work.failure:
            progress.tell(f"{label} FAILED, {work.failure}", "failed", section=work.name, **about)
        else:
            told = f"{label} executed in {_write_seconds(work.seconds, expected)}"
            progress.tell(told, "executed", section=work.name, engine=engine, **about)


def _build_book(build, workers, binder, progress):
    if build.explain(BOOK) is None:
        progress.tell("the book's pages are up to date", "up to date")
        return
    given = build.give(BOOK)
    if BOOK in build.forced:
        shutil.rmtree(build.work / "book" / "_build", ignore_errors=True)
    expected = build.ledger.get(BOOK, "seconds")
    workers.release(binder, list(given), build.work / "book")
    work = _wait_for(build, workers, progress, BOOK)
    build.keep(BOOK, given, work, [] if work.failure else _list_files(build, build.root / work.value))
    if work.failure:
        raise BuildError(f"the book was not built; nothing was published.\n{work.failure}")
    told = f"built the book's pages in {_write_seconds(work.seconds, expected)}"
    progress.tell(told, "built", took=round(work.seconds, 3), expected=expected)


def _build_draft(build, stale, workers, binder, progress):
    """Build a book in which sections that are not up to date say so, in a place of its own."""
    source = build.work / "draft"
    files = []
    for place in build.give(BOOK):
        name = Path(place).stem
        if name in stale:
            continue
        copy = source / Path(place).relative_to((build.work / "book").relative_to(build.root))
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.is_file() or copy.stat().st_mtime_ns != (build.root / place).stat().st_mtime_ns:
            shutil.copy2(build.root / place, copy)
        files.append(copy.relative_to(build.root).as_posix())
    for name, why in stale.items():
        page = source / f"{name}.ipynb"
        page.parent.mkdir(parents=True, exist_ok=True)
        [notebook] = [section["source"] for section in build.sections if section["name"] == name]
        page.write_text(_describe_missing(build.root / notebook, why), encoding="utf-8")
        files.append(page.relative_to(build.root).as_posix())
    workers.release(binder, files, source)
    work = _wait_for(build, workers, progress, BOOK)
    if work.failure:
        raise BuildError(f"the draft was not built; nothing was published.\n{work.failure}")
    place = build.root / "build" / "draft" / build.cycle
    fresh = build.work / "publish"
    _lay_out(build, build.root / work.value, fresh)
    _swap(fresh, place, build.work / "replaced")
    return place


def _describe_missing(notebook, why):
    """Write a notebook that says under a section's heading why the section is not there."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    heading = "".join(cells[0]["source"]).splitlines()[0]
    text = f"{heading}\n\nThis section is not in the draft:\n\n```text\n{why}\n```"
    cell = {"cell_type": "markdown", "id": "draft", "metadata": {}, "source": text}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _publish(build, progress):
    """Put what was made together, and in the place of what an earlier run published."""
    if build.explain(PUBLISH) is None:
        progress.tell(f"{_name(build, build.published)} is up to date", "up to date")
        return
    from cluster_eval.publish.manifest import describe_build

    started = time.monotonic()
    given = build.give(PUBLISH)
    fresh = build.work / "publish"
    _lay_out(build, build.root / build.ledger.get(BOOK, "value"), fresh)
    for folder in ("notebooks", "results"):
        shutil.copytree(build.work / "book" / folder, fresh / folder)
    steps = (CHECK, *build.notebooks, RESULTS, PAGES, BOOK)
    reads = {place: digest for step in steps for place, digest in build.ledger.get(step, "reads").items()}
    manifest = describe_build(build.root, build.ledger.get(CHECK, "value"), reads)
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (fresh / "manifest.json").write_text(text, encoding="utf-8")
    _swap(fresh, build.published, build.work / "replaced")
    seconds = round(time.monotonic() - started, 3)
    build.ledger.keep(PUBLISH, given, {}, _list_files(build, build.published), None, seconds)
    build.forced.discard(PUBLISH)
    progress.tell(f"published {_name(build, build.published)}", "published", page=_name(build, build.published))


def _lay_out(build, html, fresh):
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(html, fresh / "html", ignore=shutil.ignore_patterns(".buildinfo*"))
    figures = fresh / "html" / "_static" / "figures"
    figures.mkdir(parents=True)
    for name in build.notebooks:
        for place in build.ledger.get(name, "outputs") or {}:
            if place.endswith(".svg"):
                shutil.copyfile(build.root / place, figures / Path(place).name)


def _list_files(build, folder):
    return [file.relative_to(build.root).as_posix() for file in folder.rglob("*") if file.is_file()]


def _swap(fresh, published, replaced):
    """Put a finished build in the place of the one before, by renaming."""
    shutil.rmtree(replaced, ignore_errors=True)
    published.parent.mkdir(parents=True, exist_ok=True)
    if published.exists():
        published.rename(replaced)
    fresh.rename(published)
    shutil.rmtree(replaced, ignore_errors=True)


def _wait_for(build, workers, progress, *steps):
    """Wait until one of some steps ends, showing meanwhile what is under way."""
    while True:
        for work in workers.wait(0.2):
            if work.problems:
                raise InputRefused(work.problems)
            if work.name not in steps:
                raise BuildError(f"{work.name} could not be made: {work.failure}")
            return work
        now = time.monotonic()
        progress.show(
            (f"{work.name} {work.told}".strip(), now - work.started, build.ledger.get(work.name, "seconds"))
            for work in workers.running
            if work.name in steps
        )


def _expect(build, name):
    """Tell how long a section is likely to take, in seconds; of one never executed, by the length of its notebook."""
    [source] = [section["source"] for section in build.sections if section["name"] == name]
    return build.ledger.get(name, "seconds") or (build.root / source).stat().st_size / 10_000


def _describe_failures(build, failed, count):
    lines = []
    for name in failed:
        executed = build.work / "failed" / f"{name}.ipynb"
        lines.append(f"{name}: {build.ledger.get(name, 'failure')}")
        if executed.is_file():
            lines.append(f"  executed notebook: {executed.relative_to(build.root)}")
    return f"{len(failed)} of {count} sections failed; nothing was published.\n" + "\n".join(lines)


def _write_seconds(seconds, expected):
    return f"{seconds:.1f} s" + ("" if expected is None else f" (last time {expected:.1f})")


def _name(build, place):
    return (place / "html" / "index.html").relative_to(build.root).as_posix()


@contextlib.contextmanager
def _hold(build) -> Iterator[None]:
    """Keep a second run from building the same cycle at the same time."""
    build.work.mkdir(parents=True, exist_ok=True)
    with (build.work / "lock").open("w") as lock:
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
        yield


@contextlib.contextmanager
def _open_progress(build, tell) -> Iterator[Progress]:
    progress = Progress(tell, build.work / "log.jsonl")
    try:
        yield progress
    except BaseException as error:
        about = {"failure": f"{type(error).__name__}: {error}"}
        progress.log("stopped", **about)
        raise
    finally:
        progress.close()


@contextlib.contextmanager
def _open_workers(build, warm=None):
    if warm is not None:
        try:
            yield warm
        finally:
            warm.end()
        return
    from cluster_eval.publish.workers import Workers

    with Workers(build.root, build.work / "workers.log") as workers:
        yield workers
