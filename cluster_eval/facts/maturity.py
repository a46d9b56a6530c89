"""What a report says of maturity, as values: levels, means, and what changed."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.facts.moves import Change, describe_change
from cluster_eval.measures.maturity import ALL, find_shared_outcomes
from cluster_eval.values import TIE, Between, Chance, Count, Label, Outcome, Score, Summed
from cluster_eval.vocabulary import FRAMEWORKS, HIGHER_LEVELS, LEVELS, MIDDLE_LEVELS


@dataclass(frozen=True)
class Extreme:
    """The outcomes of which something is highest, or lowest.

    Attributes
    ----------
    outcomes : tuple of Outcome
        Those outcomes.
    value : Count or Score
        What the first of them has.
    every : bool
        Whether they are all that were rated.
    chance : Chance or None
        Of one outcome, how likely it is to be highest, or lowest, still, once the clusters that did not respond are
        counted like the others; None, with what follows, where all responded or several tie.
    places : Between or None
        Between which places it then lies, 1 being the highest, in 95 cases of 100.
    """

    outcomes: tuple[Outcome, ...]
    value: Count | Score
    every: bool
    chance: Chance | None = None
    places: Between | None = None

    @property
    def several(self) -> bool:
        """Whether they are more than one."""
        return len(self.outcomes) > 1


@dataclass(frozen=True)
class Tie:
    """An outcome of which levels tie for the most common, some of them in the middle of the scale and some at its ends.

    Attributes
    ----------
    outcome : Outcome
        Which outcome.
    levels : tuple of Label
        Its most common levels.
    count : Count
        What each of them has.
    """

    outcome: Outcome
    levels: tuple[Label, ...]
    count: Count


@dataclass(frozen=True)
class Maturity:
    """The levels of a framework's outcomes.

    Attributes
    ----------
    framework : str
        `PCMW` or `ACD`.
    listed, total : int
        Number of the framework's outcomes, and of those that clusters rated.
    unasked, unrated : tuple of Outcome
        Those that the cycle did not ask, and those that it asked and nobody rated.
    middle_outcomes : int
        Outcomes whose most common level, or levels, are none but Foundation and Developing.
    ties : tuple of Tie
        Outcomes of which one of them ties with another level.
    highest_higher, highest_mature, lowest_mature, highest_pre, lowest_pre : Extreme
        Where the share at Developing or Mature, at Mature and at Pre-foundation is highest and lowest.
    highest_mean, lowest_mean : Extreme
        The same of means.
    least_pre : tuple of Outcome
        Outcomes of which Pre-foundation is the least reported level, alone or with another.
    summed : Summed or None
        The outcomes over which ratings are summed; None where there are none, and with it what follows but `change`.
    is_partial : bool
        Whether these are not all, since a cycle did not rate the others.
    middle, higher, pre, mature : Count or None
        Ratings at Foundation or Developing, at Developing or Mature, at Pre-foundation and at Mature.
    mean : Score or None
        The mean of the outcomes' means.
    change : Change or None
        What changed; None without a previous cycle that rated an outcome as well.
    """

    framework: str
    listed: int
    total: int
    unasked: tuple[Outcome, ...]
    unrated: tuple[Outcome, ...]
    middle_outcomes: int
    ties: tuple[Tie, ...]
    highest_higher: Extreme
    highest_mature: Extreme
    lowest_mature: Extreme
    highest_pre: Extreme
    lowest_pre: Extreme
    highest_mean: Extreme
    lowest_mean: Extreme
    least_pre: tuple[Outcome, ...]
    summed: Summed | None = None
    is_partial: bool = False
    middle: Count | None = None
    higher: Count | None = None
    pre: Count | None = None
    mature: Count | None = None
    mean: Score | None = None
    change: Change | None = None

    @property
    def tied(self) -> tuple[Outcome, ...]:
        """The outcomes of which Foundation or Developing ties with another level."""
        return tuple(each.outcome for each in self.ties)

    @property
    def middle_is(self) -> str:
        """Of which outcomes Foundation or Developing is the most common level: `every`, `some` or `none`."""
        if self.middle_outcomes == self.total:
            return "every"
        return "some" if self.middle_outcomes else "none"


def describe_maturity(
    maturity: pd.DataFrame, means: pd.DataFrame, framework: str, ranking: pd.DataFrame | None = None
) -> Maturity:
    """Describe the levels of a framework's outcomes, and what changed.

    Parameters
    ----------
    maturity, means : DataFrame
        What `measures.maturity.summarise` and `summarise_means` return.
    framework : str
        `PCMW` or `ACD`.
    ranking : DataFrame, optional
        What `measures.ranking.summarise` returns, of the newest cycle, where it is to be told how surely an outcome is
        the highest or the lowest.

    Returns
    -------
    Maturity
        The facts.
    """
    cycles = list(maturity["cycle"].unique())
    maturity = maturity[maturity["framework"] == framework]
    asked = maturity.loc[maturity["cycle"] == cycles[-1], "outcome"].unique()
    maturity = maturity[maturity["base"] > 0]
    means = means[means["framework"] == framework]
    numbers = [str(number) for number in range(1, FRAMEWORKS[framework].outcomes + 1)]
    current = maturity[maturity["cycle"] == cycles[-1]]
    by_outcome = current[current["outcome"] != ALL]
    shares = by_outcome.pivot(index="outcome", columns="level", values="share").loc[by_outcome["outcome"].unique()]
    counts = by_outcome.pivot(index="outcome", columns="level", values="n").loc[shares.index]
    bases = by_outcome.drop_duplicates("outcome").set_index("outcome")["base"]
    summed = current[current["outcome"] == ALL].set_index("level")
    current_means = means[means["cycle"] == cycles[-1]].set_index("outcome")["mean"].dropna()
    of_outcomes = current_means.drop(ALL, errors="ignore")

    def name(codes):
        return tuple(Outcome(framework, code) for code in codes)

    def find_extreme(levels, highest):
        of_levels = shares[list(levels)].sum(axis="columns")
        found = _find_ends(of_levels, highest)
        count = Count(int(counts.loc[found[0], list(levels)].sum()), int(bases[found[0]]))
        surely = {}
        if ranking is not None and len(found) == 1:
            surely = _find_chance(ranking, framework, "+".join(levels), found[0], highest)
        return Extreme(name(found), count, len(found) == len(shares), **surely)

    def find_extreme_mean(highest):
        found = _find_ends(of_outcomes, highest)
        return Extreme(name(found), Score(of_outcomes[found[0]]), len(found) == len(of_outcomes))

    def add_up(levels):
        return Count(int(summed.loc[list(levels), "n"].sum()), int(summed["base"].iloc[0]))

    sums = {}
    if not summed.empty:
        over = describe_summed(maturity, framework)
        sums = {
            "summed": over,
            "is_partial": over.over == "both",
            "middle": add_up(MIDDLE_LEVELS),
            "higher": add_up(HIGHER_LEVELS),
            "pre": add_up(LEVELS[:1]),
            "mature": add_up(LEVELS[-1:]),
            "mean": Score(current_means[ALL]),
        }
    is_top = counts.eq(counts.max(axis="columns"), axis="index")
    least = shares[LEVELS[0]] <= shares.min(axis="columns") + TIE
    return Maturity(
        framework=framework,
        listed=len(numbers),
        total=len(shares),
        unasked=name(number for number in numbers if number not in asked),
        unrated=name(number for number in asked if number not in (*shares.index, ALL)),
        middle_outcomes=int(is_top.drop(columns=list(MIDDLE_LEVELS)).eq(False).all(axis="columns").sum()),
        ties=tuple(
            Tie(
                Outcome(framework, outcome),
                tuple(Label("level", level) for level in LEVELS if is_top.loc[outcome, level]),
                Count(int(counts.loc[outcome].max()), int(bases[outcome])),
            )
            for outcome in is_top.index[is_top[list(MIDDLE_LEVELS)].any(axis="columns")]
            if not set(is_top.columns[is_top.loc[outcome]]) <= set(MIDDLE_LEVELS)
        ),
        highest_higher=find_extreme(HIGHER_LEVELS, highest=True),
        highest_mature=find_extreme(LEVELS[-1:], highest=True),
        lowest_mature=find_extreme(LEVELS[-1:], highest=False),
        highest_pre=find_extreme(LEVELS[:1], highest=True),
        lowest_pre=find_extreme(LEVELS[:1], highest=False),
        highest_mean=find_extreme_mean(highest=True),
        lowest_mean=find_extreme_mean(highest=False),
        least_pre=name(shares.index[least]),
        change=describe_change(maturity, means, name) if len(cycles) > 1 else None,
        **sums,
    )


def _find_chance(ranking, framework, level, outcome, highest):
    """Give how likely an outcome is to keep its end of a ranking; nothing where that is certain."""
    rows = ranking[(ranking["framework"] == framework) & (ranking["level"] == level)]
    [row] = rows[rows["outcome"] == outcome].to_dict("records")
    if rows["chance_highest"].isin([0, 1]).all() and rows["place_low"].eq(rows["place_high"]).all():
        return {}
    return {
        "chance": Chance(row["chance_highest" if highest else "chance_lowest"]),
        "places": Between(row["place_low"], row["place_high"], "place"),
    }


def _find_ends(values, highest):
    edge = values.max() if highest else values.min()
    return values.index[(values - edge).abs() < TIE]


def describe_summed(maturity: pd.DataFrame, framework: str) -> Summed:
    """Describe over which outcomes a framework's ratings are summed.

    Parameters
    ----------
    maturity : DataFrame
        What `measures.maturity.summarise` returns.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    Summed
        How many outcomes, and which.
    """
    shared = find_shared_outcomes(maturity)[framework]
    if len(shared) == FRAMEWORKS[framework].outcomes:
        return Summed(framework, len(shared), "all")
    cycles = maturity.loc[(maturity["framework"] == framework) & (maturity["base"] > 0), "cycle"].nunique()
    return Summed(framework, len(shared), "both" if cycles > 1 else "rated")
