"""Makes foreign texts harmless for Discord: no mentions, no disguised links, no markdown.

Every text that is not written in this repository goes through one of these: `safe` where Discord reads
markdown, `plain` where it does not (embed author and footer, labels, thread names), `code` and
`code_block` for text to copy, `safe_url` for addresses (faults.md S19 to S25).
"""

import re
from urllib.parse import quote, urlsplit, urlunsplit

import idna

from cogs.kit.limits import BUTTON_URL, EMBED_URL
from wetread.domain.text import clean, cut, utf16_length

INVISIBLE_BREAK = "\u200b"
"""Zero-width space: invisible, and it breaks Discord's tokens."""

# "<@1>", "<#1>", "</cmd:1>", "<t:1>", "<:e:1>", "<a:e:1>", "<id:home>", "<https://…>"; "p <.001" is none.
_TOKEN = re.compile(r"<(?=[@#/:&!A-Za-z])")
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_MARKDOWN = re.compile(r"[\\*_~`|\[\]]")
# Discord links an address as it is, backslashes included, so an address that needs one must not be linked.
_UNLINKABLE = re.compile(r"(https?):(?=//[^\s<]{0,2048}[\\*_~`|\[\]])", re.IGNORECASE)
_LINE_START = re.compile(r"^(?=[#>+-])")
_LIST_START = re.compile(r"^(\d+)(?=[.)])")


def plain(text: str) -> str:
    """Return one clean line without Discord's tokens, for places where Discord does not read markdown."""
    return _without_tokens(clean(text))


def safe(text: str) -> str:
    """Return one clean line with its markdown escaped, so that Discord shows exactly these words."""
    text = _UNLINKABLE.sub(rf"\1:{INVISIBLE_BREAK}", clean(text))
    escaped = _MARKDOWN.sub(r"\\\g<0>", text)
    if text.startswith("-#"):
        # Some clients look for small print after they have taken the backslash away.
        escaped = f"-{INVISIBLE_BREAK}{escaped[1:]}"
    escaped = _LIST_START.sub(r"\1\\", _LINE_START.sub(r"\\", escaped))
    return _without_tokens(escaped)


def code(text: str) -> str:
    """Return one line as inline code; nothing in the text can end the code."""
    return f"`{plain(text).replace('`', 'ˋ') or ' '}`"


def code_block(text: str, language: str = "") -> str:
    """Return a code block with the text's line breaks; nothing in the text can end the block."""
    lines = (_without_tokens(clean(line)).replace("``", f"`{INVISIBLE_BREAK}`") for line in text.splitlines())
    body = "\n".join(lines).strip("\n")
    return f"```{language}\n{body}\n```"


def chip(text: str) -> str:
    """Return a chip: inline code that stays on one line."""
    return unbroken(code(text))


def unbroken(text: str) -> str:
    """Return `text` with no-break spaces, so that it stays on one line."""
    return text.replace(" ", "\u00a0")


def link(text: str, url: str | None) -> str:
    """Return `text` escaped, as a link if the address is one that a link button would accept."""
    address = button_url(url)
    if address is None:
        return safe(text)
    # Discord shows no link whose text is an address, so "://" is broken up.
    words = safe(text).replace("://", f":{INVISIBLE_BREAK}//") or safe(host_of(address) or "")
    return f"[{words}]({address})"


def safe_url(url: str, limit: int = EMBED_URL) -> str | None:
    """Return a web address that Discord accepts, None for anything else.

    http and https with a host, without user or password; the host in punycode; everything that could
    end a markdown link is percent-encoded. `limit` in UTF-16 units; longer addresses are None, never cut.
    """
    try:
        parts = urlsplit(url)
        host = _ascii_host(parts.hostname or "")
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, idna.IDNAError):
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    if any(character.isspace() or not character.isprintable() for character in url):
        return None
    address = urlunsplit(
        (
            parts.scheme.lower(),
            host + port,
            _encoded(parts.path),
            _encoded(parts.query),
            _encoded(parts.fragment),
        )
    )
    return address if utf16_length(address) <= limit else None


def button_url(url: str | None) -> str | None:
    """Return `safe_url` within the length that Discord accepts for a link button."""
    return safe_url(url, BUTTON_URL) if url else None


def doi_url(doi: str) -> str | None:
    """Return the address that resolves a DOI, None if it cannot be one."""
    if not doi.isprintable():
        return None
    return safe_url(f"https://doi.org/{quote(doi, safe='/:;._-')}")


def pubmed_url(pmid: str) -> str:
    """Return the address of an article's page on PubMed."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def host_of(url: str) -> str | None:
    """Return the host of a web address in punycode; None if it is not a web address."""
    address = safe_url(url)
    return urlsplit(address).hostname if address else None


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host if re.fullmatch(r"[A-Za-z0-9.-]+", host) else ""
    return idna.encode(host, uts46=True).decode("ascii")


def _encoded(part: str) -> str:
    # "%" is kept: the address is encoded already where it needs to be.
    return quote(part, safe="%/:;=?!$&'*+,~._-")


def _without_tokens(text: str) -> str:
    return _EVERYONE.sub(f"@{INVISIBLE_BREAK}", _TOKEN.sub(f"<{INVISIBLE_BREAK}", text))


def safe_cut(text: str, limit: int) -> str:
    """Return `safe(text)` in at most `limit` UTF-16 units, cut after a word and never inside an escape."""
    allowed, text = limit, clean(text)
    while True:
        escaped = safe(cut(text, allowed))
        excess = utf16_length(escaped) - limit
        if excess <= 0:
            return escaped
        allowed -= max(1, excess // 2)
