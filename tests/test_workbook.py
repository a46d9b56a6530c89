"""The workbook edition: what standards ask of a spreadsheet, and the same numbers as the exhibits, in both files."""

import json
import re
import shutil
from dataclasses import dataclass, field
from decimal import Decimal

import openpyxl
import pytest
from odfdo import Document
from python_calamine import CalamineWorkbook

from cluster_eval.build.workbook import make_workbook
from cluster_eval.values import Kind
from cluster_eval.words.numbers import read_cell

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
    given = {"cycles": [cycle], "language": "en", "sections": sections}
    return [root / file for file in make_workbook(root, given, work, lambda _: None)]


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


@pytest.mark.parametrize(
    ("value", "kind", "cell"),
    [
        (Decimal("2.7"), Kind.SCORE, Decimal("2.70")),
        (-3, Kind.POINTS, -3),
        (Decimal("0.5"), Kind.NUMBER_1, Decimal("0.5")),
        (Decimal("0.3"), Kind.P, Decimal("0.30")),
        (Decimal("0.05"), Kind.P, Decimal("0.050")),
        (Decimal("0.25"), Kind.AS_GIVEN, Decimal("0.25")),
        ("[z]", Kind.SCORE, "[z]"),
        ("007", Kind.TEXT, "007"),
        ("2024-25", Kind.TEXT, "2024-25"),
    ],
)
def test_numbers_have_the_decimals_of_their_kind_and_text_is_text(value, kind, cell):
    read = read_cell(value, kind)
    assert (type(read), str(read)) == (type(cell), str(cell))


def exhibit(label="Table 1", title="A table", source="", **columns):
    columns = columns or {"Row": ["a", "b"], "Count": [1, "[z]"]}
    fields = [{"name": name, "kind": "count" if name == "Count" else "text"} for name in columns]
    data = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    table = {"schema": {"fields": fields}, "data": data}
    return {
        "name": label.lower(),
        "label": label,
        "title": title,
        "source": source,
        "notes": "",
        "alt": "",
        "table": table,
    }


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
    for sheets in write(exhibit(Row=[text], Words=[text], Count=[1])):
        table = sheets[-1]
        assert table.rows[-1] == [text, text, 1]
        assert not table.faults
        assert table.links == ["Contents"]


def test_headers_and_titles_are_no_formulas_either(write):
    for sheets in write(exhibit(title="=1+1", source="=2+2. =3+3 $$5 or $$6", **{"=1": ["a"], "+2": ["b"]})):
        table = sheets[-1]
        assert table.rows[0][0] == "Table 1: =1+1"
        assert table.rows[1][0] == "=2+2. =3+3 $$5 or $$6"
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
