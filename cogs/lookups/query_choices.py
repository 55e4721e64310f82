"""Suggestions while a query is typed: the values of the field at its end."""

import re
from collections.abc import Iterable
from datetime import date

from wetread.domain.article_marks import Mark
from wetread.domain.catalogue import Catalogue
from wetread.domain.publication_kinds import OFFERED
from wetread.domain.query_fields import MARKS, Field

_AT_END = re.compile(r"(?:^|.*\s)-?(\w+):\s*\"?([^:\"]*)", re.DOTALL)
_SPANS = ("last week", "last month", "last year", "30d", "6m", "2y")
_FACT_WORDS = {
    Mark.ABSTRACT: "with an abstract",
    Mark.FREE: "with a free full text",
    Mark.RETRACTED: "retracted",
    Mark.PREPRINT: "preprints",
}


def query_choices(
    catalogue: Catalogue, typed: str, today: date, *, is_filter: bool = False
) -> list[tuple[str, str]]:
    """Return (name, value) of suggestions for a query as typed so far; none where words are typed.

    In a filter no date that depends on today is suggested.
    """
    match = _AT_END.fullmatch(typed)
    name = match[1].lower() if match else ""
    is_ended = match is not None and typed[-1].isspace() and match[2].strip()
    if match is None or is_ended or name not in set(Field):
        return []
    begun = typed[: match.start(2)].rstrip().removesuffix('"').rstrip()
    wanted = match[2].strip().casefold()
    return [
        (f"{name}: {shown}", f"{begun}{value}")
        for shown, value in _values(catalogue, Field(name), match[2].strip(), today, is_filter=is_filter)
        if wanted in value.casefold() or wanted in shown.casefold() or name == Field.JOURNAL
    ]


def _values(
    catalogue: Catalogue, field: Field, wanted: str, today: date, *, is_filter: bool
) -> Iterable[tuple[str, str]]:
    """Return (name, value) of everything that a field may have, as far as it can be listed."""
    years = [str(today.year - back) for back in range(3)]
    match field:
        case Field.JOURNAL:
            return [(each.title, f'"{each.title}"') for each in catalogue.matching(wanted)]
        case Field.TYPE:
            return [(kind, f'"{kind}"' if " " in kind else kind) for kind in OFFERED]
        case Field.HAS | Field.IS:
            return [(f"{mark} ({_FACT_WORDS[mark]})", mark) for mark in MARKS[field]]
        case Field.SINCE | Field.UNTIL:
            return [(each, each) for each in ((), _SPANS)[not is_filter] + tuple(years)]
        case Field.YEAR:
            return [(each, each) for each in (*years, f"{years[-1]}-")]
    return []
