"""Notebooks as editors save them, and what is said of their cells."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_eval.build.execute import _drop_errors, _find_failure
from cluster_eval.build.layout import MOST_LINES, lay_out_section
from cluster_eval.build.notebooks import _find_line, name_cells, name_sources, read_notebook
from cluster_eval.problems import BuildError

PLACE = "notebooks/01_section.ipynb"


def write(root, cells, minor=5, **metadata):
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": minor}
    (root / PLACE).parent.mkdir(exist_ok=True)
    (root / PLACE).write_text(json.dumps(notebook), encoding="utf-8")


def code(source, **keys):
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source} | keys


def text(source, **keys):
    return {"cell_type": "markdown", "metadata": {}, "source": source} | keys


@pytest.mark.parametrize("minor", [0, 4, 5])
def test_cells_have_ids_that_are_the_same_at_each_reading(tmp_path, minor):
    kept = {"id": "kept"} if minor == 5 else {}
    cells = [text("# Section", **kept), code("1"), code("2", **kept), code(["a = 1\n", "a"])]
    write(tmp_path, cells, minor)
    first, second = read_notebook(tmp_path, PLACE), read_notebook(tmp_path, PLACE)
    ids = [cell.id for cell in first.cells]
    assert ids == [cell.id for cell in second.cells]
    assert len(set(ids)) == 4
    assert (ids[0] == "kept") is (minor == 5)
    assert first.metadata.kernelspec.language == "python"
    nbformat.validate(first)


@pytest.mark.parametrize(
    ("contents", "told"),
    [("", "cannot be read"), ("{", "cannot be read"), ("[]", "cannot be read"), ('{"cells": 3}', "cannot be read")],
)
def test_what_is_no_notebook_is_told_by_name(tmp_path, contents, told):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / PLACE).write_text(contents, encoding="utf-8")
    with pytest.raises(BuildError, match=f"{PLACE} {told}"):
        read_notebook(tmp_path, PLACE)
    write(tmp_path, [])
    with pytest.raises(BuildError, match=f"{PLACE} has no cells"):
        read_notebook(tmp_path, PLACE)


def test_cells_are_named_as_jupyterlab_shows_them(tmp_path):
    write(tmp_path, [text("# Section\n\nWords"), code("cycle = 1"), code(" "), code("ce.show(\n    1)")])
    names = list(name_cells(read_notebook(tmp_path, PLACE)).values())
    assert names == ["cell 1 (# Section)", "cell 2 ([1]: cycle = 1)", "cell 3 (empty)", "cell 4 ([2]: ce.show()"]


def run(*outputs):
    """Give a notebook whose second cell had outputs, and what is said of it."""
    new = nbformat.v4
    made = [new.new_output(**output) for output in outputs]
    cells = [new.new_markdown_cell("# Section"), new.new_code_cell("f()", outputs=made)]
    notebook = new.new_notebook(cells=cells)
    return notebook, _find_failure(notebook, name_cells(notebook), None)


def say(words):
    return {"output_type": "stream", "name": "stderr", "text": words}


WARNED = "/a/b.py:3: UserWarning: mind the gap\n  warnings.warn('mind the gap')\n"


@pytest.mark.parametrize(
    ("outputs", "told"),
    [
        ([say("0/3 |  |\r1/3 |# |\r3/3 |##|\r")], None),
        ([say("  0%|  | 0/3\r"), say("100%|##| 3/3\n")], None),
        ([say(WARNED)], "warned: UserWarning: mind the gap"),
        ([say("0/3 |  |\r"), say(WARNED)], "warned: UserWarning: mind the gap"),
        ([say("WARNING:root:mind the gap\n")], "warned: WARNING:root:mind the gap"),
        ([say("about to begin\n")], "wrote to standard error, which the book does not show: about to begin"),
        (
            [say(WARNED), {"output_type": "error", "ename": "SystemExit", "evalue": "0", "traceback": []}],
            "SystemExit: 0",
        ),
        (
            [
                {
                    "output_type": "display_data",
                    "data": {"application/json": {"a": 1}, "text/plain": "<IPython.core.display.JSON object>"},
                }
            ],
            "shows application/json, which a page cannot",
        ),
        (
            [{"output_type": "display_data", "data": {"application/json": {"a": 1}, "text/html": "<p>3</p>"}}],
            None,
        ),
        ([{"output_type": "execute_result", "data": {"text/plain": "<object object at 0x7f>"}}], None),
    ],
)
def test_what_a_cell_does_is_called_what_it_is(outputs, told):
    notebook, failure = run(*outputs)
    if told is None:
        assert failure is None
    else:
        assert failure.startswith("cell 2 ([1]: f())")
        assert told in failure
    _drop_errors(notebook)
    assert [output.output_type for output in notebook.cells[1].outputs if output.output_type == "stream"] == []


def test_the_page_of_a_cell_that_prints_much_says_what_it_leaves_out(tmp_path):
    lines = [f"line {number}\n" for number in range(100_000)]
    notebook, failure = run({"output_type": "stream", "name": "stdout", "text": "".join(lines)})
    assert failure is None
    pages = lay_out_section(notebook, "01_section", None, tmp_path)
    page = nbformat.reads(pages[tmp_path / "book" / "01_section.ipynb"], as_version=4)
    shown = page.cells[1].outputs[0].text.splitlines(keepends=True)
    assert shown[:2] == lines[:2]
    assert shown[-1] == lines[-1]
    [told] = [line for line in shown if line not in lines]
    assert f"{100_000 - MOST_LINES:,} lines are left out" in told
    assert len(shown) == MOST_LINES + 1


def test_a_page_keeps_of_an_output_what_it_can_show(tmp_path):
    data = {"application/json": {"a": 1}, "text/html": "<p>3</p>"}
    notebook, _ = run({"output_type": "display_data", "data": data})
    pages = lay_out_section(notebook, "01_section", None, tmp_path)
    page = nbformat.reads(pages[tmp_path / "book" / "01_section.ipynb"], as_version=4)
    assert page.cells[1].outputs[0].data == {"text/html": "<p>3</p>"}


def test_sphinx_speaks_of_the_files_that_an_analyst_edits(tmp_path):
    copies = tmp_path / "build" / "steps" / "book"
    copies.mkdir(parents=True)
    write(tmp_path, [text("# Section", id="a"), code("cycle = 1", id="b"), code("ce.show(1)", id="c")])
    # On the page, a cell without an output is part of the next.
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("cycle = 1\n\nce.show(1)", id="c")])
    nbformat.write(page, copies / "01_section.ipynb")
    (tmp_path / "book" / "2024-25").mkdir(parents=True)
    (tmp_path / "book/2024-25/lessons.md").write_text("# A\n<% if x %>\nb\n<% endif %>\n[c](d)\n", encoding="utf-8")
    (copies / "lessons.md").write_text("# A\n[c](d)\n", encoding="utf-8")
    sections = [{"name": "01_section", "source": PLACE}, {"name": "lessons", "source": "book/2024-25/lessons.md"}]
    said = (
        f"{copies}/lessons.md:2: WARNING: no d\n{copies}/01_section.ipynb:10002: WARNING: no e\n"
        f"{copies}/01_section.ipynb: WARNING: f\nWARNING: g"
    )
    told = name_sources(said, copies, tmp_path, sections).splitlines()
    assert told[0] == "book/2024-25/lessons.md, line 5: WARNING: no d"
    assert told[1] == f"{PLACE}, cell 3 ([2]: ce.show(1)): WARNING: no e"
    assert told[2].startswith(PLACE)
    assert told[3] == "WARNING: g"


LINES = st.lists(st.sampled_from("abc"), min_size=1, max_size=8)


@given(before=LINES, inserted=LINES, after=LINES)
def test_a_line_is_found_again_where_others_were_left_out(before, inserted, after):
    marked = [*before, "here", *after]
    source = [*(f"<% {line} %>" for line in inserted), *before, "here", *after]
    assert source[_find_line(source, marked, len(before) + 1) - 1] == "here"


def test_a_cell_that_leaves_the_notebook_fails_it(tmp_path):
    """A page that lacks its end would look like any other."""
    write(tmp_path, [text("# Section"), code("exit"), code("print('after')")])
    program = (
        "import papermill, cluster_eval.build.engine as engine\n"
        "from cluster_eval.build.notebooks import read_notebook\n"
        "from pathlib import Path\n"
        f"notebook = read_notebook(Path({str(tmp_path)!r}), {PLACE!r})\n"
        "papermill.execute_notebook(notebook, None, {}, engine.NAME, progress_bar=False)"
    )
    environment = os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment, cwd=tmp_path
    )
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("NotebookLeft: the cell ends the notebook")
