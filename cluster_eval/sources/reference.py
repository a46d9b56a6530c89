"""The small files beside an export: register, outcomes, codebook, answers, coding, opportunities for action."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from cluster_eval.config import OUTCOMES_FILE
from cluster_eval.folding import fold_code, fold_heading, fold_name, fold_number
from cluster_eval.problems import InputError, Problem, list_rows, quote, tell_cells
from cluster_eval.repository import find_file
from cluster_eval.sources.recognition import shorten_health_board
from cluster_eval.sources.spreadsheet import Noticed, Reading, accept, read_table, unique_column
from cluster_eval.sources.timescale import find_due
from cluster_eval.vocabulary import (
    COMPONENTS,
    DEPRIVATION_FIFTHS,
    FINDINGS,
    FORMER,
    FRAMEWORKS,
    HEALTH_BOARDS,
    MEETINGS,
    QUESTIONS,
    RATINGS,
    REQUIRED_VARIABLES,
    STATUSES,
    VARIABLES,
)
from cluster_eval.words import noticed as noticed_words
from cluster_eval.words.said import say_in_english

CODING_COLUMNS = ("response_id", "question", "theme", "subtheme", "coder", "excerpt")
MAPPED_VARIABLES = ("cluster", "health_board", *RATINGS, *QUESTIONS, *MEETINGS)
"""Variables whose answers are of a fixed list, or name a number of meetings."""

DESCRIPTION_COLUMNS = ("former", "former_name", "narrative", "source_lines")
SOURCE_LINES = r"^\d+(-\d+)?(; \d+(-\d+)?)*$"

ACTION_COLUMNS = ("action", "lead", "timescale", "progress")
OPTIONAL_ACTION_COLUMNS = ("title", "finding", "status")


def read_register(root: Path, file: Path) -> Reading:
    """Read the register of all clusters.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    Reading
        cluster, health_board (short name), deprivation_fifth (1, most deprived, to 5).

    Raises
    ------
    InputError
        When a column is missing, a cluster is blank or twice, or a health board or fifth is unknown.
    """
    schema = pa.DataFrameSchema(
        {
            "cluster": unique_column(),
            "health_board": pa.Column(str, accept(HEALTH_BOARDS)),
            "deprivation_fifth": pa.Column(str, accept(str(fifth) for fifth in DEPRIVATION_FIFTHS)),
        }
    )
    register, noticed = read_table(root, file, schema, {"health_board": shorten_health_board})
    alike = register["cluster"][register["cluster"].map(fold_name).duplicated()]
    if len(alike):
        found = alike.to_dict()
        what = "an earlier row has it as well, written otherwise"
        raise InputError(tell_cells(file.as_posix(), "cluster", found, what))
    return Reading(register.astype({"deprivation_fifth": int}).reset_index(drop=True), noticed)


def read_outcomes(root: Path, file: Path = OUTCOMES_FILE) -> Reading:
    """Read what the outcomes are called and what they are about.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    Reading
        framework (PCMW or ACD), outcome (1 …), title, short_title (the title where the file has none), component
        (`care` for PCMW and `ways of working` for ACD where the file has none); narrative, former (of `FORMER`),
        former_name and source_lines, missing where the file has none; in the frameworks' order.

    Raises
    ------
    InputError
        When an outcome is missing, twice, unknown or without a title, a former name does not go with what the outcome
        was, or a narrative has no source.
    """
    if not find_file(root, file).is_file():
        raise InputError([Problem(str(file), "this file does not exist")])
    schema = pa.DataFrameSchema(
        {
            "framework": pa.Column(str, accept(FRAMEWORKS)),
            "outcome": pa.Column(str, pa.Check.str_matches(r"^\d+$", error="a whole number")),
            "title": pa.Column(str),
            "short_title": pa.Column(str, nullable=True, required=False),
            "component": pa.Column(str, accept(COMPONENTS), required=False),
            "former": pa.Column(str, accept(FORMER), nullable=True, required=False),
            "former_name": pa.Column(str, nullable=True, required=False),
            "narrative": pa.Column(str, nullable=True, required=False),
            "source_lines": pa.Column(
                str,
                pa.Check.str_matches(SOURCE_LINES, error="lines of the source, such as 364-368; 372"),
                nullable=True,
                required=False,
            ),
        }
    )
    outcomes, noticed = read_table(root, file, schema)
    for column in DESCRIPTION_COLUMNS:
        if column not in outcomes:
            outcomes[column] = None
    outcomes = outcomes.astype({"outcome": int})
    outcomes["short_title"] = outcomes.get("short_title", outcomes["title"]).fillna(outcomes["title"])
    if "component" not in outcomes:
        outcomes["component"] = [COMPONENTS[0] if code == "PCMW" else COMPONENTS[-1] for code in outcomes["framework"]]
    found = set(zip(outcomes["framework"], outcomes["outcome"], strict=True))
    expected = list(RATINGS.values())
    problems = [
        Problem(str(file), f"{framework} outcome {outcome} is missing")
        for framework, outcome in expected
        if (framework, outcome) not in found
    ]
    problems += [
        Problem(str(file), "this outcome is named by an earlier row as well", row=row)
        for row in outcomes.index[outcomes.duplicated(["framework", "outcome"])]
    ]
    problems += [
        Problem(str(file), f"{framework} has no outcome {outcome}", row=row)
        for row, framework, outcome in zip(outcomes.index, outcomes["framework"], outcomes["outcome"], strict=True)
        if (framework, outcome) not in expected
    ]
    problems += _check_descriptions(file, outcomes)
    if problems:
        raise InputError(problems)
    order = {pair: place for place, pair in enumerate(expected)}
    places = [order[pair] for pair in zip(outcomes["framework"], outcomes["outcome"], strict=True)]
    return Reading(outcomes.iloc[pd.Series(places).argsort()].reset_index(drop=True), noticed)


def _check_descriptions(file, outcomes):
    """Check that what outcomes were called, and the lines of their source, go with the cells beside."""
    named, needs_name = outcomes["former_name"].notna(), outcomes["former"].isin(FORMER[:2])
    has_no_source = outcomes["narrative"].notna() & outcomes["source_lines"].isna()
    wanted = " or ".join(FORMER[:2])
    checks = (
        ("former_name", f'this cell is blank; "former" is {wanted}, which wants a name', needs_name & ~named),
        ("former_name", f'this cell is filled; "former" must then be {wanted}', named & ~needs_name),
        ("source_lines", "this cell is blank; a narrative wants the lines of its source", has_no_source),
    )
    return [
        Problem(str(file), what, row=row, heading=column)
        for column, what, found in checks
        for row in outcomes.index[found]
    ]


def read_codebook(root: Path, file: Path) -> Reading:
    """Read which heading of an export holds which variable.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    Reading
        heading, variable; the index holds the rows' numbers in the spreadsheet.

    Raises
    ------
    InputError
        When a variable is unknown, twice or required and absent, or a heading is twice.
    """
    schema = pa.DataFrameSchema(
        {
            "heading": pa.Column(str),
            "variable": unique_column(accept(VARIABLES)),
        }
    )
    codebook, noticed = read_table(root, file, schema)
    folded = codebook["heading"].map(fold_heading)
    problems = [
        Problem(str(file), f'"{codebook["heading"][row]}" is named by an earlier row as well', row, "heading")
        for row in codebook.index[folded.duplicated()]
    ]
    problems += [
        Problem(str(file), f"no row names the variable {variable}, which is required")
        for variable in REQUIRED_VARIABLES
        if variable not in set(codebook["variable"])
    ]
    if problems:
        raise InputError(problems)
    return Reading(codebook, noticed)


def read_answers(root: Path, file: Path) -> Reading:
    """Read what answers of an export mean, where they are not of those accepted.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    Reading
        variable, found, means; the index holds the rows' numbers.

    Raises
    ------
    InputError
        When a column is missing, a cell is blank, a variable cannot be mapped, or an answer is mapped twice.
    """
    columns = {"variable": pa.Column(str, accept(MAPPED_VARIABLES)), "found": pa.Column(str), "means": pa.Column(str)}
    answers, noticed = read_table(root, file, pa.DataFrameSchema(columns))
    folded = answers["variable"] + "\n" + answers["found"].map(fold_heading)
    twice = answers["found"][folded.duplicated()].to_dict()
    if twice:
        what = "an earlier row says what it means"
        raise InputError(tell_cells(file.as_posix(), "found", twice, what))
    return Reading(answers, noticed)


def read_coding(root: Path, file: Path) -> Reading:
    """Read the thematic coding, one row per code given.

    Labels and excerpts that differ only in case, white space, or kinds of quotation marks and hyphens are one, in the
    spelling that most rows have.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    Reading
        response_id, question, theme, subtheme, coder, excerpt; the index holds the rows' numbers.

    Raises
    ------
    InputError
        When a column is missing, a cell is blank, or a question is unknown.
    """
    columns = {column: pa.Column(str) for column in CODING_COLUMNS}
    columns["question"] = pa.Column(str, accept(QUESTIONS))
    coding, noticed = read_table(root, file, pa.DataFrameSchema(columns), {"response_id": fold_number})
    for column in ("theme", "subtheme", "coder"):
        common = find_common_spelling(coding[column])
        for spelling, rows in coding[coding[column] != common].groupby(common, sort=False):
            found = ", ".join(map(quote, rows[column].unique()))
            about = {"rows": list_rows(rows.index), "file": file.as_posix(), "column": column, "found": found}
            detail = say_in_english(noticed_words.SPELLING, spelling=quote(spelling), **about)
            noticed.append(Noticed("spelling", None, detail, "taken for the same"))
        coding[column] = common
    common = find_common_spelling(coding["excerpt"], [coding["response_id"], coding["question"]])
    changed = coding.index[coding["excerpt"] != common]
    if len(changed):
        detail = say_in_english(noticed_words.EXCERPTS, rows=list_rows(changed), file=file.as_posix())
        noticed.append(Noticed("spelling", None, detail, "taken for the same"))
    coding["excerpt"] = common
    return Reading(coding, noticed)


def find_common_spelling(labels: pd.Series, within: Sequence[pd.Series] = ()) -> pd.Series:
    """Find the most common spelling of each label.

    Parameters
    ----------
    labels : Series
        Text.
    within : sequence of Series
        What else must be the same for two labels to be the same.

    Returns
    -------
    Series
        For each label the spelling that most of those have which differ from it in spelling alone; of equals the first.
    """
    keys = [labels.map(fold_code), *within]
    number = labels.groupby([*keys, labels], sort=False).transform("size")
    most = number.groupby([key.rename(place) for place, key in enumerate(keys)], sort=False).transform("idxmax")
    return pd.Series(labels.loc[most].to_numpy(), index=labels.index, name=labels.name)


def read_actions(root: Path, file: Path) -> Reading:
    """Read the opportunities for action.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    Reading
        action, lead, timescale, progress, title (a few words for the action; the action itself where the file has
        none), finding (which finding it answers: one of `FINDINGS`), status (one of `STATUSES`), due (the timescale's
        last day, as `timescale.find_due` reads it); missing where blank.

    Raises
    ------
    InputError
        When a column is missing, action, lead or timescale is blank, or a finding or status is unknown.
    """
    columns = {column: pa.Column(str, nullable=column == "progress") for column in ACTION_COLUMNS}
    columns |= {column: pa.Column(str, nullable=True, required=False) for column in OPTIONAL_ACTION_COLUMNS}
    columns["finding"] = pa.Column(str, accept(FINDINGS), nullable=True, required=False)
    columns["status"] = pa.Column(str, accept(STATUSES), nullable=True, required=False)
    actions, noticed = read_table(root, file, pa.DataFrameSchema(columns))
    actions = actions.reindex(columns=[*ACTION_COLUMNS, *OPTIONAL_ACTION_COLUMNS])
    actions["title"] = actions["title"].fillna(actions["action"])
    actions["due"] = actions["timescale"].map(find_due)
    return Reading(actions.reset_index(drop=True), noticed)
