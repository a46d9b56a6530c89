"""Makes the editions for Word and for print, and the summary on two sides, from the book's built pages."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import escape
from importlib.metadata import version
from pathlib import Path

from cluster_eval.build.cache import MEMO, Memo, replace_whole
from cluster_eval.build.document import gather_pages
from cluster_eval.build.notices import UNFIT, write_notices
from cluster_eval.build.pdf import write_pdf
from cluster_eval.build.pictures import render_drawings
from cluster_eval.build.plan import DOCUMENTS
from cluster_eval.build.summary import gather_summary, write_summary
from cluster_eval.build.word import write_word
from cluster_eval.notebook.edition import open_edition
from cluster_eval.words.formats import CONTENTS, PUBLISHER, SUBJECT, SUMMARY_FOOT
from cluster_eval.words.letters import show_missing

WORD, PDF, SUMMARY = "report.docx", "report.pdf", "summary.pdf"


def make_documents(root: Path, given: dict, work: Path, tell: Callable[[str], None]) -> list[str]:
    """Make the Word document, the PDF, and the summary.

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
        "contents": edition.language.say(CONTENTS),
    }
    tell("putting the pages together")
    kept = Memo(work / MEMO)
    translate = edition.language.translate
    pages = [page | {"part": page["part"] and translate(page["part"])} for page in given["pages"]]
    html, figures = work / "book" / "_build" / "html", work / "figures"
    document = gather_pages(params.title, pages, html, figures, kept)
    front, page = pages[0]["name"], pages[min(1, len(pages) - 1)]["name"]
    summary = gather_summary(params.title, front, page, html, figures, kept)
    tell("writing Word and PDF")
    folder = work / "pictures"
    with ThreadPoolExecutor() as threads:
        pdf = threads.submit(write_pdf, document, work, about, kept)
        short = threads.submit(_write_summary, summary, edition, work, about, kept)
        drawings = [file for file in document.pictures.values() if file.suffix == ".svg"]
        word = write_word(document, render_drawings(drawings, folder), folder, about, kept)
        made = {work / "editions" / WORD: word, work / "editions" / PDF: pdf.result()}
    made[work / "editions" / SUMMARY], fits = short.result()
    for file, contents in made.items():
        replace_whole(file, contents)
    kept.forget_unused()
    told = [
        f"{page}: report.pdf and charts have {', '.join(names)} in the place of letters that their font lacks"
        for page, names in document.missing.items()
        if names
    ]
    long = [] if fits else [f"{page}: summary.pdf takes more than two sides of paper; say less on that page"]
    notices = [*write_notices(work, DOCUMENTS, told), *write_notices(work, DOCUMENTS, long, UNFIT)]
    return [file.relative_to(root).as_posix() for file in [*made, *notices]]


def _write_summary(summary, edition, work, about, kept):
    language, params = edition.language, edition.report.params
    values = {"opens": params.fieldwork.opens, "closes": params.fieldwork.closes, "version": version("cluster-eval")}
    foot = "".join(f"<p>{escape(language.say(message, **values))}</p>" for message in SUMMARY_FOOT)
    about = about | {"place": show_missing(language.write(edition.report.place))}
    return write_summary(summary, foot, work, about, kept)
