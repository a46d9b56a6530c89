"""Makes the editions for Word and for print from the book's built pages."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cluster_eval.build.cache import MEMO, Memo, replace_whole
from cluster_eval.build.document import gather_pages
from cluster_eval.build.notices import write_notices
from cluster_eval.build.pdf import write_pdf
from cluster_eval.build.pictures import render_drawings
from cluster_eval.build.plan import DOCUMENTS
from cluster_eval.build.word import write_word
from cluster_eval.notebook.edition import open_edition
from cluster_eval.words.formats import PUBLISHER, SUBJECT

WORD, PDF = "report.docx", "report.pdf"


def make_documents(root: Path, given: dict, work: Path, tell: Callable[[str], None]) -> list[str]:
    """Make the Word document and the PDF.

    Parameters
    ----------
    root : Path
        The repository's root.
    given : dict
        cycles, the newest last; scope; language; pages, each with name and part (None for none), in reading order.
    work : Path
        The folder of what is made on the way, with the built pages.
    tell : callable
        Called with what is being done.

    Returns
    -------
    list of str
        The files written, relative to the root.

    Raises
    ------
    BuildError
        When a page's picture or link leads nowhere, or Pandoc or Typst warns of anything.
    """
    edition = open_edition(root, given)
    params = edition.report.params
    about = {
        "author": edition.language.say(PUBLISHER),
        "lang": edition.language.tag,
        "subject": edition.language.say(SUBJECT),
        "dated": params.fieldwork.closes,
    }
    tell("putting the pages together")
    kept = Memo(work / MEMO)
    translate = edition.language.translate
    pages = [page | {"part": page["part"] and translate(page["part"])} for page in given["pages"]]
    document = gather_pages(params.title, pages, work / "book" / "_build" / "html", work / "figures", kept)
    tell("writing Word and PDF")
    folder = work / "pictures"
    with ThreadPoolExecutor() as threads:
        pdf = threads.submit(write_pdf, document, work, about, kept)
        drawings = [file for file in document.pictures.values() if file.suffix == ".svg"]
        word = write_word(document, render_drawings(drawings, folder), folder, about, kept)
        made = {work / "editions" / WORD: word, work / "editions" / PDF: pdf.result()}
    for file, contents in made.items():
        replace_whole(file, contents)
    kept.forget_unused()
    told = [
        f"{page}: report.pdf and charts have {', '.join(names)} in the place of letters that their font lacks"
        for page, names in document.missing.items()
        if names
    ]
    return [file.relative_to(root).as_posix() for file in [*made, *write_notices(work, DOCUMENTS, told)]]
