"""What of a cycle the published report can be compared with, and the same without one response."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cluster_eval import measures
from cluster_eval.measures.maturity import ALL
from cluster_eval.vocabulary import FRAMEWORKS, RATINGS, SCORES, WALES
from cluster_eval.words.numbers import round_half_up


@dataclass(frozen=True)
class View:
    """The tables that published values are recomputed from, and the habits with which they are read.

    Attributes
    ----------
    shares : dict
        (cycle, framework, outcome, level) to share.
    counts : dict
        The same to number of responses.
    means : dict
        (cycle, framework, outcome) to mean.
    participation : dict
        (cycle, health board) to responses and clusters.
    answers : dict
        (cycle, question, answer) to number and base.
    meetings : dict
        (cycle, kind, frequency) to number and base.
    whole_shares : bool
        Shares are rounded to whole per cent before they are added or subtracted.
    smallest_change : int
        Changes that round to fewer percentage points are not counted as changes.
    mean_decimals : int or None
        Decimals to which means are rounded before they are compared.
    """

    shares: dict
    counts: dict
    means: dict
    participation: dict
    answers: dict
    meetings: dict
    whole_shares: bool = False
    smallest_change: int = 0
    mean_decimals: int | None = None

    def share(self, cycle: str, framework: str, outcome: str, levels: list[str]) -> float:
        """Add up the shares of some levels."""
        shares = [self.shares[cycle, framework, outcome or ALL, level] for level in levels]
        if self.whole_shares and not any(map(math.isnan, shares)):
            return sum(round_half_up(share * 100) for share in shares) / 100
        return sum(shares)

    def mean(self, cycle: str, framework: str, outcome: str) -> float:
        """Give the mean score of an outcome."""
        mean = self.means[cycle, framework, outcome]
        return mean if self.mean_decimals is None else round(mean, self.mean_decimals)

    def outcomes(self, framework: str) -> list[str]:
        """List the outcomes that every cycle has."""
        cycles = {cycle for cycle, *_ in self.means}
        numbers = (str(number) for number in range(1, FRAMEWORKS[framework].outcomes + 1))
        return [outcome for outcome in numbers if all((cycle, framework, outcome) in self.means for cycle in cycles)]


def make_view(responses: pd.DataFrame, register: pd.DataFrame) -> View:
    """Measure responses for reconciliation.

    Parameters
    ----------
    responses, register : DataFrame
        An open cycle's.

    Returns
    -------
    View
        The tables, read without any habit.
    """
    maturity = measures.maturity.summarise(responses)
    means = measures.maturity.summarise_means(responses)
    participation = measures.participation.summarise(responses, register)
    agreement = measures.agreement.summarise(responses)
    meetings = measures.meetings.summarise(responses)
    levels = list(zip(maturity["cycle"], maturity["framework"], maturity["outcome"], maturity["level"], strict=True))
    return View(
        shares=dict(zip(levels, maturity["share"], strict=True)),
        counts=dict(zip(levels, maturity["n"], strict=True)),
        means={(row.cycle, row.framework, row.outcome): row.mean for row in _rows(means)},
        participation={(row.cycle, row.health_board): (row.responses, row.clusters) for row in _rows(participation)},
        answers={(row.cycle, row.question, row.answer): (row.n, row.base) for row in _rows(agreement)},
        meetings={(row.cycle, row.kind, row.frequency): (row.n, row.base) for row in _rows(meetings)},
    )


def leave_out(view: View, response: Mapping[str, object]) -> View:
    """Give the tables of a response's cycle without that response.

    Parameters
    ----------
    view : View
        The tables of all responses.
    response : mapping of str to object
        A row of the tidy responses: cycle, health_board and its answers by variable.

    Returns
    -------
    View
        The tables of the cycle alone, read without any habit.
    """
    cycle = response["cycle"]
    counts, participation, answers, meetings = (
        {key: value for key, value in table.items() if key[0] == cycle}
        for table in (view.counts, view.participation, view.answers, view.meetings)
    )
    for variable, (framework, outcome) in RATINGS.items():
        if response.get(variable) in SCORES:
            for each in (str(outcome), ALL):
                counts[cycle, framework, each, response[variable]] -= 1
    for board in (response["health_board"], WALES):
        responses, clusters = participation[cycle, board]
        participation[cycle, board] = (responses - 1, clusters)
    shares, means = _derive_from_counts(counts)
    return View(
        shares=shares,
        counts=counts,
        means=means,
        participation=participation,
        answers={key: _take_away(key[2], *n, response[key[1]]) for key, n in answers.items()},
        meetings={key: _take_away(key[2], *n, response[f"meetings_{key[1]}"]) for key, n in meetings.items()},
    )


def _derive_from_counts(counts):
    """Derive shares and means from the numbers of responses at each level."""
    bases, totals = {}, {}
    for (*group, level), n in counts.items():
        key = tuple(group)
        bases[key] = bases.get(key, 0) + n
        totals[key] = totals.get(key, 0) + n * SCORES[level]
    shares = {key: n / bases[key[:3]] if bases[key[:3]] else math.nan for key, n in counts.items()}
    means = {key: total / bases[key] if bases[key] else math.nan for key, total in totals.items()}
    for cycle, framework, outcome in list(means):
        if outcome == ALL:
            of_outcomes = [mean for key, mean in means.items() if key[1] == framework and key[2] != ALL]
            given = [mean for mean in of_outcomes if not math.isnan(mean)]
            means[cycle, framework, ALL] = math.fsum(given) / len(given) if given else math.nan
    return shares, means


def _take_away(words, n, base, given):
    """Take the answer that a response gave from number and base of an answer."""
    if not isinstance(given, str):
        return n, base
    return n - (given.casefold() == words.casefold()), base - 1


def _rows(table):
    return table.itertuples(index=False)
