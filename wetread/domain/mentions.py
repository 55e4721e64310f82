"""How often posts may mention a role. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

USUAL_MENTIONS = 3
"""Mentions of a role a day, if moderators choose no other number."""

MOST_A_DAY = 24
MOST_ROLES = 2
"""Roles that one post mentions."""

APART = timedelta(hours=1)
"""A role is mentioned at most once in this time."""


def may_mention(mentioned_at: Sequence[datetime], most: int, day_began_at: datetime, now: datetime) -> bool:
    """Return whether a role may be mentioned now. `mentioned_at`: when it was, at least since yesterday.

    `most`: mentions a day; `day_began_at`: when the server's day began.
    """
    if any(now - each < APART for each in mentioned_at):
        return False
    return sum(each >= day_began_at for each in mentioned_at) < most
