"""Writes exhibits and templates that are not yet values and messages; it goes when the last of them is."""

import re

from cluster_eval.prose import fill_markdown, fill_text
from cluster_eval.values import Kind
from cluster_eval.words.numbers import write_minus
from cluster_eval.written import Cells, WrittenExhibit

_NUMBER = re.compile(r"-?\d+(\.\d+)?%?|\[\w\]|less than 0\.001")


def write_old(exhibit):
    """Write an exhibit whose table is text."""
    table = exhibit.table.reset_index()
    columns = []
    for header, cells in table.items():
        texts = [str(cell) for cell in cells]
        kind = Kind.AS_GIVEN if all(map(_NUMBER.fullmatch, texts)) else Kind.TEXT
        columns.append(Cells(str(header), kind, (), tuple(texts), tuple(map(write_minus, texts))))
    return WrittenExhibit(
        exhibit.name,
        exhibit.label,
        exhibit.title,
        exhibit.source,
        tuple(columns),
        exhibit.alt,
        exhibit.draw and _bind(exhibit.draw),
        exhibit.open_table,
    )


def _bind(draw):
    from cluster_eval.charts import WIDE

    return lambda layout=WIDE: draw(layout=layout)


def fill_old(template, values):
    """Fill a template; give it in Markdown and as plain text."""
    return (fill(template.strip(), values).strip() for fill in (fill_markdown, fill_text))
