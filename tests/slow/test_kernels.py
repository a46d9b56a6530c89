"""Notebooks in ordinary kernels: they serve where no process can be forked, and none is left when a run is stopped."""

import json
import multiprocessing

import pytest

from cluster_eval.build.run import execute_notebooks
from tests.helpers import copy_small_book, list_sections
from tests.test_engine import CYCLE, SIGNALS, check_no_process_is_left, write_notebook


@pytest.fixture
def base(tmp_path):
    return copy_small_book(tmp_path / "repository")


@pytest.mark.parametrize("sent", SIGNALS, ids=lambda sent: sent.name)
def test_no_kernel_is_left_when_a_run_is_stopped(base, sent):
    check_no_process_is_left(base, sent, "kernel")


def test_ordinary_kernels_serve_where_no_process_can_be_forked(base, monkeypatch):
    write_notebook(base, "01_one", ["cycle"])
    list_sections(base, "01_one")
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    told = []
    assert list(execute_notebooks(base, CYCLE, told.append, force=True)) == ["01_one"]
    log = (base / f"build/steps/{CYCLE}/log.jsonl").read_text(encoding="utf-8")
    assert [event["engine"] for event in map(json.loads, log.splitlines()) if event["event"] == "executed"] == [
        "kernel"
    ]
    assert "01_one" in " ".join(told)
