"""What Wetread reads from a saved answer of a record source: for `check-record`, so that a bad record can be
reported with its file."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from typing import Any

from wetread.bibliography import (
    crossref_json,
    europepmc_json,
    openalex_json,
    pubmed_xml,
    semantic_scholar,
    unpaywall,
)
from wetread.bibliography.payload import Json, raw, read_json
from wetread.domain.errors import RecordSourceError
from wetread.domain.models import Author, Record
from wetread.domain.publication_status import publication_status
from wetread.domain.publication_types import type_label
from wetread.domain.serialise import record_to_json
from wetread.domain.text import abstract_text

ANY = "record"
"""Names the source in the error for an answer that is nobody's."""


def read_saved_answer(body: bytes) -> tuple[Record, ...]:
    """Return the records in the bytes of any source's answer, single or list, XML or JSON.

    Raises RecordSourceError "unreadable" for what is no source's, and as the parsers do.
    """
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if body.startswith(b"<"):
        if b"<responseWrapper" in body[:1000]:
            return europepmc_json.parse_search(body)
        return pubmed_xml.parse_efetch(body)
    answer = read_json(ANY, body)
    for is_from, parse in _PARSERS:
        if is_from(answer):
            return parse(body)
    raise RecordSourceError(ANY, "unreadable")


def _bare_work(body: bytes) -> tuple[Record, ...]:
    """A Crossref work without its envelope, as tools save it."""
    record = crossref_json.parse_work(read_json(crossref_json.NAME, body))
    return (record,) if record else ()


_PARSERS: tuple[tuple[Callable[[Json], bool], Callable[[bytes], tuple[Record, ...]]], ...] = (
    (lambda answer: "resultList" in answer or "hitCount" in answer, europepmc_json.parse_search),
    (
        lambda answer: "message" in answer and ("message-type" in answer or "status" in answer),
        crossref_json.parse_works,
    ),
    (
        lambda answer: "is_oa" in answer and "oa_locations" in answer,
        lambda body: (unpaywall.parse_location(body),),
    ),
    (lambda answer: "paperId" in answer, lambda body: (semantic_scholar.parse_paper(body),)),
    (lambda answer: "DOI" in answer, _bare_work),
    (
        lambda answer: "results" in answer or raw(answer.get("id")).startswith("https://openalex.org/"),
        openalex_json.parse_works,
    ),
    (lambda answer: "error" in answer and "api-key" in answer, pubmed_xml.parse_efetch),
)


def record_report(records: tuple[Record, ...]) -> dict[str, Any]:
    """Return one JSON object; its `records` hold every field, unset ones as null, "", [] or false.

    `abstract` is the whole text, `sections` the same with labels, as in `check-feed`; `kind` and
    `standing` (the publication status) are what cards show.
    Dates are ISO 8601 with the precision that is known.
    """
    return {"records": [_whole(record) for record in records]}


def _whole(record: Record) -> dict[str, Any]:
    blank = {field.name: _blank(getattr(Record(""), field.name)) for field in fields(Record)}
    return {
        **blank,
        **record_to_json(record),
        "authors": [{**asdict(author), "name": author.name} for author in record.authors],
        "abstract": abstract_text(record),
        "sections": [asdict(section) for section in record.abstract],
        "published_on": str(record.published_on) if record.published_on else None,
        "kind": type_label(record),
        "standing": publication_status(record).kind.value,
    }


def _blank(value: object) -> object:
    return [] if value == () else value


def record_text(records: tuple[Record, ...]) -> str:
    """Return the same for people to read."""
    if not records:
        return "No record."
    return "\n\n".join("\n".join(_lines(record)) for record in records)


_NAMED = (
    *("doi", "pmid", "pmcid", "pii", "arxiv", "journal", "journal_abbreviation", "issns", "nlm_id"),
    *("volume", "issue", "pages", "online_on", "issue_on", "received_on", "accepted_on", "types", "mesh"),
    *("language", "url", "free_url", "licence", "copyright", "correspondence"),
)


def _lines(record: Record) -> Iterator[str]:
    yield record.title or "(no title)"
    yield f"  source: {record.source}{' (probable)' if record.is_probable else ''}"
    for name in _NAMED:
        value = getattr(record, name)
        if value:
            yield f"  {name}: {'; '.join(value) if isinstance(value, tuple) else value}"
    yield f"  publication status: {publication_status(record).kind.value}"
    for relation in record.relations:
        other = relation.doi or (f"PMID {relation.pmid}" if relation.pmid else relation.text)
        yield f"  {relation.kind.value}: {other}{f', {relation.on}' if relation.on else ''}"
    yield f"  authors: {len(record.authors)}"
    yield from map(_author_line, record.authors)
    if not record.abstract:
        yield f"  abstract: none{', and none was published' if record.has_no_abstract else ''}"
    for section in record.abstract:
        yield f"  {section.label or 'abstract'}: {section.text}"


def _author_line(author: Author) -> str:
    extras = [*author.affiliations, *([f"ORCID {author.orcid}"] if author.orcid else [])]
    return f"    {author.name}{' (group)' if author.is_collective else ''}" + "".join(
        f" | {extra}" for extra in extras
    )
