"""Rounding, minus signs and dates: what words are written with."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from cluster_eval.values import Kind, Missing, Moved


def round_half_up(value: float) -> int:
    """Round to a whole number, halves away from zero, as readers do by hand.

    Parameters
    ----------
    value : float or Decimal
        Any number.

    Returns
    -------
    int
        The nearest whole number.
    """
    # 12 significant digits take away what binary fractions add to a half, such as 0.285 * 100.
    exact = value if isinstance(value, Decimal) else Decimal(f"{value:.12g}")
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def write_minus(text: str) -> str:
    """Put minus signs before negative numbers, where hyphens stand that speech leaves out and lines break after.

    Parameters
    ----------
    text : str
        Any text; `2023-24` and `AB-01` hold no negative numbers.

    Returns
    -------
    str
        The text, with `−0.12` for `-0.12`.
    """
    return _HYPHEN_FOR_MINUS.sub("−", text)


_HYPHEN_FOR_MINUS = re.compile(r"(?<![\w.)\]])-(?=\d)")


def write_date(day: date) -> str:
    """Write a date.

    Parameters
    ----------
    day : date
        Any day.

    Returns
    -------
    str
        Such as `1 April 2025`.
    """
    return f"{day.day} {day:%B %Y}"


def round_cell(value: Any, kind: Kind) -> Any:
    """Round a value as its column is written, for the editions that hold numbers.

    Parameters
    ----------
    value : object
        A number, text, a value of `cluster_eval.values` or a missing value.
    kind : Kind
        What the column holds.

    Returns
    -------
    int, Decimal or object
        A number in the unit of its kind, a share as per cent; `Missing.NOT_APPLICABLE` for None and what is not a
        number; anything else as it is. A p value below 0.001 keeps three significant digits; of what would be rounded
        to 0.00 and is not 0, one digit is kept.
    """
    if isinstance(value, Moved):
        value = value.value
    if isinstance(value, Missing) or kind is Kind.TEXT:
        return Missing.NOT_APPLICABLE if value is None or value != value else value
    if value is None or value is pd.NA or value != value:
        return Missing.NOT_APPLICABLE
    if kind is Kind.P:
        return round_p(value)
    if kind is Kind.AS_GIVEN:
        return Decimal(repr(value)) if isinstance(value, float) else value
    scale, places = _UNITS[kind]
    exact = (value if isinstance(value, Decimal) else Decimal(f"{value:.12g}")) * scale
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if places and not rounded and abs(exact) > NOTHING:
        return _keep_one_digit(exact)
    rounded = abs(rounded) if rounded == 0 else rounded
    return rounded if places else int(rounded)


NOTHING = Decimal("1e-9")
"""What calculation with fractions leaves of 0."""


def _keep_one_digit(exact):
    """Round what decimals would make 0 to one digit: on which side of 0 it lies may be what is found."""
    return exact.quantize(Decimal(1).scaleb(exact.adjusted()), ROUND_HALF_UP)


_UNITS = {
    Kind.COUNT: (1, 0),
    Kind.PERCENT: (100, 0),
    Kind.PERCENT_1: (100, 1),
    Kind.POINTS: (100, 0),
    Kind.POINTS_1: (100, 1),
    Kind.NUMBER_1: (1, 1),
    Kind.SCORE: (1, 2),
    Kind.SCORE_3: (1, 3),
}
"""By what a value is multiplied, and with how many decimals it is written."""


def read_cell(value: Any, kind: Kind) -> Any:
    """Read a cell of a table that was kept as data, whose numbers have lost the zeros at their ends.

    Parameters
    ----------
    value : str, int or Decimal
        A number as `round_cell` left it, or text.
    kind : Kind
        What the column holds.

    Returns
    -------
    int, Decimal or str
        The number with the decimals that it is written with, or the text.
    """
    if value is None or isinstance(value, str) or kind is Kind.TEXT:
        return value
    if kind is Kind.AS_GIVEN:
        return Decimal(str(value)) if isinstance(value, float) else value
    if kind is Kind.P:
        return round_p(value)
    _, places = _UNITS[kind]
    if not places:
        return int(value)
    exact = Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-places))
    return rounded if rounded or not exact else exact


def round_p(p: float) -> Decimal:
    """Round a p value.

    Parameters
    ----------
    p : float
        0 to 1.

    Returns
    -------
    Decimal
        With two decimals, three below 0.1, and three significant digits below 0.001.
    """
    if p < SMALLEST_P:
        return Decimal(f"{p:.3g}")
    return Decimal(f"{p:.3f}" if p < Decimal("0.1") else f"{p:.2f}")


SMALLEST_P = Decimal("0.001")
"""Below it, words say no more than that p is below."""
