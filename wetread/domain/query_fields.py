"""The fields of the query language. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from wetread.domain.article_marks import Mark


class Field(StrEnum):
    """A field to which a term may be limited."""

    AUTHOR = "author"
    JOURNAL = "journal"
    TITLE = "title"
    MESH = "mesh"
    TYPE = "type"
    SINCE = "since"
    UNTIL = "until"
    YEAR = "year"
    HAS = "has"
    IS = "is"


MARKS: Mapping[Field, tuple[Mark, ...]] = {
    Field.HAS: (Mark.ABSTRACT,),
    Field.IS: (Mark.FREE, Mark.RETRACTED, Mark.PREPRINT),
}
"""The fields that ask for a fact, with the facts that each knows."""
