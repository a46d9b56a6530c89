"""Renders drawings for editions that cannot hold them, and keeps what was rendered."""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import resvg_py

from cluster_eval.build.cache import replace_whole
from cluster_eval.problems import BuildError

DPI = 300
DOTS_PER_METRE = round(DPI / 0.0254)
_SIGNATURE_AND_HEADER = 8 + 25


FEW = 4
"""How many drawings are rendered sooner than another process is started."""


def make_pictures(root: Path, given: dict, work: Path, tell: Callable[[str], None]) -> list[str]:
    """Render a report's drawings.

    Parameters
    ----------
    root : Path
        The repository's root.
    given : dict
        drawings, relative to the root.
    work : Path
        The folder of what is made on the way.
    tell : callable
        Not called.

    Returns
    -------
    list of str
        The pictures, relative to the root.
    """
    pictures = render_drawings([root / drawing for drawing in given["drawings"]], work / "pictures")
    return [picture.relative_to(root).as_posix() for picture in pictures.values()]


def render_drawings(drawings: Iterable[Path], folder: Path) -> dict[Path, Path]:
    """Render drawings as pictures, those anew that no picture is kept of.

    Parameters
    ----------
    drawings : iterable of Path
        SVG files.
    folder : Path
        Where pictures are kept, each under its drawing's digest; those of no drawing given are removed.

    Returns
    -------
    dict of Path to Path
        The picture of each drawing: PNG of 300 dots an inch.

    Raises
    ------
    BuildError
        When one cannot be rendered, with its name.
    """
    texts = {drawing: drawing.read_bytes() for drawing in drawings}
    pictures = {drawing: folder / f"{hashlib.sha256(text).hexdigest()}.png" for drawing, text in texts.items()}
    missing = [drawing for drawing, picture in pictures.items() if not picture.is_file()]
    if len(missing) <= FEW:
        rendered = [_render(drawing.name, texts[drawing]) for drawing in missing]
    else:
        # The renderer does not let other threads of its process run.
        with ProcessPoolExecutor() as processes:
            names = [drawing.name for drawing in missing]
            rendered = list(processes.map(_render, names, map(texts.get, missing), chunksize=FEW))
    for drawing, picture in zip(missing, rendered, strict=True):
        replace_whole(pictures[drawing], picture)
    wanted = set(pictures.values())
    for picture in folder.glob("*.png"):
        if picture not in wanted:
            picture.unlink()
    return pictures


def _render(name, text):
    try:
        # The charts' letters are outlines, so that no font is needed.
        picture = resvg_py.svg_to_bytes(svg_string=text.decode("utf-8"), dpi=DPI, skip_system_fonts=True)
    except ValueError as error:
        raise BuildError(f"{name} cannot be rendered: {error}") from None
    return _state_resolution(picture)


def _state_resolution(picture):
    """Say in a PNG how large it is meant, which the renderer leaves out: a chunk of its own after the header."""
    chunk = b"pHYs" + struct.pack(">IIB", DOTS_PER_METRE, DOTS_PER_METRE, 1)
    stated = struct.pack(">I", 9) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return picture[:_SIGNATURE_AND_HEADER] + stated + picture[_SIGNATURE_AND_HEADER:]
