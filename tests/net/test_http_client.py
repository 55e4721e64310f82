import asyncio
import itertools
import threading
import traceback
import tracemalloc
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from tests.support.doubles import FakeClock
from tests.support.servers import MEGABYTE, FakeResolver, FeedServer, compressed_zeros, feed_server
from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.host_queues import IDLE_QUEUES_KEPT
from wetread.net.http_client import HttpClient
from wetread.net.web import HttpRequest, HttpResponse

LOOPBACK = ("127.0.0.1:*",)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


@pytest.fixture
async def other_server() -> AsyncIterator[FeedServer]:
    """Another origin: another port."""
    async with feed_server() as running:
        yield running


@asynccontextmanager
async def http_client(
    allowed: tuple[str, ...] = LOOPBACK,
    *,
    clock: FakeClock | None = None,
    host_gap: float = 0,
    per_host: int = 10,
    concurrency: int = 200,
    allowed_ports: tuple[int, ...] = (80, 443, 8080, 8443),
    resolver: FakeResolver | None = None,
) -> AsyncIterator[HttpClient]:
    clock = clock or FakeClock()
    client = HttpClient(
        user_agent="Wetread/test (+https://example.org; mailto:ada@example.org)",
        allowed_addresses=allowed,
        allowed_ports=allowed_ports,
        per_host=per_host,
        host_gap=host_gap,
        concurrency=concurrency,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        resolver=resolver,
    )
    try:
        yield client
    finally:
        await client.close()


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    async with http_client() as opened:
        yield opened


async def failure(attempt: Awaitable[HttpResponse]) -> FetchFailure:
    with pytest.raises(FetchError) as caught:
        await attempt
    return caught.value.kind


# Answers


async def test_an_answer_is_its_status_body_and_headers(client: HttpClient, server: FeedServer) -> None:
    server.answer("/feed", 503, b"later", {"Retry-After": "120", "X-Odd": "a"})

    answer = await client.fetch(HttpRequest(server.url("/feed")))

    assert (answer.status, answer.body) == (503, b"later")
    assert answer.headers["retry-after"] == "120"
    assert answer.url == server.url("/feed")
    assert answer.permanent_url is None


async def test_requests_say_who_we_are_and_bring_no_cookies(client: HttpClient, server: FeedServer) -> None:
    server.answer("/feed", 200, b"", {"Set-Cookie": "visitor=1"})

    await client.fetch(HttpRequest(server.url("/feed"), headers={"Accept": "application/rss+xml"}))
    await client.fetch(HttpRequest(server.url("/feed")))

    first, second = server.requests
    assert first.headers["user-agent"].startswith("Wetread/")
    assert first.headers["accept"] == "application/rss+xml"
    assert "cookie" not in second.headers
    assert "referer" not in second.headers


async def test_params_join_the_query_and_a_form_is_posted(client: HttpClient, server: FeedServer) -> None:
    server.answer("/efetch", 200, b"ok")

    await client.fetch(
        HttpRequest(
            server.url("/efetch?db=pubmed"),
            method="POST",
            params=(("tool", "wetread"), ("term", "a+b & c")),
            form=(("id", "99000001"), ("id", "99000002")),
        )
    )

    [request] = server.requests
    assert request.query == {"db": "pubmed", "tool": "wetread", "term": "a+b & c"}
    assert request.form == (("id", "99000001"), ("id", "99000002"))


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_compressed_bodies_arrive_plain(client: HttpClient, server: FeedServer, coding: str) -> None:
    server.bomb("/feed", 1, coding)

    answer = await client.fetch(HttpRequest(server.url("/feed")))

    assert answer.body == bytes(MEGABYTE)


async def test_header_values_that_are_no_text_are_left_out(client: HttpClient, server: FeedServer) -> None:
    server.raw(
        "/feed", b'HTTP/1.1 200 OK\r\nETag: "\xff\xfe"\r\nX-Name: J\xc3\xbcrgen\r\nContent-Length: 0\r\n\r\n'
    )

    answer = await client.fetch(HttpRequest(server.url("/feed")))

    assert "etag" not in answer.headers
    assert answer.headers["x-name"] == "Jürgen"


# Whom we talk to (faults.md S01 to S09)


@pytest.mark.row("S01", "S02", "S03", "S04")
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]", "10.0.0.1", "169.254.169.254", "[fd00:ec2::254]", "[fec0::1]", "100.64.0.1",
        "224.0.0.1", "2130706433", "127.1", "0177.0.0.1", "0x7f.1", "0", "①②⑦.⓪.⓪.①", "127.0.0.1.",
    ],
)  # fmt: skip
async def test_private_addresses_are_refused_in_every_form(server: FeedServer, host: str) -> None:
    async with http_client(allowed=(), allowed_ports=(server.port,)) as client:
        kind = await failure(client.fetch(HttpRequest(f"http://{host}:{server.port}/feed")))

    assert kind is FetchFailure.ADDRESS_REFUSED
    assert server.requests == []


async def test_allowed_addresses_are_allowed_with_their_port_only(
    server: FeedServer, other_server: FeedServer
) -> None:
    server.answer("/feed", 200)
    other_server.answer("/feed", 200)
    async with http_client(allowed=(f"127.0.0.1:{server.port}",)) as client:
        answer = await client.fetch(HttpRequest(server.url("/feed")))
        kind = await failure(client.fetch(HttpRequest(other_server.url("/feed"))))

    assert answer.status == 200
    assert kind is FetchFailure.ADDRESS_REFUSED
    assert other_server.requests == []


@pytest.mark.row("S08")
@pytest.mark.parametrize("port", [22, 25, 6379, 5432])
async def test_ports_of_other_services_are_refused(port: int) -> None:
    resolver = FakeResolver({"public.example": [["93.184.215.14"]]})
    async with http_client(allowed=(), resolver=resolver) as client:
        kind = await failure(client.fetch(HttpRequest(f"http://public.example:{port}/")))

    assert kind is FetchFailure.ADDRESS_REFUSED


@pytest.mark.row("S05")
async def test_a_name_that_leads_to_private_addresses_is_refused(server: FeedServer) -> None:
    resolver = FakeResolver({"feeds.example": [["127.0.0.1", "10.0.0.1", "::1"]]})
    async with http_client(allowed=(), allowed_ports=(server.port,), resolver=resolver) as client:
        kind = await failure(client.fetch(HttpRequest(server.url("/feed", host="feeds.example"))))

    assert kind is FetchFailure.ADDRESS_REFUSED
    assert server.requests == []


@pytest.mark.row("S06")
async def test_a_name_that_changes_its_mind_is_checked_at_every_dial(server: FeedServer) -> None:
    """faults.md S06: the first look-up is harmless, the next one leads inside."""
    server.raw("/feed", b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
    resolver = FakeResolver({"rebound.example": [["127.0.0.1"], ["10.0.0.1"]]})
    async with http_client(resolver=resolver) as client:
        first = await client.fetch(HttpRequest(server.url("/feed", host="rebound.example")))
        kind = await failure(client.fetch(HttpRequest(server.url("/feed", host="rebound.example"))))

    assert first.body == b"ok"
    assert kind is FetchFailure.ADDRESS_REFUSED
    assert len(resolver.lookups) == 2


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://host.example/", "gopher://h/", "feed", "", "http://", "http:///x", "http://[::1",
     "http://h.example:99999/", "javascript:alert(1)", f"http://{'a' * 70}.example/"],
)  # fmt: skip
async def test_what_is_no_web_address_is_refused(client: HttpClient, url: str) -> None:
    assert await failure(client.fetch(HttpRequest(url))) is FetchFailure.ADDRESS_REFUSED


@pytest.mark.row("S09")
async def test_the_environments_proxy_is_not_used(
    server: FeedServer, other_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """faults.md S09."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, other_server.url("/"))
    server.answer("/feed", 200)
    async with http_client() as client:
        await client.fetch(HttpRequest(server.url("/feed")))

    assert len(server.requests) == 1
    assert other_server.requests == []


# Redirects (faults.md S07, S10, S27, B12, B14)


@pytest.mark.row("S07")
@pytest.mark.parametrize("target", ["http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]:80/"])
async def test_a_redirect_to_a_private_address_is_refused(
    client: HttpClient, server: FeedServer, target: str
) -> None:
    server.redirect("/feed", target)

    assert await failure(client.fetch(HttpRequest(server.url("/feed")))) is FetchFailure.ADDRESS_REFUSED


@pytest.mark.row("S07")
@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://h.example/", "http://[::1", "data:,x", "//"])
async def test_a_redirect_away_from_the_web_is_refused(
    client: HttpClient, server: FeedServer, target: str
) -> None:
    server.redirect("/feed", target)

    assert await failure(client.fetch(HttpRequest(server.url("/feed")))) is FetchFailure.REDIRECTS


@pytest.mark.row("S10")
async def test_five_redirects_are_followed_and_no_more(client: HttpClient, server: FeedServer) -> None:
    for step in range(6):
        server.redirect(f"/{step}", f"/{step + 1}")
    server.answer("/6", 200, b"end")

    answer = await client.fetch(HttpRequest(server.url("/1")))
    kind = await failure(client.fetch(HttpRequest(server.url("/0"))))

    assert answer.url == server.url("/6")
    assert kind is FetchFailure.REDIRECTS


@pytest.mark.row("B12", "B14")
async def test_only_an_all_permanent_chain_has_a_permanent_address(
    client: HttpClient, server: FeedServer
) -> None:
    server.redirect("/old", "/newer", 301)
    server.redirect("/newer", "/newest", 308)
    server.redirect("/detour", "/old", 302)
    server.redirect("/aside", "/newest", 307)
    server.answer("/newest", 200)

    answers = [
        await client.fetch(HttpRequest(server.url(path))) for path in ("/old", "/detour", "/aside", "/newest")
    ]

    assert {answer.url for answer in answers} == {server.url("/newest")}
    assert [answer.permanent_url for answer in answers] == [server.url("/newest"), None, None, None]


async def test_a_redirect_status_without_a_target_is_an_answer(
    client: HttpClient, server: FeedServer
) -> None:
    server.answer("/feed", 302, b"nowhere")

    answer = await client.fetch(HttpRequest(server.url("/feed")))

    assert (answer.status, answer.body) == (302, b"nowhere")


@pytest.mark.row("S27")
async def test_credentials_and_validators_stay_at_their_origin(
    client: HttpClient, server: FeedServer, other_server: FeedServer
) -> None:
    server.redirect("/feed", "/moved")
    server.redirect("/moved", other_server.url("/elsewhere"))
    other_server.answer("/elsewhere", 200)

    answer = await client.fetch(
        HttpRequest(
            server.url("/feed", userinfo="ada:hunter2@"),
            headers={"If-None-Match": '"1"', "X-Api-Key": "canary", "Accept": "application/rss+xml"},
        )
    )

    at_home = server.requests_to("/moved")[0].headers
    elsewhere = other_server.requests[0].headers
    assert b64decode(at_home["authorization"].removeprefix("Basic ")) == b"ada:hunter2"
    assert at_home["if-none-match"] == '"1"'
    assert not {"authorization", "if-none-match", "x-api-key"} & elsewhere.keys()
    assert elsewhere["accept"] == "application/rss+xml"
    assert answer.permanent_url == other_server.url("/elsewhere")


async def test_a_feed_with_a_password_keeps_it_when_it_moves_at_home(
    client: HttpClient, server: FeedServer
) -> None:
    server.redirect("/feed", "/moved")
    server.answer("/moved", 200)

    answer = await client.fetch(HttpRequest(server.url("/feed", userinfo="ada:hun%40ter2@")))

    assert answer.url == server.url("/moved")
    assert answer.permanent_url == server.url("/moved", userinfo="ada:hun%40ter2@")


@pytest.mark.row("S27")
async def test_a_form_is_not_carried_to_another_origin(
    client: HttpClient, server: FeedServer, other_server: FeedServer
) -> None:
    server.redirect("/kept", other_server.url("/sink"), 307)
    server.redirect("/seen", other_server.url("/sink"), 303)
    other_server.answer("/sink", 200)
    form = (("api_key", "canary"),)

    kind = await failure(client.fetch(HttpRequest(server.url("/kept"), method="POST", form=form)))
    await client.fetch(HttpRequest(server.url("/seen"), method="POST", form=form))

    assert kind is FetchFailure.REDIRECTS
    [request] = other_server.requests
    assert (request.method, request.form) == ("GET", ())


# How much we read (faults.md S11)


@pytest.mark.row("D12", "S11")
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_decompression_bomb_is_given_up_after_the_cap(
    client: HttpClient, server: FeedServer, coding: str
) -> None:
    server.bomb("/bomb", 200, coding)
    await failure(client.fetch(HttpRequest(server.url("/bomb"), max_bytes=1)))  # warm, so not measured
    tracemalloc.start()

    kind = await failure(client.fetch(HttpRequest(server.url("/bomb"), max_bytes=4 * MEGABYTE)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kind is FetchFailure.TOO_LARGE
    assert peak < 16 * MEGABYTE


async def test_a_body_just_within_the_cap_is_read(client: HttpClient, server: FeedServer) -> None:
    server.bomb("/feed", 2)

    answer = await client.fetch(HttpRequest(server.url("/feed"), max_bytes=2 * MEGABYTE))
    kind = await failure(client.fetch(HttpRequest(server.url("/feed"), max_bytes=2 * MEGABYTE - 1)))

    assert len(answer.body) == 2 * MEGABYTE
    assert kind is FetchFailure.TOO_LARGE


@pytest.mark.row("S11")
async def test_an_endless_body_is_given_up_after_the_cap(client: HttpClient, server: FeedServer) -> None:
    server.endless("/endless")

    kind = await failure(client.fetch(HttpRequest(server.url("/endless"), max_bytes=MEGABYTE)))

    assert kind is FetchFailure.TOO_LARGE
    assert server.bytes_sent < 16 * MEGABYTE


async def test_a_body_that_is_announced_too_long_is_not_begun(client: HttpClient, server: FeedServer) -> None:
    server.cut("/long", b"", promised=50 * MEGABYTE)

    assert await failure(client.fetch(HttpRequest(server.url("/long")))) is FetchFailure.TOO_LARGE


@pytest.mark.row("S11")
@pytest.mark.parametrize("declared", ["gzip, gzip", "x-unknown", "br", "zstd", "identity, gzip"])
async def test_a_coding_that_was_not_offered_is_not_taken_for_a_feed(
    client: HttpClient, server: FeedServer, declared: str
) -> None:
    server.answer("/feed", 200, compressed_zeros(1, "gzip"), {"Content-Encoding": declared})

    kind = await failure(client.fetch(HttpRequest(server.url("/feed"))))

    assert kind is FetchFailure.UNREADABLE


# How long we wait, and what goes wrong (faults.md S12, B22, B30, B31)


@pytest.mark.row("B30", "S12")
async def test_a_body_that_trickles_for_ever_runs_into_the_total_time(
    client: HttpClient, server: FeedServer
) -> None:
    server.trickle("/slow", (b"x" for _ in range(10_000)), pause=0.02)

    assert await failure(client.fetch(HttpRequest(server.url("/slow"), timeout=0.3))) is FetchFailure.TIMEOUT


async def test_redirects_share_one_total_time(client: HttpClient, server: FeedServer) -> None:
    async def slow_redirect(_request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(0.12)
        return web.Response(status=302, headers={"Location": "/0"})

    server.serve("/0", slow_redirect)

    assert await failure(client.fetch(HttpRequest(server.url("/0"), timeout=0.3))) is FetchFailure.TIMEOUT


@pytest.mark.row("D12", "S12")
async def test_a_server_that_says_nothing_runs_into_the_total_time(
    client: HttpClient, server: FeedServer
) -> None:
    server.hang("/hang")

    assert await failure(client.fetch(HttpRequest(server.url("/hang"), timeout=0.2))) is FetchFailure.TIMEOUT


@pytest.mark.row("B22")
async def test_a_body_shorter_than_promised_is_no_answer(client: HttpClient, server: FeedServer) -> None:
    server.cut("/feed", b"<rss><channel>", promised=5000)

    assert await failure(client.fetch(HttpRequest(server.url("/feed")))) is FetchFailure.CONNECTION


async def test_a_dropped_connection_is_no_answer(client: HttpClient, server: FeedServer) -> None:
    server.drop("/feed")

    assert await failure(client.fetch(HttpRequest(server.url("/feed")))) is FetchFailure.CONNECTION


@pytest.mark.row("S12")
async def test_a_flood_of_headers_is_refused(client: HttpClient, server: FeedServer) -> None:
    server.raw("/flood", b"HTTP/1.1 200 OK\r\nX-Flood: " + b"x" * 20_000 + b"\r\n\r\n")
    server.raw("/many", b"HTTP/1.1 200 OK\r\n" + b"X-Many: y\r\n" * 20_000 + b"\r\n")
    server.raw("/junk", b"SSH-2.0-OpenSSH_9.2\r\n")

    kinds = [
        await failure(client.fetch(HttpRequest(server.url(path)))) for path in ("/flood", "/many", "/junk")
    ]

    assert kinds == [FetchFailure.UNREADABLE] * 3


async def test_broken_compression_is_no_answer(client: HttpClient, server: FeedServer) -> None:
    server.answer("/feed", 200, b"this is no gzip", {"Content-Encoding": "gzip"})

    assert await failure(client.fetch(HttpRequest(server.url("/feed")))) is FetchFailure.CONNECTION


@pytest.mark.row("B31")
async def test_a_name_that_does_not_exist_and_a_closed_port_are_connection_failures(
    server: FeedServer,
) -> None:
    resolver = FakeResolver({"here.example": [["127.0.0.1"]]})
    async with http_client(resolver=resolver) as client:
        no_name = await failure(client.fetch(HttpRequest("http://nowhere.example/")))
        closed = await failure(client.fetch(HttpRequest("http://here.example:1/")))

    assert (no_name, closed) == (FetchFailure.CONNECTION, FetchFailure.CONNECTION)


async def test_names_are_looked_up_outside_the_threads_that_all_share(
    client: HttpClient, server: FeedServer
) -> None:
    server.answer("/feed", 200, b"ok")
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    is_over = threading.Event()
    stuck = loop.run_in_executor(None, is_over.wait)  # as a look-up that no server answers

    answer = await client.fetch(HttpRequest(server.url("/feed", host="localhost"), timeout=5))
    is_over.set()
    await stuck

    assert answer.body == b"ok"


async def test_hosts_that_were_asked_once_are_forgotten_in_time() -> None:
    async with http_client(resolver=FakeResolver({})) as client:
        for number in range(2 * IDLE_QUEUES_KEPT):
            await failure(client.fetch(HttpRequest(f"http://h{number}.example/")))

        assert len(client._queues) <= IDLE_QUEUES_KEPT


@pytest.mark.row("B31")
async def test_plain_http_where_tls_is_expected_is_a_tls_failure(
    client: HttpClient, server: FeedServer
) -> None:
    url = server.url("/feed").replace("http://", "https://")

    assert await failure(client.fetch(HttpRequest(url))) is FetchFailure.TLS


@pytest.mark.row("S26")
@pytest.mark.parametrize("path", ["/private", "/file", "/loop", "/hang", "/drop", "/cut", "/flood", "/junk"])
async def test_neither_errors_nor_their_tracebacks_nor_logs_show_a_secret(
    client: HttpClient, server: FeedServer, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """faults.md S26: the library's own texts hold the query."""
    caplog.set_level("DEBUG", "wetread")
    server.redirect("/private", "http://10.0.0.1/?api_key=canary")
    server.redirect("/file", "file://canary@/canary?api_key=canary")
    server.redirect("/loop", "/loop?token=canary")
    server.hang("/hang")
    server.drop("/drop")
    server.cut("/cut", b"<rss", promised=100)
    server.raw("/flood", b"HTTP/1.1 200 OK\r\nX-Flood: " + b"x" * 20_000 + b"\r\n\r\n")
    server.raw("/junk", b"SSH-2.0-OpenSSH_9.2\r\n")
    url = server.url(f"{path}?token=canary", userinfo="ada:canary@")

    with pytest.raises(FetchError) as caught:
        await client.fetch(HttpRequest(url, timeout=0.3))

    shown = "".join([*traceback.format_exception(caught.value), caught.value.url, caplog.text])
    assert "127.0.0.1" in shown or "10.0.0.1" in shown
    assert "canary" not in shown


# How often we come (faults.md B29)


@pytest.mark.row("B29")
async def test_one_host_is_asked_one_at_a_time_with_a_pause_between() -> None:
    clock = FakeClock()
    async with (
        feed_server(clock.monotonic) as server,
        http_client(clock=clock, per_host=1, host_gap=1.0) as client,
    ):
        server.answer("/feed", 200)
        await asyncio.gather(*(client.fetch(HttpRequest(server.url("/feed"))) for _ in range(20)))

    times = [request.at for request in server.requests]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert server.most_at_once == 1
    assert len(times) == 20
    assert all(1 <= gap <= 2 for gap in gaps), gaps
    assert len(set(gaps)) > 1  # with jitter


async def test_waiting_for_a_turn_is_not_booked_as_a_timeout() -> None:
    """Limited before the host's turn, 341 of 10,000 requests failed without having been sent."""
    clock = FakeClock()
    async with feed_server() as server, http_client(clock=clock, per_host=1) as client:
        server.trickle("/slow", [b"a", b"b"], pause=0.05)
        answers = await asyncio.gather(
            *(client.fetch(HttpRequest(server.url("/slow"), timeout=0.4)) for _ in range(10))
        )

    assert [answer.body for answer in answers] == [b"ab"] * 10
    assert server.most_at_once == 1


async def test_a_slow_host_does_not_hold_up_the_others(server: FeedServer) -> None:
    resolver = FakeResolver({"slow.example": [["127.0.0.1"]], "quick.example": [["127.0.0.1"]]})
    server.hang("/hang")
    server.answer("/quick", 200, b"ok")
    async with http_client(resolver=resolver, per_host=1, concurrency=2) as client:
        slow = [
            asyncio.create_task(client.fetch(HttpRequest(server.url("/hang", host="slow.example"))))
            for _ in range(5)
        ]
        quick = [
            await client.fetch(HttpRequest(server.url("/quick", host="quick.example"))) for _ in range(5)
        ]
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    assert [answer.body for answer in quick] == [b"ok"] * 5


async def test_hosts_together_stay_below_the_concurrency(server: FeedServer) -> None:
    resolver = FakeResolver({f"h{number}.example": [["127.0.0.1"]] for number in range(12)})
    server.trickle("/feed", [b"ok"], pause=0.02)
    async with http_client(resolver=resolver, concurrency=3) as client:
        await asyncio.gather(
            *(
                client.fetch(HttpRequest(server.url("/feed", host=f"h{number}.example")))
                for number in range(12)
            )
        )

    assert server.most_at_once == 3


async def test_a_failed_or_cancelled_request_gives_its_turn_back(server: FeedServer) -> None:
    server.hang("/hang")
    server.answer("/feed", 200, b"ok")
    async with http_client(per_host=1, concurrency=1) as client:
        await failure(client.fetch(HttpRequest(server.url("/hang"), timeout=0.05)))
        task = asyncio.create_task(client.fetch(HttpRequest(server.url("/hang"))))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        answer = await client.fetch(HttpRequest(server.url("/feed")))

    assert answer.body == b"ok"
