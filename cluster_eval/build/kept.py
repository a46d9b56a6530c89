"""Keeps what was worked out, by what it was worked out from: an edit of one page is then no reason to make them all."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from cluster_eval.build.freshness import write_whole

KEPT = "kept"
"""The folder of it, among what is made on the way to a report."""


class Kept:
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
            if seal == _seal(text):
                return json.loads(text)
        except (OSError, ValueError):
            # Nothing is kept, or what is kept was damaged.
            pass
        text = json.dumps(function(*given))
        write_whole(str(file), f"{_seal(text)}\n{text}")
        return json.loads(text)

    def forget_unused(self) -> None:
        """Remove what nobody asked for since this was opened."""
        for file in self._folder.glob("*.json"):
            if file.name not in self._used:
                file.unlink()


def _seal(text):
    return hashlib.sha256(text.encode()).hexdigest()
