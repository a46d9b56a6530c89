"""What a report says of those who did not respond, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.sources.report import Report
from cluster_eval.values import SIGNIFICANCE, Label, Number, Outcome, P, Question, Score
from cluster_eval.vocabulary import FRAMEWORKS, MEETINGS, QUESTIONS, RATINGS


@dataclass(frozen=True)
class Characteristic:
    """Whether responding goes with something that is known of all clusters.

    Attributes
    ----------
    code : str
        `health_board` or `deprivation_fifth`.
    differs : bool
        Whether the test is significant at the 5% level.
    test : Label or None
        The test; None, with what follows, where there is nothing to compare.
    clusters : Number
        On how many clusters it was made.
    p : P or None
        Its p.
    cramers_v : Score or None
        Its effect; None where it cannot be calculated.
    """

    code: str
    differs: bool
    test: Label | None
    clusters: Number
    p: P | None
    cramers_v: Score | None

    @property
    def found(self) -> str | None:
        """What was found: that response `differs`, or it is `unknown`; None where there is nothing to compare."""
        if self.test is None:
            return None
        return "differs" if self.differs else "unknown"


@dataclass(frozen=True)
class NonResponse:
    """Whether those who responded differ, and what those who did not could overturn.

    Attributes
    ----------
    silent : Number
        Clusters that did not respond.
    characteristics : tuple of Characteristic
        What responding was tested against.
    statements, rankings : int
        Statements that a share is above or below a threshold, and on which outcome is highest or lowest.
    overturnable, overturnable_rankings : int
        Those of them that the silent could overturn.
    """

    silent: Number
    characteristics: tuple[Characteristic, ...]
    statements: int
    overturnable: int
    rankings: int
    overturnable_rankings: int

    @property
    def differing(self) -> tuple[Characteristic, ...]:
        """The characteristics with which responding goes."""
        return tuple(each for each in self.characteristics if each.differs)

    @property
    def rankings_overturned(self) -> str | None:
        """Of rankings they could overturn `all`, `some` or `none`; None without rankings, or where nobody is silent."""
        if not self.rankings or not self.silent.n:
            return None
        if self.overturnable_rankings == self.rankings:
            return "all"
        return "some" if self.overturnable_rankings else "none"

    @property
    def overturned(self) -> str | None:
        """Of the statements and rankings they could overturn, such as `some and none`; None without statements."""
        if not self.statements or not self.silent.n:
            return None
        statements = "some" if self.overturnable else "none"
        return f"{statements}, {self.rankings_overturned}" if self.rankings else statements


def describe_non_response(tests: pd.DataFrame, points: pd.DataFrame) -> NonResponse:
    """Describe whether those who responded differ, and what those who did not could overturn.

    Parameters
    ----------
    tests : DataFrame
        What `measures.nonresponse.compare_responders` returns, of one cycle.
    points : DataFrame
        What `measures.nonresponse.find_tipping_points` returns, of the same cycle.

    Returns
    -------
    NonResponse
        The facts.
    """
    ranked = points["comparison"].isin(["highest", "lowest"])
    return NonResponse(
        silent=Number(int((tests["clusters"] - tests["responses"]).max()), "cluster"),
        characteristics=tuple(_describe_characteristic(row) for row in tests.itertuples()),
        statements=int((~ranked).sum()),
        overturnable=int(points.loc[~ranked, "can_overturn"].sum()),
        rankings=int(ranked.sum()),
        overturnable_rankings=int(points.loc[ranked, "can_overturn"].sum()),
    )


def _describe_characteristic(row):
    is_tested = pd.notna(row.p)
    return Characteristic(
        code=row.characteristic,
        differs=bool(row.p < SIGNIFICANCE),
        test=Label("test", row.test) if is_tested else None,
        clusters=Number(int(row.clusters), "cluster"),
        p=P(row.p) if is_tested else None,
        cramers_v=Score(row.cramers_v) if is_tested and pd.notna(row.cramers_v) else None,
    )


def find_unanswered(report: Report) -> tuple[Label | Outcome | Question, ...]:
    """Find what a cycle asked and no cluster answered.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    tuple of Label, Outcome or Question
        Ratings, a framework that nobody rated as one; agreement questions; meeting questions. Comments are not among
        them, which only those who disagree are asked for.
    """
    silent = report.asked - report.answered
    found: list[Label | Outcome | Question] = []
    for code, framework in FRAMEWORKS.items():
        blank = [variable for variable in framework.variables if variable in silent]
        if blank and not report.answered.intersection(framework.variables):
            found.append(Label("unanswered", code))
        else:
            found += [Outcome(code, str(RATINGS[variable][1])) for variable in blank]
    found += [Question(question) for question in QUESTIONS if question in silent]
    found += [Label("unanswered", variable) for variable in MEETINGS if variable in silent]
    return tuple(found)
