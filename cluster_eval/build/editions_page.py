"""What readers of published editions find first: the list of all editions, and pages that forward to the latest.

The pages need no script, no other host and no server, so that they work wherever the folder is put.
"""

from datetime import datetime
from functools import cache

from jinja2 import DictLoader, Environment, StrictUndefined

BASE = """\
:root {
  color-scheme: light dark;
  --ground: #fff; --text: #1f1f1f; --quiet: #505050; --line: #c4c4c4; --link: #12436d; --note: #eef3f8;
}
@media (prefers-color-scheme: dark) {
  :root { --ground: #14181e; --text: #e8e8e8; --quiet: #b8bcc2; --line: #4a5058; --link: #8cc0f0; --note: #1f2a36; }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 80rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { margin: 0 0 1rem; font-size: 1.9rem; line-height: 1.2; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
"""

# The table's roles are said aloud, since on a narrow screen its rows are laid out as blocks, and browsers then forget
# that they are rows of a table.
INDEX = """\
<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Cluster self-reflection: editions of the report</title>
<link rel="icon" href="data:,">
<style>
{% include "base.css" %}
p { max-width: 45rem; margin: 0 0 1rem; }
code { font-size: 0.9em; overflow-wrap: anywhere; }
.latest { max-width: none; font-size: 1.2rem; }
.note { padding: 0.75rem 1rem; border-left: 0.3rem solid var(--link); background: var(--note); }
.quiet { color: var(--quiet); font-size: 0.9rem; }
.hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
table { width: 100%; margin: 1.5rem 0; border-collapse: collapse; }
caption { padding-bottom: 0.5rem; text-align: left; font-size: 1.2rem; font-weight: 600; }
th, td { padding: 0.6rem 1rem 0.6rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom-width: 2px; vertical-align: bottom; }
tbody th span { display: block; font-weight: 400; }
ul { margin: 0; padding: 0; list-style: none; }
.formats li, .short { white-space: nowrap; }
@media (max-width: 60rem) {
  table, caption, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { padding: 0.75rem 0; border-bottom: 2px solid var(--line); }
  tbody tr:first-child { border-top: 2px solid var(--line); }
  th, td { padding: 0.15rem 0; border: none; }
  tbody th { font-size: 1.1rem; }
  td { display: grid; grid-template-columns: 6.5rem 1fr; }
  td::before { content: attr(data-label); color: var(--quiet); }
  .formats li { white-space: normal; }
}
</style>
</head>
<body>
<main>
<h1>Cluster self-reflection: editions of the report</h1>
{% if latest %}
<p class="latest">Latest edition: <a href="{{ latest.path }}/html/index.html">{{ latest.title }}</a>,
published {{ latest.published | day }}</p>
<p>Addresses that always lead to the latest edition: <a href="latest/index.html">latest</a> to that of the newest cycle,
{% for cycle in cycles %}
<a class="short" href="{{ cycle }}/index.html">{{ cycle }}</a>{{ "," if not loop.last }}
{% endfor %}
to that of the cycle. To cite a report, use the address of its edition: what stands there does not change.</p>
{% else %}
<p class="latest">No edition is published at present.</p>
{% endif %}
{% if some_sample %}
<p class="note"><strong>Sample data.</strong> The responses behind {{ "all editions" if all_sample else "the editions \
that say so" }} are synthetic: a reconstruction whose every published total is exact. No single answer in them was
given by a cluster.</p>
{% endif %}
{% if some_unclean %}
<p class="note"><strong>Not reproducible.</strong> An edition with uncommitted changes was made from files of which
no commit keeps a record. It cannot be made again from its commit.</p>
{% endif %}
{% if editions %}
<table role="table">
<caption>Editions, newest first</caption>
<thead role="rowgroup">
<tr role="row">
{% for heading in headings %}
<th role="columnheader" scope="col">{{ heading }}</th>
{% endfor %}
</tr>
</thead>
<tbody role="rowgroup">
{% for edition in editions %}
{% set which %}<span class="hidden"> of {{ edition.cycle }}, edition {{ edition.edition }}</span>{% endset %}
<tr role="row">
<th role="rowheader" scope="row">{{ edition.cycle }}
<span class="quiet">edition {{ edition.edition }}</span>
{% if edition.newer %}
<span class="quiet">superseded by
<a class="short" href="{{ edition.newer.path }}/html/index.html">{{ edition.newer.edition }}</a></span>
{% endif %}</th>
<td role="cell" data-label="{{ headings[1] }}">{{ edition.title }}</td>
<td role="cell" data-label="{{ headings[2] }}"><time class="short" datetime="{{ edition.published }}">\
{{ edition.published | day }}</time></td>
<td role="cell" data-label="{{ headings[3] }}"><ul class="formats">
{% for file in edition.files %}
<li><a href="{{ edition.path }}/{{ file.path }}">{{ file.format }}{{ which }}</a>
<span class="quiet">{{ file | extent }}</span></li>
{% endfor %}
</ul></td>
<td role="cell" data-label="{{ headings[4] }}">{{ edition.responses }}</td>
<td role="cell" data-label="{{ headings[5] }}"><div>{% if edition.commit %}<code>{{ edition.commit[:10] }}</code>\
{% else %}None{% endif %}{% if not edition.clean %} <strong>with uncommitted changes</strong>{% endif %}</div></td>
<td role="cell" data-label="{{ headings[6] }}"><a href="{{ edition.path }}/SHA256SUMS">SHA256SUMS{{ which }}</a></td>
</tr>
{% endfor %}
</tbody>
</table>
<p class="quiet">The same list for programs: <a href="editions.json">editions.json</a>. HTML opens in the browser;
its size is that of all its pages and pictures together. Times are UTC.</p>
{% endif %}
</main>
</body>
</html>
"""

HEADINGS = ("Cycle", "Title", "Published", "Formats", "Responses", "Commit", "Checksums")

FORWARD = """\
<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0; url={{ address }}">
<title>{{ title }}</title>
<link rel="icon" href="data:,">
<style>
{% include "base.css" %}
</style>
</head>
<body>
<main>
<h1>{{ title }}</h1>
<p>This page leads on to <a href="{{ address }}">{{ title }}</a>.</p>
</main>
</body>
</html>
"""


def render_index(editions: list[dict]) -> str:
    """Render the list of editions.

    Parameters
    ----------
    editions : list of dict
        As `cluster_eval.build.editions` records them, newest first; the first is the latest.

    Returns
    -------
    str
        The page, in HTML.
    """
    newest, rows = {}, []
    for edition in editions:
        rows.append(edition | {"newer": newest.get(edition["cycle"]), "responses": _name_responses(edition)})
        newest.setdefault(edition["cycle"], edition)
    return _open_template("index.html").render(
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
    return _open_template("forward.html").render(address=address, title=title)


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


@cache
def _open_template(name):
    templates = DictLoader({"base.css": BASE, "index.html": INDEX, "forward.html": FORWARD})
    environment = Environment(
        loader=templates, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"day": _write_day, "extent": _write_extent}
    return environment.get_template(name)
