"""Change of the same clusters: in the share that each rates at a level, and in its mean score."""

import itertools
import math

import numpy as np
import pandas as pd

from cluster_eval.measures.maturity import ALL, select_ratings
from cluster_eval.measures.multiplicity import adjust_by_holm
from cluster_eval.vocabulary import FRAMEWORKS, HIGHER, HIGHER_LEVELS, LEVELS, RATINGS, SCORES

MEAN = "mean"
"""Stands where a level would, for the mean score."""

MEASURED = (LEVELS[0], HIGHER, LEVELS[-1], MEAN)
TRENDED = (LEVELS[0], HIGHER)
CONFIDENCE = 0.95

_OUTCOMES = [(framework, str(outcome)) for framework, outcome in RATINGS.values()]
_WORTH = {
    LEVELS[0]: {SCORES[LEVELS[0]]: 1},
    HIGHER: {SCORES[level]: 1 for level in HIGHER_LEVELS},
    LEVELS[-1]: {SCORES[LEVELS[-1]]: 1},
    MEAN: {score: score for score in SCORES.values()},
}
"""What a rating of a score adds to each of the measures."""

CONSTANT_COLUMNS = ["cycle", "framework", "level", "clusters", "share", "clusters_of_all", "share_of_all"]
_KINDS = {
    **dict.fromkeys(["previous_cycle", "cycle", "framework", "outcome", "level"], "str"),
    "clusters": "int64",
    **dict.fromkeys(["previous", "current", "change", "low", "high", "statistic", "p", "p_holm", "effect"], "float64"),
}
_TREND_KINDS = {
    **dict.fromkeys(["first_cycle", "cycle", "framework", "level"], "str"),
    **dict.fromkeys(["cycles", "clusters"], "int64"),
    **dict.fromkeys(["slope", "low", "high", "p", "p_holm"], "float64"),
}
_FINEST = 50_000
"""Into how many steps a change of 1 is divided at most, where a distribution is calculated."""


def summarise(responses: pd.DataFrame, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Compare the clusters that rated in two neighbouring cycles with themselves, and test the change.

    Each cluster is one number: its share of ratings at the level in the later cycle less that in the earlier one, over
    the outcomes that it rated in both; for one outcome, 1 or 0 less 1 or 0. So nothing is supposed of how the ratings
    of one cluster hang together.

    The interval of the mean of these numbers is the bootstrap percentile interval, clusters drawn with replacement
    (Efron & Tibshirani 1993, chapter 13). The distribution of the mean of n draws is the n-fold convolution of that of
    one, and is calculated, not simulated: there is no seed, and no Monte Carlo error.

    The test is Wilcoxon's signed-rank test with Pratt's (1959) zeros: all n changes are ranked by size, zeros among
    them, ties sharing their mean rank, and zeros then left out; W+ and W− add up the ranks of rises and of falls. p is
    exact and conditional on the sizes of the changes: the chance, where each change that is not zero is as likely a
    rise as a fall, of a W+ at least as far from its middle, (W+ + W−) / 2. For one outcome's shares all changes have
    one size, and the test is the exact McNemar test.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses of any number of cycles; a cluster has one response per cycle.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        previous_cycle, cycle (each two neighbours), framework, outcome (`all`, or `1` … of what both asked), level
        (`Pre-foundation`, `Developing+Mature`, `Mature`, or `mean` for the score, 1 to 4), clusters (that rated in
        both), previous, current (mean of the clusters' shares, fractions, or of their scores), change (current −
        previous), low, high (95% interval of the change), statistic (the lesser of W+ and W−), p (two-sided), p_holm (p
        by Holm 1979, within each level; the frameworks are one family and the outcomes of both another, each over all
        pairs of neighbours; a test that cannot be made keeps its place, as if its p were 1), effect (matched-pairs
        rank-biserial correlation over all pairs, (W+ − W−) / (n (n + 1) / 2), −1 to 1, Kerby 2014). Where no cluster is
        in both all but the keys is missing; the interval also where all changed alike, p where none changed. Empty for
        a first cycle.

    Raises
    ------
    ValueError
        For a cluster with more than one response in a cycle.
    """
    scores = _spread_ratings(responses)
    rows = []
    for before, after in itertools.pairwise(sorted(scores)):
        asked = [key for key in scores[before].columns if key in scores[after].columns]
        same = scores[before].index.intersection(scores[after].index)
        earlier, later = (scores[cycle].loc[same, asked].to_numpy() for cycle in (before, after))
        rated = (earlier > 0) & (later > 0)
        for framework in FRAMEWORKS:
            of_framework = [place for place, (code, _) in enumerate(asked) if code == framework]
            chosen = {ALL: of_framework, **{asked[place][1]: [place] for place in of_framework}} if of_framework else {}
            for (outcome, places), level in itertools.product(chosen.items(), MEASURED):
                compared = _compare(earlier[:, places], later[:, places], rated[:, places], level, confidence)
                rows.append((before, after, framework, outcome, level, *compared))
    table = pd.DataFrame(rows, columns=[name for name in _KINDS if name != "p_holm"])
    family = [table["level"], table["outcome"] == ALL]
    table["p_holm"] = table.groupby(family, sort=False)["p"].transform(adjust_by_holm) if len(table) else table["p"]
    return table[[*_KINDS]].astype(_KINDS)


def summarise_trend(responses: pd.DataFrame, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Test whether the clusters that rated in every cycle rose or fell, over three cycles and more.

    Each cluster is one number, the slope of a straight line through its shares of ratings at the level (least squares,
    cycles one apart), over the outcomes that it rated in every cycle. Interval and test are those of `summarise`. One
    test a framework, of the share at Developing or Mature, is made; the slope of the share at Pre-foundation is given
    with its interval alone.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses of any number of cycles.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        first_cycle, cycle (the newest), framework, level (`Pre-foundation`, `Developing+Mature`), cycles (how many),
        clusters (that rated in all), slope (mean change of the share from one cycle to the next, a fraction), low, high
        (95% interval), p, p_holm (over the frameworks; both missing for Pre-foundation). Empty with fewer than three
        cycles; numbers are missing as in `summarise`.
    """
    scores = _spread_ratings(responses)
    cycles = sorted(scores)
    rows = []
    for framework, same, asked in _find_constant(scores) if len(cycles) > 2 else ():
        tables = np.array([scores[cycle].loc[same, asked].to_numpy() for cycle in cycles])
        rated = (tables > 0).all(axis=0)
        steps = np.arange(len(cycles)) * 2 - (len(cycles) - 1)
        for level in TRENDED:
            sums = np.where(rated, _weigh(tables, level), 0).sum(axis=2)
            bases = rated.sum(axis=1)
            changes, denominator = _make_whole((steps @ sums)[bases > 0], bases[bases > 0])
            # Steps are twice the distances from their mean, and the slope is over the sum of squared distances.
            scale = denominator * float(steps @ steps) / 2
            slope = changes.sum() / scale / len(changes) if len(changes) else math.nan
            limits = _find_limits(changes, confidence) / scale
            p = _test(changes)[1] if level == HIGHER else math.nan
            rows.append((cycles[0], cycles[-1], framework, level, len(cycles), len(changes), slope, *limits, p))
    table = pd.DataFrame(rows, columns=[name for name in _TREND_KINDS if name != "p_holm"])
    table["p_holm"] = table.groupby("level", sort=False)["p"].transform(adjust_by_holm) if len(table) else table["p"]
    return table[[*_TREND_KINDS]].astype(_TREND_KINDS)


def summarise_constant(responses: pd.DataFrame) -> pd.DataFrame:
    """Give the shares of the clusters that rated in every cycle apart from those of all that rated.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses of any number of cycles.

    Returns
    -------
    DataFrame
        cycle, framework, level (`Pre-foundation`, `Developing+Mature`), clusters (that rated in every cycle), share
        (the mean of each such cluster's share of its ratings, over the outcomes that it rated in every cycle; missing
        where there is none), clusters_of_all, share_of_all (the same of all that rated in the cycle, each over the
        outcomes that every cycle asked).
    """
    scores = _spread_ratings(responses)
    rows = []
    for framework, same, asked in _find_constant(scores):
        everywhere = (np.array([scores[cycle].loc[same, asked].to_numpy() for cycle in scores]) > 0).all(axis=0)
        for cycle, level in itertools.product(sorted(scores), TRENDED):
            of_cycle = scores[cycle][asked].to_numpy()
            shares = [
                _share(scores[cycle].loc[same, asked].to_numpy(), everywhere, level),
                _share(of_cycle, of_cycle > 0, level),
            ]
            found = [(len(each), each.mean() if len(each) else math.nan) for each in shares]
            rows.append((cycle, framework, level, *found[0], *found[1]))
    return pd.DataFrame(rows, columns=CONSTANT_COLUMNS)


def _find_constant(scores):
    """Give for each framework the clusters that responded in every cycle, and the outcomes that each cycle asked."""
    tables = scores.values()
    same = sorted(set.intersection(*(set(table.index) for table in tables))) if tables else []
    for framework in FRAMEWORKS if tables else ():
        first, *others = (set(table.columns) for table in tables)
        asked = [key for key in _OUTCOMES if key[0] == framework and key in first.intersection(*others)]
        if asked:
            yield framework, same, asked


def _share(scores, rated, level):
    """Give each cluster's share of ratings at a level; clusters without a rating are left out."""
    bases = rated.sum(axis=1)
    return (np.where(rated, _weigh(scores, level), 0).sum(axis=1)[bases > 0]) / bases[bases > 0]


def _spread_ratings(responses):
    """Give for each cycle its clusters' scores, a column for each outcome that it asked; 0 where blank."""
    ratings = select_ratings(responses).astype({"cycle": "str", "cluster": "str"})
    tables = {}
    for cycle, of_cycle in ratings.groupby("cycle"):
        # Of a cluster with two responses there is no one change: pivoting refuses it.
        wide = of_cycle.pivot(index="cluster", columns=["framework", "outcome"], values="score")
        tables[cycle] = wide[[key for key in _OUTCOMES if key in wide.columns]].fillna(0).astype(int)
    return tables


def _weigh(scores, level):
    return sum(np.where(scores == score, worth, 0) for score, worth in _WORTH[level].items())


def _compare(earlier, later, rated, level, confidence):
    """Give clusters, previous, current, change, its limits, statistic, p and effect."""
    bases = rated.sum(axis=1)
    both = bases > 0
    before, after = (np.where(rated, _weigh(scores, level), 0).sum(axis=1)[both] for scores in (earlier, later))
    changes, denominator = _make_whole(after - before, bases[both])
    n = len(changes)
    if not n:
        return 0, *(math.nan,) * 8
    previous, current = ((sums / bases[both]).mean() for sums in (before, after))
    statistic, p, effect = _test(changes)
    limits = _find_limits(changes, confidence) / denominator
    return n, previous, current, changes.sum() / denominator / n, *limits, statistic, p, effect


def _make_whole(numerators, bases):
    """Take fractions to a common denominator, so that equal ones are found to be so."""
    denominator = math.lcm(*(int(base) for base in bases))
    return np.array(
        [int(n) * (denominator // int(b)) for n, b in zip(numerators, bases, strict=True)], int
    ), denominator


def _find_limits(changes, confidence):
    """Give the percentiles of the mean of as many draws with replacement, from its distribution."""
    from scipy.fft import irfft, next_fast_len, rfft

    n = len(changes)
    if n < 2 or np.ptp(changes) == 0:
        return np.full(2, np.nan)
    # Steps finer than can be told apart are drawn together: with many different bases there would be millions.
    coarse = max(1, -(-int(np.ptp(changes)) // _FINEST))
    steps = np.round((changes - changes.min()) / coarse).astype(int)
    size = next_fast_len(n * int(steps.max()) + 1, real=True)
    chances = np.bincount(steps) / n
    totals = irfft(rfft(chances, size) ** n, size)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    found = np.searchsorted(totals.cumsum(), np.array(tails) - 1e-12)
    return found * coarse / n + changes.min()


def _test(changes):
    """Give the lesser rank sum, exact p, and the rank-biserial correlation over all pairs."""
    n, sizes = len(changes), np.unique(np.abs(changes[changes != 0]))
    up, down = ((changes[:, None] == sign * sizes).sum(axis=0) for sign in (1, -1))
    unchanged = int(n - up.sum() - down.sum())
    # Mean ranks of the sizes, after those of the zeros.
    tied = up + down
    ranks = unchanged + tied.cumsum() - (tied - 1) / 2
    above, below = float(ranks @ up), float(ranks @ down)
    p = _find_exact_p(ranks, up, down) if unchanged < n else math.nan
    return min(above, below), p, (above - below) / (n * (n + 1) / 2) if n else math.nan


def _find_exact_p(ranks, up, down):
    """Count how often signs that fall as those of a fair coin give rank sums as far apart as those found.

    No library does: scipy's exact distribution is that without ties and zeros, its permutations are exact up to 13
    pairs and drawn at random above, and its asymptotic one depends on more pairs than a base of 30 has.
    """
    # Twice the mean ranks, since those of ties may be halves and whole numbers are compared without error.
    doubled = (2 * ranks).astype(int)
    total = int(doubled @ (up + down))
    chances = np.zeros(total + 1)
    chances[0] = 1
    for rank in np.repeat(doubled, up + down):
        added = chances[:-rank] / 2
        chances /= 2
        chances[rank:] += added
    distance = np.abs(2 * np.arange(total + 1) - total)
    return min(1.0, float(chances[distance >= abs(2 * int(doubled @ up) - total)].sum()))
