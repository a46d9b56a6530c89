"""Values that a report tells, before they are text in a language: what facts and messages hold."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    """Which way something went since the previous cycle; a code by which a sentence is chosen, and never shown."""

    ROSE = "rose"
    FELL = "fell"
    SAME = "same"


@dataclass(frozen=True)
class Count:
    """A count, with the number that it is a share of.

    Attributes
    ----------
    n, base : int
        The count, and its base.
    """

    n: int
    base: int

    @property
    def share(self) -> Decimal:
        """The count as an exact fraction of its base, which is above 0."""
        return Decimal(self.n) / Decimal(self.base)


@dataclass(frozen=True)
class Share:
    """A share, as a fraction from 0 to 1."""

    value: float


@dataclass(frozen=True)
class Points:
    """A difference of two shares, as a fraction; in words its size, since its direction chooses the sentence."""

    value: float


@dataclass(frozen=True)
class NamedCount:
    """A count of something that has a name, such as of a health board's clusters.

    Attributes
    ----------
    name : str
        The name.
    count : Count
        The count.
    """

    name: str
    count: Count


@dataclass(frozen=True)
class NamedChange:
    """How many clusters of something that has a name responded, before and now.

    Attributes
    ----------
    name : str
        The name.
    previous : int
        How many it was.
    count : Count
        How many it is, of how many there are now.
    """

    name: str
    previous: int
    count: Count


@dataclass(frozen=True)
class Question:
    """An agreement question, in words its title.

    Attributes
    ----------
    code : str
        Its variable, such as `role`.
    """

    code: str


@dataclass(frozen=True)
class Quantity:
    """How many there are of something that has a name for one and for many.

    Attributes
    ----------
    n : int
        How many.
    noun : str
        A key of `cluster_eval.words.patterns.NOUNS`.
    """

    n: int
    noun: str


TIE = 1e-12
"""Fractions that differ by less are the same."""


def find_direction(change: float) -> Direction:
    """Find which way something went.

    Parameters
    ----------
    change : float
        What it is now less what it was.

    Returns
    -------
    Direction
        The same where the change is smaller than `TIE`.
    """
    if abs(change) < TIE:
        return Direction.SAME
    return Direction.ROSE if change > 0 else Direction.FELL
