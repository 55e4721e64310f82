"""The guarded HTTP client: refuses private addresses, limits sizes and times, spreads requests.

People can make the bot fetch addresses from inside the operator's network, so every address is checked when
it is dialled (faults.md M08). A resolver never sees IP literals, and a check before the request would see
neither redirects nor a name whose address changes.
"""

import asyncio
import errno
import logging
import socket
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.connector import AddrInfoType
from yarl import URL

from wetread.domain.chance import Chance, random_number
from wetread.domain.clock import Monotonic, Sleep
from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.addresses import AllowedAddress, DialGuard, shown_url
from wetread.net.deadlines import Deadline, Deadlines
from wetread.net.host_queues import HostQueues
from wetread.net.redirects import PERMANENT, REDIRECTS, Hop, first_hop, next_hop
from wetread.net.resolver import ThreadPerNameResolver
from wetread.net.web import HttpRequest, HttpResponse

_log = logging.getLogger(__name__)

MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0
READ_SECONDS = 10.0
CHUNK_BYTES = 64 * 1024
_WITHOUT_BODY = frozenset({204, 304})  # RFC 9110, 15.3.5 and 15.4.5


class _AddressRefusedError(OSError):
    """The guard refused the address. The text is constant, so that refusals of one name stay one error."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "address refused")


@dataclass(slots=True)
class _Answer:
    """The answer to one request; the body of a redirect is not read. `seconds`: how long it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    seconds: float = 0.0

    @property
    def location(self) -> str | None:
        return self.headers.get("location") if self.status in REDIRECTS else None


class HttpClient:
    """Sends all HTTP requests of the process except Discord's; `fetch` is a `web.Fetch`.

    `allowed_addresses` are private addresses that may be dialled ("10.0.0.5:8080", "127.0.0.1:*"; ValueError
    for anything else). At most `concurrency` requests are under way, at most `per_host` to one host, and
    after each there is a pause for that host of `host_gap` to twice as many seconds. Waiting for a turn is
    not part of a request's time-out.
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
        self._slots = asyncio.Semaphore(concurrency)
        self._queues = HostQueues(
            per_host=per_host, gap=host_gap, monotonic=monotonic, sleep=sleep, chance=chance
        )
        self._deadlines = Deadlines()
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """Perform the request, following up to five redirects. Raises FetchError."""
        hop = first_hop(request)
        seconds = request.timeout  # for all redirects together; waiting for a turn does not count
        permanent: URL | None = None
        is_permanent = True
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._ask(hop, request, seconds)
            if answer.location is None:
                return HttpResponse(
                    status=answer.status,
                    url=str(hop.url),
                    body=answer.body,
                    headers=answer.headers,
                    permanent_url=str(permanent) if permanent is not None and is_permanent else None,
                )
            following = next_hop(hop, answer.status, answer.location)
            if following is None:
                break
            seconds -= answer.seconds
            hop = following
            is_permanent = is_permanent and answer.status in PERMANENT
            permanent = hop.url.with_user(hop.userinfo[0]).with_password(hop.userinfo[1])
        raise FetchError(shown_url(request.url), FetchFailure.REDIRECTS)

    async def close(self) -> None:
        """Close all connections; nothing can be fetched afterwards."""
        if self._session is not None:
            await self._session.close()
        self._deadlines.close()

    async def _ask(self, hop: Hop, request: HttpRequest, seconds: float) -> _Answer:
        pause = max(READ_SECONDS, request.timeout / 3)  # a big query may take a while to begin
        try:
            async with self._queues.turn(hop.url.host or ""), self._slots:
                with self._deadlines.limit(
                    seconds, first_pause=CONNECT_SECONDS + pause, pause=pause
                ) as deadline:
                    async with self._open_session().request(
                        hop.method, hop.url, headers=hop.headers, data=hop.body, allow_redirects=False
                    ) as response:
                        answer = _Answer(response.status, _plain_headers(response))
                        if answer.status not in _WITHOUT_BODY and answer.location is None:
                            deadline.heard()
                            answer.body = await _read(response, request.max_bytes, deadline)
                answer.seconds = deadline.seconds_used()
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            shown = shown_url(str(hop.url))
            _log.debug("%s: %s", shown, _detail(error))
            # Without its cause, because the library's texts contain the whole address (faults.md S26).
            raise FetchError(shown, _failure(error)) from None
        return answer

    def _open_session(self) -> aiohttp.ClientSession:
        # Not in __init__: aiohttp wants a running event loop.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=self._dial,
                    resolver=self._resolver or ThreadPerNameResolver(),
                    use_dns_cache=False,  # a cached answer would outlive a name that was rebound
                    limit=0,  # HostQueues and the semaphore are the limit
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent},
                # `_deadlines` limits the rest.
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
                trust_env=False,  # a proxy from the environment would dial for us, unguarded
            )
        return self._session

    def _dial(self, address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, sockaddr = address
        if not self._guard.permits(str(sockaddr[0]), int(sockaddr[1])):
            raise _AddressRefusedError
        return socket.socket(family=family, type=kind, proto=protocol)


def _plain_headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Return lower-case names and joined values; leave out values that are not UTF-8."""
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        if value.isascii() or value.encode(errors="ignore").decode() == value:
            key = name.lower()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


async def _read(response: aiohttp.ClientResponse, max_bytes: int, deadline: Deadline) -> bytes:
    """Read the decompressed body in pieces, and stop when it is larger than `max_bytes` (faults.md M10)."""
    coding = ", ".join(response.headers.getall("Content-Encoding", ())).strip().lower()
    offered = response.request_info.headers.get("Accept-Encoding", "")
    if coding not in {"", "identity", *offered.split(", ")}:
        raise FetchError(shown_url(str(response.url)), FetchFailure.UNREADABLE)
    body = bytearray()
    is_too_large = (response.content_length or 0) > max_bytes
    while not is_too_large and (chunk := await response.content.read(CHUNK_BYTES)):
        deadline.heard()
        body += chunk
        is_too_large = len(body) > max_bytes
    if is_too_large:
        raise FetchError(shown_url(str(response.url)), FetchFailure.TOO_LARGE)
    return bytes(body)


def _failure(error: Exception) -> FetchFailure:
    """Return the kind of failure for an exception of aiohttp or the system."""
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
    """Return a description for the log, made of the parts of an error that contain no address."""
    reason = getattr(error, "certificate_error", None) or getattr(error, "os_error", None)
    return f"{type(error).__name__} ({reason})" if reason else type(error).__name__
