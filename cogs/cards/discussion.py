"""The discussion of an article: a thread under its post, opened by the first member who asks."""

from datetime import date

import discord

from cogs.cards.links import linked_title
from cogs.cards.names import discussion_name
from cogs.kit import colours
from cogs.kit.context import Interaction
from cogs.kit.panels import Panel, text
from cogs.kit.presses import actions_of, answer
from wetread.domain.models import Article
from wetread.services.article_actions import ArticleActions

_HAS_THREAD_ALREADY = 160004
_LONGEST_TITLE = 250


def can_discuss(channel: object) -> bool:
    """Return whether Wetread may open threads under its posts in `channel`; not in a thread or forum."""
    if not isinstance(channel, discord.TextChannel):
        return False
    may = channel.permissions_for(channel.guild.me)
    return may.create_public_threads and may.send_messages_in_threads


def first_line(article: Article) -> str:
    """Return the first message of the discussion."""
    return (
        f"Discussion of {linked_title(article.record, _LONGEST_TITLE)}. Please do not post patient details."
    )


async def discuss(interaction: Interaction, article: Article) -> None:
    """Open the thread under the post, or link to it."""
    message = interaction.message
    if message is None or not can_discuss(interaction.channel):
        await answer(interaction, view=forbidden())
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    if not message.flags.has_thread:
        try:
            await open_discussion(message, article, actions_of(interaction))
        except discord.Forbidden:
            await answer(interaction, view=forbidden())
            return
    # A message's thread has the message's id.
    await answer(interaction, content=f"The discussion is here: <#{message.id}>")


async def open_discussion(
    message: discord.Message | discord.PartialMessage, article: Article, actions: ArticleActions
) -> None:
    """Open the thread of a post, with its first line; does nothing if it has one.

    Raises discord.HTTPException. A message's thread has the message's id.
    """
    thread = await open_thread(message, article, actions.today())
    if thread is not None:
        await write_first_line(thread, thread.id, article)
        await actions.note_discussion(message.id, thread.id)


async def open_thread(
    message: discord.Message | discord.PartialMessage, article: Article, today: date
) -> discord.Thread | None:
    """Open the thread of a post; None if it has one. Raises discord.HTTPException."""
    try:
        return await message.create_thread(name=discussion_name(article.record, today))
    except discord.HTTPException as error:
        if error.code != _HAS_THREAD_ALREADY:
            raise
        return None


async def write_first_line(thread: discord.abc.Messageable, thread_id: int, article: Article) -> None:
    """Write the first message of a discussion; a second try after a lost answer writes no second one."""
    await thread.send(
        first_line(article),
        suppress_embeds=True,
        nonce=f"wr-t-{thread_id:x}",
        allowed_mentions=discord.AllowedMentions.none(),
    )


def forbidden() -> Panel:
    """Build the answer where Wetread cannot open threads."""
    return Panel(
        colours.AMBER,
        text(
            "**Wetread cannot open threads here.**",
            "A moderator can allow *Create Public Threads* and *Send Messages in Threads* "
            "for the Wetread role.",
        ),
    )
