"""What a report says, as named values for its sentences, one module per subject."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "agreement": ["describe_agreement", "describe_meetings"],
        "participation": ["Participation", "describe_participation"],
        "report": ["ReportFacts"],
        "old": [
            "describe_deprivation",
            "describe_maturity",
            "describe_outcome",
            "describe_reconciliation",
            "describe_themes",
            "gather",
            "name_outcomes",
            "name_summed_outcomes",
            "name_unanswered",
        ],
    },
)
