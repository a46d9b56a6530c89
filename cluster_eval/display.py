"""Showing exhibits and sentences in a notebook."""

import io
import json
import re
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from html import escape, unescape

import matplotlib as mpl
import pandas as pd
from IPython.display import display
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from cluster_eval.charts import NARROW, STYLE
from cluster_eval.exhibits import Exhibit
from cluster_eval.letters import show_controls
from cluster_eval.markdown import Markdown, write_literally
from cluster_eval.own_chart import OwnChart, make_exhibit
from cluster_eval.prose import fill_markdown, fill_text
from cluster_eval.values import Value
from cluster_eval.words.language import ENGLISH
from cluster_eval.words.numbers import write_minus

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


def show(
    exhibit: object,
    *,
    title: str | None = None,
    table: pd.DataFrame | None = None,
    alt: str | None = None,
    note: str = "",
) -> None:
    """Show an exhibit, or a chart of one's own as an exhibit, in a notebook cell.

    Parameters
    ----------
    exhibit : Exhibit or None, or a chart
        What `report.exhibits` makes; nothing is shown for None, which an exhibit is that the cycle does not have. Or a
        figure of matplotlib's, axes, or what pandas or seaborn returns for them.
    title, table, alt, note
        Of a chart of one's own: see `cluster_eval.own_chart.make_exhibit`.

    Raises
    ------
    TypeError
        When it is something else.
    ValueError
        When a chart's words or table are missing or cannot be shown, with what to do.
    """
    own = [word for word in (title, table, alt, note) if word is not None and not (isinstance(word, str) and not word)]
    if not own and exhibit is None:
        return
    if isinstance(exhibit, Exhibit):
        if own:
            raise TypeError("an exhibit has its title, table and alt text already; give it alone")
    elif isinstance(exhibit, pd.DataFrame | pd.Series | str):
        kind = type(exhibit).__name__
        raise TypeError(f"found a {kind}; show takes an exhibit or a chart. A table may be a cell's last line")
    else:
        exhibit = make_exhibit(exhibit, title, table, alt, note)
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
    if isinstance(exhibit, OwnChart):
        wide = narrow = _draw_svg(exhibit.chart, AS_DRAWN, bbox_inches="tight")
    else:
        wide, narrow = _draw_svg(exhibit.chart), _draw_svg(exhibit.draw(layout=NARROW))
    _display(
        {
            "image/svg+xml": wide,
            NARROW_CHART: narrow,
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


def sentence(message, *facts: object, by: Hashable = None, when: object = True, **values: object) -> Markdown:
    """Write a sentence in Markdown, for `say_together` and `say_list`.

    Parameters
    ----------
    message : str, or mapping of code to str
        A whole sentence with `{name}` for each value, or several of which `by` chooses one.
    *facts : dataclass
        What a function of `ce.facts` returns; placeholders name its fields.
    by : str or hashable
        The name of the value that is the code, or the code itself where it is no text.
    when : object
        Where it is false, empty or None, there is no sentence.
    **values : object
        Further values.

    Returns
    -------
    Markdown
        The sentence; empty where there is nothing to say.

    Raises
    ------
    MessageError
        When a code has no sentence, or a placeholder no value.
    """
    return Markdown(ENGLISH.say(message, *facts, by=by, when=when, escape=write_literally, **values))


def say(message, *facts: object, by: Hashable = None, when: object = True, **values: object) -> None:
    """Say a sentence in a notebook cell, as a paragraph.

    Parameters
    ----------
    message, *facts, by, when, **values
        As for `sentence`. Sections that are not yet written in whole sentences give a template with `<< name >>`
        instead; see `cluster_eval.prose.fill_markdown`.
    """
    if isinstance(message, str) and ("<<" in message or "<%" in message):
        text, plain = (fill(message.strip(), values).strip() for fill in (fill_markdown, fill_text))
    else:
        about = {"by": by, "when": when, **values}
        text, plain = sentence(message, *facts, **about), ENGLISH.say(message, *facts, **about)
    _show_text(text, plain)


def say_together(*sentences: Markdown) -> None:
    """Say sentences in a notebook cell, as one paragraph.

    Parameters
    ----------
    *sentences : Markdown
        What `sentence` returns; empty ones are left out.
    """
    text = " ".join(filter(None, sentences))
    _show_text(text, unescape(text))


def say_list(*sentences: Markdown) -> None:
    """Say sentences in a notebook cell, as a list.

    Parameters
    ----------
    *sentences : Markdown
        What `sentence` returns; empty ones are left out.
    """
    text = "\n".join(f"- {each}" for each in sentences if each)
    _show_text(text, unescape(text))


def _show_text(text, plain):
    if text:
        display({"text/markdown": text, "text/plain": plain}, raw=True)


def list_facts(facts: object) -> pd.DataFrame:
    """List the names that sentences may have, with what each says.

    Parameters
    ----------
    facts : dataclass, or mapping of str to object
        What a function of `ce.facts` returns.

    Returns
    -------
    DataFrame
        A row for each, `board.rate` for a fact within a fact, empty where the cycle does not have it; a notebook shows
        it as a cell's last line.
    """
    rows = dict(_name_facts(facts, ""))
    return pd.DataFrame({"Says": pd.Series(rows, dtype=object)}).rename_axis("Name")


def _name_facts(facts, before):
    values = facts if isinstance(facts, Mapping) else {each.name: getattr(facts, each.name) for each in fields(facts)}
    for name, value in values.items():
        if isinstance(value, Mapping) or (is_dataclass(value) and not isinstance(value, Value)):
            yield from _name_facts(value, f"{before}{name}.")
        elif is_dataclass(facts):
            yield f"{before}{name}", "" if value is None else ENGLISH.write(value)
        else:
            yield f"{before}{name}", ENGLISH.write(value) if isinstance(value, Value) else str(value)


def _display(bundle, part, exhibit):
    about = {key: getattr(exhibit, key) for key in ("name", "label", "title", "source", "alt")}
    display(bundle, raw=True, metadata={METADATA: {"part": part, **about}})


def _describe_table(exhibit):
    """Give a table as data, its index the first of its columns."""
    return json.loads(exhibit.table.to_json(orient="table"))


def _draw_svg(chart, style=STYLE, **about):
    file = io.StringIO()
    # Names of parts without the style's salt, or a date, would make each run's drawing differ.
    with mpl.rc_context(style):
        chart.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, **about)
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
