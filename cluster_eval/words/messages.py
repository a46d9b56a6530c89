"""Whole messages: choosing one by a code, and filling its placeholders.

A placeholder is `{name}`, `{fact.part}` or, with a form of a name, `{name:form}`: Python's own format, which gettext's
tools check as `python-brace-format`. A message holds no condition; where words depend on what was found there are
several messages, and a code chooses among them.
"""

import string
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cached_property
from typing import Any

from cluster_eval.problems import suggest


class MessageError(Exception):
    """A message cannot be said: a code has no message, or a placeholder no value."""


@dataclass(frozen=True)
class Plural:
    """A message that has one form for one and another for any other number, which its placeholder `{n}` holds."""

    one: str
    other: str


Message = str | Plural


class Values:
    """What placeholders and codes are looked up in: values by name first, then the fields of facts in their order.

    Parameters
    ----------
    facts : tuple
        Frozen dataclasses of `cluster_eval.facts`.
    named : mapping of str to object
        Further values.
    """

    def __init__(self, facts: tuple, named: Mapping[str, Any]):
        self._facts, self._named = facts, named

    @property
    def names(self) -> list[str]:
        """The names that are known, in order."""
        return sorted({each for holder in (self._named, *self._facts) for each in _list_names(holder)})

    def check(self, name: str) -> None:
        """Check that something has the first part of a name, without looking its value up.

        Parameters
        ----------
        name : str
            As for `find`.

        Raises
        ------
        MessageError
            When nothing has it, with the nearest names.
        """
        first = name.split(".")[0]
        if not any(_has(each, first) for each in (self._named, *self._facts)):
            raise MessageError(f'there is no "{first}"; {suggest(first, self.names)}')

    def find(self, name: str) -> Any:
        """Find a value.

        Parameters
        ----------
        name : str
            Such as `responded`, or `change.points` for a field of a field.

        Returns
        -------
        object
            The value; None where the cycle has none.

        Raises
        ------
        MessageError
            When nothing has that name, with the nearest names.
        """
        first, *rest = name.split(".")
        self.check(name)
        holders = [each for each in (self._named, *self._facts) if _has(each, first)]
        value = _get(holders[0], first)
        for part in rest:
            if value is None:
                return None
            if not _has(value, part):
                raise MessageError(f'"{first}" has no "{part}"; {suggest(part, sorted(_list_names(value)))}')
            value = _get(value, part)
        return value


def choose(message: Message | Mapping[Hashable, Message], code: Hashable) -> Message | None:
    """Choose a message by a code.

    Parameters
    ----------
    message : str, Plural or mapping of code to message
        One message, whatever the code, or several.
    code : hashable
        Which of several; None where the cycle has nothing to choose by, for which there need be no message.

    Returns
    -------
    str, Plural or None
        The message; None where there is none for the code None.

    Raises
    ------
    MessageError
        When no message has the code.
    """
    if not isinstance(message, Mapping):
        return message
    if code not in message:
        if code is None:
            return None
        raise MessageError(f'no message has the code "{code}"; there are {", ".join(map(str, message))}')
    return message[code]


def fill(message: str, find: Callable[[str], Any], write: Callable[[Any, str], str]) -> str:
    """Fill a message's placeholders.

    Parameters
    ----------
    message : str
        A whole message, on one line or several, which become one.
    find : callable
        Finds a value by its name.
    write : callable
        Writes a value in a form.

    Returns
    -------
    str
        The text.

    Raises
    ------
    MessageError
        When the message cannot be read, or a value is not there.
    """
    try:
        return _Filler(find, write).format(" ".join(message.split()))
    except (ValueError, IndexError) as error:
        raise MessageError(f'"{message}" cannot be read: {error}') from None


class _Filler(string.Formatter):
    def __init__(self, find, write):
        self._find, self._write = find, write

    def get_field(self, field_name, args, kwargs):
        value = self._find(field_name)
        if value is None:
            raise MessageError(f'"{field_name}" has no value in this cycle; choose the message by a code, or by when=')
        return value, field_name

    def format_field(self, value, format_spec):
        return self._write(value, format_spec)


def _has(holder, name):
    return name in holder if isinstance(holder, Mapping) else name in _list_names(holder)


def _get(holder, name):
    return holder[name] if isinstance(holder, Mapping) else getattr(holder, name)


def _list_names(holder):
    if isinstance(holder, Mapping):
        return set(map(str, holder))
    public = (name for name in vars(type(holder)) if not name.startswith("_"))
    own = {name for name in public if isinstance(vars(type(holder))[name], property | cached_property)}
    return own | set(holder.__dataclass_fields__) if is_dataclass(holder) else own
