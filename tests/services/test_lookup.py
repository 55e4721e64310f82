"""Look-ups ask the archive first, then the record sources; an outage is never "not found"."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.doubles import FakeClock
from wetread.bibliography.record_source import RecordRequest
from wetread.domain.catalogue import NO_JOURNALS
from wetread.domain.errors import ArticleGoneError, ArticleNotFoundError, IdentifierError, RecordSourceError
from wetread.domain.identifiers import Identifier, IdentifierKind
from wetread.domain.models import Article, Record, Section
from wetread.services.lookup import ArticleLookup, NoMatch, SeveralMatches
from wetread.services.place_lookup import PlaceLookup
from wetread.storage import articles, records, search
from wetread.storage.database import Database

GUILD, OTHER_GUILD = 1, 2

FLOW = Record(
    source="PubMed",
    title="Contrast flow patterns in 1,000 invented epidurograms",
    doi="10.5555/esi.1998.0033",
    pmid="99000004",
    abstract=(Section("Five patterns account for nearly all.", "CONCLUSION"),),
)
NEEDLE = replace(
    FLOW, title="Invented needle tip position and contrast", doi="10.5555/esi.2025.0012", pmid="99000005"
)
TEASER = Record(source="feed", title="An article whose abstract is late", doi="10.5555/jer.2026.0101")


class Library:
    """The record sources: what they know, and whether they answer."""

    name = "PubMed"

    def __init__(self) -> None:
        self.known: list[Record] = []
        self.is_down = False
        self.asked: list[RecordRequest] = []

    async def complete(self, wanted: RecordRequest) -> Mapping[str, Record]:
        self.asked.append(wanted)
        if self.is_down:
            raise RecordSourceError("PubMed", "server", status=502)
        found = [each for each in self.known if wanted.doi == each.doi or wanted.pmid == each.pmid]
        return {each.source: each for each in found}

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        return {each.key: record for each in wanted for record in (await self.complete(each)).values()}

    async def search(self, text: str, limit: int) -> Sequence[Record]:
        if self.is_down:
            raise RecordSourceError("PubMed", "timeout")
        return [each for each in self.known if text.lower() in each.title.lower()][:limit]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "wetread.db")
    yield opened
    await opened.close()


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def lookup(database: Database, library: Library) -> ArticleLookup:
    places = PlaceLookup(database, [], NO_JOURNALS)
    return ArticleLookup(database, library.complete, [library], places, FakeClock())


async def stored(database: Database, *known: Record, guild_id: int = GUILD) -> None:
    for each in known:
        await database.run(records.save, {each.source: each}, FakeClock()(), guild_ids=[guild_id])


@pytest.mark.parametrize(
    "text",
    ["10.5555/ESI.1998.0033", "https://doi.org/10.5555/esi.1998.0033.", "99000004", "PMID: 99000004"],
)
async def test_a_stored_article_is_answered_without_asking_anybody(
    text: str, database: Database, lookup: ArticleLookup, library: Library
) -> None:
    await stored(database, FLOW)
    library.is_down = True

    found = await lookup.look_up(text, GUILD)

    assert isinstance(found, Article)
    assert found.record.title == FLOW.title
    assert library.asked == []


async def test_what_is_fetched_is_kept_for_everybody_there(
    database: Database, lookup: ArticleLookup, library: Library
) -> None:
    library.known = [FLOW]
    fetched = await lookup.look_up("99000004", GUILD)
    library.is_down = True

    again = await lookup.look_up(FLOW.doi or "", OTHER_GUILD)
    by_words = await lookup.look_up("flow patterns", GUILD)

    assert fetched == again == by_words
    assert len(library.asked) == 1


async def test_an_outage_is_not_reported_as_missing(lookup: ArticleLookup, library: Library) -> None:
    library.is_down = True
    with pytest.raises(RecordSourceError):
        await lookup.look_up("99000017", GUILD)


async def test_a_doi_that_no_source_knows_is_compared_with_one_of_its_journal(
    database: Database, lookup: ArticleLookup
) -> None:
    await stored(database, TEASER)

    with pytest.raises(ArticleNotFoundError) as caught:
        await lookup.look_up("10.5555/jer.2026", GUILD)

    assert caught.value.example == "10.5555/jer.2026.0101"


async def test_an_incomplete_article_is_completed_when_asked_for(
    database: Database, lookup: ArticleLookup, library: Library
) -> None:
    await stored(database, TEASER)
    library.known = [replace(FLOW, title=TEASER.title, doi=TEASER.doi)]

    found = await lookup.look_up(TEASER.doi or "", GUILD)

    assert isinstance(found, Article)
    assert found.record.abstract == FLOW.abstract


@pytest.mark.parametrize("is_down", [True, False])
async def test_an_incomplete_article_is_answered_as_it_is(
    is_down: bool, database: Database, lookup: ArticleLookup, library: Library
) -> None:
    await stored(database, TEASER)
    library.is_down = is_down

    found = await lookup.look_up(TEASER.doi or "", GUILD)

    assert isinstance(found, Article)
    assert found.record.abstract == ()


async def test_words_that_fit_several_articles_offer_a_choice(
    database: Database, lookup: ArticleLookup
) -> None:
    await stored(database, FLOW, NEEDLE)

    found = await lookup.look_up("contrast", GUILD)

    assert isinstance(found, SeveralMatches)
    assert {each.record.title for each in found.articles} == {FLOW.title, NEEDLE.title}


async def test_words_with_a_slip_are_corrected_unless_they_are_wanted_as_typed(
    database: Database, lookup: ArticleLookup
) -> None:
    await stored(database, FLOW, NEEDLE)

    found = await lookup.look_up("contrast flow paterns", GUILD)
    as_typed = await lookup.look_up("contrast flow paterns", GUILD, as_typed=True)

    assert isinstance(found, SeveralMatches)
    assert [each.record.title for each in found.articles] == [FLOW.title]
    assert found.corrected == "contrast flow patterns"
    assert isinstance(as_typed, NoMatch)
    assert [each.record.title for each in as_typed.near] == [FLOW.title]


async def test_words_find_only_what_the_server_knows(database: Database, lookup: ArticleLookup) -> None:
    await stored(database, FLOW, guild_id=OTHER_GUILD)
    found = await lookup.look_up("contrast flow", GUILD)

    assert isinstance(found, NoMatch)
    assert (found.text, found.near) == ("contrast flow", ())


@pytest.mark.parametrize("text", ["fig3.png", "https://example.org/", "???", "10.5555"])
async def test_what_is_neither_identifier_nor_words_is_an_error(text: str, lookup: ArticleLookup) -> None:
    with pytest.raises(IdentifierError):
        await lookup.look_up(text, GUILD)


async def test_the_sources_are_searched_on_request_and_what_they_find_is_kept(
    database: Database, lookup: ArticleLookup, library: Library
) -> None:
    library.known = [FLOW, NEEDLE]

    [article] = await lookup.search_sources("needle tip")

    with pytest.raises(ArticleGoneError):
        await lookup.open(article.id, GUILD)
    opened = await lookup.by_identifier(Identifier(IdentifierKind.PMID, NEEDLE.pmid or ""), GUILD)
    assert opened == await lookup.open(article.id, GUILD)
    assert opened.record.title == NEEDLE.title
    assert await database.run(search.complete_titles, GUILD, "needle") == [(article.id, NEEDLE.title)]


async def test_searching_the_sources_says_so_when_they_are_down(
    lookup: ArticleLookup, library: Library
) -> None:
    library.is_down = True
    with pytest.raises(RecordSourceError):
        await lookup.search_sources("needle")


async def test_a_private_message_has_no_archive_to_search_in(lookup: ArticleLookup) -> None:
    found = await lookup.look_up("contrast flow", None)
    assert isinstance(found, NoMatch)
    assert found.near == ()
    with pytest.raises(IdentifierError):
        await lookup.look_up("fig3.png", None)


@pytest.mark.row("E25")
async def test_an_article_is_opened_by_its_id_only_where_it_is_known(
    database: Database, lookup: ArticleLookup
) -> None:
    await stored(database, FLOW)
    await stored(database, Record(source="feed", title="Known by its title alone"))
    article_id = (await database.run(articles.find_by_keys, ["pmid:99000004"]))["pmid:99000004"]

    assert (await lookup.open(article_id, GUILD)).id == article_id
    assert (await lookup.open(article_id, None)).id == article_id
    for number, guild_id in ((article_id, OTHER_GUILD), (article_id + 1, None), (article_id + 2, GUILD)):
        with pytest.raises(ArticleGoneError):
            await lookup.open(number, guild_id)


@pytest.mark.row("E01")
async def test_each_identifier_of_an_article_with_a_wrong_one_leads_to_its_own(
    lookup: ArticleLookup, library: Library, database: Database
) -> None:
    claimed = replace(NEEDLE, source="feed", pmid=FLOW.pmid)
    article_id = await database.run(articles.create, {"feed:1": claimed}, [GUILD], FakeClock()())
    library.known = [FLOW, NEEDLE]

    by_pmid = await lookup.look_up(f"PMID {FLOW.pmid}", GUILD)
    by_doi = await lookup.look_up(NEEDLE.doi or "", GUILD)

    assert isinstance(by_pmid, Article)
    assert (by_pmid.record.title, by_pmid.record.doi) == (FLOW.title, FLOW.doi)
    assert isinstance(by_doi, Article)
    assert (by_doi.id, by_doi.record.title, by_doi.record.pmid) == (article_id, NEEDLE.title, None)
