"""Counting answers by their codes, column by column, with a place for every answer that could have been given."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cluster_eval.vocabulary import DEPRIVATION_FIFTHS, NOT_ASKED


def tabulate(
    responses: pd.DataFrame, variables: Sequence[str], answers: Sequence[str]
) -> dict[tuple[str, str], np.ndarray]:
    """Count the answers to questions that share their answers, by deprivation fifth.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    variables : sequence of str
        The questions; one that no cycle asked is passed over.
    answers : sequence of str
        Every answer that counts, in order.

    Returns
    -------
    dict of tuple to array
        (cycle, variable) of each question that a cycle asked, cycle by cycle, to the number of responses by
        deprivation fifth (rows) and answer (columns).
    """
    codes, cycles = encode(responses["cycle"])
    kind = pd.CategoricalDtype([*answers, NOT_ASKED], ordered=True)
    # Of each group, first the blanks, whose code is -1, and last those who were not asked.
    shape = (len(cycles), len(DEPRIVATION_FIFTHS), len(answers) + 2)
    groups = codes.astype(np.int32) * shape[1]
    groups += responses["deprivation_fifth"].to_numpy(np.int32) - DEPRIVATION_FIFTHS[0]
    groups *= shape[2]
    counts = {}
    for variable in variables:
        if variable in responses.columns:
            # Grouping by three columns takes fifteen times as long as counting places.
            places = groups + (responses[variable].astype(kind).array.codes + 1)
            counts[variable] = np.bincount(places, minlength=math.prod(shape)).reshape(shape)
    return {
        (cycle, variable): of_variable[place, :, 1:-1]
        for place, cycle in enumerate(cycles)
        for variable, of_variable in counts.items()
        if of_variable[place, :, :-1].any()
    }


def encode(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Give each value of a column a whole number.

    Parameters
    ----------
    column : Series
        A Categorical's codes are taken as they are; other values are numbered in the order in which they first occur.

    Returns
    -------
    tuple
        The codes (-1 where missing), and the values that they stand for.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.array.codes, column.array.categories
    return pd.factorize(column)


def spread_counts(
    counts: Mapping[tuple, np.ndarray], keys: Sequence[str], column: str, answers: Sequence[str]
) -> pd.DataFrame:
    """Set counts out as a tidy table.

    Parameters
    ----------
    counts : mapping of tuple to array
        A group to the number of each answer.
    keys : sequence of str
        The names of what a group is made of.
    column : str
        The name for the column of the answers.
    answers : sequence of str
        The answers, in order.

    Returns
    -------
    DataFrame
        The keys, `column`, n (answers given), base (answers that are not blank), share (n / base; missing
        where the base is 0); one row for each group and answer.
    """
    groups = pd.DataFrame(list(counts), columns=list(keys))
    table = groups.loc[groups.index.repeat(len(answers))].reset_index(drop=True)
    table[column] = [*answers] * len(counts)
    n = np.array([*counts.values()], dtype=int).reshape(len(counts), len(answers))
    table["n"] = n.ravel()
    table["base"] = n.sum(axis=1).repeat(len(answers))
    table["share"] = table["n"].div(table["base"]).where(table["base"] > 0)
    return table
