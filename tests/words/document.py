"""docs/words.md as a whole."""

from collections.abc import AsyncIterator, Callable

from tests.cogs.community import Community, open_community
from tests.words import conversation, deliveries, errors
from tests.words.cards import add_cards
from tests.words.commands import add_commands
from tests.words.page import Entry, Page

INTRODUCTION = """# Everything that Wetread says

Every answer, panel, error, notice, button, form and help text, each with what brings it about. Written by
`python scripts/words.py` from the running code, with invented journals and articles; a test says when this
page is out of date. Read it from top to bottom after a change of words.
"""

PLACES = {1: "papers", 2: "journal-club"}
"""The channels of what is called directly, by their ids."""

SECTIONS: tuple[tuple[str, Callable[[Community], AsyncIterator[Entry]]], ...] = (
    ("Help", conversation.help_),
    ("Look-ups, searches, citations", conversation.look_ups),
    ("A source is down", conversation.outage),
    ("Sharing and discussing", conversation.sharing),
    ("Suggesting a journal", conversation.suggestions),
    ("Feeds, for moderators", conversation.feeds),
    ("The moderators' channel", conversation.notices),
)


async def document() -> str:
    """Return the whole page. Each section is a community of its own."""
    page = Page(PLACES)
    async with open_community() as here:
        add_commands(page, here.bot)
    for title, scenes in SECTIONS:
        async with open_community() as here:
            page.channels = _names(here)
            page.heading(title)
            async for entry in scenes(here):
                page.add([entry])
    page.channels = PLACES
    add_cards(page)
    page.heading(
        "The status of an article in a channel", "As `/feed show`, `/feed log` and `/feed why` say it."
    )
    for line in deliveries.statuses():
        page.line(line)
    page.line("")
    page.heading("Posts that Discord refuses")
    page.add(deliveries.refusals())
    page.heading("In a discussion")
    page.add(deliveries.discussions())
    page.heading("Errors")
    page.add(errors.answers())
    page.heading("Failures of a feed", "As `/status`, a feed's page and `/feed add` say them.")
    for line in errors.failures():
        page.line(line)
    page.line("")
    page.heading("Errors that are not answered")
    for kind, instead in errors.NEVER_ANSWERED.items():
        page.line(f"- {kind.__name__}: {instead}.")
    return f"{INTRODUCTION}\n{page.text()}"


def _names(here: Community) -> dict[int, str]:
    world = here.world
    channels = (world.papers, world.club, world.announcements, world.forum, world.thread)
    return {each.id: each.name or "" for each in channels}
