"""Notebooks in forked processes: what a kernel would give, and nothing left when one fails, hangs or is stopped."""

import json
import os
import signal
import subprocess
import sys

import nbformat
import pytest

from tests.helpers import (
    ROOT,
    call_command,
    copy_small_book,
    list_processes,
    list_sections,
    wait_until,
)

CYCLE = "2024-25"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)

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
    "many lines": "import sys\nfor number in range(300):\n    print(number)\n    sys.stdout.flush()",
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


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A copy whose input has been checked, so that each test starts with its notebooks."""
    return copy_small_book(tmp_path_factory.mktemp("engine") / "repository")


def execute(root, engine):
    done = call_command(root, "run", CYCLE, "--engine", engine, "--force")
    assert done.returncode == 0, done.stdout + done.stderr


def read_executed(root, name):
    notebook = nbformat.read(root / f"build/steps/{CYCLE}/book/notebooks/{name}.ipynb", as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"], notebook.metadata


def test_both_engines_give_the_same_cell_by_cell(base):
    sections = ["01_levels", "04_traps"]
    write_notebook(base, "04_traps", TRAPS.values())
    list_sections(base, *sections)
    executed = {}
    for engine in ("fork", "kernel"):
        execute(base, engine)
        executed[engine] = {name: read_executed(base, name) for name in sections}
    for name in sections:
        (forked, about), (kernel, other) = (executed[engine][name] for engine in executed)
        # The cells for the parameters, as written and as injected, come first.
        cells = ["parameters", "injected", *TRAPS] if name == "04_traps" else range(len(forked))
        for cell, one, two in zip(cells, forked, kernel, strict=True):
            assert one.outputs == two.outputs, (name, cell)
            assert one.execution_count == two.execution_count, (name, cell)
        assert {key: about[key] for key in about if key != "papermill"} == {
            key: other[key] for key in other if key != "papermill"
        }
    forked, about = executed["fork"]["04_traps"]
    figures = [sum("image/png" in output.get("data", {}) for output in cell.outputs) for cell in forked]
    assert figures[2:6] == [1, 2, 1, 1]
    assert sum(figures) == 5
    assert all(cell.metadata.papermill.duration >= 0 for cell in forked)
    assert about.papermill.parameters == {"cycle": CYCLE, "language": "en"}
    levels, _ = executed["fork"]["01_levels"]
    assert sum("image/svg+xml" in output.get("data", {}) for cell in levels for output in cell.outputs) == 2


FAILURES = {
    "error": ("1/0", ["ZeroDivisionError"]),
    "warning": ("import warnings\nwarnings.warn('mind the gap')", ["warned", "mind the gap"]),
    "exit": ("import os\nos._exit(3)", ["its process ended", "exit status 3"]),
    "crash": ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", ["its process ended", "SIGSEGV"]),
    "sys_exit": ("import sys\nsys.exit(1)", ["SystemExit"]),
    "endless": ("while True:\n    pass", ["CellTimeout", "2 seconds"]),
    "not_to_be_interrupted": (
        "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass",
        ["process ended"],
    ),
    "outside_python": ("sum(range(10**14))", ["process ended"]),
    "syntax": ("def (", ["SyntaxError"]),
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory):
    """A repository of which all sections were executed and all but one failed, and what was said of it."""
    root = copy_small_book(tmp_path_factory.mktemp("failures") / "repository")
    for name, (cell, _) in FAILURES.items():
        write_notebook(root, f"01_{name}", [cell])
    write_notebook(root, "02_runs", ["1"])
    list_sections(root, *(f"01_{name}" for name in FAILURES), "02_runs")
    done = call_command(root, "run", CYCLE, "--timeout", "2")
    wait_until(lambda: list_processes(root) == [], seconds=5)
    return root, done


@pytest.mark.parametrize(("name", "told"), [(name, told) for name, (_, told) in FAILURES.items()], ids=FAILURES)
def test_failing_section_is_named_with_its_cell(failures, name, told):
    _, done = failures
    [line] = [line for line in done.stderr.splitlines() if line.startswith(f"01_{name}: ")]
    assert [words for words in ("cell 3", *told) if words not in line] == []


def test_failing_sections_leave_the_others_and_are_never_up_to_date(failures):
    root, done = failures
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "02_runs executed" in done.stdout
    listed = call_command(root, "list", CYCLE).stdout
    assert listed.count("failed: ") == len(FAILURES)
    assert "01_error FAILED" in call_command(root, "run", CYCLE, "--only", "01_error").stdout


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
    done = call_command(base, "run", CYCLE, "--force")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert [words for words in told if words not in done.stderr] == []


def check_no_process_is_left(root, sent, engine):
    write_notebook(
        root, "01_waits", ["open('started', 'w').close()\nimport subprocess\nsubprocess.run(['sleep', '60'])"]
    )
    list_sections(root, "01_waits")
    started = root / "notebooks" / "started"
    started.unlink(missing_ok=True)
    command = [sys.executable, "-m", "cluster_eval", "run", CYCLE, "--engine", engine]
    with subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as run:
        wait_until(started.exists)
        run.send_signal(sent)
        stderr = run.communicate()[1]
    assert "Traceback" not in stderr
    assert run.returncode == {signal.SIGINT: 130}.get(sent, -sent)
    wait_until(lambda: [each for each in list_processes(root) if "sleep 60" not in each] == [], seconds=5)


@pytest.mark.parametrize("sent", SIGNALS, ids=lambda sent: sent.name)
def test_no_process_is_left_when_a_run_is_stopped(base, sent):
    check_no_process_is_left(base, sent, "fork")
    # Not even what a notebook has started.
    wait_until(lambda: list_processes(base) == [], seconds=5)


def test_nothing_leaks_from_one_notebook_to_the_next(base):
    write_notebook(base, "01_writes", ["import cluster_eval, os\ncluster_eval.left = os.environ['LEFT'] = 'x'"])
    write_notebook(
        base, "02_looks", ["import cluster_eval, os\nassert not hasattr(cluster_eval, 'left')\nos.environ.get('LEFT')"]
    )
    list_sections(base, "01_writes", "02_looks")
    done = call_command(base, "run", CYCLE, "--force")
    assert done.returncode == 0, done.stderr


def test_engine_is_papermills_own_choice_too(tmp_path):
    """As with any engine of Papermill's, a program of one's own may name it."""
    write_notebook(copy_small_book(tmp_path / "copy"), "01_one", ["cycle"])
    code = (
        "import papermill, cluster_eval.build.engine as engine\n"
        "done = papermill.execute_notebook('notebooks/01_one.ipynb', None, {'cycle': '2023-24'}, engine.NAME,"
        " progress_bar=False)\n"
        "print(done.cells[-1].outputs[0].data['text/plain'])"
    )
    environment = os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path / "copy", capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "'2023-24'"


def test_log_is_for_programs(base):
    write_notebook(base, "01_one", ["1"])
    list_sections(base, "01_one")
    assert call_command(base, "run", CYCLE, "--force").returncode == 0
    log = [json.loads(line) for line in (base / f"build/steps/{CYCLE}/log.jsonl").read_text().splitlines()]
    [executed] = [event for event in log if event["event"] == "executed"]
    assert executed["section"] == "01_one"
    assert executed["took"] > 0
    assert all(event["seconds"] >= 0 for event in log)
    assert str(ROOT) not in json.dumps(log)
