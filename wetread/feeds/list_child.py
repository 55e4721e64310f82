"""The process that reads lists of feeds: `python -m wetread.feeds.list_child SECONDS` (`isolation.child`)."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from wetread.feeds.feed_lists import UnreadableListError, read_list, read_settings
from wetread.isolation.child import RefusedError, serve


def parse(header: dict[str, Any], body: bytes) -> tuple[Any, Sequence[Any]]:
    """Return what belongs to the whole list, and its feeds, as JSON values; of settings a head only.

    Raises RefusedError.
    """
    try:
        if header.get("is_settings"):
            return {"settings": read_settings(body)}, ()
        found = read_list(body)
    except UnreadableListError as error:
        raise RefusedError(error.kind) from None
    head = {"left_out": found.left_out, "is_cut": found.is_cut}
    return head, [asdict(feed) for feed in found.feeds]


if __name__ == "__main__":
    parse({}, b'<opml><body><outline xmlUrl="https://localhost/"/></body></opml>')  # loads lxml
    serve(parse, cpu_seconds=int(sys.argv[1]))
