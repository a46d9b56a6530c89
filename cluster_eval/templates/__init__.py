"""Frames of pages, styles and scripts: files, which code fills."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

FOLDER = Path(__file__).parent


@cache
def read_template(name: str) -> str:
    """Read a template as text.

    Parameters
    ----------
    name : str
        The file's name.

    Returns
    -------
    str
        What it holds.
    """
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def open_template(name: str, **filters: object) -> Template:
    """Open a template of Jinja's; what it is filled with is escaped.

    Parameters
    ----------
    name : str
        The file's name.
    **filters : callable
        Filters that it uses.

    Returns
    -------
    Template
        The template; a name that it is not given is an error.
    """
    loader = FileSystemLoader(FOLDER, encoding="utf-8")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= filters
    return environment.get_template(name)
