"""Runs Pandoc, which pypandoc_binary brings along."""

import json
import os
import shutil
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pypandoc

from cluster_eval.build.cache import Memo
from cluster_eval.problems import BuildError


def convert_pages(pages: list[str], to: str, kept: Memo, lua: Path | None = None) -> list[str]:
    """Convert a document's pages with Pandoc, each by itself.

    Parameters
    ----------
    pages : list of str
        HTML.
    to : str
        The format, one of text.
    kept : Memo
        Pages that were converted before.
    lua : Path, optional
        A filter of Pandoc's.

    Returns
    -------
    list of str
        The pages in that format.

    Raises
    ------
    BuildError
        When Pandoc warns of anything, with what it said.
    """
    # Pandoc opens the filter by itself, and a build knows of what Python opens.
    code = "" if lua is None else lua.read_text(encoding="utf-8")
    place = "" if lua is None else str(lua)
    return [kept.recall(_convert_page, page, to, place, code, version("pypandoc_binary")) for page in pages]


def _convert_page(page, to, lua, code, version):
    options = [f"--lua-filter={lua}"] if lua else []
    return convert(page, "html", to, *options).decode("utf-8")


def join_pages(pages: list[str]) -> str:
    """Join pages that Pandoc wrote as JSON, its own form of a document.

    Parameters
    ----------
    pages : list of str
        The pages.

    Returns
    -------
    str
        One document that has the blocks of all.
    """
    first, *others = map(json.loads, pages)
    for page in others:
        first["blocks"] += page["blocks"]
    return json.dumps(first)


def convert(text: str, of: str, to: str, *options: str, dated: date | None = None, folder: Path | None = None) -> bytes:
    """Convert with Pandoc; pypandoc itself would ask Pandoc for its version and its formats first.

    Parameters
    ----------
    text : str
        The document.
    of : str
        The format that it is in.
    to : str
        The format.
    *options : str
        Further options of Pandoc's.
    dated : datetime.date, optional
        When the document says that it was written, in a format that says so.
    folder : Path, optional
        The folder that pictures are in.

    Returns
    -------
    bytes
        The document in that format.

    Raises
    ------
    BuildError
        When Pandoc warns of anything, with what it said.
    """
    command = [_find_pandoc(), f"--from={of}", f"--to={to}", "--figure-caption-position=above", "--fail-if-warnings"]
    done = subprocess.run(
        [*command, *options, "--output=-"],
        input=text.encode("utf-8"),
        capture_output=True,
        cwd=folder,
        env=os.environ | ({"SOURCE_DATE_EPOCH": str(give_seconds(dated))} if dated else {}),
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", errors="replace").strip()
        raise BuildError(f"Pandoc, writing {to}: {said}")
    return done.stdout


def give_seconds(dated: date) -> int:
    """Give a day as seconds since 1970.

    Parameters
    ----------
    dated : datetime.date
        The day.

    Returns
    -------
    int
        Those until its noon in Greenwich, which is the same day nearly everywhere.
    """
    return (dated.toordinal() - date(1970, 1, 1).toordinal()) * 86_400 + 43_200


def _find_pandoc():
    # The wheel's own, whichever other Pandoc a machine has.
    return shutil.which("pandoc", path=Path(pypandoc.__file__).parent / "files")
