import gzip
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doubles import FakeClock, ScriptedWeb
from tests.support.samples import OWN, REAL, needs_real
from tests.support.servers import FeedServer, feed_server
from wetread.domain.errors import FeedRetrievalError, FetchFailure
from wetread.domain.models import NotModified, RetrievedFeed, Validators
from wetread.feeds.conditional_get import body_hash, is_challenge, retrieve_feed
from wetread.net.http_client import HttpClient
from wetread.net.web import HttpResponse

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
URL = "https://journal.example/rss"
NOTHING = Validators()

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel>
<title>Journal of Invented Imaging</title>
<lastBuildDate>Mon, 02 Nov 2026 09:00:00 GMT</lastBuildDate><pubDate>Mon, 02 Nov 2026 09:00:00 GMT</pubDate>
<item><guid>pubmed:99000001</guid><pubDate>Sun, 01 Nov 2026 06:00:00 -0500</pubDate></item>
</channel></rss>"""


# Over the script


async def test_a_feed_arrives_with_its_validators_and_the_servers_wish() -> None:
    web = ScriptedWeb()
    headers = {
        "ETag": 'W/"abc--gzip"',
        "Last-Modified": "Mon, 2 Nov 2026 8:00:00",
        "Content-Type": "text/xml",
        "Cache-Control": "max-age=7200",
    }
    web.serve(URL, RSS, headers=headers)

    feed = await retrieve_feed(web, URL, NOTHING, now=NOW)

    assert feed == RetrievedFeed(
        url=URL,
        body=RSS,
        content_type="text/xml",
        validators=Validators('W/"abc--gzip"', "Mon, 2 Nov 2026 8:00:00"),
        hint=7200,
    )
    [request] = web.requests
    assert "application/rss+xml" in request.headers["Accept"]
    assert not {"If-None-Match", "If-Modified-Since"} & request.headers.keys()


@pytest.mark.row("B25")
@pytest.mark.parametrize(
    "validators",
    [
        Validators('W/"abc--gzip"', "Mon, 2 Nov 2026 8:00:00"),
        Validators("no quotes at all", None),
        Validators(None, "yesterday"),
        Validators('"übung"', None),
    ],
)
async def test_validators_are_sent_back_as_they_came(validators: Validators) -> None:
    """faults.md B25."""
    web = ScriptedWeb()
    web.serve(URL, status=304)

    answer = await retrieve_feed(web, URL, validators, now=NOW)

    assert answer == NotModified(URL, validators)
    [request] = web.requests
    assert request.headers.get("If-None-Match") == validators.etag
    assert request.headers.get("If-Modified-Since") == validators.last_modified


@pytest.mark.row("S35")
@pytest.mark.parametrize(
    "etag", ['"a\r\nX-Evil: 1"', '"a\x00"', '"' + "x" * 2000 + '"', '"a\x7f"', "\ud800", ""]
)
async def test_validators_that_no_honest_server_sends_are_dropped(etag: str) -> None:
    """faults.md S35."""
    web = ScriptedWeb()
    web.serve(URL, RSS, headers={"ETag": etag})

    feed = await retrieve_feed(web, URL, Validators(etag, etag), now=NOW)

    assert feed.validators == NOTHING
    assert not {"If-None-Match", "If-Modified-Since"} & web.requests[0].headers.keys()


async def test_a_304_may_bring_a_new_validator_and_keeps_the_rest() -> None:
    web = ScriptedWeb()
    web.serve(URL, status=304, headers={"ETag": '"2"', "Cache-Control": "max-age=60"})

    answer = await retrieve_feed(web, URL, Validators('"1"', "Monday"), now=NOW)

    assert answer == NotModified(URL, Validators('"2"', "Monday"), 60)


@pytest.mark.row("B15", "B16", "B17", "B18")
@pytest.mark.parametrize(
    ("status", "headers", "kind", "retry_after"),
    [
        (403, {}, "blocked", None),
        (404, {}, "not_found", None),
        (410, {}, "gone", None),
        (429, {"Retry-After": "3600"}, "throttled", 3600),
        (429, {"Retry-After": "-5"}, "throttled", None),
        (429, {"Retry-After": "in a while"}, "throttled", None),
        (429, {"cf-mitigated": "challenge"}, "blocked", None),
        (200, {"cf-mitigated": "challenge"}, "blocked", None),
        (500, {}, "server", None),
        (
            503,
            {"Retry-After": "Mon, 02 Nov 2026 12:10:00 GMT", "Date": "Mon, 02 Nov 2026 12:00:00 GMT"},
            "server",
            600,
        ),
        (401, {}, "status", None),
        (206, {}, "status", None),
        (304, {}, "status", None),  # not asked for
        (302, {}, "status", None),  # without a target
    ],
)
async def test_each_status_has_its_name(
    status: int, headers: dict[str, str], kind: str, retry_after: float | None
) -> None:
    """faults.md B15 to B18."""
    web = ScriptedWeb()
    web.serve(URL, status=status, headers=headers)

    with pytest.raises(FeedRetrievalError) as caught:
        await retrieve_feed(web, URL, NOTHING, now=NOW)

    assert (caught.value.kind, caught.value.status, caught.value.retry_after) == (kind, status, retry_after)


@pytest.mark.parametrize("failure", list(FetchFailure))
async def test_a_failed_fetch_keeps_its_kind_and_no_secret(failure: FetchFailure) -> None:
    url = "https://ada:canary@journal.example/rss?token=canary"
    web = ScriptedWeb()
    web.fail(url.partition("?")[0], failure)

    with pytest.raises(FeedRetrievalError) as caught:
        await retrieve_feed(web, url, NOTHING, now=NOW)

    assert caught.value.kind == failure.value
    assert "canary" not in str(caught.value)


def challenge_page(words: str) -> HttpResponse:
    return HttpResponse(503, URL, f"<!DOCTYPE html>\n<html><head>{words}</head></html>".encode())


@pytest.mark.row("B18")
def test_gatekeepers_pages_are_told_from_feeds_that_mention_them() -> None:
    feed = RSS.replace(b"Journal of Invented Imaging", b"Just a moment... and other &lt;html&gt; challenges")

    assert is_challenge(challenge_page("<title>Just a moment...</title>"))
    assert is_challenge(challenge_page("<script>window._cf_chl_opt={}</script>"))
    assert not is_challenge(challenge_page("<title>Journal of Invented Imaging</title>"))
    assert not is_challenge(HttpResponse(200, URL, feed))


@pytest.mark.parametrize(
    ("samples", "name"),
    [
        pytest.param(REAL, "cf_*.html", marks=needs_real, id="real"),
        pytest.param(OWN, "challenge_*.html", id="own"),
    ],
)
def test_challenge_pages_are_recognised_and_feeds_are_none(samples: Path, name: str) -> None:
    # One of the real pages, "bfm", is an ordinary page into which a script was put.
    pages = [path for path in (samples / "hostile").glob(name) if "_bfm_" not in path.name]
    feeds = [path for path in samples.rglob("*") if path.suffix in {".xml", ".rdf", ".atom", ".rss"}]

    assert pages
    for path in pages:
        assert is_challenge(HttpResponse(503, URL, path.read_bytes())), path.name
    assert feeds
    for path in feeds:
        assert not is_challenge(HttpResponse(200, URL, path.read_bytes())), path.name


# The hash


def test_the_feeds_own_dates_do_not_count() -> None:
    later = RSS.replace(b"Mon, 02 Nov 2026 09:00:00", b"Mon, 02 Nov 2026 10:00:07")
    stamped = later.replace(
        b"</channel>", b"<lastBuildDate>now</lastBuildDate><!-- cached 10:00 --></channel>"
    )

    assert body_hash(RSS) == body_hash(later) == body_hash(stamped)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Sun, 01 Nov 2026", b"Sat, 31 Oct 2026"),  # an entry's own date
        (b"99000001", b"99000002"),
        (b"Invented Imaging", b"Imagined Imaging"),
        (b"</item>", b"</item><item><guid>x</guid></item>"),
    ],
)
def test_everything_else_counts(old: bytes, new: bytes) -> None:
    assert body_hash(RSS) != body_hash(RSS.replace(old, new))


def test_atom_and_rdf_dates_do_not_count_either() -> None:
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><updated>%s</updated><entry><updated>%s</updated></entry></feed>'
    rdf = (
        b"<rdf:RDF><channel><dc:date>%s</dc:date><items><rdf:Seq/></items></channel>"
        b"<item><dc:date>%s</dc:date></item></rdf:RDF>"
    )
    for form in (atom, rdf, atom.replace(b"entry>", b"a:entry>"), rdf.replace(b"item>", b"rss:item>")):
        assert body_hash(form % (b"1", b"x")) == body_hash(form % (b"2", b"x"))
        assert body_hash(form % (b"1", b"x")) != body_hash(form % (b"1", b"y"))


@pytest.mark.parametrize(
    "piece",
    [b"<!--", b"<date", b"<date ", b"<a:", b"<date>", b"<item", b"</item", b"<aaaa", b"<lastBuildDate>x</"],
)
def test_no_body_makes_the_hash_slow(piece: bytes) -> None:
    body = (piece * (5_000_000 // len(piece)))[:5_000_000]
    started = time.process_time()

    body_hash(body)

    assert time.process_time() - started < 2  # a quadratic pattern would take minutes


@given(st.binary())
def test_any_body_has_a_hash(body: bytes) -> None:
    assert len(body_hash(body)) == 64


# Over real sockets


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    clock = FakeClock()
    client = HttpClient(
        user_agent="Wetread/test",
        allowed_addresses=("127.0.0.1:*",),
        host_gap=0,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
    )
    yield client
    await client.close()


async def test_an_unchanged_feed_is_not_sent_again(client: HttpClient, server: FeedServer) -> None:
    server.publish("/rss", RSS, last_modified="Mon, 02 Nov 2026 09:00:00 GMT")
    first = await retrieve_feed(client.fetch, server.url("/rss"), NOTHING, now=NOW)
    second = await retrieve_feed(client.fetch, server.url("/rss"), first.validators, now=NOW)
    server.publish("/rss", RSS.replace(b"99000001", b"99000002"))
    third = await retrieve_feed(client.fetch, server.url("/rss"), second.validators, now=NOW)

    assert isinstance(first, RetrievedFeed)
    assert first.body == RSS
    assert isinstance(second, NotModified)
    assert second.validators == first.validators
    assert isinstance(third, RetrievedFeed)
    assert b"99000002" in third.body


@pytest.mark.row("B25")
async def test_odd_validators_survive_the_wire_byte_for_byte(client: HttpClient, server: FeedServer) -> None:
    """faults.md B25."""
    etag, date = 'W/"abc--gzip;\'=ü"', "2026-11-02 09:00 +0100 (sic)"
    server.publish("/rss", RSS, etag=etag, last_modified=date)

    feed = await retrieve_feed(client.fetch, server.url("/rss"), NOTHING, now=NOW)
    again = await retrieve_feed(client.fetch, server.url("/rss"), feed.validators, now=NOW)

    assert isinstance(again, NotModified)
    assert server.requests[1].headers["if-none-match"] == etag
    assert server.requests[1].headers["if-modified-since"] == date


@pytest.mark.row("B24")
async def test_a_server_that_ignores_validators_sends_a_body_with_the_same_hash(
    client: HttpClient, server: FeedServer
) -> None:
    """faults.md B24."""
    server.publish("/rss", RSS, ignores_validators=True)
    first = await retrieve_feed(client.fetch, server.url("/rss"), NOTHING, now=NOW)
    second = await retrieve_feed(client.fetch, server.url("/rss"), first.validators, now=NOW)

    assert isinstance(first, RetrievedFeed)
    assert isinstance(second, RetrievedFeed)
    assert body_hash(first.body) == body_hash(second.body)


@pytest.mark.row("B12", "B14")
async def test_a_moved_feed_says_where_to(client: HttpClient, server: FeedServer) -> None:
    """faults.md B12, B14."""
    server.redirect("/old", "/rss", 301)
    server.redirect("/temporary", "/rss", 302)
    server.publish("/rss", RSS)

    moved = await retrieve_feed(client.fetch, server.url("/old"), NOTHING, now=NOW)
    elsewhere = await retrieve_feed(client.fetch, server.url("/temporary"), NOTHING, now=NOW)

    assert isinstance(moved, RetrievedFeed)
    assert isinstance(elsewhere, RetrievedFeed)
    assert (moved.permanent_url, elsewhere.permanent_url) == (server.url("/rss"), None)


@pytest.mark.row("B22")
async def test_a_body_that_was_cut_short_is_discarded(client: HttpClient, server: FeedServer) -> None:
    """faults.md B22."""
    server.cut("/rss", RSS[:100], promised=len(RSS))

    with pytest.raises(FeedRetrievalError) as caught:
        await retrieve_feed(client.fetch, server.url("/rss"), NOTHING, now=NOW)

    assert caught.value.kind == "connection"


async def test_a_compressed_feed_is_the_same_feed(client: HttpClient, server: FeedServer) -> None:
    server.answer("/rss", 200, gzip.compress(RSS), {"Content-Encoding": "gzip"})

    feed = await retrieve_feed(client.fetch, server.url("/rss"), NOTHING, now=NOW)

    assert isinstance(feed, RetrievedFeed)
    assert feed.body == RSS
