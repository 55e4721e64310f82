"""How digests look: their parts, and Discord's limits for the largest."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.cards.digest import DigestLook, digest_hash, digest_view, plain_digest
from cogs.cards.digest_items import digest_page
from cogs.kit.limits import CONTENT, check_layout
from tests.support.facts import says
from tests.support.invented import article
from wetread.domain.digests import Digest, Discussed
from wetread.domain.issue_sections import Section, placed, section_of
from wetread.domain.models import Article, PartialDate, Record, Subject
from wetread.domain.pace import DigestKind
from wetread.domain.text import utf16_length

DAY = date(2026, 1, 15)
TYPES = (
    (),
    ("Randomized Controlled Trial",),
    ("Review",),
    ("Practice Guideline",),
    ("Technical Report",),
    ("Letter",),
    ("Editorial",),
    ("Published Erratum",),
    ("Case Reports",),
)


def look(can_discuss: bool = True) -> DigestLook:  # a switch of a test
    subjects = list(Subject)
    return DigestLook(
        "wr-1f", lambda record: subjects[len(record.title) % len(subjects)], can_discuss=can_discuss
    )


def invented(
    number: int, types: tuple[str, ...] = (), title: str = "Invented finding", **more: object
) -> Article:
    record = Record(
        source="PubMed",
        title=f"{title} {number}",
        doi=f"10.5555/jer.2026.{number:04d}",
        journal="Journal of Example Radiology",
        journal_abbreviation="J Example Radiol",
        volume="318",
        issue="1",
        pages=f"{number}–{number + 3}",
        types=types,
        issue_on=PartialDate(2026, 1),
    )
    return article(number, replace(record, **more))  # type: ignore[arg-type]  # real fields


def digest(kind: DigestKind, articles: list[Article], **more: object) -> Digest:
    return Digest(kind, DAY, DAY, tuple(articles), **more)  # type: ignore[arg-type]  # real fields


def components(found: Digest) -> list[dict[str, object]]:
    return digest_view(found, look()).to_components()  # type: ignore[no-untyped-call, no-any-return]  # discord.py


def words(found: Digest) -> str:
    return str(components(found))


def test_an_issue_has_its_sections_and_counts_what_is_short() -> None:
    articles = [
        *(invented(number) for number in range(1, 21)),
        invented(21, TYPES[1], free_url="https://example.org/free"),
        invented(22, TYPES[3]),
        *(invented(number, TYPES[5]) for number in range(23, 29)),
        invented(29, TYPES[7]),
    ]
    said = words(digest(DigestKind.ISSUE, articles))

    for fact in (
        "Journal of Example Radiology, volume 318, issue 1",
        "29 articles",
        "January 2026",
        "1 randomized trial",
        "1 free",
        "Original research",
        "(21)",
        "Reviews and guidelines",
        "trial, free",
        "guideline",
        "24–29\\xa0letters",
        "Only the trials",
        "Only free",
        "Discuss the issue",
        "Open 1 to 25",
        "Open 26 to 29",
    ):
        assert fact in said, fact


def test_numbers_run_through_all_sections() -> None:
    found = placed([invented(1, TYPES[5]), invented(2), invented(3, TYPES[2]), invented(4)])
    assert [(each.number, each.article.id) for each in found] == [(1, 2), (2, 4), (3, 3), (4, 1)]
    assert section_of(found[-1].article.record) is Section.ALSO


def test_what_is_over_a_days_most_says_how_many_are_posted_above() -> None:
    articles = [invented(1), invented(2, TYPES[2]), invented(3, TYPES[5]), invented(4, TYPES[5])]
    said = words(digest(DigestKind.REST, articles, posted_count=8))
    for fact in ("4 more articles today", "8 are posted above", "Thursday, 15 January 2026", "2 letters"):
        assert fact in said, fact


def test_a_week_has_what_to_note_what_is_discussed_and_the_trials() -> None:
    retracted = invented(90, ("Retracted Publication",))
    found = digest(
        DigestKind.WEEKLY,
        [invented(1), invented(2, TYPES[1]), invented(3, TYPES[3]), invented(11)],
        noted=(retracted,),
        discussed=(Discussed(invented(5), 14, "ann.sample"),),
    )
    said = words(replace(found, first_day=date(2026, 1, 12), last_day=date(2026, 1, 18)))
    for fact in (
        "The week in articles",
        "12 to 18 January 2026",
        "4 new, 1 journal",
        "Please note",
        "RETRACTED: ",
        "Most discussed",
        "14 replies",
        "shared by ann.sample",
        "Trials and guidelines",
        "By subject",
        "All 4",
    ):
        assert fact in said, fact


def test_empty_parts_of_a_week_are_left_out() -> None:
    said = words(digest(DigestKind.WEEKLY, [invented(1)]))
    for part in ("Please note", "Most discussed", "Trials and guidelines"):
        assert part not in said


@pytest.mark.row("F29")
@pytest.mark.parametrize("kind", DigestKind)
@pytest.mark.parametrize("count", [1, 2, 16, 25, 26, 50, 51, 250])
@pytest.mark.parametrize("title", ["Short", "Long words of an invented title " * 12, "𝒳_*~`|" * 60])
def test_the_largest_digest_keeps_discords_limits(kind: DigestKind, count: int, title: str) -> None:
    articles = [invented(number, TYPES[number % len(TYPES)], title) for number in range(1, count + 1)]
    more = {
        "noted": tuple(articles[:9]),
        "discussed": tuple(Discussed(each, 9, "a" * 80) for each in articles[:3]),
    }
    found = digest(kind, articles, **more)

    check_layout(digest_view(found, look()))
    text, _ = plain_digest(found, look(), CONTENT)
    assert utf16_length(text) <= CONTENT
    for page in range(count // 25 + 1):
        check_layout(digest_page(placed(articles), "wr-1f", "all", page))


@given(
    st.lists(
        st.tuples(st.sampled_from(TYPES), st.text(max_size=300), st.text(max_size=60)),
        min_size=1,
        max_size=60,
    ),
    st.sampled_from(DigestKind),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_no_title_or_journal_breaks_the_limits(
    entries: list[tuple[tuple[str, ...], str, str]], kind: DigestKind
) -> None:
    articles = [
        invented(number, types, title, journal=journal, journal_abbreviation=journal, volume=journal)
        for number, (types, title, journal) in enumerate(entries, 1)
    ]
    check_layout(digest_view(digest(kind, articles), look()))


def test_a_retraction_changes_the_hash_and_nothing_else_does() -> None:
    articles = [invented(1), invented(2)]
    before = digest_hash(digest(DigestKind.DAILY, articles), look())
    assert digest_hash(digest(DigestKind.DAILY, articles), look()) == before
    after = [articles[0], invented(2, ("Retracted Publication",))]
    assert digest_hash(digest(DigestKind.DAILY, after), look()) != before
    assert says(words(digest(DigestKind.DAILY, after)), "RETRACTED")
