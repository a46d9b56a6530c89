"""Text among Markdown and HTML: shown letter by letter, whatever it holds."""

import lxml.html
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from cluster_eval.words.language import ENGLISH
from cluster_eval.words.markdown import write_in_html, write_literally

BOOK = create_md_parser(MdParserConfig(enable_extensions={"colon_fence"}), RendererHTML)
NOTEBOOK = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = [
    "{{ env.__class__ }}",
    "<script>window.hacked=1</script>",
    "{download}`x <../../etc/hosts>`",
    "$5 or $6",
    "<GP>",
    "*a* _b_ **c** __d__",
    "[x](javascript:alert(1))",
    "![x](https://h.example/x.png)",
    "`code` ```fence",
    "# heading #",
    "- item",
    "12. item",
    "% comment",
    ":::{note}",
    "&amp; &#60; &",
    "<<name>>",
    "<% if x %>",
    "=1+1",
    "===",
    "\\begin{x} \\*",
    "|a|b|",
    "~~x~~",
    "a--b...c",
    "'q' \"q\"",
    "(target)=",
    "a\n\n# b\r\n- c",
    "    code",
    "\N{NO-BREAK SPACE}space ",
    "<https://h.example> https://h.example",
    "wow!",
]
LETTERS = "\\`*_{}[]<>#$|~&!=%:-+.() \n'\"12ab\N{NO-BREAK SPACE}é"
TEXT = st.lists(st.sampled_from(LETTERS), min_size=1).map("".join)
PLACES = [
    "{x}",
    "before {x} after",
    "line\n{x}\nline",
    "- {x}\n- {x} after",
    "**{x}.** after",
    "“{x}”",
    "a {x}[link](place)",
    "[{x}](place)",
    "# {x}",
    "| a | b |\n|---|---|\n| {x} | c |",
    "<div>\n\n- **{x}** after\n\n</div>",
    "{x}{x}",
]


def say(message, value):
    # Not by `ENGLISH.say`, which puts a message on one line: pages have layouts of several.
    return message.replace("{x}", write_literally(ENGLISH.write(value)))


def read_text(html):
    # HTML shows line breaks and several spaces as one space; that hyphens become minus signs is tested elsewhere.
    return " ".join(lxml.html.fragment_fromstring(html, "div").text_content().replace("−", "-").split())


@pytest.mark.parametrize("parser", [BOOK, NOTEBOOK], ids=["book", "notebook"])
@pytest.mark.parametrize("template", PLACES)
@given(text=TEXT | st.sampled_from(HOSTILE))
@example(text="1. a")
def test_a_value_among_markdown_is_shown_letter_by_letter(parser, template, text):
    plain = parser.render(say(template, "word"))
    shown = parser.render(say(template, text))
    assert read_text(shown) == read_text(plain.replace("word", write_in_html(text)))
    assert [element.tag for element in lxml.html.fragment_fromstring(shown, "div").iter()] == [
        element.tag for element in lxml.html.fragment_fromstring(plain, "div").iter()
    ]


@pytest.mark.parametrize(
    "text", ["53 of 60 (88%)", "−0.12 to 2.67", "2024-25", "Cardiff & Vale", "health_board", "+3", "(88%)"]
)
def test_what_is_no_markup_stays_readable(text):
    assert write_literally(text) == text


@given(TEXT | st.sampled_from(HOSTILE))
def test_text_among_html_is_shown_letter_by_letter_and_ends_no_block(text):
    written = write_in_html(text)
    assert "\n" not in written
    html = BOOK.render(f'<figure>\n<img alt="{written}">\n<p>{written}</p>\n</figure>')
    figure = lxml.html.fragment_fromstring(html)
    assert [figure[0].get("alt"), figure[1].text] == [text, text]
    assert [element.tag for element in figure] == ["img", "p"]
