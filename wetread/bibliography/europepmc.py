"""The record source Europe PMC: its requests, and the class that sends them (sources.md, Europe PMC)."""

from collections.abc import Mapping, Sequence

from wetread.bibliography.answer_parsing import ParseAnswer, parse_here
from wetread.bibliography.europepmc_json import parse_search
from wetread.bibliography.record_matching import accepted, can_search_title, has_wanted_identifier, quoted
from wetread.bibliography.record_source import Connection, RecordRequest, SavedAnswer
from wetread.bibliography.source_fetch import fetch_answer
from wetread.domain.batches import batches
from wetread.domain.models import Record
from wetread.domain.record_sources import Source
from wetread.net.web import Fetch, HttpRequest

BASE_URL = "https://www.ebi.ac.uk/europepmc/webservices/rest/"

ARTICLES_A_SEARCH = 20
"""The most articles joined by OR in one query. With more, the address would exceed 2,000 characters."""

_CANDIDATES = 5
_RECORDS_AN_ARTICLE = 3  # from MED, PMC and AGR, say


def search_request(query: str, *, limit: int, base_url: str = BASE_URL) -> HttpRequest:
    """Return the request for whole records (`core`); the `lite` ones have no abstract."""
    params = (("query", query), ("resultType", "core"), ("format", "json"), ("pageSize", str(limit)))
    return HttpRequest(f"{base_url}search", params=params)


def identifier_query(wanted: RecordRequest) -> str | None:
    """Return the query for an article's best identifier, None if it has none of Europe PMC's kinds."""
    if wanted.doi:
        return f"DOI:{quoted(wanted.doi)}"
    if wanted.pmid:
        return f"(EXT_ID:{wanted.pmid} AND SRC:MED)"
    if wanted.pmcid:
        return f"PMCID:{wanted.pmcid}"
    return None


class EuropePMC:
    """The record source. `fetch` must send at most 5 requests a second."""

    name = Source.EUROPEPMC

    def __init__(self, fetch: Fetch, *, base_url: str = BASE_URL, parse: ParseAnswer = parse_here) -> None:
        self._fetch = fetch
        self._parse = parse
        self._base_url = base_url

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        """Return the records found, by key. Identifiers are requested in batches, titles one by one.

        Raises RecordSourceError.
        """
        asked = [(each, query) for each in wanted if (query := identifier_query(each))]
        found: dict[int, Record] = {}
        for some in batches(asked, ARTICLES_A_SEARCH):
            query = " OR ".join(each_query for _, each_query in some)
            records = await self._search(query, limit=_RECORDS_AN_ARTICLE * len(some))
            for each, _ in some:
                matches = [record for record in records if has_wanted_identifier(each, record)]
                if matches:
                    found[each.key] = max(matches, key=_worth)
        for each in wanted:
            if identifier_query(each) is None and each.title and can_search_title(each.title):
                query = f"TITLE:{quoted(each.title)}"
                candidates = await self._search(query, limit=_CANDIDATES)
                titled = [match for record in candidates if (match := accepted(each, record)) is not None]
                if len(titled) == 1:
                    found[each.key] = titled[0]
        return found

    async def search(self, text: str, limit: int) -> Sequence[Record]:
        """Return up to `limit` records for words, best first. Raises RecordSourceError."""
        return await self._search(text[:500], limit=limit)

    async def _search(self, query: str, *, limit: int) -> tuple[Record, ...]:
        request = search_request(query, limit=limit, base_url=self._base_url)
        response = await fetch_answer(Source.EUROPEPMC, self._fetch, request)
        return await self._parse(parse_search, response.body)


def _worth(record: Record) -> tuple[bool, bool]:
    """Orders several records of one article: those with an abstract first, then those from PubMed."""
    return bool(record.abstract), bool(record.pmid)


# --- for the registry ---


def make(connection: Connection) -> EuropePMC:
    """Build the source."""
    return EuropePMC(connection.fetch, base_url=connection.base_url, parse=connection.parse)


def recognises(saved: SavedAnswer) -> bool:
    """Say whether a saved answer is Europe PMC's."""
    return saved.xml_root == "responseWrapper" or "resultList" in saved.json or "hitCount" in saved.json


parse_saved = parse_search
