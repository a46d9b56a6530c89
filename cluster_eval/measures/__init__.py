"""Pure functions from tidy responses to tidy tables, one module per measure."""

from cluster_eval.measures import (
    agreement,
    change,
    comments,
    deprivation,
    maturity,
    meetings,
    participation,
    themes,
)

__all__ = ["agreement", "change", "comments", "deprivation", "maturity", "meetings", "participation", "themes"]
