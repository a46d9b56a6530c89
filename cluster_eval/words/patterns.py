"""How values are written in English: whole patterns, for translators like every other message."""

from cluster_eval.words.messages import Plural

COUNT = "{n} of {base} ({percent})"
SMALL_COUNT = "{n} of {base}"
PERCENT = "{n}%"
POINTS = Plural("{n} percentage point", "{n} percentage points")
LESS_THAN_A_POINT = "less than 1 percentage point"

NAMED_COUNT = "{name} ({count})"
NAMED_CHANGE = Plural(
    "{name} (from {previous} to {current} of {n} cluster)",
    "{name} (from {previous} to {current} of {n} clusters)",
)

QUESTION = "“{title}”"

LIST_PAIR = "{first} and {second}"
LIST_MIDDLE = "{first}, {second}"
LIST_END = "{first} and {second}"
