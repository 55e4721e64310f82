"""The address under which a feed is stored, read from what a moderator typed. Pure.

Most feeds are stored under their URL (`normalise_address`). Sources that are not URLs (PubMed queries, ISSNs,
preprint categories) are read by `parse_feed_address`:

| typed | stored as |
|---|---|
| `pubmed: "facet joint"[tiab]`, or the address of such a search | `pubmed:"facet joint"[tiab]` |
| `issn: 1051-0443` | `issn:1051-0443`; `FeedChecker` turns it into a `pubmed:` or a `crossref:` query |
| `crossref: 1051-0443` | `crossref:1051-0443` |
| `medrxiv: radiology and imaging`, `biorxiv: …`, `arxiv: eess.IV` | the URL of that category's feed |
"""

import re
from urllib.parse import parse_qs, urlsplit, urlunsplit

from wetread.domain.errors import EmptyQueryError
from wetread.domain.issn import parse_issn
from wetread.domain.preprints import SERVERS, category_address

PUBMED, CROSSREF, ISSN = "pubmed", "crossref", "issn"

_QUERIES = (PUBMED, CROSSREF, ISSN)
_PUBMED_HOSTS = {"pubmed.ncbi.nlm.nih.gov", "www.pubmed.gov", "pubmed.gov"}
_CURLY_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))  # phones type these

_SCHEME = re.compile(rf"\s*({'|'.join((*_QUERIES, *SERVERS))})\s*:(?!//)\s*(.*)", re.IGNORECASE | re.DOTALL)


def parse_feed_address(text: str) -> str | None:
    """Return the address for a typed query, ISSN or category, as in the table above; None for anything else.

    Raises EmptyQueryError for nothing behind the colon, UnknownIssnError for a mistyped ISSN, and
    UnknownCategoryError.
    """
    found = _SCHEME.fullmatch(text.strip("`"))
    if found is None:
        term = _term_of_search_page(text)
        return None if term is None else pubmed_address(term)
    scheme, rest = found[1].lower(), found[2].strip("` \n")
    if not rest:
        raise EmptyQueryError(text)
    if scheme == PUBMED:
        return pubmed_address(rest)
    if scheme in _QUERIES:
        return f"{scheme}:{parse_issn(rest)}"
    return category_address(SERVERS[scheme], rest)


def split_query(address: str) -> tuple[str, str] | None:
    """Return a query address as (scheme, query), None for a URL."""
    scheme, colon, rest = address.partition(":")
    return (scheme, rest) if colon and scheme in _QUERIES else None


def normalise_address(text: str) -> str:
    """Return a URL in the form in which feeds are stored: with scheme, host in lower case, no fragment.

    Any text is accepted; `Fetch` refuses what cannot be requested. Query addresses are returned unchanged.
    """
    if split_query(text) is not None:
        return text
    address = re.sub(r"^feed:(?://)?(?=https?://)|^feed:(?=//)", "", text.strip().strip("<>"))
    if address.startswith("//"):
        address = f"https:{address}"
    if not re.match(r"[a-z][a-z0-9+.-]*://", address, re.IGNORECASE):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    userinfo, at, host = parts.netloc.rpartition("@")
    return urlunsplit(
        (parts.scheme.lower(), f"{userinfo}{at}{host.lower()}", parts.path or "/", parts.query, "")
    )


def pubmed_address(term: str) -> str:
    """Return the feed address of a PubMed search term. Raises EmptyQueryError for a term without a word."""
    plain = " ".join(term.translate(_CURLY_QUOTES).split())
    if not re.search(r"\w", plain):
        raise EmptyQueryError(term)
    return f"{PUBMED}:{plain}"


def journal_term(*, nlm_id: str | None = None, issn: str | None = None) -> str | None:
    """Return the PubMed search term for a journal, by NLM id if known, else by ISSN; None without either."""
    if nlm_id:
        return f"{nlm_id}[NLMID]"
    return f'"{issn}"[ta]' if issn else None


def _term_of_search_page(text: str) -> str | None:
    """Return the term of a PubMed search page from its URL; None with filters, which no term can express."""
    try:
        parts = urlsplit(text.strip().strip("<>"))
    except ValueError:
        return None
    if parts.netloc.lower() not in _PUBMED_HOSTS or parts.path not in ("", "/"):
        return None
    asked = parse_qs(parts.query)
    return asked["term"][0] if "term" in asked and "filter" not in asked else None
