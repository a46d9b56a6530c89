"""Exhibits of why clusters disagree, and of how far those who coded their comments agree."""

import pandas as pd

from cluster_eval import charts
from cluster_eval.exhibits.exhibit import Exhibit, make_column
from cluster_eval.exhibits.spread import label_each, write_texts
from cluster_eval.measures.maturity import ALL
from cluster_eval.measures.themes import choose_excerpts
from cluster_eval.sources.report import Report
from cluster_eval.values import Kind, Label, Number, Phrase, Quote


def themes(report: Report, themes: pd.DataFrame) -> Exhibit:
    """Tabulate themes and sub-themes.

    Parameters
    ----------
    report : Report
        An open cycle.
    themes : DataFrame
        What `measures.themes.summarise` returns for the report's cycle.

    Returns
    -------
    Exhibit
        A table.
    """
    columns = (
        make_column("theme", Kind.TEXT, map(label_each("theme"), themes["theme"].astype("str"))),
        make_column("subtheme", Kind.TEXT, map(label_each("subtheme"), themes["subtheme"].astype("str"))),
        make_column("excerpts", Kind.COUNT, themes["excerpts"]),
        make_column("responses", Kind.COUNT, themes["responses"]),
    )
    return Exhibit("themes", columns, (report.cycle,), notes=("majority",))


def evidence(report: Report, themes: pd.DataFrame, coding: pd.DataFrame, theme: str) -> Exhibit:
    """Show the sub-themes of one theme, each with an excerpt.

    Parameters
    ----------
    report : Report
        An open cycle.
    themes : DataFrame
        What `measures.themes.summarise` returns for the report's cycle.
    coding : DataFrame
        The cycle's thematic coding.
    theme : str
        The theme.

    Returns
    -------
    Exhibit
        A figure.
    """
    rows = themes[themes["theme"] == theme].sort_values("excerpts", ascending=False, kind="stable")
    excerpts = choose_excerpts(coding, theme).set_index("subtheme")["excerpt"]
    names = [Label("subtheme", str(subtheme)) for subtheme in rows["subtheme"]]
    tops = rows[rows["excerpts"] == rows["excerpts"].max()]
    top = tops.iloc[0]
    is_sample = report.cycle in report.sample_cycles

    def draw(words, layout):
        drawn = rows.assign(subtheme=write_texts(words, names))
        return charts.draw_bars(drawn, "subtheme", "excerpts", [str(n) for n in rows["excerpts"]], layout=layout)

    return Exhibit(
        f"theme_{list(themes['theme'].unique()).index(theme)}",
        (
            make_column("subtheme", Kind.TEXT, names),
            make_column(
                "excerpt_sample" if is_sample else "excerpt",
                Kind.TEXT,
                [Quote(excerpts[subtheme]) for subtheme in rows["subtheme"]],
            ),
            make_column("excerpts", Kind.COUNT, rows["excerpts"]),
            make_column("responses", Kind.COUNT, rows["responses"]),
        ),
        (report.cycle,),
        values={
            "named": Label("theme", str(theme)),
            "subthemes": tuple(Label("subtheme", str(subtheme)) for subtheme in tops["subtheme"]),
            "excerpts": Number(int(top["excerpts"]), "excerpt"),
            "responses": Number(int(top["responses"]), "response"),
        },
        alt=("chart", "one" if len(tops) == 1 else "several"),
        draw=draw,
        open_table=True,
    )


def coder_agreement(report: Report, agreement: pd.DataFrame) -> Exhibit:
    """Tabulate how far the coders of comments agree.

    Parameters
    ----------
    report : Report
        An open cycle.
    agreement : DataFrame
        What `measures.coder_agreement.summarise` returns for the report's cycle.

    Returns
    -------
    Exhibit
        A table: all themes, each theme, and each sub-theme.
    """
    readings = [None if pd.isna(reading) else Label("reading", reading) for reading in agreement["reading"]]
    columns = (
        make_column("named", Kind.TEXT, [_name_row(row) for row in agreement.itertuples()]),
        make_column("coders", Kind.COUNT, agreement["coders"]),
        make_column("excerpts", Kind.COUNT, agreement["units"]),
        make_column("given", Kind.COUNT, agreement["given"]),
        make_column("agreement", Kind.PERCENT, agreement["agreement"]),
        make_column("alpha", Kind.SCORE, agreement["alpha"]),
        make_column("from", Kind.SCORE, agreement["alpha_low"]),
        make_column("to", Kind.SCORE, agreement["alpha_high"]),
        make_column("reading", Kind.TEXT, readings),
    )
    return Exhibit("coder_agreement", columns, (report.cycle,), notes=("method", "missing"))


def _name_row(row):
    if row.theme == ALL:
        return Phrase("all_themes" if row.level == "theme" else "all_subthemes")
    return Label("theme", row.theme) if row.level == "theme" else Label("subtheme", row.subtheme)
