"""Answers of record sources are parsed in a child process: none stalls or ends the bot."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.bibliography.answers import answer
from wetread.bibliography.answer_parsing import AnswerParser
from wetread.bibliography.crossref_json import parse_journal, parse_notices, parse_page, parse_works
from wetread.bibliography.pubmed import RECORDS_A_FETCH, parse_esearch
from wetread.bibliography.pubmed_xml import parse_efetch
from wetread.bibliography.semantic_scholar import parse_paper
from wetread.domain.errors import RecordSourceError
from wetread.isolation.pool import ChildPool, child_command
from wetread.services.record_parsing import SMALL_ANSWER, RecordParsing

CHILD = child_command("wetread.services.record_child")
WORDS = "Invented phantoms were cooled for 12 invented minutes (see the invented table, not shown). " * 110


@pytest.fixture
async def parse() -> AsyncIterator[RecordParsing]:
    parse = RecordParsing()
    yield parse
    await parse.close()


def grown(body: bytes) -> bytes:
    """The same answer, too large to be parsed in this process."""
    return body + b" " * SMALL_ANSWER


def listed(**message: object) -> bytes:
    return grown(json.dumps({"status": "ok", "message-type": "work-list", "message": message}).encode())


EVERY_SHAPE: tuple[tuple[AnswerParser[Any], bytes], ...] = (
    (parse_efetch, grown(answer("pubmed/beside.xml"))),
    (parse_esearch, grown(b'{"esearchresult": {"count": "2", "idlist": ["99000001", "99000002"]}}')),
    (parse_works, grown(answer("crossref/beside.json"))),
    (parse_page, listed(items=[{"DOI": "10.5555/x"}], **{"total-results": 7, "next-cursor": "abc"})),
    (parse_page, listed(items=[], **{"total-results": 0})),
    (
        parse_notices,
        listed(
            items=[{"DOI": "10.5555/n", "update-to": [{"DOI": "10.5555/r", "type": "retraction"}]}],
            **{"next-cursor": "abc"},
        ),
    ),
    (parse_journal, listed(title=["Journal of Invented Imaging"])),
    (parse_journal, listed(title=[])),
    (parse_paper, grown(b'{"paperId": "1", "externalIds": {"PubMed": "99000001"}}')),
)


@pytest.mark.row("E24")
async def test_a_child_returns_what_the_parser_returns(parse: RecordParsing) -> None:
    for parser, body in EVERY_SHAPE:
        assert await parse(parser, body) == parser(body)


@pytest.mark.row("E24")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (grown(b'{"error": "API rate limit exceeded", "api-key": "203.0.113.9"}'), "throttled"),
        (grown(b"<ERROR>no</ERROR>"), "server"),
        (grown(b"<html>"), "unreadable"),
    ],
)
async def test_faults_keep_their_kind(parse: RecordParsing, body: bytes, kind: str) -> None:
    with pytest.raises(RecordSourceError) as caught:
        await parse(parse_efetch, body)

    assert (caught.value.source, caught.value.kind) == ("PubMed", kind)


def two_megabytes() -> bytes:
    """As many records as Wetread asks for at once, each of 10 kB."""
    one = (
        "<PubmedArticle><MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>Invented</ArticleTitle>"
        f"<Abstract><AbstractText>{WORDS}</AbstractText></Abstract>"
        "</Article></MedlineCitation></PubmedArticle>"
    )
    records = "".join(one.format(99_000_001 + number) for number in range(RECORDS_A_FETCH))
    return f"<PubmedArticleSet>{records}</PubmedArticleSet>".encode()


def hostile(markup: str) -> bytes:
    abstract = markup * (900_000 // len(markup))
    return json.dumps({"message": {"DOI": "10.5555/x", "abstract": abstract}}).encode()


@pytest.mark.row("E24")
async def test_the_loop_never_stalls_while_answers_are_parsed() -> None:
    parse = RecordParsing(ChildPool(CHILD, cpu_seconds=1))
    await parse(*EVERY_SHAPE[0])
    beats = [time.thread_time()]

    async def beat() -> None:
        while True:
            await asyncio.sleep(0.002)
            beats.append(time.thread_time())

    heart = asyncio.create_task(beat())
    records = await parse(parse_efetch, two_megabytes())
    [outcome] = await asyncio.gather(parse(parse_works, hostile("<a ")), return_exceptions=True)
    after = await parse(parse_efetch, answer("pubmed/beside.xml"))
    heart.cancel()
    await parse.close()

    assert (len(records), len(after)) == (RECORDS_A_FETCH, 2)
    assert isinstance(outcome, tuple | RecordSourceError)
    # The loop's own processor time from one beat to the next, so that other processes do not count.
    assert max(later - earlier for earlier, later in pairwise(beats)) < 0.1


@pytest.mark.row("E24")
async def test_a_child_that_dies_or_lies_is_an_unreadable_answer(caplog: pytest.LogCaptureFixture) -> None:
    liar = Path(__file__).parents[1] / "support" / "lying_child.py"
    parse = RecordParsing(ChildPool((sys.executable, str(liar))))
    for _ in range(2):
        with pytest.raises(RecordSourceError) as caught:
            await parse(parse_efetch, EVERY_SHAPE[0][1])
        assert caught.value.kind == "unreadable"
    await parse.close()

    assert "PubMed" in caplog.text


async def test_small_answers_need_no_child() -> None:
    parse = RecordParsing(ChildPool(("no such command",)))
    body = b'{"esearchresult": {"count": "0", "idlist": []}}'

    assert (await parse(parse_esearch, body)).count == 0
    await parse.close()


def test_every_parser_can_be_found_by_its_name() -> None:
    for parser, _ in EVERY_SHAPE:
        module, _, name = parser.name.partition(":")
        assert getattr(sys.modules[module], name) is parser
