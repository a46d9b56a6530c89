"""How the outcomes' ratings go together: correlations, and reliability."""

import math

import numpy as np
import pandas as pd

from cluster_eval.measures.counting import encode
from cluster_eval.measures.maturity import spread_scores, tabulate_ratings
from cluster_eval.vocabulary import FRAMEWORKS, LEVELS, RATINGS

BOTH = "both"
"""Stands where a framework would, for the outcomes of all frameworks together."""

CONFIDENCE = 0.95

CORRELATION_COLUMNS = ["cycle", "framework_1", "outcome_1", "framework_2", "outcome_2", "correlation", "n"]
RELIABILITY_COLUMNS = [
    "cycle",
    "framework",
    "outcomes",
    "n",
    "cronbach_alpha",
    "cronbach_low",
    "cronbach_high",
    "ordinal_alpha",
    "smoothed",
    "mean_correlation",
    "first_share",
]
ORDER_COLUMNS = ["cycle", "framework", "outcome", "position"]

# A threshold at infinity, and the largest correlation that is looked at.
_FAR, _STRONGEST = 10.0, 0.999
# Below this, a probability that is a difference of others is all rounding.
_NEXT_TO_NOTHING = 1e-12
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


def correlate_outcomes(responses: pd.DataFrame) -> pd.DataFrame:
    """Correlate the ratings of every two outcomes.

    Polychoric correlation (Olsson 1979, in two steps): each rating is taken for a normally distributed maturity that
    was cut into levels. The cuts come from how often each level was given, then the correlation is the one that makes
    the table of the two ratings most likely. Having but four levels makes other correlations smaller, and the more so
    the more unevenly the levels are used; this one it does not. With 53 responses its standard error is about 0.16
    around 0 and 0.09 around 0.7.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, framework_1, outcome_1, framework_2, outcome_2, correlation (−1 to 1), n (responses that rated both
        outcomes). Each two outcomes that a cycle asked have one row, in the order of outcomes. The correlation is
        missing where either outcome's ratings, among those n, are all the same. It is 1 or −1 where the likelihood
        rises until there, as where the one rating tells the other; with few responses that may be chance.
    """
    tables = []
    for cycle, scores in _take_cycles(responses):
        first, second = np.triu_indices(scores.shape[1], k=1)
        counts = _cross_tabulate(scores, first, second)
        names = [RATINGS[variable] for variable in scores.columns]
        rows = {"cycle": cycle}
        for place, indices in enumerate((first, second), start=1):
            rows[f"framework_{place}"] = [names[index][0] for index in indices]
            rows[f"outcome_{place}"] = [str(names[index][1]) for index in indices]
        correlation = _correlate_by_maximum_likelihood(counts)
        tables.append(pd.DataFrame({**rows, "correlation": correlation, "n": counts.sum(axis=(1, 2))}))
    found = [table for table in tables if len(table)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=CORRELATION_COLUMNS)


def summarise_reliability(responses: pd.DataFrame) -> pd.DataFrame:
    """Measure how far a framework's ratings say the same thing.

    Of the responses that rated all k outcomes; outcomes that nobody rated, or whose ratings among those responses are
    all the same, are left out. r is the mean of the k(k − 1)/2 Pearson correlations between scores, and λ are the
    eigenvalues of their matrix, which add up to k.

    - Cronbach's alpha (1951): how reliable the mean score is, if the outcomes measure one thing; its 95% interval is
      Feldt's (Feldt, Woodruff & Salih 1987).
    - Ordinal alpha (Zumbo, Gadermann & Zeisser 2007): the same of the maturity behind the levels,
      k r / (1 + (k − 1) r) with r of the polychoric correlations. It is a property of scores that nobody has seen, and
      no substitute for the other (Chalmers 2018).

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, framework (`PCMW`, `ACD`, or `both` for all outcomes together, where the cycle asked both), outcomes
        (k), n (responses that rated all of them), cronbach_alpha, cronbach_low, cronbach_high (at most 1; below 0 where
        outcomes go against each other), ordinal_alpha, smoothed (whether the polychoric matrix had eigenvalues below 0,
        as matrices of separate estimates may, which were then clipped to 0), mean_correlation (r), first_share (largest
        λ / k). All are missing where k or n is below
        2; Cronbach's alpha also where all responses have the same sum of scores.
    """
    rows = []
    for cycle, scores in _take_cycles(responses):
        groups = {code: [v for v in scores if RATINGS[v][0] == code] for code in FRAMEWORKS}
        groups = {code: variables for code, variables in groups.items() if variables}
        if len(groups) > 1:
            groups[BOTH] = list(scores)
        rows += [(cycle, code, *_measure_reliability(scores[group])) for code, group in groups.items()]
    return pd.DataFrame(rows, columns=RELIABILITY_COLUMNS)


def order_outcomes(correlations: pd.DataFrame) -> pd.DataFrame:
    """Put outcomes that correlate next to each other, within each framework.

    Hierarchical clustering with average linkage on the distance 1 − correlation, and of the orders that its tree allows
    the one in which neighbours are nearest (Bar-Joseph, Gifford & Jaakkola 2001). Frameworks stay apart, so that a
    reader finds an outcome, and sees in the rectangle between the frameworks how one goes with the other.

    Parameters
    ----------
    correlations : DataFrame
        What `correlate_outcomes` returns.

    Returns
    -------
    DataFrame
        cycle, framework, outcome, position (1 … over all outcomes of the cycle, framework after framework), in that
        order. A missing correlation counts as 0. Of an order and its reverse, the one that begins with the
        earlier outcome is taken.
    """
    rows = []
    for cycle, of_cycle in correlations.groupby("cycle", sort=False, observed=True):
        ordered = [
            (framework, outcome) for framework in FRAMEWORKS for outcome in _order_framework(of_cycle, framework)
        ]
        rows += [(cycle, *names, position) for position, names in enumerate(ordered, start=1)]
    return pd.DataFrame(rows, columns=ORDER_COLUMNS)


def _take_cycles(responses):
    """Yield each cycle, and the scores of what it asked: responses by outcomes."""
    variables = {(framework, str(outcome)): variable for variable, (framework, outcome) in RATINGS.items()}
    asked = {}
    for cycle, *names in tabulate_ratings(responses):
        asked.setdefault(cycle, []).append(variables[tuple(names)])
    codes, cycles = encode(responses["cycle"])
    scores = spread_scores(responses)
    for place, cycle in enumerate(cycles):
        if cycle in asked:
            yield cycle, scores.loc[codes == place, asked[cycle]]


def _cross_tabulate(scores, first, second):
    """Count responses by the levels of each two outcomes: a table for each."""
    given = (scores.to_numpy()[:, :, None] == np.arange(1, len(LEVELS) + 1)).astype(int)
    return np.einsum("rpi,rpj->pij", given[:, first], given[:, second])


def _correlate_by_maximum_likelihood(counts):
    """Give the polychoric correlation of each table; missing where a margin has but one level."""
    from scipy.optimize.elementwise import find_root

    correlation = np.full(len(counts), np.nan)
    varied = np.flatnonzero((counts.any(axis=1).sum(axis=1) > 1) & (counts.any(axis=2).sum(axis=1) > 1))
    if not len(varied):
        return correlation
    counts = counts[varied]
    cuts = [_find_cuts(counts.sum(axis=axis)) for axis in (2, 1)]

    def slope(correlation, place):
        return _find_slope(correlation, counts[place], cuts[0][place][:, :, None], cuts[1][place][:, None, :])

    # The likelihood has one peak, on the side to which it rises from 0.
    places = np.arange(len(counts))
    side = np.where(slope(np.zeros(len(counts)), places) >= 0, 1.0, -1.0)
    found = find_root(slope, (np.zeros(len(counts)), side * _STRONGEST), args=(places,))
    correlation[varied] = np.where(found.success, found.x, side)
    return correlation


def _find_cuts(margin):
    """Give the cuts on a normal distribution that leave each level its share, with those at either end."""
    from scipy.special import ndtri

    below = margin.cumsum(axis=1)[:, :-1] / margin.sum(axis=1, keepdims=True)
    return np.pad(ndtri(below).clip(-_FAR, _FAR), ((0, 0), (1, 1)), constant_values=((0, 0), (-_FAR, _FAR)))


def _find_slope(correlation, counts, rows, columns):
    """Give the slope of the log-likelihood of tables at a correlation."""
    rows, columns = np.broadcast_arrays(rows, columns)
    at = correlation[:, None, None]
    likely, change = (
        np.diff(np.diff(corners, axis=1), axis=2)
        for corners in (_integrate_normal(rows, columns, at), _find_density(rows, columns, at))
    )
    slopes = (counts * change / np.maximum(likely, _NEXT_TO_NOTHING)).sum(axis=(1, 2))
    # Where a cell that occurred is next to impossible, there is no peak that far from 0.
    impossible = ((counts > 0) & (likely < _NEXT_TO_NOTHING)).any(axis=(1, 2))
    return np.where(impossible, -np.sign(correlation), slopes)


def _find_density(x, y, correlation):
    """Give the density of the standard bivariate normal distribution."""
    unexplained = 1 - correlation**2
    exponent = (x**2 + y**2 - 2 * correlation * x * y) / (2 * unexplained)
    return np.exp(-exponent) / (2 * np.pi * np.sqrt(unexplained))


def _integrate_normal(x, y, correlation):
    """Give the standard bivariate normal distribution function, as Drezner & Wesolowsky (1990) integrate it."""
    from scipy.special import ndtr

    # The library's own function takes one correlation at a time.
    angle = np.arcsin(correlation)[..., None]
    sine = np.sin(angle / 2 * (_NODES + 1))
    x, y = x[..., None], y[..., None]
    inner = np.exp(-(x**2 + y**2 - 2 * x * y * sine) / (2 * (1 - sine**2)))
    return (ndtr(x) * ndtr(y) + angle / (4 * np.pi) * (inner @ _WEIGHTS)[..., None])[..., 0]


def _measure_reliability(scores):
    # A row without a rating is no response to these outcomes, even where nobody rated any.
    rated = scores.loc[scores.notna().any(axis="columns"), scores.notna().any()]
    complete = rated.dropna()
    complete = complete.loc[:, complete.nunique() > 1]
    n, k = complete.shape
    if min(n, k) < 2:
        return k, n, *(np.nan,) * 4, False, *(np.nan,) * 2
    import pingouin

    # Sorted, so that no order of rows makes a difference to sums or permutations.
    complete = complete.sort_values(list(complete.columns), ignore_index=True)
    alpha, low, high = np.nan, np.nan, np.nan
    if complete.sum(axis="columns").nunique() > 1:
        alpha, _ = pingouin.cronbach_alpha(complete)
        low, high = _find_feldt_limits(alpha, n, k)
    pearson = np.corrcoef(complete.to_numpy(), rowvar=False)
    eigenvalues = np.linalg.eigvalsh(pearson)
    mean = _average_pairs(pearson)
    return (
        k,
        n,
        alpha,
        low,
        high,
        *_find_ordinal_alpha(complete),
        mean,
        eigenvalues[-1] / k,
    )


def _find_feldt_limits(alpha, n, k):
    # The library gives these limits rounded.
    from scipy.stats import f

    tail = (1 - CONFIDENCE) / 2
    return 1 - (1 - alpha) * f.isf([tail, 1 - tail], n - 1, (n - 1) * (k - 1))


def _find_ordinal_alpha(complete):
    """Give alpha of the polychoric correlations, and whether their matrix had to be smoothed."""
    from statsmodels.stats.correlation_tools import corr_clipped

    k = complete.shape[1]
    first, second = np.triu_indices(k, k=1)
    matrix = np.eye(k)
    matrix[first, second] = _correlate_by_maximum_likelihood(_cross_tabulate(complete, first, second))
    matrix[second, first] = matrix[first, second]
    smoothed = bool(np.linalg.eigvalsh(matrix)[0] < -_NEXT_TO_NOTHING)
    mean = _average_pairs(corr_clipped(matrix) if smoothed else matrix)
    spread = 1 + (k - 1) * mean
    return k * mean / spread if spread > _NEXT_TO_NOTHING else np.nan, smoothed


def _average_pairs(matrix):
    return float(matrix[np.triu_indices(len(matrix), k=1)].mean())


def _order_framework(correlations, framework):
    """List a framework's outcomes in their order on a heatmap."""
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    within = correlations[(correlations["framework_1"] == framework) & (correlations["framework_2"] == framework)]
    outcomes = sorted({*within["outcome_1"], *within["outcome_2"]}, key=int)
    if len(outcomes) < 2:
        sides = [correlations.loc[correlations[f"framework_{i}"] == framework, f"outcome_{i}"] for i in (1, 2)]
        return list(dict.fromkeys(pd.concat(sides)))
    distances = pd.DataFrame(0.0, index=outcomes, columns=outcomes)
    for row in within.itertuples():
        apart = 1.0 if math.isnan(row.correlation) else 1 - row.correlation
        distances.loc[row.outcome_1, row.outcome_2] = distances.loc[row.outcome_2, row.outcome_1] = apart
    tree = linkage(squareform(distances.to_numpy()), method="average", optimal_ordering=True)
    order = [outcomes[leaf] for leaf in leaves_list(tree)]
    return order if outcomes.index(order[0]) < outcomes.index(order[-1]) else order[::-1]
