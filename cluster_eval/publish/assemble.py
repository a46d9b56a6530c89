"""Assembles the book's source: executed notebooks and filled pages, as Jupyter Book takes them."""

import re
from pathlib import Path

import nbformat
import yaml

from cluster_eval import facts
from cluster_eval.display import METADATA
from cluster_eval.prose import fill_template
from cluster_eval.publish.contents import Section
from cluster_eval.publish.execute import Execution
from cluster_eval.report import Report

APPENDIX = re.compile(r"\A# Appendix: ")


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
            _dress_for_book(notebook, section)
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
    """Fold code away, and lift what exhibits say of themselves to where MyST-NB looks for it."""
    cells, silent = [], ""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            cells.append(cell)
        elif not cell.outputs:
            # A reader opens the code of what is shown, and finds there what led to it.
            silent += cell.source + "\n\n"
        else:
            cell.source, silent = silent + cell.source, ""
            cell.metadata["tags"] = ["hide-input"]
            cells += [_caption_figure(one) for one in _split_exhibits(cell)]
    link = f"{{download}}`Download this section as an executed notebook <notebooks/{section.name}.ipynb>`"
    notebook.cells = [*cells, nbformat.v4.new_markdown_cell(link, id="download")]


def _split_exhibits(cell):
    """Give each chart a cell of its own, since MyST-NB makes a figure of every output of a cell with a caption."""
    groups = [[]]
    for output in cell.outputs:
        part = _about(output).get("part")
        if part == "chart":
            groups += [[output], []]
        elif part != "caption":
            # In the book the caption belongs to the figure.
            groups[-1].append(output)
    cell.outputs, *further = groups
    return [
        cell,
        *(
            # MyST-NB passes over a cell without source.
            nbformat.v4.new_code_cell(
                "# shown by the cell before",
                outputs=outputs,
                metadata={"tags": ["remove-input"]},
                id=f"{cell['id']}-{place}",
            )
            for place, outputs in enumerate(further, start=2)
            if outputs
        ),
    ]


def _caption_figure(cell):
    for output in cell.outputs:
        about = _about(output)
        if about.get("part") == "chart":
            cell.metadata["mystnb"] = {
                "image": {"alt": about["alt"]},
                "figure": {
                    "name": about["name"],
                    "caption": f"**{about['label']}.** {about['title']}",
                    "caption_before": True,
                },
            }
    return cell


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
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        name = file.relative_to(folder).as_posix()
        if name not in texts and not name.startswith("_build/"):
            file.unlink()
    for name, text in texts.items():
        file = folder / name
        contents = text.encode("utf-8") if isinstance(text, str) else text
        if not file.is_file() or file.read_bytes() != contents:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(contents)
