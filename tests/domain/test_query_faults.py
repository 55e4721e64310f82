"""What is not understood in a query is named, and never searched as words."""

from datetime import date

import pytest
from hypothesis import example, given

from tests.domain.test_query import TYPED
from wetread.domain.errors import EmptyQueryError, FaultKind, UnclearQueryError
from wetread.domain.query import TERM_LIMIT, TEXT_LIMIT, parse_query
from wetread.domain.query_faults import TypedQuery, read_query
from wetread.domain.query_fields import Field

TODAY = date(2026, 3, 31)
UNKNOWN, EMPTY, DATE, VALUE = (
    FaultKind.UNKNOWN_FIELD,
    FaultKind.EMPTY_FIELD,
    FaultKind.DATE,
    FaultKind.VALUE,
)
KNOWN = {
    (Field.JOURNAL, "pain medicine"),
    (Field.JOURNAL, "pain"),
    (Field.AUTHOR, "Example AB"),
    (Field.AUTHOR, "ben sample"),
    (Field.MESH, "low back pain"),
    (Field.MESH, "Injections, Epidural"),
    (Field.AUTHOR, "Example, AB"),
    (Field.TYPE, "invented kind"),
}


def read(text: str, *, is_filter: bool = False) -> TypedQuery:
    return read_query(text, TODAY, lambda field, name: (field, name) in KNOWN, is_filter=is_filter)


# (typed, what is understood, [(what is wrong, the part, the field that is meant)])
QUERIES = [
    # dates
    ("since:someday", "", [(DATE, "since:someday", "since")]),
    ("pain since:someday", "pain", [(DATE, "since:someday", "since")]),
    ("pain since: someday", "pain", [(DATE, "since: someday", "since")]),
    ("pain since:2024-02-31", "pain", [(DATE, "since:2024-02-31", "since")]),
    ("pain since:2023-02-29", "pain", [(DATE, "since:2023-02-29", "since")]),
    ("pain since:2024-02-29", "pain, since 29 Feb 2024", []),
    ("pain since:2024-13", "pain", [(DATE, "since:2024-13", "since")]),
    ("pain since:2024-00", "pain", [(DATE, "since:2024-00", "since")]),
    ("pain since:24", "pain", [(DATE, "since:24", "since")]),
    ("pain since:1492", "pain", [(DATE, "since:1492", "since")]),
    ("pain since:2020-2024", "pain", [(DATE, "since:2020-2024", "since")]),
    ("pain since:01.02.2024", "pain, since 1 Feb 2024", []),
    ("pain since:31.02.2024", "pain", [(DATE, "since:31.02.2024", "since")]),
    ("pain until:2 Feb 2024 steroid", "pain or steroid, until 2 Feb 2024", []),
    ("pain since:march 2024 steroid", "pain or steroid, since Mar 2024", []),
    ('pain since:"last fortnight"', "pain", [(DATE, 'since:"last fortnight"', "since")]),
    ("pain year:2020-", "pain, from 2020 on", []),
    ("pain year:>2020", "pain", [(DATE, "year:>2020", "year")]),
    ("year:2020 - 2024 pain", "pain, of 2020-2024", []),
    ("year:2020 to 2024 pain", "pain, of 2020-2024", []),
    ("year:2020 pain", "pain, of 2020", []),
    ("year:2020 2024", "2024, of 2020", []),
    # values that their field does not know
    ("pain type:revue", "pain", [(VALUE, "type:revue", "type")]),
    ("pain type:qwertz", "pain", [(VALUE, "type:qwertz", "type")]),
    ('pain -type:"invented kinds"', "pain", [(VALUE, '-type:"invented kinds"', "type")]),
    ("pain type:invented kind", "pain, of the kind “invented kind”", []),
    ("pain type:Reviews", "pain, of the kind “Reviews”", []),
    ("pain type:case reports dog", "pain or dog, of the kind “case reports”", []),
    ("pain has:pdf", "pain", [(VALUE, "has:pdf", "has")]),
    ("pain is:open", "pain", [(VALUE, "is:open", "is")]),
    ("pain has:abstract -is:retracted", "pain, with an abstract, not retracted", []),
    # values of several words
    ("journal:pain medicine steroid", "steroid, in pain medicine", []),
    ("journal:pain steroid", "steroid, in pain", []),
    ("journal:nonesuch medicine", "medicine, in nonesuch", []),
    ("(journal:pain medicine) steroid", "steroid, in pain medicine", []),
    ("author:von Hessling steroid", "steroid, by von Hessling", []),
    ("author:Le Péchoux steroid", "steroid, by Le Péchoux", []),
    ("author:le steroid", "steroid, by le", []),
    ("author:van der Berg, steroid", "steroid, by van der Berg", []),
    ("author:von author:Example", "by von, by Example", []),
    ("author:Example AB steroid", "steroid, by Example AB", []),
    ("author:Example CT", "CT, by Example", []),
    ("author:Example, AB steroid", "steroid, by Example, AB", []),
    ("mesh:Injections, Epidural steroid", "steroid, MeSH “Injections, Epidural”", []),
    ("journal:pain, medicine", "medicine, in pain", []),
    ("-author:ben sample steroid", "steroid, not by ben sample", []),
    ("mesh:low back pain steroid", "steroid, MeSH “low back pain”", []),
    ("journal:pain OR journal:pain medicine", "in pain or in pain medicine", []),
    ("journal:pain -medicine", "in pain, not medicine", []),
    ('journal:pain "medicine"', "in pain, “medicine”", []),
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
    found = read(typed)

    assert (found.query.describe() if found.query else "") == understood or set(
        (found.query.describe() if found.query else "").split(", ")
    ) == set(understood.split(", "))
    assert [(each.kind, each.text, each.field) for each in found.faults] == faults
    if faults or not understood:
        with pytest.raises((UnclearQueryError, EmptyQueryError)):
            read(typed, is_filter=True).demand_clear()
    else:
        read(typed, is_filter=True).demand_clear()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("pain since:30d", "pain since:2026-03-01"),
        ("pain since: last month steroid", "pain since: 2026-02 steroid"),
        ("-until:last week pain", "-until:2026-03-29 pain"),
        ("pain year:last year", "pain year:2025"),
        ('since:"march"', "since:2026-03"),
    ],
)
def test_a_date_that_depends_on_today_is_kept_as_it_is_today_and_is_no_filter(typed: str, text: str) -> None:
    found = read(typed)
    assert (found.text, found.faults) == (text, ())

    refused = read(typed, is_filter=True)
    [fault] = refused.faults
    assert fault.kind is FaultKind.RELATIVE_DATE
    assert fault.meant
    assert fault.meant.replace(":", "") in text.replace(":", "").replace(" ", "")
    with pytest.raises(UnclearQueryError):
        refused.demand_clear()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("type:revue", "type:review"),
        ("type:sistematic-review", "type:systematic review"),
        ("type:metanalysis", "type:meta-analysis"),
        ("type:free", "is:free"),
        ("type:qwertz", None),
        ("has:free", "is:free"),
        ("has:pdf", "is:free"),
        ("has:abstracts", "has:abstract"),
        ("has:citations", None),
        ("is:review", "type:review"),
        ("is:open", "is:free"),
        ("is:retraced", "is:retracted"),
        ("is:new", None),
    ],
)
def test_the_nearest_value_is_named(typed: str, meant: str | None) -> None:
    [fault] = read(typed).faults
    assert (fault.kind, fault.meant) == (VALUE, meant)


@given(TYPED)
@example("since:last month author:von Hessling")
@example("since:(14 jan 2026)")
@example('author:von "x')
@example("journal:pain medicine " * 90)
def test_what_was_read_is_read_the_same_again(text: str) -> None:
    found = read(text)
    again = read_query(found.text, date(2027, 8, 1), lambda field, name: (field, name) in KNOWN)
    assert again.text == found.text
    assert again.query == found.query
    if found.query is not None and not found.faults and not found.query.is_cut:
        assert parse_query(found.text) == found.query


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
    query = read(typed).query

    assert query is not None
    assert query.is_cut
    with pytest.raises(UnclearQueryError) as raised:
        read(typed, is_filter=True).demand_clear()
    assert raised.value.is_cut


def test_a_word_is_not_cut_in_two() -> None:
    typed = f"{'a ' * (TEXT_LIMIT // 2 - 3)}epidurography"

    assert "epid" not in parse_query(typed).describe()


@given(TYPED)
def test_a_query_without_faults_is_read_as_always(text: str) -> None:
    found = read(text)
    if not found.faults and found.query is not None:
        assert found.query == parse_query(found.text)


@pytest.mark.parametrize("field", list(Field))
def test_every_field_is_understood_in_every_spelling(field: Field) -> None:
    value = {Field.HAS: "abstract", Field.IS: "free", Field.TYPE: "review"}.get(field, "2024")
    for text in (
        f"{field}:{value}",
        f"{field.upper()}: {value}",
        f'{field}:"{value}"',
        f"-{field}:{value}",
    ):
        assert read(text).faults == ()
