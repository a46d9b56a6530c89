"""Themes and sub-themes of the coded comments."""

import itertools
import math

import numpy as np
import pandas as pd

from cluster_eval.measures.counting import encode

EXCERPT = ["response_id", "question", "excerpt"]
COLUMNS = ["cycle", "theme", "subtheme", "excerpts", "responses"]


def summarise(coding: pd.DataFrame) -> pd.DataFrame:
    """Count excerpts and responses by theme and sub-theme.

    Parameters
    ----------
    coding : DataFrame
        Thematic coding, one row per code given: cycle, response_id, question, theme, subtheme, coder, excerpt.

    Returns
    -------
    DataFrame
        cycle, theme, subtheme (in the order in which they first occur), excerpts (different excerpts that at
        least one coder gave this sub-theme), responses (different responses that those come from).
    """
    keys = ["theme", "cycle", "subtheme"]
    codes, words = zip(*(encode(coding[column]) for column in (*keys, *EXCERPT)), strict=True)
    sizes = [len(of_column) for of_column in words]
    # Each row as one whole number: sorted, equal ones are neighbours, and so are those of the same response.
    found = codes[0].astype(np.int64)
    for of_column, size in zip(codes[1:], sizes[1:], strict=True):
        found *= size
        found += of_column
    found.sort()
    found = found[_find_first(found)]
    of_response = found // math.prod(sizes[4:])
    of_response = of_response[_find_first(of_response)]
    groups = math.prod(sizes[:3])
    excerpts = np.bincount(found // math.prod(sizes[3:]), minlength=groups)
    responses = np.bincount(of_response // sizes[3], minlength=groups)
    rows = [
        (cycle, theme, subtheme, excerpts[place], responses[place])
        for place, (theme, cycle, subtheme) in enumerate(itertools.product(*words[:3]))
        if excerpts[place]
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def choose_excerpts(coding: pd.DataFrame, theme: str) -> pd.DataFrame:
    """Choose, for each sub-theme of a theme, the excerpt that most coders placed there.

    Parameters
    ----------
    coding : DataFrame
        Thematic coding of one cycle.
    theme : str
        The theme.

    Returns
    -------
    DataFrame
        subtheme, excerpt, coders (how many gave the excerpt this sub-theme). Of excerpts that as many
        coders agree on, the longest is taken, then the first in alphabetical order.
    """
    of_theme = coding[coding["theme"] == theme].astype("str")
    agreed = of_theme.groupby(["subtheme", *EXCERPT], sort=False)["coder"].nunique().reset_index(name="coders")
    agreed["length"] = agreed["excerpt"].str.len()
    ranked = agreed.sort_values(["coders", "length", "excerpt"], ascending=[False, False, True])
    chosen = ranked.drop_duplicates("subtheme").set_index("subtheme").loc[of_theme["subtheme"].unique()]
    return chosen.reset_index()[["subtheme", "excerpt", "coders"]]


def _find_first(numbers):
    """Find the first of each run of equal numbers."""
    first = np.ones(len(numbers), dtype=bool)
    np.not_equal(numbers[1:], numbers[:-1], out=first[1:])
    return first
