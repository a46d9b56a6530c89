"""Caches: of steps, with the digest of everything that each read, and of what functions gave.

Content decides what is up to date: a step is made again when anything that it read, was told or wrote is not as it was.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cluster_eval.repository import find_file

PACKAGE = Path(__file__).absolute().parents[1]
OWN_MODULES = f"{PACKAGE.name}/"
PRODUCED = {"build", ".git", ".venv", ".ipynb_checkpoints", "__pycache__"}
"""Folders that a repository does not keep."""

ABSENT = "absent"

KEPT = {"given", "python", "reads", "outputs", "value", "seconds", "failure"}
"""What a cache keeps of each step."""


class Cache:
    """What each step was made from, kept in a file between runs.

    Parameters
    ----------
    root : Path
        The repository's root.
    file : Path
        Where the cache is kept. One that is not, byte for byte, what was kept counts as empty: everything is then
        made again.
    """

    def __init__(self, root: Path, file: Path):
        self.root, self._file = root, file
        self._now: dict[str, str] = {}
        self._steps = _read_steps(file)

    def explain(self, step: str, given: object) -> str | None:
        """Explain why a step has to be made again.

        Parameters
        ----------
        step : str
            The step's name.
        given : object
            What it is told to do, of what JSON holds.

        Returns
        -------
        str or None
            Such as `data/2024-25/actions.csv changed`; None where it is up to date.
        """
        kept = self._steps.get(step)
        if kept is None:
            return "not made yet"
        if kept["failure"] is not None:
            return f"failed: {kept['failure']}"
        if kept["python"] != sys.version:
            return "another version of Python"
        changed = find_changed(kept["reads"], self.root, self._now)
        if changed:
            more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
            gone = self._now[changed[0]] == ABSENT
            return f"{changed[0]}{more} {'is gone' if gone else 'changed'}"
        if kept["given"] != given:
            return "its place or what the cycle asked changed"
        for place, made in kept["outputs"].items():
            if digest(self.root / place) != made:
                return f"{place} is not as it was made"
        return None

    def remove_outputs(self, step: str, whole: bool) -> None:
        """Remove what a step made, before it is made again: nothing that was kept wrongly is then built on.

        Parameters
        ----------
        step : str
            The step's name.
        whole : bool
            Whether to remove all of it; else what is not as it was made.
        """
        for place, made in (self.get(step, "outputs") or {}).items():
            if whole or digest(self.root / place) != made:
                with suppress(OSError):
                    (self.root / place).unlink()

    def keep(
        self,
        step: str,
        given: object,
        reads: dict[str, str],
        outputs: list[str],
        value: object,
        seconds: float,
        failure: str | None = None,
    ) -> None:
        """Keep what a step was made from, and write the cache.

        Parameters
        ----------
        step : str
            The step's name.
        given : object
            What it was told to do.
        reads : dict of str to str
            Place to digest of what it read.
        outputs : list of str
            What it wrote, relative to the root.
        value : object
            What it gave, of what JSON holds.
        seconds : float
            How long it took.
        failure : str, optional
            Why it failed: it is then never up to date.
        """
        before = self._steps.get(step, {})
        self._steps[step] = {
            "given": given,
            "python": sys.version,
            "reads": reads,
            "outputs": {place: digest(self.root / place) for place in outputs},
            "value": value,
            # What a failing run took tells nothing of the next.
            "seconds": before.get("seconds") if failure else seconds,
            "failure": failure,
        }
        text = _write_json(self._steps)
        replace_whole(self._file, _write_json({"sha256": _digest_text(text), "steps": self._steps}))

    def look_again(self) -> None:
        """Forget what the files held when they were looked at: they may have changed since."""
        self._now.clear()

    def get(self, step: str, key: str) -> object:
        """Get what is kept of a step.

        Parameters
        ----------
        step : str
            The step's name.
        key : str
            given, python, reads, outputs, value, seconds or failure.

        Returns
        -------
        object
            None where nothing is kept.
        """
        return self._steps.get(step, {}).get(key)


def _read_steps(file):
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        steps = kept["steps"]
        # What another version kept in another shape is as little use as what a disk has damaged.
        is_own = kept["sha256"] == _digest_text(_write_json(steps)) and all(
            each.keys() == KEPT for each in steps.values()
        )
        return steps if is_own else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _write_json(value):
    return json.dumps(value, ensure_ascii=False)


def _digest_text(text):
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def find_place(place: str, root: Path) -> Path:
    """Find the file that a place names.

    Parameters
    ----------
    place : str
        What `cluster_eval.build.dependencies.name_place` gave.
    root : Path
        The repository's root.

    Returns
    -------
    Path
        Where it is.
    """
    if place.startswith(OWN_MODULES):
        return PACKAGE / place.removeprefix(OWN_MODULES)
    return find_file(root, place) if place.startswith("data/") else root / place


def digest(path: Path) -> str:
    """Digest what stands at a path.

    Parameters
    ----------
    path : Path
        A file or a folder.

    Returns
    -------
    str
        The SHA-256 of a file's bytes; for a folder that of the names in it; `absent` where there is neither.
    """
    try:
        if path.is_dir():
            return _digest_text("\n".join(sorted(each.name for each in path.iterdir() if each.name not in PRODUCED)))
        # To look into a pipe would be to wait for it, and to take from it.
        if not path.is_file():
            return ABSENT
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ABSENT


def find_changed(reads: dict[str, str], root: Path, now: dict[str, str]) -> list[str]:
    """Find which places hold something else than was read there.

    Parameters
    ----------
    reads : dict of str to str
        Place to digest of what was read.
    root : Path
        The repository's root.
    now : dict of str to str
        Place to digest of what stands there now; places looked up are added, so that each file is read once.

    Returns
    -------
    list of str
        The places that changed, sorted.
    """
    for place in reads.keys() - now.keys():
        now[place] = digest(find_place(place, root))
    return sorted(place for place, before in reads.items() if now[place] != before)


def replace_whole(file: Path, contents: str | bytes) -> None:
    """Replace a file atomically: a reader finds what stood there before, or all of what is new.

    Parameters
    ----------
    file : Path
        The file; its folder is made where it is not there. One that holds the contents already is left alone.
    contents : str or bytes
        What to write.

    Raises
    ------
    OSError
        When it cannot be written; nothing of it is left then.
    """
    contents = contents.encode("utf-8") if isinstance(contents, str) else contents
    try:
        if file.read_bytes() == contents:
            return
    except OSError:
        file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        fresh.write_bytes(contents)
        fresh.replace(file)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


MEMO = "kept"
"""The folder of what functions gave, among what is made on the way to a report."""


class Memo:
    """What functions gave before, in a folder.

    Parameters
    ----------
    folder : Path
        Where it is kept, each value in a file that is named by the digest of what it was worked out from.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._used: set[str] = set()

    def recall(self, function: Callable, *given: object) -> object:
        """Give what a function gives, without calling it where that is kept.

        Parameters
        ----------
        function : callable
            What gives the same value whenever it is given the same.
        *given : object
            What it is given, of what JSON holds. It is all that the value may depend on.

        Returns
        -------
        object
            The value, of what JSON holds.
        """
        call = json.dumps([function.__module__, function.__qualname__, *given])
        file = self._folder / f"{hashlib.sha256(call.encode()).hexdigest()}.json"
        self._used.add(file.name)
        try:
            seal, text = file.read_text(encoding="utf-8").split("\n", 1)
            if seal == _digest_text(text):
                return json.loads(text)
        except (OSError, ValueError):
            # Nothing is kept, or what is kept was damaged.
            pass
        text = json.dumps(function(*given))
        replace_whole(file, f"{_digest_text(text)}\n{text}")
        return json.loads(text)

    def forget_unused(self) -> None:
        """Remove what nobody asked for since this was opened."""
        for file in self._folder.glob("*.json"):
            if file.name not in self._used:
                file.unlink()
