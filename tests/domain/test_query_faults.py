"""What is not understood in a query is named, and never searched as words."""

import pytest
from hypothesis import given

from tests.domain.test_query import TYPED
from wetread.domain.errors import EmptyQueryError, FaultKind, UnclearQueryError
from wetread.domain.query import TERM_LIMIT, TEXT_LIMIT, parse_query
from wetread.domain.query_faults import demand_clear, read_query
from wetread.domain.query_fields import Field

UNKNOWN, EMPTY, DATE = FaultKind.UNKNOWN_FIELD, FaultKind.EMPTY_FIELD, FaultKind.DATE

# (typed, what is understood, [(what is wrong, the part, the field that is meant)])
QUERIES = [
    # dates
    ("since:yesterday", "", [(DATE, "since:yesterday", "since")]),
    ("pain since:yesterday", "pain", [(DATE, "since:yesterday", "since")]),
    ("pain since: yesterday", "pain", [(DATE, "since: yesterday", "since")]),
    ("pain since:2024-02-31", "pain", [(DATE, "since:2024-02-31", "since")]),
    ("pain since:2023-02-29", "pain", [(DATE, "since:2023-02-29", "since")]),
    ("pain since:2024-02-29", "pain, since 29 Feb 2024", []),
    ("pain since:2024-13", "pain", [(DATE, "since:2024-13", "since")]),
    ("pain since:2024-00", "pain", [(DATE, "since:2024-00", "since")]),
    ("pain since:24", "pain", [(DATE, "since:24", "since")]),
    ("pain since:1492", "pain", [(DATE, "since:1492", "since")]),
    ("pain since:2020-2024", "pain", [(DATE, "since:2020-2024", "since")]),
    ("pain since:01.02.2024", "pain", [(DATE, "since:01.02.2024", "since")]),
    ('pain since:"last week"', "pain", [(DATE, 'since:"last week"', "since")]),
    ("pain until:soon", "pain", [(DATE, "until:soon", "until")]),
    ("pain -since:soon", "pain", [(DATE, "-since:soon", "since")]),
    ("pain year:20x", "pain", [(DATE, "year:20x", "year")]),
    ("pain year:2024-2020", "pain, of 2024-2020", []),
    ("pain since:2024", "pain, since 2024", []),
    ("pain since: 2024-06", "pain, since Jun 2024", []),
    ("pain until:2024/6/1", "pain, until 1 Jun 2024", []),
    ("pain year:2020-2024", "pain, of 2020-2024", []),
    # nothing after a field
    ("author:", "", [(EMPTY, "author:", "author")]),
    ("pain author:", "pain", [(EMPTY, "author:", "author")]),
    ("author: since:2024", "since 2024", [(EMPTY, "author:", "author")]),
    ("author: -veterinary pain", "pain, not veterinary", [(EMPTY, "author:", "author")]),
    ('pain author:""', "pain", [(EMPTY, 'author:""', "author")]),
    ("pain title:???", "pain", [(EMPTY, "title:???", "title")]),
    ("pain -type:", "pain", [(EMPTY, "-type:", "type")]),
    ("journal: mesh: pain", "MeSH “pain”", [(EMPTY, "journal:", "journal")]),
    ("since:", "", [(EMPTY, "since:", "since")]),
    # fields that do not exist
    ("autor:Example", "", [(UNKNOWN, "autor:Example", "author")]),
    ("pain autor:Example", "pain", [(UNKNOWN, "autor:Example", "author")]),
    ("pain authors:Example", "pain", [(UNKNOWN, "authors:Example", "author")]),
    ("pain Authors: Example", "pain", [(UNKNOWN, "Authors: Example", "author")]),
    ("pain jornal:AJR", "pain", [(UNKNOWN, "jornal:AJR", "journal")]),
    ("pain issn:0361-803X", "pain", [(UNKNOWN, "issn:0361-803X", "journal")]),
    ("pain titel:stroke", "pain", [(UNKNOWN, "titel:stroke", "title")]),
    ("pain keyword:spine", "pain", [(UNKNOWN, "keyword:spine", "mesh")]),
    ("pain kind:review", "pain", [(UNKNOWN, "kind:review", "type")]),
    ("pain typ:review", "pain", [(UNKNOWN, "typ:review", None)]),
    ("pain date:2024", "pain", [(UNKNOWN, "date:2024", "since")]),
    ("pain from:2024 to:2025", "pain", [(UNKNOWN, "from:2024", "since"), (UNKNOWN, "to:2025", "until")]),
    ("pain before:2024", "pain", [(UNKNOWN, "before:2024", "until")]),
    ("pain sinse:2024", "pain", [(UNKNOWN, "sinse:2024", "since")]),
    ("pain -colour:red", "pain", [(UNKNOWN, "-colour:red", None)]),
    ('pain colour:"dark red"', "pain", [(UNKNOWN, 'colour:"dark red"', None)]),
    ("signal:noise", "", [(UNKNOWN, "signal:noise", None)]),
    ("x:1 x:1 pain", "pain", [(UNKNOWN, "x:1", None)]),
    ("автор:Пример боль", "боль", [(UNKNOWN, "автор:Пример", None)]),
    ("pain autor：Example", "pain", [(UNKNOWN, "autor:Example", "author")]),
    # words with colons, which are no fields
    ("Vertebroplasty: a review", "Vertebroplasty or review", []),
    ('"signal:noise"', "“signal:noise”", []),
    ("T2:T1 ratio", "T2:T1 or ratio", []),
    ("2:1 ratio", "2:1 or ratio", []),
    ("pain :", "pain", []),
    ("pain (author:Example)", "pain, by Example", []),
    # several at once, and what is understood stays
    (
        "pain autor:A since:soon journal: AJR",
        "pain, in AJR",
        [(UNKNOWN, "autor:A", "author"), (DATE, "since:soon", "since")],
    ),
    ('"nerve root" OR facet x:1', "“nerve root” or facet", [(UNKNOWN, "x:1", None)]),
    ("-veterinary since:soon", "not veterinary", [(DATE, "since:soon", "since")]),
    ("mesh:spine type:review year:2024", "MeSH “spine”, of the kind “review”, of 2024", []),
    ("inject* author:Example", "inject…, by Example", []),
]


@pytest.mark.row("E34")
@pytest.mark.parametrize(("typed", "understood", "faults"), QUERIES, ids=[each[0] for each in QUERIES])
def test_what_is_understood_and_what_is_not(
    typed: str, understood: str, faults: list[tuple[FaultKind, str, str | None]]
) -> None:
    found = read_query(typed)

    assert (found.query.describe() if found.query else "") == understood or set(
        (found.query.describe() if found.query else "").split(", ")
    ) == set(understood.split(", "))
    assert [(each.kind, each.text, each.field) for each in found.faults] == faults
    if faults or not understood:
        with pytest.raises((UnclearQueryError, EmptyQueryError)):
            demand_clear(typed)
    else:
        demand_clear(typed)


def test_there_are_sixty() -> None:
    assert len(QUERIES) >= 60


@pytest.mark.row("E34")
@pytest.mark.parametrize(
    "typed",
    [
        " ".join(f"word{number}" for number in range(TERM_LIMIT + 1)),
        "word " * TEXT_LIMIT,
        f"pain {'x' * TEXT_LIMIT}",
        f"since:soon {'word ' * TEXT_LIMIT}",
    ],
)
def test_a_query_that_is_cut_says_so_and_is_no_filter(typed: str) -> None:
    query = read_query(typed).query

    assert query is not None
    assert query.is_cut
    with pytest.raises(UnclearQueryError) as raised:
        demand_clear(typed)
    assert raised.value.is_cut


def test_a_word_is_not_cut_in_two() -> None:
    typed = f"{'a ' * (TEXT_LIMIT // 2 - 3)}epidurography"

    assert "epid" not in parse_query(typed).describe()


@given(TYPED)
def test_a_query_without_faults_is_read_as_always(text: str) -> None:
    found = read_query(text)
    if not found.faults and found.query is not None:
        assert found.query == parse_query(text)


@pytest.mark.parametrize("field", list(Field))
def test_every_field_is_understood_in_every_spelling(field: Field) -> None:
    value = {Field.HAS: "abstract", Field.IS: "free"}.get(field, "2024")
    for text in (
        f"{field}:{value}",
        f"{field.upper()}: {value}",
        f'{field}:"{value}"',
        f"-{field}:{value}",
    ):
        assert read_query(text).faults == ()
