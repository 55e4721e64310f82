"""Topics as moderators meet them: typed, by slash, and by pressing; and as readers meet them, on cards."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cogs.feeds.step_choices import Choices
from cogs.kit.presses import PersistentButton
from cogs.topics.add_steps import STEPS, TopicStep
from cogs.topics.page_buttons import RemoveTopicButton, WordsButton, page_buttons
from tests.cogs.community import Community, open_community
from tests.cogs.test_presses import send
from tests.support.facts import channels, says, unsaid
from tests.support.seen import Answer, Seen
from wetread.domain.batches import batches
from wetread.domain.models import Form, Subscription
from wetread.storage import troubles

WORDS = "compass*"


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        await community.watch("jii")
        yield community


async def choose(here: Community, message: Seen, menu: str, *values: Any) -> Seen:
    """Choose from the menu whose custom_id begins like this."""
    [custom_id] = [part["custom_id"] for part in message.parts if part.get("custom_id", "").startswith(menu)]
    answer = await here.world.select(message, values, custom_id=custom_id, by=here.moderator)
    return answer.messages[-1]


async def press(here: Community, message: Seen, label: str, **options: Any) -> Seen:
    answer = await here.world.press(message, label, by=here.moderator, **options)
    return answer.messages[-1]


async def form_of(here: Community, message: Seen, label: str) -> Answer:
    return await here.world.press(message, label, by=here.moderator)


async def submit(here: Community, form: Answer, **values: str) -> Seen:
    return (await here.world.submit(form, values, by=here.moderator)).messages[-1]


async def topics(here: Community) -> list[Subscription]:
    return [each.topic for each in await here.services.topics.of_guild(here.world.guild.id)]


async def publish(here: Community) -> str:
    """Let the journal publish, and the bot ask it and post what it owes; returns the title."""
    article = here.library.publish(here.journal("jii"))
    await here.services.updater.update(1)
    await here.pass_time(150)
    return article.title


def word_of(title: str) -> str:
    """A word by which a topic finds this title."""
    return max(title.split(), key=len).strip(",.:?").casefold()


async def add(here: Community, typed: str = f"Compasses: {WORDS} #journal-club 0") -> Subscription:
    [offer] = await here.say(f"!topic add {typed}", by=here.moderator)
    found = await press(here, offer, "Open")
    await press(here, found, "Start")
    return (await topics(here))[-1]


# -- the list and adding ---------------------------------------------------------------------------------


async def test_an_empty_list_says_what_a_topic_is_and_offers_one(here: Community) -> None:
    desk = (await here.slash("topic list", by=here.moderator)).message

    assert desk.is_private
    assert says(desk, "No topics yet", "looks through every journal")
    assert desk.buttons == ["Add a topic", "Let members choose", "Feeds", "Health"]


async def test_members_neither_see_nor_add_topics(here: Community) -> None:
    for text in ("!topic list", "!topic add Knee: knee", "!topic test knee", "!topic"):
        [refused] = await here.say(text, by=here.reader)
        assert says(refused, "moderators"), text
    assert await topics(here) == []


async def test_nothing_is_posted_or_saved_before_start(here: Community) -> None:
    [offer] = await here.say(f"!topic add Compasses: {WORDS} #journal-club conclusion 3", by=here.moderator)
    assert offer.buttons == ["Open"]
    found = await press(here, offer, "Open")

    assert found.is_private
    assert says(found, "Step 3 of 3", "Nothing is posted yet")
    assert await topics(here) == []
    done = await press(here, found, "Start")
    [topic] = await topics(here)
    assert says(done, "Done", "Compasses")
    assert (topic.name, topic.filter, topic.form) == ("Compasses", WORDS, Form.CONCLUSION)
    assert topic.channel_id == here.world.club.id == channels(done)[0]


async def test_a_ready_topic_is_added_step_by_step(here: Community) -> None:
    desk = (await here.slash("topic add", by=here.moderator)).message
    subject = await choose(here, desk, "wetread:topicadd:subject", "Spine and pain")
    where = await choose(here, subject, "wetread:topicadd:ready", "interventional-pain")
    moved = await choose(here, where, "wetread:topicadd:place", here.world.club)
    limited = await choose(here, moved, "wetread:topicadd:kinds", "rct", "review")
    newest = await choose(here, limited, "wetread:topicadd:newest", "1")
    found = await press(here, newest, "Show what it finds")
    back = await press(here, found, "Back")
    await press(here, await press(here, back, "Show what it finds"), "Start")

    assert says(where, "Interventional pain", "Step 2 of 3", "Nothing is posted yet")
    [topic] = await topics(here)
    assert (topic.name, topic.channel_id) == ("Interventional pain", here.world.club.id)
    assert (topic.filter or "").endswith("type:rct OR type:review")


async def test_own_words_are_typed_into_a_form(here: Community) -> None:
    desk = (await here.slash("topic add", by=here.moderator)).message
    form = await form_of(here, desk, "Own words")
    where = await submit(here, form, name="Knees", words="knee -veterinary")
    again = await form_of(here, where, "Change the words")
    assert again.modal is not None
    assert says(where, "Knees", "Step 2 of 3", "veterinary")


async def test_a_name_that_is_taken_is_refused_in_words(here: Community) -> None:
    await add(here)
    [offer] = await here.say("!topic add compasses: knee #journal-club", by=here.moderator)
    refused = await press(here, await press(here, offer, "Open"), "Start")

    assert says(refused, "already has a topic", "another name")
    assert len(await topics(here)) == 1


async def test_words_that_are_not_understood_are_named(here: Community) -> None:
    [refused] = await here.say("!topic add Knees: since:notaday", by=here.moderator)
    assert says(refused, "not a date")


# -- what it finds ---------------------------------------------------------------------------------------


async def test_words_can_be_tried_before_there_is_a_topic(here: Community) -> None:
    title = await publish(here)
    tried = (await here.slash("topic test", words=word_of(title), by=here.moderator)).message

    assert tried.is_private
    assert says(tried, "matches", "in the title", "Nothing is posted yet")
    assert f"**{word_of(title)}" in tried.text.casefold()
    assert await topics(here) == []


async def test_a_topic_posts_what_it_finds_and_the_card_names_it(here: Community) -> None:
    first = await publish(here)
    await add(here, f"Found: {word_of(first)} #journal-club 1")
    await here.pass_time(60)
    [card] = here.posts(here.world.club)

    assert card.embed.title == first
    assert "Topic:\u00a0Found" in (card.embed.description or "")
    page = await here.opened("!topic show found")
    assert says(page, "Found", "1 this week", "matches")


async def test_a_feed_and_a_topic_of_one_channel_make_one_post(here: Community) -> None:
    title = await publish(here)
    await add(here, f"Found: {word_of(title)} 0")
    again = here.library.publish(here.journal("jii"))
    await add(here, f"Other: {word_of(again.title)} 0")
    await here.services.updater.update(1)
    await here.pass_time(150)
    cards = [each for each in here.posts() if each.embeds and each.embed.title == again.title]

    assert len(cards) == 1
    assert "Topic:\u00a0Other" in (cards[0].embed.description or "")


# -- a topic's page --------------------------------------------------------------------------------------


@pytest.fixture
async def page(here: Community) -> Seen:
    """The page of the server's only topic, opened from the list."""
    await add(here)
    desk = (await here.slash("topic list", by=here.moderator)).message
    assert says(desk, "Compasses", "1 is well")
    [topic] = await topics(here)
    return await choose(here, desk, "wetread:topics:open", str(topic.id))


async def test_the_page_shows_the_words_and_what_can_be_done(here: Community, page: Seen) -> None:
    assert says(page, "Compasses", "Well", "Looks through 1 journal", "begins with", "Whole abstract")
    for label in ("Edit words", "Where it goes", "How it looks", "Pause", "Remove", "Back"):
        assert label in page.buttons


async def test_new_words_show_what_changes_before_they_are_saved(here: Community, page: Seen) -> None:
    title = await publish(here)
    form = await form_of(here, page, "Edit words")
    changed = await submit(here, form, words=word_of(title))
    before = (await topics(here))[0].filter

    assert says(changed, "not saved yet", "in addition", title.split()[0])
    assert before == WORDS
    saved = await press(here, changed, "Save")
    assert (await topics(here))[0].filter == word_of(title)
    assert says(saved, "looks for the new words")
    assert here.posts(here.world.club) == [], "nothing old is posted"


async def test_the_old_words_can_be_kept(here: Community, page: Seen) -> None:
    form = await form_of(here, page, "Edit words")
    changed = await submit(here, form, words="shoulder")
    kept = await press(here, changed, "Keep the old words")

    assert (await topics(here))[0].filter == WORDS
    assert says(kept, "Compasses", "stay as they were")


async def test_a_menu_limits_a_topic_to_kinds(here: Community, page: Seen) -> None:
    changed = await choose(here, page, "wetread:topickinds", "rct")
    await press(here, changed, "Save")

    assert (await topics(here))[0].filter == f"{WORDS} type:rct"


async def test_pause_resume_move_and_form_work_in_place(here: Community, page: Seen) -> None:
    paused = await press(here, page, "Pause")
    assert (await topics(here))[0].paused_at is not None
    resumed = await press(here, paused, "Resume")
    asked = await press(here, resumed, "How it looks")
    titled = (await here.world.select(asked, ["title"], by=here.moderator)).message
    moving = await press(here, titled, "Where it goes")
    moved = (await here.world.select(moving, [here.papers], by=here.moderator)).message
    [topic] = await topics(here)

    assert says(paused, "Paused by")
    assert (topic.paused_at, topic.form, topic.channel_id) == (None, Form.TITLE, here.papers.id)
    assert says(moved, "Compasses", "Title only")


async def test_remove_asks_once(here: Community, page: Seen) -> None:
    asked = await press(here, page, "Remove")
    kept = await press(here, asked, "Keep")
    assert len(await topics(here)) == 1
    removed = await press(here, await press(here, kept, "Remove"), "Remove")

    assert says(removed, "is removed", "stay")
    assert await topics(here) == []


async def test_every_press_is_checked_and_works_after_a_restart(here: Community, page: Seen) -> None:
    await here.world.restart()
    [topic] = await topics(here)
    items = [
        *page_buttons(topic, 1),
        *(WordsButton(act, topic.id, 1) for act in ("save", "again", "keep", "show")),
        *(RemoveTopicButton(topic.id, choice) for choice in ("remove", "keep")),
        *(TopicStep(step, Choices(1, 1), label=step) for step in STEPS),
    ]
    buttons = [each for each in items if isinstance(each, PersistentButton)]
    for some in batches(buttons, 20):
        message = await send(here, some)
        for each in some:
            custom_id = each.item.custom_id
            refused = await here.world.press(message, custom_id=custom_id, by=here.reader)
            assert says(refused.messages[-1], "moderators"), custom_id
    assert (await topics(here))[0].paused_at is None
    assert says(await press(here, page, "Pause"), "Paused by")


# -- typed ------------------------------------------------------------------------------------------------


async def test_typed_commands_do_the_same(here: Community) -> None:
    await add(here)
    assert says(await here.order("!topic pause comp"), "is paused")
    assert says(await here.order("!topic resume Compasses"), "again")
    assert says(await here.order("!topic move compasses #papers"), "now posts to")
    changed = await here.opened("!topic edit compasses: shoulder")
    await press(here, changed, "Save")
    assert (await topics(here))[0].filter == "shoulder"
    await here.agree("!topic remove compasses", "Remove")
    assert await topics(here) == []


async def test_a_topic_that_is_not_there_is_answered_with_the_nearest(here: Community) -> None:
    await add(here)
    [refused] = await here.say("!topic show compases", by=here.moderator)

    assert says(refused, "no topic", "Compasses")
    assert unsaid(refused, "feed")


async def test_a_channel_that_was_deleted_is_said_on_the_list(here: Community) -> None:
    await add(here)
    await here.services.database.run(
        troubles.note_deleted_channel, here.world.guild.id, here.world.club.id, here.world.clock()
    )
    desk = (await here.slash("topic list", by=here.moderator)).message

    assert says(desk, "1 needs you", "was deleted", "choose another channel")


async def test_why_says_which_topics_an_article_matches(here: Community) -> None:
    title = await publish(here)
    without = await here.opened(f"!feed why {title}")
    await add(here)
    none = await here.opened(f"!feed why {title}")
    await add(here, f"Found: {word_of(title)} #journal-club 0")
    old = await here.opened(f"!feed why {title}")
    again = here.library.publish(here.journal("jii"))
    await add(here, f"Other: {word_of(again.title)} #journal-club 0")
    await here.services.updater.update(1)
    await here.pass_time(150)
    new = await here.opened(f"!feed why {again.title}")

    assert unsaid(without, "Topics")
    assert says(none, "No topic of this server matches")
    assert says(old, "Matches Found in the title", "came before")
    assert says(new, "Matches Other in the title")


async def test_a_topic_is_renamed_and_opens_threads(here: Community, page: Seen) -> None:
    form = await form_of(here, page, "Rename")
    renamed = await submit(here, form, name="Needles")
    threaded = await press(here, renamed, "Open threads")
    assert says(threaded, "Needles", "Thread opens under each post")
    assert says(await here.order("!topic threads needles off"), "no threads")
    assert says(await here.order("!topic rename needles: Compasses"), "is now called")
    [topic] = await topics(here)
    assert (topic.name, topic.opens_threads) == ("Compasses", False)


async def test_a_topic_can_watch_a_pubmed_query_of_its_own(here: Community) -> None:
    await add(here)
    said = await here.order("!topic pubmed compasses: invented imaging")
    [topic] = await topics(here)
    page = await here.opened("!topic show compasses")
    over = await here.order("!topic pubmed compasses: none")

    assert says(said, "PubMed", "as well")
    assert topic.feed_id is not None
    assert says(page, "PubMed invented imaging")
    assert says(over, "only the journals")
    assert (await topics(here))[0].feed_id is None
