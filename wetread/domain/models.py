"""The words of the domain as values. All frozen; none knows where it is stored or how it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date as bibliographies know it: a year, perhaps a month (1–12) and a day (1–31); 0 = not known."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """ISO 8601 with reduced precision: "2026", "2026-04" or "2026-04-14"."""
        parts = [f"{self.year:04d}"]
        if self.month:
            parts.append(f"{self.month:02d}")
            if self.day:
                parts.append(f"{self.day:02d}")
        return "-".join(parts)

    @classmethod
    def from_iso(cls, text: str) -> "PartialDate":
        """Read what `str()` wrote. Raises ValueError for anything else."""
        return cls(*(int(part) for part in text.split("-", 2)))


@dataclass(frozen=True, slots=True)
class Author:
    """One author in the source's order.

    A person has `family` and, where known, `given` (forenames, or initials as the source has them).
    A group ("Invented Trial Group") has its name in `family` and `is_collective`. A name that a feed
    gives as one string which cannot be split with certainty stands whole in `family`, `given` None.
    """

    family: str
    given: str | None = None
    suffix: str | None = None  # "Jr", "3rd"
    affiliations: tuple[str, ...] = ()
    orcid: str | None = None  # 0000-0000-0000-0000, without the address
    is_collective: bool = False

    @property
    def name(self) -> str:
        """The name in reading order: "Ada B Example Jr"."""
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class Section:
    """One paragraph of an abstract. `label` as the source wrote it ("CONCLUSION"), None if it has none."""

    text: str
    label: str | None = None


class RelationKind(StrEnum):
    """How another publication relates to this one, seen from this one."""

    RETRACTED_BY = "retracted_by"  # the other is the notice
    RETRACTS = "retracts"  # this one is the notice
    CONCERN_IN = "concern_in"
    EXPRESSES_CONCERN_ABOUT = "expresses_concern_about"
    CORRECTED_BY = "corrected_by"
    CORRECTS = "corrects"
    RETRACTED_AND_REPUBLISHED_IN = "retracted_and_republished_in"
    PREPRINT_OF = "preprint_of"  # the other is the published version
    HAS_PREPRINT = "has_preprint"
    UPDATED_BY = "updated_by"
    UPDATES = "updates"
    COMMENT_IN = "comment_in"
    COMMENTS_ON = "comments_on"


@dataclass(frozen=True, slots=True)
class Relation:
    """A link to another publication; at least one of `doi`, `pmid`, `text` is set."""

    kind: RelationKind
    doi: str | None = None
    pmid: str | None = None
    text: str | None = None  # the citation as the source prints it
    on: PartialDate | None = None
    reported_by: str | None = None  # who says so: "PubMed", "publisher", "Retraction Watch"


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says about one article. Every text is clean: no markup, NFC, single spaces.

    Identifiers are normalised by `domain.identifiers`: `doi` lower case without prefix, `pmid` digits,
    `pmcid` "PMC" + digits, `pii` compact ([0-9SX] only), `arxiv` without version. None = not given.
    """

    source: str  # "feed", "PubMed", "Europe PMC", "Crossref", "OpenAlex" …: shown to readers
    title: str = ""
    authors: tuple[Author, ...] = ()
    abstract: tuple[Section, ...] = ()
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    pii: str | None = None
    arxiv: str | None = None
    journal: str | None = None  # full title
    journal_abbreviation: str | None = None  # ISO 4 / NLM
    issns: tuple[str, ...] = ()  # 0000-000X
    nlm_id: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None  # "101–110", or an article number
    online_on: PartialDate | None = None
    issue_on: PartialDate | None = None
    received_on: PartialDate | None = None
    accepted_on: PartialDate | None = None
    types: tuple[str, ...] = ()  # publication types in MEDLINE's words: "Randomized Controlled Trial"
    mesh: tuple[str, ...] = ()
    language: str | None = None  # ISO 639, as the source has it
    url: str | None = None  # http or https
    free_url: str | None = None  # a legal free full text
    licence: str | None = None
    copyright: str | None = None
    correspondence: str | None = None
    relations: tuple[Relation, ...] = ()
    has_no_abstract: bool = False  # the source says that the article was published without one
    is_ahead_of_print: bool = False
    is_probable: bool = False  # found by title, not by an identifier

    @property
    def published_on(self) -> PartialDate | None:
        """The date to show and to order by: online first, else the issue's."""
        return self.online_on or self.issue_on


@dataclass(frozen=True, slots=True)
class SourceStamp:
    """That a source's record is part of an article, and since when."""

    source: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Article:
    """A scholarly work: one, however many feeds and guids carry it.

    `record` is the merger of all its sources' records; `provenance` names, for each field of it that is
    set, the source it came from. `abstract_added_at` is when an abstract came that was not there at
    first, None if it was there from the start or still is not. `next_enrichment_at`: when the record
    sources are asked next, None = not again.
    """

    id: int
    record: Record
    provenance: Mapping[str, str]
    sources: tuple[SourceStamp, ...]
    first_seen_at: datetime
    abstract_added_at: datetime | None = None
    next_enrichment_at: datetime | None = None
    enrichment_count: int = 0  # how often the record sources have been asked


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a parsed feed. `guid` is the entry's identity inside its feed (never empty)."""

    guid: str
    record: Record  # source "feed"; of a query, the source that answers it
    published_at: datetime | None = None  # as the feed says, clamped to a sane range; orders, never decides


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's bytes as values, entries in document order. `warnings` are for people, in plain words."""

    title: str | None
    version: str  # feedparser's: "rss20", "rss10", "atom10" …; never empty
    home_url: str | None = None
    ttl: float | None = None  # seconds
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified as the server sent them, byte for byte (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class RetrievedFeed:
    """A feed's bytes. `hint`: seconds the server wants us to wait (Cache-Control, Expires); None = none."""

    url: str
    body: bytes
    content_type: str | None
    validators: Validators
    hint: float | None = None
    permanent_url: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that nothing changed (304)."""

    url: str
    validators: Validators
    hint: float | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A watched feed and how it fares.

    `url` may hold credentials; show `shown_url`. `failing_since` None = the last check went well.
    `failure` is the kind of the last error (see errors.FeedRetrievalError, FeedParseError).
    `journal_key` names a journal of the catalogue, None if the address was typed.
    """

    id: int
    url: str
    title: str
    journal_key: str | None
    validators: Validators
    body_hash: str | None
    next_check_at: datetime
    last_checked_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    may_have_missed_at: datetime | None = None  # when entries last left it before they were seen (B07)
    seen_until: datetime | None = None  # of a query: all that came to its source before has been seen
    ttl: float | None = None  # seconds that its last document asked us to wait
    unconditional_at: datetime | None = None  # the last retrieval without validators (B26: once a day)
    failing_since: datetime | None = None
    failure: str | None = None
    failure_count: int = 0
    crash_count: int = 0  # parser processes that this feed has killed in a row
    is_gone: bool = False  # 410: not asked again
    moved_url: str | None = None  # a permanent redirect's target, until it is adopted (B12)
    moved_count: int = 0
    moved_since: datetime | None = None


class Form(StrEnum):
    """How much of an article a card shows."""

    WHOLE = "whole"
    CONCLUSION = "conclusion"
    TITLE = "title"


class DestinationKind(StrEnum):
    """What a subscription's destination is in Discord; announcement channels are TEXT here."""

    TEXT = "text"
    THREAD = "thread"
    FORUM = "forum"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that a server has sent to a destination. `filter` is a query, None = everything.

    `starts_with`: of the feed's next retrieval only the newest so many are owed and all else in it is
    remembered; None = it is running, and what is new is owed.
    """

    id: int
    guild_id: int
    feed_id: int
    channel_id: int  # channel, thread or forum
    kind: DestinationKind
    form: Form
    name: str  # what moderators call it: the journal's abbreviation or the feed's title
    filter: str | None
    created_at: datetime
    created_by: int
    paused_at: datetime | None = None
    paused_by: int | None = None  # None while paused: the bot left the server
    starts_with: int | None = None


class Reason(StrEnum):
    """Why a delivery is held or was skipped, where that was Wetread's or a moderator's decision."""

    BEFORE = "before"  # in the feed already when the subscription began
    FILTER = "filter"  # the subscription's filter leaves it out
    TYPE = "type"  # the server does not post this type of publication
    PAUSED = "paused"  # came in, or waited, while the subscription was paused
    REMOVED = "removed"  # the subscription was removed
    THERE_ALREADY = "there_already"  # the destination it was moved to has the article
    SAME_ARTICLE = "same_article"  # turned out to be another article that this destination has
    FLOOD = "flood"  # held: too many at once that cannot be told from old ones
    DECLINED = "declined"  # a moderator chose not to post what was held
    AWAY = "away"  # parked, then skipped: owed while the bot was not in the server


class DeliveryState(StrEnum):
    """The state of a delivery (delivery.md, "The record and its states")."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    PARKED = "parked"
    SKIPPED = "skipped"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Share:
    """That a member posts an article. `user_name` is what they are called there; `comment` None = none.

    `is_shown`: the answer that they had got alone is shown to all.
    """

    user_id: int
    user_name: str
    comment: str | None = None
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """One article owed to one destination.

    `nonce` is set by the first claim and never changes after. `baseline` is set by the first attempt of
    which nobody knows for certain that it failed; `first_attempt_at` is that attempt's instant, and None
    while the post certainly does not exist. `attempt_count` counts from there. `marker` is the short id
    that the post carries. `code` is Discord's, `reason` a word for people; both None while all is well.
    """

    id: int
    guild_id: int
    channel_id: int
    kind: DestinationKind
    article_id: int
    subscription_id: int | None
    form: Form
    state: DeliveryState
    scheduled_at: datetime
    next_try_at: datetime
    waits_for_abstract: bool = False
    nonce: str | None = None
    baseline: int | None = None  # a message id: the post, if it exists, has a greater one
    first_attempt_at: datetime | None = None
    last_attempt_at: datetime | None = None
    attempt_count: int = 0
    message_id: int | None = None
    thread_id: int | None = None  # the discussion, or the forum post
    was_deleted: bool = False
    shown_hash: str | None = None  # of the card as it stands in Discord, as the messenger reckons it
    code: int | None = None
    reason: str | None = None
    settled_at: datetime | None = None
    is_known_retracted: bool = False  # that the article was is known to whoever reads its discussion
    share: Share | None = None  # who asked for it; None = a subscription did

    @property
    def marker(self) -> str:
        """The short id in the footer of the post, by which the look-back knows it again."""
        return f"wr-{self.id:x}"

    @property
    def is_doubted(self) -> bool:
        """Whether a database that was lost may have posted it under another marker (`storage.restore`)."""
        return self.first_attempt_at is not None and self.attempt_count == 0


class Subject(StrEnum):
    """The field of a journal, as a chip and a stripe on its cards."""

    SPINE_AND_PAIN = "Spine and pain"
    NEURO = "Neuro"
    MUSCULOSKELETAL = "Musculoskeletal"
    CHEST = "Chest"
    ABDOMEN = "Abdomen"
    BREAST = "Breast"
    PAEDIATRIC = "Paediatric"
    INTERVENTIONAL = "Interventional"
    GENERAL = "General"  # several or unknown: no chip


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal of the catalogue. `subspecialties` are the bundles it belongs to ("pain", "spine").

    `feed_url` is where Wetread watches it: PubMed's feed of the journal, the publisher's if NLM's id is not
    known; None = no address is known, one has to be typed.
    """

    key: str  # short and unique: "radiology", "jvir"
    title: str
    abbreviation: str  # NLM's
    issns: tuple[str, ...]
    nlm_id: str | None
    subject: Subject
    subspecialties: tuple[str, ...]
    feed_url: str | None = None
    publisher_feed_url: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """A post as it stands in Discord. `thread_id` is the forum post's; `shown_hash` is of what it shows."""

    message_id: int
    thread_id: int | None = None
    shown_hash: str | None = None
