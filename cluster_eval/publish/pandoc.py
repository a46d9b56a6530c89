"""Runs Pandoc, which pypandoc_binary brings along."""

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pypandoc

from cluster_eval.publish.workers import WorkFailed


def convert(html: str, to: str, dated: date, *options: str, folder: Path | None = None) -> bytes:
    """Convert HTML with Pandoc; pypandoc itself would ask Pandoc for its version and its formats first.

    Parameters
    ----------
    html : str
        The document.
    to : str
        The format.
    dated : datetime.date
        When the document says that it was written.
    *options : str
        Further options of Pandoc's.
    folder : Path, optional
        The folder that pictures are in.

    Returns
    -------
    bytes
        The document in that format.

    Raises
    ------
    WorkFailed
        When Pandoc warns of anything, with what it said.
    """
    command = [_find_pandoc(), "--from=html", f"--to={to}", "--figure-caption-position=above", "--fail-if-warnings"]
    done = subprocess.run(
        [*command, *options, "--output=-"],
        input=html.encode("utf-8"),
        capture_output=True,
        cwd=folder,
        env=os.environ | {"SOURCE_DATE_EPOCH": str(give_seconds(dated))},
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", errors="replace").strip()
        raise WorkFailed(f"Pandoc, writing {to}: {said}")
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
