"""The national cluster self-reflection report for Wales, as code.

A notebook opens a cycle and shows exhibits of it:

>>> import cluster_eval as ce
>>> report = ce.open_cycle("2024-25")
>>> pcmw = ce.measures.maturity.summarise(report.responses, "PCMW")
>>> ce.show(report.exhibits.levels_by_outcome(pcmw, "2024-25"))  # doctest: +SKIP
"""

import lazy_loader

# Nothing is imported before it is used, so that a caller waits for no more than that, and so that what a section
# imports tells what it depends on.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["facts", "inference_facts", "measures", "prose", "reconcile", "values", "vocabulary"],
    submod_attrs={
        "display": ["list_facts", "say", "say_list", "say_together", "sentence", "show"],
        "problems": ["InputError"],
        "report": ["Report", "open_cycle"],
    },
)
