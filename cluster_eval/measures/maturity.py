"""Maturity ratings: levels and mean scores, by outcome and over all outcomes."""

import pandas as pd

from cluster_eval.measures.counting import count_answers
from cluster_eval.vocabulary import LEVELS, RATINGS, SCORES

ALL = "all"


def select_ratings(responses: pd.DataFrame, framework: str | None = None) -> pd.DataFrame:
    """Take the maturity ratings out of the responses.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    framework : str, optional
        `PCMW` or `ACD`; both where left out.

    Returns
    -------
    DataFrame
        cycle, response_id, cluster, deprivation_fifth, framework, outcome (`1` …, text), level (missing
        where blank), score (1 to 4, missing where blank).
    """
    ratings = responses[responses["variable"].isin(list(RATINGS))]
    found = ratings["variable"].map(RATINGS)
    ratings = ratings.assign(
        framework=found.str[0].astype("str"),
        outcome=found.str[1].astype("str"),
        level=ratings["answer"],
        score=ratings["answer"].map(SCORES).astype("float"),
    )
    if framework is not None:
        ratings = ratings[ratings["framework"] == framework]
    columns = ["cycle", "response_id", "cluster", "deprivation_fifth", "framework", "outcome", "level", "score"]
    return ratings[columns].reset_index(drop=True)


def summarise(responses: pd.DataFrame, framework: str | None = None) -> pd.DataFrame:
    """Count ratings by level, for each outcome and summed over outcomes.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    framework : str, optional
        `PCMW` or `ACD`; both where left out.

    Returns
    -------
    DataFrame
        cycle, framework, outcome (`1` …, or `all` for the sum over outcomes), level, n, base (ratings that
        are not blank), share (n / base).
    """
    ratings = select_ratings(responses, framework)
    keys = ["cycle", "framework", "outcome"]
    return _in_order(
        [
            count_answers(ratings, keys, "level", LEVELS),
            count_answers(ratings.assign(outcome=ALL), keys, "level", LEVELS),
        ]
    )


def summarise_means(responses: pd.DataFrame, framework: str | None = None) -> pd.DataFrame:
    """Average the scores of each outcome, and the outcomes' means.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    framework : str, optional
        `PCMW` or `ACD`; both where left out.

    Returns
    -------
    DataFrame
        cycle, framework, outcome (`1` …, or `all`), base (ratings that are not blank), mean (Pre-foundation 1
        … Mature 4; for `all`, the mean of the outcomes' means, each outcome counting once).
    """
    ratings = select_ratings(responses, framework)
    scores = ratings.groupby(["cycle", "framework", "outcome"], sort=False)["score"]
    by_outcome = scores.agg(base="count", mean="mean").reset_index()
    overall = by_outcome.groupby(["cycle", "framework"], sort=False)
    overall = overall.agg(base=("base", "sum"), mean=("mean", "mean")).reset_index().assign(outcome=ALL)
    return _in_order([by_outcome, overall[by_outcome.columns]])


def _in_order(tables):
    table = pd.concat(tables, ignore_index=True)
    cycles = {cycle: place for place, cycle in enumerate(table["cycle"].unique())}
    frameworks = {"PCMW": 0, "ACD": 1}
    outcomes = table["outcome"].replace(ALL, "99").astype(int)
    order = pd.DataFrame(
        {"cycle": table["cycle"].map(cycles), "framework": table["framework"].map(frameworks), "outcome": outcomes}
    ).sort_values(["cycle", "framework", "outcome"], kind="stable")
    return table.loc[order.index].reset_index(drop=True)
