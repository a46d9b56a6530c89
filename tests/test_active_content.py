"""What could run in an edition, or be asked of another host: refused, with where it is."""

import json

import pytest

from cluster_eval.build.active_content import (
    check_drawing,
    check_fragment,
    check_index,
    check_notebook,
    check_page,
    check_style,
    find_active_content,
)

PAGE = """<!DOCTYPE html>
<html lang="en-GB" data-content_root="./"><head><meta charset="utf-8"><title>Themes &#8212; a &lt;b&gt; title</title>
<link rel="stylesheet" href="_static/styles/theme.css?digest=55c2"><link rel="next" href="08_change.html">
<script src="_static/doctools.js?v=9a2d"></script><script src="searchindex.js"></script>
<script>DOCUMENTATION_OPTIONS.pagename = '07_themes';</script>
<!-- Scripts loaded after <body> so the DOM is not blocked -->
</head><body><button class="btn" onclick="toggleFullScreen()">&lt;script&gt;</button>
<form action="search.html" method="get"><input type="search" name="q"></form>
<p id="here" style="color: red">1 &lt; 2 <a href="https://phw.nhs.wales/">site</a> <a href="mailto:a@b.example">post</a>
<a href="#here">here</a> <a href="../report.pdf">PDF</a></p>
<picture><source media="(max-width: 719px)" srcset="_static/figures/a.svg">
<img src="_static/figures/b.svg" alt="&lt;"></picture>
%s</body></html>"""

ACTIVE = [
    ("<script>window.hacked=1</script>", "<script> “window.hacked=1”"),
    ("<SCRIPT\n>window.hacked=1</ScRiPt >", "window.hacked=1"),
    ("<script>DOCUMENTATION_OPTIONS.pagename = 'other';</script>", "pagename = 'other'"),
    ("<script>window.hacked=1", "without an end"),
    ('<script src="https://h.example/x.js"></script>', "https://h.example/x.js"),
    ('<script src="//h.example/x.js"></script>', "//h.example/x.js"),
    ('<script src="_downloads/x.js"></script>', "_downloads/x.js"),
    ('<script src="_static/../_downloads/x.js"></script>', "_static/../"),
    ('<script src="_static/%2e%2e/x.js"></script>', "%2e%2e"),
    ('<script type="module">import "./x.js"</script>', "module"),
    ('<svg><script href="data:text/javascript,x"></script></svg>', "<svg>"),
    ("<svg/onload=window.hacked=1>", "<svg>"),
    ("<math><mi xlink:href='javascript:x'></mi></math>", "<math>"),
    ('<img src="x" onerror="window.hacked=1">', "onerror"),
    ('<img src="x"OnError=window.hacked=1>', "onerror"),
    ("<p onclick='toggleFullScreen()'>x</p>", "onclick"),
    ('<button onclick="toggleFullScreen();window.hacked=1">x</button>', "window.hacked=1"),
    ("<body onload=window.hacked=1>", "onload"),
    ("<details ontoggle=window.hacked=1 open></details>", "ontoggle"),
    ('<a href="javascript:window.hacked=1">x</a>', "javascript:"),
    ('<a href=" java&#9;script&colon;window.hacked=1">x</a>', "<a> with href"),
    ('<a href="JAVASCRIPT&#58;window.hacked=1">x</a>', "JAVASCRIPT:"),
    ('<a href="vbscript:x">x</a>', "vbscript:"),
    ('<a href="data:text/html,<script>x</script>">x</a>', "data:text/html"),
    ('<a href="file:///etc/hosts">x</a>', "file:"),
    ('<img src="data:image/svg+xml,<svg onload=x>" alt="x">', "data:image"),
    ('<img src="https://h.example/x.png" alt="x">', "https://h.example"),
    ('<img src="/\\h.example/x.png" alt="x">', "h.example"),
    ('<img src="a.png" srcset="a.png 1x, https://h.example/b.png 2x" alt="x">', "srcset"),
    ('<base href="https://h.example/">', "<base>"),
    ('<meta http-equiv="refresh" content="0; url=https://h.example">', "http-equiv"),
    ('<form action="https://h.example"><input name="q"></form>', "action"),
    ('<form action="#" method="post"></form>', "method"),
    ('<button formaction="https://h.example">x</button>', "formaction"),
    ('<input type="password" name="q">', "password"),
    ('<iframe srcdoc="&lt;script&gt;x&lt;/script&gt;"></iframe>', "<iframe>"),
    ('<object data="x.svg"></object>', "<object>"),
    ('<embed src="x.svg">', "<embed>"),
    ("<frameset><frame src=x></frameset>", "<frameset>"),
    ("<template><p>x</p></template>", "<template>"),
    ("<video src=x></video>", "<video>"),
    ('<link rel="stylesheet" href="https://h.example/x.css">', "https://h.example/x.css"),
    ('<link rel="stylesheet" href="tables/x.csv">', "tables/x.csv"),
    ('<link rel="dns-prefetch" href="_static/x">', "dns-prefetch"),
    ("<style>p { background: url(https://h.example/x.png) }</style>", "https://h.example/x.png"),
    ("<style>@import '//h.example/x.css';</style>", "//h.example/x.css"),
    ('<p style="background: u\\72l(//h.example/x.png)">x</p>', "//h.example/x.png"),
    ('<p style="width: expression(window.hacked=1)">x</p>', "expression()"),
    ("<!--><img src=x onerror=window.hacked=1>-->", "<!--"),
    ("<!-- --!><img src=x onerror=window.hacked=1> -->", "<!--"),
    ('<img src="../../../etc/passwd" alt="x">', "../../../etc/passwd"),
    ('<img src="_static/../../../x" alt="x">', "_static/../../../x"),
    ("<?php x ?>", "<?php"),
    ("<![CDATA[<script>x</script>]]>", "<!["),
]


def test_a_page_of_the_theme_and_what_is_text_in_it_pass():
    assert check_page(PAGE % "", "07_themes") == []


@pytest.mark.parametrize(("content", "told"), ACTIVE)
def test_active_content_of_a_page_is_told(content, told):
    assert told in " ".join(check_page(PAGE % content, "07_themes"))


@pytest.mark.parametrize(
    "content",
    ["<div><style scoped>td { text-align: right }</style><table border='1'></table></div>", "<p>1 &lt; 2</p>"],
)
def test_a_cell_may_show_tables_and_text(content):
    assert check_fragment(content) == []


@pytest.mark.parametrize(
    "content", [content for content, _ in ACTIVE] + ["<script src='_static/doctools.js'></script>"]
)
def test_a_cell_shows_no_active_content(content):
    assert check_fragment(content)


def write_notebook(**data):
    cell = {"cell_type": "code", "source": "", "outputs": [{"output_type": "display_data", "data": data}]}
    return json.dumps({"cells": [cell]})


@pytest.mark.parametrize(
    "data",
    [
        {"text/html": "<script>x</script>"},
        {"text/html": ["<p>", "<img src=x onerror=x>"]},
        {"text/markdown": "a <img src=x onerror=x> b"},
        {"text/markdown": "[x](javas&#99;ript:x)"},
        {"application/javascript": "x"},
        {"application/vnd.jupyter.widget-view": "x"},
        {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"},
    ],
)
def test_active_content_that_a_notebook_shows_is_told(data):
    assert check_notebook(write_notebook(**data))


def test_a_notebook_may_show_text_tables_and_drawings():
    shown = {
        "text/plain": "<script>x</script>",
        "text/markdown": "**a** &#60;script&#62; [b](03_pcmw.ipynb) `<script>`\n\n<div class='x'>\n\n- c\n\n</div>",
        "text/html": "<table><tr><td>1</td></tr></table>",
        "application/vnd.dataresource+json": {"data": []},
        "image/svg+xml": DRAWING % "",
    }
    assert check_notebook(write_notebook(**shown)) == []
    markdown = {"cell_type": "markdown", "source": ["<iframe src=x>\n", "</iframe>"]}
    assert check_notebook(json.dumps({"cells": [markdown]})) == ["<iframe>"]


@pytest.mark.parametrize("text", ["", "[]", "<script>x</script>"])
def test_what_is_no_notebook_is_told(text):
    assert check_notebook(text) == ["cannot be read as a notebook"]


DRAWING = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9pt" height="9pt">
<!-- &lt;script> --><style type="text/css">*{stroke-linejoin: round}</style>
<g clip-path="url(#a)"><use xlink:href="#b" style="fill: #fff"/></g>%s</svg>"""


def test_a_drawing_as_matplotlib_makes_it_passes():
    assert check_drawing(DRAWING % "") == []


@pytest.mark.parametrize(
    "content",
    [
        "<script>x</script>",
        "<g onload='x'/>",
        "<a xlink:href='javascript:x'><rect/></a>",
        "<use xlink:href='https://h.example/x.svg#a'/>",
        "<image href='https://h.example/x.png'/>",
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
        "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>x</h:script>",
        "<set attributeName='href' to='javascript:x'/>",
        "<style>@import 'https://h.example/x.css'</style>",
        "<rect fill='url(https://h.example/x.svg#a)'/>",
        "<?xml-stylesheet href='https://h.example/x.css'?>",
        "<g>",
    ],
)
def test_active_content_of_a_drawing_is_told(content):
    assert check_drawing(DRAWING % content)


def test_a_drawing_declares_no_entities():
    declared = '<!DOCTYPE svg [<!ENTITY x "<script>x</script>">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>'
    assert "declares entities" in check_drawing(declared)


def test_styles_of_the_theme_may_hold_pictures():
    style = "a { background: url('data:image/svg+xml,%3Csvg') } @import '../basic.css'; :root { --x: var(--y, '/') }"
    assert check_style(style, pictures=True) == []
    assert check_style(style) == ['styles with the address "data:image/svg+xml,%3Csvg"']


def test_a_search_index_holds_data_alone():
    assert check_index('Search.setIndex({"titles": ["a"]})') == []
    assert check_index("Search.setIndex({}); window.hacked=1")
    assert check_index("window.hacked=1")


def test_an_edition_is_looked_through_file_by_file(tmp_path):
    files = {
        "html/07_themes.html": PAGE % "",
        "html/_static/theme.css": "p { color: red }",
        "html/_static/doctools.js": "anything()",
        "html/searchindex.js": "Search.setIndex({})",
        "html/_downloads/0a/07_themes.ipynb": write_notebook(**{"text/html": "<p>x</p>"}),
        "notebooks/07_themes.ipynb": write_notebook(**{"text/html": "<p>x</p>"}),
    }
    wrong = {
        "html/08_change.html": PAGE % "<iframe>",
        "html/_downloads/0b/hosts.txt": "127.0.0.1",
        "html/_images/x.exe": "x",
        "html/_static/x.html": "<script>x</script>",
        "html/other.js": "window.hacked=1",
        "notebooks/x.ipynb": write_notebook(**{"text/html": "<script>x</script>"}),
    }
    for place, text in (files | wrong).items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")
    # A browser would go by the mark at its beginning.
    (tmp_path / "html/09_other.html").write_text("<script>x</script>", encoding="utf-16")
    wrong["html/09_other.html"] = ""
    found = find_active_content(tmp_path)
    assert {line.split(":")[0] for line in found} == wrong.keys()
    assert "html/08_change.html: <iframe>" in found
