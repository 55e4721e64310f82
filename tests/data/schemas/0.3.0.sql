BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'wetread','m001_initial','2026-11-24 16:13:09.319502+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'wetread','m002_shares','2026-11-24 16:13:09.322095+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'wetread','m003_checks','2026-11-24 16:13:09.323493+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'wetread','m004_unsettled','2026-11-24 16:13:09.323949+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'wetread','m005_versions','2026-11-24 16:13:09.324268+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'wetread','m006_moderators','2026-11-24 16:13:09.325569+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'wetread','m007_queries','2026-11-24 16:13:09.326732+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'wetread','m008_shown','2026-11-24 16:13:09.327881+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'wetread','m009_typed_words','2026-11-24 16:13:09.328328+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'wetread','m010_column_names','2026-11-24 16:13:09.360415+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'wetread','m011_asides','2026-11-24 16:13:09.360789+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'wetread','m012_typists','2026-11-24 16:13:09.367995+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'wetread','m013_identity','2026-11-24 16:13:09.371001+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'wetread','m014_article_days','2026-11-24 16:13:09.371338+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'wetread','m015_publications','2026-11-24 16:13:09.371523+00:00');
INSERT INTO "_sqlite_migrations" VALUES(16,'wetread','m016_notes','2026-11-24 16:13:09.377188+00:00');
CREATE TABLE article_days (
            article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            day INTEGER NOT NULL  -- days since 1 January of the year 1, which is day 1
        ) STRICT
        ;
INSERT INTO "article_days" VALUES(1,739919);
INSERT INTO "article_days" VALUES(2,739919);
INSERT INTO "article_days" VALUES(3,739919);
INSERT INTO "article_days" VALUES(4,739919);
INSERT INTO "article_days" VALUES(5,739919);
INSERT INTO "article_days" VALUES(6,739919);
INSERT INTO "article_days" VALUES(7,739919);
INSERT INTO "article_days" VALUES(8,739919);
INSERT INTO "article_days" VALUES(9,739919);
INSERT INTO "article_days" VALUES(10,739919);
INSERT INTO "article_days" VALUES(11,739919);
CREATE TABLE article_keys (
            key TEXT NOT NULL,
            feed_id INTEGER NOT NULL DEFAULT 0,
            article_id INTEGER REFERENCES articles (id),
            PRIMARY KEY (key, feed_id)
        ) STRICT, WITHOUT ROWID
        ;
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.1',0,1);
INSERT INTO "article_keys" VALUES('title:1b71f9659e07c2ecc938240e',0,1);
INSERT INTO "article_keys" VALUES('title:68eff7e8106347bc672d45fa',0,1);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.2',0,2);
INSERT INTO "article_keys" VALUES('title:bc641fc4466a109215cf46ed',0,2);
INSERT INTO "article_keys" VALUES('title:e4d28df38fbf79e6e09368ef',0,2);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.3',0,3);
INSERT INTO "article_keys" VALUES('title:1de371412155ad9f0506186d',0,3);
INSERT INTO "article_keys" VALUES('title:86acbd3c34d56db844e5d548',0,3);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.4',0,4);
INSERT INTO "article_keys" VALUES('title:900bf59f5282b23c3e069433',0,4);
INSERT INTO "article_keys" VALUES('title:aca8155473f7e4c21a410fac',0,4);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.5',0,5);
INSERT INTO "article_keys" VALUES('title:4972a8069d766689a156fb0b',0,5);
INSERT INTO "article_keys" VALUES('title:6c2f0a01537edc49a1676c3e',0,5);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.6',0,6);
INSERT INTO "article_keys" VALUES('title:50e44768c640af5a9581a9d3',0,6);
INSERT INTO "article_keys" VALUES('title:a3e5623559be2a7ea10b3064',0,6);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.7',0,7);
INSERT INTO "article_keys" VALUES('title:874793eb87275d408f66a46a',0,7);
INSERT INTO "article_keys" VALUES('title:f523bb773cd8b2b982b4245a',0,7);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.8',0,8);
INSERT INTO "article_keys" VALUES('title:9e3ab5c8b230268d3b86b6fb',0,8);
INSERT INTO "article_keys" VALUES('title:c2f45bdc20f1dee447201601',0,8);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.9',0,9);
INSERT INTO "article_keys" VALUES('title:a44e64ba83dc3e1605649b6a',0,9);
INSERT INTO "article_keys" VALUES('title:d3a50081f2d9e00bf7e6235e',0,9);
INSERT INTO "article_keys" VALUES('feed:1:date:9803fbccf87e09814c9f73cd0aab232e',0,10);
INSERT INTO "article_keys" VALUES('feed:1:page:375e5bf9eb7e26f96c4dcee00aeb3f2f',0,10);
INSERT INTO "article_keys" VALUES('doi:10.5555/jii.11',0,11);
INSERT INTO "article_keys" VALUES('title:2b59fb01e4e4d0d5f8d8a3df',0,11);
INSERT INTO "article_keys" VALUES('title:2d3cf1b874538f67df92ae5f',0,11);
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
    , feed_id INTEGER REFERENCES feeds (id)) STRICT
    ;
INSERT INTO "articles" VALUES(1,'Invented finding number 1 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T09:00:00Z',NULL,0,'2026-11-02T09:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 1 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.1","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/1"}',NULL);
INSERT INTO "articles" VALUES(2,'Invented finding number 2 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T09:00:00Z',NULL,0,'2026-11-02T09:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 2 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.2","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/2"}',NULL);
INSERT INTO "articles" VALUES(3,'Invented finding number 3 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T09:00:00Z',NULL,0,'2026-11-02T09:00:00Z',NULL,'a g10 g20 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 3 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.3","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/3"}',NULL);
INSERT INTO "articles" VALUES(4,'Invented finding number 4 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 4 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.4","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/4"}',NULL);
INSERT INTO "articles" VALUES(5,'Invented finding number 5 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 5 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.5","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/5"}',NULL);
INSERT INTO "articles" VALUES(6,'Invented finding number 6 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 6 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.6","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/6"}',NULL);
INSERT INTO "articles" VALUES(7,'Invented finding number 7 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 7 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.7","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/7"}',NULL);
INSERT INTO "articles" VALUES(8,'Invented finding number 8 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 8 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.8","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/8"}',NULL);
INSERT INTO "articles" VALUES(9,'Invented finding number 9 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','Invented text that says something.','{"title": "feed", "abstract": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 9 at imaging","abstract":[{"text":"Invented text that says something."}],"doi":"10.5555/jii.9","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/9"}',NULL);
INSERT INTO "articles" VALUES(10,'Invented finding number 10 at imaging',NULL,'2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030','','Invented text that says something.','{"title": "feed", "abstract": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 10 at imaging","abstract":[{"text":"Invented text that says something."}],"online_on":"2026-10-30","url":"https://journal.example.org/10"}',NULL);
INSERT INTO "articles" VALUES(11,'Invented finding number 11 at imaging','Journal of Invented Imaging','2026-10-30','2026-11-02T10:00:00Z',NULL,0,'2026-11-02T10:00:00Z',NULL,'a g10 y20 y202 y2026 y202610 y20261030 jjournalofinventedimaging','','','{"title": "feed", "doi": "feed", "journal": "feed", "online_on": "feed", "url": "feed"}','{"source":"merged","title":"Invented finding number 11 at imaging","doi":"10.5555/jii.11","journal":"Journal of Invented Imaging","online_on":"2026-10-30","url":"https://journal.example.org/11"}',NULL);
PRAGMA writable_schema=ON;
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','articles_fts','articles_fts',0,'CREATE VIRTUAL TABLE articles_fts USING fts5 (
        title, abstract, authors, facets,
        content=''articles'', content_rowid=''id'', tokenize=''porter unicode61 remove_diacritics 2''
    )');
CREATE TABLE 'articles_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO "articles_fts_config" VALUES('version',4);
CREATE TABLE 'articles_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO "articles_fts_data" VALUES(1,X'0B42320058');
INSERT INTO "articles_fts_data" VALUES(10,X'00000000010C0C000C0101010201010301010401010501010601010701010801010901010A01010B01010C0101');
INSERT INTO "articles_fts_data" VALUES(137438953473,X'000000C402303101020501026174010206010466696E640102030104696D616701020702056E76656E7401080201010201066E756D6265720102040103736169010601010502056F6D65746801060101060104746578740106010103020368617401060101040104EE80806101060103020403673130010601030304166A6A6F75726E616C6F66696E76656E746564696D6167010601030904037932300106010304070132010601030508013601060103060902313001060103070B023330010601030804060709090D0B0A0C0B0A0B0A1D0A080809');
INSERT INTO "articles_fts_data" VALUES(274877906945,X'000000C402303202020501026174020206010466696E640202030104696D616702020702056E76656E7402080201010201066E756D6265720202040103736169020601010502056F6D65746802060101060104746578740206010103020368617402060101040104EE80806102060103020403673130020601030304166A6A6F75726E616C6F66696E76656E746564696D6167020601030904037932300206010304070132020601030508013602060103060902313002060103070B023330020601030804060709090D0B0A0C0B0A0B0A1D0A080809');
INSERT INTO "articles_fts_data" VALUES(412316860417,X'000000C402303303020501026174030206010466696E640302030104696D616703020702056E76656E7403080201010201066E756D6265720302040103736169030601010502056F6D65746803060101060104746578740306010103020368617403060101040104EE80806103060103020403673130030601030304166A6A6F75726E616C6F66696E76656E746564696D6167030601030904037932300306010304070132030601030508013603060103060902313003060103070B023330030601030804060709090D0B0A0C0B0A0B0A1D0A080809');
INSERT INTO "articles_fts_data" VALUES(549755813889,X'000000CD02303303030501026174030306010466696E640303030104696D616703030702056E76656E7403090201010201066E756D6265720303040103736169030701010502056F6D65746803070101060104746578740307010103020368617403070101040104EE80806103070103020403673130030701030305023230030601030404166A6A6F75726E616C6F66696E76656E746564696D6167030701030A04037932300307010305070132030701030608013603070103070902313003070103080B023330030701030904060709090D0B0A0C0B0A0B0A091D0A080809');
INSERT INTO "articles_fts_data" VALUES(687194767361,X'000000C402303404020501026174040206010466696E640402030104696D616704020702056E76656E7404080201010201066E756D6265720402040103736169040601010502056F6D65746804060101060104746578740406010103020368617404060101040104EE80806104060103020403673130040601030304166A6A6F75726E616C6F66696E76656E746564696D6167040601030904037932300406010304070132040601030508013604060103060902313004060103070B023330040601030804060709090D0B0A0C0B0A0B0A1D0A080809');
INSERT INTO "articles_fts_data" VALUES(824633720833,X'000000C402303505020501026174050206010466696E640502030104696D616705020702056E76656E7405080201010201066E756D6265720502040103736169050601010502056F6D65746805060101060104746578740506010103020368617405060101040104EE80806105060103020403673130050601030304166A6A6F75726E616C6F66696E76656E746564696D6167050601030904037932300506010304070132050601030508013605060103060902313005060103070B023330050601030804060709090D0B0A0C0B0A0B0A1D0A080809');
INSERT INTO "articles_fts_data" VALUES(962072674305,X'000000C402303606020501026174060206010466696E640602030104696D616706020702056E76656E7406080201010201066E756D6265720602040103736169060601010502056F6D65746806060101060104746578740606010103020368617406060101040104EE80806106060103020403673130060601030304166A6A6F75726E616C6F66696E76656E746564696D6167060601030904037932300606010304070132060601030508013606060103060902313006060103070B023330060601030804060709090D0B0A0C0B0A0B0A1D0A080809');
INSERT INTO "articles_fts_data" VALUES(1099511627777,X'000000C402303707020501026174070206010466696E640702030104696D616707020702056E76656E7407080201010201066E756D6265720702040103736169070601010502056F6D65746807060101060104746578740706010103020368617407060101040104EE80806107060103020403673130070601030304166A6A6F75726E616C6F66696E76656E746564696D6167070601030904037932300706010304070132070601030508013607060103060902313007060103070B023330070601030804060709090D0B0A0C0B0A0B0A1D0A080809');
INSERT INTO "articles_fts_data" VALUES(1236950581249,X'000000C402303808020501026174080206010466696E640802030104696D616708020702056E76656E7408080201010201066E756D6265720802040103736169080601010502056F6D65746808060101060104746578740806010103020368617408060101040104EE80806108060103020403673130080601030304166A6A6F75726E616C6F66696E76656E746564696D6167080601030904037932300806010304070132080601030508013608060103060902313008060103070B023330080601030804060709090D0B0A0C0B0A0B0A1D0A080809');
INSERT INTO "articles_fts_data" VALUES(1374389534721,X'000000C402303909020501026174090206010466696E640902030104696D616709020702056E76656E7409080201010201066E756D6265720902040103736169090601010502056F6D65746809060101060104746578740906010103020368617409060101040104EE80806109060103020403673130090601030304166A6A6F75726E616C6F66696E76656E746564696D6167090601030904037932300906010304070132090601030508013609060103060902313009060103070B023330090601030804060709090D0B0A0C0B0A0B0A1D0A080809');
INSERT INTO "articles_fts_data" VALUES(1511828488193,X'000000A8033031300A0205010261740A0206010466696E640A02030104696D61670A020702056E76656E740A080201010201066E756D6265720A020401037361690A0601010502056F6D6574680A060101060104746578740A0601010302036861740A060101040104EE8080610A0601030204036731300A0601030304037932300A060103040701320A060103050801360A06010306090231300A060103070B0233300A0601030804070709090D0B0A0C0B0A0B0A0A080809');
INSERT INTO "articles_fts_data" VALUES(1649267441665,X'00000097033031310B0205010261740B0206010466696E640B02030104696D61670B020702056E76656E740B020201066E756D6265720B02040104EE8080610B0601030204036731300B0601030304166A6A6F75726E616C6F66696E76656E746564696D61670B0601030904037932300B060103040701320B060103050801360B06010306090231300B060103070B0233300B0601030804070709090A0B0B0A1D0A080809');
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
INSERT INTO "articles_fts_idx" VALUES(4,X'',2);
INSERT INTO "articles_fts_idx" VALUES(5,X'',2);
INSERT INTO "articles_fts_idx" VALUES(6,X'',2);
INSERT INTO "articles_fts_idx" VALUES(7,X'',2);
INSERT INTO "articles_fts_idx" VALUES(8,X'',2);
INSERT INTO "articles_fts_idx" VALUES(9,X'',2);
INSERT INTO "articles_fts_idx" VALUES(10,X'',2);
INSERT INTO "articles_fts_idx" VALUES(11,X'',2);
INSERT INTO "articles_fts_idx" VALUES(12,X'',2);
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
INSERT INTO "bot_state" VALUES('title_keys','1:b0ccf71144c74f8bcfad57e6');
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
        settled_at TEXT, shared_by INTEGER, shared_by_name TEXT, comment TEXT, announced_standing TEXT, decision_id INTEGER REFERENCES decisions (id), is_shown INTEGER NOT NULL DEFAULT 0 CHECK (is_shown IN (0, 1)), note TEXT CHECK (length(note) BETWEEN 1 AND 400), note_by INTEGER CHECK (note IS NULL OR note_by IS NOT NULL), note_edited_by INTEGER,
        UNIQUE (channel_id, article_id),       -- never twice in a channel
        CHECK (state NOT IN ('sending', 'sent', 'uncertain') OR nonce IS NOT NULL),
        -- a post whose message is not known was removed, or a moderator says that it is there
        CHECK (state <> 'sent' OR message_id IS NOT NULL OR was_deleted = 1 OR reason IS NOT NULL)
    ) STRICT
    ;
INSERT INTO "deliveries" VALUES(1,10,100,'text',1,1,'whole','skipped','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z',0,NULL,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,'before','2026-11-02T09:00:00Z',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(2,10,100,'text',2,1,'whole','skipped','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z',0,NULL,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,'before','2026-11-02T09:00:00Z',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(3,10,100,'text',3,1,'whole','pending','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z',0,'wr-3',NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(4,20,200,'text',3,2,'whole','skipped','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z',0,NULL,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,'before','2026-11-02T09:00:00Z',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(5,10,100,'text',4,1,'whole','sending','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-5',1,'2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',1,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(6,10,100,'text',5,1,'whole','held','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-6',NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,'flood',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(7,10,100,'text',6,1,'whole','parked','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-7',NULL,NULL,NULL,0,NULL,NULL,0,NULL,50013,'a permission is missing',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(8,10,100,'text',7,1,'whole','uncertain','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-8',NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,'the history cannot be read',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(9,10,100,'text',8,1,'whole','sent','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-9',NULL,'2026-11-02T10:00:00Z',NULL,1,9009,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(10,10,100,'text',9,1,'whole','sent','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-10',NULL,'2026-11-02T10:00:00Z',NULL,1,9010,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(11,10,100,'text',10,1,'whole','sent','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',0,'wr-11',NULL,'2026-11-02T10:00:00Z',NULL,1,9011,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(12,10,100,'text',11,1,'whole','sent','2026-11-02T10:00:00Z','2026-11-03T10:00:00Z',0,'wr-12',NULL,'2026-11-02T10:00:00Z',NULL,1,9012,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
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
INSERT INTO "feeds" VALUES(1,'https://journal.example.org/rss','J Inv Imaging',NULL,'"1"',NULL,'-2296491925724815037',NULL,'2026-11-02T11:00:00Z','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z','2026-11-02T10:00:00Z',NULL,NULL,NULL,NULL,0,0,0,NULL,0,NULL,NULL);
INSERT INTO "feeds" VALUES(2,'https://pubmed.example.org/rss/journals/0000001/','J Inv Imaging',NULL,'"1"',NULL,'1696996086161646764',NULL,'2026-11-02T10:00:00Z','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z','2026-11-02T09:00:00Z',NULL,NULL,NULL,NULL,0,0,0,NULL,0,NULL,NULL);
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
CREATE TABLE publications (
            delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id),
            next_try_at TEXT NOT NULL CHECK (next_try_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
            attempt_count INTEGER NOT NULL DEFAULT 0,
            given_up_reason TEXT  -- for people; NULL = it is tried
        ) STRICT
        ;
INSERT INTO "publications" VALUES(9,'2026-11-02T10:00:00Z',0,NULL);
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
INSERT INTO "titles_fts_data" VALUES(10,X'00000000010C0C000C0101010201010301010401010501010601010701010801010901010A01010B01010C0101');
INSERT INTO "titles_fts_data" VALUES(137438953473,X'00000096023031010102617401010766696E64696E67010107696D6167696E670102076E76656E7465640101066E756D62657201000231310101016101010166010101690101016E0100033261740101026669010102696D0102016E0101026E750100043366696E010103696D610102026E760101036E756D0100053466696E64010104696D61670102036E76650101046E756D62010404050A0A0A090504040404060505040507060506080706');
INSERT INTO "titles_fts_data" VALUES(274877906945,X'00000096023032020102617402010766696E64696E67020107696D6167696E670202076E76656E7465640201066E756D62657202000231320201016102010166020101690201016E0200033261740201026669020102696D0202016E0201026E750200043366696E020103696D610202026E760201036E756D0200053466696E64020104696D61670202036E76650201046E756D62020404050A0A0A090504040404060505040507060506080706');
INSERT INTO "titles_fts_data" VALUES(412316860417,X'00000096023033030102617403010766696E64696E67030107696D6167696E670302076E76656E7465640301066E756D62657203000231330301016103010166030101690301016E0300033261740301026669030102696D0302016E0301026E750300043366696E030103696D610302026E760301036E756D0300053466696E64030104696D61670302036E76650301046E756D62030404050A0A0A090504040404060505040507060506080706');
INSERT INTO "titles_fts_data" VALUES(549755813889,X'000000C602303303000001026174030000010766696E64696E670300000107696D6167696E6703000002076E76656E74656403000001066E756D6265720300000002313303000001016103000001016603000001016903000001016E0300000003326174030000010266690300000102696D03000002016E03000001026E7503000000043366696E0300000103696D6103000002026E7603000001036E756D03000000053466696E640300000104696D616703000002036E766503000001046E756D620300000406070C0C0C0B07060606060807070607090807080A0908');
INSERT INTO "titles_fts_data" VALUES(687194767361,X'00000096023034040102617404010766696E64696E67040107696D6167696E670402076E76656E7465640401066E756D62657204000231340401016104010166040101690401016E0400033261740401026669040102696D0402016E0401026E750400043366696E040103696D610402026E760401036E756D0400053466696E64040104696D61670402036E76650401046E756D62040404050A0A0A090504040404060505040507060506080706');
INSERT INTO "titles_fts_data" VALUES(824633720833,X'00000096023035050102617405010766696E64696E67050107696D6167696E670502076E76656E7465640501066E756D62657205000231350501016105010166050101690501016E0500033261740501026669050102696D0502016E0501026E750500043366696E050103696D610502026E760501036E756D0500053466696E64050104696D61670502036E76650501046E756D62050404050A0A0A090504040404060505040507060506080706');
INSERT INTO "titles_fts_data" VALUES(962072674305,X'00000096023036060102617406010766696E64696E67060107696D6167696E670602076E76656E7465640601066E756D62657206000231360601016106010166060101690601016E0600033261740601026669060102696D0602016E0601026E750600043366696E060103696D610602026E760601036E756D0600053466696E64060104696D61670602036E76650601046E756D62060404050A0A0A090504040404060505040507060506080706');
INSERT INTO "titles_fts_data" VALUES(1099511627777,X'00000096023037070102617407010766696E64696E67070107696D6167696E670702076E76656E7465640701066E756D62657207000231370701016107010166070101690701016E0700033261740701026669070102696D0702016E0701026E750700043366696E070103696D610702026E760701036E756D0700053466696E64070104696D61670702036E76650701046E756D62070404050A0A0A090504040404060505040507060506080706');
INSERT INTO "titles_fts_data" VALUES(1236950581249,X'00000096023038080102617408010766696E64696E67080107696D6167696E670802076E76656E7465640801066E756D62657208000231380801016108010166080101690801016E0800033261740801026669080102696D0802016E0801026E750800043366696E080103696D610802026E760801036E756D0800053466696E64080104696D61670802036E76650801046E756D62080404050A0A0A090504040404060505040507060506080706');
INSERT INTO "titles_fts_data" VALUES(1374389534721,X'00000096023039090102617409010766696E64696E67090107696D6167696E670902076E76656E7465640901066E756D62657209000231390901016109010166090101690901016E0900033261740901026669090102696D0902016E0901026E750900043366696E090103696D610902026E760901036E756D0900053466696E64090104696D61670902036E76650901046E756D62090404050A0A0A090504040404060505040507060506080706');
INSERT INTO "titles_fts_data" VALUES(1511828488193,X'0000009C033031300A010261740A010766696E64696E670A0107696D6167696E670A02076E76656E7465640A01066E756D6265720A000231310A0101610A0101660A0101690A01016E0A00033231300A010261740A010266690A0102696D0A02016E0A01026E750A00043366696E0A0103696D610A02026E760A01036E756D0A00053466696E640A0104696D61670A02036E76650A01046E756D620A0405050A0A0A09050404040406050505040507060506080706');
INSERT INTO "titles_fts_data" VALUES(1649267441665,X'0000009C033031310B010261740B010766696E64696E670B0107696D6167696E670B02076E76656E7465640B01066E756D6265720B000231310B0101610B0101660B0101690B01016E0B00033231310B010261740B010266690B0102696D0B02016E0B01026E750B00043366696E0B0103696D610B02026E760B01036E756D0B00053466696E640B0104696D61670B02036E76650B01046E756D620B0405050A0A0A09050404040406050505040507060506080706');
CREATE TABLE 'titles_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO "titles_fts_idx" VALUES(1,X'',2);
INSERT INTO "titles_fts_idx" VALUES(2,X'',2);
INSERT INTO "titles_fts_idx" VALUES(3,X'',2);
INSERT INTO "titles_fts_idx" VALUES(4,X'',2);
INSERT INTO "titles_fts_idx" VALUES(5,X'',2);
INSERT INTO "titles_fts_idx" VALUES(6,X'',2);
INSERT INTO "titles_fts_idx" VALUES(7,X'',2);
INSERT INTO "titles_fts_idx" VALUES(8,X'',2);
INSERT INTO "titles_fts_idx" VALUES(9,X'',2);
INSERT INTO "titles_fts_idx" VALUES(10,X'',2);
INSERT INTO "titles_fts_idx" VALUES(11,X'',2);
INSERT INTO "titles_fts_idx" VALUES(12,X'',2);
CREATE TABLE typed_words (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: an old button must not find other words
            words TEXT NOT NULL CHECK (words <> ''),
            guild_id INTEGER,   -- 0 = typed in a direct message; NULL = not known, nobody reads them
            member_id INTEGER,  -- 0 = everybody in the server may read them; NULL = not known
            last_used_at TEXT NOT NULL CHECK (last_used_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
            UNIQUE (words, guild_id, member_id)
        ) STRICT
        ;
INSERT INTO "typed_words" VALUES(1,'invented phrase',NULL,NULL,'2026-11-02T09:00:00Z');
CREATE TABLE versions (
            key TEXT NOT NULL,                 -- the other version's: "doi:…", "pmid:…"
            article_id INTEGER NOT NULL REFERENCES articles (id),  -- the one that names it
            kind TEXT NOT NULL CHECK (kind IN ('preprint_of', 'has_preprint')),
            PRIMARY KEY (key, article_id, kind)
        ) STRICT, WITHOUT ROWID
        ;
INSERT INTO "versions" VALUES('doi:10.5555/preprint.1',1,'has_preprint');
CREATE TABLE wrong_identifiers (
            article_id INTEGER NOT NULL REFERENCES articles (id),
            key TEXT NOT NULL,
            found_at TEXT NOT NULL CHECK (found_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z'),
            PRIMARY KEY (article_id, key)
        ) STRICT, WITHOUT ROWID
        ;
INSERT INTO "wrong_identifiers" VALUES(1,'pmid:99000099','2026-11-02T09:00:00Z');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX feeds_next_check ON feeds (next_check_at);
CREATE INDEX articles_next_enrichment ON articles (next_enrichment_at)
        WHERE next_enrichment_at IS NOT NULL
    ;
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
CREATE INDEX articles_feed ON articles (feed_id, journal) WHERE feed_id IS NOT NULL;
CREATE INDEX articles_journal ON articles (journal) WHERE feed_id IS NULL;
CREATE INDEX article_keys_article ON article_keys (article_id);
CREATE INDEX article_days_day ON article_days (day);
PRAGMA writable_schema=OFF;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('typed_words',1);
INSERT INTO "sqlite_sequence" VALUES('subscriptions',2);
INSERT INTO "sqlite_sequence" VALUES('articles',11);
INSERT INTO "sqlite_sequence" VALUES('deliveries',12);
INSERT INTO "sqlite_sequence" VALUES('decisions',1);
INSERT INTO "sqlite_sequence" VALUES('notices',1);
COMMIT;
