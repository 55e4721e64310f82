"""What every record source offers: records of articles, and a search for words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from wetread.bibliography.answer_parsing import ParseAnswer, parse_here
from wetread.domain.clock import Monotonic
from wetread.domain.models import JournalPlace, PartialDate, Record
from wetread.net.web import Fetch


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """What is known of an article whose record is wanted. `key` is chosen by the caller and maps the answers.

    Identifiers are normalised. A source uses the best one that it has; without one it uses title, journal,
    year and first author.
    """

    key: int
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    pii: str | None = None
    arxiv: str | None = None
    title: str | None = None
    journal: str | None = None
    nlm_id: str | None = None
    published_on: PartialDate | None = None
    first_author: str | None = None  # family name


def request_for(key: int, record: Record) -> RecordRequest:
    """Return the request by which record sources can find the article of `record`."""
    return RecordRequest(
        key=key,
        doi=record.doi,
        pmid=record.pmid,
        pmcid=record.pmcid,
        pii=record.pii,
        arxiv=record.arxiv,
        title=record.title or None,
        journal=record.journal_abbreviation or record.journal,
        nlm_id=record.nlm_id,
        published_on=record.published_on,
        first_author=record.authors[0].family if record.authors else None,
    )


def identifiers_of(known: RecordRequest | Record) -> tuple[tuple[str, str], ...]:
    """Return the identifiers of an article with their kinds: ("doi", "10.5555/x"). PubMed's comes first."""
    named = (
        ("pmid", known.pmid),
        ("doi", known.doi),
        ("pmcid", known.pmcid),
        ("pii", known.pii),
        ("arxiv", known.arxiv),
    )
    return tuple((kind, value) for kind, value in named if value)


class RecordSource(Protocol):
    """One bibliographic database."""

    @property
    def name(self) -> str:
        """The name that readers see: "PubMed"."""
        ...

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        """Return the records found, by `RecordRequest.key`. An article without a record is not in the source.

        Only a record that is certainly the article's is returned: it has one of the identifiers, or title,
        year and first author agree and the record says `is_probable`. Raises RecordSourceError if the
        source did not answer; then nothing is known about any of them.
        """
        ...

    async def search(self, text: str, limit: int) -> Sequence[Record]:
        """Return up to `limit` records for free words, best first. Raises RecordSourceError."""
        ...


class PlaceSource(Protocol):
    """A bibliographic database that finds articles by journal, volume and page."""

    @property
    def name(self) -> str:
        """The name that readers see: "PubMed"."""
        ...

    async def at_place(self, place: JournalPlace, text: str, issns: Sequence[str]) -> Sequence[Record]:
        """Return the records that may stand at a place in a journal; the caller compares them with it.

        `text` is the citation as it was typed, `issns` are the journal's if they are known. Raises
        RecordSourceError if the source did not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the operator has given: an address to be written to ("" = none), and the source's API key."""

    email: str = ""
    api_key: str | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """What a source is built with.

    `fetch` keeps to the source's rate limit; `parse` is where every answer is parsed.
    """

    fetch: Fetch
    base_url: str
    credentials: Credentials
    monotonic: Monotonic
    parse: ParseAnswer = parse_here


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer in a file. `json` is empty for XML; `xml_root` is its first tag, "" for JSON."""

    json: Mapping[str, object]
    is_xml: bool = False
    xml_root: str = ""


class SourceModule(Protocol):
    """What the module of a record source offers to the registry."""

    BASE_URL: str

    def make(self, connection: Connection) -> RecordSource:
        """Build the source."""
        ...

    def recognises(self, saved: SavedAnswer) -> bool:
        """Say whether a saved answer is this source's (`check-record`)."""
        ...

    def parse_saved(self, body: bytes) -> tuple[Record, ...]:
        """Return the records in a saved answer. Raises RecordSourceError."""
        ...
