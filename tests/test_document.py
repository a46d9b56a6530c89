"""How pages become one document: what stays on the screen, where links lead, and how wide columns are."""

import re

import pytest
from bs4 import BeautifulSoup

from cluster_eval.build.cache import Memo
from cluster_eval.build.columns import share_width
from cluster_eval.build.document import gather_pages
from cluster_eval.problems import BuildError
from tests.helpers import squeeze


def gather(folder, **pages):
    for name, article in pages.items():
        (folder / f"{name}.html").write_text(f"<html><article>{article}</article></html>", encoding="utf-8")
    names = [{"name": name, "part": "Part" if place else None} for place, name in enumerate(pages)]
    return BeautifulSoup("".join(gather_pages("A report", names, folder, folder, Memo(folder)).pages), "lxml")


def test_what_belongs_to_the_screen_stays_there(tmp_path):
    text = """<section id="top"><h1>Title</h1>
        <p class="screen-only">Open the fold.</p>
        <ul><li><p><a class="download" href="_downloads/1/levels.csv">levels.csv</a></p></li></ul>
        <p><a class="download" href="_downloads/2/index.ipynb">The notebook</a></p></section>"""
    document = gather(tmp_path, index=text)
    assert squeeze(document.get_text()) == "levels.csv"
    assert not document.find_all("a")


def test_links_between_pages_lead_within_the_document(tmp_path):
    first = """<section id="top"><h1>Title</h1>
        <p><a href="second.html#its-id">1</a> <a href="second.html#b">2</a></p></section>"""
    second = """<section id="its-id"><h1>Second</h1><p><a href="index.html">3</a> <a href="#b">4</a></p>
        <section id="b"><h2>B</h2></section></section>"""
    document = gather(tmp_path, index=first, second=second)
    assert [link["href"] for link in document.find_all("a")] == ["#second", "#second-b", "#index", "#second-b"]
    assert [(each.name, each.get_text()) for each in document.find_all(re.compile("h[1-6]"))] == [
        ("h1", "Part"),
        ("h2", "Second"),
        ("h3", "B"),
    ]


def test_contents_follow_on_the_title_and_the_summary_on_them(tmp_path):
    front = """<section id="top"><h1>Title</h1><p>Opening.</p><section id="s"><h2>In short</h2>
        <div class="headline-figures">88%</div></section><section id="p"><h2>Picture</h2></section></section>"""
    pages = {name: f'<section id="x"><h1>{name}</h1></section>' for name in ("summary", "foreword")}
    document = gather(tmp_path, index=front, **pages)
    assert squeeze(document.get_text(" ")) == "Opening. Part summary Picture foreword"
    order = [each.get("id") or each.get_text() for each in document.select("p, div#contents, h2")]
    assert order == ["Opening.", "contents", "summary", "index-p", "foreword"]


def test_print_has_what_is_for_it_in_the_place_of_a_long_table(tmp_path):
    text = """<section id="top"><h1>Title</h1><div class="workbook-only"><div id="table-1"><div class="exhibit-table">
        <table><tr><th>Row</th></tr></table></div><p class="exhibit-source">Source.</p></div></div>
        <p class="print-only" hidden>In the workbook.</p></section>"""
    document = gather(tmp_path, index=text)
    assert squeeze(document.get_text()) == "In the workbook."
    assert document.find(id="index-table-1").get_text() == "In the workbook."
    assert not document.select("[hidden]")


def test_a_space_that_keeps_words_together_is_no_end_of_a_line():
    shared, _ = share_width([["p", *["Number"] * 12], ["less\xa0than\xa00.001", *["words " * 9] * 12]])
    assert shared[0] > 1.5 * shared[1]


def test_a_picture_without_alt_text_is_named(tmp_path):
    (tmp_path / "map.svg").write_text('<svg width="10pt" height="10pt"></svg>', encoding="utf-8")
    with pytest.raises(BuildError, match=r"index.*map\.svg.*alt"):
        gather(tmp_path, index='<section id="top"><h1>Title</h1><img src="map.svg" alt=""></section>')


def test_columns_share_the_page():
    narrow, dense = share_width([["Level", "n"], ["Mature", "5"]])
    assert sum(narrow) < 0.5
    assert not dense
    long, dense = share_width([["Number", "Statement"], ["1", "words " * 100]])
    assert sum(long) == pytest.approx(1)
    assert long[1] > 0.8
    assert not dense
    wide, dense = share_width([["Outcome", *["Pre-foundation: number"] * 9], ["Local services", *["5"] * 9]])
    assert sum(wide) == pytest.approx(1)
    assert dense
