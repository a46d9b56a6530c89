"""The editions for Word and for print: the same report as the book, whole, and open to assistive technology."""

import io
import itertools
import json
import re
import shutil
import struct
import zipfile
from functools import cached_property

import docx
import pytest
import yaml
from bs4 import BeautifulSoup
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from cluster_eval.build.documents import make_documents
from cluster_eval.problems import BuildError
from cluster_eval.words.language import ENGLISH
from cluster_eval.words.numbers import write_minus
from cluster_eval.words.written import read_rows
from tests.helpers import CYCLES, squeeze

AUTHOR = "Public Health Wales, Primary Care Division evaluation team"
EMU_PER_CM = 360_000
OF_SCREEN = ("Show the code", "Hide the code", "Download the table", "(CSV)", "Download this section", "Link to this")


def list_pages(work):
    contents = yaml.safe_load((work / "book" / "_toc.yml").read_text(encoding="utf-8"))
    pages = [{"name": contents["root"], "part": None}]
    for part in contents["parts"]:
        pages += [{"name": chapter["file"], "part": part["caption"]} for chapter in part["chapters"]]
    return pages


class Editions:
    """Both editions of a cycle's report, and what they were made from."""

    def __init__(self, root, cycle):
        self.root, self.cycle, self.work = root, cycle, root / "build" / "steps" / cycle
        self.pages = list_pages(self.work)
        self.told = []
        self.made = self.make()

    def make(self):
        return make_documents(
            self.root, {"cycles": [self.cycle], "language": "en", "pages": self.pages}, self.work, self.told.append
        )

    @cached_property
    def title(self):
        return yaml.safe_load((self.root / "params" / f"{self.cycle}.yml").read_text(encoding="utf-8"))["title"]

    @cached_property
    def word(self):
        return docx.Document(self.work / "editions" / "report.docx")

    @cached_property
    def body(self):
        return self.word.element.body

    @cached_property
    def pdf(self):
        return PdfReader(self.work / "editions" / "report.pdf")

    @cached_property
    def articles(self):
        articles = {}
        for page in self.pages:
            text = (self.work / "book" / "_build" / "html" / f"{page['name']}.html").read_text(encoding="utf-8")
            article = BeautifulSoup(text, "lxml").article
            for each in article.select(".headerlink, details.hide, .exhibit-download"):
                each.decompose()
            # The front page's ways on from there, and what the summary says, too.
            for each in article.select(".screen-only, .headline-figures"):
                each.find_parent("section").decompose()
            for each in article.select(".workbook-only"):
                for beside in each.select(
                    "details, .exhibit-table, :not(.exhibit-beside) > .exhibit-table ~ .exhibit-source"
                ):
                    beside.decompose()
            articles[page["name"]] = article
        return articles

    @cached_property
    def exhibits(self):
        files = (self.work / "exhibits" / f"{page['name']}.json" for page in self.pages)
        return [each for file in files if file.is_file() for each in json.loads(file.read_text(encoding="utf-8"))]

    @cached_property
    def in_workbook(self):
        """By label, what stands in the place of the tables that print leaves out."""
        said = [each.get_text() for article in self.articles.values() for each in article.select(".print-only")]
        return {re.search(r"named (.+)\.$", each)[1]: each for each in said}

    @cached_property
    def headings(self):
        """The headings that the document should have: level and text."""
        headings, part = [], None
        front, *pages = self.pages
        own = [(2, squeeze(each.get_text())) for each in self.articles[front["name"]].find_all("h2")]
        for page in pages:
            if page["part"] != part:
                part = page["part"]
                headings.append((1, part))
            for heading in self.articles[page["name"]].find_all(re.compile("h[1-6]")):
                headings.append((int(heading.name[1]) + 1, squeeze(heading.get_text())))
            # The front page's sections come after the summary.
            headings += own
            own = []
        return headings


@pytest.fixture(scope="module", params=CYCLES)
def editions(request, own_built_root):
    return Editions(own_built_root, request.param)


def test_files_are_made_and_told_of(editions):
    folder = f"build/steps/{editions.cycle}/editions"
    names = ["report.docx", "report.pdf", "summary.pdf"]
    assert editions.made == [f"{folder}/{name}" for name in names]
    assert {file.name for file in (editions.root / folder).iterdir()} >= {*names}
    assert editions.told


# Word


def test_headings_are_the_books_and_skip_no_level(editions):
    headings = [
        (int(each.style.name[-1]), squeeze(each.text))
        for each in editions.word.paragraphs
        if each.style.name.startswith("Heading ")
    ]
    assert headings == editions.headings
    levels = [level for level, _ in headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert [each.text for each in editions.word.paragraphs if each.style.name == "Title"] == [editions.title]


def read_table(table):
    """Read a table's rows; python-docx's own way looks each cell up in the whole table."""
    return [[read_text(cell) for cell in row.iter(qn("w:tc"))] for row in table.iter(qn("w:tr"))]


def read_text(part):
    return "".join(text.text or "" for text in part.iter(qn("w:t")))


def test_each_exhibit_is_there_once_with_its_caption_and_its_table(editions):
    captions = {
        name: [squeeze(each.text) for each in editions.word.paragraphs if each.style.name == name]
        for name in ("Image Caption", "Table Caption")
    }
    drawn = {f"{each['label']}. {each['title']}" for each in editions.exhibits if each["alt"]}
    assert sorted(captions["Image Caption"]) == sorted(squeeze(each) for each in drawn)
    assert editions.in_workbook
    tables, said = {}, [each.text for each in editions.word.paragraphs]
    for table in editions.body.iter(qn("w:tbl")):
        for caption in map(squeeze, table.xpath("./w:tblPr/w:tblCaption/@w:val")):
            assert caption not in tables
            tables[caption] = read_table(table)
    for exhibit in editions.exhibits:
        title = squeeze(f"{exhibit['label']}. {exhibit['title']}")
        if exhibit["label"] in editions.in_workbook:
            sentence = squeeze(editions.in_workbook[exhibit["label"]])
            assert sentence in map(squeeze, said)
            assert not exhibit["alt"] or exhibit["label"] in sentence
            continue
        names = [f"Table of {exhibit['label']}", f"{exhibit['label']}, table"] if exhibit["alt"] else [title]
        [own] = [caption for caption in captions["Table Caption"] if caption in names]
        fields = [field["name"] for field in exhibit["table"]["schema"]["fields"]]
        rows = [[squeeze(write_minus(str(cell))) for cell in row] for row in read_rows(exhibit["table"], ENGLISH)]
        # An arrow beside a number is no part of the data.
        shown = [[re.sub(r"(?<=\d) [↑↓≈]$", "", squeeze(cell)) for cell in row] for row in tables[own]]
        assert shown == [fields, *rows], own
        source = squeeze(" ".join(filter(None, (exhibit["source"], exhibit["notes"]))))
        assert sum(source == squeeze(each.text) for each in editions.word.paragraphs) >= 1


def test_pictures_are_sharp_fit_and_say_what_they_show(editions):
    drawings = editions.body.xpath(".//w:drawing")
    alts = {each["alt"] for each in editions.exhibits if each["alt"]}
    assert {drawing.xpath(".//wp:docPr/@descr")[0] for drawing in drawings} == alts
    assert len(drawings) == len(alts)
    [section] = editions.word.sections
    room = section.page_width - section.left_margin - section.right_margin
    for drawing in drawings:
        [extent] = drawing.xpath(".//wp:extent")
        [part] = drawing.xpath(".//a:blip/@r:embed")
        picture = editions.word.part.related_parts[part].blob
        assert picture.startswith(b"\x89PNG")
        pixels, high = struct.unpack(">II", picture[16:24])
        fitting = min(1, room / (pixels / 300 * 914_400), 22 * EMU_PER_CM / (high / 300 * 914_400))
        assert extent.cx <= room
        assert extent.cx == pytest.approx(pixels / 300 * 914_400 * fitting, rel=0.01)
        assert pixels / (extent.cx / 914_400) >= 299
        assert struct.unpack(">IIB", picture[41:50]) == (11_811, 11_811, 1)


def test_tables_repeat_their_header_and_break_no_row(editions):
    tables = list(editions.body.iter(qn("w:tbl")))
    assert len(tables) >= len(editions.exhibits) - len(editions.in_workbook)
    for table in tables:
        first, *rows = table.tr_lst
        assert first.xpath("./w:trPr/w:tblHeader")
        assert not any(row.xpath("./w:trPr/w:tblHeader") for row in rows)
        assert all(row.xpath("./w:trPr/w:cantSplit") for row in table.tr_lst)
        assert all(read_text(cell) for cell in first.tc_lst)
        assert sum(column.w for column in table.tblGrid.gridCol_lst) <= 17.01 * EMU_PER_CM


def test_language_title_and_author_are_set(editions):
    properties = editions.word.core_properties
    assert (properties.title, properties.author, properties.language) == (editions.title, AUTHOR, "en-GB")
    assert properties.subject
    [language] = editions.word.styles.element.xpath("./w:docDefaults//w:lang/@w:val")
    assert language == "en-GB"
    assert editions.word.sections[0].header.paragraphs[0].text == editions.title


def test_links_lead_to_a_place_in_the_document_or_to_the_web(editions):
    anchors = editions.body.xpath(".//w:hyperlink/@w:anchor")
    assert anchors
    assert set(anchors) <= set(editions.body.xpath(".//w:bookmarkStart/@w:name"))
    outside = [each.target_ref for each in editions.word.part.rels.values() if each.is_external]
    assert all(re.match("(https|mailto):", each) for each in outside)
    with zipfile.ZipFile(editions.work / "editions" / "report.docx") as parts:
        text = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels")))
    assert "file:" not in text
    assert ".html" not in text
    assert str(editions.root) not in text


def test_contents_name_parts_and_chapters(editions):
    entries = [
        (int(paragraph.get_or_add_pPr().pStyle.val[-1]), Paragraph(paragraph, editions.word).text)
        for paragraph in editions.body.xpath("./w:sdt//w:p[starts-with(w:pPr/w:pStyle/@w:val, 'toc')]")
    ]
    assert entries == [(level, text) for level, text in editions.headings if level <= 2]
    # Word would ask its reader whether to update a field that is said to be stale.
    assert not editions.body.xpath(".//w:fldChar[@w:dirty]")
    assert [each.get(qn("w:fldCharType")) for each in editions.body.xpath(".//w:fldChar")] == [
        "begin",
        "separate",
        "end",
    ]


def test_nothing_of_the_screen_is_left(editions):
    text = "\n".join(
        "".join(part.text or "" for part in each.iter(qn("w:t"))) for each in editions.body.iter(qn("w:p"))
    )
    printed = "\n".join(page.extract_text() for page in editions.pdf.pages)
    for words in OF_SCREEN:
        assert words not in text
        assert words not in printed


def test_paragraphs_say_what_the_pages_say(editions):
    wanted = [
        squeeze(each.get_text())
        for article in editions.articles.values()
        for each in article.select("p, li > p, td, th")
        if not each.select_one("p, a.download") and not each.find_parent("summary")
    ]
    found = {
        squeeze("".join(text.text or "" for text in each.iter(qn("w:t")))) for each in editions.body.iter(qn("w:p"))
    }
    assert len(wanted) > 100
    assert [each for each in wanted if each not in found] == []


def test_sample_data_are_said_to_be_so(editions):
    assert any(each.style.name == "Notice" and "synthetic" in each.text for each in editions.word.paragraphs)


# PDF


def list_elements(node):
    """List a PDF's structure elements: kind, and alt text."""
    node = node.get_object()
    if isinstance(node, list):
        return [found for each in node for found in list_elements(each)]
    if not isinstance(node, dict) or node.get("/Type") in ("/MCR", "/OBJR"):
        return []
    own = [(node["/S"], node.get("/Alt"))] if "/S" in node else []
    return own + (list_elements(node["/K"]) if "/K" in node else [])


def list_bookmarks(outline, level=1):
    for each in outline:
        if isinstance(each, list):
            yield from list_bookmarks(each, level + 1)
        else:
            yield level, each.title


def list_starts(pdf, outline=None):
    for each in pdf.outline if outline is None else outline:
        if isinstance(each, list):
            yield from list_starts(pdf, each)
        else:
            yield each.title, pdf.get_destination_page_number(each)


def test_pdf_is_tagged_for_assistive_technology(editions):
    root = editions.pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en-GB"
    assert b"pdfuaid" in editions.pdf.xmp_metadata.stream.get_data()
    assert (editions.pdf.metadata.title, editions.pdf.metadata.author) == (editions.title, AUTHOR)
    elements = list_elements(root["/StructTreeRoot"])
    alts = [alt for kind, alt in elements if kind == "/Figure"]
    assert sorted(alts) == sorted(each["alt"] for each in editions.exhibits if each["alt"])
    assert sum(kind == "/Table" for kind, _ in elements) == len(list(editions.body.iter(qn("w:tbl"))))
    assert any(kind == "/TH" for kind, _ in elements)


def test_pdf_has_bookmarks_contents_and_page_numbers(editions):
    bookmarks = [(level, squeeze(text)) for level, text in list_bookmarks(editions.pdf.outline)]
    assert [each for each in bookmarks if each != (1, "Contents")] == editions.headings
    pages = editions.pdf.pages
    assert len(editions.pages) <= len(pages) <= 110
    # After the title, the contents, on one page; the summary on the next; appendices weigh hardly more than the report.
    first, second = (squeeze(page.extract_text()) for page in pages[:2])
    last = [text for level, text in editions.headings if level == 2][-1]
    assert last in first[-200:]
    assert editions.headings[1][1] in second
    starts = dict(list_starts(editions.pdf))
    parts = [text for level, text in editions.headings if level == 1]
    summary, *_, appendices, about = (starts[part] for part in parts)
    assert about - appendices <= appendices - summary + 1
    assert pages[9].extract_text().rstrip().endswith("10")


# Summary


def test_summary_has_its_page_and_the_picture_of_all_outcomes_on_two_sides(editions):
    summary = PdfReader(editions.work / "editions" / "summary.pdf")
    assert len(summary.pages) == 2
    printed = [re.sub(r"\s", "", page.extract_text()) for page in summary.pages]
    article = editions.articles[editions.pages[1]["name"]]
    parts = [each for each in article.select("p, h2, li") if not each.select_one("a.download")]
    said = [each.get_text() for each in parts if not each.find_parent(["details", "figure"])]
    assert [each for each in said if re.sub(r"\s", "", each) not in "".join(printed)] == []
    assert re.sub(r"\s", "", article.select_one("p").get_text())[:40] in printed[0]
    alts = [alt for kind, alt in list_elements(summary.trailer["/Root"]["/StructTreeRoot"]) if kind == "/Figure"]
    assert sorted(alts) == sorted(
        image["alt"] for page in editions.pages[:2] for image in editions.articles[page["name"]].find_all("img")
    )


# All


def test_the_same_report_is_the_same_file(editions):
    files = [editions.root / place for place in editions.made]
    before = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    editions.make()
    assert [file.read_bytes() for file in files] == before
    with zipfile.ZipFile(io.BytesIO(before[0])) as parts:
        assert {part.date_time[:3] for part in parts.infolist()} != {(1980, 1, 1)}
        assert len({part.date_time for part in parts.infolist()}) == 1


def test_pictures_of_no_drawing_are_removed(editions):
    stale = editions.work / "pictures" / "stale.png"
    stale.write_bytes(b"")
    kept = {file: file.stat().st_mtime_ns for file in stale.parent.iterdir() if file != stale}
    editions.make()
    assert {file: file.stat().st_mtime_ns for file in stale.parent.iterdir()} == kept


@pytest.mark.parametrize(
    ("page", "old", "new", "named"),
    [
        ("03_pcmw", "figure-2-wide.svg", "figure-none-wide.svg", "03_pcmw.*figure-none-wide.svg"),
        ("index", 'href="sample_data.html"', 'href="nowhere.html"', "index.*sample data.*nowhere"),
    ],
)
def test_what_is_not_there_is_named(built_root, tmp_path, page, old, new, named):
    cycle = CYCLES[0]
    steps = built_root / "build" / "steps" / cycle
    work = tmp_path / cycle
    for part in ("book", "figures"):
        shutil.copytree(steps / part, work / part)
    broken = work / "book" / "_build" / "html" / f"{page}.html"
    text = broken.read_text(encoding="utf-8")
    assert old in text
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BuildError, match=named):
        make_documents(built_root, {"cycles": [cycle], "language": "en", "pages": list_pages(work)}, work, print)
    assert not (work / "editions").exists()


def test_a_drawing_that_is_none_is_named(built_root, tmp_path):
    cycle = CYCLES[0]
    steps = built_root / "build" / "steps" / cycle
    work = tmp_path / cycle
    for part in ("book", "figures"):
        shutil.copytree(steps / part, work / part)
    drawing = next((work / "figures").glob("*-wide.svg"))
    drawing.write_text('<svg width="10pt" height="10pt">', encoding="utf-8")
    with pytest.raises(BuildError, match=drawing.name):
        make_documents(built_root, {"cycles": [cycle], "language": "en", "pages": list_pages(work)}, work, print)


def test_a_changed_page_gives_the_files_that_all_pages_anew_would(own_built_root):
    cycle = CYCLES[0]
    steps = own_built_root / "build" / "steps"
    work = shutil.copytree(steps / cycle, steps / "edited", ignore=shutil.ignore_patterns("kept"))
    given = {"cycles": [cycle], "language": "en", "pages": list_pages(work)}

    def make():
        return [(own_built_root / place).read_bytes() for place in make_documents(own_built_root, given, work, print)]

    before = make()
    kept = set((work / "kept").iterdir())
    page = work / "book" / "_build" / "html" / "limitations.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</h1>", " and more</h1>"), encoding="utf-8")
    edited = make()
    # The page is laid out anew, and converted for both files.
    assert len(set((work / "kept").iterdir()) - kept) == 3
    assert len(set((work / "kept").iterdir())) == len(kept)
    shutil.rmtree(work / "kept")
    assert make() == edited
    # The page is no part of the summary.
    assert [new != old for new, old in zip(edited, before, strict=True)] == [True, True, False]
