"""Where an article stands in a journal: volume, issue and first page, by which old papers are cited. Pure."""

import re

from wetread.domain.catalogue import Catalogue, names_of
from wetread.domain.models import JournalPlace, Record
from wetread.domain.names import abbreviates, name_key, names_within

_NUMBER = re.compile(r"\d{1,4}")
_PAGE = re.compile(r"(?P<letters>[a-z]*)0*(?P<rest>[a-z\d].*)", re.DOTALL)


def is_at(place: JournalPlace, record: Record, catalogue: Catalogue) -> bool:
    """Return whether a record's journal, volume and first page are those of the place."""
    return (
        record.volume is not None
        and record.pages is not None
        and volume_key(record.volume) == volume_key(place.volume)
        and first_page_key(record.pages) == first_page_key(place.first_page)
        and any(_is_in(name, record, catalogue) for name in place.journals)
    )


def contradicts(place: JournalPlace, record: Record) -> bool:
    """Return whether a record is of another year or issue than the place names.

    An article may be online a year before its issue. Only plain numbers of issues are compared, because
    supplements and parts are written in many ways.
    """
    years = [date.year for date in (record.online_on, record.issue_on) if date]
    if place.year and years and min(abs(year - place.year) for year in years) > 1:
        return True
    issues = [(issue or "").strip() for issue in (place.issue, record.issue)]
    return all(map(str.isdecimal, issues)) and int(issues[0]) != int(issues[1])


def volume_key(volume: str) -> str:
    """Return what of a volume is compared: "22" for "22 Spec No", "Vol. 022" and "22"."""
    match = _NUMBER.search(volume)
    return str(int(match[0])) if match else name_key(volume)


def first_page_key(pages: str) -> str:
    """Return what of pages is compared: "121" for "121–126" and "0121", "e12" for "E012"."""
    first = re.split(r"[-–—,;\s]", pages.strip().casefold(), maxsplit=1)[0].strip(".")
    match = _PAGE.fullmatch(first)
    return match["letters"] + match["rest"] if match else first


def _is_in(name: str, record: Record, catalogue: Catalogue) -> bool:
    """Whether the record's journal is the one called `name`, by the catalogue's names or by its own."""
    known = catalogue.named(name)
    if known is not None:
        wanted = {name_key(each) for each in names_of(known)}
        if catalogue.journal_of(record) == known:
            return True
    else:
        wanted = {name_key(name)}
    titles = [title for title in (record.journal, record.journal_abbreviation) if title]
    called = [part for title in titles for part in names_within(title)]
    if not wanted.isdisjoint(map(name_key, (*called, *record.issns))):
        return True
    return known is None and any(abbreviates(name, title) for title in titles)
