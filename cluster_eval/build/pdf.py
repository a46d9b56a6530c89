"""Writes tagged PDFs, for print: Pandoc makes Typst's markup, which Typst sets."""

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

COMMON, LOOK, LITERAL = FOLDER / "common.typ", FOLDER / "report.typ", FOLDER / "literal.lua"
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
        author, subject, lang, dated, and contents, which is what these are called.
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
    pages = [*mark_up(document.pages, document, folder, kept)]
    return typeset(LOOK, "\n\n".join(pages), document, folder, about)[0]


def mark_up(parts: list[str], document: Document, folder: Path, kept: Memo) -> list[str]:
    """Write parts of a document in Typst's markup.

    Parameters
    ----------
    parts : list of str
        HTML, whose pictures are the document's.
    document, folder, kept
        As for `write_pdf`.

    Returns
    -------
    list of str
        The parts.
    """
    places = _find_pictures(document, folder)
    placed = [place_pictures(part, places) for part in parts]
    return convert_pages(
        [_TEXT.sub(lambda found: show_missing(found[0]), part) for part in placed], "typst", kept, LITERAL
    )


def typeset(
    look: Path, markup: str, document: Document, folder: Path, about: dict, ask: str | None = None
) -> tuple[bytes, object]:
    """Set markup with Typst.

    Parameters
    ----------
    look : Path
        How it looks: what stands before it, after what all looks have in common.
    markup : str
        What `mark_up` gave, and calls of what the look defines.
    document, folder
        As for `write_pdf`.
    about : dict
        author, subject, lang and dated, and what else the look asks for.
    ask : str, optional
        The label of what Typst is asked for besides.

    Returns
    -------
    bytes
        The file.
    object
        What stands at that label.

    Raises
    ------
    BuildError
        When Typst warns of anything.
    """
    dated, places = about["dated"], _find_pictures(document, folder)
    language, region = about["lang"].split("-")
    values = about | {
        "title": show_missing(document.title),
        "language": language,
        "region": region,
        "dated": [dated.year, dated.month, dated.day],
        "alts": {place: document.alts[name] for name, place in places.items()},
    }
    source = "\n".join([COMMON.read_text(encoding="utf-8"), look.read_text(encoding="utf-8"), markup])
    world = {
        "root": folder,
        "font_paths": [FONTS],
        "ignore_system_fonts": True,
        "sys_inputs": {"about": json.dumps(values)},
    }
    try:
        pdf, warnings = typst.compile_with_warnings(
            source.encode("utf-8"), format="pdf", pdf_standards=[STANDARD], timestamp=give_seconds(dated), **world
        )
        # Typst has the layout still, and does not make it again.
        asked = ask and json.loads(typst.query(source.encode("utf-8"), f"<{ask}>", field="value", one=True, **world))
    except typst.TypstError as error:
        raise BuildError(f"Typst: {error.diagnostic or error}") from None
    if warnings:
        raise BuildError("Typst: " + "\n".join(warning.diagnostic for warning in warnings))
    return pdf, asked


def _find_pictures(document, folder):
    """Find a document's pictures in the folder that is Typst's root."""
    return {name: "/" + file.relative_to(folder).as_posix() for name, file in document.pictures.items()}
