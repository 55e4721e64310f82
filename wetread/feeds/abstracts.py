"""Finds the abstract among an entry's texts; a teaser never counts as one (sources.md, Feeds in general)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wetread.domain.models import Section
from wetread.domain.text import (
    FIELD_LIMIT,
    cut,
    is_no_abstract,
    sections_from_html,
    sentences,
    split_sections,
)

SHORTEST = 300
"""A shorter text (characters) is a teaser, unless it has labels or the source calls it an abstract."""

_CUT_OFF = re.compile(
    r"(?:\.\.\.|…|\[\s*(?:\.\.\.|…)\s*\]|\bread more|\(more\)|continue reading.{0,3})\W*$", re.IGNORECASE
)
_END = 200  # characters in which such words stand
_NOT_AN_ABSTRACT = re.compile(
    r"^(?:graphical )?abstract\.?$|^publication date:|^volume \d",
    re.IGNORECASE,
)
# Not written by the authors: by editors or a machine.
_FOREIGN_LABEL = re.compile(
    r"^(?:significance|editor|keywords?|key words|index terms|graphical abstract)\b|\bAI\b", re.IGNORECASE
)
_FOREIGN_START = re.compile(r"^(?:significance(?=[A-Z])|graphical abstract\b)", re.IGNORECASE)
_HEADING = re.compile(r"(?:structured |original )?(?:abstract|summary)", re.IGNORECASE)
_LEADING_HEADING = re.compile(r"^(?:ABSTRACT|Abstract)(?:\s*[:.–—-])?\s+(?=[A-Z0-9“‘(])")
_PERHAPS_LABEL = re.compile(
    r"</(?:h\d|b|strong)>|\b(?:methods|results|conclusions?|findings)\b", re.IGNORECASE
)
_LABEL_SIGNS = ("</h", "</b", "</strong", "methods", "results", "conclusion", "findings")  # of the above
_GRAPHICAL = re.compile(r"<a\s[^>]{0,300}graphical abstract.*", re.IGNORECASE | re.DOTALL)

# What RSNA puts before an abstract that is not yet edited; with italics inside.
_JUST_ACCEPTED = re.compile(
    r"[\"“]?Just Accepted[\"”]? papers have undergone full peer review.{0,700}?could affect the content\.",
    re.DOTALL,
)
# "© RSNA, 2025 See also the …": separate lines that lost their line breaks.
_WITHOUT_STOP = re.compile(r"(©\s?[\w .&]{2,60}, \d{4}|NCT\d{8})(?=\s+[A-Z])")

_COPYRIGHT = re.compile(
    r"^(?:©|\(c\) ?\d{4}|copyright\b|all rights reserved|published by\b|the authors?\(?s?\)?\.? published by|"
    r"this (?:article|is an open access article)\b.{0,80}(?:copyright|licen[cs]e|distributed))",
    re.IGNORECASE,
)
_LICENCE = re.compile(r"\b(CC[ -]BY(?:[ -](?:NC|ND|SA))*(?:[ -]\d\.\d)?|CC0)\b", re.IGNORECASE)
_LICENCE_SENTENCE = re.compile(r"^(?:published|distributed|licensed) under\b", re.IGNORECASE)
_NOTICE = re.compile(
    r"^(?:(?:online )?supplement(?:al|ary) (?:material|information|data)s? (?:is|are) available|keywords?:|"
    r"see also the (?:editorial|article|review|commentar)|pmid:|doi:|https?://doi\.org/10\.\S+$|"
    r"an earlier incorrect version|\[[^\]]{5,80}\] published\b|\d{1,2}/\d{1,2}$|pdf\b.{0,20}$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Abstract:
    """An abstract, and beside it the publisher's lines that were taken out of it."""

    sections: tuple[Section, ...] = ()
    copyright: str | None = None
    licence: str | None = None


def abstract_from_html(
    html: str, *, is_certain: bool = False, skip_lines: int = 0, title: str = ""
) -> Abstract:
    """Return `html` as an abstract, empty if it is a teaser, no text or the title again.

    `is_certain`: the source says that it is the abstract, however short. `skip_lines`: how many visible
    lines at its start are a citation.
    """
    if "<a" in html or "<A" in html:
        html = _GRAPHICAL.sub("", html)
    if "Just Accepted" in html:
        html = _JUST_ACCEPTED.sub("", html)
    sections: Sequence[Section] = sections_from_html(html, skip_lines=skip_lines)
    sections = _without_heading(sections)
    abstract = without_notices([section for section in sections if not _is_foreign(section)])
    text = " ".join(section.text for section in abstract.sections)
    if is_no_abstract(text, title) or _NOT_AN_ABSTRACT.match(text) or _FOREIGN_START.match(text):
        return Abstract()
    if len(text) > FIELD_LIMIT:
        return Abstract(_shortened(abstract.sections), abstract.copyright, abstract.licence)
    # Labels such as "Methods" and "Results" mean an abstract, however short it is.
    is_long = len(text) > SHORTEST or sum(part.label is not None for part in abstract.sections) > 1
    if not is_certain and (not is_long or _CUT_OFF.search(text[-_END:])):
        return Abstract()
    return abstract


def may_be_richer(html: str, found: Abstract) -> bool:
    """Return whether another copy may be an abstract if `found` is none, or have labels if it has none."""
    if not found.sections:
        return True
    is_structured = sum(section.label is not None for section in found.sections) > 1
    if is_structured or len(html) <= _length(found) * 0.6:
        return False
    lower = html.lower()
    return any(sign in lower for sign in _LABEL_SIGNS) and len(_PERHAPS_LABEL.findall(html)) > 1


def richest(found: Sequence[Abstract]) -> Abstract:
    """Return the copy with the most labels, the first of equals; a labelled fragment counts no more."""
    found = [each for each in found if each.sections]
    longest = max(map(_length, found), default=0)
    labels = [
        sum(section.label is not None for section in each.sections) if _length(each) > longest * 0.6 else 0
        for each in found
    ]
    return found[labels.index(max(labels))] if found else Abstract()


def _length(abstract: Abstract) -> int:
    return sum(len(section.text) for section in abstract.sections)


def _without_heading(sections: Sequence[Section]) -> Sequence[Section]:
    """Remove the word "Abstract" at the start, which hides the labels behind it."""
    if not sections:
        return sections
    first = sections[0]
    if first.label is not None:
        is_heading = _HEADING.fullmatch(first.label) is not None
        return [*split_sections(first.text), *sections[1:]] if is_heading else sections
    text = _LEADING_HEADING.sub("", first.text)
    return [*split_sections(text), *sections[1:]] if text != first.text else sections


def _shortened(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the first sections, as many as one field may contain."""
    kept, left = [], FIELD_LIMIT
    for section in sections:
        if left < 1:
            break
        kept.append(Section(cut(section.text, left), section.label))
        left -= len(section.text)
    return tuple(kept)


def _is_foreign(section: Section) -> bool:
    return section.label is not None and _FOREIGN_LABEL.search(section.label) is not None


def without_notices(sections: Sequence[Section]) -> Abstract:
    """Remove copyright, licence and "supplemental material" sentences from the end of an abstract."""
    kept = list(sections)
    rights: list[str] = []
    licence: str | None = None
    while kept:
        last = kept.pop()
        if _NOTICE.match(last.text):
            continue
        text = last.text
        if "©" in text or "NCT" in text:
            text = _WITHOUT_STOP.sub(r"\1.", text)
        parts = sentences(text)
        while parts and (kind := _notice_kind(parts[-1])):
            sentence = parts.pop()
            found = _LICENCE.search(sentence)
            licence = licence or (found[1] if found else None)
            if kind == "copyright":
                rights.insert(0, sentence.rstrip("."))
        if parts:
            kept.append(Section(" ".join(parts), last.label))
            break
    return Abstract(tuple(kept), ". ".join(rights) or None, licence)


def _notice_kind(sentence: str) -> str | None:
    if _COPYRIGHT.match(sentence):
        return "copyright"
    if _NOTICE.match(sentence) or (_LICENCE_SENTENCE.match(sentence) and _LICENCE.search(sentence)):
        return "notice"
    return None
