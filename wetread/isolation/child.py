"""A process that parses, and may die of it: `serve` is all that it does.

It reads requests from standard input until that ends, and answers each on standard output (see `frames`).
Before it reads anything it limits itself (faults.md S16): memory, no files, no core dumps, and seconds of
processor time for each document.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from wetread.isolation.frames import LENGTH, to_frame, to_frames

_MEMORY_BYTES = 512 * 1024 * 1024

Parse = Callable[[dict[str, Any], bytes], tuple[Any, Sequence[Any]]]
"""Parses a document by its header. Returns head and items as JSON values. Raises RefusedError."""


class RefusedError(Exception):
    """The parser refuses a document; `kind` and `detail` are for the parent."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


def serve(parse: Parse, *, cpu_seconds: int) -> None:
    """Answer requests until the parent closes the pipe. Libraries must be loaded before."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library's print() must not mix with the answers
    _limit()
    answers.write(to_frame({"is_ready": True}))
    answers.flush()
    while (header := _read_frame(requests)) is not None:
        body = _read_frame(requests)
        if body is None:
            return
        _allow_cpu(cpu_seconds)
        for frame in _answer(parse, json.loads(header), body):
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
    """Let the next document use that many seconds; the system counts from the start of the process."""
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


def _answer(parse: Parse, header: dict[str, Any], body: bytes) -> list[bytes]:
    try:
        return to_frames(*parse(header, body))
    except RefusedError as error:
        return [to_frame({"error": error.kind, "detail": error.detail})]
    except Exception as error:  # noqa: BLE001  # this loop's one place: a fault of ours is an answer, not silence
        return [to_frame({"error": "crashed", "detail": type(error).__name__})]
