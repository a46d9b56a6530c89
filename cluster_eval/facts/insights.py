"""What a report retells of published findings that clusters wrote, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.values import Label, Parts, Title
from cluster_eval.vocabulary import INSIGHTS


@dataclass(frozen=True)
class Insights:
    """The published insights of a kind.

    Attributes
    ----------
    kind : Label
        Which kind: barriers, enablers, effects, or ways to strengthen clusters.
    titles : tuple of Title
        What they are called.
    first : Title or None
        The one that was named most; None where no rank is published.
    """

    kind: Label
    titles: tuple[Title, ...]
    first: Title | None

    @property
    def listed(self) -> Parts:
        """Their titles side by side, as names."""
        return Parts(self.titles)

    @property
    def n(self) -> int:
        """How many they are."""
        return len(self.titles)


def describe_insights(insights: pd.DataFrame) -> dict[str, Insights]:
    """Describe the published insights of a cycle.

    Parameters
    ----------
    insights : DataFrame
        `insights` of an open report, of one cycle.

    Returns
    -------
    dict of str to Insights
        Each kind that has any, by its code, in the order in which they are told.
    """
    described = {}
    for kind in INSIGHTS:
        rows = insights[insights["kind"] == kind]
        if not rows.empty:
            first = rows.loc[rows["rank"] == 1, "title"]
            titles = tuple(map(Title, rows["title"]))
            described[kind] = Insights(Label("insight", kind), titles, Title(first.iloc[0]) if len(first) else None)
    return described
