"""Letters that a format cannot hold or a font does not have, and the words that stand in their place.

Charts and the printed report are set in one font, whatever a reader's machine has; web pages, Word and spreadsheets are
shown with the fonts of that machine.
"""

import re
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

import matplotlib as mpl
from matplotlib.ft2font import FT2Font

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
REGULAR, BOLD = FONTS / "DejaVuSans.ttf", FONTS / "DejaVuSans-Bold.ttf"

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# What XML cannot hold, and what is shown as nothing.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def show_controls(text: str) -> str:
    """Show control characters, which no document can hold and nobody sees.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text, with `[U+0007]` for what has no look; breaks of lines and pages are line feeds.
    """
    return _CONTROLS.sub(lambda found: name_letters(found[0]), _BREAK.sub("\n", text))


def show_missing(text: str) -> str:
    """Show what the font of charts and of the printed report does not have.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text, with `[thumbs up sign]` for an emoji, and `[U+65E5]` for a letter of a script that the font lacks.
    """
    return "".join(run if drawn else name_letters(run) for drawn, run in _part(text))


def find_missing(text: str) -> list[str]:
    """Find what `show_missing` writes in the place of letters.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Each once, such as `[thumbs up sign]`, in the order of the text.
    """
    return list(dict.fromkeys(name_letters(run) for drawn, run in _part(text) if not drawn))


def has_letter(letter: str) -> bool:
    """Say whether the font of charts and of the printed report has a letter.

    Parameters
    ----------
    letter : str
        One letter.

    Returns
    -------
    bool
        True for spaces and line breaks as well.
    """
    return letter.isspace() or ord(letter) in _list_letters()


def name_letters(letters: str) -> str:
    """Name letters, to be read in their place.

    Parameters
    ----------
    letters : str
        At least one.

    Returns
    -------
    str
        Signs by their names, all others by their code points, in brackets.
    """
    return f"[{', '.join(map(_name_letter, letters))}]"


def _name_letter(letter):
    name = unicodedata.name(letter, "") if unicodedata.category(letter).startswith("S") else ""
    return name.lower() or f"U+{ord(letter):04X}"


def _part(text):
    # Nearly always the font has all.
    if _list_letters().issuperset(map(ord, text)):
        return [(True, text)]
    return [(drawn, "".join(run)) for drawn, run in groupby(text, has_letter)]


@cache
def _list_letters():
    return frozenset(FT2Font(str(REGULAR)).get_charmap()).intersection(FT2Font(str(BOLD)).get_charmap())
