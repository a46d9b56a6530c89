"""What is said of single outcomes: the file that describes them, and how their levels moved."""

import ast
import itertools
import json
import re

import pandas as pd
import pytest

import cluster_eval as ce
from cluster_eval import exhibits, facts, measures
from cluster_eval.facts.outcomes import DOWN, EVEN, SHIFTS, UP
from cluster_eval.problems import InputError
from cluster_eval.sources.reference import read_outcomes
from cluster_eval.vocabulary import FORMER, RATINGS
from tests.helpers import ROOT

CODES = {
    "PCMW": {
        "1": "from Foundation",
        "2": "up",
        "3": "little",
        "4": "top down",
        "5": "ends up",
        "6": "up",
        "7": "up throughout",
        "8": "to middle",
        "9": "down",
        "10": "off bottom",
        "11": "down",
        "12": "off bottom",
        "13": "off bottom",
    },
    "ACD": {
        "1": "up",
        "2": "to Foundation",
        "3": "up throughout",
        "4": "up",
        "5": "off bottom",
        "6": "to Foundation",
        "7": "up",
    },
}
"""By hand from the published shares of single outcomes: a share moved where it did so by 5 points or more."""


@pytest.fixture(scope="module")
def edition():
    return ce.open_cycle("2024-25", root=ROOT)


@pytest.fixture(scope="module")
def maturity(edition):
    return measures.maturity.summarise(edition.report.responses)


# The file


@pytest.fixture(scope="module")
def outcomes():
    return read_outcomes(ROOT).table


def test_every_outcome_has_its_title_component_and_narrative(outcomes):
    assert list(zip(outcomes["framework"], outcomes["outcome"], strict=True)) == list(RATINGS.values())
    assert outcomes["title"].is_unique and outcomes["narrative"].is_unique
    assert not outcomes["title"].str.contains("&").any()
    assert outcomes["component"].value_counts().to_dict() == {"care": 9, "ways of working": 7, "infrastructure": 4}
    sentences = outcomes["narrative"].map(lambda text: re.findall(r"[.?!](?= [A-Z]|$)", text)).map(len)
    assert sentences.between(2, 4).all()
    assert outcomes["narrative"].str.split().map(len).max() <= 75


def test_earlier_names_are_those_of_the_framework(outcomes):
    """Its notes on PCMW 5, 6, 7, 10 to 12 and 13; it has none on the others."""
    pcmw = outcomes[outcomes["framework"] == "PCMW"].set_index("outcome")
    assert pcmw["former"].dropna().to_dict() == {
        **dict.fromkeys((5, 6, 7), "renamed"),
        **dict.fromkeys((10, 11, 12), "part"),
        13: "new",
    }
    assert pcmw["former_name"][7] == "“Urgent care”"
    assert outcomes.loc[outcomes["framework"] == "ACD", "former"].isna().all()


def write_outcomes(folder, **cells):
    """Write a file of all outcomes whose first row has these cells."""
    rows = [{"framework": framework, "outcome": n, "title": f"{framework} {n}"} for framework, n in RATINGS.values()]
    rows[0] |= cells
    pd.DataFrame(rows).to_csv(folder / "outcomes.csv", index=False)
    return read_outcomes(folder, (folder / "outcomes.csv").relative_to(folder)).table


def test_a_file_of_titles_alone_is_read(tmp_path):
    table = write_outcomes(tmp_path)
    assert table[["former", "former_name", "narrative", "source_lines"]].isna().all(axis=None)
    assert list(table["component"].unique()) == ["care", "ways of working"]
    care, *_ = facts.describe_components(table, "PCMW")
    assert not care.outcomes[0].has_narrative


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ({"former": "renamed"}, "former_name", "this cell is blank"),
        ({"former": "new", "former_name": "“X”"}, "former_name", "this cell is filled"),
        ({"former_name": "“X”"}, "former_name", "this cell is filled"),
        ({"narrative": "It is."}, "source_lines", "this cell is blank"),
        ({"source_lines": "around 5"}, "source_lines", "lines of the source"),
        ({"former": "renmed", "former_name": "“X”"}, "former", "renamed"),
    ],
)
def test_what_does_not_go_together_is_refused_with_its_row(tmp_path, cells, column, told):
    with pytest.raises(InputError) as error:
        write_outcomes(tmp_path, **cells)
    [problem] = error.value.problems
    assert (problem.file, problem.row, problem.heading) == ("outcomes.csv", 2, column)
    assert told in problem.what


def test_all_problems_of_the_file_are_told_at_once(tmp_path):
    with pytest.raises(InputError) as error:
        write_outcomes(tmp_path, outcome=14, former="part", narrative="It is.")
    assert {each.heading for each in error.value.problems} == {None, "former_name", "source_lines"}


# How levels moved


def test_what_moved_is_told_as_by_hand(maturity):
    found = {
        framework: {number: facts.describe_outcome(maturity, framework, number).shift.code for number in codes}
        for framework, codes in CODES.items()
    }
    assert found == CODES


def test_both_ends_of_a_share_are_those_of_the_published_charts(maturity):
    figures = pd.read_csv(ROOT / "data/published/2024-25/figures.csv", dtype=str)
    of_seven = figures[(figures["framework"] == "PCMW") & (figures["outcome"] == "7")]
    of_seven = of_seven[of_seven["figure"].isin(("3", "4"))].set_index(["cycle", "series"])["value"].astype(float)
    shift = facts.describe_outcome(maturity, "PCMW", "7").shift
    for level, move in (("Pre-foundation", shift.pre), ("Mature", shift.mature)):
        ends = move.previous.value, move.current.value
        assert ends == pytest.approx([of_seven[cycle, level] for cycle in ("2023-24", "2024-25")])
    assert shift.top is None
    assert facts.describe_outcome(maturity, "PCMW", "9").shift.top is DOWN


def move_levels(pre, higher, mature):
    """Two cycles of a hundred responses, of which this many more are at each level in the later one."""
    before = {"Pre-foundation": 30, "Foundation": 20, "Developing": 25, "Mature": 25}
    by = {"Pre-foundation": pre, "Foundation": -pre - higher, "Developing": higher - mature, "Mature": mature}
    rows = [
        {"cycle": cycle, "framework": "PCMW", "outcome": "1", "level": level, "n": n + later * by[level], "base": 100}
        for later, cycle in enumerate(("2023-24", "2024-25"))
        for level, n in before.items()
    ]
    table = pd.DataFrame(rows)
    return table.assign(share=table["n"] / table["base"])


@pytest.mark.parametrize("ways", list(itertools.product((UP, EVEN, DOWN), repeat=3)))
def test_each_way_that_three_shares_can_go_has_a_code(ways):
    size = {UP: 5, EVEN: 4, DOWN: -5}
    shift = facts.describe_outcome(move_levels(*(size[way] for way in ways)), "PCMW", "1").shift
    *others, mature = ways
    assert shift.code in SHIFTS[tuple(others)]
    # Mature is told in the code's own sentence, or beside it, or it moved little.
    told = {"up throughout", "ends up", "to middle", "top up", "top down", "to ends", "ends down"}
    assert (shift.code in told) + (shift.top is mature) == (mature is not EVEN)


def test_each_code_has_its_sentences_and_its_label(edition):
    codes = {code for row in SHIFTS.values() for code in row}
    cells = json.loads((ROOT / "notebooks/14_appendix_outcomes.ipynb").read_text(encoding="utf-8"))["cells"]
    trees = [ast.parse("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    assigned = {
        node.targets[0].id: {key.value for key in node.value.keys}
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    }
    assert assigned["WHAT_MOVED"] == assigned["WHAT_FOLLOWS"] == codes
    assert all(edition.language.labels.has("shift", code) for code in codes)


def test_few_responses_and_none_are_not_told_as_moves(maturity):
    is_one = (maturity["framework"] == "PCMW") & (maturity["outcome"] == "1") & (maturity["cycle"] == "2023-24")
    few = facts.describe_outcome(maturity.assign(base=maturity["base"].mask(is_one, 29)), "PCMW", "1")
    assert (few.shift, few.few) == (None, 30)
    unrated = facts.describe_outcome(maturity.assign(base=maturity["base"].mask(is_one, 0)), "PCMW", "1")
    assert (unrated.shift, unrated.few, unrated.found) == (None, None, "one")
    first = facts.describe_outcome(maturity[maturity["cycle"] == "2023-24"], "PCMW", "1")
    assert (first.shift, first.few) == (None, None)


def test_arrows_are_words_of_pages_and_the_data_are_numbers(edition, maturity):
    exhibit = edition.write(exhibits.outcomes.shifts(edition.report, maturity, "PCMW"))
    row = exhibit.table.loc["7 Quality out-of-hours care"]
    assert list(row[:5]) == ["Up throughout", "51", "25 ↓", "22", "26 ≈"]
    values = exhibit.values.loc["7 Quality out-of-hours care"]
    assert list(values[1:]) == [51, 25, 22, 26, 11, 23, 16, 26]
    assert "5 percentage points or more" in exhibit.source
    assert "Base: 44 to 53 responses" in exhibit.source


def test_with_a_small_base_the_table_has_counts(edition, maturity):
    is_small = (maturity["outcome"] == "1") & (maturity["cycle"] == "2024-25")
    exhibit = edition.write(
        exhibits.outcomes.shifts(edition.report, maturity.assign(base=maturity["base"].mask(is_small, 29)), "ACD")
    )
    assert list(exhibit.values.loc["1 Integrated planning"]) == [11, 8, 17, 21, 16, 20, 2, 4, 46, 29]
    assert "arrow" not in exhibit.source


def test_outcomes_that_one_cycle_did_not_rate_are_left_out(edition, maturity):
    before = (maturity["framework"] == "ACD") & (maturity["cycle"] == "2023-24")
    fewer = maturity.assign(base=maturity["base"].mask(before & (maturity["outcome"] == "3"), 0))
    table = edition.write(exhibits.outcomes.shifts(edition.report, fewer, "ACD")).table
    assert [name.split()[0] for name in table.index] == ["1", "2", "4", "5", "6", "7"]
    assert (
        exhibits.outcomes.shifts(edition.report, maturity.assign(base=maturity["base"].mask(before, 0)), "ACD") is None
    )


@pytest.mark.parametrize(
    ("low", "high", "half"), [(31, 35, "more"), (30, 35, "open"), (25, 30, "open"), (25, 29, "fewer")]
)
def test_more_than_half_of_all_clusters_is_said_only_where_the_range_says_so(low, high, half):
    row = {"cycle": "2024-25", "framework": "ACD", "outcome": "1", "level": "Developing+Mature", "base": 50}
    levels = pd.DataFrame([{**row, "population": 60, "low_clusters": low, "high_clusters": high}])
    assert facts.describe_likely(levels, "ACD", "1").half == half


def test_outcomes_are_described_by_component(outcomes):
    care, infrastructure = facts.describe_components(outcomes, "PCMW")
    assert (care.code, infrastructure.code) == ("care", "infrastructure")
    assert [each.outcome.number for each in infrastructure.outcomes] == ["10", "11", "12", "13"]
    assert [each.former for each in infrastructure.outcomes] == ["part", "part", "part", "new"]
    assert set(FORMER) >= {each.former for part in (care, infrastructure) for each in part.outcomes} - {None}
