"""The words of comments and their coding. Nobody said any of this.

It was written for this project, so that a reader sees what free text looks like in the report without meeting
anybody's real words; each comment is labelled where it is written out.
"""

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
