"""Reading text whose cells are separated by commas, however a spreadsheet saved it."""

import csv
import io
import itertools
import re

from cluster_eval.problems import InputError, Problem, quote
from cluster_eval.sources.xlsx import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, name_column

# A cell may be as long as the file.
csv.field_size_limit(MOST_BYTES)

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_SAMPLE = 1_000
_SAVE = "save the file as CSV UTF-8 (comma delimited)"


def read_rows(contents: bytes, file: str) -> list[list[str]]:
    """Read the rows of a CSV file.

    Parameters
    ----------
    contents : bytes
        The file's.
    file : str
        The file that messages name.

    Returns
    -------
    list of list of str
        Each row's cells; the first is row 1 of the spreadsheet.

    Raises
    ------
    InputError
        When it is not UTF-8 text with commas, is too large, or has cells below no heading.
    """
    if len(contents) > MOST_BYTES:
        what = f"holds {len(contents) / 1e6:,.0f} MB, where an export has less than one; keep the survey's rows alone"
        raise InputError([Problem(file, what)])
    text = _decode(contents, file)
    # A line for Excel is no row of the spreadsheet. What it says may be wrong.
    text = _DECLARED.sub("", text, count=1)
    separator = _find_separator(text)
    if separator != ",":
        name = _SEPARATORS.get(separator, quote(separator))
        raise InputError([Problem(file, f"its cells are separated by {name}; {_SAVE}")])
    return _check_widths(list(_parse(text, file)), file)


_DECLARED = re.compile(r'"?sep=.?"?(?:\r\n?|\n|$)', re.IGNORECASE)


def _decode(contents, file):
    try:
        text = contents.decode("utf-8")
    except UnicodeDecodeError as error:
        if b"\0" in contents:
            raise InputError([Problem(file, f"is not UTF-8 text; {_SAVE}")]) from None
        # What a British Excel writes where it is not told otherwise; only for the words of the message.
        text = contents.decode("cp1252", "replace")
        declared = _DECLARED.match(text)
        skipped = declared.end() if declared else 0
        row, cell = _find_cell(text[skipped:], error.start - skipped)
        what = f"found {quote(cell)}, which is not UTF-8 text; {_SAVE}"
        raise InputError([Problem(file, what, row)]) from None
    if text.count("\0") > len(text) // 4:
        raise InputError([Problem(file, f"is not UTF-8 text; {_SAVE}")])
    return text.lstrip("\ufeff")


def _find_cell(text, place):
    """Find the row of the spreadsheet in which a character stands, and the letters around it in its cell."""
    marked = text[:place] + "\0" + text[place:]
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(marked, newline=""), delimiter=_find_separator(text)), 1):
            for cell in cells:
                before, mark, after = cell.partition("\0")
                if mark:
                    return row, before[-30:] + after[:30]
    except csv.Error:
        pass
    return None, text[max(place - 30, 0) : place + 30]


def _find_separator(text):
    """Find the mark that makes the most rows as long as the first."""

    def measure(mark):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        try:
            widths = [len(cells) for cells in itertools.islice(reader, _SAMPLE) if any(cells)]
        except csv.Error:
            return 0
        if not widths or widths[0] < 2:
            return 0
        return sum(width == widths[0] for width in widths) / len(widths)

    # The first of equals: commas.
    return max(_SEPARATORS, key=measure)


def _parse(text, file):
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            if row > MOST_ROWS:
                raise InputError([Problem(file, f"holds more than {MOST_ROWS:,} rows", row)])
            yield cells
    except csv.Error as error:
        what = (
            f"quotation marks do not match ({error}); text that has commas or quotation marks in it stands in "
            "quotation marks, and each of its own quotation marks twice"
        )
        raise InputError([Problem(file, what, row + 1)]) from None


def _check_widths(rows, file):
    width = len(rows[0]) if rows else 0
    if width > MOST_COLUMNS:
        what = f"holds {width:,} columns; an export has at most {MOST_COLUMNS:,} (to {name_column(MOST_COLUMNS)})"
        raise InputError([Problem(file, what, 1)])
    for cells in rows:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
    long = {row: len(cells) for row, cells in enumerate(rows, start=1) if len(cells) > width > 0}
    why = (
        "cells are separated by commas, and text that has commas or quotation marks in it stands in quotation marks"
        if len(long) <= len(rows) / 2
        else "the headings must be the first row: delete what stands above them"
    )
    if long:
        raise InputError(
            Problem(file, f"found {n} cells below {width} heading{'s' * (width > 1)}; {why}", row)
            for row, n in long.items()
        )
    return rows
