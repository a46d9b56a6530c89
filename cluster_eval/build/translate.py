"""Writes what an executed notebook showed in another language: nothing is computed again."""

from collections.abc import Callable
from pathlib import Path

import nbformat

from cluster_eval.build.cache import replace_whole
from cluster_eval.build.layout import EXECUTED, lay_out_files
from cluster_eval.notebook.edition import open_edition
from cluster_eval.notebook.shown import take_shown
from cluster_eval.sources.edition import ENGLISH

INJECTED = "injected-parameters"
"""Papermill's tag of the cell that says for which cycle a notebook was executed."""


def translate_section(root: Path, given: dict, work: Path, tell: Callable[[str], None]) -> list[str]:
    """Write a section in another language.

    Parameters
    ----------
    root : Path
        The repository's root.
    given : dict
        cycles, the newest last; scope; language; section (its name); appendix (its number, or None); executed, the
        files that executing it made, relative to the root.
    work : Path
        The folder of what is made on the way.
    tell : callable
        Not called.

    Returns
    -------
    list of str
        The files written, relative to the root: the executed notebook first.
    """
    edition = open_edition(root, given)
    [file] = [file for file in given["executed"] if file.endswith(f"/{EXECUTED}/{given['section']}.ipynb")]
    notebook = nbformat.read(root / file, as_version=4)
    take_shown(notebook, edition.lay_out)
    for cell in notebook.cells:
        if INJECTED in cell.metadata.get("tags", []):
            cell.source = cell.source.replace(f'language = "{ENGLISH}"', f'language = "{given["language"]}"')
    files = lay_out_files(notebook, given["section"], given["appendix"], work, edition.language)
    for place, contents in files.items():
        replace_whole(place, contents)
    return [place.relative_to(root).as_posix() for place in files]
