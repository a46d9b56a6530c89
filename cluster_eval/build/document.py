"""Puts the book's built pages together as one document, for the editions that are not read on a screen.

It is HTML, from which Pandoc makes each edition. Besides HTML's own it has what Pandoc's writers ask for: the name of a
style of Word (`data-custom-style`) and properties of Typst (`data-typst:…`).
"""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from lxml.html import fromstring

from cluster_eval.build import columns
from cluster_eval.build.cache import Memo
from cluster_eval.build.columns import (
    DENSE,
    POINTS_PER_CM,
    TEXT_HEIGHT,
    TEXT_WIDTH,
    WORD,
    is_high,
    measure_longest,
    share_width,
)
from cluster_eval.problems import BuildError
from cluster_eval.words import letters
from cluster_eval.words.letters import find_missing, show_controls, show_missing

SCREEN = (
    ".headerlink, details.hide, .exhibit-download, .toctree-wrapper, script, style, "
    "section section:has(.screen-only, .headline-figures), .screen-only, "
    ".workbook-only :is(details, .exhibit-table, :not(.exhibit-beside) > .exhibit-table ~ .exhibit-source)"
)
"""What of a page belongs to the screen alone; a section that holds something called so goes with its heading. What the
front page has in short is what the summary says, which is where a document begins."""

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

SHORT_TABLE, SHORT_TEXT = 14, 1200
"""Rows, and letters in all, up to which a table is kept on one page."""
BREAK = "\N{ZERO WIDTH SPACE}"

_PICTURE = re.compile(r'(<img [^>]*\bsrc=")([^"]*)"')
_WEB_LINK = re.compile(r"(https?|mailto|tel):")


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

    The first page opens it, its heading giving way to the title; the contents follow on what it says before its first
    section. Its sections come after the second page, which is the summary. Each part of the book is a heading of the
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
    code = [Path(file).read_text(encoding="utf-8") for file in (__file__, columns.__file__, letters.__file__)]
    code += [*map(version, ("beautifulsoup4", "lxml", "matplotlib"))]
    laid_out, pictures, part = [], {}, None
    for place, page in enumerate(pages):
        name, article = page["name"], articles[page["name"]]
        files = {source: _find_file(source, html, figures) for source in trees[name].xpath("//img/@src")}
        opens = page["part"] if page["part"] != part else None
        part = page["part"] or part
        deeper = len(pages) > 1 if place == 0 else page["part"] is not None
        about = {"name": name, "first": place == 0, "deeper": deeper, "opens": opens}
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
    if len(html) > 1:
        opening, contents, sections = html[0].partition(f'<div id="{CONTENTS}"></div>')
        html[:2] = [opening + contents, html[1], *filter(str.strip, [sections])]
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
    for each in article.select(".print-only"):
        del each["hidden"]
        # What names the place of a table that is left out stays with what stands there instead.
        before = each.find_previous_sibling(class_="workbook-only")
        if before.find(id=True) and not before.get_text(strip=True):
            before.find(id=True).append(each)
    missing = find_missing(article.get_text())
    _name_parts(article, name)
    _point_links(article, name, aliases)
    alts = _set_pictures(article, name, looks)
    for table in article.find_all("table"):
        _set_table(table, document)
    _set_styles(article, document)
    if about["first"]:
        section = article.select_one("section section")
        (section.insert_before if section else article.append)(_make(document, "div", id=CONTENTS))
        article.h1.decompose()
        document.append(_make(document, "div", id=name))
    if about["opens"]:
        document.append(_make(document, "h1", about["opens"]))
    deeper = about["deeper"] - about["first"]
    for heading in article.find_all(re.compile(r"h[1-6]")):
        heading.name = f"h{int(heading.name[1]) + deeper}"
    for each in article.find_all(["section", "picture", "source"]):
        each.unwrap()
    for each in list(article.contents):
        document.append(each)
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
    group = _make(document, "colgroup")
    for width in widths:
        group.append(_make(document, "col", style=f"width: {100 * width:.2f}%"))
    table.find(["thead", "tbody", "tr"]).insert_before(group)
    long = len(rows) > SHORT_TABLE or sum(len(cell) for row in rows for cell in row) > SHORT_TEXT
    table.attrs = {key: table[key] for key in ("id",) if key in table.attrs} | (DENSE_TABLE if dense else TABLE)
    if long:
        table.attrs |= LONG_TABLE


def _break_words(cell, length):
    """Let a line end within a word that is wider than its column, which is where not even small letters fit."""

    def part(found):
        # A column has no more than its words' width, which was measured in another order.
        return BREAK.join(found[0]) if measure_longest([found[0]], DENSE) > length + 0.5 else found[0]

    for text in cell.find_all(string=True):
        text.replace_with(WORD.sub(part, text))


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
