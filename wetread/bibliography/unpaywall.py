"""The record source Unpaywall: where an article can legally be read for free (sources.md, Unpaywall)."""

import logging
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from wetread.bibliography.answer_fields import licence_name, mapping, raw, read_json, web_address
from wetread.bibliography.answer_parsing import ONE_RECORD, ParseAnswer, answer_parser, parse_here
from wetread.bibliography.record_source import Connection, RecordRequest, SavedAnswer
from wetread.bibliography.source_fetch import NOT_FOUND, fetch_answer
from wetread.domain.errors import RecordSourceError
from wetread.domain.identifiers import normalise_doi
from wetread.domain.models import Record
from wetread.domain.record_sources import Source
from wetread.net.web import Fetch, HttpRequest

BASE_URL = "https://api.unpaywall.org/v2/"

log = logging.getLogger(__name__)


def location_request(doi: str, *, email: str, base_url: str = BASE_URL) -> HttpRequest:
    """Return the request for the free copies of one article. Unpaywall requires `email`."""
    return HttpRequest(f"{base_url}{quote(doi, safe='/:')}", params=(("email", email),))


@answer_parser(Source.UNPAYWALL, ONE_RECORD)
def parse_location(body: bytes) -> Record:
    """Return a record with DOI, free address and licence only; the last two None if there is no copy.

    Raises RecordSourceError "unreadable".
    """
    answer = read_json(Source.UNPAYWALL, body)
    doi = normalise_doi(raw(answer.get("doi")), is_field=True)
    if doi is None or "is_oa" not in answer:
        raise RecordSourceError(Source.UNPAYWALL, "unreadable")
    best = mapping(answer.get("best_oa_location"))
    addresses = (web_address(best.get(key)) for key in ("url", "url_for_landing_page", "url_for_pdf"))
    return Record(
        source=Source.UNPAYWALL,
        doi=doi,
        free_url=next(filter(None, addresses), None) if answer["is_oa"] is True else None,
        licence=licence_name(best.get("license")),
    )


class Unpaywall:
    """The record source for free full texts. It is off without the operator's e-mail address."""

    name = Source.UNPAYWALL

    def __init__(
        self, fetch: Fetch, *, email: str, base_url: str = BASE_URL, parse: ParseAnswer = parse_here
    ) -> None:
        self._fetch = fetch
        self._parse = parse
        self._email = email
        self._base_url = base_url
        self._is_on = bool(email)

    @property
    def is_on(self) -> bool:
        """Whether requests are sent: not without an e-mail address, and not after Unpaywall refused it."""
        return self._is_on

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        """Return the free copies found, by key; none while the source is off. Raises RecordSourceError."""
        found: dict[int, Record] = {}
        for each in wanted:
            if not each.doi or not self._is_on:
                continue
            request = location_request(each.doi, email=self._email, base_url=self._base_url)
            response = await fetch_answer(Source.UNPAYWALL, self._fetch, request, accept=NOT_FOUND | {422})
            if response.status == 422:
                # Logged once: Unpaywall would refuse every further request as well (faults.md D11).
                self._is_on = False
                log.error(
                    "Unpaywall refused [sources] contact_email of config.toml. Wetread will not look for "
                    "free full texts until the address is changed and the bot restarted."
                )
            elif response.status == 200:
                record = await self._parse(parse_location, response.body)
                if record.doi == each.doi and record.free_url:
                    found[each.key] = record
        return found

    async def search(self, text: str, limit: int) -> Sequence[Record]:  # noqa: ARG002  # the protocol's words
        """Return nothing: Unpaywall cannot be searched for words."""
        return ()


# --- for the registry ---


def make(connection: Connection) -> Unpaywall:
    """Build the source."""
    return Unpaywall(
        connection.fetch,
        base_url=connection.base_url,
        email=connection.credentials.email,
        parse=connection.parse,
    )


def recognises(saved: SavedAnswer) -> bool:
    """Say whether a saved answer is Unpaywall's."""
    return "is_oa" in saved.json and "oa_locations" in saved.json


def parse_saved(body: bytes) -> tuple[Record, ...]:
    """Return the record in a saved answer. Raises RecordSourceError."""
    return (parse_location(body),)
