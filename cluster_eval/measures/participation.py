"""How many of the register's clusters responded."""

import math

import numpy as np
import pandas as pd

from cluster_eval.measures.counting import encode
from cluster_eval.vocabulary import HEALTH_BOARDS, WALES


def summarise(responses: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Count clusters and responses by health board.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    register : DataFrame
        cycle, cluster, health_board of every cluster.

    Returns
    -------
    DataFrame
        cycle, health_board (in the report's order, then `Wales` where there are several), clusters, responses,
        rate (responses / clusters, a fraction).
    """
    boards = [board for board in HEALTH_BOARDS if (register["health_board"] == board).any()]
    cycles = [cycle for cycle in encode(register["cycle"])[1] if (register["cycle"] == cycle).any()]
    clusters, responded = (_count_clusters(table, cycles, boards) for table in (register, responses))
    rows = []
    for place, cycle in enumerate(cycles):
        rows += [(cycle, *row) for row in zip(boards, clusters[place], responded[place], strict=True)]
        # One health board alone is its own total.
        if len(boards) > 1:
            rows.append((cycle, WALES, sum(clusters[place]), sum(responded[place])))
    table = pd.DataFrame(rows, columns=["cycle", "health_board", "clusters", "responses"])
    return table.assign(rate=table["responses"].div(table["clusters"]).where(table["clusters"] > 0))


def _count_clusters(table, cycles, boards):
    """Count different clusters by cycle (rows) and health board (columns)."""
    clusters, names = encode(table["cluster"])
    # Unless they are ordered, two kinds with the same categories are the same, whatever the categories' codes.
    of_cycle = table["cycle"].astype(pd.CategoricalDtype(cycles, ordered=True)).array.codes
    of_board = table["health_board"].astype(pd.CategoricalDtype(boards, ordered=True)).array.codes
    # One place for each cluster that a health board could have in a cycle; the first of either are for all others.
    shape = (len(cycles) + 1, len(boards) + 1, len(names))
    places = (of_cycle + np.int64(1)) * shape[1]
    places += of_board + np.int64(1)
    places *= shape[2]
    places += clusters
    seen = np.zeros(math.prod(shape), dtype=bool)
    seen[places] = True
    return [[np.count_nonzero(of_board) for of_board in of_cycle[1:]] for of_cycle in seen.reshape(shape)[1:]]
