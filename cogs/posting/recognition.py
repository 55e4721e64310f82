"""Which delivery a message of ours is the post of. Its buttons say so, because readers see only their labels.

The Cite button of a post carries the delivery's marker and a hash of the article's address. It stays when a
moderator removes the embed, and every post has it, whatever its form. Up to 0.2.0 the marker was the end of
the footer, or of the text; such posts are recognised too.
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import unquote

import discord

from cogs.cards.links import article_url
from wetread.domain.models import Article, Delivery

_CARRIED = re.compile(r"wetread:cite:\d+:(wr-[0-9a-f]+):([0-9a-f]*)")
_WRITTEN = re.compile(r"\bwr-[0-9a-f]+$")


@dataclass(frozen=True, slots=True)
class Marker:
    """What a post carries. `address`: a hash of the article's address; None in posts of up to 0.2.0."""

    delivery: str
    address: str | None = None

    @property
    def text(self) -> str:
        """What the Cite button carries after the article's id."""
        return f"{self.delivery}:{self.address or ''}"


def marker_of(delivery: Delivery, article: Article) -> Marker:
    """Return what the post of a delivery carries."""
    return Marker(delivery.marker, _hashed(article_url(article.record)))


def marker_in(message: discord.Message) -> Marker | None:
    """Return what a message carries; None: it is no post."""
    for custom_id in _custom_ids(message):
        if match := _CARRIED.fullmatch(custom_id):
            return Marker(match[1], match[2])
    for text in (*(embed.footer.text or "" for embed in message.embeds), message.content):
        if match := _WRITTEN.search(text):
            return Marker(match[0])
    return None


def is_post(message: discord.Message, delivery: Delivery, article: Article) -> bool:
    """Return whether a message of ours is the post of a delivery.

    If a lost database may have posted it (`delivery.is_doubted`), any post of the article is.
    """
    marker = marker_in(message)
    if marker is None:
        return _is_emptied_post(message, article)
    return marker.delivery == delivery.marker or (
        delivery.is_doubted and _shows(message, marker, article_url(article.record))
    )


def _shows(message: discord.Message, marker: Marker, url: str | None) -> bool:
    if url is None:
        return False
    if marker.address is not None:
        return marker.address == _hashed(url)
    shown = [embed.url for embed in message.embeds if embed.url]
    return any(unquote(each) == unquote(url) for each in shown) or f"({url})" in message.content


def _is_emptied_post(message: discord.Message, article: Article) -> bool:
    """Whether it is a post of up to 0.2.0 whose embed a moderator removed: then its buttons are all it has.

    Answers to members have the same buttons, but they are replies.
    """
    if message.embeds or message.type is not discord.MessageType.default:
        return False
    return f"wetread:cite:{article.id}" in _custom_ids(message)


def _custom_ids(message: discord.Message) -> list[str]:
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [child.custom_id for row in rows for child in row.children if child.custom_id]


def _hashed(url: str | None) -> str:
    return "" if url is None else hashlib.sha256(unquote(url).encode()).hexdigest()[:8]
