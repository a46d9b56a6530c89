"""What the book shows: functions from an open cycle and its measures to exhibits, one module per subject."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "actions",
        "agreement",
        "change",
        "components",
        "deprivation",
        "maturity",
        "outcomes",
        "participation",
        "reconciliation",
        "records",
        "responding",
        "statistics",
        "themes",
    ],
)
