"""What a report says, as values with names, one module per subject."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "actions": ["describe_progress"],
        "agreement": [
            "describe_agreement",
            "describe_certain_answers",
            "describe_likely_answers",
            "describe_meetings",
        ],
        "change": ["describe_breaks", "describe_linked", "describe_trend"],
        "deprivation": ["describe_deprivation"],
        "insights": ["describe_insights"],
        "maturity": ["describe_maturity"],
        "outcomes": ["describe_components", "describe_likely", "describe_outcome"],
        "participation": ["describe_participation"],
        "reconciliation": ["describe_reconciliation"],
        "report": ["ReportFacts"],
        "responding": ["describe_certain", "describe_silence", "find_unanswered"],
        "standing": ["describe_outcomes", "describe_rated_components"],
        "statistics": ["describe_reliability"],
        "totals": ["describe_certain_moves", "describe_decomposition", "describe_fixed_mix", "describe_overlap"],
        "summary": ["describe_ends", "describe_standing", "describe_wishes"],
        "themes": ["describe_coder_agreement", "describe_themes"],
    },
)
