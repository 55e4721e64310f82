"""The values of the domain. All are frozen and independent of storage and display."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from wetread.domain.mentions import USUAL_MENTIONS


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A bibliographic date: a year, perhaps a month (1–12) and a day (1–31); 0 = not known."""

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
    A group ("Invented Trial Group") has its name in `family` and `is_collective`. A name that cannot be
    divided with certainty is undivided in `family`, with `given` None.
    """

    family: str
    given: str | None = None
    suffix: str | None = None  # "Jr", "3rd"
    affiliations: tuple[str, ...] = ()
    orcid: str | None = None  # 0000-0000-0000-0000, without the address
    is_collective: bool = False
    degrees: str | None = None  # "MD, PhD"; no part of the name

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
    SUMMARY_FOR_PATIENTS_IN = "summary_for_patients_in"
    ORIGINAL_REPORT_IN = "original_report_in"  # this one is the summary for patients


@dataclass(frozen=True, slots=True)
class Relation:
    """A link to another publication; at least one of `doi`, `pmid`, `text` is set."""

    kind: RelationKind
    doi: str | None = None
    pmid: str | None = None
    text: str | None = None  # the citation as the source prints it
    on: PartialDate | None = None
    reported_by: str | None = None  # the source of this claim: "PubMed", "publisher", "Retraction Watch"


@dataclass(frozen=True, slots=True)
class Accession:
    """A number under which a trial is registered or data are kept; `bank` as the source names it."""

    bank: str  # "ClinicalTrials.gov", "GEO"
    number: str


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says about one article. All texts are clean: no markup, NFC, single spaces.

    Identifiers are normalised by `domain.identifiers`: `doi` lower case without prefix, `pmid` digits,
    `pmcid` "PMC" + digits, `pii` compact ([0-9SX] only), `arxiv` without version. None = not given.
    """

    source: str  # "feed", "PubMed", "Europe PMC", "Crossref", "OpenAlex" …: shown to readers
    title: str = ""
    authors: tuple[Author, ...] = ()
    has_more_authors: bool = False  # the source names only the first: "et al."
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
    revised_on: PartialDate | None = None  # the last revision
    accepted_on: PartialDate | None = None
    types: tuple[str, ...] = ()  # publication types in MEDLINE's words: "Randomized Controlled Trial"
    mesh: tuple[str, ...] = ()
    language: str | None = None  # ISO 639, as the source has it
    other_languages: tuple[str, ...] = ()  # in which the article was published as well
    url: str | None = None  # http or https
    free_url: str | None = None  # a legal free full text
    licence: str | None = None
    copyright: str | None = None
    correspondence: str | None = None  # name and e-mail address, as published
    presented_at: str | None = None  # the source's sentence about the meeting
    accessions: tuple[Accession, ...] = ()
    funding: tuple[str, ...] = ()  # each funder with its grants: "Invented Fund: A-1, A-2"
    disclosures: str | None = None  # the authors' statement about conflicts of interest
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
    """A source whose record is part of an article, and when it was fetched."""

    source: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Article:
    """A scholarly work: one article, however many feeds and guids refer to it.

    `record` merges the records of all sources; `provenance` names the source of each field that is set.
    `abstract_added_at`: when an abstract was added later, None if it was there from the start or is still
    missing. `next_enrichment_at`: when the record sources are asked next, None = not again.
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
    record: Record  # source "feed"; for a query feed, the record source
    published_at: datetime | None = None  # from the feed, limited to a plausible range; only for sorting
    content_hash: str = field(default="", compare=False)  # of `record`, if made by the parser; else ""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A parsed feed, entries in document order. `warnings` are sentences for people."""

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
    """The server answered that the feed has not changed (304)."""

    url: str
    validators: Validators
    hint: float | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that somebody subscribes to, and the state of its checks.

    `url` may hold credentials; show `shown_url`. `failing_since` None = the last check succeeded.
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
    last_new_at: datetime | None = None
    may_have_missed_at: datetime | None = None  # when entries may last have left it unseen (faults.md B07)
    seen_until: datetime | None = None  # for a query: every article before this instant was seen
    ttl: float | None = None  # seconds that its last document asked us to wait
    unconditional_at: datetime | None = (
        None  # the last retrieval without validators (once a day, faults.md B26)
    )
    failing_since: datetime | None = None
    failure: str | None = None
    failure_count: int = 0
    crash_count: int = 0  # parser processes that this feed has killed in a row
    is_gone: bool = False  # 410: not asked again
    moved_url: str | None = None  # a permanent redirect's target, until it is adopted (faults.md B12)
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
    """A feed whose articles are posted to a destination, or a topic that looks through all feeds of a server.

    `filter` is a query: of a feed what its articles must match (None = everything), of a topic its words.
    `feed_id`: of a topic its own PubMed query, what that brings is posted whatever its words; None = none.
    `starts_with`: from the feed's next retrieval that many newest articles are posted and all others are
    skipped; None = it is running, and every new article is posted. `looks_since`: a topic posts nothing that
    came before; None = a feed.
    """

    id: int
    guild_id: int
    feed_id: int | None
    channel_id: int  # channel, thread or forum
    kind: DestinationKind
    form: Form
    name: str  # for moderators: the journal's abbreviation, the feed's title, or the topic's name
    filter: str | None
    created_at: datetime
    created_by: int
    paused_at: datetime | None = None
    paused_by: int | None = None  # None while paused: the bot left the server
    starts_with: int | None = None
    is_topic: bool = False
    looks_since: datetime | None = None
    opens_threads: bool = False  # under each post, in text channels
    role_id: int | None = None  # the role that posts mention
    mention_filter: str | None = None  # a query: only these articles mention it; None = every one
    mentions_a_day: int = USUAL_MENTIONS


class Reason(StrEnum):
    """Why Wetread or a moderator held or skipped a delivery."""

    BEFORE = "before"  # it was in the feed when the subscription began
    FILTER = "filter"  # the subscription's filter leaves it out
    TYPE = "type"  # the server does not post this type of publication
    FRONT_MATTER = "front_matter"  # it is a page of an issue and no article: no server posts these
    PAUSED = "paused"  # it came in, or was scheduled, while the subscription was paused
    REMOVED = "removed"  # the subscription was removed
    THERE_ALREADY = "there_already"  # the destination it was moved to has the article
    SAME_ARTICLE = "same_article"  # it is the same article as another one in this destination
    FLOOD = "flood"  # held: too many at once that may be old articles
    DECLINED = "declined"  # a moderator chose not to post what was held
    AWAY = "away"  # parked, then skipped: it came while the bot was not in the server
    SEEN = "seen"  # it waited for a digest, and a moderator counted it as seen
    EMPTY = "empty"  # a digest that lost its articles before it was posted
    LOST_DIGEST = "lost_digest"  # posted: a digest has it that this database does not know


class DeliveryState(StrEnum):
    """The state of a delivery (delivery.md, "The record and its states")."""

    PENDING = "pending"
    COLLECTED = "collected"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    PARKED = "parked"
    SKIPPED = "skipped"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Note:
    """What no record says of a shared article. `author_id` and `editor_id` are members.

    `editor_id`: whoever else changed it last; None = nobody.
    """

    text: str
    author_id: int
    editor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A member's wish to post an article. `user_name`: their name in that server; `comment` None = none.

    `is_shown`: they show everybody an answer that only they had seen.
    """

    user_id: int
    user_name: str
    comment: str | None = None
    is_shown: bool = False
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One article, or one digest, for one destination (delivery.md).

    `article_id` None = it is a digest. `digest_id`: the delivery with which an article is posted, None = by
    itself. `nonce` is set by the first claim and never changes. `first_attempt_at` is the first attempt that
    may have succeeded, None while the post certainly does not exist; `baseline` and `attempt_count` count
    from that attempt. `marker` is the short id that the post carries. `code` is Discord's, `reason` is for
    people; both are None without a failure.
    """

    id: int
    guild_id: int
    channel_id: int
    kind: DestinationKind
    article_id: int | None
    subscription_id: int | None
    form: Form
    state: DeliveryState
    scheduled_at: datetime
    next_try_at: datetime
    waits_for_abstract: bool = False
    nonce: str | None = None
    baseline: int | None = None  # a message id below the id of the post, if that exists
    first_attempt_at: datetime | None = None
    last_attempt_at: datetime | None = None
    attempt_count: int = 0
    message_id: int | None = None
    thread_id: int | None = None  # the discussion, or the forum post
    was_deleted: bool = False
    shown_hash: str | None = None  # hash of the card that Discord shows
    code: int | None = None
    reason: str | None = None
    settled_at: datetime | None = None
    is_known_retracted: bool = False  # its discussion has a message about the retraction
    share: Share | None = None  # the member who shares it; None = it comes from a subscription
    digest_id: int | None = None

    @property
    def marker(self) -> str:
        """The short id in a button of the post, by which the look-back recognises it."""
        return f"wr-{self.id:x}"

    @property
    def is_doubted(self) -> bool:
        """Whether a lost database may have posted it under another marker (`storage.restore`)."""
        return self.first_attempt_at is not None and self.attempt_count == 0


class Subject(StrEnum):
    """The subject of a journal; its cards show it as a word and a colour."""

    SPINE_AND_PAIN = "Spine and pain"
    NEURO = "Neuro"
    MUSCULOSKELETAL = "Musculoskeletal"
    CHEST = "Chest"
    ABDOMEN = "Abdomen"
    BREAST = "Breast"
    PAEDIATRIC = "Paediatric"
    INTERVENTIONAL = "Interventional"
    GENERAL = "General"  # several or unknown: no word on the card


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal of the catalogue. `subspecialties` are the bundles it belongs to ("pain", "spine").

    `feed_url`: PubMed's feed of the journal, or the publisher's if the NLM id is not known; None = no feed is
    known, and a moderator has to type its address. `sites` are the hosts of its articles' pages, today's and
    earlier ones, with the first word of the path where a host has several journals ("academic.oup.com/bjr").
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
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalPlace:
    """A place in a journal: "Radiographics 2001;21(4):927".

    `journals` are what the journal may be called, the likeliest first: before a citation stand a title and
    authors, and where the journal's name begins is not always certain. An ISSN is a name, too. `issue` and
    `year` are None if they were not given.
    """

    journals: tuple[str, ...]
    volume: str
    first_page: str
    issue: str | None = None
    year: int | None = None

    @property
    def journal(self) -> str:
        """The likeliest name of the journal."""
        return self.journals[0]


@dataclass(frozen=True, slots=True)
class Posted:
    """A post in Discord. `thread_id`: of a forum post; `shown_hash`: hash of the card that it shows.

    `is_in_digest`: an article that was looked for is not a post of its own, but stands in this digest.
    """

    message_id: int
    thread_id: int | None = None
    shown_hash: str | None = None
    is_in_digest: bool = False
