"""Who disagreed, and who of them said why."""

import numpy as np
import pandas as pd

from cluster_eval.measures.counting import encode
from cluster_eval.vocabulary import ANSWERS, COMMENTS, DISAGREEING, NOT_ASKED

COLUMNS = ["cycle", "question", "disagreed", "commented"]


def summarise(responses: pd.DataFrame) -> pd.DataFrame:
    """Count disagreements with each agreement question, and comments on them.

    Parameters
    ----------
    responses : DataFrame
        Tidy responses.

    Returns
    -------
    DataFrame
        cycle, question, disagreed (answers Disagree or Strongly disagree), commented (of those, with a
        comment). A question that a cycle asked without room for a comment has no row.
    """
    codes, cycles = encode(responses["cycle"])
    kind = pd.CategoricalDtype([*ANSWERS, NOT_ASKED], ordered=True)
    asked = [variable for variable in COMMENTS if {variable, COMMENTS[variable]}.issubset(responses.columns)]
    counts = {}
    for variable in asked:
        answers = responses[COMMENTS[variable]].astype(kind).array.codes
        disagreed = np.flatnonzero(np.logical_or.reduce([answers == ANSWERS.index(answer) for answer in DISAGREEING]))
        commented = responses[variable].iloc[disagreed].notna().to_numpy()
        n = np.bincount(codes[disagreed] * np.intp(2) + commented, minlength=2 * len(cycles)).reshape(-1, 2)
        counts[variable] = (n.sum(axis=1), n[:, 1])
    rows = []
    for place, cycle in enumerate(cycles):
        # What a cycle did not ask, it did not ask of its first response.
        for first in np.flatnonzero(codes == place)[:1]:
            rows += [
                (cycle, COMMENTS[variable], *(int(n[place]) for n in counts[variable]))
                for variable in asked
                if NOT_ASKED not in (responses[variable].iat[first], responses[COMMENTS[variable]].iat[first])
            ]
    return pd.DataFrame(rows, columns=COLUMNS)
