"""Buttons and panels as people use them: the real bot in a Discord in memory."""

import logging

import discord
import pytest

from cogs.kit.colours import TEAL
from cogs.kit.panels import Panel, rows
from tests.cogs.gallery import CLASSIC, LETTER, RETRACTED, TRIAL, open_gallery
from tests.support.facts import bold, commands, says
from tests.support.seen import Seen
from wetread.domain.models import Form
from wetread.storage import articles, deliveries, lookups, settings, typed_words


def words(message: Seen) -> str:
    return message.text.replace("\u00a0", " ")


async def test_a_cards_buttons_stand_in_the_order_of_need() -> None:
    async with open_gallery() as here:
        whole = await here.post(TRIAL)
        short = await here.post(TRIAL, Form.CONCLUSION, here.world.club)
        retracted = await here.post(RETRACTED)
        pending = await here.post(LETTER)

    assert whole.buttons == ["All authors", "Cite", "Discuss"]
    assert whole.links == {"Free full text": "https://free.example/jer.2026.0101"}
    assert short.buttons == ["Full abstract", "Cite", "Discuss"]
    assert retracted.buttons == ["Full abstract", "Cite", "Discuss"]
    assert list(retracted.links) == ["Retraction notice"]
    assert pending.buttons == ["Cite", "Discuss"]


async def test_full_abstract_is_answered_privately_and_after_a_restart() -> None:
    async with open_gallery() as here:
        short = await here.post(TRIAL, Form.CONCLUSION)
        await here.world.restart()

        answer = await here.world.press(short, "Full abstract")

    assert answer.message.is_private
    assert "**Results** Of 212 participants" in answer.message.embed.description  # type: ignore[operator]
    assert answer.message.buttons == ["All authors", "Cite"]


async def test_all_authors_are_grouped_by_place_in_their_order() -> None:
    async with open_gallery() as here:
        answer = await here.world.press(await here.post(TRIAL), "All authors")

    assert answer.message.is_private
    lines = words(answer.message).splitlines()
    assert lines[:10] == [
        "### All 9 authors",
        "-# Example-guided versus Sham Epidural Injection for… · J Example Radiol 2026",
        "**University of Sampletown, Department of Radiology**",
        "1 Alex Example · 2 Bo Sample · 4 Dana Mock",
        "",
        "**Example Institute of Imaging, Exampleville**",
        "3 Chris Invented · 5 Eli Placeholder · 6 Fay Fictus",
        "",
        "**Invented General Hospital, Pain Clinic**",
        "7 Gus Dummy · 8 Hal Sample · 9 Zoe Specimen",
    ]
    assert says(lines[10], "PubMed", "© 2026 Example Radiology Society")
    assert answer.message.buttons == ["All details"]


async def test_cite_remembers_the_style_and_redraws_the_private_panel() -> None:
    async with open_gallery() as here:
        card = await here.post(TRIAL)
        first = await here.world.press(card, "Cite")
        second = await here.world.press(first.message, "Vancouver")
        again = await here.world.press(card, "Cite")
        run = here.services.database.run
        kept = await run(settings.member_settings, here.world.reader.id)

    assert "doi:10.5555/jer.2026.0101" in first.text
    assert first.message.dead_buttons == ["AMA"]
    assert second.message.id == first.message.id
    assert "2026 Jan 14;318(1):101–10." in second.text
    assert again.message.dead_buttons == ["Vancouver"]
    assert kept.citation_style == "vancouver"


async def test_ris_comes_as_a_file() -> None:
    async with open_gallery() as here:
        card = await here.post(TRIAL)
        panel = await here.world.press(card, "Cite")

        answer = await here.world.press(panel.message, "RIS file")

    assert answer.message.attachments == ("jer.2026.0101.ris",)


async def test_a_public_citation_is_not_changed_by_a_press() -> None:
    async with open_gallery() as here:
        panel = await here.say("!cite 10.5555/jer.2026.0101")

        answer = await here.world.press(panel, "APA", by=here.world.moderator)

        [kept] = [message for message in here.world.posts(here.world.papers) if message.id == panel.id]
    assert answer.message.is_private
    assert answer.message.dead_buttons == ["APA"]
    assert kept.dead_buttons == ["AMA"]


async def test_discuss_opens_one_thread_and_then_says_where_it_is() -> None:
    async with open_gallery() as here:
        card = await here.post(TRIAL)
        first = await here.world.press(card, "Discuss")
        second = await here.world.press(card, "Discuss", by=here.world.moderator)
        [thread] = here.world.threads(here.world.papers)
        [line] = here.world.posts(thread)
        delivery = await here.services.database.run(deliveries.by_message, card.id)

    assert (thread.name or "").startswith("Example-guided versus Sham Epidural Injection")
    assert len(thread.name or "") <= 100
    assert (
        "[Example-guided versus Sham Epidural Injection for Lumbar Radicular Pain: "
        "A Randomized, Double-Blind Trial](https://doi.org/10.5555/jer.2026.0101)"
    ) in line.content
    assert says(line, "Discussion", "patient details")
    assert first.message.is_private
    assert first.message.content == second.message.content
    assert f"<#{card.id}>" in first.message.content
    assert delivery is not None
    assert delivery.thread_id == card.id


async def test_without_the_permission_there_is_no_discuss() -> None:
    async with open_gallery() as here:
        before = await here.post(TRIAL)
        here.world.forbid(here.world.papers, "create_public_threads")
        after = await here.post(CLASSIC)
        answer = await here.world.press(before, "Discuss")
        threads = here.world.threads(here.world.papers)

    assert "Discuss" not in after.buttons
    assert says(answer, "threads", "Create Public Threads")
    assert not threads


async def test_a_thread_has_no_discuss() -> None:
    async with open_gallery() as here:
        card = await here.post(TRIAL, channel=here.world.thread)

    assert "Discuss" not in card.buttons


async def test_an_article_that_is_gone_says_so() -> None:
    async with open_gallery() as here:
        card = await here.post(TRIAL)
        await here.delete(TRIAL)

        answer = await here.world.press(card, "Cite")

    assert "no longer stored here" in answer.text


async def test_a_button_that_fails_is_answered(caplog: pytest.LogCaptureFixture) -> None:
    async with open_gallery() as here:
        card = await here.post(TRIAL)
        await here.damage(TRIAL)

        with caplog.at_level(logging.ERROR):
            answer = await here.world.press(card, "Cite")

    [logged] = [record for record in caplog.records if record.levelno == logging.ERROR]
    reference, _, _ = logged.getMessage().partition(":")
    assert bold(answer)[-1] == reference
    assert logged.exc_info


# --- search ----------------------------------------------------------------------------------------------


async def test_a_search_reads_as_it_was_designed() -> None:
    async with open_gallery() as here:
        best = await here.fill(are_posted=True)
        panel = await here.say("!search epidural injection")
        run, guild_id = here.services.database.run, here.world.guild.id
        posts = [await run(lookups.post_url, guild_id, article_id) for article_id in best]

    assert words(panel).splitlines()[:17] == [
        "### 29 articles for “epidural injection”",
        "-# Best match first · 1 to 5 of 29 · 6 only resemble the best matches",
        f"**1.** [Example-guided Epidural Injection versus Sham Epidural Injection]({posts[0]})",
        (
            "… At 12 weeks example-guided **epidural** **injection** reduced leg pain more "
            "than a sham **injection** did. No serious …"
        ),
        "-# J Example Radiol · Jan 2026 · Randomized trial · Free full text",
        f"**2.** [RETRACTED: Mock Steroid Dose at Epidural Injection]({posts[2]})",
        (
            "… In this reader study the lower dose at **epidural** **injection** was as good as "
            "the higher one. No …"
        ),
        "-# J Example Radiol · Mar 2023 · Retracted 2 Oct 2024",
        f"**3.** [Invented Needle Tip Position and Pain Relief after Epidural Injection]({posts[3]})",
        (
            "… The tip position at **epidural** **injection** was not associated with relief at 6 weeks. "
            "No serious adverse event …"
        ),
        "-# Example Spine Imaging · Nov 2025 · Observational study",
        (
            "**4.** [How I Do It: Epidural Injection when the Usual Route to the Difficult Level Is Closed]"
            "(https://doi.org/10.5555/esi.2025.0011)"
        ),
        (
            "… This route helps when **epidural** **injection** fails twice at the same level of the spine. "
            "No serious adverse …"
        ),
        "-# Example Spine Imaging · Jun 2025 · Review · not posted here, the link opens the journal",
        f"**5.** [Contrast Flow Patterns before Epidural Injection]({posts[1]})",
        (
            "… Two of them warn of intravascular placement before **epidural** **injection** is begun at "
            "any level. No serious adverse …"
        ),
        "-# Example Spine Imaging · Apr 1998 · shared by ann.sample",
    ]
    assert None not in posts[:4]
    assert panel.buttons == ["1", "2", "3", "4", "5", "Previous", "Next", "Newest first"]
    assert panel.dead_buttons == ["Previous"]
    assert panel.options["When: any year"] == "any"
    assert panel.options["Kind: all"] == "all"


async def test_a_number_opens_a_private_card() -> None:
    async with open_gallery() as here:
        *_, needle, _ = await here.fill()
        post = await here.share(needle)
        panel = await here.say("!search epidural injection")

        answer = await here.world.press(panel, "3")
        other = await here.world.press(panel, "1")

    assert answer.message.is_private
    assert (
        answer.message.embed.title == "Invented Needle Tip Position and Pain Relief after Epidural Injection"
    )
    assert answer.message.buttons == ["All authors", "Cite"]
    assert answer.message.links == {"Go to the post": lookups.url_of(post)}
    assert "Show to all" in other.message.buttons


async def test_pages_turn_in_place_also_after_a_restart() -> None:
    async with open_gallery() as here:
        await here.fill()
        panel = await here.say("!search epidural -“injection* [a]")
        second = await here.world.press(panel, "Next")
        await here.world.restart()
        third = await here.world.press(second.message, "Next")
        newest = await here.world.press(third.message, "Newest first")

    assert second.message.id == panel.id
    assert "6 to 10 of 29" in second.text
    assert "11 to 15 of 29" in third.text
    assert "Newest first · 1 to 5 of 23" in newest.text
    assert "Best match first" in newest.message.buttons
    headings = {answer.message.text.splitlines()[0] for answer in (second, third)}
    assert headings == {panel.text.splitlines()[0]}
    assert newest.message.text.splitlines()[0] == panel.text.splitlines()[0].replace("29", "23")


async def test_the_last_page_has_no_next() -> None:
    async with open_gallery() as here:
        await here.fill(8)
        panel = await here.say("!search epidural")

        last = await here.world.press(panel, "Next")

    assert last.message.dead_buttons == ["Next"]
    assert "6 to 8 of 8" in last.text


async def test_a_page_that_is_no_longer_there_is_the_first() -> None:
    async with open_gallery() as here:
        best = await here.fill(8)
        panel = await here.say("!search epidural")
        one, *others = best
        for other in others:
            await here.services.database.run(articles.absorb, one, other)

        answer = await here.world.press(panel, "Next")

    assert "1 to 4 of 4" in answer.text


async def test_a_filter_searches_again_and_shows_what_is_chosen() -> None:
    async with open_gallery() as here:
        await here.fill()
        panel = await here.say("!search epidural")
        kind = next(part["custom_id"] for part in panel.parts if ":kind:" in part.get("custom_id", ""))

        answer = await here.world.select(panel, ["review"], custom_id=kind)

    assert "17 articles for" in answer.text
    chosen = [
        option["label"]
        for part in answer.message.parts
        for option in part.get("options", ())
        if option.get("default")
    ]
    assert chosen == ["When: any year", "Kind: review"]


async def test_another_member_cannot_turn_the_pages() -> None:
    async with open_gallery() as here:
        await here.fill()
        panel = await here.say("!search epidural")

        for label in ("Next", "1"):
            answer = await here.world.press(panel, label, by=here.world.moderator)

            assert answer.message.is_private
            assert f"<@{here.world.reader.id}>" in answer.text
            assert commands(answer) == ["search"]


async def test_after_fifteen_minutes_only_search_again_is_left() -> None:
    async with open_gallery() as here:
        await here.fill()
        panel = await here.say("!search epidural")
        second = await here.world.press(panel, "Next")
        await here.world.pass_time(16 * 60)
        [closed] = here.world.posts(here.world.papers)
        again = await here.world.press(closed, "Search again")

    assert closed.buttons == ["Search again"]
    assert "6 to 10 of 29" in closed.text
    assert second.message.id == closed.id
    assert again.message.buttons[:2] == ["1", "2"]


async def test_a_panel_that_outlived_a_restart_closes_at_the_next_press() -> None:
    async with open_gallery() as here:
        await here.fill()
        panel = await here.say("!search epidural")
        await here.world.restart()
        await here.world.pass_time(20 * 60)

        answer = await here.world.press(panel, "Next")

    assert answer.message.buttons == ["Search again"]


async def test_nothing_found_offers_pubmed() -> None:
    async with open_gallery() as here:
        panel = await here.say("!search marionettes *denervation*")
        answer = await here.world.press(panel, "Search PubMed")
        menu = answer.message
        [found] = menu.options.values()
        opened = await here.world.select(menu, [found])

    assert says(panel, "No article")
    assert "“marionettes \\*denervation\\*”" in panel.text
    assert list(menu.options) == ["Facet joint denervation in marionettes"]
    assert opened.message.is_private
    assert (opened.message.embed.url or "").startswith("https://doi.org/10.5555/")


async def test_a_button_whose_words_are_no_longer_stored_asks_to_type_them_again() -> None:
    async with open_gallery() as here:
        await here.fill()
        panel = await here.say("!search epidural")
        nothing = await here.say("!search marionettes")
        everybody = typed_words.Typist(here.world.guild.id, 0)
        long_ago = here.now() - typed_words.KEPT_FOR * 2
        run = here.services.database.run
        for words in ("epidural", "marionettes"):
            await run(typed_words.remember, words, everybody, long_ago)
        await run(typed_words.remember, "other words", everybody, here.now())

        answers = [
            await here.world.press(panel, "Next"),
            await here.world.press(nothing, "Search PubMed"),
        ]

    for answer in answers:
        assert answer.message.is_private
        assert says(answer, "no longer stored")
        assert commands(answer) == ["search"]


async def test_a_button_of_the_first_release_says_that_it_has_run_out() -> None:
    async with open_gallery() as here:
        await here.show(
            Panel(
                TEAL,
                *rows(
                    [
                        discord.ui.Button(label="Search PubMed", custom_id="wetread:pubmed"),
                        discord.ui.Button(label="Next", custom_id="wetread:search:next:7:0:best:any:all"),
                    ]
                ),
            )
        )
        [panel] = here.world.posts(here.world.papers)
        for label in panel.buttons:
            await here.world.press(panel, label)
        await here.world.pass_time(3)
        seen = here.world.messages(here.world.papers, seen_by=here.world.reader)
        answers = [each for each in seen if each.is_private]

    assert len(answers) == 2
    for answer in answers:
        assert commands(answer) == ["help"]


# --- help and lists --------------------------------------------------------------------------------------


async def test_help_searches_by_a_form() -> None:
    async with open_gallery() as here:
        await here.fill()
        help_ = await here.say("!help")
        form = await here.world.press(help_, "Search")
        answer = await here.world.submit(form, {"words": "epidural injection"})
        newest = await here.world.press(help_, "Newest articles")

    assert answer.message.is_private
    assert "29 articles for “epidural injection”" in answer.text
    assert newest.message.text.startswith("### Newest articles")


@pytest.mark.row("S19")
@pytest.mark.parametrize(
    "command", ["!search epidural", "!help", "!latest", "!cite 10.5555/jer.2026.0101 bibtex"]
)
async def test_panels_say_nothing_in_public_that_pings(command: str) -> None:
    async with open_gallery() as here:
        await here.fill()
        panel = await here.say(command)

    assert "<@" not in panel.text
