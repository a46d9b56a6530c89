"""How numbers are written in sentences, and how sentences get their numbers.

A sentence is a template in which names stand where numbers go: `<< responded >> of clusters …`. The
delimiters are neither MyST's (`{role}`, `{{ substitution }}`) nor Markdown's. A value is text, never
markup: whatever it holds is shown letter by letter.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.meta import find_undeclared_variables

from cluster_eval.markdown import Markdown, write_literally
from cluster_eval.problems import suggest
from cluster_eval.values import Count, Points, Share, Value
from cluster_eval.words.language import ENGLISH
from cluster_eval.words.numbers import write_minus


class ProseError(Exception):
    """A sentence asks for a number that it was not given, or was given one that is not yet written out."""


def write_percent(share: float) -> str:
    """Write a share as a whole per cent.

    Parameters
    ----------
    share : float
        A fraction, 0 to 1.

    Returns
    -------
    str
        Such as `88%`; halves are rounded up.
    """
    return ENGLISH.write(Share(share))


def write_count(n: int, base: int) -> str:
    """Write a count with its base, and with a percentage where the base is large enough for one.

    Parameters
    ----------
    n, base : int
        The count, and the number that it is a share of.

    Returns
    -------
    str
        Such as `53 of 60 (88%)`, or `5 of 9` below a base of 30.
    """
    return ENGLISH.write(Count(n, base))


def write_number(number: int, noun: str) -> str:
    """Write how many there are of something.

    Parameters
    ----------
    number : int
        How many.
    noun : str
        For one of them, its plural made with an s; what follows its first word stays as it is.

    Returns
    -------
    str
        Such as `1 cluster`, `2 clusters` or `2 clusters in both cycles`.
    """
    word, *rest = noun.split(" ", 1)
    return " ".join([str(number), word if number == 1 else f"{word}s", *rest])


def write_points(change: float) -> str:
    """Write the size of a change in a share, without its direction.

    Parameters
    ----------
    change : float
        A difference of two fractions.

    Returns
    -------
    str
        Such as `6 percentage points`, `1 percentage point` or `less than 1 percentage point`.
    """
    return ENGLISH.write(Points(change))


def write_score(mean: float) -> str:
    """Write a mean maturity score.

    Parameters
    ----------
    mean : float
        1 to 4.

    Returns
    -------
    str
        With two decimals, such as `2.67`.
    """
    return str(Decimal(str(mean)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def write_score_change(change: float) -> str:
    """Write the size of a change in a mean maturity score, without its direction.

    Parameters
    ----------
    change : float
        A difference of two means.

    Returns
    -------
    str
        With two decimals, such as `0.06`, or `less than 0.01`.
    """
    written = write_score(abs(change))
    return "less than 0.01" if written == write_score(0) else written


def write_decimals(value: float, places: int = 2) -> str:
    """Write a number that may be negative.

    Parameters
    ----------
    value : float
        Any number.
    places : int
        How many decimals.

    Returns
    -------
    str
        Such as `-0.12`; never `-0.00`.
    """
    rounded = Decimal(f"{value:.12g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)


def write_p(p: float) -> str:
    """Write a p value.

    Parameters
    ----------
    p : float
        0 to 1.

    Returns
    -------
    str
        With two decimals, or three below 0.1, such as `0.34`, `0.052`; `less than 0.001`.
    """
    if p < 0.001:
        return "less than 0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def join_words(words: Iterable[str]) -> str:
    """Join words as a list in a sentence.

    Parameters
    ----------
    words : iterable of str
        Any number of them.

    Returns
    -------
    str
        Such as `a, b and c`; empty for none.
    """
    return ENGLISH.join(map(str, words))


def fill_markdown(template: str, values: Mapping[str, object], place: str = "the sentence") -> str:
    """Put values where their names stand in Markdown, as text of which nothing is markup.

    Parameters
    ----------
    template : str
        Markdown with `<< name >>`, and `<% if name %> … <% endif %>` around what not every cycle has.
    values : mapping of str to object
        Text, whole numbers, lists and mappings of them; `cluster_eval.markdown.Markdown` for what is markup.
    place : str
        What an error names as the template's place.

    Returns
    -------
    str
        The Markdown.

    Raises
    ------
    ProseError
        When a name has no value, a value is a number with decimals (which must be rounded by one of this
        module's functions first), or the template cannot be read.
    """
    return _fill(_MARKDOWN, template, values, place)


def fill_text(template: str, values: Mapping[str, object], place: str = "the sentence") -> str:
    """Put values where their names stand in plain text, such as an alt text.

    Parameters
    ----------
    template, values, place
        As for `fill_markdown`; markup means nothing.

    Returns
    -------
    str
        The text.

    Raises
    ------
    ProseError
        As `fill_markdown` does.
    """
    return _fill(_TEXT, template, values, place)


def _fill(environment, template, values, place):
    reserved = sorted(_RESERVED.intersection(values))
    if reserved:
        raise ProseError(f"{place}: a value cannot be called {', '.join(reserved)}, which means something to Jinja")
    try:
        return environment.from_string(template).render(values)
    except UndefinedError as error:
        raise ProseError(f"{place}: {error}{_suggest_name(template, values, str(error))}") from None
    except ProseError as error:
        raise ProseError(f"{place}: {error}") from None
    except TemplateSyntaxError as error:
        raise ProseError(f"{place}, line {error.lineno}: {error.message}") from None


_RESERVED = frozenset({"none", "None", "true", "True", "false", "False", "loop", "self"})


def _write_value(value):
    if isinstance(value, bool | float) or value is None:
        raise ProseError(f"{value!r} is not written out: use one of the functions of cluster_eval.prose")
    return write_minus(value) if isinstance(value, str) else _write_in_form(value)


def _write_in_form(value, form=""):
    return ENGLISH.write(value, form) if isinstance(value, Value) else value


def _write_in_markdown(value):
    return value if isinstance(value, Markdown) else write_literally(str(_write_value(value)))


def _suggest_name(template, values, told):
    """Say which of the values' names is nearest to the one that an error tells of."""
    asked = find_undeclared_variables(_TEXT.parse(template)).difference(values)
    return "".join(f"; {suggest(name, values)}" for name in asked if told == f"'{name}' is undefined")


class _Missing(StrictUndefined):
    """What a sentence asks of a value that does not have it; an error says what the value is."""

    @property
    def _undefined_message(self):
        value, name = self._undefined_obj, self._undefined_name
        if isinstance(value, Mapping):
            return f"there is no '{name}'; {suggest(str(name), map(str, value))}"
        if isinstance(value, str):
            return f"'{value}' is text, and has no '{name}'"
        return super()._undefined_message


class _Environment(Environment):
    def getattr(self, obj, attribute):
        """Look a name up in a mapping before its methods: a fact may be called as one of them is, such as `clear`."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


_TEXT = _Environment(
    variable_start_string="<<",
    variable_end_string=">>",
    block_start_string="<%",
    block_end_string="%>",
    comment_start_string="<#",
    comment_end_string="#>",
    undefined=_Missing,
    finalize=_write_value,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,
)
_TEXT.filters |= {
    "join_words": lambda values: join_words(map(_write_in_form, values)),
    "number": write_number,
    "form": _write_in_form,
}
_MARKDOWN = _TEXT.overlay(finalize=_write_in_markdown)
