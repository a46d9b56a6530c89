"""Whether responding goes with what is known of all clusters."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cluster_eval.vocabulary import HEALTH_BOARDS

CHARACTERISTICS = ("health_board", "deprivation_fifth")
TEST = "Fisher–Freeman–Halton"

RESPONSE_COLUMNS = ["cycle", "characteristic", "group", "clusters", "responses", "rate"]
TEST_COLUMNS = [
    "cycle",
    "characteristic",
    "groups",
    "clusters",
    "responses",
    "test",
    "p",
    "cramers_v",
    "note",
]


def summarise_response(register: pd.DataFrame, responses: pd.DataFrame) -> pd.DataFrame:
    """Count clusters and responses in the groups of each characteristic.

    Parameters
    ----------
    register : DataFrame
        cycle, cluster, health_board, deprivation_fifth of every cluster.
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, characteristic (`health_board`, `deprivation_fifth`), group (text; health boards in the report's order,
        fifths from the most deprived), clusters, responses (different clusters of the group that responded), rate
        (responses / clusters, a fraction).
    """
    register = register.drop_duplicates(["cycle", "cluster"])
    keys = [pd.MultiIndex.from_frame(table[["cycle", "cluster"]].astype("str")) for table in (register, responses)]
    table = register.assign(cycle=register["cycle"].astype("str"), responded=keys[0].isin(keys[1]))
    rows = []
    for cycle, of_cycle in table.groupby("cycle"):
        for characteristic in CHARACTERISTICS:
            groups = of_cycle.groupby(characteristic, observed=True)["responded"].agg(["size", "sum"])
            for group in sorted(groups.index, key=_order):
                clusters, responded = (int(number) for number in groups.loc[group])
                rows.append((cycle, characteristic, str(group), clusters, responded, responded / clusters))
    return pd.DataFrame(rows, columns=RESPONSE_COLUMNS)


def compare_responders(register: pd.DataFrame, responses: pd.DataFrame) -> pd.DataFrame:
    """Test whether responding goes with a characteristic of the cluster.

    Fisher's exact test as Freeman & Halton extended it (1951, Biometrika 38): of all tables with the same margins, the
    probability of those that are as probable as the one found, or less. The effect size is Cramér's V with Bergsma's
    correction for bias (2013, Journal of the Korean Statistical Society 42), since V itself is above 0 on average
    where there is no relationship, and the more so the more groups there are.

    Parameters
    ----------
    register : DataFrame
        cycle, cluster, health_board, deprivation_fifth of every cluster.
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, characteristic, groups (number of groups), clusters, responses, test (`Fisher–Freeman–Halton`), p,
        cramers_v (0 to 1, corrected), note (why p is missing: `all clusters responded`, `no cluster responded`, `one
        group`; else empty). Where p is missing, so is cramers_v.
    """
    counts = summarise_response(register, responses)
    rows = []
    for (cycle, characteristic), groups in counts.groupby(["cycle", "characteristic"], sort=False):
        sizes, responded = groups["clusters"].tolist(), groups["responses"].tolist()
        silent = [size - number for size, number in zip(sizes, responded, strict=True)]
        p, association, note = math.nan, math.nan, _excuse(sizes, responded)
        if not note:
            association = measure_association([responded, silent])
            p = calculate_exact_p(sizes, silent)
        rows.append((cycle, characteristic, len(sizes), sum(sizes), sum(responded), TEST, p, association, note))
    return pd.DataFrame(rows, columns=TEST_COLUMNS)


def calculate_exact_p(sizes: Sequence[int], drawn: Sequence[int]) -> float:
    """Calculate how probable it is that those drawn are spread over groups as unevenly as this, or more.

    Every table with the margins is counted in whole numbers: the number of ways to draw x_g of N_g in each group is
    ∏ C(N_g, x_g), of C(N, m) altogether, so that tables equally probable are found to be so. scipy has no exact test
    for more than two groups.

    Parameters
    ----------
    sizes : sequence of int
        The size of each group.
    drawn : sequence of int
        How many of each group were drawn.

    Returns
    -------
    float
        p of the Fisher–Freeman–Halton test.
    """
    number = sum(drawn)
    found = math.prod(math.comb(size, part) for size, part in zip(sizes, drawn, strict=True))
    # By how many are drawn so far and in how many ways, to the number of tables: many tables have as many ways.
    tables = Counter({(0, 1): 1})
    rest = sum(sizes)
    for size in sizes:
        rest -= size
        grown: Counter = Counter()
        for (so_far, ways), times in tables.items():
            for part in range(max(number - so_far - rest, 0), min(size, number - so_far) + 1):
                grown[so_far + part, ways * math.comb(size, part)] += times
        tables = grown
    return sum(ways * times for (_, ways), times in tables.items() if ways <= found) / math.comb(sum(sizes), number)


def measure_association(table) -> float:
    """Measure how strongly the rows and the columns of a table of counts go together.

    Bergsma (2013): φ̃² = max(0, φ² − (r − 1)(c − 1) / (n − 1)), r̃ = r − (r − 1)² / (n − 1), c̃ likewise, and
    Ṽ = √(φ̃² / min(r̃ − 1, c̃ − 1)), where φ² = χ² / n = V² · min(r − 1, c − 1).

    Parameters
    ----------
    table : array-like of int
        Counts, r rows by c columns, none of which is all 0.

    Returns
    -------
    float
        Cramér's V with its bias corrected, 0 to 1; missing where there are so few counts that it is not defined.
    """
    from scipy.stats.contingency import association

    table = np.asarray(table)
    rows, columns = table.shape
    free = table.sum() - 1
    if free < 1 or min(rows, columns) < 2:
        return math.nan
    squared = association(table, method="cramer") ** 2 * (min(rows, columns) - 1)
    squared = max(0.0, squared - (rows - 1) * (columns - 1) / free)
    smallest = min(size - (size - 1) ** 2 / free - 1 for size in (rows, columns))
    return min(math.sqrt(squared / smallest), 1.0) if smallest > 0 else math.nan


def _order(group):
    """Put health boards in the report's order, and others after them in their own."""
    boards = [*HEALTH_BOARDS]
    return (boards.index(group), "") if group in boards else (len(boards), group)


def _excuse(sizes, responded):
    """Say why there is nothing to test."""
    if sum(responded) == sum(sizes):
        return "all clusters responded"
    if not any(responded):
        return "no cluster responded"
    return "one group" if len(sizes) < 2 else ""
