"""Whose articles are searched: those that a server knows."""

from dataclasses import dataclass, replace

import sqlite_utils

from wetread.storage import fts

_MANY = 300_000

IS_KNOWN = """
    (:is_open OR EXISTS (SELECT 1 FROM guild_articles WHERE guild_id = :guild AND article_id = {}))
"""
"""The condition for the article whose id stands in the brackets; its values are `Scope.values`."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles of one server.

    `is_open`: an expression from `narrowed` needs no further condition. Where a server knows few, its token
    in the expression keeps the search short; where it knows many, looking each match up costs less. `share`:
    how much of all that is stored it knows, at least, where matches are looked up.
    """

    guild_id: int
    is_open: bool
    is_narrowed: bool
    share: float = 1.0

    @classmethod
    def of(cls, db: sqlite_utils.Database, guild_id: int) -> "Scope":
        """Look up how much a server knows."""
        scope = cls.looked_up(db, guild_id)
        if scope.is_open:
            return scope
        known = known_count(db, guild_id)
        if known < _MANY:
            return cls(guild_id, is_open=True, is_narrowed=True)
        [[newest]] = db.conn.execute("SELECT max(id) FROM articles")
        return replace(scope, share=known / newest)

    @classmethod
    def looked_up(cls, db: sqlite_utils.Database, guild_id: int) -> "Scope":
        """Return the scope in which each match is looked up, unless the server is the only one."""
        return cls(guild_id, is_open=_is_alone(db, guild_id), is_narrowed=False)

    @property
    def values(self) -> dict[str, object]:
        """Return the values of `IS_KNOWN`."""
        return {"guild": self.guild_id, "is_open": self.is_open}

    def narrowed(self, expression: str) -> str:
        """Return the expression for what of `expression` is in this scope, as far as a token can say it."""
        return fts.both(expression, fts.guild_facet(self.guild_id)) if self.is_narrowed else expression

    def without_limits(self) -> "Scope":
        """Return the scope of all articles."""
        return Scope(self.guild_id, is_open=True, is_narrowed=False)


def known_count(db: sqlite_utils.Database, guild_id: int) -> int:
    """Return how many articles a server knows."""
    statement = "SELECT coalesce(sum(article_count), 0) FROM guild_journals WHERE guild_id = ?"
    [[known]] = db.conn.execute(statement, [guild_id])
    return int(known)


def _is_alone(db: sqlite_utils.Database, guild_id: int) -> bool:
    """Return whether no other server has articles."""
    statement = """
        SELECT EXISTS (SELECT 1 FROM guild_articles WHERE guild_id < :guild)
            OR EXISTS (SELECT 1 FROM guild_articles WHERE guild_id > :guild)
    """
    [[has_others]] = db.conn.execute(statement, {"guild": guild_id})
    return not has_others
