"""What is wrong with the input, said so that an analyst can put it right."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches

from cluster_eval.folding import is_invisible

MOST_VALUES = 5
"""So many different values of one column are told one by one; of more, the first few, as one problem."""

_MOST_QUOTED = 3

MOST_RUNS = 6
"""So many rows, or runs of rows, are named; the others are counted."""

MOST_LETTERS = 120
"""Of a value that is longer, so many letters are quoted."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one place of the input, or with several places for the same reason.

    Parameters
    ----------
    file : str
        The file, relative to the repository's root.
    what : str
        What was found, and what would be accepted.
    row : int, optional
        The row as a spreadsheet numbers it: the heading row is 1. Of several, the first.
    heading : str, optional
        The heading of the column, or the key.
    rows : tuple of int
        All rows, where there are several.
    """

    file: str
    what: str
    row: int | None = None
    heading: str | None = None
    rows: tuple[int, ...] = ()

    def __str__(self):
        place = [self.file]
        if self.row is not None:
            place.append(list_rows(self.rows or [self.row]))
        if self.heading is not None:
            place.append(f'"{self.heading}"')
        return f"{', '.join(place)}: {self.what}"


class ReportError(Exception):
    """What keeps something from being made, for a reason that its user can act on; told without a traceback."""


class BuildError(ReportError):
    """A report or a part of it could not be made; what an earlier run published stands."""


class InputError(ReportError):
    """The input cannot be used; `problems` holds every reason that was found in one pass, each once with its rows.

    Parameters
    ----------
    problems : iterable of Problem or str
        The reasons; one that is of no file, or comes from another process, is a line.
    """

    about = "in the input"
    """What the problems are with."""

    def __init__(self, problems: Iterable["Problem | str"]):
        by_reason = {}
        for problem in problems:
            if isinstance(problem, str):
                by_reason[problem] = (problem, set())
                continue
            rows = problem.rows or (() if problem.row is None else (problem.row,))
            by_reason.setdefault((problem.file, problem.heading, problem.what), (problem, set()))[1].update(rows)
        self.problems = [
            problem
            if isinstance(problem, str)
            else replace(problem, row=min(rows, default=None), rows=tuple(sorted(rows)) if len(rows) > 1 else ())
            for problem, rows in by_reason.values()
        ]
        super().__init__("\n".join(str(problem) for problem in self.problems))


def list_rows(rows: Iterable[int]) -> str:
    """Name rows of a spreadsheet.

    Parameters
    ----------
    rows : iterable of int
        Their numbers.

    Returns
    -------
    str
        Such as `row 4` or `rows 2 to 54 and 60`.
    """
    runs = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    # Two neighbours are named each, as people do.
    runs = [part for run in runs for part in ([[each] for each in run] if len(run) == 2 else [run])]
    names = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    if len(names) > MOST_RUNS:
        names = [*names[:MOST_RUNS], f"{sum(map(len, runs[MOST_RUNS:]))} more"]
    several = len(names) > 1 or len(runs[0]) > 1
    listed = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return f"row{'s' if several else ''} {listed}"


def quote(value: object) -> str:
    """Quote a value so that each of its characters can be told.

    Parameters
    ----------
    value : object
        A cell.

    Returns
    -------
    str
        In quotation marks, white space tidied, a long one shortened. A character that shows nothing stands as its code
        point, such as `<U+200B>`; a letter that is not Latin is followed by its own.
    """
    text = " ".join(str(value).split())
    if len(text) > MOST_LETTERS:
        text = f"{text[:MOST_LETTERS]} …"
    if not text.isascii():
        text = "".join(map(_show, text))
    return f'"{text}"'


def _show(letter):
    point = f"<U+{ord(letter):04X}>"
    if is_invisible(letter):
        return point
    foreign = ord(letter) > 0x7F and letter.isalpha() and "LATIN" not in unicodedata.name(letter, "")
    return f"{letter}{point}" if foreign else letter


def tell_cells(
    file: str,
    heading: str,
    found: Mapping[int, object],
    accepted: str,
    describe: Callable[[object], str] | None = None,
    together: bool = False,
) -> list[Problem]:
    """Tell of the cells of a column that are not accepted, each different value once with its rows.

    Parameters
    ----------
    file, heading : str
        The file, and the heading of the column.
    found : mapping of int to object
        Row to what the cell holds.
    accepted : str
        What is wrong in the column, or would be right.
    describe : callable, optional
        Says of a value what would be right; used where there are not too many different values to tell one by one.
    together : bool
        Whether all values are told as one problem, however few they are.

    Returns
    -------
    list of Problem
        Empty where nothing was found.
    """
    describe = describe or (lambda _: accepted)
    rows_of, values = {}, {}
    for row, value in found.items():
        rows_of.setdefault(quote(value), []).append(row)
        values[quote(value)] = value
    if len(rows_of) <= MOST_VALUES and not together:
        return [
            Problem(file, f"found {quoted}; {describe(values[quoted])}", rows[0], heading, tuple(rows))
            for quoted, rows in rows_of.items()
        ]
    others = len(rows_of) - _MOST_QUOTED
    named = ", ".join(list(rows_of)[:_MOST_QUOTED]) + (f" and {others} other value{'s' * (others > 1)}" * (others > 0))
    return [Problem(file, f"found {named}; {accepted}", min(found), heading, tuple(found))]


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


def rank_nearest(value: str, words: Iterable[str]) -> list[str]:
    """Put words in order, those that are most like a value first.

    Parameters
    ----------
    value : str
        What is wanted.
    words : iterable of str
        What there is.

    Returns
    -------
    list of str
        All the words.
    """
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(value.casefold())

    def measure(word):
        matcher.set_seq1(word.casefold())
        return matcher.ratio()

    return sorted(words, key=measure, reverse=True)


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
