"""What the tests of the whole book share: both cycles' reports, built once."""

import shutil

import pytest

from tests.helpers import CYCLES, copy_repository, list_files, run_command, share


def build_cycles(root):
    copy_repository(root)
    for cycle in CYCLES:
        done = run_command(root, "report", cycle)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def built_root(tmp_path_factory):
    """A copy of the repository in which the reports of both cycles were built: all tests read it, none writes there."""
    root = share(tmp_path_factory.getbasetemp(), "built", build_cycles)
    before = list_files(root)
    yield root
    assert list_files(root) == before


@pytest.fixture(scope="module")
def own_built_root(built_root, tmp_path_factory):
    """A copy of it, for the tests of one module to write to."""
    return shutil.copytree(built_root, tmp_path_factory.mktemp("own") / "repository")


@pytest.fixture(scope="session", params=CYCLES)
def build(request, built_root):
    """The published folder of each cycle in turn."""
    return built_root / "build" / request.param
