"""Labels: the words that readers see for what the data have codes for."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cluster_eval.problems import suggest
from cluster_eval.words.messages import MessageError

FILE = Path("data/reference/labels.csv")


@dataclass(frozen=True)
class Labels:
    """The labels of a cycle's report, in English.

    Attributes
    ----------
    words : mapping of (str, str, str) to str
        Kind, code and form (empty for the usual one) to the label.
    outcomes : callable
        Gives the same of outcomes, which are a file of their own: it is read when one is first named.
    """

    words: Mapping[tuple[str, str, str], str]
    outcomes: Callable[[], Mapping[tuple[str, str, str], str]] = dict

    def has(self, kind: str, code: str) -> bool:
        """Say whether there is a label."""
        return (kind, code, "") in self._list(kind)

    def find(self, kind: str, code: str, form: str = "") -> str:
        """Find a label.

        Parameters
        ----------
        kind, code : str
            What it is of.
        form : str
            Such as `statement`; a label that has not the form has its usual one.

        Returns
        -------
        str
            The label.

        Raises
        ------
        MessageError
            When there is none, with the nearest codes.
        """
        words = self._list(kind)
        for key in ((kind, code, form), (kind, code, "")):
            if key in words:
                return words[key]
        known = sorted({code for of_kind, code, _ in words if of_kind == kind})
        if not known:
            raise MessageError(f'{FILE} has no labels of the kind "{kind}"')
        raise MessageError(f'{FILE} has no {kind} "{code}"; {suggest(code, known)}')

    def _list(self, kind):
        return self.outcomes() if kind == "outcome" else self.words


def read_labels(root: Path) -> dict[tuple[str, str, str], str]:
    """Read the labels that all cycles have.

    Parameters
    ----------
    root : Path
        The repository's root.

    Returns
    -------
    dict of (str, str, str) to str
        Kind, code and form to the label.
    """
    with (root / FILE).open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["code"], row["form"]): row["label"] for row in csv.DictReader(file)}
