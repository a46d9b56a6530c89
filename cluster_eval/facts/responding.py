"""What a report says of those who did not respond, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.measures.ranking import ABOVE, BELOW, OPEN
from cluster_eval.sources.report import Report
from cluster_eval.values import Label, Number, Outcome, Question, Tally
from cluster_eval.vocabulary import FRAMEWORKS, MEETINGS, QUESTIONS, RATINGS, WALES


@dataclass(frozen=True)
class Silence:
    """The clusters that did not respond.

    Attributes
    ----------
    silent : Number
        How many they are.
    boards : tuple of Tally
        Their health boards, each with how many; the most first.
    total_boards : int
        How many health boards there are.
    """

    silent: Number
    boards: tuple[Tally, ...]
    total_boards: int

    @property
    def n_boards(self) -> int:
        """How many health boards they are of."""
        return len(self.boards)

    @property
    def found(self) -> str:
        """Whether `nobody` is silent, or they are of `one` health board, of a `few` (fewer than half) or `spread`."""
        if not self.boards:
            return "nobody"
        if len(self.boards) == 1:
            return "one"
        return "few" if 2 * len(self.boards) < self.total_boards else "spread"


@dataclass(frozen=True)
class Certain:
    """Where outcomes stand whatever the clusters that did not respond would have said.

    Attributes
    ----------
    above, below, undecided : tuple of Outcome
        Outcomes at Developing or Mature in at least half of all clusters, in fewer than half, and those that the silent
        decide.
    """

    above: tuple[Outcome, ...]
    below: tuple[Outcome, ...]
    undecided: tuple[Outcome, ...]

    @property
    def n_above(self) -> int:
        """How many are at Developing or Mature in at least half of all clusters."""
        return len(self.above)

    @property
    def n_below(self) -> int:
        """How many in fewer than half."""
        return len(self.below)

    @property
    def n_undecided(self) -> int:
        """How many the silent decide."""
        return len(self.undecided)

    @property
    def n(self) -> int:
        """How many they are in all."""
        return self.n_above + self.n_below + self.n_undecided

    @property
    def found(self) -> str | None:
        """Whether outcomes are surely `above`, `below` or `both`, or all are `undecided`; None where none was rated."""
        if not self.n:
            return None
        ends = {(True, True): "both", (True, False): "above", (False, True): "below", (False, False): "undecided"}
        return ends[bool(self.above), bool(self.below)]


def describe_silence(participation: pd.DataFrame) -> Silence:
    """Describe the clusters that did not respond.

    Parameters
    ----------
    participation : DataFrame
        What `measures.participation.summarise` returns, of one cycle.

    Returns
    -------
    Silence
        The facts.
    """
    boards = participation[participation["health_board"] != WALES]
    boards = boards.assign(silent=boards["clusters"] - boards["responses"])
    silent = boards[boards["silent"] > 0].sort_values("silent", ascending=False, kind="stable")
    return Silence(
        Number(int(silent["silent"].sum()), "cluster"),
        tuple(Tally(Label("health_board", row.health_board), int(row.silent)) for row in silent.itertuples()),
        len(boards),
    )


def describe_certain(certain: pd.DataFrame) -> Certain:
    """Describe where outcomes stand whatever the clusters that did not respond would have said.

    Parameters
    ----------
    certain : DataFrame
        What `measures.ranking.find_certain` returns, of one cycle.

    Returns
    -------
    Certain
        The facts.
    """

    def name(stands):
        rows = certain[certain["stands"] == stands]
        return tuple(Outcome(row.framework, str(row.outcome)) for row in rows.itertuples())

    return Certain(name(ABOVE), name(BELOW), name(OPEN))


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
