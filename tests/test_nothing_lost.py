"""Documents and workbooks of what nobody expects: all of it is there, is shown, or is told to be shortened."""

import io
import json
import unicodedata
from datetime import date

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from matplotlib.ft2font import FT2Font
from odfdo import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from cluster_eval.build.cache import Memo
from cluster_eval.build.columns import is_high
from cluster_eval.build.document import gather_pages
from cluster_eval.build.notices import NOTICES
from cluster_eval.build.pdf import write_pdf
from cluster_eval.build.word import write_word
from cluster_eval.build.workbook import make_workbook
from cluster_eval.notebook.display import _render_table
from cluster_eval.values import Kind
from cluster_eval.words.language import ENGLISH
from cluster_eval.words.letters import FONTS, find_missing, show_controls, show_missing
from cluster_eval.words.written import Cells, WrittenExhibit
from tests.helpers import copy_small_book

ABOUT = {"author": "A", "subject": "S", "lang": "en-GB", "dated": date(2025, 5, 31), "contents": "Contents"}
THUMB = "\N{THUMBS UP SIGN}"


# Letters


@given(st.text())
def test_what_is_shown_instead_of_controls_can_be_held_by_any_document(text):
    shown = show_controls(text)
    assert "Cc" not in {unicodedata.category(letter) for letter in shown if letter not in "\n\t"}
    element = etree.Element("p")
    element.text = shown
    assert (etree.fromstring(etree.tostring(element)).text or "") == shown


@given(st.text())
def test_what_is_shown_instead_of_missing_letters_is_in_the_font(text):
    has = FT2Font(str(FONTS / "DejaVuSans.ttf")).get_charmap()
    shown = show_missing(text)
    assert all(letter.isspace() or ord(letter) in has for letter in shown)
    assert find_missing(shown) == []
    assert (shown == text) is (find_missing(text) == [])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("As needed " + THUMB, "As needed [thumbs up sign]"),
        (THUMB + "\N{EMOJI MODIFIER FITZPATRICK TYPE-4}!", "[thumbs up sign, emoji modifier fitzpatrick type-4]!"),
        ("\u65e5\u672c", "[U+65E5, U+672C]"),
        ("Dŵr, tŷ ac Ŵyl – “£” 2\N{NO-BREAK SPACE}½", "Dŵr, tŷ ac Ŵyl – “£” 2\N{NO-BREAK SPACE}½"),
        ("a\nb", "a\nb"),
    ],
)
def test_a_missing_letter_is_named(text, shown):
    assert show_missing(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Agree\x07 a\x00\x02b", "Agree[U+0007] a[U+0000, U+0002]b"), ("a\x0bb\r\nc\u2028d", "a\nb\nc\nd")],
)
def test_a_control_character_is_named_and_a_break_is_one(text, shown):
    assert show_controls(text) == shown


# Word and PDF


def write_documents(folder, inner):
    """Write a page as Word and as PDF; give the Word document, the PDF's text, and the document."""
    pages = {"index": inner, "second": "<p>The page after.</p>"}
    for name, text in pages.items():
        page = f'<html><article><section id="top"><h1>Title</h1>{text}</section></article></html>'
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    names = [{"name": name, "part": "Part" if name == "second" else None} for name in pages]
    kept = Memo(folder / "kept")
    document = gather_pages("A report", names, folder, folder, kept)
    word = docx.Document(io.BytesIO(write_word(document, {}, folder, ABOUT, kept)))
    printed = PdfReader(io.BytesIO(write_pdf(document, folder, ABOUT, kept)))
    return word, "\n".join(page.extract_text() for page in printed.pages), document


def read_word(word):
    return "".join(text.text or "" for text in word.element.body.iter(qn("w:t")))


def tabulate(*rows):
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    head = "".join('<th scope="col">Head</th>' for _ in rows[0])
    return f"<table><thead><tr>{head}</tr></thead><tbody><tr>{'</tr><tr>'.join(cells)}</tr></tbody></table>"


LONG = " ".join(f"word{number}" for number in range(2500)) + " THE-END"
LINES = "<br/>".join(f"line{number}" for number in range(200)) + " THE-END"


@pytest.mark.parametrize("cell", [LONG, LINES], ids=["words", "lines"])
def test_a_cell_longer_than_a_page_goes_on_in_the_next(tmp_path, cell):
    word, printed, _ = write_documents(tmp_path, tabulate([cell, "other"], ["short", "other"]))
    for text in (read_word(word), printed):
        assert "THE-END" in text
        assert text.index("0") < text.index("99") < text.index("THE-END")
    split = [not row.xpath("./w:trPr/w:cantSplit") for row in word.element.body.iter(qn("w:tr"))]
    assert split == [False, True, False]


def test_a_row_is_high_by_the_width_of_its_column():
    assert not is_high(["word " * 100], [400])
    assert is_high(["word " * 100], [40])
    assert is_high(["", "a" + "\n" * 60], [100, 100])


@pytest.mark.parametrize("letters", [25, 60, 300])
def test_words_wider_than_their_columns_stay_in_them(tmp_path, letters):
    words = [letter * letters for letter in "abcdefgh"]
    word, printed, _ = write_documents(tmp_path, tabulate(words))
    lines = [line.replace("\N{ZERO WIDTH SPACE}", "").strip() for line in printed.splitlines()]
    # Typst may end a line of the extracted text wherever a column's does.
    cells = [line for line in lines if line and set("abcdefgh").issuperset(line.replace(" ", ""))]
    assert "".join(words) in "".join(cells).replace(" ", "")
    assert max(len(part) for line in cells for part in line.split()) <= 20
    assert "".join(words) in read_word(word).replace("\N{ZERO WIDTH SPACE}", "")


def test_a_long_line_that_is_printed_goes_on_in_the_next(tmp_path):
    word, printed, _ = write_documents(tmp_path, f"<pre>{'x' * 300}</pre>")
    assert max(map(len, printed.splitlines())) < 150
    assert "x" * 300 in "".join(printed.split())
    assert "x" * 300 in read_word(word)


def test_letters_that_the_font_lacks_are_named_in_print_and_told_and_are_letters_in_word(tmp_path):
    text = f"Good {THUMB} \u65e5"
    word, printed, document = write_documents(tmp_path, tabulate([text]) + f"<p>{text}</p>")
    assert printed.count("Good [thumbs up sign] [U+65E5]") == 2
    assert read_word(word).count(text) == 2
    assert document.missing == {"index": ["[thumbs up sign]", "[U+65E5]"], "second": []}


def test_control_characters_are_shown(tmp_path):
    word, printed, _ = write_documents(tmp_path, tabulate(["x\x07y\x00z"]))
    assert "x[U+0007]y[U+0000]z" in printed
    assert "x[U+0007]y[U+0000]z" in read_word(word)


def test_tables_of_any_shape_are_set(tmp_path):
    levels = pd.MultiIndex.from_product([["North", "South"], ["one", "two"]])
    crossed = pd.DataFrame("cell", index=levels, columns=levels).to_html()
    headless = "<table><tbody><tr><td>headless</td></tr></tbody></table>"
    word, printed, _ = write_documents(tmp_path, crossed + headless + "<table></table>")
    for text in (read_word(word), printed):
        assert text.count("cell") == 16
        assert "headless" in text


LINES = {"Row": "first\nsecond", "Words": "one\n\ntwo"}


def test_lines_of_a_cell_stay_lines(tmp_path):
    columns = [Cells(name, Kind.TEXT, (), (text,), (text,)) for name, text in LINES.items()]
    html = _render_table(WrittenExhibit("table-1", "Table 1", "A table", "", tuple(columns)), ENGLISH, "A table")
    assert "one<br><br>two" in html
    assert "first<br>second" in html
    word, printed, _ = write_documents(tmp_path, html)
    assert "one\n" in printed
    assert len(word.element.body.xpath(".//w:tbl//w:br")) == 3


# Workbook


def make_tables(folder, **columns):
    """Make the workbooks of a table with one row; give that row in each, and what is told."""
    root = copy_small_book(folder / "small")
    work = root / "build" / "steps" / "2024-25"
    table = {"schema": {"fields": [{"name": name, "kind": "text"} for name in columns]}, "data": [columns]}
    exhibit = {"label": "Table 1", "title": "A table", "source": "", "notes": "", "table": table}
    (work / "exhibits").mkdir(parents=True)
    (work / "exhibits" / "01.json").write_text(json.dumps([exhibit]), encoding="utf-8")
    given = {"cycles": ["2024-25"], "language": "en", "sections": ["01"]}
    made = [root / file for file in make_workbook(root, given, work, print)]
    told = [line for file in made if file.parent.name == NOTICES for line in file.read_text("utf-8").splitlines()]
    excel = load_workbook(work / "editions" / "tables.xlsx")["Table 1"]
    *_, last = Document(work / "editions" / "tables.ods").body.get_table(name="Table 1").get_rows()
    paragraphs = [[line.inner_text for line in cell.get_elements("text:p")] for cell in last.get_cells()]
    assert max(row.height for row in excel.row_dimensions.values() if row.height) <= 409
    return [cell.value for cell in list(excel.rows)[-1]], ["\n".join(lines) for lines in paragraphs], told


@pytest.mark.parametrize("letter", ["x", THUMB], ids=["letters", "emoji"])
def test_a_cell_that_holds_too_much_says_so_and_is_told(tmp_path, letter):
    shown = [(letter * 20_000)[:10_000], letter * 32_768]
    excel, opened, told = make_tables(tmp_path, Row=shown[0], Words=shown[1])
    for row in (excel, opened):
        assert row[0] == shown[0]
        assert row[1].endswith(f"{letter}… (shortened; the CSV has the whole)")
        assert 32_760 < len(row[1].encode("utf-16-le")) / 2 <= 32_767
    assert told == ["tables.xlsx and tables.ods, Table 1: a cell is shortened, since it holds too much"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("x" * 32_767, "x" * 32_767),
        ("a\x07b\ufffe", "a[U+0007]b[U+FFFE]"),
        ("one\n\ntwo $$note1$$ [note 1]", "one\n\ntwo $$note1$$ [note 1]"),
        ("_x0041_", "_x0041_"),
        ("line\n" * 300 + "end", "line\n" * 300 + "end"),
    ],
    ids=["longest", "controls", "blank line", "escape", "lines"],
)
def test_other_cells_are_whole(tmp_path, cell, shown):
    excel, opened, told = make_tables(tmp_path, Row="a", Words=cell)
    assert excel == opened == ["a", shown]
    assert told == []
