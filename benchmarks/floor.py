"""The floor for executing a cycle's notebooks: their cells as plain scripts, forked from one process, two at a time.

Run in the repository's root as `python benchmarks/floor.py <cycle> <features> <notebook>…`. Nothing is kept of what
the cells show.
"""

import importlib
import json
import os
import sys
from pathlib import Path

# Everything that the cells import, the package's own modules with it.
IMPORTS = (
    "pandas",
    "pandera.pandas",
    "pydantic",
    "scipy.stats",
    "seaborn",
    "matplotlib.backends.backend_svg",
    "pingouin",
    "cluster_eval.notebook.display",
    "cluster_eval.facts",
    "cluster_eval.reconcile.comparison",
    "cluster_eval.measures.agreement",
    "cluster_eval.measures.change",
    "cluster_eval.measures.comments",
    "cluster_eval.measures.deprivation",
    "cluster_eval.measures.maturity",
    "cluster_eval.measures.meetings",
    "cluster_eval.measures.participation",
    "cluster_eval.measures.themes",
)


def read_scripts(notebooks: list[str], cycle: str, features: set[str]) -> list[str]:
    """Write each notebook's code cells as one script; cells that the cycle leaves out are left out here, too."""
    scripts = []
    for notebook in notebooks:
        lines = []
        for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]:
            tags = cell["metadata"].get("tags", [])
            needs = {tag.removeprefix("needs-") for tag in tags if tag.startswith("needs-")}
            if cell["cell_type"] == "code" and needs <= features:
                source = "".join(cell["source"])
                lines.append(f'cycle = "{cycle}"' if "parameters" in tags else source)
        scripts.append("\n".join(lines))
    return scripts


def run_scripts(scripts: list[str], at_once: int) -> None:
    """Run each script in a process forked from this one."""
    running = 0
    # The longest first, as the run that this is compared with does.
    for script in sorted(scripts, key=len, reverse=True):
        if running == at_once:
            _reap()
            running -= 1
        if os.fork() == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.chdir("notebooks")
            exec(compile(script, "cells", "exec"), {"__name__": "__main__"})
            os._exit(0)
        running += 1
    for _ in range(running):
        _reap()


def _reap():
    _, status = os.wait()
    if status:
        raise SystemExit("a script failed")


def main(cycle: str, features: str, *notebooks: str) -> None:
    """Import, read, fork."""
    for module in IMPORTS:
        importlib.import_module(module)
    run_scripts(read_scripts(list(notebooks), cycle, set(features.split(","))), len(os.sched_getaffinity(0)))


if __name__ == "__main__":
    main(*sys.argv[1:])
