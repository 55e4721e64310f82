"""ISSNs: read, checked by their check digit, found in addresses. Pure."""

import re

from wetread.domain.errors import UnknownIssnError


def parse_issn(text: str) -> str:
    """Return an ISSN as 0000-000X. Raises UnknownIssnError if the check digit is wrong."""
    compact = re.sub(r"[\s\u2010-\u2015-]", "", text).upper()
    if not re.fullmatch(r"[0-9]{7}[0-9X]", compact) or _check_digit(compact[:7]) != compact[7]:
        raise UnknownIssnError(text, is_mistyped=True)
    return f"{compact[:4]}-{compact[4:]}"


def issn_in(address: str) -> str | None:
    """Return the first ISSN in an address, with or without its hyphen; None if there is none."""
    for found in re.findall(r"(?<![0-9A-Za-z])[0-9]{4}-?[0-9]{3}[0-9Xx](?![0-9A-Za-z])", address):
        try:
            return parse_issn(found)
        except UnknownIssnError:
            continue
    return None


def _check_digit(digits: str) -> str:
    """Return the check digit by ISO 3297: the digits times 8, 7, … 2 plus it are a multiple of 11."""
    missing = -sum(int(digit) * (8 - position) for position, digit in enumerate(digits)) % 11
    return "X" if missing == 10 else str(missing)
