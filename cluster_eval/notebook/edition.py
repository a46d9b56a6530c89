"""An open edition: it writes exhibits and says sentences in its language."""

import json
import os
from collections.abc import Hashable, Mapping
from functools import cached_property
from pathlib import Path

import pandas as pd

from cluster_eval.exhibits.exhibit import Column, Exhibit
from cluster_eval.exhibits.listing import Entry, Listing, find_exhibit, read_listing
from cluster_eval.facts.report import ReportFacts
from cluster_eval.notebook.chart_words import ChartWords, bind, find_message
from cluster_eval.notebook.display import Output, lay_out_exhibit, lay_out_heading, lay_out_text, list_facts
from cluster_eval.notebook.own_chart import make_exhibit
from cluster_eval.notebook.shown import Shown, show
from cluster_eval.problems import suggest
from cluster_eval.sources.edition import ENGLISH, Scope
from cluster_eval.sources.report import Report, open_report
from cluster_eval.values import CycleName, Phrase
from cluster_eval.words import patterns
from cluster_eval.words.labels import Labels, read_labels
from cluster_eval.words.language import Language
from cluster_eval.words.markdown import Markdown, write_literally
from cluster_eval.words.numbers import round_cell
from cluster_eval.words.pages import fill_page, place_text, read_parts
from cluster_eval.words.written import Cells, WrittenExhibit


def _make_pseudo(*given):
    # English depends on no other language.
    from cluster_eval.words.pseudo import PseudoLanguage

    return PseudoLanguage(*given)


LANGUAGES = {ENGLISH: Language, "pseudo": _make_pseudo}
"""The languages of editions, by their codes; `pseudo` marks every message, to show what is none."""


class Sentence(Markdown):
    """A sentence in Markdown, which knows by which call it was said."""

    __slots__ = ("language", "shown")

    @classmethod
    def make(cls, text: str, language: str, shown: Shown) -> "Sentence":
        """Make a sentence of its text, its language, and the call by which it was said."""
        sentence = cls(text)
        sentence.language, sentence.shown = language, shown
        return sentence


class OpenEdition:
    """A report in a language.

    Parameters
    ----------
    report : Report
        An open cycle.
    language : str
        One of `LANGUAGES`.

    Attributes
    ----------
    report : Report
        The open cycle.
    language : Language
        Writes every word of the edition.
    """

    def __init__(self, report: Report, language: str = ENGLISH):
        if language not in LANGUAGES:
            raise ValueError(f'found the language "{language}"; {suggest(language, sorted(LANGUAGES))}')
        self.report, self._code = report, language

    @cached_property
    def language(self) -> Language:
        """Writes every word of the edition."""
        labels = Labels(read_labels(self.report.root), lambda: self._outcome_titles)
        return LANGUAGES[self._code](labels, self.report.marked_cycles)

    @cached_property
    def _outcome_titles(self):
        titles = {}
        for row in self.report.outcomes.itertuples():
            titles["outcome", f"{row.framework} {row.outcome}", ""] = row.title
            titles["outcome", f"{row.framework} {row.outcome}", "short"] = row.short_title
            for form in ("narrative", "former_name"):
                if isinstance(words := getattr(row, form), str):
                    titles["outcome", f"{row.framework} {row.outcome}", form] = words
        return titles

    @cached_property
    def listing(self) -> Listing:
        """The list of exhibits, with their words."""
        return read_listing(self.report.root)

    @property
    def _cycles(self) -> dict:
        """The cycles and the place, which every message may name."""
        previous = self.report.previous
        names = {"cycle": CycleName(self.report.cycle), "previous": None if previous is None else CycleName(previous)}
        return names | {"place": self.report.place}

    @property
    def _bare_cycles(self):
        return {"cycle": self.report.cycle, "previous": self.report.previous}

    def sentence(self, message, *facts: object, by: Hashable = None, when: object = True, **values: object) -> Markdown:
        """Write a sentence in Markdown, for `say_together` and `say_list`.

        Parameters
        ----------
        message : str, Plural, or mapping of code to either
            A whole sentence with `{name}` for each value, or several of which `by` chooses one.
        *facts : dataclass
            What a function of `ce.facts` returns; placeholders name its fields.
        by : str or hashable
            The name of the value that is the code, or the code itself where it is no text.
        when : object
            Where it is false, empty or None, there is no sentence.
        **values : object
            Further values. Every message may name `cycle` and `previous`.

        Returns
        -------
        Markdown
            The sentence; empty where there is nothing to say.

        Raises
        ------
        MessageError
            When a code has no sentence, or a placeholder no value.
        """
        text = self._write(write_literally, message, facts, by, when, values)
        return Sentence.make(text, self._code, Shown("sentence", (message, *facts), {"by": by, "when": when, **values}))

    def say(self, message, *facts: object, by: Hashable = None, when: object = True, **values: object) -> None:
        """Say a sentence in a notebook cell, as a paragraph.

        Parameters
        ----------
        message, *facts, by, when, **values
            As for `sentence`.
        """
        self._show("paragraph", message, *facts, by=by, when=when, **values)

    def together(self, *sentences: Markdown) -> Markdown:
        """Put sentences together, such as those of one item of a list.

        Parameters
        ----------
        *sentences : Markdown
            What `sentence` returns; empty ones are left out.

        Returns
        -------
        Markdown
            The sentences.
        """
        text = " ".join(filter(None, map(self._say_again, sentences)))
        return Sentence.make(text, self._code, Shown("together", sentences))

    def say_together(self, *sentences: Markdown) -> None:
        """Say sentences in a notebook cell, as one paragraph.

        Parameters
        ----------
        *sentences : Markdown
            What `sentence` returns; empty ones are left out.
        """
        self._show("sentences", *sentences)

    def say_list(self, *sentences: Markdown, style: str = "") -> None:
        """Say sentences in a notebook cell, as a list.

        Parameters
        ----------
        *sentences : Markdown
            What `sentence` or `together` returns; empty ones are left out.
        style : str
            A class of the style sheet that the list has: `headline-figures`, or `screen-only` for what print leaves
            out.
        """
        self._show("list", *sentences, style=style)

    def warn(self, title, message, *facts: object, when: object = True, **values: object) -> None:
        """Say what a reader must not overlook, in a box with a title.

        Parameters
        ----------
        title, message : str
            The title, and what is said.
        *facts, when, **values
            As for `sentence`.
        """
        self._show("box", title, message, *facts, when=when, **values)

    def heading(self, message, *facts: object, level: int = 2, **values: object) -> None:
        """Begin a section of the page in a notebook cell, where sections are as many as something is found.

        Parameters
        ----------
        message, *facts, **values
            As for `sentence`.
        level : int
            3 for a section within another.
        """
        self._show("heading", message, *facts, level=level, **values)

    def list_parts(self, name: str) -> tuple[str, ...]:
        """List the parts of a text that a person wrote about the cycle.

        Parameters
        ----------
        name : str
            Which text: `book/<cycle>/<name>.md`.

        Returns
        -------
        tuple of str
            The headings of its parts, in their order; empty where the cycle has no such text.
        """
        return tuple(filter(None, read_parts(self.report, name)))

    def tell(self, name: str, part: str = "") -> None:
        """Tell a part of a text that a person wrote about the cycle, whose claims are checked as a page's are.

        Parameters
        ----------
        name : str
            Which text: `book/<cycle>/<name>.md`.
        part : str
            The heading of the part; what stands before the first heading where left out. Nothing is told where the
            cycle has no such text, or the text no such part.

        Raises
        ------
        PageError
            When a name in it has no value, or a claim does not hold.
        """
        self._show("told", name, part)

    def list_facts(self, facts: object) -> pd.DataFrame:
        """List the names that sentences may have; see `cluster_eval.notebook.display.list_facts`."""
        return list_facts(facts, self.language)

    def show(
        self,
        exhibit: Exhibit | object | None,
        *,
        title: str | None = None,
        table: pd.DataFrame | None = None,
        alt: str | None = None,
        note: str = "",
    ) -> None:
        """Show an exhibit, or a chart of one's own as an exhibit, in a notebook cell.

        Parameters
        ----------
        exhibit : Exhibit or None, or a chart
            What a function of `ce.exhibits` makes; nothing is shown for None, which an exhibit is that the cycle does
            not have. Or a figure of matplotlib's, axes, or what pandas or seaborn returns for them.
        title, table, alt, note
            Of a chart of one's own: see `cluster_eval.notebook.own_chart.make_exhibit`.

        Raises
        ------
        TypeError
            When it is something else.
        ValueError
            When a chart's words or table are missing or cannot be shown, with what to do.
        """
        own = [
            each for each in (title, table, alt, note) if each is not None and not (isinstance(each, str) and not each)
        ]
        if not own and exhibit is None:
            return
        if isinstance(exhibit, Exhibit):
            if own:
                raise TypeError("an exhibit has its title, table and alt text already; give it alone")
            self._show("exhibit", exhibit)
        elif isinstance(exhibit, pd.DataFrame | pd.Series | str):
            kind = type(exhibit).__name__
            raise TypeError(f"found a {kind}; show takes an exhibit or a chart. A table may be a cell's last line")
        else:
            written = make_exhibit(exhibit, title, table, alt, note, self.language)
            # Its words are the analyst's own, in the language in which they were written.
            show(lay_out_exhibit(written, self.language))

    def lay_out(self, shown: Shown) -> list[Output]:
        """Lay out what was shown, in the edition's language.

        Parameters
        ----------
        shown : Shown
            What was shown, in whichever language.

        Returns
        -------
        list of Output
            Its outputs.
        """
        return getattr(self, f"_lay_out_{shown.kind}")(*shown.given, **shown.named)

    def _show(self, kind, *given, **named):
        shown = Shown(kind, given, named)
        show(self.lay_out(shown), shown)

    def _lay_out_paragraph(self, message, *facts, by, when, **values):
        texts = (self._write(escape, message, facts, by, when, values) for escape in (write_literally, str))
        return lay_out_text(*texts)

    def _lay_out_sentences(self, *sentences):
        return lay_out_text(self.together(*sentences))

    def _lay_out_list(self, *sentences, style):
        items = "\n".join(f"- {each}" for each in map(self._say_again, sentences) if each)
        return lay_out_text(f'<div class="{style}">\n\n{items}\n\n</div>' if items and style else items)

    def _lay_out_box(self, title, message, *facts, when, **values):
        title, text = (self.sentence(each, *facts, when=when, **values) for each in (title, message))
        return lay_out_text(f":::{{admonition}} {title}\n:class: important\n\n{text}\n:::" if text else "")

    def _lay_out_heading(self, message, *facts, level, **values):
        return lay_out_heading(f"{'#' * level} {self.sentence(message, *facts, **values)}")

    def _lay_out_told(self, name, part):
        text = read_parts(self.report, name).get(part, "")
        return lay_out_text(fill_page(text, self, ReportFacts(self.report), place_text(self.report, name)).strip())

    def _lay_out_exhibit(self, exhibit):
        return lay_out_exhibit(self.write(exhibit), self.language)

    def _say_again(self, sentence):
        """Say a sentence in this edition's language: one that was said in another is said again."""
        if not isinstance(sentence, Sentence) or sentence.language == self._code:
            return sentence
        said = sentence.shown
        return getattr(self, said.kind)(*said.given, **said.named)

    def write(self, exhibit: Exhibit) -> WrittenExhibit:
        """Write an exhibit.

        Parameters
        ----------
        exhibit : Exhibit
            What a function of `ce.exhibits` makes.

        Returns
        -------
        WrittenExhibit
            Its number, its words and its table in the edition's language.

        Raises
        ------
        KeyError
            When the cycle has no such exhibit.
        MessageError
            When its words in `book/exhibits.yml` lack a code, or name a value that it has not.
        """
        placed = find_exhibit(self.report, self.listing, exhibit.key)
        say = self._make_sayer(exhibit, placed)
        entry, pattern = placed.entry, patterns.FIGURE if placed.series.is_figure else patterns.TABLE
        notes = [
            self._write_base(exhibit),
            *(say(find_message(self.listing.shared.notes | entry.notes, code, "note")) for code in exhibit.notes),
            self._write_rewording(exhibit),
        ]
        columns = [self._write_column(entry, column, placed.of) for column in exhibit.columns]
        words = ChartWords(self.language, entry.chart, self._cycles | placed.of | dict(exhibit.values))
        return WrittenExhibit(
            name=placed.name,
            label=self.language.say(pattern, number=placed.written_number),
            title=say(find_message(entry.title, exhibit.title or "", "title")),
            origin=self._write_source(entry, exhibit),
            notes=" ".join(filter(None, notes)),
            alt=self._write_alt(entry, exhibit, say),
            columns=tuple(columns),
            draw=bind(exhibit.draw, words),
            open_table=exhibit.open_table,
        )

    def _write(self, escape, message, facts, by, when, values):
        return self.language.say(message, *facts, self._cycles, by=by, when=when, escape=escape, **values)

    def _make_sayer(self, exhibit, placed):
        cycles = [CycleName(cycle) for cycle in exhibit.cycles]
        bare = self.language.join(self.language.write(cycle, "bare") for cycle in cycles)
        facts = (*exhibit.facts, self._cycles | {"cycles": bare} | placed.of)
        return lambda message: self.language.say(message, *facts, **exhibit.values)

    def _write_column(self, entry: Entry, column: Column, of):
        headers = self.listing.shared.headers | entry.headers
        # Headers name cycles without the mark, which the source has.
        bare = {key: each.name if isinstance(each, CycleName) else each for key, each in column.values.items()}
        header = self.language.say(find_message(headers, column.header, "header"), self._bare_cycles | of, **bare)
        kinds = column.kinds or (column.kind,) * len(column.cells)
        given = [self._say_phrase(entry, cell) if isinstance(cell, Phrase) else cell for cell in column.cells]
        cells = tuple(round_cell(cell, kind) for cell, kind in zip(given, kinds, strict=True))
        texts = tuple(self.language.write_cell(cell, kind) for cell, kind in zip(given, kinds, strict=True))
        return Cells(header, column.kind, column.kinds, cells, texts)

    def _say_phrase(self, entry, phrase):
        message = find_message(entry.rows, phrase.code, "name of a row")
        return self.language.say(message, self._bare_cycles, **dict(phrase.values))

    def _write_source(self, entry, exhibit):
        if not entry.source:
            return ""
        sources, cycles = self.listing.shared.sources, exhibit.sources or exhibit.cycles
        is_sample = self.report.sample_cycles == self.report.cycles
        code = f"{entry.source}_sample" if is_sample and f"{entry.source}_sample" in sources else entry.source
        return self.language.say(sources[code], cycles=[CycleName(cycle) for cycle in sorted(set(cycles))])

    def _write_base(self, exhibit):
        base = exhibit.base
        if base is None:
            return ""
        messages = find_message(self.listing.shared.bases, base.unit, "unit of a base")
        if not base.bases:
            return self.language.say(messages["all"])
        if base.by_cycle:
            bases = [self.language.say(patterns.N_IN_CYCLE, n=n, cycle=CycleName(cycle)) for cycle, n in base.by_cycle]
            return self.language.say(messages["by_cycle"], bases=self.language.join(bases))
        if len(base.bases) > 1:
            return self.language.say(messages["range"], lowest=base.bases[0], highest=base.bases[-1])
        return self.language.say(messages["one"], n=base.bases[0])

    def _write_alt(self, entry, exhibit, say):
        sentences = [say(find_message(entry.alt, code, "sentence of the alt text")) for code in exhibit.alt]
        if sentences and set(self.report.sample_cycles).intersection(exhibit.cycles):
            sentences.append(say(self.listing.shared.alt["sample"]))
        return " ".join(sentences)

    def _write_rewording(self, exhibit):
        """Say that questions which an exhibit compares were worded otherwise in the previous cycle."""
        report = self.report
        compared = report.previous_asked.intersection(report.asked, exhibit.compares)
        reworded = compared.intersection(report.reworded) if compared else ()
        # The headings of a sample's form are its own.
        if not reworded or set(report.sample_cycles).intersection(report.compared):
            return ""
        code = "question" if len(compared) == 1 else "all" if len(reworded) == len(compared) else "some"
        return self.language.say(self.listing.shared.rewording[code], n=len(reworded), previous=report.previous)


SCOPE = "CLUSTER_EVAL_SCOPE"
"""Variable of the environment by which a build tells a notebook its scope, as JSON; without it, all of Wales."""


def open_cycle(
    cycle: str, language: str = ENGLISH, root: Path | None = None, scope: Scope | None = None
) -> OpenEdition:
    """Open an edition of a cycle's report.

    Parameters
    ----------
    cycle : str
        Such as `2024-25`.
    language : str
        Such as `en`.
    root : Path, optional
        The repository's root; found upwards from the current folder where left out.

    scope : Scope, optional
        Whose responses and clusters; that of the build in which a notebook runs, or else all of Wales.

    Returns
    -------
    OpenEdition
        The edition; its `report` holds the cycle's data.

    Raises
    ------
    InputError
        With every problem of the params.
    """
    scope = scope or Scope(*json.loads(os.environ.get(SCOPE, "[]")))
    return OpenEdition(open_report(cycle, root, scope), language)


def open_edition(root: Path, given: Mapping) -> OpenEdition:
    """Open the edition that a step of a build is told to make.

    Parameters
    ----------
    root : Path
        The repository's root.
    given : mapping
        cycles, the newest last; scope (kind and name; all of Wales where left out); language.

    Returns
    -------
    OpenEdition
        The edition.
    """
    return open_cycle(given["cycles"][-1], given["language"], root, Scope(*given.get("scope", ())))
