"""Sets up the environment that the Makefile runs everything in: `.venv`, with the locked dependencies.

Needs Python alone. uv installs what pip would, from where pip would get it and with every file checked against the same
digest, in a tenth of the time; where uv cannot be had, or cannot do it, pip does.
"""

from __future__ import annotations  # so that an older Python gets as far as to be told

import ast
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PYTHON = (3, 11)
ENVIRONMENT = Path(".venv")
INTERPRETER, UV = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "bin" / "uv"
LOCK, UV_LOCK = "requirements.lock", "requirements-uv.lock"
INSTALL_LOCKED = ("install", "--quiet", "--require-hashes", "--requirement")
INSTALL_PROJECT = ("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
RESOLVE = (
    *("compile", "--quiet", "--universal", "--fork-strategy", "fewest", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header"),
)

SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "trusted-host": "UV_INSECURE_HOST",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
"""What uv calls those of pip's settings that say where packages come from, and how to get there."""
SCOPES = ("global", "install", ":env:")
"""Where pip is told, what counts most last."""

_ADDRESS = re.compile(r"\b[a-z+]+://[^\s`'\")]+")
_NO_NEWS = re.compile(r"^(error|caused by):\s*|^[×╰├▶─│ ]+| \(from versions: [^)]*\)", re.IGNORECASE)
_SAID = 300
"""How many letters of what a program said are told where there is a way on."""


class Failed(Exception):
    """A program could not do what it was asked to; says what it said."""


def main(arguments: list[str]) -> int:
    """Set the environment up, or lock its dependencies.

    Parameters
    ----------
    arguments : list of str
        `set-up` or `lock`.

    Returns
    -------
    int
        Exit status: 0 done, 1 not done, 2 another Python is needed, 130 stopped by the user.
    """
    if sys.version_info[:2] != PYTHON:
        needed, found = (".".join(map(str, version)) for version in (PYTHON, sys.version_info[:2]))
        print(
            f"Python {needed} is needed, and {sys.executable} is {found}. Install it, or say where it is: "
            f"make PYTHON=/path/to/python{needed} …",
            file=sys.stderr,
        )
        return 2
    try:
        {"set-up": set_up, "lock": lock}[arguments[0]]()
    except Failed as error:
        print(f"{ENVIRONMENT} is not ready; if this persists, remove it and begin anew.\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nstopped; {ENVIRONMENT} is not ready, and the next `make` goes on with it", file=sys.stderr)
        return 130
    return 0


def set_up() -> None:
    """Make the environment, or bring it to what the lock says.

    Raises
    ------
    Failed
        When neither uv nor pip can install what is locked.
    """
    started = time.monotonic()

    def tell(line):
        print(f"[{time.monotonic() - started:5.1f} s] {line}", flush=True)

    if not _is_usable():
        tell(f"making {ENVIRONMENT}, which is needed once, with Python {sys.version.split()[0]}")
        run(sys.executable, "-m", "venv", "--clear", ENVIRONMENT)
    try:
        tell("fetching uv, which installs quickly")
        run_pip(*INSTALL_LOCKED, UV_LOCK)
        tell("fetching and installing the locked packages, several hundred megabytes")
        install(run_uv)
    except Failed as error:
        tell(f"without uv ({shorten(str(error))}): pip installs the packages, which takes minutes")
        install(run_pip)
    tell(f"{ENVIRONMENT} is ready")


def install(run_installer: Callable[..., None]) -> None:
    """Install what is locked, and the project itself.

    Parameters
    ----------
    run_installer : callable
        `run_uv` or `run_pip`.

    Raises
    ------
    Failed
        When it cannot.
    """
    run_installer(*INSTALL_LOCKED, LOCK)
    run_installer(*INSTALL_PROJECT)


def lock() -> None:
    """Resolve the dependencies of pyproject.toml anew, and which uv installs them.

    Raises
    ------
    Failed
        When uv cannot be had, or no versions go together.
    """
    run_pip(*INSTALL_LOCKED, UV_LOCK)
    run_uv(*RESOLVE, "--extra", "dev", "pyproject.toml", "--output-file", LOCK)
    run_uv(*RESOLVE, "-", "--output-file", UV_LOCK, words="uv")


def run_pip(*arguments: str) -> None:
    """Run the environment's pip.

    Parameters
    ----------
    *arguments : str
        What to tell it.

    Raises
    ------
    Failed
        When it fails.
    """
    run(INTERPRETER, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments)


def run_uv(*arguments: str, words: str = "") -> None:
    """Run the environment's uv, as `uv pip`, with pip's settings.

    Parameters
    ----------
    *arguments : str
        What to tell it.
    words : str, optional
        What it finds in its standard input.

    Raises
    ------
    Failed
        When it fails.
    """
    listing = subprocess.run([INTERPRETER, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    # What somebody told uv itself goes before.
    settings = translate_settings(listing.stdout) | os.environ | {"VIRTUAL_ENV": str(ENVIRONMENT.absolute())}
    run(UV, "pip", *arguments, words=words, settings=settings)


def translate_settings(listing: str) -> dict[str, str]:
    """Translate pip's settings, which uv does not read, into variables of uv's.

    Parameters
    ----------
    listing : str
        What `pip config list` says.

    Returns
    -------
    dict of str to str
        The variables.
    """
    found = {}
    for scope in SCOPES:
        for name, value in re.findall(rf"^{scope}\.([a-z-]+)=(.+)$", listing, re.MULTILINE):
            if name in SETTINGS:
                # Lists are parted by white space, also by line ends; uv's list of places by commas.
                between = "," if name == "find-links" else " "
                found[SETTINGS[name]] = between.join(str(ast.literal_eval(value)).split())
    if "UV_INDEX" in found:
        # As pip does, and as safe: every file has to have its digest.
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return found


def run(*command: object, words: str = "", settings: dict[str, str] | None = None) -> None:
    """Run a program quietly.

    Parameters
    ----------
    *command : object
        The program and what to tell it.
    words : str, optional
        What it finds in its standard input.
    settings : dict of str to str, optional
        Its environment variables; those of this process where left out.

    Raises
    ------
    Failed
        When it fails, with what it said but for addresses: those of a package index may hold passwords.
    """
    try:
        done = subprocess.run(
            list(map(str, command)), input=words, capture_output=True, text=True, env=settings, check=False
        )
    except OSError as error:
        raise Failed(f"{command[0]}: {error.strerror}") from None
    if done.returncode != 0:
        said = done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}"
        raise Failed(_ADDRESS.sub("(address)", said))


def shorten(said: str) -> str:
    """Shorten what a program said to a line.

    Parameters
    ----------
    said : str
        What it said.

    Returns
    -------
    str
        What is not a warning of it, up to some letters.
    """
    lines = [_NO_NEWS.sub("", line.strip()) for line in said.splitlines() if not line.startswith("WARNING")]
    line = "; ".join(filter(None, lines))
    return line if len(line) <= _SAID else f"{line[:_SAID]}…"


def _is_usable():
    """Tell whether there is an environment of the right Python with pip: one may have been left half made."""
    try:
        run(INTERPRETER, "-c", f"import sys; sys.exit(sys.version_info[:2] != {PYTHON})")
        run_pip("--version")
    except Failed:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
