"""Look-ups as members make them, by message and by slash, over the real bot."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.cogs.community import Community, open_community
from tests.support import invented
from tests.support.facts import bold, code, commands, headings, number_of, says, text_of
from wetread.domain.models import Record
from wetread.storage import records

DOI = "10.5555/jii.2026.0001"
PMID = "99003001"
TITLE = "Phantom findings on phantom studies: the invented panel review"


@pytest.fixture
async def here() -> AsyncIterator[Community]:
    async with open_community() as community:
        yield community


async def keep(here: Community, *kept: Record) -> None:
    """Store articles that this server has looked up."""
    for record in kept:
        await here.services.database.run(
            records.save, {"PubMed": record}, here.world.clock(), guild_ids=[here.world.guild.id]
        )


# -- abstract ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reference",
    [
        DOI,
        f"doi:{DOI}",
        f"https://doi.org/{DOI}",
        f"<https://doi.org/{DOI}>",
        PMID,
        f"PMID: {PMID}",
        f"https://pubmed.ncbi.nlm.nih.gov/{PMID}/",
    ],
)
async def test_an_article_that_is_not_stored_is_fetched_by_any_of_its_names(
    here: Community, reference: str
) -> None:
    card = await here.ask(f"!abstract {reference}")

    assert card.embed.title == TITLE
    assert "> **Conclusion** Invented data support invented claims." in (card.embed.description or "")


async def test_a_typed_look_up_is_answered_in_public_and_in_reply(here: Community) -> None:
    card = await here.ask(f"!abstract {DOI}")

    said = here.world.messages(here.papers)[0]
    assert not card.is_private
    assert card.reply_to == said.id
    assert card.buttons == ["All authors", "Cite", "Discuss"]


async def test_a_look_up_by_slash_is_private_and_can_be_shown_to_all(here: Community) -> None:
    private = (await here.slash("abstract", reference=DOI)).message
    told = await here.world.press(private, "Show to all")
    [shown] = [message for message in here.posts() if message.embeds]

    assert private.is_private
    assert private.buttons == ["All authors", "Cite", "Show to all"]
    assert told.message.is_private
    assert shown.content == "ann.sample shows an article:"
    assert shown.embed.title == TITLE


async def test_a_posted_article_leads_to_its_post(here: Community) -> None:
    await here.watch("jii", newest=3)
    post = next(each for each in here.posts() if each.embeds and each.embed.title == TITLE)

    private = (await here.slash("abstract", reference=DOI)).message

    assert private.links["Go to the post"].endswith(f"/{here.papers.id}/{post.id}")
    assert "Show to all" not in private.buttons


async def test_a_stored_article_needs_no_source(here: Community) -> None:
    await here.ask(f"!abstract {DOI}")
    asked = len(here.server.requests)

    again = await here.ask(f"!abstract {PMID}")

    assert again.embed.title == TITLE
    assert len(here.server.requests) == asked


async def test_words_that_fit_one_article_show_it(here: Community) -> None:
    await here.ask(f"!abstract {DOI}")

    card = await here.ask("!abstract phantom findings invented panel")

    assert card.embed.title == TITLE


async def test_words_that_fit_several_articles_offer_a_menu(here: Community) -> None:
    await here.watch("jii", "onpp")

    panel = await here.ask("!abstract invented")
    opened = await here.world.select(panel, [next(iter(panel.options.values()))])

    assert len(panel.options) > 1
    assert number_of(panel, "article") == len(panel.options)
    assert "“invented”" in panel.text
    assert opened.message.is_private
    assert opened.message.embed.title == next(iter(panel.options))


async def test_words_with_slips_show_what_was_searched_and_can_be_searched_as_typed(
    here: Community,
) -> None:
    await here.watch("jii")

    card = await here.ask("!abstract Phantom fidnings")
    search = await here.ask("!search fidnings")
    private = (await here.slash("abstract", reference="Phantom fidnings")).message
    await here.world.restart()
    as_typed = await here.world.press(card, "Search as typed")
    searched = await here.world.press(search, "Search as typed")

    assert card.embed.title == private.embed.title == TITLE
    assert says(card, "Phantom findings", "Phantom fidnings")
    assert "Search as typed" in private.buttons
    assert "“findings”" in headings(search)[0]
    assert says(search, "findings", "fidnings")
    assert "“Phantom fidnings”" in bold(as_typed.message)[0]
    assert "“fidnings”" in bold(searched.message)[0]


async def test_words_that_fit_nothing_offer_what_is_near_and_pubmed(here: Community) -> None:
    await here.watch("jii")

    panel = await here.ask("!abstract Phantom findings on phantom marionettes")
    opened = await here.world.press(panel, "1")

    assert "“Phantom findings on phantom marionettes”" in bold(panel)[0]
    assert TITLE in text_of(panel)
    assert opened.message.embed.title == TITLE
    assert panel.buttons[-1] == "Search PubMed"


async def test_pubmed_is_searched_by_a_press_and_what_it_finds_can_be_opened(here: Community) -> None:
    panel = await here.ask("!abstract marionettes")
    found = await here.world.press(panel, "Search PubMed")
    opened = await here.world.select(found.message, [next(iter(found.message.options.values()))])

    assert found.message.is_private
    assert list(found.message.options) == ["Facet joint denervation in marionettes"]
    assert opened.message.embed.title == "Facet joint denervation in marionettes"


async def test_a_reply_to_a_post_needs_no_words(here: Community) -> None:
    await here.watch("jii", newest=1)
    post = here.posts()[-1]

    card = await here.ask("!abstract", reply_to=post)

    assert card.embed.title == post.embed.title


async def test_a_reply_to_an_answer_or_to_a_members_message_with_a_doi_works_too(here: Community) -> None:
    looked_up = await here.ask(f"!abstract {DOI}")
    await here.reader.send(here.papers, f"Have you seen {DOI}? It is odd.")
    said = here.world.messages(here.papers)[-1]

    assert (await here.ask("!abstract", reply_to=looked_up)).embed.title == TITLE
    assert (await here.ask("!abstract", reply_to=said)).embed.title == TITLE


async def test_a_reply_to_a_message_without_an_article_says_so(here: Community) -> None:
    await here.reader.send(here.papers, "Good morning, 2024 was better")
    said = here.world.messages(here.papers)[-1]

    panel = await here.ask("!abstract", reply_to=said)

    assert panel.embeds == ()
    assert says(panel, "DOI", "PMID", "link")


@pytest.mark.parametrize("text", ["!abstract", "!abstract   "])
async def test_nothing_to_look_up_shows_how_it_goes(here: Community, text: str) -> None:
    panel = await here.ask(text)

    assert commands(panel) == ["abstract 10.5555/aisi.2026.0001"]


async def test_nothing_to_look_up_by_slash_shows_it_in_that_form(here: Community) -> None:
    answer = await here.slash("abstract")

    assert answer.message.is_private
    assert "`/abstract 10.5555/aisi.2026.0001`" in answer.text


@pytest.mark.parametrize("text", ["fig3.png", "???"])
async def test_what_is_no_identifier_is_told_so_without_blame(here: Community, text: str) -> None:
    panel = await here.ask(f"!abstract {text}")

    assert f"“{text}”" in bold(panel)[0].replace("\u200b", "")
    assert says(panel, "not a DOI")
    assert commands(panel) == ["abstract disc height cohort"]


async def test_an_unknown_doi_is_compared_with_the_journals_others(here: Community) -> None:
    await here.ask(f"!abstract {DOI}")

    panel = await here.ask("!abstract 10.5555/jii.2026")

    assert says(panel, "no source")
    assert code(panel) == [DOI]


async def test_an_unknown_pmid_is_no_outage(here: Community) -> None:
    panel = await here.ask("!abstract PMID 99999999")

    assert says(panel, "no source", "PMID")
    assert not says(panel, "does not answer")


# -- an outage -----------------------------------------------------------------------------------------


async def test_an_outage_is_no_absence_and_is_answered_when_it_ends(here: Community) -> None:
    here.pubmed_is_down()
    panel = await here.ask(f"!abstract {DOI}")
    here.pubmed_works()
    await here.pass_time(400)

    said, card = here.posts()
    assert says(panel, "PubMed does not answer", "article may exist")
    assert number_of(panel, "minute") == 10
    assert panel.buttons == ["Stop trying"]
    assert list(panel.links) == ["Open in PubMed"]
    assert card.embed.title == TITLE
    assert said.id == panel.id
    assert said.buttons == []
    assert not says(said, "does not answer")


async def test_an_outage_that_goes_on_says_so_after_ten_minutes(here: Community) -> None:
    here.pubmed_is_down()
    private = (await here.slash("abstract", reference=DOI)).message
    for _ in range(7):
        await here.pass_time(100)

    first, last = here.world.messages(here.papers, seen_by=here.reader)
    assert private.is_private
    assert first.buttons == []
    assert last.is_private
    assert number_of(last, "minute") == 10
    assert not any(says(each, "no source") for each in (first, last))


async def test_whoever_asked_can_stop_the_tries_and_nobody_else(here: Community) -> None:
    here.pubmed_is_down()
    panel = await here.ask(f"!abstract {DOI}")
    other = await here.world.press(panel, "Stop trying", by=here.moderator)
    stopped = await here.world.press(panel, "Stop trying")
    here.pubmed_works()
    await here.pass_time(700)

    assert other.message.is_private
    assert says(other, "only")
    assert says(stopped, "stopped")
    assert [each.id for each in here.posts()] == [panel.id]


async def test_an_article_that_proves_unknown_after_an_outage_is_said_to_be(here: Community) -> None:
    here.pubmed_is_down()
    await here.ask("!abstract PMID 99999999")
    here.pubmed_works()
    await here.pass_time(400)

    assert says(here.posts()[-1], "no source", "PMID")


async def test_a_question_that_is_gone_when_the_answer_comes_harms_nobody(here: Community) -> None:
    here.pubmed_is_down()
    await here.ask(f"!abstract {DOI}")
    for message in here.world.messages(here.papers):
        await here.world.delete(message)
    here.pubmed_works()
    await here.pass_time(400)

    assert here.world.errors == []


async def test_a_stored_article_is_shown_though_its_source_is_down(here: Community) -> None:
    await keep(here, replace(invented.PENDING.record, title="Cement and cardboard"))
    here.pubmed_is_down()

    card = await here.ask("!abstract cement cardboard")

    assert card.embed.title == "Cement and cardboard"


# -- the message's menu --------------------------------------------------------------------------------


async def test_the_menu_of_a_message_shows_its_article_privately(here: Community) -> None:
    await here.reader.send(here.papers, f"Have you seen https://doi.org/{DOI} ?")
    said = here.world.messages(here.papers)[-1]

    answer = await here.world.context_menu("Article card", said)

    assert answer.message.is_private
    assert answer.message.embed.title == TITLE


async def test_the_menu_of_a_message_without_an_article_says_so(here: Community) -> None:
    await here.reader.send(here.papers, "Good morning")
    said = here.world.messages(here.papers)[-1]

    answer = await here.world.context_menu("Article card", said)

    assert answer.message.is_private
    assert answer.message.embeds == ()
    assert says(answer, "DOI", "PMID", "link")


async def test_the_menu_in_an_outage_says_that_it_is_one(here: Community) -> None:
    here.pubmed_is_down()
    await here.reader.send(here.papers, f"Have you seen {DOI} ?")
    said = here.world.messages(here.papers)[-1]

    answer = await here.world.context_menu("Article card", said)

    assert says(answer, "PubMed does not answer")


# -- search, latest, journals --------------------------------------------------------------------------


async def test_search_finds_what_came_and_links_to_its_post(here: Community) -> None:
    await here.watch("jii", newest=3)
    post = next(each for each in here.posts() if each.embeds and each.embed.title == TITLE)

    panel = await here.ask("!search phantom")
    private = (await here.slash("search", query="phantom")).message
    opened = await here.world.press(private, "1")

    assert headings(panel) == ["1 article for “phantom”"]
    assert f"/{post.id})" in panel.text
    assert private.is_private
    assert opened.message.embed.title == TITLE


@pytest.mark.parametrize("name", ["jii", "9999-0016"])
async def test_search_finds_a_journal_of_the_operators_own_list(here: Community, name: str) -> None:
    await here.watch("jii", newest=3)

    panel = await here.ask(f"!search phantom journal:{name}")
    other = await here.ask("!search phantom journal:aisi")

    assert TITLE in panel.text
    assert TITLE not in other.text


async def test_search_without_a_word_shows_how_it_goes(here: Community) -> None:
    missing = await here.ask("!search")
    empty = await here.ask('!search "" --')

    for said in (missing, empty):
        assert commands(said) == ['search "epidural injection" -cervical since:2024']
    assert missing.text != empty.text


async def test_search_of_nothing_offers_pubmed(here: Community) -> None:
    panel = await here.ask("!search marionettes")

    assert "“marionettes”" in bold(panel)[0]
    assert "Search PubMed" in panel.buttons


async def test_latest_lists_everything_or_a_journal_or_a_subject(here: Community) -> None:
    await here.watch("jii", "aisi")

    everything = await here.ask("!latest")
    journal = await here.ask("!latest JII 2")
    subject = await here.ask("!latest spine")
    private = (await here.slash("latest", journal="jii", count=1)).message

    [all_heading], [journal_heading], [subject_heading] = map(headings, (everything, journal, subject))
    assert not says(all_heading, "in")
    assert len([label for label in everything.buttons if label.isdecimal()]) == 6
    assert says(journal_heading, "Journal of Invented Imaging")
    assert journal.buttons == ["1", "2"]
    assert says(subject_heading, "spine")
    assert private.is_private
    assert headings(private) == [journal_heading]
    assert private.buttons == ["1"]


@pytest.mark.row("E05")
async def test_lists_leave_errata_out_and_a_search_for_their_kind_finds_them_in_both_forms(
    here: Community,
) -> None:
    title = "Erratum to: Invented coils"
    await keep(
        here,
        Record("PubMed", title="Invented coils", doi="10.5555/jii.2026.0901"),
        Record("PubMed", title=title, doi="10.5555/jii.2026.0902"),
        Record("PubMed", title="Editorial Board (part 2)", doi="10.5555/jii.2026.0903"),
    )

    latest, words = await here.ask("!latest"), await here.ask("!search coils")
    typed = await here.ask("!search coils type:erratum")
    private = (await here.slash("search", query="coils type:erratum")).message
    front = await here.ask('!search type:"front matter"')

    assert (latest.buttons, headings(words)) == (["1"], ["1 article for “coils”"])
    assert all(title in panel.text for panel in (typed, private))
    assert "Editorial Board (part 2)" in front.text
    for command in ("search", "latest", "export search"):
        assert says(await here.ask(f"!help {command}"), "type:erratum")


async def test_latest_of_an_unknown_journal_names_the_near_ones(here: Community) -> None:
    near = await here.ask("!latest Radiolgy")
    far = await here.ask("!latest Poultry Science Quarterly")

    assert "“Radiolgy”" in bold(near)[0]
    assert "- Radiology" in near.text.splitlines()
    assert "“Poultry Science Quarterly”" in bold(far)[0]
    assert commands(far) == ["journals"]


async def test_latest_knows_a_journal_of_the_servers_own_feed(here: Community) -> None:
    await keep(
        here, replace(invented.TRIAL.record, journal="Proceedings of Nothing", journal_abbreviation=None)
    )

    panel = await here.ask("!latest proceedings")

    assert says(headings(panel)[0], "Proceedings of Nothing")
    assert panel.buttons == ["1"]


async def test_latest_where_nothing_has_come_yet_says_so(here: Community) -> None:
    await here.agree("!feed add invented", "Start")
    panel = await here.ask("!latest jii")

    assert says(panel, "nothing has come yet", "Journal of Invented Imaging")
    assert panel.buttons == []


@pytest.mark.parametrize(
    ("name", "called"), [("jii", "Journal of Invented Imaging"), ("invented", "invented")]
)
async def test_latest_of_what_is_not_watched_says_how_to_suggest_it(
    here: Community, name: str, called: str
) -> None:
    panel = await here.ask(f"!latest {name}")
    private = (await here.slash("latest", journal=name)).message

    assert says(panel, called, "not watched here")
    assert commands(panel) == [f"suggest {name}", f"feed add {name}"]
    assert says(private, "not watched here")


async def test_journals_name_also_those_that_are_watched_and_have_brought_nothing(here: Community) -> None:
    await here.watch("jii")
    here.library.broken.add("aisi")
    [offer] = await here.say("!feed add invented", by=here.moderator)
    await here.world.press(offer, "Start", by=here.moderator)

    panel = await here.ask("!journals")

    assert bold(panel) == [
        "Journal of Invented Imaging",
        "Annals of Imaginary Spine Intervention",
        "European Archives of Fictional Radiology",
        "Open Notes on Pretend Pain",
    ]
    lines = [line for line in panel.text.splitlines() if line.startswith("**")]
    assert [number_of(line, "article") for line in lines] == [3, None, None, None]


async def test_journals_where_there_is_none_say_who_can_start_one(here: Community) -> None:
    reader = await here.ask("!journals")
    moderator = await here.ask("!journals", by=here.moderator)

    assert commands(reader) == commands(moderator) == ["feed add"]
    assert says(reader, "moderator")
    assert not says(moderator, "moderator")


# -- autocomplete --------------------------------------------------------------------------------------


async def test_titles_are_offered_and_their_choice_opens_the_article(here: Community) -> None:
    await here.watch("jii")

    offered = await here.world.autocomplete(here.papers, "abstract", "reference", "phantom fin")
    [(shown, value)] = offered
    card = (await here.slash("abstract", reference=value)).message

    assert shown == TITLE
    assert value.startswith("article:")
    assert card.embed.title == TITLE


async def test_titles_and_journals_are_offered_within_discords_limits(here: Community) -> None:
    long = [
        replace(invented.TRIAL.record, title=f"{'Very long title ' * 20}{n}", doi=f"10.5555/l.{n}", pmid=None)
        for n in range(30)
    ]
    await keep(here, *long)

    titles = await here.world.autocomplete(here.papers, "abstract", "reference", "very")
    journals = await here.world.autocomplete(here.papers, "latest", "journal", "")

    for offered in (titles, journals):
        assert len(offered) == 25
        assert all(0 < len(shown) <= 100 and 0 < len(value) <= 100 for shown, value in offered)


async def test_latest_offers_subjects_then_what_is_watched(here: Community) -> None:
    await here.watch("aisi")

    offered = await here.world.autocomplete(here.papers, "latest", "journal", "spin")

    assert offered[:2] == [("spine", "spine"), ("Annals of Imaginary Spine Intervention", "aisi")]
    assert len(offered) == len(set(offered))


# -- who, where, how often -----------------------------------------------------------------------------


async def test_two_servers_find_only_their_own_articles(here: Community) -> None:
    papers, moderator = await here.world.other_server()
    await here.watch("jii", newest=3)

    search = await here.say("!search phantom", by=moderator, channel=papers)
    latest = await here.say("!latest", by=moderator, channel=papers)
    journals = await here.say("!journals", by=moderator, channel=papers)
    words = await here.say("!abstract phantom findings", by=moderator, channel=papers)
    titles = await here.world.autocomplete(papers, "abstract", "reference", "phantom", by=moderator)
    chosen = (await here.slash("abstract", by=moderator, channel=papers, reference="article:1")).message
    marker = (await here.slash("abstract", by=moderator, channel=papers, reference="wr-1")).message
    card = (await here.slash("abstract", by=moderator, channel=papers, reference=DOI)).message

    for [panel] in (search, words):
        assert says(panel, "no article")
        assert TITLE not in panel.text
    assert latest[0].buttons == []
    assert says(latest[0], "no articles")
    assert commands(journals[0]) == ["feed add"]
    assert titles == []
    assert not chosen.embeds
    assert not marker.embeds
    assert card.embed.title == TITLE
    assert "Go to the post" not in card.links


async def test_too_many_look_ups_wait_for_a_moment() -> None:
    async with open_community(lookups_per_minute=2) as here:
        await here.ask("!journals")
        await here.ask("!journals")
        await here.pass_time(20)
        typed = await here.ask("!journals")
        other = await here.ask("!journals", by=here.moderator)
        private = (await here.slash("journals")).message
        await here.pass_time(61)
        later = await here.ask("!journals")

    for said in (typed, private):
        assert number_of(said, "second") == 40
    assert private.is_private
    for said in (other, later):
        assert commands(said) == ["feed add"]


async def test_in_a_private_message_identifiers_work_and_words_ask_pubmed(here: Community) -> None:
    card = await here.write_privately(f"!abstract {DOI}")
    words = await here.write_privately("!abstract marionettes")
    search = await here.write_privately("!search phantom")

    assert card.embed.title == TITLE
    assert "Show to all" not in card.buttons
    assert "“marionettes”" in bold(words)[0]
    assert commands(words) == []
    assert words.buttons == ["Search PubMed"]
    assert says(search, "only on a server")


async def test_buttons_of_look_ups_work_after_a_restart(here: Community) -> None:
    await here.watch("jii", "onpp")
    near = await here.ask("!abstract Phantom findings on phantom marionettes")
    menu = await here.ask("!abstract invented")
    card = await here.ask(f"!abstract {DOI}")
    latest = await here.ask("!latest")
    await here.world.restart()

    opened = await here.world.press(near, "1")
    pubmed = await here.world.press(near, "Search PubMed")
    picked = await here.world.select(menu, [next(iter(menu.options.values()))])
    authors = await here.world.press(card, "All authors")
    newest = await here.world.press(latest, "1")

    assert opened.message.embed.title == TITLE
    assert says(pubmed, "PubMed", "no article")
    assert picked.message.embeds
    assert number_of(headings(authors)[0], "author") == 5
    assert newest.message.embeds


async def test_a_button_that_a_restart_has_orphaned_says_so(here: Community) -> None:
    here.pubmed_is_down()
    panel = await here.ask(f"!abstract {DOI}")
    await here.world.restart()

    pressed = await here.world.press(panel, "Stop trying")
    await here.pass_time(3)

    assert pressed.messages == ()
    [answer] = [each for each in here.world.messages(here.papers, seen_by=here.reader) if each.is_private]
    assert commands(answer) == ["help"]
