"""The stored form of what is known of an article: one compressed text in its row.

Abstract and authors stand there once: what each source said is compressed together with what was made of it,
so that it takes room only where it differs. Of a source that said just that, only its name is kept. The title
is not there: the row has it in a column. Each of the three parts is a line of JSON. A dictionary holds what
many articles have in common (`dictionary_N.txt`, made by `scripts/dictionary.py`); the first byte of a stored
text is the number of its dictionary. One that was released is never changed.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from wetread.domain.models import Record
from wetread.domain.serialise import record_from_json, record_to_json

DICTIONARY = 1
"""The number of the dictionary with which texts are stored now."""

_LEVEL = 4  # 6 needs half as long again, for 2 % fewer bytes
_RAW = -zlib.MAX_WBITS  # no head and no checksum


def pack(record: Record, provenance: Mapping[str, str], said: Mapping[str, Record]) -> bytes:
    """Return the stored form of an article.

    `record` is what was made of all that its sources said, `provenance` names the source of each field, and
    `said` has by name what each source said.
    """
    text = _json(_beside(record.title, record))
    parts = {source: _said(record, each) for source, each in said.items()}
    whole = f"{text}\n{_json(dict(provenance))}\n{_json(parts)}"
    packer = _packer(DICTIONARY).copy()
    return b"".join((bytes([DICTIONARY]), packer.compress(whole.encode()), packer.flush()))


def record_in(packed: bytes, title: str) -> Record:
    """Return the merged record; `title`: the article's. Raises ValueError for what `pack` has not written."""
    return record_from_json({"title": title, **_part(packed, 0)})


def provenance_in(packed: bytes) -> dict[str, str]:
    """Return which source each field of the merged record has. Raises ValueError."""
    return {str(field): str(source) for field, source in _part(packed, 1).items()}


def said_in(packed: bytes, title: str) -> dict[str, Record]:
    """Return what each source said, by its name; `title`: the article's. Raises ValueError."""
    merged, found = None, {}
    for source, each in _part(packed, 2).items():
        if isinstance(each, str):
            merged = merged or record_in(packed, title)
            found[source] = replace(merged, source=each)
        else:
            found[source] = record_from_json({"title": title, **each})
    return found


def values_in(packed: bytes) -> dict[str, Any]:
    """Return the merged record as JSON values, unchecked and without its title. Raises ValueError."""
    return _part(packed, 0)


def text_of(record: Record) -> str:
    """Return a record as one line of JSON."""
    return _json(record_to_json(record))


def _said(merged: Record, record: Record) -> object:
    """Return what a source said as JSON values; only its name if that is what was made of all."""
    return record.source if _content_of(record) == _content_of(merged) else _beside(merged.title, record)


def _beside(title: str, record: Record) -> dict[str, Any]:
    """Return a record as JSON values, without its title if that is the article's."""
    values = record_to_json(record)
    if record.title == title:
        values.pop("title", None)
    else:
        values["title"] = record.title  # also where it has none
    return values


_content_of = attrgetter(*(field.name for field in fields(Record) if field.name != "source"))
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Writes values as one line."""


def _part(packed: bytes, number: int) -> dict[str, Any]:
    try:
        unpacker = zlib.decompressobj(_RAW, _dictionary(packed[0]))
        whole = unpacker.decompress(packed[1:])
        if not unpacker.eof:
            raise ValueError("a stored article is not complete")
        value = json.loads(whole.split(b"\n")[number])
    except (IndexError, OSError, zlib.error) as error:
        raise ValueError(f"a stored article cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise ValueError("a stored article is no object")  # noqa: TRY004  # bad data, as all else here
    return value


@cache
def _packer(number: int) -> Any:  # a zlib.compressobj, whose type has no name
    """One that has read its dictionary; each text is given to a copy of it."""
    return zlib.compressobj(_LEVEL, wbits=_RAW, zdict=_dictionary(number))


@cache
def _dictionary(number: int) -> bytes:
    return Path(__file__).with_name(f"dictionary_{number}.txt").read_bytes()
