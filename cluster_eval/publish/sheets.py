"""Says what the workbook edition's sheets hold, whatever file they are written to."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cluster_eval.letters import show_controls
from cluster_eval.prose import fill_text
from cluster_eval.report import Report
from cluster_eval.values import SMALLEST_BASE
from cluster_eval.vocabulary import (
    PUBLISHER,
    WORKBOOK_ABOUT,
    WORKBOOK_CONTACT,
    WORKBOOK_INTRODUCTION,
    WORKBOOK_NOTES,
    WORKBOOK_SAMPLE_DATA,
)
from cluster_eval.vocabulary import WORKBOOK_WORDS as WORDS
from cluster_eval.words.numbers import write_date

LANGUAGE = "en-GB"
MISSING = "[x]"
# More than 15 digits are more than a spreadsheet's number can hold, and leading zeros are part of a code.
NUMBER = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{1,3})?")
SYMBOL = re.compile(r"\[\w\]")
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
LONGEST_TEXT, LONGEST_HEADER = 32_767, 255
"""Letters that a cell can hold, and a header of a marked-up table; such as emoji count as two."""
SHORTENED = "… (shortened; the CSV has the whole)"
COVER_WIDTH = 85
FIRST_COLUMN = 45
NARROWEST, WIDEST = 11, 60
"""Widths of columns, in characters; a table's first one has room for title and source, which wrap in it."""


@dataclass(frozen=True)
class Link:
    """A cell that leads to another sheet."""

    text: str
    sheet: str

    def __str__(self):
        return self.text


Cell = str | int | Decimal | Link
"""Decimals keep how many places a number is shown with."""


@dataclass(frozen=True)
class Sheet:
    """A sheet with one table.

    Attributes
    ----------
    name : str
        The sheet's name, unique in the workbook.
    title : str
        What stands in A1.
    source : str
        What stands below; nothing where empty.
    instructions : str
        What is on the sheet and where to look further.
    back : Link or None
        Where a reader came from.
    table : str
        The table's name, unique in the workbook.
    columns : tuple of str
        The header row.
    rows : list of tuple of Cell
        The rows below it.
    """

    name: str
    title: str
    source: str
    instructions: str
    back: Link | None
    table: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    @property
    def lines(self) -> list[Cell]:
        """What stands between title and table, one line to a row."""
        return [line for line in (self.source, self.instructions, self.back) if line]

    def measure_columns(self) -> list[int]:
        """Measure how many characters wide each column is to be.

        Returns
        -------
        list of int
            Room for the longest cell and for the header's longest word; what is longer than the widest wraps.
        """
        widths = []
        for name, cells in zip(self.columns, zip(*self.rows, strict=True), strict=True):
            longest = max(*(len(word) for word in name.split()), *(len(str(cell)) for cell in cells), NARROWEST)
            widths.append(min(longest + 2, WIDEST))
        above = max(len(str(line)) for line in (self.title, *self.lines))
        return [max(min(above + 2, FIRST_COLUMN), widths[0]), *widths[1:]]

    def count_lines(self) -> list[int]:
        """Count the lines of text that each row needs.

        Returns
        -------
        list of int
            For the title, the lines below it, the header and the table's rows; rather one too many than too few.
        """
        first, *others = self.measure_columns()
        # Of text that is not bold, some more fits.
        room = [width * 8 // 7 for width in (first, *others)]
        return [
            count_lines(self.title, first),
            *(count_lines(line, room[0]) for line in self.lines),
            max(map(count_lines, self.columns, (first, *others))),
            *(max(map(count_lines, cells, room)) for cells in self.rows),
        ]

    def find_numeric(self) -> list[bool]:
        """Find which columns hold numbers and symbols alone, which stand at the right.

        Returns
        -------
        list of bool
            One for each column; never the first, which names the rows.
        """
        _, *others = zip(*self.rows, strict=True)
        return [False, *(all(map(_is_number_or_symbol, cells)) for cells in others)]


@dataclass(frozen=True)
class Cover:
    """The first sheet: no table, but headings with lines below them."""

    name: str
    title: str
    parts: dict[str, tuple[Cell, ...]]


@dataclass(frozen=True)
class Workbook:
    """A whole workbook.

    Attributes
    ----------
    title, author : str
        Of the document.
    created : datetime
        What the file gives as its date: the same for the same data, whenever it is made.
    cover : Cover
        The first sheet.
    sheets : list of Sheet
        Contents, notes, and a sheet for each exhibit.
    """

    title: str
    author: str
    created: datetime
    cover: Cover
    sheets: list[Sheet]


def describe_workbook(report: Report, exhibits: Sequence[dict]) -> Workbook:
    """Describe the workbook of a cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    exhibits : sequence of dict
        Label, title, source and table of each exhibit, in reading order.

    Returns
    -------
    Workbook
        Cover, contents, notes, and a sheet for each exhibit; one that the report shows twice has one sheet.
    """
    params = report.params
    exhibits = [exhibit for place, exhibit in enumerate(exhibits) if exhibit not in exhibits[:place]]
    values = {
        "cycle": params.cycle,
        "sample_cycles": report.marked_cycles,
        "opens": write_date(params.fieldwork.opens),
        "closes": write_date(params.fieldwork.closes),
        "publisher": PUBLISHER,
        "smallest_base": SMALLEST_BASE,
    }

    def fill(templates):
        return tuple(fill_text(template, values) for template in templates)

    back = Link(WORDS["contents_link"], WORDS["contents"])
    names = _name_sheets([WORDS["cover"], WORDS["contents"], WORDS["notes"], *(each["label"] for each in exhibits)])[3:]
    tables = [_describe_exhibit(exhibit, name, back) for exhibit, name in zip(exhibits, names, strict=True)]
    rules = zip(WORKBOOK_NOTES, fill(WORKBOOK_NOTES.values()), strict=True)
    own = [(name, note) for name, each in zip(names, exhibits, strict=True) if (note := _find_note(each["source"]))]
    notes = Sheet(
        WORDS["notes"],
        WORDS["notes"],
        "",
        WORDS["one_table"],
        back,
        "notes",
        WORDS["notes_columns"],
        [*rules, *own],
    )
    contents = Sheet(
        WORDS["contents"],
        WORDS["contents"],
        "",
        WORDS["one_table"],
        None,
        "contents",
        WORDS["contents_columns"],
        [(Link(sheet.name, sheet.name), _drop_label(sheet)) for sheet in (notes, *tables)],
    )
    cover = Cover(
        WORDS["cover"],
        params.title,
        {
            WORDS["introduction"]: (*fill(WORKBOOK_INTRODUCTION), back),
            WORDS["about"]: (*(fill([WORKBOOK_SAMPLE_DATA]) if report.sample_cycles else ()), *WORKBOOK_ABOUT),
            WORDS["contact"]: WORKBOOK_CONTACT,
        },
    )
    created = datetime.combine(params.fieldwork.closes, datetime.min.time())
    return Workbook(params.title, PUBLISHER, created, cover, [contents, notes, *tables])


def _describe_exhibit(exhibit, name, back):
    fields = [field["name"] for field in exhibit["table"]["schema"]["fields"]]
    columns = tuple(_fit(field, LONGEST_HEADER) for field in fields)
    rows = [tuple(read_cell(record[field]) for field in fields) for record in exhibit["table"]["data"]]
    return Sheet(
        name,
        _fit(f"{exhibit['label']}: {exhibit['title']}"),
        _fit(exhibit["source"]),
        WORDS["one_table_and_notes"],
        back,
        re.sub(r"\W", "_", name),
        columns,
        # A marked-up table has at least one row.
        rows or [(MISSING,) * len(columns)],
    )


def read_cell(value: object) -> Cell:
    """Read a cell of an exhibit's table.

    Parameters
    ----------
    value : str, int, Decimal or None
        As the table has it.

    Returns
    -------
    Cell
        A number for what is written as one, with its decimals; `[x]` for a blank; text otherwise, which says so at its
        end where a cell cannot hold the whole.
    """
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    text = "" if value is None else str(value)
    if NUMBER.fullmatch(text):
        return Decimal(text) if "." in text else int(text)
    return _fit(text) if text.strip() else MISSING


def _fit(text, longest=LONGEST_TEXT):
    """Give what a cell can hold of a text; a spreadsheet's program counts as UTF-16 does."""
    shown = show_controls(text)
    units = shown.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return shown
    return units[: 2 * (longest - len(SHORTENED))].decode("utf-16-le", errors="ignore") + SHORTENED


def count_lines(cell: Cell, width: int) -> int:
    """Count the lines that a cell's text takes in a column.

    Parameters
    ----------
    cell : Cell
        The cell.
    width : int
        The column's width, in characters.

    Returns
    -------
    int
        At least one.
    """
    return sum(max(1, len(textwrap.wrap(line, width))) for line in str(cell).split("\n"))


def _name_sheets(labels):
    """Make names that a spreadsheet accepts: not too long, and unique whatever their case."""
    names = []
    for label in labels:
        name = wanted = FORBIDDEN.sub(" ", label).strip()[:LONGEST_NAME]
        number = 1
        while name.casefold() in (other.casefold() for other in names):
            number += 1
            suffix = f" ({number})"
            name = wanted[: LONGEST_NAME - len(suffix)] + suffix
        names.append(name)
    return names


def _is_number_or_symbol(cell):
    return isinstance(cell, int | Decimal) or SYMBOL.fullmatch(str(cell)) is not None


def _find_note(source):
    """Find what an exhibit's source says after naming it."""
    return source.partition(". ")[2]


def _drop_label(sheet):
    return sheet.title.removeprefix(f"{sheet.name}: ")
