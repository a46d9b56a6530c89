"""Maturity ratings: levels and mean scores, by outcome and over all outcomes."""

import itertools
import math

import numpy as np
import pandas as pd

from cluster_eval.measures.counting import spread_counts, tabulate
from cluster_eval.problems import check_name
from cluster_eval.vocabulary import FRAMEWORKS, HIGHER, HIGHER_LEVELS, LEVELS, NOT_ASKED, RATINGS, SCORES

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
    variables = [variable for variable in list_variables(framework) if variable in responses.columns]
    keys = ["cycle", "response_id", "cluster", "deprivation_fifth"]
    ratings = responses.melt(keys, variables, value_name="level")
    # Cycle by cycle, and in each outcome by outcome.
    ratings = ratings[ratings["level"] != NOT_ASKED].sort_values("cycle", kind="stable", ignore_index=True)
    found = ratings["variable"].map(RATINGS)
    ratings = ratings.astype({"level": "str"}).assign(
        framework=found.str[0].astype("str"), outcome=found.str[1].astype("str")
    )
    ratings["score"] = ratings["level"].map(SCORES).astype("float")
    return ratings[[*keys, "framework", "outcome", "level", "score"]]


def spread_scores(responses: pd.DataFrame, framework: str | None = None) -> pd.DataFrame:
    """Take the scores out of the responses, a column for each outcome.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    framework : str, optional
        `PCMW` or `ACD`; both where left out.

    Returns
    -------
    DataFrame
        The rows of the responses; a column for each rating that any of their cycles asked, holding scores (1 to 4,
        missing where blank or not asked).
    """
    kind = pd.CategoricalDtype([*LEVELS, NOT_ASKED], ordered=True)
    # The last two are of those who were not asked, and of blanks, whose code is -1.
    scores = np.array([*SCORES.values(), np.nan, np.nan])
    variables = [variable for variable in list_variables(framework) if variable in responses.columns]
    columns = {variable: scores[responses[variable].astype(kind).array.codes] for variable in variables}
    return pd.DataFrame(columns, index=responses.index)


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
        cycle, framework, outcome (`1` …, or `all` for the sum over outcomes, see `find_shared_outcomes`), level, n,
        base (ratings that are not blank), share (n / base).
    """
    tables = tabulate_ratings(responses, framework)
    shared, counts = _find_shared({key: n.any() for key, n in tables.items()}), {}
    for (cycle, code), of_framework in _group_by_framework(tables):
        of_outcomes = {outcome: n.sum(axis=0) for outcome, n in of_framework}
        summed = [n for outcome, n in of_outcomes.items() if outcome in shared[code]]
        of_outcomes[ALL] = sum(summed, np.zeros(len(LEVELS), dtype=int))
        counts |= {(cycle, code, outcome): n for outcome, n in of_outcomes.items()}
    return spread_counts(counts, ["cycle", "framework", "outcome"], "level", LEVELS)


def sum_higher(maturity: pd.DataFrame) -> pd.DataFrame:
    """Sum each outcome's ratings at Developing and at Mature.

    Parameters
    ----------
    maturity : DataFrame
        What `summarise` returns.

    Returns
    -------
    DataFrame
        cycle, framework, outcome (`1` …), level (`Developing+Mature`), n, base, share; outcomes that nobody rated are
        left out.
    """
    rows = maturity[(maturity["outcome"] != ALL) & (maturity["base"] > 0) & maturity["level"].isin(HIGHER_LEVELS)]
    table = rows.groupby(["cycle", "framework", "outcome"], sort=False, as_index=False).agg(
        n=("n", "sum"), base=("base", "first")
    )
    table.insert(3, "level", HIGHER)
    return table.assign(share=table["n"] / table["base"])


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
        cycle, framework, outcome (`1` …, or `all`, see `find_shared_outcomes`), base (ratings that are not blank),
        mean (Pre-foundation 1 … Mature 4; for `all`, the mean of the outcomes' means, each outcome counting once).
    """
    tables = tabulate_ratings(responses, framework)
    shared, rows = _find_shared({key: n.any() for key, n in tables.items()}), []
    for (cycle, code), of_framework in _group_by_framework(tables):
        of_outcomes = {outcome: _average(n.sum(axis=0)) for outcome, n in of_framework}
        summed = [row for outcome, row in of_outcomes.items() if outcome in shared[code] and row[0]]
        mean = math.fsum(mean for _, mean in summed) / len(summed) if summed else math.nan
        of_outcomes[ALL] = (sum(base for base, _ in summed), mean)
        rows += [(cycle, code, outcome, *row) for outcome, row in of_outcomes.items()]
    return pd.DataFrame(rows, columns=["cycle", "framework", "outcome", "base", "mean"])


def tabulate_ratings(responses: pd.DataFrame, framework: str | None = None) -> dict[tuple[str, str, str], np.ndarray]:
    """Count ratings by deprivation fifth and level.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    framework : str, optional
        `PCMW` or `ACD`; both where left out.

    Returns
    -------
    dict of tuple to array
        (cycle, framework, outcome) of each outcome that a cycle asked, in order, to the number of ratings by
        deprivation fifth (rows) and level (columns).
    """
    counts = tabulate(responses, list_variables(framework), LEVELS)
    return {(cycle, RATINGS[variable][0], str(RATINGS[variable][1])): n for (cycle, variable), n in counts.items()}


def find_shared_outcomes(maturity: pd.DataFrame) -> dict[str, list[str]]:
    """Find the outcomes over which ratings are summed: those that every cycle rated.

    A sum over more outcomes in one cycle than in another would differ where no rating does. A cycle that rated none of
    a framework's outcomes is not compared with, and leaves the other's as they are.

    Parameters
    ----------
    maturity : DataFrame
        What `summarise` or `summarise_means` returns.

    Returns
    -------
    dict of str to list of str
        Each framework that a cycle asked to its outcomes, in order.
    """
    rows = maturity[maturity["outcome"] != ALL]
    keys = zip(rows["cycle"], rows["framework"], rows["outcome"], strict=True)
    return _find_shared(dict(zip(keys, rows["base"] > 0, strict=True)))


def list_variables(framework: str | None = None) -> tuple[str, ...]:
    """List the variables that hold ratings.

    Parameters
    ----------
    framework : str, optional
        `PCMW` or `ACD`; both where left out.

    Returns
    -------
    tuple of str
        In the order of outcomes.
    """
    if framework is None:
        return tuple(RATINGS)
    check_name("framework", framework, FRAMEWORKS)
    return FRAMEWORKS[framework].variables


def _find_shared(rated):
    """Find the outcomes that every cycle rated, given whether a cycle rated each that it asked."""
    by_cycle: dict[str, dict[str, list[str]]] = {}
    for (cycle, code, outcome), any_rating in rated.items():
        of_cycle = by_cycle.setdefault(code, {}).setdefault(cycle, [])
        if any_rating:
            of_cycle.append(outcome)
    shared = {}
    for code, cycles in by_cycle.items():
        first, *others = [outcomes for outcomes in cycles.values() if outcomes] or [[]]
        shared[code] = [outcome for outcome in first if all(outcome in outcomes for outcomes in others)]
    return shared


def _group_by_framework(counts):
    """Yield (cycle, framework), and its outcomes with their counts."""
    for key, items in itertools.groupby(counts.items(), key=lambda item: item[0][:2]):
        yield key, [(outcome, n) for (_, _, outcome), n in items]


def _average(n):
    base = int(n.sum())
    return base, int(n @ list(SCORES.values())) / base if base else math.nan
