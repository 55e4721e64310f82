"""People who misuse Wetread: to fill its disk, to explore its network, or to track its readers."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.cogs.community import Community, open_community
from tests.support.facts import channels, number_of, says

PICTURES = ("/thumb.png", "/body.png", "/enclosed.png")


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


@pytest.mark.row("S33")
async def test_s33_a_server_has_so_many_feeds_and_a_member_so_many_tries_a_minute() -> None:
    async with open_community(lookups_per_minute=3, most_feeds=1) as here:
        added = await here.order("!feed add jii 0")
        one_more = await here.order("!feed add aisi 0")
        third = await here.order(f"!feed add {here.server.url('/nothing')}")
        before = len(here.server.requests)
        refused = await here.order(f"!feed add {here.server.url('/nothing')}")
        private = (await here.slash("feed add", by=here.moderator, what=here.server.url("/nothing"))).message
        after = len(here.server.requests)
        await here.pass_time(61)
        later = await here.order("!feed add aisi #journal-club 0")

    assert channels(added) == [here.papers.id]
    for said in (one_more, later):
        assert says(said, "1 feed", "limit")
    assert says(third, "check the address")
    for said in (refused, private.text):
        assert number_of(said, "second")
    assert after == before, "what is refused asks nobody"


@pytest.mark.row("E27")
@pytest.mark.parametrize(
    "command", ["!help", "!latest", "!abstract", "!feed add jii", "!feed nothing", "!journls", "!feed"]
)
async def test_e27_a_flood_of_one_command_is_refused_once_and_then_met_with_silence(command: str) -> None:
    async with open_community(lookups_per_minute=3) as here:
        answers = [await here.say(command) for _ in range(40)]
        other = await here.say("!article 10.5555/x", by=here.moderator)
        await here.pass_time(61)
        later = await here.say(command)

    assert [len(each) for each in answers[:3]] == [1, 1, 1]
    refused = [each[0] for each in answers[3:] if each]
    assert len(refused) == (0 if command == "!journls" else 1)
    assert all(says(each, "please wait 60 seconds") for each in refused)
    assert len(other) == len(later) == 1


@pytest.mark.row("E27")
async def test_e27_a_flood_of_slash_commands_is_answered_privately_each_time() -> None:
    async with open_community(lookups_per_minute=1) as here:
        answers = [(await here.slash("help")).message for _ in range(3)]

    assert [says(each, "please wait") for each in answers] == [False, True, True]
    assert all(each.is_private for each in answers)


@pytest.mark.row("S34")
async def test_s34_whatever_is_behind_an_address_of_the_network_is_told_in_the_same_words(
    here: Community,
) -> None:
    """A closed port, an open one without HTTP, an unknown name, and an address that Wetread refuses."""

    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        writer.close()

    listening = await asyncio.start_server(speak, "127.0.0.1", 0)
    open_port = listening.sockets[0].getsockname()[1]
    passing = await asyncio.start_server(speak, "127.0.0.1", 0)
    closed_port = passing.sockets[0].getsockname()[1]
    passing.close()
    addresses = (
        f"http://127.0.0.1:{open_port}/",
        f"https://127.0.0.1:{open_port}/",
        f"http://127.0.0.1:{closed_port}/",
        "http://127.0.0.1:22/",
        "http://10.0.0.7/feed",
        "http://[fd00::1]:8080/feed",
        "http://nobody.invalid/feed",
    )

    typed = {await here.order(f"!feed add {address}") for address in addresses}
    private = {
        (await here.slash("feed add", by=here.moderator, what=address)).message.text for address in addresses
    }

    listening.close()
    await listening.wait_closed()
    await passing.wait_closed()
    assert len(typed) == len(private) == 1, typed | private
    [said] = typed
    assert says(said, "could not be reached")


@pytest.mark.row("S36")
async def test_s36_pictures_of_a_feed_are_neither_fetched_nor_shown(here: Community) -> None:
    thumb, body, enclosed = map(here.server.url, PICTURES)
    here.server.publish(
        "/feed.xml",
        f"""<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
        <title>Acta Picta</title><link>https://acta.example.org/</link>
        <image><url>{thumb}</url></image>
        <item><title>A picture of nothing</title><guid>1</guid>
          <link>https://acta.example.org/1</link>
          <description><![CDATA[<p>It shows <img src="{body}"> nothing at all.</p>]]></description>
          <media:thumbnail url="{thumb}"/><enclosure url="{enclosed}" type="image/png" length="9"/>
        </item></channel></rss>""",
    )

    await here.order(f"!feed add {here.server.url('/feed.xml')} 1")
    await here.pass_time(600)

    [card] = [post for post in here.posts() if post.embeds]
    assert card.embed.title == "A picture of nothing"
    assert (card.embed.image.url, card.embed.thumbnail.url) == (None, None)
    assert [path for path in PICTURES if here.server.requests_to(path)] == []
