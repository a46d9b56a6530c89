"""What a build was made from."""

import hashlib
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from cluster_eval.publish.execute import list_inputs
from cluster_eval.report import Report


def describe_build(report: Report) -> dict:
    """Describe what a build is made from.

    Parameters
    ----------
    report : Report
        The open cycle.

    Returns
    -------
    dict
        cycle, previous, title, sample_data and, where it is, a note on it; built (UTC, ISO 8601); package
        (name and version); commit and clean (whether the working copy had no changes; both None outside a
        repository); inputs: path to SHA-256, of every file of params, data, notebooks and book.
    """
    manifest = {
        "cycle": report.cycle,
        "previous": report.previous,
        "title": report.params.title,
        "sample_data": report.params.sample_data,
    }
    if report.params.sample_data:
        manifest["note"] = "The responses are synthetic: a reconstruction whose every published total is exact."
    texts = [*(report.root / "notebooks").glob("*.ipynb"), *_list_book(report)]
    commit, clean = _read_commit(report.root)
    return manifest | {
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "package": {"name": "cluster-eval", "version": version("cluster-eval")},
        "commit": commit,
        "clean": clean,
        "inputs": {
            file.relative_to(report.root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in [*list_inputs(report), *sorted(texts)]
        },
    }


def _list_book(report: Report) -> list[Path]:
    book = report.root / "book"
    folders = ("_static", "_templates", report.cycle)
    files = [*book.glob("*"), *(file for folder in folders for file in (book / folder).rglob("*"))]
    return [file for file in files if file.is_file()]


def _read_commit(root):
    if shutil.which("git") is None:
        return None, None
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False)
    if commit.returncode:
        return None, None
    status = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=False)
    return commit.stdout.strip(), not status.stdout.strip()
