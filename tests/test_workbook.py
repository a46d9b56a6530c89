"""The workbook edition: what standards ask of a spreadsheet, and the same numbers as the exhibits, in both files."""

import json
import re
import shutil
import time
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal

import openpyxl
import pytest
from odfdo import Document
from python_calamine import CalamineWorkbook

from cluster_eval.publish.sheets import read_cell
from cluster_eval.publish.workbook import make_workbook

CYCLES = ("2023-24", "2024-25")
FORMATS = ("xlsx", "ods")
TABLELESS = "Cover"


@dataclass
class Seen:
    """A sheet as a reader's program finds it, of either format."""

    name: str
    rows: list[list]
    tables: dict[str, str] = field(default_factory=dict)
    decimals: dict[tuple[int, int], int] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    faults: set[str] = field(default_factory=set)
    widths: list[float] = field(default_factory=list)

    @property
    def top(self):
        """The row of the table's header."""
        [area] = self.tables.values()
        return int(re.match(r"A(\d+):", area)[1]) - 1


def make(root, cycle):
    work = root / "build" / "steps" / cycle
    sections = sorted(file.stem for file in (work / "exhibits").glob("*.json"))
    return [root / file for file in make_workbook(root, {"cycle": cycle, "sections": sections}, work, lambda _: None)]


def list_exhibits(root, cycle):
    files = sorted((root / "build" / "steps" / cycle / "exhibits").glob("*.json"))
    return [exhibit for file in files for exhibit in json.loads(file.read_text())]


def see_xlsx(file):
    book = openpyxl.load_workbook(file)
    for sheet in book:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        seen = Seen(sheet.title, rows, dict(sheet.tables.items()))
        faults = {
            "merged": sheet.merged_cells.ranges,
            "frozen": sheet.freeze_panes,
            "filtered": sheet.auto_filter.ref or any(table.autoFilter for table in sheet.tables.values()),
            "pictures": sheet._images or sheet._charts,
            "hidden": sheet.sheet_state != "visible"
            or any(each.hidden for each in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values())),
        }
        for row in sheet.iter_rows():
            for cell in row:
                faults |= {"formula": faults.get("formula") or cell.data_type == "f"}
                if isinstance(cell.value, str) and not cell.alignment.wrap_text:
                    faults["unwrapped"] = True
                if isinstance(cell.value, int | float):
                    places = cell.number_format.partition(".")[2]
                    seen.decimals[cell.row - 1, cell.column - 1] = len(places)
                    faults |= {"odd format": cell.number_format not in ("General", f"0.{'0' * len(places)}")}
                if cell.hyperlink:
                    seen.links.append(re.fullmatch(r"'(.+)'!A1", cell.hyperlink.location)[1])
        seen.faults = {fault for fault, there in faults.items() if there}
        seen.widths = [each.width for each in sheet.column_dimensions.values()]
        yield seen


def see_ods(file):
    document = Document(file)
    values = CalamineWorkbook.from_path(file)
    content, settings = (document.get_part(part).serialize().decode() for part in ("content.xml", "settings.xml"))
    for table in document.body.get_tables():
        rows = values.get_sheet_by_name(table.name).to_python(skip_empty_area=False)
        seen = Seen(table.name, rows)
        for area in document.body.get_elements("//table:database-range"):
            address = area.get_attribute("table:target-range-address")
            if address.startswith(f"'{table.name}'."):
                assert area.get_attribute("table:contains-header") is True
                name = area.get_attribute("table:name")
                seen.tables[name] = address.replace(f"'{table.name}'.", "")
                if area.get_attribute("table:display-filter-buttons") is not False or area.children:
                    seen.faults.add("filtered")
        text = table.serialize()
        faults = {
            "merged": "spanned" in text or "covered" in text,
            "frozen": re.search(r'SplitMode" config:type="short">[^0]', settings),
            "pictures": "draw:" in text,
            "hidden": "table:visibility" in text or 'table:display="false"' in content,
            "formula": "table:formula" in text,
        }
        for y, row in enumerate(table.get_rows()):
            for x, cell in enumerate(row.get_cells()):
                style = document.get_style("table-cell", cell.style)
                if style.get_properties("table-cell")["fo:wrap-option"] != "wrap":
                    faults["unwrapped"] = True
                if cell.type == "float":
                    name = style.get_attribute("style:data-style-name")
                    look = name and document.get_style("number", name).get_element("number:number")
                    seen.decimals[y, x] = int(look.get_attribute("number:decimal-places")) if look else 0
                seen.links += [
                    re.fullmatch(r"#'(.+)'\.A1", link.get_attribute("xlink:href"))[1]
                    for link in cell.get_elements("descendant::text:a")
                ]
        seen.faults |= {fault for fault, there in faults.items() if there}
        for column in table.columns:
            width = document.get_style("table-column", column.style).get_properties("table-column")[
                "style:column-width"
            ]
            seen.widths.append(float(width.removesuffix("cm")) / 0.2)
        yield seen


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
        assert not exhibit["source"] or sheet.rows[1][0] == exhibit["source"]
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
        assert len(body) == len(exhibit["table"]["data"])
        for y, (row, record) in enumerate(zip(body, exhibit["table"]["data"], strict=True), start=sheet.top + 1):
            for x, (cell, column) in enumerate(zip(row, columns, strict=True)):
                written = str(record[column])
                if re.fullmatch(r"-?\d+(\.\d+)?", written):
                    assert isinstance(cell, int | float)
                    assert f"{cell:.{sheet.decimals[y, x]}f}" == written
                else:
                    assert cell == written


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
        for sheet, seen in zip(document.body.get_tables()[1:], list(see_ods(ods))[1:], strict=True):
            for cell in sheet.get_row(seen.top).get_cells():
                style = document.get_style("table-cell", cell.style)
                assert style.get_properties("text")["fo:font-weight"] == "bold"


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


@pytest.mark.parametrize(
    ("value", "cell", "shown"),
    [
        ("2.70", Decimal("2.70"), "2.70"),
        ("-3", -3, "-3"),
        (0, 0, "0"),
        ("0", 0, "0"),
        (Decimal("0.50"), Decimal("0.50"), "0.50"),
        ("[z]", "[z]", "[z]"),
        ("81.8%", "81.8%", "81.8%"),
        ("less than 0.001", "less than 0.001", "less than 0.001"),
        ("2024-25", "2024-25", "2024-25"),
        ("007", "007", "007"),
        ("1.", "1.", "1."),
        ("12345678901234567", "12345678901234567", "12345678901234567"),
        (None, "[x]", "[x]"),
        (" ", "[x]", "[x]"),
    ],
)
def test_cells_are_numbers_only_where_nothing_is_lost(value, cell, shown):
    read = read_cell(value)
    assert (type(read), read, str(read)) == (type(cell), cell, shown)


def exhibit(label="Table 1", title="A table", source="", **columns):
    columns = columns or {"Row": ["a", "b"], "Count": ["1", "[z]"]}
    fields = [{"name": name, "type": "string"} for name in columns]
    data = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    table = {"schema": {"fields": fields}, "data": data}
    return {"name": label.lower(), "label": label, "title": title, "source": source, "alt": "", "table": table}


@pytest.fixture
def write(repository):
    """Make the workbook of crafted exhibits, and give its sheets in both formats."""

    def make_from(*exhibits, sections=None):
        work = repository / "build" / "steps" / "2024-25"
        shutil.rmtree(work, ignore_errors=True)
        (work / "exhibits").mkdir(parents=True)
        for name, listed in (sections or {"01": exhibits}).items():
            (work / "exhibits" / f"{name}.json").write_text(json.dumps(listed))
        xlsx, ods = make(repository, "2024-25")
        return list(see_xlsx(xlsx)), list(see_ods(ods))

    return make_from


WRITTEN = [
    "=1+1",
    "{=1+1}",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=HYPERLINK(A1)",
    "https://example.org",
    "mailto:a",
    "internal:Cover!A1",
    "[see](https://example.org) [and](https://example.org)",
    "$$note$$",
    "…",
    "  two  spaces",
    "two\nlines",
    "<b>&amp;</b>",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_what_somebody_wrote_stays_as_it_was_written(write, text):
    for sheets in write(exhibit(Row=[text], Words=[text], Count=["1"])):
        table = sheets[-1]
        assert table.rows[-1] == [text, text, 1]
        assert not table.faults
        assert table.links == ["Contents"]


def test_headers_and_titles_are_no_formulas_either(write):
    for sheets in write(exhibit(title="=1+1", source="=2+2. =3+3", **{"=1": ["a"], "+2": ["b"]})):
        table = sheets[-1]
        assert table.rows[0][0] == "Table 1: =1+1"
        assert table.rows[1][0] == "=2+2. =3+3"
        assert table.rows[table.top] == ["=1", "+2"]
        assert not any(sheet.faults for sheet in sheets)


def test_names_of_sheets_are_unique_short_and_allowed(write):
    labels = [
        "Notes",
        "Table 1",
        "TABLE 1",
        "Table 1",
        "Figure: [4]/5?",
        "A label that goes on and on and on, 1",
        "A label that goes on and on and on, 2",
    ]
    exhibits = [exhibit(label, title=str(place)) for place, label in enumerate(labels)]
    for sheets in write(*exhibits):
        names = [sheet.name for sheet in sheets]
        assert len({name.casefold() for name in names}) == len(names) == len(labels) + 3
        assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in names)
        assert names[3:7] == ["Notes (2)", "Table 1", "TABLE 1 (2)", "Table 1 (3)"]
        assert sheets[1].links == names[2:]
        assert len({name for sheet in sheets for name in sheet.tables}) == len(names) - 1


def test_an_exhibit_shown_in_two_sections_has_one_sheet(write):
    for sheets in write(sections={"01": [exhibit()], "02": [exhibit()], "03": []}):
        assert [sheet.name for sheet in sheets] == ["Cover", "Contents", "Notes", "Table 1"]


def test_a_table_may_have_one_row_one_column_or_blanks(write):
    for sheets in write(
        exhibit("Table 1", Row=["a"]), exhibit("Table 2", Row=["a"], Count=[None]), exhibit("Table 3", Row=[], Count=[])
    ):
        assert sheets[3].rows[-2:] == [["Row"], ["a"]]
        assert sheets[4].rows[-1] == ["a", "[x]"]
        assert sheets[5].rows[-1] == ["[x]", "[x]"]


def test_a_very_long_text_is_whole_and_wraps(write):
    text = "word " * 6000 + "end"
    for sheets in write(exhibit(Row=["a"], Words=[text])):
        assert sheets[-1].rows[-1] == ["a", text]
        assert not sheets[-1].faults
        assert max(sheets[-1].widths) <= 100


def test_sections_without_exhibits_leave_cover_contents_and_notes(write):
    for sheets in write(sections={"01": []}):
        assert [sheet.name for sheet in sheets] == ["Cover", "Contents", "Notes"]
