"""Reads notebooks as editors save them, and names places as an analyst finds them: not in the copies that are built."""

import json
import os
import re
import textwrap
import warnings
from difflib import SequenceMatcher
from pathlib import Path

import nbformat

from cluster_eval.problems import BuildError

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def read_notebook(root: Path, place: str) -> nbformat.NotebookNode:
    """Read a section's notebook, in whichever format an editor has saved it.

    Parameters
    ----------
    root : Path
        The repository's root.
    place : str
        The notebook, relative to it.

    Returns
    -------
    NotebookNode
        With an id in each cell, the same at each reading, and the language of all sections.

    Raises
    ------
    BuildError
        When it is no notebook, or has no cell.
    """
    try:
        text = (root / place).read_text(encoding="utf-8-sig")
        given = [cell.get("id") for cell in json.loads(text).get("cells", [])]
        with warnings.catch_warnings(action="ignore"):
            notebook = nbformat.reads(text, as_version=4)
    except Exception as error:
        # Each kind of damage has an exception of its own.
        reason = str(error).strip().splitlines()[0][:200]
        raise BuildError(
            f"{place} cannot be read as a notebook ({reason}); open it in JupyterLab and save it"
        ) from None
    if not notebook.cells:
        raise BuildError(f"{place} has no cells; a section begins with its heading")
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    seen = set()
    for number, cell in enumerate(notebook.cells, start=1):
        # Older formats have no ids, and those that are made up on reading differ each time.
        if cell.get("id") is None or cell["id"] not in given or cell["id"] in seen:
            cell["id"] = f"cell-{number}"
        seen.add(cell["id"])
    notebook.metadata["kernelspec"] = KERNEL | notebook.metadata.get("kernelspec", {})
    return notebook


def name_cells(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Name each cell of a notebook so that it is found in JupyterLab.

    Parameters
    ----------
    notebook : NotebookNode
        As its author sees it.

    Returns
    -------
    dict of str to str
        Id to its place among all cells, the number that running all from the top gives a cell of code, and its first
        words: `cell 5 ([3]: edition.show(…)`.
    """
    names, count = {}, 0
    for place, cell in enumerate(notebook.cells, start=1):
        words = textwrap.shorten(cell.source.strip().partition("\n")[0], 40, placeholder=" …") or "empty"
        if cell.cell_type == "code" and cell.source.strip():
            count += 1
            words = f"[{count}]: {words}"
        names[cell["id"]] = f"cell {place} ({words})"
    return names


def name_sources(said: str, copies: Path, root: Path, sections: list[dict]) -> str:
    """Name in what Sphinx says the files that an analyst edits, in the place of those that the book is built from.

    Parameters
    ----------
    said : str
        Its warnings.
    copies : Path
        The folder of the files that it was given.
    root : Path
        The repository's root.
    sections : list of dict
        Each with name and source, relative to the root.

    Returns
    -------
    str
        The same with files relative to the root, with the line or the cell there.
    """
    sources = {section["name"]: section["source"] for section in sections}

    def name(found):
        copy = copies / found["file"]
        place = sources.get(copy.stem, f"book/{found['file']}")
        line = int(found["line"] or 0)
        try:
            if place.endswith(".ipynb"):
                # MyST-NB counts ten thousand lines a cell, the first at ten thousand.
                cell = nbformat.read(copy, as_version=4).cells[line // 10_000 - 1]
                return f"{place}, {name_cells(read_notebook(root, place))[cell.id]}"
            texts = [file.read_text(encoding="utf-8").splitlines() for file in (root / place, copy)]
            return f"{place}, line {_find_line(*texts, line)}" if line else place
        except (OSError, KeyError, IndexError, ValueError, BuildError):
            return place

    folder = re.escape(f"{copies}{os.sep}")
    return re.sub(rf"{folder}(?P<file>[^:\n]+)(:(?P<line>\d+))?(?=:|$)", name, said, flags=re.MULTILINE)


def _find_line(source, copy, line):
    """Find which line of a page a line of its filled copy comes from."""
    for _, low, high, first, after in SequenceMatcher(None, source, copy, autojunk=False).get_opcodes():
        if first < line <= after:
            return max(min(low + line - first, high), 1)
    return line
