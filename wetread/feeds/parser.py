"""Parses a feed's bytes. The only user of feedparser; runs in a child process (faults.md M01–M04).

feedparser gets bytes in a stream, never a text, which it would open as a file or an address. Its sanitising
is off, because `wetread.domain.text` handles tags and entities.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import feedparser
from feedparser.mixin import _FeedParserMixin

from wetread.domain.errors import FeedParseError
from wetread.domain.models import Entry, ParsedFeed, Record
from wetread.domain.partial_dates import clamp, to_instant
from wetread.domain.text import clean, from_html
from wetread.feeds import document, quick
from wetread.feeds.guids import assign_guids
from wetread.feeds.links import safe_link
from wetread.feeds.raw import Markup, RawEntry, RawFeed
from wetread.feeds.record import is_replacement, record_of
from wetread.feeds.relays import relayed_journals, with_own_links
from wetread.net.web import FEED_BYTES_CAP

MOST_ENTRIES = 500
_LONGEST_VALUE = 150_000  # of one element, including markup


def parse_feed(body: bytes, *, url: str, content_type: str | None, now: datetime) -> ParsedFeed:
    """Parse the bytes of the feed at `url`. Raises FeedParseError.

    Entries are in document order, 500 at most; each has its own guid and a record with `source` "feed".
    `warnings` describes faults of the feed for people.
    """
    if len(body) > FEED_BYTES_CAP:
        raise FeedParseError(url, "too_large")
    if not body.strip():
        raise FeedParseError(url, "empty")
    utf8 = _to_utf8(body, content_type)
    if document.declares_entities(utf8):
        raise FeedParseError(url, "entities")
    result = quick.read(utf8) or _feedparse(utf8)
    if not result.get("version"):
        raise FeedParseError(url, "not_a_feed", detail=document.describe(utf8))
    if result.get("bozo") and not document.has_end(utf8):
        raise FeedParseError(url, "truncated")
    channel = result["feed"]
    if _ERROR_PAGE.search(f"{_text(channel, 'title')}\n{_text(channel, 'subtitle')}"):
        raise FeedParseError(url, "error_page", detail=clean(_text(channel, "subtitle"), limit=200))
    return _to_feed(result, url, now)


# --- bytes -----------------------------------------------------------------------------------------------


def _to_utf8(body: bytes, content_type: str | None) -> bytes:
    """Return the document in UTF-8 with a matching declaration, so that checks and parser see the same."""
    body = document.narrow(body)
    body, encoding = document.with_charset(body, content_type)
    headers = {"content-type": f"application/xml; charset={encoding}"} if encoding else {}
    utf8: bytes = feedparser.encodings.convert_to_utf8(headers, body, {})
    return document.mend(utf8)


def _feedparse(utf8: bytes) -> Mapping[str, Any]:
    result: Mapping[str, Any] = feedparser.parse(
        io.BytesIO(utf8),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    return result


_ERROR_PAGE = re.compile(
    r"error state|identity[- ]provider|access denied|are you a robot|captcha|just a moment\b|page not found|"
    r"(?:40[34]|50[0-4]) (?:error|forbidden|not found)|internal server error|"
    r"service (?:temporarily )?unavailable|request could not be (?:satisfied|processed)|"
    r"enable javascript|^\s*error\s*$",
    re.IGNORECASE,
)


# --- feedparser's values ---------------------------------------------------------------------------------


def _start_dc_identifier(self: Any, _attributes: Any) -> None:
    self.push("dc_identifier", 1)


def _end_dc_identifier(self: Any) -> None:
    value = self.pop("dc_identifier")
    if value:
        self._get_context().setdefault("dc_identifiers", []).append(value)


def _start_dc_description(self: Any, attributes: Any) -> None:
    if self.inentry:
        self.push("dc_description", 1)
    else:
        self._start_description(attributes)


def _end_dc_description(self: Any) -> None:
    if self.inentry:
        self.pop("dc_description")
    else:
        self._end_description()


# feedparser keeps the last of several dc:identifier; PubMed and HighWire have the DOI in any of them. To it,
# a dc:description is another description, which then takes the place of the citation in the first. It looks
# up its handlers by name, so a few more handlers need no copy of its parsers.
for _handler in (_start_dc_identifier, _end_dc_identifier, _start_dc_description, _end_dc_description):
    setattr(_FeedParserMixin, _handler.__name__, _handler)


def _text(values: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = values.get(name)
        if isinstance(value, str) and value:
            return value[:_LONGEST_VALUE]
    return ""


def _markup(detail: Any) -> Markup:
    if not isinstance(detail, Mapping):
        return Markup()
    return Markup(_text(detail, "value"), detail.get("type") != "text/plain")


def _list(values: Mapping[str, Any], name: str) -> list[Any]:
    value = values.get(name)
    return value if isinstance(value, list) else []


def _raw_entry(entry: Mapping[str, Any]) -> RawEntry:
    source = entry.get("source")
    summary, content = _markup(entry.get("summary_detail")), tuple(map(_markup, _list(entry, "content")))
    if described := _text(entry, "dc_description"):
        summary, content = (
            (summary, (*content, Markup(described, True)))
            if summary.value
            else (Markup(described, True), content)
        )
    return RawEntry(
        guid=_text(entry, "id").strip(),
        link=_link(entry),
        title=_markup(entry.get("title_detail")),
        summary=summary,
        content=content,
        authors=tuple(filter(None, (_text(author, "name") for author in _list(entry, "authors")))),
        identifiers=tuple(
            value[:500]
            for value in (_text(entry, "prism_doi"), _text(entry, "dc_doi"), *_list(entry, "dc_identifiers"))
            if value
        ),
        source=_text(entry, "dc_source") or (_text(source, "title") if isinstance(source, Mapping) else ""),
        publication=_text(entry, "prism_publicationname", "prism_publicationtitle"),
        volume=_text(entry, "prism_volume", "volume"),
        issue=_text(entry, "prism_number", "prism_issueidentifier", "issue"),
        first_page=_text(entry, "prism_startingpage", "prism_startpage", "prism_pagerange", "startpage"),
        last_page=_text(entry, "prism_endingpage", "prism_endpage", "endpage"),
        published=_text(entry, "published"),
        updated=_text(dict(entry), "updated"),  # feedparser's own mapping would return `published`
        cover_date=_text(entry, "prism_coverdate", "prism_coverdisplaydate"),
        publication_date=_text(entry, "prism_publicationdate"),
        categories=tuple(_text(tag, "term") for tag in _list(entry, "tags")[:20]),
        language=_text(entry, "dc_language", "language"),
        announce_type=_text(entry, "arxiv_announce_type"),
    )


def _link(entry: Mapping[str, Any]) -> str:
    """Return the link, unless it repeats a guid that is no address: feedparser uses any guid as link."""
    link = _text(entry, "link").strip()
    is_only_guid = link == _text(entry, "id").strip() and "://" not in link and not link.startswith("/")
    return "" if is_only_guid else link


def _raw_feed(channel: Mapping[str, Any], url: str) -> RawFeed:
    issns = (_text(channel, name).strip().upper() for name in ("prism_issn", "prism_eissn"))
    return RawFeed(
        url=url,
        title=from_html(_text(channel, "title"), limit=300),
        home_url=safe_link(_text(channel, "link"), url) if _text(channel, "link") else None,
        publication=clean(_text(channel, "prism_publicationname", "prism_publicationtitle"), limit=300),
        issns=tuple(dict.fromkeys(issn for issn in issns if re.fullmatch(r"\d{4}-\d{3}[\dX]", issn))),
    )


# --- values to models ------------------------------------------------------------------------------------


def _to_feed(result: Mapping[str, Any], url: str, now: datetime) -> ParsedFeed:
    channel = result["feed"]
    feed = _raw_feed(channel, url)
    warnings = ["The feed's XML has errors; Wetread read what it could."] if result.get("bozo") else []
    found = list(result["entries"])
    if len(found) > MOST_ENTRIES:
        warnings.append(f"The feed has {len(found):,} entries; the newest {MOST_ENTRIES} were read.")
        found = _newest(found)
    entries, more_warnings = _to_entries(found, feed, now)
    return ParsedFeed(
        title=feed.title or None,
        version=result["version"],
        home_url=feed.home_url,
        ttl=_ttl(channel),
        entries=entries,
        warnings=(*warnings, *more_warnings),
    )


def _newest(found: list[Any]) -> list[Any]:
    """Return the newest of too many entries: the first ones, unless the dates grow from first to last."""
    instants = [instant for each in (found[0], found[-1]) if (instant := _instant(each))]
    is_ascending = len(instants) == 2 and instants[0] < instants[1]
    return found[-MOST_ENTRIES:] if is_ascending else found[:MOST_ENTRIES]


def _to_entries(found: list[Any], feed: RawFeed, now: datetime) -> tuple[tuple[Entry, ...], list[str]]:
    kept: list[tuple[RawEntry, Record, datetime | None]] = []
    replaced = empty = 0
    raws = [_raw_entry(each) for each in found]
    feed = replace(feed, relayed=relayed_journals(raws, feed))
    for each, raw in zip(found, raws, strict=True):
        if is_replacement(raw):
            replaced += 1
            continue
        record = record_of(raw, feed, now)
        if not record.title and not (record.doi or record.pmid or record.pii):
            empty += 1
            continue
        instant = clamp(_instant(each), now) or _past_instant(record, now)
        kept.append((raw, record, instant))
    entry_list = [raw for raw, _, _ in kept]
    records = with_own_links(entry_list, [record for _, record, _ in kept], feed)
    guids = assign_guids(entry_list, records, feed.home_url)
    entries = tuple(
        Entry(guid, record, instant)
        for guid, record, (_, _, instant) in zip(guids, records, kept, strict=True)
        if guid is not None
    )
    counts = {
        "re-announced arXiv papers were left out": replaced,
        "entries had neither title nor identifier": empty,
        "entries were repeated": guids.count(None),
    }
    return entries, [f"{count} {words}." for words, count in counts.items() if count]


def _past_instant(record: Record, now: datetime) -> datetime | None:
    """Return the first instant of the record's date; None for an issue in the future."""
    instant = to_instant(record.published_on)
    return instant if instant and instant <= now else None


def _instant(entry: Mapping[str, Any]) -> datetime | None:
    """Return when an entry was published, else updated, by feedparser."""
    for name in ("published_parsed", "updated_parsed"):
        parsed = dict.get(entry, name) if isinstance(entry, dict) else None
        if parsed:
            try:
                year, month, day, hour, minute, second = parsed[:6]
                return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            except ValueError:  # the year -1, which feedparser makes of "0000-00-00"
                continue
    return None


_UPDATE_PERIODS = {"hourly": 3_600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0}
_LONGEST_TTL = 604_800.0


def _ttl(channel: Mapping[str, Any]) -> float | None:
    """Return for how many seconds the feed says it stays unchanged: RSS's `ttl` or the syndication module."""
    minutes = _text(channel, "ttl").strip()
    if minutes.isascii() and minutes.isdigit() and int(minutes[:7]):
        return min(int(minutes[:7]) * 60.0, _LONGEST_TTL)
    period = _UPDATE_PERIODS.get(_text(channel, "sy_updateperiod").strip().lower())
    frequency = _text(channel, "sy_updatefrequency").strip()
    if period is None:
        return None
    return min(period / (int(frequency[:4]) if re.fullmatch(r"[1-9]\d*", frequency) else 1), _LONGEST_TTL)
