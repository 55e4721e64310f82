"""The schema, step by step. A released migration is never edited; a new one is added below it.

Instants are TEXT, ISO 8601 in UTC to the second: "2026-01-14T08:12:00Z", so that they sort as text.
Partial dates are TEXT as `PartialDate` writes them. Discord's ids are INTEGER.
JSON columns carry no CHECK (json_valid(…)): with trusted_schema off, SQLite 3.40 refuses that function.
"""

from collections.abc import Callable, Iterable
from datetime import date

import sqlite_utils
from sqlite_utils.migrations import Migrations

from wetread.domain.errors import StorageError
from wetread.domain.front_matter import is_erratum, is_front_matter
from wetread.domain.models import PartialDate
from wetread.domain.partial_dates import listed_on
from wetread.storage.migrations_desk import INSTANT as _INSTANT
from wetread.storage.migrations_desk import (
    add_changes,
    add_follow_ups,
    add_forum_tags,
    add_mentions,
    add_topics,
)
from wetread.storage.pace_migration import add_digests
from wetread.storage.packing_migration import pack_articles

wetread = Migrations("wetread")


def migrate(
    db: sqlite_utils.Database, steps: Migrations = wetread, *, then: Callable[[], None] | None = None
) -> None:
    """Bring `db` to the schema of `steps`, this version's, all or nothing. It may turn foreign keys off.

    `then` is called in the same transaction if anything was to be done.
    Raises StorageError for a database newer than this code, and if a row would name one that is not there.
    """
    refuse_newer((migration.name for migration in steps.applied(db)), steps)
    if not steps.pending(db):
        return
    db.conn.execute("PRAGMA foreign_keys=OFF")  # or tables that others name could not be rebuilt (C11)
    with db.atomic():  # one transaction for all: killed half-way, the old schema stays (C10)
        steps.apply(db)
        if then is not None:
            then()
        if orphan := db.conn.execute("PRAGMA foreign_key_check").fetchone():
            raise StorageError(
                f"The database was left as it was: after the update a row of {orphan[0]} would name one of "
                f"{orphan[2]} that is not there."
            )


def refuse_newer(applied: Iterable[str], steps: Migrations = wetread) -> None:
    """Raise StorageError if one of these migrations is not among `steps`."""
    known = {migration.name for migration in steps.pending(sqlite_utils.Database(memory=True))}
    if not known.issuperset(applied):
        raise StorageError(
            "The database was written by a newer version of Wetread. "
            "Please start that version, or restore the backup made before it was installed."
        )


@wetread()
def m001_initial(db: sqlite_utils.Database) -> None:
    """Everything a feed's walk needs: feeds, articles, subscriptions, deliveries, search."""
    for statement in _INITIAL:
        db.conn.execute(statement)


@wetread()
def m002_shares(db: sqlite_utils.Database) -> None:
    """Articles that members post, and what a server allows them besides."""
    for statement in (
        "ALTER TABLE deliveries ADD COLUMN shared_by INTEGER",  # the member's id; NULL = a subscription's
        "ALTER TABLE deliveries ADD COLUMN shared_by_name TEXT",
        "ALTER TABLE deliveries ADD COLUMN comment TEXT",
        """
        ALTER TABLE guild_settings ADD COLUMN offers_cards INTEGER NOT NULL DEFAULT 0
            CHECK (offers_cards IN (0, 1))
        """,
    ):
        db.conn.execute(statement)


@wetread()
def m003_checks(db: sqlite_utils.Database) -> None:
    """Looking again at what is kept, and saying in a discussion that its article was retracted."""
    for statement in (
        "ALTER TABLE records ADD COLUMN next_check_at TEXT",  # NULL = it is not looked at again
        "UPDATE records SET next_check_at = fetched_at WHERE source = 'PubMed'",
        """
        CREATE INDEX records_next_check ON records (source, next_check_at) WHERE next_check_at IS NOT NULL
        """,
        "ALTER TABLE deliveries ADD COLUMN told_standing TEXT",  # what its discussion knows; NULL = nothing
    ):
        db.conn.execute(statement)


@wetread()
def m004_unsettled(db: sqlite_utils.Database) -> None:
    """What waits is counted every minute for the operator."""
    db.conn.execute(
        """
        CREATE INDEX deliveries_unsettled ON deliveries (state)
            WHERE state IN ('pending', 'sending', 'held', 'parked', 'uncertain')
        """
    )


@wetread()
def m005_versions(db: sqlite_utils.Database) -> None:
    """Preprints and published versions, found from either side."""
    db.conn.execute(
        """
        CREATE TABLE versions (
            key TEXT NOT NULL,                 -- the other version's: "doi:…", "pmid:…"
            article_id INTEGER NOT NULL REFERENCES articles (id),  -- the one that names it
            kind TEXT NOT NULL CHECK (kind IN ('preprint_of', 'has_preprint')),
            PRIMARY KEY (key, article_id, kind)
        ) STRICT, WITHOUT ROWID
        """
    )


@wetread()
def m006_moderators(db: sqlite_utils.Database) -> None:
    """What moderators were told, and what they have decided."""
    for statement in (
        # An answer to a question that only people can answer. It can be undone unless something was posted.
        f"""
        CREATE TABLE decisions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('held', 'uncertain')),
            subject INTEGER NOT NULL,          -- held: the subscription; uncertain: the delivery
            detail TEXT NOT NULL,              -- held: when the articles were owed; uncertain: ''
            posted_count INTEGER NOT NULL,
            left_count INTEGER NOT NULL,       -- not posted
            decided_by INTEGER NOT NULL,
            decided_by_name TEXT NOT NULL,
            decided_at TEXT NOT NULL CHECK (decided_at {_INSTANT}),
            undone_at TEXT
        ) STRICT
        """,
        "CREATE INDEX decisions_question ON decisions (guild_id, kind, subject, detail)",
        "ALTER TABLE deliveries ADD COLUMN decision_id INTEGER REFERENCES decisions (id)",
        "CREATE INDEX deliveries_decision ON deliveries (decision_id) WHERE decision_id IS NOT NULL",
        # The log of a server is read from its newest end.
        "CREATE INDEX deliveries_guild ON deliveries (guild_id, id)",
        # One row a trouble or question, so that each is told once.
        f"""
        CREATE TABLE notices (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (
                kind IN ('feed', 'missed', 'channel', 'removed', 'stopped', 'edits', 'held', 'uncertain')
            ),
            subject INTEGER NOT NULL,          -- a feed's, channel's, subscription's or delivery's id
            detail TEXT NOT NULL,              -- what tells this trouble from another of the same subject
            since TEXT NOT NULL CHECK (since {_INSTANT}),
            shows TEXT CHECK (shows IN ('open', 'undoable', 'over')),  -- what was told last; NULL = nothing
            told_at TEXT,
            channel_id INTEGER,                -- where it was told
            message_id INTEGER,
            hinted_at TEXT,                    -- a moderator was told that something waits
            closed_at TEXT                     -- nothing more is to be told
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX notices_open ON notices (guild_id, kind, subject, detail)
            WHERE closed_at IS NULL
        """,
        "CREATE INDEX notices_subject ON notices (kind, subject)",
    ):
        db.conn.execute(statement)


@wetread()
def m007_queries(db: sqlite_utils.Database) -> None:
    """Queries are watched like feeds, by the day on which something comes to their source."""
    # What came before has been seen; NULL = not asked yet, or a feed of its own.
    db.conn.execute("ALTER TABLE feeds ADD COLUMN seen_until TEXT")


@wetread()
def m008_shown(db: sqlite_utils.Database) -> None:
    """Answers that members show to all: their credit says so, also when the post is edited later."""
    db.conn.execute(
        "ALTER TABLE deliveries ADD COLUMN is_shown INTEGER NOT NULL DEFAULT 0 CHECK (is_shown IN (0, 1))"
    )


@wetread()
def m009_typed_words(db: sqlite_utils.Database) -> None:
    """What members typed, for the buttons of the answer."""
    for statement in (
        f"""
        CREATE TABLE typed_words (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: an old button must not find other words
            words TEXT NOT NULL UNIQUE CHECK (words <> ''),
            last_used_at TEXT NOT NULL CHECK (last_used_at {_INSTANT})
        ) STRICT
        """,
        "CREATE INDEX typed_words_last_used ON typed_words (last_used_at)",
    ):
        db.conn.execute(statement)


@wetread()
def m010_column_names(db: sqlite_utils.Database) -> None:
    """Columns get the words that the code and people use."""
    for table, old, new in (
        ("deliveries", "owed_at", "scheduled_at"),
        ("edits", "owed_at", "scheduled_at"),
        ("deliveries", "told_standing", "announced_standing"),
        ("notices", "told_at", "notified_at"),
    ):
        db.conn.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


@wetread()
def m011_asides(db: sqlite_utils.Database) -> None:
    """Mark stored front matter and errata, so that lists leave them out."""
    rows = db.conn.execute(
        "SELECT id, title, abstract, authors, facets, journal FROM articles WHERE facets <> ''"
    ).fetchall()
    for article_id, title, abstract, authors, facets, journal in rows:
        if "\ue000terratum" in facets or is_erratum(title):
            marks = " \ue000xerratum \ue000terratum"
        elif not abstract and is_front_matter(title, *filter(None, [journal])):
            marks = " \ue000xfrontmatter \ue000tfront \ue000tmatter"
        else:
            continue
        # The index keeps only tokens: to forget them it has to be told what it was given.
        db.conn.execute(
            "INSERT INTO articles_fts (articles_fts, rowid, title, abstract, authors, facets)"
            " VALUES ('delete', ?, ?, ?, ?, ?)",
            [article_id, title, abstract, authors, facets],
        )
        db.conn.execute("UPDATE articles SET facets = ? WHERE id = ?", [facets + marks, article_id])
        db.conn.execute(
            "INSERT INTO articles_fts (rowid, title, abstract, authors, facets) VALUES (?, ?, ?, ?, ?)",
            [article_id, title, abstract, authors, facets + marks],
        )


@wetread()
def m012_typists(db: sqlite_utils.Database) -> None:
    """Typed words belong to a member of a server. Of older ones nobody knows whose they are."""
    for statement in (
        "DROP INDEX typed_words_last_used",
        "ALTER TABLE typed_words RENAME TO old_typed_words",
        f"""
        CREATE TABLE typed_words (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: an old button must not find other words
            words TEXT NOT NULL CHECK (words <> ''),
            guild_id INTEGER,   -- 0 = typed in a direct message; NULL = not known, nobody reads them
            member_id INTEGER,  -- 0 = everybody in the server may read them; NULL = not known
            last_used_at TEXT NOT NULL CHECK (last_used_at {_INSTANT}),
            UNIQUE (words, guild_id, member_id)
        ) STRICT
        """,
        """
        INSERT INTO typed_words (id, words, last_used_at)
        SELECT id, words, last_used_at FROM old_typed_words
        """,
        "DROP TABLE old_typed_words",
        "CREATE INDEX typed_words_last_used ON typed_words (last_used_at)",
    ):
        db.conn.execute(statement)


@wetread()
def m013_identity(db: sqlite_utils.Database) -> None:
    """Articles of feeds that nobody vouches for are their subscribers' own; wrong identifiers are remembered.

    The keys that are made of titles depend on the catalogue: `title_keys.refresh` makes them anew.
    """
    for statement in (
        "ALTER TABLE articles ADD COLUMN feed_id INTEGER REFERENCES feeds (id)",
        "CREATE INDEX articles_feed ON articles (feed_id, journal) WHERE feed_id IS NOT NULL",
        "DROP INDEX articles_journal",
        "CREATE INDEX articles_journal ON articles (journal) WHERE feed_id IS NULL",
        "ALTER TABLE article_keys RENAME TO old_keys",
        """
        CREATE TABLE article_keys (
            key TEXT NOT NULL,
            feed_id INTEGER NOT NULL DEFAULT 0,
            article_id INTEGER REFERENCES articles (id),
            PRIMARY KEY (key, feed_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO article_keys (key, article_id)
        SELECT key, article_id FROM old_keys WHERE key NOT LIKE 'title:%' ORDER BY key
        """,
        "DROP TABLE old_keys",
        "CREATE INDEX article_keys_article ON article_keys (article_id)",
        f"""
        CREATE TABLE wrong_identifiers (
            article_id INTEGER NOT NULL REFERENCES articles (id),
            key TEXT NOT NULL,
            found_at TEXT NOT NULL CHECK (found_at {_INSTANT}),
            PRIMARY KEY (article_id, key)
        ) STRICT, WITHOUT ROWID
        """,
    ):
        db.conn.execute(statement)


@wetread()
def m014_article_days(db: sqlite_utils.Database) -> None:
    """Lists show the newest first by the date of publication."""
    for statement in (
        """
        CREATE TABLE article_days (
            article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            day INTEGER NOT NULL  -- days since 1 January of the year 1, which is day 1
        ) STRICT
        """,
        "CREATE INDEX article_days_day ON article_days (day)",
    ):
        db.conn.execute(statement)
    rows = db.conn.execute("SELECT id, published_on, first_seen_at FROM articles WHERE merged_into IS NULL")
    db.conn.executemany(
        "INSERT INTO article_days (article_id, day) VALUES (?, ?)",
        [
            (
                article_id,
                listed_on(
                    PartialDate.from_iso(published_on) if published_on else None,
                    date.fromisoformat(first_seen_at[:10]),
                ).toordinal(),
            )
            for article_id, published_on, first_seen_at in rows
        ],
    )


@wetread()
def m015_publications(db: sqlite_utils.Database) -> None:
    """Posts that are still to be published to the channels that follow theirs."""
    db.conn.execute(
        f"""
        CREATE TABLE publications (
            delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id),
            next_try_at TEXT NOT NULL CHECK (next_try_at {_INSTANT}),
            attempt_count INTEGER NOT NULL DEFAULT 0,
            given_up_reason TEXT  -- for people; NULL = it is tried
        ) STRICT
        """
    )


@wetread()
def m016_notes(db: sqlite_utils.Database) -> None:
    """A note above a shared article: its text, who wrote it, and who else changed it last."""
    for statement in (
        "ALTER TABLE deliveries ADD COLUMN note TEXT CHECK (length(note) BETWEEN 1 AND 400)",
        "ALTER TABLE deliveries ADD COLUMN note_by INTEGER CHECK (note IS NULL OR note_by IS NOT NULL)",
        "ALTER TABLE deliveries ADD COLUMN note_edited_by INTEGER",
    ):
        db.conn.execute(statement)


@wetread()
def m017_packed(db: sqlite_utils.Database) -> None:
    """Every text of an article stands once, packed in its row."""
    pack_articles(db)


@wetread()
def m018_guild_journals(db: sqlite_utils.Database) -> None:
    """Count the articles of each server by journal, so that nobody has to look at each."""
    for statement in _GUILD_JOURNALS:
        db.conn.execute(statement)


@wetread()
def m019_topics(db: sqlite_utils.Database) -> None:
    """Subscriptions may be topics, which look through what a server's feeds bring."""
    add_topics(db)


@wetread()
def m020_changes(db: sqlite_utils.Database) -> None:
    """Note what moderators change."""
    add_changes(db)


@wetread()
def m021_follow_ups(db: sqlite_utils.Database) -> None:
    """A post may be followed by a thread, as by its publication."""
    add_follow_ups(db)


@wetread()
def m022_forum_tags(db: sqlite_utils.Database) -> None:
    """Moderators choose the tags of forums."""
    add_forum_tags(db)


@wetread()
def m023_handouts(db: sqlite_utils.Database) -> None:
    """A document for very many subscriptions is handed out in parts."""
    for statement in _HANDOUTS:
        db.conn.execute(statement)


_HANDOUTS = (
    f"""
    CREATE TABLE handouts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: subscriptions.handed_out comes from it
        feed_id INTEGER NOT NULL REFERENCES feeds (id),
        candidates TEXT NOT NULL,
        recorded_at TEXT NOT NULL CHECK (recorded_at {_INSTANT}),
        skipped_types TEXT NOT NULL,
        abstract_wait_seconds REAL NOT NULL,
        must_look INTEGER NOT NULL CHECK (must_look IN (0, 1)),
        is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1)),
        known_count INTEGER NOT NULL DEFAULT 0,
        known_to INTEGER NOT NULL DEFAULT 0,
        given_count INTEGER NOT NULL DEFAULT 0,
        given_to INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX handouts_feed ON handouts (feed_id)",
    "ALTER TABLE subscriptions ADD COLUMN handed_out INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX subscriptions_feed ON subscriptions (feed_id) WHERE removed_at IS NULL",
    """
    CREATE INDEX subscriptions_starting ON subscriptions (feed_id)
    WHERE starts_with IS NOT NULL AND removed_at IS NULL
    """,
)


@wetread()
def m024_digests(db: sqlite_utils.Database) -> None:
    """Several articles in one post, and when articles are posted where."""
    add_digests(db)


@wetread()
def m025_mentions(db: sqlite_utils.Database) -> None:
    """A post may mention a role."""
    add_mentions(db)


_GUILD_JOURNALS = (
    """
    CREATE TABLE guild_journals (
        guild_id INTEGER NOT NULL,
        journal TEXT NOT NULL,                 -- '' = articles without a journal
        article_count INTEGER NOT NULL,        -- triggers keep it
        PRIMARY KEY (guild_id, journal)
    ) STRICT, WITHOUT ROWID
    """,
    """
    INSERT INTO guild_journals (guild_id, journal, article_count)
    SELECT guild_id, coalesce(journal, ''), count(*) FROM guild_articles
    JOIN articles ON articles.id = article_id GROUP BY 1, 2
    """,
    """
    CREATE TRIGGER guild_journals_added AFTER INSERT ON guild_articles BEGIN
        INSERT INTO guild_journals (guild_id, journal, article_count)
        SELECT NEW.guild_id, coalesce(journal, ''), 1 FROM articles WHERE id = NEW.article_id
        ON CONFLICT (guild_id, journal) DO UPDATE SET article_count = article_count + 1;
    END
    """,
    """
    CREATE TRIGGER guild_journals_left AFTER DELETE ON guild_articles BEGIN
        UPDATE guild_journals SET article_count = article_count - 1
        WHERE guild_id = OLD.guild_id
            AND journal = (SELECT coalesce(journal, '') FROM articles WHERE id = OLD.article_id);
    END
    """,
    """
    CREATE TRIGGER guild_journals_renamed AFTER UPDATE OF journal ON articles
    WHEN OLD.journal IS NOT NEW.journal BEGIN
        UPDATE guild_journals SET article_count = article_count - 1
        WHERE journal = coalesce(OLD.journal, '')
            AND guild_id IN (SELECT guild_id FROM guild_articles WHERE article_id = NEW.id);
        INSERT INTO guild_journals (guild_id, journal, article_count)
        SELECT guild_id, coalesce(NEW.journal, ''), 1 FROM guild_articles WHERE article_id = NEW.id
        ON CONFLICT (guild_id, journal) DO UPDATE SET article_count = article_count + 1;
    END
    """,
)


_INITIAL = (
    # A watched address. One row serves every server that subscribes to it.
    f"""
    CREATE TABLE feeds (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        journal_key TEXT,                      -- the catalogue's; NULL = an address that was typed
        etag TEXT,                             -- byte for byte as sent
        last_modified TEXT,                    -- byte for byte as sent
        body_hash TEXT,                        -- of the body that was last parsed; NULL = parse the next one
        ttl_seconds REAL,                      -- what that document asked us to wait; NULL = nothing
        next_check_at TEXT NOT NULL CHECK (next_check_at {_INSTANT}),
        last_checked_at TEXT,
        last_success_at TEXT,
        last_new_at TEXT,
        may_have_missed_at TEXT,               -- entries had left it before they were seen; NULL = never
        unconditional_at TEXT,                 -- last retrieval without validators
        failing_since TEXT,                    -- NULL = the last check went well
        failure TEXT,                          -- the kind of the last error
        failure_count INTEGER NOT NULL DEFAULT 0,
        crash_count INTEGER NOT NULL DEFAULT 0,
        is_gone INTEGER NOT NULL DEFAULT 0 CHECK (is_gone IN (0, 1)),
        moved_url TEXT,
        moved_count INTEGER NOT NULL DEFAULT 0,
        moved_since TEXT,
        CHECK ((failing_since IS NULL) = (failure IS NULL))
    ) STRICT
    """,
    "CREATE INDEX feeds_next_check ON feeds (next_check_at)",
    # A scholarly work: the merger of its records (below), with what is searched as columns.
    f"""
    CREATE TABLE articles (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- follows the order of arrival; the search relies on it
        -- What is read often stands first, so that it lies in the row's first page.
        title TEXT NOT NULL,
        journal TEXT,
        published_on TEXT,
        first_seen_at TEXT NOT NULL CHECK (first_seen_at {_INSTANT}),
        abstract_added_at TEXT,                -- an abstract came that was not there at first
        enrichment_count INTEGER NOT NULL DEFAULT 0,
        next_enrichment_at TEXT,               -- NULL = the record sources are not asked again
        merged_into INTEGER REFERENCES articles (id),  -- turned out to be that article; NULL = itself
        facets TEXT NOT NULL,                  -- tokens: journal, year, types, servers (fts.py)
        authors TEXT NOT NULL,                 -- plain text, '' = none
        abstract TEXT NOT NULL,                -- plain text, '' = none
        provenance TEXT NOT NULL,              -- JSON: field -> source
        record TEXT NOT NULL                   -- the merged Record, JSON
    ) STRICT
    """,
    "CREATE INDEX articles_journal ON articles (journal)",
    """
    CREATE INDEX articles_next_enrichment ON articles (next_enrichment_at)
        WHERE next_enrichment_at IS NOT NULL
    """,
    # Every key by which an article is known; whichever arrives first, the second sighting finds it.
    """
    CREATE TABLE article_keys (
        key TEXT PRIMARY KEY,                  -- "doi:10.5555/x", "pmid:99000001", "title:…", "feed:1:…"
        article_id INTEGER NOT NULL REFERENCES articles (id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX article_keys_article ON article_keys (article_id)",
    # What each source said last. Merging them again gives the article.
    f"""
    CREATE TABLE records (
        article_id INTEGER NOT NULL REFERENCES articles (id),
        source TEXT NOT NULL,                  -- "PubMed" …; a feed's is "feed:" and its id: two can speak
        record TEXT NOT NULL,
        fetched_at TEXT NOT NULL CHECK (fetched_at {_INSTANT}),
        PRIMARY KEY (article_id, source)
    ) STRICT
    """,
    # Every entry ever seen; never forgotten, so that nothing that returns is taken for new.
    f"""
    CREATE TABLE entries (
        feed_id INTEGER NOT NULL REFERENCES feeds (id),
        guid TEXT NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (id),
        first_seen_at TEXT NOT NULL CHECK (first_seen_at {_INSTANT}),
        content_hash TEXT NOT NULL,
        update_count INTEGER NOT NULL DEFAULT 0,  -- changes of the content that were heeded
        PRIMARY KEY (feed_id, guid)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX entries_article ON entries (article_id)",
    # A feed that a server has sent to a destination. Removed ones stay, for the log.
    f"""
    CREATE TABLE subscriptions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        guild_id INTEGER NOT NULL,
        feed_id INTEGER NOT NULL REFERENCES feeds (id),
        channel_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('text', 'thread', 'forum')),
        form TEXT NOT NULL CHECK (form IN ('whole', 'conclusion', 'title')),
        name TEXT NOT NULL,
        filter TEXT,                           -- a query; NULL = everything
        starts_with INTEGER CHECK (starts_with >= 0),  -- of the next retrieval only the newest so many are
                                               -- posted, the rest is remembered; NULL = it is running
        created_at TEXT NOT NULL CHECK (created_at {_INSTANT}),
        created_by INTEGER NOT NULL,
        paused_at TEXT,                        -- NULL = it runs
        paused_by INTEGER,                     -- NULL while paused_at is set: the bot left the server
        removed_at TEXT                        -- NULL = it is there
    ) STRICT
    """,
    "CREATE UNIQUE INDEX subscriptions_once ON subscriptions (feed_id, channel_id) WHERE removed_at IS NULL",
    "CREATE INDEX subscriptions_guild ON subscriptions (guild_id) WHERE removed_at IS NULL",
    # Which articles a server knows: its own feeds brought them, or somebody there looked them up.
    f"""
    CREATE TABLE guild_articles (
        guild_id INTEGER NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (id),
        since TEXT NOT NULL CHECK (since {_INSTANT}),
        PRIMARY KEY (guild_id, article_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX guild_articles_article ON guild_articles (article_id)",
    # The outbox: an article owed to a destination (delivery.md).
    f"""
    CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: the nonce comes from it
        guild_id INTEGER NOT NULL,
        channel_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('text', 'thread', 'forum')),
        article_id INTEGER NOT NULL REFERENCES articles (id),
        subscription_id INTEGER REFERENCES subscriptions (id),
        form TEXT NOT NULL CHECK (form IN ('whole', 'conclusion', 'title')),
        state TEXT NOT NULL CHECK (
            state IN ('pending', 'sending', 'sent', 'held', 'parked', 'skipped', 'uncertain')
        ),
        owed_at TEXT NOT NULL CHECK (owed_at {_INSTANT}),
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
        shown_hash TEXT,                       -- of the card as it now stands in Discord
        code INTEGER,
        reason TEXT,
        settled_at TEXT,
        UNIQUE (channel_id, article_id),       -- never twice in a channel
        CHECK (state NOT IN ('sending', 'sent', 'uncertain') OR nonce IS NOT NULL),
        -- a post whose message is not known was removed, or a moderator says that it is there
        CHECK (state <> 'sent' OR message_id IS NOT NULL OR was_deleted = 1 OR reason IS NOT NULL)
    ) STRICT
    """,
    "CREATE INDEX deliveries_open ON deliveries (next_try_at) WHERE state IN ('pending', 'sending')",
    "CREATE INDEX deliveries_queue ON deliveries (channel_id, id) WHERE state IN ('pending', 'sending')",
    # A destination that Discord refuses us: nothing is sent there until somebody changes it.
    f"""
    CREATE TABLE blocked_channels (
        channel_id INTEGER PRIMARY KEY,
        guild_id INTEGER NOT NULL,
        code INTEGER NOT NULL,                 -- Discord's
        reason TEXT NOT NULL,                  -- for people
        since TEXT NOT NULL CHECK (since {_INSTANT})
    ) STRICT
    """,
    "CREATE INDEX deliveries_article ON deliveries (article_id)",
    """
    CREATE INDEX deliveries_unposted ON deliveries (subscription_id)
        WHERE state IN ('pending', 'held', 'parked')
    """,
    "CREATE INDEX deliveries_message ON deliveries (message_id) WHERE message_id IS NOT NULL",
    # A post whose card has changed since. One row a post: the edit shows the article as it is then.
    f"""
    CREATE TABLE edits (
        delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id),
        priority INTEGER NOT NULL,             -- lower goes first: 0 a retraction, 1 an abstract, 2 the rest
        owed_at TEXT NOT NULL CHECK (owed_at {_INSTANT}),
        next_try_at TEXT NOT NULL CHECK (next_try_at {_INSTANT}),
        attempt_count INTEGER NOT NULL DEFAULT 0,
        parked_reason TEXT                     -- NULL = it is tried
    ) STRICT
    """,
    # A server's own choices; a missing row or NULL = config.toml's.
    """
    CREATE TABLE guild_settings (
        guild_id INTEGER PRIMARY KEY,
        moderator_role_id INTEGER,
        moderator_channel_id INTEGER,
        abstract_wait_seconds INTEGER CHECK (abstract_wait_seconds BETWEEN 0 AND 7776000),
        proxy_prefix TEXT,
        skipped_types TEXT  -- JSON list
    ) STRICT
    """,
    """
    CREATE TABLE member_settings (
        user_id INTEGER PRIMARY KEY,
        citation_style TEXT
    ) STRICT
    """,
    # What the bot remembers of itself: the fingerprint of the commands that Discord was told, say.
    """
    CREATE TABLE bot_state (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # Full text over articles, kept by search_index.py. Facets are tokens, so that a filter costs no join.
    """
    CREATE VIRTUAL TABLE articles_fts USING fts5 (
        title, abstract, authors, facets,
        content='articles', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    # Titles alone, for autocomplete: prefixes indexed, newest first, never ranked. It keeps them itself,
    # close together, because each keystroke shows 25.
    """
    CREATE VIRTUAL TABLE titles_fts USING fts5 (
        title, prefix='1 2 3 4', detail=none, columnsize=0,
        tokenize='unicode61 remove_diacritics 2'
    )
    """,
)
