"""What a report says of how the same clusters changed between two cycles, as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from cluster_eval.measures.linked import MEAN
from cluster_eval.measures.maturity import ALL
from cluster_eval.measures.overlap import FELL, LEFT, ROSE
from cluster_eval.sources.report import Report
from cluster_eval.values import (
    SIGNIFICANCE,
    SMALLEST_BASE,
    Between,
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
from cluster_eval.vocabulary import HIGHER, LEVELS, WALES


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
    TO_THE_MIDDLE = "to the middle"
    """Not clearly more or fewer at Developing or Mature, and clearly fewer at Pre-foundation and at Mature."""
    OFF_THE_BOTTOM = "off the bottom"
    """The same, and clearly fewer at Pre-foundation."""
    OFF_THE_TOP = "off the top"
    """The same, and clearly fewer at Mature."""
    APART = "apart"
    """The same, and clearly more at Pre-foundation or at Mature."""
    UNCLEAR = "unclear"


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
            find_direction(row.change),
            bool(row.p_holm < SIGNIFICANCE),
            Share(row.previous),
            Share(row.current),
            Points(row.change),
        )
        for row in rows.itertuples()
    )
    return FrameworkChange(framework, clusters, find_movement(levels), levels)


def find_movement(levels: Iterable[LevelChange]) -> Movement:
    """Find how ratings moved, from the levels whose change is clear.

    Parameters
    ----------
    levels : iterable of LevelChange
        The changes at Pre-foundation, at Developing or Mature and at Mature.

    Returns
    -------
    Movement
        Its code.
    """
    clear = {each.level.code: each.direction for each in levels if each.is_clear}
    if HIGHER in clear:
        return Movement.UP if clear[HIGHER] is Direction.ROSE else Movement.DOWN
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
class Together:
    """How many clusters answered in two cycles, as far as the responses by health board make it certain.

    Attributes
    ----------
    both, joined, left : Between
        Clusters that answered in both, in the later and in the earlier cycle alone.
    joined_in, left_in : str or None
        Whether `all` that joined, or left, are of one or two health boards, or `most` are; None where it may be that
        none did.
    joined_boards, left_boards : tuple of Label
        These health boards, of at most two, the one with most first.
    n_joined, n_left : int
        How many of them joined, or left, at least.
    """

    both: Between
    joined: Between
    left: Between
    joined_in: str | None
    joined_boards: tuple[Label, ...]
    n_joined: int
    left_in: str | None
    left_boards: tuple[Label, ...]
    n_left: int


def describe_overlap(overlap: pd.DataFrame) -> Together:
    """Describe how many clusters answered in two cycles.

    Parameters
    ----------
    overlap : DataFrame
        What `measures.overlap.summarise` or `count` returns, of one pair of cycles.

    Returns
    -------
    Together
        The facts.
    """
    boards = overlap[overlap["health_board"] != WALES]
    total = boards.sum(numeric_only=True)

    def bound(kind):
        return Between(int(total[f"{kind}_least"]), int(total[f"{kind}_most"]))

    def find_main(kind):
        certain = boards[boards[f"{kind}_least"] > 0].sort_values(f"{kind}_least", ascending=False, kind="stable")
        main = certain.head(2)
        where = None
        if len(main):
            others = boards.loc[~boards["health_board"].isin(main["health_board"]), f"{kind}_most"].sum()
            where = "most" if others else "all"
        names = tuple(Label("health_board", board) for board in main["health_board"])
        return where, names, int(main[f"{kind}_least"].sum())

    return Together(bound("both"), bound("joined"), bound("left"), *find_main("joined"), *find_main("left"))


@dataclass(frozen=True)
class CertainMove:
    """A move that so many of the same clusters must have made, whichever clusters answered twice.

    Attributes
    ----------
    move : str
        Which move: `left Pre-foundation`, `rose to Developing+Mature` or `fell from Developing+Mature`.
    outcome : Outcome
        For which outcome.
    at_least : Number
        How many clusters at least.
    """

    move: str
    outcome: Outcome
    at_least: Number


def describe_certain_moves(certain: pd.DataFrame) -> tuple[CertainMove, ...]:
    """Describe the moves that are certain, whichever clusters answered twice.

    Parameters
    ----------
    certain : DataFrame
        What `measures.overlap.count_certain_moves` returns, of one pair of cycles.

    Returns
    -------
    tuple of CertainMove
        Those that at least one cluster must have made: move by move, most clusters first.
    """
    places = {LEFT: 0, ROSE: 1, FELL: 2}
    rows = certain[certain["at_least"] > 0]
    rows = rows.assign(place=rows["move"].map(places))
    rows = rows.sort_values(["place", "at_least"], ascending=[True, False], kind="stable")
    return tuple(
        CertainMove(row.move, Outcome(row.framework, str(row.outcome)), Number(int(row.at_least), "cluster"))
        for row in rows.itertuples()
    )


@dataclass(frozen=True)
class Parts:
    """What the change of a framework's share at a level is made of.

    Attributes
    ----------
    framework : str
        `PCMW` or `ACD`.
    level : Label
        Which level.
    direction : Direction
        Which way it went.
    points : Points or None
        By how much; None, with what follows, with too few ratings for percentages in a cycle.
    stayers, joiners, leavers : Tenths or None
        Percentage points from clusters that rated in both cycles, in the later and in the earlier one only; None as
        well where no cluster is in both.
    """

    framework: str
    level: Label
    direction: Direction
    points: Points | None = None
    stayers: Tenths | None = None
    joiners: Tenths | None = None
    leavers: Tenths | None = None


def describe_decomposition(decomposition: pd.DataFrame) -> tuple[Parts, ...]:
    """Describe what the change of each framework's shares at Pre-foundation and at Developing or Mature is made of.

    Parameters
    ----------
    decomposition : DataFrame
        What `measures.transition.decompose_change` returns.

    Returns
    -------
    tuple of Parts
        For each framework that was rated in both cycles.
    """
    rows = decomposition[(decomposition["outcome"] == ALL) & decomposition["level"].isin([LEVELS[0], HIGHER])]
    described = []
    for row in rows.dropna(subset=["change"]).itertuples():
        parts = {}
        if row.n_stayers + min(row.n_joiners, row.n_leavers) >= SMALLEST_BASE:
            parts["points"] = Points(row.change)
            if pd.notna(row.stayers):
                parts |= {part: Tenths(getattr(row, part) * 100) for part in ("stayers", "joiners", "leavers")}
        described.append(Parts(row.framework, Label("level", row.level), find_direction(row.change), **parts))
    return tuple(described)


@dataclass(frozen=True)
class FixedMix:
    """The change of a framework's share at a level, as counted and at one mix of health boards in both cycles.

    Attributes
    ----------
    framework : str
        `PCMW` or `ACD`.
    level : Label
        Which level.
    direction, direction_fixed : Direction
        Which way it went as counted, and at the fixed mix.
    points, points_fixed : Points
        By how much.
    """

    framework: str
    level: Label
    direction: Direction
    direction_fixed: Direction
    points: Points
    points_fixed: Points

    @property
    def found(self) -> str:
        """Whether the change is the `same`, `smaller` or `larger` at the fixed mix, in whole points, or `turns`."""
        if self.direction is not self.direction_fixed:
            return "turns"
        counted, fixed = (round(abs(each.value) * 100) for each in (self.points, self.points_fixed))
        return "same" if counted == fixed else "smaller" if fixed < counted else "larger"


def describe_fixed_mix(totals: pd.DataFrame) -> tuple[FixedMix, ...]:
    """Describe how the change of totals looks at one mix of health boards in both cycles.

    Parameters
    ----------
    totals : DataFrame
        What `measures.estimates.compare_totals` returns, of one pair of cycles.

    Returns
    -------
    tuple of FixedMix
        Of each framework, at Pre-foundation and at Developing or Mature.
    """
    rows = totals[(totals["outcome"] == ALL) & totals["level"].isin([LEVELS[0], HIGHER])]
    return tuple(
        FixedMix(
            row.framework,
            Label("level", row.level),
            find_direction(row.change),
            find_direction(row.change_fixed),
            Points(row.change),
            Points(row.change_fixed),
        )
        for row in rows.dropna(subset=["change_fixed"]).itertuples()
    )


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
