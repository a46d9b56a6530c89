"""A Microsoft Forms export, its codebook and the reference files → tidy responses.

Every problem of a cycle's files is found in one pass and raised together by `Cycle.check`. What is put right or
set aside on reading is never silent: it is a row of `Cycle.noticed`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import pandas as pd

from cluster_eval.config import OUTCOMES_FILE, Params
from cluster_eval.folding import fold_heading
from cluster_eval.problems import InputError, Problem, collect, tell_cells
from cluster_eval.sources.export import choose_wording, read_export
from cluster_eval.sources.frequency import read_frequency
from cluster_eval.sources.insights import read_insights
from cluster_eval.sources.reference import (
    read_actions,
    read_answers,
    read_codebook,
    read_coding,
    read_outcomes,
    read_register,
)
from cluster_eval.sources.spreadsheet import Noticed, read_cells
from cluster_eval.vocabulary import (
    ANSWERS,
    HEALTH_BOARDS,
    LEVELS,
    MEETINGS,
    NOT_ASKED,
    QUESTIONS,
    RATINGS,
    SURVEY_VARIABLES,
)
from cluster_eval.words import noticed as noticed_words
from cluster_eval.words.said import say_in_english

KEYS = ("cycle", "response_id", "row", "completed", "cluster", "health_board", "deprivation_fifth")


class FileReader:
    """Reads each file once: cycles that name the same register share it.

    Parameters
    ----------
    root : Path
        The repository's root.
    """

    def __init__(self, root: Path):
        self._root, self._known = root, {}

    def __call__(self, function: Callable, file: Path) -> object:
        """Give what a function reads from a file, relative to the root; see the functions of `reference`."""
        if (function, file) not in self._known:
            self._known[function, file] = function(self._root, file)
        return self._known[function, file]


class Cycle:
    """One round of the survey; each of its tables is read and checked when it is first asked for.

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
        self.params, self._read = params, read

    @classmethod
    def of_frames(
        cls,
        params: Params,
        responses: pd.DataFrame,
        register: pd.DataFrame,
        outcomes: pd.DataFrame,
        coding: pd.DataFrame | None = None,
        actions: pd.DataFrame | None = None,
        insights: pd.DataFrame | None = None,
        wordings: Mapping[str, str] | None = None,
    ) -> "Cycle":
        """Make a cycle of tables in place of files.

        Parameters
        ----------
        params : Params
            What its params would say; the files that they name need not be there.
        responses, register, outcomes : DataFrame
            As the properties of these names.
        coding, actions, insights : DataFrame, optional
            As the properties of these names, where the cycle has them.
        wordings : mapping of str to str, optional
            As the property; where left out, each of the survey's variables among the columns of `responses` was asked
            in words that are not known.

        Returns
        -------
        Cycle
            The cycle; nothing was noticed of it.
        """
        cycle = cls(params, _refuse_to_read)
        asked = frozenset(responses.columns.intersection(SURVEY_VARIABLES)) if wordings is None else frozenset(wordings)
        # Where a cached property keeps what it found: nothing is left to be read.
        vars(cycle).update(
            responses=responses,
            register=register,
            outcomes=outcomes,
            coding=coding,
            actions=actions,
            insights=insights,
            wordings=dict(wordings or {}),
            asked=asked,
            noticed=[],
        )
        return cycle

    @property
    def name(self) -> str:
        """Such as `2024-25`."""
        return self.params.cycle

    @cached_property
    def register(self) -> pd.DataFrame:
        """cycle, cluster, health_board, deprivation_fifth of every cluster."""
        return self._of_cycle(self._read(read_register, self.params.register_file).table)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """framework, outcome, title."""
        return self._read(read_outcomes, OUTCOMES_FILE).table

    @cached_property
    def actions(self) -> pd.DataFrame | None:
        """cycle, and the columns of `read_actions`; None where the cycle has none."""
        if self.params.actions is None:
            return None
        return self._of_cycle(self._read(read_actions, self.params.actions).table)

    @cached_property
    def insights(self) -> pd.DataFrame | None:
        """cycle, kind, rank, title; None where the cycle has none."""
        if self.params.insights is None:
            return None
        return self._of_cycle(self._read(read_insights, self.params.insights).table)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The survey's variables that the cycle's codebook names."""
        return frozenset(self.wordings)

    @cached_property
    def wordings(self) -> dict[str, str]:
        """The heading of each of the survey's variables that the cycle's codebook names."""
        named = dict(zip(self._codebook["variable"], self._codebook["heading"], strict=True))
        return {variable: named[variable] for variable in SURVEY_VARIABLES if variable in named}

    @cached_property
    def answered(self) -> frozenset[str]:
        """Those of the survey's variables that any cluster answered."""
        given = self.responses[list(self.asked)].notna().any()
        return frozenset(given.index[given])

    @cached_property
    def responses(self) -> pd.DataFrame:
        """One row per counted response, as text: the columns of `join_responses` that the cycle has."""
        asked = [variable for variable in SURVEY_VARIABLES if variable in self.asked]
        wide = self._counted[0].reset_index(names="row").assign(cycle=self.params.cycle)
        wide["completed"] = pd.to_datetime(wide["completed"])
        return wide[[*KEYS, *asked]].astype(dict.fromkeys(asked, "str"))

    @cached_property
    def coding(self) -> pd.DataFrame | None:
        """cycle, response_id, question, theme, subtheme, coder, excerpt; None where the cycle has none."""
        return None if self._matched_coding is None else self._of_cycle(self._matched_coding[0])

    @cached_property
    def noticed(self) -> list[Noticed]:
        """What was ignored, set aside, replaced or flagged."""
        noticed = self._recognised[1] + self._counted[1]
        if self._matched_coding is not None:
            noticed += self._matched_coding[1]
        files = {read_codebook: self.params.codebook, read_register: self.params.register_file}
        files |= {read_outcomes: OUTCOMES_FILE, read_actions: self.params.actions, read_coding: self.params.coding}
        files |= {read_insights: self.params.insights}
        readings = [self._read(read, file) for read, file in files.items() if file is not None]
        readings += [] if self._answers is None else [self._answers]
        # Their rows are not the export's.
        return noticed + [each._replace(row=None) for reading in readings for each in reading.noticed]

    def check(self) -> None:
        """Read every file that the cycle's params name.

        Raises
        ------
        InputError
            With every problem of every file.
        """
        problems: list[Problem] = []
        for table in ("register", "outcomes", "_codebook", "actions", "insights", "_codes", "_recognised"):
            collect(problems, getattr, self, table)
        if problems:
            raise InputError(problems)
        _ = self.noticed

    def _of_cycle(self, table):
        return table.assign(cycle=self.params.cycle)[["cycle", *table.columns]]

    @cached_property
    def _codebook(self):
        return self._read(read_codebook, self.params.codebook).table

    @cached_property
    def _codes(self):
        return None if self.params.coding is None else self._read(read_coding, self.params.coding).table

    @cached_property
    def _answers(self):
        try:
            return self._read(read_answers, self.params.answers_file)
        except FileNotFoundError:
            # Beside the export, it need not be there; having looked for it, a section depends on that it is not.
            return None

    @cached_property
    def _recognised(self):
        """Recognise the export's cells: one row per response that holds any answer; and what was noticed."""
        problems: list[Problem] = []
        export = collect(problems, self._read, read_cells, self.params.responses)
        codebook = collect(problems, getattr, self, "_codebook")
        answers = collect(problems, getattr, self, "_answers")
        # What is taken from the register tells of one that cannot be read; the export is checked all the same.
        register = collect([], getattr, self, "register")
        if problems:
            raise InputError(problems)
        clusters = () if register is None else tuple(register["cluster"])
        return read_export(self.params, export, codebook, clusters, None if answers is None else answers.table)

    @cached_property
    def _counted(self):
        """Set aside all but the last response of a cluster, and look clusters up in the register."""
        wide, _ = self._recognised
        if wide.empty:
            what = "holds no response with a rating or an answer"
            raise InputError([Problem(self.params.responses.as_posix(), what)])
        wide, set_aside = _set_aside(wide)
        wide, checks = _check_against_register(wide, self.register, self.params)
        return wide, set_aside + checks

    @cached_property
    def _matched_coding(self):
        if self._codes is None:
            return None
        every_id = set(self._recognised[0]["response_id"])
        return _match_coding(self.params, self._codes, every_id, self._counted[0], set(self._codebook["variable"]))


def _refuse_to_read(function, file):
    raise InputError([Problem(str(file), "the cycle was made of tables, and has no files")])


def join_responses(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put the responses of cycles together.

    Parameters
    ----------
    tables : sequence of DataFrame
        `Cycle.responses` of each cycle, in order.

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
    wordings = _unite_wordings(pd.concat([responses[variable] for variable in meetings])) if meetings else {}
    for variable in meetings:
        responses[variable] = responses[variable].map(wordings, na_action="ignore")
    named = dict.fromkeys(word for variable in meetings for word in responses[variable].dropna().unique())
    kinds = {
        **dict.fromkeys(RATINGS, pd.CategoricalDtype([*LEVELS, NOT_ASKED], ordered=True)),
        **dict.fromkeys(QUESTIONS, pd.CategoricalDtype([*ANSWERS, NOT_ASKED], ordered=True)),
        **dict.fromkeys(MEETINGS, pd.CategoricalDtype([*(word for word in named if word != NOT_ASKED), NOT_ASKED])),
    }
    responses = responses.astype({variable: kinds[variable] for variable in asked if variable in kinds})
    return categorise(responses, ["cycle", "cluster", "health_board"])


def _unite_wordings(words):
    """Give words that name the same number of meetings a year the most common wording among them."""
    numbers, alike = words.value_counts(), {}
    for each in words.dropna().unique():
        alike.setdefault(read_frequency(each) or fold_heading(each), []).append(each)
    return {each: choose_wording(wordings, numbers) for wordings in alike.values() for each in wordings}


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


def _set_aside(wide):
    """Keep the response completed last of each cluster."""
    ordered = wide.sort_values("completed", kind="stable")
    earlier = ordered["cluster"].duplicated(keep="last")
    kept = {cluster: row for row, cluster in ordered.loc[~earlier, "cluster"].items()}
    noticed = []
    for row, cluster in ordered.loc[earlier, "cluster"].items():
        last = kept[cluster]
        is_later = wide["completed"][row] != wide["completed"][last]
        message = noticed_words.RESPONDED_LATER if is_later else noticed_words.RESPONDED_LOWER
        detail = say_in_english(message, cluster=cluster, last=last)
        noticed.append(Noticed("duplicate cluster", row, detail, "set aside"))
    return wide.drop(index=ordered.index[earlier]), noticed


def _check_against_register(wide, register, params):
    """Take health board and deprivation fifth from the register; flag what differs, and late or early responses."""
    known = register.set_index("cluster").loc[wide["cluster"]].set_index(wide.index)
    noticed = []
    if "health_board" in wide.columns:
        differs = wide["health_board"].notna() & (wide["health_board"] != known["health_board"])
        for row in wide.index[differs]:
            board, cluster, own = wide["health_board"][row], wide["cluster"][row], known["health_board"][row]
            # What is none of their names may be anything that a person typed, and is published nowhere.
            message = noticed_words.OTHER_BOARD if board in HEALTH_BOARDS else noticed_words.NO_BOARD
            detail = say_in_english(message, board=board, own=own, cluster=cluster)
            typed = "" if board in HEALTH_BOARDS else board
            noticed.append(Noticed("health board differs", row, detail, "register's used", typed))
    dates = wide["completed"].map(lambda time: time.date())
    outside = (dates < params.fieldwork.opens) | (dates > params.fieldwork.closes)
    if outside.all() and len(wide) > 1:
        detail = say_in_english(noticed_words.ALL_OUTSIDE)
        noticed.append(Noticed("outside fieldwork", None, detail, "kept"))
    for row in wide.index[outside]:
        fieldwork = {"opens": params.fieldwork.opens.isoformat(), "closes": params.fieldwork.closes.isoformat()}
        detail = say_in_english(noticed_words.OUTSIDE, day=dates[row].isoformat(), **fieldwork)
        noticed.append(Noticed("outside fieldwork", row, detail, "kept"))
    return wide.assign(**{column: known[column] for column in known.columns}), noticed


def _match_coding(params, coding, every_id, counted, asked):
    """Check that each code belongs to a response and question of this cycle; ignore those of responses set aside."""
    file = params.coding.as_posix()
    unknown = coding["response_id"][~coding["response_id"].isin(every_id)].to_dict()
    other = coding["question"][~coding["question"].isin(asked)].to_dict()
    problems = tell_cells(file, "response_id", unknown, "the export has no such response")
    problems += tell_cells(file, "question", other, "this cycle did not ask that")
    if problems:
        raise InputError(problems)
    of_counted = coding["response_id"].isin(counted["response_id"])
    noticed = [
        Noticed("coding ignored", None, say_in_english(noticed_words.CODE_OF_NONE, row=row, file=file), "ignored")
        for row in coding.index[~of_counted]
    ]
    return coding[of_counted].reset_index(drop=True), noticed
