"""Who did not respond, and how different they would have to be for a finding to be another."""

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cluster_eval.measures.maturity import ALL
from cluster_eval.measures.uncertainty import look_up_population
from cluster_eval.vocabulary import AGREEING, DISAGREEING, HEALTH_BOARDS, HIGHER_LEVELS, LEVELS

CHARACTERISTICS = ("health_board", "deprivation_fifth")
EXACT = "Fisher–Freeman–Halton"
DRAWN = "Fisher–Freeman–Halton, Monte Carlo"
MOST_TABLES = 100_000
RESAMPLES = 99_999
SEED = 2025
AT_LEAST, MORE_THAN, HIGHEST, LOWEST = "at least", "more than", "highest", "lowest"
AT_MOST = "at most"
RANKED = ((HIGHER_LEVELS, HIGHEST), (LEVELS[-1:], HIGHEST), (LEVELS[-1:], LOWEST), (LEVELS[:1], HIGHEST))
"""Which levels' highest or lowest share the report names an outcome for."""

RESPONSE_COLUMNS = ["cycle", "characteristic", "group", "clusters", "responses", "rate"]
TEST_COLUMNS = [
    "cycle",
    "characteristic",
    "groups",
    "clusters",
    "responses",
    "test",
    "tables",
    "p",
    "cramers_v",
    "note",
]
FINDING_COLUMNS = [
    "cycle",
    "framework",
    "outcome",
    "question",
    "kind",
    "comparison",
    "threshold",
    "n",
    "base",
    "share",
    "holds",
    "rival",
    "rival_n",
    "rival_base",
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


def compare_responders(
    register: pd.DataFrame,
    responses: pd.DataFrame,
    most_tables: int = MOST_TABLES,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
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
    most_tables : int
        How many tables may be enumerated; where there are more, as many as `resamples` are drawn at random.
    resamples : int
        How many tables are drawn.
    seed : int
        The seed of drawing them.

    Returns
    -------
    DataFrame
        cycle, characteristic, groups (number of groups), clusters, responses, test (`Fisher–Freeman–Halton`, followed
        by `, Monte Carlo` where tables are drawn), tables (number with these margins), p, cramers_v (0 to 1,
        corrected), note (why p is missing: `all clusters responded`, `no cluster responded`, `one group`; else
        empty). Where p is missing, so is cramers_v.
    """
    counts = summarise_response(register, responses)
    rows = []
    for (cycle, characteristic), groups in counts.groupby(["cycle", "characteristic"], sort=False):
        sizes, responded = groups["clusters"].tolist(), groups["responses"].tolist()
        silent = [size - number for size, number in zip(sizes, responded, strict=True)]
        tables = _count_tables(sizes, sum(silent))
        test, p, association, note = EXACT, math.nan, math.nan, _excuse(sizes, responded)
        if not note:
            association = measure_association([responded, silent])
            if tables <= most_tables:
                p = calculate_exact_p(sizes, silent)
            else:
                test, p = DRAWN, _draw_p([responded, silent], resamples, seed)
        rows.append((cycle, characteristic, len(sizes), sum(sizes), sum(responded), test, tables, p, association, note))
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


def list_findings(maturity: pd.DataFrame, agreement: pd.DataFrame) -> pd.DataFrame:
    """List the findings that the report states as headlines, and whether they hold among the responses.

    Parameters
    ----------
    maturity : DataFrame
        What `measures.maturity.summarise` returns.
    agreement : DataFrame
        What `measures.agreement.summarise` returns.

    Returns
    -------
    DataFrame
        One row per finding, of every cycle in the tables:

        - of each outcome, whether at least half of clusters are at Developing or Mature;
        - of each framework, which outcome has the highest share at Developing or Mature, the highest and the lowest at
          Mature, and the highest at Pre-foundation (the first of those with the same share);
        - of each agreement question, whether more than half of clusters agree, and whether at least a third disagree.

        cycle, framework and outcome (missing for questions), question (missing for outcomes), kind (the levels or
        answers counted, joined by `+`), comparison (`at least`, `more than`, `highest`, `lowest`), threshold (a
        fraction; missing for rankings), n (clusters of the kind), base (clusters that answered), share (n / base),
        holds (whether the finding is true of those that answered), rival (for a ranking the runner-up, an outcome of
        the framework; the first of those with the same share), rival_n, rival_base (the same of it). What has base 0
        has no row, and rankings need two outcomes that differ.
    """
    single = maturity[maturity["outcome"] != ALL]
    rows = []
    for cycle in dict.fromkeys([*maturity["cycle"].astype("str"), *agreement["cycle"].astype("str")]):
        of_cycle = single[single["cycle"] == cycle]
        for framework, of_framework in of_cycle.groupby("framework", sort=False):
            keys = {"cycle": cycle, "framework": framework}
            counted = _add_up(of_framework, "outcome", "level", HIGHER_LEVELS)
            rows += [
                keys | {"outcome": outcome, "kind": _name(HIGHER_LEVELS)} | _compare(n, base, AT_LEAST, 1 / 2)
                for outcome, (n, base) in counted.items()
            ]
            for levels, comparison in RANKED:
                ranking = _rank(_add_up(of_framework, "outcome", "level", levels), comparison)
                rows += [keys | {"kind": _name(levels)} | row for row in ranking]
        questions = agreement[agreement["cycle"] == cycle]
        for answers, comparison, threshold in ((AGREEING, MORE_THAN, 1 / 2), (DISAGREEING, AT_LEAST, 1 / 3)):
            rows += [
                {"cycle": cycle, "question": question, "kind": _name(answers)}
                | _compare(n, base, comparison, threshold)
                for question, (n, base) in _add_up(questions, "question", "answer", answers).items()
            ]
    table = pd.DataFrame(rows, columns=FINDING_COLUMNS)
    return table.astype({"threshold": "float", "rival_n": "Int64", "rival_base": "Int64"})


def find_tipping_points(findings: pd.DataFrame, population: Mapping[str, int]) -> pd.DataFrame:
    """Find how those that did not answer would have to differ for a finding not to hold of all clusters.

    For a share every number of them that could be of the kind is tried: x of the N − base that are missing make the
    population's share (n + x) / N. For a ranking, the missing answers about the first are taken to speak against it as
    far as they can, so that the runner-up passes it with n − rival_n + 1 of its own (for `lowest`, the other way
    round). This is a tipping-point analysis (Yan, Lee & Li 2009, Journal of Biopharmaceutical Statistics 19): it
    supposes nothing of those that did not answer.

    Parameters
    ----------
    findings : DataFrame
        cycle, comparison, threshold, n, base, share, holds, rival_n, rival_base, as of `list_findings`.
    population : mapping of str to int
        Each cycle to the clusters of its register, N, as of `measures.uncertainty.count_population`.

    Returns
    -------
    DataFrame
        The findings' columns, then population (N, clusters), nonresponders (clusters whose answer is missing: N − base,
        or N − rival_base for `highest`, where it is the runner-up's that decide), direction (of needed: `at most`
        where fewer of the kind overturn the finding, `at least` where more do), needed (of the nonresponders, the
        number of the kind from which on the population is on the other side; for `highest` and `lowest` the number
        that would have to be of the kind for the one that passes and not for the one that is passed; missing
        where no number does, and where the base is 0), needed_share (needed / nonresponders), difference
        (needed_share less the share among those that answered; for a ranking, less the lead of the one that
        passes, which is not above 0; a fraction), can_overturn (whether any answers of the nonresponders would
        overturn the finding).

    Raises
    ------
    ValueError
        If a cycle has no population, or fewer clusters than a base counts.
    """
    clusters = look_up_population(findings["cycle"], population)
    numbers = findings[["n", "base", "rival_n", "rival_base"]].astype("Float64").to_numpy(float, na_value=np.nan)
    n, base, rival_n, rival_base = numbers.T
    if (np.fmax(base, rival_base) > clusters).any():
        raise ValueError("a base is at most the number of clusters")
    comparison = findings["comparison"].to_numpy()
    highest, lowest = comparison == HIGHEST, comparison == LOWEST
    missing = clusters - np.where(highest, rival_base, base)
    needed = _try_all(n, base, clusters, findings)
    passing = np.maximum(np.where(highest, n - rival_n, rival_n - n) + 1, 0)
    ranked = highest | lowest
    needed[ranked] = np.where(passing <= missing, passing, np.nan)[ranked]
    needed[base == 0] = np.nan
    needed_share = np.full(len(findings), np.nan)
    np.divide(needed, missing, out=needed_share, where=missing > 0)
    share, rival_share = findings["share"].to_numpy(float), np.full(len(findings), np.nan)
    np.divide(rival_n, rival_base, out=rival_share, where=rival_base > 0)
    lead = np.select([highest, lowest], [rival_share - share, share - rival_share], share)
    fewer = findings["holds"].to_numpy(bool) & ~ranked
    return findings.assign(
        population=clusters,
        nonresponders=missing.astype(int),
        direction=np.where(fewer, AT_MOST, AT_LEAST),
        needed=pd.array(needed, dtype="Int64"),
        needed_share=needed_share,
        difference=needed_share - lead,
        can_overturn=~np.isnan(needed),
    )


def _try_all(n, base, clusters, findings):
    """Try every number of the missing that could be of the kind; give that from which on a finding is overturned."""
    numbers = np.arange(clusters.max(initial=0) + 1)
    holds, threshold = findings["holds"].to_numpy(bool), findings["threshold"].to_numpy(float)
    # Compared as fractions, as the finding was: a fraction of whole numbers and its double are equal as often as
    # they should be, and a threshold times N is not.
    shares = (n[:, None] + numbers) / clusters[:, None]
    strict = (findings["comparison"] == MORE_THAN).to_numpy()
    after = np.where(strict[:, None], shares > threshold[:, None], shares >= threshold[:, None])
    overturned = (after != holds[:, None]) & (numbers <= (clusters - base)[:, None])
    most = np.where(overturned, numbers, -1).max(axis=1, initial=-1)
    least = np.where(overturned, numbers, len(numbers)).min(axis=1, initial=len(numbers))
    return np.where(overturned.any(axis=1), np.where(holds, most, least), np.nan)


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


def _count_tables(sizes, number):
    """Count the ways to spread a number over groups, none of which holds more than its size."""
    ways = [1]
    for size in sizes:
        sums = [0, *itertools.accumulate(ways + [0] * size)]
        ways = [sums[place + 1] - sums[max(place - size, 0)] for place in range(len(sums) - 1)][: number + 1]
    return ways[number]


def _draw_p(table, resamples, seed):
    from scipy.stats import MonteCarloMethod, fisher_exact

    method = MonteCarloMethod(n_resamples=resamples, rng=np.random.default_rng(seed))
    return float(fisher_exact(table, method=method).pvalue)


def _add_up(table, key, column, words):
    """Add up several answers: n and base by key, of what anybody answered."""
    table = table[table["base"] > 0]
    n = table["n"].where(table[column].isin(words), 0).groupby(table[key], sort=False).sum()
    base = table.groupby(key, sort=False)["base"].first()
    return {name: (int(n[name]), int(base[name])) for name in n.index}


def _compare(n, base, comparison, threshold):
    share = n / base
    holds = share > threshold if comparison == MORE_THAN else share >= threshold
    return {
        "comparison": comparison,
        "threshold": threshold,
        "n": n,
        "base": base,
        "share": share,
        "holds": holds,
    }


def _rank(counted, comparison):
    """Find the first and the runner-up of a ranking; nothing where no two differ."""
    sign = -1 if comparison == HIGHEST else 1
    shares = {outcome: n / base for outcome, (n, base) in counted.items()}
    if len(set(shares.values())) < 2:
        return []
    ranked = sorted(shares, key=lambda outcome: sign * shares[outcome])
    first, rival = ranked[:2]
    (n, base), (rival_n, rival_base) = counted[first], counted[rival]
    row = {"outcome": first, "comparison": comparison, "n": n, "base": base, "share": n / base, "holds": True}
    return [row | {"rival": rival, "rival_n": rival_n, "rival_base": rival_base}]


def _name(words):
    return "+".join(words)
