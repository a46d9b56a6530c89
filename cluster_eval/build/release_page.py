"""What readers of published editions find first: the list of all editions, and pages that forward to the latest.

The pages need no script, no other host and no server, so that they work wherever the folder is put.
"""

from datetime import datetime

from cluster_eval.templates import open_template

HEADINGS = ("Cycle", "Title", "Published", "Formats", "Responses", "Commit", "Checksums")


def render_index(editions: list[dict]) -> str:
    """Render the list of editions.

    Parameters
    ----------
    editions : list of dict
        As `cluster_eval.build.release` records them, newest first; the first is the latest.

    Returns
    -------
    str
        The page, in HTML.
    """
    newest, rows = {}, []
    for edition in editions:
        rows.append(edition | {"newer": newest.get(edition["cycle"]), "responses": _name_responses(edition)})
        newest.setdefault(edition["cycle"], edition)
    return open_template("releases.html", day=_write_day, extent=_write_extent).render(
        editions=rows,
        latest=editions[0] if editions else None,
        cycles=list(newest),
        headings=HEADINGS,
        some_sample=any(edition["sample_data"] for edition in editions),
        all_sample=all(edition["sample_data"] for edition in editions),
        some_unclean=not all(edition["clean"] for edition in editions),
    )


def render_forward(address: str, title: str) -> str:
    """Render a page that leads on to another.

    Parameters
    ----------
    address : str
        The other page's address, relative to this one.
    title : str
        The other page's title.

    Returns
    -------
    str
        The page, in HTML.
    """
    return open_template("forward.html").render(address=address, title=title)


def write_size(size: int) -> str:
    """Write a file's size.

    Parameters
    ----------
    size : int
        In bytes.

    Returns
    -------
    str
        Such as `2.4 MB`.
    """
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} kB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"


def _name_responses(edition):
    """Say whose the responses are; an edition of older days does not tell it cycle by cycle."""
    sample = edition.get("sample_cycles", [edition["cycle"]])
    if not edition["sample_data"]:
        return "Survey"
    if edition["cycle"] not in sample:
        return f"Survey, compared with sample data of {edition['previous']}"
    is_mixed = edition.get("previous") and edition["previous"] not in sample
    return f"Sample data, compared with the survey of {edition['previous']}" if is_mixed else "Sample data"


def _write_extent(file):
    kind = f"{file['pages']} pages, " if "pages" in file else "ZIP, " if file["path"].endswith(".zip") else ""
    size = write_size(file["size"]).replace(" ", "\N{NO-BREAK SPACE}")
    return f"({kind}{size})"


def _write_day(time):
    # Names of months are those of Python's own locale, which nothing here changes: English.
    day = datetime.fromisoformat(time)
    return f"{day.day} {day:%B %Y}"
