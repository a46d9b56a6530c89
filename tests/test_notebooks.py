"""Notebooks are committed without outputs, hold prose and calls, state no result by hand, and run alone."""

import ast
import json
import re
from itertools import pairwise

import pytest
from traitlets.config.loader import PyFileConfigLoader

from tests.conftest import ROOT

FILES = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [file.stem for file in FILES]
PAGES = sorted((ROOT / "book").rglob("*.md"))
FILLED = re.compile(r"\{[^{}]*\}|<%.*?%>|^% holds:.*$", re.MULTILINE)
LINK_TARGET = re.compile(r"(?<=\]\()[^)]*(?=\))")
# Digits that state no result of the survey. Anything else belongs between braces.
ALLOWED = [
    re.compile(r"(?<=outcome )\d+\b", re.IGNORECASE),  # An outcome's name: "PCMW outcome 12", "Outcome 7 of ACD".
    re.compile(r"\b5% level\b"),  # The level of a test, fixed before looking.
    re.compile(r"\b95% interval\b"),  # And that of an interval.
]
ALLOWED_IN_PAGES = [
    *ALLOWED,
    re.compile(r"\bWCAG\)? 2\.2\b"),  # The guidelines' version.
    re.compile(r"\b(?:1,280|320)\b(?=[\w\s]* pixels wide)"),  # Screens on which pages are tested.
    re.compile(r"A Healthier Wales \(2018\)"),  # A document's year.
    re.compile(r"^\| (Pre-foundation \| 1|Foundation \| 2|Developing \| 3|Mature \| 4) \|", re.MULTILINE),  # Scores.
]


SAYS = ("say", "sentence", "heading", "warn")


def read_cells(file, kind=None):
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        cell["source"] = "".join(cell["source"])
    return [cell for cell in cells if kind in (None, cell["cell_type"])]


def parse_code(file):
    return [ast.parse(cell["source"]) for cell in read_cells(file, "code")]


def find_typed_digits(text, allowed):
    text = LINK_TARGET.sub("", FILLED.sub("", text))
    for pattern in allowed:
        text = pattern.sub("", text)
    return [line.strip() for line in text.splitlines() if re.search(r"\d", line)]


def list_said(tree):
    """List the text that a cell says, whether it stands in the call or in a name used there."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    said = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in SAYS]
    assigned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    texts = [node for part in [*said, *assigned] for node in ast.walk(part) if isinstance(node, ast.Constant)]
    return [node.value for node in texts if isinstance(node.value, str) and not is_key(node.value)]


def is_key(text):
    """Say whether a text is an index of the package's tables, such as "7" or "2024-25", rather than prose."""
    return re.fullmatch(r"\d{1,2}|\d{4}-\d{2}|[A-Z]+_\d+", text.strip()) is not None


def test_notebooks_are_found():
    assert len(NAMES) >= 16
    assert [name for name in NAMES if re.match(r"\d\d_[a-z_]+$|index$", name)] == NAMES


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_no_output_is_committed(file):
    for cell in read_cells(file, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
    for cell in read_cells(file):
        assert set(cell["metadata"]) <= {"tags"}
    assert "widgets" not in json.loads(file.read_text(encoding="utf-8"))["metadata"]


def test_lab_saves_a_notebook_that_was_run_as_it_is_committed():
    save = PyFileConfigLoader("jupyter_server_config.py", str(ROOT / ".jupyter")).load_config()
    committed = json.loads(FILES[0].read_text(encoding="utf-8"))
    run = json.loads(FILES[0].read_text(encoding="utf-8"))
    run["metadata"]["language_info"] |= {"version": "3.11.0", "file_extension": ".py"}
    for cell in run["cells"]:
        cell["metadata"] |= {"trusted": True, "collapsed": True}
        if cell["cell_type"] == "code":
            cell |= {"execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": "53"}]}
    save = save.FileContentsManager.pre_save_hook
    save({"type": "notebook", "content": run}, path="build/2024-25/notebooks/executed.ipynb", contents_manager=None)
    assert run["cells"][1]["outputs"]
    save({"type": "notebook", "content": run}, path="notebooks/executed.ipynb", contents_manager=None)
    assert run == committed


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_one_cell_is_for_parameters_and_sets_cycle_and_language(file):
    tagged = [cell for cell in read_cells(file) if "parameters" in cell["metadata"].get("tags", [])]
    [parameters] = [cell["source"].splitlines() for cell in tagged]
    assert parameters[:2] == ['cycle = "2024-25"', 'language = "en"']
    assert parameters[2:] in ([], ['framework = "PCMW"'])


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_nothing_is_defined_in_a_notebook(file):
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    found = [node for tree in parse_code(file) for node in ast.walk(tree) if isinstance(node, definitions)]
    assert [ast.unparse(node) for node in found] == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_headings_stand_in_markdown_cells_and_do_not_skip_a_level(file):
    cells = read_cells(file, "markdown")
    text = "\n".join(cell["source"] for cell in cells if "for-ACD" not in cell["metadata"].get("tags", []))
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    said = [text for tree in parse_code(file) for text in list_said(tree)]
    assert not [text for text in said if re.search(r"^\s*#+ ", text, re.MULTILINE)]


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_no_result_is_typed_in_a_notebook(file):
    texts = [cell["source"] for cell in read_cells(file, "markdown")]
    texts += [text for tree in parse_code(file) for text in list_said(tree)]
    assert [line for text in texts for line in find_typed_digits(text, ALLOWED)] == []


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT / "book").as_posix() for page in PAGES])
def test_no_result_is_typed_in_a_page(page):
    assert find_typed_digits(page.read_text(encoding="utf-8"), ALLOWED_IN_PAGES) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Of clusters, 53 of 60 responded.", True),
        ("It rose by 9 percentage points for outcome 7.", True),
        ("The 10% level", True),
        ("{responded} of [the clusters](02_participation.ipynb) for outcome 7", False),
    ],
)
def test_a_typed_result_would_be_found(text, found):
    assert bool(find_typed_digits(text, ALLOWED_IN_PAGES)) is found
