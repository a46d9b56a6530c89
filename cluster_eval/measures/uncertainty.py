"""How far what the responding clusters said may be from what all clusters would have said.

The clusters of the register are the whole population, so the uncertainty is only about those that did not answer, and
there is none once all have. Every interval supposes that who did not answer is a matter of chance; the bounds beside
it, lowest and highest, suppose nothing at all (Manski 1989, Journal of Human Resources 24).
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd

from cluster_eval.measures import maturity
from cluster_eval.vocabulary import FRAMEWORKS, HIGHER, HIGHER_LEVELS, LEVELS, NOT_ASKED, SCORES

CONFIDENCE = 0.95
RESAMPLES = 9_999
SEED = 2025
SUMMED_COLUMNS = [
    "cycle",
    "framework",
    "level",
    "n",
    "base",
    "share",
    "responses",
    "population",
    "low",
    "high",
    "lowest",
    "highest",
]
MEANS_COLUMNS = [
    "cycle",
    "framework",
    "outcome",
    "base",
    "responses",
    "population",
    "mean",
    "low",
    "high",
    "lowest",
    "highest",
]


def count_population(register: pd.DataFrame) -> dict[str, int]:
    """Count the clusters of each cycle's register.

    Parameters
    ----------
    register : DataFrame
        cycle, cluster of every cluster.

    Returns
    -------
    dict of str to int
        Each cycle to its number of different clusters, N.
    """
    counts = register.groupby("cycle", observed=True)["cluster"].nunique()
    return {str(cycle): int(clusters) for cycle, clusters in counts.items()}


def look_up_population(cycles: pd.Series, population: Mapping[str, int]) -> np.ndarray:
    """Give each row the number of clusters of its cycle.

    Parameters
    ----------
    cycles : Series
        The cycle of each row.
    population : mapping of str to int
        Each cycle to the clusters of its register, N, as of `count_population`.

    Returns
    -------
    array of int
        N for each row.

    Raises
    ------
    ValueError
        If a cycle has no population.
    """
    cycles = cycles.astype("str")
    unknown = sorted(set(cycles) - set(population))
    if unknown:
        raise ValueError(f"no number of clusters is given for {', '.join(unknown)}")
    return np.array([population[cycle] for cycle in cycles], dtype=int)


@cache
def find_limits(n: int, base: int, population: int, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Find between which numbers of all clusters those of a kind lie, given how many of those that answered do.

    The exact limits of a hypergeometric total (Buonaccorsi 1987) by Blaker's acceptability (2000). Of N clusters, K of
    the kind, n of a random `base` are found with a probability that the hypergeometric distribution gives. The
    acceptability of K is the probability of the tail that n ends, min(P(X ≤ n), P(X ≥ n)), and of as much of the other
    tail as has no greater probability. The limits are the least and the greatest K whose acceptability is above 1 −
    confidence. They never leave n and n + N − base, between which K is certain to lie.

    Parameters
    ----------
    n, base : int
        Clusters of the kind, and clusters that answered.
    population : int
        Clusters that there are, N.
    confidence : float
        The least share of samples whose limits are to hold the number.

    Returns
    -------
    tuple of int
        The lower and the upper limit, in whole clusters.
    """
    # scipy.stats takes long to import, which an analyst who asks for no interval should not wait for.
    from scipy.stats import hypergeom

    totals = np.arange(n, n + population - base + 1)
    each = hypergeom(population, totals[:, None], base)
    numbers = np.arange(base + 1)
    below, above = each.cdf(numbers), each.sf(numbers - 1)
    tail = np.minimum(below[:, n], above[:, n])[:, None]
    # Probabilities that are equal may differ in their last digit.
    slack = tail * (1 + 1e-9)
    is_lower = (below[:, n] <= above[:, n])[:, None]
    opposite = np.where(is_lower, above, below)
    acceptability = tail[:, 0] + np.where(opposite <= slack, opposite, 0).max(axis=1)
    accepted = totals[np.minimum(acceptability, 1) > (1 - confidence) * (1 + 1e-9)]
    return int(accepted.min()), int(accepted.max())


def add_intervals(table: pd.DataFrame, population: Mapping[str, int], confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Add to each share its interval in whole clusters, and the bounds that hold whatever the others would have said.

    Parameters
    ----------
    table : DataFrame
        A tidy table with the columns cycle, n, base and share in which a base counts clusters.
    population : mapping of str to int
        Each cycle to the clusters of its register, N, as of `count_population`.
    confidence : float
        The least share of samples whose interval is to hold the population's share.

    Returns
    -------
    DataFrame
        The table's columns, then population (N, clusters), low_clusters, high_clusters (`find_limits`: between which
        whole numbers of all N clusters those of the kind lie), low, high (the same over N, fractions), lowest (n / N)
        and highest ((n + N − base) / N, fractions), between which the share of all is certain to lie. The interval is
        missing where the base is 0, lowest and highest where N is. Rows summed over outcomes (outcome `all`) hold
        many ratings by each cluster, which are not independent: all but population is missing; see
        `summarise_summed`.

    Raises
    ------
    ValueError
        If a cycle has no population, or fewer clusters than a base counts.
    """
    clusters = look_up_population(table["cycle"], population)
    single = np.full(len(table), True)
    if "outcome" in table.columns:
        single = (table["outcome"].astype("str") != maturity.ALL).to_numpy()
    n, base = table["n"].to_numpy(int), table["base"].to_numpy(int)
    if (base > clusters)[single].any():
        raise ValueError("a base is at most the number of clusters")
    limits = np.full((2, len(table)), np.nan)
    for place in np.flatnonzero(single & (base > 0)):
        limits[:, place] = find_limits(int(n[place]), int(base[place]), int(clusters[place]), confidence)
    bounds = _bound(n, base, clusters)
    bounds[:, ~single] = np.nan
    whole = pd.DataFrame(limits.T, columns=["low_clusters", "high_clusters"], index=table.index).astype("Int64")
    shares = {name: limit / clusters for name, limit in zip(("low", "high"), limits, strict=True)}
    return table.assign(population=clusters, **whole, **shares, lowest=bounds[0], highest=bounds[1])


def summarise_summed(
    responses: pd.DataFrame,
    register: pd.DataFrame,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Give the share of each level, summed over a framework's outcomes, with its interval.

    A cluster's ratings go together, so whole clusters are resampled: the share of a resample is the sum of its
    clusters' ratings at the level over the sum of all their ratings. Interval as of `summarise_means`.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    register : DataFrame
        cycle, cluster of every cluster.
    confidence : float
        The share of samples whose interval is to hold the population's share.
    resamples : int
        How many resamples.
    seed : int
        The seed of the resampling.

    Returns
    -------
    DataFrame
        cycle, framework, level (each, then `Developing+Mature`), n (ratings), base (ratings that are not
        blank; both over the outcomes of `maturity.find_shared_outcomes`), share (n / base), responses (clusters with at
        least one of these ratings), population (clusters, N), low, high
        (fractions; both the share where responses = N; missing where the base is 0, and where fewer than two
        clusters rated or all have the same share, from which nothing can be told of the others), lowest, highest
        (fractions: the share if every rating that is missing, of N × outcomes, were at another level, or at this one).

    Raises
    ------
    ValueError
        If a cycle has no register, or one of fewer clusters than responded.
    """
    population = count_population(register)
    summed = maturity.summarise(responses)
    shared = maturity.find_shared_outcomes(summed)
    summed = summed[summed["outcome"] == maturity.ALL]
    rows = []
    for (cycle, framework), of_levels in summed.groupby(["cycle", "framework"], sort=False):
        [clusters] = look_up_population(pd.Series([cycle]), population)
        scores = _take_scores(responses, cycle, framework, shared[framework])
        numbers = of_levels.set_index("level")["n"]
        kinds = {level: [level] for level in LEVELS} | {HIGHER: [*HIGHER_LEVELS]}
        base = int(numbers.sum())
        counts = [np.isin(scores, [SCORES[level] for level in levels]).sum(axis=1) for levels in kinds.values()]
        rated = (~np.isnan(scores)).sum(axis=1)
        limits = _resample(
            np.column_stack([*counts, rated]),
            lambda sums: sums[:, :-1] / sums[:, -1:],
            (clusters, confidence, resamples, seed),
        )
        for place, (kind, levels) in enumerate(kinds.items()):
            n = int(numbers[levels].sum())
            share = n / base if base else np.nan
            bounds = _bound(n, base, clusters * len(shared[framework]))
            shrunk = _shrink(limits[:, place], share, len(scores), clusters)
            rows.append((cycle, framework, kind, n, base, share, len(scores), clusters, *shrunk, *bounds))
    return pd.DataFrame(rows, columns=SUMMED_COLUMNS)


def summarise_means(
    responses: pd.DataFrame,
    register: pd.DataFrame,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Average the scores of each outcome, and the outcomes' means, with their intervals.

    Percentile bootstrap (Efron & Tibshirani 1993, chapter 13) over clusters, those of `all` with all their ratings
    together. Its limits are shrunk towards the mean by √((N − n) / (N − 1)): resampling with replacement knows of no
    finite population, and rescaling what it gives by the square root of the variance's correction is Rao & Wu's way
    (1988, JASA 83). The variance of a share or mean in a sample without replacement is that in one with replacement
    times (N − n) / (N − 1) (Cochran 1977, section 3.2).

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    register : DataFrame
        cycle, cluster of every cluster.
    confidence : float
        The share of samples whose interval is to hold the population's mean.
    resamples : int
        How many resamples.
    seed : int
        The seed of the resampling. Each outcome's resampling starts from it anew, so that no interval depends on what
        else is in the table.

    Returns
    -------
    DataFrame
        cycle, framework, outcome (`1` …, or `all` for the mean of the outcomes' means, of those outcomes that
        `maturity.find_shared_outcomes` gives), base (ratings that are not
        blank), responses (clusters with such a rating), population (clusters, N), mean, low, high (scores, 1 to 4; the
        limits are the mean where responses = N; missing where the base is 0, and where fewer than two clusters
        rated or all gave the same score, from which nothing can be told of the others), lowest, highest (the mean
        if all that did not rate had given 1, or 4).

    Raises
    ------
    ValueError
        If a cycle has no register, or one of fewer clusters than responded.
    """
    population = count_population(register)
    means = maturity.summarise_means(responses)
    shared = maturity.find_shared_outcomes(means)
    rows = []
    for (cycle, framework), of_outcomes in means.groupby(["cycle", "framework"], sort=False):
        [clusters] = look_up_population(pd.Series([cycle]), population)
        settings = (clusters, confidence, resamples, seed)
        spread = _resample_outcomes(_take_scores(responses, cycle, framework), settings)
        scores = _take_scores(responses, cycle, framework, shared[framework])
        together = np.column_stack([np.nan_to_num(scores), ~np.isnan(scores)])
        spread[maturity.ALL] = _resample(together, _average_means, settings)[:, 0]
        edges = {}
        for outcome, base, mean in of_outcomes[["outcome", "base", "mean"]].itertuples(index=False, name=None):
            if outcome == maturity.ALL:
                number = len(scores)
                bounds = np.mean(
                    [edge for each, edge in edges.items() if each in shared[framework]] or [[np.nan, np.nan]], axis=0
                )
            else:
                number, bounds = base, _bound_mean(base, mean, clusters)
                edges[outcome] = bounds
            limits = _shrink(spread[outcome], mean, number, clusters)
            rows.append((cycle, framework, outcome, base, number, clusters, mean, *limits, *bounds))
    return pd.DataFrame(rows, columns=MEANS_COLUMNS)


def _bound(n, base, population):
    """Give the least and the greatest share of a population of which `population` − `base` are unknown."""
    n, base, population = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in (n, base, population)))
    bounds = np.full((2, *n.shape), np.nan)
    np.divide([n, n + population - base], population, out=bounds, where=population > 0)
    return bounds


def _bound_mean(base, mean, population):
    total = base * mean if base else 0
    return [(total + (population - base) * score) / population for score in (SCORES[LEVELS[0]], SCORES[LEVELS[-1]])]


def _take_scores(responses, cycle, framework, outcomes=None):
    """Take the scores of the clusters that rated any of the outcomes, or any at all: one row for each, in their order.

    Columns are those of all the framework's outcomes; others than those given are missing.
    """
    of_cycle = responses[(responses["cycle"] == cycle).to_numpy()]
    kind = pd.CategoricalDtype([*LEVELS, NOT_ASKED], ordered=True)
    # The last two are of those who were not asked, and of blanks, whose code is -1.
    scores = np.array([*SCORES.values(), np.nan, np.nan])
    table = np.full((len(of_cycle), FRAMEWORKS[framework].outcomes), np.nan)
    for place, variable in enumerate(FRAMEWORKS[framework].variables):
        if variable in of_cycle.columns and (outcomes is None or str(place + 1) in outcomes):
            table[:, place] = scores[of_cycle[variable].astype(kind).array.codes]
    return table[~np.isnan(table).all(axis=1)]


def _resample_outcomes(scores, settings):
    """Give the limits of each outcome's mean, each from the clusters alone that rated it."""
    limits = {}
    bases = (~np.isnan(scores)).sum(axis=0)
    for base in np.unique(bases):
        places = np.flatnonzero(bases == base)
        # The same draw of places does for all that have as many ratings, each of which is in its own order.
        rated = np.sort(scores[:, places], axis=0)[:base]
        found = _resample(rated, lambda sums, base=base: sums / base, settings)
        limits |= {str(place + 1): found[:, column] for column, place in enumerate(places)}
    return limits


def _average_means(sums):
    """Average the means of outcomes, given for each resample the sums of scores and then the numbers of ratings."""
    totals, numbers = np.hsplit(sums, 2)
    means = np.divide(totals, numbers, out=np.zeros_like(totals), where=numbers > 0)
    return means.sum(axis=1, keepdims=True) / np.count_nonzero(numbers, axis=1, keepdims=True)


def _resample(table, statistic, settings):
    """Give the limits of statistics of the column sums of a table whose rows are resampled (2 rows: low, high)."""
    from scipy.stats import bootstrap

    population, confidence, resamples, seed = settings
    size = len(table)
    if size > population:
        raise ValueError(f"{size} clusters responded, of {population} in the register")
    # In an order that depends on nothing but the values, so that no order of responses makes a difference.
    table = table[np.lexsort(table.T)].astype(float)
    width = statistic(table.sum(axis=0, keepdims=True)).shape[1] if size else table.shape[1]
    if size < 2 or size == population:
        return np.full((2, width), np.nan)

    def calculate(rows, axis):
        # How often each row is drawn is all that sums need, and is much smaller than the rows drawn.
        places = rows + size * np.arange(len(rows))[:, None]
        drawn = np.bincount(places.ravel(), minlength=size * len(rows)).reshape(len(rows), size)
        return statistic(drawn.astype(float) @ table).T

    found = bootstrap(
        (np.arange(size),),
        calculate,
        n_resamples=resamples,
        vectorized=True,
        confidence_level=confidence,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    limits = np.array(found.confidence_interval)
    limits[:, np.ptp(found.bootstrap_distribution, axis=-1) == 0] = np.nan
    return limits


def _shrink(limits, value, n, population):
    """Take limits of an endless population to those of a finite one."""
    if n == population:
        return np.full(2, value)
    return value + (limits - value) * np.sqrt((population - n) / max(population - 1, 1))
