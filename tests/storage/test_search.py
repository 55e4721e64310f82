"""Search, filters and autocomplete over a real index."""

import random
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlite_utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.test_query import TYPED
from wetread.domain.catalogue import Catalogue
from wetread.domain.errors import EmptyQueryError
from wetread.domain.models import Author, PartialDate, Record, Section
from wetread.domain.query import all_words, parse_query
from wetread.domain.search_request import KINDS
from wetread.storage import articles, corrections, fts, lookups, packing, records, search, typed_queries
from wetread.storage.database import prepared

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HERE, ELSEWHERE = 41, 42
CATALOGUE = Catalogue.load()

EPIDURAL = Record(
    "PubMed",
    title="Example-guided versus sham epidural injection for radicular pain",
    authors=(
        Author("Example", "Ada B"),
        Author("O’Sample", "Dörte"),
        Author("Invented Trial Group", is_collective=True),
    ),
    abstract=(
        Section("To compare invented routes with the C-arm.", "PURPOSE"),
        Section("The nerve root was seen in 12 of 34 patients (p<.05) after COVID-19.", "RESULTS"),
    ),
    doi="10.5555/jii.2026.1",
    journal="AJR. American journal of roentgenology",
    journal_abbreviation="AJR Am J Roentgenol",
    issns=("0361-803X",),
    online_on=PartialDate(2026, 1, 14),
    types=("Journal Article", "Randomized Controlled Trial"),
    mesh=("Injections, Epidural", "Low Back Pain"),
)
FACET = Record(
    "PubMed",
    title="Facet joint injections: a review of invented evidence",
    authors=(Author("Sample", "Ben"), Author("Łoś", "Żaneta")),
    abstract=(Section("Epidural routes and facet routes are told apart. Nothing about roots of a nerve."),),
    doi="10.5555/jii.2025.2",
    journal="Journal of Invented Imaging",
    online_on=PartialDate(2025, 6),
    types=("Review",),
    free_url="https://example.org/jii.2025.2.pdf",
)
VETERINARY = Record(
    "PubMed",
    title="Veterinary radiology of the invented dog",
    abstract=(Section("A dog had an injection."),),
    doi="10.5555/jii.1998.3",
    journal="Radiology",
    journal_abbreviation="Radiology",
    issue_on=PartialDate(1998),
    types=("Case Reports", "Retracted Publication"),
)
JAPANESE = Record(
    "PubMed",
    title="慢性腰痛の治療",
    doi="10.5555/jii.2026.4",
    journal="Radiology. Invented imaging",
    types=("Preprint",),
)
RECORDS = (EPIDURAL, FACET, VETERINARY, JAPANESE)


@pytest.fixture
def db() -> Iterator[sqlite_utils.Database]:
    """A server that knows all four articles, and another that knows the veterinary one."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    database = prepared(connection, CATALOGUE)
    for record in RECORDS:
        guilds = [HERE, ELSEWHERE] if record is VETERINARY else [HERE]
        articles.create(database, {"PubMed": record}, guilds, NOW)
    yield database
    connection.close()


def found(db: sqlite_utils.Database, text: str, guild_id: int = HERE) -> list[int]:
    return [hit.article_id for hit in search.search(db, guild_id, parse_query(text)).hits]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("epidural", {1, 2}),
        ("epidural dog", {1, 2, 3}),
        ('"nerve root"', {1}),
        ("C-arm", {1}),
        ("COVID-19", {1}),
        ("p<.05", {1}),
        ("injections", {1, 2, 3}),  # stems
        ("radic*", {1}),
        ("injection -veterinary", {1, 2}),
        ("-veterinary", {1, 2, 4}),
        ("-epidural -dog", {4}),
        ("epidural AND dog", set()),
        ("facet OR dog", {2, 3}),
        ("title:epidural", {1}),
        ("author:example", {1}),
        ('author:"Example AB"', {1}),
        ('author:"Example A"', {1}),
        ('author:"Ada Example"', {1}),
        ('author:"Example C"', set()),
        ('author:"A Example"', {1}),
        ('author:"Example, A.B."', {1}),
        ('author:"Ada B Example"', {1}),
        ('author:"example ab"', {1}),
        ('author:"example ac"', set()),
        ('author:"Invented Trial Group"', {1}),
        ('author:"Łoś Ż"', {2}),
        ("author:o'sample", {1}),
        ("author:dorte", {1}),
        ("author:Łoś", {2}),
        ("author:epidural", set()),
        ("journal:ajr", {1}),
        ('journal:"AJR Am J Roentgenol"', {1}),
        ("journal:0361-803X", {1}),
        ("journal:radiology", {3}),
        ('journal:"invented imaging"', {2, 4}),
        ("journal:invent", {2, 4}),
        ("journal:nonesuch", set()),
        ("type:review", {2}),
        ("type:rct", {1}),
        ("type:trial", {1}),
        ("type:RCTs", {1}),
        ("type:reviews", {2}),
        ('type:"case reports"', {3}),
        ('type:"randomised trials"', {1}),
        ('type:"case report"', {3}),
        ('mesh:"Injections, Epidural"', {1}),
        ('mesh:"epidural injections"', {1}),
        ("mesh:pain", {1}),
        ("year:2026", {1}),
        ("year:1998-2025", {2, 3}),
        ("year:2025-", {1, 2}),
        ("year:-2025", {2, 3}),
        ("year:-1997", set()),
        ("has:abstract", {1, 2, 3}),
        ("-has:abstract", {4}),
        ("is:free", {2}),
        ("epidural -is:free", {1}),
        ("is:retracted", {3}),
        ("IS:Preprint", {4}),
        ("hxfree", set()),
        ("since:2025", {1, 2}),
        ("since:2025-06", {1, 2}),
        ("since:2025-07", {1}),
        ("since:2026-01-14", {1}),
        ("since:2026-01-15", set()),
        ("until:1998", {3}),
        ("until:2025-06", {2, 3}),
        ("until:2025-05", {3}),
        ("until:2026-01-13", {2, 3}),
        ("until:2026-01-14", {1, 2, 3}),
        ("injection -type:review -journal:radiology", {1}),
        ("腰痛", {4}),
        ("慢性腰痛の治療", {4}),
        ("痛腰", set()),
        ("gx41", set()),
        ("ax", set()),
        ("jxradiology", set()),
        ("\ue000g41", set()),
        ("g41 \ue000jradiology", set()),
        ("zzz", set()),
    ],
)
def test_a_query_finds_what_it_says(db: sqlite_utils.Database, text: str, ids: set[int]) -> None:
    assert set(found(db, text)) == ids


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("journal:pain medicine spine", 'journal:"pain medicine" spine'),  # the catalogue's
        ("journal:journal of invented imaging facets", 'journal:"journal of invented imaging" facets'),
        ("journal:radiology epidural", "journal:radiology epidural"),
        ("author:example ab epidural", 'author:"example ab" epidural'),
        ("author:Ada Example epidural", 'author:"Ada Example" epidural'),
        ("author:example epidural", "author:example epidural"),
        ("mesh:low back pain dog", 'mesh:"low back pain" dog'),
        ("mesh:pain dog", "mesh:pain dog"),
        ("mesh:epidural injections dog", 'mesh:"epidural injections" dog'),
        ("mesh:epidural injection dog", 'mesh:"epidural injection" dog'),
        ("mesh:epidural pain", "mesh:epidural pain"),
        ("author:Example Ada", 'author:"Example Ada"'),
        ("author:Example ankle", "author:Example ankle"),
        ("author:o'sample dorte", 'author:"o\'sample dorte"'),
        ("author:Ada Sample", "author:Ada Sample"),
        ("author:Ben Łoś", "author:Ben Łoś"),  # two people
        ("author:Żaneta Łoś facet", 'author:"Żaneta Łoś" facet'),
        ("type:retracted publication", 'type:"retracted publication"'),
        ("since:14.01.2026", "since:2026-01-14"),
        ('"journal:pain medicine"', '"journal:pain medicine"'),
    ],
)
def test_values_of_several_words_are_read_by_what_is_stored(
    db: sqlite_utils.Database, typed: str, read: str
) -> None:
    found = typed_queries.read(db, HERE, typed, NOW.date())

    assert (found.text, found.faults) == (read, ())
    assert found.query == parse_query(read)


def test_a_value_is_read_without_reading_the_whole_index(db: sqlite_utils.Database) -> None:
    """Two common words beside each other are never looked for: that would take seconds in a million."""
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)

    typed_queries.read(db, HERE, "author:the of and in to mesh:pain back epidural type:x y", NOW.date())

    db.conn.set_trace_callback(None)
    assert len(asked) > 10
    strict = [each for each in asked if "NEAR" in each or "authors :" in each]
    assert all("rowid BETWEEN " in each for each in strict)


@pytest.mark.parametrize(
    "typed",
    [
        "journal:journal of invented imaging",
        "author:Ada Example -is:retracted",
        "since:14.01.2026 has:abstract",
        "mesh:low back pain OR type:case reports",
        "until:june 2025",
    ],
)
def test_a_stored_filter_means_what_a_search_for_it_finds(db: sqlite_utils.Database, typed: str) -> None:
    stored = typed_queries.read(db, HERE, typed, NOW.date(), is_filter=True)
    stored.demand_clear()
    searched = typed_queries.read(db, HERE, typed, NOW.date()).understood()

    hits = {hit.article_id for hit in search.search(db, HERE, searched).hits}
    assert hits
    assert search.matching(db, [1, 2, 3, 4], parse_query(stored.text), HERE) == hits


def test_what_another_server_has_changes_no_reading(db: sqlite_utils.Database) -> None:
    typed = "author:Ada Example"
    assert typed_queries.read(db, ELSEWHERE, typed, NOW.date()).text == typed


def test_a_kind_that_a_stored_article_has_is_understood(db: sqlite_utils.Database) -> None:
    own = replace(FACET, doi="10.5555/jii.2026.9", types=("Invented Pilot Run",))
    assert typed_queries.read(db, HERE, "type:invented pilot run", NOW.date()).faults
    stored = articles.create(db, {"PubMed": own}, [HERE], NOW)

    query = typed_queries.read(db, HERE, "type:invented pilot run", NOW.date()).understood()

    assert [hit.article_id for hit in search.search(db, HERE, query).hits] == [stored]


def test_a_filter_and_a_search_agree(db: sqlite_utils.Database) -> None:
    for text in (
        "epidural",
        "-veterinary",
        "journal:ajr",
        "since:2025",
        '"nerve root" type:trial',
        "腰痛",
        "year:2025- -is:free",
    ):
        query = parse_query(text)
        assert search.matching(db, [1, 2, 3, 4, 99], query) == set(found(db, text))
        assert search.matches(db, 1, query) == (1 in found(db, text))


@pytest.mark.row("S32")
def test_a_server_finds_only_what_it_knows(db: sqlite_utils.Database) -> None:
    for text in ("injection", "-epidural", "year:1998", "journal:radiology OR journal:ajr"):
        assert found(db, text, ELSEWHERE) == [3]
    assert search.search(db, ELSEWHERE, parse_query("injection")).total == 1
    assert [hit.article_id for hit in search.latest(db, ELSEWHERE)] == [3]
    assert search.complete_titles(db, ELSEWHERE, "e") == []
    looked_up = lookups.matching(db, ELSEWHERE, all_words("facet joint injektions"), limit=5, near_limit=3)
    assert (looked_up.articles, looked_up.near) == ((), ())
    assert search.journals(db, ELSEWHERE) == [("Radiology", 1)]


def test_the_only_server_finds_the_same_as_one_of_several(db: sqlite_utils.Database) -> None:
    before = {text: found(db, text) for text in ("injection", "-epidural", "since:2020")}
    db.conn.execute("DELETE FROM guild_articles WHERE guild_id = ?", [ELSEWHERE])
    assert {text: found(db, text) for text in before} == before


def test_more_of_the_words_come_first_and_titles_count_most(db: sqlite_utils.Database) -> None:
    assert found(db, "epidural facet nothing")[0] == 2
    assert found(db, "epidural")[0] == 1


def test_newest_first_follows_the_date_of_publication(db: sqlite_utils.Database) -> None:
    page = search.search(db, HERE, parse_query("injection"), order="newest")
    assert [hit.article_id for hit in page.hits] == [1, 2, 3]
    assert (page.total, page.is_capped) == (3, False)


DATED = (
    (PartialDate(2027, 2), "an issue of a coming month, seen on 2 November 2026"),
    (None, "without a date"),
    (PartialDate(2026), "of this year"),
    (PartialDate(2026, 11), "of this month"),
    (PartialDate(2026, 11, 1), "of yesterday"),
    (PartialDate(2026, 10), "of last month"),
    (PartialDate(2026, 10, 30), "of 30 October"),
    (PartialDate(2026, 9, 30), "of September"),
    (PartialDate(2025), "of last year"),
)


@pytest.mark.parametrize("few", [0, 2_000], ids=["of many", "of few"])
def test_lists_are_by_date_then_by_arrival(
    db: sqlite_utils.Database, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_FEW", few)
    titles = {}
    for date, words in random.Random(7).sample(DATED, len(DATED)):
        record = Record("feed", title=f"Marionettes {words}", journal="Radiology", issue_on=date)
        titles[articles.create(db, {"feed": record}, [HERE], NOW)] = words
    db.conn.execute("DELETE FROM guild_articles WHERE article_id IN (1, 2, 3, 4) AND guild_id = ?", [HERE])

    listed = [titles[hit.article_id] for hit in search.latest(db, HERE, limit=20)]
    arrived_today = sorted((each for each in titles if titles[each] in listed[:4]), reverse=True)

    assert listed == [titles[each] for each in arrived_today] + [words for _, words in DATED[4:]]
    assert {words for _, words in DATED[:4]} == set(listed[:4])
    found = search.search(db, HERE, parse_query("marionettes"), order="newest", limit=20).hits
    assert [titles[hit.article_id] for hit in found] == listed
    of_journal = search.latest(db, HERE, journals=[CATALOGUE.find("Radiology")], limit=20)
    assert [titles[hit.article_id] for hit in of_journal] == listed
    assert [titles[hit.article_id] for hit in search.latest(db, HERE, limit=3, offset=2)] == listed[2:5]


def test_a_date_that_comes_later_moves_an_article(db: sqlite_utils.Database) -> None:
    dated = replace(JAPANESE, online_on=PartialDate(2020, 5))
    records.save(db, {"PubMed": dated}, NOW, guild_ids=[HERE])

    assert [hit.article_id for hit in search.latest(db, HERE)] == [1, 2, 4, 3]


@pytest.mark.parametrize("statement", ["_LATEST_OF_MANY", "_LATEST_OF_FEW", "_NEWEST"])
def test_lists_read_no_article_that_they_need_not(db: sqlite_utils.Database, statement: str) -> None:
    values = {"guild": HERE, "is_open": 0, "aside": "x", "limit": 5, "offset": 0, "most": 9}
    values |= {"expression": "injection", "marking": '""'}
    page = getattr(search, statement).rstrip()
    plan = "\n".join(
        row[3]
        for row in db.conn.execute(
            f"EXPLAIN QUERY PLAN {page} SELECT * FROM page",  # noqa: S608  # a constant of ours
            values,
        )
    )

    assert not re.search(r"SCAN (?:articles|guild_articles)$", plan, re.MULTILINE), plan
    if statement == "_LATEST_OF_MANY":
        assert "SCAN article_days USING COVERING INDEX article_days_day" in plan
        assert "USE TEMP B-TREE" not in plan


def test_pages_follow_each_other_and_count_all(db: sqlite_utils.Database) -> None:
    query = parse_query("injection")
    pages = [search.search(db, HERE, query, limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [len(page.hits) for page in pages] == [2, 1, 0]
    assert {page.total for page in pages} == {3}
    assert not any(page.is_capped for page in pages)
    assert len({hit.article_id for page in pages for hit in page.hits}) == 3


def test_dates_and_kinds_narrow_a_search(db: sqlite_utils.Database) -> None:
    query = parse_query("injection")
    assert [hit.article_id for hit in search.search(db, HERE, query, kind="Review").hits] == [2]
    since = search.search(db, HERE, query, since=PartialDate(2025), until=PartialDate(2025, 12))
    assert [hit.article_id for hit in since.hits] == [2]


def test_a_snippet_marks_what_matched(db: sqlite_utils.Database) -> None:
    [hit] = search.search(db, HERE, parse_query('"nerve root" patients')).hits
    assert {text for text, is_match in hit.snippet if is_match} == {"nerve root", "patients"}
    text = "".join(text for text, _ in hit.snippet)
    assert len(text) <= search.SNIPPET_LIMIT
    assert "\n" not in text


def test_an_article_without_an_abstract_has_no_snippet(db: sqlite_utils.Database) -> None:
    [hit] = search.search(db, HERE, parse_query("腰痛")).hits
    assert hit.snippet == ()


def test_a_hit_leads_to_its_newest_standing_post_here(db: sqlite_utils.Database) -> None:
    def post(guild_id: int, channel_id: int, message_id: int, **changes: object) -> None:
        row: dict[str, object] = {
            "guild_id": guild_id,
            "channel_id": channel_id,
            "kind": "text",
            "article_id": 1,
            "form": "whole",
            "state": "sent",
            "scheduled_at": "2026-11-02T09:00:00Z",
            "next_try_at": "2026-11-02T09:00:00Z",
            "nonce": f"n{channel_id}",
            "message_id": message_id,
        }
        db.table("deliveries").insert(row | changes)

    def place() -> tuple[int | None, int | None]:
        [hit] = search.search(db, HERE, parse_query("epidural AND radicular")).hits
        return hit.channel_id, hit.message_id

    assert place() == (None, None)
    post(ELSEWHERE, 500, 900)
    assert place() == (None, None)
    post(HERE, 501, 901)
    assert place() == (501, 901)
    post(HERE, 502, 902, was_deleted=1)
    assert place() == (501, 901)
    post(HERE, 503, 903, kind="forum", thread_id=603)
    assert place() == (603, 903)


def test_latest_may_be_limited_to_journals(db: sqlite_utils.Database) -> None:
    assert [hit.article_id for hit in search.latest(db, HERE, limit=2)] == [4, 1]
    journals = [CATALOGUE.find("AJR"), CATALOGUE.find("Radiology")]
    assert [hit.article_id for hit in search.latest(db, HERE, journals=journals)] == [1, 3]
    assert [hit.article_id for hit in search.latest(db, HERE, journals=journals, offset=1)] == [3]


def test_autocomplete_finishes_the_last_word(db: sqlite_utils.Database) -> None:
    assert search.complete_titles(db, HERE, "e")[0] == (2, FACET.title)
    assert search.complete_titles(db, HERE, "sham epi") == [(1, EPIDURAL.title)]
    assert search.complete_titles(db, HERE, "example-gui") == [(1, EPIDURAL.title)]
    assert search.complete_titles(db, HERE, "慢性") == [(4, JAPANESE.title)]
    assert search.complete_titles(db, HERE, "zz") == []
    assert search.complete_titles(db, HERE, "a\u19b0b") == []  # a letter to Python, a separator to SQLite
    assert [article_id for article_id, _ in search.complete_titles(db, HERE, "", limit=3)] == [4, 1, 2]


def test_journals_are_counted(db: sqlite_utils.Database) -> None:
    assert ("Radiology", 1) in search.journals(db, HERE)
    assert len(search.journals(db, HERE)) == 4


def test_an_article_that_became_another_is_found_once(db: sqlite_utils.Database) -> None:
    articles.absorb(db, 2, 3)
    assert 3 not in found(db, "injection dog veterinary")
    assert 3 not in found(db, "-epidural")
    assert search.complete_titles(db, HERE, "veterinary") == []


def test_beyond_the_limit_the_count_says_so(db: sqlite_utils.Database) -> None:
    rows = (
        (
            f"Invented note {number}",
            packing.pack(Record("merged", title=f"Invented note {number}"), {}, {}),
            (NOW + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        for number in range(search.RANKED_LIMIT + 1)
    )
    db.conn.execute("DELETE FROM guild_articles WHERE guild_id = ?", [ELSEWHERE])
    db.conn.executemany(
        "INSERT INTO articles (title, packed, first_seen_at, is_searched) VALUES (?, ?, ?, 1)", rows
    )
    db.conn.execute(
        "INSERT INTO articles_fts (rowid, title, abstract, authors, facets)"
        " SELECT id, title, '', '', ? FROM articles WHERE id > ?",
        [fts.EVERY_ARTICLE, len(RECORDS)],
    )
    page = search.search(db, HERE, parse_query("note"))
    assert (page.total, page.is_capped) == (search.RANKED_LIMIT, True)
    assert page.hits[0].article_id == search.RANKED_LIMIT + 1 + len(RECORDS)


def strings(count: int) -> Iterator[str]:
    """Random texts of syntax, words and any characters at all; the same in each run."""
    rng = random.Random(20261102)
    syntax = [
        '"',
        "“",
        "-",
        " OR ",
        " AND ",
        " NOT ",
        "(",
        ")",
        "*",
        ":",
        "NEAR(",
        "^",
        "+",
        "{",
        "}",
        "\x00",
        " ",
        "'",
    ]
    words = [
        "epidural",
        "C-arm",
        "author:",
        "year:",
        "since:",
        "2024",
        "mesh:",
        "type:",
        "journal:",
        "title:",
        "腰痛",
    ]
    for _ in range(count):
        parts = [
            rng.choice(
                (
                    rng.choice(syntax),
                    rng.choice(words),
                    chr(rng.randrange(1, 0x110000)),
                    chr(rng.randrange(32, 127)),
                )
            )
            for _ in range(rng.randint(0, 12))
        ]
        yield "".join(parts)


def ask(db: sqlite_utils.Database, text: str) -> None:
    try:
        query = parse_query(text)
    except EmptyQueryError:
        query = None
    if query:
        search.search(db, HERE, query)
        search.matches(db, 1, query)
    search.complete_titles(db, HERE, text)


@pytest.mark.row("S29")
def test_random_texts_are_corrected_and_looked_up_without_an_error(db: sqlite_utils.Database) -> None:
    for text in strings(500):
        try:
            query, words = parse_query(text), all_words(text)
        except EmptyQueryError:
            continue
        corrections.corrected(db, HERE, query)
        lookups.matching(db, HERE, words, limit=5, near_limit=3)


@pytest.mark.no_cover  # what it reaches is reached by the tests above
@pytest.mark.row("S29")
def test_ten_thousand_random_texts_never_raise(db: sqlite_utils.Database) -> None:
    """reliability.md P18, S29."""
    for text in strings(10_000):
        ask(db, text.encode("utf-8", "ignore").decode())


@pytest.mark.row("S29")
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TYPED | st.text(max_size=220))
def test_whatever_is_typed_never_raises(db: sqlite_utils.Database, text: str) -> None:
    """reliability.md P18, S29."""
    ask(db, text)


ASIDES = (
    Record("feed", title="Editorial Board/Copyright", doi="10.5555/jii.2026.90", journal="Radiology"),
    Record("feed", title="Erratum to: Invented facets", doi="10.5555/jii.2026.91", journal="Radiology"),
    Record(
        "PubMed",
        title="Invented facets.",
        doi="10.5555/jii.2026.92",
        types=("Published Erratum",),
        pmid="99000092",
    ),
    Record("PubMed", title="Motion correction for invented facets", doi="10.5555/jii.2026.93"),
)


@pytest.fixture
def db_with_asides(db: sqlite_utils.Database) -> sqlite_utils.Database:
    """The articles above as 1 to 4, and 5: front matter, 6 and 7: errata, 8: an article."""
    for record in ASIDES:
        articles.create(db, {record.source: record}, [HERE], NOW)
    return db


@pytest.mark.row("E05")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("facets", {8}),
        ("board", set()),
        ("correction facets", {2, 8}),
        ("erratum facets", {2, 6, 7, 8}),
        ('"erratum to"', {6}),
        ("title:erratum", {6}),
        ("facets type:erratum", {6, 7}),
        ("type:Errata", {6, 7}),
        ("type:corrigendum", {6, 7}),
        ('type:"Published Erratum"', {7}),
        ('type:"front matter"', {5}),
        ("type:review OR type:erratum", {2, 6, 7}),
        ("facets -type:erratum", {2, 8}),
        ("-veterinary", {1, 2, 4, 8}),
    ],
)
def test_a_search_leaves_front_matter_and_errata_out_unless_it_asks_for_them(
    db_with_asides: sqlite_utils.Database, query: str, found: set[int]
) -> None:
    for order in ("best", "newest"):
        page = search.search(db_with_asides, HERE, parse_query(query), order=order, limit=20)
        assert {hit.article_id for hit in page.hits} - ({2} - found) == found
        assert page.total == len(page.hits)


@pytest.mark.row("E05")
def test_the_menu_of_kinds_asks_for_front_matter_and_errata(db_with_asides: sqlite_utils.Database) -> None:
    def found(kind: str) -> set[int]:
        page = search.search(db_with_asides, HERE, parse_query("facets OR board"), kind=KINDS[kind])
        return {hit.article_id for hit in page.hits}

    assert (found("erratum"), found("front")) == ({6, 7}, {5})


@pytest.mark.row("E05")
def test_the_latest_articles_are_articles(db_with_asides: sqlite_utils.Database) -> None:
    assert [hit.article_id for hit in search.latest(db_with_asides, HERE)] == [8, 4, 1, 2, 3]
    journals = [journal for journal in CATALOGUE.journals if journal.key == "radiology"]
    assert [hit.article_id for hit in search.latest(db_with_asides, HERE, journals=journals)] == [3]


@pytest.mark.row("E05")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [8, 4, 1, 2, 3]),
        ("invented fac", [8, 2]),
        ("erratum inv", [6]),
        ("editorial b", []),
        ("editorial board", [5]),
    ],
)
def test_titles_are_completed_to_articles_until_something_else_is_named(
    db_with_asides: sqlite_utils.Database, typed: str, found: list[int]
) -> None:
    assert [article_id for article_id, _ in search.complete_titles(db_with_asides, HERE, typed)] == found


def test_journals_are_counted_through_all_changes(db: sqlite_utils.Database) -> None:
    def counted() -> dict[str, int]:
        return dict(search.journals(db, HERE))

    assert counted()["Radiology"] == 1
    renamed = replace(JAPANESE, journal="Radiology")
    records.save(db, {"PubMed": renamed}, NOW, guild_ids=[HERE, ELSEWHERE])
    assert counted()["Radiology"] == 2
    assert JAPANESE.journal not in counted()
    assert search.journals(db, ELSEWHERE) == [("Radiology", 2)]

    articles.absorb(db, 1, 4)
    assert counted()["Radiology"] == 1
    assert sum(counted().values()) == 3
