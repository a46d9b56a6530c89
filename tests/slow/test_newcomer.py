"""A newcomer adds an exhibit as docs/sections.md says, and does nothing else."""

import json
import re
import shutil
import subprocess
import sys

import nbformat

from tests.helpers import ROOT, copy_repository, replace

PLACES = ("cluster_eval/measures/weeks.py", "cluster_eval/exhibits/weeks.py")


def test_an_exhibit_is_a_measure_a_function_an_entry_and_a_cell(tmp_path):
    root = copy_repository(tmp_path / "repository")
    shutil.copytree(ROOT / "cluster_eval", root / "cluster_eval", ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / "docs/sections.md").read_text(encoding="utf-8")
    trip = text[text.index("## A new exhibit") : text.index("## A new section")]
    measure, function, entry, cell = re.findall(r"```(?:python|yaml)\n(.*?)```", trip, re.DOTALL)
    for place, code in zip(PLACES, (measure, function), strict=True):
        (root / place).write_text(code, encoding="utf-8")
        names = (root / place).with_name("__init__.py")
        names.write_text(
            re.sub(r"(submodules=\[)", r'\1"weeks", ', names.read_text(encoding="utf-8")), encoding="utf-8"
        )
    first = '  - each: framework\n    exhibits:\n      - key: "{framework}_summed"\n'
    replace("book/exhibits.yml", first, f"{entry}{first}")(root)
    file = root / "notebooks/02_participation.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["cells"].append(nbformat.v4.new_code_cell(cell, id="weeks"))
    file.write_text(json.dumps(notebook), encoding="utf-8")
    words = ("-m", "cluster_eval", "run", "2024-25", "--only", "participation")
    done = subprocess.run([sys.executable, *words], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    made = nbformat.read(root / "build/steps/2024-25/book/notebooks/02_participation.ipynb", 4).cells[-1].outputs
    about = made[-1].metadata["cluster_eval"]
    assert (about["label"], about["title"]) == ("Figure S3", "Responses by week of fieldwork, Wales, 2024-25")
    assert about["alt"].startswith("Bar chart of responses by week. Most came in week ")
    assert "53 responses" in about["notes"]
    rows = made[-1].data["application/vnd.dataresource+json"]["data"]
    assert sum(row["Number"] for row in rows) == 53
