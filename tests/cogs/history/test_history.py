"""`feed log` and `feed why`: what became of articles, for moderators."""

from collections.abc import AsyncIterator

import pytest

from cogs.cards.links import article_url
from cogs.history.log_panel import PAGE_SIZE, log_panel
from cogs.history.why_panel import NotReceived, not_received_panel, why_panel
from tests.cogs import desk_of_moderators as desk
from tests.cogs.community import Community, open_community
from tests.cogs.status.test_status import assert_fine
from tests.cogs.test_panels import strangers
from tests.support.facts import buttons, channels, code, commands, line_with, moments, says
from tests.support.invented import SEEN_AT
from tests.support.seen import Seen
from wetread.domain.models import (
    Article,
    Delivery,
    DeliveryState,
    DestinationKind,
    Form,
    Reason,
    Record,
    Share,
)
from wetread.storage import articles, claims, deliveries, scheduling
from wetread.storage.delivery_history import ArticleHistory, Decided, DeliveryDetails, SourceFeed, Unpublished
from wetread.storage.lookups import url_of
from wetread.storage.scheduling import NewDelivery

DOI = "10.5555/jii.2026.0001"
TITLE = "Phantom findings on phantom studies: the invented panel review"


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


def words(message: Seen) -> str:
    return message.text.replace("\u00a0", " ")


async def why(here: Community, article: str) -> Seen:
    return (await here.slash("feed why", by=here.moderator, article=article)).message


async def log(here: Community, feed: str = "") -> Seen:
    if not feed:
        return (await here.slash("feed log", by=here.moderator)).message
    return (await here.slash("feed log", by=here.moderator, feed=feed)).message


# -- the log -------------------------------------------------------------------------------------------


async def test_the_log_says_what_became_of_each_with_its_link(here: Community) -> None:
    await here.watch("jii", newest=3)
    await desk.hold(here, 2)
    await desk.stop(here, 200000, "AutoMod stopped the post")
    await desk.lose(here)

    panel = await log(here)

    post = next(each for each in here.posts() if each.embeds and each.embed.title == TITLE)
    link = f"https://discord.com/channels/{here.world.guild.id}/{here.papers.id}/{post.id}"
    assert panel.is_private
    assert says(line_with(panel, "Lost post 1"), "not sure")
    assert says(line_with(panel, "Stopped"), "blocked", "AutoMod stopped the post (200000")
    assert says(line_with(panel, "part 2"), "waiting for a decision")
    assert f"**Posted 1 Jan 2026** · [{TITLE}]({link})" in words(panel)
    assert f"-# <#{here.papers.id}> · J Invent Imaging · <t:" in panel.text
    assert says(panel, "skipped: this server does not post its kind")


@pytest.mark.row("E12")
async def test_an_announcement_that_is_not_published_says_so_and_why(here: Community) -> None:
    crosspost = "/channels/*/messages/*/crosspost"
    here.world.env.inject_error("POST", crosspost, status=503)
    await here.watch("jii", newest=1, channel=here.world.announcements)

    waiting = await log(here)
    here.world.env.inject_error("POST", crosspost, status=403, code=50013, message="Missing Permissions")
    await here.pass_time(120)
    given_up = await log(here)
    [post] = [each for each in here.posts(here.world.announcements) if each.embeds]
    explained = await why(here, post.embed.url or "")

    assert says(waiting, "not yet published", "next try")
    for panel in (given_up, explained):
        assert says(panel, "not published", "permission", "50013", "posted 1 Jan 2026")


async def test_what_a_feed_had_when_it_was_added_is_no_news(here: Community) -> None:
    await here.watch("jii")

    assert says(await log(here), "no articles yet")


async def test_the_log_of_one_feed_leaves_out_the_others(here: Community) -> None:
    await here.watch("jii", "onpp", newest=1)

    one, other, both = await log(here, "jii"), await log(here, "onpp"), await log(here)

    assert "### Log of J Invent Imaging" in one.text
    assert one.text.count("· <t:") + other.text.count("· <t:") == both.text.count("· <t:")
    assert "J Invent" not in other.text


async def test_the_log_is_turned_page_by_page_and_after_a_restart(here: Community) -> None:
    await here.watch("jii")
    await desk.hold(here, PAGE_SIZE + 3)
    first = await log(here)
    assert "part 11" in first.text
    assert first.buttons == ["Older"]
    await here.world.restart()

    await here.world.press(first, "Older", by=here.moderator)
    second = here.world.again(first)
    assert says(line_with(second, "part 1"), "waiting for a decision")
    assert "page 2" in second.text
    assert second.buttons == ["Newer"]
    await here.world.press(second, "Newer", by=here.moderator)
    assert here.world.again(first).text == first.text


async def test_a_typed_log_opens_for_moderators_alone(here: Community) -> None:
    await here.watch("jii", newest=1)
    [offer] = await here.say("!feed log jii", by=here.moderator)
    opened = (await here.world.press(offer, "Open", by=here.moderator)).message
    refused = await here.world.press(offer, "Open")

    assert list(buttons(offer)) == ["Open"]
    assert "### Log of J Invent Imaging" in opened.text
    assert says(refused, "moderators", "Manage Channels")


async def test_feeds_and_articles_are_completed(here: Community) -> None:
    await here.watch("jii", newest=1)
    feeds = await here.world.autocomplete(here.papers, "feed log", "feed", "jii", by=here.moderator)
    articles = await here.world.autocomplete(here.papers, "feed why", "article", "phantom", by=here.moderator)

    assert feeds == [("J Invent Imaging", "#1")]
    assert (TITLE, "article:") in [(name, str(value)[:8]) for name, value in articles]
    explained = await why(here, str(dict(articles)[TITLE]))
    assert f"**[{TITLE}](" in explained.text


# -- why -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", [DOI, f"https://doi.org/{DOI}", "phantom findings invented panel"])
async def test_a_posted_article_is_explained_by_any_of_its_names(here: Community, reference: str) -> None:
    await here.watch("jii", newest=3)

    panel = await why(here, reference)

    assert panel.is_private
    assert f"**[{TITLE}](https://doi.org/{DOI})**" in panel.text
    assert f"**<#{here.papers.id}>** · J Invent Imaging\nPosted 1 Jan 2026." in words(panel)
    assert f"J Invent Imaging (#1) → <#{here.papers.id}>, first seen <t:" in panel.text
    assert "Go to the post" in panel.links


async def test_the_link_of_a_post_names_it_and_so_does_the_short_id_on_older_cards(here: Community) -> None:
    await here.watch("jii", newest=3)
    post = next(each for each in here.posts() if each.embeds and each.embed.title == TITLE)
    delivery = await here.services.database.run(deliveries.by_message, post.id)
    assert delivery is not None

    by_link = await why(
        here, f"https://discord.com/channels/{here.world.guild.id}/{here.papers.id}/{post.id}"
    )
    by_marker = await why(here, delivery.marker)

    assert f"**[{TITLE}](" in by_link.text
    assert by_marker.text == by_link.text


async def test_an_article_that_was_left_out_is_explained_with_what_left_it_out(here: Community) -> None:
    await here.watch("jii")
    before = await why(here, DOI)
    await here.order("!feed filter jii compass")
    article = here.library.publish(here.journal("jii"))
    await here.services.updater.update(1)
    filtered = await why(here, article.doi)

    assert says(before, "skipped", "before the feed was added")
    assert says(filtered, "skipped", "filter")
    assert code(filtered) == ["compass"]


@pytest.mark.row("E01")
async def test_a_wrong_identifier_of_a_feed_is_named(here: Community) -> None:
    await here.watch("jii", newest=1)
    [article] = [each for each in here.library.out(here.journal("jii")) if each.doi == DOI]
    found = await here.services.database.run(articles.find_by_keys, [f"doi:{article.doi}"])
    wrong = next(iter(found.values())), ["pmid:99000009"], here.world.clock()
    await here.services.database.run(claims.note, *wrong)

    panel = await why(here, article.doi)

    assert says(panel, "PMID", "belongs to another article", "left that out")
    assert "99000009" in code(panel)


async def test_a_letter_is_explained_with_its_kind(here: Community) -> None:
    await here.watch("jii", newest=3)
    letter = next(each for each in here.library.out(here.journal("jii")) if each.is_letter)

    panel = await why(here, letter.doi)

    assert says(panel, "skipped", "does not post its kind", "Letter")
    assert commands(panel) == ["feed types"]


@pytest.mark.row("E05")
async def test_front_matter_is_found_by_its_words_and_explained_with_its_title(here: Community) -> None:
    await here.watch("jii")
    subscription = (await desk.watched(here)).subscription
    [article_id] = await desk.store(here, Record(source="feed", title="Editorial Board/Copyright", pii="S1"))
    skipped = NewDelivery(
        guild_id=here.world.guild.id,
        channel_id=subscription.channel_id,
        kind=DestinationKind.TEXT,
        article_id=article_id,
        subscription_id=subscription.id,
        state=DeliveryState.SKIPPED,
        reason=Reason.FRONT_MATTER,
    )
    await here.services.database.run(scheduling.schedule, [skipped], here.world.clock())

    panel = await why(here, "editorial copyright")
    offered = await here.world.autocomplete(here.papers, "feed why", "article", "edit", by=here.moderator)

    assert says(panel, "Editorial Board/Copyright", "skipped", "front matter of an issue", "not an article")
    assert offered == [("Editorial Board/Copyright", f"article:{article_id}")]


async def test_a_declined_article_is_explained_with_who_declined_it(here: Community) -> None:
    await here.watch("jii")
    await desk.hold(here, 1)
    status = (await here.slash("status", by=here.moderator)).message
    [question] = (await here.world.press(status, "Show them", by=here.moderator)).messages
    await here.world.press(question, "Post none", by=here.moderator)

    panel = await why(here, "10.5555/old.1")

    assert says(panel, "skipped", "a moderator chose not to post it")
    assert "-# Decided by mo.derator, <t:" in panel.text
    assert says(panel, "no feed of this server")


async def test_two_feeds_of_one_article_are_both_named_and_it_is_said_that_once_is_enough(
    here: Community,
) -> None:
    journal = here.journal("jii")
    await here.watch("jii", newest=3)
    await here.watch(f"issn: {journal.issn}", newest=3)

    panel = await why(here, DOI)

    assert panel.text.count("first seen") == 2
    assert says(panel, "already had it through J Invent Imaging", "once")


async def test_a_typed_question_is_answered_behind_a_button(here: Community) -> None:
    await here.watch("jii", newest=3)
    opened = await here.opened(f"!feed why {DOI}")

    assert f"**[{TITLE}](" in opened.text
    [refused] = await here.say(f"!feed why {DOI}")
    assert says(refused, "moderators", "Manage Channels")


async def test_words_of_several_articles_offer_a_choice_that_survives_a_restart(here: Community) -> None:
    await here.watch("jii", "onpp")
    panel = await why(here, "invented")
    await here.world.restart()
    name = next(iter(panel.options))
    chosen = (await here.world.select(panel, [panel.options[name]], by=here.moderator)).message

    assert says(panel, "several articles", "“invented”")
    assert f"**[{name}" in chosen.text
    assert chosen.is_private


# -- what never came -----------------------------------------------------------------------------------


async def test_an_article_whose_journal_is_not_watched_names_the_command(here: Community) -> None:
    panel = await why(here, DOI)

    assert f"**[{TITLE}](" in panel.text
    assert says(panel, "no feed of this server has listed it")
    assert commands(panel) == ["feed add jii", f"share {DOI}"]


async def test_an_article_whose_journal_is_watched_tells_when_it_was_asked(here: Community) -> None:
    await here.watch("jii")
    article = here.library.publish(here.journal("jii"))

    panel = await why(here, article.doi)

    line = line_with(panel, "#1", "checked")
    assert channels(line) == [here.papers.id]
    assert len(moments(line)) == 1
    assert "feed check #1" in commands(panel)


async def test_looking_at_it_keeps_nothing_in_the_servers_archive(here: Community) -> None:
    papers, other = await here.world.other_server()
    await here.say("!feed add onpp 0", by=other, channel=papers)  # a server alone finds all that is stored
    await here.watch("aisi")
    await why(here, DOI)
    again = await why(here, DOI)
    found = await here.ask("!search panel review")

    assert says(again, "no feed of this server has listed it")
    assert TITLE not in found.text


async def test_what_no_source_knows_may_be_mistyped_and_an_outage_is_one(here: Community) -> None:
    unknown = await why(here, "10.5555/nothing.here")
    here.pubmed_is_down()
    outage = await why(here, "10.5555/nothing.there")
    nothing = await why(here, "zzz qqq")

    assert says(unknown, "no source", "mistyped")
    assert says(outage, "PubMed", "does not answer")
    assert not says(outage, "mistyped")
    assert says(nothing, "no article here")


async def test_another_servers_article_has_not_come_here(here: Community) -> None:
    papers, other = await here.world.other_server()
    await here.say("!feed add jii 0", by=other, channel=papers)

    theirs = (await here.slash("feed why", by=other, channel=papers, article=DOI)).message
    ours = await why(here, DOI)
    by_words = await why(here, "phantom findings")

    assert says(theirs, "first seen")
    assert says(ours, "no feed of this server has listed it")
    assert "feed add jii" in commands(ours)
    assert TITLE not in by_words.text


# -- limits --------------------------------------------------------------------------------------------


def details_of(number: int, article: Article, state: DeliveryState) -> DeliveryDetails:
    delivery = Delivery(
        id=number,
        guild_id=1,
        channel_id=10**18 + number,
        kind=DestinationKind.TEXT,
        article_id=number,
        subscription_id=number,
        form=Form.WHOLE,
        state=state,
        scheduled_at=SEEN_AT,
        next_try_at=SEEN_AT,
        message_id=10**18,
        code=50013,
        reason="<@1> [a](https://evil.example) " * 30,
        share=Share(1, "@everyone [x](https://evil.example)"),
    )
    decided = Decided("*@here*" * 40, SEEN_AT)
    unpublished = Unpublished(SEEN_AT, "@here `x` " * 90) if state is DeliveryState.SENT else None
    return DeliveryDetails(
        delivery, article, "<#5> name " * 40, "`x` " * 300, decided, "why " * 300, unpublished
    )


@pytest.mark.parametrize("state", DeliveryState)
def test_log_and_explanation_keep_every_limit(state: DeliveryState) -> None:
    articles = list(strangers(f"details {state}"))
    details = [details_of(number, article, state) for number, article in enumerate(articles * 2, 1)]
    source = SourceFeed(7, "[a](https://evil.example)" * 40, 10**18 + 1, SEEN_AT, SEEN_AT, True, False)
    links = {url for each in details if (url := url_of(each.delivery))}
    links |= {url for each in articles if (url := article_url(each.record))}

    assert_fine(log_panel(details[:PAGE_SIZE], "*x*" * 90, (10**17, 10**5), has_more=True), links)
    for article in articles:
        history = ArticleHistory(article, tuple(details), (source,) * 20)
        assert_fine(why_panel(history), links)
        assert_fine(
            not_received_panel(NotReceived("`<@1>` " * 90, article.record, journal="`x`" * 60)), links
        )
        assert_fine(
            not_received_panel(NotReceived("@everyone " * 90, unknown="PubMed does not answer.")), links
        )
