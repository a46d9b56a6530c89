"""Pages of the book: Markdown in whole messages, with values, conditions between blocks, and claims that are checked.

A value stands as `{name}`, `{fact.part}` or `{fact.part:form}`. Braces that a backtick follows (a role of MyST), that
are doubled, or that stand in a fence or a code span are Markdown's, and stay.

A condition stands alone on a line, between blocks: `<% if name %>`, `<% else %>`, `<% endif %>`, where the name is one
of `cluster_eval.facts.needs.NEEDS` or a fact. `% holds: fact == value` is a claim that the page's author relies on:
where it does not hold, the page is not filled.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cluster_eval.facts.needs import NEEDS, has_need
from cluster_eval.sources.report import Report
from cluster_eval.words.claims import ClaimError, check_claim
from cluster_eval.words.language import Language
from cluster_eval.words.markdown import Markdown, write_literally
from cluster_eval.words.messages import MessageError, Values


class PageError(Exception):
    """A page cannot be filled, or says what does not hold."""


class Part(StrEnum):
    """What a block of Markdown is."""

    MESSAGE = "message"
    """Words, which another language replaces."""
    VALUE = "value"
    """A placeholder alone."""
    KEPT = "kept"
    """Markup, code, space."""
    CONDITION = "condition"
    CLAIM = "claim"


@dataclass(frozen=True)
class Block:
    """A piece of Markdown; all of a text, joined, are the text.

    Attributes
    ----------
    part : Part
        What it is.
    text : str
        As it stands.
    line : int
        Where it begins, from 1.
    """

    part: Part
    text: str
    line: int


_NAME = r"[A-Za-z_][\w-]*(?:\.[\w-]+)*"
_PLACEHOLDER = re.compile(
    rf"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))|(?<!\{{)\{{(?P<name>{_NAME})(?::(?P<form>\w+))?\}}(?![`}}])",
    re.DOTALL,
)
_CONDITION = re.compile(rf"<%\s*(?:(?P<word>else|endif)|if\s+(?P<name>{_NAME}))\s*%>")
_CLAIM = re.compile(r"%\s*holds:(?P<claim>.*)")
_FENCE = re.compile(r"[\s>]*(`{3,}|~{3,})")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
# Comments, directives' colons, rules, tables' rules, targets, and tags alone.
_MARKUP = re.compile(r"\s*|\s*(%.*|:{3,}.*|[|:\s-]*-[|:\s-]*|\*{3,}|\([\w-]+\)=|(<[^<>]*>\s*)+)\s*")
_HEADING = re.compile(r"(#{1,6}\s+)(Appendix: )?(?=\S)")
_ITEM = re.compile(r"(\s*(?:[-*+]|\d+[.)]|>)\s+)+(?=\S)")
_BAR = re.compile(r"(?<!\\)\|")


def split_markdown(text: str) -> list[Block]:
    """Split Markdown into messages and what is none.

    Parameters
    ----------
    text : str
        Of a page, or of a cell of a notebook.

    Returns
    -------
    list of Block
        Each paragraph, list item, heading and cell of a table is a message of its own.
    """
    blocks: list[Block] = []
    paragraph: list[str] = []
    started, fence = 0, ""

    def end_paragraph():
        blocks.extend(_trim("".join(paragraph), started))
        paragraph.clear()

    for number, line in enumerate(_LINE.findall(text), start=1):
        bare = line.strip()
        found = _FENCE.match(line)
        if fence or found:
            end_paragraph()
            blocks.append(Block(Part.KEPT, line, number))
            if not fence:
                fence = found[1]
            elif found and found[1].startswith(fence) and bare.lstrip("> ") == found[1]:
                fence = ""
        elif _CONDITION.fullmatch(bare) or _CLAIM.fullmatch(bare) or _MARKUP.fullmatch(line):
            end_paragraph()
            part = Part.CONDITION if bare.startswith("<%") else Part.CLAIM if _CLAIM.fullmatch(bare) else Part.KEPT
            blocks.append(Block(part, line, number))
        elif bare.startswith("|"):
            end_paragraph()
            blocks.extend(_split_row(line, number))
        elif found := _HEADING.match(line) or _ITEM.match(line):
            end_paragraph()
            blocks.append(Block(Part.KEPT, found[0], number))
            paragraph.append(line[found.end() :])
            started = number
            if line.startswith("#"):
                end_paragraph()
        else:
            started = started if paragraph else number
            paragraph.append(line)
    end_paragraph()
    return blocks


def _split_row(line, number):
    end = 0
    for bar in _BAR.finditer(line):
        yield from _trim(line[end : bar.start()], number)
        yield Block(Part.KEPT, "|", number)
        end = bar.end()
    yield from _trim(line[end:], number)


def _trim(text, number):
    """Part words from the space around them."""
    words = text.strip()
    if not words:
        if text:
            yield Block(Part.KEPT, text, number)
        return
    start = text.index(words)
    found = _PLACEHOLDER.fullmatch(words)
    without = _PLACEHOLDER.sub("", words)
    is_value = found is not None and found["name"] is not None
    part = Part.VALUE if is_value else Part.MESSAGE if re.search(r"[^\W\d_]", without) else Part.KEPT
    if part is Part.KEPT and without != words:
        part = Part.VALUE
    for each in (Block(Part.KEPT, text[:start], number), Block(part, words, number)):
        if each.text:
            yield each
    if text[start + len(words) :]:
        yield Block(Part.KEPT, text[start + len(words) :], number)


def translate_markdown(text: str, language: Language) -> str:
    """Translate Markdown block by block.

    Parameters
    ----------
    text : str
        Of a cell of a notebook.
    language : Language
        The language.

    Returns
    -------
    str
        The Markdown; in English the same text.
    """
    return "".join(
        language.translate(block.text) if block.part is Part.MESSAGE else block.text for block in split_markdown(text)
    )


def fill_page(text: str, edition, facts: object, place: str | Path = "the page", **values: object) -> str:
    """Translate a page, choose what a cycle has, check what is claimed, and put values where their names stand.

    Parameters
    ----------
    text : str
        The page.
    edition : OpenEdition
        The edition.
    facts : object
        `cluster_eval.facts.ReportFacts`, or another that has its names.
    place : str or Path
        What an error names as the page.
    **values : object
        Further values; `cluster_eval.words.markdown.Markdown` for what is markup.

    Returns
    -------
    str
        The Markdown.

    Raises
    ------
    PageError
        When a name has no value, a condition stands inside a paragraph, or a claim does not hold; with the line.
    """
    known, written, stack = Values((facts, _Needs(edition.report)), values), [], []
    blocks = split_markdown(text)
    _check_conditions(text, blocks, place)
    for block in blocks:
        where = f"{place}, line {block.line}"
        try:
            if block.part is Part.CONDITION:
                _follow(block.text.strip(), stack, edition.report, known)
            elif not all(stack):
                _check_names(block, known)
            elif block.part is Part.CLAIM:
                check_claim(_CLAIM.fullmatch(block.text.strip())["claim"], known)
            elif block.part is Part.KEPT:
                written.append(block.text)
            else:
                message = edition.language.translate(block.text) if block.part is Part.MESSAGE else block.text
                written.append(_fill(message, known, edition.language))
                edition.language.take_note(block.text, written[-1])
        except (MessageError, ClaimError) as error:
            raise PageError(f"{where}: {error}") from None
    return "".join(written)


def _fill(message, known, language):
    def write(found):
        if found["code"]:
            return found[0]
        value = known.find(found["name"])
        if value is None:
            raise MessageError(f"{found[0]} has no value in this cycle; put it between <% if … %> and <% endif %>")
        return value if isinstance(value, Markdown) else write_literally(language.write(value, found["form"] or ""))

    return _PLACEHOLDER.sub(write, message)


def _check_names(block, known):
    """Find misspelt names in what this cycle leaves out, too."""
    if block.part in (Part.MESSAGE, Part.VALUE):
        for found in _PLACEHOLDER.finditer(block.text):
            if found["name"]:
                known.check(found["name"])


def _follow(line, stack, report, known):
    found = _CONDITION.fullmatch(line)
    if found["name"]:
        known.check(found["name"])
        # What stands in a part that is left out is not asked for.
        stack.append(all(stack) and _is_so(found["name"], report, known))
    elif found["word"] == "endif":
        stack.pop()
    else:
        stack[-1] = all(stack[:-1]) and not stack[-1]


def _is_so(name, report, known):
    if name in NEEDS:
        return has_need(report, name)
    return bool(known.find(name))


class _Needs(Mapping):
    """What a cycle has by the names of needs, looked up when asked for."""

    def __init__(self, report):
        self._report = report

    def __getitem__(self, need):
        return has_need(self._report, need)

    def __iter__(self):
        return iter(NEEDS)

    def __len__(self):
        return len(NEEDS)

    def __contains__(self, need):
        return need in NEEDS


def _check_conditions(text, blocks, place):
    """Refuse conditions that stand among a paragraph's words, and those without an end."""
    lines, opened = _LINE.findall(text), []
    for block in blocks:
        where = f"{place}, line {block.line}"
        if block.part in (Part.MESSAGE, Part.VALUE) and (
            found := re.search(r"<%.*?%>|<<.*?>>|<%", _PLACEHOLDER.sub("", block.text))
        ):
            raise PageError(
                f"{where}: found {found[0]} among words; a condition stands alone on a line between paragraphs, as "
                "<% if name %>, <% else %> or <% endif %>, and a value as {name}"
            )
        if block.part is not Part.CONDITION:
            continue
        found = _CONDITION.fullmatch(block.text.strip())
        before, after = lines[block.line - 2 :: -1] if block.line > 1 else [], lines[block.line :]
        outside, inside = (before, after) if found["name"] else (after, before)
        # Words outside and words inside would be one paragraph.
        if found["word"] != "else" and outside and _is_plain(outside[0]) and _find_beside(inside).strip():
            raise PageError(f"{where}: found {block.text.strip()} inside a paragraph; put an empty line between")
        if found["name"]:
            opened.append([block.line])
        elif not opened or (found["word"] == "else" and len(opened[-1]) > 1):
            raise PageError(f"{where}: found {block.text.strip()} without <% if … %>")
        elif found["word"] == "else":
            opened[-1].append(block.line)
        else:
            opened.pop()
    if opened:
        raise PageError(f"{place}, line {opened[-1][0]}: found <% if … %> without <% endif %>")


def _find_beside(lines):
    """Find the first line that is no condition."""
    return next((line for line in lines if not _CONDITION.fullmatch(line.strip())), "")


def _is_plain(line):
    return not (_MARKUP.fullmatch(line) or _HEADING.match(line) or _ITEM.match(line) or line.strip()[0] in "|<`~:")


def split_parts(text: str) -> dict[str, str]:
    """Split a text into its parts.

    Parameters
    ----------
    text : str
        Markdown, whose headings of the second level begin its parts.

    Returns
    -------
    dict of str to str
        Each part by its heading, and what stands before the first by an empty text. A part keeps its place: as many
        empty lines stand before it as lines do in the text, so that an error names the right one.
    """
    lines, starts = text.splitlines(), [("", -1)]
    starts += [(line.removeprefix("## ").strip(), place) for place, line in enumerate(lines) if line.startswith("## ")]
    ends = [place for _, place in starts[1:]] + [len(lines)]
    return {
        heading: "\n" * (start + 1) + "\n".join(lines[start + 1 : end]) + "\n"
        for (heading, start), end in zip(starts, ends, strict=True)
    }


def place_text(report: Report, name: str) -> str:
    """Say where a text stands, or would stand, that a person wrote about a cycle, relative to the repository's root."""
    return f"book/{report.cycle}/{name}.md"


def read_parts(report: Report, name: str) -> dict[str, str]:
    """Read the parts of a text that a person wrote about a cycle.

    Parameters
    ----------
    report : Report
        An open cycle.
    name : str
        The text's name.

    Returns
    -------
    dict of str to str
        As `split_parts` gives them; empty where the cycle has no such text.
    """
    try:
        return split_parts((report.root / place_text(report, name)).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def list_messages(text: str) -> Iterator[tuple[int, str]]:
    """List a page's or a cell's messages, for translators.

    Parameters
    ----------
    text : str
        The Markdown.

    Yields
    ------
    tuple of int and str
        Line and message.
    """
    return ((block.line, block.text) for block in split_markdown(text) if block.part is Part.MESSAGE)
