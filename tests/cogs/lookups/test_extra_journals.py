"""Journals of the operator's own list: commands find their articles by key, alias and ISSN."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from tests.cogs.community import Community, on_shared, open_community
from tests.support import invented
from tests.support.facts import text_of
from wetread.domain.models import PartialDate
from wetread.storage import records

pytestmark = [on_shared, pytest.mark.row("E35")]

TITLE = "Annals of Imaginary Radiology and Phantom Studies"
EXTRA = f"""
[[journal]]
key = "airps"
title = "{TITLE}"
abbreviation = "Ann Imaginary Radiol"
issns = ["0000-0019"]
subject = "General"
subspecialties = []
aliases = ["quux letters"]
sites = ["quux.example.org"]
"""
NAMES = ["airps", "quux letters", "0000-0019"]
RECORD = replace(
    invented.TRIAL.record,
    journal=TITLE,
    journal_abbreviation=None,
    issns=(),
    volume="7",
    issue="2",
    pages="90–99",
    online_on=None,
    issue_on=PartialDate(2020, 2),
)
OTHER = replace(
    RECORD, doi="10.5555/other.1", pmid="99008888", title="Another study", journal="Another journal"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here() -> AsyncIterator[Community]:
    async with open_community(more_journals=EXTRA) as community:
        for record in (RECORD, OTHER):
            await community.services.database.run(
                records.save,
                {"PubMed": record},
                community.world.clock(),
                guild_ids=[community.world.guild.id],
            )
        yield community


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ['search journal:"{}"', "latest {}"])
async def test_lists_and_searches_know_the_journal_by_its_names(
    here: Community, command: str, name: str
) -> None:
    said = text_of(await here.ask(f"!{command.format(name)}"))

    assert RECORD.title in said
    assert OTHER.title not in said


@pytest.mark.parametrize("name", NAMES)
async def test_exports_know_the_journal_by_its_names(here: Community, name: str) -> None:
    answer = await here.ask(f"!export journal {name}")

    assert answer.content.startswith("1 reference")


@pytest.mark.parametrize(
    "citation",
    [*(f"{name} 2020;7:90" for name in NAMES), "airps 7:90", "http://quux.example.org/content/7/2/90.full"],
)
async def test_citations_know_the_journal_by_its_names(here: Community, citation: str) -> None:
    card = await here.ask(f"!abstract {citation}")

    assert card.embed.title == RECORD.title
