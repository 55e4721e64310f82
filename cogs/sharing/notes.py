"""The note above a shared article: what no record says, by who shared the article or by a moderator."""

import logging
from typing import Any

import discord

from cogs.cards.share_line import NOTE_LIMIT
from cogs.client import Wetread
from cogs.kit.checks import may_moderate
from cogs.kit.context import Interaction
from cogs.kit.limits import INPUT_LABEL
from cogs.kit.panels import Panel, link_button, notice, quoted
from cogs.kit.presses import NUMBER, Modal, PersistentButton, answer, typed_into
from wetread.domain.models import Delivery
from wetread.domain.text import clean, utf16_length
from wetread.storage import deliveries, lookups

log = logging.getLogger(__name__)

NOTE_HINT = "What no record says, such as where it was presented."


class NoteForm(Modal, title="Note above a shared article"):
    """Asks for the note; an empty one is removed."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__()
        self._delivery_id = delivery.id
        note = delivery.share.note if delivery.share else None
        self.note: discord.ui.Label[Any] = discord.ui.Label(
            text="Note"[:INPUT_LABEL],
            description=f"{NOTE_HINT} Empty = no note.",
            component=discord.ui.TextInput(
                custom_id="note",
                style=discord.TextStyle.paragraph,
                max_length=NOTE_LIMIT,
                required=False,
                default=note.text if note else None,
            ),
        )
        self.add_item(self.note)

    async def submitted(self, interaction: Interaction) -> None:
        """Save it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        delivery = await interaction.client.services.database.run(deliveries.get, self._delivery_id)
        panel = await change_note(interaction.client, interaction.user, delivery, typed_into(self.note))
        await answer(interaction, view=panel)


class NoteButton(PersistentButton, template=rf"wetread:note:(?P<delivery_id>{NUMBER})"):
    """Opens the form for the note above a shared article."""

    def __init__(self, delivery_id: int, *, has_note: bool = False) -> None:
        super().__init__("Edit the note" if has_note else "Add a note", f"wetread:note:{delivery_id}")
        self.delivery_id = delivery_id

    async def pressed(self, interaction: Interaction) -> None:
        """Open the form, or say why there is none."""
        delivery = await interaction.client.services.database.run(deliveries.get, self.delivery_id)
        await open_form(interaction, delivery)


async def open_form(interaction: Interaction, delivery: Delivery | None) -> None:
    """Open the form for a note, or say why the member may not change it."""
    refusal = await _refusal(interaction.client, interaction.user, delivery)
    if delivery is None or refusal is not None:
        await answer(interaction, view=refusal or _not_shared())
    else:
        await interaction.response.send_modal(NoteForm(delivery))


async def change_note(
    bot: Wetread, member: discord.User | discord.Member, delivery: Delivery | None, text: str
) -> Panel:
    """Save the note of a shared article, "" removes it; return the answer to the member."""
    refusal = await _refusal(bot, member, delivery)
    if delivery is None or refusal is not None:
        return refusal or _not_shared()
    text = clean_note(text)
    if (too_long := note_too_long(text)) is not None:
        return too_long
    await bot.services.sharing.save_note(delivery.id, text or None, member.id)
    log.info("Member %d changed the note of delivery %d.", member.id, delivery.id)
    return notice(
        "The note is saved." if text else "The post has no note now.",
        "Wetread updates the post within a minute.",
        buttons=_buttons(delivery, has_note=bool(text)),
    )


async def note_offer(bot: Wetread, member: discord.User | discord.Member, delivery: Delivery | None) -> Panel:
    """Return the answer to a member who names a shared article and no note: a button for the form."""
    refusal = await _refusal(bot, member, delivery)
    if delivery is None or refusal is not None:
        return refusal or _not_shared()
    note = delivery.share.note if delivery.share else None
    return notice(
        f"The note is: {quoted(note.text)}" if note else "This article has no note yet.",
        f"Press the button to write it. It can have {NOTE_LIMIT} characters. An empty note is removed.",
        buttons=_buttons(delivery, has_note=note is not None),
    )


def clean_note(text: str) -> str:
    """Return the note as it is stored: its lines cleaned, without empty ones; "" if nothing is left."""
    return "\n".join(filter(None, map(clean, text.splitlines())))


def note_too_long(text: str) -> Panel | None:
    """Return the answer to a note that is too long, None if it is not."""
    length = utf16_length(text)
    if length <= NOTE_LIMIT:
        return None
    return notice(
        f"The note is too long: it has {length:,} characters, and {NOTE_LIMIT} are allowed.",
        "Nothing was changed. Please shorten it and send it again.",
    )


async def _refusal(
    bot: Wetread, member: discord.User | discord.Member, delivery: Delivery | None
) -> Panel | None:
    """Return why a member may not change the note of a delivery, None if they may."""
    if not isinstance(member, discord.Member) or delivery is None or delivery.guild_id != member.guild.id:
        return _not_shared()
    if delivery.share is None:
        return _not_shared()
    if delivery.was_deleted:
        return notice("This post was removed.", "You can share the article again with `/share`.")
    if delivery.share.user_id != member.id and not await may_moderate(bot, member):
        return notice(
            f"Only <@{delivery.share.user_id}>, who shared it, and moderators can change this note."
        )
    return None


def _not_shared() -> Panel:
    return notice(
        "No member shared this article here, so it has no place for a note.",
        "You can share an article together with a note: `/share`.",
    )


def _buttons(delivery: Delivery, *, has_note: bool) -> list[discord.ui.Item[Any]]:
    url = lookups.message_url(delivery.guild_id, delivery.channel_id, delivery.message_id or 0)
    posted = [link_button("Go to the post", url)] if delivery.message_id else []
    return [NoteButton(delivery.id, has_note=has_note), *posted]
