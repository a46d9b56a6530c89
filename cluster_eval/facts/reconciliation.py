"""What a report says of how the published one compares with the responses, as values."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cluster_eval.reconcile.errata import LISTS
from cluster_eval.values import Count, CycleName, Label, Number, Outcome, Points, Question, Share
from cluster_eval.vocabulary import FRAMEWORKS, QUESTIONS
from cluster_eval.words.numbers import round_half_up

if TYPE_CHECKING:
    from cluster_eval.reconcile.comparison import Reconciliation

FAR = Points(0.05)
"""A published percentage is said to be far off from this difference."""

_PERCENTAGES = ("percent", "percentage points")


@dataclass(frozen=True)
class Claim:
    """A statement of the published report that does not match.

    Attributes
    ----------
    statement : str
        What it says, in the words of the transcription.
    about : Outcome, Question or str
        What it is about.
    level : str
        Of which level.
    cycles : tuple of CycleName
        Of which cycles.
    section : str
        Where it stands in the published report.
    published, recomputed : value
        What was published, and what the responses give.
    """

    statement: str
    about: Outcome | Question | str
    level: str | Label
    cycles: tuple[CycleName, ...]
    section: str
    published: object
    recomputed: object


@dataclass(frozen=True)
class LeftOut:
    """A response whose leaving out explains figures.

    Attributes
    ----------
    response : str
        Which response.
    figures : tuple of str
        The figures' numbers.
    """

    response: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Reconciled:
    """How a published report compares with the responses.

    Attributes
    ----------
    matching_values, matching_statements : Count
        Chart values and statements that match.
    figures, whole_figures : int
        Published figures with values, and those of which all match.
    differing_figures : tuple of str
        The numbers of the others.
    wrong_values, wrong_statements : int
        How many do not match.
    explained_values, explained_statements : Count or None
        Those of them that are explained; None where there are none.
    traced : int
        Statements that were read off a figure that nothing explains.
    left_out : tuple of LeftOut
        Responses whose leaving out explains figures.
    naming : tuple of Claim
        The statements that name or count outcomes or health boards, and differ.
    matching_naming : Count or None
        Those that match; None where no statement does so.
    far : tuple of Claim
        The percentages that are `far_points` off or more.
    far_points : Points
        That difference.
    """

    matching_values: Count
    matching_statements: Count
    figures: int
    whole_figures: int
    differing_figures: tuple[str, ...]
    wrong_values: int
    wrong_statements: int
    explained_values: Count | None
    explained_statements: Count | None
    traced: int
    left_out: tuple[LeftOut, ...]
    naming: tuple[Claim, ...]
    matching_naming: Count | None
    far: tuple[Claim, ...]
    far_points: Points = FAR

    @property
    def explained(self) -> str:
        """Of what explanations account: of `both` values and statements, one of them, or `nothing`."""
        if self.wrong_values and self.wrong_statements:
            return "both"
        return "values" if self.wrong_values else "statements" if self.wrong_statements else "nothing"


def describe_reconciliation(reconciliation: "Reconciliation") -> Reconciled:
    """Describe how a published report compares with the responses.

    Parameters
    ----------
    reconciliation : Reconciliation
        What `reconcile.reconcile_cycle` returns.

    Returns
    -------
    Reconciled
        The facts.
    """
    figures, claims = reconciliation.figures, reconciliation.claims
    by_figure = (figures["verdict"] == "match").groupby(figures["figure"], sort=False).all()
    wrong_values = figures[~figures["verdict"].isin(["match", "unclear"])]
    wrong_claims = claims[~claims["verdict"].isin(["match", "unclear"])]
    known_values = sum(
        reconciliation.figure_explanations[row.figure, row.cycle, row.unit] is not None
        for row in wrong_values.itertuples()
    )
    explanations = [reconciliation.claim_explanations[name] for name in wrong_claims["id"]]
    known_claims = [explanation for explanation in explanations if explanation is not None]
    traced = sum(explanation.rests_on_unexplained for explanation in known_claims)
    left_out: dict[str, list[str]] = defaultdict(list)
    for (figure, _, _), explanation in reconciliation.figure_explanations.items():
        if explanation is not None and len(explanation.candidates) == 1 and figure not in left_out[explanation.detail]:
            left_out[explanation.detail].append(figure)
    naming = claims[claims["unit"].isin(LISTS) & (claims["verdict"] != "unclear")]
    numeric = wrong_claims[wrong_claims["unit"].isin(_PERCENTAGES)]
    distances = (numeric["recomputed"].astype(float) - numeric["published"].astype(float)).abs()
    return Reconciled(
        matching_values=_count_matching(figures),
        matching_statements=_count_matching(claims),
        figures=len(by_figure),
        whole_figures=int(by_figure.sum()),
        differing_figures=tuple(sorted(by_figure.index[~by_figure], key=int)),
        wrong_values=len(wrong_values),
        wrong_statements=len(wrong_claims),
        explained_values=Count(known_values, len(wrong_values)) if len(wrong_values) else None,
        explained_statements=Count(len(known_claims) - traced, len(wrong_claims)) if len(wrong_claims) else None,
        traced=traced,
        left_out=tuple(LeftOut(response, tuple(shown)) for response, shown in left_out.items()),
        naming=tuple(_describe_claim(row) for row in naming[naming["verdict"] == "differs"].itertuples()),
        matching_naming=_count_matching(naming) if len(naming) else None,
        far=tuple(_describe_claim(row) for row in numeric[distances >= FAR.value * 100].itertuples()),
    )


def _count_matching(table):
    return Count(int((table["verdict"] == "match").sum()), len(table))


def _describe_claim(row):
    return Claim(
        statement=row.statement,
        about=name_part(row),
        level=Label("level", row.level) if "+" in row.level else row.level,
        cycles=tuple(map(CycleName, row.cycle.split("/"))),
        section=row.section,
        published=_read_value(row.published, row.unit),
        recomputed=_read_value(row.recomputed, row.unit),
    )


def name_part(row: object) -> Outcome | Question | str:
    """Name what a published value or claim is of.

    Parameters
    ----------
    row : namedtuple
        framework (empty for participation) and outcome.

    Returns
    -------
    Outcome, Question or str
        The outcome, the agreement question, or what stands for neither.
    """
    if row.outcome and row.framework in FRAMEWORKS:
        return Outcome(row.framework, row.outcome, "code")
    return Question(row.framework) if row.framework in QUESTIONS else row.framework


def _read_value(value, unit):
    if unit == "percent":
        return Share(float(value) / 100)
    if unit == "percentage points":
        return Number(round_half_up(float(value)), "point")
    codes = (value if isinstance(value, str) else str(round_half_up(value))).split(";")
    return tuple(filter(None, codes)) or Label("claimed", "none")
