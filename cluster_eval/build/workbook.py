"""Makes the workbook edition of a report: every exhibit's table, as an Excel and as an OpenDocument spreadsheet."""

import io
import json
import re
import warnings
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pandas as pd

from cluster_eval.build.cache import replace_whole
from cluster_eval.build.notices import write_notices
from cluster_eval.build.opendocument import write_ods
from cluster_eval.build.plan import WORKBOOK
from cluster_eval.build.sheets import (
    COVER_WIDTH,
    Cover,
    Link,
    Sheet,
    Workbook,
    count_lines,
    describe_workbook,
)
from cluster_eval.notebook.edition import open_edition
from cluster_eval.words.formats import SHORTENED

with warnings.catch_warnings():
    # gptables leaves a file open when it is imported.
    warnings.simplefilter("ignore", ResourceWarning)
    import gptables
    from gptables.core.gptable import FormatList

# gptables wraps neither titles nor what stands below them, and puts the source last.
THEME = {
    "title": {"font_size": 14, "text_wrap": True, "valign": "top"},
    "source": {"text_wrap": True, "valign": "top"},
    "instructions": {"text_wrap": True, "valign": "top"},
    "scope": {"text_wrap": True, "valign": "top"},
    "data": {"valign": "top"},
    "cover_text": {"valign": "top"},
    "description_order": ["source", "instructions", "scope"],
}
# Text that somebody wrote is never taken for a formula, an address or a number.
AS_WRITTEN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
ARIAL_12 = 1.15
"""How much wider a character is than in Excel's own font, of which its columns' widths are counted."""
LINE, HEADING, HIGHEST = 16, 21, 409
"""Points that a line takes, and that a row can have."""
A4 = 9


def make_workbook(root: Path, given: dict, work: Path, tell: Callable[[str], None]) -> list[str]:
    """Make the workbook edition of a cycle's report.

    Parameters
    ----------
    root : Path
        The repository's root.
    given : dict
        cycles, the newest last; scope; language; sections, the names of those that have a file of exhibits, in
        reading order.
    work : Path
        The folder of what is made on the way.
    tell : callable
        Called with the file that is being written.

    Returns
    -------
    list of str
        The files written, relative to the root.
    """
    files = [work / "exhibits" / f"{section}.json" for section in given["sections"]]
    # As decimals, numbers keep the places that they are written with.
    exhibits = [each for file in files for each in json.loads(file.read_text("utf-8"), parse_float=Decimal)]
    edition = open_edition(root, given)
    workbook = describe_workbook(edition, exhibits)
    end = edition.language.say(SHORTENED)
    shortened = [sheet.name for sheet in workbook.sheets if _is_shortened(sheet, end)]
    told = [f"tables.xlsx and tables.ods, {name}: a cell is shortened, since it holds too much" for name in shortened]
    made = [file.relative_to(root).as_posix() for file in write_notices(work, WORKBOOK, told)]
    for name, write in {"tables.xlsx": write_xlsx, "tables.ods": write_ods}.items():
        tell(name)
        replace_whole(work / "editions" / name, write(workbook))
        made.append((work / "editions" / name).relative_to(root).as_posix())
    return made


def _is_shortened(sheet, end):
    return any(str(cell).endswith(end) for row in [sheet.columns, *sheet.rows] for cell in row)


def write_xlsx(workbook: Workbook) -> bytes:
    """Write a workbook as an Excel file.

    Parameters
    ----------
    workbook : Workbook
        What to write.

    Returns
    -------
    bytes
        The file; the same for the same workbook.
    """
    file = io.BytesIO()
    # Not by `gptables.produce_workbook`: it warns of a workbook without notes and of notes that no cell refers to,
    # numbers all notes, and leaves them out of the contents.
    book = gptables.GPWorkbook(file, options=AS_WRITTEN)
    theme = deepcopy(book.theme)
    theme.apply_config(deepcopy(THEME))
    book.set_theme(theme)
    book.set_properties({"title": workbook.title, "author": workbook.author, "created": workbook.created})
    book.set_custom_property("Language", workbook.language)
    _lay_out_page(_write_cover(book, workbook.cover))
    with warnings.catch_warnings():
        # gptables asks of pandas what has no effect from version 3 on.
        warnings.simplefilter("ignore", pd.errors.Pandas4Warning)
        for sheet in workbook.sheets:
            _lay_out_page(_write_sheet(book, sheet))
    book.close()
    return file.getvalue()


def _write_cover(book, cover: Cover):
    introduction, about, contact = ([_hand_over(line) for line in lines] for lines in cover.parts.values())
    page = book.add_worksheet(cover.name)
    page.write_cover(
        gptables.Cover(_hand_over(cover.title), introduction, about, contact, cover.name, COVER_WIDTH * ARIAL_12)
    )
    heights = [HEADING]
    for lines in cover.parts.values():
        heights += [HEADING, *(LINE * count_lines(line, COVER_WIDTH) for line in lines)]
    _set_heights(page, heights)
    return page


def _write_sheet(book, sheet: Sheet):
    table = pd.DataFrame(
        [[_hand_over(cell) for cell in row] for row in sheet.rows], columns=sheet.columns, dtype=object
    )
    page = book.add_worksheet(sheet.name)
    page.write_gptable(
        gptables.GPTable(
            table,
            sheet.table,
            _part(sheet.title),
            # An empty source would leave a blank row.
            source=_part(sheet.source) if sheet.source else None,
            instructions=sheet.instructions,
            scope=f"[{sheet.back.text}]({_address(sheet.back)})" if sheet.back else None,
            index_columns={},
            additional_formatting=[*_align(sheet), *_keep_decimals(sheet)],
        ),
        # A column as wide as its longest text would be wider than a screen.
        auto_width=False,
    )
    for place, width in enumerate(sheet.measure_columns()):
        page.set_column(place, place, width * ARIAL_12)
    title, *others = sheet.count_lines()
    _set_heights(page, [HEADING * title, *(LINE * count for count in others)])
    return page


def _set_heights(page, heights):
    # Excel finds the height of wrapped text by itself, and LibreOffice does not: lines would lie over each other.
    for row, height in enumerate(heights):
        page.set_row(row, min(height, HIGHEST))


def _hand_over(cell):
    """Give gptables a cell; as a rich text, it does not look for links and notes in what somebody wrote."""
    if isinstance(cell, Link):
        return {cell.text: _address(cell)}
    return FormatList(_part(cell)) if isinstance(cell, str) else cell


def _part(text):
    """Part text between two dollar signs, between pairs of which gptables looks for the names of notes."""
    return [each for part in re.split(r"(?<=\$)(?=\$)", text) for each in ({}, part)]


def _address(link):
    return f"internal:'{link.sheet}'!A1"


def _align(sheet):
    # Text is indented, so that it does not touch numbers at the right of the column before.
    looks = [{"align": "right"} if numeric else {"align": "left", "indent": 1} for numeric in sheet.find_numeric()]
    looks[0] = {"align": "left"}
    return [{"column": {"columns": [place], "include_names": True, "format": look}} for place, look in enumerate(looks)]


def _keep_decimals(sheet):
    # One by one: of several cells, gptables formats the last alone.
    return [
        {"cell": {"cells": (row, column), "format": {"num_format": f"0.{'0' * -cell.as_tuple().exponent}"}}}
        for row, cells in enumerate(sheet.rows, start=1)
        for column, cell in enumerate(cells)
        if isinstance(cell, Decimal)
    ]


def _lay_out_page(page):
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
