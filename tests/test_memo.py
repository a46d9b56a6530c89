"""What is kept is never stale: it stands in only for what would be worked out again, letter by letter."""

import re

import pytest

from cluster_eval.build.cache import Memo
from cluster_eval.build.document import gather_pages

called = []


def double(words, *others):
    called.append(words)
    return {"words": words * 2}


@pytest.fixture
def folder(tmp_path):
    called.clear()
    return tmp_path / "kept"


def test_what_is_kept_is_worked_out_once(folder):
    assert [Memo(folder).recall(double, "ŵ"), Memo(folder).recall(double, "ŵ")] == [{"words": "ŵŵ"}] * 2
    assert called == ["ŵ"]


def test_whatever_is_given_counts(folder):
    kept = Memo(folder)
    for given in (["a"], ["a", 1], ["a", {"size": 2}], ["a", {"size": 3}], ["b"]):
        kept.recall(double, *given)
    assert len(called) == 5


@pytest.mark.parametrize("damage", [lambda text: text[:-4], lambda text: text.replace("aa", "ab"), lambda text: ""])
def test_what_was_damaged_is_worked_out_again(folder, damage):
    Memo(folder).recall(double, "a")
    [file] = folder.iterdir()
    file.write_text(damage(file.read_text()))
    assert Memo(folder).recall(double, "a") == {"words": "aa"}
    assert called == ["a", "a"]


def test_what_nobody_asks_for_is_removed(folder):
    Memo(folder).recall(double, "old")
    kept = Memo(folder)
    kept.recall(double, "new")
    kept.forget_unused()
    Memo(folder).recall(double, "new")
    assert called == ["old", "new"]
    assert len(list(folder.iterdir())) == 1


FIRST = """<section id="top"><h1>Title</h1><p><a href="second.html#b">to it</a></p>
    <img src="_static/figures/figure-1-wide.svg" alt="Half of them."></section>"""
SECOND = '<section id="b"><h1>Second</h1><p>Some words.</p></section>'
THIRD = '<section id="c"><h1>Third</h1><p>Other words.</p></section>'


def write_book(place, first=FIRST, second=SECOND, third=THIRD, width=100):
    place.mkdir(exist_ok=True)
    for name, text in (("first", first), ("second", second), ("third", third)):
        (place / f"{name}.html").write_text(f"<html><article>{text}</article></html>", encoding="utf-8")
    (place / "figure-1-wide.svg").write_text(f'<svg width="{width}pt" height="50pt"></svg>', encoding="utf-8")


def gather(place, kept):
    pages = [{"name": name, "part": None if name == "first" else "Part"} for name in ("first", "second", "third")]
    return gather_pages("A report", pages, place, place, kept)


@pytest.mark.parametrize(
    ("edit", "laid_out"),
    [
        ({}, 0),
        ({"third": THIRD.replace("Other", "New")}, 1),
        ({"width": 200}, 1),
        # Where a link leads depends on another page, and so do all.
        ({"second": SECOND.replace('id="b"', 'id="its-new-title"') + '<section id="b"><h2>B</h2></section>'}, 3),
    ],
)
def test_an_edit_lays_out_what_depends_on_it(tmp_path, edit, laid_out):
    place, folder = tmp_path / "book", tmp_path / "kept"
    write_book(place)
    gather(place, Memo(folder))
    before = set(folder.iterdir())
    write_book(place, **edit)
    document = gather(place, Memo(folder))
    assert len(set(folder.iterdir()) - before) == laid_out
    assert document == gather(place, Memo(tmp_path / "afresh"))


def test_a_page_that_moves_to_another_part_is_laid_out_for_it(tmp_path):
    write_book(tmp_path)
    kept = Memo(tmp_path / "kept")

    def find_headings(*pages):
        pages = [{"name": name, "part": part} for name, part in pages]
        return re.findall(r"<h1>(.*?)</h1>", "".join(gather_pages("A report", pages, tmp_path, tmp_path, kept).pages))

    assert find_headings(("first", None), ("second", "One"), ("third", "Two")) == ["One", "Two"]
    assert find_headings(("first", None), ("third", "Two"), ("second", "Two")) == ["Two"]
