"""The house that the package is: rooms of a size, words and frames of pages where they belong, and one way for data."""

import ast
import re

import pytest

from tests.helpers import ROOT

PACKAGE = ROOT / "cluster_eval"
MODULES = sorted(PACKAGE.rglob("*.py"))
LEFT_TO_RIGHT = ("sources", "measures", "facts", "exhibits", "notebook", "build")
"""The way of the data, by rooms."""


def name(file):
    return file.relative_to(PACKAGE).as_posix()


def list_literals(tree):
    """List texts of five lines and more, but for docstrings and what stands below a constant."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if is_text and id(node) not in said and node.end_lineno - node.lineno >= 4:
            yield node.lineno


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_modules_hold_at_most_five_hundred_lines_and_no_long_text(file):
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= 500
    assert list(list_literals(ast.parse(text))) == []


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_no_room_knows_a_room_to_its_right(file):
    room = name(file).split("/")[0]
    if room in LEFT_TO_RIGHT:
        right = LEFT_TO_RIGHT[LEFT_TO_RIGHT.index(room) + 1 :]
        imports = re.findall(r"from cluster_eval\.(\w+)", file.read_text(encoding="utf-8"))
        assert not set(imports).intersection(right)


def test_what_is_not_the_product_is_not_in_the_package():
    imports = [
        name(file) for file in MODULES if re.search(r"(?:from|import) tools\b", file.read_text(encoding="utf-8"))
    ]
    assert imports == []
