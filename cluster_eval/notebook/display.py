"""Outputs of a notebook's cells: what exhibits, sentences and headings look like there."""

import io
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from html import escape, unescape
from typing import NamedTuple

import matplotlib as mpl
import pandas as pd
from markupsafe import Markup

from cluster_eval.charts import NARROW, STYLE
from cluster_eval.templates import open_template
from cluster_eval.values import Missing, Value
from cluster_eval.words import patterns
from cluster_eval.words.language import Language
from cluster_eval.words.letters import show_controls
from cluster_eval.words.messages import MessageError
from cluster_eval.words.written import WrittenExhibit

LONG_TEXT, SHORT_TEXT = 40, 10
"""Characters above which a column's text is long, and up to which it stays on one line."""

METADATA = "cluster_eval"
"""Key of an output's metadata under which an exhibit tells what it is; the book is assembled by it."""

NARROW_CHART = "image/vnd.cluster-eval.narrow+svg"
"""Type of a chart drawn for a narrow page, which notebooks pass over and the book shows on phones."""

TABLE_DATA = "application/vnd.dataresource+json"
"""Type of an exhibit's table as data, which all editions are made from: a Frictionless Tabular Data Resource."""

AS_DRAWN = {key: STYLE[key] for key in ("svg.hashsalt", "svg.fonttype")}
"""What an analyst's chart is saved with: the rest of its look is the analyst's."""


class Output(NamedTuple):
    """An output of a cell.

    Attributes
    ----------
    data : dict
        What it is, by types of media.
    metadata : dict
        What is told of it.
    """

    data: dict
    metadata: dict


def lay_out_exhibit(exhibit: WrittenExhibit, language: Language) -> list[Output]:
    """Lay out a written exhibit.

    Parameters
    ----------
    exhibit : WrittenExhibit
        The exhibit.
    language : Language
        The edition's.

    Returns
    -------
    list of Output
        A table; or caption, chart and table.
    """
    caption = language.say(patterns.CAPTION, label=exhibit.label, title=exhibit.title)
    if exhibit.draw is None:
        table = _render_table(exhibit, language, exhibit.title)
        html = f'<div id="{exhibit.name}">{table}{_render_source(exhibit)}</div>'
        data = {"text/html": html, TABLE_DATA: exhibit.describe(), "text/plain": caption}
        return [_describe(data, "table", exhibit)]
    html = f"<p><strong>{escape(exhibit.label)}.</strong> {escape(exhibit.title)}</p>"
    captioned = _describe({"text/html": html, "text/plain": caption}, "caption", exhibit)
    if exhibit.is_own:
        wide = narrow = _draw_svg(exhibit.chart, AS_DRAWN, bbox_inches="tight")
    else:
        wide, narrow = _draw_svg(exhibit.chart), _draw_svg(exhibit.draw(layout=NARROW))
    drawn = _describe({"image/svg+xml": wide, NARROW_CHART: narrow, "text/plain": exhibit.alt}, "chart", exhibit)
    table = _render_table(exhibit, language)
    if not exhibit.open_table:
        summary = language.say(patterns.TABLE_OF, label=exhibit.label)
        table = f"<details><summary>{escape(summary)}</summary>{table}</details>"
    html = f'<div class="exhibit-beside">{table}{_render_source(exhibit)}</div>'
    data = {"text/html": html, TABLE_DATA: exhibit.describe(), "text/plain": exhibit.table.to_string()}
    return [captioned, drawn, _describe(data, "table", exhibit)]


def lay_out_text(text: str, plain: str | None = None) -> list[Output]:
    """Lay out a text.

    Parameters
    ----------
    text : str
        Markdown.
    plain : str, optional
        The same without markup; made from it where left out.

    Returns
    -------
    list of Output
        One; none where the text is empty.
    """
    if not text:
        return []
    return [Output({"text/markdown": text, "text/plain": unescape(text) if plain is None else plain}, {})]


def lay_out_heading(text: str) -> list[Output]:
    """Lay out a section's heading; the book makes it one of the page's own.

    Parameters
    ----------
    text : str
        Markdown, with its number signs.

    Returns
    -------
    list of Output
        One.
    """
    return [Output({"text/markdown": text, "text/plain": unescape(text)}, {METADATA: {"part": "heading"}})]


def list_facts(facts: object, language: Language) -> pd.DataFrame:
    """List the names that sentences may have, with what each says.

    Parameters
    ----------
    facts : dataclass, or mapping of str to object
        What a function of `ce.facts` returns.
    language : Language
        Writes them.

    Returns
    -------
    DataFrame
        A row for each, `board.rate` for a fact within a fact, empty where the cycle does not have it; a notebook shows
        it as a cell's last line.
    """
    rows = {name: _tell(value, language) for name, value in _name_facts(facts, "")}
    return pd.DataFrame({"Says": pd.Series(rows, dtype=object)}).rename_axis("Name")


def _name_facts(facts, before):
    values = facts if isinstance(facts, Mapping) else {each.name: getattr(facts, each.name) for each in fields(facts)}
    for name, value in values.items():
        if not isinstance(name, str):
            # No sentence can name what is found by a value.
            continue
        if isinstance(value, Mapping) or (is_dataclass(value) and not isinstance(value, Value)):
            yield from _name_facts(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _tell(value, language):
    try:
        return "" if value is None else language.write(value)
    except MessageError:
        # A code, or several facts: sentences choose by it, or go through them.
        return str(value)


def _describe(data, part, exhibit):
    about = {key: getattr(exhibit, key) for key in ("name", "label", "title", "notes", "alt")}
    about["source"] = exhibit.origin
    return Output(data, {METADATA: {"part": part, **about}})


def _draw_svg(chart, style=STYLE, **about):
    file = io.StringIO()
    # Names of parts without the style's salt, or a date, would make each run's drawing differ.
    with mpl.rc_context(style):
        chart.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, **about)
    return file.getvalue()


def _render_table(exhibit, language, caption=""):
    first, *others = exhibit.columns
    classes = [_classify(column) for column in others]
    rows = [
        (
            _write_lines(heading),
            [_write_cell(column, look, place) for column, look in zip(others, classes, strict=True)],
        )
        for place, heading in enumerate(first.texts)
    ]
    return open_template("table.html").render(
        name=language.say(patterns.NAME_OF_TABLE, label=exhibit.label),
        label=exhibit.label,
        caption=caption,
        index=first.header,
        columns=list(zip(classes, (column.header for column in others), strict=True)),
        index_class=_classify(first),
        rows=rows,
    )


def _write_cell(column, look, place):
    """Write a cell, with the value that the page's script sorts by."""
    cell, text = column.cells[place], column.texts[place]
    if isinstance(cell, Missing):
        return look + Markup(" data-missing"), text
    if not column.is_number:
        return look, _write_lines(text)
    # In a narrow column what is written instead of a number stays on one line.
    return look + Markup(f' data-value="{cell}"'), _write_lines(text.replace(" ", "\N{NO-BREAK SPACE}"))


def _write_lines(text):
    return Markup("<br>").join(show_controls(text).split("\n"))


def _classify(column):
    """Tell the style sheet how to set a column: numbers to the right, long text not too narrow."""
    if column.is_number:
        return Markup(' class="number"')
    longest = max(map(len, column.texts), default=0)
    if longest > LONG_TEXT:
        return Markup(' class="long"')
    return Markup(' class="short"') if longest <= SHORT_TEXT else Markup("")


def _render_source(exhibit):
    return f'<p class="exhibit-source">{escape(exhibit.source)}</p>' if exhibit.source else ""
