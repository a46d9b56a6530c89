"""Maturity by deprivation fifth of the cluster's area."""

import itertools
import math

import numpy as np
import pandas as pd

from cluster_eval.measures import maturity
from cluster_eval.measures.counting import encode
from cluster_eval.measures.maturity import spread_scores, tabulate_ratings
from cluster_eval.measures.multiplicity import adjust_by_holm
from cluster_eval.vocabulary import DEPRIVATION_FIFTHS, LEVELS, NOT_ASKED, RATINGS, SCORES

TEST = "one-way ANOVA"
MEAN = "mean"
"""Stands where an outcome would, for each response's mean score over a framework's outcomes."""

CONFIDENCE = 0.95
MARGIN = 0.5
"""The difference in mean score between fifths that was agreed to matter: half a level."""

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
TREND_COLUMNS = [
    "cycle",
    "framework",
    "outcome",
    "n",
    "tau_b",
    "tau_low",
    "tau_high",
    "p",
    "p_holm",
    "n_most",
    "n_least",
    "mean_most",
    "mean_least",
    "difference",
    "low",
    "high",
    "p_equivalence",
]


def summarise(responses: pd.DataFrame) -> pd.DataFrame:
    """Test each outcome for a difference in mean score between deprivation fifths.

    One-way analysis of variance, F = (SSB / (k − 1)) / (SSW / (n − k)), from how often each fifth gave each score. The
    outcomes of a cycle are one family, for which Holm's step-down adjustment holds the family-wise error (Holm 1979).
    An outcome that cannot be tested keeps its place in it.

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
    table["p_holm"] = table.groupby("cycle", sort=False)["p"].transform(adjust_by_holm)
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
        1 to 4); both over the outcomes of `maturity.find_shared_outcomes`.
    """
    shared = maturity.find_shared_outcomes(maturity.summarise(responses, framework)).get(framework, ())
    variables = [name for name, (code, outcome) in RATINGS.items() if code == framework and str(outcome) in shared]
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


def summarise_trend(responses: pd.DataFrame) -> pd.DataFrame:
    """Ask whether scores rise or fall with deprivation, and by how much the two outermost fifths differ.

    Fifths are ordered, so the relation is measured by Kendall's tau-b (1945), whose interval comes from its asymptotic
    variance (Brown & Benedetti 1977) by Fisher's z. The difference between the least and the most deprived fifth is
    given with Welch's interval, which does not suppose that they vary alike, and is tested for equivalence within half
    a level by two one-sided tests (Schuirmann 1987): a small p says that no difference as large as that is likely,
    which a tau-b that is not significant does not say.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, framework, outcome (`1` …, or `mean`, for each response's mean score over the framework's outcomes that
        it rated), n (ratings that are not blank; for `mean`, responses with a rating), tau_b (−1 to 1; fifth 1 is the
        most deprived, so it is positive where scores rise from the most to the least deprived fifth), tau_low, tau_high
        (95% interval), p (two-sided), p_holm (p by Holm 1979 over the outcomes of the cycle; for `mean` over its
        frameworks, a family of their own), n_most, n_least (ratings in the most and in the least deprived fifth),
        mean_most, mean_least (their means, 1 to 4), difference (mean_least − mean_most), low, high (its 95% interval),
        p_equivalence (the greater p of the two one-sided tests of a difference of half a level). tau_b and p are
        missing where fewer than two fifths have a rating, or all scores are the same; its interval also where it is
        ±1, whose variance cannot be estimated; the difference where a fifth has no rating; its interval and
        p_equivalence where either has fewer than two, or does not vary.
    """
    rows = [(*key, *_measure_trend(*of_key)) for key, of_key in _tabulate_scores(responses).items()]
    table = pd.DataFrame(rows, columns=[column for column in TREND_COLUMNS if column != "p_holm"])
    measured = [column for column in table.columns[4:] if column not in ("n_most", "n_least")]
    table[measured] = table[measured].astype(float)
    family = [table["cycle"], table["outcome"] == MEAN]
    table["p_holm"] = table.groupby(family, sort=False)["p"].transform(adjust_by_holm)
    return table[TREND_COLUMNS]


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


def _tabulate_scores(responses):
    """Count, for each outcome and for the mean of each framework, scores by fifth (rows) and value; and the values."""
    counts = tabulate_ratings(responses)
    scores = np.array([*SCORES.values()], dtype=float)
    tables = {}
    for (cycle, framework), keys in itertools.groupby(counts, key=lambda key: key[:2]):
        tables |= {key: (counts[key], scores) for key in keys}
        tables[cycle, framework, MEAN] = _tabulate_means(responses[responses["cycle"] == cycle], framework)
    return tables


def _tabulate_means(responses, framework):
    # Equal means are equal numbers, since whole numbers are divided: ties stay ties.
    means = spread_scores(responses, framework).mean(axis="columns")
    values, places = np.unique(means.dropna(), return_inverse=True)
    fifths = responses.loc[means.notna(), "deprivation_fifth"].to_numpy(int) - DEPRIVATION_FIFTHS[0]
    shape = (len(DEPRIVATION_FIFTHS), len(values))
    return np.bincount(fifths * shape[1] + places, minlength=math.prod(shape)).reshape(shape), values


def _spread(counts, values):
    """List the scores of each fifth that has any."""
    return [np.repeat(values, of_fifth) for of_fifth in counts if of_fifth.any()]


def _can_compare(counts):
    return np.count_nonzero(counts.any(axis=1)) > 1 and np.count_nonzero(counts.any(axis=0)) > 1


def _measure_trend(counts, values):
    """Give n, tau-b with its limits and p, and the difference between the outermost fifths."""
    return int(counts.sum()), *_correlate(counts, values), *_compare_ends(counts, values)


def _correlate(counts, values):
    if not _can_compare(counts):
        return (np.nan,) * 4
    from scipy import stats

    fifths = np.repeat(DEPRIVATION_FIFTHS, counts.sum(axis=1))
    tau, p = stats.kendalltau(fifths, np.concatenate(_spread(counts, values)))
    low = high = np.nan
    # A tau of 1 may come out a digit short of it.
    if 1 - abs(tau) > 1e-12:
        reach = stats.norm.ppf((1 + CONFIDENCE) / 2) * _find_tau_error(counts) / (1 - tau**2)
        low, high = np.tanh(np.arctanh(tau) + np.array([-reach, reach]))
    return tau, low, high, p


def _compare_ends(counts, values):
    most, least = (np.repeat(values, counts[place]) for place in (0, -1))
    sizes = len(most), len(least)
    if not all(sizes):
        return *sizes, *(of_end.mean() if len(of_end) else np.nan for of_end in (most, least)), *(np.nan,) * 4
    means = most.mean(), least.mean()
    limits, p = (np.nan, np.nan), np.nan
    if min(sizes) > 1 and min(np.ptp(most), np.ptp(least)):
        import pingouin
        from scipy import stats

        limits = stats.ttest_ind(least, most, equal_var=False).confidence_interval(CONFIDENCE)
        p = pingouin.tost(least, most, bound=MARGIN, correction=True)["pval"].iloc[0]
    return *sizes, *means, means[1] - means[0], *limits, p


def _count_order(table):
    """Give for each cell how many more of the others are ordered as it is by both margins than against it."""
    signs = [np.sign(np.subtract.outer(np.arange(size), np.arange(size))) for size in table.shape]
    return signs[0] @ table @ signs[1].T


def _find_tau(table):
    """Give tau-b of a table of counts or of probabilities."""
    # Products of sums of squares soon are more than whole numbers hold.
    table = table.astype(float)
    total = table.sum()
    untied = [total**2 - (table.sum(axis=axis) ** 2).sum() for axis in (1, 0)]
    return (table * _count_order(table)).sum() / math.sqrt(math.prod(untied))


def _find_tau_error(table):
    """Give the asymptotic standard error of tau-b (Brown & Benedetti 1977), by how much each rating moves it."""
    table = table.astype(float)
    n, tau = table.sum(), _find_tau(table)
    untied = [n - table.sum(axis=1)[:, None], n - table.sum(axis=0)[None, :]]
    totals = [(table * each).sum() for each in untied]
    moved = _count_order(table) / math.sqrt(math.prod(totals))
    moved = moved - tau / 2 * sum(each / total for each, total in zip(untied, totals, strict=True))
    return 2 * math.sqrt((table * moved**2).sum())
