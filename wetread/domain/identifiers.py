"""Identifiers of articles in any spelling: DOI, PMID, PMCID, PII, arXiv id. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from wetread.domain.errors import IdentifierError
from wetread.domain.text import clean

_LONGEST = 2_000  # characters of a text that is read as an identifier or an address
_LONGEST_DOI = 300


class IdentifierKind(StrEnum):
    """The kind of an identifier; also the first part of its key."""

    DOI = "doi"
    PMID = "pmid"
    PMCID = "pmcid"
    PII = "pii"
    ARXIV = "arxiv"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A normalised identifier; `str()` is the key by which an article is stored ("doi:10.5555/x")."""

    kind: IdentifierKind
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


# --- one normal form for each ----------------------------------------------------------------------------

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_DOI_PREFIX = re.compile(
    r"^(?:https?:/{1,2})?(?:(?:dx\.|www\.)?doi\.org/+|(?:info:)?doi\s*[:/]?\s*)+", re.IGNORECASE
)
# Old DOIs of Wiley, the Geological Society and others contain a SICI, with "<", ">", ";" and perhaps "#":
# "10.5555/1097-0142(19770101)40:6<2851::aid-x>3.0.co;2-#".
_SICI = re.compile(r"\(sici\)|<[a-z]{0,4}\d*:[^<>\s/]+>", re.IGNORECASE)
_SICI_END = re.compile(r"co;2-[\w#]$", re.IGNORECASE)
_PREPRINT_VERSION = re.compile(r"^(10\.(?:1101|64898)/[\d.]+)v\d+$")
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
_TRAILING = ".,;:!?'\"”’»…*" + "".join(_BRACKETS)


def normalise_doi(text: str, *, is_field: bool = False) -> str | None:
    """Return `text` as a DOI in lower case, without address or prefix; None if it is not a DOI.

    Percent-encoding is resolved. What follows "?" or "#", punctuation at the end, a closing bracket that
    nothing opened, and the version of a bioRxiv or medRxiv preprint are cut. In running text, so is what
    follows "<", ">" or a quotation mark, unless it belongs to an old DOI; `is_field`: the text is a field
    that holds the DOI alone, and these are part of it.
    """
    text = _decoded(text[:_LONGEST]).strip().lstrip("<([{\"'“‘«").strip()
    text = _DOI_PREFIX.sub("", text)
    match = _DOI.match(text)
    if match is None:
        return None
    doi = match[0].lower()
    is_old = _SICI.search(doi) is not None
    doi = doi.rstrip(".,;:") if is_old else doi
    if not (is_old and _SICI_END.search(doi)):
        doi = re.split(r"[?#]", doi, maxsplit=1)[0]
        if not (is_old or is_field):
            doi = re.split(r'[<>"“”]', doi, maxsplit=1)[0]
        doi = _trimmed(doi)
    doi = _PREPRINT_VERSION.sub(r"\1", doi)
    is_whole = _DOI.fullmatch(doi) and len(doi) <= _LONGEST_DOI and doi == clean(doi)
    return doi if is_whole else None


def find_doi(text: str) -> str | None:
    """Return the first DOI anywhere in `text` (a citation, an address), normalised, or None."""
    for match in _DOI.finditer(_decoded(text[: 10 * _LONGEST])):
        before = match.string[max(0, match.start() - 1) : match.start()]
        if not (before.isalnum() or before == ".") and (doi := normalise_doi(match[0])):
            return doi
    return None


def normalise_pmid(text: str) -> str | None:
    """Return the digits of a PMID ("PMID: 99000001", "pubmed:99000001", "99000001"), or None."""
    match = re.fullmatch(
        r"\W*(?:(?:pmid|pubmed|med)\W*)?([1-9]\d{0,7})\W*", text.strip(), re.IGNORECASE | re.ASCII
    )
    return match[1] if match else None


def normalise_pmcid(text: str) -> str | None:
    """Return "PMC" and the digits of a PMCID ("PMCID: PMC99001", "pmc99001.2"), or None."""
    match = re.fullmatch(
        r"\W*(?:pmcid\W*)?pmc\s?([1-9]\d{0,9})(?:\.\d+)?\W*", text.strip(), re.IGNORECASE | re.ASCII
    )
    return f"PMC{match[1]}" if match else None


def normalise_pii(text: str) -> str | None:
    """Return a PII without punctuation: "S9999-9999(26)00012-3" is "S9999999926000123"; else None."""
    compact = re.sub(r"[\s().–—-]", "", text.strip().upper().removeprefix("PII").lstrip(": "))
    return compact if re.fullmatch(r"S\d{7}[\dX]\d{7}[\dX]", compact, re.ASCII) else None


def normalise_arxiv(text: str) -> str | None:
    """Return an arXiv id without its version ("arXiv:2608.19967v1", "eess/0601001"), or None."""
    match = re.fullmatch(
        r"\W*(?:oai:arxiv\.org:|10\.48550/arxiv\.|arxiv\W*)?"
        r"(\d{4}\.\d{4,5}|[a-z][a-z-]{1,15}(?:\.[a-z]{2})?/\d{7})(?:v\d{1,3})?\W*",
        text.strip().lower(),
        re.ASCII,
    )
    return match[1] if match else None


def _decoded(text: str) -> str:
    """Resolve percent-encoding until nothing changes; it is often applied twice."""
    while "%" in text and (decoded := unquote(text)) != text:
        text = decoded
    return text


def _trimmed(doi: str) -> str:
    while doi and doi[-1] in _TRAILING:
        opening = _BRACKETS.get(doi[-1])
        if opening and doi.count(opening) >= doi.count(doi[-1]):
            break
        doi = doi[:-1]
    return doi


# --- whatever people paste -------------------------------------------------------------------------------


def parse_identifier(text: str) -> Identifier:
    """Return the identifier in `text`: a bare one, one with a prefix, or one in an article's address.

    Raises IdentifierError if there is none. Sends no request.
    """
    candidate = clean(text, limit=_LONGEST).strip("<>\"'“”‘’ ")
    # What stands behind an address is a comment.
    identifier = _from_address(candidate.split()[0]) if _is_address(candidate) else _from_words(candidate)
    if identifier is None:
        raise IdentifierError(text[:200])
    return identifier


_ADDRESS = re.compile(r"^(?:https?://|(?:[a-z0-9-]+\.)+[a-z]{2,10}/)", re.IGNORECASE)


def _is_address(text: str) -> bool:
    return _ADDRESS.match(text) is not None


def _from_words(text: str) -> Identifier | None:
    readers = (
        (IdentifierKind.DOI, normalise_doi),
        (IdentifierKind.PMID, normalise_pmid),
        (IdentifierKind.PMCID, normalise_pmcid),
        (IdentifierKind.PII, normalise_pii),
        (IdentifierKind.ARXIV, normalise_arxiv),
    )
    for kind, read in readers:
        if value := read(text):
            return Identifier(kind, value)
    # Part of a citation.
    if doi := find_doi(text):
        return Identifier(IdentifierKind.DOI, doi)
    if match := re.search(r"\bPMID\W{0,3}([1-9]\d{0,7})\b", text, re.IGNORECASE | re.ASCII):
        return Identifier(IdentifierKind.PMID, match[1])
    if match := re.search(r"\bPMC([1-9]\d{0,9})\b", text, re.ASCII):
        return Identifier(IdentifierKind.PMCID, f"PMC{match[1]}")
    if match := re.search(r"\barxiv:\s*(\S+)", text, re.IGNORECASE):
        arxiv = normalise_arxiv(match[1])
        return Identifier(IdentifierKind.ARXIV, arxiv) if arxiv else None
    return None


def _from_address(text: str) -> Identifier | None:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if host.endswith("arxiv.org"):
        arxiv = re.search(r"/(?:abs|pdf|html|format)/(.+?)(?:\.pdf)?/?$", parts.path)
        value = normalise_arxiv(arxiv[1]) if arxiv else None
        return Identifier(IdentifierKind.ARXIV, value) if value else None
    if doi := doi_from_address(text):
        return Identifier(IdentifierKind.DOI, doi)
    path = parts.path
    if pmcid := re.search(r"/(PMC[1-9]\d{0,9})\b", path, re.IGNORECASE | re.ASCII):
        return Identifier(IdentifierKind.PMCID, pmcid[1].upper())
    if path.endswith("/articlerender.fcgi") and (old := re.search(r"\bartid=([1-9]\d{0,9})\b", parts.query)):
        return Identifier(IdentifierKind.PMCID, f"PMC{old[1]}")
    if pmid := _pmid_from_address(host, parts):
        return Identifier(IdentifierKind.PMID, pmid)
    if pii := pii_from_address(text):
        return Identifier(IdentifierKind.PII, pii)
    return None


def _pmid_from_address(host: str, parts: SplitResult) -> str | None:
    if host.startswith("pubmed.") or host.endswith(".pubmed.gov") or host == "pubmed.gov":
        match = re.match(r"/([1-9]\d{0,7})(?:/|$)", parts.path, re.ASCII)
    elif host.endswith(("ncbi.nlm.nih.gov", "europepmc.org")):
        match = re.search(r"/(?:pubmed|MED)/([1-9]\d{0,7})(?:/|$)", parts.path, re.IGNORECASE | re.ASCII)
    else:
        return None
    if match:
        return match[1]
    query = parse_qs(parts.query, max_num_fields=50) if parts.query.count("&") < 50 else {}
    named = [*query.get("term", []), *query.get("list_uids", [])]
    return normalise_pmid(named[0]) if named else None


# What follows the DOI in publishers' addresses.
_AFTER_DOI = re.compile(
    r"(?:/(?:full(?:text)?(?:\.html?|\.pdf)?|abstract|summary|e?pdf|pdfdirect|html?|meta|references|figures|"
    r"citations?|metrics|supplementary[^/]*|xml|related|tab-.*))+/?$"
    r"|\.(?:full(?:-text|\.pdf)?|abstract|short|long|e?pdf|html?)(?:\+html)?$|/$",
    re.IGNORECASE,
)


def doi_from_address(url: str) -> str | None:
    """Return the DOI in an article's address, or the one it implies (nature.com); None without.

    Understands doi.org, addresses with the DOI in the path (Atypon, Springer, HighWire, Silverchair) or in
    the query (Wiley's `resolve/doi?DOI=`, PLOS), and library proxies of these.
    """
    try:
        parts = urlsplit(url[:_LONGEST])
        host = parts.hostname or ""
    except ValueError:
        return None
    path = _decoded(parts.path)
    if match := _DOI.search(path):
        doi = match[0]
        while (shorter := _AFTER_DOI.sub("", doi)) != doi and _DOI.match(shorter):
            doi = shorter
        if "academic.oup.com" in host or "academic-oup-com" in host:
            doi = re.sub(r"(?<=.)/\d{5,}$", "", doi)  # the article's number on the site
        return normalise_doi(doi)
    for values in parse_qs(parts.query, max_num_fields=50).values() if parts.query.count("&") < 50 else ():
        for value in values:
            if doi_in_query := normalise_doi(value):
                return doi_in_query
    if old := re.search(r"/pii/(\d{4})(\d{3}[\dX])(\d\d)(\d{5})([\dX])(?:/|$)", path):
        # Before 1995 Elsevier's PIIs had no S, and were the DOIs.
        return f"10.1016/{old[1]}-{old[2]}({old[3]}){old[4]}-{old[5]}".lower()
    if host.endswith("nature.com") and (
        match := re.fullmatch(
            r"/articles/([a-z0-9][a-z0-9.-]{4,60}?)(?:\.pdf|_reference)?/?", path, re.IGNORECASE
        )
    ):
        return f"10.1038/{match[1].lower()}"
    return None


def pii_from_address(url: str) -> str | None:
    """Return the PII in an address of ScienceDirect or of one of Elsevier's own sites, or None."""
    match = re.search(
        r"(?:/pii/|/PII|/(?:fulltext|abstract|article)/|[?&]_?pii(?:key)?=|1-s2\.0-)"
        r"(?:PII)?(S[\dX()-]{16,24})",
        _decoded(url[:_LONGEST]),
    )
    return normalise_pii(match[1]) if match else None


# --- titles that identify no article ---------------------------------------------------------------------

# Titles that many articles share, or that name another article.
_GENERIC_TITLE = re.compile(
    r"(?:editorial board|editorial advisory board|editors? and (?:editorial )?board|issue information|"
    r"(?:table of )?contents|masthead|(?:inside |outside )?(?:front |back )?cover|front matter|back matter|"
    r"erratum|errata|corrigend|correction|corrected and republished|author correction|publisher correction|"
    r"editorial correction|addendum|retraction|withdrawal|withdrawn|notice of|expression of concern|"
    r"editorial expression|announcement|calendar|instructions (?:for|to) authors|information for authors|"
    r"guide for authors|author index|subject index|index to|reviewers?\b|acknowledge?ment|thank you|"
    r"list of reviewers|books? received|in this issue|this month|highlights|letters? to the editor|"
    r"(?:in |author'?s?'? |authors' )?(?:reply|response)\b|re:|comments? (?:on|to)\b|in memoriam|obituary|"
    r"cme\b|continuing medical education|erratum|preface|foreword|editorial$|commentary$|news$|advertis)",
    re.IGNORECASE,
)


def is_generic_title(title: str) -> bool:
    """Return whether a title is that of a notice or a recurring column, and so identifies no article."""
    return _GENERIC_TITLE.match(title.strip(" [(\"“'")) is not None
