"""Reducing text to what two spellings of the same text share."""

import re
import unicodedata

# Apostrophes and quotation marks, however a keyboard, Word or a form has them.
_QUOTES = dict.fromkeys(map(ord, "‘’‚‛`´ʼ′＇"), "'") | dict.fromkeys(map(ord, "“”„‟″＂"), '"')
# Hyphens that are not among Unicode's dashes (category Pd).
_HYPHENS = "\u00ad\u02d7\u2043\u2212\u2796"
# Letters and marks that show nothing, though Unicode does not count them as format characters (category Cf).
_UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe0e\ufe0f\uffa0"


def tidy_text(value: object) -> str:
    """Collapse white space of every kind to single spaces, and trim.

    Parameters
    ----------
    value : object
        Any text, or what is written as text.

    Returns
    -------
    str
        The text, its words as they were.
    """
    return " ".join(str(value).split())


def is_hyphen(letter: str) -> bool:
    """Say whether a character is a hyphen or a dash of any kind.

    Parameters
    ----------
    letter : str
        One character.

    Returns
    -------
    bool
        True for soft hyphens, minus signs and hyphen bullets as well.
    """
    return letter in _HYPHENS or unicodedata.category(letter) == "Pd"


def is_invisible(letter: str) -> bool:
    """Say whether a character shows nothing, and is no white space.

    Parameters
    ----------
    letter : str
        One character.

    Returns
    -------
    bool
        True for zero-width spaces, byte order marks, marks of direction and control characters.
    """
    return letter in _UNSEEN or (unicodedata.category(letter) in ("Cf", "Cc", "Co", "Cs") and not letter.isspace())


def fold_name(value: object) -> str:
    """Reduce a name to what two spellings of the same name share, case apart.

    White space, characters that show nothing, kinds of quotation marks and hyphens, and whether a letter and its accent
    are one character or two do not tell names apart.

    Parameters
    ----------
    value : object
        Such as a cluster's name.

    Returns
    -------
    str
        The folded name.
    """
    text = tidy_text(value).translate(_QUOTES)
    if text.isascii() and text.isprintable():
        return text
    # A soft hyphen is one that shows nothing within a line.
    shown = unicodedata.normalize("NFC", "".join(letter for letter in text if not is_invisible(letter)))
    return tidy_text("".join("-" if is_hyphen(letter) else letter for letter in shown))


def fold_heading(heading: object) -> str:
    """Reduce a heading to what two spellings of the same heading share.

    Parameters
    ----------
    heading : object
        A heading of an export or a codebook.

    Returns
    -------
    str
        The folded heading: as a name, and without case.
    """
    return fold_name(heading).casefold()


def fold_code(label: object) -> str:
    """Reduce a label or an excerpt of the coding to what two spellings of the same share.

    Parameters
    ----------
    label : object
        Such as `Time constraints`.

    Returns
    -------
    str
        The folded label: as a heading, and without white space.
    """
    return re.sub(r"\s", "", fold_heading(label))


def fold_number(value: object) -> str:
    """Reduce the number of a response to what two spellings of the same share.

    Parameters
    ----------
    value : object
        Such as `10`, or `10.0`, which some programs make of it.

    Returns
    -------
    str
        The number as text; what is no number, folded as a name.
    """
    return re.sub(r"^(\d+)\.0+$", r"\1", fold_name(value))
