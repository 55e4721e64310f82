"""References by the file: of a search, of a journal, counted and said, only what this server knows."""

from dataclasses import replace

import pytest

from cogs.lookups.exports import MOST_REFERENCES
from tests.cogs.community import Community, open_community
from tests.support import invented
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
    assert ris.content.startswith("3 references as RIS: “epidural”.")
    assert bibtex.attachments == ("epidural-since-2022.bib",)
    assert bibtex.content.startswith("1 reference as BibTeX")
    assert private.message.is_private
    assert private.message.attachments == ("epidural.bib",)


async def test_a_journal_comes_by_name_and_since() -> None:
    async with open_community() as here:
        await fill(here)
        answer = await here.ask("!export journal Journal of Example Radiology since:2021")
        slash = await here.slash("export journal", journal="journal of example radiology")

    assert answer.content.startswith("2 references as RIS: “Journal of Example Radiology since:2021”.")
    assert slash.message.content.startswith("3 references")


async def test_no_more_than_the_limit_and_that_there_are_more_is_said() -> None:
    async with open_community() as here:
        await fill(here, MOST_REFERENCES + 20)
        answer = await here.ask("!export search epidural bibtex")

    assert answer.content.startswith("500 references as BibTeX")
    assert "There are 520: `since:` and `until:` choose a part." in answer.content


async def test_another_servers_articles_are_not_exported() -> None:
    async with open_community() as here:
        await fill(here)
        channel, moderator = await here.world.other_server()
        [answer] = await here.say("!export search epidural", by=moderator, channel=channel)

    assert answer.attachments == ()
    assert "No article here matches" in answer.text


@pytest.mark.parametrize("typed", ["!export", "!export serach epidural"])
async def test_a_slip_is_answered_with_what_would_work(typed: str) -> None:
    async with open_community() as here:
        answer = await here.ask(typed)

    assert "export" in answer.text or "search" in answer.text
