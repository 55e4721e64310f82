"""Where an article and its related publications lead: addresses, linked titles, link buttons. Pure."""

import base64
import hashlib
from dataclasses import dataclass
from urllib.parse import unquote

from cogs.kit.escape import button_url, doi_url, link, pubmed_url, safe_url
from wetread.domain.models import Record, Relation
from wetread.domain.text import cut
from wetread.domain.titles import shown_title
from wetread.net.addresses import proxied


@dataclass(frozen=True, slots=True)
class Link:
    """A link button."""

    label: str
    url: str


def article_url(record: Record) -> str | None:
    """Return where an article's title leads: the DOI, else its page, else PubMed; None if nowhere."""
    return (
        (doi_url(record.doi) if record.doi else None)
        or (safe_url(record.url) if record.url else None)
        or (pubmed_url(record.pmid) if record.pmid else None)
    )


def address_hash(url: str | None) -> str:
    """Return a short hash of an article's address, by which its post is recognised; "" without an address."""
    return "" if url is None else hashlib.sha256(unquote(url).encode()).hexdigest()[:8]


def short_hash(url: str | None) -> str:
    """As `address_hash`, in four characters: a digest carries one of each of its articles."""
    return "" if url is None else base64.urlsafe_b64encode(bytes.fromhex(address_hash(url))[:3]).decode()


def linked_title(record: Record, limit: int) -> str:
    """Return the title, cut to `limit` characters, as a markdown link to the article."""
    return link(cut(shown_title(record), limit), article_url(record))


def relation_url(relation: Relation) -> str | None:
    """Return where a related publication is; None if nothing leads there."""
    if relation.doi:
        return doi_url(relation.doi)
    return pubmed_url(relation.pmid) if relation.pmid else None


def full_text_link(record: Record, proxy_prefix: str | None) -> Link | None:
    """Return the link to the legal free full text, else the journal's page through the server's library."""
    if url := button_url(record.free_url):
        return Link("Free full text", url)
    page = article_url(record)
    url = button_url(proxied(proxy_prefix, page)) if proxy_prefix and page else None
    return Link("Through the library", url) if url else None
