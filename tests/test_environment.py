"""Setting up: uv gets packages from where pip would, pip does what uv cannot, and no address is told."""

import re
import sys

import pytest

from tests.conftest import ROOT
from tools import environment

ADDRESS = "https://name:secret@packages.example/simple"


@pytest.mark.parametrize(
    ("listing", "settings"),
    [
        ("", {}),
        ("global.index-url='a'\n", {"UV_DEFAULT_INDEX": "a"}),
        # A file's settings for `install` go before its others, and variables before all.
        ("global.index-url='a'\ninstall.index-url='b'\n", {"UV_DEFAULT_INDEX": "b"}),
        (":env:.index-url='c'\nglobal.index-url='a'\ninstall.index-url='b'\n", {"UV_DEFAULT_INDEX": "c"}),
        ("global.find-links='/a /b'\n", {"UV_FIND_LINKS": "/a,/b"}),
        (
            "global.extra-index-url='\\nx\\ny'\n",
            {"UV_INDEX": "x y", "UV_INDEX_STRATEGY": "unsafe-best-match"},
        ),
        ("global.cert='/c.pem'\n:env:.default-timeout='9'\n", {"SSL_CERT_FILE": "/c.pem", "UV_HTTP_TIMEOUT": "9"}),
        ("global.constraint='/c.txt'\nwheel.index-url='a'\n:env:.user='1'\n", {}),
    ],
)
def test_uv_is_told_what_pip_is_told(listing, settings):
    assert environment.translate_settings(listing) == settings


def test_what_uv_itself_was_told_goes_before(monkeypatch):
    given = {}
    listing = type("Listing", (), {"stdout": "global.index-url='of pip'\nglobal.cert='of pip'\n"})
    monkeypatch.setattr(environment.subprocess, "run", lambda *command, **options: listing)
    monkeypatch.setattr(environment, "run", lambda *command, words, settings: given.update(settings))
    monkeypatch.setenv("UV_DEFAULT_INDEX", "of uv")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    environment.run_uv("install", "x")
    assert (given["UV_DEFAULT_INDEX"], given["SSL_CERT_FILE"]) == ("of uv", "of pip")


def test_what_a_program_says_is_told_without_addresses():
    says = f"import sys; sys.exit('ERROR: nothing at {ADDRESS}/uv/ (see `{ADDRESS}`)')"
    with pytest.raises(environment.Failed) as failed:
        environment.run(sys.executable, "-c", says)
    assert str(failed.value) == "ERROR: nothing at (address) (see `(address)`)"


def test_a_program_that_is_not_there_is_named():
    with pytest.raises(environment.Failed, match="no-such-program"):
        environment.run("no-such-program")


@pytest.mark.parametrize(
    ("said", "short"),
    [
        ("WARNING: no\nERROR: None found (from versions: 1, 2)\nERROR: for uv==3", "None found; for uv==3"),
        ("error: Failed\n  Caused by: no network", "Failed; no network"),
        ("a" * 999, "a" * 300 + "…"),
    ],
)
def test_a_failure_is_told_in_a_line(said, short):
    assert environment.shorten(said) == short


INSTALLED = [environment.LOCK, "."]


@pytest.fixture
def set_up(monkeypatch, capsys):
    """Set up with installers that fail where told to, and give status, what was installed by which, and the output."""
    monkeypatch.setattr(environment, "_is_usable", lambda: True)

    def run(*failing):
        done = []

        def install_by(name):
            def install(*arguments):
                done.append((name, arguments[-1]))
                if (name, arguments[-1]) in failing:
                    raise environment.Failed(f"ERROR: {name} could not")

            return install

        for name in ("pip", "uv"):
            monkeypatch.setattr(environment, f"run_{name}", install_by(name))
        status = environment.main(["set-up"])
        told = capsys.readouterr()
        return status, done, told.out, told.err

    return run


def test_uv_installs_everything_but_itself(set_up):
    status, done, out, err = set_up()
    assert (status, err) == (0, "")
    assert done == [("pip", environment.UV_LOCK), *(("uv", what) for what in INSTALLED)]
    assert len(out.splitlines()) == 3


@pytest.mark.parametrize("failing", [("pip", environment.UV_LOCK), ("uv", environment.LOCK), ("uv", ".")])
def test_pip_does_what_uv_cannot(set_up, failing):
    status, done, out, _ = set_up(failing)
    assert status == 0
    assert done[-2:] == [("pip", what) for what in INSTALLED]
    assert re.search(f"{failing[0]} could not.*pip installs", out)


def test_where_neither_can_it_is_not_ready(set_up):
    status, _, out, err = set_up(("pip", environment.UV_LOCK), ("pip", environment.LOCK))
    assert status == 1
    assert ".venv is not ready" in err
    assert "pip could not" in err
    assert ".venv is ready" not in out


def test_another_python_is_told_before_anything_is_fetched(monkeypatch, capsys):
    monkeypatch.setattr(environment, "PYTHON", (3, 99))
    assert environment.main(["set-up"]) == 2
    assert re.search(r"Python 3\.99 is needed, and .* is 3\.11", capsys.readouterr().err)


def test_uv_is_locked_as_the_others_are():
    lock = (ROOT / environment.UV_LOCK).read_text(encoding="utf-8")
    assert re.match(r"uv==[\d.]+ \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+$", lock)
    assert not re.search(r"\w+://", lock + (ROOT / "tools" / "environment.py").read_text(encoding="utf-8"))
