"""Cycles at the ends: few responses, which are not told in percentages, and those of every cluster."""

import re
import shutil

import openpyxl
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup

from tests.helpers import ROOT, copy_repository, run_command

CYCLE = "2024-25"
FEW = 20


def rewrite_export(root, change):
    """Let a function change the rows of the export; no published report belongs to what comes of it."""
    file = root / f"data/{CYCLE}/responses.xlsx"
    book = openpyxl.load_workbook(file)
    sheet = book.active
    headings = [cell.value for cell in sheet[1]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    sheet.delete_rows(2, len(rows))
    for row in change(headings, rows):
        sheet.append(row)
    book.save(file)
    # What is written of the cycle as it was is not of this one.
    shutil.rmtree(root / "book" / CYCLE)
    params = root / f"params/{CYCLE}.yml"
    found = yaml.safe_load(params.read_text(encoding="utf-8"))
    params.write_text(yaml.safe_dump(found | {"published": None, "coding": None}, sort_keys=False), encoding="utf-8")


def keep_few(headings, rows):
    return rows[:FEW]


def complete(headings, rows):
    """Let every cluster that did not respond say what another said, and every blank rating be one."""
    tidy = [" ".join(heading.split()) for heading in headings]
    clusters, ids = tidy.index("Please choose your cluster"), tidy.index("ID")
    register = (ROOT / "data/reference/clusters.csv").read_text(encoding="utf-8")
    every = [line.split(",")[0] for line in register.splitlines()[1:]]
    there = {row[clusters] for row in rows}
    more = []
    for number, cluster in enumerate(name for name in every if name not in there):
        row = list(rows[number])
        row[clusters], row[ids] = cluster, f"9{number:03}"
        more.append(row)
    return [*rows, *more]


@pytest.fixture(scope="module", params=[keep_few, complete], ids=["few", "all"])
def made(request, tmp_path_factory):
    """The kind of cycle, and its published folder."""
    root = copy_repository(tmp_path_factory.mktemp(request.param.__name__) / "repository")
    rewrite_export(root, request.param)
    done = run_command(root, "report", CYCLE)
    assert done.returncode == 0, done.stdout + done.stderr
    return request.param, root / "build" / CYCLE


def read_pages(folder):
    pages = {}
    for file in (folder / "html").glob("[0-9i]*.html"):
        article = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml").article
        for each in article.select("details.hide"):
            each.decompose()
        pages[file.stem] = article
    return pages


def test_few_responses_are_told_in_counts(made):
    kind, folder = made
    if kind is not keep_few:
        pytest.skip("this cycle has many responses")
    pages = read_pages(folder)
    told = 0
    # Below the front page and the summary, each share of an outcome is of its responses.
    for name in ("14_appendix_pcmw", "15_appendix_acd", "06_agreement_and_meetings", "21_appendix_statistics"):
        for each in pages[name].select("p, li, td"):
            text = each.get_text()
            assert not re.search(rf"of {FEW} \(\d+%\)|\d+%.{{0,30}}percentage point", text), (name, text)
            told += bool(re.search(rf"\d+ of {FEW}\b", text))
        for image in pages[name].select("img"):
            assert f"of {FEW} (" not in image["alt"]
    assert told >= 20
    assert "changes are not told in percentages" in pages["14_appendix_pcmw"].get_text()
    assert "their intervals are left out here" in " ".join(pages["21_appendix_statistics"].get_text().split())


def test_where_all_responded_nothing_is_left_open(made):
    kind, folder = made
    if kind is not complete:
        pytest.skip("in this cycle some did not respond")
    pages = read_pages(folder)
    assert "Every cluster responded, so there is no one who could have answered differently" in " ".join(
        pages["02_participation"].get_text().split()
    )
    intervals = pd.read_csv(folder / "results/maturity_intervals.csv").query("cycle == @CYCLE")
    whole = intervals[intervals["base"] == intervals["population"]]
    assert len(whole) > 50
    for column in ("low", "high", "lowest", "highest"):
        assert list(whole[column]) == pytest.approx(list(whole["share"]))
    tests = pd.read_csv(folder / "results/nonresponse_tests.csv").query("cycle == @CYCLE")
    assert tests["p"].isna().all()
    assert set(tests["note"]) == {"all clusters responded"}


def test_no_page_of_such_a_cycle_shows_what_is_missing(made):
    for name, article in read_pages(made[1]).items():
        words = article.get_text()
        assert not re.search(r"\b(nan|None(?! of)|NaT|inf)\b|<<|>>|<%", words), name
