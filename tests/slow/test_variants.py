"""Every variant of every message, with the facts of a cycle or what stands in for them, reads as it should."""

import io
import re
from contextlib import redirect_stdout
from dataclasses import replace
from typing import ClassVar
from unittest.mock import patch

import pytest

import cluster_eval
from cluster_eval.build.extraction import list_messages, normalise, run_notebooks
from cluster_eval.notebook import edition
from cluster_eval.sources.report import open_report
from cluster_eval.words.language import Language
from cluster_eval.words.messages import MessageError, Plural, Values, fill
from tests.helpers import ROOT
from tests.test_scopes import copy_cycle

STAND_IN = "Xyz"
ODD = re.compile(
    r"[{}]|\b(?:None|nan|NaN|True|False)\b|\s\s|\s[,;:.](?!\w)|\.\.(?!/)|,,|\(\s*\)|“\s*”"
    r"|(?<![\d.,–])1 (?:cluster|outcome|response|excerpt|theme|test|statement|rating)s\b"
)


class EveryVariant(Language):
    """English, which says each variant of a message beside the one that was chosen."""

    said: ClassVar[dict] = {}

    def say(self, message, *facts, by=None, when=True, escape=str, **values):
        variants = message.values() if isinstance(message, dict) else [message]
        for variant in variants:
            self.say_forms(variant, facts, values)
        return super().say(message, *facts, by=by, when=when, escape=escape, **values)

    def say_forms(self, message, facts, values):
        known = Values(tuple(each for each in facts if each is not None), values)

        def find(name):
            try:
                value = known.find(name)
            except MessageError:
                value = None
            return STAND_IN if value is None or value in ((), []) else value

        for form, n in ((message.one, 1), (message.other, 2)) if isinstance(message, Plural) else ((message, None),):
            text = fill(form, lambda name, n=n: n if name == "n" and n else find(name), self.write)
            self.said.setdefault(normalise(message), set()).add(text)


def write_every(self, exhibit, write=edition.OpenEdition.write):
    """Write an exhibit, and say all that its entry may say."""
    placed = edition.find_exhibit(self.report, self.listing, exhibit.key)
    cycles = {"cycle": exhibit.cycles[-1] if exhibit.cycles else STAND_IN, "cycles": STAND_IN, "previous": STAND_IN}
    for part in ("title", "alt", "notes", "headers", "rows", "chart"):
        for message in getattr(placed.entry, part).values():
            self.language.say_forms(message, (*exhibit.facts, cycles, placed.of), dict(exhibit.values))
    return write(self, exhibit)


@pytest.fixture(scope="module")
def said():
    EveryVariant.said = {}
    with (
        patch.dict(edition.LANGUAGES, {"every": EveryVariant}),
        patch.object(edition.OpenEdition, "write", write_every),
        redirect_stdout(io.StringIO()),
    ):
        report = open_report("2024-25", ROOT)
        run_notebooks(report, "every")
        # The first cycle has published insights.
        run_notebooks(open_report("2023-24", ROOT), "every")
        # What is said of a trend needs a third cycle, and what is said of deprivation real data.
        first, second = report.chain
        names = [("2023-24", None, first), ("2024-25", "2023-24", second), ("2025-26", "2024-25", second)]
        longer = replace(
            report, chain=tuple(copy_cycle(cycle, name, before, sample_data=False) for name, before, cycle in names)
        )
        opened = edition.OpenEdition(longer, "every")
        with patch.object(cluster_eval, "open_cycle", lambda cycle, language: opened):
            run_notebooks(longer, "every")
    return EveryVariant.said


def test_every_message_of_notebooks_and_exhibits_was_said(said):
    wanted = {
        normalise(found.message): (found.file, found.place)
        for found in list_messages(ROOT)
        if found.kind in ("sentence", "heading", "warning") or (found.file.endswith("exhibits.yml"))
        if not found.place.startswith("shared")
    }
    assert {place: message for message, place in wanted.items() if message not in said} == {}


def test_every_variant_reads_as_it_should(said):
    odd = {text: found[0] for texts in said.values() for text in texts if (found := ODD.search(text))}
    assert odd == {}
