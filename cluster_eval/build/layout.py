"""Lays out an executed notebook as a page of the book."""

import csv
import io
import json
import re
from pathlib import Path

import nbformat

from cluster_eval.notebook.display import METADATA, NARROW_CHART, TABLE_DATA
from cluster_eval.templates import read_template
from cluster_eval.words import formats
from cluster_eval.words.language import ENGLISH, Language
from cluster_eval.words.markdown import write_in_html, write_literally
from cluster_eval.words.pages import translate_markdown
from cluster_eval.words.written import read_rows

_OBJECT = re.compile(r"<.* object( at .*)?>", re.DOTALL)

EXECUTED = "executed"
"""The folder of executed notebooks, among what is made on the way, with what they showed kept as values."""


MOST_LINES = 400
"""How many lines that a cell prints are shown on its page."""

SHOWN = {
    "text/html",
    "text/markdown",
    "text/latex",
    "text/plain",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/gif",
}
"""The kinds of output that a page can show."""

APPENDIX = "# Appendix: "
"""How an appendix's heading begins in its notebook, where its number is not known."""

HIDDEN = "remove-input"
"""A cell with this tag shows no code in the book, not even folded away."""

IN_WORKBOOK = "workbook-only"
"""The tables of a cell with this tag are left out in print, as are those of an appendix's charts."""

ELSEWHERE = """\
<div class="workbook-only">{table}</div><p class="print-only{look}" hidden>{words}</p>
"""
DOWNLOAD = """\
<p class="exhibit-download"><a href="{place}" download>{words}</a></p>
"""

_FORMULA = re.compile(r"\s*[=+\-@]")


def lay_out_files(
    notebook, name: str, appendix: int | None, work: Path, language: Language = ENGLISH
) -> dict[Path, str]:
    """Lay out an executed notebook as what peer reviewers read, and as a page of the book.

    Parameters
    ----------
    notebook, name, appendix, work, language
        As for `lay_out_section`, which changes the notebook.

    Returns
    -------
    dict of Path to str
        The executed notebook first, and what `lay_out_section` gives.
    """
    executed = {work / "book" / "notebooks" / f"{name}.ipynb": nbformat.writes(notebook) + "\n"}
    return executed | lay_out_section(notebook, name, appendix, work, language)


def lay_out_section(
    notebook, name: str, appendix: int | None, work: Path, language: Language = ENGLISH
) -> dict[Path, str]:
    """Lay out an executed notebook as a page of the book: code folded away at its end, exhibits as figures.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The executed notebook; it is changed.
    name : str
        The section's name.
    appendix : int or None
        Its number among the cycle's appendices, where it is one.
    work : Path
        The folder of what is made on the way.
    language : Language
        Into which cells of Markdown are translated.

    Returns
    -------
    dict of Path to str
        By where they belong: the page, the charts' drawings, each exhibit's table as CSV, and `exhibits/<name>.json`,
        from which the workbook is made: for each exhibit name, label, title, source, alt and table (a Frictionless
        Tabular Data Resource, its first field the index).
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = translate_markdown(cell.source, language)
    heading = notebook.cells[0]
    if appendix is not None and heading.source.startswith(APPENDIX):
        title, *rest = heading.source.removeprefix(APPENDIX).split("\n", 1)
        title = language.say(formats.NUMBERED_APPENDIX, number=appendix, title=title)
        heading.source = "\n".join([f"# {title}", *rest])
    exhibits = _list_exhibits(notebook)
    cells, charts = [], {}
    code = _collect_code(notebook)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            cells.append(cell)
            continue
        if cell.outputs:
            _shorten_prints(cell, language)
            tags = cell.metadata.get("tags", [])
            cell.metadata["tags"] = [HIDDEN]
            charts |= _lay_out_charts(cell, language)
            _offer_tables(cell, language, appendix is not None, IN_WORKBOOK in tags)
            _keep_shown(cell)
            cells += _part_at_headings(cell)
    link = f"{{download}}`{language.say(formats.DOWNLOAD_SECTION)} <notebooks/{name}.ipynb>`"
    end = [nbformat.v4.new_markdown_cell(link, id="download")]
    if code:
        # Once, and not under each heading: readers are many more than those who check.
        end.insert(0, nbformat.v4.new_code_cell("\n\n".join(code), id="code", metadata={"tags": ["hide-input"]}))
    notebook.cells = [*cells, *end]
    # Times differ from run to run; a page changes only when what it says does.
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
    return {
        work / "book" / f"{name}.ipynb": nbformat.writes(notebook) + "\n",
        **{work / "figures" / file: drawing for file, drawing in charts.items()},
        **{work / "tables" / f"{exhibit['name']}.csv": _write_csv(exhibit["table"], language) for exhibit in exhibits},
        work / "exhibits" / f"{name}.json": json.dumps(exhibits, ensure_ascii=False, indent=1) + "\n",
    }


def _collect_code(notebook):
    """Collect the code of a page, unless all that shows something asks to be left out."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kept = [cell for cell in cells if HIDDEN not in cell.metadata.get("tags", [])]
    return [cell.source for cell in kept] if any(cell.outputs for cell in kept) else []


def _part_at_headings(cell):
    """Give a cell in parts, between which its headings are cells of their own: a page's sections begin at such."""
    parts, outputs = [], []
    for output in [*cell.outputs, None]:
        is_heading = output is not None and _about(output).get("part") == "heading"
        if output is not None and not is_heading:
            outputs.append(output)
            continue
        if outputs or (not parts and not is_heading):
            part = nbformat.from_dict(cell)
            part.id, part.outputs = f"{cell.id}-{len(parts)}" if parts else cell.id, outputs
            parts.append(part)
            outputs = []
        if is_heading:
            text = output.data["text/markdown"]
            parts.append(nbformat.v4.new_markdown_cell(text, id=f"{cell.id}-heading-{len(parts)}"))
    return parts


def _list_exhibits(notebook):
    return [
        {key: about[key] for key in ("name", "label", "title", "source", "notes", "alt")}
        | {"table": output.data[TABLE_DATA]}
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if (about := _about(output)).get("part") == "table"
    ]


def _write_csv(table, language):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_disarm(field["name"]) for field in table["schema"]["fields"])
    for row in read_rows(table, language):
        writer.writerow(map(_disarm, row))
    return text.getvalue()


def _disarm(cell):
    """Keep a spreadsheet from running what somebody wrote as a formula: with an apostrophe before it, it is text."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def find_hidden(output) -> str | None:
    """Find what an output of a cell is, where a page would show nothing of it.

    Parameters
    ----------
    output : nbformat.NotebookNode
        The output.

    Returns
    -------
    str or None
        Its kinds; None where there is something to show.
    """
    data = output.get("data", {})
    shown = SHOWN.intersection(data)
    # Jupyter gives every object such a text, for those who cannot show more.
    if shown == {"text/plain"} and len(data) > 1 and _OBJECT.fullmatch(data["text/plain"].strip()):
        shown = set()
    return None if shown else ", ".join(sorted(set(data) - SHOWN)) or None


def _keep_shown(cell):
    for output in cell.outputs:
        if "data" in output:
            output.data = {kind: shown for kind, shown in output.data.items() if kind in SHOWN}


def _shorten_prints(cell, language):
    """Leave lines out, and say so, where a cell prints so much that its page could not be used."""
    for output in cell.outputs:
        lines = output.text.splitlines(keepends=True) if output.output_type == "stream" else ()
        if len(lines) > MOST_LINES:
            left_out = f"{language.say(formats.LINES_LEFT_OUT, n=f'{len(lines) - MOST_LINES:,}')}\n"
            half = MOST_LINES // 2
            output.text = "".join([*lines[:half], left_out, *lines[-half:]])


def _offer_tables(cell, language, in_appendix, in_workbook):
    for output in cell.outputs:
        about = _about(output)
        if about.get("part") == "table":
            # The page has the table already; as data it is for the other editions.
            del output.data[TABLE_DATA]
            place = f"tables/{about['name']}.csv"
            message = formats.DOWNLOAD_TABLE_OF if about["alt"] else formats.DOWNLOAD_TABLE
            words = write_in_html(language.say(message, label=about["label"]))
            download = DOWNLOAD.format(place=place, words=words)
            if in_workbook or (in_appendix and about["alt"]):
                message = formats.CHART_IN_WORKBOOK if about["alt"] else formats.TABLE_IN_WORKBOOK
                words = write_in_html(language.say(message, label=about["label"], title=about["title"]))
                look = " exhibit-source" if about["alt"] else ""
                output.data["text/html"] = ELSEWHERE.format(table=output.data["text/html"], look=look, words=words)
            output.data["text/html"] += download


def _lay_out_charts(cell, language):
    """Put a figure of the page in place of each chart, and give the charts by their files' names."""
    charts = {}
    for output in cell.outputs:
        about = _about(output)
        if about.get("part") == "chart":
            files = {width: f"{about['name']}-{width}.svg" for width in ("wide", "narrow")}
            charts |= {files["wide"]: output.data["image/svg+xml"], files["narrow"]: output.data[NARROW_CHART]}
            # The caption is Markdown.
            words = {key: write_literally(about[key]) for key in ("label", "title")}
            words |= {key: write_in_html(about[key]) for key in ("name", "alt")}
            words["link"] = write_in_html(language.say(formats.LINK_TO_FIGURE))
            places = {width: f"_static/figures/{file}" for width, file in files.items()}
            # MyST-NB's own figures would hold the picture inside the caption, and could not show a drawing of its own
            # on a narrow screen. The caption is Markdown, so that the book's search finds it.
            output.data = nbformat.from_dict(
                {"text/markdown": read_template("figure.md").format(**words, **places), "text/plain": about["alt"]}
            )
    # In the book the caption belongs to the figure.
    cell.outputs = [output for output in cell.outputs if _about(output).get("part") != "caption"]
    return charts


def _about(output):
    return output.get("metadata", {}).get(METADATA, {})
