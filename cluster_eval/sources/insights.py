"""What a cycle's published findings say that clusters wrote: barriers, enablers, effects, ways to strengthen."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from cluster_eval.folding import fold_code, tidy_text
from cluster_eval.problems import InputError, Problem, collect, tell_cells
from cluster_eval.sources.spreadsheet import Reading, accept, read_columns, validate
from cluster_eval.vocabulary import INSIGHTS

COLUMNS = ("kind", "rank", "title")
TWICE = "an earlier row of the same kind has it as well"


def read_insights(root: Path, file: Path) -> Reading:
    """Read the published insights of a cycle.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    Reading
        kind (of `INSIGHTS`), rank (1 for what was named most; missing where none is published), title; kinds in the
        order of `INSIGHTS`, ranks in theirs, all else as the file has it.

    Raises
    ------
    InputError
        When a column is missing or no row is there, a kind is unknown, a title is blank, a rank is no whole number
        from 1, or a kind has a title or a rank twice.
    """
    place = file.as_posix()
    table, noticed = read_columns(root, file, list(COLUMNS), list(COLUMNS))
    table = table.map(tidy_text, na_action="ignore")
    if table.empty:
        raise InputError([Problem(place, "holds no insight; a cycle that has none names no file")])
    schema = pa.DataFrameSchema(
        {
            "kind": pa.Column(str, accept(INSIGHTS)),
            "rank": pa.Column(
                str, pa.Check.str_matches(r"^[1-9]\d*$", error="a whole number from 1, or blank"), nullable=True
            ),
            "title": pa.Column(str),
        }
    )
    problems: list[Problem] = []
    insights = collect(problems, validate, place, schema, table, {column: column for column in COLUMNS})
    folded = table["title"].map(fold_code, na_action="ignore")
    for column, same in (("rank", table["rank"]), ("title", folded)):
        is_twice = same.notna() & pd.DataFrame({"kind": table["kind"], "same": same}).duplicated()
        problems += tell_cells(place, column, table.loc[is_twice, column].to_dict(), TWICE)
    if problems:
        raise InputError(problems)
    insights["rank"] = pd.to_numeric(insights["rank"]).astype("Int64")
    order = {kind: number for number, kind in enumerate(INSIGHTS)}
    insights = insights.sort_values("rank", kind="stable")
    insights = insights.sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable")
    return Reading(insights.reset_index(drop=True), noticed)
