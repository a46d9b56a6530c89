"""By when something is due."""

from datetime import date

import pytest

from cluster_eval.sources.timescale import find_due


@pytest.mark.parametrize(
    ("timescale", "due"),
    [
        ("October 2025", date(2025, 10, 31)),
        ("Dec 2024", date(2024, 12, 31)),
        ("by the end of February 2024", date(2024, 2, 29)),
        ("15 March 2026", date(2026, 3, 15)),
        ("1st of May 2026", date(2026, 5, 1)),
        ("2025-10-31", date(2025, 10, 31)),
        ("2025/26", date(2026, 3, 31)),
        ("2025-26", date(2026, 3, 31)),
        ("Q2 2025/26", date(2025, 9, 30)),
        ("Quarter 4 of 2025/2026", date(2026, 3, 31)),
        ("2026", date(2026, 12, 31)),
        ("March 2025, then October 2025", date(2025, 10, 31)),
        ("To be confirmed", None),
        ("ongoing", None),
        ("31 February 2026", date(2026, 2, 28)),
        ("2025/27", date(2025, 12, 31)),
    ],
)
def test_a_timescale_ends_with_its_last_day(timescale, due):
    assert find_due(timescale) == due
