"""A citation is resolved only if journal, volume and first page agree, and an outage is never "not found"."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.doubles import FakeClock, ScriptedWeb
from wetread.bibliography.record_source import RecordRequest
from wetread.domain.catalogue import NO_JOURNALS, Catalogue
from wetread.domain.errors import PlaceNotFoundError, RecordSourceError
from wetread.domain.models import Article, JournalPlace, PartialDate, Record, Section
from wetread.operations.config import Secrets, SourcesConfig
from wetread.services.lookup import ArticleLookup, NoMatch, SeveralMatches
from wetread.services.place_lookup import PlaceLookup
from wetread.services.sources import build_record_sources
from wetread.storage import records, search
from wetread.storage.database import Database

GUILD, OTHER_GUILD = 1, 2
RECORD = Record(
    "PubMed",
    title="An invented study of invented things",
    abstract=(Section("Invented."),),
    doi="10.5555/jii.2001.0001",
    pmid="99000001",
    journal="Journal of invented imaging",
    journal_abbreviation="J Invent Imaging",
    issns=("0000-0019",),
    volume="21",
    issue="4",
    pages="927–930",
    issue_on=PartialDate(2001, 7),
)
LETTER = replace(RECORD, doi="10.5555/jii.2001.0002", pmid="99000002", title="A letter about invented things")
CITATION = "J Invent Imaging 2001;21(4):927-30"


class Source:
    """A record source that knows places, and whether it answers."""

    def __init__(self, name: str, *known: Record) -> None:
        self.name = name
        self.known = list(known)
        self.is_down = False
        self.asked: list[tuple[JournalPlace, str, tuple[str, ...]]] = []

    async def at_place(self, place: JournalPlace, text: str, issns: Sequence[str]) -> Sequence[Record]:
        self.asked.append((place, text, tuple(issns)))
        if self.is_down:
            raise RecordSourceError(self.name, "timeout")
        return self.known


class Desk:
    """A look-up over two sources."""

    def __init__(self, database: Database, catalogue: Catalogue = NO_JOURNALS) -> None:
        self.database = database
        self.pubmed, self.crossref = Source("PubMed"), Source("Crossref")
        places = PlaceLookup(database, [self.pubmed, self.crossref], catalogue)
        self.lookup = ArticleLookup(database, self._complete, [], places, FakeClock())

    async def _complete(self, wanted: RecordRequest) -> Mapping[str, Record]:
        known = [*self.pubmed.known, *self.crossref.known]
        return {each.source: each for each in known if wanted.pmid == each.pmid or wanted.doi == each.doi}

    async def store(self, *kept: Record, guild_id: int = GUILD) -> None:
        for each in kept:
            await self.database.run(records.save, {each.source: each}, FakeClock()(), guild_ids=[guild_id])

    async def title(self, text: str, guild_id: int | None = GUILD) -> str:
        """Return the title of the only article that a citation finds."""
        found = await self.lookup.look_up(text, guild_id)
        assert isinstance(found, Article)
        return found.record.title


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "wetread.db")
    yield opened
    await opened.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def test_a_stored_article_is_found_without_a_source(desk: Desk) -> None:
    await desk.store(RECORD, replace(LETTER, pages="931"))

    assert await desk.title(CITATION) == RECORD.title
    assert await desk.title("journal of invented imaging 21(4):927") == RECORD.title
    assert desk.pubmed.asked == desk.crossref.asked == []


@pytest.mark.parametrize("pages", ["1", "1–6", "E1", "e1–e6", "S1–S4"])
async def test_a_stored_article_is_found_by_its_first_page_among_many(desk: Desk, pages: str) -> None:
    page = pages.partition("–")[0]
    others = [
        replace(RECORD, doi=f"10.5555/many.{n}", pmid=str(99_100_000 + n), pages=f"{n}")
        for n in range(10, 60)
    ]
    others = [replace(each, title=f"Another study, number {each.pages}") for each in others]
    await desk.store(*others, replace(RECORD, pages=pages))

    assert await desk.title(f"J Invent Imaging 2001;21:{page.swapcase()}") == RECORD.title


async def test_pubmed_is_asked_first_and_crossref_only_if_it_has_nothing(desk: Desk) -> None:
    desk.crossref.known = [replace(RECORD, source="Crossref", pmid=None)]
    assert await desk.title(CITATION) == RECORD.title
    assert (len(desk.pubmed.asked), len(desk.crossref.asked)) == (1, 1)

    desk.pubmed.known = [replace(RECORD, volume="22")]
    assert await desk.title("J Invent Imaging 2002;22:927") == RECORD.title
    assert (len(desk.pubmed.asked), len(desk.crossref.asked)) == (2, 1)


@pytest.mark.parametrize(
    "other",
    [
        replace(
            RECORD, journal="Journal of invented things", journal_abbreviation="J Invent Things", issns=()
        ),
        replace(RECORD, volume="22"),
        replace(RECORD, volume=None),
        replace(RECORD, pages="928–930"),
        replace(RECORD, pages="S927"),
        replace(RECORD, pages=None),
    ],
)
async def test_a_record_that_does_not_agree_is_not_the_article(desk: Desk, other: Record) -> None:
    desk.pubmed.known = desk.crossref.known = [other]

    with pytest.raises(PlaceNotFoundError) as caught:
        await desk.lookup.look_up(CITATION, GUILD)

    assert caught.value.near == ()
    assert caught.value.asked == ("PubMed", "Crossref")
    assert await desk.database.run(search.complete_titles, GUILD, "invented") == []


@pytest.mark.parametrize("citation", ["J Invent Imaging 1983;21:927", "J Invent Imaging 2001;21(5):927"])
@pytest.mark.parametrize("is_stored", [True, False])
async def test_another_year_or_issue_is_offered_and_not_taken(
    desk: Desk, citation: str, *, is_stored: bool
) -> None:
    if is_stored:
        await desk.store(RECORD)
    else:
        desk.crossref.known = [RECORD]

    with pytest.raises(PlaceNotFoundError) as caught:
        await desk.lookup.look_up(citation, GUILD)

    [near] = caught.value.near
    assert near.record.title == RECORD.title
    assert (await desk.lookup.open(near.id, GUILD)).record.title == RECORD.title


async def test_articles_of_one_page_are_a_choice_that_can_be_opened(desk: Desk) -> None:
    desk.pubmed.known = [RECORD, LETTER]

    found = await desk.lookup.look_up(CITATION, GUILD)

    assert isinstance(found, SeveralMatches)
    assert {each.record.title for each in found.articles} == {RECORD.title, LETTER.title}
    for each in found.articles:
        assert await desk.lookup.open(each.id, GUILD) == each


async def test_the_year_chooses_among_articles_of_one_page(desk: Desk) -> None:
    desk.pubmed.known = [replace(LETTER, issue_on=PartialDate(1950)), RECORD]

    assert await desk.title(CITATION) == RECORD.title


@pytest.mark.parametrize("down", ["pubmed", "crossref"])
async def test_a_source_that_is_down_is_an_outage_only_if_the_other_has_nothing(
    desk: Desk, down: str
) -> None:
    silent: Source = getattr(desk, down)
    silent.is_down = True
    with pytest.raises(RecordSourceError) as caught:
        await desk.lookup.look_up(CITATION, GUILD)
    assert caught.value.source == silent.name

    other = desk.crossref if down == "pubmed" else desk.pubmed
    other.known = [RECORD]
    assert await desk.title(CITATION) == RECORD.title


@pytest.mark.parametrize("text", ["J Invent Imaging 21:927", "Journal of Invented Imaging 21: 927-930."])
async def test_a_name_and_two_numbers_are_words_first_and_then_a_citation(desk: Desk, text: str) -> None:
    with pytest.raises(PlaceNotFoundError):
        await desk.lookup.look_up(text, GUILD)
    desk.pubmed.known = [RECORD]

    assert await desk.title(text) == RECORD.title


@pytest.mark.parametrize("text", ["ratio 2:1", "T2 at 3:45", "An allocation of 2:1 in phantoms"])
async def test_words_with_a_ratio_ask_nobody(desk: Desk, text: str) -> None:
    assert isinstance(await desk.lookup.look_up(text, GUILD), NoMatch)
    assert desk.pubmed.asked == []


async def test_words_of_a_stored_title_count_before_a_citation(desk: Desk) -> None:
    await desk.store(replace(RECORD, title="Allocation 2:1 of invented phantoms"))

    assert await desk.title("Allocation 2:1") == "Allocation 2:1 of invented phantoms"
    assert desk.pubmed.asked == []


async def test_what_another_servers_feed_says_about_pages_is_no_proof(desk: Desk) -> None:
    await desk.store(replace(RECORD, source="feed"), guild_id=OTHER_GUILD)
    await desk.store(replace(LETTER, pages="1"))

    with pytest.raises(PlaceNotFoundError):
        await desk.lookup.look_up(CITATION, GUILD)


async def test_a_direct_message_asks_the_sources(desk: Desk) -> None:
    desk.pubmed.known = [RECORD]

    assert await desk.title(CITATION, None) == RECORD.title


async def test_without_sources_nothing_is_claimed_about_them(database: Database) -> None:
    lookup = ArticleLookup(
        database, Desk(database)._complete, [], PlaceLookup(database, [], NO_JOURNALS), FakeClock()
    )

    with pytest.raises(PlaceNotFoundError) as caught:
        await lookup.look_up(CITATION, GUILD)
    assert caught.value.asked == ()


async def test_crossref_gets_the_issns_of_a_known_journal_and_the_citation_as_typed(
    database: Database,
) -> None:
    desk = Desk(database, Catalogue.load())
    with pytest.raises(PlaceNotFoundError):
        await desk.lookup.look_up("Example A. A study. AJR 2003;180(1):121-6. nice", GUILD)

    [(place, text, issns)] = desk.crossref.asked
    assert place.journals == ("AJR Am J Roentgenol",)
    assert text == "Example A. A study. AJR 2003;180(1):121-6."
    assert issns == ("0361-803X", "1546-3141")


@pytest.mark.row("D01")
async def test_citations_keep_to_ncbis_rate(database: Database) -> None:
    clock = FakeClock()
    web = ScriptedWeb()
    web.serve("https://eutils.example/ecitmatch.cgi", "x||1|2||0|NOT_FOUND")
    web.serve("https://eutils.example/esearch.fcgi", b'{"esearchresult":{"count":"0","idlist":[]}}')
    sources = build_record_sources(
        SourcesConfig(enabled=("pubmed",)),
        Secrets(),
        web,
        clock=clock,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        source_urls={"pubmed": "https://eutils.example/"},
    )
    places = PlaceLookup(database, sources.placing, NO_JOURNALS)
    began = clock.monotonic()

    for page in range(10):
        await places.find(JournalPlace(("J Invent Imaging",), "21", str(page)), "", None)

    assert len(web.requests) == 20
    assert clock.monotonic() - began >= 19 / 3
