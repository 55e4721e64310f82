"""The browser page shows the current channel, and follows time and the console."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import pytest

pytest.importorskip("markdown_it", reason="the page needs requirements-sandbox.txt")

from sandbox.browser import Browser
from sandbox.stage import Stage, open_stage
from tests.support.sample_bot import create_bot


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage(lambda _config, _clock: create_bot()) as opened:
        yield opened


async def test_the_page_is_served_on_this_machine_only(stage: Stage) -> None:
    browser = Browser(stage, None)
    url = await browser.open()
    try:
        assert urlsplit(url).hostname == "127.0.0.1"
        assert urlsplit(url).fragment  # the key
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            assert answer.status == 200
    finally:
        await browser.close()


async def test_time_and_the_console_take_turns_and_the_page_follows(stage: Stage) -> None:
    browser = Browser(stage, None)
    await browser.open()
    try:
        await asyncio.gather(
            browser.let_pass(301),
            browser.obey("new-article jii"),
            browser.let_pass(301),
            browser.obey("help"),
        )
        async with aiohttp.ClientSession() as session, session.get(await browser.open()) as answer:
            assert answer.status == 200
    finally:
        await browser.close()

    assert [message.embeds[0]["title"] for message in stage.messages() if message.embeds] == [
        "Post 1",
        "Post 2",
    ]


async def test_switching_opens_another_page(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    browser = Browser(stage, None)
    first = await browser.open()
    try:
        await browser.obey("switch announcements")
    finally:
        await browser.close()

    said = capsys.readouterr().out
    assert "You are in #announcements." in said
    assert "Open http://127.0.0.1:" in said
    assert first not in said


async def test_a_press_holds_although_time_has_redrawn_the_page(stage: Stage) -> None:
    browser = Browser(stage, None)
    await browser.open()
    try:
        assert browser.page is not None
        [window] = browser.page._pages
        seen = browser.page._pages[window].revision
        await browser.let_pass(301)  # a post arrives, and the page is redrawn
        held = browser.redraws.brought_up_to_date(window, {"published_revision": seen}, browser.page)
        older = browser.redraws.brought_up_to_date(window, {"published_revision": seen - 1}, browser.page)
        now = browser.page._pages[window].revision
    finally:
        await browser.close()

    assert now > seen
    assert held["published_revision"] == now
    assert older["published_revision"] == seen - 1
