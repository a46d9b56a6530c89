"""What a cycle has: what sections, cells, exhibits and sentences of pages need."""

from collections.abc import Callable
from functools import partial

from cluster_eval.measures.maturity import summarise
from cluster_eval.sources.report import Report
from cluster_eval.values import SMALLEST_BASE
from cluster_eval.vocabulary import FRAMEWORKS, MEETINGS, QUESTIONS, RATINGS, SURVEY_VARIABLES


def has_need(report: Report, need: str) -> bool:
    """Say whether a cycle has something, reading no more of the cycle than that depends on.

    Parameters
    ----------
    report : Report
        An open cycle.
    need : str
        One of `NEEDS`.

    Returns
    -------
    bool
        Whether it has.
    """
    return NEEDS[need](report)


def list_features(report: Report) -> set[str]:
    """List what a cycle has of what a section may need.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    set of str
        Of `NEEDS`. What no cluster answered is not there, but that a question was asked is: its section says so.
    """
    return {need for need in NEEDS if has_need(report, need)}


def _has_rated(report, variables):
    return bool(report.answered.intersection(variables))


def _has_several(report, variables):
    return len(report.answered.intersection(variables)) > 1


def _has_rated_before(report, variables):
    return bool(report.previous_answered.intersection(variables))


def _has_compared(report, variables):
    return bool(report.answered.intersection(report.previous_answered, variables))


def _has_sums(report, variables):
    """Say whether there are outcomes to sum over: all that were rated, or those that both cycles rated."""
    return _has_rated(report, variables) and (
        not _has_rated_before(report, variables) or _has_compared(report, variables)
    )


def _has_large_bases(report):
    table = summarise(report.responses)
    bases = table.loc[(table["cycle"] == report.cycle) & (table["base"] > 0), "base"]
    return not bases.empty and int(bases.min()) >= SMALLEST_BASE


def _has_asked(report, variable):
    return variable in report.asked


def _has_answered(report, variable):
    return variable in report.answered


def _list_for_frameworks():
    for code, framework in FRAMEWORKS.items():
        variables = framework.variables
        yield code, partial(_has_rated, variables=variables)
        yield f"{code}_several", partial(_has_several, variables=variables)
        yield f"{code}_before", partial(_has_rated_before, variables=variables)
        yield f"{code}_compared", partial(_has_compared, variables=variables)
        yield f"{code}_sums", partial(_has_sums, variables=variables)


NEEDS: dict[str, Callable[[Report], bool]] = {
    "previous": lambda report: report.before is not None,
    **dict(_list_for_frameworks()),
    "rated": partial(_has_rated, variables=tuple(RATINGS)),
    "sums": lambda report: any(has_need(report, f"{code}_sums") for code in FRAMEWORKS),
    "several_rated": partial(_has_several, variables=tuple(RATINGS)),
    "compared": partial(_has_compared, variables=tuple(RATINGS)),
    "trend": lambda report: len(report.chain) > 2 and _has_compared(report, tuple(RATINGS)),
    "large_bases": _has_large_bases,
    "deprivation": lambda report: report.fifths > 1,
    "agreement": partial(_has_rated, variables=tuple(QUESTIONS)),
    "meetings": partial(_has_rated, variables=tuple(MEETINGS)),
    "comments": lambda report: bool(report.explained),
    "told_themes": lambda report: (report.root / f"book/{report.cycle}/themes.md").is_file(),
    "coding": lambda report: report.own_coding is not None,
    "actions": lambda report: report.params.actions is not None,
    "previous_actions": lambda report: report.before is not None and report.before.params.actions is not None,
    "insights": lambda report: report.params.insights is not None,
    "previous_insights": lambda report: report.before is not None and report.before.params.insights is not None,
    "published": lambda report: report.params.published is not None,
    "sample_data": lambda report: bool(report.sample_cycles),
    "real_data": lambda report: not report.sample_cycles,
    **{variable: partial(_has_asked, variable=variable) for variable in SURVEY_VARIABLES},
    **{f"{variable}_answered": partial(_has_answered, variable=variable) for variable in QUESTIONS},
}
"""Each need, and what says whether a cycle has it: `PCMW` whether any of its outcomes was rated, `PCMW_several` whether
more than one, `PCMW_before` whether in the previous cycle, `PCMW_compared` whether one in both, `PCMW_sums` whether
there are outcomes to sum over; `deprivation` whether clusters of two fifths rated any; a survey variable whether the
cycle asked it."""
