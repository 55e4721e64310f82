"""What members and moderators are answered, from the real bot in a Discord in memory, for docs/words.md."""

from collections.abc import AsyncIterator
from dataclasses import replace

from tests.cogs import desk_of_moderators as desk
from tests.cogs.community import Community
from tests.support import invented
from tests.support.seen import Seen
from tests.words.page import Entry
from wetread.storage import records
from wetread.storage.settings import GuildSettings

DOI = "10.5555/jii.2026.0001"
FEED_ORDERS = (
    "!feed",
    "!feed list",
    "!feed add jii 0",
    "!feed add jii",
    "!feed add aisi #journal-club conclusion 1",
    "!feed add invented",
    "!feed add Radiolgy",
    "!feed pause jii",
    "!feed pause jii",
    "!feed resume jii",
    "!feed resume jii",
    "!feed form aisi title",
    "!feed filter jii phantom -veterinary",
    "!feed filter jii",
    "!feed check jii",
    "!feed move aisi #papers",
    "!feed types letters on",
    "!feed types letters off",
    "!feed types poems on",
    "!feed types usual",
    "!feed settings soon",
    "!feed settings #journal-club 48",
    "!feed settings on https://login.proxy.example.edu/login?url=",
    "!feed settings https://proxy.example.edu",
    "!feed remove aisi",
    "!feed show nothing",
    "!feed pasue jii",
)
PANELS = ("feed list", "feed types", "feed settings", "status")
FEED_PANELS = ("feed show", "feed test", "feed log")


async def help_(here: Community) -> AsyncIterator[Entry]:
    """Yield the help of members, of moderators, of one command and of a group."""
    yield Entry("`!help` by a member", await here.ask("!help"))
    yield Entry("`!help` by a moderator", await here.ask("!help", by=here.moderator))
    for typed in ("!help search", "!help feed", "!help serach", "!serach pain"):
        yield Entry(f"`{typed}`", await here.ask(typed))


async def look_ups(here: Community) -> AsyncIterator[Entry]:
    """Yield look-ups, lists, searches, citations and exports."""
    for typed in ("!journals", "!latest", f"!abstract {DOI}", "!search marionettes"):
        yield Entry(f"`{typed}`, nothing was posted yet", await here.ask(typed))
    await here.watch("jii", "onpp", newest=3)
    private = await here.slash("abstract", reference=DOI)
    yield Entry(f"`/abstract {DOI}`", private)
    for typed in (
        "!search phantom",
        "!latest",
        "!latest jii 1",
        "!journals",
        "!abstract invented",
        f"!article {DOI}",
        f"!cite {DOI}",
        f"!cite {DOI} ris",
        "!export search phantom bibtex",
        "!export search marionettes",
    ):
        yield Entry(f"`{typed}`", await here.ask(typed))
    card = await here.ask(f"!abstract {DOI}")
    yield Entry("The button All authors", await here.world.press(card, "All authors"))
    nothing = await here.ask("!search marionettes")
    yield Entry("The button Search PubMed", await here.world.press(nothing, "Search PubMed"))
    nothing = await here.ask("!search puppeteers")
    yield Entry("Search PubMed, nothing there either", await here.world.press(nothing, "Search PubMed"))
    panel = await here.ask("!search phantom")
    other = await here.world.press(panel, "1", by=here.moderator)
    yield Entry("A button of another member's search", other)
    help_panel = await here.ask("!help")
    yield Entry("The button Search of the help", await here.world.press(help_panel, "Search"))


async def outage(here: Community) -> AsyncIterator[Entry]:
    """Yield what is said while PubMed is down and afterwards."""
    here.pubmed_is_down()
    panel = await here.ask("!abstract PMID 99999999")
    yield Entry("A look-up while PubMed is down", panel)
    yield Entry(
        "Stop trying, by another member", await here.world.press(panel, "Stop trying", by=here.moderator)
    )
    yield Entry("Stop trying", await here.world.press(panel, "Stop trying"))
    panel = await here.ask("!abstract PMID 99999998")
    here.pubmed_works()
    await here.pass_time(400)
    yield Entry("The first message, after PubMed came back", here.world.again(panel))
    yield Entry("The answer, after PubMed came back", here.posts()[-1])


async def sharing(here: Community) -> AsyncIterator[Entry]:
    """Yield the form, the posts and the refusals of sharing."""
    yield Entry("`/share` without an article", await here.slash("share"))
    answer = await here.slash("share", reference=DOI, comment="I show figure 3 to every fellow.")
    [card] = [each for each in here.posts() if each.embeds]
    yield Entry("`/share` with an article: the post", card)
    yield Entry("`/share` with an article: the private answer", answer)
    yield Entry("The same article again", await here.slash("share", reference=DOI))
    yield Entry("*Edit note* in the menu of the post", await here.world.context_menu("Edit note", card))
    saved = await here.slash("note", reference=DOI, note="Presented at a meeting in 2025.")
    yield Entry("`/note` with a note", saved)
    await here.pass_time(60)
    yield Entry("The post with the note", here.world.again(card))
    yield Entry("`/note` without a note", await here.slash("note", reference=DOI))
    other = await here.slash("note", reference=DOI, note="Mine.", by=here.moderator)
    yield Entry("`/note` by a moderator", other)
    [thread] = here.world.threads(here.papers)
    yield Entry("The first message of the discussion", here.world.posts(thread)[0])
    yield Entry("The button Discuss", await here.world.press(card, "Discuss"))
    await _keep_classic(here)
    classic = await here.slash("abstract", reference=invented.CLASSIC.record.doi or "")
    yield Entry("The button Show to all", await here.world.press(classic.message, "Show to all"))
    yield Entry("Show to all: the post", here.posts()[-1])
    here.world.forbid(here.papers, "embed_links")
    yield Entry("`/share` where Wetread lacks a permission", await here.slash("share", reference=DOI))
    here.world.allow_again(here.papers)
    await here.choose(GuildSettings(offers_cards=True, moderator_channel_id=here.world.club.id))
    [offer] = await here.say(f"Look: https://doi.org/{DOI}")
    yield Entry("A message with a DOI, where card offers are on", offer)


async def suggestions(here: Community) -> AsyncIterator[Entry]:
    """Yield how a member suggests a journal."""
    await desk.choose_channel(here)
    refused = await here.ask("!feed add something")
    yield Entry("`!feed add` by a member", refused)
    form = await here.world.press(refused, "Suggest a journal")
    yield Entry("The button Suggest a journal", form)
    yield Entry("The form, sent", await here.world.submit(form, {"journal": "Invented Letters"}))
    yield Entry("What the moderators read", here.posts(here.world.club)[-1])


async def feeds(here: Community) -> AsyncIterator[Entry]:
    """Yield what moderators are answered about feeds."""
    offer = (await here.slash("feed add", by=here.moderator, what="onpp")).message
    yield Entry("`/feed add onpp`", offer)
    yield Entry("The button Start", await here.world.press(offer, "Start", by=here.moderator))
    for typed in FEED_ORDERS:
        for said in await here.say(typed, by=here.moderator):
            yield Entry(f"`{typed}`", said)
    for name in PANELS:
        yield Entry(f"`/{name}`", await here.slash(name, by=here.moderator))
    for name in FEED_PANELS:
        yield Entry(f"`/{name} jii`", await here.slash(name, by=here.moderator, feed="jii"))
    for reset in ("wait for the abstract", "library’s proxy"):
        answer = await here.slash("feed settings", by=here.moderator, reset=reset)
        yield Entry(f"`/feed settings` with reset: {reset}", answer)
    async for entry in pressed_feeds(here):
        yield entry
    await here.pass_time(60)
    yield Entry("`/feed log`", await here.slash("feed log", by=here.moderator))
    here.world.forbid(here.papers, "embed_links")
    lacking = await here.slash("feed add", by=here.moderator, what="Radiology")
    yield Entry("`/feed add` where Wetread lacks a permission", lacking)
    yield Entry("`!abstract` where Wetread lacks a permission", await here.ask(f"!abstract {DOI}"))
    lacking = await here.slash("status", by=here.moderator)
    yield Entry("`/status` where Wetread lacks a permission", lacking)
    here.world.allow_again(here.papers)
    for asked in (DOI, "10.5555/jii.2026.0002", "10.5555/nobody.1"):
        yield Entry(f"`!feed why {asked}`", await _opened(here, f"!feed why {asked}"))


async def pressed_feeds(here: Community) -> AsyncIterator[Entry]:
    """Yield what moderators see who press instead of typing."""
    by = here.moderator
    page = (await here.slash("feed show", by=by, feed="jii")).message
    for label in ("Form", "Move", "Remove"):
        asked = await here.world.press(page, label, by=by)
        yield Entry(f"A feed’s page, {label}", asked)
        page = (await here.world.press(asked.message, "Keep" if label == "Remove" else "Back", by=by)).message
    yield Entry("A feed’s page, Filter", await here.world.press(page, "Filter", by=by))
    listed = (await here.slash("feed list", by=by)).message
    which = await here.world.press(listed, "Add a journal", by=by)
    yield Entry("The list, Add a journal", which)
    form = await here.world.press(which.message, "Type a name", by=by)
    yield Entry("Step 1, Type a name", form)
    near = await here.world.submit(form, {"name": "jornal of invented imagin"}, by=by)
    yield Entry("Step 1, a name that no journal has", near)
    shown = await here.world.press(near.message, "Type another name", by=by)
    where = await here.world.submit(shown, {"name": "onpp"}, by=by)
    yield Entry("Step 2", where)
    await here.world.press(where.message, "Cancel", by=by)


async def notices(here: Community) -> AsyncIterator[Entry]:
    """Yield what comes to the moderators' channel, and what their presses answer."""
    channel = await desk.choose_channel(here)
    await here.watch("jii")
    await desk.hold(here)
    await desk.lose(here)
    await desk.stop(here, 200000, "AutoMod blocked it")
    seen: set[int] = set()
    for cause in ("held", "refused", "failing"):
        if cause == "refused":
            await desk.refuse(here)
        if cause == "failing":
            await desk.fail_all(here)
        await here.pass_time(61)
        for said in here.posts(channel):
            if said.id not in seen:
                seen.add(said.id)
                yield Entry("In the moderators' channel", said)
    for label in (
        "See all 14",
        "Post none",
        "Undo",
        "Post the newest 3",
        "Not there, post it",
        "Try again",
        "Try now",
    ):
        found = [each for each in here.posts(channel) if label in each.buttons]
        if found:
            pressed = await here.world.press(found[0], label, by=here.moderator)
            for message in pressed.messages:
                yield Entry(f"The button {label}", message)
    await here.agree("!feed add invented", "Start")
    await desk.fail_all(here)
    await here.pass_time(61)
    for said in here.posts(channel):
        if said.id not in seen:
            seen.add(said.id)
            yield Entry("In the moderators' channel, about several feeds", said)
    yield Entry("`/status` with troubles", await here.slash("status", by=here.moderator))


async def _keep_classic(here: Community) -> None:
    record = replace(invented.CLASSIC.record)
    await here.services.database.run(records.save, {"PubMed": record}, here.world.clock())


async def _opened(here: Community, typed: str) -> Seen:
    [offer] = await here.say(typed, by=here.moderator)
    if offer.buttons != ["Open"]:
        return offer
    return (await here.world.press(offer, "Open", by=here.moderator)).message
