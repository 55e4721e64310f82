"""Simulated record sources with invented articles, on loopback, in their own process.

Article n has the DOI 10.5555/bench.n and the PMID 90000000 + n. Of each ten, eight are at PubMed, seven of
these with an abstract; Europe PMC has the abstract of the eighth, Crossref that of the ninth, OpenAlex that
of the tenth. OpenAlex grants 1,000 single works a day, as it does without a key.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

FIRST_PMID = 90_000_000
OPENALEX_A_DAY = 1_000
SENTENCE = "Invented words that say as much as a sentence of an abstract does, twelve times. "
AUTHORS = ("Example", "Sample", "Invented", "Mock", "Placeholder", "Fictus")

_DOI = re.compile(r"10\.5555/bench\.(\d+)")


def doi(number: int) -> str:
    return f"10.5555/bench.{number}"


def is_at_pubmed(number: int) -> bool:
    return number % 10 < 8


@contextmanager
def serving() -> Iterator[int]:
    """Run the simulated sources and yield their port."""
    command = [sys.executable, "-m", "benchmarks.literature"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603  # ours
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


class Literature:
    """The request handlers, and the number of requests that OpenAlex still allows today."""

    def __init__(self) -> None:
        self._openalex_left = OPENALEX_A_DAY

    def application(self) -> web.Application:
        app = web.Application(client_max_size=2**20)
        app.router.add_get("/eutils/esearch.fcgi", self.esearch)
        app.router.add_post("/eutils/efetch.fcgi", self.efetch)
        app.router.add_get("/europepmc/search", self.europepmc)
        app.router.add_get("/crossref/works", self.crossref)
        app.router.add_get("/crossref/works/{doi:.+}", self.crossref_work)
        app.router.add_get("/openalex/works/doi:{doi:.+}", self.openalex)
        app.router.add_get("/unpaywall/{doi:.+}", self.unpaywall)
        return app

    async def esearch(self, request: web.Request) -> web.Response:
        numbers = sorted({int(each) for each in _DOI.findall(request.query["term"])})
        ids = [str(FIRST_PMID + number) for number in numbers if is_at_pubmed(number)]
        return answer({"esearchresult": {"count": str(len(ids)), "idlist": ids}})

    async def efetch(self, request: web.Request) -> web.Response:
        form = await request.post()
        numbers = [int(each) - FIRST_PMID for each in str(form["id"]).split(",")]
        body = "".join(_pubmed_article(number) for number in numbers if is_at_pubmed(number))
        return web.Response(
            text=f"<PubmedArticleSet>{body}</PubmedArticleSet>", content_type="text/xml", charset="utf-8"
        )

    async def europepmc(self, request: web.Request) -> web.Response:
        numbers = [int(each) for each in _DOI.findall(request.query["query"])]
        results = [
            {
                "source": "MED",
                "doi": doi(number),
                "pmid": str(FIRST_PMID + number),
                "title": f"Invented finding {number}.",
                "abstractText": SENTENCE * 12 if number % 10 == 7 else None,
            }
            for number in numbers
            if is_at_pubmed(number)
        ]
        return answer({"hitCount": len(results), "resultList": {"result": results}})

    async def crossref(self, request: web.Request) -> web.Response:
        numbers = [int(each) for each in _DOI.findall(request.query.get("filter", ""))]
        items = [_crossref_work(number) for number in numbers]
        return answer({"status": "ok", "message": {"items": items}})

    async def crossref_work(self, request: web.Request) -> web.Response:
        return answer({"status": "ok", "message": _crossref_work(_number(request))})

    async def openalex(self, request: web.Request) -> web.Response:
        self._openalex_left -= 1
        left = max(self._openalex_left, 0) / 10_000
        headers = {"X-RateLimit-Remaining-USD": f"{left:.4f}", "X-RateLimit-Reset": "86400"}
        if self._openalex_left < 0:
            return web.Response(status=429, headers=headers)
        number = _number(request)
        words = {f"word{place}": [place] for place in range(150)} if number % 10 == 9 else None
        work = {
            "id": f"https://openalex.org/W{number}",
            "doi": f"https://doi.org/{doi(number)}",
            "title": f"Invented finding {number}",
            "abstract_inverted_index": words,
        }
        return answer(work, headers)

    async def unpaywall(self, request: web.Request) -> web.Response:
        number = _number(request)
        location = {"url": f"https://free.example/{number}.pdf"} if number % 3 == 0 else None
        return answer({"doi": doi(number), "is_oa": location is not None, "best_oa_location": location})


def answer(content: dict[str, Any], headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(text=json.dumps(content), content_type="application/json", headers=headers)


def _number(request: web.Request) -> int:
    found = _DOI.search(request.match_info["doi"])
    assert found
    return int(found[1])


def _crossref_work(number: int) -> dict[str, Any]:
    return {
        "DOI": doi(number),
        "type": "journal-article",
        "title": [f"Invented finding {number}"],
        "abstract": f"<jats:p>{SENTENCE * 12}</jats:p>" if number % 10 == 8 else None,
        "author": [{"family": family, "given": "Ada"} for family in AUTHORS],
    }


def _pubmed_article(number: int) -> str:
    authors = "".join(
        f"<Author><LastName>{family}</LastName><ForeName>Ada</ForeName><AffiliationInfo>"
        f"<Affiliation>Department {number % 40}, University of Nowhere</Affiliation>"
        "</AffiliationInfo></Author>"
        for family in AUTHORS
    )
    abstract = "".join(
        f'<AbstractText Label="{label}">{SENTENCE * 4}</AbstractText>'
        for label in ("PURPOSE", "RESULTS", "CONCLUSION")
    )
    return f"""<PubmedArticle><MedlineCitation><PMID>{FIRST_PMID + number}</PMID><Article><Journal>
<JournalIssue><Volume>12</Volume><PubDate><Year>2026</Year></PubDate></JournalIssue>
<Title>Journal of Invented Imaging</Title></Journal><ArticleTitle>Invented finding {number}</ArticleTitle>
<ELocationID EIdType="doi">{doi(number)}</ELocationID>
{f"<Abstract>{abstract}</Abstract>" if number % 10 < 7 else ""}<AuthorList>{authors}</AuthorList>
<PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList></Article>
</MedlineCitation></PubmedArticle>"""


async def _serve() -> None:
    runner = web.AppRunner(Literature().application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
