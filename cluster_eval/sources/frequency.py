"""Reading how many meetings a year an answer names."""

import math
import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import NamedTuple

from cluster_eval.folding import fold_heading, tidy_text
from cluster_eval.sources.recognition import recognise_time

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty"]
_NUMBERS = {word: number for number, word in enumerate(_UNITS)} | {
    f"{tens} {unit}".strip(): 10 * number + place
    for number, tens in enumerate(_TENS, start=2)
    for place, unit in enumerate(["", *_UNITS[1:10]])
}
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_PERIODS = {"year": 1, "annum": 1, "quarter": 4, "month": 12, "fortnight": 26, "week": 52}
_EACH = {
    **{"yearly": 1, "annually": 1, "annual": 1, "half yearly": 2, "quarterly": 4, "monthly": 12},
    **{"fortnightly": 26, "weekly": 52},
}
_NEVER = {"no", "none", "never", "zero", "not at all"}
_ORDINALS = {"": 1, "other ": 2, "second ": 2, "third ": 3, "fourth ": 4}
_LIMITS = {
    **{"more than": 0.5, "over": 0.5, "fewer than": -0.5, "less than": -0.5, "under": -0.5},
    **{"at least": 0.25, "minimum of": 0.25, "at most": -0.25, "maximum of": -0.25, "up to": -0.25},
}
_NUMBER = r"(?P<number>\d+(?:\.\d+)?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + "|once|twice|thrice)"
_PERIOD = f"(?P<period>{'|'.join(_PERIODS)})s?"
_IN_A_PERIOD = re.compile(rf"{_NUMBER} (?:(?:in )?(?:a|an|each|every|the)|per) {_PERIOD}")
_EACH_PERIOD = re.compile(rf"{_NUMBER} (?P<each>{'|'.join(_EACH)})")
_EVERY = re.compile(
    rf"(?:(?:once|one) )?every (?:{_NUMBER} |(?P<ordinal>{'|'.join(filter(None, _ORDINALS))})|){_PERIOD}"
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# As spreadsheets write dates and times: 01-Feb, Feb-25, 06:00:00.
_DATE_OR_TIME = re.compile(
    rf"\d{{1,2}}[- /]({_MONTHS})[a-z]*([- /]\d{{2,4}})?|({_MONTHS})[a-z]*[- /]\d{{1,4}}"
    r"|\d+:\d\d(:\d\d(\.\d+)?)?( ?[ap]m)?"
)


class Frequency(NamedTuple):
    """Meetings a year, and by how much more or fewer are meant: 0 where it is this number."""

    number: float
    beyond: float = 0.0


def read_frequency(words: str) -> Frequency | None:
    """Read how many meetings a year an answer names.

    Parameters
    ----------
    words : str
        Such as `Six meetings a year`, `every two months` or `More than twelve meetings a year`.

    Returns
    -------
    Frequency or None
        None where the words name no one number: `Four to six`, `bimonthly` (which has two meanings), `Whenever needed`.
    """
    text = fold_heading(words).rstrip(" .;")
    text = re.sub(r"\b(?:meetings?|times?)\b|(?<=\d) ?x\b|(?<=[a-z])-|(?<=\d)-(?=[a-z])", " ", text)
    # "six (6)" and "four a year (quarterly)" say the same twice, or name no one number.
    if twice := re.fullmatch(r"(.+?) ?\((.+)\)(.*)", text):
        first, second = (read_frequency(part) for part in (twice[1] + twice[3], twice[2]))
        return first if first == second else None
    text = tidy_text(re.sub(r"/ ?(?=[a-z])", " per ", text).replace("p.a", "per annum").replace("2nd", "second"))
    if found := re.fullmatch(r"(.+) or (more|fewer|less)(| a year| per year)", text):
        text = f"{'at least' if found[2] == 'more' else 'at most'} {found[1]}{found[3]}"
    for limit, beyond in _LIMITS.items():
        if text.startswith(f"{limit} "):
            number = _count(text.removeprefix(f"{limit} "))
            return None if number is None else Frequency(number, beyond)
    number = _count(text)
    return None if number is None else Frequency(number)


def order_frequencies(frequencies: Iterable[str]) -> list[str]:
    """Put the words of meeting frequencies in order, fewest meetings first.

    Parameters
    ----------
    frequencies : iterable of str
        Such as `Six meetings a year`, `More than twelve meetings a year`.

    Returns
    -------
    list of str
        Each once. What names several numbers is placed by the first; what names none comes last, in alphabetical order.
    """
    return sorted(set(frequencies), key=lambda words: (_place(words), words))


def find_fault(cell: object) -> str | None:
    """Say why a cell can be no answer to how often a cluster meets.

    Parameters
    ----------
    cell : object
        The cell.

    Returns
    -------
    str or None
        What it holds instead of words; None where it holds words.
    """
    text = fold_heading(cell).rstrip("; ")
    if isinstance(cell, date | time | timedelta) or _DATE_OR_TIME.fullmatch(text) or recognise_time(text):
        return "a date or a time, which a spreadsheet makes of an answer such as 1-2"
    if isinstance(cell, bool) or text in ("true", "false"):
        return "a logical value"
    if re.fullmatch(r"[+-]?[\d.,]+%?", text):
        return "a number alone"
    if re.fullmatch(r"#[a-z/0!?]+", text):
        return "a formula that failed"
    parts = [part for part in text.split(";") if part.strip()]
    if len(parts) != 1:
        return "several answers" if parts else "no words"
    return None


def tidy_frequency(cell: object) -> str:
    """Tidy the words of an answer; a form that takes several answers ends each with a semicolon.

    Parameters
    ----------
    cell : object
        The cell.

    Returns
    -------
    str
        The words.
    """
    return tidy_text(tidy_text(cell).strip("; "))


def _count(text):
    if text in _NEVER:
        return 0.0
    if text in _EACH:
        return float(_EACH[text])
    if found := _IN_A_PERIOD.fullmatch(text):
        return _read_number(found["number"]) * _PERIODS[found["period"]]
    if found := _EVERY.fullmatch(text):
        between = _read_number(found["number"]) if found["number"] else _ORDINALS[found["ordinal"] or ""]
        return round(_PERIODS[found["period"]] / between, 6) if between else None
    if found := _EACH_PERIOD.fullmatch(text):
        number, each = _read_number(found["number"]), _EACH[found["each"]]
        if found["number"] in _TIMES or each == 1:
            return number * each
        # Six-weekly is every six weeks; "six times weekly" nobody says of a cluster.
        return round(each / number, 6) if number else None
    # The question is how many times a year; "once" alone may be one of several things.
    return None if text in _TIMES or not re.fullmatch(_NUMBER, text) else _read_number(text)


def _read_number(word):
    if word in _TIMES:
        return float(_TIMES[word])
    return float(_NUMBERS[word]) if word in _NUMBERS else float(word)


def _place(words):
    frequency = read_frequency(words)
    if frequency is not None:
        return sum(frequency)
    first = re.search(rf"\b{_NUMBER}\b", fold_heading(words))
    return math.inf if first is None else _read_number(first["number"])
