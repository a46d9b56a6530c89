"""The tidy tables behind a report, as CSV files with a Frictionless Data Package that describes them."""

import json
from pathlib import Path

import pandas as pd

from cluster_eval import measures
from cluster_eval.reconcile import reconcile_cycle
from cluster_eval.report import Report
from cluster_eval.result_tables import TABLES


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
    responses = report.responses
    reconciliation = reconcile_cycle(report)
    published = {}
    if reconciliation is not None:
        published = {
            "reconciliation_figures": reconciliation.figures,
            "reconciliation_claims": reconciliation.claims,
        }
    tables = {
        "participation": measures.participation.summarise(responses, report.register),
        "maturity": measures.maturity.summarise(responses),
        "maturity_means": measures.maturity.summarise_means(responses),
        "agreement": measures.agreement.summarise(responses),
        "meetings": measures.meetings.summarise(responses),
        "comments": measures.comments.summarise(responses),
        "themes": pd.DataFrame() if report.coding is None else measures.themes.summarise(report.coding),
        "deprivation": measures.deprivation.summarise(responses),
        **published,
        "data_quality": report.quality,
    }
    return {name: table for name, table in tables.items() if name == "data_quality" or not table.empty}


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
        file = folder / f"{name}.csv"
        table.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")
        files.append(file)
    package = folder / "datapackage.json"
    package.write_text(
        json.dumps(_describe_package(tables, report), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return [*files, package]


def _describe_package(tables, report):
    description = "Tables behind the national report on cluster self-reflection in Wales."
    if report.params.sample_data:
        description += " The responses are synthetic sample data."
    return {
        "profile": "tabular-data-package",
        "name": f"cluster-self-reflection-{report.cycle}",
        "title": report.params.title,
        "description": description,
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
