"""The small files beside an export: register, outcomes, codebook, thematic coding, opportunities for action."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from cluster_eval.cycle import OUTCOMES_FILE
from cluster_eval.problems import InputError, Problem
from cluster_eval.recognition import fold_heading, shorten_health_board
from cluster_eval.spreadsheet import accept, read_table, unique_column
from cluster_eval.vocabulary import (
    DEPRIVATION_FIFTHS,
    FRAMEWORKS,
    HEALTH_BOARDS,
    QUESTIONS,
    RATINGS,
    REQUIRED_VARIABLES,
    VARIABLES,
)

CODING_COLUMNS = ("response_id", "question", "theme", "subtheme", "coder", "excerpt")
ACTION_COLUMNS = ("action", "lead", "timescale", "progress")


def read_register(root: Path, file: Path) -> pd.DataFrame:
    """Read the register of all clusters.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    DataFrame
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
    register = read_table(root, file, schema, {"health_board": shorten_health_board})
    return register.astype({"deprivation_fifth": int}).reset_index(drop=True)


def read_outcomes(root: Path, file: Path = OUTCOMES_FILE) -> pd.DataFrame:
    """Read the titles of the outcomes.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    DataFrame
        framework (PCMW or ACD), outcome (1 …), title, short_title (the title where the file has none); in the
        frameworks' order.

    Raises
    ------
    InputError
        When an outcome is missing, twice, unknown or without a title.
    """
    if not (root / file).is_file():
        raise InputError([Problem(str(file), "this file does not exist")])
    schema = pa.DataFrameSchema(
        {
            "framework": pa.Column(str, accept(FRAMEWORKS)),
            "outcome": pa.Column(str, pa.Check.str_matches(r"^\d+$", error="a whole number")),
            "title": pa.Column(str),
            "short_title": pa.Column(str, nullable=True, required=False),
        }
    )
    outcomes = read_table(root, file, schema).astype({"outcome": int})
    outcomes["short_title"] = outcomes.get("short_title", outcomes["title"]).fillna(outcomes["title"])
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
    if problems:
        raise InputError(problems)
    order = {pair: place for place, pair in enumerate(expected)}
    places = [order[pair] for pair in zip(outcomes["framework"], outcomes["outcome"], strict=True)]
    return outcomes.iloc[pd.Series(places).argsort()].reset_index(drop=True)


def read_codebook(root: Path, file: Path) -> pd.DataFrame:
    """Read which heading of an export holds which variable.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    DataFrame
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
    codebook = read_table(root, file, schema)
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
    return codebook


def read_coding(root: Path, file: Path) -> pd.DataFrame:
    """Read the thematic coding, one row per code given.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    DataFrame
        response_id, question, theme, subtheme, coder, excerpt; the index holds the rows' numbers.

    Raises
    ------
    InputError
        When a column is missing, a cell is blank, or a question is unknown.
    """
    columns = {column: pa.Column(str) for column in CODING_COLUMNS}
    columns["question"] = pa.Column(str, accept(QUESTIONS))
    return read_table(root, file, pa.DataFrameSchema(columns))


def read_actions(root: Path, file: Path) -> pd.DataFrame:
    """Read the opportunities for action.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    DataFrame
        action, lead, timescale, progress (missing where blank).

    Raises
    ------
    InputError
        When a column is missing, or a cell other than progress is blank.
    """
    columns = {column: pa.Column(str) for column in ACTION_COLUMNS}
    columns["progress"] = pa.Column(str, nullable=True)
    return read_table(root, file, pa.DataFrameSchema(columns)).reset_index(drop=True)
