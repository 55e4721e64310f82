"""A record source that Wetread does not have, as a contributor would write it."""

from collections.abc import Mapping, Sequence

from wetread.bibliography.answer_fields import prose, raw, read_json
from wetread.bibliography.answer_parsing import RECORDS, answer_parser
from wetread.bibliography.record_source import Connection, RecordRequest, SavedAnswer
from wetread.bibliography.source_fetch import fetch_answer
from wetread.domain.models import Record, Section
from wetread.domain.record_sources import SourceName
from wetread.net.web import HttpRequest

BASE_URL = "https://index.invented.example/"


class Invented(SourceName):
    """Its name."""

    INDEX = "Invented Index"


class InventedIndex:
    """Its module: a request, a parser and a class."""

    name = Invented.INDEX

    def __init__(self, connection: Connection) -> None:
        self._fetch = connection.fetch
        self._parse = connection.parse
        self._base_url = connection.base_url

    async def fetch_records(self, wanted: Sequence[RecordRequest]) -> Mapping[int, Record]:
        """Return the records found, by key."""
        found: dict[int, Record] = {}
        for each in wanted:
            response = await fetch_answer(self.name, self._fetch, HttpRequest(f"{self._base_url}{each.doi}"))
            [found[each.key]] = await self._parse(parse_saved, response.body)
        return found

    async def search(self, text: str, limit: int) -> Sequence[Record]:
        """Return nothing."""
        raise NotImplementedError


@answer_parser(Invented.INDEX, RECORDS)
def parse_saved(body: bytes) -> tuple[Record, ...]:
    """Return the record of an answer."""
    found = read_json(Invented.INDEX, body)
    record = Record(
        Invented.INDEX,
        title="An invented finding",
        doi=raw(found.get("invented_doi")),
        journal="Journal of Invented Imaging",
        abstract=(Section(prose(found.get("summary"))),),
    )
    return (record,)


def make(connection: Connection) -> InventedIndex:
    """Build the source."""
    return InventedIndex(connection)


def recognises(saved: SavedAnswer) -> bool:
    """Say whether a saved answer is the index's."""
    return "invented_doi" in saved.json
