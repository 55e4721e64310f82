"""HTTP requests and responses as values, so that only `http_client` uses aiohttp."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

FEED_BYTES_CAP = 10 * 1024 * 1024
"""The most bytes of one answer that are read, after decompression (faults.md S11)."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request. `params` are added to the query of the URL; `form` becomes the body of a POST."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    params: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    timeout: float = 30.0  # seconds for the whole exchange, including redirects
    max_bytes: int = FEED_BYTES_CAP  # of the decompressed body
    is_list: bool = False  # asks for many records at once; some services allow fewer of these


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One answer with any status; the caller checks the status.

    `headers` has lower-case names; a repeated header's values are joined by ", ".
    `url` is the address that answered, after redirects; `permanent_url` is where a chain made only of
    301 and 308 ended, or None if there was no redirect or one of them was temporary.
    """

    status: int
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    permanent_url: str | None = None


Fetch = Callable[[HttpRequest], Awaitable[HttpResponse]]
"""Sends a request. Raises errors.FetchError if there is no complete answer, never because of a status."""
