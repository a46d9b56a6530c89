"""What the published report should correct."""

import re

import pytest

from cluster_eval import open_report, reconcile
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def reconciliation():
    return reconcile.reconcile_cycle(open_report("2024-25", ROOT))


@pytest.fixture(scope="module")
def errata(reconciliation):
    return reconcile.list_errata(reconciliation)


def test_each_wrong_statement_is_one_erratum(errata, reconciliation):
    """By hand from the verdicts: 34 statements differ, of which two are each made twice."""
    wrong = reconciliation.claims.query("verdict == 'differs'")
    assert (len(wrong), len(errata.statements), len(errata.numbers)) == (34, 10, 22)
    assert set(errata.statements["id"]) | set(errata.numbers["id"]) < set(wrong["id"])
    twice = [sections for sections in errata.numbers["section"] if len(sections) > 1]
    assert twice == [("Results: PCMW", "Appendix 4"), ("Executive summary", "Discussion")]


def test_the_worst_come_first(errata):
    """The 2023-24 chart of ACD has two levels' labels swapped; so its 48% at Pre-foundation should be 22%."""
    first = errata.charts.iloc[0]
    assert (first["figures"], first["differing"]) == (["6"], 14)
    assert first["explanation"].startswith("two levels' labels swapped")
    assert (errata.numbers.iloc[0]["published"], errata.numbers.iloc[-1]["published"]) == ("48", "36.0")
    assert errata.statements.iloc[0]["published"] == "4;8;10;11"


def test_every_wrong_chart_value_belongs_to_an_erratum(errata, reconciliation):
    wrong = reconciliation.figures.query("verdict != 'match'")
    assert errata.charts["differing"].sum() == len(wrong)


def test_no_correction_names_a_response(errata):
    words = [words for table in (errata.statements, errata.charts, errata.numbers) for words in table["explanation"]]
    assert not [each for each in words if re.search(r"response \d|row \d|claims?\)", each)]
