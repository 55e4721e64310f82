"""Retrieves a feed's bytes by conditional GET, so that an unchanged feed is not sent again."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from wetread.domain.errors import FeedRetrievalError, FetchError
from wetread.domain.models import NotModified, RetrievedFeed, Validators
from wetread.net.addresses import shown_url
from wetread.net.http_headers import freshness, retry_after
from wetread.net.web import Fetch, HttpRequest, HttpResponse

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5, */*;q=0.1"
)
VALIDATOR_LENGTH = 1024

_KINDS = {403: "blocked", 404: "not_found", 410: "gone", 429: "throttled"}

# Pages in front of a site that keep programs out, recognised by texts that only they contain.
_CHALLENGE_MARKS = re.compile(
    rb"just a moment\.\.\.|attention required! \| cloudflare|cf_chl_|jschl|cf-browser-verification"
    rb"|captcha-delivery\.com|_incapsula_resource|px-captcha",
    re.IGNORECASE,
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)


async def retrieve_feed(
    fetch: Fetch, url: str, validators: Validators, *, now: datetime
) -> RetrievedFeed | NotModified:
    """Retrieve the feed at `url`, or NotModified if it still matches `validators` (RFC 9110, 13.1).

    Empty validators make the request unconditional. Raises FeedRetrievalError for everything but a whole
    answer of status 200 or a 304 that was asked for.
    """
    sent = _sendable(validators)
    try:
        response = await fetch(HttpRequest(url, headers=_headers(sent)))
    except FetchError as error:
        raise FeedRetrievalError(shown_url(url), error.kind.value) from error
    hint = freshness(response.headers, now)
    if response.status == 304 and (sent.etag or sent.last_modified):
        return NotModified(response.url, _validators(response.headers, otherwise=sent), hint)
    if response.status != 200 or is_challenge(response):
        raise FeedRetrievalError(
            shown_url(url),
            _kind(response),
            status=response.status,
            retry_after=retry_after(response.headers, now),
        )
    return RetrievedFeed(
        url=response.url,
        body=response.body,
        content_type=response.headers.get("content-type"),
        validators=_validators(response.headers, otherwise=Validators()),
        hint=hint,
        permanent_url=response.permanent_url,
    )


def is_challenge(response: HttpResponse) -> bool:
    """Return whether a page that keeps programs out answered instead of the site.

    faults.md B18; sources.md, Feeds in general.
    """
    if "cf-mitigated" in response.headers:
        return True
    beginning = response.body[: 512 * 1024]  # some contain their pictures
    return bool(_HTML.search(beginning[:1024]) and _CHALLENGE_MARKS.search(beginning))


# Dates of the whole feed, which many servers change with every request; dates of entries stay. The search is
# limited, because a hostile body may make regular expressions slow.
HEAD_BYTES = 64 * 1024
_HEAD_DATES = re.compile(
    rb"<((?:[\w.-]+:)?(?:lastBuildDate|pubDate|updated|modified|date))(?:\s[^<>]*)?>[^<]*</\1\s*>|<!--[^>]{0,512}-->",
    re.IGNORECASE,
)
_ENTRY_ENDS = (b"</item", b"</entry", b":item>", b":entry>")
_ENTRY_START = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>/]", re.IGNORECASE)


def body_hash(body: bytes) -> str:
    """Return the sha256, in hex, of a feed's body without the feed's own dates and comments.

    Two bodies with the same hash have the same entries in the same order, byte for byte.
    """
    first_entry = _ENTRY_START.search(body)
    last_end = max(body.rfind(end) for end in _ENTRY_ENDS)
    start = min(first_entry.start() if first_entry else len(body), HEAD_BYTES)
    end = max(last_end, start) if last_end >= 0 else len(body)
    digest = hashlib.sha256(_HEAD_DATES.sub(b"", body[:start]))
    digest.update(memoryview(body)[start:end])
    digest.update(_HEAD_DATES.sub(b"", body[end : end + HEAD_BYTES]))
    digest.update(memoryview(body)[end + HEAD_BYTES :])
    return digest.hexdigest()


def _kind(response: HttpResponse) -> str:
    if is_challenge(response):
        return "blocked"
    if response.status >= 500:
        return "server"
    return _KINDS.get(response.status, "status")


def _headers(validators: Validators) -> dict[str, str]:
    headers = {"Accept": ACCEPT}
    if validators.etag is not None:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified is not None:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _validators(headers: Mapping[str, str], *, otherwise: Validators) -> Validators:
    etag = headers.get("etag") or otherwise.etag
    last_modified = headers.get("last-modified") or otherwise.last_modified
    if etag == otherwise.etag and last_modified == otherwise.last_modified:
        return otherwise
    return _sendable(Validators(etag, last_modified))


def _sendable(validators: Validators) -> Validators:
    """Remove validators that no request may contain (faults.md S35); never change the others."""
    if _is_sendable(validators.etag) and _is_sendable(validators.last_modified):
        return validators
    return Validators(
        validators.etag if _is_sendable(validators.etag) else None,
        validators.last_modified if _is_sendable(validators.last_modified) else None,
    )


def _is_sendable(value: str | None) -> bool:
    return value is None or (0 < len(value) <= VALIDATOR_LENGTH and value.isprintable())
