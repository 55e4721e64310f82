"""Every error of the domain. They carry data; sentences for people are made in `cogs/errors/cog.py`.

WetreadError
├── ConfigError             config.toml or the environment has faults, all of them listed
├── IdentifierError         a text that was meant as an identifier is none
├── EmptyQueryError         a search without a single word to look for
├── FetchError              no complete answer over HTTP
├── FeedError               about one feed address
│   ├── FeedRetrievalError  … its bytes could not be had
│   │   └── FeedBlockedError    … because the site refuses programs, with what may take its place
│   └── FeedParseError      … its bytes are not a usable feed
├── RecordSourceError       a bibliographic database could not be asked: an outage, never "not found"
├── ArticleNotFoundError    every source answered, and none knows the article
├── SubscriptionError       about what a server watches
│   ├── AlreadySubscribedError
│   ├── UnknownSubscriptionError
│   ├── UnknownJournalError
│   ├── UnknownIssnError
│   ├── UnknownCategoryError
│   ├── FaultyQueryError
│   ├── TooBroadQueryError
│   └── TooManySubscriptionsError
├── DeliveryError           about one message to Discord
│   ├── DeliveryRefusedError    Discord said no: nothing was posted
│   ├── DeliveryDelayedError    Discord said later: nothing was posted
│   ├── DeliveryAmbiguousError  nobody knows whether it was posted
│   ├── MessageDeletedError     it was posted, and somebody removed it
│   └── HistoryUnreadableError  the look-back could not see the channel's history
└── StorageError            the database cannot be used; the operator can repair it
    └── StorageFailedError      … while the bot runs: nothing can be kept at the moment
"""

from dataclasses import dataclass
from enum import StrEnum


class WetreadError(Exception):
    """The root. Catch it where every expected failure is answered alike."""


@dataclass(frozen=True, slots=True)
class ConfigFault:
    """One fault: where it stands (`[polling] interval_minutes`), what is wrong, what would be right."""

    place: str
    problem: str
    suggestion: str | None = None

    def __str__(self) -> str:
        hint = f" {self.suggestion}" if self.suggestion else ""
        return f"{self.place}: {self.problem}{hint}"


class ConfigError(WetreadError):
    """All faults of the configuration at once."""

    def __init__(self, faults: tuple[ConfigFault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class IdentifierError(WetreadError):
    """`text` is not a DOI, PMID, PMCID, PII or address of an article."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not an identifier: {text!r}")
        self.text = text


class EmptyQueryError(WetreadError):
    """A query had no word that could be looked for."""

    def __init__(self, text: str) -> None:
        super().__init__(f"nothing to search for in {text!r}")
        self.text = text


class FetchFailure(StrEnum):
    """Why no complete answer was had."""

    ADDRESS_REFUSED = "address_refused"  # private address, port or scheme that we do not talk to
    TIMEOUT = "timeout"
    CONNECTION = "connection"  # DNS, refused, reset, cut short
    TLS = "tls"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"  # not HTTP, endless headers, or a compression that we did not offer
    REDIRECTS = "redirects"  # too many, or to something that is not HTTP
    CIRCUIT_OPEN = "circuit_open"  # not asked: the source failed too often a moment ago


class FetchError(WetreadError):
    """No complete answer from `url` (shown without credentials); `kind` says why."""

    def __init__(self, url: str, kind: FetchFailure) -> None:
        super().__init__(f"{kind}: {url}")
        self.url = url
        self.kind = kind


class FeedError(WetreadError):
    """Something about the feed at `url` (shown without credentials)."""

    def __init__(self, url: str, message: str) -> None:
        super().__init__(f"{message}: {url}")
        self.url = url


class FeedRetrievalError(FeedError):
    """The feed's bytes could not be had.

    `kind`: a FetchFailure's value, or "blocked" (403, or a challenge page), "not_found" (404),
    "gone" (410), "throttled" (429), "server" (5xx), "status" (any other); of a query also a
    RecordSourceError's, "too_many" (more in a day than the source tells) or "switched_off".
    `retry_after`: seconds that the server asked us to wait, None if it did not say.
    """

    def __init__(
        self, url: str, kind: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(url, f"{kind} ({status})" if status else kind)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after


class FeedBlockedError(FeedRetrievalError):
    """The site refuses programs. `substitute`: what to watch instead ("issn:1051-0443"), None = not known."""

    def __init__(self, url: str, *, status: int | None = None, substitute: str | None = None) -> None:
        super().__init__(url, "blocked", status=status)
        self.substitute = substitute


class FeedParseError(FeedError):
    """The bytes are not a usable feed.

    `kind`: "not_a_feed" (HTML, JSON, text), "empty" (no bytes), "truncated", "entities" (an internal DTD
    subset, which we refuse), "error_page" (a feed that only describes an error), "too_large",
    "timeout", "crashed" (the parser's process died), "quarantined" (it died three times).
    """

    def __init__(self, url: str, kind: str, *, detail: str = "") -> None:
        super().__init__(url, f"{kind} ({detail})" if detail else kind)
        self.kind = kind
        self.detail = detail


class RecordSourceError(WetreadError):
    """`source` could not be asked or answered nonsense. Never means that the article does not exist.

    `kind`: a FetchFailure's value, or "throttled", "server", "status", "unreadable".
    `retry_after`: seconds, None if the source did not say.
    """

    def __init__(
        self, source: str, kind: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{source}: {kind}" + (f" ({status})" if status else ""))
        self.source = source
        self.kind = kind
        self.status = status
        self.retry_after = retry_after


class ArticleNotFoundError(WetreadError):
    """Every source that could know `reference` answered, and none does.

    `example`: a stored DOI of the same journal, to compare with; None if there is none.
    """

    def __init__(self, reference: str, example: str | None = None) -> None:
        super().__init__(f"no source knows {reference!r}")
        self.reference = reference
        self.example = example


class WordsForgottenError(WetreadError):
    """The words that a button needs are no longer stored."""


class SubscriptionError(WetreadError):
    """About what a server watches; `name` is what the moderator typed."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{message}: {name!r}")
        self.name = name


class AlreadySubscribedError(SubscriptionError):
    """The feed already goes to that destination."""

    def __init__(self, name: str, channel_id: int) -> None:
        super().__init__(name, "already subscribed")
        self.channel_id = channel_id


class UnknownSubscriptionError(SubscriptionError):
    """This server has no such subscription; `near` are the closest names it has."""

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(name, "no such subscription")
        self.near = near


class UnknownJournalError(SubscriptionError):
    """The catalogue has no such journal; `near` are the closest titles."""

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(name, "no such journal")
        self.near = near


class UnknownIssnError(SubscriptionError):
    """No journal with that number. `is_mistyped`: it cannot be one; else PubMed and Crossref lack it."""

    def __init__(self, name: str, *, is_mistyped: bool = False) -> None:
        super().__init__(name, "no such ISSN")
        self.is_mistyped = is_mistyped


class UnknownCategoryError(SubscriptionError):
    """The preprint server has no such category; `near` are the closest."""

    def __init__(self, name: str, server: str, near: tuple[str, ...]) -> None:
        super().__init__(name, f"{server} has no such category")
        self.server = server
        self.near = near


class FaultyQueryError(SubscriptionError):
    """A query finds nothing, because of words, phrases or fields that the source does not know: `unknown`."""

    def __init__(self, name: str, unknown: tuple[str, ...]) -> None:
        super().__init__(name, f"finds nothing for want of {', '.join(unknown)}")
        self.unknown = unknown


class TooBroadQueryError(SubscriptionError):
    """A query finds more in a month (`count`) than anybody could read, or may be asked for (`limit`)."""

    def __init__(self, name: str, count: int, limit: int) -> None:
        super().__init__(name, f"finds {count} articles a month")
        self.count = count
        self.limit = limit


class TooManySubscriptionsError(SubscriptionError):
    """The server has as many subscriptions as the operator allows."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, f"limit of {limit} reached")
        self.limit = limit


class DeliveryError(WetreadError):
    """About one message to Discord."""


class DeliveryRefusedError(DeliveryError):
    """Discord said no, so nothing was posted. `code` is Discord's JSON error code, 0 if there was none."""

    def __init__(self, status: int, code: int, detail: str = "") -> None:
        super().__init__(f"refused with {status}, code {code} {detail}".rstrip())
        self.status = status
        self.code = code
        self.detail = detail


class DeliveryDelayedError(DeliveryError):
    """Discord asked to come back in `retry_after` seconds; nothing was posted.

    `is_everywhere`: no request at all may be sent until then (Cloudflare's ban), not only this one.
    """

    def __init__(self, retry_after: float, *, is_everywhere: bool = False) -> None:
        super().__init__(f"come back in {retry_after:g} s")
        self.retry_after = retry_after
        self.is_everywhere = is_everywhere


class DeliveryAmbiguousError(DeliveryError):
    """No usable answer came: the message may or may not exist (delivery.md, "Ambiguous results")."""


class MessageDeletedError(DeliveryError):
    """The message existed and was removed by somebody (code 10008)."""


class HistoryUnreadableError(DeliveryError):
    """The channel's history cannot be read, so that a missing message proves nothing."""


class StorageError(WetreadError):
    """The database cannot be used. The message says what the operator can do."""


class StorageFailure(StrEnum):
    """What keeps the database from being written while the bot runs."""

    FULL = "full"  # the disk, or a quota
    UNREACHABLE = "unreachable"  # it cannot be read or written
    READ_ONLY = "read_only"
    LOCKED = "locked"  # another program holds it
    CORRUPT = "corrupt"  # lasts until it is restored


class StorageFailedError(StorageError):
    """Nothing can be kept at the moment; `kind` says why. The transaction was undone."""

    def __init__(self, kind: StorageFailure, message: str) -> None:
        super().__init__(message)
        self.kind = kind
