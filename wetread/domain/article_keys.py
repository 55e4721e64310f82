"""The keys by which an article is known: its identifiers, and title, journal and year. Pure."""

import re
from collections.abc import Iterator
from hashlib import blake2b

from wetread.domain.identifiers import Identifier, IdentifierKind, is_generic_title, normalise_arxiv
from wetread.domain.models import Record
from wetread.domain.names import name_key
from wetread.domain.titles_compared import main_title, title_words, without_status

TITLE = "title"
"""The first part of the keys that are made of a title."""

_SHORTEST_TITLE = 20  # letters and digits; shorter titles may be shared by two articles of one year
_FIRST_LATE_MONTH = 7
"""What is online from July on may be in an issue of the next year."""


def keys_of(record: Record, journal_key: str | None = None) -> tuple[str, ...]:
    """Return an article's keys, best first: "doi:…", "pmid:…", "pmcid:…", "pii:…", "arxiv:…", "title:…".

    `journal_key`: the catalogue's key of the record's journal; None = the catalogue does not know it.
    """
    return (*identifier_keys(record), *title_keys(record, journal_key))


def identifier_keys(record: Record) -> tuple[str, ...]:
    """Return the keys that are identifiers, best first."""
    named = (
        (IdentifierKind.DOI, record.doi),
        (IdentifierKind.PMID, record.pmid),
        (IdentifierKind.PMCID, record.pmcid),
        (IdentifierKind.PII, record.pii),
        (IdentifierKind.ARXIV, record.arxiv or (record.doi and _arxiv_of_doi(record.doi))),
    )
    return tuple(str(Identifier(kind, value)) for kind, value in named if value)


def title_keys(record: Record, journal_key: str | None = None) -> tuple[str, ...]:
    """Return keys made of title, journal and year; () if these would not identify one article.

    () without journal or year, for short titles, and for titles that many articles share. There is one for
    each year (online in December, in an issue in January), for the title with and without its subtitle, and,
    if the catalogue does not know the journal, for each of its numbers and names.
    """
    words = "".join(title_words(record.title))
    if len(words) < _SHORTEST_TITLE or is_generic_title(without_status(record.title)):
        return ()
    main = main_title(record.title)
    titles = [words, "".join(title_words(main))] if main and not is_generic_title(main) else [words]
    return tuple(
        f"{TITLE}:{_hash(title, journal, str(year))}"
        for title in titles
        for journal in _journals(record, journal_key)
        for year in _years(record)
    )


def is_title_key(key: str) -> bool:
    """Return whether a key is made of a title, which two works may share."""
    return key.startswith(f"{TITLE}:")


def _journals(record: Record, journal_key: str | None) -> list[str]:
    if journal_key:
        return [f"journal:{journal_key}"]
    named = [each for each in (record.journal, record.journal_abbreviation) if each]
    names = filter(None, (name_key(_without_subtitle(each)) for each in named))
    numbers = (f"issn:{issn}" for issn in record.issns)
    return list(dict.fromkeys((*numbers, *(f"name:{name}" for name in names))))


def _without_subtitle(journal: str) -> str:
    """Return a journal's name without what libraries add: "Invented radiology : IR", "… = Radiologie …"."""
    return re.split(r"\s[:=]\s|\s*\(", journal)[0]


def _years(record: Record) -> Iterator[int]:
    online, issue = record.online_on, record.issue_on
    yield from dict.fromkeys(date.year for date in (online, issue) if date)
    if online and issue is None and online.month >= _FIRST_LATE_MONTH:
        yield online.year + 1


def _hash(*parts: str) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()


def _arxiv_of_doi(doi: str) -> str | None:
    return normalise_arxiv(doi) if doi.startswith("10.48550/arxiv.") else None
