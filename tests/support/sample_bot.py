"""A small bot that uses each feature of Discord that Wetread uses; it tests the stand-ins for Discord.

As a script it logs in like any bot, so that tests can run it as a process against the server in tests/wire.
"""

import asyncio
import io
import logging
import os
import signal
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands, tasks

POST_EVERY = 300.0  # seconds

log = logging.getLogger(__name__)


Button = discord.ui.Button[discord.ui.View]


class SaveButton(discord.ui.DynamicItem[Button], template=r"save:(?P<number>\d+)"):
    """A button that still works after a restart: everything it needs is in its custom_id."""

    def __init__(self, number: int) -> None:
        super().__init__(Button(label="Save", custom_id=f"save:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: Any, /
    ) -> "SaveButton":
        return cls(int(match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"Saved {self.number}.", ephemeral=True)


class Form(discord.ui.Modal, title="A form"):
    """A form with one line of text."""

    line: discord.ui.TextInput["Form"] = discord.ui.TextInput(label="Your line", custom_id="line")

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"You wrote: {self.line.value}")


class Menu(discord.ui.Select[discord.ui.View]):
    """A menu with two choices; the message then says which one was chosen."""

    def __init__(self) -> None:
        options = [discord.SelectOption(label="One", value="1"), discord.SelectOption(label="Two", value="2")]
        super().__init__(custom_id="menu", options=options)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(content=f"Chosen: {self.values[0]}")


class Samples(commands.Cog):
    """One command for each feature that a stand-in must have."""

    def __init__(self, bot: commands.Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.post.start()

    async def cog_unload(self) -> None:
        self.post.cancel()

    @tasks.loop(seconds=POST_EVERY)
    async def post(self) -> None:
        """Post into every #papers, except at the start."""
        if self.post.current_loop:
            for channel in self.bot.get_all_channels():
                if channel.name == "papers" and isinstance(channel, discord.TextChannel):
                    await channel.send(embed=discord.Embed(title=f"Post {self.post.current_loop}"))

    @post.before_loop
    async def ready(self) -> None:
        await self.bot.wait_until_ready()

    @commands.hybrid_command()  # type: ignore[arg-type]  # mypy does not infer the Cog through the ParamSpec
    async def echo(self, ctx: commands.Context[Any], *, text: str) -> None:
        """Repeat what was typed."""
        await ctx.reply(embed=discord.Embed(title="Echo", description=text), mention_author=False)

    @echo.autocomplete("text")
    async def texts(
        self, _interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}!", value=typed)]

    @commands.command()
    async def card(self, ctx: commands.Context[Any], number: int) -> None:
        """A message with a button, a link and a menu."""
        view = discord.ui.View(timeout=None)
        view.add_item(SaveButton(number))
        view.add_item(discord.ui.Button(label="Read", url="https://example.org/"))
        view.add_item(Menu())
        await ctx.send(f"Card {number}", view=view)

    @commands.command()
    async def panel(self, ctx: commands.Context[Any]) -> None:
        """A message in components v2."""
        view = discord.ui.LayoutView()
        view.add_item(discord.ui.Container(discord.ui.TextDisplay("### A panel")))
        await ctx.send(view=view)

    @app_commands.command()
    async def form(self, interaction: discord.Interaction[Any]) -> None:
        """Show a form."""
        await interaction.response.send_modal(Form())

    @app_commands.command()
    async def slow(self, interaction: discord.Interaction[Any]) -> None:
        """Defer the answer, then send a file."""
        await interaction.response.defer(ephemeral=True)
        file = discord.File(io.BytesIO(b"TY  - JOUR\n"), filename="citation.ris")
        await interaction.followup.send("Here it is.", file=file, ephemeral=True)

    @commands.command()
    async def discuss(self, ctx: commands.Context[Any], how: str = "once") -> None:
        """Open a thread under a message, write into it, edit and pin the message."""
        message = await ctx.send("A subject")
        thread = await message.create_thread(name="Discussion")
        if how == "twice":
            await message.create_thread(name="Discussion")
        await thread.send("The first word")
        await message.edit(content="A subject, discussed")
        await message.pin()

    @commands.command()
    async def shelve(self, ctx: commands.Context[Any], *, title: str) -> None:
        """Make a forum post."""
        assert ctx.guild is not None
        forum = discord.utils.get(ctx.guild.forums, name="library")
        assert forum is not None
        tags = forum.available_tags[:1]
        created = await forum.create_thread(name=title, embed=discord.Embed(title=title), applied_tags=tags)
        await ctx.send(f"Shelved as {created.thread.name} / {created.message.id == created.thread.id}")

    @commands.command()
    async def publish(self, ctx: commands.Context[Any]) -> None:
        """Publish in an announcement channel."""
        await (await ctx.send("News")).publish()

    @commands.command()
    async def deliver(self, ctx: commands.Context[Any], nonce: str) -> None:
        """Send with a nonce until Discord answers, as the outbox does."""
        for _ in range(3):
            try:
                await ctx.send("Delivered", nonce=nonce)
            except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
                log.info("deliver: %s", type(error).__name__)
            else:
                return


class SampleBot(commands.Bot):
    """The bot with its commands."""

    async def setup_hook(self) -> None:
        await self.add_cog(Samples(self))
        self.add_dynamic_items(SaveButton)
        await self.tree.sync()


def create_bot(**client_kwargs: Any) -> SampleBot:
    """Return a new bot; bots share no state."""
    intents = discord.Intents.default()
    intents.message_content = True
    return SampleBot(
        command_prefix="!", intents=intents, allowed_mentions=discord.AllowedMentions.none(), **client_kwargs
    )


async def main() -> None:
    """Run until SIGTERM."""
    discord.utils.setup_logging(level=logging.INFO)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    heartbeat_timeout = float(os.environ.get("HEARTBEAT_TIMEOUT", "60"))
    async with create_bot(heartbeat_timeout=heartbeat_timeout) as bot:
        running = asyncio.create_task(bot.start(os.environ["DISCORD_TOKEN"]))
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()


if __name__ == "__main__":
    asyncio.run(main())
