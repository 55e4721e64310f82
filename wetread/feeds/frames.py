"""The protocol of parser pool and children: length-prefixed JSON over pipes, never pickle (faults.md S17).

A request is a header frame (url, content_type, now) and a frame with the feed's bytes. An answer is either
one frame `{"error": kind, "detail": text}`, or one with the feed without its entries and their `count`,
then frames with up to ten entries each, so that the parent never reads a long frame at once.
"""

import json
import struct
from typing import Any

LENGTH = struct.Struct(">I")
MOST_FRAME_BYTES = 4 * 1024 * 1024
ENTRIES_PER_FRAME = 10
MOST_ANSWER_BYTES = 16 * 1024 * 1024


def to_frame(value: Any) -> bytes:
    """Return JSON after its length."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return LENGTH.pack(len(data)) + data
