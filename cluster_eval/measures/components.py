"""Maturity levels summed over the components of the model: care, infrastructure, and ways of working."""

import pandas as pd

from cluster_eval.measures import maturity
from cluster_eval.vocabulary import COMPONENTS, HIGHER, HIGHER_LEVELS, LEVELS


def summarise(responses: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Count ratings by level, summed over the outcomes of each component.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.
    outcomes : DataFrame
        framework, outcome, component of each outcome.

    Returns
    -------
    DataFrame
        cycle, component (`care`, `infrastructure`, `ways of working`), level (each, then `Developing+Mature`), outcomes
        (how many are summed over: those of `maturity.find_shared_outcomes`), n (ratings at the level), base (ratings
        that are not blank), share (n / base). Components without a rating in a cycle are left out.
    """
    levels = maturity.summarise(responses)
    shared = maturity.find_shared_outcomes(levels)
    names = {(row.framework, str(row.outcome)): row.component for row in outcomes.itertuples()}
    keys = list(zip(levels["framework"], levels["outcome"].astype("str"), strict=True))
    is_shared = [outcome in shared.get(framework, ()) for framework, outcome in keys]
    rows = levels.assign(component=[names.get(key) for key in keys]).loc[is_shared]
    sums = rows.groupby(["cycle", "component", "level"], sort=False, as_index=False).agg(
        n=("n", "sum"), base=("base", "sum"), outcomes=("outcome", "nunique")
    )
    higher = sums[sums["level"].isin(HIGHER_LEVELS)].groupby(["cycle", "component"], sort=False, as_index=False)
    higher = higher.agg(n=("n", "sum"), base=("base", "first"), outcomes=("outcomes", "first")).assign(level=HIGHER)
    table = pd.concat([sums, higher], ignore_index=True)
    table = table[table["base"] > 0]
    order = {name: place for place, name in enumerate((*COMPONENTS, *LEVELS, HIGHER))}
    table = table.sort_values(["component", "level"], key=lambda each: each.map(order), kind="stable")
    table = table.sort_values("cycle", kind="stable", ignore_index=True)
    table["share"] = table["n"] / table["base"]
    return table[["cycle", "component", "level", "outcomes", "n", "base", "share"]]
