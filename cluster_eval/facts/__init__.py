"""What a report says, as values with names, one module per subject."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "agreement": ["describe_agreement", "describe_meetings"],
        "change": ["describe_decomposition", "describe_linked"],
        "deprivation": [
            "describe_deprivation",
            "describe_framework_tests",
            "describe_trend",
            "find_detectable_share",
        ],
        "maturity": ["describe_maturity", "describe_outcome"],
        "participation": ["describe_participation"],
        "reconciliation": ["describe_reconciliation"],
        "report": ["ReportFacts"],
        "responding": ["describe_non_response", "find_unanswered"],
        "statistics": ["describe_reliability"],
        "themes": ["describe_coder_agreement", "describe_themes"],
    },
)
