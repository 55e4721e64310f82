"""Adding a topic step by step: a ready one or own words, where and how, what it finds, Start.

Nothing is posted before. A custom_id of each button and menu holds all choices, so that every step works
after a restart and Back keeps what was chosen; the name and the words are stored among the typed words.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord

from cogs.feeds.destination_check import refusal
from cogs.feeds.page_buttons import chosen_channel
from cogs.feeds.starting import press_again, usable_channel
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
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import safe
from cogs.kit.limits import OPTION_TEXT, SELECT_OPTIONS
from cogs.kit.open_panel import OpenPanelButton, begin, show
from cogs.kit.panels import Item, Panel, link_button, notice, rows, rule, small, text
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
from cogs.posting.permissions import kind_of
from cogs.topics.page_buttons import HINT, TopicButton, chosen_kinds, kind_options
from cogs.topics.panels import NOT_YET, ROOM, kinds_words, preview_items, tried_panel, words_lines
from cogs.topics.words import KINDS, with_kinds
from wetread.domain import ready_topics
from wetread.domain.errors import EmptyQueryError
from wetread.domain.models import Form, Subject
from wetread.domain.query import TEXT_LIMIT
from wetread.domain.query_fields import Field
from wetread.domain.ready_topics import ReadyTopic
from wetread.domain.text import cut, utf16_length
from wetread.services.services import Services
from wetread.storage.subscriptions import Destination
from wetread.storage.topics import LONGEST_NAME, NewTopic

NEWEST_CHOICES = (0, 1, 3, 5)
STEPS = ("which", "own", "tried", "where", "preview", "start", "cancel")
_FIELDS = frozenset(Field)


def named_words(name: str, words: str) -> str:
    """Return a name and words as one text, which `name_and_words` reads."""
    return f"{name.replace(':', ' ')}: {words}"


def name_and_words(typed: str) -> tuple[str, str]:
    """Read "Name: words". A text without a name is named after its words. Raises EmptyQueryError."""
    name, _, words = typed.partition(": ")
    if not words.strip() or (name.split() and name.split()[-1].casefold() in _FIELDS):
        name, words = "", typed
    if not words.strip():
        raise EmptyQueryError(typed)
    return cut(" ".join((name or words).split()), LONGEST_NAME), words.strip()


class TopicStep(
    Stepwise, PersistentButton, template=rf"wetread:topicadd:(?P<step>{'|'.join(STEPS)}):{CHOICES}"
):
    """Goes to a step with these choices."""

    def __init__(self, step: str, choices: Choices, *, label: str = "…", is_prominent: bool = False) -> None:
        super().__init__(label, f"wetread:topicadd:{step}:{choices.custom_id}", is_prominent=is_prominent)
        self.step = step
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Show the step. Raises WordsForgottenError if the words are no longer stored."""
        member = await moderator_of(interaction)
        match self.step:
            case "own":
                name, words = "", ""
                if self.choices.source_id:
                    name, words = await _chosen(interaction, self.choices)
                await interaction.response.send_modal(OwnWordsForm(self.choices, name, words))
            case "tried":
                await begin(interaction)
                _, words = await _chosen(interaction, self.choices)
                services = interaction.client.services
                view = await tried(services, member.guild.id, words, self.choices)
                await show(interaction, {"view": view})
            case "where":
                await show_where(interaction, member, self.choices)
            case "preview":
                await _show_preview(interaction, member, self.choices)
            case "start":
                await _start(interaction, member, self.choices)
            case "cancel":
                await _show(interaction, notice("No topic was added."))
            case _:
                await _show(interaction, which_panel(self.choices))


class TopicSubjectMenu(Stepwise, PersistentMenu, template=rf"wetread:topicadd:subject:{CHOICES}"):
    """Chooses the subject whose ready topics are offered."""

    def __init__(self, choices: Choices, chosen: Subject | None = None) -> None:
        options = [
            discord.SelectOption(label=f"Subject: {each.lower()}", value=each, default=each is chosen)
            for each in ready_topics.subjects()[:SELECT_OPTIONS]
        ]
        super().__init__(
            f"wetread:topicadd:subject:{choices.custom_id}", options, placeholder="Choose a subject"
        )
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Offer the topics of the subject. Raises NoLongerWorksError."""
        await moderator_of(interaction)
        [value] = self.item.values or [""]
        if value not in list(Subject):
            raise NoLongerWorksError
        await _show(interaction, which_panel(self.choices, Subject(value)))


class ReadyTopicMenu(Stepwise, PersistentMenu, template=rf"wetread:topicadd:ready:{CHOICES}"):
    """Chooses a ready topic."""

    def __init__(self, choices: Choices, topics: Sequence[ReadyTopic] = ()) -> None:
        options = [
            discord.SelectOption(label=each.name, value=each.key, description=cut(each.finds, OPTION_TEXT))
            for each in topics[:SELECT_OPTIONS]
        ]
        super().__init__(
            f"wetread:topicadd:ready:{choices.custom_id}",
            options,
            placeholder=f"Choose a topic ({len(topics)})",
        )
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Go on to the next step. Raises NoLongerWorksError."""
        member = await moderator_of(interaction)
        [key] = self.item.values or [""]
        topic = ready_topics.get(key)
        if topic is None:
            raise NoLongerWorksError
        await begin(interaction)
        choices = await with_source(interaction, self.choices, named_words(topic.name, topic.query))
        await show_where(interaction, member, choices)


class OwnWordsForm(Modal, title="A topic of your own"):
    """Asks for a name and for words."""

    def __init__(self, choices: Choices, name: str, words: str) -> None:
        super().__init__()
        self._choices = choices
        self.name: discord.ui.Label[Any] = discord.ui.Label(
            text="Name",
            description="Cards show it: Knee embolization",
            component=discord.ui.TextInput(custom_id="name", default=name, max_length=LONGEST_NAME),
        )
        self.words: discord.ui.Label[Any] = discord.ui.Label(
            text="Words",
            description=HINT[:OPTION_TEXT],
            component=discord.ui.TextInput(
                custom_id="words",
                style=discord.TextStyle.paragraph,
                default=words,
                max_length=TEXT_LIMIT - LONGEST_NAME - 2,
            ),
        )
        self.add_item(self.name)
        self.add_item(self.words)

    async def submitted(self, interaction: Interaction) -> None:
        """Go on to the next step. Raises EmptyQueryError, UnclearQueryError."""
        member = await moderator_of(interaction)
        await begin(interaction)
        words = await interaction.client.services.topics.checked(member.guild.id, typed_into(self.words))
        choices = await with_source(interaction, self._choices, named_words(typed_into(self.name), words))
        await show_where(interaction, member, choices)


class TopicPlaceMenu(
    Stepwise, PersistentItem[discord.ui.ChannelSelect[Any]], template=rf"wetread:topicadd:place:{CHOICES}"
):
    """Chooses the channel."""

    def __init__(self, choices: Choices) -> None:
        super().__init__(place_select(f"wetread:topicadd:place:{choices.custom_id}", choices.channel_id))
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Choose it, and show the step again. Raises NoLongerWorksError."""
        member = await moderator_of(interaction)
        channel = chosen_channel(self.item, member.guild)
        await show_where(interaction, member, replace(self.choices, channel_id=channel.id))


class TopicLooksMenu(Stepwise, PersistentMenu, template=rf"wetread:topicadd:form:{CHOICES}"):
    """Chooses how much of each article is shown."""

    def __init__(self, choices: Choices) -> None:
        super().__init__(f"wetread:topicadd:form:{choices.custom_id}", form_options(choices.form))
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Choose it, and show the step again. Raises NoLongerWorksError."""
        member = await moderator_of(interaction)
        await show_where(interaction, member, replace(self.choices, form=form_chosen(self.item)))


class TopicKindsMenu(Stepwise, PersistentMenu, template=rf"wetread:topicadd:kinds:{CHOICES}"):
    """Limits the topic to kinds of publication; none chosen = all."""

    def __init__(self, choices: Choices, words: str = "") -> None:
        super().__init__(
            f"wetread:topicadd:kinds:{choices.custom_id}",
            kind_options(words),
            placeholder=kinds_words(words),
            least=0,
            most=len(KINDS),
        )
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Choose them, and show the step again. Raises NoLongerWorksError, WordsForgottenError."""
        member = await moderator_of(interaction)
        kinds = chosen_kinds(self.item)
        await begin(interaction)
        name, words = await _chosen(interaction, self.choices)
        typed = named_words(name, with_kinds(words, kinds))
        await show_where(interaction, member, await with_source(interaction, self.choices, typed))


class TopicNewestMenu(Stepwise, PersistentMenu, template=rf"wetread:topicadd:newest:{CHOICES}"):
    """Chooses how many of the articles that match now are posted at once."""

    def __init__(self, choices: Choices) -> None:
        options = newest_options(NEWEST_CHOICES, choices.newest)
        super().__init__(f"wetread:topicadd:newest:{choices.custom_id}", options)
        self.choices = choices

    async def pressed(self, interaction: Interaction) -> None:
        """Choose it, and show the step again. Raises NoLongerWorksError."""
        member = await moderator_of(interaction)
        newest = newest_chosen(self.item, NEWEST_CHOICES)
        await show_where(interaction, member, replace(self.choices, newest=newest))


STEP_ITEMS = (
    TopicStep,
    TopicSubjectMenu,
    ReadyTopicMenu,
    TopicPlaceMenu,
    TopicLooksMenu,
    TopicKindsMenu,
    TopicNewestMenu,
)
"""What a cog has to register, so that the steps work after a restart."""


# The steps --------------------------------------------------------------------------------------------


def which_panel(choices: Choices, subject: Subject | None = None) -> Panel:
    """Build step 1: a ready topic, or own words."""
    count = len(ready_topics.ready_topics())
    menus: list[Item] = [TopicSubjectMenu(choices, subject)]
    if subject is not None:
        menus.append(ReadyTopicMenu(choices, ready_topics.about(subject)))
    return Panel(
        colours.TEAL,
        text(
            "### Add a topic",
            small("Step 1 of 3 · What to look for"),
            f"Choose one of {count} ready topics, whose words you can change, or type words of your own.",
        ),
        *rows(
            [
                *menus,
                TopicStep("own", choices, label="Own words", is_prominent=subject is None),
                TopicStep("cancel", choices, label="Cancel"),
            ]
        ),
    )


async def show_where(interaction: Interaction, member: discord.Member, choices: Choices) -> None:
    """Show step 2: where and how. Raises WordsForgottenError."""
    await begin(interaction)
    choices = replace(choices, channel_id=choices.channel_id or interaction.channel_id or 0)
    name, words = await _chosen(interaction, choices)
    channel = member.guild.get_channel_or_thread(choices.channel_id)
    hindrance = refusal(channel, member, press_again) if isinstance(channel, Channel) else None
    is_usable = isinstance(channel, Channel) and hindrance is None
    permissions = "All permissions are there." if is_usable else "Please choose a channel for its articles."
    go_on = TopicStep("preview", choices, label="Show what it finds", is_prominent=True)
    view = Panel(
        colours.TEAL,
        text(f"### {safe(name)}", small("Step 2 of 3 · Where and how"), *words_lines(words)),
        *rows(
            [
                TopicPlaceMenu(choices),
                TopicLooksMenu(choices),
                TopicKindsMenu(choices, words),
                TopicNewestMenu(choices),
            ]
        ),
        text(small(f"{permissions} {NOT_YET}")),
        *rows(
            [
                *([go_on] if is_usable else []),
                TopicStep("own", choices, label="Change the words"),
                TopicStep("which", choices, label="Back"),
                TopicStep("cancel", choices, label="Cancel"),
            ]
        ),
    )
    await show(interaction, {"view": view})
    if hindrance is not None:
        await answer(interaction, view=hindrance)


async def _show_preview(interaction: Interaction, member: discord.Member, choices: Choices) -> None:
    """Show step 3: what the topic would have posted."""
    if await usable_channel(interaction, member, choices.channel_id) is None:
        return
    await begin(interaction)
    name, words = await _chosen(interaction, choices)
    await show(
        interaction,
        {"view": await preview_panel(interaction.client.services, member.guild.id, name, words, choices)},
    )


async def preview_panel(services: Services, guild_id: int, name: str, words: str, choices: Choices) -> Panel:
    """Return step 3: what the topic would have posted, and Start.

    Raises EmptyQueryError, UnclearQueryError.
    """
    preview = await services.topics.preview(guild_id, await services.topics.checked(guild_id, words))
    newest = min(choices.newest, preview.count)
    first = f"Start posts the newest {newest} of them" if newest > 1 else "Start posts the newest of them"
    then = f"{first}, then what comes." if newest else "Start posts what comes from now on."
    head = text(
        f"### {safe(name)}",
        small(f"Step 3 of 3 · What it finds · to <#{choices.channel_id}>"),
        *words_lines(words),
    )
    return Panel(
        colours.TEAL,
        head,
        rule(),
        *preview_items(preview, ROOM - utf16_length(head.content)),
        text(small(f"{NOT_YET} {then}")),
        *rows(
            [
                TopicStep("start", choices, label="Start", is_prominent=True),
                TopicStep("own", choices, label="Change the words"),
                TopicStep("where", choices, label="Back"),
                TopicStep("cancel", choices, label="Cancel"),
            ]
        ),
    )


async def tried(services: Services, guild_id: int, words: str, choices: Choices) -> Panel:
    """Return what words find that somebody tries out. Raises EmptyQueryError, UnclearQueryError."""
    preview = await services.topics.preview(guild_id, await services.topics.checked(guild_id, words))
    add = TopicStep("own", choices, label="Make it a topic", is_prominent=True)
    return tried_panel(words, preview, [add])


async def _start(interaction: Interaction, member: discord.Member, choices: Choices) -> None:
    """Add the topic, and say so in place of the preview. Raises TopicNameTakenError, TooManyTopicsError."""
    channel = await usable_channel(interaction, member, choices.channel_id)
    if channel is None:
        return
    await begin(interaction)
    name, words = await _chosen(interaction, choices)
    new = NewTopic(
        member.guild.id, Destination(channel.id, kind_of(channel)), name, words, member.id, Form(choices.form)
    )
    by = pressed_by(member, "topic add")
    topic, count = await interaction.client.services.topics.add(new, by, newest=choices.newest)
    now = {0: "", 1: "The newest article is being posted now."}.get(
        count, f"The newest {counted(count, 'article')} are being posted now, oldest first."
    )
    done = Panel(
        colours.TEAL,
        text(
            "### Done",
            f"**{safe(topic.name)}** → <#{channel.id}>",
            f"{now} From now on, each new article that matches is posted.".strip(),
        ),
        *rows(
            [
                link_button(f"Go to #{channel.name}"[:80], channel.jump_url),
                OpenPanelButton("topicadd", label="Add another"),
                OpenPanelButton("topic", topic.id, label="Show it", is_prominent=False),
                TopicButton("words", topic.id),
            ]
        ),
    )
    await show(interaction, {"view": done})


async def with_source(interaction: Interaction, choices: Choices, typed: str) -> Choices:
    """Return the choices with this name and these words, which are stored for the buttons."""
    words_id = await actions_of(interaction).remember_words(typed, typist_of(interaction))
    return replace(choices, source_id=words_id)


async def _chosen(interaction: Interaction, choices: Choices) -> tuple[str, str]:
    """Return the name and the words that were chosen. Raises WordsForgottenError."""
    typed = await actions_of(interaction).typed_words(choices.source_id, typist_of(interaction))
    return name_and_words(typed)


async def _show(interaction: Interaction, view: Panel) -> None:
    await begin(interaction)
    await show(interaction, {"view": view})
