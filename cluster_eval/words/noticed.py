"""What reading noticed: the details of the table of data quality."""

from cluster_eval.words.messages import Plural

REPEATED_HEADING = "Column {column} repeats a heading and is empty"
UNKNOWN_HEADING = 'No row of the codebook names "{heading}"'
NO_HEADING = Plural(
    "Column {column} has no heading, and {n} cell below it", "Column {column} has no heading, and {n} cells below it"
)
UNUSED_ANSWER = "Row {row} of {file} maps an answer to {variable} that the export does not hold"
MAPPED_ANSWER = "For {variable}, {answer} means {meaning}, as row {row} of {file} says"
MAPPED_ANSWERS = "For {variable}, {answer} in {rows} means {meaning}, as row {row} of {file} says"
AN_ANSWER = "the answer"
NO_ANSWER = "The row holds no rating and no answer"
EMPTY_ROW = "The row holds nothing"
EMPTY_ROWS = "{n} rows from here to row {last} hold nothing"
NO_RESPONSE = "The row holds text, but no response's number, time or cluster"
IGNORED_ANSWERS = (
    "Column {column} is ignored, but {n} of its {cells} cells hold what could be an answer to {variable}, where "
    "{variable} is blank"
)
NO_FREQUENCY = "{words} names no one number of meetings a year: {rows}"
SAME_FREQUENCY = "{words} names as many meetings a year as {common}: {rows}"
SPELLING = "In {rows} of {file} the {column} is {found}, elsewhere {spelling}"
EXCERPTS = "In {rows} of {file} excerpts are spelt otherwise than in other rows with the same words"
WORKSHEET = 'Read the worksheet "{sheet}" of {file}; the workbook also has {others}'
CONTROLS_IN_HEADING = "Control characters ({points}) in the heading of column {column} of {file}"
CONTROLS = 'Control characters ({points}) in {rows} of "{column}" in {file}'
GARBLED = (
    'In {rows} of "{column}" in {file} letters were lost or turned into others, such as â€™ for an apostrophe: the '
    "text was saved in one encoding and opened in another"
)
RESPONDED_LATER = "Cluster {cluster} also responded in row {last}, completed later"
RESPONDED_LOWER = "Cluster {cluster} also responded in row {last}, completed at the same moment and lower in the export"
OTHER_BOARD = 'The answer is "{board}"; the register has {own} for cluster {cluster}'
NO_BOARD = "The answer is none of the health boards' names; the register has {own} for cluster {cluster}"
ALL_OUTSIDE = (
    "No response was completed within fieldwork: look at the dates of the params, and at day and month of these"
)
OUTSIDE = "Completed on {day}; fieldwork was from {opens} to {closes}"
CODE_OF_NONE = "Code in row {row} of {file} is of a response that was set aside"
REWORDED = '{variable}: "{before}" in {previous}; "{now}" in {cycle}'
