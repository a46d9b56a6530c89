"""Recognising ratings, answers, health boards and dates, however they were typed."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from cluster_eval.folding import fold_heading, is_hyphen, tidy_text
from cluster_eval.vocabulary import ANSWERS, HEALTH_BOARDS, HEALTH_BOARDS_IN_WELSH, LEVELS, NEUTRAL

_ANSWERS_BY_WORDS = {answer.casefold(): answer for answer in ANSWERS} | {
    "neither disagree nor agree": NEUTRAL,
}
_DATE = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:,? (\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)? ?([AP]M)?)?", re.IGNORECASE
)


def _fold_letters(text):
    return "".join(letter for letter in fold_heading(text) if letter != " " and not is_hyphen(letter))


_LEVELS_BY_LETTERS = {_fold_letters(level): level for level in LEVELS}


def _fold_board(name):
    return fold_heading(name).replace("&", "and").removesuffix(" university health board")


_BOARDS_BY_NAME = {
    _fold_board(name): short
    for short, full in HEALTH_BOARDS.items()
    for name in (short, full, HEALTH_BOARDS_IN_WELSH[short])
}


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
    return _LEVELS_BY_LETTERS.get(_fold_letters(str(value).split(":", maxsplit=1)[0]))


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
    return _ANSWERS_BY_WORDS.get(fold_heading(value))


def recognise_health_board(value: str) -> str | None:
    """Recognise a health board.

    Parameters
    ----------
    value : str
        The short or the full name, or the Welsh one.

    Returns
    -------
    str or None
        The short name; None where the words are no health board's name.
    """
    return _BOARDS_BY_NAME.get(_fold_board(value))


def shorten_health_board(value: str) -> str:
    """Give a health board its short name.

    Parameters
    ----------
    value : str
        The short or the full name, or the Welsh one.

    Returns
    -------
    str
        The short name; a name that is neither is returned as it is, white space tidied.
    """
    return recognise_health_board(value) or tidy_text(value)


def recognise_time(cell: object, month_first: bool = False) -> datetime | None:
    """Recognise a date and time, as a workbook's cell or as text.

    Parameters
    ----------
    cell : datetime or str
        Text is year first (`2025-04-30 14:05:00`, also with T, fractions and a zone, which is left out) or, as a
        British spreadsheet saves it, day first.
    month_first : bool
        Whether a date that does not begin with the year begins with the month, as American ones do.

    Returns
    -------
    datetime or None
        None where the cell is no date and time.
    """
    if isinstance(cell, datetime):
        return cell
    if not isinstance(cell, str):
        return None
    text = tidy_text(cell)
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            return (
                datetime.fromisoformat(text.replace("/", "-")).replace(tzinfo=None) if text[4:5] in ("-", "/") else None
            )
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        day, month = (second, first) if month_first else (first, second)
        hour = int(found[5] or 0)
        if found[8]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + 12 * (found[8].upper() == "PM")
        return datetime(year + 2000 * (year < 100), month, day, hour, int(found[6] or 0), int(found[7] or 0))
    except ValueError:
        return None


def find_month_first(cells: Mapping[int, object], opens: date, closes: date) -> list[int]:
    """Find the dates of a column that begin with the month.

    One date that can only be read so tells it of all that could be read either way. So does a column of which more
    than half would lie outside the fieldwork dates, and fewer where the month is first.

    Parameters
    ----------
    cells : mapping of int to object
        Row to cell.
    opens, closes : date
        The fieldwork dates.

    Returns
    -------
    list of int
        The rows; empty where dates begin with the day or the year.
    """
    typed = [row for row, cell in cells.items() if isinstance(cell, str) and _DATE.fullmatch(tidy_text(cell))]
    day_first, month_first = ({row: recognise_time(cells[row], way) for row in typed} for way in (False, True))
    readable = [row for row in typed if month_first[row]]
    if any(day_first[row] is None for row in readable):
        return readable
    outside = [
        sum(time is None or not opens <= time.date() <= closes for time in times.values())
        for times in (day_first, month_first)
    ]
    return readable if outside[0] > len(typed) / 2 and outside[1] < outside[0] else []
