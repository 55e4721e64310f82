"""How much of an abstract a card shows: only the authors' words, cut only between sentences. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cogs.kit.escape import safe
from cogs.kit.limits import EMBED_DESCRIPTION
from cogs.kit.words import heading
from wetread.domain.models import Article, Record, Section
from wetread.domain.publication_types import expects_abstract
from wetread.domain.text import cut, sentences, utf16_length

WHOLE_LIMIT = 2_400
"""The characters of abstract that the form *Whole abstract* shows: two phone screens."""
CONCLUSION_LIMIT = 2_000
"""A longer conclusion is not treated as one: the abstract counts as unstructured."""
BEGINNING_LIMIT = 350
"""The characters of an unstructured abstract that the form *Conclusion only* shows."""

MORE = "*… more under Full abstract*"

_CONCLUSION = re.compile(r"conclus|^interpretations?$|schlussfolgerung|^fazit$|结论|結論|결론", re.IGNORECASE)
_CUT_ORDER = (
    re.compile(
        r"method|material|patient|participant|subject|population|design|setting|intervention|exposure|"
        r"measure|outcome|statistic|analys|sequence|assessment|procedure|source|selection|extraction",
        re.IGNORECASE,
    ),
    re.compile(r"background|context|introduction|rationale|importance", re.IGNORECASE),
    re.compile(r"result|finding", re.IGNORECASE),
    re.compile(""),  # any other section, if that was not enough
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An abstract as a card shows it, in markdown. `is_whole`: nothing of it is left out."""

    conclusion: str  # block quote, "" = the abstract has none of its own
    body: str  # the other paragraphs, blank lines between, "" = none
    is_whole: bool


@dataclass(slots=True)
class _Paragraph:
    """A section while it is being shortened: sentences can be dropped from its end."""

    label: str
    sentences: list[str]  # safe
    is_cut: bool = False

    @classmethod
    def of(cls, section: Section) -> "_Paragraph":
        label = f"**{safe(heading(section.label))}** " if section.label and section.label.strip() else ""
        return cls(label, [safe(sentence) for sentence in sentences(section.text)])

    def __str__(self) -> str:
        return self.label + " ".join([*self.sentences, *([MORE] if self.is_cut else [])])

    def drop_last(self) -> int:
        """Drop the last sentence; return by how many characters the paragraph got shorter."""
        dropped = utf16_length(self.sentences.pop()) + 1
        if not self.is_cut:
            self.is_cut = True
            dropped -= utf16_length(MORE) + 1
        return dropped

    @property
    def length(self) -> int:
        parts = [*self.sentences, *([MORE] if self.is_cut else [])]
        return utf16_length(self.label) + sum(map(utf16_length, parts)) + max(0, len(parts) - 1)


def written_sections(record: Record) -> list[Section]:
    """Return the sections of an abstract that have words."""
    return [section for section in record.abstract if section.text.strip()]


def is_pending(article: Article) -> bool:
    """Return whether the abstract is missing and may still come."""
    record = article.record
    return not (
        written_sections(record)
        or record.has_no_abstract
        or article.next_enrichment_at is None
        or not expects_abstract(record)
    )


def split_conclusion(sections: Sequence[Section]) -> tuple[list[Section], list[Section]]:
    """Return (conclusions, the rest), each in the authors' order; no conclusions if they are too long."""
    conclusions = [section for section in sections if section.label and _CONCLUSION.search(section.label)]
    if sum(_Paragraph.of(section).length for section in conclusions) > CONCLUSION_LIMIT:
        return [], list(sections)
    return conclusions, [section for section in sections if section not in conclusions]


def whole(sections: Sequence[Section], limit: int = WHOLE_LIMIT) -> Shown:
    """Show everything in at most `limit` UTF-16 units; too long: methods, background, results are cut."""
    conclusions, rest = split_conclusion(sections)
    quote = _quoted(conclusions)
    paragraphs = [_Paragraph.of(section) for section in rest]
    is_whole = _fit(paragraphs, rest, limit - utf16_length(quote))
    return Shown(quote, "\n\n".join(map(str, paragraphs)), is_whole)


def conclusion_only(sections: Sequence[Section]) -> Shown:
    """Show the conclusion; an abstract without one shows its beginning, whole sentences of it."""
    conclusions, rest = split_conclusion(sections)
    if conclusions:
        return Shown(_quoted(conclusions), "", not rest)
    first = _Paragraph.of(rest[0])
    beginning = _Paragraph(first.label, list(first.sentences))
    while beginning.sentences and beginning.length > BEGINNING_LIMIT:
        beginning.drop_last()
    is_whole = not beginning.is_cut and len(rest) == 1
    beginning.is_cut = not is_whole
    return Shown("", str(beginning), is_whole)


def pages(sections: Sequence[Section], first_limit: int, limit: int = EMBED_DESCRIPTION) -> list[str]:
    """Return the whole abstract, conclusion first, in texts of at most `first_limit`, then `limit` units."""
    conclusions, rest = split_conclusion(sections)
    quote = _quoted(conclusions)
    found: list[str] = []
    current = quote
    for piece in _pieces((_Paragraph.of(section) for section in rest), min(first_limit, limit)):
        joined = f"{current}{piece}" if current else piece.lstrip()
        if utf16_length(joined) > (limit if found else first_limit):
            found.append(current)
            joined = piece.lstrip()
        current = joined
    return [*found, current]


def _pieces(paragraphs: Iterable[_Paragraph], limit: int) -> Iterable[str]:
    """Yield sentences with their separator or label; one longer than `limit` is divided after a word."""
    for paragraph in paragraphs:
        before = "\n\n" + paragraph.label
        for sentence in paragraph.sentences:
            rest = sentence
            while utf16_length(before) + utf16_length(rest) > limit:
                room = limit - utf16_length(before)
                part = cut(rest, room).removesuffix("…") or rest[: room // 2]
                # A backslash must stay with the character that it escapes.
                part = part[:-1] if (len(part) - len(part.rstrip("\\"))) % 2 else part
                yield before + part
                before, rest = " ", rest[len(part) :].lstrip()
            yield before + rest
            before = " "


def _quoted(conclusions: Sequence[Section]) -> str:
    return "\n".join(f"> {_Paragraph.of(section)}" for section in conclusions)


def _fit(paragraphs: list[_Paragraph], sections: Sequence[Section], limit: int) -> bool:
    """Drop sentences until everything is within `limit`; return whether nothing was dropped."""
    total = sum(paragraph.length + 2 for paragraph in paragraphs)
    if total <= limit:
        return True
    labels = [section.label or "" for section in sections]
    for fewest in (1, 0):
        for kind in _CUT_ORDER:
            for label, paragraph in zip(labels, paragraphs, strict=True):
                while total > limit and len(paragraph.sentences) > fewest and kind.search(label):
                    total -= paragraph.drop_last()
    while paragraphs and total > limit:
        total -= paragraphs.pop().length + 2
    return False
