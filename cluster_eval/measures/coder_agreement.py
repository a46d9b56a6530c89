"""How far the coders of the comments agree."""

import numpy as np
import pandas as pd

from cluster_eval.measures.counting import encode
from cluster_eval.measures.themes import EXCERPT
from cluster_eval.values import SMALLEST_BASE

ALL = "all"
"""Stands where a theme or a sub-theme would, for all of them together."""

RELIABLE = 0.800
TENTATIVE = 0.667
"""From these values of alpha on, Krippendorff (2004) lets one rely on the codes, and draw tentative conclusions."""

CONFIDENCE = 0.95
RESAMPLES = 20_000
SEED = 20250430

COLUMNS = [
    "cycle",
    "level",
    "theme",
    "subtheme",
    "coders",
    "units",
    "given",
    "agreement",
    "alpha",
    "alpha_low",
    "alpha_high",
    "reading",
]


def summarise(coding: pd.DataFrame, seed: int = SEED) -> pd.DataFrame:
    """Measure how far the coders agree, on each theme and sub-theme and on all together.

    Krippendorff's alpha for nominal data (Krippendorff 2004, 2011), 1 − observed / expected disagreement: 1 where
    coders always agree, 0 where they agree as often as codes dealt out by chance would. A unit is an excerpt. For one
    theme or sub-theme, a coder's value is whether they gave it to the excerpt; for all together, which they gave, where
    several given to one excerpt are one value of their own. A coder who gave an excerpt no code, but coded another
    excerpt of the same comment, has read it and not given the code; one who coded nothing of the comment has no value.
    Excerpts that fewer than two coders have read are no units.

    The interval is that between percentiles of alpha in resamples (as Hayes & Krippendorff 2007 advise), here of units
    (Zapf, Castell, Morawietz & Karch 2016). Excerpts of one comment are treated as independent, and text that no coder
    took for an excerpt is not seen; the first makes agreement look surer, the second better than it is.

    Parameters
    ----------
    coding : DataFrame
        Thematic coding, one row per code given: cycle, response_id, question, theme, subtheme, coder, excerpt.
    seed : int
        Of the resamples.

    Returns
    -------
    DataFrame
        cycle, level (`theme` or `subtheme`), theme, subtheme (in the order in which they first occur; both are `all` in
        the first row of either level, and subtheme is `all` throughout the level of themes), coders (who have a value
        in any unit), units, given (units to which at least one coder gave the code; for `all`, all units), agreement
        (share of pairs of values within units that are equal, a unit counting as often as it has values), alpha,
        alpha_low, alpha_high (95% interval), reading (`reliable` where the interval's lower limit is 0.800 or more,
        `tentative` from 0.667, `unreliable` below; of coders who never disagreed `reliable` from 30 units, `tentative`
        below). Agreement is missing where there are no units; alpha and what follows from it also where all values are
        the same, so that nothing could have been disagreed about; the interval alone where coders never disagree, since
        resampling cannot show what was not seen.
    """
    cycles, themes, subthemes = (list(map(str, encode(coding[column])[1])) for column in ("cycle", "theme", "subtheme"))
    coding = coding.astype("str")
    rows = []
    for cycle in cycles:
        of_cycle = coding[coding["cycle"] == cycle]
        if of_cycle.empty:
            continue
        read, placed = _find_readers(of_cycle)
        weights = _draw_weights(len(read), seed)
        names = [name for theme in themes for name in _list_subthemes(of_cycle, theme, subthemes)]
        of_themes = list(dict.fromkeys((theme, ALL) for theme, _ in names))
        for level, of_level in (("theme", of_themes), ("subtheme", names)):
            given = np.stack([_place_codes(of_cycle, placed, read.shape, *name) for name in of_level], axis=-1)
            # What a coder gave an excerpt, all together, as one number.
            together = np.unique(given.reshape(-1, len(of_level)), axis=0, return_inverse=True)[1].reshape(read.shape)
            rows.append((cycle, level, ALL, ALL, *_measure(together, read, len(read), weights)))
            for name, of_code in zip(of_level, np.moveaxis(given, -1, 0), strict=True):
                number = int((of_code & read).any(axis=1).sum())
                rows.append((cycle, level, *name, *_measure(of_code.astype(int), read, number, weights)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _find_readers(coding):
    """Tell for each unit who has read it (units by coders); and for each row of the coding its unit and coder.

    Rows of excerpts that are no units have the unit −1.
    """
    comments = coding.groupby(EXCERPT[:2], sort=True).ngroup().to_numpy()
    excerpts = coding.groupby(EXCERPT, sort=True).ngroup().to_numpy()
    coders = coding.groupby("coder", sort=True).ngroup().to_numpy()
    of_comments = np.zeros((comments.max() + 1, coders.max() + 1), dtype=bool)
    of_comments[comments, coders] = True
    read = of_comments[comments[np.unique(excerpts, return_index=True)[1]]]
    pairable = read.sum(axis=1) > 1
    units = np.where(pairable, pairable.cumsum() - 1, -1)[excerpts]
    return read[pairable], (units, coders)


def _list_subthemes(coding, theme, subthemes):
    found = set(coding.loc[coding["theme"] == theme, "subtheme"])
    return [(theme, subtheme) for subtheme in subthemes if subtheme in found]


def _place_codes(coding, placed, shape, theme, subtheme):
    """Tell for each unit which coders gave it a theme, or one of its sub-themes."""
    chosen = (coding["theme"] == theme).to_numpy()
    if subtheme != ALL:
        chosen = chosen & (coding["subtheme"] == subtheme).to_numpy()
    units, coders = (each[chosen & (placed[0] >= 0)] for each in placed)
    given = np.zeros(shape, dtype=bool)
    given[units, coders] = True
    return given


def _draw_weights(units, seed):
    """Draw how often each unit is in each resample."""
    if not units:
        return np.zeros((RESAMPLES, 0))
    return np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=RESAMPLES).astype(float)


def _measure(values, read, given, weights):
    # How many coders gave each unit (rows) each value (columns).
    counts = ((values[:, :, None] == np.arange(values.max(initial=0) + 1)) & read[:, :, None]).sum(axis=1)
    coders, units = int(read.any(axis=0).sum()), len(read)
    if not units:
        return (coders, units, given, *(np.nan,) * 4, None)
    of_unit = counts.sum(axis=1)
    disagreement = (of_unit**2 - (counts**2).sum(axis=1)) / (of_unit - 1)
    agreement = 1 - disagreement.sum() / of_unit.sum()
    if np.count_nonzero(counts.any(axis=0)) < 2:
        return (coders, units, given, agreement, *(np.nan,) * 3, None)
    # The library, and what it brings, is needed for nothing else.
    import krippendorff

    alpha = float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
    limits = (np.nan, np.nan)
    if disagreement.any():
        limits = _resample(counts, of_unit, disagreement, weights)
    return (coders, units, given, agreement, alpha, *limits, _read(limits[0], alpha, units))


def _resample(counts, of_unit, disagreement, weights):
    """Give the percentile interval of alpha; resamples in which all values are the same tell nothing."""
    n, observed = weights @ of_unit, weights @ disagreement
    unequal = n**2 - ((weights @ counts) ** 2).sum(axis=1)
    told = unequal > 0
    alphas = 1 - (n[told] - 1) * observed[told] / unequal[told]
    tail = (1 - CONFIDENCE) / 2
    return np.quantile(alphas, [tail, 1 - tail])


def _read(low, alpha, units):
    """Read alpha by its lower limit; of coders who never disagreed, by whether there was enough to disagree about."""
    surely = low if low == low else alpha if units >= SMALLEST_BASE else TENTATIVE
    if surely >= RELIABLE:
        return "reliable"
    return "tentative" if surely >= TENTATIVE else "unreliable"
