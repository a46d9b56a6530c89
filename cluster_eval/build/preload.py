"""Imports once what every notebook's process would import: their processes are forked from one that has it.

The package's own modules are not among them: a section depends on those that it imports, and an edit of one must reach
the next notebook of a process that has been waiting for it.
"""

import gc
import importlib
import sys

# As the documentation of `gc.freeze` advises for a process that is to be forked; `workers` enables it in the others.
gc.disable()

# Both are imported by others on the chance that they are needed, and nothing here needs them: the first compiles a
# grammar of international web addresses, for a second; the second is a debugger.
for _unused in ("rfc3987_syntax", "debugpy"):
    sys.modules.setdefault(_unused, None)

for _module in (
    "afcharts.af_colours",
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "ipykernel.debugger",
    "ipykernel.inprocess.ipkernel",
    "ipykernel.inprocess.manager",
    "jinja2",
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "pandas",
    "pandas.io.formats.string",
    "pandera.pandas",
    # What it imports with the first check.
    "pandera.accessors.pandas_accessor",
    "pandera.backends.pandas.builtin_checks",
    "pandera.backends.pandas.register",
    "papermill",
    "psutil",
    "pydantic",
    "scipy.stats",
    "seaborn",
    "tornado.platform.asyncio",
    "yaml",
):
    importlib.import_module(_module)

gc.freeze()
