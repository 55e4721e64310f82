"""Store a feed's 20 articles in one transaction, compared with bare statements for the same rows."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlite_utils

from benchmarks import corpus
from benchmarks.library import GUILD, NOW, bytes_by_table, connect
from benchmarks.measure import Row, Times, measure, rows
from wetread.domain.models import Entry, ParsedFeed, Record, RetrievedFeed, Validators
from wetread.domain.serialise import content_hash, record_to_json
from wetread.feeds.check_result import CheckResult, Retrieval
from wetread.feeds.planner import UpdatePolicy
from wetread.storage import articles, feeds, search_index
from wetread.storage.database import prepared

ITEMS = 20
BY_HAND, OURS, KNOWN = "stdlib executemany, same rows", "Wetread", "Wetread, all known"
AT_HAND = "… whose compressed texts are there already"
PACKED_LEVEL = 4
FLOOR = "… without full text (floor)"

# Everything that new articles are written to, in the order of the references between the tables.
_WRITTEN = {
    "articles": "SELECT * FROM articles WHERE id > ?",
    "titles_fts (rowid, title)": "SELECT id, title FROM articles WHERE id > ?",
    "article_days": "SELECT * FROM article_days WHERE article_id > ?",
    "article_keys": "SELECT * FROM article_keys WHERE article_id > ?",
    "records": "SELECT * FROM records WHERE article_id > ?",
    "entries": "SELECT * FROM entries WHERE article_id > ?",
    "guild_articles": "SELECT * FROM guild_articles WHERE article_id > ?",
    "deliveries": "SELECT * FROM deliveries WHERE article_id > ?",
}
Rows = Mapping[str, Sequence[Sequence[object]]]


def run(*, is_quick: bool) -> Iterator[Row]:
    """Store feeds in databases with the same content, in turns."""
    count, rounds = (1_000, 10) if is_quick else (20_000, 60)
    with TemporaryDirectory(prefix="wetread-benchmark-") as folder:
        ours = prepared(connect(Path(folder, "ours.db")))
        _fill(ours, count)
        by_hand = _copy(ours, Path(folder, "by-hand.db"))
        bytes_at_hand = _copy(ours, Path(folder, "bytes-at-hand.db"))
        without_index = _copy(ours, Path(folder, "without-index.db"))
        yield from _size(ours, count)
        yield from _transactions(ours, (by_hand, bytes_at_hand, without_index), count, rounds)


def _fill(db: sqlite_utils.Database, count: int) -> None:
    watch(db, GUILD, 1)
    db.conn.execute("PRAGMA synchronous=OFF")  # for filling only
    db.conn.execute("BEGIN")
    for record in corpus.records(count):
        articles.create(db, {"feed:1": record}, [GUILD], NOW)
    db.conn.execute("COMMIT")
    db.conn.execute("PRAGMA synchronous=FULL")
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def watch(db: sqlite_utils.Database, guild_id: int, channel_id: int) -> None:
    """Let a channel follow the feed."""
    feed = feeds.add(db, "https://pubs.example.org/feed", "Journal of Invented Imaging", None, NOW)
    db.conn.execute(
        "INSERT INTO subscriptions (guild_id, feed_id, channel_id, kind, form, name, created_at, created_by)"
        " VALUES (?, ?, ?, 'text', 'whole', 'jii', '2026-01-01T00:00:00Z', 1)",
        (guild_id, feed.id, channel_id),
    )


def _copy(db: sqlite_utils.Database, path: Path) -> sqlite_utils.Database:
    connection = connect(path)
    db.conn.backup(connection)
    return prepared(connection)


def _size(db: sqlite_utils.Database, count: int) -> Iterator[Row]:
    """Return the size of an article on disk, compared with the size of its texts."""
    texts = sum(
        len(text.encode())
        for each in search_index.of(db, range(count + 1)).values()
        if each
        for text in each[:3]
    )
    tables = bytes_by_table(db)
    index = sum(size for name, size in tables.items() if "_fts" in name)
    for name, size in (("the whole file", sum(tables.values())), ("the full-text index", index)):
        yield Row("store", f"bytes an article: {size / count:.0f}", name, "its texts alone", size / texts)


def _transactions(
    ours: sqlite_utils.Database,
    copies: tuple[sqlite_utils.Database, sqlite_utils.Database, sqlite_utils.Database],
    count: int,
    rounds: int,
) -> Iterator[Row]:
    by_hand, bytes_at_hand, without_index = copies
    times = {name: Times() for name in (BY_HAND, OURS, KNOWN, AT_HAND, FLOOR)}
    everything = list(corpus.records((rounds + 1) * ITEMS, first=count, seed=8))
    for number in range(rounds + 1):
        update = update_of(number, everything[number * ITEMS : (number + 1) * ITEMS])
        counted = times if number else {name: Times() for name in times}
        [[newest]] = ours.conn.execute("SELECT max(id) FROM articles")
        measure(partial(record, ours, update), counted[OURS])
        measure(partial(record, ours, update), counted[KNOWN])
        written = {
            table: ours.conn.execute(select, (newest,)).fetchall() for table, select in _WRITTEN.items()
        }
        ids = [row[0] for row in written["titles_fts (rowid, title)"]]
        written["articles_fts (rowid, title, abstract, authors, facets)"] = [
            (article_id, *each) for article_id, each in search_index.of(ours, ids).items() if each
        ]
        measure(partial(_insert, by_hand, written, _values_of(update)), counted[BY_HAND])
        measure(partial(_insert, bytes_at_hand, written), counted[AT_HAND])
        bare = {table: found for table, found in written.items() if "_fts" not in table}
        measure(partial(_insert, without_index, bare), counted[FLOOR])
        assert len(written["articles"]) == len(written["entries"]) == ITEMS
    yield from rows("store", "20 articles", times, BY_HAND, bars={OURS: 1.3, KNOWN: 0.1})
    yield from rows("store", "20 articles", times, BY_HAND, by_cpu=True)


def update_of(number: int, records: Sequence[Record]) -> Retrieval:
    """Return a fetched feed of these articles, in the form in which it comes from the process that parsed."""
    retrieved = RetrievedFeed("https://pubs.example.org/feed", b"", None, Validators(etag=f'"{number}"'))
    entries = tuple(Entry(str(each.doi), each, content_hash=content_hash(each)) for each in records)
    return Retrieval(
        retrieved, str(number), ParsedFeed("Journal of Invented Imaging", "rss20", entries=entries)
    )


def record(db: sqlite_utils.Database, outcome: CheckResult) -> None:
    """Store what a feed brought, as one transaction."""
    db.conn.execute("BEGIN IMMEDIATE")
    feeds.record_update(db, 1, outcome, NOW, UpdatePolicy(), chance=0.5)
    db.conn.execute("COMMIT")


def _values_of(update: Retrieval) -> Sequence[object]:
    """Return each article as the JSON values of its packed text: without the title, which has a column."""
    entries = update.parsed.entries if update.parsed else ()
    found = [record_to_json(entry.record) for entry in entries]
    for values in found:
        del values["title"]
    return found


def _insert(db: sqlite_utils.Database, written: Rows, values: Sequence[object] = ()) -> None:
    """Write the rows by hand. Whoever stores `values` has to encode and compress them first."""
    for each in values:
        packer = zlib.compressobj(PACKED_LEVEL, wbits=-zlib.MAX_WBITS)
        packer.compress(json.dumps(each).encode())
        packer.flush()
    db.conn.execute("BEGIN IMMEDIATE")
    for table, found in written.items():
        if found:
            marks = ", ".join("?" * len(found[0]))
            db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", found)  # noqa: S608  # a constant above
    db.conn.execute("COMMIT")
