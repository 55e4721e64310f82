"""Writes dates, names, journals and numbers for readers."""

import re
from collections.abc import Callable

from cogs.kit.escape import plain, safe, unbroken
from wetread.domain.models import Author, PartialDate, Record
from wetread.domain.partial_dates import MONTHS
from wetread.domain.record_sources import FEED
from wetread.domain.text import cut, utf16_length
from wetread.domain.titles import shown_journal

_LONGEST_NAME = 60
_SMALL_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
)
_ABBREVIATIONS = frozenset(
    {"AI", "CT", "CTA", "I", "II", "III", "IV", "MR", "MRA", "MRI", "PET", "SPECT", "US"}
)
# The likelier name of a whole institution comes first.
_INSTITUTIONS = (
    re.compile(r"universit|hospital|klinik|infirmary", re.IGNORECASE),
    re.compile(r"institut|college|clinic\b|academy|foundation|centre|center", re.IGNORECASE),
)
_PART_OF_ONE = re.compile(
    r"\b(?:departments?|dept|divisions?|sections?|service|unit|laboratory|group|faculty|from the)\b",
    re.IGNORECASE,
)


def day(on: PartialDate) -> str:
    """Return "14 Jan 2026", "Jan 2026" or "2026", unbreakable."""
    month = MONTHS[on.month - 1] if 1 <= on.month <= 12 else ""
    parts = (str(on.day) if on.day and month else "", month, f"{on.year:04d}")
    return unbroken(" ".join(filter(None, parts)))


def month(on: PartialDate) -> str:
    """Return "Jan 2026" or "2026", unbreakable."""
    return day(PartialDate(on.year, on.month))


def source_words(source: str) -> str:
    """Return a source's name for readers, plain: "PubMed", "the journal’s feed"."""
    return "the journal’s feed" if source.partition(":")[0] == FEED else plain(cut(source, 40))


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return "1 article" or "1,200 articles"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def short_name(author: Author) -> str:
    """Return "Example AB" for a person, a group's or an unsplit name as it is; bounded, not yet safe."""
    if author.is_collective or not author.given:
        return cut(author.family, _LONGEST_NAME)
    return cut(" ".join(filter(None, (author.family, _initials(author.given), author.suffix))), _LONGEST_NAME)


def _initials(given: str) -> str:
    if re.fullmatch(r"[^\W\d_]{2,4}", given) and given.isupper():
        return given
    return "".join(part[0] for part in re.split(r"[\s.\-‐‑]+", given) if part and part[0].isupper()) or given


def in_one_style(authors: tuple[Author, ...]) -> Callable[[Author], str]:
    """Return how to write each of these authors: as `short_name`, or all as their sources do.

    They do if one has a name that nobody has divided ("Ana Lopez Garcia"): its family name would be a guess.
    """
    if all(author.given or author.is_collective or " " not in author.family.strip() for author in authors):
        return short_name
    return lambda author: cut(author.name, _LONGEST_NAME)


def byline(authors: tuple[Author, ...], *, has_more: bool = False) -> str:
    """Return up to four authors, or three and how many there are, safe in markdown; "" for none.

    `has_more`: the source names only the first; up to three are shown, and nobody knows how many there are.
    """
    named = [author for author in authors if author.family.strip()]
    name = in_one_style(authors)
    names = [unbroken(safe(name(author))) for author in named]
    if has_more and names:
        return f"{', '.join(names[:3])}, et\u00a0al."
    if len(names) <= 4:
        return ", ".join(names)
    return f"{', '.join(names[:3])}, et\u00a0al. {unbroken(f'({len(names):,} authors)')}"


def issue_and_pages(record: Record) -> str:
    """Return "318(1):101–110" as far as it is known, "" if nothing of it is."""
    place = (record.volume or "") + (f"({record.issue})" if record.issue else "")
    pages = re.sub(r" ?[-‐‑‒–—] ?", "–", " ".join((record.pages or "").split()))
    return f"{place}:{pages}" if place and pages else place or pages


def published(record: Record) -> str:
    """Return "14 Jan 2026"; before there is an issue "Online 15 Jan 2026"; "" if no date is known."""
    on = record.published_on
    if on is None:
        return ""
    is_online_only = record.online_on is not None and not (record.volume or record.issue)
    return f"Online {day(on)}" if is_online_only else day(on)


def journal_line(record: Record, limit: int, *, has_place: bool = True) -> str:
    """Return "Journal · 318(1):101–110 · 14 Jan 2026", plain; the abbreviation serves if it is too long."""
    rest = [part for part in (plain(issue_and_pages(record)) if has_place else "", published(record)) if part]
    names = [plain(name) for name in (shown_journal(record), record.journal_abbreviation) if name] or [""]
    lines = [" · ".join(filter(None, (name, *rest))) for name in names]
    return cut(next((line for line in lines if utf16_length(line) <= limit), lines[-1]), limit)


def journal_and_month(record: Record) -> str:
    """Return "J Example Radiol · Jan 2026", plain; the source serves where no journal is known."""
    journal = record.journal_abbreviation or record.journal or source_words(record.source)
    on = record.published_on
    return " · ".join(filter(None, (plain(journal), month(on) if on else "")))


def heading(label: str) -> str:
    """Return an abstract's heading as a heading: "MATERIALS AND METHODS" is "Materials and Methods"."""
    label = cut(" ".join(label.split()).rstrip(":. "), 80)
    if not label.isupper():
        return label
    words = re.split(r"([\s/,&()-]+)", label)
    return "".join(_headline_case(word, is_first=index == 0) for index, word in enumerate(words))


def _headline_case(word: str, *, is_first: bool) -> str:
    if word in _ABBREVIATIONS:
        return word
    return word.lower() if word.lower() in _SMALL_WORDS and not is_first else word.capitalize()


def institution(affiliation: str) -> str:
    """Return the part of an affiliation that names the institution, else the whole; bounded, not yet safe."""
    first = without_address(affiliation).split(";")[0]
    parts = [part for part in first.split(",") if not _PART_OF_ONE.search(part)]
    for kind in _INSTITUTIONS:
        for part in parts:
            if kind.search(part):
                return cut(part.strip(" ."), 100)
    return cut(first.strip(" ."), 100)


def without_address(affiliation: str) -> str:
    """Return an affiliation without the mail address that PubMed appends."""
    words = (word for word in affiliation.split() if "@" not in word)
    return " ".join(words).strip(" .;,").removesuffix("Electronic address:").strip(" .;,")


def span(seconds: float) -> str:
    """Return a length of time in words, in the largest fitting unit up to hours."""
    if seconds <= 90:
        return counted(max(1, round(seconds)), "second")
    minutes = round(seconds / 60)
    return counted(minutes, "minute") if minutes <= 90 else counted(round(minutes / 60), "hour")
