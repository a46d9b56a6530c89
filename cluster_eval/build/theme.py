"""A Sphinx extension: what the theme's templates are given, and how they are kept from one build to the next."""

from gettext import NullTranslations
from pathlib import Path

import sphinx.locale
from jinja2 import FileSystemBytecodeCache
from markupsafe import escape

from cluster_eval.notebook.edition import LANGUAGES
from cluster_eval.words.messages import Plural

NAMES = ("docstitle", "shorttitle", "project")
"""What templates call the report by: the title of the cycle's params."""


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
    app.connect("html-page-context", _escape_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _keep_templates(app):
    folder = Path(app.doctreedir, "templates")
    folder.mkdir(parents=True, exist_ok=True)
    environment = app.builder.templates.environment
    environment.bytecode_cache = FileSystemBytecodeCache(str(folder))
    edition = app.config.html_context.get("edition", "en")
    if edition != "en":
        # The words of Sphinx and of the theme are messages of their catalogues, which know no such language.
        words = _ThemeWords(LANGUAGES[edition]())
        environment.install_gettext_translations(words, newstyle=True)
        sphinx.locale.translators.update(dict.fromkeys(sphinx.locale.translators, words))


class _ThemeWords(NullTranslations):
    """Gives the messages of Sphinx and of the theme in the language of an edition."""

    def __init__(self, language):
        super().__init__()
        self._language = language

    def gettext(self, message):
        return self._language.translate(message)

    def ngettext(self, msgid1, msgid2, n):
        return self._language.translate(Plural(msgid1, msgid2), n)


def _escape_names(app, page, template, context, doctree):
    # Some of the theme's templates escape them and some do not. Those that do leave what is escaped as it is.
    context |= {name: escape(context[name]) for name in NAMES}
