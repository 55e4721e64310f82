"""Check that text pings nobody and hides no link, whatever feeds and people wrote (reliability.md P8)."""

import re

TOKENS = re.compile(r"<(?:@[!&]?\d|#\d|/[^>]*:\d|t:-?\d|a?:\w+:\d|id:\w|https?:)|@(?:everyone|here)\b")
UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200c\u200e\u200f\ud800-\udfff\x00-\x09\x0b-\x1f\x7f-\x9f]")
_LINK = re.compile(r"(?<!\\)(?:\\\\)*\]\(")
_BLOCK = re.compile(r"^```\w*\n.*?\n```$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"(?<!\\)`[^`\n]+`")
OUR_LINK = re.compile(r"\]\(https?://[^\s()<>\[\]]+\)")


def assert_harmless(text: str) -> None:
    """Raise AssertionError if `text` could ping, or hides something."""
    assert not TOKENS.search(text), text
    assert not UNSEEN.search(text), ascii(text)


def assert_harmless_markdown(text: str, *, links: frozenset[str] = frozenset()) -> None:
    """As `assert_harmless`; every masked link leads to one of `links`, and all code is closed."""
    assert_harmless(text)
    fences = text.count("```")
    assert fences % 2 == 0, text
    outside = _BLOCK.sub("", text)
    assert "```" not in outside, text
    text = _CODE.sub("", outside)  # text in code has no effect
    for found in _LINK.finditer(text):
        whole = OUR_LINK.match(text, found.end() - 2)
        assert whole, f"a link of a stranger's: {text[found.start() : found.end() + 60]!r}"
        assert whole[0][2:-1] in links, whole[0]
