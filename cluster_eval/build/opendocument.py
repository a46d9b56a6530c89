"""Writes the workbook edition as an OpenDocument spreadsheet."""

import io
from decimal import Decimal
from zipfile import ZipFile, ZipInfo

from odfdo import Cell, Column, Document, Element, Paragraph, Row, Style, Table
from odfdo import Link as Anchor
from xlsxwriter.utility import xl_range

from cluster_eval.build.sheets import COVER_WIDTH, Link, Workbook

CHARACTER = 0.235
"""Centimetres that a character takes in Arial 12."""
LEFT, RIGHT = {"fo:text-align": "start", "fo:margin-left": "0cm"}, {"fo:text-align": "end"}
# Text does not touch numbers at the right of the column before.
INDENTED = {"fo:text-align": "start", "fo:margin-left": "0.3cm"}
TITLE = {"fo:font-size": "14pt", "fo:font-weight": "bold"}
LINK = {"fo:color": "#0000ff", "style:text-underline-style": "solid"}
ROW = "row"
PAGE = "Mpm1"
"""The template's page."""
LANDSCAPE = {
    "fo:page-width": "29.7cm",
    "fo:page-height": "21cm",
    "style:print-orientation": "landscape",
}
# A picture of the template, of which nothing is left.
THUMBNAIL = "Thumbnails/thumbnail.png"


def write_ods(workbook: Workbook) -> bytes:
    """Write a workbook as an OpenDocument spreadsheet.

    Parameters
    ----------
    workbook : Workbook
        What to write.

    Returns
    -------
    bytes
        The file; the same for the same workbook.
    """
    document = Document("spreadsheet")
    document.body.clear()
    document.language = workbook.language
    page = document.get_style("page-layout", PAGE)
    page.set_properties(LANDSCAPE)
    # As wide as one page, and as long as it takes; `set_properties` does not know the attribute.
    page.get_element("style:page-layout-properties").set_attribute("style:scale-to-X", "1")
    document.del_part(THUMBNAIL)
    document.manifest.del_full_path(THUMBNAIL)
    meta = document.meta
    meta.title = workbook.title
    meta.initial_creator = meta.creator = workbook.author
    meta.creation_date = meta.date = workbook.created
    meta.clear_user_defined_metadata()
    styles = _Styles(document)
    document.body.append(_lay_out_cover(workbook.cover, styles))
    ranges = Element.from_tag("table:database-ranges")
    for sheet in workbook.sheets:
        document.body.append(_lay_out_sheet(sheet, styles))
        ranges.append(_name_table(sheet))
    document.body.append(ranges)
    file = io.BytesIO()
    document.save(file)
    return _fix_dates(file)


class _Styles:
    """Makes each style once, when it is first asked for, and gives its name."""

    def __init__(self, document):
        self._document = document
        self._names = {}
        self._document.insert_style(Style("table-row", name=ROW, use_optimal_height=True), automatic=True)

    def find_cell(self, align=LEFT, decimals=0, border=False, **text):
        """Find the style of cells; all wrap."""

        def make(name):
            style = Style("table-cell", name=name, parent_style="Default")
            frame = {"fo:border-bottom": "0.5pt solid #000000"} if border else {}
            look = {"fo:wrap-option": "wrap", "style:vertical-align": "top", "style:text-align-source": "fix"}
            style.set_properties({**look, **frame}, area="table-cell")
            style.set_properties(align, area="paragraph")
            style.set_properties({"fo:font-size": "12pt", **text}, area="text")
            if decimals:
                style.set_attribute("style:data-style-name", self._find_number(decimals))
            return style

        return self._find(("cell", *align.values(), decimals, border, *sorted(text.items())), make)

    def find_column(self, characters):
        """Find the style of columns that are so many characters wide."""
        width = f"{characters * CHARACTER:.2f}cm"
        return self._find(("column", characters), lambda name: Style("table-column", name=name, width=width))

    def _find_number(self, decimals):
        def make(name):
            style = Style("number", name=name)
            places = {"decimal-places": decimals, "min-decimal-places": decimals, "min-integer-digits": 1}
            number = Element.from_tag("number:number")
            for key, value in places.items():
                number.set_attribute(f"number:{key}", str(value))
            style.append(number)
            return style

        return self._find(("number", decimals), make)

    def _find(self, key, make):
        if key not in self._names:
            self._names[key] = f"{key[0]}{len(self._names)}"
            self._document.insert_style(make(self._names[key]), automatic=True)
        return self._names[key]


def _lay_out_cover(cover, styles):
    table = _start_table(cover.name, [COVER_WIDTH], styles)
    table.append(_make_row([(cover.title, styles.find_cell(**TITLE | {"fo:font-size": "16pt"}))]))
    for heading, lines in cover.parts.items():
        for line, look in [(heading, TITLE), *((line, {}) for line in lines)]:
            table.append(_make_row([(line, styles.find_cell(**look | _look(line)))]))
    return table


def _lay_out_sheet(sheet, styles):
    aligned = [LEFT, *(RIGHT if numeric else INDENTED for numeric in sheet.find_numeric()[1:])]
    bold = {"fo:font-weight": "bold"}
    table = _start_table(sheet.name, sheet.measure_columns(), styles)
    table.append(_make_row([(sheet.title, styles.find_cell(**TITLE))]))
    for line in sheet.lines:
        table.append(_make_row([(line, styles.find_cell(**_look(line)))]))
    header = [
        (name, styles.find_cell(align, border=True, **bold)) for name, align in zip(sheet.columns, aligned, strict=True)
    ]
    table.append(_make_row(header))
    for cells in sheet.rows:
        row = [
            (cell, styles.find_cell(align, _places(cell), **_look(cell)))
            for cell, align in zip(cells, aligned, strict=True)
        ]
        table.append(_make_row(row))
    return table


def _start_table(name, widths, styles):
    table = Table(name, style="ta1")
    for width in widths:
        table.append(Column(style=styles.find_column(width)))
    return table


def _make_row(cells):
    row = Row(style=ROW)
    row.extend_cells([_make_cell(value, style) for value, style in cells])
    return row


def _make_cell(value, style):
    if not isinstance(value, str | Link):
        return Cell(value, text=str(value), style=style)
    cell = Cell(style=style)
    cell.type = "string"
    if isinstance(value, Link):
        anchor = Anchor(f"#'{value.sheet}'.A1", text=value.text)
        anchor.set_attribute("xlink:type", "simple")
        cell.append(Paragraph())
        cell.get_paragraph().append(anchor)
    else:
        # A spreadsheet's lines are paragraphs; some programs leave out a break inside of one.
        for line in value.split("\n"):
            cell.append(Paragraph(line))
    return cell


def _look(cell):
    return LINK if isinstance(cell, Link) else {}


def _places(cell):
    return -cell.as_tuple().exponent if isinstance(cell, Decimal) else 0


def _name_table(sheet):
    first = 1 + len(sheet.lines)
    start, end = xl_range(first, 0, first + len(sheet.rows), len(sheet.columns) - 1).split(":")
    about = {
        "name": sheet.table,
        "target-range-address": f"'{sheet.name}'.{start}:'{sheet.name}'.{end}",
        "contains-header": "true",
        "display-filter-buttons": "false",
    }
    element = Element.from_tag("table:database-range")
    for key, value in about.items():
        element.set_attribute(f"table:{key}", value)
    return element


def _fix_dates(file):
    """Write a zip file again, each of its members with the date that zip files begin with."""
    fixed = io.BytesIO()
    with ZipFile(file) as old, ZipFile(fixed, "w") as new:
        for member in old.infolist():
            info = ZipInfo(member.filename)
            info.compress_type = member.compress_type
            new.writestr(info, old.read(member))
    return fixed.getvalue()
