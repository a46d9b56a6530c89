"""How many of the register's clusters responded."""

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
        cycle, health_board (in the report's order, then `Wales`), clusters, responses, rate (responses /
        clusters, a fraction).
    """
    boards = [board for board in HEALTH_BOARDS if board in set(register["health_board"].unique())]
    cycles = list(register["cycle"].unique())
    counted = [_count_clusters(table, cycles, boards) for table in (register, responses)]
    rows = [
        (cycle, board, *(int(n) for n in numbers))
        for cycle, *of_cycle in zip(cycles, *counted, strict=True)
        for board, *numbers in zip((*boards, WALES), *([*n, n.sum()] for n in of_cycle), strict=True)
    ]
    table = pd.DataFrame(rows, columns=["cycle", "health_board", "clusters", "responses"])
    return table.assign(rate=table["responses"].div(table["clusters"]).where(table["clusters"] > 0))


def _count_clusters(table, cycles, boards):
    """Count different clusters by cycle (rows) and health board (columns)."""
    clusters, names = encode(table["cluster"])
    # Unless they are ordered, two kinds with the same categories are the same, whatever the categories' codes.
    of_cycle = table["cycle"].astype(pd.CategoricalDtype(cycles, ordered=True)).array.codes
    of_board = table["health_board"].astype(pd.CategoricalDtype(boards, ordered=True)).array.codes
    # One place for each cluster that a health board could have in a cycle; the last row and column are of others.
    seen = np.zeros((len(cycles) + 1, len(boards) + 1, len(names)), dtype=bool)
    seen[of_cycle, of_board, clusters] = True
    return seen[:-1, :-1].sum(axis=2)
