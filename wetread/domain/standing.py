"""What kind of publication a record is, and whether it still stands. Pure; from the record's own fields,
never from the words of its abstract."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wetread.domain.models import PartialDate, Record, Relation, RelationKind

RETRACTED_TYPE = "Retracted Publication"
RETRACTION_TYPE = "Retraction of Publication"
PREPRINT_SERVERS = ("10.1101/", "10.64898/", "10.48550/arxiv.", "10.21203/rs.", "10.2139/ssrn.")
"""How the DOIs of preprints begin: bioRxiv and medRxiv, arXiv, Research Square, SSRN."""

MERGED = "merged"
"""The source of a record that `merge_records` made; what it says about standing has been weighed there."""

_AUTHORITIES = frozenset({"PubMed", "publisher", MERGED})
"""Whose word on a retraction is enough (SOURCES section 7)."""


class StandingKind(StrEnum):
    """Whether an article may be relied on. Each has a label of its own; only one of them is "retracted"."""

    NORMAL = "normal"
    CORRECTED = "corrected"
    CONCERN = "concern"
    REPUBLISHED = "republished"  # retracted, and published again in a corrected version
    RETRACTED = "retracted"
    NOTICE = "notice"  # this is the retraction's notice, not the retracted article


@dataclass(frozen=True, slots=True)
class Standing:
    """`on` and `notice` (the other publication: for a notice the article it withdraws), None if unknown."""

    kind: StandingKind
    on: PartialDate | None = None
    notice: Relation | None = None


_BY_RELATION = (
    (RelationKind.RETRACTED_AND_REPUBLISHED_IN, StandingKind.REPUBLISHED),
    (RelationKind.RETRACTED_BY, StandingKind.RETRACTED),
    (RelationKind.RETRACTS, StandingKind.NOTICE),
    (RelationKind.CONCERN_IN, StandingKind.CONCERN),
    (RelationKind.CORRECTED_BY, StandingKind.CORRECTED),
)
_BY_TYPE = {RETRACTED_TYPE: StandingKind.RETRACTED, RETRACTION_TYPE: StandingKind.NOTICE}


WEIGHED = frozenset({RelationKind.RETRACTED_BY, RelationKind.CONCERN_IN})
"""What one lesser source says about these is not enough to mark an article."""


def standing(record: Record) -> Standing:
    """Return the standing that `record` is evidence enough for."""
    for relation_kind, kind in _BY_RELATION:
        relations = [relation for relation in record.relations if relation.kind is relation_kind]
        has_type = any(_BY_TYPE.get(each) is kind for each in record.types)
        if not relations and not has_type:
            continue
        if relation_kind in WEIGHED and witness_count(record, relation_kind) < 2:
            continue
        notice = max(relations, key=_informed, default=None)
        return Standing(kind, notice.on if notice else None, notice)
    return Standing(StandingKind.NORMAL)


def is_retracted(record: Record) -> bool:
    """Say whether an article no longer stands, whether or not it was published again."""
    return standing(record).kind in (StandingKind.RETRACTED, StandingKind.REPUBLISHED)


def witness_count(record: Record, relation_kind: RelationKind, source: str | None = None) -> int:
    """Return how many parties this record has for a retraction or concern; 2 are enough.

    PubMed and a publisher's own deposit count as two. A title that says so is one, never enough alone.
    `source`: whose word the record is, None = that of the source it names.
    """
    relations = [each for each in record.relations if each.kind is relation_kind]
    is_retraction = relation_kind is RelationKind.RETRACTED_BY
    is_named = bool(relations) or (is_retraction and RETRACTED_TYPE in record.types)
    if is_named and (
        (source or record.source) in _AUTHORITIES
        or any(each.reported_by in _AUTHORITIES for each in relations)
    ):
        return 2
    return int(is_named) + int(is_retraction and title_says_retracted(record.title))


def title_says_retracted(title: str) -> bool:
    """Say whether the title begins as publishers begin the titles of retracted articles: a hint only."""
    return title.lower().startswith(("retracted:", "retracted article:", "withdrawn:"))


def _informed(relation: Relation) -> tuple[bool, str, bool, str, str]:
    """Order notices by what is known of them, then by date, then by anything that never changes."""
    return (
        relation.on is not None,
        str(relation.on or ""),
        relation.doi is not None,
        relation.doi or "",
        relation.pmid or "",
    )


_KINDS: Mapping[str, str] = {
    # The first that fits is the chip: what a thing is not (no study) comes before what it is about.
    RETRACTION_TYPE: "Retraction notice",
    "Expression of Concern": "Expression of concern",
    "Published Erratum": "Erratum",
    "Preprint": "Preprint",
    "Letter": "Letter",
    "Editorial": "Editorial",
    "News": "News",
    "Newspaper Article": "News",
    "Comment": "Comment",
    "Practice Guideline": "Guideline",
    "Guideline": "Guideline",
    "Consensus Development Conference": "Consensus statement",
    "Consensus Development Conference, NIH": "Consensus statement",
    "Consensus Statement": "Consensus statement",
    "Network Meta-Analysis": "Meta-analysis",
    "Meta-Analysis": "Meta-analysis",
    "Systematic Review": "Systematic review",
    "Clinical Trial Protocol": "Trial protocol",
    "Randomized Controlled Trial": "Randomized trial",
    "Randomized Controlled Trial, Veterinary": "Veterinary trial",
    "Equivalence Trial": "Clinical trial",
    "Pragmatic Clinical Trial": "Clinical trial",
    "Controlled Clinical Trial": "Clinical trial",
    "Adaptive Clinical Trial": "Clinical trial",
    "Clinical Trial, Phase I": "Clinical trial",
    "Clinical Trial, Phase II": "Clinical trial",
    "Clinical Trial, Phase III": "Clinical trial",
    "Clinical Trial, Phase IV": "Clinical trial",
    "Clinical Trial, Veterinary": "Veterinary trial",
    "Clinical Trial": "Clinical trial",
    "Case Reports": "Case report",
    "Scoping Review": "Scoping review",
    "Review": "Review",
    "Observational Study": "Observational study",
    "Observational Study, Veterinary": "Veterinary study",
    "Validation Study": "Validation study",
    "Evaluation Study": "Evaluation study",
    "Multicenter Study": "Multicenter study",
    "Comparative Study": "Comparative study",
    "Historical Article": "Historical article",
    "Biography": "Biography",
    "Interview": "Interview",
    "Lecture": "Lecture",
    "Address": "Address",
    "Personal Narrative": "Personal narrative",
    "Technical Report": "Technical report",
    "Study Guide": "Study guide",
    "Video-Audio Media": "Video",
    "Book Chapter": "Book chapter",
}
KNOWN_TYPES = tuple(_KINDS)
_RANKS = {publication_type: rank for rank, publication_type in enumerate(_KINDS)}

_WITHOUT_ABSTRACT = frozenset(
    {
        "Letter",
        "Comment",
        "Editorial",
        "News",
        "Newspaper Article",
        "Published Erratum",
        "Expression of Concern",
        RETRACTION_TYPE,
        "Biography",
        "Portrait",
        "Interview",
        "Address",
        "Personal Narrative",
        "Introductory Journal Article",
        "Video-Audio Media",
        "Webcast",
        "Cartoon",
        "Pictorial Work",
        "Interactive Tutorial",
        "Patient Education Handout",
        "Corrected and Republished Article",
        "Book Review",
        "Obituary",
    }
)
_STUDIES = frozenset(
    publication_type
    for publication_type, kind in _KINDS.items()
    if kind.endswith(("trial", "study", "analysis", "eview", "Guideline", "protocol"))
)


def kind(record: Record) -> str | None:
    """Return the chip's words for the kind of study, from the publication types; None = nothing to say."""
    known = [each for each in record.types if each in _RANKS]
    return _KINDS[min(known, key=_RANKS.__getitem__)] if known else None


def expects_abstract(record: Record) -> bool:
    """Say whether an article of these types is usually published with an abstract; unknown types: yes."""
    if any(each in _STUDIES for each in record.types):
        return True
    return not any(each in _WITHOUT_ABSTRACT for each in record.types)


def is_preprint(record: Record) -> bool:
    """Say whether a record is a preprint's, whose published version may appear any day."""
    return "Preprint" in record.types or (record.doi or "").startswith(PREPRINT_SERVERS)
