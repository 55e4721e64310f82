"""Parses Europe PMC's JSON and XML into records (sources.md, Europe PMC)."""

from collections import defaultdict

from lxml import etree

from wetread.bibliography.answer_fields import (
    Json,
    abstract_sections,
    correspondence_of,
    distinct,
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
    read_xml,
    sequence,
    suffix_and_degrees,
    web_address,
    word,
)
from wetread.bibliography.answer_parsing import RECORDS, answer_parser
from wetread.bibliography.pubmed_xml import RELATIONS, without_full_stop
from wetread.domain.errors import RecordSourceError
from wetread.domain.identifiers import find_doi, normalise_doi, normalise_pmcid, normalise_pmid
from wetread.domain.models import Author, PartialDate, Record, Relation, RelationKind
from wetread.domain.partial_dates import find_date, parse_date, partial_date
from wetread.domain.publication_types import KNOWN_TYPES
from wetread.domain.record_sources import Source

_RELATIONS = {
    **RELATIONS,
    "preprintof": RelationKind.PREPRINT_OF,
    "preprintin": RelationKind.HAS_PREPRINT,
}
_TYPES = {each.casefold(): each for each in (*KNOWN_TYPES, "Journal Article", "Retracted Publication")} | {
    # JATS's types that certainly mean the same as MEDLINE's.
    "review-article": "Review",
    "case-report": "Case Reports",
    "correction": "Published Erratum",
    "systematic-review": "Systematic Review",
}
_FREE = ("OA", "F")


@answer_parser(Source.EUROPEPMC, RECORDS)
def parse_search(body: bytes) -> tuple[Record, ...]:
    """Return the records of a search answer, JSON or XML; () = no hit.

    Only answers to resultType=core have abstracts and divided names. Raises RecordSourceError "unreadable"
    for anything that Europe PMC does not send.
    """
    if body.lstrip()[:1] == b"<":
        return _parse_xml(body)
    answer = read_json(Source.EUROPEPMC, body)
    results = mapping(answer.get("resultList")).get("result")
    if not isinstance(results, list):
        raise RecordSourceError(Source.EUROPEPMC, "unreadable")
    return tuple(map(parse_result, mappings(results)))


def parse_result(result: Json) -> Record:
    """Return the record of one result, lite or core."""
    info = mapping(result.get("journalInfo"))
    journal = mapping(info.get("journal"))
    is_preprint = result.get("source") == "PPR"
    publisher = prose(mapping(result.get("bookOrReportDetails")).get("publisher"))
    pmcid = normalise_pmcid(raw(result.get("pmcid")))
    online_on, issue_on = _dates(result, info)
    types = _types(result)
    authors = _authors(result)
    title = without_full_stop(prose(result.get("title")))
    abstract = abstract_sections(result.get("abstractText"), title)
    return Record(
        source=Source.EUROPEPMC,
        title=title,
        authors=authors,
        abstract=abstract,
        doi=normalise_doi(raw(result.get("doi")), is_field=True),
        pmid=normalise_pmid(raw(result.get("pmid"))),
        pmcid=pmcid,
        journal=prose(journal.get("title")) or (publisher if is_preprint else "") or None,
        journal_abbreviation=word(journal.get("isoabbreviation"))
        or word(journal.get("medlineAbbreviation"))
        or word(result.get("journalTitle")),
        issns=distinct([issn(each) for each in _issns(result, journal)]),
        nlm_id=word(journal.get("nlmid")),
        volume=word(info.get("volume")) or word(result.get("journalVolume")),
        issue=word(info.get("issue")) or word(result.get("issue")),
        pages=page_range(word(result.get("pageInfo"))),
        online_on=online_on,
        issue_on=issue_on,
        types=types if "Preprint" in types or not is_preprint else (*types, "Preprint"),
        mesh=distinct(
            [
                word(each.get("descriptorName"))
                for each in mappings(mapping(result.get("meshHeadingList")).get("meshHeading"))
            ]
        ),
        language=word(result.get("language")),
        url=_url(result),
        free_url=_free_url(result, pmcid),
        licence=licence_name(result.get("license")),
        correspondence=correspondence_of(authors),
        presented_at=presentation_in(section.text for section in abstract),
        funding=grouped_awards(
            (prose(each.get("agency")) or None, word(each.get("grantId")))
            for each in mappings(mapping(result.get("grantsList")).get("grant"))
        ),
        relations=_relations(result),
        is_ahead_of_print=result.get("publicationStatus") == "aheadofprint",
    )


def _issns(result: Json, journal: Json) -> list[str]:
    lite = raw(result.get("journalIssn")).split(";")
    return [raw(journal.get("issn")), raw(journal.get("essn")), *(each.strip() for each in lite)]


def _types(result: Json) -> tuple[str, ...]:
    """The types that MEDLINE has, too. The lite answer has them in one string, in lower case."""
    lite = result.get("pubType")
    listed = sequence(mapping(result.get("pubTypeList")).get("pubType")) or sequence(lite)
    joined = ";".join(map(raw, listed)) or raw(lite)
    types = [each.strip() for each in joined.split(";")]
    return distinct([_TYPES.get(each.casefold()) for each in types])


def _authors(result: Json) -> tuple[Author, ...]:
    authors = mappings(mapping(result.get("authorList")).get("author"))
    if not authors:
        names = raw(result.get("authorString")).rstrip(". ").split(", ")
        return tuple(filter(None, (_author_of_name(prose(name)) for name in names)))
    found = []
    for author in authors:
        group = prose(author.get("collectiveName"))
        family = prose(author.get("lastName"))
        if not group and not family:
            whole = _author_of_name(prose(author.get("fullName")))
            found += [whole] if whole else []
            continue
        suffix, degrees = suffix_and_degrees(author.get("suffix"))
        found.append(
            Author(
                family=group or family,
                given=prose(author.get("firstName")) or word(author.get("initials")) if not group else None,
                suffix=suffix,
                degrees=degrees,
                affiliations=_affiliations(author),
                orcid=orcid(mapping(author.get("authorId")).get("value")),
                is_collective=bool(group),
            )
        )
    return tuple(found)


def _author_of_name(name: str) -> Author | None:
    """The author "Sample BC" as family name and initials; any other name in one piece."""
    family, _, initials = name.rpartition(" ")
    if family and initials.isalpha() and initials.isupper() and len(initials) <= 4:
        return Author(family=family, given=initials)
    return Author(family=name) if name else None


def _affiliations(author: Json) -> tuple[str, ...]:
    details = mapping(author.get("authorAffiliationDetailsList"))
    places = [prose(each.get("affiliation")) for each in mappings(details.get("authorAffiliation"))]
    return distinct([*places, prose(author.get("affiliation"))])


def _dates(result: Json, info: Json) -> tuple[PartialDate | None, PartialDate | None]:
    online_on = parse_date(raw(result.get("electronicPublicationDate")))
    issue_on = find_date(raw(info.get("dateOfPublication"))) or partial_date(
        info.get("yearOfPublication"), info.get("monthOfPublication")
    )
    if online_on is None and issue_on is None:
        online_on = parse_date(raw(result.get("firstPublicationDate")))
    return online_on, issue_on or (None if online_on else partial_date(result.get("pubYear")))


def _url(result: Json) -> str | None:
    source, number = word(result.get("source")), word(result.get("id"))
    if not source or not number or not (source + number).isalnum():
        return None
    return f"https://europepmc.org/article/{source}/{number}"


def _free_url(result: Json, pmcid: str | None) -> str | None:
    """The address of a free copy: Europe PMC's own first, a page before a PDF."""
    urls = [
        (each.get("site") != "Europe_PMC", each.get("documentStyle") != "html", url)
        for each in mappings(mapping(result.get("fullTextUrlList")).get("fullTextUrl"))
        if each.get("availabilityCode") in _FREE and (url := web_address(each.get("url")))
    ]
    if urls:
        return min(urls)[2]
    if pmcid and result.get("inEPMC") == "Y":
        return f"https://europepmc.org/articles/{pmcid}"
    return None


def _relations(result: Json) -> tuple[Relation, ...]:
    found = []
    for each in mappings(mapping(result.get("commentCorrectionList")).get("commentCorrection")):
        kind = _RELATIONS.get(raw(each.get("type")).replace(" ", "").lower())
        reference = prose(each.get("reference")) or None
        pmid = normalise_pmid(raw(each.get("id"))) if each.get("source") == "MED" else None
        if kind is None or not (reference or pmid):
            continue
        found.append(
            Relation(
                kind,
                doi=find_doi(reference or ""),
                pmid=pmid,
                text=reference,
                on=find_date(reference or ""),
                reported_by=Source.EUROPEPMC,
            )
        )
    return tuple(dict.fromkeys(found))


# --- XML -------------------------------------------------------------------------------------

_LISTS = frozenset(
    {"result", "author", "pubType", "fullTextUrl", "commentCorrection", "meshHeading", "grant"}
) | {"authorAffiliation"}


def _parse_xml(body: bytes) -> tuple[Record, ...]:
    root = read_xml(Source.EUROPEPMC, body)
    results = root.find("resultList")
    if root.tag != "responseWrapper" or results is None:
        raise RecordSourceError(Source.EUROPEPMC, "unreadable")
    return tuple(parse_result(mapping(_as_json(each))) for each in results.findall("result"))


def _as_json(element: etree._Element, depth: int = 0) -> object:
    """The element in the form of the JSON answer. Texts keep their markup, which is escaped in XML."""
    children = list(element.iterchildren("*"))
    if not children or depth > 8:
        return element.text or ""
    value: dict[str, object] = {}
    lists: defaultdict[str, list[object]] = defaultdict(list)
    for child in children:
        part = _as_json(child, depth + 1)
        if child.tag in _LISTS:
            lists[child.tag].append(part)
            value[child.tag] = lists[child.tag]
        else:
            value[child.tag] = part
    return value
