"""The summary on two sides: what of its page and of the front page stands on it, and that it fits."""

import io

import pytest
from pypdf import PdfReader

from cluster_eval.build.cache import Memo
from cluster_eval.build.summary import gather_summary, write_summary
from tests.test_print import ABOUT

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="{}pt" height="{}pt"><rect width="9" height="9"/></svg>'
FIGURE = """
<figure><figcaption><p><strong>Figure {name}.</strong> All</p></figcaption><picture><source srcset="{name}-narrow.svg">
<img src="{name}-wide.svg" alt="What {name} shows."></picture></figure><details><summary>Table</summary><table><tr>
<th>Folded away</th></tr></table></details>"""
FRONT = """
<section id="front"><h1>Front</h1><p>Welcome.</p><div class="admonition"><p class="admonition-title">Sample data</p>
<p>Invented.</p></div><section id="short"><h2>In short</h2><p>Elsewhere.</p></section>
<section id="all"><h2>All outcomes</h2>{figure}</section></section>"""
PAGE = """
<section id="summary"><h1>Executive summary</h1><p><strong>Clusters get further.</strong> 53 of 60 responded.</p>
<section id="stand"><h2>Where clusters stand</h2><p>See <a href="elsewhere.html">methods</a>.</p>{figure}</section>
<section id="need"><h2>What they need</h2><p>{need}</p></section>
<section id="next"><h2>What happens next</h2><table><thead><tr><th scope="col">Action</th><th scope="col">Lead</th></tr>
</thead><tbody><tr><th scope="row">Give time</th><td>WG</td></tr></tbody></table></section></section>"""


def write(folder, need):
    """Write a summary; give its pages' text, the file, and whether it fits."""
    for name, sizes in {"f1-wide": (495, 546), "f1-narrow": (216, 814), "f2-wide": (495, 304)}.items():
        (folder / f"{name}.svg").write_text(DRAWING.format(*sizes), encoding="utf-8")
    articles = {
        "index": FRONT.format(figure=FIGURE.format(name="f1")),
        "01": PAGE.format(figure=FIGURE.format(name="f2"), need=need),
    }
    for name, article in articles.items():
        (folder / f"{name}.html").write_text(f"<html><article>{article}</article></html>", encoding="utf-8")
    kept = Memo(folder / "kept")
    summary = gather_summary("Self-reflection", "index", "01", folder, folder, kept)
    pdf, fits = write_summary(summary, "<p>Where to find more.</p>", folder, ABOUT | {"place": "Wales"}, kept)
    read = PdfReader(io.BytesIO(pdf))
    return [" ".join(page.extract_text().split()) for page in read.pages], read, fits


def test_two_sides_hold_the_page_and_the_picture_of_the_front_page(tmp_path):
    (front, back), read, fits = write(tmp_path, "Time.")
    assert fits
    first = ["Self-reflection", "Executive summary, Wales", "Sample data", "Clusters get further.", "What they need"]
    places = [front.index(each) for each in first]
    assert places == sorted(places)
    assert all(each in back for each in ("All outcomes", "What happens next", "Give time", "Where to find more."))
    assert not any(each in front + back for each in ("Folded away", "Elsewhere", "Welcome"))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en-GB"
    assert read.metadata.title == "Self-reflection"
    assert b"pdfuaid" in read.xmp_metadata.stream.get_data()


@pytest.mark.parametrize(("words", "fits"), [(400, True), (3000, False)])
def test_a_longer_page_is_set_smaller_and_one_too_long_is_told_of(tmp_path, words, fits):
    pages, _, found = write(tmp_path, " ".join(f"word{number}" for number in range(words)))
    assert found is fits
    assert (len(pages) == 2) is fits
    assert f"word{words - 1}" in "".join(pages)
