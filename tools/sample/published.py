"""What the published report says of the survey: its register, and the totals that a sample has to have."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cluster_eval.vocabulary import HEALTH_BOARDS, MEETINGS, RATINGS, WALES
from tools.sample import form

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
            answer: round(published_meetings[f"{kind}: {short}"]) for short, answer in form.MEETING_FREQUENCIES.items()
        }
        for variable, kind in MEETINGS.items()
    }
    return Published(responses, levels, answers, meetings)
