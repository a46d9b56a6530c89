"""Assembles the book's source: executed notebooks and filled pages, as Jupyter Book takes them."""

import re
import shutil
from html import escape
from pathlib import Path

import nbformat
import yaml

from cluster_eval import facts
from cluster_eval.display import METADATA, NARROW_CHART
from cluster_eval.prose import fill_template
from cluster_eval.publish.contents import Section
from cluster_eval.publish.execute import Execution
from cluster_eval.report import Report

APPENDIX = re.compile(r"\A# Appendix: ")

# MyST-NB's own figures would hold the picture inside the caption, and could not show a drawing of its own on a narrow
# screen. The caption is Markdown, so that the book's search finds it.
FIGURE = """\
<figure id="{name}">
<figcaption>

<span class="caption-text">**{label}.** {title}</span>
<a class="headerlink" href="#{name}" title="Link to this figure">#</a>

</figcaption>
<picture class="exhibit-chart">
<source media="(max-width: 719px)" srcset="{narrow}">
<img src="{wide}" alt="{alt}">
</picture>
</figure>
"""


def assemble_book(
    report: Report, sections: list[Section], executions: list[Execution], results: list[Path], folder: Path
) -> None:
    """Write the book's source.

    Files that would not change are left alone, so that Sphinx reads again only what did.

    Parameters
    ----------
    report : Report
        The open cycle.
    sections : list of Section
        The book's sections, in reading order.
    executions : list of Execution
        An execution of every section that is a notebook.
    results : list of Path
        The result files, to be downloaded from the book.
    folder : Path
        Where to write.
    """
    executed = {execution.section.name: execution.notebook for execution in executions}
    values = facts.gather(report) | {"data_files": _list_downloads(results)}
    texts: dict[str, str | bytes] = {}
    appendix = 0
    for section in sections:
        if section.is_notebook:
            notebook = nbformat.read(executed[section.name], as_version=4)
            texts[f"notebooks/{section.name}.ipynb"] = executed[section.name].read_bytes()
            appendix += _number_appendix(notebook, appendix + 1)
            texts |= _dress_for_book(notebook, section)
            texts[f"{section.name}.ipynb"] = nbformat.writes(notebook) + "\n"
        else:
            place = section.source.relative_to(report.root).as_posix()
            texts[f"{section.name}.md"] = fill_template(section.source.read_text(encoding="utf-8"), values, place)
    texts |= {f"results/{file.name}": file.read_bytes() for file in results}
    statics = report.root / "book"
    for file in [*(statics / "_static").rglob("*"), *(statics / "_templates").rglob("*")]:
        if file.is_file():
            texts[file.relative_to(statics).as_posix()] = file.read_bytes()
    texts["_toc.yml"] = yaml.safe_dump(_list_contents(sections), sort_keys=False)
    config = yaml.safe_load((statics / "_config.yml").read_text(encoding="utf-8"))
    texts["_config.yml"] = yaml.safe_dump(config | {"title": report.params.title}, sort_keys=False, allow_unicode=True)
    _write_changed(folder, texts)


def _number_appendix(notebook, number):
    """Give an appendix its number by its place in this cycle's book, and tell whether the notebook is one."""
    heading = notebook.cells[0]
    is_appendix = APPENDIX.match(heading.source) is not None
    heading.source = APPENDIX.sub(f"# Appendix {number}: ", heading.source)
    return is_appendix


def _dress_for_book(notebook, section):
    """Fold code away and lay out the exhibits; give the files of the charts."""
    cells, silent, charts = [], "", {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            cells.append(cell)
        elif not cell.outputs:
            # A reader opens the code of what is shown, and finds there what led to it.
            silent += cell.source + "\n\n"
        else:
            cell.source, silent = silent + cell.source, ""
            cell.metadata["tags"] = ["hide-input"]
            charts |= _lay_out_charts(cell)
            cells.append(cell)
    link = f"{{download}}`Download this section as an executed notebook <notebooks/{section.name}.ipynb>`"
    notebook.cells = [*cells, nbformat.v4.new_markdown_cell(link, id="download")]
    return charts


def _lay_out_charts(cell):
    """Put a figure of the page in place of each chart, and give the charts by their files' names."""
    charts = {}
    for output in cell.outputs:
        about = _about(output)
        if about.get("part") == "chart":
            places = {width: f"_static/figures/{about['name']}-{width}.svg" for width in ("wide", "narrow")}
            charts |= {places["wide"]: output.data["image/svg+xml"], places["narrow"]: output.data[NARROW_CHART]}
            words = {key: escape(about[key]) for key in ("name", "label", "alt")}
            output.data = nbformat.from_dict(
                {"text/markdown": FIGURE.format(**words, **places, title=about["title"]), "text/plain": about["alt"]}
            )
    # In the book the caption belongs to the figure.
    cell.outputs = [output for output in cell.outputs if _about(output).get("part") != "caption"]
    return charts


def _about(output):
    return output.get("metadata", {}).get(METADATA, {})


def _list_downloads(results):
    return "\n".join(f"- {{download}}`{file.name} <results/{file.name}>`" for file in results)


def _list_contents(sections):
    parts: dict[str, list[dict]] = {}
    for section in sections[1:]:
        parts.setdefault(section.part, []).append({"file": section.name})
    return {
        "format": "jb-book",
        "root": sections[0].name,
        "parts": [{"caption": caption, "chapters": chapters} for caption, chapters in parts.items()],
    }


def _write_changed(folder, texts):
    folder.mkdir(parents=True, exist_ok=True)
    changed = set()
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        name = file.relative_to(folder).as_posix()
        if name not in texts and not name.startswith("_build/"):
            file.unlink()
            changed.add(name)
    for name, text in texts.items():
        file = folder / name
        contents = text.encode("utf-8") if isinstance(text, str) else text
        if not file.is_file() or file.read_bytes() != contents:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(contents)
            changed.add(name)
    if any(name.startswith("_static/") for name in changed):
        # Sphinx copies these only when some page changed as well; it would publish the charts of a run before.
        shutil.rmtree(folder / "_build", ignore_errors=True)
