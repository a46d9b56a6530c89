"""Measures how wide a table's columns have to be, in the widest font that a table is set in."""

import re
from collections.abc import Iterable
from functools import cache

from matplotlib.ft2font import FT2Font, LoadFlags

from cluster_eval.words.letters import BOLD, REGULAR

POINTS_PER_CM = 72 / 2.54
TEXT_WIDTH, TEXT_HEIGHT = 17 * POINTS_PER_CM, 22 * POINTS_PER_CM
"""A4 with margins of 2 cm, in points; the height leaves room for a caption."""

# The widest font that a table is set in, so that what fits in it fits in the others; and its sizes above, in points.
NORMAL, DENSE = 8, 6.5
PADDING = 9
"""What the cells' inner margins take of a column, in points."""

LINE = 1.4 * NORMAL
"""What a line of a cell takes of a page, in points."""

LONGEST_WORD = 30
"""Letters of a word that a table makes room for; longer ones, such as web addresses, are broken; see `literal.lua`."""

# Lines may end at a hyphen, but not in a cycle's name, nor at a space that says so.
WORD = re.compile(r"[\S\xa0]+?[a-z]-(?=[a-z])|[\S\xa0]+", re.IGNORECASE)


def share_width(rows: list[list[str]]) -> tuple[list[float], bool]:
    """Share a page's width out among a table's columns.

    No word is broken while there is room. What is left goes first to columns whose cells take more than one line, then
    to those whose headers do. A table that needs less than the page is as narrow as its cells.

    Parameters
    ----------
    rows : list of list of str
        The cells' text, header first.

    Returns
    -------
    list of float
        Each column's share of the width.
    bool
        Whether smaller letters are needed.
    """
    columns = list(zip(*rows, strict=True))
    for dense in (False, True):
        size, bold = (DENSE, False) if dense else (NORMAL, True)
        words = [[word[:LONGEST_WORD] for cell in column for word in WORD.findall(cell)] for column in columns]
        widths = [measure_longest(each, size, bold) for each in words]
        if sum(widths) <= TEXT_WIDTH:
            break
    for wanted in (
        [measure_longest(column[1:], size) for column in columns],
        [measure_longest(column[:1], size, bold) for column in columns],
    ):
        missing = [max(0, want - width) for want, width in zip(wanted, widths, strict=True)]
        part = min(1, max(0, TEXT_WIDTH - sum(widths)) / (sum(missing) or 1))
        widths = [width + part * more for width, more in zip(widths, missing, strict=True)]
    total = max(TEXT_WIDTH, sum(widths))
    return [width / total for width in widths], dense


def is_high(texts: list[str], widths: list[float]) -> bool:
    """Say whether a table's row takes so much of a page that it may go on in the next: else what is below is lost.

    Parameters
    ----------
    texts : list of str
        What its cells hold.
    widths : list of float
        How wide their columns are, in points.

    Returns
    -------
    bool
        Whether a cell is likely to be higher than half a page, set in letters of a table's size.
    """
    lines = [
        (measure_longest([text], NORMAL) - PADDING) / max(width - PADDING, NORMAL) + text.count("\n")
        for text, width in zip(texts, widths, strict=True)
    ]
    return max(lines) * LINE > TEXT_HEIGHT / 2


def measure_longest(texts: Iterable[str], size: float, bold: bool = False) -> float:
    """Measure a column.

    Parameters
    ----------
    texts : iterable of str
        What has to fit on a line of it.
    size : float
        Of the letters, in points.
    bold : bool
        Whether they are bold.

    Returns
    -------
    float
        How wide it is for the longest, in points.
    """
    return max((sum(_measure_letter(letter, bold) for letter in text) for text in texts), default=0) * size + PADDING


@cache
def _measure_letter(letter, bold):
    """Give a letter's width, in units of its size; one that the font lacks is about as wide as it is high."""
    font = _open_font(bold)
    if not font.get_char_index(ord(letter)):
        return 0 if letter.isspace() else 1
    return font.load_char(ord(letter), LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


@cache
def _open_font(bold):
    font = FT2Font(str(BOLD if bold else REGULAR))
    font.set_size(100, 72)
    return font
