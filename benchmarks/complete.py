"""Complete articles from local sources at their real rates, with a clock that only waiting advances.

`python -m benchmarks.complete PORT COUNT` completes so many, and prints what it measured as JSON.

The floor is what the rates allow: the requests of the busiest source, one after the other at its rate, as if
all other sources were asked meanwhile. Reading, merging and storing cost no time of that clock; they are
counted as processor time.
"""

import asyncio
import json
import math
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlite_utils

from benchmarks.literature import FIRST_PMID, doi, is_at_pubmed, serving
from benchmarks.measure import Row
from wetread.bibliography.record_source import Credentials
from wetread.bibliography.registry import REGISTRY
from wetread.domain import clock
from wetread.domain.models import PartialDate, Record
from wetread.domain.record_sources import Source
from wetread.net.http_client import HttpClient
from wetread.net.web import HttpRequest, HttpResponse
from wetread.operations.config import Secrets, SourcesConfig
from wetread.services.enricher import MOST_AT_ONCE, Enricher
from wetread.services.record_parsing import RecordParsing
from wetread.services.sources import build_record_sources
from wetread.storage import articles
from wetread.storage.database import Database

BEGAN_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
EMAIL = "bench@example.org"
PATHS = {
    "eutils": Source.PUBMED,
    "europepmc": Source.EUROPEPMC,
    "crossref": Source.CROSSREF,
    "openalex": Source.OPENALEX,
    "unpaywall": Source.UNPAYWALL,
}
"""The sources by the first part of their paths on the benchmark's server."""

RATES = {
    path: limit.lists_per_second or limit.per_second
    for path, source in PATHS.items()
    for entry in REGISTRY
    if entry.source is source
    for limit in [entry.rate_limit(Credentials(EMAIL))]
}
"""Requests a second with an e-mail address and without API keys; Crossref is asked for lists."""


def run(*, is_quick: bool) -> Iterator[Row]:
    """Complete 10,000 articles, and fewer for the memory."""
    count, fewer = (1_000, 200) if is_quick else (10_000, 1_000)
    with serving() as port:
        few = _in_its_own_process(port, fewer)
    with serving() as port:
        found = _in_its_own_process(port, count)
    case = f"{count} articles"
    requests = found["requests"]
    for path, source in PATHS.items():
        yield Row("complete", case, f"requests to {source}", "", requests.get(path, 0), unit="requests")
    least = _least_requests(count)
    yield Row("complete", case, "requests to PubMed", "the least", requests["eutils"] / least, bar=1.25)
    floor = max(requests[path] / RATES[path] for path in requests)
    in_a_row = sum(requests[path] / RATES[path] for path in requests)
    took, name = found["seconds"], "time under the rates"
    yield Row("complete", case, name, "", took, unit="s")
    yield Row("complete", case, name, "one after the other", took / in_a_row, bar=1.02)
    yield Row("complete", case, name, "the busiest source", took / floor, bar=2.0)
    yield Row("complete", case, "with an abstract", "all", found["complete"] / count)
    yield Row("complete", case, "processor", "", found["cpu"] / count * 1000, unit="ms an article")
    yield Row("complete", case, "memory", "", found["memory"], bar=150.0, unit="MiB")
    yield Row("complete", case, "memory", f"{fewer} articles", found["memory"] / few["memory"], bar=1.5)


def _least_requests(count: int) -> int:
    """Return the least number of PubMed requests: 20 DOIs a search, 200 records a fetch."""
    without_pmid = sum(not _has_pmid(number) for number in range(count))
    known = sum(is_at_pubmed(number) for number in range(count))
    return math.ceil(without_pmid / 20) + math.ceil(known / 200)


def _has_pmid(number: int) -> bool:
    """Every fifth article comes from a feed of PubMed's."""
    return number % 5 == 0


def _in_its_own_process(port: int, count: int) -> Mapping[str, Any]:
    command = [sys.executable, "-m", "benchmarks.complete", str(port), str(count)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # our own module
    found: Mapping[str, Any] = json.loads(answer.stdout)
    return found


# --- one run in its own process --------------------------------------------------------------------------


class WaitingTime:
    """A clock that only waiting advances. The enricher asks one source after the other."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def clock(self) -> datetime:
        return BEGAN_AT + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += max(seconds, 0.0)
        await asyncio.sleep(0)


async def complete(port: int, count: int) -> Mapping[str, Any]:
    """Complete `count` articles and return the measures."""
    waiting = WaitingTime()
    requests: Counter[str] = Counter()
    client = HttpClient(
        user_agent="Wetread benchmark",
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        allowed_addresses=[f"127.0.0.1:{port}"],
        host_gap=0.0,
    )

    async def fetch(request: HttpRequest) -> HttpResponse:
        requests[request.url.split("/")[3]] += 1
        return await client.fetch(request)

    base, parsing = f"http://127.0.0.1:{port}", RecordParsing()
    sources = build_record_sources(
        SourcesConfig(contact_email=EMAIL),
        Secrets(),
        fetch,
        clock=waiting.clock,
        monotonic=waiting.monotonic,
        sleep=waiting.sleep,
        source_urls={source.key: f"{base}/{path}/" for path, source in PATHS.items()},
        parse=parsing,
    )
    with TemporaryDirectory(prefix="wetread-benchmark-") as folder:
        database = await Database.open(Path(folder, "wetread.db"))
        await database.run(_fill, count)
        enricher = Enricher(database, sources.sources, waiting.clock)
        cpu = time.process_time()
        looked_at = 0
        while looked_at < count:
            looked_at += await enricher.enrich_due(MOST_AT_ONCE)
        cpu = time.process_time() - cpu
        done = await database.run(_with_abstract)
        await database.close()
        await client.close()
        await parsing.close()
    return {
        "requests": requests,
        "seconds": waiting.seconds,
        "cpu": cpu,
        "complete": done,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _fill(db: sqlite_utils.Database, count: int) -> None:
    for number in range(count):
        record = Record(
            "feed",
            title=f"Invented finding {number}",
            doi=doi(number),
            pmid=str(FIRST_PMID + number) if _has_pmid(number) and is_at_pubmed(number) else None,
            journal="Journal of Invented Imaging",
            online_on=PartialDate(2026, 10, 30),
        )
        articles.create(db, {"feed:1": record}, {1}, BEGAN_AT)


def _with_abstract(db: sqlite_utils.Database) -> int:
    ids = [article_id for (article_id,) in db.conn.execute("SELECT id FROM articles")]
    count = sum(bool(text.abstract) for text in articles.texts(db, ids).values())
    return int(count)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(complete(int(sys.argv[1]), int(sys.argv[2])))))
