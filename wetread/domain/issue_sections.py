"""In which section of an issue an article stands. Pure; by its publication types, never by its words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from wetread.domain.models import Article, Record
from wetread.domain.publication_types import type_label


class Section(StrEnum):
    """The sections, in the order of an issue."""

    RESEARCH = "Original research"
    REVIEWS = "Reviews and guidelines"
    CASES = "Case reports"
    TECHNICAL = "Technical"
    ALSO = "Also"  # letters, editorials, corrections: counted, not listed


_BY_LABEL = {
    **dict.fromkeys(
        (
            "Guideline",
            "Consensus statement",
            "Meta-analysis",
            "Systematic review",
            "Scoping review",
            "Review",
            "Study guide",
        ),
        Section.REVIEWS,
    ),
    "Case report": Section.CASES,
    **dict.fromkeys(("Technical report", "Evaluation study", "Validation study"), Section.TECHNICAL),
    **dict.fromkeys(
        (
            "Retraction notice",
            "Expression of concern",
            "Erratum",
            "Letter",
            "Editorial",
            "News",
            "Comment",
            "Biography",
            "Interview",
            "Lecture",
            "Address",
            "Personal narrative",
            "Historical article",
            "Video",
        ),
        Section.ALSO,
    ),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """An article of an issue or digest. `number`: from 1, through all sections."""

    number: int
    article: Article
    section: Section


def section_of(record: Record) -> Section:
    """Return the section in which an article stands."""
    return _BY_LABEL.get(type_label(record) or "", Section.RESEARCH)


def placed(articles: Iterable[Article]) -> list[Placed]:
    """Return articles by section, within each by page; what is only counted is together by kind."""
    sections = list(Section)

    def order(article: Article) -> tuple[int, str, float]:
        section = section_of(article.record)
        kind = (type_label(article.record) or "") if section is Section.ALSO else ""
        return sections.index(section), kind, _first_page(article.record)

    ordered = sorted(articles, key=order)
    return [
        Placed(number, article, section_of(article.record)) for number, article in enumerate(ordered, start=1)
    ]


def _first_page(record: Record) -> float:
    found = re.search(r"\d+", record.pages or "")
    return int(found[0]) if found else float("inf")
