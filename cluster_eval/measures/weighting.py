"""Shares at a fixed mix of health boards: weighted to the register, and their change."""

import itertools
from collections.abc import Callable, Collection

import pandas as pd

from cluster_eval.vocabulary import NEIGHBOURS

BOARDS_COLUMNS = ["cycle", "health_board", "joined_to"]


def add_weighted(
    table: pd.DataFrame,
    summarise: Callable[[pd.DataFrame], pd.DataFrame],
    category: str,
    responses: pd.DataFrame,
    register: pd.DataFrame,
) -> pd.DataFrame:
    """Add to each share the share weighted to the register by health board.

    ∑ N_h / N · share_h over health boards h, with N_h of the register's N clusters (poststratification, Cochran 1977,
    section 5A.9). A health board of which nobody answered the question is joined to its neighbour
    (`vocabulary.NEIGHBOURS`), and where nobody there did either, to that one's.

    Parameters
    ----------
    table : DataFrame
        cycle, further keys, `category`, n, base, share.
    summarise : callable
        Makes such a table of tidy responses; `category` may hold fewer rows than in the table.
    category : str
        The column of the answers.
    responses : DataFrame
        Tidy responses.
    register : DataFrame
        cycle, cluster, health_board of every cluster.

    Returns
    -------
    DataFrame
        The table's columns, then weighted (a fraction; missing where nobody answered, and where a health board without
        an answer has no neighbour with one).
    """
    keys = list(table.columns[: table.columns.get_loc(category)])
    shares = _list_shares(summarise, [*keys, category], responses)
    sizes = _count_clusters(register)
    weighted = []
    for key, of_key in table.groupby(keys, sort=False, observed=True):
        of_boards = shares.get(key, {})
        cells = join_boards(sizes[str(key[0])], of_boards)
        for place, answer in of_key[category].items():
            weighted.append((place, _average(cells, of_boards, str(answer))))
    return table.assign(weighted=pd.Series(dict(weighted), dtype=float).reindex(table.index))


def compare_at_fixed_mix(
    table: pd.DataFrame,
    summarise: Callable[[pd.DataFrame], pd.DataFrame],
    category: str,
    responses: pd.DataFrame,
    register: pd.DataFrame,
) -> pd.DataFrame:
    """Compare each share with that of the cycle before, as counted and at one mix of health boards for both.

    At a fixed mix the shares of both cycles are averages over the same health boards, or pairs of neighbours, with the
    weights of the later cycle's register: a change of totals that comes from other boards having answered is not in it
    (direct standardisation).

    Parameters
    ----------
    table, summarise, category, responses, register
        As for `add_weighted`.

    Returns
    -------
    DataFrame
        previous_cycle, cycle (each two neighbours), the further keys, `category`, previous, current, change (shares as
        counted), previous_fixed, current_fixed, change_fixed (at the fixed mix; missing as in `add_weighted`). Rows
        that one of the cycles lacks are left out.
    """
    keys = list(table.columns[1 : table.columns.get_loc(category)])
    shares = _list_shares(summarise, ["cycle", *keys, category], responses)
    sizes = _count_clusters(register)
    cycles = sorted(table["cycle"].astype("str").unique())
    by_key = table.astype({"cycle": "str", category: "str"}).set_index(["cycle", *keys, category])["share"].dropna()
    rows = []
    for before, after in itertools.pairwise(cycles):
        for key in table[[*keys, category]].astype({category: "str"}).drop_duplicates().itertuples(index=False):
            *group, answer = key
            if (before, *key) not in by_key.index or (after, *key) not in by_key.index:
                continue
            of_cycles = [shares.get((cycle, *group), {}) for cycle in (before, after)]
            answered = {board for board in of_cycles[0] if board in of_cycles[1]}
            cells = join_boards(sizes[after], answered)
            counted = [by_key[cycle, *key] for cycle in (before, after)]
            fixed = [_average(cells, of_boards, answer) for of_boards in of_cycles]
            rows.append((before, after, *key, *counted, counted[1] - counted[0], *fixed, fixed[1] - fixed[0]))
    numbers = ["previous", "current", "change", "previous_fixed", "current_fixed", "change_fixed"]
    return pd.DataFrame(rows, columns=["previous_cycle", "cycle", *keys, category, *numbers])


def join_boards(sizes: dict[str, int], answered: Collection[str]) -> list[tuple[int, list[str]]] | None:
    """Join each health board that did not answer to its neighbour.

    Parameters
    ----------
    sizes : dict of str to int
        Clusters of each health board of the register.
    answered : collection of str
        Those of which any cluster answered.

    Returns
    -------
    list of (int, list of str) or None
        For each health board that answered, the clusters of it and of those joined to it, and their names, its own
        first; None where one that did not answer has no neighbour that did.
    """
    cells = {board: [board] for board in sizes if board in answered}
    for board in sizes:
        goal, seen = board, {board}
        while goal not in cells:
            goal = NEIGHBOURS.get(goal)
            if goal is None or goal in seen:
                return None
            seen.add(goal)
        if goal != board:
            cells[goal].append(board)
    return [(sum(sizes[board] for board in boards), boards) for boards in cells.values()]


def list_joined(responses: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """List the health boards without a response, and those to which weighting joins them.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    register : DataFrame
        cycle, cluster, health_board of every cluster.

    Returns
    -------
    DataFrame
        cycle, health_board, joined_to.
    """
    rows = []
    for cycle, sizes in _count_clusters(register).items():
        answered = set(responses.loc[responses["cycle"] == cycle, "health_board"].astype("str"))
        for _, (first, *others) in join_boards(sizes, answered) or ():
            rows += [(cycle, board, first) for board in others]
    return pd.DataFrame(rows, columns=BOARDS_COLUMNS)


def _count_clusters(register):
    rows = register.astype({"cycle": "str", "health_board": "str"}).drop_duplicates(["cycle", "cluster"])
    return {cycle: of_cycle["health_board"].value_counts().to_dict() for cycle, of_cycle in rows.groupby("cycle")}


def _list_shares(summarise, keys, responses):
    """Give for each group of a table the shares of each health board that answered: answer to share."""
    shares: dict[tuple, dict[str, dict[str, float]]] = {}
    *groups, category = keys
    for board, of_board in responses.groupby(responses["health_board"].astype("str")):
        table = summarise(of_board)
        for key, of_key in table[table["base"] > 0].groupby(groups, sort=False, observed=True):
            answers = dict(zip(of_key[category].astype("str"), of_key["share"], strict=True))
            shares.setdefault(tuple(map(str, key)), {})[board] = answers
    return shares


def _average(cells, shares, answer):
    """Average an answer's shares; one that nobody of a health board gave has none."""
    if not cells or not shares:
        return float("nan")
    total = sum(size for size, _ in cells)
    return sum(size / total * shares[boards[0]].get(answer, 0.0) for size, boards in cells)
