"""Members suggest journals to their moderators, up to three an hour."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from wetread.domain.catalogue import Catalogue
from wetread.domain.clock import Clock
from wetread.domain.models import Journal
from wetread.services.subscriptions import Subscriptions

MOST_SUGGESTIONS, SUGGESTIONS_SPAN = 3, timedelta(hours=1)
"""The most suggestions of one member in that time."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested journal; None = it is not in the catalogue.

    `is_watched`: the server subscribes to it already. `wait`: seconds until this member may suggest again,
    None = this suggestion was accepted.
    """

    journal: Journal | None
    is_watched: bool = False
    wait: float | None = None


class Suggestions:
    """Accepts or refuses suggestions. The limit is per member, over all servers."""

    def __init__(self, catalogue: Catalogue, subscriptions: Subscriptions, clock: Clock) -> None:
        self._catalogue = catalogue
        self._subscriptions = subscriptions
        self._clock = clock
        self._made: dict[int, deque[datetime]] = {}  # member → when, oldest first

    async def consider(self, guild_id: int, member_id: int, name: str) -> Suggestion:
        """Return the suggestion for `name`; it counts against the member's limit unless it is watched."""
        journal = self._catalogue.named(name)
        watched = await self._subscriptions.of_guild(guild_id)
        if journal is not None and any(each.feed.journal_key == journal.key for each in watched):
            return Suggestion(journal, is_watched=True)
        return Suggestion(journal, wait=self._wait(member_id))

    def typed(self, suggestion: Suggestion, name: str) -> str:
        """Return what a moderator types after `feed add` to subscribe to it."""
        return self._catalogue.typed(suggestion.journal) if suggestion.journal else name

    def _wait(self, member_id: int) -> float | None:
        now = self._clock()
        self._made = {member: at for member, at in self._made.items() if now - at[-1] < SUGGESTIONS_SPAN}
        made = self._made.setdefault(member_id, deque(maxlen=MOST_SUGGESTIONS))
        if len(made) == MOST_SUGGESTIONS and now - made[0] < SUGGESTIONS_SPAN:
            return (made[0] + SUGGESTIONS_SPAN - now).total_seconds()
        made.append(now)
        return None
