"""Find the article that a moderator asks about in `feed why`. Nothing is stored."""

import re

from cogs.history.why_panel import NotReceived, not_received
from cogs.lookups.references import known_article
from wetread.domain.errors import ArticleNotFoundError, EmptyQueryError, RecordSourceError
from wetread.domain.identifiers import Identifier
from wetread.domain.models import Article, JournalPlace
from wetread.domain.query import all_words
from wetread.services.lookup import SeveralMatches
from wetread.services.services import Services
from wetread.storage import articles, deliveries, lookups

MOST_CHOICES = 25
_POST = re.compile(r"<?https?://(?:\w+\.)?discord(?:app)?\.com/channels/(\d+)/(\d+)(?:/(\d+))?>?")

Resolved = int | tuple[Article, ...] | NotReceived
"""An article's id, several articles of which one may be meant, or one that no feed here has listed."""


async def resolve_reference(services: Services, guild_id: int, reference: str) -> Resolved:
    """Return what `reference` names: a choice of the menu, a post's link or marker, an identifier, words."""
    reference = reference.strip()
    found = await _of_this_server(services, guild_id, reference)
    if found is not None:
        return found
    read = services.lookup.read(reference)
    match read.named if read else None:
        case Identifier() as identifier:
            return await _by_identifier(services, guild_id, reference, identifier)
        case JournalPlace() as place:
            return await _by_place(services, guild_id, reference, place)
    return await _by_words(services, guild_id, reference)


async def _of_this_server(services: Services, guild_id: int, reference: str) -> int | None:
    """Return the article that a menu's choice, a card's marker or a post's link names; None if none does."""
    article_id = await known_article(services, guild_id, reference)
    match = _POST.fullmatch(reference)
    if article_id is not None or match is None:
        return article_id
    run = services.database.run
    delivery = await run(deliveries.by_message, int(match[3] or match[2]))
    delivery = delivery or await run(deliveries.by_thread, int(match[2]))
    return delivery.article_id if delivery is not None and delivery.guild_id == guild_id else None


async def _by_place(
    services: Services, guild_id: int, reference: str, place: JournalPlace
) -> int | tuple[Article, ...] | NotReceived:
    try:
        found = await services.lookup.by_place(place, reference, guild_id, is_known_then=False)
    except (RecordSourceError, ArticleNotFoundError) as error:
        return _unknown(reference, error)
    there = found.articles if isinstance(found, SeveralMatches) else (found,)
    run = services.database.run
    known = tuple([each for each in there if await run(articles.is_known, guild_id, each.id)])
    if not known:
        return await not_received(services, guild_id, reference, there[0].record)
    return known if len(known) > 1 else known[0].id


async def _by_identifier(
    services: Services, guild_id: int, reference: str, identifier: Identifier
) -> int | NotReceived:
    run = services.database.run
    stored = await run(lookups.find, str(identifier), guild_id)
    if stored is not None and await run(articles.is_known, guild_id, stored.id):
        return stored.id
    if stored is not None:
        return await not_received(services, guild_id, reference, stored.record)
    try:
        elsewhere = await services.lookup.by_identifier(identifier, None)
    except (RecordSourceError, ArticleNotFoundError) as error:
        return _unknown(reference, error)
    return await not_received(services, guild_id, reference, elsewhere.record)


def _unknown(reference: str, error: RecordSourceError | ArticleNotFoundError) -> NotReceived:
    if isinstance(error, RecordSourceError):
        words = f"{error.source} does not answer at the moment, so Wetread does not know its journal."
        return NotReceived(reference, unknown=words)
    return NotReceived(reference, unknown="No source has it either. It may be mistyped or too new.")


async def _by_words(services: Services, guild_id: int, words: str) -> int | tuple[Article, ...] | NotReceived:
    try:
        query = all_words(words)
    except EmptyQueryError:
        return NotReceived(words)
    found = await services.database.read(
        lookups.matching, guild_id, query, limit=MOST_CHOICES, near_limit=3, has_asides=True
    )
    near = found.articles or found.near
    if len(found.articles) == 1:
        return found.articles[0].id
    return near or NotReceived(words)
