"""The book's contents: which notebooks and pages a cycle's book has, in reading order."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from cluster_eval.problems import InputError, Problem
from cluster_eval.report import Report
from cluster_eval.vocabulary import COMMENTS, FRAMEWORKS, MEETINGS, QUESTIONS

FILE = Path("book/contents.yml")


class _Chapter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    notebook: str | None = None
    page: str | None = None
    needs: list[str] = []
    any: bool = False

    @model_validator(mode="after")
    def _check_one(self):
        if (self.notebook is None) == (self.page is None):
            raise ValueError("a chapter is either a notebook or a page")
        return self


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    caption: str
    chapters: list[_Chapter]


class _Contents(BaseModel):
    model_config = ConfigDict(extra="forbid")

    root: str
    parts: list[_Part]


@dataclass(frozen=True)
class Section:
    """One page of the book.

    Attributes
    ----------
    name : str
        The file's name without its ending.
    part : str or None
        The caption of the part that it belongs to; None for the front page.
    source : Path
        The notebook or Markdown page.
    """

    name: str
    part: str | None
    source: Path

    @property
    def is_notebook(self) -> bool:
        """Whether the section is computed by a notebook."""
        return self.source.suffix == ".ipynb"


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
        When the contents file is not as it should be, or names a notebook that does not exist.
    """
    try:
        contents = _Contents.model_validate(yaml.safe_load((report.root / FILE).read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise InputError([Problem(str(FILE), str(error))]) from None
    features = list_features(report)
    sections = [Section(contents.root, None, report.root / "book" / f"{contents.root}.md")]
    for part in contents.parts:
        for chapter in part.chapters:
            met = [need in features for need in chapter.needs]
            source = _find_source(report, chapter)
            if source is not None and (not met or (any(met) if chapter.any else all(met))):
                sections.append(Section(source.stem, part.caption, source))
    return sections


def list_features(report: Report) -> set[str]:
    """List what a cycle has of what a section may need.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    set of str
        Of previous, PCMW, ACD, agreement, meetings, comments, coding, actions, previous_actions, published,
        sample_data, and each survey variable that the cycle asked.
    """
    previous = report.previous_params
    has = {
        "previous": previous is not None,
        **{code: bool(report.asked.intersection(framework.variables)) for code, framework in FRAMEWORKS.items()},
        "agreement": bool(report.asked.intersection(QUESTIONS)),
        "meetings": bool(report.asked.intersection(MEETINGS)),
        "comments": bool(report.asked.intersection(COMMENTS)),
        "coding": report.own_coding is not None,
        "actions": report.params.actions is not None,
        "previous_actions": previous is not None and previous.actions is not None,
        "published": report.params.published is not None,
        "sample_data": report.params.sample_data,
    }
    return {feature for feature, there in has.items() if there} | report.asked


def _find_source(report, chapter):
    if chapter.notebook is not None:
        source = report.root / "notebooks" / f"{chapter.notebook}.ipynb"
        if not source.is_file():
            raise InputError([Problem(str(FILE), f"notebooks/{chapter.notebook}.ipynb does not exist")])
        return source
    for folder in (report.root / "book" / report.cycle, report.root / "book"):
        if (folder / f"{chapter.page}.md").is_file():
            return folder / f"{chapter.page}.md"
    return None
