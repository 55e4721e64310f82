"""What people paste to name an article is understood: identifiers, addresses, citations in any style."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wetread.domain.catalogue import Catalogue
from wetread.domain.citations import Style, cite
from wetread.domain.identifiers import Identifier
from wetread.domain.journal_places import contradicts, is_at
from wetread.domain.models import Author, JournalPlace, PartialDate, Record
from wetread.domain.references import read_reference

CATALOGUE = Catalogue.load()
DOI = "doi:10.5555/jii.2026.0001"


def understood(text: str) -> str | None:
    """Return what a text names: a key, "Journal 2001;21(4):927" with "-" for what is missing, or None."""
    reference = read_reference(text, CATALOGUE)
    match reference.named if reference else None:
        case JournalPlace() as place:
            numbers = f"{place.volume}({place.issue or '-'}):{place.first_page}"
            return f"{place.journal} {place.year or '-'};{numbers}"
        case Identifier() as identifier:
            return str(identifier)
        case _:
            return None


CITATIONS = [
    # As they are typed in a hurry.
    ("Radiographics 2001;21:927", "Radiographics 2001;21(-):927"),
    ("radiographics 2001; 21: 927", "Radiographics 2001;21(-):927"),
    ("RG 2001;21:927", "Radiographics 2001;21(-):927"),
    ("AJR 2003;180(1):121-6", "AJR Am J Roentgenol 2003;180(1):121"),
    ("AJR 2003;180:121", "AJR Am J Roentgenol 2003;180(-):121"),
    ("AJR 180:121", "AJR Am J Roentgenol -;180(-):121"),
    ("AJR 180(1):121", "AJR Am J Roentgenol -;180(1):121"),
    ("AJR 180: 121-126", "AJR Am J Roentgenol -;180(-):121"),
    ("Am J Roentgenol 2003;180:121", "AJR Am J Roentgenol 2003;180(-):121"),
    ("JVIR 2015;26:1", "J Vasc Interv Radiol 2015;26(-):1"),
    ("jvir 26:1", "J Vasc Interv Radiol -;26(-):1"),
    ("CVIR 2003;26:123", "Cardiovasc Intervent Radiol 2003;26(-):123"),
    ("JMRI 2003;18:33", "J Magn Reson Imaging 2003;18(-):33"),
    ("AJNR 2003;24:1", "AJNR Am J Neuroradiol 2003;24(-):1"),
    ("Pain 12:34", "Pain -;12(-):34"),
    ("Spine 2001;26:11", "Spine (Phila Pa 1976) 2001;26(-):11"),
    ("0033-8419 2001;218:11", "0033-8419 2001;218(-):11"),
    ("Insights Imaging 2021 12:45", "Insights Imaging 2021;12(-):45"),
    ("Radiographics, volume 21, page 927", "Radiographics -;21(-):927"),
    ("Radiographics vol 21 p 927", "Radiographics -;21(-):927"),
    ("Radiographics vol. 21, p. 927", "Radiographics -;21(-):927"),
    ("Radiographics, volume 21, issue 4, page 927", "Radiographics -;21(4):927"),
    ("Radiographics, Volume 21, Number 4, July 2001, pages 927-930", "Radiographics 2001;21(4):927"),
    # Vancouver and AMA.
    ("Radiology. 2001 Jan;218(1):11-17", "Radiology 2001;218(1):11"),
    ("Radiology. 2001 Jan;218(1):11-17.", "Radiology 2001;218(1):11"),
    ("Radiology. 2001 Jan-Feb;218(1):11-17.", "Radiology 2001;218(1):11"),
    ("Radiology. 2001;218(1):11–17.", "Radiology 2001;218(1):11"),
    ("Radiology. 2001;218(1):11—17.", "Radiology 2001;218(1):11"),
    ("Radiology. 2001;218(1):pp. 11-17.", "Radiology 2001;218(1):11"),
    ("Radiology. 2001;218(1):p. 11.", "Radiology 2001;218(1):11"),
    ("AJR Am J Roentgenol. 2003 Jan 15;180(1):121–126.", "AJR Am J Roentgenol 2003;180(1):121"),
    ("Spine (Phila Pa 1976). 2001 Jan 15;26(2):123-9", "Spine (Phila Pa 1976) 2001;26(2):123"),
    ("Spine (Phila Pa 1976) 2001;26:123-9", "Spine (Phila Pa 1976) 2001;26(-):123"),
    ("J Vasc Interv Radiol. 2015 Mar;26(3 Suppl 1):S12-S15.", "J Vasc Interv Radiol 2015;26(3 Suppl 1):S12"),
    ("J Vasc Interv Radiol 2015;26 Suppl 1:S12", "J Vasc Interv Radiol 2015;26(Suppl 1):S12"),
    ("J Vasc Interv Radiol 2015;26(Suppl. 1):S12-5", "J Vasc Interv Radiol 2015;26(Suppl. 1):S12"),
    ("J Vasc Interv Radiol 2015;26(3)(Suppl 1):S12", "J Vasc Interv Radiol 2015;26(3 Suppl 1):S12"),
    ("J Vasc Interv Radiol 2015;26: (suppl 1): S12", "J Vasc Interv Radiol 2015;26(suppl 1):S12"),
    ("AJR 2003;180(4 Suppl):S12", "AJR Am J Roentgenol 2003;180(4 Suppl):S12"),
    ("Radiographics. 2002 Oct;22 Spec No:S225-35.", "Radiographics 2002;22(Spec No):S225"),
    ("RadioGraphics 2001; 21(Spec No):S97-S116", "Radiographics 2001;21(Spec No):S97"),
    ("Radiology 1999;210(P):123", "Radiology 1999;210(P):123"),
    ("AJR 2003;180:W121-W126", "AJR Am J Roentgenol 2003;180(-):W121"),
    ("Br J Radiol 2012;85:e123–e130", "Br J Radiol 2012;85(-):e123"),
    ("Radiology 2003;226(1):e12", "Radiology 2003;226(1):e12"),
    ("Radiology. 2024;310(1):e241805.", "Radiology 2024;310(1):e241805"),
    ("Radiol Clin North Am 2001;39:xi", "Radiol Clin North Am 2001;39(-):xi"),
    ("Eur J Radiol 2001 Sep-Oct;23(5):1571-84; quiz 1585", "Eur J Radiol 2001;23(5):1571"),
    ("Radiographics 2001a;21:927", "Radiographics 2001;21(-):927"),
    ("Radiographics. 2001 Summer;21(4):927", "Radiographics 2001;21(4):927"),
    # Other styles.
    ("Radiology 218:11-17, 2001", "Radiology 2001;218(-):11"),
    ("Radiology 218:11 (2001)", "Radiology 2001;218(-):11"),
    ("Radiology 218:11–17; 2001", "Radiology 2001;218(-):11"),
    ("Eur Radiol (2001) 11:927–930", "Eur Radiol 2001;11(-):927"),
    ("Eur Radiol (2001) 11(4):927–930", "Eur Radiol 2001;11(4):927"),
    ("Eur Radiol 11, 927–930 (2001)", "Eur Radiol 2001;11(-):927"),
    ("Eur Radiol 11 (2001) 927–930", "Eur Radiol 2001;11(-):927"),
    ("Radiology, 218(1), 11–17.", "Radiology -;218(1):11"),
    ("Radiology, 218(1), pp.11-17", "Radiology -;218(1):11"),
    ("Radiology. 218 (1): 11–17", "Radiology -;218(1):11"),
    ("Radiology, vol. 218, no. 1, pp. 11-17, Jan. 2001", "Radiology 2001;218(1):11"),
    ("Radiology, vol. 218, no. 1, 2001, pp. 11-17.", "Radiology 2001;218(1):11"),
    ("Radiology 218, no. 1 (2001): 11–17.", "Radiology 2001;218(1):11"),
    ("Radiology 218, no. 1 (January 2001): 11–17.", "Radiology 2001;218(1):11"),
    ("*Radiology* **2001**, *218*, 11–17", "Radiology 2001;218(-):11"),
    ("_Radiology_ 2001;218:11", "Radiology 2001;218(-):11"),
    ("Diagnostics 2021, 11, 456", "Diagnostics 2021;11(-):456"),
    ("IEEE Trans Med Imaging, vol. 20, no. 3, pp. 45-52, 2001", "IEEE Trans Med Imaging 2001;20(3):45"),
    # Full width, as keyboards of East Asia type it.
    ("Ｒadiographics ２００１；２１：９２７", "Radiographics 2001;21(-):927"),
    ("Radiographics\u00a02001;21:927", "Radiographics 2001;21(-):927"),
    # Names of journals, abbreviated in their own ways.
    ("J. Vasc. Interv. Radiol. 2015;26:12", "J Vasc Interv Radiol 2015;26(-):12"),
    ("Eur. Radiol. 2001;11:927", "Eur Radiol 2001;11(-):927"),
    ("Eur. Spine J. 2001;10:12", "Eur Spine J 2001;10(-):12"),
    ("European Radiology 2001;11:927", "Eur Radiol 2001;11(-):927"),
    ("Acad Radiology 2001;8:1", "Acad Radiol 2001;8(-):1"),
    ("The Spine Journal 2001;8:1", "Spine J 2001;8(-):1"),
    ("Journal of Vascular and Interventional Radiology 2015;26:12", "J Vasc Interv Radiol 2015;26(-):12"),
    ("Journal of Vascular & Interventional Radiology 2015;26:12", "J Vasc Interv Radiol 2015;26(-):12"),
    ("Radiología 2015;57:12", "Radiologia 2015;57(-):12"),
    ("Reg Anesth Pain Med 2001;26:12", "Reg Anesth Pain Med 2001;26(-):12"),
    # Journals that the catalogue does not know.
    ("Ann Invent Imaging 2009;40:1595-1600", "Ann Invent Imaging 2009;40(-):1595"),
    ("Ann. Invent. Imaging 2009;40:1595-1600", "Ann. Invent. Imaging 2009;40(-):1595"),
    ("J Invent Imaging 12(3):45", "J Invent Imaging -;12(3):45"),
    # Whole references.
    ("Example A, Sample B. A study of the spine. Radiology 2001;218:11-17.", "Radiology 2001;218(-):11"),
    ("Example A, Sample B. Physical and clinical. Radiology 2001;218:11.", "Radiology 2001;218(-):11"),
    ("Example A. From Physical to Clinical. Radiology 2001;218:11.", "Radiology 2001;218(-):11"),
    ("Example A. Does it work? Spine 2001;26:11", "Spine (Phila Pa 1976) 2001;26(-):11"),
    ("1. Example A. A ratio of 2:1. AJR 2003;180:121.", "AJR Am J Roentgenol 2003;180(-):121"),
    ("[12] Example A. In 2001. AJR 2003;180:121.", "AJR Am J Roentgenol 2003;180(-):121"),
    ("Example, A., & Sample, B. (2001). A study. Radiology, 218(1), 11–17.", "Radiology 2001;218(1):11"),
    (
        "Example, A. (2001). A study. Journal of Invented Imaging, 218, 11–17.",
        "Journal of Invented Imaging 2001;218(-):11",
    ),
    ("Example A (2001) A study. Eur Radiol 11:927–930", "Eur Radiol 2001;11(-):927"),
    ('Example, A. "A study." Radiology, vol. 218, no. 1, 2001, pp. 11-17.', "Radiology 2001;218(1):11"),
    ('A. Example, "A study," Radiology, vol. 218, no. 1, pp. 11-17, 2001.', "Radiology 2001;218(1):11"),
    ("Example A. A study. J. Invent. Imaging. 2001;21:927", "J. Invent. Imaging 2001;21(-):927"),
    ("see Radiology 2001;218:11-17 for details", "Radiology 2001;218(-):11"),
    ("Mol Pain 2021;17:17448069211022952", "Mol Pain 2021;17(-):17448069211022952"),
    (
        "Example, A. (2021). A study. Wiener Invented Wochenschrift (1946), 171(9-10), 195–197.",
        "Wiener Invented Wochenschrift 2021;171(9-10):195",
    ),
    ("AJR 2003 ; 180 (1) : 121 – 6", "AJR Am J Roentgenol 2003;180(1):121"),
    ("A.J.R. 180:121", "AJR Am J Roentgenol -;180(-):121"),
    ("AJR.2003;180:121", "AJR Am J Roentgenol 2003;180(-):121"),
    ("AJR2003;180:121", "AJR Am J Roentgenol 2003;180(-):121"),
    ("AJR 180, 121", "AJR Am J Roentgenol -;180(-):121"),
    ("Radiol. Clin. N. Am. 2001;39:1", "Radiol Clin North Am 2001;39(-):1"),
    ("Radiol Clin N Am 39:1", "Radiol Clin North Am -;39(-):1"),
    ("Radiology January 2001, 218(1), 11-17", "Radiology 2001;218(1):11"),
    ("Radiology, Jan 2001; 218: 11 - 17.", "Radiology 2001;218(-):11"),
    ("Radiology, January 2001, Vol.218: 11-17", "Radiology 2001;218(-):11"),
    ("J Marine Imaging 2001;21:927", "J Marine Imaging 2001;21(-):927"),
    ('"Radiographics 2001;21:927"', "Radiographics 2001;21(-):927"),
    ("[Radiology 2001;218:11-17]", "Radiology 2001;218(-):11"),
    ("have you seen AJR 2003;180:121? It is great", "AJR Am J Roentgenol 2003;180(-):121"),
]

ADDRESSES = [
    ("http://radiographics.rsna.org/content/21/4/927.full", "Radiographics -;21(4):927"),
    ("http://radiographics.rsna.org/content/21/4/927", "Radiographics -;21(4):927"),
    ("radiographics.rsna.org/content/21/4/927.abstract", "Radiographics -;21(4):927"),
    ("<http://radiographics.rsna.org/content/21/4/927.long>", "Radiographics -;21(4):927"),
    ("http://radiographics.rsna.org/content/21/suppl_1/S97.full", "Radiographics -;21(suppl 1):S97"),
    ("http://radiographics.rsna.org/content/21/4/927/F6.expansion.html", "Radiographics -;21(4):927"),
    ("http://radiology.rsnajnls.org/cgi/content/full/218/1/11", "Radiology -;218(1):11"),
    ("http://radiology.rsnajnls.org/cgi/content/abstract/218/1/11?etoc", "Radiology -;218(1):11"),
    ("http://radiology.rsnajnls.org/cgi/reprint/218/1/11.pdf", "Radiology -;218(1):11"),
    ("http://www.ajronline.org/content/180/1/121.full.pdf+html", "AJR Am J Roentgenol -;180(1):121"),
    ("www.ajronline.org/content/180/1/121", "AJR Am J Roentgenol -;180(1):121"),
    ("http://www.ajnr.org/content/24/1/12.full", "AJNR Am J Neuroradiol -;24(1):12"),
    ("http://bjr.birjournals.org/content/85/1015/e123.full", "Br J Radiol -;85(1015):e123"),
    ("https://tech.snmjournals.org/content/jnmt/20/2/62.full.pdf", "J Nucl Med Technol -;20(2):62"),
    ("https://jnis.bmj.com/content/neurintsurg/12/3/245.long", "J Neurointerv Surg -;12(3):245"),
    ("https://rapm.bmj.com/content/45/1/12", "Reg Anesth Pain Med -;45(1):12"),
    ("https://academic.oup.com/painmedicine/article/21/8/588/8215678?rss=1", "Pain Med -;21(8):588"),
    ("https://academic.oup.com/painmedicine/article-abstract/21/8/588/8215678", "Pain Med -;21(8):588"),
    ("https://academic.oup.com/bjr/article/97/1153/1/7512345", "Br J Radiol -;97(1153):1"),
    ("https://academic.oup.com/invented_imaging/article/2/1/3/4", "invented imaging -;2(1):3"),
    ("https://www.mdpi.com/2075-4418/11/3/456/htm", "2075-4418 -;11(3):456"),
    ("http://invented.example.org/content/40/5/1595.full", "invented -;40(5):1595"),
    ("http://pubs.rsna.org/doi/abs/10.5555/jii.2026.0001", DOI),
    ("https://pubs.rsna.org/doi/pdf/10.5555/jii.2026.0001", DOI),
    ("https://linkinghub.elsevier.com/retrieve/pii/S9999999926000123", "pii:S9999999926000123"),
    ("https://www.jvir.org/article/S9999-9999(26)00012-3/fulltext", "pii:S9999999926000123"),
    ("https://www.jacr.org/action/showPdf?pii=S9999-9999%2826%2900012-3", "pii:S9999999926000123"),
    ("https://www.clinicalkey.com/#!/content/playContent/1-s2.0-S9999999926000123", "pii:S9999999926000123"),
    (
        "https://www.sciencedirect.com/science/article/pii/9999999988900123",
        "doi:10.1016/9999-9999(88)90012-3",
    ),
    ("http://www.ncbi.nlm.nih.gov/entrez/query.fcgi?cmd=Retrieve&list_uids=99000001", "pmid:99000001"),
    ("http://www.pubmedcentral.nih.gov/articlerender.fcgi?artid=9900001", "pmcid:PMC9900001"),
    ("https://pubmed.ncbi.nlm.nih.gov/99000001", "pmid:99000001"),
]

NO_REFERENCE = [
    "facet joint injection",
    "ratio 2:1",
    "Corrigendum to “An invented study” [J Invent Imaging 119 (2026) 104188]",
    "pain 2020, 12, 24 weeks",
    "radiology 2, 3",
    "L5-S1 2019, 12 months",
    "type 2 diabetes 2020; 12 weeks",
    "MRI at 1.5 T, 3.0 T 2020",
    "53% of phantoms",
    "1. Example A. A study",
    "p.value/ratio of pain",
    "Dr.example/sample method",
    "T2 at 3:45",
    "gadolinium 1:1000",
    "randomized trial 2:1 allocation",
    "16:9 images of the spine",
    "Radiology 2001",
    "Radiology 2001;218",
    "12 cases of an invented disease",
    "2024 update on the spine",
    "spine 2020-2024",
    "since:2024 journal:AJR 180:121",
    "journal:pain 12:34",
    '"nerve root" -cervical',
    "T1 2015",
    "",
    "https://example.org/",
    "https://journals.example.org/invented/Fulltext/2003/05000/A_title.4.aspx",
    "http://www.ajnr.org/content/early/2014/05/01/ajnr.A1234",
    "https://www.ajronline.org/toc/ajr/180/1",
]


def test_the_tables_are_long_enough() -> None:
    assert len(CITATIONS) + len(ADDRESSES) + len(NO_REFERENCE) + len(WITH_WORDS) >= 160


@pytest.mark.parametrize(("text", "means"), CITATIONS)
def test_a_citation_is_understood_in_any_style(text: str, means: str) -> None:
    assert understood(text) == means


@pytest.mark.parametrize(("text", "means"), ADDRESSES)
def test_an_address_of_today_or_of_long_ago_is_understood(text: str, means: str) -> None:
    assert understood(text) == means


@pytest.mark.parametrize("text", NO_REFERENCE)
def test_what_names_no_article_is_not_taken_for_one(text: str) -> None:
    assert understood(text) is None


WITH_WORDS = [
    ("https://doi.org/10.5555/jii.2026.0001 nice paper on facet joints", DOI, "nice paper on facet joints"),
    ("https://doi.org/10.5555/jii.2026.0001\nnice\npaper", DOI, "nice\npaper"),
    ("nice paper: https://doi.org/10.5555/jii.2026.0001", DOI, "nice paper"),
    ("[the paper](https://doi.org/10.5555/jii.2026.0001) is nice", DOI, "is nice"),
    ("<https://doi.org/10.5555/jii.2026.0001> nice", DOI, "nice"),
    ("10.5555/jii.2026.0001 nice", DOI, "nice"),
    ("https://doi.org/10.5555/jii.2026.0001 – nice", DOI, "nice"),
    ("https://doi.org/10.5555/jii.2026.0001. Nice!", DOI, "Nice!"),
    ("https://doi.org/10.5555/jii.2026.0001 **very** nice", DOI, "**very** nice"),
    ("||https://doi.org/10.5555/jii.2026.0001|| nice", DOI, "nice"),
    ("> https://doi.org/10.5555/jii.2026.0001 nice", DOI, "nice"),
    ("(https://doi.org/10.5555/jii.2026.0001) nice", DOI, "nice"),
    ("doi: 10.5555/jii.2026.0001 nice", DOI, "nice"),
    ("PMID 99000001 nice", "pmid:99000001", "nice"),
    ("PMID : 99000001 nice", "pmid:99000001", "nice"),
    ("99000001 nice paper", "pmid:99000001", "nice paper"),
    ("PMC9900001 nice", "pmcid:PMC9900001", "nice"),
    ("arXiv:2608.19967v1 nice", "arxiv:2608.19967", "nice"),
    ("S9999-9999(26)00012-3 nice", "pii:S9999999926000123", "nice"),
    ("https://pubmed.ncbi.nlm.nih.gov/99000001 nice", "pmid:99000001", "nice"),
    ("https://pmc.ncbi.nlm.nih.gov/articles/PMC9900001 nice", "pmcid:PMC9900001", "nice"),
    (
        "https://www.sciencedirect.com/science/article/pii/S9999999926000123 nice",
        "pii:S9999999926000123",
        "nice",
    ),
    ("http://radiographics.rsna.org/content/21/4/927.full nice", "Radiographics -;21(4):927", "nice"),
    ("see http://radiographics.rsna.org/content/21/4/927.full", "Radiographics -;21(4):927", "see"),
    ("Radiographics 2001;21:927 nice paper", "Radiographics 2001;21(-):927", "nice paper"),
    (
        "AJR 2003;180(1):121-6\nwhat do you think?",
        "AJR Am J Roentgenol 2003;180(1):121",
        "what do you think?",
    ),
    ("Radiology. 2001 Jan;218(1):11-17. Epub 2001 Jan 3.", "Radiology 2001;218(1):11", ""),
    ("Radiology 2001;218:11-17 [Crossref] [Medline]", "Radiology 2001;218(-):11", ""),
    ("Example A. A study. Radiology 2001;218:11. doi: 10.5555/jii.2026.0001. PMID: 99000001.", DOI, ""),
    ("Example A. A study. Radiology 2001;218:11. doi: 10.5555/jii.2026.0001. Nice.", DOI, "Nice."),
    ("Example, A. (2026). A study. J Invent. https://doi.org/10.5555/jii.2026.0001 nice", DOI, "nice"),
    ("A study of facets. doi:10.5555/jii.2026.0001", DOI, ""),
    ("facet 10.5555/jii.2026.0001", DOI, "facet"),
    ("https://example.org/ nice", None, "nice"),
]


@pytest.mark.parametrize(("text", "means", "rest"), WITH_WORDS)
def test_words_beside_a_reference_are_not_part_of_it(text: str, means: str | None, rest: str) -> None:
    reference = read_reference(text, CATALOGUE)

    assert understood(text) == means
    assert reference is not None
    assert reference.rest == rest


@pytest.mark.parametrize("style", [Style.AMA, Style.VANCOUVER, Style.APA])
@pytest.mark.parametrize("journal", ["Journal of Invented Imaging", "Radiology", "Spine"])
def test_what_wetread_cites_it_understands(style: Style, journal: str) -> None:
    record = Record(
        "PubMed",
        title="An invented study: of 2:1 allocation, in 2019?",
        authors=(Author("van der Example", "Ada B"), Author("Sample", "Ben")),
        journal=journal,
        volume="21",
        issue="4",
        pages="927–930",
        issue_on=PartialDate(2001, 7),
    )

    reference = read_reference(cite(record, style), CATALOGUE)

    assert reference is not None
    assert isinstance(reference.named, JournalPlace)
    assert is_at(reference.named, record, CATALOGUE)
    assert not contradicts(reference.named, record)


@given(st.text() | st.from_regex(r"[A-Z][a-z. ]{1,30}[ 0-9;:(),.-]{1,40}", fullmatch=True))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    read_reference(text, CATALOGUE)


@pytest.mark.parametrize(
    "text",
    [
        *(
            piece * (4_000 // len(piece))
            for piece in (
                "2001;",
                "1(1)",
                "A. ",
                "A.A.",
                "Radiology. ",
                "(",
                "x",
                "a, ",
                "2001 Jan-Feb 1 ",
                "10.5555/",
            )
        ),
        f"A. {'A' * 1_400}/ 2001;21:927",
        f"{'A ' * 700} 2001;21:927",
        "http://example.org/content/1/1/1 " * 120,
    ],
)
def test_a_hostile_text_is_read_in_no_time(text: str) -> None:
    began = time.process_time()
    read_reference(text, CATALOGUE)
    assert time.process_time() - began < 0.5
