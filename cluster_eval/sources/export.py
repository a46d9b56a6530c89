"""Recognising the cells of an export: one row per response, one column per variable."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

import pandas as pd

from cluster_eval.config import Params
from cluster_eval.folding import fold_heading, fold_name, fold_number, tidy_text
from cluster_eval.problems import MOST_VALUES, InputError, Problem, list_rows, quote, rank_nearest, suggest, tell_cells
from cluster_eval.sources.frequency import find_fault, read_frequency, tidy_frequency
from cluster_eval.sources.recognition import (
    find_month_first,
    recognise_answer,
    recognise_level,
    recognise_time,
    shorten_health_board,
)
from cluster_eval.sources.spreadsheet import Cells, Noticed
from cluster_eval.sources.xlsx import name_column
from cluster_eval.vocabulary import (
    ANSWERS,
    COMMENTS,
    HEALTH_BOARDS,
    LEVELS,
    MEETINGS,
    QUESTIONS,
    RATINGS,
    SURVEY_VARIABLES,
)
from cluster_eval.words import noticed as noticed_words
from cluster_eval.words.said import say_in_english

NEAR = 0.75
"""From this likeness of two headings on, one may be another wording of the other."""

MOST_HEADINGS = 5

_TIME = "a date and time, such as 2025-04-30 14:05:00 or 30/04/2025 14:05"
_FREQUENCY = 'words, such as "Six meetings a year"'


@dataclass(frozen=True)
class _Column:
    """How a variable's cells are read: to None where they are not recognised."""

    recognise: Callable
    accepted: str = ""
    describe: Callable[[object], str] | None = None


def read_export(
    params: Params, cells: Cells, codebook: pd.DataFrame, clusters: Collection[str], answers: pd.DataFrame | None
) -> tuple[pd.DataFrame, list[Noticed]]:
    """Match the headings of an export, and recognise and check every cell that the codebook names.

    Parameters
    ----------
    params : Params
        The cycle's params.
    cells : Cells
        The export.
    codebook : DataFrame
        heading, variable.
    clusters : collection of str
        The register's clusters; none where the register cannot be read, and clusters are then not checked.
    answers : DataFrame or None
        variable, found, means, where the cycle has them.

    Returns
    -------
    tuple
        One row per response that holds any rating or answer, one column per variable, the index being the rows of the
        spreadsheet; and what was noticed. What is no health board's name stands as it was answered.

    Raises
    ------
    InputError
        With every problem of the export, and of what `answers` maps to.
    """
    file = params.responses.as_posix()
    columns, names, noticed, problems = _match_headings(file, cells, codebook)
    table = cells.table[list(columns.values())].set_axis(list(columns), axis="columns")
    kinds = {variable: _choose_reader(variable, clusters, params.answers_file) for variable in columns}
    meanings = _Meanings(params.answers_file.as_posix(), answers, kinds)
    problems += meanings.problems
    noticed = cells.noticed + noticed + _find_ignored_answers(cells, columns, kinds, codebook)
    table, unfit = _set_aside_unfit(table, kinds)
    noticed += unfit
    wide, failed = pd.DataFrame(index=table.index), {}
    for variable, kind in kinds.items():
        # Most cells of a question hold one of a few texts. Typed, since 1 and True are equal and their texts are not.
        read = lru_cache(maxsize=None, typed=True)(meanings.extend(variable, kind.recognise))
        found = table[variable].dropna()
        wide[variable] = found.map(read).reindex(table.index).astype(object)
        meanings.note(variable, found)
        failed[variable] = {row: cell for row, cell in found.items() if pd.isna(wide[variable][row])}
    problems += _find_headings_below(file, wide, failed)
    if "completed" in columns:
        problems += _check_times(file, names["completed"], table["completed"], failed, params.fieldwork)
    for variable, cells_failed in failed.items():
        kind, accepted = kinds[variable], kinds[variable].accepted
        # Where nothing in a column is what it should be, it is the column that is wrong, and not its cells.
        wrong = len(cells_failed) > MOST_VALUES and not wide[variable].notna().any()
        if wrong:
            accepted += ". Nothing here is recognised: does the codebook name the right heading?"
        problems += tell_cells(file, names[variable], cells_failed, accepted, None if wrong else kind.describe, wrong)
    problems += _check_required(file, names, table, wide)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    noticed += meanings.list_noticed() + _compare_frequencies(wide)
    return wide.where(wide.notna(), None), noticed


def _match_headings(file, cells, codebook):
    """Find the column of each variable's heading in the export."""
    places = {}
    for column, heading in cells.headings.items():
        places.setdefault(fold_heading(heading), []).append(column)
    wanted = dict(zip(codebook["heading"].map(fold_heading), codebook["variable"], strict=True))
    filled = [column for column in cells.table.columns if cells.table[column].notna().any()]
    free = [tidy_text(heading) for heading in cells.headings.values() if fold_heading(heading) not in wanted]
    columns, names, noticed, problems = {}, {}, [], []
    for heading, variable in zip(codebook["heading"], codebook["variable"], strict=True):
        here = places.get(fold_heading(heading), [])
        # An abandoned question may have left its heading.
        twins = [column for column in here if column in filled] if len(here) > 1 else here
        names[variable] = tidy_text(heading)
        if not here:
            problems.append(Problem(file, _describe_missing(variable, heading, free), 1, heading))
        elif len(twins) > 1:
            what = (
                f"the codebook's heading for {variable} stands in the export more than once, in columns "
                f"{_name_columns(twins)}; delete the columns that do not count, or give them another heading"
            )
            problems.append(Problem(file, what, 1, heading))
        else:
            columns[variable] = (twins or here)[0]
            noticed += [
                Noticed(
                    "heading ignored",
                    1,
                    say_in_english(noticed_words.REPEATED_HEADING, column=name_column(column)),
                    "ignored",
                )
                for column in here
                if column != columns[variable]
            ]
    if not columns and len(names):
        found = ", ".join(map(quote, list(map(tidy_text, cells.headings.values()))[:MOST_HEADINGS]))
        raise InputError([Problem(file, f"none of the codebook's headings stands in {cells.place}; found: {found}", 1)])
    noticed += [
        Noticed(
            "heading ignored", 1, say_in_english(noticed_words.UNKNOWN_HEADING, heading=tidy_text(heading)), "ignored"
        )
        for heading in cells.headings.values()
        if fold_heading(heading) not in wanted
    ]
    for column in filled:
        if column not in cells.headings:
            n = cells.table[column].notna().sum()
            detail = say_in_english(noticed_words.NO_HEADING, column=name_column(column), n=n)
            noticed.append(Noticed("no heading", 1, detail, "ignored"))
    return columns, names, noticed, problems


def _describe_missing(variable, heading, free):
    what = f"the codebook's heading for {variable} is not in the export"
    if free:
        near = rank_nearest(heading, free)[:MOST_HEADINGS]
        more = f" and {len(free) - len(near)} more" if len(free) > len(near) else ""
        what += (
            f"; headings there that no row of the codebook names, nearest first: {', '.join(map(quote, near))}{more}"
        )
    else:
        what += ", and the codebook names every heading there"
    return f"{what}. Correct the codebook; if the question was dropped, delete its row there"


def _name_columns(columns):
    *first, last = map(name_column, columns)
    return f"{', '.join(first)} and {last}"


def _choose_reader(variable, clusters, answers_file):
    mapped = f"; or say in {answers_file.as_posix()} what it means"
    if variable in RATINGS or variable in QUESTIONS:
        words, recognise = (LEVELS, recognise_level) if variable in RATINGS else (ANSWERS, recognise_answer)
        accepted = f"accepted: {', '.join(words)}{mapped}"
        return _Column(recognise, accepted, lambda cell: f"{suggest(str(cell), words)}{mapped}")
    if variable in MEETINGS:

        def recognise_frequency(cell):
            return None if find_fault(cell) else tidy_frequency(cell)

        def describe(cell):
            return f"that is {find_fault(cell)}; accepted: {_FREQUENCY}{mapped}"

        return _Column(recognise_frequency, f"accepted: {_FREQUENCY}{mapped}", describe)
    if variable == "cluster" and clusters:
        known = {fold_name(cluster): cluster for cluster in clusters}

        def name_nearest(cell):
            near = ", ".join(rank_nearest(str(cell), known.values())[:3])
            return f"the register has no such cluster; nearest: {near}{mapped}"

        return _Column(lambda cell: known.get(fold_name(cell)), "the register has no such clusters", name_nearest)
    if variable in ("started", "completed"):
        return _Column(recognise_time, f"accepted: {_TIME}")
    if variable == "health_board":
        return _Column(shorten_health_board)
    if variable == "response_id" or variable in COMMENTS:
        keep = fold_number if variable == "response_id" else str.strip
        failed = "a formula failed here; type what the respondent's form holds"
        return _Column(lambda cell: None if _is_error(cell) else keep(str(cell)), failed)
    return _Column(tidy_text)


def _is_error(cell):
    return find_fault(cell) == "a formula that failed"


def _is_number(cell):
    text = str(cell)
    return not isinstance(cell, bool) and text.replace(".", "", 1).isdecimal()


class _Meanings:
    """What `answers.csv` says that answers mean, and where it was used."""

    def __init__(self, file, answers, kinds):
        self._file, self.problems = file, []
        self._rows, self._used = {}, {}
        for row in () if answers is None else answers.itertuples():
            if row.variable not in kinds:
                continue
            means = kinds[row.variable].recognise(row.means)
            if means is None or (row.variable == "health_board" and means not in HEALTH_BOARDS):
                wanted = f"not accepted for {row.variable}: see docs/adding-a-cycle.md for what is"
                self.problems.append(Problem(file, f"found {quote(row.means)}, {wanted}", row.Index, "means"))
            self._rows[row.variable, fold_heading(row.found)] = row

    def find(self, variable, cell):
        """Find the row that says what a cell means; of a rating, its leading words may be what is named."""
        text = str(cell)
        names = [text, text.split(":", maxsplit=1)[0]] if variable in RATINGS else [text]
        if variable in MEETINGS:
            names.append(tidy_frequency(cell))
        return next((row for name in names if (row := self._rows.get((variable, fold_heading(name))))), None)

    def extend(self, variable, recognise):
        """Let a variable be read as this says, and else as before."""

        def read(cell):
            row = self.find(variable, cell)
            return recognise(cell if row is None else row.means)

        return read

    def note(self, variable, cells):
        """Note in which rows cells were read as this says."""
        for row, cell in cells.items() if self._rows else ():
            found = self.find(variable, cell)
            if found is not None:
                self._used.setdefault(found.Index, []).append(row)

    def list_noticed(self):
        """List each use, and what was of no use."""
        noticed = []
        for (variable, _), row in self._rows.items():
            rows = self._used.get(row.Index, [])
            if not rows:
                about = {"row": row.Index, "file": self._file, "variable": variable}
                detail = say_in_english(noticed_words.UNUSED_ANSWER, **about)
                noticed.append(Noticed("answer mapped", None, detail, "ignored"))
                continue
            # What was answered instead of a name may be anything.
            named = variable not in ("health_board", "cluster")
            detail = say_in_english(
                noticed_words.MAPPED_ANSWER if len(rows) == 1 else noticed_words.MAPPED_ANSWERS,
                variable=variable,
                answer=quote(row.found) if named else say_in_english(noticed_words.AN_ANSWER),
                rows=list_rows(rows),
                meaning=quote(row.means),
                row=row.Index,
                file=self._file,
            )
            single = rows[0] if len(rows) == 1 else None
            noticed.append(
                Noticed("answer mapped", single, detail, "read as what it means", "" if named else row.found)
            )
        return noticed


def _set_aside_unfit(table, kinds):
    """Set aside rows that hold no rating and no answer, and notes below the table; list empty rows as they lie."""
    asked = [variable for variable in SURVEY_VARIABLES if variable in table.columns]
    silent = table[asked].isna().all(axis="columns")
    noticed = [
        Noticed("blank response", row, say_in_english(noticed_words.NO_ANSWER), "set aside")
        for row in table.index[silent]
    ]
    for before, row in pairwise([1, *table.index]):
        if row == before + 2:
            noticed.append(Noticed("blank response", before + 1, say_in_english(noticed_words.EMPTY_ROW), "set aside"))
        elif row > before + 2:
            detail = say_in_english(noticed_words.EMPTY_ROWS, n=f"{row - before - 1:,}", last=row - 1)
            noticed.append(Noticed("blank response", before + 1, detail, "set aside"))
    # Nobody's: no number, no time and no cluster, and nothing in it that a question could be answered with.
    owners = [variable for variable in ("response_id", "completed", "cluster") if variable in table.columns]
    closed = [variable for variable in asked if variable in RATINGS or variable in QUESTIONS]
    notes = []
    for row in table.index[~silent & table[owners].isna().all(axis="columns")]:
        given = table.loc[row, closed].dropna()
        if all(kinds[variable].recognise(cell) is None for variable, cell in given.items()):
            notes.append(row)
            detail = say_in_english(noticed_words.NO_RESPONSE)
            noticed.append(Noticed("note", row, detail, "set aside"))
    return table[~silent].drop(index=notes), noticed


def _find_ignored_answers(cells, columns, kinds, codebook):
    """Find columns that are ignored, and whose answers fill the gaps of a question as another wording of it would."""
    noticed, read = [], set(columns.values())
    wordings = dict(zip(codebook["variable"], codebook["heading"].map(fold_heading), strict=True))
    matcher = SequenceMatcher(autojunk=False)
    for column, heading in cells.headings.items():
        if column in read or column not in cells.table.columns:
            continue
        given, likely = cells.table[column].dropna(), []
        matcher.set_seq2(fold_heading(heading))
        for variable in (each for each in SURVEY_VARIABLES if each in columns and len(given)):
            gaps = cells.table[columns[variable]].isna()
            known = given.map(lambda cell, kind=kinds[variable]: kind.recognise(cell) is not None)
            n = int((gaps[given.index] & known).sum())
            if n <= len(given) / 2:
                continue
            matcher.set_seq1(wordings[variable])
            near = matcher.ratio()
            # Answers of a fixed list that fill every gap and stand nowhere else are no chance.
            exact = n == len(given) == gaps.sum() and variable in (*RATINGS, *QUESTIONS)
            if near >= NEAR or exact:
                likely.append((near, variable, n))
        if likely:
            _, variable, n = max(likely)
            about = {"column": name_column(column), "n": n, "cells": len(given), "variable": variable}
            detail = say_in_english(noticed_words.IGNORED_ANSWERS, **about)
            noticed.append(Noticed("answers ignored", None, detail, "ignored"))
    return noticed


def _find_headings_below(file, wide, failed):
    """Find rows in which nothing is what it should be, such as a second row of headings, and take them out."""
    closed = [variable for variable in wide.columns if variable in (*RATINGS, *QUESTIONS, "completed", "cluster")]
    rows = []
    for row in sorted({row for variable in closed for row in failed[variable]}):
        wrong = sum(row in failed[variable] for variable in closed)
        if wrong >= 3 and wide.loc[row, closed].isna().all():
            rows.append(row)
    if not rows:
        return []
    for cells in failed.values():
        for row in rows:
            cells.pop(row, None)
    what = (
        "nothing here is what it should be: no time, cluster, rating or answer is recognised. If these are headings, "
        "which some survey tools write below the first, delete them"
    )
    return [Problem(file, what, rows[0], rows=tuple(rows))]


def _check_times(file, heading, cells, failed, fieldwork):
    """Tell once of dates that begin with the month, and once of those that are numbers."""
    numbers = {row: cell for row, cell in failed["completed"].items() if _is_number(cell)}
    for row in numbers:
        del failed["completed"][row]
    if numbers:
        first = next(iter(numbers))
        what = (
            f"found the number {numbers[first]}; a date that has lost its format is a number: format the column as a "
            f"date in Excel. Accepted: {_TIME}"
        )
        yield Problem(file, what, first, heading, tuple(numbers))
    month_first = find_month_first(cells.dropna().to_dict(), fieldwork.opens, fieldwork.closes)
    if not month_first:
        return
    for row in month_first:
        failed["completed"].pop(row, None)
    example = next((cells[row] for row in month_first if recognise_time(cells[row]) is None), cells[month_first[0]])
    what = (
        f"found {quote(example)}, in which the month comes before the day: read day first, these dates would be other "
        "days, or none, and Excel may have turned others round already. Download the export again as .xlsx, or write "
        "the year first: 2025-04-30 14:05:00"
    )
    yield Problem(file, what, month_first[0], heading, tuple(month_first))


def _check_required(file, names, table, wide):
    for variable in ("response_id", "completed", "cluster"):
        if variable not in table.columns:
            continue
        rows = list(table.index[table[variable].isna()])
        if rows:
            what = f"is blank; accepted: {_TIME}" if variable == "completed" else "is blank, and must not be"
            yield Problem(file, what, rows[0], names[variable], tuple(rows))
    if "response_id" in wide.columns:
        given = wide["response_id"].dropna()
        twice = table["response_id"][given.index[given.duplicated()]].to_dict()
        yield from tell_cells(file, names["response_id"], twice, "an earlier row has it as well")


def _compare_frequencies(wide):
    """List words that name as many meetings a year as others, and words that name no number."""
    rows_of: dict[str, list[int]] = {}
    for variable in MEETINGS:
        if variable in wide.columns:
            for row, words in wide[variable].dropna().items():
                rows_of.setdefault(words, []).append(row)
    noticed, alike = [], {}
    for words, rows in rows_of.items():
        frequency = read_frequency(words)
        alike.setdefault(frequency or fold_heading(words), []).append(words)
        if frequency is None:
            detail = say_in_english(noticed_words.NO_FREQUENCY, words=quote(words), rows=list_rows(rows))
            noticed.append(Noticed("meeting frequency", _name_one(rows), detail, "kept in its own words"))
    for spellings in alike.values():
        if len(spellings) > 1:
            common = choose_wording(spellings, {words: len(rows_of[words]) for words in spellings})
            for words in spellings:
                if words != common:
                    about = {"words": quote(words), "common": quote(common), "rows": list_rows(rows_of[words])}
                    detail = say_in_english(noticed_words.SAME_FREQUENCY, **about)
                    noticed.append(
                        Noticed("meeting frequency", _name_one(rows_of[words]), detail, "counted as the same")
                    )
    return noticed


def _name_one(rows):
    return rows[0] if len(set(rows)) == 1 else None


def choose_wording(words: Collection[str], numbers: Mapping[str, int]) -> str:
    """Choose the most common of several wordings.

    Parameters
    ----------
    words : collection of str
        The wordings.
    numbers : mapping of str to int
        How often each was given.

    Returns
    -------
    str
        The most common; of equals the first.
    """
    return max(words, key=lambda each: numbers[each])
