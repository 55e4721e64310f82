"""Facts about an article that a search can ask for: `has:abstract`, `is:free`, `is:retracted` … Pure."""

from enum import StrEnum

from wetread.domain.models import Record
from wetread.domain.publication_status import is_retracted
from wetread.domain.publication_types import is_preprint


class Mark(StrEnum):
    """A fact; the value is what is typed after `has:` or `is:`."""

    ABSTRACT = "abstract"
    FREE = "free"
    RETRACTED = "retracted"
    PREPRINT = "preprint"


def marks_of(record: Record) -> tuple[Mark, ...]:
    """Return the facts that are true of an article, in the order of `Mark`."""
    facts = {
        Mark.ABSTRACT: bool(record.abstract),
        Mark.FREE: record.free_url is not None,
        Mark.RETRACTED: is_retracted(record),
        Mark.PREPRINT: is_preprint(record),
    }
    return tuple(mark for mark, is_true in facts.items() if is_true)
