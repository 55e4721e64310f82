"""Every error of the domain. They carry data; `cogs/errors/explaining.py` makes the sentences for people.

WetreadError
├── ConfigError             config.toml or the environment has faults; it lists all
├── IdentifierError         a text contains no identifier of an article
│   └── AddressError            … it is an address that does not say which article it leads to
├── EmptyQueryError         a query without a word to search for
├── UnclearQueryError       a query with parts that are not understood
├── FetchError              no complete answer over HTTP
├── FeedError               about one feed address
│   ├── FeedRetrievalError  … it could not be retrieved
│   │   └── FeedBlockedError    … because the site refuses programs; with a substitute
│   └── FeedParseError      … what was retrieved is not a usable feed
├── RecordSourceError       a record source failed: an outage, never "not found"
├── ArticleGoneError        an article that a button names is not stored, or not of this server
├── ArticleNotFoundError    every source answered, and none knows the article
│   └── PlaceNotFoundError      … that stands at a volume and page of a journal
├── SubscriptionError       about the subscriptions of a server
│   ├── AlreadySubscribedError
│   ├── UnknownSubscriptionError
│   ├── UnknownJournalError
│   ├── UnknownIssnError
│   ├── UnknownCategoryError
│   ├── FaultyQueryError
│   ├── TooBroadQueryError
│   └── TooManySubscriptionsError
├── DeliveryError           about one message to Discord
│   ├── DeliveryRefusedError    Discord refused: nothing was posted
│   ├── DeliveryDelayedError    Discord asked to wait: nothing was posted
│   ├── DeliveryAmbiguousError  nobody knows whether it was posted
│   ├── MessageDeletedError     it was posted, and somebody removed it
│   └── HistoryUnreadableError  the look-back could not read the channel's history
└── StorageError            the database cannot be used until the operator repairs it
    └── StorageFailedError      … while the bot runs: nothing can be stored at the moment
"""

from dataclasses import dataclass
from enum import StrEnum

from wetread.domain.models import Article, JournalPlace


class WetreadError(Exception):
    """The base class of all expected errors."""


@dataclass(frozen=True, slots=True)
class ConfigFault:
    """One fault of the configuration: its place (`[polling] interval_minutes`), the problem, a suggestion."""

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


class AddressError(IdentifierError):
    """`text` is an address that does not say which article it leads to."""


class EmptyQueryError(WetreadError):
    """A query contains no word to search for."""

    def __init__(self, text: str) -> None:
        super().__init__(f"nothing to search for in {text!r}")
        self.text = text


class ArticleGoneError(WetreadError):
    """No article with this id is stored that the server, or the direct message, may show."""

    def __init__(self, article_id: int) -> None:
        super().__init__(f"no article {article_id} here")


class FaultKind(StrEnum):
    """What is wrong with a part of a query."""

    UNKNOWN_FIELD = "unknown_field"
    EMPTY_FIELD = "empty_field"
    DATE = "date"
    RELATIVE_DATE = "relative_date"  # in a filter, which is kept for years
    VALUE = "value"  # no kind of publication, or nothing that `has:` and `is:` know


@dataclass(frozen=True, slots=True)
class QueryFault:
    """A part of a query that is not understood, as typed ("since:yesterday").

    `field`: the field that was named, or for an unknown one that may be meant ("since"); None = no idea.
    `meant`: what may be meant instead of the whole part ("since:2026-10-25"); None = no idea.
    """

    kind: FaultKind
    text: str
    field: str | None = None
    meant: str | None = None


class UnclearQueryError(WetreadError):
    """A new filter, or a search with nothing else in it, has parts that are not understood.

    `is_cut`: it is too long.
    """

    def __init__(self, text: str, faults: tuple[QueryFault, ...], *, is_cut: bool = False) -> None:
        super().__init__(f"not understood: {text!r}")
        self.text = text
        self.faults = faults
        self.is_cut = is_cut


class FetchFailure(StrEnum):
    """Why there was no complete answer."""

    ADDRESS_REFUSED = "address_refused"  # a private address, or a port or scheme that is not allowed
    TIMEOUT = "timeout"
    CONNECTION = "connection"  # DNS, refused, reset, cut short
    TLS = "tls"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"  # not HTTP, endless headers, or a compression that we did not offer
    REDIRECTS = "redirects"  # too many, or one that does not lead to HTTP
    CIRCUIT_OPEN = "circuit_open"  # not sent: the circuit breaker is open


class FetchError(WetreadError):
    """No complete answer from `url` (shown without credentials); `kind` says why."""

    def __init__(self, url: str, kind: FetchFailure) -> None:
        super().__init__(f"{kind}: {url}")
        self.url = url
        self.kind = kind


class FeedError(WetreadError):
    """An error about the feed at `url` (shown without credentials)."""

    def __init__(self, url: str, message: str) -> None:
        super().__init__(f"{message}: {url}")
        self.url = url


class FeedRetrievalError(FeedError):
    """The feed could not be retrieved.

    `kind`: a FetchFailure's value, or "blocked" (403, or a challenge page), "not_found" (404),
    "gone" (410), "throttled" (429), "server" (5xx), "status" (any other); for a query also a
    RecordSourceError's, "too_many" (more a day than the source lists) or "switched_off".
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
    """The site refuses programs. `substitute`: what to subscribe to instead ("issn:1051-0443"), or None."""

    def __init__(self, url: str, *, status: int | None = None, substitute: str | None = None) -> None:
        super().__init__(url, "blocked", status=status)
        self.substitute = substitute


class FeedParseError(FeedError):
    """What was retrieved is not a usable feed.

    `kind`: "not_a_feed" (HTML, JSON, text), "empty" (no bytes), "truncated", "entities" (an internal DTD
    subset, which we refuse), "error_page" (a feed that only describes an error), "too_large",
    "timeout", "crashed" (the parser's process died), "quarantined" (it died three times).
    """

    def __init__(self, url: str, kind: str, *, detail: str = "") -> None:
        super().__init__(url, f"{kind} ({detail})" if detail else kind)
        self.kind = kind
        self.detail = detail


class RecordSourceError(WetreadError):
    """`source` failed or its answer could not be read. Never means that the article does not exist.

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
    """Every source that could know `reference` answered, and none knows it.

    `example`: a stored DOI of the same journal to compare with, or None.
    """

    def __init__(self, reference: str, example: str | None = None) -> None:
        super().__init__(f"no source knows {reference!r}")
        self.reference = reference
        self.example = example


class PlaceNotFoundError(ArticleNotFoundError):
    """No article is known at `place`. `near`: articles on this page of the journal, of another year or issue.

    `asked`: the sources that were asked; none if those that know pages are switched off.
    """

    def __init__(self, place: JournalPlace, near: tuple[Article, ...], asked: tuple[str, ...]) -> None:
        super().__init__(f"{place.journal} {place.volume}:{place.first_page}")
        self.place = place
        self.near = near
        self.asked = asked


class WordsForgottenError(WetreadError):
    """The words that a button needs are no longer stored."""


class SubscriptionError(WetreadError):
    """An error about a subscription; `name` is what the moderator typed."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{message}: {name!r}")
        self.name = name


class AlreadySubscribedError(SubscriptionError):
    """The feed already goes to that destination."""

    def __init__(self, name: str, channel_id: int) -> None:
        super().__init__(name, "already subscribed")
        self.channel_id = channel_id


class UnknownSubscriptionError(SubscriptionError):
    """This server has no such subscription; `near`: the most similar names."""

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(name, "no such subscription")
        self.near = near


class UnknownJournalError(SubscriptionError):
    """The catalogue has no such journal; `near`: the most similar titles."""

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(name, "no such journal")
        self.near = near


class UnknownIssnError(SubscriptionError):
    """No journal has this ISSN. `is_mistyped`: its check digit is wrong; else PubMed and Crossref lack it."""

    def __init__(self, name: str, *, is_mistyped: bool = False) -> None:
        super().__init__(name, "no such ISSN")
        self.is_mistyped = is_mistyped


class UnknownCategoryError(SubscriptionError):
    """The preprint server has no such category; `near`: the most similar ones."""

    def __init__(self, name: str, server: str, near: tuple[str, ...]) -> None:
        super().__init__(name, f"{server} has no such category")
        self.server = server
        self.near = near


class FaultyQueryError(SubscriptionError):
    """A query finds nothing. `unknown`: its words, phrases or fields that the source does not know."""

    def __init__(self, name: str, unknown: tuple[str, ...]) -> None:
        super().__init__(name, f"finds nothing for want of {', '.join(unknown)}")
        self.unknown = unknown


class TooBroadQueryError(SubscriptionError):
    """A query finds `count` articles in 30 days, more than `limit`."""

    def __init__(self, name: str, count: int, limit: int) -> None:
        super().__init__(name, f"finds {count} articles a month")
        self.count = count
        self.limit = limit


class TooManySubscriptionsError(SubscriptionError):
    """The server has as many subscriptions as the operator allows."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, f"limit of {limit} reached")
        self.limit = limit


class TopicNameTakenError(SubscriptionError):
    """The server has a topic of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "the topic's name is taken")


class TooManyTopicsError(SubscriptionError):
    """The server has as many topics as Wetread allows."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, f"limit of {limit} topics reached")
        self.limit = limit


class UnknownTopicError(SubscriptionError):
    """This server has no such topic; `near`: the most similar names."""

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(name, "no such topic")
        self.near = near


class DeliveryError(WetreadError):
    """An error about one request to Discord.

    `may_have_posted`: the request was sent more than once, and what was sent before the last time may have
    been carried out.
    """

    may_have_posted = False


class DeliveryRefusedError(DeliveryError):
    """Discord refused, so nothing was posted. `code` is Discord's JSON error code, 0 if there was none."""

    def __init__(self, status: int, code: int, detail: str = "") -> None:
        super().__init__(f"refused with {status}, code {code} {detail}".rstrip())
        self.status = status
        self.code = code
        self.detail = detail


class DeliveryDelayedError(DeliveryError):
    """Discord asked to wait `retry_after` seconds; nothing was posted.

    `is_everywhere`: no request at all may be sent until then: Cloudflare's ban, or a global limit.
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
    """The channel's history cannot be read, so a missing message proves nothing."""


class StorageError(WetreadError):
    """The database cannot be used. The message tells the operator what to do."""


class StorageFailure(StrEnum):
    """Why the database cannot be written while the bot runs."""

    FULL = "full"  # the disk, or a quota
    UNREACHABLE = "unreachable"  # it cannot be read or written
    READ_ONLY = "read_only"
    LOCKED = "locked"  # another program holds it
    CORRUPT = "corrupt"  # until a backup is restored
    REPLACED = "replaced"  # the file was deleted, renamed or replaced: the process has to end


class StorageFailedError(StorageError):
    """Nothing can be stored at the moment; `kind` says why. The transaction was rolled back."""

    def __init__(self, kind: StorageFailure, message: str) -> None:
        super().__init__(message)
        self.kind = kind
