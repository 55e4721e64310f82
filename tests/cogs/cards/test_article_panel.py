"""Everything that is known of an article: said in words, whole items only, within a panel whatever it is."""

from dataclasses import replace
from datetime import UTC, datetime

import discord

from cogs.cards.article_panel import article_panel
from cogs.kit.limits import LAYOUT_TEXT, check_layout
from tests.cogs.community import open_community
from tests.cogs.test_panels import strangers
from tests.support.invented import CLASSIC, CONCERN, NOTICE, RETRACTED, TRIAL
from wetread.domain.models import (
    Accession,
    Article,
    Author,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    SourceStamp,
    Subject,
)
from wetread.domain.text import utf16_length

WHOLE = Record(
    source="merged",
    title="Invented whole record",
    authors=(
        Author("Example", "Ada", affiliations=("University of Nowhere",), orcid="0000-0002-1825-0097"),
        Author("Sample", "Ben", affiliations=("University of Nowhere", "Institute of Else")),
    ),
    doi="10.5555/whole.1",
    pmid="99000042",
    pmcid="PMC99042",
    pii="S9999000126000012",
    arxiv="2601.00042",
    journal="Journal of Invented Imaging",
    issns=("9999-0001", "9999-001X"),
    volume="12",
    issue="3",
    pages="11-18",
    received_on=PartialDate(2025, 3, 1),
    revised_on=PartialDate(2025, 8, 14),
    accepted_on=PartialDate(2025, 9, 30),
    online_on=PartialDate(2026, 1, 2),
    issue_on=PartialDate(2026, 3),
    types=("Randomized Controlled Trial", "Multicenter Study"),
    mesh=("Phantoms, Imaging", "Humans"),
    free_url="https://free.example/whole.pdf",
    licence="https://creativecommons.org/licenses/by/4.0/",
    copyright="© 2026 Society of Invented Imaging",
    correspondence="Ada Example, ada@invented.example",
    language="eng",
    other_languages=("spa",),
    presented_at="Presented at the 12th Annual Meeting of the Society of Invented Imaging.",
    accessions=(
        Accession("ClinicalTrials.gov", "NCT00000001"),
        Accession("ISRCTN", "not a number"),
        Accession("GEO", "GSE1"),
    ),
    funding=("Invented Fund: A-1, A-2", "Society of *Imaging*"),
    disclosures="A.E. is a consultant of Invented Devices. B.S. has nothing to disclose.",
    relations=(
        Relation(RelationKind.HAS_PREPRINT, doi="10.5555/preprint.1", reported_by="Crossref"),
        Relation(RelationKind.COMMENT_IN, pmid="99000043", text="J Invent Imaging. 2026;12:19"),
        Relation(RelationKind.SUMMARY_FOR_PATIENTS_IN, pmid="99000044", text="Invented Patients. 2026;1:2"),
    ),
)


IDENTIFIERS = (
    "**Identifiers** DOI [10.5555/whole.1](https://doi.org/10.5555/whole.1)"
    " · PMID [99000042](https://pubmed.ncbi.nlm.nih.gov/99000042/)"
    " · [PMC99042](https://pmc.ncbi.nlm.nih.gov/articles/PMC99042/)"
    " · arXiv [2601.00042](https://arxiv.org/abs/2601.00042)"
    " · PII S9999000126000012 · ISSN 9999-0001, 9999-001X"
)
DATES = (
    "**Dates** received 1 Mar 2025 · revised 14 Aug 2025 · accepted 30 Sep 2025 · online 2 Jan 2026"
    " · in the issue of Mar 2026"
)
TRIALS = (
    "**Trial registration** ClinicalTrials.gov [NCT00000001](https://clinicaltrials.gov/study/NCT00000001)"
    " · ISRCTN not a number"
)
RIGHTS = (
    "**Rights** © 2026 Society of Invented Imaging"
    " · licence [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)"
)


def known(record: Record) -> Article:
    return Article(
        id=1,
        record=record,
        provenance={"title": "PubMed", "abstract": "PubMed", "free_url": "Unpaywall"},
        sources=(
            SourceStamp("PubMed", datetime(2026, 1, 14, 8, 12, tzinfo=UTC)),
            SourceStamp("Unpaywall", datetime(2026, 1, 13, 7, 0, tzinfo=UTC)),
        ),
        first_seen_at=datetime(2026, 1, 13, tzinfo=UTC),
    )


def words(panel: discord.ui.LayoutView) -> str:
    texts = [each.content for each in panel.walk_children() if isinstance(each, discord.ui.TextDisplay)]
    return "\n".join(texts).replace("\u00a0", " ").replace("\\.", ".")


def test_all_that_is_known_is_said_in_words() -> None:
    lines = words(article_panel(known(WHOLE), Subject.GENERAL)).splitlines()

    assert lines == [
        "### [Invented whole record](https://doi.org/10.5555/whole.1)",
        "Journal of Invented Imaging · 12(3):11–18",
        "**Kind** Randomized trial · Randomized Controlled Trial · Multicenter Study",
        DATES,
        "**Language** English · Spanish",
        "**All 2 authors**",
        "**University of Nowhere**",
        "1 Ada Example ([ORCID](https://orcid.org/0000-0002-1825-0097)) · 2 Ben Sample",
        "",
        "**Institute of Else**",
        "2 Ben Sample",
        "**Correspondence** Ada Example, ada@invented.example",
        "**Presented** Presented at the 12th Annual Meeting of the Society of Invented Imaging.",
        "**Disclosures** A.E. is a consultant of Invented Devices. B.S. has nothing to disclose.",
        "**Funding** Invented Fund: A-1, A-2; Society of \\*Imaging\\*",
        "**MeSH** Phantoms, Imaging · Humans",
        "**Preprint** [10.5555/preprint.1](https://doi.org/10.5555/preprint.1) · reported by Crossref",
        "**Comment in** [J Invent Imaging. 2026;12:19](https://pubmed.ncbi.nlm.nih.gov/99000043/)",
        "**Summary for patients in** [Invented Patients. 2026;1:2](https://pubmed.ncbi.nlm.nih.gov/99000044/)",
        TRIALS,
        "**Data** GEO GSE1",
        IDENTIFIERS,
        RIGHTS,
        "**Sources**",
        "-# PubMed · 14 Jan 2026, 08:12 UTC: title, abstract",
        "-# Unpaywall · 13 Jan 2026, 07:00 UTC: free full text",
    ]


def test_the_publication_status_is_said_before_anything_else() -> None:
    assert "**This article was retracted on 12 Jan 2026.**" in words(
        article_panel(RETRACTED, Subject.GENERAL)
    )
    assert "The article is not retracted." in words(article_panel(CONCERN, Subject.GENERAL))
    assert "**Retracts**" in words(article_panel(NOTICE, Subject.GENERAL))


def test_whatever_a_record_holds_the_panel_is_within_what_discord_takes() -> None:
    for article in strangers("everything"):
        check_layout(article_panel(article, Subject.CHEST))


def test_long_lists_lose_whole_items_and_say_how_many() -> None:
    record = replace(
        WHOLE,
        title="[*_" * 300,
        types=tuple(f"Invented Type {number} _*" for number in range(50)),
        mesh=tuple(f"Invented heading number {number} *" for number in range(200)),
        authors=tuple(
            Author(f"Example{number}", "Ada", affiliations=(f"Institute {number} of *Nowhere*",) * 3)
            for number in range(300)
        ),
        relations=tuple(
            Relation(RelationKind.COMMENT_IN, doi=f"10.5555/{'x' * 150}.{number}") for number in range(40)
        ),
        correspondence="*" * 5000,
        language="_" * 300,
        other_languages=tuple(f"x{number}" for number in range(300)),
        presented_at="*" * 5000,
        accessions=tuple(
            Accession(bank, f"*{number}") for number in range(300) for bank in ("ISRCTN", "GEO_")
        ),
        funding=tuple(f"Fund_{number}" for number in range(300)),
        disclosures="*" * 5000,
        copyright="*" * 5000,
    )
    article = replace(
        known(record),
        sources=tuple(SourceStamp(f"Source {n} *", datetime(2026, 1, 1, tzinfo=UTC)) for n in range(40)),
    )
    panel = article_panel(article, Subject.GENERAL)
    check_layout(panel)
    said = words(panel)

    assert utf16_length(said) <= LAYOUT_TEXT
    assert "more in PubMed" in said
    assert "more relations" in said
    assert "more sources" in said
    assert said.count("**Institute") >= 5


def test_a_long_statement_is_shortened_and_says_where_the_whole_is() -> None:
    sentence = "A.E. has received fees from Invented Devices. "
    said = words(article_panel(known(replace(WHOLE, disclosures=sentence * 80)), Subject.GENERAL))
    elsewhere = replace(WHOLE, disclosures=sentence * 80, pmid=None)

    assert "… (shortened; the whole text is in PubMed)" in said
    assert "… (shortened; the whole text is with the article)" in words(
        article_panel(known(elsewhere), Subject.GENERAL)
    )


def test_a_statement_without_room_is_named() -> None:
    crowded = replace(
        WHOLE,
        presented_at="Presented at a meeting. " + "x" * 250,
        disclosures="_" * 3000,
        relations=tuple(
            Relation(
                RelationKind.COMMENT_IN, text=f"Invented comment {n} " + "in a journal " * 6, pmid="99000043"
            )
            for n in range(40)
        ),
        mesh=tuple(f"Invented heading number {number}" for number in range(80)),
        accessions=tuple(Accession(bank, f"{n}") for n in range(300) for bank in ("ISRCTN", "GEO")),
    )
    panel = article_panel(known(crowded), Subject.GENERAL)
    check_layout(panel)

    assert "**Disclosures**" in words(panel)
    assert "**Funding**" in words(panel)


def test_english_alone_is_not_mentioned() -> None:
    said = words(article_panel(known(replace(WHOLE, other_languages=())), Subject.GENERAL))

    assert "**Language**" not in said


async def test_article_is_answered_in_both_forms_and_by_the_button() -> None:
    async with open_community() as here:
        asked = await here.ask("!article 10.5555/jii.2026.0001")
        private = await here.slash("article", reference="10.5555/jii.2026.0001")
        card = await here.ask("!abstract 10.5555/jii.2026.0001")
        authors = await here.world.press(card, "All authors")
        more = await here.world.press(authors.message, "All details")
        abstract = await here.world.press(asked, "Full abstract")

    assert "**All 5 authors**" in asked.text
    assert "-# PubMed · " in asked.text
    assert asked.buttons == ["Full abstract", "Cite"]
    assert set(asked.links) == {"Journal", "Free full text"}
    assert private.message.is_private
    assert private.message.text == asked.text
    assert more.message.is_private
    assert more.message.text == asked.text
    assert abstract.message.embed.description


def test_the_classics_of_the_design_fit() -> None:
    for article in (TRIAL, CLASSIC):
        check_layout(article_panel(article, Subject.SPINE_AND_PAIN))
