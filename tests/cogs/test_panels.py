"""Every panel and menu, at its size limits and with hostile input."""

import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import discord
import pytest

from cogs.cards.authors_panel import authors_panel
from cogs.cards.buttons import card_view
from cogs.cards.card import card
from cogs.cards.citation_panel import citation_panel
from cogs.cards.discussion import first_line
from cogs.cards.links import article_url
from cogs.cards.open_buttons import PickMenu, several
from cogs.errors import panels as errors
from cogs.feeds.panels import FeedLine, FeedPage, Health, feed_list, feed_page
from cogs.help.panel import SearchForm, help_panel
from cogs.kit.limits import CHOICES, CONTENT, MODAL_TITLE, check_layout, check_message, choices
from cogs.lookups.list_panels import journals_panel, latest_panel
from cogs.lookups.search_panel import closed_panel, no_results, search_panel
from cogs.status.panel import status_panel
from tests.cogs.gallery_panels import status_facts
from tests.cogs.harmless import assert_harmless, assert_harmless_markdown
from tests.cogs.strangers import random_article
from tests.support.facts import bold, channels, code, commands, number_of, says
from tests.support.invented import TODAY, TRIAL
from wetread.domain.citations import Style
from wetread.domain.models import Article, Author, Form, Subject
from wetread.domain.query import TEXT_LIMIT
from wetread.domain.search_request import Hit, Order, SearchRequest, SearchResults
from wetread.domain.text import utf16_length

POST = "https://discord.com/channels/123456789012345678/123456789012345678/123456789012345678"
ROUNDS = int(os.environ.get("WETREAD_RANDOM_ARTICLES", "10"))
WORST = "[@everyone](https://evil.example) <@1> ```"


def parts(view: discord.ui.LayoutView) -> Iterator[dict[str, Any]]:
    def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for component in components:
            yield component
            yield from walk(component.get("components") or [])

    return walk(view.to_components())  # type: ignore[no-untyped-call]  # discord.py left it so


def text_of(view: discord.ui.LayoutView) -> str:
    return "\n".join(part["content"] for part in parts(view) if part["type"] == 10).replace("\u00a0", " ")


def assert_fine(view: discord.ui.LayoutView, *links: str | None) -> None:
    """Check that it is within every limit and harmless; mentions by Wetread itself are allowed."""
    check_layout(view)
    for part in parts(view):
        if part["type"] == 10:
            content = part["content"].replace("<#1>", "").replace("<@7>", "")
            assert_harmless_markdown(content, links=frozenset(filter(None, links)))
        for option in part.get("options") or ():
            assert_harmless(option["label"])
            assert_harmless(option.get("description") or "")


def strangers(seed: str) -> Iterator[Article]:
    rng = random.Random(seed)
    return (random_article(rng) for _ in range(ROUNDS))


def test_search_results_keep_every_limit() -> None:
    request = SearchRequest(10**18, "x" * 2 * TEXT_LIMIT, 10**17, 10**6, Order.NEWEST, "10y", "editorial")
    articles = list(strangers("search"))
    for start in range(0, len(articles) - 4, 5):
        page = [
            replace(article, id=start + number) for number, article in enumerate(articles[start : start + 5])
        ]
        hits = tuple(
            Hit(each, (("… before ", False), (WORST * 9, True), (" after " * 40, False)), post, WORST)
            for each, post in zip(page, (POST, None, POST, None, None), strict=True)
        )
        links = [POST, *(article_url(each.record) for each in page)]
        for text in (request.text, WORST * 9):
            found = SearchResults(hits, 20_000, is_capped=True)
            assert_fine(search_panel(replace(request, text=text), found), *links)
            assert_fine(closed_panel(replace(request, text=text), found), *links)
            assert_fine(no_results(replace(request, text=text)))
            assert_fine(no_results(SearchRequest(1, text, 1)))


def test_the_fullest_search_uses_what_was_planned() -> None:
    hits = tuple(Hit(replace(TRIAL, id=number), (("word " * 28, False),), POST) for number in range(1, 6))

    view = search_panel(SearchRequest(1, "epidural injection", 1), SearchResults(hits, 23))

    assert len(list(parts(view))) <= 30
    assert view.content_length() <= 2500


def test_authors_keep_every_limit() -> None:
    for article in strangers("authors"):
        assert_fine(authors_panel(article, Subject.CHEST))


def test_a_long_list_of_authors_loses_whole_places_from_its_middle() -> None:
    authors = tuple(
        Author(
            f"Family{number}", "Given", affiliations=(f"Institute {number // 2} of Imaging, " + "Long " * 20,)
        )
        for number in range(120)
    )
    view = authors_panel(replace(TRIAL, record=replace(TRIAL.record, authors=authors)), Subject.CHEST)

    check_layout(view)
    text = text_of(view)
    assert text.startswith("### All 120 authors")
    assert "1 Given Family0 · 2 Given Family1" in text
    assert "120 Given Family119" in text
    shown = text.count("Given Family")
    assert f"and {120 - shown} more in PubMed" in text
    assert shown % 2 == 0


def test_an_author_of_two_places_stands_under_both_and_counts_once() -> None:
    author = Author(
        "Example", "Ada", affiliations=("A Hospital", "B Hospital. Electronic address: a@b.example.")
    )
    view = authors_panel(replace(TRIAL, record=replace(TRIAL.record, authors=(author,))), Subject.CHEST)

    assert text_of(view).splitlines()[2:7] == [
        "**A Hospital**",
        "1 Ada Example",
        "",
        "**B Hospital**",
        "1 Ada Example",
    ]
    assert "more in PubMed" not in text_of(view)


@pytest.mark.parametrize("style", Style)
def test_citations_keep_every_limit(style: Style) -> None:
    for article in strangers(f"citations {style}"):
        panel, files = citation_panel(article, style)

        assert_fine(panel, article_url(article.record))
        assert len(files) <= 1


def test_a_reference_too_long_to_show_comes_as_a_file() -> None:
    authors = tuple(Author(f"Family{number}", "Given") for number in range(400))
    panel, files = citation_panel(replace(TRIAL, record=replace(TRIAL.record, authors=authors)), Style.BIBTEX)

    check_layout(panel)
    assert [file.filename for file in files] == ["jer.2026.0101.bib"]


def test_the_citation_reads_as_it_was_designed() -> None:
    panel, files = citation_panel(TRIAL, Style.AMA)
    title = TRIAL.record.title
    place = "2026;318(1):101-110. doi:10.5555/jer.2026.0101"

    assert not files
    assert text_of(panel).splitlines() == [
        "### Citation",
        f"[{title}](https://doi.org/10.5555/jer.2026.0101)",
        "",
        "**AMA**",
        "```",
        f"Example A, Sample B, Invented C, et al. {title}. J Example Radiol. {place}",
        "```",
        "-# From the PubMed record of 15 Jan 2026. Please check it against the journal before you submit.",
    ]


def test_lists_keep_every_limit() -> None:
    articles = list(strangers("lists"))
    urls = [article_url(each.record) for each in articles]

    assert_fine(latest_panel([(each, POST) for each in articles], WORST * 9), POST)
    assert_fine(latest_panel([(each, None) for each in articles], None), *urls)
    assert_fine(latest_panel([]))
    assert_fine(journals_panel([(WORST * 9, 10**6)] * 300))
    assert_fine(journals_panel([]))
    assert_fine(several(WORST * 9, articles[:25], is_capped=True))


def test_feeds_keep_every_limit() -> None:
    lines = [
        FeedLine(WORST * 9, 1, health, "Well · 3 this week", subscription_id=1)
        for health in Health
        for _ in range(60)
    ]

    assert_fine(feed_list(lines))
    assert_fine(feed_list([]))
    page = FeedPage(
        lines[0], Form.WHOLE, WORST * 9, "Waits up to 2 days, then posts", ("15 Jan · x" * 90,) * 9
    )
    assert_fine(feed_page(page))


def test_the_list_of_feeds_begins_with_what_needs_somebody() -> None:
    view = feed_list(
        [
            FeedLine(
                "Mock Journal of Ultrasound",
                1,
                Health.PAUSED,
                "Paused by dr_invented on 8 Jan",
                subscription_id=2,
            ),
            FeedLine("Example Spine Imaging", 1, Health.WELL, "Well · 3 this week", subscription_id=3),
            FeedLine(
                "Example Neuro Letters", 1, Health.NEEDS_YOU, "Not reachable since 12 Jan", subscription_id=4
            ),
        ]
    )

    assert text_of(view).splitlines() == [
        "### Feeds",
        "1 is well, 1 is paused, 1 needs you.",
        "⚠️ **Example Neuro Letters** → <#1>",
        "-# Not reachable since 12 Jan",
        "**Example Spine Imaging** → <#1>",
        "-# Well · 3 this week",
        "",
        "**Mock Journal of Ultrasound** → <#1>",
        "-# Paused by dr_invented on 8 Jan",
    ]


def test_help_names_moderators_commands_to_them_only() -> None:
    assert "For moderators" in text_of(help_panel("!", is_moderator=True))
    assert "For moderators" not in text_of(help_panel("!", is_moderator=False))
    assert_fine(help_panel("prefix-of-some-length!", is_moderator=True))


ERRORS: dict[str, Callable[[], discord.ui.LayoutView]] = {
    "no match": lambda: errors.no_match(
        WORST * 9, 10**17, [TRIAL, replace(TRIAL, id=2), replace(TRIAL, id=3)]
    ),
    "no match at all": lambda: errors.no_match("epidral", 1, []),
    "unknown DOI": lambda: errors.unknown_identifier("DOI", "10.5555/jer.2026.0101"),
    "unknown PMID": lambda: errors.unknown_identifier("PMID", None),
    "not an identifier": lambda: errors.not_an_identifier(WORST * 30),
    "outage": lambda: errors.outage("PubMed", "https://pubmed.ncbi.nlm.nih.gov/99000017/"),
    "not a moderator": errors.not_a_moderator,
    "permissions": lambda: errors.missing_permissions(1, ["Embed Links", "Create Public Threads"]),
    "wait": lambda: errors.wait(19.6),
    "unexpected": lambda: errors.unexpected("W-7K3F"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_a_short_panel_with_a_next_step(name: str) -> None:
    view = ERRORS[name]()

    assert_fine(view)
    lines = text_of(view).splitlines()
    assert lines[0].startswith("**")
    assert lines[0].endswith(".**")
    assert "!" not in re.sub(r"“.*”|`.*?`|^\*\*\d.*$", "", text_of(view), flags=re.MULTILINE)
    assert len(lines) > 1 or name == "wait"


def test_errors_name_what_helps() -> None:
    unknown = errors.unknown_identifier("DOI", "10.5555/jer.2026.0101")
    lacking = errors.missing_permissions(1, ["Embed Links", "Create Public Threads"])

    assert code(unknown) == ["10.5555/jer.2026.0101"]
    assert says(unknown, "DOI", "PMID", "link")
    assert commands(errors.not_an_identifier("fig3.png")) == ["abstract disc height cohort"]
    assert channels(lacking) == [1]
    assert says(lacking, "Embed Links", "Create Public Threads")
    assert bold(errors.unexpected("W-7K3F"))[-1] == "W-7K3F"
    assert number_of(errors.wait(19.6), "second") == 20


def test_card_buttons_and_discussions_keep_every_limit() -> None:
    for article in strangers("buttons"):
        for form in Form:
            shown = card(article, form, subject=Subject.CHEST, today=TODAY)
            view = card_view(shown, can_discuss=True, can_show=True, post_url=POST)
            check_message(embeds=[shown.embed], view=view)
        line = first_line(article)
        assert utf16_length(line) <= CONTENT
        assert_harmless_markdown(line, links=frozenset(filter(None, (article_url(article.record),))))


@pytest.mark.row("A44")
def test_a_menu_holds_twenty_five() -> None:
    menu = PickMenu([replace(TRIAL, id=number) for number in range(40)])

    assert len(menu.item.options) == 25


@pytest.mark.row("A44")
def test_autocomplete_offers_no_more_and_no_longer_than_discord_takes() -> None:
    offered = choices(("name " * 40, f"{number}" + "x" * (150 * (number % 2))) for number in range(80))

    assert len(offered) == CHOICES
    assert all(utf16_length(choice.name) <= 100 and utf16_length(choice.value) <= 100 for choice in offered)


async def test_the_search_form_keeps_the_limits_of_forms() -> None:
    form = SearchForm()

    assert utf16_length(form.title) <= MODAL_TITLE
    assert utf16_length(form.words.description) <= 100


def test_a_request_survives_its_custom_id() -> None:
    request = SearchRequest(10**18, "words", 10**17, 10**6, Order.NEWEST, "10y", "editorial")

    assert SearchRequest.decoded(request.encoded(), "words") == request
    assert len(f"wetread:search:previous:{request.encoded()}") <= 100


def test_a_status_begins_what_helps_in_lower_case_unless_it_begins_with_a_name() -> None:
    now = datetime(2026, 1, 15, 8, 12, tzinfo=UTC)
    facts = status_facts(2, 1, now)
    [refused] = facts.watched
    gone = replace(refused, feed=replace(refused.feed, url="https://pubs.example.org/feed.xml"))

    assert "**What you can do:** PubMed " in text_of(status_panel(facts))
    assert "**What you can do:** add " in text_of(status_panel(replace(facts, watched=[gone])))
