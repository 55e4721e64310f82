"""Categories of the preprint servers medRxiv, bioRxiv and arXiv, and the addresses of their feeds. Pure."""

import re
from collections.abc import Mapping

from rapidfuzz import fuzz, process

from wetread.domain.errors import UnknownCategoryError
from wetread.domain.names import name_key, words_of

_NEAR_COUNT = 3

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
    """Category names by their form in a feed address."""
    names = [" ".join(name.split()) for name in text.split("|")]
    return {re.sub(r"\W+", "_", name.lower()): name for name in names}


_CATEGORIES: Mapping[str, Mapping[str, str]] = {
    "medRxiv": _subjects(_MEDRXIV),
    "bioRxiv": _subjects(_BIORXIV),
    "arXiv": {name: name for name in _ARXIV.split()},
}
_OURS = {"radiology_and_imaging", "pain_medicine", "orthopedics", "eess.IV", "cs.CV", "physics.med-ph"}
"""Imaging and pain: offered before the others."""
_ADDRESSES = {
    "medRxiv": "https://connect.medrxiv.org/medrxiv_xml.php?subject={}",
    "bioRxiv": "https://connect.biorxiv.org/biorxiv_xml.php?subject={}",
    "arXiv": "https://rss.arxiv.org/rss/{}",
}
SERVERS = {server.lower(): server for server in _CATEGORIES}
"""The servers by their names in lower case."""


def categories_matching(text: str, limit: int = 25) -> list[tuple[str, str]]:
    """Return categories that match what was typed so far, for autocomplete: (name, text to type).

    Categories of imaging and pain come first.
    """
    server, colon, typed = text.partition(":")
    servers = [SERVERS[key] for key in SERVERS if key.startswith(server.strip().lower()) and server.strip()]
    parts = words_of(typed) if colon else ()
    found = [
        (f"{each}: {name}", f"{each.lower()}: {key}")
        for each in servers
        for key, name in sorted(_CATEGORIES[each].items(), key=lambda pair: pair[0] not in _OURS)
        if all(any(word.startswith(part) for word in words_of(name)) for part in parts)
    ]
    return found[:limit]


def category_address(server: str, typed: str) -> str:
    """Return the address of a category's feed at `server`, one of the values of SERVERS.

    A unique beginning of the name is enough. Raises UnknownCategoryError with the nearest names.
    """
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
