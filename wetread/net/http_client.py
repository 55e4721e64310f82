"""The guarded HTTP client: whom we talk to, how much we read, how long we wait, how often we come.

What people ask the bot to fetch is fetched from inside the operator's network, so every address is
checked at the moment it is dialled (faults.md F08): a resolver never sees IP literals, and a check before
the request does not see redirects or a name that changes its mind.
"""

import asyncio
import errno
import logging
import socket
import ssl
from base64 import b64encode
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Thread
from urllib.parse import urlencode

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType
from yarl import URL

from wetread.domain.chance import Chance, random_number
from wetread.domain.clock import Monotonic, Sleep
from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.addresses import AllowedAddress, DialGuard, shown_url
from wetread.net.web import HttpRequest, HttpResponse

_log = logging.getLogger(__name__)

MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0
READ_SECONDS = 10.0
CHUNK_BYTES = 64 * 1024
IDLE_QUEUES_KEPT = 1000

_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HARMLESS_HEADERS = frozenset({"accept", "accept-language", "user-agent"})
"""What may follow a redirect to another origin: no credentials, keys or validators (faults.md S27)."""


class _AddressRefusedError(OSError):
    """The guard said no. Always the same text, so that several refusals of one name stay one error."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "address refused")


@dataclass(slots=True)
class _HostQueue:
    """Who waits for one host. `free_at` is when it may be asked again (monotonic seconds)."""

    slots: asyncio.Semaphore
    free_at: float = 0.0
    user_count: int = 0


@dataclass(slots=True)
class _Hop:
    """One request of a chain of redirects."""

    url: URL
    method: str
    headers: dict[str, str]
    body: bytes | None
    userinfo: tuple[str | None, str | None] = (None, None)


@dataclass(slots=True)
class _Answer:
    """What came back for one hop; no body was read if it is a redirect."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def location(self) -> str | None:
        return self.headers.get("location") if self.status in _REDIRECTS else None


@dataclass(slots=True)
class _Budget:
    """Seconds left for an exchange. Only the time in which a slot is held is taken from it."""

    seconds: float


class HttpClient:
    """Fetches over HTTP for the whole process; `fetch` is a `web.Fetch`.

    `allowed_addresses` are exceptions from the refusal of private addresses ("10.0.0.5:8080",
    "127.0.0.1:*"; ValueError for anything else). At most `concurrency` requests are under way, at most
    `per_host` to one host, and after each a host is left alone for `host_gap` to twice as many seconds.
    Waiting for a turn is not part of a request's time-out.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        monotonic: Monotonic,
        sleep: Sleep,
        chance: Chance = random_number,
        allowed_addresses: Collection[str] = (),
        allowed_ports: Collection[int] = (80, 443, 8080, 8443),
        concurrency: int = 200,
        per_host: int = 1,
        host_gap: float = 1.0,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._guard = DialGuard(frozenset(allowed_ports), tuple(map(AllowedAddress.parse, allowed_addresses)))
        self._user_agent = user_agent
        self._monotonic = monotonic
        self._sleep = sleep
        self._chance = chance
        self._slots = asyncio.Semaphore(concurrency)
        self._per_host = per_host
        self._host_gap = host_gap
        self._queues: dict[str, _HostQueue] = {}
        self._tidy_at = IDLE_QUEUES_KEPT
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """Perform the request, following up to five redirects. Raises FetchError."""
        hop = _first_hop(request)
        budget = _Budget(request.timeout)
        permanent: URL | None = None
        is_permanent = True
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._ask(hop, request, budget)
            if answer.location is None:
                return HttpResponse(
                    status=answer.status,
                    url=str(hop.url),
                    body=answer.body,
                    headers=answer.headers,
                    permanent_url=str(permanent) if permanent is not None and is_permanent else None,
                )
            following = _next_hop(hop, answer.status, answer.location)
            if following is None:
                break
            hop = following
            is_permanent = is_permanent and answer.status in _PERMANENT
            permanent = hop.url.with_user(hop.userinfo[0]).with_password(hop.userinfo[1])
        raise FetchError(shown_url(request.url), FetchFailure.REDIRECTS)

    async def close(self) -> None:
        """Close all connections; nothing can be fetched afterwards."""
        if self._session is not None:
            await self._session.close()

    async def _ask(self, hop: _Hop, request: HttpRequest, budget: _Budget) -> _Answer:
        queue = self._queue(hop.url.host or "")
        queue.user_count += 1
        try:
            async with queue.slots:
                await self._wait_for(queue)
                try:
                    async with self._slots:
                        return await self._exchange(hop, request, budget)
                finally:
                    queue.free_at = self._monotonic() + self._host_gap * (1 + self._chance())
        finally:
            queue.user_count -= 1

    async def _wait_for(self, queue: _HostQueue) -> None:
        """Wait until the host may be asked again.

        The queue is ours: aiohttp's would count the waiting as part of the request's time-out, and let
        slow hosts hold the connections of quick ones.
        """
        while (wait := queue.free_at - self._monotonic()) > 1e-6:  # not for a rounding error
            await self._sleep(wait)

    def _queue(self, host: str) -> _HostQueue:
        if host not in self._queues:
            if len(self._queues) >= self._tidy_at:
                now = self._monotonic()
                self._queues = {
                    name: queue
                    for name, queue in self._queues.items()
                    if queue.user_count or queue.free_at > now
                }
                self._tidy_at = max(IDLE_QUEUES_KEPT, 2 * len(self._queues))
            self._queues[host] = _HostQueue(asyncio.Semaphore(self._per_host))
        return self._queues[host]

    async def _exchange(self, hop: _Hop, request: HttpRequest, budget: _Budget) -> _Answer:
        # The event loop's own clock, because that is what its time-outs go by.
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with (
                asyncio.timeout(budget.seconds),
                self._open_session().request(
                    hop.method,
                    hop.url,
                    headers=hop.headers,
                    data=hop.body,
                    allow_redirects=False,
                    timeout=_pauses(request.timeout),
                ) as response,
            ):
                answer = _Answer(response.status, _plain_headers(response))
                if answer.location is None:
                    answer.body = await _read(response, request.max_bytes)
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            shown = shown_url(str(hop.url))
            _log.debug("%s: %s", shown, _detail(error))
            # Without its cause: the library's texts hold the whole address (faults.md S26).
            raise FetchError(shown, _failure(error)) from None
        budget.seconds -= loop.time() - started
        return answer

    def _open_session(self) -> aiohttp.ClientSession:
        # Not in __init__: aiohttp wants a running event loop.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=self._dial,
                    resolver=self._resolver or _ThreadPerName(),
                    use_dns_cache=False,  # a cached answer would outlive a name that was rebound
                    limit=0,  # our queues are the limit
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent},
                trust_env=False,  # a proxy from the environment would dial for us, unguarded
            )
        return self._session

    def _dial(self, address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, sockaddr = address
        if not self._guard.permits(str(sockaddr[0]), int(sockaddr[1])):
            raise _AddressRefusedError
        return socket.socket(family=family, type=kind, proto=protocol)


class _ThreadPerName(AbstractResolver):
    """Looks each name up in a thread of its own.

    Names whose servers never answer would fill the few threads that asyncio shares with everybody: other
    feeds would run into their time-outs unsent, and the process could not end before the last gave up.
    """

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return all addresses of `host`. Raises OSError or UnicodeError as getaddrinfo does."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[ResolveResult]] = loop.create_future()
        look_up = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)

        def settle(result: list[ResolveResult] | OSError | UnicodeError) -> None:
            if answer.done():
                return  # nobody waits any more
            if isinstance(result, Exception):
                answer.set_exception(result)
            else:
                answer.set_result(result)

        def run() -> None:
            result: list[ResolveResult] | OSError | UnicodeError
            try:
                result = [_resolved(host, info) for info in look_up()]
            except (OSError, UnicodeError) as error:
                result = error
            with suppress(RuntimeError):  # the event loop has ended meanwhile
                loop.call_soon_threadsafe(settle, result)

        Thread(target=run, name=f"look up {host}", daemon=True).start()
        return await answer

    async def close(self) -> None:
        """Nothing to close: the threads end by themselves."""


def _resolved(host: str, info: AddrInfoType) -> ResolveResult:
    family, _, protocol, _, address = info
    return ResolveResult(
        hostname=host,
        host=str(address[0]),
        port=int(address[1]),
        family=family,
        proto=protocol,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


@lru_cache
def _pauses(seconds: float) -> aiohttp.ClientTimeout:
    """Return how long a request of so many seconds may be silent; the whole time is the budget's business."""
    return aiohttp.ClientTimeout(
        total=None,
        sock_connect=CONNECT_SECONDS,
        sock_read=max(READ_SECONDS, seconds / 3),  # a big query may take its time to begin
    )


def _first_hop(request: HttpRequest) -> _Hop:
    url = _web_url(request.url)
    if url is None:
        raise FetchError(shown_url(request.url), FetchFailure.ADDRESS_REFUSED)
    headers = dict(request.headers)
    userinfo = (url.user, url.password)
    if userinfo != (None, None):
        pair = f"{url.user or ''}:{url.password or ''}".encode()
        headers.setdefault("Authorization", f"Basic {b64encode(pair).decode()}")
        url = url.with_user(None)
    if request.params:
        url = url.extend_query(request.params)
    body = None
    if request.form:
        body = urlencode(request.form).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return _Hop(url, request.method, headers, body, userinfo)


def _next_hop(hop: _Hop, status: int, location: str) -> _Hop | None:
    """Return the request that a redirect asks for, None if it leads away from the web.

    Another origin gets nothing that was meant for the first. A body, which may hold a key, is never
    carried there: None as well.
    """
    url = _web_url(location, hop.url)
    if url is None:
        return None
    url = url.with_user(None)
    becomes_get = (status == 303 and hop.method != "HEAD") or (status in {301, 302} and hop.method == "POST")
    if _is_same_origin(hop.url, url):
        following = _Hop(url, hop.method, dict(hop.headers), hop.body, hop.userinfo)
    elif hop.body is None or becomes_get:
        harmless = {name: value for name, value in hop.headers.items() if name.lower() in _HARMLESS_HEADERS}
        following = _Hop(url, hop.method, harmless, hop.body)
    else:
        return None
    if becomes_get:
        following.method, following.body = "GET", None
        following.headers.pop("Content-Type", None)
    return following


def _web_url(text: str, base: URL | None = None) -> URL | None:
    try:
        url = URL(text) if base is None else base.join(URL(text))
        return url if url.scheme in {"http", "https"} and url.host and url.port else None
    except ValueError:
        return None


def _is_same_origin(old: URL, new: URL) -> bool:
    """Also when a site only moves from http to https, which keeps a feed's password and validators valid."""
    if old.host != new.host:
        return False
    is_upgrade = (old.scheme, old.port, new.scheme, new.port) == ("http", 80, "https", 443)
    return is_upgrade or old.origin() == new.origin()


def _plain_headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Return lower-case names and joined values; a value that is no UTF-8 text is left out."""
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        if value.isascii() or value.encode(errors="ignore").decode() == value:
            key = name.lower()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Read the decompressed body in pieces, and stop at the first that is too many (faults.md F10)."""
    coding = ", ".join(response.headers.getall("Content-Encoding", ())).strip().lower()
    offered = response.request_info.headers.get("Accept-Encoding", "")
    if coding not in {"", "identity", *offered.split(", ")}:
        raise FetchError(shown_url(str(response.url)), FetchFailure.UNREADABLE)
    body = bytearray()
    is_too_large = (response.content_length or 0) > max_bytes
    while not is_too_large and (chunk := await response.content.read(CHUNK_BYTES)):
        body += chunk
        is_too_large = len(body) > max_bytes
    if is_too_large:
        raise FetchError(shown_url(str(response.url)), FetchFailure.TOO_LARGE)
    return bytes(body)


def _failure(error: Exception) -> FetchFailure:
    """Tell what went wrong from the library's classes."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, _AddressRefusedError):
        return FetchFailure.ADDRESS_REFUSED
    if isinstance(error, TimeoutError):
        return FetchFailure.TIMEOUT
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return FetchFailure.TLS
    if isinstance(error, aiohttp.InvalidURL | UnicodeError):
        return FetchFailure.ADDRESS_REFUSED
    if isinstance(error, aiohttp.ClientResponseError):
        return FetchFailure.UNREADABLE
    return FetchFailure.CONNECTION


def _detail(error: Exception) -> str:
    """Return what the operator may want to know, from the parts that hold no address."""
    reason = getattr(error, "certificate_error", None) or getattr(error, "os_error", None)
    return f"{type(error).__name__} ({reason})" if reason else type(error).__name__
