"""Undo a change after a press: ask where it has effects, do it, and say what is so again."""

import discord

from cogs.feeds.panels import FORM_WORDS
from cogs.feeds.starting import usable_channel
from cogs.history.change_words import change_title, obstacle_words, put_back_words, undone_words
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import NotAModeratorError, moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import code, safe, safe_cut
from cogs.kit.open_panel import OpenPanelButton
from cogs.kit.panels import Panel, notice, rows, small, text
from cogs.kit.presses import NUMBER, NoLongerWorksError, PersistentButton, answer
from cogs.kit.timestamps import date_only, date_time
from cogs.posting.permissions import PostableChannel
from wetread.domain.changes import Change, NewChange, Value
from wetread.domain.models import Form
from wetread.domain.undoing import Effect, columns_of, effect_of
from wetread.storage.undoing import Prospect

_LONGEST_NAME = 100


class UndoChangeButton(
    PersistentButton, template=rf"wetread:change:(?P<step>ask|do):(?P<change_id>{NUMBER})"
):
    """Undoes a change, after a question where that has effects."""

    def __init__(self, step: str, change_id: int, label: str = "Undo", *, is_prominent: bool = False) -> None:
        super().__init__(label, f"wetread:change:{step}:{change_id}", is_prominent=is_prominent)
        self.step = step
        self.change_id = change_id

    async def pressed(self, interaction: Interaction) -> None:
        """Undo it, or ask first."""
        await undo_change(interaction, self.change_id, is_asked=self.step == "do")


async def undo_change(interaction: Interaction, change_id: int, *, is_asked: bool) -> None:
    """Undo a change, or ask first; `is_asked`: the moderator said yes. Raises as `ChangeHistory.undo`."""
    member = await moderator_of(interaction)
    history = interaction.client.services.history
    prospect = await history.prospect(member.guild.id, change_id)
    if prospect is None:
        raise NoLongerWorksError
    new = prospect.change.new
    if "moderator_role_id" in columns_of(new) and not member.guild_permissions.manage_channels:
        raise NotAModeratorError("Choosing who moderates")
    if prospect.obstacle is not None:
        await interaction.response.edit_message(view=_cannot(prospect))
        return
    channel_id = _channel_used(new)
    if channel_id is not None and not await _can_use(interaction, member, channel_id):
        return
    if not is_asked and (effect_of(new) is not None or prospect.later is not None):
        await interaction.response.edit_message(view=_question(prospect))
        return
    await interaction.response.defer()
    undone = await history.undo(member.guild.id, change_id, pressed_by(member, "history"))
    if undone is None:
        current = await history.prospect(member.guild.id, change_id)
        panel = notice("Nothing was changed.") if current is None else _cannot(current)
    else:
        panel = _done(undone)
    await interaction.edit_original_response(view=panel)


async def _can_use(interaction: Interaction, member: discord.Member, channel_id: int) -> bool:
    """Whether articles can be posted there; if not, that is answered."""
    if not isinstance(member.guild.get_channel_or_thread(channel_id), PostableChannel):
        said = notice(
            "This cannot be undone: its channel was deleted, or Wetread cannot see it.",
            f"To post to another channel: {code('/feed move')} or {code('/feed add')}.",
        )
        await answer(interaction, view=said)
        return False
    return await usable_channel(interaction, member, channel_id) is not None


def _channel_used(new: NewChange) -> int | None:
    """Return the channel to which undoing a change lets something post."""
    channel: Value = None
    if effect_of(new) is Effect.ADDS or "channel_id" in columns_of(new):
        channel = new.before.get("channel_id")
    return channel if isinstance(channel, int) else None


def _question(prospect: Prospect) -> Panel:
    change, later = prospect.change, prospect.later
    new = change.new
    name = safe(new.name[:_LONGEST_NAME])
    place, form = f"<#{new.before.get('channel_id')}>", new.before.get("form")
    since = date_only(change.at)
    colour = colours.TEAL
    match effect_of(new):
        case Effect.ADDS:
            title, label, is_prominent = f"Add {name} again?", "Add it again", True
            words = (
                f"It would post to {place}, as “{FORM_WORDS[Form(str(form))]}”, from the next article on. "
                f"Nothing old is posted: articles since {since} count as seen."
            )
        case Effect.REMOVES:
            title, label, is_prominent = f"Remove {name} again?", "Remove it", False
            words = "It stops posting. Its posts stay. Articles that are scheduled are not posted."
        case Effect.RESUMES:
            title, label, is_prominent = f"Resume {name}?", "Resume it", True
            words = f"It posts again from the next article on. Articles since {since} count as seen."
        case Effect.PAUSES:
            title, label, is_prominent = f"Pause {name} again?", "Pause it", False
            words = "Nothing of it is posted until somebody resumes it."
        case None:
            title, label, is_prominent = "This was changed once more since.", "Put it back", False
            words, colour = f"Undo puts back: {put_back_words(new)}.", colours.AMBER
    if later is not None:
        by = safe_cut(later.by.name, 60)
        words += f" The later change by {by}, {date_time(later.at)}, is lost then."
    buttons = [
        UndoChangeButton("do", change.id, label, is_prominent=is_prominent),
        _all_changes("Leave it"),
    ]
    return notice(title, words, colour=colour, buttons=buttons)


def _done(undone: Change) -> Panel:
    by = small(f"Undone by {safe_cut(undone.by.name, 60)}, {date_time(undone.at)}")
    can_undo = bool(undone.new.after)
    buttons = [UndoChangeButton("ask", undone.id, "Undo this")] if can_undo else []
    return Panel(colours.NEUTRAL, text(undone_words(undone.new), by), *rows([*buttons, _all_changes()]))


def _cannot(prospect: Prospect) -> Panel:
    assert prospect.obstacle is not None  # noqa: S101  # the callers have looked
    reason = obstacle_words(prospect.change, prospect.obstacle)
    return notice(
        change_title(prospect.change.new), reason[0].upper() + reason[1:] + ".", buttons=[_all_changes()]
    )


def _all_changes(label: str = "All changes") -> OpenPanelButton:
    return OpenPanelButton("history", label=label, is_prominent=False)
