"""Adding a journal step by step: which journal, where and how, a sample, Start. Nothing is posted before.

A custom_id of each button and menu holds all choices, so that every step works after a restart and Back keeps
what was chosen. What is to be watched is stored among the typed words; a custom_id has no room for it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord

from cogs.client import Content
from cogs.feeds.add_answers import AddOptions, name_of, sample_lines
from cogs.feeds.confirmations import KEPT, BundleButton
from cogs.feeds.destination_check import refusal
from cogs.feeds.feed_reference import resolve_feed
from cogs.feeds.page_buttons import FeedButton, chosen_channel
from cogs.feeds.sample import sample_embed
from cogs.feeds.starting import press_again, start, usable_channel
from cogs.feeds.step_choices import (
    CHOICES,
    Choices,
    Stepwise,
    form_chosen,
    form_options,
    newest_chosen,
    newest_options,
    place_select,
)
from cogs.kit import colours
from cogs.kit.checks import ADDING, moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import safe
from cogs.kit.limits import OPTION_TEXT, SELECT_OPTIONS
from cogs.kit.open_panel import OpenPanelButton, begin, show
from cogs.kit.panels import Item, Panel, link_button, notice, rows, small, text
from cogs.kit.presses import (
    Modal,
    NoLongerWorksError,
    PersistentButton,
    PersistentItem,
    PersistentMenu,
    actions_of,
    answer,
    typed_into,
    typist_of,
)
from cogs.kit.words import counted
from cogs.posting.permissions import PostableChannel as Channel
from wetread.domain.catalogue import Catalogue
from wetread.domain.errors import UnknownJournalError
from wetread.domain.models import Form, Journal
from wetread.services.feed_check import CheckedFeed
from wetread.services.services import Services

NEWEST_CHOICES = (0, 1, 3, 5, 10)
_ALL = "all"
_STEPS = ("which", "where", "sample", "start", "cancel", "type")


class StepButton(Stepwise, PersistentButton, template=rf"wetread:add:(?P<step>{'|'.join(_STEPS)}):{CHOICES}"):
    """Goes to a step with these choices."""

    def __init__(self, step: str, choices: Choices, *, label: str = "…", is_prominent: bool = False) -> None:
        super().__init__(label, f"wetread:add:{step}:{choices.custom_id}", is_prominent=is_prominent)
        self.step = step
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Show the step. Raises WordsForgottenError if what to watch is no longer stored."""
        member = await moderator_of(interaction, ADDING)
        match self.step:
            case "which":
                await _show(interaction, {"view": which_panel(_catalogue(interaction), self.choices)})
            case "type":
                await interaction.response.send_modal(NameForm(self.choices))
            case "where":
                await show_where(interaction, member, self.choices)
            case "sample":
                await _show_sample(interaction, member, self.choices)
            case "start":
                await _start(interaction, member, self.choices)
            case _:
                await _show(interaction, {"view": notice(KEPT)})


class SubjectMenu(Stepwise, PersistentMenu, template=rf"wetread:add:subject:{CHOICES}"):
    """Chooses the subject whose journals are offered."""

    def __init__(self, choices: Choices, names: Sequence[str] = (), chosen: str = "") -> None:
        options = [
            discord.SelectOption(label=f"Subject: {name}", value=name, default=name == chosen)
            for name in names[:SELECT_OPTIONS]
        ]
        super().__init__(f"wetread:add:subject:{choices.custom_id}", options, placeholder="Choose a subject")
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Offer the journals of the subject."""
        await moderator_of(interaction, ADDING)
        [subject] = self.item.values or [""]
        await _show(interaction, {"view": which_panel(_catalogue(interaction), self.choices, subject)})


class JournalMenu(Stepwise, PersistentMenu, template=rf"wetread:add:journal:{CHOICES}"):
    """Chooses a journal, or all journals of a subject."""

    def __init__(self, choices: Choices, journals: Sequence[Journal] = (), subject: str = "") -> None:
        """Offer at most 25 journals; `subject`: that all its journals are offered too."""
        options = [
            discord.SelectOption(label=f"All {len(journals)} journals", value=f"{_ALL}:{subject}")
        ] * bool(subject)
        for journal in journals[: SELECT_OPTIONS - len(options)]:
            options.append(discord.SelectOption(label=journal.title[:OPTION_TEXT], value=journal.key))
        about = f"Journals on {subject} ({len(journals)})" if subject else "Choose a journal"
        super().__init__(f"wetread:add:journal:{choices.custom_id}", options, placeholder=about)
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Go on to the next step. Raises NoLongerWorksError."""
        member = await moderator_of(interaction, ADDING)
        [value] = self.item.values or [""]
        catalogue = _catalogue(interaction)
        journal = catalogue.get(value)
        what = catalogue.typed(journal) if journal else value.removeprefix(f"{_ALL}:")
        if not journal and not catalogue.bundle(what):
            raise NoLongerWorksError
        await begin(interaction)
        await show_where(interaction, member, await _with_source(interaction, self.choices, what))


class NameForm(Modal, title="Add a journal"):
    """Asks for a journal's name, an ISSN, an address or a query."""

    name: discord.ui.Label[Any] = discord.ui.Label(
        text="Name, ISSN, address or query",
        description="AJNR · 1051-0443 · https://… · pubmed: genicular artery embolization",
        component=discord.ui.TextInput(custom_id="name", max_length=500),
    )

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self._choices = choices

    async def submitted(self, interaction: Interaction) -> None:
        """Go on to the next step, or offer the journals with a similar name."""
        member = await moderator_of(interaction, ADDING)
        what = typed_into(self.name)
        catalogue = _catalogue(interaction)
        try:
            resolve_feed(catalogue, what)
        except UnknownJournalError:
            near = catalogue.near(what)
            if not near:
                raise
            await _show(interaction, {"view": near_panel(what, near, self._choices)})
            return
        await begin(interaction)
        await show_where(interaction, member, await _with_source(interaction, self._choices, what))


class PlaceMenu(
    Stepwise, PersistentItem[discord.ui.ChannelSelect[Any]], template=rf"wetread:add:place:{CHOICES}"
):
    """Chooses the channel."""

    def __init__(self, choices: Choices) -> None:
        super().__init__(place_select(f"wetread:add:place:{choices.custom_id}", choices.channel_id))
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Choose it, and show the step again."""
        member = await moderator_of(interaction, ADDING)
        channel = chosen_channel(self.item, member.guild)
        await show_where(interaction, member, replace(self.choices, channel_id=channel.id))


class LooksMenu(Stepwise, PersistentMenu, template=rf"wetread:add:form:{CHOICES}"):
    """Chooses how much of each article is shown."""

    def __init__(self, choices: Choices) -> None:
        super().__init__(f"wetread:add:form:{choices.custom_id}", form_options(choices.form))
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Choose it, and show the step again. Raises NoLongerWorksError."""
        member = await moderator_of(interaction, ADDING)
        await show_where(interaction, member, replace(self.choices, form=form_chosen(self.item)))


class NewestMenu(Stepwise, PersistentMenu, template=rf"wetread:add:newest:{CHOICES}"):
    """Chooses how many of the newest articles are posted at once."""

    def __init__(self, choices: Choices) -> None:
        options = newest_options(NEWEST_CHOICES, choices.newest)
        super().__init__(f"wetread:add:newest:{choices.custom_id}", options)
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Choose it, and show the step again. Raises NoLongerWorksError."""
        member = await moderator_of(interaction, ADDING)
        newest = newest_chosen(self.item, NEWEST_CHOICES)
        await show_where(interaction, member, replace(self.choices, newest=newest))


STEP_ITEMS = (StepButton, SubjectMenu, JournalMenu, PlaceMenu, LooksMenu, NewestMenu)
"""What a cog has to register, so that the steps work after a restart."""


# The steps --------------------------------------------------------------------------------------------


def which_panel(catalogue: Catalogue, choices: Choices, subject: str = "") -> Panel:
    """Build step 1: a subject, its journals, or a name to type."""
    journals = [each for each in catalogue.bundle(subject) if each.feed_url] if subject else []
    menus: list[Item] = [SubjectMenu(choices, catalogue.subspecialties, subject)]
    if journals:
        menus.append(JournalMenu(choices, journals, subject))
    return Panel(
        colours.TEAL,
        text(
            "### Add a journal",
            small("Step 1 of 3 · Which journal"),
            "Choose a subject, or type a name, an ISSN or the address of a feed.",
        ),
        *rows(
            [
                *menus,
                StepButton("type", choices, label="Type a name", is_prominent=not subject),
                StepButton("cancel", choices, label="Cancel"),
            ]
        ),
    )


def near_panel(what: str, near: Sequence[Journal], choices: Choices) -> Panel:
    """Build the answer to a name that no journal has: up to five that resemble it."""
    return Panel(
        colours.TEAL,
        text(
            "### Add a journal",
            small("Step 1 of 3 · Which journal"),
            f"No journal is called “{safe(what)}”. Is it one of these?",
        ),
        *rows(
            [
                JournalMenu(choices, near),
                StepButton("type", choices, label="Type another name"),
                StepButton("which", choices, label="Back"),
                StepButton("cancel", choices, label="Cancel"),
            ]
        ),
    )


async def show_where(interaction: Interaction, member: discord.Member, choices: Choices) -> None:
    """Show step 2: where and how. Raises WordsForgottenError, FeedError."""
    await begin(interaction)
    choices = replace(choices, channel_id=choices.channel_id or interaction.channel_id or 0)
    what = await actions_of(interaction).typed_words(choices.source_id, typist_of(interaction))
    place = resolve_feed(_catalogue(interaction), what)
    if isinstance(place, tuple):
        count = counted(sum(journal.feed_url is not None for journal in place), "journal")
        name, facts = f"{count} on {safe(what)}", "Only articles that appear from now on are posted."
        go_on: Item = BundleButton("start", choices.channel_id, choices.form, what)
    else:
        checked = await interaction.client.services.subscriptions.check(place)
        name, facts = safe(name_of(checked)), facts_of(checked)
        go_on = StepButton("sample", choices, label="Show me a sample", is_prominent=True)
    channel = member.guild.get_channel_or_thread(choices.channel_id)
    hindrance = refusal(channel, member, press_again) if isinstance(channel, Channel) else None
    is_usable = isinstance(channel, Channel) and hindrance is None
    head = [f"### {name}", small("Step 2 of 3 · Where and how"), facts]
    await show(interaction, {"view": where_panel(head, choices, go_on if is_usable else None)})
    if hindrance is not None:
        await answer(interaction, view=hindrance)


def where_panel(head: Sequence[str], choices: Choices, go_on: Item | None) -> Panel:
    """Build step 2: where and how. `go_on`: the button that does; None = the channel cannot be used."""
    menus: list[Item] = [PlaceMenu(choices), LooksMenu(choices)]
    if not isinstance(go_on, BundleButton):
        menus.append(NewestMenu(choices))
    permissions = "All permissions are there." if go_on else "Please choose a channel for its articles."
    buttons = [
        *([go_on] if go_on else []),
        StepButton("which", choices, label="Back"),
        StepButton("cancel", choices, label="Cancel"),
    ]
    return Panel(
        colours.TEAL,
        text(*head),
        *rows(menus),
        text(small(f"{permissions} Nothing is posted yet.")),
        *rows(buttons),
    )


def facts_of(checked: CheckedFeed) -> str:
    """Return in one sentence what a feed has: how many articles, and how many with an abstract."""
    if not checked.entries:
        return "It has no articles at the moment."
    with_abstract = sum(each.record.abstract is not None for each in checked.entries)
    count = counted(len(checked.entries), "article")
    said = {0: "None brings its abstract; Wetread looks for it.", len(checked.entries): "All have abstracts."}
    return f"It has {count} now. {said.get(with_abstract, f'{with_abstract} have an abstract.')}"


async def _show_sample(interaction: Interaction, member: discord.Member, choices: Choices) -> None:
    """Show step 3: a sample."""
    channel = await usable_channel(interaction, member, choices.channel_id)
    if channel is None:
        return
    await begin(interaction)
    checked = await _checked(interaction, choices)
    options = AddOptions(checked, channel, choices.newest, Form(choices.form))
    await show(interaction, sample_step(interaction.client.services, options, choices))


def sample_step(services: Services, options: AddOptions, choices: Choices) -> Content:
    """Return step 3: a card of the feed as the channel would see it, and Start."""
    embed = sample_embed(services, options.checked.entries, options.form)
    lines = sample_lines(options, has_sample=embed is not None)
    forms = list(Form)
    next_form = forms[(forms.index(options.form) + 1) % len(forms)]
    view = discord.ui.View(timeout=None)
    view.add_item(StepButton("start", choices, label="Start", is_prominent=True))
    if embed is not None:
        view.add_item(StepButton("sample", replace(choices, form=next_form), label="Change the form"))
    view.add_item(StepButton("where", choices, label="Back"))
    view.add_item(StepButton("cancel", choices, label="Cancel"))
    return {"content": "\n".join(lines), "view": view} | ({"embed": embed} if embed else {})


async def _start(interaction: Interaction, member: discord.Member, choices: Choices) -> None:
    """Add the feed, and say so in place of the sample."""
    channel = await usable_channel(interaction, member, choices.channel_id)
    if channel is None:
        return
    await begin(interaction)
    checked = await _checked(interaction, choices)
    services, prefix = interaction.client.services, interaction.client.config.discord.prefix
    options = AddOptions(checked, channel, choices.newest, Form(choices.form))
    subscription, said = await start(services.subscriptions, options, member, prefix)
    done = Panel(
        colours.TEAL,
        text("### Done", said),
        *rows(
            [
                link_button(f"Go to #{channel.name}"[:80], channel.jump_url),
                OpenPanelButton("add", label="Add another"),
                FeedButton("filter", subscription.id, label="Add a filter"),
            ]
        ),
    )
    await show(interaction, {"view": done})


async def _checked(interaction: Interaction, choices: Choices) -> CheckedFeed:
    """Return the feed as it is now. Raises WordsForgottenError, FeedError, NoLongerWorksError."""
    what = await actions_of(interaction).typed_words(choices.source_id, typist_of(interaction))
    place = resolve_feed(_catalogue(interaction), what)
    if isinstance(place, tuple):
        raise NoLongerWorksError
    return await interaction.client.services.subscriptions.check(place)


async def _with_source(interaction: Interaction, choices: Choices, what: str) -> Choices:
    words_id = await actions_of(interaction).remember_words(what, typist_of(interaction))
    return replace(choices, source_id=words_id)


async def _show(interaction: Interaction, content: Content) -> None:
    await begin(interaction)
    await show(interaction, content)


def _catalogue(interaction: Interaction) -> Catalogue:
    return interaction.client.services.catalogue
