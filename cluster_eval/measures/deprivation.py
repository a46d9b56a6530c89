"""Maturity by deprivation fifth of the cluster's area."""

import math

import numpy as np
import pandas as pd

from cluster_eval.measures.counting import encode
from cluster_eval.measures.maturity import list_variables, tabulate_ratings
from cluster_eval.vocabulary import DEPRIVATION_FIFTHS, LEVELS, NOT_ASKED, SCORES

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

    One-way analysis of variance, F = (SSB / (k − 1)) / (SSW / (n − k)), from how often each fifth gave each score. The
    outcomes of a cycle are one family, for which Holm's step-down adjustment holds the family-wise error (Holm 1979).

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
    # scipy.stats takes long to import, which an analyst who asks for no test should not wait for.
    from scipy.stats import f

    rows = [(*key, TEST, *_analyse_variance(counts)) for key, counts in tabulate_ratings(responses).items()]
    table = pd.DataFrame(rows, columns=[column for column in COLUMNS if column not in ("p", "p_holm")])
    table["p"] = f.sf(*(table[column].astype(float) for column in ("statistic", "df_between", "df_within")))
    table["p_holm"] = table.groupby("cycle", sort=False)["p"].transform(_adjust_by_holm)
    return table[COLUMNS]


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
    variables = [variable for variable in list_variables(framework) if variable in responses.columns]
    kind = pd.CategoricalDtype([*LEVELS, NOT_ASKED], ordered=True)
    # The last two are of those who were not asked, and of blanks, whose code is -1.
    scores = np.array([*SCORES.values(), 0, 0], dtype=np.int16)
    total, rated = np.zeros((2, len(responses)), dtype=np.int16)
    for variable in variables:
        of_variable = scores[responses[variable].astype(kind).array.codes]
        total += of_variable
        rated += of_variable > 0
    codes, cycles = encode(responses["cycle"])
    shape = (len(cycles), len(DEPRIVATION_FIFTHS), len(variables) + 1)
    fifths = responses["deprivation_fifth"].to_numpy() - DEPRIVATION_FIFTHS[0]
    places = (codes.astype(np.intp) * shape[1] + fifths) * shape[2] + rated
    # Responses with as many ratings are added up before they are divided, so that no order of rows makes a difference.
    bases = np.bincount(places, minlength=math.prod(shape)).reshape(shape)[:, :, 1:]
    totals = np.bincount(places, total, minlength=math.prod(shape)).reshape(shape)[:, :, 1:]
    rows = [
        (cycle, fifth, int(base.sum()), math.fsum(of_fifth / np.arange(1, shape[2])) / int(base.sum()))
        for cycle, *of_cycle in zip(cycles, bases, totals, strict=True)
        for fifth, base, of_fifth in zip(DEPRIVATION_FIFTHS, *of_cycle, strict=True)
        if base.any()
    ]
    return pd.DataFrame(rows, columns=["cycle", "deprivation_fifth", "base", "mean"])


def _analyse_variance(counts):
    """Give F, its degrees of freedom, n and eta squared of scores that occur as often as `counts` says."""
    counts = [of_fifth for of_fifth in counts.tolist() if any(of_fifth)]
    sizes = [sum(of_fifth) for of_fifth in counts]
    totals = [_add_up(of_fifth, 1) for of_fifth in counts]
    n, product = sum(sizes), math.prod(sizes)
    # Sums of squares times `product`, that between fifths times `n` as well: whole numbers are exact, where fractions
    # would lose digits by taking nearly equal ones from each other.
    of_fifths = sum(total**2 * (product // size) for total, size in zip(totals, sizes, strict=True))
    within = sum(_add_up(of_fifth, 2) for of_fifth in counts) * product - of_fifths
    between = of_fifths * n - sum(totals) ** 2 * product
    if len(counts) < 2 or not within:
        return np.nan, np.nan, np.nan, n, np.nan
    df_between, df_within = len(counts) - 1, n - len(counts)
    statistic = (between * df_within) / (within * n * df_between)
    return statistic, df_between, df_within, n, between / (between + within * n)


def _add_up(counts, power):
    return sum(number * score**power for number, score in zip(counts, SCORES.values(), strict=True))


def _adjust_by_holm(p):
    # pingouin reads its plotting style on import, for which nobody should wait either.
    import pingouin

    given = p.notna()
    adjusted = p.copy()
    if given.any():
        adjusted[given] = pingouin.multicomp(p[given].to_numpy(), method="holm")[1]
    return adjusted
