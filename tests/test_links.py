"""Which links of a page work wherever its edition is put: two pages, written here, and what is added to one of them."""

import pytest

from cluster_eval.build.links import find_broken_links

PAGE = "<!DOCTYPE html><html><head>{head}</head><body><article>{body}</article></body></html>"


@pytest.fixture
def write(tmp_path):
    """Write an edition of two pages that link to each other, with more in the first, and find what is broken."""

    def find(body="", head=""):
        edition = tmp_path / "edition"
        (edition / "html/_static").mkdir(parents=True)
        (edition / "report.docx").touch()
        (edition / "html/_static/chart.svg").touch()
        # The theme's templates among the static files are no pages.
        (edition / "html/_static/template.html").write_text('<a href="quokka.html">?</a>', encoding="utf-8")
        links = '<a href="levels.html#first">Levels</a> <img src="_static/chart.svg" alt="">'
        (edition / "html/index.html").write_text(PAGE.format(head=head, body=links + body), encoding="utf-8")
        other = '<h2 id="first">First</h2><a name="old"></a><a href="index.html">Home</a>'
        (edition / "html/levels.html").write_text(PAGE.format(head="", body=other), encoding="utf-8")
        return find_broken_links(edition)

    return find


@pytest.mark.parametrize(
    "link",
    [
        "../report.docx",
        "levels.html",
        "levels.html#old",
        "index.html#",
        "?highlight=a",
        "https://example.org/",
        "mailto:a@example.org",
        "#top",
        "_static/chart.svg",
    ],
)
def test_links_that_work(write, link):
    assert write(f'<a href="{link}">?</a>') == []


BROKEN = {
    "no page": ('<a href="quokka.html">?</a>', "quokka.html", "leads to no file"),
    "no place": ('<a href="levels.html#quokka">?</a>', "levels.html#quokka", "leads to a place"),
    "no place of its own": ('<a href="#quokka">?</a>', "#quokka", "leads to a place"),
    "the host's top": ('<a href="/index.html">?</a>', "/index.html", "leads to the top of the host"),
    "out of the edition": ('<a href="../../steps">?</a>', "../../steps", "leads out of the edition"),
    "a folder without a page": ('<a href="_static">?</a>', "_static", "leads to no file"),
    "a file of a machine": ('<a href="file:///etc/hosts">?</a>', "file:///etc/hosts", "names a file of one machine"),
    "no picture": ('<img src="quokka.svg" alt="">', "quokka.svg", "leads to no file"),
    "no drawing": ('<img srcset="index.html, q.svg 2x" alt="">', "q.svg", "leads to no file"),
    "another host's script": (
        '<script src="https://example.org/a.js"></script>',
        "https://example.org/a.js",
        "is asked of another host",
    ),
    "another host's picture": (
        '<img src="https://example.org/a.png" alt="">',
        "https://example.org/a.png",
        "is asked of another host",
    ),
}


@pytest.mark.parametrize(("html", "address", "wrong"), BROKEN.values(), ids=BROKEN)
def test_links_that_do_not_work_are_told_with_their_page(write, html, address, wrong):
    [problem] = write(html)
    assert problem.startswith(f'html/index.html: "{address}" {wrong}')


def test_another_hosts_style_is_told_and_where_a_page_belongs_is_not(write):
    [problem] = write(
        head='<link rel="canonical" href="https://example.org/"><link rel="stylesheet" href="//example.org/a.css">'
    )
    assert problem == 'html/index.html: "//example.org/a.css" is asked of another host'
