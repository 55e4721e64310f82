"""PubMed queries for the invented articles: words, phrases, tags, AND, OR, NOT and brackets."""

import re
from collections.abc import Callable, Sequence

from sandbox.library import SampleArticle

_TOKEN = re.compile(r'\(|\)|("[^"]*"|[^\s\[\]()"]+)\s*(?:\[([^\]]*)\])?')
_WORD = re.compile(r"\w+")
_OPERATORS = ("AND", "OR", "NOT")

Matches = Callable[[SampleArticle], bool]


def matching(articles: Sequence[SampleArticle], term: str) -> list[SampleArticle]:
    """Return the articles that a query finds; none for a query without words."""
    matches = _Reader(term).read()
    return [article for article in articles if matches(article)]


class _Reader:
    """Reads a term from left to right; missing and extra brackets are ignored."""

    def __init__(self, term: str) -> None:
        self._tokens = [(found[0], found[1], found[2] or "") for found in _TOKEN.finditer(term)]
        self._place = 0

    def read(self) -> Matches:
        """Return a function that tells whether the query finds an article."""
        matches = self._either()
        while self._place < len(self._tokens):
            self._place += 1  # an extra bracket
            rest = self._either()
            matches = _both(matches, rest)
        return matches

    def _either(self) -> Matches:
        found = self._all()
        while self._next() == "OR":
            self._place += 1
            found = _one_of(found, self._all())
        return found

    def _all(self) -> Matches:
        found: Matches | None = None
        while (word := self._next()) not in ("", "OR", ")"):
            is_excluded = word == "NOT"
            self._place += word in _OPERATORS
            if self._next() in ("", "OR", ")"):
                break
            one = self._one()
            one = _opposite(one) if is_excluded else one
            found = one if found is None else _both(found, one)
        return found or (lambda _article: False)

    def _one(self) -> Matches:
        whole, text, tag = self._tokens[self._place]
        self._place += 1
        if whole != "(":
            return lambda article: _has(article, text.strip('"'), tag.casefold())
        found = self._either()
        self._place += self._next() == ")"
        return found

    def _next(self) -> str:
        return self._tokens[self._place][0].strip() if self._place < len(self._tokens) else ""


def _both(one: Matches, other: Matches) -> Matches:
    return lambda article: one(article) and other(article)


def _one_of(one: Matches, other: Matches) -> Matches:
    return lambda article: one(article) or other(article)


def _opposite(one: Matches) -> Matches:
    return lambda article: not one(article)


def _has(article: SampleArticle, text: str, tag: str) -> bool:
    wanted = text.casefold()
    if tag in ("doi", "aid", "lid", "location id"):
        compact = wanted.replace("-", "").replace("(", "").replace(")", "")
        return wanted == article.doi or compact == article.pii.casefold()
    if tag in ("pmid", "uid"):
        return wanted == article.pmid
    if tag in ("journal", "ta", "jour", "nlmid"):
        journal = article.journal
        names = (journal.title, journal.abbreviation, journal.issn, journal.nlm_id)
        return wanted in {name.casefold() for name in names}
    if tag == "pmcid":
        return article.is_free and wanted == f"pmc{article.pmid}"
    if tag == "dp":
        return wanted == str(article.published_at.year)
    if tag in ("vi", "ip", "pg"):
        return (
            wanted == {"vi": article.volume, "ip": article.issue, "pg": article.pages.partition("-")[0]}[tag]
        )
    haystack = article.title
    if tag not in ("ti", "title"):
        people = " ".join(f"{author.given} {author.family}" for author in article.authors)
        haystack += " " + people + " " + " ".join(words for _, words in article.abstract)
    have = set(_WORD.findall(haystack.casefold()))
    words = _WORD.findall(wanted)
    return bool(words) and all(word in have for word in words)
