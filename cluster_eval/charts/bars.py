"""Bars of counts and shares, and stacks of maturity levels."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from afcharts.af_colours import get_af_colours
from matplotlib.figure import Figure

from cluster_eval.charts.canvas import add_legend, find_end, finish_axis, label_rows, stack_levels, start_rows
from cluster_eval.charts.style import CURRENT_COLOUR, LEVEL_COLOURS, STYLE, WIDE, Layout
from cluster_eval.values import SMALLEST_BASE
from cluster_eval.vocabulary import LEVELS


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
        figure, axes, thickness = start_rows(
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
        label_rows(axes, names, thickness, layout)
        finish_axis(axes, value, full_scale, layout)
        end = find_end(axes, bars[value], bars["label"], 1 if full_scale else 1e-9)
        axes.set_xlim(0, end)
        if value in ("share", "rate"):
            # Room for labels may lead past 100%, where there is nothing to read off.
            axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= min(end, 1.001)])
        if len(groups) > 1:
            add_legend(
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
        figure, axes, thickness = start_rows(names, 28, layout, legend=len(LEVELS))
        stack_levels(axes, wide, range(len(names)), thickness)
        label_rows(axes, names, thickness, layout)
        finish_axis(axes, value, value == "share", layout)
        add_legend(axes, levels, LEVEL_COLOURS.values(), layout)
    return figure
