"""Whether responding goes with what is known of all clusters, against other programs and worked examples."""

import itertools
import math

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cluster_eval import measures, open_report
from cluster_eval.measures.nonresponse import (
    calculate_exact_p,
    compare_responders,
    measure_association,
    summarise_response,
)
from cluster_eval.vocabulary import HEALTH_BOARDS
from tests.conftest import CYCLES, ROOT

CYCLE = "2024-25"
BOARDS = list(HEALTH_BOARDS)


@pytest.fixture(scope="module")
def report():
    return open_report(CYCLE, ROOT)


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
    if 0 < sum(drawn) < sum(sizes):
        assert tested["p"] == pytest.approx(expected)


def test_the_sample_is_tested_as_by_scipys_draws(report):
    found = compare_responders(report.register, report.responses)
    counts = summarise_response(report.register, report.responses)
    for row in found.itertuples():
        groups = counts.query("cycle == @row.cycle and characteristic == @row.characteristic")
        table = [groups["responses"], groups["clusters"] - groups["responses"]]
        method = stats.MonteCarloMethod(n_resamples=9_999, rng=np.random.default_rng(2025))
        drawn = stats.fisher_exact(table, method=method).pvalue
        assert row.p == pytest.approx(drawn, abs=4.5 * math.sqrt(row.p * (1 - row.p) / 9_999))
    shuffled = [table.sample(frac=1, random_state=1) for table in (report.register, report.responses)]
    pd.testing.assert_frame_equal(compare_responders(*shuffled), found)
    keys = found.set_index(["cycle", "characteristic"])
    assert keys.loc[(CYCLE, "deprivation_fifth"), "p"] == pytest.approx(0.746040, abs=5e-7)
    assert list(found["clusters"]) == [60] * 4
    assert list(found["responses"]) == [46, 46, 53, 53]
    assert list(found["groups"]) == [7, 5, 7, 5]
    assert set(found["note"]) == {""}


def test_half_of_60_clusters_silent_are_no_more_than_a_moment():
    """There are some 300,000 tables of seven health boards then, of which many have as many ways."""
    found = compare_responders(*make_survey((11, 14, 9, 8, 7, 3, 8), (6, 7, 4, 4, 4, 1, 4)))
    assert found["p"].between(0.99, 1).all()


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
    tests = compare_responders(register, responses)
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
