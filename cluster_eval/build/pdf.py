"""Writes the report as a tagged PDF, for print: Pandoc makes Typst's markup, which Typst sets."""

import json
import re
from pathlib import Path

import typst

from cluster_eval.build.cache import Memo
from cluster_eval.build.document import Document, place_pictures
from cluster_eval.build.pandoc import convert_pages, give_seconds
from cluster_eval.problems import BuildError
from cluster_eval.templates import FOLDER
from cluster_eval.words.letters import FONTS, show_missing

LOOK, LITERAL = FOLDER / "report.typ", FOLDER / "literal.lua"
STANDARD = "ua-1"
"""PDF/UA: what assistive technology relies on; Typst refuses to write what does not keep to it."""

_TEXT = re.compile(r"(?<=>)[^<]+")


def write_pdf(document: Document, folder: Path, about: dict, kept: Memo) -> bytes:
    """Write a document as PDF/UA.

    Parameters
    ----------
    document : Document
        The document.
    folder : Path
        The folder that its pictures are in, at whatever depth.
    about : dict
        author, subject, lang and dated.
    kept : Memo
        Pages that were converted before.

    Returns
    -------
    bytes
        The file; the same for the same document.

    Raises
    ------
    BuildError
        When Pandoc or Typst warns of anything.
    """
    places = {name: "/" + file.relative_to(folder).as_posix() for name, file in document.pictures.items()}
    placed = [place_pictures(page, places) for page in document.pages]
    pages = [_TEXT.sub(lambda found: show_missing(found[0]), page) for page in placed]
    markup = "\n\n".join(convert_pages(pages, "typst", kept, LITERAL))
    language, region = about["lang"].split("-")
    dated = about["dated"]
    values = {
        "title": show_missing(document.title),
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
        raise BuildError(f"Typst: {error.diagnostic or error}") from None
    if warnings:
        raise BuildError("Typst: " + "\n".join(warning.diagnostic for warning in warnings))
    return pdf
