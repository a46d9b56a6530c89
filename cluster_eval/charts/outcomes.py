"""Levels and mean scores of each outcome beside those of earlier cycles."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cluster_eval.charts.canvas import (
    add_legend,
    label_rows,
    measure_text,
    name_scores,
    outline,
    start_rows,
    wrap_words,
)
from cluster_eval.charts.style import (
    EARLIER,
    GAP,
    LEVEL_COLOURS,
    LINE_HEIGHT,
    PIXELS_PER_INCH,
    STYLE,
    TOP,
    WIDE,
    Layout,
)
from cluster_eval.values import SMALLEST_BASE
from cluster_eval.vocabulary import LEVELS

MOST_BESIDE = 2
"""So many cycles are drawn beside each other; of more, the earlier ones are drawn in another way."""


def draw_multiples(
    table: pd.DataFrame, category: str, colours: Mapping[str, str], levels: Sequence[str], layout: Layout = WIDE
) -> Figure:
    """Draw the levels of each category as a small chart of its own, all on one scale.

    Of one or two cycles each level has a bar; of more each cycle has a stack of the levels, in the order of the cycles.

    Parameters
    ----------
    table : DataFrame
        category, cycle, level, n, base, share: one row per category, cycle and level, the earlier cycle first.
    category : str
        The column of the categories, in the order to draw them.
    colours : mapping of str to str
        Cycle to colour.
    levels : sequence of str
        The levels' names, the lowest first.
    layout : Layout
        For which width of page.

    Returns
    -------
    Figure
        The charts: bars for the last cycle, a line across each bar for the one before, or stacks; shares, or counts
        where the smallest base is below 30.
    """
    value = "share" if table["base"].min() >= SMALLEST_BASE else "n"
    cycles = sorted(table["cycle"].unique())
    *before, now = cycles
    is_stacked = len(cycles) > MOST_BESIDE
    names = list(table[category].unique())
    columns = 2 if layout.labels_above else 4
    rows = -(-len(names) // columns)
    axis_width, plot, gap = 42, 92, 14
    width = (layout.width - axis_width - layout.edge - gap * (columns - 1)) / columns
    labels = {name: wrap_words(name, int(width / 7.6)) for name in names}
    titles = [
        LINE_HEIGHT * max(labels[name].count("\n") + 1 for name in names[row * columns :][:columns])
        for row in range(rows)
    ]
    legend = (LINE_HEIGHT + 7) * (len(LEVELS) // layout.legend_columns + (bool(before) and not is_stacked))
    foot_line = LINE_HEIGHT if is_stacked else 0
    height = TOP + legend + sum(titles) + rows * (GAP + plot + gap + foot_line)
    highest = float(table["base"].max() if value == "n" else 1) if is_stacked else float(table[value].max()) * 1.08
    with mpl.rc_context(STYLE | {"axes.grid.axis": "y"}):
        figure = Figure(figsize=(layout.width / PIXELS_PER_INCH, height / PIXELS_PER_INCH))
        for number, name in enumerate(names):
            row, column = divmod(number, columns)
            foot = TOP + legend + sum(titles[: row + 1]) + (row + 1) * (GAP + plot) + row * (gap + foot_line)
            axes = figure.add_axes(
                (
                    (axis_width + column * (width + gap)) / layout.width,
                    1 - foot / height,
                    width / layout.width,
                    plot / height,
                )
            )
            lengths = table[table[category] == name].set_index(["cycle", "level"])[value]
            if is_stacked:
                _stack_cycles(axes, lengths, cycles)
            elif now in lengths.index:
                bars = axes.bar(range(len(LEVELS)), lengths[now][list(LEVELS)], 0.84, color=LEVEL_COLOURS.values())
                outline(axes, bars[:1])
            for cycle in () if is_stacked else before:
                if cycle in lengths.index:
                    for place, length in enumerate(lengths[cycle][list(LEVELS)]):
                        # White around it, so that it stands out from a bar of any colour.
                        for colour, line in (("white", 5), (colours[cycle], 2.5)):
                            axes.hlines(length, place - 0.5, place + 0.5, colour, linewidth=line, zorder=4)
            axes.set_xlim(-0.6, (len(cycles) if is_stacked else len(LEVELS)) - 0.4)
            axes.set_ylim(0, highest)
            axes.xaxis.set_visible(False)
            if is_stacked:
                for place, cycle, side in ((0, cycles[0], "left"), (1, now, "right")):
                    axes.text(place, -0.04, cycle, transform=axes.transAxes, ha=side, va="top")
            axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10], integer=value == "n"))
            if value == "share":
                axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
            axes.tick_params(axis="y", labelleft=column == 0, length=0)
            figure.text(
                axes.get_position().x0,
                1 - (foot - plot - GAP) / height,
                labels[name],
                verticalalignment="bottom",
            )
        add_legend(axes, levels, LEVEL_COLOURS.values(), layout)
        if before and not is_stacked:
            row = len(LEVELS) // layout.legend_columns
            add_legend(axes, before, [colours[cycle] for cycle in before], layout, ["_"] * len(before), row=row)
    return figure


def _stack_cycles(axes, lengths, cycles):
    """Draw each cycle's levels as a column, the lowest level at its foot."""
    for place, cycle in enumerate(cycles):
        if cycle not in lengths.index:
            continue
        foot = 0.0
        for level in LEVELS:
            bars = axes.bar(
                [place], [lengths[cycle][level]], 0.84, foot, color=LEVEL_COLOURS[level], ec="white", lw=0.8
            )
            if level == LEVELS[0]:
                outline(axes, bars)
            foot += lengths[cycle][level]


def draw_means(
    table: pd.DataFrame,
    category: str,
    series: str,
    colours: Mapping[str, str],
    levels: Sequence[str],
    earlier: str,
    layout: Layout = WIDE,
) -> Figure:
    """Draw mean scores as dots, with a line through each for its interval, or one that joins the dots of a category.

    Parameters
    ----------
    table : DataFrame
        category, series (cycles), mean (1 to 4); where it has them, low and high, between which a line is drawn
        through a dot.
    category, series : str
        The columns of the rows and of the dots.
    colours : mapping of str to str
        Series to colour.
    levels : sequence of str
        The levels' names, the lowest first.
    earlier : str
        What all cycles before the newest two are called, which are small grey dots without a line.
    layout : Layout
        For which width of page.

    Returns
    -------
    Figure
        The chart; its axis runs over the whole scale, with the levels' names at their scores.
    """
    names = list(table[category].unique())
    cycles = sorted(table[series].unique())
    before, groups = cycles[:-MOST_BESIDE], cycles[-MOST_BESIDE:]
    markers = ["D", "o"][-len(groups) :]
    with mpl.rc_context(STYLE):
        figure, axes, thickness = start_rows(
            names,
            20,
            layout,
            legend=len(groups) + bool(before) if len(groups) > 1 else 0,
            axis_lines=2,
            right=layout.edge,
        )
        places = {name: place for place, name in enumerate(names)}
        intervals = "low" in table.columns
        # Where each dot has a line through it, the dots of a category stand one below the other.
        apart = {group: (number - (len(groups) - 1) / 2) * thickness / 2 for number, group in enumerate(groups)}
        if not intervals:
            apart = dict.fromkeys(groups, 0)
            for name, row in table.groupby(category, sort=False):
                ends = [row["mean"].min(), row["mean"].max()]
                axes.plot(ends, [places[name]] * 2, color="#3D3D3D", linewidth=1, zorder=1)
        dots = table[table[series].isin(before)]
        axes.scatter(dots["mean"], dots[category].map(places), s=22, color=EARLIER, zorder=2)
        for group, marker in zip(groups, markers, strict=True):
            dots = table[table[series] == group]
            heights = dots[category].map(places) + apart[group]
            if intervals:
                axes.hlines(heights, dots["low"], dots["high"], colours[group], linewidth=2.5, zorder=1)
            axes.scatter(
                dots["mean"],
                heights,
                s=64,
                marker=marker,
                color=colours[group],
                zorder=2,
                label=group,
            )
        label_rows(axes, names, thickness, layout)
        axes.set_xlim(1, 4)
        axes.set_xticks(range(1, 5), name_scores(levels, layout))
        # The outermost names would otherwise reach over the edge of the chart.
        if axes.get_position().x0 * layout.width < measure_text(levels[0]) / 2:
            axes.get_xticklabels()[0].set_horizontalalignment("left")
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        if len(groups) > 1:
            named = [(earlier, EARLIER, "o")] if before else []
            named += [(group, colours[group], marker) for group, marker in zip(groups, markers, strict=True)]
            labels, shades, signs = zip(*named, strict=True)
            add_legend(axes, labels, shades, layout, signs)
    return figure
