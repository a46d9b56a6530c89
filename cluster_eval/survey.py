"""A Microsoft Forms export, its codebook and the reference files → tidy responses.

Every problem of a cycle's files is found in one pass and raised together by `Survey.check`. What is put right or
set aside on reading is never silent: it is a row of `Survey.quality`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache

import pandas as pd
import pandera.pandas as pa

from cluster_eval.cycle import OUTCOMES_FILE, Params
from cluster_eval.problems import InputError, Problem, collect, suggest
from cluster_eval.recognition import (
    fold_heading,
    recognise_answer,
    recognise_level,
    recognise_time,
    shorten_health_board,
)
from cluster_eval.reference import read_actions, read_codebook, read_coding, read_outcomes, read_register
from cluster_eval.spreadsheet import accept, read_cells, tidy_text, unique_column, validate
from cluster_eval.vocabulary import (
    ANSWERS,
    COMMENTS,
    LEVELS,
    MEETINGS,
    NOT_ASKED,
    QUESTIONS,
    RATINGS,
    SURVEY_VARIABLES,
)

KEYS = ("cycle", "response_id", "row", "completed", "cluster", "health_board", "deprivation_fifth")
QUALITY_COLUMNS = ("cycle", "check", "row", "detail", "action")


class Survey:
    """One cycle's survey; each of its tables is read and checked when it is first asked for.

    Whoever asks for one table waits for the files of that table alone, depends on no others, and is told of
    their problems alone; `check` tells those of all.

    Parameters
    ----------
    params : Params
        The cycle's params.
    read : callable
        Called with a function that reads a file and the file relative to the repository's root; gives what the
        function returns.
    """

    def __init__(self, params: Params, read: Callable):
        self._params, self._read = params, read

    @cached_property
    def register(self) -> pd.DataFrame:
        """cycle, cluster, health_board, deprivation_fifth of every cluster."""
        return self._of_cycle(self._read(read_register, self._params.register_file))

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """framework, outcome, title."""
        return self._read(read_outcomes, OUTCOMES_FILE)

    @cached_property
    def actions(self) -> pd.DataFrame | None:
        """cycle, action, lead, timescale, progress; None where the cycle has none."""
        if self._params.actions is None:
            return None
        return self._of_cycle(self._read(read_actions, self._params.actions))

    @cached_property
    def asked(self) -> frozenset[str]:
        """The survey's variables that the cycle's codebook names."""
        return frozenset(self._codebook["variable"]).intersection(SURVEY_VARIABLES)

    @cached_property
    def responses(self) -> pd.DataFrame:
        """One row per counted response, as text: the columns of `join_responses` that the cycle has."""
        asked = [variable for variable in SURVEY_VARIABLES if variable in self.asked]
        wide = self._counted[0].reset_index(names="row").assign(cycle=self._params.cycle)
        wide["completed"] = pd.to_datetime(wide["completed"])
        return wide[[*KEYS, *asked]].astype(dict.fromkeys(asked, "str"))

    @cached_property
    def coding(self) -> pd.DataFrame | None:
        """cycle, response_id, question, theme, subtheme, coder, excerpt; None where the cycle has none."""
        return None if self._matched_coding is None else self._of_cycle(self._matched_coding[0])

    @cached_property
    def quality(self) -> pd.DataFrame:
        """cycle, check, row, detail, action: what was ignored, set aside, replaced or flagged."""
        rows = self._recognised[1] + self._counted[1]
        if self._matched_coding is not None:
            rows += self._matched_coding[1]
        return _make_quality(self._params.cycle, rows)

    def check(self) -> None:
        """Read every file that the cycle's params name.

        Raises
        ------
        InputError
            With every problem of every file.
        """
        problems: list[Problem] = []
        for table in ("register", "outcomes", "_codebook", "actions", "_codes", "_recognised"):
            collect(problems, getattr, self, table)
        if problems:
            raise InputError(problems)
        _ = self.quality

    def _of_cycle(self, table):
        return table.assign(cycle=self._params.cycle)[["cycle", *table.columns]]

    @cached_property
    def _codebook(self):
        return self._read(read_codebook, self._params.codebook)

    @cached_property
    def _codes(self):
        return None if self._params.coding is None else self._read(read_coding, self._params.coding)

    @cached_property
    def _recognised(self):
        """Recognise the export's cells: one row per response that holds any answer; and what was noticed."""
        problems: list[Problem] = []
        export = collect(problems, self._read, read_cells, self._params.responses)
        codebook = collect(problems, getattr, self, "_codebook")
        # What is taken from the register tells of one that cannot be read; the export is checked all the same.
        register = collect([], getattr, self, "register")
        if problems:
            raise InputError(problems)
        return _read_export(self._params, export, codebook, () if register is None else register["cluster"])

    @cached_property
    def _counted(self):
        """Set aside all but the last response of a cluster, and look clusters up in the register."""
        wide, _ = self._recognised
        if wide.empty:
            raise InputError([Problem(str(self._params.responses), "holds no response with a rating or an answer")])
        wide, set_aside = _set_aside(wide)
        wide, checks = _check_against_register(wide, self.register, self._params)
        return wide, set_aside + checks

    @cached_property
    def _matched_coding(self):
        if self._codes is None:
            return None
        every_id = set(self._recognised[0]["response_id"])
        return _match_coding(self._params, self._codes, every_id, self._counted[0], set(self._codebook["variable"]))


def join_responses(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put the responses of cycles together.

    Parameters
    ----------
    tables : sequence of DataFrame
        `Survey.responses` of each cycle, in order.

    Returns
    -------
    DataFrame
        One row per counted response: cycle, response_id, row (of the spreadsheet), completed (datetime), cluster,
        health_board, deprivation_fifth (1 most deprived), then one column for each variable that a cycle asked,
        in the order of `SURVEY_VARIABLES`: ratings and answers to agreement questions are ordered Categoricals, meeting
        frequencies Categoricals, comments text. What was left blank is missing; what the response's cycle
        did not ask is `NOT_ASKED`, the last category.
    """
    asked = [variable for variable in SURVEY_VARIABLES if any(variable in table for table in tables)]
    tables = [table.assign(**dict.fromkeys(set(asked).difference(table), NOT_ASKED)) for table in tables]
    responses = pd.concat(tables, ignore_index=True)[[*KEYS, *asked]]
    meetings = [variable for variable in MEETINGS if variable in asked]
    named = dict.fromkeys(word for variable in meetings for word in responses[variable].dropna().unique())
    kinds = {
        **dict.fromkeys(RATINGS, pd.CategoricalDtype([*LEVELS, NOT_ASKED], ordered=True)),
        **dict.fromkeys(QUESTIONS, pd.CategoricalDtype([*ANSWERS, NOT_ASKED], ordered=True)),
        **dict.fromkeys(MEETINGS, pd.CategoricalDtype([*(word for word in named if word != NOT_ASKED), NOT_ASKED])),
    }
    responses = responses.astype({variable: kinds[variable] for variable in asked if variable in kinds})
    return categorise(responses, ["cycle", "cluster", "health_board"])


def categorise(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Make columns of words Categorical, so that they are counted by their codes.

    Parameters
    ----------
    table : DataFrame
        Any table.
    columns : iterable of str
        The columns.

    Returns
    -------
    DataFrame
        The table; the categories of each of the columns are its words, in the order in which they are found.
    """
    return table.astype({column: pd.CategoricalDtype(table[column].dropna().unique()) for column in columns})


def _read_export(params, export, codebook, clusters):
    """Match headings, recognise every cell, and check it: one row per response, one column per variable."""
    file = str(params.responses)
    headings, quality, problems = _match_headings(file, export.columns, codebook)
    # By position, since an export may repeat a heading that the codebook does not name.
    cells = export.iloc[:, [place for place, _ in headings.values()]].set_axis(list(headings), axis="columns")
    names = {variable: heading for variable, (_, heading) in headings.items()}
    asked = [variable for variable in SURVEY_VARIABLES if variable in cells.columns]
    silent = cells[asked].isna().all(axis="columns")
    quality += [
        ("blank response", row, "The row holds no rating and no answer", "set aside") for row in cells.index[silent]
    ]
    cells = cells[~silent]
    wide = pd.DataFrame(index=cells.index)
    for variable in cells.columns:
        # Most cells of a question hold one of a few texts. Typed, since 1 and True are equal and their texts are not.
        recognise = lru_cache(maxsize=None, typed=True)(_recogniser(variable))
        wide[variable] = cells[variable].map(recognise, na_action="ignore")
    columns = {"response_id": unique_column()}
    columns |= {variable: pa.Column(str, accept(LEVELS), nullable=True) for variable in RATINGS}
    columns |= {question: pa.Column(str, accept(ANSWERS), nullable=True) for question in QUESTIONS}
    columns["cluster"] = pa.Column(str, accept(sorted(clusters)) if len(clusters) else None)
    schema = pa.DataFrameSchema({name: column for name, column in columns.items() if name in wide.columns})
    checked = collect(problems, validate, file, schema, wide[list(schema.columns)], names, cells)
    if "completed" in wide.columns:
        problems += [
            Problem(file, _describe_time(cells["completed"][row]), row, names["completed"])
            for row in wide.index
            if pd.isna(wide["completed"][row])
        ]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    return wide.assign(**{column: checked[column] for column in checked.columns}), quality


def _match_headings(file, found, codebook):
    """Find the place of each variable's heading in the export."""
    places = {}
    for place, heading in enumerate(found):
        places.setdefault(fold_heading(heading), []).append(place)
    headings, problems = {}, []
    for heading, variable in zip(codebook["heading"], codebook["variable"], strict=True):
        here = places.get(fold_heading(heading), [])
        if not here:
            what = f"the codebook's heading for {variable} is not in the export; {suggest(heading, found, most=1)}"
            problems.append(Problem(file, what, row=1, heading=heading))
        elif len(here) > 1:
            what = f"the codebook's heading for {variable} stands in the export {len(here)} times"
            problems.append(Problem(file, what, row=1, heading=heading))
        else:
            headings[variable] = (here[0], tidy_text(heading))
    if not any(fold_heading(heading) in places for heading in codebook["heading"]):
        first = ", ".join(heading for heading in map(tidy_text, found) if heading)
        what = f"none of the codebook's headings stands in the first row of the first sheet; found: {first}"
        problems = [Problem(file, what, row=1)]
    named = {place for place, _ in headings.values()}
    quality = [
        ("heading ignored", 1, f'No row of the codebook names "{tidy_text(heading)}"', "ignored")
        for place, heading in enumerate(found)
        if place not in named and tidy_text(heading)
    ]
    return headings, quality, problems


def _recogniser(variable):
    """Choose how a variable's cells are read; a cell that is not recognised is returned as found."""
    if variable in RATINGS:
        return lambda cell: recognise_level(cell) or tidy_text(cell)
    if variable in QUESTIONS:
        return lambda cell: recognise_answer(cell) or tidy_text(cell)
    if variable in ("started", "completed"):
        return recognise_time
    if variable == "health_board":
        return shorten_health_board
    if variable in COMMENTS:
        return lambda cell: str(cell).strip()
    return tidy_text


def _describe_time(cell):
    found = "is blank" if cell is None or pd.isna(cell) else f'found "{cell}"'
    return f"{found}; accepted: a date and time, such as 2025-04-30 14:05:00 or 30/04/2025 14:05"


def _set_aside(wide):
    """Keep the response completed last of each cluster."""
    ordered = wide.sort_values("completed", kind="stable")
    earlier = ordered["cluster"].duplicated(keep="last")
    kept = {cluster: row for row, cluster in ordered.loc[~earlier, "cluster"].items()}
    quality = [
        (
            "duplicate cluster",
            row,
            f"Cluster {cluster} also responded in row {kept[cluster]}, completed later",
            "set aside",
        )
        for row, cluster in ordered.loc[earlier, "cluster"].items()
    ]
    return wide.drop(index=ordered.index[earlier]), quality


def _check_against_register(wide, register, params):
    """Take health board and deprivation fifth from the register; flag what differs, and late or early responses."""
    known = register.set_index("cluster").loc[wide["cluster"]].set_index(wide.index)
    quality = []
    if "health_board" in wide.columns:
        differs = wide["health_board"].notna() & (wide["health_board"] != known["health_board"])
        quality += [
            (
                "health board differs",
                row,
                f'Found "{wide["health_board"][row]}" for cluster {wide["cluster"][row]}; '
                f"the register has {known['health_board'][row]}",
                "register's used",
            )
            for row in wide.index[differs]
        ]
    dates = wide["completed"].map(lambda time: time.date())
    outside = (dates < params.fieldwork.opens) | (dates > params.fieldwork.closes)
    quality += [
        (
            "outside fieldwork",
            row,
            f"Completed on {dates[row]}; fieldwork was from {params.fieldwork.opens} to {params.fieldwork.closes}",
            "kept",
        )
        for row in wide.index[outside]
    ]
    return wide.assign(**{column: known[column] for column in known.columns}), quality


def _match_coding(params, coding, every_id, counted, asked):
    """Check that each code belongs to a response and question of this cycle; ignore those of responses set aside."""
    file = str(params.coding)
    problems = [
        Problem(file, f'found "{response}"; the export has no such response', row, "response_id")
        for row, response in coding["response_id"].items()
        if response not in every_id
    ]
    problems += [
        Problem(file, f'found "{question}", which this cycle did not ask', row, "question")
        for row, question in coding["question"].items()
        if question not in asked
    ]
    if problems:
        raise InputError(problems)
    of_counted = coding["response_id"].isin(counted["response_id"])
    quality = [
        (
            "coding ignored",
            None,
            f"Code in row {row} of {file} is of a response that was set aside",
            "ignored",
        )
        for row in coding.index[~of_counted]
    ]
    return coding[of_counted].reset_index(drop=True), quality


def _make_quality(cycle, rows):
    quality = pd.DataFrame(rows, columns=list(QUALITY_COLUMNS[1:]))
    quality.insert(0, "cycle", cycle)
    return quality.astype({"row": "Int64"})
