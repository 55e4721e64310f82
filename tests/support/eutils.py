"""A PubMed with invented articles: E-utilities as a `Fetch`, with entry dates and NCBI's rate limit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.support.doubles import FakeClock
from wetread.domain.errors import FetchError, FetchFailure
from wetread.net.web import HttpRequest, HttpResponse

EASTERN = timedelta(hours=-5)
"""NLM's time zone: its days begin later than ours."""

MOST_LISTED = 9_999
"""How many PMIDs of one search PubMed lists; a page that begins behind them is an error."""


@dataclass(frozen=True, slots=True)
class InventedArticle:
    """One article. `visible_at`: from when searches find it, although its entry date may be earlier."""

    pmid: str
    term: str
    entered_at: datetime
    visible_at: datetime

    @property
    def entered_on(self) -> date:
        return (self.entered_at + EASTERN).date()


class FakeEutils:
    """Answers esearch and efetch; refuses more than `rate` requests a second, as NCBI does."""

    def __init__(self, clock: FakeClock, *, rate: int = 3) -> None:
        self.articles: list[InventedArticle] = []
        self.requests: list[tuple[float, HttpRequest]] = []
        self.refused_count = 0
        self.is_down = False
        self.fails_after: int | None = None  # the number of requests after which it fails
        self.lacks: set[str] = set()  # PMIDs that searches find although there is no record
        self._clock = clock
        self._rate = rate

    def enter(self, count: int, at: datetime, *, lag: timedelta = timedelta(0), term: str = "spine") -> None:
        """Add articles that are entered at that time; searches find them `lag` later."""
        for _ in range(count):
            pmid = str(99_000_001 + len(self.articles))
            self.articles.append(InventedArticle(pmid, term, at, at + lag))

    @property
    def fetched(self) -> list[str]:
        """Return the PMIDs whose records were requested, in order."""
        return [
            pmid for _, request in self.requests for pmid in _said(request).get("id", "").split(",") if pmid
        ]

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        now = self._clock.monotonic()
        if sum(now - at < 1 - 1e-6 for at, _ in self.requests[-self._rate :]) >= self._rate:
            self.refused_count += 1
            return HttpResponse(429, request.url, b'{"error":"API rate limit exceeded"}')
        self.requests.append((now, request))
        if self.fails_after is not None:
            self.fails_after -= 1
        if self.is_down or (self.fails_after is not None and self.fails_after < 0):
            raise FetchError(request.url, FetchFailure.TIMEOUT)
        said = _said(request)
        body = self._search(said) if "esearch" in request.url else self._records(said)
        return HttpResponse(200, request.url, body.encode())

    def _search(self, said: Mapping[str, str]) -> str:
        unknown = [word for word in said["term"].split() if "jiont" in word]
        found = [
            each
            for each in self.articles
            if each.term in said["term"].split(" OR ")
            and each.visible_at <= self._clock()
            and _is_within(each, said)
        ]
        pmids = [
            each.pmid for each in sorted(found, key=lambda each: (each.entered_on, each.pmid), reverse=True)
        ]
        start, asked = int(said.get("retstart", "0")), int(said["retmax"])
        if start >= MOST_LISTED:
            return json.dumps({"esearchresult": {"ERROR": "Search Backend failed: retstart is too large"}})
        end = min(start + asked, MOST_LISTED)
        lists = {"idlist": pmids[start:end], "errorlist": {"phrasesnotfound": unknown}}
        return json.dumps({"esearchresult": {"count": str(len(pmids)), **lists}})

    def _records(self, said: Mapping[str, str]) -> str:
        wanted = said["id"].split(",")
        assert len(wanted) <= 200
        records = (each for each in self.articles if each.pmid in set(wanted) - self.lacks)
        return f"<PubmedArticleSet>{''.join(map(_xml, records))}</PubmedArticleSet>"


def _said(request: HttpRequest) -> dict[str, str]:
    return dict(request.params) | dict(request.form)


def _is_within(article: InventedArticle, said: Mapping[str, str]) -> bool:
    if "mindate" not in said:
        return True
    assert said["datetype"] == "edat"
    first, last = (date(*map(int, said[name].split("/"))) for name in ("mindate", "maxdate"))
    return first <= article.entered_on <= last


def _xml(article: InventedArticle) -> str:
    on = article.entered_on
    day = f"<Year>{on.year}</Year><Month>{on.month}</Month><Day>{on.day}</Day>"
    return f"""<PubmedArticle><MedlineCitation><PMID>{article.pmid}</PMID><Article>
        <Journal><Title>Journal of invented imaging</Title><ISOAbbreviation>J Invent Imaging</ISOAbbreviation>
        </Journal><ArticleTitle>Invented finding {article.pmid} at imaging.</ArticleTitle>
        <Abstract><AbstractText>Invented text.</AbstractText></Abstract>
        <ArticleDate>{day}</ArticleDate></Article></MedlineCitation>
        <PubmedData><ArticleIdList><ArticleId IdType="doi">10.5555/jii.{article.pmid}</ArticleId>
        </ArticleIdList></PubmedData></PubmedArticle>"""
