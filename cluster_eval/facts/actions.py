"""What a report says of opportunities for action, as values."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from cluster_eval.values import Number


@dataclass(frozen=True)
class Progress:
    """How the opportunities for action of a cycle stand.

    Attributes
    ----------
    opportunities : Number
        How many they are.
    done, under_way, late : int
        Those that are recorded as done, as under way, and those not recorded as done whose date had passed.
    found : str or None
        `late` or `on-time` where some are under way, `done` where all are done; None where too little is recorded.
    """

    opportunities: Number
    done: int
    under_way: int
    late: int

    @property
    def found(self) -> str | None:
        """Which sentence tells it."""
        if not self.done + self.under_way:
            return None
        if self.done == self.opportunities.n:
            return "done"
        return "late" if self.late else "on-time"


def describe_progress(actions: pd.DataFrame, on: date) -> Progress:
    """Describe how opportunities for action stand.

    Parameters
    ----------
    actions : DataFrame
        Those of one cycle, as `sources.reference.read_actions` gives them.
    on : date
        The day against which due dates are held.

    Returns
    -------
    Progress
        The facts.
    """
    is_done = actions["status"] == "done"
    is_past = actions["due"].map(lambda due: due is not None and due <= on).astype(bool)
    return Progress(
        Number(len(actions), "opportunity"),
        int(is_done.sum()),
        int((actions["status"] == "under way").sum()),
        int((is_past & ~is_done).sum()),
    )


@dataclass(frozen=True)
class Action:
    """An opportunity for action.

    Attributes
    ----------
    action : str
        What is to be done.
    lead : str
        Who leads it, abbreviated, such as `SPPC / HB`.
    timescale : str
        By when, as it is recorded.
    """

    action: str
    lead: str
    timescale: str


def describe_actions(actions: pd.DataFrame) -> dict[str, Action]:
    """Describe the opportunities for action of a cycle.

    Parameters
    ----------
    actions : DataFrame
        `actions` of an open report, of one cycle.

    Returns
    -------
    dict of str to Action
        Each by its number in the table of them, from `1`.
    """
    rows = zip(actions["action"], actions["lead"], actions["timescale"], strict=True)
    return {str(number): Action(*row) for number, row in enumerate(rows, start=1)}
