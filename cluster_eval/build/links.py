"""Whether every link within an edition's pages leads somewhere, and no page needs anything of another host."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

ADDRESSES = ("href", "src", "srcset", "data", "poster")
TOP = ("", "top")
NOT_FETCHED = {"canonical", "alternate", "author", "license", "help", "index", "search", "next", "prev"}
"""What a `<link>` may tell without a browser's asking for it."""


def find_broken_links(edition: Path) -> list[str]:
    """Find which links of an edition's pages would not work wherever the edition is put.

    Parameters
    ----------
    edition : Path
        The folder that holds `html/`.

    Returns
    -------
    list of str
        A line for each: the page, the link, and what is wrong with it.
    """
    edition = edition.resolve()
    pages = {file: _read_page(file) for file in sorted((edition / "html").rglob("*.html")) if _is_page(file, edition)}
    problems = []
    for page, (links, _) in pages.items():
        place = page.relative_to(edition).as_posix()
        for address, is_fetched in sorted(links):
            wrong = _judge(edition, page, address, is_fetched, pages)
            if wrong:
                problems.append(f'{place}: "{address}" {wrong}')
    return problems


def _is_page(file, edition):
    # Among its static files the theme has templates, which nobody opens.
    return not any(part.startswith(("_", ".")) for part in file.relative_to(edition).parts)


def _read_page(file):
    """Read what a page links to, each with whether a browser asks for it by itself, and what can be linked to in it."""
    soup = BeautifulSoup(file.read_bytes(), "html.parser")
    links, anchors = set(), set()
    for element in soup.find_all(True):
        anchors.update(filter(None, (element.get("id"), element.get("name") if element.name == "a" else None)))
        for attribute in ADDRESSES:
            value = element.get(attribute)
            if not isinstance(value, str) or (attribute == "data" and element.name != "object"):
                continue
            if attribute == "srcset":
                links.update((part.split()[0], True) for part in re.split(r",\s+", value) if part.strip())
            else:
                links.add((value.strip(), _is_fetched(element, attribute)))
    return links, anchors


def _is_fetched(element, attribute):
    if element.name == "link":
        return not NOT_FETCHED.intersection(element.get("rel", ()))
    return attribute != "href" or element.name in ("image", "use")


def _judge(edition, page, address, is_fetched, pages):
    parts = urlsplit(address)
    if parts.netloc or parts.scheme in ("http", "https"):
        return "is asked of another host" if is_fetched else None
    if parts.scheme:
        return "names a file of one machine" if parts.scheme == "file" else None
    path, fragment = unquote(parts.path), unquote(parts.fragment)
    if path.startswith("/"):
        return "leads to the top of the host, where the edition need not be"
    target = (page.parent / path).resolve() if path else page
    if not target.is_relative_to(edition):
        return "leads out of the edition"
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return "leads to no file"
    if fragment not in TOP and target in pages and fragment not in pages[target][1]:
        return "leads to a place that the page does not have"
    return None
