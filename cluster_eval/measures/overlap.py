"""What the counts of two cycles alone make certain: how many clusters answered twice, and how many must have moved."""

import itertools

import numpy as np
import pandas as pd

from cluster_eval.measures.maturity import ALL
from cluster_eval.vocabulary import HEALTH_BOARDS, HIGHER_LEVELS, LEVELS, WALES

LEFT, ROSE, FELL = "left Pre-foundation", "rose to Developing+Mature", "fell from Developing+Mature"

OVERLAP_COLUMNS = [
    "previous_cycle",
    "cycle",
    "health_board",
    "clusters",
    "previous_responses",
    "responses",
    "both_least",
    "both_most",
    "joined_least",
    "joined_most",
    "left_least",
    "left_most",
]
CERTAIN_COLUMNS = ["previous_cycle", "cycle", "framework", "outcome", "move", "at_least"]


def summarise(responses: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Bound how many clusters answered in two neighbouring cycles, from the responses by health board alone.

    Of the N clusters of a health board n0 answered in the earlier and n1 in the later cycle, so at least
    max(0, n0 + n1 − N) and at most min(n0, n1) answered in both: the bounds of Fréchet (1940). Which clusters they are
    is not looked at, so that the bounds hold of a survey of which no more than its published counts is known.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses of any number of cycles.
    register : DataFrame
        cycle, cluster, health_board of every cluster.

    Returns
    -------
    DataFrame
        previous_cycle, cycle (each two neighbours), health_board (in the report's order, then `Wales`, the sum, where
        there are several), clusters (of either cycle's register), previous_responses, responses (clusters that answered
        in the earlier and in the later cycle), both_least, both_most (clusters that answered in both), joined_least,
        joined_most (in the later alone), left_least, left_most (in the earlier alone). Empty for a first cycle.
    """
    answered, listed = (_list_clusters(table) for table in (responses, register))
    rows = []
    for before, after in itertools.pairwise(sorted({cycle for cycle, _ in answered})):
        of_boards = []
        for board in HEALTH_BOARDS:
            earlier, later = (listed.get((cycle, board), set()) for cycle in (before, after))
            n0, n1 = (len(answered.get((cycle, board), ())) for cycle in (before, after))
            if not earlier | later:
                continue
            least = max(0, n0 + n1 - len(earlier | later))
            most = min(n0, n1, len(earlier & later))
            of_boards.append([len(earlier | later), n0, n1, least, most, n1 - most, n1 - least, n0 - most, n0 - least])
            rows.append((before, after, board, *of_boards[-1]))
        if len(of_boards) > 1:
            rows.append((before, after, WALES, *np.sum(of_boards, axis=0).tolist()))
    return pd.DataFrame(rows, columns=OVERLAP_COLUMNS)


def count(responses: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Count how many clusters answered in two neighbouring cycles, by their names in the register.

    Parameters
    ----------
    responses, register : DataFrame
        As for `summarise`.

    Returns
    -------
    DataFrame
        The columns of `summarise`; least and most are the same.
    """
    table = summarise(responses, register)
    answered = _list_clusters(responses)
    for place, row in table.iterrows():
        boards = list(HEALTH_BOARDS) if row["health_board"] == WALES else [row["health_board"]]
        both = sum(
            len(answered.get((row["previous_cycle"], board), set()) & answered.get((row["cycle"], board), set()))
            for board in boards
        )
        exact = {"both": both, "joined": row["responses"] - both, "left": row["previous_responses"] - both}
        for kind, number in exact.items():
            table.loc[place, [f"{kind}_least", f"{kind}_most"]] = number
    return table


def count_certain_moves(maturity: pd.DataFrame, overlap: pd.DataFrame) -> pd.DataFrame:
    """Count how many of the same clusters must have moved, whichever clusters answered twice.

    Of k0 clusters at Pre-foundation in the earlier cycle at most u0 did not rate the outcome in the later one, and at
    most k1 are still there; so at least k0 − k1 − u0 left it. u0 is the greatest number of clusters that rated the
    outcome in the earlier cycle alone: those that can have left the survey (`summarise`), and those that left the
    outcome blank in the later one. Likewise with h clusters at Developing or Mature, at least h1 − h0 − u1 rose to
    there, with u1 those that may have rated it in the later cycle alone, and at least h0 − h1 − u0 fell from there.

    Parameters
    ----------
    maturity : DataFrame
        What `measures.maturity.summarise` returns.
    overlap : DataFrame
        What `summarise` returns.

    Returns
    -------
    DataFrame
        previous_cycle, cycle (each two neighbours), framework, outcome (`1` … of what clusters rated in both), move
        (`left Pre-foundation`, `rose to Developing+Mature`, `fell from Developing+Mature`), at_least (clusters; 0 where
        the counts leave it open that none did).
    """
    single = maturity[(maturity["outcome"] != ALL) & (maturity["base"] > 0)].astype({"cycle": "str", "level": "str"})
    keys = ["framework", "outcome"]
    rows = []
    for (before, after), of_pair in overlap.groupby(["previous_cycle", "cycle"], sort=False):
        sums = of_pair[of_pair["health_board"] == WALES] if len(of_pair) > 1 else of_pair
        [total] = sums.to_dict("records")
        earlier, later = (
            single[single["cycle"] == cycle].pivot(index=keys, columns="level", values="n") for cycle in (before, after)
        )
        for key in single[keys].drop_duplicates().itertuples(index=False, name=None):
            if key not in earlier.index or key not in later.index:
                continue
            then, now = earlier.loc[key], later.loc[key]
            alone_then = total["left_most"] + total["responses"] - now.sum()
            alone_now = total["joined_most"] + total["previous_responses"] - then.sum()
            risen = now[[*HIGHER_LEVELS]].sum() - then[[*HIGHER_LEVELS]].sum()
            moves = {
                LEFT: then[LEVELS[0]] - now[LEVELS[0]] - alone_then,
                ROSE: risen - alone_now,
                FELL: -risen - alone_then,
            }
            rows += [(before, after, *key, move, max(0, int(number))) for move, number in moves.items()]
    return pd.DataFrame(rows, columns=CERTAIN_COLUMNS)


def _list_clusters(table):
    """List the different clusters of each cycle and health board."""
    rows = table[["cycle", "health_board", "cluster"]].astype("str").drop_duplicates()
    return {key: set(of_key) for key, of_key in rows.groupby(["cycle", "health_board"])["cluster"]}
