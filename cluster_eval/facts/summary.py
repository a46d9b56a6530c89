"""What a summary says of a cycle, as values: where clusters stand by what outcomes need, and who starts and arrives."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.facts.maturity import Maturity
from cluster_eval.facts.moves import NOTABLE
from cluster_eval.values import SMALLEST_BASE, Count, Direction, Label, Points, Share
from cluster_eval.vocabulary import COMPONENTS, HIGHER

APART = Points(0.1)
"""Components are said to stand apart from this difference of their shares at Developing or Mature."""


@dataclass(frozen=True)
class Component:
    """The ratings of a component's outcomes.

    Attributes
    ----------
    component : Label
        Which component.
    higher : Count
        Those at Developing or Mature.
    previous : Share or None
        Their share in the previous cycle; None where there is none, or too few ratings.
    """

    component: Label
    higher: Count
    previous: Share | None


@dataclass(frozen=True)
class Standing:
    """Where clusters stand by what outcomes need.

    Attributes
    ----------
    components : tuple of Component
        Each component that clusters rated.
    """

    components: tuple[Component, ...]

    @property
    def care_is(self) -> str | None:
        """Whether care is `ahead` of infrastructure, `behind` or `level`; None where one of them was not rated."""
        shares = {each.component.code: each.higher for each in self.components}
        care, infrastructure = (shares.get(name) for name in COMPONENTS[:2])
        if care is None or infrastructure is None or not (care.is_large and infrastructure.is_large):
            return None
        apart = float(care.share - infrastructure.share)
        if abs(apart) < APART.value:
            return "level"
        return "ahead" if apart > 0 else "behind"


def describe_standing(components: pd.DataFrame) -> Standing:
    """Describe where clusters stand by what outcomes need.

    Parameters
    ----------
    components : DataFrame
        What `measures.components.summarise` returns.

    Returns
    -------
    Standing
        The facts of the newest cycle beside those of the one before.
    """
    cycles = sorted(components["cycle"].unique())
    higher = components[components["level"] == HIGHER].set_index(["cycle", "component"])
    described = []
    for component in COMPONENTS:
        if not cycles or (cycles[-1], component) not in higher.index:
            continue
        now = higher.loc[(cycles[-1], component)]
        before = higher.loc[(cycles[-2], component)] if (*cycles[-2:-1], component) in higher.index else None
        is_large = before is not None and before["base"] >= SMALLEST_BASE
        described.append(
            Component(
                Label("component", component),
                Count(int(now["n"]), int(now["base"])),
                Share(before["share"]) if is_large else None,
            )
        )
    return Standing(tuple(described))


@dataclass(frozen=True)
class Ends:
    """How many ratings are at the two ends of the scale.

    Attributes
    ----------
    pre, mature : str or None
        Whether the share at Pre-foundation, and at Mature, `rose` or `fell` in every framework, in none by as much as
        is told of a single outcome (`stayed`), or `mixed`; None without a cycle to compare with.
    """

    pre: str | None
    mature: str | None


def describe_ends(frameworks: list[Maturity]) -> Ends:
    """Describe how the shares at the two ends of the scale moved.

    Parameters
    ----------
    frameworks : list of Maturity
        What `describe_maturity` returns for each framework that was rated.

    Returns
    -------
    Ends
        The facts.
    """
    compared = [each.change for each in frameworks if each.change and each.change.levels]
    return Ends(
        _agree([change.pre_summed for change in compared]), _agree([change.mature_summed for change in compared])
    )


def _agree(moves):
    if not moves:
        return None
    if all(abs(move.points.value) < NOTABLE.value for move in moves):
        return "stayed"
    for direction in (Direction.ROSE, Direction.FELL):
        if all(move.direction is direction for move in moves):
            return str(direction)
    return "mixed"
