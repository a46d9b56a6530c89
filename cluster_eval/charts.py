"""Tidy tables → matplotlib figures, in the Government Analysis Function's style.

A chart holds no title and no source: those are text of the page. Each is drawn for one of two widths, so that
its text has 13 px on a phone as well.
"""

import itertools
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from afcharts.af_colours import get_af_colours
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator
from matplotlib.transforms import blended_transform_factory

from cluster_eval.values import SMALLEST_BASE
from cluster_eval.vocabulary import LEVELS
from cluster_eval.words.letters import show_missing
from cluster_eval.words.numbers import round_half_up

PIXELS_PER_INCH = 96
FONT_SIZE = 10
"""In points: 13.3 CSS pixels."""

# The ramp runs from its darkest colour; more maturity is more ink.
LEVEL_COLOURS = dict(zip(LEVELS, reversed(get_af_colours("sequential", number_of_colours=4)), strict=True))
LABEL_COLOURS = {level: "black" if level == LEVELS[0] else "white" for level in LEVELS}
CURRENT_COLOUR, PREVIOUS_COLOUR = get_af_colours("duo")
EARLIER_COLOURS = tuple(get_af_colours("categorical")[1:3])
"""Of the cycles before those two, which the categories of the palette have besides."""
OUTLINE = "#12436D"

# Read once: matplotlib would read the file for each chart.
STYLE = mpl.rc_params_from_file(files("afcharts") / "afcharts.mplstyle", use_default_template=False) | {
    "font.family": "DejaVu Sans",
    "font.size": FONT_SIZE,
    "axes.grid.axis": "x",
    "xtick.major.size": 0,
    "svg.hashsalt": "cluster-eval",
    "svg.fonttype": "path",
    # Dollar signs in what somebody wrote are dollar signs.
    "text.parse_math": False,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}
"""What to draw a chart with, and to save it."""

# All lengths below are in CSS pixels. A chart is laid out from them and from the widths of its labels, since
# matplotlib's own layout would set out all text several times.
_LINE_HEIGHT = 17
_TOP = 4
_HEAD = 12
"""Letters after which what stands above the shares of the cycles goes on in a new line."""
_GAP = 6
"""Between the labels of rows and the axes."""
_GROUP_HEADING = 38
_DOTS = 110
"""Width of the axes on which an overview shows shares of two cycles."""
_CHANGE = 64
"""Width of the column in which it writes their difference."""
LONGEST_WORD = 30
"""Letters of a word that the names of small charts do not break."""
_HALF_TICK_LABEL = 20
"""How far the last label of an axis may reach over its end."""
_GROUND = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
"""What a label that stands on the axes lies on, so that no line of the axes goes through it."""


@dataclass(frozen=True)
class Layout:
    """How a chart is laid out for a width of page.

    Attributes
    ----------
    width : int
        In CSS pixels.
    edge : int
        What is left free on the left, in CSS pixels; where labels are above, half of an axis' first label needs it.
    labels_above : bool
        Whether rows have their labels above them, and not to the left.
    characters : int
        After how many characters a row's label goes on in a new line.
    legend_columns : int
        How many entries of a legend stand side by side.
    """

    width: int
    edge: int
    labels_above: bool
    characters: int
    legend_columns: int


WIDE = Layout(660, 8, False, 30, 4)
NARROW = Layout(288, 12, True, 36, 2)


def draw_bars(
    table: pd.DataFrame,
    category: str,
    value: str,
    labels: Sequence[str],
    series: str | None = None,
    colours: Mapping[str, str] | None = None,
    full_scale: bool = False,
    layout: Layout = WIDE,
) -> Figure:
    """Draw horizontal bars, one for each category, or one for each category and series.

    Parameters
    ----------
    table : DataFrame
        One row per bar, categories and series in the order to draw them.
    category, value : str
        The columns of the categories and of the bars' lengths; a value column called `share` or `rate` is
        drawn as a percentage, any other as a count.
    labels : sequence of str
        What to write at the end of each bar, row by row.
    series : str, optional
        The column that tells bars of one category apart.
    colours : mapping of str to str, optional
        Series to colour.
    full_scale : bool
        Whether the axis of a percentage ends at 100%.
    layout : Layout
        For which width of page.

    Returns
    -------
    Figure
        The chart. Bars start at zero; the legend is in the order of the bars.
    """
    names = list(table[category].unique())
    groups = list(table[series].unique()) if series else [None]
    bars = table.assign(label=list(labels))
    if series and not colours:
        colours = dict(zip(groups, get_af_colours("categorical"), strict=False))
    with mpl.rc_context(STYLE):
        figure, axes, thickness = _start(
            names,
            20 * len(groups),
            layout,
            legend=len(groups) if len(groups) > 1 else 0,
        )
        # Looking for names that axes do not have yet, seaborn would lay out all ticks.
        axes.set(xlabel=" ", ylabel=" ")
        sns.barplot(
            bars,
            x=value,
            y=category,
            hue=series,
            order=names,
            hue_order=groups if series else None,
            palette={group: colours[group] for group in groups} if series else None,
            color=None if series else CURRENT_COLOUR,
            saturation=1,
            dodge=bool(series),
            width=thickness,
            errorbar=None,
            legend=False,
            ax=axes,
        )
        axes.set(xlabel="", ylabel="")
        for group, container in zip(groups, axes.containers, strict=True):
            of_group = bars if group is None else bars[bars[series] == group]
            by_category = of_group.set_index(category)["label"]
            axes.bar_label(container, [by_category.get(name, "") for name in names], padding=4)
        _label_rows(axes, names, thickness, layout)
        _finish(axes, value, full_scale, layout)
        end = _find_end(axes, bars[value], bars["label"], 1 if full_scale else 1e-9)
        axes.set_xlim(0, end)
        if value in ("share", "rate"):
            # Room for labels may lead past 100%, where there is nothing to read off.
            axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= min(end, 1.001)])
        if len(groups) > 1:
            _add_legend(
                axes,
                [str(group) for group in groups],
                [colours[group] for group in groups],
                layout,
            )
    return figure


def draw_levels(table: pd.DataFrame, category: str, levels: Sequence[str], layout: Layout = WIDE) -> Figure:
    """Draw maturity levels as one stacked bar for each category.

    Parameters
    ----------
    table : DataFrame
        category, level, n, base, share: one row per category and level.
    category : str
        The column of the categories, in the order to draw them.
    levels : sequence of str
        The levels' names, the lowest first.
    layout : Layout
        For which width of page.

    Returns
    -------
    Figure
        The chart: shares in whole per cent, or counts where the smallest base is below 30. Segments
        have white gaps and their label inside; the lightest has an outline.
    """
    value = "share" if table["base"].min() >= SMALLEST_BASE else "n"
    names = list(table[category].unique())
    wide = table.pivot(index=category, columns="level", values=value).loc[names, list(LEVELS)]
    with mpl.rc_context(STYLE):
        figure, axes, thickness = _start(names, 28, layout, legend=len(LEVELS))
        _stack(axes, wide, range(len(names)), thickness)
        _label_rows(axes, names, thickness, layout)
        _finish(axes, value, value == "share", layout)
        _add_legend(axes, levels, LEVEL_COLOURS.values(), layout)
    return figure


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
        group, category, level, n, base, share: one row per category and level, in the order to draw them.
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
    names = table.drop_duplicates("category").set_index("category")["group"]
    wide = table.pivot(index="category", columns="level", values=value).loc[names.index, list(LEVELS)]
    cycles = [] if moves is None else [column for column in moves.columns if column not in ("category", "label")]
    dots = 0 if layout.labels_above or moves is None else _DOTS
    right = (_HALF_TICK_LABEL if moves is None else _CHANGE) + (dots + 2 * _HALF_TICK_LABEL if dots else 0)
    with mpl.rc_context(STYLE):
        axes, places = _start_groups(names, 20, layout, right, len(LEVELS) // layout.legend_columns + bool(dots))
        figure = axes.figure
        beside = blended_transform_factory(figure.transFigure, axes.transData)
        _stack(axes, wide, places, 20)
        _finish(axes, value, value == "share", layout)
        _add_legend(axes, levels, LEVEL_COLOURS.values(), layout)
        bold = {"transform": beside, "fontweight": "bold", "verticalalignment": "center"}
        if moves is not None:
            rows = moves.set_index("category").reindex(names.index)
            end = 1 - _GAP / layout.width
            # On a narrow page a group's name takes the whole line; beside the legend there is room.
            height = -_LINE_HEIGHT if layout.labels_above else _GROUP_HEADING / 2
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
            start = around.x1 * layout.width + 2 * _HALF_TICK_LABEL
            scale = figure.add_axes((start / layout.width, around.y0, dots / layout.width, around.height))
            scale.set_ylim(axes.get_ylim())
            scale.yaxis.set_visible(False)
            scale.text(start / layout.width, _GROUP_HEADING / 2, _wrap_words(heads[1], _HEAD), **bold)
            markers = ["D", "o"]
            scale.hlines(places, rows[cycles].min(axis="columns"), rows[cycles].max(axis="columns"), "#3D3D3D", lw=1)
            for cycle, marker in zip(cycles, markers, strict=True):
                scale.scatter(rows[cycle], places, s=50, marker=marker, color=colours[cycle], zorder=3)
            scale.set_xlim(0, 1)
            scale.xaxis.set_major_locator(MultipleLocator(0.5))
            scale.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
            _add_legend(axes, cycles, [colours[cycle] for cycle in cycles], layout, markers, row=1, left=start)
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
        axes, places = _start_groups(names, 20, layout, _CHANGE, legend_rows=1)
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
        end = 1 - _GAP / layout.width
        right = {"transform": beside, "horizontalalignment": "right"}
        height = -_LINE_HEIGHT if layout.labels_above else _GROUP_HEADING / 2
        axes.text(end, height, heads[2], fontweight="bold", verticalalignment="center", **right)
        for place, stayed in zip(places, table["stayed"], strict=True):
            axes.text(end, place, str(stayed), verticalalignment="center_baseline", **right)
        _add_legend(axes, heads[:2], colours.values(), layout)
    return axes.figure


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
        axes, places = _start_groups(names, 20, layout, _HALF_TICK_LABEL, 1 if layout is WIDE else 2)
        axes.hlines(places, table["lowest"], table["highest"], "#3D3D3D", linewidth=1.5)
        for end in ("lowest", "highest"):
            axes.scatter(table[end], places, marker="|", s=60, color="#3D3D3D", linewidth=1.5)
        axes.hlines(places, table["low"], table["high"], CURRENT_COLOUR, linewidth=6)
        axes.scatter(table["share"], places, s=50, color="white", edgecolor=CURRENT_COLOUR, linewidth=2, zorder=3)
        axes.set_xlim(0, 1)
        _finish(axes, "share", True, layout)
        # Behind the dot, the thick line and the thin one.
        _add_legend(axes, marks, (CURRENT_COLOUR, CURRENT_COLOUR, "#3D3D3D"), layout, ("o", "s", "|"))
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
    left = layout.edge + max(map(_measure, labels)) + _GAP
    limits = (0.0, 0.25, 0.5, 0.75)
    cell = (layout.width - left - layout.edge) / len(keys)
    line = max(cell, _LINE_HEIGHT)
    top, legend = 6, (_LINE_HEIGHT + 7) * -(-len(limits) // layout.legend_columns)
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
                (left - _GAP) / layout.width,
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
        _add_legend(axes, labels, colours, layout)
    return figure


def draw_multiples(
    table: pd.DataFrame, category: str, colours: Mapping[str, str], levels: Sequence[str], layout: Layout = WIDE
) -> Figure:
    """Draw the levels of each category as a small chart of its own, all on one scale.

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
        The charts: bars for the last cycle, a line across each bar for the one before; shares, or counts where the
        smallest base is below 30.
    """
    value = "share" if table["base"].min() >= SMALLEST_BASE else "n"
    *before, now = sorted(table["cycle"].unique())
    names = list(table[category].unique())
    columns = 2 if layout.labels_above else 4
    rows = -(-len(names) // columns)
    axis_width, plot, gap = 42, 92, 14
    width = (layout.width - axis_width - layout.edge - gap * (columns - 1)) / columns
    labels = {name: _wrap_words(name, int(width / 7.6)) for name in names}
    titles = [
        _LINE_HEIGHT * max(labels[name].count("\n") + 1 for name in names[row * columns :][:columns])
        for row in range(rows)
    ]
    legend = (_LINE_HEIGHT + 7) * (len(LEVELS) // layout.legend_columns + bool(before))
    height = _TOP + legend + sum(titles) + rows * (_GAP + plot + gap)
    highest = float(table[value].max()) * 1.08
    with mpl.rc_context(STYLE | {"axes.grid.axis": "y"}):
        figure = Figure(figsize=(layout.width / PIXELS_PER_INCH, height / PIXELS_PER_INCH))
        for number, name in enumerate(names):
            row, column = divmod(number, columns)
            foot = _TOP + legend + sum(titles[: row + 1]) + (row + 1) * (_GAP + plot) + row * gap
            axes = figure.add_axes(
                (
                    (axis_width + column * (width + gap)) / layout.width,
                    1 - foot / height,
                    width / layout.width,
                    plot / height,
                )
            )
            lengths = table[table[category] == name].set_index(["cycle", "level"])[value]
            if now in lengths.index:
                bars = axes.bar(range(len(LEVELS)), lengths[now][list(LEVELS)], 0.84, color=LEVEL_COLOURS.values())
                _outline(axes, bars[:1])
            for cycle in before:
                if cycle in lengths.index:
                    for place, length in enumerate(lengths[cycle][list(LEVELS)]):
                        # White around it, so that it stands out from a bar of any colour.
                        for colour, line in (("white", 5), (colours[cycle], 2.5)):
                            axes.hlines(length, place - 0.5, place + 0.5, colour, linewidth=line, zorder=4)
            axes.set_xlim(-0.6, len(LEVELS) - 0.4)
            axes.set_ylim(0, highest)
            axes.xaxis.set_visible(False)
            axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10], integer=value == "n"))
            if value == "share":
                axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
            axes.tick_params(axis="y", labelleft=column == 0, length=0)
            figure.text(
                axes.get_position().x0,
                1 - (foot - plot - _GAP) / height,
                labels[name],
                verticalalignment="bottom",
            )
        _add_legend(axes, levels, LEVEL_COLOURS.values(), layout)
        if before:
            row = len(LEVELS) // layout.legend_columns
            _add_legend(axes, before, [colours[cycle] for cycle in before], layout, ["_"] * len(before), row=row)
    return figure


def draw_means(
    table: pd.DataFrame,
    category: str,
    series: str,
    colours: Mapping[str, str],
    levels: Sequence[str],
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
    layout : Layout
        For which width of page.

    Returns
    -------
    Figure
        The chart; its axis runs over the whole scale, with the levels' names at their scores.
    """
    names = list(table[category].unique())
    groups = sorted(table[series].unique())
    markers = list(itertools.islice(itertools.cycle("oDs^"), len(groups)))[::-1]
    with mpl.rc_context(STYLE):
        figure, axes, thickness = _start(
            names,
            20,
            layout,
            legend=len(groups) if len(groups) > 1 else 0,
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
        _label_rows(axes, names, thickness, layout)
        axes.set_xlim(1, 4)
        axes.set_xticks(range(1, 5), _name_scores(levels, layout))
        # The outermost names would otherwise reach over the edge of the chart.
        if axes.get_position().x0 * layout.width < _measure(levels[0]) / 2:
            axes.get_xticklabels()[0].set_horizontalalignment("left")
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        if len(groups) > 1:
            _add_legend(axes, groups, [colours[group] for group in groups], layout, markers)
    return figure


def colour_cycles(cycles: Sequence[str]) -> dict[str, str]:
    """Give each cycle its colour.

    Parameters
    ----------
    cycles : sequence of str
        The cycles, the newest last.

    Returns
    -------
    dict of str to str
        Cycle to colour; the report's own cycle always has the same.
    """
    return dict(
        zip(reversed(cycles), itertools.cycle((CURRENT_COLOUR, PREVIOUS_COLOUR, *EARLIER_COLOURS)), strict=False)
    )


def _start(names, bars, layout, legend, axis_lines=1, right=_HALF_TICK_LABEL):
    """Start a figure as high as its rows need, in CSS pixels; tell what share of a row its bars take."""
    labels = [_wrap(name, layout).split("\n") for name in names]
    label = _LINE_HEIGHT * max(len(lines) for lines in labels)
    row = bars + label + 12 if layout.labels_above else max(bars + 10, label + 8)
    left = layout.edge
    if not layout.labels_above:
        left += max(_measure(line) for lines in labels for line in lines) + _GAP
    bottom = _LINE_HEIGHT * axis_lines + 7
    rows = row * len(names)
    height = bottom + rows + _TOP + (_LINE_HEIGHT + 7) * -(-legend // layout.legend_columns)
    figure = Figure(figsize=(layout.width / PIXELS_PER_INCH, height / PIXELS_PER_INCH))
    width = layout.width - left - right
    axes = figure.add_axes((left / layout.width, bottom / height, width / layout.width, rows / height))
    return figure, axes, bars / row


def _start_groups(names, bar, layout, right, legend_rows):
    """Start a figure of rows under the names of their groups; give its axes, in CSS pixels downwards, and the rows'."""
    above = layout.labels_above
    labels = {name: _wrap(name, layout) for name in names.index}
    places, headings, depth = [], {}, 0
    for name, group in names.items():
        if group not in headings:
            headings[group] = depth + _GROUP_HEADING / 2
            depth += _GROUP_HEADING
        label = _LINE_HEIGHT * (labels[name].count("\n") + 1)
        places.append(depth + (label + bar / 2 if above else max(bar, label) / 2 + 3))
        depth += label + bar + 8 if above else max(bar, label) + 6
    left = layout.edge
    if not above:
        left += max(_measure(line) for label in labels.values() for line in label.split("\n")) + _GAP
    bottom = _LINE_HEIGHT + 7
    height = bottom + depth + _TOP + (_LINE_HEIGHT + 7) * legend_rows
    figure = Figure(figsize=(layout.width / PIXELS_PER_INCH, height / PIXELS_PER_INCH))
    width = layout.width - left - right
    axes = figure.add_axes((left / layout.width, bottom / height, width / layout.width, depth / height))
    axes.set_ylim(depth, 0)
    axes.yaxis.set_visible(False)
    beside = blended_transform_factory(figure.transFigure, axes.transData)
    for place, label in zip(places, labels.values(), strict=True):
        figure.text(
            (layout.edge if above else left - _GAP) / layout.width,
            place - bar / 2 - 2 if above else place,
            label,
            transform=beside,
            horizontalalignment="left" if above else "right",
            verticalalignment="bottom" if above else "center_baseline",
            bbox=_GROUND if above else None,
        )
    for group, place in headings.items():
        axes.text(
            layout.edge / layout.width,
            place,
            group,
            transform=beside,
            fontweight="bold",
            verticalalignment="center",
            bbox=_GROUND,
        )
    return axes, places


@cache
def _measure(text):
    """Measure a line of a label, in CSS pixels."""
    font = FontProperties(family=STYLE["font.family"], size=FONT_SIZE)
    points, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return points * PIXELS_PER_INCH / 72


def _find_end(axes, lengths, labels, least):
    """Find the value at which an axis has to end for each bar's label to fit behind its bar."""
    width = axes.get_position().width * axes.figure.get_figwidth() * PIXELS_PER_INCH
    rooms = [max(width - _measure(label) - 2 * _GAP, width / 4) for label in labels]
    return max(least, *(length * width / room for length, room in zip(lengths, rooms, strict=True)))


def _stack(axes, wide, places, thickness):
    """Draw each row of a table as a stack of its columns, the levels, with those labels inside that fit."""
    width = axes.get_position().width * axes.figure.get_figwidth() * PIXELS_PER_INCH
    is_share = pd.api.types.is_float_dtype(wide[LEVELS[0]])
    total = 1 if is_share else float(wide.sum(axis="columns").max())
    left = pd.Series(0.0, index=wide.index)
    for level in LEVELS:
        bars = axes.barh(
            places,
            wide[level],
            left=left,
            color=LEVEL_COLOURS[level],
            edgecolor="white",
            linewidth=2,
            height=thickness,
        )
        labels = [_label_segment(length, is_share, width / total) for length in wide[level]]
        axes.bar_label(bars, labels, label_type="center", color=LABEL_COLOURS[level])
        if level == LEVELS[0]:
            _outline(axes, bars)
        left = left + wide[level]
    axes.set_xlim(0, total)


def _label_rows(axes, names, thickness, layout):
    # Ticks are slow to make, and a row's label needs none.
    axes.yaxis.set_visible(False)
    above = layout.labels_above
    edge = axes.get_position().x0 - (0 if above else _GAP / layout.width)
    for place, name in enumerate(names):
        axes.figure.text(
            edge,
            place - thickness / 2 - 0.03 if above else place,
            _wrap(name, layout),
            transform=blended_transform_factory(axes.figure.transFigure, axes.transData),
            horizontalalignment="left" if above else "right",
            verticalalignment="bottom" if above else "center_baseline",
            bbox=_GROUND if above else None,
        )
    # A row's bars stand at its foot where its label is above them.
    foot = thickness / 2 + 0.08 if above else 0.5
    axes.set_ylim(len(names) - 1 + foot, foot - 1)


def _finish(axes, value, full_scale, layout):
    if value in ("share", "rate"):
        axes.xaxis.set_major_locator(
            MultipleLocator(0.5 if layout.labels_above else 0.2) if full_scale else MaxNLocator(5, steps=[1, 2, 5, 10])
        )
        axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))


def _add_legend(axes, labels, colours, layout, markers=None, row=0, left=None):
    handles = [
        mpl.lines.Line2D(
            [],
            [],
            marker=marker,
            linestyle="",
            color=colour,
            markersize=9,
            # A line is as thick as it is drawn.
            markeredgewidth=2.5 if marker == "_" else 1,
            label=label,
        )
        for label, colour, marker in zip(labels, colours, markers or ["s"] * len(labels), strict=True)
    ]
    axes.figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(
            (layout.edge if left is None else left) / layout.width,
            1 - (_TOP + row * (_LINE_HEIGHT + 7)) / PIXELS_PER_INCH / axes.figure.get_figheight(),
        ),
        borderpad=0,
        borderaxespad=0,
        handlelength=1,
        ncols=layout.legend_columns,
        handletextpad=0.5,
        columnspacing=1.4,
    )


def _outline(axes, bars):
    """Draw the outline just inside the white gap, since the lightest colour hardly stands out from the page."""
    for bar in bars:
        if bar.get_width() > 0:
            axes.add_patch(
                mpl.patches.Rectangle(
                    bar.get_xy(),
                    bar.get_width(),
                    bar.get_height(),
                    fill=False,
                    edgecolor=OUTLINE,
                    linewidth=0.8,
                    zorder=3,
                )
            )


def _label_segment(length, is_share, scale):
    """Write a segment's length in it, unless it is too narrow: the table beside the chart has it then."""
    label = f"{round_half_up(length * 100)}%" if is_share else f"{int(length)}"
    return label if _measure(label) + 6 <= length * scale else ""


def _name_scores(levels, layout):
    """Name the scale's ends on a narrow page, all its steps on a wide one."""
    named = [f"{score}\n{level}" for score, level in enumerate(levels, start=1)]
    return [named[0], "2", "3", named[-1]] if layout.labels_above else named


def _wrap_words(name, characters):
    """Wrap a name, and break a word only where there is hardly one so long, such as a web address."""
    shown = show_missing(name)
    return textwrap.fill(shown, characters, break_long_words=max(map(len, shown.split()), default=0) > LONGEST_WORD)


def _wrap(text, layout):
    return textwrap.fill(show_missing(str(text)), layout.characters)
