"""The Discord client: its intents and permissions, the cogs it loads, how it stops."""

import asyncio
import hashlib
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
from discord.ext import commands

from cogs import EXTENSIONS
from cogs.lean_cache import LeanCache
from wetread.domain.errors import StorageError, StorageFailedError
from wetread.domain.models import Article
from wetread.operations.config import Config
from wetread.services.services import Services
from wetread.storage import bot_state

log = logging.getLogger(__name__)

LONGEST_WAIT = 30.0
"""Seconds that a request waits at most when Discord limits the rate; a longer wait fails (faults.md A17)."""

Content = dict[str, Any]
"""What is sent, as keyword arguments of discord.py's `send`."""

DrawPanel = Callable[[discord.Guild, int], Awaitable[Content]]
"""Draws a panel of a server, about the thing with that number."""

AnswerError = Callable[[discord.Interaction[Any], Exception], Awaitable[None]]
"""Answers a press that ended in an error."""

ShowToAll = Callable[[discord.Interaction[Any], Article], Awaitable[discord.ui.LayoutView]]
"""Posts an article's card where a button was pressed, once; returns what the member is told."""

PersistentItem = type[discord.ui.DynamicItem[Any]]


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What Wetread lacked when it answered a command; `held` are its permissions there then, None = unknown.

    `missing` are names of discord.py, such as "embed_links".
    """

    missing: tuple[str, ...]
    held: discord.Permissions | None


PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    manage_threads=True,  # an abstract that comes late is edited into posts of archived threads
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
"""The permissions that Wetread needs on a server; the invite link asks for exactly these."""


class Wetread(commands.Bot):
    """The bot. `services` is there from `setup_hook` on, before the gateway opens.

    Cogs fill in what buttons of other rooms need: `panels` by name, `answer_error`, `show_to_all`, and
    their own buttons with `add_persistent_items`.
    """

    services: Services
    panels: dict[str, DrawPanel]
    answer_error: AnswerError
    show_to_all: ShowToAll

    def __init__(
        self, config: Config, open_services: Callable[[], Awaitable[Services]], **client_kwargs: Any
    ) -> None:
        """Take the configuration and the way to open the services; `client_kwargs` go to discord.py."""
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        intents.message_content = config.discord.has_message_content
        defaults: dict[str, Any] = {
            "intents": intents,
            "help_command": None,
            "allowed_mentions": discord.AllowedMentions.none(),  # what feeds say pings nobody (faults.md S19)
            "member_cache_flags": discord.MemberCacheFlags.none(),
            "chunk_guilds_at_startup": False,
            "max_messages": None,
            "max_ratelimit_timeout": LONGEST_WAIT,
            "activity": discord.Activity(
                type=discord.ActivityType.watching, name=f"the journals · {config.discord.prefix}help"
            ),
        }
        prefix = commands.when_mentioned_or(config.discord.prefix)
        super().__init__(command_prefix=prefix, case_insensitive=True, **(defaults | client_kwargs))
        self.config = config
        self._open_services = open_services
        self.panels = {}
        self.hindrances: dict[int, Hindrance] = {}  # by channel, since the last answer there
        self._persistent_items: set[PersistentItem] = set()
        self.failure: Exception | None = None  # why the bot ends by itself
        self._ending: asyncio.Task[None] | None = None
        self._end = asyncio.Lock()
        self._has_ended = False

    def _get_state(self, **options: Any) -> LeanCache:
        return LeanCache(
            dispatch=self.dispatch, handlers=self._handlers, hooks=self._hooks, http=self.http, **options
        )

    async def setup_hook(self) -> None:
        """Open the services, load the cogs, send the commands to Discord if they have changed."""
        self.services = await self._open_services()
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.sync_if_changed()

    def add_persistent_items(self, *items: PersistentItem) -> None:
        """Register buttons and menus that must work after a restart."""
        self.add_dynamic_items(*items)
        self._persistent_items.update(items)

    def is_persistent(self, custom_id: str) -> bool:
        """Whether a registered button or menu answers a press on this custom_id."""
        return any(
            item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in self._persistent_items
        )

    async def sync_if_changed(self) -> bool:
        """Send the `/` commands to Discord if they have changed; return whether they were sent."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([str(self.application_id), payload], sort_keys=True, default=str)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        database = self.services.database
        if await database.run(bot_state.get, "commands") == fingerprint:
            return False
        await self.tree.sync()
        await database.run(bot_state.remember, "commands", fingerprint)
        log.info("Sent %d commands to Discord.", len(payload))
        return True

    async def on_ready(self) -> None:
        """Log the connection. Discord sends this again after a lost session (faults.md A39)."""
        log.info("Connected as %s, on %d servers.", self.user, len(self.guilds))
        if self.application_id is not None and not self.guilds:
            log.info("Invite link: %s", invite_link(self.application_id))

    def end_with(self, failure: Exception) -> None:
        """Stop, because going on would do harm; `failure` then says why."""
        self.failure = failure
        self._ending = asyncio.create_task(self.close())

    async def close(self) -> None:
        """Stop the cogs, which finish open requests, then the connection, then the services.

        A second call waits until the first has finished.
        """
        async with self._end:
            if self._has_ended:
                return
            for name in tuple(self.extensions):
                await self.unload_extension(name)
            await super().close()
            if hasattr(self, "services"):
                await self.services.close()
            self._has_ended = True

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log an error of an event. While the bot stops, the database is closed; that is no error.

        What keeps the database from working was logged when it began.
        """
        error = sys.exception()
        if isinstance(error, StorageFailedError) or (self.is_closed() and isinstance(error, StorageError)):
            log.info("Wetread could not finish %s: %s", event_method, error)
            return
        await super().on_error(event_method, *args, **kwargs)


def invite_link(application_id: int) -> str:
    """Return the address that invites the bot with exactly the permissions it needs."""
    return discord.utils.oauth_url(
        application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
    )
