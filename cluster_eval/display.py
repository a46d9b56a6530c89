"""Showing exhibits and sentences in a notebook."""

import io
import json
import re
from html import escape

import matplotlib as mpl
import pandas as pd
from IPython.display import display
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from cluster_eval.charts import NARROW, STYLE
from cluster_eval.exhibits import Exhibit
from cluster_eval.letters import show_controls
from cluster_eval.prose import fill_markdown, fill_text, write_minus

LONG_TEXT, SHORT_TEXT = 40, 10
"""Characters above which a column's text is long, and up to which it stays on one line."""

METADATA = "cluster_eval"
"""Key of an output's metadata under which an exhibit tells what it is; the book is assembled by it."""

NARROW_CHART = "image/vnd.cluster-eval.narrow+svg"
"""Type of a chart drawn for a narrow page, which notebooks pass over and the book shows on phones."""

TABLE_DATA = "application/vnd.dataresource+json"
"""Type of an exhibit's table as data, which all editions are made from: a Frictionless Tabular Data Resource."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?%?|\[z\]|less than 0\.001")

_TABLE = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
    """\
<div class="exhibit-table" tabindex="0" role="group" aria-label="{{ name }}">
<table{% if not caption %} aria-label="{{ name }}"{% endif %}>
{% if caption %}
<caption><span><strong>{{ label }}.</strong> {{ caption }}</span></caption>
{% endif %}
<thead><tr><th scope="col">{{ index }}</th>
{%- for column in columns %}<th scope="col"{{ classes[column] }}>{{ column }}</th>
{%- endfor %}</tr></thead>
<tbody>
{% for heading, cells in rows %}
<tr><th scope="row"{{ index_class }}>{{ heading }}</th>
{%- for column, cell in cells %}<td{{ classes[column] }}>{{ cell }}</td>
{%- endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>
"""
)


def show(exhibit: Exhibit | None) -> None:
    """Show an exhibit in a notebook cell.

    Parameters
    ----------
    exhibit : Exhibit or None
        Nothing is shown for None, which an exhibit is that the cycle does not have.
    """
    if exhibit is None:
        return
    if not isinstance(exhibit, Exhibit):
        kind = type(exhibit).__name__
        raise TypeError(f"found a {kind}; only what report.exhibits makes is shown. A table may be a cell's last line")
    if exhibit.draw is None:
        html = f'<div id="{exhibit.name}">{_render_table(exhibit, exhibit.title)}{_render_source(exhibit)}</div>'
        _display(
            {"text/html": html, TABLE_DATA: _describe_table(exhibit), "text/plain": exhibit.caption},
            part="table",
            exhibit=exhibit,
        )
        return
    caption = f"<p><strong>{escape(exhibit.label)}.</strong> {escape(exhibit.title)}</p>"
    _display({"text/html": caption, "text/plain": exhibit.caption}, part="caption", exhibit=exhibit)
    _display(
        {
            "image/svg+xml": _draw_svg(exhibit.chart),
            NARROW_CHART: _draw_svg(exhibit.draw(layout=NARROW)),
            "text/plain": exhibit.alt,
        },
        part="chart",
        exhibit=exhibit,
    )
    table = _render_table(exhibit)
    if not exhibit.open_table:
        table = f"<details><summary>Table of {escape(exhibit.label)}</summary>{table}</details>"
    html = f'<div class="exhibit-beside">{table}{_render_source(exhibit)}</div>'
    _display(
        {"text/html": html, TABLE_DATA: _describe_table(exhibit), "text/plain": exhibit.table.to_string()},
        part="table",
        exhibit=exhibit,
    )


def say(template: str, **values: object) -> None:
    """Say something in a notebook cell: Markdown in which names stand where numbers go.

    Parameters
    ----------
    template : str
        Markdown with `<< name >>` for each value; see `cluster_eval.prose.fill_markdown`.
    **values : object
        The values.
    """
    text = fill_markdown(template.strip(), values).strip()
    if text:
        plain = fill_text(template.strip(), values).strip()
        display({"text/markdown": text, "text/plain": plain}, raw=True)


def _display(bundle, part, exhibit):
    about = {key: getattr(exhibit, key) for key in ("name", "label", "title", "source", "alt")}
    display(bundle, raw=True, metadata={METADATA: {"part": part, **about}})


def _describe_table(exhibit):
    """Give a table as data, its index the first of its columns."""
    return json.loads(exhibit.table.to_json(orient="table"))


def _draw_svg(chart):
    file = io.StringIO()
    # Names of parts without the style's salt, or a date, would make each run's drawing differ.
    with mpl.rc_context(STYLE):
        chart.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def _render_table(exhibit, caption=""):
    table = exhibit.table
    classes = {column: _classify(table[column]) for column in table.columns}
    rows = [
        (_write_lines(str(heading)), list(zip(table.columns, map(_write_cell, cells), strict=True)))
        for heading, cells in zip(table.index, table.itertuples(index=False, name=None), strict=True)
    ]
    return _TABLE.render(
        name=f"{exhibit.label}, table",
        label=exhibit.label,
        caption=caption,
        index=table.index.name,
        columns=list(table.columns),
        classes=classes,
        index_class=_classify(table.index.to_series()),
        rows=rows,
    )


def _write_cell(cell):
    """Write a negative number with a minus sign, where data keep the hyphen that programs read."""
    written = write_minus(str(cell))
    # In a narrow column `less than` stays on one line.
    return _write_lines(written.replace("less than", "less\N{NO-BREAK SPACE}than") if _is_number(cell) else written)


def _write_lines(text):
    return Markup("<br>").join(show_controls(text).split("\n"))


def _classify(column):
    """Tell the style sheet how to set a column: numbers to the right, long text not too narrow."""
    if column.map(_is_number).all():
        return Markup(' class="number"')
    longest = column.astype(str).str.len().max()
    if longest > LONG_TEXT:
        return Markup(' class="long"')
    return Markup(' class="short"') if longest <= SHORT_TEXT else ""


def _is_number(cell):
    if isinstance(cell, str):
        return _NUMBER.fullmatch(cell) is not None
    return pd.api.types.is_number(cell)


def _render_source(exhibit):
    return f'<p class="exhibit-source">{escape(exhibit.source)}</p>' if exhibit.source else ""
