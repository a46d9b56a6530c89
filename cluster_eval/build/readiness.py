"""What keeps a cycle's build from being published: every reason, said so that a publisher can put it right."""

import os
from pathlib import Path

from cluster_eval.build.active_content import find_active_content
from cluster_eval.build.cache import PRODUCED
from cluster_eval.build.links import find_broken_links
from cluster_eval.build.manifest import ask_git, list_uncommitted
from cluster_eval.build.notices import UNFIT
from cluster_eval.build.plan import CHECK, PAGES, PUBLISH, Build, find_commit
from cluster_eval.repository import PRIVATE

MUST_HAVE = (
    "html/index.html",
    "notebooks/*.ipynb",
    "results/*.csv",
    "results/datapackage.json",
    "manifest.json",
    "report.docx",
    "report.pdf",
    "summary.pdf",
    "tables.xlsx",
    "tables.ods",
)
"""What every edition has; a pattern stands for at least one file."""

_NO_FILES = (".git", ".publishing-", "._", ".DS_Store")

MOST = 20
"""How many broken links, and how many pieces of active content, are told of."""


def check_build(build: Build) -> list[str]:
    """Check that what was built is whole, and what the files now give.

    Parameters
    ----------
    build : Build
        The build.

    Returns
    -------
    list of str
        Every reason not to publish it.
    """
    folder = build.published
    name = folder.relative_to(build.root).as_posix()
    again = f"make report CYCLE={build.cycle}"
    if not folder.is_dir():
        return [f"{name} is not there: nothing was built yet; run {again} first"]
    problems = []
    if not build.is_up_to_date():
        reasons = _explain(build)
        failed = [f"section {step} {why.splitlines()[0]}" for step, why in reasons.items() if why.startswith("failed")]
        problems += [f"{line}; put it right, and run {again}" for line in failed]
        if not failed:
            why = next(iter(reasons.values()))
            given = build.get(PUBLISH, "given")
            if {PAGES, PUBLISH}.issuperset(reasons) and given and given["commit"] != find_commit(build.root):
                why = "it was built from another commit"
            problems.append(f"{name} is not up to date with the files ({why}); run {again} first")
    problems += [f"{line}; then run {again}" for line in build.list_notices(UNFIT)]
    for wanted in MUST_HAVE:
        files = list(folder.glob(wanted))
        if not files:
            problems.append(f"{name}/{wanted} is missing; an edition has {', '.join(MUST_HAVE)}")
        problems += [f"{file.relative_to(build.root).as_posix()} is empty" for file in files if not file.stat().st_size]
    for what, found in (
        ("links", find_broken_links(folder)),
        ("pieces of active content", find_active_content(folder)),
    ):
        problems += [f"{name}/{line}" for line in found[:MOST]]
        problems += [f"and {len(found) - MOST} {what} more"] if len(found) > MOST else []
    return problems


def _explain(build):
    """Explain step by step why a build is not up to date."""
    steps = [CHECK] if build.explain(CHECK) else build.list_steps()
    return {step: why for step in steps if (why := build.explain(step))}


def check_commit(build: Build, manifest: dict) -> list[str]:
    """Check that a build can be made again from its commit.

    Parameters
    ----------
    build : Build
        The build.
    manifest : dict
        What the build was made from.

    Returns
    -------
    list of str
        Every reason to doubt it.
    """
    place = (build.published / "manifest.json").relative_to(build.root).as_posix()
    otherwise = "or say DIRTY=1 (--allow-dirty), and the edition says so"
    if manifest.get("commit") is None:
        return [f"{place} names no commit; build the report in a git working copy, {otherwise}"]
    again = f"make report CYCLE={build.cycle}"
    problems = []
    if not manifest.get("clean"):
        found = f"{place} tells of changes that were in no commit when it was built"
        problems.append(f"{found}; once there are none, run {again} FORCE=1, {otherwise}")
    changed = list_uncommitted(build.root, build.list_reads())
    if changed is None:
        problems.append(f"git does not tell whether there are changes that are in no commit; mend that, {otherwise}")
        return problems
    # Who does as is asked must not make public by it what people answered.
    data = [file for file, is_known in changed.items() if not is_known and file.startswith("data/")]
    others = [file for file in changed if file not in data]
    if others:
        problems.append(f"{_count(others)}: changes that are in no commit; commit them and run {again}, {otherwise}")
    if data:
        keep = f"keep them in a folder outside it, named by {PRIVATE}=, or let git ignore them"
        problems.append(f"{_count(data)}: in no commit; data that the repository may not hold belong in none: {keep}")
    return problems


def _count(files):
    return f"{files[0]} and {len(files) - 1} more" if len(files) > 1 else files[0]


def check_destination(root: Path, destination: Path, record: str) -> list[str]:
    """Check that a folder may hold editions, so that nobody's files are mixed with them.

    Parameters
    ----------
    root : Path
        The repository's root.
    destination : Path
        The folder; it may have to be made.
    record : str
        The name of the file by which a folder of editions is known.

    Returns
    -------
    list of str
        Every reason not to publish there.
    """
    standing = next(place for place in (destination, *destination.absolute().parents) if os.path.lexists(place))
    if not standing.is_dir():
        what = "a file" if standing.is_file() else "no folder"
        return [f"DEST={destination}: {standing} is {what}; name a folder that is empty, new, or holds editions"]
    real, root = destination.resolve(), root.resolve()
    if real.is_relative_to(root):
        place = real.relative_to(root)
        if PRODUCED.intersection(place.parts) or ask_git(root, "check-ignore", f"{place.as_posix()}/") is None:
            return [f"DEST={destination} is inside the repository; name a folder outside it, or one that git ignores"]
    if standing != destination or (destination / record).is_file():
        return []
    # A clone of a web host's repository has nothing else in it at first; nor has what was interrupted, or a Mac saw.
    other = sorted(each.name for each in destination.iterdir() if not each.name.startswith(_NO_FILES))
    if other:
        more = f" and {len(other) - 1} more" if len(other) > 1 else ""
        found = f"DEST={destination} holds {other[0]}{more} and no {record}"
        return [f"{found}; name a folder that is empty, new, or holds editions"]
    return []
