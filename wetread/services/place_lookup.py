"""Finds an article by its place in a journal: in the archive, then in PubMed and Crossref."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from wetread.bibliography.record_source import PlaceSource
from wetread.domain.catalogue import Catalogue, names_of
from wetread.domain.errors import RecordSourceError
from wetread.domain.journal_places import contradicts, is_at
from wetread.domain.models import Article, JournalPlace, Record
from wetread.domain.references import Reference, read_reference
from wetread.storage import lookups
from wetread.storage.database import Database

log = logging.getLogger(__name__)

MOST_FOUND = 25
"""The most articles of one page that are offered: as many as a menu has options."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands at a place: articles of the archive, or records by source, never both.

    `other` are those of the same volume and page whose year or issue is another than the citation's.
    """

    articles: tuple[Article, ...] = ()
    records: tuple[tuple[str, Record], ...] = ()
    other: tuple[Article | tuple[str, Record], ...] = ()


class PlaceLookup:
    """Compares what it finds with the place: only what agrees in journal, volume and page is returned."""

    def __init__(self, database: Database, sources: Sequence[PlaceSource], catalogue: Catalogue) -> None:
        """`sources` are asked in this order, until one has the article."""
        self._database = database
        self._sources = sources
        self._catalogue = catalogue

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the sources that are asked; none if those that know pages are switched off."""
        return tuple(source.name for source in self._sources)

    def read(self, text: str) -> Reference | None:
        """Return the identifier, address or citation in a text; None if it is to be read as words."""
        return read_reference(text, self._catalogue)

    async def find(self, place: JournalPlace, text: str, guild_id: int | None) -> Placed:
        """Return what stands at a place; `text` is the citation as it was typed.

        Of stored articles only those that the server knows count: what another server's feed says about
        pages is no proof here. Raises RecordSourceError if nothing was found and a source was down.
        """
        stored = await self._stored(place, guild_id)
        agreeing = tuple(each for each in stored if not contradicts(place, each.record))
        if agreeing:
            return Placed(articles=agreeing)
        other: dict[str | None, tuple[str, Record]] = {}
        outage: RecordSourceError | None = None
        for source in self._sources:
            try:
                found = await source.at_place(place, text, self._issns(place))
            except RecordSourceError as error:
                log.warning("%s", error)
                outage = outage or error
                continue
            there = [record for record in found if is_at(place, record, self._catalogue)]
            records = tuple((source.name, record) for record in there if not contradicts(place, record))
            if records:
                return Placed(records=records[:MOST_FOUND])
            other |= {record.doi or record.pmid: (source.name, record) for record in there}
        if outage is not None:
            raise outage
        return Placed(other=stored or tuple(other.values()))

    async def _stored(self, place: JournalPlace, guild_id: int | None) -> tuple[Article, ...]:
        if guild_id is None:
            return ()
        names = [each for name in place.journals for each in self._names(name)]
        found = await self._database.run(lookups.on_page, guild_id, names, place.first_page)
        return tuple(each for each in found if is_at(place, each.record, self._catalogue))

    def _names(self, name: str) -> Sequence[str]:
        journal = self._catalogue.named(name)
        return names_of(journal) if journal else (name,)

    def _issns(self, place: JournalPlace) -> tuple[str, ...]:
        """The ISSNs of the journal, if it has one name and that is known."""
        journal = self._catalogue.named(place.journal) if len(place.journals) == 1 else None
        return journal.issns if journal else ()
