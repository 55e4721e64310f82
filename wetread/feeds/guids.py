"""The identity of an entry in its feed: its guid, or a replacement for a missing or shared one."""

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

from wetread.domain.models import Record
from wetread.feeds.raw import RawEntry

_LONGEST = 500
_ARXIV_VERSION = re.compile(r"(arxiv\.org\W\S*?\d)v\d{1,3}$", re.IGNORECASE)
_PREPRINT_VERSION = re.compile(r"((?:bio|med)rxiv\.org/\S*?\d)v\d{1,3}(?=[?#./]|$)", re.IGNORECASE)


def assign_guids(
    entries: Sequence[RawEntry], records: Sequence[Record], home_url: str | None
) -> list[str | None]:
    """Return a guid for each entry, no two alike; None for an entry that repeats an earlier one.

    The guid as sent, without the version of a preprint. If it is missing: the DOI or PMID, else the link,
    else title and date (faults.md B10). Entries that share a guid get their links added, else link and title
    (B11): all of these entries, so that a new one is never taken for a known one.
    """
    links = Counter(record.url for record in records)
    bases = [
        _base(entry, record, has_own_link=links[record.url] == 1 and record.url != home_url)
        for entry, record in zip(entries, records, strict=True)
    ]
    # Identical entries are one entry; only different ones share a guid.
    different = list(dict.fromkeys(zip(bases, ((each.url, each.title) for each in records), strict=True)))
    sharing = Counter(base for base, _ in different)
    shared_links = Counter((base, url) for base, (url, _) in different)
    seen: set[str] = set()
    guids: list[str | None] = []
    for base, record in zip(bases, records, strict=True):
        guid = base
        if sharing[base] > 1:
            has_own_link = record.url is not None and shared_links[base, record.url] == 1
            guid = f"{base}|{_digest(record.url or '', '' if has_own_link else record.title)}"
        guids.append(None if guid in seen else guid)
        seen.add(guid)
    return guids


def _base(entry: RawEntry, record: Record, *, has_own_link: bool) -> str:
    if guid := _PREPRINT_VERSION.sub(r"\1", _ARXIV_VERSION.sub(r"\1", entry.guid)):
        return guid if len(guid) <= _LONGEST else f"hash:{_digest(guid)}"
    if record.doi:
        return f"doi:{record.doi}"
    if record.pmid:
        return f"pubmed:{record.pmid}"
    if record.url and has_own_link:
        return record.url if len(record.url) <= _LONGEST else f"hash:{_digest(record.url)}"
    return f"hash:{_digest(record.title, entry.published or entry.updated)}"


def _digest(*parts: str) -> str:
    return blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()
