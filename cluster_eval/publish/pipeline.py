"""From a cycle's name to `build/<cycle>/`: validate, execute, compute, assemble, build, publish."""

import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cluster_eval.prose import ProseError, join_words
from cluster_eval.publish.assemble import assemble_book
from cluster_eval.publish.contents import Section, list_sections
from cluster_eval.publish.execute import Execution, execute_sections
from cluster_eval.publish.manifest import describe_build
from cluster_eval.reconcile import compare_published, reconcile_cycle, summarise_causes, summarise_verdicts
from cluster_eval.report import Report, open_cycle
from cluster_eval.results import compute_results, write_results


class BuildError(Exception):
    """The report could not be built; what an earlier run published stands."""


def build_report(root: Path, cycle: str, tell: Callable[[str], None]) -> Path:
    """Build a cycle's report.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.
    tell : callable
        Called with each line of progress.

    Returns
    -------
    Path
        The folder published, `build/<cycle>/`.

    Raises
    ------
    InputError
        When params or data cannot be used; nothing has been executed then.
    BuildError
        When a notebook or the book fails.
    """
    clock = _Clock(tell)
    report, sections = validate(root, cycle)
    clock.tell(f"validated params and data of {' and '.join(report.cycles)}")
    work = root / "build" / "work" / cycle
    executions = _execute(report, sections, clock)
    fresh = work / "publish"
    shutil.rmtree(fresh, ignore_errors=True)
    results = write_results(compute_results(report), fresh / "results", report)
    clock.tell(f"wrote {len(results)} result files")
    source = work / "book"
    try:
        assemble_book(report, sections, executions, results, source)
    except ProseError as error:
        raise BuildError(f"a page could not be filled; nothing was published.\n{error}") from None
    clock.tell(f"assembled {len(sections)} pages")
    html = _build_book(source, work / "book.log")
    clock.tell("built the book")
    shutil.copytree(html, fresh / "html", ignore=shutil.ignore_patterns(".buildinfo*"))
    (fresh / "notebooks").mkdir()
    for execution in executions:
        shutil.copy(execution.notebook, fresh / "notebooks" / f"{execution.section.name}.ipynb")
    manifest = json.dumps(describe_build(report), indent=2, ensure_ascii=False)
    (fresh / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
    published = root / "build" / cycle
    _swap(fresh, published, work / "replaced")
    clock.tell(f"published {published.relative_to(root)}/html/index.html")
    return published


def validate(root: Path, cycle: str) -> tuple[Report, list[Section]]:
    """Check everything that a cycle's report is made from, before anything is computed.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.

    Returns
    -------
    tuple
        The open cycle, and the sections of its book.

    Raises
    ------
    InputError
        With the problems of params and data, of the book's contents, or of the published report's transcription.
    """
    report = open_cycle(cycle, root)
    report.check()
    sections = list_sections(report)
    compare_published(report)
    return report, sections


def reconcile_published(root: Path, cycle: str, tell: Callable[[str], None]) -> None:
    """Compare a cycle with its published report, and write the verdicts beside the cycle's other results.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.
    tell : callable
        Called with each line of the summary.

    Raises
    ------
    InputError
        When params, data or the transcription cannot be used.
    """
    report = open_cycle(cycle, root)
    reconciliation = reconcile_cycle(report)
    if reconciliation is None:
        tell(f"{cycle} has no published report to compare with: params/{cycle}.yml names none under `published`")
        return
    for table, by in ((reconciliation.figures, "figure"), (reconciliation.claims, "section")):
        tell(summarise_verdicts(table, by).to_string(index=False))
        tell("")
    for row in summarise_causes(reconciliation).itertuples():
        figures = f"figure{'s' if len(row.figures) > 1 else ''} {join_words(row.figures)}, {join_words(row.cycles)}"
        tell(f"{figures}: {row.differing} values differ; {row.explanation}")
    fresh = root / "build" / "work" / cycle / "reconcile"
    shutil.rmtree(fresh, ignore_errors=True)
    tables = {"reconciliation_figures": reconciliation.figures, "reconciliation_claims": reconciliation.claims}
    results = root / "build" / cycle / "results"
    results.mkdir(parents=True, exist_ok=True)
    tell("")
    for file in write_results(tables, fresh, report):
        if file.suffix == ".csv":
            tell(f"wrote {file.replace(results / file.name).relative_to(root)}")


def execute_notebooks(
    root: Path, cycle: str, tell: Callable[[str], None], only: tuple[str, ...] = ()
) -> list[Execution]:
    """Execute a cycle's notebooks, or some of them.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.
    tell : callable
        Called with each line of progress.
    only : tuple of str
        Names of the sections to execute; all where empty.

    Returns
    -------
    list of Execution
        One for each notebook.

    Raises
    ------
    InputError
        When params or data cannot be used.
    BuildError
        When a notebook fails, after all others were executed; or `only` names a section that there is not.
    """
    report, sections = validate(root, cycle)
    notebooks = [section for section in sections if section.is_notebook]
    unknown = set(only) - {section.name for section in notebooks}
    if unknown:
        names = ", ".join(section.name for section in notebooks)
        raise BuildError(f"no section {', '.join(sorted(unknown))} in {cycle}; sections: {names}")
    return _execute(report, [section for section in notebooks if not only or section.name in only], _Clock(tell))


def _execute(report, sections, clock):
    """Execute the sections that are notebooks, and tell of each as it ends."""
    sections = [section for section in sections if section.is_notebook]
    count = itertools.count(1)

    def tell_execution(execution):
        label = f"{next(count):>2}/{len(sections)} {execution.section.name}"
        if execution.failure:
            clock.tell(f"{label} FAILED, {execution.failure}")
        elif execution.seconds:
            clock.tell(f"{label} executed in {execution.seconds:.1f} s")
        else:
            clock.tell(f"{label} is up to date")

    cache = report.root / "build" / "work" / report.cycle / "notebooks"
    executions = execute_sections(report, sections, cache, tell_execution)
    failed = [execution for execution in executions if execution.failure]
    if failed:
        lines = [
            f"{execution.section.name}: {execution.failure}\n"
            f"  executed notebook: {execution.notebook.relative_to(report.root)}"
            for execution in failed
        ]
        raise BuildError(
            f"{len(failed)} of {len(sections)} sections failed; nothing was published.\n" + "\n".join(lines)
        )
    return executions


def _build_book(source, log):
    """Run Jupyter Book with warnings as errors."""
    jupyter_book = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", jupyter_book, "build", str(source), "-W", "-n", "--keep-going"]
    # Sphinx's own warnings are the ones that count; Python's, of its extensions, are not about this book.
    environment = os.environ | {"PYTHONWARNINGS": "ignore", "PYDEVD_DISABLE_FILE_VALIDATION": "1", "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    output = done.stdout + done.stderr
    log.write_text(output, encoding="utf-8")
    if done.returncode:
        # What Sphinx has read already it would not warn of again.
        shutil.rmtree(source / "_build", ignore_errors=True)
        reasons = [line for line in output.splitlines() if "WARNING" in line or "ERROR" in line]
        reasons = reasons or output.splitlines()[-15:]
        raise BuildError("the book was not built; nothing was published.\n" + "\n".join(reasons))
    return source / "_build" / "html"


def _swap(fresh, published, replaced):
    """Put a finished build in the place of the one before, by renaming."""
    shutil.rmtree(replaced, ignore_errors=True)
    published.parent.mkdir(parents=True, exist_ok=True)
    if published.exists():
        published.rename(replaced)
    fresh.rename(published)
    shutil.rmtree(replaced, ignore_errors=True)


class _Clock:
    def __init__(self, tell):
        self._tell, self._start = tell, time.monotonic()

    def tell(self, line):
        self._tell(f"[{time.monotonic() - self._start:5.1f} s] {line}")
