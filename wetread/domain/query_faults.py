"""What of a typed query is not understood: named to whoever typed it, and left out of the search. Pure.

Filters that are stored are read by `parse_query` alone, which takes for words what it does not understand.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from wetread.domain.errors import EmptyQueryError, FaultKind, QueryFault, UnclearQueryError
from wetread.domain.query import (
    TEXT_LIMIT,
    TOKEN,
    Query,
    is_searchable,
    normalised,
    parse_query,
    within_limit,
)
from wetread.domain.query_fields import Field
from wetread.domain.typed_dates import read_years


@dataclass(frozen=True, slots=True)
class TypedQuery:
    """A query and its faults. `query` None = nothing is left to search for."""

    query: Query | None
    faults: tuple[QueryFault, ...] = ()


_MEANT = {
    "authors": Field.AUTHOR,
    "au": Field.AUTHOR,
    "by": Field.AUTHOR,
    "issn": Field.JOURNAL,
    "source": Field.JOURNAL,
    "ti": Field.TITLE,
    "keyword": Field.MESH,
    "keywords": Field.MESH,
    "kind": Field.TYPE,
    "date": Field.SINCE,
    "from": Field.SINCE,
    "after": Field.SINCE,
    "before": Field.UNTIL,
    "to": Field.UNTIL,
}
_SHORTEST_SLIP = 4
_FIELD = re.compile(r"[-–−]?([^\W\d_]+):")
_DATE_FIELDS = (Field.SINCE, Field.UNTIL, Field.YEAR)


def read_query(text: str) -> TypedQuery:
    """Read what somebody typed for a search or a new filter. Never raises."""
    clean = normalised(text)
    rest, faults = within_limit(clean), []
    while found := _first_fault(rest):
        fault, start, end = found
        faults.append(fault)
        rest = f"{rest[:start]} {rest[end:]}"
    named = tuple(dict.fromkeys(faults))
    try:
        query = parse_query(rest)
    except EmptyQueryError:
        return TypedQuery(None, named)
    return TypedQuery(replace(query, is_cut=query.is_cut or len(clean) > TEXT_LIMIT), named)


def understood(text: str) -> tuple[Query, tuple[QueryFault, ...]]:
    """Return what can be searched for, and what is left out. Raises EmptyQueryError, UnclearQueryError."""
    typed = read_query(text)
    if typed.query is not None:
        return typed.query, typed.faults
    if typed.faults:
        raise UnclearQueryError(text, typed.faults)
    raise EmptyQueryError(text)


def demand_clear(text: str) -> None:
    """Raise EmptyQueryError or UnclearQueryError unless every part of a query is understood and read."""
    query, faults = understood(text)
    if faults or query.is_cut:
        raise UnclearQueryError(text, faults, is_cut=query.is_cut)


def _first_fault(text: str) -> tuple[QueryFault, int, int] | None:
    """Return the first fault with its place, None if there is none."""
    for match in TOKEN.finditer(text):
        fault, end = _fault(match)
        if fault is not None:
            return fault, match.start(), end
    return None


def _fault(match: re.Match[str]) -> tuple[QueryFault | None, int]:
    typed, end = match[0].strip(), match.end()
    if match["field"] is None:
        alone = _FIELD.fullmatch(typed)
        name = alone[1].lower() if alone else ""
        return (QueryFault(FaultKind.EMPTY_FIELD, typed, Field(name)) if name in set(Field) else None), end
    value = match["word"] if match["phrase"] is None else match["phrase"]
    name = match["field"].lower()
    if name not in set(Field):
        return _unknown(match, name, value, typed), end
    field = Field(name)
    if match["gap"] and match["word"] and _is_next_term(value):
        start = match.start("word")  # the next term is no value
        return QueryFault(FaultKind.EMPTY_FIELD, f"{name}:", field), start
    if not is_searchable(value):
        return QueryFault(FaultKind.EMPTY_FIELD, typed, field), end
    is_date = field not in _DATE_FIELDS or _is_date(field, value)
    return (None if is_date else QueryFault(FaultKind.DATE, typed, field)), end


def _is_next_term(word: str) -> bool:
    """Return whether what follows "author: " is another term and no value."""
    field = re.match(r"([^\W\d_]+):(\S?)", word)
    return word[0] in "-–−" or (field is not None and (bool(field[2]) or field[1].lower() in set(Field)))


def _unknown(match: re.Match[str], name: str, value: str, typed: str) -> QueryFault | None:
    if value.startswith("//"):
        return None  # an address
    meant = _MEANT.get(name) or _resembling(name)
    if match["gap"] and meant is None:
        return None  # "Vertebroplasty: a review"
    return QueryFault(FaultKind.UNKNOWN_FIELD, typed, meant)


def _resembling(name: str) -> Field | None:
    if len(name) < _SHORTEST_SLIP:
        return None
    most = 1 if len(name) == _SHORTEST_SLIP else 2
    distance, field = min((OSA.distance(name, each), each) for each in Field)
    return field if distance <= most else None


def _is_date(field: Field, value: str) -> bool:
    """Return whether a value is a date that the calendar has; only a year may be a span."""
    span = read_years(value)
    if span is None or (field is not Field.YEAR and span[0] != span[1]):
        return False
    return all(not each.day or each.day <= monthrange(each.year, each.month)[1] for each in span)
