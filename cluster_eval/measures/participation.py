"""How many of the register's clusters responded."""

import pandas as pd

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
    clusters = register.groupby(["cycle", "health_board"], sort=False)["cluster"].nunique()
    responded = responses.groupby(["cycle", "health_board"], sort=False)["cluster"].nunique()
    boards = [board for board in HEALTH_BOARDS if board in set(register["health_board"])]
    every = pd.MultiIndex.from_product([register["cycle"].unique(), boards], names=["cycle", "health_board"])
    table = pd.DataFrame({"clusters": clusters, "responses": responded}).reindex(every).fillna(0).astype(int)
    wales = table.groupby("cycle", sort=False).sum()
    wales.index = pd.MultiIndex.from_product([wales.index, [WALES]], names=["cycle", "health_board"])
    table = pd.concat([pd.concat([table.loc[[cycle]], wales.loc[[cycle]]]) for cycle in wales.index.levels[0]])
    return table.assign(rate=table["responses"].div(table["clusters"]).where(table["clusters"] > 0)).reset_index()
