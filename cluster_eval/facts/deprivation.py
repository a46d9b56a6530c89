"""What a report says of how scores go with deprivation, as values.

No p is given without the method, what it was computed on and the effect: a test has all of them.
"""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.measures.deprivation import KENDALL, MEAN, TEST
from cluster_eval.values import SIGNIFICANCE, Effect, Label, Number, Outcome, P, Score, Share, make_effect


@dataclass(frozen=True)
class Test:
    """A test, with what it was made on and its effect.

    Attributes
    ----------
    n : int
        On how many responses.
    p, p_holm : P
        Before and after Holm's adjustment.
    effect : Effect
        The effect, of the kind that `effect_name` says.
    effect_name : Label
        Such as eta squared.
    outcome : Outcome or None
        Of which outcome; None of a framework's mean score.
    """

    __test__ = False

    n: int
    p: P
    p_holm: P
    effect: Effect
    effect_name: Label
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Deprivation:
    """The analyses of variance of single outcomes by deprivation fifth.

    Attributes
    ----------
    tested : int
        Outcomes that could be tested; where none could, nothing else is there.
    significant, significant_holm : int
        Those with p below 0.05, before and after Holm's adjustment.
    smallest : Test or None
        The test with the smallest p.
    largest_eta : Share or None
        The largest share of the variance of an outcome's scores that lies between fifths.
    largest_outcome : Outcome or None
        Of which outcome.
    chance_eta : Share or None
        What it would be on average if fifths did not differ at all.
    """

    tested: int
    significant: int = 0
    significant_holm: int = 0
    smallest: Test | None = None
    largest_eta: Share | None = None
    largest_outcome: Outcome | None = None
    chance_eta: Share | None = None


@dataclass(frozen=True)
class Trend:
    """Whether scores of single outcomes rise or fall from fifth to fifth, by Kendall's tau-b.

    Attributes
    ----------
    significant_holm : int
        Outcomes whose test is significant after Holm's adjustment.
    smallest : Test
        The test with the smallest p.
    """

    significant_holm: int
    smallest: Test


@dataclass(frozen=True)
class FrameworkTests:
    """The tests of a framework's mean scores by deprivation fifth.

    Attributes
    ----------
    framework : str
        `PCMW` or `ACD`.
    responses : Number
        On how many responses.
    tests, significant : int
        How many tests could be made, and how many are significant after Holm's adjustment.
    anova, tau : Test or None
        One-way analysis of variance, and Kendall's tau-b.
    difference : Score or None
        The smallest difference in mean score between the most and the least deprived fifth that Kendall's tau-b finds
        four times in five.
    """

    framework: str
    responses: Number
    tests: int
    significant: int
    anova: Test | None
    tau: Test | None
    difference: Score | None

    @property
    def found(self) -> str:
        """What the tests show: `some`, or of the `only` test or of `several` nothing."""
        if self.significant:
            return "some"
        return "only" if self.tests == 1 else "several"


def describe_deprivation(deprivation: pd.DataFrame) -> Deprivation:
    """Describe the analyses of variance of single outcomes by deprivation fifth.

    Parameters
    ----------
    deprivation : DataFrame
        What `measures.deprivation.summarise` returns, of one cycle.

    Returns
    -------
    Deprivation
        The facts.
    """
    tested = deprivation.dropna(subset=["p"])
    if tested.empty:
        return Deprivation(0)
    largest = tested.loc[tested["eta_squared"].idxmax()]
    smallest = tested.loc[tested["p"].idxmin()]
    return Deprivation(
        tested=len(tested),
        significant=int((tested["p"] < SIGNIFICANCE).sum()),
        significant_holm=int((tested["p_holm"] < SIGNIFICANCE).sum()),
        smallest=Test(
            n=int(smallest["n"]),
            p=P(smallest["p"]),
            p_holm=P(smallest["p_holm"]),
            effect=Effect(Score(smallest["eta_squared"])),
            effect_name=Label("effect", "eta squared"),
            outcome=Outcome(smallest["framework"], str(smallest["outcome"])),
        ),
        largest_eta=Share(largest["eta_squared"]),
        largest_outcome=Outcome(largest["framework"], str(largest["outcome"])),
        chance_eta=Share(largest["df_between"] / (largest["n"] - 1)),
    )


def describe_trend(tests: pd.DataFrame) -> Trend | None:
    """Describe whether scores of single outcomes rise or fall from fifth to fifth.

    Parameters
    ----------
    tests : DataFrame
        What `measures.deprivation.summarise_tests` returns, of one cycle.

    Returns
    -------
    Trend or None
        The facts; None where no outcome can be tested.
    """
    rows = tests[(tests["outcome"] != MEAN) & (tests["test"] == KENDALL) & tests["p"].notna()]
    if rows.empty:
        return None
    return Trend(int((rows["p_holm"] < SIGNIFICANCE).sum()), _describe_test(rows.loc[rows["p"].idxmin()]))


def describe_framework_tests(tests: pd.DataFrame, detectable: pd.DataFrame) -> tuple[FrameworkTests, ...]:
    """Describe the four tests of each framework's mean scores by deprivation fifth.

    Parameters
    ----------
    tests : DataFrame
        What `measures.deprivation.summarise_tests` returns, of one cycle.
    detectable : DataFrame
        What `measures.deprivation.find_detectable` returns, of the same cycle.

    Returns
    -------
    tuple of FrameworkTests
        For each framework that can be tested.
    """
    described = []
    for code, rows in tests[(tests["outcome"] == MEAN) & tests["p"].notna()].groupby("framework", sort=False):
        by_test = {row["test"]: _describe_test(row) for _, row in rows.iterrows()}
        of_tau = detectable.query("framework == @code and outcome == @MEAN and test == @KENDALL")["difference"].dropna()
        described.append(
            FrameworkTests(
                framework=code,
                responses=Number(int(rows["n"].iloc[0]), "response"),
                tests=len(rows),
                significant=int((rows["p_holm"] < SIGNIFICANCE).sum()),
                anova=by_test.get(TEST),
                tau=by_test.get(KENDALL),
                difference=None if of_tau.empty else Score(of_tau.iloc[0]),
            )
        )
    return tuple(described)


def find_detectable_share(detectable: pd.DataFrame) -> Share | None:
    """Find which differences of single outcomes between fifths the published test could have found.

    Parameters
    ----------
    detectable : DataFrame
        What `measures.deprivation.find_detectable` returns, of one cycle.

    Returns
    -------
    Share or None
        The smallest share of variance that one-way ANOVA finds four times in five, of the outcome where it is largest;
        None where no outcome has one.
    """
    largest = detectable.loc[(detectable["outcome"] != MEAN) & (detectable["test"] == TEST), "detectable"].max()
    return None if pd.isna(largest) else Share(largest)


def _describe_test(row):
    return Test(
        n=int(row["n"]),
        p=P(row["p"]),
        p_holm=P(row["p_holm"]),
        effect=make_effect(row["effect_size"], row["effect_low"], row["effect_high"]),
        effect_name=Label("effect", row["effect"]),
        outcome=None if row["outcome"] == MEAN else Outcome(row["framework"], str(row["outcome"])),
    )
