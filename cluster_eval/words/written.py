"""An exhibit in the words of an edition, its values still values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import pandas as pd
from matplotlib.figure import Figure

from cluster_eval.values import Kind, Missing
from cluster_eval.words.language import Language
from cluster_eval.words.numbers import SMALLEST_P, read_cell


@dataclass(frozen=True)
class Cells:
    """A column of a written table.

    Attributes
    ----------
    header : str
        Its header.
    kind : Kind
        What its cells are.
    kinds : tuple of Kind
        What each is, where rows are of several kinds.
    cells : tuple
        The values, rounded: int, Decimal, `Missing`, or a value that is written as text.
    texts : tuple of str
        How each is written.
    """

    header: str
    kind: Kind
    kinds: tuple[Kind, ...]
    cells: tuple
    texts: tuple[str, ...]

    @property
    def data(self) -> list:
        """The cells as data: numbers, and text for all else."""
        return [cell if is_number(cell) else text for cell, text in zip(self.cells, self.texts, strict=True)]

    @property
    def is_number(self) -> bool:
        """Whether it is set to the right: its cells are numbers, or symbols of what is missing."""
        return self.kind.is_number


@dataclass(frozen=True)
class WrittenExhibit:
    """A figure or a table in the words of an edition.

    Attributes
    ----------
    name : str
        An identifier, the same in each language, such as `figure-4`.
    label : str
        Such as `Figure 4`.
    title : str
        Measure, place and period.
    origin, notes : str
        Where its numbers are from; and their base, and what else is to be known of them.
    alt : str
        What the chart shows, for who does not see it.
    columns : tuple of Cells
        The table; the first column names its rows.
    draw : callable, optional
        Draws the chart for a layout (`charts.WIDE` or `charts.NARROW`); a table has none.
    open_table : bool
        Whether the table of a figure is shown without being asked for.
    is_own : bool
        Whether an analyst drew the chart: it looks as it was drawn, on a wide page and on a narrow one.
    """

    name: str
    label: str
    title: str
    origin: str
    columns: tuple[Cells, ...]
    notes: str = ""
    alt: str = ""
    draw: Callable[..., Figure] | None = field(default=None, repr=False)
    open_table: bool = False
    is_own: bool = False

    @property
    def source(self) -> str:
        """What stands below it: source, base and notes."""
        return " ".join(filter(None, (self.origin, self.notes)))

    @cached_property
    def chart(self) -> Figure | None:
        """The chart, for a wide page."""
        return None if self.draw is None else self.draw()

    @cached_property
    def table(self) -> pd.DataFrame:
        """The table as it is written, its rows named by its first column."""
        first, *others = self.columns
        cells = {column.header: list(column.texts) for column in others}
        return pd.DataFrame(cells, index=pd.Index(first.texts, name=first.header), dtype=object)

    @cached_property
    def values(self) -> pd.DataFrame:
        """The table as data: numbers rounded as they are written, and text."""
        first, *others = self.columns
        cells = {column.header: column.data for column in others}
        return pd.DataFrame(cells, index=pd.Index(first.data, name=first.header), dtype=object)

    def describe(self) -> Mapping[str, object]:
        """Describe the table as data: a Frictionless Tabular Data Resource whose fields say of which kind they are.

        Returns
        -------
        mapping
            name, schema (its fields in order, and the symbols that stand for missing values) and data.
        """
        fields = [
            {
                "name": column.header,
                "type": _name_type(column),
                "kind": str(column.kind),
                **({"kinds": [str(kind) for kind in column.kinds]} if column.kinds else {}),
            }
            for column in self.columns
        ]
        headers = [column.header for column in self.columns]
        rows = zip(*(column.data for column in self.columns), strict=True)
        data = [dict(zip(headers, map(_as_json, row), strict=True)) for row in rows]
        schema = {"fields": fields, "missingValues": ["", *Missing]}
        return {"name": self.name, "schema": schema, "data": data}


def read_rows(table: Mapping, language: Language) -> Iterator[list[int | Decimal | str | None]]:
    """Read the rows of a table that was kept as data.

    Parameters
    ----------
    table : mapping
        What `WrittenExhibit.describe` gave; numbers may be Decimal or float.
    language : Language
        The edition's.

    Yields
    ------
    list of int, Decimal, str or None
        The cells of a row: numbers with the decimals that they are written with, and text; a p value too small to be
        written as a number is text as well.
    """
    fields = table["schema"]["fields"]
    for place, record in enumerate(table["data"]):
        kinds = [Kind(field["kinds"][place] if "kinds" in field else field["kind"]) for field in fields]
        cells = (record[field["name"]] for field in fields)
        row = [read_cell(cell, kind) for cell, kind in zip(cells, kinds, strict=True)]
        yield [
            language.write_cell(cell, kind) if kind is Kind.P and is_number(cell) and cell < SMALLEST_P else cell
            for cell, kind in zip(row, kinds, strict=True)
        ]


def is_number(cell: object) -> bool:
    """Say whether a cell holds a number, and not text or nothing."""
    return isinstance(cell, int | Decimal) and not isinstance(cell, bool)


def _name_type(column):
    if not column.kind.is_number:
        return "string"
    return "number" if any(isinstance(cell, Decimal) for cell in column.cells) else "integer"


def _as_json(cell):
    return float(cell) if isinstance(cell, Decimal) else cell
