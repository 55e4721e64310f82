"""The catalogue's names of a journal as an SQL function, so that each search of a connection knows them."""

import json
import sqlite3

import sqlite_utils

from wetread.domain.catalogue import Catalogue, names_of


def add_catalogue(connection: sqlite3.Connection, catalogue: Catalogue) -> None:
    """Let every search over this connection find journals by the names that the catalogue has for them."""

    def names(text: str) -> str:
        journal = catalogue.named(text)
        return json.dumps(names_of(journal) if journal else ())

    connection.create_function("journal_names", 1, names, deterministic=True)


def journal_names(db: sqlite_utils.Database, text: str) -> list[str]:
    """Return all names of the journal that is called `text`; none if the catalogue has no such journal."""
    [[names]] = db.conn.execute("SELECT journal_names(?)", (text,))
    return list(json.loads(names))
