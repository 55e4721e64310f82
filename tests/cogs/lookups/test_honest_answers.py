"""What is typed and not understood is named, with what is understood, and not searched as words."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.cogs.community import Community, on_shared, open_community
from tests.support.facts import commands, says, text_of

pytestmark = pytest.mark.row("E34")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Community]:
    async with open_community() as community:
        await community.watch("jii", newest=1)
        yield community


PARTS = [
    ("panel since:someday", "since:someday", "2024-06"),
    ("panel since:2024-02-31", "since:2024-02-31", "2024-06"),
    ("panel autor:Example", "autor:Example", "author:"),
    ("panel colour:red", "colour:red", "journal:"),
    ("panel author:", "author:", "nothing follows"),
    ("panel type:revue", "type:revue", "type:review"),
    ("panel type:qwertz", "type:qwertz", "systematic review"),
    ("panel has:pdf", "has:pdf", "is:free"),
    ("panel is:new", "is:new", "is:retracted"),
]


@on_shared
@pytest.mark.parametrize(("query", "part", "understood"), PARTS)
async def test_a_search_names_what_it_leaves_out(
    shared: Community, query: str, part: str, understood: str
) -> None:
    typed = text_of(await shared.ask(f"!search {query}"))
    private = text_of((await shared.slash("search", query=query)).message)
    file = text_of(await shared.ask(f"!export search {query}"))

    for said in (typed, private, file):
        assert "Left out" in said
        assert f"`{part}`" in said
        assert understood in said


@on_shared
@pytest.mark.parametrize("query", [part for _, part, _ in PARTS])
async def test_a_search_for_nothing_else_is_refused(shared: Community, query: str) -> None:
    for said in (await shared.ask(f"!search {query}"), (await shared.slash("search", query=query)).message):
        assert says(said, "does not understand")
        assert f"`{query}`" in said.text


@on_shared
async def test_the_answer_shows_how_dates_and_names_were_read(shared: Community) -> None:
    query = "panel until:14.01.2030 type:journal article author:von Hessling"
    read = 'panel until:2030-01-14 type:"journal article" author:"von Hessling"'

    typed = await shared.ask(f"!search {query}")
    private = (await shared.slash("search", query=query)).message
    file = await shared.ask(f"!export search {query}")

    for said in (typed, private, file):
        assert read in text_of(said)


@on_shared
async def test_a_date_that_moves_is_searched_but_is_no_filter(shared: Community) -> None:
    found = await shared.ask("!search panel since:30d")
    refused = await shared.order("!feed filter jii panel since:30d")
    kept = await shared.order("!feed filter jii panel until:march 2030")
    shown = await shared.order("!feed filter jii")

    assert "30d" not in text_of(found)
    assert "since:2025-12-02" in text_of(found)
    assert "`since:30d`" in refused
    assert "`since:2025-12-02`" in refused
    assert "panel until:2030-03" in kept
    assert "panel until:2030-03" in shown


@on_shared
async def test_an_export_of_a_journal_reads_the_same_limits(shared: Community) -> None:
    said = await shared.ask("!export journal jii until:march 2030 -is:retracted has:abstract ris")

    assert says(said, "until:2030-03", "-is:retracted", "has:abstract")


@on_shared
async def test_a_search_that_is_cut_says_so_on_each_page(shared: Community) -> None:
    query = " ".join(["panel", *(f"word{number}" for number in range(110))])
    said = await shared.ask(f"!search {query}")
    newest = (await shared.world.press(said, "Newest first")).message

    assert says(said, "left out", "100 words")
    assert says(newest, "left out", "100 words")


@on_shared
@pytest.mark.parametrize(("query", "part", "understood"), PARTS)
async def test_a_filter_with_something_unclear_is_refused_and_the_old_one_stays(
    shared: Community, query: str, part: str, understood: str
) -> None:
    await shared.order("!feed filter jii panel")
    said = await shared.order(f"!feed filter jii {query}")
    shown = await shared.order("!feed filter jii")

    assert f"`{part}`" in said
    assert understood in said
    assert "`panel`" in shown


@on_shared
@pytest.mark.parametrize("style", ["chicago", "harvard", "bibtexx", "vancuver", "csv2", "MLA"])
async def test_a_style_that_is_not_there_is_named_with_those_that_are(shared: Community, style: str) -> None:
    doi = "10.5555/jii.2026.0001"
    said = await shared.ask(f"!cite {doi} {style}")
    file = await shared.ask(f"!export search panel {style}")
    of_journal = await shared.ask(f"!export journal jii {style}")

    assert says(said, style, "ama", "vancouver", "apa", "bibtex", "ris")
    for each in (file, of_journal):
        assert not each.attachments
        assert says(each, style, "ris", "bibtex")


@on_shared
async def test_a_form_that_is_not_there_is_named_with_those_that_are(shared: Community) -> None:
    said = await shared.order("!feed form jii digest")
    missing = await shared.order("!feed form jii")

    assert says(said, "digest", "whole", "conclusion", "title")
    assert commands(missing)


@on_shared
async def test_an_option_that_feed_add_does_not_have_is_named(shared: Community) -> None:
    typed = await shared.order("!feed add jii digest")
    private = await shared.slash("feed add", what="jii digest", by=shared.moderator)

    for said in (typed, text_of(private.message)):
        assert "“digest”" in said
        for option in ("whole", "conclusion", "title", "#channel"):
            assert f"`{option}`" in said


@on_shared
@pytest.mark.parametrize("command", ["search", "export search", "feed filter"])
async def test_every_query_is_completed_while_it_is_typed(shared: Community, command: str) -> None:
    offered = await shared.world.autocomplete(
        shared.papers, command, "query", "panel type:syst", by=shared.moderator
    )

    assert [value for _, value in offered] == ['panel type:"systematic review"']
