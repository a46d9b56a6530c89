"""Non-response against other programs, worked examples, and every answer that those who did not respond could give."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from cluster_eval import measures, open_report
from cluster_eval.measures.nonresponse import (
    DRAWN,
    EXACT,
    calculate_exact_p,
    compare_responders,
    find_tipping_points,
    list_findings,
    measure_association,
    summarise_response,
)
from cluster_eval.measures.uncertainty import count_population
from cluster_eval.vocabulary import ANSWERS, HEALTH_BOARDS, LEVELS, QUESTIONS
from tests.conftest import CYCLES, ROOT

CYCLE = "2024-25"
BOARDS = list(HEALTH_BOARDS)


@pytest.fixture(scope="module")
def report():
    return open_report(CYCLE, ROOT)


@pytest.fixture(scope="module")
def findings(report):
    return list_findings(measures.maturity.summarise(report.responses), measures.agreement.summarise(report.responses))


def make_survey(sizes, responded):
    """Make a register with boards of these sizes, and responses by so many clusters of each."""
    rows = [(board, place) for board, size in zip(BOARDS, sizes, strict=False) for place in range(size)]
    register = pd.DataFrame(
        {
            "cycle": CYCLE,
            "cluster": [f"{board}-{place}" for board, place in rows],
            "health_board": [board for board, _ in rows],
            "deprivation_fifth": [BOARDS.index(board) % 5 + 1 for board, _ in rows],
        }
    )
    numbers = dict(zip(BOARDS, responded, strict=False))
    return register, register[[place < numbers[board] for board, place in rows]]


def test_response_by_board_is_that_of_participation(report):
    found = summarise_response(report.register, report.responses).query("characteristic == 'health_board'")
    expected = measures.participation.summarise(report.responses, report.register).query("health_board != 'Wales'")
    assert list(found["group"]) == list(expected["health_board"])
    np.testing.assert_array_equal(found[["clusters", "responses", "rate"]], expected[["clusters", "responses", "rate"]])


def test_response_by_fifth_counts_each_cluster_once(report):
    doubled = pd.concat([report.responses, report.responses])
    found = summarise_response(report.register, doubled).query("characteristic == 'deprivation_fifth'")
    assert list(found["cycle"].unique()) == [*CYCLES]
    for cycle, of_cycle in found.groupby("cycle"):
        assert list(of_cycle["group"]) == ["1", "2", "3", "4", "5"]
        assert list(of_cycle["clusters"]) == [12] * 5
        fifths = report.responses.loc[report.responses["cycle"] == cycle, "deprivation_fifth"]
        assert list(of_cycle["responses"]) == fifths.value_counts().sort_index().tolist()


def test_fishers_tea_is_that_of_the_design_of_experiments():
    """Fisher 1935, chapter 2: of 70 ways to choose 4 of 8 cups, 1 + 16 have 3 or more right; 34 with the other side."""
    assert calculate_exact_p([4, 4], [3, 1]) == pytest.approx(34 / 70)
    assert calculate_exact_p([4, 4], [4, 0]) == pytest.approx(2 / 70)


def test_three_groups_worked_by_hand():
    """2 of 3 pairs: in 3 tables both are of one pair, 1 way each; in 3 of two pairs, 4 ways each: 15 ways."""
    assert calculate_exact_p([2, 2, 2], [2, 0, 0]) == pytest.approx(3 / 15)
    assert calculate_exact_p([2, 2, 2], [1, 1, 0]) == 1


def test_scipys_published_example_of_two_rows_and_three_columns():
    """The documentation of scipy.stats.fisher_exact: probability of the table 0.005782, p 0.0603 by 9,999 draws."""
    table = [[8, 2, 3], [1, 5, 4]]
    assert stats.fisher_exact(
        table, method=stats.MonteCarloMethod(n_resamples=9, rng=np.random.default_rng(1))
    ).statistic == pytest.approx(0.005782, abs=5e-7)
    assert calculate_exact_p([9, 7, 7], table[1]) == pytest.approx(0.0603, abs=4 * math.sqrt(0.06 * 0.94 / 9999))


@st.composite
def draw_groups(draw, groups):
    sizes = draw(st.lists(st.integers(1, 9), min_size=groups, max_size=groups))
    return sizes, [draw(st.integers(0, size)) for size in sizes]


@settings(deadline=None)
@given(draw_groups(2))
def test_two_groups_have_the_p_of_scipys_fisher_exact(groups):
    sizes, drawn = groups
    rest = [size - part for size, part in zip(sizes, drawn, strict=True)]
    assert calculate_exact_p(sizes, drawn) == pytest.approx(stats.fisher_exact([drawn, rest]).pvalue)


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 4).flatmap(draw_groups))
def test_more_groups_have_the_p_of_every_table_by_scipys_hypergeometric_distribution(groups):
    sizes, drawn = groups
    tables = [table for table in itertools.product(*(range(size + 1) for size in sizes)) if sum(table) == sum(drawn)]
    chances = stats.multivariate_hypergeom.pmf(tables, m=sizes, n=sum(drawn))
    found = stats.multivariate_hypergeom.pmf(drawn, m=sizes, n=sum(drawn))
    expected = chances[chances <= found * (1 + 1e-9)].sum()
    assert calculate_exact_p(sizes, drawn) == pytest.approx(expected)
    order = np.argsort(sizes)
    assert calculate_exact_p(np.array(sizes)[order].tolist(), np.array(drawn)[order].tolist()) == pytest.approx(
        expected
    )
    tested = compare_responders(*make_survey(sizes, drawn)).set_index("characteristic").loc["health_board"]
    assert tested["tables"] == len(tables)
    if 0 < sum(drawn) < sum(sizes):
        assert tested["p"] == pytest.approx(expected)


def test_the_sample_is_tested_as_by_scipys_draws(report):
    exact, drawn = (compare_responders(report.register, report.responses, **how) for how in ({}, {"most_tables": 100}))
    assert set(exact["test"]) == {EXACT} and set(drawn["test"]) == {DRAWN}
    for p, other in zip(exact["p"], drawn["p"], strict=True):
        assert p == pytest.approx(other, abs=4.5 * math.sqrt(p * (1 - p) / 99_999))
    again = compare_responders(
        report.register.sample(frac=1, random_state=1), report.responses.sample(frac=1, random_state=1), most_tables=100
    )
    pd.testing.assert_frame_equal(again, drawn)
    keys = exact.set_index(["cycle", "characteristic"])
    # Those of the sample, once the draws above agree.
    assert keys.loc[(CYCLE, "health_board"), "p"] == pytest.approx(0.007817, abs=5e-7)
    assert keys.loc[(CYCLE, "deprivation_fifth"), "p"] == pytest.approx(0.746040, abs=5e-7)
    assert list(exact["clusters"]) == [60] * 4
    assert list(exact["responses"]) == [46, 46, 53, 53]
    assert list(exact["groups"]) == [7, 5, 7, 5]
    assert set(exact["note"]) == {""}


@pytest.mark.filterwarnings("ignore:Low count", "ignore::RuntimeWarning:scipy")
def test_cramers_v_is_bergsmas_of_pingouins(report):
    found = compare_responders(report.register, report.responses).set_index(["cycle", "characteristic"])["cramers_v"]
    merged = report.register.astype({"cycle": "str", "cluster": "str"})
    answered = set(zip(report.responses["cycle"].astype(str), report.responses["cluster"].astype(str), strict=True))
    merged["responded"] = [key in answered for key in zip(merged["cycle"], merged["cluster"], strict=True)]
    for (cycle, characteristic), value in found.items():
        of_cycle = merged[merged["cycle"] == cycle].astype({characteristic: "str"})
        _, _, tests = pingouin.chi2_independence(of_cycle, characteristic, "responded", correction=False)
        groups = of_cycle[characteristic].nunique()
        squared = max(0, tests.loc[0, "cramer"] ** 2 - (groups - 1) / 59)
        assert value == pytest.approx(math.sqrt(squared / min(groups - (groups - 1) ** 2 / 59 - 1, 2 - 1 / 59 - 1)))


def test_what_bergsma_takes_off_is_the_mean_where_nothing_goes_together():
    """Over every table with the same margins, by its probability, φ² is (r − 1)(c − 1) / (n − 1) on average."""
    sizes, number = [5, 4, 3], 4
    tables = [table for table in itertools.product(*(range(size + 1) for size in sizes)) if sum(table) == number]
    chances = stats.multivariate_hypergeom.pmf(tables, m=sizes, n=number)
    squared = [
        stats.contingency.association([table, np.subtract(sizes, table)], method="cramer") ** 2 for table in tables
    ]
    assert chances @ squared == pytest.approx((3 - 1) * (2 - 1) / (12 - 1))
    assert measure_association([[2, 1, 1], [3, 3, 2]]) == 0


def test_cramers_v_reaches_1_and_is_missing_where_it_is_not_defined():
    assert measure_association([[10, 0], [0, 10]]) == pytest.approx(1)
    assert measure_association([[9, 0, 0], [0, 9, 0], [0, 0, 9]]) == pytest.approx(1)
    for table in ([[1, 0], [0, 1]], [[1, 0, 1], [0, 1, 0]], [[3], [4]], [[1]]):
        value = measure_association(table)
        assert math.isnan(value) or 0 <= value <= 1
    assert math.isnan(measure_association([[1, 0], [0, 1]]))
    assert math.isnan(measure_association([[3], [4]]))


@pytest.mark.parametrize(
    ("sizes", "responded", "note"),
    [
        ((3, 2), (3, 2), "all clusters responded"),
        ((3, 2), (0, 0), "no cluster responded"),
        ((5,), (3,), "one group"),
        ((1,), (1,), "all clusters responded"),
    ],
)
def test_where_there_is_nothing_to_test_p_is_missing_and_the_note_says_why(sizes, responded, note):
    register, responses = make_survey(sizes, responded)
    for most_tables in (100, 0):
        tests = compare_responders(register, responses, most_tables=most_tables)
        assert list(tests["note"]) == [note] * 2
        assert tests[["p", "cramers_v"]].isna().all(axis=None)
    assert list(summarise_response(register, responses).iloc[: len(sizes)]["responses"]) == list(responded)


def test_a_cycle_without_a_response_and_a_register_with_other_boards():
    register, responses = make_survey((3, 2), (2, 1))
    register.loc[register["health_board"] == BOARDS[1], "health_board"] = "Another"
    both = pd.concat([register, register.assign(cycle="2025-26")])
    found = summarise_response(both, responses)
    assert list(found.query("characteristic == 'health_board'")["group"]) == [BOARDS[0], "Another"] * 2
    assert list(found.query("characteristic == 'health_board'")["responses"]) == [2, 1, 0, 0]
    assert list(compare_responders(both, responses)["note"]) == ["", "", "no cluster responded", "no cluster responded"]
    assert compare_responders(both.iloc[:0], responses).empty


def test_findings_are_those_that_the_report_states(report, findings):
    own = findings[findings["cycle"] == CYCLE]
    assert len(own) == 20 + 2 * 4 + 5 * 2
    facts = measures.maturity.summarise(report.responses).query("cycle == @CYCLE and outcome != 'all'")
    for row in own[own["threshold"].isna()].itertuples():
        of_kind = facts[(facts["framework"] == row.framework) & facts["level"].isin(row.kind.split("+"))]
        shares = of_kind.groupby("outcome")["share"].sum()
        others = shares.drop([row.outcome])
        assert shares[row.outcome] == pytest.approx(row.share)
        assert row.holds is True or row.holds == np.True_
        if row.comparison == "highest":
            assert shares[row.outcome] == shares.max() and others[row.rival] == pytest.approx(others.max())
        else:
            assert shares[row.outcome] == shares.min() and others[row.rival] == pytest.approx(others.min())
    questions = own.dropna(subset=["question"])
    assert list(questions["question"]) == [*QUESTIONS] * 2
    [time] = questions.query("question == 'time_achievable' and comparison == 'at least'").to_dict("records")
    assert (time["n"], time["base"], time["holds"]) == (25, 53, True)
    assert (
        own.drop(columns=["framework", "outcome", "question", "rival", "rival_n", "rival_base", "threshold"])
        .notna()
        .all(axis=None)
    )


def make_finding(n, base, comparison, threshold=math.nan, rival_n=None, rival_base=None):
    share = n / base if base else math.nan
    holds = True if rival_n is not None else (share > threshold if comparison == "more than" else share >= threshold)
    row = {"cycle": CYCLE, "comparison": comparison, "threshold": threshold, "n": n, "base": base, "share": share}
    return pd.DataFrame([row | {"holds": holds, "rival_n": rival_n, "rival_base": rival_base}])


def find(clusters, *finding, **more):
    return find_tipping_points(make_finding(*finding, **more), {CYCLE: clusters}).loc[0]


@st.composite
def draw_finding(draw):
    clusters = draw(st.integers(1, 14))
    base = draw(st.integers(max(1, clusters - 7), clusters))
    threshold = draw(st.sampled_from([(1, 2), (1, 3), (2, 3), (3, 4), (1, 10), (0, 1), (1, 1)]))
    return draw(st.integers(0, base)), base, clusters, threshold, draw(st.sampled_from(["at least", "more than"]))


@settings(max_examples=150, deadline=None)
@given(draw_finding())
def test_needed_is_that_of_every_possible_set_of_answers(drawn):
    n, base, clusters, (top, bottom), comparison = drawn
    threshold = Fraction(top, bottom)

    def is_true(number, of):
        return Fraction(number, of) > threshold if comparison == "more than" else Fraction(number, of) >= threshold

    row = find(clusters, n, base, comparison, top / bottom)
    assert row["holds"] == is_true(n, base)
    overturning = [
        sum(answers)
        for answers in itertools.product((0, 1), repeat=clusters - base)
        if is_true(n + sum(answers), clusters) != is_true(n, base)
    ]
    assert row["can_overturn"] == bool(overturning)
    if overturning:
        # Fewer than the most of a finding that falls, more than the least of one that comes true.
        assert row["needed"] == (max(overturning) if row["holds"] else min(overturning))
        assert row["direction"] == ("at most" if row["holds"] else "at least")
        assert row["needed_share"] == row["needed"] / (clusters - base)
        assert row["difference"] == pytest.approx(row["needed"] / (clusters - base) - n / base)
        assert (row["difference"] <= 0) == row["holds"] or row["difference"] == 0
    else:
        assert pd.isna(row["needed"]) and np.isnan([row["needed_share"], row["difference"]]).all()


@st.composite
def draw_ranking(draw):
    clusters = draw(st.integers(1, 9))
    bases = [draw(st.integers(max(1, clusters - 4), clusters)) for _ in range(2)]
    counts = [draw(st.integers(0, base)) for base in bases]
    comparison = draw(st.sampled_from(["highest", "lowest"]))
    shares = [Fraction(n, base) for n, base in zip(counts, bases, strict=True)]
    assume(shares[0] >= shares[1] if comparison == "highest" else shares[0] <= shares[1])
    return clusters, counts, bases, comparison


@settings(max_examples=150, deadline=None)
@given(draw_ranking())
def test_needed_of_a_ranking_is_that_of_every_possible_set_of_answers(drawn):
    clusters, (n, rival_n), (base, rival_base), comparison = drawn
    row = find(clusters, n, base, comparison, rival_n=rival_n, rival_base=rival_base)
    passed = [(n, clusters - base), (rival_n, clusters - rival_base)]
    (first, missing), (runner_up, rival_missing) = passed if comparison == "highest" else passed[::-1]
    # Whoever passes: how many of its own missing answers are of the kind, in every way that it does.
    overturning = [
        sum(own)
        for others in itertools.product((0, 1), repeat=missing)
        for own in itertools.product((0, 1), repeat=rival_missing)
        if runner_up + sum(own) > first + sum(others)
    ]
    assert row["nonresponders"] == rival_missing
    assert row["can_overturn"] == bool(overturning)
    assert row["direction"] == "at least"
    if overturning:
        assert row["needed"] == min(overturning)
    else:
        assert pd.isna(row["needed"])


def test_tipping_points_worked_by_hand():
    # 26 of 53 are fewer than half, 30 of 60 are half: 4 more.
    row = find(60, 26, 53, "at least", 0.5)
    assert (row["holds"], row["nonresponders"], row["direction"], row["needed"]) == (False, 7, "at least", 4)
    assert row["difference"] == pytest.approx(4 / 7 - 26 / 53)
    # 18 of 53 are at least a third, 19 of 60 are not, 20 are: at most 1 more.
    row = find(60, 18, 53, "at least", 1 / 3)
    assert (row["holds"], row["direction"], row["needed"]) == (True, "at most", 1)
    # 43 against 41: the runner-up passes with 3 of 7 alone, though its lead was −2 of 53.
    row = find(60, 43, 53, "highest", rival_n=41, rival_base=53)
    assert (row["needed"], row["needed_share"]) == (3, 3 / 7)
    assert row["difference"] == pytest.approx(3 / 7 + 2 / 53)
    assert not find(60, 43, 53, "highest", rival_n=36, rival_base=53)["can_overturn"]


def test_what_can_be_overturned_is_what_the_bounds_say(findings, report):
    """A share can be overturned where its bounds, lowest and highest, lie on both sides of the threshold."""
    found = find_tipping_points(findings, count_population(report.register))
    pd.testing.assert_frame_equal(found[findings.columns], findings)
    shares = measures.uncertainty.add_intervals(findings, count_population(report.register))
    for row, bounds in zip(found.itertuples(), shares.itertuples(), strict=True):
        if row.comparison in ("at least", "more than"):
            ends = [
                end > row.threshold if row.comparison == "more than" else end >= row.threshold
                for end in (bounds.lowest, bounds.highest)
            ]
            assert row.can_overturn == (ends == [False, True])


def test_where_all_responded_nothing_can_be_overturned(findings):
    own = findings[(findings["cycle"] == CYCLE) & (findings["base"] == 53)]
    found = find_tipping_points(own, {CYCLE: 53})
    assert set(found["nonresponders"]) == {0}
    assert not found["can_overturn"].any()
    assert found[["needed", "needed_share", "difference"]].isna().all(axis=None)


def test_findings_of_nothing_are_none():
    maturity = measures.maturity.summarise(make_answers(acd_1=[None, None], acd_2=["Mature", None], role=[None, None]))
    agreement = measures.agreement.summarise(make_answers(role=[None, None]))
    found = list_findings(maturity, agreement)
    assert list(found["outcome"]) == ["2"]
    nothing = list_findings(maturity.iloc[:0], agreement)
    assert nothing.empty
    tipping = find_tipping_points(nothing, {})
    assert tipping.empty and list(tipping.columns[-7:]) == [
        "population",
        "nonresponders",
        "direction",
        "needed",
        "needed_share",
        "difference",
        "can_overturn",
    ]
    row = find(3, 0, 0, "at least", 0.5)
    assert pd.isna(row["needed"]) and not row["can_overturn"] and row["nonresponders"] == 3


def make_answers(**columns):
    table = pd.DataFrame(columns).assign(cycle=CYCLE, deprivation_fifth=1)
    return table.astype(
        {name: pd.CategoricalDtype(ANSWERS if name in QUESTIONS else LEVELS, ordered=True) for name in columns}
    )


def test_a_base_above_the_population_and_a_cycle_without_one_are_errors():
    with pytest.raises(ValueError, match="at most the number of clusters"):
        find(4, 1, 5, "at least", 0.5)
    with pytest.raises(ValueError, match="at most the number of clusters"):
        find(4, 1, 4, "highest", rival_n=1, rival_base=5)
    with pytest.raises(ValueError, match="no number of clusters"):
        find_tipping_points(make_finding(1, 5, "at least", 0.5), {})
