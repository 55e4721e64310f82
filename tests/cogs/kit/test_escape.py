"""Texts from strangers do nothing in Discord but be read."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogs.kit.escape import (
    INVISIBLE_BREAK,
    button_url,
    chip,
    code,
    code_block,
    doi_url,
    host_of,
    link,
    plain,
    safe,
    safe_cut,
    safe_url,
)
from tests.cogs.harmless import assert_harmless, assert_harmless_markdown
from tests.cogs.strangers import long_texts, texts
from wetread.domain.text import clean, utf16_length


@pytest.mark.row("S19", "S20", "S21", "S22", "S23")
@given(texts)
@example("\\[a](https://evil.example)")
@example("<\u200b@1>")
@example("@\u200beveryone")
def test_no_text_survives_as_markup(text: str) -> None:
    assert_harmless_markdown(safe(text))
    assert_harmless(plain(text))
    assert_harmless(code(text))
    assert "\n" not in safe(text) + plain(text) + code(text)


@pytest.mark.row("S21")
@pytest.mark.parametrize("start", ["# ", "## ", "> ", "- ", "+ ", "1. ", "12) ", "-# "])
def test_no_text_begins_a_heading_a_quotation_or_a_list(start: str) -> None:
    assert not safe(f"{start}words").startswith(start)


@pytest.mark.row("S21", "S22")
@given(texts)
def test_safe_text_shows_exactly_its_words(text: str) -> None:
    pytest.importorskip("markdown_it", reason="the preview's markdown reader is not installed")
    from simcord.preview._markdown import markdown_tokens

    text = text.replace("&", "")  # markdown-it resolves entities, Discord does not
    for place in ("message", "text_display", "embed_description", "embed_title"):
        shown = read(markdown_tokens(safe(text), place))
        assert shown.replace("\u200b", "") == clean(text)


def read(tokens: list[dict[str, object]]) -> str:
    """The words of the preview's tokens; AssertionError for anything but text and undisguised links."""
    words = []
    for token in tokens:
        kind = token["type"]
        if "children" in token:
            assert kind in {"inline", "paragraph"}, token
            words.append(read(token["children"]))  # type: ignore[arg-type]  # a list of tokens again
        elif kind == "text":
            words.append(str(token["content"]))
        else:
            assert kind in {"link_open", "link_close", "paragraph_open", "paragraph_close"}, token
    return "".join(words)


@given(texts)
def test_escaping_loses_no_word(text: str) -> None:
    without_escapes = re.sub(r"\\([\\*_~`|\[\]#>+.)-])", r"\1", safe(text).replace(INVISIBLE_BREAK, ""))

    assert without_escapes == clean(text)


@pytest.mark.row("S21", "S22")
@given(long_texts, st.integers(1, 300))
def test_a_cut_never_divides_an_escape(text: str, limit: int) -> None:
    found = safe_cut(text, limit)

    assert utf16_length(found) <= limit
    assert (len(found) - len(found.rstrip("\\"))) % 2 == 0
    assert_harmless_markdown(found)


@pytest.mark.row("S22")
@given(st.lists(texts, max_size=5).map("\n".join))
def test_nothing_ends_a_code_block_early(text: str) -> None:
    block = code_block(text)

    assert block.startswith("```\n")
    assert block.endswith("\n```")
    assert "```" not in block[3:-3]
    assert_harmless(block)


def test_readable_things_stay_readable() -> None:
    assert safe("P < .001, 5 <6, a/b, 50%") == "P < .001, 5 <6, a/b, 50%"
    assert safe("T2*-weighted [SD]") == r"T2\*-weighted \[SD\]"
    assert safe("https://a.example/x-y?z=1") == "https://a.example/x-y?z=1"
    assert plain("a_b [c]") == "a_b [c]"
    assert chip("Randomized trial") == "`Randomized\u00a0trial`"
    assert code("a`b") == "`aˋb`"


@pytest.mark.row("S24", "S25")
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://journal.example/doi/10.5555/a", "https://journal.example/doi/10.5555/a"),
        ("HTTP://Journal.example/a", "http://journal.example/a"),
        ("https://journal.example/a(b)[c]", "https://journal.example/a%28b%29%5Bc%5D"),
        ("https://journal.example/a%20b?c=d&e=f#g", "https://journal.example/a%20b?c=d&e=f#g"),
        ("https://journal.example/ä", "https://journal.example/%C3%A4"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://аpple.example/", "https://xn--pple-43d.example/"),  # the first letter is Cyrillic
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://a.example/", None),
        ("//a.example/", None),
        ("https:///a", None),
        ("https://user:pw@a.example/", None),
        ("http://x y", None),
        ("http://a.example/\n", None),
        ("http://a.example:port/", None),
        ("http://[::1]/", None),
        ("http://a.example/\u202e", None),
        ("", None),
        ("https://a.example/" + "x" * 2040, None),
    ],
)
def test_only_web_addresses_become_links(url: str, expected: str | None) -> None:
    assert safe_url(url) == expected


@pytest.mark.row("S24")
def test_a_button_takes_shorter_addresses_than_a_title() -> None:
    address = "https://a.example/" + "x" * 600

    assert safe_url(address) == address
    assert button_url(address) is None


@pytest.mark.row("S25")
def test_the_footer_names_the_host_in_letters_that_cannot_deceive() -> None:
    assert host_of("https://аpple.example/x") == "xn--pple-43d.example"


def test_a_doi_with_brackets_makes_an_address_that_ends_no_link() -> None:
    assert doi_url("10.5555/s0000-0000(20)12345-6") == "https://doi.org/10.5555/s0000-0000%2820%2912345-6"


@pytest.mark.row("S21", "S24")
@given(texts, texts)
def test_a_link_shows_the_text_and_leads_where_it_says(text: str, path: str) -> None:
    url = f"https://journal.example/{path}"
    address = safe_url(url)

    found = link(text, url)

    assert_harmless_markdown(found, links=frozenset({address} if address else ()))
    if address:
        assert found.endswith(f"]({address})")
        # Discord does not make a link of words that hold another address.
        assert not re.search(r"\w+://", found[: -len(address) - 2])
