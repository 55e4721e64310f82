"""What Wetread reads from a feed, for `check-feed`: as JSON values, and as lines for people. Pure."""

from collections.abc import Iterator
from typing import Any

from wetread.domain.models import Author, Entry, ParsedFeed, Record
from wetread.domain.text import abstract_text, cut


def feed_report(feed: ParsedFeed) -> dict[str, Any]:
    """Return `{"feed": …, "articles": […], "warnings": […]}`; every key is present, null if unknown.

    Dates are ISO 8601, with the precision that is known ("2026-04"); instants are in UTC.
    """
    return {
        "feed": {
            "title": feed.title,
            "version": feed.version,
            "home_url": feed.home_url,
            "ttl": feed.ttl,
        },
        "articles": [_article(entry) for entry in feed.entries],
        "warnings": list(feed.warnings),
    }


def _article(entry: Entry) -> dict[str, Any]:
    record = entry.record
    return {
        "guid": entry.guid,
        "title": record.title,
        "authors": [_author(author) for author in record.authors],
        "has_more_authors": record.has_more_authors,
        "types": list(record.types),
        "journal": record.journal or record.journal_abbreviation,
        "journal_abbreviation": record.journal_abbreviation,
        "volume": record.volume,
        "issue": record.issue,
        "pages": record.pages,
        "dates": {
            "published_at": entry.published_at.isoformat() if entry.published_at else None,
            "published_on": _text(record.published_on),
            "online_on": _text(record.online_on),
            "issue_on": _text(record.issue_on),
        },
        "doi": record.doi,
        "pmid": record.pmid,
        "pmcid": record.pmcid,
        "pii": record.pii,
        "arxiv": record.arxiv,
        "url": record.url,
        "abstract": abstract_text(record),
        "sections": [{"label": section.label, "text": section.text} for section in record.abstract],
        "is_ahead_of_print": record.is_ahead_of_print,
        "copyright": record.copyright,
        "licence": record.licence,
    }


def _author(author: Author) -> dict[str, Any]:
    return {
        "name": author.name,
        "given": author.given,
        "family": author.family,
        "is_collective": author.is_collective,
    }


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


def feed_text(feed: ParsedFeed) -> str:
    """Return the report as text: one or two lines for the feed, then a few for each article."""
    return "\n".join(_lines(feed))


def _lines(feed: ParsedFeed) -> Iterator[str]:
    count = len(feed.entries)
    with_abstract = sum(bool(entry.record.abstract) for entry in feed.entries)
    with_doi = sum(entry.record.doi is not None for entry in feed.entries)
    yield f"{feed.title or 'A feed without a title'} ({feed.version})"
    if feed.home_url:
        yield feed.home_url
    articles = "1 article" if count == 1 else f"{count} articles"
    yield f"{articles}, {with_abstract} with an abstract, {with_doi} with a DOI."
    yield from (f"Note: {warning}" for warning in feed.warnings)
    for number, entry in enumerate(feed.entries, 1):
        yield ""
        yield from _article_lines(number, entry)


def _article_lines(number: int, entry: Entry) -> Iterator[str]:
    record = entry.record
    yield f"{number}. {record.title or '(without a title)'}"
    if record.authors:
        names = ", ".join(author.name for author in record.authors[:6])
        has_more = record.has_more_authors or len(record.authors) > 6
        yield f"   {names}{' and others' if has_more else ''}"
    where = [record.journal or record.journal_abbreviation, _text(record.published_on), _volume(record)]
    if any(where):
        yield f"   {' · '.join(part for part in where if part)}"
    named = (("DOI", record.doi), ("PMID", record.pmid), ("PII", record.pii), ("arXiv", record.arxiv))
    if any(value for _, value in named):
        yield f"   {' · '.join(f'{name} {value}' for name, value in named if value)}"
    if record.url:
        yield f"   {record.url}"
    abstract = abstract_text(record)
    yield f"   {cut(abstract.replace(chr(10), ' '), 300)}" if abstract else "   No abstract in the feed."


def _volume(record: Record) -> str:
    issue = f"({record.issue})" if record.issue else ""
    pages = f":{record.pages}" if record.pages else ""
    return f"{record.volume or ''}{issue}{pages}".lstrip(":")
