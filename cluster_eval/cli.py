"""The command line: `python -m cluster_eval <command>`; the Makefile calls this and nothing else.

What a command needs is imported when it runs, so that a mistake in it, or that nothing has to be done, is told at once.
"""

import argparse
import contextlib
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

USAGE_ERROR = 2
FAILURE = 1
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after the program's name; those of the process where left out.

    Returns
    -------
    int
        Exit status: 0 done, 1 a notebook or the book failed, 2 the input or the command is not right, 130 stopped by
        the user.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Not every terminal has every letter.
            stream.reconfigure(errors="backslashreplace")
    if sys.warnoptions:
        # What libraries do that will once be removed is not the analyst's to mend, whatever a machine shows of it.
        sys.warnoptions.clear()
        warnings.resetwarnings()
        for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", category)
    with _end_as_ctrl_c_does():
        return _run_command(arguments)


def _run_command(arguments):
    options = _make_parser().parse_args(arguments)
    from cluster_eval.problems import InputError, ReportError
    from cluster_eval.repository import find_root

    try:
        return options.run(find_root(options.root), options) or 0
    except InputError as error:
        problems, count = error.problems, len(error.problems)
        print(f"{count} problem{'' if count == 1 else 's'} {error.about}:", file=sys.stderr)
        for problem in problems:
            print(f"  {problem}", file=sys.stderr)
        return USAGE_ERROR
    except ReportError as error:
        print(error, file=sys.stderr)
        return FAILURE
    except KeyboardInterrupt:
        print("stopped; what was published before stands", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads what is told has read enough, as `head` does; nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except OSError as error:
        # Such as a disk that is full, or a folder that cannot be written to.
        place = f": {error.filename}" if error.filename else ""
        print(f"stopped, {error.strerror or error}{place}; what was published before stands", file=sys.stderr)
        return FAILURE


@contextlib.contextmanager
def _end_as_ctrl_c_does():
    """Tidy up when told to end, as with Ctrl-C, and then end as told."""
    told = []

    def interrupt(number, frame):
        told.append(number)
        raise KeyboardInterrupt

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What was told to go on, as with nohup, is left alone.
        if number and signal.getsignal(number) == signal.SIG_DFL:
            before[number] = signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if told:
            os.kill(os.getpid(), told[0])


def _make_parser():
    parser = argparse.ArgumentParser(
        prog="cluster_eval", description="The national cluster self-reflection report, as code."
    )
    parser.add_argument("--root", type=Path, help="the repository's root; found upwards from here where left out")
    # Without `prog` it would lay out a usage message to find it, and import what that takes.
    commands = parser.add_subparsers(required=True, metavar="command", prog=parser.prog)
    for name, run, about in (
        ("report", _report, "build a cycle's report into build/<cycle>/, or of it what is not up to date"),
        ("run", _run, "execute a cycle's notebooks, or some, without building the book"),
        ("watch", _watch, "build a cycle's report again at every save, and show it in the browser"),
        ("list", _list, "list the sections of a cycle's book, and which are up to date"),
        ("reconcile", _reconcile, "compare a cycle with its published report, value by value"),
        ("validate", _validate, "check a cycle's params and data, and say what was noticed"),
        ("publish", _publish, "copy a cycle's finished report into a folder of editions, and list it there"),
    ):
        command = commands.add_parser(name, help=about, description=about)
        command.add_argument("cycle", help="such as 2024-25")
        command.set_defaults(run=run)
        if name in ("report", "run"):
            command.add_argument("--only", type=_split, default=(), metavar="SECTIONS", help="such as pcmw,acd")
            command.add_argument("--force", action="store_true", help="make everything, up to date or not")
        if name == "report":
            command.add_argument(
                "--language", choices=("en", "pseudo"), default="en", help="pseudo marks every message (en)"
            )
            command.add_argument(
                "--continue", action="store_true", dest="keep_going", help="with a section that failed, build a draft"
            )
        if name in ("report", "run", "watch"):
            command.add_argument(
                "--engine", choices=("fork", "kernel"), default="fork", help="how notebooks are executed"
            )
            command.add_argument(
                "--timeout", type=int, default=600, metavar="SECONDS", help="that a cell may take (600)"
            )
        if name == "publish":
            command.add_argument("destination", type=Path, metavar="DEST", help="the folder of editions")
            command.add_argument(
                "--allow-dirty", action="store_true", help="publish what no commit holds; the edition says so"
            )
        if name == "watch":
            command.add_argument("--port", type=int, default=8000, help="of the web server on this machine (8000)")
    for name, run, about in (
        ("cycles", _cycles, "list the cycles that have params"),
        ("messages", _messages, "write the template of all messages, for translators"),
    ):
        commands.add_parser(name, help=about, description=about).set_defaults(run=run)
    about = "list the editions of a folder anew, after one was removed by hand"
    command = commands.add_parser("editions", help=about, description=about)
    command.add_argument("destination", type=Path, metavar="DEST", help="the folder of editions")
    command.set_defaults(run=_editions)
    return parser


def _split(names):
    return tuple(name for name in names.replace(",", " ").split() if name)


def _report(root, options):
    from cluster_eval.build.run import build_report

    build_report(
        root,
        options.cycle,
        _tell,
        only=options.only,
        force=options.force,
        keep_going=options.keep_going,
        language=options.language,
        engine=options.engine,
        timeout=options.timeout,
    )


def _run(root, options):
    from cluster_eval.build.run import execute_notebooks

    executed = execute_notebooks(
        root, options.cycle, _tell, options.only, options.force, options.engine, options.timeout
    )
    for name, notebook in executed.items():
        _tell(f"{name}: {notebook}")


def _watch(root, options):
    from cluster_eval.build.watch import watch_cycle

    watch_cycle(root, options.cycle, _tell, options.engine, options.timeout, options.port)


def _list(root, options):
    from cluster_eval.build.run import list_sections

    for section in list_sections(root, options.cycle, _tell):
        if not section["source"].endswith(".ipynb"):
            state = "page"
        else:
            state = "up to date" if section["why"] is None else section["why"]
        seconds = "" if section["seconds"] is None else f"{section['seconds']:.1f} s"
        _tell(f"{section['name']:32}{seconds:>8}  {state}")


def _reconcile(root, options):
    from cluster_eval.build.verdicts import reconcile_published

    return reconcile_published(root, options.cycle, _tell)


def _validate(root, options):
    import pandas as pd

    from cluster_eval.build.contents import list_named, list_sections
    from cluster_eval.build.plan import describe_unlisted
    from cluster_eval.problems import quote
    from cluster_eval.reconcile.comparison import compare_published
    from cluster_eval.sources.report import open_report

    report = open_report(options.cycle, root)
    report.check()
    list_sections(report)
    compare_published(report)
    responses = report.responses.drop_duplicates(["cycle", "response_id"])["cycle"].value_counts(sort=False)
    for cycle, number in responses.items():
        _tell(f"{cycle}: {number} response{'' if number == 1 else 's'} counted")
    for row in report.noticed.itertuples():
        place = "" if pd.isna(row.row) else f", row {row.row}"
        found = f"; found {quote(row.found)}" if row.found else ""
        _tell(f"{row.cycle}{place}: {row.detail}{found} ({row.action})")
    if unlisted := describe_unlisted(root, list_named(root)):
        _tell(unlisted)


def _publish(root, options):
    from cluster_eval.build.release import publish_release

    publish_release(root, options.cycle, options.destination, _tell, options.allow_dirty)


def _editions(root, options):
    from cluster_eval.build.release import update_index

    update_index(options.destination, _tell)


def _cycles(root, options):
    from cluster_eval.repository import list_cycles

    for cycle in list_cycles(root):
        _tell(cycle)


def _messages(root, options):
    from cluster_eval.build.cache import replace_whole
    from cluster_eval.build.extraction import TEMPLATE, write_template
    from cluster_eval.repository import list_cycles

    replace_whole(root / TEMPLATE, write_template(root, list_cycles(root)[-1]))
    _tell(TEMPLATE.as_posix())


def _tell(line):
    print(line, flush=True)
