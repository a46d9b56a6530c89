"""The pseudo edition marks every message: what is not marked is a value, a code or somebody's words."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.helpers import CYCLES, call_command, copy_repository

WORDS = re.compile(r"[A-Za-z]{2,}")
ALLOWED = re.compile(
    r"\b(?:PCMW|ACD|Ctrl|CSV|PDF|ANOVA|CDSON|HB|HEIW|LA|NHS|Exec|PCD|PCPG|PHW|RPB|SPPC|WG|mean)\b"
    r"|\b[a-z_]+_\d+\b|\b[a-z]+(?:_[a-z0-9]+)+(?:\.\w+)?\b|\b(?:Figure|Table) \w+\b"
    # The theme's own names of buttons and regions, which stand in its templates as they are.
    # Names of columns, which stand as code; and gptables' headings of a cover, which it lets nobody change.
    r"|^[a-z, ]+$|^(?:Introductory information|About these data|Contact)$"
    r"|Toggle (?:primary|secondary) sidebar|^(?:Main|Page|Section Navigation)$|Cluster self-reflection \d{4}-\d\d"
)
CODE = "details.hide, .cell_input, pre, code, script, style, svg"
NAMES = ("alt", "aria-label", "placeholder", "title", "data-bs-title")


def leave_out_marked(text):
    """Leave out what stands between the marks, which may hold marked text themselves."""
    left, depth = [], 0
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        left.append(letter if depth == 0 and letter != "⟧" else " ")
    return "".join(left)


def find_unmarked(texts, theirs):
    """Find texts with words that are neither marked nor allowed, nor somebody else's."""
    left = {" ".join(leave_out_marked(text).split()) for text in texts}
    return sorted(
        text for text in left if WORDS.search(ALLOWED.sub("", text)) and not any(text in each for each in theirs)
    )


@pytest.fixture(scope="module", params=CYCLES)
def edition(request, tmp_path_factory):
    root = copy_repository(tmp_path_factory.mktemp("pseudo") / "repository")
    done = call_command(root, "report", request.param, "--language", "pseudo")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return root, root / "build/pseudo" / request.param


@pytest.fixture(scope="module")
def theirs(edition):
    """What respondents, coders, those who lead actions, and the published report wrote."""
    root, _ = edition
    files = [*root.glob("data/**/*.csv"), *root.glob("params/*.yml")]
    return [" ".join(re.sub(r'["“”]', " ", file.read_text(encoding="utf-8")).split()) for file in files]


def test_the_english_edition_is_not_touched(edition):
    root, built = edition
    assert [each.name for each in (root / "build").iterdir() if each.name != "steps"] == ["pseudo"]
    assert json.loads((built / "manifest.json").read_text(encoding="utf-8"))["cycle"] == built.name


def test_pages(edition, theirs):
    found = {}
    for file in sorted((edition[1] / "html").glob("*.html")):
        page = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")
        for each in page.select(CODE):
            each.decompose()
        texts = [
            each.get_text(" ") for each in page.select("p, li, td, th, h1, h2, h3, caption, summary, button, title")
        ]
        texts += [each[name] for name in NAMES for each in page.select(f"[{name}]")]
        if file.stem not in ("search", "genindex") and (unmarked := find_unmarked(texts, theirs)):
            found[file.stem] = unmarked
    assert found == {}


def test_documents(edition, theirs):
    word = Document(edition[1] / "report.docx")
    texts = [paragraph.text for paragraph in word.paragraphs]
    texts += [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert find_unmarked(texts, theirs) == []
    printed = " ".join(page.extract_text() for page in PdfReader(edition[1] / "report.pdf").pages)
    assert printed.count("⟦") > 1000


def test_workbook(edition, theirs):
    book = load_workbook(edition[1] / "tables.xlsx")
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert find_unmarked([*texts, *book.sheetnames], theirs) == []
