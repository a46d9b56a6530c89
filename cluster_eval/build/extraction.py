"""Finds every message of the report where it is written, and gives translators a template of them."""

import ast
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

import pandas as pd
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from cluster_eval.build.contents import FILE as CONTENTS
from cluster_eval.build.contents import list_sections
from cluster_eval.build.execute import keeps_cell
from cluster_eval.config import INSIGHTS_FOLDER, OUTCOMES_FILE, read_yaml
from cluster_eval.exhibits.listing import FILE as EXHIBITS
from cluster_eval.exhibits.listing import read_listing, walk
from cluster_eval.facts.needs import list_features
from cluster_eval.notebook import edition
from cluster_eval.result_tables import TABLES
from cluster_eval.sources.report import Report, open_report
from cluster_eval.templates import read_template
from cluster_eval.words.labels import FILE as LABELS
from cluster_eval.words.labels import read_labels
from cluster_eval.words.language import Language
from cluster_eval.words.messages import Message, Plural
from cluster_eval.words.pages import list_messages as list_blocks

SAYS = {"say": "sentence", "sentence": "sentence", "warn": "warning", "heading": "heading"}
"""The calls of a notebook whose messages are taken, and of which kind they are."""

MODULES = tuple(f"cluster_eval.words.{name}" for name in ("patterns", "formats", "causes", "noticed"))
"""Modules whose constants are messages."""

TEMPLATE = Path("locale/messages.pot")


@dataclass(frozen=True)
class Found:
    """A message, where it is written.

    Attributes
    ----------
    message : str or Plural
        The message, on one line.
    kind : str
        Such as `sentence`, `heading`, `title`, `header` or `label`.
    file : str
        The file, relative to the repository's root.
    place : str
        Where in it: a cell, a line or a key.
    """

    message: Message
    kind: str
    file: str
    place: str


def write_template(root: Path, cycle: str) -> str:
    """Write the template of all messages, with examples.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle from which the examples are.

    Returns
    -------
    str
        A gettext template; the same for the same messages and data.
    """
    report = open_report(cycle, root)
    examples = collect_examples(report)
    catalog = Catalog(
        project="cluster-eval",
        version="main",
        header_comment=read_template("messages_header.txt").rstrip("\n"),
        copyright_holder="Public Health Wales",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        # With the date of the run, each run's template would differ.
        creation_date=datetime(2025, 1, 1, tzinfo=UTC),
        fuzzy=False,
    )
    for found in list_messages(root):
        key = normalise(found.message)
        comments = [f"{found.kind}, {found.place}"]
        if (example := examples.get(key)) and example != key:
            comments.append(f"Example: {example}")
        message = (key.one, key.other) if isinstance(key, Plural) else key
        catalog.add(message, locations=[(found.file, None)], auto_comments=comments, flags=["python-brace-format"])
    file = io.BytesIO()
    write_po(file, catalog, width=100, sort_by_file=True)
    return file.getvalue().decode("utf-8")


def normalise(message: Message) -> Message:
    """Put a message on one line, as it is when it is said.

    Parameters
    ----------
    message : str or Plural
        As it is written.

    Returns
    -------
    str or Plural
        The message.
    """
    if isinstance(message, Plural):
        return Plural(normalise(message.one), normalise(message.other))
    return " ".join(message.split())


def list_messages(root: Path) -> Iterator[Found]:
    """List every message of the report.

    Parameters
    ----------
    root : Path
        The repository's root.

    Yields
    ------
    Found
        Each, where it is written.
    """
    for file in sorted((root / "notebooks").glob("[!.]*.ipynb")):
        yield from _list_of_notebook(file, file.relative_to(root).as_posix())
    for file in sorted((root / "book").rglob("[!.]*.md")):
        for line, text in list_blocks(file.read_text(encoding="utf-8")):
            yield Found(text, "paragraph", file.relative_to(root).as_posix(), f"line {line}")
    yield from _list_of_exhibits(root)
    for part in read_yaml(root, CONTENTS)["parts"]:
        yield Found(part["caption"], "caption", CONTENTS.as_posix(), part["caption"])
    for (kind, code, form), label in read_labels(root).items():
        yield Found(label, "label", LABELS.as_posix(), " ".join(filter(None, (kind, code, form))))
    for row in pd.read_csv(root / OUTCOMES_FILE, dtype=str).itertuples():
        for form in ("title", "short_title", "former_name", "narrative"):
            if isinstance(words := getattr(row, form), str):
                yield Found(words, "label", OUTCOMES_FILE.as_posix(), f"{row.framework} {row.outcome} {form}")
    for file in sorted((root / INSIGHTS_FOLDER).glob("*.csv")):
        for row in pd.read_csv(file, dtype=str).itertuples():
            yield Found(row.title, "label", file.relative_to(root).as_posix(), row.kind)
    for name in MODULES:
        module, file = import_module(name), f"{name.replace('.', '/')}.py"
        for constant, value in vars(module).items():
            if constant.isupper():
                yield from (Found(message, "words", file, constant) for message in _flatten(value))
    for table, (description, _) in TABLES.items():
        yield Found(description, "description", "cluster_eval/templates/results.yml", table)


def _list_of_notebook(file, place):
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    for number, cell in enumerate(cells, start=1):
        source, named = "".join(cell["source"]), f"cell {number}"
        if cell["cell_type"] == "markdown":
            for line, text in list_blocks(source):
                yield Found(text, "paragraph", place, f"{named}, line {line}")
            continue
        tree = ast.parse(source)
        assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
        constants = {node.targets[0].id: node.value for node in assigned if isinstance(node.targets[0], ast.Name)}
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in SAYS:
                for argument in call.args[: 2 if call.func.attr == "warn" else 1]:
                    for message in read_messages(argument, constants):
                        yield Found(message, SAYS[call.func.attr], place, named)


def read_messages(node: ast.expr, constants: Mapping[str, ast.expr]) -> list[Message]:
    """Read the messages that an argument of a call holds.

    Parameters
    ----------
    node : expr
        The argument: a text, a plural, a mapping of codes to either, or the name of one of these.
    constants : mapping of str to expr
        What the cell assigns to names.

    Returns
    -------
    list of str or Plural
        The messages.

    Raises
    ------
    ValueError
        When it is none of these, since nobody could translate it.
    """
    match node:
        case ast.Constant(value=str(text)):
            return [text] if text else []
        case ast.Dict(values=values):
            return [message for value in values for message in read_messages(value, constants)]
        case ast.Call(func=ast.Attribute(attr="Plural"), args=[one, other]):
            return [Plural(ast.literal_eval(one), ast.literal_eval(other))]
        case ast.Name(id=name) if name in constants:
            return read_messages(constants[name], constants)
    raise ValueError(f"line {node.lineno}: a message is a text, a plural or a mapping of these, written in the cell")


def _list_of_exhibits(root):
    listing, file = read_listing(root), EXHIBITS.as_posix()
    shared = listing.shared
    for part in ("sources", "rewording", "alt", "notes", "headers"):
        for code, message in getattr(shared, part).items():
            yield Found(message, part, file, f"shared {code}")
    for unit, messages in shared.bases.items():
        for code, message in messages.items():
            yield Found(message, "base", file, f"shared {unit} {code}")
    for entry, _ in walk(listing.exhibits):
        for part in ("title", "alt", "notes", "headers", "rows", "chart"):
            for code, message in getattr(entry, part).items():
                yield Found(message, part, file, f"{entry.key} {code}".strip())


def _flatten(value):
    if isinstance(value, str | Plural):
        yield value
    elif isinstance(value, Mapping | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _flatten(each)


class _Examples(Language):
    """English, which takes note of what each message became first."""

    told: ClassVar[dict[Message, str]] = {}

    def take_note(self, message: Message, text: str) -> None:
        self.told.setdefault(normalise(message), " ".join(unescape(text).split()))


def collect_examples(report: Report) -> dict[Message, str]:
    """Collect what each message of a cycle's notebooks and exhibits becomes.

    Parameters
    ----------
    report : Report
        An open cycle.

    Returns
    -------
    dict of (str or Plural) to str
        Message, on one line, to its text.
    """
    _Examples.told = {}
    with patch.dict(edition.LANGUAGES, {"examples": _Examples}), redirect_stdout(io.StringIO()):
        run_notebooks(report, "examples")
    return _Examples.told


def run_notebooks(report: Report, language: str) -> None:
    """Run the cells of each section's notebook in this process.

    Parameters
    ----------
    report : Report
        An open cycle.
    language : str
        Of `cluster_eval.notebook.edition.LANGUAGES`.
    """
    features = list_features(report)
    with chdir(report.root / "notebooks"):
        for section in filter(lambda each: each.is_notebook, list_sections(report)):
            names: dict = {}
            for cell in json.loads(section.source.read_text(encoding="utf-8"))["cells"]:
                tags = cell["metadata"].get("tags", [])
                if cell["cell_type"] == "code" and keeps_cell(tags, features, section.parameters):
                    exec("".join(cell["source"]), names)
                if "parameters" in tags:
                    names |= {"cycle": report.cycle, "language": language, **section.parameters}
