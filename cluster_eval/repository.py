"""Where the repository is, and which cycles it has."""

import os
from pathlib import Path


def find_root(start: Path | None = None) -> Path:
    """Find the repository's root: the nearest folder upwards that holds `params/` and `data/`.

    Parameters
    ----------
    start : Path, optional
        Where to start; the environment variable CLUSTER_EVAL_ROOT, or else the current folder.

    Returns
    -------
    Path
        The root.

    Raises
    ------
    InputError
        When no folder upwards holds both.
    """
    start = Path(start or os.environ.get("CLUSTER_EVAL_ROOT") or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "params").is_dir() and (folder / "data").is_dir():
            return folder
    # Only imported for the message: who asks for the root waits for nothing else.
    from cluster_eval.problems import InputError, Problem

    raise InputError([Problem(start.name, "neither this folder nor one above it holds both params/ and data/")])


def list_cycles(root: Path) -> list[str]:
    """List the cycles that have params, oldest first.

    Parameters
    ----------
    root : Path
        The repository's root.

    Returns
    -------
    list of str
        Such as `["2023-24", "2024-25"]`.
    """
    return sorted(path.stem for path in (root / "params").glob("*.yml"))
