"""What happens with the next article, in one sentence: its facts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from wetread.domain.next_article import digest_time_words, next_article_words
from wetread.domain.pace import Pace, QuietHours, When

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 1, 15, 7, 12, tzinfo=UTC)  # 08:12 in Berlin, a Thursday
NIGHT = datetime(2026, 1, 15, 22, 40, tzinfo=UTC)
LIMIT = Pace(most_a_day=8, digest_minute=18 * 60)
QUIET = QuietHours(22 * 60, 7 * 60)


@pytest.mark.parametrize(
    ("pace", "now", "posted", "facts"),
    [
        (Pace(), MORNING, 40, ["at once."]),
        (LIMIT, MORNING, 2, ["at once", "08:12", "2 of 8 are posted today"]),
        (LIMIT, MORNING, 1, ["1 of 8 is posted"]),
        (LIMIT, MORNING, 8, ["8 of 8 are posted today", "in the digest at 18:00"]),
        (LIMIT, NIGHT, 8, ["in the digest tomorrow at 18:00"]),
        (Pace(quiet=QUIET), NIGHT, 0, ["23:40", "quiet until 07:00", "waits until then"]),
        (Pace(quiet=QUIET), MORNING, 0, ["at once", "08:12"]),
        (Pace(When.WEEKLY), MORNING, 0, ["not posted by itself", "on Monday, 19 Jan, at 08:00"]),
        (Pace(When.DAILY, digest_minute=18 * 60), MORNING, 0, ["on Thursday, 15 Jan, at 18:00"]),
    ],
)
def test_the_sentence_has_the_facts_of_the_decision(
    pace: Pace, now: datetime, posted: int, facts: list[str]
) -> None:
    said = next_article_words(pace, now, BERLIN, posted)

    assert [fact for fact in facts if fact not in said] == []
    assert said.count(". ") == 0, "one sentence"


def test_what_is_paused_waits_whatever_was_chosen() -> None:
    assert "paused" in next_article_words(LIMIT, MORNING, BERLIN, 8, is_paused=True)


def test_a_digest_is_named_with_its_day_and_hour() -> None:
    assert digest_time_words(Pace(When.WEEKLY, weekday=4), MORNING, BERLIN) == "Friday, 16 Jan, at 08:00"
