"""Preprints and what they became, and the way to the full text: on the card, in the panel, by the setting."""

from dataclasses import replace

import pytest

from tests.cogs.community import Community, open_community
from tests.support import invented
from tests.support.facts import code, says
from tests.support.seen import Seen
from wetread.domain.models import Record, Relation, RelationKind
from wetread.storage import records
from wetread.storage.settings import GuildSettings

CLASSIC = invented.CLASSIC.record
PROXY = "https://login.proxy.example.edu/login?url="
PREPRINT = replace(
    CLASSIC,
    doi="10.5555/preprint.33",
    pmid=None,
    title="Contrast Flow Patterns: an Early Version",
    journal="inventedRxiv",
    types=("Preprint",),
)


async def keep(here: Community, record: Record) -> str:
    await here.services.database.run(records.save, {"PubMed": record}, here.world.clock())
    return record.doi or ""


async def shared(here: Community, record: Record) -> Seen:
    [card] = [each for each in await here.say(f"!share {await keep(here, record)}") if each.embeds]
    return card


async def test_a_posted_preprint_says_where_it_is_published_as_soon_as_that_is_known() -> None:
    async with open_community() as here:
        card = await shared(here, PREPRINT)
        link = Relation(RelationKind.HAS_PREPRINT, doi=PREPRINT.doi)
        published = await shared(here, replace(CLASSIC, relations=(link,)))
        await here.pass_time(60)
        after = here.world.again(card)
        panel = await here.ask(f"!article {PREPRINT.doi}")

    line = "**Now published in [Example Spine Imaging](https://doi.org/10.5555/esi.1998.0033).**"
    assert "Now published" not in card.text
    assert (after.embed.description or "").startswith(line)
    assert "Preprint: [inventedRxiv](https://doi.org/10.5555/preprint.33)" in published.text
    assert "**Now published in** [Example Spine Imaging](https://doi.org/10.5555/esi.1998.0033)" in panel.text


async def test_without_a_free_full_text_the_card_leads_through_the_servers_library() -> None:
    async with open_community() as here:
        before = await shared(here, CLASSIC)
        await here.choose(GuildSettings(proxy_prefix=PROXY))
        asked = await here.ask(f"!abstract {CLASSIC.doi}")
        panel = await here.ask(f"!article {CLASSIC.doi}")
        free = await here.ask("!abstract 10.5555/jii.2026.0001")

    through = f"{PROXY}https://doi.org/10.5555/esi.1998.0033"
    assert before.links == {}
    assert asked.links["Through the library"] == through
    assert panel.links["Through the library"] == through
    assert "Through the library" not in free.links
    assert "Free full text" in free.links


async def test_moderators_choose_the_library_and_the_offers() -> None:
    async with open_community() as here:
        said = await here.order(f"!feed settings on {PROXY}")
        chosen = await here.settings()
        panel = await here.opened("!feed settings")
        slash = await here.slash("feed settings", by=here.moderator, card_offers=False)
        reset = await here.slash("feed settings", by=here.moderator, reset="library’s proxy")
        after = await here.settings()

    assert says(said, "card", "library")
    assert (chosen.offers_cards, chosen.proxy_prefix) == (True, PROXY)
    assert f"**Library** `{PROXY}`" in panel.text
    assert "**Card offers** on" in panel.text
    assert says(slash, "no longer offers cards")
    assert says(reset, "library’s proxy", "standard value")
    assert (after.offers_cards, after.proxy_prefix) == (False, None)


@pytest.mark.parametrize(
    "address", ["http://proxy.example.edu/login?url=", "https://proxy.example.edu", "ftp://x/="]
)
async def test_what_is_no_proxy_is_refused_with_an_example(address: str) -> None:
    async with open_community() as here:
        said = await here.order(f"!feed settings {address}")

        assert (await here.settings()).proxy_prefix is None
    assert code(said) == ["https://login.proxy.example.edu/login?url="]
