"""A next cycle is added with params and data alone; and no page of any cycle shows what the cycle does not have."""

import csv
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup

from tests.helpers import copy_repository, run_command

NEW = "2025-26"
DROPPED = {"role", "role_comment", "health_board_access", "health_board_access_comment", "acd_5"}
PARAMS = """\
cycle: 2025-26
previous: 2024-25
title: Cluster self-reflection 2025-26
fieldwork: {opens: 2026-04-01, closes: 2026-05-31}
responses: data/2025-26/responses.xlsx
codebook: data/2025-26/codebook.csv
coding: null
actions: null
published: null
sample_data: true
"""


def add_cycle(root):
    """Add the made-up cycle: last year's export with other headings, questions and answers."""
    (root / "params/2025-26.yml").write_text(PARAMS, encoding="utf-8")
    folder = root / "data/2025-26"
    folder.mkdir()
    rows = list(csv.DictReader((root / "data/2024-25/codebook.csv").read_text(encoding="utf-8").splitlines()))
    plain = {row["heading"]: row["variable"] for row in rows}
    with (folder / "codebook.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["heading", "variable"])
        writer.writeheader()
        writer.writerows(
            {"heading": f"This year: {row['heading']}", "variable": row["variable"]}
            for row in rows
            if row["variable"] not in DROPPED
        )
    book = openpyxl.load_workbook(root / "data/2024-25/responses.xlsx")
    sheet = book.worksheets[0]
    for cell in list(sheet[1]):
        heading = " ".join(cell.value.replace("’", "'").split())
        variable = plain.get(heading)
        cell.value = f"This year: {heading}" if variable else heading
        below = [sheet.cell(row, cell.column) for row in range(2, sheet.max_row + 1)]
        if variable in ("started", "completed"):
            for each in below:
                each.value = each.value.replace(year=2026)
        if variable == "meetings_ideal":
            for each in below[:9]:
                each.value = "Eight meetings a year"
        if variable and variable.startswith("pcmw"):
            for each in below[:5]:
                each.value = "Mature: good practice has lasted"
    extra = sheet.max_column + 1
    sheet.cell(1, extra).value = "Is there anything that you would like to add?"
    sheet.cell(2, extra).value = "Nothing"
    book.save(folder / "responses.xlsx")


@dataclass(frozen=True)
class Page:
    """A page as a reader sees it, code left out."""

    name: str
    soup: BeautifulSoup

    @property
    def text(self):
        return " ".join(self.soup.get_text().split())


def read_pages(html):
    pages = []
    for file in sorted(Path(html).glob("*.html")):
        if file.stem in ("genindex", "search"):
            continue
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        article = soup.select_one("article")
        assert article is not None, file.name
        for hidden in article.select(".cell_input, details.hide > summary, script, style"):
            hidden.decompose()
        for block in article.select("p, li, td, th, div, section, figcaption, summary, h1, h2, h3"):
            block.append("\n")
        pages.append(Page(file.stem, article))
    return pages


@pytest.fixture(scope="module")
def new_root(tmp_path_factory, built_root):
    root = copy_repository(tmp_path_factory.mktemp("new") / "repository")
    add_cycle(root)
    done = run_command(root, "report", NEW)
    assert done.returncode == 0, done.stdout + done.stderr
    yield root
    shutil.rmtree(root / "build")


@pytest.fixture(scope="module", params=["2023-24", "2024-25", NEW])
def pages(request):
    cycle = request.param
    root = request.getfixturevalue("new_root" if cycle == NEW else "built_root")
    return {page.name: page for page in read_pages(root / "build" / cycle / "html")}


def test_report_of_a_new_cycle_is_published(new_root):
    build = new_root / "build" / NEW
    assert (build / "manifest.json").is_file()
    names = {page.name for page in read_pages(build / "html")}
    assert {"03_pcmw", "04_acd", "06_agreement_and_meetings", "13_appendix_previous_actions"} <= names
    assert not names & {"07_themes", "17_appendix_actions", "realist_discussions", "discussion", "lessons"}


def test_new_cycle_has_what_it_asked_and_no_more(new_root):
    results = new_root / "build" / NEW / "results"
    assert not (results / "themes.csv").exists() or NEW not in (results / "themes.csv").read_text(encoding="utf-8")
    tables = {
        name: list(csv.DictReader((results / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        for name in ("agreement", "maturity", "meetings", "data_quality", "participation")
    }
    own = {name: [row for row in rows if row["cycle"] == NEW] for name, rows in tables.items()}
    assert {row["question"] for row in own["agreement"]} == {"progress", "system_support", "time_achievable"}
    outcomes = {row["outcome"] for row in own["maturity"] if row["framework"] == "ACD"}
    assert outcomes == {"1", "2", "3", "4", "6", "7", "all"}
    eight = {row["kind"]: row["n"] for row in own["meetings"] if row["frequency"] == "Eight meetings a year"}
    assert eight == {"current": "0", "ideal": "9"}
    # Columns of questions that were dropped, the extra one, and the three that Microsoft Forms adds.
    checks = [row["check"] for row in own["data_quality"]]
    assert checks.count("heading ignored") == len(DROPPED) + 1 + 3
    # All others are worded otherwise than the year before: ratings, agreement with comments, and meetings.
    assert (
        checks.count("question reworded")
        == len(checks) - checks.count("heading ignored")
        == 20 + 2 * 5 + 2 - len(DROPPED)
    )
    assert {row["cycle"] for row in tables["participation"]} == {"2023-24", "2024-25", NEW}


def test_new_cycle_compares_with_its_previous_one(new_root):
    pages = {page.name: page.text for page in read_pages(new_root / "build" / NEW / "html")}
    assert "Since 2024-25" in pages["03_pcmw"]
    # Figures have every cycle; what is compared is the newest with the one before.
    assert "2023-24" in pages["02_participation"] and "2023-24" in pages["03_pcmw"]
    assert "2023-24" not in pages["08_change"]
    assert "outcome 5" not in pages["15_appendix_acd"].casefold()
    assert "Is there anything that you would like to add?" in pages["19_appendix_data_quality"]


NOT_FOR_READERS = re.compile(r".{,30}(?:\b(?:nan|NaN|NaT|None|True|False|inf)\b|<NA>|<<|>>|<%|%>).{,20}")
LEFT_EMPTY = re.compile(r".{,30}(?:\(\s*\)|“\s*”| [,;.] |\.\s*\.|,\s*\.|\b(?:rose|fell) (?:by|from)\s*[.,;:)]).{,20}")


def test_no_page_shows_what_is_missing_or_not_filled_in(pages):
    for pattern in (NOT_FOR_READERS, LEFT_EMPTY):
        found = {name: pattern.findall(page.text) for name, page in pages.items()}
        assert {name: texts for name, texts in found.items() if texts} == {}


def test_no_page_has_an_empty_section_figure_or_table(pages):
    for name, page in pages.items():
        for figure in page.soup.select("figure"):
            assert figure.select_one("figcaption .caption-text").get_text(strip=True), name
            assert figure.select_one("img")["src"], name
        for table in page.soup.select("table"):
            assert table.select("tbody tr"), name
            assert all(cell.get_text(strip=True) for cell in table.select("th, td")), name
        for heading in page.soup.select("h1, h2, h3"):
            section = heading.parent
            words = section.get_text(strip=True).removeprefix(heading.get_text(strip=True))
            assert words or section.select("figure, table, section"), (name, heading.get_text())


def test_links_between_pages_lead_to_pages_that_the_cycle_has(pages):
    for name, page in pages.items():
        targets = [link["href"].split("#")[0] for link in page.soup.select("a[href]")]
        inside = {target for target in targets if target.endswith(".html") and "://" not in target}
        assert {target.removesuffix(".html") for target in inside} <= {*pages, "search", "genindex"}, name


def test_first_cycle_says_nothing_of_change(built_root):
    told = re.compile(
        r"[^.]*(?:[Ss]ince \d{4}-\d{2}|2022-23|[Pp]revious cycle|[Bb]oth cycles|[Bb]etween (?:the )?cycles"
        r"|more than one cycle|2024-25|\b(?:rose|fell) (?:by|from)|largest (?:rise|fall))[^.]*"
    )
    pages = read_pages(built_root / "build/2023-24/html")
    assert len(pages) >= 15
    found = {page.name: told.findall(page.text) for page in pages}
    assert {name: sentences for name, sentences in found.items() if sentences} == {}


def test_health_boards_without_a_response_are_named(built_root):
    texts = {page.name: page.text for page in read_pages(built_root / "build/2023-24/html")}
    for name in ("02_participation", "limitations"):
        assert "No cluster responded in Powys" in texts[name]
