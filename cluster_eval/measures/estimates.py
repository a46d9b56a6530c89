"""What the shares of those that answered say of all clusters: limits, bounds, and a fixed mix of health boards."""

from collections.abc import Sequence

import pandas as pd

from cluster_eval.measures import agreement, maturity, meetings, uncertainty, weighting
from cluster_eval.vocabulary import AGREEING, DISAGREEING, HIGHER_LEVELS


def estimate_levels(responses: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Estimate the share of each level among all clusters, for each outcome.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    register : DataFrame
        cycle, cluster, health_board of every cluster.

    Returns
    -------
    DataFrame
        cycle, framework, outcome (`1` …), level (each, then `Developing+Mature`), n, base, share, then population,
        low_clusters, high_clusters, low, high, lowest, highest as of `uncertainty.add_intervals`, and weighted as of
        `weighting.add_weighted`.
    """
    return _estimate(_count_levels, "level", responses, register)


def estimate_answers(responses: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Estimate the share of each answer among all clusters, for each agreement question.

    Parameters
    ----------
    responses, register : DataFrame
        As for `estimate_levels`.

    Returns
    -------
    DataFrame
        cycle, question, answer (each, then `Strongly agree+Agree` and `Disagree+Strongly disagree`), and the columns of
        `estimate_levels` from n.
    """
    return _estimate(_count_answers, "answer", responses, register)


def estimate_frequencies(responses: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Estimate the share of each meeting frequency among all clusters.

    Parameters
    ----------
    responses, register : DataFrame
        As for `estimate_levels`.

    Returns
    -------
    DataFrame
        cycle, kind, frequency, and the columns of `estimate_levels` from n.
    """
    return _estimate(meetings.summarise, "frequency", responses, register)


def estimate_summed_levels(responses: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Estimate the share of each level among all clusters' ratings, summed over a framework's outcomes.

    Parameters
    ----------
    responses, register : DataFrame
        As for `estimate_levels`.

    Returns
    -------
    DataFrame
        The columns of `uncertainty.summarise_summed`, then weighted as of `weighting.add_weighted`.
    """
    table = uncertainty.summarise_summed(responses, register)
    return weighting.add_weighted(table, _count_summed, "level", responses, register)


def compare_totals(responses: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Compare the share of each level with that of the cycle before, as counted and at a fixed mix of health boards.

    Parameters
    ----------
    responses, register : DataFrame
        As for `estimate_levels`.

    Returns
    -------
    DataFrame
        previous_cycle, cycle, framework, outcome (`1` …, or `all`), level (each, then `Developing+Mature`), previous,
        current, change, previous_fixed, current_fixed, change_fixed, as of `weighting.compare_at_fixed_mix`.
    """
    return weighting.compare_at_fixed_mix(_count_all(responses), _count_all, "level", responses, register)


def _estimate(count, category, responses, register):
    table = uncertainty.add_intervals(count(responses), uncertainty.count_population(register))
    return weighting.add_weighted(table, count, category, responses, register)


def _count_all(responses):
    return _append_sums(maturity.summarise(responses), "level", [HIGHER_LEVELS])


def _count_levels(responses):
    table = _count_all(responses)
    return table[table["outcome"] != maturity.ALL].reset_index(drop=True)


def _count_summed(responses):
    table = _count_all(responses)
    return table[table["outcome"] == maturity.ALL].drop(columns="outcome").reset_index(drop=True)


def _count_answers(responses):
    return _append_sums(agreement.summarise(responses), "answer", [AGREEING, DISAGREEING])


def _append_sums(table: pd.DataFrame, column: str, kinds: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Append to each group of counts the sums of several of its answers: their interval is no sum of intervals."""
    keys = list(table.columns[: table.columns.get_loc(column)])
    sums = [
        table[table[column].isin(list(kind))]
        .groupby(keys, sort=False, as_index=False)
        .agg(n=("n", "sum"), base=("base", "first"))
        .assign(**{column: "+".join(kind)})
        for kind in kinds
    ]
    together = pd.concat([table, *sums], ignore_index=True)
    together["share"] = together["n"].div(together["base"]).where(together["base"] > 0)
    order = together.groupby(keys, sort=False).ngroup().argsort(kind="stable")
    return together.iloc[order].reset_index(drop=True)
