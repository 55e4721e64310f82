"""How feedparser names elements and attributes, and how it keeps texts: for `quick.py`."""

import re
from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import Element

from feedparser.html import _cp1252
from feedparser.mixin import _FeedParserMixin
from feedparser.urls import _urljoin

Values = dict[str, Any]

_NAMESPACES: dict[str, str] = {uri.lower(): name for uri, name in _FeedParserMixin.namespaces.items()}
_UNUSUAL_NAMESPACE = re.compile(r"backend\.userland\.com/rss|^http://my\.netscape\.com/rdf/simple/0\.9/$")
_XLINK = "http://www.w3.org/1999/xlink"


class UnusualError(Exception):
    """feedparser must read this document."""


def prefixes_of(declared: list[tuple[str, str]], root_count: int) -> dict[str, str]:
    """Return the prefix of each namespace that feedparser does not know, in lower case."""
    at_root = declared[:root_count]
    if any(each not in at_root or each[1] == _XLINK for each in declared[root_count:]):
        raise UnusualError  # feedparser's names depend on the order
    if len({prefix.lower() for prefix, _ in at_root}) < len(at_root):
        raise UnusualError
    found: dict[str, str] = {}
    for prefix, uri in at_root:
        lower = uri.lower()
        known = _NAMESPACES.get(lower)
        if _UNUSUAL_NAMESPACE.search(lower):
            raise UnusualError
        if known is None and (not prefix or uri in found):
            raise UnusualError
        if known is None:
            found[uri] = prefix
        elif prefix in _NAMESPACES.values() and prefix != known:
            raise UnusualError
    return found


def full_name(tag: str, prefixes: dict[str, str]) -> str:
    """Return an element's name: "title", "dc_creator"; `prefixes` are those of unknown namespaces."""
    uri, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    prefix = _NAMESPACES.get(uri.lower())
    if prefix is None:
        prefix = prefixes.get(uri)
    if prefix is None:
        raise UnusualError
    return f"{prefix}_{local}".lower() if prefix else local.lower()


def attributes_of(element: Element) -> dict[str, str]:
    """Return the attributes by the names that feedparser uses: of unknown namespaces without a prefix."""
    found = {}
    for key, value in element.attrib.items():
        uri, _, local = key[1:].rpartition("}") if key.startswith("{") else ("", "", key)
        prefix = _NAMESPACES.get(uri.lower(), "")
        found[f"{prefix}:{local}".lower() if prefix else local.lower()] = value
    return found


def refuse_base(element: Element) -> None:
    for key in element.attrib:
        if key.rpartition("}")[2].lower() == "base":
            raise UnusualError


def settled(text: str) -> str:
    """Return a text as feedparser keeps it: twice encoded UTF-8 and control characters put right."""
    if text.isascii():
        return text
    with suppress(UnicodeEncodeError, UnicodeDecodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252)


def text_of(element: Element) -> str:
    text = element.text
    return settled(text.strip()) if text else ""


def address_of(element: Element) -> str:
    text = (element.text or "").strip()
    return settled(_urljoin("", text)) if text else ""


def add_tag(tags: list[Values], term: str | None, scheme: str | None, label: str | None) -> None:
    tag = {"term": term, "scheme": scheme, "label": label}
    if any(tag.values()) and tag not in tags:
        tags.append(tag)
