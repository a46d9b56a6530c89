"""What a piece of work read: every file that it opened, the package's modules among them, and what stood there.

Nothing needs to be declared: Python tells of each file that it opens, and of each folder that it lists, by its audit
events. It counts wherever it lies, but for what belongs to the interpreter, the environment and the system, and for
what this process itself has written. What a library opens by itself and not through Python is not seen.
"""

import importlib.util
import os
import site
import sys
import sysconfig
from pathlib import Path

from cluster_eval.build.cache import OWN_MODULES, PACKAGE, digest, find_place
from cluster_eval.repository import find_private_folder

OWN_WORK = ("build/steps/", ".git/", ".venv/")
"""What a build makes for itself, and what no report is made from."""


class Dependencies:
    """What this process read since `start`.

    Parameters
    ----------
    root : Path
        The repository's root.

    Attributes
    ----------
    digests : dict of str to str
        Place (see `name_place`) to the digest of what stood there when it was first
        read.
    """

    def __init__(self, root: Path):
        self.digests: dict[str, str] = {}
        self._root = root
        self._foreign = tuple(folder for folder in _list_foreign() if not f"{root}{os.sep}".startswith(folder))
        self._written: set[str] = set()
        self._looking = False

    def start(self) -> None:
        """Record from now until the process ends."""
        sys.addaudithook(self._hear)

    def record(self, path: str) -> None:
        """Record a file or folder as read now.

        Parameters
        ----------
        path : str
            Where it is.
        """
        path = os.path.abspath(path)
        if path.endswith(".pyc"):
            try:
                path = importlib.util.source_from_cache(path)
            except ValueError:
                return
        place = name_place(path, self._root)
        if place is None or place in self.digests or f"{path}{os.sep}".startswith(self._foreign):
            return
        if self._written and not self._written.isdisjoint((path, *_list_parents(path))):
            return
        self._looking = True
        try:
            self.digests[place] = digest(Path(path))
        finally:
            self._looking = False

    def _hear(self, event, arguments):
        if event == "open":
            path, mode, flags = arguments
            if self._looking or not isinstance(path, str | bytes):
                return
            path = os.fsdecode(path)
            if "r" not in mode if mode else flags & (os.O_WRONLY | os.O_RDWR):
                self._written.add(os.path.abspath(path))
            else:
                self.record(path)
        elif event == "os.mkdir":
            self._written.add(os.path.abspath(os.fsdecode(arguments[0])))
        elif event in ("os.listdir", "os.scandir") and not self._looking:
            folder = "." if arguments[0] is None else arguments[0]
            # Where Python looks for modules is not what a report is made from.
            if isinstance(folder, str | bytes) and not _is_import_path(os.fsdecode(folder)):
                self.record(os.fsdecode(folder))


def name_place(path: str, root: Path) -> str | None:
    """Name where a file is, so that the name holds wherever the repository is.

    Parameters
    ----------
    path : str
        An absolute path.
    root : Path
        The repository's root.

    Returns
    -------
    str or None
        For the package's own modules `cluster_eval/…`; for what is in the private folder `data/…`, as params name it;
        else relative to the root; for what is outside, the path itself; None for what a build makes for itself.
    """
    private = find_private_folder(root)
    for folder, prefix in ((PACKAGE, OWN_MODULES), (private, "data/"), (root, "")):
        if folder is not None and (path == str(folder) or path.startswith(f"{folder}{os.sep}")):
            place = prefix + path[len(str(folder)) + 1 :].replace(os.sep, "/")
            if place.startswith(OWN_WORK) or {".ipynb_checkpoints", "__pycache__"}.intersection(place.split("/")):
                return None
            # The name is that of another file where the private folder has one of the same name.
            return path if private and str(find_place(place, root)) != path else place
    return path


def list_reads(root: str, listing: str) -> None:
    """Record from now on, and keep a list of it in a file, for a kernel to be asked afterwards what it read.

    Parameters
    ----------
    root : str
        The repository's root.
    listing : str
        The file: on each line a place, a space and the digest.
    """
    reads = Dependencies(Path(root))
    file = open(listing, "a", encoding="utf-8", buffering=1)  # noqa: SIM115 - until the process ends

    class Listed(dict):
        def __setitem__(self, place, found):
            super().__setitem__(place, found)
            file.write(f"{place} {found}\n")

    reads.digests = Listed()
    reads.start()


def _is_import_path(folder):
    folder = os.path.abspath(folder)
    return folder.startswith(str(PACKAGE)) or folder in {os.path.abspath(entry) for entry in sys.path}


def _list_parents(path):
    while (parent := os.path.dirname(path)) != path:
        yield (path := parent)


def _list_foreign():
    """List how paths begin where the interpreter, its environment and the system keep what is no input."""
    prefixes = {sys.prefix, sys.base_prefix}
    folders = {os.path.dirname(os.__file__), *site.getsitepackages(), site.getusersitepackages()}
    folders |= {sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")}
    # A prefix such as /usr holds much besides Python.
    folders |= {prefix for prefix in prefixes if os.path.basename(prefix) not in ("", "usr", "local")}
    # An environment may be reached by a link, and some libraries follow it to look for their files.
    folders |= {os.path.realpath(folder) for folder in folders}
    return tuple(f"{folder}{os.sep}" for folder in (*folders, "/dev", "/proc", "/sys", "/run", "/usr/share/zoneinfo"))
