"""What is no article of its own: an issue's front matter, and the correction of another article."""

import pytest

from wetread.domain.front_matter import Aside, aside_of, is_erratum, is_front_matter
from wetread.domain.models import Record, Section

JOURNAL = "Journal of Invented Imaging"

FRONT_MATTER = (
    "Editorial Board",
    "EDITORIAL BOARD",
    "Editorial Board Members",
    "Editorial Board/Copyright",
    "Editorial Board (part 2)",
    "Editorial Board, continued",
    "Editorial Board Page",
    "Editors and Editorial Board",
    "Board of Editors",
    "International Advisory Board",
    "Aims & Scope/Editorial Board",
    "Aims and Scope, Journal of Invented Imaging",
    "Editorial Board: Journal of Invented Imaging",
    "Reviewer Acknowledgment",
    "Reviewer Acknowledgement 2025",
    "Acknowledgment of Reviewers",
    "Acknowledgements to our Reviewers, January–December 2025",
    "Thank you to our reviewers",
    "Thanks to the Reviewers of the Journal of Invented Imaging",
    "In Appreciation of Our Reviewers",
    "List of reviewers for 2025",
    "2025 Reviewers",
    "Subscription Information",
    "Subscription Information & Copyright",
    "Publication Information",
    "Copyright Page",
    "Masthead",
    "Masthead/Table of Contents",
    "Table of Contents, Volume 12, Issue 3",
    "January 2026 Table of Contents",
    "Contents",
    "Volume Contents",
    "Issue Information",
    "Issue Information ‐ Editorial Board",
    "Issue Information – TOC",
    "Front Cover",
    "Cover 2",
    "Cover Image, Volume 45, Number 3, March 2026",
    "Inside front cover - EDITORIAL BOARD",
    "Outside Back Cover",
    "Front Cover: Invented contrast in invented vessels (J. Invent. 3/2026)",
    "Cover Picture: Invented coils at dusk",
    "[Instructions for authors]",
    "Information for Authors and Readers",
    "Guide for Authors",
    "Author Guidelines",
    "In This Issue",
    "Calendar of Events, May–June 2026",
    "Upcoming Meetings",
    "Call for Papers",
    "Author Index to Volume 12",
    "Subject Index",
    "Advertisers’ Index",
    "Classified Advertising",
    "Full Title Page",
    "Society Information",
    "Front Matter",
)
ARTICLES = (
    "Editorial board diversity in invented journals: a survey",
    "Editorial boards and the women who sit on them",
    "Aims and scope of practice of the imaging technologist",
    "Reviewer acknowledgment of conflicts of interest in imaging journals",
    "Acknowledgment of incidental findings by referring physicians",
    "Reviewers disagree: kappa for invented manuscripts",
    "Thank you to our reviewers, or why nobody reviews",
    "List of reviewers’ biases in imaging trials",
    "Subscription imaging: whole-body MRI for everybody?",
    "Subscription information systems for image archives",
    "Copyright in images made by machines",
    "Contents of the invented cyst at MRI",
    "Contents of the carotid sheath",
    "Table of contents images and their readers",
    "Index lesion volume predicts invented outcome",
    "Index finger tendons at ultrasound",
    "Subject index finger injuries",
    "Author indexes in imaging journals, counted",
    "Cover glass artefacts at optical imaging",
    "Cover letters of applicants to residency",
    "Front cover or back cover: which side do readers open first?",
    "Back matter of the spine: ligaments at MRI",
    "Front matters: anterior approaches to the spine",
    "White matter and front matter",
    "Issue information needs of patients before CT",
    "Publication information bias in imaging trials",
    "Information for patients before contrast-enhanced CT",
    "Instructions for authors in radiology journals: a review",
    "Guidelines for authors of structured reports",
    "Announcement of findings to patients: a trial",
    "Advertising whole-body scans on the web",
    "Calendar age against bone age at the wrist",
    "Calendar of bone growth at the invented wrist",
    "Meetings of tumour boards by video",
    "Upcoming contrast agents",
    "Call for a registry of invented implants",
    "Society information campaigns and breast screening",
    "In this issue of pain we find relief",
    "Title page to last page: reading scans in order",
    "Board certification of editors",
    "Volume 12 of the lumbar plexus atlas",
    "Masthead fractures of the invented ship’s crew",
    "Letter to the editor: on the colour of grey",
    "Retraction: the invented ratio",
    "Reply",
    "January 2026",
    "12",
    "",
)
ERRATA = (
    "Erratum",
    "Errata",
    "ERRATUM.",
    "Erratum for: Invented contrast in vessels",
    "Erratum for “Invented contrast in vessels”",
    "Erratum to: Invented contrast in vessels",
    "Erratum to invented contrast in vessels",
    "Erratum in the article “Invented coils”",
    "Corrigendum to “Invented spines” [Eur. J. Invent. 9 (2026) 11]",
    "Corrigendum: Invented contrast in vessels",
    "Correction: Invented contrast in vessels",
    "Correction to: Invented contrast in vessels",
    "Correction to “Invented contrast in vessels”",
    "Correction",
    "Corrections",
    "Author Correction: Invented contrast in vessels",
    "Publisher Correction: Invented contrast in vessels",
    "Publisher’s Erratum: Invented contrast in vessels",
    "Addendum to: Invented contrast in vessels",
    "Invented contrast in vessels: Erratum",
    "Invented contrast in vessels: Corrigendum.",
)
NO_ERRATA = (
    "Correction of scoliosis by invented rods",
    "Correction to sagittal balance after fusion",
    "Corrections for motion in cardiac CT",
    "Errata in radiology reports: how many, and why?",
    "Attenuation correction: a primer",
    "Addendum rates of radiology reports",
    "Author corrections to proofs, counted",
    "An erratum that nobody read",
    "Retraction: the invented ratio",
    "",
)


@pytest.mark.row("E05")
@pytest.mark.parametrize("title", FRONT_MATTER)
def test_pages_of_an_issue_that_are_no_articles_are_recognised_by_their_titles(title: str) -> None:
    assert is_front_matter(title, JOURNAL)


@pytest.mark.row("E05")
@pytest.mark.parametrize("title", ARTICLES)
def test_an_article_is_not_taken_for_a_page_of_its_issue(title: str) -> None:
    assert not is_front_matter(title, JOURNAL)


@pytest.mark.parametrize("title", ERRATA)
def test_the_correction_of_another_article_is_recognised_by_its_title(title: str) -> None:
    assert is_erratum(title)


@pytest.mark.parametrize("title", NO_ERRATA)
def test_an_article_about_corrections_is_no_correction(title: str) -> None:
    assert not is_erratum(title)


@pytest.mark.parametrize(
    ("record", "aside"),
    [
        (Record("feed", title="Editorial Board"), Aside.FRONT_MATTER),
        (Record("feed", title="Thanks to Radiology’s Reviewers", journal="Radiology"), Aside.FRONT_MATTER),
        (Record("feed", title="Reviewers, J Invent", journal_abbreviation="J Invent"), Aside.FRONT_MATTER),
        (Record("feed", title="Acknowledgments", abstract=(Section("A whole text."),)), None),
        (Record("feed", title="Correction: invented coils"), Aside.ERRATUM),
        (Record("PubMed", title="Invented coils.", types=("Published Erratum",)), Aside.ERRATUM),
        (Record("PubMed", title="Invented coils.", types=("Review",)), None),
    ],
)
def test_a_record_stands_aside_for_its_title_or_its_type(record: Record, aside: Aside | None) -> None:
    assert aside_of(record) is aside
