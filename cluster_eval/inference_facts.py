"""What a report says of tests and estimates, as named values for its sentences; see `cluster_eval.facts`.

No p is given without the method, what it was computed on and the effect: a sentence has all of them by one name.
"""

import pandas as pd

from cluster_eval.measures.coder_agreement import RELIABLE
from cluster_eval.measures.deprivation import KENDALL, MEAN, TEST
from cluster_eval.measures.maturity import ALL
from cluster_eval.prose import (
    write_decimals,
    write_number,
    write_p,
    write_percent,
    write_points,
    write_score,
    write_score_change,
)
from cluster_eval.values import SMALLEST_BASE
from cluster_eval.vocabulary import CHARACTERISTIC_GROUPS, CHARACTERISTICS, HIGHER, RESPONDING_TESTS

SIGNIFICANCE = 0.05


def describe_non_response(tests: pd.DataFrame, points: pd.DataFrame) -> dict:
    """Describe whether those who responded differ, and what those who did not could overturn.

    Parameters
    ----------
    tests : DataFrame
        What `measures.nonresponse.compare_responders` returns, of one cycle.
    points : DataFrame
        What `measures.nonresponse.find_tipping_points` returns, of the same cycle.

    Returns
    -------
    dict
        silent (clusters that did not respond); characteristics: for each name (lower case), groups (what it divides
        clusters into), differs (whether the test is significant at the 5% level) and words (the test, written out;
        missing where there is nothing to compare); statements and overturnable, rankings and
        overturnable_rankings (counts).
    """
    characteristics = []
    for row in tests.itertuples():
        about = {
            "name": CHARACTERISTICS[row.characteristic].lower(),
            "groups": CHARACTERISTIC_GROUPS[row.characteristic],
            "differs": bool(row.p < SIGNIFICANCE),
        }
        if pd.notna(row.p):
            about["words"] = (
                f"{RESPONDING_TESTS[row.test]} on {write_number(row.clusters, 'cluster')}: p {write_p(row.p)}"
            )
            if pd.notna(row.cramers_v):
                about["words"] += f", Cramér’s V {write_score(row.cramers_v)}"
        characteristics.append(about)
    ranked = points["comparison"].isin(["highest", "lowest"])
    return {
        "silent": int((tests["clusters"] - tests["responses"]).max()),
        "characteristics": characteristics,
        "statements": int((~ranked).sum()),
        "overturnable": int(points.loc[~ranked, "can_overturn"].sum()),
        "rankings": int(ranked.sum()),
        "overturnable_rankings": int(points.loc[ranked, "can_overturn"].sum()),
    }


def describe_linked(means: pd.DataFrame, tests: pd.DataFrame, names: dict[tuple[str, str], str]) -> dict:
    """Describe whether the ratings of the same clusters changed.

    Parameters
    ----------
    means, tests : DataFrame
        What `measures.transition.compare_linked_means` and `compare_linked` return.
    names : dict of tuple to str
        Framework and outcome to the outcome's name.

    Returns
    -------
    dict
        frameworks: for each code, n, moved (whether its mean rose or fell, or `did not change`), by, previous, current,
        interval (missing where it cannot be given), significant (whether the test is, after Holm's adjustment)
        and words (the test, written out; missing where it cannot be made); tested (outcomes of the family) and testable
        (those in which any cluster moved); significant: for each
        outcome whose change is so after Holm's adjustment name, moved and words; unadjusted (how many more have a p
        below 5% before it).
    """
    frameworks = []
    for row in means.itertuples():
        about = {"code": row.framework, "n": row.n, "moved": _name_move(row.change)}
        if pd.notna(row.change):
            about |= {"by": write_score_change(row.change), "previous": write_score(row.previous)}
            about["current"] = write_score(row.current)
        if pd.notna(row.change_low):
            about["interval"] = f"{write_decimals(row.change_low)} to {write_decimals(row.change_high)}"
        if pd.notna(row.p):
            about["significant"] = bool(row.p_holm < SIGNIFICANCE)
            about["words"] = _write_test(row)
        frameworks.append(about)
    significant = tests[tests["p_holm"] < SIGNIFICANCE]
    return {
        "frameworks": frameworks,
        "tested": len(tests),
        "testable": int(tests["p"].notna().sum()),
        "significant": [
            {
                "name": f"{row.framework} outcome {names[row.framework, row.outcome]}",
                "moved": "rose" if row.effect > 0 else "fell",
                "words": f"{write_number(row.up, 'cluster')} up, {row.down} down; {_write_test(row)}",
            }
            for row in significant.itertuples()
        ],
        "unadjusted": int((tests["p"] < SIGNIFICANCE).sum()) - len(significant),
    }


def describe_decomposition(decomposition: pd.DataFrame) -> list[dict]:
    """Describe what the change of each framework's share at Developing or Mature is made of.

    Parameters
    ----------
    decomposition : DataFrame
        What `measures.transition.decompose_change` returns.

    Returns
    -------
    list of dict
        For each framework that was rated in both cycles code, direction (`rose`, `fell` or `did not change`), points,
        and, where there are clusters in both cycles, stayers, joiners and leavers: percentage points with one decimal,
        with their sign. With too few ratings for percentages in one of the cycles, direction alone.
    """
    rows = decomposition[(decomposition["outcome"] == ALL) & (decomposition["level"] == HIGHER)]
    described = []
    for row in rows.dropna(subset=["change"]).itertuples():
        about = {"code": row.framework, "direction": _name_move(row.change)}
        large = row.n_stayers + min(row.n_joiners, row.n_leavers) >= SMALLEST_BASE
        if large:
            about["points"] = write_points(row.change)
        if pd.notna(row.stayers) and large:
            about |= {part: _write_signed(getattr(row, part) * 100) for part in ("stayers", "joiners", "leavers")}
        described.append(about)
    return described


def describe_deprivation_tests(tests: pd.DataFrame, detectable: pd.DataFrame) -> list[dict]:
    """Describe the four tests of each framework's mean scores by deprivation fifth.

    Parameters
    ----------
    tests : DataFrame
        What `measures.deprivation.summarise_tests` returns, of one cycle.
    detectable : DataFrame
        What `measures.deprivation.find_detectable` returns, of the same cycle.

    Returns
    -------
    list of dict
        For each framework that can be tested code, n, tests (how many), significant (of those, at the 5% level and
        after Holm's adjustment), anova and tau (written out), and difference (the smallest detectable in mean score
        between the most and the least deprived fifth by Kendall's tau-b; missing where there is none).
    """
    described = []
    for code, rows in tests[(tests["outcome"] == MEAN) & tests["p"].notna()].groupby("framework", sort=False):
        by_test = rows.set_index("test")
        about = {
            "code": code,
            "n": int(rows["n"].iloc[0]),
            "tests": len(rows),
            "significant": int((rows["p_holm"] < SIGNIFICANCE).sum()),
        }
        for name, test in (("anova", TEST), ("tau", KENDALL)):
            if test in by_test.index:
                row = by_test.loc[test]
                effect = f"{row['effect']} {write_decimals(row['effect_size'])}"
                interval = _write_interval(row["effect_low"], row["effect_high"])
                written = test.replace("'", "’")
                about[name] = f"{written}, n {row['n']}: {effect}{interval}, p {write_p(row['p'])}"
        of_tau = detectable.query("framework == @code and outcome == @MEAN and test == @KENDALL")
        if not of_tau.empty and pd.notna(of_tau["difference"].iloc[0]):
            about["difference"] = write_score(of_tau["difference"].iloc[0])
        described.append(about)
    return described


def describe_trends(tests: pd.DataFrame) -> dict:
    """Describe whether scores of single outcomes rise or fall from fifth to fifth, by Kendall's tau-b.

    Parameters
    ----------
    tests : DataFrame
        What `measures.deprivation.summarise_tests` returns, of one cycle.

    Returns
    -------
    dict
        trend_holm (outcomes whose test is significant after Holm's adjustment), and of the test with the smallest p
        trend_p, trend_p_holm, trend_outcome, trend_n and trend_tau; empty where no outcome can be tested.
    """
    rows = tests[(tests["outcome"] != MEAN) & (tests["test"] == KENDALL) & tests["p"].notna()]
    if rows.empty:
        return {}
    smallest = rows.loc[rows["p"].idxmin()]
    return {
        "trend_holm": int((rows["p_holm"] < SIGNIFICANCE).sum()),
        "trend_p": write_p(smallest["p"]),
        "trend_p_holm": write_p(smallest["p_holm"]),
        "trend_outcome": f"{smallest['framework']} outcome {smallest['outcome']}",
        "trend_n": int(smallest["n"]),
        "trend_tau": write_decimals(smallest["effect_size"]),
    }


def describe_detectable(detectable: pd.DataFrame) -> dict:
    """Describe which differences of single outcomes between deprivation fifths the published test could have found.

    Parameters
    ----------
    detectable : DataFrame
        What `measures.deprivation.find_detectable` returns, of one cycle.

    Returns
    -------
    dict
        detectable (the smallest share of variance that one-way ANOVA finds four times in five, of the outcome where
        it is largest); empty where no outcome has one.
    """
    rows = detectable[(detectable["outcome"] != MEAN) & (detectable["test"] == TEST)]
    largest = rows["detectable"].max()
    return {"detectable": write_percent(largest)} if pd.notna(largest) else {}


def describe_reliability(reliability: pd.DataFrame) -> dict:
    """Describe how far the ratings of one cluster go together.

    Parameters
    ----------
    reliability : DataFrame
        What `measures.reliability.summarise_reliability` returns, of one cycle.

    Returns
    -------
    dict
        outcomes and n (of the widest set of outcomes), alpha, correlation, ratings (how many unrelated ratings those of
        one cluster are worth for its mean), tests and tests_unrelated (how many separate tests as many tests are, and
        would be if outcomes were unrelated); from alpha on missing where they cannot be computed.
    """
    row = reliability.loc[reliability["outcomes"].idxmax()]
    about = {"outcomes": int(row["outcomes"]), "n": int(row["n"])}
    if pd.notna(row["effective_ratings"]):
        about["ratings"] = f"{row['effective_ratings']:.1f}"
        about["correlation"] = write_decimals(row["mean_correlation"])
        about["tests"] = f"{row['effective_tests']:.1f}"
        about["tests_unrelated"] = f"{row['effective_tests_unrelated']:.1f}"
    if pd.notna(row["cronbach_alpha"]):
        interval = _write_interval(row["cronbach_low"], row["cronbach_high"])
        about["alpha"] = f"Cronbach’s alpha {write_decimals(row['cronbach_alpha'])}{interval}"
    return about


def describe_coder_agreement(agreement: pd.DataFrame) -> dict:
    """Describe how far the coders of comments agree.

    Parameters
    ----------
    agreement : DataFrame
        What `measures.coder_agreement.summarise` returns for one cycle.

    Returns
    -------
    dict
        coders, excerpts (that at least two of them have read; with none, neither says anything); themes and subthemes
        (alpha with its interval, written out; missing where there is none); weak (names of themes and sub-themes that
        are not read as reliable); unsure (how many are, though their interval reaches below that).
    """
    whole = agreement[agreement["theme"] == ALL].set_index("level")
    about = {"coders": int(agreement["coders"].max()), "excerpts": int(agreement["units"].max())}
    for level, name in (("theme", "themes"), ("subtheme", "subthemes")):
        if level in whole.index and pd.notna(whole.loc[level, "alpha"]):
            row = whole.loc[level]
            about[name] = write_decimals(row["alpha"]) + _write_interval(row["alpha_low"], row["alpha_high"])
    single = agreement[(agreement["theme"] != ALL) & agreement["reading"].notna()]
    names = single["subtheme"].where(single["level"] == "subtheme", single["theme"])
    reliable = single["reading"] == "reliable"
    return about | {
        "weak": [f"“{name}”" for name in names[~reliable]],
        "unsure": int((reliable & (single["alpha_low"] < RELIABLE)).sum()),
    }


def _write_test(row):
    interval = _write_interval(row.effect_low, row.effect_high)
    return (
        f"signed-rank test on {write_number(row.n, 'cluster')}: p {write_p(row.p)}, after Holm’s adjustment "
        f"{write_p(row.p_holm)}; "
        f"rank-biserial correlation {write_decimals(row.effect)}{interval}"
    )


def _write_interval(low, high):
    return "" if pd.isna(low) or pd.isna(high) else f" ({write_decimals(low)} to {write_decimals(high)})"


def _name_move(change):
    if pd.isna(change) or abs(change) < 1e-12:
        return "did not change"
    return "rose" if change > 0 else "fell"


def _write_signed(value):
    written = write_decimals(value, 1)
    return written if written.startswith("-") or float(written) == 0 else f"+{written}"
