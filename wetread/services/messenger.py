"""The port through which articles get into Discord, and how one request to it is made."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Protocol, TypeVar

from wetread.domain.digests import Content
from wetread.domain.errors import DeliveryAmbiguousError, DeliveryError
from wetread.domain.models import Article, Delivery, Posted

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Messenger(Protocol):
    """Puts articles and digests into Discord. Each method makes one attempt, and never tries again."""

    def last_message_id(self, channel_id: int) -> int | None:
        """Return the newest message (or forum post) known in a destination, None = none or unknown."""
        ...

    async def post(self, delivery: Delivery, content: Content, *, is_plain: bool = False) -> Posted:
        """Post the article's card, or the digest, with the delivery's nonce and marker.

        `is_plain`: only title and link; of a digest, only the titles.

        Raises DeliveryRefusedError, DeliveryDelayedError, DeliveryAmbiguousError or MessageDeletedError.
        """
        ...

    async def find(self, delivery: Delivery, content: Content) -> Posted | None:
        """Look for the post in the destination's history after `delivery.baseline`; None = not there.

        The post is recognised by its marker; if the delivery `is_doubted`, any post of the article is it, and
        any digest that has the article.
        Raises HistoryUnreadableError where an empty history proves nothing, and DeliveryRefusedError,
        DeliveryDelayedError or DeliveryAmbiguousError where Discord gave no history.
        """
        ...

    async def edit(self, delivery: Delivery, content: Content) -> Posted:
        """Make the post show what it is about as that is now; do nothing if it does already (`shown_hash`).

        Raises as `post`; MessageDeletedError = the post is gone.
        """
        ...

    async def announce_status(self, delivery: Delivery, article: Article) -> None:
        """Write into the discussion of a post that its article was retracted, or no longer is.

        Raises as `post`.
        """
        ...

    async def open_thread(self, delivery: Delivery, article: Article) -> int:
        """Open the discussion under a post, with its first line, and return its id.

        Does only what is missing: the thread may be there, with its first line or without. Raises as `post`.
        """
        ...

    def announces(self, channel_id: int) -> bool:
        """Return whether posts in a destination can be published to other channels, which follow it."""
        ...

    async def publish(self, delivery: Delivery) -> None:
        """Publish a post in an announcement channel; do nothing if it was published before.

        Raises as `post`; MessageDeletedError = the post is gone.
        """
        ...


async def answer_of(request: Awaitable[T], *, limit: float) -> T | DeliveryError:
    """Wait at most `limit` seconds for a messenger's answer, and return errors as values.

    An exception that nobody foresaw becomes DeliveryAmbiguousError: the request may have been carried out.
    """
    try:
        async with asyncio.timeout(limit):
            return await request
    except TimeoutError:
        return DeliveryAmbiguousError(f"no answer within {limit:g} s")
    except DeliveryError as error:
        return error
    except Exception as error:
        logger.exception("A request to Discord failed with an unexpected error.")
        return DeliveryAmbiguousError(type(error).__name__)
