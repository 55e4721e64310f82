"""All authors of an article, grouped by where they work."""

import re

from cogs.kit import colours
from cogs.kit.escape import safe, unbroken
from cogs.kit.panels import Panel, small, text
from cogs.kit.words import counted, source_words, without_address
from wetread.domain.models import Article, Author, Record, Subject
from wetread.domain.record_sources import MERGED
from wetread.domain.text import cut, utf16_length
from wetread.domain.titles import shown_title

_BODY_LIMIT = 3_300  # of the 4,000 that a panel takes; the rest is for its head and foot
_LONGEST_PLACE = 300
_LONGEST_NAME = 100
_LONGEST_TITLE = 50
_ORCID = re.compile(r"(?:\d{4}-){3}\d{3}[\dX]", re.ASCII)


def authors_panel(article: Article, subject: Subject) -> Panel:
    """Build the panel: places with their authors, numbered in the authors' order.

    An author who works in several places stands under each. A list that is too long loses whole places
    from its middle, and says how many people that are.
    """
    record = article.record
    title = safe(cut(shown_title(record), _LONGEST_TITLE))
    year = str(record.published_on.year) if record.published_on else ""
    journal = " ".join(
        filter(None, (safe(cut(record.journal_abbreviation or record.journal or "", 60)), year))
    )
    heading = author_count(record)
    source = article.provenance.get("authors", record.source)
    foot = "" if source == MERGED else f"Affiliations from {source_words(source)}."
    owner = safe(cut(record.copyright or "", 200))
    body, missing = author_list(article, _BODY_LIMIT)
    return Panel(
        colours.SUBJECTS[subject],
        text(f"### {heading}", small(" · ".join(filter(None, (title, journal))))),
        *([text(body)] if body else []),
        text(
            small(f"and {counted(missing, 'more', 'more')} in PubMed") if missing else "",
            small(" ".join(filter(None, (foot, owner)))),
        ),
    )


def author_count(record: Record) -> str:
    """Return the heading over a list of all authors."""
    count = len(record.authors)
    if record.has_more_authors and count:
        return f"{counted(count, 'author')} and others"
    return {0: "No authors are named", 1: "The author"}.get(count, f"All {count:,} authors")


def author_list(article: Article, limit: int) -> tuple[str, int]:
    """Return the authors by place in at most `limit` units, and how many people did not fit."""
    blocks, missing = _fitted(_places(article), limit)
    return "\n\n".join(block for block, _ in blocks), missing


def _places(article: Article) -> list[tuple[str, frozenset[int]]]:
    """Each place as text, with the numbers of its authors; in the order of their first author."""
    people: dict[str, list[int]] = {}
    names = [_name(author) for author in article.record.authors]
    for number, author in enumerate(article.record.authors):
        places = [cut(without_address(place), _LONGEST_PLACE) for place in author.affiliations]
        for place in dict.fromkeys(filter(None, places)) or [""]:
            people.setdefault(place, []).append(number)
    return [
        (
            (f"**{safe(place)}**\n" if place else "")
            + " · ".join(f"{number + 1}\u00a0{names[number]}" for number in numbers),
            frozenset(numbers),
        )
        for place, numbers in people.items()
    ]


def _name(author: Author) -> str:
    titled = ", ".join(filter(None, (author.name, author.degrees)))
    name = unbroken(safe(cut(titled, _LONGEST_NAME)))
    if author.orcid is None or not _ORCID.fullmatch(author.orcid):
        return name
    return f"{name}\u00a0([ORCID](https://orcid.org/{author.orcid}))"


def _fitted(
    places: list[tuple[str, frozenset[int]]], limit: int
) -> tuple[list[tuple[str, frozenset[int]]], int]:
    """Leave out whole places from the middle until the rest fits; return it and how many people are gone."""
    everybody = frozenset().union(*(people for _, people in places))
    total = sum(utf16_length(block) + 2 for block, _ in places)
    kept = list(places)
    while kept and total > limit:
        block, _ = kept.pop(len(kept) // 2)
        total -= utf16_length(block) + 2
    still = frozenset().union(*(people for _, people in kept))
    return kept, len(everybody - still)
