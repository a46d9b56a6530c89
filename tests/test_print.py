"""What is printed: text letter by letter, whatever Typst would make of it, and none over another column."""

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from cluster_eval.build.cache import Memo
from cluster_eval.build.columns import share_width
from cluster_eval.build.document import Document, place_pictures
from cluster_eval.build.pdf import write_pdf
from tests.hostile import HOSTILE

ABOUT = {"author": "A", "subject": "S", "lang": "en-GB", "dated": date(2025, 5, 31), "contents": "Contents"}
TABLE = "<table><thead><tr><th>Words</th><th>Other</th></tr></thead><tbody>%s</tbody></table><div id='contents'></div>"


def print_words(tmp_path, *words):
    """Print words in cells and paragraphs; give the lines that a reader copies, with where each ends."""
    written = [re.sub("[<>&]", lambda found: f"&#{ord(found[0])};", each) for each in words]
    rows = "".join(f"<tr><td>{each}</td><td>other</td></tr>" for each in written)
    html = TABLE % rows + "".join(f"<p>{each}</p><ul><li>{each}</li></ul>" for each in written)
    return PdfReader(io.BytesIO(write_pdf(Document("Title", [html], {}, {}), tmp_path, ABOUT, Memo(tmp_path)))).pages


@pytest.mark.parametrize("words", [HOSTILE, ("As needed ŵ", "https://example.org/" + "a" * 300)])
def test_words_are_printed_letter_by_letter_in_cells_paragraphs_and_lists(tmp_path, words):
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in print_words(tmp_path, *words)))
    assert [each for each in words if text.count(re.sub(r"\s", "", each)) < 3] == []


def test_a_long_word_stays_in_its_column(tmp_path):
    pages = print_words(tmp_path, "https://example.org/" + "a" * 300)
    # As many letters as a page is wide.
    assert max(len(line) for page in pages for line in page.extract_text().splitlines()) < 100


def test_a_table_makes_no_room_for_a_word_that_is_broken():
    widths, dense = share_width([["Action", "Lead"], ["https://example.org/" + "a" * 300, "Health board"]])
    assert not dense
    assert widths[1] > 0.05


def test_a_picture_is_placed_and_no_text_that_names_it():
    html = """<p>src="a.svg"</p><img alt='"b" src="a.svg"' src="a.svg"/><img alt="x" src="c&amp;d.png"/>"""
    placed = place_pictures(html, {"a.svg": "/pictures/a.svg", "c&d.png": "/e.png"})
    assert placed == (
        """<p>src="a.svg"</p><img alt='"b" src="a.svg"' src="/pictures/a.svg"/><img alt="x" src="/e.png"/>"""
    )
