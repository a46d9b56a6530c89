"""An executed notebook as a page of the book: what its exhibits' words become."""

import csv
import io

import lxml.html
import nbformat
import pytest
from markdown_it import MarkdownIt

from cluster_eval.build.layout import lay_out_section
from cluster_eval.notebook.display import METADATA, NARROW_CHART, TABLE_DATA


def lay_out(tmp_path, part, data, *, tags=(), appendix=None, **about):
    about = {"name": "figure-1", "label": "Figure 1", "title": "", "source": "", "notes": "", "alt": "x"} | about
    metadata = {METADATA: {"part": part, **about}}
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    cells = [nbformat.v4.new_markdown_cell("# Themes"), nbformat.v4.new_code_cell("x", outputs=[output])]
    cells[1].metadata["tags"] = list(tags)
    made = lay_out_section(nbformat.v4.new_notebook(cells=cells), "07_themes", appendix, tmp_path)
    return {file.name: text for file, text in made.items()}


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 1", "'+44 1"),
        ("-1+1", "'-1+1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_a_download_holds_no_formula(tmp_path, cell, written):
    columns = [{"name": name, "kind": "text"} for name in ("Theme", "=Cell")]
    data = {"schema": {"fields": columns}, "data": [{"Theme": "x", "=Cell": cell}]}
    made = lay_out(tmp_path, "table", {TABLE_DATA: data, "text/html": ""})["figure-1.csv"]
    assert list(csv.reader(io.StringIO(made, newline=""))) == [["Theme", "'=Cell"], ["x", written]]


def test_a_figures_title_and_alt_text_are_shown_letter_by_letter(tmp_path):
    words = "*a* <b> {{ c }} \"d\"\n\n<script>e</script> 'f' &amp; `g`"
    drawings = {"image/svg+xml": "<svg/>", NARROW_CHART: "<svg/>"}
    page = lay_out(tmp_path, "chart", drawings, title=words, alt=words)["07_themes.ipynb"]
    [output] = nbformat.reads(page, 4).cells[1].outputs
    figure = lxml.html.fragment_fromstring(MarkdownIt("commonmark").render(output.data["text/markdown"]))
    assert figure.find_class("caption-text")[0].text_content() == f"Figure 1. {words}"
    assert figure.find(".//img").get("alt") == words
    assert figure.find(".//script") is None


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"alt": "x"}, None),
        ({"alt": ""}, None),
        ({"alt": "x", "appendix": 1}, "The table of Figure 1 is in the workbook"),
        ({"alt": "", "appendix": 1}, None),
        (
            {"alt": "", "tags": ["workbook-only"], "title": "All <b>"},
            "Figure 1. All <b>: this table is in the workbook",
        ),
    ],
)
def test_print_says_where_a_table_is_that_it_leaves_out(tmp_path, about, said):
    data = {TABLE_DATA: {"schema": {"fields": []}, "data": []}, "text/html": '<div id="figure-1">Rows</div>'}
    page = lay_out(tmp_path, "table", data, **about)["07_themes.ipynb"]
    [output] = nbformat.reads(page, 4).cells[1].outputs
    html = lxml.html.fragment_fromstring(output.data["text/html"], create_parent=True)
    assert [each.text_content() for each in html.find_class("workbook-only")] == (["Rows"] if said else [])
    printed = [each.text_content() for each in html.find_class("print-only")]
    assert len(printed) == bool(said)
    assert all(each.startswith(said) for each in printed)
