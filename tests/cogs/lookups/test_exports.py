"""References by the file: of a search, of a journal, counted and said, only what this server knows."""

from dataclasses import replace

import pytest

from cogs.lookups.exports import MOST_REFERENCES
from tests.cogs.community import Community, open_community
from tests.support import invented
from tests.support.facts import code, commands, number_of, numbers, says
from wetread.domain.models import PartialDate
from wetread.storage import records

TRIAL = invented.TRIAL.record


async def fill(here: Community, count: int = 3) -> None:
    def write(db: object) -> None:
        for number in range(count):
            record = replace(
                TRIAL,
                doi=f"10.5555/many.{number}",
                pmid=str(99_500_000 + number),
                title=f"Invented epidural {number}",
                issue_on=PartialDate(2020 + number % 7, 1),
            )
            records.save(db, {"PubMed": record}, here.world.clock(), guild_ids=[here.world.guild.id])  # type: ignore[arg-type]  # as given

    await here.services.database.run(write)


async def test_a_search_comes_as_a_file_with_its_count() -> None:
    async with open_community() as here:
        await fill(here)
        ris = await here.ask("!export search epidural")
        bibtex = await here.ask("!export search epidural since:2022 bibtex")
        private = await here.slash("export search", query="epidural", style="bibtex")

    assert ris.attachments == ("epidural.ris",)
    assert number_of(ris, "reference") == 3
    assert says(ris, "RIS")
    assert "“epidural”" in ris.content
    assert bibtex.attachments == ("epidural-since-2022.bib",)
    assert number_of(bibtex, "reference") == 1
    assert says(bibtex, "BibTeX")
    assert private.message.is_private
    assert private.message.attachments == ("epidural.bib",)


async def test_a_journal_comes_by_name_and_since() -> None:
    async with open_community() as here:
        await fill(here)
        answer = await here.ask("!export journal Journal of Example Radiology since:2021")
        slash = await here.slash("export journal", journal="journal of example radiology")

    assert number_of(answer, "reference") == 2
    assert "“Journal of Example Radiology since:2021”" in answer.content
    assert number_of(slash, "reference") == 3


async def test_no_more_than_the_limit_and_that_there_are_more_is_said() -> None:
    async with open_community() as here:
        await fill(here, MOST_REFERENCES + 20)
        answer = await here.ask("!export search epidural bibtex")

    assert numbers(answer) == [500, 520]
    assert code(answer) == ["since:", "until:"]


async def test_another_servers_articles_are_not_exported() -> None:
    async with open_community() as here:
        await fill(here)
        channel, moderator = await here.world.other_server()
        [answer] = await here.say("!export search epidural", by=moderator, channel=channel)

    assert answer.attachments == ()
    assert "“epidural”" in answer.text


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("!export", "export search epidural injection bibtex"),
        ("!export serach epidural", "export search"),
    ],
)
async def test_a_slip_is_answered_with_what_would_work(typed: str, offered: str) -> None:
    async with open_community() as here:
        answer = await here.ask(typed)

    assert commands(answer) == [offered]


async def test_words_that_no_article_has_are_corrected_and_the_answer_says_so() -> None:
    async with open_community() as here:
        await fill(here)
        answer = await here.ask("!export search invented epiduraal")
        as_typed = await here.ask('!export search "epiduraal"')

    assert answer.attachments == ("invented-epidural.ris",)
    assert number_of(answer, "reference") == 3
    assert "“invented epidural”" in answer.content
    assert "“invented epiduraal”" in answer.content
    assert as_typed.attachments == ()
