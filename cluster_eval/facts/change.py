"""What a report says of how the ratings of the same clusters changed, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.measures.maturity import ALL
from cluster_eval.values import (
    SIGNIFICANCE,
    SMALLEST_BASE,
    Direction,
    Effect,
    Interval,
    Number,
    Outcome,
    P,
    Points,
    Score,
    ScoreChange,
    Tenths,
    find_direction,
    make_effect,
)
from cluster_eval.vocabulary import HIGHER


@dataclass(frozen=True)
class SignedRank:
    """A signed-rank test, with what it was made on and its effect.

    Attributes
    ----------
    clusters : Number
        On how many clusters.
    p, p_holm : P
        Before and after Holm's adjustment.
    effect : Effect
        The rank-biserial correlation.
    """

    clusters: Number
    p: P
    p_holm: P
    effect: Effect


@dataclass(frozen=True)
class LinkedMeans:
    """How the mean score of the same clusters changed.

    Attributes
    ----------
    framework : str
        `PCMW` or `ACD`.
    clusters : Number
        The clusters in both cycles.
    direction : Direction or None
        Which way their mean went; None, with what follows, where no cluster rated its outcomes in both cycles.
    by : ScoreChange or None
        By how much.
    previous, current : Score or None
        From what to what.
    interval : Interval or None
        The 95% interval of the change; None where it cannot be given.
    test : SignedRank or None
        The test; None where it cannot be made.
    significant : bool or None
        Whether the test is, after Holm's adjustment.
    """

    framework: str
    clusters: Number
    direction: Direction | None = None
    by: ScoreChange | None = None
    previous: Score | None = None
    current: Score | None = None
    interval: Interval | None = None
    test: SignedRank | None = None
    significant: bool | None = None


@dataclass(frozen=True)
class LinkedOutcome:
    """An outcome of which the change of the same clusters' ratings is significant after Holm's adjustment.

    Attributes
    ----------
    outcome : Outcome
        Which outcome.
    direction : Direction
        Which way its ratings went.
    up : Number
        Clusters that moved up.
    down : int
        Clusters that moved down.
    test : SignedRank
        The test.
    """

    outcome: Outcome
    direction: Direction
    up: Number
    down: int
    test: SignedRank


@dataclass(frozen=True)
class Linked:
    """Whether the ratings of the same clusters changed.

    Attributes
    ----------
    frameworks : tuple of LinkedMeans
        Of each framework.
    tested, testable : int
        Outcomes of the family, and those in which any cluster moved.
    significant : tuple of LinkedOutcome
        The outcomes whose change is significant after Holm's adjustment.
    unadjusted : int
        How many more have a p below 5% before it.
    """

    frameworks: tuple[LinkedMeans, ...]
    tested: int
    testable: int
    significant: tuple[LinkedOutcome, ...]
    unadjusted: int

    @property
    def stands(self) -> str:
        """Whether there is `nothing` to test, or after the adjustment `some` changes stand or `none`."""
        if not self.testable:
            return "nothing"
        return "some" if self.significant else "none"

    @property
    def n_significant(self) -> int:
        """How many changes stand."""
        return len(self.significant)


@dataclass(frozen=True)
class Parts:
    """What the change of a framework's share at Developing or Mature is made of.

    Attributes
    ----------
    framework : str
        `PCMW` or `ACD`.
    direction : Direction
        Which way it went.
    points : Points or None
        By how much; None, with what follows, with too few ratings for percentages in a cycle.
    stayers, joiners, leavers : Tenths or None
        Percentage points from clusters that rated in both cycles, in the later and in the earlier one only; None as
        well where no cluster is in both.
    """

    framework: str
    direction: Direction
    points: Points | None = None
    stayers: Tenths | None = None
    joiners: Tenths | None = None
    leavers: Tenths | None = None


def describe_linked(means: pd.DataFrame, tests: pd.DataFrame) -> Linked:
    """Describe whether the ratings of the same clusters changed.

    Parameters
    ----------
    means, tests : DataFrame
        What `measures.transition.compare_linked_means` and `compare_linked` return.

    Returns
    -------
    Linked
        The facts.
    """
    significant = tests[tests["p_holm"] < SIGNIFICANCE]
    return Linked(
        frameworks=tuple(_describe_means(row) for row in means.itertuples()),
        tested=len(tests),
        testable=int(tests["p"].notna().sum()),
        significant=tuple(
            LinkedOutcome(
                outcome=Outcome(row.framework, str(row.outcome)),
                direction=Direction.ROSE if row.effect > 0 else Direction.FELL,
                up=Number(int(row.up), "cluster"),
                down=int(row.down),
                test=_describe_test(row),
            )
            for row in significant.itertuples()
        ),
        unadjusted=int((tests["p"] < SIGNIFICANCE).sum()) - len(significant),
    )


def _describe_means(row):
    clusters = Number(int(row.n), "cluster")
    if pd.isna(row.change):
        return LinkedMeans(row.framework, clusters)
    is_tested = pd.notna(row.p)
    return LinkedMeans(
        framework=row.framework,
        clusters=clusters,
        direction=find_direction(row.change),
        by=ScoreChange(row.change),
        previous=Score(row.previous),
        current=Score(row.current),
        interval=None if pd.isna(row.change_low) else Interval(Score(row.change_low), Score(row.change_high)),
        test=_describe_test(row) if is_tested else None,
        significant=bool(row.p_holm < SIGNIFICANCE) if is_tested else None,
    )


def _describe_test(row):
    effect = make_effect(row.effect, row.effect_low, row.effect_high)
    return SignedRank(Number(int(row.n), "cluster"), P(row.p), P(row.p_holm), effect)


def describe_decomposition(decomposition: pd.DataFrame) -> tuple[Parts, ...]:
    """Describe what the change of each framework's share at Developing or Mature is made of.

    Parameters
    ----------
    decomposition : DataFrame
        What `measures.transition.decompose_change` returns.

    Returns
    -------
    tuple of Parts
        For each framework that was rated in both cycles.
    """
    rows = decomposition[(decomposition["outcome"] == ALL) & (decomposition["level"] == HIGHER)]
    described = []
    for row in rows.dropna(subset=["change"]).itertuples():
        parts = {}
        if row.n_stayers + min(row.n_joiners, row.n_leavers) >= SMALLEST_BASE:
            parts["points"] = Points(row.change)
            if pd.notna(row.stayers):
                parts |= {part: Tenths(getattr(row, part) * 100) for part in ("stayers", "joiners", "leavers")}
        described.append(Parts(row.framework, find_direction(row.change), **parts))
    return tuple(described)
