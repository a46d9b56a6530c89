"""Exhibits of what clusters agree with, how often they meet, and who commented."""

import pandas as pd

from cluster_eval import charts
from cluster_eval.exhibits.exhibit import Exhibit, describe_base, make_column
from cluster_eval.exhibits.spread import describe_estimates, label_each, spread_counts, write_texts
from cluster_eval.facts.agreement import describe_agreement, describe_meetings
from cluster_eval.problems import check_name
from cluster_eval.sources.report import Report
from cluster_eval.values import SMALLEST_BASE, Count, CycleName, Frequency, Kind, Label, Question
from cluster_eval.vocabulary import ANSWERS, MEETING_KINDS, QUESTIONS


def agreement(report: Report, agreement: pd.DataFrame, question: str) -> Exhibit | None:
    """Show the answers to one agreement question, each cycle that asked it.

    Parameters
    ----------
    report : Report
        An open cycle.
    agreement : DataFrame
        What `measures.estimates.estimate_answers` returns, or `measures.agreement.summarise`, which has no
        estimates.
    question : str
        The question's variable.

    Returns
    -------
    Exhibit or None
        A figure; None where the cycle did not ask the question, or nobody answered it.
    """
    check_name("question", question, QUESTIONS)
    if question not in report.answered:
        return None
    rows = agreement[(agreement["question"] == question) & (agreement["base"] > 0)]
    rows = rows[rows["answer"].isin(ANSWERS)]
    own = rows[rows["cycle"] == report.cycle]
    cycles = tuple(rows["cycle"].unique())
    wording = report.wordings.get(question)
    notes, named = describe_estimates(report, rows)
    asked = "wording_sample" if report.newest.params.sample_data else "wording"
    return Exhibit(
        f"agreement_{question}",
        spread_counts(rows, "answer", label_each("answer")),
        cycles,
        facts=(describe_agreement(own).questions[question],),
        values={"asked": Question(question), "wording": wording, **named},
        alt=("answers",),
        notes=(*([asked] if wording else []), *notes),
        base=describe_base("responses", rows),
        compares=(question,),
        draw=_draw_counts(rows, "answer", label_each("answer"), "cycle", charts.colour_cycles(report.cycles)),
    )


def meetings(report: Report, meetings: pd.DataFrame) -> Exhibit | None:
    """Show current against ideal meeting frequency.

    Parameters
    ----------
    report : Report
        An open cycle.
    meetings : DataFrame
        What `measures.estimates.estimate_frequencies` returns, or `measures.meetings.summarise`, which has no
        estimates.

    Returns
    -------
    Exhibit or None
        A figure; None where the cycle asked neither question.
    """
    rows = meetings[(meetings["cycle"] == report.cycle) & (meetings["base"] > 0)]
    if rows.empty:
        return None
    told = describe_meetings(rows)
    kinds = list(rows["kind"].unique())
    alt = [
        f"{kind}_several" if found.several else kind
        for kind, found in (("current", told.current), ("ideal", told.ideal))
        if found
    ]
    notes, named = describe_estimates(report, rows)
    colours = dict(zip(MEETING_KINDS, (charts.PREVIOUS_COLOUR, charts.CURRENT_COLOUR), strict=True))
    return Exhibit(
        "meetings",
        spread_counts(rows, "frequency", Frequency, "kind", label_each("meeting_kind")),
        (report.cycle,),
        facts=(told,),
        title="both" if len(kinds) > 1 else kinds[0],
        alt=("chart", *alt),
        values=named,
        notes=notes,
        base=describe_base("responses", rows.drop(columns="cycle")),
        draw=_draw_counts(rows, "frequency", Frequency, "kind", colours),
    )


def comments(report: Report, comments: pd.DataFrame) -> Exhibit | None:
    """Tabulate who disagreed, and who of them commented.

    Parameters
    ----------
    report : Report
        An open cycle.
    comments : DataFrame
        What `measures.comments.summarise` returns.

    Returns
    -------
    Exhibit or None
        A table, of the questions that any cluster answered; None where none of them has a comment.
    """
    rows = comments[(comments["cycle"] == report.cycle) & comments["question"].isin(report.explained)]
    if rows.empty:
        return None
    columns = (
        make_column("statement", Kind.TEXT, [Label("statement", question) for question in rows["question"]]),
        make_column("disagreed", Kind.COUNT, rows["disagreed"]),
        make_column("commented", Kind.COUNT, rows["commented"]),
    )
    return Exhibit("comments", columns, (report.cycle,))


def _draw_counts(rows, category, name, series, colours):
    large = rows["base"].min() >= SMALLEST_BASE
    groups = rows[series].unique()
    name_series = CycleName if series == "cycle" else label_each("meeting_kind")

    def draw(words, layout):
        counts = [Count(int(row.n), int(row.base)) for row in rows.itertuples()]
        drawn = rows.assign(
            **{category: write_texts(words, map(name, rows[category].astype("str")), "title")},
            **{series: write_texts(words, [name_series(str(each)) for each in rows[series]], "bare")},
        )
        named = {words.write(name_series(str(each)), "bare"): colours[each] for each in groups}
        return charts.draw_bars(
            drawn,
            category,
            "share" if large else "n",
            [words.write(count, "bar") if large else str(count.n) for count in counts],
            series=series if len(groups) > 1 else None,
            colours=named,
            layout=layout,
        )

    return draw
