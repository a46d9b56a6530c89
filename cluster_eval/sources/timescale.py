"""Reading by when something is due."""

import re
from calendar import monthrange
from datetime import date

from cluster_eval.folding import fold_heading

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?P<year>\d{{4}})")
_IN_MONTH = re.compile(rf"\b{_MONTH},? (?P<year>\d{{4}})")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")
_FINANCIAL_YEAR = re.compile(
    r"(?:\bq(?:uarter)? ?(?P<quarter>[1-4])[ ,]*(?:of )?)?(?P<year>\d{4}) ?[/-] ?(?:20)?(?P<next>\d{2})\b"
)
_YEAR = re.compile(r"\b(?P<year>20\d\d)\b")
_QUARTER_ENDS = {1: 6, 2: 9, 3: 12, 4: 3}


def find_due(timescale: str) -> date | None:
    """Find the last day of a timescale.

    Parameters
    ----------
    timescale : str
        Such as `October 2025`, `31 October 2025`, `2025-10-31`, `2025/26` or `Q2 2025/26` (a financial year, which ends
        with March) or `2025`. Where it names several days, the last counts.

    Returns
    -------
    date or None
        None where it names no day, such as `To be confirmed`.
    """
    text, days = fold_heading(timescale), []
    for found in (*_ISO.finditer(text), *_DAY.finditer(text)):
        month = found["month"] if found["month"].isdigit() else _number(found["month"])
        if (day := _make_day(found["year"], month, found["day"])) is not None:
            days.append(day)
            text = text.replace(found[0], "")
    days += [_end_month(int(found["year"]), _number(found["month"])) for found in _IN_MONTH.finditer(text)]
    days += map(_end_quarter, _FINANCIAL_YEAR.finditer(text))
    days = [day for day in days if day is not None]
    if not days:
        days = [date(int(found["year"]), 12, 31) for found in _YEAR.finditer(text)]
    return max(days, default=None)


def _number(month):
    return _MONTHS.index(month) + 1


def _make_day(year, month, day):
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _end_month(year, month):
    return date(year, month, monthrange(year, month)[1])


def _end_quarter(found):
    year = int(found["year"])
    if (year + 1) % 100 != int(found["next"]):
        return None
    month = _QUARTER_ENDS[int(found["quarter"] or 4)]
    return _end_month(year + (month < 4), month)
