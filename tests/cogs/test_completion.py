"""Data that arrives after posting appears on the card, also in an archived thread."""

from dataclasses import replace

from tests.cogs.community import Community, open_community
from tests.support import invented
from tests.support.seen import Seen
from wetread.domain.models import Record
from wetread.storage import records

CLASSIC = invented.CLASSIC.record


async def pubmed_says(here: Community, record: Record) -> None:
    """Let PubMed have this record now, and let the outbox run."""
    await here.services.database.run(records.save, {"PubMed": record}, here.world.clock())
    await here.pass_time(60)


async def shared(here: Community, record: Record, channel: object = None) -> Seen:
    await here.services.database.run(records.save, {"PubMed": record}, here.world.clock())
    said = await here.say(f"!share {record.doi}", channel=channel)  # type: ignore[arg-type]  # a Channel or None
    [card] = [message for message in said if message.embeds]
    return card


async def test_online_first_gains_volume_and_pages_when_it_is_in_an_issue() -> None:
    async with open_community() as here:
        online = replace(
            CLASSIC, volume=None, issue=None, pages=None, online_on=CLASSIC.issue_on, issue_on=None
        )
        card = await shared(here, online)
        await pubmed_says(here, CLASSIC)
        after = here.world.again(card)

    assert card.embed.author.name == "Example Spine Imaging · Online Apr\u00a01998"
    assert after.embed.author.name == "Example Spine Imaging · 12(4):33–41 · Apr\u00a01998"
    assert after.payload["edited_timestamp"]


async def test_what_no_card_shows_leaves_the_card_unedited() -> None:
    async with open_community() as here:
        card = await shared(here, CLASSIC)
        await pubmed_says(here, replace(CLASSIC, mesh=("Epidural Space",), language="eng"))
        after = here.world.again(card)

    assert not after.payload["edited_timestamp"]


async def test_an_abstract_reaches_an_archived_thread_which_is_archived_again() -> None:
    async with open_community() as here:
        thread = here.world.thread
        card = await shared(here, replace(CLASSIC, abstract=()), thread)
        here.world.archive(thread)
        await here.pass_time(3600)
        await pubmed_says(here, CLASSIC)
        after = here.world.again(card)
        is_archived = here.world.backend.get_channel(thread.id).thread_metadata.archived  # type: ignore[union-attr]  # it is a thread

    assert "Abstract\u00a0pending" in (card.embed.description or "")
    assert "Five contrast flow patterns" in (after.embed.description or "")
    assert is_archived


async def test_a_retracted_title_says_so_wherever_it_stands() -> None:
    async with open_community() as here:
        record = invented.RETRACTED.record
        card = await shared(here, record)
        answers = {
            "card": card,
            "abstract": await here.ask(f"!abstract {record.doi}"),
            "article": await here.ask(f"!article {record.doi}"),
            "search": await here.ask("!search invented tendon tears"),
            "latest": await here.ask("!latest"),
            "cite": await here.ask(f"!cite {record.doi} ama"),
        }

    missing = [name for name, answer in answers.items() if "RETRACTED: " not in answer.text]
    assert missing == []


async def test_a_concern_is_called_one_and_never_a_retraction() -> None:
    async with open_community() as here:
        record = invented.CONCERN.record
        card = await shared(here, record)
        answers = [
            card,
            await here.ask(f"!article {record.doi}"),
            await here.ask("!search invented contrast dose"),
            await here.ask("!latest"),
            await here.ask(f"!cite {record.doi} ama"),
        ]

    assert all("Expression of concern: " in answer.text for answer in answers)
    assert not any("RETRACTED" in answer.text for answer in answers)
