"""Writes what of the book is not a notebook: result files, filled pages, contents and settings."""

import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import yaml

from cluster_eval.build.cache import replace_whole
from cluster_eval.facts import ReportFacts
from cluster_eval.notebook.edition import open_edition
from cluster_eval.problems import BuildError
from cluster_eval.result_tables import TABLES
from cluster_eval.results import compute_results, write_results
from cluster_eval.sources.edition import Scope
from cluster_eval.sources.report import open_report
from cluster_eval.words import formats
from cluster_eval.words.language import Language
from cluster_eval.words.markdown import Markdown
from cluster_eval.words.pages import PageError, fill_page


def write_tables(root: Path, given: dict, work: Path, tell: Callable[[str], None]) -> list[str]:
    """Compute a cycle's result tables and write them.

    Parameters
    ----------
    root : Path
        The repository's root.
    given : dict
        cycles, the newest last; scope (kind and name).
    work : Path
        The folder of what is made on the way.
    tell : callable
        Not called.

    Returns
    -------
    list of str
        The files written, relative to the root: the data package last.
    """
    report = open_report(given["cycles"][-1], root, Scope(*given["scope"]))
    folder = work / "book" / "results"
    shutil.rmtree(folder, ignore_errors=True)
    return [file.relative_to(root).as_posix() for file in write_results(compute_results(report), folder, report)]


def fill_pages(root: Path, given: dict, work: Path, tell: Callable[[str], None]) -> list[str]:
    """Fill the book's pages, and write its contents and settings.

    Parameters
    ----------
    root : Path
        The repository's root.
    given : dict
        cycles, the newest last; scope; language; sections, each with name, part and source, in reading order;
        results, the result files, relative to the root; commit, which is checked out, or None.
    work : Path
        The folder of what is made on the way.
    tell : callable
        Called with the page that is being filled.

    Returns
    -------
    list of str
        The files written, relative to the root.

    Raises
    ------
    BuildError
        When a page holds a name that has no value, or a claim that does not hold.
    """
    edition = open_edition(root, given)
    report, language = edition.report, edition.language
    facts, data_files = ReportFacts(report), list_files([Path(place).name for place in given["results"]], language)
    about = {"area": report.place, "version": version("cluster-eval"), "commit": given["commit"]}
    texts = {}
    for section in given["sections"]:
        if section["source"].endswith(".md"):
            tell(section["source"])
            text = (root / section["source"]).read_text(encoding="utf-8")
            try:
                texts[f"{section['name']}.md"] = fill_page(
                    text, edition, facts, section["source"], data_files=data_files, **about
                )
            except PageError as error:
                raise BuildError(str(error)) from None
    texts["_toc.yml"] = yaml.safe_dump(_list_contents(given["sections"], language), sort_keys=False)
    config = yaml.safe_load((root / "book" / "_config.yml").read_text(encoding="utf-8"))
    texts["_config.yml"] = yaml.safe_dump(_set_words(config, edition), sort_keys=False, allow_unicode=True)
    for name, text in texts.items():
        replace_whole(work / "book" / name, text)
    made = [work / "book" / name for name in texts]
    for file in (root / place for place in given["results"]):
        copy = work / "book" / "results" / file.name
        if copy != file:
            # Those of all languages lie beside the pages of one.
            replace_whole(copy, file.read_bytes())
            made.append(copy)
    return [file.relative_to(root).as_posix() for file in made]


def _set_words(config, edition):
    """Give the book's settings what their words are in the edition's language."""
    language, sphinx = edition.language, config["sphinx"]["config"]
    sphinx |= {
        "nb_code_prompt_show": language.say(formats.SHOW_CODE),
        "nb_code_prompt_hide": language.say(formats.HIDE_CODE),
    }
    sphinx["html_theme_options"] |= {
        "search_bar_text": language.say(formats.SEARCH),
        "toc_title": language.say(formats.CONTENTS),
    }
    sphinx["html_context"] |= {
        "edition": language.code,
        "colours": language.say(formats.COLOURS),
        "colour_modes": {mode: language.say(name) for mode, name in formats.COLOUR_MODES.items()},
        "banner": _say_sample(edition),
        "banner_link": language.say(formats.SAMPLE_BANNER_LINK),
    }
    return config | {"title": edition.report.params.title, "author": language.say(formats.PUBLISHER)}


def _say_sample(edition):
    """Say what no page may keep from its reader: that responses are made up; nothing where none are."""
    report = edition.report
    if not report.sample_cycles:
        return ""
    message = formats.SAMPLE_BANNER["some" if report.marked_cycles else "all"]
    return edition.language.say(message, cycles=tuple(report.marked_cycles))


def list_files(names: list[str], language: Language) -> Markdown:
    """List the result files for the page on data.

    Parameters
    ----------
    names : list of str
        Of the files.
    language : Language
        The edition's.

    Returns
    -------
    Markdown
        A list of downloads, each with what the file holds.
    """
    lines = []
    for name in names:
        table = Path(name).stem
        description = language.translate(TABLES[table][0] if table in TABLES else formats.DATA_PACKAGE)
        file = f"{{download}}`{name} <results/{name}>`"
        lines.append(f"- {language.say(formats.DATA_FILE, file=file, description=description)}")
    return Markdown("\n".join(lines))


def _list_contents(sections, language):
    parts: dict[str, list[dict]] = {}
    for section in sections[1:]:
        parts.setdefault(section["part"], []).append({"file": section["name"]})
    return {
        "format": "jb-book",
        "root": sections[0]["name"],
        "parts": [
            {"caption": language.translate(caption), "chapters": chapters} for caption, chapters in parts.items()
        ],
    }
