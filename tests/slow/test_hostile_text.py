"""Text that could be code, markup or a path, in every field of the inputs: shown letter by letter, and nothing runs."""

import csv
import io
import json
import re
import zipfile
from html import escape

import docx
import lxml.html
import openpyxl
import pytest
from docx.oxml.ns import qn
from lxml import etree
from pypdf import PdfReader

from cluster_eval.build.active_content import find_active_content
from cluster_eval.build.links import find_broken_links
from tests.conftest import copy_repository, run_command
from tests.hostile import CYCLE, poison_inputs

SHOWN = {
    "actions action",
    "actions lead",
    "actions progress",
    "actions timescale",
    "claims section",
    "coding subtheme",
    "coding theme",
    "outcomes short_title",
    "outcomes title",
    "responses ignored",
    "responses meetings_current",
    "responses meetings_ideal",
}
"""Fields of which every text is shown in the report's tables."""

WORDS = "A heading with so many words before its markup that a search finds it"
MARKUP = "<img src=x onerror=window.hacked=1>"


def squeeze(text):
    # Formats break lines where they like, and readers see minus signs for some hyphens.
    return re.sub(r"\s", "", text).replace("−", "-")


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """A report of hostile inputs, and what was put where."""
    root = copy_repository(tmp_path_factory.mktemp("hostile") / "repository")
    # What pages claim of names holds of the names that the data have, and not of these.
    for page in (root / "book").glob("20*/*.md"):
        lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
        page.write_text("".join(line for line in lines if not line.startswith("% holds:")), encoding="utf-8")
    put = poison_inputs(root)
    with (root / "book" / "introduction.md").open("a", encoding="utf-8") as page:
        page.write(f"\n## {WORDS}: {escape(MARKUP)}\n")
    done = run_command(root, "report", CYCLE)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "build" / CYCLE, put


def read_pages(build):
    return " ".join(lxml.html.parse(page).getroot().text_content() for page in (build / "html").glob("*.html"))


def read_downloads(build):
    return [row for file in (build / "html" / "tables").glob("*.csv") for row in read_rows(file)]


def read_rows(file):
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def read_word(build):
    return "".join(part.text or "" for part in docx.Document(build / "report.docx").element.body.iter(qn("w:t")))


def read_excel(build):
    sheets = openpyxl.load_workbook(build / "tables.xlsx").worksheets
    return [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]


def read_ods(build):
    with zipfile.ZipFile(build / "tables.ods") as parts:
        return etree.fromstring(parts.read("content.xml"))


def read_notebooks(build):
    for file in (build / "notebooks").glob("*.ipynb"):
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                if html := "".join(output["data"].get("text/html", "")):
                    yield lxml.html.fragment_fromstring(html, "div").text_content()


@pytest.mark.parametrize(
    "read",
    [
        read_pages,
        lambda build: " ".join(re.sub(r"^'(?=[=+@-])", "", cell) for row in read_downloads(build) for cell in row),
        read_word,
        lambda build: "".join(page.extract_text() for page in PdfReader(build / "report.pdf").pages),
        lambda build: " ".join(str(cell.value) for cell in read_excel(build)),
        lambda build: "".join(read_ods(build).itertext()),
        lambda build: " ".join(read_notebooks(build)),
    ],
    ids=["pages", "downloads", "Word", "PDF", "XLSX", "ODS", "notebooks"],
)
def test_text_stands_letter_by_letter(poisoned, read, request):
    build, put = poisoned
    found = squeeze(read(build))
    titled = () if request.node.callspec.id in ("downloads", "notebooks") else ("title",)
    missing = [text for field in (*sorted(SHOWN), *titled) for text in put[field] if squeeze(text) not in found]
    assert missing == []


def test_results_hold_text_exactly(poisoned):
    build, put = poisoned
    cells = {cell for file in (build / "results").glob("*.csv") for row in read_rows(file) for cell in row}
    fields = ("coding theme", "coding subtheme", "outcomes title", "responses meetings_ideal", "claims statement")
    assert [text for field in fields for text in put[field] if text not in cells] == []


def test_pages_run_nothing_and_ask_no_other_host(poisoned, browser):
    build, _ = poisoned
    requests, page = [], browser.new_page()
    page.on("request", lambda request: requests.append(request.url))
    places = sorted((build / "html").glob("*.html"))
    search = f"{(build / 'html' / 'search.html').as_uri()}?q={WORDS}"
    for address in (*(place.as_uri() for place in places), search):
        page.goto(address)
        assert page.evaluate("typeof window.hacked") == "undefined", address
    page.locator("#search-results li a", has_text=f"{WORDS}: {MARKUP}").wait_for()
    assert page.evaluate("typeof window.hacked") == "undefined"
    page.close()
    assert len(requests) > len(places)
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []


def test_the_release_is_clean_and_holds_no_file_of_the_machine(poisoned):
    build, _ = poisoned
    assert find_active_content(build) == []
    assert find_broken_links(build) == []


def test_spreadsheets_run_nothing(poisoned):
    build, _ = poisoned
    cells = read_excel(build)
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert [cell.value for cell in cells if cell.hyperlink and cell.hyperlink.target] == []
    attributes = [(name, value) for element in read_ods(build).iter() for name, value in element.attrib.items()]
    assert [value for name, value in attributes if name.endswith("}formula")] == []
    assert [value for name, value in attributes if name.endswith("}href") and not value.startswith("#")] == []
    number = re.compile(r"[+-]?[\d.]+%?( [a-z]+)*")
    cells = [cell for row in read_downloads(build) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@")) and not number.fullmatch(cell)] == []
    assert any(cell.startswith("'=1+1") for cell in cells)


def test_documents_lead_nowhere_and_run_nothing(poisoned):
    build, _ = poisoned
    word = docx.Document(build / "report.docx")
    targets = [relation.target_ref for relation in word.part.rels.values() if relation.is_external]
    assert {target.split("/")[2] for target in targets} == {"phw.nhs.wales"}
    contents = (build / "report.pdf").read_bytes()
    pdf = PdfReader(io.BytesIO(contents))
    actions = [note.get_object().get("/A", {}) for page in pdf.pages for note in page.get("/Annots", [])]
    assert {action["/URI"].split("/")[2] for action in actions if "/URI" in action} == {"phw.nhs.wales"}
    assert b"/JavaScript" not in contents
