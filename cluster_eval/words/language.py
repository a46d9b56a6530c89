"""A language: says messages, and writes the values in them."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from cluster_eval.values import (
    Between,
    Chance,
    Count,
    CycleCount,
    CycleName,
    Effect,
    Frequency,
    Interval,
    Joined,
    Kind,
    Label,
    Missing,
    Moved,
    NamedChange,
    NamedCount,
    Number,
    Outcome,
    P,
    Parts,
    Points,
    Question,
    Quote,
    Said,
    Score,
    ScoreChange,
    Share,
    Summed,
    Tally,
    Tenths,
    Title,
)
from cluster_eval.words import patterns
from cluster_eval.words.labels import Labels
from cluster_eval.words.messages import Message, MessageError, Plural, Values, choose, fill
from cluster_eval.words.numbers import (
    SMALLEST_P,
    round_cell,
    round_half_up,
    write_date,
    write_minus,
)

OPEN = ("theme", "subtheme", "lead")
"""The kinds of labels whose codes are words that a cycle's data bring along; one that has no label stands as it is."""

MOST_NAMED = 4
"""More outcomes than these are named by their numbers alone."""

_OUTCOME_PATTERNS = {
    "": patterns.OUTCOME,
    "number": patterns.OUTCOME_NUMBER,
    "framework": patterns.OUTCOME_FRAMEWORK,
    "title": patterns.OUTCOME_TITLE,
    "short": patterns.OUTCOME_TITLE,
    "full": patterns.OUTCOME_FULL,
    "code": patterns.OUTCOME_CODE,
    "named": patterns.OUTCOME_NAMED,
}


class Language:
    """English, in which messages stand; other languages translate them.

    Parameters
    ----------
    labels : Labels
        The words for what the data have codes for.
    marked : collection of str
        The cycles that words mark as sample data.

    Attributes
    ----------
    code : str
        Such as `en`.
    tag : str
        The same for documents, with a country.
    """

    code, tag = "en", "en-GB"

    def __init__(self, labels: Labels | None = None, marked: Collection[str] = ()):
        self.labels, self.marked = labels or Labels({}), marked

    def translate(self, message: Message, n: int | None = None) -> str:
        """Give a message in this language.

        Parameters
        ----------
        message : str or Plural
            The message, as it is written where it is edited.
        n : int, optional
            The number by which a form of a plural is chosen.

        Returns
        -------
        str
            The message, with its placeholders.
        """
        if isinstance(message, Plural):
            return message.one if n == 1 else message.other
        return message

    def say(
        self,
        message: Message | Mapping[Hashable, Message],
        *facts: object,
        by: Hashable = None,
        when: object = True,
        escape: Callable[[str], str] = str,
        **values: object,
    ) -> str:
        """Say a message.

        Parameters
        ----------
        message : str, Plural, or mapping of code to either
            A whole message, or several of which `by` chooses one.
        *facts : dataclass
            Facts, whose fields placeholders name.
        by : str or hashable
            The name of the value that is the code, or the code itself where it is no text.
        when : object
            Where it is false, empty or None, nothing is said.
        escape : callable
            Makes each written value safe where the message goes.
        **values : object
            Further values.

        Returns
        -------
        str
            The text; empty where there is nothing to say.

        Raises
        ------
        MessageError
            When a code has no message, or a placeholder no value.
        """
        if not when or None in facts:
            return ""
        known = Values(facts, values)
        chosen = choose(message, known.find(by) if type(by) is str else by)
        if chosen is None:
            return ""
        n = known.find("n") if isinstance(chosen, Plural) else None
        text = fill(self.translate(chosen, n), known.find, lambda value, form: escape(self.write(value, form)))
        self.take_note(chosen, text)
        return text

    def take_note(self, message: Message, text: str) -> None:
        """Take note of what a message became; a language that collects examples does.

        Parameters
        ----------
        message : str or Plural
            The message.
        text : str
            What it became.
        """

    def write(self, value: Any, form: str = "") -> str:
        """Write a value.

        Parameters
        ----------
        value : object
            Text, a whole number, a date, a value of `cluster_eval.values`, or several of them as a tuple or list.
        form : str
            Of a count `number` and `of`: its percentage and what explains it, apart; `bar`: as a chart writes it.

        Returns
        -------
        str
            The value in words.

        Raises
        ------
        MessageError
            When it is something else, such as a number that is not rounded.
        """
        match value:
            case Said():
                return self.say(value.message, **value.values)
            case str():
                return write_minus(value)
            case bool():
                pass
            case int():
                return write_minus(str(value))
            case date():
                return write_date(value)
            case (Outcome(), *others) if all(isinstance(each, Outcome) for each in others):
                return self._write_outcomes(value, form)
            case tuple() | list():
                return self.join(self.write(each, form) for each in value)
            case Count():
                return self._write_count(value, form)
            case Share(share):
                return self.say(patterns.PERCENT, n=round_half_up(share * 100))
            case Chance(chance):
                percent = round_half_up(chance * 100)
                pattern = {0: patterns.HARDLY, 100: patterns.NEARLY}.get(percent, patterns.PERCENT)
                return self.say(pattern, n=percent)
            case Points(change) if form == "signed":
                points = round_half_up(change * 100)
                return write_minus(f"{points:+d}" if points else "0")
            case Points(change):
                points = round_half_up(abs(change) * 100)
                return self.say(patterns.POINTS, n=points) if points else self.say(patterns.LESS_THAN_A_POINT)
            case NamedCount(name, count):
                return self.say(patterns.NAMED_COUNT, name=name, count=count)
            case NamedChange(name) if form == "name":
                return name
            case NamedChange(name, previous, Count(current, base)):
                return self.say(patterns.NAMED_CHANGE, name=name, previous=previous, current=current, n=base)
            case Question(code):
                return self.translate(self.labels.find("question", code, form if form == "title" else "sentence"))
            case Score(score):
                score = round_cell(abs(score) if form == "size" else score, Kind.SCORE)
                return write_minus(str(score))
            case P(p):
                return self.write_cell(p, Kind.P)
            case CycleName(name):
                is_marked = name in self.marked and form != "bare"
                return self.say(patterns.SAMPLE_CYCLE, cycle=name) if is_marked else name
            case Label() if form == "quoted":
                return self.say(patterns.QUOTE, text=value)
            case Label(kind, code):
                if kind in OPEN and not self.labels.has(kind, code):
                    return code
                return self.translate(self.labels.find(kind, code, form))
            case Title(name):
                return self._write_title(self.translate(name), form)
            case Frequency(answer):
                return self._write_frequency(answer, form)
            case Number(n, noun):
                return str(n) if form == "number" else self.say(patterns.NOUNS[noun], n=n)
            case Between(low, high, noun) if low == high:
                return self.write(Number(low, noun), form)
            case Between(low, high, noun):
                return self.say(patterns.BETWEEN[noun], low=low, n=high)
            case Tenths(number):
                tenths = round_cell(number, Kind.NUMBER_1)
                return write_minus(f"{tenths:+}" if form == "signed" and tenths else str(tenths))
            case Interval(low, high):
                return self.say(patterns.INTERVAL, low=low, high=high)
            case Effect(size, None):
                return self.write(size)
            case Effect(size, interval):
                return self.say(patterns.EFFECT, size=size, interval=interval)
            case Parts(parts):
                written = [self.write(part, "title") for part in parts]
                return reduce(lambda before, part: self._join_two(patterns.PARTS, before, part), written)
            case Quote(text):
                return self.say(patterns.QUOTE, text=text)
            case Outcome():
                return self._write_outcome(value, form)
            case ScoreChange(change):
                smallest = Decimal("0.01")
                size = round_cell(abs(change), Kind.SCORE)
                return self.say(patterns.LESS_THAN, smallest=str(smallest)) if size < smallest else str(size)
            case Summed(framework, n, over):
                messages = patterns.SUMMED_FRAMEWORK if form == "framework" else patterns.SUMMED
                return self.say(messages[over], framework=framework, n=n)
            case Joined(board, neighbour, cycle):
                return self.say(patterns.JOINED, board=board, neighbour=neighbour, cycle=cycle)
            case Tally(label) if form == "name":
                return self.write(label)
            case Tally(label, n):
                return self.say(patterns.CASES if form == "cases" else patterns.TALLY, label=label, n=n)
            case CycleCount(cycle, count):
                return self.say(patterns.COUNT_IN_CYCLE, cycle=cycle, count=count)
        raise MessageError(f"{value!r} is not a value that sentences may hold; see cluster_eval.values")

    def write_cell(self, value: Any, kind: Kind) -> str:
        """Write a cell of a table.

        Parameters
        ----------
        value : object
            A number, a value of `cluster_eval.values`, text, `Missing` or a missing value.
        kind : Kind
            What the column holds.

        Returns
        -------
        str
            The value in its column's unit and with its decimals, or the symbol of what is missing.
        """
        rounded = round_cell(value, kind)
        if isinstance(rounded, Missing):
            return str(rounded)
        if kind is Kind.TEXT:
            return self.write(rounded, "title")
        if kind is Kind.P and rounded < SMALLEST_P:
            return self.say(patterns.LESS_THAN, smallest=str(SMALLEST_P))
        if isinstance(value, Moved):
            return self.say(patterns.MOVED[value.direction], n=rounded)
        return write_minus(str(rounded))

    def join(self, words: Iterable[str]) -> str:
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
        *first, last = list(words) or [""]
        if not first:
            return last
        start = reduce(lambda before, word: self._join_two(patterns.LIST_MIDDLE, before, word), first)
        # Of "Cardiff and Vale and Powys", nobody knows where one name ends.
        between = fill(self.translate(patterns.LIST_PAIR), {"first": "", "second": ""}.get, lambda word, form: word)
        if any(between in word for word in (*first, last)):
            return self._join_two(patterns.LIST_APART, start, last)
        return self._join_two(patterns.LIST_END if len(first) > 1 else patterns.LIST_PAIR, start, last)

    def _join_two(self, pattern, first, second):
        # Words are there already, and are not written once more.
        return fill(self.translate(pattern), {"first": first, "second": second}.get, lambda word, form: word)

    @staticmethod
    def _write_title(words, form):
        # An abbreviation at its beginning keeps its capitals.
        is_name = form == "title" or words[1:2].isupper()
        return words if is_name else words[:1].lower() + words[1:]

    def _write_frequency(self, answer, form):
        if not self.labels.has("frequency", answer):
            return answer if form == "title" else self.say(patterns.QUOTE, text=answer)
        return self.translate(self.labels.find("frequency", answer, form))

    def _write_outcome(self, outcome, form):
        code = f"{outcome.framework} {outcome.number}"
        form = outcome.form if form == "title" else form
        pattern = _OUTCOME_PATTERNS[form]
        # Titles are long; appendices, tables and each outcome's own exhibits have them whole.
        title = self._name_outcome(code, "" if form == "title" else "short")
        return self.say(pattern, framework=outcome.framework, number=outcome.number, title=title)

    def _write_outcomes(self, outcomes, form):
        """Name outcomes, many by their numbers alone, or all of them by the form `numbers`."""
        numbers = self.join(each.number for each in outcomes)
        if form == "numbers":
            return numbers
        if len(outcomes) <= MOST_NAMED:
            return self.join(self.write(each, form) for each in outcomes)
        return self.say(patterns.OUTCOMES, numbers=numbers)

    def _name_outcome(self, code, form):
        return self.translate(self.labels.find("outcome", code, form))

    def _write_count(self, count, form):
        if form == "bar" and not count.is_large:
            return str(count.n)
        of = self.say(patterns.SMALL_COUNT, n=count.n, base=count.base)
        if form == "of" or (not count.is_large and form in ("", "number")):
            return of
        percent = self.write(Share(count.share))
        if form == "bar":
            return self.say(patterns.COUNT_OF_BAR, n=count.n, percent=percent)
        return percent if form == "number" else self.say(patterns.COUNT, n=count.n, base=count.base, percent=percent)


ENGLISH = Language()
