"""Rounding, minus signs and dates: what words are written with."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal


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
