"""The survey's own words and codes: frameworks, levels, questions, answers. Readers see labels for them."""

from dataclasses import dataclass

LEVELS = ("Pre-foundation", "Foundation", "Developing", "Mature")
MIDDLE_LEVELS, HIGHER_LEVELS = LEVELS[1:3], LEVELS[2:]
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

NEIGHBOURS = {
    "Aneurin Bevan": "Powys",
    "Betsi Cadwaladr": "Powys",
    "Cardiff and Vale": "Aneurin Bevan",
    "Cwm Taf Morgannwg": "Cardiff and Vale",
    "Hywel Dda": "Swansea Bay",
    "Powys": "Hywel Dda",
    "Swansea Bay": "Cwm Taf Morgannwg",
}
"""The neighbour to which weighting joins a health board of which no cluster answered."""

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

COMPONENTS = ("care", "infrastructure", "ways of working")
"""What groups outcomes: PCMW outcomes of care and of infrastructure, and ACD's ways of working."""

FORMER = ("renamed", "part", "new")
"""What an outcome was in earlier descriptions of its model: another name, a part of something else, or not there."""

INSIGHTS = ("barrier", "enabler", "effect", "strengthening")
"""Kinds of published insights: what holds clusters back, what helps, what barriers do, and what would help further."""

RATINGS = {
    variable: (framework.code, outcome)
    for framework in FRAMEWORKS.values()
    for outcome, variable in enumerate(framework.variables, start=1)
}
"""Codebook variable of each rating: its framework and outcome."""


QUESTIONS = ("progress", "role", "system_support", "health_board_access", "time_achievable")
"""The five agreement questions, in the survey's order."""

COMMENTS = {f"{question}_comment": question for question in QUESTIONS}
"""Codebook variable of each free-text comment: the question that it explains."""

MEETINGS = {"meetings_current": "current", "meetings_ideal": "ideal"}
"""Codebook variable of each meeting question: its kind."""

MEETING_KINDS = ("current", "ideal")

REQUIRED_VARIABLES = ("response_id", "completed", "cluster")

IDENTIFIERS = ("response_id", "started", "completed", "health_board", "cluster")

NOT_ASKED = "[z] not asked"
"""Stands in responses, where two cycles are put together, for what a cycle did not ask; it is no answer."""

SURVEY_VARIABLES = (*RATINGS, *QUESTIONS, *COMMENTS, *MEETINGS)
"""Variables that hold what a cluster said, as against who said it and when."""

VARIABLES = (*IDENTIFIERS, *SURVEY_VARIABLES)
"""Every variable that a codebook may name."""

FINDINGS = (
    *("participation", "workload", "roles", "time", "support", "autonomy", "survey"),
    *("barriers", "relationships", "ways of working", "clarity", "funding"),
)
"""What an opportunity for action may answer."""

STATUSES = ("done", "under way", "not started")
"""How an opportunity for action stands."""

ABBREVIATIONS = (
    *("ACD", "ANOVA", "CDSON", "HB", "HEIW", "LA", "NHS Exec"),
    *("PCD", "PCMW", "PCPG", "PHW", "RPB", "SPPC", "WG"),
)
"""The abbreviations that the report explains."""

HIGHER = "+".join(HIGHER_LEVELS)
"""The two higher levels together, as tables name them."""
