"""The day by which lists put an article in order."""

from datetime import date

import pytest

from wetread.domain.models import PartialDate
from wetread.domain.partial_dates import listed_on

SEEN_ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("published", "day"),
    [
        (None, date(2026, 11, 24)),
        (PartialDate(2026, 11, 20), date(2026, 11, 20)),
        (PartialDate(2026, 11), date(2026, 11, 24)),
        (PartialDate(2026, 10), date(2026, 10, 31)),
        (PartialDate(2024, 2), date(2024, 2, 29)),
        (PartialDate(2026), date(2026, 11, 24)),
        (PartialDate(2025), date(2025, 12, 31)),
        (PartialDate(2027, 2), date(2026, 11, 24)),
        (PartialDate(2026, 2, 31), date(2026, 2, 28)),
        (PartialDate(1895, 12, 28), date(1895, 12, 28)),
    ],
)
def test_a_date_counts_as_the_last_day_it_can_mean_but_never_as_later_than_it_was_seen(
    published: PartialDate | None, day: date
) -> None:
    assert listed_on(published, SEEN_ON) == day
