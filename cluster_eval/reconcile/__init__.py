"""Published figures and claims against the recomputed ones, and why they differ."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "comparison": ["compare_published", "reconcile_cycle", "summarise_causes", "summarise_verdicts"],
        "errata": ["list_errata"],
    },
)
