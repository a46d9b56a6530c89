"""Puts the book's built pages together as one document, for the editions that are not read on a screen.

It is HTML, from which Pandoc makes each edition. Besides HTML's own it has what Pandoc's writers ask for: the name of a
style of Word (`data-custom-style`) and properties of Typst (`data-typst:…`).
"""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from lxml.html import fromstring
from matplotlib.ft2font import FT2Font, LoadFlags

from cluster_eval.build.cache import Memo
from cluster_eval.problems import BuildError
from cluster_eval.words import letters
from cluster_eval.words.letters import BOLD, REGULAR, find_missing, show_controls, show_missing

SCREEN = (
    ".headerlink, details.hide, .exhibit-download, .toctree-wrapper, script, style, "
    "section section:has(.screen-only), .screen-only, .sample-banner"
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
NORMAL, DENSE = 8, 6.5
SHORT_TABLE, SHORT_TEXT = 14, 1200
"""Rows, and letters in all, up to which a table is kept on one page."""
PADDING = 9
"""What the cells' inner margins take of a column, in points."""

LINE = 1.4 * NORMAL
"""What a line of a cell takes of a page, in points."""

LONGEST_WORD = 30
"""Letters of a word that a table makes room for; longer ones, such as web addresses, are broken; see `literal.lua`."""

BREAK = "\N{ZERO WIDTH SPACE}"

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
    pages : list of str
        What follows the title, as HTML, page by page. A picture's `src` is a key of `pictures`.
    pictures : dict of str to Path
        The pictures' files.
    alts : dict of str to str
        The pictures' alt texts.
    missing : dict of str to list of str
        By page, what stands in print for letters that its font lacks.
    """

    title: str
    pages: list[str]
    pictures: dict[str, Path]
    alts: dict[str, str]
    missing: dict[str, list[str]] = field(default_factory=dict)


def gather_pages(title: str, pages: list[dict], html: Path, figures: Path, kept: Memo) -> Document:
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
    kept : Memo
        Pages that were laid out before.

    Returns
    -------
    Document
        The document.

    Raises
    ------
    BuildError
        When a picture is not there or has no alt text, or a link leads nowhere.
    """
    articles = {page["name"]: read_article(html / f"{page['name']}.html") for page in pages}
    return gather_articles(title, pages, articles, html, figures, kept)


def read_article(file: Path) -> str:
    """Read of a built page what is its own.

    Parameters
    ----------
    file : Path
        The page.

    Returns
    -------
    str
        HTML, with control characters shown.
    """
    text = show_controls(file.read_text(encoding="utf-8"))
    # Navigation and search around it take longer to read than the text.
    return text[text.index("<article") : text.rindex("</article>")]


def gather_articles(
    title: str, pages: list[dict], articles: Mapping[str, str], html: Path, figures: Path, kept: Memo
) -> Document:
    """Gather in one document what `read_article` gave of pages, by their names; see `gather_pages`."""
    trees = {name: fromstring(article) for name, article in articles.items()}
    # A link to the section that is all of a page leads to the page.
    aliases = {f"{name}-{tree.find('.//h1').getparent().get('id')}": name for name, tree in trees.items()}
    code = [Path(file).read_text(encoding="utf-8") for file in (__file__, letters.__file__)]
    code += [*map(version, ("beautifulsoup4", "lxml", "matplotlib"))]
    laid_out, pictures, part = [], {}, None
    for place, page in enumerate(pages):
        name, article = page["name"], articles[page["name"]]
        files = {source: _find_file(source, html, figures) for source in trees[name].xpath("//img/@src")}
        opens = page["part"] if page["part"] != part else None
        part = page["part"] or part
        about = {"name": name, "first": place == 0, "deeper": page["part"] is not None, "opens": opens}
        looks = {source: _look_at(file) for source, file in files.items()}
        laid_out.append(kept.recall(_lay_out_page, article, about, aliases, looks, code))
        pictures |= {_name_picture(source): file for source, file in files.items()}
    known = {each for page in laid_out for each in page["ids"]}
    for page, made in zip(pages, laid_out, strict=True):
        for text, target in made["links"]:
            if target not in known:
                raise BuildError(f"{page['name']}: the link “{text}” leads to {target}, which is nowhere")
    alts = {name: alt for page in laid_out for name, alt in page["alts"].items()}
    missing = {page["name"]: made["missing"] for page, made in zip(pages, laid_out, strict=True)}
    html = [page["html"] for page in laid_out]
    return Document(title, html, {name: pictures[name] for name in alts}, alts, missing)


def _name_picture(source):
    return Path(unquote(urlsplit(source).path)).as_posix()


def _find_file(source, html, figures):
    place = Path(_name_picture(source))
    return figures / place.name if place.parts[:2] == ("_static", "figures") else html / place


def _look_at(file):
    """Give what of a picture its page depends on: None where it is not there, and of a drawing what says its size."""
    if not file.is_file():
        return None
    if file.suffix != ".svg":
        return ""
    drawing = file.read_text(encoding="utf-8")
    return drawing[: drawing.find(">", drawing.find("<svg")) + 1]


def _lay_out_page(text, about, aliases, looks, code):
    """Lay out a page: its HTML, ids and links, its pictures' alt texts by their names, and letters that no font has."""
    document = BeautifulSoup("", "lxml")
    article = BeautifulSoup(text, "lxml").article
    name = about["name"]
    for each in article.select(SCREEN):
        each.decompose()
    missing = find_missing(article.get_text())
    _name_parts(article, name)
    _point_links(article, name, aliases)
    alts = _set_pictures(article, name, looks)
    for table in article.find_all("table"):
        _set_table(table, document)
    _set_styles(article, document)
    if about["first"]:
        article.h1.decompose()
        document.append(_make(document, "div", id=name))
    if about["opens"]:
        document.append(_make(document, "h1", about["opens"]))
    deeper = -1 if about["first"] else int(about["deeper"])
    for heading in article.find_all(re.compile(r"h[1-6]")):
        heading.name = f"h{int(heading.name[1]) + deeper}"
    for each in article.find_all(["section", "picture", "source"]):
        each.unwrap()
    for each in list(article.contents):
        document.append(each)
    if about["first"]:
        document.append(_make(document, "div", id=CONTENTS))
    ids = [each["id"] for each in document.find_all(id=True)]
    links = [[link.get_text(), link["href"][1:]] for link in document.find_all("a", href=re.compile("^#"))]
    return {"html": str(document), "ids": ids, "links": links, "alts": alts, "missing": missing}


def _make(document, kind, text=None, **attributes):
    made = document.new_tag(kind, attrs=attributes)
    if text:
        made.string = text
    return made


def _name_parts(article, page):
    """Give each part of a page a name of its own in the document, and headings that of their section."""
    for part in article.find_all(id=True):
        part["id"] = f"{page}-{part['id']}"
    for section in article.find_all("section"):
        heading = section.find(re.compile(r"h[1-6]"), recursive=False)
        heading["id"] = section["id"]
    article.h1["id"] = page


def _point_links(article, page, aliases):
    """Point links to pages into the document; what only a browser can download is named without a link."""
    for link in article.find_all("a"):
        place = link.get("href", "")
        path = urlsplit(place).path
        if _WEB_LINK.match(place):
            continue
        if place.startswith("#"):
            target = f"{page}-{place[1:]}"
        elif path.endswith(".html"):
            target = unquote(path).removesuffix(".html")
            fragment = urlsplit(place).fragment
            target = f"{target}-{fragment}" if fragment else target
        elif link.parent.name == "p" and link.parent.parent.name != "li" and link.parent.get_text() == link.get_text():
            link.parent.decompose()
            continue
        else:
            link.unwrap()
            continue
        link.attrs = {"href": f"#{aliases.get(target, target)}"}


def _set_pictures(article, page, looks):
    alts = {}
    for picture in article.find_all("img"):
        look = looks[picture["src"]]
        if look is None:
            raise BuildError(f"{page}: the picture {picture['src']} is not there")
        if not picture.get("alt"):
            raise BuildError(f"{page}: the picture {picture['src']} has no alt text")
        name = _name_picture(picture["src"])
        alts[name] = picture["alt"]
        attributes = {"src": name, "alt": picture["alt"]}
        if name.endswith(".svg"):
            width, height = measure_drawing(look, name)
            fitting = min(1, TEXT_WIDTH / width, TEXT_HEIGHT / height)
            attributes["width"] = f"{width * fitting / POINTS_PER_CM:.2f}cm"
        picture.attrs = attributes
    return alts


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
        SVG whose size is in points, or the beginning of it, up to the end of its first tag.
    name : str
        What it is called, for an error.

    Returns
    -------
    tuple of float
        Its width and height, in points.

    Raises
    ------
    BuildError
        When it does not say.
    """
    root = drawing[: drawing.find(">", drawing.find("<svg"))]
    sizes = [re.search(rf'\s{side}="([\d.]+)pt"', root) for side in ("width", "height")]
    if not all(sizes):
        raise BuildError(f"the picture {name} does not say in points how large it is")
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
    cells, rows = _read_rows(table)
    if not rows:
        table.decompose()
        return
    widths, dense = share_width(rows)
    for cell in table.find_all(["th", "td"]):
        number = "number" in cell.get("class", ()) and not (cell.name == "th" and cell.get("scope") == "row")
        cell.attrs = {key: cell[key] for key in ("scope", "colspan", "rowspan") if key in cell.attrs}
        if number:
            cell["style"] = "text-align: right"
    lengths = [TEXT_WIDTH * width for width in widths]
    for row, texts in zip(cells, rows, strict=True):
        if is_high(texts, lengths):
            for cell in row:
                cell["data-typst:breakable"] = "true"
        if dense and len(row) == len(lengths):
            for cell, length in zip(row, lengths, strict=True):
                _break_words(cell, length)
    columns = _make(document, "colgroup")
    for width in widths:
        columns.append(_make(document, "col", style=f"width: {100 * width:.2f}%"))
    table.find(["thead", "tbody", "tr"]).insert_before(columns)
    long = len(rows) > SHORT_TABLE or sum(len(cell) for row in rows for cell in row) > SHORT_TEXT
    table.attrs = {key: table[key] for key in ("id",) if key in table.attrs} | (DENSE_TABLE if dense else TABLE)
    if long:
        table.attrs |= LONG_TABLE


def _break_words(cell, length):
    """Let a line end within a word that is wider than its column, which is where not even small letters fit."""

    def part(found):
        # A column has no more than its words' width, which was measured in another order.
        return BREAK.join(found[0]) if _measure_longest([found[0]], DENSE) > length + 0.5 else found[0]

    for text in cell.find_all(string=True):
        text.replace_with(_WORD.sub(part, text))


def _read_rows(table):
    """Give a table's cells row by row, and what each place of its grid holds: where a cell spans several, the first."""
    cells, rows, taken = [], [], set()
    for y, row in enumerate(table.find_all("tr")):
        cells.append(row.find_all(["th", "td"]))
        texts, places = {}, (x for x in itertools.count() if (y, x) not in taken)
        for cell in cells[-1]:
            text = show_missing(cell.get_text(" ", strip=True)) + "\n" * len(cell.find_all("br"))
            down, across = (int(cell.get(key, 1)) for key in ("rowspan", "colspan"))
            first = next(places)
            texts |= {first: text}
            taken |= {(y + below, first + beside) for below in range(down) for beside in range(across)}
        rows.append(texts)
    width = 1 + max((x for _, x in taken), default=-1)
    return cells, [[texts.get(x, "") for x in range(width)] for texts in rows]


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


def is_high(texts: list[str], widths: list[float]) -> bool:
    """Say whether a table's row takes so much of a page that it may go on in the next: else what is below is lost.

    Parameters
    ----------
    texts : list of str
        What its cells hold.
    widths : list of float
        How wide their columns are, in points.

    Returns
    -------
    bool
        Whether a cell is likely to be higher than half a page, set in letters of a table's size.
    """
    lines = [
        (_measure_longest([text], NORMAL) - PADDING) / max(width - PADDING, NORMAL) + text.count("\n")
        for text, width in zip(texts, widths, strict=True)
    ]
    return max(lines) * LINE > TEXT_HEIGHT / 2


def _measure_longest(texts, size, bold=False):
    return max((sum(_measure_letter(letter, bold) for letter in text) for text in texts), default=0) * size + PADDING


@cache
def _measure_letter(letter, bold):
    """Give a letter's width, in units of its size; one that the font lacks is about as wide as it is high."""
    font = _open_font(bold)
    if not font.get_char_index(ord(letter)):
        return 0 if letter.isspace() else 1
    return font.load_char(ord(letter), LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


@cache
def _open_font(bold):
    font = FT2Font(str(BOLD if bold else REGULAR))
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
