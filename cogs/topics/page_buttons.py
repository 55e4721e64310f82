"""What a topic's page offers: buttons and menus that change one topic. They work after a restart."""

from collections.abc import Sequence
from typing import Any

import discord

from cogs.feeds.page_buttons import thread_buttons
from cogs.kit import colours
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import plain, safe
from cogs.kit.limits import MODAL_TITLE, OPTION_TEXT, SELECT_OPTIONS
from cogs.kit.open_panel import OpenPanelButton, begin, open_panel, show
from cogs.kit.panels import Item, Panel, notice, rows, text
from cogs.kit.presses import (
    NUMBER,
    Modal,
    NoLongerWorksError,
    PersistentButton,
    PersistentMenu,
    actions_of,
    chosen_number,
    typed_into,
    typist_of,
)
from cogs.topics import changes
from cogs.topics.panels import PAGE_SIZE, TopicLine, changed_words, kinds_words, ordered
from cogs.topics.words import KINDS, kinds_in, with_kinds
from wetread.domain.models import Subscription
from wetread.domain.query import TEXT_LIMIT
from wetread.domain.text import cut
from wetread.services.services import Services
from wetread.storage.topics import LONGEST_NAME

_WORDS_LABELS = {"show": "Open", "save": "Save", "again": "Change again", "keep": "Keep the old words"}
_LABELS = {"words": "Edit words", "name": "Rename", "pause": "Pause", "resume": "Resume"}
HINT = 'AND both · OR one of them · emboli* any ending · -word not with it · "two words" exactly these'


def list_buttons(lines: Sequence[TopicLine], page: int) -> list[Item]:
    """Return what stands below one page of the list."""
    shown = ordered(lines)
    if len(shown) > SELECT_OPTIONS:
        shown = shown[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    buttons: list[Item] = [TopicMenu(shown)] if shown else []
    if page:
        buttons.append(OpenPanelButton("topics", page - 1, label="Previous", is_prominent=False))
    if (page + 1) * PAGE_SIZE < len(lines):
        buttons.append(OpenPanelButton("topics", page + 1, label="Next", is_prominent=False))
    return [
        *buttons,
        OpenPanelButton("topicadd", label="Add a topic"),
        OpenPanelButton("letchoose", label="Let members choose", is_prominent=False),
        OpenPanelButton("list", label="Feeds", is_prominent=False),
        OpenPanelButton("status", label="Health", is_prominent=False),
    ]


def page_buttons(topic: Subscription, match_count: int) -> list[Item]:
    """Return what stands below a topic's page."""
    number = topic.id
    remove = OpenPanelButton("topicremove", number, label="Remove", is_prominent=False)
    remove.item.style = discord.ButtonStyle.danger
    see_all = OpenPanelButton("topicall", number, label=f"All {match_count}", is_prominent=False)
    return [
        TopicButton("words", number, is_prominent=True),
        OpenPanelButton("topicmove", number, label="Where it goes", is_prominent=False),
        OpenPanelButton("topicform", number, label="How it looks", is_prominent=False),
        OpenPanelButton("mention", number, label="Mention", is_prominent=False),
        TopicButton("pause" if topic.paused_at is None else "resume", number),
        *([see_all] if match_count else []),
        TopicButton("name", number),
        *thread_buttons(topic),
        remove,
        OpenPanelButton("topics", label="Back", is_prominent=False),
        TopicKinds(number, topic.filter or ""),
    ]


class TopicMenu(PersistentMenu, template=r"wetread:topics:open"):
    """A menu of a server's topics; the page of the chosen one is opened."""

    def __init__(self, lines: Sequence[TopicLine] = ()) -> None:
        options = [
            discord.SelectOption(
                label=cut(plain(line.topic.name), OPTION_TEXT),
                value=str(line.topic.id),
                description=line.health.capitalize(),
            )
            for line in lines[:SELECT_OPTIONS]
        ]
        super().__init__("wetread:topics:open", options, placeholder="Open a topic")

    async def pressed(self, interaction: Interaction) -> None:
        """Open the page. Raises NoLongerWorksError, UnknownTopicError."""
        guild = (await moderator_of(interaction)).guild
        await open_panel(interaction, guild, "topic", chosen_number(self.item))


class TopicButton(
    PersistentButton, template=rf"wetread:topic:(?P<act>words|name|pause|resume):(?P<topic_id>{NUMBER})"
):
    """Pauses or resumes a topic, or opens the form for its words."""

    def __init__(self, act: str, topic_id: int, *, is_prominent: bool = False) -> None:
        super().__init__(_LABELS[act], f"wetread:topic:{act}:{topic_id}", is_prominent=is_prominent)
        self.act = act
        self.topic_id = topic_id

    async def pressed(self, interaction: Interaction) -> None:
        """Do it, and show the page again. Raises UnknownTopicError."""
        member = await moderator_of(interaction)
        services = interaction.client.services
        topic = (await services.topics.get(member.guild.id, self.topic_id)).topic
        if self.act == "words":
            await interaction.response.send_modal(WordsForm(topic, topic.filter or ""))
            return
        if self.act == "name":
            await interaction.response.send_modal(NameForm(topic))
            return
        await begin(interaction)
        if self.act == "pause":
            said = await changes.pause(services, topic, pressed_by(member, "topic pause"))
        else:
            said = await changes.resume(services, topic, pressed_by(member, "topic resume"))
        await open_panel(interaction, member.guild, "topic", topic.id, said=said)


class NameForm(Modal):
    """The form for a topic's name."""

    def __init__(self, topic: Subscription) -> None:
        super().__init__(title=cut(f"{topic.name}: name", MODAL_TITLE))
        self._topic_id = topic.id
        self.name: discord.ui.Label[Any] = discord.ui.Label(
            text="Name",
            description="New cards show it",
            component=discord.ui.TextInput(custom_id="name", default=topic.name, max_length=LONGEST_NAME),
        )
        self.add_item(self.name)

    async def submitted(self, interaction: Interaction) -> None:
        """Rename it, and show the page again. Raises TopicNameTakenError, UnknownTopicError."""
        member = await moderator_of(interaction)
        services = interaction.client.services
        topic = (await services.topics.get(member.guild.id, self._topic_id)).topic
        await begin(interaction)
        said = await changes.rename(
            services, topic, typed_into(self.name), pressed_by(member, "topic rename")
        )
        await open_panel(interaction, member.guild, "topic", topic.id, said=said)


class WordsForm(Modal):
    """The form for a topic's words. Nothing is saved by it."""

    def __init__(self, topic: Subscription, words: str) -> None:
        super().__init__(title=cut(f"{topic.name}: words", MODAL_TITLE))
        self._topic_id = topic.id
        self.words: discord.ui.Label[Any] = discord.ui.Label(
            text="Words",
            description=HINT[:OPTION_TEXT],
            component=discord.ui.TextInput(
                custom_id="words",
                style=discord.TextStyle.paragraph,
                default=words,
                max_length=TEXT_LIMIT,
            ),
        )
        self.add_item(self.words)

    async def submitted(self, interaction: Interaction) -> None:
        """Show what the words would change. Raises EmptyQueryError, UnclearQueryError, UnknownTopicError."""
        await moderator_of(interaction)
        await show_changed(interaction, self._topic_id, typed_into(self.words))


async def show_changed(interaction: Interaction, topic_id: int, words: str) -> None:
    """Show what other words would change, before they are saved. Raises as `WordsForm.submitted`."""
    await begin(interaction)
    services, guild_id = interaction.client.services, interaction.guild_id or 0
    topic = (await services.topics.get(guild_id, topic_id)).topic
    words = await services.topics.checked(guild_id, words)
    words_id = await actions_of(interaction).remember_words(words, typist_of(interaction))
    await show(interaction, {"view": await changed_panel(services, topic, words, words_id)})


async def changed_panel(services: Services, topic: Subscription, words: str, words_id: int) -> Panel:
    """Return what other words would change; `words_id`: under which they are stored for the buttons."""
    compared = await services.topics.compare(topic.guild_id, topic.filter or "", words)
    buttons = [WordsButton(act, topic.id, words_id) for act in ("save", "again", "keep")]
    return changed_words(topic, words, compared, buttons)


class WordsButton(
    PersistentButton,
    template=rf"wetread:topicwords:(?P<act>show|save|again|keep):(?P<topic_id>{NUMBER}):(?P<words_id>{NUMBER})",
):
    """Saves new words, asks for others, or keeps the old ones."""

    def __init__(self, act: str, topic_id: int, words_id: int) -> None:
        custom_id = f"wetread:topicwords:{act}:{topic_id}:{words_id}"
        super().__init__(_WORDS_LABELS[act], custom_id, is_prominent=act in {"show", "save"})
        self.act = act
        self.topic_id = topic_id
        self.words_id = words_id

    async def pressed(self, interaction: Interaction) -> None:
        """Do it. Raises UnknownTopicError, WordsForgottenError."""
        member = await moderator_of(interaction)
        if self.act == "keep":
            await open_panel(
                interaction, member.guild, "topic", self.topic_id, said="The old words stay as they were."
            )
            return
        words = await actions_of(interaction).typed_words(self.words_id, typist_of(interaction))
        services = interaction.client.services
        topic = (await services.topics.get(member.guild.id, self.topic_id)).topic
        if self.act == "again":
            await interaction.response.send_modal(WordsForm(topic, words))
        elif self.act == "show":
            await show_changed(interaction, topic.id, words)
        else:
            await begin(interaction)
            said = await changes.set_words(services, topic, words, pressed_by(member, "topic edit"))
            await open_panel(interaction, member.guild, "topic", topic.id, said=said)


class TopicKinds(PersistentMenu, template=rf"wetread:topickinds:(?P<topic_id>{NUMBER})"):
    """Limits a topic to kinds of publication; none chosen = all."""

    def __init__(self, topic_id: int, words: str = "") -> None:
        super().__init__(
            f"wetread:topickinds:{topic_id}",
            kind_options(words),
            placeholder=kinds_words(words),
            least=0,
            most=len(KINDS),
        )
        self.topic_id = topic_id

    async def pressed(self, interaction: Interaction) -> None:
        """Show what it would change. Raises UnknownTopicError, NoLongerWorksError."""
        member = await moderator_of(interaction)
        topic = (await interaction.client.services.topics.get(member.guild.id, self.topic_id)).topic
        words = with_kinds(topic.filter or "", chosen_kinds(self.item))
        await show_changed(interaction, topic.id, words)


def kind_options(words: str) -> list[discord.SelectOption]:
    """Return the kinds to which a topic can be limited."""
    chosen = kinds_in(words)
    return [
        discord.SelectOption(label=label, value=kind, default=kind in chosen) for kind, label in KINDS.items()
    ]


def chosen_kinds(menu: discord.ui.Select[Any]) -> list[str]:
    """Return the kinds that were chosen from a menu. Raises NoLongerWorksError."""
    if not set(menu.values) <= KINDS.keys():
        raise NoLongerWorksError
    return [kind for kind in KINDS if kind in menu.values]


class RemoveTopicButton(
    PersistentButton, template=rf"wetread:topicremove:(?P<topic_id>{NUMBER}):(?P<choice>remove|keep)"
):
    """Removes a topic, or keeps it."""

    def __init__(self, topic_id: int, choice: str) -> None:
        super().__init__(choice.capitalize(), f"wetread:topicremove:{topic_id}:{choice}")
        if choice == "remove":
            self.item.style = discord.ButtonStyle.danger
        self.topic_id = topic_id
        self.choice = choice

    async def pressed(self, interaction: Interaction) -> None:
        """Replace the question by what was done. Raises UnknownTopicError."""
        member = await moderator_of(interaction)
        services = interaction.client.services
        topic = (await services.topics.get(member.guild.id, self.topic_id)).topic
        if self.choice == "keep":
            await open_panel(interaction, member.guild, "topic", topic.id, said="Nothing was changed.")
            return
        await begin(interaction)
        said = await changes.remove(services, topic, pressed_by(member, "topic remove"))
        back = [OpenPanelButton("topics", label="All topics", is_prominent=False)]
        await show(interaction, {"view": Panel(colours.GREY, text(said), *rows(back))})


def ask_to_remove(topic: Subscription) -> Panel:
    """Build the question whether to remove a topic."""
    return notice(
        f"Remove the topic {safe(topic.name)}?",
        f"Nothing more of it is posted to <#{topic.channel_id}>. Its posts stay.",
        buttons=[RemoveTopicButton(topic.id, choice) for choice in ("remove", "keep")],
    )


PAGE_ITEMS = (TopicMenu, TopicButton, WordsButton, TopicKinds, RemoveTopicButton)
"""What a cog has to register, so that the page works after a restart."""
