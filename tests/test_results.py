"""The tables, the data package and the manifest that a build publishes."""

import hashlib
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import product

import pandas as pd
import pytest

from cluster_eval.vocabulary import ANSWERS, LEVELS, QUESTIONS
from tests.conftest import CYCLES, ROOT

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
}
NOT_IN_THE_FIRST_CYCLE = {"agreement", "meetings", "comments", "themes"}
OUTCOMES = [("PCMW", str(n)) for n in range(1, 14)] + [("ACD", str(n)) for n in range(1, 8)]
STORED = 5e-7


@pytest.fixture
def cycle(build):
    return build.name


def read(build, name):
    return pd.read_csv(build / "results" / f"{name}.csv", dtype={"outcome": "str"}, encoding="utf-8")


def list_cycles(cycle):
    return [each for each in CYCLES if each <= cycle]


def list_tables(cycle):
    return set(COLUMNS) - (NOT_IN_THE_FIRST_CYCLE if cycle == "2023-24" else set())


def test_published_folder_has_its_parts(build, cycle):
    assert (build / "html/index.html").is_file()
    notebooks = {file.name for file in (build / "notebooks").iterdir()}
    all_notebooks = {file.name for file in (ROOT / "notebooks").glob("*.ipynb")}
    not_in_it = () if cycle == "2024-25" else ("06", "07", "13", "16", "20")
    assert notebooks == {name for name in all_notebooks if not name.startswith(not_in_it)}
    files = {file.stem for file in (build / "results").glob("*.csv") if not file.stem.startswith("reconciliation")}
    assert files == list_tables(cycle)


def test_tables_have_the_contracts_columns_first_and_in_order(build, cycle):
    for name in list_tables(cycle):
        columns = COLUMNS[name].split()
        assert list(read(build, name).columns)[: len(columns)] == columns


def test_tables_hold_the_cycle_and_its_previous_one(build, cycle):
    for name in ("participation", "maturity", "maturity_means", "deprivation"):
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


def test_results_are_the_published_figures(build, cycle):
    figures = pd.read_csv(ROOT / "data/published/2024-25/figures.csv", dtype={"outcome": "str"})
    figures = figures[(figures["unit"] == "share") & figures["cycle"].isin(list_cycles(cycle))]
    tables = [
        read(build, "participation").rename(columns={"health_board": "series", "rate": "share"}).assign(framework="-"),
        read(build, "maturity").rename(columns={"level": "series"}),
    ]
    if cycle == "2024-25":
        tables.append(read(build, "agreement").rename(columns={"question": "framework", "answer": "series"}))
    keys = ["cycle", "framework", "outcome", "series"]
    computed = pd.concat(tables).fillna({"outcome": "-"}).set_index(keys)["share"]
    figures["framework"] = figures["framework"].fillna("-")
    summed = figures["figure"].isin([2, 5])
    figures["outcome"] = figures["outcome"].fillna("-").mask(summed, "all")
    values = computed.reindex(pd.MultiIndex.from_frame(figures[keys]))
    assert values.notna().all()
    differs = abs(values.to_numpy() - figures["value"].to_numpy()) > STORED
    found = figures[differs].groupby(["figure", "cycle"]).size().to_dict()
    # Errors of the published report: swapped labels (6), swapped figures (27, 28), a response left out (39).
    errors = {(6, "2023-24"): 14, (27, "2023-24"): 4, (28, "2023-24"): 4}
    if cycle == "2024-25":
        errors |= {(27, "2024-25"): 4, (28, "2024-25"): 4, (39, "2024-25"): 4}
    assert found == errors


def test_totals_are_the_published_ones(build, cycle):
    totals = read(build, "participation").query("health_board == 'Wales'").set_index("cycle")
    assert totals["responses"].to_dict() == {each: {"2023-24": 46, "2024-25": 53}[each] for each in list_cycles(cycle)}
    assert set(totals["clusters"]) == {60}


def test_data_quality_lists_the_ignored_headings(build, cycle):
    quality = read(build, "data_quality")
    assert len(quality) == 3 * len(list_cycles(cycle))
    assert set(quality["action"]) == {"ignored"}


def test_files_are_utf_8_with_plain_line_ends(build):
    for file in (build / "results").glob("*.csv"):
        contents = file.read_bytes()
        contents.decode("utf-8")
        assert not contents.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in contents
        assert contents.endswith(b"\n")


def test_data_package_is_valid_and_describes_every_column(build):
    package = build / "results/datapackage.json"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "frictionless", "validate", package.name, "--json"],
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["valid"] is True
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
    used = {f"notebooks/{file.name}" for file in (build / "notebooks").iterdir()}
    expected = {file for file in expected if not file.startswith("notebooks/")} | used
    assert "data/reference/clusters.csv" in expected
    assert expected - set(inputs) == set()
