-- Today's whole schema, for readers. Migrations make the database (migrations.py); this file is edited by hand
-- with each new migration, and tests/storage/test_schema.py compares both. It is never executed by the bot.
--
-- Instants are TEXT in UTC, "2026-01-14T08:12:00Z". Ids of Discord are INTEGER. NULL is explained where it is
-- not plain. Indexes of FTS5 have tables of their own, which SQLite creates.


-- A watched address. One row serves every server that subscribes to it.
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    journal_key TEXT,                      -- the catalogue's; NULL = an address that was typed
    etag TEXT,                             -- byte for byte as sent
    last_modified TEXT,                    -- byte for byte as sent
    body_hash TEXT,                        -- of the body that was last parsed; NULL = parse the next one
    ttl_seconds REAL,                      -- what that document asked us to wait; NULL = nothing
    next_check_at TEXT NOT NULL CHECK (next_check_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    last_checked_at TEXT,
    -- last_success_at: restore.py compares it with the time of a restoration; NULL = never
    last_success_at TEXT,
    last_new_at TEXT,
    may_have_missed_at TEXT,               -- entries had left it before they were seen; NULL = never
    unconditional_at TEXT,                 -- last retrieval without validators
    failing_since TEXT,                    -- NULL = the last check went well
    failure TEXT,                          -- the kind of the last error
    failure_count INTEGER NOT NULL DEFAULT 0,
    -- crash_count: parser processes that this feed ended in a row
    crash_count INTEGER NOT NULL DEFAULT 0,
    -- is_gone: 1 = HTTP 410: not asked again until somebody adds it
    is_gone INTEGER NOT NULL DEFAULT 0 CHECK (is_gone IN (0, 1)),
    -- moved_url: target of a permanent redirect that is not adopted yet; NULL = none
    moved_url TEXT,
    moved_count INTEGER NOT NULL DEFAULT 0,
    moved_since TEXT,
    -- seen_until: entries before this were seen; NULL = not asked yet, or not a query
    seen_until TEXT,
    CHECK ((failing_since IS NULL) = (failure IS NULL))
) STRICT;
CREATE INDEX feeds_next_check ON feeds (next_check_at);

-- A scholarly work, and all that its sources say of it.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- follows the order of arrival; the search relies on it
    -- What is read often stands first, so that it lies in the row's first page.
    title TEXT NOT NULL,
    journal TEXT,
    published_on TEXT,
    first_seen_at TEXT NOT NULL CHECK (first_seen_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    abstract_added_at TEXT,                -- an abstract came that was not there at first
    enrichment_count INTEGER NOT NULL DEFAULT 0,
    next_enrichment_at TEXT,               -- NULL = the record sources are not asked again
    merged_into INTEGER REFERENCES articles (id),  -- turned out to be that article; NULL = itself
    -- feed_id: nobody vouches for this feed's text: only servers that watch it have this article, and it may
    -- stand beside the one that all have; NULL = everybody's
    feed_id INTEGER REFERENCES feeds (id),
    aside TEXT,                            -- "front matter" or "erratum"; NULL = an article
    -- is_searched: 1 = some server knows it: it is in the indexes below
    is_searched INTEGER NOT NULL CHECK (is_searched IN (0, 1)),
    -- packed: the merged Record, the source of each field, and what each source said last (packing.py)
    packed BLOB NOT NULL
) STRICT;
CREATE INDEX articles_feed ON articles (feed_id, journal) WHERE feed_id IS NOT NULL;
CREATE INDEX articles_journal ON articles (journal) WHERE feed_id IS NULL;
CREATE INDEX articles_next_enrichment ON articles (next_enrichment_at)
WHERE next_enrichment_at IS NOT NULL;

-- Every key by which an article is known, so that a second feed finds the same article.
CREATE TABLE article_keys (
    key TEXT NOT NULL,                     -- "doi:10.5555/x", "pmid:99000001", "title:…", "feed:1:…"
    feed_id INTEGER NOT NULL DEFAULT 0,    -- as the article's; 0 = everybody's
    article_id INTEGER REFERENCES articles (id),  -- NULL: two works have this title, so it identifies none
    PRIMARY KEY (key, feed_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_keys_article ON article_keys (article_id);

-- Identifiers that a feed gives an article and that another work has. They are left out of its record.
CREATE TABLE wrong_identifiers (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    key TEXT NOT NULL,                     -- "pmid:99000001"
    found_at TEXT NOT NULL CHECK (found_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    PRIMARY KEY (article_id, key)
) STRICT, WITHOUT ROWID;

-- When each source was heard last about an article; what it said is in the article's row.
CREATE TABLE records (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    source TEXT NOT NULL,                  -- "PubMed" …; a feed's is "feed:" and its id: two can speak
    fetched_at TEXT NOT NULL CHECK (fetched_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    next_check_at TEXT,
    PRIMARY KEY (article_id, source)
) STRICT, WITHOUT ROWID;

-- Every feed entry ever seen. Rows are never deleted, so that an entry that returns is not taken for new.
CREATE TABLE entries (
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    guid TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    first_seen_at TEXT NOT NULL CHECK (first_seen_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    content_hash TEXT NOT NULL,
    update_count INTEGER NOT NULL DEFAULT 0,  -- changes of the content that were heeded
    PRIMARY KEY (feed_id, guid)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_article ON entries (article_id);

-- What a server posts to a channel: the articles of a feed, or those that a topic's words find among what all
-- feeds of the server bring. Removed ones stay, for the log.
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    feed_id INTEGER REFERENCES feeds (id), -- of a topic: a PubMed query of its own; NULL = it has none
    is_topic INTEGER NOT NULL DEFAULT 0 CHECK (is_topic IN (0, 1)),
    channel_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'thread', 'forum')),
    form TEXT NOT NULL CHECK (form IN ('whole', 'conclusion', 'title')),
    name TEXT NOT NULL,
    filter TEXT,                           -- a query: a topic's words; NULL = everything
    starts_with INTEGER CHECK (starts_with >= 0),  -- of the next retrieval only the newest so many are
                                           -- posted, the rest is remembered; NULL = it is running
    created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    created_by INTEGER NOT NULL,
    paused_at TEXT,                        -- NULL = it runs
    paused_by INTEGER,                     -- NULL while paused_at is set: the bot left the server
    removed_at TEXT,                       -- NULL = it is there
    -- looks_since: what came before is not posted by the topic; NULL = a feed
    looks_since TEXT CHECK (looks_since GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    -- opens_threads: 1 = a thread is opened under each post, in text channels
    opens_threads INTEGER NOT NULL DEFAULT 0 CHECK (opens_threads IN (0, 1)),
    -- handed_out: documents up to this one of handouts it has got out of turn
    handed_out INTEGER NOT NULL DEFAULT 0,
    -- role_id: the role that posts mention, never @everyone, whose id is the server's; NULL = nobody
    role_id INTEGER CHECK (role_id <> guild_id),
    mention_filter TEXT,                   -- a query: only these articles mention it; NULL = every one
    mentions_a_day INTEGER NOT NULL DEFAULT 3 CHECK (mentions_a_day BETWEEN 1 AND 24),
    CHECK (
        CASE WHEN is_topic
            THEN filter IS NOT NULL AND looks_since IS NOT NULL AND length(name) BETWEEN 1 AND 30
            ELSE feed_id IS NOT NULL AND looks_since IS NULL
        END
    ),
    CHECK (feed_id IS NOT NULL OR starts_with IS NULL)
) STRICT;
CREATE UNIQUE INDEX subscriptions_once ON subscriptions (feed_id, channel_id, is_topic)
WHERE removed_at IS NULL;
CREATE INDEX subscriptions_guild ON subscriptions (guild_id) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX subscriptions_topic ON subscriptions (guild_id, name COLLATE NOCASE)
WHERE is_topic = 1 AND removed_at IS NULL;
CREATE INDEX subscriptions_feed ON subscriptions (feed_id) WHERE removed_at IS NULL;
CREATE INDEX subscriptions_starting ON subscriptions (feed_id)
WHERE starts_with IS NOT NULL AND removed_at IS NULL;
CREATE INDEX subscriptions_role ON subscriptions (guild_id, role_id) WHERE role_id IS NOT NULL;

-- What feeds brought to servers that have topics, for some days: topics are compared with it.
CREATE TABLE arrivals (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    guild_id INTEGER NOT NULL,
    arrived_at TEXT NOT NULL CHECK (arrived_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    is_suspect INTEGER NOT NULL DEFAULT 0 CHECK (is_suspect IN (0, 1)),  -- 1 = it may be an old article
    -- examined_at: NULL = its topics are not known yet, so that it is not posted yet
    examined_at TEXT CHECK (examined_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    PRIMARY KEY (article_id, guild_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX arrivals_arrived ON arrivals (arrived_at);
CREATE INDEX arrivals_unexamined ON arrivals (arrived_at) WHERE examined_at IS NULL;

-- The topics on whose behalf an article is posted, all that its card names.
CREATE TABLE delivery_topics (
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
    PRIMARY KEY (delivery_id, subscription_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_topics_topic ON delivery_topics (subscription_id);

-- Documents whose articles not all subscriptions have in the outbox yet (storage/handing_out.py).
CREATE TABLE handouts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: subscriptions.handed_out comes from it
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    candidates TEXT NOT NULL,              -- JSON: [article, is_new, is_suspect] each, newest first
    recorded_at TEXT NOT NULL CHECK (recorded_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    skipped_types TEXT NOT NULL,           -- JSON list: of config.toml then, as the next
    abstract_wait_seconds REAL NOT NULL,
    -- must_look: 1 = another database, now lost, may have posted them
    must_look INTEGER NOT NULL CHECK (must_look IN (0, 1)),
    -- is_whole: 1 = whoever waited for a document runs from now on
    is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1)),
    -- So many articles, the oldest first, are known to all servers that get them, and the next one to those
    -- of subscriptions up to known_to.
    known_count INTEGER NOT NULL DEFAULT 0,
    known_to INTEGER NOT NULL DEFAULT 0,
    -- The same of new articles in the outbox.
    given_count INTEGER NOT NULL DEFAULT 0,
    given_to INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX handouts_feed ON handouts (feed_id);

-- The articles that a server can search: its feeds brought them, or somebody there looked them up.
CREATE TABLE guild_articles (
    guild_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    since TEXT NOT NULL CHECK (since GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    PRIMARY KEY (guild_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX guild_articles_article ON guild_articles (article_id);

-- How many articles of each journal a server knows.
CREATE TABLE guild_journals (
    guild_id INTEGER NOT NULL,
    journal TEXT NOT NULL,                 -- '' = articles without a journal
    article_count INTEGER NOT NULL,        -- triggers keep it
    PRIMARY KEY (guild_id, journal)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER guild_journals_added AFTER INSERT ON guild_articles BEGIN
    INSERT INTO guild_journals (guild_id, journal, article_count)
    SELECT NEW.guild_id, coalesce(journal, ''), 1 FROM articles WHERE id = NEW.article_id
    ON CONFLICT (guild_id, journal) DO UPDATE SET article_count = article_count + 1;
END;
CREATE TRIGGER guild_journals_left AFTER DELETE ON guild_articles BEGIN
    UPDATE guild_journals SET article_count = article_count - 1
    WHERE guild_id = OLD.guild_id
        AND journal = (SELECT coalesce(journal, '') FROM articles WHERE id = OLD.article_id);
END;
CREATE TRIGGER guild_journals_renamed AFTER UPDATE OF journal ON articles
WHEN OLD.journal IS NOT NEW.journal BEGIN
    UPDATE guild_journals SET article_count = article_count - 1
    WHERE journal = coalesce(OLD.journal, '')
        AND guild_id IN (SELECT guild_id FROM guild_articles WHERE article_id = NEW.id);
    INSERT INTO guild_journals (guild_id, journal, article_count)
    SELECT guild_id, coalesce(NEW.journal, ''), 1 FROM guild_articles WHERE article_id = NEW.id
    ON CONFLICT (guild_id, journal) DO UPDATE SET article_count = article_count + 1;
END;

-- Where an article stands in lists that show the newest first: `partial_dates.listed_on`.
CREATE TABLE article_days (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    day INTEGER NOT NULL  -- days since 1 January of the year 1, which is day 1
) STRICT;
CREATE INDEX article_days_day ON article_days (day);

-- The outbox: one article or one digest for one channel (docs/delivery.md).
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: the nonce comes from it
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'thread', 'forum')),
    -- article_id: NULL = it is a digest (`digests`)
    article_id INTEGER REFERENCES articles (id),
    -- digest_id: the delivery with which this article is posted; NULL = by itself, or not known yet
    digest_id INTEGER REFERENCES deliveries (id),
    -- subscription_id: NULL = a member shared it, or it is a digest
    subscription_id INTEGER REFERENCES subscriptions (id),
    form TEXT NOT NULL CHECK (form IN ('whole', 'conclusion', 'title')),
    -- state: collected = comes in a digest, at next_try_at or (if digest_id is set) with that delivery;
    -- held = a moderator decides; parked = blocked; uncertain = could not be confirmed
    state TEXT NOT NULL CHECK (
        state IN ('pending', 'collected', 'sending', 'sent', 'held', 'parked', 'skipped', 'uncertain')
    ),
    -- scheduled_at: when it was put into the outbox
    scheduled_at TEXT NOT NULL CHECK (scheduled_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    -- next_try_at: not before then
    next_try_at TEXT NOT NULL CHECK (next_try_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    -- waits_for_abstract: 1 = it is posted when the abstract comes, at the latest at next_try_at
    waits_for_abstract INTEGER NOT NULL DEFAULT 0 CHECK (waits_for_abstract IN (0, 1)),
    -- nonce: idempotency key that Discord compares; NULL = never attempted
    nonce TEXT,
    -- baseline: message id: a post of this delivery has a greater one; NULL = never attempted
    baseline INTEGER,
    -- first_attempt_at: first request that may have posted it; NULL = certainly not posted
    first_attempt_at TEXT,
    last_attempt_at TEXT,
    attempt_count INTEGER NOT NULL DEFAULT 0,
    -- message_id: NULL = not posted, or the message is not known
    message_id INTEGER,
    -- thread_id: its discussion, or its forum post; NULL = none
    thread_id INTEGER,
    -- was_deleted: 1 = somebody removed the post: it is not edited or posted again
    was_deleted INTEGER NOT NULL DEFAULT 0 CHECK (was_deleted IN (0, 1)),
    shown_hash TEXT,                       -- of the card as it now stands in Discord
    -- code: Discord's code for the last refusal; NULL = none
    code INTEGER,
    -- reason: why it is in this state (domain/models.py, Reason), or in words; NULL = nothing special
    reason TEXT,
    -- settled_at: when it was posted or skipped; NULL = still open
    settled_at TEXT,
    -- shared_by: id of the member who shared it; NULL = a subscription posts it
    shared_by INTEGER,
    -- shared_by_name: NULL = not shared by a member
    shared_by_name TEXT,
    -- comment: what that member wrote; NULL = nothing
    comment TEXT,
    -- announced_standing: what its discussion was told: "retracted"; NULL = nothing
    announced_standing TEXT,
    -- decision_id: the decision that settled it; NULL = none
    decision_id INTEGER REFERENCES decisions (id),
    -- is_shown: 1 = an answer that a member showed to all
    is_shown INTEGER NOT NULL DEFAULT 0 CHECK (is_shown IN (0, 1)),
    -- note: what no record says, by the member who shared it or a moderator; NULL = nothing
    note TEXT CHECK (length(note) BETWEEN 1 AND 400),
    -- note_by: id of the member who wrote the note
    note_by INTEGER CHECK (note IS NULL OR note_by IS NOT NULL),
    -- note_edited_by: id of the other member who changed it last; NULL = nobody else
    note_edited_by INTEGER,
    UNIQUE (channel_id, article_id),       -- never twice in a channel
    CHECK (article_id IS NOT NULL OR digest_id IS NULL),
    CHECK (state NOT IN ('sending', 'sent', 'uncertain') OR nonce IS NOT NULL OR digest_id IS NOT NULL),
    -- a post whose message is not known was removed, or a moderator says that it is there
    CHECK (state <> 'sent' OR message_id IS NOT NULL OR was_deleted = 1 OR reason IS NOT NULL)
) STRICT;
CREATE INDEX deliveries_open ON deliveries (next_try_at) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_queue ON deliveries (channel_id, id) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_collected ON deliveries (next_try_at, channel_id) WHERE state = 'collected';
CREATE INDEX deliveries_digest ON deliveries (digest_id) WHERE digest_id IS NOT NULL;
CREATE INDEX deliveries_thread ON deliveries (thread_id) WHERE thread_id IS NOT NULL;
-- What is counted against the most that is posted on a day.
CREATE INDEX deliveries_posted ON deliveries (channel_id, settled_at)
WHERE state = 'sent' AND subscription_id IS NOT NULL AND digest_id IS NULL;

-- Deliveries that are digests: several articles in one post, those whose digest_id names it.
CREATE TABLE digests (
    delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id),
    -- kind: why they are one post (domain/pace.py, DigestKind)
    kind TEXT NOT NULL CHECK (kind IN ('daily', 'weekly', 'rest', 'issue', 'last')),
    from_on TEXT NOT NULL,                 -- first day that it is about, "2026-01-12"
    until_on TEXT NOT NULL                 -- last day
) STRICT;

-- What members wrote in the discussions of posts, by day.
CREATE TABLE replies (
    replied_on TEXT NOT NULL,
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
    reply_count INTEGER NOT NULL,
    PRIMARY KEY (replied_on, delivery_id)
) STRICT, WITHOUT ROWID;

-- The days on which Wetread noticed that articles were retracted, or are so no longer, and the like.
CREATE TABLE status_changes (
    noticed_on TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (noticed_on, article_id)
) STRICT, WITHOUT ROWID;

-- How articles arrive at a channel, thread or forum; no row = each at once (domain/pace.py, Pace).
CREATE TABLE destinations (
    channel_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    pace TEXT NOT NULL CHECK (pace IN ('at once', 'daily', 'weekly')),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),  -- of a weekly digest; 0 = Monday
    -- digest_minute: of the day, by the server's clock
    digest_minute INTEGER NOT NULL CHECK (digest_minute BETWEEN 0 AND 1439),
    -- joins_issues: 1 = many articles of one journal on a day become one post
    joins_issues INTEGER NOT NULL CHECK (joins_issues IN (0, 1)),
    quiet_start INTEGER CHECK (quiet_start BETWEEN 0 AND 1439),  -- minute of the day; NULL = never quiet
    quiet_end INTEGER CHECK (quiet_end BETWEEN 0 AND 1439),
    most_a_day INTEGER CHECK (most_a_day >= 1),  -- the others come in a digest; NULL = no limit
    CHECK ((quiet_start IS NULL) = (quiet_end IS NULL))
) STRICT;
CREATE INDEX destinations_guild ON destinations (guild_id);

-- Channels that Discord refuses. Nothing is sent there until somebody changes them.
CREATE TABLE blocked_channels (
    channel_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    code INTEGER NOT NULL,                 -- Discord's
    reason TEXT NOT NULL,                  -- for people
    since TEXT NOT NULL CHECK (since GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z')
) STRICT;
CREATE INDEX deliveries_article ON deliveries (article_id);
CREATE INDEX deliveries_unposted ON deliveries (subscription_id)
WHERE state IN ('pending', 'collected', 'held', 'parked');
CREATE INDEX deliveries_message ON deliveries (message_id) WHERE message_id IS NOT NULL;

-- Posts whose card has changed since. One row a post.
CREATE TABLE edits (
    delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id),
    priority INTEGER NOT NULL,             -- lower goes first: 0 a retraction, 1 an abstract, 2 the rest
    -- scheduled_at: when it was put into the outbox
    scheduled_at TEXT NOT NULL CHECK (scheduled_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    next_try_at TEXT NOT NULL CHECK (next_try_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    attempt_count INTEGER NOT NULL DEFAULT 0,
    parked_reason TEXT                     -- NULL = it is tried
) STRICT;

-- Which roles a post mentions, decided with its first attempt.
CREATE TABLE role_mentions (
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
    role_id INTEGER NOT NULL,
    mentioned_at TEXT NOT NULL CHECK (mentioned_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    PRIMARY KEY (delivery_id, role_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX role_mentions_role ON role_mentions (role_id, mentioned_at);

-- Which tag of a forum stands for a subject or a kind of study, if not the one of that name.
CREATE TABLE forum_tags (
    forum_id INTEGER NOT NULL,
    label TEXT NOT NULL,  -- forum_tags.LABELS
    tag_id INTEGER NOT NULL,
    PRIMARY KEY (forum_id, label)
) STRICT, WITHOUT ROWID;

-- What still follows a post: its publication to the channels that follow an announcement channel, or the
-- thread under it.
CREATE TABLE follow_ups (
    kind TEXT NOT NULL CHECK (kind IN ('publish', 'discuss')),
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
    next_try_at TEXT NOT NULL CHECK (next_try_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    attempt_count INTEGER NOT NULL DEFAULT 0,
    delayed_reason TEXT,                   -- why it was not done yet, for people; NULL = not tried, or done
    given_up_reason TEXT,                  -- for people; NULL = it is tried
    PRIMARY KEY (kind, delivery_id)
) STRICT, WITHOUT ROWID;

-- The choices of a server. A missing row or NULL means the default of config.toml.
CREATE TABLE guild_settings (
    guild_id INTEGER PRIMARY KEY,
    moderator_role_id INTEGER,
    moderator_channel_id INTEGER,
    abstract_wait_seconds INTEGER CHECK (abstract_wait_seconds BETWEEN 0 AND 7776000),
    proxy_prefix TEXT,
    skipped_types TEXT  -- JSON list
,
    offers_cards INTEGER NOT NULL DEFAULT 0
        CHECK (offers_cards IN (0, 1)),
    -- tells_changes: 1 = what moderators change is posted in their channel
    tells_changes INTEGER NOT NULL DEFAULT 0
        CHECK (tells_changes IN (0, 1)),
    -- time_zone: IANA's name: "Europe/Berlin"; NULL = UTC
    time_zone TEXT) STRICT;

-- The choices of a member.
CREATE TABLE member_settings (
    user_id INTEGER PRIMARY KEY,
    citation_style TEXT
) STRICT;

-- What the bot remembers between starts, such as the fingerprint of its commands.
CREATE TABLE bot_state (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Full-text indexes of the articles that some server knows, kept by storage/search_index.py. They hold tokens
-- only: the texts are in articles.packed.
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, abstract, authors, facets, content='', tokenize='porter unicode61 remove_diacritics 2'
);

-- Of titles alone, for autocomplete.
CREATE VIRTUAL TABLE titles_fts USING fts5 (
    title, content='articles', content_rowid='id', prefix='1 2 3', detail=none, columnsize=0,
    tokenize='unicode61 remove_diacritics 2'
);
CREATE INDEX records_next_check ON records (source, next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX deliveries_unsettled ON deliveries (state)
WHERE state IN ('pending', 'sending', 'held', 'parked', 'uncertain');

-- Preprints and their published versions, found from either side.
CREATE TABLE versions (
    key TEXT NOT NULL,                 -- the other version's: "doi:…", "pmid:…"
    article_id INTEGER NOT NULL REFERENCES articles (id),  -- the one that names it
    kind TEXT NOT NULL CHECK (kind IN ('preprint_of', 'has_preprint')),
    PRIMARY KEY (key, article_id, kind)
) STRICT, WITHOUT ROWID;

-- The answer of a moderator to a question. It can be undone unless something was posted.
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
    decided_at TEXT NOT NULL CHECK (decided_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    undone_at TEXT
) STRICT;
CREATE INDEX decisions_question ON decisions (guild_id, kind, subject, detail);
CREATE INDEX deliveries_decision ON deliveries (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX deliveries_guild ON deliveries (guild_id, id);

-- One row for each problem or question, so that moderators are notified once.
CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (
        kind IN ('feed', 'missed', 'channel', 'removed', 'stopped', 'edits', 'held', 'uncertain')
    ),
    subject INTEGER NOT NULL,          -- a feed's, channel's, subscription's or delivery's id
    detail TEXT NOT NULL,              -- what tells this trouble from another of the same subject
    since TEXT NOT NULL CHECK (since GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    shows TEXT CHECK (shows IN ('open', 'undoable', 'over')),  -- what was told last; NULL = nothing
    -- notified_at: first notification; NULL = none yet
    notified_at TEXT,
    channel_id INTEGER,                -- where it was told
    message_id INTEGER,
    hinted_at TEXT,                    -- a moderator was told that something waits
    closed_at TEXT                     -- nothing more is to be told
) STRICT;
CREATE UNIQUE INDEX notices_open ON notices (guild_id, kind, subject, detail)
WHERE closed_at IS NULL;
CREATE INDEX notices_subject ON notices (kind, subject);

-- What members typed, for the buttons of an answer.
CREATE TABLE typed_words (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: an old button must not find other words
    words TEXT NOT NULL CHECK (words <> ''),
    guild_id INTEGER,   -- 0 = typed in a direct message; NULL = not known, nobody reads them
    member_id INTEGER,  -- 0 = everybody in the server may read them; NULL = not known
    last_used_at TEXT NOT NULL CHECK (last_used_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    UNIQUE (words, guild_id, member_id)
) STRICT;
CREATE INDEX typed_words_last_used ON typed_words (last_used_at);

-- What moderators changed in the last 90 days: "before" and "after" are JSON objects of the columns that differ.
CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    changed_at TEXT NOT NULL CHECK (changed_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
    changed_by INTEGER NOT NULL,
    changed_by_name TEXT NOT NULL,
    command TEXT NOT NULL,             -- "feed pause", also for a button
    subject TEXT NOT NULL,             -- domain/changes.py, ChangeSubject
    subject_id INTEGER NOT NULL,
    subject_name TEXT NOT NULL,        -- '' = it needs none
    "before" TEXT NOT NULL,            -- '{}' = it was added
    "after" TEXT NOT NULL,             -- '{}' = it is gone
    undone_by INTEGER REFERENCES changes (id),  -- the change that undid this one; NULL = none
    announced_at TEXT                  -- posted in the moderators' channel, or not wanted there; NULL = due
) STRICT;
CREATE INDEX changes_guild ON changes (guild_id, changed_at);
CREATE INDEX changes_unannounced ON changes (guild_id) WHERE announced_at IS NULL;
CREATE INDEX changes_undone ON changes (undone_by) WHERE undone_by IS NOT NULL;
