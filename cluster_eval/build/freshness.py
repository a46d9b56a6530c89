"""Whether what was made before still follows from what stands in the files now.

Decided by content: each step is kept with the digest of everything that it read, and is made again when one of them
differs. Only Python's own light modules are imported here, since an analyst waits for this even when nothing changed.
"""

import hashlib
import json
import os
import stat
import sys
from contextlib import suppress

from cluster_eval.repository import find_file, find_private_folder

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OWN_MODULES = os.path.basename(PACKAGE) + "/"
PRODUCED = {"build", ".git", ".venv", ".ipynb_checkpoints", "__pycache__"}
"""Folders that a repository does not keep."""

OWN_WORK = ("build/steps/", ".git/", ".venv/")
"""What a build makes for itself, and what no report is made from."""

ABSENT = "absent"

KEPT = {"given", "python", "reads", "outputs", "value", "seconds", "failure"}
"""What a ledger keeps of each step."""


class Ledger:
    """What each step of a cycle's report was made from, kept in a file between runs.

    Parameters
    ----------
    root : str
        The repository's root.
    file : str
        Where the ledger is kept. One that is not, byte for byte, what was kept counts as empty: everything is then
        made again.
    """

    def __init__(self, root: str, file: str):
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
            if digest_made(os.path.join(self.root, place)) != made:
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
            path = os.path.join(self.root, place)
            if whole or digest_made(path) != made:
                with suppress(OSError):
                    os.remove(path)

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
        """Keep what a step was made from, and write the ledger.

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
            "outputs": {place: digest_made(os.path.join(self.root, place)) for place in outputs},
            "value": value,
            # What a failing run took tells nothing of the next.
            "seconds": before.get("seconds") if failure else seconds,
            "failure": failure,
        }
        text = _write_json(self._steps)
        write_whole(self._file, _write_json({"sha256": _digest_text(text), "steps": self._steps}))

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
        with open(file, encoding="utf-8") as text:
            ledger = json.load(text)
        steps = ledger["steps"]
        # What another version kept in another shape is as little use as what a disk has damaged.
        is_own = ledger["sha256"] == _digest_text(_write_json(steps)) and all(
            each.keys() == KEPT for each in steps.values()
        )
        return steps if is_own else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _write_json(value):
    return json.dumps(value, ensure_ascii=False)


def _digest_text(text):
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def name_place(path: str, root: str) -> str | None:
    """Name where a file is, so that the name holds wherever the repository is.

    Parameters
    ----------
    path : str
        An absolute path.
    root : str
        The repository's root.

    Returns
    -------
    str or None
        For the package's own modules `cluster_eval/…`; for what is in the private folder `data/…`, as params name it;
        else relative to the root; for what is outside, the path itself; None for what a build makes for itself.
    """
    private = find_private_folder(root)
    for folder, prefix in ((PACKAGE, OWN_MODULES), (str(private), "data/"), (root, "")):
        if path == folder or path.startswith(folder + os.sep):
            place = prefix + path[len(folder) + 1 :].replace(os.sep, "/")
            if place.startswith(OWN_WORK) or {".ipynb_checkpoints", "__pycache__"}.intersection(place.split("/")):
                return None
            # The name is that of another file where the private folder has one of the same name.
            return path if private and find_place(place, root) != path else place
    return path


def find_place(place: str, root: str) -> str:
    """Find the file that a place names.

    Parameters
    ----------
    place : str
        What `name_place` gave.
    root : str
        The repository's root.

    Returns
    -------
    str
        Its path.
    """
    if place.startswith(OWN_MODULES):
        return os.path.join(PACKAGE, place[len(OWN_MODULES) :])
    return str(find_file(root, place)) if place.startswith("data/") else os.path.join(root, place)


def digest(path: str) -> str:
    """Digest what stands at a path.

    Parameters
    ----------
    path : str
        A file or a folder.

    Returns
    -------
    str
        The SHA-256 of a file's bytes; for a folder that of the names in it; `absent` where there is neither.
    """
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            names = sorted(name for name in os.listdir(path) if name not in PRODUCED)
            return _digest_text("\n".join(names))
        if not stat.S_ISREG(kind):
            # To look into a pipe would be to wait for it, and to take from it.
            return ABSENT
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ABSENT


def find_changed(reads: dict[str, str], root: str, now: dict[str, str]) -> list[str]:
    """Find which places hold something else than was read there.

    Parameters
    ----------
    reads : dict of str to str
        Place to digest of what was read.
    root : str
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


_digested: dict[str, tuple] = {}


def digest_made(path: str) -> str:
    """Digest a file that a build made; a run asks more than once, and reads it once.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    str
        The SHA-256 of its bytes; `absent` where it is not there.
    """
    try:
        status = os.stat(path)
    except OSError:
        return ABSENT
    look = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    known = _digested.get(path)
    if known is None or known[0] != look:
        known = _digested[path] = (look, digest(path))
    return known[1]


def write_whole(file: str, contents: str | bytes) -> None:
    """Write a file so that a reader finds what stood there before or all of what is new.

    Parameters
    ----------
    file : str
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
        with open(file, "rb") as old:
            if old.read() == contents:
                return
    except OSError:
        os.makedirs(os.path.dirname(file), exist_ok=True)
    fresh = f"{file}.{os.getpid()}.new"
    try:
        with open(fresh, "wb") as new:
            new.write(contents)
        os.replace(fresh, file)
    except BaseException:
        with suppress(OSError):
            os.remove(fresh)
        raise
