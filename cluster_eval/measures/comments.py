"""Who disagreed, and who of them said why."""

import pandas as pd

from cluster_eval.vocabulary import COMMENTS, DISAGREEING

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
    with_comment = responses[responses["variable"].isin(list(COMMENTS))]
    with_comment = with_comment.assign(question=with_comment["variable"].map(COMMENTS), comment=with_comment["answer"])
    answered = responses[responses["variable"].isin(list(COMMENTS.values()))].rename(columns={"variable": "question"})
    keys = ["cycle", "response_id", "question"]
    both = answered[[*keys, "answer"]].merge(with_comment[[*keys, "comment"]], on=keys)
    both["disagreed"] = both["answer"].isin(list(DISAGREEING))
    both["commented"] = both["disagreed"] & both["comment"].notna()
    if both.empty:
        return pd.DataFrame(columns=COLUMNS)
    return both.groupby(["cycle", "question"], sort=False)[["disagreed", "commented"]].sum().reset_index()
