"""What a report says of two cycles' totals: who answered in both, what is certain, what a change is made of."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.measures.maturity import ALL
from cluster_eval.measures.overlap import FELL, LEFT, ROSE
from cluster_eval.values import (
    SMALLEST_BASE,
    Between,
    Direction,
    Label,
    Number,
    Outcome,
    Points,
    Tenths,
    find_direction,
)
from cluster_eval.vocabulary import HIGHER, LEVELS, WALES


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
