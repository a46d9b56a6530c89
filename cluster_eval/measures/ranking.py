"""Which outcome is first, how likely it stays so once the silent clusters have answered, and what is certain."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cluster_eval.measures.maturity import ALL, spread_scores, sum_higher
from cluster_eval.measures.uncertainty import count_population, look_up_population
from cluster_eval.vocabulary import FRAMEWORKS, HIGHER, HIGHER_LEVELS, LEVELS, RATINGS, SCORES

HIGHEST, LOWEST = "highest", "lowest"
RANKED = {HIGHER: HIGHER_LEVELS, LEVELS[-1]: LEVELS[-1:], LEVELS[0]: LEVELS[:1]}
"""The levels by whose share the report ranks outcomes."""

ABOVE, BELOW, OPEN = "at least half", "below half", "open"
CONFIDENCE = 0.95
DRAWS = 100_000
"""So many that a chance of one half has a Monte Carlo error of 0.16 points, and is written in whole per cent."""

SEED = 2025
COLUMNS = [
    "cycle",
    "framework",
    "level",
    "outcome",
    "n",
    "base",
    "share",
    "place",
    "place_low",
    "place_high",
    "chance_highest",
    "chance_lowest",
]
CERTAIN_COLUMNS = ["cycle", "framework", "outcome", "n", "base", "population", "lowest", "highest", "stands"]


def summarise(responses: pd.DataFrame, register: pd.DataFrame, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Rank a framework's outcomes by their share at a level, and say how likely each keeps its place.

    The clusters that did not respond are drawn from those that did, whole clusters with all their ratings, with
    replacement, and the shares are ranked anew with them, many times (a finite-population bootstrap of the register,
    Booth, Butler & Hall 1994, in its simplest form; ranks by bootstrap as in Goldstein & Spiegelhalter 1996). That
    supposes that it is chance who responded.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    register : DataFrame
        cycle, cluster of every cluster.
    draws : int
        How many registers are drawn.
    seed : int
        Of the draws; those of each cycle start from it anew.

    Returns
    -------
    DataFrame
        cycle, framework, level (`Developing+Mature`, `Mature`, `Pre-foundation`), outcome (of those that clusters
        rated, the highest share first), n, base, share (n / base), place (1 for the highest share; outcomes that tie
        share the best of their places), place_low, place_high (between which it lies in 95 of 100 drawn registers),
        chance_highest, chance_lowest (how often no other outcome's share is higher, or lower; fractions, and where
        several are tied each counts). All clusters having responded, places are certain and chances 0 or 1.

    Raises
    ------
    ValueError
        If a cycle has no register, or one of fewer clusters than responded.
    """
    population = count_population(register)
    scores, rows = spread_scores(responses), []
    cycles = responses["cycle"].astype("str").to_numpy()
    for cycle in sorted(set(cycles)) if len(scores.columns) else ():
        [clusters] = look_up_population(pd.Series([cycle]), population)
        of_cycle = scores[cycles == cycle].to_numpy()
        silent = clusters - len(of_cycle)
        if silent < 0:
            raise ValueError(f"{len(of_cycle)} clusters responded, of {clusters} in the register")
        # In an order that depends on nothing but the values, so that no order of responses makes a difference.
        of_cycle = of_cycle[np.lexsort(of_cycle.T)]
        rated = ~np.isnan(of_cycle)
        drawn = np.random.default_rng(seed).integers(len(of_cycle), size=(draws if silent else 1, silent))
        bases = rated.sum(axis=0) + _add_drawn(rated, drawn)
        for level, levels in RANKED.items():
            given = np.isin(of_cycle, [SCORES[each] for each in levels])
            totals = given.sum(axis=0) + _add_drawn(given, drawn)
            for framework in FRAMEWORKS:
                places = [
                    place
                    for place, variable in enumerate(scores.columns)
                    if RATINGS[variable][0] == framework and rated[:, place].any()
                ]
                if places:
                    n, base = given[:, places].sum(axis=0), rated[:, places].sum(axis=0)
                    outcomes = [str(RATINGS[scores.columns[place]][1]) for place in places]
                    ranked = _rank(n, base, totals[:, places] / bases[:, places])
                    table = sorted(zip(outcomes, *ranked, strict=True), key=lambda row: -row[3])
                    rows += [(cycle, framework, level, *row) for row in table]
    return pd.DataFrame(rows, columns=COLUMNS)


def find_certain(maturity: pd.DataFrame, population: Mapping[str, int]) -> pd.DataFrame:
    """Find where each outcome stands whatever the clusters that did not answer would have said.

    Parameters
    ----------
    maturity : DataFrame
        What `measures.maturity.summarise` returns.
    population : mapping of str to int
        Each cycle to the clusters of its register, N, as of `uncertainty.count_population`.

    Returns
    -------
    DataFrame
        cycle, framework, outcome, n (clusters at Developing or Mature), base, population (N), lowest (n / N), highest
        ((n + N − base) / N), stands (`at least half` of all clusters are at Developing or Mature, `below half`, or
        `open`, where those that did not answer decide).
    """
    table = sum_higher(maturity[maturity["outcome"] != ALL])
    clusters = look_up_population(table["cycle"], population)
    least, most = table["n"], table["n"] + clusters - table["base"]
    stands = np.select([2 * least >= clusters, 2 * most < clusters], [ABOVE, BELOW], OPEN)
    table = table.assign(population=clusters, lowest=least / clusters, highest=most / clusters, stands=stands)
    return table[CERTAIN_COLUMNS]


def _add_drawn(table, drawn):
    """Add up the rows that each draw has of a table of responses by outcomes."""
    total = np.zeros((len(drawn), table.shape[1]), dtype=np.int32)
    for column in drawn.T:
        total += table[column]
    return total


def _rank(n, base, shares):
    """Give n, base, share, place, its range, and the chances of being highest and lowest, of each outcome."""
    found = (n / base)[None]
    # Shares of whole numbers that are equal may differ in their last digit.
    shares = np.round(shares, 12)
    best = 1 + (shares[:, None, :] > shares[:, :, None]).sum(axis=2, dtype=np.int16)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(best, [tail, 1 - tail], axis=0, method="inverted_cdf").astype(int)
    return (
        n.tolist(),
        base.tolist(),
        found[0].tolist(),
        (1 + (np.round(found[:, None, :], 12) > np.round(found[:, :, None], 12)).sum(axis=2))[0].tolist(),
        low.tolist(),
        high.tolist(),
        (shares == shares.max(axis=1, keepdims=True)).mean(axis=0).tolist(),
        (shares == shares.min(axis=1, keepdims=True)).mean(axis=0).tolist(),
    )
