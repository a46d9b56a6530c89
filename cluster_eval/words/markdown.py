"""Writes text so that Markdown and HTML show it letter by letter, whatever it holds."""

import re
from html import escape


class Markdown(str):
    """Markdown on purpose: what a value of a template is that is not to be shown letter by letter."""

    __slots__ = ()


# A number sign also ends a heading, a bar parts a table's cells, and between dollar signs programs that show notebooks
# set mathematics. An underscore inside of a word, or an ampersand before a space, means nothing.
_SPECIAL = re.compile(
    "|".join(
        (
            r"[\\`*{}\[\]<>#$|~\r\n]",
            r"&(?!\s)|(?<![^\W_])_|_(?![^\W_])|-(?=-)|(?<=\))=|!\Z",
            # Space at either end, which would be taken away or begin code.
            r"\A[^\S\x0b\x1c-\x1f\x85]|[^\S\x0b\x1c-\x1f\x85]\Z",
            # Where a line begins, as a value may, or where another value ended: comments, directives, rules, lists.
            r"\A[=%:]|\A[-+](?=[-+\s]|\Z)|\A\d*[.)](?=\s|\Z)",
        )
    )
)


def write_literally(text: str) -> str:
    """Write text as Markdown that shows it letter by letter.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text on one line, with numeric character references for what Markdown, MyST or HTML would take for markup:
        `a*b` as `a&#42;b`. What is none, such as `53 of 60 (88%)`, stays readable.
    """
    return _SPECIAL.sub(lambda found: found[0][:-1] + _refer(found[0][-1]), text)


def write_in_html(text: str) -> str:
    """Write text as HTML that shows it letter by letter, as an element's text or in an attribute's quotes.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text on one line, since an empty one would end a block of HTML among Markdown.
    """
    return re.sub(r"[\r\n]", lambda found: _refer(found[0]), escape(text))


def _refer(letter):
    return f"&#{ord(letter)};"
