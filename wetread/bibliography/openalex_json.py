"""Parses OpenAlex's JSON into records (sources.md, OpenAlex)."""

from wetread.bibliography.answer_fields import (
    Json,
    distinct,
    issn,
    licence_name,
    mapping,
    mappings,
    orcid,
    page_range,
    prose,
    raw,
    read_json,
    sequence,
    web_address,
    word,
)
from wetread.bibliography.answer_parsing import RECORDS, answer_parser
from wetread.domain.errors import RecordSourceError
from wetread.domain.identifiers import normalise_arxiv, normalise_doi, normalise_pmcid
from wetread.domain.models import Author, PartialDate, Record, Section
from wetread.domain.partial_dates import parse_date
from wetread.domain.publication_types import RETRACTED_TYPE
from wetread.domain.record_sources import Source
from wetread.domain.text import from_html, real_abstract, split_sections

_MOST_WORDS = 20_000
_TYPES = {"journal-article": "Journal Article", "book-chapter": "Book Chapter"}


@answer_parser(Source.OPENALEX, RECORDS)
def parse_works(body: bytes) -> tuple[Record, ...]:
    """Return the records in the answer for one work or for a list; () = none.

    Raises RecordSourceError "unreadable" for anything that OpenAlex does not send.
    """
    answer = read_json(Source.OPENALEX, body)
    if isinstance(answer.get("results"), list):
        return tuple(map(parse_work, mappings(answer["results"])))
    if not raw(answer.get("id")).startswith("https://openalex.org/"):
        raise RecordSourceError(Source.OPENALEX, "unreadable")
    return (parse_work(answer),)


def parse_work(work: Json) -> Record:
    """Return the record of one work. Its abstract is assembled from the places of the words."""
    ids, location = mapping(work.get("ids")), mapping(work.get("primary_location"))
    source, biblio = mapping(location.get("source")), mapping(work.get("biblio"))
    access = mapping(work.get("open_access"))
    doi = normalise_doi(raw(work.get("doi")), is_field=True)
    title = prose(work.get("title")) or prose(work.get("display_name"))
    # Conferences, repositories and book series are sources, too, but not journals.
    journal = prose(source.get("display_name")) if source.get("type") in ("journal", None) else ""
    return Record(
        source=Source.OPENALEX,
        title=title,
        authors=_authors(work),
        abstract=real_abstract(_abstract(mapping(work.get("abstract_inverted_index"))), title),
        doi=doi,
        pmid=_last_part(ids.get("pmid")),
        pmcid=normalise_pmcid(f"PMC{_last_part(ids.get('pmcid'))}"),
        arxiv=normalise_arxiv(doi) if doi and doi.startswith("10.48550/arxiv.") else None,
        journal=journal or None,
        issns=distinct([issn(each) for each in (*sequence(source.get("issn")), source.get("issn_l"))]),
        volume=word(biblio.get("volume")),
        issue=word(biblio.get("issue")),
        pages=_pages(biblio),
        online_on=_published_on(work),
        types=_types(work),
        language=word(work.get("language")),
        url=web_address(location.get("landing_page_url")) or web_address(work.get("doi")),
        free_url=web_address(access.get("oa_url")) if access.get("is_oa") is True else None,
        licence=licence_name(mapping(work.get("best_oa_location")).get("license"))
        or licence_name(location.get("license")),
    )


def _abstract(index: Json) -> tuple[Section, ...]:
    """The abstract: its words sorted by their places.

    A place may be any number, so it is never used as an index.
    """
    placed = [
        (position, word)
        for word, positions in index.items()
        for position in sequence(positions)
        if isinstance(position, int)
    ]
    words = [word for _, word in sorted(placed)[:_MOST_WORDS]]
    if words and words[0].rstrip(":.").casefold() in ("abstract", "summary"):
        del words[0]
    return split_sections(from_html(" ".join(words)))


def _authors(work: Json) -> tuple[Author, ...]:
    found = []
    for authorship in mappings(work.get("authorships")):
        author = mapping(authorship.get("author"))
        name = prose(author.get("display_name")) or prose(authorship.get("raw_author_name"))
        if name:
            places = [prose(each) for each in sequence(authorship.get("raw_affiliation_strings"))]
            found.append(Author(family=name, affiliations=distinct(places), orcid=orcid(author.get("orcid"))))
    return tuple(found)


def _types(work: Json) -> tuple[str, ...]:
    # OpenAlex guesses its finer types (review, letter, erratum) from titles; they are left out.
    types = [_TYPES.get(raw(work.get("type_crossref")))]
    if work.get("type") == "preprint":
        types.append("Preprint")
    if work.get("is_retracted") is True:
        types.append(RETRACTED_TYPE)
    return distinct(types)


def _pages(biblio: Json) -> str | None:
    ends = (word(biblio.get("first_page")), word(biblio.get("last_page")))
    return page_range("-".join(filter(None, ends)) or None)


def _published_on(work: Json) -> PartialDate | None:
    date = parse_date(raw(work.get("publication_date")))
    if date is not None and (date.month, date.day) == (1, 1):
        return PartialDate(date.year)  # OpenAlex writes 1 January if only the year is known
    return date


def _last_part(value: object) -> str | None:
    """The digits at the end of "https://pubmed.ncbi.nlm.nih.gov/99000001"."""
    part = raw(value).rstrip("/").rpartition("/")[2].removeprefix("PMC")
    return part if part.isascii() and part.isdigit() else None
