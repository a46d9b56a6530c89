"""What a published report says: the values of its charts, and the statements of its prose.

The transcription is data, in `data/published/<cycle>/`; another organisation's stands in the same columns.
"""

import itertools
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd

from cluster_eval.folding import tidy_text
from cluster_eval.problems import InputError, Problem, collect, suggest
from cluster_eval.repository import find_file
from cluster_eval.sources.spreadsheet import read_columns
from cluster_eval.vocabulary import ANSWERS, FRAMEWORKS, HEALTH_BOARDS, LEVELS, MEETING_KINDS, QUESTIONS, WALES

FIGURE_COLUMNS = ("figure", "framework", "outcome", "cycle", "series", "value", "unit")
CLAIM_COLUMNS = (
    "id",
    "section",
    "measure",
    "framework",
    "outcome",
    "level",
    "cycle",
    "published",
    "unit",
    "n",
    "statement",
)
FIGURE_UNITS = ("share", "percent", "score", "count")
CLAIM_UNITS = (
    *("percent", "percentage points", "score", "count", "times"),
    *("outcome", "outcomes", "health boards", "direction"),
)
DIRECTIONS = ("rose", "fell", "same")
MEETINGS = "meetings"
RESPONSE_COUNT = "Response count: "
MEAN = "mean"


@dataclass(frozen=True)
class Needs:
    """What a claim must name for its measure.

    Attributes
    ----------
    of : str
        What its framework column holds: `framework`, `question`, `meetings` or nothing.
    outcome : bool or None
        Whether it must name an outcome; None where it may.
    level : str
        What its level column holds: `levels`, `answers`, `meetings`, `frequency` or nothing.
    cycles : int
        How many cycles it is about: 1, or 2 for a change.
    """

    of: str = ""
    outcome: bool | None = False
    level: str = ""
    cycles: int = 1


MEASURES = {
    "response_rate": Needs(),
    "health_boards_at_full_participation": Needs(),
    "health_boards_declining": Needs(cycles=2),
    "share": Needs("framework", None, "levels"),
    "change": Needs("framework", None, "levels", 2),
    "highest_share": Needs("framework", level="levels"),
    "lowest_share": Needs("framework", level="levels"),
    "outcomes_where_lowest_level": Needs("framework", level="levels"),
    "outcomes_where_most_common": Needs("framework", level="levels"),
    "direction": Needs("framework", None, "levels", 2),
    "share_of_outcomes_decreasing": Needs("framework", level="levels", cycles=2),
    "outcomes_decreasing": Needs("framework", level="levels", cycles=2),
    "outcomes_increasing": Needs("framework", level="levels", cycles=2),
    "largest_decrease": Needs("framework", level="levels", cycles=2),
    "largest_increase": Needs("framework", level="levels", cycles=2),
    "outcomes_advancing": Needs("framework", level="any", cycles=2),
    "mean": Needs("framework", True),
    "mean_of_means": Needs("framework"),
    "mean_above": Needs("framework", True),
    "outcomes_increasing_mean": Needs("framework", cycles=2),
    "outcomes_decreasing_mean": Needs("framework", cycles=2),
    "largest_increase_mean": Needs("framework", cycles=2),
    "largest_decrease_mean": Needs("framework", cycles=2),
    "agree": Needs("question", level="answers"),
    "disagree_count": Needs("question", level="answers"),
    "meetings": Needs("meetings", level="meetings"),
    "meetings_ratio": Needs("meetings", level="frequency"),
}
"""Each measure that a claim may name, and what else the claim must name for it."""


def read_published(root: Path, folder: Path, cycles: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a published report's chart values and claims.

    Parameters
    ----------
    root, folder : Path
        The repository's root, and the folder relative to it.
    cycles : list of str
        The cycles that a value may be about.

    Returns
    -------
    tuple of DataFrame
        figures (figure, framework, outcome, cycle, series, value, unit) and claims (id, section, measure,
        framework, outcome, level, cycle, published, unit, n, statement), all text as written; the index holds the
        rows' numbers.

    Raises
    ------
    InputError
        With every row that names an unknown measure, framework, outcome, level, series, cycle or unit, or whose
        value is not of its unit.
    """
    problems = []
    tables = []
    for name, columns, check in (
        ("figures.csv", FIGURE_COLUMNS, _check_figure),
        ("claims.csv", CLAIM_COLUMNS, _check_claim),
    ):
        file = folder / name
        table = collect(problems, _read_text, root, file, columns)
        if table is None:
            continue
        problems += [
            Problem(str(file), what, row, heading)
            for row, record in zip(table.index, table.to_dict("records"), strict=True)
            for heading, what in check(record, cycles)
        ]
        if name == "claims.csv":
            problems += [
                Problem(str(file), f'found "{table["id"][row]}", which an earlier row has as well', row, "id")
                for row in table.index[table["id"].duplicated()]
            ]
        tables.append(table)
    if problems:
        raise InputError(problems)
    return tables[0], tables[1]


def split_levels(level: str) -> list[str]:
    """Split what a claim adds up.

    Parameters
    ----------
    level : str
        Such as `Developing+Mature`.

    Returns
    -------
    list of str
        Such as `["Developing", "Mature"]`.
    """
    return [part.strip() for part in level.split("+")]


def parse_number(text: str) -> Decimal | None:
    """Read a number as published.

    Parameters
    ----------
    text : str
        Such as `3.00`, whose trailing zeros are digits.

    Returns
    -------
    Decimal or None
        None where the text is no number.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _read_text(root, file, columns):
    if not find_file(root, file).is_file():
        raise InputError([Problem(str(file), "this file does not exist")])
    table, noticed = read_columns(root, file, list(columns), list(columns))
    if noticed:
        raise InputError([Problem(file.as_posix(), f"{each.detail}; type it again") for each in noticed])
    return table.map(lambda cell: "" if cell is None else tidy_text(cell))


def _check_figure(row, cycles):
    if not row["figure"].isdigit():
        yield "figure", f'found "{row["figure"]}"; accepted: a whole number'
    yield from _check_word(row, "cycle", cycles)
    yield from _check_word(row, "unit", FIGURE_UNITS)
    if parse_number(row["value"]) is None:
        yield "value", f'found "{row["value"]}"; accepted: a number'
    of, series = row["framework"], row["series"]
    if of in FRAMEWORKS:
        yield from _check_outcome(row, of, required=False)
        yield from _check_word(row, "series", (*LEVELS, MEAN))
        if series == MEAN and not row["outcome"]:
            yield "outcome", "is blank; a mean is of an outcome"
    elif of in QUESTIONS:
        yield from _check_word(row, "series", ANSWERS)
    elif of == MEETINGS:
        yield from _check_meeting(row, "series")
    elif of:
        yield "framework", f'found "{of}"; {suggest(of, (*FRAMEWORKS, *QUESTIONS, MEETINGS))}'
    else:
        boards = (*HEALTH_BOARDS, WALES)
        if series.removeprefix(RESPONSE_COUNT) not in boards:
            yield "series", f'found "{series}"; {suggest(series.removeprefix(RESPONSE_COUNT), boards)}'


def _check_claim(row, cycles):
    if not row["id"]:
        yield "id", "is blank, and must not be"
    yield from _check_word(row, "unit", CLAIM_UNITS)
    needs = MEASURES.get(row["measure"])
    if needs is None:
        yield from _check_word(row, "measure", MEASURES)
        return
    pairs = ["/".join(pair) for pair in itertools.pairwise(cycles)]
    if needs.cycles == 1 or pairs:
        yield from _check_word(row, "cycle", cycles if needs.cycles == 1 else pairs)
    else:
        yield "cycle", f'found "{row["cycle"]}"; a change is from a cycle before, and the params name none'
    if needs.of:
        accepted = {"framework": FRAMEWORKS, "question": QUESTIONS, "meetings": [MEETINGS]}[needs.of]
        unknown = list(_check_word(row, "framework", accepted))
        yield from unknown
        if not unknown and needs.of == "framework":
            yield from _check_outcome(row, row["framework"], needs.outcome)
    if needs.level == "meetings":
        yield from _check_meeting(row, "level")
    elif needs.level == "frequency":
        if not row["level"]:
            yield "level", 'is blank; accepted: such as "Six"'
    elif needs.level in ("levels", "answers"):
        accepted = LEVELS if needs.level == "levels" else ANSWERS
        for part in split_levels(row["level"]):
            if part not in accepted:
                yield "level", f'found "{part}"; {suggest(part, accepted)}'
    yield from _check_value(row)


def _check_value(row):
    value, unit = row["published"], row["unit"]
    if unit == "outcomes":
        if any(not part.isdigit() for part in value.split(";") if value):
            yield "published", f'found "{value}"; accepted: numbers of outcomes with ; between them, or nothing'
    elif unit == "health boards":
        names = value.split(";")
        if not value.isdigit() and any(name not in HEALTH_BOARDS for name in names):
            yield "published", f'found "{value}"; accepted: a number, or health boards with ; between them'
    elif unit == "direction":
        yield from _check_word(row, "published", DIRECTIONS)
    elif unit == "outcome":
        if not value.isdigit():
            yield "published", f'found "{value}"; accepted: the number of an outcome'
    elif parse_number(value) is None:
        yield "published", f'found "{value}"; accepted: a number'


def _check_word(row, heading, accepted):
    if row[heading] not in accepted:
        found = f'found "{row[heading]}"' if row[heading] else "is blank"
        yield heading, f"{found}; {suggest(row[heading], accepted)}"


def _check_outcome(row, framework, required):
    outcome, last = row["outcome"], FRAMEWORKS[framework].outcomes
    if not outcome and required:
        yield "outcome", f"is blank; accepted: 1 to {last}"
    elif outcome and required is False and "measure" in row:
        yield "outcome", f'found "{outcome}"; the measure {row["measure"]} is of all outcomes: leave it blank'
    elif outcome and not (outcome.isdigit() and 1 <= int(outcome) <= last):
        yield "outcome", f'found "{outcome}"; accepted: 1 to {last}'


def _check_meeting(row, heading):
    kind, separator, frequency = row[heading].partition(": ")
    if kind not in MEETING_KINDS or not separator or not frequency:
        yield heading, f'found "{row[heading]}"; accepted: such as "current: Four" or "ideal: Six"'
