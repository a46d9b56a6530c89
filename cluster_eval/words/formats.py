"""The words that formats add to a report: of pages, of the workbook, and of documents."""

LINK_TO_FIGURE = "Link to this figure"
DOWNLOAD_TABLE_OF = "Download the table of {label} (CSV)"
DOWNLOAD_TABLE = "Download {label} (CSV)"
TABLE_IN_WORKBOOK = (
    "{label}. {title}: this table is in the workbook, tables.xlsx or tables.ods, on the worksheet named {label}."
)
CHART_IN_WORKBOOK = (
    "The table of {label} is in the workbook, tables.xlsx or tables.ods, on the worksheet named {label}."
)
"""What stands in print in the place of a table that is too long for it; worksheets are named after their exhibits."""
DOWNLOAD_SECTION = "Download this section as an executed notebook"
LINES_LEFT_OUT = "[{n} lines are left out here; the executed notebook has them]"

NUMBERED_APPENDIX = "Appendix {number}: {title}"
DATA_FILE = "{file}: {description}"
DATA_PACKAGE = "what each column of each file holds"

SHOW_CODE = "Show the code"
HIDE_CODE = "Hide the code"
COLOURS = "Colours:"
COLOUR_MODES = {"light": "light", "dark": "dark", "auto": "the device's own"}
SEARCH = "Search"

SAMPLE_BANNER = {
    "all": "Sample data: the totals are those published, and the responses behind them are made up.",
    "some": "The responses of {cycles} are sample data: their totals are those published; the rest is made up.",
}
SAMPLE_BANNER_LINK = "What that means"

PUBLISHER = "Public Health Wales, Primary Care Division evaluation team"
SUBJECT = "Cluster self-reflection in Wales"
"""What documents are about, as their properties say."""

COVER = "Cover"
CONTENTS = "Contents"
CONTENTS_WORKSHEET = "Worksheet"
CONTENTS_TITLE = "Title"
CONTENTS_LINK = "Go to the contents"
NOTES = "Notes"
NOTES_SUBJECT = "Subject"
NOTES_NOTE = "Note"
ONE_TABLE = "This worksheet contains one table."
ONE_TABLE_AND_NOTES = "This worksheet contains one table. The worksheet Notes explains symbols, bases and rounding."
SHORTENED = "… (shortened; the CSV has the whole)"
SHEET_TITLE = "{label}: {title}"

# These three are gptables' own headings of a cover, which it does not let one change.
INTRODUCTION_HEADING = "Introductory information"
ABOUT_HEADING = "About these data"
CONTACT_HEADING = "Contact"

INTRODUCTION = (
    "This workbook holds the tables of the national report on cluster self-reflection in Wales for the {cycle} cycle. "
    "Each figure and each table of the report has a worksheet of its own, named after it.",
    "Cycle: {cycle}. The survey was open from {opens} to {closes}.",
    "Published by {publisher}.",
)
"""What the workbook's cover says first."""

ABOUT = (
    "The report itself is published as web pages, as a Word document and as a PDF, beside this workbook. They explain "
    "the methods and the limits of these results.",
    "The worksheet Notes explains symbols, bases, percentages and rounding.",
)

SAMPLE_DATA = {
    "all": (
        "These are sample data. The responses are synthetic: a program made them so that every published total of the "
        "survey is exact. No real cluster gave them."
    ),
    "some": (
        "The responses of {sample_cycles} are sample data. They are synthetic: a program made them so that every "
        "published total of the survey is exact. No real cluster gave them."
    ),
}

CONTACT = (
    "To ask for this report in Welsh, in large print or in another format, please contact Public Health Wales through "
    "its public website, phw.nhs.wales. Say which report you mean and what you need.",
)

SUMMARY_FOOT = (
    "The report behind these two sides has the methods, the limits and every table. It is published as web pages, as a "
    "Word document, as a PDF and as a workbook. To ask for it, or for this summary in Welsh, in large print or in "
    "another format, please contact Public Health Wales through its public website, phw.nhs.wales.",
    "The survey was open from {opens} to {closes}. This summary was made by version {version} of the report's program.",
)
"""What stands below the summary."""

SYMBOLS = {
    "[c]": "Confidential: held back to protect those who answered.",
    "[u]": "Unreliable: from too few answers, or of doubtful quality.",
    "[x]": "Not available.",
    "[z]": "Does not apply, or cannot be calculated. A table's own note says which.",
}
RULES = {
    "Base": "The number of responses, or ratings, that a percentage is of. Blank answers are left out.",
    "Percentages": "Every percentage stands with its base. Below a base of {smallest_base}, only counts are given.",
    "Rounding": (
        "Percentages are rounded to whole numbers, halves up, and may not add up to 100. Means have two decimals."
    ),
    "Changes": (
        "A change in a percentage is in percentage points. It comes from unrounded shares, so it may differ by one "
        "from the difference of the two percentages shown."
    ),
}
"""What holds for all tables of the workbook: its subject, and what is said of it."""
