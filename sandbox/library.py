"""The invented journals: their published articles, and whether their servers work."""

import itertools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from wetread.domain.clock import Clock
from wetread.domain.models import Journal
from wetread.domain.names import name_key

FOLDER = Path(__file__).with_name("journals")
OUT_AT_FIRST = 3
HISTORY_HOURS = 9  # between articles published before the sandbox started
YEAR = 2026

OLD_JOURNAL, OLD_DAY = "radiographics", datetime(2001, 7, 1, tzinfo=UTC)
OLD_NUMBER = 901
"""The article at *Radiographics* 2001;21:927, which Wetread's answers name as an example."""

_TAG = re.compile(r"</?[a-z]+>")


@dataclass(frozen=True, slots=True)
class SampleAuthor:
    """An invented person."""

    family: str
    given: str
    affiliation: str | None

    @classmethod
    def read(cls, text: str) -> "SampleAuthor":
        """Read "Family, Given; Affiliation"."""
        name, _, affiliation = text.partition("; ")
        family, _, given = name.partition(", ")
        return cls(family, given, affiliation or None)


@dataclass(frozen=True, slots=True)
class SampleJournal:
    """An invented journal. `number` makes its identifiers unique; `shape` is the form of its feed."""

    number: int
    key: str
    title: str
    abbreviation: str
    issn: str
    nlm_id: str
    subject: str
    shape: str
    subspecialties: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    plots: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    def is_called(self, name: str) -> bool:
        """Return whether the journal has this title, abbreviation or ISSN, in any spelling."""
        return name_key(name) in map(name_key, (self.title, self.abbreviation, self.issn))


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """An invented article. `late`: seconds until the database has its abstract."""

    journal: SampleJournal
    number: int
    marked_title: str  # may hold <em>
    authors: tuple[SampleAuthor, ...]
    types: tuple[str, ...]
    abstract: tuple[tuple[str, str], ...]  # label, text
    is_free: bool
    late: float
    published_at: datetime
    volume: str = "12"
    issue: str = "3"
    first_page: int | None = None

    @property
    def title(self) -> str:
        """The title without markup."""
        return _TAG.sub("", self.marked_title)

    @property
    def doi(self) -> str:
        """Return the DOI; the DOI Foundation reserves the prefix 10.5555 for examples."""
        return f"10.5555/{self.journal.key}.{YEAR}.{self.number:04d}"

    @property
    def pmid(self) -> str:
        """Return an invented PMID, far above the real ones."""
        return str(99_000_000 + 1000 * self.journal.number + self.number)

    @property
    def pii(self) -> str:
        """Return the PII without punctuation, as in ScienceDirect's addresses."""
        return f"S{self.journal.issn.replace('-', '')}{YEAR % 100}{self.number:05d}X"

    @property
    def is_letter(self) -> bool:
        """Return whether the article was published without an abstract."""
        return not self.abstract

    @property
    def pages(self) -> str:
        """Return the pages in the volume."""
        first = self.first_page or 10 * self.number + 1
        return f"{first}-{first + 7}"

    def has_abstract_at(self, now: datetime) -> bool:
        """Return whether the database has the abstract at that time."""
        return bool(self.abstract) and now >= self.published_at + timedelta(seconds=self.late)


class Library:
    """All journals and their published articles, by the sandbox's clock, not the machine's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.journals = _invented()
        self.broken: set[str] = set()  # keys of journals whose server fails
        self.moved: set[str] = set()  # keys of journals whose feed has another address
        self.retracted: set[str] = set()  # DOIs
        self.databases_are_down = False
        self._old: SampleArticle | None = None
        self._articles: dict[str, list[SampleArticle]] = {}
        self._stand_ins: dict[str, SampleJournal] = {}  # for the real journals of the catalogue, by key
        self._turn = itertools.cycle(self.journals)
        for journal in self.journals:
            self._fill(journal)

    def out(self, journal: SampleJournal) -> list[SampleArticle]:
        """What the journal has published, newest first. A stand-in begins when it is first asked."""
        if journal.key not in self._articles:
            self._fill(journal)
        return self._articles[journal.key][::-1]

    def publish(self, journal: SampleJournal | None = None) -> SampleArticle:
        """Publish the next article of a journal; None = the journal whose turn it is."""
        chosen = journal or next(self._turn)
        articles = self._articles.setdefault(chosen.key, [])
        article = _article(chosen, len(articles) + 1, self._clock())
        articles.append(article)
        return article

    def find(self, word: str) -> SampleJournal | None:
        """Return the journal with that key, title or abbreviation, or None; real journals have stand-ins."""
        wanted = word.casefold()
        for journal in self.known:
            if wanted in {name.casefold() for name in (journal.key, journal.title, journal.abbreviation)}:
                return journal
        return None

    def stand_in(self, journal: Journal) -> None:
        """Give a real journal invented articles, so that it can be added without the internet. Idempotent."""
        if journal.key in self._stand_ins:
            return
        model = self.journals[len(self._stand_ins) % len(self.journals)]
        number = len(self.journals) + 1 + len(self._stand_ins)
        self._stand_ins[journal.key] = replace(
            model,
            number=number,
            key=journal.key,
            title=f"{journal.title} (sandbox)",
            abbreviation=journal.abbreviation,
            issn=next(iter(journal.issns), f"9999-{number:04d}"),
            nlm_id=journal.nlm_id or "",
            subject=journal.subject,
            shape="pubmed",
        )
        if journal.key == OLD_JOURNAL:
            self._old = replace(
                _article(self._stand_ins[journal.key], 1, OLD_DAY),
                number=OLD_NUMBER,
                volume="21",
                issue="4",
                first_page=927,
            )

    @property
    def articles(self) -> list[SampleArticle]:
        """Return all published articles of all journals, and the old one that only the databases know."""
        published = [article for articles in self._articles.values() for article in articles]
        return [*published, self._old] if self._old else published

    @property
    def is_exhausted(self) -> bool:
        """Return whether every sample journal has published all its articles and now repeats them."""
        return all(len(self._articles[journal.key]) >= len(journal.plots) for journal in self.journals)

    def now(self) -> datetime:
        """Return the current time of the sandbox."""
        return self._clock()

    @property
    def known(self) -> Sequence[SampleJournal]:
        """Return the invented journals and the stand-ins of real ones."""
        return [*self.journals, *self._stand_ins.values()]

    def _fill(self, journal: SampleJournal) -> None:
        now = self._clock()
        self._articles[journal.key] = [
            _article(journal, number, now - timedelta(hours=HISTORY_HOURS * (OUT_AT_FIRST + 1 - number)))
            for number in range(1, OUT_AT_FIRST + 1)
        ]


@cache
def _invented() -> tuple[SampleJournal, ...]:
    return tuple(_read(number, path) for number, path in enumerate(sorted(FOLDER.glob("*.toml")), 1))


def _read(number: int, path: Path) -> SampleJournal:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return SampleJournal(
        number=number,
        plots=tuple(raw.pop("article")),
        subspecialties=tuple(raw.pop("subspecialties")),
        aliases=tuple(raw.pop("aliases")),
        **raw,
    )


def _article(journal: SampleJournal, number: int, published_at: datetime) -> SampleArticle:
    series, index = divmod(number - 1, len(journal.plots))
    plot = journal.plots[index]
    return SampleArticle(
        journal=journal,
        number=number,
        marked_title=plot["title"] + (f" (part {series + 1})" if series else ""),
        authors=tuple(map(SampleAuthor.read, plot["authors"])),
        types=tuple(plot["types"]),
        abstract=tuple((label, text) for label, text in plot.get("abstract", ())),
        is_free=plot.get("free", False),
        late=float(plot.get("late", 0)),
        published_at=published_at,
    )
