"""Writes the files of the sample data."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import yaml
from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from cluster_eval.config import OUTCOMES_FILE
from cluster_eval.vocabulary import RATINGS
from tools.sample import form
from tools.sample.dealing import Sample, create_generator, draw_sample
from tools.sample.export import assign_comments, build_rows, code_excerpts, draw_response_ids, draw_times, list_headings
from tools.sample.plausibility import SEED
from tools.sample.published import CLUSTERS, CYCLES, PUBLISHED_FIGURES, read_published

FIXED_MOMENT = datetime(2025, 6, 2, 9, 0)
"""When the workbooks say that they were made, so that writing them again gives the same bytes."""


def encode_csv(header: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """Encode rows as a CSV file.

    Parameters
    ----------
    header : Sequence
        Names of the columns.
    rows : Iterable
        The rows.

    Returns
    -------
    bytes
        The file.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def encode_workbook(title: str, rows: Iterable[Sequence]) -> bytes:
    """Encode rows as a workbook, always the same bytes for the same rows.

    Parameters
    ----------
    title : str
        The workbook's title, kept in its properties.
    rows : Iterable
        The rows of its one sheet.

    Returns
    -------
    bytes
        The file.
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Sheet1"
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if cell.is_date:
                cell.number_format = "dd/mm/yyyy hh:mm:ss"
    workbook.properties.title = title
    workbook.properties.creator = "cluster_eval.sample"
    workbook.properties.created = workbook.properties.modified = FIXED_MOMENT

    # Workbook.save would stamp the present moment on the properties, and each zip entry carries one too. Entries
    # are stored rather than compressed because compressed bytes differ between versions of zlib.
    dated, fixed = io.BytesIO(), io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(dated, "w")).save()
    with zipfile.ZipFile(dated) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, FIXED_MOMENT.timetuple()[:6])
            entry.create_system = 0
            target.writestr(entry, source.read(name))
    return fixed.getvalue()


def build_register(fifths: pd.Series) -> dict[str, bytes]:
    """Build the register of clusters.

    Parameters
    ----------
    fifths : pandas.Series
        Deprivation fifth of every cluster.

    Returns
    -------
    dict
        Path relative to the root, and contents.
    """
    clusters = [(code, health_board, fifths[code]) for code, health_board in CLUSTERS.items()]
    return {"data/reference/clusters.csv": encode_csv(("cluster", "health_board", "deprivation_fifth"), clusters)}


def build_cycle_files(
    cycle: str, sample: Sample, titles: Mapping[str, str], opens: date, closes: date, seed: int
) -> dict[str, bytes]:
    """Build the files of one cycle.

    Parameters
    ----------
    cycle : str
        The cycle.
    sample : Sample
        What the clusters answered.
    titles : Mapping
        The title of each rating's outcome, which headings name.
    opens : datetime.date
        First day of the fieldwork.
    closes : datetime.date
        Last day of the fieldwork.
    seed : int
        The sample's seed.

    Returns
    -------
    dict
        Path relative to the root, and contents.
    """
    generator = create_generator(seed, 2 + CYCLES.index(cycle))
    codes = list(sample.scores[cycle].index)
    order = [codes[position] for position in generator.permutation(len(codes))]
    response_ids = draw_response_ids(generator, len(codes))
    times = draw_times(generator, len(codes), opens, closes)
    recorded = {code: (response_ids[place], *times[place]) for place, code in enumerate(order)}
    questioned = cycle in form.QUESTIONED_CYCLES
    comments = assign_comments(generator, sample.answers) if questioned else {}
    headings = list_headings(cycle, titles)
    rows = build_rows(cycle, sample, comments, order, recorded, headings, generator)

    codebook = [(heading, variable) for variable, heading in (form.FORMS_HEADINGS | headings).items()]
    files = {
        "responses.xlsx": encode_workbook(f"Sample data for {cycle}: synthetic responses", rows),
        "codebook.csv": encode_csv(("heading", "variable"), codebook),
    }
    if questioned:
        coding = code_excerpts(generator, comments, {code: recorded[code][0] for code in order})
        columns = ("response_id", "question", "theme", "subtheme", "coder", "excerpt")
        files["coding.csv"] = encode_csv(columns, coding)
    return {f"data/{cycle}/{name}": contents for name, contents in files.items()}


def find_input(root: Path, relative: Path) -> Path:
    """Find a file that the sample is made from: under the root, or else beside this program.

    Parameters
    ----------
    root : Path
        Where the sample is written.
    relative : Path
        The file, relative to a repository's root.

    Returns
    -------
    Path
        The file.
    """
    for place in (root, Path(__file__).resolve().parents[2]):
        if (place / relative).is_file():
            return place / relative
    raise FileNotFoundError(f"{relative} is neither under {root} nor beside this program")


def read_fieldwork(root: Path, cycle: str) -> tuple[date, date]:
    """Read the days on which a cycle's fieldwork opened and closed.

    Parameters
    ----------
    root : Path
        Where the sample is written.
    cycle : str
        The cycle.

    Returns
    -------
    tuple of datetime.date
        First and last day.
    """
    params = yaml.safe_load(find_input(root, Path("params", f"{cycle}.yml")).read_text(encoding="utf-8"))
    return params["fieldwork"]["opens"], params["fieldwork"]["closes"]


def read_titles(root: Path) -> dict[str, str]:
    """Read the titles of outcomes, as the report has them.

    Parameters
    ----------
    root : Path
        Where the sample is written.

    Returns
    -------
    dict
        Codebook variable of each rating, and the title of its outcome.
    """
    with find_input(root, OUTCOMES_FILE).open(encoding="utf-8", newline="") as file:
        titles = {(row["framework"], int(row["outcome"])): row["title"] for row in csv.DictReader(file)}
    return {variable: titles[outcome] for variable, outcome in RATINGS.items()}


def replace_file(path: Path, contents: bytes) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    contents : bytes
        What it will hold.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(contents)
    unfinished.replace(path)


def write_sample(root: Path) -> list[Path]:
    """Write the sample data.

    Parameters
    ----------
    root : Path
        The directory that holds, or will hold, ``data``.

    Returns
    -------
    list of Path
        The files written.
    """
    root = Path(root)
    sample = draw_sample(read_published(find_input(root, PUBLISHED_FIGURES)), SEED)
    titles = read_titles(root)
    files = build_register(sample.fifths)
    for cycle in CYCLES:
        files |= build_cycle_files(cycle, sample, titles, *read_fieldwork(root, cycle), SEED)
    for relative, contents in files.items():
        replace_file(root / relative, contents)
    return [root / relative for relative in files]
