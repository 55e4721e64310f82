"""The Discord in memory does what the tests of the cogs rely on."""

from collections.abc import AsyncIterator

import discord
import pytest
from discord.ext import commands

from tests.support.discord_world import World, open_world, root_of
from tests.support.sample_bot import POST_EVERY, create_bot
from wetread.domain.clock import Clock


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world(lambda _clock: create_bot()) as opened:
        yield opened


async def test_a_prefix_command_is_answered_in_reply_to_it(world: World) -> None:
    answers = await world.say(world.papers, "!echo hello")

    assert answers[0].embed.description == "hello"
    assert answers[0].reply_to is not None


async def test_the_slash_form_gives_the_same_and_completes_what_is_typed(world: World) -> None:
    answer = await world.slash(world.papers, "echo", text="hello")
    choices = await world.autocomplete(world.papers, "echo", "text", "hel")

    assert answer.message.embed.description == "hello"
    assert choices == [("hel!", "hel")]


async def test_buttons_links_and_menus_are_seen_and_used(world: World) -> None:
    [card] = await world.say(world.papers, "!card 7")

    assert card.buttons == ["Save"]
    assert card.links == {"Read": "https://example.org/"}
    assert card.options == {"One": "1", "Two": "2"}
    saved = await world.press(card, "Save")
    assert saved.message.text == "Saved 7."
    assert saved.message.is_private
    chosen = await world.select(card, ["2"])
    assert chosen.message.content == "Chosen: 2"
    assert chosen.message.id == card.id


async def test_a_button_lives_on_after_a_restart(world: World) -> None:
    [card] = await world.say(world.papers, "!card 8")

    await world.restart()

    assert (await world.press(card, "Save")).text == "Saved 8."


async def test_a_form_is_shown_filled_in_and_answered(world: World) -> None:
    shown = await world.slash(world.papers, "form")

    assert list(shown.inputs) == ["line"]
    assert (await world.submit(shown, {"line": "a thought"})).text == "You wrote: a thought"


async def test_a_deferred_answer_with_a_file_is_seen_by_its_asker_alone(world: World) -> None:
    answer = await world.slash(world.papers, "slow")

    assert answer.message.attachments == ("citation.ris",)
    assert answer.message.id in [m.id for m in world.messages(world.papers, seen_by=world.reader)]
    assert answer.message.id not in [m.id for m in world.messages(world.papers, seen_by=world.moderator)]


async def test_loops_follow_the_time_of_the_world(world: World) -> None:
    before = world.clock()

    await world.pass_time(2 * POST_EVERY + 1)

    assert [post.embed.title for post in world.posts(world.papers)] == ["Post 1", "Post 2"]
    assert (world.clock() - before).total_seconds() == 2 * POST_EVERY + 1


async def test_threads_forum_posts_and_publishing_work(world: World) -> None:
    world.set_tags(world.forum, "Spine")

    [subject] = await world.say(world.club, "!discuss")
    [shelved] = await world.say(world.papers, "!shelve A title")
    [news] = await world.say(world.announcements, "!publish")

    assert subject.content == "A subject, discussed"
    discussion = world.channel(subject.id)
    assert [m.content for m in world.posts(discussion)] == ["The first word"]
    [shelf] = world.threads(world.forum)
    assert world.posts(shelf)[0].embed.title == "A title"
    assert shelved.content == "Shelved as A title / True"
    assert news.flags & discord.MessageFlags.crossposted.flag


async def test_a_message_has_one_thread_and_a_forum_with_required_tags_wants_one(world: World) -> None:
    world.set_tags(world.forum)
    world.require_tag(world.forum)

    await world.say(world.club, "!discuss twice")
    await world.say(world.papers, "!shelve A title")

    codes = [error.code for error in map(root_of, world.errors) if isinstance(error, discord.HTTPException)]
    assert codes == [160004, 40067]
    assert not world.threads(world.forum)


async def test_components_v2_are_read_as_text(world: World) -> None:
    [panel] = await world.say(world.papers, "!panel")

    assert panel.text == "### A panel"


async def test_a_permission_can_be_taken_from_the_bot(world: World) -> None:
    world.forbid(world.papers, "send_messages")
    refused = await world.say(world.papers, "!echo hello")
    world.allow_again(world.papers)
    answered = await world.say(world.papers, "!echo hello")

    assert not refused
    assert len(answered) == 1
    assert isinstance(world.errors[0], commands.CommandInvokeError)


async def test_servers_are_apart(world: World) -> None:
    elsewhere, moderator = await world.other_server()

    await world.say(elsewhere, "!echo hello", by=moderator)

    assert len(world.posts(elsewhere)) == 1
    assert not world.posts(world.papers)


async def test_an_error_that_nobody_looked_at_fails_the_test() -> None:
    async def story() -> None:
        async with open_world(lambda _clock: create_bot()) as world:
            world.forbid(world.papers, "send_messages")
            await world.say(world.papers, "!echo hello")

    with pytest.raises(BaseExceptionGroup, match="no test expected"):
        await story()


async def test_the_factory_may_be_a_coroutine_and_gets_the_clock() -> None:
    clocks: list[Clock] = []

    async def factory(clock: Clock) -> commands.Bot:
        clocks.append(clock)
        return create_bot()

    async with open_world(factory) as world:
        await world.pass_time(60)
        assert clocks[0]() == world.clock()
