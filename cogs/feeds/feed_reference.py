"""What a moderator types to name what to watch: a journal, a subject, an address or a query."""

from wetread.domain import feed_address, preprints
from wetread.domain.catalogue import Catalogue
from wetread.domain.errors import UnknownJournalError
from wetread.domain.models import Journal

NEAR_COUNT = 5


def resolve_feed(catalogue: Catalogue, what: str) -> str | Journal | tuple[Journal, ...]:
    """Return what to watch: an address, a query, a journal, or the journals of a subject.

    Raises UnknownJournalError with the nearest names, and what `feed_address.parse_feed_address` raises.
    """
    if place := feed_address.parse_feed_address(what):
        return place
    if "://" in what or what.startswith(("www.", "feed:")):
        return what
    if meant := catalogue.meant(what):
        return meant
    if "." in what and " " not in what and not what.endswith("."):
        return what  # "journal.example.org/feed.xml"
    raise UnknownJournalError(what, tuple(each.title for each in catalogue.near(what, NEAR_COUNT)))


def queries_matching(typed: str) -> list[tuple[str, str]]:
    """Return suggestions for "pubmed: …" or "arxiv: …" as typed so far: (name, value)."""
    scheme, colon, term = typed.partition(":")
    if colon and scheme.strip().casefold() == feed_address.PUBMED and term.strip():
        return [(f"PubMed query: {term.strip()}", typed.strip())]
    return preprints.categories_matching(typed)
