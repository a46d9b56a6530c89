"""Write the sample data: synthetic responses whose every published total is exact.

The survey's rows were never published; its totals were. This program reads the published totals and deals
them out to clusters, so that the whole way from an export to a report can be run and checked in the open.
Nothing that it writes was answered by anybody.

Ratings are dealt by rank. Each cluster has a general strength, a strength for each outcome that it keeps from
cycle to cycle, and noise; responses are put in the order of the sum, and the published levels, lowest first,
are handed out along that order. So totals are exact by construction, and the ratings of a cluster hang
together. ``SEED`` is the first seed whose sample also looks as plausible as ``find_implausibilities`` asks.
"""

import argparse
import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter
from scipy import stats

from cluster_eval import sample_text
from cluster_eval.vocabulary import (
    ANSWERS,
    COMMENTS,
    DEPRIVATION_FIFTHS,
    DISAGREEING,
    FRAMEWORKS,
    HEALTH_BOARDS,
    LEVELS,
    MEETINGS,
    NEUTRAL,
    QUESTIONS,
    RATINGS,
    SCORES,
    WALES,
)

SEED = 4
"""The seed of the committed sample; ``find_seed`` found it."""

CYCLES = ("2023-24", "2024-25")
"""The cycles that the sample covers, earlier first."""

REGISTER = {
    "Aneurin Bevan": ("AB", 11),
    "Betsi Cadwaladr": ("BC", 14),
    "Cardiff and Vale": ("CV", 9),
    "Cwm Taf Morgannwg": ("CT", 8),
    "Hywel Dda": ("HD", 7),
    "Powys": ("PO", 3),
    "Swansea Bay": ("SB", 8),
}
"""For each health board, the letters of its clusters' codes and the number of its clusters."""

CLUSTERS = {
    f"{letters}-{number:02d}": health_board
    for health_board in HEALTH_BOARDS
    for letters, size in (REGISTER[health_board],)
    for number in range(1, size + 1)
}
"""Every cluster's code and health board."""

PUBLISHED_FIGURES = Path("data/published/2024-25/figures.csv")

RATING_FIGURES = {
    "2023-24": {
        variable: "3" if framework == "PCMW" else str(32 + outcome)
        for variable, (framework, outcome) in RATINGS.items()
    },
    "2024-25": {variable: "4" if framework == "PCMW" else "7" for variable, (framework, _) in RATINGS.items()},
}
"""Where each rating's levels are published. Figure 6 (2023-24) has its outcomes' labels swapped and figure 39
(2024-25) leaves a response out, so neither is used for its cycle."""

ANSWER_FIGURES = {
    "progress": "8",
    "role": "9",
    "system_support": "10",
    "health_board_access": "11",
    "time_achievable": "13",
}

# The published means of 2024-25 leave one response out, and the difference tells what it said.
LEFT_OUT_OF_MEANS = dict(zip(RATINGS, (3, 2, 3, 2, 3, 2, 1, 2, 2, 1, 1, 3, 2, 2, 3, 3, 2, 3, 2, 2), strict=True))
"""Scores of the one response that the published means of 2024-25 leave out."""

GENERAL_WEIGHT, OUTCOME_WEIGHT, CYCLE_WEIGHT = 0.38, 0.36, 0.26
"""Shares of a rating's variance: the cluster's own, the cluster's in that outcome, and that cycle's alone."""

ANSWER_WEIGHTS = {
    "progress": (0.25, 0.10),
    "role": (0.15, 0.05),
    "system_support": (0.15, 0.50),
    "health_board_access": (0.15, 0.25),
    "time_achievable": (0.15, 0.50),
}
"""How far each answer follows the cluster's general strength and its room for cluster working."""

SHARE_OF_VARIANT_RATINGS = 0.08
SHARE_OF_VARIANT_NEUTRALS = 0.4
SHARE_OF_DISPUTED_EXCERPTS = 0.15

FIXED_MOMENT = datetime(2025, 6, 2, 9, 0)
"""When the workbooks say that they were made, so that writing them again gives the same bytes."""


@dataclass(frozen=True)
class Published:
    """The published totals that the sample keeps to.

    Attributes
    ----------
    responses : dict
        Cycle, then health board: number of responses.
    levels : dict
        Cycle, then rating variable: number of responses at each level.
    answers : dict
        Agreement question: number of responses with each answer.
    meetings : dict
        Meeting variable: number of responses with each frequency.
    """

    responses: dict
    levels: dict
    answers: dict
    meetings: dict


@dataclass(frozen=True)
class Sample:
    """The synthetic clusters and what they answered, before it is dressed as an export.

    Attributes
    ----------
    fifths : pandas.Series
        Deprivation fifth of every cluster.
    scores : dict
        Cycle: scores of the ratings, one row per responding cluster; missing where blank.
    answers : pandas.DataFrame
        Answers to the agreement questions in the second cycle, and meeting frequencies.
    """

    fifths: pd.Series
    scores: dict
    answers: pd.DataFrame


# Published totals


def count_from_shares(shares: Mapping[str, float], responses: int) -> dict[str, int]:
    """Turn published shares into counts, on the largest base that makes all of them whole.

    Parameters
    ----------
    shares : Mapping
        Category and its share.
    responses : int
        The number of responses; up to two of them may have left the question blank.

    Returns
    -------
    dict
        Category and its count.
    """
    for base in range(responses, responses - 3, -1):
        counts = {category: round(share * base) for category, share in shares.items()}
        whole = all(abs(share * base - counts[category]) < 1e-6 for category, share in shares.items())
        if whole and sum(counts.values()) == base:
            return counts
    raise ValueError(f"no base from {responses - 2} to {responses} makes these shares whole: {dict(shares)}")


def read_published(path: Path) -> Published:
    """Read the totals that the sample keeps to.

    Parameters
    ----------
    path : Path
        The published figures, as a CSV file.

    Returns
    -------
    Published
        Counts of responses, levels, answers and meetings.
    """
    figures: dict[tuple, dict[str, float]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = tuple(row[column] for column in ("figure", "framework", "outcome", "cycle", "unit"))
            figures.setdefault(place, {})[row["series"]] = float(row["value"])

    responses = {}
    for cycle in CYCLES:
        rates = figures["1", "", "", cycle, "share"]
        responses[cycle] = {
            health_board: round(rates[health_board] * size) for health_board, (_, size) in REGISTER.items()
        }
        if abs(sum(responses[cycle].values()) - rates[WALES] * len(CLUSTERS)) > 1e-6:
            raise ValueError(f"the health boards' responses of {cycle} do not add up to those of {WALES}")

    totals = {cycle: sum(responses[cycle].values()) for cycle in CYCLES}
    levels = {
        cycle: {
            variable: count_from_shares(
                figures[RATING_FIGURES[cycle][variable], framework, str(outcome), cycle, "share"], totals[cycle]
            )
            for variable, (framework, outcome) in RATINGS.items()
        }
        for cycle in CYCLES
    }
    answers = {
        question: count_from_shares(figures[figure, question, "", CYCLES[1], "share"], totals[CYCLES[1]])
        for question, figure in ANSWER_FIGURES.items()
    }
    published_meetings = figures["12", "meetings", "", CYCLES[1], "count"]
    meetings = {
        variable: {
            answer: round(published_meetings[f"{kind}: {short}"])
            for short, answer in sample_text.MEETING_FREQUENCIES.items()
        }
        for variable, kind in MEETINGS.items()
    }
    return Published(responses, levels, answers, meetings)


# Dealing


def create_generator(seed: int, purpose: int) -> np.random.RandomState:
    """Create a random generator for one purpose, so that changing one part of the sample leaves the others.

    Parameters
    ----------
    seed : int
        The sample's seed.
    purpose : int
        A number of the part's own.

    Returns
    -------
    numpy.random.RandomState
        The older generator, because numpy promises never to change its numbers.
    """
    return np.random.RandomState([seed, purpose])


def deal(counts: Mapping[object, int], latents: np.ndarray) -> list:
    """Hand out an exact number of each category along an order.

    Parameters
    ----------
    counts : Mapping
        Categories, lowest first, and how often each is handed out.
    latents : numpy.ndarray
        One number per receiver; the lowest receives the first category.

    Returns
    -------
    list
        The category of each receiver.
    """
    categories = [category for category, number in counts.items() for _ in range(number)]
    dealt: list = [None] * len(categories)
    for receiver, category in zip(np.argsort(latents, kind="stable"), categories, strict=True):
        dealt[receiver] = category
    return dealt


def choose_responding(generator: np.random.RandomState, responses: Mapping[str, int]) -> list[str]:
    """Choose which clusters respond.

    Parameters
    ----------
    generator : numpy.random.RandomState
        The source of chance.
    responses : Mapping
        Number of responses from each health board.

    Returns
    -------
    list of str
        Codes of the responding clusters, in the register's order.
    """
    chosen = set()
    for health_board, number in responses.items():
        codes = [code for code, place in CLUSTERS.items() if place == health_board]
        chosen.update(codes[position] for position in generator.permutation(len(codes))[:number])
    return [code for code in CLUSTERS if code in chosen]


def deal_scores(
    generator: np.random.RandomState, levels: Mapping[str, Mapping[str, int]], latents: pd.DataFrame
) -> pd.DataFrame:
    """Deal a cycle's published levels to its responding clusters.

    Parameters
    ----------
    generator : numpy.random.RandomState
        Chooses which ratings are left blank where a base is smaller than the number of responses.
    levels : Mapping
        For each rating variable, the number of responses at each level.
    latents : pandas.DataFrame
        How strong each cluster is in each outcome.

    Returns
    -------
    pandas.DataFrame
        Scores, missing where blank.
    """
    scores = pd.DataFrame(np.nan, index=latents.index, columns=latents.columns)
    for variable, counts in levels.items():
        base = sum(counts.values())
        rated = latents.index[np.sort(generator.permutation(len(latents))[:base])]
        scored = {SCORES[level]: counts[level] for level in LEVELS}
        scores.loc[rated, variable] = deal(scored, latents.loc[rated, variable].to_numpy())
    return scores


def deal_scores_around(
    fixed: Mapping[str, int],
    generator: np.random.RandomState,
    levels: Mapping[str, Mapping[str, int]],
    latents: pd.DataFrame,
) -> pd.DataFrame:
    """Deal a cycle's levels so that one response has given scores: the one that comes nearest by itself.

    Parameters
    ----------
    fixed : Mapping
        The scores that one response must have.
    generator : numpy.random.RandomState
        As for `deal_scores`.
    levels : Mapping
        As for `deal_scores`.
    latents : pandas.DataFrame
        As for `deal_scores`.

    Returns
    -------
    pandas.DataFrame
        Scores, missing where blank.
    """
    wanted = pd.Series(fixed, dtype=float)
    nearest = (deal_scores(generator, levels, latents) - wanted).abs().sum(axis="columns").idxmin()
    remaining = {
        variable: dict(Counter(counts) - Counter([LEVELS[fixed[variable] - 1]])) for variable, counts in levels.items()
    }
    remaining = {variable: {level: counts.get(level, 0) for level in LEVELS} for variable, counts in remaining.items()}
    scores = deal_scores(generator, remaining, latents.drop(index=nearest)).reindex(latents.index)
    scores.loc[nearest] = wanted
    return scores


def deal_answers(generator: np.random.RandomState, published: Published, strengths: pd.Series) -> pd.DataFrame:
    """Deal the answers to the agreement questions and the meeting frequencies.

    Parameters
    ----------
    generator : numpy.random.RandomState
        The source of chance.
    published : Published
        The published totals.
    strengths : pandas.Series
        General strength of each responding cluster.

    Returns
    -------
    pandas.DataFrame
        One row per responding cluster, one column per question.
    """
    room = generator.standard_normal(len(strengths))
    answers = {}
    for question in QUESTIONS:
        strength_weight, room_weight = ANSWER_WEIGHTS[question]
        noise_weight = 1 - strength_weight - room_weight
        latents = (
            np.sqrt(strength_weight) * strengths.to_numpy()
            + np.sqrt(room_weight) * room
            + np.sqrt(noise_weight) * generator.standard_normal(len(strengths))
        )
        answers[question] = deal({answer: published.answers[question][answer] for answer in ANSWERS}, -latents)
    habit = generator.standard_normal(len(strengths))
    for variable in MEETINGS:
        latents = habit + 0.6 * generator.standard_normal(len(strengths))
        answers[variable] = deal(published.meetings[variable], latents)
    return pd.DataFrame(answers, index=strengths.index)


def draw_sample(published: Published, seed: int) -> Sample:
    """Draw clusters, ratings and answers whose totals are the published ones.

    Parameters
    ----------
    published : Published
        The totals.
    seed : int
        Fixes every choice.

    Returns
    -------
    Sample
        The synthetic clusters and what they answered.
    """
    generator = create_generator(seed, 1)
    codes = list(CLUSTERS)
    strengths = pd.Series(generator.standard_normal(len(codes)), index=codes)
    shape = (len(codes), len(RATINGS))
    lasting = np.sqrt(GENERAL_WEIGHT) * strengths.to_numpy()[:, None] + np.sqrt(
        OUTCOME_WEIGHT
    ) * generator.standard_normal(shape)
    scores = {}
    for cycle in CYCLES:
        passing = np.sqrt(CYCLE_WEIGHT) * generator.standard_normal(shape)
        responding = choose_responding(generator, published.responses[cycle])
        latents = pd.DataFrame(lasting + passing, index=codes, columns=list(RATINGS)).loc[responding]
        if cycle == CYCLES[1]:
            scores[cycle] = deal_scores_around(LEFT_OUT_OF_MEANS, generator, published.levels[cycle], latents)
        else:
            scores[cycle] = deal_scores(generator, published.levels[cycle], latents)
    answers = deal_answers(generator, published, strengths.loc[scores[CYCLES[1]].index])
    per_fifth = len(codes) // len(DEPRIVATION_FIFTHS)
    fifths = np.repeat(DEPRIVATION_FIFTHS, per_fifth)[generator.permutation(len(codes))]
    return Sample(pd.Series(fifths, index=codes), scores, answers)


# The choice of the seed


def compute_fifths_p(scores: pd.Series, fifths: pd.Series) -> float:
    """Compute the p value of a one-way analysis of variance of scores by deprivation fifth.

    Parameters
    ----------
    scores : pandas.Series
        Scores by cluster, missing where blank.
    fifths : pandas.Series
        Deprivation fifth by cluster.

    Returns
    -------
    float
        The p value.
    """
    rated = scores.dropna()
    groups = [rated[fifths.loc[rated.index] == fifth] for fifth in DEPRIVATION_FIFTHS]
    return float(stats.f_oneway(*groups).pvalue)


def compute_mean_correlation(scores: pd.DataFrame) -> float:
    """Compute the mean of Spearman's correlation over all pairs of outcomes.

    Parameters
    ----------
    scores : pandas.DataFrame
        Scores, one column per outcome.

    Returns
    -------
    float
        The mean correlation.
    """
    # Ranks with blanks left out differ from ranks of complete pairs by too little to matter here.
    correlations = scores.rank().corr().to_numpy()
    return float(correlations[np.triu_indices_from(correlations, k=1)].mean())


def compute_share_of_small_steps(sample: Sample) -> float:
    """Compute the share of linked ratings that moved by one level or not at all.

    Parameters
    ----------
    sample : Sample
        The sample.

    Returns
    -------
    float
        The share, of all pairs of a cluster and an outcome that were rated in both cycles.
    """
    moves = (sample.scores[CYCLES[1]] - sample.scores[CYCLES[0]]).abs().to_numpy()
    return float((moves[~np.isnan(moves)] <= 1).mean())


def find_implausibilities(sample: Sample) -> list[str]:
    """Find what would make a reader doubt the sample, beyond its totals.

    Parameters
    ----------
    sample : Sample
        The sample.

    Returns
    -------
    list of str
        What is implausible, in words; empty for a sample that will do.
    """
    found = []
    for cycle, scores in sample.scores.items():
        overall = {
            framework.code: scores[list(framework.variables)].mean(axis="columns") for framework in FRAMEWORKS.values()
        }
        for name, values in (*scores.items(), *overall.items()):
            if compute_fifths_p(values, sample.fifths) <= 0.05:
                found.append(f"{name} of {cycle} differs between deprivation fifths")
        if not 0.2 <= compute_mean_correlation(scores) <= 0.45:
            found.append(f"the outcomes of {cycle} correlate too little or too much")
        if scores.duplicated().any():
            found.append(f"two responses of {cycle} have the same ratings")
    if compute_share_of_small_steps(sample) < 0.87:
        found.append("too many ratings moved by more than one level")

    current = sample.scores[CYCLES[1]].mean(axis="columns")
    agreement = {
        question: -sample.answers[question].map(ANSWERS.index).corr(current, method="spearman")
        for question in QUESTIONS
    }
    found += [
        f"{question} does not follow maturity" for question, value in agreement.items() if not 0.1 <= value <= 0.5
    ]
    unsupported, hurried = (
        sample.answers[question].isin(DISAGREEING) for question in ("system_support", "time_achievable")
    )
    if (unsupported & hurried).sum() < 0.6 * unsupported.sum():
        found.append("disagreement about support and about time hardly overlaps")
    return found


def find_seed(published: Published) -> int:
    """Find the first seed with a plausible sample.

    Parameters
    ----------
    published : Published
        The totals.

    Returns
    -------
    int
        What ``SEED`` should be.
    """
    return next(seed for seed in count() if not find_implausibilities(draw_sample(published, seed)))


# Dressing as an export


def list_headings(cycle: str) -> dict[str, str]:
    """List the headings of a cycle's questions, written plainly, in the export's order.

    Parameters
    ----------
    cycle : str
        The cycle.

    Returns
    -------
    dict
        Variable and its heading.
    """
    headings = dict(sample_text.CLUSTER_HEADINGS[cycle])
    for code, template in sample_text.RATING_HEADINGS[cycle].items():
        framework = FRAMEWORKS[code]
        for outcome, variable in enumerate(framework.variables, start=1):
            title = sample_text.OUTCOME_TITLES[code][outcome - 1]
            headings[variable] = template.format(outcome=outcome, title=title)
    if cycle in sample_text.QUESTIONED_CYCLES:
        headings.update(sample_text.QUESTION_HEADINGS)
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
    descriptor = sample_text.DESCRIPTORS[framework][level]
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
        return sample_text.NEUTRAL_VARIANT
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
    return sample_text.COMMENT_LABEL + " ".join(sentence for sentence, _ in sentences)


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
    for question, comments in sample_text.COMMENTS.items():
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
    themes = {subtheme: theme for theme, subthemes in sample_text.THEMES.items() for subtheme in subthemes}
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
    dissenters = generator.randint(len(sample_text.CODERS), size=len(excerpts))
    rows = []
    for number, (response_id, question, sentence, subtheme) in enumerate(excerpts):
        for position, coder in enumerate(sample_text.CODERS):
            dissents = number in disputed and dissenters[number] == position
            given = sample_text.NEIGHBOURS[subtheme] if dissents else subtheme
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
    generator : numpy.random.RandomState
        Chooses the wording of each cell.

    Returns
    -------
    list of list
        Rows of cells.
    """
    headings = list_headings(cycle)
    rows = [
        [
            *sample_text.FORMS_HEADINGS.values(),
            *sample_text.UNLISTED_HEADINGS,
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


# Files


def encode_csv(header: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """Encode rows as a CSV file.

    Parameters
    ----------
    header : Sequence
        Names of the columns.
    rows : Iterable
        The rows.

    Returns
    -------
    bytes
        The file.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def encode_workbook(title: str, rows: Iterable[Sequence]) -> bytes:
    """Encode rows as a workbook, always the same bytes for the same rows.

    Parameters
    ----------
    title : str
        The workbook's title, kept in its properties.
    rows : Iterable
        The rows of its one sheet.

    Returns
    -------
    bytes
        The file.
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Sheet1"
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if cell.is_date:
                cell.number_format = "dd/mm/yyyy hh:mm:ss"
    workbook.properties.title = title
    workbook.properties.creator = "cluster_eval.sample"
    workbook.properties.created = workbook.properties.modified = FIXED_MOMENT

    # Workbook.save would stamp the present moment on the properties, and each zip entry carries one too. Entries
    # are stored rather than compressed because compressed bytes differ between versions of zlib.
    dated, fixed = io.BytesIO(), io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(dated, "w")).save()
    with zipfile.ZipFile(dated) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, FIXED_MOMENT.timetuple()[:6])
            entry.create_system = 0
            target.writestr(entry, source.read(name))
    return fixed.getvalue()


def build_reference_files(fifths: pd.Series) -> dict[str, bytes]:
    """Build the register of clusters and the list of outcomes.

    Parameters
    ----------
    fifths : pandas.Series
        Deprivation fifth of every cluster.

    Returns
    -------
    dict
        Path relative to the root, and contents.
    """
    clusters = [(code, health_board, fifths[code]) for code, health_board in CLUSTERS.items()]
    outcomes = [
        (framework, outcome, title, sample_text.OUTCOME_SHORT_TITLES[framework][outcome - 1])
        for framework, titles in sample_text.OUTCOME_TITLES.items()
        for outcome, title in enumerate(titles, start=1)
    ]
    return {
        "data/reference/clusters.csv": encode_csv(("cluster", "health_board", "deprivation_fifth"), clusters),
        "data/reference/outcomes.csv": encode_csv(("framework", "outcome", "title", "short_title"), outcomes),
    }


def build_cycle_files(cycle: str, sample: Sample, opens: date, closes: date, seed: int) -> dict[str, bytes]:
    """Build the files of one cycle.

    Parameters
    ----------
    cycle : str
        The cycle.
    sample : Sample
        What the clusters answered.
    opens : datetime.date
        First day of the fieldwork.
    closes : datetime.date
        Last day of the fieldwork.
    seed : int
        The sample's seed.

    Returns
    -------
    dict
        Path relative to the root, and contents.
    """
    generator = create_generator(seed, 2 + CYCLES.index(cycle))
    codes = list(sample.scores[cycle].index)
    order = [codes[position] for position in generator.permutation(len(codes))]
    response_ids = draw_response_ids(generator, len(codes))
    times = draw_times(generator, len(codes), opens, closes)
    recorded = {code: (response_ids[place], *times[place]) for place, code in enumerate(order)}
    questioned = cycle in sample_text.QUESTIONED_CYCLES
    comments = assign_comments(generator, sample.answers) if questioned else {}
    rows = build_rows(cycle, sample, comments, order, recorded, generator)

    headings = sample_text.FORMS_HEADINGS | list_headings(cycle)
    codebook = [(heading, variable) for variable, heading in headings.items()]
    actions = sample_text.ACTIONS[cycle]
    files = {
        "responses.xlsx": encode_workbook(f"Sample data for {cycle}: synthetic responses", rows),
        "codebook.csv": encode_csv(("heading", "variable"), codebook),
        "actions.csv": encode_csv(("action", "lead", "timescale", "progress"), actions),
    }
    if questioned:
        coding = code_excerpts(generator, comments, {code: recorded[code][0] for code in order})
        columns = ("response_id", "question", "theme", "subtheme", "coder", "excerpt")
        files["coding.csv"] = encode_csv(columns, coding)
    return {f"data/{cycle}/{name}": contents for name, contents in files.items()}


def find_input(root: Path, relative: Path) -> Path:
    """Find a file that the sample is made from: under the root, or else beside the package.

    Parameters
    ----------
    root : Path
        Where the sample is written.
    relative : Path
        The file, relative to a repository's root.

    Returns
    -------
    Path
        The file.
    """
    for place in (root, Path(__file__).resolve().parent.parent):
        if (place / relative).is_file():
            return place / relative
    raise FileNotFoundError(f"{relative} is neither under {root} nor beside the package")


def read_fieldwork(root: Path, cycle: str) -> tuple[date, date]:
    """Read the days on which a cycle's fieldwork opened and closed.

    Parameters
    ----------
    root : Path
        Where the sample is written.
    cycle : str
        The cycle.

    Returns
    -------
    tuple of datetime.date
        First and last day.
    """
    params = yaml.safe_load(find_input(root, Path("params", f"{cycle}.yml")).read_text(encoding="utf-8"))
    return params["fieldwork"]["opens"], params["fieldwork"]["closes"]


def replace_file(path: Path, contents: bytes) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    contents : bytes
        What it will hold.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(contents)
    unfinished.replace(path)


def write_sample(root: Path) -> list[Path]:
    """Write the sample data.

    Parameters
    ----------
    root : Path
        The directory that holds, or will hold, ``data``.

    Returns
    -------
    list of Path
        The files written.
    """
    root = Path(root)
    sample = draw_sample(read_published(find_input(root, PUBLISHED_FIGURES)), SEED)
    files = build_reference_files(sample.fifths)
    for cycle in CYCLES:
        files |= build_cycle_files(cycle, sample, *read_fieldwork(root, cycle), SEED)
    for relative, contents in files.items():
        replace_file(root / relative, contents)
    return [root / relative for relative in files]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the sample data, or find the seed that it should use.

    Parameters
    ----------
    arguments : Sequence, optional
        Arguments of the command; those of the process if not given.
    """
    parser = argparse.ArgumentParser(prog="python -m cluster_eval.sample", description="Write the sample data.")
    parser.add_argument("--into", metavar="DIRECTORY", type=Path, default=Path(), help="default: the current directory")
    parser.add_argument("--find-seed", action="store_true", help="print the first plausible seed and write nothing")
    options = parser.parse_args(arguments)
    if options.find_seed:
        print(find_seed(read_published(find_input(options.into, PUBLISHED_FIGURES))))
        return
    for path in write_sample(options.into):
        print(path)


if __name__ == "__main__":
    main()
