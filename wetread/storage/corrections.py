"""Corrects words that no article of a server has, to words of its titles.

Nothing is kept for it: what a word may have been is looked up in the index of titles, so what was stored a
moment ago counts.
"""

import json
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import sqlite_utils

from wetread.domain.expansion import groups
from wetread.domain.names import words_of
from wetread.domain.query import Query, Term
from wetread.domain.spelling import KEPT, can_be_corrected, meant, slips_at_the_start
from wetread.storage import fts
from wetread.storage.scopes import IS_KNOWN, Scope

_CORRECTED_LIMIT = 5
"""More unknown words than these are no slips; each costs some milliseconds."""

_PUNCTUATION = string.punctuation + "“”„…"
_TRIED_LIMIT = 20
_SHORTEST_PART = 3

_VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.title_words USING fts5vocab(main, titles_fts, row)"
_BEGINNING = "SELECT term, doc FROM temp.title_words WHERE term >= :first AND term < :after"
_THESE = "SELECT term, doc FROM temp.title_words WHERE term IN (SELECT value FROM json_each(?))"
_EXISTS = f"""
    SELECT 1 FROM articles_fts
    WHERE articles_fts MATCH :expression AND {IS_KNOWN.format("articles_fts.rowid")} LIMIT 1
"""  # noqa: S608  # constants of ours


def corrected(db: sqlite_utils.Database, guild_id: int, query: Query) -> Query | None:
    """Return the query with the words that no article of a server has as they were probably meant.

    None if there is nothing to correct. Phrases, fields and what is excluded stay. `text` of what is returned
    is the corrected text.
    """
    scope = Scope.of(db, guild_id)
    found: dict[Term, Term] = {}
    tried = 0
    for term, *others in groups(query.plain_words):
        [*words] = words_of(term.text)
        if len(words) != 1 or not can_be_corrected(words[0]):
            continue
        if _exists(db, scope, [term, *others]):
            continue
        tried += 1
        if tried > _CORRECTED_LIMIT:
            return None
        if better := _meant(db, scope, words[0]):
            found[term] = replace(term, text=better, is_phrase=" " in better)
    if not found:
        return None
    texts = {term.text: better.text for term, better in found.items()}
    return replace(
        query,
        text=" ".join(_with_better(part, texts) for part in query.text.split()),
        words=_replaced(query.words, found),
        required=tuple(_replaced(group, found) for group in query.required),
    )


def _with_better(part: str, texts: Mapping[str, str]) -> str:
    """Return a part of the typed text with its word as it was meant, and the punctuation around it."""
    word = part.strip(_PUNCTUATION)
    return part.replace(word, texts[word]) if word in texts else part


def _replaced(terms: Sequence[Term], found: dict[Term, Term]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(found.get(term, term) for term in terms))


def _meant(db: sqlite_utils.Database, scope: Scope, word: str) -> str | None:
    """Return two words that were written as one, else the nearest word that the scope has; None = nothing."""
    for pair in _pairs(word):
        if _exists(db, scope, [Term(pair, is_phrase=True)]):
            return pair
    for other in meant(word, _candidates(db, word))[:_TRIED_LIMIT]:
        if _exists(db, scope, [Term(other)]):
            return other
    return None


def _pairs(word: str) -> Iterator[str]:
    for place in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        yield f"{word[:place]} {word[place:]}"


def _candidates(db: sqlite_utils.Database, word: str) -> dict[str, int]:
    """Return words of titles that may be meant, each with its count of titles, whoever knows them."""
    db.conn.execute(_VOCABULARY)
    first = word[:KEPT]
    values = {"first": first, "after": first[:-1] + chr(ord(first[-1]) + 1)}
    counts: dict[str, int] = dict(db.conn.execute(_BEGINNING, values).fetchall())
    slips = json.dumps(list(dict.fromkeys(slips_at_the_start(word))))
    return counts | dict(db.conn.execute(_THESE, [slips]).fetchall())


def _exists(db: sqlite_utils.Database, scope: Scope, terms: Sequence[Term]) -> bool:
    values = scope.values | {"expression": scope.narrowed(fts.any_of(terms))}
    return db.conn.execute(_EXISTS, values).fetchone() is not None
