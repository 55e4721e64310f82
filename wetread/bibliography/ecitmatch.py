"""PubMed's citation match: which PMIDs stand at a volume and page of a journal (sources.md, PubMed)."""

import re

from wetread.bibliography.answer_fields import raw, read_json
from wetread.bibliography.pubmed_xml import fault
from wetread.bibliography.record_matching import quoted
from wetread.domain.errors import RecordSourceError
from wetread.domain.identifiers import normalise_pmid
from wetread.domain.models import JournalPlace
from wetread.domain.record_sources import Source

_MOST_PMIDS = 20
_NO_FIELD = re.compile(r"[|\s]+")


def citation_lines(place: JournalPlace) -> str:
    """Return the parameter `bdata`: a line for each name that the journal may have.

    Without the year: a mistyped one would hide the article, and volume and page say enough.
    """
    return "\r".join(
        "|".join((_NO_FIELD.sub(" ", name), "", place.volume, place.first_page, "", str(number), ""))
        for number, name in enumerate(place.journals)
    )


def parse_ecitmatch(body: bytes) -> tuple[str, ...]:
    """Return the PMIDs in an answer, each once: of certain lines and of ambiguous ones.

    A line ends in a PMID, "NOT_FOUND", "NOT_FOUND;INVALID_JOURNAL", "AMBIGUOUS 99000001,99000002" or
    "AMBIGUOUS (5 citations)". Raises RecordSourceError if the answer is of another kind.
    """
    text = body.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        raise fault(raw(read_json(Source.PUBMED, body).get("error")))
    if text.startswith("<"):
        raise RecordSourceError(Source.PUBMED, "unreadable")
    ends = [line.rpartition("|")[2].strip().removeprefix("AMBIGUOUS") for line in text.splitlines()]
    found = (normalise_pmid(number) for end in ends if "(" not in end for number in end.split(","))
    return tuple(dict.fromkeys(filter(None, found)))[:_MOST_PMIDS]


def place_term(place: JournalPlace) -> str:
    """Return the term that finds the articles at a place by a search."""
    journals = " OR ".join(f"{quoted(name)}[ta]" for name in place.journals)
    return f"({journals}) AND {quoted(place.volume)}[vi] AND {quoted(place.first_page)}[pg]"
