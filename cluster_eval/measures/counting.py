"""Counting answers, with a row for every answer that could have been given."""

from collections.abc import Sequence

import pandas as pd


def count_answers(answers: pd.DataFrame, keys: Sequence[str], column: str, accepted: Sequence[str]) -> pd.DataFrame:
    """Count how often each accepted answer was given, in each group.

    Parameters
    ----------
    answers : DataFrame
        One row per answer asked for; `column` is missing where it was left blank.
    keys : sequence of str
        The columns that make a group.
    column : str
        The column of the answers.
    accepted : sequence of str
        Every answer, in order.

    Returns
    -------
    DataFrame
        The keys, `column`, n (answers given), base (answers that are not blank), share (n / base; missing
        where the base is 0). Groups stand in the order in which they first occur.
    """
    given = answers.assign(**{column: pd.Categorical(answers[column], categories=list(accepted))})
    counts = given.groupby([*keys, column], observed=False, sort=False).size()
    groups = answers[list(keys)].drop_duplicates()
    table = groups.merge(pd.DataFrame({column: list(accepted)}), how="cross")
    table["n"] = counts.reindex(pd.MultiIndex.from_frame(table[[*keys, column]]), fill_value=0).to_numpy()
    table["base"] = table.groupby(list(keys), sort=False)["n"].transform("sum")
    table["share"] = table["n"].div(table["base"]).where(table["base"] > 0)
    return table
