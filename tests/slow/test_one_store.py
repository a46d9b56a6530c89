"""One store of results: whatever edition a reader opens, the numbers are the same."""

import re
from decimal import Decimal

import docx
import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from docx.table import Table
from docx.text.paragraph import Paragraph

NUMBER = re.compile(r"-?\d+(\.\d+)?")
PROSE_NUMBER = re.compile(r"\d+(?:\.\d+)?%?(?: of \d+)?")


def read_cell(text):
    """Read a cell as a number, where it is one, and else as words."""
    # Readers see a minus sign, programs a hyphen.
    text = " ".join(str(text).split()).replace("−", "-")
    # Pages and documents show beside a number which way it moved; it is no part of it.
    text = re.sub(r"(?<=\d) [↑↓≈]$", "", text)
    return Decimal(text) if NUMBER.fullmatch(text) else text


def read_table(rows):
    return [[read_cell(cell) for cell in row] for row in rows]


def read_pages(build, *, printed=False):
    """Read each exhibit's table off the pages, by its label; of a document those alone that it does not leave out."""
    found = {}
    for file in (build / "html").glob("*.html"):
        page = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")
        for box in page.select(".exhibit-table"):
            if printed and box.find_parent(class_="workbook-only"):
                continue
            rows = [[cell.get_text() for cell in row.select("th, td")] for row in box.select("tr")]
            found[box["aria-label"].removesuffix(", table")] = read_table(rows)
    return found


def read_word(build):
    """Read each table of the Word document, by the label in the caption above it."""
    found, label = {}, None
    document = docx.Document(build / "report.docx")
    for element in document.iter_inner_content():
        if isinstance(element, Paragraph):
            captioned = re.match(r"(?:Table of )?((?:Figure|Table) S?\d+)", element.text)
            # A chart whose table is left out has none, and the next section's is not its own.
            label = None if element.style.name.startswith("Heading") else label
            label = captioned[1] if captioned and "Caption" in element.style.name else label
        elif isinstance(element, Table) and label:
            found[label] = read_table([[cell.text for cell in row.cells] for row in element.rows])
            label = None
    return found


def read_sheets(sheets):
    found = {}
    for name, rows in sheets.items():
        if re.fullmatch(r"(Figure|Table) S?\d+", name):
            # Title, source and the link back stand above the table, alone in their rows.
            filled = [[cell for cell in row if not pd.isna(cell)] for row in rows]
            first = next(place for place, row in enumerate(filled) if len(row) > 1)
            found[name] = read_table(filled[first:])
    return found


def read_xlsx(build):
    book = openpyxl.load_workbook(build / "tables.xlsx")
    return read_sheets({sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book})


def read_ods(build):
    book = pd.read_excel(build / "tables.ods", sheet_name=None, header=None, engine="calamine")
    return read_sheets({name: sheet.to_numpy(dtype=object).tolist() for name, sheet in book.items()})


def read_csv(build):
    found = {}
    for file in (build / "html/tables").glob("*.csv"):
        kind, number = file.stem.split("-")
        rows = pd.read_csv(file, header=None, dtype=str, keep_default_na=False).to_numpy().tolist()
        found[f"{kind.capitalize()} {number.upper()}"] = read_table(rows)
    return found


@pytest.mark.parametrize("read", [read_word, read_xlsx, read_ods, read_csv])
def test_tables_are_those_of_the_pages(build, read):
    pages, others = read_pages(build, printed=read is read_word), read(build)
    assert len(pages) > (15 if read is read_word else 30)
    assert others.keys() == pages.keys()
    assert {label: table for label, table in others.items() if table != pages[label]} == {}


def test_sentences_of_word_hold_the_numbers_of_the_pages(build):
    document = docx.Document(build / "report.docx")
    words = " ".join(" ".join(paragraph.text.split()) for paragraph in document.paragraphs)
    in_word = set(PROSE_NUMBER.findall(words))
    on_pages = set()
    for file in (build / "html").glob("[0-9]*.html"):
        page = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")
        article = page.select_one("article")
        for each in article.select("figure, table, details, pre, .exhibit-download, .workbook-only"):
            each.decompose()
        for each in article.select("p, li"):
            on_pages |= set(PROSE_NUMBER.findall(" ".join(each.get_text().split())))
    assert len(on_pages) > 80
    assert on_pages <= in_word
