"""The opportunities for action of each cycle."""

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
