"""Writes the report as a tagged PDF, for print: Pandoc makes Typst's markup, which Typst sets."""

import json
import re
from itertools import groupby
from pathlib import Path

import typst

from cluster_eval.publish.document import FONTS, Document, has_letter, place_pictures
from cluster_eval.publish.kept import Kept
from cluster_eval.publish.pandoc import convert_pages, give_seconds
from cluster_eval.publish.workers import WorkFailed

LOOK = Path(__file__).with_name("report.typ")
LITERAL = Path(__file__).with_name("literal.lua")
STANDARD = "ua-1"
"""PDF/UA: what assistive technology relies on; Typst refuses to write what does not keep to it."""

CLEAR = '<span data-typst:text:fill="rgb(0, 0, 0, 0)">{}</span>'
_TAG_OR_TEXT = re.compile(r"<[^>]*>|[^<]*[^<\x00-\x7f][^<]*")


def write_pdf(document: Document, folder: Path, about: dict, kept: Kept) -> bytes:
    """Write a document as PDF/UA.

    Parameters
    ----------
    document : Document
        The document.
    folder : Path
        The folder that its pictures are in, at whatever depth.
    about : dict
        author, subject, lang and dated.
    kept : Kept
        Pages that were converted before.

    Returns
    -------
    bytes
        The file; the same for the same document.

    Raises
    ------
    WorkFailed
        When Pandoc or Typst warns of anything.
    """
    places = {name: "/" + file.relative_to(folder).as_posix() for name, file in document.pictures.items()}
    pages = [_TAG_OR_TEXT.sub(_clear_missing, place_pictures(page, places)) for page in document.pages]
    markup = "\n\n".join(convert_pages(pages, "typst", kept, LITERAL))
    language, region = about["lang"].split("-")
    dated = about["dated"]
    values = {
        "title": document.title,
        "author": about["author"],
        "subject": about["subject"],
        "language": language,
        "region": region,
        "dated": [dated.year, dated.month, dated.day],
        "alts": {place: document.alts[name] for name, place in places.items()},
    }
    try:
        pdf, warnings = typst.compile_with_warnings(
            (LOOK.read_text(encoding="utf-8") + "\n" + markup).encode("utf-8"),
            root=folder,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"about": json.dumps(values)},
            pdf_standards=[STANDARD],
            timestamp=give_seconds(dated),
        )
    except typst.TypstError as error:
        raise WorkFailed(f"Typst: {error.diagnostic or error}") from None
    if warnings:
        raise WorkFailed("Typst: " + "\n".join(warning.diagnostic for warning in warnings))
    return pdf


def _clear_missing(found):
    """Make letters that the font lacks, which would be boxes, clear: they can still be heard, found and copied."""
    text = found[0]
    if text.startswith("<"):
        return text
    runs = ((has, "".join(run)) for has, run in groupby(text, has_letter))
    return "".join(run if has else CLEAR.format(run) for has, run in runs)
