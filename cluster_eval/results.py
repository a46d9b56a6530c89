"""The tidy tables behind a report, as CSV files with a Frictionless Data Package that describes them."""

import json
from pathlib import Path

import pandas as pd

from cluster_eval import measures
from cluster_eval.reconcile.comparison import reconcile_cycle
from cluster_eval.result_tables import DESCRIPTION, SAMPLE_DATA, SAMPLE_LINKS, TABLES
from cluster_eval.sources.report import Report
from cluster_eval.vocabulary import QUESTIONS
from cluster_eval.words.labels import Labels, read_labels


def compute_results(report: Report) -> dict[str, pd.DataFrame]:
    """Compute every table that a cycle has.

    Parameters
    ----------
    report : Report
        The open cycle.

    Returns
    -------
    dict of str to DataFrame
        Table name to table, for the cycle and its previous one; a table without rows is left out, except
        `data_quality`, in which no row means that nothing was noticed.
    """
    counts = _count(report)
    tables = {
        **counts,
        **_estimate(report),
        **_examine_nonresponse(report, counts),
        **_compare_cycles(report, counts),
        **_examine_ratings(report),
        **_reconcile(report),
        "data_quality": report.quality,
        **_list_wordings(report),
    }
    return {name: tables[name] for name in TABLES if name == "data_quality" or len(tables.get(name, ()))}


def _count(report):
    responses = report.responses
    tables = {
        "participation": measures.participation.summarise(responses, report.register),
        "maturity": measures.maturity.summarise(responses),
        "maturity_means": measures.maturity.summarise_means(responses),
        "components": measures.components.summarise(responses, report.outcomes),
        "agreement": measures.agreement.summarise(responses),
        "meetings": measures.meetings.summarise(responses),
        "comments": measures.comments.summarise(responses),
    }
    if report.coding is not None:
        tables["themes"] = measures.themes.summarise(report.coding)
        tables["coder_agreement"] = measures.coder_agreement.summarise(report.coding)
    return tables


def _estimate(report):
    """Give shares and means with their intervals, in files beside those that count."""
    data = report.responses, report.register
    return {
        "maturity_intervals": measures.estimates.estimate_levels(*data),
        "agreement_intervals": measures.estimates.estimate_answers(*data),
        "meetings_intervals": measures.estimates.estimate_frequencies(*data),
        "maturity_summed_intervals": measures.estimates.estimate_summed_levels(*data),
        "mean_intervals": measures.uncertainty.summarise_means(*data),
        "ranking": measures.ranking.summarise(*data),
    }


def _examine_nonresponse(report, counts):
    responses, register = report.responses, report.register
    return {
        "nonresponse": measures.nonresponse.summarise_response(register, responses),
        "nonresponse_tests": measures.nonresponse.compare_responders(register, responses),
        "certain_majorities": measures.ranking.find_certain(
            counts["maturity"], measures.uncertainty.count_population(register)
        ),
    }


def _compare_cycles(report, counts):
    """Compare each cycle with the one before, and each cluster with itself; nothing for a first cycle."""
    responses, register = report.responses, report.register
    pairs = list(measures.change.pair_cycles(responses))
    if not pairs:
        return {}
    overlap = measures.overlap.summarise(responses, register)
    of_pairs = {
        "transitions": measures.transition.summarise_transitions,
        "moves": measures.transition.summarise_moves,
        "change_decomposition": measures.transition.decompose_change,
    }
    return {
        "change_linked": measures.linked.summarise(responses),
        "change_constant": measures.linked.summarise_constant(responses),
        "change_trend": measures.linked.summarise_trend(responses),
        "change_totals": measures.estimates.compare_totals(responses, register),
        "overlap": overlap,
        "change_certain": measures.overlap.count_certain_moves(counts["maturity"], overlap),
        **{
            name: pd.concat(
                [summarise(of_both).assign(previous_cycle=before, cycle=after) for before, after, of_both in pairs],
                ignore_index=True,
            )
            for name, summarise in of_pairs.items()
        },
    }


def _examine_ratings(report):
    responses = report.responses
    return {
        "rating_correlations": measures.reliability.correlate_outcomes(responses),
        "rating_reliability": measures.reliability.summarise_reliability(responses),
        "deprivation": measures.deprivation.summarise(responses),
        "deprivation_trend": measures.deprivation.summarise_trend(responses),
    }


def _reconcile(report):
    reconciliation = reconcile_cycle(report)
    if reconciliation is None:
        return {}
    return {"reconciliation_figures": reconciliation.figures, "reconciliation_claims": reconciliation.claims}


def _list_wordings(report):
    """List what outcomes and questions that any of the cycles asked are about, for who has the files alone."""
    asked = report.asked | report.previous_asked
    labels = Labels(read_labels(report.root))
    questions = [
        (code, *(labels.find(kind, code) for kind in ("question", "statement"))) for code in QUESTIONS if code in asked
    ]
    return {
        "outcomes": report.outcomes[["framework", "outcome", "title", "component", "former_name", "narrative"]],
        "questions": pd.DataFrame(questions, columns=["question", "title", "statement"]),
    }


def write_results(tables: dict[str, pd.DataFrame], folder: Path, report: Report) -> list[Path]:
    """Write tables as CSV files, and the data package that describes them.

    Parameters
    ----------
    tables : dict of str to DataFrame
        What `compute_results` returns.
    folder : Path
        Where to write; made where it does not exist.
    report : Report
        The cycle, for the package's title.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, table in tables.items():
        kinds = {column: kind for column, kind, _ in TABLES[name][1]}
        table = table[list(kinds)].copy()
        for column in [column for column, kind in kinds.items() if kind == "integer"]:
            table[column] = pd.to_numeric(table[column]).astype("Int64")
        for column in [column for column, kind in kinds.items() if kind == "boolean"]:
            table[column] = table[column].map({True: "true", False: "false"})
        file = folder / f"{name}.csv"
        table.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")
        files.append(file)
    package = folder / "datapackage.json"
    package.write_text(
        json.dumps(_describe_package(tables, report), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return [*files, package]


def _describe_package(tables, report):
    description = [DESCRIPTION]
    if report.sample_cycles:
        linked = any("previous_cycle" in table.columns for table in tables.values())
        of = "".join(f" of {cycle}" for cycle in report.marked_cycles)
        description += [SAMPLE_DATA.format(of=of), *([SAMPLE_LINKS] if linked else [])]
    return {
        "profile": "tabular-data-package",
        "name": f"cluster-self-reflection-{report.cycle}",
        "title": report.params.title,
        "description": " ".join(description),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": name,
                "path": f"{name}.csv",
                "title": TABLES[name][0],
                "encoding": "utf-8",
                "format": "csv",
                "mediatype": "text/csv",
                "schema": {
                    "fields": [
                        {"name": column, "type": kind, "description": description}
                        for column, kind, description in TABLES[name][1]
                    ],
                    "missingValues": [""],
                },
            }
            for name in tables
        ],
    }
