"""Recognising headings, ratings, answers, times and health boards, however they were typed."""

import re
import unicodedata
from datetime import datetime

from cluster_eval.spreadsheet import tidy_text
from cluster_eval.vocabulary import ANSWERS, HEALTH_BOARDS, LEVELS, NEUTRAL

_QUOTES = str.maketrans({"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"', "‟": '"'})
_HYPHENS_AND_SPACES = re.compile(r"[\s\-‐‑‒–—−]+")
_LEVELS_BY_LETTERS = {_HYPHENS_AND_SPACES.sub("", level).casefold(): level for level in LEVELS}
_ANSWERS_BY_WORDS = {answer.casefold(): answer for answer in ANSWERS} | {
    "neither disagree nor agree": NEUTRAL,
}
_BOARDS_BY_NAME = {name.casefold(): short for short, full in HEALTH_BOARDS.items() for name in (short, full)}


def fold_heading(heading: str) -> str:
    """Reduce a heading to what two spellings of the same heading share.

    Case, curly quotes, and non-breaking or repeated white space do not tell headings apart.

    Parameters
    ----------
    heading : str
        A heading of an export or a codebook.

    Returns
    -------
    str
        The folded heading.
    """
    return unicodedata.normalize("NFC", tidy_text(heading).translate(_QUOTES)).casefold()


def recognise_level(value: str) -> str | None:
    """Recognise a maturity rating by its leading words.

    Parameters
    ----------
    value : str
        Such as `pre foundation: The cluster has not …`; text after a colon is ignored.

    Returns
    -------
    str or None
        The level, or None where the words are no level.
    """
    letters = _HYPHENS_AND_SPACES.sub("", str(value).split(":", maxsplit=1)[0])
    return _LEVELS_BY_LETTERS.get(letters.casefold())


def recognise_answer(value: str) -> str | None:
    """Recognise the answer to an agreement question.

    Parameters
    ----------
    value : str
        Such as `Neither disagree nor agree`; case and white space do not matter.

    Returns
    -------
    str or None
        The answer, or None where the words are no answer.
    """
    return _ANSWERS_BY_WORDS.get(tidy_text(value).casefold())


def shorten_health_board(value: str) -> str:
    """Give a health board its short name.

    Parameters
    ----------
    value : str
        The short or the full name.

    Returns
    -------
    str
        The short name; a name that is neither is returned as it is, white space tidied.
    """
    return _BOARDS_BY_NAME.get(tidy_text(value).casefold(), tidy_text(value))


def recognise_time(cell) -> datetime | None:
    """Recognise a date and time, as a workbook's cell or as text.

    Parameters
    ----------
    cell : datetime or str
        Text is year first (`2025-04-30 14:05:00`) or, as a British spreadsheet saves it, day first.

    Returns
    -------
    datetime or None
        None where the cell is no date and time.
    """
    if isinstance(cell, datetime):
        return cell
    for pattern in (
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        "%d/%m/%Y",
    ):
        try:
            return datetime.strptime(tidy_text(cell), pattern)
        except ValueError:
            continue
    return None
