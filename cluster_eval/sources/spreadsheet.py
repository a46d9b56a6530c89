"""Reading a spreadsheet's cells, and checking a table of text against a schema."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from cluster_eval.folding import fold_heading, tidy_text
from cluster_eval.problems import InputError, Problem, list_rows, quote, suggest, tell_cells
from cluster_eval.repository import find_file
from cluster_eval.sources.separated import read_rows
from cluster_eval.sources.xlsx import MOST_BYTES, PROTECTED, name_column, read_sheet
from cluster_eval.words import noticed as noticed_words
from cluster_eval.words.said import say_in_english

MOST_HEADINGS = 10
"""Of the headings that a file has, so many are named where others are wanted."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# UTF-8 that was read as Windows-1252 once: a letter that stands for the first byte of several, and as many as it asks
# for that stand for others; or what stands where a letter could not be read at all.
_OTHERS = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\ufffd]"
_GARBLED = re.compile(f"[Â-ß]{_OTHERS}|[à-ï]{_OTHERS}{{2}}|[ð-ô]{_OTHERS}{{3}}|\ufffd")


class Noticed(NamedTuple):
    """What reading noticed, for the table of data quality.

    Attributes
    ----------
    check : str
        What was checked, in a word or two.
    row : int or None
        The row of the export; None where there is none, or are several.
    detail : str
        What was found; it is published.
    action : str
        What was done.
    found : str
        What a respondent wrote that is not published; for who validates the data.
    """

    check: str
    row: int | None
    detail: str
    action: str
    found: str = ""


class Reading(NamedTuple):
    """A file's table, and what reading it noticed."""

    table: pd.DataFrame
    noticed: list[Noticed]


@dataclass(frozen=True)
class Cells:
    """A spreadsheet as it stands.

    Attributes
    ----------
    headings : dict of int to str
        Column, counted from 1, to its trimmed heading; one without a heading has none here.
    table : DataFrame
        Its columns are those in which anything stands, counted from 1, and its index the numbers of the rows in which
        anything stands; every cell as found, control characters taken out, blank cells missing.
    noticed : list of Noticed
        What is odd about the text.
    place : str
        Where the headings stand, in words.
    """

    headings: dict[int, str]
    table: pd.DataFrame
    noticed: list[Noticed]
    place: str = "the first row"


def read_cells(root: Path, file: Path) -> Cells:
    """Read a workbook's first visible worksheet, or a CSV file, as it stands.

    Parameters
    ----------
    root : Path
        The repository's root.
    file : Path
        The file, relative to the root.

    Returns
    -------
    Cells
        Its headings and cells.

    Raises
    ------
    InputError
        When the file is neither a workbook nor UTF-8 text with commas, is too large, or holds no heading.
    """
    name = file.as_posix()
    contents = _read_bytes(find_file(root, file), name)
    noticed, place = [], "the first row"
    if contents.startswith(_ZIP):
        sheet = read_sheet(contents, name)
        filled, place = sheet.cells, f'the first row of the worksheet "{sheet.name}"'
        if sheet.others:
            others = f"the workbook also has {', '.join(sheet.others)}"
            place += f", which is the first that is not hidden ({others})"
            about = {"sheet": sheet.name, "file": name, "others": ", ".join(sheet.others)}
            detail = say_in_english(noticed_words.WORKSHEET, **about)
            noticed.append(Noticed("worksheets", None, detail, "not read"))
    elif contents.startswith(_OLE):
        raise InputError([Problem(name, PROTECTED)])
    elif file.suffix.lower() == ".csv":
        filled = {
            row: {column: cell for column, cell in enumerate(cells, start=1) if cell.strip()}
            for row, cells in enumerate(read_rows(contents, name), start=1)
        }
        filled = {row: cells for row, cells in filled.items() if cells}
    else:
        what = "is empty" if not contents else "is not a workbook"
        raise InputError([Problem(name, f"{what}; download the export again as .xlsx, or name a file ending in .csv")])
    if 1 not in filled:
        raise InputError(
            [Problem(name, f"{place} holds no headings" if filled else f"is empty; {place} holds nothing")]
        )
    headings = {column: str(cell).strip() for column, cell in filled.pop(1).items()}
    for column, heading in headings.items():
        if points := sorted({f"U+{ord(letter):04X}" for letter in _CONTROLS.findall(heading)}):
            headings[column] = _CONTROLS.sub("", heading).strip()
            about = {"points": ", ".join(points), "column": name_column(column), "file": name}
            detail = say_in_english(noticed_words.CONTROLS_IN_HEADING, **about)
            noticed.append(Noticed("control characters", 1, detail, "taken out"))
    columns = sorted(set(headings).union(*filled.values()))
    table = pd.DataFrame(
        [[cells.get(column) for column in columns] for cells in filled.values()],
        columns=columns,
        index=pd.Index(filled, name="row", dtype=int),
        dtype=object,
    )
    return Cells(headings, *_clean(name, headings, table, noticed), place)


def _read_bytes(path, name):
    with path.open("rb") as opened:
        contents = opened.read(MOST_BYTES + 1)
    if len(contents) > MOST_BYTES:
        what = f"holds more than {MOST_BYTES // 1_000_000} MB, where an export has less than one; keep the survey alone"
        raise InputError([Problem(name, what)])
    return contents


def _clean(name, headings, table, noticed):
    """Take control characters out of text, which no format that is published can hold, and look for garbled text."""
    for column in table.columns:
        controls, garbled, points = {}, [], set()
        for row, cell in table[column].items():
            if not isinstance(cell, str) or (cell.isascii() and cell.isprintable()):
                continue
            if _GARBLED.search(cell):
                garbled.append(row)
            # Some of them part words or lines.
            cleaned = _CONTROLS.sub(lambda found: " " if found[0].isspace() else "", cell)
            if cleaned != cell:
                points.update(f"U+{ord(letter):04X}" for letter in _CONTROLS.findall(cell))
                controls[row] = cleaned if cleaned.strip() else None
        where = {"column": headings.get(column) or f"column {name_column(column)}", "file": name}
        if controls:
            table.loc[list(controls), column] = pd.Series(controls, dtype=object)
            about = {"points": ", ".join(sorted(points)), "rows": list_rows(controls)}
            detail = say_in_english(noticed_words.CONTROLS, **about, **where)
            noticed.append(Noticed("control characters", _name_one(controls), detail, "taken out"))
        if garbled:
            detail = say_in_english(noticed_words.GARBLED, rows=list_rows(garbled), **where)
            noticed.append(Noticed("garbled text", _name_one(garbled), detail, "kept"))
    return table, noticed


def _name_one(rows):
    return next(iter(rows)) if len(rows) == 1 else None


def read_table(
    root: Path, file: Path, schema: pa.DataFrameSchema, recognise: dict[str, Callable] | None = None
) -> Reading:
    """Read a CSV file of text and check it against a schema.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.
    schema : pandera.DataFrameSchema
        The columns that are wanted; others are left out.
    recognise : dict of str to callable, optional
        Column name to a function that puts its cells into their standard form first.

    Returns
    -------
    Reading
        Of the schema's columns those that are there, blank cells missing, white space tidied; the index holds the
        rows' numbers.

    Raises
    ------
    InputError
        When a column is missing or twice, or a cell fails its check.
    """
    required = [name for name, column in schema.columns.items() if column.required]
    table, noticed = read_columns(root, file, list(schema.columns), required)
    table = table.map(tidy_text, na_action="ignore")
    for column, function in (recognise or {}).items():
        table[column] = table[column].map(function, na_action="ignore")
    return Reading(validate(file.as_posix(), schema, table, {column: column for column in table.columns}), noticed)


def read_columns(root: Path, file: Path, names: list[str], required: list[str]) -> Reading:
    """Read columns of a file by their names.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.
    names : list of str
        The columns that are wanted; others are left out.
    required : list of str
        Those that must be there.

    Returns
    -------
    Reading
        The columns that are there, and the rows in which any of them holds something.

    Raises
    ------
    InputError
        When a column is missing or twice.
    """
    cells, problems, columns = read_cells(root, file), [], {}
    found = ", ".join(map(quote, list(cells.headings.values())[:MOST_HEADINGS]))
    for name in names:
        places = [column for column, heading in cells.headings.items() if fold_heading(heading) == fold_heading(name)]
        if len(places) > 1:
            listed = " and ".join(map(name_column, places))
            what = f"the column is there {len(places)} times, as {listed}; keep one"
            problems.append(Problem(file.as_posix(), what, 1, name))
        elif places:
            columns[name] = places[0]
        elif name in required:
            problems.append(Problem(file.as_posix(), f"the column is missing; found: {found}", heading=name))
    if not columns:
        what = f"none of its columns is there ({', '.join(names)}); found: {found}"
        problems = [Problem(file.as_posix(), what, 1)]
    if problems:
        raise InputError(problems)
    table = cells.table[list(columns.values())].set_axis(list(columns), axis="columns")
    return Reading(table[table.notna().any(axis="columns")], cells.noticed)


def validate(file: str, schema: pa.DataFrameSchema, table: pd.DataFrame, headings: dict[str, str]) -> pd.DataFrame:
    """Check a table against a schema, and turn what fails into problems.

    Parameters
    ----------
    file : str
        The file that messages name.
    schema : pandera.DataFrameSchema
        Columns and their checks.
    table : DataFrame
        The table; its index holds the rows' numbers in the spreadsheet.
    headings : dict of str to str
        Column name to the heading that messages name.

    Returns
    -------
    DataFrame
        The table, as text.

    Raises
    ------
    InputError
        With a problem for each value of a column that fails, or one for a column in which many do.
    """
    try:
        return schema.validate(table.astype("str"), lazy=True)
    except SchemaErrors as error:
        failures = error.failure_cases.sort_values("index", kind="stable")
    problems = []
    for (column, check), failed in failures.groupby(["column", "check"], sort=False):
        heading, rows = headings[column], [None if pd.isna(row) else int(row) for row in failed["index"]]
        if check == "not_nullable":
            problems.append(Problem(file, "is blank, and must not be", rows[0], heading, tuple(rows)))
            continue
        found = dict(zip(rows, failed["failure_case"], strict=True))
        if check == "field_uniqueness":
            problems += tell_cells(file, heading, found, "an earlier row has it as well")
        elif check.startswith("isin"):
            words = schema.columns[column].checks[int(failed["check_number"].iloc[0])].statistics["allowed_values"]
            accepted = f"accepted: {', '.join(words)}"
            problems += tell_cells(file, heading, found, accepted, partial(suggest, accepted=words))
        else:
            problems += tell_cells(file, heading, found, f"accepted: {check}")
    raise InputError(problems)


def accept(words: Iterable[str]):
    """Check that a cell is one of some words; a failure names the nearest of them.

    Parameters
    ----------
    words : iterable of str
        What a cell may hold.

    Returns
    -------
    pandera.Check
        For a column of a schema.
    """
    return pa.Check.isin(tuple(words))


def unique_column(*checks):
    """Make a column of text in which each cell after the first of its kind is a problem.

    Parameters
    ----------
    *checks : pandera.Check
        Further checks of each cell.

    Returns
    -------
    pandera.Column
        For a schema.
    """
    return pa.Column(str, list(checks), unique=True, report_duplicates="exclude_first")
