"""The command line: `python -m cluster_eval <command>`; the Makefile calls this and nothing else."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cluster_eval.cycle import find_root, list_cycles
from cluster_eval.problems import InputError

USAGE_ERROR = 2
FAILURE = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after the program's name; those of the process where left out.

    Returns
    -------
    int
        Exit status: 0 done, 1 a notebook or the book failed, 2 the input or the command is not right.
    """
    options = _make_parser().parse_args(arguments)
    try:
        return options.run(find_root(options.root), options) or 0
    except InputError as error:
        number = len(error.problems)
        print(f"{number} problem{'' if number == 1 else 's'} in the input:", file=sys.stderr)
        for problem in error.problems:
            print(f"  {problem}", file=sys.stderr)
        return USAGE_ERROR


def _make_parser():
    parser = argparse.ArgumentParser(
        prog="cluster_eval", description="The national cluster self-reflection report, as code."
    )
    parser.add_argument("--root", type=Path, help="the repository's root; found upwards from here where left out")
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, run, about in (
        ("report", _report, "build a cycle's report into build/<cycle>/"),
        ("run", _run, "execute a cycle's notebooks, or some, without building the book"),
        ("reconcile", _reconcile, "compare a cycle with its published report, value by value"),
        ("validate", _validate, "check a cycle's params and data, and say what was noticed"),
        ("sections", _sections, "list the sections of a cycle's book"),
    ):
        command = commands.add_parser(name, help=about, description=about)
        command.add_argument("cycle", help="such as 2024-25")
        if name == "run":
            command.add_argument("--only", nargs="+", default=(), metavar="section", help="sections by name")
        command.set_defaults(run=run)
    for name, run, about in (
        ("cycles", _cycles, "list the cycles that have params"),
        ("sample", _sample, "write the sample data of both cycles again"),
    ):
        commands.add_parser(name, help=about, description=about).set_defaults(run=run)
    return parser


def _report(root, options):
    # Imported here so that a mistake in the command is told at once.
    from cluster_eval.publish.pipeline import BuildError, build_report

    try:
        build_report(root, options.cycle, _tell)
    except BuildError as error:
        print(error, file=sys.stderr)
        return FAILURE
    return 0


def _run(root, options):
    from cluster_eval.publish.pipeline import BuildError, execute_notebooks

    try:
        executions = execute_notebooks(root, options.cycle, _tell, tuple(options.only))
    except BuildError as error:
        print(error, file=sys.stderr)
        return FAILURE
    for execution in executions:
        _tell(f"{execution.section.name}: {execution.notebook.relative_to(root)}")
    return 0


def _reconcile(root, options):
    from cluster_eval.publish.pipeline import reconcile_published

    return reconcile_published(root, options.cycle, _tell)


def _validate(root, options):
    from cluster_eval.publish.pipeline import validate

    report, _ = validate(root, options.cycle)
    for cycle, number in report.responses.groupby("cycle", sort=False)["response_id"].nunique().items():
        _tell(f"{cycle}: {number} responses counted")
    for row in report.quality.itertuples():
        place = "" if row.row is None or row.row != row.row else f", row {row.row}"
        _tell(f"{row.cycle}{place}: {row.detail} ({row.action})")
    return 0


def _sections(root, options):
    from cluster_eval.publish.pipeline import validate

    _, sections = validate(root, options.cycle)
    for section in sections:
        _tell(f"{section.name:36}{section.source.relative_to(root)}")
    return 0


def _cycles(root, options):
    for cycle in list_cycles(root):
        _tell(cycle)
    return 0


def _sample(root, options):
    from cluster_eval.sample import write_sample

    for file in write_sample(root):
        _tell(str(file))
    return 0


def _tell(line):
    print(line, flush=True)
