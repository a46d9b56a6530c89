"""Puts the book's built pages together as one document, for the editions that are not read on a screen.

It is HTML, from which Pandoc makes each edition. Besides HTML's own it has what Pandoc's writers ask for: the name of a
style of Word (`data-custom-style`) and properties of Typst (`data-typst:…`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import matplotlib as mpl
from bs4 import BeautifulSoup
from matplotlib.ft2font import FT2Font, LoadFlags

from cluster_eval.publish.workers import WorkFailed

SCREEN = (
    ".headerlink, details.hide, .exhibit-download, .toctree-wrapper, script, style, "
    "section section:has(.screen-only), .screen-only"
)
"""What of a page belongs to the screen alone; a section that holds something called so goes with its heading."""

POINTS_PER_CM = 72 / 2.54
TEXT_WIDTH, TEXT_HEIGHT = 17 * POINTS_PER_CM, 22 * POINTS_PER_CM
"""A4 with margins of 2 cm, in points; the height leaves room for a caption."""

CONTENTS = "contents"
"""Id of the place where an edition puts its table of contents."""

NOTICE = {
    "data-custom-style": "Notice",
    "data-typst:fill": 'rgb("#f3f5f8")',
    "data-typst:stroke": '(left: 3pt + rgb("#12436d"))',
    "data-typst:inset": "10pt",
    "data-typst:width": "100%",
}
SOURCE = {"data-custom-style": "Source", "data-typst:text:size": "8pt", "data-typst:above": "6pt"}
TABLE = {"data-typst:text:size": "8pt"}
LONG_TABLE = {"data-typst:figure:kind": '"long-table"'}
DENSE_TABLE = {"data-custom-style": "DenseTable", "data-typst:text:size": "6.5pt"}

# The widest font that a table is set in, so that what fits in it fits in the others; and its sizes above, in points.
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
NORMAL, DENSE = 8, 6.5
SHORT_TABLE, SHORT_TEXT = 14, 1200
"""Rows, and letters in all, up to which a table is kept on one page."""
PADDING = 9
"""What the cells' inner margins take of a column, in points."""

LONGEST_WORD = 30
"""Letters of a word that a table makes room for; longer ones, such as web addresses, are broken (see `literal.lua`)."""

_PICTURE = re.compile(r'(<img [^>]*\bsrc=")([^"]*)"')
_WEB_LINK = re.compile(r"(https?|mailto|tel):")
# Lines may end at a hyphen, but not in a cycle's name.
_WORD = re.compile(r"\S+?[a-z]-(?=[a-z])|\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """A report as one document.

    Attributes
    ----------
    title : str
        What it is called.
    html : str
        What follows the title. A picture's `src` is a key of `pictures`.
    pictures : dict of str to Path
        The pictures' files.
    alts : dict of str to str
        The pictures' alt texts.
    """

    title: str
    html: str
    pictures: dict[str, Path]
    alts: dict[str, str]


def gather_pages(title: str, pages: list[dict], html: Path, figures: Path) -> Document:
    """Gather a book's pages in one document.

    The first page opens it, its heading giving way to the title. Below it each part of the book is a heading of the
    first level, its pages are headings of the second.

    Parameters
    ----------
    title : str
        What the document is called.
    pages : list of dict
        For each page, in reading order, its name and the part that it belongs to, None for none.
    html : Path
        The folder of the built pages.
    figures : Path
        The folder of the charts' drawings, which the pages have in `_static/figures`.

    Returns
    -------
    Document
        The document.

    Raises
    ------
    WorkFailed
        When a picture is not there or has no alt text, or a link leads nowhere.
    """
    document = BeautifulSoup("", "lxml")
    pictures, alts, aliases, part = {}, {}, {}, None
    for place, page in enumerate(pages):
        name = page["name"]
        article = _read_article(html / f"{name}.html")
        for each in article.select(SCREEN):
            each.decompose()
        _name_parts(article, name, aliases)
        _point_links(article, name)
        _find_pictures(article, name, html, figures, pictures, alts)
        for table in article.find_all("table"):
            _set_table(table, document)
        _set_styles(article, document)
        if place == 0:
            article.h1.decompose()
            document.append(_make(document, "div", id=name))
        if page["part"] and page["part"] != part:
            part = page["part"]
            document.append(_make(document, "h1", part))
        deeper = -1 if place == 0 else int(page["part"] is not None)
        for heading in article.find_all(re.compile(r"h[1-6]")):
            heading.name = f"h{int(heading.name[1]) + deeper}"
        for each in article.find_all(["section", "picture", "source"]):
            each.unwrap()
        for each in list(article.contents):
            document.append(each)
        if place == 0:
            document.append(_make(document, "div", id=CONTENTS))
    _check_links(document, aliases)
    return Document(title, str(document), pictures, alts)


def _read_article(file):
    text = file.read_text(encoding="utf-8")
    # Navigation and search around it take longer to read than the text.
    start, end = text.index("<article"), text.rindex("</article>")
    return BeautifulSoup(text[start:end], "lxml").article


def _make(document, kind, text=None, **attributes):
    made = document.new_tag(kind, attrs=attributes)
    if text:
        made.string = text
    return made


def _name_parts(article, page, aliases):
    """Give each part of a page a name of its own in the document, and headings that of their section."""
    for part in article.find_all(id=True):
        part["id"] = f"{page}-{part['id']}"
    for section in article.find_all("section"):
        heading = section.find(re.compile(r"h[1-6]"), recursive=False)
        heading["id"] = section["id"]
    aliases[article.h1["id"]] = page
    article.h1["id"] = page


def _point_links(article, page):
    """Point links to pages into the document; what only a browser can download is named without a link."""
    for link in article.find_all("a"):
        place = link.get("href", "")
        path = urlsplit(place).path
        if _WEB_LINK.match(place):
            continue
        if place.startswith("#"):
            link["href"] = f"#{page}-{place[1:]}"
        elif path.endswith(".html"):
            target = unquote(path).removesuffix(".html")
            fragment = urlsplit(place).fragment
            link["href"] = f"#{target}-{fragment}" if fragment else f"#{target}"
        elif link.parent.name == "p" and link.parent.parent.name != "li" and link.parent.get_text() == link.get_text():
            link.parent.decompose()
            continue
        else:
            link.unwrap()
            continue
        link["data-page"] = page


def _check_links(document, aliases):
    known = {each["id"] for each in document.find_all(id=True)}
    for link in document.find_all("a", {"data-page": True}):
        target = link["href"][1:]
        target = aliases.get(target, target)
        if target not in known:
            raise WorkFailed(f"{link['data-page']}: the link “{link.get_text()}” leads to {target}, which is nowhere")
        link.attrs = {"href": f"#{target}"}


def _find_pictures(article, page, html, figures, pictures, alts):
    for picture in article.find_all("img"):
        place = Path(unquote(urlsplit(picture["src"]).path))
        file = figures / place.name if place.parts[:2] == ("_static", "figures") else html / place
        if not file.is_file():
            raise WorkFailed(f"{page}: the picture {picture['src']} is not there")
        if not picture.get("alt"):
            raise WorkFailed(f"{page}: the picture {picture['src']} has no alt text")
        name = place.as_posix()
        pictures[name], alts[name] = file, picture["alt"]
        attributes = {"src": name, "alt": picture["alt"]}
        if file.suffix == ".svg":
            width, height = measure_drawing(file.read_text(encoding="utf-8"), name)
            fitting = min(1, TEXT_WIDTH / width, TEXT_HEIGHT / height)
            attributes["width"] = f"{width * fitting / POINTS_PER_CM:.2f}cm"
        picture.attrs = attributes


def place_pictures(html: str, places: Mapping[str, str]) -> str:
    """Say where a document's pictures lie.

    Parameters
    ----------
    html : str
        A document's HTML.
    places : mapping of str to str
        By the pictures' names, where each lies.

    Returns
    -------
    str
        The HTML, with the places for the names.
    """
    # The document writes `<` in text and attributes as a reference, and attributes in the order of their names.
    return _PICTURE.sub(lambda found: f'{found[1]}{escape(places[unescape(found[2])])}"', html)


def measure_drawing(drawing: str, name: str) -> tuple[float, float]:
    """Measure a drawing.

    Parameters
    ----------
    drawing : str
        SVG whose size is in points.
    name : str
        What it is called, for an error.

    Returns
    -------
    tuple of float
        Its width and height, in points.

    Raises
    ------
    WorkFailed
        When it does not say.
    """
    root = drawing[: drawing.find(">", drawing.find("<svg"))]
    sizes = [re.search(rf'\s{side}="([\d.]+)pt"', root) for side in ("width", "height")]
    if not all(sizes):
        raise WorkFailed(f"the picture {name} does not say in points how large it is")
    width, height = (float(size.group(1)) for size in sizes)
    return width, height


def _set_table(table, document):
    fold = table.find_parent("details")
    # A chart's table may stand on another page than its chart, so it has a caption of its own: the words of its fold,
    # or those that name it to assistive technology.
    caption = fold.summary.get_text(strip=True) if fold else table.get("aria-label")
    if caption and table.caption is None:
        table.insert(0, _make(document, "caption", caption))
    if fold:
        fold.summary.decompose()
        fold.unwrap()
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    widths, dense = share_width(rows)
    for cell in table.find_all(["th", "td"]):
        number = "number" in cell.get("class", ()) and not (cell.name == "th" and cell.get("scope") == "row")
        cell.attrs = {key: cell[key] for key in ("scope", "colspan", "rowspan") if key in cell.attrs}
        if number:
            cell["style"] = "text-align: right"
    columns = _make(document, "colgroup")
    for width in widths:
        columns.append(_make(document, "col", style=f"width: {100 * width:.2f}%"))
    table.thead.insert_before(columns)
    long = len(rows) > SHORT_TABLE or sum(len(cell) for row in rows for cell in row) > SHORT_TEXT
    table.attrs = {key: table[key] for key in ("id",) if key in table.attrs} | (DENSE_TABLE if dense else TABLE)
    if long:
        table.attrs |= LONG_TABLE


def share_width(rows: list[list[str]]) -> tuple[list[float], bool]:
    """Share a page's width out among a table's columns.

    No word is broken while there is room. What is left goes first to columns whose cells take more than one line, then
    to those whose headers do. A table that needs less than the page is as narrow as its cells.

    Parameters
    ----------
    rows : list of list of str
        The cells' text, header first.

    Returns
    -------
    list of float
        Each column's share of the width.
    bool
        Whether smaller letters are needed.
    """
    columns = list(zip(*rows, strict=True))
    for dense in (False, True):
        size, bold = (DENSE, False) if dense else (NORMAL, True)
        words = [[word[:LONGEST_WORD] for cell in column for word in _WORD.findall(cell)] for column in columns]
        widths = [_measure_longest(each, size, bold) for each in words]
        if sum(widths) <= TEXT_WIDTH:
            break
    for wanted in (
        [_measure_longest(column[1:], size) for column in columns],
        [_measure_longest(column[:1], size, bold) for column in columns],
    ):
        missing = [max(0, want - width) for want, width in zip(wanted, widths, strict=True)]
        part = min(1, max(0, TEXT_WIDTH - sum(widths)) / (sum(missing) or 1))
        widths = [width + part * more for width, more in zip(widths, missing, strict=True)]
    total = max(TEXT_WIDTH, sum(widths))
    return [width / total for width in widths], dense


def _measure_longest(texts, size, bold=False):
    return max((sum(_measure_letter(letter, bold) for letter in text) for text in texts), default=0) * size + PADDING


@cache
def _measure_letter(letter, bold):
    """Give a letter's width, in units of its size; one that the font lacks is about as wide as it is high."""
    if not has_letter(letter):
        return 1
    return _open_font(bold).load_char(ord(letter), LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


def has_letter(letter: str) -> bool:
    """Say whether the printed edition's font has a letter.

    Parameters
    ----------
    letter : str
        One letter.

    Returns
    -------
    bool
        False for emoji, for example.
    """
    return letter.isspace() or ord(letter) in _open_font(False).get_charmap()


@cache
def _open_font(bold):
    font = FT2Font(str(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")))
    font.set_size(100, 72)
    return font


def _set_styles(article, document):
    for source in article.select(".exhibit-source"):
        source.wrap(_make(document, "div", **SOURCE))
    for notice in article.select(".admonition"):
        notice.attrs = dict(NOTICE)
        strong = document.new_tag("strong")
        strong.extend(list(notice.p.contents))
        notice.p.append(strong)
    for each in article.find_all("div"):
        if "id" not in each.attrs and "data-custom-style" not in each.attrs:
            each.unwrap()
    for fold in article.find_all("details"):
        fold.summary.name = "p"
        fold.unwrap()
    # Pandoc sets lists whose items are paragraphs wider apart.
    for entry in article.select("ul.simple > li > p, ol.simple > li > p"):
        entry.unwrap()
