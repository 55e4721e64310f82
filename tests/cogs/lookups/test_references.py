"""Old addresses and citations name articles everywhere; words beside a reference are no part of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from tests.cogs.community import Community, on_shared, open_community
from tests.support import invented
from tests.support.facts import commands, headings, people, says, text_of
from tests.support.seen import Seen
from wetread.domain.models import PartialDate, Record
from wetread.storage import records

DOI = "10.5555/jii.2026.0001"
TITLE = "Phantom findings on phantom studies: the invented panel review"
CITATION = "J Invent Imaging 2025;12(3):11-8"
MATCH, SEARCH = "/eutils/ecitmatch.cgi", "/eutils/esearch.fcgi"
LETTER = replace(
    invented.LETTER.record,
    journal="Journal of Invented Imaging",
    journal_abbreviation="J Invent Imaging",
    volume="7",
    issue="2",
    pages="90",
    issue_on=PartialDate(2020, 2),
)


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


async def keep(here: Community, *kept: Record) -> None:
    """Store articles that this server has looked up."""
    for record in kept:
        await here.services.database.run(
            records.save, {"PubMed": record}, here.world.clock(), guild_ids=[here.world.guild.id]
        )


def shows_it(answer: Seen) -> bool:
    """Return whether an answer shows the invented article: as a card, a panel or a file."""
    return TITLE in text_of(answer) or any(name.endswith((".ris", ".bib")) for name in answer.attachments)


PASTED = [
    CITATION,
    "J Invent Imaging 12:11",
    "JII 12(3):11",
    "Journal of Invented Imaging. 2025 Dec;12(3):11–18. Epub 2025 Dec 30.",
    "Example AB, Sample B. Phantom findings. J. Invent. Imaging 2025;12:11.",
    "http://jii.example.org/content/12/3/11.full.pdf+html",
    f"Example AB. Phantom findings. J Invent Imaging 2025;12:11. doi: {DOI}",
    f"https://pubs.example.org/doi/abs/{DOI}",
    "https://linkinghub.elsevier.com/retrieve/pii/S999900162600001X",
]


@on_shared
@pytest.mark.parametrize("pasted", PASTED)
@pytest.mark.parametrize("command", ["abstract", "article", "cite", "search", "export search"])
async def test_what_is_pasted_names_the_article_in_each_command(
    shared: Community, command: str, pasted: str
) -> None:
    assert shows_it(await shared.ask(f"!{command} {pasted}"))


@on_shared
@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("abstract", "reference"),
        ("article", "reference"),
        ("cite", "reference"),
        ("search", "query"),
        ("export search", "query"),
    ],
)
async def test_slash_commands_take_a_citation_too(shared: Community, command: str, option: str) -> None:
    options: dict[str, Any] = {option: CITATION}
    answer = await shared.slash(command, **options)

    assert answer.message.is_private
    assert shows_it(answer.message)


async def test_a_citation_is_asked_once_and_then_answered_from_the_archive(here: Community) -> None:
    await here.ask(f"!abstract {CITATION}")
    [match] = here.server.requests_to(MATCH)
    asked = len(here.server.requests)
    here.pubmed_is_down()

    again = await here.ask("!abstract J Invent Imaging 12:11")

    assert match.query["bdata"] == "J Invent Imaging||12|11||0|"
    assert (match.query["db"], match.query["retmode"]) == ("pubmed", "xml")
    assert match.query["tool"] == "wetread"
    assert again.embed.title == TITLE
    assert len(here.server.requests) == asked


async def test_pages_of_another_server_prove_nothing_here(here: Community) -> None:
    await here.services.database.run(records.save, {"feed": LETTER}, here.world.clock(), guild_ids=[7])

    panel = await here.ask("!abstract J Invent Imaging 2020;7:90")

    assert LETTER.title not in text_of(panel)


async def test_two_articles_of_one_page_offer_a_choice(here: Community) -> None:
    await keep(here, LETTER, replace(LETTER, doi="10.5555/other", pmid="99009999", title="Another letter"))

    panel = await here.ask("!abstract J Invent Imaging 2020;7:90")

    assert len(panel.options) == 2


async def test_an_article_of_another_year_is_only_offered(here: Community) -> None:
    panel = await here.ask("!abstract J Invent Imaging 1999;12:11")
    opened = await here.world.press(panel, "1")

    assert says(panel, "J Invent Imaging", "volume 12", "page 11", "1999", "did you mean")
    assert opened.message.embed.title == TITLE


async def test_a_citation_that_nobody_knows_says_what_was_understood(here: Community) -> None:
    panel = await here.ask("!abstract Example A. A study. J Invent Imaging 2026;12(3):999-1000")

    assert says(panel, "J Invent Imaging", "volume 12", "issue 3", "page 999", "2026", "DOI", "PMID")
    assert commands(panel) == ["abstract Radiographics 2001;21:927"]
    assert len(here.server.requests_to(MATCH)) == len(here.server.requests_to(SEARCH)) == 1


@pytest.mark.parametrize("typed", [f"!abstract {CITATION}", f"!search {CITATION}"])
async def test_an_outage_is_not_taken_for_a_missing_article(here: Community, typed: str) -> None:
    here.pubmed_is_down()
    panel = await here.ask(typed)
    here.pubmed_works()
    await here.pass_time(400)

    said, card = here.posts()
    assert says(panel, "PubMed does not answer", "article may exist")
    assert said.id == panel.id
    assert card.embed.title == TITLE


@on_shared
@pytest.mark.parametrize("command", ["abstract", "search", "cite", "share"])
async def test_an_address_that_names_no_article_says_what_to_paste(shared: Community, command: str) -> None:
    address = "https://journals.example.org/invented/Fulltext/2003/05000/Title.4.aspx"

    panel = await shared.ask(f"!{command} {address} nice")

    assert says(panel, "DOI", "volume", "first page")
    assert commands(panel) == ["abstract Radiographics 2001;21:927"]


@on_shared
@pytest.mark.parametrize("reference", [f"https://doi.org/{DOI}", DOI, "J Invent Imaging 2025;12:11"])
@pytest.mark.parametrize("command", ["abstract", "article", "cite", "search", "export search"])
async def test_words_behind_a_reference_are_said_to_be_left_out(
    shared: Community, command: str, reference: str
) -> None:
    answer = await shared.ask(f"!{command} {reference} nice paper on facet joints")

    assert shows_it(answer)
    assert says(answer, "nice paper on facet joints")
    assert "share" in commands(answer)


async def test_a_comment_is_no_style(here: Community) -> None:
    plain = await here.ask(f"!cite https://doi.org/{DOI} nice paper apa")

    assert says(plain, "APA", "nice paper")


@pytest.mark.parametrize(
    ("typed", "comment"),
    [
        (f"https://doi.org/{DOI} nice paper on facet joints", "nice paper on facet joints"),
        (f"https://pubs.example.org/doi/abs/{DOI}\nnice paper", "nice paper"),
        (f"nice paper: https://doi.org/{DOI}", "nice paper"),
        ("http://jii.example.org/content/12/3/11.full nice paper", "nice paper"),
        (f"{CITATION} nice paper", "nice paper"),
        (f"Example AB. Phantom findings. {CITATION}.\nnice paper", "nice paper"),
        (CITATION, ""),
    ],
)
async def test_a_shared_link_or_citation_may_have_a_comment(
    here: Community, typed: str, comment: str
) -> None:
    [card] = [each for each in await here.say(f"!share {typed}") if each.embeds]

    assert card.embed.title == TITLE
    assert people(card.content) == [here.reader.id]
    assert card.content.splitlines()[1:] == ([f"> {comment}"] if comment else [])


@pytest.mark.parametrize("comment", ["", "really"])
async def test_the_form_takes_a_link_with_its_comment(here: Community, comment: str) -> None:
    more: dict[str, Any] = {"comment": comment} if comment else {}
    await here.slash("share", reference=f"https://doi.org/{DOI} nice", **more)

    [card] = [each for each in here.posts() if each.embeds]
    assert card.content.splitlines()[1:] == ["> nice", *([f"> {comment}"] if comment else [])]


async def test_in_a_reply_a_citation_within_the_comment_changes_nothing(here: Community) -> None:
    await here.reader.send(here.papers, f"Have you seen {DOI}?")
    said = here.world.messages(here.papers)[-1]

    [card] = [each for each in await here.say("!share as in Pain 2001;12:34", reply_to=said) if each.embeds]

    assert card.embed.title == TITLE
    assert card.content.splitlines()[1:] == ["> as in Pain 2001;12:34"]


@pytest.mark.parametrize(
    "text", [f"Have you seen {CITATION}? It is odd.", "see http://jii.example.org/content/12/3/11"]
)
async def test_a_reply_to_a_message_with_a_citation_shows_its_article(here: Community, text: str) -> None:
    await here.reader.send(here.papers, text)
    said = here.world.messages(here.papers)[-1]

    assert (await here.ask("!abstract", reply_to=said)).embed.title == TITLE


@pytest.mark.parametrize("words", ["2024", "phantom 2:1", "12345"])
async def test_words_and_short_numbers_are_searched(here: Community, words: str) -> None:
    panel = await here.ask(f"!search {words}")

    assert words in text_of(panel)
    assert here.server.requests_to(MATCH) == []


async def test_export_without_search_names_the_command_that_works(here: Community) -> None:
    panel = await here.ask(f"!export {DOI} bibtex")

    assert commands(panel)[-1] == f"export search {DOI} bibtex"


async def test_a_moderator_asks_by_citation_why_an_article_was_not_posted(here: Community) -> None:
    await here.watch("jii", newest=3)

    panel = (await here.slash("feed why", by=here.moderator, article=CITATION)).message
    unknown = (await here.slash("feed why", by=here.moderator, article="J Invent Imaging 12:999")).message

    assert TITLE in " ".join([*headings(panel), text_of(panel)])
    assert says(unknown, "no source")
