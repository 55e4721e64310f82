"""Reads lists of feeds that other readers and bots write (OPML, JSON, lines of text), and writes OPML.

The reading runs in a child process (`list_child`): the document comes from a member. XML is read by lxml
without entities, and nothing that a list names is fetched here.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from wetread.domain.text import clean
from wetread.feeds import document

MOST_BYTES = 1_000_000
"""A larger file is refused; a feed takes about 200 bytes in a list."""
MOST_FEEDS = 500
"""Further feeds of a list are counted and left out."""

_LONGEST_NAME, _LONGEST_ADDRESS = 100, 2_000
_DEEPEST = 20
_ADDRESSES = ("xmlurl", "feedurl", "feed_url", "url", "link")
_NAMES = ("title", "text", "name")
_LINE = re.compile(r"\b(?:https?|feed)://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed of a list. `url` as it stands there, '' = none; `folder`: the folder or channel."""

    url: str
    name: str = ""
    folder: str = ""
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class FeedList:
    """What stands in a file. `left_out`: feeds beyond the limit. `is_cut`: the file ends before its end."""

    feeds: tuple[ListedFeed, ...]
    left_out: int = 0
    is_cut: bool = False


class UnreadableListError(Exception):
    """A file is no list of feeds; `kind`: "too_large", "empty", "entities" or "not_a_list"."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def read_list(body: bytes) -> FeedList:
    """Return the feeds of a file, in its order. Raises UnreadableListError."""
    if len(body) > MOST_BYTES:
        raise UnreadableListError("too_large")
    text = _decoded(body)
    is_cut = False
    if text.startswith("<"):
        found, is_cut = _opml(text)
    elif text.startswith(("{", "[")):
        found = _json(text)
    elif text:
        found = [ListedFeed(match[0]) for match in _LINE.finditer(text)]
    else:
        raise UnreadableListError("empty")
    if not found:
        raise UnreadableListError("not_a_list")
    return FeedList(tuple(found[:MOST_FEEDS]), max(0, len(found) - MOST_FEEDS), is_cut)


def read_settings(body: bytes) -> dict[str, Any]:
    """Return what stands in a settings file (TOML). Raises UnreadableListError, "not_settings"."""
    if len(body) > MOST_BYTES:
        raise UnreadableListError("too_large")
    try:
        return tomllib.loads(_decoded(body))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableListError("not_settings") from error


def write_opml(title: str, feeds: Sequence[ListedFeed]) -> bytes:
    """Return a list in OPML 2.0, with an outline around the feeds of each folder."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _legal(title)
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {"": body}
    for feed in feeds:
        if feed.folder not in folders:
            folders[feed.folder] = etree.SubElement(body, "outline", text=_legal(feed.folder))
        name = _legal(feed.name)
        etree.SubElement(
            folders[feed.folder], "outline", type="rss", text=name, title=name, xmlUrl=_legal(feed.url)
        )
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _legal(text: str) -> str:
    """Return a text without the characters that XML forbids."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def _decoded(body: bytes) -> str:
    """Return a file as text, whatever encoding it declares; what cannot be read is replaced."""
    narrow = document.narrow(body)
    narrow, encoding = document.with_charset(narrow, None)
    declared = re.match(rb"\s*<\?xml[^>]*encoding=[\"']([\w.:-]{1,40})", narrow)
    names = [declared[1].decode()] if declared and encoding not in {"utf-8", "windows-1252"} else []
    for name in (*names, encoding or "utf-8", "utf-8"):
        try:
            text = narrow.decode(name, "replace")
        except (LookupError, ValueError):
            continue
        return text.lstrip("\ufeff \t\r\n")
    return ""  # never reached: UTF-8 is known


def _opml(text: str) -> tuple[list[ListedFeed], bool]:
    """Return the feeds of OPML, and whether its end is missing."""
    plain = re.sub(r"^<\?xml[^>]*\?>", "", text)
    utf8 = document.mend(plain.encode("utf-8", "replace"))
    if document.declares_entities(utf8):
        raise UnreadableListError("entities")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(utf8, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableListError("not_a_list") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise UnreadableListError("not_a_list")
    return list(_outlines(root)), re.search(rb"</opml\s*>\s*\Z", utf8, re.IGNORECASE) is None


def _outlines(root: etree._Element) -> Iterator[ListedFeed]:
    """Yield the outlines that are feeds, in document order; without recursion, however deep they lie."""
    waiting: list[tuple[etree._Element, str]] = [(root, "")]
    while waiting:
        element, folder = waiting.pop()
        if etree.QName(element).localname.lower() == "outline":
            values = {
                etree.QName(name).localname.lower(): str(value) for name, value in element.attrib.items()
            }
            feed = _outlined(values, folder)
            if feed is not None:
                yield feed
            elif "url" not in values:
                folder = _name(values) or folder
        waiting.extend((child, folder) for child in reversed(element))


def _outlined(values: Mapping[str, str], folder: str) -> ListedFeed | None:
    url = values.get("xmlurl") or (values.get("url") if values.get("type", "").lower() != "link" else None)
    if url is None and values.get("type", "").lower() not in ("rss", "atom"):
        return None
    folder = folder or values.get("category", "").strip("/").split(",")[0].rpartition("/")[2]
    return _listed(url or "", _name(values), folder)


def _json(text: str) -> list[ListedFeed]:
    """Return the feeds of a JSON export, of MonitoRSS or others: every object that has an address."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableListError("not_a_list") from error
    return list(_objects(value, "", 0))


def _objects(value: object, folder: str, depth: int) -> Iterator[ListedFeed]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _objects(each, folder, depth + 1)
    if not isinstance(value, dict):
        return
    values = {str(name).lower(): each for name, each in value.items()}
    url = next((values[name] for name in _ADDRESSES if _is_address(values.get(name))), None)
    if url is not None:
        is_paused = bool(values.get("disabled") or values.get("disabledcode"))
        place = values.get("channel") or values.get("folder") or folder
        yield _listed(str(url), _name(values), str(place), is_paused=is_paused)
        return
    inner = _name(values) or folder
    for each in value.values():
        yield from _objects(each, inner, depth + 1)


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and "://" in value


def _name(values: Mapping[str, Any]) -> str:
    return next((values[name] for name in _NAMES if isinstance(values.get(name), str) and values[name]), "")


def _listed(url: str, name: str, folder: str, *, is_paused: bool = False) -> ListedFeed:
    return ListedFeed(
        url.strip()[:_LONGEST_ADDRESS],
        clean(name, limit=_LONGEST_NAME),
        clean(folder, limit=_LONGEST_NAME),
        is_paused,
    )
