"""Registries of clinical trials: which number belongs to which, and where it can be read. Pure."""

import re
from urllib.parse import quote

_WHO = "https://trialsearch.who.int/Trial2.aspx?TrialID={}"  # has the numbers of every registry below

_REGISTRIES: tuple[tuple[str, str, str], ...] = (
    ("ClinicalTrials.gov", r"NCT\d{8}", "https://clinicaltrials.gov/study/{}"),
    ("ISRCTN", r"ISRCTN\d{8}", "https://www.isrctn.com/{}"),
    ("DRKS", r"DRKS\d{8}", "https://drks.de/search/en/trial/{}"),
    ("ANZCTR", r"ACTRN\d{14}p?", "https://www.anzctr.org.au/{}.aspx"),
    (
        "EudraCT",
        r"\d{4}-\d{6}-\d{2}",
        "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:{}",
    ),
    ("ChiCTR", r"ChiCTR[\w-]{8,20}", _WHO),
    ("CRiS", r"KCT\d{7}", _WHO),
    ("CTRI", r"CTRI/\d{4}/\d{2,3}/\d{6}", _WHO),
    ("IRCT", r"IRCT[\dN]{8,20}", _WHO),
    ("jRCT", r"jRCT\w{8,12}", _WHO),
    ("UMIN-CTR", r"(?:JPRN-)?UMIN\d{9}", _WHO),
    ("JapicCTI", r"JapicCTI-?\d{6}", _WHO),
    ("NTR", r"(?:NTR|NL)\d{1,5}", _WHO),
    ("PACTR", r"PACTR\d{15}", _WHO),
    ("ReBEC", r"RBR-?\w{6,8}", _WHO),
    ("RPCEC", r"RPCEC\d{8}", _WHO),
    ("SLCTR", r"SLCTR/\d{4}/\d{3}", _WHO),
    ("TCTR", r"TCTR\d{11}", _WHO),
)
"""(name, form of a number, address of a trial)."""

_NAMES = {name.casefold(): name for name, _, _ in _REGISTRIES}


def registry_of(number: str) -> str | None:
    """Return the name of the registry that gives numbers of this form, None if none does."""
    found = _entry(number)
    return found[0] if found else None


def registry_name(name: str) -> str:
    """Return a registry's name as it writes itself ("ISRCTN" for "isrctn"); an unknown one unchanged."""
    return _NAMES.get(name.casefold(), name)


def is_trial_registry(bank: str) -> bool:
    """Return whether a data bank (as PubMed names it) registers trials; others keep data."""
    return bank.casefold() in _NAMES


def registration_url(number: str) -> str | None:
    """Return the address at which a registered trial can be read, None for a number of no known form."""
    found = _entry(number)
    return found[2].format(quote(number, safe="")) if found else None


def _entry(number: str) -> tuple[str, str, str] | None:
    flags = re.IGNORECASE | re.ASCII
    return next((each for each in _REGISTRIES if re.fullmatch(each[1], number, flags)), None)
