"""What is watched though it is typed as no address: queries, journals by number, categories. Pure.

| typed | watched as |
|---|---|
| `pubmed: "facet joint"[tiab]`, or the address of such a search | `pubmed:"facet joint"[tiab]` |
| `issn: 1051-0443` | `issn:1051-0443`, which is asked after and becomes one of its neighbours |
| `crossref: 1051-0443` | `crossref:1051-0443` |
| `medrxiv: radiology and imaging`, `biorxiv: …`, `arxiv: eess.IV` | the address of that category's feed |
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit, urlunsplit

from rapidfuzz import fuzz, process

from wetread.domain.errors import EmptyQueryError, UnknownCategoryError, UnknownIssnError
from wetread.domain.names import name_key, words_of

PUBMED, CROSSREF, ISSN = "pubmed", "crossref", "issn"

_QUERIES = (PUBMED, CROSSREF, ISSN)
_NEAR_COUNT = 3
_PUBMED_HOSTS = {"pubmed.ncbi.nlm.nih.gov", "www.pubmed.gov", "pubmed.gov"}
_CURLED = str.maketrans(dict.fromkeys("“”„‟«»", '"'))  # telephones type these

_MEDRXIV = """
    Addiction medicine|Allergy and immunology|Anesthesia|Cardiovascular medicine|Dentistry and oral medicine
    |Dermatology|Emergency medicine|Endocrinology|Epidemiology|Forensic medicine|Gastroenterology
    |Genetic and genomic medicine|Geriatric medicine|Health economics|Health informatics|Health policy
    |Health systems and quality improvement|Hematology|HIV AIDS|Infectious diseases
    |Intensive care and critical care medicine|Medical education|Medical ethics|Nephrology|Neurology|Nursing
    |Nutrition|Obstetrics and gynecology|Occupational and environmental health|Oncology|Ophthalmology
    |Orthopedics|Otolaryngology|Pain medicine|Palliative medicine|Pathology|Pediatrics
    |Pharmacology and therapeutics|Primary care research|Psychiatry and clinical psychology
    |Public and global health|Radiology and imaging|Rehabilitation medicine and physical therapy
    |Respiratory medicine|Rheumatology|Sexual and reproductive health|Sports medicine|Surgery|Toxicology
    |Transplantation|Urology
"""
_BIORXIV = """
    Animal behavior and cognition|Biochemistry|Bioengineering|Bioinformatics|Biophysics|Cancer biology
    |Cell biology|Clinical trials|Developmental biology|Ecology|Epidemiology|Evolutionary biology|Genetics
    |Genomics|Immunology|Microbiology|Molecular biology|Neuroscience|Paleontology|Pathology
    |Pharmacology and toxicology|Physiology|Plant biology|Scientific communication and education
    |Synthetic biology|Systems biology|Zoology
"""
_ARXIV = """
    astro-ph astro-ph.CO astro-ph.EP astro-ph.GA astro-ph.HE astro-ph.IM astro-ph.SR
    cond-mat cond-mat.dis-nn cond-mat.mes-hall cond-mat.mtrl-sci cond-mat.other cond-mat.quant-gas
    cond-mat.soft cond-mat.stat-mech cond-mat.str-el cond-mat.supr-con
    cs cs.AI cs.AR cs.CC cs.CE cs.CG cs.CL cs.CR cs.CV cs.CY cs.DB cs.DC cs.DL cs.DM cs.DS cs.ET cs.FL cs.GL
    cs.GR cs.GT cs.HC cs.IR cs.IT cs.LG cs.LO cs.MA cs.MM cs.MS cs.NA cs.NE cs.NI cs.OH cs.OS cs.PF cs.PL
    cs.RO cs.SC cs.SD cs.SE cs.SI cs.SY econ econ.EM econ.GN econ.TH eess eess.AS eess.IV eess.SP eess.SY
    gr-qc hep-ex hep-lat hep-ph hep-th
    math math.AC math.AG math.AP math.AT math.CA math.CO math.CT math.CV math.DG math.DS math.FA math.GM
    math.GN math.GR math.GT math.HO math.IT math.KT math.LO math.MG math.MP math.NA math.NT math.OA math.OC
    math.PR math.QA math.RA math.RT math.SG math.SP math.ST math-ph nlin nlin.AO nlin.CD nlin.CG nlin.PS
    nlin.SI nucl-ex nucl-th
    physics physics.acc-ph physics.ao-ph physics.app-ph physics.atm-clus physics.atom-ph physics.bio-ph
    physics.chem-ph physics.class-ph physics.comp-ph physics.data-an physics.ed-ph physics.flu-dyn
    physics.gen-ph physics.geo-ph physics.hist-ph physics.ins-det physics.med-ph physics.optics
    physics.plasm-ph physics.pop-ph physics.soc-ph physics.space-ph
    q-bio q-bio.BM q-bio.CB q-bio.GN q-bio.MN q-bio.NC q-bio.OT q-bio.PE q-bio.QM q-bio.SC q-bio.TO
    q-fin q-fin.CP q-fin.EC q-fin.GN q-fin.MF q-fin.PM q-fin.PR q-fin.RM q-fin.ST q-fin.TR quant-ph
    stat stat.AP stat.CO stat.ME stat.ML stat.OT stat.TH
"""


def _subjects(text: str) -> Mapping[str, str]:
    """Names by what stands for them in an address."""
    names = [" ".join(name.split()) for name in text.split("|")]
    return {re.sub(r"\W+", "_", name.lower()): name for name in names}


_CATEGORIES: Mapping[str, Mapping[str, str]] = {
    "medRxiv": _subjects(_MEDRXIV),
    "bioRxiv": _subjects(_BIORXIV),
    "arXiv": {name: name for name in _ARXIV.split()},
}
_OURS = {"radiology_and_imaging", "pain_medicine", "orthopedics", "eess.IV", "cs.CV", "physics.med-ph"}
"""Offered before the others."""
_ADDRESSES = {
    "medRxiv": "https://connect.medrxiv.org/medrxiv_xml.php?subject={}",
    "bioRxiv": "https://connect.biorxiv.org/biorxiv_xml.php?subject={}",
    "arXiv": "https://rss.arxiv.org/rss/{}",
}
_SERVERS = {server.lower(): server for server in _CATEGORIES}
_SCHEME = re.compile(rf"\s*({'|'.join((*_QUERIES, *_SERVERS))})\s*:(?!//)\s*(.*)", re.IGNORECASE | re.DOTALL)


def read_place(text: str) -> str | None:
    """Return what is watched under the words typed, as in the table above; None if they are none of these.

    Raises EmptyQueryError for nothing behind the colon, UnknownIssnError for a number that is mistyped, and
    UnknownCategoryError.
    """
    found = _SCHEME.fullmatch(text.strip("`"))
    if found is None:
        term = _searched_for(text)
        return None if term is None else pubmed_place(term)
    scheme, rest = found[1].lower(), found[2].strip("` \n")
    if not rest:
        raise EmptyQueryError(text)
    if scheme == PUBMED:
        return pubmed_place(rest)
    if scheme in _QUERIES:
        return f"{scheme}:{read_issn(rest)}"
    return _category_address(_SERVERS[scheme], rest)


def query_of(place: str) -> tuple[str, str] | None:
    """Return the scheme and what stands behind it, None for an address."""
    scheme, colon, rest = place.partition(":")
    return (scheme, rest) if colon and scheme in _QUERIES else None


def normalise_address(text: str) -> str:
    """Return an address as feeds are stored under it: with scheme, its host in lower case, no fragment.

    Anything is accepted; whether it can be asked is `Fetch`'s business. Queries are as they are.
    """
    if query_of(text) is not None:
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


def pubmed_place(term: str) -> str:
    """Return the place of a PubMed term. Raises EmptyQueryError for one without a word."""
    plain = " ".join(term.translate(_CURLED).split())
    if not re.search(r"\w", plain):
        raise EmptyQueryError(term)
    return f"{PUBMED}:{plain}"


def journal_term(*, nlm_id: str | None = None, issn: str | None = None) -> str | None:
    """Return the PubMed term of a journal's articles, by NLM's number rather than by ISSN."""
    if nlm_id:
        return f"{nlm_id}[NLMID]"
    return f'"{issn}"[ta]' if issn else None


def read_issn(text: str) -> str:
    """Return an ISSN as 0000-000X. Raises UnknownIssnError for one whose check digit does not fit."""
    compact = re.sub(r"[\s\u2010-\u2015-]", "", text).upper()
    if not re.fullmatch(r"[0-9]{7}[0-9X]", compact) or _check_digit(compact[:7]) != compact[7]:
        raise UnknownIssnError(text, is_mistyped=True)
    return f"{compact[:4]}-{compact[4:]}"


def issn_within(address: str) -> str | None:
    """Return the ISSN that an address names, None if there is none: publishers write it without hyphen."""
    for found in re.findall(r"(?<![0-9A-Za-z])[0-9]{4}-?[0-9]{3}[0-9Xx](?![0-9A-Za-z])", address):
        try:
            return read_issn(found)
        except UnknownIssnError:
            continue
    return None


def _check_digit(figures: str) -> str:
    """ISO 3297: the sum of the figures times 8, 7, … 2, filled up to a multiple of eleven."""
    missing = -sum(int(figure) * (8 - place) for place, figure in enumerate(figures)) % 11
    return "X" if missing == 10 else str(missing)


def _searched_for(text: str) -> str | None:
    """The term of a search on PubMed's pages, by its address; None with filters, which no term expresses."""
    try:
        parts = urlsplit(text.strip().strip("<>"))
    except ValueError:
        return None
    if parts.netloc.lower() not in _PUBMED_HOSTS or parts.path not in ("", "/"):
        return None
    asked = parse_qs(parts.query)
    return asked["term"][0] if "term" in asked and "filter" not in asked else None


# Categories -------------------------------------------------------------------------------------------


def categories_matching(text: str, limit: int = 25) -> list[tuple[str, str]]:
    """Return categories that somebody may mean who has typed `text` so far: (name, what to type for it).

    Those of imaging first.
    """
    server, colon, typed = text.partition(":")
    servers = [_SERVERS[key] for key in _SERVERS if key.startswith(server.strip().lower()) and server.strip()]
    parts = words_of(typed) if colon else ()
    found = [
        (f"{each}: {name}", f"{each.lower()}: {key}")
        for each in servers
        for key, name in sorted(_CATEGORIES[each].items(), key=lambda pair: pair[0] not in _OURS)
        if all(any(word.startswith(part) for word in words_of(name)) for part in parts)
    ]
    return found[:limit]


def _category_address(server: str, typed: str) -> str:
    categories = _CATEGORIES[server]
    by_name = {name_key(name): key for key, name in categories.items()}
    key = by_name.get(name_key(typed))
    if key is None:
        begun = [each for name, each in by_name.items() if name.startswith(name_key(typed))]
        key = begun[0] if len(begun) == 1 else None
    if key is None:
        alike = process.extract(name_key(typed), by_name.keys(), scorer=fuzz.WRatio, limit=_NEAR_COUNT)
        raise UnknownCategoryError(typed, server, tuple(categories[by_name[name]] for name, *_ in alike))
    return _ADDRESSES[server].format(key)
