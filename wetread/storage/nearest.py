"""Articles that have not all words of a look-up, but most of them."""

import math
from collections import Counter

import sqlite_utils

from wetread.domain.expansion import expanded
from wetread.domain.query import Query
from wetread.storage import fts, ranking, search_index
from wetread.storage.scopes import Scope

_COMPARED_LIMIT = 50

_SHARE = 0.6
"""An article resembles words if it has this share of them: with two words both, with three two."""


def nearest(db: sqlite_utils.Database, guild_id: int, query: Query, *, limit: int) -> list[int]:
    """Return the ids of the server's articles with most of the words that `query` requires, most first.

    With fewer than three in five of them an article is about something else: then it is not offered. A single
    word has nothing that is near.
    """
    groups = expanded(query).required
    least = math.ceil(len(groups) * _SHARE)
    if least == len(groups):
        return []
    words = tuple(dict.fromkeys(term for group in groups for term in group))
    found = ranking.best(
        db,
        Scope.of(db, guild_id),
        Query(query.text, words=words),
        typed=Query(query.text, words=tuple(group[0] for group in groups)),
        has_asides=True,
        has_related=False,
        limit=_COMPARED_LIMIT,
    )
    counts = Counter(
        article_id
        for group in groups
        for article_id in search_index.having(db, found.article_ids, fts.any_of(group))
    )
    near = [article_id for article_id in found.article_ids if counts[article_id] >= least]
    return sorted(near, key=lambda article_id: -counts[article_id])[:limit]
