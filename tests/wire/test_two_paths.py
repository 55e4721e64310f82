"""People see the same in the Discord in memory and in the one over sockets."""

from pathlib import Path

from tests.support import sample_bot
from tests.support.discord_world import World, open_world
from tests.support.seen import Seen
from tests.wire.conftest import StartBot
from tests.wire.server import DiscordServer
from tests.wire.world import WireWorld


async def story(world: World | WireWorld) -> list[str]:
    """Use every feature of the bot, and return what people see."""
    seen: list[Seen] = []
    seen += await world.say(world.papers, "!echo hello")
    seen += (await world.slash(world.papers, "echo", text="again")).messages
    [card] = await world.say(world.papers, "!card 7")
    seen += [card, *(await world.press(card, "Save")).messages]
    seen += (await world.select(card, ["2"])).messages
    shown = await world.slash(world.papers, "form")
    seen += (await world.submit(shown, {"line": "a thought"})).messages
    seen += (await world.slash(world.papers, "slow")).messages
    seen += await world.say(world.papers, "!panel")
    seen += await world.say(world.papers, "!shelve A title")
    told = [f"{message.is_private} {message.kind} {message.attachments} {message.text}" for message in seen]
    told += [
        f"{name}: {value}" for name, value in await world.autocomplete(world.papers, "echo", "text", "x")
    ]
    told += [thread.name or "" for thread in world.threads(world.forum)]
    return told


async def test_people_see_the_same_in_memory_and_over_sockets(
    server: DiscordServer, start_bot: StartBot
) -> None:
    await start_bot(script=Path(sample_bot.__file__))
    over_sockets = await story(server.world)

    async with open_world(lambda _clock: sample_bot.create_bot()) as world:
        in_memory = await story(world)

    assert over_sockets == in_memory
