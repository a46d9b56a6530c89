"""Executes the sections' notebooks with Papermill, each in a process of its own."""

import hashlib
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import nbformat

from cluster_eval.cycle import OUTCOMES_FILE
from cluster_eval.publish.contents import Section, list_features
from cluster_eval.report import Report

NEEDS = "needs-"
"""A cell with the tag `needs-previous` is left out of a cycle that has no previous cycle, and so on."""


@dataclass(frozen=True)
class Execution:
    """What became of one section.

    Attributes
    ----------
    section : Section
        The section.
    notebook : Path
        The executed notebook.
    seconds : float
        How long it took; 0 where an earlier execution of the same notebook, code and data was taken.
    failure : str or None
        The cell and the exception; None where every cell ran.
    """

    section: Section
    notebook: Path
    seconds: float
    failure: str | None


def execute_sections(
    report: Report, sections: Iterable[Section], cache: Path, tell: Callable[[Execution], None]
) -> list[Execution]:
    """Execute notebooks, as many at once as there are processors.

    A notebook that was executed before by the same code on the same data is not executed again.

    Parameters
    ----------
    report : Report
        The open cycle.
    sections : iterable of Section
        The sections; those that are pages are passed over.
    cache : Path
        The folder of executed notebooks.
    tell : callable
        Called with each execution as it ends.

    Returns
    -------
    list of Execution
        In the order of the sections. A failing section does not keep the others from being executed.
    """
    cache.mkdir(parents=True, exist_ok=True)
    notebooks = [section for section in sections if section.is_notebook]
    inputs = fingerprint_inputs(report)
    done: dict[str, Execution] = {}
    waiting = []
    for section in notebooks:
        fingerprint = hashlib.sha256(inputs + section.source.read_bytes()).hexdigest()[:16]
        target = cache / f"{section.name}.{fingerprint}.ipynb"
        if target.is_file():
            done[section.name] = Execution(section, target, 0.0, None)
            tell(done[section.name])
        else:
            waiting.append((section, target))
    if waiting:
        features = list_features(report)
        # Processes, since Papermill changes the folder of the whole process; spawned, since threads may be running.
        pool = ProcessPoolExecutor(
            os.cpu_count(),
            multiprocessing.get_context("spawn"),
            initializer=_log_kernels,
            initargs=(cache / "kernels.log",),
        )
        with pool:
            futures = [
                pool.submit(_execute, report.cycle, report.root, features, section, target)
                for section, target in waiting
            ]
            for future in as_completed(futures):
                execution = future.result()
                done[execution.section.name] = execution
                tell(execution)
    return [done[section.name] for section in notebooks]


def fingerprint_inputs(report: Report) -> bytes:
    """Digest everything but the notebook that an executed notebook depends on.

    Parameters
    ----------
    report : Report
        The open cycle.

    Returns
    -------
    bytes
        A digest of the package's code, the locked dependencies, and the data and params of both cycles.
    """
    package = Path(__file__).parents[1]
    files = [*package.rglob("*.py"), report.root / "requirements.lock", *list_inputs(report)]
    digest = hashlib.sha256(report.cycle.encode())
    for file in sorted(files):
        if file.is_file():
            digest.update(file.name.encode() + file.read_bytes())
    return digest.digest()


def list_inputs(report: Report) -> list[Path]:
    """List the files of params and data that a cycle's report is made from.

    Parameters
    ----------
    report : Report
        The open cycle.

    Returns
    -------
    list of Path
        Each once, sorted.
    """
    files = {report.root / OUTCOMES_FILE}
    for params in (report.previous_params, report.params):
        if params is None:
            continue
        files.add(report.root / "params" / f"{params.cycle}.yml")
        named = (params.responses, params.codebook, params.coding, params.actions, params.register_file)
        files |= {report.root / path for path in named if path is not None}
        if params is report.params and params.published is not None:
            files |= set((report.root / params.published).glob("*.csv"))
    return sorted(files)


def _log_kernels(file):
    """Keep what kernels say of their own start and end out of the progress that an analyst reads."""
    with file.open("ab") as log:
        os.dup2(log.fileno(), 2)


def _execute(cycle, root, features, section, target):
    """Execute one notebook; what it gives is put in place only when every cell ran without a warning."""
    import papermill
    from traitlets.config import Config

    start = time.monotonic()
    template = nbformat.read(section.source, as_version=4)
    prepared = target.with_suffix(".prepared.ipynb")
    failed = target.parent / f"{section.name}.failed.ipynb"
    nbformat.write(_leave_out(template, features), prepared)
    failure = None
    try:
        # Sockets of its own in the file system: kernels that start at once could be given the same TCP port, and what
        # they say of the responses is not for other users of the machine.
        with tempfile.TemporaryDirectory() as sockets:
            papermill.execute_notebook(
                prepared,
                failed,
                parameters={"cycle": cycle},
                kernel_name="python3",
                cwd=root / "notebooks",
                progress_bar=False,
                config=Config(KernelManager={"transport": "ipc", "ip": str(Path(sockets, "kernel"))}),
            )
    except Exception as error:
        # Whatever happens to one section, a kernel that dies included, is told as its failure, and the others go on.
        failure = f"{type(error).__name__}: {' '.join(str(error).split()[:40])}"
    finally:
        prepared.unlink()
    executed = nbformat.read(failed, as_version=4) if failed.is_file() else template
    failure = _find_failure(executed, template, failure)
    nbformat.write(_strip_traces(executed), failed)
    if failure is None:
        failed.replace(target)
    return Execution(section, failed if failure else target, time.monotonic() - start, failure)


def _leave_out(template, features):
    notebook = nbformat.from_dict(template)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if all(tag.removeprefix(NEEDS) in features for tag in cell.metadata.get("tags", []) if tag.startswith(NEEDS))
    ]
    return notebook


def _find_failure(executed, template, failure):
    """Name the cell, as the notebook's author counts cells, and what went wrong in it."""
    places = {cell["id"]: place for place, cell in enumerate(template.cells, start=1)}
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            place = f"cell {places.get(cell['id'], '?')}"
            if output.output_type == "error":
                return f"{place}: {output.ename}: {output.evalue}"
            if output.output_type == "stream" and output.name == "stderr":
                return f"{place} warned: {output.text.strip().splitlines()[-1]}"
    if failure is not None:
        unfinished = [cell for cell in executed.cells if cell.metadata.get("papermill", {}).get("status") == "running"]
        where = [f"cell {places.get(cell['id'], '?')}: " for cell in unfinished[:1]]
        return "".join(where) + failure
    return None


def _strip_traces(notebook):
    """Take out what differs from run to run or tells of the machine: Papermill's times and paths."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    return notebook
