"""The query language: what is typed is always a query, unless there is nothing in it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wetread.domain.errors import EmptyQueryError
from wetread.domain.models import PartialDate
from wetread.domain.query import TERM_LIMIT, TEXT_LIMIT, Query, Term, parse_query
from wetread.domain.query_fields import Field

W = Term


def test_plain_words_are_alternatives_of_each_other() -> None:
    assert parse_query("epidural injection").words == (W("epidural"), W("injection"))
    assert parse_query("epidural injection").required == ()


def test_stop_words_are_left_out_unless_there_is_nothing_else() -> None:
    assert parse_query("injection of the spine").words == (W("injection"), W("spine"))
    assert parse_query("the WHO guideline").words == (W("WHO"), W("guideline"))
    assert parse_query("the who").words == (W("the"), W("who"))
    assert parse_query("to be").words == (W("to"), W("be"))
    assert parse_query('of "nerve root"').words == ()


def test_a_question_in_plain_words_is_its_telling_words() -> None:
    question = "How should I treat a patient with an epidural abscess, and which of these drugs does he need?"
    assert parse_query(question).words == tuple(
        map(W, ["treat", "patient", "epidural", "abscess", "drugs", "need"])
    )


@pytest.mark.parametrize(
    "text", ['"nerve root"', "“nerve root”", "„nerve root“", "«nerve root»", '"nerve root', '" nerve  root "']
)
def test_a_phrase_is_strict_whatever_its_quotes(text: str) -> None:
    assert parse_query(text).required == ((W("nerve root", is_phrase=True),),)


@pytest.mark.parametrize("text", ["pain -veterinary", "pain –veterinary", "pain NOT veterinary"])
def test_minus_excludes(text: str) -> None:
    assert parse_query(text) == Query(text, words=(W("pain"),), excluded=(W("veterinary"),))


def test_a_query_may_only_exclude() -> None:
    query = parse_query('-veterinary -"case report" -type:letter')
    assert not query.words
    assert not query.required
    assert query.excluded == (
        W("veterinary"),
        W("case report", is_phrase=True),
        W("letter", Field.TYPE),
    )


def test_a_hyphen_inside_a_word_or_alone_excludes_nothing() -> None:
    assert parse_query("C-arm - follow-up").words == (W("C-arm"), W("follow-up"))
    assert not parse_query("C-arm - follow-up").excluded


def test_or_groups_are_strict_and_and_asks_for_both() -> None:
    assert parse_query("facet OR zygapophyseal").required == ((W("facet"), W("zygapophyseal")),)
    query = parse_query("facet OR zygapophyseal injection")
    assert (query.words, query.required) == ((W("injection"),), ((W("facet"), W("zygapophyseal")),))
    query = parse_query('"facet joint" AND (fluoroscopy OR CT)')
    assert query.required == (
        (W("facet joint", is_phrase=True),),
        (W("fluoroscopy"), W("CT")),
    )
    assert parse_query("a1 AND b1").required == ((W("a1"),), (W("b1"),))


@pytest.mark.parametrize("text", ["OR", "AND OR NOT", "pain OR", "OR pain", "NOT", "AND pain OR OR x1"])
def test_operators_without_operands_are_harmless(text: str) -> None:
    try:
        query = parse_query(text)
    except EmptyQueryError:
        assert "pain" not in text
    else:
        assert "pain" in query.describe()


@pytest.mark.parametrize("name", list(Field))
def test_fields_are_known_in_any_case_with_and_without_a_space(name: str) -> None:
    value = {"has": "abstract", "is": "free"}.get(name, "2024")
    for text in (
        f"{name}:{value}",
        f"{name.upper()}: {value.upper()}",
        f'{name}:"{value}"',
        f"{name}:“{value}”",
    ):
        [[term]] = parse_query(text).required
        assert (term.field, term.text.lower()) == (name, value)


def test_an_unknown_field_is_words() -> None:
    assert parse_query("doctor:strange").words == (W("doctor"), W("strange"))
    query = parse_query('doctor:"very strange"')
    assert (query.words, query.required) == ((W("doctor"),), ((W("very strange", is_phrase=True),),))


@pytest.mark.parametrize(
    "text", ["since:yesterday", "since:2024-13", "until:31.12.2024", "year:24", "year:9999", "since:2024-00"]
)
def test_a_field_with_a_value_that_makes_no_sense_is_words(text: str) -> None:
    query = parse_query(text)
    assert query.words[0].text in {"since", "until", "year"}
    assert not query.required


@pytest.mark.parametrize(
    "text",
    [
        "year:2020-2024",
        "year:2020–2024",
        'year:"2020..2024"',
        "year:2020-",
        "year:2020–",
        "year:-2019",
        "(year:2020-)",
        "year:2020-,",
        "-year:-2019",
    ],
)
def test_years_may_be_a_span_with_one_end_open(text: str) -> None:
    query = parse_query(text)
    [term] = query.excluded or query.required[0]
    assert term.field is Field.YEAR
    assert term.text in text
    assert ("-" in term.text) == ("-" in text.removeprefix("-"))


def test_a_star_asks_for_beginnings_of_three_letters_at_least() -> None:
    assert parse_query("inject*").words == (W("inject", is_prefix=True),)
    assert parse_query("in* x").words == (W("x"),)
    assert parse_query("ax* x").words == (W("ax"), W("x"))


@pytest.mark.parametrize(
    "text", ["", " ", '"', '""', "-", "*", "()", "...", "\x00", "“”", "-()", "author:", "🙂"]
)
def test_nothing_to_look_for_is_said(text: str) -> None:
    if text == "author:":
        assert parse_query(text).words == (W("author"),)
        return
    with pytest.raises(EmptyQueryError) as caught:
        parse_query(text)
    assert caught.value.text == text


def test_long_queries_are_cut_and_say_so() -> None:
    many = parse_query(" ".join(f"word{number}" for number in range(TERM_LIMIT + 5)))
    assert len(many.words) == TERM_LIMIT
    assert many.is_cut
    length = TEXT_LIMIT * 3 // 4
    long = parse_query("a" * length + " " + "b" * length)
    assert [len(term.text) for term in long.words] == [length]  # half a word would be another word
    assert long.is_cut
    assert not parse_query("pain " * TERM_LIMIT).is_cut
    assert (TEXT_LIMIT, TERM_LIMIT) == (2_000, 100)


def test_a_control_character_parts_words() -> None:
    assert parse_query("nerve\x00root").words == (W("nerve"), W("root"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("epidural injection", "epidural or injection"),
        ("“nerve root” -veterinary", "“nerve root”, not veterinary"),
        ("author:Example journal:AJR since:2024-06-15", "by Example, in AJR, since 15 Jun 2024"),
        ("inject* type:review until:2025-06", "inject…, of the kind “review”, until Jun 2025"),
        ("title:stroke mesh:Spine year:2024", "“stroke” in the title, MeSH “Spine”, of 2024"),
        ("pain year:2020- year:-2019", "pain, from 2020 on, up to 2019"),
        ("pain year:2018–2020", "pain, of 2018–2020"),
        ("has:Abstract is:free -is:retracted", "with an abstract, free to read, not retracted"),
        ("facet OR zygapophyseal", "facet or zygapophyseal"),
    ],
)
def test_a_query_is_described_for_people(text: str, words: str) -> None:
    assert parse_query(text).describe() == words


def test_a_query_can_be_narrowed() -> None:
    query = parse_query("pain").narrowed(since=PartialDate(2024, 6), kind="Review")
    assert query.describe() == "pain, since Jun 2024, of the kind “Review”"
    assert parse_query("pain").narrowed() == parse_query("pain")


PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            '"',
            "“",
            "-",
            "OR",
            "AND",
            "NOT",
            "(",
            ")",
            "*",
            ":",
            "NEAR(",
            "author:",
            "year:",
            "since:",
            "^",
            "\x00",
        ]
    ),
    st.sampled_from(
        ["C-arm", "COVID-19", "p<.05", "腰痛", "Łukasz", "2024", "2020-2024", "title:", "+", "{a}", "'"]
    ),
)
TYPED = st.lists(PIECES, max_size=14).map("".join) | st.lists(PIECES, max_size=14).map(" ".join)


@pytest.mark.row("S29")
@settings(max_examples=1_000)
@given(TYPED)
@example('author:"')
@example("-author:-x")
@example("a\ud800b author:\udfff")
def test_whatever_is_typed_is_a_query_or_empty(text: str) -> None:
    try:
        query = parse_query(text)
    except EmptyQueryError:
        return
    terms = [*query.words, *(term for group in query.required for term in group), *query.excluded]
    assert 0 < len(terms) <= TERM_LIMIT
    assert all(any(map(str.isalnum, term.text)) for term in terms)
    assert query.describe()
    assert parse_query(query.text).describe() == query.describe()
