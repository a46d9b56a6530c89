"""Where data may lie, what counts as read, and how places are named to those who need not know them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cluster_eval.build.cache import digest, find_place
from cluster_eval.build.dependencies import Dependencies, name_place
from cluster_eval.build.manifest import describe_build, list_uncommitted
from cluster_eval.build.plan import open_build
from cluster_eval.cli import main
from cluster_eval.config import load_params
from cluster_eval.problems import InputError
from cluster_eval.repository import find_file, find_root, list_cycles

CYCLE = "2024-25"
RESPONSES = f"data/{CYCLE}/responses.xlsx"


@pytest.fixture
def private(tmp_path, monkeypatch):
    """A private folder that DATA names."""
    folder = tmp_path / "private"
    (folder / CYCLE).mkdir(parents=True)
    monkeypatch.setenv("DATA", str(folder))
    return folder


def test_data_in_the_private_folder_go_before_those_of_the_repository(repository, private):
    assert find_file(repository, RESPONSES) == repository / RESPONSES
    (private / CYCLE / "responses.xlsx").write_bytes(b"ours")
    assert find_file(repository, RESPONSES).read_bytes() == b"ours"
    # Params that stand outside data/ have no place there.
    assert find_file(repository, "params/2024-25.yml") == repository / "params/2024-25.yml"
    (repository / RESPONSES).unlink()
    assert load_params(repository, CYCLE).responses == Path(RESPONSES)
    os.environ["DATA"] = str(private / "elsewhere")
    with pytest.raises(InputError, match="elsewhere, which is no folder"):
        find_root(repository)
    del os.environ["DATA"]
    with pytest.raises(InputError, match=f"{RESPONSES} does not exist"):
        load_params(repository, CYCLE)


def test_a_file_in_the_private_folder_is_known_by_the_name_that_params_give_it(repository, private):
    ours = private / CYCLE / "responses.xlsx"
    ours.write_bytes(b"ours")
    root = repository
    assert name_place(str(ours), root) == RESPONSES
    assert find_place(RESPONSES, root) == ours
    # Content decides, not where it lies: moved into the repository, it is what was read.
    read = digest(find_place(RESPONSES, root))
    (repository / RESPONSES).write_bytes(b"ours")
    ours.unlink()
    assert digest(find_place(RESPONSES, root)) == read
    # Who opens the file that the private one hides has read another.
    ours.write_bytes(b"ours")
    place = name_place(str(repository / RESPONSES), root)
    assert find_place(place, root) == repository / RESPONSES


@pytest.mark.parametrize("place", ["../secret/codebook.csv", "/etc/hostname", "data/../../secret.csv"])
def test_a_path_that_leaves_the_repository_is_refused(repository, place, capsys):
    (repository.parent / "secret").mkdir()
    file = repository / "params" / f"{CYCLE}.yml"
    text = file.read_text(encoding="utf-8").replace(f"data/{CYCLE}/codebook.csv", place)
    file.write_text(text, encoding="utf-8")
    assert main(["--root", str(repository), "list", CYCLE]) == 2
    told = capsys.readouterr().err
    assert all(words in told for words in (f"params/{CYCLE}.yml", '"codebook"', place, "outside", "DATA=")), told


@pytest.mark.parametrize("cycle", ["../../x", "2024-25/../2024-25", "", ".", "2024-25 ", "._2024-25"])
@pytest.mark.parametrize("command", ["report", "list", "validate"])
def test_what_names_no_cycle_makes_nothing(repository, capsys, cycle, command):
    (repository / "params" / "._2024-25.yml").write_bytes(b"\x00\x05\x16\x07")
    before = sorted(repository.parent.rglob("*"))
    with_arguments = ["--root", str(repository), command, cycle]
    if cycle == "._2024-25":
        # A Mac's companion of the params file is listed nowhere, and asked for by name is no params.
        assert list_cycles(repository) == ["2023-24", "2024-25"]
    assert main(with_arguments) == 2
    told = capsys.readouterr().err
    assert f"no cycle {cycle};" in told
    assert "2023-24, 2024-25\n" in told
    assert sorted(repository.parent.rglob("*")) == before
    with pytest.raises(InputError):
        open_build(repository, cycle)


def test_a_file_counts_wherever_it_lies_unless_the_process_wrote_it(tmp_path):
    """Folders as a system has them: temporary, hidden in somebody's home, and a build's own results."""
    root = tmp_path / "repository"
    outside = [tmp_path / "opt" / "table.csv", tmp_path / ".hidden" / "table.csv"]
    inside = [root / "build/2023-24/results/maturity.csv", root / "data/build/table.csv"]
    for file in (*outside, *inside):
        file.parent.mkdir(parents=True)
        file.write_text("a\n1\n", encoding="utf-8")
    code = f"""
import os, sys, tempfile, json
from pathlib import Path
from cluster_eval.build.dependencies import Dependencies
reads = Dependencies(Path({str(root)!r}))
reads.start()
for file in {list(map(str, (*outside, *inside)))!r}:
    open(file).close()
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "own.txt").write_text("x")
    Path(folder, "own.txt").read_text()
    os.listdir(folder)
open(json.__file__).close()
open(os.devnull).close()
print(*sorted(reads.digests), sep="\\n")
"""
    environment = os.environ | {"HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=tmp_path)
    places = {place for place in done.stdout.split("\n") if place and not place.startswith("cluster_eval/")}
    assert places == {*map(str, outside), *(file.relative_to(root).as_posix() for file in inside)}


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reads = Dependencies(tmp_path)
    reads.record(str(tmp_path / "pipe"))
    assert reads.digests == {"pipe": "absent"}


def git(root, *words):
    identity = ("-c", "user.name=cluster-eval", "-c", "user.email=cluster-eval@example.org")
    subprocess.run(["git", *identity, *words], cwd=root, capture_output=True, check=True)


@pytest.fixture
def committed(repository):
    """A repository below the top of another, as some keep it, all in a commit."""
    git(repository.parent, "init", "--quiet")
    git(repository.parent, "add", "repository")
    git(repository.parent, "commit", "--quiet", "--message", "State of the files")
    return repository


def test_data_of_another_cycle_that_no_commit_holds_may_wait(committed):
    reads = {RESPONSES, "book/introduction.md", "data/2024-25/new file.csv"}
    assert list_uncommitted(committed, reads) == {}
    for place in ("data/2025-26/responses.xlsx", "params/2025-26.yml", "book/2025-26/lessons.md"):
        (committed / place).parent.mkdir(exist_ok=True)
        (committed / place).write_bytes(b"new")
    assert list_uncommitted(committed, reads) == {}
    (committed / "data/2024-25/new file.csv").write_bytes(b"read")
    (committed / "note.txt").write_bytes(b"draft")
    (committed / "book/introduction.md").unlink()
    changed = {"book/introduction.md": True, "data/2024-25/new file.csv": False, "note.txt": False}
    assert list_uncommitted(committed, reads) == changed
    (committed / ".gitignore").write_text("*\n", encoding="utf-8")
    assert list_uncommitted(committed, reads) == {"book/introduction.md": True}


def test_the_manifest_names_no_folder_outside_the_repository(committed, private):
    (private / CYCLE / "responses.xlsx").write_bytes(b"ours")
    places = [private.parent / folder / "lookup.csv" for folder in ("one", "two")]
    for place in places:
        place.parent.mkdir()
        place.write_text("a\n", encoding="utf-8")
    reads = {
        RESPONSES: "1",
        str(places[0]): "2",
        str(places[1]): "3",
        "params/2024-25.yml": "4",
        "book/no.md": "absent",
    }
    checked = {"cycles": [CYCLE], "title": "Clusters", "sample_cycles": []}
    manifest = describe_build(committed, checked, reads)
    assert manifest["inputs"] == {
        f"DATA/{CYCLE}/responses.xlsx": "1",
        "elsewhere/lookup.csv": "2",
        "elsewhere/lookup.csv (2)": "3",
        "params/2024-25.yml": "4",
    }
    assert str(private.parent) not in str(manifest)
    assert manifest["clean"] is True


@pytest.mark.parametrize(
    "text", ["cycle: [", "[" * 5000, "previous: ../2023-24\n", "previous: 2024-25\n", "- 1\n", b"\xff"]
)
def test_params_that_cannot_be_read_lead_to_no_other_cycle(repository, text):
    file = repository / "params" / f"{CYCLE}.yml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert open_build(repository, CYCLE).edition.cycles == (CYCLE,)
