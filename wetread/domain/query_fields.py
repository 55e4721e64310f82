"""The fields of the query language, and the table that explains the whole of it. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

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


class Explained(NamedTuple):
    """A row of the table: what can be typed, and which articles it finds, in Markdown."""

    examples: tuple[str, ...]
    meaning: str


SYNTAX = (
    Explained(
        ("epidural injection",),
        "with any of these words; those with more of them come first. A whole question works, too",
    ),
    Explained(('"nerve root"',), "with exactly these words in this order"),
    Explained(("-veterinary",), "without this word; `-type:letter` works for every field"),
    Explained(("facet OR zygapophyseal",), "with at least one of the two; `AND` asks for both"),
    Explained(("inject*",), "with words that begin like this"),
    Explained(
        ("author:von Hessling", "author:Example AB"), "by this author; initials and first names may be added"
    ),
    Explained(
        ("journal:jvir", "journal:pain medicine"), "in this journal: name, abbreviation, short name or ISSN"
    ),
    Explained(("title:stroke",), "with this word in the title"),
    Explained(("mesh:low back pain",), "with this MeSH heading, or a part of it"),
    Explained(
        ("type:review", "type:rct", "type:case report"),
        "of this kind of publication; `type:erratum` and `type:front matter` find what is otherwise left out",
    ),
    Explained(
        ("since:2024-03", "since:last month", "until:14.01.2026"),
        "published on this day or later; with `until:` on it or earlier. Dates: `2024`, `march 2024`, "
        "`Jan 14 2026`, `yesterday`, `30d`, `6w`, `3m`, `1y`; in `04/03/2026` the day comes first",
    ),
    Explained(("year:2024", "year:2018-2020", "year:2020-", "year:-2019"), "published in these years"),
    Explained(("has:abstract",), "with an abstract"),
    Explained(
        ("is:free", "is:retracted", "is:preprint"), "with a free full text, retracted, not yet peer-reviewed"
    ),
)
"""Everything that is understood. docs/moderators.md and the help of `search` show this table."""
