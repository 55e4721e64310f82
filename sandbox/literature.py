"""Simulated E-utilities of PubMed and REST API of Crossref, for the invented articles."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from sandbox.library import Library, SampleArticle
from sandbox.terms import matching

XML, JSON, TEXT = "text/xml; charset=utf-8", "application/json", "text/plain; charset=utf-8"


class PubMed:
    """E-utilities: esearch, efetch, esummary and ecitmatch."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def answer(self, tool: str, params: Mapping[str, str]) -> tuple[str, str]:
        """Return the body and content type for one request. Raises KeyError for an unknown tool."""
        tools = {
            "esearch.fcgi": self._search,
            "efetch.fcgi": self._fetch,
            "esummary.fcgi": self._summary,
            "ecitmatch.cgi": self._match,
        }
        return tools[tool](params)

    def _search(self, params: Mapping[str, str]) -> tuple[str, str]:
        articles = matching(self._library.articles, params.get("term", ""))
        if params.get("datetype") == "edat":
            first, last = (date(*map(int, params[name].split("/"))) for name in ("mindate", "maxdate"))
            articles = [each for each in articles if first <= each.published_at.date() <= last]
        articles.sort(key=lambda each: each.published_at, reverse=True)
        found = [each.pmid for each in articles]
        start, most = int(params.get("retstart", "0")), int(params.get("retmax", "20"))
        ids = found[start : start + most]
        if params.get("retmode") == "json":
            result = {
                "count": str(len(found)),
                "retmax": str(len(ids)),
                "retstart": str(start),
                "idlist": ids,
            }
            return json.dumps({"header": {"type": "esearch"}, "esearchresult": result}), JSON
        listed = "".join(f"<Id>{pmid}</Id>" for pmid in ids)
        return (
            f'<?xml version="1.0" encoding="UTF-8" ?>\n<eSearchResult><Count>{len(found)}</Count>'
            f"<RetMax>{len(ids)}</RetMax><RetStart>{start}</RetStart><IdList>{listed}</IdList></eSearchResult>"
        ), XML

    def _fetch(self, params: Mapping[str, str]) -> tuple[str, str]:
        now = self._library.now()
        retracted = self._library.retracted
        records = "\n".join(
            pubmed_xml(article, now, is_retracted=article.doi in retracted)
            for article in self._asked_for(params)
        )
        return f'<?xml version="1.0" ?>\n<PubmedArticleSet>\n{records}\n</PubmedArticleSet>', XML

    def _summary(self, params: Mapping[str, str]) -> tuple[str, str]:
        result: dict[str, Any] = {"uids": []}
        for article in self._asked_for(params):
            result["uids"].append(article.pmid)
            result[article.pmid] = {
                "uid": article.pmid,
                "title": article.title,
                "source": article.journal.abbreviation,
                "fulljournalname": article.journal.title,
                "pubdate": f"{article.published_at:%Y %b %d}",
                "articleids": [{"idtype": "doi", "value": article.doi}],
            }
        return json.dumps({"header": {"type": "esummary"}, "result": result}), JSON

    def _match(self, params: Mapping[str, str]) -> tuple[str, str]:
        lines = [line.strip() for line in params.get("bdata", "").split("\r")]
        return "\n".join(line + self._cited(line) for line in lines if line), TEXT

    def _cited(self, line: str) -> str:
        """Return how the line of a citation ends: journal|year|volume|page|author|key|."""
        name, year, volume, page = (*line.split("|"), "", "", "", "")[:4]
        there = [each for each in self._library.articles if each.journal.is_called(name)]
        found = [
            each.pmid
            for each in there
            if volume == each.volume
            and each.pages.partition("-")[0] == page
            and year in ("", str(each.published_at.year))
        ]
        if len(found) == 1:
            return found[0]
        if found:
            return f"AMBIGUOUS {','.join(found)}"
        return "NOT_FOUND" if there else "NOT_FOUND;INVALID_JOURNAL"

    def _asked_for(self, params: Mapping[str, str]) -> list[SampleArticle]:
        wanted = params.get("id", "").split(",")
        return [article for article in self._library.articles if article.pmid in wanted]


class Crossref:
    """The REST API: one work, lists of works, a journal's works."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def work(self, doi: str) -> tuple[str, str] | None:
        """Return one work, or None for an unknown DOI."""
        for article in self._library.articles:
            if article.doi == doi.casefold():
                message = {"status": "ok", "message-type": "work", "message": crossref_work(article)}
                return json.dumps(message), JSON
        return None

    def journal(self, issn: str) -> tuple[str, str] | None:
        """Return a journal, or None for an unknown ISSN."""
        for journal in self._library.known:
            if journal.issn == issn:
                message = {"title": journal.title, "ISSN": [issn]}
                return json.dumps({"status": "ok", "message-type": "journal", "message": message}), JSON
        return None

    def works(self, params: Mapping[str, str], issn: str | None = None) -> tuple[str, str]:
        """Return a list: by filter (doi:, alternative-id:, issn:), by words, or a journal's newest."""
        articles = self._library.articles
        if issn is not None:
            articles = [article for article in articles if article.journal.issn == issn]
        filters = [part.partition(":") for part in params.get("filter", "").split(",") if part]
        for name, of in (("doi", "doi"), ("alternative-id", "pii")):
            wanted = {value.casefold() for key, _, value in filters if key == name}
            if wanted:
                articles = [a for a in articles if getattr(a, of).casefold() in wanted]
        issns = {value for key, _, value in filters if key == "issn"}
        if issns:
            articles = [a for a in articles if a.journal.issn in issns]
        for key, _, day in filters:
            if key == "from-created-date":
                articles = [a for a in articles if a.published_at.date() >= date.fromisoformat(day)]
            if key == "until-created-date":
                articles = [a for a in articles if a.published_at.date() <= date.fromisoformat(day)]
        words = params.get("query.bibliographic") or params.get("query") or params.get("query.title")
        is_citation = any(key == "type" for key, _, _ in filters)  # Crossref compares loosely; we filter
        if words and not is_citation:
            articles = matching(articles, words)
        if any(key == "update-type" for key, _, _ in filters):
            return self._notices()
        if any(key == "updates" for key, _, _ in filters):
            articles = []
        newest = sorted(articles, key=lambda article: article.published_at, reverse=True)
        items = [crossref_work(article) for article in newest[: int(params.get("rows", "20"))]]
        message = {"total-results": len(articles), "items": items, "items-per-page": len(items)}
        return json.dumps({"status": "ok", "message-type": "work-list", "message": message}), JSON

    def _notices(self) -> tuple[str, str]:
        """Return the list of retraction notices."""
        items = [
            {"DOI": _notice_of(doi), "update-to": [{"DOI": doi, "type": "retraction", "source": "publisher"}]}
            for doi in sorted(self._library.retracted)
        ]
        message = {"total-results": len(items), "items": items, "items-per-page": len(items)}
        return json.dumps({"status": "ok", "message-type": "work-list", "message": message}), JSON


def _notice_of(doi: str) -> str:
    """Return the DOI of an article's retraction notice."""
    return f"{doi}.retraction"


def pubmed_xml(article: SampleArticle, now: datetime, *, is_retracted: bool = False) -> str:
    """Return one PubmedArticle; without its abstract while the abstract is late."""
    at = article.published_at
    date = f"<Year>{at:%Y}</Year><Month>{at:%m}</Month><Day>{at:%d}</Day>"
    title = escape(article.marked_title).replace("&lt;em&gt;", "<i>").replace("&lt;/em&gt;", "</i>")
    kinds = (*article.types, "Retracted Publication") if is_retracted else article.types
    types = "".join(f'<PublicationType UI="">{escape(kind)}</PublicationType>' for kind in kinds)
    notice = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>'
        f"{escape(article.journal.abbreviation)}. {now:%Y %b}. doi: {_notice_of(article.doi)}</RefSource>"
        "</CommentsCorrections></CommentsCorrectionsList>"
        if is_retracted
        else ""
    )
    pmc = f'<ArticleId IdType="pmc">PMC{article.pmid}</ArticleId>' if article.is_free else ""
    journal = article.journal
    return f"""<PubmedArticle><MedlineCitation Status="PubMed-not-MEDLINE" Owner="NLM">
<PMID Version="1">{article.pmid}</PMID>
<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">{journal.issn}</ISSN>
<JournalIssue CitedMedium="Internet"><Volume>{article.volume}</Volume><Issue>{article.issue}</Issue>\
<PubDate><Year>{at:%Y}</Year>\
<Month>{at:%b}</Month></PubDate></JournalIssue><Title>{escape(journal.title)}</Title>\
<ISOAbbreviation>{escape(journal.abbreviation)}</ISOAbbreviation></Journal>
<ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>{article.pages}</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">{article.doi}</ELocationID>{_abstract_xml(article, now)}
<AuthorList CompleteYN="Y">{"".join(map(_author_xml, article.authors))}</AuthorList><Language>eng</Language>\
{_registration_xml(article)}
<PublicationTypeList>{types}</PublicationTypeList>
<ArticleDate DateType="Electronic">{date}</ArticleDate></Article>
<MedlineJournalInfo><Country>Nowhere</Country><MedlineTA>{escape(journal.abbreviation)}</MedlineTA>\
<NlmUniqueID>{journal.nlm_id}</NlmUniqueID><ISSNLinking>{journal.issn}</ISSNLinking></MedlineJournalInfo>
{notice}<CoiStatement>The authors are invented and have nothing to disclose.</CoiStatement></MedlineCitation>
<PubmedData>{_history_xml(at)}<PublicationStatus>epublish</PublicationStatus><ArticleIdList>\
<ArticleId IdType="pubmed">{article.pmid}</ArticleId><ArticleId IdType="doi">{article.doi}</ArticleId>\
<ArticleId IdType="pii">{article.pii}</ArticleId>{pmc}</ArticleIdList></PubmedData></PubmedArticle>"""


def _abstract_xml(article: SampleArticle, now: datetime) -> str:
    if not article.has_abstract_at(now):
        return ""
    sections = "".join(
        f'<AbstractText Label="{label}">{escape(text)}</AbstractText>'
        if label
        else f"<AbstractText>{escape(text)}</AbstractText>"
        for label, text in article.abstract
    )
    rights = f"© {article.published_at:%Y} {escape(article.journal.title)}. Invented."
    return f"<Abstract>{sections}<CopyrightInformation>{rights}</CopyrightInformation></Abstract>"


def _registration_xml(article: SampleArticle) -> str:
    """Return the registration of a trial, under a number that no registry gives."""
    if "Randomized Controlled Trial" not in article.types:
        return ""
    return (
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        "<AccessionNumber>NCT00000000</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
    )


def _history_xml(published_at: datetime) -> str:
    """Return when the manuscript was received, revised and accepted: some weeks before."""
    weeks = {"received": 20, "revised": 8, "accepted": 4}
    days = {status: published_at - timedelta(weeks=count) for status, count in weeks.items()}
    dates = (
        f'<PubMedPubDate PubStatus="{status}"><Year>{day:%Y}</Year><Month>{day:%m}</Month>'
        f"<Day>{day:%d}</Day></PubMedPubDate>"
        for status, day in days.items()
    )
    return f"<History>{''.join(dates)}</History>"


def _author_xml(author: Any) -> str:
    place = (
        f"<AffiliationInfo><Affiliation>{escape(author.affiliation)}.</Affiliation></AffiliationInfo>"
        if author.affiliation
        else ""
    )
    initials = "".join(name[0] for name in author.given.split())
    return (
        f'<Author ValidYN="Y"><LastName>{escape(author.family)}</LastName>'
        f"<ForeName>{escape(author.given)}</ForeName><Initials>{initials}</Initials>{place}</Author>"
    )


def crossref_work(article: SampleArticle) -> dict[str, Any]:
    """Return one work in Crossref's format, without an abstract, like Elsevier's works."""
    at = article.published_at
    return {
        "DOI": article.doi,
        "type": "journal-article",
        "title": [article.title],
        "container-title": [article.journal.title],
        "short-container-title": [article.journal.abbreviation],
        "ISSN": [article.journal.issn],
        "volume": article.volume,
        "issue": article.issue,
        "page": article.pages,
        "author": [
            {
                "family": author.family,
                "given": author.given,
                "affiliation": [{"name": author.affiliation}] if author.affiliation else [],
            }
            for author in article.authors
        ],
        "published": {"date-parts": [[at.year, at.month, at.day]]},
        "published-online": {"date-parts": [[at.year, at.month, at.day]]},
        "alternative-id": [article.pii],
        "URL": f"https://doi.org/{article.doi}",
        "language": "en",
    }
