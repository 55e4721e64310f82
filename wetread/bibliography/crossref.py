"""The record source Crossref: its requests, and the class that sends them (sources.md, Crossref)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from wetread.bibliography.answer_fields import read_json
from wetread.bibliography.answer_parsing import ParseAnswer, parse_here
from wetread.bibliography.crossref_json import (
    parse_journal,
    parse_notices,
    parse_page,
    parse_work,
    parse_works,
)
from wetread.bibliography.record_matching import (
    accepted,
    can_search_title,
    has_wanted_identifier,
    pii_spellings,
)
from wetread.bibliography.record_source import Connection, RecordRequest, SavedAnswer
from wetread.bibliography.source_fetch import NOT_FOUND, fetch_answer
from wetread.domain.batches import batches
from wetread.domain.errors import RecordSourceError
from wetread.domain.models import JournalPlace, Record
from wetread.domain.record_sources import Source
from wetread.net.web import Fetch, HttpRequest

BASE_URL = "https://api.crossref.org/"

WORKS_A_LIST = 30
"""The most DOIs in one filter. With more, the address would exceed 2,000 characters."""

NOTICES_A_PAGE = 1_000
WORKS_A_PAGE = 200
MOST_PAGES = 200
"""The most pages read in one pass. No list is that long; a cursor that never ends is a fault of
Crossref's."""

_CANDIDATES = 5
_PLACED = 20  # works compared with a place in a journal

# All fields that are read, without the references, which make up most of an answer. Crossref does not allow
# `language`, `subtype` and `institution` here: with any of them the whole request fails (400).
_FIELDS = (
    "DOI,title,subtitle,abstract,author,container-title,short-container-title,ISSN,volume,issue,page,"
    "article-number,published-online,published-print,published,issued,posted,accepted,type,"
    "alternative-id,update-to,updated-by,relation,license,resource,assertion,funder,clinical-trial-number"
)


@dataclass(frozen=True, slots=True)
class CrossrefRequests:
    """Builds requests. Crossref allows 10 works and 3 lists a second with `email`, 5 and 1 without."""

    base_url: str = BASE_URL
    email: str = ""

    def work_request(self, doi: str) -> HttpRequest:
        """Return the request for one work. Crossref refuses `select` here (400)."""
        return HttpRequest(f"{self.base_url}works/{quote(doi, safe='')}", params=self._who())

    def list_request(self, dois: Sequence[str]) -> HttpRequest:
        """Return the request for several works.

        Their DOIs must not contain a comma, which would end a filter.
        """
        return self._filtered([f"doi:{doi}" for doi in dois], limit=len(dois))

    def pii_request(self, pii: str) -> HttpRequest:
        """Return the request for the work with this PII.

        Publishers deposit either spelling, so it has both.
        """
        return self._filtered([f"alternative-id:{each}" for each in pii_spellings(pii)], limit=_CANDIDATES)

    def search_request(self, text: str, *, limit: int) -> HttpRequest:
        """Return the request for the works that match the words best."""
        query = (("query.bibliographic", text[:500]), ("rows", str(limit)), ("select", _FIELDS))
        return HttpRequest(f"{self.base_url}works", params=(*query, *self._who()), is_list=True)

    def place_request(self, text: str, issns: Sequence[str]) -> HttpRequest:
        """Return the request for works that match a citation, of the journal with these ISSNs if any."""
        filters = ["type:journal-article", *(f"issn:{issn}" for issn in issns)]
        query = (
            ("query.bibliographic", text[:500]),
            ("filter", ",".join(filters)),
            ("rows", str(_PLACED)),
            ("select", _FIELDS),
        )
        return HttpRequest(f"{self.base_url}works", params=(*query, *self._who()), is_list=True)

    def retractions_request(self, since: date, cursor: str = "*") -> HttpRequest:
        """Return the request for a page of retraction notices that Crossref indexed on `since` or later."""
        query = (
            ("filter", f"update-type:retraction,from-index-date:{since.isoformat()}"),
            ("rows", str(NOTICES_A_PAGE)),
            ("cursor", cursor),
            ("select", "DOI,update-to"),
        )
        return HttpRequest(f"{self.base_url}works", params=(*query, *self._who()), timeout=60.0, is_list=True)

    def journal_request(self, issn: str) -> HttpRequest:
        """Return the request for a journal."""
        return HttpRequest(f"{self.base_url}journals/{issn}", params=self._who())

    def newest_request(self, issn: str, *, limit: int) -> HttpRequest:
        """Return the request for the articles of a journal whose DOIs are the newest."""
        query = (
            ("filter", "type:journal-article"),
            ("sort", "created"),
            ("order", "desc"),
            ("rows", str(limit)),
            ("select", _FIELDS),
        )
        url = f"{self.base_url}journals/{issn}/works"
        return HttpRequest(url, params=(*query, *self._who()), is_list=True)

    def created_request(self, issn: str, first: date, last: date, cursor: str = "*") -> HttpRequest:
        """Return the request for a page of a journal's articles, by the day their DOIs were created.

        The index date would not do: Crossref indexes a work again whenever anything about it changes.
        """
        created = f"from-created-date:{first.isoformat()},until-created-date:{last.isoformat()}"
        query = (
            ("filter", f"{created},type:journal-article"),
            ("rows", str(WORKS_A_PAGE)),
            ("cursor", cursor),
            ("select", _FIELDS),
        )
        url = f"{self.base_url}journals/{issn}/works"
        return HttpRequest(url, params=(*query, *self._who()), timeout=60.0, is_list=True)

    def _filtered(self, filters: Sequence[str], *, limit: int) -> HttpRequest:
        query = (("filter", ",".join(filters)), ("rows", str(limit)), ("select", _FIELDS))
        return HttpRequest(f"{self.base_url}works", params=(*query, *self._who()), is_list=True)

    def _who(self) -> tuple[tuple[str, str], ...]:
        return (("mailto", self.email),) if self.email else ()


class Crossref:
    """The record source. `fetch` must keep to Crossref's rate limit, which its headers name."""

    name = Source.CROSSREF

    def __init__(
        self, fetch: Fetch, *, base_url: str = BASE_URL, email: str = "", parse: ParseAnswer = parse_here
    ) -> None:
        self._fetch = fetch
        self._parse = parse
        self._requests = CrossrefRequests(base_url, email)

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        """Return the records found, by key. DOIs are requested in lists, PIIs and titles one by one.

        Raises RecordSourceError.
        """
        works = await self._works(list(dict.fromkeys(each.doi for each in wanted if each.doi)))
        found: dict[int, Record] = {}
        for each in wanted:
            record = works.get(each.doi) if each.doi else await self._without_doi(each)
            if record is not None:
                found[each.key] = record
        return found

    async def retracted_since(self, since: date) -> AsyncIterator[frozenset[str]]:
        """Yield, page by page, the DOIs of works whose retraction was indexed on `since` or later.

        Raises RecordSourceError; the pass is not complete then.
        """
        cursor = "*"
        for _ in range(MOST_PAGES):
            response = await fetch_answer(
                Source.CROSSREF, self._fetch, self._requests.retractions_request(since, cursor)
            )
            page = await self._parse(parse_notices, response.body)
            yield page.retracted
            if page.count < NOTICES_A_PAGE or page.next_cursor is None:
                return
            cursor = page.next_cursor
        raise RecordSourceError(Source.CROSSREF, "unreadable")

    async def journal_title(self, issn: str) -> str | None:
        """Return the title of the journal with that ISSN, None if there is none. Raises RecordSourceError."""
        response = await fetch_answer(
            Source.CROSSREF, self._fetch, self._requests.journal_request(issn), accept=NOT_FOUND
        )
        return await self._parse(parse_journal, response.body) if response.status == 200 else None

    async def newest(self, issn: str, limit: int) -> Sequence[Record]:
        """Return the `limit` articles of a journal whose DOIs were created last, the newest first.

        Raises RecordSourceError, with status 404 for an unknown journal.
        """
        return await self._list(self._requests.newest_request(issn, limit=limit))

    async def created(self, issn: str, first: date, last: date) -> Sequence[Record]:
        """Return all articles of a journal whose DOIs were created from `first` to `last`, in no order.

        Raises RecordSourceError, with status 404 for an unknown journal; the list is not complete then.
        """
        works: dict[str | None, Record] = {}
        cursor = "*"
        for _ in range(MOST_PAGES):
            request = self._requests.created_request(issn, first, last, cursor)
            response = await fetch_answer(Source.CROSSREF, self._fetch, request)
            page = await self._parse(parse_page, response.body)
            works |= {record.doi: record for record in page.records}
            if len(works) >= page.total or page.next_cursor is None:
                return list(works.values())
            cursor = page.next_cursor
        raise RecordSourceError(Source.CROSSREF, "unreadable")

    async def search(self, text: str, limit: int) -> Sequence[Record]:
        """Return up to `limit` records for words, best first. Raises RecordSourceError."""
        return await self._list(self._requests.search_request(text, limit=limit))

    async def at_place(self, _place: JournalPlace, text: str, issns: Sequence[str]) -> Sequence[Record]:
        """See `PlaceSource`. Crossref compares the whole citation, so that authors and title help."""
        return await self._list(self._requests.place_request(text, issns))

    async def _works(self, dois: Sequence[str]) -> dict[str, Record]:
        """The works by DOI.

        A DOI that Crossref calls malformed makes its whole list fail; then each is requested alone.
        """
        alone = [doi for doi in dois if "," in doi]
        listed = [doi for doi in dois if "," not in doi]
        works: dict[str, Record] = {}
        for some in batches(listed, WORKS_A_LIST):
            if len(some) == 1:
                alone += some
                continue
            try:
                records = await self._list(self._requests.list_request(some))
            except RecordSourceError as error:
                if error.status != 400:
                    raise
                alone += some
                continue
            works |= {record.doi: record for record in records if record.doi}
        for doi in alone:
            response = await fetch_answer(
                Source.CROSSREF, self._fetch, self._requests.work_request(doi), accept=NOT_FOUND | {400}
            )
            if response.status == 200:
                found = await self._parse(parse_works, response.body)
                works |= {record.doi: record for record in found if record.doi == doi}
        return works

    async def _without_doi(self, wanted: RecordRequest) -> Record | None:
        if wanted.pii:
            records = await self._list(self._requests.pii_request(wanted.pii))
            certain = [record for record in records if has_wanted_identifier(wanted, record)]
            if certain:
                return certain[0]
        if wanted.pmid or not wanted.title or not can_search_title(wanted.title):
            return None  # PubMed finds an article by its PMID, and its record has the DOI
        words = " ".join(filter(None, (wanted.title, wanted.first_author, wanted.journal)))
        records = await self._list(self._requests.search_request(words, limit=_CANDIDATES))
        matches = [match for record in records if (match := accepted(wanted, record)) is not None]
        return matches[0] if len(matches) == 1 else None

    async def _list(self, request: HttpRequest) -> tuple[Record, ...]:
        response = await fetch_answer(Source.CROSSREF, self._fetch, request)
        return await self._parse(parse_works, response.body)


# --- for the registry ---


def make(connection: Connection) -> Crossref:
    """Build the source."""
    return Crossref(
        connection.fetch,
        base_url=connection.base_url,
        email=connection.credentials.email,
        parse=connection.parse,
    )


def recognises(saved: SavedAnswer) -> bool:
    """Say whether a saved answer is Crossref's, also a work without its envelope."""
    has_envelope = "message" in saved.json and ("message-type" in saved.json or "status" in saved.json)
    return has_envelope or "DOI" in saved.json


def parse_saved(body: bytes) -> tuple[Record, ...]:
    """Return the records of an answer in a file, also of a work without its envelope, as tools save it.

    Raises the same errors as `parse_works`.
    """
    answer = read_json(Source.CROSSREF, body)
    if "message" in answer:
        return parse_works(body)
    record = parse_work(answer)
    return (record,) if record else ()
