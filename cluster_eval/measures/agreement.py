"""Answers to the agreement questions."""

from collections.abc import Sequence

import pandas as pd

from cluster_eval.measures.counting import spread_counts, tabulate
from cluster_eval.vocabulary import ANSWERS, QUESTIONS


def summarise(responses: pd.DataFrame) -> pd.DataFrame:
    """Count the answers to each agreement question.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, question, answer, n, base (answers that are not blank), share (n / base). A question that a
        cycle did not ask has no row.
    """
    counts = {key: n.sum(axis=0) for key, n in tabulate(responses, list(QUESTIONS), ANSWERS).items()}
    return spread_counts(counts, ["cycle", "question"], "answer", ANSWERS)


def add_up(agreement: pd.DataFrame, cycle: str, question: str, answers: Sequence[str]) -> tuple[int, int]:
    """Add up several answers to a question.

    Parameters
    ----------
    agreement : DataFrame
        What `summarise` returns.
    cycle, question : str
        Which question.
    answers : sequence of str
        The answers to add up.

    Returns
    -------
    tuple of int
        n and base.
    """
    rows = agreement[(agreement["cycle"] == cycle) & (agreement["question"] == question)]
    return int(rows.loc[rows["answer"].isin(list(answers)), "n"].sum()), int(rows["base"].iloc[0])
