"""The record source OpenAlex: its requests, and the class that sends them (sources.md, OpenAlex)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from wetread.bibliography.answer_fields import raw
from wetread.bibliography.answer_parsing import ParseAnswer, parse_here
from wetread.bibliography.openalex_json import parse_works
from wetread.bibliography.record_matching import has_wanted_identifier
from wetread.bibliography.record_source import Connection, RecordRequest, SavedAnswer
from wetread.bibliography.source_fetch import NOT_FOUND, fetch_answer
from wetread.domain.batches import batches
from wetread.domain.clock import Monotonic
from wetread.domain.errors import RecordSourceError
from wetread.domain.models import Record
from wetread.domain.record_sources import Source
from wetread.net.http_headers import retry_after, seconds_in
from wetread.net.web import Fetch, HttpRequest, HttpResponse

BASE_URL = "https://api.openalex.org/"

WORKS_A_LIST = 50
"""The most DOIs in one filter. OpenAlex allows 100, but the address would become very long."""

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class OpenAlexRequests:
    """Builds requests. Lists need an API key; single works do not."""

    base_url: str = BASE_URL
    api_key: str | None = None

    def work_request(self, wanted: RecordRequest) -> HttpRequest | None:
        """Return the request for one work by DOI or PMID, None if it has neither."""
        if wanted.doi:
            name = f"doi:{quote(wanted.doi, safe='/:')}"
        elif wanted.pmid:
            name = f"pmid:{wanted.pmid}"
        else:
            return None
        return HttpRequest(f"{self.base_url}works/{name}", params=self._who())

    def list_request(self, dois: Sequence[str]) -> HttpRequest:
        """Return the request for several works.

        Their DOIs must contain neither "|", which joins them, nor a comma.
        """
        query = (("filter", "doi:" + "|".join(dois)), ("per_page", str(len(dois))))
        return HttpRequest(f"{self.base_url}works", params=(*query, *self._who()))

    def search_request(self, text: str, *, limit: int) -> HttpRequest:
        """Return the request for the works that match the words best."""
        query = (("search", text[:500]), ("per_page", str(limit)))
        return HttpRequest(f"{self.base_url}works", params=(*query, *self._who()))

    def _who(self) -> tuple[tuple[str, str], ...]:
        return (("api_key", self.api_key),) if self.api_key else ()


class OpenAlex:
    """The record source.

    Requests are paid from a daily sum; when it is used up, none is sent until the reset.
    """

    name = Source.OPENALEX

    def __init__(
        self,
        fetch: Fetch,
        *,
        monotonic: Monotonic,
        base_url: str = BASE_URL,
        api_key: str | None = None,
        parse: ParseAnswer = parse_here,
    ) -> None:
        self._fetch = fetch
        self._parse = parse
        self._monotonic = monotonic
        self._requests = OpenAlexRequests(base_url, api_key)
        self._has_key = api_key is not None
        self._off_until = 0.0

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        """Return the records found, by key.

        Raises RecordSourceError, "throttled" until the daily sum is reset.
        """
        found: dict[int, Record] = {}
        listed = [each for each in wanted if self._has_key and each.doi and not set(each.doi) & {",", "|"}]
        for some in batches(listed, WORKS_A_LIST):
            response = await self._ask(self._requests.list_request([each.doi or "" for each in some]))
            works = {record.doi: record for record in await self._parse(parse_works, response.body)}
            found |= {each.key: works[each.doi] for each in some if each.doi in works}
        asked_alone = [each for each in wanted if each not in listed]
        for each in asked_alone:
            request = self._requests.work_request(each)
            if request is None:
                continue
            response = await self._ask(request)
            if response.status == 200:
                records = await self._parse(parse_works, response.body)
                if records and has_wanted_identifier(each, records[0]):
                    found[each.key] = records[0]
        return found

    async def search(self, text: str, limit: int) -> Sequence[Record]:
        """Return up to `limit` records, best first; none without an API key. Raises RecordSourceError."""
        if not self._has_key:
            return ()
        response = await self._ask(self._requests.search_request(text, limit=limit))
        return await self._parse(parse_works, response.body)

    async def _ask(self, request: HttpRequest) -> HttpResponse:
        left = self._off_until - self._monotonic()
        if left > 0:
            raise RecordSourceError(Source.OPENALEX, "throttled", retry_after=left)
        response = await fetch_answer(Source.OPENALEX, self._fetch, request, accept=NOT_FOUND | {429})
        pause = _pause(response)
        if pause:
            self._off_until = self._monotonic() + pause
        if response.status == 429:
            raise RecordSourceError(Source.OPENALEX, "throttled", status=429, retry_after=pause)
        return response


def _pause(response: HttpResponse) -> float:
    """Seconds to leave OpenAlex alone: until the reset if the day's sum is used up, else 0."""
    is_used_up = re.fullmatch(r"-?0*\.?0*", response.headers.get("x-ratelimit-remaining-usd", "1"))
    if response.status != 429 and not is_used_up:
        return 0.0
    seconds = seconds_in(response.headers.get("x-ratelimit-reset", ""))
    if seconds is None:
        seconds = retry_after(response.headers)
    return DAY if seconds is None else min(seconds, DAY)


# --- for the registry ---


def make(connection: Connection) -> OpenAlex:
    """Build the source."""
    return OpenAlex(
        connection.fetch,
        monotonic=connection.monotonic,
        base_url=connection.base_url,
        api_key=connection.credentials.api_key,
        parse=connection.parse,
    )


def recognises(saved: SavedAnswer) -> bool:
    """Say whether a saved answer is OpenAlex's."""
    return "results" in saved.json or raw(saved.json.get("id")).startswith("https://openalex.org/")


parse_saved = parse_works
