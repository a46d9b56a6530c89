"""A report on five cycles: the sample's two and three made-up ones."""

import itertools
import re
import shutil

import pandas as pd
import pytest

from tests.chain import add_cycles
from tests.helpers import copy_repository, run_command
from tests.slow.test_new_cycle import LEFT_EMPTY, NOT_FOR_READERS, read_pages

CYCLES = ["2023-24", "2024-25", "2025-26", "2026-27", "2027-28"]


@pytest.fixture(scope="module")
def built(tmp_path_factory, built_root):
    root = copy_repository(tmp_path_factory.mktemp("many") / "repository")
    assert add_cycles(root, 3) == CYCLES[2:]
    done = run_command(root, "report", CYCLES[-1])
    assert done.returncode == 0, done.stdout + done.stderr
    yield root / "build" / CYCLES[-1]
    shutil.rmtree(root / "build")


@pytest.fixture(scope="module")
def pages(built):
    return {page.name: page for page in read_pages(built / "html")}


def read(built, name):
    return pd.read_csv(built / "results" / f"{name}.csv", dtype={"outcome": "str"})


def test_every_cycle_is_in_the_files_and_each_pair_of_neighbours_is_compared(built):
    for name in ("participation", "maturity", "maturity_intervals", "mean_intervals", "ranking", "change_constant"):
        assert sorted(read(built, name)["cycle"].unique()) == CYCLES, name
    for name in ("change_linked", "change_certain", "change_totals", "overlap", "transitions", "moves"):
        pairs = read(built, name)[["previous_cycle", "cycle"]].drop_duplicates()
        assert list(pairs.itertuples(index=False, name=None)) == list(itertools.pairwise(CYCLES)), name
    [row] = read(built, "change_trend").query("framework == 'PCMW' and level == 'Developing+Mature'").itertuples()
    assert (row.first_cycle, row.cycle, row.cycles) == (CYCLES[0], CYCLES[-1], 5)
    assert row.low <= row.slope <= row.high


def test_change_is_told_since_the_cycle_before_and_a_trend_over_all(pages):
    change = pages["08_change"].text
    assert "This section tells the two apart for 2026-27 and 2027-28." in change
    assert re.search(r"the \d+ clusters that rated in each of 5 cycles", change)
    assert "Since 2026-27" in pages["03_pcmw"].text
    assert "One step from a cycle to the next is no trend" not in pages["limitations"].text


def test_breaks_stand_where_cycles_are_compared(pages):
    change = pages["08_change"].text
    assert "The form changed in 2024-25" in change
    assert "Questions changed in 2026-27: Questions are worded more simply." in change


def test_nothing_speaks_of_two_cycles(pages):
    # Titles of files speak of any two.
    for page in pages.values():
        found = re.findall(r".{30}\b[Tt]wo cycles\b|.{30}\b(?:one|either) of the two cycles\b", page.text)
        assert page.name == "data" or found == [], page.name


def test_no_page_shows_what_is_missing(pages):
    for pattern in (NOT_FOR_READERS, LEFT_EMPTY):
        found = {name: pattern.findall(page.text) for name, page in pages.items()}
        assert {name: texts for name, texts in found.items() if texts} == {}


def test_figures_name_every_cycle_and_their_tables_have_them(pages):
    for name, key in (("02_participation", "figure-1"), ("03_pcmw", "figure-2")):
        figure = pages[name].soup.find(id=key)
        caption = figure.get_text(" ")
        assert all(cycle in caption for cycle in CYCLES), name
