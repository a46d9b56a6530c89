"""A cycle, opened: everything that a notebook needs, from one call."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from cluster_eval.cycle import Params, find_root, load_params
from cluster_eval.exhibits import Exhibits
from cluster_eval.problems import InputError, Problem, collect
from cluster_eval.survey import Survey, read_survey


@dataclass(frozen=True)
class Report:
    """A cycle's data beside those of its previous cycle, where there is one.

    Attributes
    ----------
    root : Path
        The repository's root.
    params : Params
        The cycle's params.
    previous_params : Params or None
        The previous cycle's.
    surveys : tuple of Survey
        The previous cycle's, where there is one, and the cycle's own.
    """

    root: Path
    params: Params
    previous_params: Params | None
    surveys: tuple[Survey, ...]

    @property
    def cycle(self) -> str:
        """The cycle."""
        return self.params.cycle

    @property
    def previous(self) -> str | None:
        """The previous cycle; None for a first cycle."""
        return self.params.previous

    @property
    def cycles(self) -> list[str]:
        """The previous cycle, where there is one, and the cycle."""
        return [cycle for cycle in (self.previous, self.cycle) if cycle is not None]

    @cached_property
    def responses(self) -> pd.DataFrame:
        """Tidy responses of all cycles (columns: see `Survey`)."""
        return pd.concat([survey.responses for survey in self.surveys], ignore_index=True)

    @cached_property
    def register(self) -> pd.DataFrame:
        """The register of each cycle: cycle, cluster, health_board, deprivation_fifth."""
        return pd.concat([survey.register for survey in self.surveys], ignore_index=True)

    @cached_property
    def quality(self) -> pd.DataFrame:
        """What reading the exports ignored, set aside, replaced or flagged."""
        return pd.concat([survey.quality for survey in self.surveys], ignore_index=True)

    @property
    def outcomes(self) -> pd.DataFrame:
        """Framework, outcome and title of each outcome."""
        return self.surveys[-1].outcomes

    @cached_property
    def coding(self) -> pd.DataFrame | None:
        """Thematic coding of all cycles that have one; None where none has."""
        return _concatenate(survey.coding for survey in self.surveys)

    @cached_property
    def actions(self) -> pd.DataFrame | None:
        """Opportunities for action of all cycles that have them; None where none has."""
        return _concatenate(survey.actions for survey in self.surveys)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The survey's variables that the cycle asked."""
        return frozenset(self.surveys[-1].responses["variable"].unique())

    @cached_property
    def exhibits(self) -> Exhibits:
        """Makes the cycle's exhibits."""
        return Exhibits(self)


def open_cycle(cycle: str, root: Path | None = None) -> Report:
    """Open a cycle: read its params, its survey, and those of its previous cycle.

    Parameters
    ----------
    cycle : str
        Such as `2024-25`.
    root : Path, optional
        The repository's root; found upwards from the current folder where left out.

    Returns
    -------
    Report
        The cycle's data.

    Raises
    ------
    InputError
        With every problem of the params and of both cycles' files.
    """
    root = find_root(root)
    params = load_params(root, cycle)
    problems: list[Problem] = []
    previous = collect(problems, load_params, root, params.previous) if params.previous else None
    surveys = [collect(problems, read_survey, root, each) for each in (previous, params) if each is not None]
    if problems:
        raise InputError(problems)
    return Report(root, params, previous, tuple(surveys))


def _concatenate(tables):
    tables = [table for table in tables if table is not None]
    return pd.concat(tables, ignore_index=True) if tables else None
