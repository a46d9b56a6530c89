"""Values that a report tells, before they are text in a language: what facts and messages hold."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    """Which way something went since the previous cycle; a code by which a sentence is chosen, and never shown."""

    ROSE = "rose"
    FELL = "fell"
    SAME = "same"
    ABOUT_SAME = "about the same"
    """It changed by less than what is written shows."""


class Value:
    """What a placeholder of a message may hold, besides text, whole numbers, dates, and several of them."""


class Kind(StrEnum):
    """What the values of a table's column are, which says how they are written."""

    COUNT = "count"
    PERCENT = "percent"
    """A fraction, written in whole per cent without the sign, which its header has."""
    PERCENT_1 = "percent, 1 decimal"
    POINTS = "percentage points"
    """A difference of fractions, with its sign where it is below 0."""
    POINTS_1 = "percentage points, 1 decimal"
    NUMBER_1 = "number, 1 decimal"
    SCORE = "score"
    """A mean maturity score or a statistic, with two decimals."""
    SCORE_3 = "score, 3 decimals"
    P = "p"
    AS_GIVEN = "as given"
    """Numbers of an analyst's own table, with the decimals that it has."""
    TEXT = "text"
    """A label, a name or a respondent's words."""

    @property
    def is_number(self) -> bool:
        """Whether it is set to the right."""
        return self is not Kind.TEXT


class Missing(StrEnum):
    """Why a cell has no value, as the Government Analysis Function's symbols say."""

    CONFIDENTIAL = "[c]"
    UNRELIABLE = "[u]"
    NOT_AVAILABLE = "[x]"
    NOT_APPLICABLE = "[z]"


SMALLEST_BASE = 30
"""Below this base, counts are told without a percentage."""


@dataclass(frozen=True)
class Count(Value):
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

    @property
    def is_large(self) -> bool:
        """Whether its base is large enough for a percentage."""
        return self.base >= SMALLEST_BASE


@dataclass(frozen=True)
class Share(Value):
    """A share, as a fraction from 0 to 1."""

    value: float


@dataclass(frozen=True)
class Chance(Value):
    """A chance, as a fraction from 0 to 1; in words never 0% or 100%, which would be certain."""

    value: float


@dataclass(frozen=True)
class Points(Value):
    """A difference of two shares, as a fraction; in words its size, since its direction chooses the sentence.

    The form `signed` is the number alone, with its sign, for charts.
    """

    value: float


@dataclass(frozen=True)
class Moved(Value):
    """A share in a table, with an arrow that says which way it moved; where only numbers go, the share alone.

    Attributes
    ----------
    value : float
        The share, as a fraction from 0 to 1.
    direction : Direction
        Which way it moved.
    """

    value: float
    direction: Direction


@dataclass(frozen=True)
class Number(Value):
    """A number of things, such as `3 clusters`; the form `number` is the number alone.

    Attributes
    ----------
    n : int
        How many.
    noun : str
        Of what: a key of `cluster_eval.words.patterns.NOUNS`, such as `cluster`.
    """

    n: int
    noun: str


@dataclass(frozen=True)
class Between(Value):
    """A number of things that lies between two, such as `39 to 41 clusters`; one number where they are equal.

    Attributes
    ----------
    low, high : int
        The ends.
    noun : str
        Of what, as for `Number`.
    """

    low: int
    high: int
    noun: str = "cluster"


@dataclass(frozen=True)
class Tenths(Value):
    """A number with one decimal; the form `signed` has its sign whichever it is."""

    value: float


@dataclass(frozen=True)
class Interval(Value):
    """The ends of an interval, each a value."""

    low: Value
    high: Value


@dataclass(frozen=True)
class Quote(Value):
    """What somebody wrote, in quotation marks and never translated."""

    text: str


@dataclass(frozen=True)
class Parts(Value):
    """Values set side by side, with semicolons between them."""

    values: tuple


@dataclass(frozen=True)
class Phrase(Value):
    """What a row of an exhibit's table is called, where it is a message.

    Attributes
    ----------
    code : str
        Its code under `rows` in `book/exhibits.yml`.
    values : tuple of (str, object)
        What it names.
    """

    code: str
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class NamedCount(Value):
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
class NamedChange(Value):
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
class Score(Value):
    """A mean maturity score or a statistic, in words with two decimals; the form `size` leaves its sign out."""

    value: float


@dataclass(frozen=True)
class ScoreChange(Value):
    """A difference of two mean scores, in words its size, since its direction chooses the sentence."""

    value: float


@dataclass(frozen=True)
class P(Value):
    """A p value."""

    value: float


@dataclass(frozen=True)
class Effect(Value):
    """The size of an effect, with its interval in brackets where there is one."""

    size: Score
    interval: Interval | None = None


@dataclass(frozen=True)
class CycleName(Value):
    """A cycle, in words marked where it alone is sample data; the form `bare` is not."""

    name: str


@dataclass(frozen=True)
class Label(Value):
    """What the data have a code for, and readers a word; see `data/reference/labels.csv`.

    Attributes
    ----------
    kind : str
        Such as `level`, `answer` or `health_board`.
    code : str
        What the data hold, such as `Developing+Mature`.
    """

    kind: str
    code: str


@dataclass(frozen=True)
class Title(Value):
    """Words of a reference file that translators translate; in a sentence they begin with a small letter.

    Attributes
    ----------
    name : str
        Such as `Lack of time`; in a table, and where several stand as `Parts`, it stays as it is.
    """

    name: str


@dataclass(frozen=True)
class Frequency(Value):
    """How often a cluster meets, in the words of an answer; the form `title` is that of a table.

    Attributes
    ----------
    answer : str
        Such as `Six meetings a year`; an answer in other words is quoted.
    """

    answer: str


@dataclass(frozen=True)
class Outcome(Value):
    """An outcome.

    In a sentence it is `outcome 4 (Local services)`, and by its forms `4 (Local services)` (`number`), `PCMW outcome 4
    (Local services)` (`framework`) and `PCMW outcome 4` (`named`). Exhibits name it `4 Local services` (`title`, or
    `short` with its short title), `PCMW 4 Local services` (`full`) and `PCMW 4` (`code`).

    Attributes
    ----------
    framework, number : str
        Such as `PCMW` and `4`.
    form : str
        The form that it has in a table.
    """

    framework: str
    number: str
    form: str = "title"


@dataclass(frozen=True)
class Summed(Value):
    """The outcomes over which a framework's ratings are summed; the form `framework` names that as well.

    Attributes
    ----------
    framework : str
        `PCMW` or `ACD`.
    n : int
        How many they are.
    over : str
        `all` of the framework's outcomes, those that `both` cycles rated, or those that were `rated`.
    """

    framework: str
    n: int
    over: str


@dataclass(frozen=True)
class Tally(Value):
    """How often a label is found: `Developing for 8`, `Developing (8)` (`cases`) or `Developing` (`name`)."""

    label: Label
    n: int


@dataclass(frozen=True)
class CycleCount(Value):
    """A count in a cycle."""

    cycle: CycleName
    count: Count


@dataclass(frozen=True)
class Joined(Value):
    """A health board without a response, and the neighbour with which it is weighted.

    Attributes
    ----------
    board, neighbour : Label
        The health boards.
    cycle : CycleName
        In which cycle.
    """

    board: Label
    neighbour: Label
    cycle: CycleName


@dataclass(frozen=True)
class Question(Value):
    """An agreement question, in words what it is about; the form `title` is that of exhibits.

    Attributes
    ----------
    code : str
        Its variable, such as `role`.
    """

    code: str


def make_effect(size: float, low: float, high: float) -> Effect:
    """Make an effect of numbers.

    Parameters
    ----------
    size, low, high : float
        The effect, and the ends of its interval, missing where it has none.

    Returns
    -------
    Effect
        The effect.
    """
    has_interval = low == low and high == high
    return Effect(Score(size), Interval(Score(low), Score(high)) if has_interval else None)


SIGNIFICANCE = 0.05
"""A p below it is significant."""


class Said(str):
    """English text, with the message that it was made of, so that an edition can say it in its language.

    Attributes
    ----------
    message : str or Plural
        The message.
    values : mapping of str to object
        What it names; among them may be what was said.
    """

    __slots__ = ("message", "values")


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
