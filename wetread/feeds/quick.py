"""Reads well-formed feeds of the usual shape several times faster than feedparser, and exactly as it does.

feedparser stays the judge: what is returned here is the part of its result that `parser.py` reads, and a test
compares both on every document that there is. For anything that this file does not know, `read` returns
None, and feedparser reads the document: malformed XML, a DOCTYPE, `xml:base`, elements inside texts, Media
RSS, an Atom source, elements in unusual places, and so on. The child's limits hold for both.
"""

import io
import re
from collections.abc import Callable
from typing import Any, cast
from xml.etree import ElementTree

from feedparser.api import StrictFeedParser
from feedparser.datetimes import _parse_date
from feedparser.mixin import _FeedParserMixin
from feedparser.urls import _urljoin
from feedparser.util import FeedParserDict

from wetread.feeds.quick_values import (
    UnusualError,
    Values,
    add_tag,
    address_of,
    attributes_of,
    full_name,
    prefixes_of,
    refuse_base,
    settled,
    text_of,
)


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MOST_TAGS = 200_000  # in a document, so that its tree has no more than a fraction of the child's memory
_FIRST_TAG = re.compile(rb"<\w[^>]*")

_VERSIONS = {"http://purl.org/rss/1.0/": "rss10", "http://www.w3.org/2005/atom": "atom10"}
_RSS_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}

_PLAIN, _HTML = "text/plain", "text/html"
_TYPES = {"text": _PLAIN, "plain": _PLAIN, _PLAIN: _PLAIN, "html": _HTML, _HTML: _HTML}
_LOST_AMPERSAND = re.compile(r"&([A-Za-z0-9_]+);")
_PAGES = frozenset({_HTML, "html", "xhtml", "application/xhtml+xml"})

# Elements for which feedparser has code. Those that are not in the tables below are left to it.
_HANDLED = frozenset(
    name.lower().partition("_")[2].partition("_")[2]
    for name in dir(StrictFeedParser)
    if name.startswith(("_start_", "_end_"))
) | {"math", "svg"}
# Names under which feedparser, or this file, keeps something else.
_TAKEN = frozenset(FeedParserDict.keymap) | _names(
    "author author_detail authors category content contributors dc_identifiers enclosures guidislink href id "
    "image license link links published published_parsed source subtitle summary summary_detail tags "
    "textinput title title_detail updated updated_parsed"
)
_PERSON = frozenset({"name", "email", "uri", "url", "homepage"})
# Elements of a feed without meaning for us, and which children they may have.
_SKIPPED = {
    "image": frozenset({"title", "url", "link", "description", "width", "height"}),
    "textinput": frozenset({"title", "link", "description", "name"}),
    "author": _PERSON,
    "managingeditor": _PERSON,
    "contributor": _PERSON,
    "items": frozenset({"rdf_seq", "rdf_bag", "rdf_li"}),
    "skiphours": frozenset({"hour"}),
    "skipdays": frozenset({"day"}),
}


def read(utf8: bytes) -> Values | None:
    """Return feedparser's `version`, `feed` and `entries` of a document in UTF-8; None if it is unusual."""
    try:
        return _Reader(utf8).read()
    except Exception:  # noqa: BLE001  # whatever it is, feedparser decides
        return None


class _Reader:
    """One document; its state is feedparser's."""

    def __init__(self, utf8: bytes) -> None:
        start = _FIRST_TAG.search(utf8)
        if start is None or b"<!" in utf8[: start.start()] or utf8.count(b"<") > _MOST_TAGS:
            raise UnusualError
        events = ElementTree.iterparse(io.BytesIO(utf8), events=("start-ns",))  # noqa: S314  # in a child, no DTD
        declared = [(prefix, uri) for _, (prefix, uri) in events]
        self._root: ElementTree.Element = cast(Any, events).root
        self._prefixes = prefixes_of(declared, start[0].count(b"xmlns"))
        self._names: dict[str, str] = {}
        self._version = next((found for _, uri in declared if (found := _VERSIONS.get(uri.lower()))), "")
        self._context: Values = {}
        self._feed: Values = {}
        self._entries: list[Values] = []
        self._has_title = False

    def read(self) -> Values:
        root, name = self._root, self._name(self._root)
        refuse_base(root)
        if name == "rss":
            self._read_rss(root)
        elif name == "rdf_rdf" and self._version == "rss10":
            for child in root:
                self._read_part(child)
        elif name == "feed" and self._version == "atom10":
            self._read_channel(root)
        else:
            raise UnusualError
        return {"version": self._version, "feed": self._feed, "entries": self._entries}

    def _read_rss(self, root: ElementTree.Element) -> None:
        if not self._version.startswith("rss"):
            stated = attributes_of(root).get("version", "")
            self._version = _RSS_VERSIONS.get(stated) or ("rss20" if stated.startswith("2.") else "rss")
        [channel] = root
        if self._name(channel) != "channel":
            raise UnusualError
        self._read_part(channel)

    def _read_part(self, element: ElementTree.Element) -> None:
        name = self._name(element)
        if name == "channel":
            refuse_base(element)
            if attributes_of(element).keys() & {"href", "lastmod"}:
                raise UnusualError
            self._read_channel(element)
        elif name == "item":
            self._read_entry(element)
        elif name in ("image", "textinput"):
            self._skip(element, _SKIPPED[name])
        else:
            raise UnusualError

    def _read_channel(self, channel: ElementTree.Element) -> None:
        self._has_title = False
        for child in channel:
            self._context = self._feed
            name = self._name(child)
            if name in ("item", "entry"):
                self._read_entry(child)
            elif name in _SKIPPED:
                self._skip(child, _SKIPPED[name])
            elif name in ("title", "dc_title") and ("title" in self._feed or self._entries):
                raise UnusualError
            else:
                self._take_leaf(child, name, _CHANNEL)

    def _read_entry(self, item: ElementTree.Element) -> None:
        refuse_base(item)
        entry: Values = {}
        self._entries.append(entry)
        self._context, self._has_title = entry, False
        if item.attrib:
            attributes = attributes_of(item)
            if attributes.keys() & {"href", "lastmod"}:
                raise UnusualError
            if about := attributes.get("rdf:about"):
                entry["id"] = about
        for child in item:
            self._take_leaf(child, self._name(child), _ENTRY)

    def _take_leaf(self, element: ElementTree.Element, name: str, table: "Table") -> None:
        if element.attrib:
            refuse_base(element)
        take = table.get(name)
        if take is not None:
            if len(element) and take not in _WITH_CHILDREN:
                raise UnusualError
            take(self, element)
        elif len(element) or name in _HANDLED or name in _TAKEN:
            raise UnusualError
        elif element.attrib:
            self._context[name] = dict(element.attrib)  # to feedparser it has no text
        else:
            self._context[name] = text_of(element)

    def _name(self, element: ElementTree.Element) -> str:
        """Return an element's name as feedparser uses it: "title", "dc_creator"."""
        tag = element.tag
        found = self._names.get(tag)
        if found is None:
            found = self._names[tag] = full_name(tag, self._prefixes)
        return found

    def _skip(self, element: ElementTree.Element, allowed: frozenset[str]) -> None:
        """Pass over an element whose children have these names, none of which feedparser would keep."""
        refuse_base(element)
        for child in element:
            if self._name(child) not in allowed:
                raise UnusualError
            self._skip(child, allowed if "rdf_li" in allowed else frozenset())

    # What the tables below name.

    def ignore(self, element: ElementTree.Element) -> None:
        """Pass over an element that feedparser keeps under a name that nobody reads."""

    def _content(self, element: ElementTree.Element, default: str) -> Values:
        """Return type and value of a text that may be HTML."""
        kind = default
        if element.attrib:
            attributes = attributes_of(element)
            if "mode" in attributes or "src" in attributes:
                raise UnusualError
            kind = _TYPES[attributes.get("type", default).lower()]  # others are unusual
        text = (element.text or "").strip()
        may_be_html = (
            kind == _PLAIN and ("</" in text or "&" in text) and not self._version.startswith("atom")
        )
        if may_be_html and _FeedParserMixin.looks_like_html(text):
            kind = _HTML
        return {"type": kind, "value": settled(text)}

    def title(self, element: ElementTree.Element) -> None:
        found = self._content(element, _PLAIN)
        if not self._has_title:
            self._context["title"] = found["value"]
            self._context["title_detail"] = found
        self._has_title = self._has_title or bool(found["value"])

    def description(self, element: ElementTree.Element) -> None:
        self._summarise(self._content(element, _HTML))

    def summary(self, element: ElementTree.Element) -> None:
        self._summarise(self._content(element, _PLAIN))

    def _summarise(self, found: Values) -> None:
        if "summary_detail" in self._context:
            raise UnusualError  # to feedparser, a second one is a content
        self._context["summary_detail"] = found

    def encoded(self, element: ElementTree.Element) -> None:
        self._context.setdefault("content", []).append(self._content(element, _HTML))

    def atom_content(self, element: ElementTree.Element) -> None:
        self._context.setdefault("content", []).append(self._content(element, _PLAIN))

    def subtitle(self, element: ElementTree.Element) -> None:
        self._context["subtitle"] = self._content(element, _HTML)["value"]

    def link(self, element: ElementTree.Element) -> None:
        attributes = attributes_of(element)
        if "url" in attributes or "uri" in attributes:
            raise UnusualError
        href = attributes.get("href")
        if href is None:
            link = address_of(element)
            if self._context is not self._feed:
                link = link.replace("&amp;", "&")
            self._context["link"] = _LOST_AMPERSAND.sub(r"&\g<1>", link)
        elif (element.text or "").strip():
            raise UnusualError
        else:
            relation = attributes.get("rel", "alternate").lower()
            if relation == "alternate" and attributes.get("type", _HTML).lower() in _PAGES:
                self._context["link"] = _urljoin("", href)

    def guid(self, element: ElementTree.Element) -> None:
        is_link = attributes_of(element).get("ispermalink", "true") == "true"
        value = address_of(element) if is_link else text_of(element)
        self._context["id"] = value
        if is_link:
            self._context.setdefault("link", value)

    def person(self, element: ElementTree.Element) -> None:
        if len(element):
            name = self._name_of_person(element)
        elif "@" in (name := text_of(element)):
            raise UnusualError  # feedparser divides name and address
        self._context.setdefault("authors", []).append({"name": name})

    def _name_of_person(self, element: ElementTree.Element) -> str:
        self._skip(element, _PERSON)
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            raise UnusualError
        [name] = [child.text or "" for child in element if self._name(child) == "name"]
        return name.strip()

    def contributor(self, element: ElementTree.Element) -> None:
        self._skip(element, _PERSON)

    def category(self, element: ElementTree.Element) -> None:
        attributes = attributes_of(element)
        tags: list[Values] = self._context.setdefault("tags", [])
        scheme = attributes.get("scheme", attributes.get("domain"))
        add_tag(tags, attributes.get("term"), scheme, attributes.get("label"))
        value = text_of(element)
        if value and tags and not tags[-1]["term"]:
            tags[-1]["term"] = value
        elif value:
            add_tag(tags, value, None, None)

    def published(self, element: ElementTree.Element) -> None:
        self._date("published", element)

    def updated(self, element: ElementTree.Element) -> None:
        self._date("updated", element)

    def _date(self, name: str, element: ElementTree.Element) -> None:
        value = text_of(element)
        self._context[name] = value
        self._context[f"{name}_parsed"] = _parse_date(value)

    def source(self, element: ElementTree.Element) -> None:
        value = text_of(element)
        self._has_title = False
        self._context["source"] = {"title": value} if value else {}

    def language(self, element: ElementTree.Element) -> None:
        self._context["language"] = text_of(element)

    def identifier(self, element: ElementTree.Element) -> None:
        if value := text_of(element):
            self._context.setdefault("dc_identifiers", []).append(value)

    def dc_description(self, element: ElementTree.Element) -> None:
        self._context["dc_description"] = text_of(element)


_WITH_CHILDREN = (_Reader.person, _Reader.contributor)
Table = dict[str, Callable[[_Reader, ElementTree.Element], None]]

_IGNORED: Table = dict.fromkeys(
    _names(
        "admin_errorreportsto admin_generatoragent cloud comments copyright created dc_contributor "
        "dc_publisher dc_rights dcterms_created enclosure expirationdate rights webmaster"
    ),
    _Reader.ignore,
)
_COMMON: Table = {
    **_IGNORED,
    "title": _Reader.title,
    "dc_title": _Reader.title,
    "link": _Reader.link,
    "guid": _Reader.guid,
    "id": _Reader.guid,
}
_CHANNEL: Table = {
    **_COMMON,
    **dict.fromkeys(("description", "subtitle", "tagline", "dc_description"), _Reader.subtitle),
    **dict.fromkeys(
        _names(
            "category dc_author dc_creator dc_date dc_identifier dc_language dc_subject dcterms_issued "
            "dcterms_modified generator keywords language lastbuilddate modified pubdate published updated"
        ),
        _Reader.ignore,
    ),
}
_ENTRY: Table = {
    **_COMMON,
    "description": _Reader.description,
    "summary": _Reader.summary,
    "content_encoded": _Reader.encoded,
    "content": _Reader.atom_content,
    "contributor": _Reader.contributor,
    "source": _Reader.source,
    "dc_identifier": _Reader.identifier,
    "dc_description": _Reader.dc_description,
    **dict.fromkeys(("language", "dc_language"), _Reader.language),
    **dict.fromkeys(("author", "dc_author", "dc_creator", "managingeditor"), _Reader.person),
    **dict.fromkeys(("category", "dc_subject", "keywords"), _Reader.category),
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), _Reader.published),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), _Reader.updated),
}
