"""What a report says of how the ratings of one cluster go together, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.values import Effect, Number, Score, make_effect


@dataclass(frozen=True)
class Reliability:
    """How far the ratings of one cluster go together.

    Attributes
    ----------
    outcomes, responses : Number
        Of the widest set of outcomes, and those that rated every one of them.
    correlation : Score or None
        The mean of Pearson's correlations between two of them; None, with what follows, where it cannot be computed.
    alpha : Effect or None
        Cronbach's alpha.
    """

    outcomes: Number
    responses: Number
    correlation: Score | None = None
    alpha: Effect | None = None

    @property
    def found(self) -> str:
        """Whether correlations are told with `alpha`, `without` it, or `nothing` is."""
        if self.correlation is None:
            return "nothing"
        return "without" if self.alpha is None else "alpha"


def describe_reliability(reliability: pd.DataFrame) -> Reliability:
    """Describe how far the ratings of one cluster go together.

    Parameters
    ----------
    reliability : DataFrame
        What `measures.reliability.summarise_reliability` returns, of one cycle.

    Returns
    -------
    Reliability
        The facts.
    """
    row = reliability.loc[reliability["outcomes"].idxmax()]
    about: dict = {}
    if pd.notna(row["mean_correlation"]):
        about["correlation"] = Score(row["mean_correlation"])
    if pd.notna(row["cronbach_alpha"]):
        about["alpha"] = make_effect(row["cronbach_alpha"], row["cronbach_low"], row["cronbach_high"])
    return Reliability(Number(int(row["outcomes"]), "outcome"), Number(int(row["n"]), "response"), **about)
