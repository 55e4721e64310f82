"""Makes a record of an entry, by the form of its fields and not by the host, because hosts change."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from wetread.domain.front_matter import is_erratum
from wetread.domain.identifiers import (
    doi_from_address,
    normalise_arxiv,
    normalise_doi,
    normalise_pii,
    normalise_pmid,
    pii_from_address,
)
from wetread.domain.models import Author, PartialDate, Record
from wetread.domain.partial_dates import is_future, parse_date
from wetread.domain.publication_types import ERRATUM_TYPE, PREPRINT_SERVERS
from wetread.domain.record_sources import FEED
from wetread.domain.text import clean, cut, from_html, lines_from_html, sentences
from wetread.feeds.abstracts import Abstract, abstract_from_html
from wetread.feeds.authors import parse_authors, parse_name_list
from wetread.feeds.citation import Citation, read_citation, read_pubmed_citation, read_volume, tidy_pages
from wetread.feeds.links import safe_link
from wetread.feeds.raw import Markup, RawEntry, RawFeed
from wetread.feeds.tex import html_from_tex

_SHORT = 500  # characters of a journal's name, a volume and similar fields


def record_of(entry: RawEntry, feed: RawFeed, now: datetime) -> Record:
    """Return the record in an entry, with `source` "feed". The title may be empty."""
    if _is_pubmed(entry):
        return _pubmed_record(entry, now)
    if arxiv := _arxiv_id(entry):
        return _arxiv_record(entry, arxiv, now)
    return _publisher_record(entry, feed, now)


def is_replacement(entry: RawEntry) -> bool:
    """Return whether arXiv announces an old paper again."""
    match = _ANNOUNCEMENT.match(entry.summary.value)
    return (entry.announce_type or (match[1] if match else "")).lower().startswith("replace")


# --- PubMed ----------------------------------------------------------------------------------------------

_PUBMED_ABSTRACT = re.compile(r"<p[^>]*>\s*<b>\s*ABSTRACT\s*</b>\s*</p>", re.IGNORECASE)
_PUBMED_TAIL = re.compile(r"<p[^>]*>\s*PMID:\s*<a.*", re.IGNORECASE | re.DOTALL)


def _is_pubmed(entry: RawEntry) -> bool:
    return entry.guid.lower().startswith("pubmed:") or "//pubmed.ncbi.nlm.nih.gov/" in entry.link


def _pubmed_record(entry: RawEntry, now: datetime) -> Record:
    html = entry.content[0].value if entry.content else ""
    lines = lines_from_html(html[:4_000])
    citation = (read_pubmed_citation(lines[0], now) if lines else None) or Citation()
    parts = _PUBMED_ABSTRACT.split(_PUBMED_TAIL.sub("", html), maxsplit=1)
    abstract = abstract_from_html(parts[1], is_certain=True) if len(parts) == 2 else Abstract()
    pmid = _first(normalise_pmid, [entry.guid, *_prefixed(entry.identifiers, "pmid")]) or _pmid_of_link(
        entry.link
    )
    online_on, issue_on = citation.online_on, citation.issue_on
    if online_on is None and issue_on is None:
        online_on = _past(parse_date(entry.updated or entry.published, now=now), now)
    return Record(
        source=FEED,
        title=_title(entry.title),
        authors=parse_authors(entry.authors),
        abstract=abstract.sections,
        copyright=abstract.copyright,
        licence=abstract.licence,
        doi=_first(normalise_doi, entry.identifiers) or citation.doi,
        pmid=pmid,
        journal=_short(entry.source),
        journal_abbreviation=citation.abbreviation,
        volume=citation.volume,
        issue=citation.issue,
        pages=citation.pages,
        online_on=online_on,
        issue_on=issue_on,
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else safe_link(entry.link),
        is_ahead_of_print=citation.is_ahead_of_print,
    )


def _prefixed(identifiers: Iterable[str], prefix: str) -> list[str]:
    return [identifier for identifier in identifiers if identifier.lower().startswith(prefix)]


def _pmid_of_link(link: str) -> str | None:
    match = re.search(r"//pubmed\.ncbi\.nlm\.nih\.gov/([1-9]\d{0,7})\b", link, re.ASCII)
    return match[1] if match else None


# --- arXiv -----------------------------------------------------------------------------------------------

_ANNOUNCEMENT = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*([\w-]+)\s+(?:Abstract:)?\s*", re.IGNORECASE)


def _arxiv_id(entry: RawEntry) -> str | None:
    for text in (entry.guid, entry.link, *entry.identifiers):
        match = re.search(r"\barxiv\.org[:/](?:abs/|pdf/)?(.+?)(?:\.pdf)?/?$", text, re.IGNORECASE)
        if match and (arxiv := normalise_arxiv(match[1])):
            return arxiv
    return None


def _arxiv_record(entry: RawEntry, arxiv: str, now: datetime) -> Record:
    texts = [*entry.content, entry.summary]
    abstracts = (
        abstract_from_html(
            html_from_tex(_ANNOUNCEMENT.sub("", text.value)), is_certain="Announce" in text.value[:80]
        )
        for text in texts
    )
    abstract = next((found for found in abstracts if found.sections), Abstract())
    title = entry.title.value
    return Record(
        source=FEED,
        title=_without_feed_prefix(from_html(html_from_tex(title)), entry),
        authors=parse_authors(entry.authors, not_names=(entry.source, _relay_name(entry))),
        abstract=abstract.sections,
        doi=_first(normalise_doi, entry.identifiers),
        arxiv=arxiv,
        journal="arXiv",
        online_on=_past(parse_date(entry.published or entry.updated, now=now), now),
        types=("Preprint",),
        url=f"https://arxiv.org/abs/{arxiv}",
        is_ahead_of_print=False,
    )


# --- everybody else --------------------------------------------------------------------------------------


def _publisher_record(entry: RawEntry, feed: RawFeed, now: datetime) -> Record:
    lines = (
        lines_from_html(entry.summary.value[:20_000])
        if entry.summary.is_html
        else [clean(entry.summary.value)]
    )
    citation, line_count = read_citation(lines, now)
    title, prefix = _split_title(_without_feed_prefix(_title(entry.title), entry))
    volume = _volume(entry, citation, prefix)
    abstract = Abstract() if citation.has_editors_words else _abstract(entry, line_count)
    journal = _journal(entry, feed, citation, prefix)
    online_on, issue_on = _dates(entry, citation, now)
    doi = _doi(entry) or citation.doi
    return Record(
        source=FEED,
        title=title or _title_from_text(lines[line_count:], doi, entry.link),
        authors=_authors(entry, feed, citation, journal),
        abstract=abstract.sections,
        copyright=abstract.copyright,
        licence=abstract.licence,
        doi=doi,
        pmid=_first(normalise_pmid, _prefixed(entry.identifiers, "pmid")),
        pii=pii_from_address(entry.link)
        or pii_from_address(entry.guid)
        or _first(normalise_pii, entry.identifiers),
        journal=journal,
        issns=feed.issns,
        volume=volume.volume,
        issue=volume.issue,
        pages=volume.pages,
        online_on=online_on,
        issue_on=issue_on,
        types=_types(doi, title),
        language=_short(entry.language),
        url=safe_link(entry.link, feed.url) or (safe_link(entry.guid) if "://" in entry.guid else None),
        is_ahead_of_print=citation.is_ahead_of_print,
    )


def _title(title: Markup) -> str:
    # Plain text may contain publishers' own tags ("<scp>PET</scp>") or "{alpha}".
    is_html = title.is_html or re.search(r"</[A-Za-z][\w:-]*>|\{[A-Za-z]+\}", title.value) is not None
    return from_html(title.value, limit=2_000) if is_html else clean(title.value, limit=2_000)


_TITLE_PREFIX = re.compile(
    r"^\[(?:ASAP|articles? in press|in press|early access|online first)\]\s*", re.IGNORECASE
)
_MDPI_PREFIX = re.compile(r"^([^,:]{2,100}, Vol\. \d+, (?:Issue [^,:]{1,10}, )?Pages? [^:]{1,20}): (?=\S)")


def _split_title(title: str) -> tuple[str, str]:
    """Return the title and the citation that MDPI puts before it."""
    title = _TITLE_PREFIX.sub("", title)
    match = _MDPI_PREFIX.match(title)
    return (title[match.end() :], match[1]) if match else (title, "")


def _without_feed_prefix(title: str, entry: RawEntry) -> str:
    name = _relay_name(entry)
    return title[len(name) + 3 :] if name else title


def _relay_name(entry: RawEntry) -> str:
    """Return the feed's name that an aggregator puts before a title and gives as author; "" if none."""
    names = (*entry.authors, entry.source)
    return next((name for name in names if name and entry.title.value.startswith(f"[{name}] ")), "")


def _title_from_text(lines: list[str], doi: str | None, link: str) -> str:
    """Return a title for an entry without title and DOI: its first sentence, or "Untitled"."""
    if doi:
        return ""  # somebody knows it
    found = sentences(lines[0][:2_000]) if lines else []
    return cut(found[0], 200) if found else ("Untitled" if safe_link(link, "https://localhost") else "")


def _abstract(entry: RawEntry, line_count: int) -> Abstract:
    for content in entry.content:
        if (found := abstract_from_html(content.value)).sections:
            return found
    return abstract_from_html(entry.summary.value, skip_lines=line_count)


def _doi(entry: RawEntry) -> str | None:
    identifiers = [text for text in entry.identifiers if "10." in text]
    return (
        _first(normalise_doi, identifiers)
        or _first(normalise_doi, [entry.guid])
        or _first(doi_from_address, [entry.guid, entry.link])
    )


_FEED_TITLE = re.compile(
    r"^(?:ScienceDirect Publication: |Wiley: |Latest (?:Results|articles) (?:for|from) |Recent Articles in )"
    r"|(?:: Table of Contents|: Latest Articles \(ACS Publications\)|"
    r" ?[:-] ?(?:Current|Latest|Most Recent) (?:Issue|Articles)| Current Issue"
    r"| - Advance Access| Advance Access| - new TOC| TOC)$",
    re.IGNORECASE,
)


def _journal(entry: RawEntry, feed: RawFeed, citation: Citation, prefix: str) -> str | None:
    """Return the journal's title from the most reliable field that has it."""
    from_prefix = prefix.split(", Vol.", maxsplit=1)[0]
    for name in (entry.publication, feed.publication, citation.journal, entry.source, from_prefix):
        if name and "://" not in name and (found := _feed_name(name)):
            return found
    relayed = _relay_name(entry)
    titles = (relayed, *entry.authors[:1], feed.title)
    found = next((_feed_name(title) for title in titles if title and _FEED_TITLE.search(title)), None)
    # A feed with an ISSN has the journal's name as title; so have the feeds of Elsevier's own sites.
    is_journals_own = bool(feed.issns) or (
        pii_from_address(entry.link) and _host(entry.link) == _host(feed.home_url)
    )
    return found or _feed_name(relayed) or (feed.title if is_journals_own and feed.title else None)


def _host(url: str | None) -> str:
    return (url or "").partition("//")[2].partition("/")[0]


def _feed_name(text: str) -> str | None:
    text = _short(text) or ""
    while (shorter := _FEED_TITLE.sub("", text)) != text:
        text = shorter
    return text or None


def _authors(entry: RawEntry, feed: RawFeed, citation: Citation, journal: str | None) -> tuple[Author, ...]:
    periodicals = (journal, feed.title, feed.publication, entry.source, citation.journal, _relay_name(entry))
    found = parse_authors(entry.authors, not_names=[name for name in periodicals if name])
    return found or parse_name_list(citation.authors or "")


def _volume(entry: RawEntry, citation: Citation, prefix: str) -> Citation:
    """Return volume, issue and pages: PRISM's, else the citation's, the category's or the title's."""
    others = [citation, *(read_volume(text) for text in (*entry.categories[:5], prefix) if text)]
    pages = entry.first_page
    if entry.last_page and entry.last_page != pages:
        pages = f"{pages}–{entry.last_page}"
    return Citation(
        volume=_short(entry.volume) or next((other.volume for other in others if other.volume), None),
        issue=_short(entry.issue) or next((other.issue for other in others if other.issue), None),
        pages=tidy_pages(clean(pages, limit=50))
        or next((other.pages for other in others if other.pages), None),
    )


def _dates(
    entry: RawEntry, citation: Citation, now: datetime
) -> tuple[PartialDate | None, PartialDate | None]:
    """Return (online date, date of the issue); the issue's may be in the future."""
    cover = parse_date(entry.cover_date, now=now)
    if cover and cover.day == 1:
        cover = PartialDate(
            cover.year, cover.month
        )  # an issue has no day; the first of a month means the month
    issue_on = citation.issue_on or cover
    given = (entry.published, entry.updated, entry.publication_date)
    dates = [date for text in given if text and (date := parse_date(text, now=now))]
    online_on = citation.online_on or next((date for date in dates if not is_future(date, now)), None)
    if issue_on is None and dates and is_future(dates[0], now):
        issue_on = dates[0]
    return _past(online_on, now), issue_on


def _past(date: PartialDate | None, now: datetime) -> PartialDate | None:
    return None if date is None or is_future(date, now) else date


def _types(doi: str | None, title: str) -> tuple[str, ...]:
    if is_erratum(title):
        return (ERRATUM_TYPE,)
    return ("Preprint",) if doi and doi.startswith(PREPRINT_SERVERS) else ()


def _short(text: str) -> str | None:
    return from_html(text, limit=_SHORT) or None if text else None


def _first(read: Callable[[str], str | None], texts: Iterable[str]) -> str | None:
    return next((found for text in texts if (found := read(text))), None)
