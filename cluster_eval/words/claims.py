"""Claims: what the author of a page relies on, checked whenever the page is filled.

A claim is `left operator right`: `participation.direction == fell`, `PCMW.middle_outcomes >= 7`,
`7 in ACD.change.mature.rose`, `participation.silent == none`. A side is the name of a fact, a number, a code, several
codes with commas between, or `none` for what is empty or not there.
"""

import operator
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from cluster_eval.values import Value
from cluster_eval.words.messages import MessageError, Values


class ClaimError(Exception):
    """A claim does not hold, or cannot be read."""


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda left, right: left in right,
}
_CLAIM = re.compile(r"(?P<left>.+?)\s*(?P<operator>==|!=|<=|>=|<|>|\sin\s)\s*(?P<right>.+)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NONE = "none"


def check_claim(claim: str, known: Values) -> None:
    """Check a claim.

    Parameters
    ----------
    claim : str
        Such as `participation.direction == fell`.
    known : Values
        The facts.

    Raises
    ------
    ClaimError
        When it does not hold, with what is so now, or cannot be read.
    MessageError
        When there is no such fact.
    """
    claim = claim.strip()
    found = _CLAIM.fullmatch(claim)
    if not found:
        raise ClaimError(f'the claim "{claim}" cannot be read; write name, one of {", ".join(_OPERATORS)}, and value')
    sign = found["operator"].strip()
    left, right = (_read(found[side].strip(), known) for side in ("left", "right"))
    if sign == "in":
        left, right = str(left), right if isinstance(right, tuple) else (str(right),)
    elif sign in ("==", "!="):
        if isinstance(left, tuple) != isinstance(right, tuple):
            left, right = _list_codes(left), _list_codes(right)
    elif not all(isinstance(each, Decimal) for each in (left, right)):
        raise ClaimError(f'the claim "{claim}" compares what is no number: {_tell(left)} and {_tell(right)}')
    if not _OPERATORS[sign](left, right):
        sides = [(found[side].strip(), value) for side, value in (("left", left), ("right", right))]
        now = " and ".join(f"{name} is {_tell(value)}" for name, value in sides if name != _tell(value))
        raise ClaimError(f'the claim "{claim}" does not hold: {now} now')


def _read(side, known):
    if _NUMBER.fullmatch(side):
        return Decimal(side)
    if "," in side:
        return tuple(part.strip() for part in side.split(","))
    if "." in side or side in known.names:
        return _simplify(known.find(side))
    if re.fullmatch(r"[\w /-]+", side):
        return side
    raise ClaimError(f'found "{side}" in a claim, which is neither a name nor a value')


def _simplify(value):
    """Make a number, a code or several codes of a fact."""
    match value:
        case None | "":
            return _NONE
        case bool() | str():
            return str(value).lower() if isinstance(value, bool) else str(value)
        case tuple() | list():
            return tuple(str(_simplify(each)) for each in value)
        case Value():
            for field in ("value", "code", "number", "name", "answer", "share"):
                if hasattr(value, field):
                    return _simplify(getattr(value, field))
    try:
        return Decimal(str(value))
    except ArithmeticError:
        raise MessageError(f"{type(value).__name__} cannot be compared; name one of its fields") from None


def _list_codes(value):
    if isinstance(value, tuple):
        return value
    return () if value == _NONE else (str(value),)


def _tell(value):
    return ", ".join(value) or _NONE if isinstance(value, tuple) else str(value)
