"""The card, word for word as it was designed, and within Discord's limits whatever it is given."""

import os
import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.cards.card import Card, Opens, RetractedArticle, card, full_abstract, shown_hash
from cogs.cards.links import Link, relation_url
from cogs.cards.names import thread_name
from cogs.kit import colours
from cogs.kit.limits import check_embed
from tests.cogs.harmless import assert_harmless, assert_harmless_markdown
from tests.cogs.strangers import articles, random_article
from tests.support.invented import (
    CLASSIC,
    COMPLETED,
    CONCERN,
    CORRECTED,
    LETTER,
    NOTICE,
    PENDING,
    RETRACTED,
    TODAY,
    TRIAL,
)
from wetread.domain.models import Article, Author, Form, PartialDate, Record, Section, Subject
from wetread.domain.text import utf16_length

SPINE = Subject.SPINE_AND_PAIN
POST = "https://discord.com/channels/1/2/3"


def shown(article: Article, form: Form = Form.WHOLE, subject: Subject = SPINE) -> Card:
    return card(article, form, subject=subject, today=TODAY)


def stripe(found: Card) -> int:
    return found.embed.colour.value if found.embed.colour else 0


def lines(found: Card) -> list[str]:
    """What a reader sees, top to bottom; no-break spaces as spaces, blank lines left out."""
    embed = found.embed
    parts = [embed.author.name, embed.title, *(embed.description or "").splitlines(), embed.footer.text]
    return [part.replace("\u00a0", " ") for part in parts if part]


TITLE = (
    "Example-guided versus Sham Epidural Injection for Lumbar Radicular Pain: "
    "A Randomized, Double-Blind Trial"
)
BACKGROUND, PURPOSE, METHODS, RESULTS, CONCLUSION = (section.text for section in TRIAL.record.abstract)
FOOTER = "DOI 10.5555/jer.2026.0101 · PMID 99000001 · Abstract from PubMed · © 2026 Example Radiology Society"


def test_the_whole_abstract_stands_as_it_was_designed() -> None:
    found = shown(TRIAL)

    assert lines(found) == [
        "Journal of Example Radiology · 318(1):101–110 · 14 Jan 2026",
        TITLE,
        "`Spine and pain` `Randomized trial` `Free full text`",
        "Example A, Sample B, Invented C, et al. (9 authors)",
        f"> **Conclusion** {CONCLUSION}",
        f"**Background** {BACKGROUND}",
        f"**Purpose** {PURPOSE}",
        f"**Materials and Methods** {METHODS}",
        "**Results** " + RESULTS.replace("[SD]", r"\[SD\]"),
        "*First, Example A: University of Sampletown*",
        "*Last, Specimen Z: Invented General Hospital*",
        FOOTER,
    ]
    assert found.embed.url == "https://doi.org/10.5555/jer.2026.0101"
    assert stripe(found) == colours.SUBJECTS[SPINE]
    assert (found.opens, found.is_prominent) == (Opens.AUTHORS, False)
    assert found.free_link == Link("Free full text", "https://free.example/jer.2026.0101")


def test_an_article_without_a_date_says_when_it_was_first_seen() -> None:
    record = replace(TRIAL.record, online_on=None, issue_on=None)

    [footer] = [line for line in lines(shown(replace(TRIAL, record=record))) if line.startswith("DOI")]
    assert f"first seen {TRIAL.first_seen_at.day} Jan 2026" in footer.replace("\u00a0", " ")
    assert "first seen" not in FOOTER


def test_chips_dates_and_counts_do_not_break() -> None:
    embed = shown(TRIAL).embed

    assert (embed.author.name or "").endswith("14\u00a0Jan\u00a02026")
    assert "`Spine\u00a0and\u00a0pain` `Randomized\u00a0trial`" in (embed.description or "")
    assert "et\u00a0al. (9\u00a0authors)" in (embed.description or "")


def test_conclusion_only_leaves_the_rest_to_a_blurple_button() -> None:
    found = shown(TRIAL, Form.CONCLUSION)

    assert lines(found) == [
        "Journal of Example Radiology · 318(1):101–110 · 14 Jan 2026",
        TITLE,
        "`Spine and pain` `Randomized trial` `Free full text`",
        "Example A, Sample B, Invented C, et al. (9 authors)",
        f"> **Conclusion** {CONCLUSION}",
        FOOTER,
    ]
    assert (found.opens, found.is_prominent) == (Opens.ABSTRACT, True)


def test_title_only_is_three_lines() -> None:
    found = shown(TRIAL, Form.TITLE)

    assert lines(found) == [
        "Journal of Example Radiology · 14 Jan 2026",
        TITLE,
        "`Spine and pain` `Randomized trial` `Free full text`",
    ]
    assert (found.opens, found.is_prominent) == (Opens.ABSTRACT, False)


def test_a_pending_abstract_says_so_and_when_it_is_looked_for() -> None:
    found = shown(PENDING)

    assert lines(found) == [
        "Example Spine Imaging · Online 15 Jan 2026",
        "Photon-counting CT of the Invented Facet Joint: Interreader Agreement for Early Effusion",
        "`Spine and pain` `Abstract pending`",
        "Mock D, Placeholder E, Sample F, et al. (6 authors)",
        "No abstract is available yet. Wetread adds it to this card when PubMed or the publisher has it.",
        "DOI 10.5555/esi.2026.0042 · Next check for the abstract: 15 Jan 2026",
    ]
    assert found.opens is None


def test_an_abstract_that_came_later_says_since_when() -> None:
    found = shown(COMPLETED)

    assert lines(found)[-1] == (
        "DOI 10.5555/esi.2026.0042 · PMID 99000002 · Abstract from Crossref, added 15 Jan 2026 · "
        "© 2026 The Authors"
    )
    assert "`Abstract pending`" not in lines(found)[2]
    assert shown_hash(found) != shown_hash(shown(PENDING))


def test_a_letter_was_published_without_an_abstract() -> None:
    assert lines(shown(LETTER)) == [
        "Example Spine Imaging · Online 16 Jan 2026",
        "Facet Joint or Artefact? A Reply to Placeholder et al",
        "`Spine and pain` `Letter` `Free full text`",
        "Mock D",
        "Published without an abstract.",
        "DOI 10.5555/esi.2026.0049 · PMID 99000009",
    ]


def test_after_the_last_look_it_was_published_without() -> None:
    assert "Published without an abstract." in lines(shown(replace(PENDING, next_enrichment_at=None)))


@pytest.mark.row("D13")
def test_a_retracted_article_says_it_first_and_strikes_its_conclusion() -> None:
    found = shown(RETRACTED, subject=Subject.MUSCULOSKELETAL)

    assert lines(found) == [
        "Journal of Example Radiology · 311(2):201–209 · 3 Feb 2024",
        "RETRACTED: Example Ratio at MRI Predicts Invented Tendon Tears",
        "**This article was retracted on 12 Jan 2026.**",
        "`Musculoskeletal` `Observational study`",
        "Fictus G, Sample H, Mock I, et al. (5 authors)",
        "> ~~**Conclusion** The example ratio at MRI predicted tendon tears.~~",
        "DOI 10.5555/jer.2024.0311 · PMID 99000003 · Retraction reported by the publisher through Crossref",
    ]
    assert stripe(found) == colours.RED
    assert found.first_link == Link("Retraction notice", "https://doi.org/10.5555/jer.2026.0007")
    assert (found.opens, found.is_prominent) == (Opens.ABSTRACT, False)


@pytest.mark.row("D14")
def test_a_concern_is_never_called_a_retraction() -> None:
    found = shown(CONCERN, subject=Subject.ABDOMEN)

    assert lines(found) == [
        "Journal of Example Radiology · 315(2):220–228 · 6 May 2025",
        "Expression of concern: Invented Contrast Dose and Example Renal Outcome",
        "**The editors published an expression of concern on 9 Jan 2026.**",
        "The article is not retracted.",
        "`Abdomen` `Observational study`",
        "Sample S, Mock M, Example E, et al. (7 authors)",
        "> **Conclusion** Dose was not associated with renal outcome.",
        "DOI 10.5555/jer.2025.0220 · PMID 99000005 · Reported by PubMed",
    ]
    assert stripe(found) == colours.AMBER
    assert found.first_link == Link("Editors’ statement", "https://pubmed.ncbi.nlm.nih.gov/99000006/")


@pytest.mark.row("D14")
def test_a_correction_is_a_chip_and_keeps_the_subjects_colour() -> None:
    found = shown(CORRECTED, Form.CONCLUSION, Subject.CHEST)

    assert lines(found) == [
        "Journal of Example Radiology · 317(1):41–50 · 7 Oct 2025",
        "Sample Score for Incidental Nodules",
        "`Chest` `Corrected, 8 Jan 2026` `Observational study`",
        "Fictus G, Sample H, Mock I, et al. (5 authors)",
        "> **Conclusion** The sample score sorted nodules well.",
        "DOI 10.5555/jer.2025.0417 · PMID 99000011 · Correction reported by Crossref",
    ]
    assert stripe(found) == colours.SUBJECTS[Subject.CHEST]
    assert found.first_link == Link("Correction", "https://doi.org/10.5555/jer.2026.0003")


@pytest.mark.row("D15")
def test_the_notice_says_that_it_is_the_notice() -> None:
    retracted = RetractedArticle(PartialDate(2024, 2, 3), POST)
    there = f"[posted here]({POST}); that post is now marked"

    found = card(NOTICE, Form.WHOLE, subject=Subject.MUSCULOSKELETAL, today=TODAY, retracted=retracted)

    assert lines(found) == [
        "Journal of Example Radiology · 318(1):e7 · 12 Jan 2026",
        "Retraction: Example Ratio at MRI Predicts Invented Tendon Tears",
        "`Musculoskeletal` `Retraction notice`",
        f"This is the retraction notice. The retracted article appeared on 3 Feb 2024 and was {there}.",
        f"> “{NOTICE.record.abstract[0].text}”",
        "DOI 10.5555/jer.2026.0007 · PMID 99000007 · Text of the notice from Crossref",
    ]
    assert found.first_link == Link("Retracted article", "https://doi.org/10.5555/jer.2024.0311")
    assert found.opens is None


def test_a_classic_is_at_least_ten_years_old() -> None:
    assert lines(shown(CLASSIC))[2] == "`Spine and pain` `Classic, 1998`"
    assert "Classic" not in lines(card(CLASSIC, Form.WHOLE, subject=SPINE, today=date(2007, 12, 31)))[2]


def test_several_subjects_are_no_chip() -> None:
    assert lines(shown(TRIAL, subject=Subject.GENERAL))[2] == "`Randomized trial` `Free full text`"


def test_topics_are_named_after_the_other_chips_two_at_most() -> None:
    names = ["Knee embolization", "Trials in pain", "Third", "Fourth"]
    found = [card(TRIAL, Form.WHOLE, subject=SPINE, today=TODAY, topics=names[:count]) for count in (0, 2, 4)]
    none, two, four = (lines(each)[2] for each in found)

    assert "Topic" not in none
    assert two.endswith("`Topic: Knee embolization` `Topic: Trials in pain`")
    assert four == f"{two} `and 2 topics`"
    assert len({shown_hash(each) for each in found}) == 3, "a post is edited when its topics change"


def test_a_title_only_card_has_no_footer() -> None:
    assert lines(card(TRIAL, Form.WHOLE, subject=SPINE, today=TODAY))[-1] == FOOTER
    assert card(TRIAL, Form.TITLE, subject=SPINE, today=TODAY).embed.footer.text is None


# --- cutting ---------------------------------------------------------------------------------------------


def with_abstract(*sections: Section) -> Article:
    return replace(TRIAL, record=replace(TRIAL.record, abstract=sections))


def sentences(word: str, count: int) -> str:
    return " ".join(
        f"{word} {index} was measured in the usual way and then written down." for index in range(count)
    )


def test_methods_are_cut_first_then_background_then_results_each_at_a_sentence() -> None:
    background = sentences("Background", 12)
    results = sentences("Result", 12)
    conclusion = sentences("Conclusion", 8)
    found = shown(
        with_abstract(
            Section(background, "BACKGROUND"),
            Section(sentences("Method", 40), "METHODS"),
            Section(results, "RESULTS"),
            Section(conclusion, "CONCLUSIONS"),
        )
    )

    text = found.embed.description or ""
    assert f"> **Conclusions** {conclusion}\n" in text
    assert f"**Results** {results}\n" in text
    methods = next(part for part in text.split("\n\n") if part.startswith("**Methods**"))
    assert methods.endswith("written down. *… more under Full abstract*")
    assert (found.opens, found.is_prominent) == (Opens.ABSTRACT, True)


def test_what_fits_two_screens_is_not_cut() -> None:
    found = shown(with_abstract(Section(sentences("Method", 20), "METHODS"), Section("Good.", "CONCLUSION")))

    assert found.opens is Opens.AUTHORS
    assert "more under" not in (found.embed.description or "")


def test_a_conclusion_longer_than_two_thousand_characters_is_none() -> None:
    found = shown(with_abstract(Section("Short.", "METHODS"), Section(sentences("Thing", 50), "CONCLUSION")))

    text = found.embed.description or ""
    assert "> " not in text
    assert text.index("**Methods**") < text.index("**Conclusion**")


def test_an_unstructured_abstract_shows_its_beginning_to_a_sentence_end() -> None:
    found = shown(with_abstract(Section(sentences("Thing", 10))), Form.CONCLUSION)

    text = (found.embed.description or "").split("\n\n")[-1]
    assert "Conclusion" not in text
    assert text.endswith("written down. *… more under Full abstract*")
    assert utf16_length(text) <= 350


def test_a_word_of_a_conclusion_is_not_a_conclusion() -> None:
    found = shown(with_abstract(Section("We conclude nothing. Conclusion: none.")))

    assert "> " not in (found.embed.description or "")


def test_a_full_abstract_goes_on_in_more_messages() -> None:
    text = sentences("Thing", 200)

    first, more = full_abstract(with_abstract(Section(text)), subject=SPINE, today=TODAY)

    assert more
    parts = [
        (first.embed.description or "").split("\n\n", 2)[2],
        *(embed.description or "" for embed in more),
    ]
    assert " ".join(parts) == text
    assert first.opens is Opens.AUTHORS


def test_a_long_journal_name_gives_way_to_its_abbreviation() -> None:
    record = replace(TRIAL.record, journal="Journal of " + "Long " * 60 + "Names")

    assert lines(shown(replace(TRIAL, record=record)))[0] == "J Example Radiol · 318(1):101–110 · 14 Jan 2026"


def test_four_authors_are_all_named() -> None:
    record = replace(TRIAL.record, authors=TRIAL.record.authors[:4])

    assert "Example A, Sample B, Invented C, Mock D" in lines(shown(replace(TRIAL, record=record)))


def test_one_unsplit_name_makes_all_be_written_as_their_sources_do() -> None:
    authors = (
        Author("Invented Trial Group", is_collective=True),
        Author("Ada Example"),
        Author("Ek", "AB", "Jr"),
    )
    record = replace(TRIAL.record, authors=authors)

    assert "Invented Trial Group, Ada Example, AB Ek Jr" in lines(shown(replace(TRIAL, record=record)))


def test_a_list_that_is_longer_than_its_source_says_shows_no_number() -> None:
    authors = TRIAL.record.authors[:2]
    card = shown(replace(TRIAL, record=replace(TRIAL.record, authors=authors, has_more_authors=True)))

    assert "Example A, Sample B, et al." in lines(card)
    assert not any("Last, " in line for line in lines(card))


@pytest.mark.row("A33")
@pytest.mark.parametrize("title", ["", " ", "\u200b\u200b", "***", "…"])
def test_a_title_of_nothing_is_called_by_its_doi(title: str) -> None:
    record = replace(TRIAL.record, title=title)

    assert shown(replace(TRIAL, record=record)).embed.title == "DOI 10.5555/jer.2026.0101"


@pytest.mark.row("S25")
def test_without_a_doi_the_footer_says_where_the_title_leads() -> None:
    record = replace(TRIAL.record, doi=None, pmid=None, url="https://аpple.example/x")

    assert lines(shown(replace(TRIAL, record=record)))[-1].startswith("xn--pple-43d.example · ")


def test_equal_cards_have_equal_hashes() -> None:
    assert shown_hash(shown(TRIAL)) == shown_hash(shown(TRIAL))
    assert shown_hash(shown(TRIAL)) != shown_hash(shown(TRIAL, Form.CONCLUSION))


# --- limits ----------------------------------------------------------------------------------------------


@pytest.mark.row("A32", "S19", "S20", "S21", "S22", "S23")
@settings(max_examples=50)
@given(articles, st.sampled_from(Form), st.sampled_from(Subject), st.booleans())
def test_no_article_makes_a_card_over_a_limit_or_a_ping(
    article: Article, form: Form, subject: Subject, has_post: bool
) -> None:
    assert_keeps_limits(article, form, subject, has_post=has_post)


def assert_keeps_limits(article: Article, form: Form, subject: Subject, *, has_post: bool) -> None:
    retracted = RetractedArticle(PartialDate(2024, 2, 3), POST if has_post else None)
    found = card(article, form, subject=subject, today=TODAY, retracted=retracted)
    first, more = full_abstract(article, subject=subject, today=TODAY)
    links = frozenset({POST, *(relation_url(each) or POST for each in article.record.relations)})

    for embed in (found.embed, first.embed, *more):
        check_embed(embed)
        assert_harmless_markdown(embed.title or "")
        assert_harmless_markdown(embed.description or "", links=links)
        assert_harmless(embed.author.name or "")
        assert_harmless(embed.footer.text or "")
        assert embed.url is None or embed.url.startswith(("https://", "http://"))
        if embed.description:
            assert embed.description.strip()
    assert utf16_length(found.embed.footer.text) <= 700
    assert 1 <= utf16_length(thread_name(article.record)) <= 100
    assert shown_hash(found)


@pytest.mark.row("A32")
@pytest.mark.parametrize("form", Form)
def test_very_many_random_articles_keep_every_limit(form: Form) -> None:
    """reliability.md P10; `WETREAD_RANDOM_ARTICLES=10000` for the whole number."""
    rng = random.Random(f"cards {form}")

    for _ in range(int(os.environ.get("WETREAD_RANDOM_ARTICLES", "25"))):
        assert_keeps_limits(random_article(rng), form, Subject.CHEST, has_post=True)


@settings(max_examples=50)
@given(articles)
def test_a_conclusion_is_never_cut(article: Article) -> None:
    from cogs.cards.abstract import split_conclusion, whole

    sections = [section for section in article.record.abstract if section.text.strip()]
    conclusions, _ = split_conclusion(sections)

    found = whole(sections)

    assert len(found.conclusion.splitlines()) == len(conclusions)
    assert "more under Full abstract" not in found.conclusion


@pytest.mark.row("A33")
def test_a_record_of_nothing_is_still_a_card() -> None:
    found = shown(replace(TRIAL, record=Record(source="feed")))

    check_embed(found.embed)
    assert found.embed.title == "Article without a title"
