"""Writes an article as a reference, in the style of a guide or for a reference manager. Pure.

The libraries are imported by the first citation: together they take 4 MiB, which many bots never need.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from wetread.domain.models import Author, PartialDate, Record
from wetread.domain.record_sources import Source
from wetread.domain.titles import shown_journal, shown_title

_STYLES = Path(__file__).parent / "styles"


class Style(StrEnum):
    """The citation styles. The value is stored as a member's setting."""

    AMA = "ama"
    VANCOUVER = "vancouver"
    APA = "apa"
    BIBTEX = "bibtex"
    RIS = "ris"

    @property
    def label(self) -> str:
        """The name that people know: "BibTeX"."""
        return _LABELS[self]


_LABELS = {
    Style.AMA: "AMA",
    Style.VANCOUVER: "Vancouver",
    Style.APA: "APA",
    Style.BIBTEX: "BibTeX",
    Style.RIS: "RIS",
}
_CSL_FILES = {
    Style.AMA: "american-medical-association.csl",
    Style.VANCOUVER: "nlm-citation-sequence.csl",
    Style.APA: "apa.csl",
}


def cite(record: Record, style: Style) -> str:
    """Return the reference as plain text: one line for a style guide, several for BibTeX and RIS.

    The title of a retracted article begins with "RETRACTED: ". Missing fields are left out.
    """
    if style is Style.RIS:
        return _ris(record)
    if style is Style.BIBTEX:
        return _bibtex(record, _bibtex_key(record))
    return _formatted(record, style)


def cite_all(records: Sequence[Record], style: Style) -> str:
    """Return several references in order as one RIS or BibTeX file. In BibTeX each has its own key."""
    if style is not Style.BIBTEX:
        return "\r\n".join(cite(record, style) for record in records)
    keys: Counter[str] = Counter()
    references = []
    for record in records:
        key = _bibtex_key(record)
        count = keys[key]
        keys[key] += 1
        references.append(_bibtex(record, f"{key}-{count + 1}" if count else key))
    return "\n".join(references)


# --- style guides ----------------------------------------------------------------------------------------


@lru_cache(maxsize=len(_CSL_FILES))
def _csl_style(style: Style) -> Any:
    from citeproc import CitationStylesStyle

    # Not validated: the files are ours, and loading the schema takes longer than everything else together.
    return CitationStylesStyle(str(_STYLES / _CSL_FILES[style]), validate=False)


def _formatted(record: Record, style: Style) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    source = CiteProcJSON([_csl_item(record)])
    bibliography = CitationStylesBibliography(_csl_style(style), source, formatter.plain)
    bibliography.register(Citation([CitationItem("cited")]))
    # A single reference needs no number.
    text = " ".join(str(bibliography.bibliography()[0]).removeprefix("1.").split())
    text = text.replace("& et al", "et al")  # APA's "and" before the last author
    return text if record.authors else _without_second_title(text, shown_title(record))


def _without_second_title(text: str, title: str) -> str:
    """The text with the title once: citeproc-py prints it in place of a missing author and again as title."""
    second = text.find(title, text.find(title) + len(title))
    if second < 0:
        return text
    return f"{text[:second].rstrip()} {text[second + len(title) :].lstrip('. ')}".rstrip()


def _csl_item(record: Record) -> dict[str, Any]:
    cited_on = _cited_on(record)
    item = {
        "id": "cited",
        "type": "article-journal",
        "title": shown_title(record),
        "author": [_csl_name(author) for author in record.authors if author.family]
        + [{"literal": "et al"}] * record.has_more_authors,
        "container-title": shown_journal(record),
        "container-title-short": record.journal_abbreviation or shown_journal(record),
        "volume": record.volume,
        "issue": record.issue,
        "page": _hyphenated(record.pages),
        "issued": {"date-parts": [_date_parts(cited_on)]} if cited_on else None,
        "DOI": record.doi,
        "URL": None if record.doi else record.url,
    }
    return {key: value for key, value in item.items() if value}


def _csl_name(author: Author) -> dict[str, str]:
    if author.is_collective or not author.given:
        return {"literal": author.family}
    name = {"family": author.family, "given": _spaced_initials(author.given)}
    return name | {"suffix": author.suffix} if author.suffix else name


def _spaced_initials(given: str) -> str:
    """PubMed's initials "AB" as "A B", which citeproc reads as two initials; names unchanged."""
    return " ".join(given) if re.fullmatch(r"[^\W\d_]{2,3}", given) and given.isupper() else given


def _cited_on(record: Record) -> PartialDate | None:
    """The date of the issue; before there is an issue the date online."""
    if (record.volume or record.issue) and record.issue_on:
        return record.issue_on
    return record.published_on


def _date_parts(on: PartialDate) -> list[int]:
    return [part for part in (on.year, on.month, on.day if on.month else 0) if part]


def _hyphenated(pages: str | None) -> str | None:
    return pages and re.sub(r" ?[-‐‑‒–—] ?", "-", " ".join(pages.split()))


# --- reference managers ----------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _ris_writer() -> type[Any]:
    import rispy

    class Writer(rispy.RisWriter):  # type: ignore[misc]  # rispy has no types
        """Writes references without rispy's line with a number, and with the line ends of the format."""

        NEWLINE = "\r\n"

        def set_header(self, count: int) -> str:  # noqa: ARG002  # rispy passes it
            """Return no header."""
            return ""

    return Writer


def _ris(record: Record) -> str:
    cited_on = _cited_on(record)
    first, _, last = (_hyphenated(record.pages) or "").partition("-")
    address = f"https://doi.org/{quote(record.doi, safe='/:;._-()')}" if record.doi else record.url
    fields: dict[str, str | list[str] | None] = {
        "type_of_reference": "JOUR",
        "authors": [_listed_name(author) for author in record.authors if author.family],
        "title": shown_title(record),
        "journal_name": shown_journal(record),
        "alternate_title2": record.journal_abbreviation,
        "year": str(cited_on.year) if cited_on else None,
        "date": "/".join(f"{part:02d}" for part in _date_parts(cited_on)) if cited_on else None,
        "volume": record.volume,
        "number": record.issue,
        "start_page": first,
        "end_page": last,
        "issn": record.issns[0] if record.issns else None,
        "doi": record.doi,
        "accession_number": record.pmid,
        "name_of_database": str(Source.PUBMED) if record.pmid else None,
        "language": record.language,
        "urls": [address] if address else None,
        "abstract": " ".join(
            f"{section.label}: {section.text}" if section.label else section.text
            for section in record.abstract
        ),
    }
    filled = {key: _one_line(value) for key, value in fields.items() if value}
    import rispy

    return str(rispy.dumps([filled], implementation=_ris_writer()))


def _one_line(value: str | list[str]) -> str | list[str]:
    return " ".join(value.split()) if isinstance(value, str) else [" ".join(each.split()) for each in value]


def _listed_name(author: Author) -> str:
    if author.is_collective or not author.given:
        return author.family
    return ", ".join(filter(None, (author.family, author.given, author.suffix)))


@lru_cache(maxsize=1)
def _latex() -> Any:
    from pylatexenc.latexencode import UnicodeToLatexEncoder  # type: ignore[import-untyped]  # it has no types

    return UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False)


def _encoded(text: str) -> str:
    return str(_latex().unicode_to_latex(" ".join(text.split())))


def _bibtex(record: Record, key: str) -> str:
    cited_on = _cited_on(record)
    plain = {
        "journal": shown_journal(record),
        "year": str(cited_on.year) if cited_on else None,
        "month": str(cited_on.month) if cited_on and cited_on.month else None,
        "volume": record.volume,
        "number": record.issue,
        "issn": record.issns[0] if record.issns else None,
        "note": f"PMID {record.pmid}" if record.pmid else None,
    }
    values = {
        "author": " and ".join(
            [_bibtex_name(author) for author in record.authors if author.family]
            + ["others"] * record.has_more_authors
        ),
        # The second pair of braces keeps the case of "MRI" and of names.
        "title": f"{{{_encoded(shown_title(record))}}}",
        "pages": _encoded(_hyphenated(record.pages) or "").replace("-", "--"),
    } | {key: _encoded(value) for key, value in plain.items() if value}
    # Programs read these addresses, so they are not encoded.
    values["doi"] = _unbraced(record.doi)
    values["url"] = "" if record.doi else _unbraced(record.url)
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field

    fields = [Field(key, value) for key, value in values.items() if value]
    return str(write_string(Library([Entry("article", key, fields)]))).rstrip() + "\n"


def _unbraced(address: str | None) -> str:
    return re.sub(r"[{}\\\s]", "", address or "")


def _bibtex_name(author: Author) -> str:
    if author.is_collective or not author.given:
        return f"{{{_encoded(author.family)}}}"
    return ", ".join(_encoded(part) for part in (author.family, author.suffix, author.given) if part)


def _bibtex_key(record: Record) -> str:
    """The key of first author, year and first long word of the title: "example2026guided"."""
    cited_on = _cited_on(record)
    author = record.authors[0].family if record.authors else ""
    long_words = [word for word in re.findall(r"[A-Za-z]+", record.title) if len(word) > 3]
    key = f"{author}{cited_on.year if cited_on else ''}{long_words[0] if long_words else ''}"
    letters = unicodedata.normalize("NFKD", key).lower()
    return re.sub(r"[^a-z0-9]", "", letters) or "article"
