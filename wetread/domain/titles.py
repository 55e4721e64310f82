"""The titles of articles and journals as every answer shows them. Pure."""

import re

from wetread.domain.models import Record
from wetread.domain.publication_status import StatusKind, publication_status
from wetread.domain.text import clean

RETRACTED_PREFIX = "RETRACTED: "
CONCERN_PREFIX = "Expression of concern: "

_PREFIXES = {
    StatusKind.RETRACTED: RETRACTED_PREFIX,
    StatusKind.REPUBLISHED: RETRACTED_PREFIX,
    StatusKind.CONCERN: CONCERN_PREFIX,
}
# Publishers write it, too, each in another way. It must not be there twice.
_SAID_ALREADY = re.compile(
    r"^\W*(?:retracted|withdrawn|(?:editorial )?expression of concern)(?: (?:article|paper))?\W*[:\])]\W*",
    re.IGNORECASE,
)


def shown_title(record: Record) -> str:
    """Return the title, with "RETRACTED: " or "Expression of concern: " if that is the status; never empty.

    PubMed's full stop is left out. An article without a title gets its identifier as title.
    """
    title = clean(record.title)
    if title.endswith(".") and not title.endswith(".."):
        title = title[:-1].rstrip()
    prefix = _PREFIXES.get(publication_status(record).kind, "")
    if prefix:
        title = prefix + _SAID_ALREADY.sub("", title)
    return title if any(map(str.isalnum, title)) else prefix + _name_without_title(record)


def shown_journal(record: Record) -> str:
    """Return the journal's name as on its cover, else its abbreviation; "" if neither is known.

    Left out is what the National Library of Medicine adds: subtitles (" : journal of …"), translations
    (" = …") and places that distinguish journals of one name ("(London, England)").
    """
    name = re.sub(r" \([^()]*,[^()]*\)$", "", " ".join((record.journal or "").split()))
    return re.split(r" [:=] ", name)[0] or " ".join((record.journal_abbreviation or "").split())


def _name_without_title(record: Record) -> str:
    if record.doi:
        return f"DOI {record.doi}"
    if record.pmid:
        return f"PMID {record.pmid}"
    return record.url or "Article without a title"
