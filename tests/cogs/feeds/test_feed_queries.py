"""Queries, ISSNs and categories as moderators add them: in the real bot, with a PubMed on the loopback."""

from collections.abc import AsyncIterator

import pytest

from tests.cogs.community import Community, open_community
from tests.support.facts import number_of, says

QUERY = '"lumbar spine"[tiab] AND (MRI OR fluoroscopy)'


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


async def test_a_query_is_added_with_counts_and_posts_the_newest(here: Community) -> None:
    said = await here.order(f"!feed add pubmed: {QUERY} 1")

    assert said.startswith('**PubMed: "lumbar spine"')
    assert number_of(said, "article") == 1
    assert number_of(said, "days") == 30
    assert says(said, "newest article")
    await here.pass_time(60)
    [post] = here.posts()[-1:]
    assert post.embeds
    assert "Abstract from PubMed" in post.text


async def test_what_comes_to_a_query_later_is_posted_once(here: Community) -> None:
    await here.order("!feed add pubmed: imaginary OR invented 0")
    article = here.library.publish(here.journal("aisi"))

    assert "1 new article" in await here.order("!feed check 1")
    assert says(await here.order("!feed check 1"), "no new articles")
    await here.pass_time(120)
    assert sum(article.doi in post.text for post in here.posts()) == 1


async def test_a_slash_command_shows_a_sample_before_anything_starts(here: Community) -> None:
    shown = await here.slash("feed add", by=here.moderator, what="pubmed: MRI")

    assert says(shown, "would post to")
    assert "PubMed finds" in shown.message.text
    assert shown.message.embeds
    assert await here.services.subscriptions.of_guild(here.world.guild.id) == []


async def test_a_query_is_listed_and_shown_with_its_words(here: Community) -> None:
    await here.order(f"!feed add pubmed: {QUERY}")
    page = await here.opened("!feed show 1")

    assert f"**PubMed query** `{QUERY}`" in page.text
    assert "PubMed: " in (await here.opened("!feed list")).text
    assert says(await here.order(f"!feed add pubmed: {QUERY}"), "already")
    assert "already" in await here.order(f"!feed add PubMed: {QUERY}")
    assert says(await here.agree(f"!feed remove pubmed: {QUERY}", "Remove"), "no longer posts")


async def test_an_issn_is_a_feed(here: Community) -> None:
    said = await here.order(f"!feed add issn: {here.journal('jii').issn}")

    assert said.startswith("**J Invent Imaging**")
    [watched] = await here.services.subscriptions.of_guild(here.world.guild.id)
    assert watched.feed.url == f'pubmed:"{here.journal("jii").issn}"[ta]'


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("pubmed:", "word to search for"),
        ("issn: 1234-5678", "is not an ISSN"),
        ("medrxiv: radiolgy and imagin", "`Radiology and imaging`"),
        ("arxiv: eess.IX", "`eess.IV`"),
    ],
)
async def test_what_cannot_be_watched_is_told_with_what_could(
    here: Community, typed: str, words: str
) -> None:
    assert words in await here.order(f"!feed add {typed}")


async def test_an_outage_of_pubmed_says_that_nothing_is_watched_yet(here: Community) -> None:
    here.pubmed_is_down()
    said = await here.order(f"!feed add pubmed: {QUERY}")

    assert says(said, "PubMed", "server error", "not added")


@pytest.mark.row("B18")
async def test_a_publisher_that_refuses_is_told_with_the_command_that_takes_its_place(
    here: Community,
) -> None:
    here.server.answer("/jii", 403, b"<html>Just a moment...</html>", {"cf-mitigated": "challenge"})
    said = await here.order(f"!feed add {here.server.url('/jii')}")

    assert "refuses automated readers" in said
    assert "issn:" in said


async def test_queries_and_categories_are_completed(here: Community) -> None:
    async def offered(typed: str) -> list[tuple[str, object]]:
        return await here.world.autocomplete(here.papers, "feed add", "what", typed, by=here.moderator)

    assert (await offered("pubmed: MRI"))[0] == ("PubMed query: MRI", "pubmed: MRI")
    assert ("arXiv: eess.IV", "arxiv: eess.IV") in await offered("arx")
    assert ("medRxiv: Radiology and imaging", "medrxiv: radiology_and_imaging") in await offered(
        "medrxiv: rad"
    )
    assert all(len(str(value)) <= 100 for _, value in await offered("pubmed: " + "x" * 200))
