"""Reads what people paste to name an article: an identifier, an address, or a citation. Pure.

What stands behind it is not part of it: "https://doi.org/10.5555/x nice paper" is a link with a comment.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from wetread.domain.catalogue import Catalogue
from wetread.domain.cited_places import find_cited_place
from wetread.domain.errors import IdentifierError
from wetread.domain.identifiers import Identifier, find_doi, parse_identifier
from wetread.domain.models import JournalPlace

_LONGEST = 4_000  # characters of a text that are read
_IDENTIFIER_WORDS = 3  # "PMID : 99000001"
_MOST_ADDRESSES = 10

_ADDRESS = re.compile(r"(?:https?://|(?<![a-z0-9.-])(?:[a-z0-9-]+\.)+[a-z]{2,10}/)[^\s<>]+", re.IGNORECASE)
_AROUND = "<>()[]{}\"'“”‘’|*~` "
_CERTAIN_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
# Not a PMID if words follow: "1. Example A …", "2024 update", "53% of …".
_SHORT_NUMBER = re.compile(r"\W*\d{1,4}\W*", re.ASCII)
_LABEL = re.compile(r"(?:doi|pmid|pubmed|pmcid|pmc|pii|arxiv)\b", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:(?:doi\s*[:.]?\s*)?10\.\d{4,9}(?:/|%2f)|PMID|PMC\d|arxiv:)", re.IGNORECASE)
_LABELLED = re.compile(r"\b(?:PMID\W{0,3}[1-9]\d{0,7}|PMC[1-9]\d{0,9}|arxiv:\s*\S+)", re.IGNORECASE)

# What a reference goes on with behind its pages: "doi: 10..", "PMID: 1", "Epub 2001 Jan 3", "[Crossref]".
_TAIL = re.compile(
    r"(?:[\s.,;)\]]+|(?:doi\s*[:.]?\s*|https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+|\[?pmc?id\s*:?\s*(?:pmc)?\d+\]?|"
    r"pmc\d+|epub\s+(?:ahead of print|\d{4}(?:\s+[a-z]{3}(?:\s+\d{1,2})?)?)|(?:quiz|discussion)\s+[\w–-]+|"
    r"\[(?:crossref|medline|pubmed|free [^\]]*|doi|google scholar)\]|available (?:from|at):\s*\S+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a text names. `named` None: an address that does not say which article it leads to.

    `text` is the reference as it was typed, `rest` what stands beside it ("" = nothing), with its lines.
    `is_first`: the text begins with the identifier or address.
    """

    named: Identifier | JournalPlace | None
    text: str
    rest: str = ""
    is_first: bool = False


def read_reference(text: str, catalogue: Catalogue) -> Reference | None:
    """Return the reference in a text; None if it holds none and is to be read as words.

    One that the text begins with counts first, then a DOI or number with its name anywhere ("PMID: …"),
    then an address, then a citation by journal, volume and page.
    """
    text = text[:_LONGEST].strip()
    return (
        _leading(text, catalogue)
        or _identifier_within(text, catalogue)
        or _address_within(text, catalogue)
        or _citation(text, catalogue)
    )


def _leading(text: str, catalogue: Catalogue) -> Reference | None:
    """The address or identifier with which a text begins; all behind it is the rest."""
    words = list(re.finditer(r"\S+", text))[:_IDENTIFIER_WORDS]
    if not words:
        return None
    first = words[0]
    bare = first[0].strip(_AROUND)
    if _ADDRESS.match(bare):
        named = _from_address(bare, catalogue)
        if named is None and not _CERTAIN_ADDRESS.match(bare):
            return None  # "p.value/ratio"
        return Reference(named, first[0], _comment(text[first.end() :]), is_first=True)
    if len(words) > 1 and _SHORT_NUMBER.fullmatch(bare):
        return None
    for word in words if _LABEL.match(bare) else words[:1]:
        typed = text[: word.end()]
        if identifier := _parsed(typed.strip(_AROUND)):
            return Reference(identifier, typed, _comment(text[word.end() :]), is_first=True)
    return None


def _comment(beside: str) -> str:
    """Return the words beside a reference without what divides them from it; "" if there are no words."""
    words = re.sub(r"^[\s:,;.–—-]+(?=\s)|^[:,;]+", "", beside).strip()
    return words if re.search(r"\w", words) else ""


def _identifier_within(text: str, catalogue: Catalogue) -> Reference | None:
    """A DOI, or a PMID with its name, within a citation or a sentence."""
    if not (find_doi(text) or _LABELLED.search(text)):
        return None
    for match in list(_ADDRESS.finditer(text))[:_MOST_ADDRESSES]:
        if identifier := _parsed(match[0].strip(_AROUND)):
            return Reference(identifier, *_around(text, match.start(), match.end(), catalogue))
    identifier, found = _parsed(text), _WITHIN.search(text)
    if identifier is None or found is None:
        return None
    start, end = found.start(), _end_of_tail(text, found.start())
    if text[:start].rstrip().endswith((".", "?", "]", ")", "”")):  # a title before its DOI
        return Reference(identifier, text[:end].strip(), _comment(text[end:]))
    return Reference(identifier, *_around(text, start, end, catalogue))


def _address_within(text: str, catalogue: Catalogue) -> Reference | None:
    """An address in a sentence that leads to an article."""
    for match in list(_ADDRESS.finditer(text))[:_MOST_ADDRESSES]:
        named = _from_address(match[0].strip(_AROUND), catalogue)
        if named is not None:
            return Reference(named, *_around(text, match.start(), match.end(), catalogue))
    return None


def _citation(text: str, catalogue: Catalogue) -> Reference | None:
    cited = find_cited_place(text, catalogue)
    if cited is None:
        return None
    end = _end_of_tail(text, cited.end)
    return Reference(cited.place, text[:end].strip(), _comment(text[end:]))


def _end_of_tail(text: str, start: int) -> int:
    match = _TAIL.match(text, start)
    return match.end() if match else start


def _around(text: str, start: int, end: int, catalogue: Catalogue) -> tuple[str, str]:
    """Return the reference at an address within a text, and the rest.

    Authors, title and journal before an address are its citation, so they are part of the reference.
    """
    before = re.sub(r"\[[^\]]*\]\($", "", text[:start]).strip(_AROUND)  # "[name](address)"
    behind = _comment(text[end:].lstrip(")>]}"))
    is_citation = find_cited_place(before, catalogue) or re.search(r"\((?:19|20)\d\d[a-z,)]", before)
    if is_citation:
        return text[:end].strip(), behind
    return text[start:end], " ".join(filter(None, (before.rstrip(" :,-–—"), behind)))


def _parsed(text: str) -> Identifier | None:
    try:
        return parse_identifier(text)
    except IdentifierError:
        return None


# --- addresses -------------------------------------------------------------------------------------------

# Where HighWire, and others after it, have volume, issue and first page in the path.
_HIGHWIRE = re.compile(
    r"/(?:content(?!/early/)|cgi/(?:content/)?(?:full|abstract|short|long|extract|summary|reprint\w*|citation))"
    r"(?:/(?:full|abstract|short|long|extract|summary|reprint\w*|[a-z]+))?"
    r"/(?P<volume>\d{1,4})/(?P<issue>[\w-]{1,20})/(?P<page>[a-z]{0,3}\d{1,7})"
    r"(?:[.-][\w.+-]*)?(?:/.*)?",
    re.IGNORECASE,
)
_OXFORD = re.compile(
    r"/(?P<journal>[a-z_]+)/article(?:-\w+)?/(?P<volume>\d{1,4})/(?P<issue>[\w-]{1,20})"
    r"/(?P<page>[a-z]{0,3}\d{1,7})(?:/.*)?",
    re.IGNORECASE,
)
_MDPI = re.compile(
    r"/(?P<issn>\d{4}-\d{3}[\dX])/(?P<volume>\d{1,3})/(?P<issue>\d{1,3})/(?P<page>\d{1,6})(?:/.*)?",
    re.IGNORECASE,
)


def _from_address(address: str, catalogue: Catalogue) -> Identifier | JournalPlace | None:
    return _parsed(address) or place_at_address(address, catalogue)


def place_at_address(address: str, catalogue: Catalogue) -> JournalPlace | None:
    """Return the volume, issue and first page that an address names, with its journal; None if it does not.

    If the catalogue does not know the site, its name stands for the journal: "stroke.ahajournals.org".
    """
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    path = unquote(parts.path)
    if host == "mdpi.com" and (match := _MDPI.fullmatch(path)):
        return JournalPlace((match["issn"],), match["volume"], match["page"], match["issue"])
    if host == "academic.oup.com" and (match := _OXFORD.fullmatch(path)):
        name = _called(parts, match["journal"].replace("_", " "), catalogue)
        return JournalPlace((name,), match["volume"], match["page"], match["issue"])
    if match := _HIGHWIRE.fullmatch(path):
        name = _called(parts, host.partition(".")[0], catalogue)
        issue = match["issue"].replace("_", " ").replace("-", " ")
        return JournalPlace((name,), match["volume"], match["page"], issue)
    return None


def _called(parts: SplitResult, name: str, catalogue: Catalogue) -> str:
    """The abbreviation of the journal to which a page belongs; of an unknown one the name in its address."""
    journal = catalogue.of_page(parts.geturl()) or catalogue.named(name)
    return journal.abbreviation if journal else name
