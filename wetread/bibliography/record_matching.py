"""Decides whether a record that a source returned is the article that was requested. Pure."""

import re
import unicodedata
from dataclasses import replace

from wetread.bibliography.record_source import RecordRequest, identifiers_of
from wetread.domain.identifiers import is_generic_title
from wetread.domain.models import Record
from wetread.domain.text import fold

LEAST_SIMILARITY = 0.95
"""The least similarity of two folded titles of one article, 0 to 1 (faults.md D07)."""

_SHORTEST_TITLE = 20  # letters and digits
_NO_SYNTAX = str.maketrans(dict.fromkeys('"\\*', " "))
_NUMBERS = re.compile(r"\d+|\b[ivx]+\b", re.IGNORECASE)


def accepted(wanted: RecordRequest, record: Record) -> Record | None:
    """Return `record` if it is the requested article, else None.

    It is marked as probable if only title, year and first author agree.
    """
    if has_wanted_identifier(wanted, record):
        return record
    return replace(record, is_probable=True) if is_same_by_title(wanted, record) else None


def has_wanted_identifier(wanted: RecordRequest, record: Record) -> bool:
    """Say whether the record has one of the requested identifiers."""
    return not set(identifiers_of(wanted)).isdisjoint(identifiers_of(record))


def is_same_by_title(wanted: RecordRequest, record: Record) -> bool:
    """Say whether title, year and first author agree.

    Not if both have a DOI, if the title is about another article ("Correction: …"), or if the numbers in the
    titles differ ("Part 2").
    """
    if wanted.title is None or not can_search_title(wanted.title) or is_generic_title(record.title):
        return False
    if wanted.doi and record.doi:  # they differ, or `accepted` would have returned the record
        return False
    if _numbers(wanted.title) != _numbers(record.title):
        return False
    from rapidfuzz import fuzz  # only here: the process that parses answers has no use for it

    if fuzz.ratio(fold(wanted.title), fold(record.title)) < LEAST_SIMILARITY * 100:
        return False
    return _is_same_year(wanted, record) and _is_same_author(wanted, record)


def can_search_title(title: str) -> bool:
    """Say whether a title is long and specific enough to search for an article by it."""
    return len(fold(title)) >= _SHORTEST_TITLE and not is_generic_title(title)


def pii_spellings(pii: str) -> tuple[str, str]:
    """Return a normalised PII without and with punctuation: a source knows one or the other."""
    return pii, f"{pii[:5]}-{pii[5:9]}({pii[9:11]}){pii[11:16]}-{pii[16:]}"


def quoted(text: str) -> str:
    """Return the text as a phrase of a search term, without the characters that are syntax there."""
    return '"' + " ".join(text.translate(_NO_SYNTAX).split()) + '"'


def _numbers(title: str) -> list[str]:
    return sorted(number.lower() for number in _NUMBERS.findall(title))


def _is_same_year(wanted: RecordRequest, record: Record) -> bool:
    dates = (record.online_on, record.issue_on)
    return wanted.published_on is not None and wanted.published_on.year in {
        date.year for date in dates if date
    }


def _is_same_author(wanted: RecordRequest, record: Record) -> bool:
    """Whether the family names are equal; if one side has no author, whether the journals are."""
    if not wanted.first_author or not record.authors:
        journals = {_bare(each) for each in (record.journal, record.journal_abbreviation) if each}
        has_same_journal = wanted.journal is not None and _bare(wanted.journal) in journals
        return has_same_journal or (wanted.nlm_id is not None and wanted.nlm_id == record.nlm_id)
    ours, first = _bare(wanted.first_author), record.authors[0]
    if first.given is None:
        return ours in _bare(first.name)
    theirs = _bare(first.family)
    return ours == theirs or (min(len(ours), len(theirs)) > 3 and (theirs in ours or ours in theirs))


def _bare(text: str) -> str:
    """The text folded and without accents, about which sources disagree."""
    decomposed = unicodedata.normalize("NFKD", text)
    return fold("".join(each for each in decomposed if not unicodedata.combining(each)))
