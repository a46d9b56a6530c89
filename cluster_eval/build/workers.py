"""Processes that do one piece of work each, forked from one that has the heavy imports.

A process for each piece: nothing leaks from one notebook to the next, and what one reads is what was read for it. What
it says besides is kept in a log. It ends when its parent does, whichever way that ends.
"""

import contextlib
import gc
import importlib.util
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import connection
from pathlib import Path

BOOK_MODULES = (
    "jupyter_book.sphinx",
    "jupyter_cache.cache.db",
    "myst_nb.sphinx_ext",
    "myst_parser.parsers.docutils_",
    "myst_parser.sphinx_ext.main",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_design.extension",
    "sphinx_external_toc.collectors",
    "sphinx_external_toc.events",
)
"""What building the book imports, of which Sphinx imports most only when it is about to build."""

LONGEST_FOLDER = 60
"""Letters of a temporary folder's name that leave room for a socket in it."""


class Work:
    """One piece of work, and what became of it.

    Attributes
    ----------
    name : str
        What it is called.
    started : float
        When (`time.monotonic()`).
    told : str
        What it told last of how far it is.
    value : object
        What it gave.
    reads : dict of str to str
        What it read, place to digest.
    problems : list of str
        What it found wrong with the input.
    failure : str or None
        Why it failed.
    seconds : float
        How long it took.
    """

    def __init__(self, name: str):
        self.name = name
        self.started = time.monotonic()
        self.told = ""
        self.value: object = None
        self.reads: dict[str, str] = {}
        self.problems: list[str] = []
        self.failure: str | None = None
        self.seconds = 0.0


class Workers:
    """Starts processes, and tells of them as they end.

    Parameters
    ----------
    root : Path
        The repository's root.
    log : Path
        Where what the processes say is kept.
    warm : bool
        Whether to import at once what building the book needs as well.
    """

    def __init__(self, root: Path, log: Path, warm: bool = False):
        self._root, self._log, self.warm = root, log, warm
        self._running: dict[connection.Connection, tuple[Work, multiprocessing.Process]] = {}
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("", encoding="utf-8")
        _set_environment()
        self.can_fork = "forkserver" in multiprocessing.get_all_start_methods()
        """Whether this system can fork a process; Windows cannot."""
        self._forked = multiprocessing.get_context("forkserver" if self.can_fork else "spawn")
        self._own = multiprocessing.get_context("spawn")
        if self.can_fork:
            from multiprocessing import forkserver

            self._forked.set_forkserver_preload(["cluster_eval.build.preload", *(BOOK_MODULES if warm else ())])
            # What libraries say when they are imported is not for the analyst.
            with _redirect_errors(log), use_short_temporary_folder():
                forkserver.ensure_running()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.end()

    @property
    def running(self) -> list[Work]:
        """What is under way."""
        return [work for work, _ in self._running.values()]

    def start(self, name: str, function: str, *arguments: object, forked: bool = True) -> Work:
        """Start a piece of work.

        Parameters
        ----------
        name : str
            What to call it.
        function : str
            Such as `cluster_eval.build.execute:execute_section`; it is called with the root, the arguments, and a
            function to tell how far it is.
        *arguments : object
            What to pass on.
        forked : bool
            Whether to fork the process that has the heavy imports, or to start a process without them.

        Returns
        -------
        Work
            Its state, which `wait` brings up to date.
        """
        work = self.prepare(name, function, forked)
        self.release(work, *arguments)
        return work

    def prepare(self, name: str, function: str, forked: bool = True) -> Work:
        """Start a process that imports what a piece of work needs, and waits for `release`.

        Parameters
        ----------
        name, function, forked
            As for `start`.

        Returns
        -------
        Work
            Its state.
        """
        ours, theirs = connection.Pipe()
        context = self._forked if forked else self._own
        process = context.Process(target=_work, args=(theirs, self._root, self._log, function), name=name)
        with _redirect_errors(self._log):
            process.start()
        theirs.close()
        work = Work(name)
        self._running[ours] = (work, process)
        return work

    def release(self, work: Work, *arguments: object) -> None:
        """Let a piece of work begin.

        Parameters
        ----------
        work : Work
            What `prepare` returned.
        *arguments : object
            What to pass on.
        """
        work.started = time.monotonic()
        with contextlib.suppress(BrokenPipeError):
            # A process that has died by now is told of by `wait`.
            next(channel for channel, (each, _) in self._running.items() if each is work).send(arguments)

    def wait(self, seconds: float | None = None) -> Iterator[Work]:
        """Wait until something ends.

        Parameters
        ----------
        seconds : float, optional
            For how long at most; without end where left out.

        Yields
        ------
        Work
            What ended; none where nothing did.
        """
        for ready in connection.wait(list(self._running), seconds):
            work, process = self._running[ready]
            try:
                kind, *told = ready.recv()
            except (EOFError, OSError):
                process.join()
                where = f"{work.told}: " if work.told else ""
                kind, told = "ended", [None, {}, [], f"{where}its process ended ({_describe_end(process.exitcode)})"]
            if kind == "told":
                work.told = told[0]
                continue
            work.value, work.reads, work.problems, work.failure = told
            work.seconds = time.monotonic() - work.started
            process.join()
            ready.close()
            del self._running[ready]
            yield work

    def end(self) -> None:
        """End whatever is still under way, with all that it started."""
        for ready, (_, process) in self._running.items():
            _kill_group(process.pid)
            process.kill()
            process.join()
            ready.close()
        self._running.clear()


def _set_environment():
    """Let every process, and every kernel, find the same environment, whatever its user has set for other work."""
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    # What is printed may hold letters that a terminal of an older kind does not have.
    os.environ["PYTHONIOENCODING"] = "utf-8:backslashreplace"
    # The libraries' own settings of charts.
    os.environ["MATPLOTLIBRC"] = str(
        Path(importlib.util.find_spec("matplotlib").origin).parent / "mpl-data/matplotlibrc"
    )
    # Such as a user's own for reStructuredText, which building the book would read as well.
    os.environ["DOCUTILSCONFIG"] = os.devnull
    for name in ("PYTHONWARNINGS", "PYTHONDEVMODE", "PYTHONSTARTUP", "MPLBACKEND"):
        os.environ.pop(name, None)


@contextlib.contextmanager
def use_short_temporary_folder() -> Iterator[str]:
    """Use a temporary folder whose name leaves room for that of a socket, which may have some hundred letters.

    Yields
    ------
    str
        The folder in which temporary files are made meanwhile.
    """
    before = tempfile.tempdir
    places = [tempfile.gettempdir(), *(place for place in ("/tmp", "/var/tmp") if os.access(place, os.W_OK))]
    tempfile.tempdir = next((place for place in places if len(os.fsencode(place)) <= LONGEST_FOLDER), places[0])
    try:
        yield tempfile.tempdir
    finally:
        tempfile.tempdir = before


def _work(channel, root, log, function):
    # A group of its own: Ctrl-C reaches the parent alone, which then ends this and whatever this has started.
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.enable()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with log.open("ab", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    # See `cluster_eval.build.preload`.
    sys.modules.setdefault("rfc3987_syntax", None)
    from cluster_eval.build.cache import PACKAGE
    from cluster_eval.build.dependencies import Dependencies
    from cluster_eval.problems import InputError, ReportError

    dependencies = Dependencies(root)
    dependencies.start()
    for read_before in (root / "requirements.lock", PACKAGE / "__init__.py"):
        dependencies.record(str(read_before))
    value, problems, failure = None, [], None
    try:
        module, name = function.split(":")
        run: Callable = getattr(importlib.import_module(module), name)
        value = run(root, *channel.recv(), lambda told: channel.send(("told", told)))
    except InputError as error:
        problems = [str(problem) for problem in error.problems]
    except ReportError as error:
        failure = str(error)
    except Exception as error:
        traceback.print_exc()
        failure = f"{type(error).__name__}: {error}"
    channel.send(("ended", value, dependencies.digests, problems, failure))
    sys.stdout.flush()
    sys.stderr.flush()
    # All is written; taking down an interpreter that holds so much would keep the next from starting.
    os._exit(0)


def _end_with_parent():
    connection.wait([multiprocessing.parent_process().sentinel])
    _kill_group(0)
    os._exit(1)


def _kill_group(group):
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def _describe_end(status):
    return f"signal {signal.Signals(-status).name}" if status is not None and status < 0 else f"exit status {status}"


@contextlib.contextmanager
def _redirect_errors(log):
    """Send what a process says while it is being started to the log: it inherits where this process says it."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with log.open("ab", buffering=0) as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
