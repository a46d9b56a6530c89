"""Why published values differ: the words of hypotheses, which are joined as a name and its detail."""

from cluster_eval.words.messages import Plural

LEVELS_SWAPPED = "two levels' labels swapped"
OUTCOMES_SWAPPED = "two outcomes swapped"
OTHER_CYCLE = "the other cycle's values"
LEFT_OUT = "one response left out"
COUNT_FOR_SHARE = "a count mistaken for a share"
ROUNDED_DOWN = "rounded down"
ROUNDED_FIRST = "rounded to a whole number first"
ROUNDED_SHARES = "difference or sum of rounded shares"
SMALL_CHANGES = "small changes not counted"
ROUNDED_MEANS = "means rounded before they were compared"
DIGIT_LOST = "a typing slip: one digit lost"
DIGIT_ADDED = "a typing slip: one digit added"
DIGIT_EXCHANGED = "a typing slip: one digit exchanged"
READ_OFF = "read off a published figure that differs"
UNEXPLAINED = "no hypothesis explains it"

WITH_DETAIL = "{hypothesis}: {detail}"
AND_DETAIL = "{hypothesis}, {detail}"
TOGETHER = "{one}; {other}"
VALUES = "{cause} ({explained} of {of} values)"
CLAIMS = Plural("{cause} ({explained} of {n} claim)", "{cause} ({explained} of {n} claims)")

TWO = "{one} and {other}"
TWO_OF = "{framework} {one} and {other}"
THOSE_OF = "those of {cycle}"
RESPONSE = "response {response} (row {row} of the export)"
ONE_OF = "one of {n} responses"
FIGURE = "figure {figures} ({cause})"
FIGURES = "figures {figures} ({cause})"
BELOW = "those below {points} percentage points"
DECIMALS = Plural("to {n} decimal", "to {n} decimals")
BECAME = "{text}, {whose}, became {published}"
RECOMPUTED = "the recomputed value"
PUBLISHED_FIGURE = "the published figure's value"
