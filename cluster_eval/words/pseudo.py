"""A made-up language that marks every message, so that one sees what readers see that is none."""

import re

from cluster_eval.words.language import Language

_ACCENTS = str.maketrans("aeiouycnszAEIOUYCNSZ", "âêîôûŷçñšžÂÊÎÔÛŶÇÑŠŽ")
# Code, placeholders (of Sphinx as well), Markdown's link targets, HTML's tags and entities stay as they are.
_KEPT = re.compile(r"`[^`]+`|%\(\w+\)[sd]|%[sd]|\{[^{}]*\}|\]\([^)]*\)|<[^<>]*>|&#?\w+;")


class PseudoLanguage(Language):
    """Puts each message between ⟦ and ⟧, with accents on its letters."""

    code, tag = "pseudo", "en-GB"

    def translate(self, message, n=None):
        """Mark a message; see `Language.translate`."""
        return mark(super().translate(message, n))


def mark(text: str) -> str:
    """Mark a message.

    Parameters
    ----------
    text : str
        The message, with its placeholders.

    Returns
    -------
    str
        Such as `⟦Târgêts {n}⟧`.
    """
    parts, end = [], 0
    for kept in _KEPT.finditer(text):
        parts += [text[end : kept.start()].translate(_ACCENTS), kept[0]]
        end = kept.end()
    return f"⟦{''.join(parts)}{text[end:].translate(_ACCENTS)}⟧"
