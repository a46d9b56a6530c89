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
    # The last two are of those who were not asked, and of blanks, whose code is -1.
    disagreeing = np.array([answer in DISAGREEING for answer in ANSWERS] + [False, False])
    kind = pd.CategoricalDtype([*ANSWERS, NOT_ASKED], ordered=True)
    asked = [variable for variable in COMMENTS if {variable, COMMENTS[variable]}.issubset(responses.columns)]
    counts = {}
    for variable in asked:
        rows = np.flatnonzero(disagreeing[responses[COMMENTS[variable]].astype(kind).array.codes])
        commented = responses[variable].iloc[rows].notna().to_numpy()
        counts[variable] = [np.bincount(of, minlength=len(cycles)) for of in (codes[rows], codes[rows[commented]])]
    table = []
    for place, cycle in enumerate(cycles):
        # A cycle that did not ask a question did not ask it of its first response.
        for _, first in responses[codes == place].iloc[:1].iterrows():
            table += [
                (cycle, COMMENTS[variable], *(int(n[place]) for n in counts[variable]))
                for variable in asked
                if NOT_ASKED not in (first[variable], first[COMMENTS[variable]])
            ]
    return pd.DataFrame(table, columns=COLUMNS)
