"""What a reader sees: a chart and its table, number, title, base, source and alt text, as one thing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from cluster_eval import charts, facts, measures
from cluster_eval.exhibit_list import find_exhibit, read_listing
from cluster_eval.inference_exhibits import (
    ABOVE_NOUGHT,
    HOLM,
    INTERVAL,
    SHARES,
    SUMMED,
    InferenceExhibits,
)
from cluster_eval.measures import themes as themes_measure
from cluster_eval.measures.change import compare
from cluster_eval.measures.maturity import ALL, sum_higher
from cluster_eval.problems import check_name
from cluster_eval.prose import join_words, write_count, write_number, write_p, write_percent, write_points, write_score
from cluster_eval.tables import (
    capitalise,
    set_cycles_side_by_side,
    spread_counts,
    spread_levels,
    spread_levels_by_cycle,
    tabulate_differing_claims,
    tabulate_differing_values,
    write_or_missing,
)
from cluster_eval.values import SMALLEST_BASE
from cluster_eval.vocabulary import (
    ABBREVIATIONS,
    FRAMEWORKS,
    LEVELS,
    RATINGS,
)
from cluster_eval.words.numbers import round_half_up, write_minus

if TYPE_CHECKING:
    from cluster_eval.report import Report

SURVEY = "Cluster self-reflection survey, Public Health Wales"
MOST_DEPRIVED, LEAST_DEPRIVED = 1, 5


@dataclass(frozen=True)
class Exhibit:
    """A figure or a table, whole.

    Attributes
    ----------
    label : str
        Such as `Figure 4`, `Table 1` or, for what the published report does not have, `Figure S1`.
    title : str
        Measure, place and period.
    table : DataFrame
        The numbers as readers see them; the index has a name, and so has every column.
    source : str
        Source and base.
    draw : callable, optional
        Draws the chart of the same numbers for a layout (`charts.WIDE` or `charts.NARROW`); a table has none.
    alt : str
        What the chart shows, for who does not see it.
    open_table : bool
        Whether the table of a figure is shown without being asked for.
    """

    label: str
    title: str
    table: pd.DataFrame
    source: str
    draw: Callable[..., Figure] | None = field(default=None, repr=False)
    alt: str = ""
    open_table: bool = False

    @cached_property
    def chart(self) -> Figure | None:
        """The chart, for a wide page."""
        return None if self.draw is None else self.draw(layout=charts.WIDE)

    @property
    def name(self) -> str:
        """The label as an identifier, such as `figure-4`."""
        return self.label.lower().replace(" ", "-")

    @property
    def caption(self) -> str:
        """Label and title."""
        return f"{self.label}. {self.title}"


class Exhibits(InferenceExhibits):
    """Makes the exhibits of an open cycle from its measures.

    Figures have the numbers of the published report wherever a cycle has all that it shows; a cycle that
    lacks some has consecutive numbers. Exhibits that the published report lacks are numbered S1, S2 ….

    Parameters
    ----------
    report : Report
        An open cycle.
    """

    def __init__(self, report: "Report"):
        self._report = report

    def summed_levels(self, maturity: pd.DataFrame, framework: str) -> Exhibit | None:
        """Show maturity levels summed over a framework's outcomes, each cycle.

        Parameters
        ----------
        maturity : DataFrame
            What `measures.uncertainty.summarise_summed` returns, or `measures.maturity.summarise`, which has no
            intervals.
        framework : str
            `PCMW` or `ACD`.

        Returns
        -------
        Exhibit or None
            A figure; with intervals, the share at the two higher levels is in its table as well. None where there is
            no outcome that every cycle rated.
        """
        rows = maturity[maturity["framework"] == framework]
        if "outcome" in rows.columns:
            rows = rows[rows["outcome"] == ALL]
        summed = self._name_summed(framework)
        title = f"Maturity levels summed over {summed}, Wales"
        return self._levels_by_cycle(f"{framework}_summed", title, rows, f"Summed over {summed}")

    def maturity_by_outcome(self, maturity: pd.DataFrame, framework: str, cycle: str | None = None) -> Exhibit | None:
        """Show the levels of each outcome of a framework in one cycle.

        Parameters
        ----------
        maturity : DataFrame
            What `measures.maturity.summarise` returns.
        framework : str
            `PCMW` or `ACD`.
        cycle : str, optional
            The report's own where left out.

        Returns
        -------
        Exhibit or None
            A figure; None where the maturity table does not have the cycle.
        """
        check_name("framework", framework, FRAMEWORKS)
        cycle = cycle or self._report.cycle
        rows = maturity[(maturity["framework"] == framework) & (maturity["cycle"] == cycle)]
        rows = rows[(rows["outcome"] != ALL) & (rows["base"] > 0)]
        if rows.empty or cycle not in self._report.cycles:
            return None
        rows = self._rank_outcomes(maturity, rows)
        rows = rows.assign(Outcome=rows["outcome"].map(self._outcome_titles(framework)))
        table = spread_levels(rows)
        shares = rows.pivot(index="Outcome", columns="level", values="share").loc[table.index]
        counts = _count_most_common(shares)
        higher = sum_higher(rows).set_index("outcome")
        names = facts.name_outcomes(self._report.outcomes, framework)
        alt = (
            f"Stacked bar chart. In {self._report.name_cycle(cycle)}, {counts.index[0]} is the most common level for "
            f"{counts.iloc[0]} of {write_number(len(shares), 'outcome')}. {_describe_ends(higher, names)}"
        )
        key = f"{framework}_levels" if cycle == self._report.cycle else f"{framework}_levels_previous"
        title = f"Maturity level by {framework} outcome, Wales"
        return self._make(
            key,
            title,
            [cycle],
            table,
            partial(charts.draw_levels, rows, "Outcome"),
            alt,
            bases=rows["base"],
            note=f"Outcomes are ranked by their share at Developing or Mature in {self._own}.",
        )

    def overview(self, maturity: pd.DataFrame) -> Exhibit:
        """Show the levels of all outcomes of both frameworks, and the change of their share at Developing or Mature.

        Parameters
        ----------
        maturity : DataFrame
            What `measures.maturity.summarise` returns.

        Returns
        -------
        Exhibit
            A figure.
        """
        own, previous = self._report.cycle, self._report.previous
        rows = maturity[(maturity["cycle"] == own) & (maturity["outcome"] != ALL) & (maturity["base"] > 0)]
        rows = self._group_outcomes(self._rank_outcomes(maturity, rows)).rename(columns={"short": "category"})
        # Counts stand in each framework's own table; this one is to be taken in at a glance, too.
        table, higher = spread_levels(rows), sum_higher(maturity)
        if rows["base"].min() >= SMALLEST_BASE:
            table = table[[column for column in table.columns if not column.endswith(": number")]]
        names = rows.drop_duplicates("Outcome").set_index(["framework", "outcome"])[["Outcome", "category"]]
        change = compare(higher, ["framework", "outcome"], "share").set_index(["framework", "outcome"])
        change = change.reindex(names.index).join(names)
        large = higher["base"].min() >= SMALLEST_BASE and not change["change"].isna().all()
        top = higher[higher["cycle"] == own].set_index(["framework", "outcome"]).reindex(names.index)
        alt = (
            f"Stacked bar chart of {write_number(len(names), 'outcome')} in {self._own}. "
            f"{_describe_ends(top, names['Outcome'])}"
        )
        moves, title = None, "Maturity of all outcomes, Wales"
        if large:
            points = change["change"].map(lambda share: share if pd.isna(share) else round_half_up(share * 100))
            moves = pd.DataFrame(
                {
                    "category": change["category"],
                    previous: change["previous"],
                    own: change["current"],
                    "label": [write_or_missing(n, lambda n: _write_change(int(n))) for n in points],
                }
            )
            title = f"Maturity of all outcomes, and change in the share at Developing or Mature since {previous}, Wales"
            table[f"Developing or Mature: {previous}, %"] = [
                write_or_missing(share, lambda share: str(round_half_up(share * 100))) for share in change["previous"]
            ]
            table[f"Developing or Mature: {own}, %"] = [
                write_or_missing(share, lambda share: str(round_half_up(share * 100))) for share in change["current"]
            ]
            table["Change, percentage points"] = [write_or_missing(n, lambda n: str(int(n))) for n in points]
            alt += f" {_describe_moves(change, self._report.name_cycle(previous))}"
        return self._make(
            "overview",
            title,
            [own],
            table,
            partial(charts.draw_overview, rows, moves, charts.colour_cycles(self._report.cycles)),
            alt,
            bases=rows["base"],
            note="Outcomes are ranked by their share at Developing or Mature.",
            sources=self._report.cycles if large else [own],
        )

    def levels_of_each(self, maturity: pd.DataFrame, framework: str) -> Exhibit:
        """Show the levels of each outcome of a framework as a small chart of its own, each cycle.

        Parameters
        ----------
        maturity : DataFrame
            What `measures.maturity.summarise` returns.
        framework : str
            `PCMW` or `ACD`.

        Returns
        -------
        Exhibit
            A figure.
        """
        rows = maturity[(maturity["framework"] == framework) & (maturity["outcome"] != ALL) & (maturity["base"] > 0)]
        titles, short = self._name_outcomes("title"), self._name_outcomes("short_title")
        outcomes = [str(outcome) for _, outcome in RATINGS.values()]
        rows = _put_in_order(rows, dict.fromkeys(outcomes))
        rows = rows.assign(
            Outcome=[titles[framework, outcome] for outcome in rows["outcome"]],
            short=[short[framework, outcome] for outcome in rows["outcome"]],
        )
        own = rows[rows["cycle"] == self._report.cycle]
        shares = own.pivot(index="Outcome", columns="level", values="share")[list(LEVELS)]
        counts = _count_most_common(shares)
        parts = [f"{level} for {count}" for level, count in counts.items()]
        pre = own[own["level"] == LEVELS[0]].set_index("outcome")
        most = pre["share"].idxmax()
        names = facts.name_outcomes(self._report.outcomes, framework)
        where = f"highest for {_name_equals(pre['share'], most, names)}" if pre["share"].nunique() > 1 else "the same"
        ties = ", ties counting for each" if counts.sum() > len(shares) else ""
        alt = (
            f"Small bar charts, one for each of {write_number(len(shares), 'outcome')}. In {self._own} the most common "
            f"level is {join_words(parts)}{ties}. The share at {LEVELS[0]} is {where}: {_write_row(pre.loc[most])}."
        )
        return self._make(
            f"{framework}_multiples",
            f"Maturity levels of each {framework} outcome, Wales",
            self._report.cycles,
            spread_levels_by_cycle(rows),
            partial(charts.draw_multiples, rows, "short", charts.colour_cycles(self._report.cycles)),
            alt,
            bases=rows["base"],
        )

    def mean_scores(self, means: pd.DataFrame, framework: str) -> Exhibit:
        """Show the mean maturity score of each outcome, each cycle.

        Parameters
        ----------
        means : DataFrame
            What `measures.uncertainty.summarise_means` returns, or `measures.maturity.summarise_means`, which has no
            intervals.
        framework : str
            `PCMW` or `ACD`.

        Returns
        -------
        Exhibit
            A figure.
        """
        rows = means[(means["framework"] == framework) & (means["outcome"] != ALL) & (means["base"] > 0)]
        own = rows[rows["cycle"] == self._report.cycle].sort_values("mean", ascending=False, kind="stable")
        rows = _put_in_order(rows, own["outcome"])
        rows = rows.assign(Outcome=rows["outcome"].map(self._outcome_titles(framework)))
        columns, note = {"mean": "mean"}, f"Outcomes are ranked by their mean in {self._own}."
        if "low" in rows.columns:
            columns |= {"low": "95% from", "high": "95% to"}
            note += f" {INTERVAL} They come from a bootstrap over clusters."
        rounded = rows.assign(
            **{column: [write_or_missing(mean, write_score) for mean in rows[column]] for column in columns}
        )
        table = set_cycles_side_by_side(rounded, "Outcome", columns | {"base": "base"})
        current = rows[rows["cycle"] == self._report.cycle].set_index("outcome")["mean"]
        names = facts.name_outcomes(self._report.outcomes, framework)
        highest, lowest = (_name_equals(current, end, names) for end in (current.idxmax(), current.idxmin()))
        alt = f"Dot chart of mean scores. In {self._own} " + (
            f"the highest is that of {highest}, {write_score(current.max())}, and the lowest that of {lowest}, "
            f"{write_score(current.min())}."
            if highest != lowest
            else f"each is {write_score(current.max())}."
        )
        colours = charts.colour_cycles(self._report.cycles)
        chart = partial(charts.draw_means, rows, "Outcome", "cycle", colours)
        title = f"Mean maturity score by {framework} outcome (Pre-foundation 1 to Mature 4), Wales"
        return self._make(
            f"{framework}_means",
            title,
            self._report.cycles,
            table,
            chart,
            alt,
            bases=rows["base"],
            note=note,
        )

    def outcome(self, maturity: pd.DataFrame, framework: str, outcome: str) -> Exhibit | None:
        """Show the levels of one outcome, each cycle.

        Parameters
        ----------
        maturity : DataFrame
            What `measures.maturity.summarise` returns.
        framework, outcome : str
            Which outcome.

        Returns
        -------
        Exhibit or None
            A figure; None where nobody rated the outcome in the report's own cycle.
        """
        titles = self._outcome_titles(framework)
        check_name(f"{framework} outcome", outcome, titles)
        rows = maturity[(maturity["framework"] == framework) & (maturity["outcome"] == outcome)]
        named = f"{framework} outcome {titles[outcome]}"
        return self._levels_by_cycle(f"{framework}_{outcome}", f"Maturity levels, {named}, Wales", rows, named)

    def themes(self, themes: pd.DataFrame) -> Exhibit:
        """Tabulate themes and sub-themes.

        Parameters
        ----------
        themes : DataFrame
            What `measures.themes.summarise` returns for the report's cycle.

        Returns
        -------
        Exhibit
            A table.
        """
        table = themes.rename(
            columns={
                "theme": "Theme",
                "subtheme": "Sub-theme",
                "excerpts": "Excerpts",
                "responses": "Responses",
            }
        ).set_index("Theme")[["Sub-theme", "Excerpts", "Responses"]]
        source = "An excerpt to which coders gave different sub-themes counts in each of them."
        title = "Themes and sub-themes of comments by clusters that disagreed, Wales"
        return self._make("themes", title, [self._report.cycle], table, note=source)

    def theme_evidence(self, themes: pd.DataFrame, coding: pd.DataFrame, theme: str) -> Exhibit:
        """Show the sub-themes of one theme, each with an excerpt.

        Parameters
        ----------
        themes : DataFrame
            What `measures.themes.summarise` returns for the report's cycle.
        coding : DataFrame
            The cycle's thematic coding.
        theme : str
            The theme.

        Returns
        -------
        Exhibit
            A figure.
        """
        rows = themes[themes["theme"] == theme].sort_values("excerpts", ascending=False, kind="stable")
        excerpts = themes_measure.choose_excerpts(coding, theme).set_index("subtheme")["excerpt"]
        is_sample = self._report.cycle in self._report.sample_cycles
        heading = "Excerpt (sample text, not a respondent's words)" if is_sample else "Excerpt"
        table = pd.DataFrame(
            {
                heading: [f"“{excerpts[subtheme]}”" for subtheme in rows["subtheme"]],
                "Excerpts": rows["excerpts"].to_numpy(),
                "Responses": rows["responses"].to_numpy(),
            },
            index=pd.Index(rows["subtheme"], name="Sub-theme"),
        )
        tops = rows[rows["excerpts"] == rows["excerpts"].max()]
        names, has = join_words(f"“{name}”" for name in tops["subtheme"]), "has" if len(tops) == 1 else "have"
        number = write_number(int(tops["excerpts"].iloc[0]), "excerpt")
        origin = f" from {write_number(int(tops['responses'].iloc[0]), 'response')}" if len(tops) == 1 else " each"
        alt = f"Bar chart of excerpts by sub-theme. {names} {has} the most, {number}{origin}."
        chart = partial(
            charts.draw_bars,
            rows,
            "subtheme",
            "excerpts",
            [str(n) for n in rows["excerpts"]],
        )
        place = list(themes["theme"].unique()).index(theme)
        title = f"Evidence for the theme “{theme}”: number of excerpts by sub-theme, Wales"
        return self._make(
            f"theme_{place}",
            title,
            [self._report.cycle],
            table,
            chart,
            alt,
            open_table=True,
        )

    def deprivation_means(self, means: pd.DataFrame, framework: str) -> Exhibit | None:
        """Show mean scores by deprivation fifth, each cycle.

        Parameters
        ----------
        means : DataFrame
            What `measures.deprivation.summarise_means` returns.
        framework : str
            `PCMW` or `ACD`.

        Returns
        -------
        Exhibit or None
            A figure; None where there is no outcome that every cycle rated.
        """
        rows = means.assign(Fifth=means["deprivation_fifth"].map(_name_fifth))
        rounded = rows.assign(mean=rows["mean"].map(write_score))
        table = set_cycles_side_by_side(
            rounded.rename(columns={"Fifth": "Deprivation fifth"}),
            "Deprivation fifth",
            {"mean": "mean", "base": "responses"},
        )
        current = rows[rows["cycle"] == self._report.cycle].set_index("Fifth")["mean"]
        if current.empty:
            return None
        ends = [write_score(current.min()), write_score(current.max())]
        alt = f"Dot chart of mean {framework} scores by deprivation fifth. In {self._own} " + (
            f"they run from {ends[0]} in fifth {current.idxmin()} to {ends[1]} in fifth {current.idxmax()}."
            if ends[0] != ends[1]
            else f"each is {ends[0]}."
        )
        chart = partial(
            charts.draw_means,
            rows,
            "Fifth",
            "cycle",
            charts.colour_cycles(self._report.cycles),
        )
        title = f"Mean {framework} maturity score by deprivation fifth of the cluster, Wales"
        note = f"Each response's mean over {self._name_summed(framework)}, averaged in each fifth."
        return self._make(
            f"{framework}_deprivation",
            title,
            self._report.cycles,
            table,
            chart,
            alt,
            note=note,
        )

    def deprivation_tests(self, tests: pd.DataFrame) -> Exhibit:
        """Tabulate the published test of each outcome by deprivation fifth.

        Parameters
        ----------
        tests : DataFrame
            What `measures.deprivation.summarise_tests` returns.

        Returns
        -------
        Exhibit
            A table, of the report's own cycle.
        """
        rows = tests[
            (tests["cycle"] == self._report.cycle)
            & (tests["test"] == measures.deprivation.TEST)
            & (tests["outcome"] != measures.deprivation.MEAN)
        ]
        table = pd.DataFrame(
            {
                "F": [_write_statistic(f) for f in rows["statistic"]],
                "df between": [_write_whole(df) for df in rows["df_between"]],
                "df within": [_write_whole(df) for df in rows["df_within"]],
                "p": [write_or_missing(p, write_p) for p in rows["p"]],
                "p, Holm": [write_or_missing(p, write_p) for p in rows["p_holm"]],
                "Eta squared": [_write_statistic(eta) for eta in rows["effect_size"]],
                "95% from": [_write_statistic(eta) for eta in rows["effect_low"]],
                "95% to": [_write_statistic(eta) for eta in rows["effect_high"]],
                "n": rows["n"].to_numpy(),
            },
            index=pd.Index(self._list_names(rows, "short_title"), name="Outcome"),
        )
        note = (
            f"One-way analysis of variance of scores between deprivation fifths. {HOLM} Intervals of eta squared come "
            f"from the noncentral F distribution; it is {ABOVE_NOUGHT}. [z]: cannot be calculated."
        )
        title = "Maturity by deprivation fifth, one-way ANOVA by outcome, Wales"
        return self._make("deprivation_tests", title, [self._report.cycle], table, note=note)

    def outcomes(self, framework: str) -> Exhibit:
        """Tabulate the outcomes of a framework.

        Parameters
        ----------
        framework : str
            `PCMW` or `ACD`.

        Returns
        -------
        Exhibit
            A table.
        """
        rows = self._report.outcomes[self._report.outcomes["framework"] == framework]
        table = rows.rename(columns={"outcome": "Outcome", "title": "Title"}).set_index("Outcome")[["Title"]]
        title = f"Outcomes of {FRAMEWORKS[framework].name} ({framework})"
        if framework == "PCMW":
            title = f"Outcomes of the {FRAMEWORKS[framework].name} ({framework})"
        return Exhibit(
            self._find_label(f"{framework}_outcomes"),
            title,
            table,
            "Source: Cluster development framework.",
        )

    def actions(self, cycle: str) -> Exhibit | None:
        """Tabulate the opportunities for action of a cycle.

        Parameters
        ----------
        cycle : str
            The report's own cycle, or its previous one.

        Returns
        -------
        Exhibit or None
            A table, with progress where any is recorded; None where the cycle has no opportunities for action.
        """
        actions = self._report.actions
        rows = None if actions is None else actions[actions["cycle"] == cycle]
        if rows is None or rows.empty:
            return None
        columns = {
            "action": "Opportunity for action",
            "lead": "Lead",
            "timescale": "Timescale",
        }
        if rows["progress"].notna().any():
            columns["progress"] = "Progress"
        table = rows[list(columns)].rename(columns=columns).fillna("Not recorded")
        table.index = pd.RangeIndex(1, len(table) + 1, name="Number")
        key = "actions" if cycle == self._report.cycle else "actions_previous"
        title = f"Opportunities for action, {cycle}"
        return Exhibit(self._find_label(key), title, table, self._source([cycle]))

    def abbreviations(self) -> Exhibit:
        """Tabulate the abbreviations.

        Returns
        -------
        Exhibit
            A table.
        """
        table = pd.DataFrame(
            {"Meaning": list(ABBREVIATIONS.values())},
            index=pd.Index(ABBREVIATIONS, name="Abbreviation"),
        )
        return Exhibit(self._find_label("abbreviations"), "Abbreviations", table, "")

    def data_quality(self, quality: pd.DataFrame) -> Exhibit | None:
        """Tabulate what reading the exports ignored, set aside, replaced or flagged.

        Parameters
        ----------
        quality : DataFrame
            The report's `quality`.

        Returns
        -------
        Exhibit or None
            A table; None where there is nothing to tell.
        """
        if quality.empty:
            return None
        columns = {
            "cycle": "Cycle",
            "check": "Check",
            "row": "Spreadsheet row",
            "detail": "What was found",
            "action": "What was done",
        }
        table = quality.rename(columns=columns)[list(columns.values())]
        table["Check"] = table["Check"].map(capitalise)
        table["What was done"] = table["What was done"].map(capitalise)
        table["Spreadsheet row"] = [write_or_missing(row, str) for row in table["Spreadsheet row"]]
        table.index = pd.RangeIndex(1, len(table) + 1, name="Number")
        return self._make(
            "data_quality",
            "What was noticed on reading the exports",
            self._report.cycles,
            table,
        )

    def reconciliation_summary(self, summary: pd.DataFrame) -> Exhibit:
        """Tabulate the verdicts on the published report.

        Parameters
        ----------
        summary : DataFrame
            What `reconcile.summarise_verdicts` returns.

        Returns
        -------
        Exhibit
            A table.
        """
        by = summary.columns[0]
        names = {"figure": "Published figure", "section": "Section"}
        table = summary.rename(
            columns={by: names[by]} | {column: column.capitalize() for column in summary.columns[1:]}
        )
        what = {
            "figure": "chart values, by figure",
            "section": "statements, by section",
        }[by]
        title = f"The published report's {what}: verdicts"
        return self._make(
            f"reconciliation_by_{by}",
            title,
            [self._report.cycle],
            table.set_index(names[by]),
        )

    def reconciliation_causes(self, causes: pd.DataFrame) -> Exhibit | None:
        """Tabulate what explains the chart values that differ.

        Parameters
        ----------
        causes : DataFrame
            What `reconcile.summarise_causes` returns.

        Returns
        -------
        Exhibit or None
            A table; None where nothing differs.
        """
        if causes.empty:
            return None
        table = pd.DataFrame(
            {
                "Figures": [join_words(figures) for figures in causes["figures"]],
                "Cycles": [join_words(cycles) for cycles in causes["cycles"]],
                "Values that differ": causes["differing"].to_numpy(),
                "Values explained": [write_or_missing(n, lambda n: str(int(n))) for n in causes["explained"]],
                "Out of": [write_or_missing(n, lambda n: str(int(n))) for n in causes["of"]],
                "Predictions tried": [write_or_missing(n, lambda n: str(int(n))) for n in causes["tried"]],
                "Chance": [write_or_missing(chance, write_p) for chance in causes["chance"]],
            },
            index=pd.Index(
                [capitalise(words) for words in causes["explanation"]],
                name="Explanation",
            ),
        )
        note = "Chance: that one of the predictions tried would have reproduced values drawn at random. [z]: none."
        title = "What explains the chart values that differ"
        return self._make("reconciliation_causes", title, [self._report.cycle], table, note=note)

    def reconciliation_figures(self, figures: pd.DataFrame) -> Exhibit | None:
        """Tabulate the published chart values that do not match.

        Parameters
        ----------
        figures : DataFrame
            The figures of a `reconcile.Reconciliation`.

        Returns
        -------
        Exhibit or None
            A table; None where every value matches.
        """
        table = tabulate_differing_values(figures)
        if table.empty:
            return None
        title = "Published chart values that do not match the responses"
        note = "Shares are written as percentages."
        return self._make("reconciliation_figures", title, [self._report.cycle], table, note=note)

    def reconciliation_claims(self, claims: pd.DataFrame) -> Exhibit | None:
        """Tabulate the published statements that do not match.

        Parameters
        ----------
        claims : DataFrame
            The claims of a `reconcile.Reconciliation`.

        Returns
        -------
        Exhibit or None
            A table; None where every statement matches.
        """
        table = tabulate_differing_claims(claims)
        if table.empty:
            return None
        title = "Published statements that do not match the responses"
        note = (
            "Rounding: within one unit of the last digit published. Unclear: the statement does not say what would "
            "make it true. [z]: does not apply."
        )
        return self._make("reconciliation_claims", title, [self._report.cycle], table, note=note)

    def _levels_by_cycle(self, key, title, rows, subject):
        rows = rows[rows["base"] > 0]
        cycles = list(rows["cycle"].unique())
        if self._report.cycle not in cycles:
            return None
        named = rows.assign(Level=rows["level"].astype("str").str.replace("+", " or "))
        table, rows = spread_counts(named, "Level"), rows[rows["level"].isin(LEVELS)]
        current = rows[rows["cycle"] == cycles[-1]]
        top = current[current["n"] == current["n"].max()]
        unit = "rating" if key.endswith("_summed") else "response"
        are, s, each = ("are", "s", " each") if len(top) > 1 else ("is", "", "")
        alt = (
            f"Stacked bar chart. {subject}: {join_words(top['level'])} {are} the most common level{s} in {self._own}, "
            f"{_write_row(top.iloc[0])} {_name_unit(int(top['base'].iloc[0]), unit)}{each}."
        )
        if len(cycles) > 1:
            pre = rows[rows["level"] == LEVELS[0]].set_index("cycle")
            parts = [f"{_write_row(pre.loc[cycle])} in {self._report.name_cycle(cycle)}" for cycle in cycles]
            alt += f" Pre-foundation: {', '.join(parts)}."
        chart = partial(charts.draw_levels, rows, "cycle")
        note = _note_shares(rows, SUMMED if key.endswith("_summed") else SHARES)
        bases = rows.set_index("cycle")["base"]
        return self._make(key, title, cycles, table, chart, alt, bases=bases, unit=unit, note=note)

    def _rank_outcomes(self, maturity, rows):
        """Put outcomes in the order of their share at Developing or Mature in the report's own cycle."""
        own = sum_higher(maturity[maturity["cycle"] == self._report.cycle])
        own = own.sort_values("share", ascending=False, kind="stable")
        keys = ["framework", "outcome"]
        order = {key: place for place, key in enumerate(own[keys].itertuples(index=False, name=None))}
        places = [order.get(key, len(order)) for key in rows[keys].itertuples(index=False, name=None)]
        frameworks = rows["framework"].map({code: place for place, code in enumerate(FRAMEWORKS)})
        return rows.assign(framework_place=frameworks, place=places).sort_values(
            ["framework_place", "place"], kind="stable", ignore_index=True
        )

    def _draw_counts(self, rows, category, groups, series="cycle", colours=None):
        large = rows["base"].min() >= SMALLEST_BASE
        labels = [f"{row.n} ({write_percent(row.share)})" if large else str(row.n) for row in rows.itertuples()]
        return partial(
            charts.draw_bars,
            rows,
            category,
            "share" if large else "n",
            labels,
            series=series if len(groups) > 1 else None,
            colours=colours or charts.colour_cycles(self._report.cycles),
        )

    def _make(
        self,
        key,
        title,
        cycles,
        table,
        chart=None,
        alt="",
        *,
        base="",
        bases=None,
        unit="response",
        note="",
        open_table=False,
        sources=None,
    ):
        source = self._source(cycles if sources is None else sources)
        if base:
            source += f" Base: all {base} of the register."
        elif bases is not None:
            source += f" Base: {self._describe_bases(bases, unit)}; blank answers are left out."
        if note:
            source += f" {note}"
        if self._report.previous in cycles or key == "overview":
            source += self._note_rewording(key)
        return Exhibit(
            self._find_label(key),
            f"{title}, {join_words(cycles)}",
            table,
            source,
            chart,
            write_minus(alt),
            open_table,
        )

    def _note_rewording(self, key):
        """Say that questions which an exhibit compares were worded otherwise in the previous cycle."""
        compared = self._report.previous_asked.intersection(self._report.asked, _list_variables(key))
        reworded = compared.intersection(self._report.reworded) if compared else ()
        if not reworded:
            return ""
        if len(compared) == 1:
            what = "The question was"
        else:
            what = "The questions were" if len(reworded) == len(compared) else f"{len(reworded)} of the questions were"
        return f" {what} worded differently in {self._report.previous}."

    def _find_label(self, key):
        placed = find_exhibit(self._report, read_listing(self._report.root), key)
        return f"{'Figure' if placed.series.is_figure else 'Table'} {placed.written_number}"

    def _source(self, cycles):
        report = self._report
        sample = "; sample data" if report.sample_cycles == report.cycles else ""
        return f"Source: {SURVEY}, {join_words(map(report.name_cycle, sorted(set(cycles))))}{sample}."

    @property
    def _own(self):
        """The report's own cycle, as sentences name it."""
        return self._report.name_cycle(self._report.cycle)

    def _name_summed(self, framework):
        """Name the outcomes over which a framework's ratings are summed."""
        name = facts.name_summed_outcomes(measures.maturity.summarise(self._report.responses), framework)
        whole = f"all {FRAMEWORKS[framework].outcomes} outcomes"
        return f"all {framework} outcomes" if name == whole else name.replace("outcome", f"{framework} outcome", 1)

    def _describe_bases(self, bases, unit):
        """Write between which numbers bases lie; where each cycle has one of its own, these, each with its cycle."""
        if bases.index.name == "cycle" and bases.nunique() > 1:
            by_cycle = bases.groupby(level=0, sort=False, observed=True)
            if (by_cycle.nunique() == 1).all():
                (first, base), *others = by_cycle.first().items()
                name = self._report.name_cycle
                return join_words(
                    [
                        f"{base} {_name_unit(base, unit)} in {name(first)}",
                        *(f"{base} in {name(cycle)}" for cycle, base in others),
                    ]
                )
        lowest, highest = int(bases.min()), int(bases.max())
        numbers = f"{lowest}" if lowest == highest else f"{lowest} to {highest}"
        return f"{numbers} {_name_unit(highest, unit)}"

    def _name_outcomes(self, column):
        """Name each framework's outcomes: number and title."""
        rows = self._report.outcomes
        return {(row.framework, str(row.outcome)): f"{row.outcome} {getattr(row, column)}" for row in rows.itertuples()}

    def _outcome_titles(self, framework):
        check_name("framework", framework, FRAMEWORKS)
        rows = self._report.outcomes[self._report.outcomes["framework"] == framework]
        return {str(row.outcome): f"{row.outcome} {row.title}" for row in rows.itertuples()}


def _list_variables(key):
    """List the survey's variables whose answers an exhibit compares with those of the previous cycle, by its key."""
    if key in ("overview", "moves") or key.startswith(("linked", "decomposition")):
        return tuple(RATINGS)
    of, _, part = key.partition("_")
    if of == "agreement":
        return (part,)
    variable = f"{of.lower()}_{part}"
    return (variable,) if variable in RATINGS else FRAMEWORKS[of].variables if of in FRAMEWORKS else ()


def _note_shares(rows, note=SHARES):
    """Name the interval and the bounds of shares, where the table has them."""
    return note if "low" in rows.columns and rows["base"].min() >= SMALLEST_BASE else ""


def _write_row(row):
    return write_count(int(row["n"]), int(row["base"]))


def _count_most_common(shares):
    """Count for how many outcomes each level is the most common, alone or with another; the most frequent first."""
    counts = shares.eq(shares.max(axis="columns"), axis="index").sum().sort_values(ascending=False, kind="stable")
    return counts[counts > 0]


def _name_equals(values, key, names):
    """Name what has the same value as a key, the key itself among it."""
    return join_words(names[each] for each in values.index[values == values[key]])


def _put_in_order(rows, outcomes):
    """Sort rows by the order in which outcomes are named; those that are not named come last."""
    order = {outcome: place for place, outcome in enumerate(outcomes)}
    places = rows["outcome"].map(order).fillna(len(order))
    return rows.assign(place=places).sort_values("place", kind="stable", ignore_index=True)


def _write_change(points):
    """Write a change in points for a chart, with its sign."""
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def _is_compared(report, framework):
    return bool(report.answered.intersection(report.previous_answered, framework.variables))


def _has_sums(report, framework):
    """Say whether there are outcomes to sum over: all that were rated, of those whose previous cycle rated none."""
    previous = report.previous_answered.intersection(framework.variables)
    return not previous or bool(report.answered.intersection(previous))


def _describe_ends(higher, names):
    """Say which outcomes have the highest and the lowest share at Developing or Mature."""
    best, worst = higher["share"].idxmax(), higher["share"].idxmin()
    if higher["share"].nunique() == 1:
        return f"The share at Developing or Mature of each is {_write_row(higher.loc[best])}."
    return (
        f"The highest share at Developing or Mature is that of {_name_equals(higher['share'], best, names)}, "
        f"{_write_row(higher.loc[best])}, and the lowest that of {_name_equals(higher['share'], worst, names)}, "
        f"{_write_row(higher.loc[worst])}."
    )


def _describe_moves(change, previous):
    """Say for how many outcomes a share rose and fell since the previous cycle, and for which most."""
    compared = write_number(int(change["change"].notna().sum()), "outcome")
    parts = []
    for verb, rows in (("rose", change[change["change"] > 0]), ("fell", change[change["change"] < 0])):
        if len(rows):
            most = rows["change"].abs().max()
            names = join_words(rows.loc[rows["change"].abs() == most, "Outcome"])
            number = f"{len(rows)} of {compared}" if not parts else len(rows)
            parts.append(f"{verb} for {number}, most for {names}, by {write_points(most)}")
    if not parts:
        return f"Since {previous} this share has stayed the same for {compared}."
    return f"Since {previous} this share {', and '.join(parts)}."


def _name_unit(number, unit):
    """Name what is counted, in the singular for one."""
    return write_number(number, unit).split(" ", 1)[1]


def _name_fifth(fifth):
    ends = {MOST_DEPRIVED: " (most deprived)", LEAST_DEPRIVED: " (least deprived)"}
    return f"{fifth}{ends.get(fifth, '')}"


def _write_statistic(value):
    return write_or_missing(value, lambda number: f"{number:.2f}")


def _write_whole(value):
    return write_or_missing(value, lambda number: str(int(number)))
