"""A Discord in memory for the tests of the cogs: the only file of their layer that knows simcord.

    async with open_world(factory) as world:
        answers = await world.say(world.papers, "!abstract 10.5555/example.1")
        assert answers[0].embed.title

Between the bot and this world no socket is opened: discord.py's HTTP client and gateway are replaced by
simcord, everything else of discord.py is real. Not to be tested here, because simcord does not have it:
429 and 5xx retries, RESUME, `enforce_nonce`. `tests/wire/` has them.

**Time.** It is 2026-01-01 when the world opens, and moves only by `pass_time()`. The factory is given the
world's clock; hand it to everything that asks for the time, or two times mix. `asyncio.sleep`, loops of
`discord.ext.tasks` and time-outs of views follow the world's time by themselves.

**Settling.** Each action returns when the bot has nothing left to do. A task of the bot that waits for ever
on an `asyncio.Event` or `Queue` counts as busy and ends in a TimeoutError: wait in a `tasks.loop`.

**Errors** that a command raised and that are not of `expected_errors` fail the test when the world closes,
unless the test has read `world.errors`.
"""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import discord
import simcord
from discord import app_commands
from discord.ext import commands
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from simcord.results import to_discord_message

from tests.discord_rules import RuledBackend
from tests.seen import Answer, Seen
from wetread.clock import Clock
from wetread.errors import WetreadError

Channel = simcord.ChannelHandle
Person = simcord.MemberActor
BotFactory = Callable[[Clock], commands.Bot | Awaitable[commands.Bot]]

OPENED_AT = datetime(2026, 1, 1, tzinfo=UTC)
EXPECTED_ERRORS: tuple[type[BaseException], ...] = (
    WetreadError,
    commands.UserInputError,
    commands.CheckFailure,
    commands.CommandOnCooldown,
    app_commands.CheckFailure,
    app_commands.CommandOnCooldown,
    app_commands.TransformerError,
)
ORDINARY_MESSAGES = (0, 19, 20, 23)  # said, replied, answered by a command or a context menu


class World:
    """One server with its channels, a moderator, a reader and the bot. Made by `open_world`."""

    def __init__(self, env: simcord.Env, factory: BotFactory, clock: Clock) -> None:
        self.env = env
        self.clock = clock
        self._factory = factory
        self.guild = env.create_guild("Invented Radiology")
        moderators = self.guild.create_role(
            "Moderators", permissions=discord.Permissions(manage_channels=True)
        )
        self.moderator = self.guild.add_member(env.create_user("mo.derator"), roles=[moderators])
        self.reader = self.guild.add_member(env.create_user("ann.sample"))
        self.papers = self.guild.create_text_channel("papers")
        self.club = self.guild.create_text_channel("journal-club")
        self.announcements = self.guild.create_news_channel("announcements")
        self.forum = self.guild.create_forum_channel("library")
        self.thread = self.make_thread(self.club, "Interventional pain")

    @property
    def bot(self) -> commands.Bot:
        """The bot that runs now; another one after `restart`."""
        bot = self.env.bot
        assert isinstance(bot, commands.Bot)
        return bot

    @property
    def errors(self) -> list[BaseException]:
        """All that commands, listeners and tasks have raised; reading it acknowledges it."""
        return self.env.errors

    # What people do ---------------------------------------------------------------------------------

    async def say(
        self, channel: Channel, text: str, *, by: Person | None = None, reply_to: Seen | None = None
    ) -> list[Seen]:
        """Type a message; returns what the bot then posted into that channel."""
        who = by or self.reader
        said = await who.send(channel, text, reply_to=self._stored(reply_to) if reply_to else None)
        return [message for message in self.posts(channel) if message.id > said.id]

    async def slash(self, channel: Channel, name: str, *, by: Person | None = None, **options: Any) -> Answer:
        """Use a slash command ("feed add"); options that name a channel or person take the handles."""
        return self._answer(await (by or self.reader).slash(channel, name, **options))

    async def autocomplete(
        self, channel: Channel, name: str, option: str, text: str, *, by: Person | None = None, **filled: Any
    ) -> list[tuple[str, Any]]:
        """Type `text` into an option; returns the choices offered as (what is shown, value)."""
        offered = await (by or self.reader).autocomplete(channel, name, option, text, **filled)
        return [(choice["name"], choice["value"]) for choice in offered]

    async def context_menu(self, name: str, message: Seen, *, by: Person | None = None) -> Answer:
        """Choose a command of a message's own menu."""
        channel = self.channel(message.channel_id)
        return self._answer(await (by or self.reader).context_menu(channel, name, self._stored(message)))

    async def press(
        self,
        message: Seen,
        label: str | None = None,
        *,
        custom_id: str | None = None,
        by: Person | None = None,
    ) -> Answer:
        """Press a button, named by its label or its custom_id."""
        return self._answer(
            await (by or self.reader).click(self._stored(message), label=label, custom_id=custom_id)
        )

    async def select(
        self, message: Seen, values: Sequence[Any], *, custom_id: str | None = None, by: Person | None = None
    ) -> Answer:
        """Choose from a select menu: values of options, or channels and people for those kinds."""
        return self._answer(
            await (by or self.reader).select(self._stored(message), values, custom_id=custom_id)
        )

    async def submit(self, shown: Answer, values: dict[str, Any], *, by: Person | None = None) -> Answer:
        """Fill in and send the form that an action showed; `values` by custom_id."""
        assert isinstance(shown.source, simcord.InteractionResult)
        return self._answer(await (by or self.reader).submit_modal(shown.source, values))

    async def delete(self, message: Seen) -> None:
        """A moderator removes a message."""
        self.env.backend.delete_message(message.channel_id, message.id)
        await self.env.settle()

    # Time and the bot -------------------------------------------------------------------------------

    async def pass_time(self, seconds: float) -> None:
        """Let time pass; timers fire at their instants, in order."""
        await self.env.advance_time(seconds)

    async def settle(self) -> None:
        """Wait until the bot has nothing left to do."""
        await self.env.settle()

    async def restart(self, factory: BotFactory | None = None) -> None:
        """Stop the bot as a shutdown does and start a new one in the same world."""
        await self.env.settle()
        await self.bot.close()
        await self.env.restart_bot(await made(factory or self._factory, self.clock))

    # The server -------------------------------------------------------------------------------------

    def messages(self, channel: Channel, *, seen_by: Person | None = None) -> list[Seen]:
        """All messages, oldest first: the public ones, or what `seen_by` sees."""
        viewer = seen_by.id if seen_by else None
        stored = sorted(self.env.backend.messages.get(channel.id, {}).values(), key=lambda m: m.id)
        return [self._seen(message) for message in stored if message.visible_to(viewer)]

    def posts(self, channel: Channel) -> list[Seen]:
        """What the bot has said in a channel, oldest first; not Discord's own "started a thread"."""
        me = self.env.backend.bot_user.id
        return [m for m in self.messages(channel) if m.author_id == me and m.kind in ORDINARY_MESSAGES]

    def channel(self, channel_id: int) -> Channel:
        """The channel or thread with that id. Raises simcord's BackendError if there is none."""
        return Channel(self.env, self.guild, self.env.backend.get_channel(channel_id))

    def threads(self, channel: Channel) -> list[Channel]:
        """The threads of a channel, or the posts of a forum."""
        return channel.threads

    def make_thread(self, channel: Channel, name: str) -> Channel:
        """A thread that the moderator opens."""
        thread = self.env.backend.create_thread(channel.id, name, self.moderator.id)
        return Channel(self.env, self.guild, thread)

    def set_tags(self, forum: Channel, *names: str) -> None:
        """Give a forum its tags."""
        tags = [
            {
                "id": str(self.env.backend.snowflake()),
                "name": name,
                "moderated": False,
                "emoji_id": None,
                "emoji_name": None,
            }
            for name in names
        ]
        self.env.backend.edit_channel(forum.id, {"available_tags": tags})

    def require_tag(self, forum: Channel) -> None:
        """From now on every post of the forum needs a tag."""
        assert isinstance(self.env.backend, RuledBackend)
        self.env.backend.require_tag(forum.id)

    def forbid(self, channel: Channel, *permissions: str) -> None:
        """Take permissions from the bot in one channel ("send_messages", "read_message_history")."""
        self._overwrite(channel, discord.Permissions(**dict.fromkeys(permissions, True)).value)

    def allow_again(self, channel: Channel) -> None:
        """Undo `forbid`."""
        self._overwrite(channel, 0)

    async def other_server(self, name: str = "Another Community") -> tuple[Channel, Person]:
        """A second server with the same bot: its #papers, and its moderator."""
        guild = self.env.create_guild(name)
        role = guild.create_role("Moderators", permissions=discord.Permissions(manage_channels=True))
        moderator = guild.add_member(self.env.create_user("other.moderator"), roles=[role])
        channel = guild.create_text_channel("papers")
        await self.env.settle()
        return channel, moderator

    def transcript(self) -> str:
        """Every event and every REST call, a line each: print it when a test is a riddle."""
        return self.env.transcript()

    def _overwrite(self, channel: Channel, deny: int) -> None:
        member = self.env.backend.bot_user.id
        self.env.backend.set_overwrite(channel.id, Overwrite(member, OverwriteType.MEMBER, deny=deny))

    def _stored(self, message: Seen) -> discord.Message:
        stored = self.env.backend.get_message(message.channel_id, message.id)
        return to_discord_message(self.env, stored)

    def _seen(self, message: Any) -> Seen:
        return Seen.of(serializers.message_payload(self.env.backend, message))

    def _answer(self, result: simcord.InteractionResult) -> Answer:
        came = [*([result.response] if result.response else []), *result.followups]
        stored = [self.env.backend.get_message(message.channel_id, message.id) for message in came]
        return Answer(
            messages=tuple(self._seen(message) for message in stored),
            modal=result.modal,
            choices=tuple(result.autocomplete_choices or ()),
            source=result,
        )


@asynccontextmanager
async def open_world(
    factory: BotFactory,
    *,
    expected_errors: tuple[type[BaseException], ...] = EXPECTED_ERRORS,
    settle_timeout: float = 30.0,
) -> AsyncIterator[World]:
    """Open a world with a bot made by `factory(clock)`, ready; close both at the end.

    Raises ExceptionGroup at the end if the bot raised something unexpected that the test did not look at.
    """
    opened: list[simcord.Env] = []

    def clock() -> datetime:
        return opened[0].now() if opened else OPENED_AT

    bot = await made(factory, clock)
    env = simcord.Env(bot, settle_timeout=settle_timeout)
    env.backend = RuledBackend()
    opened.append(env)
    await env.start()
    try:
        world = World(env, factory, clock)
        await env.settle()
        yield world
        await env.settle()
    finally:
        try:
            await env.bot.close()
        finally:
            await env.shutdown()
    unexpected = [
        error
        for error in env.errors_since(env._errors_acknowledged)  # the same cursor as simcord's own fixture
        if not isinstance(root_of(error), expected_errors)
    ]
    if unexpected:
        raise BaseExceptionGroup("the bot raised what no test expected", unexpected)


async def made(factory: BotFactory, clock: Clock) -> commands.Bot:
    """Call a factory, whether or not it is a coroutine."""
    bot = factory(clock)
    return await bot if inspect.isawaitable(bot) else bot


def root_of(error: BaseException) -> BaseException:
    """What discord.py has wrapped into its CommandInvokeError and HybridCommandError."""
    original = getattr(error, "original", None)
    return root_of(original) if isinstance(original, BaseException) else error
