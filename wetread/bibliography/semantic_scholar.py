"""The record source Semantic Scholar: abstracts that no other source has (sources.md, Semantic Scholar)."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from wetread.bibliography.answer_fields import mapping, prose, raw, read_json
from wetread.bibliography.answer_parsing import ONE_RECORD, ParseAnswer, answer_parser, parse_here
from wetread.bibliography.record_matching import has_wanted_identifier
from wetread.bibliography.record_source import Connection, RecordRequest, SavedAnswer
from wetread.bibliography.source_fetch import NOT_FOUND, fetch_answer
from wetread.domain.errors import RecordSourceError
from wetread.domain.identifiers import normalise_doi, normalise_pmcid, normalise_pmid
from wetread.domain.models import Record
from wetread.domain.record_sources import Source
from wetread.domain.text import real_abstract, split_sections
from wetread.net.web import Fetch, HttpRequest

BASE_URL = "https://api.semanticscholar.org/graph/v1/"


def paper_request(
    wanted: RecordRequest, *, base_url: str = BASE_URL, api_key: str | None = None
) -> HttpRequest | None:
    """Return the request for one paper by DOI or PMID, None if it has neither."""
    if wanted.doi:
        name = f"DOI:{quote(wanted.doi, safe='/:')}"
    elif wanted.pmid:
        name = f"PMID:{wanted.pmid}"
    else:
        return None
    headers = {"x-api-key": api_key} if api_key else {}
    return HttpRequest(
        f"{base_url}paper/{name}", headers=headers, params=(("fields", "title,abstract,externalIds"),)
    )


@answer_parser(Source.SEMANTIC_SCHOLAR, ONE_RECORD)
def parse_paper(body: bytes) -> Record:
    """Return a record with identifiers and abstract only.

    Semantic Scholar takes a preprint and its journal version for one work, so its other fields are not used.
    Raises RecordSourceError "unreadable".
    """
    answer = read_json(Source.SEMANTIC_SCHOLAR, body)
    if "paperId" not in answer:
        raise RecordSourceError(Source.SEMANTIC_SCHOLAR, "unreadable")
    ids = mapping(answer.get("externalIds"))
    pmcid = raw(ids.get("PubMedCentral"))
    return Record(
        source=Source.SEMANTIC_SCHOLAR,
        doi=normalise_doi(raw(ids.get("DOI")), is_field=True),
        pmid=normalise_pmid(raw(ids.get("PubMed"))),
        pmcid=normalise_pmcid(pmcid) or normalise_pmcid(f"PMC{pmcid}"),
        abstract=real_abstract(split_sections(prose(answer.get("abstract")))),
    )


class SemanticScholar:
    """The record source. `fetch` must send at most one request a second."""

    name = Source.SEMANTIC_SCHOLAR

    def __init__(
        self,
        fetch: Fetch,
        *,
        base_url: str = BASE_URL,
        api_key: str | None = None,
        parse: ParseAnswer = parse_here,
    ) -> None:
        self._fetch = fetch
        self._parse = parse
        self._base_url = base_url
        self._api_key = api_key

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        """Return the records found, by key. Raises RecordSourceError."""
        found: dict[int, Record] = {}
        for each in wanted:
            request = paper_request(each, base_url=self._base_url, api_key=self._api_key)
            if request is None:
                continue
            response = await fetch_answer(Source.SEMANTIC_SCHOLAR, self._fetch, request, accept=NOT_FOUND)
            if response.status == 200:
                record = await self._parse(parse_paper, response.body)
                if has_wanted_identifier(each, record):
                    found[each.key] = record
        return found

    async def search(self, text: str, limit: int) -> Sequence[Record]:  # noqa: ARG002  # the protocol's words
        """Return nothing: its titles and dates cannot be trusted."""
        return ()


# --- for the registry ---


def make(connection: Connection) -> SemanticScholar:
    """Build the source."""
    return SemanticScholar(
        connection.fetch,
        base_url=connection.base_url,
        api_key=connection.credentials.api_key,
        parse=connection.parse,
    )


def recognises(saved: SavedAnswer) -> bool:
    """Say whether a saved answer is Semantic Scholar's."""
    return "paperId" in saved.json


def parse_saved(body: bytes) -> tuple[Record, ...]:
    """Return the record in a saved answer. Raises RecordSourceError."""
    return (parse_paper(body),)
