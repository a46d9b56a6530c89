"""How charts look: colours, sizes and the two layouts, for a wide page and for a narrow one."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import matplotlib as mpl
from afcharts.af_colours import get_af_colours

from cluster_eval.vocabulary import LEVELS

PIXELS_PER_INCH = 96


FONT_SIZE = 10
"""In points: 13.3 CSS pixels."""


# The ramp runs from its darkest colour; more maturity is more ink.
LEVEL_COLOURS = dict(zip(LEVELS, reversed(get_af_colours("sequential", number_of_colours=4)), strict=True))


LABEL_COLOURS = {level: "black" if level == LEVELS[0] else "white" for level in LEVELS}


CURRENT_COLOUR, PREVIOUS_COLOUR = get_af_colours("duo")


EARLIER_COLOURS = tuple(
    colour for colour in get_af_colours("categorical") if colour not in (CURRENT_COLOUR, PREVIOUS_COLOUR)
)
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
LINE_HEIGHT = 17


TOP = 4


HEAD = 12
"""Letters after which what stands above the shares of the cycles goes on in a new line."""


EARLIER = "#8C8C8C"
"""The grey of all cycles before the newest two, where each by itself would be too much for a chart."""


GAP = 6
"""Between the labels of rows and the axes."""


GROUP_HEADING = 38


DOTS = 110
"""Width of the axes on which an overview shows shares of two cycles."""


CHANGE = 64
"""Width of the column in which it writes their difference."""


LONGEST_WORD = 30
"""Letters of a word that the names of small charts do not break."""


HALF_TICK_LABEL = 20
"""How far the last label of an axis may reach over its end."""


GROUND = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
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
