"""Reading the cells of a workbook, no more of it than is filled."""

import io
import math
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree import ElementTree

from cluster_eval.problems import InputError, Problem, quote

MOST_BYTES = 200_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
LONGEST_TEXT = 1_000_000
"""What is larger is no export of this survey, and would take minutes and gigabytes before that could be said."""

_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# As spreadsheets write them; any other way to write one is read like a cell that holds something.
_BLANK_CELL = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: [a-z]+="[0-9]+")* ?/>')
_BLANK_ROW = re.compile(rb'<row r="[0-9]+"[^<>]*(?:/>|></row>)')
_EPOCH, _EPOCH_OF_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST_DAY = 2_958_465


@dataclass(frozen=True)
class Sheet:
    """A worksheet's filled cells.

    Attributes
    ----------
    name : str
        The worksheet's name.
    others : tuple of str
        The names of the workbook's other worksheets; those that are hidden say so.
    cells : dict
        Row to column to value, both counted from 1: text, int, float, bool, datetime, or timedelta for a time without
        a day. A failed formula is the text of its error, such as `#N/A`. Blank cells are left out.
    """

    name: str
    others: tuple[str, ...]
    cells: dict[int, dict[int, object]]


def name_column(column: int) -> str:
    """Name a column as a spreadsheet does.

    Parameters
    ----------
    column : int
        The column, counted from 1.

    Returns
    -------
    str
        Such as `AO`.
    """
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(65 + place) + letters
    return letters


def read_sheet(contents: bytes, file: str) -> Sheet:
    """Read a workbook's first worksheet that is not hidden.

    Parameters
    ----------
    contents : bytes
        The workbook.
    file : str
        The file that messages name.

    Returns
    -------
    Sheet
        The worksheet.

    Raises
    ------
    InputError
        When it cannot be opened, is protected or too large, or holds formulas that were never calculated.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            return _Workbook(archive, file).read()
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError, LookupError, ValueError) as error:
        what = f"is not a workbook that can be opened ({error}); download the export again as .xlsx"
        raise InputError([Problem(file, what)]) from None
    except (NotImplementedError, RuntimeError):
        # So zipfile tells of members that are encrypted, or packed in a way of their own.
        raise InputError([Problem(file, PROTECTED)]) from None


PROTECTED = (
    "is protected by a password or a sensitivity label, or is a workbook of Excel 97 (.xls); open it in Excel, take "
    "the protection off and save it as Excel Workbook (.xlsx)"
)


class _Workbook:
    def __init__(self, archive, file):
        self._archive, self._file = archive, file

    def read(self):
        book = next((path for kind, path in self._relate("").values() if kind == "officeDocument"), "xl/workbook.xml")
        if book not in self._archive.namelist():
            raise InputError([Problem(self._file, "is not an Excel workbook; save it as Excel Workbook (.xlsx)")])
        parts = self._relate(book)
        sheets, epoch = [], _EPOCH
        for tag, element in self._walk(book):
            if tag == "workbookPr" and element.get("date1904") in ("1", "true"):
                epoch = _EPOCH_OF_1904
            elif tag == "sheet":
                kind, path = parts[next((value for name, value in element.items() if _strip(name) == "id"), None)]
                if kind == "worksheet":
                    sheets.append((element.get("name"), element.get("state", "visible") != "visible", path))
        if not sheets:
            raise InputError([Problem(self._file, "holds no worksheet")])
        chosen = next((sheet for sheet in sheets if not sheet[1]), sheets[0])
        others = tuple(f'"{name}"{" (hidden)" if hidden else ""}' for name, hidden, path in sheets if path != chosen[2])
        paths = dict(parts.values())
        strings = list(self._list_strings(paths.get("sharedStrings")))
        dates = list(self._list_dates(paths.get("styles")))
        return Sheet(chosen[0], others, self._read_cells(chosen[2], strings, dates, epoch))

    def _relate(self, part):
        """Find which parts a part of the workbook names: its word for them to what they are and where."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self._archive.namelist():
            return {}
        return {
            element.get("Id"): (
                posixpath.basename(element.get("Type", "")),
                posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/"),
            )
            for tag, element in self._walk(path)
            if tag == "Relationship"
        }

    def _walk(self, path) -> Iterator[tuple[str, ElementTree.Element]]:
        """Yield each element of a part as it ends, with its name; rows and shared strings are forgotten afterwards."""
        size = self._archive.getinfo(path).file_size
        if size > MOST_BYTES:
            what = (
                f"holds {size / 1e6:,.0f} MB in its part {path}, where an export has less than one; copy the rows and "
                "columns of the survey to a new workbook"
            )
            raise InputError([Problem(self._file, what)])
        parser, open_elements = ElementTree.XMLPullParser(("start", "end")), []
        with self._archive.open(path) as part:
            for chunk in _drop_blank_cells(part):
                parser.feed(chunk)
                for event, element in parser.read_events():
                    if event == "start":
                        open_elements.append(element)
                        continue
                    open_elements.pop()
                    tag = _strip(element.tag)
                    yield tag, element
                    if tag in ("row", "si"):
                        open_elements[-1].clear()
        parser.close()

    def _list_strings(self, path):
        if path is not None:
            for tag, element in self._walk(path):
                if tag == "si":
                    yield _join_text(element)

    def _list_dates(self, path):
        """Yield for each style whether it writes a number as a date or a time."""
        if path is None:
            return
        codes, parents = {}, []
        for tag, element in self._walk(path):
            if tag == "numFmt":
                codes[int(element.get("numFmtId"))] = element.get("formatCode", "")
            elif tag == "cellXfs":
                parents = [int(style.get("numFmtId", 0)) for style in element]
        for number in parents:
            yield _is_date_format(codes[number]) if number in codes else number in _DATE_FORMATS

    def _read_cells(self, path, strings, dates, epoch):
        cells, row, column, last_column = {}, 0, 0, 0
        values, unsure, uncalculated = {}, [], []
        for tag, element in self._walk(path):
            if tag == "c":
                place = re.fullmatch(r"([A-Z]{1,3})(\d+)", element.get("r", ""))
                column = column + 1 if place is None else _count_column(place[1])
                value = _read_value(element, strings, dates, epoch)
                if value is _UNCALCULATED:
                    unsure.append(column)
                elif value is not None:
                    values[column] = value
            elif tag == "row":
                row, column = int(element.get("r", row + 1)), 0
                uncalculated += [(row, each) for each in unsure]
                unsure = []
                if values:
                    cells[row] = values
                    last_column = max(last_column, *values)
                    self._check_size(cells, row, last_column, values)
                    values = {}
        if uncalculated:
            named = ", ".join(f"{name_column(column)}{row}" for row, column in uncalculated[:10])
            more = f" and {len(uncalculated) - 10} more cells" if len(uncalculated) > 10 else ""
            what = (
                f"found formulas without a value in {named}{more}; a program wrote them and none has calculated them: "
                "open the file in Excel, save it and try again"
            )
            rows = sorted({row for row, _ in uncalculated})
            raise InputError([Problem(self._file, what, rows[0], rows=tuple(rows))])
        return cells

    def _check_size(self, cells, row, last_column, values):
        if len(cells) <= MOST_ROWS and last_column <= MOST_COLUMNS:
            return
        column = max(values)
        what = (
            f"found {quote(values[column])} in cell {name_column(column)}{row}; an export has at most {MOST_ROWS:,} "
            f"rows and {MOST_COLUMNS:,} columns (to {name_column(MOST_COLUMNS)}). Delete what does not belong to it"
        )
        raise InputError([Problem(self._file, what, row)])


_UNCALCULATED = object()


def _drop_blank_cells(part):
    """Yield the text of a part without blank cells and rows, of which formatted columns have millions."""
    rest = b""
    while read := part.read(1 << 14):
        whole, mark, rest = (rest + read).rpartition(b">")
        if len(rest) > LONGEST_TEXT:
            raise ValueError("a cell holds far more than the 32,767 letters that a spreadsheet's can")
        yield _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", whole + mark))
    yield rest


def _read_value(cell, strings, dates, epoch):
    parts = {_strip(part.tag): part for part in cell}
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _keep(_join_text(parts["is"])) if "is" in parts else None
    text = parts["v"].text if "v" in parts else None
    if not text:
        return _UNCALCULATED if "f" in parts and kind != "str" else None
    if kind == "s":
        return _keep(strings[int(text)])
    if kind == "str":
        return _keep(_unescape(text))
    if kind == "b":
        return text.strip() == "1"
    if kind == "d":
        return _read_iso(text)
    if kind == "e":
        return text
    number = float(text)
    style = int(cell.get("s", 0))
    if style < len(dates) and dates[style] and 0 <= number <= _LAST_DAY:
        # To the thousandth of a second, which is what the digits of a spreadsheet tell.
        since = timedelta(milliseconds=round(number * 86_400_000))
        if number < 1:
            return since
        # Excel's calendar has a 29 February 1900.
        return epoch + since + timedelta(days=epoch == _EPOCH and number < 60)
    return int(number) if math.isfinite(number) and number.is_integer() else number


def _read_iso(text):
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return text


def _keep(text):
    return text if text.strip() else None


def _join_text(element):
    """Join the runs of a text; what says how it is pronounced is not part of it."""
    runs = [element, *(part for part in element if _strip(part.tag) == "r")]
    return _unescape("".join(part.text or "" for run in runs for part in run if _strip(part.tag) == "t"))


def _unescape(text):
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _is_date_format(code):
    kept = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', "", code.lower())
    return re.search("[dmyhs]", kept) is not None


def _count_column(letters):
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _strip(name):
    return name.rpartition("}")[2]
