"""Cells, rows, names and messages: what a file holds is read however it was saved, or refused in words of use."""

import io
import unicodedata
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_eval.folding import fold_code, fold_heading, fold_name, fold_number
from cluster_eval.problems import InputError, Problem, list_rows, quote, rank_nearest, tell_cells
from cluster_eval.sources import xlsx
from cluster_eval.sources.frequency import find_fault, order_frequencies, read_frequency, tidy_frequency
from cluster_eval.sources.recognition import find_month_first, recognise_health_board, recognise_level, recognise_time
from cluster_eval.sources.separated import read_rows
from cluster_eval.sources.spreadsheet import read_cells
from cluster_eval.sources.xlsx import name_column, read_sheet
from cluster_eval.vocabulary import HEALTH_BOARDS

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
FORMATS = ("General", "yyyy-mm-dd", '"day" 0', "[h]:mm", "[Red]0.0", "d mmm yy;@")


def write_workbook(rows="", *, sheets=(("Sheet1", "visible"),), book="", strings=None, main=MAIN):
    """Write a workbook whose every worksheet has the same rows; styles 0 to 5 are those of FORMATS."""
    names = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="s{n}"/>' for n, (name, state) in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="s{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    formats = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{_escape(code)}"/>' for n, code in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(FORMATS)))
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="b" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{OFFICE}">{book}<sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relations}'
        f'<Relationship Id="t" Type="{OFFICE}/styles" Target="/xl/styles.xml"/>'
        f'<Relationship Id="u" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts>{formats}</numFmts><fills><fill/></fills>'
        f"<cellXfs>{styles}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{"".join(strings or ())}</sst>',
    }
    for n, (name, _) in enumerate(sheets, 1):
        own = rows.replace("NAME", name)
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{own}</sheetData></worksheet>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, contents in parts.items():
            archive.writestr(path, contents)
    return file.getvalue()


def _escape(text):
    return text.replace("&", "&amp;").replace('"', "&quot;")


def text_cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def read_problems(read, *arguments):
    with pytest.raises(InputError) as error:
        read(*arguments)
    return error.value.problems


# Workbooks


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B2"><v>10</v></c>', 10),
        ('<c r="B2"><v>10.0</v></c>', 10),
        ('<c r="B2"><v>2.5</v></c>', 2.5),
        ('<c r="B2" s="1"><v>45777.5</v></c>', datetime(2025, 4, 30, 12)),
        ('<c r="B2" s="5"><v>45777.58680555556</v></c>', datetime(2025, 4, 30, 14, 5)),
        ('<c r="B2" s="3"><v>0.25</v></c>', timedelta(hours=6)),
        ('<c r="B2" s="2"><v>45777</v></c>', 45777),
        ('<c r="B2" s="4"><v>3</v></c>', 3),
        ('<c r="B2" s="1"><v>-3</v></c>', -3),
        ('<c r="B2" t="d"><v>2025-04-30T14:05:00.000Z</v></c>', datetime(2025, 4, 30, 14, 5)),
        ('<c r="B2" t="b"><v>1</v></c>', True),
        ('<c r="B2" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="B2" t="e"><f>NA()</f><v>#N/A</v></c>', "#N/A"),
        ('<c r="B2" t="str"><f>A1</f><v>Mature</v></c>', "Mature"),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="B2" t="s"><v>1</v></c>', "two runs"),
        ('<c r="B2" t="s"><v>0</v></c>', "Mature"),
        (text_cell("B2", "a_x000D_b _x005F_x"), "a\rb _x"),
        (text_cell("B2", "&lt;GP&gt; &#128077;"), "<GP> 👍"),
    ],
)
def test_cell_of_a_workbook(cell, value):
    strings = ["<si><t>Mature</t></si>", "<si><r><t>two </t></r><r><t>runs</t></r><rPh><t>no</t></rPh></si>"]
    sheet = read_sheet(write_workbook(f'<row r="2">{cell}</row>', strings=strings), "f.xlsx")
    assert sheet.cells == {2: {2: value}}
    assert type(sheet.cells[2][2]) is type(value)


@pytest.mark.parametrize(
    "cell",
    ['<c r="B2"/>', '<c r="B2" s="1"/>', text_cell("B2", " \u00a0"), '<c r="B2" t="str"><f>""</f><v></v></c>', "<c/>"],
)
def test_blank_cell_of_a_workbook_is_none(cell):
    assert read_sheet(write_workbook(f'<row r="2">{cell}</row>'), "f.xlsx").cells == {}


def test_cells_and_rows_without_their_places_are_counted():
    rows = "<row><c/><c><v>1</v></c></row><row><c><v>2</v></c></row>"
    assert read_sheet(write_workbook(rows), "f.xlsx").cells == {1: {2: 1}, 2: {1: 2}}


def test_workbook_of_the_strict_kind_reads_the_same():
    main = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    contents = write_workbook(f'<row r="1">{text_cell("A1", "ID")}</row>', main=main)
    assert read_sheet(contents, "f.xlsx").cells == {1: {1: "ID"}}


@pytest.mark.parametrize("date1904", ["1", "true"])
def test_dates_of_a_workbook_that_counts_from_1904(date1904):
    book = (
        f'<workbookPr date1904="{date1904}"/><extLst><ext xmlns:x15="urn:later">'
        '<x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>'
    )
    contents = write_workbook('<row r="2"><c r="A2" s="1"><v>44315</v></c></row>', book=book)
    assert read_sheet(contents, "f.xlsx").cells == {2: {1: datetime(2025, 4, 30)}}


def test_first_visible_worksheet_is_read_and_the_others_are_named():
    sheets = (("Lookups", "hidden"), ("Answers", "visible"), ("Pivot", "visible"), ("Deep", "veryHidden"))
    sheet = read_sheet(write_workbook(f'<row r="1">{text_cell("A1", "NAME")}</row>', sheets=sheets), "f.xlsx")
    assert sheet.cells == {1: {1: "Answers"}}
    assert (sheet.name, sheet.others) == ("Answers", ('"Lookups" (hidden)', '"Pivot"', '"Deep" (hidden)'))


def test_formulas_that_were_never_calculated_are_one_problem_with_their_cells():
    rows = '<row r="4"><c r="J4"><f>1+1</f></c></row><row r="5"><c r="AE5"><f>A1</f><v/></c></row>'
    [problem] = read_problems(read_sheet, write_workbook(rows), "f.xlsx")
    assert problem.rows == (4, 5)
    assert "J4, AE5" in problem.what and "save it" in problem.what


@pytest.mark.parametrize(("place", "bound"), [("C4", "MOST_COLUMNS"), ("A4", "MOST_ROWS")])
def test_workbook_that_is_too_large_names_the_cell(monkeypatch, place, bound):
    monkeypatch.setattr(xlsx, bound, 2)
    rows = "".join(f'<row r="{row}">{text_cell(f"A{row}", "x")}</row>' for row in (1, 2))
    rows += f'<row r="4">{text_cell(place, "a note")}</row>'
    [problem] = read_problems(read_sheet, write_workbook(rows), "f.xlsx")
    assert (problem.row, f'"a note" in cell {place}' in problem.what) == (4, True)


def test_part_that_unpacks_to_too_much_is_refused_unread(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_BYTES", 50_000)
    padding = f"<row r='1'>{' ' * 60_000}</row>"
    [problem] = read_problems(read_sheet, write_workbook(padding), "f.xlsx")
    assert "worksheets/sheet1.xml" in problem.what


def test_far_cells_take_no_room(tmp_path):
    rows = (
        f'<row r="1">{text_cell("A1", "ID")}</row><row r="2"><c r="A2"><v>1</v></c></row>'
        f'<row r="9" spans="1:8"><c r="A9" s="1"/></row><row r="1048576">{text_cell("A1048576", "a note")}'
        f"{text_cell('XFD1048576', ' ')}</row>"
    )
    (tmp_path / "f.xlsx").write_bytes(write_workbook(rows))
    table = read_cells(tmp_path, tmp_path.joinpath("f.xlsx").relative_to(tmp_path)).table
    assert (list(table.index), list(table.columns)) == ([2, 1048576], [1])


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "protected"),
        (b"PK\x03\x04" + bytes(60), "download the export again"),
        (write_workbook('<row r="1"><c></row>'), "download the export again"),
        (b"<html><table>", "is not a workbook"),
        (b"", "is empty"),
    ],
    ids=["protected", "cut short", "no XML", "a page", "empty"],
)
def test_file_that_is_no_workbook_is_told_as_what_it_is(tmp_path, contents, told):
    file = tmp_path / "f.xlsx"
    file.write_bytes(contents)
    [problem] = read_problems(read_cells, tmp_path, file.relative_to(tmp_path))
    assert told in problem.what


def test_zip_file_that_is_no_workbook_says_how_to_save_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "f.xlsx", "w") as archive:
        archive.writestr("content.xml", "<x/>")
    [problem] = read_problems(read_cells, tmp_path, (tmp_path / "f.xlsx").relative_to(tmp_path))
    assert "save it as Excel Workbook (.xlsx)" in problem.what


@pytest.mark.parametrize(("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_name_of_a_column(column, letters):
    assert name_column(column) == letters


# Text separated by commas


@pytest.mark.parametrize(
    "contents",
    [
        b"a,b\n1,2\n",
        b"a,b\r\n1,2\r\n",
        b"a,b\r1,2\r",
        b"sep=,\r\na,b\r\n1,2\r\n",
        b"\xef\xbb\xbf\xef\xbb\xbfa,b\n1,2",
        b"\xef\xbb\xbfSEP=,\na,b\n1,2",
        b"a,b\n1,2,,\n",
        b'"sep=,"\na,b\n1,2\n',
        b"sep=;\na,b\n1,2\n",
    ],
)
def test_csv_file_reads_the_same_however_it_was_saved(contents):
    assert read_rows(contents, "f.csv") == [["a", "b"], ["1", "2"]]


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=2), min_size=2))
def test_csv_file_as_a_spreadsheet_writes_it_is_read_whole(rows):
    rows = [["one;two", "three"], *rows]
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    assert read_rows(text.encode(), "f.csv") == rows


@pytest.mark.parametrize(
    ("contents", "row", "told"),
    [
        ('a,b\n"1\n2\n3",x\n4,caf\u00e9'.encode("cp1252"), 3, '"caf\u00e9"'),
        ('a,b\r"1\r2",caf\u00e9'.encode("cp1252"), 2, '"caf\u00e9"'),
        ("sep=,\r\na,caf\u00a0\n1,2".encode("cp1252"), 1, "not UTF-8"),
        (b'"which of, these\nis it?";b\n1;2\n3;4', None, "semicolons"),
        (b"sep=;\na;b\n1;2", None, "semicolons"),
        (b"a\tb, c\n1\t2\n", None, "tabs"),
        (b'a,b\n1,"2\n3,4\n', 2, "quotation marks"),
        (b'a,b\n1,"2"3\n', 2, "quotation marks"),
        (b"a\0,\0b\0\n\0", None, "not UTF-8"),
    ],
)
def test_csv_file_that_cannot_be_read_is_one_problem_with_its_row(contents, row, told):
    [problem] = read_problems(read_rows, contents, "f.csv")
    assert (problem.row, told in problem.what) == (row, True), problem


def test_a_cell_may_be_longer_than_a_spreadsheets():
    assert read_rows(f'a,b\n1,"{"x" * 200_000}"\n'.encode(), "f.csv")[1][1] == "x" * 200_000


def test_rows_that_are_too_long_are_one_problem():
    [problem] = read_problems(read_rows, b"a,b\n1,2,3\n1,2\n4,5,6\n", "f.csv")
    assert (problem.rows, "found 3 cells below 2 headings" in problem.what) == ((2, 4), True)


def test_title_above_the_headings_is_told_as_what_it_is():
    [problem] = read_problems(read_rows, b"Survey\na,b\n1,2\n", "f.csv")
    assert "delete what stands above" in problem.what


def test_control_characters_of_a_heading_are_taken_out_and_listed(tmp_path):
    (tmp_path / "f.csv").write_bytes(b"a\x07,b\n1,2\n")
    cells = read_cells(tmp_path, Path("f.csv"))
    assert cells.headings == {1: "a", 2: "b"}
    assert [(each.row, "U+0007" in each.detail) for each in cells.noticed] == [(1, True)]


def test_control_characters_are_taken_out_and_garbled_text_is_listed(tmp_path):
    text = "a,b\nAgree\x07 the\x0bplan,café\nplain,\u00e2\u20ac\u2122s\nx,\ufffd\n\x02,Ŵyn â’s ‘tŷ’\n"
    (tmp_path / "f.csv").write_text(text, encoding="utf-8", newline="")
    cells = read_cells(tmp_path, tmp_path.joinpath("f.csv").relative_to(tmp_path))
    assert list(cells.table[1]) == ["Agree the plan", "plain", "x", None]
    [controls, garbled] = cells.noticed
    assert "U+0002, U+0007, U+000B) in rows 2 and 5 of" in controls.detail and '"a" in f.csv' in controls.detail
    assert 'rows 3 and 4 of "b" in f.csv' in garbled.detail


# Names


@pytest.mark.parametrize("hyphen", "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d")
def test_level_whatever_its_hyphen(hyphen):
    assert recognise_level(f"Pre{hyphen}foundation: not yet") == "Pre-foundation"


def test_kana_mark_is_no_hyphen():
    assert recognise_level("Pre\u30fcfoundation") is None


@given(st.text(), st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u200e\u202a\u3164\ufe0f"), st.integers(0, 50))
def test_names_differ_neither_in_composition_nor_in_what_shows_nothing(name, invisible, place):
    assert fold_name(unicodedata.normalize("NFD", name)) == fold_name(unicodedata.normalize("NFC", name))
    assert fold_heading(name[:place] + invisible + name[place:]) == fold_heading(name)


@pytest.mark.parametrize(
    ("typed", "other", "same"),
    [
        ("AB\u201101", "AB-01", True),
        ("Pen Lly\u0302n", "Pen Ll\u0177n", True),
        ("St David\u2019s", "St David's", True),
        ("AB 01", "AB-01", False),
        ("ab-01", "AB-01", False),
    ],
)
def test_names_of_clusters(typed, other, same):
    assert (fold_name(typed) == fold_name(other)) is same


def test_labels_differ_neither_in_case_nor_in_white_space():
    assert fold_code(" TIME\u00a0Constraints .") == fold_code("time constraints.")
    assert fold_code("time constraint") != fold_code("time constraints")


@pytest.mark.parametrize(
    ("typed", "number"), [(10, "10"), ("10.0", "10"), (" 10.00 ", "10"), ("10.5", "10.5"), ("R_1.0", "R_1.0")]
)
def test_number_of_a_response(typed, number):
    assert fold_number(typed) == number


@pytest.mark.parametrize(
    ("name", "board"),
    [
        ("Bwrdd Iechyd Prifysgol Caerdydd a\u2019r Fro", "Cardiff and Vale"),
        ("bwrdd iechyd addysgu powys", "Powys"),
        ("Cardiff & Vale University Health Board", "Cardiff and Vale"),
        ("Betsi\u00a0Cadwaladr", "Betsi Cadwaladr"),
        ("Gwent", None),
    ],
)
def test_health_board_by_any_of_its_names(name, board):
    assert recognise_health_board(name) == board


def test_every_health_board_has_a_name_in_welsh():
    from cluster_eval.vocabulary import HEALTH_BOARDS_IN_WELSH

    assert [recognise_health_board(name) for name in HEALTH_BOARDS_IN_WELSH.values()] == list(HEALTH_BOARDS)


# Times

OPENS, CLOSES = date(2025, 4, 1), date(2025, 5, 31)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-04-30T14:05:00.000Z", datetime(2025, 4, 30, 14, 5)),
        ("2025-04-30T14:05:00+01:00", datetime(2025, 4, 30, 14, 5)),
        ("2025/04/30 14:05", datetime(2025, 4, 30, 14, 5)),
        ("30.04.2025 2:05 pm", datetime(2025, 4, 30, 14, 5)),
        ("30/4/25 12:05:09 AM", datetime(2025, 4, 30, 0, 5, 9)),
        ("04/30/2025", None),
        ("31/04/2025", None),
        ("45777.5", None),
        ("20250430", None),
        (45777.5, None),
        (True, None),
    ],
)
def test_time(text, time):
    assert recognise_time(text) == time


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)))
def test_time_as_any_spreadsheet_writes_it(time):
    time = time.replace(microsecond=0)
    for pattern in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%d/%m/%Y %H:%M:%S", "%d-%m-%Y %I:%M:%S %p"):
        assert recognise_time(time.strftime(pattern)) == time


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        (["04/30/2025", "05/06/2025"], [2, 3]),
        (["30/04/2025", "05/06/2025"], []),
        (["04/05/2025", "05/06/2025", "04/09/2025"], [2, 3, 4]),
        (["04/05/2025", "05/05/2025", "06/07/2025"], []),
        (["06/07/2025"], []),
        (["2025-04-30", datetime(2025, 6, 5)], []),
        ([], []),
    ],
    ids=[
        "one can only be",
        "none can be",
        "nearly all outside",
        "few outside",
        "outside either way",
        "not typed",
        "none",
    ],
)
def test_dates_that_begin_with_the_month(cells, rows):
    assert find_month_first(dict(enumerate(cells, start=2)), OPENS, CLOSES) == rows


# Meeting frequencies


@pytest.mark.parametrize(
    ("number", "wordings"),
    [
        (4, "Four meetings a year|4 meetings per year|Quarterly|once a quarter|every three months|four times a year."),
        (4, "4 x a year|4x per year|4/year|4 p.a.|Four meetings a year (quarterly)|four (4)|Four times/year"),
        (6, "every 2nd month"),
        (12, "Twelve meetings a year|12 meetings a year|Monthly|every month|once a month|Twelve;"),
        (6, "Six meetings a year|every two months|every other month|once every 2 months|6 meetings"),
        (24, "Twenty-four meetings a year|twice a month|24 times annually"),
        (2, "twice a year|half-yearly|every six months|six-monthly"),
        (52 / 6, "every six weeks|6-weekly"),
        (0, "None|No meetings|never"),
    ],
)
def test_words_that_name_the_same_number_of_meetings(number, wordings):
    for words in wordings.split("|"):
        assert read_frequency(words).number == pytest.approx(number), words
        assert find_fault(words) is None


@pytest.mark.parametrize(
    "words",
    ["Four to six meetings a year", "4-6 meetings a year", "bimonthly", "Often", "Pedwar cyfarfod y flwyddyn", "1-2"],
)
def test_words_that_name_no_one_number_are_kept(words):
    assert read_frequency(words) is None
    assert find_fault(words) is None


def test_at_least_a_number_however_it_is_said():
    assert read_frequency("12 or more meetings a year") == read_frequency("At least twelve meetings a year")
    assert read_frequency("Minimum of 4") == read_frequency("four or more") == read_frequency("at least four")


def test_more_than_a_number_is_another_frequency():
    assert read_frequency("More than twelve meetings a year") == read_frequency("over 12 meetings a year")
    assert read_frequency("More than twelve meetings a year") != read_frequency("Twelve meetings a year")


@given(st.integers(0, 59))
def test_number_in_words_and_in_figures_is_the_same(number):
    units = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    units = [*units.split(), "seventeen", "eighteen", "nineteen"]
    tens, unit = divmod(number, 10)
    words = units[number] if number < 20 else f"{['twenty', 'thirty', 'forty', 'fifty'][tens - 2]}-{units[unit]}"
    assert read_frequency(f"{words.removesuffix('-zero')} meetings a year") == read_frequency(f"{number} times a year")


def test_frequencies_in_order():
    given_words = [
        "Often",
        "More than twelve meetings a year",
        "Monthly",
        "Six meetings a year",
        "4-6 meetings",
        "None",
    ]
    expected = ["None", "4-6 meetings", "Six meetings a year", "Monthly", "More than twelve meetings a year", "Often"]
    assert order_frequencies(given_words) == expected


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        *[(cell, "a date or a time") for cell in (datetime(2025, 2, 1), timedelta(hours=6), "01/02/2025", "01-Feb")],
        *[(cell, "a date or a time") for cell in ("Feb-25", "2025-02-01 00:00:00", "06:00:00", "12-December-2025")],
        *[(cell, "a number") for cell in (6, 6.0, "6", "6.0", "12%", "12;")],
        *[(cell, "a date or a time") for cell in ("01/02/2025;", "12-Jun;")],
        *[(cell, "a logical value") for cell in (True, "FALSE", "TRUE;")],
        *[(cell, "several answers") for cell in ("Four meetings a year;Six meetings a year;",)],
        (";", "no words"),
        *[(cell, "a formula that failed") for cell in ("#N/A", "#N/A;")],
    ],
)
def test_cell_that_can_be_no_frequency(cell, told):
    assert find_fault(cell).startswith(told)


def test_semicolon_that_a_form_ends_an_answer_with_is_no_part_of_it():
    assert tidy_frequency(" Four  meetings a year; ") == "Four meetings a year"


# Problems


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([4], "row 4"),
        ([2, 3], "rows 2 and 3"),
        (range(2, 55), "rows 2 to 54"),
        ([9, 2, 3, 4, 7, 8], "rows 2 to 4 and 7 to 9"),
        (range(2, 40, 2), "rows 2, 4, 6, 8, 10, 12 and 13 more"),
    ],
)
def test_rows_are_named(rows, words):
    assert list_rows(rows) == words


def test_one_cause_is_one_problem_with_its_rows():
    problems = [Problem("f.csv", "is blank", row, "a") for row in (5, 3, 4)] + [Problem("f.csv", "is blank", 3, "b")]
    first, second = InputError(problems).problems
    assert (first.row, str(first)) == (3, 'f.csv, rows 3 to 5, "a": is blank')
    assert str(second) == 'f.csv, row 3, "b": is blank'


def test_many_different_values_of_a_column_are_one_problem():
    few = tell_cells("f.csv", "a", {2: "x", 3: "y", 4: "x"}, "accepted: z", lambda value: f"not {value}")
    assert [(problem.what, problem.rows) for problem in InputError(few).problems] == [
        ('found "x"; not x', (2, 4)),
        ('found "y"; not y', ()),
    ]
    [many] = tell_cells("f.csv", "a", dict(enumerate("abcdefgh", start=2)), "accepted: z", str)
    assert many.rows == tuple(range(2, 10))
    assert many.what == 'found "a", "b", "c" and 5 other values; accepted: z'


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("Mature\u200b", '"Mature<U+200B>"'),
        ("\ufeffAB-01", '"<U+FEFF>AB-01"'),
        ("\u041cature", '"\u041c<U+041C>ature"'),
        ("t\u0177\n a", '"t\u0177 a"'),
        ("a" * 200, f'"{"a" * 120} …"'),
    ],
)
def test_value_is_quoted_so_that_every_character_can_be_told(value, quoted):
    assert quote(value) == quoted


def test_nearest_comes_first():
    assert rank_nearest("How mature is outcome 4?", ["Name", "How mature is outcome four?"])[0].startswith("How")
