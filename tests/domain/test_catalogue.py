"""The list of journals is sound, and finds each by whatever people call it."""

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.catalogue import Catalogue, names_of
from wetread.domain.errors import ConfigError, UnknownJournalError
from wetread.domain.models import Journal, Record, Subject
from wetread.domain.names import name_key

CATALOGUE = Catalogue.load()

EXTRA = """
[[journal]]
key = "jii"
title = "Journal of Invented Imaging"
abbreviation = "J Invent Imaging"
issns = ["1234-5679"]
nlm_id = "99000001R"
subject = "Neuro"
subspecialties = ["neuro", "invented"]
aliases = ["JII"]
"""


def check_digit(issn: str) -> str:
    """ISO 3297: weights 8 … 2, modulo 11."""
    remainder = sum(
        int(digit) * weight for digit, weight in zip(issn[:4] + issn[5:8], range(8, 1, -1), strict=True)
    )
    return "0123456789X"[-remainder % 11]


@pytest.mark.parametrize("issn", [issn for journal in CATALOGUE.journals for issn in journal.issns])
def test_every_issn_has_its_check_digit(issn: str) -> None:
    assert issn[4] == "-"
    assert issn[8:] == check_digit(issn)


def test_no_name_means_two_journals() -> None:
    meant = Counter(
        key for journal in CATALOGUE.journals for key in {name_key(name) for name in names_of(journal)}
    )
    assert [name for name, count in meant.items() if count > 1] == []


def test_the_list_covers_radiology_and_pain() -> None:
    assert len(CATALOGUE.journals) >= 80
    for key in (
        "radiology",
        "ajr",
        "jvir",
        "ajnr",
        "jnis",
        "pain-physician",
        "rapm",
        "spine",
        "skeletal-radiol",
    ):
        assert CATALOGUE.get(key)
    assert {"interventional", "pain", "spine", "neuro", "musculoskeletal", "breast", "paediatric"} <= set(
        CATALOGUE.subspecialties
    )
    assert all(journal.subspecialties for journal in CATALOGUE.journals)


def test_feeds_are_web_addresses_and_pubmed_is_the_usual_one() -> None:
    for journal in CATALOGUE.journals:
        for url in filter(None, (journal.feed_url, journal.publisher_feed_url)):
            assert urlsplit(url).scheme in {"http", "https"}
            assert urlsplit(url).hostname
        if journal.nlm_id:
            assert journal.feed_url
            assert journal.feed_url.startswith("https://pubmed.ncbi.nlm.nih.gov/rss/journals/")
        else:
            assert journal.feed_url == journal.publisher_feed_url


def test_the_address_of_a_pubmed_feed_names_the_journal() -> None:
    assert CATALOGUE.find("Spine").feed_url == (
        "https://pubmed.ncbi.nlm.nih.gov/rss/journals/7610646/"
        "?limit=50&name=Spine%20%28Phila%20Pa%201976%29&utm_campaign=journals"
    )


@pytest.mark.parametrize(
    "name",
    [
        "AJR",
        "ajr",
        "AJR Am J Roentgenol",
        "AJR Am. J. Roentgenol.",
        "0361-803X",
        "0361803x",
        "7708173",
        "American Journal of Roentgenology",
        "the american journal of roentgenology",
        "AJR. American journal of roentgenology",
    ],
)
def test_a_journal_is_found_by_any_of_its_names(name: str) -> None:
    assert CATALOGUE.find(name).key == "ajr"


@pytest.mark.parametrize(
    ("alias", "key"),
    [
        ("JVIR", "jvir"),
        ("CVIR", "cvir"),
        ("JNIS", "jnis"),
        ("RAPM", "rapm"),
        ("AJNR", "ajnr"),
        ("JACR", "jacr"),
        ("Regional Anesthesia and Pain Medicine", "rapm"),
        ("Pain", "pain"),
        ("Paediatric Radiology", "pediatr-radiol"),
    ],
)
def test_what_people_call_a_journal_is_known(alias: str, key: str) -> None:
    assert CATALOGUE.find(alias).key == key


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Radiolgy", "Radiology"),
        ("skeletal", "Skeletal Radiology"),
        ("neurointerventional", "Journal of NeuroInterventional Surgery"),
        ("Pain Phisician", "Pain Physician"),
        ("vasc interv", "Journal of Vascular and Interventional Radiology"),
    ],
)
def test_an_unknown_name_offers_the_nearest(typed: str, title: str) -> None:
    with pytest.raises(UnknownJournalError) as caught:
        CATALOGUE.find(typed)
    assert title in caught.value.near
    assert len(caught.value.near) <= 5


def test_autocomplete_puts_the_likeliest_first() -> None:
    assert CATALOGUE.matching("radiology")[0].key == "radiology"
    assert CATALOGUE.matching("jv")[0].key == "jvir"
    assert "skeletal-radiol" in [journal.key for journal in CATALOGUE.matching("skel rad")]
    assert len(CATALOGUE.matching("")) == 25
    assert CATALOGUE.matching("zzzz") == ()


@given(st.text(max_size=30))
def test_any_text_may_be_asked_for(text: str) -> None:
    assert len(CATALOGUE.matching(text)) <= 25
    assert len(CATALOGUE.near(text)) <= 5
    if CATALOGUE.named(text) is None:
        with pytest.raises(UnknownJournalError):
            CATALOGUE.find(text)


@pytest.mark.parametrize(
    ("name", "key"), [("neuro", "jnis"), ("MSK", "skeletal-radiol"), ("Pediatric", "pediatr-radiol")]
)
def test_a_subspecialty_is_a_bundle(name: str, key: str) -> None:
    bundle = CATALOGUE.bundle(name)
    assert key in [journal.key for journal in bundle]
    assert len(bundle) < len(CATALOGUE.journals)


def test_an_unknown_subspecialty_is_an_empty_bundle() -> None:
    assert CATALOGUE.bundle("astrology") == ()


@pytest.mark.parametrize(
    "record",
    [
        Record("feed", journal="Journal of vascular and interventional radiology : JVIR"),
        Record("feed", journal_abbreviation="J Vasc Interv Radiol"),
        Record("feed", journal="JVIR (an unknown spelling)", issns=("9999-9994", "1535-7732")),
        Record("feed", journal="Anything", nlm_id="9203369"),
    ],
)
def test_a_record_leads_to_its_journal(record: Record) -> None:
    journal = CATALOGUE.journal_of(record)
    assert journal
    assert journal.key == "jvir"
    assert CATALOGUE.subject_of(record) is Subject.INTERVENTIONAL


def test_a_subtitle_is_not_mistaken_for_another_journal() -> None:
    journal = CATALOGUE.journal_of(Record("PubMed", journal="Radiology. Imaging cancer"))
    assert journal
    assert journal.key == "radiol-imaging-cancer"
    assert CATALOGUE.journal_of(Record("PubMed", journal="Radiology. Invented imaging")) is None
    assert CATALOGUE.subject_of(Record("PubMed")) is Subject.GENERAL


def test_an_operator_may_add_journals(tmp_path: Path) -> None:
    file = tmp_path / "journals.toml"
    file.write_text(EXTRA, encoding="utf-8")
    catalogue = Catalogue.load(file)
    assert catalogue.find("J. Invent. Imaging").key == "jii"
    assert [journal.key for journal in catalogue.bundle("invented")] == ["jii"]
    assert len(catalogue.journals) == len(CATALOGUE.journals) + 1
    assert catalogue.journals[-1].subject is Subject.NEURO


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[journal]]",
        "journal = 1",
        "not toml",
        EXTRA + EXTRA,
        EXTRA.replace("Neuro", "Astrology"),
        EXTRA.replace('"jii"', '"radiology"'),
        EXTRA.replace('"J Invent Imaging"', "3"),
    ],
)
def test_a_list_with_a_fault_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "journals.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        Catalogue.load(file)
    assert caught.value.faults[0].place == str(file)


def test_a_subject_of_the_same_name_comes_before_a_journal_but_not_by_its_other_names() -> None:
    assert CATALOGUE.meant("Spine") == CATALOGUE.bundle("spine")
    assert CATALOGUE.meant("neuroradiology") == CATALOGUE.find("neuroradiology")
    assert CATALOGUE.meant("msk") == CATALOGUE.bundle("musculoskeletal")
    assert CATALOGUE.meant("poultry") == ()


@pytest.mark.parametrize("journal", CATALOGUE.journals, ids=lambda journal: journal.key)
def test_every_journal_can_be_typed_so_that_it_is_meant(journal: Journal) -> None:
    assert CATALOGUE.meant(CATALOGUE.typed(journal)) == journal


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://pubs.rsna.org/action/showFeed?type=etoc&feed=rss&jc=radiographics", "radiographics"),
        ("https://pubs.rsna.org/journal/radiographics", "radiographics"),
        ("https://pubs.rsna.org/toc/radiology/current", "radiology"),
        ("https://pubs.rsna.org/", None),  # several are there
        ("http://jvir.org/article/S1051-0443(26)00001-1/fulltext", "jvir"),
        ("https://rss.sciencedirect.com/publication/science/07200048X", None),
        ("https://www.sciencedirect.com/science/journal/0720048X", "ejr"),
        ("https://onlinelibrary.wiley.com/journal/15222586", "jmri"),
        ("https://link.springer.com/journal/330", "eur-radiol"),
        ("https://journals.lww.com/pain/pages/default.aspx", "pain"),
        ("https://elsewhere.example.org/", None),
        ("nonsense", None),
        ("https://[", None),
    ],
)
def test_a_journal_is_known_by_its_addresses(address: str, key: str | None) -> None:
    found = Catalogue.load().at_address(address)

    assert (found and found.key) == key


def test_what_takes_a_feeds_place_is_found_again_as_it_is_typed() -> None:
    catalogue = Catalogue.load()
    for journal in catalogue.journals:
        for url in filter(None, (journal.feed_url, journal.publisher_feed_url)):
            substitute = catalogue.substitute(url)
            if substitute is None:
                assert not journal.issns
            elif substitute.startswith("issn:"):
                assert catalogue.named(substitute.removeprefix("issn:")) == journal
            else:
                assert catalogue.meant(substitute) == journal
