"""Maturity by deprivation fifth of the cluster's area."""

import itertools
import math
from functools import cache

import numpy as np
import pandas as pd

from cluster_eval.measures import maturity
from cluster_eval.measures.counting import encode
from cluster_eval.measures.maturity import spread_scores, tabulate_ratings
from cluster_eval.measures.multiplicity import adjust_by_holm
from cluster_eval.vocabulary import DEPRIVATION_FIFTHS, LEVELS, NOT_ASKED, RATINGS, SCORES

TEST = "one-way ANOVA"
WELCH = "Welch's ANOVA"
KRUSKAL = "Kruskal-Wallis"
KENDALL = "Kendall's tau-b"
EFFECTS = {TEST: "eta squared", WELCH: "omega squared", KRUSKAL: "epsilon squared", KENDALL: "tau-b"}
"""Each test: the effect size that goes with it."""

MEAN = "mean"
"""Stands where an outcome would, for each response's mean score over a framework's outcomes."""

CONFIDENCE = 0.95
POWER = 0.80
SIGNIFICANCE = 0.05

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
TESTS_COLUMNS = [
    "cycle",
    "framework",
    "outcome",
    "test",
    "statistic",
    "df_between",
    "df_within",
    "p",
    "p_holm",
    "n",
    "effect",
    "effect_size",
    "effect_low",
    "effect_high",
]
DETECTABLE_COLUMNS = [
    "cycle",
    "framework",
    "outcome",
    "test",
    "n",
    "fifths",
    "clusters",
    "effect",
    "detectable",
    "cohen_f",
    "difference",
    "detectable_register",
    "difference_register",
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


def summarise_tests(responses: pd.DataFrame) -> pd.DataFrame:
    """Test each outcome, and the mean over each framework's outcomes, against deprivation in four ways.

    The published one-way ANOVA; Welch's (1951), which does not suppose that fifths vary alike; Kruskal and Wallis's
    (1952), which uses no more than the order of the levels; and Kendall's tau-b (1945), which uses the order of the
    fifths as well. `mean` is each response's mean score over the framework's outcomes that it rated: one number for
    each response, and the headline test of the framework.

    Effect sizes, with what their intervals come from:

    - eta squared = SSB / SST, the share of the scores' variance that is between fifths. It is above 0 even when
      fifths do not differ at all, by (k − 1) / (n − 1) on average.
    - omega squared = (k − 1)(F − 1) / ((k − 1)(F − 1) + n), here of Welch's F (Carroll & Nordholm 1975 for the ordinary
      one), which is nearly free of that bias, and therefore below 0 when F is below 1: no effect was found then.
    - epsilon squared = H / (n − 1) (Tomczak & Tomczak 2014), the eta squared of the ranks.
    - tau-b. Fifth 1 is the most deprived. Positive: scores rise from the most to the least deprived fifth, so more
      deprived fifths rate lower; negative: they rate higher.

    The intervals of the first three are of the population's share of variance λ / (λ + n), by inverting the noncentral
    F distribution (Steiger 2004), with Welch's F and its degrees of freedom for the second and the F of the ranks
    (Conover & Iman 1981) for the third. Near zero this gives a lower limit of 0, where a bootstrap interval would
    shut 0 out, because resampled fifths always differ. Both limits are 0 where F is smaller than chance would let it
    be. The interval of tau-b comes from its asymptotic variance (Brown & Benedetti 1977) by Fisher's z.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, framework, outcome (`1` …, or `mean`), test (`one-way ANOVA`, `Welch's ANOVA`, `Kruskal-Wallis`,
        `Kendall's tau-b`), statistic (F, Welch's F, H corrected for ties, tau-b), df_between (k − 1 fifths; missing
        for tau-b), df_within (n − k; Welch's own; missing for the others), p (two-sided, not adjusted), p_holm (p by
        Holm 1979, within each test: over the outcomes of the cycle; for `mean`, over the frameworks of the cycle,
        which are a family of their own), n (ratings that are not blank; for `mean`, responses with a rating), effect
        (the effect size's name), effect_size, effect_low, effect_high (95% interval). Statistic and what follows from
        it are missing where fewer than two fifths have a rating, or all scores are the same; for both analyses of
        variance where scores vary within no fifth; for Welch's also where a fifth has one rating or does not vary. An
        interval is missing where the test is, where the ranks do not vary within fifths, where the inversion has no
        answer (eta squared above 0.99), and where tau-b is ±1, whose variance cannot be estimated.
    """
    tables = _tabulate_scores(responses)
    rows = [
        (*key, test, *analyse(counts, values), int(counts.sum()), EFFECTS[test])
        for key, (counts, values) in tables.items()
        for test, analyse in _ANALYSES.items()
    ]
    measured = ["statistic", "df_between", "df_within", "p", "effect_size", "effect_low", "effect_high"]
    table = pd.DataFrame(rows, columns=["cycle", "framework", "outcome", "test", *measured, "n", "effect"])
    table[measured] = table[measured].astype(float)
    family = [table["cycle"], table["test"], table["outcome"] == MEAN]
    table["p_holm"] = table.groupby(family, sort=False)["p"].transform(adjust_by_holm)
    return table[TESTS_COLUMNS]


def find_detectable(
    responses: pd.DataFrame, register: pd.DataFrame, power: float = POWER, significance: float = SIGNIFICANCE
) -> pd.DataFrame:
    """Find the smallest effect of deprivation that so many responses would probably have shown.

    For analysis of variance, Cohen's f = √(η² / (1 − η²)) at which the noncentral F distribution with λ = n f² gives
    the power (Cohen 1988). For tau-b, (z(1 − α/2) + z(power)) times its standard deviation without a relation,
    corrected for ties (Kendall 1970); without ties that is √(2(2n + 5) / (9n(n − 1))).

    `difference` says the same in scores: by how much the least and the most deprived fifth's means differ at that
    effect, if maturity goes evenly up, or down, from fifth to fifth. For analysis of variance that is 4 f σ / s, with σ
    the scores' standard deviation within fifths and s the standard deviation of the fifths' numbers over the
    responses. For tau-b, a normally distributed maturity behind the scores moves evenly from fifth to fifth and is cut
    where the observed scores are (cumulative probit); the difference follows from the shift that gives the tau-b.

    Tests ask about what brought the ratings about, of which the register's clusters are one outcome, and `detectable`
    belongs to that question. The columns ending in `_register` are for the narrower question of how the register's
    clusters themselves differ, of which all but a few responded: standard errors shrink by √((N − n) / (N − 1)), and to
    0 where every cluster responded. That supposes that non-response is random.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    register : DataFrame
        cycle, cluster of every cluster.
    power : float
        The chance of a significant result at the effect, 0 to 1.
    significance : float
        The level of the two-sided test, not adjusted for the number of outcomes.

    Returns
    -------
    DataFrame
        cycle, framework, outcome (`1` …, or `mean`, as for `summarise_tests`), test (`one-way ANOVA` or
        `Kendall's tau-b`), n (ratings, or responses with a rating), fifths (with any of those), clusters (N, of the
        cycle's register), effect (its name), detectable (eta squared, or tau-b of either sign), cohen_f (missing for
        tau-b), difference (in mean score, between fifths 1 and 5, of either sign), detectable_register,
        difference_register. Effects are missing where there is no test (fewer than two fifths, no scores that vary),
        where so few responses could show no effect at all, and for `_register` where the register has no such cycle;
        differences also where scores vary within no fifth.
    """
    sizes = register.groupby(register["cycle"].astype("str"))["cluster"].nunique()
    rows = []
    for key, (counts, values) in _tabulate_scores(responses).items():
        n, clusters = int(counts.sum()), int(sizes.get(str(key[0]), 0))
        fifths = int(counts.any(axis=1).sum())
        smaller = math.sqrt(max(clusters - n, 0) / (clusters - 1)) if clusters > 1 else math.nan
        for test, find in ((TEST, _find_detectable_variance), (KENDALL, _find_detectable_tau)):
            found = find(counts, values, smaller, power, significance)
            rows.append((*key, test, n, fifths, clusters, EFFECTS[test], *found))
    table = pd.DataFrame(rows, columns=DETECTABLE_COLUMNS)
    measured = ["detectable", "cohen_f", "difference", "detectable_register", "difference_register"]
    return table.astype(dict.fromkeys(measured, float))


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


def _vary_within(counts):
    return np.count_nonzero(counts, axis=1).max(initial=0) > 1


_MISSING = (np.nan,) * 7


def _test_variance(counts, values):
    if not _can_compare(counts) or not _vary_within(counts):
        return _MISSING
    from scipy import stats

    fifths, n = _spread(counts, values), counts.sum()
    statistic, p = stats.f_oneway(*fifths)
    between, within = len(fifths) - 1, n - len(fifths)
    size = between * statistic / (between * statistic + within)
    return statistic, between, within, p, size, *_invert_noncentral_f(statistic, between, within, n)


def _test_by_welch(counts, values):
    given = counts[counts.any(axis=1)]
    if not _can_compare(counts) or np.count_nonzero(given, axis=1).min() < 2:
        return _MISSING
    import pingouin

    fifths, n = np.repeat(np.arange(len(given)), given.sum(axis=1)), counts.sum()
    scores = pd.DataFrame({"fifth": fifths, "score": np.concatenate(_spread(given, values))})
    [row] = pingouin.welch_anova(scores, dv="score", between="fifth").to_dict("records")
    statistic, between, within = row["F"], row["ddof1"], row["ddof2"]
    size = between * (statistic - 1) / (between * (statistic - 1) + n)
    return statistic, between, within, row["p_unc"], size, *_invert_noncentral_f(statistic, between, within, n)


def _test_by_kruskal(counts, values):
    if not _can_compare(counts):
        return _MISSING
    from scipy import stats

    fifths, n = _spread(counts, values), int(counts.sum())
    statistic, p = stats.kruskal(*fifths)
    between, limits = len(fifths) - 1, (np.nan, np.nan)
    if _vary_within(counts):
        of_ranks = (statistic / between) / ((n - 1 - statistic) / (n - len(fifths)))
        limits = _invert_noncentral_f(of_ranks, between, n - len(fifths), n)
    return statistic, between, np.nan, p, statistic / (n - 1), *limits


def _test_by_kendall(counts, values):
    if not _can_compare(counts):
        return _MISSING
    from scipy import stats

    fifths = np.repeat(DEPRIVATION_FIFTHS, counts.sum(axis=1))
    tau, p = stats.kendalltau(fifths, np.concatenate(_spread(counts, values)))
    low = high = np.nan
    # A tau of 1 may come out a digit short of it.
    if 1 - abs(tau) > 1e-12:
        reach = stats.norm.ppf((1 + CONFIDENCE) / 2) * _find_tau_error(counts) / (1 - tau**2)
        low, high = np.tanh(np.arctanh(tau) + np.array([-reach, reach]))
    return tau, np.nan, np.nan, p, tau, low, high


_ANALYSES = {TEST: _test_variance, WELCH: _test_by_welch, KRUSKAL: _test_by_kruskal, KENDALL: _test_by_kendall}


def _invert_noncentral_f(statistic, between, within, n):
    """Give the limits of λ / (λ + n), with λ between those at which F would be at the edge of what is likely."""
    from scipy.special import ncfdtrinc

    tail = (1 - CONFIDENCE) / 2
    noncentrality = ncfdtrinc(between, within, np.array([1 - tail, tail]), statistic)
    # 10,000 is as far as the library looks.
    noncentrality = np.where(noncentrality < 1e4, noncentrality, np.nan)
    return noncentrality / (noncentrality + n)


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


def _find_tau_deviation(table):
    """Give the standard deviation of tau-b where there is no relation, from the ties in both margins (Kendall 1970)."""
    table = table.astype(float)
    n = table.sum()
    ties = [table.sum(axis=axis) for axis in (1, 0)]
    pairs, triples, weighted = (
        [float(count(t).sum()) for t in ties]
        for count in (
            lambda t: t * (t - 1),
            lambda t: t * (t - 1) * (t - 2),
            lambda t: t * (t - 1) * (2 * t + 5),
        )
    )
    variance = (n * (n - 1) * (2 * n + 5) - sum(weighted)) / 18
    variance += math.prod(pairs) / (2 * n * (n - 1))
    if n > 2:
        variance += math.prod(triples) / (9 * n * (n - 1) * (n - 2))
    return math.sqrt(variance / math.prod((n * (n - 1) - tied) / 2 for tied in pairs))


def _find_detectable_variance(counts, values, smaller, power, significance):
    if not _can_compare(counts) or counts.sum() <= np.count_nonzero(counts.any(axis=1)):
        return (np.nan,) * 5
    fifths = _spread(counts, values)
    n = counts.sum()
    detectable = _solve_power(n, len(fifths), power, significance)
    cohen_f = math.sqrt(detectable / (1 - detectable))
    numbers = np.repeat(DEPRIVATION_FIFTHS, counts.sum(axis=1))
    within = math.sqrt(sum(((scores - scores.mean()) ** 2).sum() for scores in fifths) / (n - len(fifths)))
    difference = cohen_f * within / numbers.std() * (DEPRIVATION_FIFTHS[-1] - DEPRIVATION_FIFTHS[0])
    if not _vary_within(counts):
        difference = np.nan
    of_register = (cohen_f * smaller) ** 2
    return detectable, cohen_f, difference, of_register / (1 + of_register), difference * smaller


@cache
def _solve_power(n, fifths, power, significance):
    import pingouin

    # It multiplies the size of one fifth, which may be a fraction, by the number of fifths.
    return pingouin.power_anova(k=fifths, n=n / fifths, power=power, alpha=significance)


def _find_detectable_tau(counts, values, smaller, power, significance):
    if not _can_compare(counts):
        return (np.nan,) * 5
    from scipy.stats import norm

    detectable = (norm.ppf(1 - significance / 2) + norm.ppf(power)) * _find_tau_deviation(counts)
    if detectable >= 1:
        return (np.nan,) * 5
    differences = [_find_difference(tau, counts, values) for tau in (detectable, detectable * smaller)]
    return detectable, np.nan, differences[0], detectable * smaller, differences[1]


def _find_difference(tau, counts, values):
    """Give the difference in mean score between fifths 1 and 5 where an even trend over fifths gives this tau-b."""
    if not _vary_within(counts) or math.isnan(tau):
        return np.nan
    if not tau:
        return 0.0
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    shares = counts.sum(axis=1) / counts.sum()
    numbers = np.array(DEPRIVATION_FIFTHS) - shares @ DEPRIVATION_FIFTHS
    seen = counts.any(axis=0)
    cuts = ndtri(counts[:, seen].sum(axis=0).cumsum()[:-1] / counts.sum())

    def share_out(slope):
        # The cuts spread with the scores, so that each score stays about as frequent as it is.
        below = ndtr(cuts * math.sqrt(1 + slope**2 * (shares @ numbers**2)) - slope * numbers[:, None])
        return np.diff(below, axis=1, prepend=0, append=1)

    def miss(slope):
        return _find_tau(shares[:, None] * share_out(slope)) - tau

    steepest = 10.0
    if miss(steepest) < 0:
        return np.nan
    means = share_out(brentq(miss, 0, steepest)) @ values[seen]
    return means[-1] - means[0]
