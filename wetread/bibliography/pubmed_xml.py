"""Parses efetch's XML into records (sources.md, PubMed).

Every path starts at its parent: `.//ArticleId` would also find the DOIs of cited papers.
"""

import re
from collections.abc import Iterable

from lxml import etree

from wetread.bibliography.answer_fields import (
    MOST_ITEMS,
    correspondence_of,
    distinct,
    element_text,
    first_text,
    issn,
    orcid,
    page_range,
    presentation_in,
    read_xml,
    suffix_and_degrees,
    texts,
)
from wetread.bibliography.answer_parsing import RECORDS, answer_parser
from wetread.bibliography.pubmed_facts import accessions, disclosures, funding, languages
from wetread.domain.errors import RecordSourceError
from wetread.domain.identifiers import find_doi, normalise_doi, normalise_pii, normalise_pmcid, normalise_pmid
from wetread.domain.models import Author, PartialDate, Record, Relation, RelationKind, Section
from wetread.domain.partial_dates import find_date, partial_date
from wetread.domain.record_sources import Source
from wetread.domain.text import real_abstract, sections_from_html

_INITIAL_AT_END = re.compile(r"\b[A-Z]\.[A-Z]\.$")
_PREPRINT_SERVER = re.compile(
    r"^\W*(?:medRxiv|bioRxiv|arXiv|Res(?:earch)? Sq(?:uare)?|SSRN|ChemRxiv|Preprints?)\b", re.IGNORECASE
)
RELATIONS = {
    "retractionin": RelationKind.RETRACTED_BY,
    "retractionof": RelationKind.RETRACTS,
    "partialretractionin": RelationKind.CORRECTED_BY,
    "partialretractionof": RelationKind.CORRECTS,
    "expressionofconcernin": RelationKind.CONCERN_IN,
    "expressionofconcernfor": RelationKind.EXPRESSES_CONCERN_ABOUT,
    "erratumin": RelationKind.CORRECTED_BY,
    "erratumfor": RelationKind.CORRECTS,
    "correctedandrepublishedin": RelationKind.CORRECTED_BY,
    "correctedandrepublishedfrom": RelationKind.CORRECTS,
    "retractedandrepublishedin": RelationKind.RETRACTED_AND_REPUBLISHED_IN,
    "retractedandrepublishedfrom": RelationKind.UPDATES,
    "updatein": RelationKind.UPDATED_BY,
    "updateof": RelationKind.UPDATES,
    "republishedin": RelationKind.UPDATED_BY,
    "republishedfrom": RelationKind.UPDATES,
    "commentin": RelationKind.COMMENT_IN,
    "commenton": RelationKind.COMMENTS_ON,
    "summaryforpatientsin": RelationKind.SUMMARY_FOR_PATIENTS_IN,
    "originalreportin": RelationKind.ORIGINAL_REPORT_IN,
}
"""RefTypes in lower case, because NLM's spelling of the rare ones is not known (sources.md, Retractions)."""


@answer_parser(Source.PUBMED, RECORDS)
def parse_efetch(body: bytes) -> tuple[Record, ...]:
    """Return the records of a PubmedArticleSet, books included, in document order; () = PubMed has none.

    Raises RecordSourceError "throttled", "server" or "unreadable" for the faults that NCBI reports with
    status 200, and for anything that is not such a set.
    """
    if body.lstrip().startswith(b"{"):
        raise fault(body[:2000].decode(errors="replace"))
    root = read_xml(Source.PUBMED, body)
    if root.find("ERROR") is not None or root.tag == "ERROR":
        raise RecordSourceError(Source.PUBMED, "server")
    if root.tag in ("PubmedArticle", "PubmedBookArticle"):
        elements: Iterable[etree._Element] = (root,)
    elif root.tag in ("PubmedArticleSet", "PubmedBookArticleSet"):
        elements = root
    else:
        raise RecordSourceError(Source.PUBMED, "unreadable")
    records = []
    for element in elements:
        if element.tag == "PubmedArticle":
            records.append(_article(element))
        elif element.tag == "PubmedBookArticle":
            records.append(_book(element))
    return tuple(record for record in records if record is not None)


def fault(message: str) -> RecordSourceError:
    """Return the error for NCBI's {"error": …} body. Its text is never shown or logged.

    Without an API key its field `api-key` holds the operator's IP address (sources.md, PubMed).
    """
    return RecordSourceError(Source.PUBMED, "throttled" if "rate limit" in message.lower() else "server")


def _article(element: etree._Element) -> Record | None:
    citation = element.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    if citation is None or article is None:
        return None
    pmid = normalise_pmid(_plain(citation, "PMID"))
    if pmid is None:
        return None
    data = element.find("PubmedData")
    data = data if data is not None else etree.Element("PubmedData")
    status = _plain(data, "PublicationStatus")
    title = _title(article)
    abstract = real_abstract(_abstract(article), title) or real_abstract(_other_abstract(citation), title)
    volume = first_text(article, "Journal/JournalIssue/Volume")
    is_ahead = status == "aheadofprint"
    online_on, issue_on = _dates(article, is_in_issue=bool(volume) or not is_ahead)
    types = distinct(texts(article, "PublicationTypeList/PublicationType"))
    authors = _authors(article.find("AuthorList"))
    spoken = languages(article)
    pmcid = normalise_pmcid(_identifier(data, "ArticleIdList/ArticleId", "IdType", "pmc") or "")
    return Record(
        source=Source.PUBMED,
        title=title,
        authors=authors,
        abstract=abstract,
        doi=_doi(data, article),
        pmid=pmid,
        pmcid=pmcid,
        pii=_pii(data, article),
        journal=first_text(article, "Journal/Title"),
        journal_abbreviation=first_text(article, "Journal/ISOAbbreviation")
        or first_text(citation, "MedlineJournalInfo/MedlineTA"),
        issns=distinct(
            [issn(_plain(article, "Journal/ISSN")), issn(_plain(citation, "MedlineJournalInfo/ISSNLinking"))]
        ),
        nlm_id=first_text(citation, "MedlineJournalInfo/NlmUniqueID"),
        volume=volume,
        issue=first_text(article, "Journal/JournalIssue/Issue"),
        pages=_pages(article.find("Pagination")),
        online_on=online_on,
        issue_on=issue_on,
        received_on=_history(data, "received"),
        revised_on=_history(data, "revised"),
        accepted_on=_history(data, "accepted"),
        types=types,
        mesh=distinct(texts(citation, "MeshHeadingList/MeshHeading/DescriptorName")),
        language=next(iter(spoken), None),
        other_languages=spoken[1:],
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        free_url=_free_url(pmcid, data),
        copyright=first_text(article, "Abstract/CopyrightInformation"),
        correspondence=correspondence_of(authors),
        presented_at=presentation_in(
            [*texts(citation, "GeneralNote"), *(section.text for section in abstract)]
        ),
        accessions=accessions(article),
        funding=funding(article),
        disclosures=disclosures(citation),
        relations=_relations(citation, is_preprint="Preprint" in types),
        has_no_abstract=not abstract and _is_indexed(citation) and not is_ahead,
        is_ahead_of_print=is_ahead,
    )


def _book(element: etree._Element) -> Record | None:
    document = element.find("BookDocument")
    pmid = normalise_pmid(_plain(document, "PMID")) if document is not None else None
    if document is None or pmid is None:
        return None
    data = element.find("PubmedBookData")
    chapter = first_text(document, "ArticleTitle", "VernacularTitle")
    book = first_text(document, "Book/BookTitle")
    title = without_full_stop(chapter or book or "")
    abstract = real_abstract(_abstract(document), title)
    doi = _identifier(document, "ArticleIdList/ArticleId", "IdType", "doi")
    if not doi and data is not None:
        doi = _identifier(data, "ArticleIdList/ArticleId", "IdType", "doi")
    if not doi and chapter is None:
        # A book's DOI stands for a chapter only if there is none.
        doi = _identifier(document, "Book/ELocationID", "EIdType", "doi")
    authors = _authors(document.find("AuthorList[@Type='authors']")) or _authors(
        document.find("Book/AuthorList[@Type='authors']")
    )
    return Record(
        source=Source.PUBMED,
        title=title,
        authors=authors,
        abstract=abstract,
        doi=normalise_doi(doi or "", is_field=True),
        pmid=pmid,
        journal=book if chapter else first_text(document, "Book/CollectionTitle"),
        pages=_pages(document.find("Pagination")),
        online_on=_date(document.find("ContributionDate")),
        issue_on=_date(document.find("Book/PubDate")),
        types=distinct(texts(document, "PublicationType")),
        language=first_text(document, "Language"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        copyright=first_text(document, "Abstract/CopyrightInformation"),
        correspondence=correspondence_of(authors),
    )


# --- title and abstract ----------------------------------------------------------------------------------


def _title(article: etree._Element) -> str:
    title = first_text(article, "ArticleTitle") or ""
    if not title or title.strip("[].").casefold() == "not available":
        title = first_text(article, "VernacularTitle") or ""
    return without_full_stop(_without_brackets(title))


def _without_brackets(title: str) -> str:
    """The title without the brackets that mark a translation; `language` tells it as well."""
    inner = title.removesuffix(".")
    if not (inner.startswith("[") and inner.endswith("]")):
        return title
    depth = 0
    for index, character in enumerate(inner):
        depth += {"[": 1, "]": -1}.get(character, 0)
        if depth == 0 and index < len(inner) - 1:
            return title  # "[A] and [B]": no single pair around all
    return inner[1:-1].strip()


def without_full_stop(title: str) -> str:
    """Return the title without the full stop that PubMed adds; "in the U.S." keeps its own."""
    if title.endswith("..") or not title.endswith(".") or _INITIAL_AT_END.search(title):
        return title
    return title[:-1].rstrip()


def _abstract(parent: etree._Element) -> tuple[Section, ...]:
    """The abstract of an Article or BookDocument, with the labels that the journal printed."""
    sections: list[Section] = []
    for element in parent.findall("Abstract/AbstractText")[:MOST_ITEMS]:
        sections.extend(_sections(element))
    return tuple(sections)


def _sections(element: etree._Element) -> Iterable[Section]:
    label = " ".join((element.get("Label") or "").split()).rstrip(":")
    if label.casefold() in ("", "abstract", "unlabelled", "unassigned"):
        # AJR prints its labels bold inside one paragraph; old records in capitals before a colon.
        return sections_from_html(etree.tostring(element, encoding="unicode", with_tail=False))
    text = element_text(element)
    return (Section(text, label),) if text else ()


def _other_abstract(citation: etree._Element) -> tuple[Section, ...]:
    """The abstract in another language, for records without an English one.

    Summaries for patients do not count.
    """
    others = [
        each for each in citation.findall("OtherAbstract") if each.get("Type") != "plain-language-summary"
    ]
    others.sort(key=lambda each: each.get("Language") != "eng")
    for other in others:
        sections = tuple(
            section for text in other.findall("AbstractText")[:MOST_ITEMS] for section in _sections(text)
        )
        if sections:
            return sections
    return ()


def _is_indexed(citation: etree._Element) -> bool:
    """Whether NLM has finished the record, so that no abstract will be added.

    The status alone is not enough: journals that NLM does not index have it from the first day.
    """
    is_finished = citation.get("Status") in ("MEDLINE", "OLDMEDLINE", "Completed")
    return is_finished and citation.find("MeshHeadingList/MeshHeading") is not None


# --- people ----------------------------------------------------------------------------------------------


def _authors(authors: etree._Element | None) -> tuple[Author, ...]:
    if authors is None:
        return ()
    found = (_author(each) for each in authors.findall("Author")[:MOST_ITEMS] if each.get("ValidYN") != "N")
    return tuple(author for author in found if author is not None)


def _author(element: etree._Element) -> Author | None:
    affiliations = texts(element, "AffiliationInfo/Affiliation") or texts(element, "Affiliation")
    places = distinct([place.lstrip(" ,;.") for place in affiliations])
    group = first_text(element, "CollectiveName")
    if group:
        return Author(family=group.removesuffix("."), affiliations=places, is_collective=True)
    family = first_text(element, "LastName")
    given = first_text(element, "ForeName", "Initials")
    if family is None:
        family, given = given, None
    if family is None:
        return None
    suffix, degrees = suffix_and_degrees(first_text(element, "Suffix"))
    return Author(
        family=family,
        given=given,
        suffix=suffix,
        degrees=degrees,
        affiliations=places,
        orcid=orcid(_identifier(element, "Identifier", "Source", "ORCID")),
    )


# --- identifiers -----------------------------------------------------------------------------------------


def _plain(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _identifier(element: etree._Element, path: str, attribute: str, kind: str) -> str | None:
    for each in element.findall(path):
        if each.get(attribute) == kind and each.get("ValidYN") != "N" and each.text:
            return each.text.strip()
    return None


def _doi(data: etree._Element, article: etree._Element) -> str | None:
    listed = normalise_doi(_identifier(data, "ArticleIdList/ArticleId", "IdType", "doi") or "", is_field=True)
    return listed or normalise_doi(_identifier(article, "ELocationID", "EIdType", "doi") or "", is_field=True)


def _pii(data: etree._Element, article: etree._Element) -> str | None:
    listed = normalise_pii(_identifier(data, "ArticleIdList/ArticleId", "IdType", "pii") or "")
    return listed or normalise_pii(_identifier(article, "ELocationID", "EIdType", "pii") or "")


def _free_url(pmcid: str | None, data: etree._Element) -> str | None:
    """The address of PMC's copy; None while PMC has only announced it for a later day."""
    if pmcid is None or data.find("History/PubMedPubDate[@PubStatus='pmc-release']") is not None:
        return None
    return f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/"


def _relations(citation: etree._Element, *, is_preprint: bool) -> tuple[Relation, ...]:
    found = []
    for element in citation.findall("CommentsCorrectionsList/CommentsCorrections")[:MOST_ITEMS]:
        kind = RELATIONS.get((element.get("RefType") or "").lower())
        text = first_text(element, "RefSource")
        pmid = normalise_pmid(_plain(element, "PMID"))
        if kind is None or not (text or pmid):
            continue
        if kind is RelationKind.UPDATED_BY and is_preprint:
            kind = RelationKind.PREPRINT_OF
        elif kind is RelationKind.UPDATES and _PREPRINT_SERVER.match(text or ""):
            kind = RelationKind.HAS_PREPRINT
        doi = find_doi(text or "")
        found.append(
            Relation(kind, doi=doi, pmid=pmid, text=text, on=find_date(text or ""), reported_by=Source.PUBMED)
        )
    return tuple(dict.fromkeys(found))


# --- dates and pages -------------------------------------------------------------------------------------


def _dates(article: etree._Element, *, is_in_issue: bool) -> tuple[PartialDate | None, PartialDate | None]:
    """The date online and the date of the issue.

    Until there is an issue PubMed repeats the first as the second.
    """
    online_on = next(filter(None, map(_date, article.findall("ArticleDate"))), None)
    issue_on = _date(article.find("Journal/JournalIssue/PubDate"))
    if is_in_issue:
        return online_on, issue_on
    return online_on or issue_on, None


def _date(element: etree._Element | None) -> PartialDate | None:
    """The date of Year, Month and Day; of a Season the year; of a MedlineDate ("2018 Jul-Aug") the first."""
    if element is None:
        return None
    medline = _plain(element, "MedlineDate")
    if medline:
        return find_date(medline)
    return partial_date(*(_plain(element, part) for part in ("Year", "Month", "Day")))


def _history(data: etree._Element, status: str) -> PartialDate | None:
    """The last date with that status: a manuscript may be revised more than once."""
    found = map(_date, data.findall(f"History/PubMedPubDate[@PubStatus='{status}']"))
    return max(filter(None, found), default=None)


def _pages(pagination: etree._Element | None) -> str | None:
    if pagination is None:
        return None
    pages = first_text(pagination, "MedlinePgn")
    if pages is None:
        ends = (first_text(pagination, "StartPage"), first_text(pagination, "EndPage"))
        pages = "-".join(filter(None, ends)) or None
    return page_range(pages)
