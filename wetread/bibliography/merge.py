"""Merges several sources' records of one article into one record, field by field. Pure.

`Precedence` in `registry.py` says whose value is taken. In words, the first source that has a value counts:

| field | order |
|---|---|
| title, volume, pages, language and all others | PubMed, Europe PMC, Crossref, OpenAlex, …, the feed |
| journal | Crossref, then as above |
| authors | the longest list of divided names; others add to family names, degrees, affiliations, ORCIDs |
| abstract | a structured one before a flat one; then PubMed, Europe PMC, Crossref, the feed, OpenAlex |
| dates | PubMed, Crossref, Europe PMC, the feed, OpenAlex; a source that agrees may add month and day |
| url | Crossref, the feed, then as in the first row |
| free_url, licence | Unpaywall first; for the licence Crossref second |
| issns, types, mesh, accessions, relations | those of all sources, each once |
| retraction | PubMed's or the publisher's word, else the word of two (sources.md, Retractions) |
| has_no_abstract | a source says so, and no source has an abstract |
| is_probable | a record found by title shares no identifier with one found by identifier |

A feed's abstract, structured or not, counts only if no source before it has one, and its authors only alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import TypeVar

from wetread.bibliography.record_source import identifiers_of
from wetread.bibliography.registry import precedence_of
from wetread.domain.models import Accession, Author, PartialDate, Record, Relation, RelationKind, Section
from wetread.domain.publication_status import WEIGHED, witness_count
from wetread.domain.publication_types import RETRACTED_TYPE
from wetread.domain.record_sources import FEED, MERGED
from wetread.domain.text import fold

T = TypeVar("T")

_MOST_GIVEN = 6
"""An author with more forenames is looked for under one family name only."""

_SHORTER_BUT_STRUCTURED = 0.6
"""A structured abstract shorter than this share of the longest one is a fragment, as some feeds have them."""


def merge_records(records: Mapping[str, Record]) -> tuple[Record, dict[str, str]]:
    """Return the record merged from `records` by source, and the source of each field that is set.

    The order of `records` does not matter, and merging the result again changes nothing. The result has an
    identifier of each kind that any record has. An empty mapping gives an empty record.
    """
    merger = _Merger(records)
    return merger.alone() if len(records) == 1 else merger.merged()


_SAID = tuple(each.name for each in fields(Record) if each.name not in {"source", "is_probable"})

_said_of = attrgetter(*_SAID)


class _Merger:
    """Merges once; collects the provenance meanwhile."""

    def __init__(self, records: Mapping[str, Record]) -> None:
        self._records = records
        self._precedences = {source: precedence_of(source) for source in records}
        self._provenance: dict[str, str] = {}

    def merged(self) -> tuple[Record, dict[str, str]]:
        first = self._first
        abstract = self._abstract()
        volume = first("volume", lambda each: each.volume)
        record = Record(
            source=MERGED,
            title=first("title", lambda each: each.title) or "",
            authors=self._authors(),
            has_more_authors=self._has_more_authors(),
            abstract=abstract,
            doi=first("doi", lambda each: each.doi),
            pmid=first("pmid", lambda each: each.pmid),
            pmcid=first("pmcid", lambda each: each.pmcid),
            pii=first("pii", lambda each: each.pii),
            arxiv=first("arxiv", lambda each: each.arxiv),
            journal=first("journal", lambda each: each.journal, "journal"),
            journal_abbreviation=first("journal_abbreviation", lambda each: each.journal_abbreviation),
            issns=self._union("issns", lambda each: each.issns),
            nlm_id=first("nlm_id", lambda each: each.nlm_id),
            volume=volume,
            issue=first("issue", lambda each: each.issue),
            pages=first("pages", lambda each: each.pages),
            online_on=self._date("online_on", lambda each: each.online_on),
            issue_on=self._date("issue_on", lambda each: each.issue_on),
            received_on=self._date("received_on", lambda each: each.received_on),
            revised_on=self._date("revised_on", lambda each: each.revised_on),
            accepted_on=self._date("accepted_on", lambda each: each.accepted_on),
            types=self._types(),
            mesh=self._union("mesh", lambda each: each.mesh),
            language=first("language", lambda each: each.language),
            other_languages=first("other_languages", lambda each: each.other_languages) or (),
            url=first("url", lambda each: each.url, "url"),
            free_url=first("free_url", lambda each: each.free_url, "free_url"),
            licence=first("licence", lambda each: each.licence, "licence"),
            copyright=first("copyright", lambda each: each.copyright),
            correspondence=first("correspondence", lambda each: each.correspondence),
            presented_at=first("presented_at", lambda each: each.presented_at),
            accessions=self._accessions(),
            funding=first("funding", lambda each: each.funding) or (),
            disclosures=first("disclosures", lambda each: each.disclosures),
            relations=self._relations(),
            has_no_abstract=not abstract
            and bool(first("has_no_abstract", lambda each: each.has_no_abstract)),
            is_ahead_of_print=volume is None
            and bool(first("is_ahead_of_print", lambda each: each.is_ahead_of_print)),
            is_probable=self._is_probable(),
        )
        return record, {name: source for name, source in self._provenance.items() if getattr(record, name)}

    def alone(self) -> tuple[Record, dict[str, str]]:
        """The same for a single record, as most new articles have."""
        [(source, record)] = self._records.items()
        merged = replace(
            record,
            source=MERGED,
            has_no_abstract=record.has_no_abstract and not record.abstract,
            is_ahead_of_print=record.is_ahead_of_print and not record.volume,
        )
        if record.issns or record.types or record.mesh or record.accessions or record.relations:
            merged = replace(
                merged,
                issns=self._union("issns", lambda each: each.issns),
                types=self._types(),
                mesh=self._union("mesh", lambda each: each.mesh),
                accessions=self._accessions(),
                relations=self._relations(),
            )
        return merged, {name: source for name, value in zip(_SAID, _said_of(merged), strict=True) if value}

    def _in_order(self, field: str = "usual") -> list[tuple[str, Record]]:
        """The records by source, the one whose `field` counts first at the front."""

        def rank(source: str) -> tuple[int, str]:
            precedence = self._precedences[source]
            number = getattr(precedence, field)
            return (precedence.usual if number is None else number, source)

        return sorted(self._records.items(), key=lambda item: rank(item[0]))

    def _first(self, name: str, get: Callable[[Record], T | None], field: str = "usual") -> T | None:
        for source, record in self._in_order(field):
            value = get(record)
            if value:
                self._provenance[name] = source
                return value
        return None

    def _union(self, name: str, get: Callable[[Record], tuple[str, ...]]) -> tuple[str, ...]:
        found: dict[str, str] = {}
        for source, record in self._in_order():
            for value in get(record):
                if found.setdefault(value.casefold(), value) is value:
                    self._provenance.setdefault(name, source)
        return tuple(found.values())

    def _accessions(self) -> tuple[Accession, ...]:
        """Each number once: sources name one registry in several ways."""
        found: dict[str, Accession] = {}
        for source, record in self._in_order():
            for accession in record.accessions:
                if found.setdefault(accession.number.casefold(), accession) is accession:
                    self._provenance.setdefault("accessions", source)
        return tuple(found.values())

    def _abstract(self) -> tuple[Section, ...]:
        ordered = [(source, each.abstract) for source, each in self._in_order("abstract") if each.abstract]
        # What a feed says never replaces the text of a database that counts more.
        has_better = bool(ordered) and ordered[0][0] != FEED
        candidates = [each for each in ordered if not (has_better and each[0] == FEED)]
        if not candidates:
            return ()
        longest = max(_length(abstract) for _, abstract in candidates)
        whole = [
            (source, abstract)
            for source, abstract in candidates
            if is_structured(abstract) and _length(abstract) >= longest * _SHORTER_BUT_STRUCTURED
        ]
        self._provenance["abstract"], abstract = (whole or candidates)[0]
        return abstract

    def _date(self, name: str, get: Callable[[Record], PartialDate | None]) -> PartialDate | None:
        date = self._first(name, get, "dates")
        if date is None:
            return None
        for _, record in self._in_order("dates"):
            other = get(record)
            if other and _refines(other, date):
                date = other
        return date

    def _authors(self) -> tuple[Author, ...]:
        lists = [(source, each.authors) for source, each in self._in_order() if each.authors]
        if not lists:
            return ()
        # A feed's list never replaces a database's. max() keeps the first of equals: the better source.
        others = [item for item in lists if item[0] != FEED] or lists
        source, authors = max(others, key=lambda item: self._author_list_rank(*item))
        self._provenance["authors"] = source
        indexes = [_by_name(each) for other, each in lists if other != source]
        own = _by_name(authors)
        return tuple(_completed(author, own, indexes) for author in authors)

    def _author_list_rank(self, source: str, authors: tuple[Author, ...]) -> tuple[bool, int, bool, int]:
        divided = sum(author.given is not None or author.is_collective for author in authors)
        return (
            divided * 2 > len(authors),
            len(authors),
            not self._records[source].has_more_authors,
            sum(bool(author.affiliations) for author in authors),
        )

    def _has_more_authors(self) -> bool:
        """Whether the list that was taken says that it is longer."""
        source = self._provenance.get("authors")
        return source is not None and self._records[source].has_more_authors

    def _types(self) -> tuple[str, ...]:
        types = self._union("types", lambda each: each.types)
        if self._is_proved(RelationKind.RETRACTED_BY):
            return types
        return tuple(each for each in types if each != RETRACTED_TYPE)

    def _relations(self) -> tuple[Relation, ...]:
        doubted = {kind for kind in WEIGHED if not self._is_proved(kind)}
        found: list[Relation] = []
        for source, record in self._in_order():
            for relation in record.relations:
                if relation.kind not in doubted:
                    _add_relation(found, relation)
                    self._provenance.setdefault("relations", source)
        return tuple(found)

    def _is_proved(self, kind: RelationKind) -> bool:
        return sum(witness_count(record, kind, source) for source, record in self._records.items()) >= 2

    def _is_probable(self) -> bool:
        certain = {
            key
            for record in self._records.values()
            if not record.is_probable
            for key in identifiers_of(record)
        }
        return any(
            record.is_probable and certain.isdisjoint(identifiers_of(record))
            for record in self._records.values()
        )


def is_structured(abstract: Iterable[Section]) -> bool:
    """Say whether an abstract has more than one label. A single one ("Abstract") does not structure it."""
    return sum(section.label is not None for section in abstract) > 1


def _length(abstract: Iterable[Section]) -> int:
    return sum(len(section.text) for section in abstract)


def _refines(other: PartialDate, date: PartialDate) -> bool:
    """Whether `other` is the same date with more precision."""
    if other.year != date.year or (date.month and other.month != date.month):
        return False
    return bool((other.month and not date.month) or (other.day and not date.day))


def _by_name(authors: tuple[Author, ...]) -> dict[str, list[Author]]:
    index: dict[str, list[Author]] = {}
    for author in authors:
        for key in _name_keys(author):
            index.setdefault(key, []).append(author)
    return index


def _name_keys(author: Author) -> tuple[str, ...]:
    """The keys by which an author is found in another source's list, the likelier one first.

    The family name may begin at any word that the author's own source takes for a forename.
    """
    given, family = (author.given or "").split(), author.family.split()
    if not given and not author.is_collective:
        given, family = family[:-1], family[-1:]
    starts = range(len(given), 0, -1) if len(given) <= _MOST_GIVEN else (len(given),)
    keys = [f"{fold(' '.join((*given[start:], *family)))} {fold(given[0])[:1]}" for start in starts]
    return (*keys, fold(author.name))


def _completed(
    author: Author, own: Mapping[str, list[Author]], indexes: Sequence[Mapping[str, list[Author]]]
) -> Author:
    """The author with suffix, degrees, affiliations and ORCID of other lists, divided as these divide it.

    Not if two authors share the name.
    """
    keys = [key for key in _name_keys(author) if len(own[key]) == 1]
    for index in indexes:
        same = next((index[key][0] for key in keys if len(index.get(key, ())) == 1), None)
        if same is not None and same.is_collective == author.is_collective:
            author = replace(
                _divided_as(author, same),
                suffix=author.suffix or same.suffix,
                affiliations=author.affiliations or same.affiliations,
                orcid=author.orcid or same.orcid,
                degrees=author.degrees or same.degrees,
            )
    return author


def _divided_as(author: Author, same: Author) -> Author:
    """The author with particles and double names in the family name, if the other source has them there."""
    words = author.name.removesuffix(author.suffix or "").split()
    count = len(same.family.split())
    is_longer = count > len(author.family.split()) or author.given is None
    if same.given is None or not is_longer or not count < len(words):
        return author
    family, given = " ".join(words[-count:]), " ".join(words[:-count])
    return replace(author, family=family, given=given) if fold(family) == fold(same.family) else author


def _add_relation(found: list[Relation], relation: Relation) -> None:
    """Add a relation, joined with the known ones to the same publication."""
    for index, known in enumerate(found):
        if known.kind is relation.kind and _is_same_publication(known, relation):
            joined = replace(
                known,
                doi=known.doi or relation.doi,
                pmid=known.pmid or relation.pmid,
                text=known.text or relation.text,
                on=known.on or relation.on,
                reported_by=known.reported_by or relation.reported_by,
            )
            # The joined one may have an identifier that joins it with a third.
            del found[index]
            return _add_relation(found, joined)
    found.append(relation)
    return None


def _is_same_publication(one: Relation, other: Relation) -> bool:
    if one.doi and other.doi:
        return one.doi == other.doi
    if one.pmid and other.pmid:
        return one.pmid == other.pmid
    has_identifier = one.doi or one.pmid or other.doi or other.pmid
    return not has_identifier and one.text == other.text
