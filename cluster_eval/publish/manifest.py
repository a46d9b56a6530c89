"""What a build was made from."""

import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from cluster_eval.publish.freshness import ABSENT, OWN_MODULES, find_place


def describe_build(root: Path, checked: dict, reads: dict[str, str]) -> dict:
    """Describe what a build is made from.

    Parameters
    ----------
    root : Path
        The repository's root.
    checked : dict
        What `cluster_eval.publish.contents.check_cycle` gave.
    reads : dict of str to str
        Place to digest of everything that was read.

    Returns
    -------
    dict
        cycle, previous, title, sample_data (whether the responses of any cycle are), sample_cycles and, where there are
        any, a note on them; built (UTC, ISO 8601); package
        (name and version); commit and clean (whether the working copy had no changes; both None outside a
        repository); inputs: path to SHA-256, of every file of params, data, notebooks and book that was read.
    """
    *previous, cycle = checked["cycles"]
    manifest = {
        "cycle": cycle,
        "previous": previous[0] if previous else None,
        "title": checked["title"],
        "sample_data": bool(checked["sample_cycles"]),
        "sample_cycles": checked["sample_cycles"],
    }
    if checked["sample_cycles"]:
        of = "" if checked["sample_cycles"] == checked["cycles"] else f" of {checked['sample_cycles'][0]}"
        manifest["note"] = f"The responses{of} are synthetic: a reconstruction whose every published total is exact."
    commit, clean = _read_commit(root)
    return manifest | {
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "package": {"name": "cluster-eval", "version": version("cluster-eval")},
        "commit": commit,
        "clean": clean,
        "inputs": {place: digest for place, digest in sorted(reads.items()) if _is_input(root, place, digest)},
    }


def _is_input(root, place, digest):
    own = place.startswith(OWN_MODULES) or Path(place).is_absolute()
    return digest != ABSENT and not own and Path(find_place(place, str(root))).is_file()


def _read_commit(root):
    if shutil.which("git") is None:
        return None, None
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False)
    if commit.returncode:
        return None, None
    status = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=False)
    return commit.stdout.strip(), not status.stdout.strip()
