"""Own charts in a whole book: numbered in reading order, and in every format."""

import nbformat
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.helpers import call_command, copy_small_book

OWN = """\
import pandas
counts = pandas.DataFrame({"Responses": [3, 5]}, index=pandas.Index(["April", "May"], name="Month"))
edition.show(counts.plot.bar(), title="Responses in %s", table=counts, alt="Bar chart. More came in May.")"""


def add_cell(root, section, source):
    """Add a cell at the end of a notebook; give its place."""
    file = root / "notebooks" / f"{section}.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(source, id="added"))
    nbformat.write(notebook, file)
    return len(notebook.cells)


def test_own_charts_are_numbered_over_the_book_and_are_in_every_format(tmp_path):
    root = copy_small_book(tmp_path / "small")
    own = ("01_levels", "03_appendix_abbreviations")
    for section in own:
        add_cell(root, section, OWN % section)
    place = add_cell(root, "02_appendix_actions", "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots(1, 2)")
    done = call_command(root, "report", "2024-25")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    told = "import matplotlib.pyplot as plt): figure without alt text: show it with"
    [line] = [line for line in done.stdout.splitlines() if told in line]
    assert f"02_appendix_actions, cell {place} (" in line
    build = root / "build" / "2024-25"
    for number, section in enumerate(own, start=1):
        page = (build / "html" / f"{section}.html").read_text(encoding="utf-8")
        assert f"Figure N{number}." in page
        assert 'alt="Bar chart. More came in May."' in page
        assert "&lt;Axes" not in page
        assert (build / "html" / "tables" / f"{section}-figure-1.csv").is_file()
    printed = "".join(page.extract_text() for page in PdfReader(build / "report.pdf").pages)
    written = [paragraph.text for paragraph in Document(build / "report.docx").paragraphs]
    for number, section in enumerate(own, start=1):
        caption = f"Figure N{number}. Responses in {section}"
        assert caption in written
        assert caption in printed
    assert {"Figure N1", "Figure N2"} <= set(load_workbook(build / "tables.xlsx").sheetnames)
    # Up to date or not, it is told, and it is not published.
    assert told in call_command(root, "report", "2024-25").stdout
    refused = call_command(root, "publish", "2024-25", str(tmp_path / "site"))
    assert refused.returncode == 2
    assert told in refused.stderr
