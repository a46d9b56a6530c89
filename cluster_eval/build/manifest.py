"""What a build was made from."""

import os
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from cluster_eval.build.cache import ABSENT, OWN_MODULES, find_place
from cluster_eval.repository import PRIVATE, is_private

INPUT = ("data/", "params/", "book/")
"""Where a cycle's files stand beside those of other cycles."""


def describe_build(root: Path, checked: dict, reads: dict[str, str]) -> dict:
    """Describe what a build is made from.

    Parameters
    ----------
    root : Path
        The repository's root.
    checked : dict
        What `cluster_eval.build.contents.check_cycle` gave.
    reads : dict of str to str
        Place to digest of everything that was read.

    Returns
    -------
    dict
        cycle, previous, title, sample_data (whether the responses of any cycle are), sample_cycles and, where there are
        any, a note on them; built (UTC, ISO 8601); package
        (name and version); commit and clean (whether the working copy had no changes; both None outside a
        repository; see `list_uncommitted`); inputs: path to SHA-256, of every file of params, data, notebooks and
        book that was read. What lies outside the repository is named without its folder: in the private folder as
        `DATA/…`, elsewhere as `elsewhere/…`.
    """
    *previous, cycle = checked["cycles"]
    manifest = {
        "cycle": cycle,
        "previous": previous[-1] if previous else None,
        "title": checked["title"],
        "sample_data": bool(checked["sample_cycles"]),
        "sample_cycles": checked["sample_cycles"],
    }
    if checked["sample_cycles"]:
        of = "" if checked["sample_cycles"] == checked["cycles"] else f" of {' and '.join(checked['sample_cycles'])}"
        manifest["note"] = f"The responses{of} are synthetic: a reconstruction whose every published total is exact."
    commit, changed = ask_git(root, "rev-parse", "HEAD"), list_uncommitted(root, reads)
    return manifest | {
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "package": {"name": "cluster-eval", "version": version("cluster-eval")},
        "commit": commit.strip() if commit else None,
        "clean": None if commit is None or changed is None else not changed,
        "inputs": dict(sorted(_name_inputs(root, reads))),
    }


def _name_inputs(root, reads):
    elsewhere: dict[str, int] = {}
    for place, digest in sorted(reads.items()):
        path = find_place(place, root)
        if digest == ABSENT or place.startswith(OWN_MODULES) or not path.is_file():
            continue
        if Path(place).is_absolute():
            # Folders of one machine tell a stranger of it, and nothing of the report.
            number = elsewhere[path.name] = elsewhere.get(path.name, 0) + 1
            yield f"elsewhere/{path.name}{f' ({number})' if number > 1 else ''}", digest
        else:
            yield f"{PRIVATE}/{place.removeprefix('data/')}" if is_private(root, place) else place, digest


def list_uncommitted(root: Path, reads: Iterable[str]) -> dict[str, bool] | None:
    """List what keeps a build from being made again from its commit.

    Parameters
    ----------
    root : Path
        The repository's root.
    reads : iterable of str
        The places of what the build read.

    Returns
    -------
    dict of str to bool or None
        The files that differ from the commit, relative to the root, each with whether git knows it. Of the data and
        pages that it does not know those alone that were read: another cycle's may wait. None where git does not tell.
    """
    prefix = ask_git(root, "rev-parse", "--show-prefix")
    status = ask_git(root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", ".")
    if prefix is None or status is None:
        return None
    reads = set(reads)
    changed = {line[3:].removeprefix(prefix.strip("\n")): line[:2] != "??" for line in status.split("\0") if line}
    return {file: known for file, known in changed.items() if known or file in reads or not file.startswith(INPUT)}


def ask_git(root: Path, *words: str) -> str | None:
    """Ask git about a repository.

    Parameters
    ----------
    root : Path
        The repository's root.
    *words : str
        The command.

    Returns
    -------
    str or None
        What it says; None where it is not there, or says no.
    """
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return os.fsdecode(done.stdout)
