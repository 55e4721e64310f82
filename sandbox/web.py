"""The sandbox's web server on 127.0.0.1: feeds, simulated databases, and the files of --feed."""

import hashlib
import mimetypes
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.feeds import feed_of
from sandbox.library import Library, SampleJournal
from sandbox.literature import Crossref, PubMed
from wetread.domain.catalogue import Catalogue
from wetread.domain.models import Journal

FEED_TYPES = {".rss": "application/rss+xml", ".rdf": "application/rss+xml", ".atom": "application/atom+xml"}


class Web:
    """One HTTP server. `base_url` ends in a slash and is known once it has started."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.base_url = ""
        self.port = 0
        self._pubmed = PubMed(library)
        self._crossref = Crossref(library)
        self._documents: dict[str, Path] = {}
        app = web.Application(middlewares=[self._outage])
        app.router.add_get("/feeds/{key}.xml", self._feed)
        app.router.add_get("/moved/{key}.xml", self._feed)
        app.router.add_get("/documents/{name}", self._document)
        app.router.add_route("*", "/pubmed/eutils/{tool}", self._eutils)
        app.router.add_get("/crossref/works/{doi:.+}", self._crossref_work)
        app.router.add_get("/crossref/works", self._crossref_works)
        app.router.add_get("/crossref/journals/{issn}", self._crossref_journal)
        app.router.add_get("/crossref/journals/{issn}/works", self._crossref_works)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{self.port}/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    def feed_url(self, journal: SampleJournal | Journal) -> str:
        """Return the address of a journal's feed."""
        return f"{self.base_url}feeds/{journal.key}.xml"

    def with_stand_ins(self, extra: Path | None) -> Catalogue:
        """Load the catalogue; the feeds of real journals are on this server, with invented articles."""
        real = {journal.key for journal in Catalogue.load().journals}
        return Catalogue(
            self._stand_in(journal) if journal.key in real else journal
            for journal in Catalogue.load(extra).journals
        )

    def _stand_in(self, journal: Journal) -> Journal:
        self.library.stand_in(journal)
        return replace(journal, feed_url=self.feed_url(journal), publisher_feed_url=None)

    def serve(self, document: Path) -> str:
        """Serve a file and return its address; the file is read again for each request."""
        name = f"{len(self._documents) + 1}-{document.name}"
        self._documents[name] = document
        return f"{self.base_url}documents/{name}"

    async def _feed(self, request: web.Request) -> web.Response:
        journal = self.library.find(request.match_info["key"])
        if journal is None:
            raise web.HTTPNotFound
        if journal.key in self.library.moved and not request.path.startswith("/moved/"):
            raise web.HTTPMovedPermanently(f"/moved/{journal.key}.xml")
        return self._feed_response(request, journal)

    def _feed_response(self, request: web.Request, journal: SampleJournal) -> web.Response:
        if journal.key in self.library.broken:
            raise web.HTTPServiceUnavailable(text="The invented server is down.")
        text, content_type = feed_of(journal, self.library.out(journal), self.base_url)
        return _conditional(request, text.encode(), content_type)

    async def _document(self, request: web.Request) -> web.Response:
        path = self._documents.get(request.match_info["name"])
        if path is None or not path.is_file():
            raise web.HTTPNotFound
        guessed = FEED_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/xml"
        return _conditional(request, path.read_bytes(), guessed)

    async def _eutils(self, request: web.Request) -> web.Response:
        posted = await request.post() if request.method == "POST" else {}
        params = {**request.query, **{name: str(value) for name, value in posted.items()}}
        try:
            text, content_type = self._pubmed.answer(request.match_info["tool"], params)
        except KeyError:
            raise web.HTTPNotFound from None
        return _plain(text.encode(), content_type)

    @web.middleware
    async def _outage(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Fail every request to a database while they are down."""
        if self.library.databases_are_down and request.path.startswith(("/pubmed/", "/crossref/")):
            raise web.HTTPServiceUnavailable(text="The invented databases are down.")
        return await handler(request)

    async def _crossref_work(self, request: web.Request) -> web.Response:
        answer = self._crossref.work(request.match_info["doi"])
        if answer is None:
            raise web.HTTPNotFound(text="Resource not found.")
        return _plain(answer[0].encode(), answer[1])

    async def _crossref_journal(self, request: web.Request) -> web.Response:
        answer = self._crossref.journal(request.match_info["issn"])
        if answer is None:
            raise web.HTTPNotFound(text="Resource not found.")
        return _plain(answer[0].encode(), answer[1])

    async def _crossref_works(self, request: web.Request) -> web.Response:
        text, content_type = self._crossref.works(request.query, request.match_info.get("issn"))
        return _plain(text.encode(), content_type)


def _conditional(request: web.Request, body: bytes, content_type: str) -> web.Response:
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers={"ETag": etag})
    answer = _plain(body, content_type)
    answer.headers["ETag"] = etag
    return answer


def _plain(body: bytes, content_type: str) -> web.Response:
    return web.Response(body=body, headers={"Content-Type": content_type})
