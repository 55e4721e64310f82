"""simcord for our worlds: rules of Discord that it gets wrong or lacks, and one kind of timer.

Each is from Discord's documentation: a message has at most one thread (160004), a forum may require a tag
(40067), a forum post's first message has the thread's id, a message in an archived thread cannot be edited
(50083) while a new message opens the thread again unless it is locked (160005), a server that becomes
available names its active threads only, a thread on a message is not announced by another message in its
channel, and the messages "after" one are those that follow it, not the channel's newest.
`sandbox/refusals.py` has what Discord refuses.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import discord
import simcord
from simcord._clock import Clock
from simcord.backend import Backend
from simcord.backend.errors import BackendError
from simcord.backend.models import Channel, Message
from simcord.http import router
from simcord.http.router import RequestContext
from simcord.http.routes import messages

from sandbox.refusals import allowed

REQUIRE_TAG = 1 << 4
SIMCORD_BEGAN_AT = datetime(2026, 1, 1, tzinfo=UTC)


def messages_that_follow(context: RequestContext) -> Any:
    """GET /channels/{id}/messages, with the right page of what is "after" a message, and its limit."""
    if not 1 <= int(context.params.get("limit", 50)) <= 100:
        raise BackendError(400, 50035, "Invalid Form Body: limit: must be from 1 to 100")
    if "after" not in context.params:
        return messages.get_history(context)
    newest_first = messages.get_history(replace(context, params={**context.params, "limit": 1_000_000}))
    return newest_first[-int(context.params.get("limit", 50)) :]


# The first of several routes that fit equally well is taken, so this one must stand before simcord's.
router._ROUTES["GET"].insert(0, (["channels", "{channel_id}", "messages"], messages_that_follow))  # noqa: SLF001 # no public way

answer_of_simcord = router.dispatch


Witness = Callable[[str, str, Mapping[str, Any], Any], None]
witnesses: list[Witness] = []
"""Called with method, path, query and body of each request before it is answered; see `description.py`."""


def answer(
    backend: Backend, method: str, path: str, *, json: Any = None, files: Any = None, **more: Any
) -> Any:
    """Answer a request of the bot as simcord does, unless Discord would refuse it. Raises BackendError."""
    body = allowed(backend, method, path, json, files or [])
    return answer_of_simcord(backend, method, path, json=body, files=files, **more)


def receive(backend: Backend, method: str, path: str, *, json: Any = None, **more: Any) -> Any:
    """Show a request to the witnesses, then answer it."""
    for witness in witnesses:
        witness(method, path, more.get("params") or {}, json)
    return answer(backend, method, path, json=json, **more)


router.dispatch = receive  # both of simcord's doors for requests call it there


def complete_channel(payload: Mapping[str, Any], tag_required: set[int]) -> dict[str, Any]:
    """A channel object with the flags that simcord leaves out."""
    flags = int(payload.get("flags") or 0) | (REQUIRE_TAG if int(payload["id"]) in tag_required else 0)
    return {**payload, "flags": flags}


class RuledBackend(Backend):
    """simcord's world with the rules above."""

    CROSSPOSTED_FLAG = 1 << 0  # simcord says 1 << 1, which is Discord's IS_CROSSPOST

    def __init__(self, **kwargs: Any) -> None:
        self.tag_required: set[int] = set()
        self._starter_id: int | None = None
        super().__init__(**kwargs)

    def require_tag(self, forum_id: int) -> None:
        """From now on every post of the forum needs a tag."""
        self.tag_required.add(forum_id)
        self.announce_channel_update(forum_id)

    def emit(self, event: str, payload: Mapping[str, Any]) -> None:
        if event in ("CHANNEL_CREATE", "CHANNEL_UPDATE"):
            payload = complete_channel(payload, self.tag_required)
        elif event == "GUILD_CREATE":
            payload = self.complete_guild(payload)
        super().emit(event, payload)

    def complete_guild(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """A server as it becomes available: its channels with their flags, and its active threads only."""
        channels = [complete_channel(channel, self.tag_required) for channel in payload["channels"]]
        active = [thread for thread in payload["threads"] if not thread["thread_metadata"]["archived"]]
        return {**payload, "channels": channels, "threads": active}

    def create_thread(
        self, parent_id: int, name: str, owner_id: int, *, message_id: int | None = None, **fields: Any
    ) -> Channel:
        if self._starter_id is not None:
            return super().create_thread(parent_id, name, owner_id, message_id=self._starter_id, **fields)
        if message_id is None:
            return super().create_thread(parent_id, name, owner_id, **fields)
        if message_id in self.channels:
            raise BackendError(400, 160004, "A thread has already been created for this message")
        thread = super().create_thread(
            parent_id, name, owner_id, message_id=message_id, **{**fields, "broadcast": False}
        )
        self.announce_thread_create(thread)
        return thread

    def create_forum_post(
        self,
        forum_id: int,
        name: str,
        starter: Message,
        *,
        applied_tags: Iterable[int] = (),
        **fields: Any,
    ) -> tuple[Channel, Message]:
        tags = list(applied_tags)
        if forum_id in self.tag_required and not tags:
            raise BackendError(400, 40067, "A tag is required to create a forum post in this channel")
        self._starter_id = starter.id
        try:
            return super().create_forum_post(forum_id, name, starter, applied_tags=tags, **fields)
        finally:
            self._starter_id = None

    def commit_message(self, message: Message, *, broadcast: bool = True) -> Message:
        channel = self.get_channel(message.channel_id)
        metadata = channel.thread_metadata
        if metadata is not None and metadata.archived:
            if metadata.locked and not self._may_manage_threads(channel, message.author_id):
                raise BackendError(403, 160005, "Thread is locked")
            self.edit_channel(channel.id, {}, thread_metadata={"archived": False})
        return super().commit_message(message, broadcast=broadcast)

    def edit_message(self, channel_id: int, message_id: int, fields: dict[str, Any]) -> Message:
        metadata = self.get_channel(channel_id).thread_metadata
        if metadata is not None and metadata.archived:
            raise BackendError(400, 50083, "Thread is archived")
        return super().edit_message(channel_id, message_id, fields)

    def archive(self, thread_id: int, *, locked: bool = False) -> None:
        """Put a thread away, as Discord does after some days without a message; `locked`: a moderator did."""
        self.edit_channel(thread_id, {}, thread_metadata={"archived": True, "locked": locked})

    def reopen(self, thread_id: int) -> None:
        """Let a moderator open an archived thread again, and unlock it."""
        self.edit_channel(thread_id, {}, thread_metadata={"archived": False, "locked": False})

    def _may_manage_threads(self, thread: Channel, user_id: int) -> bool:
        if thread.guild_id is None:
            return False
        held = self.compute_permissions(thread.guild_id, user_id, thread.id)
        return bool(held & discord.Permissions.manage_threads.flag)


class _ClockFrom(Clock):
    """simcord's clock with another beginning."""

    def __init__(self, began_at: datetime) -> None:
        super().__init__()
        self._epoch = began_at


class Env(simcord.Env):
    """simcord's environment on a RuledBackend, for bots that keep HTTP connections open; begins when told.

    After each action simcord waits in real time for the bot's timers that end within its time-out, and takes
    aiohttp's housekeeping of idle connections (every 15 s) for one of them. Here it is left to virtual time.
    """

    def __init__(self, bot: discord.Client, *, began_at: datetime = SIMCORD_BEGAN_AT, **options: Any) -> None:
        super().__init__(bot, **options)
        self.backend = RuledBackend(clock=_ClockFrom(began_at))

    def _schedule_timer(self, record: Any, callback: Any, args: tuple[Any, ...], context: Any) -> None:
        if getattr(callback, "__name__", "") != "_weakref_handle":
            super()._schedule_timer(record, callback, args, context)


class WorldTime:
    """The time of a world as a bot's clock and sleep, also before the world is there.

    A sleep of a second or more ends when the world's time has passed. Shorter ones, which only spread
    requests, are skipped, because nobody lets time pass while a command is being answered; `monotonic`
    counts them all the same.
    """

    def __init__(self, began_at: datetime) -> None:
        self._began_at = began_at
        self._slept = 0.0
        self.env: Env | None = None

    def __call__(self) -> datetime:
        return self.env.now() if self.env else self._began_at

    def monotonic(self) -> float:
        """Return the seconds that have passed, skipped sleeps included."""
        return (self() - self._began_at).total_seconds() + self._slept

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of the world."""
        if seconds < 1 or self.env is None:
            self._slept += max(seconds, 0.0)
            await asyncio.sleep(0)
        else:
            await self.env.external_wait(asyncio.sleep(seconds), reason="time has to pass")
