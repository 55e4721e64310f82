"""Citing, by message and by slash. What a press changes is in test_panels_live, styles in tests/citations."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.cogs.community import Community, on_shared, open_community
from tests.support.facts import bold, says

pytestmark = on_shared

DOI = "10.5555/jii.2026.0001"
PMID = "99003001"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Community]:
    async with open_community() as community:
        await community.watch("jii", newest=1)
        yield community


async def test_a_reference_is_ama_at_first_and_comes_with_a_warning(shared: Community) -> None:
    newcomer = shared.world.guild.add_member(shared.world.env.create_user("new.comer"))

    said = await shared.ask(f"!cite {DOI}", by=newcomer)

    assert not said.is_private
    assert "**AMA**" in said.text
    assert f"doi:{DOI}" in said.text
    assert says(said, "check it against the journal")
    assert said.buttons == ["AMA", "Vancouver", "APA", "BibTeX", "RIS file"]
    assert said.dead_buttons == ["AMA"]


@pytest.mark.parametrize(
    ("typed", "style"),
    [(f"{DOI} vancouver", "Vancouver"), (f"{PMID} APA", "APA"), (f"https://doi.org/{DOI} bibtex", "BibTeX")],
)
async def test_the_style_stands_behind_and_is_remembered(shared: Community, typed: str, style: str) -> None:
    said = await shared.ask(f"!cite {typed}")
    again = await shared.ask(f"!cite {PMID}")
    other = await shared.slash("cite", by=shared.moderator, reference=PMID, style="ama")

    assert said.dead_buttons == [style]
    assert again.dead_buttons == [style]
    assert other.message.dead_buttons == ["AMA"]


async def test_ris_comes_as_a_file(shared: Community) -> None:
    said = await shared.ask(f"!cite {DOI} ris")

    assert said.attachments == ("jii.2026.0001.ris",)


async def test_by_slash_a_reference_is_private(shared: Community) -> None:
    said = (await shared.slash("cite", reference=DOI, style="bibtex")).message

    assert said.is_private
    assert "@article{" in said.text


async def test_in_reply_to_a_card_the_style_alone_is_enough(shared: Community) -> None:
    [card] = [each for each in shared.posts() if each.embeds]

    said = await shared.ask("!cite vancouver", reply_to=card)

    assert said.dead_buttons == ["Vancouver"]
    assert (card.embed.title or "") in said.text


async def test_words_that_fit_several_offer_a_menu_and_none_pubmed(shared: Community) -> None:
    several = await shared.ask("!cite invented")
    none = await shared.ask("!cite marionettes")

    assert len(several.options) > 1
    assert "“marionettes”" in bold(none)[0]
    assert "Search PubMed" in none.buttons


async def test_titles_are_offered(shared: Community) -> None:
    offered = await shared.world.autocomplete(shared.papers, "cite", "reference", "")

    assert offered


async def test_an_outage_says_that_the_article_may_well_exist(shared: Community) -> None:
    shared.pubmed_is_down()
    said = await shared.ask("!cite 99999999")
    shared.pubmed_works()
    await shared.world.press(said, "Stop trying")

    assert says(said, "PubMed does not answer", "article may exist")


async def test_in_a_private_message_it_works_too(shared: Community) -> None:
    said = await shared.write_privately(f"!cite {DOI}")

    assert "**AMA**" in said.text
