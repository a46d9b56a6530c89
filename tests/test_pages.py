"""Pages: blocks of Markdown, values in them, conditions between them, and claims that are checked."""

import json
from pathlib import Path
from types import SimpleNamespace

import lxml.html
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cluster_eval.values import Count, Direction, NamedCount, Outcome, Share
from cluster_eval.words.claims import ClaimError, check_claim
from cluster_eval.words.language import ENGLISH
from cluster_eval.words.markdown import Markdown, write_in_html
from cluster_eval.words.messages import MessageError, Values
from cluster_eval.words.pages import (
    PageError,
    Part,
    fill_page,
    list_messages,
    split_markdown,
    split_parts,
    translate_markdown,
)
from cluster_eval.words.pseudo import PseudoLanguage
from tests.hostile import HOSTILE
from tests.test_markdown import TEXT

ROOT = Path(__file__).parents[1]

PIECES = st.sampled_from(
    [
        "a",
        "word",
        " ",
        "\n",
        "\n\n",
        "# ",
        "- ",
        "1. ",
        "| ",
        "|---|",
        "```",
        "~~~",
        "{x}",
        "{{ y }}",
        "{doc}`z`",
        "% ",
        "<",
        ">",
    ]
)
MARKDOWN = st.lists(PIECES | st.text(max_size=3), max_size=20).map("".join)


def fill(text, language=ENGLISH, **values):
    report = SimpleNamespace(sample_cycles=values.pop("sample_cycles", ()), previous_params=None)
    return fill_page(text, SimpleNamespace(report=report, language=language), None, "book/page.md", **values)


BOOK = sorted((ROOT / "book").rglob("*.md"))


@pytest.mark.parametrize("page", BOOK, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_of_the_book_are_whole_messages(page):
    blocks = split_markdown(page.read_text(encoding="utf-8"))
    assert "".join(block.text for block in blocks) == page.read_text(encoding="utf-8")
    assert not any("<%" in block.text or "<<" in block.text for block in blocks if block.part is not Part.CONDITION)
    if page.parent.name != "book":
        assert not any(block.part is Part.CONDITION for block in blocks)


@pytest.mark.parametrize("place", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda place: place.stem)
def test_markdown_cells_stay_as_they_are_in_english(place):
    for cell in json.loads(place.read_text(encoding="utf-8"))["cells"]:
        assert translate_markdown("".join(cell["source"]), ENGLISH) == "".join(cell["source"])


@given(MARKDOWN)
@example("| a | b \\| c |\n|---|---|\n| {x} |\n\n```\n{x}\n```\n")
def test_blocks_joined_are_the_text(text):
    assert "".join(block.text for block in split_markdown(text)) == text
    assert translate_markdown(text, ENGLISH) == text


def test_each_paragraph_heading_item_and_cell_is_a_message():
    text = (
        "# Appendix: Data\n\nFirst line\nsecond {n}.\n\n- one\n- two\n  goes on\n\n1. three\n\n| a | `b` |\n"
        "|---|---|\n| {n} | c |\n"
        "% a comment\n\n```python\ncode\n```\n\n:::{note}\nNote.\n:::\n\n<div>\n\n{files}\n\n</div>\n\n---\n"
    )
    messages = [message for _, message in list_messages(text)]
    assert messages == ["Data", "First line\nsecond {n}.", "one", "two\n  goes on", "three", "a", "c", "Note."]


def test_another_language_replaces_each_message_and_leaves_markup():
    text = "# Data\n\n- **One** [page](page.md)\n\n| a | 1 |\n|---|---|\n"
    assert (
        translate_markdown(text, PseudoLanguage())
        == "# ⟦Dâtâ⟧\n\n- ⟦**Ôñê** [pâgê](page.md)⟧\n\n| ⟦â⟧ | 1 |\n|---|---|\n"
    )


def test_values_stand_for_their_names_and_markdown_s_own_braces_stay():
    text = "{doc}`x` {{ y }} `{n}` {n} of {boards}.\n\n```{note}\n{n}\n```\n\n{files}\n"
    values = {"n": 3, "boards": ("Powys", "Hywel Dda & <b>"), "files": Markdown("- *a*\n- b")}
    assert fill(text, **values) == (
        "{doc}`x` {{ y }} `{n}` 3 of Powys and Hywel Dda & &#60;b&#62;.\n\n```{note}\n{n}\n```\n\n- *a*\n- b\n"
    )


@pytest.mark.parametrize("page", ["{x} after\n", "# {x}\n", "| a | b |\n|---|---|\n| {x} | c |\n", "- **{x}** after\n"])
@given(text=TEXT | st.sampled_from(HOSTILE))
def test_a_value_never_becomes_markup(page, text):
    parser = MarkdownIt("commonmark").enable("table")
    plain, shown = parser.render(fill(page, x="word")), parser.render(fill(page, x=text))
    written = lxml.html.fragment_fromstring(shown, "div")
    wanted = lxml.html.fragment_fromstring(plain.replace("word", write_in_html(text)), "div")
    assert [each.tag for each in written.iter()] == [each.tag for each in wanted.iter()]
    read = (" ".join(each.text_content().replace("−", "-").split()) for each in (written, wanted))
    assert len(set(read)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n\n<% if boards %>\nYes.\n\n<% else %>\nNo.\n\n<% endif %>\nb\n", "a\n\nYes.\n\nb\n"),
        ("<% if none_of_them %>\n{x}\n<% else %>\n<% if boards %>\nIn.\n<% endif %>\n<% endif %>\n", "In.\n"),
        ("<% if sample_data %>\nSample.\n<% else %>\nReal.\n<% endif %>\n", "Real.\n"),
        ("| a |\n|---|\n<% if none_of_them %>\n| {x} |\n<% endif %>\n| b |\n", "| a |\n|---|\n| b |\n"),
    ],
)
def test_conditions_choose_blocks(text, said):
    assert fill(text, boards=("Powys",), none_of_them=(), x=None) == said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n\n{respnded}\n", 'line 3: there is no "respnded"; nearest: responded'),
        ("{responded.basis}\n", 'line 1: "responded" has no "basis"; nearest: base'),
        ("<% if nothing %>\n{respnded}\n<% endif %>\n", 'line 2: there is no "respnded"; nearest: responded'),
        ("{nothing}\n", "line 1: {nothing} has no value in this cycle"),
        ("<% if sampl_data %>\na\n<% endif %>\n", 'line 1: there is no "sampl_data"; nearest: sample_data'),
        ("a\n<% if responded %>\nb\n<% endif %>\n", "line 2: found <% if responded %> inside a paragraph"),
        ("<% if responded %>\nb\n<% endif %>\nc\n", "line 3: found <% endif %> inside a paragraph"),
        ("a <% if responded %>b<% endif %>\n", "line 1: found <% if responded %> among words"),
        ("a << responded >>\n", "line 1: found << responded >> among words"),
        ("a\n\n<% endif %>\n", "line 3: found <% endif %> without <% if … %>"),
        ("<% if responded %>\n", "line 1: found <% if … %> without <% endif %>"),
        ("{share}\n", "line 1: 0.25 is not a value"),
        ("a\n\n% holds: went == fell\nIt fell.\n", 'line 3: the claim "went == fell" does not hold: went is rose now'),
    ],
)
def test_a_page_that_cannot_be_filled_says_where_and_what_is_near(text, told):
    with pytest.raises(PageError) as error:
        fill(text, responded=Count(53, 60), nothing=None, share=0.25, went=Direction.ROSE)
    assert f"book/page.md, {told}" in str(error.value)


KNOWN = Values(
    (),
    {
        "went": Direction.ROSE,
        "count": Count(53, 60),
        "outcomes": (Outcome("ACD", "7"), Outcome("ACD", "17")),
        "partial": (NamedCount("Powys", Count(1, 2)),),
        "silent": (),
        "previous": None,
        "several": False,
        "share": Share(0.5),
        "lead": "SPPC / HB",
        "n": 7,
    },
)


@pytest.mark.parametrize(
    "claim",
    [
        "went == rose",
        "went != fell",
        "count.n > 50",
        "count.share >= 0.5",
        "count.n < count.base",
        "share <= 0.5",
        "7 in outcomes",
        "outcomes == 7, 17",
        "partial == Powys",
        "lead == SPPC / HB",
        "silent == none",
        "partial != none",
        "previous == none",
        "several == false",
        "n == 7",
    ],
)
def test_claim_that_holds(claim):
    check_claim(claim, KNOWN)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("went == fell", "went is rose now"),
        ("count.n < n", "count.n is 53 and n is 7 now"),
        ("1 in outcomes", "outcomes is 7, 17 now"),
        ("silent != none", "silent is none now"),
        ("previous != none", "previous is none now"),
        ("went > 3", "compares what is no number"),
        ("went", "cannot be read"),
        ("__import__('os') == 1", "neither a name nor a value"),
    ],
)
def test_claim_that_does_not_hold_says_what_is_so(claim, told):
    with pytest.raises(ClaimError) as error:
        check_claim(claim, KNOWN)
    assert told in str(error.value)


@pytest.mark.parametrize("claim", ["count.basis == 1", "cuont.n == 1"])
def test_claim_about_what_is_not_there_names_what_is_near(claim):
    with pytest.raises(MessageError, match=r"nearest: (base|count)"):
        check_claim(claim, KNOWN)


def test_parts_of_a_text_are_found_by_their_headings():
    parts = split_parts("First.\n\n## One\n\nA.\n\n### Deeper\n\n## Two\nB.\n")
    assert {heading: part.strip() for heading, part in parts.items()} == {
        "": "First.",
        "One": "A.\n\n### Deeper",
        "Two": "B.",
    }


def test_an_error_in_a_part_names_the_line_of_the_text():
    part = split_parts("First.\n\n## One\n\nA {quokka}.\n")["One"]
    with pytest.raises(PageError, match="line 5"):
        fill(part)
