"""Where a group of outcomes stands, or one of them, and how it moved: what a page argues with, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.facts.moves import Move, describe_move
from cluster_eval.facts.responding import Certain, describe_certain
from cluster_eval.measures.change import compare
from cluster_eval.measures.maturity import ALL, sum_higher
from cluster_eval.values import SMALLEST_BASE, Count, Label, Outcome, Points, Share
from cluster_eval.vocabulary import COMPONENTS, HIGHER


@dataclass(frozen=True)
class Rated:
    """The ratings of a group of outcomes, or of one.

    Attributes
    ----------
    of : Label or Outcome
        Of what.
    levels : dict of str to Count
        Each level, and `higher` for Developing or Mature, to the ratings at it.
    moves : dict of str to Move
        How the share of each of these moved since the previous cycle; none where there is none to compare with, or a
        cycle has too few ratings for percentages.
    certain : Certain or None
        Of a group, where its outcomes stand whatever the clusters that did not respond would have said.
    """

    of: Label | Outcome
    levels: dict[str, Count]
    moves: dict[str, Move]
    certain: Certain | None = None

    @property
    def higher(self) -> Count:
        """The ratings at Developing or Mature."""
        return self.levels["higher"]

    @property
    def previous(self) -> Share | None:
        """Their share in the previous cycle."""
        return self.moves["higher"].previous if self.moves else None


def describe_rated_components(
    components: pd.DataFrame, certain: pd.DataFrame, outcomes: pd.DataFrame
) -> dict[str, Rated]:
    """Describe the ratings of each component: care, infrastructure, ways of working.

    Parameters
    ----------
    components : DataFrame
        What `measures.components.summarise` returns.
    certain : DataFrame
        What `measures.ranking.find_certain` returns, of the newest cycle.
    outcomes : DataFrame
        framework, outcome, component of each outcome.

    Returns
    -------
    dict of str to Rated
        Each component that the newest cycle rated, by its code, `ways_of_working` for that with spaces.
    """
    components = _select_compared(components)
    names = {(row.framework, str(row.outcome)): row.component for row in outcomes.itertuples()}
    placed = [names[row.framework, str(row.outcome)] for row in certain.itertuples()]
    return {
        component.replace(" ", "_"): _describe(
            components[components["component"] == component],
            Label("component", component),
            describe_certain(certain[[each == component for each in placed]]),
        )
        for component in COMPONENTS
        if component in set(_select_newest(components)["component"])
    }


def describe_outcomes(maturity: pd.DataFrame) -> dict[str, Rated]:
    """Describe the ratings of each outcome.

    Parameters
    ----------
    maturity : DataFrame
        What `measures.maturity.summarise` returns.

    Returns
    -------
    dict of str to Rated
        Each outcome that the newest cycle rated, by a name such as `PCMW_13`.
    """
    rated = maturity[(maturity["outcome"] != ALL) & (maturity["base"] > 0)]
    rows = pd.concat([rated, sum_higher(maturity)], ignore_index=True).sort_values("cycle", kind="stable")
    rows = _select_compared(rows)
    newest = _select_newest(rows).drop_duplicates(["framework", "outcome"])
    return {
        f"{framework}_{outcome}": _describe(
            rows[(rows["framework"] == framework) & (rows["outcome"] == outcome)], Outcome(framework, str(outcome))
        )
        for framework, outcome in zip(newest["framework"], newest["outcome"], strict=True)
    }


def _select_compared(rows):
    """Select the newest cycle and the one before, so that what this one did not rate is compared with nothing."""
    return rows[rows["cycle"].isin(sorted(rows["cycle"].unique())[-2:])]


def _select_newest(rows):
    return rows[rows["cycle"] == rows["cycle"].max()]


def _describe(rows, of, certain=None):
    """Describe rows of cycle, level, n, base, share; see `Rated`."""
    levels = {_name(row.level): Count(int(row.n), int(row.base)) for row in _select_newest(rows).itertuples()}
    changes = compare(rows, ["level"], "share")
    if rows["base"].min() < SMALLEST_BASE:
        changes = changes.iloc[:0]
    moves = {_name(row["level"]): describe_move(row, Share, Points, row["level"]) for _, row in changes.iterrows()}
    return Rated(of, levels, moves, certain)


def _name(level):
    return "higher" if level == HIGHER else level
