"""Messages are whole, can be found by whoever translates them, and nothing that readers see is written elsewhere."""

import ast
import json
import re
import string
from functools import cache

import pytest
from babel.messages.pofile import read_po

from cluster_eval.build.extraction import TEMPLATE, list_messages, normalise, read_messages
from cluster_eval.words.messages import Plural
from cluster_eval.words.pseudo import mark
from tests.helpers import ROOT

WHOLE = {"sentence", "warning", "alt", "notes", "sources", "base", "rewording"}
"""Kinds of messages that are whole sentences."""

BEGINS = re.compile(r"[*_]*(?:[A-Z“‘\[{<]|\d|n: )")
ENDS = re.compile(r"[.:?!}]”?[*_]*$|\)$|[a-z]\]\([^)]*\)\.?$")
# Titles of notices, which stand above their sentences.
TITLES = {"Sample data", "Links in sample data are made up", "Deprivation in sample data is made up"}
WORDS = re.compile(r"[A-Za-z’']{2,}(?: [A-Za-z’']{2,}){2,}")


@cache
def find_messages():
    return list(list_messages(ROOT))


def list_forms(message):
    return [message.one, message.other] if isinstance(message, Plural) else [message]


def test_the_template_has_every_message():
    with (ROOT / TEMPLATE).open("rb") as file:
        known = {entry.id if isinstance(entry.id, str) else Plural(*entry.id) for entry in read_po(file) if entry.id}
    wanted = {normalise(found.message) for found in find_messages()}
    assert known - wanted == set(), "run `make messages`"
    assert wanted - known == set(), "run `make messages`"


def test_every_message_can_be_filled():
    for found in find_messages():
        for form in list_forms(found.message):
            if found.kind != "paragraph" and not found.file.endswith(".csv"):
                names = [name for _, name, _, _ in string.Formatter().parse(form) if name is not None]
                assert all(re.fullmatch(r"[a-z_]\w*(\.\w+)*", name) for name in names), (found.file, form)


def test_sentences_are_whole():
    fragments = [
        (found.file, found.place, form)
        for found in find_messages()
        if found.kind in WHOLE
        for form in map(normalise, list_forms(found.message))
        if form not in TITLES and not (BEGINS.match(form) and ENDS.search(form))
    ]
    assert fragments == []


def test_no_message_holds_a_condition_or_is_glued():
    for found in find_messages():
        for form in list_forms(found.message):
            assert not re.search(r"<<|>>|<%|%>", form), (found.file, form)


def list_code(cells):
    return [(number, "".join(cell["source"])) for number, cell in enumerate(cells, 1) if cell["cell_type"] == "code"]


@pytest.mark.parametrize("file", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda file: file.stem)
def test_cells_are_short_lines_and_put_no_words_together(file):
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    assert max(len(line.rstrip("\n")) for cell in cells for line in cell["source"]) <= 120
    for number, source in list_code(cells):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.JoinedStr):
                words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
                assert not re.search(r"[A-Za-z]{2,}", words), (number, words)
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
                assert not any(
                    isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (node.left, node.right)
                ), number


@pytest.mark.parametrize("source", ['f"In {x}"', '"a" if x else "b"', "make()", "[*'ab']"])
def test_what_nobody_could_translate_is_no_message(source):
    with pytest.raises(ValueError, match="a message is a text, a plural or a mapping of these"):
        read_messages(ast.parse(source, mode="eval").body, {})


SHOWN = [
    *("notebook/edition", "notebook/display", "words/written", "charts/*", "facts/*", "exhibits/*"),
    *("build/layout", "build/sheets", "build/workbook", "build/opendocument", "build/document"),
    *("build/word", "build/pdf", "build/pages", "words/language", "words/numbers", "words/pages"),
]
"""Modules that make what readers see."""


def find_words(file):
    """Find texts of three words and more that are neither docstrings nor what an error or a run says."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or (
            isinstance(node, ast.Call)
            and re.search(r"Error|BuildError|tell|Problem|warn|find_message", ast.unparse(node.func))
        ):
            told |= {id(each) for each in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            told.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            text = re.sub(r"<[^<>]*>|\{%.*?%\}|\{\{.*?\}\}", "", node.value, flags=re.DOTALL)
            yield from () if "==" in text else WORDS.findall(text)


# What is told to the analyst, beside the files; and the name of a style.
CODES = {"xlsx and tables", "cell is shortened", "since it holds too much", "Dense Table Text"}


@pytest.mark.parametrize("place", SHOWN)
def test_modules_hold_no_words_that_readers_see(place):
    files = sorted((ROOT / "cluster_eval").glob(f"{place}.py"))
    assert files
    found = [(file.name, words) for file in files for words in find_words(file) if words not in CODES]
    assert found == []


def test_a_marked_message_keeps_what_is_not_words():
    marked = mark("See [the page](page.html), {n} of <b>{base:of}</b> &amp; `code`.")
    assert marked == "⟦Šêê [thê pâgê](page.html), {n} ôf <b>{base:of}</b> &amp; `code`.⟧"
