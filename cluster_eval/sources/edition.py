"""What a build makes: some cycles, of some of the clusters, in a language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cluster_eval.vocabulary import WALES

if TYPE_CHECKING:
    # Whoever asks whether anything has to be made does not wait for it.
    import pandas as pd

ENGLISH = "en"


@dataclass(frozen=True)
class Scope:
    """Whose rows an edition is made of.

    Attributes
    ----------
    kind : str or None
        `health_board` or `cluster`, the column of registers and responses that tells; None for all of Wales.
    name : str
        Its name.
    """

    kind: str | None = None
    name: str = WALES

    @property
    def folder(self) -> Path:
        """Its folder among those of other scopes; that of Wales is the folder of all."""
        return Path() if self.kind is None else Path(self.kind, self.name)

    def choose(self, table: pd.DataFrame) -> pd.DataFrame:
        """Choose the rows that belong to it.

        Parameters
        ----------
        table : DataFrame
            A register or responses: health_board and cluster are among its columns.

        Returns
        -------
        DataFrame
            Those rows, with the columns of the table.
        """
        return table if self.kind is None else table[table[self.kind] == self.name]


ALL_WALES = Scope()


@dataclass(frozen=True)
class Edition:
    """What a build makes, and the key of all that it keeps.

    Attributes
    ----------
    cycles : tuple of str
        All that the chain of previous cycles leads to, the newest last: its report it is.
    scope : Scope
        Whose rows.
    language : str
        Such as `en`.
    """

    cycles: tuple[str, ...]
    scope: Scope = ALL_WALES
    language: str = ENGLISH

    @property
    def cycle(self) -> str:
        """The newest cycle."""
        return self.cycles[-1]

    @property
    def shared_folder(self) -> Path:
        """Where belongs what is the same in each language."""
        return self.scope.folder / self.cycle

    @property
    def folder(self) -> Path:
        """Where belongs what is of this edition alone: another language than English has a folder of its own."""
        return self.shared_folder if self.language == ENGLISH else Path(self.language, self.shared_folder)
