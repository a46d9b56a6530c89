"""Whether an edition holds anything that could run, or be asked of another host, besides what its theme brings along.

What pages are made of is known, so it is listed; whatever is not on a list is refused, whether it could do harm or not.
"""

import hashlib
import json
import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import tinycss2
import yaml
from lxml import etree
from markdown_it import MarkdownIt

from cluster_eval.templates import read_template

_ALLOWED = {
    kind: frozenset(names.split()) for kind, names in yaml.safe_load(read_template("allowed_content.yml")).items()
}
TEXT = _ALLOWED["text"]
"""Elements of a section's text."""

PAGE = TEXT | _ALLOWED["page"]
"""Elements of a page, with what is around its text."""

DRAWING, ATTRIBUTES = _ALLOWED["drawing"], _ALLOWED["attributes"]
HANDLERS = frozenset({("button", "onclick", "toggleFullScreen()")})
"""What of the theme runs when something is pressed: its button for the whole screen."""

SCRIPTS = {
    "3f519dfd6aa3aaaf2e76e203ecc39c8998b78c85af02ec8295da51323b22123c": "chooses the light or the dark theme",
    "e39ada5c9c21545b0622be77f9b1238433e261bfb8d215ab3cc1cd9e59a344ba": "searches when asked, not at each letter",
    "98dc83e96438bca1a6b5b7f6324e91323328ee4e886f8c3373a6f57ef6205471": "puts the cursor in the search page's field",
}
"""By digest, what the theme's scripts within a page do."""

PAGE_NAME = "DOCUMENTATION_OPTIONS.pagename = '{name}';"
"""The theme's script that differs from page to page."""

SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
"""What a link may begin with that a reader follows."""

SEARCH_INDEX = "searchindex.js"
INDEX = re.compile(r"Search\.setIndex\((.*)\)", re.DOTALL)
VALUES = {"type": {"button", "search", "text/css"}, "method": {"get"}}
TOLD, FETCHED = frozenset({"index", "search", "next", "prev", "author"}), frozenset({"stylesheet", "preload"})
"""How a page's head is related to a file that it only tells of, and to one that a browser asks for."""

SVG = "{http://www.w3.org/2000/svg}"
LINKS = ("href", "{http://www.w3.org/1999/xlink}href")
PIXELS = "data:image/png;base64,"
"""What an address in a drawing may be, besides a part of it: pixels that stand in its own text."""
ABOUT = tuple(f"{{http://{place}#}}" for place in ("www.w3.org/1999/02/22-rdf-syntax-ns", "creativecommons.org/ns"))
ABOUT += ("{http://purl.org/dc/elements/1.1/}",)
"""What a drawing tells of itself."""

SUFFIXES = {".css", ".csv", ".html", ".ipynb", ".inv", ".js", ".json", ".map", ".png", ".svg", ".ttf", ".txt", ".woff2"}
MARKUP, PLAIN = ("text/html", "text/markdown"), ("text/plain", "text/latex", "image/png", "image/jpeg")
"""Kinds of what a notebook's cell shows: what is looked into, and what holds nothing that could run."""

NAMING = {"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade"}
"""Functions of CSS whose text is an address."""

QUOTED = 60
"""Letters of what was found that are told."""


def find_active_content(edition: Path) -> list[str]:
    """Find what of an edition could run or be asked of another host.

    Parameters
    ----------
    edition : Path
        The folder that holds `html/`, `notebooks/` and `results/`.

    Returns
    -------
    list of str
        A line for each: the file, and what was found in it.
    """
    files = sorted(file for folder in ("html", "notebooks") for file in (edition / folder).rglob("*") if file.is_file())
    found = {file.relative_to(edition).as_posix(): _check_file(edition, file) for file in files}
    return [f"{place}: {what}" for place, each in found.items() for what in dict.fromkeys(each)]


def _check_file(edition, file):
    place = file.relative_to(edition)
    if file.suffix not in SUFFIXES:
        return ["is of a kind that no edition has"]
    if "_downloads" in place.parts:
        originals = [edition / folder / file.name for folder in ("notebooks", "results")]
        same = any(each.is_file() and each.read_bytes() == file.read_bytes() for each in originals)
        return [] if same else ["is no copy of a notebook or of a file of results"]
    if file.suffix not in _CHECKS or (file.suffix == ".js" and place.parts[1] == "_static"):
        return []
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ["is not UTF-8 text"]
    return check_page(text, file.stem) if file.suffix == ".html" else _CHECKS[file.suffix](text)


def check_page(text: str, name: str) -> list[str]:
    """Check a page.

    Parameters
    ----------
    text : str
        The page, in HTML.
    name : str
        What the theme calls it, such as `07_themes`.

    Returns
    -------
    list of str
        What it holds that no page has.
    """
    known = SCRIPTS.keys() | {_digest(PAGE_NAME.format(name=name))}
    return _read(text, PAGE, known)


def check_fragment(text: str) -> list[str]:
    """Check what a cell of a notebook shows.

    Parameters
    ----------
    text : str
        Part of a page, in HTML.

    Returns
    -------
    list of str
        What it holds that no section's text has.
    """
    return _read(text, TEXT, frozenset())


def check_notebook(text: str) -> list[str]:
    """Check what a notebook shows.

    Parameters
    ----------
    text : str
        The notebook, as its file has it.

    Returns
    -------
    list of str
        What it holds that no notebook shows.
    """
    try:
        cells = json.loads(text).get("cells", [])
    except (json.JSONDecodeError, AttributeError):
        return ["cannot be read as a notebook"]
    found = []
    for cell in cells:
        if cell["cell_type"] == "markdown":
            found += _check_shown("text/markdown", "".join(cell["source"]))
        for output in cell.get("outputs", []):
            for kind, shown in output.get("data", {}).items():
                found += _check_shown(kind, "".join(shown) if isinstance(shown, list) else shown)
    return found


def _check_shown(kind, shown):
    if kind in PLAIN or kind.endswith("+json"):
        return []
    if kind.endswith("+xml") or kind.endswith("+svg"):
        return check_drawing(shown)
    if kind not in MARKUP:
        return [f"a cell shows {kind}"]
    return check_fragment(_MARKDOWN.render(shown) if kind == "text/markdown" else shown)


def check_drawing(text: str) -> list[str]:
    """Check a drawing.

    Parameters
    ----------
    text : str
        The drawing, in SVG.

    Returns
    -------
    list of str
        What it holds that no drawing has.
    """
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [f"cannot be read as SVG: {error.msg}"]
    found = []
    if root.getroottree().docinfo.internalDTD is not None and list(root.getroottree().docinfo.internalDTD.entities()):
        found.append("declares entities")
    beside = [*root.itersiblings(preceding=True), *root.itersiblings()]
    for element in [*beside, *root.iter()]:
        if element.tag is etree.Comment:
            continue
        if not isinstance(element.tag, str):
            found.append(f"“{_shorten(etree.tostring(element, with_tail=False).decode())}”")
            continue
        kind = element.tag.removeprefix(SVG)
        if kind not in DRAWING and not element.tag.startswith(ABOUT):
            found.append(f"<{element.tag}>")
        if kind == "style":
            found += check_style(element.text or "")
        for name, value in element.attrib.items():
            near = value.startswith("#") or (kind == "image" and value.startswith(PIXELS))
            if name.lower().startswith("on") or (name in LINKS and not near):
                found.append(f'<{kind}> with {name}="{_shorten(value)}"')
            elif name == "style" or "(" in value:
                found += check_style(value)
    return found


def check_style(text: str, pictures: bool = False) -> list[str]:
    """Check a style sheet, or the styles of an element.

    Parameters
    ----------
    text : str
        The styles, in CSS.
    pictures : bool
        Whether they may hold pictures, as the theme's own do.

    Returns
    -------
    list of str
        What would run or be asked of another host.
    """
    return list(_check_tokens(tinycss2.parse_component_value_list(text, skip_comments=True), pictures))


def _check_tokens(tokens, pictures, naming=False):
    importing = False
    for token in tokens:
        if token.type == "at-keyword":
            importing = token.lower_value == "import"
        elif token.type == "error":
            yield f"styles that cannot be read: {token.message}"
        elif token.type == "ident" and token.lower_value in ("behavior", "-moz-binding"):
            yield f"styles with {token.value}"
        elif token.type == "url" or (token.type == "string" and (naming or importing)):
            address = token.value.strip()
            if not _is_near(address) and not (pictures and address.startswith("data:image/")):
                yield f'styles with the address "{_shorten(address)}"'
        elif token.type == "function":
            if token.lower_name == "expression":
                yield "styles with expression()"
            yield from _check_tokens(token.arguments, pictures, naming=token.lower_name in NAMING)
        elif token.type in ("{} block", "() block", "[] block"):
            yield from _check_tokens(token.content, pictures)
        if token.type == "literal" and token.value == ";":
            importing = False


def check_index(text: str) -> list[str]:
    """Check the index of a book's search, a script that holds nothing but data.

    Parameters
    ----------
    text : str
        The script.

    Returns
    -------
    list of str
        What else it holds.
    """
    data = INDEX.fullmatch(text.strip())
    try:
        json.loads(data[1] if data else "")
    except json.JSONDecodeError:
        return ["is a script that is neither the theme's nor the index of the search"]
    return []


class _Reader(HTMLParser):
    """Reads HTML and notes what is on no list; what could be read in two ways is noted as well."""

    def __init__(self, elements, scripts):
        super().__init__(convert_charrefs=False)
        self.found = []
        self._elements, self._scripts = elements, scripts
        self._inside, self._held, self._has_source = None, "", False

    def handle_starttag(self, tag, attrs):
        if tag not in self._elements:
            self.found.append(f"<{tag}>")
        relations = (dict(attrs).get("rel") or "").lower().split()
        for name, value in attrs:
            self._judge(tag, name, value or "", relations)
        if tag in self.CDATA_CONTENT_ELEMENTS:
            self._inside, self._held, self._has_source = tag, "", "src" in dict(attrs)

    def handle_endtag(self, tag):
        if tag == self._inside:
            self._judge_held()
            self._inside = None

    def handle_data(self, data):
        if self._inside:
            self._held += data
        elif "<" in data:
            self.found.append(f"“{_shorten(data[data.index('<') :])}”")

    def handle_comment(self, data):
        # Browsers end a comment earlier in these cases.
        if data.startswith((">", "->")) or "--!>" in data:
            self.found.append(f"<!--{_shorten(data)}")

    def handle_decl(self, decl):
        if decl.lower() != "doctype html":
            self.found.append(f"<!{_shorten(decl)}>")

    def handle_pi(self, data):
        self.found.append(f"<?{_shorten(data)}>")

    def unknown_decl(self, data):
        self.found.append(f"<![{_shorten(data)}]>")

    def close(self):
        super().close()
        if self._inside:
            self.found.append(f"<{self._inside}> without an end")

    def _judge_held(self):
        if self._inside == "style":
            self.found += check_style(self._held)
        elif self._held.strip() and _digest(self._held) not in self._scripts:
            self.found.append(f"<script> “{_shorten(self._held)}”")
        elif not self._held.strip() and not self._has_source:
            self.found.append("<script> without text")

    def _judge(self, tag, name, value, relations):
        if name == "style":
            self.found += check_style(value)
            return
        if name == "href" and tag == "a":
            wrong = _name_scheme(value) not in SCHEMES
        elif tag == "script" and name == "src":
            wrong = value != SEARCH_INDEX and not _is_static(value)
        elif tag == "link" and name == "href":
            wrong = not (_is_static(value) or (_is_near(value) and TOLD.issuperset(relations)))
        elif name in ("src", "href", "action"):
            wrong = not _is_near(value)
        elif name == "srcset":
            wrong = not all(map(_is_near, value.split(",")))
        elif name == "rel" and tag == "link":
            wrong = not (TOLD | FETCHED).issuperset(relations)
        elif name in VALUES:
            wrong = value.lower() not in VALUES[name]
        else:
            wrong = name not in ATTRIBUTES and (tag, name, value) not in HANDLERS
        if wrong:
            self.found.append(f'<{tag}> with {name}="{_shorten(value)}"')


def _read(text, elements, scripts):
    reader = _Reader(elements, scripts)
    reader.feed(text)
    reader.close()
    return reader.found


def _clean(address):
    """Read an address as browsers do: without spaces and control characters, and with slashes for backslashes."""
    return re.sub(r"[\x00-\x20]", "", address).replace("\\", "/")


def _name_scheme(address):
    scheme = re.match(r"([^/?#:]*):", _clean(address))
    return scheme[1].lower() if scheme else ""


def _is_near(address):
    """Say whether an address is of the edition itself, wherever it is put."""
    return not _name_scheme(address) and not _clean(address).startswith("/") and not _leaves(address)


def _leaves(address):
    """Say whether an address leads out of the edition: its pages lie one folder below its top."""
    depth = 1
    for part in unquote(urlsplit(_clean(address)).path).split("/"):
        depth += {"..": -1, "": 0, ".": 0}.get(part, 1)
        if depth < 0:
            return True
    return False


def _is_static(address):
    return _is_near(address) and _clean(address).startswith("_static/") and ".." not in unquote(address)


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def _shorten(text):
    text = " ".join(text.split())
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# It would show a link that runs as text, where another program might make the link.
_MARKDOWN.validateLink = lambda _: True
_CHECKS = {
    ".css": partial(check_style, pictures=True),
    ".html": check_page,
    ".ipynb": check_notebook,
    ".js": check_index,
    ".svg": check_drawing,
}
