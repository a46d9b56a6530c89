"""What each table of the results holds, column by column: the words of the data package."""

_SHARE = "Share of the base, a fraction from 0 to 1, unrounded; blank where the base is 0"
_BASE = "Number of answers that are not blank"
_CYCLE = ("cycle", "string", "Cycle, such as 2024-25")
_FRAMEWORK = ("framework", "string", "PCMW (Primary Care Model for Wales) or ACD (Accelerated Cluster Development)")
_PREVIOUS_CYCLE = ("previous_cycle", "string", "The cycle compared with, such as 2023-24")
_OUTCOME = ("outcome", "string", "Number of the outcome")
_SHARED = "those outcomes that every cycle of the file rated"
_QUESTION = ("question", "string", "Variable of the question in the codebook")
_POPULATION = ("population", "integer", "Clusters in the cycle's register")
_RATED = ("responses", "integer", "Clusters with at least one of the ratings")
_CHANCE = "as if it were chance who did not answer"
_SHARE_LIMITS = [
    ("low", "number", f"Lower limit of the share's 95% interval, {_CHANCE}; blank where there is none"),
    ("high", "number", f"Upper limit of the share's 95% interval, {_CHANCE}; blank where there is none"),
    ("lowest", "number", "The share of all if none of the missing were of this kind; low may lie a little below"),
    ("highest", "number", "The share of all if every one of the missing were of this kind; high may lie above"),
]
_SHARE_INTERVAL = [("n", "integer", "Responses of this kind"), ("base", "integer", _BASE), ("share", "number", _SHARE)]
_SHARE_INTERVAL += [_POPULATION, *_SHARE_LIMITS]
_STAYERS = "Clusters that rated the outcome in both cycles"
_RANKS = [
    ("rank_sum_up", "number", "Sum of the ranks of those that rose, by the size of their change (Pratt's ranks)"),
    ("rank_sum_down", "number", "Sum of the ranks of those that fell"),
    ("statistic", "number", "Of the Wilcoxon signed-rank test: the lesser of the two sums"),
    ("p", "number", "Exact two-sided p value, unadjusted; blank where nothing changed"),
    ("p_holm", "number", "p value after Holm's adjustment over the rows of this table"),
    ("effect", "number", "Matched-pairs rank-biserial correlation, -1 to 1; positive where maturity rose"),
    ("effect_low", "number", "Lower limit of the effect's 95% interval; blank where there is none"),
    ("effect_high", "number", "Upper limit of the effect's 95% interval; blank where there is none"),
]

TABLES = {
    "participation": (
        "Clusters, responses and response rate by health board",
        [
            _CYCLE,
            ("health_board", "string", "Health board, short name; Wales for the total"),
            ("clusters", "integer", "Clusters in the register"),
            ("responses", "integer", "Clusters that responded"),
            ("rate", "number", "responses / clusters, a fraction from 0 to 1, unrounded"),
        ],
    ),
    "nonresponse": (
        "Clusters, responses and response rate by health board and by deprivation fifth",
        [
            _CYCLE,
            ("characteristic", "string", "health_board or deprivation_fifth"),
            ("group", "string", "Health board, short name; or deprivation fifth, 1 for the most deprived"),
            ("clusters", "integer", "Clusters in the register"),
            ("responses", "integer", "Clusters that responded"),
            ("rate", "number", "responses / clusters, a fraction from 0 to 1, unrounded"),
        ],
    ),
    "nonresponse_tests": (
        "Tests of whether responding goes with health board or deprivation fifth",
        [
            _CYCLE,
            ("characteristic", "string", "health_board or deprivation_fifth"),
            ("groups", "integer", "Number of groups"),
            ("clusters", "integer", "Clusters in the register"),
            ("responses", "integer", "Clusters that responded"),
            ("test", "string", "Statistical test; Monte Carlo where tables are drawn and not all counted"),
            ("tables", "integer", "How many tables there are with these margins"),
            ("p", "number", "p value, unadjusted; blank where there is nothing to test"),
            ("cramers_v", "number", "Cramér's V, corrected for bias, 0 to 1; blank where p is"),
            ("note", "string", "Why p is blank; else blank"),
        ],
    ),
    "tipping_points": (
        "How those that did not answer would have to differ for a headline finding not to hold of all clusters",
        [
            _CYCLE,
            ("framework", "string", "PCMW or ACD; blank for an agreement question"),
            ("outcome", "string", "Number of the outcome; blank for an agreement question"),
            ("question", "string", "Variable of the question in the codebook; blank for an outcome"),
            ("kind", "string", "Levels or answers counted, with + between those that are added up"),
            ("comparison", "string", "at least or more than, for the threshold; highest or lowest of the outcomes"),
            ("threshold", "number", "A fraction; blank for highest and lowest"),
            ("n", "integer", "Responses of this kind"),
            ("base", "integer", _BASE),
            ("share", "number", "n / base, a fraction from 0 to 1, unrounded"),
            ("holds", "boolean", "Whether the finding is true of those that answered"),
            ("rival", "string", "For highest and lowest, the number of the outcome that comes next; else blank"),
            ("rival_n", "integer", "The rival's responses of this kind; blank where there is no rival"),
            ("rival_base", "integer", "The rival's answers that are not blank; blank where there is no rival"),
            _POPULATION,
            ("nonresponders", "integer", "Clusters whose answer is missing; for highest, to the rival"),
            ("direction", "string", "at most or at least: how needed is to be read"),
            ("needed", "integer", "Of the nonresponders, how many of this kind overturn it; blank if none can"),
            ("needed_share", "number", "needed / nonresponders, a fraction; blank where needed is"),
            (
                "difference",
                "number",
                "needed_share less share; for highest and lowest, less the rival's lead, which is 0 or less",
            ),
            ("can_overturn", "boolean", "Whether any answers of the nonresponders would overturn the finding"),
        ],
    ),
    "maturity": (
        "Maturity levels by outcome",
        [
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", f"Number of the outcome; all for the sum over {_SHARED}"),
            ("level", "string", "Maturity level: Pre-foundation, Foundation, Developing or Mature"),
            ("n", "integer", "Responses at this level"),
            ("base", "integer", _BASE),
            ("share", "number", _SHARE),
        ],
    ),
    "maturity_intervals": (
        "Intervals of the shares of maturity levels by outcome",
        [
            _CYCLE,
            _FRAMEWORK,
            _OUTCOME,
            ("level", "string", "Maturity level; or Developing+Mature for both together"),
            *_SHARE_INTERVAL,
        ],
    ),
    "maturity_summed_intervals": (
        f"Intervals of the shares of maturity levels, summed over {_SHARED}",
        [
            _CYCLE,
            _FRAMEWORK,
            ("level", "string", "Maturity level; or Developing+Mature for both together"),
            ("n", "integer", "Ratings at this level"),
            ("base", "integer", "Number of ratings that are not blank"),
            ("share", "number", _SHARE),
            _RATED,
            _POPULATION,
            *_SHARE_LIMITS,
        ],
    ),
    "maturity_means": (
        "Mean maturity score by outcome",
        [
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", f"Number of the outcome; all for the mean of the means of {_SHARED}"),
            ("base", "integer", f"{_BASE}; for all, summed over outcomes"),
            ("mean", "number", "Mean score, Pre-foundation 1 to Mature 4; blank where the base is 0"),
        ],
    ),
    "mean_intervals": (
        "Intervals of the mean maturity scores",
        [
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", f"Number of the outcome; all for the mean of the means of {_SHARED}"),
            ("base", "integer", f"{_BASE}; for all, summed over outcomes"),
            _RATED,
            _POPULATION,
            ("mean", "number", "Mean score, Pre-foundation 1 to Mature 4; blank where the base is 0"),
            ("low", "number", f"Lower limit of the mean's 95% interval, {_CHANCE}; blank where there is none"),
            ("high", "number", f"Upper limit of the mean's 95% interval, {_CHANCE}; blank where there is none"),
            ("lowest", "number", "The mean of all if every missing rating were Pre-foundation"),
            ("highest", "number", "The mean of all if every missing rating were Mature"),
        ],
    ),
    "transitions": (
        "From which maturity level to which clusters moved between cycles",
        [
            _PREVIOUS_CYCLE,
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", f"Number of the outcome; all for the sum over {_SHARED}"),
            ("previous_level", "string", "Maturity level in the previous cycle"),
            ("current_level", "string", "Maturity level in the cycle"),
            ("n", "integer", "Clusters that went from the one to the other; for all, their ratings"),
            ("base", "integer", f"{_STAYERS}; for all, their ratings"),
            ("share", "number", _SHARE),
        ],
    ),
    "moves": (
        "Clusters that moved up, stayed and moved down between cycles",
        [
            _PREVIOUS_CYCLE,
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", f"Number of the outcome; all for the sum over {_SHARED}"),
            ("base", "integer", f"{_STAYERS}; for all, their ratings"),
            ("up", "integer", "Of those, at a higher level than before"),
            ("stayed", "integer", "Of those, at the same level as before"),
            ("down", "integer", "Of those, at a lower level than before"),
            ("share_up", "number", "up / base, a fraction from 0 to 1, unrounded; blank where the base is 0"),
            ("share_stayed", "number", "stayed / base, a fraction from 0 to 1, unrounded; blank where the base is 0"),
            ("share_down", "number", "down / base, a fraction from 0 to 1, unrounded; blank where the base is 0"),
        ],
    ),
    "change_tests": (
        "Tests of change between cycles, outcome by outcome, of clusters that rated it in both",
        [
            _PREVIOUS_CYCLE,
            _CYCLE,
            _FRAMEWORK,
            _OUTCOME,
            ("n", "integer", _STAYERS),
            ("n_changed", "integer", "Of those, at another level than before"),
            ("up", "integer", "Of those, at a higher level than before"),
            ("down", "integer", "Of those, at a lower level than before"),
            *_RANKS,
            ("p_sign", "number", "p value of the two-sided sign test of up against down; blank where nothing changed"),
            ("p_sign_holm", "number", "p_sign after Holm's adjustment over the rows of this table"),
        ],
    ),
    "change_means": (
        "Change of mean scores between cycles, of clusters that rated an outcome in both",
        [
            _PREVIOUS_CYCLE,
            _CYCLE,
            _FRAMEWORK,
            ("n", "integer", "Clusters that rated at least one of the framework's outcomes in both cycles"),
            ("previous", "number", "Mean of their mean scores in the previous cycle, over outcomes rated in both"),
            ("current", "number", "Mean of their mean scores in the cycle, over outcomes rated in both"),
            ("change", "number", "current - previous"),
            ("change_low", "number", "Lower limit of the change's 95% interval; blank where there is none"),
            ("change_high", "number", "Upper limit of the change's 95% interval; blank where there is none"),
            ("n_changed", "integer", "Clusters whose mean score is not what it was"),
            ("up", "integer", "Of those, with a higher mean score than before"),
            ("down", "integer", "Of those, with a lower mean score than before"),
            *_RANKS,
        ],
    ),
    "change_decomposition": (
        "What clusters that stayed, joined and left contributed to the change between cycles",
        [
            _PREVIOUS_CYCLE,
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", f"Number of the outcome; all for {_SHARED} together"),
            ("measure", "string", "share (of ratings at the level) or mean (score)"),
            ("level", "string", "Maturity level; or Developing+Mature for both together; blank for a mean"),
            ("previous", "number", "Share or mean score in the previous cycle"),
            ("current", "number", "Share or mean score in the cycle"),
            ("change", "number", "current - previous; stayers, joiners and leavers add up to it"),
            ("stayers", "number", "Contribution of those that rated in both cycles; blank where there are none"),
            ("joiners", "number", "Contribution of those that rated in this cycle alone"),
            ("leavers", "number", "Contribution of those that rated in the previous cycle alone"),
            ("n_stayers", "integer", "Clusters that rated in both cycles; for all, ratings"),
            ("n_joiners", "integer", "Clusters that rated in this cycle alone; for all, ratings"),
            ("n_leavers", "integer", "Clusters that rated in the previous cycle alone; for all, ratings"),
        ],
    ),
    "rating_correlations": (
        "Correlations between the ratings of every two outcomes",
        [
            _CYCLE,
            ("framework_1", "string", "Framework of the one outcome, PCMW or ACD"),
            ("outcome_1", "string", "Number of the one outcome"),
            ("framework_2", "string", "Framework of the other outcome, PCMW or ACD"),
            ("outcome_2", "string", "Number of the other outcome"),
            ("correlation", "number", "Polychoric correlation, -1 to 1; blank where one of them does not vary"),
            ("n", "integer", "Responses that rated both"),
        ],
    ),
    "rating_reliability": (
        "How far the ratings of a framework’s outcomes say the same thing",
        [
            _CYCLE,
            ("framework", "string", "PCMW or ACD; both for the outcomes of the two together"),
            ("outcomes", "integer", "Outcomes whose ratings vary"),
            ("n", "integer", "Responses that rated every outcome"),
            ("cronbach_alpha", "number", "Cronbach's alpha of the scores; blank where it cannot be calculated"),
            ("cronbach_low", "number", "Lower limit of its 95% interval"),
            ("cronbach_high", "number", "Upper limit of its 95% interval"),
            ("ordinal_alpha", "number", "Alpha of the polychoric correlations"),
            ("smoothed", "boolean", "Whether the matrix of these had negative eigenvalues, which were set to 0"),
            ("mean_correlation", "number", "Mean Pearson correlation between the scores of two outcomes"),
            ("first_share", "number", "Share of the variance of all scores that one dimension carries, a fraction"),
            ("effective_tests", "number", "As many unrelated outcomes would spread as these do (Galwey)"),
            ("effective_tests_unrelated", "number", "The same, if the ratings were dealt out by chance"),
            ("effective_ratings", "number", "A mean of so many unrelated ratings would vary as this one does (Kish)"),
        ],
    ),
    "agreement": (
        "Answers to the agreement questions",
        [
            _CYCLE,
            ("question", "string", "Variable of the question in the codebook"),
            ("answer", "string", "Answer, from Strongly agree to Strongly disagree"),
            ("n", "integer", "Responses with this answer"),
            ("base", "integer", _BASE),
            ("share", "number", _SHARE),
        ],
    ),
    "agreement_intervals": (
        "Intervals of the shares of answers to the agreement questions",
        [
            _CYCLE,
            _QUESTION,
            ("answer", "string", "Answer; or Strongly agree+Agree, or Disagree+Strongly disagree, for both together"),
            *_SHARE_INTERVAL,
        ],
    ),
    "meetings": (
        "Current and ideal frequency of cluster meetings",
        [
            _CYCLE,
            ("kind", "string", "current or ideal"),
            ("frequency", "string", "Frequency, in the words of the answer"),
            ("n", "integer", "Responses with this answer"),
            ("base", "integer", _BASE),
            ("share", "number", _SHARE),
        ],
    ),
    "meetings_intervals": (
        "Intervals of the shares of current and ideal meeting frequencies",
        [
            _CYCLE,
            ("kind", "string", "current or ideal"),
            ("frequency", "string", "Frequency, in the words of the answer"),
            *_SHARE_INTERVAL,
        ],
    ),
    "comments": (
        "Disagreements with each agreement question, and comments on them",
        [
            _CYCLE,
            ("question", "string", "Variable of the question in the codebook"),
            ("disagreed", "integer", "Responses that disagreed or strongly disagreed"),
            ("commented", "integer", "Of those, responses with a comment"),
        ],
    ),
    "themes": (
        "Themes and sub-themes of the coded comments",
        [
            _CYCLE,
            ("theme", "string", "Theme"),
            ("subtheme", "string", "Sub-theme"),
            ("excerpts", "integer", "Different excerpts that at least one coder gave this sub-theme"),
            ("responses", "integer", "Different responses that those excerpts come from"),
        ],
    ),
    "coder_agreement": (
        "How far the coders of the comments agree",
        [
            _CYCLE,
            ("level", "string", "theme or subtheme: what the row is about"),
            ("theme", "string", "Theme; all for all of them together"),
            ("subtheme", "string", "Sub-theme; all for all of them together"),
            ("coders", "integer", "Coders who read any of the excerpts"),
            ("units", "integer", "Excerpts that at least two coders read"),
            ("given", "integer", "Of those, excerpts to which at least one coder gave the code; for all, all of them"),
            ("agreement", "number", "Share of pairs of coders that agree, a fraction; blank where there are no units"),
            ("alpha", "number", "Krippendorff's alpha, nominal; blank where all gave the same"),
            ("alpha_low", "number", "Lower limit of its 95% interval; blank where there is none"),
            ("alpha_high", "number", "Upper limit of its 95% interval; blank where there is none"),
            ("reading", "string", "reliable, tentative or unreliable; blank where alpha is"),
        ],
    ),
    "deprivation": (
        "Tests of maturity scores between deprivation fifths",
        [
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", "Number of the outcome"),
            ("test", "string", "Statistical test"),
            ("statistic", "number", "F; blank where it cannot be calculated"),
            ("df_between", "integer", "Degrees of freedom between fifths"),
            ("df_within", "integer", "Degrees of freedom within fifths"),
            ("p", "number", "p value, unadjusted"),
            ("n", "integer", _BASE),
            ("eta_squared", "number", "Share of the variance that lies between fifths"),
            ("p_holm", "number", "p value after Holm's adjustment over the outcomes of the cycle"),
        ],
    ),
    "deprivation_tests": (
        "Four tests of maturity scores against deprivation fifths, with effect sizes",
        [
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", "Number of the outcome; mean for each response's mean score over the outcomes"),
            ("test", "string", "Statistical test"),
            ("statistic", "number", "F, Welch's F, H or tau-b; blank where it cannot be calculated"),
            ("df_between", "integer", "Degrees of freedom between fifths; blank for Kendall's tau-b"),
            ("df_within", "number", "Degrees of freedom within fifths; blank but for the analyses of variance"),
            ("p", "number", "Two-sided p value, unadjusted"),
            (
                "p_holm",
                "number",
                "p value after Holm's adjustment, within the test, over the cycle's outcomes or means",
            ),
            ("n", "integer", f"{_BASE}; for mean, responses with a rating"),
            ("effect", "string", "Name of the effect size"),
            ("effect_size", "number", "Effect size; of tau-b, positive where scores rise as deprivation falls"),
            ("effect_low", "number", "Lower limit of the effect size's 95% interval; blank where there is none"),
            ("effect_high", "number", "Upper limit of the effect size's 95% interval; blank where there is none"),
        ],
    ),
    "deprivation_detectable": (
        "The smallest effect of deprivation that so many responses would probably have shown",
        [
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", "Number of the outcome; mean for each response's mean score over the outcomes"),
            ("test", "string", "Statistical test"),
            ("n", "integer", f"{_BASE}; for mean, responses with a rating"),
            ("fifths", "integer", "Deprivation fifths with any of those"),
            ("clusters", "integer", "Clusters in the cycle's register"),
            ("effect", "string", "Name of the effect size"),
            (
                "detectable",
                "number",
                "Effect size shown with a power of 80% at a level of 5%; blank where there is none",
            ),
            ("cohen_f", "number", "The same as Cohen's f; blank for Kendall's tau-b"),
            ("difference", "number", "The same as difference of mean score between fifths 1 and 5, of either sign"),
            ("detectable_register", "number", "detectable, where the register's clusters alone are asked about"),
            ("difference_register", "number", "difference, where the register's clusters alone are asked about"),
        ],
    ),
    "reconciliation_figures": (
        "The published report’s chart values against the recomputed ones",
        [
            ("figure", "integer", "Number of the figure in the published report"),
            ("framework", "string", "PCMW, ACD, an agreement question, meetings, or blank for participation"),
            ("outcome", "string", "Number of the outcome; blank where the value is of no one outcome"),
            _CYCLE,
            ("series", "string", "What the value is of"),
            ("value", "number", "Published value, as stored in the chart"),
            ("unit", "string", "share, percent, score or count"),
            ("recomputed", "number", "The value recomputed from the responses, in the same unit, unrounded"),
            ("verdict", "string", "match, rounding or differs"),
            ("explanation", "string", "What explains a value that differs; blank where it matches"),
        ],
    ),
    "reconciliation_claims": (
        "The published report’s statements against the recomputed ones",
        [
            ("id", "string", "Identifier of the claim"),
            ("section", "string", "Section of the published report"),
            ("measure", "string", "How the claim is recomputed"),
            ("framework", "string", "PCMW, ACD, an agreement question, meetings, or blank"),
            ("outcome", "string", "Number of the outcome; blank for all"),
            ("level", "string", "Levels or answers, with + between those that are added up"),
            ("cycle", "string", "Cycle, or two cycles with / between them for a change"),
            ("published", "string", "Published value, as written; ; between the parts of a list"),
            ("unit", "string", "Unit of the value"),
            ("n", "integer", "Number that the statement gives beside it; blank where it gives none"),
            ("statement", "string", "What is stated"),
            ("recomputed", "string", "The value recomputed from the responses, unrounded; blank where unclear"),
            ("verdict", "string", "match, rounding, differs or unclear"),
            ("explanation", "string", "What explains a claim that does not match; blank where it matches"),
        ],
    ),
    "data_quality": (
        "What reading the exports ignored, set aside, replaced or flagged",
        [
            _CYCLE,
            ("check", "string", "What was checked"),
            ("row", "integer", "Row of the spreadsheet; blank where there is none"),
            ("detail", "string", "What was found"),
            ("action", "string", "What was done"),
        ],
    ),
    "outcomes": (
        "Titles of the outcomes",
        [_FRAMEWORK, _OUTCOME, ("title", "string", "The outcome's title")],
    ),
    "questions": (
        "Wording of the agreement questions",
        [
            _QUESTION,
            ("title", "string", "Short title, as the report has it"),
            ("statement", "string", "What clusters were asked to agree with"),
        ],
    ),
}
"""Each table's description, and its columns: name, type and description."""

DESCRIPTION = "Tables behind the national report on cluster self-reflection in Wales."
SAMPLE_DATA = (
    "The responses{of} are synthetic sample data. Their published totals are exact; how the answers of one cluster go "
    "together, and with its deprivation, is made up."
)
SAMPLE_LINKS = "So are the links between a cluster's answers in two cycles."
"""What the data package says of sample data, and of those that compare a cluster with itself."""
