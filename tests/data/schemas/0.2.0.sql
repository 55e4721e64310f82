BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'wetread','m001_initial','2026-11-24 13:10:30.975506+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'wetread','m002_shares','2026-11-24 13:10:30.976811+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'wetread','m003_checks','2026-11-24 13:10:30.977361+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'wetread','m004_unsettled','2026-11-24 13:10:30.977495+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'wetread','m005_versions','2026-11-24 13:10:30.977616+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'wetread','m006_moderators','2026-11-24 13:10:30.978310+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'wetread','m007_queries','2026-11-24 13:10:30.981430+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'wetread','m008_shown','2026-11-24 13:10:30.981947+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'wetread','m009_typed_words','2026-11-24 13:10:30.982136+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'wetread','m010_column_names','2026-11-24 13:10:30.998588+00:00');
CREATE TABLE article_keys (
        key TEXT PRIMARY KEY,                  -- "doi:10.5555/x", "pmid:99000001", "title:…", "feed:1:…"
        article_id INTEGER NOT NULL REFERENCES articles (id)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.1',1);
INSERT INTO "article_keys" VALUES('title:8f630feb1dbc481cffd838d0',1);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.2',2);
INSERT INTO "article_keys" VALUES('title:b4618a8ec4c66abbd5ee0171',2);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.3',3);
INSERT INTO "article_keys" VALUES('title:9727ae902d21ac582e7a5fa7',3);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.4',4);
INSERT INTO "article_keys" VALUES('title:8c01c529d3c716dff72cf31c',4);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.5',5);
INSERT INTO "article_keys" VALUES('title:72af751c42d2b11959312b8a',5);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.6',6);
INSERT INTO "article_keys" VALUES('title:f677a318b9290a660334795c',6);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.7',7);
INSERT INTO "article_keys" VALUES('title:e80fcdc2ed2d5a5882c29339',7);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.8',8);
INSERT INTO "article_keys" VALUES('title:fad53d4e3f47335bc042641f',8);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.9',9);
INSERT INTO "article_keys" VALUES('title:c164a88d88dd7ac356892007',9);
INSERT INTO "article_keys" VALUES('feed:1:date:9803fbccf87e09814c9f73cd0aab232e',10);
INSERT INTO "article_keys" VALUES('feed:1:page:375e5bf9eb7e26f96c4dcee00aeb3f2f',10);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.11',11);
INSERT INTO "article_keys" VALUES('title:aa739d2509e7490cf67a753a',11);
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
        facets TEXT NOT NULL,                  -- tokens: journal, year, types, servers (fts.py)
        authors TEXT NOT NULL,                 -- plain text, '' = none
        abstract TEXT NOT NULL,                -- plain text, '' = none
        provenance TEXT NOT NULL,              -- JSON: field -> source
        record TEXT NOT NULL                   -- the merged Record, JSON
    ) STRICT
    ;
INSERT INTO "articles" VALUES(1,'Invented finding number 1 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T09:00:00Z',NULL,0,'2026-11-02T09:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 1 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.1","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/1"}');
INSERT INTO "articles" VALUES(2,'Invented finding number 2 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T09:00:00Z',NULL,0,'2026-11-02T09:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 2 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.2","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/2"}');
INSERT INTO "articles" VALUES(3,'Invented finding number 3 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T09:00:00Z',NULL,0,'2026-11-02T09:00:00Z',NULL,'a g10 g20 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 3 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.3","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/3"}');
INSERT INTO "articles" VALUES(4,'Invented finding number 4 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 4 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.4","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/4"}');
INSERT INTO "articles" VALUES(5,'Invented finding number 5 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 5 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.5","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/5"}');
INSERT INTO "articles" VALUES(6,'Invented finding number 6 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 6 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.6","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/6"}');
INSERT INTO "articles" VALUES(7,'Invented finding number 7 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 7 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.7","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/7"}');
INSERT INTO "articles" VALUES(8,'Invented finding number 8 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 8 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.8","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/8"}');
INSERT INTO "articles" VALUES(9,'Invented finding number 9 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 9 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.9","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/9"}');
INSERT INTO "articles" VALUES(10,'Invented finding number 10 at imaging',NULL,'2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030','','Invented text that says something.','{"title": "feed", "abstract": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 10 at imaging","abstract":[{"text":"Invented text that says something."}],"online_on":"2026-10-30","url":"https://journal.example.org/10"}');
INSERT INTO "articles" VALUES(11,'Invented finding number 11 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','','{"title": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 11 at imaging","doi":"10.5555/jii.11","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/11"}');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','articles_fts','articles_fts',0,'CREATE VIRTUAL TABLE articles_fts USING fts5 (
        title, abstract, authors, facets,
        content=''articles'', content_rowid=''id'', tokenize=''porter unicode61 remove_diacritics 2''
    )');
CREATE TABLE 'articles_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO "articles_fts_config" VALUES('version',4);
CREATE TABLE 'articles_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO "articles_fts_data" VALUES(1,X'0B42320058');
INSERT INTO "articles_fts_data" VALUES(10,X'000000000103030003010101020101030101');
INSERT INTO "articles_fts_data" VALUES(137438953473,X'0000016C02303101020501013202020501013303020501026174010206010206010206010466696E640102030102030102030104696D616701020701020701020702056E76656E7401080201010201080201010201080201010201066E756D626572010204010204010204010373616901060101050106010105010601010502056F6D65746801060101060106010106010601010601047465787401060101030106010103010601010302036861740106010104010601010401060101040104EE808061010601030201060103020106010302040367313001060103030106010303010601030304166A6A6F75726E616C6F66696E76656E746564696D61670106010309010601030901060103090403793230010601030401060103040106010304070132010601030501060103050106010305080136010601030601060103060106010306090231300106010307010601030701060103070B023330010601030801060103080106010308040606060D0F0F19111416151415142714121213');
INSERT INTO "articles_fts_data" VALUES(274877906945,X'000000CD02303303030501026174030306010466696E640303030104696D616703030702056E76656E7403090201010201066E756D6265720303040103736169030701010502056F6D65746803070101060104746578740307010103020368617403070101040104EE80806103070103020403673130030701030305023230030601030404166A6A6F75726E616C6F66696E76656E746564696D6167030701030A04037932300307010305070132030701030608013603070103070902313003070103080B023330030701030904060709090D0B0A0C0B0A0B0A091D0A080809');
INSERT INTO "articles_fts_data" VALUES(412316860417,X'000002F5033031300A02050201310B020501013404020501013505020501013606020501013707020501013808020501013909020501026174040206010206010206010206010206010206010206010206010466696E640402030102030102030102030102030102030102030102030104696D616704020701020701020701020701020701020701020701020702056E76656E7404080201010201080201010201080201010201080201010201080201010201080201010201080201010201020201066E756D6265720402040102040102040102040102040102040102040102040103736169040601010501060101050106010105010601010501060101050106010105010601010502056F6D65746804060101060106010106010601010601060101060106010106010601010601060101060104746578740406010103010601010301060101030106010103010601010301060101030106010103020368617404060101040106010104010601010401060101040106010104010601010401060101040104EE8080610406010302010601030201060103020106010302010601030201060103020106010302010601030204036731300406010303010601030301060103030106010303010601030301060103030106010303010601030304166A6A6F75726E616C6F66696E76656E746564696D61670406010309010601030901060103090106010309010601030901060103090206010309040379323004060103040106010304010601030401060103040106010304010601030401060103040106010304070132040601030501060103050106010305010601030501060103050106010305010601030501060103050801360406010306010601030601060103060106010306010601030601060103060106010306010601030609023130040601030701060103070106010307010601030701060103070106010307010601030701060103070B023330040601030801060103080106010308010601030801060103080106010308010601030801060103080407060606060606061C1E1E3420282A29282E2D3B2D2B2B2C');
CREATE TABLE 'articles_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO "articles_fts_docsize" VALUES(1,X'06050008');
INSERT INTO "articles_fts_docsize" VALUES(2,X'06050008');
INSERT INTO "articles_fts_docsize" VALUES(3,X'06050009');
INSERT INTO "articles_fts_docsize" VALUES(4,X'06050008');
INSERT INTO "articles_fts_docsize" VALUES(5,X'06050008');
INSERT INTO "articles_fts_docsize" VALUES(6,X'06050008');
INSERT INTO "articles_fts_docsize" VALUES(7,X'06050008');
INSERT INTO "articles_fts_docsize" VALUES(8,X'06050008');
INSERT INTO "articles_fts_docsize" VALUES(9,X'06050008');
INSERT INTO "articles_fts_docsize" VALUES(10,X'06050007');
INSERT INTO "articles_fts_docsize" VALUES(11,X'06000008');
CREATE TABLE 'articles_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO "articles_fts_idx" VALUES(1,X'',2);
INSERT INTO "articles_fts_idx" VALUES(2,X'',2);
INSERT INTO "articles_fts_idx" VALUES(3,X'',2);
CREATE TABLE blocked_channels (
        channel_id INTEGER PRIMARY KEY,
        guild_id INTEGER NOT NULL,
        code INTEGER NOT NULL,                 -- Discord's
        reason TEXT NOT NULL,                  -- for people
        since TEXT NOT NULL CHECK (since GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z')
    ) STRICT
    ;
INSERT INTO "blocked_channels" VALUES(200,20,50013,'a permission is missing','2026-11-02T09:00:00Z');
CREATE TABLE bot_state (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "bot_state" VALUES('commands','a fingerprint');
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
        ) STRICT
        ;
INSERT INTO "decisions" VALUES(1,10,'held',1,'2026-11-02T09:00:00Z',0,14,7,'mo.derator','2026-11-02T09:05:00Z',NULL);
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
        scheduled_at TEXT NOT NULL CHECK (scheduled_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
        next_try_at TEXT NOT NULL CHECK (next_try_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
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
        settled_at TEXT, shared_by INTEGER, shared_by_name TEXT, comment TEXT, announced_standing TEXT, decision_id INTEGER REFERENCES decisions (id), is_shown INTEGER NOT NULL DEFAULT 0 CHECK (is_shown IN (0, 1)),
        UNIQUE (channel_id, article_id),       -- never twice in a channel
        CHECK (state NOT IN ('sending', 'sent', 'uncertain') OR nonce IS NOT NULL),
        -- a post whose message is not known was removed, or a moderator says that it is there
        CHECK (state <> 'sent' OR message_id IS NOT NULL OR was_deleted = 1 OR reason IS NOT NULL)
    ) STRICT
    ;
INSERT INTO "deliveries" VALUES(1,10,100,'text',1,1,'whole','skipped','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z',0,NULL,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,'before','2026-11-02T09:00:00Z',NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(2,10,100,'text',2,1,'whole','skipped','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z',0,NULL,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,'before','2026-11-02T09:00:00Z',NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(3,10,100,'text',3,1,'whole','pending','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z',0,'wr-3',NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(4,20,200,'text',3,2,'whole','skipped','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z',0,NULL,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,'before','2026-11-02T09:00:00Z',NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(5,10,100,'text',4,1,'whole','sending','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-5',1,'2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',1,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(6,10,100,'text',5,1,'whole','held','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-6',NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,'flood',NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(7,10,100,'text',6,1,'whole','parked','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-7',NULL,NULL,NULL,0,NULL,NULL,0,NULL,50013,'a permission is missing',NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(8,10,100,'text',7,1,'whole','uncertain','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-8',NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,'the history cannot be read',NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(9,10,100,'text',8,1,'whole','sent','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-9',NULL,'2026-11-02T10:00:00Z',NULL,1,9009,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(10,10,100,'text',9,1,'whole','sent','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-10',NULL,'2026-11-02T10:00:00Z',NULL,1,9010,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(11,10,100,'text',10,1,'whole','sent','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-11',NULL,'2026-11-02T10:00:00Z',NULL,1,9011,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "deliveries" VALUES(12,10,100,'text',11,1,'whole','sent','2026-11-02T10:00:00Z','2026-11-03T10:00:00Z',0,'wr-12',NULL,'2026-11-02T10:00:00Z',NULL,1,9012,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE edits (
        delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id),
        priority INTEGER NOT NULL,             -- lower goes first: 0 a retraction, 1 an abstract, 2 the rest
        scheduled_at TEXT NOT NULL CHECK (scheduled_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
        next_try_at TEXT NOT NULL CHECK (next_try_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
        attempt_count INTEGER NOT NULL DEFAULT 0,
        parked_reason TEXT                     -- NULL = it is tried
    ) STRICT
    ;
INSERT INTO "edits" VALUES(9,1,'2026-11-02T11:00:00Z','2026-11-02T11:00:00Z',0,NULL);
INSERT INTO "edits" VALUES(10,1,'2026-11-02T11:00:00Z','2026-11-02T11:00:00Z',0,NULL);
INSERT INTO "edits" VALUES(11,1,'2026-11-02T11:00:00Z','2026-11-02T11:00:00Z',0,NULL);
INSERT INTO "edits" VALUES(12,1,'2026-11-02T11:00:00Z','2026-11-02T11:00:00Z',0,NULL);
CREATE TABLE entries (
        feed_id INTEGER NOT NULL REFERENCES feeds (id),
        guid TEXT NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (id),
        first_seen_at TEXT NOT NULL CHECK (first_seen_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
        content_hash TEXT NOT NULL,
        update_count INTEGER NOT NULL DEFAULT 0,  -- changes of the content that were heeded
        PRIMARY KEY (feed_id, guid)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "entries" VALUES(1,'guid-1',1,'2026-11-02T09:00:00Z','b2a063c84717ec2be541e853c51337bd',0);
INSERT INTO "entries" VALUES(1,'guid-10',10,'2026-11-02T10:00:00Z','afeeea7073918fbfaaf68ae0568dca63',0);
INSERT INTO "entries" VALUES(1,'guid-11',11,'2026-11-02T10:00:00Z','99e88e48ba18045f0b75843fbddc57f8',0);
INSERT INTO "entries" VALUES(1,'guid-2',2,'2026-11-02T09:00:00Z','963bac0639b721d1cbd91ab47537a182',0);
INSERT INTO "entries" VALUES(1,'guid-3',3,'2026-11-02T09:00:00Z','cd346c941ac9ab67a0b5e205d72c62a8',0);
INSERT INTO "entries" VALUES(1,'guid-4',4,'2026-11-02T10:00:00Z','da042a27c15d83c41b787c18b195148b',0);
INSERT INTO "entries" VALUES(1,'guid-5',5,'2026-11-02T10:00:00Z','0b79e9f3676bcc9575a3a3b9fc3d14fc',0);
INSERT INTO "entries" VALUES(1,'guid-6',6,'2026-11-02T10:00:00Z','00ebaab154d22cc8f6d873e081711424',0);
INSERT INTO "entries" VALUES(1,'guid-7',7,'2026-11-02T10:00:00Z','8183d118eebc6ada88a23ffa4da5a056',0);
INSERT INTO "entries" VALUES(1,'guid-8',8,'2026-11-02T10:00:00Z','a8ec00eedbf42b8388bceb4584623cff',0);
INSERT INTO "entries" VALUES(1,'guid-9',9,'2026-11-02T10:00:00Z','54bf8c923a5493e70768f938784a55ef',0);
INSERT INTO "entries" VALUES(2,'pubmed-3',3,'2026-11-02T09:00:00Z','cd346c941ac9ab67a0b5e205d72c62a8',0);
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
        moved_since TEXT, seen_until TEXT,
        CHECK ((failing_since IS NULL) = (failure IS NULL))
    ) STRICT
    ;
INSERT INTO "feeds" VALUES(1,'https://journal.example.org/rss','J Inv Imaging',NULL,'"1"',NULL,'3087573579923550020',NULL,'2026-11-02T11:00:00Z','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',NULL,NULL,NULL,NULL,0,0,0,NULL,0,NULL,NULL);
INSERT INTO "feeds" VALUES(2,'https://pubmed.example.org/rss/journals/0000001/','J Inv Imaging',NULL,'"1"',NULL,'1225820025123501597',NULL,'2026-11-02T10:00:00Z','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z',NULL,NULL,NULL,NULL,0,0,0,NULL,0,NULL,NULL);
CREATE TABLE guild_articles (
        guild_id INTEGER NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (id),
        since TEXT NOT NULL CHECK (since GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
        PRIMARY KEY (guild_id, article_id)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "guild_articles" VALUES(10,1,'2026-11-02T09:00:00Z');
INSERT INTO "guild_articles" VALUES(10,2,'2026-11-02T09:00:00Z');
INSERT INTO "guild_articles" VALUES(10,3,'2026-11-02T09:00:00Z');
INSERT INTO "guild_articles" VALUES(10,4,'2026-11-02T10:00:00Z');
INSERT INTO "guild_articles" VALUES(10,5,'2026-11-02T10:00:00Z');
INSERT INTO "guild_articles" VALUES(10,6,'2026-11-02T10:00:00Z');
INSERT INTO "guild_articles" VALUES(10,7,'2026-11-02T10:00:00Z');
INSERT INTO "guild_articles" VALUES(10,8,'2026-11-02T10:00:00Z');
INSERT INTO "guild_articles" VALUES(10,9,'2026-11-02T10:00:00Z');
INSERT INTO "guild_articles" VALUES(10,10,'2026-11-02T10:00:00Z');
INSERT INTO "guild_articles" VALUES(10,11,'2026-11-02T10:00:00Z');
INSERT INTO "guild_articles" VALUES(20,3,'2026-11-02T09:00:00Z');
CREATE TABLE guild_settings (
        guild_id INTEGER PRIMARY KEY,
        moderator_role_id INTEGER,
        moderator_channel_id INTEGER,
        abstract_wait_seconds INTEGER CHECK (abstract_wait_seconds BETWEEN 0 AND 7776000),
        proxy_prefix TEXT,
        skipped_types TEXT  -- JSON list
    , offers_cards INTEGER NOT NULL DEFAULT 0
            CHECK (offers_cards IN (0, 1))) STRICT
    ;
INSERT INTO "guild_settings" VALUES(10,NULL,300,NULL,NULL,'[]',0);
CREATE TABLE member_settings (
        user_id INTEGER PRIMARY KEY,
        citation_style TEXT
    ) STRICT
    ;
INSERT INTO "member_settings" VALUES(7,'ama');
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
            notified_at TEXT,
            channel_id INTEGER,                -- where it was told
            message_id INTEGER,
            hinted_at TEXT,                    -- a moderator was told that something waits
            closed_at TEXT                     -- nothing more is to be told
        ) STRICT
        ;
INSERT INTO "notices" VALUES(1,20,'channel',200,'','2026-11-02T09:00:00Z','open','2026-11-02T09:01:00Z',300,9900,NULL,NULL);
CREATE TABLE records (
        article_id INTEGER NOT NULL REFERENCES articles (id),
        source TEXT NOT NULL,                  -- "PubMed" …; a feed's is "feed:" and its id: two can speak
        record TEXT NOT NULL,
        fetched_at TEXT NOT NULL CHECK (fetched_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'), next_check_at TEXT,
        PRIMARY KEY (article_id, source)
    ) STRICT
    ;
INSERT INTO "records" VALUES(1,'feed:1','{"source":"feed","title":"Invented finding number 1 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.1","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/1"}','2026-11-02T09:00:00Z',NULL);
INSERT INTO "records" VALUES(2,'feed:1','{"source":"feed","title":"Invented finding number 2 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.2","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/2"}','2026-11-02T09:00:00Z',NULL);
INSERT INTO "records" VALUES(3,'feed:1','{"source":"feed","title":"Invented finding number 3 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.3","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/3"}','2026-11-02T09:00:00Z',NULL);
INSERT INTO "records" VALUES(3,'feed:2','{"source":"feed","title":"Invented finding number 3 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.3","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/3"}','2026-11-02T09:00:00Z',NULL);
INSERT INTO "records" VALUES(4,'feed:1','{"source":"feed","title":"Invented finding number 4 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.4","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/4"}','2026-11-02T10:00:00Z',NULL);
INSERT INTO "records" VALUES(5,'feed:1','{"source":"feed","title":"Invented finding number 5 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.5","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/5"}','2026-11-02T10:00:00Z',NULL);
INSERT INTO "records" VALUES(6,'feed:1','{"source":"feed","title":"Invented finding number 6 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.6","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/6"}','2026-11-02T10:00:00Z',NULL);
INSERT INTO "records" VALUES(7,'feed:1','{"source":"feed","title":"Invented finding number 7 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.7","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/7"}','2026-11-02T10:00:00Z',NULL);
INSERT INTO "records" VALUES(8,'feed:1','{"source":"feed","title":"Invented finding number 8 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.8","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/8"}','2026-11-02T10:00:00Z',NULL);
INSERT INTO "records" VALUES(9,'feed:1','{"source":"feed","title":"Invented finding number 9 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.9","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/9"}','2026-11-02T10:00:00Z',NULL);
INSERT INTO "records" VALUES(10,'feed:1','{"source":"feed","title":"Invented finding number 10 at imaging","abstract":[{"text":"Invented text that says something."}],"online_on":"2026-10-30","url":"https://journal.example.org/10"}','2026-11-02T10:00:00Z',NULL);
INSERT INTO "records" VALUES(11,'feed:1','{"source":"feed","title":"Invented finding number 11 at imaging","doi":"10.5555/jii.11","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/11"}','2026-11-02T10:00:00Z',NULL);
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
        created_at TEXT NOT NULL CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
        created_by INTEGER NOT NULL,
        paused_at TEXT,                        -- NULL = it runs
        paused_by INTEGER,                     -- NULL while paused_at is set: the bot left the server
        removed_at TEXT                        -- NULL = it is there
    ) STRICT
    ;
INSERT INTO "subscriptions" VALUES(1,10,1,100,'text','whole','J Inv Imaging',NULL,NULL,'2026-11-02T09:00:00Z',7,NULL,NULL,NULL);
INSERT INTO "subscriptions" VALUES(2,20,2,200,'text','whole','J Inv Imaging','invented',NULL,'2026-11-02T09:00:00Z',7,NULL,NULL,NULL);
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','titles_fts','titles_fts',0,'CREATE VIRTUAL TABLE titles_fts USING fts5 (
        title, prefix=''1 2 3 4'', detail=none, columnsize=0,
        tokenize=''unicode61 remove_diacritics 2''
    )');
CREATE TABLE 'titles_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO "titles_fts_config" VALUES('version',4);
CREATE TABLE 'titles_fts_content'(id INTEGER PRIMARY KEY, c0);
INSERT INTO "titles_fts_content" VALUES(1,'Invented finding number 1 at imaging');
INSERT INTO "titles_fts_content" VALUES(2,'Invented finding number 2 at imaging');
INSERT INTO "titles_fts_content" VALUES(3,'Invented finding number 3 at imaging');
INSERT INTO "titles_fts_content" VALUES(4,'Invented finding number 4 at imaging');
INSERT INTO "titles_fts_content" VALUES(5,'Invented finding number 5 at imaging');
INSERT INTO "titles_fts_content" VALUES(6,'Invented finding number 6 at imaging');
INSERT INTO "titles_fts_content" VALUES(7,'Invented finding number 7 at imaging');
INSERT INTO "titles_fts_content" VALUES(8,'Invented finding number 8 at imaging');
INSERT INTO "titles_fts_content" VALUES(9,'Invented finding number 9 at imaging');
INSERT INTO "titles_fts_content" VALUES(10,'Invented finding number 10 at imaging');
INSERT INTO "titles_fts_content" VALUES(11,'Invented finding number 11 at imaging');
CREATE TABLE 'titles_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO "titles_fts_data" VALUES(1,X'0B42');
INSERT INTO "titles_fts_data" VALUES(10,X'000000000103030003010101020101030101');
INSERT INTO "titles_fts_data" VALUES(137438953473,X'000000D202303101010132020101330301026174010101010766696E64696E670101010107696D6167696E6701010102076E76656E74656401010101066E756D6265720101010002313101010132020101330301016101010101016601010101016901010101016E0101010003326174010101010266690101010102696D01010102016E01010101026E7501010100043366696E0101010103696D6101010102026E7601010101036E756D01010100053466696E640101010104696D616701010102036E766501010101046E756D6201010104040404070C0C0C0B050404060606060807070607090807080A0908');
INSERT INTO "titles_fts_data" VALUES(274877906945,X'000000C602303303000001026174030000010766696E64696E670300000107696D6167696E6703000002076E76656E74656403000001066E756D6265720300000002313303000001016103000001016603000001016903000001016E0300000003326174030000010266690300000102696D03000002016E03000001026E7503000000043366696E0300000103696D6103000002026E7603000001036E756D03000000053466696E640300000104696D616703000002036E766503000001046E756D620300000406070C0C0C0B07060606060807070607090807080A0908');
INSERT INTO "titles_fts_data" VALUES(412316860417,X'0000016F033031300A0201310B010134040101350501013606010137070101380801013909010261740401010101010101010766696E64696E6704010101010101010107696D6167696E67040101010101010102076E76656E746564040101010101010101066E756D6265720401010101010101000231310A0101013404010135050101360601013707010138080101390901016104010101010101010101660401010101010101010169040101010101010101016E040101010101010100033231300A0201310B0102617404010101010101010102666904010101010101010102696D040101010101010102016E040101010101010101026E75040101010101010100043366696E04010101010101010103696D61040101010101010102026E76040101010101010101036E756D040101010101010100053466696E6404010101010101010104696D6167040101010101010102036E7665040101010101010101046E756D6204010101010101010405040404040404040C11111110060404040404040B0B0B0B06040C0C0C0B0C0E0D0C0D0F0E0D');
CREATE TABLE 'titles_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO "titles_fts_idx" VALUES(1,X'',2);
INSERT INTO "titles_fts_idx" VALUES(2,X'',2);
INSERT INTO "titles_fts_idx" VALUES(3,X'',2);
CREATE TABLE typed_words (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: an old button must not find other words
            words TEXT NOT NULL UNIQUE CHECK (words <> ''),
            last_used_at TEXT NOT NULL CHECK (last_used_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z')
        ) STRICT
        ;
INSERT INTO "typed_words" VALUES(1,'invented phrase','2026-11-02T09:00:00Z');
CREATE TABLE versions (
            key TEXT NOT NULL,                 -- the other version's: "doi:…", "pmid:…"
            article_id INTEGER NOT NULL REFERENCES articles (id),  -- the one that names it
            kind TEXT NOT NULL CHECK (kind IN ('preprint_of', 'has_preprint')),
            PRIMARY KEY (key, article_id, kind)
        ) STRICT, WITHOUT ROWID
        ;
INSERT INTO "versions" VALUES('doi:10.5555/preprint.1',1,'has_preprint');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX feeds_next_check ON feeds (next_check_at);
CREATE INDEX articles_journal ON articles (journal);
CREATE INDEX articles_next_enrichment ON articles (next_enrichment_at)
        WHERE next_enrichment_at IS NOT NULL
    ;
CREATE INDEX article_keys_article ON article_keys (article_id);
CREATE INDEX entries_article ON entries (article_id);
CREATE UNIQUE INDEX subscriptions_once ON subscriptions (feed_id, channel_id) WHERE removed_at IS NULL;
CREATE INDEX subscriptions_guild ON subscriptions (guild_id) WHERE removed_at IS NULL;
CREATE INDEX guild_articles_article ON guild_articles (article_id);
CREATE INDEX deliveries_open ON deliveries (next_try_at) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_queue ON deliveries (channel_id, id) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_article ON deliveries (article_id);
CREATE INDEX deliveries_unposted ON deliveries (subscription_id)
        WHERE state IN ('pending', 'held', 'parked')
    ;
CREATE INDEX deliveries_message ON deliveries (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX records_next_check ON records (source, next_check_at) WHERE next_check_at IS NOT NULL
        ;
CREATE INDEX deliveries_unsettled ON deliveries (state)
            WHERE state IN ('pending', 'sending', 'held', 'parked', 'uncertain')
        ;
CREATE INDEX decisions_question ON decisions (guild_id, kind, subject, detail);
CREATE INDEX deliveries_decision ON deliveries (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX deliveries_guild ON deliveries (guild_id, id);
CREATE UNIQUE INDEX notices_open ON notices (guild_id, kind, subject, detail)
            WHERE closed_at IS NULL
        ;
CREATE INDEX notices_subject ON notices (kind, subject);
CREATE INDEX typed_words_last_used ON typed_words (last_used_at);
PRAGMA writable_schema=OFF;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('subscriptions',2);
INSERT INTO "sqlite_sequence" VALUES('articles',11);
INSERT INTO "sqlite_sequence" VALUES('deliveries',12);
INSERT INTO "sqlite_sequence" VALUES('decisions',1);
INSERT INTO "sqlite_sequence" VALUES('notices',1);
INSERT INTO "sqlite_sequence" VALUES('typed_words',1);
COMMIT;
