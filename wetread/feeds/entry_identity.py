"""What identifies an entry of a feed, whatever its guid, and whether its content has changed. Pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from wetread.domain.article_keys import keys_of
from wetread.domain.identifiers import is_generic_title
from wetread.domain.models import Entry
from wetread.domain.serialise import content_hash
from wetread.domain.text import fold


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry of a document. `keys` identify its article, best first, the last ones within this feed.

    `is_vouched`: its article is everybody's, because the catalogue knows the feed's site as the publisher's;
    else only the feed's subscribers have it.
    """

    entry: Entry
    keys: tuple[str, ...]
    content_hash: str
    is_vouched: bool = True

    @property
    def sure_keys(self) -> tuple[str, ...]:
        """The keys that no other entry of the same document shares."""
        return tuple(key for key in self.keys if not is_by_date(key))

    @property
    def keys_in_feed(self) -> tuple[str, ...]:
        """The keys that mean something within this feed only."""
        return tuple(key for key in self.keys if key.startswith(_IN_FEED))


def see(feed_id: int, entry: Entry, journal_key: str | None = None, *, is_vouched: bool = True) -> SeenEntry:
    """Return the entry with its keys and the hash of its content; `journal_key` as for `keys_of`."""
    keys = (*keys_of(entry.record, journal_key), *_keys_in_feed(feed_id, entry))
    return SeenEntry(entry, keys, hash_of(entry), is_vouched)


def hash_of(entry: Entry) -> str:
    """Return the hash of an entry's content: from where it was parsed, else made now."""
    return entry.content_hash or content_hash(entry.record)


def _keys_in_feed(feed_id: int, entry: Entry) -> list[str]:
    """Return keys that recognise an entry without identifiers if its guid changes (faults.md B02, B03).

    They are made of title and page, or title and date. Neither page nor date identifies an entry alone: some
    feeds give all entries one address, and many entries share a date.
    """
    record = entry.record
    title = fold(record.title)
    if record.doi or record.pmid or not title or is_generic_title(record.title):
        return []
    page = _page(record.url)
    keys = [f"{_IN_FEED}{feed_id}:page:{_hash(title, page)}"] if page else []
    date = record.published_on or (entry.published_at and entry.published_at.date())
    return keys + ([f"{_IN_FEED}{feed_id}:{_BY_DATE}:{_hash(title, str(date))}"] if date else [])


_IN_FEED = "feed:"
_BY_DATE = "date"


def is_by_date(key: str) -> bool:
    """Return whether a key of `see` is made of title and date, which two entries of a document may share."""
    return key.startswith(_IN_FEED) and key.split(":")[2] == _BY_DATE


def _page(url: str | None) -> str | None:
    """Return an address without the parts that change: scheme, www., query, fragment, last slash."""
    if not url:
        return None
    return re.sub(r"^https?://(?:www\.)?|[?#].*$", "", url, flags=re.IGNORECASE | re.DOTALL).rstrip("/")


def _hash(*parts: str) -> str:
    content = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def newest_first(seen: Sequence[SeenEntry]) -> list[SeenEntry]:
    """Return a document's entries, newest first: the order of posts, and which are the newest.

    Sorted by date if each entry has one; else in the document's order, because feeds list the newest first.
    """
    if not all(each.entry.published_at for each in seen):
        return list(seen)
    return sorted(seen, key=lambda each: each.entry.published_at or _NEVER, reverse=True)


_NEVER = datetime(1, 1, 1, tzinfo=UTC)
