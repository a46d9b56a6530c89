"""Deals published totals out to clusters, by the strength that each of them has."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cluster_eval.vocabulary import ANSWERS, DEPRIVATION_FIFTHS, LEVELS, MEETINGS, QUESTIONS, RATINGS, SCORES
from tools.sample.published import CLUSTERS, CYCLES, LEFT_OUT_OF_MEANS, Published

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
