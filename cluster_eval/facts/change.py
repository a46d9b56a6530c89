"""What a report says of how the same clusters changed between two cycles, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from cluster_eval.measures.linked import MEAN
from cluster_eval.measures.maturity import ALL
from cluster_eval.sources.report import Report
from cluster_eval.values import (
    SIGNIFICANCE,
    CycleName,
    Direction,
    Label,
    Number,
    Outcome,
    Points,
    Share,
    Tenths,
    find_direction,
)
from cluster_eval.vocabulary import HIGHER, LEVELS
from cluster_eval.words.numbers import round_half_up


@dataclass(frozen=True)
class Break:
    """What makes a cycle hard to compare with the one before.

    Attributes
    ----------
    from_cycle : CycleName
        From which cycle on.
    what : str
        Whether the `form`, the `questions` or the `levels` changed.
    note : str
        How, in the words of the params.
    """

    from_cycle: CycleName
    what: str
    note: str


def describe_breaks(report: Report) -> tuple[Break, ...]:
    """Describe what makes cycles hard to compare with those before them.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    tuple of Break
        The breaks of all cycles of the report, the earliest first.
    """
    return tuple(Break(CycleName(each.from_cycle), each.what, each.note) for each in report.breaks)


class Movement(StrEnum):
    """How ratings of the same clusters moved: a code by which a sentence is chosen, and never shown."""

    UP = "up"
    """Clearly more at Developing or Mature."""
    DOWN = "down"
    """Clearly fewer at Developing or Mature."""
    TO_THE_MIDDLE = "to-the-middle"
    """Not clearly more or fewer at Developing or Mature, and clearly fewer at Pre-foundation and at Mature."""
    OFF_THE_BOTTOM = "off-the-bottom"
    """The same, and clearly fewer at Pre-foundation."""
    OFF_THE_TOP = "off-the-top"
    """The same, and clearly fewer at Mature."""
    APART = "apart"
    """The same, and clearly more at Pre-foundation or at Mature."""
    UNCLEAR = "unclear"
    NONE = "none"
    """Nothing on the whole, to the last digit."""


@dataclass(frozen=True)
class LevelChange:
    """How the same clusters' share of ratings at a level changed.

    Attributes
    ----------
    level : Label
        Which level.
    direction : Direction
        Which way.
    is_clear : bool
        Whether chance alone would hardly bring such a change about: the test, adjusted by Holm, is significant.
    previous, current : Share
        From what to what.
    points : Points
        By how much.
    """

    level: Label
    direction: Direction
    is_clear: bool
    previous: Share
    current: Share
    points: Points


@dataclass(frozen=True)
class FrameworkChange:
    """How the same clusters' ratings of a framework changed.

    Attributes
    ----------
    framework : str
        `PCMW` or `ACD`.
    clusters : Number
        The clusters that rated it in both cycles.
    movement : Movement or None
        How they moved; None, with what follows, where no cluster rated its outcomes in both cycles.
    levels : tuple of LevelChange
        Their shares at Pre-foundation, at Developing or Mature and at Mature.
    """

    framework: str
    clusters: Number
    movement: Movement | None = None
    levels: tuple[LevelChange, ...] = ()

    @property
    def named(self) -> Label:
        """The framework's name, with its abbreviation."""
        return Label("framework", self.framework)


@dataclass(frozen=True)
class OutcomeChanges:
    """The outcomes of which something changed clearly, of the same clusters.

    Attributes
    ----------
    level : str
        At which level, or `mean`.
    direction : Direction
        Which way.
    outcomes : tuple of Outcome
        Which outcomes.
    """

    level: str
    direction: Direction
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Linked:
    """How the ratings of the same clusters changed.

    Attributes
    ----------
    frameworks : tuple of FrameworkChange
        Of each framework.
    tested : int
        How many outcomes both cycles rated.
    outcomes : tuple of OutcomeChanges
        The outcomes whose change is clear.
    """

    frameworks: tuple[FrameworkChange, ...]
    tested: int
    outcomes: tuple[OutcomeChanges, ...]


def describe_linked(linked: pd.DataFrame) -> Linked:
    """Describe how the ratings of the same clusters changed.

    Parameters
    ----------
    linked : DataFrame
        What `measures.linked.summarise` returns, of one pair of cycles.

    Returns
    -------
    Linked
        The facts.
    """
    whole, single = linked[linked["outcome"] == ALL], linked[linked["outcome"] != ALL]
    clear = single[single["p_holm"] < SIGNIFICANCE]
    outcomes = []
    for level in (LEVELS[0], HIGHER, LEVELS[-1], MEAN):
        for direction, sign in ((Direction.ROSE, 1), (Direction.FELL, -1)):
            rows = clear[(clear["level"] == level) & (clear["change"] * sign > 0)]
            if len(rows):
                outcomes.append(OutcomeChanges(level, direction, tuple(_name_outcomes(rows))))
    return Linked(
        frameworks=tuple(_describe_framework(*group) for group in whole.groupby("framework", sort=False)),
        tested=len(single[["framework", "outcome"]].drop_duplicates()),
        outcomes=tuple(outcomes),
    )


def _describe_framework(framework, rows):
    clusters = Number(int(rows["clusters"].max()), "cluster")
    rows = rows[(rows["level"] != MEAN) & rows["change"].notna()].set_index("level")
    if rows.empty:
        return FrameworkChange(framework, clusters)
    levels = tuple(
        LevelChange(
            Label("level", row.Index),
            _find_direction(row),
            bool(row.p_holm < SIGNIFICANCE),
            Share(row.previous),
            Share(row.current),
            Points(row.change),
        )
        for row in rows.itertuples()
    )
    return FrameworkChange(framework, clusters, find_movement(levels), levels)


def _find_direction(row):
    """Find which way a share went; about the same where it does not show in whole per cent."""
    direction = find_direction(row.change)
    if direction is not Direction.SAME and round_half_up(row.previous * 100) == round_half_up(row.current * 100):
        return Direction.ABOUT_SAME
    return direction


def find_movement(levels: Sequence[LevelChange]) -> Movement:
    """Find how ratings moved, from the levels whose change is clear.

    Parameters
    ----------
    levels : sequence of LevelChange
        The changes at Pre-foundation, at Developing or Mature and at Mature.

    Returns
    -------
    Movement
        Its code.
    """
    clear = {
        each.level.code: each.direction
        for each in levels
        if each.is_clear and each.direction is not Direction.ABOUT_SAME
    }
    if HIGHER in clear:
        return Movement.UP if clear[HIGHER] is Direction.ROSE else Movement.DOWN
    if all(each.direction is Direction.SAME for each in levels):
        return Movement.NONE
    if Direction.ROSE in clear.values():
        return Movement.APART
    ends = LEVELS[0] in clear, LEVELS[-1] in clear
    return {
        (True, True): Movement.TO_THE_MIDDLE,
        (True, False): Movement.OFF_THE_BOTTOM,
        (False, True): Movement.OFF_THE_TOP,
        (False, False): Movement.UNCLEAR,
    }[ends]


@dataclass(frozen=True)
class Trend:
    """Whether the share at Developing or Mature of the clusters in every cycle rose or fell over three cycles or more.

    Attributes
    ----------
    framework : str
        `PCMW` or `ACD`.
    cycles : int
        How many cycles.
    clusters : Number
        The clusters that rated in every one of them.
    found : str
        `rose`, `fell` or `unclear`; `none` where no cluster rated in every cycle.
    slope : Tenths or None
        Percentage points from one cycle to the next.
    """

    framework: str
    cycles: int
    clusters: Number
    found: str
    slope: Tenths | None


def describe_trend(trend: pd.DataFrame) -> tuple[Trend, ...]:
    """Describe the trend of each framework's share at Developing or Mature.

    Parameters
    ----------
    trend : DataFrame
        What `measures.linked.summarise_trend` returns.

    Returns
    -------
    tuple of Trend
        Of each framework; none with fewer than three cycles.
    """
    described = []
    for row in trend[trend["level"] == HIGHER].itertuples():
        found = "none" if pd.isna(row.slope) else "unclear"
        if row.p_holm < SIGNIFICANCE:
            found = "rose" if row.slope > 0 else "fell"
        slope = None if pd.isna(row.slope) else Tenths(abs(row.slope) * 100)
        described.append(Trend(row.framework, row.cycles, Number(row.clusters, "cluster"), found, slope))
    return tuple(described)


def _name_outcomes(rows):
    return (Outcome(row.framework, str(row.outcome)) for row in rows.itertuples())
