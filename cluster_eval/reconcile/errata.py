"""What a published report should correct, worst first."""

from typing import NamedTuple

import pandas as pd

from cluster_eval.reconcile.comparison import Reconciliation, summarise_causes
from cluster_eval.reconcile.hypotheses import Explanation
from cluster_eval.reconcile.recompute import DIFFERS, ROUNDING
from cluster_eval.values import Said
from cluster_eval.words import causes
from cluster_eval.words.said import say_in_english

LISTS = ("outcome", "outcomes", "health boards", "direction")
"""The units of statements that name or count."""

_SCALE = {"score": 1 / 3, "percent": 0.01, "percentage points": 0.01, "count": 0.01}
"""What makes differences in different units comparable: their share of the scale."""


class Errata(NamedTuple):
    """What a published report should correct.

    Attributes
    ----------
    statements : DataFrame
        Statements that name or count outcomes or health boards, and do not follow: the columns of claims, with every
        section that makes the statement in `section`, a tuple; those with the most names wrong first.
    charts : DataFrame
        The columns of `summarise_causes`, a row for what explains charts or parts of them; those furthest off first.
    numbers : DataFrame
        As `statements`, of single numbers; the furthest off first, in relation to their scale.
    rounding : int
        Values and statements that are off by rounding alone, and are not listed.
    """

    statements: pd.DataFrame
    charts: pd.DataFrame
    numbers: pd.DataFrame
    rounding: int


def list_errata(reconciliation: Reconciliation) -> Errata:
    """List what a published report should correct.

    Parameters
    ----------
    reconciliation : Reconciliation
        What `reconcile_cycle` returns.

    Returns
    -------
    Errata
        The errata.
    """
    figures = reconciliation.figures
    known = reconciliation.claim_explanations
    claims = reconciliation.claims.assign(
        explanation=lambda table: [_tell_why(known.get(name)) for name in table["id"]],
    )
    wrong = _join_sections(claims[claims["verdict"] == DIFFERS])
    is_list = wrong["unit"].isin(LISTS)
    charts = summarise_causes(reconciliation)
    if len(charts):
        furthest = _measure(figures[figures["verdict"] == DIFFERS], "value")
        far = [max(furthest[figures["figure"].isin(each)].max(), 0) for each in charts["figures"]]
        charts["explanation"] = charts["explanation"].map(_shorten)
        charts = _sort(charts, pd.Series(far, charts.index))
    return Errata(
        _sort(wrong[is_list], wrong[is_list].apply(_count_wrong, axis="columns") if is_list.any() else None),
        charts,
        _sort(wrong[~is_list], _measure(wrong[~is_list], "published")),
        int((figures["verdict"] == ROUNDING).sum() + (claims["verdict"] == ROUNDING).sum()),
    )


def _tell_why(explanation: Explanation | None):
    return say_in_english(causes.NOT_KNOWN) if explanation is None else _shorten(explanation.words)


_ALONE = {causes.FIGURE: causes.FIGURE_ALONE, causes.FIGURES: causes.FIGURES_ALONE}


def _shorten(words):
    """Leave out which response it may be, since that may be made up, and why a figure is wrong, which stands there."""
    if not isinstance(words, Said):
        return words
    values = words.values
    if words.message == causes.UNEXPLAINED:
        return say_in_english(causes.NOT_KNOWN)
    if words.message in _ALONE:
        return say_in_english(_ALONE[words.message], figures=values["figures"])
    if values.get("hypothesis") == causes.LEFT_OUT:
        return values["hypothesis"]
    return say_in_english(words.message, **{name: _shorten(value) for name, value in values.items()})


def _join_sections(claims):
    """Put statements that say the same into one row."""
    keys = ["measure", "framework", "outcome", "level", "cycle", "published"]
    sections = claims.groupby(keys, sort=False)["section"].agg(lambda each: tuple(dict.fromkeys(each)))
    single = claims.drop_duplicates(keys)
    return single.assign(section=pd.Series(list(sections), single.index, dtype=object))


def _measure(table, published):
    """Measure how far each value is off, as a share of its scale."""
    off = (pd.to_numeric(table["recomputed"]) - pd.to_numeric(table[published])).abs()
    return off * table["unit"].map(_SCALE).fillna(1)


def _count_wrong(row):
    """Count what is named and should not be, and what should be named and is not."""
    published, recomputed = (set(filter(None, str(each).split(";"))) for each in (row["published"], row["recomputed"]))
    return len(published ^ recomputed)


def _sort(table, size):
    if size is None or table.empty:
        return table
    return table.loc[size.sort_values(ascending=False, kind="stable").index]
