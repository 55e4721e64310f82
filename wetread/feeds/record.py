"""Makes a record of an entry, by the form of its fields and not by the host, because hosts change."""

import html
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache

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
from wetread.domain.text import clean, cut, fold, from_html, lines_from_html, sentences
from wetread.feeds.abstracts import Abstract, abstract_from_html, may_be_richer, richest
from wetread.feeds.authors import have_more, parse_authors, parse_name_list
from wetread.feeds.citation import Citation, read_citation, read_pubmed_citation, read_volume, tidy_pages
from wetread.feeds.labelled_lines import Block, read_block
from wetread.feeds.links import safe_link
from wetread.feeds.raw import Markup, RawEntry, RawFeed
from wetread.feeds.tex import has_formula, html_from_tex

_SHORT = 500  # characters of a journal's name, a volume and similar fields
_REPEATED = 16  # texts that all entries of a feed share: the journal, the volume, the language


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
        has_more_authors=have_more(entry.authors),
        abstract=abstract.sections,
        copyright=abstract.copyright,
        licence=abstract.licence,
        doi=_first(_field_doi, entry.identifiers) or citation.doi,
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
        doi=_first(_field_doi, entry.identifiers),
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
    block = None if line_count else read_block(lines, now)
    citation = block.citation if block else citation
    whole_title = _title(entry.title)
    title, prefix = _split_title(_without_feed_prefix(whole_title, entry))
    volume = _volume(entry, citation, prefix)
    abstract = _abstract(entry, citation, line_count, block, title)
    journal = _journal(entry, feed, citation, prefix, whole_title)
    online_on, issue_on = _dates(entry, citation, volume, now)
    doi = _doi(entry) or citation.doi
    pii = _first(pii_from_address, [entry.link, entry.guid]) or _first(normalise_pii, entry.identifiers)
    return Record(
        source=FEED,
        title=title or _title_from_text(lines[line_count:], doi, entry.link),
        authors=_authors(entry, feed, citation, journal, is_article=bool(doi or pii)),
        has_more_authors=have_more(entry.authors) or have_more([citation.authors or ""]),
        abstract=abstract.sections,
        copyright=abstract.copyright,
        licence=abstract.licence,
        doi=doi,
        pmid=_first(normalise_pmid, _prefixed(entry.identifiers, "pmid")) or (block.pmid if block else None),
        pii=pii,
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
    value = _without_tex(title.value)
    # Plain text may contain publishers' own tags ("<scp>PET</scp>") or "{alpha}".
    is_html = title.is_html or re.search(r"</[A-Za-z][\w:-]*>|\{[A-Za-z]+\}", value) is not None
    return from_html(value, limit=2_000) if is_html else clean(value, limit=2_000)


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


def _abstract(
    entry: RawEntry, citation: Citation, line_count: int, block: Block | None, title: str
) -> Abstract:
    """Return the richest of the copies in an entry, the first of equals."""
    if citation.has_editors_words:
        return Abstract()
    found: list[Abstract] = []
    for number, copy in enumerate((*entry.content, *([] if block else [entry.summary]))):
        if found and not may_be_richer(copy.value, found[-1]):
            continue
        is_summary = number == len(entry.content)
        found.append(
            abstract_from_html(
                _without_tex(copy.value), skip_lines=line_count if is_summary else 0, title=title
            )
        )
    if block and block.abstract:
        paragraphs = "".join(f"<p>{html.escape(text)}</p>" for text in block.abstract)
        found.append(abstract_from_html(paragraphs, is_certain=block.is_certain, title=title))
    return richest(found)


def _doi(entry: RawEntry) -> str | None:
    identifiers = [text for text in entry.identifiers if "10." in text]
    return (
        _first(_field_doi, identifiers)
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


def _without_tex(text: str) -> str:
    return html_from_tex(text) if has_formula(text) else text


def _field_doi(text: str) -> str | None:
    return normalise_doi(text, is_field=True)


def _journal(entry: RawEntry, feed: RawFeed, citation: Citation, prefix: str, whole_title: str) -> str | None:
    """Return the journal's title from the most reliable field that has it; the article's title is none."""
    from_prefix = prefix.split(", Vol.", maxsplit=1)[0]
    title = fold(whole_title)
    for name in (entry.publication, feed.publication, citation.journal, entry.source, from_prefix):
        if name and "://" not in name and (found := _feed_name(name)) and fold(found) != title:
            return found
    relayed = _relay_name(entry)
    titles = (relayed, *entry.authors[:1], feed.title)
    if not relayed:
        relayed = next((name for name in entry.authors if name in feed.relayed), "")
    found = next((_feed_name(title) for title in titles if title and _FEED_TITLE.search(title)), None)
    # A feed with an ISSN has the journal's name as title; so have the feeds of Elsevier's own sites.
    is_journals_own = bool(feed.issns) or (
        pii_from_address(entry.link) and _host(entry.link) == _host(feed.home_url)
    )
    return found or _feed_name(relayed) or (feed.title if is_journals_own and feed.title else None)


def _host(url: str | None) -> str:
    return (url or "").partition("//")[2].partition("/")[0]


@lru_cache(maxsize=_REPEATED)
def _feed_name(text: str) -> str | None:
    text = _short(text) or ""
    while (shorter := _FEED_TITLE.sub("", text)) != text:
        text = shorter
    return text or None


def _authors(
    entry: RawEntry, feed: RawFeed, citation: Citation, journal: str | None, *, is_article: bool
) -> tuple[Author, ...]:
    periodicals = [journal, feed.title, feed.publication, entry.source, citation.journal, _relay_name(entry)]
    names = [name for name in (*periodicals, *feed.relayed) if name]
    given: Sequence[str] = entry.authors
    if len(given) == 1 and _FEED_TITLE.search(given[0]):  # "Wiley: Invented Coils: Table of Contents"
        name = fold(_feed_name(given[0]) or "")
        given = () if name in map(fold, names) else given
    found = parse_authors(given, not_names=names)
    if is_article and len(found) == 1 and " " not in found[0].name:
        found = ()  # one word is a journal ("Spine") or an account ("admin") more often than a person
    return found or parse_name_list(citation.authors or "")


def _volume(entry: RawEntry, citation: Citation, prefix: str) -> Citation:
    """Return volume, issue and pages: PRISM's, else the citation's, the category's or the title's."""
    others = [citation, *(read_volume(text) for text in (*entry.categories[:5], prefix) if text)]
    pages = entry.first_page
    if entry.last_page and entry.last_page != pages:
        pages = f"{pages}–{entry.last_page}"
    return Citation(
        volume=_short(entry.volume) or next((other.volume for other in others if other.volume), None),
        issue=_issue(entry.issue) or next((other.issue for other in others if other.issue), None),
        pages=tidy_pages(clean(pages, limit=50))
        or next((other.pages for other in others if other.pages), None),
    )


_LONGEST_ISSUE = 30


def _issue(text: str) -> str | None:
    """Return an issue's number, None for a PII that stands in its place ("S9999-9999(26)X0002-5")."""
    issue = _short(text)
    is_number = issue and len(issue) <= _LONGEST_ISSUE and not re.match(r"[SB]\d{4}-?\d{3}[\dX]", issue)
    return issue if is_number else None


def _dates(
    entry: RawEntry, citation: Citation, volume: Citation, now: datetime
) -> tuple[PartialDate | None, PartialDate | None]:
    """Return (online date, date of the issue); the issue's may be in the future.

    Before there is a volume or a page, PRISM's date of the cover is a placeholder.
    """
    is_in_issue = bool(volume.volume or volume.issue or volume.pages)
    cover = parse_date(entry.cover_date, now=now) if is_in_issue else None
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


@lru_cache(maxsize=_REPEATED)
def _short(text: str) -> str | None:
    return from_html(text, limit=_SHORT) or None if text else None


def _first(read: Callable[[str], str | None], texts: Iterable[str]) -> str | None:
    return next((found for text in texts if (found := read(text))), None)
