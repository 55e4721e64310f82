"""Which known article a record is about, and which of its identifiers are wrong. Pure.

Two records are about one work if an identifier agrees, none of the same kind differs, and the titles do not
contradict. Without an identifier that both have, title, journal and year must agree, and nothing contradict.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wetread.domain.article_keys import identifier_keys, is_title_key
from wetread.domain.models import Author, PartialDate, Record
from wetread.domain.names import words_of
from wetread.domain.titles_compared import main_title, title_words, titles_contradict

IDENTIFYING = ("doi", "pmid", "pmcid", "arxiv")
"""The identifiers that a work has one of, the most reliable first; also the first parts of their keys."""

_LONGEST_PRESS = 9
"""Months from online to the issue, at most, where only title and journal say that it is one work."""


@dataclass(frozen=True, slots=True)
class Match:
    """The ids of the articles that a record is about, the one with the best key first; () = none.

    Several ids mean that these articles are one work. `wrong`: the record's identifiers ("pmid:99000001")
    that belong to another work.
    """

    article_ids: tuple[int, ...] = ()
    wrong: tuple[str, ...] = ()


def are_different_works(one: Record, other: Record) -> bool:
    """Return whether the identifiers of two records contradict, or, if these agree, the titles.

    Different PIIs are different works, unless another identifier says otherwise.
    """
    pairs = [(getattr(one, kind), getattr(other, kind)) for kind in IDENTIFYING]
    comparable = [(left, right) for left, right in pairs if left and right]
    if not comparable and one.pii and other.pii:
        comparable = [(one.pii, other.pii)]
    if not comparable:
        return False
    return any(left != right for left, right in comparable) or titles_contradict(one, other)


def is_another_work(record: Record, before: Record) -> bool:
    """Return whether what a guid names now is not what it named before: identifiers and title have changed.

    A corrected DOI under the old title is the same work, a corrected title under the old DOI, too.
    """
    return bool(differing_identifiers(record, before)) and title_words(record.title) != title_words(
        before.title
    )


def without(record: Record, wrong: Collection[str]) -> Record:
    """Return the record without these identifiers (keys)."""
    named = [kind for kind in IDENTIFYING if f"{kind}:{getattr(record, kind)}" in wrong]
    nothing: dict[str, Any] = dict.fromkeys(named)
    return replace(record, **nothing) if named else record


def wrong_identifiers(claimed: Record, known: Record) -> tuple[str, ...]:
    """Return the identifiers (keys) of `claimed` that a reliable record shows to be another work's.

    If the titles contradict, these are all that both have; else those that differ from a record with which a
    better one agrees.
    """
    both = [kind for kind in IDENTIFYING if getattr(claimed, kind) and getattr(known, kind)]
    equal = [kind for kind in both if getattr(claimed, kind) == getattr(known, kind)]
    if not equal:
        return ()
    differing = [kind for kind in both if kind not in equal]
    is_better = differing and IDENTIFYING.index(differing[0]) < IDENTIFYING.index(equal[0])
    wrong = equal if is_better or titles_contradict(claimed, known) else differing
    return tuple(f"{kind}:{getattr(claimed, kind)}" for kind in wrong)


def refusal(known: Record, record: Record) -> tuple[tuple[str, ...], bool]:
    """Return the identifiers (keys) of `known` that a source's record shows to be wrong, and whether it is
    refused: it was found by them only, or it is another work in spite of all that agrees.
    """
    wrong = wrong_identifiers(known, record)
    if wrong and title_words(known.title) == title_words(record.title):
        wrong = differing_identifiers(known, record)  # it is the article, so that what differs is wrong
    rest = without(known, wrong)
    had_common, has_common = (_have_common_identifier(each, record) for each in (known, rest))
    return wrong, are_different_works(rest, record) or (had_common and not has_common)


def is_same_work(one: Record, other: Record, *, have_title_key: bool) -> bool:
    """Return whether two records are about one work; `have_title_key`: they have a title's key in common."""
    rest = without(one, wrong_identifiers(one, other))
    if are_different_works(rest, other):
        return False
    return _have_common_identifier(rest, other) or (have_title_key and _have_one_title(rest, other))


def _have_common_identifier(one: Record, other: Record) -> bool:
    return not set(identifier_keys(one)).isdisjoint(identifier_keys(other))


def differing_identifiers(claimed: Record, known: Record) -> tuple[str, ...]:
    """Return the identifiers (keys) of `claimed` that another record of the same work has otherwise."""
    return tuple(
        f"{kind}:{mine}"
        for kind in IDENTIFYING
        if (mine := getattr(claimed, kind)) and (theirs := getattr(known, kind)) and mine != theirs
    )


def matching_articles(
    record: Record,
    keys: Sequence[str],
    ids: Mapping[str, int],
    records: Mapping[int, Record],
    beside: Sequence[Record] = (),
) -> Match:
    """Return the articles that `record` is about, and which of its identifiers are wrong.

    `keys` are the record's, best first; `ids`: articles by key; `records`: those articles. `beside`: other
    records of the same work, which must not contradict either.
    """
    found: list[int] = []
    known = list(beside)
    wrong: list[str] = []
    for key in keys:
        article_id = ids.get(key)
        if article_id is None or article_id in found or key in wrong:
            continue
        candidate = records[article_id]
        refuted = wrong_identifiers(record, candidate)
        if key in refuted:
            wrong.append(key)
            continue
        rest = without(record, refuted)
        if any(are_different_works(candidate, each) for each in (rest, *known)):
            if key.partition(":")[0] in IDENTIFYING:
                wrong.append(key)
            continue
        if is_title_key(key) and not _have_one_title(rest, candidate):
            continue
        record = rest
        wrong += refuted
        found.append(article_id)
        known.append(candidate)
    return Match(tuple(found), tuple(wrong))


# --- without an identifier in common ---------------------------------------------------------------------


def _have_one_title(one: Record, other: Record) -> bool:
    """Return whether two records with a title key in common agree in all else that a source may say."""
    return (
        _titles_agree(one, other)
        and _dates_agree(one, other)
        and _pages_agree(one, other)
        and _authors_agree(one, other)
    )


def _titles_agree(one: Record, other: Record) -> bool:
    """Whether the common key is that of the whole titles, or of one that lacks the other's subtitle.

    "Cases from the archive: the spine" and "Cases from the archive: the hand" are two. Either may have had
    another title before, by which it is known, too.
    """
    mine, theirs = main_title(one.title), main_title(other.title)
    if mine is None or theirs is None or title_words(mine) != title_words(theirs):
        return True
    return title_words(one.title) == title_words(other.title)


def _dates_agree(one: Record, other: Record) -> bool:
    """Whether like dates are of one year; if each has another kind, whether the issue follows soon.

    A yearly column has one title: it is online in one December and in the next.
    """
    for mine, theirs in ((one.online_on, other.online_on), (one.issue_on, other.issue_on)):
        if mine and theirs:
            return mine.year == theirs.year
    for online, issue in ((one.online_on, other.issue_on), (other.online_on, one.issue_on)):
        if online and issue:
            return _months(issue, 1) - _months(online, 12) <= _LONGEST_PRESS
    return True


def _months(date: PartialDate, unknown: int) -> int:
    return date.year * 12 + (date.month or unknown)


def _pages_agree(one: Record, other: Record) -> bool:
    volume, their_volume = _number(one.volume), _number(other.volume)
    if volume is None or their_volume is None:
        return True
    if volume != their_volume:
        return False
    page, their_page = _number(one.pages), _number(other.pages)
    return page is None or their_page is None or page == their_page


def _number(text: str | None) -> str | None:
    """The first number in a volume or range of pages, with the letter before it; None without one."""
    match = re.search(r"[a-z]?\d+", text.casefold()) if text else None
    return match[0] if match else None


def _authors_agree(one: Record, other: Record) -> bool:
    """Whether somebody is an author of both, or one has no authors."""
    mine, theirs = _family_names(one), _family_names(other)
    if not mine or not theirs or mine & theirs:
        return True
    # Some feeds glue names together: "Ada ExampleBen Sample".
    return any(name in glued for name in mine for glued in _glued(other)) or any(
        name in glued for name in theirs for glued in _glued(one)
    )


def _family_names(record: Record) -> set[str]:
    """The family names as far as they can be told, in lower case without accents."""
    return {name for author in record.authors if (name := _family_name(author))}


def _family_name(author: Author) -> str:
    words = words_of(author.family)
    if author.given is not None or author.is_collective or not words:
        return "".join(words)
    # An undivided name: "Ada B Example", or "Example AB" as bibliographies write it.
    return words[0] if len(words[-1]) < 3 else words[-1]


def _glued(record: Record) -> list[str]:
    return ["".join(words_of(author.name)) for author in record.authors if author.given is None]
