"""What a reader sees: numbers of figures, what charts show and how, and that tables hold the measures."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from cluster_eval import exhibits, facts, measures, open_report
from cluster_eval.notebook.edition import OpenEdition
from cluster_eval.values import Kind
from cluster_eval.vocabulary import ANSWERS, LEVELS, QUESTIONS
from tests.conftest import CYCLES, ROOT

FRAMEWORKS = {"PCMW": 13, "ACD": 7}
# Lowest level first: the Government Analysis Function's sequential palette, its darkest colour for the highest level.
LEVEL_COLOURS = dict(zip(LEVELS, ("#6bace6", "#2073bc", "#12436d", "#092135"), strict=True))
CYCLE_COLOURS = {"2024-25": "#12436d", "2023-24": "#f46a25"}


class Shown:
    """Every exhibit of a cycle, by what it is about."""

    def __init__(self, cycle):
        self.cycle = cycle
        self.report = report = open_report(cycle, ROOT)
        self.edition = OpenEdition(report)
        write = self.edition.write
        self.participation = measures.participation.summarise(report.responses, report.register)
        self.maturity = measures.maturity.summarise(report.responses)
        self.means = measures.maturity.summarise_means(report.responses)
        self.intervals = measures.uncertainty.summarise_means(report.responses, report.register)
        self.agreement = measures.agreement.summarise(report.responses)
        self.meetings = measures.meetings.summarise(report.responses)
        made = {
            "participation": exhibits.participation.response_rate(report, self.participation),
            "meetings": exhibits.agreement.meetings(report, self.meetings),
        }
        made["overview"] = exhibits.maturity.overview(report, self.maturity)
        components = measures.components.summarise(report.responses, report.outcomes)
        made["components"] = exhibits.components.levels(report, components)
        took_part = facts.describe_participation(self.participation)
        made["next steps"] = exhibits.actions.next_steps(report, took_part)
        for framework, outcomes in FRAMEWORKS.items():
            made[f"{framework} summed"] = exhibits.maturity.summed_levels(report, self.maturity, framework)
            made[f"{framework} previous"] = None
            if report.previous:
                previous = exhibits.maturity.levels(report, self.maturity, framework, report.previous)
                made[f"{framework} previous"] = previous
            made[f"{framework} levels"] = exhibits.maturity.levels(report, self.maturity, framework)
            made[f"{framework} means"] = exhibits.maturity.mean_scores(report, self.intervals, framework)
            made[f"{framework} multiples"] = exhibits.maturity.levels_of_each(report, self.maturity, framework)
            fifths = measures.deprivation.summarise_means(report.responses, framework)
            made[f"{framework} deprivation"] = exhibits.deprivation.mean_scores(report, fifths, framework)
            for outcome in range(1, outcomes + 1):
                made[f"{framework} {outcome}"] = exhibits.maturity.outcome(
                    report, self.maturity, framework, str(outcome)
                )
        for question in QUESTIONS:
            made[question] = exhibits.agreement.agreement(report, self.agreement, question)
        if report.coding is not None:
            themes = measures.themes.summarise(report.coding)
            for place, theme in enumerate(themes["theme"].unique(), start=1):
                made[f"theme {place}"] = exhibits.themes.evidence(report, themes, report.coding, theme)
            made["themes"] = exhibits.themes.themes(report, themes)
        made |= self.make_inference()
        comments = measures.comments.summarise(report.responses)
        made["comments"] = exhibits.agreement.comments(report, comments)
        made["deprivation tests"] = exhibits.deprivation.analysis_of_variance(
            report, measures.deprivation.summarise(report.responses)
        )
        made["quality"] = exhibits.records.data_quality(report, report.quality)
        made["abbreviations"] = exhibits.records.abbreviations(report)
        for framework in FRAMEWORKS:
            made[f"{framework} outcomes"] = exhibits.outcomes.outcomes(report, framework)
        for each in report.cycles:
            made[f"actions {each}"] = exhibits.records.actions(report, each)
        self.exhibits = {about: write(exhibit) for about, exhibit in made.items() if exhibit is not None}
        self.figures = {about: exhibit for about, exhibit in self.exhibits.items() if exhibit.chart is not None}

    def make_inference(self):
        """Make the exhibits of what is tested and estimated."""
        report = self.report
        self.responding = measures.nonresponse.compare_responders(report.register, report.responses)
        self.ranking = measures.ranking.summarise(report.responses, report.register, draws=1000)
        self.trend = measures.deprivation.summarise_trend(report.responses)
        self.reliability = measures.reliability.summarise_reliability(report.responses)
        self.correlations = measures.reliability.correlate_outcomes(report.responses)
        self.linked = measures.linked.summarise(report.responses)
        made = {
            "non-response": exhibits.responding.non_response(report, self.responding),
            "ranking": exhibits.responding.ranking(report, self.ranking),
            "shares": exhibits.statistics.shares(
                report, measures.estimates.estimate_levels(report.responses, report.register)
            ),
            "fifths difference": exhibits.deprivation.difference(report, self.trend),
            "fifths by outcome": exhibits.deprivation.trend(report, self.trend),
            "reliability": exhibits.statistics.reliability(report, self.reliability),
            "correlations": exhibits.statistics.correlations(
                report, self.correlations, measures.reliability.order_outcomes(self.correlations)
            ),
            "tests": exhibits.statistics.tests(report, self.responding, self.linked, self.trend, self.reliability),
        }
        if report.previous is not None:
            self.moves = measures.transition.summarise_moves(report.responses)
            self.transitions = measures.transition.summarise_transitions(report.responses)
            self.decomposition = measures.transition.decompose_change(report.responses)
            self.overlap = measures.overlap.summarise(report.responses, report.register)
            self.certain = measures.overlap.count_certain_moves(self.maturity, self.overlap)
            self.totals = measures.estimates.compare_totals(report.responses, report.register)
            made |= {
                "moves": exhibits.change.moves(report, self.moves),
                "linked": exhibits.change.linked(report, self.linked),
                "overlap": exhibits.change.overlap(report, self.overlap),
                "certain moves": exhibits.change.certain_moves(report, self.certain),
                "fixed mix": exhibits.change.fixed_mix(report, self.totals),
                "linked tests": exhibits.change.linked_tests(report, self.linked),
                "decomposition": exhibits.change.decomposition(report, self.decomposition),
                "decomposition by outcome": exhibits.change.decomposition_by_outcome(report, self.decomposition),
                **{f"{code} shifts": exhibits.outcomes.shifts(report, self.maturity, code) for code in FRAMEWORKS},
                **{
                    f"{code} moved from to": exhibits.change.transitions(report, self.transitions, code)
                    for code in FRAMEWORKS
                },
            }
        if report.own_coding is not None:
            self.coders = measures.coder_agreement.summarise(report.own_coding)
            made["coders"] = exhibits.themes.coder_agreement(report, self.coders)
        return made


load = cache(Shown)


@pytest.fixture(params=CYCLES)
def shown(request):
    return load(request.param)


@pytest.fixture
def published():
    return load("2024-25")


def list_bars(figure):
    """List a chart's bars, leaving out the outlines drawn around some."""
    return [bar for axes in figure.axes for container in axes.containers for bar in container]


def shows_levels(about):
    return (
        about.endswith((" levels", " previous", " summed"))
        or about in ("overview", "components")
        or about[-1:].isdigit()
    )


def is_stacked(about):
    return shows_levels(about) and not about.startswith("theme")


PUBLISHED_NUMBERS = [
    *("participation", "PCMW summed", "PCMW previous", "PCMW levels", "ACD summed", "ACD previous", "ACD levels"),
    *("progress", "role", "system_support", "health_board_access", "meetings", "time_achievable"),
    *("theme 1", "theme 2", "theme 3", "theme 4"),
    *("PCMW means", *(f"PCMW {outcome}" for outcome in range(1, 14))),
    *("ACD means", *(f"ACD {outcome}" for outcome in range(1, 8))),
]


def test_figures_have_the_published_numbers(published):
    assert len(PUBLISHED_NUMBERS) == 39
    labels = {about: exhibit.label for about, exhibit in published.figures.items() if "S" not in exhibit.label}
    assert labels == {about: f"Figure {number}" for number, about in enumerate(PUBLISHED_NUMBERS, start=1)}


def test_figures_of_a_cycle_that_lacks_some_are_numbered_on():
    first = load("2023-24")
    there = [about for about in PUBLISHED_NUMBERS if about in first.figures]
    assert len(there) == 1 + 2 + 2 + 2 + 20
    assert [first.figures[about].label for about in there] == [f"Figure {n}" for n in range(1, len(there) + 1)]


def test_labels_are_unique_and_additions_are_numbered_s(shown):
    labels = [exhibit.label for exhibit in shown.exhibits.values()]
    assert len(set(labels)) == len(labels)
    for kind in ("Figure ", "Figure S", "Table ", "Table S"):
        numbers = sorted(int(label.removeprefix(kind)) for label in labels if re.fullmatch(rf"{kind}\d+", label))
        assert numbers == list(range(1, len(numbers) + 1))
    assert all(re.fullmatch(r"(Figure|Table) S?\d+", label) for label in labels)


def test_bars_start_at_zero(shown):
    for about, exhibit in shown.figures.items():
        bars = list_bars(exhibit.chart)
        if "means" in about or "deprivation" in about or about in ("shares", "correlations", "linked"):
            assert not bars, about
            continue
        assert bars
        if about == "moves":
            # To the left and to the right of nought.
            assert {bar.get_x() for bar in bars} == {0}
            continue
        if "multiples" in about:
            assert {bar.get_y() for bar in bars} == {0}
            assert {axes.get_ylim() for axes in exhibit.chart.axes} == {exhibit.chart.axes[0].get_ylim()}
            assert exhibit.chart.axes[0].get_ylim()[0] == 0
            continue
        assert exhibit.chart.axes[0].get_xlim()[0] == 0
        rows = {}
        for bar in sorted(bars, key=Rectangle.get_x):
            end = rows.get(round(bar.get_y(), 3), 0)
            assert bar.get_x() == pytest.approx(end), about
            assert bar.get_width() >= 0
            if is_stacked(about):
                rows[round(bar.get_y(), 3)] = bar.get_x() + bar.get_width()


def test_scores_are_drawn_over_the_whole_scale(shown):
    for about in ("PCMW means", "ACD means", "PCMW deprivation", "ACD deprivation"):
        assert shown.figures[about].chart.axes[0].get_xlim() == (1, 4)


def test_level_has_the_same_colour_in_each_chart_and_the_legend_is_in_the_order_of_the_stack(shown):
    stacked = [about for about in shown.figures if is_stacked(about)]
    assert len(stacked) == 2 + 20 + 2 + 2 * len(shown.report.cycles)
    for about in stacked:
        figure = shown.figures[about].chart
        colours = [{to_hex(bar.get_facecolor()) for bar in container} for container in figure.axes[0].containers]
        assert colours == [{colour} for colour in LEVEL_COLOURS.values()]
        legend = figure.legends[0]
        assert [text.get_text() for text in legend.get_texts()] == list(LEVELS)
        assert [to_hex(handle.get_color()) for handle in legend.legend_handles] == list(LEVEL_COLOURS.values())
    for framework, outcomes in FRAMEWORKS.items():
        figure = shown.figures[f"{framework} multiples"].chart
        assert len(figure.axes) == outcomes
        for axes in figure.axes:
            [bars] = axes.containers
            assert [to_hex(bar.get_facecolor()) for bar in bars] == list(LEVEL_COLOURS.values())


def test_cycle_has_the_same_colour_in_each_chart(published):
    for about in ("participation", "PCMW means", "ACD deprivation", "overview"):
        legend = published.figures[about].chart.legends[-1]
        colours = [to_hex(handle.get_color()) for handle in legend.legend_handles]
        assert dict(zip((text.get_text() for text in legend.get_texts()), colours, strict=True)) == CYCLE_COLOURS


def get_contrast(one, other):
    def get_luminance(colour):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((get_luminance(one), get_luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_labels_inside_bars_fit_and_stand_out_from_them(shown):
    for about in ("PCMW levels", "ACD levels", "PCMW summed", "ACD 6", "overview"):
        figure = shown.figures[about].chart
        figure.draw_without_rendering()
        labels = [text for text in figure.axes[0].texts if text.get_text().endswith("%")]
        assert len(labels) > 2
        for label in labels:
            box = label.get_window_extent()
            [bar] = [
                bar
                for bar in list_bars(figure)
                if bar.get_window_extent().contains((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
            ]
            around = bar.get_window_extent()
            assert around.x0 <= box.x0 <= box.x1 <= around.x1, label.get_text()
            assert get_contrast(label.get_color(), bar.get_facecolor()[:3]) >= 4.5


def test_charts_hold_no_title_and_their_text_is_large_and_horizontal(shown):
    for about, exhibit in shown.figures.items():
        figure = exhibit.chart
        for axes in figure.axes:
            assert [axes.get_title(loc=place) for place in ("left", "center", "right")] == ["", "", ""], about
            assert to_hex(figure.get_facecolor()) == to_hex(axes.get_facecolor()) == "#ffffff"
        assert figure.get_suptitle() == ""
        texts = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
        assert texts
        assert min(text.get_fontsize() for text in texts) >= 9.5, about
        assert {text.get_rotation() for text in texts} == {0}, about


def test_bars_of_a_chart_are_as_long_as_the_measure(published):
    figure = published.figures["role"].chart
    shares = published.agreement.query("question == 'role'")["share"]
    assert [bar.get_width() for bar in list_bars(figure)] == pytest.approx(list(shares))
    levels = published.maturity.query("framework == 'ACD' and outcome != 'all' and cycle == '2024-25'")
    wide = levels.pivot(index="outcome", columns="level", values="share")
    for cycle in ("previous", "levels"):
        table = published.exhibits[f"ACD {cycle}"].table
        ranked = [title.split()[0] for title in table.index]
        higher = wide["Developing"] + wide["Mature"]
        assert [higher[outcome] for outcome in ranked] == sorted(higher, reverse=True)
    widths = [bar.get_width() for bar in list_bars(published.figures["ACD levels"].chart)]
    assert widths == pytest.approx([wide.loc[outcome, level] for level in LEVELS for outcome in ranked])
    [*overview] = list_bars(published.figures["overview"].chart)
    by_place = sorted(overview, key=lambda bar: (bar.get_y(), bar.get_x()))
    assert [bar.get_width() for bar in by_place[-28:]] == pytest.approx(
        [wide.loc[outcome, level] for outcome in ranked for level in LEVELS]
    )


def test_overview_shows_the_change_of_each_outcome(published):
    own, before = (
        published.maturity.query("cycle == @cycle and outcome != 'all' and level in ('Developing', 'Mature')")
        .groupby(["framework", "outcome"])["share"]
        .sum()
        for cycle in ("2024-25", "2023-24")
    )
    exhibit = published.exhibits["overview"]
    dots = [each for each in exhibit.chart.axes[1].collections if len(each.get_facecolor())]
    keys = [(name.split()[0], name.split()[1]) for name in exhibit.table.index]
    assert len(keys) == 20
    for cycle, shares in (("2023-24", before), ("2024-25", own)):
        [drawn] = [each for each in dots if to_hex(each.get_facecolor()[0]) == CYCLE_COLOURS[cycle]]
        assert [x for x, _ in drawn.get_offsets()] == pytest.approx([shares[key] for key in keys])
    percent = [
        [int(Decimal(str(round(shares[key] * 100, 9))).quantize(0, ROUND_HALF_UP)) for key in keys]
        for shares in (before, own)
    ]
    points = [now - then for then, now in zip(*percent, strict=True)]
    assert list(exhibit.values["Change, percentage points"]) == points
    signed = [f"+{n}" if n > 0 else f"−{-n}" if n < 0 else "0" for n in points]
    assert [text.get_text() for text in exhibit.chart.axes[0].texts][-20:] == signed
    rose = sum((own - before)[key] > 0 for key in keys)
    assert f"rose for {rose} of the outcomes that both rated, most for" in exhibit.alt
    assert f"and fell for {20 - rose}, most for" in exhibit.alt


def test_changes_are_the_difference_of_what_stands_beside_them(published):
    """52.4 and 57.8 subtract to 5.4, though the change before rounding is 5.35."""
    checked = 0
    for about in ("overview", "linked", "linked tests", "fixed mix"):
        columns = published.exhibits[about].columns
        kinds = [column.kinds or (column.kind,) * len(column.cells) for column in columns]
        for place in range(2, len(columns)):
            for row in range(len(columns[place].cells)):
                then, now, change = (columns[each].cells[row] for each in range(place - 2, place + 1))
                units = [kinds[each][row] for each in range(place - 2, place + 1)]
                if units[0] is units[1] and units[2] in CHANGES.get(units[0], ()):
                    assert now - then == change, (about, row)
                    checked += 1
    assert checked > 60


CHANGES = {Kind.PERCENT: {Kind.POINTS}, Kind.PERCENT_1: {Kind.POINTS_1}}


def test_small_charts_show_both_cycles(published):
    exhibit = published.exhibits["ACD multiples"]
    rows = published.maturity.query("framework == 'ACD' and outcome == '4'").set_index(["cycle", "level"])["share"]
    axes = exhibit.chart.axes[3]
    assert [bar.get_height() for bar in list_bars(exhibit.chart)[12:16]] == pytest.approx(list(rows["2024-25"]))
    lines = [each for each in axes.collections if to_hex(each.get_color()[0]) == CYCLE_COLOURS["2023-24"]]
    assert [line.get_segments()[0][0][1] for line in lines] == pytest.approx(list(rows["2023-24"]))
    assert list(exhibit.table.columns[:2]) == ["Cycle", "Pre-foundation: number"]
    assert len(exhibit.table) == 2 * 7


def test_table_of_levels_is_the_measure(shown):
    for framework, outcomes in FRAMEWORKS.items():
        rows = shown.maturity.query("framework == @framework")
        by_outcome = rows[(rows["cycle"] == shown.cycle) & (rows["outcome"] != "all")]
        table = shown.exhibits[f"{framework} levels"].values
        assert len(table) == outcomes
        table = table.loc[sorted(table.index, key=lambda title: int(title.split()[0]))]
        for level in LEVELS:
            of_level = by_outcome[by_outcome["level"] == level]
            assert list(table[f"{level}: number"]) == list(of_level["n"])
            assert list(table[f"{level}: %"]) == [int(100 * share + 0.5) for share in of_level["share"]]
        assert list(table["Base"]) == list(of_level["base"])
        for outcome in ("summed", *range(1, outcomes + 1)):
            of_outcome = rows[rows["outcome"] == ("all" if outcome == "summed" else str(outcome))]
            check_counts(shown.exhibits[f"{framework} {outcome}"].table, of_outcome, "level")


def check_counts(table, rows, category):
    for cycle, of_cycle in rows.groupby("cycle"):
        assert list(table.index) == list(of_cycle[category])
        assert [int(n) for n in table[f"{cycle}: number"]] == list(of_cycle["n"])
        assert [int(n) for n in table[f"{cycle}: base"]] == list(of_cycle["base"])
        assert [int(n) for n in table[f"{cycle}: %"]] == [int(100 * share + 0.5) for share in of_cycle["share"]]


def test_tables_of_answers_meetings_participation_and_means_are_the_measures(published):
    for question in QUESTIONS:
        table = published.exhibits[question].table
        assert list(table.index) == list(ANSWERS)
        check_counts(table, published.agreement.query("question == @question"), "answer")
    for kind, rows in published.meetings.groupby("kind"):
        numbers = published.exhibits["meetings"].table[f"{kind.capitalize()}: number"]
        assert [int(n) for n in numbers] == list(rows["n"])
    for cycle, rows in published.participation.groupby("cycle"):
        table = published.exhibits["participation"].table
        assert [int(n) for n in table[f"{cycle}: responses"]] == list(rows["responses"])
        assert [int(n) for n in table[f"{cycle}: clusters"]] == list(rows["clusters"])
    means = published.means.query("framework == 'ACD' and outcome != 'all' and cycle == '2023-24'")["mean"]
    table = published.exhibits["ACD means"].table
    current = [float(mean) for mean in table["2024-25: mean"]]
    assert current == sorted(current, reverse=True)
    table = table.loc[sorted(table.index, key=lambda title: int(title.split()[0]))]
    shown_means = [float(mean) for mean in table["2023-24: mean"]]
    assert shown_means == pytest.approx(list(means), abs=0.005)


def test_tables_name_their_index_and_columns_and_leave_no_cell_empty(shown):
    for about, exhibit in shown.exhibits.items():
        assert exhibit.table.index.name, about
        assert all(exhibit.table.columns)
        assert exhibit.table.columns.is_unique
        assert len(exhibit.table)
        assert not exhibit.table.isna().to_numpy().any(), about
        cells = {str(cell) for cell in exhibit.table.to_numpy().ravel()} | {str(row) for row in exhibit.table.index}
        assert not cells & {"", "nan", "None", "NaT", "<NA>"}, about


def test_alt_text_states_a_finding_of_its_own(shown):
    alts = [exhibit.alt for exhibit in shown.figures.values()]
    assert len(set(alts)) == len(alts)
    for about, exhibit in shown.figures.items():
        assert re.search(r"\d", exhibit.alt), about
        assert exhibit.alt.endswith("."), about
        assert len(exhibit.alt) > 40
        assert not re.match(r"(?i)figure|image|chart of|\S+\.\w{3}$", exhibit.alt)
        assert exhibit.title not in exhibit.alt


def test_source_tells_the_base_and_that_the_data_are_a_sample(shown):
    for about, exhibit in shown.figures.items():
        assert "sample data" in exhibit.source, about
        if not about.startswith("theme") and "deprivation" not in about:
            assert "Base: " in exhibit.source, about
        assert shown.cycle in exhibit.title or about.endswith("previous")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda shown: measures.maturity.summarise(shown.report.responses, "PCWM"), "found 'PCWM'; nearest: PCMW"),
        (lambda shown: exhibits.maturity.levels(shown.report, shown.maturity, "ADC"), "found 'ADC'; nearest: ACD"),
        (
            lambda shown: exhibits.maturity.outcome(shown.report, shown.maturity, "ACD", "8"),
            "found '8'; accepted: 1, 2, 3",
        ),
        (lambda shown: exhibits.maturity.outcome(shown.report, shown.maturity, "ACD", 1), "found 1, which is not text"),
        (lambda shown: facts.describe_outcome(shown.maturity, "ACD", "8"), "found '8'; accepted: 1, 2, 3"),
        (lambda shown: exhibits.agreement.agreement(shown.report, shown.agreement, "progess"), "nearest: progress"),
        (lambda shown: shown.edition.show(shown.maturity), "found a DataFrame"),
    ],
)
def test_what_a_call_does_not_know_is_told_with_what_there_is(published, call, told):
    with pytest.raises((ValueError, TypeError), match=re.escape(told)):
        call(published)
