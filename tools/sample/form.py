"""The words of the survey: headings of its questions, and what its choices say."""

DESCRIPTORS = {
    "PCMW": {
        "Pre-foundation": "we have yet to turn our attention to this",
        "Foundation": "members share a view of what this means for us",
        "Developing": "plans and processes are in place and progress can be shown",
        "Mature": "good practice has lasted, spread and led to new ideas",
    },
    "ACD": {
        "Pre-foundation": "we know of no movement on this so far",
        "Foundation": "we and our partners share a view of what this means",
        "Developing": "we and our partners have plans and processes, and they are moving",
        "Mature": "we and our partners keep up good practice and new ideas across the whole system",
    },
}
"""What the survey's choices say after each maturity level."""

FORMS_HEADINGS = {"response_id": "ID", "started": "Start time", "completed": "Completion time"}
"""Headings that Microsoft Forms gives to what it records by itself."""

UNLISTED_HEADINGS = ("Email", "Name", "Last modified time")
"""Headings that Microsoft Forms adds and that no codebook names."""

CLUSTER_HEADINGS = {
    "2023-24": {
        "cluster": "What is the name of your cluster?",
        "health_board": "Which health board's area is your cluster in?",
    },
    "2024-25": {
        "health_board": "Please choose your cluster's health board",
        "cluster": "Please choose your cluster",
    },
}
"""Headings of the questions about who answers, in each cycle's order."""

RATING_HEADINGS = {
    "2023-24": {
        "ACD": "Thinking of ACD outcome {outcome} ({title}), which level describes your cluster's maturity?",
        "PCMW": "Thinking of PCMW outcome {outcome} ({title}), which level describes your cluster's maturity?",
    },
    "2024-25": {
        "PCMW": "How mature is your cluster's work towards PCMW outcome {outcome}, {title}?",
        "ACD": "How mature is your cluster's work towards ACD outcome {outcome}, {title}?",
    },
}
"""Headings of the ratings, in each cycle's order of frameworks."""

QUESTION_HEADINGS = {
    "progress": "How far do you agree that cluster working in your area has moved forward on the Primary Care Model "
    "for Wales?",
    "progress_comment": "If you disagreed about moving forward on the Primary Care Model for Wales, what has stood "
    "in your cluster's way?",
    "role": "How far do you agree that a cluster is there to join up local services, so that planning and care are "
    "coordinated for people and communities?",
    "role_comment": "If you disagreed about what a cluster is there for, how would your cluster's members put it?",
    "system_support": "How far do you agree that the wider primary and community care system (professional "
    "collaboratives, pan-cluster planning group, health board and local authority) helps your cluster to do this?",
    "system_support_comment": "If you disagreed about the wider system's help, what is missing?",
    "health_board_access": "How far do you agree that your cluster can call on the health board's teams (such as "
    "finance, planning, administration and project management) when its work needs them?",
    "health_board_access_comment": "If you disagreed about the health board's teams, which help can't your cluster "
    "reach?",
    "time_achievable": "How far do you agree that the time set aside for cluster working is enough for your "
    "cluster's part in the Primary Care Model for Wales?",
    "time_achievable_comment": "If you disagreed about the time set aside, what would your cluster need?",
    "meetings_current": "How many times a year does your cluster meet now?",
    "meetings_ideal": "How many times a year would your cluster meet if it could choose?",
}
"""Headings of what only the second cycle asked: agreement questions with their comments, and meetings."""

QUESTIONED_CYCLES = ("2024-25",)
"""Cycles that asked the agreement questions and about meetings."""

NEUTRAL_VARIANT = "Neither disagree nor agree"

MEETING_FREQUENCIES = {
    "Four": "Four meetings a year",
    "Five": "Five meetings a year",
    "Six": "Six meetings a year",
    "Ten": "Ten meetings a year",
    "Twelve": "Twelve meetings a year",
    "More than twelve": "More than twelve meetings a year",
}
"""Published short name of each meeting frequency, fewest first: the answer in full."""
