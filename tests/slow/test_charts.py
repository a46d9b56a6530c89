"""How charts are laid out: no text is cut off or covered by another, and a chart is always drawn the same."""

import io
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.transforms import Bbox

from cluster_eval.charts import NARROW, WIDE, draw_bars, draw_correlations, draw_multiples
from cluster_eval.notebook.display import NARROW_CHART, lay_out_exhibit
from cluster_eval.sources.reference import read_outcomes
from cluster_eval.vocabulary import LEVELS
from cluster_eval.words.language import ENGLISH
from tests.helpers import CYCLES, ROOT
from tests.test_exhibits import load

OUTCOMES = read_outcomes(ROOT).table


@pytest.fixture(
    scope="module",
    params=product(CYCLES, (WIDE, NARROW)),
    ids=lambda param: f"{param[0]}-{param[1].width}",
)
def drawn(request):
    """Each chart of a cycle for a layout: its exhibit, its figure, and the lines of its text with where they are."""
    cycle, layout = request.param
    charts = [(exhibit, exhibit.draw(layout=layout)) for exhibit in load(cycle).figures.values()]
    return [(exhibit, figure, measure_lines(figure)) for exhibit, figure in charts]


def measure_lines(figure):
    # As it is published: an SVG has 72 units an inch, and does not move letters to whole pixels.
    figure.set_dpi(72)
    renderer = RendererSVG(*figure.bbox.size, io.StringIO())
    figure.draw(renderer)
    return [line for text in list_texts(figure) for line in split_text(text, renderer)]


def list_texts(figure):
    texts = [text for axes in figure.axes for text in (*axes.texts, *list_ticks(axes.xaxis), *list_ticks(axes.yaxis))]
    legend = [text for legend in figure.legends for text in legend.get_texts()]
    return [text for text in (*figure.texts, *texts, *legend) if text.get_text() and text.get_visible()]


def list_ticks(axis):
    # Labels that are not drawn are not given.
    if not axis.get_visible() or not axis.get_majorticklabels():
        return []
    low, high = sorted(axis.get_view_interval())
    # Ticks beyond the ends of the axis are not drawn.
    places = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
    return [text for place, text in places if low <= place <= high]


def split_text(text, renderer):
    whole, words = text.get_window_extent(renderer), text.get_text()
    lines = words.split("\n")
    bottoms = [whole.y1 - whole.height * number / len(lines) for number in range(1, len(lines) + 1)]
    for line, bottom in zip(lines, bottoms, strict=True):
        text.set_text(line)
        alone = text.get_window_extent(renderer)
        yield line, Bbox.from_bounds(alone.x0, bottom, alone.width, whole.height / len(lines))
    text.set_text(words)


def test_no_text_of_a_chart_reaches_over_its_edge(drawn):
    for exhibit, figure, lines in drawn:
        picture = figure.bbox
        for line, box in lines:
            assert picture.x0 <= box.x0 <= box.x1 <= picture.x1, (exhibit.label, line)
            assert picture.y0 <= box.y0 <= box.y1 <= picture.y1, (exhibit.label, line)


def test_no_text_of_a_chart_overlaps_another(drawn):
    for exhibit, _, lines in drawn:
        for (line, box), (other_line, other_box) in combinations(lines, 2):
            # Lines of one text touch.
            assert not box.padded(-0.1).overlaps(other_box), (exhibit.label, line, other_line)


def squeeze(text):
    return "".join(str(text).split())


def test_each_row_of_a_chart_has_its_whole_label(drawn):
    seen = set()
    for exhibit, figure, _ in drawn:
        rows = [squeeze(text.get_text()) for text in figure.texts]
        if exhibit.table.index.name == "Outcome" and rows != [squeeze(name) for name in exhibit.table.index]:
            # Under its framework's name an outcome is told by number and short title; on a phone the two codes do.
            kind, outcomes = "outcomes", list(OUTCOMES.itertuples())
            names = {squeeze(f"{row.outcome} {row.short_title}") for row in outcomes}
            assert set(rows) <= names | {f"{row.framework}{row.outcome}" for row in outcomes}, exhibit.label
            assert len(rows) == exhibit.table.index.nunique(), exhibit.label
        elif exhibit.table.index.name == "Component and cycle":
            # The name of a component stands above the bars of its cycles.
            kind, names = "groups", [name.rsplit("; ", 1)[1] for name in exhibit.table.index]
            assert rows == names, exhibit.label
        elif exhibit.table.index.name == "Level":
            kind, cycles = "cycles", dict.fromkeys(column.split(":")[0] for column in exhibit.table.columns)
            assert rows == list(cycles), exhibit.label
        else:
            kind = "table"
            assert rows == [squeeze(name) for name in exhibit.table.index], exhibit.label
        seen.add(kind)
    assert seen == {"outcomes", "cycles", "groups", "table"}


def test_a_legend_stands_above_all_else_at_the_left(drawn):
    charts = [(figure, lines) for _, figure, lines in drawn if figure.legends]
    assert len(charts) >= 2
    for figure, lines in charts:
        entries = [text for legend in figure.legends for text in legend.get_texts()]
        of_legend, others = lines[-len(entries) :], lines[: -len(entries)]
        # On a narrow page the heading of a column stands beside the legend.
        below = [box for words, box in others if words not in ("Points", "Stayed")]
        assert min(box.y0 for _, box in of_legend) > max(box.y1 for box in below)
        assert figure.legends[0].get_window_extent().x0 == pytest.approx(9, abs=5)


def test_a_chart_is_always_drawn_the_same():
    bundles = []
    figures = load("2024-25").figures
    for about in ("participation", "PCMW levels", "PCMW means"):
        bundles.clear()
        for _ in range(2):
            figures[about].__dict__.pop("chart", None)
            bundles += [data for data, _ in lay_out_exhibit(figures[about], ENGLISH)]
        first, second = [bundle for bundle in bundles if NARROW_CHART in bundle]
        assert first == second, about


@pytest.mark.parametrize("layout", (WIDE, NARROW), ids=("wide", "narrow"))
def test_outcomes_without_a_correlation_are_drawn(layout):
    """As of a single response, or where all ratings are the same; a warning would fail the section."""
    names = ["PCMW 1 One", "PCMW 2 Other"]
    steps = ["negative", *"abcd"]
    figure = draw_correlations(pd.DataFrame(np.nan, index=[0, 1], columns=[0, 1]), names, ["1", "2"], steps, layout)
    assert not [patch for patch in figure.axes[0].patches if patch.get_width() > 0]
    assert not any("negative" in text.get_text() for text in list_texts(figure))


@pytest.mark.parametrize("layout", [WIDE, NARROW], ids=lambda layout: str(layout.width))
def test_labels_are_drawn_as_they_are_written(layout):
    # Mathematics to matplotlib, which would take dollar signs and spaces away, and finds an error in the second.
    names = ["Costs $5 now, $10 later", r"$\frac$", "_a_ {b} \\c %s"]
    table = pd.DataFrame({"name": names, "n": [1, 2, 3]})
    figure = draw_bars(table, "name", "n", ["1", "2", "3"], layout=layout)
    lines = [line.replace("\n", " ") for line in (text.get_text() for text in list_texts(figure))]
    assert set(names) <= set(lines)
    outlined = io.StringIO()
    figure.savefig(outlined, format="svg")
    assert all(f"<!-- {name} -->" in outlined.getvalue() for name in names)


@pytest.mark.parametrize("layout", [WIDE, NARROW], ids=lambda layout: str(layout.width))
def test_a_word_wider_than_a_label_goes_on_in_the_next_line(layout):
    table = pd.DataFrame({"name": ["https://example.org/" + "a" * 300], "n": [1]})
    figure = draw_bars(table, "name", "n", ["1"], layout=layout)
    assert figure.axes[0].get_position().width > 0.5


def test_a_letter_that_the_font_lacks_is_named():
    table = pd.DataFrame({"name": ["As needed \N{THUMBS UP SIGN}\N{THUMBS UP SIGN} ŵ"], "n": [1]})
    figure = draw_bars(table, "name", "n", ["1"])
    assert "As needed [thumbs up sign,\nthumbs up sign] ŵ" in [text.get_text() for text in list_texts(figure)]
    # matplotlib would warn of a letter that it draws as a box.
    figure.savefig(io.BytesIO(), format="svg")


def test_names_of_small_charts_break_a_word_that_is_wider_than_the_chart():
    rows = [("https://example.org/" + "a" * 60, "2024-25", level, 1, 40, 0.25) for level in LEVELS]
    table = pd.DataFrame(rows, columns=["name", "cycle", "level", "n", "base", "share"])
    figure = draw_multiples(table, "name", {"2024-25": "#12436d"}, LEVELS)
    assert max(len(line) for text in figure.texts for line in text.get_text().splitlines()) <= 20
