"""Which delivery a message of ours is the post of. Its buttons say so, because readers see only their labels.

The Cite button of a post carries the delivery's marker and a hash of the article's address. It stays when a
moderator removes the embed, and every post has it, whatever its form. Up to 0.2.0 the marker was the end of
the footer, or of the text; such posts are recognised too.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import discord

from cogs.cards.digest_items import MARKER
from cogs.cards.links import address_hash, article_url, short_hash
from wetread.domain.digests import Content, Digest
from wetread.domain.models import Article, Delivery

_CARRIED = re.compile(r"wetread:cite:\d+:(wr-[0-9a-f]+):([0-9a-f]*)")
_DIGEST = re.compile(rf"wetread:digest:\w+:(?:\d+:)?({MARKER})")
_WRITTEN = re.compile(r"\bwr-[0-9a-f]+$")


@dataclass(frozen=True, slots=True)
class Marker:
    """What a post carries. `address`: a hash of the article's address; None in posts of up to 0.2.0.

    `is_digest`: it is the post of several articles.
    """

    delivery: str
    address: str | None = None
    is_digest: bool = False

    @property
    def text(self) -> str:
        """What the Cite button carries after the article's id."""
        return f"{self.delivery}:{self.address or ''}"


def marker_of(delivery: Delivery, article: Article) -> Marker:
    """Return what the post of a delivery carries."""
    return Marker(delivery.marker, address_hash(article_url(article.record)))


def marker_in(message: discord.Message) -> Marker | None:
    """Return what a message carries; None: it is no post."""
    for custom_id in _custom_ids(message):
        if match := _CARRIED.fullmatch(custom_id):
            return Marker(match[1], match[2])
        if match := _DIGEST.fullmatch(custom_id):
            return Marker(match[1], is_digest=True)
    for text in (*(embed.footer.text or "" for embed in message.embeds), message.content):
        if match := _WRITTEN.search(text):
            return Marker(match[0])
    return None


def is_post(message: discord.Message, delivery: Delivery, content: Content) -> bool:
    """Return whether a message of ours is the post of a delivery.

    If a lost database may have posted it (`delivery.is_doubted`), any post of the article is.
    """
    marker = marker_in(message)
    if marker is None:
        return isinstance(content, Article) and _is_emptied_post(message, content)
    if marker.delivery == delivery.marker and marker.is_digest == isinstance(content, Digest):
        return True
    if not delivery.is_doubted or isinstance(content, Digest):
        return False
    if marker.is_digest:
        return is_in_digest(message, content)
    return _shows(message, marker, article_url(content.record))


def is_digest(message: discord.Message) -> bool:
    """Return whether a message of ours is a digest."""
    marker = marker_in(message)
    return marker is not None and marker.is_digest


def is_in_digest(message: discord.Message, article: Article) -> bool:
    """Return whether a message is a digest that has the article."""
    url = article_url(article.record)
    if url is None:
        return False
    whole, short = address_hash(url), short_hash(url)
    for menu in (part for part in walk(message.components) if isinstance(part, discord.SelectMenu)):
        for value in (option.value for option in menu.options):
            before, _, carried = value.partition(":")
            if before.isdecimal():
                if carried == whole:
                    return True
            elif short in (
                carried[start : start + len(short)] for start in range(0, len(carried), len(short))
            ):
                return True
    return False


def _shows(message: discord.Message, marker: Marker, url: str | None) -> bool:
    if url is None:
        return False
    if marker.address is not None:
        return marker.address == address_hash(url)
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
    return [custom_id for part in walk(message.components) if (custom_id := getattr(part, "custom_id", None))]


def walk(components: Iterable[discord.Component]) -> Iterator[discord.Component]:
    """Yield components and all that is inside them."""
    for each in components:
        yield each
        yield from walk(getattr(each, "children", ()))
