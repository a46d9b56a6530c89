"""From a cycle's name to `build/<cycle>/`: a run makes the steps that are not up to date, each in its own process.

What makes the steps is imported by their processes, while this one says what is done.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cluster_eval.build.cache import MEMO
from cluster_eval.build.notices import NOTICES, UNFIT
from cluster_eval.build.plan import (
    BOOK,
    CHECK,
    DOCUMENTS,
    ENGINES,
    FORMATS,
    KERNEL,
    PAGES,
    PUBLISH,
    RESULTS,
    SECTION,
    STEPS,
    TIMEOUT,
    Build,
    describe_unlisted,
    open_build,
)
from cluster_eval.build.progress import Progress
from cluster_eval.build.publish import OLDER, build_draft_sources, hold, name_sources, publish, publish_draft
from cluster_eval.problems import BuildError, InputError
from cluster_eval.repository import PRIVATE, find_private_folder
from cluster_eval.sources.edition import ALL_WALES, ENGLISH, Scope

ATTEMPTS = 3
"""How often sections are executed anew where files change meanwhile."""


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
    formats: bool = True,
    language: str = ENGLISH,
    scope: Scope = ALL_WALES,
) -> Path:
    """Build an edition, or of it what is not up to date.

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
        `fork` or `kernel`; see `cluster_eval.build.execute`.
    timeout : int
        Seconds that a cell may take.
    warm : Workers, optional
        Processes to use that have been started.
    formats : bool
        Whether to make Word, PDF and spreadsheets as well; without them those that are not up to date are published
        as they are, and told of.
    language : str
        Of `cluster_eval.notebook.edition.LANGUAGES`; what is not English is built in `build/<language>/`.
    scope : Scope
        Of whose clusters; what is not all of Wales is built in folders of its own.

    Returns
    -------
    Path
        The folder that holds `html/`: `build/<cycle>/`, or that of the draft.

    Raises
    ------
    InputError
        When params or data cannot be used; nothing has been executed then.
    BuildError
        When a notebook or the book fails, or another run is building the cycle.
    """
    build = open_build(root, cycle, language, scope)
    with hold(build, tell), _open_progress(build, tell) as progress:
        if not force and build.is_up_to_date(only):
            progress.tell(f"{cycle}: all is up to date, {build.name_page(build.published)}", "up to date")
        else:
            with _open_workers(build, warm) as workers:
                run = Run(build, workers, progress, engine, timeout)
                # It imports Jupyter Book while the notebooks are being executed.
                run.prepare(BOOK)
                # At the end of the run before somebody waited, now nobody does.
                shutil.rmtree(build.replaced, ignore_errors=True)
                chosen = make_sections(run, only, force, (RESULTS, PAGES))
                failures = [name for name in chosen if build.get(name, "failure")]
                if failures and not keep_going:
                    raise BuildError(describe_failures(build, failures, len(chosen)))
                stale = {name: why for name in build.notebooks if (why := build.explain(name))}
                if stale:
                    return _finish_draft(run, stale, failures, len(chosen))
                make_formats(run, (BOOK, *FORMATS) if formats else (BOOK,))
                _publish(run)
        if formats:
            named = build.list_formats()
            progress.tell("\n          ".join(["the report in every format:", *named]), "formats", formats=named)
        _tell_notices(build, progress)
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
    InputError
        When params or data cannot be used.
    BuildError
        When a notebook fails, after all others were executed.
    """
    build = open_build(root, cycle)
    with hold(build, tell), _open_progress(build, tell) as progress, _open_workers(build) as workers:
        chosen = make_sections(Run(build, workers, progress, engine, timeout), only, force)
        failed = [name for name in chosen if build.get(name, "failure")]
        if failed:
            raise BuildError(describe_failures(build, failed, len(chosen)))
        return {name: build.get(name, "value")[0] for name in chosen}


def list_sections(root: Path, cycle: str, tell: Callable[[str], None]) -> list[dict]:
    """List the sections of a cycle's book, and whether each is up to date.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.
    tell : callable
        Called with what the user should know besides.

    Returns
    -------
    list of dict
        name; source; why (it has to be executed; None where it is up to date or a page); seconds (that executing it
        took last; None where it was not).

    Raises
    ------
    InputError
        When params or data cannot be used.
    """
    build = open_build(root, cycle)
    if build.explain(CHECK):
        with hold(build, tell), _open_progress(build, lambda line: None) as progress, _open_workers(build) as workers:
            check_input(Run(build, workers, progress))
    return [
        {
            "name": section["name"],
            "source": section["source"],
            "why": build.explain(section["name"]) if section["name"] in build.notebooks else None,
            "seconds": build.get(section["name"], "seconds") if section["name"] in build.notebooks else None,
        }
        for section in build.sections
    ]


class Run:
    """A run's build, its processes, and what it tells.

    Parameters
    ----------
    build : Build
        The build.
    workers : Workers
        The processes.
    progress : Progress
        What is told.
    engine : str
        How notebooks are executed, `fork` or `kernel`.
    timeout : int
        Seconds that a cell may take.
    """

    def __init__(self, build: Build, workers, progress: Progress, engine: str = ENGINES[0], timeout: int = TIMEOUT):
        self.build, self.workers, self.progress = build, workers, progress
        # Where no process can be forked, a process would have to import everything before it could be the kernel.
        self.engine, self.timeout = engine if workers.can_fork else KERNEL, timeout
        self._prepared = {}

    def prepare(self, step: str) -> None:
        """Start a step's process, which imports what it needs and waits; once for each step."""
        if step not in self._prepared:
            # What no section needs is imported where all is at the start, or else in a process of its own.
            forked = self.workers.warm or step not in (BOOK, CHECK)
            function = STEPS[self.build.find_kind(step)].function
            self._prepared[step] = self.workers.prepare(step, function, forked)

    def start(self, step: str, given: dict, folder: Path | None = None) -> None:
        """Let a step's process begin."""
        self.prepare(step)
        further = (self.engine, self.timeout) if self.build.find_kind(step) == SECTION else ()
        folder = folder or self.build.find_folder(step)
        self.workers.release(self._prepared.pop(step), given, folder, *further)

    def wait(self, steps: Iterable[str]):
        """Wait until one of some steps ends, showing meanwhile what is under way."""
        steps = set(steps)
        while True:
            for work in self.workers.wait(0.2):
                if work.problems:
                    raise InputError(work.problems)
                if work.name not in steps:
                    raise BuildError(f"{work.name} could not be made: {work.failure}")
                return work
            now = time.monotonic()
            self.progress.show(
                (f"{work.name} {work.told}".strip(), now - work.started, self.build.get(work.name, "seconds"))
                for work in self.workers.running
                if work.name in steps
            )


def check_input(run: Run) -> None:
    """Check the input before anything is computed.

    Parameters
    ----------
    run : Run
        The run.

    Raises
    ------
    InputError
        When params or data cannot be used.
    """
    build = run.build
    if build.explain(CHECK):
        run.start(CHECK, build.give(CHECK))
        work = run.wait([CHECK])
        if work.failure:
            raise BuildError(f"the input could not be checked: {work.failure}")
        build.keep(CHECK, build.give(CHECK), work, [])
        private = find_private_folder(build.root)
        where = f", those of {PRIVATE}={private} first" if private else ""
        cycles = " and ".join(work.value["cycles"])
        run.progress.tell(f"checked params and data of {cycles}{where}", "checked", took=round(work.seconds, 3))
    if unlisted := describe_unlisted(build.root, build.checked["named"]):
        run.progress.tell(unlisted, "unlisted")


def make_sections(run: Run, only: tuple[str, ...], force: bool, others: tuple[str, ...] = ()) -> list[str]:
    """Check the input and make sections, until all follow from one and the same state of the files.

    Parameters
    ----------
    run : Run
        The run.
    only : tuple of str
        The sections; all where empty.
    force : bool
        Whether to make those that are up to date, too.
    others : tuple of str
        Steps to make with them.

    Returns
    -------
    list of str
        The sections chosen; the build tells which of them failed.

    Raises
    ------
    InputError
        When params or data cannot be used, or there is no such section.
    BuildError
        When one of the other steps fails, or files keep changing.
    """
    build = run.build
    for attempt in range(ATTEMPTS):
        check_input(run)
        chosen = build.choose_sections(only)
        if force and attempt == 0:
            build.forced = {*chosen} if only else {*build.list_steps()} - {CHECK}
        translations = build.translations if others else []
        fresh = sum(build.explain(name) is None for name in chosen)
        if fresh:
            told = f"{fresh} of {len(chosen)} sections are up to date"
            run.progress.tell(told, "up to date", sections=fresh)
        # The longest first, so that none is left to wait for alone; of those never executed, the longest to read.
        waiting = [*others, *sorted(chosen, key=lambda name: -_expect(build, name)), *translations]
        _make(run, waiting, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
        # An analyst may have saved something meanwhile, and what was executed before would stand beside what was
        # executed after.
        build.look_again()
        steps = [step for step in (CHECK, *waiting) if not build.get(step, "failure") and not build.has_to_wait(step)]
        changed = next((why for step in steps if (why := build.explain(step))), None)
        if changed is None:
            return chosen
        run.progress.tell(f"{changed} meanwhile", "changed", why=changed)
    raise BuildError(f"files keep changing while sections are executed; nothing was published. Last: {changed}")


def make_formats(run: Run, steps: tuple[str, ...]) -> None:
    """Make the book's pages that are not up to date, and the other formats.

    Parameters
    ----------
    run : Run
        The run; all sections are up to date.
    steps : tuple of str
        The book, which takes the longest, and the formats.

    Raises
    ------
    BuildError
        When Jupyter Book warns of anything, or a format cannot be made.
    """
    build = run.build
    if BOOK in build.forced:
        for folder in ("book", "draft"):
            shutil.rmtree(build.work / folder / "_build", ignore_errors=True)
    if DOCUMENTS in build.forced:
        shutil.rmtree(build.work / MEMO, ignore_errors=True)
    _make(run, steps, len(steps))


def _make(run, steps, slots):
    """Make those steps that are not up to date, as many at once as there are slots, each after what it follows from."""
    build, waiting, given = run.build, list(steps), {}
    count = sum(build.find_kind(step) == SECTION and build.explain(step) is not None for step in steps)
    ended = 0
    while waiting or given:
        for step in list(waiting):
            followed = build.list_followed(step)
            if {*waiting, *given}.intersection(followed):
                if step == DOCUMENTS:
                    # It imports meanwhile what it needs.
                    run.prepare(step)
                continue
            if len(given) >= slots:
                break
            waiting.remove(step)
            if build.has_to_wait(step):
                continue
            if build.explain(step) is None:
                if step in (BOOK, *FORMATS):
                    run.progress.tell(f"{step} up to date", "up to date", step=step)
                continue
            given[step] = build.give(step)
            build.remove_outputs(step)
            run.start(step, given[step])
        if not given:
            continue
        work = run.wait(given)
        expected = build.get(work.name, "seconds")
        outputs = [] if work.failure else work.value
        if work.name == BOOK and not work.failure:
            outputs = build.list_files(build.root / work.value)
        build.keep(work.name, given.pop(work.name), work, outputs)
        kind = build.find_kind(work.name)
        seconds = f"{work.seconds:.1f} s" + ("" if expected is None else f" (last time {expected:.1f})")
        about = {"took": round(work.seconds, 3), "expected": expected, "failure": work.failure}
        if kind == SECTION:
            ended += 1
            label = f"{ended:>2}/{count} {work.name}"
            event = "failed" if work.failure else "executed"
            told = f"FAILED, {work.failure}" if work.failure else f"executed in {seconds}"
            run.progress.tell(f"{label} {told}", event, section=work.name, engine=run.engine, **about)
        elif work.failure:
            why = name_sources(build, work.failure)
            raise BuildError(f"{work.name} could not be made; nothing was published.\n{why}")
        else:
            run.progress.tell(f"made the {work.name} in {seconds}", "made", step=work.name, **about)


def _finish_draft(run, stale, failures, count):
    build = run.build
    files, source = build_draft_sources(build, stale)
    run.start(BOOK, {"files": files, "source": source})
    work = run.wait([BOOK])
    if work.failure:
        why = name_sources(build, work.failure, source)
        raise BuildError(f"the draft was not built; nothing was published.\n{why}")
    folder = publish_draft(build, work.value)
    page = build.name_page(folder)
    told = f"a draft, since {len(stale)} of {len(build.notebooks)} sections are not in it: {page}"
    run.progress.tell(f"{told}; nothing was published", "draft", page=page)
    _tell_notices(build, run.progress)
    if failures:
        raise BuildError(describe_failures(build, failures, count))
    return folder


def _publish(run):
    build = run.build
    page = build.name_page(build.published)
    if build.explain(PUBLISH) is None:
        run.progress.tell(f"{page} is up to date", "up to date")
        return
    older = publish(build)
    but = f"; older than it, see {OLDER}: {', '.join(older)}" if older else ""
    run.progress.tell(f"published {page}{but}", "published", page=page)


def _expect(build, name):
    """Tell how long a section is likely to take, in seconds; of one never executed, by the length of its notebook."""
    [source] = [section["source"] for section in build.sections if section["name"] == name]
    return build.get(name, "seconds") or (build.root / source).stat().st_size / 10_000


def describe_failures(build: Build, failed: list[str], count: int) -> str:
    """Describe which sections failed.

    Parameters
    ----------
    build : Build
        The build.
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
    for name in sorted(failed):
        executed = build.shared / "failed" / f"{name}.ipynb"
        lines.append(f"{name}: {build.get(name, 'failure')}")
        if executed.is_file():
            lines.append(f"  executed notebook: {executed.relative_to(build.root)}")
    return f"{len(failed)} of {count} sections failed; nothing was published.\n" + "\n".join(lines)


def _tell_notices(build, progress):
    for kind in (NOTICES, UNFIT):
        for line in build.list_notices(kind):
            progress.tell(line, "noticed", kind=kind)


@contextlib.contextmanager
def _open_progress(build, tell) -> Iterator[Progress]:
    progress = Progress(tell, build.work / "log.jsonl")
    try:
        yield progress
    except BaseException as error:
        progress.log("stopped", failure=f"{type(error).__name__}: {error}")
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
    from cluster_eval.build.workers import Workers

    with Workers(build.root, build.work / "workers.log") as workers:
        yield workers
