"""The tables, the data package and the manifest that a build publishes."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pandas as pd
import pytest

from cluster_eval import measures, open_report
from cluster_eval.build.contents import list_sections
from cluster_eval.result_tables import TABLES
from cluster_eval.results import compute_results, write_results
from cluster_eval.sources.cycle import Cycle, FileReader
from cluster_eval.vocabulary import AGREEING, ANSWERS, DISAGREEING, LEVELS, QUESTIONS
from tests.helpers import CYCLES, ROOT

INTERVALS = "n base share population low_clusters high_clusters low high lowest highest weighted"

# As in the data contract: further columns may follow.
COLUMNS = {
    "participation": "cycle health_board clusters responses rate",
    "maturity": "cycle framework outcome level n base share",
    "maturity_means": "cycle framework outcome base mean",
    "agreement": "cycle question answer n base share",
    "meetings": "cycle kind frequency n base share",
    "comments": "cycle question disagreed commented",
    "themes": "cycle theme subtheme excerpts responses",
    "deprivation": "cycle framework outcome test statistic df_between df_within p n",
    "data_quality": "cycle check row detail action",
    "maturity_intervals": f"cycle framework outcome level {INTERVALS}",
    "agreement_intervals": f"cycle question answer {INTERVALS}",
    "meetings_intervals": f"cycle kind frequency {INTERVALS}",
    "change_linked": (
        "previous_cycle cycle framework outcome level clusters previous current change low high statistic p p_holm "
        "effect"
    ),
    "change_certain": "previous_cycle cycle framework outcome move at_least",
}
# Columns that have followed the contract's since before the files below were added, and are kept as they are too.
FURTHER = {"deprivation": "eta_squared p_holm"}
ADDED = {
    "outcomes": "framework outcome title component former_name narrative",
    "components": "cycle component level outcomes n base share",
    "questions": "question title statement",
    "maturity_summed_intervals": (
        "cycle framework level n base share responses population low high lowest highest weighted"
    ),
    "mean_intervals": "cycle framework outcome base responses population mean low high lowest highest",
    "transitions": "previous_cycle cycle framework outcome previous_level current_level n base share",
    "moves": ("previous_cycle cycle framework outcome base up stayed down share_up share_stayed share_down"),
    "change_constant": "cycle framework level clusters share clusters_of_all share_of_all",
    "change_totals": (
        "previous_cycle cycle framework outcome level previous current change previous_fixed current_fixed change_fixed"
    ),
    "overlap": (
        "previous_cycle cycle health_board clusters previous_responses responses both_least both_most joined_least "
        "joined_most left_least left_most"
    ),
    "change_decomposition": (
        "previous_cycle cycle framework outcome measure level previous current change stayers joiners leavers "
        "n_stayers n_joiners n_leavers"
    ),
    "nonresponse": "cycle characteristic group clusters responses rate",
    "nonresponse_tests": "cycle characteristic groups clusters responses test p cramers_v note",
    "ranking": ("cycle framework level outcome n base share place place_low place_high chance_highest chance_lowest"),
    "certain_majorities": "cycle framework outcome n base population lowest highest stands",
    "deprivation_trend": (
        "cycle framework outcome n tau_b tau_low tau_high p p_holm n_most n_least mean_most mean_least difference low "
        "high p_equivalence"
    ),
    "rating_correlations": "cycle framework_1 outcome_1 framework_2 outcome_2 correlation n",
    "rating_reliability": (
        "cycle framework outcomes n cronbach_alpha cronbach_low cronbach_high ordinal_alpha smoothed "
        "mean_correlation first_share"
    ),
    "coder_agreement": "cycle level theme subtheme coders units given agreement alpha alpha_low alpha_high reading",
}
CHANGE = {"transitions", "moves", "change_decomposition", "change_linked", "change_certain", "change_totals", "overlap"}
"""The files that compare clusters with themselves in another cycle."""
SHARES = ("maturity_intervals", "agreement_intervals", "meetings_intervals", "maturity_summed_intervals")
NOT_IN_THE_FIRST_CYCLE = {"agreement", "meetings", "comments", "themes"}
NOT_IN_THE_FIRST_CYCLE |= CHANGE | {"agreement_intervals", "meetings_intervals", "coder_agreement", "questions"}
NOT_IN_THE_FIRST_CYCLE.add("change_constant")
OUTCOMES = [("PCMW", str(n)) for n in range(1, 14)] + [("ACD", str(n)) for n in range(1, 8)]


@pytest.fixture
def cycle(build):
    return build.name


def read(build, name):
    return pd.read_csv(build / "results" / f"{name}.csv", dtype={"outcome": "str"}, encoding="utf-8")


def list_cycles(cycle):
    return [each for each in CYCLES if each <= cycle]


def list_tables(cycle):
    return {*COLUMNS, *ADDED} - (NOT_IN_THE_FIRST_CYCLE if cycle == "2023-24" else set())


def read_exactly(folder, name):
    """Read a file as its description says, every digit of it."""
    kinds = {column: kind for column, kind, _ in TABLES[name][1]}
    words = [column for column, kind in kinds.items() if kind in ("string", "boolean")]
    table = pd.read_csv(
        folder / f"{name}.csv", dtype=dict.fromkeys(words, "str"), encoding="utf-8", float_precision="round_trip"
    )
    return table.astype({column: "float" for column, kind in kinds.items() if kind in ("integer", "number")})


def measure(report):
    """Compute the added tables that are a measure's, whole and alone."""
    responses, register = report.responses, report.register
    maturity, estimates = measures.maturity.summarise(responses), measures.estimates
    overlap = measures.overlap.summarise(responses, register)
    tables = {
        "maturity_intervals": estimates.estimate_levels(responses, register),
        "agreement_intervals": estimates.estimate_answers(responses, register),
        "meetings_intervals": estimates.estimate_frequencies(responses, register),
        "maturity_summed_intervals": estimates.estimate_summed_levels(responses, register),
        "mean_intervals": measures.uncertainty.summarise_means(responses, register),
        "ranking": measures.ranking.summarise(responses, register),
        "certain_majorities": measures.ranking.find_certain(maturity, measures.uncertainty.count_population(register)),
        "nonresponse": measures.nonresponse.summarise_response(register, responses),
        "nonresponse_tests": measures.nonresponse.compare_responders(register, responses),
        "deprivation_trend": measures.deprivation.summarise_trend(responses),
        "rating_correlations": measures.reliability.correlate_outcomes(responses),
        "rating_reliability": measures.reliability.summarise_reliability(responses),
    }
    if report.previous is not None:
        tables |= {
            "transitions": measures.transition.summarise_transitions(responses),
            "moves": measures.transition.summarise_moves(responses),
            "change_decomposition": measures.transition.decompose_change(responses),
            "change_linked": measures.linked.summarise(responses),
            "change_constant": measures.linked.summarise_constant(responses),
            "change_totals": estimates.compare_totals(responses, register),
            "change_certain": measures.overlap.count_certain_moves(maturity, overlap),
            "overlap": overlap,
        }
    if report.coding is not None:
        tables["coder_agreement"] = measures.coder_agreement.summarise(report.coding)
    return tables


def with_params(report, update):
    """Give each cycle of a report other params."""
    read = FileReader(ROOT)
    every = [cycle.params.model_copy(update=update(cycle.params)) for cycle in report.chain]
    return replace(report, chain=tuple(Cycle(params, read) for params in every))


def change_report(responses=None, register=None):
    """Open the latest cycle with other responses or another register, and without its published report."""
    report = open_report("2024-25", ROOT)
    report = with_params(report, lambda params: {"published": None})
    given = {"responses": responses, "register": register}
    vars(report).update({name: change(getattr(report, name)) for name, change in given.items() if change})
    return report


def check_limits(folder, name, value):
    """Check that a value lies within its interval, and between the least and the greatest that it could be."""
    table = read_exactly(folder, name).dropna(subset=[value])
    limited = table.dropna(subset=["low"])
    assert (limited["low"] <= limited[value]).all()
    assert (limited[value] <= limited["high"]).all()
    assert (table["lowest"] <= table[value] + 1e-12).all()
    assert (table[value] <= table["highest"] + 1e-12).all()
    return table


def test_published_folder_has_its_parts(build, cycle):
    assert (build / "html/index.html").is_file()
    notebooks = {file.name for file in (build / "notebooks").iterdir()}
    sections = list_sections(open_report(cycle, ROOT))
    assert notebooks == {f"{section.name}.ipynb" for section in sections if section.is_notebook}
    assert len(notebooks) == (21 if cycle == "2024-25" else 14)
    files = {file.stem for file in (build / "results").glob("*.csv") if not file.stem.startswith("reconciliation")}
    assert files == list_tables(cycle)


def test_tables_have_the_contracts_columns_first_and_in_order(build, cycle):
    for name in list_tables(cycle) & set(COLUMNS):
        columns = COLUMNS[name].split()
        assert list(read(build, name).columns)[: len(columns)] == columns


def test_tables_have_the_columns_that_they_had_and_no_more(build, cycle):
    for name in list_tables(cycle):
        columns = f"{COLUMNS.get(name) or ADDED[name]} {FURTHER.get(name, '')}".split()
        assert list(read(build, name).columns) == columns, name


def test_each_outcome_and_question_in_the_files_is_named(build, cycle):
    titles = read(build, "outcomes").set_index(["framework", "outcome"])["title"]
    rated = read(build, "maturity").query("outcome != 'all'")
    assert set(titles.index) == set(zip(rated["framework"], rated["outcome"], strict=True))
    assert titles["PCMW", "4"] == "Local services"
    if "questions" in list_tables(cycle):
        statements = read(build, "questions").set_index("question")["statement"]
        assert set(statements.index) == set(read(build, "agreement")["question"])
        assert statements["progress"].startswith("Cluster working has made progress")


def test_contracts_files_are_the_measures_byte_for_byte(build, cycle):
    report = open_report(cycle, ROOT)
    tables = {
        "participation": measures.participation.summarise(report.responses, report.register),
        "maturity": measures.maturity.summarise(report.responses),
        "maturity_means": measures.maturity.summarise_means(report.responses),
        "agreement": measures.agreement.summarise(report.responses),
        "meetings": measures.meetings.summarise(report.responses),
        "comments": measures.comments.summarise(report.responses),
    }
    for name in set(tables) & list_tables(cycle):
        expected = tables[name].to_csv(index=False, lineterminator="\n").encode("utf-8")
        assert (build / "results" / f"{name}.csv").read_bytes() == expected, name


def test_added_files_hold_what_the_measures_give(build, cycle):
    tables = measure(open_report(cycle, ROOT))
    in_files = {name for name, table in tables.items() if len(table)}
    assert in_files == list_tables(cycle) & set(tables)
    for name in in_files:
        written = read_exactly(build / "results", name)
        table = tables[name]
        if name in CHANGE:
            assert set(written["previous_cycle"]) == {"2023-24"}
            assert set(written["cycle"]) == {"2024-25"}
            written = written[[column for column in written.columns if column in table]]
        for column, kind, _ in TABLES[name][1]:
            if column not in written:
                continue
            if kind == "boolean":
                assert set(written[column].dropna()) <= {"true", "false"}
                written[column] = written[column] == "true"
            elif column in table and kind == "string":
                table = table.assign(**{column: table[column].astype("str").replace("", None)})
            elif column in table:
                table = table.assign(**{column: table[column].astype("Float64").astype("float")})
        pd.testing.assert_frame_equal(written, table[list(written.columns)], check_dtype=False, check_exact=True)


def test_tables_hold_the_cycle_and_its_previous_one(build, cycle):
    both = {*ADDED} - CHANGE - NOT_IN_THE_FIRST_CYCLE | {"participation", "maturity", "maturity_means", "deprivation"}
    for name in both - {"outcomes"}:
        assert list(read(build, name)["cycle"].unique()) == list_cycles(cycle)


def test_every_level_and_outcome_has_a_row(build, cycle):
    maturity = read(build, "maturity")
    keys = list(maturity[["cycle", "framework", "outcome", "level"]].itertuples(index=False, name=None))
    rated = [*OUTCOMES, ("PCMW", "all"), ("ACD", "all")]
    expected = {(each, *of, level) for each, of, level in product(list_cycles(cycle), rated, LEVELS)}
    assert len(keys) == len(expected)
    assert set(keys) == expected
    # Nobody rated PCMW outcome 3 at Pre-foundation in the first cycle: figure 3.
    nobody = maturity.query("cycle == '2023-24' and framework == 'PCMW' and outcome == '3' and level == @LEVELS[0]")
    assert (nobody["n"].item(), nobody["base"].item(), nobody["share"].item()) == (0, 46, 0)
    means = read(build, "maturity_means")
    assert set(means[["cycle", "framework", "outcome"]].itertuples(index=False, name=None)) == {
        (each, *of) for each, of in product(list_cycles(cycle), rated)
    }
    assert len(read(build, "deprivation")) == len(list_cycles(cycle)) * len(OUTCOMES)


def test_every_answer_and_frequency_has_a_row(built_root):
    build = built_root / "build/2024-25"
    agreement = read(build, "agreement")
    keys = list(agreement[["cycle", "question", "answer"]].itertuples(index=False, name=None))
    assert keys == [("2024-25", question, answer) for question, answer in product(QUESTIONS, ANSWERS)]
    # Nobody strongly disagreed with the role of a cluster: figure 9.
    assert agreement.query("question == 'role' and answer == 'Strongly disagree'")["n"].item() == 0
    meetings = read(build, "meetings").set_index(["kind", "frequency"])["n"]
    # Figure 12.
    assert meetings["ideal", "Ten meetings a year"] == meetings["current", "Twelve meetings a year"] == 0
    assert len(meetings) == 2 * 6


def test_counts_bases_and_shares_agree(build, cycle):
    groups = {
        "maturity": ["cycle", "framework", "outcome"],
        "agreement": ["cycle", "question"],
        "meetings": ["cycle", "kind"],
    }
    for name in set(groups) & list_tables(cycle):
        table = read(build, name)
        sums = table.groupby(groups[name]).agg(n=("n", "sum"), base=("base", "first"), share=("share", "sum"))
        assert (sums["n"] == sums["base"]).all()
        assert sums["share"].to_list() == pytest.approx([1] * len(sums))
        assert table["share"].to_list() == pytest.approx((table["n"] / table["base"]).to_list(), abs=1e-15)


def test_intervals_stand_beside_what_they_are_of(build, cycle):
    groups = {
        "maturity": (["cycle", "framework", "outcome"], "level", [LEVELS[2:]]),
        "agreement": (["cycle", "question"], "answer", [AGREEING, DISAGREEING]),
        "meetings": (["cycle", "kind"], "frequency", []),
    }
    for name in set(groups) & list_tables(cycle):
        keys, column, kinds = groups[name]
        counted, intervals = (read_exactly(build / "results", f"{name}{end}") for end in ("", "_intervals"))
        if name == "maturity":
            counted = counted[counted["outcome"] != "all"]
        sums = ["+".join(kind) for kind in kinds]
        single = intervals[~intervals[column].isin(sums)].reset_index(drop=True)
        pd.testing.assert_frame_equal(single[list(counted.columns)], counted.reset_index(drop=True), check_exact=True)
        # Each group's sums follow its answers.
        for _, group in intervals.groupby(keys, sort=False):
            assert list(group[column])[len(group) - len(sums) :] == sums
            n = group.set_index(column)["n"]
            assert [n[words] for words in sums] == [n[list(kind)].sum() for kind in kinds]
            assert group["base"].nunique() == 1
        assert intervals["share"].to_list() == (intervals["n"] / intervals["base"]).to_list()
        assert len(intervals) == len(counted) + len(sums) * len(intervals.drop_duplicates(keys))


def test_summed_intervals_and_means_are_those_of_the_counts(build):
    maturity, summed, means, averages = (
        read_exactly(build / "results", name)
        for name in ("maturity", "maturity_summed_intervals", "maturity_means", "mean_intervals")
    )
    keys = ["cycle", "framework", "level"]
    overall = maturity[maturity["outcome"] == "all"].set_index(keys)[["n", "base", "share"]]
    pd.testing.assert_frame_equal(summed.set_index(keys).loc[overall.index, overall.columns], overall)
    pd.testing.assert_frame_equal(averages[list(means.columns)], means)


def test_limits_of_a_share_are_whole_clusters(built_root):
    """The worked example: 20 of 53 from 60 gives 20 to 25."""
    table = read_exactly(built_root / "build/2024-25/results", "maturity_intervals")
    rows = table[(table["n"] == 20) & (table["base"] == 53)]
    assert len(rows)
    for row in rows.itertuples():
        assert (row.low_clusters, row.high_clusters, row.low, row.high) == (20, 25, 20 / 60, 25 / 60)
        assert (row.lowest, row.highest, row.population) == (20 / 60, 27 / 60, 60)


def test_values_lie_within_their_limits(build, cycle):
    folder = build / "results"
    for name in set(SHARES) & list_tables(cycle):
        table = check_limits(folder, name, "share")
        assert table["low"].notna().all()
        assert table[["low", "high", "lowest", "highest"]].stack().between(0, 1).all()
        if name != "maturity_summed_intervals":
            assert table["lowest"].to_list() == (table["n"] / table["population"]).to_list()
    means = check_limits(folder, "mean_intervals", "mean")
    assert means[["low", "high", "lowest", "highest"]].stack().between(1, 4).all()
    trend = read_exactly(folder, "deprivation_trend")
    assert ((trend["tau_low"] <= trend["tau_b"]) & (trend["tau_b"] <= trend["tau_high"])).all()
    assert ((trend["low"] <= trend["difference"]) & (trend["difference"] <= trend["high"])).all()
    ranking = read_exactly(folder, "ranking")
    assert ((ranking["place_low"] <= ranking["place"]) & (ranking["place"] <= ranking["place_high"])).all()
    reliability = read_exactly(folder, "rating_reliability")
    assert (reliability["cronbach_low"] < reliability["cronbach_alpha"]).all()
    assert (reliability["cronbach_alpha"] < reliability["cronbach_high"]).all()


def test_transitions_moves_and_tests_count_the_same_clusters(built_root):
    folder = built_root / "build/2024-25/results"
    transitions, moves, tests = (read_exactly(folder, name) for name in ("transitions", "moves", "change_linked"))
    order = {level: place for place, level in enumerate(LEVELS)}
    step = transitions["current_level"].map(order) - transitions["previous_level"].map(order)
    keys = ["framework", "outcome"]
    for column, chosen in {"up": step > 0, "stayed": step == 0, "down": step < 0}.items():
        counted = transitions[chosen].groupby(keys, sort=False)["n"].sum()
        assert counted.to_dict() == moves.set_index(keys)[column].to_dict()
    assert (moves["up"] + moves["stayed"] + moves["down"] == moves["base"]).all()
    single = moves[moves["outcome"] != "all"].reset_index(drop=True)
    tests = tests[(tests["level"] == "mean") & (tests["outcome"] != "all")].reset_index(drop=True)
    assert single[keys].equals(tests[keys])
    assert (tests["clusters"] == single["base"]).all()
    tested = tests.dropna(subset=["p"])
    assert (tested["p_holm"] >= tested["p"]).all()


def test_contributions_add_up_to_the_change(built_root):
    folder = built_root / "build/2024-25/results"
    table = read_exactly(folder, "change_decomposition")
    parts = table[["stayers", "joiners", "leavers"]]
    assert parts.notna().all(axis=None)
    assert parts.sum(axis="columns").to_list() == pytest.approx(table["change"].to_list(), abs=1e-12)
    assert (table["current"] - table["previous"]).to_list() == pytest.approx(table["change"].to_list(), abs=1e-12)
    # The change is that of the report's own totals.
    keys = ["framework", "outcome", "level"]
    shares = read_exactly(folder, "maturity").set_index(["cycle", *keys])["share"]
    of_levels = table[table["level"].isin(LEVELS)].set_index(keys)
    for column, cycle in {"previous": "2023-24", "current": "2024-25"}.items():
        assert of_levels[column].to_list() == pytest.approx(shares[cycle].loc[of_levels.index].to_list(), abs=1e-12)
    sizes = table.drop_duplicates(["framework", "outcome"])
    bases = read_exactly(folder, "maturity_means").set_index(["cycle", "framework", "outcome"])["base"]
    of_outcomes = pd.MultiIndex.from_frame(sizes[["framework", "outcome"]])
    assert (sizes["n_stayers"] + sizes["n_leavers"]).to_list() == bases["2023-24"].loc[of_outcomes].to_list()
    assert (sizes["n_stayers"] + sizes["n_joiners"]).to_list() == bases["2024-25"].loc[of_outcomes].to_list()


def test_nonresponse_counts_as_participation_does(build):
    folder = build / "results"
    participation, nonresponse = (read_exactly(folder, name) for name in ("participation", "nonresponse"))
    boards = nonresponse[nonresponse["characteristic"] == "health_board"]
    keys = ["cycle", "health_board"]
    expected = participation[participation["health_board"] != "Wales"].set_index(keys)
    found = boards.rename(columns={"group": "health_board"}).set_index(keys)[list(expected.columns)]
    pd.testing.assert_frame_equal(found, expected)
    sums = nonresponse.groupby(["cycle", "characteristic"])[["clusters", "responses"]].sum()
    tests = read_exactly(folder, "nonresponse_tests").set_index(["cycle", "characteristic"])
    pd.testing.assert_frame_equal(tests.loc[sums.index, sums.columns], sums)


def test_data_package_says_what_of_the_sample_is_made_up(build, cycle):
    description = json.loads((build / "results/datapackage.json").read_text(encoding="utf-8"))["description"]
    assert "synthetic" in description
    assert ("links between a cluster's answers in two cycles" in description) == (cycle == "2024-25")


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ((), None),
        (("2023-24",), "The responses of 2023-24 are synthetic"),
        (("2024-25",), "The responses of 2024-25 are synthetic"),
        (CYCLES, "The responses are synthetic"),
    ],
)
def test_synthetic_are_called_those_responses_that_are(tmp_path, sample, told):
    report = change_report()
    report = with_params(report, lambda params: {"sample_data": params.cycle in sample})
    tables = {name: table.head(1) for name, table in measure(report).items() if name not in CHANGE}
    write_results(tables, tmp_path, report)
    description = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))["description"]
    assert ("synthetic" in description) == bool(sample)
    assert told is None or told in description


def select_responders(responses):
    """Take of the register the clusters that responded, so that all did."""
    keys = set(zip(responses["cycle"].astype("str"), responses["cluster"].astype("str"), strict=True))

    def select(register):
        clusters = zip(register["cycle"].astype("str"), register["cluster"].astype("str"), strict=True)
        return register[[cluster in keys for cluster in clusters]]

    return select


def test_cycle_in_which_everybody_responded(tmp_path):
    report = change_report(register=select_responders(open_report("2024-25", ROOT).responses))
    tables = compute_results(report)
    assert {*COLUMNS, *ADDED} == set(tables)
    write_results(tables, tmp_path, report)
    for name in SHARES:
        table = check_limits(tmp_path, name, "share")
        whole = table[table.get("responses", table["base"]) == table["population"]]
        assert len(whole)
        assert whole["low"].to_list() == pytest.approx(whole["share"].to_list(), abs=1e-12)
        assert whole["high"].to_list() == pytest.approx(whole["share"].to_list(), abs=1e-12)
    tests = read_exactly(tmp_path, "nonresponse_tests")
    assert set(tests["note"]) == {"all clusters responded"}
    assert tests["p"].isna().all()
    certain = read_exactly(tmp_path, "certain_majorities")
    assert set(certain["stands"]) == {"at least half", "below half"}
    ranking = read_exactly(tmp_path, "ranking").query("base == base.max()")
    assert (ranking["place_low"] == ranking["place_high"]).all()


@pytest.mark.parametrize("number", [20, 2, 1])
def test_cycle_with_few_responses(tmp_path, number):
    def trim(responses):
        return responses.groupby("cycle", observed=True).head(number)

    report = change_report(responses=trim)
    tables = compute_results(report)
    assert {*COLUMNS, *ADDED} == set(tables)
    write_results(tables, tmp_path, report)
    for name in SHARES:
        assert (check_limits(tmp_path, name, "share")["base"] <= number * 13).all()
    check_limits(tmp_path, "mean_intervals", "mean")
    validate(tmp_path)


@pytest.mark.parametrize(
    ("dropped", "left_out"),
    [
        (
            ("acd_", "pcmw_"),
            {
                "maturity",
                "transitions",
                "deprivation_trend",
                "rating_reliability",
                "mean_intervals",
                "ranking",
                "components",
            },
        ),
        (("meetings_",), {"meetings", "meetings_intervals"}),
        (("progress", "role", "system_", "health_board_", "time_"), {"agreement", "agreement_intervals", "comments"}),
    ],
)
def test_what_a_cycle_did_not_ask_has_no_file(tmp_path, dropped, left_out):
    def drop(responses):
        return responses.drop(columns=[name for name in responses if name.startswith(dropped)])

    report = change_report(responses=drop)
    tables = compute_results(report)
    assert not left_out & set(tables)
    assert all(len(table) for name, table in tables.items() if name != "data_quality")
    write_results(tables, tmp_path, report)
    validate(tmp_path)


def test_clusters_without_a_previous_answer_are_compared_with_nobody(tmp_path):
    """Two cycles that no cluster has in common: files on change say so with empty cells and bases of 0."""

    def part(responses):
        first = responses[responses["cycle"] == "2024-25"].head(20)
        others = responses[(responses["cycle"] == "2023-24") & ~responses["cluster"].isin(first["cluster"])]
        return pd.concat([others.head(20), first])

    report = change_report(responses=part)
    write_results(compute_results(report), tmp_path, report)
    assert (read_exactly(tmp_path, "moves")["base"] == 0).all()
    assert read_exactly(tmp_path, "change_linked")[["change", "p"]].isna().all(axis=None)
    decomposition = read_exactly(tmp_path, "change_decomposition")
    assert decomposition["change"].notna().all()
    assert decomposition["stayers"].isna().all()
    validate(tmp_path)


def test_data_quality_lists_the_ignored_headings(build, cycle):
    quality = read(build, "data_quality")
    reworded = quality["check"] == "question reworded"
    assert reworded.sum() == (20 if cycle == "2024-25" else 0)
    quality = quality[~reworded]
    assert len(quality) == 3 * len(list_cycles(cycle))
    assert set(quality["action"]) == {"ignored"}


def test_files_are_utf_8_with_plain_line_ends(build):
    for file in (build / "results").glob("*.csv"):
        contents = file.read_bytes()
        contents.decode("utf-8")
        assert not contents.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in contents
        assert contents.endswith(b"\n")


def validate(folder):
    """Have the data package validated by the reference implementation."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["valid"] is True


def test_data_package_is_valid_and_describes_every_column(build):
    package = build / "results/datapackage.json"
    validate(package.parent)
    resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
    assert {resource["path"] for resource in resources} == {file.name for file in package.parent.glob("*.csv")}
    for resource in resources:
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(read(build, resource["name"]).columns)
        assert all(field["type"] and field["description"] for field in fields)


def test_manifest_tells_what_the_build_was_made_from(build, cycle, built_root):
    manifest = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["cycle"] == cycle
    assert manifest["previous"] == {"2023-24": None, "2024-25": "2023-24"}[cycle]
    assert manifest["sample_data"] is True
    assert "synthetic" in manifest["note"]
    assert manifest["package"] == {"name": "cluster-eval", "version": "0.1.0"}
    assert manifest["commit"] is None or re.fullmatch("[0-9a-f]{40}", manifest["commit"])
    assert manifest["clean"] in (None, True, False)
    built = datetime.fromisoformat(manifest["built"])
    assert built.utcoffset() == timedelta(0)
    assert datetime.now(UTC) - built < timedelta(hours=2)


def test_manifest_has_the_digest_of_every_input(build, cycle, built_root):
    inputs = json.loads((build / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    for file, digest in inputs.items():
        assert hashlib.sha256((built_root / file).read_bytes()).hexdigest() == digest, file
    others = {each for each in CYCLES if each not in list_cycles(cycle)}
    expected = {
        file.relative_to(built_root).as_posix()
        for folder in ("params", "data", "notebooks", "book")
        for file in (built_root / folder).rglob("*")
        if file.is_file() and file.name != "README.md" and not others.intersection((*file.parts, file.stem))
    }
    # Pages about another cycle alone are no part of this one's book.
    expected = {file for file in expected if not (file.startswith("book/20") and f"/{cycle}/" not in file)}
    sections = list_sections(open_report(cycle, ROOT))
    used = {f"notebooks/{section.source.name}" for section in sections if section.is_notebook}
    expected = {file for file in expected if not file.startswith("notebooks/")} | used
    assert "data/reference/clusters.csv" in expected
    assert expected - set(inputs) == set()
