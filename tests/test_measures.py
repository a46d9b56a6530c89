"""Measures against other programs and against arithmetic; the reconciliation has them against the published report."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from benchmarks.growth import make_data, measure_growth
from cluster_eval import measures, open_report
from cluster_eval.sources.cycle import join_responses
from cluster_eval.vocabulary import ANSWERS, COMMENTS, LEVELS, MEETINGS, NOT_ASKED, QUESTIONS, RATINGS
from tests.conftest import CYCLES, ROOT


@pytest.fixture(scope="module")
def report():
    return open_report("2024-25", ROOT)


@pytest.fixture(scope="module")
def maturity(report):
    return measures.maturity.summarise(report.responses)


def test_meetings_come_in_the_order_of_their_number(report):
    meetings = measures.meetings.summarise(report.responses)
    assert list(meetings["frequency"].unique()) == [
        f"{number} meetings a year" for number in ("Four", "Five", "Six", "Ten", "Twelve", "More than twelve")
    ]


def test_comments_are_asked_of_those_who_disagreed_as_in_appendix_6(report):
    comments = measures.comments.summarise(report.responses).set_index("question")
    assert comments["disagreed"].to_dict() == dict(zip(QUESTIONS, (4, 2, 18, 7, 25), strict=True))
    answers = report.responses[report.responses["cycle"] == "2024-25"]
    for question, row in comments.iterrows():
        disagreed = answers[answers[question].isin(ANSWERS[3:])]
        assert row["commented"] == disagreed[f"{question}_comment"].notna().sum() > 0


@pytest.mark.parametrize("cycle", CYCLES)
@pytest.mark.parametrize(("framework", "outcomes"), [("PCMW", 13), ("ACD", 7)])
def test_means_are_those_of_numpy(report, cycle, framework, outcomes):
    answers = report.responses[report.responses["cycle"] == cycle]
    means = measures.maturity.summarise_means(report.responses, framework).query("cycle == @cycle")
    means = means.set_index("outcome")
    expected = []
    for outcome in range(1, outcomes + 1):
        given_levels = answers[f"{framework.lower()}_{outcome}"].dropna()
        expected.append(np.mean([1 + LEVELS.index(level) for level in given_levels]))
        assert means.loc[str(outcome), "mean"] == pytest.approx(expected[-1])
        assert means.loc[str(outcome), "base"] == len(given_levels)
    assert means.loc["all", "mean"] == pytest.approx(np.mean(expected))


def make_table(answers, cycle="2024-25"):
    """Make one cycle's responses, as text, of rows of answers: a mapping of variable to answer for each cluster."""
    places = range(len(answers))
    keys = {
        "cycle": cycle,
        "response_id": [str(place) for place in places],
        "row": [place + 2 for place in places],
        "completed": pd.Timestamp("2025-04-30 14:05:00"),
        "cluster": [f"C-{place}" for place in places],
        "health_board": "Powys",
        "deprivation_fifth": [place % 5 + 1 for place in places],
    }
    asked = {variable: "str" for variable in answers[0]}
    return pd.concat([pd.DataFrame(keys), pd.DataFrame(answers).astype(asked)], axis="columns")


def make_responses(*cycles):
    """Make tidy responses of the rows of answers of one cycle, or of two."""
    return join_responses(
        [make_table(rows, cycle) for rows, cycle in zip(cycles, reversed(CYCLES), strict=False)][::-1]
    )


def make_related_responses():
    """Make responses whose scores go with deprivation, in each outcome a little more than in the one before."""
    random = np.random.default_rng(2025)
    variables = list(RATINGS)
    slopes = np.linspace(0, 0.5, len(variables))
    fifths = np.arange(60) % 5 + 1
    scores = 2.5 + slopes * (fifths[:, None] - 3) + random.normal(0, 0.8, (60, len(variables)))
    levels = np.array(LEVELS)[np.clip(scores.round().astype(int), 1, 4) - 1]
    return make_responses([dict(zip(variables, map(str, row), strict=True)) for row in levels])


@pytest.mark.parametrize("source", [*CYCLES, "related"])
def test_analysis_of_variance_is_that_of_scipy_and_pingouin_and_holm_that_of_statsmodels(report, source):
    responses = make_related_responses() if source == "related" else report.responses.query("cycle == @source")
    tests = measures.deprivation.summarise(responses)
    assert len(tests) == len(RATINGS) == 20
    ratings = measures.maturity.select_ratings(responses).dropna(subset=["score"])
    for row in tests.itertuples():
        of_outcome = ratings[(ratings["framework"] == row.framework) & (ratings["outcome"] == row.outcome)]
        fifths = [scores.to_numpy() for _, scores in of_outcome.groupby("deprivation_fifth")["score"]]
        expected = stats.f_oneway(*fifths)
        assert (row.statistic, row.p) == pytest.approx((expected.statistic, expected.pvalue))
        other = pingouin.anova(data=of_outcome, dv="score", between="deprivation_fifth", detailed=True)
        assert (row.statistic, row.p, row.eta_squared) == pytest.approx(
            tuple(other.loc[0, ["F", "p_unc", "np2"]]), abs=1e-12
        )
        assert (row.df_between, row.df_within) == tuple(other["DF"])
        assert (row.df_between, row.df_within, row.n) == (4, len(of_outcome) - 5, len(of_outcome))
        mean = of_outcome["score"].mean()
        between = sum(len(fifth) * (fifth.mean() - mean) ** 2 for fifth in fifths)
        assert row.eta_squared == pytest.approx(between / ((of_outcome["score"] - mean) ** 2).sum())
    np.testing.assert_allclose(tests["p_holm"], multipletests(tests["p"], method="holm")[1])
    if source == "related":
        # Here the adjustment tells: some adjusted p values are below 1 and other than Bonferroni's.
        bonferroni = multipletests(tests["p"], method="bonferroni")[1]
        assert ((tests["p_holm"] < 1) & (tests["p_holm"] < 0.99 * bonferroni)).sum() > 3


def draw_rows(**accepted):
    row = st.fixed_dictionaries({name: st.none() | st.sampled_from(words) for name, words in accepted.items()})
    return st.lists(row, min_size=1, max_size=12)


def check_counts(table, keys, category, rows, variables):
    """Check each group's counts against the rows, which hold None for a blank."""
    for group, counts in table.groupby(keys, sort=False):
        given_answers = [row[variables[group]] for row in rows]
        blanks = given_answers.count(None)
        assert counts["n"].sum() == counts["base"].iloc[0] == len(rows) - blanks
        assert counts["base"].nunique() == 1
        assert dict(zip(counts[category], counts["n"], strict=True)) == {
            word: given_answers.count(word) for word in counts[category]
        }
        if blanks < len(rows):
            assert counts["share"].sum() == pytest.approx(1)
        else:
            assert counts["share"].isna().all()


@settings(max_examples=40, deadline=None)
@given(draw_rows(pcmw_1=LEVELS, pcmw_13=LEVELS, acd_2=LEVELS))
def test_levels_sum_to_the_base_and_blanks_make_up_the_responses(rows):
    table = measures.maturity.summarise(make_responses(rows))
    variables = {("PCMW", "1"): "pcmw_1", ("PCMW", "13"): "pcmw_13", ("ACD", "2"): "acd_2"}
    single = table[table["outcome"] != "all"]
    assert set(single.groupby(["framework", "outcome"]).groups) == set(variables)
    assert list(single["level"]) == [*LEVELS] * 3
    check_counts(single, ["framework", "outcome"], "level", rows, variables)
    for framework, of_framework in table.groupby("framework"):
        summed = of_framework[of_framework["outcome"] == "all"].set_index("level")["n"]
        of_outcomes = of_framework[of_framework["outcome"] != "all"].groupby("level")["n"].sum()
        assert summed.to_dict() == of_outcomes.to_dict(), framework


@settings(max_examples=40, deadline=None)
@given(draw_rows(role=ANSWERS, progress=ANSWERS))
def test_answers_sum_to_the_base_and_blanks_make_up_the_responses(rows):
    table = measures.agreement.summarise(make_responses(rows))
    assert list(table["answer"]) == [*ANSWERS] * 2
    check_counts(table, "question", "answer", rows, {"role": "role", "progress": "progress"})


@settings(max_examples=40, deadline=None)
@given(draw_rows(meetings_current=("Four", "Six", "Often"), meetings_ideal=("Six", "Twelve")))
def test_meetings_have_a_row_of_each_kind_for_every_frequency_that_anyone_named(rows):
    table = measures.meetings.summarise(make_responses(rows))
    named = {answer for row in rows for answer in row.values()} - {None}
    if not named:
        assert table.empty or set(table["n"]) == {0}
        return
    assert {kind: set(of_kind["frequency"]) for kind, of_kind in table.groupby("kind")} == dict.fromkeys(
        ("current", "ideal"), named
    )
    check_counts(table, "kind", "frequency", rows, {"current": "meetings_current", "ideal": "meetings_ideal"})


@settings(max_examples=40, deadline=None)
@given(draw_rows(role=ANSWERS, role_comment=("because",)))
def test_comments_count_only_of_those_who_disagreed(rows):
    [row] = measures.comments.summarise(make_responses(rows)).to_dict("records")
    disagreed = [row for row in rows if row["role"] in ("Disagree", "Strongly disagree")]
    assert row["disagreed"] == len(disagreed)
    assert row["commented"] == sum(row["role_comment"] is not None for row in disagreed)


@pytest.mark.parametrize(
    "levels",
    [["Mature"] * 5, ["Mature", None, None, None, None], [None] * 5],
    ids=["all alike", "one fifth alone", "none"],
)
def test_analysis_of_variance_that_cannot_be_calculated_is_missing(levels):
    responses = make_responses([{"acd_1": level, "acd_2": LEVELS[i % 2]} for i, level in enumerate([*levels, *levels])])
    tests = measures.deprivation.summarise(responses).set_index("outcome")
    assert tests.loc["1", ["statistic", "p", "p_holm"]].isna().all()
    assert tests.loc["1", "n"] == 2 * sum(level is not None for level in levels)


def test_themes_count_what_the_majority_of_those_who_read_a_comment_gave():
    codes = [
        # Two of the three who read the comment gave it More, one Less; the third coded another excerpt of it.
        ("1", "role", "Time", "More", "Coder 1", "We lack hours."),
        ("1", "role", "Time", "More", "Coder 2", "We lack hours."),
        ("1", "role", "Time", "Less", "Coder 2", "We lack hours."),
        ("1", "role", "Money", "Funds", "Coder 3", "And funds."),
        # One alone read this comment, and two that one, who do not agree: half is no majority.
        ("1", "progress", "Time", "More", "Coder 1", "We lack hours."),
        ("2", "role", "Time", "More", "Coder 1", "Too late."),
        ("2", "role", "Time", "Less", "Coder 3", "Too late."),
    ]
    columns = ["response_id", "question", "theme", "subtheme", "coder", "excerpt"]
    themes = measures.themes.summarise(pd.DataFrame(codes, columns=columns).assign(cycle="2024-25"))
    assert list(themes[["theme", "subtheme", "excerpts", "responses"]].itertuples(index=False, name=None)) == [
        ("Time", "More", 2, 1),
        ("Time", "Less", 0, 0),
        ("Money", "Funds", 0, 0),
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.sampled_from("ab")] * 2, st.sampled_from("xyz"), st.sampled_from("123")), min_size=1, max_size=25
    )
)
def test_themes_are_those_of_counting_coders_one_by_one(codes):
    columns = ["response_id", "excerpt", "subtheme", "coder"]
    coding = pd.DataFrame(codes, columns=columns).assign(cycle="2024-25", question="role", theme="Time")
    found = measures.themes.summarise(coding).set_index("subtheme")["excerpts"].to_dict()
    readers = coding.groupby("response_id")["coder"].nunique()
    given_by = coding.groupby(["subtheme", "response_id", "excerpt"])["coder"].nunique().reset_index()
    majority = given_by[2 * given_by["coder"] > given_by["response_id"].map(readers)]
    assert found == {name: (majority["subtheme"] == name).sum() for name in coding["subtheme"].unique()}


def test_change_is_of_unrounded_shares_and_of_what_both_cycles_have(maturity):
    only_now = maturity.drop(maturity.query("cycle == '2023-24' and framework == 'PCMW' and outcome == '1'").index)
    changes = measures.change.compare(only_now, ["framework", "outcome", "level"], "share")
    assert len(changes) == (13 + 1 + 7 + 1 - 1) * 4
    changes = changes.set_index(["framework", "outcome", "level"])["change"]
    # 9 of 53 in figure 4 less 24 of 46 in figure 3.
    assert changes["PCMW", "12", "Pre-foundation"] == pytest.approx(9 / 53 - 24 / 46)
    assert measures.change.compare(maturity.query("cycle == '2024-25'"), ["framework"], "share").empty


MEASURES = {
    "maturity": measures.maturity.summarise,
    "means": measures.maturity.summarise_means,
    "agreement": measures.agreement.summarise,
    "meetings": measures.meetings.summarise,
    "comments": measures.comments.summarise,
    "deprivation": measures.deprivation.summarise,
    "means by fifth": lambda responses: measures.deprivation.summarise_means(responses, "PCMW"),
}
CHOICES = {
    **dict.fromkeys(RATINGS, LEVELS),
    **dict.fromkeys(QUESTIONS, ANSWERS),
    **dict.fromkeys(COMMENTS, ("because", "no time")),
    **dict.fromkeys(MEETINGS, ("Four", "Six", "Twelve")),
}


@st.composite
def draw_cycle(draw):
    """Draw the rows of a cycle that asked some of the questions, at random but with every kind likely."""
    asked = draw(st.lists(st.sampled_from([*CHOICES]), min_size=1, max_size=8, unique=True))
    number = draw(st.integers(1, 12))
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    words = {variable: (None, *CHOICES[variable]) for variable in CHOICES if variable in asked}
    return [{variable: each[generator.integers(len(each))] for variable, each in words.items()} for _ in range(number)]


def keep_shared(both):
    """Make a function that leaves out of responses the ratings of outcomes that not every one of the cycles rated."""
    shared = measures.maturity.find_shared_outcomes(measures.maturity.summarise(both))
    dropped = {name for name, (code, outcome) in RATINGS.items() if str(outcome) not in shared.get(code, ())}
    return lambda responses: responses.drop(columns=dropped.intersection(responses))


@settings(max_examples=20, deadline=None)
@given(draw_cycle(), draw_cycle())
def test_tables_of_two_cycles_are_those_of_each_one_after_the_other(current, previous):
    both = make_responses(current, previous)
    for name, summarise in MEASURES.items():
        # What averages over outcomes does so over those that both cycles rated.
        counted = keep_shared(both) if name == "means by fifth" else lambda responses: responses
        alone = [
            summarise(counted(join_responses([make_table(rows, cycle)])))
            for rows, cycle in zip((previous, current), CYCLES, strict=True)
        ]
        found = [table for table in alone if len(table)]
        table = summarise(both)
        assert len(table) == sum(map(len, found)), name
        if found:
            alone = pd.concat(found, ignore_index=True)
            single = table["outcome"] != "all" if "outcome" in table.columns else slice(None)
            pd.testing.assert_frame_equal(table[single], alone[single], check_dtype=False)


@settings(max_examples=20, deadline=None)
@given(draw_cycle(), draw_cycle())
def test_what_a_cycle_did_not_ask_has_no_row_and_what_nobody_answered_has(current, previous):
    responses = make_responses([dict.fromkeys(row) for row in current], previous)
    columns = {"maturity": ["framework", "outcome"], "agreement": ["question"]}
    names = {
        "maturity": {variable: (framework, str(outcome)) for variable, (framework, outcome) in RATINGS.items()},
        "agreement": {question: question for question in QUESTIONS},
    }
    for name, keys in columns.items():
        table = MEASURES[name](responses)
        for cycle, rows in zip(CYCLES, (previous, current), strict=True):
            of_cycle = table[table["cycle"] == cycle]
            of_cycle = of_cycle[of_cycle["outcome"] != "all"] if name == "maturity" else of_cycle
            assert set(of_cycle.groupby(keys if len(keys) > 1 else keys[0]).groups) == {
                key for variable, key in names[name].items() if variable in rows[0]
            }
        blank = table[table["cycle"] == CYCLES[1]]
        assert set(blank["n"]) | set(blank["base"]) <= {0}
        assert blank["share"].isna().all()
    assert NOT_ASKED not in MEASURES["meetings"](responses)["frequency"].to_list()


@settings(max_examples=20, deadline=None)
@given(draw_cycle(), draw_cycle(), st.integers(0, 2**32))
def test_order_of_rows_makes_no_difference(current, previous, seed):
    responses = make_responses(current, previous)
    shuffled = responses.sample(frac=1, random_state=np.random.default_rng(seed))
    for summarise in MEASURES.values():
        pd.testing.assert_frame_equal(summarise(shuffled), summarise(responses), check_exact=True)


def test_order_of_rows_makes_no_difference_to_participation_and_themes(report):
    for summarise, tables in (
        (measures.participation.summarise, (report.responses, report.register)),
        (measures.themes.summarise, (report.coding,)),
    ):
        shuffled = [table.sample(frac=1, random_state=2025) for table in tables]
        pd.testing.assert_frame_equal(summarise(*shuffled), summarise(*tables), check_exact=True)


@pytest.mark.parametrize("cycle", CYCLES)
def test_columns_of_text_are_counted_as_categories_are(report, cycle):
    responses = report.responses.query("cycle == @cycle")
    text = responses.astype({column: "str" for column in responses.select_dtypes("category")})
    for summarise in MEASURES.values():
        pd.testing.assert_frame_equal(summarise(text), summarise(responses), check_exact=True)


def test_analysis_of_variance_loses_no_digit_where_fifths_hardly_differ():
    n = 10_000
    counts = np.full((5, 4), n)
    counts[0, 0] += 1
    scores = [np.repeat([1, 2, 3, 4], of_fifth) for of_fifth in counts]
    fifth = np.repeat([1, 2, 3, 4, 5], counts.sum(axis=1))
    levels = pd.Categorical.from_codes(np.concatenate(scores) - 1, [*LEVELS, NOT_ASKED], ordered=True)
    [row] = measures.deprivation.summarise(
        pd.DataFrame({"cycle": "2024-25", "deprivation_fifth": fifth, "acd_1": levels})
    ).to_dict("records")
    # With the scores taken from their mean, so that sums of squares are small.
    expected = stats.f_oneway(*(of_fifth - 2.5 for of_fifth in scores))
    assert (row["statistic"], row["p"]) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-6)


def test_growth_is_measured_and_memory_grows_with_the_responses_or_less():
    small, large = measure_growth(sizes=(2_000, 20_000), repeats=1)
    assert set(small) == {"size", "seconds", "bincount_seconds", "ratio", "peak_mebibytes"}
    assert (small["size"], large["size"]) == (2_000, 20_000)
    assert large["peak_mebibytes"] < 10 * small["peak_mebibytes"]


def test_synthetic_responses_have_the_shape_of_those_that_are_read(report):
    made, read = make_data(100), (report.responses, report.register, report.coding)
    for one, other in zip(made, read, strict=True):
        assert list(one.columns) == list(other.columns)
        for column in one.columns:
            assert one[column].dtype.kind == other[column].dtype.kind
            assert isinstance(one[column].dtype, pd.CategoricalDtype) == isinstance(
                other[column].dtype, pd.CategoricalDtype
            )
    assert (made[0][[*RATINGS, *QUESTIONS]].dtypes == read[0][[*RATINGS, *QUESTIONS]].dtypes).all()
