"""What an exhibit is before it is words: a table of values with their kinds, a chart, and the codes of its words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure

from cluster_eval.values import Kind


@dataclass(frozen=True)
class Column:
    """A column of an exhibit's table.

    Attributes
    ----------
    header : str
        The code of its header in `book/exhibits.yml`.
    kind : Kind
        What its cells are.
    cells : tuple
        Numbers as measures give them, values of `cluster_eval.values`, or text.
    values : mapping of str to object
        What the header names, such as the cycle.
    kinds : tuple of Kind
        What each of its cells is, where rows are of several kinds.
    """

    header: str
    kind: Kind
    cells: tuple
    values: Mapping[str, object] = field(default_factory=dict)
    kinds: tuple[Kind, ...] = ()


def make_column(header: str, kind: Kind, cells: Iterable, /, **values: object) -> Column:
    """Make a column.

    Parameters
    ----------
    header : str
        The code of its header.
    kind : Kind
        What its cells are.
    cells : iterable
        The cells; what pandas counts as missing becomes None, which is written `[z]`.
    **values : object
        What the header names.

    Returns
    -------
    Column
        The column.
    """
    return Column(header, kind, tuple(_plain(cell) for cell in cells), values)


def _plain(cell):
    if cell is None or cell is pd.NA or cell != cell:
        return None
    return cell.item() if hasattr(cell, "item") else cell


@dataclass(frozen=True)
class Base:
    """What the numbers of an exhibit are of.

    Attributes
    ----------
    unit : str
        The code of its words under `bases` in `book/exhibits.yml`, such as `responses`.
    bases : tuple of int
        The bases that it has.
    by_cycle : tuple of (str, int)
        Each cycle with its base, where each has one of its own.
    """

    unit: str
    bases: tuple[int, ...] = ()
    by_cycle: tuple[tuple[str, int], ...] = ()


def describe_base(unit: str, rows: pd.DataFrame) -> Base:
    """Describe the bases of an exhibit.

    Parameters
    ----------
    unit : str
        What is counted: the code of its words.
    rows : DataFrame
        base, and cycle where each may have one of its own.

    Returns
    -------
    Base
        The bases; by cycle where each has one, and they differ.
    """
    bases = tuple(sorted({int(base) for base in rows["base"]}))
    if "cycle" not in rows.columns or len(bases) < 2:
        return Base(unit, bases)
    by_cycle = rows.groupby("cycle", sort=False, observed=True)["base"]
    if (by_cycle.nunique() > 1).any():
        return Base(unit, bases)
    return Base(unit, bases, tuple((str(cycle), int(base)) for cycle, base in by_cycle.first().items()))


@dataclass(frozen=True)
class Exhibit:
    """A figure or a table, before it is words.

    Attributes
    ----------
    key : str
        Which exhibit of `book/exhibits.yml`, such as `PCMW_levels`.
    columns : tuple of Column
        The table; the first column names its rows.
    cycles : tuple of str
        The cycles that it is of, in order.
    facts : tuple of dataclass
        What its words name: facts of `cluster_eval.facts`.
    values : mapping of str to object
        Further values that its words name.
    title : str or None
        The code of its title, where it has several.
    alt : tuple of str
        The codes of the sentences of its alt text.
    notes : tuple of str
        The codes of its notes.
    base : Base or None
        What its numbers are of.
    compares : tuple of str
        The survey's variables whose answers in two cycles it compares.
    sources : tuple of str or None
        The cycles that its source names, where they are others than those of its title.
    draw : callable, optional
        Draws its chart: `draw(words, layout)`, with the words of the edition; a table has none.
    open_table : bool
        Whether the table of a figure is shown without being asked for.
    """

    key: str
    columns: tuple[Column, ...]
    cycles: tuple[str, ...]
    facts: tuple = ()
    values: Mapping[str, object] = field(default_factory=dict)
    title: str | None = None
    alt: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    base: Base | None = None
    compares: tuple[str, ...] = ()
    sources: tuple[str, ...] | None = None
    draw: Callable[..., Figure] | None = field(default=None, repr=False)
    open_table: bool = False


def note_missing(columns: Iterable[Column]) -> tuple[str, ...]:
    """Give the code of the note on cells without a value, where a table has any.

    Parameters
    ----------
    columns : iterable of Column
        The table.

    Returns
    -------
    tuple of str
        `missing`, or nothing.
    """
    return ("missing",) if any(cell is None for column in columns for cell in column.cells) else ()
