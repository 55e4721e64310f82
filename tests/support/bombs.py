"""Feeds that attack their readers (faults.md S13 to S16, S37), generated here and never stored."""


def feed_of(item: bytes, prolog: bytes = b"") -> bytes:
    return (
        b'<?xml version="1.0"?>'
        + prolog
        + b'<rss version="2.0"><channel><item>'
        + item
        + b"</item></channel></rss>"
    )


def entity_chain() -> bytes:
    entities = b"".join(b'<!ENTITY e%d "&e%d;">' % (number + 1, number) for number in range(25_000))
    return feed_of(b"<title>&e25000;</title>", b'<!DOCTYPE rss [<!ENTITY e0 "x">' + entities + b"]>")


def billion_laughs() -> bytes:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (number + 1, b"&l%d;" % number * 10) for number in range(9))
    return feed_of(b"<title>&l9;</title>", b'<!DOCTYPE rss [<!ENTITY l0 "lol">' + entities + b"]>")


def quadratic() -> bytes:
    return feed_of(
        b"<title>" + b"&a;" * 5_000 + b"</title>",
        b'\n<!DOCTYPE rss [\n<!ENTITY a "' + b"a" * 50_000 + b'">\n]>\n',
    )


UNUSUAL = b"<!-- unusual enough that feedparser reads the document, not our own reader -->"


def redos() -> bytes:
    return feed_of(b"<title>T</title><author>" + b"a." * 60_000 + b"</author>", UNUSUAL)


def attribute_flood() -> bytes:
    attributes = b" ".join(b'a%d="1"' % number for number in range(100_000))
    return feed_of(b"<title>T</title><link " + attributes + b"/>", UNUSUAL)


def deep_nesting() -> bytes:
    return feed_of(b"<title>T</title>" + b"<a>" * 700_000 + b"</a>" * 700_000)


def big_comment() -> bytes:
    return feed_of(b"<title>T</title><!--" + b"- " * 4_500_000 + b"-->")


def markup_flood() -> bytes:
    return feed_of(
        b"<title>T</title><description><![CDATA[" + b"<b><script><a x='" * 500_000 + b"]]></description>"
    )
