"""A sample card of a feed, drawn from an entry that is not stored."""

from collections.abc import Sequence

import discord

from cogs.cards.card import card
from wetread.domain.models import Article, Entry, Form
from wetread.domain.publication_types import expects_abstract
from wetread.services.services import Services

_SAMPLE_ID = 0  # a sample is not stored


def sample_embed(services: Services, entries: Sequence[Entry], form: Form) -> discord.Embed | None:
    """Draw the newest entry, preferably one with an abstract; None = the feed has no entry."""
    if not entries:
        return None
    entry = min(entries, key=_bareness)
    now = services.actions.now()
    article = Article(
        id=_SAMPLE_ID,
        record=entry.record,
        provenance={},
        sources=(),
        first_seen_at=now,
        next_enrichment_at=now,  # what a feed does not tell would be looked for at once
    )
    subject = services.actions.subject(article.record)
    return card(article, form, subject=subject, today=now.date()).embed


def _bareness(entry: Entry) -> int:
    """How little a card of it shows: those of letters and errata show least."""
    return 0 if entry.record.abstract else 1 if expects_abstract(entry.record) else 2
