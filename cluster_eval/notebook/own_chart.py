"""An analyst's own chart, made an exhibit: numbered in a series of its own, with its words and its table checked."""

import os
import re
from math import isfinite

import numpy as np
import pandas as pd
from matplotlib import pyplot
from matplotlib.figure import Figure
from matplotlib.text import Text

from cluster_eval.values import Kind, Missing
from cluster_eval.words.language import Language
from cluster_eval.words.letters import show_missing
from cluster_eval.words.numbers import round_cell, write_minus
from cluster_eval.words.patterns import FIGURE
from cluster_eval.words.written import Cells, WrittenExhibit

PLACE = "CLUSTER_EVAL_FIGURES"
"""Variable of the environment by which a build tells the section, and how many own charts come before it."""

EXAMPLE = 'edition.show(figure, title="…", table=…, alt="…")'

_FILE = re.compile(r"\S+\.(png|svg|jpe?g|gif|webp|pdf)", re.IGNORECASE)
_EMPTY_WORDS = re.compile(r"(figure|image)\b", re.IGNORECASE)

_shown: list[str] = []
"""Titles of the own charts that this process has shown, in their order."""


def make_exhibit(
    drawn: object, title: str | None, table: pd.DataFrame | None, alt: str | None, note: str, language: Language
) -> WrittenExhibit:
    """Make an exhibit of a chart, and keep a notebook from showing the chart again.

    Parameters
    ----------
    drawn : Figure, Axes, or what pandas or seaborn returns for them
        The chart.
    title : str
        Measure, place and period.
    table : DataFrame
        The numbers that the chart shows, as readers are to see them.
    alt : str
        What the chart shows, for who does not see it.
    note : str
        Source and base.
    language : Language
        The edition's.

    Returns
    -------
    WrittenExhibit
        The exhibit, `Figure N1` and so on; the same chart for a wide page and for a narrow one. Its name, the section's
        and which of its own charts this is, is unique in the book, whatever number it comes to have.

    Raises
    ------
    TypeError
        When the chart or its table is something else.
    ValueError
        When words are missing or say nothing, or the table cannot be laid out, with what to do.
    """
    figure = _find_figure(drawn)
    problems = _check_words(title, alt)
    if table is None:
        problems.append("table= is missing: give the numbers that the chart shows, as a DataFrame")
    if problems:
        raise ValueError(f"{'; '.join(problems)}. Such as {EXAMPLE}")
    tidy = _tidy_table(table)
    title = " ".join(title.split())
    section, before = os.environ.get(PLACE, "own 0").rsplit(maxsplit=1)
    if title not in _shown:
        _shown.append(title)
    elif PLACE in os.environ:
        # In JupyterLab a cell is run again and again.
        raise ValueError(f'two figures of the section have the title "{title}"; say in each how it differs')
    number = _shown.index(title) + 1
    _replace_letters(figure)
    pyplot.close(figure)
    return WrittenExhibit(
        name=f"{section}-figure-{number}",
        label=language.say(FIGURE, number=f"N{int(before) + number}"),
        title=title,
        origin=note.strip(),
        alt=write_minus(alt.strip()),
        columns=tuple(_write_column(name, cells, language) for name, cells in tidy.reset_index().items()),
        draw=lambda: figure,
        is_own=True,
    )


def _write_column(header, cells, language):
    numeric = all(isinstance(cell, int | float | Missing) for cell in cells)
    kind = Kind.AS_GIVEN if numeric and not all(isinstance(cell, Missing) for cell in cells) else Kind.TEXT
    cells = [cell if numeric or isinstance(cell, Missing) else str(cell) for cell in cells]
    rounded = tuple(round_cell(cell, kind) for cell in cells)
    return Cells(header, kind, (), rounded, tuple(language.write_cell(cell, kind) for cell in cells))


def _find_figure(drawn):
    first = drawn
    while isinstance(first, np.ndarray | list | tuple) and len(first):
        first = first[0]
    # Seaborn's grids have the attribute as well as everything that stands on axes.
    figure = first if isinstance(first, Figure) else getattr(first, "figure", None)
    figure = figure.get_figure(root=True) if hasattr(figure, "get_figure") else figure
    if not isinstance(figure, Figure):
        kind = type(drawn).__name__
        raise TypeError(f"found {kind}, which is no chart; give the figure, or the axes that pandas or seaborn returns")
    if not figure.axes:
        raise ValueError("the figure is empty; draw it and show it in one cell, before anything else shows it")
    return figure


def _check_words(title, alt):
    problems = []
    if not isinstance(title, str) or not title.strip():
        problems.append(
            'title= is missing: say measure, place and period, such as "Responses by month, Wales, 2024-25"'
        )
    if not isinstance(alt, str) or not alt.strip():
        problems.append("alt= is missing: say what the chart shows to who does not see it")
    elif _FILE.fullmatch(alt.strip()):
        problems.append(f'alt="{alt}" names a file: say what the chart shows')
    elif _EMPTY_WORDS.match(alt.strip()):
        problems.append(f'alt="{alt}" begins with what a screen reader says anyway: begin with what the chart shows')
    elif len(alt.split()) < 3:
        problems.append(f'alt="{alt}" says too little: say what the chart shows, in a sentence')
    elif isinstance(title, str) and alt.strip() == title.strip():
        problems.append("alt= repeats the title: say what the chart shows")
    return problems


def _tidy_table(table):
    """Give a table as exhibits have it: a named index, headers that are unique, and no cell that is blank."""
    if not isinstance(table, pd.DataFrame):
        more = ", such as table.to_frame()" if isinstance(table, pd.Series) else ""
        raise TypeError(f"table= is a {type(table).__name__}; give a DataFrame{more}")
    if table.columns.nlevels > 1:
        raise ValueError("the table's columns have several levels; give each column one name")
    if table.index.nlevels > 1:
        table = table.reset_index()
    if table.index.name is None and isinstance(table.index, pd.RangeIndex) and len(table.columns) > 1:
        table = table.set_index(table.columns[0])
    if table.empty:
        raise ValueError("the table has no cells; give the numbers that the chart shows")
    headers = [" ".join(str(name).split()) for name in (table.index.name, *table.columns)]
    if table.index.name is None or not all(headers):
        raise ValueError('a column of the table, or its index, has no name; such as table.rename_axis("Month")')
    if len({header.casefold() for header in headers}) < len(headers):
        raise ValueError(f"two columns of the table have the same name: {', '.join(headers)}")
    index = pd.Index([_tidy_cell(cell) for cell in table.index], name=headers[0], dtype=object)
    cells = {header: [_tidy_cell(cell) for cell in table.iloc[:, place]] for place, header in enumerate(headers[1:])}
    return pd.DataFrame(cells, index=index, dtype=object)


def _tidy_cell(cell):
    """Leave numbers and text; what is missing has the reports' symbol."""
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return Missing.NOT_AVAILABLE
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, float):
        # Without what binary fractions add.
        return float(f"{cell:.15g}") if isfinite(cell) else Missing.NOT_AVAILABLE
    return cell if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)


def _replace_letters(figure):
    """Name letters that the font lacks, of which matplotlib warns and draws boxes."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            labels = [label.get_text() for label in axis.get_ticklabels()]
            shown = [show_missing(label) for label in labels]
            if shown != labels:
                axis.set_ticks(axis.get_ticklocs(), shown)
    for text in figure.findobj(Text):
        text.set_text(show_missing(text.get_text()))
