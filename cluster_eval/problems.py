"""What is wrong with the input, said so that an analyst can put it right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one place of the input.

    Parameters
    ----------
    file : str
        The file, relative to the repository's root.
    what : str
        What was found, and what would be accepted.
    row : int, optional
        The row as a spreadsheet numbers it: the heading row is 1.
    heading : str, optional
        The heading of the column, or the key.
    """

    file: str
    what: str
    row: int | None = None
    heading: str | None = None

    def __str__(self):
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.heading is not None:
            place.append(f'"{self.heading}"')
        return f"{', '.join(place)}: {self.what}"


class InputError(Exception):
    """The input cannot be used; `problems` holds every reason that was found in one pass."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def collect(problems: list[Problem], read: Callable, *arguments: object) -> object:
    """Read something, and keep what is wrong with it for later, so that everything can be told at once.

    Parameters
    ----------
    problems : list of Problem
        The problems so far; new ones are added to it.
    read : callable
        Reads, or raises `InputError`.
    *arguments : object
        What to call it with.

    Returns
    -------
    object
        What was read; None where it could not be.
    """
    try:
        return read(*arguments)
    except InputError as error:
        problems += [problem for problem in error.problems if problem not in problems]
        return None


def suggest(value: str, accepted: Iterable[str], most: int = 3) -> str:
    """Say which accepted words are nearest to a value, or list them all when none is near.

    Parameters
    ----------
    value : str
        What was found.
    accepted : iterable of str
        What would be accepted.
    most : int
        How many near words to name.

    Returns
    -------
    str
        `nearest: …` or `accepted: …`.
    """
    by_folded = {word.casefold(): word for word in accepted}
    near = get_close_matches(value.casefold(), by_folded, n=most, cutoff=0.6)
    if near:
        return "nearest: " + ", ".join(by_folded[word] for word in near)
    return "accepted: " + ", ".join(by_folded.values())


def check_name(kind: str, name: object, accepted: Iterable[str]) -> None:
    """Refuse a name that a call was given and that is none of those that there are.

    Parameters
    ----------
    kind : str
        What it names, such as `outcome`.
    name : object
        What was given.
    accepted : iterable of str
        What there is.

    Raises
    ------
    ValueError
        With what was given and the nearest of what there is.
    """
    accepted = list(accepted)
    if name not in accepted:
        # A number and its text look alike.
        given = "" if isinstance(name, str) else ", which is not text"
        raise ValueError(f"{kind}: found {name!r}{given}; {suggest(str(name), accepted)}")
