"""Lists of feeds: OPML of every kind, exports of MonitoRSS, and files that want to do harm."""

import json
from contextlib import suppress

import pytest

from wetread.feeds.feed_lists import (
    MOST_BYTES,
    MOST_FEEDS,
    ListedFeed,
    UnreadableListError,
    read_list,
    write_opml,
)
from wetread.feeds.list_child import parse
from wetread.feeds.list_reader import ListReader, listed_feed
from wetread.isolation.child import RefusedError

A, B = "https://a.example/feed", "https://b.example/rss?x=1&y=2"


def opml(inner: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return f'{declaration}<opml version="2.0"><head><title>T</title></head><body>{inner}</body></opml>'


def urls(body: bytes | str) -> list[str]:
    return [feed.url for feed in read_list(body.encode() if isinstance(body, str) else body).feeds]


def test_nested_outlines_keep_their_order_and_name_the_nearest_folder() -> None:
    inner = (
        f'<outline text="Radiology"><outline text="Spine"><outline type="rss" text="One" xmlUrl="{A}"/>'
        f'</outline><outline title="Two" xmlUrl="{B.replace("&", "&amp;")}"/></outline>'
        '<outline text="Three" xmlUrl="https://c.example/"/>'
    )
    assert read_list(opml(inner).encode()).feeds == (
        ListedFeed(A, "One", "Spine"),
        ListedFeed(B, "Two", "Radiology"),
        ListedFeed("https://c.example/", "Three", ""),
    )


@pytest.mark.parametrize("attribute", ["xmlUrl", "xmlurl", "XMLURL", "xmlURL", "url"])
def test_the_address_is_found_however_its_attribute_is_written(attribute: str) -> None:
    assert urls(opml(f'<outline type="rss" text="One" {attribute}="{A}"/>')) == [A]


def test_what_is_no_feed_is_left_out_and_a_feed_without_an_address_is_kept_to_be_named() -> None:
    inner = (
        '<outline text="Other list" type="link" url="https://x.example/list.opml"/><!-- note -->'
        f'<outline text="Empty" type="rss"/><outline text="One" xmlUrl=" {A} "/>'
    )
    assert [(feed.url, feed.name) for feed in read_list(opml(inner).encode()).feeds] == [
        ("", "Empty"),
        (A, "One"),
    ]


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("utf-8-sig", '<?xml version="1.0" encoding="UTF-8"?>'),
        ("utf-16", '<?xml version="1.0" encoding="UTF-16"?>'),
        ("utf-8", '<?xml version="1.0" encoding="ISO-8859-1"?>'),
        ("cp1252", '<?xml version="1.0" encoding="ISO-8859-1"?>'),
        ("iso-8859-2", '<?xml version="1.0" encoding="iso-8859-2"?>'),
        ("utf-8", '<?xml version="1.0" encoding="no-such"?>'),
        ("utf-8", ""),
    ],
)
def test_a_list_is_read_in_whatever_encoding_it_is(encoding: str, declaration: str) -> None:
    body = opml(f'<outline text="Röntgen" xmlUrl="{A}"/>', declaration).encode(encoding)
    assert read_list(body).feeds == (ListedFeed(A, "Röntgen"),)


def test_sloppy_lists_are_read_and_a_list_without_its_end_says_so() -> None:
    sloppy = "\n\n" + opml(f'<outline text="R&D&nbsp;x" xmlUrl="{A}"/><outline text="no end" xmlUrl="{B}">')
    assert urls(sloppy) == [A, B]
    whole = opml(f'<outline text="One" xmlUrl="{A}"/><outline text="Two" xmlUrl="{A}2"/>')
    cut = read_list(whole[: whole.index("Two") + 4].encode())
    assert cut.is_cut
    assert cut.feeds[0] == ListedFeed(A, "One")
    assert not read_list(whole.encode()).is_cut


def test_exports_of_monitorss_are_read_old_and_new() -> None:
    new = {
        "profile": {"_id": "100000000000000001", "name": "Invented"},
        "feeds": [
            {"_id": "1", "title": "One", "url": A, "channel": "100000000000000002"},
            {"_id": "2", "title": "Two", "url": B, "channel": "100000000000000003", "disabled": "failed"},
        ],
        "filteredFormats": [],
        "subscribers": [{"feed": "1", "type": "role"}],
    }
    old = {"id": "100000000000000001", "sources": {"One1": {"title": "One", "link": A, "channel": "7"}}}
    assert read_list(json.dumps(new).encode()).feeds == (
        ListedFeed(A, "One", "100000000000000002"),
        ListedFeed(B, "Two", "100000000000000003", is_paused=True),
    )
    assert read_list(json.dumps(old).encode()).feeds == (ListedFeed(A, "One", "7"),)


def test_lines_of_addresses_are_a_list_too() -> None:
    assert urls(f"My feeds:\n{A}\n- {B}\nno address\n") == [A, B]


@pytest.mark.row("S38")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"x" * (MOST_BYTES + 1), "too_large"),
        (b"<html><body>Sign in</body></html>", "not_a_list"),
        (b"<opml><body/></opml>", "not_a_list"),
        (b"{}", "not_a_list"),
        (b"[" * 100_000, "not_a_list"),
        (b"nothing here", "not_a_list"),
        (b"\x00\x01\x02\x89PNG", "not_a_list"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml><body><outline xmlUrl="&a;"/></body></opml>', "entities"),
        (b'<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml/>', "entities"),
        ('<!DOCTYPE o [<!ENTITY a "b">]><opml/>'.encode("utf-16"), "entities"),
    ],
)
def test_what_is_no_list_or_wants_harm_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(UnreadableListError) as refused:
        read_list(body)
    assert refused.value.kind == kind
    with pytest.raises(RefusedError):
        parse({}, body)


@pytest.mark.row("S38")
def test_a_list_nested_without_end_and_one_too_long_are_read_in_part() -> None:
    deep = opml("<outline text='f'>" * 30_000 + f'<outline text="One" xmlUrl="{A}"/>')
    with suppress(UnreadableListError):  # as its library pleases
        assert read_list(deep.encode()).is_cut
    many = read_list(opml(f'<outline xmlUrl="{A}"/>' * (MOST_FEEDS + 7)).encode())
    assert (len(many.feeds), many.left_out) == (MOST_FEEDS, 7)


@pytest.mark.row("S38")
async def test_a_list_is_read_in_a_child_process() -> None:
    reader = ListReader()
    try:
        found = await reader.read(opml(f'<outline text="One" xmlUrl="{A}"/>').encode())
        assert found.feeds == (ListedFeed(A, "One"),)
        with pytest.raises(UnreadableListError):
            await reader.read(b"<!DOCTYPE o [<!ENTITY a 'b'>]><opml/>")
    finally:
        await reader.close()


@pytest.mark.parametrize("value", [None, {}, {"url": 1, "name": "", "folder": "", "is_paused": False}])
def test_an_answer_of_the_child_that_is_no_feed_is_not_believed(value: object) -> None:
    with pytest.raises(ValueError, match="not a feed"):
        listed_feed(value)


def test_what_is_written_is_read_again() -> None:
    feeds = (
        ListedFeed(A, 'R&D "x" <y>', "papers"),
        ListedFeed('pubmed:"facet joint"[tiab]', "Query\x00", "pain"),
    )
    written = write_opml("Invented", feeds)
    assert read_list(written).feeds == (feeds[0], ListedFeed(feeds[1].url, "Query", "pain"))
