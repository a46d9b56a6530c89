"""What a report says of each single outcome: what it is about, its levels, and how they moved."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from cluster_eval.facts.moves import NOTABLE, Move, describe_move, find_notable
from cluster_eval.measures.change import compare
from cluster_eval.measures.maturity import sum_higher
from cluster_eval.problems import check_name
from cluster_eval.values import SMALLEST_BASE, Between, Count, Direction, Label, Outcome, Points, Share
from cluster_eval.vocabulary import COMPONENTS, HIGHER, LEVELS

UP, EVEN, DOWN = Direction.ROSE, Direction.ABOUT_SAME, Direction.FELL

SHIFTS = {
    (DOWN, UP): ("up throughout", "up", "up"),
    (EVEN, UP): ("from Foundation", "from Foundation", "from Foundation"),
    (UP, UP): ("apart", "apart", "apart"),
    (DOWN, EVEN): ("ends up", "off bottom", "to middle"),
    (EVEN, EVEN): ("top up", "little", "top down"),
    (UP, EVEN): ("to ends", "bottom up", "ends down"),
    (DOWN, DOWN): ("to Foundation", "to Foundation", "to Foundation"),
    (EVEN, DOWN): ("down", "down", "down"),
    (UP, DOWN): ("to bottom", "to bottom", "to bottom"),
}
"""What became of an outcome, by which way its share at Pre-foundation and at Developing or Mature went, and in each row
by whether its share at Mature rose, moved little or fell. A code that stands once in its row tells of Mature itself."""


@dataclass(frozen=True)
class Described:
    """An outcome, and what is known of it besides its title.

    Attributes
    ----------
    outcome : Outcome
        Which outcome.
    label : Label
        The same, of which sentences write `narrative` and `former_name`.
    component : Label
        To which component of the model it belongs.
    former : str or None
        What it was in earlier descriptions of its model: of `vocabulary.FORMER`.
    has_narrative : bool
        Whether there is one.
    """

    outcome: Outcome
    label: Label
    component: Label
    former: str | None
    has_narrative: bool


@dataclass(frozen=True)
class Component:
    """The outcomes of a framework that belong to one component of the model.

    Attributes
    ----------
    component : Label
        Such as `care`.
    outcomes : tuple of Described
        Its outcomes.
    """

    component: Label
    outcomes: tuple[Described, ...]

    @property
    def code(self) -> str:
        """The component's code."""
        return self.component.code


def describe_components(outcomes: pd.DataFrame, framework: str) -> tuple[Component, ...]:
    """Describe the outcomes of a framework, by component.

    Parameters
    ----------
    outcomes : DataFrame
        What `sources.reference.read_outcomes` returns.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    tuple of Component
        Those that the framework has.
    """
    rows = outcomes[outcomes["framework"] == framework]
    return tuple(
        Component(Label("component", code), tuple(_describe_each(rows[rows["component"] == code])))
        for code in COMPONENTS
        if (rows["component"] == code).any()
    )


def _describe_each(rows) -> Iterator[Described]:
    for row in rows.itertuples():
        number = str(row.outcome)
        former = row.former if isinstance(row.former, str) else None
        label = Label("outcome", f"{row.framework} {number}")
        component = Label("component", row.component)
        yield Described(Outcome(row.framework, number), label, component, former, isinstance(row.narrative, str))


@dataclass(frozen=True)
class Shift:
    """How the levels of an outcome moved since the previous cycle.

    Attributes
    ----------
    pre, higher, mature : Move
        The share at Pre-foundation, at Developing or Mature, and at Mature.
    code : str
        What became of it, of `SHIFTS`.
    top : Direction or None
        Which way Mature went, where it moved by `notable` or more and the code does not say so.
    notable : Points
        From which difference a share is said to have moved.
    """

    pre: Move
    higher: Move
    mature: Move
    code: str
    top: Direction | None
    notable: Points = NOTABLE

    @property
    def label(self) -> Label:
        """What a table calls it."""
        return Label("shift", self.code)


@dataclass(frozen=True)
class OutcomeLevels:
    """The levels of one outcome, and how they moved.

    Attributes
    ----------
    outcome : Outcome
        Which outcome.
    most_common : tuple of Label
        The most common levels; none where nobody rated it.
    count : Count or None
        Those that named one of them.
    shift : Shift or None
        How its levels moved; None where the previous cycle did not rate it, or a cycle has too few responses for
        percentages.
    few : int or None
        Where a cycle has too few responses for percentages, the number below which they are.
    """

    outcome: Outcome
    most_common: tuple[Label, ...] = ()
    count: Count | None = None
    shift: Shift | None = None
    few: int | None = None

    @property
    def found(self) -> str:
        """Whether `none` rated it, or `one` level or `several` are the most common."""
        return ("none", "one", "several")[min(len(self.most_common), 2)]


def describe_outcome(maturity: pd.DataFrame, framework: str, outcome: str) -> OutcomeLevels:
    """Describe one outcome: its levels, and how they moved.

    Parameters
    ----------
    maturity : DataFrame
        What `measures.maturity.summarise` returns.
    framework, outcome : str
        Which outcome.

    Returns
    -------
    OutcomeLevels
        The facts.
    """
    rows = maturity[maturity["framework"] == framework]
    check_name(f"{framework} outcome", outcome, rows["outcome"].unique())
    rows = rows[rows["outcome"] == outcome]
    cycles = list(maturity["cycle"].unique())
    current = rows[rows["cycle"] == cycles[-1]]
    if not current["base"].any():
        return OutcomeLevels(Outcome(framework, outcome))
    top = current[current["n"] == current["n"].max()]
    about = {
        "outcome": Outcome(framework, outcome),
        "most_common": tuple(Label("level", level) for level in top["level"]),
        "count": Count(int(top["n"].iloc[0]), int(top["base"].iloc[0])),
    }
    compared = rows[rows["cycle"].isin(cycles[-2:])]
    if len(cycles) < 2 or not (compared.groupby("cycle", observed=True)["base"].first() > 0).all():
        return OutcomeLevels(**about)
    if compared["base"].min() < SMALLEST_BASE:
        return OutcomeLevels(**about, few=SMALLEST_BASE)
    return OutcomeLevels(**about, shift=describe_shift(compared))


def describe_shift(rows: pd.DataFrame) -> Shift:
    """Describe how the levels of one outcome moved.

    Parameters
    ----------
    rows : DataFrame
        Of `measures.maturity.summarise`, one outcome in two cycles.

    Returns
    -------
    Shift
        The facts.
    """
    ends = rows[rows["level"].isin((LEVELS[0], LEVELS[-1]))]
    changes = compare(pd.concat([ends, sum_higher(rows)]), ["level"], "share").set_index("level")
    found = changes.loc[[LEVELS[0], HIGHER, LEVELS[-1]]]
    *others, mature = map(find_notable, found["change"])
    codes = SHIFTS[tuple(others)]
    code = codes[(UP, EVEN, DOWN).index(mature)]
    moves = (describe_move(row, Share, Points, level) for level, row in found.iterrows())
    return Shift(*moves, code, mature if mature is not EVEN and codes.count(code) > 1 else None)


@dataclass(frozen=True)
class Likely:
    """How many of all clusters are likely to be at Developing or Mature for an outcome.

    Attributes
    ----------
    likely : Between
        Between which numbers.
    population : int
        Of how many.
    """

    likely: Between
    population: int

    @property
    def half(self) -> str:
        """Whether these are surely `more` than half of all, surely `fewer`, or it is `open`."""
        if self.likely.low * 2 > self.population:
            return "more"
        return "fewer" if self.likely.high * 2 < self.population else "open"


def describe_likely(levels: pd.DataFrame, framework: str, outcome: str) -> Likely | None:
    """Describe how many of all clusters are likely to be at Developing or Mature for an outcome.

    Parameters
    ----------
    levels : DataFrame
        What `measures.estimates.estimate_levels` returns.
    framework, outcome : str
        Which outcome.

    Returns
    -------
    Likely or None
        The facts of the newest cycle; None with too few responses for percentages, and where all clusters answered.
    """
    rows = levels[(levels["framework"] == framework) & (levels["outcome"] == outcome) & (levels["level"] == HIGHER)]
    rows = rows[rows["cycle"] == list(levels["cycle"].unique())[-1]]
    for row in rows.itertuples():
        if SMALLEST_BASE <= row.base < row.population:
            return Likely(Between(int(row.low_clusters), int(row.high_clusters)), int(row.population))
    return None
