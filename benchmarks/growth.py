"""How time and memory grow with the number of responses, against the least that counting them could take.

Run as `.venv/bin/python benchmarks/growth.py`. All tables of a report but the reconciliation are made of synthetic
responses in the shape that `Report.responses` has. Beside them, in turn, stands the yardstick: one bare
`numpy.bincount` per question on its answers' codes, which says nothing of cycles, fifths, shares or tests. Times are
medians of one run on one machine, so read the ratios.
"""

import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from cluster_eval import measures
from cluster_eval.vocabulary import (
    ANSWERS,
    COMMENTS,
    HEALTH_BOARDS,
    LEVELS,
    MEETINGS,
    NOT_ASKED,
    QUESTIONS,
    RATINGS,
    SURVEY_VARIABLES,
)

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CYCLES = ("2023-24", "2024-25")
FREQUENCIES = tuple(f"{number} meetings a year" for number in ("Four", "Five", "Six", "Ten", "Twelve"))
CHOICES = {
    **dict.fromkeys(RATINGS, LEVELS),
    **dict.fromkeys(QUESTIONS, ANSWERS),
    **dict.fromkeys(MEETINGS, FREQUENCIES),
}
BLANK, COMMENTED, RESPONDED = 0.05, 0.3, 0.9
# About as often as in the sample data, in which one in five disagrees.
ANSWER_SHARES = (0.13, 0.47, 0.19, 0.18, 0.03)
SUBTHEMES_PER_THEME, THEMES, CODERS = 3, 4, 3
# As in the sample data: 73 excerpts of 53 responses, which three coders gave 219 codes.
EXCERPTS_PER_RESPONSE = 73 / 53


def make_data(size: int, seed: int = 2025) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make responses, register and coding.

    Parameters
    ----------
    size : int
        The number of responses, half of them of each of two cycles.
    seed : int
        Of the random numbers.

    Returns
    -------
    tuple of DataFrame
        What `Report.responses`, `Report.register` and `Report.coding` have; the coding is of the second cycle.
    """
    random = np.random.default_rng(seed)
    per_cycle = size // 2
    clusters = int(per_cycle / RESPONDED)
    names = [f"C-{place}" for place in range(clusters)]
    boards, fifths = random.integers(len(HEALTH_BOARDS), size=clusters), random.integers(1, 6, clusters)
    register = pd.DataFrame(
        {
            "cycle": _choose(np.repeat([0, 1], clusters), CYCLES),
            "cluster": _choose(np.tile(np.arange(clusters), 2), names),
            "health_board": _choose(np.tile(boards, 2), list(HEALTH_BOARDS)),
            "deprivation_fifth": np.tile(fifths, 2),
        }
    )
    responding = np.concatenate([random.permutation(clusters)[:per_cycle] for _ in CYCLES])
    columns = {
        "cycle": _choose(np.repeat([0, 1], per_cycle), CYCLES),
        "response_id": pd.Series(np.tile(np.arange(per_cycle), 2).astype("str"), dtype="str"),
        "row": np.tile(np.arange(2, per_cycle + 2), 2),
        "completed": pd.Timestamp("2025-04-30 14:05:00"),
        "cluster": _choose(responding, names),
        "health_board": _choose(boards[responding], list(HEALTH_BOARDS)),
        "deprivation_fifth": fifths[responding],
    }
    comments = pd.array(["We lack the time.", "We lack the staff.", pd.NA], dtype="str")
    for variable in SURVEY_VARIABLES:
        if variable in COMMENTS:
            given = random.random(2 * per_cycle) < COMMENTED
            columns[variable] = comments.take(np.where(given, random.integers(2, size=len(given)), 2))
        else:
            shares = ANSWER_SHARES if variable in QUESTIONS else None
            codes = random.choice(len(CHOICES[variable]), 2 * per_cycle, p=shares)
            codes[random.random(len(codes)) < BLANK] = -1
            columns[variable] = _choose(codes, [*CHOICES[variable], NOT_ASKED], ordered=variable not in MEETINGS)
    return pd.DataFrame(columns), register, _make_coding(random, per_cycle)


def _make_coding(random, per_cycle):
    excerpts = int(per_cycle * EXCERPTS_PER_RESPONSE)
    excerpt = np.repeat(np.arange(excerpts), CODERS)
    subtheme = random.integers(THEMES * SUBTHEMES_PER_THEME, size=len(excerpt))
    return pd.DataFrame(
        {
            "cycle": _choose(np.zeros(len(excerpt), int), CYCLES[1:]),
            "response_id": _choose(
                random.integers(per_cycle, size=excerpts)[excerpt], np.arange(per_cycle).astype("str")
            ),
            "question": _choose(random.integers(len(QUESTIONS), size=excerpts)[excerpt], list(QUESTIONS)),
            "theme": _choose(subtheme // SUBTHEMES_PER_THEME, [f"Theme {place}" for place in range(THEMES)]),
            "subtheme": _choose(subtheme, [f"Sub-theme {n}" for n in range(THEMES * SUBTHEMES_PER_THEME)]),
            "coder": _choose(np.tile(np.arange(CODERS), excerpts), [f"Coder {n}" for n in range(CODERS)]),
            "excerpt": _choose(excerpt, [f"Excerpt {place}" for place in range(excerpts)]),
        }
    )


def _choose(codes, words, ordered=False):
    return pd.Categorical.from_codes(codes, pd.Index(words, dtype="str"), ordered=ordered)


def compute_tables(responses: pd.DataFrame, register: pd.DataFrame, coding: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Compute all tables of a report but the reconciliation.

    Parameters
    ----------
    responses, register, coding : DataFrame
        What `make_data` returns.

    Returns
    -------
    dict of str to DataFrame
        Table name to table.
    """
    return {
        "participation": measures.participation.summarise(responses, register),
        "maturity": measures.maturity.summarise(responses),
        "maturity_means": measures.maturity.summarise_means(responses),
        "agreement": measures.agreement.summarise(responses),
        "meetings": measures.meetings.summarise(responses),
        "comments": measures.comments.summarise(responses),
        "themes": measures.themes.summarise(coding),
        "deprivation": measures.deprivation.summarise(responses),
    }


def measure_growth(sizes: Sequence[int] = SIZES, repeats: int = 5) -> list[dict]:
    """Measure time and memory for several numbers of responses.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of responses.
    repeats : int
        How often tables and yardstick are timed, in turn.

    Returns
    -------
    list of dict
        For each size: size, seconds (median time of all tables), bincount_seconds (median time of the yardstick), ratio
        of the two, peak_mebibytes (the most that making the tables held at a time, beside the responses).
    """
    # What is imported at first use is no part of what grows.
    compute_tables(*make_data(1_000))
    return [_measure_size(size, repeats) for size in sizes]


def _measure_size(size, repeats):
    data = make_data(size)
    # Whole numbers from 0 in a byte each, which is the least that an answer takes.
    codes = [(data[0][variable].array.codes + 1).astype(np.uint8) for variable in CHOICES]
    tables, counts = [], []
    for _ in range(repeats):
        counts.append(_time(lambda: [np.bincount(of_question) for of_question in codes]))
        tables.append(_time(lambda: compute_tables(*data)))
    # By itself, since keeping account of memory takes time.
    tracemalloc.start()
    compute_tables(*data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    seconds, bincount_seconds = statistics.median(tables), statistics.median(counts)
    return {
        "size": size,
        "seconds": seconds,
        "bincount_seconds": bincount_seconds,
        "ratio": seconds / bincount_seconds,
        "peak_mebibytes": peak / 2**20,
    }


def _time(run: Callable) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    """Print a table of sizes, times, ratios and memory."""
    print(f"{'responses':>10}{'tables':>12}{'bincount':>12}{'ratio':>8}{'peak':>13}")
    for row in measure_growth():
        print(
            f"{row['size']:>10}{row['seconds']:>10.4f} s{row['bincount_seconds']:>10.4f} s{row['ratio']:>8.1f}"
            f"{row['peak_mebibytes']:>9.1f} MiB"
        )


if __name__ == "__main__":
    main()
