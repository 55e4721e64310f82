"""Finds the article that a member names: by identifier, words, a choice of the menu or a reply to a card."""

import re

import discord

from cogs.errors.input_errors import IncompleteError, NoArticleError
from cogs.kit.context import Context
from wetread.domain.errors import IdentifierError
from wetread.domain.identifiers import parse_identifier
from wetread.domain.text import cut
from wetread.services.lookup import LookupResult
from wetread.services.services import Services
from wetread.storage import articles, deliveries, search

_CHOSEN = re.compile(r"article:(\d{1,18})")
_MARKER = re.compile(r"wr-([0-9a-f]{1,15})", re.IGNORECASE)  # on cards of up to 0.2.0
_LONGEST_CHOICE = 100
_SHORTEST_PMID = 6  # digits that stand alone in a search


async def find_article(ctx: Context, text: str) -> LookupResult:
    """Return what `text` names; without text, the article of the card that the message replies to.

    Raises as `ArticleLookup.look_up`; IncompleteError if there is neither text nor a reply, and
    NoArticleError if the message that is replied to names no article.
    """
    services = ctx.bot.services
    guild_id = ctx.guild.id if ctx.guild else None
    text = text.strip()
    if not text:
        return await _replied_to(ctx, services, guild_id)
    if guild_id is not None and (article_id := await known_article(services, guild_id, text)) is not None:
        return await services.lookup.open(article_id, guild_id)
    return await services.lookup.look_up(text, guild_id)


def split_reference(services: Services, typed: str) -> tuple[str, str]:
    """Return the reference in what was typed, and the words beside it: a link may have a comment."""
    reference = services.lookup.read(typed)
    return (reference.text, reference.rest) if reference else (typed, "")


def names_article(services: Services, query: str) -> bool:
    """Return whether a search is no words but names an article. A short number is a word, no PMID."""
    reference = services.lookup.read(query)
    return reference is not None and not (query.strip().isdecimal() and len(query.strip()) < _SHORTEST_PMID)


async def known_article(services: Services, guild_id: int, text: str) -> int | None:
    """Return the article of a menu's choice or a marker; None if it is neither, or of another server."""
    if match := _CHOSEN.fullmatch(text):
        article_id = int(match[1])
        return article_id if await services.database.run(articles.is_known, guild_id, article_id) else None
    if match := _MARKER.fullmatch(text):
        delivery = await services.database.run(deliveries.get, int(match[1], 16))
        if delivery is not None and delivery.guild_id == guild_id:
            return delivery.article_id
    return None


async def _replied_to(ctx: Context, services: Services, guild_id: int | None) -> LookupResult:
    reference = ctx.message.reference if ctx.interaction is None else None
    if reference is None or reference.message_id is None:
        raise IncompleteError
    message = reference.resolved
    if not isinstance(message, discord.Message):
        try:
            message = await ctx.channel.fetch_message(reference.message_id)
        except discord.NotFound:
            raise NoArticleError from None
    return await article_of(message, services, guild_id)


async def article_of(message: discord.Message, services: Services, guild_id: int | None) -> LookupResult:
    """Return the article that a message is about: a post of ours, a card's link, a DOI or an address.

    Raises as `ArticleLookup.look_up`; NoArticleError if it names none.
    """
    delivery = await services.database.run(deliveries.by_message, message.id)
    if delivery is not None and delivery.guild_id == guild_id:
        if delivery.article_id is None:  # a digest: which of its articles?
            raise NoArticleError
        return await services.lookup.open(delivery.article_id, guild_id)
    for named in _named_in(message, services):
        return await services.lookup.look_up(named, guild_id)
    raise NoArticleError


def _named_in(message: discord.Message, services: Services) -> list[str]:
    """Return what may name an article in a foreign message: a card's link, an identifier, a citation."""
    named = [embed.url for embed in message.embeds if embed.url and _is_identifier(embed.url)]
    reference = services.lookup.read(message.content)
    if reference is not None and reference.named is not None and not reference.text.isdecimal():
        return [*named, reference.text]
    return [*named, *filter(_is_identifier, message.content.split())]


def _is_identifier(text: str) -> bool:
    try:
        parse_identifier(text)
    except IdentifierError:
        return False
    return not text.isdecimal()  # a number in a sentence is rarely a PMID


async def article_choices(
    services: Services, guild_id: int | None, typed: str, *, has_asides: bool = False
) -> list[tuple[str, str]]:
    """Return up to 25 of the server's articles whose titles continue what was typed, as (title, value).

    `has_asides`: front matter and errata, too.
    """
    if guild_id is None:
        return []
    found = await services.database.read(search.complete_titles, guild_id, typed, has_asides=has_asides)
    return [(cut(title, _LONGEST_CHOICE), f"article:{article_id}") for article_id, title in found]
