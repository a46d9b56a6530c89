"""Themes and sub-themes of the coded comments."""

import pandas as pd

EXCERPT = ["response_id", "question", "excerpt"]


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
    keys = ["cycle", "theme", "subtheme"]
    counted = coding.drop_duplicates([*keys, *EXCERPT]).groupby(keys, sort=False)
    table = counted.agg(excerpts=("excerpt", "size"), responses=("response_id", "nunique")).reset_index()
    themes = {theme: place for place, theme in enumerate(table["theme"].unique())}
    return table.sort_values("theme", key=lambda theme: theme.map(themes), kind="stable").reset_index(drop=True)


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
    of_theme = coding[coding["theme"] == theme]
    agreed = of_theme.groupby(["subtheme", *EXCERPT], sort=False)["coder"].nunique().reset_index(name="coders")
    agreed["length"] = agreed["excerpt"].str.len()
    ranked = agreed.sort_values(["coders", "length", "excerpt"], ascending=[False, False, True])
    chosen = ranked.drop_duplicates("subtheme").set_index("subtheme").loc[of_theme["subtheme"].unique()]
    return chosen.reset_index()[["subtheme", "excerpt", "coders"]]
