"""The last step of adding a feed with `/`: a sample, two menus and Start."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import discord

from cogs.feeds.add_answers import AddOptions
from cogs.feeds.panels import FORM_WORDS
from wetread.domain.models import Form

NEWEST_CHOICES = (0, 1, 3, 5, 10)
_TIMEOUT = 14.5 * 60  # a private answer can be changed for 15 minutes


class AddView(discord.ui.View):
    """The last step: the sample above, the choices below, Start. For whoever asked, privately."""

    def __init__(
        self,
        choice: AddOptions,
        draw: Callable[[AddOptions], dict[str, Any]],
        start: Callable[[AddOptions], Awaitable[str]],
    ) -> None:
        super().__init__(timeout=_TIMEOUT)
        self.choice = choice
        self._draw = draw
        self._start = start
        self._show()

    def _show(self) -> None:
        self.clear_items()
        self.add_item(_NewestMenu(self.choice.newest))
        self.add_item(_FormMenu(self.choice.form))
        self.add_item(_StartButton())

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _item: discord.ui.Item[Any], /
    ) -> None:
        """Answer an error."""
        await interaction.client.answer_error(interaction, error)

    async def choose(self, interaction: discord.Interaction[Any], choice: AddOptions) -> None:
        """Show the sample again with another choice."""
        self.choice = choice
        self._show()
        await interaction.response.edit_message(**self._draw(choice), view=self)

    async def start(self, interaction: discord.Interaction[Any]) -> None:
        """Subscribe, and say so in place of the choices."""
        await interaction.response.defer()
        line = await self._start(self.choice)
        self.stop()
        await interaction.edit_original_response(content=line, embed=None, view=None)


class _NewestMenu(discord.ui.Select[AddView]):
    def __init__(self, chosen: int) -> None:
        options = [
            discord.SelectOption(label=_newest_words(count), value=str(count), default=count == chosen)
            for count in sorted({*NEWEST_CHOICES, chosen})
        ]
        super().__init__(options=options)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        if self.view is not None:
            await self.view.choose(interaction, replace(self.view.choice, newest=int(self.values[0])))


class _FormMenu(discord.ui.Select[AddView]):
    def __init__(self, chosen: Form) -> None:
        options = [
            discord.SelectOption(label=f"Form: {words}", value=form, default=form is chosen)
            for form, words in FORM_WORDS.items()
        ]
        super().__init__(options=options)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        if self.view is not None:
            await self.view.choose(interaction, replace(self.view.choice, form=Form(self.values[0])))


class _StartButton(discord.ui.Button[AddView]):
    def __init__(self) -> None:
        super().__init__(label="Start", style=discord.ButtonStyle.primary)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        if self.view is not None:
            await self.view.start(interaction)


def _newest_words(count: int) -> str:
    return f"Newest articles to post now: {count or 'none'}"
