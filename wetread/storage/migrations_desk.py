"""The steps of `migrations.py` for what moderators decide: topics, and where and when articles are posted."""

import sqlite_utils

INSTANT = "GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'"
"""SQL: what follows the name of a column in a CHECK of an instant."""


def add_topics(db: sqlite_utils.Database) -> None:
    """A subscription may be a topic: words that every feed of the server is searched for."""
    for statement in _TOPICS:
        db.conn.execute(statement)


def add_changes(db: sqlite_utils.Database) -> None:
    """Note what moderators change, and let a server choose whether its moderators' channel shows it."""
    for statement in (
        f"""
        CREATE TABLE changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            changed_at TEXT NOT NULL CHECK (changed_at {INSTANT}),
            changed_by INTEGER NOT NULL,
            changed_by_name TEXT NOT NULL,
            command TEXT NOT NULL,
            subject TEXT NOT NULL,
            subject_id INTEGER NOT NULL,
            subject_name TEXT NOT NULL,
            "before" TEXT NOT NULL,
            "after" TEXT NOT NULL,
            undone_by INTEGER REFERENCES changes (id),
            announced_at TEXT
        ) STRICT
        """,
        "CREATE INDEX changes_guild ON changes (guild_id, changed_at)",
        "CREATE INDEX changes_unannounced ON changes (guild_id) WHERE announced_at IS NULL",
        "CREATE INDEX changes_undone ON changes (undone_by) WHERE undone_by IS NOT NULL",
        """
        ALTER TABLE guild_settings ADD COLUMN tells_changes INTEGER NOT NULL DEFAULT 0
            CHECK (tells_changes IN (0, 1))
        """,
    ):
        db.conn.execute(statement)


def add_follow_ups(db: sqlite_utils.Database) -> None:
    """A subscription may open a thread under each post; it waits beside what is to be published."""
    for statement in (
        """
        ALTER TABLE subscriptions ADD COLUMN opens_threads INTEGER NOT NULL DEFAULT 0
            CHECK (opens_threads IN (0, 1))
        """,
        f"""
        CREATE TABLE follow_ups (
            kind TEXT NOT NULL CHECK (kind IN ('publish', 'discuss')),
            delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
            next_try_at TEXT NOT NULL CHECK (next_try_at {INSTANT}),
            attempt_count INTEGER NOT NULL DEFAULT 0,
            delayed_reason TEXT,
            given_up_reason TEXT,
            PRIMARY KEY (kind, delivery_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO follow_ups (kind, delivery_id, next_try_at, attempt_count, given_up_reason)
        SELECT 'publish', delivery_id, next_try_at, attempt_count, given_up_reason FROM publications
        """,
        "DROP TABLE publications",
    ):
        db.conn.execute(statement)


def add_forum_tags(db: sqlite_utils.Database) -> None:
    """Which tag of a forum stands for a subject or a kind of study."""
    db.conn.execute(
        """
        CREATE TABLE forum_tags (
            forum_id INTEGER NOT NULL,
            label TEXT NOT NULL,
            tag_id INTEGER NOT NULL,
            PRIMARY KEY (forum_id, label)
        ) STRICT, WITHOUT ROWID
        """
    )


def add_mentions(db: sqlite_utils.Database) -> None:
    """A subscription may mention a role above its posts; which post mentioned which role, and when."""
    for statement in (
        # Discord's role @everyone has the server's id.
        "ALTER TABLE subscriptions ADD COLUMN role_id INTEGER CHECK (role_id <> guild_id)",
        "ALTER TABLE subscriptions ADD COLUMN mention_filter TEXT",
        """
        ALTER TABLE subscriptions ADD COLUMN mentions_a_day INTEGER NOT NULL DEFAULT 3
            CHECK (mentions_a_day BETWEEN 1 AND 24)
        """,
        "CREATE INDEX subscriptions_role ON subscriptions (guild_id, role_id) WHERE role_id IS NOT NULL",
        f"""
        CREATE TABLE role_mentions (
            delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
            role_id INTEGER NOT NULL,
            mentioned_at TEXT NOT NULL CHECK (mentioned_at {INSTANT}),
            PRIMARY KEY (delivery_id, role_id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX role_mentions_role ON role_mentions (role_id, mentioned_at)",
    ):
        db.conn.execute(statement)


_TOPICS = (
    f"""
    CREATE TABLE new_subscriptions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        guild_id INTEGER NOT NULL,
        feed_id INTEGER REFERENCES feeds (id),
        is_topic INTEGER NOT NULL DEFAULT 0 CHECK (is_topic IN (0, 1)),
        channel_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('text', 'thread', 'forum')),
        form TEXT NOT NULL CHECK (form IN ('whole', 'conclusion', 'title')),
        name TEXT NOT NULL,
        filter TEXT,
        starts_with INTEGER CHECK (starts_with >= 0),
        created_at TEXT NOT NULL CHECK (created_at {INSTANT}),
        created_by INTEGER NOT NULL,
        paused_at TEXT,
        paused_by INTEGER,
        removed_at TEXT,
        looks_since TEXT CHECK (looks_since {INSTANT}),
        CHECK (
            CASE WHEN is_topic
                THEN filter IS NOT NULL AND looks_since IS NOT NULL AND length(name) BETWEEN 1 AND 30
                ELSE feed_id IS NOT NULL AND looks_since IS NULL
            END
        ),
        CHECK (feed_id IS NOT NULL OR starts_with IS NULL)
    ) STRICT
    """,
    """
    INSERT INTO new_subscriptions (
        id, guild_id, feed_id, channel_id, kind, form, name, filter, starts_with, created_at, created_by,
        paused_at, paused_by, removed_at
    )
    SELECT id, guild_id, feed_id, channel_id, kind, form, name, filter, starts_with, created_at, created_by,
        paused_at, paused_by, removed_at
    FROM subscriptions
    """,
    "DROP TABLE subscriptions",
    "ALTER TABLE new_subscriptions RENAME TO subscriptions",
    """
    CREATE UNIQUE INDEX subscriptions_once ON subscriptions (feed_id, channel_id, is_topic)
        WHERE removed_at IS NULL
    """,
    "CREATE INDEX subscriptions_guild ON subscriptions (guild_id) WHERE removed_at IS NULL",
    """
    CREATE UNIQUE INDEX subscriptions_topic ON subscriptions (guild_id, name COLLATE NOCASE)
        WHERE is_topic = 1 AND removed_at IS NULL
    """,
    # What a server's feeds brought, until its topics have been compared with it.
    f"""
    CREATE TABLE arrivals (
        article_id INTEGER NOT NULL REFERENCES articles (id),
        guild_id INTEGER NOT NULL,
        arrived_at TEXT NOT NULL CHECK (arrived_at {INSTANT}),
        is_suspect INTEGER NOT NULL DEFAULT 0 CHECK (is_suspect IN (0, 1)),
        examined_at TEXT CHECK (examined_at {INSTANT}),
        PRIMARY KEY (article_id, guild_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX arrivals_arrived ON arrivals (arrived_at)",
    "CREATE INDEX arrivals_unexamined ON arrivals (arrived_at) WHERE examined_at IS NULL",
    # The topics on whose behalf an article is posted.
    """
    CREATE TABLE delivery_topics (
        delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
        subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
        PRIMARY KEY (delivery_id, subscription_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX delivery_topics_topic ON delivery_topics (subscription_id)",
)
