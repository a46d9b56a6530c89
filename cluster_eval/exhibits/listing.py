"""The exhibits of the book: their order and numbers, and their words, from `book/exhibits.yml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from cluster_eval.config import read_model
from cluster_eval.facts.needs import NEEDS, has_need
from cluster_eval.problems import suggest
from cluster_eval.sources.report import Report
from cluster_eval.vocabulary import FRAMEWORKS, QUESTIONS, RATINGS
from cluster_eval.words.messages import Plural

FILE = Path("book/exhibits.yml")


class Series(StrEnum):
    """Which numbers an exhibit has: those of the published report, or those of what it lacks, with an S."""

    FIGURE = "figure"
    SUPPLEMENTARY_FIGURE = "supplementary figure"
    TABLE = "table"
    SUPPLEMENTARY_TABLE = "supplementary table"

    @property
    def is_figure(self) -> bool:
        """Whether it is a chart with its table."""
        return self in (Series.FIGURE, Series.SUPPLEMENTARY_FIGURE)

    @property
    def prefix(self) -> str:
        """What stands before the number."""
        return "S" if self in (Series.SUPPLEMENTARY_FIGURE, Series.SUPPLEMENTARY_TABLE) else ""


def _read_message(value):
    if isinstance(value, Mapping) and set(value) == {"one", "other"}:
        return Plural(value["one"], value["other"])
    if isinstance(value, str):
        return value
    raise ValueError(f"found {value!r}; a message is text, or has the forms one and other")


SomeMessage = Annotated[object, BeforeValidator(_read_message)]
Messages = dict[str, SomeMessage]


def _read_title(value):
    return value if isinstance(value, Mapping) else {"": value}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Model):
    """An exhibit of the book, or several like it, and their words.

    Attributes
    ----------
    key : str
        Such as `participation`, or `{framework}_levels` for one of each framework.
    series : Series
        Which numbers it has.
    needs : list of str
        What a cycle must have for it.
    like : str or None
        The key of the entry whose words it has.
    source : str or None
        The code of its source; the survey where left out, none where empty.
    title, alt, notes, headers, rows, chart : dict of str to message
        Its words by their codes; a title that has no variants has the code ``""``.
    """

    key: str
    series: Series
    needs: list[str] = []
    like: str | None = None
    source: str = "survey"
    title: Annotated[Messages, BeforeValidator(_read_title)] = {}
    alt: Messages = {}
    notes: Messages = {}
    headers: Messages = {}
    rows: Messages = {}
    chart: Messages = {}


class Group(_Model):
    """Exhibits that stand once for each of several, such as frameworks."""

    each: Literal["framework", "outcome", "question", "theme"]
    among: list[str] = []
    exhibits: list["Entry | Group"]


class Shared(_Model):
    """Words that several exhibits have, by their codes."""

    sources: Messages = {}
    bases: dict[str, Messages] = {}
    rewording: Messages = {}
    alt: Messages = {}
    notes: Messages = {}
    headers: Messages = {}


class Listing(_Model):
    """The whole of `book/exhibits.yml`."""

    shared: Shared
    exhibits: list[Entry | Group]

    @model_validator(mode="after")
    def _check(self):
        keys = [entry.key for entry, _ in walk(self.exhibits)]
        for entry, among in walk(self.exhibits):
            if keys.count(entry.key) > 1:
                raise ValueError(f'two exhibits have the key "{entry.key}"')
            if entry.like is not None and entry.like not in keys:
                raise ValueError(
                    f'"{entry.key}" is like "{entry.like}", which is not there; {suggest(entry.like, keys)}'
                )
            for need in entry.needs:
                ends = {need.replace("{framework}", code) for code in FRAMEWORKS}
                ends = {end.replace("{question}", code) for end in ends for code in among or QUESTIONS}
                if unknown := sorted(ends - set(NEEDS)):
                    raise ValueError(f'"{entry.key}" needs "{unknown[0]}"; {suggest(unknown[0], sorted(NEEDS))}')
        return self


def walk(entries: list[Entry | Group], among: tuple[str, ...] = ()) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    """Go through entries in their order, those within groups too.

    Parameters
    ----------
    entries : list of Entry or Group
        What `book/exhibits.yml` has.
    among : tuple of str
        What the group that holds them names.

    Yields
    ------
    Entry, tuple of str
        Each entry, and what its group names.
    """
    for each in entries:
        if isinstance(each, Group):
            yield from walk(each.exhibits, tuple(each.among))
        else:
            yield each, among


@dataclass(frozen=True)
class Placed:
    """An exhibit that a cycle has, with its number.

    Attributes
    ----------
    key : str
        Such as `PCMW_levels`.
    entry : Entry
        Whose words it has.
    of : mapping of str to str
        What it is of: framework, outcome, question or theme.
    series : Series
        Which numbers it has.
    number : int
        Its number.
    """

    key: str
    entry: Entry
    of: Mapping[str, str]
    series: Series
    number: int

    @property
    def written_number(self) -> str:
        """Its number as its label has it, such as `S3`."""
        return f"{self.series.prefix}{self.number}"

    @property
    def name(self) -> str:
        """An identifier, the same in each language, such as `figure-4`."""
        return f"{'figure' if self.series.is_figure else 'table'}-{self.written_number.lower()}"


def read_listing(root: Path) -> Listing:
    """Read the list of exhibits.

    Parameters
    ----------
    root : Path
        The repository's root.

    Returns
    -------
    Listing
        The list.

    Raises
    ------
    InputError
        When it is not as it should be.
    """
    return read_model(root, FILE, Listing)


def place_exhibits(report: Report, listing: Listing) -> Iterator[Placed]:
    """Give the exhibits that a cycle has their numbers, reading no more of the cycle than those so far depend on.

    Figures have the numbers of the published report wherever a cycle has all that it shows.

    Parameters
    ----------
    report : Report
        An open cycle.
    listing : Listing
        The list of exhibits.

    Yields
    ------
    Placed
        Each, in the order of the book.
    """
    entries = {entry.key: entry for entry, _ in walk(listing.exhibits)}
    numbers = dict.fromkeys(Series, 0)
    for entry, of in _expand(report, listing.exhibits, {}):
        if all(has_need(report, need.format_map(of)) for need in entry.needs):
            numbers[entry.series] += 1
            words = entries[entry.like] if entry.like else entry
            yield Placed(entry.key.format_map(of), words, of, entry.series, numbers[entry.series])


def find_exhibit(report: Report, listing: Listing, key: str) -> Placed:
    """Find an exhibit.

    Parameters
    ----------
    report : Report
        An open cycle.
    listing : Listing
        The list of exhibits.
    key : str
        Such as `PCMW_levels`.

    Returns
    -------
    Placed
        The exhibit with its number.

    Raises
    ------
    KeyError
        When the cycle has none, with what it has like it.
    """
    known = []
    for placed in place_exhibits(report, listing):
        if placed.key == key:
            return placed
        known.append(placed.key)
    raise KeyError(f'{report.cycle} has no exhibit "{key}" in {FILE}; {suggest(key, known)}')


def number_exhibits(report: Report) -> dict[str, str]:
    """Give each exhibit that a cycle has its number.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    dict of str to str
        An exhibit's key to its name, such as `PCMW_levels` to `figure-4`, in the order of the book.
    """
    return {placed.key: placed.name for placed in place_exhibits(report, read_listing(report.root))}


def _expand(report, entries, of):
    for each in entries:
        if isinstance(each, Group):
            for code in each.among or _list_each(report, each.each, of):
                yield from _expand(report, each.exhibits, of | {each.each: code})
        else:
            yield each, of


def _list_each(report, each, of):
    if each == "framework":
        return list(FRAMEWORKS)
    if each == "outcome":
        rated = [(framework, str(outcome)) for key, (framework, outcome) in RATINGS.items() if key in report.answered]
        return [outcome for framework, outcome in rated if framework == of["framework"]]
    if each == "theme":
        themes = 0 if report.own_coding is None else report.own_coding["theme"].nunique()
        return [str(place) for place in range(themes)]
    return list(QUESTIONS)
