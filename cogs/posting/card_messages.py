"""Builds the message of a delivery: its card with buttons and forum tags, or its digest."""

import discord

from cogs.cards.buttons import card_view
from cogs.cards.card import RetractedArticle, card, shown_hash
from cogs.cards.digest import DigestLook, digest_hash, digest_view, plain_digest
from cogs.cards.discussion import can_discuss
from cogs.cards.names import thread_name
from cogs.cards.share_line import mention_line, note_line, share_line
from cogs.client import Wetread
from cogs.kit.limits import CONTENT, FORUM_TAG
from cogs.kit.roles import pinged
from cogs.posting.messenger import CardMessage, DigestMessage, MakeCardMessage, MakeDigestMessage
from cogs.posting.recognition import marker_of
from wetread.domain.digests import Digest
from wetread.domain.models import Article, Delivery, DestinationKind, Subject
from wetread.domain.publication_types import type_label
from wetread.storage import forum_tags, role_mentions


def card_messages(bot: Wetread) -> MakeCardMessage:
    """Return the function that builds the message of a delivery."""

    async def build(delivery: Delivery, article: Article) -> CardMessage:
        actions = bot.services.actions
        subject = actions.subject(article.record)
        shown = card(
            article,
            delivery.form,
            subject=subject,
            today=actions.today(),
            retracted=RetractedArticle(*await actions.article_retracted_by(article, delivery.guild_id)),
            proxy_prefix=await actions.proxy_prefix(delivery.guild_id),
            topics=await bot.services.topics.named_on(delivery),
        )
        roles = await _mentioned(bot, delivery)
        return CardMessage(
            embed=shown.embed,
            view=card_view(
                shown, can_discuss=_can_discuss(bot, delivery), marker=marker_of(delivery, article).text
            ),
            name=thread_name(article.record),
            tags=await _tags(bot, delivery, article, subject),
            shown_hash=shown_hash(shown, note_line(delivery.share.note) if delivery.share else ""),
            content=share_line(delivery.share, article.record, actions.today()) or mention_line(roles),
            mentions=tuple(role.id for role in roles),
        )

    return build


def digest_messages(bot: Wetread) -> MakeDigestMessage:
    """Return the function that builds the message of a digest."""

    def build(delivery: Delivery, digest: Digest) -> DigestMessage:
        look = DigestLook(
            delivery.marker, bot.services.actions.subject, can_discuss=_can_discuss(bot, delivery)
        )
        return DigestMessage(
            digest_view(digest, look), plain_digest(digest, look, CONTENT), digest_hash(digest, look)
        )

    return build


def _can_discuss(bot: Wetread, delivery: Delivery) -> bool:
    channel: object = bot.get_channel(delivery.channel_id)
    return isinstance(channel, discord.TextChannel) and can_discuss(channel)


async def _mentioned(bot: Wetread, delivery: Delivery) -> list[discord.Role]:
    """The roles above the card. Left out is one that is gone, or that Wetread may not mention."""
    chosen = await bot.services.database.read(role_mentions.of_delivery, delivery.id)
    channel = bot.get_channel(delivery.channel_id)
    return pinged(bot.get_guild(delivery.guild_id), channel, chosen) if chosen else []


async def _tags(bot: Wetread, delivery: Delivery, article: Article, subject: Subject) -> tuple[str, ...]:
    """The names that a forum's tags may have for this article: for its subject, and for its kind of study."""
    forum = bot.get_channel(delivery.channel_id)
    if delivery.kind is not DestinationKind.FORUM or not isinstance(forum, discord.ForumChannel):
        return ()
    chosen = await bot.services.database.run(forum_tags.of_forum, forum.id)
    labels = ("" if subject is Subject.GENERAL else str(subject), type_label(article.record) or "")
    tags = {label: forum.get_tag(chosen.get(label, 0)) for label in labels if label}
    return tuple(tag.name if tag else label[:FORUM_TAG] for label, tag in tags.items())
