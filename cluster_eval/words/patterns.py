"""How values are written in English: whole patterns, for translators like every other message."""

from cluster_eval.words.messages import Plural

COUNT = "{n} of {base} ({percent})"
COUNT_OF_BAR = "{n} ({percent})"
SMALL_COUNT = "{n} of {base}"
PERCENT = "{n}%"
HARDLY = "less than 1%"
NEARLY = "more than 99%"
MOVED = {"rose": "{n} ↑", "fell": "{n} ↓", "about the same": "{n} ≈"}
POINTS = Plural("{n} percentage point", "{n} percentage points")
LESS_THAN_A_POINT = "less than 1 percentage point"

NAMED_COUNT = "{name} ({count})"
NAMED_CHANGE = Plural(
    "{name} (from {previous} to {current} of {n} cluster)",
    "{name} (from {previous} to {current} of {n} clusters)",
)

QUOTE = "“{text}”"
INTERVAL = "{low} to {high}"
EFFECT = "{size} ({interval})"

LIST_PAIR = "{first} and {second}"
LIST_MIDDLE = "{first}, {second}"
PARTS = "{first}; {second}"
LIST_END = "{first} and {second}"
LIST_APART = "{first}, and {second}"

SAMPLE_CYCLE = "{cycle} (sample data)"
LESS_THAN = "less than {smallest}"

OUTCOME = "outcome {number} ({title})"
OUTCOME_NUMBER = "{number} ({title})"
OUTCOME_FRAMEWORK = "{framework} outcome {number} ({title})"
OUTCOME_NAMED = "{framework} outcome {number}"
OUTCOME_TITLE = "{number} {title}"
OUTCOME_FULL = "{framework} {number} {title}"
OUTCOMES = "outcomes {numbers}"

SUMMED = {
    "all": Plural("all {n} outcome", "all {n} outcomes"),
    "both": Plural("the {n} outcome that every cycle rated", "the {n} outcomes that every cycle rated"),
    "rated": Plural("the {n} outcome that clusters rated", "the {n} outcomes that clusters rated"),
}
SUMMED_FRAMEWORK = {
    "all": "all {framework} outcomes",
    "both": Plural(
        "the {n} {framework} outcome that every cycle rated", "the {n} {framework} outcomes that every cycle rated"
    ),
    "rated": Plural(
        "the {n} {framework} outcome that clusters rated", "the {n} {framework} outcomes that clusters rated"
    ),
}

NOUNS = {
    "cluster": Plural("{n} cluster", "{n} clusters"),
    "place": "place {n}",
    "point": Plural("{n} percentage point", "{n} percentage points"),
    "outcome": Plural("{n} outcome", "{n} outcomes"),
    "opportunity": Plural("{n} opportunity for action", "{n} opportunities for action"),
    "response": Plural("{n} response", "{n} responses"),
    "excerpt": Plural("{n} excerpt", "{n} excerpts"),
    "subtheme": Plural("{n} sub-theme", "{n} sub-themes"),
    "theme": Plural("{n} theme", "{n} themes"),
    "test": Plural("{n} test", "{n} tests"),
    "statement": Plural("{n} statement", "{n} statements"),
}

BETWEEN = {
    "cluster": Plural("{low} or {n} cluster", "{low} to {n} clusters"),
    "place": "places {low} to {n}",
}

OUTCOME_CODE = "{framework} {number}"
TALLY = "{label} for {n}"
CASES = "{label} ({n})"
COUNT_IN_CYCLE = "{count} in {cycle}"

JOINED = "{board} with {neighbour} in {cycle:bare}"

FIGURE = "Figure {number}"
TABLE = "Table {number}"
CAPTION = "{label}. {title}"
TABLE_OF = "Table of {label}"
NAME_OF_TABLE = "{label}, table"

N_IN_CYCLE = "{n} in {cycle}"
