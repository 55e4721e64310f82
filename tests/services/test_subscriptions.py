"""Proving, subscribing and finding, over a scripted web and a real database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.doubles import FakeClock, ScriptedWeb
from tests.support.watch_stage import ADA, BY_ADA, HERE, PAPERS, SPINE, THEIRS, THERE
from tests.support.watched_web import FEED, HOST, parse_with, rss
from wetread.domain.catalogue import Catalogue
from wetread.domain.errors import (
    AlreadySubscribedError,
    EmptyQueryError,
    FeedParseError,
    FeedRetrievalError,
    TooManySubscriptionsError,
    UnknownSubscriptionError,
)
from wetread.domain.feed_address import normalise_address
from wetread.domain.models import DeliveryState, Form, Journal, Subject
from wetread.feeds.retrievers import DocumentRetriever
from wetread.services.feed_check import CheckedFeed, FeedChecker, QueryChecker
from wetread.services.subscriptions import Bundle, Subscriptions
from wetread.storage import deliveries, feeds
from wetread.storage.database import Database
from wetread.storage.subscriptions import Destination

PAPERS_HERE, SPINE_HERE = Destination(PAPERS), Destination(SPINE)
PUBMED = "https://pubmed.example.org/jii"


def journal(
    key: str,
    title: str,
    abbreviation: str,
    feed_url: str | None = None,
    publisher_feed_url: str | None = None,
) -> Journal:
    made = Journal(key, title, abbreviation, (), None, Subject.GENERAL, ("spine",))
    return replace(made, feed_url=feed_url, publisher_feed_url=publisher_feed_url)


JII = journal("jii", "Journal of Invented Imaging", "J Inv Imaging", feed_url=PUBMED, publisher_feed_url=FEED)
JII = replace(JII, issns=("0000-0019",), nlm_id="9900001")
ESI = journal("esi", "Example Spine Imaging", "Example Spine Imag", feed_url="https://pubmed.example.org/esi")
NO_FEED = journal("none", "Silent Journal", "Silent J")


class Stage:
    """A server's moderator at work."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()
        self.web = ScriptedWeb()
        self.catalogue = Catalogue([JII, ESI, NO_FEED])
        self.subscriptions = Subscriptions(
            database,
            self.checker(self.catalogue),
            self.catalogue,
            limit=3,
            clock=self.clock,
            chance=lambda: 0.5,
        )

    def checker(self, catalogue: Catalogue) -> FeedChecker:
        documents = DocumentRetriever(self.web, parse_with(self.clock), clock=self.clock)
        queries = QueryChecker(documents, catalogue, pubmed=None, crossref=None, clock=self.clock)
        return FeedChecker(self.web, parse_with(self.clock), catalogue, queries, clock=self.clock)

    def serve(self, url: str, *numbers: int, title: str = "Journal of Invented Imaging") -> None:
        self.web.serve(url, rss(numbers, self.clock(), title))

    async def checked(self, url: str = FEED, title: str = "Journal of Invented Imaging") -> CheckedFeed:
        self.serve(url, 1, 2, 3, title=title)
        return await self.subscriptions.check(url)

    async def pending_count(self, guild_id: int = HERE) -> int:
        return (await self.database.run(deliveries.counts, guild_id))[DeliveryState.PENDING]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    database = await Database.open(tmp_path / "wetread.db")
    yield Stage(database)
    await database.close()


# Proving


async def test_address_of_a_feed_is_proven_by_what_it_shows(stage: Stage) -> None:
    checked = await stage.checked()

    assert (checked.url, checked.title) == (FEED, "Journal of Invented Imaging")
    assert [entry.record.doi for entry in checked.entries] == [f"10.5555/jii.{n}" for n in (3, 2, 1)]


async def test_feed_is_found_on_a_page(stage: Stage) -> None:
    page = f"""<html><head>
      <link rel="alternate" type="application/rss+xml" href="{HOST}/dead">
      <link rel="alternate" type="application/rss+xml" href="/rss">
      <link rel="alternate" type="application/rss+xml" href="/rss/other">
    </head><body>An invented journal</body></html>"""
    stage.web.serve(f"{HOST}/", page)
    stage.web.serve(f"{HOST}/dead", status=404)
    stage.serve(FEED, 1)
    stage.serve(f"{HOST}/rss/other", 2)
    checked = await stage.subscriptions.check(HOST)

    assert (checked.url, checked.page_url) == (FEED, f"{HOST}/")
    assert [each.url for each in checked.others] == [f"{HOST}/rss/other"]


@pytest.mark.row("B19")
async def test_page_without_a_feed_is_no_feed(stage: Stage) -> None:
    stage.web.serve(f"{HOST}/", "<html><body>Nothing</body></html>")
    for path in ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/current.rss", "/rss/current.xml"):
        stage.web.serve(HOST + path, status=404)
    with pytest.raises(FeedParseError) as error:
        await stage.subscriptions.check(HOST)

    assert error.value.kind == "not_a_feed"


async def test_unreachable_address_says_why(stage: Stage) -> None:
    stage.web.serve(FEED, status=403)
    with pytest.raises(FeedRetrievalError) as error:
        await stage.subscriptions.check(FEED)

    assert error.value.kind == "blocked"


async def test_journal_is_asked_at_pubmed_else_at_its_publisher(stage: Stage) -> None:
    stage.serve(PUBMED, 1)
    assert (await stage.subscriptions.check(JII)).url == PUBMED

    stage.web.serve(PUBMED, status=503)
    stage.serve(FEED, 1)
    checked = await stage.subscriptions.check(JII)
    assert (checked.url, checked.journal) == (FEED, JII)


async def test_journal_that_nobody_serves_tells_of_its_usual_address(stage: Stage) -> None:
    stage.web.serve(PUBMED, status=503)
    stage.web.serve(FEED, status=404)
    with pytest.raises(FeedRetrievalError) as error:
        await stage.subscriptions.check(JII)
    assert error.value.kind == "server"
    with pytest.raises(FeedRetrievalError):
        await stage.subscriptions.check(NO_FEED)


async def test_address_that_moved_for_good_is_watched_where_it_is(stage: Stage) -> None:
    stage.web.serve(FEED, rss([1], stage.clock()), permanent_url=f"{HOST}/new")
    checked = await stage.subscriptions.check(FEED)

    assert checked.url == f"{HOST}/new"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" journal.example.org/rss ", FEED),
        ("<https://journal.example.org/rss>", FEED),
        ("HTTPS://Journal.Example.ORG/rss#top", FEED),
        ("feed:https://journal.example.org/rss", FEED),
        ("feed://journal.example.org/rss", FEED),
        ("https://Ada:Secret@Journal.example.org/rss", "https://Ada:Secret@journal.example.org/rss"),
        ("https://journal.example.org", "https://journal.example.org/"),
        ("http://[", "http://["),
    ],
)
def test_address_has_one_spelling(typed: str, address: str) -> None:
    assert normalise_address(typed) == address


# Subscribing


async def test_newest_are_scheduled_with_the_subscription(stage: Stage) -> None:
    made = await stage.subscriptions.subscribe(
        HERE, PAPERS_HERE, BY_ADA, await stage.checked(), newest=2, form=Form.TITLE
    )

    assert (made.name, made.form, made.starts_with) == ("Journal of Invented Imaging", Form.TITLE, None)
    assert await stage.pending_count() == 2
    assert await stage.pending_count(THERE) == 0


async def test_a_check_of_a_feed_that_is_watched_brings_it_up_to_date(stage: Stage) -> None:
    await stage.subscriptions.subscribe(HERE, PAPERS_HERE, BY_ADA, await stage.checked())
    stage.serve(FEED, 1, 2, 3, 4)
    checked = await stage.subscriptions.check(FEED)
    await stage.subscriptions.subscribe(THERE, Destination(THEIRS), BY_ADA, checked, newest=3)

    assert (await stage.pending_count(HERE), await stage.pending_count(THERE)) == (1, 3)


async def test_same_feed_same_place_is_refused(stage: Stage) -> None:
    checked = await stage.checked()
    await stage.subscriptions.subscribe(HERE, PAPERS_HERE, BY_ADA, checked)
    with pytest.raises(AlreadySubscribedError):
        await stage.subscriptions.subscribe(HERE, PAPERS_HERE, BY_ADA, checked, newest=3)

    assert await stage.pending_count() == 0


async def test_filter_without_a_word_is_refused(stage: Stage) -> None:
    with pytest.raises(EmptyQueryError):
        await stage.subscriptions.subscribe(HERE, PAPERS_HERE, BY_ADA, await stage.checked(), filter="?!")

    assert await stage.subscriptions.of_guild(HERE) == []


async def test_bundle_posts_nothing_and_says_what_became_of_each(stage: Stage) -> None:
    stage.serve(PUBMED, 1)
    first = await stage.subscriptions.subscribe(
        HERE, PAPERS_HERE, BY_ADA, await stage.subscriptions.check(JII)
    )
    more = [journal(f"j{n}", f"Journal {n}", f"J {n}", feed_url=f"{HOST}/j{n}") for n in range(3)]
    bundle = await stage.subscriptions.subscribe_all(HERE, PAPERS_HERE, BY_ADA, [JII, NO_FEED, *more])

    assert first.name == "J Inv Imaging"
    assert [each.name for each in bundle.added] == ["J 0", "J 1"]
    assert {each.starts_with for each in bundle.added} == {0}
    assert (bundle.already, bundle.left_out) == ((JII,), (more[2],))
    assert await stage.pending_count() == 0
    assert await stage.subscriptions.subscribe_all(HERE, PAPERS_HERE, BY_ADA, []) == Bundle()


async def test_limit_holds(stage: Stage) -> None:
    for number in range(3):
        await stage.subscriptions.subscribe(
            HERE, PAPERS_HERE, BY_ADA, await stage.checked(f"{HOST}/{number}")
        )
    with pytest.raises(TooManySubscriptionsError):
        await stage.subscriptions.subscribe(HERE, PAPERS_HERE, BY_ADA, await stage.checked(f"{HOST}/4"))


# Finding


@pytest.fixture
async def two(stage: Stage) -> Stage:
    """Here: the invented journal in #papers and #spine, and Spine News in #papers. There: nothing."""
    stage.serve(PUBMED, 1)
    checked = await stage.subscriptions.check(JII)
    await stage.subscriptions.subscribe(HERE, PAPERS_HERE, BY_ADA, checked)
    await stage.subscriptions.subscribe(HERE, SPINE_HERE, BY_ADA, checked)
    news = await stage.checked(f"{HOST}/news", title="Spine News Weekly")
    await stage.subscriptions.subscribe(HERE, PAPERS_HERE, BY_ADA, news)
    return stage


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("J Inv Imaging", (1, 2)),
        ("j. inv. imaging", (1, 2)),
        ("jii", (1, 2)),
        ("Journal of Invented Imaging", (1, 2)),
        ("0000-0019", (1, 2)),
        ("9900001", (1, 2)),
        ("invented", (1, 2)),
        ("Spine News Weekly", (3,)),
        ("spine wee", (3,)),
        ("3", (3,)),
        ("#2", (2,)),
        (f"{HOST}/news", (3,)),
        (PUBMED, (1, 2)),
    ],
)
async def test_subscription_is_found_by_any_of_its_names(two: Stage, text: str, ids: tuple[int, ...]) -> None:
    found = await two.subscriptions.find(HERE, text)

    assert tuple(sorted(each.subscription.id for each in found)) == ids


async def test_the_one_here_is_meant_if_there_is_one_here(two: Stage) -> None:
    [found] = await two.subscriptions.find(HERE, "jii", channel_id=SPINE)

    assert found.subscription.channel_id == SPINE


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("spine newz", ("Spine News Weekly",)),
        ("Jurnal of Inventd Imagng", ("J Inv Imaging",)),
        ("qqq", ()),
        ("4", ()),
        ("", ()),
    ],
)
async def test_unknown_name_tells_what_is_near(two: Stage, text: str, near: tuple[str, ...]) -> None:
    with pytest.raises(UnknownSubscriptionError) as error:
        await two.subscriptions.find(HERE, text)

    assert error.value.near == near


@pytest.mark.row("S32")
async def test_no_server_finds_anothers(two: Stage) -> None:
    for text in ("jii", "1", "#3", PUBMED):
        with pytest.raises(UnknownSubscriptionError) as error:
            await two.subscriptions.find(THERE, text)
        assert error.value.near == ()
    assert await two.subscriptions.complete(THERE, "") == ()


async def test_names_are_completed_as_they_are_typed(two: Stage) -> None:
    completed = {
        text: [each.subscription.id for each in await two.subscriptions.complete(HERE, text)]
        for text in ("", "spi", "inv im", "zzz")
    }

    assert completed == {"": [1, 2, 3], "spi": [3], "inv im": [1, 2], "zzz": []}
    assert len(await two.subscriptions.complete(HERE, "", limit=2)) == 2


# Changing


async def test_changes_reach_storage(two: Stage) -> None:
    service = two.subscriptions
    assert (await service.pause(HERE, 3, BY_ADA)).paused_by == ADA
    assert (await service.resume(HERE, 3, BY_ADA)).paused_at is None
    assert (await service.set_form(HERE, 3, Form.CONCLUSION, BY_ADA)).form is Form.CONCLUSION
    assert (await service.set_filter(HERE, 3, "epidural", BY_ADA)).filter == "epidural"
    with pytest.raises(EmptyQueryError):
        await service.set_filter(HERE, 3, "…", BY_ADA)
    assert (await service.move(HERE, 3, SPINE_HERE, BY_ADA)).channel_id == SPINE
    await service.remove(HERE, 3, BY_ADA)

    assert [each.subscription.id for each in await service.of_guild(HERE)] == [1, 2]
    assert await two.database.run(feeds.by_url, f"{HOST}/news") is not None
