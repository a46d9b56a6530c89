"""Intervals with their bounds, and correlations."""

from collections.abc import Sequence

import matplotlib as mpl
import pandas as pd
from afcharts.af_colours import get_af_colours
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import blended_transform_factory

from cluster_eval.charts.canvas import add_legend, finish_axis, measure_text, start_groups
from cluster_eval.charts.style import (
    CURRENT_COLOUR,
    GAP,
    HALF_TICK_LABEL,
    LINE_HEIGHT,
    PIXELS_PER_INCH,
    PREVIOUS_COLOUR,
    STYLE,
    WIDE,
    Layout,
)
from cluster_eval.words.letters import show_missing
from cluster_eval.words.numbers import write_minus


def draw_ranges(table: pd.DataFrame, marks: Sequence[str], layout: Layout = WIDE) -> Figure:
    """Draw shares as dots, each on a thick line, its interval, and a thin one, its bounds.

    Parameters
    ----------
    table : DataFrame
        group, category, share, low, high, lowest, highest: one row per category, in the order to draw them.
    marks : sequence of str
        What the dot, the thick line and the thin one are called.
    layout : Layout
        For which width of page.

    Returns
    -------
    Figure
        The chart, on the whole scale.
    """
    names = table.set_index("category")["group"]
    with mpl.rc_context(STYLE):
        axes, places = start_groups(names, 20, layout, HALF_TICK_LABEL, 1 if layout is WIDE else 2)
        axes.hlines(places, table["lowest"], table["highest"], "#3D3D3D", linewidth=1.5)
        for end in ("lowest", "highest"):
            axes.scatter(table[end], places, marker="|", s=60, color="#3D3D3D", linewidth=1.5)
        axes.hlines(places, table["low"], table["high"], CURRENT_COLOUR, linewidth=6)
        axes.scatter(table["share"], places, s=50, color="white", edgecolor=CURRENT_COLOUR, linewidth=2, zorder=3)
        axes.set_xlim(0, 1)
        finish_axis(axes, "share", True, layout)
        # Behind the dot, the thick line and the thin one.
        add_legend(axes, marks, (CURRENT_COLOUR, CURRENT_COLOUR, "#3D3D3D"), layout, ("o", "s", "|"))
    return axes.figure


def draw_changes(table: pd.DataFrame, marks: Sequence[str], layout: Layout = WIDE) -> Figure:
    """Draw changes as dots, each on a line, its range, beside a line where nothing has changed.

    Parameters
    ----------
    table : DataFrame
        group, category, change, low, high: fractions, one row per category, in the order to draw them.
    marks : sequence of str
        What the dot and the line are called.
    layout : Layout
        For which width of page.

    Returns
    -------
    Figure
        The chart, in percentage points, as far to the one side of nothing as to the other.
    """
    names = table.set_index("category")["group"]
    with mpl.rc_context(STYLE):
        axes, places = start_groups(names, 20, layout, HALF_TICK_LABEL, 1)
        axes.axvline(0, color="#3D3D3D", linewidth=1)
        axes.hlines(places, table["low"] * 100, table["high"] * 100, CURRENT_COLOUR, linewidth=4)
        axes.scatter(
            table["change"] * 100, places, s=64, color="white", edgecolor=CURRENT_COLOUR, linewidth=2, zorder=3
        )
        furthest = table[["change", "low", "high"]].abs().max().max() * 100
        axes.set_xlim(-1.1 * max(furthest, 1), 1.1 * max(furthest, 1))
        axes.xaxis.set_major_locator(MaxNLocator(4 if layout.labels_above else 8, integer=True))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda points, _: write_minus(f"{points:+.0f}" if points else "0"))
        )
        add_legend(axes, marks, (CURRENT_COLOUR, CURRENT_COLOUR), layout, ("o", "s"))
    return axes.figure


def draw_correlations(
    table: pd.DataFrame,
    names: Sequence[str],
    numbers: Sequence[str],
    steps: Sequence[str],
    layout: Layout = WIDE,
) -> Figure:
    """Draw correlations as squares, the larger and darker the stronger.

    Parameters
    ----------
    table : DataFrame
        Square; rows and columns the same categories, in the order to draw them; values -1 to 1.
    names, numbers : sequence of str
        What stands before each row, and on a wide page at the head of each column.
    steps : sequence of str
        What correlations are called that are negative, and that are under 0.25, 0.5, 0.75, and not.
    layout : Layout
        For which width of page.

    Returns
    -------
    Figure
        The chart; of each pair one square, below the diagonal.
    """
    keys = list(table.index)
    labels = [show_missing(name) for name in names]
    left = layout.edge + max(map(measure_text, labels)) + GAP
    limits = (0.0, 0.25, 0.5, 0.75)
    cell = (layout.width - left - layout.edge) / len(keys)
    line = max(cell, LINE_HEIGHT)
    top, legend = 6, (LINE_HEIGHT + 7) * -(-len(limits) // layout.legend_columns)
    height = top + legend + line * len(keys)
    palette = get_af_colours("sequential", number_of_colours=4)[::-1]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(layout.width / PIXELS_PER_INCH, height / PIXELS_PER_INCH))
        axes = figure.add_axes((left / layout.width, 0, cell * len(keys) / layout.width, 1 - (top + legend) / height))
        axes.set(xlim=(0, cell * len(keys)), ylim=(line * len(keys), 0))
        axes.xaxis.set_visible(False)
        axes.yaxis.set_visible(False)
        axes.grid(False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        for down, row in enumerate(keys):
            figure.text(
                (left - GAP) / layout.width,
                (down + 0.5) * line,
                labels[down],
                transform=blended_transform_factory(figure.transFigure, axes.transData),
                horizontalalignment="right",
                verticalalignment="center_baseline",
            )
            if not layout.labels_above:
                # At the head of its column.
                axes.text(
                    (down + 0.5) * cell,
                    (down + 0.5) * line,
                    numbers[down],
                    horizontalalignment="center",
                    verticalalignment="center_baseline",
                )
            for across, column in enumerate(keys[:down]):
                value = table.loc[row, column]
                if pd.isna(value):
                    continue
                side = min(cell, line) * 0.94 * max(abs(value), 0.05) ** 0.5
                axes.add_patch(
                    mpl.patches.Rectangle(
                        ((across + 0.5) * cell - side / 2, (down + 0.5) * line - side / 2),
                        side,
                        side,
                        color=palette[sum(value >= limit for limit in limits[1:])] if value >= 0 else PREVIOUS_COLOUR,
                    )
                )
        labels = list(steps[1:])
        colours = list(palette)
        if (table < 0).any(axis=None):
            labels, colours = [steps[0], *labels[1:]], [PREVIOUS_COLOUR, *colours[1:]]
        add_legend(axes, labels, colours, layout)
    return figure
