"""What sentences say of tests and estimates, where a cycle lacks what they need."""

import pandas as pd
import pytest

from cluster_eval import inference_facts, measures, open_cycle
from tests.conftest import ROOT
from tests.test_coder_agreement import make_coding


@pytest.fixture(scope="module")
def report():
    return open_cycle("2024-25", ROOT)


@pytest.fixture(scope="module")
def strangers(report):
    """Responses of two cycles to which no cluster responded twice."""
    responses = report.responses.astype({"cluster": "str"})
    before = responses.loc[responses["cycle"] == report.previous, "cluster"]
    return responses[(responses["cycle"] == report.previous) | ~responses["cluster"].isin(before)]


def test_where_no_cluster_responded_twice_nothing_is_said_to_be_tested(report, strangers):
    means, tests = (
        compare(strangers) for compare in (measures.transition.compare_linked_means, measures.transition.compare_linked)
    )
    facts = inference_facts.describe_linked(means, tests, report.outcome_names)
    assert (facts["tested"], facts["testable"], facts["significant"], facts["unadjusted"]) == (20, 0, [], 0)
    assert not any({"by", "interval", "words"} & set(each) for each in facts["frameworks"])


def test_where_no_cluster_responded_twice_moves_are_shown_as_nought(report, strangers):
    exhibit = report.exhibits.moves(measures.transition.summarise_moves(strangers))
    assert (exhibit.table == 0).all(axis=None)
    assert "No cluster rated any of them in both cycles." in exhibit.alt
    assert exhibit.chart is not None
