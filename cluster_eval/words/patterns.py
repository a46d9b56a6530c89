"""How values are written in English: whole patterns, for translators like every other message."""

from cluster_eval.words.messages import Plural

COUNT = "{n} of {base} ({percent})"
COUNT_OF_BAR = "{n} ({percent})"
SMALL_COUNT = "{n} of {base}"
PERCENT = "{n}%"
POINTS = Plural("{n} percentage point", "{n} percentage points")
LESS_THAN_A_POINT = "less than 1 percentage point"

NAMED_COUNT = "{name} ({count})"
NAMED_CHANGE = Plural(
    "{name} (from {previous} to {current} of {n} cluster)",
    "{name} (from {previous} to {current} of {n} clusters)",
)

ANSWER = "“{answer}”"

LIST_PAIR = "{first} and {second}"
LIST_MIDDLE = "{first}, {second}"
LIST_END = "{first} and {second}"

SAMPLE_CYCLE = "{cycle} (sample data)"
LESS_THAN_P = "less than {smallest}"

OUTCOME = "{number} ({title})"
OUTCOME_TITLE = "{number} {title}"
OUTCOME_FULL = "{framework} {number} {title}"

FIGURE = "Figure {number}"
TABLE = "Table {number}"
CAPTION = "{label}. {title}"
TABLE_OF = "Table of {label}"
NAME_OF_TABLE = "{label}, table"

N_IN_CYCLE = "{n} in {cycle}"
