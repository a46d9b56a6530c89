"""Two notebooks as an analyst opens them; the books' builds execute all of them, each in a process of its own."""

import json
import subprocess
import sys

import pytest

from tests.helpers import ROOT


@pytest.mark.parametrize("name", ["index", "07_themes"])
def test_notebook_runs_alone_and_without_a_warning(name, tmp_path):
    # Two kernels that start at once may be given the same TCP port; each has sockets of its own instead.
    kernel = ["--KernelManager.transport=ipc", f"--KernelManager.ip={tmp_path / 'kernel'}"]
    words = ["-W", "ignore", "-m", "nbconvert", "--execute", "--to", "notebook", "--stdout", *kernel, f"{name}.ipynb"]
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=ROOT / "notebooks", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outputs = [output for cell in json.loads(done.stdout)["cells"] for output in cell.get("outputs", [])]
    assert [output["text"] for output in outputs if output.get("name") == "stderr"] == []
    assert any(output["output_type"] == "display_data" for output in outputs)
