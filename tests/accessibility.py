"""What a program can test of WCAG 2.2 AA, on a page that is open in a browser."""

import contextlib

from axe_playwright_python.base import AXE_SCRIPT

# Nothing is excluded. Rules that axe counts as experimental have to be asked for by name.
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {
        name: {"enabled": True}
        for name in ("label-content-name-mismatch", "p-as-heading", "table-fake-caption", "td-has-header")
    },
    "resultTypes": ["violations"],
}
# Tall, so that axe sees the whole list of sections and not only as much as fits without scrolling.
HEIGHT = 2400
THEMES = ("light", "dark")
WIDTHS = (1280, 320)


@contextlib.contextmanager
def open_tab(browser, theme, width):
    # Without this, axe may measure a colour halfway through a transition.
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme=theme, reduced_motion="reduce"
    )
    context.add_init_script(AXE_SCRIPT)
    yield context.new_page()
    context.close()


def find_violations(tab, name):
    found = tab.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{name}: {violation['id']} at {node['target']}: {' '.join(node['failureSummary'].split())}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
