"""Publishes finished builds as editions that stay, in a folder that any web host can serve.

    DEST/index.html                         all editions, newest first
    DEST/editions.json                      the same for programs
    DEST/latest/index.html                  leads on to the latest edition of the newest cycle
    DEST/<cycle>/index.html                 leads on to that cycle's latest
    DEST/<cycle>/<edition>/                 an edition, named by the day of its publication; never changed again

Each edition tells of itself (`edition.json`), so the record is made from what stands there.
"""

import errno
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cluster_eval.build.cache import digest, replace_whole
from cluster_eval.build.plan import PUBLISH, open_build
from cluster_eval.build.publish import hold
from cluster_eval.build.readiness import check_build, check_commit, check_destination
from cluster_eval.build.release_page import render_forward, render_index, write_size
from cluster_eval.problems import BuildError, InputError

RECORD, ABOUT, SUMS = "editions.json", "edition.json", "SHA256SUMS"
PAGES = "html/index.html"
FORMATS = {
    "HTML": PAGES,
    "Word": "report.docx",
    "PDF": "report.pdf",
    "Summary": "summary.pdf",
    "Excel": "tables.xlsx",
    "ODS": "tables.ods",
    "Data": "results.zip",
    "Notebooks": "notebooks.zip",
}
ARCHIVES = {"results.zip": "results", "notebooks.zip": "notebooks"}
"""A folder is no download: a web host shows it as it likes, or not at all."""

COPIED_WRONGLY = "what was copied is not what was built; nothing was published. Publish again"
STAGE = ".publishing-"
"""How the names of folders begin that are not yet an edition."""

_LEFT = re.compile(r".+\.\d+\.new")
_EDITION = re.compile(r"\d{4}-\d{2}-\d{2}(-\d+)?")

ADDED = {ABOUT, SUMS, *ARCHIVES}
"""What an edition has besides what was built."""


class PublishingRefused(InputError):
    """Nothing was published; `problems` holds every reason, each as a line."""

    about = "with publishing"


def publish_release(
    root: Path, cycle: str, destination: Path, tell: Callable[[str], None], allow_dirty: bool = False
) -> Path:
    """Publish a cycle's build as a new edition, unless it is what was published last.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.
    destination : Path
        The folder of editions; it is made where it is not there.
    tell : callable
        Called with each line of what was done.
    allow_dirty : bool
        Whether to publish what cannot be made again from its commit; the edition then says so.

    Returns
    -------
    Path
        The edition's folder.

    Raises
    ------
    PublishingRefused
        When the build or the folder is not fit for it; nothing has been copied then.
    BuildError
        When copying fails, or the cycle is being built; what was published before stands.
    """
    build = open_build(root, cycle)
    destination = destination.expanduser()
    with hold(build, tell):
        problems = check_build(build)
        manifest = _read_json(build.published / "manifest.json")
        doubts = check_commit(build, manifest) if isinstance(manifest, dict) else []
        problems += [] if allow_dirty else doubts
        problems += check_destination(root, destination, RECORD)
        if problems:
            raise PublishingRefused(problems)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        editions = _collect_editions(destination, now)
        # Not what else somebody keeps beside it, nor what an office or a file manager leaves there.
        made = [build.root / place for place in build.get(PUBLISH, "outputs")]
        sums = _digest_files(build.published, made)
        about = _describe(manifest, not doubts)
        latest = next((each for each in _list_present(editions) if each["cycle"] == cycle), None)
        if latest and _is_same(destination / latest["path"], sums, manifest, about):
            tell(f"{cycle}: nothing new; {destination / latest['path']} holds exactly this already")
            edition = destination / latest["path"]
        elif latest and now < latest["published"]:
            told = f"this machine's clock says {now}, and the latest edition is of {latest['published']}"
            raise PublishingRefused([f"{told}; put the clock right"])
        else:
            about |= {"edition": _name_edition(cycle, now[:10], editions), "published": now}
            edition = _copy_edition(build, destination, about, sums)
            size = write_size(sum(each.stat().st_size for each in edition.rglob("*") if each.is_file()))
            tell(f"{cycle}: copied {len(sums)} files and checked their checksums; {edition}, {size}")
            if doubts:
                tell("  it has uncommitted changes or no commit, and the list of editions says so")
    update_index(destination, tell)
    return edition


def _describe(manifest, clean):
    """Describe an edition by what its build was made from."""
    kept = {key: manifest[key] for key in ("cycle", "title", "built", "commit")}
    package = f"{manifest['package']['name']} {manifest['package']['version']}"
    of = {key: manifest[key] for key in ("previous", "sample_data", "sample_cycles")}
    return kept | {"clean": clean, "package": package} | of


def _digest_files(folder, files=None):
    """Digest files of a folder, all where none are named, by their place in it."""
    files = [file for file in folder.rglob("*") if file.is_file()] if files is None else files
    places = {file.relative_to(folder).as_posix(): file for file in files}
    return {place: digest(places[place]) for place in sorted(places)}


def _read_json(file):
    """Read a file; None where it is not there, or damaged."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _is_same(edition, sums, manifest, about):
    """Say whether an edition holds exactly what was built; only when it was built may differ."""
    before, told = (_read_json(edition / name) for name in ("manifest.json", ABOUT))
    if not isinstance(before, dict) or not isinstance(told, dict):
        return False
    # A Mac leaves files of its own beside every file on a share.
    files = [file for file in edition.rglob("*") if file.is_file() and not file.name.startswith(("._", ".DS_"))]
    published = {place: checksum for place, checksum in _digest_files(edition, files).items() if place not in ADDED}
    skipped = {"manifest.json": None}
    return (
        published | skipped == sums | skipped
        and before | {"built": None} == manifest | {"built": None}
        and told.get("clean") == about["clean"]
    )


def _name_edition(cycle, day, editions):
    """Name an edition by its day; a name that was withdrawn is not given again."""
    taken = {each["edition"] for each in editions if each["cycle"] == cycle}
    names = (day if number == 1 else f"{day}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _copy_edition(build, destination, about, sums):
    """Copy a build into a folder of editions, which may be copied to the web at any time: only once all is there."""
    published, fresh = build.published, build.work / "edition"
    try:
        destination.mkdir(parents=True, exist_ok=True)
        if not os.access(destination, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        _remove_left(destination)
    except OSError as error:
        raise PublishingRefused([f"DEST={destination} cannot be written to: {error.strerror}"]) from None
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        for place in sums:
            (fresh / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(published / place, fresh / place)
        if _digest_files(fresh) != sums:
            raise BuildError(COPIED_WRONGLY)
        for archive, folder in ARCHIVES.items():
            _write_archive(fresh / archive, fresh, [place for place in sums if place.startswith(f"{folder}/")])
        about = about | {"files": _list_formats(fresh)}
        replace_whole(fresh / ABOUT, _write_json(about))
        lines = [f"{checksum}  {place}\n" for place, checksum in _digest_files(fresh).items()]
        replace_whole(fresh / SUMS, "".join(lines))
        if not (destination / RECORD).is_file():
            # Whatever happens from here on, the folder is known for what it is.
            replace_whole(destination / RECORD, _write_record([]))
        edition = destination / about["cycle"] / about["edition"]
        edition.parent.mkdir(exist_ok=True)
        _move(fresh, edition, destination / f"{STAGE}{about['cycle']}")
    except OSError as error:
        raise BuildError(f"the edition could not be copied: {error.strerror}; nothing was published") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return edition


def _move(fresh, edition, beside):
    """Move a folder, by way of one on the same file system where the two are not."""
    try:
        fresh.rename(edition)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        try:
            shutil.copytree(fresh, beside)
            if _digest_files(beside) != _digest_files(fresh):
                raise BuildError(COPIED_WRONGLY) from None
            beside.rename(edition)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _remove_left(destination):
    """Remove what a killed run has left in a folder of editions."""
    for left in destination.glob(f"{STAGE}*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in (*destination.glob("*.new"), *destination.glob("*/*.new")):
        if _LEFT.fullmatch(left.name):
            left.unlink(missing_ok=True)


def _write_archive(archive, folder, places):
    """Write files into an archive that is the same whenever they are."""
    with zipfile.ZipFile(archive, "w") as zipped:
        for place in places:
            entry = zipfile.ZipInfo(place)
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, (folder / place).read_bytes(), zipfile.ZIP_DEFLATED)


def _list_formats(edition):
    files = []
    for label, place in FORMATS.items():
        file = {"format": label, "path": place, "size": (edition / place).stat().st_size}
        file["sha256"] = digest(edition / place)
        if place == PAGES:
            html = [each for each in (edition / place).parent.rglob("*") if each.is_file()]
            file["size"] = sum(each.stat().st_size for each in html)
            file["pages"] = len(list((edition / place).parent.glob("*.html")))
        files.append(file)
    return files


def update_index(destination: Path, tell: Callable[[str], None]) -> Path:
    """Write the list of editions, and the pages that lead on, from the editions that are there.

    Parameters
    ----------
    destination : Path
        The folder of editions.
    tell : callable
        Called with each line of what was done.

    Returns
    -------
    Path
        The list of editions.

    Raises
    ------
    PublishingRefused
        When it is no folder of editions.
    BuildError
        When the list cannot be written; what was listed before stands, and a later run lists what is there.
    """
    destination = destination.expanduser()
    if not (destination / RECORD).is_file():
        raise PublishingRefused([f"DEST={destination} has no {RECORD}; name a folder that holds editions"])
    now = datetime.now(UTC).isoformat(timespec="seconds")
    before, editions = _read_record(destination), _collect_editions(destination, now)
    _remove_left(destination)
    for edition in editions:
        if edition["withdrawn"] and before[edition["path"]]["withdrawn"] is None:
            tell(f"  {edition['path']} is not there any more: the list leaves it out")
    try:
        index = _write_lists(destination, editions)
    except OSError as error:
        raise BuildError(f"the list of editions could not be written: {error.strerror}; publish again") from None
    present = len(_list_present(editions))
    tell(f"{present} edition{'' if present == 1 else 's'}: {index}")
    return index


def _write_lists(destination, editions):
    present = _list_present(editions)
    latest = {}
    for edition in present:
        latest.setdefault(edition["cycle"], edition)
    leads = {cycle: latest.get(cycle) for cycle in {edition["cycle"] for edition in editions}}
    for name, edition in (leads | {"latest": present[0] if present else None}).items():
        address = f"{edition['path']}/{PAGES}" if edition else "index.html"
        page = render_forward(f"../{address}", edition["title"] if edition else "All editions")
        replace_whole(destination / name / "index.html", page)
    # Hosts that run Jekyll would leave out the folders whose names begin with an underscore.
    replace_whole(destination / ".nojekyll", "")
    replace_whole(destination / RECORD, _write_record(editions))
    index = destination / "index.html"
    # Readers see all of the new state or all of the old.
    replace_whole(index, render_index(present))
    return index


def _collect_editions(destination, now):
    """Collect the editions that are there, and those that were, newest first."""
    known = _read_record(destination)
    editions = {path: edition | {"withdrawn": edition["withdrawn"] or now} for path, edition in known.items()}
    for file in destination.glob(f"[!.]*/*/{ABOUT}"):
        path = file.parent.relative_to(destination).as_posix()
        if (file.parent / PAGES).is_file():
            about = {"path": path} | (_read_json(file) or {})
            if not _is_edition(about):
                raise PublishingRefused([f"{file} does not tell of an edition; put it back as it was published"])
            editions[path] = about | {"path": path, "withdrawn": None}
    return sorted(editions.values(), key=_order, reverse=True)


def _read_record(destination):
    """Read which editions are listed, by their paths; none where nothing was published yet."""
    if not (destination / RECORD).is_file():
        return {}
    record = _read_json(destination / RECORD)
    listed = record.get("editions") if isinstance(record, dict) else None
    if not isinstance(listed, list) or not all(map(_is_edition, listed)):
        found = f"{destination / RECORD} is no record of editions"
        raise PublishingRefused([f"{found}; put it back as it was published, or name another folder"])
    return {edition["path"]: {"withdrawn": None} | edition for edition in listed}


def _is_edition(about):
    """Say whether a file that may be damaged tells of an edition what the list of editions shows."""
    texts = ("cycle", "title", "edition", "published", "path")
    return (
        isinstance(about, dict)
        and all(isinstance(about.get(key), str) for key in texts)
        and _EDITION.fullmatch(about["edition"]) is not None
        and {"commit", "clean", "sample_data"} <= about.keys()
        and isinstance(about.get("files"), list)
        and all(isinstance(file, dict) and {"format", "path", "size"} <= file.keys() for file in about["files"])
    )


def _order(edition):
    day, number = edition["edition"][:10], edition["edition"][11:]
    return edition["cycle"], day, int(number or 1)


def _list_present(editions):
    return [edition for edition in editions if edition["withdrawn"] is None]


def _write_record(editions):
    latest = next((edition["path"] for edition in _list_present(editions)), None)
    return _write_json({"latest": latest, "editions": editions})


def _write_json(value):
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
