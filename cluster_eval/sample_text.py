"""The words of the sample data: headings, level descriptors, comments and their coding, actions, titles.

Nobody said the comments below. They were written for this project, so that a reader sees what free text looks
like in the report without meeting anybody's real words; each is labelled where it is written out.
"""

OUTCOME_TITLES = {
    "PCMW": (
        "An informed public",
        "Empowered communities",
        "Support for well-being, prevention and self-care",
        "Local services",
        "Seamless working",
        "Safe and effective call handling, signposting and triage",
        "Quality out-of-hours care",
        "Directly accessed services",
        "Integrated care for people with multiple care needs",
        "Cluster estates and facilities support multi-professional working",
        "Cluster IT systems enable cluster communications and data sharing",
        "Ease of access to community diagnostics supporting high-quality care",
        "Finance systems designed to drive whole-system transformative change",
    ),
    "ACD": (
        "Enhanced integrated planning between clusters, health boards and local authorities",
        "Wider range of services delivered across a cluster, meeting population priorities and need, closer to home",
        "More effective leaders across the primary care system, collaboratives and clusters",
        "Improved equity of cluster care service provision based upon local need",
        "Improved multi-professional and multi-agency services delivered",
        "Effective, efficient and long-term sustainable cluster workforce and services",
        "Empowered clusters with increased autonomy, flexibility and vision",
    ),
}
"""Titles of each framework's outcomes, in order."""

OUTCOME_SHORT_TITLES = {
    "PCMW": (
        "An informed public",
        "Empowered communities",
        "Well-being, prevention and self-care",
        "Local services",
        "Seamless working",
        "Call handling, signposting and triage",
        "Quality out-of-hours care",
        "Directly accessed services",
        "Integrated care for multiple needs",
        "Estates and facilities",
        "Cluster IT systems",
        "Community diagnostics",
        "Finance systems",
    ),
    "ACD": (
        "Integrated planning",
        "Wider range of services",
        "More effective leaders",
        "Equity based upon local need",
        "Multi-professional services",
        "Sustainable workforce and services",
        "Empowered clusters",
    ),
}
"""The same, in as few words as a chart of all outcomes has room for."""

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

COMMENT_LABEL = "Sample text: "
"""What every comment begins with."""

TIME = "Time constraints"
FINANCE = "Financial constraints"
SUPPORT = "Lack of adequate support"
AMBITION = "Aligning ambition with resources"
SUCCESS = "Funding challenges for successful projects"
AUTONOMY = "Need for greater autonomy"
STRETCH = "Overstretched resources"
INVISIBLE = "Invisible workload"
MORE_TIME = "More time"
ROLES = "Role ambiguity"
GROUPS = (
    "Challenges in implementation and perceived effectiveness of Pan-Cluster Planning Groups (PCPG) and "
    "professional collaboratives"
)
DISCONNECT = "Inter-organisational disconnect"

THEMES = {
    "Resource deficiency": (TIME, FINANCE, SUPPORT),
    "Strategic alignment and governance": (AMBITION, SUCCESS, AUTONOMY),
    "Operational strain": (STRETCH, INVISIBLE, MORE_TIME),
    "Underdeveloped system working": (ROLES, GROUPS, DISCONNECT),
}
"""Themes and their sub-themes."""

NEIGHBOURS = {
    TIME: MORE_TIME,
    FINANCE: SUCCESS,
    SUPPORT: STRETCH,
    AMBITION: FINANCE,
    SUCCESS: AMBITION,
    AUTONOMY: ROLES,
    STRETCH: INVISIBLE,
    INVISIBLE: TIME,
    MORE_TIME: TIME,
    ROLES: GROUPS,
    GROUPS: DISCONNECT,
    DISCONNECT: GROUPS,
}
"""The sub-theme that a coder most easily takes for another."""

CODERS = ("Coder 1", "Coder 2", "Coder 3")

# A comment is its sentences in order; a sentence with a sub-theme is an excerpt that the coders coded.
# Within a question the firmest comments stand first, since they go to those who strongly disagreed.
COMMENTS = {
    "progress": (
        (
            ("Nearly all our effort goes into holding services steady, and little is left over for change.", STRETCH),
            ("What we are asked to reach has grown, and the means to reach it have not.", AMBITION),
        ),
        (
            ("Several good ideas stopped when their start-up money ran out.", SUCCESS),
            ("It is hard to call that progress.", None),
        ),
        (
            ("We can propose, but somebody else always decides, and the answer tends to come late.", AUTONOMY),
            ("Members lose heart when a small change needs so many approvals.", None),
        ),
        (
            ("There have been good conversations, though not much that a patient would notice yet.", None),
            ("Each organisation is still working to a plan of its own.", DISCONNECT),
        ),
    ),
    "role": (
        (
            ("The purpose reads well, but it does not say which parts belong to a cluster and which do not.", ROLES),
            ("Planning for a whole area is more than a part-time group can take on.", AMBITION),
        ),
        (
            ("Joining up services needs every partner at the table, and some are seldom there.", DISCONNECT),
            ("Members would describe the cluster as a place to share ideas.", None),
        ),
    ),
    "system_support": (
        (
            ("The planning group above us has no visible programme, so nothing that we send up comes back.", GROUPS),
            ("We have stopped expecting an answer.", None),
        ),
        (
            ("Partners agree in the room and then go back to separate budgets and separate priorities.", DISCONNECT),
            ("Nobody seems able to say who has the final word on a proposal.", ROLES),
        ),
        (
            ("Some professions have a collaborative that works, and others have one on paper only.", GROUPS),
            ("That leaves gaps around the table.", None),
        ),
        (
            ("Our proposals are reshaped to fit plans made elsewhere.", AUTONOMY),
            ("We would like to be trusted with decisions about small sums.", AUTONOMY),
        ),
        (
            ("The link between the cluster and the pan-cluster planning group is thin.", GROUPS),
            ("Minutes are shared, but there is no real exchange.", None),
        ),
        (
            ("Social care colleagues are welcome, yet their own pressures keep them away.", DISCONNECT),
            ("Everyone in the system is running at full stretch.", STRETCH),
        ),
        (
            ("When a project has shown its worth there is no agreed route to permanent money.", SUCCESS),
            ("The system praises the result and then lets it lapse.", None),
        ),
        (
            ("New members ask us what the collaboratives are for, and we struggle to explain.", ROLES),
            ("A plain description of who does what would help.", None),
        ),
        (
            ("Help with data and evaluation has to be begged for each time.", SUPPORT),
            ("Without it we cannot show what a project has achieved.", None),
        ),
        (
            ("Attendance at the collaboratives has faded since they were set up.", GROUPS),
            ("Backfill would make it easier to come.", FINANCE),
        ),
        (
            ("Messages about priorities reach us through several channels and do not match.", DISCONNECT),
            ("We then spend a meeting working out which of them to follow.", TIME),
        ),
        (
            ("Support depends on who happens to be in post rather than on anything agreed.", SUPPORT),
            ("When a colleague moves on we start again.", None),
        ),
        (
            ("The system expects transformation on the budget of a pilot.", AMBITION),
            ("A frank talk about what can be done with what we have is overdue.", None),
        ),
        (
            ("Rules on spending make it difficult to use the money within the year.", FINANCE),
            ("Unspent funds then look like a lack of need.", None),
        ),
        (
            ("It is unclear whether the cluster advises, decides or delivers.", ROLES),
            ("Partners give us different answers, which slows everything.", None),
        ),
        (
            ("Decisions that affect our patients are taken without the cluster being asked.", AUTONOMY),
            ("We hear of them once they are settled.", None),
        ),
        (
            ("Voluntary organisations want to join in but are funded from year to year.", FINANCE),
            ("Their planning horizon and ours never meet.", DISCONNECT),
        ),
        (
            ("Goodwill is strong among members.", None),
            ("Most of the joint work happens in evenings that nobody counts.", INVISIBLE),
        ),
    ),
    "health_board_access": (
        (
            ("We have asked for project management more than once and have been told that there is none.", SUPPORT),
            ("Members end up learning these skills as they go.", INVISIBLE),
        ),
        (
            ("Finance advice arrives too late for us to change course.", SUPPORT),
            ("By then the spending deadline has gone by.", None),
        ),
        (
            ("Professions outside general practice have no clear way to reach these teams.", SUPPORT),
            ("An introduction would be a start.", None),
        ),
        (
            ("The teams are helpful when we find them, though they serve the whole organisation.", STRETCH),
            ("Ours is never the most urgent request.", None),
        ),
        (
            ("We do not know which team answers for what.", ROLES),
            ("Questions about recruitment and procurement go round in circles.", None),
        ),
        (
            ("Recruiting to short contracts rarely works, and nobody advises us on anything better.", FINANCE),
            ("A project that did well was closed while this was discussed.", SUCCESS),
        ),
        (
            ("Administrative help ends with the meeting itself.", SUPPORT),
            ("Following up the actions falls to members in their own hours.", INVISIBLE),
        ),
    ),
    "time_achievable": (
        (
            ("The hours that we are given are used up by reading papers and attending meetings.", TIME),
            ("Delivery has to wait for whatever is left.", None),
        ),
        (
            ("The task as it is written belongs to a full-time team.", AMBITION),
            ("We are a few people with other jobs.", STRETCH),
        ),
        (
            ("Much of what gets done is done after surgery hours and is recorded nowhere.", INVISIBLE),
            ("This cannot go on for ever.", None),
        ),
        (
            ("Cluster work is squeezed between clinics.", TIME),
            ("We need protected sessions with cover paid for.", MORE_TIME),
        ),
        (
            ("No sooner is one request answered than the next arrives, and all are called priorities.", STRETCH),
            ("Something has to give.", None),
        ),
        (
            ("Longer meetings would not help unless there is time between them to act.", MORE_TIME),
            ("Ideas fade before the next date comes round.", None),
        ),
        (
            ("The present allowance keeps the cluster ticking over and no more.", TIME),
            ("Anything new is carried by volunteers.", INVISIBLE),
        ),
        (
            ("Small budgets mean that every project needs its own hunt for money, which eats the hours.", FINANCE),
            ("A longer settlement would free time as well as funds.", None),
        ),
        (
            ("Getting to know partners takes patience, and the timetable allows for none.", TIME),
            ("More frequent meetings would let trust grow.", MORE_TIME),
        ),
        (
            ("We could reach the aims over many more years, or sooner with many more people.", AMBITION),
            ("As things stand we can do neither.", None),
        ),
        (
            ("People reply to cluster messages on their days off.", INVISIBLE),
            ("That ought to be acknowledged somewhere.", None),
        ),
        (
            ("A project that had proved itself took up the whole year while we looked for its next funder.", SUCCESS),
            ("Nothing else moved forward.", None),
        ),
        (
            ("Practices are short of staff, so releasing anyone for cluster work is a daily negotiation.", STRETCH),
            ("Demand at the front door comes first.", None),
        ),
        (
            ("Time for planning should be set apart from time for meetings.", MORE_TIME),
            ("At present the one swallows the other.", None),
        ),
        (
            ("Approval takes so many steps that the season for a project can pass before it starts.", AUTONOMY),
            ("With our own authority we would need fewer hours.", None),
        ),
        (
            ("Preparing, chairing and following up are all counted as one short session.", TIME),
            ("The real effort is several times that.", INVISIBLE),
        ),
        (
            ("The work grows with every new national programme.", STRETCH),
            ("The allotted time stays as it was.", None),
        ),
        (
            ("We would welcome a second look at how many hours each role carries.", MORE_TIME),
            ("Nobody can say where the present figure came from.", None),
        ),
        (
            ("A wider team behind the cluster would go further than extra meetings.", SUPPORT),
            ("Analysts and project staff come to mind first.", None),
        ),
        (
            ("Setting up a collaborative and running services at once asks too much of the same few people.", GROUPS),
            ("Each suffers for the other.", None),
        ),
        (
            ("Our plans were drawn up for a level of funding that has not come.", AMBITION),
            ("We should either trim them or pay for them.", None),
        ),
        (
            ("Annual money makes us start late and finish early.", FINANCE),
            ("Half of the year goes on closing down and setting up.", TIME),
        ),
        (
            ("An extra half day here and there would let us finish what we begin.", MORE_TIME),
            ("It need not be a large commitment.", None),
        ),
        (
            ("Schemes that work are handed back to practices without the funds that made them work.", SUCCESS),
            ("Then people wonder why they fade.", None),
        ),
        (
            ("Being free to set our own agenda would make better use of the hours that we have.", AUTONOMY),
            ("Too many items are for somebody else's purpose.", None),
        ),
    ),
}
"""For each agreement question, the comments of those who disagreed."""

ACTIONS = {
    "2023-24": (
        (
            "Help clusters through a self-reflection every year, as assurance that cluster working moves forward",
            "HB",
            "April 2025",
            "Health boards supported clusters through the second cycle",
        ),
        (
            "Revise the maturity matrix of both frameworks so that it fits multi-professional clusters better",
            "PHW / SPPC",
            "December 2025",
            "Under way, and due to go to the National Primary Care Board in November 2025",
        ),
        (
            "Look together at the barriers that clusters named, and settle which can be solved locally and which "
            "need a national answer",
            "HB / Clusters",
            "March 2025",
            "Primary care teams in health boards go on looking for local barriers and enablers with their clusters; "
            "national networks of cluster leads, ACD leads and support officers give peers a place to compare "
            "problems and solutions",
        ),
        (
            "Make it easier for clusters to show one another good and new practice, on the Primary Care One site "
            "and in the HEIW compendium of roles and models among other places",
            "PHW / SPPC / HEIW",
            "December 2024",
            "The CDSON agenda now leaves room for longer discussion between peers; a year book of cluster work was "
            "put together by SPPC",
        ),
        (
            "Ask what clusters and collaboratives need in order to develop as organisations, and offer it to "
            "individuals and to teams",
            "HB / Clusters",
            "March 2025",
            "Primary care academies are running and help with organisational development",
        ),
        (
            "Find ways to work and communicate better with strategic partners: the rest of the health board, the "
            "PCPG and the RPB",
            "HB / Clusters",
            "June 2025",
            "A national event about PCPGs is being scoped by WG and SPPC; ACD leads exchange what goes well and "
            "badly in the PCPGs of their areas",
        ),
        (
            "Consider whether the time recommended for those who lead clusters and collaboratives matches what "
            "they are responsible for",
            "WG / HB / SPPC",
            "2025/26",
            "The second cycle's survey asked about meetings and about the time set aside",
        ),
        (
            "Explain more clearly what clusters and professional collaboratives are for and what falls to them",
            "SPPC / PHW",
            "December 2025",
            "SPPC is rewriting the descriptions of lead roles and of the PCPG",
        ),
        (
            "Look for local arrangements that give clusters more independence, confidence and room to innovate",
            "HB / Clusters",
            "March 2025",
            "CDSON members had a session on procurement and conflicts of interest in October 2024",
        ),
        (
            "Keep national attention on cluster working and on putting the PCMW into practice",
            "WG / HB / SPPC",
            "2025/26",
            "Domains for the PCMW key indicators are settled; the measures are being worked up",
        ),
        (
            "Search for ways round the obstacles that clusters meet in finance and funding",
            "WG / HB / SPPC",
            "2025/26",
            "SPPC, people who lead clusters and finance staff are writing answers to common finance questions",
        ),
        (
            "Take part in later cycles of self-reflection, for what they teach about cluster working and for the "
            "evaluation of the PCMW",
            "Clusters",
            "April 2025",
            "A larger number of clusters took part in the second cycle than in the first",
        ),
    ),
    "2024-25": (
        (
            "Find out why participation fell in a few areas, and deal with the causes",
            "PHW",
            "October 2025",
            "",
        ),
        (
            "Check with stakeholders that contracts and service level agreements cover everything that clusters "
            "and collaboratives are asked to do, and treat professions and areas alike",
            "WG",
            "To be confirmed",
            "",
        ),
        (
            "Bring the role descriptions of all system partners up to date and see that every level of the system "
            "knows them",
            "SPPC",
            "November 2025",
            "",
        ),
        (
            "Assess with stakeholders whether those who lead clusters, and members, are given enough time for what "
            "they are asked to do",
            "SPPC / HB",
            "To be confirmed",
            "",
        ),
        (
            "Chart the help that clusters receive, health board back-office functions included; point out gaps "
            "and pass on what has worked",
            "PHW",
            "March 2026",
            "",
        ),
        (
            "Study why clusters differ so much in their experience of autonomy and support, and what empowers them "
            "or takes power away",
            "PHW",
            "October 2025",
            "",
        ),
        (
            "Decide what to change in the survey and its data so that later cycles are sound and can be compared",
            "PHW",
            "March 2026",
            "",
        ),
    ),
}
"""Opportunities for action of each cycle: action, lead, timescale, progress."""
