"""What a record is evidence for, and what it is not."""

import pytest

from tests.bibliography.answers import answer
from wetread.bibliography.merge import merge_records
from wetread.bibliography.pubmed_xml import parse_efetch
from wetread.domain.models import PartialDate, Record, Relation, RelationKind
from wetread.domain.standing import StandingKind, expects_abstract, kind, standing

PUBMED = {record.pmid: record for record in parse_efetch(answer("pubmed/standing.xml"))}

WATCHED = Record(
    "Crossref",
    doi="10.5555/x",
    relations=(Relation(RelationKind.RETRACTED_BY, doi="10.5555/n", reported_by="Retraction Watch"),),
)
SUSPECTED = Record("OpenAlex", doi="10.5555/x", types=("Retracted Publication",))


@pytest.mark.row("D13", "D14", "D15")
@pytest.mark.parametrize(
    ("pmid", "expected"),
    [
        ("99000020", StandingKind.RETRACTED),
        ("99000021", StandingKind.NOTICE),
        ("99000022", StandingKind.CONCERN),
        ("99000024", StandingKind.NORMAL),
        ("99000026", StandingKind.REPUBLISHED),
    ],
)
def test_pubmeds_word_is_enough(pmid: str, expected: StandingKind) -> None:
    assert standing(PUBMED[pmid]).kind is expected


def test_a_retraction_has_the_notices_date_and_reference() -> None:
    now = standing(PUBMED["99000020"])

    assert now.on == PartialDate(2026, 1, 12)
    assert now.notice is not None
    assert (now.notice.doi, now.notice.pmid) == ("10.5555/jii.2026.0021", "99000021")


def test_a_type_without_a_list_is_enough_too() -> None:
    assert standing(Record("PubMed", types=("Retraction of Publication",))).kind is StandingKind.NOTICE
    assert standing(Record("PubMed", types=("Retracted Publication",))).kind is StandingKind.RETRACTED


def test_one_lesser_source_marks_nothing() -> None:
    for record in (WATCHED, SUSPECTED):
        merged, _ = merge_records({record.source: record})
        assert standing(record).kind is StandingKind.NORMAL
        assert standing(merged).kind is StandingKind.NORMAL
        assert "Retracted Publication" not in merged.types


def test_two_lesser_sources_do() -> None:
    merged, _ = merge_records({"Crossref": WATCHED, "OpenAlex": SUSPECTED})

    assert standing(merged).kind is StandingKind.RETRACTED


def test_the_publishers_own_deposit_does() -> None:
    notice = Relation(RelationKind.RETRACTED_BY, doi="10.5555/n", reported_by="publisher")
    merged, _ = merge_records({"Crossref": Record("Crossref", doi="10.5555/x", relations=(notice,))})

    assert standing(merged).kind is StandingKind.RETRACTED


def test_a_title_is_a_hint_only() -> None:
    titled = Record("feed", title="RETRACTED: Too good")

    assert standing(merge_records({"feed": titled})[0]).kind is StandingKind.NORMAL
    assert standing(merge_records({"feed": titled, "OpenAlex": SUSPECTED})[0]).kind is StandingKind.RETRACTED


@pytest.mark.row("D16")
def test_a_withdrawn_retraction_restores_the_article() -> None:
    before, _ = merge_records({"PubMed": PUBMED["99000020"]})
    after, _ = merge_records({"PubMed": Record("PubMed", title="Too good", pmid="99000020")})

    assert standing(before).kind is StandingKind.RETRACTED
    assert standing(after).kind is StandingKind.NORMAL


@pytest.mark.row("D14")
def test_a_correction_is_never_a_retraction() -> None:
    corrected = Record("PubMed", relations=(Relation(RelationKind.CORRECTED_BY, pmid="99000002"),))

    assert standing(corrected).kind is StandingKind.CORRECTED


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("Journal Article", "Multicenter Study", "Randomized Controlled Trial"), "Randomized trial"),
        (("Systematic Review", "Meta-Analysis", "Review"), "Meta-analysis"),
        (("Journal Article", "Review"), "Review"),
        (("Case Reports", "Letter"), "Letter"),
        (("Published Erratum", "Journal Article"), "Erratum"),
        (("Journal Article",), None),
        ((), None),
    ],
)
def test_the_kind_comes_from_the_types(types: tuple[str, ...], expected: str | None) -> None:
    assert kind(Record("PubMed", types=types)) == expected


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("Letter",), False),
        (("Editorial", "Comment"), False),
        (("Published Erratum",), False),
        (("Letter", "Randomized Controlled Trial"), True),
        (("Journal Article",), True),
        ((), True),
    ],
)
def test_letters_and_notices_are_not_waited_for(types: tuple[str, ...], expected: bool) -> None:
    assert expects_abstract(Record("PubMed", types=types)) is expected
