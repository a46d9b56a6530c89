"""The survey's own words: frameworks, levels, questions, answers, and what readers see for them.

Every fixed word that reaches a reader through code stands here, so that a change of wording, or a
second language, has one place to go.
"""

from dataclasses import dataclass

LEVELS = ("Pre-foundation", "Foundation", "Developing", "Mature")
"""Maturity levels, lowest first."""

SCORES = {level: score for score, level in enumerate(LEVELS, start=1)}
"""Score of each maturity level, used for means: Pre-foundation 1 to Mature 4."""

ANSWERS = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree")
"""Answers to an agreement question, most agreement first."""

AGREEING = ANSWERS[:2]
DISAGREEING = ANSWERS[3:]
NEUTRAL = ANSWERS[2]

HEALTH_BOARDS = {
    "Aneurin Bevan": "Aneurin Bevan University Health Board",
    "Betsi Cadwaladr": "Betsi Cadwaladr University Health Board",
    "Cardiff and Vale": "Cardiff and Vale University Health Board",
    "Cwm Taf Morgannwg": "Cwm Taf Morgannwg University Health Board",
    "Hywel Dda": "Hywel Dda University Health Board",
    "Powys": "Powys Teaching Health Board",
    "Swansea Bay": "Swansea Bay University Health Board",
}
"""Health boards in the report's order: short name to full name."""

HEALTH_BOARDS_IN_WELSH = {
    "Aneurin Bevan": "Bwrdd Iechyd Prifysgol Aneurin Bevan",
    "Betsi Cadwaladr": "Bwrdd Iechyd Prifysgol Betsi Cadwaladr",
    "Cardiff and Vale": "Bwrdd Iechyd Prifysgol Caerdydd a'r Fro",
    "Cwm Taf Morgannwg": "Bwrdd Iechyd Prifysgol Cwm Taf Morgannwg",
    "Hywel Dda": "Bwrdd Iechyd Prifysgol Hywel Dda",
    "Powys": "Bwrdd Iechyd Addysgu Powys",
    "Swansea Bay": "Bwrdd Iechyd Prifysgol Bae Abertawe",
}
"""The full name of each health board in Welsh, as a respondent may give it."""

WALES = "Wales"
"""The name of the total over all health boards."""

DEPRIVATION_FIFTHS = (1, 2, 3, 4, 5)
"""Fifths of deprivation of the register's clusters; 1 is the most deprived."""


@dataclass(frozen=True)
class Framework:
    """A set of outcomes against which clusters rate their maturity."""

    code: str
    name: str
    outcomes: int

    @property
    def variables(self):
        """Codebook variables of the framework's outcomes, in order."""
        return tuple(f"{self.code.lower()}_{outcome}" for outcome in range(1, self.outcomes + 1))


FRAMEWORKS = {
    "PCMW": Framework("PCMW", "Primary Care Model for Wales", 13),
    "ACD": Framework("ACD", "Accelerated Cluster Development", 7),
}

RATINGS = {
    variable: (framework.code, outcome)
    for framework in FRAMEWORKS.values()
    for outcome, variable in enumerate(framework.variables, start=1)
}
"""Codebook variable of each rating: its framework and outcome."""


@dataclass(frozen=True)
class Question:
    """An agreement question: a short title, what was asked, and what agreeing means in a sentence."""

    title: str
    statement: str
    agreeing: str


QUESTIONS = {
    "progress": Question(
        "Progress towards the Primary Care Model for Wales",
        "Cluster working has made progress towards the Primary Care Model for Wales.",
        "that cluster working has made progress towards the Primary Care Model for Wales",
    ),
    "role": Question(
        "Role of a cluster",
        "A cluster exists to bring local services together, so that care is planned and delivered in a "
        "coordinated way for people and communities.",
        "with the role of a cluster as bringing local services together",
    ),
    "system_support": Question(
        "Support from the primary and community care system",
        "The primary and community care system (professional collaboratives, pan-cluster planning groups, "
        "health board and local authority) supports the cluster in that role.",
        "that the primary and community care system supports the cluster in its role",
    ),
    "health_board_access": Question(
        "Access to health board teams",
        "The cluster has access to health board teams, such as finance, planning, administration and project "
        "management, that can support its work.",
        "that the cluster has access to the health board teams that it needs",
    ),
    "time_achievable": Question(
        "Time for cluster working",
        "The cluster can make its contribution to the Primary Care Model for Wales within the time allocated "
        "to cluster working.",
        "that the cluster can make its contribution within the time allocated",
    ),
}
"""The five agreement questions, in the survey's order."""

COMMENTS = {f"{question}_comment": question for question in QUESTIONS}
"""Codebook variable of each free-text comment: the question that it explains."""

MEETINGS = {"meetings_current": "current", "meetings_ideal": "ideal"}
"""Codebook variable of each meeting question: its kind."""

MEETING_KINDS = {"current": "Current", "ideal": "Ideal"}

REQUIRED_VARIABLES = ("response_id", "completed", "cluster")

IDENTIFIERS = ("response_id", "started", "completed", "health_board", "cluster")

NOT_ASKED = "[z] not asked"
"""Stands in responses, where two cycles are put together, for what a cycle did not ask; it is no answer."""

SURVEY_VARIABLES = (*RATINGS, *QUESTIONS, *COMMENTS, *MEETINGS)
"""Variables that hold what a cluster said, as against who said it and when."""

VARIABLES = (*IDENTIFIERS, *SURVEY_VARIABLES)
"""Every variable that a codebook may name."""

ABBREVIATIONS = (
    *("ACD", "ANOVA", "CDSON", "HB", "HEIW", "LA", "NHS Exec"),
    *("PCD", "PCMW", "PCPG", "PHW", "RPB", "SPPC", "WG"),
)
"""The abbreviations that the report explains."""

OUTCOME_SENTENCE = """\
<% if most_common is not defined %>
No cluster rated this outcome in << cycle >>.
<% elif several %>
The most common levels are << most_common >>, with << most_common_count >> each.
<% else %>
The most common level is << most_common >>, with << most_common_count >>.
<% endif %>
<% if few is defined %>
With fewer than << few >> responses in one of the cycles, changes are not told in percentages; the table has the counts.
<% elif moved is defined %>
<% for level in moved %>
The share at << level.level >> << level.direction >> by << level.points >>, from << level.previous >> to
<< level.current >>.
<% endfor %>
<% if moved and stable %>
No other level’s share moved by << notable >> or more.
<% elif not moved %>
No level’s share moved by << notable >> or more.
<% endif %>
<% endif %>
"""
"""What is said of each outcome's levels, with the facts of `cluster_eval.facts.describe_outcome`."""

HIGHER = "Developing+Mature"
"""The two higher levels together, as tables name them."""

CHARACTERISTICS = {"health_board": "Health board", "deprivation_fifth": "Deprivation fifth"}
"""What is known of clusters whether they responded or not."""

CHARACTERISTIC_GROUPS = {"health_board": "health boards", "deprivation_fifth": "deprivation fifths"}
"""The groups of clusters that it makes."""

RESPONDING_TESTS = {
    "Fisher–Freeman–Halton": "Fisher–Freeman–Halton exact test",
    "Fisher–Freeman–Halton, Monte Carlo": "Fisher–Freeman–Halton test by random draws",
}
"""Tests of responding against a characteristic: the exact one, and what stands for it where tables are too many."""

FINDINGS = {
    (HIGHER, "at least"): "at least half are at Developing or Mature",
    (HIGHER, "highest"): "the highest share at Developing or Mature",
    ("Mature", "highest"): "the highest share at Mature",
    ("Mature", "lowest"): "the lowest share at Mature",
    ("Pre-foundation", "highest"): "the highest share at Pre-foundation",
    ("Strongly agree+Agree", "more than"): "more than half agree",
    ("Disagree+Strongly disagree", "at least"): "at least a third disagree",
}
"""Statements that clusters which did not respond might overturn, by what they are of and how it is compared."""

SUBJECT = "Cluster self-reflection in Wales"
"""What documents are about, as their properties say."""

PUBLISHER = "Public Health Wales, Primary Care Division evaluation team"

WORKBOOK_INTRODUCTION = (
    "This workbook holds the tables of the national report on cluster self-reflection in Wales for the << cycle >> "
    "cycle. Each figure and each table of the report has a worksheet of its own, named after it.",
    "Cycle: << cycle >>. The survey was open from << opens >> to << closes >>.",
    "Published by << publisher >>.",
)
"""What the workbook's cover says first."""

WORKBOOK_ABOUT = (
    "The report itself is published as web pages, as a Word document and as a PDF, beside this workbook. They explain "
    "the methods and the limits of these results.",
    "The worksheet Notes explains symbols, bases, percentages and rounding.",
)

WORKBOOK_SAMPLE_DATA = (
    "<% if sample_cycles %>The responses of << sample_cycles | join_words >> are sample data. They are synthetic"
    "<% else %>These are sample data. The responses are synthetic<% endif %>: a program made them so that every "
    "published total of the survey is exact. No real cluster gave them."
)

WORKBOOK_CONTACT = (
    "To ask for this report in Welsh, in large print or in another format, please contact Public Health Wales through "
    "its public website, phw.nhs.wales. Say which report you mean and what you need.",
)

WORKBOOK_NOTES = {
    "[c]": "Confidential: held back to protect those who answered.",
    "[u]": "Unreliable: from too few answers, or of doubtful quality.",
    "[x]": "Not available.",
    "[z]": "Does not apply, or cannot be calculated. A table's own note says which.",
    "Base": "The number of responses, or ratings, that a percentage is of. Blank answers are left out.",
    "Percentages": "Every percentage stands with its base. Below a base of << smallest_base >>, only counts are given.",
    "Rounding": "Percentages are rounded to whole numbers, halves up, and may not add up to 100. Means have two "
    "decimals.",
    "Changes": "A change in a percentage is in percentage points. It comes from unrounded shares, so it may differ by "
    "one from the difference of the two percentages shown.",
}
"""What holds for all tables of the workbook."""

WORKBOOK_WORDS = {
    "cover": "Cover",
    "contents": "Contents",
    "contents_columns": ("Worksheet", "Title"),
    "contents_link": "Go to the contents",
    "notes": "Notes",
    "notes_columns": ("Subject", "Note"),
    "one_table": "This worksheet contains one table.",
    "one_table_and_notes": "This worksheet contains one table. The worksheet Notes explains symbols, bases and "
    "rounding.",
    # These three are gptables' own headings of a cover, which it does not let one change.
    "introduction": "Introductory information",
    "about": "About these data",
    "contact": "Contact",
}
"""Names and lines of the workbook's worksheets."""
