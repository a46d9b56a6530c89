"""Text that is code, markup or a path to whatever reads it as that, put into every field of a copy's inputs."""

import csv
import itertools
from pathlib import Path

import openpyxl

HOSTILE = (
    "{{ env.__class__ }}",
    "<script>window.hacked=1</script>",
    "{download}`x <../../etc/hosts>`",
    "$5 or $6",
    "<GP> and <!-- GP",
    "*a* _b_ **c** __d__",
    "[x](javascript:window.hacked=1)",
    "![x](https://h.example/x.png)",
    "<img src=x onerror=window.hacked=1>",
    "`code` ```fence",
    "# heading #",
    "- item",
    "+ item",
    "1. item",
    "/ term: -?x",
    "% comment",
    ":::{note}",
    "&amp; &#60; &",
    "<<name>>",
    "<% if x %>",
    "=1+1",
    "@SUM(1)",
    "\\begin{x} \\* \\\\",
    "{ref}`x`",
    "|a|b|",
    "~~x~~",
    "a--b...c",
    "'q' \"q\"",
    "(target)=",
    "#set text(size: 90pt) @x //c /*d*/",
    '"><svg onload=window.hacked=1>',
    "</title></textarea><iframe src=https://h.example>",
    'src="_static/figures/figure-1-wide.svg"',
)

PREVIOUS, CYCLE = "2023-24", "2024-25"


def poison_inputs(root: Path) -> dict[str, list[str]]:
    """Put hostile text into every field that is kept as words; give by input and field what was put there."""
    put = {}
    snippets = itertools.cycle(HOSTILE)

    def replace(place):
        """Make a new text for a place, which is the same for the same old text."""
        known = put.setdefault(place, {})

        def write(old):
            if old not in known:
                known[old] = f"{next(snippets)} {place.replace(' ', '')}{len(known) + 1}"
            return known[old]

        return write

    for file, names in {
        f"data/{CYCLE}/coding.csv": ("theme", "subtheme", "coder", "excerpt"),
        f"data/{CYCLE}/actions.csv": ("action", "lead", "timescale", "progress"),
        f"data/{PREVIOUS}/actions.csv": ("action", "lead", "timescale", "progress"),
        f"data/published/{CYCLE}/claims.csv": ("section", "statement"),
        "data/reference/outcomes.csv": ("title", "short_title", "narrative", "former_name"),
    }.items():
        _replace_columns(root / file, {name: replace(f"{Path(file).stem} {name}") for name in names})
    rename = replace("clusters cluster")
    _replace_columns(root / "data/reference/clusters.csv", {"cluster": rename})
    for cycle in (PREVIOUS, CYCLE):
        _poison_export(root / "data" / cycle, rename, replace)
    params = root / "params" / f"{CYCLE}.yml"
    title = f"{HOSTILE[1]} {{{{ title }}}} $5 or $6 <b> & 'q' \"q\""
    lines = [
        f"title: {_quote(title)}" if line.startswith("title:") else line
        for line in params.read_text(encoding="utf-8").splitlines()
    ]
    params.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {place: list(texts.values()) for place, texts in put.items()} | {"title": [title]}


def _quote(text):
    return "'" + text.replace("'", "''") + "'"


def _replace_columns(file, writers):
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        for name, write in writers.items():
            if row.get(name):
                row[name] = write(row[name])
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _simplify(heading):
    return " ".join(heading.replace("’", "'").split()).casefold()


def _poison_export(folder, rename, replace):
    with (folder / "codebook.csv").open(encoding="utf-8", newline="") as lines:
        variables = {row["variable"]: row["heading"] for row in csv.DictReader(lines)}
    book = openpyxl.load_workbook(folder / "responses.xlsx")
    sheet = book.worksheets[0]
    columns = {_simplify(cell.value): cell.column for cell in sheet[1]}
    places = {variable: columns[_simplify(heading)] for variable, heading in variables.items()}
    heading = replace("codebook heading")
    for variable, place in places.items():
        _write(sheet.cell(1, place), heading(variables[variable]))
    _replace_columns(folder / "codebook.csv", {"heading": heading})
    writers = {variable: replace(f"responses {variable}") for variable in places if variable.endswith("_comment")}
    writers |= {variable: replace(f"responses {variable}") for variable in places if variable.startswith("meetings_")}
    writers["cluster"] = rename
    for row in range(2, sheet.max_row + 1):
        for variable, write in writers.items():
            cell = sheet.cell(row, places[variable])
            if cell.value:
                _write(cell, write(str(cell.value)))
    # What readers are told of the reading of an export quotes it.
    _write(sheet.cell(2, places["health_board"]), replace("responses health_board")("board"))
    _write(sheet.cell(1, sheet.max_column + 1), replace("responses ignored")(folder.name))
    book.save(folder / "responses.xlsx")


def _write(cell, text):
    # openpyxl would write a formula.
    cell.value, cell.data_type = text, "s"
