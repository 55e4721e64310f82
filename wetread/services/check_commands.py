"""`python bot.py check-feed` and `check-record`: what Wetread reads from a feed or a saved answer."""

import json
from pathlib import Path

from wetread.bibliography.record_report import read_saved_answer, record_report, record_text
from wetread.domain.errors import FeedRetrievalError
from wetread.domain.models import RetrievedFeed, Validators
from wetread.feeds.conditional_get import retrieve_feed
from wetread.feeds.parser_pool import ParserPool
from wetread.feeds.report import feed_report, feed_text
from wetread.operations.config import Config
from wetread.services.http_clients import feed_client
from wetread.services.seams import Seams


async def check_feed(config: Config, address: str, *, is_json: bool) -> str:
    """Return what Wetread reads from the feed in a file or at an address. Raises FeedError."""
    seams = Seams()
    client = feed_client(config, seams)
    pool = ParserPool(1)
    try:
        retrieved = _from_file(address)
        if retrieved is None:
            answer = await retrieve_feed(client.fetch, address, Validators(), now=seams.clock())
            if not isinstance(answer, RetrievedFeed):  # 304 to a request without validators
                raise FeedRetrievalError(address, "status", status=304)
            retrieved = answer
        feed = await pool.parse(retrieved, seams.clock())
    finally:
        await pool.close()
        await client.close()
    return json.dumps(feed_report(feed), ensure_ascii=False, indent=2) if is_json else feed_text(feed)


def _from_file(address: str) -> RetrievedFeed | None:
    path = Path(address)
    if "://" in address:
        return None
    if not path.is_file():
        raise FeedRetrievalError(address, "no_such_file")
    return RetrievedFeed(path.resolve().as_uri(), path.read_bytes(), None, Validators())


def check_record(path: Path, *, is_json: bool) -> str:
    """Return what Wetread reads from a saved answer of a source. Raises RecordSourceError, OSError."""
    records = read_saved_answer(path.read_bytes())
    return (
        json.dumps(record_report(records), ensure_ascii=False, indent=2) if is_json else record_text(records)
    )
