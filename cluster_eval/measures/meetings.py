"""How often clusters meet, and how often they would like to."""

import re

import pandas as pd

from cluster_eval.measures.counting import count_answers
from cluster_eval.vocabulary import MEETINGS

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_UNKNOWN = float("inf")


def summarise(responses: pd.DataFrame) -> pd.DataFrame:
    """Count the answers to the questions on current and ideal meeting frequency.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, kind (`current` or `ideal`), frequency (the words of the answer), n, base (answers that are
        not blank), share (n / base). Every frequency that anyone in the cycle named has a row for each kind
        asked, fewest meetings first.
    """
    asked = responses[responses["variable"].isin(list(MEETINGS))]
    asked = asked.assign(kind=asked["variable"].map(MEETINGS), frequency=_agree_on_spelling(asked["answer"]))
    tables = [
        count_answers(of_cycle, ["cycle", "kind"], "frequency", order_frequencies(of_cycle["frequency"].dropna()))
        for _, of_cycle in asked.groupby("cycle", sort=False)
    ]
    if not tables:
        return pd.DataFrame(columns=["cycle", "kind", "frequency", "n", "base", "share"])
    return pd.concat(tables, ignore_index=True)


def order_frequencies(frequencies) -> list[str]:
    """Put the words of meeting frequencies in order, fewest meetings first.

    Parameters
    ----------
    frequencies : iterable of str
        Such as `Six meetings a year`, `More than twelve meetings a year`.

    Returns
    -------
    list of str
        Each once; what names no number comes last, in alphabetical order.
    """
    return sorted(set(frequencies), key=lambda words: (_meetings_a_year(words), words))


def _meetings_a_year(words):
    for word in re.findall(r"[a-z]+|\d+", words.casefold()):
        if word.isdigit() or word in _NUMBERS:
            number = float(word) if word.isdigit() else float(_NUMBERS.index(word))
            return number + 0.5 * ("more than" in words.casefold()) - 0.5 * ("fewer than" in words.casefold())
    return _UNKNOWN


def _agree_on_spelling(answers):
    """Give answers that differ only in case the spelling of the first."""
    first = {}
    return answers.map(lambda words: first.setdefault(words.casefold(), words), na_action="ignore")
