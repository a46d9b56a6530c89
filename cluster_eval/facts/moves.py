"""How shares of levels and mean scores moved from one cycle to the next."""

from dataclasses import dataclass

from cluster_eval.measures.change import compare
from cluster_eval.measures.maturity import ALL
from cluster_eval.values import (
    SMALLEST_BASE,
    TIE,
    Direction,
    Kind,
    Label,
    Outcome,
    Points,
    Score,
    ScoreChange,
    Share,
    find_direction,
)
from cluster_eval.vocabulary import LEVELS
from cluster_eval.words.numbers import round_cell, round_half_up

NOTABLE = Points(0.05)
"""A level's share is said to have moved from this difference."""


@dataclass(frozen=True)
class Move:
    """How a share or a mean moved since the previous cycle.

    Attributes
    ----------
    direction : Direction
        Which way; `ABOUT_SAME` where it does not show in what is written.
    points : Points or ScoreChange
        By how much.
    previous, current : Share or Score
        From what to what.
    level : Label or None
        Of a share, at which level.
    """

    direction: Direction
    points: Points | ScoreChange
    previous: Share | Score
    current: Share | Score
    level: Label | None = None


@dataclass(frozen=True)
class LargestMove:
    """The outcomes of which something rose, or fell, most.

    Attributes
    ----------
    outcomes : tuple of Outcome
        Those outcomes.
    points : Points or ScoreChange
        By how much.
    previous, current : Share, Score or None
        From what to what; None where they are several, or where it does not show in what is written.
    """

    outcomes: tuple[Outcome, ...]
    points: Points | ScoreChange
    previous: Share | Score | None = None
    current: Share | Score | None = None

    @property
    def shows(self) -> bool:
        """Whether there is one change that shows in what is written."""
        return self.previous is not None


@dataclass(frozen=True)
class Moves:
    """For which outcomes something rose or fell since the previous cycle.

    Attributes
    ----------
    compared : int
        How many outcomes are compared.
    rose, fell : tuple of Outcome
        Those of which it did.
    largest_rise, largest_fall : LargestMove or None
        Where most.
    """

    compared: int
    rose: tuple[Outcome, ...]
    fell: tuple[Outcome, ...]
    largest_rise: LargestMove | None
    largest_fall: LargestMove | None

    @property
    def n_rose(self) -> int:
        """For how many it rose."""
        return len(self.rose)

    @property
    def n_fell(self) -> int:
        """For how many it fell."""
        return len(self.fell)

    @property
    def most_fell(self) -> str:
        """Whether `none` fell, `one` fell most and it shows, or `several` did."""
        if self.largest_fall is None:
            return "none"
        return "one" if self.largest_fall.shows else "several"

    @property
    def directions(self) -> str:
        """Which ways it went: `both`, `rose`, `fell` or `none`."""
        if self.rose and self.fell:
            return "both"
        return "rose" if self.rose else "fell" if self.fell else "none"


@dataclass(frozen=True)
class Change:
    """How a framework's ratings changed since the previous cycle.

    Attributes
    ----------
    levels : tuple of Move
        The share at each level, summed over outcomes; none with fewer than 30 ratings in a cycle.
    mean : Move
        The mean of the outcomes' means.
    compared, few : int
        How many outcomes have 30 ratings in both cycles, which are compared, and how many have fewer.
    smallest : int
        That number, 30.
    pre, mature, means : Moves
        The outcomes' shares at the lowest and at the highest level, and their means.
    """

    levels: tuple[Move, ...]
    mean: Move
    compared: int
    few: int
    smallest: int
    pre: Moves
    mature: Moves
    means: Moves

    @property
    def pre_summed(self) -> Move | None:
        """The share at Pre-foundation, summed over outcomes."""
        return next((move for move in self.levels if move.level.code == LEVELS[0]), None)

    @property
    def mature_summed(self) -> Move | None:
        """The share at Mature, summed over outcomes."""
        return next((move for move in self.levels if move.level.code == LEVELS[-1]), None)


def describe_change(maturity, means, name):
    """Describe how a framework's shares and means changed; see `Change`."""
    changes = compare(maturity, ["outcome", "level"], "share")
    if changes.empty:
        return None
    bases = maturity.groupby(["outcome", "cycle"], sort=False, observed=True)["base"].first()
    large = bases[bases >= SMALLEST_BASE].groupby(level="outcome").size() == maturity["cycle"].nunique()
    large = large.index[large]
    summed = changes[(changes["outcome"] == ALL) & changes["outcome"].isin(large)]
    by_outcome = changes[changes["outcome"] != ALL]
    of_large = by_outcome[by_outcome["outcome"].isin(large)]
    mean_changes = compare(means, ["outcome"], "mean").set_index("outcome")
    by_mean = mean_changes.drop(ALL)
    pre, mature = (of_large[of_large["level"] == level].set_index("outcome") for level in (LEVELS[0], LEVELS[-1]))
    return Change(
        levels=tuple(describe_move(row, Share, Points, row["level"]) for _, row in summed.iterrows()),
        mean=describe_move(mean_changes.loc[ALL], Score, ScoreChange),
        compared=int(of_large["outcome"].nunique()),
        few=int(by_outcome.loc[~by_outcome["outcome"].isin(large), "outcome"].nunique()),
        smallest=SMALLEST_BASE,
        pre=_describe_moves(pre, name, Share, Points),
        mature=_describe_moves(mature, name, Share, Points),
        means=_describe_moves(by_mean[by_mean.index.isin(large)], name, Score, ScoreChange),
    )


def describe_move(row, value, size, level=None):
    """Describe the move of one share or mean; see `Move`."""
    direction = find_direction(row["change"])
    if direction is not Direction.SAME and _look_same(row["previous"], row["current"], value):
        direction = Direction.ABOUT_SAME
    return Move(
        direction,
        size(row["change"]),
        value(row["previous"]),
        value(row["current"]),
        None if level is None else Label("level", level),
    )


def find_notable(change: float) -> Direction:
    """Find which way a share moved, where it moved by `NOTABLE` points or more, as they are written.

    Parameters
    ----------
    change : float
        What it is now less what it was, as a fraction.

    Returns
    -------
    Direction
        `ROSE`, `FELL`, or `ABOUT_SAME` where it moved by less.
    """
    points, notable = (round_half_up(each * 100) for each in (change, NOTABLE.value))
    if abs(points) < notable:
        return Direction.ABOUT_SAME
    return Direction.ROSE if points > 0 else Direction.FELL


def _describe_moves(rows, name, value, size):
    rose, fell = rows[rows["change"] >= TIE], rows[rows["change"] <= -TIE]
    return Moves(
        len(rows),
        name(rose.index),
        name(fell.index),
        _describe_largest(rose, rose["change"].max(), name, value, size),
        _describe_largest(fell, fell["change"].min(), name, value, size),
    )


def _describe_largest(rows, edge, name, value, size):
    if rows.empty:
        return None
    found = rows[(rows["change"] - edge).abs() < TIE]
    previous, current = found["previous"].iloc[0], found["current"].iloc[0]
    if len(found) > 1 or _look_same(previous, current, value):
        return LargestMove(name(found.index), size(edge))
    return LargestMove(name(found.index), size(edge), value(previous), value(current))


def _look_same(previous, current, value):
    """Say whether two values are the same as they are written."""
    kind = Kind.PERCENT if value is Share else Kind.SCORE
    return round_cell(previous, kind) == round_cell(current, kind)
