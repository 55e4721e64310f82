"""The messenger in a Discord in memory: what it posts, finds again and edits. Faults are in tests/wire/."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from unittest.mock import Mock

import discord
import pytest
from discord.ext import commands

from cogs.cards.buttons import cite_only
from cogs.posting.messenger import CardMessage, DiscordMessenger
from cogs.posting.permissions import is_open, kind_of, permissions_missing
from cogs.posting.recognition import marker_of
from cogs.posting.sending import Tries
from sandbox import rules
from tests.support.discord_stage import Channel
from tests.support.discord_world import World, open_world
from tests.support.invented_digests import draw_digest
from wetread.domain.clock import Clock
from wetread.domain.delivery_rules import snowflake_at
from wetread.domain.errors import (
    DeliveryAmbiguousError,
    DeliveryDelayedError,
    DeliveryRefusedError,
    HistoryUnreadableError,
    MessageDeletedError,
)
from wetread.domain.models import Article, Delivery, DeliveryState, DestinationKind, Form, Posted, Record

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ARTICLE = Article(
    id=5,
    record=Record(
        source="PubMed", title="Invented finding [1] @everyone", url="https://journal.example.org/1"
    ),
    provenance={},
    sources=(),
    first_seen_at=NOW,
)


async def draw(delivery: Delivery, article: Article) -> CardMessage:
    """A small card."""
    embed = discord.Embed(title=article.record.title, url=article.record.url)
    embed.set_footer(text="DOI 10.5555/x")
    view = cite_only(article.id, marker_of(delivery, article).text)
    return CardMessage(
        embed, view, article.record.title[:100], ("spine and pain", "Trial"), article.record.title
    )


class Bot(commands.Bot):
    """A bot that does nothing by itself."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
        super().__init__("!", intents=intents, member_cache_flags=discord.MemberCacheFlags.none())


@pytest.fixture
async def world() -> AsyncIterator[World]:
    def factory(_clock: Clock) -> commands.Bot:
        return Bot()

    async with open_world(factory) as opened:
        yield opened


@pytest.fixture
def messenger(world: World) -> DiscordMessenger:
    return DiscordMessenger(world.bot, draw, draw_digest)


def delivery(
    world: World, channel: Channel, kind: DestinationKind = DestinationKind.TEXT, number: int = 26
) -> Delivery:
    """A delivery that has just been claimed."""
    return Delivery(
        id=number,
        guild_id=world.guild.id,
        channel_id=channel.id,
        kind=kind,
        article_id=ARTICLE.id,
        subscription_id=None,
        form=Form.WHOLE,
        state=DeliveryState.SENDING,
        scheduled_at=NOW,
        next_try_at=NOW,
        nonce=f"wr-{number:x}-1",
        baseline=snowflake_at(NOW) - 1,
        first_attempt_at=NOW,
        last_attempt_at=NOW,
        attempt_count=1,
    )


def settled(scheduled: Delivery, posted: Posted) -> Delivery:
    """The delivery as the outbox then knows it."""
    return replace(
        scheduled,
        state=DeliveryState.SENT,
        message_id=posted.message_id,
        thread_id=posted.thread_id,
        shown_hash=posted.shown_hash,
    )


def renamed(title: str) -> Article:
    return replace(ARTICLE, record=replace(ARTICLE.record, title=title))


async def test_a_card_goes_out_with_its_buttons_its_marker_and_no_mentions(
    world: World, messenger: DiscordMessenger
) -> None:
    posted = await messenger.post(delivery(world, world.papers), ARTICLE)

    [post] = world.posts(world.papers)
    assert post.id == posted.message_id
    assert posted.thread_id is None
    assert post.buttons == ["Cite"]
    assert "wr-1a" in str(post.components)
    assert "wr-1a" not in post.text
    assert messenger.last_message_id(world.papers.id) == post.id


async def test_a_thread_and_an_announcement_channel_take_cards_and_the_latter_passes_them_on(
    world: World, messenger: DiscordMessenger
) -> None:
    in_thread = delivery(world, world.thread, DestinationKind.THREAD)
    announced = delivery(world, world.announcements)
    await messenger.post(in_thread, ARTICLE)
    posted = await messenger.post(announced, ARTICLE)
    for _ in range(2):  # the second time there is nothing to do
        await messenger.publish(replace(announced, message_id=posted.message_id))

    assert not messenger.announces(in_thread.channel_id)
    assert messenger.announces(announced.channel_id)

    [post] = world.posts(world.thread)
    assert not post.flags & 1
    [news] = world.posts(world.announcements)
    assert news.flags & 1


async def test_a_forum_post_has_its_title_and_the_tags_that_fit(
    world: World, messenger: DiscordMessenger
) -> None:
    world.set_tags(world.forum, "Spine and pain", "Cases")
    scheduled = delivery(world, world.forum, DestinationKind.FORUM)

    posted = await messenger.post(scheduled, ARTICLE)

    [thread] = world.threads(world.forum)
    assert posted.thread_id == posted.message_id == thread.id
    assert thread.name == ARTICLE.record.title
    payload = world.backend.get_channel(thread.id)
    tags = {int(tag["id"]): tag["name"] for tag in world.backend.get_channel(world.forum.id).available_tags}
    assert [tags[int(tag)] for tag in payload.applied_tags] == ["Spine and pain"]


@pytest.mark.row("A20")
async def test_a20_a_forum_that_asks_for_a_tag_gets_a_usual_one_or_no_request(
    world: World, messenger: DiscordMessenger
) -> None:
    world.set_tags(world.forum, "Cases")
    world.require_tag(world.forum)
    scheduled = delivery(world, world.forum, DestinationKind.FORUM)
    await world.settle()

    with pytest.raises(DeliveryRefusedError, match="Articles") as refused:
        await messenger.post(scheduled, ARTICLE)
    assert refused.value.code == 40067
    assert world.threads(world.forum) == []

    world.set_tags(world.forum, "Cases", "Articles")
    await world.settle()
    await messenger.post(scheduled, ARTICLE)
    assert len(world.threads(world.forum)) == 1


@pytest.mark.row("A06")
async def test_a_post_is_found_again_by_its_marker_past_many_messages(
    world: World, messenger: DiscordMessenger
) -> None:
    scheduled = delivery(world, world.papers)
    other = delivery(world, world.papers, number=0x1A1)
    assert await messenger.find(scheduled, ARTICLE) is None
    await messenger.post(other, ARTICLE)
    for number in range(120):
        world.backend.create_message(world.papers.id, world.reader.id, f"chat before {number}")
    posted = await messenger.post(scheduled, ARTICLE)
    for number in range(250):
        world.backend.create_message(world.papers.id, world.reader.id, f"chat {number}, and wr-1a")

    assert await messenger.find(scheduled, ARTICLE) == Posted(posted.message_id)
    assert await messenger.find(replace(scheduled, baseline=posted.message_id), ARTICLE) is None


async def test_the_plain_post_is_found_again_too(world: World, messenger: DiscordMessenger) -> None:
    scheduled = delivery(world, world.papers)
    posted = await messenger.post(scheduled, ARTICLE, is_plain=True)

    [post] = world.posts(world.papers)
    assert post.content.startswith(r"[Invented finding \[1\] @")
    assert "@everyone" not in post.content
    assert not post.embeds
    assert "wr-1a" not in post.text
    assert await messenger.find(scheduled, ARTICLE) == Posted(posted.message_id)


async def test_a_forum_post_is_found_again_also_when_it_is_archived(
    world: World, messenger: DiscordMessenger
) -> None:
    scheduled = delivery(world, world.forum, DestinationKind.FORUM)
    assert await messenger.find(scheduled, ARTICLE) is None
    posted = await messenger.post(scheduled, ARTICLE)
    await messenger.post(delivery(world, world.forum, DestinationKind.FORUM, number=99), ARTICLE)

    assert await messenger.find(scheduled, ARTICLE) == Posted(posted.message_id, posted.message_id)
    world.archive(world.channel(posted.message_id))
    assert await messenger.find(scheduled, ARTICLE) == Posted(posted.message_id, posted.message_id)
    assert await messenger.find(replace(scheduled, baseline=posted.message_id), ARTICLE) is None


@pytest.mark.row("C14")
@pytest.mark.parametrize("is_plain", [False, True])
@pytest.mark.parametrize("kind", [DestinationKind.TEXT, DestinationKind.FORUM])
async def test_c14_what_a_lost_database_posted_is_known_by_its_article(
    world: World, messenger: DiscordMessenger, kind: DestinationKind, is_plain: bool
) -> None:
    channel = world.forum if kind is DestinationKind.FORUM else world.papers
    restored = replace(delivery(world, channel, kind, number=0xBEEF), attempt_count=0)
    other = replace(ARTICLE, record=replace(ARTICLE.record, url="https://journal.example.org/2"))
    await messenger.post(delivery(world, channel, kind), other)
    assert await messenger.find(restored, ARTICLE) is None

    posted = await messenger.post(delivery(world, channel, kind), ARTICLE, is_plain=is_plain)

    found = await messenger.find(restored, ARTICLE)
    assert found == Posted(posted.message_id, posted.thread_id)
    assert await messenger.find(delivery(world, channel, kind, number=0xBEEF), ARTICLE) is None


@pytest.mark.row("C14")
async def test_c14_an_answer_that_shows_the_article_is_no_post_of_it(
    world: World, messenger: DiscordMessenger
) -> None:
    channel = world.bot.get_channel(world.papers.id)
    assert isinstance(channel, discord.TextChannel)
    shown = discord.Embed(title=ARTICLE.record.title, url=ARTICLE.record.url)
    await channel.send(embed=shown, allowed_mentions=discord.AllowedMentions.none())
    restored = replace(delivery(world, world.papers), attempt_count=0)

    assert await messenger.find(restored, ARTICLE) is None


@pytest.mark.row("A19")
async def test_of_two_forum_posts_the_older_is_kept_and_the_unanswered_one_removed(
    world: World, messenger: DiscordMessenger
) -> None:
    scheduled = delivery(world, world.forum, DestinationKind.FORUM)
    first = await messenger.post(scheduled, ARTICLE)
    await messenger.post(scheduled, ARTICLE)

    assert await messenger.find(scheduled, ARTICLE) == Posted(first.message_id, first.message_id)
    assert [thread.id for thread in world.threads(world.forum)] == [first.message_id]


@pytest.mark.row("A07")
async def test_a07_without_the_history_nothing_is_proven(world: World, messenger: DiscordMessenger) -> None:
    for channel, kind in ((world.papers, DestinationKind.TEXT), (world.forum, DestinationKind.FORUM)):
        scheduled = delivery(world, channel, kind)
        await messenger.post(scheduled, ARTICLE)
        world.forbid(channel, "read_message_history")
        await world.settle()

        with pytest.raises(HistoryUnreadableError):
            await messenger.find(scheduled, ARTICLE)


async def test_what_the_gateway_told_needs_no_history(world: World, messenger: DiscordMessenger) -> None:
    scheduled = delivery(world, world.papers)
    in_forum = delivery(world, world.forum, DestinationKind.FORUM, number=27)
    world.bot.add_listener(_listener(messenger), "on_message")
    posted = await messenger.post(scheduled, ARTICLE)
    await messenger.post(in_forum, ARTICLE)
    await world.settle()
    world.forbid(world.papers, "read_message_history")

    assert await messenger.find(scheduled, ARTICLE) == Posted(posted.message_id)
    [thread] = world.threads(world.forum)
    assert await messenger.find(in_forum, ARTICLE) == Posted(thread.id, thread.id)


async def test_what_the_gateway_told_of_a_removed_post_is_not_taken_for_the_next_one(
    world: World, messenger: DiscordMessenger
) -> None:
    """A member shares again what a moderator removed: the delivery and its marker are the same."""
    scheduled = delivery(world, world.papers)
    world.bot.add_listener(_listener(messenger), "on_message")
    posted = await messenger.post(scheduled, ARTICLE)
    await world.settle()
    await world.delete(world.posts(world.papers)[0])

    assert await messenger.find(replace(scheduled, baseline=posted.message_id), ARTICLE) is None


def _listener(messenger: DiscordMessenger):  # type: ignore[no-untyped-def]  # discord.py looks at it
    async def on_message(message: discord.Message) -> None:
        await messenger.on_message(message)

    return on_message


async def test_an_edit_changes_the_post_and_only_if_there_is_something_to_change(
    world: World, messenger: DiscordMessenger
) -> None:
    scheduled = delivery(world, world.papers)
    sent = settled(scheduled, await messenger.post(scheduled, ARTICLE))

    edited = await messenger.edit(sent, renamed("RETRACTED: Invented finding"))
    [post] = world.posts(world.papers)
    assert post.embed.title == "RETRACTED: Invented finding"
    assert "wr-1a" in str(post.components)

    before = post.payload["edited_timestamp"]
    await world.pass_time(60)
    again = await messenger.edit(settled(scheduled, edited), renamed("RETRACTED: Invented finding"))
    assert again == edited
    assert world.posts(world.papers)[0].payload["edited_timestamp"] == before


@pytest.mark.row("A24")
async def test_a24_an_archived_post_is_opened_edited_renamed_and_put_away_again(
    world: World, messenger: DiscordMessenger
) -> None:
    scheduled = delivery(world, world.forum, DestinationKind.FORUM)
    sent = settled(scheduled, await messenger.post(scheduled, ARTICLE))
    thread = world.channel(sent.thread_id or 0)

    await messenger.edit(sent, renamed("Another title"))
    assert world.channel(thread.id).name == "Another title"

    world.archive(thread)
    await world.settle()
    await messenger.edit(sent, renamed("RETRACTED: Invented finding"))
    assert world.posts(thread)[0].embed.title == "RETRACTED: Invented finding"
    metadata = world.backend.get_channel(thread.id).thread_metadata
    assert metadata is not None
    assert metadata.archived
    assert world.channel(thread.id).name == "RETRACTED: Invented finding"


@pytest.mark.row("A26")
async def test_a26_an_edit_of_a_removed_post_says_so(world: World, messenger: DiscordMessenger) -> None:
    scheduled = delivery(world, world.papers)
    sent = settled(scheduled, await messenger.post(scheduled, ARTICLE))
    await world.delete(world.posts(world.papers)[0])

    with pytest.raises(MessageDeletedError):
        await messenger.edit(sent, renamed("Another title"))


@pytest.mark.row("A28")
async def test_a28_without_embeds_title_and_link_go_out_as_text(
    world: World, messenger: DiscordMessenger
) -> None:
    world.forbid(world.papers, "embed_links")
    await world.settle()
    scheduled = delivery(world, world.papers)

    posted = await messenger.post(scheduled, ARTICLE)

    [post] = world.posts(world.papers)
    assert "https://journal.example.org/1" in post.content
    assert not post.embeds
    world.allow_again(world.papers)
    await world.settle()
    await messenger.edit(settled(scheduled, posted), ARTICLE)
    [post] = world.posts(world.papers)
    assert post.content == ""
    assert post.embed.title == ARTICLE.record.title


@pytest.mark.row("A28")
async def test_a28_a_refusal_names_the_missing_permission(world: World, messenger: DiscordMessenger) -> None:
    world.forbid(world.papers, "send_messages")
    await world.settle()

    with pytest.raises(DeliveryRefusedError) as refused:
        await messenger.post(delivery(world, world.papers), ARTICLE)

    assert (refused.value.status, refused.value.code) == (403, 50013)
    assert refused.value.detail.split(", ")[0] == "Send Messages"


@pytest.mark.row("A18")
@pytest.mark.parametrize(("status", "code", "seconds"), [(429, 0, 900), (403, 0, 900)])
async def test_a18_what_cloudflare_refuses_stops_everything(
    world: World, messenger: DiscordMessenger, status: int, code: int, seconds: float
) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=status, code=code)

    with pytest.raises(DeliveryDelayedError) as delayed:
        await messenger.post(delivery(world, world.papers), ARTICLE)

    assert delayed.value.is_everywhere
    assert delayed.value.retry_after == seconds


@pytest.mark.row("A31")
async def test_a31_an_outage_of_a_server_is_waited_out(world: World, messenger: DiscordMessenger) -> None:
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    guild.unavailable = True

    with pytest.raises(DeliveryDelayedError):
        await messenger.post(delivery(world, world.papers), ARTICLE)
    assert world.posts(world.papers) == []


@pytest.mark.row("A32")
async def test_a32_a_card_over_a_limit_is_not_even_tried(world: World) -> None:
    async def too_long(scheduled: Delivery, article: Article) -> CardMessage:
        drawn = await draw(scheduled, article)
        drawn.embed.title = "x" * 257
        return drawn

    messenger = DiscordMessenger(world.bot, too_long, draw_digest)
    scheduled = delivery(world, world.papers)

    with pytest.raises(DeliveryRefusedError) as refused:
        await messenger.post(scheduled, ARTICLE)
    assert refused.value.code == 50035
    await messenger.post(scheduled, ARTICLE, is_plain=True)
    assert len(world.posts(world.papers)) == 1


@pytest.mark.row("A19")
async def test_f05_a_forum_request_is_sent_again_only_after_a_429() -> None:
    """discord.py goes through a request's files before each try, also after a reset connection on a Mac."""
    once = Tries(may_repeat=False)
    assert list(once) == []
    with pytest.raises(DeliveryAmbiguousError):
        list(once)

    limited = Tries(may_repeat=False)
    list(limited)
    await limited.judge(Mock(status=429))
    assert list(limited) == []
    with pytest.raises(DeliveryAmbiguousError):
        list(limited)


async def test_missing_permissions_are_named_as_discord_names_them(world: World) -> None:
    names = (
        "view_channel",
        "send_messages",
        "send_messages_in_threads",
        "embed_links",
        "read_message_history",
    )
    for channel in (world.papers, world.club, world.forum):
        found = world.bot.get_channel(channel.id)
        assert isinstance(found, discord.TextChannel | discord.ForumChannel)
        assert is_open(found)
        world.forbid(channel, *names)
    await world.settle()

    def missing(channel_id: int) -> list[str]:
        channel = world.bot.get_channel(channel_id)
        assert isinstance(channel, discord.TextChannel | discord.ForumChannel | discord.Thread)
        assert not is_open(channel)
        return permissions_missing(channel, channel.guild.me, kind_of(channel))

    assert missing(world.papers.id) == [
        "View Channel",
        "Send Messages",
        "Embed Links",
        "Read Message History",
    ]
    assert missing(world.forum.id)[1] == "Create Posts"
    assert missing(world.thread.id)[1] == "Send Messages in Threads"


# Mentions -------------------------------------------------------------------------------------------

KNEE, SPINE = 77_000_000_000_000_001, 77_000_000_000_000_002


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What each message or edit that is sent says about mentions."""
    found: list[dict[str, object]] = []

    def watch(_method: str, _path: str, _query: object, body: object) -> None:
        if isinstance(body, dict):
            told = body.get("message", body).get("allowed_mentions")
            found.extend([told] if told is not None else [])

    monkeypatch.setattr(rules, "witnesses", [*rules.witnesses, watch])
    return found


def pinging(world: World) -> DiscordMessenger:
    async def draw_with_roles(scheduled: Delivery, article: Article) -> CardMessage:
        line = f"For <@&{KNEE}> and <@&{SPINE}>: @everyone <@&5>"
        return replace(await draw(scheduled, article), content=line, mentions=(KNEE, SPINE))

    return DiscordMessenger(world.bot, draw_with_roles, draw_digest)


@pytest.mark.parametrize("kind", [DestinationKind.TEXT, DestinationKind.FORUM])
async def test_a_post_pings_exactly_the_roles_of_its_card(
    world: World, allowed: list[dict[str, object]], kind: DestinationKind
) -> None:
    channel = world.forum if kind is DestinationKind.FORUM else world.papers
    await pinging(world).post(delivery(world, channel, kind), ARTICLE)
    await pinging(world).post(delivery(world, channel, kind, 27), ARTICLE, is_plain=True)

    exact = {"parse": [], "roles": [KNEE, SPINE], "replied_user": False}
    assert [told | {"replied_user": False} for told in allowed] == [exact, exact]


@pytest.mark.row("F61")
async def test_neither_an_edit_nor_a_second_attempt_pings(
    world: World, allowed: list[dict[str, object]]
) -> None:
    scheduled = delivery(world, world.papers)
    posted = await pinging(world).post(replace(scheduled, attempt_count=2), ARTICLE)
    await pinging(world).edit(settled(scheduled, posted), renamed("Another title"))

    assert len(allowed) == 2
    assert all(told["parse"] == [] and not told.get("roles") for told in allowed)


async def test_a_post_that_mentions_a_role_is_found_again(world: World) -> None:
    scheduled = delivery(world, world.papers)
    posted = await pinging(world).post(scheduled, ARTICLE)

    found = await pinging(world).find(scheduled, ARTICLE)
    assert found is not None
    assert found.message_id == posted.message_id
