"""How often clusters meet, and how often they would like to."""

import itertools

import numpy as np
import pandas as pd

from cluster_eval.measures.counting import encode, spread_counts, tabulate
from cluster_eval.sources.frequency import order_frequencies
from cluster_eval.vocabulary import MEETINGS, NOT_ASKED


def summarise(responses: pd.DataFrame) -> pd.DataFrame:
    """Count the answers to the questions on current and ideal meeting frequency.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, kind (`current` or `ideal`), frequency (the words of the answer), n, base (answers that are
        not blank), share (n / base). Every frequency that anyone in the cycle named has a row for each kind
        asked, fewest meetings first.
    """
    words = _list_words(responses)
    counts = tabulate(responses, list(MEETINGS), words)
    tables = []
    for cycle, items in itertools.groupby(counts.items(), key=lambda item: item[0][0]):
        of_kinds = {
            (cycle, MEETINGS[variable]): dict(zip(words, n.sum(axis=0).tolist(), strict=True))
            for (_, variable), n in items
        }
        named = order_frequencies(word for of_kind in of_kinds.values() for word, n in of_kind.items() if n)
        in_order = {key: np.array([of_kind[word] for word in named]) for key, of_kind in of_kinds.items()}
        tables.append(spread_counts(in_order, ["cycle", "kind"], "frequency", named))
    return pd.concat(tables, ignore_index=True) if tables else spread_counts({}, ["cycle", "kind"], "frequency", [])


def _list_words(responses):
    """List the answers as they were typed, in the order of the categories."""
    columns = [responses[variable] for variable in MEETINGS if variable in responses.columns]
    words = dict.fromkeys(word for column in columns for word in encode(column)[1])
    return [word for word in words if word != NOT_ASKED]
