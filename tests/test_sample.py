"""The sample data: plausible beyond the published totals, which the reconciliation checks, and always the same."""

import csv
import re
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import stats

from cluster_eval.vocabulary import ANSWERS, DISAGREEING, HEALTH_BOARDS, LEVELS, QUESTIONS, RATINGS
from tools.sample.__main__ import main
from tools.sample.dealing import deal
from tools.sample.files import write_sample
from tools.sample.plausibility import SEED, find_seed
from tools.sample.published import PUBLISHED_FIGURES, count_from_shares, read_published

ROOT = Path(__file__).resolve().parent.parent
REGISTER_SIZES = dict(zip(HEALTH_BOARDS, (11, 14, 9, 8, 7, 3, 8), strict=True))
RESPONSES = {"2023-24": 46, "2024-25": 53}
CYCLES = tuple(RESPONSES)
FILES = (
    "data/reference/clusters.csv",
    "data/2023-24/responses.xlsx",
    "data/2023-24/codebook.csv",
    "data/2024-25/responses.xlsx",
    "data/2024-25/codebook.csv",
    "data/2024-25/coding.csv",
)
LABEL = "Sample text: "
LEFT_OUT = [3, 2, 3, 2, 3, 2, 1, 2, 2, 1, 1, 3, 2, 2, 3, 3, 2, 3, 2, 2]
SUBTHEMES = {
    "Resource deficiency": {"Time constraints", "Financial constraints", "Lack of adequate support"},
    "Strategic alignment and governance": {
        "Aligning ambition with resources",
        "Funding challenges for successful projects",
        "Need for greater autonomy",
    },
    "Operational strain": {"Overstretched resources", "Invisible workload", "More time"},
    "Underdeveloped system working": {
        "Role ambiguity",
        "Challenges in implementation and perceived effectiveness of Pan-Cluster Planning Groups (PCPG) and "
        "professional collaboratives",
        "Inter-organisational disconnect",
    },
}


def normalise_heading(heading):
    return " ".join(heading.replace("’", "'").casefold().split())


def read_export(cycle):
    path = ROOT / "data" / cycle / "responses.xlsx"
    return pd.read_excel(path, sheet_name="Sheet1", engine="calamine")


def read_codebook(cycle):
    return pd.read_csv(ROOT / "data" / cycle / "codebook.csv")


def read_responses(cycle):
    codebook = read_codebook(cycle)
    variables = dict(zip(codebook["heading"].map(normalise_heading), codebook["variable"], strict=True))
    export = read_export(cycle)
    return export.rename(columns={heading: variables.get(normalise_heading(heading)) for heading in export.columns})


def read_score(cell):
    if not isinstance(cell, str):
        return np.nan
    level = re.sub(r"[\s-]+", " ", cell.split(":")[0]).strip().casefold()
    return 1 + [known.replace("-", " ").casefold() for known in LEVELS].index(level)


def read_scores(cycle):
    responses = read_responses(cycle).set_index("cluster")
    return responses[list(RATINGS)].map(read_score)


def read_figures():
    with (ROOT / PUBLISHED_FIGURES).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FIGURES = read_figures()


def select_figures(*figures, **conditions):
    rows = [
        row
        for row in FIGURES
        if row["figure"] in figures and all(row[column] == value for column, value in conditions.items())
    ]
    return [
        pytest.param(row, id="-".join(("figure", *(row[key] for key in ("figure", "outcome", "cycle", "series")))))
        for row in rows
    ]


@pytest.fixture(scope="module")
def responses():
    return {cycle: read_responses(cycle) for cycle in CYCLES}


@pytest.fixture(scope="module")
def scores():
    return {cycle: read_scores(cycle) for cycle in CYCLES}


@pytest.fixture(scope="module")
def coding():
    return pd.read_csv(ROOT / "data/2024-25/coding.csv")


@pytest.fixture(scope="module")
def register():
    return pd.read_csv(ROOT / "data/reference/clusters.csv").set_index("cluster")


# Files


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder into which the command wrote everything."""
    folder = tmp_path_factory.mktemp("sample")
    main(["--into", str(folder)])
    return folder


@pytest.mark.parametrize("name", FILES)
def test_committed_file_is_what_the_program_writes(name, written):
    assert (written / name).read_bytes() == (ROOT / name).read_bytes()


def test_command_writes_these_files_and_tells_of_each(tmp_path, capsys):
    main(["--into", str(tmp_path)])
    assert len(capsys.readouterr().out.splitlines()) == len(FILES)
    found = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(found) == sorted(FILES)


def test_the_figures_under_the_root_are_used_first(tmp_path):
    published = tmp_path / PUBLISHED_FIGURES
    published.parent.mkdir(parents=True)
    published.write_text("figure,framework,outcome,cycle,series,value,unit\n", encoding="utf-8")
    with pytest.raises(KeyError):
        write_sample(tmp_path)


def test_seed_is_the_first_plausible_one():
    assert find_seed(read_published(ROOT / PUBLISHED_FIGURES)) == SEED


# Reference


def test_register_holds_sixty_clusters_and_twelve_in_each_fifth(register):
    assert len(register) == 60
    assert register.index.is_unique
    assert register.index.str.fullmatch(r"(AB|BC|CV|CT|HD|PO|SB)-\d\d").all()
    assert register["health_board"].value_counts(sort=False).to_dict() == REGISTER_SIZES
    assert register["deprivation_fifth"].value_counts().sort_index().to_dict() == dict.fromkeys(range(1, 6), 12)


# The export


@pytest.mark.parametrize("cycle", CYCLES)
def test_export_looks_like_microsoft_forms(cycle):
    export = read_export(cycle)
    assert list(export.columns[:6]) == [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        "Last modified time",
    ]
    assert export.columns.map(normalise_heading).is_unique
    assert (export["Email"] == "anonymous").all()
    assert export[["Name", "Last modified time"]].isna().all(axis=None)
    assert export["ID"].is_monotonic_increasing
    assert export["ID"].is_unique
    assert export["ID"].max() - export["ID"].min() + 1 > len(export), "no number was skipped"
    assert any("\N{NO-BREAK SPACE}" in heading for heading in export.columns)
    assert any(heading.endswith(" ") for heading in export.columns)
    assert any("’" in heading for heading in export.columns)


@pytest.mark.parametrize("cycle", CYCLES)
def test_responses_were_given_during_fieldwork(cycle, responses):
    params = yaml.safe_load((ROOT / "params" / f"{cycle}.yml").read_text(encoding="utf-8"))
    opens = datetime.combine(params["fieldwork"]["opens"], datetime.min.time())
    closes = datetime.combine(params["fieldwork"]["closes"], datetime.max.time())
    frame = responses[cycle]
    assert frame["started"].min() >= opens
    assert frame["completed"].max() <= closes
    assert frame["completed"].is_monotonic_increasing
    taken = frame["completed"] - frame["started"]
    assert taken.between(timedelta(minutes=10), timedelta(minutes=90)).all()


@pytest.mark.parametrize("cycle", CYCLES)
def test_codebook_names_every_question_asked_and_no_other(cycle):
    codebook = read_codebook(cycle)
    expected = {"response_id", "started", "completed", "health_board", "cluster", *RATINGS}
    if cycle == "2024-25":
        expected |= {*QUESTIONS, *(f"{question}_comment" for question in QUESTIONS)}
        expected |= {"meetings_current", "meetings_ideal"}
    assert set(codebook["variable"]) == expected
    assert codebook["variable"].is_unique
    headings = set(read_export(cycle).columns.map(normalise_heading))
    assert headings - set(codebook["heading"].map(normalise_heading)) == {"email", "name", "last modified time"}
    assert set(codebook["heading"].map(normalise_heading)) <= headings
    assert codebook["heading"].map(lambda heading: heading == " ".join(heading.split()) and "’" not in heading).all()


def test_layout_changed_between_cycles():
    first, second = (read_codebook(cycle).set_index("variable")["heading"] for cycle in CYCLES)
    assert not set(first[list(RATINGS)]) & set(second[list(RATINGS)])
    assert list(first.index) != [variable for variable in second.index if variable in first.index]


@pytest.mark.parametrize("cycle", CYCLES)
def test_ratings_have_descriptors_and_a_few_variants(cycle, responses):
    cells = responses[cycle][list(RATINGS)].melt()["value"].dropna()
    plain = cells.str.match(rf"^({'|'.join(LEVELS)}): \S")
    assert 0.85 < plain.mean() < 0.98
    assert cells[~plain].str.match(r"^(Pre-Foundation|Pre foundation): ").any()
    assert (cells == "Mature ").any()


def test_neutral_answer_has_both_spellings(responses):
    given = set(responses["2024-25"][list(QUESTIONS)].melt()["value"])
    assert given == {*ANSWERS, "Neither disagree nor agree"}


# Totals


@pytest.mark.parametrize("cycle", CYCLES)
def test_each_cluster_responds_once_and_under_its_own_health_board(cycle, responses, register):
    frame = responses[cycle]
    assert len(frame) == RESPONSES[cycle]
    assert frame["cluster"].is_unique
    assert (frame["health_board"].to_numpy() == register.loc[frame["cluster"], "health_board"].to_numpy()).all()


def test_bases(scores):
    short = {"pcmw_7": 45, "pcmw_13": 44, "acd_2": 45, "acd_7": 45}
    assert scores["2023-24"].count().to_dict() == {variable: short.get(variable, 46) for variable in RATINGS}
    assert scores["2024-25"].count().to_dict() == dict.fromkeys(RATINGS, 53)


def test_exactly_one_response_has_the_ratings_that_the_published_means_leave_out(scores):
    assert (scores["2024-25"] == LEFT_OUT).all(axis="columns").sum() == 1


# Published levels and published means of the first cycle agree in these outcomes only; the sample keeps the levels.
CONSISTENT_MEANS = ("pcmw_1", "pcmw_2", "pcmw_13", "acd_1", "acd_7")


@pytest.mark.parametrize("row", select_figures("18", "32", cycle="2023-24"))
def test_mean_of_the_first_cycle(row, scores):
    variable = f"{row['framework'].lower()}_{row['outcome']}"
    given = scores["2023-24"][variable].dropna()
    excess = given.sum() - float(row["value"]) * len(given)
    assert excess == pytest.approx(round(excess), abs=1e-9), "the published mean has another base"
    assert abs(round(excess)) in ((0,) if variable in CONSISTENT_MEANS else (1, 2))


# Beyond totals


@pytest.mark.parametrize("cycle", CYCLES)
def test_ratings_of_one_cluster_correlate(cycle, scores):
    pairs = combinations(RATINGS, 2)
    correlations = [scores[cycle][list(pair)].corr("spearman").iloc[0, 1] for pair in pairs]
    assert 0.2 <= np.mean(correlations) <= 0.45


def test_linked_ratings_mostly_move_by_a_step_or_none(scores):
    first, second = scores.values()
    linked = first.index.intersection(second.index)
    assert len(linked) >= 39
    moves = (second.loc[linked] - first.loc[linked]).abs().to_numpy()
    moves = moves[~np.isnan(moves)]
    assert (moves <= 1).mean() >= 0.85
    assert (moves > 0).mean() >= 0.2


@pytest.mark.parametrize("cycle", CYCLES)
@pytest.mark.parametrize("variable", RATINGS)
def test_deprivation_is_unrelated_to_maturity(cycle, variable, scores, register):
    given = scores[cycle][variable].dropna()
    fifths = register.loc[given.index, "deprivation_fifth"]
    assert stats.f_oneway(*(given[fifths == fifth] for fifth in range(1, 6))).pvalue > 0.05


@pytest.mark.parametrize("question", QUESTIONS)
def test_agreement_follows_maturity_loosely(question, responses, scores):
    frame = responses["2024-25"].set_index("cluster")[question].replace({"Neither disagree nor agree": ANSWERS[2]})
    agreement = -frame.map(ANSWERS.index)
    assert 0.1 <= stats.spearmanr(agreement, scores["2024-25"].mean(axis="columns")).statistic <= 0.5


def test_disagreement_about_support_and_time_overlaps(responses):
    unsupported, hurried = (
        responses["2024-25"][question].isin(DISAGREEING) for question in ("system_support", "time_achievable")
    )
    by_chance = unsupported.sum() * hurried.sum() / len(unsupported)
    assert by_chance < (unsupported & hurried).sum() < unsupported.sum()


# Words


@pytest.mark.parametrize(
    ("question", "comments"),
    {"progress": 4, "role": 2, "system_support": 18, "health_board_access": 7, "time_achievable": 25}.items(),
)
def test_whoever_disagreed_commented_and_nobody_else(question, comments, responses):
    frame = responses["2024-25"]
    commented = frame[f"{question}_comment"].notna()
    assert commented.sum() == comments
    assert (commented == frame[question].isin(DISAGREEING)).all()


@pytest.fixture(scope="module")
def comments(responses):
    columns = [f"{question}_comment" for question in QUESTIONS]
    cells = responses["2024-25"].melt("response_id", columns).dropna()
    return cells.set_index(["response_id", "variable"])["value"]


def test_comments_are_labelled_and_different(comments):
    assert comments.str.startswith(LABEL).all()
    assert comments.is_unique


def test_comments_point_at_nobody(comments):
    text = " ".join(comments)
    assert not re.search(r"[\d@%]|www", text)
    assert not [name for name in HEALTH_BOARDS if name in text]
    sentences = [sentence for comment in comments for sentence in re.split(r"(?<=\.) ", comment.removeprefix(LABEL))]
    capitals = {word for sentence in sentences for word in re.findall(r"\b[A-Z]\w*", sentence[1:])}
    assert not capitals, "a capital inside a sentence may be a name"


def test_coding_has_the_published_themes(coding):
    given = coding.groupby("theme")["subtheme"].agg(set).to_dict()
    assert given == SUBTHEMES


def test_excerpts_are_whole_sentences_of_the_comment(coding, comments):
    cells = coding.drop_duplicates(["response_id", "question", "excerpt"])
    for row in cells.itertuples():
        comment = comments.loc[row.response_id, f"{row.question}_comment"].removeprefix(LABEL)
        assert row.excerpt in comment
        assert row.excerpt.endswith(".")
        assert comment.startswith(row.excerpt) or f". {row.excerpt}" in comment
    per_comment = cells.groupby(["response_id", "question"]).size()
    assert len(per_comment) == len(comments)
    assert per_comment.isin([1, 2]).all()


def test_themes_first_occur_in_the_published_order(coding):
    assert list(coding["theme"].unique()) == [
        "Resource deficiency",
        "Strategic alignment and governance",
        "Operational strain",
        "Underdeveloped system working",
    ]


def test_three_coders_code_every_excerpt_and_mostly_agree(coding):
    excerpts = coding.groupby(["response_id", "question", "excerpt"])
    assert (excerpts["coder"].agg(lambda coders: tuple(sorted(coders))) == ("Coder 1", "Coder 2", "Coder 3")).all()
    codes = excerpts["subtheme"].nunique()
    assert set(codes) == {1, 2}
    assert 0.8 <= (codes == 1).mean() <= 0.9


def test_every_subtheme_has_enough_excerpts(coding):
    majority = coding.groupby(["response_id", "question", "excerpt"])["subtheme"].agg(lambda given: given.mode()[0])
    majority = majority.reset_index()
    assert majority["subtheme"].value_counts().min() >= 4
    assert majority.groupby("subtheme")["response_id"].nunique().min() >= 3
    assert majority["subtheme"].nunique() == 12


@pytest.mark.parametrize(("cycle", "number"), [("2023-24", 12), ("2024-25", 7)])
def test_actions(cycle, number):
    actions = pd.read_csv(ROOT / "data" / cycle / "actions.csv", keep_default_na=False)
    assert list(actions.columns) == ["action", "title", "finding", "lead", "timescale", "status", "progress"]
    assert len(actions) == number
    assert actions[["action", "lead", "timescale"]].ne("").all(axis=None)
    assert actions["title"].is_unique and (actions["title"].str.len() < actions["action"].str.len()).all()
    for column in ("status", "progress"):
        assert (actions[column].ne("") == (cycle == "2023-24")).all()
    assert not actions["action"].str.contains(r"[\d%]").any()
    without_dates = actions["progress"].str.replace(r"\b[A-Z][a-z]+ 20\d\d\b", "", regex=True)
    assert not without_dates.str.contains(r"[\d%]").any()


def test_readme_says_that_the_rows_are_synthetic():
    text = (ROOT / "data/README.md").read_text(encoding="utf-8")
    for words in ("synthetic responses", "fixed seed", "nobody said", "make sample", "codes such as"):
        assert words in text


# Parts


def test_shares_that_fit_no_base_are_refused():
    with pytest.raises(ValueError, match="no base from 44 to 46"):
        count_from_shares({"Mature": 0.4321, "Developing": 0.5679}, 46)


def test_dealing_is_exact_and_follows_the_order():
    assert deal({"low": 2, "none": 0, "high": 1}, np.array([0.3, 9.0, -1.0])) == ["low", "high", "low"]
