"""Dresses a sample as Microsoft Forms exports a survey: headings, wordings, times and comments."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from cluster_eval.vocabulary import COMMENTS, DISAGREEING, FRAMEWORKS, LEVELS, NEUTRAL, QUESTIONS, RATINGS
from tools.sample import form, remarks
from tools.sample.dealing import Sample
from tools.sample.published import CLUSTERS

SHARE_OF_VARIANT_RATINGS = 0.08
SHARE_OF_VARIANT_NEUTRALS = 0.4
SHARE_OF_DISPUTED_EXCERPTS = 0.15


def list_headings(cycle: str, titles: Mapping[str, str]) -> dict[str, str]:
    """List the headings of a cycle's questions, written plainly, in the export's order.

    Parameters
    ----------
    cycle : str
        The cycle.
    titles : Mapping
        The title of each rating's outcome.

    Returns
    -------
    dict
        Variable and its heading.
    """
    headings = dict(form.CLUSTER_HEADINGS[cycle])
    for code, template in form.RATING_HEADINGS[cycle].items():
        framework = FRAMEWORKS[code]
        for outcome, variable in enumerate(framework.variables, start=1):
            headings[variable] = template.format(outcome=outcome, title=titles[variable])
    if cycle in form.QUESTIONED_CYCLES:
        headings.update(form.QUESTION_HEADINGS)
    return headings


def dress_heading(heading: str, position: int) -> str:
    """Write a heading as Microsoft Forms does, which is not quite as it was typed.

    Parameters
    ----------
    heading : str
        The heading, written plainly.
    position : int
        Its place among the headings; decides what Forms does to it.

    Returns
    -------
    str
        The heading with curly apostrophes and, here and there, odd white space.
    """
    dressed = heading.replace("'", "’")
    if position % 4 == 1:
        dressed = dressed.replace(" ", "\N{NO-BREAK SPACE}", 1)
    if position % 5 == 2:
        dressed = dressed.replace(", ", ", \N{NO-BREAK SPACE}", 1)
    if position % 3 == 0:
        dressed += " "
    elif position % 7 == 4:
        dressed += "\N{NO-BREAK SPACE}"
    return dressed


def dress_rating(framework: str, score: float, chance: float) -> str | None:
    """Write a rating as the chosen answer's words.

    Parameters
    ----------
    framework : str
        The framework whose descriptor follows the level.
    score : float
        The score, missing where blank.
    chance : float
        Between 0 and 1; decides whether the words are one of the variants that real exports hold.

    Returns
    -------
    str or None
        The cell.
    """
    if np.isnan(score):
        return None
    level = LEVELS[int(score) - 1]
    descriptor = form.DESCRIPTORS[framework][level]
    variants = (
        f"{level} ",
        f"{level.upper()}: {descriptor}",
        f"{level.replace('-', ' ')}: {descriptor}",
        f"{level.replace('-f', '-F')}: {descriptor}",
    )
    if chance < SHARE_OF_VARIANT_RATINGS:
        return variants[int(chance / SHARE_OF_VARIANT_RATINGS * len(variants))]
    return f"{level}: {descriptor}"


def dress_answer(answer: str, chance: float) -> str:
    """Write an answer to an agreement question, the neutral one in either of its spellings.

    Parameters
    ----------
    answer : str
        The answer.
    chance : float
        Between 0 and 1; decides the spelling.

    Returns
    -------
    str
        The cell.
    """
    if answer == NEUTRAL and chance < SHARE_OF_VARIANT_NEUTRALS:
        return form.NEUTRAL_VARIANT
    return answer


def draw_times(
    generator: np.random.RandomState, number: int, opens: date, closes: date
) -> list[tuple[datetime, datetime]]:
    """Draw when responses were started and completed: in working hours of the fieldwork, in order of completion.

    Parameters
    ----------
    generator : numpy.random.RandomState
        The source of chance.
    number : int
        How many responses.
    opens : datetime.date
        First day of the fieldwork.
    closes : datetime.date
        Last day of the fieldwork.

    Returns
    -------
    list of tuple
        Start and completion of each response.
    """
    days = [
        day for day in (opens + timedelta(offset) for offset in range((closes - opens).days + 1)) if day.weekday() < 5
    ]
    # More come in as the end draws near.
    positions = (np.sqrt(generator.random_sample(number)) * len(days)).astype(int)
    seconds = generator.randint(8 * 3600 + 1800, 17 * 3600 + 1800, size=number)
    completions = sorted(
        datetime.combine(days[position], time()) + timedelta(seconds=int(second))
        for position, second in zip(positions, seconds, strict=True)
    )
    durations = generator.randint(10 * 60, 90 * 60 + 1, size=number)
    return [
        (completed - timedelta(seconds=int(duration)), completed)
        for completed, duration in zip(completions, durations, strict=True)
    ]


def draw_response_ids(generator: np.random.RandomState, number: int) -> list[int]:
    """Draw response numbers that rise with a few gaps, as after test submissions were deleted.

    Parameters
    ----------
    generator : numpy.random.RandomState
        The source of chance.
    number : int
        How many responses.

    Returns
    -------
    list of int
        The numbers.
    """
    first, gaps = 3, 4
    kept = np.sort(generator.permutation(number + gaps)[:number])
    return [first + int(position) for position in kept]


def write_comment(sentences: Sequence[tuple[str, str | None]]) -> str:
    """Write a comment out, labelled as sample text.

    Parameters
    ----------
    sentences : Sequence
        Its sentences, each with its sub-theme or none.

    Returns
    -------
    str
        The cell.
    """
    return remarks.COMMENT_LABEL + " ".join(sentence for sentence, _ in sentences)


def assign_comments(
    generator: np.random.RandomState, answers: pd.DataFrame
) -> dict[tuple[str, str], tuple[tuple[str, str | None], ...]]:
    """Give a comment to each cluster that disagreed, the firmest to those who disagreed strongly.

    Parameters
    ----------
    generator : numpy.random.RandomState
        The source of chance.
    answers : pandas.DataFrame
        The answers.

    Returns
    -------
    dict
        Cluster and question: the comment's sentences.
    """
    assigned = {}
    for question, comments in remarks.COMMENTS.items():
        shuffled = answers[question].iloc[generator.permutation(len(answers))]
        disagreeing = [code for answer in reversed(DISAGREEING) for code in shuffled.index[shuffled == answer]]
        for code, comment in zip(disagreeing, comments, strict=True):
            assigned[code, question] = comment
    return assigned


def code_excerpts(
    generator: np.random.RandomState,
    comments: Mapping[tuple[str, str], Sequence[tuple[str, str | None]]],
    response_ids: Mapping[str, int],
) -> list[tuple]:
    """Code every excerpt three times, with one coder of another mind about some of them.

    Parameters
    ----------
    generator : numpy.random.RandomState
        Chooses the disputed excerpts and who disputes them.
    comments : Mapping
        Cluster and question: the comment's sentences.
    response_ids : Mapping
        The response of each cluster.

    Returns
    -------
    list of tuple
        The rows of the coding file.
    """
    themes = {subtheme: theme for theme, subthemes in remarks.THEMES.items() for subtheme in subthemes}
    questions = list(QUESTIONS)
    excerpts = [
        (response_ids[code], question, sentence, subtheme)
        for (code, question), sentences in sorted(
            comments.items(), key=lambda item: (response_ids[item[0][0]], questions.index(item[0][1]))
        )
        for sentence, subtheme in sentences
        if subtheme
    ]
    disputed = set(generator.permutation(len(excerpts))[: round(SHARE_OF_DISPUTED_EXCERPTS * len(excerpts))])
    dissenters = generator.randint(len(remarks.CODERS), size=len(excerpts))
    rows = []
    for number, (response_id, question, sentence, subtheme) in enumerate(excerpts):
        for position, coder in enumerate(remarks.CODERS):
            dissents = number in disputed and dissenters[number] == position
            given = remarks.NEIGHBOURS[subtheme] if dissents else subtheme
            rows.append((response_id, question, themes[given], given, coder, sentence))
    # The order in which themes first occur is the order in which the report shows them.
    places = {subtheme: place for place, subtheme in enumerate(themes)}
    return sorted(rows, key=lambda row: places[row[3]])


def build_rows(
    cycle: str,
    sample: Sample,
    comments: Mapping[tuple[str, str], Sequence[tuple[str, str | None]]],
    order: Sequence[str],
    recorded: Mapping[str, tuple[int, datetime, datetime]],
    headings: Mapping[str, str],
    generator: np.random.RandomState,
) -> list[list]:
    """Build the rows of a cycle's export, headings first.

    Parameters
    ----------
    cycle : str
        The cycle.
    sample : Sample
        What the clusters answered.
    comments : Mapping
        Cluster and question: the comment's sentences.
    order : Sequence
        Clusters in the order of their responses.
    recorded : Mapping
        Each cluster's response number, start and completion.
    headings : Mapping
        What `list_headings` gives.
    generator : numpy.random.RandomState
        Chooses the wording of each cell.

    Returns
    -------
    list of list
        Rows of cells.
    """
    rows = [
        [
            *form.FORMS_HEADINGS.values(),
            *form.UNLISTED_HEADINGS,
            *(dress_heading(heading, position) for position, heading in enumerate(headings.values())),
        ]
    ]
    for code in order:
        row = [*recorded[code], "anonymous", None, None]
        for variable in headings:
            chance = generator.random_sample()
            if variable == "health_board":
                cell = CLUSTERS[code]
            elif variable == "cluster":
                cell = code
            elif variable in RATINGS:
                framework, _ = RATINGS[variable]
                cell = dress_rating(framework, sample.scores[cycle].loc[code, variable], chance)
            elif variable in QUESTIONS:
                cell = dress_answer(sample.answers.loc[code, variable], chance)
            elif variable in COMMENTS:
                comment = comments.get((code, COMMENTS[variable]))
                cell = write_comment(comment) if comment else None
            else:
                cell = sample.answers.loc[code, variable]
            row.append(cell)
        rows.append(row)
    return rows
