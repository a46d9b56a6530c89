"""An analyst's own chart: an exhibit with number, words and table, or told what it lacks."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from matplotlib.figure import Figure

import cluster_eval as ce
from cluster_eval.build.active_content import check_drawing
from cluster_eval.notebook import own_chart
from cluster_eval.notebook.display import METADATA, NARROW_CHART, TABLE_DATA
from tests.helpers import ROOT

COUNTS = pd.DataFrame({"Responses": [3, 5]}, index=pd.Index(["April", "May"], name="Month"))
EDITION = ce.open_cycle("2024-25", root=ROOT)
WORDS = {"title": "Responses by month, Wales", "alt": "Bar chart. More came in May."}


@pytest.fixture
def shown(monkeypatch):
    """What is displayed: data and metadata, part by part."""
    outputs = {}

    def display(bundle, metadata, **about):
        outputs[metadata[METADATA]["part"]] = (bundle, metadata[METADATA])

    monkeypatch.setattr("cluster_eval.notebook.shown.display", display)
    monkeypatch.setattr(own_chart, "_shown", [])
    monkeypatch.delenv(own_chart.PLACE, raising=False)
    yield outputs
    plt.close("all")


def draw_axes():
    return COUNTS.plot.bar()


CHARTS = {
    "a figure": lambda: draw_axes().figure,
    "axes": draw_axes,
    "axes of subplots": lambda: pd.DataFrame({"a": [1, 2], "b": [2, 1]}).plot(subplots=True),
    "lines": lambda: plt.plot([1, 2]),
    "bars": lambda: plt.bar([1, 2], [3, 4])[0],
    "axes of seaborn": lambda: sns.barplot(x=["a", "b"], y=[1, 2]),
    "a grid of seaborn": lambda: sns.catplot(x=["a", "b"], y=[1, 2]),
    "pixels": lambda: plt.figure().add_subplot().imshow([[1, 2], [3, 4]]),
    "a heat map": lambda: sns.heatmap([[1, 2], [3, 4]], annot=True),
    "a subfigure": lambda: plt.figure().subfigures().subplots(),
}


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_a_chart_becomes_an_exhibit_and_is_not_shown_again(shown, draw):
    EDITION.show(draw(), table=COUNTS, note="Base: 8.", **WORDS)
    assert list(shown) == ["caption", "chart", "table"]
    drawing, about = shown["chart"]
    assert about == {
        "part": "chart",
        "name": "own-figure-1",
        "label": "Figure N1",
        "source": "Base: 8.",
        "notes": "",
        **WORDS,
    }
    assert drawing["image/svg+xml"] == drawing[NARROW_CHART]
    assert check_drawing(drawing["image/svg+xml"]) == []
    assert shown["table"][0][TABLE_DATA]["data"][1] == {"Month": "May", "Responses": 5}
    assert plt.get_fignums() == []


def test_charts_are_numbered_in_their_order_and_the_same_cell_has_the_same_number(shown, monkeypatch):
    labels = []
    for title in ("One", "Two", "One"):
        EDITION.show(draw_axes(), table=COUNTS, title=title, alt="Bars rise to four.")
        labels.append(shown["chart"][1]["label"])
    assert labels == ["Figure N1", "Figure N2", "Figure N1"]
    # A build executes each cell once, and tells how many charts are before.
    monkeypatch.setenv(own_chart.PLACE, "02_participation 3")
    EDITION.show(draw_axes(), table=COUNTS, title="Three", alt="Bars rise to four.")
    about = shown["chart"][1]
    assert (about["label"], about["name"]) == ("Figure N6", "02_participation-figure-3")
    with pytest.raises(ValueError, match='two figures of the section have the title "Three"'):
        EDITION.show(draw_axes(), table=COUNTS, title="Three", alt="Bars rise to four.")


def test_a_chart_drawn_again_is_the_same(shown):
    drawings = []
    for _ in range(2):
        EDITION.show(draw_axes(), table=COUNTS, **WORDS)
        drawings.append(shown["chart"][0]["image/svg+xml"])
    assert drawings[0] == drawings[1]


def test_letters_that_the_font_lacks_are_named_wherever_they_stand(shown):
    names = ["\N{THUMBS UP SIGN} good", "b"]
    axes = pd.Series([1, 2], index=names).plot.bar(title="\N{THUMBS UP SIGN}")
    sns.barplot(x=names, y=[1, 2], ax=axes.figure.add_axes((0, 0, 0.1, 0.1)))
    table = pd.DataFrame({"n": [1, 2]}, index=pd.Index(names, name="Answer"))
    EDITION.show(axes, table=table, **WORDS)
    drawing = shown["chart"][0]["image/svg+xml"]
    assert drawing.count("<!-- [thumbs up sign]") == 3
    assert shown["table"][0][TABLE_DATA]["data"][0]["Answer"] == names[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"title": None}, "title= is missing: say measure, place and period"),
        ({"title": " "}, "title= is missing"),
        ({"alt": ""}, "alt= is missing: say what the chart shows"),
        ({"alt": "chart.png"}, 'alt="chart.png" names a file'),
        ({"alt": "Figure of responses"}, 'alt="Figure of responses" begins with what a screen reader says anyway'),
        ({"alt": "image: bars"}, "begins with"),
        ({"alt": WORDS["title"]}, "alt= repeats the title"),
        ({"table": None}, "table= is missing: give the numbers"),
        ({"title": "", "alt": None, "table": None}, "title= .*; alt= .*; table= "),
        ({"table": COUNTS.iloc[:0]}, "the table has no cells"),
        ({"table": COUNTS.rename_axis(None)}, r'has no name; such as table.rename_axis\("Month"\)'),
        ({"table": COUNTS.assign(responses=1)}, "two columns of the table have the same name"),
        ({"table": pd.concat({"a": COUNTS}, axis=1)}, "columns have several levels"),
    ],
)
def test_what_a_chart_lacks_is_told_with_what_to_do(shown, words, told):
    with pytest.raises(ValueError, match=told):
        EDITION.show(draw_axes(), **{"table": COUNTS, **WORDS, **words})
    assert not shown


@pytest.mark.parametrize(
    ("exhibit", "words", "told"),
    [
        (3, {}, "found int, which is no chart; give the figure"),
        (COUNTS, {}, "found a DataFrame; show takes an exhibit or a chart"),
        ("chart.png", {}, "found a str"),
        (None, {"table": COUNTS, **WORDS}, "found NoneType, which is no chart; give the figure"),
        ([], {"table": COUNTS, **WORDS}, "found list, which is no chart; give the figure"),
        (Figure().subplots(), {"table": [1], **WORDS}, "table= is a list; give a DataFrame"),
        (Figure().subplots(), {"table": COUNTS["Responses"], **WORDS}, r"such as table.to_frame\(\)"),
    ],
)
def test_what_is_no_chart_is_told(shown, exhibit, words, told):
    with pytest.raises(TypeError, match=told):
        EDITION.show(exhibit, **words)


def test_a_figure_that_is_empty_is_told(shown):
    with pytest.raises(ValueError, match="the figure is empty; draw it and show it in one cell"):
        EDITION.show(Figure(), table=COUNTS, **WORDS)


def test_cells_are_numbers_text_or_the_symbol_for_missing(shown):
    frame = pd.DataFrame(
        {"Month": ["April", "May"], "Share": [0.1 + 0.2, np.nan], "Day": pd.to_datetime(["2025-04-01"] * 2)}
    )
    EDITION.show(draw_axes(), table=frame, **WORDS)
    first, second = shown["table"][0][TABLE_DATA]["data"]
    assert first == {"Month": "April", "Share": 0.3, "Day": "2025-04-01 00:00:00"}
    assert second["Share"] == "[x]"
    grouped = pd.DataFrame({"a": ["x", "x"], "b": [1, 2], "n": [3, 4]}).set_index(["a", "b"])
    EDITION.show(draw_axes(), table=grouped, title="Grouped", alt="Bars rise to four.")
    assert shown["table"][0][TABLE_DATA]["data"] == [{"a": "x", "b": 1, "n": 3}, {"a": "x", "b": 2, "n": 4}]


def test_facts_are_listed_by_the_names_that_sentences_have():
    listed = EDITION.list_facts({"cycle": "2024-25", "board": {"rate": "5 of 9", "<b>": "<i>"}})
    assert listed["Says"].to_dict() == {"cycle": "2024-25", "board.rate": "5 of 9", "board.<b>": "<i>"}
    assert listed.index.name == "Name"
    assert "<i>" not in listed.to_html()


def test_the_example_of_the_documentation_runs(shown):
    text = (ROOT / "docs" / "sections.md").read_text(encoding="utf-8")
    [example] = [code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "title=" in code]
    exec(example, {"ce": ce, "cycle": "2024-25", "edition": EDITION, "report": EDITION.report})
    assert shown["chart"][1]["title"] == "Responses by health board, Wales, 2024-25"
    assert len(shown["table"][0][TABLE_DATA]["data"]) == 7
