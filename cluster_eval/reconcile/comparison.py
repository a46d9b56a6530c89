"""Published figures and claims against the recomputed ones: verdicts, explanations, and what follows from them."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.reconcile.explanations import (
    Explanation,
    LeftOut,
    describe_claim_explanation,
    describe_figure_explanation,
    explain_claims,
    explain_figures,
)
from cluster_eval.reconcile.published import read_published
from cluster_eval.reconcile.recompute import (
    MATCH,
    UNCLEAR,
    VERDICTS,
    reconcile_claims,
    reconcile_figures,
)
from cluster_eval.reconcile.view import View, make_view
from cluster_eval.sources.report import Report

TOTAL = "Total"
"""What stands for all figures, or sections, in a summary."""


@dataclass(frozen=True)
class Reconciliation:
    """A published report, value by value.

    Attributes
    ----------
    figures : DataFrame
        The columns of figures.csv, then recomputed, verdict, explanation (blank where it matches).
    claims : DataFrame
        The columns of claims.csv, then recomputed, verdict, explanation.
    figure_explanations : dict
        (figure, cycle, unit) of each part of a chart that differs, to its `Explanation` or None.
    claim_explanations : dict
        id of each claim that neither matches nor is unclear, to its `Explanation` or None.
    """

    figures: pd.DataFrame
    claims: pd.DataFrame
    figure_explanations: dict[tuple[str, str, str], Explanation | None]
    claim_explanations: dict[str, Explanation | None]


def reconcile_cycle(report: Report) -> Reconciliation | None:
    """Recompute everything that a cycle's published report says, and explain what differs.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    Reconciliation or None
        None where the cycle has no published report.

    Raises
    ------
    InputError
        When a row of the transcription cannot be used.
    """
    compared = compare_published(report)
    if compared is None:
        return None
    figures, claims, view = compared
    left_out = LeftOut(report.responses, view)
    of_figures = explain_figures(figures, view, left_out)
    of_claims = explain_claims(claims, figures, view, of_figures, left_out)
    parts = zip(figures["figure"], figures["cycle"], figures["unit"], figures["verdict"], strict=True)
    told = [
        "" if verdict in (MATCH, UNCLEAR) else describe_figure_explanation(of_figures[figure, cycle, unit])
        for figure, cycle, unit, verdict in parts
    ]
    figures["explanation"] = pd.Series(told, figures.index, dtype=object)
    told = [
        "" if verdict in (MATCH, UNCLEAR) else describe_claim_explanation(of_claims[name])
        for name, verdict in zip(claims["id"], claims["verdict"], strict=True)
    ]
    claims["explanation"] = pd.Series(told, claims.index, dtype=object)
    return Reconciliation(figures, claims, of_figures, of_claims)


def compare_published(report: Report) -> tuple[pd.DataFrame, pd.DataFrame, View] | None:
    """Recompute everything that a cycle's published report says, without looking for explanations.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    tuple or None
        figures and claims, each with recomputed and verdict, and the tables that they were recomputed from; None where
        the cycle has no published report.

    Raises
    ------
    InputError
        When a row of the transcription cannot be used.
    """
    folder = report.params.published
    if folder is None:
        return None
    figures, claims = read_published(report.root, folder, report.cycles)
    view = make_view(report.responses, report.register)
    return reconcile_figures(figures, view, folder), reconcile_claims(claims, view, folder), view


def summarise_verdicts(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count verdicts.

    Parameters
    ----------
    table : DataFrame
        The figures or claims of a reconciliation.
    by : str
        The column to count by: `figure` or `section`.

    Returns
    -------
    DataFrame
        by, values, then match, rounding, differs and unclear; figures in order of number, sections in that of first
        occurrence; the last row is the total.
    """
    counts = table.groupby(by, sort=False)["verdict"].value_counts().unstack(fill_value=0)
    counts = counts.reindex(columns=list(VERDICTS), fill_value=0)
    if by == "figure":
        counts = counts.loc[sorted(counts.index, key=int)]
    counts.loc[TOTAL] = counts.sum()
    counts.insert(0, "values", counts.sum(axis="columns"))
    counts.columns.name = None
    return counts.rename_axis(by).reset_index()


def summarise_causes(reconciliation: Reconciliation) -> pd.DataFrame:
    """Put the parts of charts that differ together by what explains them.

    Parameters
    ----------
    reconciliation : Reconciliation
        What `reconcile_cycle` returns.

    Returns
    -------
    DataFrame
        explanation, figures and cycles (lists), differing (values that differ), explained and of (values that the
        explanation reproduces, out of how many it says something about), tried (different predictions that the
        hypothesis had to offer), chance (that one of them would have fitted at random); explained and what follows are
        missing where nothing explains them.
    """
    differing = reconciliation.figures[reconciliation.figures["verdict"] != MATCH]
    number = differing.groupby(["figure", "cycle", "unit"]).size()
    groups: dict[str, list] = {}
    for key, explanation in reconciliation.figure_explanations.items():
        groups.setdefault("" if explanation is None else explanation.words, []).append((key, explanation))
    rows = []
    for words, members in groups.items():
        keys = [key for key, _ in members]
        known = [explanation for _, explanation in members if explanation is not None]
        rows.append(
            {
                "explanation": words or describe_figure_explanation(None),
                "figures": list(dict.fromkeys(figure for figure, _, _ in keys)),
                "cycles": list(dict.fromkeys(cycle for _, cycle, _ in keys)),
                "differing": int(sum(number[key] for key in keys)),
                "explained": sum(explanation.explained for explanation in known) if known else None,
                "of": sum(explanation.of for explanation in known) if known else None,
                "tried": max(explanation.tried for explanation in known) if known else None,
                "chance": max(explanation.chance for explanation in known) if known else None,
            }
        )
    return pd.DataFrame(rows).astype({"explanation": object}) if rows else pd.DataFrame(rows)
