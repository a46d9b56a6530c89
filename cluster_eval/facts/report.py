"""What the pages of a cycle's report may name, each read and computed when it is first named."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from cluster_eval import measures
from cluster_eval.facts.agreement import Agreement, Meetings, describe_agreement, describe_meetings
from cluster_eval.facts.deprivation import Deprivation, describe_deprivation
from cluster_eval.facts.maturity import Maturity, describe_maturity
from cluster_eval.facts.participation import Participation, describe_participation
from cluster_eval.facts.themes import Themes, describe_themes
from cluster_eval.needs import has_need
from cluster_eval.report import Report
from cluster_eval.values import Cycle


@dataclass(frozen=True)
class ReportFacts:
    """The facts of a cycle; each is None where the cycle does not have what it is of.

    Attributes
    ----------
    report : Report
        An open cycle.
    """

    report: Report

    @property
    def title(self) -> str:
        """The report's title."""
        return self.report.params.title

    @property
    def opens(self) -> date:
        """The day on which fieldwork began."""
        return self.report.params.fieldwork.opens

    @property
    def closes(self) -> date:
        """The day on which it ended."""
        return self.report.params.fieldwork.closes

    @property
    def sample_cycles(self) -> tuple[Cycle, ...]:
        """The cycles whose responses are synthetic, where another's are not."""
        return tuple(Cycle(cycle) for cycle in self.report.marked_cycles)

    @cached_property
    def participation(self) -> Participation:
        """Who responded."""
        return describe_participation(measures.participation.summarise(self.report.responses, self.report.register))

    @cached_property
    def pcmw(self) -> Maturity | None:
        """Maturity against the outcomes of PCMW."""
        return self._describe_maturity("PCMW")

    @cached_property
    def acd(self) -> Maturity | None:
        """Maturity against the outcomes of ACD."""
        return self._describe_maturity("ACD")

    @cached_property
    def deprivation(self) -> Deprivation | None:
        """How scores of single outcomes go with deprivation."""
        return describe_deprivation(measures.deprivation.summarise(self._own)) if self._has("rated") else None

    @cached_property
    def agreement(self) -> Agreement | None:
        """What clusters agree with."""
        return describe_agreement(measures.agreement.summarise(self._own)) if self._has("agreement") else None

    @cached_property
    def meetings(self) -> Meetings | None:
        """How often clusters meet."""
        return describe_meetings(measures.meetings.summarise(self._own)) if self._has("meetings") else None

    @cached_property
    def themes(self) -> Themes | None:
        """Why clusters disagree."""
        return describe_themes(measures.themes.summarise(self.report.own_coding)) if self._has("coding") else None

    @cached_property
    def _own(self) -> pd.DataFrame:
        return self.report.responses[self.report.responses["cycle"] == self.report.cycle]

    def _has(self, need):
        return has_need(self.report, need)

    def _describe_maturity(self, framework):
        if not self._has(framework):
            return None
        maturity, means = (
            measure(self.report.responses)
            for measure in (measures.maturity.summarise, measures.maturity.summarise_means)
        )
        return describe_maturity(maturity, means, framework)
