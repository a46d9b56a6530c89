"""What each table of the results holds, column by column: the words of the data package."""

_SHARE = "Share of the base, a fraction from 0 to 1, unrounded; blank where the base is 0"
_BASE = "Number of answers that are not blank"
_CYCLE = ("cycle", "string", "Cycle, such as 2024-25")
_FRAMEWORK = ("framework", "string", "PCMW (Primary Care Model for Wales) or ACD (Accelerated Cluster Development)")

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
    "maturity": (
        "Maturity levels by outcome",
        [
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", "Number of the outcome; all for the sum over outcomes"),
            ("level", "string", "Maturity level: Pre-foundation, Foundation, Developing or Mature"),
            ("n", "integer", "Responses at this level"),
            ("base", "integer", _BASE),
            ("share", "number", _SHARE),
        ],
    ),
    "maturity_means": (
        "Mean maturity score by outcome",
        [
            _CYCLE,
            _FRAMEWORK,
            ("outcome", "string", "Number of the outcome; all for the mean of the outcomes' means"),
            ("base", "integer", f"{_BASE}; for all, summed over outcomes"),
            ("mean", "number", "Mean score, Pre-foundation 1 to Mature 4; blank where the base is 0"),
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
    "reconciliation_figures": (
        "The published report's chart values against the recomputed ones",
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
        "The published report's statements against the recomputed ones",
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
}
"""Each table's description, and its columns: name, type and description."""
