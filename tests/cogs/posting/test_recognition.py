"""Posts are recognised by what their buttons carry, whatever moderators leave of them."""

from collections.abc import AsyncIterator
from dataclasses import replace

import discord
import pytest
from discord.ext import commands

from cogs.cards.buttons import card_view
from cogs.cards.card import card
from cogs.posting.messenger import CardMessage, DiscordMessenger
from cogs.posting.recognition import marker_of
from tests.cogs.community import open_community
from tests.cogs.posting.test_messenger import Bot, delivery
from tests.support.discord_stage import Channel
from tests.support.discord_world import World, open_world
from tests.support.invented import NOTICE, PENDING, RETRACTED, TODAY, TRIAL
from tests.support.invented_digests import draw_digest
from wetread.domain.clock import Clock
from wetread.domain.models import Article, Delivery, DestinationKind, Form, Posted, Subject
from wetread.storage import deliveries

NOBODY = discord.AllowedMentions.none()
TEXT, THREAD, FORUM = DestinationKind.TEXT, DestinationKind.THREAD, DestinationKind.FORUM


async def draw(scheduled: Delivery, article: Article) -> CardMessage:
    """The real card with its real buttons."""
    shown = card(article, scheduled.form, subject=Subject.NEURO, today=TODAY)
    view = card_view(shown, marker=marker_of(scheduled, article).text)
    return CardMessage(shown.embed, view, article.record.title[:100], (), "hash")


@pytest.fixture
async def world() -> AsyncIterator[World]:
    def factory(_clock: Clock) -> commands.Bot:
        return Bot()

    async with open_world(factory) as opened:
        yield opened


@pytest.fixture
def messenger(world: World) -> DiscordMessenger:
    return DiscordMessenger(world.bot, draw, draw_digest)


def place(world: World, kind: DestinationKind) -> Channel:
    return {TEXT: world.papers, THREAD: world.thread, FORUM: world.forum}[kind]


def remove_embeds(world: World, kind: DestinationKind, posted: Posted) -> None:
    channel = world.channel(posted.message_id) if kind is FORUM else place(world, kind)
    [post] = [each for each in world.posts(channel) if each.id == posted.message_id]
    world.remove_embeds(post)


@pytest.mark.row("E18", "E19")
@pytest.mark.parametrize("kind", [TEXT, THREAD, FORUM])
@pytest.mark.parametrize("form", [*Form, None], ids=[*Form, "plain"])
@pytest.mark.parametrize("is_emptied", [False, True], ids=["whole", "emptied"])
async def test_e18_every_form_of_post_is_recognised_by_its_buttons(
    world: World, messenger: DiscordMessenger, kind: DestinationKind, form: Form | None, is_emptied: bool
) -> None:
    scheduled = replace(delivery(world, place(world, kind), kind), form=form or Form.WHOLE)
    other = replace(scheduled, id=scheduled.id + 16)
    posted = await messenger.post(scheduled, TRIAL, is_plain=form is None)
    if is_emptied:
        remove_embeds(world, kind, posted)

    assert await messenger.find(scheduled, TRIAL) == Posted(posted.message_id, posted.thread_id)
    assert await messenger.find(other, TRIAL) is None


@pytest.mark.row("C14", "E18")
@pytest.mark.parametrize("kind", [TEXT, FORUM])
async def test_e18_what_a_lost_database_posted_is_recognised_without_its_embed(
    world: World, messenger: DiscordMessenger, kind: DestinationKind
) -> None:
    posted = await messenger.post(delivery(world, place(world, kind), kind), TRIAL)
    remove_embeds(world, kind, posted)
    restored = replace(delivery(world, place(world, kind), kind, number=0xBEEF), attempt_count=0)

    assert await messenger.find(restored, replace(TRIAL, id=77)) == Posted(
        posted.message_id, posted.thread_id
    )
    assert await messenger.find(restored, PENDING) is None


@pytest.mark.row("E19")
@pytest.mark.parametrize("article", [TRIAL, PENDING, RETRACTED, NOTICE])
@pytest.mark.parametrize("form", [*Form, None], ids=[*Form, "plain"])
async def test_e19_readers_are_shown_nothing_that_only_wetread_can_read(
    world: World, messenger: DiscordMessenger, article: Article, form: Form | None
) -> None:
    scheduled = replace(delivery(world, world.papers), form=form or Form.WHOLE)
    await messenger.post(scheduled, article, is_plain=form is None)

    [post] = world.posts(world.papers)
    assert "wr-" not in post.text
    assert "wr-" not in " ".join(post.buttons)


async def before(world: World, text: str, *, kind: str = "footer") -> discord.Message:
    """Post as 0.1.0 and 0.2.0 did."""
    channel = world.bot.get_channel(world.papers.id)
    assert isinstance(channel, discord.TextChannel)
    if kind == "plain":
        return await channel.send(
            f"[{TRIAL.record.title}](<{TRIAL.record.url}>)\n-# {text}", allowed_mentions=NOBODY
        )
    shown = card(TRIAL, Form.CONCLUSION, subject=Subject.NEURO, today=TODAY)
    shown.embed.set_footer(text=f"DOI 10.5555/x · {text}" if kind == "footer" else text)
    return await channel.send(embed=shown.embed, view=card_view(shown), allowed_mentions=NOBODY)


@pytest.mark.row("E18", "E19")
@pytest.mark.parametrize("kind", ["footer", "title", "plain"])
async def test_e19_posts_of_earlier_versions_are_recognised_by_their_last_line(
    world: World, messenger: DiscordMessenger, kind: str
) -> None:
    scheduled = delivery(world, world.papers)
    message = await before(world, scheduled.marker, kind=kind)

    assert await messenger.find(scheduled, TRIAL) == Posted(message.id)
    assert await messenger.find(replace(scheduled, id=scheduled.id + 16), TRIAL) is None


@pytest.mark.row("E18")
async def test_e18_a_post_of_an_earlier_version_without_its_embed_is_recognised_by_its_article(
    world: World, messenger: DiscordMessenger
) -> None:
    scheduled = delivery(world, world.papers)
    message = await before(world, scheduled.marker)
    [post] = world.posts(world.papers)
    world.remove_embeds(post)

    assert await messenger.find(scheduled, TRIAL) == Posted(message.id)
    assert await messenger.find(scheduled, PENDING) is None


@pytest.mark.row("E18")
async def test_e18_an_answer_with_the_same_buttons_is_no_post(
    world: World, messenger: DiscordMessenger
) -> None:
    shown = card(TRIAL, Form.WHOLE, subject=Subject.NEURO, today=TODAY)
    channel = world.bot.get_channel(world.papers.id)
    assert isinstance(channel, discord.TextChannel)
    asked = await channel.send("!abstract", allowed_mentions=NOBODY)
    await asked.reply(embed=shown.embed, view=card_view(shown), allowed_mentions=NOBODY)
    world.remove_embeds(world.posts(world.papers)[-1])

    for scheduled in (delivery(world, world.papers), replace(delivery(world, world.papers), attempt_count=0)):
        assert await messenger.find(scheduled, TRIAL) is None


@pytest.mark.row("E18", "E19")
async def test_e19_the_bots_own_posts_carry_it_and_their_button_works() -> None:
    async with open_community() as here:
        await here.watch("jii", newest=1)
        [post] = [each for each in here.posts() if each.embeds]
        scheduled = await here.services.database.run(deliveries.by_message, post.id)
        assert scheduled is not None

        assert f":{scheduled.marker}:" in str(post.components)
        assert "wr-" not in post.text
        assert (await here.world.press(post, "Cite")).message.text
