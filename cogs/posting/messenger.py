"""The messenger to Discord: posts cards to channels, threads and forums, one attempt each."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import aiohttp
import discord
from discord.ext import commands
from discord.http import Route, handle_message_parameters

from cogs.cards.buttons import cite_only
from cogs.cards.discussion import open_thread, write_first_line
from cogs.cards.links import linked_title
from cogs.cards.publication_status import discussion_news
from cogs.kit.limits import CONTENT, check_layout, check_message
from cogs.posting import forum as forum_posts
from cogs.posting.permissions import PostableChannel, kind_of, permissions_in, permissions_missing
from cogs.posting.rate_limits import GlobalRateLimitError
from cogs.posting.recognition import is_digest, is_post, marker_in, marker_of
from cogs.posting.sending import Tries, create
from wetread.domain.delivery_rules import nonce_of
from wetread.domain.digests import Content, Digest
from wetread.domain.errors import (
    DeliveryAmbiguousError,
    DeliveryDelayedError,
    DeliveryRefusedError,
    HistoryUnreadableError,
    MessageDeletedError,
)
from wetread.domain.models import Article, Delivery, DestinationKind, Posted
from wetread.domain.publication_status import is_retracted
from wetread.domain.text import utf16_length
from wetread.net.http_headers import retry_after

log = logging.getLogger(__name__)

BAN_SECONDS = 900.0
"""How long Wetread sends nothing after Cloudflare has rejected a request (faults.md A18)."""

OUTAGE_SECONDS = 300.0
"""Seconds until the next try on a server that is unavailable (faults.md A31)."""

_REMEMBERED = 1000  # posts that the gateway reported, kept in case the answer to the request was lost
_PLAIN_TITLE = 300
_UNKNOWN_MESSAGE = 10008
_THREAD_ARCHIVED = 50083
_PUBLISHED_ALREADY = 40033
_NAMES_PERMISSIONS = (50001, 50013)


@dataclass(frozen=True, slots=True)
class CardMessage:
    """A card as it is sent. `name`: of a forum post; `tags`: names of tags; `content`: text above the card.

    `mentions`: the roles in `content` that the first attempt to post it pings.
    `shown_hash` changes when anything changes that a reader sees.
    """

    embed: discord.Embed
    view: discord.ui.View | None
    name: str
    tags: tuple[str, ...]
    shown_hash: str
    content: str | None = None
    mentions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestMessage:
    """A digest as it is sent. `plain`: text and button for where Discord refuses the panel."""

    panel: discord.ui.LayoutView
    plain: tuple[str, discord.ui.View]
    shown_hash: str


MakeCardMessage = Callable[[Delivery, Article], Awaitable[CardMessage]]
"""Builds the message of a delivery of an article, with its marker in a button."""

MakeDigestMessage = Callable[[Delivery, Digest], DigestMessage]
"""Builds the message of a digest, with its marker in its menus and buttons."""


@dataclass(frozen=True, slots=True)
class _MessageParts:
    """The parts of a message; `shown_hash` None = not the full card."""

    content: str | None
    embed: discord.Embed | None
    view: discord.ui.View | discord.ui.LayoutView | None
    shown_hash: str | None

    @property
    def is_text(self) -> bool:
        """Whether links in the text would be shown as embeds of their own."""
        return self.embed is None and not isinstance(self.view, discord.ui.LayoutView)


class DiscordMessenger:
    """A `delivery.Messenger` over discord.py."""

    def __init__(self, bot: commands.Bot, make_card: MakeCardMessage, make_digest: MakeDigestMessage) -> None:
        self._bot = bot
        self._make_card = make_card
        self._make_digest = make_digest
        self._reported: OrderedDict[str, Posted] = OrderedDict()

    async def on_message(self, message: discord.Message) -> None:
        """Remember Wetread's own messages: a message that the gateway reports was posted."""
        if self._bot.user is None or message.author.id != self._bot.user.id:
            return
        if marker := marker_in(message):
            is_forum_post = message.channel.id == message.id
            self._reported[marker.delivery] = Posted(message.id, message.id if is_forum_post else None)
            while len(self._reported) > _REMEMBERED:
                self._reported.popitem(last=False)

    def last_message_id(self, channel_id: int) -> int | None:
        """See `Messenger.last_message_id`."""
        channel = self._bot.get_channel(channel_id)
        return channel.last_message_id if isinstance(channel, PostableChannel) else None

    async def post(self, delivery: Delivery, content: Content, *, is_plain: bool = False) -> Posted:
        """See `Messenger.post`."""
        guild = self._bot.get_guild(delivery.guild_id)
        if guild is not None and guild.unavailable:
            raise DeliveryDelayedError(OUTAGE_SECONDS)
        parts, card, _ = await self._made(delivery, content, is_plain=is_plain)
        tries = Tries(may_repeat=True)
        with self._answers_of(delivery.channel_id, tries):
            if delivery.kind is DestinationKind.FORUM:
                if card is None:
                    raise DeliveryRefusedError(400, 50024, "forums have no digests")
                return await self._post_in_forum(delivery, card, parts, is_plain=is_plain)
            with handle_message_parameters(
                content=parts.content,
                embed=parts.embed or discord.utils.MISSING,
                view=parts.view or discord.utils.MISSING,
                nonce=delivery.nonce or nonce_of(delivery),
                allowed_mentions=_pings(delivery, card),
                flags=discord.MessageFlags(suppress_embeds=parts.is_text),
            ) as parameters:
                route = Route("POST", "/channels/{channel_id}/messages", channel_id=delivery.channel_id)
                message_id = await create(self._bot.http, route, parameters.payload, tries)
        return Posted(message_id, shown_hash=parts.shown_hash)

    async def find(self, delivery: Delivery, content: Content) -> Posted | None:
        """See `Messenger.find`."""
        baseline = delivery.baseline or 0
        reported = self._reported.get(delivery.marker)
        if reported is not None and reported.message_id > baseline:  # else of a post that was removed
            return reported
        with self._answers_of(delivery.channel_id):
            channel = await self._destination(delivery.channel_id)
            me = channel.guild.me
            if not _can_read(permissions_in(channel, me)):
                raise HistoryUnreadableError
            if isinstance(channel, discord.ForumChannel):
                found = await forum_posts.find_post(
                    channel, me.id, baseline, lambda message: is_post(message, delivery, content)
                )
                return None if found is None else Posted(found, found)
            async for message in channel.history(
                limit=None, after=discord.Object(baseline), oldest_first=True
            ):
                if message.author.id == me.id and is_post(message, delivery, content):
                    is_in_digest = isinstance(content, Article) and is_digest(message)
                    return Posted(message.id, is_in_digest=is_in_digest)
        return None

    async def edit(self, delivery: Delivery, content: Content) -> Posted:
        """See `Messenger.edit`."""
        parts, card, shown_hash = await self._made(delivery, content)
        message_id = delivery.message_id or 0
        if shown_hash == delivery.shown_hash:
            return Posted(message_id, delivery.thread_id, shown_hash)
        is_forum_post = delivery.kind is DestinationKind.FORUM
        place = (delivery.thread_id if is_forum_post else None) or delivery.channel_id
        message = self._target(place, delivery.guild_id).get_partial_message(message_id)

        async def edit() -> None:
            await message.edit(
                content=parts.content,
                embed=parts.embed,
                view=parts.view,
                allowed_mentions=discord.AllowedMentions.none(),
            )

        with self._answers_of(place):
            name = card.name if is_forum_post and card else None
            try:
                await edit()
            except discord.HTTPException as error:
                if error.code != _THREAD_ARCHIVED:
                    raise
                await self._edit_archived(place, name, edit)
            else:
                await _rename(self._bot.get_channel(place), name)
        return Posted(message_id, delivery.thread_id, parts.shown_hash)

    async def announce_status(self, delivery: Delivery, article: Article) -> None:
        """See `Messenger.announce_status`."""
        if delivery.thread_id is None:
            return
        word = "r" if is_retracted(article.record) else "n"
        with self._answers_of(delivery.thread_id):
            await self._target(delivery.thread_id, delivery.guild_id).send(
                discussion_news(article),
                nonce=f"wr-{delivery.id:x}-{word}",  # for a second try after a lost answer
                allowed_mentions=discord.AllowedMentions.none(),
            )

    async def open_thread(self, delivery: Delivery, article: Article) -> int:
        """See `Messenger.open_thread`."""
        message_id = delivery.message_id or 0
        post = self._target(delivery.channel_id, delivery.guild_id).get_partial_message(message_id)
        with self._answers_of(delivery.channel_id):
            posted_at = delivery.settled_at or delivery.scheduled_at
            opened = await open_thread(post, article, posted_at.date())
            thread = opened or self._target(message_id, delivery.guild_id)
            if opened is None and await self._has_written(thread):
                return message_id
            await write_first_line(thread, message_id, article)
        return message_id

    async def _has_written(self, thread: discord.abc.Messageable) -> bool:
        """Return whether one of the first messages of a thread is Wetread's."""
        async for message in thread.history(limit=5, oldest_first=True):
            if self._bot.user is not None and message.author.id == self._bot.user.id and message.content:
                return True
        return False

    def announces(self, channel_id: int) -> bool:
        """See `Messenger.announces`."""
        channel = self._bot.get_channel(channel_id)
        return isinstance(channel, discord.TextChannel) and channel.is_news()

    async def publish(self, delivery: Delivery) -> None:
        """See `Messenger.publish`."""
        guild = self._bot.get_guild(delivery.guild_id)
        if guild is not None and guild.unavailable:
            raise DeliveryDelayedError(OUTAGE_SECONDS)
        target = self._target(delivery.channel_id, delivery.guild_id)
        with self._answers_of(delivery.channel_id):
            try:
                await target.get_partial_message(delivery.message_id or 0).publish()
            except discord.HTTPException as error:
                if error.code != _PUBLISHED_ALREADY:
                    raise

    async def _post_in_forum(
        self, delivery: Delivery, card: CardMessage, parts: _MessageParts, *, is_plain: bool
    ) -> Posted:
        forum = await self._destination(delivery.channel_id)
        if not isinstance(forum, discord.ForumChannel):
            raise DeliveryRefusedError(400, 50024, "it is no longer a forum")
        tags = forum_posts.tags_for(forum, card.tags, is_plain=is_plain)
        post_id = await forum_posts.create_post(
            self._bot.http,
            forum.id,
            card.name,
            tags,
            content=parts.content,
            embed=parts.embed,
            view=parts.view,
            allowed_mentions=_pings(delivery, card),
        )
        return Posted(post_id, post_id, parts.shown_hash)

    async def _edit_archived(
        self, thread_id: int, name: str | None, edit: Callable[[], Awaitable[None]]
    ) -> None:
        """Unarchive the thread, edit, archive it again (faults.md A24)."""
        thread = await self._destination(thread_id)
        if not isinstance(thread, discord.Thread):
            raise DeliveryRefusedError(400, _THREAD_ARCHIVED)
        try:
            await thread.edit(archived=False)
        except discord.Forbidden as error:
            raise DeliveryRefusedError(error.status, _THREAD_ARCHIVED) from error
        try:
            await edit()
            await _rename(thread, name)
        finally:
            with suppress(discord.DiscordException):  # Discord archives it later anyway
                await thread.edit(archived=True)

    async def _made(
        self, delivery: Delivery, content: Content, *, is_plain: bool = False
    ) -> tuple[_MessageParts, CardMessage | None, str]:
        """Return the parts of a message, the card that they show (None: a digest), and the hash of all."""
        if isinstance(content, Digest):
            digest = self._make_digest(delivery, content)
            return _digest_parts(digest, is_plain=is_plain), None, digest.shown_hash
        card = await self._make_card(delivery, content)
        return self._message_parts(delivery, content, card, is_plain=is_plain), card, card.shown_hash

    def _message_parts(
        self, delivery: Delivery, article: Article, card: CardMessage, *, is_plain: bool
    ) -> _MessageParts:
        """Return the card, or title and link where embeds are forbidden (faults.md A28) or refused (A32)."""
        plain = linked_title(article.record, _PLAIN_TITLE)
        if card.content and utf16_length(card.content) + 1 + utf16_length(plain) <= CONTENT:
            plain = f"{card.content}\n{plain}"
        if is_plain:
            # None of the card's other buttons, because one of their links may be what Discord refused.
            return _MessageParts(plain, None, cite_only(article.id, marker_of(delivery, article).text), None)
        try:
            check_message(content=card.content, embeds=[card.embed], view=card.view)
        except ValueError as error:
            raise DeliveryRefusedError(400, 50035, str(error)) from error
        if not self._can_embed(delivery.channel_id):
            return _MessageParts(plain, None, card.view, None)
        return _MessageParts(card.content, card.embed, card.view, card.shown_hash)

    def _can_embed(self, channel_id: int) -> bool:
        channel = self._bot.get_channel(channel_id)
        if not isinstance(channel, PostableChannel) or channel.guild.me is None:
            return True  # Discord decides
        return permissions_in(channel, channel.guild.me).embed_links

    def _target(self, channel_id: int, guild_id: int) -> discord.PartialMessageable:
        """Return a channel by its id, also an archived thread, which is not in the cache."""
        return self._bot.get_partial_messageable(channel_id, guild_id=guild_id)

    async def _destination(self, channel_id: int) -> PostableChannel:
        channel = self._bot.get_channel(channel_id) or await self._bot.fetch_channel(channel_id)
        if not isinstance(channel, PostableChannel):
            raise DeliveryRefusedError(400, 50008)
        return channel

    @contextmanager
    def _answers_of(self, channel_id: int, tries: Tries | None = None) -> Iterator[None]:
        """Turn discord.py's errors into Wetread's; anything that is neither yes nor no is ambiguous.

        `tries`: those of the request that creates something.
        """
        try:
            yield
        except (discord.RateLimited, discord.HTTPException) as error:
            meaning = self._meaning(error, channel_id)
            meaning.may_have_posted = tries is not None and tries.is_unclear
            raise meaning from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise DeliveryAmbiguousError(type(error).__name__) from error
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            # An answer that is no JSON is a text to discord.py, and it fails on it (faults.md A14).
            log.warning("Discord's answer could not be read", exc_info=True)
            raise DeliveryAmbiguousError(type(error).__name__) from error

    def _meaning(
        self, error: discord.RateLimited | discord.HTTPException, channel_id: int
    ) -> DeliveryAmbiguousError | DeliveryDelayedError | DeliveryRefusedError | MessageDeletedError:
        if isinstance(error, discord.RateLimited):
            is_global = isinstance(error, GlobalRateLimitError)
            return DeliveryDelayedError(error.retry_after, is_everywhere=is_global)
        if error.status >= 500 or error.status == 408:
            return DeliveryAmbiguousError(f"status {error.status}")
        if error.status == 429:
            headers = error.response.headers
            if not headers.get("Via"):
                return DeliveryDelayedError(BAN_SECONDS, is_everywhere=True)
            wait = retry_after(headers)
            return DeliveryDelayedError(60.0 if wait is None else max(1.0, wait))
        if error.status == 403 and error.code == 0:  # not Discord, but Cloudflare before it
            return DeliveryDelayedError(BAN_SECONDS, is_everywhere=True)
        if error.code == _UNKNOWN_MESSAGE:
            return MessageDeletedError()
        detail = self._missing(channel_id) if error.code in _NAMES_PERMISSIONS else ""
        return DeliveryRefusedError(error.status, error.code, detail)

    def _missing(self, channel_id: int) -> str:
        channel = self._bot.get_channel(channel_id)
        if not isinstance(channel, PostableChannel) or channel.guild.me is None:
            return ""
        return ", ".join(permissions_missing(channel, channel.guild.me, kind_of(channel)))


async def _rename(channel: object, name: str | None) -> None:
    """Rename a forum post, for example after a retraction; None = keep its name."""
    if name is not None and isinstance(channel, discord.Thread) and channel.name != name:
        await channel.edit(name=name)


def _digest_parts(digest: DigestMessage, *, is_plain: bool) -> _MessageParts:
    if is_plain:
        words, button = digest.plain
        return _MessageParts(words, None, button, None)
    try:
        check_layout(digest.panel)
    except ValueError as error:
        raise DeliveryRefusedError(400, 50035, str(error)) from error
    return _MessageParts(None, None, digest.panel, digest.shown_hash)


def _pings(delivery: Delivery, card: CardMessage | None) -> discord.AllowedMentions:
    """Return who is pinged by a post: exactly the roles of its card, and nobody by what may be a second post.

    An earlier attempt that is not found may have been read, and removed by a moderator.
    """
    pings = discord.AllowedMentions.none()
    if card is not None and card.mentions and delivery.attempt_count == 1:
        pings.roles = [discord.Object(role_id) for role_id in card.mentions]
    return pings


def _can_read(permissions: discord.Permissions) -> bool:
    return permissions.view_channel and permissions.read_message_history
