"""What a report says of who responded, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.measures.change import compare
from cluster_eval.values import Count, Direction, NamedChange, NamedCount, Points, find_direction
from cluster_eval.vocabulary import WALES


@dataclass(frozen=True)
class Participation:
    """Who responded in a cycle. What only a comparison with the previous cycle tells is None in a first cycle.

    Attributes
    ----------
    clusters, responses : int
        Clusters of the register, and those that responded.
    responded : Count
        The same as one value.
    full, silent : tuple of str
        Health boards of which every cluster responded, and of which none did.
    partial : tuple of NamedCount
        Health boards of which some clusters responded, with how many.
    previous_responded : Count or None
        Those that responded in the previous cycle.
    direction : Direction or None
        Which way the response rate went.
    points : Points or None
        By how much.
    fell : tuple of NamedChange or None
        Health boards whose response rate fell, with the clusters that responded before and now.
    """

    clusters: int
    responses: int
    responded: Count
    full: tuple[str, ...]
    partial: tuple[NamedCount, ...]
    silent: tuple[str, ...]
    previous_responded: Count | None = None
    direction: Direction | None = None
    points: Points | None = None
    fell: tuple[NamedChange, ...] | None = None

    @property
    def missing(self) -> int:
        """How many clusters did not respond."""
        return self.clusters - self.responses


def describe_participation(participation: pd.DataFrame) -> Participation:
    """Describe who responded.

    Parameters
    ----------
    participation : DataFrame
        What `measures.participation.summarise` returns.

    Returns
    -------
    Participation
        The facts.
    """
    cycles = list(participation["cycle"].unique())
    current, previous = (_count_responses(participation, cycle) for cycle in (cycles[-1], cycles[-2:][0]))
    # Of one health board alone, its own row is the total.
    total = WALES if WALES in current else next(iter(current))
    boards = {board: count for board, count in current.items() if board != total}
    compared = {}
    if len(cycles) > 1:
        changes = compare(participation, ["health_board"], "rate").set_index("health_board")["change"]
        fell = [board for board in boards if changes.get(board, 0) < 0]
        compared = {
            "previous_responded": previous[total],
            "direction": find_direction(changes[total]),
            "points": Points(changes[total]),
            "fell": tuple(NamedChange(board, previous[board].n, boards[board]) for board in fell),
        }
    return Participation(
        clusters=current[total].base,
        responses=current[total].n,
        responded=current[total],
        full=tuple(board for board, count in boards.items() if count.n == count.base),
        partial=tuple(NamedCount(board, count) for board, count in boards.items() if 0 < count.n < count.base),
        silent=tuple(board for board, count in boards.items() if count.n == 0),
        **compared,
    )


def _count_responses(participation, cycle):
    rows = participation[participation["cycle"] == cycle]
    return {row.health_board: Count(int(row.responses), int(row.clusters)) for row in rows.itertuples()}
