"""What charts have in common: their height, rows, labels, axes and legends."""

import textwrap
from functools import cache

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator
from matplotlib.transforms import blended_transform_factory

from cluster_eval.charts.style import (
    FONT_SIZE,
    GAP,
    GROUND,
    GROUP_HEADING,
    HALF_TICK_LABEL,
    LABEL_COLOURS,
    LEVEL_COLOURS,
    LINE_HEIGHT,
    LONGEST_WORD,
    OUTLINE,
    PIXELS_PER_INCH,
    STYLE,
    TOP,
)
from cluster_eval.vocabulary import LEVELS
from cluster_eval.words.letters import show_missing
from cluster_eval.words.numbers import round_half_up


def start_rows(names, bars, layout, legend, axis_lines=1, right=HALF_TICK_LABEL):
    """Start a figure as high as its rows need, in CSS pixels; tell what share of a row its bars take."""
    labels = [wrap_name(name, layout).split("\n") for name in names]
    label = LINE_HEIGHT * max(len(lines) for lines in labels)
    row = bars + label + 12 if layout.labels_above else max(bars + 10, label + 8)
    left = layout.edge
    if not layout.labels_above:
        left += max(measure_text(line) for lines in labels for line in lines) + GAP
    bottom = LINE_HEIGHT * axis_lines + 7
    rows = row * len(names)
    height = bottom + rows + TOP + (LINE_HEIGHT + 7) * -(-legend // layout.legend_columns)
    figure = Figure(figsize=(layout.width / PIXELS_PER_INCH, height / PIXELS_PER_INCH))
    width = layout.width - left - right
    axes = figure.add_axes((left / layout.width, bottom / height, width / layout.width, rows / height))
    return figure, axes, bars / row


def start_groups(names, bar, layout, right, legend_rows):
    """Start a figure of rows under the names of their groups; give its axes, in CSS pixels downwards, and the rows'."""
    above = layout.labels_above
    labels = [wrap_name(name, layout) for name in names.index]
    places, headings, depth = [], {}, 0
    for name, group in zip(labels, names, strict=True):
        if group not in headings:
            headings[group] = depth + GROUP_HEADING / 2
            depth += GROUP_HEADING
        label = LINE_HEIGHT * (name.count("\n") + 1)
        places.append(depth + (label + bar / 2 if above else max(bar, label) / 2 + 3))
        depth += label + bar + 8 if above else max(bar, label) + 6
    left = layout.edge
    if not above:
        left += max(measure_text(line) for label in labels for line in label.split("\n")) + GAP
    bottom = LINE_HEIGHT + 7
    height = bottom + depth + TOP + (LINE_HEIGHT + 7) * legend_rows
    figure = Figure(figsize=(layout.width / PIXELS_PER_INCH, height / PIXELS_PER_INCH))
    width = layout.width - left - right
    axes = figure.add_axes((left / layout.width, bottom / height, width / layout.width, depth / height))
    axes.set_ylim(depth, 0)
    axes.yaxis.set_visible(False)
    beside = blended_transform_factory(figure.transFigure, axes.transData)
    for place, label in zip(places, labels, strict=True):
        figure.text(
            (layout.edge if above else left - GAP) / layout.width,
            place - bar / 2 - 2 if above else place,
            label,
            transform=beside,
            horizontalalignment="left" if above else "right",
            verticalalignment="bottom" if above else "center_baseline",
            bbox=GROUND if above else None,
        )
    for group, place in headings.items():
        axes.text(
            layout.edge / layout.width,
            place,
            group,
            transform=beside,
            fontweight="bold",
            verticalalignment="center",
            bbox=GROUND,
        )
    return axes, places


@cache
def measure_text(text):
    """Measure a line of a label, in CSS pixels."""
    font = FontProperties(family=STYLE["font.family"], size=FONT_SIZE)
    points, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return points * PIXELS_PER_INCH / 72


def find_end(axes, lengths, labels, least):
    """Find the value at which an axis has to end for each bar's label to fit behind its bar."""
    width = axes.get_position().width * axes.figure.get_figwidth() * PIXELS_PER_INCH
    rooms = [max(width - measure_text(label) - 2 * GAP, width / 4) for label in labels]
    return max(least, *(length * width / room for length, room in zip(lengths, rooms, strict=True)))


def stack_levels(axes, wide, places, thickness):
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
        labels = [label_segment(length, is_share, width / total) for length in wide[level]]
        axes.bar_label(bars, labels, label_type="center", color=LABEL_COLOURS[level])
        if level == LEVELS[0]:
            outline(axes, bars)
        left = left + wide[level]
    axes.set_xlim(0, total)


def label_rows(axes, names, thickness, layout):
    """Write the names of rows beside their bars, or above them on a narrow page."""
    # Ticks are slow to make, and a row's label needs none.
    axes.yaxis.set_visible(False)
    above = layout.labels_above
    edge = axes.get_position().x0 - (0 if above else GAP / layout.width)
    for place, name in enumerate(names):
        axes.figure.text(
            edge,
            place - thickness / 2 - 0.03 if above else place,
            wrap_name(name, layout),
            transform=blended_transform_factory(axes.figure.transFigure, axes.transData),
            horizontalalignment="left" if above else "right",
            verticalalignment="bottom" if above else "center_baseline",
            bbox=GROUND if above else None,
        )
    # A row's bars stand at its foot where its label is above them.
    foot = thickness / 2 + 0.08 if above else 0.5
    axes.set_ylim(len(names) - 1 + foot, foot - 1)


def finish_axis(axes, value, full_scale, layout):
    """Let an axis of shares or counts begin at zero, with few ticks."""
    if value in ("share", "rate"):
        axes.xaxis.set_major_locator(
            MultipleLocator(0.5 if layout.labels_above else 0.2) if full_scale else MaxNLocator(5, steps=[1, 2, 5, 10])
        )
        axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))


def add_legend(axes, labels, colours, layout, markers=None, row=0, left=None):
    """Add a legend above the rows, in the order of what it names."""
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
            1 - (TOP + row * (LINE_HEIGHT + 7)) / PIXELS_PER_INCH / axes.figure.get_figheight(),
        ),
        borderpad=0,
        borderaxespad=0,
        handlelength=1,
        ncols=layout.legend_columns,
        handletextpad=0.5,
        columnspacing=1.4,
    )


def outline(axes, bars):
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


def label_segment(length, is_share, scale):
    """Write a segment's length in it, unless it is too narrow: the table beside the chart has it then."""
    label = f"{round_half_up(length * 100)}%" if is_share else f"{int(length)}"
    return label if measure_text(label) + 6 <= length * scale else ""


def name_scores(levels, layout):
    """Name the scale's ends on a narrow page, all its steps on a wide one."""
    named = [f"{score}\n{level}" for score, level in enumerate(levels, start=1)]
    return [named[0], "2", "3", named[-1]] if layout.labels_above else named


def wrap_words(name, characters):
    """Wrap a name, and break a word only where there is hardly one so long, such as a web address."""
    shown = show_missing(name)
    return textwrap.fill(shown, characters, break_long_words=max(map(len, shown.split()), default=0) > LONGEST_WORD)


def wrap_name(text, layout):
    """Wrap a name to what a page is wide enough for."""
    return textwrap.fill(show_missing(str(text)), layout.characters)
