"""Showing exhibits and sentences in a notebook."""

import io
from html import escape

import pandas as pd
from IPython.display import display
from jinja2 import Environment, StrictUndefined

from cluster_eval.exhibits import Exhibit
from cluster_eval.prose import fill_template

METADATA = "cluster_eval"
"""Key of an output's metadata under which an exhibit tells what it is; the book is assembled by it."""

_TABLE = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
    """\
<div class="exhibit-table" tabindex="0" role="region" aria-label="{{ name }}">
<table>
{% if caption %}
<caption>{{ caption }}</caption>
{% endif %}
<thead><tr><th scope="col">{{ index }}</th>
{%- for column in columns %}<th scope="col"{% if column in numeric %} class="number"{% endif %}>{{ column }}</th>
{%- endfor %}</tr></thead>
<tbody>
{% for heading, cells in rows %}
<tr><th scope="row">{{ heading }}</th>
{%- for column, cell in cells %}<td{% if column in numeric %} class="number"{% endif %}>{{ cell }}</td>
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
    if exhibit.chart is None:
        caption = f"{exhibit.label}. {exhibit.title}"
        html = f'<div id="{exhibit.name}">{_render_table(exhibit, caption)}{_render_source(exhibit)}</div>'
        _display({"text/html": html, "text/plain": exhibit.caption}, part="table", exhibit=exhibit)
        return
    caption = f"<p><strong>{escape(exhibit.label)}.</strong> {escape(exhibit.title)}</p>"
    _display({"text/html": caption, "text/plain": exhibit.caption}, part="caption", exhibit=exhibit)
    _display({"image/svg+xml": _draw_svg(exhibit), "text/plain": exhibit.alt}, part="chart", exhibit=exhibit)
    table = _render_table(exhibit)
    if not exhibit.open_table:
        table = f"<details><summary>Table of {escape(exhibit.label)}</summary>{table}</details>"
    html = f'<div class="exhibit-beside">{table}{_render_source(exhibit)}</div>'
    _display({"text/html": html, "text/plain": exhibit.table.to_string()}, part="table", exhibit=exhibit)


def say(template: str, **values: object) -> None:
    """Say something in a notebook cell: Markdown in which names stand where numbers go.

    Parameters
    ----------
    template : str
        Markdown with `<< name >>` for each value; see `cluster_eval.prose.fill_template`.
    **values : object
        The values.
    """
    text = fill_template(template.strip(), values).strip()
    if text:
        display({"text/markdown": text, "text/plain": text}, raw=True)


def _display(bundle, part, exhibit):
    about = {"part": part, "name": exhibit.name, "label": exhibit.label, "title": exhibit.title, "alt": exhibit.alt}
    display(bundle, raw=True, metadata={METADATA: about})


def _draw_svg(exhibit):
    file = io.StringIO()
    # A date would make each run's drawing differ.
    exhibit.chart.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def _render_table(exhibit, caption=""):
    table = exhibit.table
    numeric = {column for column in table.columns if table[column].map(_is_number).all()}
    rows = [
        (heading, list(zip(table.columns, cells, strict=True)))
        for heading, cells in zip(table.index, table.itertuples(index=False, name=None), strict=True)
    ]
    return _TABLE.render(
        name=f"{exhibit.label}, table",
        caption=caption,
        index=table.index.name,
        columns=list(table.columns),
        numeric=numeric,
        rows=rows,
    )


def _is_number(cell):
    if isinstance(cell, str):
        return cell.replace(".", "", 1).isdigit() or cell in ("[z]", "less than 0.001")
    return pd.api.types.is_number(cell)


def _render_source(exhibit):
    return f'<p class="exhibit-source">{escape(exhibit.source)}</p>' if exhibit.source else ""
