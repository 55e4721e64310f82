"""Digests in Discord: posted once, found by their marker, recognised by their articles, edited."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from discord.ext import commands

from cogs.posting.messenger import DiscordMessenger
from tests.cogs.posting.test_messenger import Bot, delivery
from tests.cogs.posting.test_recognition import draw
from tests.support.discord_world import World, open_world
from tests.support.invented import PENDING, RETRACTED, TRIAL
from tests.support.invented_digests import draw_digest
from wetread.domain.clock import Clock
from wetread.domain.digests import Digest
from wetread.domain.models import Article, Delivery
from wetread.domain.pace import DigestKind

DAY = date(2026, 1, 15)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    def factory(_clock: Clock) -> commands.Bot:
        return Bot()

    async with open_world(factory) as opened:
        yield opened


@pytest.fixture
def messenger(world: World) -> DiscordMessenger:
    return DiscordMessenger(world.bot, draw, draw_digest)


def digest(kind: DigestKind, *articles: Article) -> Digest:
    return Digest(kind, DAY, DAY, articles)


def scheduled(world: World, number: int = 1) -> Delivery:
    return replace(delivery(world, world.papers, number=number), article_id=None)


@pytest.mark.row("F27")
@pytest.mark.parametrize("kind", DigestKind)
@pytest.mark.parametrize("is_plain", [False, True])
async def test_a_digest_is_found_by_its_marker_and_only_by_that(
    world: World, messenger: DiscordMessenger, kind: DigestKind, *, is_plain: bool
) -> None:
    content = digest(kind, TRIAL, PENDING)
    posted = await messenger.post(scheduled(world), content, is_plain=is_plain)

    found = await messenger.find(scheduled(world), content)
    assert found is not None
    assert found.message_id == posted.message_id
    assert not found.is_in_digest
    assert await messenger.find(scheduled(world, 33), content) is None


@pytest.mark.row("F28")
@pytest.mark.parametrize("kind", DigestKind)
async def test_an_article_is_recognised_in_a_digest_that_a_lost_database_posted(
    world: World, messenger: DiscordMessenger, kind: DigestKind
) -> None:
    posted = await messenger.post(scheduled(world), digest(kind, TRIAL, PENDING))
    restored = replace(delivery(world, world.papers, number=0xBEEF), attempt_count=0)

    found = await messenger.find(restored, replace(TRIAL, id=77))
    assert found is not None
    assert (found.message_id, found.is_in_digest) == (posted.message_id, True)
    assert await messenger.find(restored, RETRACTED) is None


@pytest.mark.row("F22")
async def test_a_digest_is_edited_only_if_it_shows_something_else(
    world: World, messenger: DiscordMessenger
) -> None:
    content = digest(DigestKind.WEEKLY, TRIAL, PENDING)
    posted = await messenger.post(scheduled(world), content)
    sent = replace(scheduled(world), message_id=posted.message_id, shown_hash=posted.shown_hash)

    assert (await messenger.edit(sent, content)).shown_hash == posted.shown_hash
    edited = await messenger.edit(sent, replace(content, noted=(RETRACTED,)))

    assert edited.shown_hash != posted.shown_hash
    [post] = world.posts(world.papers)
    assert "RETRACTED" in post.text
