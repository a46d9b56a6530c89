"""Charts of all outcomes by framework: their levels, and which clusters moved."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator
from matplotlib.transforms import blended_transform_factory

from cluster_eval.charts.canvas import add_legend, finish_axis, stack_levels, start_groups, wrap_words
from cluster_eval.charts.style import (
    CHANGE,
    CURRENT_COLOUR,
    DOTS,
    GAP,
    GROUP_HEADING,
    HALF_TICK_LABEL,
    HEAD,
    LEVEL_COLOURS,
    LINE_HEIGHT,
    PREVIOUS_COLOUR,
    STYLE,
    WIDE,
    Layout,
)
from cluster_eval.values import SMALLEST_BASE
from cluster_eval.vocabulary import LEVELS


def draw_overview(
    table: pd.DataFrame,
    moves: pd.DataFrame | None,
    colours: Mapping[str, str],
    levels: Sequence[str],
    heads: tuple[str, str],
    layout: Layout = WIDE,
) -> Figure:
    """Draw the levels of all outcomes in one picture, and beside them how a share has changed.

    Parameters
    ----------
    table : DataFrame
        group, category, level, n, base, share: one row per category of a group and level, in the order to draw them.
    moves : DataFrame, optional
        One row per category that has been rated before: category, a column of shares for each cycle, the
        earlier first, and label, what to write of the change.
    colours : mapping of str to str
        Cycle to colour.
    levels : sequence of str
        The levels' names, the lowest first.
    heads : (str, str)
        What stands above the changes, and above the shares of the cycles.
    layout : Layout
        For which width of page. On a narrow one the change stands as its label alone at the end of each bar.

    Returns
    -------
    Figure
        The chart, its rows under the names of their groups: shares, or counts where the smallest base is below 30.
    """
    value = "share" if table["base"].min() >= SMALLEST_BASE else "n"
    keys = ["group", "category"]
    names = table.drop_duplicates(keys).set_index("category")["group"]
    wide = table.pivot(index=keys, columns="level", values=value).loc[list(zip(names, names.index, strict=True))]
    cycles = [] if moves is None else [column for column in moves.columns if column not in ("category", "label")]
    dots = 0 if layout.labels_above or moves is None else DOTS
    right = (HALF_TICK_LABEL if moves is None else CHANGE) + (dots + 2 * HALF_TICK_LABEL if dots else 0)
    with mpl.rc_context(STYLE):
        axes, places = start_groups(names, 20, layout, right, len(LEVELS) // layout.legend_columns + bool(dots))
        figure = axes.figure
        beside = blended_transform_factory(figure.transFigure, axes.transData)
        stack_levels(axes, wide, places, 20)
        finish_axis(axes, value, value == "share", layout)
        add_legend(axes, levels, LEVEL_COLOURS.values(), layout)
        bold = {"transform": beside, "fontweight": "bold", "verticalalignment": "center"}
        if moves is not None:
            rows = moves.set_index("category").reindex(names.index)
            end = 1 - GAP / layout.width
            # On a narrow page a group's name takes the whole line; beside the legend there is room.
            height = -LINE_HEIGHT if layout.labels_above else GROUP_HEADING / 2
            axes.text(end, height, heads[0], horizontalalignment="right", **bold)
            for place, label in zip(places, rows["label"].fillna(""), strict=True):
                axes.text(
                    end,
                    place,
                    label,
                    transform=beside,
                    horizontalalignment="right",
                    verticalalignment="center_baseline",
                )
        if dots:
            around = axes.get_position()
            start = around.x1 * layout.width + 2 * HALF_TICK_LABEL
            scale = figure.add_axes((start / layout.width, around.y0, dots / layout.width, around.height))
            scale.set_ylim(axes.get_ylim())
            scale.yaxis.set_visible(False)
            scale.text(start / layout.width, GROUP_HEADING / 2, wrap_words(heads[1], HEAD), **bold)
            markers = ["D", "o"]
            scale.hlines(places, rows[cycles].min(axis="columns"), rows[cycles].max(axis="columns"), "#3D3D3D", lw=1)
            for cycle, marker in zip(cycles, markers, strict=True):
                scale.scatter(rows[cycle], places, s=50, marker=marker, color=colours[cycle], zorder=3)
            scale.set_xlim(0, 1)
            scale.xaxis.set_major_locator(MultipleLocator(0.5))
            scale.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
            add_legend(axes, cycles, [colours[cycle] for cycle in cycles], layout, markers, row=1, left=start)
    return figure


def draw_moves(table: pd.DataFrame, heads: Sequence[str], layout: Layout = WIDE) -> Figure:
    """Draw how many moved down, to the left, and how many up, to the right.

    Parameters
    ----------
    table : DataFrame
        group, category, up, stayed, down: one row per category, in the order to draw them.
    heads : sequence of str
        What those that moved down, that moved up and that stayed are called.
    layout : Layout
        For which width of page.

    Returns
    -------
    Figure
        The chart; at the end of each row stands how many stayed.
    """
    names = table.set_index("category")["group"]
    with mpl.rc_context(STYLE):
        axes, places = start_groups(names, 20, layout, CHANGE, legend_rows=1)
        beside = blended_transform_factory(axes.figure.transFigure, axes.transData)
        colours = {"down": PREVIOUS_COLOUR, "up": CURRENT_COLOUR}
        for move, sign in (("down", -1), ("up", 1)):
            bars = axes.barh(places, sign * table[move], color=colours[move], height=20)
            axes.bar_label(bars, [str(n) for n in table[move]], padding=4)
        axes.axvline(0, color="#3D3D3D", linewidth=1)
        furthest = max(int(table[["up", "down"]].max().max()), 1) * (1.5 if layout.labels_above else 1.3)
        axes.set_xlim(-furthest, furthest)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{abs(number):.0f}"))
        end = 1 - GAP / layout.width
        right = {"transform": beside, "horizontalalignment": "right"}
        height = -LINE_HEIGHT if layout.labels_above else GROUP_HEADING / 2
        axes.text(end, height, heads[2], fontweight="bold", verticalalignment="center", **right)
        for place, stayed in zip(places, table["stayed"], strict=True):
            axes.text(end, place, str(stayed), verticalalignment="center_baseline", **right)
        add_legend(axes, heads[:2], colours.values(), layout)
    return axes.figure
