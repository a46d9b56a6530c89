"""Text that was said in English, for files and programs, and that an edition says again in its language."""

from collections.abc import Iterable

from cluster_eval.values import Label, Said
from cluster_eval.words.language import ENGLISH
from cluster_eval.words.messages import Message, Plural, fill


def say_in_english(message: Message, **values: object) -> Said:
    """Say a message in English, as files of results hold it: with hyphens for minus signs.

    Parameters
    ----------
    message : str or Plural
        The message; of a plural, `n` chooses the form.
    **values : object
        What it names: text and whole numbers.

    Returns
    -------
    Said
        The text.
    """
    form = message
    if isinstance(message, Plural):
        form = message.one if values["n"] == 1 else message.other
    return _take(fill(form, values.get, _write), message, values)


def join_in_english(words: Iterable[str]) -> Said:
    """Join words as a list, in English.

    Parameters
    ----------
    words : iterable of str
        One or more of them.

    Returns
    -------
    Said
        Such as `a, b and c`.
    """
    words = tuple(words)
    return _take(ENGLISH.join(words), "{words}", {"words": words})


def _take(text, message, values):
    said = Said(text)
    said.message, said.values = message, values
    return said


def _write(value, _):
    # The data's codes are their English labels.
    return value.code if isinstance(value, Label) else str(value)
