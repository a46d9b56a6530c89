"""From a cycle's name to `build/<cycle>/`: check, execute, compute, fill, build, publish.

What makes the steps is imported once it is known that there is something to make.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from cluster_eval.build.notices import NOTICES, UNFIT
from cluster_eval.build.plan import (
    BOOK,
    CHECK,
    ENGINES,
    ENGLISH,
    PAGES,
    RESULTS,
    TIMEOUT,
    BuildError,
    Cycle,
    is_up_to_date,
    list_formats,
    name_page,
)
from cluster_eval.build.progress import Progress


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
    editions: bool = True,
    language: str = ENGLISH,
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
        `fork` or `kernel`; see `cluster_eval.build.execute`.
    timeout : int
        Seconds that a cell may take.
    warm : Workers, optional
        Processes to use that have been started.
    editions : bool
        Whether to make the Word, PDF and spreadsheet editions as well; without them those that are not up to date
        are left out of what is published.
    language : str
        Of `cluster_eval.notebook.edition.LANGUAGES`; what is not English is built in `build/<language>/`.

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
    build = Cycle(root, cycle, language)
    with hold(build, tell), _open_progress(build, tell) as progress:
        if not force and is_up_to_date(build, only):
            progress.tell(f"{cycle}: all is up to date, {name_page(build, build.published)}", "up to date")
            if editions:
                _tell_formats(build, progress)
            _tell_notices(build, progress)
            return build.published
        with _open_workers(build, warm) as workers:
            # Meanwhile the processes import what is heavier.
            from cluster_eval.build import steps

            run = steps.Run(build, workers, progress, engine, timeout)
            # It imports Jupyter Book while the notebooks are being executed.
            binder = workers.prepare(BOOK, "cluster_eval.build.book:build_book", forked=workers.warm)
            steps.clean_up(build)
            chosen = steps.make_sections(run, only, force, (RESULTS, PAGES))
            failures = {name: why for name in build.notebooks if (why := build.ledger.get(name, "failure"))}
            stale = {name: why for name in build.notebooks if (why := build.explain(name))}
            failed = set(failures).intersection(chosen)
            if failed and not keep_going:
                raise BuildError(steps.describe_failures(build, sorted(failed), len(chosen)))
            if stale:
                place = steps.build_draft(run, stale, binder)
                page = name_page(build, place)
                told = f"a draft, since {len(stale)} of {len(build.notebooks)} sections are not in it: {page}"
                progress.tell(f"{told}; nothing was published", "draft", page=page)
                _tell_notices(build, progress)
                if failed:
                    raise BuildError(steps.describe_failures(build, sorted(failed), len(chosen)))
                return place
            steps.build_book(run, binder, editions)
            steps.publish(run)
            if editions:
                _tell_formats(build, progress)
            _tell_notices(build, progress)
            return build.published


def _tell_notices(build, progress):
    for kind in (NOTICES, UNFIT):
        for line in build.list_notices(kind):
            progress.tell(line, "noticed", kind=kind)


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
    from cluster_eval.build import steps

    build = Cycle(root, cycle)
    with hold(build, tell), _open_progress(build, tell) as progress, _open_workers(build) as workers:
        chosen = steps.make_sections(steps.Run(build, workers, progress, engine, timeout), only, force)
        failed = [name for name in chosen if build.ledger.get(name, "failure")]
        if failed:
            raise BuildError(steps.describe_failures(build, failed, len(chosen)))
        return {name: build.ledger.get(name, "value")[0] for name in chosen}


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
    InputRefused
        When params or data cannot be used.
    """
    build = Cycle(root, cycle)
    if build.explain(CHECK):
        from cluster_eval.build import steps

        with hold(build, tell), _open_progress(build, lambda line: None) as progress, _open_workers(build) as workers:
            steps.check_input(steps.Run(build, workers, progress))
    return [
        {
            "name": section["name"],
            "source": section["source"],
            "why": build.explain(section["name"]) if section["name"] in build.notebooks else None,
            "seconds": build.ledger.get(section["name"], "seconds"),
        }
        for section in build.sections
    ]


@contextlib.contextmanager
def hold(build: Cycle, tell: Callable[[str], None] = print) -> Iterator[None]:
    """Keep a second run from building the same cycle at the same time, and put back what a killed one had set aside.

    Parameters
    ----------
    build : Cycle
        The cycle.
    tell : callable
        Called with a line where the folder has no locks.

    Raises
    ------
    BuildError
        When another run is building it.
    """
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
        except OSError as error:
            # Some file shares have none.
            tell(f"this folder has no locks ({error.strerror}): see to it that no other run builds {build.cycle}")
        build.put_back()
        yield


def _tell_formats(build, progress):
    formats = list_formats(build)
    progress.tell("\n          ".join(["the report in every format:", *formats]), "formats", formats=formats)


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
    from cluster_eval.build.workers import Workers

    with Workers(build.root, build.work / "workers.log") as workers:
        yield workers
