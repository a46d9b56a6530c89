"""Pure functions from tidy responses to tidy tables, one module per measure."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "agreement",
        "change",
        "coder_agreement",
        "comments",
        "components",
        "deprivation",
        "estimates",
        "linked",
        "maturity",
        "meetings",
        "multiplicity",
        "nonresponse",
        "overlap",
        "participation",
        "ranking",
        "reliability",
        "themes",
        "transition",
        "uncertainty",
        "weighting",
    ],
)
