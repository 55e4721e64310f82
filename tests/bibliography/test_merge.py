"""Merging: the precedence of each field, and what holds whatever the records are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.bibliography.merge import merge_records
from wetread.domain.models import Accession, Author, PartialDate, Record, Relation, RelationKind, Section

FLAT = (Section("To invent an abstract. It was invented. Without labels."),)
STRUCTURED = (Section("To invent an abstract.", "PURPOSE"), Section("It was invented.", "RESULTS"))


def merged(*records: Record) -> Record:
    return merge_records({record.source: record for record in records})[0]


@pytest.mark.row("D08")
def test_a_structured_abstract_beats_a_flat_one_of_a_better_source() -> None:
    pubmed, crossref = Record("PubMed", abstract=FLAT), Record("Crossref", abstract=STRUCTURED)
    record, provenance = merge_records({"PubMed": pubmed, "Crossref": crossref})

    assert record.abstract == STRUCTURED
    assert provenance["abstract"] == "Crossref"


def test_a_structured_fragment_does_not_beat_the_whole() -> None:
    fragment = (Section("To invent.", "PURPOSE"), Section("We", "METHODS"))
    whole = (Section("To invent. " + "We invented one thing after the other. " * 20),)

    assert merged(Record("feed", abstract=fragment), Record("Crossref", abstract=whole)).abstract == whole


def test_the_longest_list_of_authors_keeps_what_others_know_of_them() -> None:
    pubmed = Record(
        "PubMed",
        authors=(
            Author("Müller", "Ada B", affiliations=("Sampletown",), orcid="0000-0001-2345-6789"),
            Author("Sample", "B"),
        ),
    )
    crossref = Record(
        "Crossref",
        authors=(Author("Müller", "Ada"), Author("Sample", "Ben", suffix="Jr"), Author("Third", "Cy")),
    )
    glued = Record("feed", authors=tuple(Author(f"Whole Name {number}") for number in range(9)))
    record, provenance = merge_records({each.source: each for each in (pubmed, crossref, glued)})

    assert provenance["authors"] == "Crossref"
    assert record.authors == (
        Author("Müller", "Ada", affiliations=("Sampletown",), orcid="0000-0001-2345-6789"),
        Author("Sample", "Ben", suffix="Jr"),
        Author("Third", "Cy"),
    )


def test_particles_and_double_names_belong_to_the_family_name_if_a_source_says_so() -> None:
    pubmed = (Author("Le Péchoux", "C"), Author("van der Berg", "JH"), Author("Kumar Garg", "P"))
    crossref = (
        Author("Cécile Le Péchoux"),
        Author("Berg", "Jan H van der"),
        Author("Garg", "Pankaj Kumar"),
        Author("Example", "Ada Beth"),
    )

    assert merged(Record("PubMed", authors=pubmed), Record("Crossref", authors=crossref)).authors == (
        Author("Le Péchoux", "Cécile"),
        Author("van der Berg", "Jan H"),
        Author("Kumar Garg", "Pankaj"),
        Author("Example", "Ada Beth"),
    )


def test_a_list_is_longer_only_if_the_one_that_is_taken_says_so() -> None:
    three = (Author("Example", "A"), Author("Sample", "B"), Author("Third", "C"))
    feed = Record("feed", authors=three, has_more_authors=True)

    assert merged(feed, Record("feed:2", title="Invented")).has_more_authors
    assert not merged(feed, Record("PubMed", authors=three)).has_more_authors
    assert not merged(feed, Record("PubMed", authors=(*three, Author("Fourth", "D")))).has_more_authors
    # However long a feed's list is, a database's is taken.
    shorter = merged(feed, Record("PubMed", authors=three[:2]))
    assert (shorter.authors, shorter.has_more_authors) == (three[:2], False)


def test_authors_of_one_name_do_not_get_each_others_affiliations() -> None:
    crossref = Record("Crossref", authors=(Author("Wang", "Yi"), Author("Wang", "Yu"), Author("Third", "Cy")))
    pubmed = Record("PubMed", authors=(Author("Wang", "Y", affiliations=("Sampletown",)),))

    assert merged(crossref, pubmed).authors == crossref.authors


def test_the_feed_has_the_last_word_on_what_bibliographies_know() -> None:
    feed = Record("feed", title="a title", volume="9", journal="A feed's title", doi="10.5555/x")
    pubmed = Record("PubMed", title="A title", volume="318", journal_abbreviation="J Invent Imaging")
    record = merged(feed, pubmed)

    assert (record.title, record.volume, record.doi) == ("A title", "318", "10.5555/x")
    assert (record.journal, record.journal_abbreviation) == ("A feed's title", "J Invent Imaging")


def test_a_date_is_completed_only_by_a_source_that_agrees() -> None:
    pubmed = Record("PubMed", issue_on=PartialDate(2026), online_on=PartialDate(2026, 1))
    crossref = Record("Crossref", issue_on=PartialDate(2026, 4, 1), online_on=PartialDate(2025, 12, 31))
    record = merged(pubmed, crossref)

    assert (record.issue_on, record.online_on) == (PartialDate(2026, 4, 1), PartialDate(2026, 1))


def test_a_month_is_not_completed_by_a_day_of_another_month() -> None:
    pubmed = Record("PubMed", online_on=PartialDate(2026, 1))
    crossref = Record("Crossref", online_on=PartialDate(2026, 2, 14))

    assert merged(pubmed, crossref).online_on == PartialDate(2026, 1)


def test_free_full_text_comes_from_unpaywall_first() -> None:
    record = merged(
        Record("PubMed", free_url="https://pmc.example/1"),
        Record("Unpaywall", free_url="https://free.example/1", licence="CC BY"),
    )

    assert (record.free_url, record.licence) == ("https://free.example/1", "CC BY")


def test_no_abstract_is_believed_only_while_nobody_has_one() -> None:
    bare = Record("PubMed", has_no_abstract=True)

    assert merged(bare, Record("feed")).has_no_abstract
    assert not merged(bare, Record("feed", abstract=FLAT)).has_no_abstract


def test_a_volume_ends_the_time_ahead_of_print() -> None:
    ahead = Record("PubMed", is_ahead_of_print=True)

    assert merged(ahead).is_ahead_of_print
    assert not merged(ahead, Record("Crossref", volume="318")).is_ahead_of_print


@pytest.mark.row("D07")
def test_a_record_found_by_title_is_probable_until_an_identifier_confirms_it() -> None:
    feed = Record("feed", title="Invented", pii="S9999999926000123")
    found = Record("PubMed", title="Invented", pmid="99000001", doi="10.5555/x", is_probable=True)

    assert merged(feed, found).is_probable
    assert not merged(feed, found, Record("Crossref", doi="10.5555/x", pii="S9999999926000123")).is_probable


def test_one_notice_reported_by_two_sources_is_one_relation() -> None:
    kind = RelationKind.RETRACTED_BY
    by_pmid = Relation(kind, pmid="99000002", doi="10.5555/n", reported_by="PubMed")
    by_doi = Relation(kind, doi="10.5555/n", on=PartialDate(2026, 1, 12), reported_by="Retraction Watch")
    record = merged(Record("PubMed", relations=(by_pmid,)), Record("Crossref", relations=(by_doi,)))

    assert record.relations == (
        Relation(kind, "10.5555/n", "99000002", on=PartialDate(2026, 1, 12), reported_by="PubMed"),
    )


def test_two_notices_stay_two() -> None:
    corrections = [
        Relation(RelationKind.CORRECTED_BY, doi=doi, reported_by="Crossref")
        for doi in ("10.5555/c1", "10.5555/c2")
    ]
    record = merged(
        Record("PubMed", relations=(corrections[0],)), Record("Crossref", relations=(corrections[1],))
    )

    assert record.relations == tuple(corrections)


def test_one_report_that_is_no_proof_marks_nothing() -> None:
    hearsay = Relation(RelationKind.RETRACTED_BY, doi="10.5555/n", reported_by="Retraction Watch")
    record = merged(
        Record("PubMed", title="Invented", types=("Journal Article",)),
        Record("Crossref", title="Invented", types=("Retracted Publication",), relations=(hearsay,)),
    )

    assert record.relations == ()
    assert record.types == ("Journal Article",)


_WORDS = st.sampled_from(["", "one", "Two", "tWo", "three words here"])
_OPTIONAL = st.none() | st.sampled_from(["a", "b", "c"])
_DATES = st.none() | st.builds(PartialDate, st.integers(2024, 2026), st.integers(0, 3), st.integers(0, 2))
_AUTHORS = st.lists(
    st.builds(
        Author,
        st.sampled_from(["Example", "Sample", "Müller", "Example Ada"]),
        st.none() | st.sampled_from(["A", "Ada", "Ben"]),
        affiliations=st.sampled_from([(), ("Here",), ("There", "Here")]),
        orcid=_OPTIONAL,
        is_collective=st.booleans(),
    ),
    max_size=4,
).map(tuple)
_RELATIONS = st.lists(
    st.builds(
        Relation,
        st.sampled_from([RelationKind.RETRACTED_BY, RelationKind.CORRECTED_BY, RelationKind.CONCERN_IN]),
        doi=_OPTIONAL,
        pmid=_OPTIONAL,
        text=st.sampled_from(["x", "y"]),
        on=_DATES,
        reported_by=st.sampled_from([None, "publisher", "Retraction Watch"]),
    ),
    max_size=3,
).map(tuple)
_SECTIONS = st.lists(st.builds(Section, st.sampled_from(["Short.", "Longer " * 9]), _OPTIONAL), max_size=3)
_SOURCES = ["PubMed", "Europe PMC", "Crossref", "OpenAlex", "Semantic Scholar", "Unpaywall", "feed", "other"]


@st.composite
def _record(draw: st.DrawFn, source: str) -> Record:
    return Record(
        source,
        title=draw(_WORDS),
        authors=draw(_AUTHORS),
        abstract=tuple(draw(_SECTIONS)),
        doi=draw(_OPTIONAL),
        pmid=draw(_OPTIONAL),
        pmcid=draw(_OPTIONAL),
        pii=draw(_OPTIONAL),
        arxiv=draw(_OPTIONAL),
        journal=draw(_OPTIONAL),
        issns=draw(st.sampled_from([(), ("1", "2"), ("2", "3")])),
        volume=draw(_OPTIONAL),
        online_on=draw(_DATES),
        issue_on=draw(_DATES),
        types=draw(st.sampled_from([(), ("Letter",), ("Retracted Publication",)])),
        url=draw(_OPTIONAL),
        relations=draw(_RELATIONS),
        has_no_abstract=draw(st.booleans()),
        is_ahead_of_print=draw(st.booleans()),
        is_probable=draw(st.booleans()),
    )


_RECORDS = st.lists(st.sampled_from(_SOURCES), unique=True, max_size=5).flatmap(
    lambda sources: st.fixed_dictionaries({source: _record(source) for source in sources})
)


@pytest.mark.row("D08")
@given(_RECORDS, st.randoms())
def test_the_order_of_the_records_does_not_matter(records: dict[str, Record], random: object) -> None:
    shuffled = list(records.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random

    assert merge_records(dict(shuffled)) == merge_records(records)


@given(_RECORDS)
def test_merging_again_changes_nothing(records: dict[str, Record]) -> None:
    once, _ = merge_records(records)

    assert merge_records({"merged": once})[0] == once


@given(st.sampled_from(_SOURCES).flatmap(_record), st.sampled_from(_SOURCES))
def test_an_empty_record_changes_nothing(record: Record, silent: str) -> None:
    alone = merge_records({record.source: record})

    assert merge_records({silent: Record(silent), record.source: record}) == alone


@pytest.mark.row("D08")
@given(_RECORDS)
def test_no_identifier_is_lost_and_every_set_field_has_its_source(records: dict[str, Record]) -> None:
    record, provenance = merge_records(records)
    for name in ("doi", "pmid", "pmcid", "pii", "arxiv"):
        said = {getattr(each, name) for each in records.values()} - {None}
        assert getattr(record, name) in (said or {None})
    assert {issn for each in records.values() for issn in each.issns} == set(record.issns)
    for name in set(Record.__dataclass_fields__) - {"source", "is_probable"}:
        assert (name in provenance) == bool(getattr(record, name))
    assert set(provenance.values()) <= set(records)


def test_nothing_merges_into_nothing() -> None:
    assert merge_records({}) == (Record("merged"), {})


def test_what_stands_beside_an_article_comes_from_the_first_source_that_says_it() -> None:
    pubmed = Record(
        "PubMed",
        language="eng",
        other_languages=("spa",),
        revised_on=PartialDate(2025, 12),
        accessions=(Accession("ClinicalTrials.gov", "NCT00000001"),),
        disclosures="None.",
    )
    crossref = Record(
        "Crossref",
        language="en",
        revised_on=PartialDate(2025, 12, 1),
        accessions=(Accession("ClinicalTrials.gov", "nct00000001"), Accession("ISRCTN", "ISRCTN00000001")),
        funding=("Invented Fund: A-1",),
        disclosures="The authors declare no competing interests.",
        copyright="© 2026 The Authors",
    )
    record, provenance = merge_records({each.source: each for each in (crossref, pubmed)})

    assert (record.language, record.other_languages) == ("eng", ("spa",))
    assert record.revised_on == PartialDate(2025, 12, 1)
    assert record.accessions == (*pubmed.accessions, crossref.accessions[1])
    assert (record.disclosures, record.funding) == ("None.", crossref.funding)
    assert {provenance[name] for name in ("disclosures", "accessions", "other_languages")} == {"PubMed"}
    assert {provenance[name] for name in ("funding", "copyright")} == {"Crossref"}


def test_degrees_join_the_name_of_the_same_author() -> None:
    pubmed = Record("PubMed", authors=(Author("Example", "Ada"), Author("Sample", "B")))
    crossref = Record(
        "Crossref", authors=(Author("Example", "Ada", degrees="MD, PhD"), Author("Sample", "C"))
    )

    authors = merged(pubmed, crossref).authors
    assert [author.degrees for author in authors] == ["MD, PhD", None]
    assert [author.name for author in authors] == ["Ada Example", "B Sample"]
