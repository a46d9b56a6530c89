"""How long an analyst waits: a first build, a build with nothing changed, and one after an edit of one notebook.

Run as `.venv/bin/python benchmarks/rebuild.py [cycle]`. It works in a copy; times are of one run on one machine, so
read the ratios.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("params", "data", "notebooks", "book", "requirements.lock")


def time_build(root: Path, cycle: str) -> float:
    """Build the report once, and give the seconds that it took."""
    start = time.monotonic()
    subprocess.run([sys.executable, "-m", "cluster_eval", "report", cycle], cwd=root, check=True, capture_output=True)
    return time.monotonic() - start


def main(cycle: str = "2024-25") -> None:
    """Print the times, and their ratios to the first build."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, root / part)
        first = time_build(root, cycle)
        again = time_build(root, cycle)
        notebook = root / "notebooks" / "03_pcmw.ipynb"
        notebook.write_text(
            notebook.read_text(encoding="utf-8").replace("What moved", "What has moved"), encoding="utf-8"
        )
        edited = time_build(root, cycle)
    for label, seconds in (("first build", first), ("nothing changed", again), ("one notebook edited", edited)):
        print(f"{label:22}{seconds:6.1f} s{seconds / first:7.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
