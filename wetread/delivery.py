"""The outbox's worker: claims what is owed, hands it to a messenger, settles what became of it."""

from dataclasses import dataclass
from typing import Protocol

from wetread.models import Article, Delivery


@dataclass(frozen=True, slots=True)
class Posted:
    """A post as it stands in Discord. `thread_id` is the forum post's; `shown_hash` is of what it shows."""

    message_id: int
    thread_id: int | None = None
    shown_hash: str | None = None


class Messenger(Protocol):
    """The port that puts an article into Discord; each method is one attempt, never a retry of ours."""

    async def post(self, delivery: Delivery, article: Article) -> Posted:
        """Post the article's card with the delivery's nonce and marker.

        Raises DeliveryRefusedError, DeliveryDelayedError, DeliveryAmbiguousError or MessageDeletedError.
        """
        ...

    async def find(self, delivery: Delivery) -> Posted | None:
        """Look through the destination's history after `delivery.baseline` for the post; None = not there.

        Raises HistoryUnreadableError where an empty history proves nothing, DeliveryDelayedError and
        DeliveryAmbiguousError where Discord could not be asked.
        """
        ...

    async def edit(self, delivery: Delivery, article: Article) -> Posted:
        """Make the post show the article as it is now; does nothing if it does already.

        Raises as `post`; MessageDeletedError = the post is gone.
        """
        ...
