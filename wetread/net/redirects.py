"""Redirects: which request follows, and what it may carry to another origin. Pure but for yarl's URL."""

from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import urlencode

from yarl import URL

from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.addresses import shown_url
from wetread.net.web import HttpRequest

PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HARMLESS_HEADERS = frozenset({"accept", "accept-language", "user-agent"})
"""What may follow a redirect to another origin: no credentials, keys or validators (faults.md S27)."""


@dataclass(slots=True)
class Hop:
    """One request of a chain of redirects. `userinfo`: user and password of the original address."""

    url: URL
    method: str
    headers: dict[str, str]
    body: bytes | None
    userinfo: tuple[str | None, str | None] = (None, None)


def first_hop(request: HttpRequest) -> Hop:
    """Return the first request of a chain. Raises FetchError for an address that is not on the web."""
    url = _web_url(request.url)
    if url is None:
        raise FetchError(shown_url(request.url), FetchFailure.ADDRESS_REFUSED)
    headers = dict(request.headers)
    userinfo = (url.user, url.password) if "@" in request.url else (None, None)
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
    return Hop(url, request.method, headers, body, userinfo)


def next_hop(hop: Hop, status: int, location: str) -> Hop | None:
    """Return the request that follows a redirect; None if the redirect must not be followed.

    That is the case if it does not lead to http or https, or if it would carry a body, which may hold a
    key, to another origin. Another origin gets no headers that were meant for the first.
    """
    url = _web_url(location, hop.url)
    if url is None:
        return None
    url = url.with_user(None)
    becomes_get = (status == 303 and hop.method != "HEAD") or (status in {301, 302} and hop.method == "POST")
    if _is_same_origin(hop.url, url):
        following = Hop(url, hop.method, dict(hop.headers), hop.body, hop.userinfo)
    elif hop.body is None or becomes_get:
        harmless = {name: value for name, value in hop.headers.items() if name.lower() in _HARMLESS_HEADERS}
        following = Hop(url, hop.method, harmless, hop.body)
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
    """Return whether both have one origin; http and https of one host count as one."""
    if old.host != new.host:
        return False
    is_upgrade = (old.scheme, old.port, new.scheme, new.port) == ("http", 80, "https", 443)
    return is_upgrade or old.origin() == new.origin()
