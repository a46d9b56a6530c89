"""The book, opened in a browser: whole, in order, self-contained, and found by search."""

import csv
import functools
import re
import threading
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pytest

from tests.helpers import ROOT

# Pages that Sphinx makes of itself; they hold no text of ours.
GENERATED = {"genindex.html", "search.html"}
LOOK = """() => {
  const all = (query) => [...document.querySelectorAll(query)];
  const main = document.querySelector("main") || document.body;
  return {
    headings: all("h1, h2, h3, h4, h5, h6").filter((each) => main.contains(each) && each.checkVisibility())
      .map((each) => [Number(each.tagName[1]), each.innerText]),
    images: all("img").map((each) => [each.getAttribute("alt"), each.naturalWidth, each.closest("figure") !== null]),
    captions: all("figure figcaption .caption-text").map((each) => each.innerText),
    figures: all("figure").map((each) => [each.id, each.querySelectorAll("img").length]),
    headers: all("article table").map((each) => [
      each.querySelectorAll("th").length,
      [...each.querySelectorAll("th")].filter((th) => !["col", "row"].includes(th.scope)).length,
      [...each.querySelectorAll("tbody tr")].filter((tr) => !tr.querySelector("th, td")).length,
    ]),
    exhibits: all(".exhibit-table table").map((each) => [
      [...each.querySelectorAll("tbody tr")].every((tr) => tr.querySelectorAll("th[scope=row]").length === 1),
      each.querySelectorAll("thead th[scope=col]").length,
      each.querySelectorAll("tbody tr").length,
    ]),
    links: all("a[href]").map((each) => each.href),
    language: document.documentElement.lang,
    title: document.title,
  };
}"""


@dataclass
class Visit:
    """What a page is, and what its opening led to."""

    page: str
    requests: list
    errors: list
    seen: dict


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder and logs nothing."""

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def site(build):
    """The address of a cycle's book, on a web site of which it is only a part."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=build.parent))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{build.name}/html"
    server.shutdown()
    server.server_close()
    thread.join()


def is_error(message):
    # Chromium asks each server for /favicon.ico of its own accord.
    return message.type == "error" and not message.location["url"].endswith("/favicon.ico")


def describe(message):
    return f"{message.text} ({message.location['url']})"


def open_page(browser, site, name):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: errors.append(describe(message)) if is_error(message) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/{name}", wait_until="load")
    return page, requests, errors


@pytest.fixture(scope="module")
def visits(build, browser, site):
    """Every page of a cycle's book, opened once."""
    found = []
    for file in sorted((build / "html").glob("*.html")):
        page, requests, errors = open_page(browser, site, file.name)
        seen = page.evaluate(LOOK)
        found.append(Visit(file.name, requests, errors, seen))
        page.close()
    return found


@pytest.fixture
def pages(visits):
    return [visit for visit in visits if visit.page not in GENERATED]


def list_faults(visits, find):
    return {visit.page: faults for visit in visits if (faults := find(visit))}


def test_book_has_its_pages(build, pages):
    assert len(pages) >= 15
    names = {visit.page for visit in pages}
    assert {"index.html", "introduction.html", "methodology.html", "limitations.html", "accessibility.html"} <= names
    assert ("07_themes.html" in names) is (build.name == "2024-25")
    assert len({visit.seen["title"] for visit in pages}) == len(pages)


def test_pages_open_without_an_error(visits):
    assert list_faults(visits, lambda visit: visit.errors) == {}


def test_pages_ask_no_other_host_for_anything(visits, site):
    def find(visit):
        return [url for url in visit.requests if not url.startswith((site, "data:"))]

    assert all(visit.requests for visit in visits)
    assert list_faults(visits, find) == {}


def test_page_has_one_main_heading_and_skips_no_level(visits):
    def find(visit):
        levels = [level for level, _ in visit.seen["headings"]]
        skipped = [pair for pair in zip([0, *levels], levels, strict=False) if pair[1] > pair[0] + 1]
        return skipped or (levels if levels.count(1) != 1 else [])

    assert list_faults(visits, find) == {}


def test_page_tells_its_language(visits):
    assert {visit.seen["language"] for visit in visits} == {"en-GB"}


def test_image_is_there_and_its_alt_text_says_what_it_shows(visits):
    def is_fault(alt, width, is_figure):
        if not width or alt is None:
            return True
        # Only what decorates may have none; charts do not.
        return (is_figure and not alt.strip()) or re.match(r"(?i)(figure|image)\b|\S+\.\w{2,4}$", alt)

    def find(visit):
        return [image for image in visit.seen["images"] if is_fault(*image)]

    assert sum(is_figure for visit in visits for _, _, is_figure in visit.seen["images"]) >= 29
    assert list_faults(visits, find) == {}


def test_captions_number_the_figures_in_order(build, pages):
    expected = {"2024-25": 39, "2023-24": 27}[build.name]
    numbers = {}
    for visit in pages:
        for caption in visit.seen["captions"]:
            label = re.match(r"Figure (S?)(\d+)\. \S", caption)
            assert label, caption
            numbers.setdefault(label[1], []).append(int(label[2]))
    # Pages are sorted by name, and so are sections by their number in the book; the front page comes last.
    assert numbers[""] == list(range(1, expected + 1))
    added = {"2024-25": 10, "2023-24": 8}[build.name]
    assert numbers["S"] == [*range(2, added + 1), 1]
    figures = [figure for visit in pages for figure in visit.seen["figures"]]
    assert len(figures) == len({identifier for identifier, _ in figures}) == expected + added
    assert {images for _, images in figures} == {1}


def test_table_has_header_cells_with_scope(pages):
    def find(visit):
        return [table for table in visit.seen["headers"] if table[0] == 0 or table[1] > 0 or table[2] > 0]

    assert sum(len(visit.seen["headers"]) for visit in pages) > 30
    assert list_faults(pages, find) == {}


def test_each_figure_has_a_table_and_each_row_of_it_a_header(pages):
    def find(visit):
        return [table for table in visit.seen["exhibits"] if table[0] is not True or table[1] < 2 or table[2] < 1]

    assert list_faults(pages, find) == {}
    for visit in pages:
        assert len(visit.seen["exhibits"]) >= len(visit.seen["figures"]), visit.page


def find_file(build, link):
    """Find the file that a link of the site leads to."""
    return build.parent / unquote(urlsplit(link).path).lstrip("/")


def test_links_within_the_edition_lead_somewhere(build, visits, site):
    host = site.removesuffix(f"/{build.name}/html")

    def find(visit):
        inside = {link for link in visit.seen["links"] if link.startswith(host)}
        return [link for link in inside if not find_file(build, link).is_file() and link != f"{site}/"]

    assert list_faults(visits, find) == {}


def test_results_and_executed_notebooks_can_be_downloaded(build, pages):
    files = {find_file(build, link) for visit in pages for link in visit.seen["links"] if "/_downloads/" in link}
    contents = {file.name: file.read_bytes() for file in files}
    published = [*(build / "results").iterdir(), *(build / "notebooks").iterdir()]
    assert len(published) > 15
    assert contents == {file.name: file.read_bytes() for file in published}


def test_each_exhibit_has_its_table_as_a_file(build, pages):
    files = [find_file(build, link) for visit in pages for link in visit.seen["links"] if "/tables/" in link]
    assert len(files) == len(set(files)) == sum(len(visit.seen["exhibits"]) for visit in pages)
    assert set(files) == set((build / "html/tables").iterdir())


READ_TABLES = """() => [...document.querySelectorAll(".exhibit-table table")].map((table) => ({
  name: table.closest(".exhibit-table").getAttribute("aria-label").split(",")[0],
  rows: [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent)),
}))"""


def test_a_downloaded_table_is_the_one_on_the_page(build, browser, site):
    for name in ("index", "02_participation", "05_deprivation", "20_appendix_reconciliation"):
        if not (build / f"html/{name}.html").is_file():
            continue
        page, _, _ = open_page(browser, site, f"{name}.html")
        tables = page.evaluate(READ_TABLES)
        page.close()
        assert tables
        for table in tables:
            file = build / "html/tables" / f"{table['name'].lower().replace(' ', '-')}.csv"
            with file.open(encoding="utf-8", newline="") as lines:
                # Readers see a minus sign, and a space at which no line breaks; programs a hyphen, and a space.
                shown = [
                    [cell.replace("−", "-").replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in table["rows"]
                ]
                assert list(csv.reader(lines)) == shown, file


def read_column(page, table, column):
    return page.eval_on_selector_all(f"{table} tbody tr", f"rows => rows.map((row) => row.cells[{column}].textContent)")


def test_a_table_sorts_by_a_column_and_back(browser, site):
    page, _, errors = open_page(browser, site, "02_participation.html")
    page.evaluate("document.querySelectorAll('article details').forEach((one) => (one.open = true))")
    table = ".exhibit-table:has(th[scope=col]:has-text('Health board')) table"
    before = read_column(page, table, 0)
    assert before[-1] == "Wales"
    heading = page.locator(f"{table} thead th").nth(1)
    assert heading.get_attribute("aria-sort") == "none"
    heading.locator("button").focus()
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    numbers = [int(text) for text in read_column(page, table, 1)]
    assert numbers == sorted(numbers) != [int(text) for text in reversed(numbers)]
    page.keyboard.press("Space")
    assert heading.get_attribute("aria-sort") == "descending"
    assert [int(text) for text in read_column(page, table, 1)] == sorted(numbers, reverse=True)
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "none"
    assert read_column(page, table, 0) == before
    assert errors == []
    page.close()


CELLS = {
    "0.34": "data-value=0.34",
    "[z]": "data-missing",
    "less than 0.001": "data-value=0.00042",
    "−0.20": "data-value=-0.20",
    "0.052": "data-value=0.052",
    "[c]": "data-missing",
    "12": "data-value=12",
}


def test_symbols_come_last_however_a_table_is_sorted(browser):
    page = browser.new_page()
    page.set_content(f"""<div class="exhibit-table"><table><thead><tr><th>p</th></tr></thead><tbody>
      {"".join(f"<tr><td {value}>{shown}</td></tr>" for shown, value in CELLS.items())}
      </tbody></table></div>""")
    page.add_script_tag(path=ROOT / "book/_static/cluster-eval.js")
    page.evaluate("document.dispatchEvent(new Event('DOMContentLoaded'))")
    orders = []
    for _ in range(2):
        page.click("th button")
        orders.append(read_column(page, "table", 0))
    page.close()
    assert orders == [
        ["−0.20", "less than 0.001", "0.052", "0.34", "12", "[z]", "[c]"],
        ["12", "0.34", "0.052", "less than 0.001", "−0.20", "[z]", "[c]"],
    ]


def test_without_scripts_all_is_there(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/03_pcmw.html")
    assert page.locator("figure img").count() >= 2
    assert page.locator(".exhibit-table th").first.text_content() == "Level"
    page.locator("summary:text('Table of')").first.click()
    assert page.locator(".exhibit-table").first.is_visible()
    context.close()


def test_paper_shows_tables_and_leaves_out_what_is_for_the_screen(browser, site):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{site}/03_pcmw.html")
    folded = page.locator(".exhibit-beside > details:not([open])").count()
    assert folded >= 2
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".exhibit-beside > details:not([open])").count() == 0
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    for hidden in (".bd-sidebar-primary", ".prev-next-area", ".exhibit-download", "details.hide", ".search-button"):
        assert not page.locator(hidden).locator("visible=true").count(), hidden
    assert page.locator("h1 >> visible=true").count() == 1
    # As wide as the paper: nothing is kept free for what is not printed.
    page.set_viewport_size({"width": 700, "height": 1000})
    assert page.evaluate("document.querySelector('article').getBoundingClientRect().width") > 640
    tables = "[...document.querySelectorAll('.exhibit-table')].map((each) => each.scrollWidth - each.clientWidth)"
    assert set(page.evaluate(tables)) == {0}
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".exhibit-beside > details:not([open])").count() == folded
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    context.close()


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_search_finds_a_word(build, browser, site, scheme):
    place = site if scheme == "http" else (build / "html").as_uri()
    page, requests, errors = open_page(browser, place, "search.html?q=diagnostics")
    page.wait_for_selector("#search-results .search a", timeout=10_000)
    page.wait_for_function("document.querySelectorAll('#search-results .search li').length > 1")
    found = page.eval_on_selector_all("#search-results .search a", "links => links.map((link) => link.href)")
    page.close()
    assert any("14_appendix_pcmw.html" in link or "11_appendix_pcmw_outcomes.html" in link for link in found)
    assert all(link.startswith(place) for link in found)
    assert errors == []
    assert [url for url in requests if not url.startswith((place, "data:"))] == []


def test_search_box_of_a_page_leads_to_what_it_finds(build, browser):
    page, _, errors = open_page(browser, (build / "html").as_uri(), "index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("diagnostics")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results .search a", timeout=10_000)
    page.locator("#search-results .search a").first.click()
    page.wait_for_load_state()
    assert "diagnostics" in page.inner_text("article").lower()
    assert errors == []
    page.close()


def test_front_page_says_that_the_data_are_a_sample(browser, site):
    page, _, _ = open_page(browser, site, "index.html")
    words = page.inner_text("article")
    page.close()
    assert "Sample data" in words
    assert "synthetic" in words


def test_front_page_can_be_read_in_a_minute(browser, site):
    page, _, _ = open_page(browser, site, "index.html")
    numbers = page.locator(".headline-figures li > strong, .headline-figures li > p > strong").all_inner_texts()
    words, _ = page.inner_text("article").split("All outcomes in one picture")
    figures = page.locator("article figure").count()
    page.close()
    assert len(numbers) >= 3
    assert all(re.fullmatch(r"\d+%", number) for number in numbers)
    assert figures == 1
    # Of what stands before the picture; adults read 238 words of such prose in a minute (Brysbaert 2019).
    assert len(words.split()) <= 238
