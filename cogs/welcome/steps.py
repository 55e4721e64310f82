"""Setting up step by step: subjects, a channel, a sample, Start. Nothing is posted before.

A custom_id of each button and menu holds all choices, so that every step works after a restart and Back keeps
what was chosen. Subjects are bits, by their place in the catalogue's list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord

from cogs.client import Content
from cogs.feeds.page_buttons import PLACES, chosen_channel
from cogs.feeds.panels import FORM_WORDS
from cogs.feeds.sample import sample_embed
from cogs.feeds.starting import usable_channel
from cogs.feeds.step_choices import Stepwise
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import ADDING, moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import safe
from cogs.kit.limits import LAYOUT_TEXT
from cogs.kit.open_panel import OpenPanelButton, begin, show
from cogs.kit.panels import Panel, fitted, link_button, notice, rows, small, text
from cogs.kit.presses import NUMBER, NoLongerWorksError, PersistentButton, PersistentItem, PersistentMenu
from cogs.kit.words import counted
from cogs.posting.permissions import PostableChannel as Channel
from cogs.posting.permissions import kind_of
from cogs.welcome.panels import NOTHING_YET, permissions_lines
from wetread.domain.catalogue import Catalogue
from wetread.domain.models import DestinationKind, Form, Journal
from wetread.domain.pace import Pace, When
from wetread.services.services import Services
from wetread.storage import paces, welcomes
from wetread.storage.subscriptions import Destination

MANY = 8
"""From so many journals on, a daily digest is proposed."""

_WHENS = {"once": "every article at once", "daily": "one digest a day"}
_STEPS = ("subjects", "where", "journals", "sample", "start", "cancel")
_CHOICES = (
    rf"(?P<subjects>{NUMBER}):(?P<channel_id>{NUMBER}):(?P<form>{'|'.join(Form)}):(?P<when>once|daily|usual)"
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a moderator has chosen so far. `channel_id` 0 = none; `when` "usual" = by how many journals."""

    subjects: int = 0
    channel_id: int = 0
    form: str = Form.WHOLE
    when: str = "usual"

    def __str__(self) -> str:
        """Return how a custom_id holds them."""
        return f"{self.subjects}:{self.channel_id}:{self.form}:{self.when}"


class _Stepwise(Stepwise):
    """A button or menu of these steps."""

    choices_type = Choices


class SetupButton(
    _Stepwise, PersistentButton, template=rf"wetread:setup:(?P<step>{'|'.join(_STEPS)}):{_CHOICES}"
):
    """Goes to a step with these choices."""

    def __init__(
        self,
        step: str,
        choices: Choices,
        label: str = "",
        *,
        is_prominent: bool = False,
        is_disabled: bool = False,
    ) -> None:
        super().__init__(
            label or step.capitalize(),
            f"wetread:setup:{step}:{choices}",
            is_prominent=is_prominent,
            is_disabled=is_disabled,
        )
        self.step = step
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Show the step, or start."""
        member = await moderator_of(interaction, ADDING)
        services, choices = interaction.client.services, self.choices
        await begin(interaction)
        match self.step:
            case "subjects":
                await show(interaction, {"view": subjects_panel(services.catalogue, choices, member.guild)})
            case "journals":
                await show(interaction, {"view": _journals_panel(services.catalogue, choices)})
            case "where":
                await show(interaction, {"view": where_panel(services.catalogue, choices)})
            case "sample":
                if await usable_channel(interaction, member, choices.channel_id) is not None:
                    await show(interaction, await _sample(services, choices))
            case "start":
                await _start(interaction, member, choices)
            case _:
                await show(interaction, {"view": notice("Nothing was changed.", NOTHING_YET)})


class SubjectsMenu(_Stepwise, PersistentMenu, template=rf"wetread:setup:choose:{_CHOICES}"):
    """Chooses the subjects."""

    def __init__(self, choices: Choices, names: Sequence[str] = ()) -> None:
        options = [
            discord.SelectOption(label=name, value=name, default=bool(choices.subjects >> place & 1))
            for place, name in enumerate(names[:25])
        ]
        super().__init__(
            f"wetread:setup:choose:{choices}",
            options,
            placeholder="Choose one or more subjects",
            least=0,
            most=max(1, len(options)),
        )
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Show how many journals that is."""
        member = await moderator_of(interaction, ADDING)
        catalogue = interaction.client.services.catalogue
        chosen = sum(
            1 << place for place, name in enumerate(catalogue.subspecialties[:25]) if name in self.item.values
        )
        await begin(interaction)
        panel = subjects_panel(catalogue, replace(self.choices, subjects=chosen), member.guild)
        await show(interaction, {"view": panel})


class PlaceMenu(
    _Stepwise, PersistentItem[discord.ui.ChannelSelect[Any]], template=rf"wetread:setup:place:{_CHOICES}"
):
    """Chooses the channel."""

    def __init__(self, choices: Choices) -> None:
        is_channel = discord.SelectDefaultValueType.channel
        chosen = [discord.SelectDefaultValue(id=choices.channel_id, type=is_channel)]
        super().__init__(
            discord.ui.ChannelSelect(
                custom_id=f"wetread:setup:place:{choices}",
                channel_types=PLACES,
                placeholder="Post to …",
                default_values=chosen if choices.channel_id else [],
            )
        )
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Check the channel, and show what is chosen."""
        member = await moderator_of(interaction, ADDING)
        channel = chosen_channel(self.item, member.guild)
        await begin(interaction)
        if await usable_channel(interaction, member, channel.id) is None:
            return
        choices = replace(self.choices, channel_id=channel.id)
        await show(
            interaction, {"view": where_panel(interaction.client.services.catalogue, choices, channel)}
        )


class FormMenu(_Stepwise, PersistentMenu, template=rf"wetread:setup:form:{_CHOICES}"):
    """Chooses how much of each article is shown."""

    def __init__(self, choices: Choices) -> None:
        options = [
            discord.SelectOption(label=f"Form: {words.lower()}", value=form, default=form == choices.form)
            for form, words in FORM_WORDS.items()
        ]
        super().__init__(f"wetread:setup:form:{choices}", options)
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Show what is chosen."""
        [value] = self.item.values
        await _choose(
            interaction, replace(self.choices, form=Form(value) if value in set(Form) else Form.WHOLE)
        )


class WhenMenu(_Stepwise, PersistentMenu, template=rf"wetread:setup:when:{_CHOICES}"):
    """Chooses whether articles come one by one or as a daily digest."""

    def __init__(self, choices: Choices, chosen: str = "once") -> None:
        options = [
            discord.SelectOption(label=f"How often: {words}", value=value, default=value == chosen)
            for value, words in _WHENS.items()
        ]
        super().__init__(f"wetread:setup:when:{choices}", options)
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Show what is chosen."""
        [value] = self.item.values
        await _choose(interaction, replace(self.choices, when=value if value in _WHENS else "usual"))


def subjects_panel(catalogue: Catalogue, choices: Choices, guild: discord.Guild) -> Panel:
    """Build step 1."""
    journals, names = journals_of(catalogue, choices), _names(catalogue, choices)
    count = counted(len(journals), "journal")
    chosen = f"{safe(', '.join(names))}: **{count}.**" if names else "No subject is chosen yet."
    buttons = [SetupButton("where", choices, "Next", is_prominent=True, is_disabled=not journals)]
    if journals:
        buttons.append(SetupButton("journals", choices, f"See the {count}"))
    return Panel(
        colours.TEAL,
        text("### Choose your subjects", small("Step 1 of 3"), chosen),
        *rows([SubjectsMenu(choices, catalogue.subspecialties)]),
        text(small(f"You can add and take away single journals later. {NOTHING_YET}")),
        *rows([*buttons, SetupButton("cancel", choices)]),
        *([text(*lines)] if (lines := permissions_lines(guild)) else []),
    )


def where_panel(catalogue: Catalogue, choices: Choices, channel: Channel | None = None) -> Panel:
    """Build step 2. `channel`: it was chosen and checked just now."""
    count, when = len(journals_of(catalogue, choices)), _when(catalogue, choices)
    reason = (
        f"{counted(count, 'journal')} can be many posts a day. As a digest it is one."
        if count >= MANY
        else f"{counted(count, 'journal')}: each article can be a post of its own."
    )
    if channel is not None and kind_of(channel) is DestinationKind.FORUM:
        reason = "In a forum each article is a post of its own; a forum has no digest."
    lines = [reason]
    if choices.channel_id:
        lines.append(
            small(f"Wetread may post in <#{choices.channel_id}>. All permissions are there. {NOTHING_YET}")
        )
    else:
        lines.append(small(NOTHING_YET))
    is_open = choices.channel_id != 0
    sample = SetupButton("sample", choices, "Show me a sample", is_prominent=True, is_disabled=not is_open)
    return Panel(
        colours.TEAL,
        text("### Choose a channel", small("Step 2 of 3")),
        *rows([PlaceMenu(choices), FormMenu(choices), WhenMenu(choices, when)]),
        text(*lines),
        *rows(
            [
                sample,
                SetupButton("subjects", choices, "Back"),
                SetupButton("cancel", choices),
            ]
        ),
    )


def journals_of(catalogue: Catalogue, choices: Choices) -> list[Journal]:
    """Return the journals of the chosen subjects that have a feed, each once."""
    found = {
        journal.key: journal
        for name in _names(catalogue, choices)
        for journal in catalogue.bundle(name)
        if journal.feed_url is not None
    }
    return list(found.values())


async def any_sample(services: Services) -> Content:
    """Return a card of the catalogue's first journal, for somebody who only wants to see one."""
    journals = [journal for journal in services.catalogue.journals if journal.feed_url is not None]
    return await _card(services, journals[:1], Form.WHOLE)


async def _sample(services: Services, choices: Choices) -> Content:
    journals = journals_of(services.catalogue, choices)
    content = await _card(services, journals, Form(choices.form))
    view = discord.ui.View(timeout=None)
    for button in (
        SetupButton("start", choices, is_prominent=True),
        SetupButton("where", choices, "Back"),
        SetupButton("cancel", choices),
    ):
        view.add_item(button)
    said = (
        f"**Step 3 of 3 · A sample.** This is how <#{choices.channel_id}> will see an article. {NOTHING_YET}"
    )
    return {**content, "content": f"{said}\n{content['content']}".strip(), "view": view}


async def _card(services: Services, journals: Sequence[Journal], form: Form) -> Content:
    if not journals:
        raise NoLongerWorksError
    checked = await services.subscriptions.check(journals[0])
    embed = sample_embed(services, checked.entries, form)
    if embed is None:
        return {"content": f"{safe(journals[0].title)} has no articles at the moment, so there is no sample."}
    return {"content": "", "embed": embed}


async def _choose(interaction: Interaction, choices: Choices) -> None:
    await moderator_of(interaction, ADDING)
    await begin(interaction)
    await show(interaction, {"view": where_panel(interaction.client.services.catalogue, choices)})


async def _start(interaction: Interaction, member: discord.Member, choices: Choices) -> None:
    """Add the journals, choose the pace, and turn the welcome into one line."""
    bot = interaction.client
    services = bot.services
    channel = await usable_channel(interaction, member, choices.channel_id)
    journals = journals_of(services.catalogue, choices)
    if channel is None:
        return
    by, now = pressed_by(member, "setup"), services.seams.clock()
    is_daily = _when(services.catalogue, choices) == "daily" and kind_of(channel) is not DestinationKind.FORUM
    run = services.database.run
    if is_daily and (await run(paces.get, channel.id)).when is When.AT_ONCE:
        await run(paces.save, member.guild.id, channel.id, Pace(When.DAILY), now, by=by)
    bundle = await services.subscriptions.subscribe_all(
        member.guild.id,
        Destination(channel.id, kind_of(channel)),
        by,
        journals,
        form=Form(choices.form),
    )
    lines = [f"**{counted(len(bundle.added), 'journal')}** → <#{channel.id}>"]
    if bundle.already:
        lines.append(f"{counted(len(bundle.already), 'journal')} posted there already.")
    if bundle.left_out:
        lines.append(f"{counted(len(bundle.left_out), 'journal')} left out: this server’s limit is reached.")
    lines.append(
        "A digest comes each day at 08:00. A day without articles has no digest."
        if is_daily
        else "Each article is posted as it appears. Nothing old is posted."
    )
    buttons = [
        link_button("Go to the channel", channel.jump_url),
        OpenPanelButton("topics", label="Add a topic"),
        OpenPanelButton("list", label="All feeds", is_prominent=False),
    ]
    await show(interaction, {"view": Panel(colours.TEAL, text("### Started", *lines), *rows(buttons))})
    await run(welcomes.note_set_up, member.guild.id)
    bot.dispatch("set_up", member.guild.id, channel.id, by)


def _journals_panel(catalogue: Catalogue, choices: Choices) -> Panel:
    names = [safe(journal.title) for journal in journals_of(catalogue, choices)]
    kept, left_out = fitted(names, LAYOUT_TEXT - 300)
    more = small(f"and {left_out:,} more") if left_out else ""
    back = SetupButton("subjects", choices, "Back", is_prominent=True)
    return Panel(colours.TEAL, text(f"### {counted(len(names), 'journal')}", *kept, more), *rows([back]))


def _names(catalogue: Catalogue, choices: Choices) -> list[str]:
    return [name for place, name in enumerate(catalogue.subspecialties[:25]) if choices.subjects >> place & 1]


def _when(catalogue: Catalogue, choices: Choices) -> str:
    if choices.when != "usual":
        return choices.when
    return "daily" if len(journals_of(catalogue, choices)) >= MANY else "once"
