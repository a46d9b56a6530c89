"""What a report says of what clusters agree with and how often they meet, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.measures.agreement import add_up
from cluster_eval.values import SMALLEST_BASE, Between, Count, Frequency, Question
from cluster_eval.vocabulary import AGREEING, DISAGREEING, NEUTRAL


@dataclass(frozen=True)
class Answers:
    """The answers to one agreement question.

    Attributes
    ----------
    question : Question
        Which question.
    agreed, neutral, disagreed : Count
        Those that agreed or strongly agreed, that did neither, and that disagreed or strongly disagreed.
    """

    question: Question
    agreed: Count
    neutral: Count
    disagreed: Count


@dataclass(frozen=True)
class MostCommon:
    """The questions on which an answer is most common.

    Attributes
    ----------
    questions : tuple of Question
        The question with the greatest share, and those with the same.
    count : Count
        Those that gave the answer to the first of them.
    """

    questions: tuple[Question, ...]
    count: Count


@dataclass(frozen=True)
class Agreement:
    """The answers to the agreement questions of a cycle.

    Attributes
    ----------
    questions : dict of str to Answers
        Each question that any cluster answered, by its variable.
    most_agreed, most_disagreed : MostCommon
        Where agreement, and disagreement, is most common.
    """

    questions: dict[str, Answers]
    most_agreed: MostCommon
    most_disagreed: MostCommon


def describe_agreement(agreement: pd.DataFrame) -> Agreement:
    """Describe the answers to each agreement question of the cycle.

    Parameters
    ----------
    agreement : DataFrame
        What `measures.agreement.summarise` returns for one cycle in which any cluster answered one.

    Returns
    -------
    Agreement
        The facts.
    """
    questions = {}
    for question, rows in agreement[agreement["base"] > 0].groupby("question", sort=False):
        cycle = rows["cycle"].iloc[0]
        counts = (Count(*add_up(agreement, cycle, question, answers)) for answers in (AGREEING, [NEUTRAL], DISAGREEING))
        questions[question] = Answers(Question(question), *counts)
    agreed, disagreed = ([(each.question, getattr(each, name)) for each in questions.values()] for name in _SIDES)
    return Agreement(questions, _find_most(agreed), _find_most(disagreed))


_SIDES = ("agreed", "disagreed")


def _find_most(counts):
    most = max(count.share for _, count in counts)
    found = [(question, count) for question, count in counts if count.share == most]
    return MostCommon(tuple(question for question, _ in found), found[0][1])


@dataclass(frozen=True)
class Frequencies:
    """How often clusters meet, or would like to.

    Attributes
    ----------
    frequencies : tuple of Frequency
        The most common: more than one where they are equally common.
    count : Count
        Those that named one of them.
    every : dict of Frequency to Count
        Each frequency that any cluster named for either, and those that named it.
    """

    frequencies: tuple[Frequency, ...]
    count: Count
    every: dict[Frequency, Count]

    @property
    def several(self) -> bool:
        """Whether more than one is the most common."""
        return len(self.frequencies) > 1


@dataclass(frozen=True)
class Meetings:
    """How often clusters meet and would like to.

    Attributes
    ----------
    current, ideal : Frequencies or None
        None where no cluster answered.
    current_as_ideal : Count or None
        Those for which the most common current frequency is ideal; None where it is the most common ideal one as well,
        or either has several.
    ideal_at_present : Count or None
        Those that have the most common ideal frequency now; None likewise.
    """

    current: Frequencies | None = None
    ideal: Frequencies | None = None
    current_as_ideal: Count | None = None
    ideal_at_present: Count | None = None


def describe_meetings(meetings: pd.DataFrame) -> Meetings:
    """Describe how often clusters meet and would like to.

    Parameters
    ----------
    meetings : DataFrame
        What `measures.meetings.summarise` returns for one cycle.

    Returns
    -------
    Meetings
        The facts.
    """
    kinds = {}
    for kind, rows in meetings[meetings["base"] > 0].groupby("kind", sort=False, observed=True):
        every = {Frequency(row.frequency): Count(int(row.n), int(row.base)) for row in rows.itertuples()}
        most = max(every.values(), key=lambda count: count.n)
        kinds[kind] = Frequencies(tuple(name for name, count in every.items() if count == most), most, every)
    current, ideal = kinds.get("current"), kinds.get("ideal")
    if not current or not ideal or current.several or ideal.several or current.frequencies == ideal.frequencies:
        return Meetings(current, ideal)
    return Meetings(current, ideal, ideal.every[current.frequencies[0]], current.every[ideal.frequencies[0]])


@dataclass(frozen=True)
class LikelyAnswers:
    """How many of all clusters are likely to agree, and to disagree.

    Attributes
    ----------
    agreeing, disagreeing : Between
        Between which numbers.
    population : int
        Of how many.
    """

    agreeing: Between
    disagreeing: Between
    population: int


def describe_likely_answers(shares: pd.DataFrame, question: str) -> LikelyAnswers | None:
    """Describe how many of all clusters are likely to agree, and to disagree, with a statement.

    Parameters
    ----------
    shares : DataFrame
        What `measures.estimates.estimate_answers` returns.
    question : str
        The question's variable.

    Returns
    -------
    LikelyAnswers or None
        The facts of the newest cycle; None with too few answers for percentages, and where all clusters answered.
    """
    newest = shares[shares["cycle"] == max(shares["cycle"], default="")]
    rows = newest[newest["question"] == question].set_index("answer")
    ends = []
    for answers in (AGREEING, DISAGREEING):
        row = rows.loc["+".join(answers)] if "+".join(answers) in rows.index else None
        if row is None or not SMALLEST_BASE <= row["base"] < row["population"]:
            return None
        ends.append(Between(int(row["low_clusters"]), int(row["high_clusters"])))
    return LikelyAnswers(*ends, int(row["population"]))


@dataclass(frozen=True)
class Bounds:
    """Between which numbers of all clusters an answer lies, whatever those that did not answer would have said.

    Attributes
    ----------
    least, most : Count
        If none of them had given it, and if all of them had.
    """

    least: Count
    most: Count


@dataclass(frozen=True)
class CertainAnswers:
    """What is certain of the answers of all clusters to an agreement question.

    Attributes
    ----------
    agreed, disagreed : Bounds
        Those that agree or strongly agree, and that disagree or strongly disagree.
    """

    agreed: Bounds
    disagreed: Bounds


def describe_certain_answers(agreement: Agreement, population: int) -> dict[str, CertainAnswers]:
    """Describe what is certain of the answers of all clusters.

    Parameters
    ----------
    agreement : Agreement
        What `describe_agreement` returns.
    population : int
        How many clusters there are.

    Returns
    -------
    dict of str to CertainAnswers
        Each question that any cluster answered, by its variable.
    """

    def bound(count):
        return Bounds(Count(count.n, population), Count(count.n + population - count.base, population))

    return {
        question: CertainAnswers(bound(answers.agreed), bound(answers.disagreed))
        for question, answers in agreement.questions.items()
    }
