"""Publication status: whether an article is retracted, corrected or under an expression of concern. Pure.

Read from a record's relations and types, never from the words of its abstract. PubMed has an element of the
same name, which only says whether an article is in print yet; here that is `Record.is_ahead_of_print`.
"""

from dataclasses import dataclass
from enum import StrEnum

from wetread.domain.models import PartialDate, Record, Relation, RelationKind
from wetread.domain.publication_types import RETRACTED_TYPE, RETRACTION_TYPE
from wetread.domain.record_sources import AUTHORITIES


class StatusKind(StrEnum):
    """Each status has a label of its own on cards. Only RETRACTED and REPUBLISHED mean retracted."""

    NORMAL = "normal"
    CORRECTED = "corrected"
    CONCERN = "concern"
    REPUBLISHED = "republished"  # retracted, and published again in a corrected version
    RETRACTED = "retracted"
    RETRACTION_NOTICE = "notice"  # this publication is the notice, not the retracted article


@dataclass(frozen=True, slots=True)
class PublicationStatus:
    """The status, and where it is published.

    `on`: the notice's date. `notice`: the notice, statement or correction; of a retraction notice the article
    that it retracts. Both None if unknown.
    """

    kind: StatusKind
    on: PartialDate | None = None
    notice: Relation | None = None


_BY_RELATION = (
    (RelationKind.RETRACTED_AND_REPUBLISHED_IN, StatusKind.REPUBLISHED),
    (RelationKind.RETRACTED_BY, StatusKind.RETRACTED),
    (RelationKind.RETRACTS, StatusKind.RETRACTION_NOTICE),
    (RelationKind.CONCERN_IN, StatusKind.CONCERN),
    (RelationKind.CORRECTED_BY, StatusKind.CORRECTED),
)
_BY_TYPE = {RETRACTED_TYPE: StatusKind.RETRACTED, RETRACTION_TYPE: StatusKind.RETRACTION_NOTICE}


WEIGHED = frozenset({RelationKind.RETRACTED_BY, RelationKind.CONCERN_IN})
"""Relations for which one source that is no authority is not enough to mark an article."""


def publication_status(record: Record) -> PublicationStatus:
    """Return the most serious status for which `record` holds enough evidence."""
    for relation_kind, kind in _BY_RELATION:
        relations = [relation for relation in record.relations if relation.kind is relation_kind]
        has_type = any(_BY_TYPE.get(each) is kind for each in record.types)
        if not relations and not has_type:
            continue
        if relation_kind in WEIGHED and witness_count(record, relation_kind) < 2:
            continue
        notice = max(relations, key=_informed, default=None)
        return PublicationStatus(kind, notice.on if notice else None, notice)
    return PublicationStatus(StatusKind.NORMAL)


def is_retracted(record: Record) -> bool:
    """Say whether an article is retracted, also if a corrected version was published."""
    return publication_status(record).kind in (StatusKind.RETRACTED, StatusKind.REPUBLISHED)


def witness_count(record: Record, relation_kind: RelationKind, source: str | None = None) -> int:
    """Return how many witnesses this record is for a retraction or concern; 2 are enough.

    PubMed and a publisher's own deposit count as two. A title that says so counts as one.
    `source`: whose record it is, None = the source that it names.
    """
    relations = [each for each in record.relations if each.kind is relation_kind]
    is_retraction = relation_kind is RelationKind.RETRACTED_BY
    is_named = bool(relations) or (is_retraction and RETRACTED_TYPE in record.types)
    if is_named and (
        (source or record.source) in AUTHORITIES or any(each.reported_by in AUTHORITIES for each in relations)
    ):
        return 2
    return int(is_named) + int(is_retraction and title_says_retracted(record.title))


def title_says_retracted(title: str) -> bool:
    """Say whether the title begins like those of retracted articles. This is only a hint."""
    return title.lower().startswith(("retracted:", "retracted article:", "withdrawn:"))


def _informed(relation: Relation) -> tuple[bool, str, bool, str, str]:
    """The rank of a notice, the best one highest: with a date, then newer, then with a DOI."""
    return (
        relation.on is not None,
        str(relation.on or ""),
        relation.doi is not None,
        relation.doi or "",
        relation.pmid or "",
    )
