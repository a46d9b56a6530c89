"""Why a published value differs: named hypotheses, each put to the test of reproducing what was published.

A hypothesis predicts values. It explains a chart when its predictions are the published values, every one of them,
and it explains claims when it reproduces them. What would fit anything explains nothing: of each hypothesis
it is counted how many variants were tried, and an explanation is given only where the chance that one of them
would have fitted values drawn at random is small.
"""

import math
from dataclasses import replace

import pandas as pd

from cluster_eval.reconcile.hypotheses import (
    LARGEST_CHANCE,
    Explanation,
    is_same,
    name_cause,
    overlay,
    predict_all,
    reproduces,
    vary_claims,
    vary_figures,
    vary_habits,
    vary_left_out_claims,
    write_like,
)
from cluster_eval.reconcile.published import MEETINGS, parse_number
from cluster_eval.reconcile.recompute import DIFFERS, MATCH, UNCLEAR, judge, recompute_claim
from cluster_eval.reconcile.slips import SLIPS
from cluster_eval.reconcile.view import View, leave_out
from cluster_eval.vocabulary import FRAMEWORKS
from cluster_eval.words import causes
from cluster_eval.words.causes import LEFT_OUT, READ_OFF, UNEXPLAINED
from cluster_eval.words.said import join_in_english, say_in_english


class LeftOut:
    """The tables without each response in turn, made when first asked for.

    Parameters
    ----------
    responses : DataFrame
        An open cycle's.
    view : View
        The tables of all of them.
    """

    def __init__(self, responses: pd.DataFrame, view: View):
        self._responses, self._view = responses, view
        self._views: dict[str, dict[str, View]] = {}

    def views(self, cycle: str) -> dict[str, View]:
        """Give the tables of a cycle without each of its responses, by the response in words."""
        if cycle not in self._views:
            own = self._responses[self._responses["cycle"] == cycle]
            self._views[cycle] = {
                say_in_english(causes.RESPONSE, response=row["response_id"], row=row["row"]): leave_out(self._view, row)
                for row in own.to_dict("records")
            }
        return self._views[cycle]


def explain_figures(
    figures: pd.DataFrame, view: View, left_out: LeftOut
) -> dict[tuple[str, str, str], Explanation | None]:
    """Explain the chart values that differ.

    Parameters
    ----------
    figures : DataFrame
        What `cluster_eval.reconcile.recompute.reconcile_figures` returns.
    view : View
        The tables of all responses.
    left_out : LeftOut
        The tables without each response.

    Returns
    -------
    dict
        (figure, cycle, unit) of each part of a chart with a value that differs, to its explanation; None where no
        hypothesis reproduces all its values. Of several, the one that chance is least likely to give is taken, and
        of responses that may have been left out, those that explain most parts of charts.
    """
    explanations = {}
    # What nobody answered cannot be recomputed, and explains nothing.
    known = figures[figures["verdict"] != UNCLEAR]
    for key, part in known.groupby(["figure", "cycle", "unit"], sort=False):
        if (part["verdict"] == DIFFERS).any():
            explanations[key] = _explain_part(part, view, left_out)
    return _agree_on_response(explanations)


def explain_claims(
    claims: pd.DataFrame,
    figures: pd.DataFrame,
    view: View,
    explained_figures: dict[tuple[str, str, str], Explanation | None],
    left_out: LeftOut,
) -> dict[str, Explanation | None]:
    """Explain the claims that do not match.

    Parameters
    ----------
    claims, figures : DataFrame
        What `cluster_eval.reconcile.recompute.reconcile_claims` and `reconcile_figures` return.
    view : View
        The tables of all responses.
    explained_figures : dict
        What `explain_figures` returns.
    left_out : LeftOut
        The tables without each response.

    Returns
    -------
    dict
        id of each claim that neither matches nor is unclear, to its explanation; None where there is none. Of several,
        the one of fewest parts is taken, then the one that explains most claims, then the least likely by chance.
    """
    wrong = claims[~claims["verdict"].isin([MATCH, UNCLEAR])].to_dict("records")
    sources = list(_list_sources(figures, view, explained_figures))
    variants = [
        *vary_habits(view, "", ()),
        *(variant for words, source in sources for variant in vary_habits(source, words, (READ_OFF,))),
        *vary_claims(view),
        *vary_left_out_claims(wrong, left_out),
    ]
    tested = [(variant, *_test_on_claims(variant, wrong, view)) for variant in variants]
    tried = {}
    for variant, applies, _ in tested:
        if applies:
            tried[variant.parts] = tried.get(variant.parts, 0) + 1
    found: dict[str, list[tuple]] = {row["id"]: [] for row in wrong}
    for variant, applies, fits in tested:
        if not fits:
            continue
        # At most the chance that, in one of the variants tried, some claims as many as these would all have fitted.
        choices = tried[variant.parts] * math.comb(len(applies), len(fits))
        chance = min(1.0, choices * math.prod(1 / _count_possible(row) for row in fits))
        if chance <= LARGEST_CHANCE:
            explanation = Explanation(
                variant.hypothesis, variant.detail, len(fits), len(applies), tried[variant.parts], chance
            )
            for row in fits:
                found[row["id"]].append((len(variant.parts), -len(fits), chance, explanation))
    texts = _published_texts(figures, view)
    for row in wrong:
        for explanation in _find_slips(row, view, texts):
            found[row["id"]].append((1, -explanation.explained, explanation.chance, explanation))
    return {
        name: min(options, key=lambda option: option[:3])[3] if options else None for name, options in found.items()
    }


def describe_figure_explanation(explanation: Explanation | None) -> str:
    """Put the explanation of a part of a chart into words.

    Parameters
    ----------
    explanation : Explanation or None
        What `explain_figures` found.

    Returns
    -------
    str
        The hypothesis, and how many values it explains.
    """
    if explanation is None:
        return say_in_english(UNEXPLAINED)
    about = {"cause": explanation.words, "explained": explanation.explained}
    return say_in_english(causes.VALUES, of=explanation.of, **about)


def describe_claim_explanation(explanation: Explanation | None) -> str:
    """Put the explanation of a claim into words.

    Parameters
    ----------
    explanation : Explanation or None
        What `explain_claims` found.

    Returns
    -------
    str
        The hypothesis, and how many claims it explains of those for which it makes a difference.
    """
    if explanation is None:
        return say_in_english(UNEXPLAINED)
    about = {"cause": explanation.words, "explained": explanation.explained}
    return say_in_english(causes.CLAIMS, n=explanation.of, **about)


def _explain_part(part, view, left_out):
    rows = part.to_dict("records")
    differing = [row for row in rows if row["verdict"] == DIFFERS]
    options = []
    # First the whole part of the chart, then what differs in it alone.
    for scope in (rows, differing):
        for variants in vary_figures(rows, view, left_out):
            fitting = [variant for variant in variants if reproduces(variant, scope)]
            if not fitting:
                continue
            tried = len({tuple(predict_all(variant, differing)) for variant in variants})
            chance = tried * math.prod(1 / _count_possible(row) for row in differing)
            if chance <= LARGEST_CHANCE:
                first = fitting[0]
                options.append(
                    Explanation(
                        first.hypothesis,
                        first.detail,
                        len(scope),
                        len(scope),
                        tried,
                        chance,
                        frozenset(variant.detail for variant in fitting)
                        if first.hypothesis == LEFT_OUT
                        else frozenset(),
                    )
                )
        if options:
            return min(options, key=lambda option: option.chance)
    return None


def _agree_on_response(explanations):
    """Keep, of the responses that may have been left out, the one that explains most parts of charts of a cycle."""
    votes: dict[tuple[str, str], int] = {}
    for (_, cycle, _), explanation in explanations.items():
        for response in explanation.candidates if explanation else ():
            votes[cycle, response] = votes.get((cycle, response), 0) + 1
    agreed = {}
    for key, explanation in explanations.items():
        if explanation is not None and explanation.candidates:
            best = max(votes[key[1], response] for response in explanation.candidates)
            chosen = sorted(response for response in explanation.candidates if votes[key[1], response] == best)
            detail = chosen[0] if len(chosen) == 1 else say_in_english(causes.ONE_OF, n=len(chosen))
            explanation = replace(explanation, detail=detail, candidates=frozenset(chosen))
        agreed[key] = explanation
    return agreed


def _list_sources(figures, view, explained):
    """Yield the tables as figures that differ show them: those with one cause together, and each by itself."""
    groups: dict[tuple, list] = {}
    for key, explanation in explained.items():
        cause = (explanation.hypothesis, explanation.detail) if explanation else (UNEXPLAINED, key[1])
        groups.setdefault(cause, []).append(key)
    for (hypothesis, detail), keys in groups.items():
        numbers = join_in_english(dict.fromkeys(figure for figure, _, _ in keys))
        cause = name_cause(hypothesis, "" if hypothesis == UNEXPLAINED else detail)
        message = causes.FIGURES if len({key[0] for key in keys}) > 1 else causes.FIGURE
        words = say_in_english(message, figures=numbers, cause=cause)
        chosen = pd.MultiIndex.from_tuples(keys)
        rows = figures[pd.MultiIndex.from_frame(figures[["figure", "cycle", "unit"]]).isin(chosen)]
        yield words, overlay(view, rows)


def _test_on_claims(variant, wrong, view):
    """Find the claims for which a variant makes a difference, and those of them that it reproduces."""
    applies, fits = [], []
    for row in wrong:
        prediction = variant.predict(row)
        if prediction is None or is_same(prediction, recompute_claim(row, view)):
            continue
        applies.append(row)
        if judge(row["published"], prediction, row["unit"]) == MATCH:
            fits.append(row)
    return applies, fits


def _count_possible(row) -> int:
    """Count the values that a quantity could have taken, as published."""
    text = row.get("value") or row.get("published", "")
    unit = row["unit"]
    if unit in ("outcome", "outcomes"):
        outcomes = FRAMEWORKS[row["framework"]].outcomes
        return outcomes if unit == "outcome" else 2**outcomes
    number = parse_number(text)
    if number is None:
        return 2
    per_unit = 10 ** max(-number.as_tuple().exponent, 0)
    if unit == "percent":
        return 100 * per_unit + 1
    if unit == "percentage points":
        return 200 * per_unit + 1
    # A chart's shares and means are those of about fifty responses: a share has as many values, a mean thrice as many.
    if unit == "score":
        return 3 * min(per_unit, _RESPONSES) + 1
    return _RESPONSES + 1


_RESPONSES = 45


def _find_slips(row, view, texts):
    """Yield the slips of one digit that turn what should stand there, or what a figure shows, into the claim."""
    recomputed = recompute_claim(row, view)
    if isinstance(recomputed, str) or recomputed is None:
        return
    published = row["published"]
    decimals = max(-parse_number(published).as_tuple().exponent, 0)
    written = {causes.RECOMPUTED: write_like(published, recomputed)}
    shown = texts.get((row["cycle"], row["framework"], row["level"]))
    if shown:
        written[causes.PUBLISHED_FIGURE] = shown
    for whose, text in written.items():
        if max(-parse_number(text).as_tuple().exponent, 0) != decimals:
            continue
        for name, slips in SLIPS.items():
            options = slips(text)
            if published in options:
                chance = len(options) / _count_possible(row)
                if chance <= LARGEST_CHANCE:
                    detail = say_in_english(causes.BECAME, text=text, whose=say_in_english(whose), published=published)
                    yield Explanation(name, detail, 1, 1, len(options), chance)


def _published_texts(figures, view):
    """Collect the published percentages of meetings, as charts show them, by what they are of."""
    rows = figures[(figures["framework"] == MEETINGS) & (figures["unit"] == "percent")]
    return {(row.cycle, row.framework, row.series): row.value for row in rows.itertuples()}
