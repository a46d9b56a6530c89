"""Executes one section's notebook with Papermill, and lays it out for the book."""

import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from traitlets.config import Config

from cluster_eval.build.cache import digest, find_place, replace_whole
from cluster_eval.build.engine import NAME as IN_PROCESS
from cluster_eval.build.layout import EXECUTED, find_hidden, lay_out_files
from cluster_eval.build.notebooks import name_cells, read_notebook
from cluster_eval.build.notices import UNFIT, write_notices
from cluster_eval.build.plan import KERNEL
from cluster_eval.build.workers import use_short_temporary_folder
from cluster_eval.notebook.display import METADATA
from cluster_eval.notebook.edition import SCOPE
from cluster_eval.notebook.own_chart import EXAMPLE, PLACE
from cluster_eval.notebook.shown import KEEP, take_shown
from cluster_eval.problems import BuildError, suggest
from cluster_eval.sources.edition import ENGLISH
from cluster_eval.words.language import ENGLISH as ENGLISH_WORDS

NEEDS = "needs-"
"""A cell with the tag `needs-previous` is left out of a cycle that has no previous cycle, and so on."""

FOR = "for-"
"""A cell with the tag `for-PCMW` is left out of a section that has no parameter `PCMW`."""

PARAMETERS = "the cell with the cycle's parameters"
"""The cell that Papermill puts into a notebook, and no author has."""

_WARNING = re.compile(r"\b(\w*Warning|WARNING)\b.*")
_BARE = re.compile(r"<img(?![^>]*\balt=)", re.IGNORECASE)
_SETS_CYCLE = re.compile(r"^cycle\s*=", re.MULTILINE)


def execute_section(
    root: Path, given: dict, work: Path, engine: str, timeout: int, tell: Callable[[str], None]
) -> list:
    """Execute a section's notebook; what it gives is written only when every cell ran without a warning.

    Parameters
    ----------
    root : Path
        The repository's root.
    given : dict
        cycles, the newest last; scope; section (its name); source (the notebook, relative to the root); parameters
        (further ones); features (what the cycle has, see `cluster_eval.facts.needs.list_features`) and lacks (what
        other cycles may have); appendix (its number, or None); figures (how many of the analysts' own charts come
        before).
    work : Path
        The folder of what is made on the way, `build/steps/<cycle>`.
    engine : str
        `fork`, in this process, or `kernel`, in an ordinary kernel.
    timeout : int
        Seconds that a cell may take.
    tell : callable
        Called with the cell that starts.

    Returns
    -------
    list of str
        The files written, relative to the root: the executed notebook first.

    Raises
    ------
    BuildError
        When a cell raises an exception, warns, takes too long or has not the tags that it should, with the cell and
        what happened.
    """
    failed = work / "failed" / f"{given['section']}.ipynb"
    failed.parent.mkdir(parents=True, exist_ok=True)
    failed.unlink(missing_ok=True)
    template = read_notebook(root, given["source"])
    names = name_cells(template)
    _check_tags(template, given)
    notebook = _leave_out(template, set(given["features"]), given["parameters"])
    os.environ |= {PLACE: f"{given['section']} {given['figures']}", KEEP: "1", SCOPE: json.dumps(given["scope"])}
    failure, running = None, PARAMETERS

    def tell_cell(cell, cell_index):
        nonlocal running
        running = names.get(cell["id"], PARAMETERS)
        tell(running)

    try:
        with _start_kernel(root) if engine == KERNEL else nullcontext({"engine_name": IN_PROCESS}) as how:
            notebook = papermill.execute_notebook(
                notebook,
                failed,
                parameters={"cycle": given["cycles"][-1], "language": ENGLISH, **given["parameters"]},
                kernel_name="python3",
                cwd=root / "notebooks",
                progress_bar=False,
                # A kernel may die and leave nothing else; this process would take the notebook with it either way.
                request_save_on_cell_execute=engine == KERNEL,
                execution_timeout=timeout,
                on_cell_start=tell_cell,
                **how,
            )
    except BuildError:
        raise
    except Exception as error:
        # Whatever happens to one section, a kernel that dies included, is told as its failure, and the others go on.
        failure = f"{running}: {type(error).__name__}: {' '.join(str(error).split()[:40])}"
        if isinstance(error, DeadKernelError):
            failure = f"{running}: the kernel ended here, or with the code before"
        notebook = nbformat.read(failed, as_version=4) if failed.is_file() else notebook
    failure = _find_failure(notebook, names, failure)
    if failure is None:
        _drop_errors(notebook)
    _join_streams(notebook)
    paths = {"input_path": given["source"], "output_path": f"{given['section']}.ipynb"}
    notebook.metadata["papermill"] = notebook.metadata.get("papermill", {}) | paths
    if failure is not None:
        take_shown(notebook)
        nbformat.write(notebook, failed)
        raise BuildError(failure)
    failed.unlink(missing_ok=True)
    kept = {work / EXECUTED / f"{given['section']}.ipynb": nbformat.writes(notebook)}
    take_shown(notebook)
    bare = [f"{given['section']}, {line}" for line in _find_bare_figures(notebook, names)]
    files = lay_out_files(notebook, given["section"], given["appendix"], work, ENGLISH_WORDS)
    for file, contents in (files | kept).items():
        replace_whole(file, contents)
    unfit = write_notices(work, given["section"], bare, UNFIT)
    return [file.relative_to(root).as_posix() for file in [*files, *kept, *unfit]]


def _check_tags(template, given):
    """Refuse tags with which a section would leave out cells of every cycle, or be of another cycle than its report."""
    tags = [cell.metadata.get("tags", []) for cell in template.cells]
    known = {*given["features"], *given["lacks"]}
    for place, of_cell in enumerate(tags, start=1):
        for need in _list_needs(of_cell, given["parameters"]):
            if need not in known:
                raise BuildError(f'cell {place} has the tag "{NEEDS}{need}"; {suggest(need, sorted(known))}')
    if not any("parameters" in of_cell for of_cell in tags):
        for place, cell in enumerate(template.cells, start=1):
            if cell.cell_type == "code" and _SETS_CYCLE.search(cell.source):
                raise BuildError(f'cell {place} sets the cycle, and needs the tag "parameters" to be of each cycle')


def _leave_out(template, features, parameters):
    notebook = nbformat.from_dict(template)
    notebook.cells = [
        cell for cell in notebook.cells if keeps_cell(cell.metadata.get("tags", []), features, parameters)
    ]
    return notebook


def keeps_cell(tags: list[str], features: set[str], parameters: Mapping[str, str]) -> bool:
    """Say whether a section has a cell.

    Parameters
    ----------
    tags : list of str
        The cell's tags.
    features : set of str
        What the cycle has.
    parameters : mapping of str to str
        The section's own parameters; `{framework}` in a tag stands for the value of that name.

    Returns
    -------
    bool
        Whether the cycle has all that the cell needs, and the section the parameter that it is for.
    """
    wanted = {tag.removeprefix(FOR) for tag in tags if tag.startswith(FOR)}
    return features.issuperset(_list_needs(tags, parameters)) and wanted <= set(parameters.values())


def _list_needs(tags, parameters):
    return [tag.removeprefix(NEEDS).format_map(parameters) for tag in tags if tag.startswith(NEEDS)]


def _join_streams(notebook):
    """Join what a cell printed: in how many pieces it came is a matter of timing."""
    streams = [
        output for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "stream"
    ]
    if streams:
        # Few cells print, and it takes long to import.
        from nbconvert.preprocessors import CoalesceStreamsPreprocessor

        CoalesceStreamsPreprocessor().preprocess(notebook, {})


def _find_failure(executed, names, failure):
    """Name the cell and what went wrong in it."""
    for cell in executed.cells:
        name, outputs = names.get(cell["id"], PARAMETERS), cell.get("outputs", [])
        for output in outputs:
            if output.output_type == "error":
                return f"{name}: {output.ename}: {output.evalue}"
        said = "".join(output.text for output in outputs if _is_error_stream(output))
        if warned := _WARNING.search(said):
            return f"{name} warned: {warned.group().strip()}"
        for output in outputs:
            if hidden := find_hidden(output):
                return f"{name} shows {hidden}, which a page cannot; show text, a table, a chart or Markdown"
        # What a terminal would write over, such as a progress bar, is over when the cell is.
        lines = [line for line in said.split("\n") if line.strip() and "\r" not in line]
        if lines:
            return f"{name} wrote to standard error, which the book does not show: {lines[-1].strip()}"
    return failure


def _is_error_stream(output):
    return output.output_type == "stream" and output.name == "stderr"


def _drop_errors(notebook):
    """Leave out progress bars: how far they came when is a matter of timing."""
    for cell in notebook.cells:
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if not _is_error_stream(output)]


def _find_bare_figures(executed, names):
    """Find pictures that a cell shows without words for who does not see them."""
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            kinds = output.get("data", {})
            shown = any(kind.startswith("image/") for kind in kinds) or _BARE.search(kinds.get("text/html", ""))
            if shown and METADATA not in output.metadata:
                yield f"{names.get(cell['id'], PARAMETERS)}: figure without alt text: show it with {EXAMPLE}"


@contextmanager
def _start_kernel(root):
    """Tell Papermill how to start an ordinary kernel, and look into what it read."""
    # Sockets of its own in the file system: kernels that start at once could be given the same TCP port, and what
    # they say of the responses is not for other users of the machine.
    with use_short_temporary_folder() as short, tempfile.TemporaryDirectory(dir=short) as folder:
        listing = Path(folder, "reads")
        listing.touch()
        record = (
            f"__import__('cluster_eval.build.dependencies', fromlist=['_']).list_reads({str(root)!r}, {str(listing)!r})"
        )
        yield {
            "config": Config(KernelManager={"transport": "ipc", "ip": str(Path(folder, "kernel"))}),
            "extra_arguments": ["--HistoryManager.enabled=False", f"--IPKernelApp.exec_lines={record}"],
            "record_timing": False,
        }
        for line in listing.read_text(encoding="utf-8").splitlines():
            place, before = line.rsplit(maxsplit=1)
            # Looking at it here makes this process, which tells what the section read, take note of it.
            if digest(find_place(place, root)) != before:
                raise BuildError(f"{place} changed while it was being read; run again")
