"""The record source PubMed: its requests, and the class that sends them (sources.md, PubMed)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wetread.bibliography.answer_fields import Json, distinct, mapping, raw, read_json, sequence, word
from wetread.bibliography.answer_parsing import ParseAnswer, Shape, answer_parser, parse_here
from wetread.bibliography.ecitmatch import citation_lines, parse_ecitmatch, place_term
from wetread.bibliography.pubmed_xml import fault, parse_efetch
from wetread.bibliography.record_matching import (
    accepted,
    can_search_title,
    has_wanted_identifier,
    pii_spellings,
    quoted,
)
from wetread.bibliography.record_source import Connection, RecordRequest, SavedAnswer, identifiers_of
from wetread.bibliography.source_fetch import fetch_answer
from wetread.domain.batches import batches
from wetread.domain.errors import RecordSourceError
from wetread.domain.identifiers import normalise_pmid
from wetread.domain.models import JournalPlace, Record
from wetread.domain.record_sources import Source
from wetread.net.web import Fetch, HttpRequest

BASE_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"

RECORDS_A_FETCH = 200
"""The most PMIDs in one efetch request."""

MOST_IDS = 9_999
"""The most PMIDs that PubMed returns for one search. If more match, it returns the newest.

A page that would reach beyond them is answered with an error.
"""

IDS_A_PAGE = 5_000
LONGEST_ADDRESS = 1_500
"""The longest term, in characters, that is sent in the address; a longer one is sent by POST."""

_TERMS_A_SEARCH = 20  # so that the address stays below 2,000 characters
_CITATION_MATCH_BYTES = 100_000  # a line for each name of a journal
_CANDIDATES = 5  # records compared with one title
_PLACED = 20  # records compared with a place in a journal; some pages have several letters


@dataclass(frozen=True, slots=True)
class EsearchResult:
    """How many articles match a term, and the PMIDs that were requested, in PubMed's order.

    `unknown`: words, phrases and fields of the term that PubMed does not know and left out.
    """

    count: int
    pmids: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Eutils:
    """Builds requests with tool and email, as NCBI asks.

    With an API key it allows 10 instead of 3 a second.
    """

    base_url: str = BASE_URL
    tool: str = "wetread"
    email: str = ""
    api_key: str | None = None

    def esearch_request(
        self, term: str, *, limit: int, extra: tuple[tuple[str, str], ...] = ()
    ) -> HttpRequest:
        """Return the request for the PMIDs that match a term."""
        asked = (*self._common(), ("retmode", "json"), ("retmax", str(limit)), ("term", term), *extra)
        url = f"{self.base_url}esearch.fcgi"
        if len(term) > LONGEST_ADDRESS:
            return HttpRequest(url, method="POST", form=asked)
        return HttpRequest(url, params=asked)

    def efetch_request(self, pmids: Sequence[str]) -> HttpRequest:
        """Return the request for up to 200 records. It is a POST, because 200 PMIDs make a long address."""
        form = (*self._common(), ("retmode", "xml"), ("id", ",".join(pmids)))
        return HttpRequest(f"{self.base_url}efetch.fcgi", method="POST", form=form, timeout=60.0)

    def ecitmatch_request(self, place: JournalPlace) -> HttpRequest:
        """Return the request for the PMIDs at a place in a journal. Its answer is text, whatever it says."""
        asked = (*self._common(), ("retmode", "xml"), ("bdata", citation_lines(place)))
        return HttpRequest(f"{self.base_url}ecitmatch.cgi", params=asked, max_bytes=_CITATION_MATCH_BYTES)

    def _common(self) -> tuple[tuple[str, str], ...]:
        who = (("tool", self.tool), ("email", self.email), ("api_key", self.api_key or ""))
        return (("db", "pubmed"), *((name, value) for name, value in who if value))


def _join_esearch(head: dict[str, Any], _records: tuple[Record, ...]) -> EsearchResult:
    return EsearchResult(int(head["count"]), tuple(map(str, head["pmids"])), tuple(map(str, head["unknown"])))


_ESEARCH = Shape(
    lambda found: ({"count": found.count, "pmids": found.pmids, "unknown": found.unknown}, ()), _join_esearch
)


@answer_parser(Source.PUBMED, _ESEARCH)
def parse_esearch(body: bytes) -> EsearchResult:
    """Return the result of a search.

    Raises RecordSourceError "throttled", "server", "status" or "unreadable".
    """
    answer = read_json(Source.PUBMED, body)
    if "error" in answer:
        raise fault(raw(answer["error"]))
    result = mapping(answer.get("esearchresult"))
    if "ERROR" in result:
        raise RecordSourceError(Source.PUBMED, "status")
    count = raw(result.get("count"))
    if not isinstance(result.get("idlist"), list) and not count:
        raise RecordSourceError(Source.PUBMED, "unreadable")
    pmids = (normalise_pmid(raw(each)) for each in sequence(result.get("idlist")))
    return EsearchResult(int(count) if count.isdecimal() else 0, tuple(filter(None, pmids)), _unknown(result))


def _unknown(result: Json) -> tuple[str, ...]:
    errors, warnings = mapping(result.get("errorlist")), mapping(result.get("warninglist"))
    lists = (
        errors.get("phrasesnotfound"),
        errors.get("fieldsnotfound"),
        warnings.get("quotedphrasesnotfound"),
    )
    return distinct([word(each) for found in lists for each in sequence(found)])


def identifier_terms(wanted: RecordRequest) -> tuple[str, ...]:
    """Return the terms that find an article by its identifiers; () if it has none of PubMed's kinds."""
    terms = []
    if wanted.doi:
        terms.append(f"{quoted(wanted.doi)}[doi]")
    if wanted.pmcid:
        terms.append(f"{wanted.pmcid}[pmcid]")
    if wanted.pii:
        terms += [f"{quoted(spelling)}[aid]" for spelling in pii_spellings(wanted.pii)]
    return tuple(terms)


def title_term(wanted: RecordRequest) -> str | None:
    """Return the term that finds an article by title and journal or year;

    None if many articles have the title.
    """
    if not wanted.title or not can_search_title(wanted.title):
        return None
    parts = [f"{quoted(wanted.title[:500])}[ti]"]
    if wanted.nlm_id:
        parts.append(f"{wanted.nlm_id}[NLMID]")
    elif wanted.journal:
        parts.append(f"{quoted(wanted.journal)}[Journal]")
    elif wanted.published_on:
        parts.append(f"{wanted.published_on.year}[dp]")
    return " AND ".join(parts)


class PubMed:
    """The record source. `fetch` must keep to NCBI's rate limit: 3 requests a second, 10 with an API key."""

    name = Source.PUBMED

    def __init__(
        self,
        fetch: Fetch,
        *,
        base_url: str = BASE_URL,
        tool: str = "wetread",
        email: str = "",
        api_key: str | None = None,
        parse: ParseAnswer = parse_here,
    ) -> None:
        self._fetch = fetch
        self._parse = parse
        self._eutils = Eutils(base_url, tool, email, api_key)

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        """Return the records found, by key. Identifiers are requested in batches, titles one by one.

        Raises RecordSourceError.
        """
        pmids = [each.pmid for each in wanted if each.pmid]
        terms = [term for each in wanted if not each.pmid for term in identifier_terms(each)]
        for some in batches(terms, _TERMS_A_SEARCH):
            pmids += (await self._hits(" OR ".join(some), limit=5 * len(some))).pmids
        index = _by_identifier(await self._records(pmids))
        found: dict[int, Record] = {}
        for each in wanted:
            record = next((index[key] for key in identifiers_of(each) if key in index), None)
            if record is not None and has_wanted_identifier(each, record):
                found[each.key] = record
        for each in wanted:
            # If PubMed does not know an article's DOI or PMID, it does not have the article (yet).
            if each.key not in found and not each.doi and not each.pmid:
                record = await self._by_title(each)
                if record is not None:
                    found[each.key] = record
        return found

    async def search(self, text: str, limit: int) -> Sequence[Record]:
        """Return up to `limit` records for words or a PubMed term, best first. Raises RecordSourceError."""
        extra = (("sort", "relevance"),)
        return await self.records((await self._hits(text[:LONGEST_ADDRESS], limit=limit, extra=extra)).pmids)

    async def records(self, pmids: Sequence[str]) -> Sequence[Record]:
        """Return the records of these PMIDs, in this order; unknown ones are left out.

        Raises RecordSourceError.
        """
        index = {record.pmid: record for record in await self._records(pmids)}
        return [index[pmid] for pmid in dict.fromkeys(pmids) if pmid in index]

    async def at_place(self, place: JournalPlace, _text: str, _issns: Sequence[str]) -> Sequence[Record]:
        """See `PlaceSource`. What the citation match does not find is searched for by volume and page."""
        request = self._eutils.ecitmatch_request(place)
        pmids = parse_ecitmatch((await fetch_answer(Source.PUBMED, self._fetch, request)).body)
        return await self.records(pmids or (await self._hits(place_term(place), limit=_PLACED)).pmids)

    async def newest(self, term: str, limit: int) -> EsearchResult:
        """Return how many articles match a term, and the `limit` that PubMed added last, the newest first.

        Raises RecordSourceError, "status" for a term that PubMed cannot read.
        """
        return await self._hits(term, limit=limit)

    async def entered_count(self, term: str, first: date, last: date) -> int:
        """Return how many of the articles that PubMed added from `first` to `last` match a term.

        Raises RecordSourceError.
        """
        return (await self._hits(term, limit=0, extra=_entered(first, last))).count

    async def entered(self, term: str, first: date, last: date) -> EsearchResult:
        """Return which of the articles that PubMed added from `first` to `last` match a term.

        The newest first, and all of them unless there are more than 9,999. Raises RecordSourceError.
        """
        pmids: dict[str, None] = {}
        while True:
            page = (*_entered(first, last), ("retstart", str(len(pmids))))
            hits = await self._hits(term, limit=min(IDS_A_PAGE, MOST_IDS - len(pmids)), extra=page)
            known = len(pmids)
            pmids |= dict.fromkeys(hits.pmids)
            # Articles added between two pages move the others: some are returned twice, none is missed.
            if len(pmids) >= min(hits.count, MOST_IDS) or len(pmids) == known:
                return EsearchResult(hits.count, tuple(pmids), hits.unknown)

    async def _by_title(self, wanted: RecordRequest) -> Record | None:
        """The only record whose title, year and first author agree;

        None if there is none, or more than one.
        """
        term = title_term(wanted)
        if term is None:
            return None
        hits = await self._hits(term, limit=_CANDIDATES)
        candidates = [accepted(wanted, record) for record in await self._records(hits.pmids)]
        matches = [record for record in candidates if record is not None]
        return matches[0] if len(matches) == 1 and hits.count <= _CANDIDATES else None

    async def _hits(self, term: str, *, limit: int, extra: tuple[tuple[str, str], ...] = ()) -> EsearchResult:
        request = self._eutils.esearch_request(term, limit=limit, extra=extra)
        response = await fetch_answer(Source.PUBMED, self._fetch, request)
        return await self._parse(parse_esearch, response.body)

    async def _records(self, pmids: Iterable[str]) -> list[Record]:
        """The records of these PMIDs and of no others, in PubMed's order (faults.md D06)."""
        asked = list(dict.fromkeys(pmids))
        found: list[Record] = []
        for some in batches(asked, RECORDS_A_FETCH):
            response = await fetch_answer(Source.PUBMED, self._fetch, self._eutils.efetch_request(some))
            records = await self._parse(parse_efetch, response.body)
            found += records
        numbers = set(asked)
        return [record for record in found if record.pmid in numbers]


def _entered(first: date, last: date) -> tuple[tuple[str, str], ...]:
    """The parameters that limit a search to these days, both included."""
    return (
        ("datetype", "edat"),
        ("mindate", f"{first:%Y/%m/%d}"),
        ("maxdate", f"{last:%Y/%m/%d}"),
    )


def _by_identifier(records: Iterable[Record]) -> dict[tuple[str, str], Record]:
    index: dict[tuple[str, str], Record] = {}
    for record in records:
        for key in identifiers_of(record):
            index.setdefault(key, record)
    return index


# --- for the registry ---


def make(connection: Connection) -> PubMed:
    """Build the source."""
    who = connection.credentials
    return PubMed(
        connection.fetch,
        base_url=connection.base_url,
        email=who.email,
        api_key=who.api_key,
        parse=connection.parse,
    )


def recognises(saved: SavedAnswer) -> bool:
    """Say whether a saved answer is PubMed's: XML that is not Europe PMC's, or the JSON of a fault."""
    if saved.is_xml:
        return saved.xml_root != "responseWrapper"
    return "error" in saved.json and "api-key" in saved.json


parse_saved = parse_efetch
