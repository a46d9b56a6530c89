"""Where the repository and its data are, and which cycles it has."""

import os
from pathlib import Path

PRIVATE = "DATA"
"""The environment variable that names a private folder: what it holds goes before what stands below `data/`."""


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
        When no folder upwards holds both, or DATA names no folder.
    """
    start = Path(start or os.environ.get("CLUSTER_EVAL_ROOT") or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "params").is_dir() and (folder / "data").is_dir():
            private = find_private_folder(folder)
            if private is None or private.is_dir():
                return folder
            raise _refuse(PRIVATE, f"found {os.environ[PRIVATE]}, which is no folder; name one, or none")
    raise _refuse(start.name, "neither this folder nor one above it holds both params/ and data/")


def find_private_folder(root: Path) -> Path | None:
    """Find the private folder that DATA names, for data that must not be in the repository.

    Parameters
    ----------
    root : Path
        The repository's root, from which a relative path is read.

    Returns
    -------
    Path or None
        The folder, there or not; None where DATA names none.
    """
    private = os.environ.get(PRIVATE)
    return Path(root, Path(private).expanduser()).resolve() if private else None


def find_file(root: Path, file: str | Path) -> Path:
    """Find a file or folder of the input: what is below `data/`, in the private folder first.

    Parameters
    ----------
    root : Path
        The repository's root.
    file : str or Path
        Relative to it, such as `data/2024-25/responses.xlsx`.

    Returns
    -------
    Path
        Where it is, or would be.
    """
    file, private = Path(file), find_private_folder(root)
    if private is not None and file.parts[:1] == ("data",):
        path = private.joinpath(*file.parts[1:])
        if path.exists():
            return path
    return root / file


def is_private(root: Path, file: str) -> bool:
    """Say whether a file of the input is in the private folder.

    Parameters
    ----------
    root : Path
        The repository's root.
    file : str
        As for `find_file`.

    Returns
    -------
    bool
        False where DATA names no folder.
    """
    return PRIVATE in os.environ and file.startswith("data/") and find_file(root, file) != root / file


def explain_missing(root: Path, cycle: str) -> str | None:
    """Explain that there is no such cycle: what is given for one may be anything, a path to anywhere included.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        What was given.

    Returns
    -------
    str or None
        With the cycles that there are; None where it is one of them.
    """
    # Not listed where there is one: a report does not depend on which other cycles there are.
    if cycle == Path(cycle).name and not cycle.startswith(".") and (root / "params" / f"{cycle}.yml").is_file():
        return None
    return f"there is no cycle {cycle}; cycles with params: {', '.join(list_cycles(root)) or 'none'}"


def _refuse(file, what):
    # Only imported for the message: who asks for the root waits for nothing else.
    from cluster_eval.problems import InputError, Problem

    return InputError([Problem(file, what)])


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
    # What a Mac leaves beside a file on a share begins with a dot.
    return sorted(path.stem for path in (root / "params").glob("[!.]*.yml"))
