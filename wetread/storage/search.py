"""Search, autocomplete and filters over the full-text index."""

import re
from collections.abc import Iterable

from wetread import query as language
from wetread.bibliography import standing
from wetread.models import Record


def facets_of(record: Record, guild_ids: Iterable[int]) -> str:
    """Return what an article can be filtered by, for the column `facets`, which is indexed with the text.

    `guild_ids` are the servers that know the article. An article that was merged into another has no
    facets: with the empty text in the column nothing ever finds it.
    """
    tokens = [language.EVERY_ARTICLE]
    tokens += [f"{language.GUILD}{guild_id}" for guild_id in sorted(set(guild_ids))]
    if record.published_on:
        tokens += language.published_facets(record.published_on)
    names = [name for name in (record.journal, record.journal_abbreviation) if name]
    whole_names = [part for name in names for part in _names_within(name)]
    tokens += _distinct(language.JOURNAL + language.name_key(name) for name in whole_names)
    tokens += [language.JOURNAL + language.name_key(number) for number in record.issns]
    if record.nlm_id:
        tokens.append(language.JOURNAL + language.name_key(record.nlm_id))
    tokens += _distinct(language.JOURNAL_WORD + word for name in names for word in language.words_of(name))
    types = [*record.types, standing.kind(record) or ""]
    tokens += _distinct(language.TYPE_WORD + word for text in types for word in language.words_of(text))
    tokens += [language.MESH_WORD + word for text in record.mesh for word in language.words_of(text)]
    text = " ".join((record.title, *(section.text for section in record.abstract)))
    tokens += [language.CHARACTER + character for character in language.characters_of(text)]
    return " ".join(tokens)


def _names_within(name: str) -> list[str]:
    """A title as libraries write it holds several: "Invented radiology : IR", "Radiologie = Radiology"."""
    return [name, *filter(None, re.split(r"\s[:=]\s|\s*[()]\s*|\.\s", name))]


def _distinct(tokens: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(tokens))
