"""The words of an exhibit's chart, and how a chart comes to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matplotlib.figure import Figure

from cluster_eval import charts
from cluster_eval.exhibits.listing import FILE
from cluster_eval.problems import suggest
from cluster_eval.words.language import Language
from cluster_eval.words.messages import MessageError


@dataclass(frozen=True)
class ChartWords:
    """The words of a chart.

    Parameters
    ----------
    language : Language
        The edition's.
    messages : mapping of str to message
        The chart's own words by their codes.
    values : mapping of str to object
        What messages may name.
    """

    language: Language
    messages: Mapping[str, object]
    values: Mapping[str, object]

    def say(self, code: str) -> str:
        """Say one of the chart's own words.

        Parameters
        ----------
        code : str
            Its code under `chart` in `book/exhibits.yml`.

        Returns
        -------
        str
            The word.
        """
        return self.language.say(find_message(self.messages, code, "word of a chart"), **self.values)

    def write(self, value: object, form: str = "") -> str:
        """Write a value; see `Language.write`."""
        return self.language.write(value, form)


def find_message(messages: Mapping[str, object], code: str, what: str) -> object:
    """Find a message by its code; what it is of is told where there is none."""
    if code not in messages:
        raise MessageError(f'{FILE} has no {what} "{code}" here; {suggest(code, sorted(messages))}')
    return messages[code]


def bind(draw: Callable[..., Figure] | None, words: ChartWords) -> Callable[..., Figure] | None:
    """Give a chart its words: what is left to say is the layout."""
    if draw is None:
        return None
    return lambda layout=charts.WIDE: draw(words, layout)
