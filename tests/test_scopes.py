"""Reports of a health board and of a chain of three cycles, made of frames: no file of theirs, and nothing patched."""

import json
import re

import pandas as pd
import pytest

import cluster_eval as ce
from cluster_eval.build.contents import list_sections
from cluster_eval.build.execute import keeps_cell
from cluster_eval.facts.needs import list_features
from cluster_eval.results import compute_results
from cluster_eval.sources.cycle import Cycle
from tests.helpers import ROOT

BOARD = "Betsi Cadwaladr"
# What sets a cycle beside the one before: with three cycles there are two of each.
COMPARISONS = (
    *("transitions", "moves", "change_decomposition"),
    *("change_linked", "change_certain", "change_totals", "overlap"),
)


def copy_cycle(cycle, name, previous, responses=None, **params):
    """Make a cycle of the frames of another, under a name of its own."""
    changed = {"cycle": name, "previous": previous, "published": None, **params}
    params = cycle.params.model_copy(update=changed)

    def rename(table):
        return None if table is None else table.assign(cycle=name)

    return Cycle.of_frames(
        params,
        rename(cycle.responses if responses is None else responses),
        rename(cycle.register),
        cycle.outcomes,
        coding=rename(cycle.coding),
        actions=rename(cycle.actions),
        wordings=cycle.wordings,
    )


@pytest.fixture(scope="module")
def chain():
    """Three cycles: the two of the sample, and one in which fewer clusters answered, and otherwise."""
    first, second = ce.open_report("2024-25", ROOT).chain
    changed = second.responses.iloc[5:].assign(pcmw_1="Mature", acd_7="Pre-foundation")
    return (
        copy_cycle(first, "2023-24", None),
        copy_cycle(second, "2024-25", "2023-24"),
        copy_cycle(second, "2025-26", "2024-25", changed),
    )


def write_exhibits(report):
    """Make every exhibit that sections show of a report, by running their cells, and draw it; by its label."""
    shown, features = {}, list_features(report)

    class Collecting(ce.OpenEdition):
        def lay_out(self, said):
            outputs = super().lay_out(said)
            if said.kind == "exhibit":
                written = self.write(*said.given)
                shown[written.label] = written
            return outputs

    edition = Collecting(report)
    for section in list_sections(report):
        cells = json.loads(section.source.read_text(encoding="utf-8"))["cells"] if section.is_notebook else ()
        names = {"opened": edition}
        for cell in cells:
            tags, source = cell["metadata"].get("tags", []), "".join(cell["source"])
            if cell["cell_type"] == "code" and keeps_cell(tags, features, section.parameters):
                # The one line that opens files.
                exec(source.replace("ce.open_cycle(cycle, language)", "opened"), names)
            if "parameters" in tags:
                names |= {"cycle": report.cycle, **section.parameters}
    return shown


def test_exhibits_of_a_chain_of_three_cycles(chain):
    report = ce.Report(ROOT, chain)
    exhibits = write_exhibits(report)
    rate = exhibits["Figure 1"]
    assert rate.title == "Response rate by health board, Wales, 2023-24, 2024-25 and 2025-26"
    assert [column.header.split(":")[0] for column in rate.columns[1:]] == [
        *("2023-24", "2023-24", "2024-25", "2024-25", "2025-26", "2025-26")
    ]
    assert rate.table.loc["Wales", "2025-26: responses"] == "48"
    # What is compared is the newest cycle with the one before, whatever came earlier.
    pair = write_exhibits(ce.Report(ROOT, chain[1:]))
    by_title, of_pair = ({each.title: each for each in written.values()} for written in (exhibits, pair))
    compared = [title for title in by_title if title.endswith("Wales, 2024-25 and 2025-26")]
    assert "Change in the same clusters' share of ratings at a level, Wales, 2024-25 and 2025-26" in compared
    assert len(compared) > 9
    for title in compared:
        if not title.startswith("Tests of change"):
            pd.testing.assert_frame_equal(by_title[title].table, of_pair[title].table, obj=title)
    # Those that rated in every cycle stand apart, with every cycle.
    [trend] = [
        each for each in by_title.values() if each.title.startswith("Shares of the clusters that rated in every")
    ]
    assert [column.header for column in trend.columns if column.header.endswith(": in every cycle")] == [
        f"{cycle}: in every cycle" for cycle in ("2023-24", "2024-25", "2025-26")
    ]


def test_exhibits_of_a_health_board_are_of_its_clusters(chain):
    report = ce.Report(ROOT, chain[:2], ce.Scope("health_board", BOARD))
    exhibits = write_exhibits(report)
    own = chain[1].responses.query("health_board == @BOARD")
    assert exhibits["Figure 1"].title == f"Response rate by health board, {BOARD}, 2023-24 and 2024-25"
    assert list(exhibits["Figure 1"].table.index) == [BOARD]
    assert exhibits["Figure 1"].table.loc[BOARD, "2024-25: responses"] == str(len(own))
    titles = [written.title for written in exhibits.values()]
    assert len(titles) > 30
    assert [title for title in titles if re.search(r"\bWales, ", title)] == []
    # A board's base is too small for percentages.
    levels = compute_results(report)["maturity"]
    assert levels["base"].max() <= len(own) * 13


def test_results_of_a_chain_hold_those_of_each_pair_of_neighbours(chain):
    tables = compute_results(ce.Report(ROOT, chain))
    pairs = [compute_results(ce.Report(ROOT, chain[place : place + 2])) for place in (0, 1)]
    assert list(tables["participation"]["cycle"].unique()) == ["2023-24", "2024-25", "2025-26"]
    for name in COMPARISONS:
        together = pd.concat([pair[name] for pair in pairs], ignore_index=True)
        # Changes between neighbours are one family, so that their adjustment is another.
        found, together = (table.drop(columns="p_holm", errors="ignore") for table in (tables[name], together))
        pd.testing.assert_frame_equal(found, together, obj=name)
    assert "change_trend" in tables and "change_trend" not in pairs[0]
    for name in ("participation", "agreement", "comments"):
        own = tables[name][tables[name]["cycle"] != "2023-24"].reset_index(drop=True)
        of_pair = pairs[1][name]
        pd.testing.assert_frame_equal(own, of_pair, check_categorical=False, check_dtype=False, obj=name)
