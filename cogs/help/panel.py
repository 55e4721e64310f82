"""The help panel: every kind of command with an example, and two buttons."""

from typing import Any

import discord

from cogs.kit import colours
from cogs.kit.context import Interaction
from cogs.kit.escape import code
from cogs.kit.limits import INPUT_LABEL
from cogs.kit.panels import Panel, rows, rule, small, text
from cogs.kit.presses import Modal, PersistentButton, actions_of, answer, typed_into, typist_of
from cogs.lookups.list_panels import latest_panel
from cogs.lookups.search_panel import search_panel, watch
from wetread.domain.query import TEXT_LIMIT


def help_panel(prefix: str, *, is_moderator: bool) -> Panel:
    """Build the help. `is_moderator`: with the commands for moderators."""

    def command(example: str) -> str:
        return code(prefix + example)

    moderators = [
        "\n**For moderators**",
        f"{command('feed list')} shows all feeds · {command('status')} shows whether all is working",
        command("feed add Radiology"),
        "Post new articles of a journal in this channel",
        command('feed add pubmed: "facet joint"[tiab] AND CT'),
        "Post what a PubMed query finds, in any journal",
    ]
    body = [
        "**Read**",
        command("abstract 10.5555/aisi.2026.0001"),
        "Show the abstract for a DOI, PMID, PMCID, link, citation or a few words of the title",
        command("latest spine"),
        "Show the newest articles of a subject or a journal",
        command("journals"),
        "List the journals of this server",
        "\n**Find**",
        command("search epidural injection since:2024"),
        "Search the articles of this server, best matches first",
        "\n**Cite**",
        command("cite 99001001"),
        "Get the citation in AMA, Vancouver or APA, for BibTeX or as a RIS file",
        command("export search epidural since:2024 bibtex"),
        "Get many references as one file",
        "\n**Share**",
        command("share 10.5555/onpp.2026.0001 I show figure 3 to every fellow."),
        "Post an article here, with your comment",
        *(moderators if is_moderator else []),
    ]
    return Panel(
        colours.TEAL,
        text("### Wetread", "Wetread posts new radiology articles with their abstracts on this server."),
        rule(),
        discord.ui.TextDisplay("\n".join(body)),
        rule(),
        text(
            small(
                "With / in front, only you see the answer. "
                "On a phone, you can also use the buttons under each article."
            )
        ),
        *rows([HelpButton("search", is_prominent=True), HelpButton("latest")]),
    )


class HelpButton(PersistentButton, template=r"wetread:help:(?P<what>search|latest)"):
    """Does the same as a command, for the member who presses it."""

    def __init__(self, what: str, *, is_prominent: bool = False) -> None:
        label = {"search": "Search", "latest": "Newest articles"}[what]
        super().__init__(label, f"wetread:help:{what}", is_prominent=is_prominent)
        self.what = what

    async def pressed(self, interaction: Interaction) -> None:
        """Ask for the words, or list the newest."""
        if self.what == "search":
            await interaction.response.send_modal(SearchForm())
        else:
            newest = await actions_of(interaction).latest(interaction.guild_id)
            await answer(interaction, view=latest_panel(newest))


class SearchForm(Modal, title="Search"):
    """Asks for the words of a search."""

    words: discord.ui.Label[Any] = discord.ui.Label(
        text="What are you looking for?"[:INPUT_LABEL],
        description="Words, “an exact phrase” in quotes, -exclude, author:, journal:, is:free, since:30d",
        component=discord.ui.TextInput(
            custom_id="words", placeholder="epidural injection since:2024", max_length=TEXT_LIMIT
        ),
    )

    async def submitted(self, interaction: Interaction) -> None:
        """Answer with the results, privately."""
        actions = actions_of(interaction)
        request = await actions.new_search(
            interaction.user.id, typed_into(self.words), typist_of(interaction)
        )
        found = await actions.search(request, interaction.guild_id)
        panel = search_panel(request, found)
        await answer(interaction, view=panel)
        watch(panel, await interaction.original_response())
