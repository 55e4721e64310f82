"""Parses Crossref's JSON into records (sources.md, Crossref)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wetread.bibliography.answer_fields import (
    Json,
    abstract_sections,
    correspondence_of,
    distinct,
    first_prose,
    grouped_awards,
    issn,
    licence_name,
    mapping,
    mappings,
    orcid,
    page_range,
    presentation_in,
    prose,
    raw,
    read_json,
    sequence,
    suffix_and_degrees,
    web_address,
    word,
)
from wetread.bibliography.answer_parsing import RECORDS, Shape, Split, answer_parser
from wetread.domain.errors import RecordSourceError
from wetread.domain.identifiers import normalise_doi, normalise_pii
from wetread.domain.models import Accession, Author, PartialDate, Record, Relation, RelationKind
from wetread.domain.partial_dates import parse_date, partial_date
from wetread.domain.publication_types import PREPRINT_SERVERS, RETRACTED_TYPE, RETRACTION_TYPE
from wetread.domain.record_sources import PUBLISHER, RETRACTION_WATCH, Source
from wetread.domain.text import clean
from wetread.domain.trial_registries import registry_name, registry_of

_TYPES = {"journal-article": "Journal Article", "book-chapter": "Book Chapter"}
"""Crossref's types that certainly mean the same as MEDLINE's."""

_UPDATED_BY = {
    "retraction": RelationKind.RETRACTED_BY,
    "withdrawal": RelationKind.RETRACTED_BY,
    "removal": RelationKind.RETRACTED_BY,
    "expression_of_concern": RelationKind.CONCERN_IN,
    "correction": RelationKind.CORRECTED_BY,
    "corrigendum": RelationKind.CORRECTED_BY,
    "erratum": RelationKind.CORRECTED_BY,
    "addendum": RelationKind.CORRECTED_BY,
    "clarification": RelationKind.CORRECTED_BY,
    "partial_retraction": RelationKind.CORRECTED_BY,
    "new_version": RelationKind.UPDATED_BY,
    "new_edition": RelationKind.UPDATED_BY,
}
_UPDATES = {
    RelationKind.RETRACTED_BY: RelationKind.RETRACTS,
    RelationKind.CONCERN_IN: RelationKind.EXPRESSES_CONCERN_ABOUT,
    RelationKind.CORRECTED_BY: RelationKind.CORRECTS,
    RelationKind.UPDATED_BY: RelationKind.UPDATES,
}
_TYPE_OF_NOTICE = {
    RelationKind.RETRACTS: RETRACTION_TYPE,
    RelationKind.EXPRESSES_CONCERN_ABOUT: "Expression of Concern",
    RelationKind.CORRECTS: "Published Erratum",
}
_INTERESTS = re.compile(
    r"(?:competing|conflicts? of|declaration of) (?:\w+ )?interests?|disclosures?", re.IGNORECASE
)
_LONGEST_STATEMENT, _LONGEST_COPYRIGHT = 4_000, 1_000
_REPORTERS = {"publisher": PUBLISHER, "retraction-watch": RETRACTION_WATCH}


@answer_parser(Source.CROSSREF, RECORDS)
def parse_works(body: bytes) -> tuple[Record, ...]:
    """Return the records in the answer for one work or for a list; () = none.

    Raises RecordSourceError "unreadable" for what is not Crossref's, "status" for its error answer.
    """
    message = _message(body)
    works: Iterable[Json] = mappings(message.get("items")) if "items" in message else (message,)
    return tuple(record for record in map(parse_work, works) if record is not None)


@dataclass(frozen=True, slots=True)
class WorksPage:
    """A page of a list of works. `total` counts all pages. `next_cursor` None = this is the last page."""

    records: tuple[Record, ...]
    total: int
    next_cursor: str | None


def _split_page(page: WorksPage) -> Split:
    return {"total": page.total, "next_cursor": page.next_cursor}, page.records


def _join_page(head: dict[str, Any], records: tuple[Record, ...]) -> WorksPage:
    return WorksPage(records, int(head["total"]), _cursor(head))


@answer_parser(Source.CROSSREF, Shape(_split_page, _join_page))
def parse_page(body: bytes) -> WorksPage:
    """Return a page of a list. Raises the same errors as `parse_works`."""
    message, items = _list(body)
    records = tuple(record for record in map(parse_work, items) if record is not None)
    total = message.get("total-results")
    cursor = raw(message.get("next-cursor")) if items else ""
    return WorksPage(records, total if isinstance(total, int) else len(items), cursor or None)


def _join_title(head: dict[str, Any], _records: tuple[Record, ...]) -> str | None:
    return str(head["title"]) if head["title"] else None


_TITLE: Shape[str | None] = Shape(lambda title: ({"title": title}, ()), _join_title)


@answer_parser(Source.CROSSREF, _TITLE)
def parse_journal(body: bytes) -> str | None:
    """Return the title of a journal, None if it has none. Raises the same errors as `parse_works`."""
    return first_prose(_message(body).get("title")) or None


def _list(body: bytes) -> tuple[Json, list[Json]]:
    """The message of a list, and its works."""
    message = _message(body)
    if not isinstance(message.get("items"), list):
        raise RecordSourceError(Source.CROSSREF, "unreadable")
    return message, mappings(message["items"])


def _message(body: bytes) -> Json:
    answer = read_json(Source.CROSSREF, body)
    if answer.get("status") == "failed":
        raise RecordSourceError(Source.CROSSREF, "status")
    message = answer.get("message")
    if not isinstance(message, dict):
        raise RecordSourceError(Source.CROSSREF, "unreadable")
    return message


@dataclass(frozen=True, slots=True)
class RetractionPage:
    """A page of retraction notices: the DOIs that they retract.

    `next_cursor` None = this is the last page.
    """

    retracted: frozenset[str]
    count: int
    next_cursor: str | None


def _split_notices(page: RetractionPage) -> Split:
    return {"retracted": sorted(page.retracted), "count": page.count, "next_cursor": page.next_cursor}, ()


def _join_notices(head: dict[str, Any], _records: tuple[Record, ...]) -> RetractionPage:
    return RetractionPage(frozenset(map(str, head["retracted"])), int(head["count"]), _cursor(head))


def _cursor(head: dict[str, Any]) -> str | None:
    return str(head["next_cursor"]) if head["next_cursor"] else None


@answer_parser(Source.CROSSREF, Shape(_split_notices, _join_notices))
def parse_notices(body: bytes) -> RetractionPage:
    """Return the DOIs that a page of notices retracts. Raises the same errors as `parse_works`."""
    message, items = _list(body)
    updates = [update for work in items for update in mappings(work.get("update-to"))]
    dois = (
        normalise_doi(raw(update.get("DOI")), is_field=True)
        for update in updates
        if _update_kind(update) is RelationKind.RETRACTED_BY
    )
    return RetractionPage(frozenset(filter(None, dois)), len(items), raw(message.get("next-cursor")) or None)


def parse_work(work: Json) -> Record | None:
    """Return the record of one work, None if it has no DOI."""
    doi = normalise_doi(raw(work.get("DOI")), is_field=True)
    if doi is None:
        return None
    relations = _relations(work)
    online_on, issue_on = _dates(work)
    volume = word(work.get("volume"))
    journal = first_prose(work.get("container-title")) or _preprint_server(work)
    abbreviation = first_prose(work.get("short-container-title"))
    is_article = work.get("type") == "journal-article"
    authors = _authors(work)
    title = _title(work)
    abstract = abstract_sections(work.get("abstract"), title)
    return Record(
        source=Source.CROSSREF,
        title=title,
        authors=authors,
        abstract=abstract,
        doi=doi,
        pii=_pii(work),
        journal=journal,
        journal_abbreviation=abbreviation if abbreviation and abbreviation != journal else None,
        issns=distinct([issn(each) for each in sequence(work.get("ISSN"))]),
        volume=volume,
        issue=word(work.get("issue")),
        pages=page_range(word(work.get("page"))) or word(work.get("article-number")),
        online_on=online_on,
        issue_on=issue_on,
        received_on=_asserted(work, "received"),
        revised_on=_asserted(work, "revised"),
        accepted_on=_date(work.get("accepted")) or _asserted(work, "accepted"),
        types=_types(work, relations),
        language=word(work.get("language")),
        url=web_address(mapping(mapping(work.get("resource")).get("primary")).get("URL")),
        licence=_licence(work),
        copyright=_copyright(work),
        correspondence=correspondence_of(authors),
        presented_at=presentation_in(section.text for section in abstract),
        accessions=_registrations(work),
        funding=_funding(work),
        disclosures=_disclosures(work),
        relations=relations,
        is_ahead_of_print=is_article and volume is None and online_on is not None and issue_on is None,
    )


def _title(work: Json) -> str:
    title = first_prose(work.get("title"))
    subtitle = first_prose(work.get("subtitle"))
    if not subtitle or subtitle.casefold() in title.casefold():
        return title
    joint = " " if title.endswith((":", "?", "!", ".")) else ": "
    return f"{title}{joint}{subtitle}" if title else subtitle


def _authors(work: Json) -> tuple[Author, ...]:
    found = []
    for author in mappings(work.get("author")):
        family, given, group = (prose(author.get(name)) for name in ("family", "given", "name"))
        if not family and not given and not group:
            continue
        suffix, degrees = suffix_and_degrees(author.get("suffix"))
        found.append(
            Author(
                family=group or family or given,
                given=given or None if family and not group else None,
                suffix=suffix,
                degrees=degrees,
                affiliations=_affiliations(author),
                orcid=orcid(author.get("ORCID")),
                is_collective=bool(group),
            )
        )
    # Some publishers deposit the list twice.
    return tuple(dict.fromkeys(found))


def _affiliations(author: Json) -> tuple[str, ...]:
    return distinct([_place(each) for each in mappings(author.get("affiliation"))])


def _place(affiliation: Json) -> str:
    """An institution with its city, which some publishers deposit apart."""
    name = prose(affiliation.get("name"))
    cities = [city for city in map(prose, sequence(affiliation.get("place"))) if city not in name]
    return ", ".join(filter(None, (name, *cities)))


def _pii(work: Json) -> str | None:
    numbers = (normalise_pii(raw(each)) for each in sequence(work.get("alternative-id")))
    return next(filter(None, numbers), None)


def _preprint_server(work: Json) -> str | None:
    """The name of a preprint server: medRxiv and bioRxiv deposit it as institution, not as container."""
    if work.get("type") != "posted-content":
        return None
    names = (prose(each.get("name")) for each in mappings(work.get("institution")))
    return next(filter(None, names), None)


def _types(work: Json, relations: tuple[Relation, ...]) -> tuple[str, ...]:
    types = [_TYPES.get(raw(work.get("type")))]
    if work.get("type") == "posted-content" and _is_preprint(work, relations):
        types.append("Preprint")
    types += [_TYPE_OF_NOTICE.get(relation.kind) for relation in relations]
    if any(each.kind is RelationKind.RETRACTED_BY and each.reported_by == PUBLISHER for each in relations):
        types.append(RETRACTED_TYPE)
    return distinct(types)


def _is_preprint(work: Json, relations: tuple[Relation, ...]) -> bool:
    """Whether posted content is a preprint: it may be a blog post, and lists do not tell which."""
    if "subtype" in work:
        return work["subtype"] == "preprint"
    is_followed = any(each.kind is RelationKind.PREPRINT_OF for each in relations)
    return is_followed or raw(work.get("DOI")).lower().startswith(PREPRINT_SERVERS)


def _relations(work: Json) -> tuple[Relation, ...]:
    found = []
    for name in ("updated-by", "update-to"):
        for update in mappings(work.get(name)):
            kind = _update_kind(update)
            doi = normalise_doi(raw(update.get("DOI")), is_field=True)
            if kind is None or doi is None:
                continue
            reporter = _REPORTERS.get(raw(update.get("source")))
            found.append(
                Relation(
                    kind if name == "updated-by" else _UPDATES[kind],
                    doi=doi,
                    on=_date(update.get("updated")),
                    reported_by=reporter,
                )
            )
    relation = mapping(work.get("relation"))
    for name, kind in (
        ("is-preprint-of", RelationKind.PREPRINT_OF),
        ("has-preprint", RelationKind.HAS_PREPRINT),
    ):
        for other in mappings(relation.get(name)):
            doi = normalise_doi(raw(other.get("id")), is_field=True)
            if doi:
                found.append(Relation(kind, doi=doi))
    return tuple(dict.fromkeys(found))


def _update_kind(update: Json) -> RelationKind | None:
    return _UPDATED_BY.get(raw(update.get("type")).lower().replace("-", "_").replace(" ", "_"))


def _licence(work: Json) -> str | None:
    licences = sorted(mappings(work.get("license")), key=lambda each: each.get("content-version") != "vor")
    return next(filter(None, (licence_name(each.get("URL")) for each in licences)), None)


def _dates(work: Json) -> tuple[PartialDate | None, PartialDate | None]:
    online_on = _date(work.get("published-online")) or _date(work.get("posted"))
    issue_on = _date(work.get("published-print"))
    if online_on is None and issue_on is None:
        published = _date(work.get("published")) or _date(work.get("issued"))
        return (None, published) if work.get("volume") else (published, None)
    return online_on, issue_on


def _date(value: object) -> PartialDate | None:
    parts = sequence(mapping(value).get("date-parts"))
    return partial_date(*sequence(parts[0])[:3]) if parts and sequence(parts[0]) else None


def _asserted(work: Json, name: str) -> PartialDate | None:
    """A date that the publisher prints beside the article: Springer's "Received 8 August 2025"; the last."""
    found = (
        parse_date(raw(assertion.get("value")))
        for assertion in mappings(work.get("assertion"))
        if raw(assertion.get("name")).lower() == name
    )
    return max(filter(None, found), default=None)


# --- what is said beside the citation ------------------------------------------------------------------


def _registrations(work: Json) -> tuple[Accession, ...]:
    """The numbers of registered trials. Crossref names the registry by its DOI, "10.18810/isrctn"."""
    found = []
    for each in mappings(work.get("clinical-trial-number")):
        number = word(each.get("clinical-trial-number"))
        if number:
            number = number.upper() if number.islower() else number
            registry = word(raw(each.get("registry")).rpartition("/")[2]) or "trial registry"
            found.append(Accession(registry_of(number) or registry_name(registry), number))
    return tuple(dict.fromkeys(found))


def _funding(work: Json) -> tuple[str, ...]:
    return grouped_awards(
        (prose(funder.get("name")) or None, number)
        for funder in mappings(work.get("funder"))
        for number in [word(each) for each in sequence(funder.get("award"))] or [None]
    )


def _disclosures(work: Json) -> str | None:
    """The statement about conflicts of interest, which Springer and others deposit with its heading."""
    for assertion in mappings(work.get("assertion")):
        headings = (assertion.get("label"), mapping(assertion.get("group")).get("label"))
        if any(_INTERESTS.search(raw(each)) for each in headings):
            return clean(prose(assertion.get("value")), limit=_LONGEST_STATEMENT) or None
    return None


def _copyright(work: Json) -> str | None:
    for assertion in mappings(work.get("assertion")):
        if raw(assertion.get("name")).lower() == "copyright":
            return prose(assertion.get("value"))[:_LONGEST_COPYRIGHT] or None
    return None
