"""Prepares a feed's bytes for parsing: encoding, dangerous declarations, small repairs, cut ends. Pure."""

import codecs
import html.entities
import re

from wetread.feeds import encodings

# --- encoding --------------------------------------------------------------------------------------------

# Byte order marks, or "<" without one (XML 1.0, appendix F). The longer ones first.
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
# Latin-1 means Windows's superset of it, with curly quotes (WHATWG Encoding standard).
_LATIN_1 = re.compile(rb"\s*<\?xml[^>]*encoding=[\"'](?:iso-8859-1|latin-?1|us-ascii)[\"']", re.IGNORECASE)


def narrow(body: bytes) -> bytes:
    """Return UTF-16 and UTF-32 as UTF-8, so that zero bytes hide nothing; other encodings unchanged."""
    for start, encoding in _WIDE:
        if body.startswith(start):
            return body.decode(encoding, "replace").lstrip("\ufeff").encode("utf-8", "replace")
    return body


def with_charset(body: bytes, content_type: str | None) -> tuple[bytes, str | None]:
    """Return a body of single bytes and its encoding; None if its own declaration tells.

    Bytes that are valid UTF-8 are UTF-8, whatever they declare. If they are not and nothing else is declared,
    the encoding is guessed. Characters that are broken in UTF-8 are replaced.
    """
    # ISO-2022 (Japanese) is plain ASCII with escapes.
    if not (body.isascii() and b"\x1b" in body):
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return body, "utf-8"
    if _LATIN_1.match(body):
        return body, "windows-1252"
    match = re.search(r"charset=[\"']?([\w.:-]+)", content_type or "", re.IGNORECASE)
    named = match[1] if match else None
    if encodings.is_named(body, named):
        return body, named
    guessed = encodings.guess(body)
    return (body.decode("utf-8", "replace").encode() if guessed == "utf-8" else body), guessed


# --- danger ----------------------------------------------------------------------------------------------

_INTERNAL_SUBSET = re.compile(
    rb"<!(?:ENTITY|ATTLIST|ELEMENT|NOTATION)\b|<!DOCTYPE[^>\[]{0,2000}\[", re.IGNORECASE
)


def declares_entities(document: bytes) -> bool:
    """Return whether there is an internal DTD subset, which can make a body huge or crash the parser.

    faults.md S13, S14. Text inside CDATA counts too; that concerns only articles about XML.
    """
    return _INTERNAL_SUBSET.search(document) is not None


# --- repair ----------------------------------------------------------------------------------------------

# Characters that XML forbids, among them zero bytes, which would hide a declaration from the search above.
_FORBIDDEN = bytes([*range(9), 11, 12, *range(14, 32)])
_PERHAPS_LOOSE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")  # quick: in CDATA, "&" may stay
_LOOSE_AMPERSAND = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos);)(?:(#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|\w{2,31});)?",
    re.DOTALL,
)


def mend(document: bytes) -> bytes:
    """Return a UTF-8 document without the parts that XML forbids but feeds contain.

    Control characters, and blank lines and byte order marks before the declaration, are removed. "&" that
    begins no entity, and HTML's entities ("&nbsp;"), become the characters that they mean.
    """
    document = document.translate(None, _FORBIDDEN).lstrip(b"\xef\xbb\xbf \t\r\n")
    return _LOOSE_AMPERSAND.sub(_mended, document) if _PERHAPS_LOOSE.search(document) else document


def _mended(match: re.Match[bytes]) -> bytes:
    if match[0].startswith(b"<"):
        return match[0]
    name = (match[1] or b"").decode("ascii", "replace")
    if name.startswith("#"):
        point = int(name[2:] or "0", base=16) if name[1] in "xX" else int(name[1:])
        return match[0] if _is_legal(point) else b""
    meaning = html.entities.html5.get(f"{name};") if name else None
    return meaning.encode() if meaning else b"&amp;" + match[0][1:]


def _is_legal(point: int) -> bool:
    """Return whether XML 1.0 allows the character."""
    return (
        point in (9, 10, 13)
        or 0x20 <= point <= 0xD7FF
        or 0xE000 <= point <= 0xFFFD
        or 0x10000 <= point <= 0x10FFFF
    )


# --- what it is ------------------------------------------------------------------------------------------

# A missing last ">" does not matter; but "</rdf" may be the start of "</rdf:Seq>".
_ROOT_END = re.compile(
    rb"</(?:(?:[\w.-]+:)?(?:rss|rdf|feed)\s*>|(?:rss|feed|[\w.-]+:rdf)\s*\Z)", re.IGNORECASE
)


def has_end(document: bytes) -> bool:
    """Return whether the root element is closed; if not, the document was cut off (faults.md B21)."""
    return _ROOT_END.search(document) is not None


def describe(document: bytes) -> str:
    """Return what a document that is not a feed seems to be."""
    start = document[:4_000].lower()
    if b"<html" in start or b"<!doctype html" in start:
        return "a web page"
    text = re.sub(rb"^<\?xml[^>]*\?>\s*", b"", start)
    if text[:1] in (b"{", b"["):
        return "JSON"
    return "another kind of XML" if text[:1] == b"<" else "plain text"
