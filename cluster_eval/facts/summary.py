"""What a summary says of a cycle, as values: where clusters stand by what outcomes need, and who starts and arrives."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.facts.agreement import Agreement, Answers, Meetings
from cluster_eval.facts.maturity import Maturity
from cluster_eval.facts.moves import NOTABLE
from cluster_eval.sources.frequency import read_frequency
from cluster_eval.values import SMALLEST_BASE, Count, Direction, Frequency, Label, Points, Share
from cluster_eval.vocabulary import COMPONENTS, HIGHER, LEVELS
from cluster_eval.words.numbers import round_half_up

APART = Points(0.1)
"""Components are said to stand apart from this difference of their shares at Developing or Mature."""


@dataclass(frozen=True)
class Component:
    """The ratings of a component's outcomes.

    Attributes
    ----------
    component : Label
        Which component.
    higher, foundation : Count
        Those at Developing or Mature, and at Foundation.
    previous, foundation_before : Share or None
        Their shares in the previous cycle; None where there is none, or too few ratings.
    """

    component: Label
    higher: Count
    foundation: Count
    previous: Share | None
    foundation_before: Share | None

    @property
    def moved(self) -> str | None:
        """Whether the share at Developing or Mature `rose`, `fell` or `stayed`; None without a cycle to compare with.

        Where it stayed and the share at Foundation rose, it is `to-foundation`.
        """
        moved = _tell_move(self.higher, self.previous)
        if moved == "stayed" and _tell_move(self.foundation, self.foundation_before) == "rose":
            return "to-foundation"
        return moved


def _tell_move(count, before):
    if before is None or not count.is_large:
        return None
    change = float(count.share) - before.value
    if round_half_up(abs(change) * 100) < NOTABLE.value * 100:
        return "stayed"
    return "rose" if change > 0 else "fell"


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
    def is_compared(self) -> bool:
        """Whether any is set beside the previous cycle."""
        return any(each.previous is not None for each in self.components)

    def _find(self, name):
        return next((each for each in self.components if each.component.code == name), None)

    @property
    def care_is(self) -> str | None:
        """Whether care is `ahead` of infrastructure, `behind` or `level`; None where one of them was not rated."""
        care, infrastructure = map(self._find, COMPONENTS[:2])
        if care is None or infrastructure is None or not (care.higher.is_large and infrastructure.higher.is_large):
            return None
        apart = float(care.higher.share - infrastructure.higher.share)
        if abs(apart) < APART.value:
            return "level"
        return "ahead" if apart > 0 else "behind"

    @property
    def headline(self) -> str | None:
        """What a summary begins with.

        `care-alone` where care got further and infrastructure did not, and so `infrastructure-alone`; `both-rose`,
        `both-fell`, `care-fell`, `infrastructure-fell` and `both-stayed` likewise. Without a cycle to compare with, it
        is `care_is`.
        """
        moves = [each and each.moved for each in map(self._find, COMPONENTS[:2])]
        if None in moves:
            return self.care_is
        care, infrastructure = ("stayed" if move == "to-foundation" else move for move in moves)
        if care == infrastructure:
            return f"both-{care}"
        if "rose" in (care, infrastructure):
            return "care-alone" if care == "rose" else "infrastructure-alone"
        return "care-fell" if care == "fell" else "infrastructure-fell"


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
    rows = components.set_index(["cycle", "component", "level"])
    described = []
    for component in COMPONENTS:
        if not cycles or (cycles[-1], component, HIGHER) not in rows.index:
            continue
        shown = (HIGHER, LEVELS[1])
        now = [rows.loc[(cycles[-1], component, level)] for level in shown]
        before = [_find_share(rows, (*cycles[-2:-1], component, level)) for level in shown]
        counts = (Count(int(row["n"]), int(row["base"])) for row in now)
        described.append(Component(Label("component", component), *counts, *before))
    return Standing(tuple(described))


def _find_share(rows, key):
    if key not in rows.index or rows.loc[key, "base"] < SMALLEST_BASE:
        return None
    return Share(rows.loc[key, "share"])


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

    @property
    def gather(self) -> bool:
        """Whether ratings gather in the middle: fewer at Pre-foundation, and no more at Mature."""
        return self.pre == "fell" and self.mature in ("fell", "stayed")


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


DIVIDED = 0.25
"""From this share that disagrees on, a question is said to divide clusters."""


@dataclass(frozen=True)
class Wishes:
    """What clusters say of their purpose, of support and of time.

    Attributes
    ----------
    role, system, access, time : Answers or None
        The answers on a cluster's role, on support from the system, on access to health board teams, and on whether the
        time is enough; None where nobody answered.
    often : tuple of Frequency
        The most common wish, where it is for more meetings than most have.
    now, wanted : Count or None
        Those that meet so often or more, and those that would like to; None where that cannot be said.
    """

    role: Answers | None
    system: Answers | None
    access: Answers | None
    time: Answers | None
    often: tuple[Frequency, ...] = ()
    now: Count | None = None
    wanted: Count | None = None

    @property
    def purpose_is(self) -> str | None:
        """Whether clusters agree on their role: `agreed`, `divided`, or `disputed` where no majority agrees."""
        return _find_view(self.role)

    @property
    def support_is(self) -> str | None:
        """The same of support from the system."""
        return _find_view(self.system)

    @property
    def time_is(self) -> str | None:
        """Whether time is `short`, in that more clusters disagree than agree that it is enough, `enough` or `even`."""
        if self.time is None:
            return None
        more = self.time.disagreed.n - self.time.agreed.n
        return "even" if not more else "short" if more > 0 else "enough"


def _find_view(answers):
    if answers is None:
        return None
    if answers.disagreed.share >= DIVIDED:
        return "divided"
    return "agreed" if answers.agreed.share > 0.5 else "disputed"


def describe_wishes(agreement: Agreement | None, meetings: Meetings | None) -> Wishes:
    """Describe what clusters say of their purpose, of support and of time.

    Parameters
    ----------
    agreement : Agreement or None
        What `describe_agreement` returns; None where no cluster answered.
    meetings : Meetings or None
        What `describe_meetings` returns; None likewise.

    Returns
    -------
    Wishes
        The facts.
    """
    questions = agreement.questions if agreement else {}
    names = ("role", "system_support", "health_board_access", "time_achievable")
    answers = [questions.get(name) for name in names]
    current, ideal = (meetings.current, meetings.ideal) if meetings else (None, None)
    if current is None or ideal is None or current.several or ideal.several:
        return Wishes(*answers)
    usual, wish = (read_frequency(each.frequencies[0].answer) for each in (current, ideal))
    if usual is None or wish is None or sum(wish) <= sum(usual):
        return Wishes(*answers)
    return Wishes(*answers, ideal.frequencies, *(_count_from(each.every, wish) for each in (current, ideal)))


def _count_from(every, wish):
    """Count those that named so many meetings or more; an answer that names no one number is not known to."""
    read = {name: read_frequency(name.answer) for name in every}
    counts = [count for name, count in every.items() if read[name] is not None and sum(read[name]) >= sum(wish)]
    return Count(sum(count.n for count in counts), next(iter(every.values())).base)
