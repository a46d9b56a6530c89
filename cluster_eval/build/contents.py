"""The book's contents: which notebooks and pages a cycle's book has, in reading order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

from cluster_eval.config import read_model
from cluster_eval.facts.needs import NEEDS, list_features
from cluster_eval.problems import InputError, Problem, suggest
from cluster_eval.reconcile.comparison import compare_published
from cluster_eval.sources.edition import Scope
from cluster_eval.sources.report import Report, open_report

FILE = Path("book/contents.yml")
APPENDIX = "_appendix_"
"""In the names of notebooks that are appendices; they are numbered by their place in the cycle's book."""


class _Chapter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    notebook: str | None = None
    page: str | None = None
    name: str | None = None
    parameters: dict[str, str] = {}
    needs: list[str] = []
    any: bool = False

    @model_validator(mode="after")
    def _check_one(self):
        if (self.notebook is None) == (self.page is None):
            raise ValueError("a chapter is either a notebook or a page")
        if self.page is not None and (self.name or self.parameters):
            raise ValueError("only a notebook has a name of its own, and parameters")
        return self


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    caption: str
    chapters: list[_Chapter]


class _Contents(BaseModel):
    model_config = ConfigDict(extra="forbid")

    root: _Chapter
    parts: list[_Part]


@dataclass(frozen=True)
class Section:
    """One page of the book.

    Attributes
    ----------
    name : str
        The page's name; that of its file without its ending, where it has none of its own.
    part : str or None
        The caption of the part that it belongs to; None for the front page.
    source : Path
        The notebook or Markdown page.
    parameters : mapping of str to str
        What a notebook is executed with besides cycle and language, where several sections are made of one.
    """

    name: str
    part: str | None
    source: Path
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_notebook(self) -> bool:
        """Whether the section is computed by a notebook."""
        return self.source.suffix == ".ipynb"


def check_cycle(root: Path, given: dict, work: Path, tell: Callable[[str], None]) -> dict:
    """Check everything that a cycle's report is made from, before anything is computed.

    Parameters
    ----------
    root : Path
        The repository's root.
    given : dict
        cycles, the newest last; scope (kind and name).
    work : Path
        Not used.
    tell : callable
        Not called.

    Returns
    -------
    dict
        cycles (the newest last); title; sample_cycles; features (sorted, see
        `cluster_eval.facts.needs.list_features`) and lacks (those that the cycle does not have); sections, in
        reading order, each with name, part, source (relative to the root), parameters and appendix (its number, or
        None); named (see `list_named`).

    Raises
    ------
    InputError
        With every problem of params and data, of the book's contents, or of the published report's transcription.
    """
    report = open_report(given["cycles"][-1], root, Scope(*given["scope"]))
    report.check()
    sections = list_sections(report)
    compare_published(report)
    # By name, since looking into the notebooks would make every edit of one a reason to check everything again.
    appendices = [section.name for section in sections if section.is_notebook and APPENDIX in section.name]
    features = list_features(report)
    return {
        "cycles": report.cycles,
        "title": report.params.title,
        "sample_cycles": report.sample_cycles,
        "features": sorted(features),
        "lacks": sorted(NEEDS.keys() - features),
        "named": list_named(root),
        "sections": [
            {
                "name": section.name,
                "part": section.part,
                "source": section.source.relative_to(root).as_posix(),
                "parameters": dict(section.parameters),
                "appendix": appendices.index(section.name) + 1 if section.name in appendices else None,
            }
            for section in sections
        ],
    }


def list_sections(report: Report) -> list[Section]:
    """List the sections of a cycle's book, in reading order.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    list of Section
        The front page first.

    Raises
    ------
    InputError
        When the contents file is not as it should be, or names a notebook that does not exist or a need that no cycle
        could meet.
    """
    contents = read_model(report.root, FILE, _Contents)
    problems = [
        Problem(str(FILE), f'found "{need}"; {suggest(need, sorted(NEEDS))}', heading="needs")
        for part in contents.parts
        for chapter in part.chapters
        for need in chapter.needs
        if need not in NEEDS
    ]
    if problems:
        raise InputError(problems)
    features = list_features(report)
    pages = _list_pages(report)
    front = _find_source(report, contents.root, pages)
    if front is None:
        raise InputError([Problem(str(FILE), f"book/{contents.root.page}.md does not exist", heading="root")])
    sections = [Section(front.stem, None, front)]
    for part in contents.parts:
        for chapter in part.chapters:
            met = [need in features for need in chapter.needs]
            source = _find_source(report, chapter, pages)
            if source is not None and (not met or (any(met) if chapter.any else all(met))):
                sections.append(Section(chapter.name or source.stem, part.caption, source, chapter.parameters))
    return sections


def list_named(root: Path) -> list[str]:
    """List the notebooks that the book's contents name, whichever cycle has them.

    Parameters
    ----------
    root : Path
        The repository's root.

    Returns
    -------
    list of str
        Such as `03_pcmw`.

    Raises
    ------
    InputError
        When the contents file is not as it should be.
    """
    contents = read_model(root, FILE, _Contents)
    chapters = [contents.root, *(chapter for part in contents.parts for chapter in part.chapters)]
    return sorted({chapter.notebook for chapter in chapters if chapter.notebook is not None})


def _find_source(report, chapter, pages):
    if chapter.notebook is not None:
        source = report.root / "notebooks" / f"{chapter.notebook}.ipynb"
        if not source.is_file():
            raise InputError([Problem(str(FILE), f"notebooks/{chapter.notebook}.ipynb does not exist")])
        return source
    return pages.get(chapter.page)


def _list_pages(report):
    """Find the pages by name; one of the cycle's own goes before one of all cycles."""
    pages = {}
    for folder in (report.root / "book", report.root / "book" / report.cycle):
        if folder.is_dir():
            # Listed and not asked for one by one, so that a page put there later is noticed.
            pages |= {file.stem: file for file in folder.glob("[!.]*.md")}
    return pages
