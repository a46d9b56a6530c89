"""Writes the summary on two sides of A4, from the built page of the summary and the front page's picture."""

from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup

from cluster_eval.build.cache import Memo
from cluster_eval.build.document import CONTENTS, Document, gather_articles, read_article
from cluster_eval.build.pdf import mark_up, typeset
from cluster_eval.templates import FOLDER
from cluster_eval.words.letters import show_missing

LOOK = FOLDER / "summary.typ"
FITS = "fits"
"""The label at which the look says whether two sides were enough."""

_FOLDED = ".headerlink, details"
"""Of a page's exhibits the charts stand on the summary, their tables in the report."""


@dataclass(frozen=True)
class Summary:
    """What stands on the two sides, as HTML.

    Attributes
    ----------
    document : Document
        Title, pictures and alt texts.
    heading : str
        What the page is called, as text.
    sample : str
        What a notice on the responses is called, as text; empty where there is none.
    notice, headline, lead, picture : str
        Empty where there is none.
    sections : list of str
        Each with its heading.
    """

    document: Document
    heading: str
    sample: str
    notice: str
    headline: str
    lead: str
    picture: str
    sections: list[str] = field(default_factory=list)


def gather_summary(title: str, front: str, page: str, html: Path, figures: Path, kept: Memo) -> Summary:
    """Gather what stands on the summary's two sides.

    Parameters
    ----------
    title : str
        The report's title.
    front : str
        The name of the front page, of which the sections with a picture are taken.
    page : str
        The name of the page that is the summary.
    html, figures, kept
        As for `cluster_eval.build.document.gather_pages`.

    Returns
    -------
    Summary
        The page's parts in order. A paragraph's first bold words are the headline.

    Raises
    ------
    BuildError
        When a picture is not there or has no alt text.
    """
    (opening, _, pictured), drawn = _gather(title, front, html, figures, kept, narrow=True)
    (lead, heading, sections), document = _gather(title, page, html, figures, kept)
    notices = lead.select("[data-custom-style=Notice]") or opening.select("[data-custom-style=Notice]")
    for notice in notices:
        notice.extract()
    headline, first = "", lead.find("p")
    if first and first.contents and first.contents[0].name == "strong":
        headline = first.contents[0].extract().decode_contents()
    picture = "".join(str(section) for section in pictured if section.find("figure"))
    pictures = {name: file for name, file in drawn.pictures.items() if name in picture} | document.pictures
    both = Document(title, [], pictures, drawn.alts | document.alts, {page: _list_missing(drawn, document)})
    sample = show_missing(" ".join(notice.strong.get_text(strip=True) for notice in notices[:1]))
    parts = [str(section) for section in sections]
    return Summary(both, heading, sample, "".join(map(str, notices)), headline, str(lead), picture, parts)


def _gather(title, page, html, figures, kept, narrow=False):
    """Gather a page: what is before its first section, its heading, its sections; and its document."""
    article = BeautifulSoup(read_article(html / f"{page}.html"), "lxml").article
    for each in article.select(_FOLDED):
        each.decompose()
    # On a wall nothing is to be followed.
    for link in article.select("a:not(.download)"):
        link.unwrap()
    for picture in article.find_all("picture") if narrow else ():
        picture.img["src"] = picture.source["srcset"]
    heading = show_missing(article.h1.get_text(strip=True))
    document = gather_articles(title, [{"name": page, "part": None}], {page: str(article)}, html, figures, kept)
    laid_out = BeautifulSoup(document.pages[0], "lxml")
    for table in laid_out.find_all("table"):
        # As wide as there is room here, which is less than a page.
        table.colgroup.decompose()
        table.attrs = {}
    for source in laid_out.select("[data-custom-style=Source]"):
        source["data-typst:text:size"] = "0.72em"
    parts = [laid_out.new_tag("div")]
    for each in list((laid_out.body or laid_out).children):
        if each.name == "h1":
            parts.append(laid_out.new_tag("div"))
        if each.name != "div" or each.get("id") not in (page, CONTENTS):
            parts[-1].append(each.extract())
    return (parts[0], heading, parts[1:]), document


def _list_missing(*documents):
    return list(dict.fromkeys(name for each in documents for names in each.missing.values() for name in names))


def write_summary(summary: Summary, foot: str, folder: Path, about: dict, kept: Memo) -> tuple[bytes, bool]:
    """Write the summary as PDF/UA.

    Parameters
    ----------
    summary : Summary
        What stands on it.
    foot : str
        What stands below it, as HTML.
    folder : Path
        The folder that its pictures are in, at whatever depth.
    about : dict
        author, subject, lang, dated and place.
    kept : Memo
        Parts that were converted before.

    Returns
    -------
    bytes
        The file; the same for the same summary.
    bool
        Whether two sides were enough.

    Raises
    ------
    BuildError
        When Pandoc or Typst warns of anything.
    """
    named = {"notice": summary.notice, "headline": summary.headline, "lead": summary.lead}
    named |= {"picture": summary.picture, "foot": foot}
    marked = mark_up([*named.values(), *summary.sections], summary.document, folder, kept)
    parts = [f"{name}: {_bracket(part)}" for name, part in zip(named, marked[: len(named)], strict=True)]
    wide = ["<figure" in section or "<table" in section for section in summary.sections]
    sections = [
        f"(wide: {str(is_wide).lower()}, body: {_bracket(part)}),"
        for is_wide, part in zip(wide, marked[len(named) :], strict=True)
    ]
    tables = [place for place, section in enumerate(summary.sections) if "<table" in section]
    parts += [f"sections: ({' '.join(sections)})", f"turn: {tables[0] if tables else len(sections)}"]
    about = about | {"heading": summary.heading, "sample": summary.sample}
    return typeset(LOOK, f"#lay-out(({', '.join(parts)}))", summary.document, folder, about, FITS)


def _bracket(part):
    return f"[{part}]" if part.strip() else "none"
