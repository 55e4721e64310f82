"""Invented articles, for tests of what people see and for the pictures in docs/."""

from dataclasses import replace
from datetime import UTC, date, datetime

from wetread.domain.models import (
    Article,
    Author,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    Section,
    SourceStamp,
)

TODAY = date(2026, 1, 15)
SEEN_AT = datetime(2026, 1, 15, 8, 12, tzinfo=UTC)

SAMPLETOWN = "University of Sampletown, Department of Radiology"
EXAMPLEVILLE = "Example Institute of Imaging, Exampleville"
GENERAL = "Invented General Hospital, Pain Clinic"


def article(article_id: int, record: Record, **changes: object) -> Article:
    """Return an article whose fields all come from the source of its record."""
    values: dict[str, object] = {
        "id": article_id,
        "record": record,
        "provenance": {"abstract": record.source, "relations": record.source, "types": record.source},
        "sources": (SourceStamp(record.source, SEEN_AT),),
        "first_seen_at": SEEN_AT,
    }
    return Article(**(values | changes))  # type: ignore[arg-type]  # the tests name real fields


TRIAL = article(
    1,
    Record(
        source="PubMed",
        title="Example-guided versus Sham Epidural Injection for Lumbar Radicular Pain: "
        "A Randomized, Double-Blind Trial",
        authors=(
            Author("Example", "Alex", suffix=None, affiliations=(SAMPLETOWN,)),
            Author("Sample", "Bo", affiliations=(SAMPLETOWN,)),
            Author("Invented", "Chris", affiliations=(EXAMPLEVILLE,)),
            Author("Mock", "Dana", affiliations=(SAMPLETOWN,)),
            Author("Placeholder", "Eli", affiliations=(EXAMPLEVILLE,)),
            Author("Fictus", "Fay", affiliations=(EXAMPLEVILLE,)),
            Author("Dummy", "Gus", affiliations=(GENERAL,)),
            Author("Sample", "Hal", affiliations=(GENERAL,)),
            Author("Specimen", "Zoe", affiliations=(GENERAL,)),
        ),
        abstract=(
            Section(
                "Epidural injection is widely offered for lumbar radicular pain, but its effect "
                "beyond the first weeks is uncertain.",
                "Background",
            ),
            Section(
                "To compare example-guided epidural injection with a sham procedure for leg pain "
                "at 12 weeks.",
                "Purpose",
            ),
            Section(
                "In this invented double-blind trial (Sampletown, March 2023 to May 2025), adults "
                "with radicular pain for 6 weeks or more were randomly assigned 1:1 to example-guided"
                " injection or sham. The primary outcome was the change in leg pain (0–10 scale) at "
                "12 weeks; the secondary outcome was disability. Groups were compared with mixed "
                "models.",
                "MATERIALS AND METHODS",
            ),
            Section(
                "Of 212 participants (mean age, 51 years ± 12 [SD]; 109 women), 198 completed "
                "follow-up. Leg pain fell by 3.1 points after injection and by 1.9 points after sham "
                "(difference, 1.2; 95% CI: 0.6, 1.8; P < .001). Disability did not differ (P = .34). "
                "No serious adverse event occurred.",
                "Results",
            ),
            Section(
                "At 12 weeks, example-guided epidural injection reduced leg pain more than a sham "
                "injection did; disability did not differ.",
                "Conclusion",
            ),
        ),
        doi="10.5555/jer.2026.0101",
        pmid="99000001",
        journal="Journal of Example Radiology",
        journal_abbreviation="J Example Radiol",
        volume="318",
        issue="1",
        pages="101-110",
        issue_on=PartialDate(2026, 1, 14),
        types=("Journal Article", "Randomized Controlled Trial"),
        free_url="https://free.example/jer.2026.0101",
        copyright="© 2026 Example Radiology Society",
    ),
)

_COUNTING = Record(
    source="Crossref",
    title="Photon-counting CT of the Invented Facet Joint: Interreader Agreement for Early Effusion",
    authors=(
        Author("Mock", "D", affiliations=("Example Institute of Imaging",)),
        Author("Placeholder", "E"),
        Author("Sample", "F"),
        Author("Fictus", "G"),
        Author("Dummy", "J"),
        Author("Dummy", "K", affiliations=("University of Sampletown",)),
    ),
    doi="10.5555/esi.2026.0042",
    journal="Example Spine Imaging",
    online_on=PartialDate(2026, 1, 15),
)
PENDING = article(2, _COUNTING, next_enrichment_at=datetime(2026, 1, 15, 18, 0, tzinfo=UTC))
COMPLETED = article(
    2,
    replace(
        _COUNTING,
        pmid="99000002",
        types=("Observational Study",),
        abstract=(
            Section("Early facet effusion is hard to see at conventional CT.", "BACKGROUND"),
            Section(
                "To measure interreader agreement for early facet effusion at photon-counting CT.", "PURPOSE"
            ),
            Section(
                "Three invented readers scored 88 retrospective examinations twice.", "MATERIALS AND METHODS"
            ),
            Section(
                "Agreement was 0.81 (95% CI: 0.74, 0.87) at photon-counting CT and 0.62 at conventional CT.",
                "RESULTS",
            ),
            Section(
                "Readers agreed well on early facet effusion at photon-counting CT, and better than "
                "at conventional CT.",
                "CONCLUSION",
            ),
        ),
        copyright="© 2026 The Authors",
    ),
    abstract_added_at=datetime(2026, 1, 15, 17, 10, tzinfo=UTC),
)

LETTER = article(
    3,
    Record(
        source="PubMed",
        title="Facet Joint or Artefact? A Reply to Placeholder et al",
        authors=(Author("Mock", "D"),),
        doi="10.5555/esi.2026.0049",
        pmid="99000009",
        journal="Example Spine Imaging",
        online_on=PartialDate(2026, 1, 16),
        types=("Letter",),
        free_url="https://free.example/esi.2026.0049",
    ),
)

RETRACTED = article(
    4,
    Record(
        source="PubMed",
        title="Example Ratio at MRI Predicts Invented Tendon Tears",
        authors=tuple(
            Author(*name)
            for name in (("Fictus", "G"), ("Sample", "H"), ("Mock", "I"), ("A", "B"), ("C", "D"))
        ),
        abstract=(
            Section("We measured an example ratio.", "METHODS"),
            Section("The example ratio at MRI predicted tendon tears.", "Conclusion"),
        ),
        doi="10.5555/jer.2024.0311",
        pmid="99000003",
        journal="Journal of Example Radiology",
        volume="311",
        issue="2",
        pages="201–209",
        issue_on=PartialDate(2024, 2, 3),
        types=("Observational Study", "Retracted Publication"),
        relations=(
            Relation(
                RelationKind.RETRACTED_BY,
                doi="10.5555/jer.2026.0007",
                on=PartialDate(2026, 1, 12),
                reported_by="publisher",
            ),
        ),
    ),
)

CONCERN = article(
    5,
    Record(
        source="PubMed",
        title="Invented Contrast Dose and Example Renal Outcome",
        authors=tuple(
            Author(family, family[0]) for family in ("Sample", "Mock", "Example", "A", "B", "C", "D")
        ),
        abstract=(
            Section("We counted.", "METHODS"),
            Section("Dose was not associated with renal outcome.", "Conclusion"),
        ),
        doi="10.5555/jer.2025.0220",
        pmid="99000005",
        journal="Journal of Example Radiology",
        volume="315",
        issue="2",
        pages="220–228",
        issue_on=PartialDate(2025, 5, 6),
        types=("Observational Study",),
        relations=(
            Relation(
                RelationKind.CONCERN_IN,
                pmid="99000006",
                on=PartialDate(2026, 1, 9),
                reported_by="PubMed",
            ),
        ),
    ),
)

CORRECTED = article(
    6,
    Record(
        source="Crossref",
        title="Sample Score for Incidental Nodules",
        authors=tuple(
            Author(*name)
            for name in (("Fictus", "G"), ("Sample", "H"), ("Mock", "I"), ("A", "B"), ("C", "D"))
        ),
        abstract=(
            Section("We scored.", "METHODS"),
            Section("The sample score sorted nodules well.", "Conclusion"),
        ),
        doi="10.5555/jer.2025.0417",
        pmid="99000011",
        journal="Journal of Example Radiology",
        volume="317",
        issue="1",
        pages="41–50",
        issue_on=PartialDate(2025, 10, 7),
        types=("Observational Study",),
        relations=(
            Relation(RelationKind.CORRECTED_BY, doi="10.5555/jer.2026.0003", on=PartialDate(2026, 1, 8)),
        ),
    ),
)

NOTICE = article(
    7,
    Record(
        source="Crossref",
        title="Retraction: Example Ratio at MRI Predicts Invented Tendon Tears",
        abstract=(
            Section(
                "At the request of the authors, the article is retracted because of an error in the data for "
                "the example ratio."
            ),
        ),
        doi="10.5555/jer.2026.0007",
        pmid="99000007",
        journal="Journal of Example Radiology",
        volume="318",
        issue="1",
        pages="e7",
        issue_on=PartialDate(2026, 1, 12),
        types=("Retraction of Publication",),
        relations=(Relation(RelationKind.RETRACTS, doi="10.5555/jer.2024.0311"),),
    ),
)

CLASSIC = article(
    8,
    Record(
        source="PubMed",
        title="Contrast Flow Patterns in 1,000 Invented Epidurograms",
        authors=(
            Author("Elder", "T", affiliations=("Sampletown Hospital",)),
            Author("Sample", "U", affiliations=("Sampletown Hospital",)),
        ),
        abstract=(
            Section(
                "To describe the patterns that contrast material makes in the epidural space.", "Purpose"
            ),
            Section("Two invented observers sorted 1,000 epidurograms by eye.", "Methods"),
            Section("Five patterns were found. Two were seen only with intravascular placement.", "Results"),
            Section(
                "Five contrast flow patterns account for nearly all epidurograms, and two of them "
                "warn of intravascular placement.",
                "Conclusion",
            ),
        ),
        doi="10.5555/esi.1998.0033",
        pmid="99000004",
        journal="Example Spine Imaging",
        volume="12",
        issue="4",
        pages="33–41",
        issue_on=PartialDate(1998, 4),
        copyright="© 1998 Example Spine Society",
    ),
)
