"""Renders drawings for editions that cannot hold them, and keeps what was rendered."""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import resvg_py

from cluster_eval.publish.freshness import write_whole
from cluster_eval.publish.workers import WorkFailed

DPI = 300
DOTS_PER_METRE = round(DPI / 0.0254)
_SIGNATURE_AND_HEADER = 8 + 25


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
    WorkFailed
        When one cannot be rendered, with its name.
    """
    texts = {drawing: drawing.read_bytes() for drawing in drawings}
    pictures = {drawing: folder / f"{hashlib.sha256(text).hexdigest()}.png" for drawing, text in texts.items()}
    missing = [drawing for drawing, picture in pictures.items() if not picture.is_file()]
    with ThreadPoolExecutor() as threads:
        for drawing, picture in zip(missing, threads.map(_render, missing, map(texts.get, missing)), strict=True):
            write_whole(str(pictures[drawing]), picture)
    wanted = set(pictures.values())
    for picture in folder.glob("*.png"):
        if picture not in wanted:
            picture.unlink()
    return pictures


def _render(drawing, text):
    try:
        # The charts' letters are outlines, so that no font is needed.
        picture = resvg_py.svg_to_bytes(svg_string=text.decode("utf-8"), dpi=DPI, skip_system_fonts=True)
    except ValueError as error:
        raise WorkFailed(f"{drawing.name} cannot be rendered: {error}") from None
    return _state_resolution(picture)


def _state_resolution(picture):
    """Say in a PNG how large it is meant, which the renderer leaves out: a chunk of its own after the header."""
    chunk = b"pHYs" + struct.pack(">IIB", DOTS_PER_METRE, DOTS_PER_METRE, 1)
    stated = struct.pack(">I", 9) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return picture[:_SIGNATURE_AND_HEADER] + stated + picture[_SIGNATURE_AND_HEADER:]
