"""What a step has to tell besides what it makes.

It is kept in a file beside that, so that every run tells it, up to date or not, until its reason is gone.
"""

from collections.abc import Iterable
from pathlib import Path

from cluster_eval.build.cache import replace_whole

NOTICES, UNFIT = "notices", "unfit"
"""Folders of what is told, and of what is told and keeps a report from being published."""


def write_notices(work: Path, step: str, lines: Iterable[str], kind: str = NOTICES) -> list[Path]:
    """Write what a step has to tell.

    Parameters
    ----------
    work : Path
        The folder of what is made on the way.
    step : str
        The step's name.
    lines : iterable of str
        What it tells, each with its place.
    kind : str
        `NOTICES` or `UNFIT`.

    Returns
    -------
    list of Path
        The file, which is one of what the step made; none where there is nothing to tell.
    """
    lines = dict.fromkeys(" ".join(line.split()) for line in lines)
    if not lines:
        return []
    file = work / kind / f"{step}.txt"
    replace_whole(file, "\n".join(lines) + "\n")
    return [file]
