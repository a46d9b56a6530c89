"""The files that name dependencies agree, and none names where this machine got them."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCAL_PROJECT = "--editable ."


def list_declared():
    lines = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"]]
    return {canonicalize_name(requirement.name): requirement for requirement in map(Requirement, lines)}


def list_locked():
    """List what the lock pins for this project's Python, and the lines of each requirement."""
    joined = re.sub(r"\\\n\s*", " ", LOCK)
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    locked = {}
    for line in lines:
        requirement = Requirement(line.split(" --hash")[0].strip())
        if requirement.marker is None or requirement.marker.evaluate({"python_version": "3.11"}):
            locked[canonicalize_name(requirement.name)] = requirement
    return locked, lines


def list_conda():
    [from_pip] = [each["pip"] for each in CONDA["dependencies"] if isinstance(each, dict)]
    requirements = [Requirement(line) for line in from_pip if line != LOCAL_PROJECT]
    assert LOCAL_PROJECT in from_pip
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def get_pin(requirement):
    [pin] = requirement.specifier
    assert pin.operator == "=="
    return Version(pin.version)


def test_all_three_name_the_same_packages():
    assert set(list_conda()) == set(list_declared())
    assert set(list_declared()) <= set(list_locked()[0])


@pytest.mark.parametrize("name", sorted(list_declared()))
def test_versions_agree(name):
    declared, conda, locked = (each[name] for each in (list_declared(), list_conda(), list_locked()[0]))
    assert get_pin(conda) == get_pin(locked)
    assert declared.specifier.contains(get_pin(locked), prereleases=False)
    assert declared.extras == conda.extras


def test_every_locked_requirement_is_pinned_and_has_a_hash():
    _, lines = list_locked()
    assert len(lines) > len(list_declared())
    for line in lines:
        assert re.match(r"\S+==\S+ ", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), line


@pytest.mark.parametrize("file", ["requirements.lock", "environment.yml", "pyproject.toml", "Makefile"])
def test_no_address_or_path_of_a_machine(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|index-url [^-]|trusted-host|@ /", text)


def test_python_is_3_11():
    assert "python=3.11" in CONDA["dependencies"]
    assert Version("3.11") in Requirement(f"python{PROJECT['project']['requires-python']}").specifier
