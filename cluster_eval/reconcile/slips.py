"""Slips of a digit, by which one published number became another."""

from collections.abc import Callable

from cluster_eval.reconcile.published import parse_number
from cluster_eval.words.causes import DIGIT_ADDED, DIGIT_EXCHANGED, DIGIT_LOST


def _lose_digit(text):
    places = [place for place, character in enumerate(text) if character.isdigit()]
    shorter = {text[:place] + text[place + 1 :] for place in places}
    return sorted(option for option in shorter if option.strip("-.") and not option.startswith("."))


def _add_digit(text):
    places = range(1 if text.startswith("-") else 0, len(text) + 1)
    return sorted({text[:place] + digit + text[place:] for place in places for digit in "0123456789"} - {text})


def _exchange_digit(text):
    places = [place for place, character in enumerate(text) if character.isdigit()]
    return sorted({text[:place] + digit + text[place + 1 :] for place in places for digit in "0123456789"} - {text})


SLIPS: dict[str, Callable[[str], list[str]]] = {
    DIGIT_LOST: _lose_digit,
    DIGIT_ADDED: _add_digit,
    DIGIT_EXCHANGED: _exchange_digit,
}


def take(options, place):
    """Take one of several options."""
    number = parse_number(options[place]) if place < len(options) else None
    return None if number is None else float(number)
