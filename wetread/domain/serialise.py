"""Converts records and parsed feeds to JSON and back. Pure.

The database's `record` columns and the parser's child processes use this form. Reading is strict: data from a
child, or from an old row, is checked field by field (faults.md S17).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from hashlib import blake2b
from json import JSONEncoder
from operator import attrgetter
from typing import Any

from wetread.domain.models import (
    Accession,
    Author,
    Entry,
    ParsedFeed,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    Section,
)


def record_to_json(record: Record) -> dict[str, Any]:
    """Return `record` as JSON values. Empty fields (None, "", (), False) are left out."""
    return _fields_to_json(Record, record)


def record_from_json(data: object) -> Record:
    """Read what `record_to_json` wrote. Raises ValueError for any other shape, type or field name."""
    record: Record = _RECORD(data)
    return record


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """Return `entry` as JSON values, with the hash of its content, for which most are only compared."""
    record = record_to_json(entry.record)
    return {
        "guid": entry.guid,
        "record": record,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "content_hash": _hash_of(record),
    }


def entry_from_json(data: object) -> Entry:
    """Read what `entry_to_json` wrote. Raises ValueError for any other shape, type or field name."""
    entry: Entry = _ENTRY(data)
    return entry


def content_hash(record: Record) -> str:
    """Return a hash of an entry's content except its address, which PubMed, SAGE and others keep changing."""
    return _hash_of(record_to_json(record))


def feed_to_json(feed: ParsedFeed) -> dict[str, Any]:
    """Return `feed` with its entries as JSON values."""
    return {
        "title": feed.title,
        "version": feed.version,
        "home_url": feed.home_url,
        "ttl": feed.ttl,
        "warnings": list(feed.warnings),
        "entries": [entry_to_json(entry) for entry in feed.entries],
    }


def feed_from_json(data: object) -> ParsedFeed:
    """Read what `feed_to_json` wrote. Raises ValueError for any other shape, type or field name."""
    feed: ParsedFeed = _FEED(data)
    return feed


# --- writing ---------------------------------------------------------------------------------------------


def _hash_of(record: Mapping[str, Any]) -> str:
    content = _sorted_json({name: value for name, value in record.items() if name != "url"})
    return blake2b(content.encode(), digest_size=16).hexdigest()


_sorted_json = JSONEncoder(sort_keys=True).encode


def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


_PARTS: Mapping[type, tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {
    kind: (_names_of(kind), attrgetter(*_names_of(kind)))
    for kind in (Record, Author, Section, Relation, Accession)
}


def _fields_to_json(kind: type, made: object) -> dict[str, Any]:
    names, values_of = _PARTS[kind]
    return {
        name: value if type(value) is str else _to_json(value)
        for name, value in zip(names, values_of(made), strict=True)
        if value
    }


def _to_json(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return value
    if kind is tuple:
        return [_to_json(item) for item in value]
    if kind in _PARTS:
        return _fields_to_json(kind, value)
    return str(value) if kind is PartialDate else value


# --- reading ---------------------------------------------------------------------------------------------

Reader = Callable[[object], Any]


def _of_type(kind: type, value: object) -> Any:
    # Not isinstance, for which True is an int.
    if type(value) is not kind:
        raise ValueError(f"expected {kind.__name__}, found {type(value).__name__}")
    return value


def _text(value: object) -> Any:
    if type(value) is not str:
        raise ValueError(f"expected str, found {type(value).__name__}")
    if not value.isascii():
        value.encode()  # raises ValueError for a lone surrogate, which JSON can contain
    return value


def _optional_text(value: object) -> Any:
    return None if value is None else _text(value)


def _truth(value: object) -> Any:
    return _of_type(bool, value)


def _optional(read: Reader) -> Reader:
    return lambda value: None if value is None else read(value)


def _seconds(value: object) -> Any:
    return float(_of_type(int if type(value) is int else float, value))


def _several(read: Reader) -> Reader:
    return lambda value: tuple(map(read, _of_type(list, value)))


def _date(value: object) -> Any:
    date = PartialDate.from_iso(_text(value))
    if str(date) != value or not (1 <= date.year <= 9999 and date.month <= 12 and date.day <= 31):
        raise ValueError(f"not a date: {value!r}")
    return date


def _instant(value: object) -> Any:
    instant = datetime.fromisoformat(_text(value))
    if instant.tzinfo is None:
        raise ValueError("an instant without its offset")
    return instant


def _content_hash(value: object) -> Any:
    if not _HASH.fullmatch(_text(value)):
        raise ValueError("not a hash")
    return value


_HASH = re.compile("[0-9a-f]{32}")


def _relation_kind(value: object) -> Any:
    return RelationKind(_text(value))


def _made(kind: Callable[..., Any], readers: Mapping[str, Reader]) -> Reader:
    """The reader of an object.

    It refuses unknown and missing fields, and reads each field by its own reader.
    """

    def make(data: object) -> Any:
        name = ""
        try:
            values = {}
            for name, value in _of_type(dict, data).items():
                values[name] = readers[name](value)
            return kind(**values)
        except KeyError as error:
            raise ValueError(f"{kind.__name__} has no field {str(name)[:40]!r}") from error
        except ValueError as error:
            raise ValueError(f"{kind.__name__}.{name}: {error}") from error
        except TypeError as error:  # a field is missing
            raise ValueError(str(error)) from error

    return make


_AUTHOR = _made(
    Author,
    {
        "family": _text,
        "given": _optional_text,
        "suffix": _optional_text,
        "affiliations": _several(_text),
        "orcid": _optional_text,
        "is_collective": _truth,
        "degrees": _optional_text,
    },
)
_SECTION = _made(Section, {"text": _text, "label": _optional_text})
_ACCESSION = _made(Accession, {"bank": _text, "number": _text})
_RELATION = _made(
    Relation,
    {
        "kind": _relation_kind,
        "doi": _optional_text,
        "pmid": _optional_text,
        "text": _optional_text,
        "on": _optional(_date),
        "reported_by": _optional_text,
    },
)
_READERS_BY_TYPE: Mapping[object, Reader] = {
    str: _text,
    bool: _truth,
    str | None: _optional_text,
    PartialDate | None: _optional(_date),
    tuple[str, ...]: _several(_text),
    tuple[Author, ...]: _several(_AUTHOR),
    tuple[Section, ...]: _several(_SECTION),
    tuple[Relation, ...]: _several(_RELATION),
    tuple[Accession, ...]: _several(_ACCESSION),
}
# By the declared types of Record, so that a new field needs no change here.
_RECORD_READERS = {field.name: _READERS_BY_TYPE[field.type] for field in fields(Record)}
_RECORD = _made(Record, _RECORD_READERS)
_ENTRY = _made(
    Entry,
    {
        "guid": _text,
        "record": _RECORD,
        "published_at": _optional(_instant),
        "content_hash": _content_hash,
    },
)
_FEED = _made(
    ParsedFeed,
    {
        "title": _optional_text,
        "version": _text,
        "home_url": _optional_text,
        "ttl": _optional(_seconds),
        "entries": _several(_ENTRY),
        "warnings": _several(_text),
    },
)
