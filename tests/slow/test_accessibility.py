"""What a program can test of WCAG 2.2 AA: on every page, and on one of each kind in both themes on both screens."""

import pytest

from tests.accessibility import THEMES, WIDTHS, find_violations, open_tab
from tests.helpers import CYCLES

KINDS = ("index.html", "03_pcmw.html", "21_appendix_statistics.html", "data.html", "search.html")
"""The front page, a section with charts, one with wide tables, a page of text and downloads, and the theme's own."""
EVERY_PAGE = (CYCLES[1], THEMES[0], WIDTHS[0])
"""The cycle, theme and width in which axe looks at every page."""
NEWEST = pytest.mark.parametrize("build", CYCLES[1:], indirect=True)


@pytest.fixture
def open_page(build, browser, theme, width):
    """Open pages of the book one after the other in one tab."""
    with open_tab(browser, theme, width) as tab:

        def open_one(name):
            tab.goto((build / "html" / name).as_uri())
            assert tab.evaluate("document.documentElement.dataset.theme") == theme
            return tab

        yield open_one


def report_all(problems):
    return f"{len(problems)} problems\n" + "\n".join(problems[:40])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_violation_nor_has_to_be_scrolled_sideways(build, open_page, theme, width):
    problems = []
    names = sorted(path.name for path in (build / "html").glob("*.html"))
    assert set(KINDS) <= set(names)
    for name in names:
        looked_into = name in KINDS or (build.name, theme, width) == EVERY_PAGE
        # No theme makes a page wider.
        if not looked_into and theme != THEMES[0]:
            continue
        tab = open_page(name)
        # What is folded away is read too.
        tab.evaluate("document.querySelectorAll('article details').forEach(one => one.open = true)")
        overflow = tab.evaluate("document.documentElement.scrollWidth") - width
        if overflow > 0:
            problems.append(f"{name}: {overflow} px wider than the screen")
        if looked_into:
            problems += find_violations(tab, name)
    assert not problems, report_all(problems)


@NEWEST
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("width", "button", "opened"),
    [
        (1280, ".search-button-field", "#pst-search-dialog"),
        (320, ".search-button", "#pst-search-dialog"),
        (320, ".primary-toggle", "#pst-primary-sidebar-modal"),
        (320, ".secondary-toggle", "#pst-secondary-sidebar-modal"),
    ],
)
def test_what_opens_over_the_page_has_no_violation(open_page, button, opened):
    tab = open_page("03_pcmw.html")
    tab.locator(button).and_(tab.locator(":visible")).press("Enter")
    tab.wait_for_selector(f"{opened}[open]")
    problems = find_violations(tab, f"03_pcmw.html with {opened} open")
    assert not problems, report_all(problems)


@NEWEST
@pytest.mark.parametrize("theme", THEMES[:1])
@pytest.mark.parametrize("width", WIDTHS)
def test_keyboard_reaches_the_skip_link_first_and_all_that_scrolls(open_page, width):
    tab = open_page("03_pcmw.html")
    tab.evaluate("document.querySelectorAll('article details').forEach(one => one.open = true)")
    # The observer tells of sizes once a frame.
    tab.wait_for_timeout(200)
    reached = []
    while True:
        tab.keyboard.press("Tab")
        focused = tab.evaluate(DESCRIBE_FOCUS)
        if focused is None or focused in reached:
            break
        reached.append(focused)
    assert reached[0]["text"] == "Skip to main content"
    assert all(one["outlined"] for one in reached), [one for one in reached if not one["outlined"]]
    labels = {one["label"] for one in reached}
    scrolling = tab.evaluate(FIND_SCROLLING)
    assert labels >= set(scrolling)
    assert scrolling or width > 320


DESCRIBE_FOCUS = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const style = getComputedStyle(element);
  return {
    place: Array.from(document.querySelectorAll("*")).indexOf(element),
    text: element.textContent.trim(),
    label: element.getAttribute("aria-label"),
    outlined: style.outlineStyle !== "none" || style.boxShadow !== "none",
  };
}"""

FIND_SCROLLING = """() => Array.from(document.querySelectorAll(".exhibit-table"))
  .filter((element) => element.scrollWidth > element.clientWidth)
  .map((element) => element.getAttribute("aria-label"))"""


@pytest.mark.parametrize(("theme", "width"), [(THEMES[0], WIDTHS[0])])
def test_exhibits_have_names_and_headers(build, open_page):
    problems = []
    for path in sorted((build / "html").glob("*.html")):
        problems += [f"{path.name}: {problem}" for problem in open_page(path.name).evaluate(FIND_UNNAMED)]
    assert not problems, report_all(problems)


FIND_UNNAMED = """() => {
  const problems = [];
  for (const figure of document.querySelectorAll("article figure")) {
    const label = figure.querySelector("figcaption strong")?.textContent ?? "";
    if (figure.id !== label.toLowerCase().replace(".", "").replace(" ", "-")) problems.push(`${figure.id} is ${label}`);
    const alt = figure.querySelector("img").alt;
    if (alt.length < 40 || /^(figure|image)|[.](svg|png)/i.test(alt)) problems.push(`${figure.id}: alt text ${alt}`);
  }
  for (const table of document.querySelectorAll(".exhibit-table table")) {
    const name = table.caption?.textContent ?? table.getAttribute("aria-label");
    if (!name) problems.push("a table without a name");
    for (const header of table.querySelectorAll("th"))
      if (!header.scope || !header.textContent.trim()) problems.push(`${name}: header ${header.outerHTML}`);
  }
  return problems;
}"""
