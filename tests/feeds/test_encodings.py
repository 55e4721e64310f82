"""A document that names no encoding, or a wrong one, is read in its own."""

from datetime import UTC, datetime

import pytest

from wetread.feeds.encodings import guess, is_named
from wetread.feeds.parser import parse_feed

NOW = datetime(2026, 8, 23, 12, tzinfo=UTC)
TITLES = {
    "gb18030": "虚构的影像学期刊：不存在的线圈在腰椎成像中的应用",
    "big5": "虛構的影像學期刊，介紹不存在的線圈",
    "cp1255": "כתב עת בדיוני לדימות של עמוד השדרה",
    "tis_620": "วารสารรังสีวิทยาที่ไม่มีอยู่จริง",
    "cp1251": "Выдуманный журнал о снимках позвоночника",
    "koi8_r": "Выдуманный журнал о снимках позвоночника",
    "cp1253": "Φανταστικό περιοδικό απεικόνισης της σπονδυλικής στήλης",
    "cp1250": "Wymyślone czasopismo o obrazowaniu kręgosłupa i bólu krzyża",
    "euc_kr": "가상의 영상의학 학술지 이야기",
    "euc_jp": "この雑誌は架空の画像診断の雑誌です",
    "shift_jis": "この雑誌は架空の画像診断の雑誌です",
    "cp1252": "L’épine imaginée : une révision",
}


def document(title: str, encoding: str, declared: str = "") -> bytes:
    declaration = f' encoding="{declared}"' if declared else ""
    return (
        f'<?xml version="1.0"{declaration}?><rss version="2.0"><channel><title>Invented Imaging</title>'
        f"<item><title>{title}</title><guid>a</guid></item></channel></rss>"
    ).encode(encoding)


def title_of(body: bytes, content_type: str | None = None) -> str:
    feed = parse_feed(body, url="https://feeds.example.org/x", content_type=content_type, now=NOW)
    return feed.entries[0].record.title


@pytest.mark.row("B23")
@pytest.mark.parametrize("encoding", TITLES)
@pytest.mark.parametrize("declared", ["", "utf-8", "bogus-8"])
def test_letters_are_read_though_nothing_or_the_wrong_thing_is_declared(encoding: str, declared: str) -> None:
    assert title_of(document(TITLES[encoding], encoding, declared)) == TITLES[encoding]


@pytest.mark.row("B23")
@pytest.mark.parametrize("encoding", TITLES)
def test_an_encoding_that_is_declared_is_never_guessed(encoding: str) -> None:
    body = document("x", "ascii", encoding) + b"\xe9"

    assert is_named(body, None)
    assert is_named(document("é", "latin-1"), encoding)
    assert not is_named(document("é", "latin-1", "utf-8"), "us-ascii")


@pytest.mark.row("B23")
def test_a_few_broken_letters_make_no_other_encoding() -> None:
    body = document("Röntgen für Zürich, Gießen, Köln, Tübingen und Düsseldorf: Übersicht, größer", "utf-8")
    broken = body.replace("ß".encode(), b"\xdf", 1)

    assert title_of(broken).replace("\ufffd", "") == title_of(body).replace("ß", "", 1)


@pytest.mark.row("B23")
@pytest.mark.parametrize("body", [b"\xe9", b"<a>\xff\xfe</a>", bytes(range(128, 256)) * 50, b"\x80" * 20_000])
def test_any_bytes_have_some_encoding(body: bytes) -> None:
    body.decode(guess(body), "replace")
