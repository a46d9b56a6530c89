"""Tables with a row for each outcome: what the outcomes are, and how their levels moved."""

import pandas as pd

from cluster_eval.exhibits.exhibit import Exhibit, describe_base, make_column
from cluster_eval.facts.moves import NOTABLE, find_notable
from cluster_eval.facts.outcomes import describe_shift
from cluster_eval.measures.maturity import ALL
from cluster_eval.problems import check_name
from cluster_eval.sources.report import Report
from cluster_eval.values import SMALLEST_BASE, CycleName, Kind, Label, Moved, Outcome, Phrase
from cluster_eval.vocabulary import FRAMEWORKS, LEVELS


def outcomes(report: Report, framework: str) -> Exhibit:
    """Tabulate the outcomes of a framework.

    Parameters
    ----------
    report : Report
        An open cycle.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    Exhibit
        A table; with the outcomes' components where the framework has several.
    """
    check_name("framework", framework, FRAMEWORKS)
    rows = report.outcomes[report.outcomes["framework"] == framework]
    codes = [str(code) for code in rows["outcome"]]
    columns = [
        make_column("number", Kind.TEXT, codes),
        make_column("title", Kind.TEXT, [Label("outcome", f"{framework} {code}") for code in codes]),
    ]
    if rows["component"].nunique() > 1:
        # Its longer name says which outcomes belong to it, which the rows show.
        named = [Phrase("component", (("component", Label("component", code)),)) for code in rows["component"]]
        columns.append(make_column("component", Kind.TEXT, named))
    return Exhibit(f"{framework}_outcomes", tuple(columns), (), title=framework)


def shifts(report: Report, maturity: pd.DataFrame, framework: str) -> Exhibit | None:
    """Tabulate how the levels of each outcome moved since the previous cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    maturity : DataFrame
        What `measures.maturity.summarise` returns.
    framework : str
        `PCMW` or `ACD`.

    Returns
    -------
    Exhibit or None
        A table: each level's share in both cycles with an arrow, and in a word what moved; with bases too small for
        percentages, counts alone. None where no outcome was rated in both cycles.
    """
    check_name("framework", framework, FRAMEWORKS)
    cycles = report.compared
    rows = maturity[(maturity["framework"] == framework) & (maturity["outcome"] != ALL) & (maturity["base"] > 0)]
    rows = rows[rows["cycle"].isin(cycles)]
    in_both = rows.groupby("outcome")["cycle"].nunique() == 2
    rows = rows[rows["outcome"].isin(in_both.index[in_both])]
    if rows.empty:
        return None
    codes = list(rows["outcome"].unique())
    columns = [make_column("outcome", Kind.TEXT, [Outcome(framework, code, "short") for code in codes])]
    is_large = rows["base"].min() >= SMALLEST_BASE
    if is_large:
        # Before the levels, whose columns are more than a page is wide.
        found = [describe_shift(rows[rows["outcome"] == code]).label for code in codes]
        columns.append(make_column("shift", Kind.TEXT, found))
    for level in LEVELS:
        wide = rows[rows["level"] == level].pivot(index="outcome", columns="cycle").loc[codes]
        given = wide["share" if is_large else "n"]
        previous, current = (given[cycle] for cycle in cycles)
        if is_large:
            current = [Moved(now, find_notable(now - before)) for before, now in zip(previous, current, strict=True)]
        header, kind = ("percent_in", Kind.PERCENT) if is_large else ("n_in", Kind.COUNT)
        for cycle, cells in zip(cycles, (previous, current), strict=True):
            columns.append(make_column(header, kind, cells, level=Label("level", level), of=CycleName(cycle)))
    if not is_large:
        bases = rows.drop_duplicates(["outcome", "cycle"]).pivot(index="outcome", columns="cycle", values="base")
        columns += [
            make_column("base_of", Kind.COUNT, bases.loc[codes, cycle], series=CycleName(cycle)) for cycle in cycles
        ]
    return Exhibit(
        f"{framework}_shifts",
        tuple(columns),
        tuple(cycles),
        values={"notable": NOTABLE},
        notes=("arrows",) if is_large else (),
        base=describe_base("responses", rows),
        compares=FRAMEWORKS[framework].variables,
    )
