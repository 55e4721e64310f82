"""Which records are enough evidence for which publication status."""

import pytest

from tests.bibliography.answers import answer
from wetread.bibliography.merge import merge_records
from wetread.bibliography.pubmed_xml import parse_efetch
from wetread.domain.models import PartialDate, Record, Relation, RelationKind
from wetread.domain.publication_status import StatusKind, publication_status

PUBMED = {record.pmid: record for record in parse_efetch(answer("pubmed/publication_status.xml"))}

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
        ("99000020", StatusKind.RETRACTED),
        ("99000021", StatusKind.RETRACTION_NOTICE),
        ("99000022", StatusKind.CONCERN),
        ("99000024", StatusKind.NORMAL),
        ("99000026", StatusKind.REPUBLISHED),
    ],
)
def test_pubmeds_word_is_enough(pmid: str, expected: StatusKind) -> None:
    assert publication_status(PUBMED[pmid]).kind is expected


def test_a_retraction_has_the_notices_date_and_reference() -> None:
    now = publication_status(PUBMED["99000020"])

    assert now.on == PartialDate(2026, 1, 12)
    assert now.notice is not None
    assert (now.notice.doi, now.notice.pmid) == ("10.5555/jii.2026.0021", "99000021")


def test_a_type_without_a_list_is_enough_too() -> None:
    assert (
        publication_status(Record("PubMed", types=("Retraction of Publication",))).kind
        is StatusKind.RETRACTION_NOTICE
    )
    assert publication_status(Record("PubMed", types=("Retracted Publication",))).kind is StatusKind.RETRACTED


def test_one_source_that_is_no_authority_marks_nothing() -> None:
    for record in (WATCHED, SUSPECTED):
        merged, _ = merge_records({record.source: record})
        assert publication_status(record).kind is StatusKind.NORMAL
        assert publication_status(merged).kind is StatusKind.NORMAL
        assert "Retracted Publication" not in merged.types


def test_two_such_sources_mark_an_article() -> None:
    merged, _ = merge_records({"Crossref": WATCHED, "OpenAlex": SUSPECTED})

    assert publication_status(merged).kind is StatusKind.RETRACTED


def test_the_publishers_own_deposit_is_enough() -> None:
    notice = Relation(RelationKind.RETRACTED_BY, doi="10.5555/n", reported_by="publisher")
    merged, _ = merge_records({"Crossref": Record("Crossref", doi="10.5555/x", relations=(notice,))})

    assert publication_status(merged).kind is StatusKind.RETRACTED


def test_a_title_is_a_hint_only() -> None:
    titled = Record("feed", title="RETRACTED: Too good")

    assert publication_status(merge_records({"feed": titled})[0]).kind is StatusKind.NORMAL
    assert (
        publication_status(merge_records({"feed": titled, "OpenAlex": SUSPECTED})[0]).kind
        is StatusKind.RETRACTED
    )


@pytest.mark.row("D16")
def test_a_withdrawn_retraction_restores_the_article() -> None:
    before, _ = merge_records({"PubMed": PUBMED["99000020"]})
    after, _ = merge_records({"PubMed": Record("PubMed", title="Too good", pmid="99000020")})

    assert publication_status(before).kind is StatusKind.RETRACTED
    assert publication_status(after).kind is StatusKind.NORMAL


@pytest.mark.row("D14")
def test_a_correction_is_never_a_retraction() -> None:
    corrected = Record("PubMed", relations=(Relation(RelationKind.CORRECTED_BY, pmid="99000002"),))

    assert publication_status(corrected).kind is StatusKind.CORRECTED
