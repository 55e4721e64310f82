"""Reads a description that is a block of labelled lines: "DOI: …", "Authors: …", "Abstract: …" and links."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wetread.domain.identifiers import find_doi, normalise_pmid
from wetread.domain.partial_dates import parse_date
from wetread.feeds.citation import Citation, read_volume, tidy_pages

_FIELDS = {
    "journal": ("journal", "journal title", "source", "publication", "published in", "citation"),
    "doi": ("doi",),
    "pmid": ("pmid", "pubmed id"),
    "authors": ("author", "authors", "author(s)", "by", "creator", "creators"),
    "volume": ("volume",),
    "issue": ("issue", "number"),
    "pages": ("page", "pages", "page(s)", "article number"),
    "date": ("date", "published", "publication date", "published on", "published online", "available online"),
    "abstract": ("abstract", "summary"),
    "other": (
        *(
            "title",
            "article title",
            "keyword",
            "keywords",
            "key words",
            "issn",
            "e-issn",
            "publisher",
            "type",
        ),
        *(
            "article type",
            "section",
            "subject",
            "subjects",
            "language",
            "link",
            "links",
            "url",
            "html",
            "pdf",
        ),
        *("full text", "license", "licence", "copyright", "received", "accepted", "academic editor"),
    ),
}
_NAMES = {label: name for name, labels in _FIELDS.items() for label in labels}
_LINE = re.compile(
    rf"^({'|'.join(sorted(map(re.escape, _NAMES), key=len, reverse=True))})\s*:\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
# What remains of links when the tags are gone: "HTML XML PDF", "Full text", "https://…".
_LINK = re.compile(
    r"(?:https?://\S+|\b(?:html|xml|pdf|epub|doi|full|text|abstract|view|read|download|article|online|more)\b|\W)+",
    re.IGNORECASE,
)
# "Invented Keys 12(3): 45-67".
_JOURNAL = re.compile(
    r"^(?P<journal>[^\d:]{2,150}?),?\s+(?P<volume>\d{1,5})\s*(?:\((?P<issue>[^()]{1,20})\))?\s*:\s*"
    r"(?P<pages>e?\d[\w.–-]{0,20})\b"
)


@dataclass(frozen=True, slots=True)
class Block:
    """What the lines say. `abstract` has one text a paragraph; () = there is none.

    `is_certain`: a label says that it is the abstract.
    """

    citation: Citation
    pmid: str | None = None
    abstract: tuple[str, ...] = ()
    is_certain: bool = False


def read_block(lines: Sequence[str], now: datetime) -> Block | None:
    """Return what a block of labelled lines says; None if the lines are something else.

    A block has two different labels at least, one of them among its first two lines and one of them "DOI",
    "Authors" or "Abstract". Lines without a label are the abstract, or go on with it, unless they consist of
    links.
    """
    found: dict[str, list[str]] = {}
    current = "first"
    for number, line in enumerate(lines):
        match = _LINE.match(line)
        if number == 2 and len(found) < 1 + ("first" in found):
            return None
        if match:
            current = _NAMES[match[1].lower()]
        text = match[2] if match else line
        if match and current in found and current != "other":
            return None  # two "Abstract:" are no block of one article
        place = current if match or current in {"first", "abstract"} else "rest"
        found.setdefault(place, [])
        if text.strip() and (place in {"doi", "authors", "journal"} or not _LINK.fullmatch(text)):
            found[place].append(text.strip())
    labels = found.keys() - {"first", "rest"}
    if len(labels) < 2 or labels.isdisjoint({"doi", "authors", "abstract"}):
        return None
    pmid = next(iter(found.get("pmid", [])), "")
    abstract = found.get("abstract") or found.get("rest", [])
    return Block(_citation(found, now), normalise_pmid(pmid), tuple(abstract), "abstract" in found)


def _citation(found: dict[str, list[str]], now: datetime) -> Citation:
    first = {name: texts[0] for name, texts in found.items() if texts}
    date = parse_date(first["date"], now=now) if "date" in first else None
    citation = _journal(first.get("journal") or first.get("first", ""), is_certain="journal" in first)
    volume, issue, pages = (first.get(name) for name in ("volume", "issue", "pages"))
    return replace(
        citation,
        volume=volume or citation.volume,
        issue=issue or citation.issue,
        pages=tidy_pages(pages or "") or citation.pages,
        online_on=date,
        doi=find_doi(first.get("doi", "")),
        authors=first.get("authors"),
    )


def _journal(text: str, *, is_certain: bool) -> Citation:
    """Return the journal and its volume; without a label the text must have the form of a citation."""
    match = _JOURNAL.match(text)
    if match:
        return Citation(match["journal"], None, match["volume"], match["issue"], tidy_pages(match["pages"]))
    volume = read_volume(text)
    if not is_certain and volume.volume is None:
        return Citation()
    name = re.split(r",|\s+(?:vol(?:ume)?\b|\d)", text, maxsplit=1, flags=re.IGNORECASE)[0].strip()
    return replace(volume, journal=name or None)
