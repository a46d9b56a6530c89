"""A Sphinx extension: keeps the theme's compiled templates from one build to the next."""

from pathlib import Path

from jinja2 import FileSystemBytecodeCache


def setup(app) -> dict:
    """Register with Sphinx.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The application.

    Returns
    -------
    dict
        What Sphinx asks of an extension.
    """
    app.connect("builder-inited", _keep_templates)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _keep_templates(app):
    folder = Path(app.doctreedir, "templates")
    folder.mkdir(parents=True, exist_ok=True)
    app.builder.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))
