"""What is typed after `feed schedule`, and what a custom_id holds."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.errors.input_errors import UnknownChoiceError
from cogs.pace.arrival_panel import CODE, changed, decoded, encoded, for_kind
from cogs.pace.typed import EXAMPLES, read_choice
from wetread.domain.models import DestinationKind
from wetread.domain.pace import AT_ONCE, Pace, QuietHours, When

minutes = st.integers(0, 1439)
paces = st.builds(
    Pace,
    when=st.sampled_from(When),
    weekday=st.integers(0, 6),
    digest_minute=minutes,
    joins_issues=st.booleans(),
    quiet=st.none() | st.builds(QuietHours, minutes, minutes),
    most_a_day=st.none() | st.integers(1, 100),
)


@pytest.mark.parametrize(
    ("typed", "pace"),
    [
        ("at once", Pace()),
        ("daily", Pace(When.DAILY)),
        ("daily 18:00", Pace(When.DAILY, digest_minute=18 * 60)),
        ("Daily at 6pm", Pace(When.DAILY, digest_minute=18 * 60)),
        ("weekly monday 08:00", Pace(When.WEEKLY)),
        ("weekly fri 9", Pace(When.WEEKLY, weekday=4, digest_minute=9 * 60)),
        ("quiet 22-07", Pace(quiet=QuietHours(22 * 60, 7 * 60))),
        ("quiet 22:30 to 07:00", Pace(quiet=QuietHours(22 * 60 + 30, 7 * 60))),
        ("quiet 10pm-7am", Pace(quiet=QuietHours(22 * 60, 7 * 60))),
        ("limit 8", Pace(most_a_day=8, digest_minute=18 * 60)),
        ("limit 8 12:00", Pace(most_a_day=8, digest_minute=12 * 60)),
        ("issues on", Pace(joins_issues=True)),
        (
            "quiet 22-07, limit 5, issues on",
            Pace(quiet=QuietHours(1320, 420), most_a_day=5, digest_minute=1080, joins_issues=True),
        ),
        ("limit 8 limit off quiet 1-2 quiet off daily 8 at once", Pace()),
    ],
)
def test_what_is_typed_is_understood(typed: str, pace: Pace) -> None:
    assert read_choice(Pace(), typed) == pace


@pytest.mark.parametrize("typed", EXAMPLES)
def test_every_example_works(typed: str) -> None:
    read_choice(Pace(), typed)


@pytest.mark.parametrize(
    "typed",
    ["monthly", "daily 25:00", "limit", "limit 0", "limit 9999", "quiet", "quiet 7", "quiet 7-7", "at"],
)
def test_what_means_nothing_is_said_to_mean_nothing(typed: str) -> None:
    with pytest.raises(UnknownChoiceError):
        read_choice(Pace(), typed)


@given(st.text(max_size=60))
def test_no_text_ends_in_another_error(typed: str) -> None:
    with suppress(UnknownChoiceError):
        read_choice(AT_ONCE, typed)


@given(paces)
def test_a_custom_id_holds_every_pace(pace: Pace) -> None:
    code = encoded(pace)
    assert re.fullmatch(CODE, code)
    assert decoded(code) == pace
    assert len(f"wetread:arrival:digest:{2**62}:{code}") <= 100


@given(paces, st.sampled_from(["when", "issue", "quiet", "most", "day", "hour"]), st.text(max_size=9))
def test_a_forged_choice_makes_no_impossible_pace(pace: Pace, field: str, value: str) -> None:
    encoded(changed(pace, field, value))


@given(paces)
def test_a_forum_has_no_digest_no_limit_and_no_issues(pace: Pace) -> None:
    forum = for_kind(pace, DestinationKind.FORUM)
    assert not forum.has_digests
    assert not forum.joins_issues
    assert forum.quiet == pace.quiet
