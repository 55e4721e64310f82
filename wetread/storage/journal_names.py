"""What the catalogue knows, as SQL functions: searches and keys of a connection use one catalogue."""

import json
import sqlite3
from functools import lru_cache

import sqlite_utils

from wetread.domain.article_keys import keys_of
from wetread.domain.catalogue import Catalogue, names_of
from wetread.domain.models import Record


def add_catalogue(connection: sqlite3.Connection, catalogue: Catalogue) -> None:
    """Let searches and keys over this connection know journals by all their names."""

    def names(text: str) -> str:
        journal = catalogue.named(text)
        return json.dumps(names_of(journal) if journal else ())

    @lru_cache(maxsize=4_096)
    def key(said: str) -> str | None:
        journal = catalogue.journal_of(_record(said))
        return journal.key if journal else None

    connection.create_function("journal_names", 1, names, deterministic=True)

    @lru_cache(maxsize=4_096)
    def is_publisher_of(url: str, said: str) -> bool:
        return catalogue.is_publisher(url, _record(said))

    connection.create_function("journal_key", 1, key, deterministic=True)
    connection.create_function("is_publisher", 2, is_publisher_of, deterministic=True)


def journal_names(db: sqlite_utils.Database, text: str) -> list[str]:
    """Return all names of the journal that is called `text`; none if the catalogue has no such journal."""
    [[names]] = db.conn.execute("SELECT journal_names(?)", (text,))
    return list(json.loads(names))


def article_keys(db: sqlite_utils.Database, record: Record) -> tuple[str, ...]:
    """Return the keys of an article (`article_keys.keys_of`), with its journal as the catalogue knows it."""
    return keys_of(record, journal_key(db, record))


def journal_key(db: sqlite_utils.Database, record: Record) -> str | None:
    """Return the catalogue's key of a record's journal; None if it names none, or none that is known."""
    if not (record.journal or record.journal_abbreviation or record.issns or record.nlm_id):
        return None
    [[key]] = db.conn.execute("SELECT journal_key(?)", (_said(record),))
    return None if key is None else str(key)


def is_publisher(db: sqlite_utils.Database, url: str, record: Record) -> bool:
    """Return whether an address is on a site that the catalogue knows for the record's journal."""
    [[answer]] = db.conn.execute("SELECT is_publisher(?, ?)", (url, _said(record)))
    return bool(answer)


def _said(record: Record) -> str:
    """What a record says about its journal."""
    return json.dumps([record.journal, record.journal_abbreviation, record.issns, record.nlm_id])


def _record(said: str) -> Record:
    journal, abbreviation, issns, nlm_id = json.loads(said)
    return Record(
        "", journal=journal, journal_abbreviation=abbreviation, issns=tuple(issns or ()), nlm_id=nlm_id
    )
