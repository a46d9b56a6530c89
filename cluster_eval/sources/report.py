"""A cycle beside those before it: everything that a notebook needs, from one call."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from cluster_eval.config import Break, Params, follow_chain
from cluster_eval.folding import fold_heading
from cluster_eval.problems import InputError, Problem, collect
from cluster_eval.repository import find_root
from cluster_eval.sources.cycle import Cycle, FileReader, categorise, join_responses
from cluster_eval.sources.edition import ALL_WALES, Scope
from cluster_eval.sources.spreadsheet import Noticed
from cluster_eval.values import Label
from cluster_eval.vocabulary import COMMENTS, FRAMEWORKS, RATINGS
from cluster_eval.words.noticed import REWORDED
from cluster_eval.words.said import say_in_english


@dataclass(frozen=True)
class Report:
    """The data of a cycle beside those of all cycles before it.

    A file is read once, when something is first asked for that it holds: a notebook depends on those files alone
    that it opens.

    Attributes
    ----------
    root : Path
        The repository's root.
    chain : tuple of Cycle
        The cycles, the newest last: its report it is.
    scope : Scope
        Whose responses and clusters.
    """

    root: Path
    chain: tuple[Cycle, ...]
    scope: Scope = ALL_WALES

    @property
    def newest(self) -> Cycle:
        """The cycle that the report is of."""
        return self.chain[-1]

    @property
    def before(self) -> Cycle | None:
        """The cycle before it; None for a first cycle."""
        return self.chain[-2] if len(self.chain) > 1 else None

    @property
    def params(self) -> Params:
        """The params of the newest cycle."""
        return self.newest.params

    @property
    def cycle(self) -> str:
        """The newest cycle's name."""
        return self.newest.name

    @property
    def previous(self) -> str | None:
        """The name of the cycle before it; None for a first cycle."""
        return None if self.before is None else self.before.name

    @property
    def cycles(self) -> list[str]:
        """The names of all cycles, the newest last."""
        return [cycle.name for cycle in self.chain]

    @property
    def compared(self) -> list[str]:
        """The names of the cycles that are compared: the newest and the one before, where there is one."""
        return self.cycles[-2:]

    @property
    def breaks(self) -> list[Break]:
        """What makes cycles of the chain hard to compare with those before them, the earliest first."""
        return [each for cycle in self.chain[1:] for each in cycle.params.breaks]

    @property
    def place(self) -> Label | str:
        """What the report is of, for titles and sentences."""
        return self.scope.name if self.scope.kind == "cluster" else Label("health_board", self.scope.name)

    @cached_property
    def responses(self) -> pd.DataFrame:
        """Tidy responses of all cycles, a row per response; see `cluster_eval.sources.cycle.join_responses`."""
        return join_responses([self.scope.choose(cycle.responses) for cycle in self.chain])

    @cached_property
    def register(self) -> pd.DataFrame:
        """The register of each cycle: cycle, cluster, health_board, deprivation_fifth."""
        register = pd.concat([self.scope.choose(cycle.register) for cycle in self.chain], ignore_index=True)
        return categorise(register, ["cycle", "cluster", "health_board"])

    @cached_property
    def noticed(self) -> pd.DataFrame:
        """What reading ignored, set aside, replaced or flagged; `found` is quoted for who validates the data alone."""
        rows = [(cycle.name, *each) for cycle in self.chain for each in cycle.noticed]
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
        return self.newest.wordings

    @cached_property
    def reworded(self) -> dict[str, tuple[str, str]]:
        """Each survey variable whose question was worded otherwise in the previous cycle, with both wordings."""
        before, now = {} if self.before is None else self.before.wordings, self.wordings
        return {
            variable: (before[variable], wording)
            for variable, wording in now.items()
            if variable in before and fold_heading(before[variable]) != fold_heading(wording)
        }

    @property
    def outcomes(self) -> pd.DataFrame:
        """Framework, outcome and title of each outcome."""
        return self.newest.outcomes

    @cached_property
    def coding(self) -> pd.DataFrame | None:
        """Thematic coding of all cycles that have one; None where none has."""
        coding = _concatenate(self._choose_coding(cycle) for cycle in self.chain)
        return None if coding is None else categorise(coding, coding.columns)

    @property
    def own_coding(self) -> pd.DataFrame | None:
        """Thematic coding of the cycle alone; None where it has none, or one without a code."""
        coding = self._choose_coding(self.newest)
        return None if coding is None or coding.empty else coding

    @cached_property
    def actions(self) -> pd.DataFrame | None:
        """Opportunities for action of all cycles that have them; None where none has."""
        return _concatenate(cycle.actions for cycle in self.chain)

    @cached_property
    def insights(self) -> pd.DataFrame | None:
        """Published insights of all cycles that have them; None where none has."""
        return _concatenate(cycle.insights for cycle in self.chain)

    @property
    def asked(self) -> frozenset[str]:
        """The survey's variables that the cycle asked."""
        return self.newest.asked

    @property
    def previous_asked(self) -> frozenset[str]:
        """The survey's variables that the previous cycle asked; none for a first cycle."""
        return frozenset() if self.before is None else self.before.asked

    @property
    def answered(self) -> frozenset[str]:
        """Those of the survey's variables that the cycle asked and any cluster answered."""
        return self.newest.answered

    @property
    def previous_answered(self) -> frozenset[str]:
        """Those of the survey's variables that any cluster answered in the previous cycle; none for a first cycle."""
        return frozenset() if self.before is None else self.before.answered

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
        responses = self.scope.choose(self.newest.responses)
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
        return [cycle.name for cycle in self.chain if cycle.params.sample_data]

    @property
    def marked_cycles(self) -> list[str]:
        """The cycles that are marked as sample data: those whose responses are synthetic, where another's are not."""
        return [] if self.sample_cycles == self.cycles else self.sample_cycles

    def check(self) -> None:
        """Read every file of all cycles.

        Raises
        ------
        InputError
            With every problem of every file, in one go.
        """
        problems: list[Problem] = []
        for cycle in self.chain:
            collect(problems, cycle.check)
        if problems:
            raise InputError(problems)

    def _choose_coding(self, cycle):
        if cycle.coding is None or self.scope.kind is None:
            return cycle.coding
        return cycle.coding[cycle.coding["response_id"].isin(self.scope.choose(cycle.responses)["response_id"])]


def open_report(cycle: str, root: Path | None = None, scope: Scope = ALL_WALES) -> Report:
    """Open a cycle: read its params and those of all cycles before it, and nothing else yet.

    Parameters
    ----------
    cycle : str
        Such as `2024-25`.
    root : Path, optional
        The repository's root; found upwards from the current folder where left out.
    scope : Scope
        Whose responses and clusters.

    Returns
    -------
    Report
        The data, each file of which is read and checked when it is first needed; `Report.check` reads all.

    Raises
    ------
    InputError
        With every problem of the params.
    """
    root = find_root(root)
    chain = follow_chain(root, cycle)
    read = FileReader(root)
    return Report(root, tuple(Cycle(params, read) for params in chain), scope)


def _concatenate(tables):
    tables = [table for table in tables if table is not None]
    return pd.concat(tables, ignore_index=True) if tables else None
