"""Parses citations that publishers put before or instead of an abstract: journal, volume, pages, date."""

import re
from dataclasses import dataclass
from datetime import datetime

from wetread.domain.identifiers import find_doi
from wetread.domain.models import PartialDate
from wetread.domain.partial_dates import parse_date


@dataclass(frozen=True, slots=True)
class Citation:
    """The parts of a citation; None for missing ones."""

    journal: str | None = None
    abbreviation: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    online_on: PartialDate | None = None
    issue_on: PartialDate | None = None
    doi: str | None = None
    authors: str | None = None
    is_ahead_of_print: bool = False
    has_editors_words: bool = False  # what follows is the journal's summary, not the abstract


_VOLUME = re.compile(r"\bvol(?:ume)?\.?\s*([A-Za-z]?\d[\w./–-]{0,15}|[IVXLC]{1,8})", re.IGNORECASE)
_ISSUE = re.compile(r"\b(?:issue|number|no\.)\s*([A-Za-z]?\d[\w./–-]{0,15}|suppl\w*\.?\s*\d*)", re.IGNORECASE)
_PAGES = re.compile(
    r"\b(?:pages?|pp?\.)\s*([A-Za-z]?\d[\w.]*(?:\s*[-–]\s*[A-Za-z]?\d[\w.]*)?)", re.IGNORECASE
)
_PART = re.compile(r",\s*(part [A-Z\d]{1,3})\b", re.IGNORECASE)
_AHEAD = re.compile(
    r"\b(?:ahead[ -]of[ -]print|early ?view|available online|articles? in press|online ahead|online first|"
    r"advance (?:article|access)|epub ahead)\b",
    re.IGNORECASE,
)

# What Atypon writes: "J Invent, Volume 12, Issue 3, Page 45-52, July 2026." or "J Invent, EarlyView."
_ATYPON = re.compile(
    r"^(?P<journal>[^.<>]{2,150}?), (?:(?P<volume>vol(?:ume)?\.? [\w.–-]+.{0,80})|"
    r"(?P<ahead>(?:Ahead of Print|EarlyView|Early View|Online First|Articles? in Advance)))\.?(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
# In three paragraphs: date, "Source: J Invent, Volume 10", "Author(s): A, B".
_SCIENCEDIRECT = re.compile(
    r"^Publication date:\s*(?P<date>.{0,60}?)\s*(?:Source:\s*(?P<source>.*?))?\s*"
    r"(?:Author\(s\):\s*(?P<authors>.*))?$",
    re.IGNORECASE | re.DOTALL,
)
# A journal's name, then "Published online: 22 August 2026; doi:10..".
_NATURE = re.compile(
    r"^(?P<journal>[^,;]{2,150}), Published online: (?P<date>[^;]{4,40}); ?doi:\s*(?P<doi>10\.\S+)",
    re.IGNORECASE,
)
# PubMed's "J Invent Imaging. 2026 Apr;315(1):e241805. doi: 10... Epub 2026 Mar 3.".
_PUBMED = re.compile(
    r"^(?P<journal>.{2,150}?)\. (?P<date>\d{4}(?: [A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?(?: \d{1,2})?)?)"
    r"(?:;(?P<volume>[^:().]{1,30})?(?:\((?P<issue>[^)]{1,30})\))?(?::(?P<pages>[^.]{1,40}))?)?\."
)
_EPUB = re.compile(r"\bEpub (\d{4}(?: [A-Z][a-z]{2}(?: \d{1,2})?)?)")


def read_citation(lines: list[str], now: datetime) -> tuple[Citation, int]:
    """Parse the citation at the start of a description, if there is one.

    `lines` are the visible lines. Returns the citation and its number of lines; (empty, 0) if the first
    line is not a citation.
    """
    if not lines:
        return Citation(), 0
    return (
        _sciencedirect(lines, now)
        or _nature(lines, now)
        or _listing(lines, now)
        or _atypon(lines, now)
        or _byline(lines)
        or (Citation(), 0)
    )


def read_pubmed_citation(line: str, now: datetime) -> Citation | None:
    """Parse the first line of a PubMed entry; None if it has another form."""
    match = _PUBMED.match(line)
    if match is None:
        return None
    is_ahead = _AHEAD.search(line) is not None
    date = parse_date(match["date"], now=now)
    epub = _EPUB.search(line)
    online_on = parse_date(epub[1], now=now) if epub else None
    return Citation(
        abbreviation=match["journal"],
        volume=_stripped(match["volume"]),
        issue=_stripped(match["issue"]),
        pages=tidy_pages(match["pages"] or ""),
        online_on=date if is_ahead else online_on,
        issue_on=None if is_ahead else date,
        doi=find_doi(line),
        is_ahead_of_print=is_ahead,
    )


def read_volume(text: str) -> Citation:
    """Parse volume, issue and pages from a short text: "Vol. 94, No. 4, pp. 1061–1093"."""
    volume, issue, pages = _VOLUME.search(text), _ISSUE.search(text), _PAGES.search(text)
    return Citation(
        volume=volume[1].rstrip(".") if volume else None,
        issue=issue[1].rstrip(".") if issue else None,
        pages=tidy_pages(pages[1]) if pages else None,
        is_ahead_of_print=_AHEAD.search(text) is not None,
    )


def tidy_pages(text: str) -> str | None:
    """Return pages in our form: "101–110" (also for "101-10") or "e241805"; None for "n/a"."""
    text = re.sub(r"\s*[-‐‑–—]+\s*", "–", text.strip(" .,;"))
    if not any(character.isdigit() for character in text):
        return None
    first, _, last = text.partition("–")
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        return f"{first}–{first[: -len(last)]}{last}"  # MEDLINE leaves out the digits that do not change
    return first if first == last else text


def _sciencedirect(lines: list[str], now: datetime) -> tuple[Citation, int] | None:
    count = 1
    while count < min(3, len(lines)) and lines[count].startswith(("Source:", "Author(s):")):
        count += 1
    match = _SCIENCEDIRECT.match(" ".join(lines[:count]))
    if match is None:
        return None
    source = match["source"] or ""
    volume = read_volume(source)
    journal = re.split(r",\s*(?:volume|issue)\b", source, maxsplit=1, flags=re.IGNORECASE)[0].strip()
    part = _PART.search(source)
    date = parse_date(match["date"], now=now)
    is_online = _AHEAD.search(match["date"]) is not None
    citation = Citation(
        journal=journal or None,
        volume=volume.volume,
        issue=volume.issue or (part[1] if part else None),
        online_on=date if is_online else None,
        issue_on=None if is_online else date,
        authors=match["authors"],
        is_ahead_of_print=is_online,
    )
    return citation, count


def _nature(lines: list[str], now: datetime) -> tuple[Citation, int] | None:
    match = _NATURE.match(lines[0])
    if match is None:
        return None
    found = Citation(
        journal=match["journal"],
        online_on=parse_date(match["date"], now=now),
        doi=find_doi(match["doi"]),
        has_editors_words=True,
    )
    return found, 1


def _atypon(lines: list[str], now: datetime) -> tuple[Citation, int] | None:
    match = _ATYPON.match(lines[0])
    if match is None or len(lines[0]) > 400:
        return None
    volume = read_volume(lines[0])
    citation = Citation(
        journal=match["journal"].strip(),
        volume=volume.volume,
        issue=volume.issue,
        pages=volume.pages,
        issue_on=parse_date(_last_part(lines[0]), now=now),
        doi=find_doi(lines[1]) if len(lines) > 1 and lines[1].upper().startswith("DOI") else None,
        is_ahead_of_print=volume.is_ahead_of_print or match["ahead"] is not None,
    )
    return citation, 2 if citation.doi else 1


def _listing(lines: list[str], now: datetime) -> tuple[Citation, int] | None:
    """Parse authors, journal and volume, and "DOI: 10..": the form of feeds made from Crossref."""
    if len(lines) < 3 or not re.match(r"doi\b", lines[2], re.IGNORECASE):
        return None
    found = _atypon(lines[1:], now)
    if found is None:
        return None
    citation = found[0]
    return (
        Citation(
            journal=citation.journal,
            volume=citation.volume,
            issue=citation.issue,
            pages=citation.pages,
            issue_on=citation.issue_on,
            doi=find_doi(lines[2]),
            authors=lines[0],
        ),
        3,
    )


def _byline(lines: list[str]) -> tuple[Citation, int] | None:
    label, colon, names = lines[0].partition(":")
    return (
        (Citation(authors=names.strip()), 1) if colon and label.lower() in ("author(s)", "authors") else None
    )


def _last_part(text: str) -> str:
    return text.rstrip(". ").rpartition(",")[2]


def _stripped(text: str | None) -> str | None:
    return text.strip() or None if text else None
