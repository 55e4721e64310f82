"""A Discord server with people in it: what they do and what they see, for both stand-ins for Discord.

simcord applies Discord's rules (permissions, limits, which button can be pressed); `sandbox/rules.py`
corrects some of them. `tests/support/discord_world.py` connects the bot without sockets, `tests/wire/` with
real ones.
"""

from collections.abc import Sequence
from typing import Any

import discord
import simcord
from simcord.backend import serializers
from simcord.backend.models import Message, Overwrite
from simcord.enums import OverwriteType
from simcord.results import ResponseMessage

from sandbox.rules import RuledBackend
from tests.support.seen import Answer, Seen

Channel = simcord.ChannelHandle
Person = simcord.MemberActor

ORDINARY_MESSAGES = (0, 19, 20, 23)  # ordinary, reply, answer of a command, answer of a context menu


class Stage:
    """A server with a text channel, a thread, an announcement channel, a forum, a moderator and a reader."""

    def __init__(self, env: simcord.Env) -> None:
        self.env = env
        self.guild = env.create_guild("Invented Radiology")
        self._moderators = self.guild.create_role(
            "Moderators", permissions=discord.Permissions(manage_channels=True)
        )
        self.moderator = self.guild.add_member(env.create_user("mo.derator"), roles=[self._moderators])
        self.reader = self.guild.add_member(env.create_user("ann.sample"))
        self.papers = self.guild.create_text_channel("papers")
        self.club = self.guild.create_text_channel("journal-club")
        self.announcements = self.guild.create_news_channel("announcements")
        self.forum = self.guild.create_forum_channel("library")
        self.thread = self.make_thread(self.club, "Interventional pain")

    @property
    def backend(self) -> RuledBackend:
        """Return simcord's own object for the world."""
        backend = self.env.backend
        assert isinstance(backend, RuledBackend)
        return backend

    # What people do ---------------------------------------------------------------------------------

    async def slash(self, channel: Channel, name: str, *, by: Person | None = None, **options: Any) -> Answer:
        """Use a slash command ("feed add"). A channel or person as an option is an object of simcord."""
        return self._answer(await (by or self.reader).slash(channel, name, **options))

    async def autocomplete(
        self, channel: Channel, name: str, option: str, text: str, *, by: Person | None = None, **filled: Any
    ) -> list[tuple[str, Any]]:
        """Type `text` into an option, and return the choices offered: label and value."""
        offered = await (by or self.reader).autocomplete(channel, name, option, text, **filled)
        return [(choice["name"], choice["value"]) for choice in offered]

    async def context_menu(self, name: str, message: Seen, *, by: Person | None = None) -> Answer:
        """Use a command from a message's context menu."""
        channel = self.channel(message.channel_id)
        return self._answer(await (by or self.reader).context_menu(channel, name, self._handle(message)))

    async def press(
        self,
        message: Seen,
        label: str | None = None,
        *,
        custom_id: str | None = None,
        by: Person | None = None,
    ) -> Answer:
        """Press a button, found by its label or its custom_id."""
        who = by or self.reader
        return self._answer(await who.click(self._handle(message), label=label, custom_id=custom_id))

    async def select(
        self,
        message: Seen,
        values: Sequence[Any],
        *,
        custom_id: str | None = None,
        by: Person | None = None,
    ) -> Answer:
        """Choose from a select menu: values of options, or channels or people."""
        who = by or self.reader
        return self._answer(await who.select(self._handle(message), values, custom_id=custom_id))

    async def files(self, message: Seen) -> dict[str, bytes]:
        """Download the files of a message, by name."""
        return {each.filename: await each.read() for each in self._handle(message).attachments}

    async def submit(self, shown: Answer, values: dict[str, Any], *, by: Person | None = None) -> Answer:
        """Fill in and send the form that an action opened; `values` are by custom_id."""
        assert isinstance(shown.source, simcord.InteractionResult)
        return self._answer(await (by or self.reader).submit_modal(shown.source, values))

    async def delete(self, message: Seen) -> None:
        """Let a moderator delete a message."""
        self.backend.delete_message(message.channel_id, message.id)
        await self.settle()

    async def delete_in_bulk(self, channel: Channel, *message_ids: int) -> None:
        """Let a moderator's bot delete several messages of a channel at once."""
        self.backend.bulk_delete_messages(channel.id, message_ids)
        await self.settle()

    def remove_embeds(self, message: Seen) -> None:
        """Let a moderator suppress a message's embeds."""
        nothing = {"embeds": [], "flags": message.flags | 1 << 2}
        self.backend.edit_message(message.channel_id, message.id, nothing)

    async def settle(self) -> None:
        """Wait until the bot has nothing left to do; over sockets this returns at once."""

    # What is there ----------------------------------------------------------------------------------

    def messages(self, channel: Channel, *, seen_by: Person | None = None) -> list[Seen]:
        """Return all messages, oldest first: the public ones, or those that `seen_by` can see."""
        viewer = seen_by.id if seen_by else None
        stored = sorted(self.backend.messages.get(channel.id, {}).values(), key=lambda message: message.id)
        return [self._seen(message) for message in stored if message.visible_to(viewer)]

    def posts(self, channel: Channel) -> list[Seen]:
        """Return the bot's messages in a channel, oldest first, without Discord's own "started a thread"."""
        me = self.backend.bot_user.id
        return [m for m in self.messages(channel) if m.author_id == me and m.kind in ORDINARY_MESSAGES]

    def again(self, message: Seen) -> Seen:
        """Return the message as it is now. Raises simcord's BackendError if it was deleted."""
        return self._seen(self.backend.get_message(message.channel_id, message.id))

    def channel(self, channel_id: int) -> Channel:
        """Return the channel or thread with that id. Raises simcord's BackendError if there is none."""
        return Channel(self.env, self.guild, self.backend.get_channel(channel_id))

    def threads(self, channel: Channel) -> list[Channel]:
        """Return the threads of a channel, or the posts of a forum."""
        return channel.threads

    # What the test arranges -------------------------------------------------------------------------

    def make_thread(self, channel: Channel, name: str) -> Channel:
        """Let the moderator open a thread, and return it."""
        thread = self.backend.create_thread(channel.id, name, self.moderator.id)
        return Channel(self.env, self.guild, thread)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Archive a thread, as Discord does after some days without a message; `locked`: a moderator did."""
        self.backend.archive(thread.id, locked=locked)

    async def reopen(self, thread: Channel) -> None:
        """Let a moderator open an archived thread again, and unlock it."""
        self.backend.reopen(thread.id)
        await self.settle()

    def set_tags(self, forum: Channel, *names: str) -> None:
        """Give a forum its tags."""
        fields = {"moderated": False, "emoji_id": None, "emoji_name": None}
        tags = [{"id": str(self.backend.snowflake()), "name": name, **fields} for name in names]
        self.backend.edit_channel(forum.id, {"available_tags": tags})

    def require_tag(self, forum: Channel) -> None:
        """Let the forum require a tag on every post."""
        self.backend.require_tag(forum.id)

    def forbid(self, channel: Channel, *permissions: str) -> None:
        """Take permissions from the bot in one channel ("send_messages", "read_message_history")."""
        self._overwrite(channel, discord.Permissions(**dict.fromkeys(permissions, True)).value)

    def allow_again(self, channel: Channel) -> None:
        """Undo `forbid`."""
        self._overwrite(channel, 0)

    def hide(self, channel: Channel, *permissions: str, who: Person) -> None:
        """Take permissions in a channel from one member."""
        deny = discord.Permissions(**dict.fromkeys(permissions, True)).value
        self.backend.set_overwrite(channel.id, Overwrite(who.id, OverwriteType.MEMBER, deny=deny))

    async def retire(self) -> None:
        """Take the moderator's role away."""
        self.backend.remove_member_role(self.guild.id, self.moderator.id, self._moderators.id)
        await self.settle()

    async def other_server(self, name: str = "Another Community") -> tuple[Channel, Person]:
        """Add a second server with the same bot, and return its #papers and its moderator."""
        guild = self.env.create_guild(name)
        role = guild.create_role("Moderators", permissions=discord.Permissions(manage_channels=True))
        moderator = guild.add_member(self.env.create_user("other.moderator"), roles=[role])
        channel = guild.create_text_channel("papers")
        await self.settle()
        return channel, moderator

    def transcript(self) -> str:
        """Return every event and every REST call, one per line, to print when a test fails."""
        return self.env.transcript()

    def _overwrite(self, channel: Channel, deny: int) -> None:
        member = self.backend.bot_user.id
        self.backend.set_overwrite(channel.id, Overwrite(member, OverwriteType.MEMBER, deny=deny))

    def _handle(self, message: Seen) -> ResponseMessage:
        return ResponseMessage(self.env, self.backend.get_message(message.channel_id, message.id))

    def _seen(self, message: Message) -> Seen:
        return Seen.of(serializers.message_payload(self.backend, message))

    def _answer(self, result: simcord.InteractionResult) -> Answer:
        came = [*([result.response] if result.response else []), *result.followups]
        stored = [self.backend.get_message(message.channel_id, message.id) for message in came]
        return Answer(
            messages=tuple(self._seen(message) for message in stored),
            modal=result.modal,
            choices=tuple(result.autocomplete_choices or ()),
            source=result,
        )
