"""A cycle, opened: everything that a notebook needs, from one call."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from cluster_eval.config import Params, load_params
from cluster_eval.problems import InputError, Problem, collect
from cluster_eval.repository import find_root
from cluster_eval.sources.folding import fold_heading
from cluster_eval.sources.spreadsheet import Noticed
from cluster_eval.sources.survey import Survey, categorise, join_responses
from cluster_eval.vocabulary import COMMENTS, FRAMEWORKS, RATINGS
from cluster_eval.words.noticed import REWORDED
from cluster_eval.words.said import say_in_english


@dataclass(frozen=True)
class Report:
    """A cycle's data beside those of its previous cycle, where there is one.

    A file is read once, when something is first asked for that it holds: a notebook depends on those files alone
    that it opens.

    Attributes
    ----------
    root : Path
        The repository's root.
    params : Params
        The cycle's params.
    previous_params : Params or None
        The previous cycle's.
    """

    root: Path
    params: Params
    previous_params: Params | None

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
        """Tidy responses of all cycles, a row per response; see `cluster_eval.sources.survey.join_responses`."""
        return join_responses([survey.responses for survey in self._surveys])

    @cached_property
    def register(self) -> pd.DataFrame:
        """The register of each cycle: cycle, cluster, health_board, deprivation_fifth."""
        register = pd.concat([survey.register for survey in self._surveys], ignore_index=True)
        return categorise(register, ["cycle", "cluster", "health_board"])

    @cached_property
    def noticed(self) -> pd.DataFrame:
        """What reading ignored, set aside, replaced or flagged; `found` is quoted for who validates the data alone."""
        by_cycle = dict(zip(self.cycles, (survey.noticed for survey in self._surveys), strict=True))
        rows = [(cycle, *each) for cycle, noticed in by_cycle.items() for each in noticed]
        for variable, (before, now) in self.reworded.items():
            about = {"variable": variable, "before": before, "now": now}
            detail = say_in_english(REWORDED, previous=self.previous, cycle=self.cycle, **about)
            rows.append((self.cycle, "question reworded", None, detail, "compared; exhibits say so", ""))
        table = pd.DataFrame(rows, columns=["cycle", *Noticed._fields]).astype({"row": "Int64"})
        # As objects, details keep the messages that they were made of.
        return table.assign(detail=pd.Series([row[3] for row in rows], table.index, dtype=object))

    @property
    def quality(self) -> pd.DataFrame:
        """What was noticed, as it is published: cycle, check, row, detail, action."""
        return self.noticed.drop(columns="found")

    @property
    def wordings(self) -> dict[str, str]:
        """Each survey variable that the cycle asked, and its question as respondents read it."""
        return self._surveys[-1].wordings

    @cached_property
    def reworded(self) -> dict[str, tuple[str, str]]:
        """Each survey variable whose question was worded otherwise in the previous cycle, with both wordings."""
        before, now = self._surveys[0].wordings, self.wordings
        return {
            variable: (before[variable], wording)
            for variable, wording in now.items()
            if variable in before and fold_heading(before[variable]) != fold_heading(wording)
        }

    @property
    def outcomes(self) -> pd.DataFrame:
        """Framework, outcome and title of each outcome."""
        return self._surveys[-1].outcomes

    @cached_property
    def coding(self) -> pd.DataFrame | None:
        """Thematic coding of all cycles that have one; None where none has."""
        coding = _concatenate(survey.coding for survey in self._surveys)
        return None if coding is None else categorise(coding, coding.columns)

    @property
    def own_coding(self) -> pd.DataFrame | None:
        """Thematic coding of the cycle alone; None where it has none, or one without a code."""
        coding = self._surveys[-1].coding
        return None if coding is None or coding.empty else coding

    @cached_property
    def actions(self) -> pd.DataFrame | None:
        """Opportunities for action of all cycles that have them; None where none has."""
        return _concatenate(survey.actions for survey in self._surveys)

    @property
    def asked(self) -> frozenset[str]:
        """The survey's variables that the cycle asked."""
        return self._surveys[-1].asked

    @property
    def previous_asked(self) -> frozenset[str]:
        """The survey's variables that the previous cycle asked; none for a first cycle."""
        return frozenset() if self.previous is None else self._surveys[0].asked

    @cached_property
    def answered(self) -> frozenset[str]:
        """Those of the survey's variables that the cycle asked and any cluster answered."""
        return _find_answered(self._surveys[-1])

    @cached_property
    def previous_answered(self) -> frozenset[str]:
        """Those of the survey's variables that any cluster answered in the previous cycle; none for a first cycle."""
        return frozenset() if self.previous is None else _find_answered(self._surveys[0])

    def list_asked_outcomes(self, framework: str) -> list[str]:
        """List a framework's outcomes that the cycle asked.

        Parameters
        ----------
        framework : str
            `PCMW` or `ACD`.

        Returns
        -------
        list of str
            Such as `1` and `2`, in order.
        """
        asked = [RATINGS[variable] for variable in RATINGS if variable in self.asked]
        return [str(outcome) for code, outcome in asked if code == framework]

    @property
    def rated_frameworks(self) -> list[str]:
        """The frameworks of which clusters rated any outcome."""
        rated = {framework for variable, (framework, _) in RATINGS.items() if variable in self.answered}
        return [code for code in FRAMEWORKS if code in rated]

    @cached_property
    def fifths(self) -> int:
        """How many deprivation fifths have a cluster that rated any outcome in the cycle."""
        responses = self._surveys[-1].responses
        rated = responses[list(self.asked.intersection(RATINGS))].notna().any(axis="columns")
        return responses.loc[rated, "deprivation_fifth"].nunique()

    @cached_property
    def explained(self) -> list[str]:
        """Agreement questions that any cluster answered and that had room for a comment."""
        return [
            question for comment, question in COMMENTS.items() if comment in self.asked and question in self.answered
        ]

    @property
    def sample_cycles(self) -> list[str]:
        """Those of the cycles whose responses are synthetic."""
        every = (self.previous_params, self.params)
        return [params.cycle for params in every if params is not None and params.sample_data]

    @property
    def marked_cycles(self) -> list[str]:
        """The cycles that are marked as sample data: those whose responses are synthetic, where another's are not."""
        return [] if self.sample_cycles == self.cycles else self.sample_cycles

    def check(self) -> None:
        """Read every file of both cycles.

        Raises
        ------
        InputError
            With every problem of every file, in one go.
        """
        problems: list[Problem] = []
        for survey in self._surveys:
            collect(problems, survey.check)
        if problems:
            raise InputError(problems)

    @cached_property
    def _surveys(self):
        # Both cycles may name the same register, and their surveys then share it.
        read = cache(lambda function, file: function(self.root, file))
        return [Survey(params, read) for params in (self.previous_params, self.params) if params is not None]


def open_cycle(cycle: str, root: Path | None = None) -> Report:
    """Open a cycle: read its params and those of its previous cycle, and nothing else yet.

    Parameters
    ----------
    cycle : str
        Such as `2024-25`.
    root : Path, optional
        The repository's root; found upwards from the current folder where left out.

    Returns
    -------
    Report
        The cycle's data, each file of which is read and checked when it is first needed; `Report.check` reads all.

    Raises
    ------
    InputError
        With every problem of the params.
    """
    root = find_root(root)
    params = load_params(root, cycle)
    if params.previous is None:
        return Report(root, params, None)
    previous = load_params(root, params.previous)
    if params.responses == previous.responses:
        what = f"found {params.responses}, which are those of {previous.cycle}; name those of {cycle}"
        raise InputError([Problem(f"params/{cycle}.yml", what, heading="responses")])
    return Report(root, params, previous)


def _find_answered(survey):
    given = survey.responses[list(survey.asked)].notna().any()
    return frozenset(given.index[given])


def _concatenate(tables):
    tables = [table for table in tables if table is not None]
    return pd.concat(tables, ignore_index=True) if tables else None
