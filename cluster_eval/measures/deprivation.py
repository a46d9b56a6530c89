"""Maturity by deprivation fifth of the cluster's area."""

import numpy as np
import pandas as pd

from cluster_eval.measures.maturity import select_ratings

TEST = "one-way ANOVA"
COLUMNS = [
    "cycle",
    "framework",
    "outcome",
    "test",
    "statistic",
    "df_between",
    "df_within",
    "p",
    "n",
    "eta_squared",
    "p_holm",
]


def summarise(responses: pd.DataFrame) -> pd.DataFrame:
    """Test each outcome for a difference in mean score between deprivation fifths.

    One-way analysis of variance, F = (SSB / (k − 1)) / (SSW / (n − k)), by `pingouin.anova`. The outcomes of a
    cycle are one family, for which Holm's step-down adjustment holds the family-wise error (Holm 1979).

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, framework, outcome, test (`one-way ANOVA`), statistic (F), df_between (k − 1), df_within
        (n − k), p, n (ratings that are not blank), eta_squared (SSB / SST), p_holm (p, adjusted for the outcomes
        of the cycle). Statistic, p and what follows from them are missing where fewer than two fifths have
        a rating, or the ratings of every fifth are all the same.
    """
    ratings = select_ratings(responses).dropna(subset=["score"])
    rows = [
        (*keys, TEST, *_analyse_variance(of_outcome))
        for keys, of_outcome in ratings.groupby(["cycle", "framework", "outcome"], sort=False)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    table["p_holm"] = table.groupby("cycle", sort=False)["p"].transform(_adjust_by_holm)
    return table


def summarise_means(responses: pd.DataFrame, framework: str) -> pd.DataFrame:
    """Average, in each deprivation fifth, the clusters' mean scores over a framework's outcomes.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    DataFrame
        cycle, deprivation_fifth, base (responses with at least one rating), mean (of the responses' means,
        1 to 4).
    """
    ratings = select_ratings(responses, framework).dropna(subset=["score"])
    by_response = ratings.groupby(["cycle", "deprivation_fifth", "response_id"], sort=False)["score"].mean()
    by_fifth = by_response.groupby(["cycle", "deprivation_fifth"])
    return by_fifth.agg(base="count", mean="mean").reset_index()


def _analyse_variance(ratings):
    # pingouin reads its plotting style on import, which an analyst who asks for no test should not wait for.
    import pingouin

    fifths = ratings["deprivation_fifth"].nunique()
    n = len(ratings)
    spread_within = ratings.groupby("deprivation_fifth")["score"].nunique().max()
    if fifths < 2 or n <= fifths or spread_within < 2:
        return np.nan, np.nan, np.nan, np.nan, n, np.nan
    table = pingouin.anova(data=ratings, dv="score", between="deprivation_fifth", detailed=True)
    between, within = table.iloc[0], table.iloc[1]
    eta_squared = between["SS"] / (between["SS"] + within["SS"])
    return between["F"], int(between["DF"]), int(within["DF"]), between["p_unc"], n, eta_squared


def _adjust_by_holm(p):
    import pingouin

    given = p.notna()
    adjusted = p.copy()
    if given.any():
        adjusted[given] = pingouin.multicomp(p[given].to_numpy(), method="holm")[1]
    return adjusted
