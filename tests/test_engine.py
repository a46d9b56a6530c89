"""Notebooks in forked processes: what a kernel would give, and nothing left when one fails, hangs or is stopped."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
import yaml

from cluster_eval.publish.pipeline import execute_notebooks
from tests.conftest import ROOT, copy_repository, run_command

CYCLE = "2024-25"

# What a process other than a kernel's is known to do in another way.
TRAPS = {
    "a figure that pyplot holds": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "two figures and nothing returned": "for values in ([1], [2]):\n    plt.figure()\n    plt.plot(values)\nNone",
    "seaborn's axes": "import seaborn\naxes = seaborn.barplot(x=[1, 2], y=[3, 4])\naxes",
    "a figure as a result": "axes.figure",
    "a result": "print('printed')\n3",
    "a table": "import pandas\npandas.DataFrame({'a': [1]})",
    "a display that is updated": "from IPython.display import clear_output, display\n"
    "shown = display('before', display_id=True)\nshown.update('after')",
    "output that is cleared": "print('gone')\nclear_output()\nprint('stays')",
    "a program's output": "!echo from a program",
    "a display with metadata": "from IPython.display import HTML\ndisplay(HTML('<i>x</i>'), metadata={'about': 1})",
    "an await": "import asyncio\nawait asyncio.sleep(0.01)\n'after'",
    "a magic command": "%precision 3\n1 / 3",
    "a question": "try:\n    input('who?')\nexcept Exception as error:\n    print(type(error).__name__)",
    "nothing": "",
    "history": "_, len(In), __name__, cycle",
    "the thread": "import threading\nthreading.current_thread() is threading.main_thread()",
    "many lines": "import sys\nfor number in range(2000):\n    print(number)\n    sys.stdout.flush()",
}


def write_notebook(root, name, cells):
    """Write a section of code cells; the cell for parameters is its second."""
    new = nbformat.v4.new_code_cell
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(f"# {name}"),
            new(f'cycle = "{CYCLE}"', metadata={"tags": ["parameters"]}),
            *map(new, cells),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")


def list_sections(root, *names):
    chapters = [{"notebook": name} for name in names]
    contents = {"root": {"page": "index"}, "parts": [{"caption": "All", "chapters": chapters}]}
    (root / "book" / "index.md").write_text("# A small book\n", encoding="utf-8")
    (root / "book" / "contents.yml").write_text(yaml.safe_dump(contents), encoding="utf-8")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A copy whose input has been checked, so that each test starts with its notebooks."""
    return copy_repository(tmp_path_factory.mktemp("engine") / "repository")


def read_executed(root, name, engine):
    done = run_command(root, "run", CYCLE, "--engine", engine, "--force")
    assert done.returncode == 0, done.stdout + done.stderr
    notebook = nbformat.read(root / f"build/steps/{CYCLE}/book/notebooks/{name}.ipynb", as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"], notebook.metadata


def test_both_engines_give_the_same_cell_by_cell(base):
    write_notebook(base, "01_traps", TRAPS.values())
    list_sections(base, "01_traps")
    (forked, about), (kernel, other) = (read_executed(base, "01_traps", engine) for engine in ("fork", "kernel"))
    # The cells for the parameters, as written and as injected, come first.
    for trap, one, two in zip(["parameters", "injected", *TRAPS], forked, kernel, strict=True):
        assert one.outputs == two.outputs, trap
        assert one.execution_count == two.execution_count, trap
    figures = [sum("image/png" in output.get("data", {}) for output in cell.outputs) for cell in forked]
    assert figures[2:6] == [1, 2, 1, 1]
    assert sum(figures) == 5
    assert {key: about[key] for key in about if key != "papermill"} == {
        key: other[key] for key in other if key != "papermill"
    }
    assert all(cell.metadata.papermill.duration >= 0 for cell in forked)
    assert about.papermill.parameters == {"cycle": CYCLE}


def test_both_engines_give_the_same_report(base):
    names = ["03_pcmw", "07_themes", "14_appendix_pcmw"]
    list_sections(base, *names)
    executed = {engine: [read_executed(base, name, engine)[0] for name in names] for engine in ("fork", "kernel")}
    for name, forked, kernel in zip(names, *executed.values(), strict=True):
        assert [cell.outputs for cell in forked] == [cell.outputs for cell in kernel], name
        assert sum("image/svg+xml" in output.get("data", {}) for cell in forked for output in cell.outputs) >= 1


def list_processes(root):
    """List the processes that work in a copy, the zombies not counted."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode().replace("\0", " ")
            state = (process / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
            place = str((process / "cwd").readlink())
        except (OSError, IndexError):
            continue
        if place.startswith(str(root)) and state != "Z" and int(process.name) != os.getpid():
            found.append(command)
    return found


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1/0", ["cell 3", "ZeroDivisionError"]),
        ("import warnings\nwarnings.warn('mind the gap')", ["cell 3", "warned", "mind the gap"]),
        ("import os\nos._exit(3)", ["cell 3", "its process ended", "exit status 3"]),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", ["cell 3", "its process ended", "SIGSEGV"]),
        ("import sys\nsys.exit(1)", ["cell 3", "SystemExit"]),
        ("while True:\n    pass", ["cell 3", "CellTimeout", "2 seconds"]),
        (
            "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass",
            ["cell 3", "process ended"],
        ),
        ("sum(range(10**14))", ["cell 3", "process ended"]),
        ("def (", ["cell 3", "SyntaxError"]),
    ],
    ids=[
        "error",
        "warning",
        "exit",
        "crash",
        "sys.exit",
        "endless",
        "not to be interrupted",
        "outside Python",
        "syntax",
    ],
)
def test_failing_section_is_named_and_the_other_runs(base, cell, told):
    write_notebook(base, "01_fails", [cell])
    write_notebook(base, "02_runs", ["1"])
    list_sections(base, "01_fails", "02_runs")
    done = run_command(base, "run", CYCLE, "--force", "--timeout", "2")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "02_runs executed" in done.stdout
    [line] = [line for line in done.stderr.splitlines() if line.startswith("01_fails: ")]
    assert [words for words in told if words not in line] == []
    wait_until(lambda: list_processes(base) == [], seconds=5)
    # What failed is never up to date.
    assert "failed: " in run_command(base, "list", CYCLE).stdout
    assert "01_fails FAILED" in run_command(base, "run", CYCLE, "--timeout", "2").stdout


@pytest.mark.parametrize(
    ("place", "tags", "told"),
    [(3, ["needs-previuos"], ["cell 3", "needs-previuos", "nearest: previous"]), (2, [], ["cell 2", '"parameters"'])],
    ids=["a need of no cycle", "none for parameters"],
)
def test_a_section_whose_tags_would_go_wrong_without_a_word_is_refused(base, place, tags, told):
    write_notebook(base, "01_tagged", ["1"])
    file = base / "notebooks" / "01_tagged.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[place - 1].metadata["tags"] = tags
    nbformat.write(notebook, file)
    list_sections(base, "01_tagged")
    done = run_command(base, "run", CYCLE, "--force")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert [words for words in told if words not in done.stderr] == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda sent: sent.name)
@pytest.mark.parametrize("engine", ["fork", "kernel"])
def test_no_process_is_left_when_a_run_is_stopped(base, sent, engine):
    write_notebook(
        base, "01_waits", ["open('started', 'w').close()\nimport subprocess\nsubprocess.run(['sleep', '60'])"]
    )
    list_sections(base, "01_waits")
    started = base / "notebooks" / "started"
    started.unlink(missing_ok=True)
    command = [sys.executable, "-m", "cluster_eval", "run", CYCLE, "--engine", engine]
    with subprocess.Popen(command, cwd=base, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as run:
        wait_until(started.exists)
        run.send_signal(sent)
        stderr = run.communicate()[1]
    assert "Traceback" not in stderr
    assert run.returncode == {signal.SIGINT: 130}.get(sent, -sent)
    wait_until(lambda: [each for each in list_processes(base) if "sleep 60" not in each] == [], seconds=5)
    if engine == "fork":
        wait_until(lambda: list_processes(base) == [], seconds=5)


def test_nothing_leaks_from_one_notebook_to_the_next(base):
    write_notebook(base, "01_writes", ["import cluster_eval, os\ncluster_eval.left = os.environ['LEFT'] = 'x'"])
    write_notebook(
        base, "02_looks", ["import cluster_eval, os\nassert not hasattr(cluster_eval, 'left')\nos.environ.get('LEFT')"]
    )
    list_sections(base, "01_writes", "02_looks")
    done = run_command(base, "run", CYCLE, "--force")
    assert done.returncode == 0, done.stderr


def test_engine_is_papermills_own_choice_too(tmp_path):
    """As with any engine of Papermill's, a program of one's own may name it."""
    write_notebook(copy_repository(tmp_path / "copy"), "01_one", ["cycle"])
    code = (
        "import papermill, cluster_eval.publish.engine as engine\n"
        "done = papermill.execute_notebook('notebooks/01_one.ipynb', None, {'cycle': '2023-24'}, engine.NAME,"
        " progress_bar=False)\n"
        "print(done.cells[-1].outputs[0].data['text/plain'])"
    )
    environment = os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path / "copy", capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "'2023-24'"


def test_ordinary_kernels_serve_where_no_process_can_be_forked(base, monkeypatch):
    write_notebook(base, "01_one", ["cycle"])
    list_sections(base, "01_one")
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    told = []
    assert list(execute_notebooks(base, CYCLE, told.append, force=True)) == ["01_one"]
    log = (base / f"build/steps/{CYCLE}/log.jsonl").read_text(encoding="utf-8")
    assert [event["engine"] for event in map(json.loads, log.splitlines()) if event["event"] == "executed"] == [
        "kernel"
    ]
    assert "01_one" in " ".join(told)


def test_log_is_for_programs(base):
    write_notebook(base, "01_one", ["1"])
    list_sections(base, "01_one")
    assert run_command(base, "run", CYCLE, "--force").returncode == 0
    log = [json.loads(line) for line in (base / f"build/steps/{CYCLE}/log.jsonl").read_text().splitlines()]
    [executed] = [event for event in log if event["event"] == "executed"]
    assert executed["section"] == "01_one"
    assert executed["took"] > 0
    assert all(event["seconds"] >= 0 for event in log)
    assert str(ROOT) not in json.dumps(log)
