"""The process that parses: `python -m wetread.feeds.parser_child SECONDS`. Its crash does not end the bot.

Reads requests from standard input until it ends, and answers each on standard output (see `frames`). Before
it reads anything it limits itself (faults.md S16): memory, no files, no core dumps, and SECONDS of processor
time for each parse.
"""

import json
import os
import resource
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

from wetread.domain.errors import FeedParseError
from wetread.domain.serialise import entry_to_json, feed_to_json
from wetread.feeds.frames import ENTRIES_PER_FRAME, LENGTH, MOST_ANSWER_BYTES, MOST_FRAME_BYTES, to_frame
from wetread.feeds.parser import parse_feed

_MEMORY_BYTES = 512 * 1024 * 1024

_SMALLEST_FEED = b'<rss version="2.0"><channel><item><title>\xc3\xa9</title></item></channel></rss>'


def main(cpu_seconds: int) -> None:
    """Answer requests until the parent closes the pipe."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library's print() must not mix with the answers
    _parse(_SMALLEST_FEED, {"url": "https://localhost/", "now": datetime(2026, 1, 1, tzinfo=UTC).isoformat()})
    _limit()
    answers.write(to_frame({"is_ready": True}))
    answers.flush()
    while (header := _read_frame(requests)) is not None:
        body = _read_frame(requests)
        if body is None:
            return
        _allow_cpu(cpu_seconds)
        for frame in _answer(json.loads(header), body):
            answers.write(frame)
        answers.flush()


def _limit() -> None:
    for limit, value in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _allow_cpu(seconds: int) -> None:
    """Let the next parse use that many seconds; the system counts from the start of the process."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, hard))


def _read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next frame, None at the end."""
    prefix = stream.read(LENGTH.size)
    if len(prefix) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(prefix)
    data = stream.read(length)
    return data if len(data) == length else None


def _answer(header: dict[str, Any], body: bytes) -> list[bytes]:
    try:
        return _parse(body, header)
    except FeedParseError as error:
        return [to_frame({"error": error.kind, "detail": error.detail})]
    except Exception as error:  # noqa: BLE001  # this loop's one place: a fault of ours is an answer, not silence
        return [to_frame({"error": "crashed", "detail": type(error).__name__})]


def _parse(body: bytes, header: dict[str, Any]) -> list[bytes]:
    feed = parse_feed(
        body,
        url=header["url"],
        content_type=header.get("content_type"),
        now=datetime.fromisoformat(header["now"]),
    )
    head = feed_to_json(replace(feed, entries=()))
    entries = [entry_to_json(entry) for entry in feed.entries]
    parts = (
        entries[start : start + ENTRIES_PER_FRAME] for start in range(0, len(entries), ENTRIES_PER_FRAME)
    )
    frames = [
        to_frame({"feed": head, "count": len(entries)}),
        *(to_frame({"entries": part}) for part in parts),
    ]
    if sum(map(len, frames)) > MOST_ANSWER_BYTES or max(map(len, frames)) > MOST_FRAME_BYTES:
        raise FeedParseError(header["url"], "too_large")
    return frames


if __name__ == "__main__":
    main(int(sys.argv[1]))
