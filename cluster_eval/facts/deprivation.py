"""What a report says of how scores go with deprivation, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.measures.deprivation import MEAN
from cluster_eval.values import SIGNIFICANCE, Direction, Outcome, ScoreChange, find_direction


@dataclass(frozen=True)
class FrameworkTrend:
    """Whether a framework's mean scores rise or fall with deprivation.

    Attributes
    ----------
    framework : str
        `PCMW` or `ACD`.
    trend : str
        Scores of less deprived clusters are `higher` or `lower`, by Kendall's tau-b after Holm's adjustment; or it is
        `unclear`.
    difference : ScoreChange or None
        By how much the mean of the least deprived fifth differs from that of the most deprived; None, with what
        follows, where one of them has no response.
    direction : Direction or None
        Which way.
    is_excluded : bool or None
        Whether a difference of half a level or more is excluded; None where that cannot be tested.
    """

    framework: str
    trend: str
    difference: ScoreChange | None = None
    direction: Direction | None = None
    is_excluded: bool | None = None


@dataclass(frozen=True)
class Deprivation:
    """Whether scores go with deprivation.

    Attributes
    ----------
    tested : int
        Outcomes that could be tested.
    rising, falling : tuple of Outcome
        Outcomes whose scores are clearly higher, or lower, the less deprived the fifth.
    frameworks : tuple of FrameworkTrend
        Each framework that can be tested.
    """

    tested: int
    rising: tuple[Outcome, ...] = ()
    falling: tuple[Outcome, ...] = ()
    frameworks: tuple[FrameworkTrend, ...] = ()

    @property
    def found(self) -> tuple[bool, bool]:
        """Whether scores of any outcome are clearly higher, and whether of any clearly lower."""
        return bool(self.rising), bool(self.falling)


def describe_deprivation(trend: pd.DataFrame) -> Deprivation:
    """Describe whether scores go with deprivation.

    Parameters
    ----------
    trend : DataFrame
        What `measures.deprivation.summarise_trend` returns, of one cycle.

    Returns
    -------
    Deprivation
        The facts.
    """
    tested = trend[trend["p"].notna()]
    single, means = tested[tested["outcome"] != MEAN], tested[tested["outcome"] == MEAN]
    clear = single[single["p_holm"] < SIGNIFICANCE]

    def name(rows):
        return tuple(Outcome(row.framework, str(row.outcome)) for row in rows.itertuples())

    return Deprivation(
        len(single),
        name(clear[clear["tau_b"] > 0]),
        name(clear[clear["tau_b"] < 0]),
        tuple(_describe_framework(row) for row in means.itertuples()),
    )


def _describe_framework(row):
    trend = "unclear"
    if row.p_holm < SIGNIFICANCE:
        trend = "higher" if row.tau_b > 0 else "lower"
    if pd.isna(row.difference):
        return FrameworkTrend(row.framework, trend)
    is_excluded = None if pd.isna(row.p_equivalence) else bool(row.p_equivalence < SIGNIFICANCE)
    direction = find_direction(row.difference)
    return FrameworkTrend(row.framework, trend, ScoreChange(row.difference), direction, is_excluded)
