"""Which feed of a page with several is meant: a question with a sample of each, and a button for each."""

from cogs.client import Wetread
from cogs.feeds.add_answers import AddOptions
from cogs.feeds.confirmations import KEPT
from cogs.feeds.starting import start, usable_channel
from cogs.kit import colours
from cogs.kit.checks import ADDING, moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import safe_cut
from cogs.kit.panels import Panel, notice, rows, small, text
from cogs.kit.presses import NUMBER, PersistentButton, typist_of
from cogs.kit.words import counted
from wetread.domain.models import Form
from wetread.storage.typed_words import Typist

SHOWN_TITLES = 2
"""Newest titles of each feed."""

_TITLE_LIMIT = 120


class PageFeedButton(
    PersistentButton,
    template=rf"wetread:pagefeed:(?P<words_id>{NUMBER}):(?P<channel_id>{NUMBER})"
    rf":(?P<form>{'|'.join(Form)}):(?P<newest>\d{{1,2}}):(?P<label>\d|cancel)",
):
    """Adds the feed whose address is stored among the typed words, or none."""

    def __init__(self, words_id: int, channel_id: int, form: str, newest: int, label: int | str) -> None:
        super().__init__(
            str(label).capitalize(), f"wetread:pagefeed:{words_id}:{channel_id}:{form}:{newest}:{label}"
        )
        self.words_id = words_id
        self.channel_id = channel_id
        self.form = form
        self.newest = newest
        self.label = label

    async def pressed(self, interaction: Interaction) -> None:
        """Replace the question by what was done. Raises NoLongerWorksError, WordsForgottenError."""
        member = await moderator_of(interaction, ADDING)
        if self.label == "cancel":
            await interaction.response.edit_message(view=notice(KEPT))
            return
        bot = interaction.client
        url = await bot.services.actions.typed_words(self.words_id, typist_of(interaction))
        channel = await usable_channel(interaction, member, self.channel_id)
        if channel is None:
            return
        await interaction.response.defer()
        checked = await bot.services.subscriptions.check(url)
        options = AddOptions(checked, channel, self.newest, Form(self.form))
        _, said = await start(bot.services.subscriptions, options, member, bot.config.discord.prefix)
        await interaction.edit_original_response(view=Panel(colours.TEAL, text(said)))


async def ask_which(bot: Wetread, options: AddOptions, typist: Typist) -> Panel:
    """Build the question which of a page's feeds to add. Their addresses are stored for the buttons."""
    channel, newest, form = options.channel, options.newest, options.form
    feeds = (options.checked, *options.checked.others)
    buttons = []
    samples = []
    for number, feed in enumerate(feeds, 1):
        words_id = await bot.services.actions.remember_words(feed.url, typist)
        buttons.append(PageFeedButton(words_id, channel.id, form, newest, number))
        titles = [safe_cut(each.record.title, _TITLE_LIMIT) for each in feed.entries[:SHOWN_TITLES]]
        name = safe_cut(feed.title, _TITLE_LIMIT)
        samples.append("\n".join([f"**{number}. {name}**", *(small(title) for title in titles)]))
    cancel = PageFeedButton(0, channel.id, form, newest, "cancel")
    return Panel(
        colours.GREY,
        text(
            f"**This page has {counted(len(feeds), 'feed')}. Which one should post to <#{channel.id}>?**",
            *samples,
        ),
        *rows([*buttons, cancel]),
    )
