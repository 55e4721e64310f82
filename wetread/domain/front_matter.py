"""What an issue contains beside its articles: front matter and errata, told by their titles. Pure."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from wetread.domain.models import Record
from wetread.domain.names import words_of
from wetread.domain.publication_types import ERRATUM_TYPE


class Aside(StrEnum):
    """A publication that lists and searches leave out unless it is asked for; the value is its kind."""

    FRONT_MATTER = "front matter"
    ERRATUM = "erratum"


def aside_of(record: Record) -> Aside | None:
    """Return what a record is beside an article, None for an article.

    A text with an abstract is an article, whatever its title is.
    """
    names = [name for name in (record.journal, record.journal_abbreviation) if name]
    if not record.abstract and is_front_matter(record.title, *names):
        return Aside.FRONT_MATTER
    if ERRATUM_TYPE in record.types or is_erratum(record.title):
        return Aside.ERRATUM
    return None


# --- front matter ----------------------------------------------------------------------------------------

# Every title that consists of these, of fillers and of dates and numbers only is front matter. "reviewer*"
# stands for the singular, the plural and the possessive.
_PHRASES = """
    editorial board; editorial board member*; editorial advisory board; advisory board; international
    advisory board; editorial team; editorial staff; editorial office; editorial committee; editorial
    council; editorial policy; editorial policies; board member*; board of editors; board of directors;
    board of reviewers; review board; editor* in chief; associate editor*; section editor*; editor*;
    officers and directors; society officers;
    issue information; publication information; subscription information; subscriptions; journal
    information; society information; society page; copyright; copyright information; copyright page;
    copyright and permissions; permissions; publisher information; publishing information; publisher*
    page; imprint; impressum; masthead; colophon;
    table of contents; contents; toc; contents list; contents page; volume contents; title page; full
    title page; half title page;
    front matter; back matter; prelims; preliminary pages; cover; covers; cover page; front cover; back
    cover; inside front cover; inside back cover; outside front cover; outside back cover; inside cover;
    outside cover; cover image; cover picture; cover art; cover caption; cover legend; cover feature;
    cover story; on the cover; about the cover; front cover image; back cover image; ofc; ifc; ibc; obc;
    spine text;
    instructions for author*; instructions to author*; information for author*; information for
    contributor*; information for reader*; information to author*; guide for author*; guide to author*;
    guidelines for author*; author* guidelines; author instructions; author information; notes for
    author*; notes for contributor*; contributors; aims and scope; reader* information; readers;
    information for subscriber*;
    author* index; subject index; keyword* index; reviewer* index; advertiser* index; advertising index;
    index to advertiser*; index of advertiser*; author and subject index; index; cumulative index; annual
    index;
    list of reviewer*; reviewer*; peer reviewer*; reviewer* list; reviewer* acknowledgement; reviewer*
    acknowledgements; reviewer* acknowledgment; reviewer* acknowledgments; reviewer* recognition;
    reviewer* appreciation; acknowledgement; acknowledgements; acknowledgment; acknowledgments; referee*;
    list of referee*; annual reviewer*;
    announcement; announcements; society announcements; notices; calendar; calendar of events; calendar of
    meetings; meetings calendar; meeting calendar; meetings; forthcoming articles; forthcoming papers;
    forthcoming events; forthcoming meetings; upcoming events; upcoming meetings; upcoming articles; call
    for papers; call for abstracts; call for submissions;
    classified; classifieds; classified advertising; classified advertisements; advertisement;
    advertisements; advertising; books received; in this issue; this issue
"""
_FILLERS = """
    and of for to the our in all peer s thank thanks you appreciation recognition
    volume volumes vol issue issues number numbers no part parts page pages pp continued cont supplement suppl
    year annual special january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn fall winter
"""
_NUMBER = re.compile(r"\d+[a-z]?|[a-z]\d+|[ivxlc]+|\d+(?:st|nd|rd|th)")
_LONGEST_TITLE = 250
# Wiley: a picture on the cover has the title of its article.
_COVER_PICTURE = re.compile(
    r"(?:(?:(?:inside|outside) )?(?:front|back) cover(?: image| picture)?|"
    r"cover (?:image|picture|feature|art|profile)):\s",
    re.IGNORECASE,
)


def _variants(phrases: str) -> Iterator[tuple[str, ...]]:
    for phrase in phrases.split(";"):
        for ending in ("", "s", " s", "s s") if "*" in phrase else ("",):
            yield tuple(phrase.replace("*", ending).split())


_FRONT_MATTER = frozenset(_variants(_PHRASES))
_LONGEST_PHRASE = max(map(len, _FRONT_MATTER))
_BESIDE = frozenset(_FILLERS.split())


def is_front_matter(title: str, *journal_names: str) -> bool:
    """Return whether a title is that of a page of an issue and of no article: its cover, its editorial board.

    Nothing but a volume, a number, a date or the journal's name may stand beside it.
    """
    if len(title) > _LONGEST_TITLE:
        return False
    if _COVER_PICTURE.match(title.strip(' [("“')):
        return True
    words = _words_without(title, [words_of(name) for name in journal_names])
    index, is_found = 0, False
    while index < len(words):
        lengths = range(min(_LONGEST_PHRASE, len(words) - index), 0, -1)
        length = next((each for each in lengths if words[index : index + each] in _FRONT_MATTER), 0)
        is_found = is_found or length > 0
        if not (length or words[index] in _BESIDE or _NUMBER.fullmatch(words[index])):
            return False
        index += length or 1
    return is_found


_APART = re.compile(r"\s*[,:;|/–—]\s*|\s-\s")


def _words_without(title: str, names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return a title's words without the journal's name.

    A name of one word ("Pain") may be a subject, so it must stand apart or have a possessive s.
    """
    words = words_of(" ".join(part for part in _APART.split(title) if words_of(part) not in names))
    for name in names:
        found = name if len(name) > 1 else (*name, "s")
        for index in range(len(words) - len(found) + 1):
            if words[index : index + len(found)] == found:
                words = words[:index] + words[index + len(found) :]
                break
    return words


# --- errata ----------------------------------------------------------------------------------------------

_ERRATUM = re.compile(
    r"(?:publisher[’']?s? |author[’']?s? |editorial )?"
    r"(?:(?:erratum|corrigendum)(?:\W*$|\s*[:.–—-]\s|\s+(?:to|for|in|on|regarding)\b)|"
    r"(?:errata|corrigenda)(?:\W*$|\s*[:.–—-]\s|\s+(?:to|for|regarding)\b)|"
    r"(?:corrections?|addend(?:um|a))(?:\W*$|:\s|\s+(?:to|for)(?::|\s*[\"“‘'«])))"
    r"|.{10,}:\s*(?:erratum|corrigendum)\W*$",
    re.IGNORECASE | re.DOTALL,
)


def is_erratum(title: str) -> bool:
    """Return whether a title is that of a correction of another article."""
    return _ERRATUM.match(title.strip(" [(\"“'")[:_LONGEST_TITLE]) is not None
