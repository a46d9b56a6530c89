"""The national cluster self-reflection report for Wales, as code.

A notebook opens a cycle and shows exhibits of it:

>>> import cluster_eval as ce
>>> edition = ce.open_cycle("2024-25")
>>> report = edition.report
>>> participation = ce.measures.participation.summarise(report.responses, report.register)
>>> edition.show(ce.exhibits.participation.response_rate(report, participation))  # doctest: +SKIP
"""

import lazy_loader

# Nothing is imported before it is used, so that a caller waits for no more than that, and so that what a section
# imports tells what it depends on.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["exhibits", "facts", "measures", "reconcile", "values", "vocabulary"],
    submod_attrs={
        "notebook.edition": ["OpenEdition", "open_cycle"],
        "words.messages": ["Plural"],
        "problems": ["InputError"],
        "sources.edition": ["Edition", "Scope"],
        "sources.report": ["Report", "open_report"],
    },
)
