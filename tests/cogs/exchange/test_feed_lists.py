"""Moderators take lists of feeds out and bring them in, in both forms, after a preview."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.feeds import feed_of
from tests.cogs.community import Community, open_community
from tests.support.discord_stage import Person
from tests.support.facts import says
from tests.support.seen import Answer, Seen
from wetread.domain.changes import ChangedBy
from wetread.domain.errors import WordsForgottenError
from wetread.domain.models import DestinationKind
from wetread.feeds.feed_lists import read_list
from wetread.services.exchange import Adding


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


def publish(here: Community, path: str, key: str = "onpp") -> str:
    """Serve a feed that the catalogue does not know, and return its address."""
    body, content_type = feed_of(here.journal(key), here.library.out(here.journal(key)), "http://x/")
    here.server.publish(path, body, content_type=content_type)
    return here.server.url(path)


def opml(*feeds: tuple[str, str], folder: str = "") -> bytes:
    lines = "".join(f'<outline type="rss" text="{name}" xmlUrl="{url}"/>' for name, url in feeds)
    around = f'<outline text="{folder}">{lines}</outline>' if folder else lines
    return f'<opml version="2.0"><head/><body>{around}</body></opml>'.encode()


async def bring(here: Community, body: bytes, *, by: Person | None = None, **options: Any) -> Answer:
    """Use `/feed import` with a file."""
    return await here.slash("feed import", by=by or here.moderator, file=("list.opml", body), **options)


async def start(here: Community, shown: Answer | Seen, by: Person | None = None) -> Seen:
    """Press Start, and return the panel as it then is."""
    message = shown.message if isinstance(shown, Answer) else shown
    return (await here.world.press(message, "Start", by=by or here.moderator)).message


def number_of_offer(shown: Answer) -> int:
    button = next(part for part in shown.message.parts if part.get("label") == "Start")
    return int(button["custom_id"].rpartition(":")[2])


async def names(here: Community) -> dict[str, int]:
    found = await here.services.subscriptions.of_guild(here.world.guild.id)
    return {each.subscription.name: each.subscription.channel_id for each in found}


async def test_a_list_is_shown_first_and_added_after_start(here: Community) -> None:
    club = here.world.club
    body = opml(
        ("One", publish(here, "/a.xml")), ("Two", publish(here, "/b.xml", "jii")), folder="journal-club"
    )
    shown = await bring(here, body)

    assert says(shown.text, "2 feeds", "would be added", "Nothing is added yet")
    assert f"<#{club.id}>: 2: One, Two" in shown.text
    assert await names(here) == {}
    assert here.server.requests == []

    done = await start(here, shown)
    await here.pass_time(60)
    assert says(done.text, "2 feeds added")
    assert done.buttons == []
    assert await names(here) == {"One": club.id, "Two": club.id}
    assert here.posts(club) == []


@pytest.mark.row("S38")
async def test_what_cannot_be_added_is_named_with_its_reason_and_tried_again(here: Community) -> None:
    good = publish(here, "/a.xml")
    body = opml(
        ("Good", good),
        ("Twin", good),
        ("Gone", here.server.url("/gone.xml")),
        ("Private", "http://169.254.169.254/latest/meta-data"),
        ("Local", "file:///etc/passwd"),
        ("Nothing", ""),
    )
    here.server.answer("/gone.xml", 404, b"no")
    shown = await bring(here, body)
    assert says(shown.text, "3 feeds", "Twice", "Twin", "Without an address", "Local", "Nothing")

    done = await start(here, shown)
    assert says(done.text, "1 feed added", "2 feeds not added")
    assert says(done.text, "Gone: is no longer at this address", "Private: could not be reached")
    assert "169.254" not in done.text

    publish(here, "/gone.xml", "jii")
    again = (await here.world.press(done, "Try again", by=here.moderator)).message
    assert says(again.text, "2 feeds", "Already here", "Good")
    assert says((await start(here, again)).text, "1 feed added")
    assert set(await names(here)) == {"Good", "Gone"}


@pytest.mark.row("S38")
@pytest.mark.parametrize(
    "body",
    [b"", b"<html/>", b'<!DOCTYPE o [<!ENTITY a "b">]><opml/>', b"x" * 1_000_001],
)
async def test_a_file_that_is_no_list_is_refused_in_words(here: Community, body: bytes) -> None:
    answer = await bring(here, body)
    assert says(answer.text, "This file", "Please export")
    assert answer.message.buttons == []


async def test_typed_with_a_file_the_preview_opens_privately(here: Community) -> None:
    url = publish(here, "/a.xml")
    said = await here.moderator.send(
        here.papers, "!feed import #journal-club", attachments=[("list.opml", opml(("One", url)))]
    )
    [offer] = [each for each in here.posts() if each.id > said.id]
    assert offer.buttons == ["Open"]
    assert "127.0.0.1" not in offer.text
    shown = (await here.world.press(offer, "Open", by=here.moderator)).message
    await start(here, shown)
    assert await names(here) == {"One": here.world.club.id}

    without = await here.order("!feed import")
    assert says(without, "no file", "attach")


async def test_only_moderators_import_export_and_press_start(here: Community) -> None:
    shown = await bring(here, opml(("One", publish(here, "/a.xml"))))
    for command in ("!feed import", "!feed export"):
        assert says((await here.ask(command, by=here.reader)).text, "moderator")
    assert shown.message.buttons == ["Start", "Cancel"]
    gone = (await here.world.press(shown.message, "Cancel", by=here.moderator)).message
    assert says(gone.text, "Nothing was added")
    assert await names(here) == {}


@pytest.mark.row("F80")
async def test_buttons_work_after_a_restart(here: Community) -> None:
    shown = await bring(here, opml(("One", publish(here, "/a.xml"))))
    await here.world.restart()
    await start(here, shown)
    assert set(await names(here)) == {"One"}


async def test_an_export_names_each_feed_under_its_channel_and_no_key(here: Community) -> None:
    assert says((await here.slash("feed export", by=here.moderator)).text, "no feeds here")
    await here.watch("jii", "onpp")
    secret = publish(here, "/feed/9f8e7d6c5b4a39281706f5e4d3c2b1a0/rss.xml")
    await here.order(f"!feed add {secret} 0")

    answer = await here.slash("feed export", by=here.moderator)
    assert answer.message.attachments == ("invented-radiology.opml",)
    assert says(answer.text, "2 feeds", "Left out", "key")
    [written] = (await here.world.files(answer.message)).values()
    found = read_list(written).feeds
    assert [feed.folder for feed in found] == ["papers", "papers"]
    assert "9f8e7d6c" not in str(found)

    shown = await bring(here, written)
    assert says(shown.text, "0 feeds", "Already here", "2:")
    assert shown.message.buttons == []


async def test_an_export_of_monitorss_goes_to_the_channels_that_it_names(here: Community) -> None:
    url = publish(here, "/a.xml")
    club = here.world.club.id
    body = (
        f'{{"feeds": [{{"title": "One", "url": "{url}", "channel": "{club}", "disabled": true}}]}}'.encode()
    )
    await start(here, await bring(here, body))
    [only] = await here.services.subscriptions.of_guild(here.world.guild.id)
    assert only.subscription.channel_id == club
    assert only.subscription.paused_at is not None


async def test_an_import_can_be_stopped_and_goes_on_where_it_ended(here: Community) -> None:
    feeds = [(f"Feed {number}", publish(here, f"/{number}.xml")) for number in range(8)]
    shown = await bring(here, opml(*feeds))
    exchange, guild = here.services.exchange, here.world.guild.id
    number = number_of_offer(shown)

    async def stop(adding: Adding) -> None:
        adding.is_stopped = adding.done > 0

    by = ChangedBy(here.moderator.id, "mo.derator", "feed import")
    adding = await exchange.add(guild, number, by, lambda _id: DestinationKind.TEXT, stop)
    assert 0 < adding.done < 8
    assert exchange.running(guild) is None

    panel = await here.services.exchange.sort(guild, await exchange.offer(guild, number))
    assert len(panel.already) == adding.done
    assert says((await start(here, shown)).text, f"{8 - adding.done} feeds added")


async def test_an_offer_belongs_to_its_server(here: Community) -> None:
    shown = await bring(here, opml(("One", "https://a.example/")))
    number = number_of_offer(shown)
    with pytest.raises(WordsForgottenError):
        await here.services.exchange.offer(here.world.guild.id + 1, number)
