"""After any changes the index holds what an index made anew would hold."""

import random
import sqlite3
from datetime import UTC, datetime

import sqlite_utils

from wetread.domain.models import Author, Record, Section
from wetread.storage import articles, bot_state, records, search_index
from wetread.storage.database import prepared

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WORDS = [
    "invented",
    "needle",
    "coil",
    "spine",
    "knee",
    "stent",
    "epidural",
    "ablation",
    "Größe",
    "naïve",
    "Ærø",
]


def contents(db: sqlite_utils.Database) -> dict[str, list[tuple[object, ...]]]:
    """Every token of both indexes, with where it stands."""
    found = {}
    for name, detail in (("articles_fts", "instance"), ("titles_fts", "row")):
        db.conn.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', '{name}', '{detail}')")
        found[name] = db.conn.execute("SELECT * FROM temp.words").fetchall()
        db.conn.execute("DROP TABLE temp.words")
    return found


def some_record(chance: random.Random, number: int) -> Record:
    return Record(
        "feed",
        title=" ".join(chance.choices(WORDS, k=4)) + f" {number}",
        abstract=(Section(" ".join(chance.choices(WORDS, k=12)), "RESULTS"),) if number % 3 else (),
        authors=(Author(chance.choice(["Example", "Sørensen"]), "Ada"),),
        doi=f"10.5555/index.{number}",
        journal="Journal of Invented Imaging",
        pages=f"{number}–{number + 5}",
    )


def test_the_index_follows_every_change() -> None:
    chance = random.Random(7)
    db = prepared(sqlite3.connect(":memory:", isolation_level=None))
    ids = [
        articles.create(db, {"feed:1": some_record(chance, number)}, {1} if number % 4 else (), NOW)
        for number in range(1, 31)
    ]
    for number in range(1, 31, 2):
        said = {"PubMed": some_record(chance, number)}
        records.add_records(db, ids[number - 1], said, NOW)
    articles.make_known(db, {1, 2}, ids[:12], NOW)
    articles.absorb(db, ids[0], ids[20])
    articles.absorb(db, ids[3], ids[21])
    with articles.indexing(db, [ids[5]]):
        db.conn.execute("DELETE FROM guild_articles WHERE article_id = ?", [ids[5]])
    kept = contents(db)
    [[count]] = db.conn.execute("SELECT count(*) FROM articles WHERE is_searched = 1")

    bot_state.forget(db, "search_index")
    search_index.refresh(db)

    assert contents(db) == kept
    assert 20 < count < 30
