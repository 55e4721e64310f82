"""Invented feeds in the formats of journals' platforms: each identifier twice, each text escaped."""

import random
from html import escape

from benchmarks.corpus import Words

FEED = b"@FEED@"
VERSION = b"@VERSION@"
"""Placeholders for the feed's number and version in the texts of `rss` and `rdf`."""

_NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
)


def rss(item_count: int, *, seed: int = 11) -> bytes:
    """Return an RSS 2.0 document, about 4.5 KiB an item, with the two placeholders in each title and DOI."""
    items = "".join(f"<item>{_item(fields, guid=True)}</item>" for fields in _fields(item_count, seed))
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {_NAMESPACES}><channel>'
        f"<title>Journal of Invented Imaging @FEED@</title><link>https://pubs.example.org/</link>"
        f"<description>Invented</description>{items}</channel></rss>"
    ).encode()


def rdf(item_count: int, *, seed: int = 12) -> bytes:
    """Return the same as `rss` in RSS 1.0, the format of Atypon and HighWire."""
    everything = _fields(item_count, seed)
    listed = "".join(f'<rdf:li rdf:resource="{escape(fields["url"])}"/>' for fields in everything)
    items = "".join(
        f'<item rdf:about="{escape(fields["url"])}">{_item(fields, guid=False)}</item>'
        for fields in everything
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'{_NAMESPACES}><channel rdf:about="https://pubs.example.org/">'
        f"<title>Journal of Invented Imaging @FEED@</title><link>https://pubs.example.org/</link><description>Invented</description>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>{items}</rdf:RDF>"
    ).encode()


def _fields(count: int, seed: int) -> list[dict[str, str]]:
    words, rng = Words.load(), random.Random(seed)
    everything = []
    for number in range(count):
        doi = f"10.5555/jii.@FEED@.@VERSION@.{number}"
        abstract = words.sentences(rng, 300)
        everything.append(
            {
                "doi": doi,
                "url": f"https://pubs.example.org/doi/{doi}?af=R&number={number}",
                "title": " ".join(words.draw(rng, 12)).capitalize() + " & @FEED@ @VERSION@",
                "html": f"<p><b>Purpose:</b> {abstract} (p&lt;.05 &amp; more)</p>",
                "text": f"{abstract} (p<.05 &amp; more)",
                "day": f"{1 + number % 28:02}",
            }
        )
    return everything


def _item(fields: dict[str, str], *, guid: bool) -> str:
    authors = "".join(
        f"<dc:creator>{name}</dc:creator>" for name in ("Ada Example", "Dörte O’Sample", "Ben Ö. Sample")
    )
    identity = f'<guid isPermaLink="false">{fields["doi"]}</guid>' if guid else ""
    return (
        f"<title>{escape(fields['title'])}</title><link>{escape(fields['url'])}</link>{identity}"
        f"<description>{escape(fields['text'])}</description>"
        f"<content:encoded><![CDATA[{fields['html']}]]></content:encoded>{authors}"
        f"<dc:date>2026-10-{fields['day']}T08:00:00Z</dc:date>"
        f"<dc:identifier>doi:{fields['doi']}</dc:identifier><prism:doi>{fields['doi']}</prism:doi>"
        "<prism:publicationName>Journal of Invented Imaging @FEED@</prism:publicationName>"
        "<prism:volume>12</prism:volume>"
    )


def filled(template: bytes, feed: int, version: int) -> bytes:
    """Fill in a template and return the document of one feed."""
    return template.replace(FEED, b"%d" % feed).replace(VERSION, b"%d" % version)
