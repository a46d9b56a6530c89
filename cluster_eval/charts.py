"""Tidy tables → matplotlib figures, in the Government Analysis Function's style.

A chart holds no title and no source: those are text of the page. Each is drawn for one of two widths, so that
its text has 13 px on a phone as well.
"""

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

from cluster_eval.prose import SMALLEST_BASE, round_half_up
from cluster_eval.vocabulary import LEVELS

PIXELS_PER_INCH = 96
FONT_SIZE = 10
"""In points: 13.3 CSS pixels."""

# The ramp runs from its darkest colour; more maturity is more ink.
LEVEL_COLOURS = dict(zip(LEVELS, reversed(get_af_colours("sequential", number_of_colours=4)), strict=True))
LABEL_COLOURS = {level: "black" if level == LEVELS[0] else "white" for level in LEVELS}
CURRENT_COLOUR, PREVIOUS_COLOUR = get_af_colours("duo")
OUTLINE = "#12436D"

# Read once: matplotlib would read the file for each chart.
STYLE = mpl.rc_params_from_file(files("afcharts") / "afcharts.mplstyle", use_default_template=False) | {
    "font.family": "DejaVu Sans",
    "font.size": FONT_SIZE,
    "axes.grid.axis": "x",
    "xtick.major.size": 0,
    "svg.hashsalt": "cluster-eval",
    "svg.fonttype": "path",
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}
"""What to draw a chart with, and to save it."""

# All lengths below are in CSS pixels. A chart is laid out from them and from the widths of its labels, since
# matplotlib's own layout would set out all text several times.
_LINE_HEIGHT = 17
_TOP = 4
_GAP = 6
"""Between the labels of rows and the axes."""
_HALF_TICK_LABEL = 20
"""How far the last label of an axis may reach over its end."""


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
    narrowest_labelled : float
        Share below which a segment of a stack is too narrow for its label; the table beside the chart has it.
    label_room : float
        Length of the axis, as a multiple of the longest bar, so that its label fits behind it.
    legend_columns : int
        How many entries of a legend stand side by side.
    """

    width: int
    edge: int
    labels_above: bool
    characters: int
    narrowest_labelled: float
    label_room: float
    legend_columns: int


WIDE = Layout(660, 8, False, 30, 0.055, 1.28, 4)
NARROW = Layout(288, 12, True, 36, 0.1, 1.7, 2)


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
        longest = 1 if full_scale else max(float(table[value].max()), 1e-9)
        axes.set_xlim(0, longest * layout.label_room)
        if len(groups) > 1:
            _add_legend(
                axes,
                [str(group) for group in groups],
                [colours[group] for group in groups],
                layout,
            )
    return figure


def draw_levels(table: pd.DataFrame, category: str, layout: Layout = WIDE) -> Figure:
    """Draw maturity levels as one stacked bar for each category.

    Parameters
    ----------
    table : DataFrame
        category, level, n, base, share: one row per category and level.
    category : str
        The column of the categories, in the order to draw them.
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
        left = pd.Series(0.0, index=names)
        positions = range(len(names))
        total = wide.sum(axis="columns").max()
        for level in LEVELS:
            bars = axes.barh(
                positions,
                wide[level],
                left=left,
                color=LEVEL_COLOURS[level],
                edgecolor="white",
                linewidth=2,
                height=thickness,
            )
            labels = [_label_segment(width, value, total, layout) for width in wide[level]]
            axes.bar_label(bars, labels, label_type="center", color=LABEL_COLOURS[level])
            if level == LEVELS[0]:
                _outline(axes, bars)
            left = left + wide[level]
        _label_rows(axes, names, thickness, layout)
        _finish(axes, value, value == "share", layout)
        axes.set_xlim(0, 1 if value == "share" else float(total))
        _add_legend(axes, LEVELS, [LEVEL_COLOURS[level] for level in LEVELS], layout)
    return figure


def draw_means(
    table: pd.DataFrame,
    category: str,
    series: str,
    colours: Mapping[str, str],
    layout: Layout = WIDE,
) -> Figure:
    """Draw mean scores as dots, a line joining the dots of one category.

    Parameters
    ----------
    table : DataFrame
        category, series, mean (1 to 4).
    category, series : str
        The columns of the rows and of the dots.
    colours : mapping of str to str
        Series to colour.
    layout : Layout
        For which width of page.

    Returns
    -------
    Figure
        The chart; its axis runs over the whole scale, with the levels' names at their scores.
    """
    names = list(table[category].unique())
    groups = list(table[series].unique())
    markers = ["D", "o"][-len(groups) :]
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
        for name, row in table.groupby(category, sort=False):
            axes.plot(
                [row["mean"].min(), row["mean"].max()],
                [places[name]] * 2,
                color="#3D3D3D",
                linewidth=1,
                zorder=1,
            )
        for group, marker in zip(groups, markers, strict=True):
            dots = table[table[series] == group]
            axes.scatter(
                dots["mean"],
                dots[category].map(places),
                s=64,
                marker=marker,
                color=colours[group],
                zorder=2,
                label=group,
            )
        _label_rows(axes, names, thickness, layout)
        axes.set_xlim(1, 4)
        axes.set_xticks(range(1, 5), _name_scores(layout))
        # The outermost names would otherwise reach over the edge of the chart.
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
        The previous cycle, where there is one, and the cycle.

    Returns
    -------
    dict of str to str
        Cycle to colour; the report's own cycle always has the same.
    """
    return dict(zip(reversed(cycles), (CURRENT_COLOUR, PREVIOUS_COLOUR), strict=False))


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


@cache
def _measure(text):
    """Measure a line of a label, in CSS pixels."""
    font = FontProperties(family=STYLE["font.family"], size=FONT_SIZE)
    points, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return points * PIXELS_PER_INCH / 72


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
        )
    # A row's bars stand at its foot where its label is above them.
    foot = thickness / 2 + 0.08 if above else 0.5
    axes.set_ylim(len(names) - 1 + foot, foot - 1)


def _finish(axes, value, full_scale, layout):
    if value in ("share", "rate"):
        axes.xaxis.set_major_locator(
            MultipleLocator(0.5 if layout.labels_above else 0.2) if full_scale else MaxNLocator(5, steps=[1, 2, 5, 10])
        )
        axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: "" if share > 1.001 else f"{share:.0%}"))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))


def _add_legend(axes, labels, colours, layout, markers=None):
    handles = [
        mpl.lines.Line2D([], [], marker=marker, linestyle="", color=colour, markersize=9, label=label)
        for label, colour, marker in zip(labels, colours, markers or ["s"] * len(labels), strict=True)
    ]
    axes.figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(layout.edge / layout.width, 1 - _TOP / PIXELS_PER_INCH / axes.figure.get_figheight()),
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


def _label_segment(width, value, total, layout):
    if width / total < layout.narrowest_labelled:
        return ""
    return f"{round_half_up(width * 100)}%" if value == "share" else f"{int(width)}"


def _name_scores(layout):
    """Name the scale's ends on a narrow page, all its steps on a wide one."""
    named = [f"{score}\n{level}" for score, level in enumerate(LEVELS, start=1)]
    return [named[0], "2", "3", named[-1]] if layout.labels_above else named


def _wrap(text, layout):
    return textwrap.fill(str(text), layout.characters, break_long_words=False)
