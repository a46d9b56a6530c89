"""The exhibits of what is tested and estimated: intervals, linked change, deprivation, non-response, reliability."""

from functools import partial

import pandas as pd

from cluster_eval import charts
from cluster_eval.measures.deprivation import MEAN, TEST
from cluster_eval.measures.maturity import ALL
from cluster_eval.prose import (
    join_words,
    write_decimals,
    write_number,
    write_p,
    write_percent,
    write_points,
    write_score,
)
from cluster_eval.tables import capitalise, write_column, write_or_missing
from cluster_eval.values import SMALLEST_BASE
from cluster_eval.vocabulary import (
    CHARACTERISTICS,
    FINDINGS,
    FRAMEWORKS,
    HIGHER,
    LEVELS,
    QUESTIONS,
    RESPONDING_TESTS,
)
from cluster_eval.words.numbers import round_half_up

INTERVAL = "Intervals are 95%, for all clusters of the register."
BOUNDS = "“At least” and “at most” hold whatever clusters that did not answer would have said."
SHARES = f"Intervals are Wilson's, 95%, for all clusters of the register. {BOUNDS}"
SUMMED = f"Intervals are 95%, from a bootstrap over clusters, for all clusters of the register. {BOUNDS}"
HOLM = "Holm's adjustment is over all outcomes of both frameworks."


class InferenceExhibits:
    """Makes those exhibits of an open cycle that hold intervals and tests; see `cluster_eval.exhibits.Exhibits`."""

    def non_response(self, tests: pd.DataFrame):
        """Tabulate whether those who responded differ from those who did not.

        Parameters
        ----------
        tests : DataFrame
            What `measures.nonresponse.compare_responders` returns.

        Returns
        -------
        Exhibit
            A table, of each cycle.
        """
        table = pd.DataFrame(
            {
                "Cycle": tests["cycle"].to_numpy(),
                "Groups": tests["groups"].to_numpy(),
                "Clusters": tests["clusters"].to_numpy(),
                "Responses": tests["responses"].to_numpy(),
                "p": write_column(tests["p"], write_p),
                "Cramér's V": write_column(tests["cramers_v"], write_score),
            },
            index=pd.Index(tests["characteristic"].map(CHARACTERISTICS), name="Characteristic"),
        )
        methods = " and ".join(RESPONDING_TESTS[test] for test in dict.fromkeys(tests["test"]))
        note = (
            f"{methods} of responding against the characteristic; Cramér's V, corrected for bias, runs from "
            "0 (no association) to 1. [z]: cannot be calculated, since all clusters responded, or none did, or all are "
            "of one group."
        )
        title = "Whether responding goes with health board or deprivation fifth, Wales"
        return self._make("non_response", title, self._report.cycles, table, note=note)

    def tests(
        self,
        responding: pd.DataFrame,
        linked_means: pd.DataFrame,
        deprivation: pd.DataFrame,
        reliability: pd.DataFrame,
    ):
        """Tabulate in one place what is tested or estimated of the whole, on what, with what effect and how sure.

        Parameters
        ----------
        responding, linked_means, deprivation, reliability : DataFrame
            What `measures.nonresponse.compare_responders`, `measures.transition.compare_linked_means`,
            `measures.deprivation.summarise_tests` and `measures.reliability.summarise_reliability` return.

        Returns
        -------
        Exhibit
            A table, of the report's own cycle.
        """
        own = self._report.cycle
        rows = []
        for row in responding[responding["cycle"] == own].itertuples():
            question = f"Does responding go with {CHARACTERISTICS[row.characteristic].lower()}?"
            rows.append(
                (
                    question,
                    RESPONDING_TESTS[row.test],
                    row.clusters,
                    row.p,
                    None,
                    "Cramér's V",
                    row.cramers_v,
                    None,
                    None,
                )
            )
        for row in linked_means.itertuples():
            question = f"Did the same clusters' {row.framework} ratings change?"
            size = (row.effect, row.effect_low, row.effect_high)
            rows.append(
                (
                    question,
                    "Wilcoxon's signed-rank, exact",
                    row.n,
                    row.p,
                    row.p_holm,
                    "Rank-biserial correlation",
                    *size,
                )
            )
        for row in deprivation[(deprivation["cycle"] == own) & (deprivation["outcome"] == MEAN)].itertuples():
            question = f"Do {row.framework} scores go with deprivation?"
            size = (row.effect_size, row.effect_low, row.effect_high)
            effect = capitalise(row.effect)
            rows.append((question, capitalise(row.test), row.n, row.p, row.p_holm, effect, *size))
        for row in reliability[reliability["cycle"] == own].itertuples():
            name = "all outcomes" if row.framework == "both" else f"{row.framework} outcomes"
            size = (row.cronbach_alpha, row.cronbach_low, row.cronbach_high)
            rows.append(
                (
                    f"Do a cluster's ratings on {name} go together?",
                    "Internal consistency",
                    row.n,
                    None,
                    None,
                    "Cronbach's alpha",
                    *size,
                )
            )
        table = pd.DataFrame(
            [
                (
                    method,
                    n,
                    *(write_or_missing(value, write_p) for value in (p, p_holm)),
                    effect,
                    *(write_or_missing(value, write_decimals) for value in sizes),
                )
                for _, method, n, p, p_holm, effect, *sizes in rows
            ],
            columns=["Method", "n", "p", "p, Holm", "Effect", "Size", "95% from", "95% to"],
            index=pd.Index([question for question, *_ in rows], name="Question"),
        )
        note = (
            "n: clusters or responses. Holm's adjustment is over the two frameworks, within each method. Intervals: "
            f"bootstrap over clusters for the rank-biserial correlation, {_EFFECT_INTERVALS}, and Feldt's for alpha. "
            f"{_BELOW_NOUGHT} [z]: does not apply, or cannot be calculated."
        )
        title, sources = "Tests and estimates for the whole survey, Wales", self._report.cycles
        return self._make("tests", title, [own], table, note=note, sources=sources if len(linked_means) else [own])

    def tipping_points(self, points: pd.DataFrame):
        """Tabulate what clusters that did not respond would have to say to overturn each finding.

        Parameters
        ----------
        points : DataFrame
            What `measures.nonresponse.find_tipping_points` returns.

        Returns
        -------
        Exhibit
            A table, of the report's own cycle.
        """
        rows = points[points["cycle"] == self._report.cycle]
        needed = {
            direction: [
                write_or_missing(n if way == direction else None, lambda n: str(int(n)))
                for n, way in zip(rows["needed"], rows["direction"], strict=True)
            ]
            for direction in ("at least", "at most")
        }
        table = pd.DataFrame(
            {
                "Number": rows["n"].to_numpy(),
                "Base": rows["base"].to_numpy(),
                "Holds": ["yes" if holds else "no" for holds in rows["holds"]],
                "Did not respond": rows["nonresponders"].to_numpy(),
                "Overturned by at least": needed["at least"],
                "Overturned by at most": needed["at most"],
            },
            index=pd.Index([self._name_finding(row) for row in rows.itertuples()], name="Statement"),
        )
        note = (
            "How many of those that did not respond, or left the question blank, would have to say the same, or of a "
            "ranking would have to choose the runner-up's and not the first's, for the statement to be true where it "
            "does not hold, or false where it does. [z]: no answers of theirs could overturn it."
        )
        title = "What clusters that did not respond would have to say to overturn a statement, Wales"
        return self._make("tipping_points", title, [self._report.cycle], table, note=note)

    def shares(self, intervals: pd.DataFrame):
        """Show each outcome's share at Developing or Mature with its interval, and its bounds.

        Parameters
        ----------
        intervals : DataFrame
            `measures.maturity.sum_higher`, with the columns of `measures.uncertainty.add_intervals`.

        Returns
        -------
        Exhibit or None
            A figure, of the report's own cycle; None where a base is too small for percentages.
        """
        if not has_large_bases(intervals, self._report.cycle):
            return None
        rows = intervals[intervals["cycle"] == self._report.cycle].sort_values("share", ascending=False, kind="stable")
        rows = self._group_outcomes(rows)
        columns = {"low": "95% from", "high": "95% to", "lowest": "at least", "highest": "at most"}
        table = pd.DataFrame(
            {"Number": rows["n"].to_numpy(), "Base": rows["base"].to_numpy(), "%": _write_percents(rows["share"])}
            | {f"{name}, %": _write_percents(rows[column]) for column, name in columns.items()},
            index=pd.Index(rows["Outcome"], name="Outcome"),
        )
        width = (rows["high"] - rows["low"]).max()
        top = rows.loc[rows["share"].idxmax()]
        alt = (
            f"Dots with ranges for {write_number(len(rows), 'outcome')}. The highest share at Developing or Mature is "
            f"that of {top['Outcome']}, {write_percent(top['share'])}, with an interval from "
            f"{write_percent(top['low'])} to "
            f"{write_percent(top['high'])}. No interval is wider than {write_points(width)}."
        )
        return self._make(
            "shares",
            "Share at Developing or Mature of each outcome, with interval and bounds, Wales",
            [self._report.cycle],
            table,
            partial(charts.draw_ranges, rows.rename(columns={"short": "category"})),
            alt,
            bases=rows["base"],
            note=SHARES,
        )

    def moves(self, moves: pd.DataFrame):
        """Show how many of the linked clusters moved up or down, or stayed, for each outcome.

        Parameters
        ----------
        moves : DataFrame
            What `measures.transition.summarise_moves` returns.

        Returns
        -------
        Exhibit
            A figure.
        """
        rows = moves[moves["outcome"] != ALL]
        if rows["base"].any():
            rows = rows[rows["base"] > 0]
        rows = rows.assign(net=(rows["up"] - rows["down"]) / rows["base"])
        rows = self._group_outcomes(rows.sort_values("net", ascending=False, kind="stable"))
        table = pd.DataFrame(
            {
                "Moved down": rows["down"].to_numpy(),
                "Stayed": rows["stayed"].to_numpy(),
                "Moved up": rows["up"].to_numpy(),
                "Base": rows["base"].to_numpy(),
            },
            index=pd.Index(rows["Outcome"], name="Outcome"),
        )
        more = int((rows["up"] > rows["down"]).sum())
        alt = (
            f"Bars for {write_number(len(rows), 'outcome')}, to the left for clusters that moved down and to the right "
            "for those that moved up. "
        )
        if more:
            most = rows.loc[rows["net"].idxmax()]
            alt += (
                f"For {more} of them more clusters moved up than down, most clearly for {most['Outcome']}: "
                f"{most['up']} up, {most['down']} down, {most['stayed']} stayed."
            )
        elif rows["base"].any():
            alt += "For none of them more clusters moved up than down."
        else:
            alt += "No cluster rated any of them in both cycles."
        return self._make(
            "moves",
            "Clusters that moved to a higher or a lower level, or stayed, by outcome, Wales",
            self._report.cycles,
            table,
            partial(charts.draw_moves, rows.rename(columns={"short": "category"})),
            alt,
            bases=rows["base"],
            unit="cluster that rated the outcome in both cycles",
            note="Outcomes are ranked by how many more of the base moved up than down.",
        )

    def transitions(self, transitions: pd.DataFrame, framework: str):
        """Tabulate from which level to which the linked clusters' ratings went, summed over a framework's outcomes.

        Parameters
        ----------
        transitions : DataFrame
            What `measures.transition.summarise_transitions` returns.
        framework : str
            `PCMW` or `ACD`.

        Returns
        -------
        Exhibit
            A table.
        """
        rows = transitions[(transitions["framework"] == framework) & (transitions["outcome"] == ALL)]
        wide = rows.pivot(index="previous_level", columns="current_level", values="n")
        wide = wide.loc[list(LEVELS), list(LEVELS)].astype(int)
        table = wide.set_axis([f"{self._report.cycle}: {level}" for level in LEVELS], axis="columns")
        table["Base"] = wide.sum(axis="columns")
        table = table.set_axis(pd.Index(LEVELS, name=f"Level in {self._report.previous}"), axis="index")
        summed = self._name_summed(framework)
        title = f"Levels of the same clusters' ratings in both cycles, summed over {summed}, Wales"
        note = "One row for each level of the earlier cycle; ratings of clusters that rated the outcome in both."
        return self._make(f"{framework}_transitions", title, self._report.cycles, table, note=note)

    def linked_means(self, tests: pd.DataFrame):
        """Tabulate the change of the linked clusters' mean scores, with its test.

        Parameters
        ----------
        tests : DataFrame
            What `measures.transition.compare_linked_means` returns.

        Returns
        -------
        Exhibit
            A table, one column for each framework.
        """
        own, previous = self._report.cycle, self._report.previous
        lines = {
            "Clusters in both cycles": lambda row: str(row.n),
            f"Mean score, {previous}": lambda row: write_or_missing(row.previous, write_score),
            f"Mean score, {own}": lambda row: write_or_missing(row.current, write_score),
            "Change": lambda row: write_or_missing(row.change, write_decimals),
            "Change, 95% from": lambda row: write_or_missing(row.change_low, write_decimals),
            "Change, 95% to": lambda row: write_or_missing(row.change_high, write_decimals),
            "Clusters whose mean rose": lambda row: str(row.up),
            "Clusters whose mean fell": lambda row: str(row.down),
            "Signed-rank test, p": lambda row: write_or_missing(row.p, write_p),
            "p, Holm's adjustment": lambda row: write_or_missing(row.p_holm, write_p),
            "Rank-biserial correlation": lambda row: write_or_missing(row.effect, write_decimals),
            "Rank-biserial, 95% from": lambda row: write_or_missing(row.effect_low, write_decimals),
            "Rank-biserial, 95% to": lambda row: write_or_missing(row.effect_high, write_decimals),
        }
        table = pd.DataFrame(
            {row.framework: [write(row) for write in lines.values()] for row in tests.itertuples()},
            index=pd.Index(lines, name="Statistic"),
        )
        note = (
            "Each cluster's mean over the outcomes that it rated in both cycles. Wilcoxon's signed-rank test with "
            "Pratt's zeros, exact; bootstrap intervals over clusters. Holm's adjustment is over the two frameworks."
        )
        if (table == "[z]").any(axis=None):
            note += " [z]: cannot be calculated."
        title = "Change of the same clusters' mean scores, Wales"
        return self._make("linked_means", title, self._report.cycles, table, note=note)

    def linked_tests(self, tests: pd.DataFrame):
        """Tabulate the tests of change of the linked clusters' ratings, outcome by outcome.

        Parameters
        ----------
        tests : DataFrame
            What `measures.transition.compare_linked` returns.

        Returns
        -------
        Exhibit
            A table.
        """
        table = pd.DataFrame(
            {
                "n": tests["n"].to_numpy(),
                "Up": tests["up"].to_numpy(),
                "Down": tests["down"].to_numpy(),
                "p": write_column(tests["p"], write_p),
                "p, Holm": write_column(tests["p_holm"], write_p),
                "Rank-biserial": write_column(tests["effect"], write_decimals),
                "95% from": write_column(tests["effect_low"], write_decimals),
                "95% to": write_column(tests["effect_high"], write_decimals),
                "Sign test, p": write_column(tests["p_sign"], write_p),
                "Sign test, p, Holm": write_column(tests["p_sign_holm"], write_p),
            },
            index=pd.Index(self._list_names(tests, "short_title"), name="Outcome"),
        )
        note = (
            "n: clusters that rated the outcome in both cycles. Wilcoxon's signed-rank test with Pratt's zeros, exact; "
            "matched-pairs rank-biserial correlation over all pairs, bootstrap interval; sign test of ups against "
            f"downs, exact. {HOLM} [z]: cannot be calculated."
        )
        title = "Tests of change of the same clusters' ratings, by outcome, Wales"
        return self._make("linked_tests", title, self._report.cycles, table, note=note)

    def decomposition(self, decomposition: pd.DataFrame):
        """Tabulate how far a framework's change comes from changed ratings, and how far from changed respondents.

        Parameters
        ----------
        decomposition : DataFrame
            What `measures.transition.decompose_change` returns.

        Returns
        -------
        Exhibit
            A table: shares in percentage points, means in score points.
        """
        rows = decomposition[(decomposition["outcome"] == ALL) & decomposition["change"].notna()]
        wanted = [(LEVELS[0], "share"), (HIGHER, "share"), (None, "mean")]
        chosen, names = [], []
        for row in rows.itertuples():
            level = None if pd.isna(row.level) else row.level
            if (level, row.measure) in wanted:
                chosen.append(row)
                what = "mean score" if level is None else f"share at {level.replace('+', ' or ')}, %"
                names.append(f"{row.framework}: {what}")
        title = "What the change between the cycles is made of, summed over outcomes, Wales"
        summed = join_words(self._name_summed(framework) for framework in rows["framework"].unique())
        note = f"Summed over {summed}. {_DECOMPOSITION}"
        return self._make("decomposition", title, self._report.cycles, _tabulate_parts(chosen, names), note=note)

    def decomposition_by_outcome(self, decomposition: pd.DataFrame):
        """Tabulate the same for each outcome's share at Developing or Mature.

        Parameters
        ----------
        decomposition : DataFrame
            What `measures.transition.decompose_change` returns.

        Returns
        -------
        Exhibit
            A table, in percentage points.
        """
        rows = decomposition[(decomposition["outcome"] != ALL) & (decomposition["level"] == HIGHER)]
        table = _tabulate_parts(list(rows.itertuples()), self._list_names(rows, "short_title"))
        title = "What the change in the share at Developing or Mature is made of, by outcome, Wales"
        return self._make("decomposition_by_outcome", title, self._report.cycles, table, note=_DECOMPOSITION)

    def deprivation_summary(self, tests: pd.DataFrame):
        """Tabulate four tests of each framework's mean scores by deprivation fifth.

        Parameters
        ----------
        tests : DataFrame
            What `measures.deprivation.summarise_tests` returns.

        Returns
        -------
        Exhibit
            A table, of the report's own cycle.
        """
        rows = tests[(tests["cycle"] == self._report.cycle) & (tests["outcome"] == MEAN)]
        table = pd.DataFrame(_write_tests(rows), index=pd.Index(rows["framework"], name="Framework"))
        table.insert(2, "Statistic", write_column(rows["statistic"], write_decimals))
        note = (
            "Each response's mean over the framework's outcomes. A positive tau-b means that less deprived fifths rate "
            "higher. Holm's adjustment is over the two frameworks, within each test. Intervals: "
            f"{_EFFECT_INTERVALS}. {_BELOW_NOUGHT} [z]: cannot be calculated."
        )
        title = "Mean scores by deprivation fifth: tests and effects, Wales"
        return self._make("deprivation_summary", title, [self._report.cycle], table, note=note)

    def deprivation_detectable(self, detectable: pd.DataFrame):
        """Tabulate the smallest effect of deprivation that the responses could have shown.

        Parameters
        ----------
        detectable : DataFrame
            What `measures.deprivation.find_detectable` returns.

        Returns
        -------
        Exhibit
            A table, of the report's own cycle.
        """
        rows = detectable[(detectable["cycle"] == self._report.cycle) & (detectable["outcome"] == MEAN)]
        table = pd.DataFrame(
            {
                "Test": rows["test"].map(capitalise).to_numpy(),
                "n": rows["n"].to_numpy(),
                "Effect": rows["effect"].map(capitalise).to_numpy(),
                "Smallest detectable": write_column(rows["detectable"], write_score),
                "Difference in mean score": write_column(rows["difference"], write_score),
            },
            index=pd.Index(rows["framework"], name="Framework"),
        )
        note = (
            "The smallest effect found in 80 of 100 surveys like this one, at the 5% level. The difference is that of "
            "the most and the least deprived fifth, on the scale of 1 to 4, if scores changed evenly from fifth to "
            "fifth. [z]: cannot be calculated."
        )
        title = "The smallest effect of deprivation that this survey could have detected, Wales"
        return self._make("deprivation_detectable", title, [self._report.cycle], table, note=note)

    def deprivation_by_outcome(self, tests: pd.DataFrame):
        """Tabulate the tests of each outcome by deprivation fifth that stand beside the analysis of variance.

        Parameters
        ----------
        tests : DataFrame
            What `measures.deprivation.summarise_tests` returns.

        Returns
        -------
        Exhibit
            A table, of the report's own cycle.
        """
        rows = tests[(tests["cycle"] == self._report.cycle) & (tests["outcome"] != MEAN)]
        rows = rows[rows["test"] != TEST]
        table = pd.DataFrame(_write_tests(rows), index=pd.Index(self._list_names(rows, "short_title"), name="Outcome"))
        note = (
            "Welch's analysis of variance, Kruskal-Wallis test and Kendall's tau-b of scores by deprivation fifth. A "
            f"positive tau-b means that less deprived fifths rate higher. {HOLM[:-1]}, within each test. Intervals: "
            f"{_EFFECT_INTERVALS}. {_BELOW_NOUGHT} [z]: cannot be calculated."
        )
        title = "Maturity by deprivation fifth, three further tests by outcome, Wales"
        return self._make("deprivation_by_outcome", title, [self._report.cycle], table, note=note)

    def reliability(self, reliability: pd.DataFrame):
        """Tabulate how far the ratings of one cluster go together.

        Parameters
        ----------
        reliability : DataFrame
            What `measures.reliability.summarise_reliability` returns.

        Returns
        -------
        Exhibit
            A table, of the report's own cycle.
        """
        rows = reliability[reliability["cycle"] == self._report.cycle]
        names = {"both": "Both"} | {code: code for code in FRAMEWORKS}
        table = pd.DataFrame(
            {
                "Outcomes": rows["outcomes"].to_numpy(),
                "n": rows["n"].to_numpy(),
                "Cronbach's alpha": write_column(rows["cronbach_alpha"], write_score),
                "95% from": write_column(rows["cronbach_low"], write_score),
                "95% to": write_column(rows["cronbach_high"], write_score),
                "Ordinal alpha": write_column(rows["ordinal_alpha"], write_score),
                "Mean correlation": write_column(rows["mean_correlation"], write_decimals),
                **{
                    name: [write_or_missing(value, lambda value: f"{value:.1f}") for value in rows[column]]
                    for column, name in {
                        "effective_ratings": "Worth unrelated ratings",
                        "effective_tests": "Worth separate tests",
                        "effective_tests_unrelated": "Tests, if unrelated",
                    }.items()
                },
            },
            index=pd.Index(rows["framework"].map(names), name="Framework"),
        )
        note = (
            "n: responses that rated every outcome. Feldt's interval of Cronbach's alpha. Ordinal alpha rests on "
            "polychoric correlations, the mean correlation is of Pearson's. Worth unrelated ratings: how many ratings "
            "that have nothing to do with one another would tell a mean as well (Kish's effective number). Worth "
            "separate tests: how many tests as many tests are (Galwey's effective number), and would be if outcomes "
            "were unrelated. [z]: cannot be calculated."
        )
        title = "How far the ratings of one cluster go together, Wales"
        return self._make("reliability", title, [self._report.cycle], table, note=note)

    def correlations(self, correlations: pd.DataFrame, order: pd.DataFrame):
        """Show how the ratings of each two outcomes go together.

        Parameters
        ----------
        correlations : DataFrame
            What `measures.reliability.correlate_outcomes` returns.
        order : DataFrame
            What `measures.reliability.order_outcomes` returns.

        Returns
        -------
        Exhibit or None
            A figure, of the report's own cycle; its table has each outcome's mean, highest and lowest correlation. None
            where fewer than two outcomes were rated.
        """
        own = self._report.cycle
        order = order[order["cycle"] == own].sort_values("position")
        names = dict(
            zip(
                zip(order["framework"], order["outcome"], strict=True),
                self._list_names(order, "short_title"),
                strict=True,
            )
        )
        square = pd.DataFrame(index=list(names.values()), columns=list(names.values()), dtype=float)
        for row in correlations[correlations["cycle"] == own].itertuples():
            one, other = names[row.framework_1, row.outcome_1], names[row.framework_2, row.outcome_2]
            square.at[one, other] = square.at[other, one] = row.correlation
        highest, lowest = square.max(axis="columns"), square.min(axis="columns")
        table = pd.DataFrame(
            {
                "Mean correlation": write_column(square.mean(axis="columns"), write_decimals),
                "Highest": write_column(highest, write_decimals),
                "Highest with": [row.idxmax() if row.notna().any() else "[z]" for _, row in square.iterrows()],
                "Lowest": write_column(lowest, write_decimals),
                "Lowest with": [row.idxmin() if row.notna().any() else "[z]" for _, row in square.iterrows()],
            },
            index=pd.Index(square.index, name="Outcome"),
        )
        if len(names) < 2:
            return None
        alt = f"Grid of squares, one for each pair of {len(names)} outcomes, larger where ratings go together more."
        if highest.notna().any():
            strongest = highest.idxmax()
            alt += (
                f" Correlations lie between {write_decimals(lowest.min())} and {write_decimals(highest.max())}; the "
                f"strongest is that of {strongest} and {square.loc[strongest].idxmax()}."
            )
        bases = correlations.loc[correlations["cycle"] == own, "n"]
        note = (
            "Polychoric correlations; outcomes ordered within each framework by average linkage, so that like ones "
            "stand together, and columns in the order of the rows. One correlation by itself is very uncertain: read "
            "blocks, not squares. All pairs are in the file of results."
        )
        return self._make(
            "correlations",
            "Correlation of the ratings of each pair of outcomes, Wales",
            [own],
            table,
            partial(charts.draw_correlations, square),
            alt,
            bases=bases,
            note=note,
        )

    def coder_agreement(self, agreement: pd.DataFrame):
        """Tabulate how far the coders of comments agree.

        Parameters
        ----------
        agreement : DataFrame
            What `measures.coder_agreement.summarise` returns for the report's cycle.

        Returns
        -------
        Exhibit
            A table: all themes, each theme, and each sub-theme.
        """
        names = [
            "All themes"
            if row.level == "theme" and row.theme == ALL
            else "All sub-themes"
            if row.theme == ALL
            else row.theme
            if row.level == "theme"
            else row.subtheme
            for row in agreement.itertuples()
        ]
        table = pd.DataFrame(
            {
                "Coders": agreement["coders"].to_numpy(),
                "Excerpts": agreement["units"].to_numpy(),
                "Given to": agreement["given"].to_numpy(),
                "Agreement, %": _write_percents(agreement["agreement"]),
                "Alpha": write_column(agreement["alpha"], write_decimals),
                "95% from": write_column(agreement["alpha_low"], write_decimals),
                "95% to": write_column(agreement["alpha_high"], write_decimals),
                "Reading": write_column(agreement["reading"], str),
            },
            index=pd.Index(names, name="Theme or sub-theme"),
        )
        note = (
            "Krippendorff's alpha, nominal, and bootstrap intervals over excerpts. Given to: excerpts to which at "
            "least one coder gave it. Reliable from 0.80, tentative from 0.67 (Krippendorff 2004). [z]: coders never "
            "disagreed, or there is too little to tell."
        )
        title = "Agreement between those who coded the comments, Wales"
        return self._make("coder_agreement", title, [self._report.cycle], table, note=note)

    def _group_outcomes(self, rows):
        """Name outcomes and their frameworks; outcomes keep their order within each framework."""
        order = {code: place for place, code in enumerate(FRAMEWORKS)}
        rows = rows.assign(place=rows["framework"].map(order)).sort_values("place", kind="stable", ignore_index=True)
        short = self._name_outcomes("short_title")
        return rows.assign(
            Outcome=self._list_names(rows, "short_title"),
            short=[short[row.framework, row.outcome] for row in rows.itertuples()],
            group=rows["framework"].map(lambda code: FRAMEWORKS[code].name),
        )

    def _list_names(self, rows, column):
        names = self._name_outcomes(column)
        return [f"{row.framework} {names[row.framework, row.outcome]}" for row in rows.itertuples()]

    def _name_finding(self, row):
        """Name a statement: what it is about, and what it says."""
        if isinstance(row.question, str):
            about = QUESTIONS[row.question].title
        else:
            about = f"{row.framework} {self._name_outcomes('short_title')[row.framework, row.outcome]}"
        return f"{about}: {FINDINGS[row.kind, row.comparison]}"


def _write_tests(rows):
    """Write tests, each with what it was made on and its effect, as a table's columns."""
    return {
        "Test": rows["test"].map(capitalise).to_numpy(),
        "n": rows["n"].to_numpy(),
        "p": write_column(rows["p"], write_p),
        "p, Holm": write_column(rows["p_holm"], write_p),
        "Effect": rows["effect"].map(capitalise).to_numpy(),
        "Size": write_column(rows["effect_size"], write_decimals),
        "95% from": write_column(rows["effect_low"], write_decimals),
        "95% to": write_column(rows["effect_high"], write_decimals),
    }


def has_large_bases(table: pd.DataFrame, cycle: str) -> bool:
    """Say whether a cycle's bases are all large enough for percentages.

    Parameters
    ----------
    table : DataFrame
        cycle, base; outcomes that nobody rated do not count.
    cycle : str
        Which cycle.

    Returns
    -------
    bool
        Whether none is below 30.
    """
    bases = table.loc[(table["cycle"] == cycle) & (table["base"] > 0), "base"]
    return not bases.empty and int(bases.min()) >= SMALLEST_BASE


_EFFECT_INTERVALS = "noncentral F distribution for eta, omega and epsilon squared, asymptotic with Fisher's z for tau-b"
ABOVE_NOUGHT = "above 0 by chance alone and may lie above the interval"
_BELOW_NOUGHT = f"An omega squared below 0 says no more than 0 does; eta and epsilon squared are {ABOVE_NOUGHT}."

_DECOMPOSITION = (
    "Changed ratings are those of clusters that rated in both cycles. The rest of the change comes from clusters that "
    "joined, and rated in the later cycle only, or left, and rated in the earlier cycle only, where they rated "
    "differently from the others. The three parts add up to the change, before rounding. Shares are percentages, and "
    "their changes percentage points. n: the ratings behind each part; a part with few hangs on "
    f"those few. [u]: fewer than {SMALLEST_BASE} ratings in one of the cycles. [z]: cannot be calculated."
)


def _tabulate_parts(rows, names):
    def write(row, value):
        if pd.isna(value):
            return "[z]"
        if row.measure == "mean":
            return write_decimals(value)
        smallest = row.n_stayers + min(row.n_joiners, row.n_leavers)
        return write_decimals(value * 100, 1) if smallest >= SMALLEST_BASE else "[u]"

    columns = {
        "previous": "Earlier",
        "current": "Later",
        "change": "Change",
        "stayers": "Changed ratings",
        "joiners": "Joined",
        "leavers": "Left",
    }
    sizes = {
        "n_stayers": "n in both",
        "n_joiners": "n joined",
        "n_leavers": "n left",
    }
    return pd.DataFrame(
        {name: [write(row, getattr(row, column)) for row in rows] for column, name in columns.items()}
        | {name: [getattr(row, column) for row in rows] for column, name in sizes.items()},
        index=pd.Index(names, name="Measure"),
    )


def _write_percents(shares):
    return [write_or_missing(share, lambda share: str(round_half_up(share * 100))) for share in shares]
