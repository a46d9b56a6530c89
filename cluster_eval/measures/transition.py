"""Change between linked cycles: who moved from which level to which, who came and who went.

`change.py` sets totals side by side; here the unit is a cluster's rating of an outcome in both cycles.
"""

import itertools
import math

import numpy as np
import pandas as pd

from cluster_eval.measures.change import select_newest
from cluster_eval.measures.counting import spread_counts
from cluster_eval.measures.maturity import ALL, find_shared_outcomes, select_ratings, summarise
from cluster_eval.vocabulary import HIGHER, LEVELS, RATINGS, SCORES

STAYER, LEAVER, JOINER = "stayer", "leaver", "joiner"

_OUTCOMES = [(framework, str(outcome)) for framework, outcome in RATINGS.values()]
_MEASURES = [*(("share", level) for level in (*LEVELS, HIGHER)), ("mean", None)]
# What each level (row) adds to each of the measures (column).
_WORTH = np.column_stack([np.eye(len(LEVELS), dtype=int), [0, 0, 1, 1], list(SCORES.values())])
_CONTRIBUTIONS = ["stayers", "joiners", "leavers"]
_SIZES = ["n_stayers", "n_joiners", "n_leavers"]

_LINK = {
    "framework": "str",
    "outcome": "str",
    "cluster": "str",
    "deprivation_fifth": "int64",
    "previous_level": pd.CategoricalDtype(LEVELS, ordered=True),
    "previous": "float64",
    "current_level": pd.CategoricalDtype(LEVELS, ordered=True),
    "current": "float64",
    "kind": "str",
}
_TRANSITIONS = {
    **dict.fromkeys(["framework", "outcome", "previous_level", "current_level"], "str"),
    **dict.fromkeys(["n", "base"], "int64"),
    "share": "float64",
}
_MOVES = {
    **dict.fromkeys(["framework", "outcome"], "str"),
    **dict.fromkeys(["base", "up", "stayed", "down"], "int64"),
    **dict.fromkeys(["share_up", "share_stayed", "share_down"], "float64"),
}
_DECOMPOSITION = {
    **dict.fromkeys(["framework", "outcome", "measure", "level"], "str"),
    **dict.fromkeys(["previous", "current", "change", *_CONTRIBUTIONS], "float64"),
    **dict.fromkeys(_SIZES, "int64"),
}


def link(responses: pd.DataFrame) -> pd.DataFrame:
    """Set each cluster's ratings of the newest cycle beside those of the cycle before.

    Its rows are those of single clusters, which are no more to be published than the responses are.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses of any number of cycles; a cluster has one response per cycle.

    Returns
    -------
    DataFrame
        framework, outcome (`1` …, text), cluster, deprivation_fifth (1 to 5; the current cycle's where both have
        one), previous_level, previous (score, 1 to 4), current_level, current (score, 1 to 4), kind (`stayer`: rated
        in both cycles; `leaver`: in the previous alone; `joiner`: in the current alone; missing: in neither). One
        row for each outcome that both cycles asked and each cluster that responded in either; what a cluster left
        blank, or had no response to give it in, is missing. Ordered by outcome and cluster. Empty for a first cycle.

    Raises
    ------
    ValueError
        For a cluster with more than one response in a cycle.
    """
    responses = select_newest(responses)
    cycles = sorted(responses["cycle"].unique())
    ratings = select_ratings(responses).astype({"cycle": "str", "cluster": "str"})
    places = {key: place for place, key in enumerate(_OUTCOMES)}
    ratings["place"] = [places[key] for key in zip(ratings["framework"], ratings["outcome"], strict=True)]
    ratings["when"] = ratings["cycle"].map(dict(zip(cycles, ["previous", "current"], strict=False)))
    asked_in_both = ratings.groupby("place")["cycle"].transform("nunique") == 2
    links = ratings[asked_in_both].pivot(index=["place", "cluster"], columns="when", values="score")
    links = links.reindex(columns=["previous", "current"]).rename_axis(columns=None).reset_index()
    last = responses.astype({"cycle": "str", "cluster": "str"}).sort_values("cycle", kind="stable")
    fifths = last.drop_duplicates("cluster", keep="last").set_index("cluster")["deprivation_fifth"]
    before, after = links["previous"].notna(), links["current"].notna()
    links = links.assign(
        framework=[_OUTCOMES[place][0] for place in links["place"]],
        outcome=[_OUTCOMES[place][1] for place in links["place"]],
        deprivation_fifth=links["cluster"].map(fifths),
        previous_level=_name_levels(links["previous"]),
        current_level=_name_levels(links["current"]),
        kind=np.select([before & after, before, after], [STAYER, LEAVER, JOINER], default=None),
    )
    return links[[*_LINK]].astype(_LINK)


def summarise_transitions(responses: pd.DataFrame) -> pd.DataFrame:
    """Count, from each level, the stayers that are at each level now.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses of any number of cycles, of which the newest is compared with the one before.

    Returns
    -------
    DataFrame
        framework, outcome (`1` …, or `all` for the sum over `maturity.find_shared_outcomes`),
        previous_level, current_level, n (stayers),
        base (stayers: clusters that rated the outcome in both cycles; for `all`, their ratings), share (n / base;
        missing where the base is 0). Sixteen rows for each outcome that both cycles asked, those with n = 0 included.
        Empty for a first cycle.
    """
    moves = [*itertools.product(LEVELS, LEVELS)]
    counts = {key: n.ravel() for key, n in _count_transitions(responses).items()}
    table = spread_counts(counts, ["framework", "outcome"], "move", moves)
    before, after = zip(*moves, strict=True)
    table["previous_level"], table["current_level"] = [*before] * len(counts), [*after] * len(counts)
    return table[[*_TRANSITIONS]].astype(_TRANSITIONS)


def summarise_moves(responses: pd.DataFrame) -> pd.DataFrame:
    """Count the stayers that moved up, stayed at their level and moved down.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses of any number of cycles, of which the newest is compared with the one before.

    Returns
    -------
    DataFrame
        framework, outcome (`1` …, or `all` for the sum over `maturity.find_shared_outcomes`),
        base (as in `summarise_transitions`), up,
        stayed, down (stayers whose level is higher than, the same as or lower than before; they add up to base),
        share_up, share_stayed, share_down (of base; missing where it is 0). Empty for a first cycle.
    """
    rows = []
    for key, n in _count_transitions(responses).items():
        base, moved = int(n.sum()), (np.triu(n, 1).sum(), np.trace(n), np.tril(n, -1).sum())
        rows.append((*key, base, *moved, *(each / base if base else math.nan for each in moved)))
    return _make_table(rows, _MOVES)


def decompose_change(responses: pd.DataFrame) -> pd.DataFrame:
    """Split the change of a total into what stayers, joiners and leavers brought about.

    With S stayers, L leavers, J joiners and p the share (or mean score) of a group in a cycle (0 previous, 1
    current), the totals are p0 = (S p_S0 + L p_L) / (S + L) and p1 = (S p_S1 + J p_J) / (S + J), and exactly

        p1 − p0 = (p_S1 − p_S0) + J / (S + J) · (p_J − p_S1) − L / (S + L) · (p_L − p_S0),

    the decomposition of Melitz & Polanec (2015) for firms that enter and leave, with stayers as the reference.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses of any number of cycles, of which the newest is compared with the one before.

    Returns
    -------
    DataFrame
        framework, outcome (`1` …, or `all`), measure (`share` or `mean`), level (a level, or `Developing+Mature`;
        missing for a mean), previous, current (share, or mean score 1 to 4), change (current − previous), stayers,
        joiners, leavers (what each contributed, in the same unit; they add up to change), n_stayers, n_joiners,
        n_leavers. The unit is a rating: a cluster that left an outcome blank in one cycle is a leaver or a joiner
        for that outcome. For `all`, shares are of the ratings of the outcomes of `maturity.find_shared_outcomes`
        together, and the mean is the mean of these outcomes' means, so its contributions are the means of theirs;
        sizes are numbers of ratings. Outcomes that one cycle did not ask are left out. A group without ratings
        contributes 0; contributions are missing where an outcome has no stayer, and for `all` means also where one of
        its outcomes has none. Empty for a first cycle.
    """
    links, shared = link(responses), find_shared_outcomes(summarise(select_newest(responses)))
    rows = []
    for framework, of_framework in links.groupby("framework", sort=False):
        counts = {
            outcome: _count_by_kind(of_outcome) for outcome, of_outcome in of_framework.groupby("outcome", sort=False)
        }
        tables = {outcome: _decompose(*of_outcome) for outcome, of_outcome in counts.items()}
        summed = [outcome for outcome in shared[framework] if outcome in counts]
        together = _decompose(*sum((counts[outcome] for outcome in summed), np.zeros((4, len(LEVELS)), dtype=int)))
        if summed:
            together[-1] = _average_outcomes([tables[outcome][-1] for outcome in summed])
        for outcome, table in {**tables, ALL: together}.items():
            rows += [(framework, outcome, *names, *row) for names, row in zip(_MEASURES, table.tolist(), strict=True)]
    return _make_table(rows, _DECOMPOSITION)


def _make_table(rows, kinds):
    return pd.DataFrame(rows, columns=[*kinds]).astype(kinds)


def _name_levels(scores):
    return pd.Categorical.from_codes(scores.fillna(0).astype(int) - 1, dtype=_LINK["previous_level"])


def _count_transitions(responses):
    """Count stayers by previous (row) and current level (column), for each outcome and summed over a framework's."""
    shared, counts = find_shared_outcomes(summarise(select_newest(responses))), {}
    for framework, of_framework in link(responses).groupby("framework", sort=False):
        of_outcomes = {}
        for outcome, of_outcome in of_framework.groupby("outcome", sort=False):
            stayers = of_outcome[of_outcome["kind"] == STAYER]
            n = np.zeros((len(LEVELS), len(LEVELS)), dtype=int)
            np.add.at(n, (stayers["previous_level"].cat.codes, stayers["current_level"].cat.codes), 1)
            of_outcomes[outcome] = n
        summed = [of_outcomes[outcome] for outcome in shared[framework] if outcome in of_outcomes]
        of_outcomes[ALL] = sum(summed, np.zeros((len(LEVELS), len(LEVELS)), dtype=int))
        counts |= {(framework, outcome): n for outcome, n in of_outcomes.items()}
    return counts


def _count_by_kind(of_outcome):
    """Count ratings by level: of stayers before and now, of joiners, of leavers."""
    groups = [(STAYER, "previous"), (STAYER, "current"), (JOINER, "current"), (LEAVER, "previous")]
    codes = [of_outcome.loc[of_outcome["kind"] == kind, f"{cycle}_level"].cat.codes for kind, cycle in groups]
    return np.array([np.bincount(of_group, minlength=len(LEVELS)) for of_group in codes])


def _decompose(stayed_before, stayed_now, joined, left):
    """Give previous, current, change, contributions and sizes (columns) of each measure (rows) from counts by level."""
    before, now, joiners, leavers = map(_measure, (stayed_before, stayed_now, joined, left))
    previous, current = _measure(stayed_before + left), _measure(stayed_now + joined)
    sizes = n_stayers, n_joiners, n_leavers = [int(n.sum()) for n in (stayed_now, joined, left)]
    contributions = np.full((len(_CONTRIBUTIONS), len(_MEASURES)), np.nan)
    if n_stayers:
        contributions[:] = 0
        contributions[0] = now - before
        if n_joiners:
            contributions[1] = n_joiners / (n_stayers + n_joiners) * (joiners - now)
        if n_leavers:
            contributions[2] = -n_leavers / (n_stayers + n_leavers) * (leavers - before)
    all_sizes = np.repeat([sizes], len(_MEASURES), axis=0)
    return np.column_stack([previous, current, current - previous, *contributions, all_sizes])


def _measure(counts):
    base = counts.sum()
    return counts @ _WORTH / base if base else np.full(len(_MEASURES), np.nan)


def _average_outcomes(rows):
    table = np.array(rows)
    numbers = len(_CONTRIBUTIONS) + 3
    previous, current, _, *contributions = (math.fsum(column) / len(table) for column in table[:, :numbers].T)
    return [previous, current, current - previous, *contributions, *table[:, numbers:].sum(axis=0)]
