"""Themes and sub-themes of the coded comments."""

import itertools
import math

import numpy as np
import pandas as pd

from cluster_eval.measures.counting import encode

EXCERPT = ["response_id", "question", "excerpt"]
_ENCODED = ["theme", "cycle", "subtheme", *EXCERPT, "coder"]
COLUMNS = ["cycle", "theme", "subtheme", "excerpts", "responses"]


def summarise(coding: pd.DataFrame) -> pd.DataFrame:
    """Count excerpts and responses by theme and sub-theme, as the majority of coders gave them.

    An excerpt has a sub-theme where more than half of the coders who have read its comment gave it: those who coded
    this or another excerpt of the comment (see `coder_agreement.summarise`).

    Parameters
    ----------
    coding : DataFrame
        Thematic coding, one row per code given: cycle, response_id, question, theme, subtheme, coder, excerpt.

    Returns
    -------
    DataFrame
        cycle, theme, subtheme (in the order in which they first occur), excerpts (different excerpts that the majority
        gave this sub-theme; 0 where only a minority did), responses (different responses that those come from).
    """
    codes, words = zip(*(encode(coding[column]) for column in _ENCODED), strict=True)
    sizes = [len(of_column) for of_column in words]
    theme, cycle, subtheme, response, question, excerpt, coder = (each.astype(np.int64) for each in codes)
    comment = (cycle * sizes[3] + response) * sizes[4] + question
    # How many coders have read each comment; and each excerpt with a sub-theme, how many gave it.
    comments, readers = _count_different(comment, coder, sizes[6])
    kind = (theme * sizes[1] + cycle) * sizes[2] + subtheme
    placed = kind * (sizes[3] * sizes[4] * sizes[5]) + (response * sizes[4] + question) * sizes[5] + excerpt
    given, times = _count_different(placed, coder, sizes[6])
    of_kind, of_excerpt = np.divmod(given, sizes[3] * sizes[4] * sizes[5])
    of_cycle = of_kind // sizes[2] % sizes[1]
    of_comment = of_cycle * (sizes[3] * sizes[4]) + of_excerpt // sizes[5]
    by_majority = 2 * times > readers[np.searchsorted(comments, of_comment)]
    of_response = of_kind * sizes[3] + of_excerpt // (sizes[4] * sizes[5])
    groups = math.prod(sizes[:3])
    found = np.bincount(of_kind, minlength=groups)
    excerpts = np.bincount(of_kind[by_majority], minlength=groups)
    responses = np.bincount(np.unique(of_response[by_majority]) // sizes[3], minlength=groups)
    rows = [
        (cycle, theme, subtheme, excerpts[place], responses[place])
        for place, (theme, cycle, subtheme) in enumerate(itertools.product(*words[:3]))
        if found[place]
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


def _count_different(keys, coders, size):
    """Count the different coders of each key: the keys in order, and their numbers."""
    found = np.unique(keys * size + coders) // size
    return np.unique(found, return_counts=True)
