"""Discord as the outbox sees it, and a `Messenger` that talks to it.

`Channels` holds the messages and survives a restart of the bot. A test scripts what happens to the next
requests of a kind ("weather"), in order; without a script every request succeeds.
"""

import contextlib
import re
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from wetread.domain.clock import Clock
from wetread.domain.delivery_rules import snowflake_at
from wetread.domain.digests import Content, Digest
from wetread.domain.errors import (
    DeliveryAmbiguousError,
    DeliveryDelayedError,
    DeliveryRefusedError,
    HistoryUnreadableError,
    MessageDeletedError,
)
from wetread.domain.models import Article, Delivery, DestinationKind, Posted


@dataclass(slots=True)
class Message:
    """One message of the bot. `text` is its visible text."""

    id: int
    channel_id: int
    marker: str
    nonce: str | None
    text: str
    sent_at: datetime
    is_deleted: bool = False
    edit_count: int = 0


class Weather:
    """What happens to one request. Each method gets the request as a function that carries it out."""

    @staticmethod
    def fine(request: Callable[[], Posted]) -> Posted:
        return request()

    @staticmethod
    def lost_before(_request: Callable[[], Posted]) -> Posted:
        """The request is lost before it takes effect, and the caller gets no answer."""
        raise DeliveryAmbiguousError("lost before")

    @staticmethod
    def lost_after(request: Callable[[], Posted]) -> Posted:
        """The request takes effect, and its answer is lost."""
        request()
        raise DeliveryAmbiguousError("lost after")

    @staticmethod
    def refused(status: int, code: int = 0) -> "Meeting":
        def meet(_request: Callable[[], Posted]) -> Posted:
            raise DeliveryRefusedError(status, code)

        return meet

    @staticmethod
    def delayed(seconds: float, *, is_everywhere: bool = False) -> "Meeting":
        def meet(_request: Callable[[], Posted]) -> Posted:
            raise DeliveryDelayedError(seconds, is_everywhere=is_everywhere)

        return meet

    @staticmethod
    def failing(error: Exception) -> "Meeting":
        def meet(_request: Callable[[], Posted]) -> Posted:
            raise error

        return meet


Meeting = Callable[[Callable[[], Posted]], Posted]


@dataclass(slots=True)
class Call:
    """One request of the bot."""

    method: str  # "post", "find", "edit", "publish"
    channel_id: int
    article_id: int | None  # None = a digest
    nonce: str | None
    at: datetime
    is_plain: bool = False


@dataclass
class Channels:
    """The messages of the bot in all channels, and how Discord behaves.

    `nonce_window`: for how long a repeated nonce returns the first message. `late`: requests that take effect
    only when the test calls `release`.
    """

    clock: Clock
    nonce_window: timedelta = timedelta(minutes=5)
    unreadable: set[int] = field(default_factory=set)
    refusing: dict[int, tuple[int, int]] = field(default_factory=dict)  # channel → status, code
    announcing: set[int] = field(default_factory=set)  # announcement channels
    messages: list[Message] = field(default_factory=list)
    threads: dict[int, int] = field(default_factory=dict)  # message → how often its thread was asked for
    late: list[Callable[[], Posted]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    weather: dict[str, deque[Meeting]] = field(default_factory=lambda: defaultdict(deque))

    def forecast(self, *meetings: Meeting, method: str = "post") -> None:
        """Script what happens to the next requests of that kind, in order."""
        self.weather[method].extend(meetings)

    def late_commit(self, request: Callable[[], Posted]) -> Posted:
        """Weather: the request gets no answer, and takes effect when the test calls `release`."""
        self.late.append(request)
        raise DeliveryAmbiguousError("late")

    def release(self) -> None:
        """Let all delayed requests take effect."""
        waiting, self.late = self.late, []
        for request in waiting:
            with contextlib.suppress(MessageDeletedError, DeliveryRefusedError):
                request()

    def posts(self, channel_id: int | None = None, article_id: int | None = None) -> list[Message]:
        """Return every post ever made in a channel, deleted ones included."""
        return [
            message
            for message in self.messages
            if channel_id in (None, message.channel_id)
            and (
                article_id is None
                or any(line.startswith(f"#{article_id} ") for line in message.text.split("\n"))
            )
        ]

    def delete(self, message: Message) -> None:
        """Let a moderator delete a message."""
        message.is_deleted = True

    def requests(self, method: str = "post") -> list[Call]:
        """Return the requests of one kind, in order."""
        return [call for call in self.calls if call.method == method]

    def create(self, channel_id: int, marker: str, nonce: str | None, text: str) -> Message:
        """Return the earlier message if Discord still knows the nonce, or else make a new one."""
        now = self.clock()
        if nonce is not None:
            for message in self.messages:
                if message.nonce == nonce and now - message.sent_at <= self.nonce_window:
                    if message.is_deleted:
                        raise MessageDeletedError
                    return message
        message = Message(snowflake_at(now) + len(self.messages) + 1, channel_id, marker, nonce, text, now)
        self.messages.append(message)
        return message


class FakeMessenger:
    """A `Messenger` for `Channels`."""

    def __init__(self, channels: Channels) -> None:
        self._channels = channels

    def last_message_id(self, channel_id: int) -> int | None:
        ids = [message.id for message in self._channels.posts(channel_id)]
        return max(ids, default=None)

    async def post(self, delivery: Delivery, content: Content, *, is_plain: bool = False) -> Posted:
        self._note("post", delivery, is_plain=is_plain)
        text = text_of(content, is_plain=is_plain)
        nonce = None if delivery.kind is DestinationKind.FORUM else delivery.nonce

        def request() -> Posted:
            message = self._channels.create(delivery.channel_id, delivery.marker, nonce, text)
            return posted(delivery, message, hash_of(text))

        self._refuse(delivery.channel_id)
        return self._meet("post", request)

    async def find(self, delivery: Delivery, content: Content) -> Posted | None:
        self._note("find", delivery)
        if delivery.channel_id in self._channels.unreadable:
            raise HistoryUnreadableError
        found: list[Message] = []

        def request() -> Posted:
            found.extend(
                message
                for message in self._channels.posts(delivery.channel_id)
                if not message.is_deleted
                and message.id > (delivery.baseline or 0)
                and (
                    re.search(rf"\b{delivery.marker}\b", message.marker)
                    or (delivery.is_doubted and shows(message, content))
                )
            )
            return Posted(0)

        self._refuse(delivery.channel_id)
        self._meet("find", request)
        if not found:
            return None
        is_in_digest = isinstance(content, Article) and found[0].text.startswith("Digest")
        return replace(posted(delivery, found[0], None), is_in_digest=is_in_digest)

    async def edit(self, delivery: Delivery, content: Content) -> Posted:
        text = text_of(content)
        if hash_of(text) == delivery.shown_hash:
            return Posted(delivery.message_id or 0, delivery.thread_id, delivery.shown_hash)
        self._note("edit", delivery)

        def request() -> Posted:
            [message] = [each for each in self._channels.messages if each.id == delivery.message_id]
            if message.is_deleted:
                raise MessageDeletedError
            message.text = text
            message.edit_count += 1
            return posted(delivery, message, hash_of(text))

        self._refuse(delivery.channel_id)
        return self._meet("edit", request)

    async def announce_status(self, delivery: Delivery, article: Article) -> None:  # noqa: ARG002  # as the protocol
        self._note("tell", delivery)
        self._meet("tell", lambda: Posted(0))

    def announces(self, channel_id: int) -> bool:
        return channel_id in self._channels.announcing

    async def publish(self, delivery: Delivery) -> None:
        self._note("publish", delivery)
        self._meet("publish", lambda: Posted(delivery.message_id or 0))

    async def open_thread(self, delivery: Delivery, content: Content) -> int:  # noqa: ARG002  # as the protocol
        message_id = delivery.message_id or 0
        self._note("open_thread", delivery)

        def open_it() -> Posted:
            self._channels.threads.setdefault(message_id, 0)
            self._channels.threads[message_id] += 1
            return Posted(message_id)

        return self._meet("open_thread", open_it).message_id

    def _note(self, method: str, delivery: Delivery, *, is_plain: bool = False) -> None:
        now = self._channels.clock()
        call = Call(method, delivery.channel_id, delivery.article_id, delivery.nonce, now, is_plain)
        self._channels.calls.append(call)

    def _meet(self, method: str, request: Callable[[], Posted]) -> Posted:
        waiting = self._channels.weather[method]
        return (waiting.popleft() if waiting else Weather.fine)(request)

    def _refuse(self, channel_id: int) -> None:
        if channel_id in self._channels.refusing:
            raise DeliveryRefusedError(*self._channels.refusing[channel_id])


def shown(article: Article) -> str:
    """Return the text that stands for a card here: the title and the abstract."""
    return " | ".join([article.record.title, *(section.text for section in article.record.abstract)])


def text_of(content: Content, *, is_plain: bool = False) -> str:
    """Return the text of a post: one line for each article, which begins with "#" and the article's id."""
    if isinstance(content, Digest):
        return "\n".join([f"Digest {content.kind}", *(text_of(each) for each in content.articles)])
    return f"#{content.id} {'plain' if is_plain else shown(content)}"


def shows(message: Message, content: Content) -> bool:
    """Return whether an earlier post is of the same article, or has it; its id may be another one."""
    if isinstance(content, Digest):
        return False
    return any(line.endswith(f" {shown(content)}") for line in message.text.split("\n"))


def hash_of(text: str) -> str:
    """Return the hash of what a post shows."""
    return sha256(text.encode()).hexdigest()


def posted(delivery: Delivery, message: Message, shown_hash: str | None) -> Posted:
    """Return a post as the outbox is told of it; the id of a forum post is that of its first message."""
    thread_id = message.id if delivery.kind is DestinationKind.FORUM else None
    return Posted(message.id, thread_id, shown_hash)
