"""The protocol of a pool and its children: length-prefixed JSON over pipes, never pickle (faults.md S17).

A request is a header frame and a frame with the document's bytes. An answer is either one frame
`{"error": kind, "detail": text}`, or one with a `head` and the `count` of items, then frames with up to ten
items each, fewer if they are long, so that the parent never reads much at once.
"""

import json
import struct
from collections.abc import Sequence
from typing import Any

LENGTH = struct.Struct(">I")
MOST_FRAME_BYTES = 4 * 1024 * 1024
ITEMS_PER_FRAME = 10
_FULL_FRAME_BYTES = 100_000  # to which no further item is added
MOST_ANSWER_BYTES = 16 * 1024 * 1024
TOO_LARGE = "too_large"
"""The error of an answer that would exceed the limits above."""


def to_frame(value: Any) -> bytes:
    """Return JSON after its length."""
    return _framed(_json(value))


def to_frames(head: Any, items: Sequence[Any]) -> list[bytes]:
    """Return an answer as frames; one with an error if it is too large."""
    frames = [to_frame({"head": head, "count": len(items)})]
    part: list[bytes] = []
    for data in map(_json, items):
        if part and (len(part) == ITEMS_PER_FRAME or sum(map(len, part)) + len(data) > _FULL_FRAME_BYTES):
            frames.append(_items_frame(part))
            part = []
        part.append(data)
    if part:
        frames.append(_items_frame(part))
    if sum(map(len, frames)) > MOST_ANSWER_BYTES or max(map(len, frames)) > MOST_FRAME_BYTES:
        return [to_frame({"error": TOO_LARGE})]
    return frames


def _items_frame(items: list[bytes]) -> bytes:
    return _framed(b'{"items":[' + b",".join(items) + b"]}")


def _framed(data: bytes) -> bytes:
    return LENGTH.pack(len(data)) + data


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
