"""The migration with which digests came: deliveries without an article, and how articles arrive."""

import sqlite_utils

_INSTANT = "GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'"


def add_digests(db: sqlite_utils.Database) -> None:
    """Rebuild the outbox, so that a delivery may be a digest; remember how articles arrive where."""
    columns = ", ".join(name for _, name, *_ in db.conn.execute("PRAGMA table_info(deliveries)").fetchall())
    for statement in (
        _NEW_DELIVERIES,
        f"INSERT INTO new_deliveries ({columns}) SELECT {columns} FROM deliveries",  # noqa: S608  # its own columns
        *_REPLACE,
        *_PACE,
    ):
        db.conn.execute(statement)


_NEW_DELIVERIES = f"""
    CREATE TABLE new_deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: the nonce comes from it
        guild_id INTEGER NOT NULL,
        channel_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('text', 'thread', 'forum')),
        article_id INTEGER REFERENCES articles (id),
        digest_id INTEGER REFERENCES deliveries (id),
        subscription_id INTEGER REFERENCES subscriptions (id),
        form TEXT NOT NULL CHECK (form IN ('whole', 'conclusion', 'title')),
        state TEXT NOT NULL CHECK (
            state IN ('pending', 'collected', 'sending', 'sent', 'held', 'parked', 'skipped', 'uncertain')
        ),
        scheduled_at TEXT NOT NULL CHECK (scheduled_at {_INSTANT}),
        next_try_at TEXT NOT NULL CHECK (next_try_at {_INSTANT}),
        waits_for_abstract INTEGER NOT NULL DEFAULT 0 CHECK (waits_for_abstract IN (0, 1)),
        nonce TEXT,
        baseline INTEGER,
        first_attempt_at TEXT,
        last_attempt_at TEXT,
        attempt_count INTEGER NOT NULL DEFAULT 0,
        message_id INTEGER,
        thread_id INTEGER,
        was_deleted INTEGER NOT NULL DEFAULT 0 CHECK (was_deleted IN (0, 1)),
        shown_hash TEXT,
        code INTEGER,
        reason TEXT,
        settled_at TEXT,
        shared_by INTEGER,
        shared_by_name TEXT,
        comment TEXT,
        announced_standing TEXT,
        decision_id INTEGER REFERENCES decisions (id),
        is_shown INTEGER NOT NULL DEFAULT 0 CHECK (is_shown IN (0, 1)),
        note TEXT CHECK (length(note) BETWEEN 1 AND 400),
        note_by INTEGER CHECK (note IS NULL OR note_by IS NOT NULL),
        note_edited_by INTEGER,
        UNIQUE (channel_id, article_id),       -- never twice in a channel
        CHECK (article_id IS NOT NULL OR digest_id IS NULL),
        CHECK (state NOT IN ('sending', 'sent', 'uncertain') OR nonce IS NOT NULL OR digest_id IS NOT NULL),
        -- a post whose message is not known was removed, or a moderator says that it is there
        CHECK (state <> 'sent' OR message_id IS NOT NULL OR was_deleted = 1 OR reason IS NOT NULL)
    ) STRICT
"""

_REPLACE = (
    """
    UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'deliveries')
    WHERE name = 'new_deliveries'
    """,
    "DROP TABLE deliveries",
    "ALTER TABLE new_deliveries RENAME TO deliveries",
    "CREATE INDEX deliveries_open ON deliveries (next_try_at) WHERE state IN ('pending', 'sending')",
    "CREATE INDEX deliveries_queue ON deliveries (channel_id, id) WHERE state IN ('pending', 'sending')",
    "CREATE INDEX deliveries_collected ON deliveries (next_try_at, channel_id) WHERE state = 'collected'",
    "CREATE INDEX deliveries_article ON deliveries (article_id)",
    """
    CREATE INDEX deliveries_unposted ON deliveries (subscription_id)
        WHERE state IN ('pending', 'collected', 'held', 'parked')
    """,
    "CREATE INDEX deliveries_message ON deliveries (message_id) WHERE message_id IS NOT NULL",
    """
    CREATE INDEX deliveries_unsettled ON deliveries (state)
        WHERE state IN ('pending', 'sending', 'held', 'parked', 'uncertain')
    """,
    "CREATE INDEX deliveries_decision ON deliveries (decision_id) WHERE decision_id IS NOT NULL",
    "CREATE INDEX deliveries_guild ON deliveries (guild_id, id)",
    "CREATE INDEX deliveries_digest ON deliveries (digest_id) WHERE digest_id IS NOT NULL",
    "CREATE INDEX deliveries_thread ON deliveries (thread_id) WHERE thread_id IS NOT NULL",
    """
    CREATE INDEX deliveries_posted ON deliveries (channel_id, settled_at)
        WHERE state = 'sent' AND subscription_id IS NOT NULL AND digest_id IS NULL
    """,
)

_PACE = (
    """
    CREATE TABLE digests (
        delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id),
        kind TEXT NOT NULL CHECK (kind IN ('daily', 'weekly', 'rest', 'issue', 'last')),
        from_on TEXT NOT NULL,
        until_on TEXT NOT NULL
    ) STRICT
    """,
    # What a weekly digest tells of other posts.
    """
    CREATE TABLE replies (
        replied_on TEXT NOT NULL,
        delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
        reply_count INTEGER NOT NULL,
        PRIMARY KEY (replied_on, delivery_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE status_changes (
        noticed_on TEXT NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (id),
        PRIMARY KEY (noticed_on, article_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE destinations (
        channel_id INTEGER PRIMARY KEY,
        guild_id INTEGER NOT NULL,
        pace TEXT NOT NULL CHECK (pace IN ('at once', 'daily', 'weekly')),
        weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
        digest_minute INTEGER NOT NULL CHECK (digest_minute BETWEEN 0 AND 1439),
        joins_issues INTEGER NOT NULL CHECK (joins_issues IN (0, 1)),
        quiet_start INTEGER CHECK (quiet_start BETWEEN 0 AND 1439),
        quiet_end INTEGER CHECK (quiet_end BETWEEN 0 AND 1439),
        most_a_day INTEGER CHECK (most_a_day >= 1),
        CHECK ((quiet_start IS NULL) = (quiet_end IS NULL))
    ) STRICT
    """,
    "CREATE INDEX destinations_guild ON destinations (guild_id)",
    "ALTER TABLE guild_settings ADD COLUMN time_zone TEXT",
)
