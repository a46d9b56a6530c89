"""Imports what building the book imports: Sphinx itself imports its extensions only when it is about to build."""

import importlib
import sys

# See `cluster_eval.build.preload`.
sys.modules.setdefault("rfc3987_syntax", None)

from sphinx.application import builtin_extensions  # noqa: E402

for _module in (
    *builtin_extensions,
    "jupyter_book.sphinx",
    "jupyter_cache.cache.db",
    "myst_nb.sphinx_ext",
    "myst_parser.parsers.docutils_",
    "myst_parser.sphinx_ext.main",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_design.extension",
    "sphinx_external_toc.collectors",
    "sphinx_external_toc.events",
):
    importlib.import_module(_module)
