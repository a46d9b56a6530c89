"""Every fact of a cycle by subject, as pages name them, made when a page asks."""

from datetime import date
from functools import cached_property

from cluster_eval import measures
from cluster_eval.facts.actions import Action, describe_actions
from cluster_eval.facts.agreement import (
    Agreement,
    CertainAnswers,
    Meetings,
    describe_agreement,
    describe_certain_answers,
    describe_meetings,
)
from cluster_eval.facts.change import Break, describe_breaks
from cluster_eval.facts.deprivation import Deprivation, describe_deprivation
from cluster_eval.facts.insights import Insights, describe_insights
from cluster_eval.facts.maturity import Maturity, describe_maturity
from cluster_eval.facts.needs import has_need
from cluster_eval.facts.participation import Participation, describe_participation
from cluster_eval.facts.responding import Silence, describe_silence
from cluster_eval.facts.standing import Rated, describe_outcomes, describe_rated_components
from cluster_eval.facts.themes import Themes, describe_themes
from cluster_eval.facts.totals import Together, describe_overlap
from cluster_eval.measures.multiplicity import DECLARED_FROM
from cluster_eval.sources.report import Report
from cluster_eval.values import CycleName


class ReportFacts:
    """The facts of a cycle; each is None where the cycle does not have it.

    Parameters
    ----------
    report : Report
        An open cycle.
    """

    def __init__(self, report: Report):
        self._report = report

    @cached_property
    def cycle(self) -> CycleName:
        """The cycle."""
        return CycleName(self._report.cycle)

    @cached_property
    def previous(self) -> CycleName | None:
        """The cycle before."""
        return None if self._report.previous is None else CycleName(self._report.previous)

    @cached_property
    def title(self) -> str:
        """The report's title, from the params."""
        return self._report.params.title

    @cached_property
    def opens(self) -> date:
        """The first day of the survey."""
        return self._report.params.fieldwork.opens

    @cached_property
    def closes(self) -> date:
        """The last day of the survey."""
        return self._report.params.fieldwork.closes

    @cached_property
    def sample_cycles(self) -> tuple[str, ...]:
        """The cycles whose responses are synthetic, where those of others are not."""
        return tuple(self._report.marked_cycles)

    @cached_property
    def participation(self) -> Participation:
        """Who responded."""
        return describe_participation(self._participation)

    @cached_property
    def silence(self) -> Silence:
        """Who did not respond."""
        rows = self._participation
        return describe_silence(rows[rows["cycle"] == self._report.cycle])

    @cached_property
    def overlap(self) -> Together | None:
        """Who responded in this cycle and in the one before, as far as it is certain."""
        if self._report.before is None:
            return None
        overlap = measures.overlap.summarise(self._report.responses, self._report.register)
        return describe_overlap(overlap[overlap["cycle"] == self._report.cycle])

    @cached_property
    def PCMW(self) -> Maturity | None:
        """The levels of the PCMW's outcomes."""
        return self._describe_maturity("PCMW")

    @cached_property
    def ACD(self) -> Maturity | None:
        """The levels of ACD's outcomes."""
        return self._describe_maturity("ACD")

    @cached_property
    def components(self) -> dict[str, Rated] | None:
        """The ratings of care, of infrastructure and of ways of working."""
        if not has_need(self._report, "rated"):
            return None
        components = measures.components.summarise(self._report.responses, self._report.outcomes)
        certain = measures.ranking.find_certain(self._maturity, self._population)
        own = certain[certain["cycle"] == self._report.cycle]
        return describe_rated_components(components, own, self._report.outcomes)

    @cached_property
    def outcomes(self) -> dict[str, Rated] | None:
        """The ratings of each outcome, by names such as `PCMW_13`."""
        return describe_outcomes(self._maturity) if has_need(self._report, "rated") else None

    @cached_property
    def deprivation(self) -> Deprivation | None:
        """The tests of maturity by deprivation fifth."""
        if not has_need(self._report, "rated"):
            return None
        return describe_deprivation(measures.deprivation.summarise_trend(self._own))

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """What makes cycles hard to compare with those before them."""
        return describe_breaks(self._report)

    @cached_property
    def declared(self) -> bool:
        """Whether it was settled before results were looked at which tests belong together."""
        return self._report.cycle >= DECLARED_FROM

    @cached_property
    def trend(self) -> bool:
        """Whether there are cycles enough for a trend."""
        return has_need(self._report, "trend")

    @cached_property
    def has_tests(self) -> bool:
        """Whether anything is tested: change between cycles, or maturity by fifth."""
        return has_need(self._report, "compared") or bool(self.deprivation and self.deprivation.tested)

    @cached_property
    def agreement(self) -> Agreement | None:
        """The answers to the agreement questions."""
        if not has_need(self._report, "agreement"):
            return None
        return describe_agreement(measures.agreement.summarise(self._own))

    @cached_property
    def certain_answers(self) -> dict[str, CertainAnswers] | None:
        """What is certain of all clusters' answers to the agreement questions."""
        if self.agreement is None:
            return None
        return describe_certain_answers(self.agreement, self._population[self._report.cycle])

    @cached_property
    def insights(self) -> dict[str, Insights] | None:
        """What the published findings of the cycle say that clusters wrote, by kind."""
        return self._describe_insights("insights", self.cycle)

    @cached_property
    def previous_insights(self) -> dict[str, Insights] | None:
        """The same of the previous cycle."""
        return self._describe_insights("previous_insights", self.previous)

    @cached_property
    def actions(self) -> dict[str, Action] | None:
        """The opportunities for action of the cycle, by their numbers."""
        return self._describe_actions("actions", self.cycle)

    @cached_property
    def previous_actions(self) -> dict[str, Action] | None:
        """Those of the previous cycle."""
        return self._describe_actions("previous_actions", self.previous)

    @cached_property
    def meetings(self) -> Meetings | None:
        """How often clusters meet, and would like to."""
        return describe_meetings(measures.meetings.summarise(self._own)) if has_need(self._report, "meetings") else None

    @cached_property
    def themes(self) -> Themes | None:
        """The themes of comments."""
        coding = self._report.own_coding
        if coding is None:
            return None
        return describe_themes(measures.themes.summarise(coding), measures.coder_agreement.summarise(coding))

    @cached_property
    def _own(self):
        responses = self._report.responses
        return responses[responses["cycle"] == self._report.cycle]

    @cached_property
    def _participation(self):
        return measures.participation.summarise(self._report.responses, self._report.register)

    @cached_property
    def _population(self):
        return measures.uncertainty.count_population(self._report.register)

    @cached_property
    def _maturity(self):
        return measures.maturity.summarise(self._report.responses)

    def _describe_insights(self, need, cycle):
        if not has_need(self._report, need):
            return None
        insights = self._report.insights
        return describe_insights(insights[insights["cycle"] == cycle.name])

    def _describe_actions(self, need, cycle):
        if not has_need(self._report, need):
            return None
        actions = self._report.actions
        return describe_actions(actions[actions["cycle"] == cycle.name])

    def _describe_maturity(self, framework):
        if not has_need(self._report, framework):
            return None
        means = measures.maturity.summarise_means(self._report.responses)
        return describe_maturity(self._maturity, means, framework)
