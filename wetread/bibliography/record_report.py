"""Prints what Wetread reads from a saved answer of a record source (`bot.py check-record`).

Whoever reports a bad record can send its file along.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from wetread.bibliography import registry
from wetread.bibliography.answer_fields import read_json
from wetread.bibliography.record_source import SavedAnswer
from wetread.domain.errors import RecordSourceError
from wetread.domain.models import Author, Record
from wetread.domain.publication_status import publication_status
from wetread.domain.publication_types import type_label
from wetread.domain.serialise import record_to_json
from wetread.domain.text import abstract_text

_ANY = "record"
"""The name in the error if no source recognises an answer."""


def read_saved_answer(body: bytes) -> tuple[Record, ...]:
    """Return the records in a saved answer of any source, for one article or a list, XML or JSON.

    Raises RecordSourceError "unreadable" if no source recognises it, and the errors of the parsers.
    """
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    is_xml = body.startswith(b"<")
    if is_xml:
        root = re.search(rb"<([A-Za-z][\w.-]*)", body[:1000])
        saved = SavedAnswer({}, is_xml=True, xml_root=root[1].decode() if root else "")
    else:
        saved = SavedAnswer(read_json(_ANY, body))
    for entry in registry.REGISTRY:
        if entry.implementation.recognises(saved):
            return entry.implementation.parse_saved(body)
    raise RecordSourceError(_ANY, "unreadable")


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
    """Return the records as text for people."""
    if not records:
        return "No record."
    return "\n\n".join("\n".join(_lines(record)) for record in records)


_NAMED = (
    *("doi", "pmid", "pmcid", "pii", "arxiv", "journal", "journal_abbreviation", "issns", "nlm_id"),
    *("volume", "issue", "pages", "online_on", "issue_on", "received_on", "revised_on", "accepted_on"),
    *("types", "mesh", "language", "other_languages", "url", "free_url", "licence", "copyright"),
    *("correspondence", "presented_at", "funding", "disclosures"),
)


def _lines(record: Record) -> Iterator[str]:
    yield record.title or "(no title)"
    yield f"  source: {record.source}{' (probable)' if record.is_probable else ''}"
    for name in _NAMED:
        value = getattr(record, name)
        if value:
            yield f"  {name}: {'; '.join(value) if isinstance(value, tuple) else value}"
    for accession in record.accessions:
        yield f"  accessions: {accession.bank} {accession.number}"
    yield f"  publication status: {publication_status(record).kind.value}"
    for relation in record.relations:
        other = relation.doi or (f"PMID {relation.pmid}" if relation.pmid else relation.text)
        yield f"  {relation.kind.value}: {other}{f', {relation.on}' if relation.on else ''}"
    yield f"  authors: {len(record.authors)}"
    yield from map(_author_line, record.authors)
    if not record.abstract:
        yield f"  abstract: none{' (published without one)' if record.has_no_abstract else ''}"
    for section in record.abstract:
        yield f"  {section.label or 'abstract'}: {section.text}"


def _author_line(author: Author) -> str:
    extras = [
        *filter(None, [author.degrees]),
        *author.affiliations,
        *([f"ORCID {author.orcid}"] if author.orcid else []),
    ]
    return f"    {author.name}{' (group)' if author.is_collective else ''}" + "".join(
        f" | {extra}" for extra in extras
    )
