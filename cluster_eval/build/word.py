"""Writes the report as a Word document: Pandoc's, dressed by python-docx."""

import io
import os
import zipfile
from datetime import UTC, datetime
from html import escape
from itertools import islice
from pathlib import Path

from docx import Document as open_word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph

from cluster_eval.build.cache import Memo
from cluster_eval.build.columns import TEXT_HEIGHT, TEXT_WIDTH, is_high
from cluster_eval.build.document import (
    BREAK,
    CONTENTS,
    SHORT_TABLE,
    Document,
    place_pictures,
)
from cluster_eval.build.pandoc import convert, convert_pages, give_seconds, join_pages
from cluster_eval.templates import read_template

FONT = "Arial"
WIDTH, HEIGHT = Pt(TEXT_WIDTH), Pt(TEXT_HEIGHT)
EMU_PER_TWIP = 635
BLUE, GREY = RGBColor(0x12, 0x43, 0x6D), RGBColor(0x3D, 0x3D, 0x3D)
CONTENTS_DEPTH = 2

# By style: size in points, space before and after, and what else differs from its base.
STYLES = {
    "Normal": (11, 0, 6, {}),
    "Body Text": (11, 0, 8, {"line_spacing": 1.15}),
    "First Paragraph": (11, 0, 8, {}),
    "Compact": (11, 0, 4, {"line_spacing": 1.15}),
    "Title": (28, 0, 6, {"color": BLUE, "bold": True, "alignment": WD_ALIGN_PARAGRAPH.LEFT}),
    "Author": (11, 0, 18, {"color": GREY, "bold": False, "alignment": WD_ALIGN_PARAGRAPH.LEFT}),
    "Heading 1": (22, 18, 8, {"color": BLUE, "bold": True, "page_break_before": True}),
    "Heading 2": (17, 12, 8, {"color": BLUE, "bold": True, "page_break_before": True}),
    "Heading 3": (13, 16, 6, {"color": BLUE, "bold": True}),
    "Heading 4": (11, 12, 4, {"color": BLUE, "bold": True, "italic": False}),
    "TOC Heading": (17, 12, 6, {"color": BLUE, "bold": True}),
    "Image Caption": (11, 12, 6, {"italic": False, "keep_with_next": True}),
    "Table Caption": (11, 12, 6, {"italic": False, "keep_with_next": True}),
    "Captioned Figure": (11, 0, 6, {"keep_with_next": False}),
    "Source": (9, 4, 14, {"color": GREY}),
    "Notice": (11, 0, 6, {"left_indent": Cm(0.3), "right_indent": Cm(0.3)}),
    # Pandoc has none of these before they are used.
    "Header": (9, 0, 0, {"color": GREY}),
    "Footer": (9, 0, 0, {"color": GREY, "alignment": WD_ALIGN_PARAGRAPH.CENTER}),
    "toc 1": (10, 5, 1, {"bold": True}),
    "toc 2": (10, 0, 1, {"left_indent": Cm(0.6)}),
    "Table Text": (9, 2, 2, {}),
    "Dense Table Text": (7.5, 2, 2, {}),
}
BUILT_IN = {"Header", "Footer", "toc 1", "toc 2"}
"""Of these, those that are Word's own."""
TABLE_STYLES = {"Table": "TableText", "DenseTable": "DenseTableText"}
"""By table style, the style of the paragraphs in its cells."""
BULLET_INDENT, BULLET_HANGING = 340, 283
"""In twentieths of a point, for each level of a list."""

_NOTICE_LINE = f"""
<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="8" w:color="12436D"/></w:pBdr>"""
_NOTICE_GROUND = f"""<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="F3F5F8"/>"""
# Without it Word opens the document as one of an older version's.
_WORD_VERSION = f"""
<w:compat {nsdecls("w")}>
  <w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
</w:compat>"""


def write_word(document: Document, pictures: dict[Path, Path], folder: Path, about: dict, kept: Memo) -> bytes:
    """Write a document as Word does.

    Parameters
    ----------
    document : Document
        The document.
    pictures : dict of Path to Path
        The picture to show for each of the document's drawings.
    folder : Path
        The folder that these are in.
    about : dict
        author, subject, lang, dated, and contents, which is what these are called.
    kept : Memo
        Pages that were converted before.

    Returns
    -------
    bytes
        The file; the same for the same document.

    Raises
    ------
    BuildError
        When Pandoc warns of anything.
    """
    shown = {name: os.path.relpath(pictures.get(file, file), folder) for name, file in document.pictures.items()}
    # Word breaks a word that is wider than its column by itself, and who copies text from it wants no marks within.
    pages = [place_pictures(page, shown).replace(BREAK, "") for page in document.pages]
    options = [f"--metadata={key}={about[key]}" for key in ("author", "lang")]
    written = convert(
        join_pages(convert_pages(pages, "json", kept)),
        "json",
        "docx",
        f"--metadata=title={document.title}",
        f"--metadata=toc-title={about['contents']}",
        "--toc",
        "--syntax-highlighting=none",
        *options,
        dated=about["dated"],
        folder=folder,
    )
    word = open_word(io.BytesIO(written))
    _set_styles(word)
    _set_page(word, document.title)
    _fill_contents(word)
    _keep_chapters_with_parts(word)
    _set_tables(word)
    _set_pictures(word)
    _describe(word, document.title, about)
    made = io.BytesIO()
    word.save(made)
    return _set_dates(made, about["dated"])


def _set_styles(word):
    # The reference document's fonts are those of a theme, which go before any that a style names.
    for fonts in word.styles.element.xpath("//w:rFonts[@w:asciiTheme or @w:cstheme]"):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
    for name, (size, before, after, others) in STYLES.items():
        style = _get_style(word, name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.size = Pt(size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        for key, value in others.items():
            if key == "color":
                style.font.color.rgb = value
            else:
                setattr(style.font if hasattr(style.font, key) else style.paragraph_format, key, value)
    word.styles["Hyperlink"].font.color.rgb = BLUE
    word.styles["Hyperlink"].font.underline = True
    word.styles["Verbatim Char"].font.size = None
    notice = word.styles["Notice"].element.get_or_add_pPr()
    for look in (_NOTICE_LINE, _NOTICE_GROUND):
        notice.insert_element_before(parse_xml(look), "w:spacing", "w:ind", "w:jc")
    for name in TABLE_STYLES:
        style = _get_style(word, name, WD_STYLE_TYPE.TABLE).element
        for old in style.xpath("./w:tblPr | ./w:tblStylePr"):
            style.remove(old)
        style.append(parse_xml(read_template("word_table.xml").format(namespaces=nsdecls("w"))))
        style.append(parse_xml(read_template("word_header.xml").format(namespaces=nsdecls("w"))))
    for bold in word.styles["DenseTable"].element.xpath(".//w:rPr"):
        bold.getparent().remove(bold)
    for indent in word.part.numbering_part.element.xpath(".//w:lvl/w:pPr/w:ind"):
        level = int(indent.getparent().getparent().get(qn("w:ilvl")))
        indent.set(qn("w:left"), str(BULLET_INDENT * (level + 1)))
        indent.set(qn("w:hanging"), str(BULLET_HANGING))


def _get_style(word, name, kind):
    for style in word.styles:
        if name in (style.name, style.style_id):
            return style
    return word.styles.add_style(name, kind, builtin=name in BUILT_IN)


def _set_page(word, title):
    [section] = word.sections
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    section.header_distance = section.footer_distance = Cm(1)
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = title
    for footer in (section.footer, section.first_page_footer):
        footer.paragraphs[0]._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"/>'))


def _fill_contents(word):
    """Move Pandoc's table of contents to its place, and fill it: Word does so only when its reader asks for it."""
    body = word.element.body
    [contents] = body.xpath("./w:sdt[.//w:docPartGallery]")
    [place] = body.xpath(f'.//w:bookmarkStart[@w:name="{CONTENTS}"]')
    place.addnext(contents)
    heading, field = contents.iter(qn("w:p"))
    field.getparent().remove(field)
    entries = []
    for paragraph, level in _list_headings(word):
        if level <= CONTENTS_DEPTH:
            anchor = paragraph._p.getprevious().get(qn("w:name"))
            style, text = f"toc{level}", escape(paragraph.text)
            link = f'<w:hyperlink w:anchor="{anchor}"><w:r><w:t>{text}</w:t></w:r></w:hyperlink>'
            entry = f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{link}</w:p>'
            entries.append(parse_xml(entry))
    begin = parse_xml(
        f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="begin"/><w:instrText xml:space="preserve">'
        f' TOC \\o "1-{CONTENTS_DEPTH}" \\h \\z \\u </w:instrText><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    entries[0].pPr.addnext(begin)
    entries[-1].append(parse_xml(f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="end"/></w:r>'))
    for entry in reversed(entries):
        heading.addnext(entry)


def _list_headings(word):
    headings = word.element.body.xpath("./w:p[starts-with(w:pPr/w:pStyle/@w:val, 'Heading')]")
    return [(Paragraph(each, word), int(each.style.removeprefix("Heading"))) for each in headings]


def _keep_chapters_with_parts(word):
    """Begin no page in the document's opening, nor where a heading follows on that of its part."""
    before = None
    for paragraph, _ in _list_headings(word):
        opening = bool(paragraph._p.xpath("following-sibling::w:sdt"))
        previous = paragraph._p.xpath("preceding-sibling::w:p[1]")
        if opening or (before is not None and previous == [before]):
            paragraph.paragraph_format.page_break_before = False
        before = paragraph._p


def _set_tables(word):
    for table in word.element.body.xpath(".//w:tbl"):
        style = TABLE_STYLES[table.tblPr.style]
        _set_widths(table)
        rows = table.tr_lst
        for row in rows:
            if not is_high([_read_cell(cell) for cell in row.tc_lst], _list_widths(table, row)):
                row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for paragraph in table.xpath(".//w:p"):
            paragraph.style = style
        # A header never stands alone at the foot of a page, and a short table with its source on one.
        for row in rows if len(rows) <= SHORT_TABLE else rows[:2]:
            for paragraph in row.xpath(".//w:p"):
                paragraph.get_or_add_pPr().get_or_add_keepNext()
        following = table.getnext()
        if isinstance(following, CT_P) and following.style not in (None, "Source"):
            Paragraph(following, word).paragraph_format.space_before = Pt(12)


def _read_cell(cell):
    return "".join(part.text or "\n" for part in cell.iter(qn("w:t"), qn("w:br")))


def _list_widths(table, row):
    """List how wide the cells of a row are, in points."""
    widths = (Emu(column.w).pt for column in table.tblGrid.gridCol_lst)
    return [sum(islice(widths, cell.grid_span)) for cell in row.tc_lst]


def _set_widths(table):
    """Give a table's columns in lengths: Pandoc's are shares of another page's width."""
    [width] = table.xpath("./w:tblPr/w:tblW")
    wanted = WIDTH * int(width.get(qn("w:w"))) / 5000
    columns = table.tblGrid.gridCol_lst
    given = sum(column.w for column in columns)
    for column in columns:
        column.w = Emu(round(column.w * wanted / given))
    width.set(qn("w:type"), "dxa")
    width.set(qn("w:w"), str(round(wanted / EMU_PER_TWIP)))


def _set_pictures(word):
    """Give pictures their size: Pandoc's are at most as wide as another page's text."""
    for shape in word.inline_shapes:
        picture = shape._inline.graphic.graphicData.pic
        image = word.part.related_parts[picture.blipFill.blip.embed].image
        fitting = min(1, WIDTH / image.width, HEIGHT / image.height)
        shape.width, shape.height = int(image.width * fitting), int(image.height * fitting)
        # It would say where the picture lay when the document was made.
        picture.nvPicPr.cNvPr.attrib.pop("descr", None)


def _describe(word, title, about):
    properties = word.core_properties
    properties.title, properties.author, properties.subject = title, about["author"], about["subject"]
    properties.language, properties.last_modified_by = about["lang"], about["author"]
    for language in word.settings.element.xpath(".//w:themeFontLang"):
        language.set(qn("w:val"), about["lang"])
    word.settings.element.xpath("./w:rsids")[0].addprevious(parse_xml(_WORD_VERSION))


def _set_dates(made, dated):
    """Give each file in the archive the same date; python-docx writes the time."""
    when = datetime.fromtimestamp(give_seconds(dated), UTC).timetuple()[:6]
    stamped = io.BytesIO()
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(stamped, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts.infolist():
            archive.writestr(zipfile.ZipInfo(part.filename, when), parts.read(part), _choose_compression(part.filename))
    return stamped.getvalue()


def _choose_compression(name):
    return zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
