"""Made-up cycles that follow the sample's, for tests of three cycles and more."""

import random
import shutil

import openpyxl

from cluster_eval.vocabulary import LEVELS

PARAMS = """\
cycle: {cycle}
previous: {previous}
title: Cluster self-reflection {cycle}
fieldwork: {{opens: {year}-04-01, closes: {year}-05-31}}
responses: data/{cycle}/responses.xlsx
codebook: data/{cycle}/codebook.csv
coding: null
actions: null
published: null
sample_data: true
breaks: {breaks}
"""


def add_cycles(root, number, first=2025):
    """Add cycles to a repository: each the one before, with a part of the ratings moved and a few clusters silent.

    Parameters
    ----------
    root : Path
        The repository.
    number : int
        How many cycles.
    first : int
        The first year of the first of them.

    Returns
    -------
    list of str
        Their names.
    """
    names = []
    previous = f"{first - 1}-{first % 100:02}"
    for year in range(first, first + number):
        cycle = f"{year}-{(year + 1) % 100:02}"
        _add_cycle(root, cycle, previous, year)
        names.append(cycle)
        previous = cycle
    return names


def _add_cycle(root, cycle, previous, year):
    breaks = "[]"
    if year == 2026:
        breaks = f"\n  - {{from: {cycle}, what: questions, note: Questions are worded more simply.}}"
    params = PARAMS.format(cycle=cycle, previous=previous, year=year + 1, breaks=breaks)
    (root / f"params/{cycle}.yml").write_text(params, encoding="utf-8")
    folder = root / "data" / cycle
    shutil.copytree(root / "data" / previous, folder)
    for name in ("coding.csv", "actions.csv"):
        (folder / name).unlink(missing_ok=True)
    book = openpyxl.load_workbook(folder / "responses.xlsx")
    sheet = book.worksheets[0]
    chance = random.Random(year)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if hasattr(cell.value, "year"):
                cell.value = cell.value.replace(year=year + 1)
            elif isinstance(cell.value, str):
                cell.value = _move(cell.value, chance)
    sheet.delete_rows(2 + chance.randrange(10), 2)
    book.save(folder / "responses.xlsx")


def _move(text, chance):
    """Move a rating up by a level now and then, and less often down."""
    level = next((level for level in LEVELS if text.split(":")[0].strip() == level), None)
    drawn = chance.random()
    if level is None or drawn > 0.2:
        return text
    place = LEVELS.index(level) + (1 if drawn < 0.14 else -1)
    return LEVELS[min(max(place, 0), len(LEVELS) - 1)]
