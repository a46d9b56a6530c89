"""Reading a spreadsheet's cells, and checking a table of text against a schema."""

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from cluster_eval.problems import InputError, Problem, suggest


def tidy_text(value: str) -> str:
    """Collapse white space of every kind to single spaces, and trim.

    Parameters
    ----------
    value : str
        Any text.

    Returns
    -------
    str
        The text, its words as they were.
    """
    return " ".join(str(value).split())


def read_cells(root: Path, file: Path) -> pd.DataFrame:
    """Read a workbook's first sheet, or a CSV file, as it stands.

    Parameters
    ----------
    root : Path
        The repository's root.
    file : Path
        The file, relative to the root.

    Returns
    -------
    DataFrame
        Columns named by the trimmed headings, every cell as found, blank cells missing; the index `row` holds
        the rows' numbers in the spreadsheet, where the heading row is 1.

    Raises
    ------
    InputError
        When the file is neither a workbook nor UTF-8 text with commas, or holds no heading.
    """
    path = root / file
    try:
        if path.suffix.lower() == ".csv":
            cells = _read_csv(path, str(file))
        else:
            cells = pd.read_excel(path, header=None, dtype=object, na_filter=False, engine="calamine")
            for row, column, error in _find_errors(path):
                cells.iat[row - 1, column - 1] = error
    except pd.errors.EmptyDataError:
        raise InputError([Problem(str(file), "is empty")]) from None
    except InputError:
        raise
    except Exception as error:
        # calamine's own exception classes differ by what is wrong with the archive.
        what = f"is not a workbook that can be opened ({error}); download the export again as .xlsx"
        raise InputError([Problem(str(file), what)]) from None
    cells = cells.map(lambda cell: None if isinstance(cell, str) and not cell.strip() else cell)
    cells = cells.astype(object).where(cells.notna(), None)
    if cells.empty or cells.iloc[0].isna().all():
        raise InputError([Problem(str(file), "the first row (of a workbook, of its first sheet) holds no headings")])
    headings = ["" if heading is None else str(heading).strip() for heading in cells.iloc[0]]
    table = cells.iloc[1:].set_axis(headings, axis="columns")
    table.index = pd.RangeIndex(2, 2 + len(table), name="row")
    filled = table.index[table.notna().any(axis="columns")]
    return table.loc[: filled[-1]] if len(filled) else table.iloc[:0]


def _find_errors(path):
    """Find cells such as `#N/A`, where a formula failed: calamine takes them for blank ones."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    if not any(b't="e"' in sheet for sheet in sheets):
        return []
    # Slow, and only needed where there is one.
    import openpyxl

    rows = openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows()
    return [(cell.row, cell.column, cell.value) for row in rows for cell in row if cell.data_type == "e"]


def _read_csv(path, file):
    contents = path.read_bytes()
    try:
        text = contents.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in contents:
            raise InputError([Problem(file, "is not UTF-8 text; save the file as CSV UTF-8")]) from None
        # What a British Excel writes where it is not told otherwise; only for the words of the message.
        start = contents.rfind(b"\n", 0, error.start) + 1
        line = contents[start:].splitlines()[0].decode("cp1252", "replace")
        place = max(0, error.start - start - 20)
        what = f'found "{line[place : place + 40].strip()}", which is not UTF-8 text; save the file as CSV UTF-8'
        raise InputError([Problem(file, what, contents.count(b"\n", 0, error.start) + 1)]) from None
    first = text.partition("\n")[0]
    names = {",": "commas", ";": "semicolons", "\t": "tabs"}
    separator = max(names, key=lambda mark: len(next(csv.reader([first], delimiter=mark), ())))
    if separator != ",":
        what = f"its cells are separated by {names[separator]}; save it as CSV UTF-8, with commas"
        raise InputError([Problem(file, what)])
    try:
        return pd.read_csv(io.StringIO(text), header=None, dtype=object, keep_default_na=False, skip_blank_lines=False)
    except pd.errors.ParserError:
        width = len(next(csv.reader([first])))
        reader = csv.reader(io.StringIO(text))
        rows = [(row, len(cells)) for row, cells in enumerate(reader, start=1) if len(cells) > width]
        what = (
            "cells are separated by commas, and text that has commas or quotation marks in it stands in quotation marks"
        )
        if not rows:
            raise InputError([Problem(file, f"is not a CSV file: {what}")]) from None
        problems = [Problem(file, f"found {found} cells below {width} headings; {what}", row) for row, found in rows]
        raise InputError(problems) from None


def read_table(root, file, schema, recognise=None):
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
    DataFrame
        Of the schema's columns those that are there, blank cells missing, white space tidied; the index holds the
        rows' numbers.

    Raises
    ------
    InputError
        When a column is missing or a cell fails its check.
    """
    table = read_cells(root, file)
    table = table.rename(columns=lambda heading: heading.strip())
    missing = [name for name, column in schema.columns.items() if column.required and name not in table.columns]
    if missing:
        found = ", ".join(table.columns)
        raise InputError([Problem(str(file), f"the column is missing; found: {found}", heading=h) for h in missing])
    table = table[[name for name in schema.columns if name in table.columns]]
    table = table[table.notna().any(axis="columns")]
    table = table.map(lambda cell: None if cell is None else tidy_text(cell))
    for column, function in (recognise or {}).items():
        table[column] = table[column].map(function, na_action="ignore")
    return validate(str(file), schema, table, {column: column for column in table.columns})


def validate(file, schema, table, headings, found=None):
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
    found : DataFrame, optional
        The cells as they stood before recognition, where those are what a message should quote.

    Returns
    -------
    DataFrame
        The table, as text.

    Raises
    ------
    InputError
        With one problem for each cell that fails.
    """
    try:
        return schema.validate(table.astype("str"), lazy=True)
    except SchemaErrors as error:
        failures = error.failure_cases.sort_values("index", kind="stable")
    problems = []
    for failure in failures.itertuples():
        row = None if pd.isna(failure.index) else int(failure.index)
        value = failure.failure_case if found is None else found.loc[row, failure.column]
        if failure.check == "not_nullable":
            what = "is blank, and must not be"
        elif failure.check == "field_uniqueness":
            what = f'found "{value}", which an earlier row has as well'
        elif failure.check.startswith("isin"):
            accepted = schema.columns[failure.column].checks[failure.check_number].statistics["allowed_values"]
            what = f'found "{value}"; {suggest(str(value), accepted)}'
        else:
            what = f'found "{value}"; accepted: {failure.check}'
        problems.append(Problem(file, what, row, headings[failure.column]))
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
