"""How tests of one family are adjusted for being many."""

import pandas as pd

DECLARED_FROM = "2025-26"
"""The first cycle for which the families were declared before anybody looked at results."""


def adjust_by_holm(p: pd.Series) -> pd.Series:
    """Adjust the p of a family of tests, declared beforehand, by Holm's step-down method.

    Sorted from the smallest, the i-th of m is multiplied by m − i + 1, is no smaller than the one before it, and at
    most 1 (Holm 1979, Scandinavian Journal of Statistics 6). A test that could not be made keeps its place, as if its
    p were 1: else the data would decide how large the family is.

    Parameters
    ----------
    p : Series
        The family's p; missing where a test could not be made.

    Returns
    -------
    Series
        The adjusted p, missing where it was.
    """
    # pingouin reads its plotting style on import, for which nobody should wait who tests nothing.
    import pingouin

    if p.isna().all():
        return p
    return pd.Series(pingouin.multicomp(p.fillna(1).to_numpy(), method="holm")[1], p.index).where(p.notna())
