"""The buttons of the welcome and of the return. Not in the cog, whose file is loaded anew."""

import discord

from cogs.help.panel import help_panel
from cogs.kit.changed_by import pressed_by
from cogs.kit.checks import ADDING, may_moderate, moderator_of
from cogs.kit.context import Interaction
from cogs.kit.open_panel import OpenPanelButton, begin, open_panel
from cogs.kit.panels import notice
from cogs.kit.presses import PersistentButton, answer
from cogs.kit.words import counted
from cogs.welcome.steps import any_sample
from wetread.storage import welcomes


class WelcomeButton(PersistentButton, template=r"wetread:welcome:(?P<what>sample|members)"):
    """Shows a sample, or what members can do; to everybody who presses, alone."""

    def __init__(self, what: str) -> None:
        label = {"sample": "Show me a sample", "members": "What members can do"}[what]
        super().__init__(label, f"wetread:welcome:{what}")
        self.what = what

    async def pressed(self, interaction: Interaction) -> None:
        """Answer privately."""
        bot, member = interaction.client, interaction.user
        await interaction.response.defer(ephemeral=True, thinking=True)
        if self.what == "sample":
            await answer(interaction, **{"content": None, **await any_sample(bot.services)})
            return
        is_moderator = isinstance(member, discord.Member) and await may_moderate(bot, member)
        await answer(interaction, view=help_panel(bot.config.discord.prefix, is_moderator=is_moderator))


class BackButton(PersistentButton, template=r"wetread:back:(?P<choice>on|anew|remove)"):
    """Lets the feeds of a server go on that added Wetread again, or removes them after a question."""

    def __init__(self, choice: str, *, is_prominent: bool = False) -> None:
        label = {"on": "Go on", "anew": "Start anew", "remove": "Remove them"}[choice]
        super().__init__(label, f"wetread:back:{choice}", is_prominent=is_prominent)
        if choice == "remove":
            self.item.style = discord.ButtonStyle.danger
        self.choice = choice

    async def pressed(self, interaction: Interaction) -> None:
        """Do it, and say so in place of the message."""
        member = await moderator_of(interaction, ADDING)
        services = interaction.client.services
        run, now, guild_id = services.database.run, services.seams.clock(), member.guild.id
        by = pressed_by(member, "setup")
        if self.choice == "anew":
            count = await run(welcomes.resting_count, guild_id)
            question = notice(
                f"Remove {counted(count, 'journal')} and start anew?",
                "Posts stay. You can add each again, and undo it in `/history`.",
                buttons=[
                    BackButton("remove"),
                    OpenPanelButton("setup", label="Leave them", is_prominent=False),
                ],
            )
            await answer(interaction, view=question)
            return
        if self.choice == "remove":
            await run(welcomes.start_anew, guild_id, now, by=by)
            await open_panel(interaction, member.guild, "setup")
            return
        await begin(interaction)
        count = await run(welcomes.go_on, guild_id, now, by=by)
        said = notice(
            f"{counted(count, 'journal')} resumed. Articles that appeared meanwhile are not posted."
        )
        await answer(interaction, view=said)
