"""The national cluster self-reflection report for Wales, as code.

A notebook opens a cycle and shows exhibits of it:

>>> import cluster_eval as ce
>>> report = ce.open_cycle("2024-25")
>>> pcmw = ce.measures.maturity.summarise(report.responses, "PCMW")
>>> ce.show(report.exhibits.levels_by_outcome(pcmw, "2024-25"))  # doctest: +SKIP
"""

from cluster_eval import facts, measures, prose, reconcile, vocabulary
from cluster_eval.display import say, show
from cluster_eval.problems import InputError
from cluster_eval.report import Report, open_cycle

__all__ = ["InputError", "Report", "facts", "measures", "open_cycle", "prose", "reconcile", "say", "show", "vocabulary"]
