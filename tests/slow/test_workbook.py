"""The workbook of both cycles: what standards ask of a spreadsheet, and the same numbers as the exhibits."""

import re
import time
import zipfile
from functools import cache

import openpyxl
import pytest
from odfdo import Document

from cluster_eval.words.language import ENGLISH
from cluster_eval.words.written import read_rows
from tests.helpers import CYCLES
from tests.test_workbook import FORMATS, TABLELESS, list_exhibits, make, see_ods, see_xlsx


@pytest.fixture(scope="module")
def made(own_built_root):
    return {cycle: make(own_built_root, cycle) for cycle in CYCLES}


@pytest.fixture(scope="module")
def looked(made):
    return {
        (cycle, file.suffix[1:]): list({"xlsx": see_xlsx, "ods": see_ods}[file.suffix[1:]](file))
        for cycle, files in made.items()
        for file in files
    }


@pytest.fixture(params=[(cycle, suffix) for cycle in CYCLES for suffix in FORMATS], ids="-".join)
def sheets(request, looked):
    return looked[request.param]


@pytest.fixture(params=[(cycle, suffix) for cycle in CYCLES for suffix in FORMATS], ids="-".join)
def with_exhibits(request, looked, own_built_root):
    return looked[request.param], list_exhibits(own_built_root, request.param[0])


def with_tables(sheets):
    return [sheet for sheet in sheets if sheet.name != TABLELESS]


def test_both_files_are_told_relative_to_the_root(made, own_built_root):
    expected = [f"build/steps/2024-25/editions/tables.{suffix}" for suffix in FORMATS]
    assert [file.relative_to(own_built_root).as_posix() for file in made["2024-25"]] == expected


def test_sheets_are_cover_contents_notes_and_one_for_each_exhibit(with_exhibits):
    sheets, exhibits = with_exhibits
    assert [sheet.name for sheet in sheets] == ["Cover", "Contents", "Notes", *(each["label"] for each in exhibits)]


def test_each_sheet_but_the_cover_has_one_named_table(sheets):
    assert not sheets[0].tables
    names = [name for sheet in with_tables(sheets) for name in sheet.tables]
    assert len(names) == len({name.casefold() for name in names}) == len(sheets) - 1
    assert all(re.fullmatch(r"[A-Za-z]\w*", name) for name in names)


def test_the_marked_up_table_reaches_to_the_end_of_the_sheet(sheets):
    for sheet in with_tables(sheets):
        [area] = sheet.tables.values()
        last = openpyxl.utils.get_column_letter(len(sheet.rows[-1])) + str(len(sheet.rows))
        assert area == f"A{sheet.top + 1}:{last}"


def test_titles_stand_in_a1_and_the_source_below(with_exhibits):
    sheets, exhibits = with_exhibits
    for sheet, exhibit in zip(sheets[3:], exhibits, strict=True):
        assert sheet.rows[0][0] == f"{exhibit['label']}: {exhibit['title']}"
        source = " ".join(filter(None, (exhibit["source"], exhibit["notes"])))
        assert not source or sheet.rows[1][0] == source
    assert all(sheet.rows[0][0] for sheet in sheets)


def test_header_cells_are_unique_and_not_blank(sheets):
    for sheet in with_tables(sheets):
        header = sheet.rows[sheet.top]
        assert all(header)
        assert len({str(name).casefold() for name in header}) == len(header)


def test_no_row_or_column_is_blank(sheets):
    for sheet in sheets:
        assert all(row[0] not in (None, "") for row in sheet.rows)
    for sheet in with_tables(sheets):
        assert all(cell not in (None, "") for row in sheet.rows[sheet.top :] for cell in row)
        # What stands above the table is in the first column alone.
        assert not any(cell for row in sheet.rows[: sheet.top] for cell in row[1:])


@pytest.mark.parametrize(
    "fault", ["merged", "frozen", "filtered", "pictures", "hidden", "formula", "unwrapped", "odd format"]
)
def test_no_sheet_has(fault, sheets):
    assert [sheet.name for sheet in sheets if fault in sheet.faults] == []


def test_columns_are_neither_too_narrow_nor_too_wide(sheets):
    for sheet in with_tables(sheets):
        for place, width in enumerate(sheet.widths):
            words = str(sheet.rows[sheet.top][place]).split()
            assert max(map(len, words)) <= width <= 100


def test_contents_lead_to_every_sheet_and_all_links_to_one(sheets):
    names = [sheet.name for sheet in sheets]
    [contents] = [sheet for sheet in sheets if sheet.name == "Contents"]
    assert contents.links == names[2:]
    assert [row[0] for row in contents.rows[contents.top + 1 :]] == names[2:]
    assert all(sheet.links for sheet in sheets)
    assert {link for sheet in sheets for link in sheet.links} <= set(names)


def test_every_cell_is_that_of_the_exhibit(with_exhibits):
    sheets, exhibits = with_exhibits
    for sheet, exhibit in zip(sheets[3:], exhibits, strict=True):
        columns = [each["name"] for each in exhibit["table"]["schema"]["fields"]]
        assert sheet.rows[sheet.top] == columns
        body = sheet.rows[sheet.top + 1 :]
        rows = list(read_rows(exhibit["table"], ENGLISH))
        assert len(body) == len(rows)
        for y, (row, wanted) in enumerate(zip(body, rows, strict=True), start=sheet.top + 1):
            for x, (cell, value) in enumerate(zip(row, wanted, strict=True)):
                if isinstance(value, str):
                    assert cell == value
                else:
                    assert isinstance(cell, int | float)
                    assert f"{cell:.{sheet.decimals[y, x]}f}" == str(value)


def test_the_cover_says_what_when_and_who(looked):
    for (cycle, _), sheets in looked.items():
        text = "\n".join(row[0] for row in sheets[0].rows)
        assert text.startswith(f"Cluster self-reflection {cycle}")
        for words in (
            "sample data",
            "Public Health Wales, Primary Care Division evaluation team",
            "web pages",
            "Word document",
            "another format",
            f"{cycle} cycle",
        ):
            assert words in text
    assert "1 April 2025 to 31 May 2025" in "\n".join(row[0] for row in looked["2024-25", "ods"][0].rows)


def test_the_notes_explain_symbols_bases_and_single_tables(with_exhibits):
    sheets, exhibits = with_exhibits
    [notes] = [sheet for sheet in sheets if sheet.name == "Notes"]
    told = dict(row[:2] for row in notes.rows[notes.top + 1 :])
    assert {"[c]", "[u]", "[x]", "[z]", "Base", "Percentages", "Rounding"} <= told.keys()
    assert told["Percentages"] == "Every percentage stands with its base. Below a base of 30, only counts are given."
    for exhibit in exhibits:
        if "Base:" in exhibit["source"]:
            assert exhibit["source"].endswith(told[exhibit["label"]])


def test_documents_have_title_author_language_and_a_date_of_the_data(made):
    author = "Public Health Wales, Primary Care Division evaluation team"
    for cycle, (xlsx, ods) in made.items():
        book = openpyxl.load_workbook(xlsx)
        about = book.properties
        assert (about.title, about.creator) == (f"Cluster self-reflection {cycle}", author)
        assert book.custom_doc_props["Language"].value == "en-GB"
        document = Document(ods)
        meta = document.meta
        assert (meta.title, meta.creator, meta.initial_creator) == (about.title, author, author)
        assert meta.language == document.language == "en-GB"
        assert about.created == about.modified == meta.creation_date == meta.date
    assert about.created.isoformat() == "2025-05-31T00:00:00"


def test_header_cells_are_bold_in_both(made):
    for xlsx, ods in made.values():
        for sheet in list(openpyxl.load_workbook(xlsx))[1:]:
            [table] = sheet.tables.values()
            assert all(cell.font.bold for cell in sheet[table.ref][0])
        document = Document(ods)
        find_style = cache(lambda name, document=document: document.get_style("table-cell", name))
        for sheet, seen in zip(document.body.get_tables()[1:], list(see_ods(ods))[1:], strict=True):
            for cell in sheet.get_row(seen.top).get_cells():
                assert find_style(cell.style).get_properties("text")["fo:font-weight"] == "bold"


def test_the_same_exhibits_make_the_same_bytes(made, own_built_root):
    before = [file.read_bytes() for file in made["2024-25"]]
    for file in made["2024-25"]:
        file.unlink()
    # Zip files count in steps of two seconds.
    time.sleep(2)
    assert [file.read_bytes() for file in make(own_built_root, "2024-25")] == before


def test_zip_members_have_no_date(made):
    for file in made["2024-25"]:
        with zipfile.ZipFile(file) as members:
            assert {member.date_time for member in members.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            if file.suffix == ".ods":
                first = members.infolist()[0]
                assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
