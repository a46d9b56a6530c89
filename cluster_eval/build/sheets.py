"""Says what the workbook edition's sheets hold, whatever file they are written to."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cluster_eval.notebook.edition import OpenEdition
from cluster_eval.values import SMALLEST_BASE, Kind, Missing
from cluster_eval.words import formats
from cluster_eval.words.letters import show_controls
from cluster_eval.words.written import is_number, read_rows

FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
LONGEST_TEXT, LONGEST_HEADER = 32_767, 255
"""Letters that a cell can hold, and a header of a marked-up table; such as emoji count as two."""
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
    subject : str
        The title without its number.
    numeric : tuple of bool
        Which columns hold numbers and symbols alone, which stand at the right; none where left out.
    """

    name: str
    title: str
    source: str
    instructions: str
    back: Link | None
    table: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    subject: str = ""
    numeric: tuple[bool, ...] = ()

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

    def find_numeric(self) -> tuple[bool, ...]:
        """Find which columns stand at the right.

        Returns
        -------
        tuple of bool
            One for each column.
        """
        return self.numeric or (False,) * len(self.columns)


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
    language : str
        In what it is written, such as `en-GB`.
    created : datetime
        What the file gives as its date: the same for the same data, whenever it is made.
    cover : Cover
        The first sheet.
    sheets : list of Sheet
        Contents, notes, and a sheet for each exhibit.
    """

    title: str
    author: str
    language: str
    created: datetime
    cover: Cover
    sheets: list[Sheet]


def describe_workbook(edition: OpenEdition, exhibits: Sequence[dict]) -> Workbook:
    """Describe the workbook of an edition.

    Parameters
    ----------
    edition : OpenEdition
        The edition.
    exhibits : sequence of dict
        Label, title, source, notes and table of each exhibit, in reading order.

    Returns
    -------
    Workbook
        Cover, contents, notes, and a sheet for each exhibit; one that the report shows twice has one sheet.
    """
    report, language, params = edition.report, edition.language, edition.report.params
    exhibits = [exhibit for place, exhibit in enumerate(exhibits) if exhibit not in exhibits[:place]]
    publisher = language.say(formats.PUBLISHER)
    values = {
        "cycle": params.cycle,
        "sample_cycles": tuple(report.marked_cycles),
        "opens": params.fieldwork.opens,
        "closes": params.fieldwork.closes,
        "publisher": publisher,
        "smallest_base": SMALLEST_BASE,
    }

    def say(*messages):
        return tuple(language.say(message, **values) for message in messages)

    cover, contents_name, notes_name, one_table = say(formats.COVER, formats.CONTENTS, formats.NOTES, formats.ONE_TABLE)
    back = Link(language.say(formats.CONTENTS_LINK), contents_name)
    names = _name_sheets([cover, contents_name, notes_name, *(each["label"] for each in exhibits)])[3:]
    tables = [_describe_exhibit(exhibit, name, back, language) for exhibit, name in zip(exhibits, names, strict=True)]
    rules = [(symbol, *say(note)) for symbol, note in formats.SYMBOLS.items()]
    rules += [say(subject, note) for subject, note in formats.RULES.items()]
    own = [(name, each["notes"]) for name, each in zip(names, exhibits, strict=True) if each["notes"]]
    headers = say(formats.NOTES_SUBJECT, formats.NOTES_NOTE)
    notes = Sheet(notes_name, notes_name, "", one_table, back, "notes", headers, [*rules, *own], notes_name)
    contents = Sheet(
        contents_name,
        contents_name,
        "",
        one_table,
        None,
        "contents",
        say(formats.CONTENTS_WORKSHEET, formats.CONTENTS_TITLE),
        [(Link(sheet.name, sheet.name), sheet.subject) for sheet in (notes, *tables)],
    )
    about = say(*formats.ABOUT)
    if report.sample_cycles:
        about = (*say(formats.SAMPLE_DATA["some" if report.marked_cycles else "all"]), *about)
    headings = say(formats.INTRODUCTION_HEADING, formats.ABOUT_HEADING, formats.CONTACT_HEADING)
    lines = ((*say(*formats.INTRODUCTION), back), about, say(*formats.CONTACT))
    created = datetime.combine(params.fieldwork.closes, datetime.min.time())
    return Workbook(
        params.title,
        publisher,
        language.tag,
        created,
        Cover(cover, params.title, dict(zip(headings, lines, strict=True))),
        [contents, notes, *tables],
    )


def _describe_exhibit(exhibit, name, back, language):
    shortened = language.say(formats.SHORTENED)
    fields = exhibit["table"]["schema"]["fields"]
    columns = tuple(_fit(field["name"], shortened, LONGEST_HEADER) for field in fields)
    rows = [tuple(_read_cell(cell, shortened) for cell in row) for row in read_rows(exhibit["table"], language)]
    _, *others = (Kind(field["kind"]).is_number for field in fields)
    return Sheet(
        name,
        _fit(language.say(formats.SHEET_TITLE, label=exhibit["label"], title=exhibit["title"]), shortened),
        _fit(" ".join(filter(None, (exhibit["source"], exhibit["notes"]))), shortened),
        language.say(formats.ONE_TABLE_AND_NOTES),
        back,
        re.sub(r"\W", "_", name),
        columns,
        # A marked-up table has at least one row.
        rows or [(str(Missing.NOT_AVAILABLE),) * len(columns)],
        exhibit["title"],
        # The first column names the rows.
        (False, *others),
    )


def _read_cell(cell, shortened):
    """Give a number where a cell holds one, and text otherwise: what is blank is not available."""
    if is_number(cell):
        return cell
    return _fit(cell, shortened) if cell and cell.strip() else str(Missing.NOT_AVAILABLE)


def _fit(text, shortened, longest=LONGEST_TEXT):
    """Give what a cell can hold of a text; a spreadsheet's program counts as UTF-16 does."""
    shown = show_controls(text)
    units = shown.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return shown
    return units[: 2 * (longest - len(shortened))].decode("utf-16-le", errors="ignore") + shortened


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
