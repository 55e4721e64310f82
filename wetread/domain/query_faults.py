"""What of a typed query is not understood: named to whoever typed it, and left out of the search. Pure.

Filters that are stored are read by `parse_query` alone, which takes for words what it does not understand.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz.distance import OSA

from wetread.domain.errors import EmptyQueryError, FaultKind, QueryFault, UnclearQueryError
from wetread.domain.publication_kinds import is_known_kind, kind_meant
from wetread.domain.query import (
    TEXT_LIMIT,
    TOKEN,
    Query,
    is_searchable,
    normalised,
    parse_query,
    within_limit,
)
from wetread.domain.query_fields import MARKS, Field
from wetread.domain.query_values import IsKnown, RelativeDate, is_next_term, settled
from wetread.domain.typed_dates import read_years


@dataclass(frozen=True, slots=True)
class TypedQuery:
    """A query and its faults. `query` None = nothing is left to search for.

    `text` is what was typed as it was read: dates as numbers, values of several words in quotes. Reading it
    again gives the same query, tomorrow too.
    """

    text: str
    query: Query | None
    faults: tuple[QueryFault, ...] = ()

    def understood(self) -> Query:
        """Return what can be searched for. Raises EmptyQueryError, UnclearQueryError if there is nothing."""
        if self.query is not None:
            return self.query
        if self.faults:
            raise UnclearQueryError(self.text, self.faults)
        raise EmptyQueryError(self.text)

    def demand_clear(self) -> None:
        """Raise EmptyQueryError or UnclearQueryError unless every part is understood and read."""
        query = self.understood()
        if self.faults or query.is_cut:
            raise UnclearQueryError(self.text, self.faults, is_cut=query.is_cut)


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
_FREE = ("fulltext", "pdf", "openaccess", "open", "oa", "freefulltext")
_MEANT_FACTS = dict.fromkeys(_FREE, "is:free") | {
    mark.value: f"{field}:{mark}" for field, marks in MARKS.items() for mark in marks
}


def nothing_known(_field: Field, _name: str) -> bool:
    """Say that no name is known: the `IsKnown` of a place without articles."""
    return False


def read_query(
    text: str, today: date, is_known: IsKnown = nothing_known, *, is_filter: bool = False
) -> TypedQuery:
    """Read what somebody typed for a search, or for a new filter. Never raises.

    In a filter a date that depends on today is a fault.
    """
    clean = normalised(text)
    whole, relative = settled(within_limit(clean), today, is_known)
    is_cut = len(clean) > TEXT_LIMIT
    rest, faults = _without_faults(whole, is_known)
    if is_filter:
        faults = [*map(_too_relative, relative), *faults]
    named = tuple(dict.fromkeys(faults))
    typed = clean if is_cut or len(whole) > TEXT_LIMIT else whole
    try:
        query = parse_query(rest)
    except EmptyQueryError:
        return TypedQuery(typed, None, named)
    return TypedQuery(typed, replace(query, is_cut=query.is_cut or is_cut), named)


def _too_relative(each: RelativeDate) -> QueryFault:
    return QueryFault(FaultKind.RELATIVE_DATE, each.typed, each.field, each.fixed)


def _without_faults(text: str, is_known: IsKnown) -> tuple[str, list[QueryFault]]:
    """Return what is understood of a text, and the faults in it."""
    faults, kept, at, position = [], [], 0, 0
    while match := TOKEN.search(text, position):
        fault, position = _fault(match, is_known)
        if fault is not None:
            faults.append(fault)
            kept.append(text[at : match.start()])
            at = position
    return " ".join([*kept, text[at:]]), faults


def _fault(match: re.Match[str], is_known: IsKnown) -> tuple[QueryFault | None, int]:
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
    if match["gap"] and match["word"] and is_next_term(value):
        start = match.start("word")  # the next term is no value
        return QueryFault(FaultKind.EMPTY_FIELD, f"{name}:", field), start
    if not is_searchable(value):
        return QueryFault(FaultKind.EMPTY_FIELD, typed, field), end
    if field in _DATE_FIELDS:
        return (None if _is_date(field, value) else QueryFault(FaultKind.DATE, typed, field)), end
    return _unknown_value(field, value.strip(" ()[],;"), typed, is_known), end


def _unknown_value(field: Field, value: str, typed: str, is_known: IsKnown) -> QueryFault | None:
    """Return the fault of a value that its field does not know; None if it may have any value."""
    word = value.lower()
    if field in MARKS and word not in MARKS[field]:
        kind = kind_meant(value) if field is Field.IS and is_known_kind(value) else None
        meant = _MEANT_FACTS.get(word.replace(" ", "")) or (f"type:{value}" if kind else _fact_like(word))
    elif field is Field.TYPE and not is_known_kind(value) and not is_known(field, value):
        kind = kind_meant(value)
        meant = _MEANT_FACTS.get(word) or (f"type:{kind}" if kind else None)
    else:
        return None
    return QueryFault(FaultKind.VALUE, typed, field, meant)


def _fact_like(word: str) -> str | None:
    distance, fact = min((OSA.distance(word, each), each) for each in _MEANT_FACTS)
    return _MEANT_FACTS[fact] if len(word) >= _SHORTEST_SLIP and distance <= len(fact) // 3 else None


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
