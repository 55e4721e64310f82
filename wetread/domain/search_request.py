"""A search as its panel's buttons remember it, in a custom_id. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from wetread.domain.errors import QueryFault
from wetread.domain.models import Article, PartialDate

PAGE_SIZE = 5
_AS_TYPED = "typed"


class Order(StrEnum):
    """What comes first."""

    BEST = "best"
    NEWEST = "newest"


YEARS = {"any": 0, "1y": 1, "2y": 2, "5y": 5, "10y": 10}
"""The filter *When*: code → how many years back, 0 = any."""

KINDS = {
    "all": "",
    "rct": "Randomized trial",
    "trial": "Clinical trial",
    "meta": "Meta-analysis",
    "sysrev": "Systematic review",
    "review": "Review",
    "guide": "Guideline",
    "obs": "Observational study",
    "case": "Case report",
    "editorial": "Editorial",
    "letter": "Letter",
    "erratum": "Erratum",
    "front": "Front matter",
}
"""The filter *Kind*: code → the words of the chip, "" = all."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One page of a search. `asker_id` is who may turn the pages, `words_id` where `text` is stored.

    `as_typed`: words that no article has are not corrected.
    """

    asker_id: int
    text: str
    words_id: int
    page: int = 0
    order: Order = Order.BEST
    when: str = "any"
    kind: str = "all"
    as_typed: bool = False

    @property
    def offset(self) -> int:
        """How many hits stand on the pages before."""
        return self.page * PAGE_SIZE

    @property
    def kind_words(self) -> str | None:
        """The kind of study asked for, None = all."""
        return KINDS.get(self.kind) or None

    def since(self, today: date) -> PartialDate | None:
        """The first month asked for, None = any."""
        years = YEARS.get(self.when, 0)
        return PartialDate(today.year - years, today.month) if years else None

    def encoded(self) -> str:
        """Everything but the words themselves, for a custom_id."""
        code = f"{self.words_id}:{self.asker_id}:{self.page}:{self.order}:{self.when}:{self.kind}"
        return f"{code}:{_AS_TYPED}" if self.as_typed else code

    @classmethod
    def decoded(cls, code: str, text: str = "") -> "SearchRequest":
        """Read what `encoded` wrote. Raises ValueError for anything else."""
        words, asker, page, order, when, kind, *rest = code.split(":")
        as_typed = rest == [_AS_TYPED]
        return cls(int(asker), text, int(words), int(page), Order(order), when, kind, as_typed=as_typed)

    def turned(self, pages: int) -> "SearchRequest":
        """The same search, that many pages on."""
        return replace(self, page=max(0, self.page + pages))


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found. `snippet` are runs of text, each with whether it matched.

    `post_url` is where it was posted in this server, None = nowhere; `shared_by` who shared it there.
    """

    article: Article
    snippet: tuple[tuple[str, bool], ...] = ()
    post_url: str | None = None
    shared_by: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of hits. `total` counts all pages; `is_capped`: there are more than that.

    `faults`: what of the words was not understood. `is_cut`: there were more words than are read.
    `related_count` of the hits have none of the words: they resemble the best ones. `corrected`: the words
    that were searched, because no article has the typed ones; None = the typed ones.
    """

    hits: tuple[Hit, ...]
    total: int
    is_capped: bool = False
    faults: tuple[QueryFault, ...] = ()
    is_cut: bool = False
    related_count: int = 0
    corrected: str | None = None
