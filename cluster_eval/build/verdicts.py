"""Tells how a cycle compares with its published report, and writes the verdicts."""

import shutil
from collections.abc import Callable
from pathlib import Path

from cluster_eval.build.cache import replace_whole
from cluster_eval.build.plan import open_build
from cluster_eval.build.publish import hold
from cluster_eval.reconcile.comparison import reconcile_cycle, summarise_causes, summarise_verdicts
from cluster_eval.results import write_results
from cluster_eval.sources.report import open_report
from cluster_eval.words.language import ENGLISH


def reconcile_published(root: Path, cycle: str, tell: Callable[[str], None]) -> None:
    """Compare a cycle with its published report, and write the verdicts beside the cycle's other results.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.
    tell : callable
        Called with each line of the summary.

    Raises
    ------
    InputError
        When params, data or the transcription cannot be used.
    """
    report = open_report(cycle, root)
    report.check()
    reconciliation = reconcile_cycle(report)
    if reconciliation is None:
        tell(f"{cycle} has no published report to compare with: params/{cycle}.yml names none under `published`")
        return
    for table, by in ((reconciliation.figures, "figure"), (reconciliation.claims, "section")):
        tell(summarise_verdicts(table, by).to_string(index=False))
        tell("")
    for row in summarise_causes(reconciliation).itertuples():
        figures = f"figure{'s' if len(row.figures) > 1 else ''} {ENGLISH.join(row.figures)}, {ENGLISH.join(row.cycles)}"
        tell(f"{figures}: {row.differing} values differ; {row.explanation}")
    build = open_build(root, cycle)
    with hold(build, tell):
        fresh = build.work / "reconcile"
        shutil.rmtree(fresh, ignore_errors=True)
        tables = {"reconciliation_figures": reconciliation.figures, "reconciliation_claims": reconciliation.claims}
        results = build.published / "results"
        results.mkdir(parents=True, exist_ok=True)
        tell("")
        for file in write_results(tables, fresh, report):
            if file.suffix == ".csv":
                replace_whole(results / file.name, file.read_bytes())
                tell(f"wrote {(results / file.name).relative_to(root)}")
